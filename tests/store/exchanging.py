"""Packages between data folders for tests: made and taken in by the store alone, no files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.exchange import (
    Binding,
    BindingRole,
    EditionLine,
    Manifest,
    OfficeCard,
    PackageKind,
    Receipt,
    root_hash,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Office, Unit
from mbo_desktop.store import editions, packages, receiving
from mbo_desktop.store.canonical import dump
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.identities import NameCache, Names


@dataclass(frozen=True)
class Package:
    """A package as it would stand in a file."""

    text: str
    manifest: Manifest
    lines: tuple[EditionLine, ...]

    @property
    def identity(self) -> str:
        return packages.identity(self.text)


def name_of(store: Store, record: RecordId) -> str:
    """The "owner/uuid" of a record."""
    with store.read() as connection:
        return Names(raw(connection), NameCache()).name_of(record)


def number_of(store: Store, name: str) -> RecordId | None:
    """The record of a name, None when it is not known."""
    with store.read() as connection:
        return Names(raw(connection), NameCache()).find(
            bytes.fromhex(name[:32]), bytes.fromhex(name[33:])
        )


def open_office(folder: Path, name: str) -> tuple[Store, RecordId]:
    """A new data folder with its office and the unit that stands for it."""
    store = Store.create(folder, operator="张三")
    with store.change("建立") as change:
        unit = change.new(Unit)
        change.put(Unit(id=unit, name=name, ord="V"))
        change.put(Office(id=change.named(Office), name=f"{name}目标办", unit=unit))
    return store, unit


def bind(
    store: Store, other: Store, *, unit: RecordId | None, their_unit: str, our_unit: str = "",
    role: BindingRole = BindingRole.SUBORDINATE,
) -> None:
    """Accept another office."""
    with store.change("当面接收") as change:
        record = change.named(Binding, other.owner.hex)
        change.put(Binding(
            id=record, office=other.owner.hex, name="对方", unit=unit, their_unit=their_unit,
            our_unit=our_unit, role=role,
        ))


def pack(
    store: Store, members: Collection[RecordId], to: RecordId | Store, *,
    kind: PackageKind = PackageKind.ISSUE, year: int = 2020, receipts: Sequence[Receipt] = (),
) -> Package:
    """Cut and enter a package to the office of a unit of the own register, or to a known office."""
    unit_name = "" if isinstance(to, Store) else name_of(store, to)
    office = to.owner.hex if isinstance(to, Store) else ""
    recipient = packages.stream_of(unit_name, office)
    with store.change("制包", barrier=True) as change:
        lines = editions.cut(change, members, kind=kind.value, year=year, recipient=recipient)
        seq, prev = packages.next_place(change.connection, change.replica, recipient)
        manifest = Manifest(
            schema=9, min_reader=9, app="0", kind=kind, year=year,
            sender=OfficeCard(store.owner.hex, "机关"), recipient=office,
            recipient_unit=unit_name, recipient_name="对方", replica=change.replica.hex(),
            seq=seq, prev=prev, log_head=packages.log_head(change.connection, change.replica),
            root=root_hash(line.hash for line in lines), count=len(lines), records_hash="0" * 64,
            records_size=0, receipts=tuple(receipts), made_at="2020-01-01", made_by="张三",
        )
        text = dump({
            "kind": kind.value, "year": year, "sender": store.owner.hex, "to": recipient.hex(),
            "replica": manifest.replica, "seq": seq, "prev": prev, "root": manifest.root,
        })
        packages.record(change, text, manifest, lines)
    return Package(text, manifest, lines)


def take(store: Store, *some: Package) -> list[receiving.Applied]:
    """Take packages in as one step."""
    with store.change("导入", barrier=True) as change:
        return [receiving.apply(change, one.text, one.manifest, one.lines) for one in some]
