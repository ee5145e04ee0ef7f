"""Room 目标分解: several rows at once, dragging, views and panels by keys, following changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.services import decomposition_structure, planning_edits
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.decomposition_folder import YEAR, Folder, make_folder
from tests.ui.test_decomposition_page import (
    ALT,
    CTRL,
    SHIFT,
    Key,
    Room,
    add_parts,
    county,
    make_room,
)


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = make_folder(tmp_path / "数据")
    yield made
    made.store.close()


@pytest.fixture
def room(qtbot: QtBot, folder: Folder) -> Room:
    return make_room(qtbot, folder)


def test_several_rows_move_together_as_one_step(room: Room, folder: Folder) -> None:
    first, second = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    third = decomposition_structure.add_child(folder.store, YEAR, county(folder))
    room.go(second)
    room.press(Key.Key_Down, SHIFT)
    room.press(Key.Key_Up, ALT)
    assert folder.below(county(folder)) == [second, third, first]
    folder.store.undo()
    room.rest()
    assert folder.below(county(folder)) == [first, second, third]
    assert len(room.children(county(folder))) == 3


def test_a_whole_row_selected_is_removed_by_delete_from_any_cell(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.page.tree.ask = lambda question: True
    room.go(node, "value")
    room.press(Key.Key_Space, SHIFT)
    room.press(Key.Key_Delete)
    assert folder.below(county(folder)) == []


def test_a_branch_is_not_dropped_below_itself(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    below = decomposition_structure.add_child(folder.store, YEAR, node)
    room.go(below)
    model = room.page.tree.tree
    mime = model.mimeData([model.index_of(node)])
    move = Qt.DropAction.MoveAction
    assert not model.canDropMimeData(mime, move, -1, -1, model.index_of(below))
    assert model.canDropMimeData(mime, move, -1, -1, model.index_of(folder.indicator))


def test_ctrl_digits_change_the_view(room: Room, folder: Folder) -> None:
    room.press(Key.Key_2, CTRL)
    assert room.page.views.key == "carriers"
    room.press(Key.Key_3, CTRL)
    assert room.page.views.key == "blanks"
    room.press(Key.Key_1, CTRL)
    assert room.page.views.key == ""
    assert room.page.stack.currentWidget() is room.page.tree


def test_a_place_asked_for_by_a_view_opens_its_cell(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.press(Key.Key_3, CTRL)
    room.page.views.cell_asked.emit(node, "handler")
    room.rest()
    assert room.at() == (node, "handler")
    assert room.page.tree.hasFocus()


def test_the_panel_and_the_tree_change_with_f6(room: Room, folder: Folder) -> None:
    room.go(folder.second)
    room.press(Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert room.page.side.isAncestorOf(focused)
    room.press(Key.Key_F6)
    assert room.page.tree.hasFocus()


# Following --------------------------------------------------------------------


def test_an_undone_branch_comes_and_goes(room: Room, folder: Folder) -> None:
    room.go(county(folder))
    add_parts(folder, county(folder), "航埠镇")
    room.rest()
    room.press(Key.Key_Right)
    assert room.children(county(folder)) == ["航埠镇"]
    room.press(Key.Key_Down)
    folder.store.undo()
    folder.store.undo()
    room.rest()
    assert room.children(county(folder)) == []
    assert room.at() == (county(folder), "title")


def test_a_value_changed_elsewhere_is_shown(room: Room, folder: Folder) -> None:
    room.go(county(folder))
    planning_edits.set_cell(
        folder.store, folder.indicator, folder.units["柯城区"], TargetField.VALUE, "66")
    assert room.cell(county(folder), "value").text == "66"


def test_the_page_finds_its_place_again(qtbot: QtBot, room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.go(node, "value")
    room.page.tree.setColumnHidden(room.page.tree.section_of("weight"), False)
    state = room.page.save_state()
    again = make_room(qtbot, folder, dict(state))
    assert again.at() == (node, "value")
    assert not again.page.tree.isColumnHidden(again.page.tree.section_of("weight"))


def test_nothing_is_typed_while_another_writes(room: Room, folder: Folder) -> None:
    room.page.set_read_only(True)
    room.go(county(folder))
    room.press(Key.Key_Return, CTRL)
    assert folder.below(county(folder)) == []
    assert not room.page.add_button_.isEnabled()


def test_the_menu_shows_the_keys(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.go(node)
    menu = room.page.tree.make_menu()
    shown = [
        action.text() + "\t" + action.shortcut().toString() for action in menu.actions()
        if not action.isSeparator()
    ]
    for word, key in (("新增同级", "Insert"), ("新增下级", "Ctrl+Enter"), ("升级", "Alt+←"),
                      ("编排进度计划", "F8"), ("复制到其他单位", "F9")):
        assert any(word in text and key in text for text in shown), (word, shown)
