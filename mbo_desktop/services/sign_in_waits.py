"""Wrong passwords in a row, counted beside the data file: ending the program does not shorten the wait.

A try is entered before the password is looked at, and taken out again when it was right.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain import accounts
from mbo_desktop.errors import NotAllowedError

FILE = "登录失败.json"
log = logging.getLogger("mbo.accounts")
_kept: dict[Path, dict[str, Any]] = {}
"""What could not be written (a folder that may only be read) counts in this process."""


def failures(folder: Path, name: str) -> int:
    """Wrong passwords since the last right one."""
    return _entry(folder, name)[0]


def seconds(folder: Path, name: str) -> int:
    """How long to wait before the next try."""
    count, last = _entry(folder, name)
    return accounts.still_to_wait(count, last, clock.now())


def begin(folder: Path, name: str) -> None:
    """Enter a try; NotAllowedError while one has to wait."""
    left = seconds(folder, name)
    if left:
        raise NotAllowedError(
            f"密码连续{failures(folder, name)}次不对,还要等{_words(left)}。", "到时再试;忘记密码的请管理员重设。",
            "数据未受影响。",
        )
    _write(folder, name, failures(folder, name) + 1)


def succeeded(folder: Path, name: str) -> int:
    """Take the tries out again; how many were wrong before this one."""
    count = failures(folder, name)
    _write(folder, name, 0)
    return max(0, count - 1)


def _words(left: int) -> str:
    return f"{left}秒" if left < 60 else f"{-(-left // 60)}分钟"


def _entry(folder: Path, name: str) -> tuple[int, datetime]:
    found = _read(folder).get(name)
    try:
        count, at = int(found["count"]), datetime.fromisoformat(found["at"])  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        return 0, clock.now()
    return (count, at) if at.tzinfo else (0, clock.now())


def _read(folder: Path) -> dict[str, Any]:
    if folder in _kept:
        return _kept[folder]
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: Path, name: str, count: int) -> None:
    entries = dict(_read(folder))
    entries.pop(name, None)
    if count:
        entries[name] = {"count": count, "at": clock.now().isoformat()}
    path, part = folder / FILE, folder / (FILE + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(entries, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _kept.pop(folder, None)
    except OSError as error:
        log.info("tries are counted in memory only: %s", error.strerror)
        _kept[folder] = entries
        with suppress(OSError):
            part.unlink(missing_ok=True)
