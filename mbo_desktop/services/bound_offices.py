"""Which offices are bound here, and which unit records stand for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop.domain.exchange import Binding, BindingRole
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, SuccessionKind
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import names_of
from mbo_desktop.store.queries.slices import claims, owners_of
from mbo_desktop.store.queries.units import below


def own_bindings(store: Store) -> tuple[Binding, ...]:
    """The bindings that this office made; those that other offices reported are left out."""
    found = store.all(Binding)
    owners = owners_of(store, [one.id for one in found])
    return tuple(one for one in found if owners.get(one.id) == store.owner.bytes)


def binding_of(store: Store, office: str) -> Binding | None:
    """The binding of an office (32 hexadecimal digits), None for a stranger."""
    return next((one for one in own_bindings(store) if one.office == office), None)


def binding_of_unit(store: Store, unit: RecordId) -> Binding | None:
    """The office that is this own unit, None when none is bound to it."""
    found = (one for one in own_bindings(store) if one.unit == unit)
    return next((one for one in found if one.role is not BindingRole.SUPERIOR), None)


def superiors(store: Store) -> tuple[Binding, ...]:
    """The offices above this one; usually one."""
    return tuple(one for one in own_bindings(store) if one.role is BindingRole.SUPERIOR)


def registered_under(store: Store) -> dict[str, str]:
    """Offices that others said are registered under them: office → who said so first received."""
    said: dict[str, str] = {}
    for office, owner in claims(store):
        said.setdefault(office, owner)
    return said


def unit_names(store: Store, binding: Binding) -> frozenset[str]:
    """Names of the unit records that stand for an office or are below it in the own register.

    With the units that were merged into its unit: it answers for what they had signed.
    """
    names = {binding.their_unit} - {""}
    if binding.unit is not None:
        for unit in (binding.unit, *merged_into(store, binding.unit)):
            names.update(names_of(store, list(below(store, unit))).values())
    return frozenset(names)


def merged_into(store: Store, unit: RecordId) -> tuple[RecordId, ...]:
    """The units that became this one by mergers, those that another office still speaks for left out."""
    mergers = [one for one in store.all(Succession) if one.kind is SuccessionKind.MERGE]
    if not mergers:
        return ()
    spoken_for = {one.unit for one in own_bindings(store)} - {unit}
    found: dict[RecordId, None] = {}
    open_ends = [unit]
    while open_ends:
        at = open_ends.pop()
        for one in mergers:
            for before in one.predecessors if at in one.successors else ():
                if before not in found and before != unit and before not in spoken_for:
                    found[before] = None
                    open_ends.append(before)
    return tuple(found)


def undecided_mergers(store: Store) -> dict[RecordId, tuple[Binding, ...]]:
    """Units that others were merged into and that no office speaks for: unit → the offices of the merged ones."""
    after = {
        before: one.successors[0] for one in store.all(Succession)
        if one.kind is SuccessionKind.MERGE and one.successors for before in one.predecessors
        if before not in one.successors
    }
    bound = [one for one in own_bindings(store) if one.unit is not None and one.role is not BindingRole.SUPERIOR]
    spoken_for = {one.unit for one in bound}
    found: dict[RecordId, list[Binding]] = {}
    for one in bound:
        at, seen = one.unit, {one.unit}
        while at in after and after[at] not in seen:
            at = after[at]
            seen.add(at)
        if at is not None and at not in spoken_for:
            found.setdefault(at, []).append(one)
    return {unit: tuple(offices) for unit, offices in found.items()}


def follow_merger(store: Store, change: Change, units: Sequence[RecordId], into: RecordId) -> str:
    """Bind the one office of the merged units to what they became; its name, "" where nothing was moved.

    Several offices, or one that is bound to the new unit already: who goes on is the clerk's to say.
    """
    bound = [one for one in own_bindings(store) if one.unit in {*units, into}]
    if len(bound) != 1 or bound[0].unit == into or bound[0].role is BindingRole.SUPERIOR:
        return ""
    change.put(replace(bound[0], unit=into))
    return bound[0].name
