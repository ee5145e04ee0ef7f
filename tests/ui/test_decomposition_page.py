"""Room 目标分解: keys, cells, people, structure, filters, opening places, following changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.services import (
    decomposition_edits,
    decomposition_structure,
    planning_edits,
    planning_framework,
)
from mbo_desktop.services.decomposition_edits import FieldEdit
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.decomposition_folder import YEAR, Folder, make_folder
from tests.ui.typing_chinese import commit_text
from ui.grids.columns import Tone
from ui.jobs import DirectRunner
from ui.pages.decomposition import DecompositionPage
from ui.settings import Settings
from ui.workspace import Workspace

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Room:
    """A shown page and the ways a person works it."""

    qtbot: QtBot
    folder: Folder
    page: DecompositionPage
    said: list[str]

    def go(self, node: int, field: str = "title") -> None:
        assert self.page.open_node(node, field)
        self.rest()

    def rest(self) -> None:
        """Let timers of no length run."""
        for _ in range(4):
            QApplication.processEvents()

    def press(self, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.page.tree, key, modifier)
        self.rest()

    def type(self, text: str) -> None:
        """Open the current cell by typing, then finish with Enter left to the caller."""
        for letter in text:
            self.qtbot.keyClick(QApplication.focusWidget() or self.page.tree, letter)

    def write(self, text: str) -> None:
        """Chinese through the open editor."""
        editor = QApplication.focusWidget()
        assert editor is not None
        assert editor is not self.page.tree
        commit_text(editor, text)

    def at(self) -> tuple[int, str]:
        tree = self.page.tree
        return tree.current_id(), tree.tree.columns[tree.currentIndex().column()].key

    def cell(self, node: int, key: str):
        model = self.page.tree.tree
        section = next(n for n, column in enumerate(model.columns) if column.key == key)
        index = model.index_of(node, section)
        assert index.isValid(), node
        return model.cell(index)

    def children(self, node: int) -> list[str]:
        model = self.page.tree.tree
        return [model.cell(model.index_of(one)).text for one in model.loaded_children(node)]


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = make_folder(tmp_path / "数据")
    yield made
    made.store.close()


@pytest.fixture
def room(qtbot: QtBot, folder: Folder) -> Room:
    return make_room(qtbot, folder)


def make_room(qtbot: QtBot, folder: Folder, state: dict | None = None) -> Room:
    workspace = Workspace(folder.store, DirectRunner(), Settings())
    workspace.set_year(YEAR)
    page = DecompositionPage(workspace)
    workspace.setParent(page)
    said: list[str] = []
    workspace.said.connect(lambda text, _tone, _actions: said.append(text))
    workspace.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.restore_state(state or {})
    page.resize(1220, 660)
    page.show()
    page.activateWindow()
    page.activate()
    page.tree.setFocus()
    made = Room(qtbot, folder, page, said)
    made.rest()
    return made


def add_parts(folder: Folder, parent: int, *units: str) -> list[int]:
    """Allocations of these units below a row."""
    made = []
    for unit in units:
        node = decomposition_structure.add_child(folder.store, YEAR, parent)
        refused = decomposition_edits.write_fields(
            folder.store, YEAR, [FieldEdit(node, "unit", int(folder.units[unit]))])
        assert not refused
        made.append(node)
    return made


def county(folder: Folder) -> int:
    """The target of 柯城区."""
    return folder.below(folder.indicator)[0]


# Showing --------------------------------------------------------------------


def test_the_tree_goes_from_categories_to_the_targets_of_units(room: Room, folder: Folder) -> None:
    room.go(county(folder))
    assert room.children(folder.category) == ["工业投资", "新增就业"]
    assert room.children(folder.indicator) == ["柯城区", "龙游县"]
    assert room.cell(folder.indicator, "value").text == "100"
    assert room.page.tree.accessibleName()


def test_what_comes_from_above_is_muted_and_own_things_are_plain(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.go(node)
    assert room.cell(node, "title").text == "航埠镇"
    assert room.cell(node, "unit").tone is Tone.PLAIN
    decomposition_edits.write_fields(folder.store, YEAR, [FieldEdit(node, "unit", None)])
    assert room.cell(node, "unit").tone is Tone.MUTED
    assert room.cell(node, "title").text == "工业投资"


def test_a_new_year_without_targets_teaches(qtbot: QtBot, tmp_path: Path, set_clock: None) -> None:
    folder = make_folder(tmp_path / "d")
    for indicator in (folder.indicator, folder.second):
        for unit in folder.units.values():
            planning_edits.set_cell(folder.store, indicator, unit, TargetField.VALUE, "")
        planning_framework.delete_indicators(folder.store, [indicator])
    room = make_room(qtbot, folder)
    assert room.page.stack.currentWidget() is room.page.empty
    assert room.page.side.isHidden()
    assert "上级" in room.page.empty.buttons[0].text()
    folder.store.close()


# Keys -----------------------------------------------------------------------


def test_parts_are_typed_one_behind_the_other_without_the_mouse(room: Room, folder: Folder) -> None:
    room.go(county(folder))
    room.press(Key.Key_Return, CTRL)
    room.write("技改投资")
    room.press(Key.Key_Tab)
    assert room.at()[1] == "value"
    room.type("30")
    room.press(Key.Key_Return)
    made = folder.below(county(folder))
    assert [folder.row(one).title for one in made] == ["技改投资"]
    assert folder.row(made[0]).value == "30"
    room.go(made[0])
    room.press(Key.Key_Insert)
    room.write("新建项目")
    room.press(Key.Key_Return)
    assert folder.titles(county(folder)) == ["技改投资", "新建项目"]


def test_the_count_of_rows_follows_what_is_made(room: Room, folder: Folder) -> None:
    room.page.marks.read()
    before = room.page.marks.checked
    add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.rest()
    assert room.page.marks.checked == before + 2


def test_tab_stays_in_the_grid_and_passes_over_what_cannot_be_typed(room: Room, folder: Folder) -> None:
    room.go(county(folder), "value")
    room.press(Key.Key_Tab)
    node, key = room.at()
    assert node == county(folder)
    assert key != "unit"


def test_delete_clears_a_value_and_removes_only_from_the_title(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    decomposition_edits.write_fields(folder.store, YEAR, [FieldEdit(node, "value", "20")])
    asked: list[str] = []
    room.page.tree.ask = lambda question: bool(asked.append(question)) or True
    room.go(node, "value")
    room.press(Key.Key_Delete)
    assert folder.row(node).value == ""
    assert asked == []
    decomposition_structure.add_child(folder.store, YEAR, node)
    room.go(node)
    room.press(Key.Key_Delete)
    assert "其下的1项" in asked[0]
    assert folder.below(county(folder)) == []
    folder.store.undo()
    room.rest()
    assert room.children(county(folder)) == ["航埠镇"]


def test_targets_are_not_removed_here_and_the_reason_is_said(room: Room, folder: Folder) -> None:
    room.page.tree.ask = lambda question: True
    room.go(county(folder))
    room.press(Key.Key_Delete)
    assert any("目标体系" in text for text in room.said)
    assert len(folder.below(folder.indicator)) == 2


def test_alt_arrows_move_demote_and_promote(room: Room, folder: Folder) -> None:
    first, second = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.go(second)
    room.press(Key.Key_Up, ALT)
    assert folder.below(county(folder)) == [second, first]
    room.press(Key.Key_Down, ALT)
    assert folder.below(county(folder)) == [first, second]
    room.press(Key.Key_Right, ALT)
    assert folder.below(first) == [second]
    assert room.at()[0] == second
    room.press(Key.Key_Left, ALT)
    assert folder.below(county(folder)) == [first, second]


def test_a_person_is_found_by_pinyin_initials(room: Room, folder: Folder) -> None:
    room.go(folder.second, "responsible")
    room.type("zs")
    room.press(Key.Key_Return)
    assert folder.row(folder.second).responsible.label.startswith("张三")
    assert room.cell(folder.second, "responsible").text == "张三"


def test_an_unknown_name_makes_a_post_in_the_unit(room: Room, folder: Folder) -> None:
    room.go(folder.second, "handler")
    room.press(Key.Key_F2)
    room.write("赵六(综合科副科长)")
    room.press(Key.Key_Return)
    assert folder.row(folder.second).handler.label == "赵六(综合科副科长)"
    assert "赵六" in room.said[-1], "a name mistyped would else be registered unnoticed"


def test_initials_nobody_has_are_not_registered_as_a_name(room: Room, folder: Folder) -> None:
    room.go(folder.second, "responsible")
    room.type("wxm")
    room.press(Key.Key_Return)
    assert not folder.row(folder.second).responsible.label
    assert "wxm" in room.cell(folder.second, "responsible").problem


def test_a_unit_is_picked_by_pinyin_initials(room: Room, folder: Folder) -> None:
    node = decomposition_structure.add_child(folder.store, YEAR, county(folder))
    room.go(node, "unit")
    room.type("hbz")
    room.press(Key.Key_Return)
    assert folder.row(node).unit == folder.units["航埠镇"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Tab])
def test_a_key_of_the_open_list_takes_its_row_and_ends_the_editing(
    room: Room, folder: Folder, key: Key
) -> None:
    # On a real screen the open list gets the keys and hands them over past the event filters.
    node = decomposition_structure.add_child(folder.store, YEAR, county(folder))
    room.go(node, "unit")
    room.type("hbz")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    room.qtbot.keyClick(popup, key)
    room.rest()
    assert folder.row(node).unit == folder.units["航埠镇"]


def test_a_refused_cell_keeps_its_text_with_the_reason(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.go(node, "share")
    room.type("130")
    room.press(Key.Key_Return)
    assert room.cell(node, "share").text == "130"
    assert room.cell(node, "share").problem


# Clipboard ------------------------------------------------------------------


def test_a_block_goes_in_from_a_spreadsheet(room: Room, folder: Folder) -> None:
    first, second = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.go(first, "value")
    QGuiApplication.clipboard().setText("35\r\n25\r\n")
    room.press(Key.Key_V, CTRL)
    assert [folder.row(one).value for one in (first, second)] == ["35", "25"]
    folder.store.undo()
    assert [folder.row(one).value for one in (first, second)] == ["", ""]


def test_copied_titles_are_an_outline(room: Room, folder: Folder) -> None:
    add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.go(county(folder))
    room.press(Key.Key_Right)
    room.press(Key.Key_Down, SHIFT)
    room.press(Key.Key_Down, SHIFT)
    room.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "柯城区\r\n　航埠镇\r\n　石梁镇\r\n"


# Filters and places -----------------------------------------------------------


def test_the_filter_shows_hits_with_what_stands_above(room: Room, folder: Folder) -> None:
    add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.page.filters.text.setText("hbz")
    room.page.filters.text.returnPressed.emit()
    room.rest()
    assert room.children(county(folder)) == ["航埠镇"]
    assert room.cell(county(folder), "title").tone in (Tone.PLAIN, Tone.MUTED)
    room.page.filters.clear()
    room.rest()
    room.go(county(folder))
    room.press(Key.Key_Right)
    assert room.children(county(folder)) == ["航埠镇", "石梁镇"]


def test_what_was_found_is_current_and_can_be_opened(room: Room, folder: Folder) -> None:
    add_parts(folder, county(folder), "航埠镇", "石梁镇")
    room.go(folder.category)
    room.page.filters.text.setText("kcq")
    room.page.filters.text.returnPressed.emit()
    room.rest()
    assert room.at() == (county(folder), "title"), "the category above was current and stays in sight"
    assert room.children(county(folder)) == [], "opened by hand only"
    room.page.tree.setFocus()
    room.press(Key.Key_Right)
    assert room.children(county(folder)) == ["航埠镇", "石梁镇"]


def test_what_is_made_under_a_filter_stays_in_sight(room: Room, folder: Folder) -> None:
    room.page.filters.text.setText("柯城")
    room.page.filters.text.returnPressed.emit()
    room.rest()
    room.go(county(folder))
    room.press(Key.Key_Return, CTRL)
    room.write("技改投资")
    room.press(Key.Key_Return)
    assert room.children(county(folder)) == ["技改投资"]


def test_only_what_lacks_people(room: Room, folder: Folder) -> None:
    decomposition_edits.write_fields(folder.store, YEAR, [
        FieldEdit(folder.second, "responsible", "张三"), FieldEdit(folder.second, "handler", "刘敏")])
    room.page.filters.unassigned.setChecked(True)
    room.rest()
    assert room.children(folder.category) == ["工业投资"]


def test_mine_is_what_the_operator_holds(room: Room, folder: Folder) -> None:
    decomposition_edits.write_fields(folder.store, YEAR, [FieldEdit(folder.second, "handler", "刘敏")])
    room.page.filters.mine.setChecked(True)
    room.rest()
    assert room.children(folder.category) == ["新增就业"]


def test_opening_a_place_drops_the_filter_and_shows_the_column(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.page.filters.text.setText("就业")
    room.page.filters.text.returnPressed.emit()
    room.rest()
    room.page.show_record(node, "allocation")
    room.rest()
    assert room.at() == (node, "title")
    assert room.page.filters.text.text() == ""
    room.go(node, "leader")
    assert room.at() == (node, "leader")
    assert not room.page.tree.isColumnHidden(room.page.tree.section_of("leader"))


def test_opening_a_text_goes_into_the_side_panel(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    room.go(node, "measures")
    assert room.page.side.fields["measures"].hasFocus()


def test_a_unit_from_another_room_becomes_the_filter(room: Room, folder: Folder) -> None:
    room.page.show_record(folder.units["龙游县"], "unit")
    room.rest()
    assert room.children(folder.indicator) == ["龙游县"]
