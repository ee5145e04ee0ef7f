"""Which offices are bound here, and which unit records stand for each of them."""

from __future__ import annotations

from mbo_desktop.domain.exchange import Binding, BindingRole
from mbo_desktop.domain.identity import RecordId
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
    """Names of the unit records that stand for an office or are below it in the own register."""
    names = {binding.their_unit} - {""}
    if binding.unit is not None:
        names.update(names_of(store, list(below(store, binding.unit))).values())
    return frozenset(names)
