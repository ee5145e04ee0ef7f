"""往来机关: who the other offices are, by which key they are known, which unit they are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.exchange import BindingRole, OfficeCard
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.received import InboxRow
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class BindingRow:
    """Another office as it is known here."""

    id: RecordId
    office: str
    name: str
    code: str
    role: BindingRole
    unit: RecordId | None
    unit_label: str
    fingerprint: str
    accepted_on: date | None
    accepted_by: str
    basis: str
    contact: str
    last_received: date | None
    last_issued: date | None
    earlier_keys: int
    """How many keys it had before this one."""


def own_card(store: Store) -> OfficeCard:
    """How this office introduces itself; makes its key the first time (NotAllowedError when read-only)."""
    raise NotImplementedError


def fingerprint(key: str) -> str:
    """A key's fingerprint in groups of four, for print and for reading out."""
    raise NotImplementedError


def accept(
    store: Store, row: InboxRow, unit: RecordId | None, *, role: BindingRole, reason: str = "",
) -> RecordId:
    """当面接收 of a stranger or of a known office's other key; the binding's record.

    unit: the own unit that it is; None for a superior. InputError without a reason where
    the key is another one; NotAllowedError when the unit is another office already.
    """
    raise NotImplementedError


def rebind(store: Store, binding: RecordId, unit: RecordId | None, *, role: BindingRole) -> None:
    """The office is another unit of the register now (after a merger)."""
    raise NotImplementedError


def set_contact(store: Store, binding: RecordId, contact: str) -> None:
    """Whom to phone there."""
    raise NotImplementedError


def forget(store: Store, binding: RecordId) -> None:
    """Take back an acceptance; NotAllowedError when packages of the office were taken in."""
    raise NotImplementedError


def bindings(store: Store) -> tuple[BindingRow, ...]:
    """The offices known here: superior first, then in official order of their units."""
    raise NotImplementedError
