"""Kinds and groups of units in the words of the office that owns the folder (`domain.office_words`)."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from mbo_desktop.domain.office_words import STORED, departments_of, kind_named, stored_group
from mbo_desktop.domain.offices import Office, UnitKind
from mbo_desktop.store.database import Store

__all__ = ["departments", "group", "kind", "kind_named", "stored_group"]

_known: WeakKeyDictionary[Store, tuple[int, str]] = WeakKeyDictionary()
"""The word with the count of changes at which it was read: asked for each row that is shown."""


def departments(store: Store) -> str:
    """市直部门, 县直部门, 乡镇站所: as this office says."""
    known = _known.get(store)
    if known is None or known[0] != store.change_count:
        own = store.all(Office)
        known = _known[store] = (store.change_count, departments_of(own[0]) if own else STORED)
    return known[1]


def kind(store: Store, one: UnitKind) -> str:
    """The name of a kind of units."""
    return departments(store) if one is UnitKind.DEPARTMENT else one.label


def group(store: Store, name: str) -> str:
    """The name of a 考核分组 as it is shown; records keep 市直部门 for departments without one of their own."""
    return departments(store) if name == STORED else name
