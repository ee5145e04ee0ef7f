"""From records to what a light is decided by: the target in effect, its plan, and what was reported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentState,
    effective_value,
)
from mbo_desktop.domain.allocations import Allocation, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.calendar import month_end, read_deadline
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Situation, Stage
from mbo_desktop.domain.pace import due_in_month
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.plausibility import growth_part
from mbo_desktop.domain.progress import Comparison, Standing, comparison_of
from mbo_desktop.domain.reports import FigureKind, NodeDone, ProgressReport, ReportingRules
from mbo_desktop.domain.targets import IN_WORDS, TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Figure, Subject

WEIGHT = (FigureKind.VERIFIED, FigureKind.CERTIFIED, FigureKind.OWN, FigureKind.PROXY)
"""Whose figure counts before whose; the others stand beside it."""
_SAYS_MORE = re.compile(r"低于|超过|高于|少于|大于|小于|以上|以下|以内|增长|[,，;；]")
"""Words of a target whose columns do not say all: bounds that are strict, a growth beside a level."""


@dataclass(frozen=True, slots=True)
class Known:
    """One target in one month: what it is, what was said by each side, what its light rests on."""

    subject: Subject
    value: TargetPart | None
    """The part that counts, in effect at the month's end."""
    figures: Mapping[FigureKind, Figure]
    counted: Figure | None
    """The figure that counts; None: not reported."""
    situation: Situation
    evidence: int
    problems: int


def known(
    store: Store, rules: ReportingRules, month: int, ids: Sequence[RecordId]
) -> dict[RecordId, Known]:
    """What is known of these targets at the end of a month, in the given order, deleted ones left out."""
    subjects = reads.subjects(store, ids)
    present = list(subjects)
    said = reads.figures(store, present, (month,))
    last = reads.last_reported(store, present, month)
    counts = reads.counts(store, present, month)
    values = _values(store, rules.year, month, subjects)
    stages = _stages(store, rules.year, month, subjects)
    year_end = frozenset(rules.year_end_only)
    before = last_year_amounts(store, rules.year, month, subjects)
    at = _Month(rules, month, month_end(rules.year, month), {})
    found = {}
    for record, subject in subjects.items():
        sides = {one.kind: one for one in said.get((record, month), ())}
        part, growth = values[record]
        found[record] = _known(
            at, subject, part, growth, sides, last.get(record),
            counts.get(record, (0, 0)), stages.get(record, ()),
            subject.indicator in year_end, before.get(record),
        )
    return found


@dataclass(frozen=True, slots=True)
class _Month:
    """What is the same for all targets of a month, or for many of them."""

    rules: ReportingRules
    month: int
    end: date
    comparisons: dict[tuple[RecordId, TargetForm, str, bool], Comparison]
    """By indicator, form and unit: the name is read for many units at once."""

    def comparison(self, subject: Subject, part: TargetPart | None) -> Comparison:
        """How months of this target are compared."""
        if part is None:
            return Comparison.NONE
        key = subject.indicator, part.form, part.unit, part.amount is None
        found = self.comparisons.get(key)
        if found is None:
            found = self.comparisons[key] = comparison_of(
                part, subject.direction, subject.title, subject.unit_of_measure
            )
        return found


def counted_figure(sides: Mapping[FigureKind, Figure]) -> Figure | None:
    """The figure that counts: verified before certified before the unit's own before 代录.

    Words, and what was typed that is no number, count only where nobody gave a figure.
    """
    words = None
    for kind in WEIGHT:
        one = sides.get(kind)
        if one is None or not one.says_something:
            continue
        if one.amount is not None or one.started is False:
            return one
        words = words or one
    return words


def _known(
    at: _Month, subject: Subject, part: TargetPart | None, growth: Decimal | None,
    sides: Mapping[FigureKind, Figure], last: int | None,
    counts: tuple[int, int], stages: tuple[Stage, ...], year_end: bool, before: Decimal | None,
) -> Known:
    rules, month = at.rules, at.month
    counted = counted_figure(sides)
    plan = plan_of(subject.plan)
    comparison = at.comparison(subject, part)
    is_cap = comparison is Comparison.CAP
    standing = Standing(
        comparison, month, None if part is None else part.amount,
        None if part is None else part.upper, None if counted is None else counted.amount,
        None if plan is None else due_in_month(plan, month, is_cap=is_cap), before,
        part is not None and part.strict,
    )
    silent = month - max(last or 0, rules.first_month - 1)
    situation = Situation(
        standing, at.end, reported=counted is not None,
        started=None if counted is None else counted.started,
        months_unreported=max(silent, 1) if counted is None else 0,
        months_unstarted=max(month - _starts(plan, rules) + 1, 0),
        year_end_only=year_end,
        applicable=part is None or part.form is not TargetForm.NOT_APPLICABLE,
        withdrawn=part == WITHDRAWN.counted and subject.shown == WITHDRAWN.text,
        stages=stages, growth_wanted=growth,
        unproven=rules.unproven_is_unmet and counted is not None and counts[0] == 0,
    )
    return Known(subject, part, sides, counted, situation, *counts)


def _starts(plan: Plan | None, rules: ReportingRules) -> int:
    """The first month in which something is planned."""
    if plan is None:
        return rules.first_month
    step = 12 // plan.period.periods
    for place, amount in enumerate(plan.amounts):
        if amount:
            return place * step + 1
    return rules.first_month


def plan_of(body: str | None) -> Plan | None:
    """The plan in a projection's column."""
    if body is None:
        return None
    found = json.loads(body)
    return Plan(
        PlanPeriod.of(found["period"]), PlanBasis.of(found["basis"]),
        tuple(None if one is None else Decimal(one) for one in found["amounts"]),
    )


# The target in effect ---------------------------------------------------------


def _values(
    store: Store, year: int, month: int, subjects: Mapping[RecordId, Subject]
) -> dict[RecordId, tuple[TargetPart | None, Decimal | None]]:
    """The counted part in effect at the month's end, and the growth wanted beside it."""
    later = _adjusted_later(store, year, month, subjects.values())
    partly = [
        one.id for one in subjects.values()
        if one.form is TargetForm.RANGE or _SAYS_MORE.search(one.shown) or one.id in later
    ]
    whole = _stating(store, subjects, partly)
    found: dict[RecordId, tuple[TargetPart | None, Decimal | None]] = {}
    for record, subject in subjects.items():
        target = whole.get(record)
        if target is None:
            found[record] = (_simple(subject), None)
            continue
        value = target.value
        if record in later and isinstance(target, Target):
            value = effective_value(target, later[record], month_end(year, month)).terms.value
        found[record] = (None if value is None else value.counted, _growth_wanted(value))
    return found


def _stating(
    store: Store, subjects: Mapping[RecordId, Subject], ids: Sequence[RecordId]
) -> dict[RecordId, Target | Allocation]:
    """The records whose value these subjects' target is."""
    nodes = [one for one in ids if subjects[one].is_node]
    targets = [one for one in ids if not subjects[one].is_node]
    found: dict[RecordId, Target | Allocation] = {}
    if targets:
        found.update(store.get_many(Target, targets))
    if nodes:
        found.update(store.get_many(Allocation, nodes))
    return found


def _simple(subject: Subject) -> TargetPart | None:
    if subject.form is None:
        return None
    # Without an amount the words are the target: 不发生重大火灾, 6月底前.
    words = subject.shown if subject.form in IN_WORDS and subject.amount is None else ""
    return TargetPart(subject.form, subject.amount, subject.amount_unit, text=words)


def _growth_wanted(value: TargetValue | None) -> Decimal | None:
    part = growth_part(value)
    if value is None or part is None or part is value.counted:
        return None
    return part.amount


def _adjusted_later(
    store: Store, year: int, month: int, subjects: Iterable[Subject]
) -> dict[RecordId, list[Adjustment]]:
    """Approved adjustments of targets that one after the month's end was made to."""
    ids = argued.adjustment_ids(store, year, states=(AdjustmentState.APPROVED,))
    if not ids:
        return {}
    cells: dict[tuple[RecordId, RecordId], list[Adjustment]] = {}
    for one in store.get_many(Adjustment, ids).values():
        cells.setdefault((one.indicator, one.unit), []).append(one)
    end = month_end(year, month)
    late = {
        cell: found for cell, found in cells.items()
        if any(one.effective_on is not None and one.effective_on > end for one in found)
    }
    return {
        one.id: late[one.indicator, one.unit]
        for one in subjects if not one.is_node and (one.indicator, one.unit) in late
    }


# Nodes ------------------------------------------------------------------------


def _stages(
    store: Store, year: int, month: int, subjects: Mapping[RecordId, Subject]
) -> dict[RecordId, tuple[Stage, ...]]:
    """Milestones of the carrier's own plan, else the nodes that the target itself states."""
    with_own = {one.root: one.id for one in subjects.values() if one.root and one.stages}
    worded = [
        one.id for one in subjects.values()
        if one.form in (TargetForm.MILESTONE, TargetForm.PROJECT) and not one.stages
    ]
    listed: dict[RecordId, list[tuple[str, date | None]]] = {}
    for root in store.get_many(Allocation, list(with_own)).values():
        listed[with_own[root.id]] = [(one.title, one.due) for one in root.milestones]
    for target in _stating(store, subjects, worded).values():
        if target.value is not None:
            nodes = [node for part in target.value.parts for node in part.nodes]
            listed[target.id] = [(node.title, _day(node.due, year)) for node in nodes]
    done = _done(store, list(listed), month)
    return {
        record: tuple(
            Stage(title, due, title in done.get(record, {}), done.get(record, {}).get(title))
            for title, due in stages
        )
        for record, stages in listed.items()
    }


def _day(text: str, year: int) -> date | None:
    try:
        return read_deadline(text, year) if text else None
    except InputError:
        return None


def _done(
    store: Store, ids: Sequence[RecordId], month: int
) -> dict[RecordId, dict[str, date | None]]:
    """Titles of the nodes that were reported as reached up to a month, with their days."""
    if not ids:
        return {}
    said = reads.figures(store, ids, tuple(range(1, month + 1)))
    records = [one.record for figures in said.values() for one in figures if one.nodes_done]
    found: dict[RecordId, dict[str, date | None]] = {}
    for report in store.get_many(ProgressReport, records).values():
        done: NodeDone
        for done in report.nodes_done:
            found.setdefault(report.subject, {})[done.title] = done.on
    return found


# Last year --------------------------------------------------------------------


def last_year_amounts(
    store: Store, year: int, month: int, subjects: Mapping[RecordId, Subject]
) -> dict[RecordId, Decimal]:
    """Last year's cumulative amount of the same month, by the same indicator name and unit."""
    earlier = reads.same_targets(store, year, year - 1, list(subjects))
    if not earlier:
        return {}
    said = reads.figures(store, list(earlier.values()), (month,))
    found = {}
    for record, before in earlier.items():
        figure = counted_figure({one.kind: one for one in said.get((before, month), ())})
        if figure is not None and figure.amount is not None:
            found[record] = figure.amount
    return found
