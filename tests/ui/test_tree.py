"""The lazy tree: structure by keys and mouse, cells as in the table."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from mbo_desktop.errors import NotAllowedError
from ui.grids.columns import Column
from ui.grids.tree_model import PORTION, TreeModel, TreeRow
from ui.grids.tree_view import TreeView

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Grove:
    """A tree in memory that writes down what was asked of it."""

    columns = (Column("name", "单位", editable=True), Column("code", "代码", editable=True),
               Column("who", "责任人"))

    def __init__(self, children: dict[int, list[int]]) -> None:
        self.children = children
        keys = {k for kids in children.values() for k in kids}
        self.names = {key: f"单位{key}" for key in keys}
        self.codes = {key: f"{key:03}" for key in keys}
        self.steps: list[tuple] = []
        self.fetched: list[int] = []
        self.fault: Exception | None = None

    def child_ids(self, parent: int) -> Sequence[int]:
        self.fetched.append(parent)
        return list(self.children.get(parent, []))

    def rows(self, ids):
        return {
            i: TreeRow(i, {"name": self.names[i], "code": self.codes[i], "who": "王建国"},
                       child_count=len(self.children.get(i, [])))
            for i in ids if i in self.names
        }

    def write(self, edits, label):
        self.steps.append((label, [(e.row, e.key, e.text) for e in edits]))
        for edit in edits:
            (self.names if edit.key == "name" else self.codes)[edit.row] = edit.text

    def add(self, parent, after):
        key = max(self.names) + 1
        self.names[key], self.codes[key] = "", ""
        kids = self.children.setdefault(parent, [])
        kids.insert(kids.index(after) + 1 if after else len(kids), key)
        self.steps.append(("add", parent, after))
        return key

    def move(self, ids, parent, before):
        if self.fault:
            raise self.fault
        for kids in self.children.values():
            kids[:] = [k for k in kids if k not in ids]
        kids = self.children.setdefault(parent, [])
        at = kids.index(before) if before else len(kids)
        kids[at:at] = ids
        self.steps.append(("move", list(ids), parent, before))

    def remove(self, ids):
        for kids in self.children.values():
            kids[:] = [k for k in kids if k not in ids]
        self.steps.append(("remove", list(ids)))

    def describe_removal(self, ids):
        return f"删除 {len(ids)} 个单位?"


class Forest:
    """A shown tree and the ways a person works it."""

    def __init__(self, qtbot, grove: Grove) -> None:
        self.qtbot, self.grove = qtbot, grove
        self.model = TreeModel(grove)
        self.view = TreeView(self.model)
        self.view.ask = lambda question: True
        qtbot.addWidget(self.view)
        self.view.resize(600, 400)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        qtbot.waitUntil(self.view.hasFocus)

    def go(self, *chain: int, section: int = 0) -> None:
        assert self.view.show_record(chain, section)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.view, key, modifier)

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def shape(self) -> dict[int, list[int]]:
        """What the model shows, compared with what the grove holds."""
        return {
            key: [self.model.key(self.model.index(r, 0, self.model.index_of(key)))
                  for r in range(self.model.rowCount(self.model.index_of(key)))]
            for key in [0, *self.grove.names]
            if self.model.rowCount(self.model.index_of(key)) and (key == 0 or self.model.index_of(key).isValid())
        }


@pytest.fixture
def forest(qtbot) -> Forest:
    return Forest(qtbot, Grove({0: [1, 2, 3], 1: [4, 5, 6], 4: [7, 8]}))


def test_qt_finds_no_fault_in_the_model(qtmodeltester):
    model = TreeModel(Grove({0: list(range(1, 30)), 1: list(range(30, 60)), 30: [60, 61]}))
    while model.canFetchMore(model.index_of(0)):
        model.fetchMore(model.index_of(0))
    model.fetchMore(model.index_of(1))
    qtmodeltester.check(model, force_py=True)


def test_children_are_read_when_opened(forest):
    assert forest.grove.fetched == [0]
    forest.view.expand(forest.model.index_of(1))
    assert forest.grove.fetched == [0, 1]
    assert forest.model.hasChildren(forest.model.index_of(4))
    assert not forest.model.hasChildren(forest.model.index_of(5))


def test_a_large_parent_comes_in_portions():
    model = TreeModel(Grove({0: list(range(1, 2_501))}))
    root = model.index_of(0)
    model.fetchMore(root)
    assert model.rowCount(root) == PORTION
    assert model.load_to([2_400]).isValid()
    assert 2_400 <= model.rowCount(root) < 2_400 + PORTION


def test_insert_makes_a_sibling_whose_name_is_being_typed(forest):
    forest.go(1, 4)
    forest.press(Key.Key_Insert)
    forest.type("new")
    forest.press(Key.Key_Return)
    assert forest.grove.children[1] == [4, 9, 5, 6]
    assert forest.grove.names[9] == "new"
    assert forest.shape()[1] == [4, 9, 5, 6]


def test_control_enter_makes_a_child(forest):
    forest.go(2)
    forest.press(Key.Key_Return, CTRL)
    forest.type("x")
    forest.press(Key.Key_Tab)
    assert forest.grove.children[2] == [9]
    assert forest.grove.names[9] == "x"
    assert forest.view.currentIndex().column() == 1


def test_alt_arrows_move_demote_and_promote(forest):
    forest.go(1, 5)
    forest.press(Key.Key_Up, ALT)
    assert forest.grove.children[1] == [5, 4, 6]
    forest.press(Key.Key_Down, ALT)
    assert forest.grove.children[1] == [4, 5, 6]
    forest.press(Key.Key_Right, ALT)
    assert forest.grove.children[4] == [7, 8, 5]
    assert forest.view.current_id() == 5
    forest.press(Key.Key_Left, ALT)
    assert forest.grove.children[1] == [4, 5, 6]
    forest.press(Key.Key_Left, ALT)
    assert forest.grove.children[0] == [1, 5, 2, 3]
    assert forest.shape()[0] == [1, 5, 2, 3]
    assert len([s for s in forest.grove.steps if s[0] == "move"]) == 5


def test_moves_at_the_edge_do_nothing(forest):
    forest.go(1)
    for key in (Key.Key_Up, Key.Key_Left, Key.Key_Right):
        forest.press(key, ALT)
    assert forest.grove.steps == []


def test_delete_on_the_title_removes_the_node_after_a_question(forest):
    asked = []
    forest.view.ask = lambda question: asked.append(question) or len(asked) > 1
    forest.go(1, 4)
    forest.press(Key.Key_Delete)
    assert forest.grove.steps == []
    forest.press(Key.Key_Delete)
    assert asked == ["删除 1 个单位?"] * 2
    assert forest.shape()[1] == [5, 6]
    assert forest.view.current_id() == 1


def test_delete_on_a_value_clears_the_value(forest):
    forest.go(1, 4, section=1)
    forest.press(Key.Key_Delete)
    assert forest.grove.codes[4] == ""
    assert 4 in forest.grove.children[1]


def test_tab_goes_to_the_next_cell_and_enter_down(forest):
    forest.go(1, 4)
    forest.press(Key.Key_Tab)
    assert (forest.view.current_id(), forest.view.currentIndex().column()) == (4, 1)
    forest.press(Key.Key_Return)
    assert (forest.view.current_id(), forest.view.currentIndex().column()) == (5, 1)
    forest.press(Key.Key_Tab)
    assert (forest.view.current_id(), forest.view.currentIndex().column()) == (6, 0)


def test_home_and_end_go_along_the_row(forest):
    forest.go(2, section=1)
    forest.press(Key.Key_Home)
    assert (forest.view.current_id(), forest.view.currentIndex().column()) == (2, 0)
    forest.press(Key.Key_End)
    assert (forest.view.current_id(), forest.view.currentIndex().column()) == (2, 2)


def test_f2_renames(forest):
    forest.go(3)
    forest.press(Key.Key_F2)
    forest.type("!")
    forest.press(Key.Key_Return)
    assert forest.grove.names[3] == "单位3!"


def test_pinyin_in_the_tree(forest):
    forest.go(3)
    QApplication.sendEvent(forest.view, QInputMethodEvent("s", []))
    done = QInputMethodEvent("", [])
    done.setCommitString("市交委")
    QApplication.sendEvent(QApplication.focusWidget(), done)
    forest.press(Key.Key_Return)
    assert forest.grove.names[3] == "市交委"


def test_dragging_a_node_asks_for_a_move_with_the_drop_line(forest):
    forest.go(1, 4)
    model = forest.model
    mime = model.mimeData([model.index_of(7) if model.index_of(7).isValid() else model.index_of(4)])
    move = Qt.DropAction.MoveAction
    assert not model.canDropMimeData(mime, move, -1, 0, model.index_of(4)), "never below itself"
    model.dropMimeData(mime, move, 1, 0, model.index_of(0))
    assert forest.grove.children[0] == [1, 4, 2, 3]
    assert forest.shape()[0] == [1, 4, 2, 3]
    assert forest.view.isExpanded(model.index_of(4)) == (4 in forest.view.open_keys)


def test_a_refused_move_is_told_and_nothing_moves(forest):
    errors = []
    forest.view.complained.connect(errors.append)
    forest.grove.fault = NotAllowedError("不能成为自己的上级。", "请另选上级。")
    forest.go(1, 5)
    forest.press(Key.Key_Up, ALT)
    assert errors == [forest.grove.fault]
    assert forest.shape()[1] == [4, 5, 6]


def test_sync_follows_any_change_and_keeps_the_current_node(forest):
    """Undo, another page, an import: the model is brought to what the source holds."""
    forest.go(1, 4, 7)
    forest.view.expand(forest.model.index_of(1))
    forest.grove.children = {0: [3, 1, 9], 1: [6, 4], 4: [8, 7], 9: [2]}
    forest.grove.names |= {9: "新"}
    forest.grove.codes |= {9: ""}
    forest.model.sync()
    shape = forest.shape()
    assert shape[0] == [3, 1, 9]
    assert shape[1] == [6, 4]
    assert shape[4] == [8, 7]
    assert forest.view.current_id() == 7


def test_only_hits_and_their_ancestors_are_shown(forest):
    forest.model.set_visible({1, 4, 8})
    forest.go(1, 4, 8)
    assert forest.shape() == {0: [1], 1: [4], 4: [8]}
    forest.model.set_visible(None)
    forest.go(2)
    assert forest.shape()[0] == [1, 2, 3]


def test_copy_and_paste_in_the_tree(forest):
    forest.go(1, 4, section=1)
    forest.press(Key.Key_C, CTRL)
    assert QApplication.clipboard().text().strip() == "004"
    QApplication.clipboard().setText("a\tb\nc\nd\n")
    forest.press(Key.Key_V, CTRL)
    assert forest.grove.codes[4] == "a"
    assert forest.grove.codes[5] == "c"
    assert len(forest.grove.steps) == 1


def test_read_only_tree_takes_no_structure_keys(forest):
    forest.model.read_only = True
    forest.go(1, 5)
    for key, modifier in ((Key.Key_Insert, CTRL & ALT), (Key.Key_Up, ALT), (Key.Key_Delete, CTRL & ALT)):
        forest.press(key, modifier)
    assert forest.grove.steps == []
    assert forest.view.structure_actions() == []


def test_columns_and_indentation_grow_with_the_zoom_at_once(forest, theme):
    view = forest.view
    before = (view.columnWidth(1), view.indentation())
    theme.apply(150)
    after = (view.columnWidth(1), view.indentation())
    theme.apply(100)
    assert after == (round(before[0] * 1.5), round(before[1] * 1.5))
    assert (view.columnWidth(1), view.indentation()) == before
