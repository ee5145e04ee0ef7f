"""Taking back an imported ledger is long work: beside the window, with the rooms read-only."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.offices import Person
from mbo_desktop.services import session
from ui.jobs import Job, JobRunner
from ui.settings import Settings
from ui.workspace import QUICK_RECORDS, Workspace


@pytest.mark.parametrize(("people", "is_job"), [(QUICK_RECORDS, False), (QUICK_RECORDS + 1, True)])
def test_large_steps_are_taken_back_by_a_job(
    tmp_path: Path, qtbot: QtBot, people: int, is_job: bool
) -> None:
    store = session.create_folder(tmp_path / "data", office_name="示例市目标办")
    with store.change("录入人员") as change:
        change.put_all([Person(id=change.new(Person), name=f"人{n}") for n in range(people)])
    jobs = JobRunner()
    workspace = Workspace(store, jobs, Settings(tmp_path / "settings.json"))
    started: list[Job] = []
    jobs.started.connect(started.append)
    texts: list[str] = []
    workspace.said.connect(lambda text, _tone, _actions: texts.append(text))
    try:
        workspace.undo()
        qtbot.waitUntil(lambda: texts == ["已撤销:录入人员"])
        assert store.all(Person) == []
        workspace.redo()
        qtbot.waitUntil(lambda: texts[1:] == ["已重做:录入人员"])
        assert len(store.all(Person)) == people
        assert [job.writes for job in started] == ([True, True] if is_job else [])
    finally:
        jobs.stop()
        store.close()
