"""Packages that are signed well but overstep: whole refused, kept in 隔离区, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from offices_exchanging import (
    begin_below,
    figures_of,
    make_city,
    report,
    send_down,
    send_up,
    take,
    take_in,
    unit_named,
)

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import EditionLine, edition_hash
from mbo_desktop.domain.planning import Target
from mbo_desktop.exchange import cover, frame, manifest, records, signing
from mbo_desktop.services import inbox, receiving
from mbo_desktop.services.received import InboxRow, RowState
from mbo_desktop.store.database import Store
from mbo_desktop.store.identities import natural_uuid
from mbo_desktop.store.queries.portable import names_of
from mbo_desktop.store.signing_key import signing_key

Lines = list[EditionLine]


def forged(
    store: Store, path: Path, change: Callable[[Lines], Lines], key: bytes | None = None, **facts: Any
) -> Path:
    """A package of the store with other lines, signed again as its program would."""
    read = frame.read_package(path)
    lines = records.ordered(change(list(read.lines)))
    measured, private = records.measure(lines), key or signing_key(store)
    said = replace(
        read.manifest, root=measured.root, count=measured.count, records_hash=measured.records_hash,
        records_size=measured.records_size, seq=read.manifest.seq + 50,
        sender=replace(read.manifest.sender, key=signing.public_key(private)), **facts,
    )
    text = manifest.to_text(said)
    return frame.write_package(path.with_name(f"假{len(list(path.parent.iterdir()))}.zrb"), frame.PackageContent(
        text, signing.sign(private, text), [records.line_text(one) for one in lines], {},
        cover.render(manifest.from_text(text, ""), manifest.identity(text), []),
    ))


def with_body(line: EditionLine, *, owner: str = "", type_name: str = "", uuid: str = "", **fields: Any) -> EditionLine:
    """The line as another edition with other fields."""
    assert line.body is not None
    owner, type_name, uuid = owner or line.owner, type_name or line.type, uuid or line.uuid
    body = dump({**json.loads(line.body), **fields})
    hashed = edition_hash(
        type_name=type_name, uuid=uuid, owner=owner, earlier=(), deleted=False, schema=line.schema, body=body
    )
    return EditionLine(owner, uuid, type_name, line.schema, False, (), hashed, body)


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[tuple[Store, Store, Path]]:
    """City, county bound to it, and a report of the county that was not taken in yet."""
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as city, begin_below(
        tmp_path / "county", send_down(city, "甲县", tmp_path / "u0")
    ) as county:
        report(county, 3, [1, 2])
        take_in(city, send_up(county, tmp_path / "u1"))
        report(county, 4, [3, 4])
        yield city, county, send_up(county, tmp_path / "u2")


def first(lines: Lines, type_name: str) -> EditionLine:
    return next(one for one in lines if one.type == type_name)


def look(city: Store, path: Path) -> InboxRow:
    (row,) = take(city, path).rows
    return row


def test_a_subject_of_another_unit_a_target_a_veto_and_own_records_are_refused(
    offices: tuple[Store, Store, Path]
) -> None:
    city, county, path = offices
    other = city.all(Target, unit=unit_named(city, "乙县"))[0]
    name = names_of(city, [other.id])[other.id]
    before = figures_of(city, 4)

    def on_other(lines: Lines) -> Lines:
        one = first(lines, "progress_report")
        uuid = natural_uuid("progress_report", [name, 4, "own"]).hex
        return [*lines, with_body(one, uuid=uuid, subject=name, month=4)]

    def own_record(lines: Lines) -> Lines:
        return [*lines, with_body(first(lines, "progress_report"), owner=city.owner.hex)]

    def as_verified(lines: Lines) -> Lines:
        one = first(lines, "progress_report")
        subject = json.loads(one.body or "{}")["subject"]
        uuid = natural_uuid("progress_report", [subject, 4, "verified"]).hex
        return [*lines, with_body(one, uuid=uuid, kind="verified", month=4)]

    def of_stranger(lines: Lines) -> Lines:
        return [*lines, with_body(first(lines, "unit"), owner="e" * 32)]

    for change in (on_other, own_record, as_verified, of_stranger):
        row = look(city, forged(county, path, change))
        assert (row.state, row.can_be_taken) == (RowState.OUT_OF_SCOPE, False), (change.__name__, row.sentence)
        assert row.sentence
    assert figures_of(city, 4) == before
    assert len(inbox.quarantined(city)) == 4
    for kept in inbox.quarantined(city):
        inbox.discard_quarantined(city, kept.path)
    assert inbox.quarantined(city) == ()


def test_a_report_under_a_false_name_counts_no_second_time(offices: tuple[Store, Store, Path]) -> None:
    city, county, path = offices

    def doubled(lines: Lines) -> Lines:
        return [*lines, with_body(first(lines, "progress_report"), uuid="f" * 32)]

    row = look(city, forged(county, path, doubled))
    assert (row.state, "编号与它的内容不符" in row.sentence) == (RowState.DAMAGED, True)


def test_a_forger_without_the_key_is_stopped(offices: tuple[Store, Store, Path]) -> None:
    city, county, path = offices
    row = look(city, forged(county, path, lambda lines: lines, key=b"\x07" * 32))
    assert row.state is RowState.OTHER_KEY
    row = look(city, forged(city, path, lambda lines: lines))
    assert row.state is RowState.OTHER_KEY, "signed by the city in the county's name"


def test_a_county_may_not_issue_nor_speak_as_the_own_office(
    offices: tuple[Store, Store, Path], tmp_path: Path
) -> None:
    city, county, path = offices
    from mbo_desktop.domain.exchange import PackageKind

    row = look(city, forged(county, path, lambda lines: lines, kind=PackageKind.ISSUE))
    assert (row.state, "上级" in row.sentence) == (RowState.OUT_OF_SCOPE, True)
    row = look(county, path)
    assert (row.state, "本机关制出" in row.sentence) == (RowState.NOT_FOR_US, True)
    row = look(city, send_down(city, "甲县", tmp_path / "own"))
    assert row.state is RowState.NOT_FOR_US


def test_a_turned_byte_a_cut_file_and_something_else(offices: tuple[Store, Store, Path], tmp_path: Path) -> None:
    city, _county, path = offices
    data = path.read_bytes()
    before = city.change_count
    for number, bad in enumerate((
        data[: len(data) // 2], data[:300] + bytes([data[300] ^ 1]) + data[301:], b"PK\x03\x04nothing", b"",
    )):
        copy = tmp_path / f"坏{number}.zrb"
        copy.write_bytes(bad)
        row = look(city, copy)
        assert row.state is RowState.DAMAGED, row.sentence
        assert row.advice
        assert copy.read_bytes() == bad
    assert city.change_count == before
    assert take(city, path).rows[0].state is RowState.NEW


def test_an_import_that_fails_leaves_nothing(
    offices: tuple[Store, Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    city, _county, path = offices
    found = take(city, path)
    before = (city.change_count, figures_of(city, 4), len(inbox.quarantined(city)))

    def fail(*_: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(receiving.filed_by_packages, "note", fail)
    with pytest.raises(OSError, match="gone"):
        receiving.apply(city, found, [0])
    assert (city.change_count, figures_of(city, 4), len(inbox.quarantined(city))) == before
    monkeypatch.undo()
    receiving.apply(city, found, [0])
    assert figures_of(city, 4) == [3, 4]
