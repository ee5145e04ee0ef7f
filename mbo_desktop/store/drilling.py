"""What a drill looks at in a scratch copy of a backup: the whole data check, and the log beside the present one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mbo_desktop.store.checks.blobs import check_blobs
from mbo_desktop.store.checks.editions import check_editions
from mbo_desktop.store.checks.history import check_history
from mbo_desktop.store.checks.projections import (
    check_projections,
    check_references,
    check_settings,
)
from mbo_desktop.store.checks.report import Collector, Repair, Report
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import storage_faults
from mbo_desktop.store.identities import NameCache, Names

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


def check_copy(
    database: Path, attachments_in: Path | None, progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Report:
    """Check a copy of the present schema; attachments_in: the folder beside whose files it stands."""
    found = Collector()
    with storage_faults("数据文件未被改动。"), closing(
        sqlite3.connect(database, isolation_level=None)
    ) as connection:
        check_history(connection, found, progress, cancelled)
        if not any(one.kind == "pages" and one.repair is Repair.NONE for one in found.findings):
            check_settings(connection, found)
            check_references(connection, found)
            check_editions(connection, found, cancelled)
            if attachments_in is not None:
                check_blobs(connection, attachments_in, found, progress, cancelled)
            check_projections(connection, Names(connection, NameCache()), found)
    return found.report()


def steps_unknown(store: Store, database: Path) -> int:
    """Log entries of a copy that the present data does not have."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        there = {row[0] for row in connection.execute("SELECT hash FROM change").fetchall()}
    with store.read() as reading:
        here = {row[0] for row in raw(reading).execute("SELECT hash FROM change").fetchall()}
    return len(there - here)
