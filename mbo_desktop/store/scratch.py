"""Scratch folders for copies of the data file: gone with the work, or at the next start when the program was killed.

Such a copy holds everything, also what is purged later, so none may stay behind in the
system's temporary folder. All of one process lie in a folder that it holds locked.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mbo_desktop.errors import ProgramError
from mbo_desktop.store.faults import told_of_system
from mbo_desktop.store.folder import LOCK
from mbo_desktop.store.lock import FolderLock

_PREFIX = "mbo-work-"
_held: list[FolderLock] = []
_base: Path | None = None
_making = threading.Lock()


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """A folder of one's own while the block lasts; StorageError where the system gives none."""
    made = lasting_folder(name)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def lasting_folder(name: str = "open") -> Path:
    """A folder for what another program is to open; it goes when this one ends, or at a later start.

    StorageError where the system gives none.
    """
    try:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_own_base()))
    except OSError as error:
        raise told_of_system(error, Path(tempfile.gettempdir()), "数据文件未被改动。") from error


def sweep() -> int:
    """Remove what killed programs of this user left behind; how many folders."""
    count = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ProgramError):
            if folder == _base or folder.is_symlink() or not (folder / LOCK).is_file() or not _is_mine(folder):
                continue
            lock = FolderLock(folder)
            if lock.acquire():
                lock.release()
                _clear(folder)
                count += 1
    return count


def _is_mine(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _own_base() -> Path:
    global _base
    with _making:
        while _base is None or not _base.is_dir():
            made = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = FolderLock(made)
            if lock.acquire():
                _held.append(lock)
                _base = made
                atexit.register(_leave, made, lock)
        return _base


def _leave(folder: Path, lock: FolderLock) -> None:
    lock.release()
    _clear(folder)


def _clear(folder: Path) -> None:
    """Remove a folder; what another program still holds stays, with the mark by which it is swept later."""
    with suppress(OSError):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                # Copies to look at are read-only; Windows deletes none such.
                path.chmod(0o600)
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != LOCK:
                path.unlink()
        if [path.name for path in folder.iterdir()] == [LOCK]:
            shutil.rmtree(folder)
