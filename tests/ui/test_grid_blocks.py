"""Blocks of cells: copy, paste, fill, sum; each one step of undo."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from ui.grids import clipboard
from ui.grids.columns import Cell
from ui.grids.summary import summarise

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def put(text: str, html: str = "") -> None:
    mime = QMimeData()
    mime.setText(text)
    if html:
        mime.setHtml(html)
    QGuiApplication.clipboard().setMimeData(mime)


def select(table, top: int, left: str, bottom: int, right: str) -> None:
    model = table.model
    table.go(top, left)
    table.view.selectionModel().select(
        QItemSelection(model.index(top, model.column_of(left)), model.index(bottom, model.column_of(right))),
        QItemSelectionModel.SelectionFlag.ClearAndSelect,
    )


def test_copy_gives_what_excel_takes(table):
    table.book.records[2]["name"] = '第一行\n"二"'
    table.model.source.reload()
    table.model.refresh()
    select(table, 0, "name", 1, "target")
    table.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().replace("\r\n", "\n") == (
        '指标1\t1\t10\n"第一行\n""二"""\t2\t20\n'
    )


def test_paste_of_a_block_is_one_step(table):
    put("11\t\t12\r\n21\t\t22\r\n")
    table.go(3, "target")
    table.press(Key.Key_V, CTRL)
    assert [(e.row, e.key, e.value) for e in table.book.steps[0][1]] == [
        (4, "target", Decimal(11)), (4, "stretch", Decimal(12)),
        (5, "target", Decimal(21)), (5, "stretch", Decimal(22)),
    ]
    assert len(table.book.steps) == 1
    assert len(table.view.selectionModel().selectedIndexes()) == 6


def test_paste_says_what_did_not_go_in(table):
    outcomes = []
    table.model.wrote.connect(outcomes.append)
    put("1\tx\tabc\n2\n")
    table.go(19, "target")
    table.press(Key.Key_V, CTRL)
    last = outcomes[-1]
    assert (last.written, last.unreadable, last.read_only, last.beyond) == (1, 1, 1, 1)
    assert "已保留原文并标红" in last.sentence()
    assert "不可修改" in last.sentence()
    assert "超出表格范围" in last.sentence()
    assert table.text(19, "stretch") == "abc"


def test_paste_skips_hidden_columns(table):
    table.view.show_column(table.model.column_of("last"), False)
    put("1\t2\n")
    table.go(0, "target")
    table.press(Key.Key_V, CTRL)
    assert table.book.records[1]["target"] == Decimal(1)
    assert table.book.records[1]["stretch"] == Decimal(2)


def test_one_value_fills_the_selection(table):
    select(table, 0, "target", 2, "target")
    put("8")
    table.press(Key.Key_V, CTRL)
    assert [table.book.records[n]["target"] for n in (1, 2, 3, 4)] == [8, 8, 8, 40]
    assert len(table.book.steps) == 1


def test_fill_down_from_the_first_selected_row(table):
    select(table, 1, "target", 4, "stretch")
    table.book.records[2]["stretch"] = Decimal("2.5")
    table.model.source.reload()
    table.model.refresh()
    table.press(Key.Key_D, CTRL)
    assert [table.book.records[n]["target"] for n in (2, 3, 4, 5, 6)] == [20, 20, 20, 20, 60]
    assert table.book.records[5]["stretch"] == Decimal("2.5")
    assert len(table.book.steps) == 1


def test_fill_down_alone_takes_the_cell_above(table):
    table.go(3, "target")
    table.press(Key.Key_D, CTRL)
    assert table.book.records[4]["target"] == Decimal(30)


def test_sum_of_the_selection(table, qtbot):
    with qtbot.waitSignal(table.view.summary_changed) as caught:
        select(table, 0, "name", 2, "target")
    summary = caught.args[0]
    assert (summary.cells, summary.numbers, summary.total) == (9, 6, Decimal(66))
    assert summary.sentence() == "求和 66 · 平均 11 · 计数 9"


def test_rows_pasted_below_the_last_are_made_where_the_source_can(table):
    made = []

    def append(rows, label):
        start = len(table.book.records)
        for number, row in enumerate(rows, start + 1):
            table.book.records[number] = {"name": "", "place": None, "target": None, "last": None,
                                          "stretch": None, "key": False, **row}
        table.model.source.reload()
        made.append(label)
        return range(start + 1, start + 1 + len(rows))

    table.model.source.append = append
    put("甲\t\t5\n乙\t\t约3成\n丙\t\t7\n")
    table.go(19, "name")
    table.press(Key.Key_V, CTRL)
    assert table.model.rowCount() == 22
    assert table.book.records[22]["target"] == Decimal(7)
    assert table.text(20, "target") == "约3成"
    assert table.model.problems()[21, "target"][0] == "约3成"
    assert len(made) == 1


@pytest.mark.parametrize(("text", "block"), [
    ("", []),
    ("a", [["a"]]),
    ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
    ("a\t\n", [["a", ""]]),
    ('"多行\n单元格"\tb\n', [["多行\n单元格", "b"]]),
    ('"他说""好"""\n', [['他说"好"']]),
    ('5" 管\tx', [['5" 管', "x"]]),
    ('"没有收尾\tb', [['"没有收尾', "b"]]),
    ("\n\nx\n", [[""], [""], ["x"]]),
])
def test_text_from_a_spreadsheet(text, block):
    assert clipboard.from_text(text) == block


@given(st.lists(
    st.lists(st.text(st.characters(blacklist_characters="\r\x00", blacklist_categories=("Cs",)), max_size=8),
             min_size=1, max_size=4),
    min_size=1, max_size=5,
))
def test_copied_blocks_come_back_as_they_were(block):
    assert clipboard.from_text(clipboard.to_text(block)) == block


def test_word_table_is_read_from_its_html():
    html = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><body><table>
      <tr><td colspan=2><p>工业<br>经济</p></td><td rowspan="2">5</td></tr>
      <tr><td>a</td><td>b</td></tr></table></body></html>"""
    mime = QMimeData()
    mime.setText("工业\n经济\t5\na\tb\n")
    mime.setHtml(html)
    assert clipboard.from_mime(mime) == [["工业\n经济", "", "5"], ["a", "b", ""]]


def test_the_average_of_a_selection_is_rounded_half_up() -> None:
    cells = [Cell(value=Decimal(text)) for text in ("0", "0.01")]
    assert summarise(cells, 2).sentence() == "求和 0.01 · 平均 0.01 · 计数 2"
