"""数据体检: every hash, the log chain, the lists against the history, references, attachments.

It works on a copy taken in steps, so that the office can go on working; SQLite's own
check finds few flipped bits, the hashes find them all.
"""

from __future__ import annotations

import sqlite3

from mbo_desktop.errors import StorageError
from mbo_desktop.store import log_heads
from mbo_desktop.store.backup import copy_database
from mbo_desktop.store.checks.blobs import check_blobs
from mbo_desktop.store.checks.editions import check_editions
from mbo_desktop.store.checks.history import RESTORE, Progress, Stop, check_history
from mbo_desktop.store.checks.projections import (
    check_projections,
    check_references,
    check_settings,
)
from mbo_desktop.store.checks.report import Collector, Finding, Repair, Report, Severity
from mbo_desktop.store.checks.strangers import check_strangers
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import storage_faults
from mbo_desktop.store.identities import NameCache, Names
from mbo_desktop.store.scratch import scratch_folder

__all__ = ["Finding", "Repair", "Report", "Severity", "rebuild_lists", "run"]


def run(
    store: Store, progress: Progress | None = None, cancelled: Stop | None = None
) -> Report:
    """Check the whole data folder; changes nothing.

    Raises Cancelled when asked to stop, StorageError when there is no room for the copy.
    """
    found = Collector()
    with scratch_folder("check") as scratch:
        copy = scratch / "copy.db"
        try:
            with storage_faults("数据文件未被改动。"):
                copy_database(store.path, copy, progress)
        except StorageError as error:
            if isinstance(error.__cause__, sqlite3.OperationalError):
                # A full disk under the copy is no damage of the data.
                raise
            found.add(Severity.DAMAGE, "pages", error.what, "数据文件", RESTORE)
            if not copy.exists():
                return found.report()
        connection = sqlite3.connect(copy, isolation_level=None)
        try:
            check_history(connection, found, progress, cancelled)
            log_heads.check(connection, store.folder, found)
            if not any(one.kind == "pages" and one.repair is Repair.NONE for one in found.findings):
                check_settings(connection, found)
                check_references(connection, found)
                check_editions(connection, found, cancelled)
                check_blobs(connection, store.folder, found, progress, cancelled)
                check_strangers(store.folder, found)
                check_projections(connection, Names(connection, NameCache()), found)
        except sqlite3.DatabaseError as error:
            found.add(
                Severity.DAMAGE, "pages", "数据文件的内部结构损坏,后面的内容未能检查。",
                f"数据文件({error})", RESTORE,
            )
        finally:
            connection.close()
    return found.report()


def rebuild_lists(store: Store) -> int:
    """Write all lists anew from the history (「重建列表」); the number of rows."""
    return store.rebuild_projections()
