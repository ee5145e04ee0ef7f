"""The last moment of a write: COMMIT, and the truth about it when the disk reports an error there.

SQLite commits by cutting the journal to nothing and then asks the disk to make that
durable. When only the asking fails, the write stands although COMMIT reports an error:
saying that nothing was written would be a lie.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from sqlalchemy.engine import Connection

from mbo_desktop.errors import StorageError
from mbo_desktop.store.connections import open_raw, raw
from mbo_desktop.store.folder import sync_file

_log = logging.getLogger("mbo.storage")
_LOOK = "请检查磁盘(移动磁盘是否松动),关闭程序后重新打开,核对最后一步。"


def commit(writer: Connection, path: Path, change: int) -> None:
    """Commit the log entry `change`; what is raised tells whether it stands.

    sqlite3.Error: it does not. StorageError: it does but may be lost in a power cut, or
    nobody can say.
    """
    try:
        raw(writer).execute("COMMIT")
    except sqlite3.Error as error:
        if raw(writer).in_transaction or not _stands(path, change):
            raise
        _log.warning("commit of change %s reported %s and stands", change, error)
        _make_durable(path)


def _stands(path: Path, change: int) -> bool:
    """Whether another reader of the file sees the log entry."""
    try:
        connection = open_raw(path)
        try:
            found = connection.execute("SELECT 1 FROM change WHERE id = ?", (change,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageError(
            "读写磁盘时出错,不能确定这一步是否已保存。", "此前已保存的数据完好。", _LOOK
        ) from error
    return found is not None


def _make_durable(path: Path) -> None:
    journal = path.with_name(path.name + "-journal")
    try:
        sync_file(journal)
    except OSError as error:
        raise StorageError(
            "磁盘没有确认最后一步写入完毕。", "这一步已写入,但断电时可能丢失;此前已保存的数据完好。",
            _LOOK,
        ) from error
