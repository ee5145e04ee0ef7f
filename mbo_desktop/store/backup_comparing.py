"""The present data beside a backup, record by record; both are copies that nobody writes to."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mbo_desktop.domain.purging import MARK
from mbo_desktop.store.canonical import Body, load
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.faults import storage_faults

_SAFE = "当前数据未被改动。"
_HEADS = (
    "CREATE TEMP TABLE {name} AS SELECT lower(hex(r.owner)) || '/' || lower(hex(r.uuid)) AS name, "
    "r.type AS type, v.id AS revision, v.hash AS hash, v.deleted AS deleted FROM {schema}.record r "
    "JOIN {schema}.revision v ON v.id = (SELECT id FROM {schema}.revision WHERE record = r.id "
    "ORDER BY n DESC, hash DESC, id LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """Records of a type: how many live ones now and then, and how they differ."""

    type: str
    now: int
    then: int
    added: int
    """Live now, not in the backup (or deleted there): going back loses them."""
    changed: int
    removed: int
    """Live in the backup, deleted now: going back brings them back."""


@dataclass(frozen=True, slots=True)
class LostChange:
    """A log entry that the backup does not have: going back loses what it did."""

    label: str
    who: str
    at: datetime
    records: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A record that differs: its state now and in the backup; None where it is not or was purged."""

    name: str
    type: str
    now: Body | None
    then: Body | None
    then_schema: int
    was_purged: bool


class Comparison:
    """Two copies compared; close it before the copies are deleted."""

    def __init__(self, present: Path, backup: Path) -> None:
        """StorageError when one of them cannot be read."""
        with storage_faults(_SAFE):
            self._connection = sqlite3.connect(
                f"{present.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None,
                check_same_thread=False,
            )
            run = self._connection.execute
            run("PRAGMA temp_store=MEMORY")
            run("ATTACH ? AS then_", (f"{backup.resolve().as_uri()}?mode=ro",))
            run(_HEADS.format(name="now_head", schema="main"))
            run(_HEADS.format(name="then_head", schema="then_"))
            run("CREATE UNIQUE INDEX temp.now_name ON now_head (name)")
            run("CREATE UNIQUE INDEX temp.then_name ON then_head (name)")
            run(
                "CREATE TEMP TABLE differing AS "
                "SELECT n.name, n.type, n.revision AS now, t.revision AS then_, n.deleted AS now_gone, "
                "coalesce(t.deleted, 1) AS then_gone FROM now_head n LEFT JOIN then_head t ON t.name = n.name "
                "WHERE (t.hash IS NULL OR t.hash <> n.hash) AND NOT (n.deleted AND coalesce(t.deleted, 1)) "
                "UNION ALL SELECT t.name, t.type, NULL, t.revision, 1, t.deleted FROM then_head t "
                "WHERE NOT t.deleted AND NOT EXISTS (SELECT 1 FROM now_head n WHERE n.name = t.name) "
                "ORDER BY 2, 3"
            )

    def close(self) -> None:
        """Let go of both files."""
        self._connection.close()

    def types(self) -> tuple[TypeDifference, ...]:
        """By record type, those without any difference too."""
        run = self._connection.execute
        with storage_faults(_SAFE):
            now = dict(run("SELECT type, count(*) FROM now_head WHERE NOT deleted GROUP BY type").fetchall())
            then = dict(run("SELECT type, count(*) FROM then_head WHERE NOT deleted GROUP BY type").fetchall())
            moved = {
                row[0]: row[1:] for row in run(
                    "SELECT type, sum(NOT now_gone AND then_gone), sum(NOT now_gone AND NOT then_gone), "
                    "sum(now_gone AND NOT then_gone) FROM differing GROUP BY type"
                ).fetchall()
            }
        return tuple(
            TypeDifference(one, now.get(one, 0), then.get(one, 0), *moved.get(one, (0, 0, 0)))
            for one in CODECS if one in now or one in then or one in moved
        )

    def lost_changes(self) -> tuple[LostChange, ...]:
        """Log entries that only the present has, the newest first."""
        with storage_faults(_SAFE):
            rows = self._connection.execute(
                "SELECT c.label, c.who, c.at, (SELECT count(DISTINCT record) FROM main.revision "
                "WHERE change = c.id) FROM main.change c WHERE NOT EXISTS "
                "(SELECT 1 FROM then_.change t WHERE t.replica = c.replica AND t.seq = c.seq "
                " AND t.hash = c.hash) ORDER BY c.id DESC"
            ).fetchall()
        return tuple(LostChange(row[0], row[1], datetime.fromisoformat(row[2]), row[3]) for row in rows)

    def foreign_changes(self) -> int:
        """Log entries that only the backup has: it went another way than the present."""
        with storage_faults(_SAFE):
            return int(self._connection.execute(
                "SELECT count(*) FROM then_.change t WHERE NOT EXISTS (SELECT 1 FROM main.change c "
                "WHERE c.replica = t.replica AND c.seq = t.seq AND c.hash = t.hash)"
            ).fetchone()[0])

    def count(self) -> int:
        """How many records differ."""
        return int(self._connection.execute("SELECT count(*) FROM differing").fetchone()[0])

    def pairs(self, start: int, limit: int) -> tuple[Pair, ...]:
        """Some of the records that differ, in the order of their types."""
        return self._pairs("ORDER BY rowid LIMIT ? OFFSET ?", (limit, start))

    def pair(self, name: str) -> Pair | None:
        """One record that differs."""
        return next(iter(self._pairs("WHERE name = ?", (name,))), None)

    def _pairs(self, which: str, values: tuple[object, ...]) -> tuple[Pair, ...]:
        with storage_faults(_SAFE):
            rows = self._connection.execute(
                "SELECT d.name, d.type, d.now_gone, d.then_gone, n.body, n.schema, t.body, t.schema "
                f"FROM (SELECT * FROM differing {which}) d LEFT JOIN main.revision n ON n.id = d.now "
                "LEFT JOIN then_.revision t ON t.id = d.then_", values,
            ).fetchall()
        return tuple(
            Pair(
                name, kind, None if now_gone else _body(kind, now, now_schema),
                None if then_gone else _body(kind, then, then_schema), then_schema or 0, then == MARK,
            )
            for name, kind, now_gone, then_gone, now, now_schema, then, then_schema in rows
            if kind in CODECS
        )


def _body(type_name: str, text: str | None, schema: int) -> Body | None:
    if text is None or text == MARK:
        return None
    return CODECS[type_name].upgraded(load(text), schema)
