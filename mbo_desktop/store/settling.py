"""What opening a data folder settles before anything is read: whose it is, and which copy."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

from mbo_desktop.errors import StorageError
from mbo_desktop.store import folder
from mbo_desktop.store.connections import open_raw


def settle(data_folder: Path) -> None:
    """Begin a new replica when the folder is at another place than last time.

    Raises StorageError when the file does not say whose it is.
    """
    place = folder.place(data_folder)
    with closing(open_raw(data_folder / folder.DATABASE, writer=True)) as connection:
        settings = dict(connection.execute("SELECT name, value FROM setting").fetchall())
        if not _is_uuid(settings.get("owner", "")):
            raise StorageError(
                "数据文件中的机关编号缺失或损坏,不能打开。", "数据文件未被改动。",
                "请按“恢复到备份”,选最近一次完好的备份。",
            )
        known, replica = settings.get("place", ""), settings.get("replica", "")
        if known == place and _is_uuid(replica):
            return
        connection.execute("BEGIN IMMEDIATE")
        if known or not _is_uuid(replica):
            # In doubt always a new one: it costs nothing.
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES ('replica', ?)", (str(uuid4()),)
            )
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('place', ?)", (place,))
        connection.execute("COMMIT")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
