"""Whose figure is typed: this office reports itself on what a superior gave it, else it types for others.

What another office gave is that office's to verify, and certified by whom its indicator names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import bound_offices, offices
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.given_nodes import certified_by, reports_only_itself
from mbo_desktop.store.queries.progress import Sought, subject_ids, subjects
from mbo_desktop.store.queries.slices import owners_of

__all__ = ["Carried", "closed_sides", "kind_of", "own_first", "own_records", "received_targets", "reports_only_itself", "self_reported"]

E = TypeVar("E", bound=Entity)
Carried = Mapping[RecordId, RecordId | None]
"""Targets or nodes with the units that carry them."""


def self_reported(store: Store, carried_by: Carried) -> frozenset[RecordId]:
    """Of these targets or nodes (with the units that carry them), those the own government was given
    by another office: what is typed of them is 自报."""
    root = offices.root_unit(store)
    carried = [record for record, unit in carried_by.items() if unit is not None and unit == root]
    return frozenset(_foreign(store, carried))


def received_targets(store: Store, year: int) -> frozenset[RecordId]:
    """The year's targets and parts that another office gave to the own government, N/A ones left out."""
    root = offices.root_unit(store)
    if root is None or not bound_offices.superiors(store):
        return frozenset()
    found = subject_ids(store, year, Sought(unit=root))
    carried = {one.id: one.unit for one in subjects(store, found).values()
               if one.unit == root and not one.is_not_applicable}
    return self_reported(store, carried)


def kind_of(kind: FigureKind, subject: RecordId, own: Collection[RecordId]) -> FigureKind:
    """代录 becomes 自报 where the office reports itself; other sides stay."""
    return FigureKind.OWN if kind is FigureKind.PROXY and subject in own else kind


def closed_sides(store: Store, carried_by: Carried) -> dict[RecordId, dict[FigureKind, str]]:
    """By target or node of another office: the sides that are not this office's to type, and why.

    Its own ones are not in the answer: there every side is open.
    """
    foreign = _foreign(store, list(carried_by))
    if not foreign:
        return {}
    root = offices.root_unit(store)
    certified = certified_by(store, list(foreign), root) if root is not None else frozenset()
    names = {bytes.fromhex(one.office): one.name for one in bound_offices.own_bindings(store)}
    found: dict[RecordId, dict[FigureKind, str]] = {}
    for record, owner in foreign.items():
        by = f"“{names[owner]}”" if owner in names else "另一机关"
        closed = {FigureKind.VERIFIED: f"这项是{by}下达的,核实数由下达的机关录入。"}
        if record not in certified:
            closed[FigureKind.CERTIFIED] = f"这项是{by}下达的,没有委托本机关提供来源部门数据。"
        if carried_by[record] != root:
            said = "这项不由本机关承担,自报数由承担的单位自己报。"
            closed |= {FigureKind.OWN: said, FigureKind.PROXY: said}
        found[record] = closed
    return found


def own_records(store: Store, records: Sequence[RecordId]) -> list[RecordId]:
    """Those of the records that this office issued itself, in their order."""
    foreign = _foreign(store, list(records))
    return [one for one in records if one not in foreign]


def own_first(store: Store, found: list[E]) -> list[E]:
    """Records of which each office has one of its own: this office's, then its superior's, then what that passed on."""
    if len(found) < 2:
        return found
    foreign = _foreign(store, [one.id for one in found])
    above = {bytes.fromhex(one.office) for one in bound_offices.superiors(store)}
    return sorted(found, key=lambda one: (one.id in foreign, foreign.get(one.id) not in above))


def _foreign(store: Store, records: list[RecordId]) -> dict[RecordId, bytes]:
    """Those of another office, with its identity."""
    if not records:
        return {}
    own = store.owner.bytes
    return {one: owner for one, owner in owners_of(store, records).items() if owner != own}
