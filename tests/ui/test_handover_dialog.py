"""人员离岗交接 as it is done in the window: from the person's panel, with typed and picked successors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.services import decomposition_people, handover, offices, people, session
from mbo_desktop.store.database import Store
from tests.services.decomposed import Decomposed, decompose_county
from ui.dialogs.handover import HandOverDialog, MoveTasksDialog
from ui.jobs import DirectRunner
from ui.pages.offices_people import PersonPanel
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=("刘敏",), year=YEAR
    )
    yield made
    made.close()


@pytest.fixture
def made(store: Store) -> Decomposed:
    root = offices.root_unit(store)
    county = offices.add_unit(store, "柯城区人民政府", superior=root)
    return decompose_county(store, county, YEAR)


@pytest.fixture
def workspace(store: Store) -> Workspace:
    found = Workspace(store, DirectRunner(), Settings())
    found.set_year(YEAR)
    return found


def test_two_posts_go_to_a_known_and_a_new_person(
    qtbot: QtBot, workspace: Workspace, made: Decomposed
) -> None:
    dialog = HandOverDialog(None, workspace, made.people["周航"])
    dialog.show()
    here, there = made.posts["柯城区 发改局干部"], made.posts["航埠镇 挂职干部"]
    assert dialog.list.topLevelItemCount() == 2
    dialog.successors[here].setText("林一")
    dialog.successors[there].setText("新来的")
    dialog.day.setText("2020-06-01")
    dialog.try_to_accept()
    assert dialog.done_with is not None, dialog.problem.text()
    assert dialog.done_with.nodes == 3
    day = date(2020, 6, 1)
    assert people.holder_of(workspace.store, here, on=day).person == made.people["林一"]
    assert people.holder_of(workspace.store, there, on=day).name == "新来的"


def test_an_unticked_post_stays(qtbot: QtBot, workspace: Workspace, made: Decomposed) -> None:
    here, there = made.posts["柯城区 发改局干部"], made.posts["航埠镇 挂职干部"]
    dialog = HandOverDialog(None, workspace, made.people["周航"], only_post=there)
    dialog.show()
    assert not dialog.ticks[here].isChecked()
    assert not dialog.successors[here].isEnabled()
    assert dialog.first_focus is dialog.successors[there]
    dialog.day.setText("2020-06-01")
    dialog.try_to_accept()
    day = date(2020, 6, 1)
    assert people.holder_of(workspace.store, here, on=day).name == "周航"
    assert people.holder_of(workspace.store, there, on=day).name == ""


def test_a_refusal_keeps_the_dialog(qtbot: QtBot, workspace: Workspace, made: Decomposed) -> None:
    dialog = HandOverDialog(None, workspace, made.people["李敏"])
    dialog.show()
    for tick in dialog.ticks.values():
        tick.setChecked(False)
    dialog.try_to_accept()
    assert dialog.done_with is None
    assert "没有选定" in dialog.problem.text()
    assert dialog.isVisible()
    dialog.reject()


def test_somebody_without_a_post_has_nothing_to_hand_over(
    qtbot: QtBot, workspace: Workspace, made: Decomposed
) -> None:
    person = people.add_person(workspace.store, "闲人")
    dialog = HandOverDialog(None, workspace, person)
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_tasks_go_to_another_post(qtbot: QtBot, workspace: Workspace, made: Decomposed) -> None:
    here, there = made.posts["柯城区 发改局干部"], made.posts["柯城区 发改局局长"]
    found = handover.leaving(workspace.store, made.people["周航"], year=YEAR)
    load = next(one for one in found.posts if one.post == here)
    dialog = MoveTasksDialog(None, workspace, load)
    choices = decomposition_people.post_choices(workspace.store, load.unit, "李敏")
    dialog.target.setText(choices[0].label)
    dialog.try_to_accept()
    assert dialog.moved == 2, dialog.problem.text()
    assert workspace.store.get(Allocation, made.nodes["工业投资"]).handler == there


def test_the_panel_of_a_person_tells_the_load(
    qtbot: QtBot, workspace: Workspace, made: Decomposed
) -> None:
    panel = PersonPanel(workspace)
    qtbot.addWidget(panel)
    panel.show_person(made.people["李敏"])
    panel._rebuild()
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "承担2项" in texts
    assert any(button.text() == "离岗交接…" for button in panel.findChildren(QPushButton))
