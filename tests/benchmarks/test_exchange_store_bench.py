"""60 packages of 2,000 records: compared and taken in by the store (processor time)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mbo_desktop.domain.exchange import (
    EditionLine,
    Manifest,
    OfficeCard,
    PackageKind,
    edition_hash,
    root_hash,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.store.canonical import dump
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.comparing import compare
from mbo_desktop.store.database import Store
from tests.store.exchanging import Package, take

PACKAGES, RECORDS = 60, 2000
pytestmark = pytest.mark.bench


class _Names:
    """References to records of the city that are not here."""

    def name_of(self, record: RecordId) -> str:
        return f"{'c1' * 16}/{record:032x}"

    def number_of(self, name: str) -> RecordId:
        return RecordId(int(name[33:], 16))


def package(number: int, month: int, before: Package | None = None) -> Package:
    """The reports of one county: RECORDS figures; after another package those of one month are new."""
    owner, names = f"{number:032x}", _Names()
    codec = CODECS["progress_report"]
    lines = []
    for place in range(RECORDS):
        if before is not None and place % 12 != month:
            lines.append(before.lines[place])
            continue
        uuid = f"{place + 1:032x}"
        earlier = (before.lines[place].hash,) if before is not None else ()
        body = dump(codec.encode(ProgressReport(
            id=RecordId(1), subject=RecordId(place // 12 + 1), month=place % 12 + 1,
            kind=FigureKind.OWN, note=f"截至{month}月,进展顺利" * 3,
        ), names))
        hashed = edition_hash(
            type_name="progress_report", uuid=uuid, owner=owner, earlier=earlier, deleted=False,
            schema=codec.schema, body=body,
        )
        lines.append(EditionLine(
            owner, uuid, "progress_report", codec.schema, False, earlier, hashed, body
        ))
    manifest = Manifest(
        schema=9, min_reader=1, app="0", kind=PackageKind.REPORT, year=2020,
        sender=OfficeCard(owner, f"县{number}"), recipient="d1" * 16, recipient_unit="",
        recipient_name="市", replica=owner, seq=month, prev="", log_head="0" * 64,
        root=root_hash(line.hash for line in lines), count=len(lines), records_hash="0" * 64,
        records_size=0, made_at="", made_by="",
    )
    return Package(dump({"sender": owner, "seq": month, "root": manifest.root}), manifest, tuple(lines))


def test_sixty_packages_are_compared_and_taken_in(tmp_path: Path) -> None:
    first = [package(number + 1, 1) for number in range(PACKAGES)]
    second = [package(number + 1, 2, one) for number, one in enumerate(first)]
    with Store.create(tmp_path / "data", operator="张三") as store:
        for month, some in (("first", first), ("second", second)):
            start = time.process_time()
            with store.read() as connection:
                for one in some:
                    assert len(compare(connection, one.lines)) == RECORDS
            compared = time.process_time() - start
            start = time.process_time()
            take(store, *some)
            taken = time.process_time() - start
            print(f"{month}: compared {compared:.1f} s, taken in {taken:.1f} s")
            assert compared <= 3
            assert taken <= 15
        assert store.change_count == 2
