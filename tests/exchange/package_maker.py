"""Packages as an honest program writes them, and broken ones signed all the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import (
    BlobEntry,
    EditionLine,
    Manifest,
    OfficeCard,
    PackageKind,
    Receipt,
    edition_hash,
)
from mbo_desktop.exchange import cover, manifest, records, signing
from mbo_desktop.exchange.frame import PackageContent

KEY = bytes(range(32))
OFFICE, REPLICA = "0a" * 16, "0b" * 16


def edition(
    number: int, body: dict[str, Any] | None = None, *, type_name: str = "progress_report",
    owner: str = OFFICE, earlier: tuple[str, ...] = (), deleted: bool = False, schema: int = 1,
) -> EditionLine:
    """An edition with its right hash."""
    uuid = sha256(f"record {number}".encode()).hexdigest()[:32]
    text = dump(report_body(number) if body is None else body)
    hashed = edition_hash(
        type_name=type_name, uuid=uuid, owner=owner, earlier=earlier, deleted=deleted, schema=schema,
        body=text,
    )
    return EditionLine(owner, uuid, type_name, schema, deleted, earlier, hashed, text)


def report_body(number: int) -> dict[str, Any]:
    """A report of some length, as a month's usually is."""
    return {
        "amount": f"{number}.{number % 97 + 1}".rstrip("0"), "cause": "objective", "kind": "own", "month": 6,
        "nodes_done": [], "note": "", "physical": "项目用地已批复,六月底前开工。" * (number % 4),
        "reported_by": "李明", "reported_on": "2020-07-03", "started": True,
        "subject": f"{OFFICE}/{sha256(str(number).encode()).hexdigest()[:32]}",
    }


@dataclass
class Maker:
    """Puts a package together; each part can be replaced before it is written."""

    lines: Sequence[EditionLine]
    blobs: dict[str, Path]
    manifest: Manifest
    log: tuple[str, ...] = ()

    def content(self) -> PackageContent:
        text = manifest.to_text(self.manifest)
        page = cover.render(self.manifest, manifest.identity(text), [("进度", len(self.lines))])
        return PackageContent(
            text, signing.sign(KEY, text), map(records.line_text, records.ordered(self.lines)),
            self.blobs, page, self.log,
        )


def make(
    folder: Path, count: int = 5, files: Sequence[bytes] = (), *, log: tuple[str, ...] = (),
    more: Sequence[EditionLine] = (), **changed: Any,
) -> Maker:
    """A package of reports; files are put into the folder."""
    lines = [*(edition(number) for number in range(count)), *more]
    blobs = {}
    entries = []
    for number, data in enumerate(files):
        digest = sha256(data).hexdigest()
        path = folder / digest
        path.write_bytes(data)
        blobs[digest] = path
        entries.append(BlobEntry(digest, len(data), f"佐证{number + 1}.jpg"))
    measured = records.measure(lines)
    log_hash, log_size = records.measure_log(log) if log else ("", 0)
    said = Manifest(
        schema=9, min_reader=1, app="目标责任制管理系统 1.0", kind=PackageKind.REPLICA if log else PackageKind.REPORT,
        year=2020, sender=OfficeCard(
            OFFICE, "甲县人民政府办公室", "330802", signing.public_key(KEY), f"{OFFICE}/{'0c' * 16}", "甲县",
        ),
        recipient="0d" * 16, recipient_unit=f"{OFFICE}/{'0e' * 16}", recipient_name="乙市人民政府办公室",
        recipient_code="330800", replica=REPLICA, seq=3, prev="ab" * 32, log_head="cd" * 32,
        root=measured.root, count=measured.count, records_hash=measured.records_hash,
        records_size=measured.records_size, log_hash=log_hash, log_size=log_size,
        blobs=tuple(sorted(entries, key=lambda one: one.sha256)),
        receipts=(Receipt("ef" * 32, 7, "2020-07-01", ((f"{OFFICE}/{'0c' * 16}", "12" * 32),)),),
        made_at="2020-07-03T09:30:00", made_by="李明", note="六月月报",
    )
    return Maker(lines, blobs, replace(said, **changed), log)


def photos(count: int, size: int, seed: int = 1) -> list[bytes]:
    """Bytes that do not pack, as pictures."""
    source = random.Random(seed)
    return [source.randbytes(size) for _ in range(count)]
