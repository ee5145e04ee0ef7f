"""I18: undoing a change is the state before it, for every record not touched since."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store

State = dict[RecordId, Unit]


class UndoMachine(RuleBasedStateMachine):
    """Edits, deletions, moves, barriers; undo and redo compared with remembered states."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.scratch / "data")
        self.store = Store.open(self.scratch / "data", operator="张三")
        self.ids: list[RecordId] = []
        self.done: list[tuple[State, State]] = []
        self.undone: list[tuple[State, State]] = []

    def state(self) -> State:
        # By number: equal order keys fall back on random uuids, which hypothesis must not see.
        return {one.id: one for one in sorted(self.store.all(Unit), key=lambda one: one.id)}

    def step(self, before: State) -> None:
        after = self.state()
        if after != before:
            self.done.append((before, after))
            self.undone.clear()

    @rule(names=st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=3), data=st.data())
    def create(self, names: list[str], data: st.DataObject) -> None:
        before = self.state()
        superior = data.draw(st.none() | st.sampled_from(list(before))) if before else None
        with self.store.change("新增") as change:
            for name in names:
                record = change.new(Unit)
                self.ids.append(record)
                change.put(Unit(id=record, name=name, superior=superior, ord="V"))
        self.step(before)

    @precondition(lambda self: self.state())
    @rule(data=st.data(), note=st.sampled_from("一二三"))
    def edit(self, data: st.DataObject, note: str) -> None:
        before = self.state()
        some = data.draw(st.lists(st.sampled_from(list(before)), min_size=1, max_size=3))
        with self.store.change("修改") as change:
            change.put_all([replace(before[one], note=note) for one in dict.fromkeys(some)])
        self.step(before)

    @precondition(lambda self: self.state())
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        before = self.state()
        one = data.draw(st.sampled_from(list(before)))
        superior = data.draw(st.none() | st.sampled_from(list(before)))
        try:
            with self.store.change("移动") as change:
                change.put(replace(before[one], superior=superior))
        except InputError:
            assert self.state() == before
            return
        self.step(before)

    @precondition(lambda self: self.state())
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        before = self.state()
        with self.store.change("删除") as change:
            change.delete(data.draw(st.sampled_from(list(before))))
        self.step(before)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        before, after = self.done.pop()
        assert self.state() == after
        outcome = self.store.undo()
        assert outcome.skipped == ()
        assert self.state() == before
        self.undone.append((before, after))

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        before, after = self.undone.pop()
        outcome = self.store.redo()
        assert outcome.skipped == ()
        assert self.state() == after
        self.done.append((before, after))

    @invariant()
    def labels_follow_the_steps(self) -> None:
        assert (self.store.undo_label is None) == (not self.done)
        assert (self.store.redo_label is None) == (not self.undone)

    def teardown(self) -> None:
        assert checkup.run(self.store).is_clean
        start = self.done[0][0] if self.done else self.state()
        while self.done:
            self.undo()
        assert self.state() == start
        self.store.close()
        shutil.rmtree(self.scratch)


class BarrierMachine(RuleBasedStateMachine):
    """With barriers between: a record that was not touched since goes back, any other stays."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.scratch / "data")
        self.store = Store.open(self.scratch / "data", operator="张三")
        with self.store.change("起点", barrier=True) as change:
            self.ids = [change.new(Unit) for _ in range(4)]
            change.put_all(Unit(id=one, name=f"单位{one}") for one in self.ids)
        self.touched: list[dict[RecordId, str]] = []
        self.taken: list[set[RecordId]] = []

    def notes(self) -> dict[RecordId, str]:
        return {one.id: one.note for one in self.store.all(Unit)}

    @rule(which=st.sets(st.integers(0, 3), min_size=1), note=st.text("xyz", min_size=3, max_size=9))
    def edit(self, which: set[int], note: str) -> None:
        before = self.notes()
        with self.store.change("修改") as change:
            for place in which:
                change.put(replace(change.get(Unit, self.ids[place]), note=note))
        after = self.notes()
        changed = {one: before[one] for one in self.ids if before[one] != after[one]}
        if changed:
            self.touched.append(changed)
            self.taken.append(set())

    @rule(which=st.integers(0, 3), writes=st.booleans())
    def barrier(self, which: int, writes: bool) -> None:
        record = self.ids[which]
        with self.store.change("关口", barrier=True) as change:
            if writes:
                unit = change.get(Unit, record)
                change.put(replace(unit, note=unit.note + "b"))
            change.take_up([record])
        for one in self.taken:
            one.add(record)

    @precondition(lambda self: self.touched)
    @rule()
    def undo(self) -> None:
        changed, taken = self.touched.pop(), self.taken.pop()
        before = self.notes()
        outcome = self.store.undo()
        after = self.notes()
        for record in self.ids:
            back = record in changed and record not in taken
            assert after[record] == (changed[record] if back else before[record])
        assert {one.record for one in outcome.skipped} == changed.keys() & taken

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.scratch)


@pytest.mark.parametrize("machine", [UndoMachine, BarrierMachine])
def test_undo_machine(machine: type[RuleBasedStateMachine], empty_folder: Path) -> None:
    class Here(machine):  # type: ignore[valid-type,misc]
        template = empty_folder

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Here, settings=settings(settings.default, stateful_step_count=20)
    )
