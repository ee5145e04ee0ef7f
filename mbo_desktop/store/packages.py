"""Packages made and taken in: their rows, their place in a stream, their lines again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from hashlib import sha256

from sqlalchemy.engine import Connection

from mbo_desktop import clock
from mbo_desktop.domain.exchange import EditionLine, Manifest, PackageState, root_hash
from mbo_desktop.domain.purging import MARK
from mbo_desktop.store.changes import Change
from mbo_desktop.store.connections import raw
from mbo_desktop.store.identities import split_name


def identity(manifest_text: str) -> str:
    """Identity of a package: SHA-256 of its manifest's text."""
    return sha256(manifest_text.encode()).hexdigest()


def stream_of(recipient_unit: str, office: str) -> bytes:
    """What stands for a recipient in rows: the uuid of the sender's unit record, else the office.

    The unit stays the same when the office becomes known, so seq and prev go on.
    """
    return split_name(recipient_unit)[1] if recipient_unit else bytes.fromhex(office)


def next_place(
    connection: Connection | sqlite3.Connection, replica: bytes, recipient: bytes
) -> tuple[int, str]:
    """seq and prev of the next package of a replica to a recipient (as `stream_of` gives it)."""
    row = driver(connection).execute(
        "SELECT seq, hash FROM package WHERE replica = ? AND recipient = ? ORDER BY seq DESC LIMIT 1",
        (replica, recipient),
    ).fetchone()
    return (row[0] + 1, row[1].hex()) if row else (1, "")


def log_head(connection: Connection | sqlite3.Connection, replica: bytes) -> str:
    """Hash of the last log entry of a replica, 64 hexadecimal digits; zeros before the first."""
    row = driver(connection).execute(
        "SELECT hash FROM change WHERE replica = ? ORDER BY seq DESC LIMIT 1", (replica,)
    ).fetchone()
    return str(row[0].hex()) if row else "0" * 64


def record(
    change: Change, manifest_text: str, manifest: Manifest, lines: Collection[EditionLine],
    *, state: PackageState = PackageState.ISSUED, file_name: str = "",
) -> int:
    """Enter a package whose editions stand in the file; its row number.

    ValueError when the lines are not those that the manifest speaks of.
    """
    hashes = [line.hash for line in lines]
    if root_hash(hashes) != manifest.root or len(lines) != manifest.count:
        raise ValueError("the manifest speaks of other lines")
    connection, hashed = change.connection, bytes.fromhex(identity(manifest_text))
    cursor = connection.execute(
        "INSERT INTO package (hash, kind, year, sender, recipient, replica, seq, state, manifest, "
        "kept_at, file_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            hashed, manifest.kind.value, manifest.year, bytes.fromhex(manifest.sender.office),
            stream_of(manifest.recipient_unit, manifest.recipient), bytes.fromhex(manifest.replica),
            manifest.seq, state.value, manifest_text,
            clock.now().isoformat(timespec="milliseconds"), file_name,
        ),
    )
    number = cursor.lastrowid
    assert number is not None
    connection.executemany(
        "INSERT INTO package_edition (package, edition, withheld) "
        "SELECT ?, id, ? FROM edition WHERE hash = ?",
        [(number, int(line.body is None), bytes.fromhex(line.hash)) for line in lines],
    )
    change.take_package(number, hashed)
    return number


def find(connection: Connection | sqlite3.Connection, package: str) -> tuple[int, PackageState] | None:
    """Row number and state of a package, None when it is not known here."""
    row = driver(connection).execute(
        "SELECT id, state FROM package WHERE hash = ?", (bytes.fromhex(package),)
    ).fetchone()
    return None if row is None else (row[0], PackageState.of(row[1]))


def manifest_text(connection: Connection | sqlite3.Connection, package: str) -> str | None:
    """The manifest of a known package, byte for byte."""
    row = driver(connection).execute(
        "SELECT manifest FROM package WHERE hash = ?", (bytes.fromhex(package),)
    ).fetchone()
    return None if row is None else str(row[0])


def lines(connection: Connection | sqlite3.Connection, package: str) -> tuple[EditionLine, ...]:
    """The lines of a known package in their order: the same bytes again; empty when unknown."""
    rows = driver(connection).execute(
        "SELECT r.owner, r.uuid, coalesce(r.type, ''), e.schema, e.deleted, e.earlier, e.hash, "
        "CASE WHEN x.withheld THEN NULL ELSE nullif(e.body, ?) END "
        "FROM package p JOIN package_edition x ON x.package = p.id "
        "JOIN edition e ON e.id = x.edition JOIN record r ON r.id = e.record "
        "WHERE p.hash = ? ORDER BY r.owner, r.uuid, e.hash", (MARK, bytes.fromhex(package)),
    ).fetchall()
    return tuple(
        EditionLine(
            row[0].hex(), row[1].hex(), row[2], row[3], bool(row[4]),
            tuple(row[5].split()), row[6].hex(), row[7],
        )
        for row in rows
    )


def known_hashes(connection: sqlite3.Connection, hashes: Collection[str]) -> set[str]:
    """Those of the packages that are known here."""
    return {
        row[0] for row in connection.execute(
            "SELECT lower(hex(hash)) FROM package "
            "WHERE lower(hex(hash)) IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(hashes)),),
        ).fetchall()
    }


def driver(connection: Connection | sqlite3.Connection) -> sqlite3.Connection:
    """The driver's connection of either kind."""
    return connection if isinstance(connection, sqlite3.Connection) else raw(connection)
