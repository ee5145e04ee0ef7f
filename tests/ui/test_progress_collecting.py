"""收表, 来源部门录入 and 问题原因: who reported, one column down all units, problems, causes, scaffolding."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop import clock
from mbo_desktop.domain.reports import CauseKind, FigureKind
from mbo_desktop.services import filings, planning_framework, progress, progress_problems
from mbo_desktop.services.indicator_fields import IndicatorField
from mbo_desktop.services.progress_entry import ReportField
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder, shown
from ui.dialogs.print_preview import PrintPreview
from ui.dialogs.progress_certifiers import CertifiersDialog
from ui.dialogs.progress_words import WordsDialog
from ui.pages.progress_board import BoardView
from ui.pages.progress_causes import CausesView
from ui.pages.progress_certifying import CertifyingView
from ui.pages.progress_deeds import ProgressDeeds
from ui.pages.progress_month import MonthView

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path):
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


def cell(panel, record, key):
    return panel.model.cell_at(panel.model.row_of(int(record)), panel.model.column_of(key))


def go(panel, record, key):
    assert panel.view.show_record(int(record), key)
    panel.view.setFocus()


def words_of(widget):
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


# 来源部门 -----------------------------------------------------------------------


def test_a_column_of_the_bureau_is_pasted_down_all_units(folder, tmp_path, qtbot):
    folder.certify_second()
    folder.type(6, folder.target(1, 0), "60")
    page = shown(folder, tmp_path, qtbot, "certifying")
    view = page.views.view
    assert isinstance(view, CertifyingView)
    assert view.office.currentText() == "示例市统计局" or "统计局" in view.office.currentText()
    assert view.indicator.currentText() == "0/2  工业投资(亿元)"
    assert view.panel.model.rowCount() == 2
    go(view.panel, folder.target(1, 0), "certified")
    QGuiApplication.clipboard().setText("56.8\n31\n")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert [cell(view.panel, folder.target(1, u), "certified").text for u in (0, 1)] == ["56.8", "31"]
    assert cell(view.panel, folder.target(1, 0), "own").text == "60", "the unit's figure stays"
    assert cell(view.panel, folder.target(1, 0), "difference").text == "少3.2"
    assert view.indicator.currentText().startswith("2/2")
    assert folder.store.undo_label == "录入来源部门数据 工业投资"
    page._workspace.undo()
    assert view.indicator.currentText().startswith("0/2")
    row = progress.month_rows(folder.store, YEAR, 6, (folder.target(1, 0),))[folder.target(1, 0)]
    assert set(row.sides) == {FigureKind.PROXY}


def test_without_certifying_units_the_page_teaches(folder, tmp_path, qtbot):
    view = shown(folder, tmp_path, qtbot, "certifying").views.view
    assert view.stack.currentWidget() is view.empty
    assert "登记来源部门…" in [one.text() for one in view.empty.buttons]


def test_certifying_units_are_registered_by_hand_and_from_the_ledgers_words(folder, tmp_path, qtbot):
    planning_framework.set_indicator_field(
        folder.store, folder.indicators[0], IndicatorField.CERTIFYING, "市统计局、市某某局")
    page = shown(folder, tmp_path, qtbot, "certifying")
    view = page.views.view
    dialog = CertifiersDialog(page._workspace, YEAR, page)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "(1 项)" in dialog.take_button.text()
    dialog.take_named()
    assert "市某某局" in page.said[-1]
    assert view.stack.currentWidget() is view.panel
    assert view.indicator.currentText().endswith("地区生产总值(亿元)")
    dialog = CertifiersDialog(page._workspace, YEAR, page, unit=folder.bureau)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog._list.chosen() == (folder.indicators[0],)
    item = next(
        dialog._list.list.item(n) for n in range(dialog._list.list.count())
        if dialog._list.list.item(n).text().startswith("工业投资"))
    item.setCheckState(Qt.CheckState.Checked)
    dialog.try_to_accept()
    assert view.indicator.count() == 2
    page._workspace.undo()
    assert view.indicator.count() == 1


# 收表 ---------------------------------------------------------------------------


def board_of(folder, tmp_path, qtbot):
    page = shown(folder, tmp_path, qtbot, "board")
    assert isinstance(page.views.view, BoardView)
    return page, page.views.view


def test_the_day_received_is_typed_and_decides_lateness(folder, tmp_path, qtbot):
    for number in range(3):
        folder.type(6, folder.target(number, 0), "1")
    page, view = board_of(folder, tmp_path, qtbot)
    one, other = folder.units
    assert [cell(view.panel, unit, "state").text for unit in (one, other)] == ["已报", "未报"]
    go(view.panel, one, "received")
    QGuiApplication.clipboard().setText("7.2\n2020-06-20\n")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert (cell(view.panel, one, "state").text, cell(view.panel, one, "late").text) == ("迟报", "4")
    assert "迟报 1" in page._figures.text()
    go(view.panel, one, "excused")
    QGuiApplication.clipboard().setText("网络故障,已电话说明")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert cell(view.panel, one, "state").text == "已报"
    page._workspace.undo()
    page._workspace.undo()
    assert cell(view.panel, one, "received").text == cell(view.panel, other, "received").text == ""


def test_a_day_to_come_is_refused_in_its_cell(folder, tmp_path, qtbot):
    _page, view = board_of(folder, tmp_path, qtbot)
    go(view.panel, folder.units[0], "received")
    QGuiApplication.clipboard().setText((clock.today() + timedelta(days=1)).isoformat())
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert "还没有到" in cell(view.panel, folder.units[0], "received").problem
    assert filings.board(folder.store, YEAR, 6)[0].received_on is None


def test_who_is_missing_goes_to_the_clipboard(folder, tmp_path, qtbot):
    page, view = board_of(folder, tmp_path, qtbot)
    view.copy_missing()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("2020年6月进度(截止2020年6月28日):应报2个单位,未报2个。")
    assert "1.柯城区" in text
    view.receive_today()
    assert "1 个单位今天收到" in page.said[-1]
    view.receive_today()
    assert "未改动" in page.said[-1]
    view.take_back()
    assert filings.board(folder.store, YEAR, 6)[0].received_on is None


def test_a_unit_of_the_board_opens_its_targets(folder, tmp_path, qtbot):
    page, view = board_of(folder, tmp_path, qtbot)
    view.panel.view.show_record(int(folder.units[1]), "unit")
    view._on_open_unit()
    assert isinstance(page.views.view, MonthView)
    assert page.views.view.panel.model.rowCount() == 3


# 问题原因 -----------------------------------------------------------------------


def causes_of(folder, tmp_path, qtbot, key):
    page = shown(folder, tmp_path, qtbot, "causes")
    view = page.views.view
    assert isinstance(view, CausesView)
    view.choose(key)
    return page, view


def test_problems_are_listed_settled_and_opened(folder, tmp_path, qtbot):
    target = folder.target(1, 1)
    number = progress_problems.add_problem(
        folder.store, YEAR, target, 5, "土地指标没有落实", cause=CauseKind.OBJECTIVE, wanted="请市资规局安排"
    )
    page, view = causes_of(folder, tmp_path, qtbot, "problems")
    panel = view.shown_list.panel
    assert cell(panel, number, "state").text == "未解决"
    assert "未解决 1" in page._figures.text()
    progress_problems.settle_problem(folder.store, number, "已调剂指标", on=date(2020, 6, 30))
    assert cell(panel, number, "how").text == "已调剂指标"
    view.open_current()
    month = page.views.view
    assert isinstance(month, MonthView) and month.current == target


def test_a_problem_is_handed_to_the_inspection_in_one_key(folder, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(ProgressDeeds, "makes_dockets", property(lambda _self: True))
    number = progress_problems.add_problem(folder.store, YEAR, folder.target(1, 1), 5, "土地指标没有落实")
    page, view = causes_of(folder, tmp_path, qtbot, "problems")
    asked = []
    page._workspace.page_asked.connect(lambda *place: asked.append(place))
    view.shown_list.panel.view.setFocus()
    qtbot.keyClick(view.shown_list.panel.view, Qt.Key.Key_D, CTRL)
    assert asked == [("inspections", int(number), "problem")]
    view.choose("causes")
    assert not view.docket_button.isVisible()


def test_causes_of_all_months_and_their_shares(folder, tmp_path, qtbot):
    for month, indicator in ((5, 1), (6, 1), (6, 2)):
        target = folder.target(indicator, 0)
        folder.type(month, target, "1")
        folder.type(month, target, "客观", ReportField.CAUSE)
        folder.type(month, target, "汛期停工", ReportField.CAUSE_TEXT)
    _page, view = causes_of(folder, tmp_path, qtbot, "causes")
    assert view.shown_list.panel.model.rowCount() == 3
    first = next(iter(view.shown_list.rows.values()))
    assert first.row.cell("effort").icon == "triangle-alert"
    view.choose("shares")
    share = cell(view.shown_list.panel, folder.units[0], "share")
    assert share.text == "100"
    assert cell(view.shown_list.panel, folder.units[1], "without").text == "3"


def test_what_stands_still_without_proof_is_scaffolding(folder, tmp_path, qtbot):
    still, moving = folder.target(1, 0), folder.target(2, 0)
    for month in range(2, 7):
        folder.type(month, still, "20")
        folder.type(month, moving, str(month * 100))
    page, view = causes_of(folder, tmp_path, qtbot, "stale")
    assert list(view.shown_list.rows) == [int(still)]
    assert "自2月起4个月没有变化" in cell(view.shown_list.panel, still, "reason").text
    assert "棚架 1 项" in page._figures.text()
    folder.type(6, still, "25")
    assert view.shown_list.rows == {}
    assert QApplication.focusWidget() is not None


# 打印 ---------------------------------------------------------------------------


def test_papers_of_the_month_and_of_the_unit_in_sight(folder, tmp_path, qtbot):
    folder.type(6, folder.target(1, 0), "20")
    page = shown(folder, tmp_path, qtbot)
    page.views.view.panel.view.show_record(int(folder.target(1, 1)), "own")
    page.papers._fill()
    labels = [one.text() for one in page.papers.menu.actions() if one.text()]
    assert labels[:2] == ["亮灯情况表", "滞后目标清单"]
    assert {"月报", "季分析", "半年初评", "反馈单:龙游县"} <= set(labels)
    page.state.set_month(5)
    page.papers._fill()
    assert "季分析" not in [one.text() for one in page.papers.menu.actions()]
    page.papers.menu.actions()[0].trigger()
    previews = [one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview)]
    assert previews
    for one in previews:
        one.close()
    page.papers._fill()
    next(one for one in page.papers.menu.actions() if one.text() == "为民办实事进度表").trigger()
    assert page.said, "an empty paper is said in words"


def test_a_months_report_is_settled_and_taken_back_with_a_reason(folder, tmp_path, qtbot):
    folder.type(6, folder.target(1, 0), "20")
    page = shown(folder, tmp_path, qtbot)

    def settling():
        page.papers._fill()
        return page.papers.settling.actions()

    settling()[0].trigger()
    assert "2 个单位的数据按现状留存" in page.said[-1]
    assert settling()[0].text() == "撤回月报定稿(2 个单位)…"
    settling()[0].trigger()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, WordsDialog) and one.isVisible())
    dialog.try_to_accept()
    assert "原因没有填写" in dialog.problem.text()
    dialog.words.setPlainText("统计数据更正")
    dialog.try_to_accept()
    assert settling()[0].text() == "月报定稿"
