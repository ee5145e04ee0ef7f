"""商议: rounds side by side, typed and pasted, agreed, declined, and returned workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.services import (
    agreements,
    planning_framework,
    planning_matrix,
    round_blocks,
    round_talks,
    rounds,
    signing,
)
from mbo_desktop.services.round_blocks import ProposedText
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.dialogs.season_round_import import RoundWizard
from ui.dialogs.season_rounds import ReasonDialog, RoundDialog
from ui.pages.season_rounds import RoundsView

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def indicators(store: Store) -> list[RecordId]:
    return add_indicators(store)


@pytest.fixture
def view(store: Store, indicators: list[RecordId], tmp_path: Path, qtbot: QtBot) -> Any:
    workspace = make_workspace(store, tmp_path)
    made: Any = RoundsView(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.said, made.figures = [], []
    workspace.said.connect(lambda text, tone, actions: made.said.append(text))
    made.figures_changed.connect(made.figures.append)
    made.resize(1180, 560)
    made.show()
    made.activate()
    made.activateWindow()
    made.kept = workspace
    return made


def open_rounds(store: Store) -> tuple[RecordId, RecordId]:
    return (
        rounds.add_round(store, YEAR, RoundSide.UNIT),
        rounds.add_round(store, YEAR, RoundSide.OFFICE),
    )


def choose_unit(view: Any, unit: RecordId) -> None:
    view.units.setCurrentIndex(view.units.findData(int(unit)))
    view._on_choice()


def text(view: Any, row: int, key: str) -> str:
    model = view.grid.model
    return str(model.cell_at(row, model.column_of(key)).text)


def select(view: Any, row: int, key: str) -> None:
    model = view.grid.model
    view.grid.view.select_cell(model.index(row, model.column_of(key)))
    view.grid.view.setFocus()


def target(store: Store, indicator: RecordId, unit: RecordId) -> str:
    return planning_matrix.cell(store, indicator, unit).value


def test_without_rounds_the_view_teaches(view):
    assert view.stack.currentWidget() is view.empty
    assert [button.text() for button in view.empty.buttons] == ["新建一轮…", "导入反馈表…"]
    assert view.agree_button.isHidden()


def test_a_new_round_becomes_a_column(view, store, qtbot):
    ask = RoundDialog(store, YEAR)
    qtbot.addWidget(ask)
    ask.name.setText("第一轮自报")
    ask.try_to_accept()
    assert [one.title for one in view.rounds] == ["第一轮自报"]
    assert f"round@{ask.made}" in [column.key for column in view.source.columns]


def test_a_pasted_block_is_one_step_and_says_what_was_refused(view, store, indicators, qtbot):
    mine, theirs = open_rounds(store)
    unit = unit_ids(store)[0]
    choose_unit(view, unit)
    assert view.grid.model.rowCount() == 1, "one target is allotted to the first county"
    QGuiApplication.clipboard().setText("70\t80")
    select(view, 0, f"round@{mine}")
    qtbot.keyClick(view.grid.view, Qt.Key.Key_V, CTRL)
    assert (text(view, 0, f"round@{mine}"), text(view, 0, f"round@{theirs}")) == ("70", "80")
    assert text(view, 0, "gap") == "+10"
    assert store.undo_label == "填写 2 个建议值"
    assert target(store, indicators[0], unit) == "75", "nothing is written into the target yet"
    view.kept.undo()
    assert text(view, 0, f"round@{mine}") == ""


def test_words_under_a_numeric_indicator_stay_and_are_marked(view, store, indicators, qtbot):
    mine, theirs = open_rounds(store)
    choose_unit(view, unit_ids(store)[0])
    model, key = view.grid.model, f"round@{mine}"
    model.write_texts([(0, model.column_of(key), "abc")], "填写")
    cell = model.cell_at(0, model.column_of(key))
    assert (cell.text, cell.edit_text) == ("abc", "abc")
    assert cell.problem.startswith("“abc”不是数字,已保留为文字")
    qtbot.waitUntil(lambda: view.grid.view._message.isVisible())
    assert view.grid.view._message.text() == cell.problem
    select(view, 0, key)
    assert any("不是数字" in label.text() for label in view.side.findChildren(QLabel))
    view.kept.undo()
    assert model.cell_at(0, model.column_of(key)).problem == "", "the mark goes with the words"
    QGuiApplication.clipboard().setText("abc\t八成")
    select(view, 0, key)
    qtbot.keyClick(view.grid.view, Qt.Key.Key_V, CTRL)
    assert text(view, 0, f"round@{theirs}") == "八成"
    assert view.said[-1] == "2 格不是数字,已保留为文字并标红。"


def test_only_the_rows_that_are_shown_are_read(view, store, qtbot, monkeypatch):
    mine, _theirs = open_rounds(store)
    unit = unit_ids(store)[0]
    made = [planning_framework.add_indicator(store, YEAR, f"多项{n}(亿元)") for n in range(150)]
    round_blocks.propose_block(store, [ProposedText(mine, one, unit, str(n)) for n, one in enumerate(made)])
    read = []
    talks = round_talks.talks
    monkeypatch.setattr(round_talks, "talks", lambda s, y, keys: read.extend(keys) or talks(s, y, keys))
    view.activate()
    QApplication.processEvents()
    assert view.grid.model.rowCount() == 150
    assert len(set(read)) <= 100, "two pages at most for what fits the window"
    view.grid.view.set_filter_text("多项14")
    assert view.grid.model.rowCount() == 11, "a filter reads them all"


def test_agreeing_writes_the_target_and_the_others_stay_as_history(view, store, indicators, qtbot):
    mine, theirs = open_rounds(store)
    unit = unit_ids(store)[1]
    rounds.propose(store, mine, indicators[0], unit, "42", by="龙游县")
    rounds.propose(store, theirs, indicators[0], unit, "48", reason="省里定了增长 20%")
    select(view, 0, f"round@{theirs}")
    view._on_agree()
    assert target(store, indicators[0], unit) == "48"
    assert text(view, 0, f"round@{theirs}") == "48 ✓"
    assert text(view, 0, "state") == "已商定"
    words = [label.text() for label in view.side.findChildren(QLabel)]
    assert "省里定了增长 20%" in words
    assert any("龙游县" in word for word in words)
    view.kept.undo()
    assert target(store, indicators[0], unit) == "40"


def test_declining_needs_a_reason_and_keeps_the_value(view, store, indicators, qtbot, monkeypatch):
    mine, _ = open_rounds(store)
    rounds.propose(store, mine, indicators[0], unit_ids(store)[1], "20")
    select(view, 0, f"round@{mine}")
    complaints: list[str] = []

    def answer(dialog: ReasonDialog) -> int:
        dialog.try_to_accept()
        complaints.append(dialog.problem.text())
        dialog.reason.setPlainText("低于上年")
        dialog.try_to_accept()
        return 1

    monkeypatch.setattr(ReasonDialog, "exec", answer)
    view._on_decline()
    assert complaints == ["没有写明不采纳的理由。请写明理由。"]
    assert text(view, 0, f"round@{mine}") == "20 ×"
    assert view.rounds[0].declined == 1


def test_two_values_of_one_cell_are_not_agreed_together(view, store, indicators):
    mine, theirs = open_rounds(store)
    unit = unit_ids(store)[1]
    rounds.propose(store, mine, indicators[0], unit, "42")
    rounds.propose(store, theirs, indicators[0], unit, "48")
    select(view, 0, f"round@{mine}")
    view.grid.view.selectAll()
    view._on_agree()
    assert "同一格选了两个值" in view.said[-1]
    assert target(store, indicators[0], unit) == "40"


def test_signed_cells_take_no_proposals(view, store, indicators, qtbot):
    mine, _ = open_rounds(store)
    unit = unit_ids(store)[0]
    agreements.make_agreements(store, YEAR, [unit])
    signing.sign_at_meeting(store, YEAR, on=date(2020, 3, 10))
    choose_unit(view, unit)
    select(view, 0, f"round@{mine}")
    qtbot.keyClick(QApplication.focusWidget(), "9")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, 0, f"round@{mine}") == ""
    assert text(view, 0, "state") == "已签订"
    message = view.grid.view._message
    assert message.isVisible() and "责任书→调整" in message.text() and "未写入" in message.text()


def test_one_block_pasted_over_another_leaves_no_open_blanks(view, store, indicators, qtbot):
    mine, theirs = open_rounds(store)
    choose_unit(view, unit_ids(store)[0])

    def paste(block: str) -> list[str]:
        QGuiApplication.clipboard().setText(block)
        select(view, 0, f"round@{mine}")
        qtbot.keyClick(view.grid.view, Qt.Key.Key_V, CTRL)
        return [text(view, 0, f"round@{mine}"), text(view, 0, f"round@{theirs}"), text(view, 0, "state")]

    assert paste("80\t79") == ["80", "79", "待商定"]
    assert paste("\t81") == ["", "81", "待商定"]
    assert [one.open for one in view.rounds] == [0, 1], "what was emptied waits for nobody"
    view.kept.undo()
    assert text(view, 0, f"round@{mine}") == "80", "each paste is one step"
    assert paste("\t") == ["", "", "未提出"]


def test_an_agreed_value_is_not_typed_over_and_says_so(view, store, indicators, qtbot):
    mine, _ = open_rounds(store)
    made = rounds.propose(store, mine, indicators[0], unit_ids(store)[1], "42")
    rounds.agree(store, [made])
    select(view, 0, f"round@{mine}")
    message = view.grid.view._message
    qtbot.keyClick(view.grid.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert not message.isVisible(), "walking about is no typing"
    select(view, 0, f"round@{mine}")
    qtbot.keyClick(view.grid.view, "9")
    assert message.isVisible() and "新的一轮" in message.text()
    assert text(view, 0, f"round@{mine}") == "42 ✓"
    assert view.grid.view.currentIndex().row() == 0, "typing does not walk to a cell that begins so"


def test_a_returned_table_goes_into_a_round_after_its_preview(view, store, indicators, qtbot):
    wizard: Any = RoundWizard(view.kept, view, pasted=(
        "", "指标名称\t计量单位\t柯城区\t龙游县\n地区生产总值\t亿元\t78\t43\n没有的指标\t个\t1\t2\n"
    ))
    wizard.show()
    assert wizard.stack.currentIndex() == 1, wizard.messages.label.text()
    wizard._on_next()
    plan = wizard.round_preview.plan
    assert plan is not None, wizard.messages.label.text()
    assert [one.new for one in plan.cells] == ["78", "43"]
    assert len(plan.refused) == 2
    assert "不录入 2 个" in wizard.round_preview.counts.text()
    assert target(store, indicators[0], unit_ids(store)[1]) == "40"
    wizard._on_next()
    assert view.said[-1] == "已录入2个建议值;2个未录入。"
    assert [one.proposals for one in view.rounds] == [2]
    assert view.grid.model.rowCount() == 2
