"""One writer per data folder: the lock file with user, computer, time and process.

The lock itself is the operating system's on the open file, so that it ends with the
process however that dies; the text in the file only says who holds it. The file is
never deleted: another start may be waiting on the same one.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from pathlib import Path
from typing import IO

from mbo_desktop import clock
from mbo_desktop.store.faults import told_of_system
from mbo_desktop.store.folder import LOCK, machine_name

_WINDOWS_BYTE = 1 << 30
"""Windows locks a byte range and keeps others from reading it, so it lies far behind the text."""


class FolderLock:
    """The lock on a data folder; `holder` says in Chinese who has it when it was refused."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file: IO[bytes] | None = None
        self.holder = ""

    def acquire(self) -> bool:
        """Take the lock; False when another start holds it. A lock left by a dead start is taken."""
        try:
            file = self._path.open("r+b") if self._path.exists() else self._path.open("w+b")
        except OSError as error:
            raise told_of_system(error, self._path, "数据文件未被改动。") from error
        if not _lock(file):
            self.holder = _describe(file)
            file.close()
            return False
        self._file = file
        self._write({
            "user": _user(), "host": machine_name(), "pid": os.getpid(),
            "since": clock.now().isoformat(timespec="seconds"),
        })
        return True

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is None:
            return
        self._write(None)
        file, self._file = self._file, None
        try:
            _unlock(file)
            file.close()
        except OSError:
            # What it could not write was information only; the lock ends with the handle.
            self.holder = ""

    def _write(self, content: dict[str, object] | None) -> None:
        assert self._file is not None
        # Who holds it is information only: a full disk must not keep the folder from opening.
        try:
            self._file.seek(0)
            self._file.truncate()
            if content is not None:
                self._file.write(json.dumps(content, ensure_ascii=False).encode())
            self._file.flush()
        except OSError:
            self.holder = ""


def is_held(folder: Path) -> bool:
    """Whether another start has the folder; asks without taking it. OSError where that cannot be asked."""
    path = folder / LOCK
    # Who gives it back empties the file: an empty one is not touched, somebody may be about to take it.
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("r+b") as file:
        if not _lock(file):
            return True
        _unlock(file)
    return False


def _describe(file: IO[bytes]) -> str:
    try:
        file.seek(0)
        content = json.loads(file.read() or b"{}")
        since = str(content.get("since", ""))[:16].replace("T", " ")
        user, host = content.get("user", ""), content.get("host", "")
    except (OSError, ValueError, AttributeError):
        return "本机的另一个窗口"
    if not host:
        return "本机的另一个窗口"
    return f"{host}上的{user or '另一个用户'}({since}起)"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        file.seek(_WINDOWS_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_WINDOWS_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
