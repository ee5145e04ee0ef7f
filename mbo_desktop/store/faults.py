"""What SQLite and the file system report, told in three parts in Chinese."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from mbo_desktop.errors import StorageError

UNCHANGED = "本次操作未写入任何内容,此前已保存的数据完好。"

_BY_TEXT = (
    ("database or disk is full", "磁盘空间已满,无法保存。", "请清理磁盘后重试这一步。"),
    (
        "readonly database", "数据文件夹不允许写入(只读),无法保存。",
        "请检查文件夹的权限或磁盘的写保护,或把数据文件夹移到可写的位置。",
    ),
    (
        "database is locked", "数据文件正被其他程序占用,等待后仍无法写入。",
        "请关闭正在备份、同步或查杀该文件夹的程序,再重试。",
    ),
    ("malformed", "数据文件已损坏,无法继续读写。", "请从“备份”恢复最近一次备份。"),
    # A flipped bit in a text can leave bytes that are no character any more.
    ("could not decode", "数据文件已损坏,有的文字已无法辨认。", "请从“备份”恢复最近一次备份。"),
    ("not a database", "数据文件已损坏或不是本系统的数据文件。", "请从“备份”恢复最近一次备份。"),
    (
        "unable to open", "数据文件打不开:文件不存在,或没有访问权限。",
        "请检查数据文件夹是否被移动、改名,以及访问权限。",
    ),
    (
        "disk i/o error", "读写磁盘时出错,无法保存。",
        "请检查磁盘空间和磁盘是否完好(移动磁盘是否松动),再重试。",
    ),
)


def told(error: sqlite3.Error, safe: str = UNCHANGED) -> StorageError | None:
    """The sentence for a fault of the machine; None when the fault is ours."""
    text = str(error).lower()
    for sign, what, todo in _BY_TEXT:
        if sign in text:
            return StorageError(what, safe, todo)
    return None


def told_of_system(error: OSError, path: Path, safe: str = UNCHANGED) -> StorageError:
    """The sentence for an operating system error on a file or folder of the data."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(f"磁盘空间已满,无法写入「{path.name}」。", safe, "请清理磁盘后重试。")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"没有写入「{path}」的权限(只读)。", safe,
            "请检查权限或写保护,或把数据文件夹放到可写的位置。",
        )
    if error.errno == errno.ENOENT:
        return StorageError(f"找不到「{path}」。", safe, "请检查它是否被移动、改名或删除。")
    return StorageError(
        f"读写「{path}」时出错({error.strerror or error})。", safe, "请检查磁盘后重试。"
    )


@contextmanager
def storage_faults(safe: str = UNCHANGED) -> Iterator[None]:
    """Turn faults of disk and file into StorageError; faults of ours pass through."""
    try:
        yield
    except DBAPIError as error:
        sentence = told(error.orig, safe) if isinstance(error.orig, sqlite3.Error) else None
        if sentence is None:
            raise
        raise sentence from error
    except sqlite3.Error as error:
        sentence = told(error, safe)
        if sentence is None:
            raise
        raise sentence from error
