"""Putting a finished file in its place: beside it first, then renamed, so none is half written."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.errors import FileWriteError

_PREFIX = "mbo-paper-"
_OURS = re.compile(r"mbo-(?:paper-|self-test-)?[a-z0-9_]{8}")
"""Names of scratch folders, those of the self-test and of older versions too."""
_KEPT = timedelta(days=1)
"""No job takes longer: a folder that is older belongs to nobody who still runs."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_IN_USE = {errno.EBUSY, errno.ETXTBSY}
_SHARING_VIOLATION = {32, 33}
"""Windows error numbers of a file another program holds."""


def part_of(path: Path) -> Path:
    """Where a file is written before it takes its name."""
    return path.with_name(path.name + ".part")


def put_file(path: Path, data: bytes, shown: Path | None = None) -> None:
    """Write `data` to `path` as a whole or not at all.

    Raises FileWriteError that names `shown`, or else `path`.
    """
    part = part_of(path)
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as fault:
        remove_quietly(part)
        raise _explained(fault, shown or path) from fault


def move_file(source: Path, path: Path) -> None:
    """Move a finished file to its place; raises FileWriteError."""
    try:
        source.replace(path)
    except OSError as fault:
        raise _explained(fault, path) from fault


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for files on their way; raises FileWriteError where the system gives none or it fills up."""
    place = Path(tempfile.gettempdir()) / "临时文件"
    try:
        made = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    except OSError as fault:
        raise _explained(fault, place) from fault
    with made as name:
        try:
            yield Path(name)
        except OSError as fault:
            raise _explained(fault, place) from fault


def sweep_scratch() -> int:
    """Remove the folders of more than a day ago that killed programs of this user left; how many."""
    count = 0
    before = (clock.now() - _KEPT).timestamp()
    for folder in Path(tempfile.gettempdir()).glob("mbo-*"):
        with suppress(OSError):
            about = folder.lstat()
            is_mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
            if is_mine and stat.S_ISDIR(about.st_mode) and _OURS.fullmatch(folder.name) and about.st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
                count += not folder.exists()
    return count


def remove_quietly(path: Path) -> None:
    """Remove a leftover; a leftover that cannot be removed is no fault of its own."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _explained(fault: OSError, path: Path) -> FileWriteError:
    number = fault.errno
    place = f"“{path.parent}”"
    if number in _FULL:
        return FileWriteError(f"{place}所在的磁盘已满,“{path.name}”未能写出。", "请清理磁盘或换一个位置后再试。")
    in_use = number in _IN_USE or getattr(fault, "winerror", 0) in _SHARING_VIOLATION
    if in_use or (number in _READ_ONLY and path.is_file() and os.access(path.parent, os.W_OK)):
        return FileWriteError(
            f"“{path.name}”正被其他程序打开或设为只读,未能写出。", "请关闭打开它的程序(如WPS)后再试,或换一个文件名。"
        )
    if number in _READ_ONLY:
        return FileWriteError(f"没有在{place}中写文件的权限,“{path.name}”未能写出。", "请换一个可以写入的文件夹后再试。")
    if number in (errno.ENOENT, errno.ENOTDIR):
        return FileWriteError(f"文件夹{place}不存在,“{path.name}”未能写出。", "请检查文件夹(或U盘)后再试。")
    if number == errno.ENAMETOOLONG:
        return FileWriteError(f"文件名“{path.name[:40]}…”过长,未能写出。", "请换一个较短的文件名后再试。")
    return FileWriteError(
        f"“{path.name}”未能写出({fault.strerror or fault})。", "请检查磁盘或U盘后再试,或换一个位置。"
    )
