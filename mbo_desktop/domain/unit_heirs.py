"""Which units answer in a new year for what units carried in the last one: mergers pass on, splits are decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Succession, SuccessionKind, Unit


class Passing(Choice):
    """What became of a unit."""

    MERGED = "merged", "合并"
    SPLIT = "split", "拆分"
    GONE = "gone", "撤销"


@dataclass(frozen=True, slots=True)
class Passed:
    """A unit that is not the same any more, and who carries its targets on."""

    unit: RecordId
    what: Passing
    heirs: tuple[RecordId, ...]
    """Nobody: left to be decided, or nobody came after it."""
    choices: tuple[RecordId, ...] = ()
    """Of a split: the parts among which it is to be decided."""
    is_decided: bool = True


def passed_on(
    units: Mapping[RecordId, Unit], successions: Iterable[Succession], on: date,
    decisions: Mapping[RecordId, Sequence[RecordId]] | None = None,
) -> dict[RecordId, Passed]:
    """The units changed up to a day, by unit; those not named carry their targets on themselves.

    A merger passes on what its units carried. Of a split unit that goes on it carries on itself;
    one that was dissolved needs a decision (unit → parts), nothing is guessed.
    """
    known = sorted(
        (one for one in successions if one.effective_on <= on), key=lambda one: (one.effective_on, one.id)
    )
    gone = {unit.id for unit in units.values() if unit.dissolved_on is not None and unit.dissolved_on <= on}
    found: dict[RecordId, Passed] = {}
    for one in known:
        for unit in one.predecessors:
            passed = _passed(one, unit, gone, dict(decisions or {}))
            if passed is not None:
                found[unit] = passed
    for unit in gone - found.keys():
        found[unit] = Passed(unit, Passing.GONE, ())
    return {unit: _to_the_end(passed, found) for unit, passed in found.items()}


def _passed(
    one: Succession, unit: RecordId, gone: set[RecordId],
    decisions: Mapping[RecordId, Sequence[RecordId]],
) -> Passed | None:
    if unit not in gone:
        # It goes on: a split may still have to be settled, but nothing passes by itself.
        if one.kind is SuccessionKind.SPLIT:
            return Passed(unit, Passing.SPLIT, (unit,), one.successors)
        return None
    if one.kind is SuccessionKind.MERGE:
        return Passed(unit, Passing.MERGED, one.successors[:1])
    chosen = tuple(part for part in decisions.get(unit, ()) if part in one.successors)
    return Passed(unit, Passing.SPLIT, chosen, one.successors, bool(chosen))


def _to_the_end(passed: Passed, every: Mapping[RecordId, Passed]) -> Passed:
    """Heirs that were merged or split up themselves are followed to those that stand now."""
    heirs, seen = list(passed.heirs), {passed.unit}
    ends: dict[RecordId, None] = {}
    while heirs:
        unit = heirs.pop(0)
        further = every.get(unit)
        if further is None or unit in further.heirs or unit == passed.unit:
            ends[unit] = None
        elif unit not in seen:
            seen.add(unit)
            heirs += further.heirs
    return Passed(passed.unit, passed.what, tuple(ends), passed.choices, passed.is_decided)
