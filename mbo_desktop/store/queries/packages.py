"""Packages made and taken in, as the registers show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from mbo_desktop.domain.exchange import PackageKind, PackageState
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package: 32 digits for offices and copies, 64 for its identity."""

    package: str
    kind: PackageKind
    year: int
    sender: str
    recipient: str
    """The sender's unit record of the recipient (its uuid), else the recipient's office."""
    replica: str
    seq: int
    state: PackageState
    on: date | None
    """The day it was made or taken in here."""
    file_name: str
    withdrawn: bool
    sender_name: str
    recipient_office: str
    """"" where it was not known when the package was made."""
    recipient_name: str
    receipts: tuple[tuple[str, str], ...]
    """(package, received on) that it confirmed."""


_QUERY = (
    "SELECT p.hash, p.kind, p.year, p.sender, p.recipient, p.replica, p.seq, p.state, p.kept_at, p.file_name, "
    "EXISTS (SELECT 1 FROM package_withdrawal w WHERE w.package = lower(hex(p.hash)) AND w.deleted = 0), "
    "json_extract(p.manifest, '$.sender.name'), json_extract(p.manifest, '$.recipient'), "
    "json_extract(p.manifest, '$.recipient_name'), json_extract(p.manifest, '$.receipts') "
    "FROM package p WHERE p.state <> 'held' ORDER BY p.id"
)


def package_rows(store: Store) -> tuple[PackageRow, ...]:
    """All packages, in the order in which they were made or taken in."""
    with store.read() as connection:
        rows = raw(connection).execute(_QUERY).fetchall()
    return tuple(
        PackageRow(
            row[0].hex(), PackageKind.of(row[1]), row[2] or 0, row[3].hex(), row[4].hex(),
            row[5].hex(), row[6], PackageState.of(row[7]),
            datetime.fromisoformat(row[8]).date() if row[8] else None, row[9], bool(row[10]),
            row[11] or "", row[12] or "", row[13] or "",
            tuple((one["package"], one["received_on"]) for one in json.loads(row[14] or "[]")),
        )
        for row in rows
    )
