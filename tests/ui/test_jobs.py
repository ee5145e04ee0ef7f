"""Long work: beside the window, in one lane, cancellable, answered in the GUI thread."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from PySide6.QtCore import QObject

from mbo_desktop.errors import Cancelled, InputError
from ui.changes import ChangeBus
from ui.jobs import DirectRunner, JobRunner
from ui.settings import Settings
from ui.status_bar import JobBar
from ui.workspace import Workspace


@pytest.fixture
def runner():
    made = JobRunner()
    yield made
    assert made.stop()


def test_results_arrive_in_the_gui_thread(runner, qtbot):
    got = []
    runner.run("读取", lambda c: threading.current_thread().name,
               done=lambda r: got.append((r, threading.current_thread() is threading.main_thread())))
    qtbot.waitUntil(lambda: got != [])
    assert got == [("jobs", True)]
    assert not runner.busy


def test_none_of_many_results_is_lost(runner, qtbot):
    got = []
    for number in range(1_000):
        runner.read(lambda n=number: n, got.append)
    gc.collect()
    qtbot.waitUntil(lambda: len(got) == 1_000, timeout=10_000)
    assert got == list(range(1_000))


def test_jobs_run_one_after_the_other(runner, qtbot):
    inside, most = [], []

    def work(_control):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.005)
        inside.pop()

    ended = []
    for _ in range(5):
        runner.run("写入", work, done=ended.append, writes=True)
    assert runner.writing
    qtbot.waitUntil(lambda: len(ended) == 5)
    assert max(most) == 1
    assert not runner.writing


def test_progress_is_polled_and_shown_with_time_left(runner, qtbot):
    bar = JobBar()
    qtbot.addWidget(bar)
    release = threading.Event()
    runner.started.connect(bar.show_job)
    runner.progressed.connect(bar.show_job)
    runner.ended.connect(bar.end_job)

    def work(control):
        control.progress(30, 100, "甲县")
        release.wait(5)

    job = runner.run("生成责任书", work)
    job.started -= 60
    qtbot.waitUntil(lambda: "约剩" in bar.label.text())
    assert bar.label.text().startswith("生成责任书 · 30/100 · 甲县 · 约剩 14")
    assert (bar.bar.value(), bar.bar.maximum()) == (30, 100)
    release.set()
    qtbot.waitUntil(bar.isHidden)


def test_cancel_stops_the_work_and_shows_nothing(runner, qtbot):
    unhandled, failed = [], []
    runner.unhandled.connect(unhandled.append)
    begun = threading.Event()

    def work(control):
        begun.set()
        while True:
            control.check()
            time.sleep(0.001)

    job = runner.run("导入", work, failed=failed.append)
    assert begun.wait(5)
    job.control.cancel()
    qtbot.waitUntil(lambda: failed != [])
    assert isinstance(failed[0], Cancelled)
    other = runner.run("导入", work)
    other.control.cancel()
    qtbot.waitUntil(lambda: not runner.busy)
    assert unhandled == []


def test_an_error_nobody_takes_reaches_the_window(runner, qtbot):
    error = InputError("第 3 行不是数字。", "请改正后重试。")

    def work(_control):
        raise error

    with qtbot.waitSignal(runner.unhandled) as caught:
        runner.run("导入", work)
    assert caught.args == [error]


def test_nothing_is_called_for_an_owner_that_is_gone(runner, qtbot):
    owner = QObject()
    called = []
    release = threading.Event()
    runner.run("读取", lambda c: release.wait(5), done=called.append, owner=owner)
    owner.deleteLater()
    with qtbot.waitSignal(owner.destroyed):
        pass
    with qtbot.waitSignal(runner.ended):
        release.set()
    assert called == []


def test_stopping_twice_and_running_again(qtbot):
    runner = JobRunner()
    assert runner.stop()
    got = []
    runner.run("读取", lambda c: 1, done=got.append)
    qtbot.waitUntil(lambda: got == [1])
    assert runner.stop()
    runner.run("读取", lambda c: 2, done=got.append)
    qtbot.waitUntil(lambda: got == [1, 2])
    assert runner.stop()


def test_the_direct_runner_behaves_the_same():
    runner = DirectRunner()
    got, unhandled = [], []
    runner.unhandled.connect(unhandled.append)
    runner.run("读取", lambda c: 5, done=got.append)
    runner.read(lambda: 6, got.append)
    error = InputError("a", "b")

    def work(_control):
        raise error

    runner.run("读取", work)
    assert got == [5, 6]
    assert unhandled == [error]


def test_changes_from_any_thread_arrive_in_the_gui_thread(qtbot):
    bus = ChangeBus()
    seen = []
    bus.changed.connect(lambda change: seen.append((change, threading.current_thread() is threading.main_thread())))
    thread = threading.Thread(target=bus.announce, args=("change",))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: seen != [])
    assert seen == [("change", True)]


class Folder:
    """A store as far as the workspace looks at it."""

    read_only = False
    undo_label = "修改目标值"
    redo_label = None
    undo_records = redo_records = 1

    def __init__(self, skipped=()):
        self.skipped = skipped
        self.undone = 0

    def subscribe(self, callback):
        self.callback = callback

    def undo(self):
        self.undone += 1
        return self

    redo = undo


def test_workspace_shows_expected_errors_and_lets_faults_surface():
    workspace = Workspace(Folder(), DirectRunner(), Settings())
    said = []
    workspace.said.connect(lambda text, tone, actions: said.append((text, tone)))

    def refuse():
        raise InputError("“约3成”不是数字。", "请改为 30。")

    assert workspace.perform(refuse) is None
    assert said == [("“约3成”不是数字。原内容未改动。请改为 30。", "red")]
    assert workspace.perform(lambda: 7, saying="已保存") == 7
    assert said[-1] == ("已保存", "green")
    with pytest.raises(ZeroDivisionError):
        workspace.perform(lambda: 1 / 0)


def test_undo_names_the_step_and_says_what_was_not_restored():
    workspace = Workspace(Folder(skipped=(1, 2)), DirectRunner(), Settings())
    said = []
    workspace.said.connect(lambda text, tone, actions: said.append(text))
    workspace.undo()
    workspace.redo()
    assert said == ["已撤销:修改目标值;2 处此后又被修改,未恢复。"]


def test_read_only_while_a_writing_job_runs(runner, qtbot):
    workspace = Workspace(Folder(), runner, Settings())
    states = []
    workspace.read_only_changed.connect(states.append)
    runner.run("导入", lambda c: None, writes=True)
    assert workspace.read_only
    qtbot.waitUntil(lambda: states == [True, False])
