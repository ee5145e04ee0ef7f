"""Which indicator of last year an indicator goes on with: as stated (`continues`), else by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId


@dataclass(frozen=True, slots=True)
class LinkedIndicator:
    """An indicator as the linking of years needs it."""

    id: RecordId
    year: int
    name: str
    unit_of_measure: str
    continues: tuple[RecordId, ...] = ()


Predecessors = Mapping[RecordId, tuple[RecordId, ...]]


def plain_name(name: str) -> str:
    """A name without blanks and differences of width in its brackets."""
    return "".join(name.split()).translate(str.maketrans("（），", "(),"))


def predecessors(indicators: Iterable[LinkedIndicator]) -> dict[RecordId, tuple[RecordId, ...]]:
    """For each indicator those of earlier years it goes on with; without any it is left out.

    By name: the one of the nearest earlier year with the same name and, where several have it,
    the same unit of measure; of several that are still alike none is guessed.
    """
    every = sorted(indicators, key=lambda one: one.year)
    known = {one.id: one for one in every}
    by_name: dict[str, dict[int, list[LinkedIndicator]]] = {}
    found: dict[RecordId, tuple[RecordId, ...]] = {}
    for one in every:
        stated = tuple(i for i in one.continues if i in known and known[i].year < one.year)
        if stated:
            found[one.id] = stated
        else:
            named = _by_name(by_name.get(plain_name(one.name), {}), one)
            if named is not None:
                found[one.id] = (named.id,)
        by_name.setdefault(plain_name(one.name), {}).setdefault(one.year, []).append(one)
    return found


def _by_name(
    years: Mapping[int, list[LinkedIndicator]], one: LinkedIndicator
) -> LinkedIndicator | None:
    earlier = [year for year in years if year < one.year]
    if not earlier:
        return None
    candidates = years[max(earlier)]
    if len(candidates) > 1:
        candidates = [other for other in candidates if other.unit_of_measure == one.unit_of_measure]
    return candidates[0] if len(candidates) == 1 else None


def line_of(record: RecordId, links: Predecessors) -> tuple[RecordId, ...]:
    """The indicator and all that it goes on with, year by year backwards, each once."""
    found: dict[RecordId, None] = {}
    waiting = [record]
    while waiting:
        here = waiting.pop(0)
        if here not in found:
            found[here] = None
            waiting += links.get(here, ())
    return tuple(found)
