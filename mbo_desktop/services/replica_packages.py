"""Several PCs of one office (你录农业,我录工业): a package with everything, merged on the other PC."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.exchange_state import Side
from mbo_desktop.services.issued import IssuedFile
from mbo_desktop.services.received import Inbox
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class ReplicaConflict:
    """A record that was changed on both PCs since they last met: asked once."""

    record: RecordId | None
    name: str
    """The record's "owner/uuid"."""
    type_label: str
    title: str
    here: Side
    there: Side


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did."""

    sentence: str
    records: int
    """Records that changed here."""
    conflicts: int
    doubled_numbers: tuple[str, ...]
    """Document numbers that were given out on both."""
    backup: Path | None = None


def make(store: Store, folder: Path, *, password: str, carrier: str = "", medium: str = "") -> IssuedFile:
    """Write everything of this copy for another PC of the own office.

    InputError without a password: it holds drafts (pass "-" to do without knowingly).
    """
    raise NotImplementedError


def conflicts(store: Store, inbox: Inbox, row: int) -> tuple[ReplicaConflict, ...]:
    """Records changed on both sides, both versions side by side; nothing is written."""
    raise NotImplementedError


def merge(store: Store, inbox: Inbox, row: int, *, theirs: frozenset[str] = frozenset()) -> Merged:
    """Merge another PC's copy in one barrier, a backup before.

    theirs: names of the records in conflict for which the other side's version counts;
    for the others this side's does.
    """
    raise NotImplementedError
