"""In a new folder every place of every room says what belongs there and how to begin; F1 knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import session
from mbo_desktop.store.database import Store
from ui.data_commands import DataCommands
from ui.jobs import DirectRunner
from ui.main_window import MainWindow
from ui.manual_text import path_of
from ui.navigation import ROOMS
from ui.settings import Settings
from ui.theme import Theme
from ui.widgets.empty_page import EmptyPage
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

NEVER_EMPTY = {
    ("decomposition", "carriers"), ("circulars", "text"), ("exchange", "offices"),
    ("accountability", "statistics"),
}
"""They show the units, the draft of a text, this office's own fingerprint, a table of noughts."""
ALL_IS_WELL = {
    ("circulars", "unmet"), ("exchange", "pending"), ("inspections", "honesty"),
}
"""Nothing is to be begun here: what is listed comes from other rooms."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = session.create_folder(
        tmp_path_factory.mktemp("empty") / "数据", office_name="示例市目标办", government_name="示例市人民政府",
        kind=UnitKind.GOVERNMENT, code="", superior_name="", operators=("刘敏",), year=2020,
    )
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, store: Store, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(DataCommands, "begin_day", lambda self: None)
    made = MainWindow(theme, Settings())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    workspace = Workspace(store, DirectRunner(), made.settings)
    workspace.set_year(2020)
    made.show()
    made.attach(workspace)
    return made


def views_of(page: Any) -> list[str]:
    switch = page.findChild(ViewSwitch)
    return [] if switch is None else [str(key) for key in switch._buttons]


@pytest.mark.parametrize("room", [room.key for room in ROOMS])
def test_a_new_folder_teaches(window: MainWindow, room: str) -> None:
    window.show_room(room)
    page = window.page
    assert page is not None
    switch = page.findChild(ViewSwitch)
    keys = [""] if switch is None else views_of(page)
    assert keys
    for key in keys:
        if switch is not None and switch.isVisible():
            switch.set_view(key)
            switch.switched.emit(key)
        QApplication.processEvents()
        shown = [one for one in page.findChildren(EmptyPage) if one.isVisible()]
        if (room, key) not in NEVER_EMPTY:
            assert shown, f"{room} {key}: nothing is said"
            if (room, key) not in ALL_IS_WELL:
                assert any(one.buttons for one in shown), f"{room} {key}: no way to begin"
        chapter = page.manual_page() or next(one.manual for one in ROOMS if one.key == room)
        assert path_of(chapter).is_file(), chapter
