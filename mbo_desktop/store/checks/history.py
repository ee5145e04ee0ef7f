"""Checks of what is never rewritten: pages, revisions, the log chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK, MARKED_LABEL
from mbo_desktop.errors import Cancelled
from mbo_desktop.store.canonical import change_hash, is_canonical, revision_hash
from mbo_desktop.store.changes import NO_HASH
from mbo_desktop.store.checks.report import Collector, Repair, Severity
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.describe import describe
from mbo_desktop.store.purging import purged

RESTORE = "请从最近一次完好的备份恢复;恢复前不要再做修改。"
RECOVER = "请按“处理”,从备份和收到的数据包补回;补不回的,从最近一次完好的备份恢复。此前不要再修改。"

_INDEX = "index"
"""In what SQLite says of an index that does not fit its table; the table itself is whole."""
_DERIVED = frozenset({*CODECS, "link", "edition_head"})
"""Tables that follow from the others."""

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


def check_history(
    connection: sqlite3.Connection, found: Collector, progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> None:
    """Check a database nobody else writes to; Cancelled when `cancelled` says so."""
    if not _pages(connection, found):
        return
    _revisions(connection, found, progress, cancelled)
    _log(connection, found, cancelled)


def _pages(connection: sqlite3.Connection, found: Collector) -> bool:
    """Whether SQLite can read the file at all."""
    try:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(20)").fetchall()]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        problems, broken = [str(error)], []
    for problem in problems:
        if problem != "ok":
            found.add(
                Severity.DAMAGE, "pages", "数据文件的内部结构损坏。", f"数据文件({problem})", RESTORE,
                repair=Repair.REINDEX if _INDEX in problem else Repair.NONE,
            )
    for table, row, target, _ in broken:
        found.add(
            Severity.DAMAGE, "keys", "有内容指向不存在的记录。",
            f"表{table}第{row}行指向{target}", RECOVER,
            repair=Repair.REBUILD if table in _DERIVED else Repair.RECOVER,
        )
    return all(one == "ok" or _INDEX in one for one in problems)


def _revisions(
    connection: sqlite3.Connection, found: Collector, progress: Progress | None,
    cancelled: Stop | None,
) -> None:
    total = connection.execute("SELECT count(*) FROM revision").fetchone()[0]
    found.counts["修改历史"] = total
    found.counts["记录"] = connection.execute(
        "SELECT count(*) FROM record WHERE type IS NOT NULL"
    ).fetchone()[0]
    rows = connection.execute(
        "SELECT v.record, v.n, v.parents, v.hash, v.schema, v.deleted, v.body, r.type, r.owner, "
        "r.uuid FROM revision v JOIN record r ON r.id = v.record ORDER BY v.record, v.n, v.id"
    )
    lineage: dict[str, int] = {}
    record, gone = None, purged(connection)
    for done, row in enumerate(rows):
        if done % 2000 == 0:
            _tick(done, total, "正在核对修改历史", progress, cancelled)
        if row[0] != record:
            record, lineage = row[0], {}
        _one_revision(connection, found, row, lineage, gone)
        lineage[bytes(row[3]).hex()] = row[1]


def _one_revision(
    connection: sqlite3.Connection, found: Collector, row: tuple[object, ...],
    lineage: dict[str, int], gone: frozenset[str],
) -> None:
    record, n, parents, hashed, schema, deleted, body, type_name, owner, uuid = row
    before = str(parents).split(" ") if parents else []
    try:
        same = revision_hash(
            type_name=str(type_name), uuid=bytes(uuid).hex(), owner=bytes(owner).hex(),  # type: ignore[call-overload]
            n=int(n), parents=before, deleted=bool(deleted), schema=int(schema), body=str(body),  # type: ignore[call-overload]
        ) == hashed and is_canonical(str(body))
        same = same or (body == MARK and bytes(hashed).hex() in gone)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        same = False
    if not same:
        where = f"{describe(connection, str(type_name), RecordId(int(str(record))))}第{n}版"
        found.add(
            Severity.DAMAGE, "revision", "内容与保存时的校验值不一致,被改动过或已损坏。", where, RECOVER,
            repair=Repair.RECOVER,
        )
    expected = max((lineage[one] for one in before if one in lineage), default=0) + 1
    if any(one not in lineage for one in before) or n != expected:
        where = f"{describe(connection, str(type_name), RecordId(int(str(record))))}第{n}版"
        found.add(
            Severity.DAMAGE, "lineage", "修改历史不连续,缺少前一版。", where, RECOVER,
            repair=Repair.RECOVER,
        )


def _log(connection: sqlite3.Connection, found: Collector, cancelled: Stop | None) -> None:
    rows = connection.execute(
        "SELECT id, replica, seq, label, who, at, machine, barrier, prev, hash FROM change ORDER BY id"
    ).fetchall()
    found.counts["日志"] = len(rows)
    known = {row[9] for row in rows} | {NO_HASH}
    last: dict[bytes, tuple[int, bytes]] = {}
    written = _written(connection)
    hashes = next(written)
    packages, gone = _packages(connection), purged(connection)
    for done, row in enumerate(rows):
        if done % 2000 == 0:
            _tick(done, len(rows), "正在核对日志", None, cancelled)
        change, replica, seq, label, who, at, machine, barrier, prev, hashed = row
        while hashes[0] < change:
            found.add(
                Severity.DAMAGE, "unlogged", "有修改没有日志。", f"日志第{hashes[0]}条", RECOVER,
                repair=Repair.RECOVER,
            )
            hashes = next(written)
        mine: list[bytes] = []
        if hashes[0] == change:
            mine, hashes = hashes[1], next(written)
        content = {
            "replica": bytes(replica).hex(), "seq": seq, "label": label, "who": who, "at": at,
            "machine": machine, "barrier": bool(barrier),
        }
        where = f"日志第{change}条「{label}」({at[:16].replace('T', ' ')},{who})"
        cleared = label == MARKED_LABEL and bytes(hashed).hex() in gone
        if not cleared and change_hash(content, prev, mine, packages.get(change, b"")) != hashed:
            found.add(
                Severity.DAMAGE, "log", "日志与它记录的修改对不上,被改动过或已损坏。", where, RECOVER,
                repair=Repair.RECOVER,
            )
        before = last.get(replica)
        fits = (seq == before[0] + 1 and prev == before[1]) if before else (
            seq == 1 and prev in known
        )
        if not fits:
            found.add(
                Severity.DAMAGE, "chain", "日志不连续,有条目被删除或改动。", where, RECOVER,
                repair=Repair.RECOVER,
            )
        last[replica] = (seq, hashed)
    if hashes[0] < _END:
        found.add(
            Severity.DAMAGE, "unlogged", "有修改没有日志。", f"日志第{hashes[0]}条", RECOVER,
            repair=Repair.RECOVER,
        )


_END = 1 << 62


def _written(connection: sqlite3.Connection) -> Iterator[tuple[int, list[bytes]]]:
    """Hashes of revisions by change, in order; ends with _END for ever."""
    current, hashes = None, []
    for change, hashed in connection.execute(
        "SELECT change, hash FROM revision ORDER BY change, id"
    ):
        if change != current and current is not None:
            yield current, hashes
            hashes = []
        current = change
        hashes.append(hashed)
    if current is not None:
        yield current, hashes
    while True:
        yield _END, []


def _packages(connection: sqlite3.Connection) -> dict[int, bytes]:
    """Hashes of packages by change, sorted, one after the other."""
    found: dict[int, bytes] = {}
    # A backup made before packages existed is checked as it is.
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'package_change'").fetchone():
        return found
    for change, hashed in connection.execute(
        "SELECT c.change, p.hash FROM package_change c JOIN package p ON p.id = c.package "
        "ORDER BY c.change, p.hash"
    ).fetchall():
        found[change] = found.get(change, b"") + hashed
    return found


def _tick(
    done: int, total: int, text: str, progress: Progress | None, cancelled: Stop | None
) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled
    if progress is not None:
        progress(done, total, text)
