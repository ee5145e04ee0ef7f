"""The view 上年 and what belongs to it: results, bases, sentences, sealing, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.results import Completion
from mbo_desktop.services import (
    numbering,
    planning_matrix,
    results,
    sealing,
    session,
    superior_results,
)
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from tests.ui.season_folder import add_last_year, shown
from ui.dialogs.numbering import NumberingDialog, VoidDialog
from ui.dialogs.results_wizard import ResultsWizard, UnitResultsDialog
from ui.dialogs.year_seal import SealDialog
from ui.grids.columns import GridQuery
from ui.pages.season_last_year import SUPERIOR, UNITS, LastYearView
from ui.pages.season_last_year_rows import UNMET

PAST = YEAR - 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def page(store, tmp_path, qtbot):
    add_indicators(store)
    add_last_year(store)
    return shown(store, tmp_path, qtbot, "last_year")


def view_of(page) -> LastYearView:
    assert isinstance(page.views.view, LastYearView)
    return page.views.view


def texts(view, part, key):
    model = view.panels[part].model
    return [model.cell_at(n, model.column_of(key)).text for n in range(model.rowCount())]


def type_text(qtbot, text):
    for letter in text:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def side_text(view) -> str:
    return "\n".join(one.text() for one in view.side.findChildren(QLabel))


def choose(view, part):
    view.part.setCurrentIndex(view.part.findData(part))
    view._on_part()


def test_without_results_the_view_teaches(store, tmp_path, qtbot):
    page = shown(store, tmp_path, qtbot, "last_year")
    view = view_of(page)
    assert view.tables.currentWidget() is view.empty
    assert "2019" in "".join(one.text() for one in view.empty.findChildren(QLabel))


def test_met_and_unmet_are_told_and_the_sentence_is_copied(page, store, qtbot):
    view = view_of(page)
    assert texts(view, "targets", "completion") == ["超额完成", "未完成"]
    assert "上年未完成 1 项" in side_text(view) and "龙游县" in side_text(view)
    view.copy_sentence()
    assert QGuiApplication.clipboard().text() == results.account(store, PAST).sentence != ""
    view.only.setCurrentIndex(view.only.findData(UNMET))
    view._on_only()
    assert texts(view, "targets", "unit") == ["龙游县"]


def test_figures_are_sorted_as_figures(page, store, qtbot):
    view = view_of(page)
    model = view.panels["targets"].model
    model.write_texts([(0, model.column_of("actual"), "1,234.5"), (1, model.column_of("actual"), "99")], "x")
    assert texts(view, "targets", "actual") == ["1,234.5", "99"]
    model.set_query(GridQuery(sort="actual"))
    assert texts(view, "targets", "actual") == ["99", "1,234.5"]


def test_a_status_is_recognised_by_hand_and_undone(page, store, qtbot):
    view = view_of(page)
    table = view.panels["targets"].view
    table.select_cell(view.panels["targets"].model.index(1, view.panels["targets"].model.column_of("completion")))
    table.setFocus()
    QGuiApplication.clipboard().setText("完成\t因汛情核减,市政府认定")
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    row = next(row for row in results.rows(store, PAST) if row.unit_name == "龙游县")
    assert (row.completion, row.is_recorded, row.reason) == (Completion.MET, True, "因汛情核减,市政府认定")
    assert "上年未完成" not in side_text(view)
    page._workspace.undo()
    row = next(row for row in results.rows(store, PAST) if row.unit_name == "龙游县")
    assert not row.is_recorded and row.reason == "", "the block was one step"


def test_a_word_that_is_no_status_stays_marked(page, store, qtbot):
    view = view_of(page)
    panel = view.panels["targets"]
    place = panel.model.column_of("completion")
    panel.model.write_texts([(0, place, "差不多")], "x")
    assert "不是完成情况" in panel.model.cell_at(0, place).problem


def test_bases_are_taken_in_one_step_and_differing_ones_only_on_demand(page, store, qtbot):
    view = view_of(page)
    units = unit_ids(store)
    now = next(row for row in results.rows(store, YEAR) if row.indicator_name == "地区生产总值")
    view.take_bases()
    assert planning_matrix.cell(store, now.indicator, units[0]).last_year == "61"
    assert store.undo_label == "上年实绩转为基数"
    assert "已把2项上年实绩作为基数" in page.said[-1]
    page._workspace.undo()
    assert planning_matrix.cell(store, now.indicator, units[0]).last_year == ""


def test_units_and_superior_are_typed(page, store, qtbot):
    view = view_of(page)
    choose(view, UNITS)
    panel = view.panels[UNITS]
    panel.model.write_texts(
        [(0, panel.model.column_of("score"), "95.6分"), (0, panel.model.column_of("rank"), "第1名"),
         (0, panel.model.column_of("honours"), "优秀单位、改革创新奖")], "x")
    first = results.unit_results(store, PAST)[0]
    assert (str(first.score), first.rank, first.honours) == ("95.6", 1, ("优秀单位", "改革创新奖"))
    choose(view, SUPERIOR)
    panel = view.panels[SUPERIOR]
    for row, (rank, title) in enumerate((("3/11", "优秀单位"), ("5/11", "优秀单位"))):
        panel.model.write_texts([(row, panel.model.column_of("rank"), rank),
                                 (row, panel.model.column_of("title"), title)], "x")
    assert superior_results.sentence(store, PAST) in side_text(view)
    assert "上升2位" in side_text(view)
    panel.model.write_texts([(0, panel.model.column_of("rank"), "第三")], "x")
    assert "不是位次" in panel.model.cell_at(0, panel.model.column_of("rank")).problem


LEDGER = "指标\t计量单位\t柯城区\t\t龙游县\t\n\t\t目标\t实绩\t目标\t实绩\n" \
    "工业投资\t亿元\t40\t42\t20\t18\n新增就业\t人\t3000\t3100\t2000\t2100\n"


def test_last_years_ledger_goes_through_the_wizard_into_the_past_year(store, tmp_path, qtbot):
    add_indicators(store)
    page = shown(store, tmp_path, qtbot, "last_year")
    view = view_of(page)
    wizard = ResultsWizard(page._workspace, page, PAST)
    wizard.show()
    wizard.read_pasted("", LEDGER)
    assert wizard.mapping.year.value() == PAST
    wizard._on_next()
    assert "同时写入 2019 年结果 4 项" in wizard.messages.label.text()
    wizard._on_next()
    assert page._workspace.year == YEAR, "the year that is looked at stays"
    assert [row.actual for row in results.rows(store, PAST)] == ["42", "18", "3,100", "2,100"]
    assert sealing.is_sealed(store, PAST)
    assert "未完成 1 项" in side_text(view)
    assert "封存" in wizard.report.sentence.text()
    again = ResultsWizard(page._workspace, page, PAST)
    again.show()
    again.read_pasted("", LEDGER)
    again._on_next()
    assert "2019 年度已封存" in again.messages.label.text(), "told before a sealed year is written"
    again.close()
    wizard._on_undo()
    assert not results.rows(store, PAST)
    wizard.close()


def test_a_sealed_year_refuses_and_is_unsealed_with_a_reason(page, store, qtbot):
    view = view_of(page)
    seal = SealDialog(page, store, PAST)
    seal.reason.setPlainText("已通报")
    seal.try_to_accept()
    assert sealing.is_sealed(store, PAST) and "已封存" in side_text(view)
    panel = view.panels["targets"]
    panel.model.write_texts([(0, panel.model.column_of("actual"), "1")], "x")
    assert "已封存" in page.said[-1]
    again = SealDialog(page, store, PAST)
    again.try_to_accept()
    assert "没有写明解封的理由" in again.problem.text() and sealing.is_sealed(store, PAST)
    again.reason.setPlainText("补录审计数")
    again.try_to_accept()
    assert not sealing.is_sealed(store, PAST)


def test_numbers_are_listed_started_and_voided(store, tmp_path, qtbot):
    workspace = make_workspace(store, tmp_path)
    with store.change("印发", barrier=True) as change:
        numbering.issue_number(change, "文号", YEAR, title="关于下达目标的通知")
        numbering.issue_number(change, "文号", YEAR, title="关于调整目标的通知")
    dialog = NumberingDialog(workspace, None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.source.kind == "文号" and dialog.panel.model.rowCount() == 2
    dialog.panel.view.select_cell(dialog.panel.model.index(0, 0))
    dialog._on_void()
    ask = dialog._asked
    assert isinstance(ask, VoidDialog)
    ask.try_to_accept()
    assert "没有写明作废的原因" in ask.problem.text()
    ask.reason.setPlainText("重复编号")
    ask.try_to_accept()
    row = numbering.issued_numbers(store, "文号", YEAR)[0]
    assert row.is_void and row.void_reason == "重复编号"
    assert "作废:重复编号" in dialog.panel.model.cell_at(0, 4).text
    dialog._on_issue()
    dialog._asked.try_to_accept()
    assert len(numbering.issued_numbers(store, "文号", YEAR)) == 2, "without a title nothing is given out"
    dialog._asked.title.setText("关于表彰的决定")
    dialog._asked.try_to_accept()
    assert numbering.issued_numbers(store, "文号", YEAR)[2].title == "关于表彰的决定"
    assert dialog.panel.model.rowCount() == 3
    dialog._on_start()
    dialog._asked.last.setText("9")
    dialog._asked.try_to_accept()
    assert "已经编过号" in dialog._asked.problem.text()


def test_the_year_list_says_what_is_sealed(store):
    from ui.top_bar import TopBar

    session.open_year(store, PAST)
    sealing.seal_year(store, PAST)
    bar = TopBar([])
    bar._workspace = make_workspace(store, store.folder)
    bar.reload()
    assert [bar.years.itemText(n) for n in range(2)] == ["2020 年度", "2019 年度(已封存)"]


UNITS_TABLE = "单位\t得分\t名次\t等次\t荣誉\n柯城区\t96.5\t1\t优秀\t改革创新奖\n龙游县\t93.2\t2\t良好\t\n无此县\t90\t3\t\t\n"


def asked_about(page, monkeypatch, answer, text=UNITS_TABLE):
    """The wizard over a pasted table of units; answer(dialog) is given in place of the user."""
    def exec_(dialog):
        dialog.show()
        answer(dialog)
        return 1

    monkeypatch.setattr(UnitResultsDialog, "exec", exec_)
    wizard = ResultsWizard(page._workspace, page, PAST)
    wizard.show()
    wizard.read_pasted("", text)
    return wizard


def line_texts(dialog):
    table = dialog.lines
    return [
        (table.item(n, 0).text(), dialog.pickers[n].text(), table.item(n, 2).text())
        for n in range(table.rowCount())
    ]


def test_a_table_of_units_results_is_listed_and_names_are_left_out_knowingly(page, store, qtbot, monkeypatch):
    listed = []

    def answer(dialog):
        listed.extend(line_texts(dialog))
        dialog.seal.setChecked(False)
        dialog.try_to_accept()
        assert "“无此县”还没有选定单位" in dialog.problem.text()
        assert not any(row.rank for row in results.unit_results(store, PAST)), "nothing is left out unasked"
        dialog.pickers[2].set_option(dialog._look_up("", ())[0])
        dialog._on_chosen(2)
        assert dialog.problem.isHidden(), "the sentence goes with its cause"
        assert dialog.count.text() == "将写入 2 个单位的结果,不导入 1 个"
        dialog.try_to_accept()

    wizard = asked_about(page, monkeypatch, answer)
    assert listed[0][:2] == ("柯城区", "柯城区") and "96.5" in listed[0][2]
    assert listed[2][1] == "" and "单位登记中没有" in listed[2][2]
    assert [(row.rank, row.honours) for row in results.unit_results(store, PAST)] == [
        (1, ("改革创新奖",)), (2, ()),
    ]
    assert not sealing.is_sealed(store, PAST)
    assert not wizard.isVisible(), "nothing else was in the table"


def test_a_name_is_matched_by_pinyin_and_never_twice_to_one_unit(page, store, qtbot, monkeypatch):
    def answer(dialog):
        picker = dialog.pickers[2]
        picker.setFocus()
        qtbot.keyClicks(picker, "lyx")
        qtbot.keyClick(picker, Qt.Key.Key_Return)
        assert picker.text() == "龙游县"
        assert any("都对应“龙游县”" in dialog.remarks.item(n).text() for n in range(dialog.remarks.count()))
        dialog.try_to_accept()
        assert "都对应“龙游县”" in dialog.problem.text()
        dialog.pickers[1].set_option(dialog._look_up("不导入", ())[0])
        dialog._on_chosen(1)
        dialog.try_to_accept()
        assert dialog.problem.isHidden()

    asked_about(page, monkeypatch, answer)
    found = {row.name: row.rank for row in results.unit_results(store, PAST) if row.rank}
    assert found == {"柯城区": 1, "龙游县": 3}


def test_the_results_wizard_remembers_its_columns_for_the_sender(page, store):
    text = "指标\t单位\t责任单位\t目标\t本级核定\n工业投资\t亿元\t柯城区\t40\t42\n工业投资\t亿元\t龙游县\t20\t18\n"

    def opened(sender):
        wizard = ResultsWizard(page._workspace, page, PAST)
        wizard.show()
        wizard.mapping.sender_field.setText(sender)
        wizard.read_pasted("", text)
        return wizard

    first = opened("市统计局")
    assert not first._sheets[0].proposal.is_remembered
    first._on_role(4, "actual")
    first._on_next()
    first._on_next()
    assert [row.actual for row in results.rows(store, PAST) if row.indicator_name == "工业投资"] == ["42", "18"]
    again = opened("市统计局")
    assert again._sheets[0].proposal.is_remembered
    assert again.mapping.roles.cellWidget(0, 4).currentData() == "actual"
    for wizard in (first, again):
        wizard.close()
