"""Who handed in, as packages say: a month is filed by the first package that counts and brings own figures of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from mbo_desktop import clock
from mbo_desktop.domain.exchange import EditionLine, PackageKind, PackageState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind, Filing
from mbo_desktop.services import bound_offices, filings, package_register
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.services.received import InboxRow
from mbo_desktop.store import packages
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

OWN = f'"kind":"{FigureKind.OWN.value}"'
"""Of a report's canonical body, as the month below: quicker than reading a hundred thousand of them."""
AT_MONTH = re.compile(r'"month":(\d{1,2})[,}]')
_FILED_BY = "包"
"""How a filing says that a package made it: 包 and the first digits of its identity."""


def note(change: Change, row: InboxRow, months: frozenset[int]) -> None:
    """The months of which own figures came, received today; a clerk confirms the day."""
    if row.kind is not PackageKind.REPORT or row.unit is None:
        return
    for month in sorted(months):
        old = change.find(Filing, change.named(Filing, row.year, month, row.unit))
        if old is None or old.received_on is None:
            filings.put_filing(
                change, row.year, month, row.unit, received_on=clock.today(), confirmed=False,
                file_name=row.name, template_version=_mark(row.package),
            )


def withdrawn(store: Store, change: Change, package: PackageRow) -> None:
    """What this package filed is filed by the next that brings the month, or not any more."""
    mine = [
        one for one in store.all(Filing, year=package.year)
        if one.template_version == _mark(package.package) and not one.confirmed
    ]
    if not mine:
        return
    others = [(one, _months(store, one)) for one in _counting(store, package)]
    for filing in mine:
        following = next((one for one, months in others if filing.month in months), None)
        if following is not None:
            _file(change, filing.month, filing.unit, following)
            continue
        left = replace(
            filing, received_on=None, confirmed=False, file_name="", file_hash="", template_version="",
            handed_in_by="",
        )
        if left == Filing(id=filing.id, year=filing.year, month=filing.month, unit=filing.unit):
            change.delete(filing.id)
        else:
            change.put(left)


def taken_back(store: Store, change: Change, package: PackageRow) -> None:
    """The months that this package brings are filed by it again, where nothing earlier files them."""
    bound = bound_offices.binding_of(store, package.sender)
    if package.kind is not PackageKind.REPORT or bound is None or bound.unit is None:
        return
    later = {_mark(one.package) for one in _counting(store, package) if one.on and package.on and one.on >= package.on}
    for month in sorted(_months(store, package)):
        old = change.find(Filing, change.named(Filing, package.year, month, bound.unit))
        if old is None or old.received_on is None or (not old.confirmed and old.template_version in later):
            _file(change, month, bound.unit, package)


def _file(change: Change, month: int, unit: RecordId, package: PackageRow) -> None:
    filings.put_filing(
        change, package.year, month, unit, received_on=package.on or clock.today(), confirmed=False,
        file_name=package.file_name, template_version=_mark(package.package),
    )


def _mark(package: str) -> str:
    return _FILED_BY + package[:16]


def _counting(store: Store, package: PackageRow) -> list[PackageRow]:
    """The other reports of the same office and year that count, in the order they were taken in."""
    return [
        one for one in package_register.packages_of(store, package.sender)
        if one.sender == package.sender and one.package != package.package and one.year == package.year
        and one.kind is PackageKind.REPORT and one.state is PackageState.APPLIED and not one.withdrawn
    ]


def _months(store: Store, package: PackageRow) -> frozenset[int]:
    with store.read() as connection:
        return months_of(packages.lines(connection, package.package))


def months_of(lines: Iterable[EditionLine]) -> frozenset[int]:
    """The months of which lines bring own figures."""
    return frozenset(
        int(found[1]) for line in lines
        if line.type == "progress_report" and line.body is not None and not line.deleted
        and OWN in line.body and (found := AT_MONTH.search(line.body))
    )
