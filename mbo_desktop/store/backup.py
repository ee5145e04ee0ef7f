"""Backups: copies of the database taken while it is in use, and the way back.

They stand in backups/ as 20261123-044500-每日.db; attachments never change and are
mirrored once into backups/attachments/. Kept are the newest of each of the last
7 days, 4 weeks and 12 months, and the 10 newest of those made for a reason (升级前,
恢复前, by hand).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.errors import StorageError
from mbo_desktop.store import attachments, log_heads
from mbo_desktop.store.connections import open_raw
from mbo_desktop.store.faults import storage_faults, told_of_system
from mbo_desktop.store.folder import ATTACHMENTS, BACKUPS, discard, sync_file, sync_folder

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

DAILY = "每日"
_NAME = re.compile(r"(\d{8}-\d{6})-(.*)\.db")
_STAMP = "%Y%m%d-%H%M%S"
_PAGES = 500
_RESTARTS = 3
_SAFE = "数据文件未受影响,没有留下不完整的备份。"

Progress = Callable[[int, int, str], None]
"""Called with done, total and what is being done."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as the list shows it."""

    path: Path
    made_at: datetime
    label: str
    size: int


def make_backup(
    store: Store, label: str = "手动", *, into: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Copy the database and the attachments not yet mirrored; the path of the copy.

    into: another folder than the data folder's backups/ (a stick, another disk).
    Raises StorageError when it cannot be written; nothing half written stays.
    """
    folder = into or store.folder / BACKUPS
    target = _free_name(folder, label)
    part = target.with_name(target.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with storage_faults(_SAFE):
            copy_database(store.path, part, progress)
        sync_file(part)
        part.replace(target)
        sync_folder(folder)
        attachments.mirror(store.folder, folder)
        log_heads.note(store)
    except OSError as error:
        raise told_of_system(error, target, _SAFE) from error
    finally:
        discard(part, part.with_name(part.name + "-journal"))
    return target


def daily(store: Store) -> Path | None:
    """Make today's backup and drop old ones; None when it was made already.

    StorageError says that it was the backup nobody asked for that failed, not what somebody typed.
    """
    today = clock.today()
    if any(
        one.label == DAILY and one.made_at.date() == today for one in list_backups(store.folder)
    ):
        return None
    try:
        path = make_backup(store, DAILY)
    except StorageError as error:
        cause = error.what.split(",", 1)[0].rstrip("。")
        raise StorageError(
            f"今天的自动备份没有做成:{cause}。", error.safe,
            "可以继续工作。请排除原因后用“文件→立即备份”做一份;下次打开时程序也会再试。",
        ) from error
    rotate(store.folder)
    return path


def list_backups(data_folder: Path) -> list[Backup]:
    """The backups of a data folder (or in a backup folder), the newest first."""
    folder = data_folder / BACKUPS if (data_folder / BACKUPS).is_dir() else data_folder
    found = []
    for path in folder.glob("*.db"):
        match = _NAME.fullmatch(path.name)
        if match:
            made_at = datetime.strptime(match[1], _STAMP)  # noqa: DTZ007
            found.append(Backup(path, made_at, match[2], path.stat().st_size))
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def rotate(
    data_folder: Path, *, days: int = 7, weeks: int = 4, months: int = 12, labelled: int = 10
) -> list[Path]:
    """Delete the backups that are no longer kept; which they were."""
    backups = list_backups(data_folder)
    regular = [one for one in backups if one.label == DAILY]
    kept = {one.path for one in [one for one in backups if one.label != DAILY][:labelled]}
    rules: tuple[tuple[int, Callable[[date], object]], ...] = (
        (days, lambda day: day), (weeks, lambda day: day.isocalendar()[:2]),
        (months, lambda day: (day.year, day.month)),
    )
    for count, period_of in rules:
        newest: dict[object, Path] = {}
        for one in regular:
            newest.setdefault(period_of(one.made_at.date()), one.path)
        kept.update(list(newest.values())[:count])
    dropped = [one.path for one in backups if one.path not in kept]
    for path in dropped:
        path.unlink(missing_ok=True)
    return dropped


def copy_database(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy a database in use, in steps; a write in between restarts it, after three in one go.

    The copy is checked page by page; StorageError when it is damaged.
    """
    reading = open_raw(source)
    target.unlink(missing_ok=True)
    writing = sqlite3.connect(target, isolation_level=None)
    try:
        writing.execute("PRAGMA synchronous=OFF")
        watch = _Watch(progress)
        try:
            reading.backup(writing, pages=_PAGES, progress=watch.step, sleep=0.005)
        except _RestartedTooOften:
            reading.backup(writing)
        problems = [row[0] for row in writing.execute("PRAGMA quick_check(3)").fetchall()]
        if problems != ["ok"]:
            raise StorageError(
                "数据文件中有损坏的页面,备份没有做成。", "数据文件未被改动。",
                "请运行数据体检,并从以前的备份恢复。",
            )
    finally:
        reading.close()
        writing.close()


class _RestartedTooOften(Exception):
    """Others write faster than the steps copy."""


class _Watch:
    """Counts restarts: the number of pages still to do grows then."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._left: int | None = None
        self._restarts = 0

    def step(self, _status: int, left: int, total: int) -> None:
        """Called by the driver after each step."""
        if self._left is not None and left > self._left:
            self._restarts += 1
            if self._restarts >= _RESTARTS:
                raise _RestartedTooOften
        self._left = left
        if self._progress is not None:
            self._progress(total - left, total, "正在备份数据文件")


def _free_name(folder: Path, label: str) -> Path:
    """A name for now and this label that is not taken."""
    plain = re.sub(r'[\\/:*?"<>|\s.]+', " ", label).strip()[:40] or "手动"
    stamp = clock.now().strftime(_STAMP)
    target = folder / f"{stamp}-{plain}.db"
    number = 2
    while target.exists():
        target = folder / f"{stamp}-{plain}({number}).db"
        number += 1
    return target


def mirror_of(backup: Path) -> Path:
    """The folder whose attachments/ belong to a backup."""
    folder = backup.parent
    return folder if (folder / ATTACHMENTS).is_dir() else folder.parent
