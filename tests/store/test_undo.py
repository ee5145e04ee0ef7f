"""Undo, redo, history: what they bring back and what they leave alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbo_desktop.domain.offices import Post, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError, NotAllowedError, RecordMissingError
from mbo_desktop.store.changes import ChangeSet
from mbo_desktop.store.database import Store
from mbo_desktop.store.undo import SkipReason
from tests.store.examples import add_unit, level, new_unit, rename, small_framework


def test_back_and_forth(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "二", "第二步")
    rename(store, unit, "三", "第三步")
    names = []
    for act in (store.undo, store.undo, store.redo, store.redo, store.undo):
        outcome = act()
        assert (outcome.restored, outcome.skipped) == (1, ())
        names.append(store.get(Unit, unit).name)
    assert names == ["二", "柯城区", "二", "三", "二"]
    assert (store.undo_label, store.redo_label) == ("第二步", "第三步")


def test_undoing_a_creation_deletes_and_redoing_revives(store: Store) -> None:
    unit = new_unit(store)
    store.undo()
    assert store.find(Unit, unit) is None
    assert store.undo_label is None
    store.redo()
    assert store.get(Unit, unit).name == "柯城区"
    store.undo()
    assert store.find(Unit, unit) is None


def test_undoing_a_deletion(store: Store) -> None:
    unit = new_unit(store)
    with store.change("删除") as change:
        change.delete(unit)
    store.undo()
    assert store.get(Unit, unit).name == "柯城区"
    store.redo()
    assert store.find(Unit, unit) is None


def test_nothing_to_undo_is_said(store: Store) -> None:
    with pytest.raises(NotAllowedError, match="撤销"):
        store.undo()
    with pytest.raises(NotAllowedError, match="重做"):
        store.redo()


def test_a_new_change_ends_redoing(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "二")
    store.undo()
    rename(store, unit, "另")
    assert store.redo_label is None
    store.undo()
    assert store.get(Unit, unit).name == "柯城区"


def test_steps_end_with_the_session_but_history_stays(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "二")
    store.close()
    with Store.open(store.folder, operator="张三") as again:
        assert again.undo_label is None
        again.restore_revision(unit, 1)
        assert again.get(Unit, unit).name == "柯城区"
        assert again.history(unit)[0].label == "还原到第1版"
        again.undo()
        assert again.get(Unit, unit).name == "二"
        with pytest.raises(RecordMissingError):
            again.restore_revision(unit, 9)


def test_an_import_is_one_step(store: Store) -> None:
    with store.change("导入台账") as change:
        units = [add_unit(change, f"单位{number}") for number in range(1200)]
    outcome = store.undo()
    assert (outcome.label, outcome.restored, outcome.skipped) == ("导入台账", 1200, ())
    assert store.all(Unit) == []
    store.redo()
    assert len(store.get_many(Unit, units)) == 1200


def test_a_barrier_is_no_step_and_undo_passes_over_what_it_took_up(store: Store) -> None:
    unit, _, target = small_framework(store)
    with store.change("改两处") as change:
        change.put(replace(change.get(Target, target), value=level("80")))
        change.put(replace(change.get(Unit, unit), note="改"))
    with store.change("签订", barrier=True) as change:
        change.take_up([target])
    assert store.undo_label == "改两处"
    outcome = store.undo()
    assert outcome.restored == 1
    assert [(one.record, one.reason, one.title) for one in outcome.skipped] == [
        (target, SkipReason.TAKEN_UP, "目标值「固定资产投资·柯城区」")
    ]
    assert store.get(Target, target).value == level("80")
    assert store.get(Unit, unit).note == ""
    store.redo()
    assert store.get(Unit, unit).note == "改"


def test_what_a_barrier_wrote_is_passed_over_too(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "二", "改名")
    with store.change("印发", barrier=True) as change:
        change.put(replace(change.get(Unit, unit), note="印发"))
    outcome = store.undo()
    assert (outcome.label, outcome.restored) == ("改名", 0)
    assert outcome.skipped[0].reason is SkipReason.TAKEN_UP
    assert store.get(Unit, unit).name == "二"
    with pytest.raises(ValueError, match="barrier"), store.change("不是关口") as change:
        change.take_up([unit])


def test_what_changed_later_is_listed_and_can_go_too(store: Store) -> None:
    unit, other = new_unit(store), new_unit(store, "衢江区")
    with store.change("两处") as change:
        change.put(replace(change.get(Unit, unit), note="一"))
        change.put(replace(change.get(Unit, other), note="一"))
    rename(store, unit, "后改", "后来")
    # The step in between is taken off the list, as an undo that was passed over does.
    store._steps.undo.pop()
    outcome = store.undo()
    assert outcome.restored == 1
    assert [(one.record, one.reason) for one in outcome.skipped] == [
        (unit, SkipReason.CHANGED_LATER)
    ]
    assert store.get(Unit, unit).name == "后改"
    again = store.undo_skipped(outcome, [unit])
    assert again.restored == 1
    assert (store.get(Unit, unit).name, store.get(Unit, unit).note) == ("柯城区", "")
    store.undo()
    assert store.get(Unit, unit).name == "后改"


def test_what_others_rest_on_stays(store: Store) -> None:
    unit = new_unit(store)
    with store.change("职务", barrier=True) as change:
        post = change.new(Post)
        change.put(Post(id=post, unit=unit, title="区长"))
    outcome = store.undo()
    assert outcome.restored == 0
    assert outcome.skipped[0].reason is SkipReason.REFERRED_TO
    assert store.get(Unit, unit).name == "柯城区"


def test_a_step_that_creates_and_points_goes_back_whole(store: Store) -> None:
    unit = new_unit(store)
    with store.change("建上级并移入") as change:
        top = add_unit(change, "示例市")
        change.put(replace(change.get(Unit, unit), superior=top))
        indicator = change.new(Indicator)
        change.put(Indicator(id=indicator, year=2020, name="指标", certifying_units=(top,)))
    outcome = store.undo()
    assert (outcome.restored, outcome.skipped) == (3, ())
    assert store.get(Unit, unit).superior is None
    assert store.find(Unit, top) is None


def test_redoing_the_deletion_of_a_branch(store: Store) -> None:
    """The branch refers to its top, and did so when the top was deleted."""
    top = new_unit(store, "上")
    low = new_unit(store, "下", superior=top)
    with store.change("删除") as change:
        change.delete(top)
    store.undo()
    assert store.get(Unit, low).name == "下"
    assert store.redo().skipped == ()
    assert store.find(Unit, low) is None


def test_undo_is_announced_as_one(store: Store) -> None:
    unit = new_unit(store)
    heard: list[ChangeSet] = []
    store.subscribe(heard.append)
    store.undo()
    assert [(one.undo, one.label, one.ids_by_type) for one in heard] == [
        (True, "撤销:新增柯城区", {"unit": frozenset({unit})})
    ]


def test_an_undo_that_cannot_stand_leaves_everything(store: Store) -> None:
    """Taking a move back would close a circle after a barrier moved the other one."""
    top = new_unit(store, "上")
    low = new_unit(store, "下", superior=top)
    with store.change("提级") as change:
        change.put(replace(change.get(Unit, low), superior=None))
    with store.change("关口", barrier=True) as change:
        change.put(replace(change.get(Unit, top), superior=low))
    label = store.undo_label
    with pytest.raises(InputError, match="循环"):
        store.undo()
    assert store.undo_label == label
    assert store.get(Unit, low).superior is None
