"""The one door: all or nothing, one writer, one log entry, one announcement."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Office, Post, Unit
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target, Year
from mbo_desktop.errors import InputError, NotAllowedError, RecordMissingError
from mbo_desktop.store import database
from mbo_desktop.store.canonical import dump
from mbo_desktop.store.changes import ChangeSet
from mbo_desktop.store.codecs import codec_of
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from tests.store.conftest import sql
from tests.store.examples import add_unit, level, new_unit, rename, small_framework


def test_what_is_put_is_there(store: Store) -> None:
    unit, indicator, target = small_framework(store)
    assert store.get(Unit, unit).name == "柯城区"
    assert store.get(Target, target).value == level("75")
    assert store.find(Unit, indicator) is None, "another type's number is not this type's"
    assert store.get_many(Unit, [unit, RecordId(999)]) == {unit: store.get(Unit, unit)}
    with pytest.raises(RecordMissingError):
        store.get(Unit, RecordId(999))


def test_a_change_sees_its_own_writes_and_nobody_else_does(store: Store) -> None:
    unit = new_unit(store)
    seen: list[str] = []
    with store.change("改名") as change:
        change.put(replace(change.get(Unit, unit), name="新名"))
        assert change.get(Unit, unit).name == "新名"
        assert store.get(Unit, unit).name == "新名", "reads of the writing thread see it"
        other = threading.Thread(target=lambda: seen.append(store.get(Unit, unit).name))
        other.start()
        other.join()
        change.put(replace(change.get(Unit, unit), note="二"))
    assert seen == ["柯城区"]
    assert (store.get(Unit, unit).name, store.get(Unit, unit).note) == ("新名", "二")


def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    unit = new_unit(store)
    count = store.change_count

    def fail_halfway() -> None:
        with store.change("坏") as change:
            change.put(replace(change.get(Unit, unit), name="半途"))
            add_unit(change, "多出来的")
            change.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail_halfway()
    assert store.get(Unit, unit).name == "柯城区"
    assert [one.name for one in store.all(Unit)] == ["柯城区"]
    assert store.change_count == count
    assert new_unit(store, "衢江区") == unit + 1, "numbers of what never was are free again"


def test_putting_what_stands_already_writes_nothing(store: Store) -> None:
    unit = new_unit(store)
    heard: list[ChangeSet] = []
    store.subscribe(heard.append)
    with store.change("无改动") as change:
        change.put(change.get(Unit, unit))
    assert len(store.history(unit)) == 1
    assert heard == []
    assert store.undo_label == "新增柯城区"


def test_a_commit_is_announced_once_after_it_stands(store: Store) -> None:
    heard: list[tuple[ChangeSet, int]] = []
    store.subscribe(lambda done: heard.append((done, len(store.all(Unit)))))
    with store.change("两个单位") as change:
        one, other = add_unit(change, "甲"), add_unit(change, "乙")
    (done, count), = heard
    assert done.ids_by_type == {"unit": frozenset({one, other})}
    assert (done.label, done.undo, count) == ("两个单位", False, 2)
    assert store.last_saved_at is not None
    assert store.change_count == 1


@pytest.mark.expects_warnings
def test_a_failing_listener_does_not_undo_the_commit(store: Store) -> None:
    def fail(_: ChangeSet) -> None:
        raise RuntimeError("listener")

    heard: list[ChangeSet] = []
    store.subscribe(fail)
    store.subscribe(heard.append)
    unit = new_unit(store)
    assert store.get(Unit, unit).name == "柯城区"
    assert len(heard) == 1


def test_natural_keys_meet_in_one_record(store: Store) -> None:
    unit, indicator, target = small_framework(store)
    with store.change("再来") as change:
        assert change.named(Target, indicator, unit) == target
        year = change.named(Year, 2020)
        change.put(Year(id=year, number=2020))
        assert change.named(Year, 2020) == year
        assert change.named(Year, 2021) != year
        assert change.named(Office) == change.named(Office)
        with pytest.raises(TypeError):
            change.named(Unit, "没有自然键")
        with pytest.raises(TypeError):
            change.named(Target, indicator)
    with store.change("下一次") as change:
        assert change.named(Year, 2020) == year


def test_deleting_is_a_tombstone_and_putting_again_revives(store: Store) -> None:
    unit = new_unit(store)
    with store.change("删除") as change:
        change.delete(unit)
        assert change.find(Unit, unit) is None
        with pytest.raises(RecordMissingError):
            change.delete(unit)
    assert store.find(Unit, unit) is None
    assert store.all(Unit) == []
    assert [one.deleted for one in store.history(unit)] == [True, False]
    assert store.history(unit)[0].entity.name == "柯城区", "the tombstone still says what it was"
    with pytest.raises(RecordMissingError), store.change("再删") as change:
        change.delete(unit)
    with store.change("又建") as change:
        change.put(Unit(id=unit, name="柯城区"))
    assert store.get(Unit, unit).name == "柯城区"


def test_created_and_deleted_in_one_change(store: Store) -> None:
    with store.change("建了又删") as change:
        unit = add_unit(change, "昙花")
        change.delete(unit)
    assert store.find(Unit, unit) is None


def test_only_one_change_at_a_time_per_thread(store: Store) -> None:
    with store.change("外") as change:
        add_unit(change, "甲")
        with pytest.raises(RuntimeError), store.change("内"):
            pass
    assert len(store.all(Unit)) == 1


def test_another_thread_waits_its_turn(store: Store) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with store.change("慢") as change:
            add_unit(change, "慢")
            inside.set()
            go_on.wait(5)

    writer = threading.Thread(target=slow)
    writer.start()
    inside.wait(5)
    threading.Timer(0.05, go_on.set).start()
    new_unit(store, "快")
    writer.join()
    assert [one.label for one in reversed(store.history(store.all(Unit)[0].id))]
    assert {one.name for one in store.all(Unit)} == {"慢", "快"}


def test_waiting_too_long_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    refused: list[NotAllowedError] = []

    def impatient() -> None:
        try:
            new_unit(store, "乙")
        except NotAllowedError as error:
            refused.append(error)

    with store.change("占用") as change:
        add_unit(change, "甲")
        other = threading.Thread(target=impatient)
        other.start()
        other.join()
    assert "正在写入" in refused[0].what
    assert [one.name for one in store.all(Unit)] == ["甲"]


def test_many_threads_write_without_losing_anything(store: Store) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            new_unit(store, f"{number}-{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.all(Unit)) == 40
    assert store.change_count == 40


def test_the_log_says_who_and_when(store: Store, folder: object) -> None:
    store.operator = "李四"
    unit = new_unit(store)
    rename(store, unit, "柯城", "更名")
    last, first = store.history(unit)
    assert (last.label, last.who, last.n, last.body["name"]) == ("更名", "李四", 2, "柯城")
    assert first.at <= last.at
    assert last.change_id == first.change_id + 1


def test_a_barrier_is_logged_even_when_it_writes_nothing(store: Store) -> None:
    with store.change("封存", barrier=True):
        pass
    assert store.change_count == 1
    assert store.undo_label is None


def test_all_filters_and_orders(store: Store) -> None:
    with store.change("类别") as change:
        for year, name, ord_ in ((2020, "乙", "2"), (2020, "甲", "1"), (2021, "丙", "1")):
            record = change.new(Category)
            change.put(Category(
                id=record, year=year, axis=CategoryAxis.CATEGORY, name=name, ord=ord_
            ))
    assert [one.name for one in store.all(Category, year=2020)] == ["甲", "乙"]
    assert store.all(Category, year=2020, axis=CategoryAxis.STRATEGY) == []
    with pytest.raises(TypeError):
        store.all(Category, nonsense=1)
    small_framework(store)
    assert len(store.all(Indicator, points=None)) == 1
    assert store.all(Indicator, points=Decimal("1.50")) == []


def test_a_number_of_another_type_is_refused(store: Store) -> None:
    unit = new_unit(store)
    with pytest.raises(ValueError, match="no indicator"), store.change("错") as change:
        change.put(Indicator(id=unit, year=2020, name="错"))
    with pytest.raises(ValueError, match="no unit"), store.change("错") as change:
        change.put(Unit(id=RecordId(999), name="无此号"))
    with pytest.raises(RecordMissingError), store.change("错") as change:
        change.put(Unit(id=change.new(Unit), name="上级不存在", superior=RecordId(999)))


def test_referrers_stand_in_the_way_of_deleting(store: Store) -> None:
    unit, indicator, target = small_framework(store)
    with store.change("认证") as change:
        change.put(replace(change.get(Indicator, indicator), certifying_units=(unit,)))
        found = {(one.type_name, one.record, one.field) for one in change.referrers(unit)}
    assert found == {("target", target, "unit"), ("indicator", indicator, "certifying_units")}
    with store.change("删目标") as change:
        change.delete(target)
    assert [one.type_name for one in store.referrers(unit)] == ["indicator"]


def test_stubs_become_records_when_they_arrive(store: Store) -> None:
    name = f"{'ab' * 16}/{'cd' * 16}"
    with store.change("引用未收到的") as change:
        stub = change.names.number_of(name)
        change.put(Post(id=change.new(Post), unit=stub, title="县长"))
    with store.read() as connection:
        row = raw(connection).execute("SELECT type, stub FROM record WHERE id = ?", (stub,)).fetchone()
    assert row == (None, 1)
    with store.change("收到") as change:
        assert change.names.number_of(name) == stub
        assert change.names.meet(name) == stub
        body = dump(codec_of(Unit).encode(Unit(id=stub, name="外来单位"), change.names))
        change.receive(stub, codec_of(Unit), body, 1, deleted=False)
    assert store.get(Unit, stub).name == "外来单位"
    assert [one.record for one in store.referrers(stub)]


def test_more_new_records_than_the_cache_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mbo_desktop.store.identities._CACHED", 5)
    with store.change("许多") as change:
        units = [add_unit(change, f"单位{number}") for number in range(30)]
        change.put_all(
            Post(id=change.new(Post), unit=unit, title=f"职务{unit}") for unit in units
        )
    assert {post.unit for post in store.all(Post)} == set(units)


def test_revisions_are_never_rewritten(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "二")
    rename(store, unit, "三")
    store.undo()
    store.close()
    bodies = [row[0] for row in sql(store.folder, "SELECT body FROM revision ORDER BY id")]
    names = [str(body).split('"name":"')[1].split('"')[0] for body in bodies]
    assert names == ["柯城区", "二", "三", "二"]


def test_a_read_only_store_refuses_changes(store: Store) -> None:
    with Store.open(store.folder) as second:
        with pytest.raises(NotAllowedError), second.change("不行"):
            pass
        with pytest.raises(NotAllowedError):
            second.undo()


def test_refused_text_names_the_character(store: Store) -> None:
    with pytest.raises(InputError, match="控制字符"), store.change("坏") as change:
        add_unit(change, "甲\x01乙")
