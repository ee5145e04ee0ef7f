"""What a purge has still to remove once its change is committed: copies, attachments, old backups.

The list stands in the data file from the very commit that marks the bodies, so that a purge
cut off there is carried to its end at the next opening. It names files, never the content.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.rights import Act
from mbo_desktop.store.changes import Change
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

SETTING = "purge_rest"


@dataclass(frozen=True, slots=True)
class Rest:
    """Files of a data folder that are to go."""

    files: tuple[str, ...]
    """Digests of attachments."""
    copies: tuple[Path, ...]
    backups: tuple[Path, ...]


def note(change: Change, folder: Path, rest: Rest) -> None:
    """Enter the list within the change of a purge; what an earlier one left is kept in it."""
    before = _read(change.connection, folder)
    said = {
        "files": sorted({*rest.files, *before.files}),
        "copies": _names(folder, {*rest.copies, *before.copies}),
        "backups": _names(folder, {*rest.backups, *before.backups}),
    }
    change.connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, json.dumps(said)))


def of(store: Store) -> Rest | None:
    """What is still to be removed; None when nothing is."""
    with store.read() as connection:
        plain = raw(connection)
        if plain.execute("SELECT 1 FROM setting WHERE name = ?", (SETTING,)).fetchone() is None:
            return None
        return _read(plain, store.folder)


def done(store: Store) -> None:
    """Strike the list; the log says that the copies are gone."""
    with store.change("清除误录内容:副本已清理", barrier=True, act=Act.PURGE) as change:
        change.connection.execute("DELETE FROM setting WHERE name = ?", (SETTING,))


def _names(folder: Path, paths: set[Path]) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _read(connection: sqlite3.Connection, folder: Path) -> Rest:
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    said = {} if row is None else json.loads(row[0])
    copies, backups = ((folder / one for one in said.get(name, ())) for name in ("copies", "backups"))
    return Rest(tuple(said.get("files", ())), tuple(copies), tuple(backups))
