"""The hashes taken over canonical JSON inside the data file.

Revision hashes speak of what a record says, never of who, when or where; change
hashes chain the log of one replica.
"""

from __future__ import annotations

import heapq
from hashlib import sha256

from mbo_desktop.domain.canonical import Body, dump, is_canonical, load, load_strictly


def revision_hash(
    *, type_name: str, uuid: str, owner: str, n: int, parents: list[str], deleted: bool,
    schema: int, body: str,
) -> bytes:
    """Hash over {type, uuid, owner, n, parents, deleted, schema, body}; body is canonical text.

    The text below is the canonical JSON of that object, put together because the body
    already is canonical and thousands are hashed in one go.
    """
    named = ",".join(f'"{parent}"' for parent in parents)
    text = (
        f'{{"body":{body},"deleted":{"true" if deleted else "false"},"n":{n},"owner":"{owner}",'
        f'"parents":[{named}],"schema":{schema},"type":"{type_name}","uuid":"{uuid}"}}'
    )
    return sha256(text.encode()).digest()


_PORTION = 5_000


def _sorted(hashes: list[bytes]) -> list[bytes]:
    """Sorted in portions: a hundred thousand at once would hold up the window for a tenth of a second."""
    return list(heapq.merge(*(
        sorted(hashes[start : start + _PORTION]) for start in range(0, len(hashes), _PORTION)
    )))


def change_hash(row: Body, prev: bytes, written: list[bytes], package: bytes = b"") -> bytes:
    """Hash of a log entry: the one before, the row, the sorted hashes of what it wrote.

    package: the hashes of the packages it made or took in, sorted, one after the other.
    """
    text = dump({
        "package": package.hex(),
        "prev": prev.hex(),
        "row": row,
        "written": [one.hex() for one in _sorted(written)],
    })
    return sha256(text.encode()).digest()


__all__ = [
    "Body", "change_hash", "dump", "is_canonical", "load", "load_strictly", "revision_hash",
]
