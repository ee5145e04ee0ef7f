"""Numbered text lists as proposals, so that the wizard shows them like any ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mbo_desktop.domain import calendar
from mbo_desktop.domain.outline import Outline, OutlineItem, read_outline
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.spreadsheets.proposal import (
    OPEN_UNIT,
    KnownUnit,
    Proposal,
    ProposedCell,
    ProposedIndicator,
)
from mbo_desktop.spreadsheets.table import Problem


def proposal_from_text(
    text: str, source: str, unit: KnownUnit | None = None, year: int = 0
) -> Proposal:
    """A numbered list as a proposal; the targets belong to `unit`, or are open without one."""
    return proposal_from_outline(read_outline(text), unit, source, year)


def proposal_from_outline(
    outline: Outline, unit: KnownUnit | None = None, source: str = "", year: int = 0
) -> Proposal:
    """The entries of a list as indicators; headings above them become their categories."""
    rows: list[ProposedIndicator] = []
    problems = [Problem("", "", warning.rstrip("。")) for warning in outline.warnings]
    headings: list[OutlineItem] = []
    clauses: list[str] = []
    named = calendar_year(outline.title) or year
    for item in outline.items:
        if item.is_heading:
            headings = [*(one for one in headings if one.level < item.level), item]
            if "\n" in item.text:
                clauses.append(f"{item.label}{item.text}")
            continue
        above = "/".join(one.name for one in headings if one.level < item.level)
        place = f"第{item.line}行"
        rows.append(_row(item, above, place, named))
        problems.extend(Problem(place, "", warning.rstrip("。")) for warning in item.warnings)
    proposal = Proposal(
        source=source, title=outline.title, rows=tuple(rows), problems=tuple(problems),
        notes=(*clauses, *outline.notes), declared_total=outline.declared_total,
        year_named=calendar_year(outline.title),
    )
    return proposal.for_unit(unit) if unit is not None else proposal


def _row(item: OutlineItem, category: str, place: str, year: int) -> ProposedIndicator:
    cells: dict[str, ProposedCell] = {}
    form, direction, measure = TargetForm.TEXT, Direction.HIGHER, ""
    if item.value is not None:
        cells[OPEN_UNIT] = ProposedCell(item.value, text=item.text, place=place)
        counted = item.value.counted
        form, measure = counted.form, counted.unit
        if form is TargetForm.AT_MOST:
            direction = Direction.LOWER
        elif form is TargetForm.RANGE:
            direction = Direction.RANGE
    return replace(
        ProposedIndicator(item.name, item.text, place),
        number=item.label.strip("、.．()（） "), unit_of_measure=measure, category=category,
        points=item.points, form=form, direction=direction, scoring_text=item.scoring,
        certifying_text="、".join(item.certifying), certifying=item.certifying, lead=item.lead,
        supporting=item.supporting, person=item.leader or item.person, due=_day(item.due, year),
        due_text=item.due, covers=item.covers, cells=cells,
    )


def _day(text: str, year: int) -> date | None:
    if not text or not year:
        return None
    try:
        return calendar.read_deadline(text, year)
    except InputError:
        # The words stay in due_text and are shown.
        return None


def calendar_year(title: str) -> int | None:
    """The year a title names; None for none."""
    digits = "".join(ch if ch.isdigit() else " " for ch in title).split()
    years = [int(word) for word in digits if len(word) == 4 and word[:2] in ("19", "20")]
    return years[0] if years else None
