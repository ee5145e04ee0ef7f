"""Answers to another office's records: receipt, objection, feedback, request, return with comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mbo_desktop.domain.exchange import Reply, ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply of the list."""

    reply: Reply
    is_own: bool
    """Made here; else it came in a package."""
    unit_label: str
    subject_type: str
    """「目标」, 「督查事项」 …; "" when the subject has not arrived."""
    subject_title: str
    is_answered: bool
    """Whether something made here answers it."""


def kinds_for(store: Store, subject: RecordId) -> tuple[ReplyKind, ...]:
    """Which replies this office can give to a record; empty for its own records."""
    raise NotImplementedError


def add(
    store: Store, subject: RecordId, kind: ReplyKind, text: str, *, year: int,
    month: int | None = None, on: date | None = None, until: date | None = None,
    files: Sequence[Path] = (),
) -> RecordId:
    """Give a reply; it goes with the next package. InputError without a text (a receipt needs none)."""
    raise NotImplementedError


def remove(store: Store, reply: RecordId) -> None:
    """Take an own reply back."""
    raise NotImplementedError


def of_subject(store: Store, subject: RecordId) -> tuple[ReplyRow, ...]:
    """All replies to a record, oldest first."""
    raise NotImplementedError


def replies(store: Store, year: int, *, only_open: bool = False) -> tuple[ReplyRow, ...]:
    """The year's replies, own and received; only_open: received ones that nothing answers yet."""
    raise NotImplementedError


def take_up(store: Store, reply: RecordId) -> RecordId:
    """Make the own record that a received reply asks for; its number.

    An objection to a score or target → `Objection`; feedback on a docket → its step; a request
    on a target → `Adjustment` as requested by the unit. InputError for other kinds.
    """
    raise NotImplementedError
