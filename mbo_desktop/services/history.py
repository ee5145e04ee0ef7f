"""The history of a record in words: field labels, old → new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A state of a record: who, when, by which action, and what changed against the state before."""

    n: int
    label: str
    who: str
    at: datetime
    deleted: bool
    created: bool
    changes: tuple[FieldChange, ...]


def history(store: Store, record: RecordId) -> tuple[HistoryRow, ...]:
    """All states of a record, newest first."""


def restore(store: Store, record: RecordId, n: int) -> None:
    """Bring an older state back as a new one; raises NotAllowedError for issued agreements."""
