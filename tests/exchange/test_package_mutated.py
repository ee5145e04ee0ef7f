"""I14: a package whose bytes changed anywhere is refused, or its content is the same."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import make, photos

from mbo_desktop.errors import PackageError
from mbo_desktop.exchange import frame

Mutation = Callable[[bytearray, random.Random], None]


def flip_bit(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def set_byte(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.choice((0, 255, 0x50, dice.randrange(256)))


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def add_behind(data: bytearray, dice: random.Random) -> None:
    data += dice.randbytes(dice.randrange(1, 60))


def insert(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data))
    data[place:place] = dice.randbytes(dice.randrange(1, 20))


def remove(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data))
    del data[place : place + dice.randrange(1, 40)]


def blank(data: bytearray, dice: random.Random) -> None:
    """A sector of the stick that reads as zeros."""
    place = dice.randrange(len(data)) // 512 * 512
    part = data[place : place + 512]
    data[place : place + 512] = bytes(len(part))


def swap(data: bytearray, dice: random.Random) -> None:
    first, second = (dice.randrange(max(1, len(data) - 64)) for _ in range(2))
    data[first : first + 64], data[second : second + 64] = data[second : second + 64], data[first : first + 64]


def double(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data))
    data[place:place] = data[place : place + dice.randrange(1, 200)]


def header_byte(data: bytearray, dice: random.Random) -> None:
    """A byte of a header or of the directory: most of the file is content."""
    marks = [at for at in range(len(data) - 4) if data[at : at + 2] == b"PK"]
    at = dice.choice(marks or [0]) + dice.randrange(46)
    if at < len(data):
        data[at] = dice.randrange(256)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bit, flip_bit, flip_bit, header_byte, header_byte, set_byte, cut, add_behind, insert, remove, blank, swap, double,
)


def check(path: Path, data: bytes, count: int, seed: int) -> tuple[int, int]:
    """Mutated copies of a package: how many were refused, how many read the same."""
    path.write_bytes(data)
    right = frame.read_package(path)
    told: list[PackageError] = []
    same = 0
    dice = random.Random(seed)
    for number in range(count):
        broken = bytearray(data)
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            if broken:
                dice.choice(MUTATIONS)(broken, dice)
        path.write_bytes(broken)
        try:
            read = frame.read_package(path)
        except PackageError as error:
            told.append(error)
            continue
        # What is not content may differ: the clock of a member, the system that packed it.
        assert (read.manifest_text, read.lines, read.signature) == (
            right.manifest_text, right.lines, right.signature
        ), (seed, number)
        same += 1
    assert all(one.what and one.aloud and "Error" not in one.sentences() for one in told)
    return len(told), same


def packages(folder: Path) -> list[bytes]:
    """A report with evidence, one with plain text, a replica with its history."""
    made = (
        make(folder, 12, photos(2, 700)), make(folder, 0), make(folder, 2, log=('{"change":1}', '{"change":2}')),
    )
    found = []
    for number, maker in enumerate(made):
        found.append(frame.write_package(folder / f"{number}.zrb", maker.content()).read_bytes())
    return found


def test_mutated_packages(tmp_path: Path) -> None:
    for seed, data in enumerate(packages(tmp_path)):
        refused, same = check(tmp_path / "broken.zrb", data, 700, seed)
        assert refused > 0.9 * 700
        assert refused + same == 700


@pytest.mark.full
@pytest.mark.timeout(900)
def test_many_mutated_packages(tmp_path: Path) -> None:
    for seed, data in enumerate(packages(tmp_path)):
        refused, _ = check(tmp_path / "broken.zrb", data, 6700, 1000 + seed)
        assert refused > 0.9 * 6700


def test_every_bit_of_the_headers(tmp_path: Path) -> None:
    """Bits of a small package's first bytes and of its directory, one by one."""
    data = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 1).content()).read_bytes()
    path = tmp_path / "a.zrb"
    right = frame.read_package(path)
    start = data.index(b"PK\x01\x02")
    for place in (*range(120), *range(start, len(data))):
        for bit in range(8) if os.environ.get("MBO_FULL") else (0, 3):
            broken = bytearray(data)
            broken[place] ^= 1 << bit
            path.write_bytes(broken)
            try:
                read = frame.read_package(path)
            except PackageError:
                continue
            assert (read.manifest_text, read.lines) == (right.manifest_text, right.lines)


def test_mutated_sealed_package(tmp_path: Path) -> None:
    """Behind a password every flipped bit is noticed by the container itself."""
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 2).content(), password="六个字的口令")
    data = path.read_bytes()
    for place in (3, 90, len(data) - 1):
        broken = bytearray(data)
        broken[place] ^= 4
        path.write_bytes(broken)
        with pytest.raises(PackageError):
            frame.read_package(path, password="六个字的口令")
