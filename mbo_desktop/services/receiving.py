"""收件: what chosen packages would change, taking them in as one step, withdrawing them days later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.received import FieldChange, Inbox, Received
from mbo_desktop.store.database import Store

Progress = Callable[[int, int, str], None]


def preview(store: Store, inbox: Inbox, chosen: Sequence[int]) -> tuple[FieldChange, ...]:
    """What taking these rows in would change, field by field; nothing is written."""
    raise NotImplementedError


def apply(
    store: Store, inbox: Inbox, chosen: Sequence[int], *, mass_confirmed: bool = False,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Received:
    """Take rows in: a backup before, then all packages in one barrier, checked before it is committed.

    InputError when nothing chosen can be taken or a mass change was not confirmed;
    NotAllowedError when the data changed since the rows were judged. Raises Cancelled.
    """
    raise NotImplementedError


def withdraw(store: Store, package: str, reason: str) -> int:
    """撤回导入: the package no longer counts; how many records changed. InputError without a reason."""
    raise NotImplementedError


def take_back(store: Store, package: str) -> int:
    """The withdrawal is taken back; how many records changed."""
    raise NotImplementedError


def missing(store: Store, year: int, month: int) -> tuple[tuple[RecordId, str], ...]:
    """Bound units (record, label) of which no report of the month has come, in official order."""
    raise NotImplementedError
