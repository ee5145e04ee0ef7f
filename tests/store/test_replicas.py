"""Two copies of one office: what is merged silently, what is asked once, what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import FileReadError
from mbo_desktop.store import checkup, receiving, replicas
from mbo_desktop.store.database import Store
from tests.store.examples import add_unit, level
from tests.store.exchanging import bind, name_of, number_of, open_office, pack, take

Copies = tuple[Store, Store]


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    """One office on two PCs."""
    first, _ = open_office(tmp_path / "one", "示例市")
    with first.change("单位") as change:
        for name in "甲乙丙":
            add_unit(change, f"{name}县")
    first.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with Store.open(tmp_path / "one", operator="张三") as one, \
            Store.open(tmp_path / "two", operator="李四") as two:
        assert one.replica != two.replica
        yield one, two


def exported(store: Store) -> list[dict[str, Any]]:
    with store.read() as connection:
        lines: list[dict[str, Any]] = json.loads(json.dumps(list(replicas.export(connection))))
    return lines


def merge(into: Store, other: Store, theirs: tuple[str, ...] = ()) -> replicas.MergedCopy:
    lines = exported(other)
    with into.change("合并", barrier=True) as change:
        return replicas.merge(change, lines, theirs=theirs)


def unit(store: Store, name: str) -> Unit:
    return next(one for one in store.all(Unit) if one.name == name)


def edit(store: Store, name: str, note: str) -> None:
    with store.change(f"改{name}") as change:
        change.put(replace(change.get(Unit, unit(store, name).id), note=note))


def notes(store: Store) -> dict[str, str]:
    return {one.name: one.note for one in store.all(Unit)}


def clean(*stores: Store) -> None:
    for store in stores:
        assert [one for one in checkup.run(store).findings if one.severity != "note"] == []


def test_different_records_merge_without_asking(copies: Copies) -> None:
    one, two = copies
    edit(one, "甲县", "农业")
    edit(two, "乙县", "工业")
    with two.change("新增") as change:
        add_unit(change, "丁县")
    assert merge(one, two).conflicts == 0
    assert merge(two, one).conflicts == 0
    assert notes(one) == notes(two) == {
        "示例市": "", "甲县": "农业", "乙县": "工业", "丙县": "", "丁县": "",
    }
    clean(one, two)
    assert merge(one, two) == replicas.MergedCopy(0, 0, 0, 1)
    # Each merge is a log entry of its own; nothing else is new from now on.
    again = merge(two, one)
    assert (again.records, again.conflicts) == (0, 0)
    clean(one, two)
    assert next(entry.who for entry in one.history(unit(one, "乙县").id)) == "李四"


@pytest.mark.parametrize("take_theirs", [True, False])
def test_the_same_record_changed_on_both_is_asked_once(copies: Copies, take_theirs: bool) -> None:
    one, two = copies
    edit(one, "甲县", "这边")
    edit(two, "甲县", "先")
    edit(two, "甲县", "那边")
    with one.read() as connection:
        (conflict,) = replicas.conflicts(connection, exported(two))
    assert "那边" in conflict.there.text
    assert "这边" in conflict.here.text
    merged = merge(one, two, (conflict.name,) if take_theirs else ())
    assert merged.conflicts == 1
    expected = "那边" if take_theirs else "这边"
    assert notes(one)["甲县"] == expected
    with two.read() as connection:
        assert replicas.conflicts(connection, exported(one)) == ()
    merge(two, one)
    assert notes(two)["甲县"] == expected
    clean(one, two)
    # Undo passes over what came with a merge.
    edit(one, "甲县", "后来")
    one.undo()
    assert notes(one)["甲县"] == expected


def test_the_same_change_on_both_is_no_conflict(copies: Copies) -> None:
    one, two = copies
    edit(one, "甲县", "一样")
    edit(two, "甲县", "另一样")
    edit(two, "甲县", "一样")
    assert merge(one, two).conflicts == 0
    assert merge(two, one).conflicts == 0
    assert notes(one) == notes(two)
    clean(one, two)


def test_a_deletion_beside_a_change_is_asked(copies: Copies) -> None:
    one, two = copies
    edit(one, "甲县", "留着")
    with two.change("删除") as change:
        change.delete(unit(two, "甲县").id)
    with one.read() as connection:
        (conflict,) = replicas.conflicts(connection, exported(two))
    assert conflict.there.deleted
    merge(one, two, (conflict.name,))
    assert "甲县" not in notes(one)
    merge(two, one)
    assert "甲县" not in notes(two)
    clean(one, two)


def test_units_moved_below_each_other_are_set_aside(copies: Copies) -> None:
    one, two = copies
    with one.change("移动") as change:
        change.put(replace(unit(one, "甲县"), superior=unit(one, "乙县").id))
    with two.change("移动") as change:
        change.put(replace(unit(two, "乙县"), superior=unit(two, "甲县").id))
    merge(one, two)
    assert set(notes(one)) == {"示例市", "丙县"}
    clean(one)
    edit(one, "丙县", "别的单位照样能改")
    lost = number_of(one, name_of(two, unit(two, "甲县").id))
    assert lost is not None
    with one.change("归位") as change:
        body = one.history(lost)[0].entity
        change.put(replace(body, superior=None))
    assert set(notes(one)) == {"示例市", "甲县", "乙县", "丙县"}
    clean(one)


def test_a_unit_of_a_circle_can_be_deleted_reordered_and_taken_back(copies: Copies) -> None:
    """The circle came with a merge: what else is done to its units is no fault of who does it."""
    one, two = copies
    first, second = sorted(one.all(Unit), key=lambda unit: unit.name)[:2]
    with one.change("移动") as change:
        change.put(replace(first, superior=second.id))
    with two.change("移动") as change:
        change.put(replace(second, superior=first.id))
    merge(one, two)
    with one.change("排序") as change:
        change.put(replace(one.history(first.id)[0].entity, ord="z"))
    with one.change("删") as change:
        change.delete(first.id)
    assert one.history(first.id)[0].deleted
    one.undo()
    last = one.history(first.id)[0]
    assert (last.deleted, last.entity.superior, last.entity.ord) == (False, second.id, "z")
    clean(one)


def test_packages_issued_and_received_are_carried(copies: Copies, tmp_path: Path) -> None:
    county, county_unit = open_office(tmp_path / "county", "甲县")
    with county:
        _carried(*copies, county, county_unit)


def _carried(one: Store, two: Store, county: Store, county_unit: RecordId) -> None:
    with one.change("框架") as change:
        indicator = change.new(Indicator)
        change.put(Indicator(id=indicator, year=2020, name="生产总值"))
        there = unit(one, "甲县").id
        target = change.named(Target, indicator, there)
        change.put(Target(id=target, indicator=indicator, unit=there, value=level("75")))
        members = [there, indicator, target]
    issued = pack(one, members, there)
    take(county, issued)
    with county.change("县里的") as change:
        own = add_unit(change, "县农业局", superior=county_unit)
    report = pack(county, [own, county_unit], one)
    for store in (one, two):
        bind(store, county, unit=unit(store, "甲县").id, their_unit=name_of(county, county_unit),
             role=BindingRole.SUBORDINATE)
    take(one, report)
    with one.change("撤回", barrier=True) as change:
        receiving.withdraw(change, report.identity, "试一试")
    take(two, report)
    assert merge(two, one).packages == 1
    clean(two)
    other = number_of(two, name_of(county, own))
    assert other is not None
    assert two.find(Unit, other) is None
    with two.read() as connection:
        assert receiving.roots(connection, two.owner.bytes) != {}
    merge(one, two)
    clean(one)
    with one.change("恢复", barrier=True) as change:
        receiving.take_back(change, report.identity)
    merge(two, one)
    assert two.get(Unit, other).name == "县农业局"
    clean(one, two)


def test_a_changed_line_is_refused_whole(copies: Copies) -> None:
    one, two = copies
    edit(two, "乙县", "工业")
    lines = exported(two)
    before = notes(one)
    last = max(place for place, line in enumerate(lines) if line["kind"] == "revision")
    spoilt = [
        [*lines[:last], {**lines[last], "body": lines[last]["body"].replace("工业", "农业")}, *lines[last + 1 :]],
        [*lines[:last], *lines[last + 1 :]],
        [*lines, {"kind": "rumour"}],
        [{key: value for key, value in line.items() if key != "hash"} for line in lines],
        [{**line, "who": "王五"} if line.get("label") == "改乙县" else line for line in lines],
    ]
    for some in spoilt:
        with pytest.raises(FileReadError), one.change("合并", barrier=True) as change:
            replicas.merge(change, some)
        assert notes(one) == before
    clean(one)
