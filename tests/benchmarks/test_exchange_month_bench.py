"""Sixty monthly reports of 2,000 records each: read and previewed, then taken in (goals 6 s and 15 s)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import (
    Binding,
    BindingRole,
    EditionLine,
    Manifest,
    OfficeCard,
    PackageKind,
    edition_hash,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.exchange import cover, frame, manifest, records, signing
from mbo_desktop.services import inbox, receiving
from mbo_desktop.store.database import Store
from mbo_desktop.store.identities import natural_uuid
from mbo_desktop.store.queries.portable import names_of
from tests.services.offices_exchanging import YEAR, make_city

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

UNITS, TARGETS, MONTHS = 60, 167, 12


def office_of(number: int) -> tuple[str, bytes]:
    return f"{number:032x}", bytes([number]) * 32


@pytest.fixture
def month(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """A city that knows sixty offices, and a stick with a package of each."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with make_city(tmp_path / "city", [f"县{one}" for one in range(UNITS)], TARGETS) as store:
        by_unit: dict[RecordId, list[RecordId]] = {}
        for one in store.all(Target):
            by_unit.setdefault(one.unit, []).append(one.id)
        units = names_of(store, list(by_unit))
        with store.change("接收") as change:
            for number, unit in enumerate(by_unit):
                office, private = office_of(number + 1)
                change.put(Binding(
                    id=change.named(Binding, office), office=office, name=f"县{number}目标办",
                    key=signing.public_key(private), unit=unit, role=BindingRole.SUBORDINATE,
                ))
        for number, (unit, targets) in enumerate(by_unit.items()):
            names = names_of(store, targets)
            write(stick, store, number, units[unit], [names[one] for one in targets])
        yield store, stick


def write(stick: Path, store: Store, number: int, unit: str, targets: list[str]) -> None:
    office, private = office_of(number + 1)
    lines = [line(office, target, at, number) for target in targets for at in range(1, MONTHS + 1)][:2000]
    measured = records.measure(lines)
    text = manifest.to_text(Manifest(
        schema=1, min_reader=1, app="bench", kind=PackageKind.REPORT, year=YEAR,
        sender=OfficeCard(office, f"县{number}目标办", "", signing.public_key(private), "", f"县{number}"),
        recipient=store.owner.hex, recipient_unit="", recipient_name="市", replica=office, seq=1,
        prev="", log_head="", root=measured.root, count=measured.count,
        records_hash=measured.records_hash, records_size=measured.records_size,
        made_at="2020-03-12T09:00:00", made_by="王芳",
    ))
    said = manifest.from_text(text, "")
    frame.write_package(stick / f"{number}.zrb", frame.PackageContent(
        text, signing.sign(private, text), [records.line_text(one) for one in records.ordered(lines)], {},
        cover.render(said, manifest.identity(text), []),
    ))


def line(office: str, target: str, at: int, number: int) -> EditionLine:
    body = dump({
        "amount": str(at * 10 + number), "cause": None, "cause_text": "", "in_period": None,
        "investment": None, "kind": "own", "measure": "", "month": at, "nodes_done": [], "note": "",
        "on_behalf_of": None, "own_effort": "", "physical": "", "reported_by": "王芳",
        "reported_on": f"{YEAR}-{at:02d}-25", "source_file": "", "started": None, "subject": target,
        "text": "按计划推进", "typed": "",
    })
    uuid = natural_uuid("progress_report", [target, at, "own"]).hex
    hashed = edition_hash(
        type_name="progress_report", uuid=uuid, owner=office, earlier=(), deleted=False, schema=1, body=body,
    )
    return EditionLine(office, uuid, "progress_report", 1, False, (), hashed, body)


def test_preview_of_sixty_reports(month: tuple[Store, Path], benchmark: object) -> None:
    store, stick = month

    def look() -> int:
        found = inbox.take(store, [stick])
        assert sum(row.can_be_taken for row in found.rows) == UNITS
        return len(receiving.preview(store, found, range(UNITS)))

    changes = benchmark.pedantic(look, rounds=1, iterations=1)  # type: ignore[attr-defined]
    assert changes == UNITS * 2000


def test_merge_of_sixty_reports(month: tuple[Store, Path], benchmark: object) -> None:
    store, stick = month
    found = inbox.take(store, [stick])
    done = benchmark.pedantic(  # type: ignore[attr-defined]
        lambda: receiving.apply(store, found, range(UNITS), mass_confirmed=True), rounds=1, iterations=1
    )
    assert done.packages == UNITS
    assert done.records >= UNITS * 2000
