"""工具→日志: every step newest first, what it changed in words, who changed one field, the chain verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.change_words import ChangeWords, FieldChange, body_of, type_label
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import log as reads
from mbo_desktop.store.queries.log import LogFilter, LogKind, LogRow, Written

__all__ = [
    "FieldChange", "LogFilter", "LogKind", "LogLine", "RecordChange", "StateRow", "entries", "find",
    "history_of", "line_texts", "lines", "people",
]

FEW = 3
"""Records of an entry that are told in the list itself."""
LONGEST = 60
"""Characters of a value in the list; the details have all of it."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What an entry did to one record."""

    revision: int
    record: RecordId
    type: str
    type_label: str
    title: str
    n: int
    act: str
    """新建, 修改, 删除, 恢复."""
    said: str
    """What a new record mainly says."""
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry as the list shows it."""

    row: LogRow
    about: str
    """What it was about: the record, or how many of which type."""
    what: str
    """Fields old → new where they are few."""

    @property
    def records(self) -> int:
        """Records that it wrote."""
        return sum(count for _kind, count in self.row.counts)


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state of a record, or of a field of it."""

    n: int
    """0: a state that another office gave."""
    change: int
    at: datetime | None
    who: str
    label: str
    act: str
    fields: tuple[FieldChange, ...]
    source: str
    """The package or workbook it came from; "" where it was entered here."""
    is_newest: bool = False


def find(
    store: Store, wanted: LogFilter, *, limit: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[int]:
    """Numbers of the entries that fit, newest first; Cancelled when asked to stop."""
    return reads.ids(store, wanted, limit=limit, cancelled=cancelled)


def people(store: Store) -> tuple[str, ...]:
    """Everybody who stands in the log."""
    return tuple(one for one in reads.people(store) if one)


def lines(store: Store, numbers: Sequence[int]) -> dict[int, LogLine]:
    """These entries with what they were about, some hundreds at a time."""
    found = reads.rows(store, numbers)
    small = [
        one.id for one in found.values() if 0 < sum(count for _kind, count in one.counts) <= FEW
    ]
    written = reads.written_by(store, small) if small else {}
    words = ChangeWords(store)
    words.prepare([
        body_of(one.type, one.body, one.schema) for some in written.values() for one in some
    ])
    made = {}
    for number, row in found.items():
        changes = [_change(words, one) for one in written.get(number, ())]
        made[number] = LogLine(row, _about(row, changes), _what(changes))
    return made


def _about(row: LogRow, changes: Sequence[RecordChange]) -> str:
    if len({one.record for one in changes}) == 1:
        return changes[0].title or changes[0].type_label
    counts = "、".join(f"{type_label(kind)} {count}" for kind, count in row.counts[:4])
    return counts + ("等" if len(row.counts) > 4 else "") or row.package


def _what(changes: Sequence[RecordChange]) -> str:
    alone = len(changes) == 1
    shown = []
    for one in changes:
        if one.act != "修改":
            name = "" if alone else f" {one.title}"
            shown.append(f"{one.act}{name}" + (f":{_short(one.said)}" if one.said not in ("", one.title) else ""))
            continue
        fields = ";".join(arrow(change) for change in one.fields[:3])
        shown.append(fields if alone else f"{one.title} {fields}")
    return " | ".join(shown)


def arrow(change: FieldChange) -> str:
    """「目标值 100 → 120」."""
    return f"{change.label} {_short(change.old) or '(空)'} → {_short(change.new) or '(空)'}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def entries(
    store: Store, change: int, *, after: int = 0, limit: int = 100
) -> tuple[RecordChange, ...]:
    """The records of one entry with fields old and new; after: go on behind this `revision`."""
    written = reads.written(store, change, after=after, limit=limit)
    words = ChangeWords(store)
    words.prepare([body_of(one.type, one.body, one.schema) for one in written])
    return tuple(_change(words, one) for one in written)


def _change(words: ChangeWords, one: Written) -> RecordChange:
    body = body_of(one.type, one.body, one.schema)
    before = None if one.before is None else body_of(one.type, one.before, one.before_schema)
    return RecordChange(
        one.revision, one.record, one.type, type_label(one.type), words.title(one.type, body), one.n,
        _act(one), "" if one.deleted else words.said(one.type, body),
        () if one.deleted else words.fields(one.type, None if one.before_deleted else before, body),
    )


def _act(one: Written) -> str:
    if one.deleted:
        return "删除"
    if one.before is None:
        return "新建"
    return "恢复" if one.before_deleted else "修改"


def history_of(
    store: Store, record: RecordId, fields: Sequence[str] = ()
) -> tuple[str, str, tuple[StateRow, ...]]:
    """(type, title, states newest first) of a record; fields: only states in which one of these changed.

    Own records by their revisions, others by the editions that packages brought.
    """
    words = ChangeWords(store)
    states = reads.states_of(store, record)
    type_name = reads.type_of(store, record)
    newest: dict[str, Any] = {}
    if states:
        rows, newest = _own_states(store, words, states)
    else:
        rows, newest = _received_states(store, words, record)
    wanted = set(fields)
    if wanted:
        rows = [
            StateRow(
                one.n, one.change, one.at, one.who, one.label, one.act,
                tuple(change for change in one.fields if change.field in wanted), one.source,
                one.is_newest,
            )
            for one in rows
        ]
        rows = [one for one in rows if one.fields or one.act != "修改"]
    return type_name, words.title(type_name, newest), tuple(rows)


def _own_states(
    store: Store, words: ChangeWords, states: Sequence[tuple[int, Written]]
) -> tuple[list[StateRow], dict[str, Any]]:
    found = reads.rows(store, list({change for change, _one in states}))
    words.prepare([body_of(one.type, one.body, one.schema) for _change_id, one in states])
    made = []
    for place, (change, one) in enumerate(states):
        entry, told = found.get(change), _change(words, one)
        body = body_of(one.type, one.body, one.schema)
        source = (entry.package if entry else "") or str(body.get("source_file") or "")
        if source and not (entry and entry.package) and not any(
            field.field == "source_file" for field in told.fields
        ) and told.act == "修改":
            source = ""
        made.append(StateRow(
            one.n, change, entry.at if entry else None, entry.who if entry else "",
            entry.label if entry else "", told.act, told.fields, source, place == 0,
        ))
    last = states[0][1]
    return made, body_of(last.type, last.body, last.schema)


def _received_states(
    store: Store, words: ChangeWords, record: RecordId
) -> tuple[list[StateRow], dict[str, Any]]:
    editions = reads.editions_of(store, record)
    bodies = [body_of(one.type, one.body, 0) for one in editions]
    words.prepare(bodies)
    made = []
    for place, one in enumerate(editions):
        before = bodies[place + 1] if place + 1 < len(editions) else None
        act = "删除" if one.deleted else "新建" if before is None else "修改"
        fields = () if one.deleted or not bodies[place] else words.fields(one.type, before, bodies[place])
        made.append(StateRow(
            0, one.change, datetime.fromisoformat(one.at) if one.at else None, one.who,
            one.label or f"收到{one.sender}的数据", act, fields, one.file_name, place == 0,
        ))
    return made, next((body for body in bodies if body), {})


def line_texts(line: LogLine) -> tuple[str, ...]:
    """An entry as a row of a printed or exported list; heads are LINE_HEADS."""
    row = line.row
    return (
        f"{row.at.astimezone():%Y-%m-%d %H:%M}", row.who, row.label, line.about, line.what,
        str(line.records), "是" if row.is_formal else "", row.package, row.machine, str(row.id),
    )


LINE_HEADS = ("时间", "经办人", "动作", "对象", "内容(原 → 新)", "记录数", "正式步骤", "数据包", "电脑", "编号")
