"""Putting the deliberate blank spots into the sample city's trees, each on a node of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mbo_desktop.domain.cascade import SumRule
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.sample.branches import Item
from mbo_desktop.sample.crews import Crew, vacate
from mbo_desktop.sample.spots import WANTED, Spot, SpotKind
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

_FACTOR = Decimal(10000)
_SCALED = {"亿元": "万元", "万吨": "吨", "万亩": "亩", "万平方米": "平方米"}
"""Units of measure with the one that is ten thousand times smaller."""


def put_spots(
    store: Store, change: Change, items: Sequence[Item], crews: Mapping[RecordId, Crew], year: int,
    raised: Mapping[tuple[RecordId, RecordId], Decimal],
) -> list[Spot]:
    """Spoil so many nodes of each kind as the city has place for; what was spoilt.

    raised: what targets with an approved adjustment stood at before, by indicator and unit.
    """
    planter = _Planter(items, year)
    spots = planter.redivide(raised)
    for kind, fits, spoil in (
        (SpotKind.SHORT, _is_large_sum, _shorten), (SpotKind.OVER, _is_cap, _overrun),
        (SpotKind.OTHER_MEASURE, _is_scaled, _rescale), (SpotKind.LATE_DUE, _is_child, planter.late),
        (SpotKind.FALLING_PLAN, _is_planned, _falling), (SpotKind.PLAN_END, _is_planned, _beside),
        (SpotKind.NOBODY, _is_town_leaf, _unnamed), (SpotKind.NO_HANDLER, _is_plain_root, _unhandled),
        (SpotKind.FEW_CLEARS, _is_plain_root, _unclear),
        (SpotKind.UNDIVIDED, _is_plain_root, _undivided),
    ):
        spots += planter.plant(kind, fits, spoil)
    spots += planter.vacant(store, change, crews)
    return [*spots, *planter.indicators(change)]


class _Planter:
    """Chooses nodes far apart; no branch is spoilt twice."""

    def __init__(self, items: Sequence[Item], year: int) -> None:
        self.items, self.year = items, year
        self.taken: set[RecordId] = set()

    def plant(
        self, kind: SpotKind, fits: Callable[[Item], bool], spoil: Callable[[Item], None]
    ) -> list[Spot]:
        """Spoil the wanted number of nodes that fit, spread over all there are."""
        found = []
        for item in self._free(fits, WANTED[kind]):
            spoil(item)
            self._take(item)
            found.append(Spot(kind, item.record, item.unit))
        return found

    def _free(self, fits: Callable[[Item], bool], wanted: int) -> Iterator[Item]:
        fitting = [item for item in self.items if self._is_free(item) and fits(item)]
        step = max(1, len(fitting) // wanted)
        given = 0
        for item in fitting[::step]:
            # A pick before may have taken this one's branch.
            if given < wanted and self._is_free(item):
                given += 1
                yield item

    def _is_free(self, item: Item) -> bool:
        return _top(item).record not in self.taken

    def _take(self, item: Item) -> None:
        self.taken.add(_top(item).record)

    def redivide(
        self, raised: Mapping[tuple[RecordId, RecordId], Decimal]
    ) -> list[Spot]:
        """A target divided as it stood before a meeting raised it; without one, any divided sum."""
        found: list[Spot] = []
        ordered = sorted(
            (one for one in self.items if _is_sum(one)),
            key=lambda one: one.target is None
            or (one.target.indicator, one.target.unit) not in raised,
        )
        for item in ordered[: WANTED[SpotKind.REDIVIDE]]:
            assert item.target is not None
            assert item.amount is not None
            step = Decimal(1).scaleb(-item.decimals)
            usual = (item.amount / Decimal("1.05")).quantize(step)
            before = raised.get((item.target.indicator, item.target.unit), usual)
            item.divided_at = before if before != item.amount else item.amount - step
            self._take(item)
            found.append(Spot(SpotKind.REDIVIDE, item.record, item.unit))
        return found

    def late(self, item: Item) -> None:
        """Due after what it is a part of."""
        assert item.parent is not None
        item.parent.due = date(self.year, 10, 31)
        item.due = date(self.year, 12, 15)
        for other in item.parent.children:
            if other is not item and other.due is not None and other.due > item.parent.due:
                other.due = item.parent.due

    def vacant(
        self, store: Store, change: Change, crews: Mapping[RecordId, Crew]
    ) -> list[Spot]:
        """Clerks who left and whose posts stand empty while they carry nodes."""
        found = []
        carried = {item.handler for item in self.items}
        crowded = [
            (unit, post) for unit, crew in crews.items() for post in crew.clerks[1:2]
            if len(crew.clerks) > 2 and post in carried
        ]
        wanted = WANTED[SpotKind.VACANT_POST]
        step = max(1, len(crowded) // wanted)
        for unit, post in crowded[::step][:wanted]:
            vacate(change, store, post, date(self.year, 1, 1) - timedelta(days=1))
            found.append(Spot(SpotKind.VACANT_POST, post, unit))
        return found

    def indicators(self, change: Change) -> list[Spot]:
        """Departments' indicators without a rule and without a certifying department."""
        found = []
        of_one = [item for item in self.items if item.depth == 0 and self._is_free(item)]
        counts: dict[RecordId, int] = {}
        for item in self.items:
            if item.target is not None:
                counts[item.indicator.id] = counts.get(item.indicator.id, 0) + 1
        alone = [item for item in of_one if counts[item.indicator.id] == 1]
        kinds = (SpotKind.NO_RULE, SpotKind.NO_CERTIFIER)
        # The last units have not signed: nothing signed is to differ for it.
        for kind, item in zip(kinds, reversed(alone), strict=False):
            stored = change.get(Indicator, item.indicator.id)
            change.put(
                replace(stored, scoring_text="") if kind is SpotKind.NO_RULE
                else replace(stored, certifying_text="")
            )
            found.append(Spot(kind, stored.id, item.unit))
        return found


def _top(item: Item) -> Item:
    while item.parent is not None:
        item = item.parent
    return item


def _is_sum(item: Item) -> bool:
    return item.depth == 0 and item.rule is SumRule.SUM and len(item.children) > 1 and (
        item.divided_at is not None
    )


def _is_large_sum(item: Item) -> bool:
    """Whether every part can lose some per cent and still be something."""
    least = min((one.amount or Decimal(0) for one in item.children), default=Decimal(0))
    return _is_sum(item) and least >= 30 * Decimal(1).scaleb(-item.decimals)


def _is_cap(item: Item) -> bool:
    return item.depth == 0 and item.rule is SumRule.CAP and bool(item.children)


def _is_scaled(item: Item) -> bool:
    return item.depth == 1 and not item.children and item.rule is SumRule.SUM and (
        item.indicator.unit_of_measure in _SCALED
    )


def _is_child(item: Item) -> bool:
    return item.depth == 1 and item.amount is not None and not item.children and (
        item.parent is not None and item.parent.due is None and not item.parent.milestones
    )


def _is_planned(item: Item) -> bool:
    return item.depth == 1 and item.plan is not None and bool(item.amount) and (
        item.rule is SumRule.SUM
    )


def _is_town_leaf(item: Item) -> bool:
    return item.own_unit and not item.children


def _is_plain_root(item: Item) -> bool:
    return item.depth == 0 and not item.children


def _shorten(item: Item) -> None:
    """Every part loses so much that the sum stays 4 % below."""
    given = sum((one.amount or Decimal(0) for one in item.children), Decimal(0))
    assert item.amount is not None
    step = Decimal(1).scaleb(-item.decimals)
    factor = item.amount * Decimal("0.96") / given
    for child in item.children:
        assert child.amount is not None
        _set(child, (child.amount * factor).quantize(step, ROUND_FLOOR))


def _overrun(item: Item) -> None:
    """One part takes more than the control leaves."""
    first = item.children[0]
    given = sum((one.amount or Decimal(0) for one in item.children), Decimal(0))
    assert item.amount is not None
    assert first.amount is not None
    step = Decimal(1).scaleb(-item.decimals)
    over = (item.amount * Decimal("0.05")).quantize(step, ROUND_CEILING)
    _set(first, first.amount + (item.amount - given) + over)


def _set(item: Item, amount: Decimal) -> None:
    """Another amount; its plan ends there, what is below it is left out of the comparison."""
    if item.plan is not None:
        earlier = tuple(
            None if one is None else min(one, amount) for one in item.plan.amounts[:-1]
        )
        item.plan = replace(item.plan, amounts=(*earlier, amount))
    if item.last_year is not None and item.amount:
        step = Decimal(1).scaleb(-item.decimals)
        scaled = item.last_year * amount / item.amount
        up = item.rule is SumRule.CAP
        item.last_year = scaled.quantize(step, ROUND_CEILING if up else ROUND_FLOOR)
    item.amount = amount
    if item.divided_at is not None:
        item.divided_at = amount


def _rescale(item: Item) -> None:
    """The same amount in a unit ten thousand times smaller."""
    assert item.amount is not None
    item.measure = _SCALED[item.indicator.unit_of_measure]
    item.amount *= _FACTOR
    if item.last_year is not None:
        item.last_year *= _FACTOR
    if item.plan is not None:
        item.plan = replace(item.plan, amounts=tuple(
            None if one is None else one * _FACTOR for one in item.plan.amounts
        ))


def _falling(item: Item) -> None:
    assert item.plan is not None
    assert item.amount is not None
    # No quarter falls below what the parent needs: only the plan itself is wrong.
    first, _second, third, last = item.plan.amounts
    item.plan = replace(item.plan, amounts=(first, last, third, last))


def _beside(item: Item) -> None:
    assert item.plan is not None
    assert item.amount is not None
    step = Decimal(1).scaleb(-item.decimals)
    item.plan = replace(item.plan, amounts=(*item.plan.amounts[:-1], item.amount + step))


def _unnamed(item: Item) -> None:
    item.responsible = item.handler = None


def _unhandled(item: Item) -> None:
    item.handler = None


def _unclear(item: Item) -> None:
    item.difficulties = item.measures = ""


def _undivided(item: Item) -> None:
    item.undivided = "由监管部门直接负责,不作具体分解"
