"""The room 进度 as a whole: every view opens, is remembered, stands still while another writes, and answers others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from mbo_desktop.services import session
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder, shown
from ui.navigation import ROOMS
from ui.pages.progress import ProgressPage
from ui.pages.progress_month import MonthView

VIEWS = ("month", "certifying", "lights", "board", "causes")


@pytest.fixture
def folder(tmp_path: Path):
    made = Folder(tmp_path / "data")
    made.certify_second()
    for month in (4, 5, 6):
        made.type(month, made.target(1, 0), str(month * 8))
    yield made
    made.store.close()


def test_the_room_stands_behind_decomposition() -> None:
    keys = [room.key for room in ROOMS]
    assert keys[keys.index("decomposition") + 1] == "progress"
    assert keys.index("progress") == 4, "Alt+5"


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_opens_and_is_remembered(folder, tmp_path, qtbot, view):
    page = shown(folder, tmp_path, qtbot, view, month=5)
    assert page._figures.text()
    page.find()
    page.set_read_only(True)
    page.set_read_only(False)
    page.switch_side()
    kept = json.loads(json.dumps(page.save_state()))
    again = ProgressPage(page._workspace)
    qtbot.addWidget(again)
    again.restore_state(kept)
    again.show()
    again.activate()
    assert (again.switch.view, again.state.month) == (view, 5)


def test_filters_are_remembered(folder, tmp_path, qtbot):
    page = shown(folder, tmp_path, qtbot)
    page.views.view.filters.key.setChecked(True)
    page.views.view.filters.order.setChecked(True)
    kept = json.loads(json.dumps(page.save_state()))
    again = ProgressPage(page._workspace)
    qtbot.addWidget(again)
    again.restore_state(kept)
    again.show()
    again.activate()
    wanted = again.views.view.source.wanted
    assert wanted.sought.only_key and wanted.sought.by_indicator


def test_another_year_has_its_own_months_and_comes_back(folder, tmp_path, qtbot):
    page = shown(folder, tmp_path, qtbot)
    session.open_year(folder.store, YEAR + 1)
    page._workspace.year_changed.connect(page.activate)
    page._workspace.set_year(YEAR + 1)
    assert page.stack.currentWidget() is page.empty
    page._workspace.set_year(YEAR)
    assert page.stack.currentWidget() is page.views
    assert page.views.view.panel.model.rowCount() == 6
    assert page.state.month == 6, "the last month reported"


def test_other_rooms_send_here(folder, tmp_path, qtbot):
    page = shown(folder, tmp_path, qtbot, "lights")
    page.show_record(int(folder.units[1]), "unit")
    view = page.views.view
    assert isinstance(view, MonthView)
    assert view.panel.model.rowCount() == 3
    page.show_record(int(folder.target(1, 0)), "target")
    assert view.current == folder.target(1, 0)
    page.show_record(int(folder.indicators[2]), "indicator")
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 2)
    page.show_hint("board")
    assert page.switch.view == "board"
    page.show_hint("unreported")
    assert page.views.view.panel.model.rowCount() == 5


def test_months_by_keys(folder, tmp_path, qtbot):
    page = shown(folder, tmp_path, qtbot)
    qtbot.keyClick(page.views.view.panel.view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert page.state.month == 5
    qtbot.keyClick(page.views.view.panel.view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert page.state.month == 6
    page.strip.setFocus()
    qtbot.keyClick(page.strip, Qt.Key.Key_Home)
    assert page.state.month == 1
    qtbot.keyClick(page.strip, Qt.Key.Key_Left)
    assert page.state.month == 1
