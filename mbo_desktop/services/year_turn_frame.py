"""The framework of the new year: which indicators go on under which number, with their categories and units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import (
    AdjustmentWindow,
    Category,
    CategoryAxis,
    Indicator,
    Year,
    YearState,
)
from mbo_desktop.domain.unit_heirs import Passed, passed_on
from mbo_desktop.services.year_turn_plan import Going, IndicatorLine, TurnChoices
from mbo_desktop.services.year_turn_reading import TurnReading

_UNSAVED = RecordId(0)


class Numbers:
    """Numbers below 0 for records that are still to be made."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> RecordId:
        """A number that no record and no other planned one has."""
        self._last -= 1
        return RecordId(self._last)


@dataclass(slots=True)
class Frame:
    """What the other parts of a plan build upon."""

    reading: TurnReading
    choices: TurnChoices
    numbers: Numbers
    passed: dict[RecordId, Passed]
    lines: list[IndicatorLine] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    made: list[Indicator] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    follower: dict[RecordId, RecordId] = field(default_factory=dict)
    """By indicator of last year that goes on: the new year's, planned or there."""

    def heirs(self, unit: RecordId) -> tuple[RecordId, ...]:
        """Who carries on what a unit carried; the unit itself where nothing happened to it."""
        passed = self.passed.get(unit)
        if passed is not None:
            return passed.heirs
        return (unit,) if unit in self.reading.units else ()

    def heir(self, unit: RecordId) -> RecordId | None:
        """The one unit that came after; None when there is none or several."""
        heirs = self.heirs(unit)
        return heirs[0] if len(heirs) == 1 else None


def frame(reading: TurnReading, choices: TurnChoices) -> Frame:
    """Categories and indicators that go on, each recognised in the new year or to be made."""
    found = Frame(
        reading, choices, Numbers(),
        passed_on(reading.units, reading.successions, reading.on, choices.heirs),
    )
    categories = _categories(found)
    keys = _Keys(reading)
    carried: dict[RecordId, int] = {}
    for (indicator, _unit), target in reading.then.targets.items():
        if target.value is None or not target.value.is_not_applicable:
            carried[indicator] = carried.get(indicator, 0) + 1
    names = {one.id: one.name for one in reading.then.categories}
    for old in reading.then.indicators:
        new, going = _following(found, old)
        if going is Going.NEW:
            new = found.numbers.next()
            category = None if old.category is None else categories.get(old.category)
            found.made.append(_copied(found, old, new, category, categories, keys))
        if new is not None and going is not Going.LEFT:
            found.follower[old.id] = new
        if going is Going.LEFT and old.id in reading.dropped.indicators:
            found.notes.append(f"指标“{old.name}”结转后已删除,没有再结转")
        note = f"名称含“{reading.last}”,请核对" if going is Going.NEW and str(reading.last) in old.name else ""
        found.lines.append(IndicatorLine(
            old, names.get(old.category, "") if old.category is not None else "", going, new,
            carried.get(old.id, 0), note,
        ))
    used = {one.category for one in found.made} | {one for made in found.made for one in made.strategies}
    found.categories = [one for one in found.categories if one.id in used]
    return found


def _following(found: Frame, old: Indicator) -> tuple[RecordId | None, Going]:
    there = found.reading.followers.get(old.id)
    if there:
        return there[0], Going.THERE
    if old.id in found.reading.foreign:
        return None, Going.FOREIGN
    if old.id in found.choices.left or old.id in found.reading.dropped.indicators:
        return None, Going.LEFT
    return None, Going.NEW


def _categories(found: Frame) -> dict[RecordId, RecordId]:
    """Last year's categories → the new year's of the same name, made where there is none."""
    reading = found.reading
    there = {(one.axis, one.name): one.id for one in reading.now.categories}
    mapped = {}
    for axis in CategoryAxis:
        olds = sorted((one for one in reading.then.categories if one.axis is axis), key=lambda one: (one.ord, one.id))
        last = max((one.ord for one in reading.now.categories if one.axis is axis), default="")
        fresh = [one for one in olds if (axis, one.name) not in there]
        keys = dict(zip([one.id for one in fresh], ordering.spread(len(fresh), last), strict=True))
        for old in olds:
            place = (axis, old.name)
            if place not in there:
                there[place] = found.numbers.next()
                found.categories.append(replace(
                    old, id=there[place], year=reading.year, ord=keys[old.id] if last else old.ord,
                ))
            mapped[old.id] = there[place]
    return mapped


class _Keys:
    """Order keys behind what stands in a category of the new year already."""

    def __init__(self, reading: TurnReading) -> None:
        self._last: dict[RecordId | None, str] = {}
        for one in reading.now.indicators:
            self._last[one.category] = max(self._last.get(one.category, ""), one.ord)

    def of(self, category: RecordId | None, old: str) -> str:
        """Last year's key where nothing stands in the category yet."""
        last = self._last.get(category)
        if last is None:
            return old
        key = ordering.between(last, "")
        self._last[category] = key
        return key


def _copied(
    found: Frame, old: Indicator, new: RecordId, category: RecordId | None,
    categories: dict[RecordId, RecordId], keys: _Keys,
) -> Indicator:
    """Name, unit, points, definition and scoring as they stand; certifying units as they are now."""
    certifying: dict[RecordId, None] = {}
    for unit in old.certifying_units:
        heirs = found.heirs(unit)
        if not heirs:
            found.notes.append(f"指标“{old.name}”的监考单位{found.reading.label(unit)}已撤并,请另定")
        certifying.update(dict.fromkeys(heirs))
    return replace(
        old, id=new, year=found.reading.year, category=category,
        strategies=tuple(categories[one] for one in old.strategies if one in categories),
        ord=keys.of(category, old.ord), certifying_units=tuple(certifying), continues=(old.id,), note="",
    )


def new_year(reading: TurnReading) -> Year | None:
    """The year's record with last year's settings; None when it is there."""
    old = reading.then.year
    if reading.now.year is not None or old is None:
        return None
    step = reading.year - reading.last
    windows = _later(old.adjustment_windows, step)
    return replace(old, id=_UNSAVED, number=reading.year, seals=(), adjustment_windows=windows, state=YearState.OPEN)


def _later(windows: Sequence[AdjustmentWindow], years: int) -> tuple[AdjustmentWindow, ...]:
    """The same days in the new year; a 29th of February becomes the 28th."""
    def later(day: date) -> date:
        leap = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year + years, day=28 if leap else day.day)

    return tuple(replace(one, opens=later(one.opens), closes=later(one.closes)) for one in windows)
