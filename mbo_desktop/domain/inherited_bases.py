"""Last year's actuals after mergers and splits: sums go over to the successor, parts are not guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, SuccessionKind


@dataclass(frozen=True, slots=True)
class Inherited:
    """One indicator's bases by unit, and the units left without one because of a succession."""

    amounts: dict[RecordId, Decimal]
    left_out: dict[RecordId, str]
    """Unit → why it has no base: 「由多个单位合并,比率不能相加」."""


def inherited(
    actuals: Mapping[RecordId, Decimal], successions: Sequence[Succession], *, additive: bool,
    carrying: Collection[RecordId], unknown: Collection[RecordId] = (),
) -> Inherited:
    """One indicator's actuals of last year brought to the units that answer for them now.

    carrying: units with this target in the present year, which keep their own base when they
    were merged only later; unknown: units with a target but no actual last year. A merged
    unit takes the sum of additive actuals; what a split leaves to whom is not guessed.
    """
    amounts = dict(actuals)
    open_units = set(unknown)
    left_out: dict[RecordId, str] = {}
    for one in sorted(successions, key=lambda found: (found.effective_on, found.id)):
        if one.kind is SuccessionKind.MERGE:
            _merge(one, amounts, open_units, left_out, carrying, additive=additive)
        else:
            _split(one, amounts, left_out)
    return Inherited(amounts, left_out)


def _merge(
    one: Succession, amounts: dict[RecordId, Decimal], unknown: set[RecordId],
    left_out: dict[RecordId, str], carrying: Collection[RecordId], *, additive: bool,
) -> None:
    heir = one.successors[0]
    gone = [unit for unit in one.predecessors if unit != heir and unit not in carrying]
    if any(unit in left_out for unit in gone):
        amounts.pop(heir, None)
        left_out[heir] = "合并前的单位没有可用的上年实绩"
        return
    bringing = [unit for unit in gone if unit in amounts]
    if any(unit in unknown for unit in gone) or (bringing and heir in unknown):
        amounts.pop(heir, None)
        left_out[heir] = "合并前有单位没有上年实绩"
        return
    if not bringing:
        return
    together = [*bringing, *([heir] if heir in amounts else [])]
    if not additive and len(together) > 1:
        amounts.pop(heir, None)
        left_out[heir] = "由多个单位合并,上年实绩不能相加"
    else:
        amounts[heir] = sum((amounts[unit] for unit in together), Decimal(0))
    for unit in bringing:
        del amounts[unit]


def _split(
    one: Succession, amounts: dict[RecordId, Decimal], left_out: dict[RecordId, str]
) -> None:
    before = one.predecessors[0]
    parts = [unit for unit in one.successors if unit != before]
    # Results of the parts themselves were counted after the split: nothing is to be divided.
    if before not in amounts or any(unit in amounts for unit in parts):
        return
    del amounts[before]
    left_out.update(dict.fromkeys(one.successors, "由原单位拆分,上年实绩须另行核定"))
