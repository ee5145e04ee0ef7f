"""The table under the hands of somebody who knows Excel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from mbo_desktop.errors import NotAllowedError, StorageError
from ui.grids.columns import Column
from ui.grids.editors import LineEditor, LongEditor

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_typing_replaces_and_enter_goes_down(table):
    table.go(2, "target")
    table.type("125")
    table.press(Key.Key_Return)
    assert table.book.records[3]["target"] == Decimal(125)
    assert table.at() == (3, "target")
    assert table.view.hasFocus()
    assert [label for label, _ in table.book.steps] == ["修改目标"]


def test_shift_enter_goes_up(table):
    table.go(2, "target")
    table.type("1")
    table.press(Key.Key_Return, SHIFT)
    assert table.at() == (1, "target")


def test_f2_keeps_the_content_and_puts_the_caret_behind_it(table):
    table.go(0, "name")
    table.press(Key.Key_F2)
    table.type("x")
    table.press(Key.Key_Return)
    assert table.book.records[1]["name"] == "指标1x"


def test_arrows_finish_after_typing_but_move_the_caret_after_f2(table):
    table.go(1, "target")
    table.type("7")
    table.press(Key.Key_Right)
    assert table.at() == (1, "last")
    table.go(1, "target")
    table.press(Key.Key_F2)
    table.press(Key.Key_Left)
    assert isinstance(table.focus(), LineEditor)


def test_escape_restores_and_writes_nothing(table):
    table.go(1, "target")
    table.type("99")
    table.press(Key.Key_Escape)
    assert table.text(1, "target") == "20"
    assert table.book.steps == []
    assert table.at() == (1, "target")


def test_leaving_unchanged_writes_nothing(table):
    table.go(1, "name")
    table.press(Key.Key_F2)
    table.press(Key.Key_Return)
    assert table.book.steps == []


def test_tab_passes_over_read_only_cells_and_wraps(table):
    table.go(0, "name")
    visited = []
    for _ in range(5):
        table.press(Key.Key_Tab)
        visited.append(table.at())
    assert visited == [(0, "target"), (0, "stretch"), (0, "key"), (1, "name"), (1, "target")]
    table.press(Key.Key_Backtab, SHIFT)
    assert table.at() == (1, "name")


def test_tab_out_of_an_editor_commits_and_goes_on(table):
    table.go(0, "target")
    table.type("5")
    table.press(Key.Key_Tab)
    assert table.book.records[1]["target"] == Decimal(5)
    assert table.at() == (0, "stretch")


def test_read_only_cell_cannot_be_typed_into(table):
    table.go(0, "last")
    table.type("5")
    assert table.view.hasFocus()
    assert table.book.steps == []


def test_nothing_can_be_typed_while_the_table_is_read_only(table):
    table.model.read_only = True
    table.go(0, "target")
    table.type("5")
    table.press(Key.Key_Delete)
    assert table.book.steps == []


def test_the_reason_never_slides_under_the_frozen_columns(make_table):
    frozen = Column("name", "指标", width=160, frozen=True)
    wide = [Column(f"figure{n}", f"数字{n}", width=90, editable=True) for n in range(12)]
    table = make_table(3, (frozen, *wide))
    view = table.view
    for section in range(len(wide) + 1):
        for text in ("“abc”不是数字。请改为数字。", "“八成左右”不是数字,原文已写入备注。请改正。" * 2):
            index = table.model.index(1, section)
            view.select_cell(index)
            view.tell(index, text)
            seen, over = view._message.geometry(), view.frozen.width_used()
            assert seen.left() >= over, f"column {section} is told under the frozen part"
            cell = view.rect_shown(index)
            below = view.rect_shown(table.model.index(2, section))
            assert not seen.intersects(cell.united(below)), f"the message hides column {section}"
            assert seen.height() >= view._message.heightForWidth(seen.width()), "no line is cut"


def test_a_sentence_beside_the_first_of_several_frozen_columns_is_seen_whole(make_table):
    frozen = [Column(f"name{n}", "指标", width=100, frozen=True) for n in range(3)]
    table = make_table(3, (*frozen, *[Column(f"figure{n}", "数字", width=90) for n in range(6)]))
    index = table.model.index(1, 0)
    table.view.select_cell(index)
    table.view.tell(index, "上次未完成的录入已保留。")
    assert table.view._message.geometry().left() >= table.view.frozen.width_used()


def test_what_a_full_disk_refused_stays_in_its_cell(table, monkeypatch):
    def full(_edits, _label):
        raise StorageError("磁盘空间已满,无法保存。", "没有写入。", "请清理磁盘后重试这一步。")

    table.go(0, "target")
    with monkeypatch.context() as disk:
        disk.setattr(table.model.source, "write", full)
        table.type("30")
        table.press(Key.Key_Return)
    assert table.text(0, "target") == "30"
    assert "磁盘空间已满" in table.model.cell_at(0, table.model.column_of("target")).problem
    assert table.book.records[1]["target"] == Decimal(10)
    table.go(0, "target")
    table.press(Key.Key_F2)
    table.press(Key.Key_Return)
    assert table.book.records[1]["target"] == Decimal(30)


def test_what_cannot_be_read_is_kept_marked_and_said(table):
    table.go(0, "target")
    table.type("abc")
    table.press(Key.Key_Return)
    assert table.text(0, "target") == "abc"
    assert table.book.records[1]["target"] == Decimal(10)
    cell = table.model.cell_at(0, table.model.column_of("target"))
    assert "不是数字" in cell.problem
    assert "请改为" in cell.problem
    table.qtbot.waitUntil(lambda: table.view._message.isVisible())
    assert table.view._message.text() == cell.problem
    table.go(0, "target")
    table.type("30")
    table.press(Key.Key_Return)
    assert table.view._message.isHidden()
    assert table.model.problems() == {}
    assert table.book.records[1]["target"] == Decimal(30)


def test_a_cell_the_service_refuses_keeps_its_text(table):
    table.book.refuse = {(1, "target"): "已签订,不能修改。"}
    table.go(0, "target")
    table.type("77")
    table.press(Key.Key_Return)
    assert table.text(0, "target") == "77"
    assert table.model.problems()[1, "target"] == ("77", "已签订,不能修改。")


def test_a_refused_write_is_announced_and_the_old_value_stands(table):
    errors = []
    table.view.complained.connect(errors.append)
    table.book.fault = NotAllowedError("责任书已签订。", "请先退回。")
    table.go(0, "target")
    table.type("77")
    table.press(Key.Key_Return)
    assert errors == [table.book.fault]
    assert table.text(0, "target") == "10"


def test_delete_clears_the_selected_cells_in_one_step(table):
    table.go(0, "target")
    table.press(Key.Key_Down, SHIFT)
    table.press(Key.Key_Down, SHIFT)
    table.press(Key.Key_Delete)
    assert [table.book.records[n]["target"] for n in (1, 2, 3, 4)] == [None, None, None, Decimal(40)]
    assert len(table.book.steps) == 1


def test_space_ticks(table):
    table.go(0, "key")
    table.press(Key.Key_Space)
    assert table.book.records[1]["key"] is True
    table.press(Key.Key_Space)
    assert table.book.records[1]["key"] is False


def test_frozen_column_is_typed_into_where_it_is_shown(table):
    table.go(1, "name")
    table.type("new")
    editor = table.focus()
    assert table.view.frozen.isAncestorOf(editor)
    table.press(Key.Key_Return)
    assert table.book.records[2]["name"] == "new"
    assert table.at() == (2, "name")


def test_a_refresh_does_not_throw_away_what_is_being_typed(table):
    table.go(0, "target")
    table.type("12")
    table.model.refresh([1])
    table.type("3")
    table.press(Key.Key_Return)
    assert table.book.records[1]["target"] == Decimal(123)


def test_long_text_enter_is_done_and_alt_enter_breaks(make_table: Callable):
    table = make_table(3, (Column("name", "评分标准", editable=True, multiline=True),))
    table.go(0, "name")
    table.type("a")
    assert isinstance(table.focus(), LongEditor)
    table.press(Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    table.type("b")
    table.press(Key.Key_Return)
    assert table.book.records[1]["name"] == "a\nb"
    assert table.at() == (1, "name")


def compose(widget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("key", ["name", "stretch"])
def test_the_first_pinyin_key_opens_the_editor_and_is_not_lost(table, key):
    """Frozen and ordinary columns alike; the focus stays until the composition has ended."""
    section = table.model.column_of(key)
    table.go(4, key)
    assert table.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    compose(table.view, "m")
    editors = [e for e in table.view.findChildren(LineEditor) if e.isVisible()]
    assert len(editors) == 1
    compose(table.focus(), "mu")
    compose(table.focus(), "mu'biao")
    compose(table.focus(), "", "目标")
    assert editors[0].text() == "目标"
    assert table.focus() is editors[0]
    assert table.view.currentIndex() == table.model.index(4, section)


def test_typed_chinese_is_saved_with_enter(table):
    table.go(0, "name")
    compose(table.view, "m")
    compose(table.focus(), "", "目标")
    table.press(Key.Key_Return)
    assert table.book.records[1]["name"] == "目标"
    assert table.at() == (1, "name")


def test_enter_inside_a_composition_does_not_move_on(table):
    table.go(0, "name")
    table.press(Key.Key_F2)
    editor = table.focus()
    compose(editor, "mubiao")
    table.press(Key.Key_Return)
    assert table.focus() is editor
    assert table.at() == (0, "name")
    assert table.book.steps == []
    compose(editor, "", "目标")
    table.press(Key.Key_Return)
    assert table.book.records[1]["name"] == "指标1目标"


def test_a_composition_into_a_read_only_cell_opens_nothing(table):
    table.go(0, "last")
    compose(table.view, "m")
    assert not [e for e in table.view.findChildren(QLineEdit) if e.isVisible()]


@pytest.mark.parametrize("key", ["name", "stretch"])
def test_the_candidate_list_stands_at_the_cell(table, key):
    """Under the headings' height, in frozen and ordinary columns alike."""
    table.go(4, key)
    view = table.view
    index = view.currentIndex()
    place = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    cell = view.visualRect(index).translated(view.viewport().pos())
    assert abs(place.top() - cell.top()) <= 1
    assert abs(place.left() - cell.left()) <= 1
    compose(view, "mu")
    caret = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert cell.adjusted(-2, -2, 2, 2).contains(caret.center())


def test_ctrl_home_and_end_select_where_they_go(table):
    """Delete after Ctrl+Home cleared the cell that was left, not the one in the frame."""
    control = Qt.KeyboardModifier.ControlModifier
    table.go(2, "target")
    for key in (Key.Key_Home, Key.Key_End, Key.Key_Up, Key.Key_Left):
        table.press(key, control)
        (selected,) = table.view.selectionModel().selectedIndexes()
        assert selected == table.view.currentIndex()
    table.press(Key.Key_Home, control | SHIFT)
    assert len(table.view.selectionModel().selectedIndexes()) > 1
