"""What was reached last year and who says so: the year's result, verified, certified, or only the unit itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.targets import TargetForm, TargetValue
from mbo_desktop.domain.units import conversion, exact_decimal
from mbo_desktop.services.scoring_facts import latest_month
from mbo_desktop.services.sealing_scores import MARK
from mbo_desktop.services.year_turn_plan import BaseSource
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries import results as result_reads
from mbo_desktop.store.queries.progress import Figure

if TYPE_CHECKING:
    from mbo_desktop.services.year_turn_reading import Standing

YEAR_END = 12
_GROWTHS = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
_WORDED = (TargetForm.TEXT, TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.CONDITION)
_OUTSIDE = (FigureKind.VERIFIED, FigureKind.CERTIFIED)
_SOURCES = {FigureKind.VERIFIED: BaseSource.VERIFIED, FigureKind.CERTIFIED: BaseSource.CERTIFIED}


@dataclass(frozen=True, slots=True)
class Actual:
    """What one unit-target or node reached, in its indicator's (node's) unit of measure.

    amount None: `said` tells why; wanted False: a target in words that has no figure by its nature.
    """

    amount: Decimal | None
    source: BaseSource | None
    said: str = ""
    wanted: bool = True

    @property
    def is_certified(self) -> bool:
        """Somebody other than the unit stands for it."""
        return self.amount is not None and self.source is not BaseSource.OWN


def target_actuals(
    store: Store, year: int, indicators: Sequence[Indicator], targets: Sequence[Target]
) -> dict[tuple[RecordId, RecordId], Actual]:
    """What every unit-target of a year reached, by indicator and unit.

    The result that was typed or imported counts before figures of December; a result that sealing
    wrote counts as whose figure it was. N/A and withdrawn targets are left out.
    """
    heads = {one.id: one for one in indicators}
    cells = {(cell.indicator, cell.unit): cell for cell in result_reads.result_cells(store, year)}
    months = sorted({YEAR_END, latest_month(store, year)})
    figures = progress_reads.figures(store, [one.id for one in targets], months)
    found = {}
    for target in targets:
        head = heads.get(target.indicator)
        if head is None or (target.value is not None and target.value.is_not_applicable):
            continue
        place = (target.indicator, target.unit)
        cell = cells.get(place)
        reported = figures.get((target.id, YEAR_END), ())
        if cell is not None and cell.actual is not None:
            if cell.note == MARK:
                counted = reported or figures.get((target.id, months[0]), ())
                found[place] = Actual(cell.actual, _whose(counted), "考核封存时审定")
            else:
                found[place] = Actual(cell.actual, BaseSource.RESULT)
            continue
        measure, value = head.unit_of_measure, target.value
        actual = _reported(reported, value, measure)
        worded = value is not None and value.counted.form in _WORDED and actual.amount is None
        found[place] = Actual(None, None, "", wanted=False) if worded else actual
    return found


def node_actuals(
    store: Store, year: int, nodes: Mapping[RecordId, Allocation], framework: Standing,
    targets: Mapping[RecordId, RecordId],
) -> dict[RecordId, Actual]:
    """What nodes of the decomposition reached in December; nodes nobody reported on are left out."""
    measures = {one.id: one.unit_of_measure for one in framework.indicators}
    of_target = {one.id: measures.get(one.indicator, "") for one in framework.targets.values()}
    figures = progress_reads.figures(store, [one.id for one in nodes.values() if one.parent is not None], [YEAR_END])
    found = {}
    for (record, _month), reported in figures.items():
        node = nodes[record]
        measure = _measure(node, nodes) or of_target.get(targets[record], "")
        actual = _reported(reported, node.value, measure)
        if actual.amount is not None:
            found[record] = actual
    return found


def _measure(node: Allocation, nodes: Mapping[RecordId, Allocation]) -> str:
    """The node's own unit of measure, else that of the nearest node above that states one."""
    here: Allocation | None = node
    while here is not None:
        if here.unit_of_measure:
            return here.unit_of_measure
        here = nodes.get(here.parent) if here.parent is not None else None
    return ""


def _whose(figures: Sequence[Figure]) -> BaseSource:
    """On whose figure a sealed result rests; without any it was given by those who assessed."""
    kinds = {one.kind for one in figures if one.amount is not None}
    for kind in _OUTSIDE:
        if kind in kinds:
            return _SOURCES[kind]
    return BaseSource.OWN if kinds else BaseSource.RESULT


def _reported(figures: Sequence[Figure], value: TargetValue | None, measure: str) -> Actual:
    """December's figure: verified before certified; the unit's own only where nobody else gave one."""
    by_kind = {one.kind: one for one in figures if one.amount is not None}
    for kind in (*_OUTSIDE, FigureKind.OWN, FigureKind.PROXY):
        one = by_kind.get(kind)
        if one is None or one.amount is None:
            continue
        amount = _in_measure(one.amount, value, measure)
        source = _SOURCES.get(kind, BaseSource.OWN)
        if amount is None:
            return Actual(None, None, f"{source.label}报的是增长率或其他计量单位,不能作基数")
        return Actual(amount, source, f"12月{kind.label}数")
    return Actual(None, None, "没有年终结果,12月没有核定数")


def _in_measure(amount: Decimal, value: TargetValue | None, measure: str) -> Decimal | None:
    """Exactly in the indicator's unit; None for a growth of a level or another kind of unit."""
    if value is None:
        return amount
    part = value.counted
    if part.form in _GROWTHS and measure not in RATES:
        return None
    factor = conversion(part.unit or measure, measure)
    exact = None if factor is None else exact_decimal(factor)
    return None if exact is None else amount * exact
