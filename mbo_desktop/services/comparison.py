"""One table of all indicators: own, province's target and average, rank, neighbours, gaps, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.outside import (
    Amount,
    Gap,
    OutsideFigure,
    Standing,
    amount_of,
    gap,
    show_amount,
    show_neighbours,
    show_rank,
)
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.plausibility import growth_part, main_part
from mbo_desktop.domain.quantity import canonical, round_half_up
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue
from mbo_desktop.domain.units import is_ratio
from mbo_desktop.domain.year_links import line_of, predecessors
from mbo_desktop.services import offices
from mbo_desktop.services.planning_framework import FrameworkFilter, IndicatorRow
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as matrix_reads
from mbo_desktop.store.queries import outside as reads
from mbo_desktop.store.queries import results as result_reads
from mbo_desktop.store.queries.outside import HistoryFigure

YEARS = 5
"""Years of history shown, the year itself left out."""


class OwnKind(Choice):
    """What the own figure of a row is."""

    NONE = "none", ""
    ACTUAL = "actual", "实绩"
    CITY_TARGET = "city_target", "市定目标"
    UNIT_SUM = "unit_sum", "各单位合计"


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """An earlier year: own actual, province's average, rank; "" where nothing was entered."""

    year: int
    own: str
    average: str
    rank: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """An indicator of the year set against the outside, as texts ready to show."""

    indicator: RecordId
    name: str
    category: str
    unit_of_measure: str
    direction: Direction
    own: str
    own_kind: OwnKind
    own_growth: str
    """「8.5%」: stated beside the level, or from last year's own figure."""
    province_target: str
    province_average: str
    rank: str
    neighbours: str
    plan_target: str
    target_gap: Gap | None
    """Own against the province's target."""
    average_gap: Gap | None
    plan_gap: Gap | None
    best_neighbour: str
    """「衢州」: the best of the neighbours in the own figure's unit."""
    neighbour_gap: Gap | None
    """Own against that best neighbour."""
    history: tuple[HistoryPoint, ...]
    """Oldest first, every year of the span."""

    @property
    def gap_text(self) -> str:
        """「低于省定目标0.5个百分点;高于全省平均1.2个百分点」, only what is known."""
        named = (("省定目标", self.target_gap), ("全省平均", self.average_gap),
                 ("规划目标", self.plan_gap), (self.best_neighbour, self.neighbour_gap))
        return ";".join(gap_words(one, against) for against, one in named if one is not None)

    @property
    def is_comparable(self) -> bool:
        """Whether there is anything beside the year's own figure: from outside, or of earlier years."""
        outside = (self.province_target, self.province_average, self.rank, self.neighbours, self.plan_target)
        return any(outside) or any(point.own or point.average or point.rank for point in self.history)

    @property
    def is_behind(self) -> bool:
        """Whether it falls short of the province's target: the problem the speech names (市定低于省定)."""
        return self.target_gap is not None and self.target_gap.standing is Standing.BEHIND


def gap_words(one: Gap, against: str) -> str:
    """「低于全省平均0.5个百分点」, 「与全省平均持平」; above and below are meant as numbers."""
    if not one.difference:
        return f"与{against}持平"
    word = "高于" if one.difference > 0 else "低于"
    return f"{word}{against}{canonical(abs(one.difference))}{one.unit}"


def rows(
    store: Store, year: int, *, years: int = YEARS, chosen: FrameworkFilter | None = None
) -> tuple[ComparisonRow, ...]:
    """The comparison table of a year in printed order, with `years` years of history."""
    ids = framework_reads.indicator_ids(store, year, chosen or FrameworkFilter())
    return _Table(store, year, years, framework_reads.indicator_rows(store, ids)).rows()


def carried_from(store: Store, year: int, indicator: RecordId, earlier: int, label: str) -> str:
    """Where a figure of an earlier year comes from that is not the indicator's own, and where to change it.

    label: 本市, 全省平均 or 位次, as its column is called; "" when nothing is carried over.
    """
    table = _Table(store, year, year - earlier, framework_reads.indicator_rows(store, (indicator,)))
    source: tuple[RecordId, bool] | None = None
    if label == "本市":
        found = table.own_source(indicator, earlier)
        source = None if found is None else found[:2]
    else:
        for one in table.lines[indicator]:
            past = table.past.get((one, str(earlier)))
            if past is not None and (past.rank if label == "位次" else past.average) is not None:
                source = one, False
                break
    if source is None or source == (indicator, False):
        return ""
    record, as_result = source
    if as_result:
        return f"由{earlier}年度的考核结果带出,请到{earlier + 1}年度的“上年”中修改"
    name, of = store.get(Indicator, record).name, table.year_of[record]
    return f"由{of}年度指标“{name}”带出,请到{of}年度的“对比”中修改"


class _Table:
    def __init__(
        self, store: Store, year: int, years: int, indicators: Sequence[IndicatorRow]
    ) -> None:
        self.store, self.year, self.indicators = store, year, indicators
        self.span = range(year - years, year)
        ids = [row.id for row in indicators]
        every = result_reads.year_indicators(store, [*self.span, year])
        links = predecessors(every)
        self.year_of = {one.id: one.year for one in every}
        self.lines = {record: line_of(record, links) for record in ids}
        everything = list({one for line in self.lines.values() for one in line})
        self.past = self._past(everything)
        found = store.get_many(OutsideFigure, reads.records_of(store, ids, (str(year),)))
        theirs = reads.received(store, list(found))
        self.figures = {
            one.indicator: _average_only(one) if one.id in theirs else one for one in found.values()
        }
        root = offices.root_unit(store)
        self.actuals = {} if root is None else reads.actuals_of_unit(store, everything, root)
        self.city = self._city_targets(ids, root)
        self.sums = self._sums([i for i in ids if i not in self.city], root)

    def _past(self, indicators: list[RecordId]) -> dict[tuple[RecordId, str], HistoryFigure]:
        return {(one.indicator, one.period): one for one in reads.history(self.store, indicators)}

    def _city_targets(
        self, ids: Sequence[RecordId], root: RecordId | None
    ) -> dict[RecordId, Target]:
        if root is None:
            return {}
        records = matrix_reads.target_ids(self.store, ids, (root,))
        return {
            one.indicator: one
            for one in self.store.get_many(Target, records).values()
            if one.value is not None and not one.value.is_not_applicable
        }

    def _sums(self, ids: Sequence[RecordId], root: RecordId | None) -> Mapping[RecordId, Decimal]:
        columns = matrix_reads.columns(
            self.store, self.year, kinds=(), peer_group="", with_empty=False
        )
        units = [column.unit for column in columns if column.unit != root]
        return {
            one.indicator: one.amount
            for one in matrix_reads.row_sums(self.store, ids, units)
            if one.amount is not None
        }

    def rows(self) -> tuple[ComparisonRow, ...]:
        return tuple(self._row(row) for row in self.indicators)

    def _row(self, row: IndicatorRow) -> ComparisonRow:
        figure = self.figures.get(row.id)
        unit = row.unit_of_measure
        kind, level, growth = self._own(row, figure)
        own = [one for one in (level, growth) if one is not None]
        target = None if figure is None else figure.province_target
        plan = None if figure is None else figure.plan_target
        average = None if figure is None else figure.province_average
        name, best = _best(figure, own, row.direction)
        return ComparisonRow(
            indicator=row.id, name=row.name, category=row.category_name, unit_of_measure=unit,
            direction=row.direction, own=show_amount(level or growth), own_kind=kind,
            own_growth="" if level is None and is_ratio(unit) else show_amount(growth),
            province_target=show_target(target, unit_shown_in_header=unit),
            province_average=show_amount(average),
            rank="" if figure is None else show_rank(figure.rank, figure.ranked),
            neighbours="" if figure is None else show_neighbours(figure.neighbours),
            plan_target=show_target(plan, unit_shown_in_header=unit),
            target_gap=_fitting_gap(own, _outside(target, unit), row),
            average_gap=_fitting_gap(own, average, row),
            plan_gap=_fitting_gap(own, _outside(plan, unit), row),
            best_neighbour=name, neighbour_gap=_fitting_gap(own, best, row),
            history=tuple(self._point(row, year) for year in self.span),
        )

    def _own(
        self, row: IndicatorRow, figure: OutsideFigure | None
    ) -> tuple[OwnKind, Amount | None, Amount | None]:
        """What the own figure is, the level and the growth."""
        kind, level, growth = self._own_level(row, figure)
        if growth is None and level is not None and not level.unit and not is_ratio(row.unit_of_measure):
            before = self._own_in(row.id, self.year - 1)
            if before is not None and before > 0:
                growth = Amount(round_half_up((level.value / before - 1) * 100, 1), "%")
        return kind, level, growth

    def _own_level(
        self, row: IndicatorRow, figure: OutsideFigure | None
    ) -> tuple[OwnKind, Amount | None, Amount | None]:
        if figure is not None and figure.own is not None:
            return OwnKind.ACTUAL, figure.own, None
        actual = self.actuals.get(row.id)
        if actual is not None:
            return OwnKind.ACTUAL, Amount(actual), None
        city = self.city.get(row.id)
        if city is not None and city.value is not None:
            main = _as_amount(main_part(city.value), row.unit_of_measure)
            growth = _as_amount(growth_part(city.value), row.unit_of_measure)
            if main is not None or growth is not None:
                return OwnKind.CITY_TARGET, main, growth
        total = self.sums.get(row.id)
        return (OwnKind.NONE, None, None) if total is None else (OwnKind.UNIT_SUM, Amount(total), None)

    def _own_in(self, indicator: RecordId, year: int) -> Decimal | None:
        found = self.own_source(indicator, year)
        return None if found is None else found[2]

    def own_source(self, indicator: RecordId, year: int) -> tuple[RecordId, bool, Decimal] | None:
        """Of the own figure of a year: the indicator that holds it, whether as a result, the figure."""
        for one in self.lines[indicator]:
            found = self.past.get((one, str(year)))
            if found is not None and found.own is not None:
                return one, False, found.own
            if self.year_of.get(one) == year and one in self.actuals:
                return one, True, self.actuals[one]
        return None

    def _point(self, row: IndicatorRow, year: int) -> HistoryPoint:
        own = self._own_in(row.id, year)
        average, rank = "", ""
        for one in self.lines[row.id]:
            found = self.past.get((one, str(year)))
            if found is not None:
                average = average or ("" if found.average is None else canonical(found.average))
                rank = rank or show_rank(found.rank, found.ranked)
        return HistoryPoint(year, "" if own is None else canonical(own), average, rank)


def _average_only(received: OutsideFigure) -> OutsideFigure:
    """What a superior's figure says of the own government: 省定目标 and 位次 there are the superior's."""
    return replace(
        received, own=None, province_target=None, rank=None, ranked=None, neighbours=(), plan_target=None
    )


def _as_amount(part: TargetPart | None, unit: str) -> Amount | None:
    """The part as a figure; a fall of an amount is a growth below zero, that of a rate the rate itself."""
    if part is None or part.amount is None:
        return None
    # 单位生产总值能耗降低率 is counted in % of fall, by the province's average too.
    falls = part.form is TargetForm.DECREASE_RATE and not is_ratio(unit)
    sign = -1 if falls else 1
    return Amount(sign * part.amount, "" if part.unit == unit else part.unit)


def _outside(value: TargetValue | None, unit: str) -> Amount | None:
    if value is None:
        return None
    if value.counted.form is TargetForm.DECREASE_RATE:
        return _as_amount(value.counted, unit)
    return amount_of(value, unit)


def _fitting_gap(own: Sequence[Amount], other: Amount | None, row: IndicatorRow) -> Gap | None:
    """The gap in the terms of the outside figure: a level against a level, growth against growth."""
    unit = row.unit_of_measure
    return next((g for one in own if (g := gap(one, other, row.direction, unit)) is not None), None)


def _best(
    figure: OutsideFigure | None, own: Sequence[Amount], direction: Direction
) -> tuple[str, Amount | None]:
    if figure is None or not own:
        return "", None
    units = {one.unit for one in own}
    fitting = [one for one in figure.neighbours if one.amount.unit in units]
    if not fitting:
        return "", None
    choose = min if direction is Direction.LOWER else max
    best = choose(fitting, key=lambda one: one.amount.value)
    return best.name, best.amount
