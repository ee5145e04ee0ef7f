"""From records to what a score rests on: target in effect, actual and whose it is, base, outside figures.

A figure that is not there stays None; N/A and withdrawn targets are told apart; an amount in
another unit of the same dimension is converted exactly, any other is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentState,
    Effective,
    effective_value,
)
from mbo_desktop.domain.assessment import GivenScore, Scheme, ScoreKind
from mbo_desktop.domain.calendar import month_end
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Stage
from mbo_desktop.domain.outside import Amount, OutsideFigure, amount_of
from mbo_desktop.domain.pace import is_cumulative, planned_at
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.results import read_completion
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO, Facts, growth
from mbo_desktop.domain.scoring.rule import parts_of
from mbo_desktop.domain.scoring.tallies import Events
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.domain.units import conversion, exact_decimal
from mbo_desktop.services import outside_figures, progress_standing
from mbo_desktop.services.fact_book import (
    BELOW,
    COUNTING,
    NOT_APPLICABLE,
    NOT_CARRIED,
    WITHDRAWN_WORD,
    Cell,
    Entry,
    FactBook,
    codes_of,
    read_counts,
)
from mbo_desktop.services.reporting_rules import rules_of
from mbo_desktop.services.scheme_parameters import parameters_of, used_in
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued
from mbo_desktop.store.queries import outside as outside_reads
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries import scores as reads
from mbo_desktop.store.queries.scores import CellRow, FigureRow, Head

_GROWTHS = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
_WORDED = (TargetForm.MILESTONE, TargetForm.PROJECT)
_NO_CODES: frozenset[str] = frozenset()


def latest_month(store: Store, year: int) -> int:
    """The last month of which figures were reported; 12 when there are none."""
    return max(reads.reported_months(store, year), default=12)


def read_facts(
    store: Store, scheme: Scheme, month: int, rules: Mapping[RecordId, Any],
    broken: Mapping[RecordId, str], below: Mapping[RecordId, Decimal] | None = None,
) -> FactBook:
    """Everything the scheme's scores rest on at the end of a month (12: the year).

    below: what `下级平均分` is, by unit.
    """
    return _Reading(store, scheme, month, rules, broken, below or {}).book()


class _Reading:
    """One pass over the records."""

    def __init__(
        self, store: Store, scheme: Scheme, month: int, rules: Mapping[RecordId, Any],
        broken: Mapping[RecordId, str], below: Mapping[RecordId, Decimal],
    ) -> None:
        self.store, self.scheme, self.month, self.below = store, scheme, month, below
        self.rules, self.broken = dict(rules), dict(broken)
        values = parameters_of(scheme)
        self.parameters = {one: used_in(rule, values) for one, rule in self.rules.items()} if values else {}
        self.codes = {one: codes_of(rule) for one, rule in self.rules.items()}
        self.items = {one.indicator: one for one in scheme.items}
        self.heads = reads.heads(store, scheme.year, list(self.items))
        left = {one.unit for one in scheme.left_out}
        self.members = tuple(
            one for one in reads.members(store, scheme.year, scheme.peer_group) if one.id not in left
        )
        units = [one.id for one in self.members]
        self.rows = reads.cells(store, list(self.heads), units)
        ids = [one.target for one in self.rows]
        self.figures = reads.counted_figures(store, ids, month)
        self.day = month_end(scheme.year, month)
        self.effective = self._adjusted()
        self.plans = progress_reads.subjects(store, ids) if month < 12 else {}
        self.ranges = self._whole()
        self.bounds = self._bounds()
        self.outside = self._outside()
        self.stages = self._stages()
        self.proofs = self._proofs(ids)
        self.given, self.components = self._given(ids)
        self.before = reads.unit_ranks(store, scheme.year - 1)

    def book(self) -> FactBook:
        entries: dict[RecordId, dict[RecordId, Entry]] = {one: {} for one in self.heads}
        for row in self.rows:
            entries[row.indicator][row.unit] = self._entry(row)
        for indicator, found in entries.items():
            own_duty = len(found) == 1 and len(self.members) > 1
            policy = self.items[indicator].missing.value
            if own_duty and policy in ("convert", "mean"):
                continue
            for one in self.members:
                if one.id not in found:
                    facts = Facts(self._full(indicator, None), unit=one.id, label=one.label)
                    found[one.id] = Entry(facts, absent=NOT_CARRIED)
        return FactBook(
            self.scheme, self.month, self.members, self.heads, self.items, self.rules, self.broken,
            entries, self.given, self.components,
        )

    # Reads beside the rows -----------------------------------------------------

    def _adjusted(self) -> dict[Cell, Effective]:
        ids = argued.adjustment_ids(
            self.store, self.scheme.year, states=(AdjustmentState.APPROVED,)
        )
        cells: dict[Cell, list[Adjustment]] = {}
        for one in self.store.get_many(Adjustment, ids).values() if ids else ():
            cells.setdefault((one.indicator, one.unit), []).append(one)
        touched = {(row.indicator, row.unit): row.target for row in self.rows
                   if (row.indicator, row.unit) in cells}
        targets = self.store.get_many(Target, list(touched.values())) if touched else {}
        return {
            cell: effective_value(targets.get(record), cells[cell], self.day)
            for cell, record in touched.items()
        }

    def _whole(self) -> dict[RecordId, Target]:
        """Targets whose columns do not say all."""
        wanted = [row.target for row in self.rows if row.form is TargetForm.RANGE]
        return self.store.get_many(Target, wanted) if wanted else {}

    def _bounds(self) -> dict[Cell, Amount]:
        open_rows = any(
            row.amount is None and ("省" in row.shown or "规划" in row.shown) for row in self.rows
        )
        if not open_rows:
            return {}
        return {
            (one.indicator, one.unit): one.amount
            for one in outside_figures.bound_targets(self.store, self.scheme.year)
            if one.amount is not None
        }

    def _outside(self) -> dict[RecordId, dict[str, Decimal]]:
        records = outside_reads.records_of(self.store, list(self.heads), (str(self.scheme.year),))
        found: dict[RecordId, dict[str, Decimal]] = {}
        for one in self.store.get_many(OutsideFigure, records).values() if records else ():
            found[one.indicator] = _outside_names(one, self.heads[one.indicator].unit_of_measure)
        return found

    def _stages(self) -> dict[RecordId, tuple[Stage, ...]]:
        wanted = [row.target for row in self.rows if row.form in _WORDED]
        if not wanted:
            return {}
        rules = rules_of(self.store, self.scheme.year)
        known = progress_standing.known(self.store, rules, self.month, wanted)
        return {record: one.situation.stages for record, one in known.items()}

    def _proofs(self, ids: Sequence[RecordId]) -> dict[RecordId, int] | None:
        wanted = any("proven" in codes for codes in self.codes.values())
        return reads.accepted_evidence(self.store, ids) if wanted else None

    def _given(
        self, ids: Sequence[RecordId]
    ) -> tuple[dict[Cell, dict[ScoreKind, GivenScore]], dict[tuple[RecordId, str], dict[ScoreKind, GivenScore]]]:
        records = reads.given_records(self.store, [*ids, self.scheme.id])
        by_target = {row.target: (row.indicator, row.unit) for row in self.rows}
        given: dict[Cell, dict[ScoreKind, GivenScore]] = {}
        components: dict[tuple[RecordId, str], dict[ScoreKind, GivenScore]] = {}
        for one in self.store.get_many(GivenScore, records).values() if records else ():
            if one.subject == self.scheme.id:
                components.setdefault((one.unit, one.name), {})[one.kind] = one
            else:
                given.setdefault(by_target[one.subject], {})[one.kind] = one
        return given, components

    # One cell ------------------------------------------------------------------

    def _full(self, indicator: RecordId, own: Decimal | None) -> Decimal:
        for points in (own, self.items[indicator].points, self.heads[indicator].points):
            if points is not None:
                return points
        return ZERO

    def _entry(self, row: CellRow) -> Entry:
        cell = (row.indicator, row.unit)
        effective = self.effective.get(cell)
        paper, upper, own = "", None, row.points
        if effective is not None:
            row, upper = _with_terms(row, effective)
            own = effective.terms.points if effective.terms.points is not None else own
            paper = "" if effective.adjustment is None else effective.basis
        elif row.target in self.ranges:
            value = self.ranges[row.target].value
            upper = None if value is None else value.counted.upper
        head = self.heads[row.indicator]
        facts = Facts(
            self._full(row.indicator, own), unit=row.unit, upper=upper,
            unit_of_measure=row.amount_unit or head.unit_of_measure,
        )
        entry = Entry(facts, row, adjustment=paper, lowered=effective is not None and effective.is_lowered)
        if effective is not None and (effective.is_withdrawn or effective.terms.value == WITHDRAWN):
            entry.absent = WITHDRAWN_WORD
        elif row.is_na or row.form is TargetForm.NOT_APPLICABLE:
            entry.absent = NOT_APPLICABLE
        else:
            self._fill(entry, row, head)
        return entry

    def _fill(self, entry: Entry, row: CellRow, head: Head) -> None:
        facts = entry.facts
        unit = row.amount_unit or head.unit_of_measure
        facts.is_rate = unit in RATES or row.form in _GROWTHS
        facts.lower_is_better = row.form in (TargetForm.AT_MOST, TargetForm.RANK) or (
            row.form in (TargetForm.LEVEL, None) and head.direction is Direction.LOWER
        )
        facts.target = row.amount
        facts.base = self._converted(row.last_year, head.unit_of_measure, unit)
        self._actual(entry, row, head, unit)
        bound = self.bounds.get((row.indicator, row.unit)) if row.amount is None else None
        if bound is not None:
            self._held_against(entry, bound, unit)
        self._month_target(entry, row, head, unit)
        named = dict(self.outside[row.indicator]) if row.indicator in self.outside else {}
        before = self.before.get(row.unit)
        if before is not None:
            named["上年位次"] = Decimal(before)
        if row.unit in self.below:
            named[BELOW] = self.below[row.unit]
        self._tell(entry, row, named)
        named.update(self.parameters.get(row.indicator, {}))
        if named or facts.named:
            facts.named = {**named, **facts.named}

    def _held_against(self, entry: Entry, bound: Amount, unit: str) -> None:
        """A target that is an outside figure (全省平均): in its terms, or not at all."""
        facts = entry.facts
        if bound.unit in ("", unit):
            facts.target = bound.value
        elif bound.unit in RATES and unit not in RATES:
            facts.target, facts.is_rate = bound.value, True
            over = growth(facts)
            if over is not None and facts.actual is not None and facts.base is not None:
                facts.named = {"增幅": over, "实绩数": facts.actual, "上年数": facts.base}
            facts.actual, facts.base = over, None
        else:
            entry.unknown = f"外部依据的单位“{bound.unit}”与指标不同"

    def _converted(self, value: Decimal | None, of: str, to: str) -> Decimal | None:
        """A value in another unit, exact; None where the units are of different kinds."""
        if value is None or of == to:
            return value
        if to in RATES:
            return None
        factor = conversion(of, to)
        exact = None if factor is None else exact_decimal(factor)
        return None if exact is None else value * exact

    def _actual(self, entry: Entry, row: CellRow, head: Head, unit: str) -> None:
        facts = entry.facts
        in_terms = head.unit_of_measure if row.form in _GROWTHS else unit
        if row.actual is not None and self.month == 12:
            entry.from_result = True
            if row.form in _GROWTHS and head.unit_of_measure not in RATES:
                facts.actual = _growth_of(row, facts)
            else:
                facts.actual = self._converted(row.actual, head.unit_of_measure, in_terms)
            if facts.actual is None:
                entry.unknown = "实绩不能换算成目标的口径"
            return
        figure = self.figures.get(row.target)
        if figure is None and row.actual_text and self.month == 12:
            entry.from_result = True
            if read_completion(row.actual_text) is None and row.completion is None:
                entry.unknown = f"年终结果“{row.actual_text}”不是数字,也不是完成、基本完成、未完成"
        if figure is not None:
            entry.figure = figure
            facts.actual = figure.amount
            if row.form in _GROWTHS and figure.amount is not None:
                sign = -1 if row.form is TargetForm.DECREASE_RATE else 1
                facts.named = {"增幅": sign * figure.amount}

    def _month_target(self, entry: Entry, row: CellRow, head: Head, unit: str) -> None:
        """Half-year: amounts that grow are held against the plan of the month."""
        facts = entry.facts
        if self.month == 12 or facts.target is None or not is_cumulative(row.form, head.name, unit):
            return
        subject = self.plans.get(row.target)
        plan = None if subject is None else progress_standing.plan_of(subject.plan)
        planned = None if plan is None else planned_at(plan, self.day)
        entry.prorated = "按进度计划" if planned is not None else f"按{self.month}/12序时进度"
        facts.target = facts.target * self.month / 12 if planned is None else planned

    def _tell(self, entry: Entry, row: CellRow, named: dict[str, Decimal]) -> None:
        """Counts, words and given points: by the certifier, else from what was reported."""
        facts, codes = entry.facts, self.codes.get(row.indicator, _NO_CODES)
        said = self.given.get((row.indicator, row.unit))
        own = None
        if said is not None:
            own = next((one for kind in COUNTING if (one := said.get(kind)) is not None
                        and (one.counts or one.word or one.points is None)), None)
            certified = said.get(ScoreKind.CERTIFIED)
            facts.given = None if certified is None else certified.points
        if own is not None:
            counts = read_counts(own.counts)
            facts.counts = facts.votes = counts
            facts.scores = tuple(counts.values()) if "raters" in codes else ()
            named.update(counts)
            facts.word = own.word
        elif self.stages.get(row.target):
            stages = self.stages[row.target]
            done = sum(one.done for one in stages)
            facts.counts = {"完成": Decimal(done), "未完成": Decimal(len(stages) - done)}
            if entry.figure is None and not done:
                facts.counts = {}
        if not facts.word:
            facts.word = _word(row, entry.figure, self.month)
        if own is None and "events" in codes:
            self._events(entry, self.rules[row.indicator])
        if self.proofs is not None:
            facts.proven = self.proofs.get(row.target, 0) > 0

    def _events(self, entry: Entry, rule: Any) -> None:
        """How often something happened: as counted, or the reported number where there is one kind."""
        facts = entry.facts
        kinds = _event_kinds(rule)
        if len(kinds) == 1 and facts.actual is not None and not facts.is_rate:
            facts.counts = {kinds[0]: facts.actual}
        else:
            entry.unknown = "次数还没有核报"


def _event_kinds(rule: Any) -> list[str]:
    own = [kind for kind, _each in rule.rows] if isinstance(rule, Events) else []
    return own + [kind for part in parts_of(rule) for kind in _event_kinds(part)]


def _word(row: CellRow, figure: FigureRow | None, month: int) -> str:
    """The status in words: as recognised, else as reported."""
    if row.completion is not None and month == 12:
        return row.completion.label
    said = row.actual_text or (figure.typed if figure is not None else "")
    status = read_completion(said) if said else None
    return "" if status is None else status.label


def _growth_of(row: CellRow, facts: Facts) -> Decimal | None:
    """The growth of a level against last year, in %; a fall for a decrease rate."""
    if row.actual is None or row.last_year is None or row.last_year <= 0:
        return None
    # As statistics print it, so that score and status rest on the same figure.
    exponent = 0 if row.amount is None else row.amount.as_tuple().exponent
    digits = max(1, -exponent if isinstance(exponent, int) else 1)
    over = round_half_up((row.actual / row.last_year - 1) * HUNDRED, digits)
    facts.named = {"增幅": over, "实绩数": row.actual, "上年数": row.last_year}
    return -over if row.form is TargetForm.DECREASE_RATE else over


def _with_terms(row: CellRow, effective: Effective) -> tuple[CellRow, Decimal | None]:
    """The row with the terms in effect, and the upper end of a range."""
    value = effective.terms.value
    part = None if value is None else value.counted
    return CellRow(
        row.target, row.indicator, row.unit, None if part is None else part.form,
        None if part is None else part.amount, "" if part is None else part.unit,
        "" if value is None else value.text or row.shown, part is not None and part.form is TargetForm.NOT_APPLICABLE,
        row.last_year, row.points, row.actual, row.actual_text, row.completion,
    ), None if part is None else part.upper


def _outside_names(one: OutsideFigure, unit: str) -> dict[str, Decimal]:
    """省平均, 省定目标, 规划目标, 全市实绩, 省内位次, 参评数: what is known of them, by name."""
    amounts = {
        "省平均": one.province_average, "全市实绩": one.own,
        "省定目标": None if one.province_target is None else amount_of(one.province_target, unit),
        "规划目标": None if one.plan_target is None else amount_of(one.plan_target, unit),
    }
    found = {name: amount.value for name, amount in amounts.items() if amount is not None}
    if one.rank is not None:
        found["省内位次"] = Decimal(one.rank)
    if one.ranked is not None:
        found["参评数"] = Decimal(one.ranked)
    return found
