"""Making one package: its editions are cut, its manifest written down, then the file can be written any time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from mbo_desktop import __version__, clock
from mbo_desktop.domain.exchange import (
    EditionLine,
    HandOver,
    HandOverWay,
    Manifest,
    OfficeCard,
    PackageKind,
    PackageState,
    Receipt,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.exchange import cover, frame, manifest, records, signing
from mbo_desktop.exchange.frame import PackageContent
from mbo_desktop.exchange.limits import READER, SUFFIX
from mbo_desktop.exchange.writing import safe_name
from mbo_desktop.services import package_files, package_register
from mbo_desktop.services.body_words import type_label
from mbo_desktop.store import editions, packages
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.purging import holds_purged
from mbo_desktop.store.queries.packages import heads_unknown_to
from mbo_desktop.store.signing_key import signing_key

SCHEMA = 1
"""Version of what is said about records as a whole; each line names its own type's."""

_NAMED = 24
"""Letters of each office's name in a file's name, so that number and kind always stand behind them."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a package is for: the key of its stream, and how the manifest names the recipient."""

    key: RecordId
    """As in `Recipient.key`."""
    stream: bytes
    """The own unit record of the recipient (its uuid), else the recipient's office."""
    office: str
    unit_name: str
    """The own unit record, "owner/uuid"; "" for a superior."""
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Carrying:
    """Who carries a package, on what, and whether 非涉密 was confirmed."""

    cleared: bool
    carrier: str = ""
    medium: str = ""
    note: str = ""


def make(
    store: Store, change: Change, card: OfficeCard, to: Addressee, kind: PackageKind, year: int,
    members: frozenset[RecordId], carrying: Carrying,
) -> tuple[str, int, str]:
    """Cut the editions and keep the package, inside a change; its identity, number and file name."""
    lines = editions.cut(
        change, members, kind=kind.value, year=year, recipient=to.stream
    ) if kind is not PackageKind.RECEIPT else ()
    change.flush()
    with store.read() as connection:
        seq, prev = packages.next_place(connection, store.replica.bytes, to.stream)
        log_head = packages.log_head(connection, store.replica.bytes)
    measured = records.measure(lines)
    blobs, _lacking = package_files.carried(
        store, (json.loads(one.body) for one in lines if one.body is not None and not one.deleted)
    )
    said = Manifest(
        schema=SCHEMA, min_reader=READER, app=f"目标责任制管理系统 {__version__}", kind=kind, year=year,
        sender=card, recipient=to.office, recipient_unit=to.unit_name, recipient_name=to.name,
        recipient_code=to.code, replica=store.replica.hex, seq=seq, prev=prev, log_head=log_head,
        root=measured.root, count=measured.count, records_hash=measured.records_hash,
        records_size=measured.records_size, blobs=blobs,
        receipts=_receipts(store, to.office),
        made_at=clock.now().isoformat(timespec="seconds"), made_by=store.operator,
        note=carrying.note.strip(),
    )
    text = manifest.to_text(said)
    name = _file_name(store, card, to, f"{year}年{kind.label}-第{seq}包")
    packages.record(change, text, said, lines, state=PackageState.ISSUED, file_name=name)
    identity = manifest.identity(text)
    change.put(HandOver(
        id=change.new(HandOver), package=identity, way=HandOverWay.OUT, carrier=carrying.carrier.strip(),
        medium=carrying.medium.strip(), on=clock.today(), by=store.operator,
        cleared=carrying.cleared, note=carrying.note.strip(),
    ))
    return identity, seq, name


def _file_name(store: Store, card: OfficeCard, to: Addressee, what: str) -> str:
    """As a person knows the file; two recipients of one name never get the same, or one would replace the other."""
    name = safe_name(f"{card.name[:_NAMED]}-{to.name[:_NAMED]}-{what}") + SUFFIX
    stream = to.stream.hex()
    others = {one.file_name for one in package_register.packages(store) if one.recipient != stream}
    return name if name not in others else f"{name.removesuffix(SUFFIX)}-{stream[:6]}{SUFFIX}"


def _receipts(store: Store, office: str) -> tuple[Receipt, ...]:
    """What was taken in of an office; with the last of them the heads that it does not know."""
    taken = [
        one for one in package_register.packages_of(store, office)
        if office and one.sender == office and one.state is PackageState.APPLIED and not one.withdrawn
    ]
    last = taken[-1].package if taken else ""
    unknown = heads_unknown_to(store, office, last) if last else ()
    return tuple(sorted((
        Receipt(
            one.package, one.seq, (one.on or clock.today()).isoformat(),
            unknown if one.package == last else (),
        )
        for one in taken
    ), key=lambda receipt: receipt.package))


def write(store: Store, identity: str, folder: Path, *, password: str = "") -> Path:
    """Write the file of a kept package; the same content each time.

    FileWriteError when it cannot be written; InputError for a package that is not this office's.
    """
    with store.read() as connection:
        text = packages.manifest_text(connection, identity)
        kept = next((
            one for one in package_register.packages(store)
            if one.package == identity and one.sender == store.owner.hex
        ), None)
        if kept is not None and kept.kind is PackageKind.REPLICA:
            raise InputError("合并包不能重写:数据已有变动。", "请重新制出一个合并包。", "未写出任何文件。")
        if text is None or kept is None:
            raise InputError("登记中没有这个包,或不是本机关制出的。", "请在“登记”中选择本机关制出的包。")
        lines = packages.lines(connection, identity)
        cleared = holds_purged(connection, identity)
    if cleared:
        raise InputError(
            "这个包里有已清除的内容,不能重写。", "请重新制出一个包,新包不含该内容。", "未写出任何文件。"
        )
    said = manifest.from_text(text, kept.file_name)
    return frame.write_package(
        folder / kept.file_name,
        PackageContent(
            text, signing.sign(signing_key(store), text),
            [records.line_text(one) for one in records.ordered(lines)],
            package_files.paths(store, said.blobs),
            cover.render(said, identity, counts(lines), cleared=is_cleared(store, identity)),
        ),
        password=password,
    )


def is_cleared(store: Store, identity: str) -> bool:
    """Whether 非涉密 was confirmed when the package was handed over."""
    return any(one.cleared for one in store.all(HandOver, package=identity))


def counts(lines: Sequence[EditionLine]) -> list[tuple[str, int]]:
    """Record types in Chinese with their numbers, most first; deleted and withheld ones left out."""
    found = Counter(type_label(one.type) for one in lines if one.body is not None and not one.deleted)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def stream_of(name: str) -> bytes:
    """The uuid part of a record's "owner/uuid"."""
    return UUID(name.partition("/")[2]).bytes
