"""I1–I10, I12, I13, I15–I17 on the real store, compared step by step with a model of a few lines.

One office on two PCs issues to another, packages are lost, doubled, late, withdrawn and taken
back, the PCs are merged now and then, clocks run wild.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.errors import InputError
from mbo_desktop.store import checkup, receiving, replicas
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.projections import heads_of
from tests.store.exchanging import Package, number_of, open_office, pack, take

Shown = dict[str, str]
SIZE = 4
"""Records of each kind."""


class Model:
    """What a receiver must show: nothing but set operations over whole packages."""

    def __init__(self) -> None:
        self.taken: dict[str, Package] = {}
        self.withdrawn: set[str] = set()

    def heads(self) -> dict[str, dict[str, tuple[bool, str | None]]]:
        """By record: head hash → deleted, body."""
        lines = [
            line for one, package in self.taken.items() if one not in self.withdrawn
            for line in package.lines
        ]
        bodies = {line.hash: line.body for line in lines if line.body is not None}
        found: dict[str, dict[str, tuple[bool, str | None]]] = {}
        for line in lines:
            if not any(line.hash in other.earlier for other in lines if other.name == line.name):
                found.setdefault(line.name, {})[line.hash] = (line.deleted, bodies.get(line.hash))
        return found

    def shown(self) -> Shown:
        """The visible bodies by name."""
        found = {}
        for name, heads in self.heads().items():
            deleted, body = heads[max(heads)]
            if not deleted and body is not None:
                found[name] = body
        return found


def shown(store: Store, owner: str) -> Shown:
    """The bodies that a store shows of an office's records."""
    with store.read() as connection:
        plain = raw(connection)
        records = {
            RecordId(row[0]): row[1].hex() for row in plain.execute(
                "SELECT id, uuid FROM record WHERE owner = ? AND type IS NOT NULL",
                (bytes.fromhex(owner),),
            ).fetchall()
        }
        heads = heads_of(plain, list(records))
    return {
        f"{owner}/{uuid}": heads[record].text for record, uuid in records.items()
        if record in heads and not heads[record].deleted
    }


def own_bodies(store: Store) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return raw(connection).execute(
            "SELECT r.uuid, v.hash FROM revision v JOIN record r ON r.id = v.record "
            "WHERE r.owner = ? AND r.type <> 'package_withdrawal' ORDER BY r.uuid, v.n, v.hash",
            (store.owner.bytes,),
        ).fetchall()


class ExchangeMachine(RuleBasedStateMachine):
    """The city on two PCs and the county that takes its packages in."""

    city_folder: Path
    county_folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp())
        for name in ("one", "two"):
            shutil.copytree(self.city_folder, self.scratch / name)
        self.county = self.receiver("county")
        self.copies = [Store.open(self.scratch / name, operator=name) for name in ("one", "two")]
        self.there, *rest = sorted(one.id for one in self.copies[0].all(Unit))
        self.members = [*rest, *sorted(one.id for one in self.copies[0].all(Indicator))]
        self.owner = self.copies[0].owner.hex
        self.packages: list[Package] = []
        self.model = Model()
        self.before = own_bodies(self.county)
        self.editions = 0

    def receiver(self, name: str) -> Store:
        shutil.copytree(self.county_folder, self.scratch / name)
        return Store.open(self.scratch / name, operator="李四")

    @rule(copy=st.integers(0, 1), place=st.integers(0, SIZE - 1), note=st.sampled_from("一二三四"))
    def edit(self, copy: int, place: int, note: str) -> None:
        store = self.copies[copy]
        found = store.find(Indicator, self.members[SIZE + place])
        with store.change("改") as change:
            if found is not None:
                change.put(replace(found, note=note))

    @rule(copy=st.integers(0, 1), place=st.integers(0, SIZE - 1), below=st.integers(0, SIZE))
    def move(self, copy: int, place: int, below: int) -> None:
        store = self.copies[copy]
        unit = store.find(Unit, self.members[place])
        superior = None if below == SIZE else self.members[below]
        if unit is None or (superior is not None and store.find(Unit, superior) is None):
            return
        try:
            with store.change("移动") as change:
                change.put(replace(unit, superior=superior))
        except InputError:
            assert store.get(Unit, unit.id) == unit

    @rule(copy=st.integers(0, 1), place=st.integers(0, 2 * SIZE - 1))
    def delete_or_restore(self, copy: int, place: int) -> None:
        store, record = self.copies[copy], self.members[place]
        history = store.history(record)
        if history[0].deleted:
            store.restore_revision(record, next(one.n for one in history if not one.deleted))
        else:
            with store.change("删") as change:
                change.delete(record)

    @rule(copy=st.integers(0, 1), inside=st.sets(st.integers(0, 2 * SIZE - 1)))
    def issue(self, copy: int, inside: set[int]) -> None:
        store = self.copies[copy]
        # A slice holds live records only.
        kinds = [Unit] * SIZE + [Indicator] * SIZE
        members = [
            self.members[one] for one in inside
            if store.find(kinds[one], self.members[one]) is not None  # type: ignore[type-abstract]
        ]
        self.packages.append(pack(store, members, self.there))

    @rule(into=st.integers(0, 1), theirs=st.booleans())
    def merge_copies(self, into: int, theirs: bool) -> None:
        store, other = self.copies[into], self.copies[1 - into]
        with other.read() as connection:
            lines = json.loads(json.dumps(list(replicas.export(connection))))
        with store.read() as connection:
            names = [one.name for one in replicas.conflicts(connection, lines)] if theirs else []
        with store.change("合并", barrier=True) as change:
            replicas.merge(change, lines, theirs=names)
        with store.read() as connection:
            assert replicas.conflicts(connection, lines) == ()

    @precondition(lambda self: self.packages)
    @rule(data=st.data(), one_by_one=st.booleans())
    def deliver(self, data: st.DataObject, one_by_one: bool) -> None:
        chosen = data.draw(st.lists(st.sampled_from(range(len(self.packages))), min_size=1, max_size=4))
        some = [self.packages[one] for one in chosen]
        for batch in ([[one] for one in some] if one_by_one else [some]):
            take(self.county, *batch)
        for one in some:
            self.model.taken[one.identity] = one

    @precondition(lambda self: self.packages)
    @rule(data=st.data())
    def fail_while_delivering(self, data: st.DataObject) -> None:
        package = data.draw(st.sampled_from(range(len(self.packages))))
        one = self.packages[package]
        with pytest.raises(RuntimeError):
            self.take_half(one)

    def take_half(self, one: Package) -> None:
        with self.county.change("导入", barrier=True) as change:
            receiving.apply(change, one.text, one.manifest, one.lines)
            change.flush()
            raise RuntimeError("the power goes")

    @precondition(lambda self: self.model.taken)
    @rule(data=st.data())
    def withdraw_or_take_back(self, data: st.DataObject) -> None:
        identity = data.draw(st.sampled_from(list(self.model.taken)))
        with self.county.change("撤回", barrier=True) as change:
            if identity in self.model.withdrawn:
                receiving.take_back(change, identity)
                self.model.withdrawn.discard(identity)
            else:
                receiving.withdraw(change, identity, "试")
                self.model.withdrawn.add(identity)

    @rule(years=st.integers(-10, 10))
    def shift_the_clock(self, years: int) -> None:
        moment = datetime(2020, 3, 12, 9, tzinfo=UTC) + timedelta(days=365 * years)
        clock.set_source(lambda: moment)

    @invariant()
    def the_county_shows_what_the_model_says(self) -> None:
        assert shown(self.county, self.owner) == self.model.shown()
        with self.county.read() as connection:
            forked = {row[0] for row in raw(connection).execute(
                "SELECT record FROM edition_head GROUP BY record HAVING count(*) > 1"
            ).fetchall()}
            count = raw(connection).execute("SELECT count(*) FROM edition").fetchone()[0]
        expected = {name for name, heads in self.model.heads().items() if len(heads) > 1}
        assert forked == {number_of(self.county, name) for name in expected}
        assert count >= self.editions
        self.editions = count

    @invariant()
    def nothing_of_the_county_changed(self) -> None:
        assert own_bodies(self.county) == self.before

    @invariant()
    def no_circle_is_shown(self) -> None:
        for store in self.copies:
            units = {one.id: one for one in store.all(Unit)}
            for one in units.values():
                seen = set()
                at: Unit | None = one
                while at is not None:
                    assert at.id not in seen
                    seen.add(at.id)
                    at = units.get(at.superior) if at.superior is not None else None

    def teardown(self) -> None:
        try:
            self.agree_in_the_end()
        finally:
            clock.set_source(None)
            for store in (*self.copies, self.county):
                store.close()
            shutil.rmtree(self.scratch)

    def agree_in_the_end(self) -> None:
        """Other orders end alike; the last package alone says all; both ends have the same roots."""
        counting = [
            one for name, one in self.model.taken.items() if name not in self.model.withdrawn
        ]
        random.Random(len(counting)).shuffle(counting)
        with self.receiver("other") as other:
            take(other, *counting, *counting[:1])
            assert shown(other, self.owner) == self.model.shown()
            assert clean(other)
        self.merge_copies(0, theirs=False)
        self.merge_copies(1, theirs=False)
        assert own_bodies(self.copies[0]) == own_bodies(self.copies[1])
        for identity in sorted(self.model.withdrawn):
            with self.county.change("恢复", barrier=True) as change:
                receiving.take_back(change, identity)
        self.issue(0, set(range(2 * SIZE)))
        take(self.county, self.packages[-1])
        with self.receiver("last") as last:
            take(last, self.packages[-1])
            assert shown(last, self.owner) == shown(self.county, self.owner)
            with last.read() as one, self.county.read() as two, self.copies[0].read() as three:
                owner = bytes.fromhex(self.owner)
                roots = [receiving.roots(each, owner) for each in (one, two, three)]
        assert roots[0] == roots[1] == roots[2]
        for store in (*self.copies, self.county):
            assert clean(store)


def clean(store: Store) -> bool:
    assert [one for one in checkup.run(store).findings if one.severity != "note"] == []
    return True


@pytest.mark.timeout(7200)
def test_exchange_machine(tmp_path: Path) -> None:
    city, _ = open_office(tmp_path / "city", "示例市")
    with city, city.change("框架") as change:
        units = [change.new(Unit) for _ in range(SIZE)]
        change.put_all(Unit(id=one, name=f"单位{one}", ord="V") for one in units)
        indicators = [change.new(Indicator) for _ in range(SIZE)]
        change.put_all(Indicator(id=one, year=2020, name=f"指标{one}") for one in indicators)
    county, _ = open_office(tmp_path / "county", "甲县")
    county.close()

    class Here(ExchangeMachine):
        city_folder = tmp_path / "city"
        county_folder = tmp_path / "county"

    run_state_machine_as_test(Here, settings=settings(settings.default, stateful_step_count=14))
