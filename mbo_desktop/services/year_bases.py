"""上年实绩 as bases of this year's targets: linked by indicator, brought through mergers and splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inherited_bases import Inherited, inherited
from mbo_desktop.domain.offices import Succession
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.units import is_ratio
from mbo_desktop.domain.year_links import predecessors
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as reads
from mbo_desktop.store.queries.results import ResultIndicator

CellKey = tuple[RecordId, RecordId]
"""Indicator and unit."""


@dataclass(frozen=True, slots=True)
class BasesOutcome:
    """What taking last year's actuals over as bases did."""

    taken: int
    kept: int
    """Targets whose own base was left as it stood."""
    missing: int
    """Targets for which last year has no actual."""
    left_out: tuple[str, ...] = ()
    """Cells of merged or split units whose base is for the office to settle, each with the reason."""

    @property
    def sentence(self) -> str:
        """「已把58项上年实绩作为基数;2项原有基数不同,未改动;5项上年没有实绩。」."""
        text = f"已把{self.taken}项上年实绩作为基数"
        if self.kept:
            text += f";{self.kept}项原有基数不同,未改动"
        if self.missing:
            text += f";{self.missing}项上年没有实绩"
        if self.left_out:
            text += f";{len(self.left_out)}项因机构撤并须另行核定({self.left_out[0].partition(':')[0]}"
            text += "等)" if len(self.left_out) > 1 else ")"
        return f"{text}。"


def bases(store: Store, year: int) -> dict[CellKey, Decimal]:
    """Last year's actuals by this year's indicator and unit, linked by `continues` or name.

    Of an indicator that goes on with several, amounts are added, rates are not taken. Merged
    units take the sum of what the former ones reached; of split ones nothing is taken.
    """
    return _bases(store, year)[0]


def _bases(store: Store, year: int) -> tuple[dict[CellKey, Decimal], dict[CellKey, str]]:
    """The bases, and why cells of merged or split units have none."""
    links = predecessors(reads.year_indicators(store, (year - 1, year)))
    heads = {one.id: one for one in reads.result_indicators(store, year - 1)}
    actuals: dict[RecordId, dict[RecordId, Decimal]] = {}
    for cell in reads.result_actuals(store, year - 1):
        actuals.setdefault(cell[0], {})[cell[1]] = cell[2]
    heritage = _Heritage(store, year)
    found: dict[CellKey, Decimal] = {}
    left_out: dict[CellKey, str] = {}
    for indicator in reads.result_indicators(store, year):
        before = [heads[one] for one in links.get(indicator.id, ()) if one in heads]
        if len(before) > 1 and any(is_ratio(one.unit_of_measure) for one in before):
            continue
        if any(one.unit_of_measure != indicator.unit_of_measure for one in before):
            continue
        parts: dict[RecordId, list[Decimal]] = {}
        for one in before:
            for unit, actual in actuals.get(one.id, {}).items():
                parts.setdefault(unit, []).append(actual)
        sums = {u: sum(p, Decimal(0)) for u, p in parts.items() if len(p) == len(before)}
        passed = heritage.passed_on(indicator, [one.id for one in before], sums)
        found.update({(indicator.id, unit): base for unit, base in passed.amounts.items()})
        left_out.update({(indicator.id, unit): why for unit, why in passed.left_out.items()})
    return found, left_out


class _Heritage:
    """The mergers and splits between last year's results and this year's targets."""

    def __init__(self, store: Store, year: int) -> None:
        self.successions = [
            one for one in store.all(Succession) if one.effective_on.year in (year - 1, year)
        ]
        self.now: dict[RecordId, set[RecordId]] = {}
        self.without_actual: dict[RecordId, set[RecordId]] = {}
        if self.successions:
            for cell in reads.result_cells(store, year):
                self.now.setdefault(cell.indicator, set()).add(cell.unit)
            for cell in reads.result_cells(store, year - 1):
                if cell.actual is None:
                    self.without_actual.setdefault(cell.indicator, set()).add(cell.unit)

    def passed_on(
        self, own: ResultIndicator, before: Sequence[RecordId], sums: Mapping[RecordId, Decimal]
    ) -> Inherited:
        """One indicator's actuals with the units that answer for them now."""
        if not self.successions:
            return Inherited(dict(sums), {})
        unknown = {unit for one in before for unit in self.without_actual.get(one, ())}
        return inherited(
            sums, self.successions, additive=is_additive(own.name, own.unit_of_measure),
            carrying=self.now.get(own.id, ()), unknown=unknown - set(sums),
        )


def take_over_bases(store: Store, year: int, *, overwrite: bool = False) -> BasesOutcome:
    """Write last year's actuals into 上年实绩 of this year's targets, in one step.

    A base that is there and differs is left unless overwrite; targets not allotted stay so.
    Cells of merged or split units without a sum are told in `left_out`.
    """
    taken = kept = missing = 0
    left: list[str] = []
    with store.change("上年实绩转为基数") as change:
        sealing.refuse_sealed(store, year)
        known, reasons = _bases(store, year)
        cells = reads.result_cells(store, year)
        names = {cell.unit: cell.unit_name for cell in cells}
        heads = {one.id: one.name for one in reads.result_indicators(store, year)}
        targets = store.get_many(Target, [c.target for c in cells if c.target is not None])
        for target in targets.values():
            place = (target.indicator, target.unit)
            base = known.get(place)
            if base is None:
                missing += target.last_year is None
                if place in reasons:
                    left.append(f"{heads[place[0]]} · {names[place[1]]}:{reasons[place]}")
            elif target.last_year is not None and target.last_year != base and not overwrite:
                kept += 1
            elif target.last_year != base:
                change.put(replace(target, last_year=base))
                taken += 1
    return BasesOutcome(taken, kept, missing, tuple(left))
