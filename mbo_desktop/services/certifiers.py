"""Which units give the figures of which indicators: registered by hand, or taken from the ledger's words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services import sealing
from mbo_desktop.services.importing import known_units
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, split_units
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Registered:
    """What taking the words over did: indicators registered, and names the register does not have."""

    indicators: int
    unknown: tuple[str, ...]


def unregistered(store: Store, year: int) -> int:
    """Indicators whose 考核部门 stands only as words."""
    return sum(1 for one in _of_year(store, year) if one.certifying_text and not one.certifying_units)


def _of_year(store: Store, year: int) -> list[Indicator]:
    return store.all(Indicator, year=year)


def register_named(store: Store, year: int) -> Registered:
    """Register the units that the words under 考核部门 name, where none is registered; one undo step."""
    sealing.refuse_sealed(store, year)
    matcher = UnitMatcher(known_units(store))
    found: list[Indicator] = []
    unknown: dict[str, None] = {}
    for one in _of_year(store, year):
        if one.certifying_units or not one.certifying_text:
            continue
        units = []
        for name in split_units(one.certifying_text):
            guess = matcher.match(name)
            if guess.id is None:
                unknown[name] = None
            else:
                units.append(RecordId(guess.id))
        if units:
            found.append(replace(one, certifying_units=tuple(dict.fromkeys(units))))
    if found:
        with store.change(f"按考核部门登记来源部门 {len(found)}项") as change:
            change.put_all(found)
    return Registered(len(found), tuple(unknown))


def indicators_of(store: Store, year: int, unit: RecordId) -> tuple[RecordId, ...]:
    """Indicators for which a unit gives the figures."""
    return tuple(one.id for one in _of_year(store, year) if unit in one.certifying_units)


def set_indicators_of(
    store: Store, year: int, unit: RecordId, chosen: Collection[RecordId]
) -> int:
    """Let a unit give the figures of exactly these indicators; other units' stay. How many changed."""
    sealing.refuse_sealed(store, year)
    changed = []
    for one in _of_year(store, year):
        has, wanted = unit in one.certifying_units, one.id in chosen
        if has and not wanted:
            kept = tuple(other for other in one.certifying_units if other != unit)
            changed.append(replace(one, certifying_units=kept))
        elif wanted and not has:
            changed.append(replace(one, certifying_units=(*one.certifying_units, unit)))
    if changed:
        with store.change("登记来源部门") as change:
            change.put_all(changed)
    return len(changed)
