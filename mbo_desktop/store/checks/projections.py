"""Checks of what is derived: projections against a rebuild, references, the settings."""

from __future__ import annotations

import sqlite3

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import ProgramError
from mbo_desktop.store import projections, tables
from mbo_desktop.store.checks.history import RECOVER, RESTORE
from mbo_desktop.store.checks.report import Collector, Repair, Severity
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.describe import TYPE_LABELS, describe
from mbo_desktop.store.identities import Names

REBUILD = "修改历史完好,请按“处理”重建列表,数据不会丢失。"


def check_projections(
    connection: sqlite3.Connection, references: Names, found: Collector
) -> None:
    """Compare each projection with one rebuilt from the revisions; works on a scratch copy."""
    names = [*CODECS, "link"]
    connection.execute("BEGIN")
    try:
        for name in names:
            connection.execute(f"CREATE TEMP TABLE old_{name} AS SELECT * FROM main.{name}")
        projections.rebuild(connection, references)
    # Damaged bodies can fail in any way; each is told under 修改历史 already.
    except (
        ProgramError, sqlite3.Error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    ) as error:
        connection.execute("ROLLBACK")
        reason = error.what if isinstance(error, ProgramError) else str(error)
        found.add(
            Severity.DAMAGE, "rebuild", f"列表无法由修改历史重建:{reason}", "全部列表", RECOVER,
            repair=Repair.RECOVER,
        )
        return
    for name in names:
        _compare(connection, name, found)
    connection.execute("ROLLBACK")


def _compare(connection: sqlite3.Connection, name: str, found: Collector) -> None:
    columns = ", ".join(column.name for column in tables.metadata.tables[name].c)
    old, new = f"SELECT {columns} FROM temp.old_{name}", f"SELECT {columns} FROM main.{name}"
    different = connection.execute(
        f"SELECT record FROM ({old} EXCEPT {new}) UNION SELECT record FROM ({new} EXCEPT {old})"
    ).fetchall()
    for (record,) in different:
        where = f"{TYPE_LABELS.get(name, '关联')}(编号{record})"
        if name in TYPE_LABELS:
            where = describe(connection, name, RecordId(record))
        found.add(
            Severity.DAMAGE, "projection", "列表中显示的内容与修改历史不一致。", where, REBUILD,
            repair=Repair.REBUILD,
        )


def check_references(connection: sqlite3.Connection, found: Collector) -> None:
    """Note what live records say of deleted ones or of ones not received."""
    for type_name, codec in CODECS.items():
        queries = [
            (column, f"SELECT p.record, r.type, r.id, r.stub FROM {type_name} p "
                     f"JOIN record r ON r.id = p.{column} WHERE p.deleted = 0")
            for column in sorted(codec.references)
        ]
        if codec.lists:
            queries.append((
                "", f"SELECT p.record, r.type, r.id, r.stub FROM {type_name} p "
                "JOIN link l ON l.record = p.record JOIN record r ON r.id = l.target "
                "WHERE p.deleted = 0",
            ))
        for _, query in queries:
            _check_targets(connection, found, type_name, query)


def _check_targets(
    connection: sqlite3.Connection, found: Collector, type_name: str, query: str
) -> None:
    missing = connection.execute(f"SELECT record, id, type FROM ({query}) WHERE stub = 1").fetchall()
    for record, target, _ in missing:
        found.add(
            Severity.NOTE, "stub", "引用的内容还没有收到(未收到)。",
            f"{describe(connection, type_name, record)}→编号{target}", "收到对方的数据包后会补上。",
        )
    # Most references lead to one type: only the tables met are joined, not all of them.
    met = {row[0] for row in connection.execute(f"SELECT DISTINCT type FROM ({query})")}
    for other in (one for one in CODECS if one in met):
        for record, target in connection.execute(
            f"SELECT q.record, q.id FROM ({query}) q JOIN {other} o ON o.record = q.id "
            "WHERE o.deleted = 1"
        ).fetchall():
            found.add(
                Severity.NOTE, "deleted", "引用的内容已被删除。",
                f"{describe(connection, type_name, record)}→{describe(connection, other, target)}",
                "如仍需要,请在“历史”中还原,或改选其他内容。",
            )


def check_settings(connection: sqlite3.Connection, found: Collector) -> None:
    """The office's and the replica's numbers must be there."""
    settings = dict(connection.execute("SELECT name, value FROM setting").fetchall())
    for name, what in (("owner", "机关编号"), ("replica", "副本编号")):
        if len(settings.get(name, "").replace("-", "")) != 32:
            found.add(Severity.DAMAGE, "setting", f"{what}缺失或损坏。", "数据文件", RESTORE)
