"""Files that records name and that travel with them: hashes in bodies, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mbo_desktop.domain.exchange import BlobEntry
from mbo_desktop.exchange.frame import ReadPackage
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.purging import purged

_HASH = re.compile(r"[0-9a-f]{64}").fullmatch
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LISTED = "evidence"
"""A list of plain hashes (papers of an adjustment)."""


def named_in(value: Any) -> Iterable[tuple[str, str]]:
    """(hash, name) of every file that a body names, at whatever depth."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key.endswith("_hash") and isinstance(one, str) and _HASH(one):
                name = value.get("file_name") or value.get("name") or ""
                yield one, str(name) if key == "file_hash" else ""
            elif key == _LISTED and isinstance(one, list):
                yield from ((each, "") for each in one if isinstance(each, str) and _HASH(each))
            else:
                yield from named_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from named_in(one)


def carried(store: Store, bodies: Iterable[Mapping[str, Any]]) -> tuple[tuple[BlobEntry, ...], int]:
    """The files these bodies name, each once, and how many of them are not in the attachments."""
    names: dict[str, str] = {}
    for body in bodies:
        for digest, name in named_in(body):
            names[digest] = names.get(digest) or name
    found, lacking = [], 0
    for digest, name in sorted(names.items()):
        path = attachments.blob_path(store.folder, digest)
        if path.is_file():
            plain = _FORBIDDEN.sub("_", name).strip()[:200] or f"附件{digest[:8]}"
            found.append(BlobEntry(digest, path.stat().st_size, plain))
        else:
            lacking += 1
    return tuple(found), lacking


def copy_in(store: Store, package: ReadPackage) -> None:
    """Keep the files that a package carries; named by their content, so that a failed import leaves no harm."""
    with store.read() as connection:
        gone = purged(connection)
    lacking = [
        one.sha256 for one in package.manifest.blobs
        if one.sha256 not in gone and not attachments.blob_path(store.folder, one.sha256).is_file()
    ]
    for digest in lacking:
        attachments.blob_path(store.folder, digest).parent.mkdir(parents=True, exist_ok=True)
    package.copy_blobs(lambda one: attachments.blob_path(store.folder, one.sha256), lacking)


def paths(store: Store, blobs: Iterable[BlobEntry]) -> dict[str, Path]:
    """Where the files of a manifest stand."""
    return {one.sha256: attachments.blob_path(store.folder, one.sha256) for one in blobs}
