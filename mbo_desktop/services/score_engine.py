"""Scoring what was read: items, totals, ranks, grades; one change follows through without the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import Component, Scheme, ScoreKind
from mbo_desktop.domain.grading import (
    GradeRule,
    Sums,
    VetoEffect,
    grades,
    ranks,
    sums_of,
    total_of,
    weighted,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import ZERO, exactly, rounded
from mbo_desktop.domain.scoring.item import Item, ItemScore, score_item
from mbo_desktop.domain.scoring.rule import from_data
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import COUNTING, WITHDRAWN_WORD, Cell, Entry, FactBook
from mbo_desktop.services.score_board import ItemCell, ScoreBoard, UnitScore, WhatIf, tried
from mbo_desktop.services.score_components import component_points, on_scale
from mbo_desktop.services.score_conversion import (
    Parts,
    converted_parts,
    converted_totals,
    looks_at_best,
)
from mbo_desktop.services.score_periods import period_label, with_periods
from mbo_desktop.services.score_ties import tie_figures
from mbo_desktop.services.scoring_additions import Additions, VetoMark


def rules_of_scheme(scheme: Scheme) -> tuple[dict[RecordId, Any], dict[RecordId, str]]:
    """The rules of a scheme's items, and why some cannot be read."""
    rules: dict[RecordId, Any] = {}
    broken: dict[RecordId, str] = {}
    read: dict[str, Any] = {}
    for item in scheme.items:
        try:
            if item.rule not in read:
                read[item.rule] = from_data(json.loads(item.rule))
            rules[item.indicator] = read[item.rule]
        except (InputError, ValueError) as error:
            broken[item.indicator] = error.what if isinstance(error, InputError) else "计分规则读不出来。"
    return rules, broken


def score(
    book: FactBook, additions: Additions, before: Mapping[RecordId, int],
    what_if: WhatIf | None = None,
) -> ScoreBoard:
    """Score what was read; pure."""
    wanted = what_if or WhatIf()
    zeroed = _zeroed(additions, wanted)
    cells: dict[RecordId, dict[RecordId, ItemCell]] = {one.id: {} for one in book.members}
    scored: dict[RecordId, dict[RecordId, ItemScore]] = {}
    with exactly():
        for indicator in book.heads:
            found = _indicator(book, indicator, wanted, zeroed)
            scored[indicator] = {}
            for unit, (cell, counted) in found.items():
                cells[unit][indicator] = cell
                scored[indicator][unit] = counted
        sums = {
            one.id: sums_of([scored[i][one.id] for i in cells[one.id]]) for one in book.members
        }
    return _finished(book, additions, before, wanted, what_if is not None, cells, sums, scored)


def _zeroed(additions: Additions, wanted: WhatIf) -> dict[Cell, VetoMark]:
    return {
        (mark.indicator, unit): mark
        for unit, marks in additions.vetoes.items() for mark in marks
        if mark.effect is VetoEffect.ITEM_ZERO and mark.indicator is not None
        and mark.record not in wanted.vetoes_off
    }


def _indicator(
    book: FactBook, indicator: RecordId, wanted: WhatIf, zeroed: Mapping[Cell, VetoMark]
) -> dict[RecordId, tuple[ItemCell, ItemScore]]:
    """One indicator for the whole group."""
    item, rule = book.items[indicator], book.rules.get(indicator)
    carried, absent, found = [], [], {}
    for unit, entry in book.entries[indicator].items():
        if entry.absent == WITHDRAWN_WORD:
            # 撤销 is no 缺项: it counts nowhere, whatever the policy for units without the task.
            found[unit] = ItemScore(unit, None, entry.facts.full, counts=False)
        elif entry.absent:
            absent.append(entry.facts)
        elif rule is None or (entry.unknown and (indicator, unit) not in wanted.actuals):
            found[unit] = ItemScore(unit, None, entry.facts.full, missing=True)
        else:
            carried.append(tried(entry.facts, (indicator, unit), wanted))
    refused: dict[int, str] = {}
    if rule is not None:
        listed = Item(rule, item.digits, item.missing, item.cap)
        by_unit = score_item(listed, carried, absent, refused)
        found |= {RecordId(unit): one for unit, one in by_unit.items()}
    else:
        found |= {RecordId(one.unit): ItemScore(one.unit, None, one.full, counts=False) for one in absent}
    if book.periods and item.by_period:
        found = with_periods(book, indicator, found)
    if book.scheme.lowered_without_bonus:
        found = {unit: _without_bonus(one, book.entries[indicator][unit], item.digits) for unit, one in found.items()}
    return {
        unit: _cell(book, indicator, unit, one, refused.get(unit, ""), wanted, zeroed)
        for unit, one in found.items()
    }


def _without_bonus(one: ItemScore, entry: Entry, digits: int) -> ItemScore:
    """A target that was adjusted down earns its full points at most."""
    if not entry.lowered or one.points is None or one.points <= one.full:
        return one
    return ItemScore(one.unit, rounded(one.full, digits), one.full, one.counts, one.missing)


def _cell(
    book: FactBook, indicator: RecordId, unit: RecordId, one: ItemScore, refusal: str,
    wanted: WhatIf, zeroed: Mapping[Cell, VetoMark],
) -> tuple[ItemCell, ItemScore]:
    cell = (indicator, unit)
    said, entry = book.given.get(cell), book.entries[indicator][unit]
    changed = cell in wanted.actuals or cell in wanted.points
    if not said and not changed and cell not in zeroed:
        problem = _problem(book, indicator, entry, one, refusal) if one.missing else ""
        return ItemCell(
            one.points, one.full, one.counts, one.missing, None, None, None, None, one.points, problem
        ), one
    given = {kind: score.points for kind, score in (said or {}).items()}
    used = _used(book.rules.get(indicator), given, one.points)
    if wanted.points.get(cell) is not None:
        used = wanted.points[cell]
    problem = _problem(book, indicator, entry, one, refusal) if used is None else ""
    if cell in zeroed and one.counts:
        used, problem = ZERO, f"一票否决({zeroed[cell].subject}),该项得0分"
    used = None if used is None else rounded(used, book.items[indicator].digits)
    counts = one.counts or used is not None
    made = ItemCell(
        one.points, one.full, counts, counts and used is None, given.get(ScoreKind.SELF),
        given.get(ScoreKind.CERTIFIED), given.get(ScoreKind.REVIEWED), given.get(ScoreKind.FINAL),
        used, problem, changed,
    )
    return made, ItemScore(unit, used, one.full, counts, made.missing)


def _used(
    rule: Any, given: Mapping[ScoreKind, Decimal | None], computed: Decimal | None
) -> Decimal | None:
    """Final before reviewed before certified before computed; points given for a rule of given points go through it."""
    for kind in COUNTING:
        points = given.get(kind)
        if points is not None and not (kind is ScoreKind.CERTIFIED and isinstance(rule, Given)):
            return points
    return computed


def _problem(
    book: FactBook, indicator: RecordId, entry: Entry, one: ItemScore, refusal: str
) -> str:
    if not one.missing:
        return ""
    if indicator in book.broken:
        return book.broken[indicator]
    for part in book.periods.get((indicator, RecordId(one.unit)), ()):
        if part.counts and part.points is None:
            return f"{period_label(part.month)}得分缺数据({part.problem or '没有实绩'})"
    facts = entry.facts
    if refusal or entry.unknown:
        return refusal or entry.unknown
    if entry.row is not None and entry.row.form is None:
        return "没有目标值"
    if facts.actual is None and not facts.counts and not facts.word:
        return "没有实绩"
    return "缺少规则所需的数据"


# Totals ------------------------------------------------------------------------


def _finished(
    book: FactBook, additions: Additions, before: Mapping[RecordId, int], wanted: WhatIf,
    is_what_if: bool, cells: Mapping[RecordId, Mapping[RecordId, ItemCell]],
    sums: Mapping[RecordId, Sums], scored: Mapping[RecordId, Mapping[RecordId, ItemScore]],
    kept: Mapping[RecordId, UnitScore] | None = None,
) -> ScoreBoard:
    """Totals, ranks and grades. kept: lines whose items did not change."""
    scheme = book.scheme
    lines: dict[RecordId, UnitScore] = {}
    with exactly():
        parts = converted_parts(scheme, {
            one.id: _parts(book, wanted, one.id, sums[one.id]) for one in book.members
            if kept is None or one.id not in kept or looks_at_best(scheme)
        })
        for one in book.members:
            if one.id in parts:
                lines[one.id] = _line(
                    scheme, additions, wanted, one.id, one.label, cells[one.id], sums[one.id], parts[one.id]
                )
            elif kept is not None:
                lines[one.id] = kept[one.id]
        if scheme.total_by_best:
            lines = converted_totals(scheme, lines)
    totals = {unit: line.total for unit, line in lines.items() if line.total is not None}
    ties = tie_figures(scheme, lines)
    place = ranks(totals, ties)
    effects = {unit: [mark.effect for mark in line.vetoes] for unit, line in lines.items()}
    rules = [GradeRule(one.name, one.least, one.quota_share, one.quota) for one in scheme.grades]
    graded = grades(totals, rules, effects, ties) if rules and totals else {}
    units = []
    for unit, line in lines.items():
        found = graded.get(unit)
        reason = found.reason if found is not None else "没有参加计分的指标" if line.total is None else ""
        grade = found.grade if found is not None else ""
        now = (place.get(unit), before.get(unit), grade, reason)
        if (line.rank, line.rank_before, line.grade, line.grade_reason) == now:
            units.append(line)
        else:
            units.append(replace(
                line, rank=now[0], rank_before=now[1], grade=grade, grade_reason=reason
            ))
    return ScoreBoard(
        scheme, book.month, tuple(book.heads.values()), tuple(units), tuple(
            f"{book.heads[one].name}:{why}" for one, why in book.broken.items() if one in book.heads
        ), is_what_if, book, additions, sums, scored, wanted,
    )


def _parts(book: FactBook, wanted: WhatIf, unit: RecordId, sums: Sums) -> Parts:
    """The targets' part and the components of a unit, each on the scheme's scale."""
    scheme = book.scheme
    components = {
        one.name: _tried_part(wanted.components[unit, one.name], scheme, one)
        if (unit, one.name) in wanted.components
        else component_points(book.components.get((unit, one.name), {}), scheme, component=one)
        for one in scheme.components
    }
    targets = total_of(sums, scheme.scale, scheme.digits).printed if sums.full else None
    return Parts(targets, components)


def _tried_part(points: Decimal | None, scheme: Scheme, component: Component) -> Decimal | None:
    return None if points is None else on_scale(points, scheme, component)


def _line(
    scheme: Scheme, additions: Additions, wanted: WhatIf, unit: RecordId, label: str,
    cells: Mapping[RecordId, ItemCell], sums: Sums, parts: Parts,
) -> UnitScore:
    bonus, deduction = additions.bonus_of(unit), additions.deduction_of(unit)
    marks = tuple(
        mark for mark in additions.vetoes.get(unit, ()) if mark.record not in wanted.vetoes_off
    )
    if unit in wanted.vetoes_on:
        marks = (*marks, VetoMark(None, "试算", wanted.vetoes_on[unit]))
    targets, components = parts.targets, parts.components
    missing = sums.missing + sum(points is None for points in components.values())
    whole = _whole(scheme, targets, components)
    printed = None
    if whole is not None:
        added = ZERO if scheme.bonus_breaks_ties_only else bonus
        # Without components the parts are rounded once, at the end.
        printed = (
            rounded(whole + added - deduction, scheme.digits) if scheme.components or scheme.targets_by_best
            else total_of(sums, scheme.scale, scheme.digits, bonus=added, deduction=deduction).printed
        )
        if any(mark.effect is VetoEffect.TOTAL_ZERO for mark in marks):
            printed = rounded(ZERO, scheme.digits)
    return UnitScore(
        unit, label, cells, sums.raw, sums.full, targets, components, bonus, deduction, printed,
        None, None, "", "", marks, missing, parts.targets_from, parts.components_from,
    )


def _whole(
    scheme: Scheme, targets: Decimal | None, components: Mapping[str, Decimal | None]
) -> Decimal | None:
    """Targets and components by weight; a missing part stands at 0 and makes the total provisional."""
    if not scheme.components:
        return targets
    if targets is None and all(points is None for points in components.values()):
        return None
    parts: list[tuple[Decimal, Decimal | None]] = [(scheme.target_weight, targets or ZERO)]
    parts += [(one.weight, components[one.name] or ZERO) for one in scheme.components]
    return weighted(parts, scheme.digits)


# One change ----------------------------------------------------------------------


def rescored(old: ScoreBoard, changes: WhatIf, *, is_what_if: bool = True) -> ScoreBoard:
    """The board with some figures changed: only their indicators, the units they touch, ranks and grades.

    changes stand against the records, not against an earlier what-if; for vetoes and several
    rounds of changes pass all of them at once.
    """
    touched = {cell[0] for cell in (*changes.actuals, *changes.points)}
    zeroed = _zeroed(old.additions, changes)
    lines = {one.unit: one for one in old.units}
    cells: dict[RecordId, Mapping[RecordId, ItemCell]] = {}
    sums = dict(old.sums)
    scored = dict(old.scored)
    with exactly():
        for indicator in touched & old.book.heads.keys():
            found = _indicator(old.book, indicator, changes, zeroed)
            row = dict(old.scored[indicator])
            for unit, (cell, counted) in found.items():
                before = row[unit]
                if counted == before and lines[unit].items[indicator] == cell:
                    continue
                cells[unit] = {**cells.get(unit, lines[unit].items), indicator: cell}
                sums[unit] = sums[unit].swapped(before, counted)
                row[unit] = counted
            scored[indicator] = row
    fresh = set(cells) | set(changes.vetoes_on) | {unit for unit, _name in changes.components}
    if changes.vetoes_off:
        fresh |= {unit for unit, marks in old.additions.vetoes.items()
                  if any(mark.record in changes.vetoes_off for mark in marks)}
    kept = {unit: line for unit, line in lines.items() if unit not in fresh}
    before_ranks = {unit: line.rank_before for unit, line in lines.items() if line.rank_before is not None}
    every = {unit: cells.get(unit, line.items) for unit, line in lines.items()}
    return _finished(
        old.book, old.additions, before_ranks, changes, is_what_if, every, sums, scored, kept
    )
