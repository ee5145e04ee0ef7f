"""All states of one record, and bringing one of them back."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mbo_desktop.domain.accounts import SECRETS
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.errors import NotAllowedError, RecordMissingError
from mbo_desktop.store.canonical import Body, load
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import References
from mbo_desktop.store.connections import raw
from mbo_desktop.store.identities import NameCache, Names

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One state of a record: which, through what action, by whom, when."""

    n: int
    label: str
    who: str
    at: datetime
    change_id: int
    deleted: bool
    body: Body
    """In today's schema, references as "owner/uuid"."""
    entity: Any
    """The same as the entity of its type; None where the content was purged."""
    purged: bool = False
    """Whether the content was removed for good (清除误录内容)."""


def of(
    connection: sqlite3.Connection, references: References, record: RecordId
) -> list[HistoryEntry]:
    """The states of a record, the newest first; empty for a number nobody knows."""
    type_row = connection.execute("SELECT type FROM record WHERE id = ?", (record,)).fetchone()
    if type_row is None or type_row[0] not in CODECS:
        return []
    codec = CODECS[type_row[0]]
    entries = []
    for n, label, who, at, change_id, deleted, text, schema in connection.execute(
        "SELECT v.n, c.label, c.who, c.at, c.id, v.deleted, v.body, v.schema FROM revision v "
        "JOIN change c ON c.id = v.change WHERE v.record = ? ORDER BY v.n DESC, v.id DESC",
        (record,),
    ).fetchall():
        gone = text == MARK
        body = {} if gone else codec.upgraded(load(text), schema)
        for name in SECRETS.get(codec.type_name, ()):
            body[name] = ""
        entries.append(HistoryEntry(
            n, label, who, datetime.fromisoformat(at), change_id, bool(deleted), body,
            None if gone else codec.decode(record, body, references), gone,
        ))
    return entries


def restore(change: Change, connection: sqlite3.Connection, record: RecordId, n: int) -> None:
    """Write the n-th state of a record as its newest.

    RecordMissingError when there is none, NotAllowedError when its content was purged.
    """
    row = connection.execute(
        "SELECT r.type, v.body, v.schema, v.deleted FROM revision v JOIN record r ON r.id = v.record "
        "WHERE v.record = ? AND v.n = ? ORDER BY v.hash DESC LIMIT 1", (record, n),
    ).fetchone()
    if row is None:
        raise RecordMissingError("历史中没有要还原的这一版。")
    if row[1] == MARK:
        raise NotAllowedError("这一版的内容已清除,不能还原。", "请另选一版。")
    if row[0] in SECRETS:
        raise NotAllowedError("账户不由历史还原。", "请在“工具→账户管理”中办理。")
    codec = CODECS[row[0]]
    change.put_state(record, codec, codec.upgraded(load(row[1]), row[2]), deleted=bool(row[3]))


def entity_of(store: Store, record: RecordId, type_name: str, body: Body) -> Any:
    """The entity that a body of a record says, whether it ever stood here or not."""
    with store.read() as connection:
        return CODECS[type_name].decode(record, body, Names(raw(connection), NameCache()))
