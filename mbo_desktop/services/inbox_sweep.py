"""Copies of received files that nobody needs any more are removed from the inbox; what was never taken in stays.

Everything a package brought stands in the data since it was taken in: its copy only helps to repair
damage soon after. A copy with a password says in a note beside it which package it is, because it
cannot be looked into again.
"""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.exchange import Manifest, PackageKind, PackageState
from mbo_desktop.errors import ProgramError
from mbo_desktop.exchange import manifest
from mbo_desktop.exchange.frame import MANIFEST
from mbo_desktop.exchange.limits import LIMITS, SUFFIX
from mbo_desktop.services import package_register
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.store.database import Store

KEEP_DAYS = 90
FOLDER = "inbox"
_NOTE = ".json"
log = logging.getLogger("mbo.storage")


def note_sealed(copy: Path, package: str) -> None:
    """Write down which package a copy with a password is; where that fails the copy is kept for good."""
    with suppress(OSError):
        copy.with_suffix(_NOTE).write_text(json.dumps({"package": package}), encoding="utf-8")


def sweep(store: Store) -> int:
    """Remove copies of packages that were taken in, or are for somebody else, more than `KEEP_DAYS` ago; how many.

    Those taken in and withdrawn stay, as do those that are waiting, in 隔离区, or cannot be told.
    """
    if store.read_only:
        return 0
    limit = clock.today() - timedelta(days=KEEP_DAYS)
    old = [path for path in sorted((store.folder / FOLDER).glob(f"*{SUFFIX}")) if _day_of(path) < limit]
    if not old:
        return 0
    known = {one.package: one for one in package_register.packages(store)}
    removed = 0
    for path in old:
        if _is_done_with(path, known, limit, store.owner.hex):
            # What cannot be removed today is tried again tomorrow.
            with suppress(OSError):
                path.unlink()
                path.with_suffix(_NOTE).unlink(missing_ok=True)
                removed += 1
    if removed:
        log.info("%d copies removed from the inbox", removed)
    return removed


def _day_of(path: Path) -> date:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=clock.now().tzinfo).date()
    except OSError:
        return date.max


def _is_done_with(path: Path, known: Mapping[str, PackageRow], limit: date, own: str) -> bool:
    said = _manifest(path)
    package = manifest.identity(said[0]) if said is not None else _noted(path)
    here = known.get(package)
    if here is not None and here.state is PackageState.APPLIED:
        return not here.withdrawn and here.on is not None and here.on < limit
    return said is not None and _is_for_others(said[1], own)


def _is_for_others(said: Manifest, own: str) -> bool:
    """Made here, or addressed to another office; another PC's copy is of this office and not for others."""
    if said.sender.office == own:
        return said.kind is not PackageKind.REPLICA
    return bool(said.recipient) and said.recipient != own


def _manifest(path: Path) -> tuple[str, Manifest] | None:
    """The manifest's text and what it says; None for what is sealed or damaged."""
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo(MANIFEST).file_size > LIMITS.manifest:
                return None
            text = packed.read(MANIFEST).decode("utf-8")
        return text, manifest.from_text(text, path.name)
    except (OSError, ValueError, KeyError, NotImplementedError, zipfile.BadZipFile, ProgramError):
        return None


def _noted(path: Path) -> str:
    try:
        said = json.loads(path.with_suffix(_NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(said.get("package", "")) if isinstance(said, dict) else ""
