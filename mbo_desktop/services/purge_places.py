"""Where else in the data folder a text stands: received copies, drafts, attachments."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from mbo_desktop.exchange.password import is_sealed
from mbo_desktop.store.folder import ATTACHMENTS, BACKUPS, DATABASE, LOCK, OPENER

_BLOCK = 1 << 20
_MOST = 400 << 20
"""Bytes of a packed member that are looked through."""


def spellings(text: str) -> tuple[bytes, ...]:
    """A text as files hold it."""
    found = {text.encode("utf-8"), text.encode("utf-16-le")}
    try:
        found.add(text.encode("gb18030"))
    except UnicodeEncodeError:
        return tuple(found)
    return tuple(found)


def holds(path: Path, text: str) -> bool:
    """Whether a file holds a text, plainly or within a zip; a sealed file cannot be told."""
    sought = spellings(text)
    with path.open("rb") as file:
        if _found(iter(lambda: file.read(_BLOCK), b""), sought):
            return True
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            for one in packed.infolist():
                if one.file_size <= _MOST and not one.flag_bits & 1:
                    with packed.open(one) as member:
                        if _found(iter(lambda: member.read(_BLOCK), b""), sought):
                            return True
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        return False
    return False


def _found(blocks: Iterator[bytes], sought: tuple[bytes, ...]) -> bool:
    longest, rest = max(map(len, sought)), b""
    for block in blocks:
        window = rest + block
        if any(one in window for one in sought):
            return True
        rest = window[-longest:]
    return False


def other_files(folder: Path, text: str) -> tuple[Path, ...]:
    """Files beside database, attachments and backups that hold the text, and sealed packages.

    Copies of received packages, drafts, files put aside: all of them can be had again.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or inside.parts[0] in (ATTACHMENTS, BACKUPS, LOCK, OPENER):
            continue
        if inside.name.startswith(DATABASE):
            continue
        with path.open("rb") as file:
            sealed = is_sealed(file.read(64))
        if sealed or holds(path, text):
            found.append(path)
    return tuple(found)
