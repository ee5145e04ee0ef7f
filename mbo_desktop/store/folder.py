"""The data folder: what stands in it, and whether data may live there.

mbo.db · 打开.zrd (opens the folder by double-click) · mbo.lock · attachments/ · backups/
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mbo_desktop import PRODUCT_NAME
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store.faults import told_of_system

DATABASE = "mbo.db"
OPENER = "打开.zrd"
LOCK = "mbo.lock"
ATTACHMENTS = "attachments"
BACKUPS = "backups"
ASIDE = "待查文件"
"""Where the data check puts what it moves out of the way."""

_NETWORK_SYSTEMS = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "davfs",
    "fuse.sshfs", "fuse.davfs2", "fuse.davfs", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone",
}
_NOTHING_DONE = "没有写入任何内容。"


def resolve(path: Path) -> Path:
    """The data folder meant by a path: the folder, its 打开.zrd or its mbo.db."""
    path = Path(path)
    if path.is_file() and (path.suffix == Path(OPENER).suffix or path.name == DATABASE):
        path = path.parent
    return path.resolve()


def prepare(folder: Path) -> None:
    """Make a new data folder ready; NotAllowedError when something else stands in it."""
    refuse_network(folder)
    if (folder / DATABASE).exists():
        raise NotAllowedError(
            f"「{folder}」已经是一个数据文件夹。", "请直接打开它,或另选一个空文件夹。"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotAllowedError(
            f"「{folder}」里已有其他文件。", "请选一个空文件夹,或输入一个新的文件夹名。"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ATTACHMENTS).mkdir(exist_ok=True)
        (folder / BACKUPS).mkdir(exist_ok=True)
    except OSError as error:
        raise told_of_system(error, folder, _NOTHING_DONE) from error


def write_opener(folder: Path) -> None:
    """Write 打开.zrd; raises StorageError when the folder cannot be written."""
    content = {"format": "mbo-data-folder", "version": 1, "程序": PRODUCT_NAME}
    write_durably(
        folder / OPENER, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    )


def write_durably(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: .part, fsync, rename, fsync of the folder."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        discard(part)
        raise told_of_system(error, path) from error


def discard(*paths: Path) -> None:
    """Remove leftovers; that this fails too must not hide why they are left over."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system lets a folder be synced."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def require(folder: Path) -> Path:
    """The data file in the folder; StorageError when there is none."""
    database = folder / DATABASE
    if not database.is_file():
        raise StorageError(
            f"「{folder}」不是数据文件夹(其中没有{DATABASE})。", _NOTHING_DONE,
            "请选择含有“打开.zrd”的文件夹;如文件夹被移动过,请到新位置打开。",
        )
    return database


def require_writable(folder: Path) -> None:
    """StorageError when nothing can be written into the folder (asked by writing a file)."""
    probe = folder / f".写入检查-{os.getpid()}"
    try:
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as error:
        discard(probe)
        raise told_of_system(error, folder, "数据文件未被改动。") from error


def refuse_network(folder: Path) -> None:
    """StorageError for a folder on a network share, where file locks cannot be relied on."""
    if on_network(folder):
        raise StorageError(
            f"「{folder}」在网络共享上。多台电脑同时写入会损坏数据,本系统只使用本机磁盘。",
            _NOTHING_DONE,
            "请把数据文件夹放在本机磁盘;多人分工请各用一份,再用数据包合并。",
        )


def on_network(folder: Path) -> bool:
    """Whether the folder lies on a network share, as far as the system tells."""
    if sys.platform == "win32":
        import ctypes

        drive = folder.resolve().drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == 4
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return file_system(folder.resolve(), mounts) in _NETWORK_SYSTEMS


def file_system(path: Path, mounts: str) -> str:
    """Kind of the file system a path lies on, from the text of the mount table."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(parts[1].replace("\\040", " ").replace("\\011", "\t"))
        if path.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = parts[2], len(point.parts)
    return kind


def place(folder: Path) -> str:
    """Fingerprint of this machine, path and file: a new one begins a new replica."""
    state = (folder / DATABASE).stat()
    facts = (machine_name(), _machine_number(), str(folder.resolve()), str(state.st_ino))
    return sha256("\n".join(facts).encode()).hexdigest()


def machine_name() -> str:
    """Name of this computer, as the log shows it."""
    import platform

    return platform.node() or "本机"


def _machine_number() -> str:
    for file in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            return Path(file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
    return ""
