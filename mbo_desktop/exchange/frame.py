"""The frame of a package: its members in their order, written and read.

mimetype · manifest.json · manifest.sig · records.jsonl · log.jsonl (replicas) ·
blobs/<sha256> … · 封面.html
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from mbo_desktop.domain.exchange import BlobEntry, EditionLine, Manifest, root_hash
from mbo_desktop.errors import FileReadError, FileWriteError
from mbo_desktop.exchange import (
    bodies,
    cover,
    faults,
    manifest,
    password,
    records,
    signing,
    zip_profile,
)
from mbo_desktop.exchange.limits import LIMITS, MIME_TYPE, Limits
from mbo_desktop.exchange.writing import write_durably
from mbo_desktop.exchange.zip_profile import Content, Member

MIME, MANIFEST, SIGNATURE, RECORDS, LOG = (
    "mimetype", "manifest.json", "manifest.sig", "records.jsonl", "log.jsonl"
)
BLOBS, COVER = "blobs/", "封面.html"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What goes into a package; `lines` and `log` are texts without line feeds."""

    manifest_text: str
    signature: bytes
    lines: Iterable[str]
    """`records.line_text` of `records.ordered` editions."""
    blobs: Mapping[str, Path]
    """Where the files of the manifest stand, by their SHA-256."""
    cover: str
    log: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """A package whose frame, signature, hashes and lines have been verified."""

    path: Path
    identity: str
    manifest_text: str
    manifest: Manifest
    signature: bytes
    key: str
    """The public key it is signed with, as the manifest names it; whose it is, trust decides."""
    size: int
    is_sealed: bool
    """It has a password."""
    _password: str = field(repr=False)
    _limits: Limits = field(repr=False)
    _records: tuple[Member, bytes] = field(repr=False)
    """The lines as they stand packed in the file: a stick full of packages stays small in memory."""

    @property
    def lines(self) -> tuple[EditionLine, ...]:
        """The editions, unpacked each time they are asked for; they were verified when they were read."""
        return records.unpack(self.texts())

    def texts(self) -> list[str]:
        """The lines as they stand in the file, for `records.unpack`."""
        return zip_profile.unpacked(*self._records).decode().split("\n")[:-1]

    def log_entries(self) -> Iterator[dict[str, Any]]:
        """The history in a replica package, line by line; read again from the file and compared."""
        if not self.manifest.log_hash:
            return
        with _opened(self.path, self._password, self._limits) as (file, size):
            member = _find(file, size, self.path.name, LOG, self._limits)
            yield from records.log_entries(
                _log_texts(file, member, self.manifest, self.path.name, self._limits),
                self.path.name, self._limits,
            )

    def copy_blobs(
        self, place_of: Callable[[BlobEntry], Path], only: Collection[str] | None = None
    ) -> dict[str, Path]:
        """Copy the files carried to `place_of(entry)`, each compared with its hash while it is copied.

        only: these hashes; None: all. The folders exist. Raises PackageError, FileWriteError.
        """
        copied: dict[str, Path] = {}
        wanted = [one for one in self.manifest.blobs if only is None or one.sha256 in only]
        if not wanted:
            return copied
        with _opened(self.path, self._password, self._limits) as (file, size):
            members = {
                one.name: one
                for one in zip_profile.directory(file, size, self.path.name, self._limits)
            }
            for entry in wanted:
                member = members.get(BLOBS + entry.sha256)
                if member is None:
                    raise faults.altered(self.path.name, "附件")
                target = place_of(entry)
                write_durably(target, _checked_blob(file, member, entry, self.path.name, self._limits))
                copied[entry.sha256] = target
        return copied


def write_package(path: Path, content: PackageContent, *, password: str = "") -> Path:
    """Write a package durably and return its path; the same content gives the same bytes.

    With a password the bytes differ each time. Raises FileWriteError; InputError for a
    password that is too short; ValueError for content that its manifest does not describe.
    """
    blocks = zip_profile.write(_members(content))
    if password:
        data = b"".join(blocks)
        if len(data) > LIMITS.sealed:
            raise FileWriteError(
                f"数据包有{len(data) // 1_000_000} MB,带口令的不能超过{LIMITS.sealed // 1_000_000} MB。",
                "请不设口令写出,或减少附件。",
            )
        blocks = iter((_seal(data, password),))
    try:
        write_durably(path, blocks)
    except FileReadError as error:
        raise FileWriteError(error.what, error.todo) from error
    return path


def _seal(data: bytes, word: str) -> bytes:
    return password.seal(data, word)


def _members(content: PackageContent) -> Iterator[Content]:
    said = manifest.from_text(content.manifest_text, "")
    if not signing.is_signed(said.sender.key, content.manifest_text, content.signature):
        raise ValueError("the signature is not by the key of the manifest")
    lines = "".join(f"{line}\n" for line in content.lines).encode()
    if (sha256(lines).hexdigest(), len(lines)) != (said.records_hash, said.records_size):
        raise ValueError("the lines are not those of the manifest")
    log = "".join(f"{line}\n" for line in content.log).encode()
    if (sha256(log).hexdigest() if log else "", len(log)) != (said.log_hash, said.log_size):
        raise ValueError("the log is not that of the manifest")
    problem = cover.problem(content.cover, manifest.identity(content.manifest_text))
    if problem:
        raise ValueError(f"not a cover: {problem}")
    yield zip_profile.of_bytes(MIME, MIME_TYPE.encode(), packed=False)
    yield zip_profile.of_bytes(MANIFEST, content.manifest_text.encode())
    yield zip_profile.of_bytes(SIGNATURE, content.signature, packed=False)
    yield zip_profile.of_bytes(RECORDS, lines)
    if log:
        yield zip_profile.of_bytes(LOG, log)
    for entry in said.blobs:
        yield _blob(entry, content.blobs[entry.sha256])
    yield zip_profile.of_bytes(COVER, content.cover.encode())


def _blob(entry: BlobEntry, path: Path) -> Content:
    """Evidence is mostly pictures and PDF: it is not packed again."""

    def blocks() -> Iterator[bytes]:
        digest, size = sha256(), 0
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    yield block
        except OSError as error:
            raise FileReadError(
                f"附件“{entry.name}”无法读出({error.strerror or error})。", "请运行数据体检。", "未写出数据包。"
            ) from error
        if digest.hexdigest() != entry.sha256 or size != entry.size:
            raise FileReadError(f"附件“{entry.name}”已损坏。", "请运行数据体检,从备份中复制回来后再写出。", "未写出数据包。")

    return Content(BLOBS + entry.sha256, blocks, packed=False)


def read_package(
    path: Path, *, password: str = "", limits: Limits = LIMITS, any_bodies: bool = False,
    understood: list[records.Understood] | None = None,
) -> ReadPackage:
    """Read and verify a package: frame, manifest, signature, every line, every file carried.

    any_bodies: take record types this program does not know, and bodies of any shape (for
    looking at a package, never for taking it in). understood: a list that is given each line
    with what its body holds, so that who looks into them next need not read them again.

    Raises PackageError, one class per cause (password, too new, damaged, forged, too large,
    not ours), or FileReadError when the file itself cannot be read. Nothing is written.
    """
    name = path.name
    with _opened(path, password, limits) as (file, size):
        members = zip_profile.directory(file, size, name, limits)
        text = _manifest_text(file, members, name, limits)
        said = manifest.from_text(text, name, limits)
        by_name = _require_members(members, said, name)
        cover_text = _text(file, by_name[COVER], name, limits.cover)
        signature = _whole(file, by_name[SIGNATURE], name, signing.SIGNATURE_SIZE)
        if not signing.is_signed(said.sender.key, text, signature):
            raise faults.altered(name, "manifest.json")
        identity = manifest.identity(text)
        problem = cover.problem(cover_text, identity)
        if problem:
            raise faults.altered(name, f"封面:{problem}")
        shapes = None if any_bodies else bodies.shapes()
        packed: list[bytes] = []
        _check_lines(file, by_name[RECORDS], said, name, limits, shapes, packed, understood)
        if said.log_hash:
            entries = records.log_entries(_log_texts(file, by_name[LOG], said, name, limits), name, limits)
            for _ in entries:
                pass
        for entry in said.blobs:
            for _ in _checked_blob(file, by_name[BLOBS + entry.sha256], entry, name, limits):
                pass
        # Within: a stick that is pulled out now is told like one that was pulled out before.
        is_sealed, whole = _begins_sealed(path), path.stat().st_size
    return ReadPackage(
        path, identity, text, said, signature, said.sender.key, whole, is_sealed,
        password, limits, (by_name[RECORDS], b"".join(packed)),
    )


def _begins_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return password.is_sealed(file.read(len(password.MARK)))


@contextmanager
def _opened(path: Path, word: str, limits: Limits) -> Iterator[tuple[BinaryIO, int]]:
    """The zip inside a file, and its size."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if not password.is_sealed(file.read(len(password.MARK))):
                yield file, size
                return
            if size > limits.sealed:
                raise faults.too_large(path.name, f"带口令,{size // 1_000_000} MB")
            if not word:
                raise faults.password_needed(path.name)
            file.seek(0)
            data = password.unseal(file.read(), word, path.name)
        yield io.BytesIO(data), len(data)
    except OSError as error:
        raise FileReadError(
            f"读取“{path.name}”时出错({error.strerror or error})。",
            "请重新插好U盘,先把文件复制到本机硬盘再导入。",
        ) from error


def _find(file: BinaryIO, size: int, name: str, wanted: str, limits: Limits) -> Member:
    for member in zip_profile.directory(file, size, name, limits):
        if member.name == wanted:
            return member
    raise faults.altered(name, wanted)


def _manifest_text(file: BinaryIO, members: tuple[Member, ...], name: str, limits: Limits) -> str:
    """The manifest comes second, behind the type: a newer program may arrange the rest anew."""
    if [one.name for one in members[:2]] != [MIME, MANIFEST]:
        raise faults.packed_again(name, "缺少规定的部分或次序不对")
    if _whole(file, members[0], name, len(MIME_TYPE)) != MIME_TYPE.encode():
        raise faults.not_ours(name)
    return _text(file, members[1], name, limits.manifest)


def _require_members(members: tuple[Member, ...], said: Manifest, name: str) -> dict[str, Member]:
    """Exactly the members the manifest speaks of, in their order, in their sizes."""
    wanted = [MIME, MANIFEST, SIGNATURE, RECORDS]
    wanted += [LOG] if said.log_hash else []
    wanted += [BLOBS + one.sha256 for one in said.blobs]
    wanted.append(COVER)
    found = [one.name for one in members]
    if found != wanted:
        odd = next((one for one in found if one not in set(wanted)), "")
        raise faults.packed_again(name, f"多出“{odd[:40]}”" if odd.isprintable() and odd else "缺少规定的部分或次序不对")
    return {one.name: one for one in members}


def _whole(file: BinaryIO, member: Member, name: str, most: int) -> bytes:
    return b"".join(zip_profile.blocks(file, member, name, most=most))


def _text(file: BinaryIO, member: Member, name: str, most: int) -> str:
    data = _whole(file, member, name, most)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise faults.against_rules(name, f"{member.name}不是UTF-8文字") from error


def _check_lines(
    file: BinaryIO, member: Member, said: Manifest, name: str, limits: Limits,
    shapes: Mapping[str, bodies.Shape] | None, packed: list[bytes],
    understood: list[records.Understood] | None,
) -> None:
    if said.records_size > limits.records:
        raise faults.too_large(name, f"记录有{said.records_size // 1_000_000} MB")
    if member.size != said.records_size:
        raise faults.altered(name, RECORDS)
    data = b"".join(zip_profile.blocks(file, member, name, most=said.records_size, limits=limits, packed=packed))
    if sha256(data).hexdigest() != said.records_hash:
        raise faults.altered(name, RECORDS)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise faults.against_rules(name, f"{RECORDS}不是UTF-8文字") from error
    del data
    lines = records.parse(text, name, limits, shapes=shapes, app=said.app, understood=understood)
    if len(lines) != said.count or root_hash(one.hash for one in lines) != said.root:
        raise faults.against_rules(name, "记录数或总校验值与manifest.json不符")


def _log_texts(
    file: BinaryIO, member: Member, said: Manifest, name: str, limits: Limits
) -> Iterator[str]:
    """The lines of log.jsonl as they come; length and hash are compared at the end."""
    if said.log_size > limits.log:
        raise faults.too_large(name, f"变动记录有{said.log_size // 1_000_000} MB")
    if member.size != said.log_size:
        raise faults.altered(name, LOG)
    digest, rest = sha256(), b""
    for block in zip_profile.blocks(file, member, name, most=said.log_size, limits=limits):
        digest.update(block)
        *whole, rest = (rest + block).split(b"\n")
        if len(rest) > limits.line:
            raise faults.too_large(name, "变动记录中有一行过长")
        for one in whole:
            try:
                yield one.decode("utf-8")
            except UnicodeDecodeError as error:
                raise faults.against_rules(name, f"{LOG}不是UTF-8文字") from error
    if rest:
        raise faults.against_rules(name, f"{LOG}最后一行没有换行")
    if digest.hexdigest() != said.log_hash:
        raise faults.altered(name, LOG)


def _checked_blob(
    file: BinaryIO, member: Member, entry: BlobEntry, name: str, limits: Limits
) -> Iterator[bytes]:
    """A file carried along in blocks; wrong length or hash is told at the end."""
    if member.size != entry.size:
        raise faults.altered(name, f"附件“{entry.name}”")
    digest = sha256()
    for block in zip_profile.blocks(file, member, name, most=entry.size, limits=limits):
        digest.update(block)
        yield block
    if digest.hexdigest() != entry.sha256:
        raise faults.altered(name, f"附件“{entry.name}”")
