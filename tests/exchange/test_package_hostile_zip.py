"""Zip files that hide, overlap, lie or swell, with content that is rightly signed: none is accepted."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_forge import Attack, Forge, run

from mbo_desktop.exchange import frame

ATTACKS: dict[str, Attack] = {}


def attack(made: Attack) -> Attack:
    ATTACKS[made.__name__] = made
    return made


@attack
def member_more(forge: Forge) -> None:
    name = forge.dice.choice([
        "readme.txt", "blobs/x", "blobs/", "../x", "/etc/passwd", "C:\\x", "blobs/../../x", "manifest.json ", "log.jsonl",
        "Manifest.json", "records.jsonl/", "a" * 3000,
    ])
    place = forge.dice.randrange(2, 7)
    forge.order = lambda members: [*members[:place], (name, b"x"), *members[place:]]


@attack
def member_twice(forge: Forge) -> None:
    place = forge.dice.randrange(7)
    forge.order = lambda members: [*members, members[place]]


@attack
def member_gone(forge: Forge) -> None:
    place = forge.dice.randrange(7)
    forge.order = lambda members: [*members[:place], *members[place + 1 :]]


@attack
def members_out_of_order(forge: Forge) -> None:
    place = forge.dice.randrange(6)
    forge.order = lambda members: [*members[:place], members[place + 1], members[place], *members[place + 2 :]]


@attack
def other_mimetype(forge: Forge) -> None:
    said = forge.dice.choice([b"application/zip", b"", frame.MIME_TYPE.encode() + b"\n"])
    forge.order = lambda members: [("mimetype", said), *members[1:]]


@attack
def member_encrypted(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), flags=forge.dice.choice([1, 0x41, 0x2001]))


@attack
def member_with_descriptor(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), flags=8)


@attack
def member_with_extra(forge: Forge) -> None:
    extra = forge.dice.choice([b"UT\5\0\0\0\0\0\0", struct.pack("<HHQQ", 1, 16, 5, 5), b"x", struct.pack("<HHB", 0x7075, 1, 1)])
    forge.trick(forge.dice.randrange(7), extra=extra)


@attack
def member_with_comment(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), comment=b"hello")


@attack
def archive_with_comment(forge: Forge) -> None:
    forge.comment = forge.dice.choice([b"x", b"PK\5\6" + bytes(18)])


@attack
def something_before(forge: Forge) -> None:
    forge.prefix = forge.dice.choice([b"MZ", b"#!/bin/sh\n", b"\0", b"PK\3\4" + bytes(26)])


@attack
def something_behind(forge: Forge) -> None:
    forge.suffix = forge.dice.choice([b"\0", b"x" * 30, b"PK\5\6" + bytes(18)])


@attack
def something_between(forge: Forge) -> None:
    forge.gap = forge.dice.choice([b"\0", b"hidden", b"PK\6\6" + bytes(52), b"PK\6\7" + bytes(16)])


@attack
def hole_behind_a_member(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), descriptor=b"PK\7\x08" + bytes(12))


@attack
def members_overlap(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(1, 7), offset=forge.dice.choice([0, 5, 10**6, 2**32 - 1]))


@attack
def headers_differ(forge: Forge) -> None:
    """Some programs believe the one header, some the other."""
    forge.trick(2, local_raw=b"manifest.sjg")


@attack
def header_sizes_differ(forge: Forge) -> None:
    forge.trick(0, local=(20, 0, 0, 0, 33, 5, 5, 5, 8))


@attack
def sizes_lie(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), size=forge.dice.choice([0, 1, 5, 2**31, 2**32 - 1]))


@attack
def checksum_lies(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), crc=forge.dice.randrange(2**32))


@attack
def odd_method(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), method=forge.dice.choice([1, 9, 12, 14, 93, 99, 65535]))


@attack
def odd_version(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), needed=forge.dice.choice([45, 46, 51, 63, 65535]))


@attack
def link_or_folder(forge: Forge) -> None:
    forge.trick(forge.dice.randrange(7), mode=forge.dice.choice([0o120777 << 16, 0o040755 << 16, 0x10, 0o010644 << 16]))


@attack
def bomb(forge: Forge) -> None:
    """A deflated member that says less than it gives."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(50_000_000)) + packer.flush()
    forge.trick(forge.dice.choice([1, 3, 6]), method=8, stored=packed, size=forge.dice.choice([200, 5000]))


@attack
def bomb_that_tells_its_size(forge: Forge) -> None:
    forge.lines = [" " * 7_000_000] * 2
    forge.trick(3, method=8)


@attack
def two_streams(forge: Forge) -> None:
    def twice(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(members[3][1]) + packer.flush()
        forge.trick(3, method=8, stored=packed + forge.dice.choice([packed, b"\0", b"x" * 9]))
        return members

    forge.order = twice


@attack
def name_of_other_letters(forge: Forge) -> None:
    forge.trick(6, raw="封面.html".encode("gbk"), flags=forge.dice.choice([0, 0x800]))


@attack
def cover_active(forge: Forge) -> None:
    forge.page = forge.page.replace("</body>", forge.dice.choice([
        "<script>alert(1)</script>", "<img src=file:///c:/x>", "<iframe>", "<p onclick='x'>", "<!--[if IE]>", "<a href='x'>",
        "<link rel=x>", "<form>", "<object>", "\x00",
    ]) + "</body>")


@attack
def cover_of_another_package(forge: Forge) -> None:
    forge.page = forge.dice.choice([forge.page.replace("I" * 64, "J" * 64), "", "<p>", forge.page * 40])


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_zips(tmp_path: Path, name: str) -> None:
    for seed in range(3):
        assert run(ATTACKS, tmp_path, name, seed)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_many_hostile_zips(tmp_path: Path) -> None:
    names = sorted(ATTACKS)
    for number in range(1000):
        assert run(ATTACKS, tmp_path, names[number % len(names)], number)
