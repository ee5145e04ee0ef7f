"""The packages of this office as they are looked up: by office, by stream, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from mbo_desktop.domain.exchange import PackageKind, PackageState
from mbo_desktop.exchange.manifest import identity
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.packages import PackageRow, package_rows

__all__ = ["PackageRow", "identity"]


def packages(store: Store) -> tuple[PackageRow, ...]:
    """All packages made and taken in, oldest first."""
    return package_rows(store)


def packages_of(store: Store, office: str) -> tuple[PackageRow, ...]:
    """Those that came from an office or were made for it."""
    return tuple(one for one in package_rows(store) if office in (one.sender, one.recipient_office))


def is_withdrawn(store: Store, package: str) -> bool:
    """Whether a package was taken in and withdrawn."""
    return any(
        one.package == package and one.withdrawn and one.state is PackageState.APPLIED
        for one in package_rows(store)
    )


def last_days(
    store: Store, streams: Mapping[str, str]
) -> dict[str, tuple[date | None, date | None]]:
    """By office: the day something was last received from it, and last made for it.

    streams: stream (`PackageRow.recipient`) → office, for packages made for a unit before the
    office behind it was known.
    """
    found: dict[str, tuple[date | None, date | None]] = {}
    for one in package_rows(store):
        if one.state is PackageState.APPLIED:
            found[one.sender] = (one.on, found.get(one.sender, (None, None))[1])
            continue
        office = one.recipient_office or streams.get(one.recipient, "")
        if office:
            found[office] = (found.get(office, (None, None))[0], one.on)
    return found


def receipts(store: Store) -> dict[str, date]:
    """Packages of this office that the other side confirmed, with the day it took them in."""
    return receipts_in(package_rows(store))


def receipts_in(rows: Iterable[PackageRow]) -> dict[str, date]:
    """The same from rows that were read already."""
    return {
        package: date.fromisoformat(on) for one in rows
        if one.state is PackageState.APPLIED and not one.withdrawn for package, on in one.receipts
    }


def copies(rows: Iterable[PackageRow]) -> dict[str, int]:
    """By package: of how many-th copy of its sender's data, where that has several; each numbers from 1.

    A restored backup, another PC, a moved folder begin a new copy. Copies are counted as they came.
    """
    streams: dict[tuple[str, str], dict[str, int]] = {}
    placed: list[tuple[str, tuple[str, str], int]] = []
    for one in rows:
        if one.kind is not PackageKind.REPLICA:
            known = streams.setdefault((one.sender, one.recipient), {})
            placed.append((one.package, (one.sender, one.recipient), known.setdefault(one.replica, len(known) + 1)))
    return {package: place for package, stream, place in placed if len(streams[stream]) > 1}


def gap_before(known: Iterable[PackageRow], office: str, replica: str, seq: int) -> str:
    """「缺第9–11包」 where a copy's numbers jump to this one; "" otherwise."""
    here = {
        one.seq for one in known
        if one.sender == office and one.replica == replica and one.state is PackageState.APPLIED
    }
    before = max((one for one in here if one < seq), default=0)
    return missing_words(before, seq)


def missing_words(before: int, seq: int) -> str:
    """Which numbers lie between two."""
    if seq - before < 2:
        return ""
    first, last = before + 1, seq - 1
    return f"缺第{first}包" if first == last else f"缺第{first}–{last}包"
