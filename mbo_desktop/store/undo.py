"""Undo and redo of this session's changes.

Undoing writes new revisions through the same door. A revision that brings a state
back *stands for* the one it copies, so that older steps recognise their own work
beneath later, undone ones.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from enum import Enum

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.store.canonical import load
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.describe import describe
from mbo_desktop.store.projections import CHUNK, Head, heads_of
from mbo_desktop.store.references import live_referrers

_NOTHING = b""
"""The state of a record before its first revision."""
_STEPS_KEPT = 500


class SkipReason(Enum):
    """Why undo left a record as it is."""

    CHANGED_LATER = "此后又改过"
    TAKEN_UP = "已被后来的签订、印发等步骤采用"
    REFERRED_TO = "已被其他内容引用"
    PURGED = "此前的内容已清除"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that undo passed over."""

    record: RecordId
    type_name: str
    title: str
    """For example 单位「柯城区」."""
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """What an undo or redo did; `change_id` is 0 when nothing could be brought back."""

    label: str
    restored: int
    skipped: tuple[Skipped, ...]
    change_id: int = 0
    source: int = 0
    """The change whose work was taken back."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be undone or redone."""

    change_id: int
    label: str
    records: int
    """How many records it wrote; tells whether taking it back is long work."""


@dataclass(slots=True)
class Steps:
    """This session's steps, and what restored revisions stand for."""

    undo: list[Step] = field(default_factory=list)
    redo: list[Step] = field(default_factory=list)
    stands_for: dict[bytes, bytes] = field(default_factory=dict)
    taken_up: dict[RecordId, int] = field(default_factory=dict)
    """Record → the last barrier that rests on it."""

    def did(self, change: Change) -> None:
        """Enter a committed change; a barrier is no step, and a new change ends redoing."""
        self.redo.clear()
        if change.barrier:
            for record in change.taken_up | change.newest.keys():
                self.taken_up[record] = change.id
            return
        self.undo.append(Step(change.id, change.label, len(change.newest)))
        del self.undo[:-_STEPS_KEPT]

    def state(self, revision: bytes) -> bytes:
        """The first revision with the state that this one has."""
        return self.stands_for.get(revision, revision)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record in a change: its state before and after."""

    record: RecordId
    before: bytes
    after: bytes


def revert(
    change: Change, connection: sqlite3.Connection, source: int, steps: Steps,
    *, only: frozenset[RecordId] | None = None, again: bool = False,
) -> tuple[int, tuple[Skipped, ...], dict[bytes, bytes]]:
    """Bring the records of a change back to the state before it.

    only: these records, whatever happened to them since (「一并还原」). again: it is a
    redo; nothing came since that could rest on what goes once more.
    Returns how many were brought back, what was skipped, and what the new revisions
    stand for (to be entered after the commit).
    """
    entries = _entries(connection, source, steps)
    if only is not None:
        entries = [one for one in entries if one.record in only]
    heads = heads_of(connection, [one.record for one in entries])
    reasons = {} if only is not None else _reasons(entries, heads, source, steps)
    before = _states(connection, entries)
    # What was removed for good is not brought back, not even on demand.
    gone = {record for record, (text, _, _) in before.items() if text == MARK}
    reasons.update(dict.fromkeys(gone, SkipReason.PURGED))
    if not again:
        _keep_referred(change, connection, entries, before, reasons)
    for one in entries:
        if one.record in reasons:
            continue
        codec = CODECS[heads[one.record].type_name]
        text, schema, deleted = before.get(one.record, (None, codec.schema, True))
        body = None if text is None else codec.upgraded(load(text), schema)
        change.put_state(one.record, codec, body, deleted=deleted)
    change.flush()
    skipped = tuple(
        Skipped(
            record, heads[record].type_name,
            describe(connection, heads[record].type_name, record), reason,
        )
        for record, reason in reasons.items()
    )
    stands_for = {
        change.newest[one.record]: steps.state(one.before)
        for one in entries if one.record in change.newest
    }
    return len(change.newest), skipped, stands_for


def _entries(connection: sqlite3.Connection, source: int, steps: Steps) -> list[_Entry]:
    first: dict[RecordId, bytes] = {}
    last: dict[RecordId, bytes] = {}
    for record, hashed, parents in connection.execute(
        "SELECT record, hash, parents FROM revision WHERE change = ? ORDER BY id", (source,)
    ).fetchall():
        first.setdefault(record, bytes.fromhex(parents.split(" ")[0]) if parents else _NOTHING)
        last[record] = hashed
    return [_Entry(one, first[one], steps.state(last[one])) for one in first]


def _reasons(
    entries: list[_Entry], heads: dict[RecordId, Head], source: int, steps: Steps
) -> dict[RecordId, SkipReason]:
    reasons = {}
    for one in entries:
        if steps.taken_up.get(one.record, 0) > source:
            reasons[one.record] = SkipReason.TAKEN_UP
        elif steps.state(heads[one.record].hash) != one.after:
            reasons[one.record] = SkipReason.CHANGED_LATER
    return reasons


def _states(
    connection: sqlite3.Connection, entries: list[_Entry]
) -> dict[RecordId, tuple[str, int, bool]]:
    """Body, schema and tombstone before the change; absent where there was nothing."""
    found = {}
    wanted = {one.record: one.before for one in entries if one.before != _NOTHING}
    records = list(wanted)
    for start in range(0, len(records), CHUNK):
        chunk = records[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        for record, hashed, text, schema, deleted in connection.execute(
            f"SELECT record, hash, body, schema, deleted FROM revision WHERE record IN ({marks})",
            chunk,
        ).fetchall():
            if hashed == wanted[record]:
                found[record] = (text, schema, bool(deleted))
    return found


def _keep_referred(
    change: Change, connection: sqlite3.Connection, entries: list[_Entry],
    before: dict[RecordId, tuple[str, int, bool]], reasons: dict[RecordId, SkipReason],
) -> None:
    """What would vanish although something that stays refers to it, stays too."""
    changing = {one.record for one in entries if one.record not in reasons}
    vanishing = {one for one in changing if one not in before or before[one][2]}
    if not vanishing:
        return
    referrers = [
        one for one in live_referrers(connection, sorted(vanishing))
        # A record that is brought back too counts with what it will say then.
        if one.record not in changing or one.record in vanishing
        or change.names.name_of(one.target) in before[one.record][0]
    ]
    while held := {one.target for one in referrers if one.record not in vanishing} & vanishing:
        reasons.update(dict.fromkeys(held, SkipReason.REFERRED_TO))
        vanishing -= held
