"""The hashes taken over canonical JSON inside the data file.

Revision hashes speak of what a record says, never of who, when or where; change
hashes chain the log of one replica.
"""

from __future__ import annotations

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


def change_hash(row: Body, prev: bytes, written: list[bytes], package: bytes = b"") -> bytes:
    """Hash of a log entry: the one before, the row, the sorted hashes of what it wrote.

    package: the hashes of the packages it made or took in, sorted, one after the other.
    """
    text = dump({
        "package": package.hex(),
        "prev": prev.hex(),
        "row": row,
        "written": sorted(one.hex() for one in written),
    })
    return sha256(text.encode()).digest()


__all__ = [
    "Body", "change_hash", "dump", "is_canonical", "load", "load_strictly", "revision_hash",
]
