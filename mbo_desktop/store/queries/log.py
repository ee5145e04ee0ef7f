"""Reads of the log: entries newest first in windows of numbers, and what one entry wrote.

No statement runs over more than a window of entries, so that none holds up the writer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.errors import Cancelled
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

WINDOW = 5_000
"""Entries that one statement looks at."""
_PAGE = 400


class LogKind(Choice):
    """What kind of act an entry is."""

    ALL = "all", "全部动作"
    VALUES = "values", "改动数值"
    FORMAL = "formal", "正式步骤"
    IMPORTS = "imports", "导入与收件"
    UNDO = "undo", "撤销、重做、还原"
    PACKAGES = "packages", "数据包"


VALUE_TYPES = (
    "target", "progress_report", "allocation", "target_proposal", "target_result", "unit_result",
    "superior_result", "outside_figure", "given_score", "bonus_item", "finding", "adjustment",
    "correction", "joint_duty", "sealed_score",
)
"""Record types that hold figures."""
_KINDS = {
    LogKind.FORMAL: "c.barrier = 1",
    LogKind.IMPORTS: (
        "(c.label LIKE '导入%' OR c.label LIKE '收_月表%' OR c.label LIKE '收__月表%' "
        "OR c.label LIKE '读回%' OR c.label LIKE '收件%' OR c.label LIKE '合并%' "
        "OR EXISTS (SELECT 1 FROM package_change x JOIN package p ON p.id = x.package "
        "WHERE x.change = c.id AND p.state <> 'issued'))"
    ),
    LogKind.UNDO: (
        "(c.label LIKE '撤销:%' OR c.label LIKE '重做:%' OR c.label LIKE '一并还原:%' "
        "OR c.label LIKE '还原%' OR c.label LIKE '恢复到备份%')"
    ),
    LogKind.PACKAGES: "EXISTS (SELECT 1 FROM package_change x WHERE x.change = c.id)",
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are wanted; what is left empty does not narrow."""

    who: str = ""
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    label: str = ""
    """Words that the act's name holds."""
    type: str = ""
    unit: RecordId | None = None
    about: str = ""
    """Words in the name of the indicator or the title that a record is about."""
    kind: LogKind = LogKind.ALL

    @property
    def narrows(self) -> bool:
        """Whether any entry may be left out."""
        return self != LogFilter()


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry of the log."""

    id: int
    at: datetime
    who: str
    label: str
    machine: str
    replica: str
    seq: int
    is_formal: bool
    counts: tuple[tuple[str, int], ...]
    """Records that it wrote, by type."""
    package: str
    """File name of the package that it made or took in; "" without one."""
    hash: str


@dataclass(frozen=True, slots=True)
class Written:
    """A state that an entry wrote, with the one before; bodies are canonical JSON."""

    revision: int
    record: RecordId
    name: str
    """"owner/uuid"."""
    type: str
    n: int
    deleted: bool
    schema: int
    body: str
    before: str | None
    before_schema: int
    before_deleted: bool


def ids(
    store: Store, wanted: LogFilter, *, limit: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[int]:
    """Entries that fit, newest first (by their time, then as they came in).

    limit: only so many of the last that came in. Raises Cancelled.
    """
    wheres, values = _conditions(store, wanted)
    found: list[tuple[str, int]] = []
    for low, high in _windows(store):
        if cancelled is not None and cancelled():
            raise Cancelled
        with store.read() as connection:
            found += raw(connection).execute(
                f"SELECT c.at, c.id FROM change c WHERE c.id > ? AND c.id <= ?{wheres} "
                "ORDER BY c.id DESC", (low, high, *values),
            ).fetchall()
        if limit is not None and len(found) >= limit:
            found = found[:limit]
            break
    # Entries that another copy brought come with higher numbers than later ones made here.
    found.sort(reverse=True)
    return [one for _at, one in found]


def _windows(store: Store) -> Iterator[tuple[int, int]]:
    with store.read() as connection:
        last = raw(connection).execute("SELECT max(id) FROM change").fetchone()[0] or 0
    for high in range(last, 0, -WINDOW):
        yield max(high - WINDOW, 0), high


def _conditions(store: Store, wanted: LogFilter) -> tuple[str, list[Any]]:
    wheres: list[str] = []
    values: list[Any] = []

    def add(text: str, *given: Any) -> None:
        wheres.append(text)
        values.extend(given)

    if wanted.who:
        add("c.who = ?", wanted.who)
    if wanted.since is not None:
        add("c.at >= ?", wanted.since.isoformat())
    if wanted.until is not None:
        add("c.at < ?", (wanted.until + timedelta(days=1)).isoformat())
    for word in wanted.label.split():
        add("instr(c.label, ?) > 0", word)
    if wanted.kind in _KINDS:
        add(_KINDS[wanted.kind])
    types: tuple[str, ...] = (wanted.type,) if wanted.type else ()
    if wanted.kind is LogKind.VALUES:
        types = tuple(one for one in VALUE_TYPES if not types or one in types) or ("",)
    wrote = "SELECT 1 FROM revision v"
    among = ""
    if types:
        wrote += " JOIN record r ON r.id = v.record"
        among = f" AND r.type IN ({', '.join('?' * len(types))})"
        values.extend(types)
    records = _records(store, wanted)
    if records is not None:
        among += " AND v.record IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(sorted(records)))
    if among:
        wheres.append(f"EXISTS ({wrote} WHERE v.change = c.id{among})")
    return "".join(f" AND {one}" for one in wheres), values


_BY_UNIT = (
    "SELECT record FROM {} WHERE unit = :unit", (
        "target", "post", "agreement", "target_result", "unit_result", "target_proposal",
        "adjustment", "correction", "joint_duty", "allocation", "filing", "progress_snapshot",
        "finding", "given_score", "bonus_item", "veto", "objection", "sealed_score", "reply",
    ),
)
_BY_NAME = (
    "SELECT record FROM indicator WHERE instr(name, :text) > 0",
    "SELECT record FROM unit WHERE instr(name, :text) > 0 OR instr(label, :text) > 0",
    "SELECT record FROM person WHERE instr(name, :text) > 0",
    "SELECT record FROM post WHERE instr(title, :text) > 0",
    "SELECT record FROM allocation WHERE instr(title, :text) > 0",
    "SELECT record FROM inspection WHERE instr(title, :text) > 0",
    "SELECT record FROM docket WHERE instr(title, :text) > 0",
    "SELECT record FROM circular WHERE instr(title, :text) > 0",
    "SELECT record FROM target WHERE indicator IN (SELECT record FROM indicator WHERE instr(name, :text) > 0)",
    "SELECT record FROM target_proposal WHERE indicator IN (SELECT record FROM indicator WHERE instr(name, :text) > 0)",
    "SELECT record FROM adjustment WHERE indicator IN (SELECT record FROM indicator WHERE instr(name, :text) > 0)",
    "SELECT record FROM correction WHERE indicator IN (SELECT record FROM indicator WHERE instr(name, :text) > 0)",
)
_RESTING = (
    "SELECT p.record FROM progress_report p WHERE p.subject IN (SELECT value FROM json_each(:known))",
    "SELECT e.record FROM evidence e WHERE e.subject IN (SELECT value FROM json_each(:known))",
    "SELECT q.record FROM progress_problem q WHERE q.subject IN (SELECT value FROM json_each(:known))",
)


def _records(store: Store, wanted: LogFilter) -> set[int] | None:
    """Records of a unit, or with words in their name; None: no such condition."""
    found: set[int] | None = None
    if wanted.unit is not None:
        text, tables = _BY_UNIT
        found = {int(wanted.unit)} | _gather(
            store, [text.format(one) for one in tables], {"unit": int(wanted.unit)}
        )
    for word in wanted.about.split():
        named = _gather(store, _BY_NAME, {"text": word})
        found = named if found is None else found & named
    return found


def _gather(store: Store, statements: Sequence[str], values: dict[str, Any]) -> set[int]:
    found: set[int] = set()
    for statement in statements:
        with store.read() as connection:
            found.update(row[0] for row in raw(connection).execute(statement, values).fetchall())
    known = json.dumps(sorted(found))
    for statement in _RESTING:
        with store.read() as connection:
            found.update(
                row[0] for row in raw(connection).execute(statement, {"known": known}).fetchall()
            )
    return found


def rows(store: Store, numbers: Sequence[int]) -> dict[int, LogRow]:
    """These entries with what they wrote by type."""
    found: dict[int, LogRow] = {}
    for start in range(0, len(numbers), _PAGE):
        page = json.dumps(list(numbers[start : start + _PAGE]))
        with store.read() as connection:
            entries = raw(connection).execute(
                "SELECT c.id, c.at, c.who, c.label, c.machine, c.replica, c.seq, c.barrier, c.hash, "
                "(SELECT p.file_name FROM package_change x JOIN package p ON p.id = x.package "
                " WHERE x.change = c.id LIMIT 1) "
                "FROM change c WHERE c.id IN (SELECT value FROM json_each(?))", (page,),
            ).fetchall()
        counts: dict[int, list[tuple[str, int]]] = {}
        with store.read() as connection:
            for change, kind, count in raw(connection).execute(
                "SELECT v.change, r.type, count(DISTINCT v.record) FROM revision v "
                "JOIN record r ON r.id = v.record WHERE v.change IN (SELECT value FROM json_each(?)) "
                "GROUP BY v.change, r.type ORDER BY v.change, 3 DESC", (page,),
            ).fetchall():
                counts.setdefault(change, []).append((kind, count))
        for row in entries:
            found[row[0]] = LogRow(
                row[0], datetime.fromisoformat(row[1]), row[2], row[3], row[4], row[5].hex(), row[6],
                bool(row[7]), tuple(counts.get(row[0], ())), row[9] or "", row[8].hex(),
            )
    return found


_STATE = (
    "SELECT v.id, v.record, r.owner, r.uuid, r.type, v.n, v.deleted, v.schema, v.body, "
    "b.body, b.schema, b.deleted FROM revision v JOIN record r ON r.id = v.record "
    "LEFT JOIN revision b ON b.id = (SELECT o.id FROM revision o WHERE o.record = v.record "
    " AND o.n < v.n ORDER BY o.n DESC, o.id DESC LIMIT 1) "
)


def written(store: Store, change: int, *, after: int = 0, limit: int = 100) -> tuple[Written, ...]:
    """What an entry wrote in its order; after: go on behind this revision."""
    with store.read() as connection:
        found = raw(connection).execute(
            f"{_STATE} WHERE v.change = ? AND v.id > ? ORDER BY v.id LIMIT ?", (change, after, limit),
        ).fetchall()
    return tuple(_written(row) for row in found)


def written_by(store: Store, changes: Sequence[int]) -> dict[int, tuple[Written, ...]]:
    """What these (small) entries wrote."""
    found: dict[int, list[Written]] = {}
    with store.read() as connection:
        statement = _STATE.replace("SELECT v.id", "SELECT v.change, v.id", 1)
        for row in raw(connection).execute(
            f"{statement} WHERE v.change IN (SELECT value FROM json_each(?)) ORDER BY v.id",
            (json.dumps(list(changes)),),
        ).fetchall():
            found.setdefault(row[0], []).append(_written(row[1:]))
    return {change: tuple(some) for change, some in found.items()}


def states_of(store: Store, record: RecordId) -> tuple[tuple[int, Written], ...]:
    """(entry, state) of a record kept here, the newest first."""
    with store.read() as connection:
        statement = _STATE.replace("SELECT v.id", "SELECT v.change, v.id", 1)
        found = raw(connection).execute(
            f"{statement} WHERE v.record = ? ORDER BY v.n DESC, v.id DESC", (record,),
        ).fetchall()
    return tuple((row[0], _written(row[1:])) for row in found)


@dataclass(frozen=True, slots=True)
class Edition:
    """A state that came from another office: which package brought it first, and when."""

    type: str
    name: str
    at: str
    who: str
    label: str
    change: int
    file_name: str
    sender: str
    deleted: bool
    body: str | None


def editions_of(store: Store, record: RecordId) -> tuple[Edition, ...]:
    """The states of a record that packages brought, the newest first."""
    with store.read() as connection:
        found = raw(connection).execute(
            "SELECT r.type, r.owner, r.uuid, coalesce(c.at, ''), coalesce(c.who, ''), "
            "coalesce(c.label, ''), coalesce(c.id, 0), p.file_name, "
            "coalesce(json_extract(p.manifest, '$.sender.name'), ''), e.deleted, e.body "
            "FROM edition e JOIN record r ON r.id = e.record "
            "JOIN package p ON p.id = (SELECT min(x.package) FROM package_edition x "
            " JOIN package q ON q.id = x.package WHERE x.edition = e.id AND q.state <> 'issued') "
            "LEFT JOIN change c ON c.id = (SELECT min(y.change) FROM package_change y WHERE y.package = p.id) "
            "WHERE e.record = ? ORDER BY e.e DESC, e.id DESC", (record,),
        ).fetchall()
    return tuple(
        Edition(
            row[0] or "", f"{row[1].hex()}/{row[2].hex()}", row[3], row[4], row[5], row[6], row[7],
            row[8], bool(row[9]), row[10],
        )
        for row in found
    )


def type_of(store: Store, record: RecordId) -> str:
    """The record's type; "" for a number nobody knows."""
    with store.read() as connection:
        row = raw(connection).execute("SELECT type FROM record WHERE id = ?", (record,)).fetchone()
    return str(row[0] or "") if row else ""


def people(store: Store) -> tuple[str, ...]:
    """Everybody who stands in the log, those with most entries first."""
    counted: dict[str, int] = {}
    for low, high in _windows(store):
        with store.read() as connection:
            for who, count in raw(connection).execute(
                "SELECT who, count(*) FROM change WHERE id > ? AND id <= ? GROUP BY who", (low, high)
            ).fetchall():
                counted[who] = counted.get(who, 0) + count
    return tuple(sorted(counted, key=lambda who: (-counted[who], who)))


def _written(row: Sequence[Any]) -> Written:
    return Written(
        row[0], RecordId(row[1]), f"{row[2].hex()}/{row[3].hex()}", row[4] or "", row[5],
        bool(row[6]), row[7], row[8], row[9], row[10] or 0, bool(row[11]),
    )
