"""Unpacking in blocks: what ends just behind a full block is whole, what is longer than it says is refused."""

from __future__ import annotations

import io
import zlib

import pytest

from mbo_desktop.errors import PackageDamagedError
from mbo_desktop.exchange import zip_profile
from mbo_desktop.exchange.zip_profile import Member

BLOCK = zip_profile._BLOCK


def packed_records(amount: int, size: int) -> tuple[bytes, bytes]:
    """Lines that repeat themselves, cut to so many bytes; and the same packed."""
    line = f'{{"body":{{"amount":"{amount}","note":"1"}},"deleted":false}}\n'.encode()
    data = (line * (size // len(line) + 1))[:size]
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return data, packer.compress(data) + packer.flush()


def member_of(packed: bytes, size: int, crc: int) -> Member:
    return Member("records.jsonl", 0, 8, crc, len(packed), size)


@pytest.mark.parametrize(("amount", "more"), [(123646, 8), (2208, 27), (2208, -1), (2208, 0), (2208, 1)])
def test_content_that_ends_just_behind_a_full_block_is_whole(amount: int, more: int) -> None:
    """The opener has taken its last bytes and still holds the last letters: one such size in some thousand."""
    data, packed = packed_records(amount, BLOCK + more)
    member = member_of(packed, len(data), zlib.crc32(data))
    assert b"".join(zip_profile.blocks(io.BytesIO(packed), member, "a.zrb", most=len(data))) == data


@pytest.mark.parametrize("more", [-1, 1, 8])
def test_a_size_that_is_not_that_of_the_content_is_refused(more: int) -> None:
    data, packed = packed_records(123646, BLOCK + 8)
    member = member_of(packed, len(data) + more, zlib.crc32(data))
    with pytest.raises(PackageDamagedError):
        b"".join(zip_profile.blocks(io.BytesIO(packed), member, "a.zrb", most=2 * BLOCK))


@pytest.mark.parametrize("tail", [b"\0", b"\x03\0", b"x" * BLOCK])
def test_nothing_may_stand_behind_the_content(tail: bytes) -> None:
    data, packed = packed_records(2208, BLOCK + 27)
    member = member_of(packed + tail, len(data), zlib.crc32(data))
    with pytest.raises(PackageDamagedError):
        b"".join(zip_profile.blocks(io.BytesIO(packed + tail), member, "a.zrb", most=2 * BLOCK))


def test_content_without_its_end_is_refused() -> None:
    data, packed = packed_records(2208, BLOCK + 27)
    member = member_of(packed[:-1], len(data), zlib.crc32(data))
    with pytest.raises(PackageDamagedError):
        b"".join(zip_profile.blocks(io.BytesIO(packed[:-1]), member, "a.zrb", most=2 * BLOCK))
