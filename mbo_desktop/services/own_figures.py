"""Whose figure is typed: this office reports itself on what a superior gave it, else it types for others."""

from __future__ import annotations

from collections.abc import Mapping

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import offices
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.slices import owners_of


def self_reported(
    store: Store, carried_by: Mapping[RecordId, RecordId | None]
) -> frozenset[RecordId]:
    """Of these targets or nodes (with the units that carry them), those the own government was given
    by another office: what is typed of them is 自报."""
    root = offices.root_unit(store)
    carried = [record for record, unit in carried_by.items() if unit is not None and unit == root]
    if not carried:
        return frozenset()
    owners = owners_of(store, carried)
    return frozenset(one for one in carried if owners.get(one, b"") != store.owner.bytes)


def kind_of(kind: FigureKind, subject: RecordId, own: frozenset[RecordId]) -> FigureKind:
    """代录 becomes 自报 where the office reports itself; other sides stay."""
    return FigureKind.OWN if kind is FigureKind.PROXY and subject in own else kind
