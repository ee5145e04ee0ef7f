"""Every room without a mouse: its key, the place of work, the side panel, the help page, names for screen readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from mbo_desktop import clock
from tests.ui import walked_window
from ui import help_commands
from ui.grids.panel import GridPanel
from ui.main_window import MainWindow
from ui.navigation import ROOMS, Room
from ui.theme import Theme
from ui.widgets.view_switch import ViewSwitch

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
DIGITS = (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6, Key.Key_7, Key.Key_8, Key.Key_9,
          Key.Key_0, Key.Key_Minus)
INPUTS = (QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QAbstractItemView)


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    walked_window.the_day()
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def window(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    walked_window.the_day()
    with (
        walked_window.sample_city(tmp_path_factory.mktemp("keys") / "示例") as city,
        walked_window.walked(theme, city) as made,
    ):
        yield made


@pytest.fixture(autouse=True)
def _no_dialog_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: 0)


def press(key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key where the focus is, as a person presses it."""
    focus = QApplication.focusWidget()
    QTest.keyClick(focus if focus is not None else QApplication.activeWindow(), key, modifiers)
    walked_window.settle()


def focus_within(place: QWidget | None) -> bool:
    focus = QApplication.focusWidget()
    return place is not None and focus is not None and (place is focus or place.isAncestorOf(focus))


@pytest.mark.parametrize("number", range(len(ROOMS)), ids=[room.key for room in ROOMS])
def test_a_room_is_reached_and_worked_by_keys(
    window: MainWindow, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room: Room = ROOMS[number]
    window.activateWindow()
    press(DIGITS[number], ALT)
    page = window.page
    assert page is not None and page.key == room.key, "its key shows the room"
    assert focus_within(page), f"the focus stands in {QApplication.focusWidget()}"
    asked: list[str] = []
    monkeypatch.setattr(help_commands, "show_manual", lambda _parent, chapter: asked.append(chapter))
    press(Key.Key_F1)
    assert asked and asked[0], "F1 opens a page of the manual"
    side = page.side_widget()
    if side is not None and side.isVisible():
        press(Key.Key_F6)
        inside = focus_within(side)
        press(Key.Key_F6)
        if inside:
            assert focus_within(page) and not focus_within(side), "F6 comes back from the panel"
    panels = [one for one in page.findChildren(GridPanel) if one.isVisibleTo(page)]
    if panels and focus_within(panels[0]):
        press(Key.Key_F, CTRL)
        bars = [one.find_bar for one in panels if not one.find_bar.isHidden()]
        assert bars and focus_within(bars[0]), "Ctrl+F opens the bar and stands in it"
        press(Key.Key_Escape)
        assert bars[0].isHidden() and focus_within(page), "Esc closes it"


@pytest.mark.parametrize("room", [room.key for room in ROOMS])
def test_everything_is_named_and_reached_by_tab(window: MainWindow, room: str) -> None:
    """Inputs and buttons without words have a name for screen readers; buttons of the head take Tab."""
    faults: list[str] = []
    for way in walked_window.views(window, room):
        for one in walked_window.shown(window):
            if isinstance(one, INPUTS) and not _is_part(one) and not _called(one):
                faults.append(f"{way}: {_where(one)} has no name")
            if isinstance(one, QAbstractButton) and not _is_part(one):
                if not (one.text() or one.accessibleName() or one.toolTip()):
                    faults.append(f"{way}: {_where(one)} says nothing")
                # Of buttons that exclude each other Tab reaches one, arrows the rest.
                if isinstance(one, QPushButton) and not one.autoExclusive() and not one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                    faults.append(f"{way}: “{one.text()}” cannot be reached by Tab")
    assert not faults, chr(10).join(dict.fromkeys(faults))


@pytest.mark.parametrize("number", range(len(ROOMS)), ids=[room.key for room in ROOMS])
def test_views_are_switched_by_keys(window: MainWindow, number: int) -> None:
    """Ctrl+1, Ctrl+2 … show the views of the room's own switch, and the focus stands in the room."""
    window.activateWindow()
    press(DIGITS[number], ALT)
    page = window.page
    switch = getattr(page, "switch", None) or getattr(getattr(page, "views", None), "switch", None)
    if page is None or not isinstance(switch, ViewSwitch):
        return
    buttons = switch.findChildren(QPushButton)
    for key, button in reversed(list(zip(DIGITS, buttons, strict=False))):
        press(key, CTRL)
        assert button.isChecked(), f"Ctrl+{key - Key.Key_0} shows {button.text()}"
        assert focus_within(page), f"the focus stands in {QApplication.focusWidget()}"


def test_tab_leaves_the_bars_and_comes_round(window: MainWindow) -> None:
    """Outside of tables Tab goes on: from the search it reaches the rooms' list and more than five places."""
    window.show_room("overview")
    walked_window.settle()
    window.top_bar.search.setFocus()
    places: list[QWidget | None] = []
    for _step in range(12):
        press(Key.Key_Tab)
        places.append(QApplication.focusWidget())
    assert window.navigation in places
    assert len(set(places)) > 5, "Tab does not stay"


def _is_part(one: QWidget) -> bool:
    """Whether a widget is a part of another that is named: the field of a combo box, the inside of a table."""
    if one.objectName().startswith("qt_"):
        return True
    host = one.parentWidget()
    while host is not None and not host.isWindow():
        if isinstance(host, QComboBox | QAbstractSpinBox | QAbstractItemView | QLineEdit):
            return True
        host = host.parentWidget()
    return False


def _called(one: QWidget) -> bool:
    if one.accessibleName():
        return True
    if isinstance(one, QLineEdit | QPlainTextEdit) and one.placeholderText():
        return True
    window = one.window()
    return any(label.buddy() is one for label in window.findChildren(QLabel))


def _where(one: QWidget) -> str:
    hosts, host = [], one.parentWidget()
    while host is not None and len(hosts) < 5:
        hosts.append(type(host).__name__)
        host = host.parentWidget()
    return f"{type(one).__name__} in {' < '.join(hosts)}"
