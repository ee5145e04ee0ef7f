"""A fleet of offices under bad conditions: lost, doubled, shuffled, corrupt sticks, forks, wrong clocks.

After the last packages have arrived everybody holds what its neighbours hold, every fork is
listed, and nothing else is flagged.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    allot,
    begin_below,
    level,
    make_city,
    received_targets,
    send_up,
    take,
)

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.exchange import frame
from mbo_desktop.services import exchange_state, inbox, issuing, offices, receiving, trust
from mbo_desktop.services.received import RowState
from mbo_desktop.store import checkup
from mbo_desktop.store import receiving as store_receiving
from mbo_desktop.store.checks.report import Severity
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.slices import owners_of
from mbo_desktop.store.receiving import DifferenceState

NOON = datetime(2020, 3, 12, 12, tzinfo=UTC)
LOST, DOUBLED, CORRUPT, FORKED = 0.10, 0.20, 0.05, 0.02


@dataclass
class Desk:
    """An office of the fleet: its copies (two after a fork), its clock, who stands above and below."""

    name: str
    folders: list[Path]
    skew: timedelta
    above: Desk | None = None
    below: list[Desk] = field(default_factory=list)
    unit: RecordId | None = None
    """The superior's record of it."""
    forked: set[tuple[str, int]] = field(default_factory=set)

    @contextmanager
    def open(self, copy: int = 0) -> Iterator[Store]:
        clock.set_source(lambda: NOON + self.skew)
        with Store.open(self.folders[copy], operator=self.name) as store:
            yield store


class Fleet:
    """The offices and their sticks."""

    def __init__(self, folder: Path, counties: int, townships: int, targets: int, seed: int) -> None:
        self.folder, self.dice, self.sent = folder, random.Random(seed), 0
        self.last: dict[tuple[str, str, int], Path] = {}
        self.corrupted = 0
        self.rounds = 1 if counties < 10 else 2
        self.seen: set[tuple[str, str]] = set()
        """(office, owner's name) of the forks that an office listed at some time."""
        clock.set_source(lambda: NOON)
        names = [f"县{number}" for number in range(counties)]
        make_city(folder / "city", names, targets).close()
        self.city = self._desk("city", None)
        self.counties = []
        for name in names:
            county = self._begin(self.city, name)
            with county.open() as store:
                allot(store, [f"{name}乡{number}人民政府" for number in range(townships)], 2, prefix=name)
            self._decompose(county)
            for number in range(townships):
                self._begin(county, f"{name}乡{number}")
            self.counties.append(county)

    @property
    def all(self) -> list[Desk]:
        return [self.city, *self.counties, *(one for county in self.counties for one in county.below)]

    def _desk(self, name: str, above: Desk | None) -> Desk:
        skew = timedelta(days=self.dice.randint(-3650, 3650))
        desk = Desk(name, [self.folder / name], skew, above)
        if above is not None:
            above.below.append(desk)
        return desk

    def _begin(self, above: Desk, name: str) -> Desk:
        with above.open() as store:
            unit = next(
                row.id for row in offices.children_of(store, offices.root_unit(store)) if row.short_name == name
            )
            path = self.down(store, above, unit)
        clock.set_source(lambda: NOON)
        begin_below(self.folder / name, path, name).close()
        desk = self._desk(name, above)
        desk.unit = unit
        return desk

    def _decompose(self, county: Desk) -> None:
        """Each township gets a part of the county's first target."""
        with county.open() as store:
            target = received_targets(store)[0]
            units = [row.id for row in offices.children_of(store, offices.root_unit(store))]
            with store.change("分解") as change:
                root = change.named(Allocation, target.id)
                change.put(Allocation(id=root, target=target.id))
                for unit in units:
                    change.put(Allocation(id=change.new(Allocation), parent=root, unit=unit, title="分项", value=level(5)))

    def down(self, store: Store, desk: Desk, unit: RecordId) -> Path:
        return issuing.issue(store, [unit], PackageKind.ISSUE, YEAR, self._stick(), cleared=True)[0].path

    def _stick(self) -> Path:
        self.sent += 1
        path = self.folder / "sticks" / str(self.sent)
        path.mkdir(parents=True)
        return path

    def post(self, desk: Desk, copy: int = 0) -> list[tuple[Desk, Path]]:
        """What an office sends in a month, downwards and upwards."""
        mail = []
        with desk.open(copy) as store:
            for one in desk.below:
                assert one.unit is not None
                path = self.down(store, desk, one.unit)
                self.last[desk.name, one.name, copy] = path
                mail.append((one, path))
            if desk.above is not None:
                path = send_up(store, self._stick())
                self.last[desk.name, desk.above.name, copy] = path
                mail.append((desk.above, path))
        return mail

    def spoil(self, mail: list[tuple[Desk, Path]]) -> list[tuple[Desk, Path]]:
        """The mail as it arrives: lost, doubled, shuffled, a byte turned."""
        arrived = []
        for to, path in mail:
            if self.dice.random() < LOST:
                continue
            if self.dice.random() < CORRUPT:
                bad = path.with_name("坏" + path.name)
                data = bytearray(path.read_bytes())
                data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
                bad.write_bytes(data)
                self.corrupted += 1
                arrived.append((to, bad))
                continue
            arrived.append((to, path))
            if self.dice.random() < DOUBLED:
                arrived.append((to, Path(shutil.copy(path, path.with_name("又" + path.name)))))
        self.dice.shuffle(arrived)
        return arrived

    def deliver(self, mail: list[tuple[Desk, Path]]) -> None:
        """Every office plugs in what came for it."""
        for desk in self.all:
            mine = [path for to, path in mail if to is desk]
            if not mine:
                continue
            for copy in range(len(desk.folders)):
                with desk.open(copy) as store:
                    found = take(store, *mine)
                    chosen = [place for place, row in enumerate(found.rows) if row.can_be_taken]
                    for row in found.rows:
                        assert row.state not in (
                            RowState.OUT_OF_SCOPE, RowState.OTHER_KEY, RowState.NOT_FOR_US, RowState.STRANGER,
                        ), (desk.name, row.name, row.sentence)
                    if chosen:
                        receiving.apply(store, found, chosen, mass_confirmed=True)
                    self.seen |= {(desk.name, one.office) for one in exchange_state.pending(store).forks}

    def work(self, month: int) -> None:
        """Everybody changes targets and reports; now and then an office works on two copies."""
        for desk in self.all:
            if len(desk.folders) == 1 and desk.above is not None and self.dice.random() < FORKED * (6 if len(self.all) < 50 else 1):
                twin = self.folder / f"{desk.name}-2"
                shutil.copytree(desk.folders[0], twin)
                desk.folders.append(twin)
            for copy in range(len(desk.folders)):
                with desk.open(copy) as store:
                    self._report(desk, store, month, copy)
                    self._change_targets(desk, store)

    def _report(self, desk: Desk, store: Store, month: int, copy: int) -> None:
        root = offices.root_unit(store)
        subjects: list[RecordId] = [one.id for one in received_targets(store)]
        subjects += [one.id for one in store.all(Allocation, in_unit=root) if one.parent is not None]
        with store.change("填报") as change:
            for subject in subjects[:3]:
                amount = Decimal(self.dice.randrange(100) + copy * 1000)
                change.put(ProgressReport(
                    id=change.named(ProgressReport, subject, month, FigureKind.OWN), subject=subject,
                    month=month, kind=FigureKind.OWN, amount=amount,
                ))

    def _change_targets(self, desk: Desk, store: Store) -> None:
        if len(desk.folders) > 1:
            return
        root = offices.root_unit(store)
        every = [one for one in store.all(Target) if one.unit != root]
        owners = owners_of(store, [one.id for one in every])
        own = [one for one in every if owners[one.id] == store.owner.bytes]
        with store.change("改目标") as change:
            for one in self.dice.sample(own, min(2, len(own))):
                change.put(replace(one, value=level(self.dice.randrange(1, 500))))

    def settle(self) -> None:
        """The last packages of everybody arrive, from the top down and back up."""
        for _round in range(self.rounds):
            for layer in ([self.city], self.counties, [one for c in self.counties for one in c.below]):
                mail = [one for desk in layer for copy in range(len(desk.folders)) for one in self.post(desk, copy)]
                self.deliver(mail)
            for layer in (self.counties, [self.city]):
                mail = [one for desk in layer for copy in range(len(desk.folders)) for one in self.post(desk, copy)]
                self.deliver(mail)


def check(fleet: Fleet) -> None:
    """Everybody knows all of the last packages for it; forks are those that were made; nothing else."""
    forked = {desk.name for desk in fleet.all if len(desk.folders) > 1}
    by_name = {desk.name: desk for desk in fleet.all}
    for (_sender, to, _copy), path in fleet.last.items():
        desk = by_name[to]
        lines = frame.read_package(path).lines
        for copy in range(len(desk.folders)):
            with desk.open(copy) as store, store.read() as connection:
                left = [one for one in store_receiving.compare(connection, lines) if one.state not in (
                    DifferenceState.KNOWN, DifferenceState.OLDER, DifferenceState.FORK,
                )]
            assert left == [], (to, path.name)
    for desk in fleet.all:
        with desk.open() as store:
            waiting = exchange_state.pending(store)
            neighbours = {one.name for one in [*desk.below, *([desk.above] if desk.above else [])]}
            near = {one.name for below in desk.below for one in below.below} | neighbours | {desk.name}
            assert waiting.unplaced == ()
            assert waiting.stale == ()
            if waiting.forks:
                assert forked & near, (desk.name, waiting.forks)
            for below in desk.below:
                if below.name in forked:
                    names = {one.name for one in trust.bindings(store) if one.unit == below.unit}
                    assert {(desk.name, one) for one in names} & fleet.seen, (
                        f"{desk.name} saw nothing of the fork of {below.name}"
                    )


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("counties", "townships", "targets", "months"), [
    (4, 2, 4, 2),
    pytest.param(40, 5, 6, 3, marks=pytest.mark.full),
])
def test_a_fleet_agrees_in_the_end(
    tmp_path: Path, counties: int, townships: int, targets: int, months: int
) -> None:
    fleet = Fleet(tmp_path, counties, townships, targets, seed=7)
    for month in range(1, months + 1):
        fleet.work(month)
        mail = [one for desk in fleet.all for copy in range(len(desk.folders)) for one in fleet.post(desk, copy)]
        fleet.deliver(fleet.spoil(mail))
    fleet.settle()
    check(fleet)
    with fleet.city.open() as store:
        assert len(inbox.quarantined(store)) <= fleet.corrupted
    for desk in (fleet.city, fleet.counties[0], fleet.counties[0].below[0]):
        with desk.open() as store:
            found = checkup.run(store).findings
            assert [one for one in found if one.severity is not Severity.NOTE] == [], desk.name
