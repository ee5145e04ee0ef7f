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


def heads_unknown_to(store: Store, office: str, package: str) -> tuple[tuple[str, str], ...]:
    """(name, hash) of an office's editions that count here and that its package does not know of.

    Of the records in that package only: what an office lost with a restored backup. A head
    that the package names as earlier is no head any more, so being in it is all to ask.
    """
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT r.uuid, e.hash, group_concat(o.earlier, ' ') FROM edition_head h "
            "JOIN edition e ON e.id = h.edition JOIN record r ON r.id = h.record AND r.owner = :office "
            "JOIN edition o ON o.record = h.record "
            "JOIN package_edition x ON x.edition = o.id "
            "AND x.package = (SELECT id FROM package WHERE hash = :package) "
            "WHERE NOT EXISTS (SELECT 1 FROM package_edition k WHERE k.package = x.package "
            "AND k.edition = h.edition) GROUP BY h.record, h.edition",
            {"office": bytes.fromhex(office), "package": bytes.fromhex(package)},
        ).fetchall()
    return tuple(sorted(
        (f"{office}/{uuid.hex()}", hashed.hex()) for uuid, hashed, earlier in rows
        if hashed.hex() not in (earlier or "").split()
    ))
