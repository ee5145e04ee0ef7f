"""恢复到备份: the present state is kept first, the backup is examined, then it takes its place."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store import attachments, projections, purge_carrying, restore_finishing
from mbo_desktop.store.backup import copy_database, make_backup, mirror_of
from mbo_desktop.store.checks.history import check_history
from mbo_desktop.store.checks.report import Collector
from mbo_desktop.store.connections import open_raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import storage_faults, told, told_of_system
from mbo_desktop.store.folder import (
    ATTACHMENTS,
    BACKUPS,
    DATABASE,
    discard,
    resolve,
    sync_file,
    sync_folder,
    write_opener,
)
from mbo_desktop.store.identities import NameCache, Names
from mbo_desktop.store.lock import FolderLock
from mbo_desktop.store.migrations import MIGRATIONS, runner

_SAFE = "当前数据未被改动。"


def restore(data_folder: Path, backup: Path, *, operator: str = "") -> Path | None:
    """Put a backup in the place of the present data; the backup made of the present state.

    None when there was no present state (the folder was new or had lost its data file).
    A new replica begins, and the log says what was restored. Raises StorageError for a
    damaged, foreign or newer backup, NotAllowedError while the folder is open somewhere.
    """
    data_folder, backup = resolve(data_folder), Path(backup)
    examine(backup)
    part = data_folder / (DATABASE + ".part")
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        _copy_for_restore(backup, part)
        _try_out(part, backup.name)
        kept = _keep_present(data_folder)
        cleared = purge_carrying.of_file(data_folder / DATABASE)
        # All that can fail for want of space comes before the moment that counts.
        (data_folder / ATTACHMENTS).mkdir(exist_ok=True)
        attachments.mirror(mirror_of(backup), data_folder, without=cleared.hashes)
        with storage_faults(_SAFE):
            restore_finishing.order(part, backup.stem, operator, cleared)
        sync_file(part)
        _take_place(data_folder, part)
    except OSError as error:
        raise told_of_system(error, data_folder, _SAFE) from error
    finally:
        discard(part, part.with_name(part.name + "-journal"))
    # Opening carries out the rest; cut off before, the next opening does.
    Store.open(data_folder, operator=operator).close()
    return kept


def examine(backup: Path) -> None:
    """StorageError when a backup is not ours, newer, or damaged anywhere in its history."""
    try:
        runner.refuse_newer(runner.read_header(backup), runner.latest())
    except StorageError as error:
        raise StorageError(f"不能用这个备份恢复:{error.what}", _SAFE, "请另选一个备份。") from error
    found = Collector()
    with storage_faults(_SAFE):
        connection = open_raw(backup)
        try:
            check_history(connection, found)
        finally:
            connection.close()
    damage = found.report().damage
    if damage:
        raise StorageError(
            f"备份「{backup.name}」已损坏:{damage[0].what}", _SAFE, "请另选一个备份。"
        )


def _copy_for_restore(backup: Path, part: Path) -> None:
    with storage_faults(_SAFE):
        copy_database(backup, part)


def _try_out(part: Path, name: str) -> None:
    """What opening does to the file, done while a failure costs nothing yet; StorageError.

    A damaged description of a table passes every check of what stands in the tables.
    """
    try:
        version = runner.read_header(part).user_version
        if version < runner.latest():
            runner.run_steps(part, version, MIGRATIONS)
        with closing(open_raw(part, writer=True)) as connection:
            connection.execute("BEGIN")
            try:
                projections.rebuild(connection, Names(connection, NameCache()))
            finally:
                connection.execute("ROLLBACK")
    except (
        sqlite3.Error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    ) as error:
        said = told(error, _SAFE) if isinstance(error, sqlite3.Error) else None
        if said is not None and "损坏" not in said.what:
            # No room, no access: nothing is wrong with the backup.
            raise said from error
        raise StorageError(
            f"备份「{name}」已损坏:数据表的结构不对({error})。", _SAFE, "请另选一个备份。"
        ) from error


def _keep_present(data_folder: Path) -> Path | None:
    """Back the present state up, byte by byte when it cannot be opened any more."""
    database = data_folder / DATABASE
    if not database.exists():
        return None
    try:
        with Store.open(data_folder) as store:
            if store.opened_to_look:
                raise NotAllowedError(store.read_only_reason, "请先在那个窗口中关闭,再恢复。")
            return make_backup(store, "恢复前")
    except StorageError:
        return _keep_bytes(data_folder)


def _keep_bytes(data_folder: Path) -> Path:
    folder = data_folder / BACKUPS
    folder.mkdir(exist_ok=True)
    target = folder / f"{clock.now():%Y%m%d-%H%M%S}-恢复前(原样).db"
    shutil.copyfile(data_folder / DATABASE, target)
    journal = data_folder / f"{DATABASE}-journal"
    if journal.exists() and journal.stat().st_size:
        shutil.copyfile(journal, target.with_name(target.name + "-journal"))
    return target


def _take_place(data_folder: Path, part: Path) -> None:
    lock = FolderLock(data_folder)
    if not lock.acquire():
        raise NotAllowedError(
            f"数据文件夹正由{lock.holder}使用。", "请先在那个窗口中关闭,再恢复。"
        )
    try:
        # A journal of the present file must never be rolled back into the restored one.
        with suppress(FileNotFoundError):
            (data_folder / f"{DATABASE}-journal").unlink()
            sync_folder(data_folder)
        part.replace(data_folder / DATABASE)
        write_opener(data_folder)
        sync_folder(data_folder)
    finally:
        lock.release()

