"""The way of the copies (room 责任书): issuing, states per copy, signing at the meeting, going back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy on the board: who holds it, where it stands and since when."""

    holder: str
    state: AgreementState
    on: date | None
    next_states: tuple[AgreementState, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a copy for the history list, latest last."""

    holder: str
    state: AgreementState
    on: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A unit whose agreement could not take the step, and why."""

    agreement: RecordId
    unit_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What a step of many agreements did."""

    done: tuple[RecordId, ...]
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()


def copies_of(store: Store, agreement: RecordId) -> tuple[CopyRow, ...]:
    """The copies of an agreement in the order of the template."""


def steps_of(store: Store, agreement: RecordId) -> tuple[StepRow, ...]:
    """Every step of every copy in the order of days, steps back with their reason."""


def advance(
    store: Store,
    agreements: Sequence[RecordId],
    to: AgreementState,
    *,
    on: date | None = None,
    holders: Sequence[str] | None = None,
) -> StepOutcome:
    """Take the copies of many agreements to a state ahead, one undo step or barrier.

    on: the day (today). holders: only these copies (None: all). Coming from 草拟 the snapshot
    is taken, so 印发 and everything behind it is a barrier. Copies that stand there or further
    already are left; agreements that cannot go are told.
    """


def issue(
    store: Store, agreements: Sequence[RecordId], *, on: date | None = None
) -> StepOutcome:
    """印发: take the snapshot of names, clauses and annex as of that day. A barrier."""


def sign_at_meeting(
    store: Store,
    year: int,
    *,
    on: date,
    agreements: Sequence[RecordId] | None = None,
) -> StepOutcome:
    """会上集中签订: all copies of all (or these) agreements to 甲方已签章 on one day; drafts are issued too."""


def take_back(
    store: Store,
    agreement: RecordId,
    *,
    reason: str,
    holders: Sequence[str] | None = None,
    on: date | None = None,
) -> None:
    """退回状态: the copies one state back, reason obligatory; the mistaken step stays in the list."""


def withdraw(store: Store, agreement: RecordId, *, reason: str, on: date | None = None) -> None:
    """撤回责任书: an issued or signed agreement becomes a draft again, reason obligatory. A barrier.

    What stood is kept in the record's history.
    """
