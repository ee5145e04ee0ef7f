"""Brings a data file to today's schema: header check, backup, one transaction, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop import PRODUCT_NAME, clock
from mbo_desktop.errors import StorageError
from mbo_desktop.store.connections import APPLICATION_ID, open_raw
from mbo_desktop.store.faults import storage_faults, told_of_system
from mbo_desktop.store.folder import BACKUPS
from mbo_desktop.store.migrations import MIGRATIONS, Migration

_MAGIC = b"SQLite format 3\0"
_NOT_TOUCHED = "文件一个字节也没有改动。"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first 100 bytes of a data file say."""

    application_id: int
    user_version: int


def latest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The schema version this program writes."""
    return migrations[-1].version


def read_header(path: Path) -> Header:
    """Read the header without opening the database, so that nothing is written to it.

    Raises StorageError for a file that is none of ours, is cut off, or is newer than
    this program.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise told_of_system(error, path, _NOT_TOUCHED) from error
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise StorageError(
            f"「{path.name}」不是数据文件,或已损坏到无法识别。", _NOT_TOUCHED,
            "请从备份恢复;如果选错了文件夹,请重新选择。",
        )
    header = Header(int.from_bytes(head[68:72]), int.from_bytes(head[60:64]))
    if header.application_id != APPLICATION_ID:
        raise StorageError(
            f"「{path.name}」不是{PRODUCT_NAME}的数据文件。", _NOT_TOUCHED, "请重新选择数据文件夹。"
        )
    page_size = int.from_bytes(head[16:18])
    page_size = 65536 if page_size == 1 else page_size
    # With a journal to roll back the size may rightly differ.
    if size < page_size * int.from_bytes(head[28:32]) and not _has_journal(path):
        raise StorageError(
            f"「{path.name}」不完整(可能复制时中断)。", _NOT_TOUCHED, "请重新复制,或从备份恢复。"
        )
    return header


def refuse_newer(header: Header, known: int) -> None:
    """StorageError naming the version needed when the file is newer than this program."""
    if header.user_version > known:
        raise StorageError(
            f"数据文件由更新的版本写成(数据格式第{header.user_version}版,"
            f"本程序只认到第{known}版)。",
            _NOT_TOUCHED,
            f"请安装能读数据格式第{header.user_version}版的程序后再打开。",
        )


def migrate(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Path | None:
    """Bring the file at `path` to the latest schema; the backup made before, None when current.

    All steps run in one transaction: after a failure the file says what it said before.
    """
    header = read_header(path)
    refuse_newer(header, latest(migrations))
    if _has_journal(path):
        # Cut off in an upgrade, the file may name the new version and hold the old tables.
        _roll_back(path)
        header = read_header(path)
    if header.user_version == latest(migrations):
        return None
    backup = _back_up(path, header.user_version)
    with storage_faults("数据文件仍是升级前的内容。"):
        run_steps(path, header.user_version, migrations)
    return backup


def run_steps(path: Path, version: int, migrations: Sequence[Migration]) -> None:
    """Run the steps after `version` in one exclusive transaction."""
    connection = open_raw(path, writer=True)
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            for step in migrations:
                if step.version > version:
                    step.upgrade(connection)
                    connection.execute(f"PRAGMA user_version={step.version:d}")
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"{len(broken)} references lead nowhere after the migration")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        connection.close()


def create(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Make an empty data file with all tables at a path where nothing is."""
    with storage_faults("没有写入任何内容。"):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        finally:
            connection.close()
        run_steps(path, 0, migrations)


def _back_up(path: Path, version: int) -> Path:
    folder = path.parent / BACKUPS
    stamp = clock.now().strftime("%Y%m%d-%H%M%S")
    target = folder / f"{stamp}-升级前第{version}版.db"
    part = target.with_name(target.name + ".part")
    try:
        folder.mkdir(exist_ok=True)
        with storage_faults("数据文件未改动。"):
            source, copy = open_raw(path), sqlite3.connect(part, isolation_level=None)
            try:
                source.backup(copy)
            finally:
                source.close()
                copy.close()
        part.replace(target)
    except OSError as error:
        raise told_of_system(error, target, "数据文件未改动。") from error
    return target


def _roll_back(path: Path) -> None:
    """Let SQLite take back what was half written when the power went."""
    with storage_faults("数据文件未改动。"):
        connection = open_raw(path)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()


def _has_journal(path: Path) -> bool:
    journal = path.with_name(path.name + "-journal")
    return journal.exists() and journal.stat().st_size > 0
