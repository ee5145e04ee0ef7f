"""The new year's targets with their bases: who carries them on, what was reached, and whose figure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.adjustments import WITHDRAWN
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inherited_bases import Inherited, inherited
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import NOT_APPLICABLE
from mbo_desktop.domain.units import is_ratio
from mbo_desktop.services.year_turn_bases import Actual
from mbo_desktop.services.year_turn_frame import Frame
from mbo_desktop.services.year_turn_plan import BaseLine, BaseSource, BaseState, UnitLine

CellKey = tuple[RecordId, RecordId]
_STRENGTH = (BaseSource.RESULT, BaseSource.VERIFIED, BaseSource.CERTIFIED, BaseSource.OWN)


class Cells:
    """Targets to be made, targets to be filled, and the account of every base."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.made: list[Target] = []
        self.filled: list[Target] = []
        self.bases: list[BaseLine] = []
        self.target_of: dict[RecordId, RecordId] = {}
        """By target of last year: the one that goes on with it, planned or there."""
        self._dropped = 0
        self._here: dict[RecordId, list[Target]] = {}
        for target in frame.reading.then.targets.values():
            self._here.setdefault(target.indicator, []).append(target)
        self._heads = {one.id: one for one in (*frame.reading.now.indicators, *frame.made)}
        self._before: dict[RecordId, list[Indicator]] = {}
        for line in frame.lines:
            for new in frame.reading.followers.get(line.old.id, [line.new] if line.new is not None else []):
                self._before.setdefault(new, []).append(line.old)
        for new, olds in self._before.items():
            self._indicator(self._heads[new], olds)
        if self._dropped:
            frame.notes.append(f"{self._dropped}项目标结转后已删除,没有再结转")

    def _indicator(self, head: Indicator, olds: Sequence[Indicator]) -> None:
        """One indicator of the new year with those of last year that it goes on with."""
        carriers: dict[RecordId, list[Target]] = {}
        for old in olds:
            if self._frame.follower.get(old.id) != head.id:
                continue
            for target in self._here.get(old.id, ()):
                if target.value == WITHDRAWN:
                    label = self._frame.reading.label(target.unit)
                    self._frame.notes.append(f"{label}“{old.name}”上年已撤销,没有结转")
                    continue
                for heir in self._frame.heirs(target.unit):
                    carriers.setdefault(heir, []).append(target)
        passed, figures = self._passed_on(head, olds, carriers)
        for unit, targets in carriers.items():
            self._cell(head, unit, targets, passed, figures)

    def _cell(
        self, head: Indicator, unit: RecordId, targets: list[Target], passed: Inherited,
        figures: dict[RecordId, list[Actual]],
    ) -> None:
        reading = self._frame.reading
        there = reading.now.targets.get((head.id, unit))
        na = all(one.value is not None and one.value.is_not_applicable for one in targets)
        record = there.id if there is not None else self._frame.numbers.next()
        if there is None and any(one.id in reading.foreign for one in targets):
            # What a superior gives comes with its package.
            return
        if there is None and (head.id, unit) in reading.dropped.cells:
            self._dropped += 1
            return
        for one in targets:
            self.target_of[one.id] = record
        base = None if na else self._base(head, unit, there, targets, passed, figures)
        if there is None:
            self.made.append(Target(
                id=record, indicator=head.id, unit=unit, last_year=base,
                value=NOT_APPLICABLE if na else None, points=_points(unit, targets),
            ))
        elif base is not None and there.last_year is None and there.id not in reading.foreign:
            self.filled.append(replace(there, last_year=base))

    def _base(
        self, head: Indicator, unit: RecordId, there: Target | None, targets: list[Target],
        passed: Inherited, figures: dict[RecordId, list[Actual]],
    ) -> Decimal | None:
        """The base to be written, None for none; what was decided is told in `bases`."""
        known = figures.get(unit, [])
        if not known or not any(one.wanted for one in known):
            return None
        label = self._frame.reading.label(unit)
        amount, sources = passed.amounts.get(unit), [one.source for one in known if one.source is not None]
        source = max(sources, key=_STRENGTH.index) if sources else None
        state, said = BaseState.TAKEN, known[0].said if len(known) == 1 else ""
        if any(one.unit != unit for one in targets):
            known_of = [one for one in targets if (one.indicator, one.unit) in self._frame.reading.actuals]
            names = list(dict.fromkeys(self._frame.reading.label(one.unit) for one in known_of))
            said = f"{'、'.join(names)}{'之和' if len(names) > 1 else '的实绩'}"
        if unit in passed.left_out:
            amount, state, said = None, BaseState.OPEN, passed.left_out[unit]
        elif amount is None:
            own = [one.amount for one in known if one.amount is not None]
            alone = own[0] if len(known) == 1 and own else None
            only_own = bool(own) and all(one.amount is not None for one in known)
            amount = alone if only_own else None
            state = BaseState.OWN_ONLY if only_own else BaseState.MISSING
            said = next((one.said for one in known if one.amount is None), said)
        if there is not None and there.last_year is not None and state is BaseState.TAKEN:
            state = BaseState.THERE
            said = "" if there.last_year == amount else "原有基数不同,未改动"
        self.bases.append(BaseLine(head.name, label, head.unit_of_measure, amount, state, source, said))
        return amount if state is BaseState.TAKEN else None

    def _passed_on(
        self, head: Indicator, olds: Sequence[Indicator], carriers: dict[RecordId, list[Target]]
    ) -> tuple[Inherited, dict[RecordId, list[Actual]]]:
        """Last year's figures with the units that answer now, and the figures each unit's base rests on."""
        reading = self._frame.reading
        usable = len(olds) == 1 or not any(is_ratio(one.unit_of_measure) for one in olds)
        usable = usable and all(one.unit_of_measure == head.unit_of_measure for one in olds)
        sums: dict[RecordId, Decimal] = {}
        unknown: set[RecordId] = set()
        for unit, parts in self._by_unit(olds).items():
            amounts = [one.amount for one in parts if one.amount is not None and self._counts(one)]
            if usable and len(amounts) == len(olds):
                sums[unit] = sum(amounts, Decimal(0))
            elif any(one.wanted for one in parts):
                unknown.add(unit)
        carrying = {unit for indicator, unit in reading.now.targets if indicator == head.id}
        carrying |= {unit for unit in carriers if unit not in self._frame.passed}
        passed = inherited(
            sums, [one for one in reading.successions if one.effective_on <= reading.on],
            additive=is_additive(head.name, head.unit_of_measure), carrying=carrying, unknown=unknown,
        )
        figures = {
            unit: [
                reading.actuals[place] for one in targets
                if (place := (one.indicator, one.unit)) in reading.actuals
            ]
            for unit, targets in carriers.items()
        }
        if not usable:
            why = "上年计量单位不同或是几个比率,不能直接作基数"
            return Inherited({}, dict.fromkeys(carriers, why)), figures
        return passed, figures

    def _by_unit(self, olds: Sequence[Indicator]) -> dict[RecordId, list[Actual]]:
        found: dict[RecordId, list[Actual]] = {}
        for old in olds:
            for target in self._here.get(old.id, ()):
                actual = self._frame.reading.actuals.get((old.id, target.unit))
                if actual is not None and target.value != WITHDRAWN:
                    found.setdefault(target.unit, []).append(actual)
        return found

    def _counts(self, actual: Actual) -> bool:
        """The unit's own word is no base unless the office said so."""
        return actual.is_certified or self._frame.choices.own_figures


def _points(unit: RecordId, targets: Sequence[Target]) -> Decimal | None:
    """The unit's own points; of merged ones the heir's, else what all had alike."""
    own = next((one for one in targets if one.unit == unit), None)
    if own is not None:
        return own.points
    alike = {one.points for one in targets}
    return alike.pop() if len(alike) == 1 else None


def unit_lines(frame: Frame) -> list[UnitLine]:
    """Units that carried targets and were merged, split or dissolved since."""
    reading, counted = frame.reading, dict[RecordId, int]()
    for indicator, unit in reading.then.targets:
        if indicator in frame.follower:
            counted[unit] = counted.get(unit, 0) + 1
    return [
        UnitLine(
            unit, reading.label(unit), passed.what, tuple(reading.label(one) for one in passed.heirs),
            counted[unit], tuple((one, reading.label(one)) for one in passed.choices if one != unit),
            passed.is_decided,
        )
        for unit, passed in frame.passed.items() if unit in counted
    ]
