"""Two PCs of one office: different records merge, the same one is asked about once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from offices_exchanging import YEAR, level, make_city, send_down, take_in, unit_named

from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.errors import InputError
from mbo_desktop.services import inbox, issuing, numbering, receiving, replica_packages
from mbo_desktop.services.received import RowState
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.database import Store

WORD = "三号楼 春天"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    make_city(tmp_path / "one", ["甲县", "乙县"], 3).close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with Store.open(tmp_path / "one", operator="刘敏") as one, Store.open(tmp_path / "two", operator="陈志远") as two:
        yield one, two


def set_value(store: Store, short: str, place: int, amount: int) -> None:
    targets = store.all(Target, unit=unit_named(store, short))
    with store.change("改") as change:
        change.put(replace(targets[place], value=level(amount)))


def amounts(store: Store, short: str) -> list[int]:
    found = store.all(Target, unit=unit_named(store, short))
    return [int(one.value.counted.amount) for one in found if one.value and one.value.counted.amount]


def bring(made: Store, to: Store, stick: Path) -> inbox.Inbox:
    stick.mkdir(exist_ok=True)
    file = replica_packages.make(made, stick, password=replica_packages.WITHOUT)
    return inbox.take(to, [file.path])


def test_you_enter_farming_and_i_industry(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    set_value(one, "甲县", 0, 100)
    set_value(two, "乙县", 1, 200)
    with two.change("新指标") as change:
        change.put(Indicator(id=change.new(Indicator), year=YEAR, name="农业产值"))
    digest = attachments.add(two, b"paper", "a.pdf")
    target = two.all(Target, unit=unit_named(two, "乙县"))[0]
    with two.change("佐证") as change:
        change.put(Evidence(
            id=change.new(Evidence), subject=target.id, month=3, title="证明", file_hash=digest, file_name="a.pdf"
        ))
    found = bring(two, one, tmp_path / "u")
    assert found.rows[0].state is RowState.REPLICA
    assert replica_packages.conflicts(one, found, 0) == ()
    done = receiving.apply(one, found, [0])
    assert "已合并" in done.sentence
    assert (amounts(one, "甲县"), amounts(one, "乙县")) == ([100, 11, 12], [10, 200, 12])
    assert "农业产值" in [row.name for row in one.all(Indicator, year=YEAR)]
    assert attachments.open_path(one, digest).read_bytes() == b"paper"
    found = bring(one, two, tmp_path / "u")
    replica_packages.merge(two, found, 0)
    assert amounts(two, "甲县") == amounts(one, "甲县")
    assert [row.kind.label for row in issuing.register(one)] == ["本机关另一台电脑"] * 2
    for store in pair:
        assert checkup.run(store).findings == ()


def test_the_same_record_asks_once(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    set_value(one, "甲县", 0, 100)
    set_value(two, "甲县", 0, 200)
    found = bring(two, one, tmp_path / "u")
    (asked,) = replica_packages.conflicts(one, found, 0)
    assert (asked.type_label, asked.title) == ("目标值", "甲县 指标1")
    assert asked.here.fields == (("目标值", "100亿元"),)
    assert asked.there.fields == (("目标值", "200亿元"),)
    merged = replica_packages.merge(one, found, 0, theirs=frozenset({asked.name}))
    assert (merged.conflicts, amounts(one, "甲县")[0]) == (1, 200)
    found = bring(one, two, tmp_path / "u")
    assert replica_packages.conflicts(two, found, 0) == ()
    replica_packages.merge(two, found, 0)
    assert amounts(two, "甲县")[0] == 200
    assert inbox.judge_again(two, found).rows[0].state is RowState.REPEATED, "merged is told as merged"
    assert replica_packages.conflicts(one, bring(two, one, tmp_path / "u"), 0) == ()


def test_a_number_given_out_twice_is_told(pair: tuple[Store, Store], tmp_path: Path) -> None:
    for store, title in zip(pair, ("甲", "乙"), strict=True):
        with store.change("发文") as change:
            numbering.issue_number(change, "文号", YEAR, title=title)
    found = bring(pair[1], pair[0], tmp_path / "u")
    merged = replica_packages.merge(pair[0], found, 0)
    assert len(merged.doubled_numbers) == 1
    assert "文号重复" in merged.sentence


def test_packages_issued_on_both_are_known_to_both(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    send_down(one, "甲县", tmp_path / "a")
    send_down(two, "乙县", tmp_path / "b")
    replica_packages.merge(one, bring(two, one, tmp_path / "u"), 0)
    assert sorted(row.office for row in issuing.register(one) if row.kind.value == "issue") == ["乙县", "甲县"]
    assert checkup.run(one).findings == ()


def test_a_password_by_default_and_refusals(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    stick = tmp_path / "u"
    stick.mkdir()
    with pytest.raises(InputError, match="口令"):
        replica_packages.make(two, stick, password="")
    file = replica_packages.make(two, stick, password=WORD)
    assert inbox.take(one, [file.path]).rows[0].state is RowState.PASSWORD
    assert inbox.take(one, [file.path], passwords={"": WORD}).rows[0].state is RowState.REPLICA
    open_file = replica_packages.make(two, stick, password=replica_packages.WITHOUT)
    assert inbox.take(two, [open_file.path]).rows[0].state is RowState.NOT_FOR_US
    with pytest.raises(InputError, match="重新制出"):
        issuing.write_again(two, file.package, stick)
    with make_city(tmp_path / "other", ["甲县"], 1, name="别市") as other:
        (row,) = inbox.take(other, [open_file.path]).rows
        assert row.state is RowState.NOT_FOR_US
        with pytest.raises(InputError, match="不是本机关"):
            replica_packages.merge(other, inbox.take(other, [open_file.path]), 0)


def test_take_in_ticks_the_other_pc_too(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    set_value(two, "乙县", 1, 200)
    stick = tmp_path / "u"
    stick.mkdir()
    file = replica_packages.make(two, stick, password=replica_packages.WITHOUT)
    take_in(one, file.path)
    assert amounts(one, "乙县")[1] == 200


def test_who_cannot_be_asked_merges_nothing_that_both_changed(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    set_value(one, "甲县", 0, 100)
    set_value(two, "甲县", 0, 200)
    found = bring(two, one, tmp_path / "u")
    done = receiving.apply(one, found, [0])
    assert "没有导入" in done.sentence
    assert "1条两边都改过" in done.refused[0]
    assert amounts(one, "甲县")[0] == 100
    assert [row.kind.value for row in issuing.register(one)] == [], "it can still be merged, asked one by one"


def test_a_merge_is_no_import_that_could_be_withdrawn(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = pair
    set_value(two, "甲县", 0, 200)
    replica_packages.merge(one, bring(two, one, tmp_path / "u"), 0)
    (row,) = issuing.register(one)
    assert not row.can_withdraw
    with pytest.raises(InputError, match="不能撤回"):
        receiving.withdraw(one, row.package, "试试")
