"""What a maintainer needs after trouble: versions, logs, the note of a hard crash; no business data."""

from __future__ import annotations

import io
import platform
import zipfile
from pathlib import Path

import PySide6

from mbo_desktop import PRODUCT_NAME, __version__
from ui.scrub import scrub

FAULT_NOTE = "fault.txt"
LAST_FAULT = "fault-last.txt"
LOG_NAME = "program.log"


def versions() -> str:
    """What runs here, for a report; no names, no data."""
    return "\n".join((
        f"{PRODUCT_NAME} {__version__}",
        f"Python {platform.python_version()} · Qt {PySide6.__version__}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ))


def schema_of(database: Path | None) -> str:
    """The version of the open data file's tables and the newest this program knows."""
    if database is None:
        return "数据文件:未打开"
    from mbo_desktop.store.migrations import runner

    return f"数据文件版本 {runner.read_header(database).user_version} / 程序支持到 {runner.latest()}"


def put_last_fault_aside(folder: Path) -> bool:
    """Whether the last run ended in a hard crash; its note is kept, so that it is told once."""
    note = folder / FAULT_NOTE
    try:
        if not note.exists() or not note.stat().st_size:
            return False
        note.replace(folder / LAST_FAULT)
    except OSError:
        # Another window of the program holds the file: it will be told when that is closed.
        return False
    return True


def texts(folder: Path, about: str) -> dict[str, str]:
    """What is handed over, by file name: logs and crash notes without data, and the given lines.

    A file that cannot be read is named in versions.txt.
    """
    found: dict[str, str] = {}
    missing = []
    names = {FAULT_NOTE, LAST_FAULT, *(path.name for path in folder.glob(f"{LOG_NAME}*"))}
    for name in sorted(names):
        try:
            text = (folder / name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            missing.append(f"{name}: {error.strerror}")
            continue
        found[name] = scrub(text)
    found["versions.txt"] = "\n".join((about, *missing)) + "\n"
    return found


def package(folder: Path, about: str) -> bytes:
    """A zip of exactly what `texts` shows."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts(folder, about).items():
            archive.writestr(name, text)
    return target.getvalue()
