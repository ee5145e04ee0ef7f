"""The strict zip profile: members one after the other, nothing between, before or behind.

Any zip program can open what is written here, but only files of exactly this form are
read: no extra fields, comments, descriptors, zip64, encryption, gaps or overlaps, and
the two headers of each member say the same. So nothing can hide in a package and no
two programs can see different content in it. Offsets and fields follow PKWARE's
APPNOTE 6.3 (4.3.7, 4.3.12, 4.3.16).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mbo_desktop.exchange import faults
from mbo_desktop.exchange.limits import LIMITS, Limits

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_UTF8 = 0x800
_HARMLESS_FLAGS = _UTF8 | 0x006
"""The name is UTF-8; how hard the packer tried."""
_DAY = (1 << 5) | 1
"""1980-01-01, the earliest a zip can say: when a package was made stands in its manifest."""
_UNIX, _VERSION = 3, 20
_FILE_MODE = 0o100644 << 16
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Content:
    """A member to be written: its bytes come in blocks, the same each time they are asked for."""

    name: str
    blocks: Callable[[], Iterable[bytes]]
    packed: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a package as both its headers describe it."""

    name: str
    offset: int
    """Where its data begins."""
    method: int
    crc: int
    packed: int
    size: int


def of_bytes(name: str, data: bytes, *, packed: bool = True) -> Content:
    """A member whose bytes are at hand."""
    return Content(name, lambda: (data,), packed)


def write(members: Iterable[Content]) -> Iterator[bytes]:
    """The bytes of the zip in blocks; the same members give the same bytes.

    ValueError when a member's blocks differ from one time to the next.
    """
    directory: list[bytes] = []
    offset = 0
    for content in members:
        name = content.name.encode()
        flags = 0 if content.name.isascii() else _UTF8
        method = _DEFLATED if content.packed else _STORED
        size, crc, packed = _measure(content)
        about = (flags, method, 0, _DAY, crc, packed, size, len(name), 0)
        yield _LOCAL.pack(_LOCAL_MARK, _VERSION, *about) + name
        again = 0
        for block in content.blocks():
            again = zlib.crc32(block, again)
            if not content.packed:
                yield block
        if again != crc:
            raise ValueError(f"{content.name} changed while it was written")
        if content.packed:
            yield from _packed(content)
        directory.append(
            _CENTRAL.pack(
                _CENTRAL_MARK, _VERSION, _UNIX, _VERSION, 0, *about, 0, 0, 0, _FILE_MODE, offset
            ) + name
        )
        offset += _LOCAL.size + len(name) + packed
    whole = b"".join(directory)
    yield whole + _END.pack(
        _END_MARK, 0, 0, len(directory), len(directory), len(whole), offset, 0
    )


def _measure(content: Content) -> tuple[int, int, int]:
    size = crc = 0
    for block in content.blocks():
        size += len(block)
        crc = zlib.crc32(block, crc)
    packed = sum(map(len, _packed(content))) if content.packed else size
    return size, crc, packed


def _packed(content: Content) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    for block in content.blocks():
        yield packer.compress(block)
    yield packer.flush()


def directory(file: BinaryIO, size: int, name: str, limits: Limits = LIMITS) -> tuple[Member, ...]:
    """The members of a file of this profile in their order; raises PackageError.

    size: bytes of the file; name: as the user knows it.
    """
    if size > limits.file:
        raise faults.too_large(name, f"{size // 1_000_000} MB")
    file.seek(0)
    if file.read(4) != _LOCAL_MARK:
        raise faults.not_ours(name)
    if size < _END.size:
        raise faults.cut_off(name)
    file.seek(size - _END.size)
    mark, disk, first, here, count, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != _END_MARK:
        raise faults.cut_off(name)
    if disk or first or comment or here != count:
        raise faults.packed_again(name, "结尾有多余内容")
    if not 3 <= count <= limits.blobs + 8 or start + length + _END.size != size:
        raise faults.packed_again(name, "目录的大小不对")
    file.seek(start)
    listed = _listed(file.read(length), count, name)
    place = 0
    members: list[Member] = []
    for member, header, offset in listed:
        if offset != place:
            raise faults.packed_again(name, "各部分之间有空隙或重叠")
        file.seek(offset)
        if file.read(len(header)) != header:
            raise faults.packed_again(name, "目录与内容不一致")
        members.append(member)
        place = member.offset + member.packed
        if place > start:
            raise faults.packed_again(name, "各部分之间有空隙或重叠")
    if place != start:
        raise faults.packed_again(name, "各部分之间有空隙或重叠")
    return tuple(members)


def _listed(data: bytes, count: int, name: str) -> list[tuple[Member, bytes, int]]:
    """Each member with the bytes its local header must have, and where that stands."""
    found = []
    seen: set[str] = set()
    place = 0
    for _ in range(count):
        if place + _CENTRAL.size > len(data):
            raise faults.packed_again(name, "目录的大小不对")
        fields = _CENTRAL.unpack_from(data, place)
        mark, _, _, needed, _, flags, method, clock, day = fields[:9]
        crc, packed, size, name_size, extra, comment, disk, _, mode, offset = fields[9:]
        place += _CENTRAL.size
        raw = data[place : place + name_size]
        place += name_size
        if mark != _CENTRAL_MARK or len(raw) != name_size:
            raise faults.packed_again(name, "目录的大小不对")
        if flags & 1:
            raise faults.packed_again(name, "用压缩软件另加了密码")
        odd = extra or comment or disk or flags & ~_HARMLESS_FLAGS or needed > _VERSION
        if odd or method not in (_STORED, _DEFLATED) or mode & 0x10 or mode >> 28 not in (0, 8):
            raise faults.packed_again(name, "有本系统不使用的压缩方式")
        if method == _STORED and packed != size:
            raise faults.packed_again(name, "目录与内容不一致")
        label = _name(raw, flags, name)
        if label in seen:
            raise faults.packed_again(name, "有重名的部分")
        seen.add(label)
        header = _LOCAL.pack(
            _LOCAL_MARK, fields[3] | fields[4] << 8, flags, method, clock, day, crc, packed, size,
            name_size, 0,
        ) + raw
        found.append((Member(label, offset + len(header), method, crc, packed, size), header, offset))
    if place != len(data):
        raise faults.packed_again(name, "目录的大小不对")
    return found


def _name(raw: bytes, flags: int, name: str) -> str:
    try:
        label = raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise faults.packed_again(name, "有不认识的文件名") from error
    return label


def blocks(
    file: BinaryIO, member: Member, name: str, *, most: int, limits: Limits = LIMITS,
    packed: list[bytes] | None = None,
) -> Iterator[bytes]:
    """A member's content in blocks, never more than `most` bytes; raises PackageError.

    Complete only when the iterator ends: length and checksum are compared then. packed: a list
    that is given the bytes as they stand in the file, for `unpacked`.
    """
    if member.size > most:
        raise faults.too_large(name, f"{member.name}有{member.size:,}字节")
    if member.size > limits.ratio_free and member.size > member.packed * limits.ratio:
        raise faults.too_large(name, f"{member.name}解压后大小异常")
    source = _stored(file, member, name)
    if packed is not None:
        source = _noted(source, packed)
    got = crc = 0
    for block in source if member.method == _STORED else _inflated(source, member, name):
        got += len(block)
        crc = zlib.crc32(block, crc)
        yield block
    if got != member.size or crc != member.crc:
        raise faults.damaged(name, member.name)


def unpacked(member: Member, packed: bytes) -> bytes:
    """The content of what `blocks` noted; it was measured and compared then."""
    return packed if member.method == _STORED else zlib.decompress(packed, -15)


def _noted(source: Iterable[bytes], packed: list[bytes]) -> Iterator[bytes]:
    for block in source:
        packed.append(block)
        yield block


def _stored(file: BinaryIO, member: Member, name: str) -> Iterator[bytes]:
    place, left = member.offset, member.packed
    while left:
        # The file is shared: others may have read elsewhere in between.
        file.seek(place)
        block = file.read(min(_BLOCK, left))
        if not block:
            raise faults.cut_off(name)
        place += len(block)
        left -= len(block)
        yield block


def _inflated(source: Iterable[bytes], member: Member, name: str) -> Iterator[bytes]:
    """Stops at the declared size and one byte, whatever else the data would give."""
    opener = zlib.decompressobj(-15)
    left = member.size + 1
    for packed in source:
        data, more = packed, True
        # A full block may leave content within the opener although it has taken all its bytes.
        while data or more:
            if opener.eof:
                raise faults.damaged(name, member.name)
            most = min(_BLOCK, left)
            try:
                block = opener.decompress(data, most)
            except zlib.error as error:
                raise faults.damaged(name, member.name) from error
            left -= len(block)
            if left <= 0:
                raise faults.damaged(name, member.name)
            yield block
            data, more = opener.unconsumed_tail, len(block) == most and not opener.eof
    if not opener.eof or opener.unused_data:
        raise faults.damaged(name, member.name)
