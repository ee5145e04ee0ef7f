"""Packages taken in: what is shown, who may change it, withdrawals, forks, units read as own ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.exchange import Binding, BindingRole, PackageKind, Receipt
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.store import checkup, editions, packages, receiving
from mbo_desktop.store.comparing import DifferenceState, compare, unissued, unknown_to
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from tests.store.conftest import sql
from tests.store.examples import level
from tests.store.exchanging import bind, name_of, number_of, open_office, pack, take


@dataclass
class Pair:
    """A city with one indicator for a county, and the county."""

    city: Store
    city_unit: RecordId
    county_there: RecordId
    indicator: RecordId
    target: RecordId
    county: Store
    county_unit: RecordId

    @property
    def members(self) -> list[RecordId]:
        return [self.city_unit, self.county_there, self.indicator, self.target]

    def set(self, amount: str) -> None:
        with self.city.change("改目标值") as change:
            change.put(replace(change.get(Target, self.target), value=level(amount)))

    def here(self, record: RecordId) -> RecordId:
        number = number_of(self.county, name_of(self.city, record))
        assert number is not None
        return number

    def shown(self) -> str | None:
        found = self.county.all(Target)
        return found[0].value.text if found and found[0].value else None


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    city, city_unit = open_office(tmp_path / "city", "示例市")
    with city.change("框架") as change:
        county_there = change.new(Unit)
        change.put(Unit(id=county_there, name="甲县", superior=city_unit, ord="V"))
        indicator = change.new(Indicator)
        change.put(Indicator(id=indicator, year=2020, name="生产总值"))
        target = change.named(Target, indicator, county_there)
        change.put(Target(id=target, indicator=indicator, unit=county_there, value=level("75")))
    county, county_unit = open_office(tmp_path / "county", "甲县")
    with city, county:
        yield Pair(city, city_unit, county_there, indicator, target, county, county_unit)


def clean(store: Store) -> None:
    findings = [one for one in checkup.run(store).findings if one.severity != "note"]
    assert findings == []


def test_a_target_arrives_and_counts_for_the_own_unit(pair: Pair) -> None:
    package = pack(pair.city, pair.members, pair.county_there)
    with pair.county.read() as connection:
        assert {one.state for one in compare(connection, package.lines)} == {DifferenceState.NEW}
    (applied,) = take(pair.county, package)
    assert applied.records == 4
    assert applied.forks == 0
    assert pair.shown() == "75亿元"
    # Before the binding the county is known by name only, and in no list.
    assert [one.name for one in pair.county.all(Unit)] == ["甲县"]
    assert pair.county.all(Target)[0].unit == pair.here(pair.county_there)
    bind(
        pair.county, pair.city, unit=None, their_unit=name_of(pair.city, pair.city_unit),
        our_unit=name_of(pair.city, pair.county_there), role=BindingRole.SUPERIOR,
    )
    assert pair.county.all(Target, unit=pair.county_unit)[0].unit == pair.county_unit
    clean(pair.county)
    clean(pair.city)
    with pair.county.change("不再往来") as change:
        change.delete(change.named(Binding, pair.city.owner.hex))
    assert pair.county.all(Target, unit=pair.county_unit) == []
    clean(pair.county)


def test_what_others_wrote_is_not_changed_here(pair: Pair) -> None:
    take(pair.county, pack(pair.city, pair.members, pair.county_there))
    target = pair.county.all(Target)[0]
    with pytest.raises(NotAllowedError, match="其他机关"), pair.county.change("改") as change:
        change.put(replace(target, value=level("1")))
    bind(pair.county, pair.city, unit=None, their_unit="", role=BindingRole.SUPERIOR)
    with pytest.raises(NotAllowedError, match="上级「对方」下达"), pair.county.change("删") as change:
        change.delete(target.id)
    with pytest.raises(NotAllowedError):
        pair.county.restore_revision(target.id, 1)
    assert pair.shown() == "75亿元"


def test_the_same_or_an_older_package_does_nothing(pair: Pair) -> None:
    first = pack(pair.city, pair.members, pair.county_there)
    pair.set("80")
    second = pack(pair.city, pair.members, pair.county_there)
    assert (second.manifest.seq, second.manifest.prev) == (2, first.identity)
    take(pair.county, second)
    with pair.county.read() as connection:
        states = {one.type: one.state for one in compare(connection, first.lines)}
    assert states["target"] is DifferenceState.OLDER
    assert states["unit"] is DifferenceState.KNOWN
    assert take(pair.county, first)[0].records == 0
    assert take(pair.county, second)[0].known
    assert pair.shown() == "80亿元"
    clean(pair.county)


def test_an_unchanged_record_gets_no_new_edition(pair: Pair) -> None:
    first = pack(pair.city, pair.members, pair.county_there)
    second = pack(pair.city, pair.members, pair.county_there)
    assert first.lines == second.lines
    assert first.identity != second.identity
    with pair.city.read() as connection:
        assert packages.lines(connection, first.identity) == first.lines
        assert unissued(connection, pair.members) == frozenset()
    pair.set("90")
    with pair.city.read() as connection:
        assert unissued(connection, pair.members) == {pair.target}


def test_what_left_the_slice_is_withheld_and_comes_back(pair: Pair) -> None:
    packs = [pack(pair.city, pair.members, pair.county_there)]
    rest = [one for one in pair.members if one != pair.target]
    packs.append(pack(pair.city, rest, pair.county_there))
    packs.append(pack(pair.city, rest, pair.county_there))
    withheld = [line for line in packs[-1].lines if line.body is None]
    assert [line.type for line in withheld] == ["target"]
    take(pair.county, packs[0])
    with pair.county.read() as connection:
        (difference,) = [one for one in compare(connection, packs[2].lines) if one.type == "target"]
    assert difference.state is DifferenceState.WITHHELD
    take(pair.county, packs[2])
    assert pair.shown() is None
    assert take(pair.county, packs[1])[0].records == 0
    back = pack(pair.city, pair.members, pair.county_there)
    with pair.county.read() as connection:
        (difference,) = [one for one in compare(connection, back.lines) if one.type == "target"]
    assert difference.state is DifferenceState.BACK
    take(pair.county, back)
    assert pair.shown() == "75亿元"
    with pair.county.change("撤回", barrier=True) as change:
        receiving.withdraw(change, back.identity, "发错了")
    assert pair.shown() is None
    clean(pair.county)
    clean(pair.city)


def test_a_deleted_record_is_deleted_everywhere(pair: Pair) -> None:
    first = pack(pair.city, pair.members, pair.county_there)
    take(pair.county, first)
    with pair.city.change("删除") as change:
        change.delete(pair.target)
    rest = [one for one in pair.members if one != pair.target]
    second = pack(pair.city, rest, pair.county_there)
    take(pair.county, second)
    assert pair.shown() is None
    with pair.county.change("导入", barrier=True) as change:
        assert receiving.apply(change, first.text, first.manifest, first.lines).known
    assert pair.shown() is None
    third = pack(pair.city, rest, pair.county_there)
    assert {line.hash for line in third.lines} == {line.hash for line in second.lines}


def test_a_package_is_withdrawn_and_taken_back(pair: Pair) -> None:
    first = pack(pair.city, pair.members, pair.county_there)
    pair.set("80")
    second = pack(pair.city, pair.members, pair.county_there)
    take(pair.county, first, second)
    with pytest.raises(InputError, match="原因"), pair.county.change("撤回", barrier=True) as change:
        receiving.withdraw(change, second.identity, " ")
    with pair.county.change("撤回", barrier=True) as change:
        assert receiving.withdraw(change, second.identity, "发错了") == 1
    assert pair.shown() == "75亿元"
    with pair.county.change("撤回", barrier=True) as change:
        receiving.withdraw(change, first.identity, "都错了")
    assert pair.shown() is None
    clean(pair.county)
    with pair.county.change("恢复", barrier=True) as change:
        receiving.take_back(change, second.identity)
    assert pair.shown() == "80亿元"
    with pair.county.change("恢复", barrier=True) as change:
        assert receiving.take_back(change, first.identity) == 0
    assert pair.shown() == "80亿元"
    clean(pair.county)
    with pytest.raises(InputError), pair.county.change("x", barrier=True) as change:
        receiving.withdraw(change, "ab" * 32, "没有")


def test_a_line_of_this_office_is_refused_in_others_packages(pair: Pair) -> None:
    package = pack(pair.city, pair.members, pair.county_there)
    with pytest.raises(NotAllowedError):
        take(pair.city, replace(package, text=package.text.replace('"seq":1', '"seq":9')))


def test_a_line_that_contradicts_what_is_known_is_refused(pair: Pair) -> None:
    package = pack(pair.city, pair.members, pair.county_there)
    take(pair.county, package)
    line = next(one for one in package.lines if one.type == "target")
    for liar in (replace(line, uuid="ab" * 16), replace(line, earlier=("cd" * 32,)), replace(line, type="indicator")):
        lines = (*(one for one in package.lines if one is not line), liar)
        with pytest.raises(FileReadError):
            take(pair.county, replace(package, text=package.text.replace('"seq":1', '"seq":7'), lines=lines))
    newer = replace(line, schema=99)
    with pytest.raises(FileReadError, match="新版"):
        take(pair.county, replace(package, text="{}", lines=(newer,)))
    clean(pair.county)


def test_a_lost_edition_is_followed_after_a_receipt(pair: Pair, tmp_path: Path) -> None:
    """The city restores a backup and forgot what it issued; the county's receipt names it."""
    first = pack(pair.city, pair.members, pair.county_there)
    pair.city.close()
    shutil.copytree(pair.city.folder, tmp_path / "backup")
    with Store.open(pair.city.folder, operator="张三") as city:
        pair.city = city
        pair.set("80")
        lost = pack(city, pair.members, pair.county_there)
    take(pair.county, first, lost)
    with Store.open(tmp_path / "backup", operator="张三") as restored:
        assert restored.replica != pair.city.replica
        pair.city = restored
        pair.set("70")
        again = pack(restored, pair.members, pair.county_there)
        (applied,) = take(pair.county, again)
        assert applied.forks == 1
        with pair.county.read() as connection:
            unknown = unknown_to(connection, restored.owner.hex, again.lines)
        assert [one[0] for one in unknown] == [name_of(restored, pair.target)]
        receipt = Receipt(again.identity, 1, "2020-02-01", unknown)
        bind(
            pair.county, restored, unit=None, their_unit="", role=BindingRole.SUPERIOR,
            our_unit=name_of(restored, pair.county_there),
        )
        report = pack(pair.county, [pair.county_unit], restored, kind=PackageKind.REPORT, receipts=[receipt])
        take(restored, report)
        clean(restored)
        settled = pack(restored, pair.members, pair.county_there)
        (applied,) = take(pair.county, settled)
        assert applied.forks == 0
        assert pair.shown() == "70亿元"
        clean(restored)
        clean(pair.county)


def test_roots_are_equal_at_both_ends(pair: Pair) -> None:
    packs = []
    for amount in ("80", "81", "82"):
        pair.set(amount)
        packs.append(pack(pair.city, pair.members, pair.county_there))
    take(pair.county, packs[2])
    owner = pair.city.owner.bytes
    with pair.city.read() as one, pair.county.read() as other:
        assert receiving.roots(one, owner) == receiving.roots(other, owner)
    with pair.county.read() as connection:
        heads = editions.heads_by_record(raw(connection), [pair.here(pair.target)])
    assert len(heads[pair.here(pair.target)]) == 1


def test_a_held_package_counts_when_it_is_released(pair: Pair) -> None:
    package = pack(pair.city, pair.members, pair.county_there)
    with pair.county.change("暂存", barrier=True) as change:
        receiving.hold(change, package.text, package.manifest, package.lines)
    assert pair.shown() is None
    clean(pair.county)
    with pair.county.change("放行", barrier=True) as change:
        receiving.release(change, package.identity)
    assert pair.shown() == "75亿元"
    clean(pair.county)


@pytest.mark.parametrize(("statement", "said"), [
    ("UPDATE edition SET body = replace(body, '75', '57')", "与校验值不一致"),
    ("UPDATE edition SET deleted = 1 WHERE id = (SELECT max(id) FROM edition)", "与校验值不一致"),
    ("UPDATE package SET manifest = replace(manifest, '2020', '2021')", "登记与它的内容不一致"),
    ("DELETE FROM package_edition WHERE edition = (SELECT max(edition) FROM package_edition)", "登记与它的内容"),
    ("DELETE FROM edition_head WHERE record = (SELECT max(record) FROM edition_head)", "有效版本"),
    ("UPDATE edition_head SET withheld = 1 WHERE record = (SELECT record FROM target)", "有效版本"),
    ("DELETE FROM package_change", "日志与它记录的修改对不上"),
])
def test_the_data_check_finds_what_was_tampered_with(pair: Pair, statement: str, said: str) -> None:
    take(pair.county, pack(pair.city, pair.members, pair.county_there))
    clean(pair.county)
    pair.county.close()
    sql(pair.county.folder, statement)
    with Store.open(pair.county.folder) as store:
        assert any(said in one.what for one in checkup.run(store).damage)


def test_a_units_own_tree_goes_before_the_one_typed_for_it(pair: Pair) -> None:
    take(pair.county, pack(pair.city, pair.members, pair.county_there))
    bind(
        pair.county, pair.city, unit=None, their_unit=name_of(pair.city, pair.city_unit),
        our_unit=name_of(pair.city, pair.county_there), role=BindingRole.SUPERIOR,
    )
    roots, parts = {}, {}
    for store, target, unit in (
        (pair.city, pair.target, pair.county_there),
        (pair.county, pair.here(pair.target), pair.county_unit),
    ):
        with store.change("分解") as change:
            root, part = change.named(Allocation, target), change.new(Allocation)
            change.put(Allocation(id=root, target=target))
            change.put(Allocation(id=part, parent=root, title="一个部分", unit=unit))
            roots[store], parts[store] = root, part
    # At the county its own tree stays, whatever the superior typed.
    take(pair.county, pack(pair.city, [*pair.members, roots[pair.city], parts[pair.city]], pair.county_there))
    assert {one.id for one in pair.county.all(Allocation)} == {roots[pair.county], parts[pair.county]}
    report = pack(
        pair.county, [pair.county_unit, roots[pair.county], parts[pair.county]], pair.city,
        kind=PackageKind.REPORT,
    )
    take(pair.city, report)
    typed = {roots[pair.city], parts[pair.city]}
    assert {one.id for one in pair.city.all(Allocation)} == typed
    bind(
        pair.city, pair.county, unit=pair.county_there,
        their_unit=name_of(pair.county, pair.county_unit),
    )
    shown = pair.city.all(Allocation)
    assert {one.id for one in shown}.isdisjoint(typed)
    assert len(shown) == 2
    assert next(one for one in shown if one.parent is not None).unit == pair.county_there
    assert pair.city.get(Allocation, parts[pair.city]).title == "一个部分"
    clean(pair.city)
    with pair.city.change("撤回", barrier=True) as change:
        receiving.withdraw(change, report.identity, "试")
    assert {one.id for one in pair.city.all(Allocation)} == typed
    clean(pair.city)
    clean(pair.county)
