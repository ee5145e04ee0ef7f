"""自评表 and 核定评分表 that came back: scores with reasons; the unit's own figure of the year and the evidence it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.assessment import GivenScore, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.services.collected import FieldChange, as_amount
from mbo_desktop.services.form_sheets import measure_of, report_cells, side_of
from mbo_desktop.services.scheme_state import sealed_units
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.spreadsheets.form_layout import Value, plain_value
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries import progress_side as side
from mbo_desktop.store.queries import scores as score_reads
from mbo_desktop.store.queries.progress import Figure, Sought, Subject

YEAR_END = 12
"""A self-assessment states the year: its figures are those of December."""


KIND_GIVEN = {FormPurpose.SELF_SCORE: ScoreKind.SELF, FormPurpose.SCORES: ScoreKind.CERTIFIED}
"""Whose scores a form brings."""


def given_self(
    store: Store, targets: Sequence[RecordId], kind: ScoreKind = ScoreKind.SELF
) -> dict[RecordId, GivenScore]:
    """Scores of a kind by target."""
    records = score_reads.given_records(store, targets)
    found = store.get_many(GivenScore, records).values() if records else ()
    return {one.subject: one for one in found if one.kind is kind}


def units_with_self_scores(store: Store, year: int) -> set[RecordId]:
    """Units of which any self-score of the year is there."""
    return {one.unit for one in given_self(store, list(reads.subject_ids(store, year, Sought(with_nodes=False)))).values()}


@dataclass
class SelfStanding:
    """What stands now beside what self-assessments or certified scores say; read once for all files."""

    store: Store
    year: int
    ids: Sequence[RecordId]
    kind: ScoreKind = ScoreKind.SELF
    targets: dict[RecordId, Target] = field(init=False)
    own: dict[RecordId, GivenScore] = field(init=False)
    figures: dict[RecordId, list[Figure]] = field(init=False)
    sealed: frozenset[RecordId] = field(init=False)
    full: dict[RecordId, Decimal | None] = field(init=False)

    def __post_init__(self) -> None:
        ids = list(self.ids)
        self.targets = self.store.get_many(Target, ids)
        heads = self.store.get_many(Indicator, list({one.indicator for one in self.targets.values()}))
        self.full = {
            record: heads[one.indicator].points if one.points is None else one.points
            for record, one in self.targets.items()
        }
        self.own = given_self(self.store, ids, self.kind)
        said = reads.figures(self.store, ids, (YEAR_END,))
        self.figures = {record: list(found) for (record, _month), found in said.items()}
        self.sealed = sealed_units(self.store, self.year)

    def cells(self, record: RecordId) -> dict[str, Value]:
        """What a form made now holds in the columns that are filled in."""
        own = self.own.get(record)
        return {
            "actual": report_cells(side_of(self.figures.get(record, ()))).get("amount"),
            "score": None if own is None else own.points, "note": "" if own is None else own.basis,
            "word": "" if own is None else own.word,
        }

    def standing(self, record: RecordId, key: str) -> str:
        """The text of a field now."""
        if key == "evidence":
            return ""
        return plain_value(self.cells(record).get(key))

    def target_text(self, subject: Subject) -> str:
        """The target as the form prints it."""
        one = self.targets.get(subject.id)
        return "" if one is None else show_target(one.value, unit_shown_in_header=measure_of(subject))

    def refusal(self, subject: Subject, key: str, text: str) -> str:
        """Why a cell cannot be taken; "" when it can."""
        if subject.unit in self.sealed:
            return f"该单位{self.year}年度的考核结果已封存"
        points = as_amount(text) if key == "score" and text else None
        return f"{self.kind.label}是负数" if points is not None and points < 0 else ""

    def doubt(self, record: RecordId, key: str, text: str) -> str:
        """Why a cell asks for a look; "" for none."""
        points, full = as_amount(text) if key == "score" and text else None, self.full.get(record)
        if points is not None and full is not None and points > full:
            return f"{self.kind.label}{canonical(points)}高于分值{canonical(full)}"
        return ""


def write_scores(
    change: Change, changes: Sequence[FieldChange], kind: ScoreKind, *, by: str, on: date
) -> int:
    """Scores of a kind, their reasons and words of recognition; how many cells were written."""
    written = 0
    for made in changes:
        if made.key not in ("score", "note", "word"):
            continue
        target = change.get(Target, made.subject)
        record = change.named(GivenScore, target.id, target.unit, "", kind)
        old = change.find(GivenScore, record) or GivenScore(
            id=record, subject=target.id, unit=target.unit, kind=kind)
        if made.key == "word":
            new = replace(old, word=made.new.strip(), by=by, on=on)
        elif made.key == "note":
            new = replace(old, basis=made.new, by=by, on=on)
        else:
            new = replace(old, points=as_amount(made.new) if made.new else None, by=by, on=on)
        if new.points is None and not (new.basis or new.counts or new.word):
            if change.find(GivenScore, record) is not None:
                change.delete(record)
        else:
            change.put(new)
        written += 1
    return written


def write_evidence(
    store: Store, change: Change, changes: Sequence[FieldChange], *, provider: str, on: date
) -> int:
    """Papers that a self-assessment names, one a line or 、;: noted by title, to be handed in beside it."""
    written = 0
    for made in changes:
        if made.key != "evidence":
            continue
        there = {flat(one.title) for one in store.get_many(Evidence, side.evidence_ids(store, made.subject)).values()}
        for title in titles_in(made.new):
            if flat(title) in there:
                continue
            there.add(flat(title))
            change.put(Evidence(
                id=change.new(Evidence), subject=made.subject, month=YEAR_END, title=title, dated=on, provider=provider,
            ))
            written += 1
    return written


def titles_in(text: str) -> list[str]:
    """「1.验收文件;2.照片」 and lines apart → 验收文件, 照片."""
    for mark in ("；", ";", "\r"):
        text = text.replace(mark, "\n")
    found = (line.strip().lstrip("0123456789").lstrip(".．、)） ").strip() for line in text.splitlines())
    return [one for one in found if one]
