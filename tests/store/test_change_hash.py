"""The hash of a log entry over very many revisions is that over their sorted list."""

from __future__ import annotations

from hashlib import sha256

import pytest

from mbo_desktop.store.canonical import change_hash, dump


@pytest.mark.parametrize("count", [0, 1, 4_999, 5_000, 5_001, 12_345])
def test_portions_are_merged_to_the_sorted_whole(count: int) -> None:
    hashes = [sha256(str(number).encode()).digest() for number in range(count)]
    row = {"seq": 1, "label": "导入"}
    plain = dump({
        "package": "", "prev": "00", "row": row, "written": sorted(one.hex() for one in hashes),
    })
    assert change_hash(row, b"\0", hashes) == sha256(plain.encode()).digest()
    assert change_hash(row, b"\0", hashes[::-1]) == change_hash(row, b"\0", hashes)
