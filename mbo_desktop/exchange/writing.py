"""Writing a file so that it is on the stick when the program says so.

.part → fsync → read back → rename → fsync of the folder. Under its own name a file is
whole or not there; what goes wrong is told in a sentence.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mbo_desktop.errors import FileWriteError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_GONE = {errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOENT, errno.ENOTDIR, errno.ESTALE}
_WINDOWS = {19: "protected", 21: "gone", 27: "gone", 32: "open", 33: "open", 112: "full", 1117: "gone", 1167: "gone"}
"""Windows error numbers: write-protected, not ready, sector not found, in use, full, device gone."""
_TOO_LARGE = {errno.EFBIG}
_BLOCK = 1 << 20
_BAD_IN_NAMES = '\\/:*?"<>|'


def safe_name(text: str) -> str:
    """A file name that every system takes, made of a text: no \\ / : * ? " < > |, at most 80 letters."""
    kept = "".join("_" if one in _BAD_IN_NAMES or not one.isprintable() else one for one in text)
    return kept[:80].strip(" .") or "_"


def write_durably(path: Path, blocks: Iterable[bytes]) -> str:
    """Write blocks to a file and return their SHA-256; raises FileWriteError.

    A file of that name is replaced only by a whole new one.
    """
    part = path.with_name(path.name + ".part")
    try:
        digest = _write(part, blocks)
        if _read_back(part) != digest:
            raise FileWriteError(
                f"“{path.name}”写入后读回核对不一致,U盘或磁盘不可靠。",
                "请换一个U盘再写;这个U盘先不要再存放其他重要文件。",
                "数据未受影响,没有留下不完整的文件。",
            )
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as fault:
        raise explained(fault, path) from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return digest


def _write(part: Path, blocks: Iterable[bytes]) -> str:
    digest = sha256()
    # A leftover, or a link somebody put there: never written through.
    part.unlink(missing_ok=True)
    with part.open("xb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read_back(part: Path) -> str:
    """The hash of what the medium gives, not of what memory remembers, where the system allows."""
    digest = sha256()
    with part.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as fault:
        # Some file systems of sticks cannot sync a folder; the file itself is safe.
        if fault.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def explained(fault: OSError, path: Path) -> FileWriteError:
    """What a fault of the medium means while a file was written, in words."""
    place, kind = f"“{path.parent}”", _WINDOWS.get(getattr(fault, "winerror", None) or 0, "")
    number = fault.errno
    if kind == "full" or number in _FULL:
        return FileWriteError(f"{place}空间不足,“{path.name}”未能写出。", "请删去U盘上不用的文件,或换一个U盘后再写。")
    if kind == "protected" or number in _READ_ONLY:
        return FileWriteError(f"{place}是只读的,“{path.name}”未能写出。", "请关闭U盘的写保护开关,或换一个U盘后再写。")
    if kind == "gone" or number in _GONE:
        return FileWriteError(
            f"写“{path.name}”时U盘或文件夹{place}不见了。", "请重新插好U盘,确认能打开后再写。",
            "数据未受影响。U盘上如有名称以“.part”结尾的文件,是没有写完的,可以删除。",
        )
    if kind == "open" or number in (errno.EBUSY, errno.ETXTBSY):
        return FileWriteError(f"“{path.name}”正被其他程序打开,未能写出。", "请关闭打开它的程序后再写,或换一个文件夹。")
    if number in _FORBIDDEN:
        return FileWriteError(f"没有在{place}中写文件的权限,“{path.name}”未能写出。", "请换一个可以写入的文件夹;U盘带写保护开关的,请先关闭。")
    if number in _TOO_LARGE:
        return FileWriteError(f"“{path.name}”超过这个U盘单个文件的上限,未能写出。", "请换一个exFAT或NTFS格式的U盘后再写。")
    if number in (errno.ENAMETOOLONG, errno.EINVAL):
        return FileWriteError(f"这个位置不接受文件名“{path.name[:40]}”,未能写出。", "请换一个文件夹后再写。")
    return FileWriteError(f"“{path.name}”未能写出({fault.strerror or fault})。", "请检查磁盘或U盘后再写,或换一个位置。")
