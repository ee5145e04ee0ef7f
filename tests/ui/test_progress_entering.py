"""月度填报: typed and pasted like Excel, each side in its own column, doubts marked, lights explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import evidence, planning_edits, progress, progress_problems
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.progress import Sought
from mbo_desktop.services.progress_entry import ReportField
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder, shown
from ui.grids.columns import ColumnFilter, GridQuery
from ui.pages.progress_month import MonthView
from ui.pages.progress_parts import NodeList
from ui.pages.progress_source import Wanted
from ui.widgets.chips import Chip

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path):
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(folder, tmp_path, qtbot):
    return shown(folder, tmp_path, qtbot)


def view_of(page) -> MonthView:
    assert isinstance(page.views.view, MonthView)
    return page.views.view


def go(view, target, key):
    assert view.panel.view.show_record(int(target), key)
    view.panel.view.setFocus()


def cell(view, target, key):
    model = view.panel.model
    return model.cell_at(model.row_of(int(target)), model.column_of(key))


def type_text(qtbot, typed, then=Qt.Key.Key_Return):
    for letter in typed:
        qtbot.keyClick(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), then)


def side_text(view) -> str:
    view.side.read()
    chips = [one.text for one in view.side.findChildren(Chip)]
    return "\n".join([*chips, *(one.text() for one in view.side.findChildren(QLabel))])


def test_a_typed_figure_lights_up_and_is_one_undo_step(page, folder, qtbot):
    view, target = view_of(page), folder.target(1, 0)
    go(view, target, "own")
    type_text(qtbot, "50")
    assert (cell(view, target, "own").text, cell(view, target, "share").text) == ("50", "41.7")
    assert cell(view, target, "light").text == "预警"
    assert "应完成50.0%" in cell(view, target, "light").note
    assert folder.store.undo_label == "填报6月自报(代录)累计"
    assert "▲预警 1" in page._figures.text()
    page._workspace.undo()
    assert cell(view, target, "own").text == ""
    assert "已报 0 / 6 项" in page._figures.text()


def test_each_side_has_its_own_column_and_the_difference_is_said(page, folder, qtbot):
    view, target = view_of(page), folder.target(1, 0)
    go(view, target, "own")
    type_text(qtbot, "60")
    go(view, target, "certified")
    type_text(qtbot, "56.8")
    assert cell(view, target, "own").text == "60"
    assert cell(view, target, "difference").text == "少3.2"
    assert cell(view, target, "certified").bold, "the certified figure counts"
    assert "来源部门(以此为准)" in side_text_of(view, target)


def test_what_the_unit_sent_itself_is_not_typed_over(page, folder, qtbot):
    target = folder.target(1, 0)
    folder.type(6, target, "61", kind=FigureKind.OWN)
    view = view_of(page)
    assert cell(view, target, "own").text == "61"
    assert cell(view, target, "own").editable is False
    assert "不代为修改" in cell(view, target, "own").note
    go(view, target, "own")
    type_text(qtbot, "70")
    assert set(progress.month_rows(folder.store, YEAR, 6, (target,))[target].sides) == {FigureKind.OWN}


def test_a_block_from_excel_is_one_step_and_the_unread_is_marked(page, folder, qtbot):
    view = view_of(page)
    first, second = folder.target(0, 0), folder.target(1, 0)
    go(view, first, "own")
    QGuiApplication.clipboard().setText("40\n约三成\n")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert cell(view, first, "own").text == "40"
    assert cell(view, second, "own").text == "约三成"
    assert "不是数字" in cell(view, second, "own").problem
    page._workspace.undo()
    assert progress.count_months(folder.store, YEAR) == {}


def test_a_falling_figure_is_marked_and_explained_not_blocked(page, folder, qtbot):
    target = folder.target(2, 0)
    folder.type(5, target, "1100")
    view = view_of(page)
    go(view, target, "own")
    type_text(qtbot, "900")
    found = cell(view, target, "own")
    assert (found.text, found.icon) == ("900", "triangle-alert")
    assert "小于上次的1,100" in found.note
    assert "累计数存疑" in cell(view, target, "note").note
    go(view, target, "note")
    type_text(qtbot, "kou jing")
    assert cell(view, target, "own").icon == ""


def test_the_months_own_part_adds_up_and_not_started_is_no_nought(page, folder, qtbot):
    target = folder.target(2, 0)
    folder.type(5, target, "1000")
    view = view_of(page)
    go(view, target, "period")
    type_text(qtbot, "150")
    assert (cell(view, target, "own").text, cell(view, target, "period").text) == ("1,150", "150")
    other = folder.target(2, 1)
    go(view, other, "own")
    QGuiApplication.clipboard().setText("未启动")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert cell(view, other, "own").text == "未启动"
    assert cell(view, other, "share").text == ""


def test_a_lagging_target_lacks_its_cause_until_it_is_given(page, folder, qtbot):
    target = folder.target(1, 1)
    folder.type(6, target, "5")
    view = view_of(page)
    assert cell(view, target, "cause").icon == "triangle-alert"
    assert "还缺:原因类别" in side_text_of(view, target)
    go(view, target, "cause")
    type_text(qtbot, "kg")
    assert cell(view, target, "cause").text == "客观"
    assert [cell(view, target, key).icon for key in ("cause", "cause_text", "effort", "measure")] == [
        "", "triangle-alert", "triangle-alert", "triangle-alert"]


def side_text_of(view, target):
    go(view, target, "own")
    return side_text(view)


def test_filters_by_light_unit_and_what_is_unreported(page, folder, qtbot):
    one, other = folder.target(1, 0), folder.target(2, 1)
    folder.type(6, one, "60")
    folder.type(6, other, "3")
    view = view_of(page)
    assert view.panel.model.rowCount() == 6
    view.show_wanted(Wanted(light=Light.RED))
    rows = [view.panel.model.id_at(n) for n in range(view.panel.model.rowCount())]
    assert int(other) in rows and int(one) not in rows
    view.show_wanted(Wanted(only_unreported=True))
    assert view.panel.model.rowCount() == 4
    view.show_wanted(Wanted(Sought(unit=folder.units[0]), only_unreported=True))
    assert view.panel.model.rowCount() == 2
    view.show_wanted(Wanted(Sought(unit=folder.units[0]), light=Light.YEAR_END))
    assert view.stack.currentWidget() is view.none, "an empty filter says how to get out"
    view.clear_filters()
    assert view.panel.model.rowCount() == 6


def test_what_lags_and_what_of_it_is_not_explained(page, folder, qtbot):
    good, told, silent = folder.target(1, 0), folder.target(2, 0), folder.target(2, 1)
    for target, amount in ((good, "60"), (told, "300"), (silent, "200")):
        folder.type(6, target, amount)
    folder.type(6, told, "主观", ReportField.CAUSE)
    folder.type(6, told, "责任未落实", ReportField.CAUSE_TEXT)
    folder.type(6, told, "月底前定人", ReportField.MEASURE)
    view = view_of(page)

    def listed(code):
        view.filters.light.setCurrentIndex(view.filters.light.findData(code))
        view._on_filter()
        return {view.panel.model.id_at(n) for n in range(view.panel.model.rowCount())}

    lagging = listed("lagging")
    assert {int(told), int(silent)} <= lagging and int(good) not in lagging
    unexplained = listed("unexplained")
    assert int(silent) in unexplained and int(told) not in unexplained
    assert view.filters.save_state()["light"] == "unexplained"


def test_text_finds_by_initials_and_headings_sort_and_filter(page, folder, qtbot):
    folder.type(6, folder.target(2, 0), "300")
    folder.type(6, folder.target(2, 1), "900")
    view = view_of(page)
    view.panel.view.set_filter_text("xzjy")
    assert view.panel.model.rowCount() == 2
    view.panel.view.set_filter_text("")
    view.panel.view.ask(GridQuery(sort="own", descending=True))
    assert view.panel.model.id_at(0) == int(folder.target(2, 1))
    assert dict(view.source.distinct("light", GridQuery()))
    view.panel.view.ask(GridQuery(filters={"own": ColumnFilter(frozenset({"300"}))}))
    assert view.panel.model.rowCount() == 1


def test_the_strip_changes_the_month_for_all_and_is_remembered(page, folder, qtbot):
    target = folder.target(1, 0)
    folder.type(3, target, "30")
    view = view_of(page)
    qtbot.waitUntil(lambda: "3月:已报 1 / 6 项" in page.strip.words(3))
    place = page.strip.place(3).center()
    qtbot.mouseClick(page.strip, Qt.MouseButton.LeftButton, pos=place)
    assert page.state.month == 3
    assert cell(view, target, "own").text == "30"
    assert page.save_state()["months"][str(YEAR)] == 3
    qtbot.keyClick(page.strip, Qt.Key.Key_Right)
    assert page.state.month == 4 and cell(view, target, "own").text == ""


def test_the_panel_tells_reason_months_papers_problems_and_who_typed(page, folder, qtbot, tmp_path):
    target = folder.target(1, 0)
    for month, amount in ((4, "10"), (5, "48"), (6, "60")):
        folder.type(month, target, amount)
    photo = tmp_path / "开工现场.jpg"
    photo.write_bytes(b"picture")
    evidence.add_files(folder.store, YEAR, target, 6, [photo])
    progress_problems.add_problem(folder.store, YEAR, target, 6, "征地未完成", wanted="请自然资源局协调")
    view = view_of(page)
    words = side_text_of(view, target)
    for part in ("6月 正常", "全年目标", "佐证材料(1)", "征地未完成",
                 "需协调:请自然资源局协调", "累计完成 空 → 60", "王敏"):
        assert part in words
    assert len(view.side.facts.months) == 6
    view.deeds.on_paper("accepted", evidence.evidence_of(folder.store, target)[0].id)
    assert "认可" in side_text(view)
    view.deeds.on_problem("remove", progress_problems.problems_of(folder.store, target)[0].id)
    assert "征地未完成" not in side_text(view)


def test_a_dropped_file_becomes_evidence_and_counts_in_the_row(page, folder, qtbot, tmp_path):
    target = folder.target(1, 0)
    paper = tmp_path / "竣工验收单.pdf"
    paper.write_bytes(b"%PDF-1.4 test")
    view = view_of(page)
    go(view, target, "own")
    view.side.read()
    view.side._on_dropped([paper])
    assert cell(view, target, "evidence").text == "1"
    view.side.read()
    view.side._on_dropped([tmp_path / "不在.pdf"])
    assert "打不开" in page.said[-1]
    assert cell(view, target, "evidence").text == "1"


def test_a_year_without_targets_teaches(tmp_path, qtbot):
    from tests.ui.planning_folder import add_indicators, make_store, make_workspace
    from ui.pages.progress import ProgressPage

    store = make_store(tmp_path / "data")
    page = ProgressPage(make_workspace(store, tmp_path))
    qtbot.addWidget(page)
    page.show()
    page.activate()
    workspace = page.workspace
    workspace.changed.connect(page.refresh)
    assert page.stack.currentWidget() is page.empty
    assert not page.switch.isVisible()
    add_indicators(store)
    assert page.stack.currentWidget() is page.views, "the first target opens the room"
    assert page.switch.isVisible()
    assert view_of(page).panel.model.rowCount() == 2
    store.close()


def test_a_sealed_year_refuses_in_words(page, folder, qtbot):
    from mbo_desktop.services import sealing

    sealing.seal_year(folder.store, YEAR, "已考核")
    view, target = view_of(page), folder.target(1, 0)
    go(view, target, "own")
    type_text(qtbot, "50")
    assert "封存" in page.said[-1]
    assert cell(view, target, "own").text == ""


def test_another_unit_of_the_filter_keeps_official_order(page, folder):
    view = view_of(page)
    ids = [view.panel.model.id_at(n) for n in range(6)]
    by_unit = [folder.target(i, u) for u in (0, 1) for i in (0, 1, 2)]
    assert ids == [int(one) for one in by_unit]
    view.filters.order.setChecked(True)
    ids = [view.panel.model.id_at(n) for n in range(6)]
    assert ids == [int(folder.target(i, u)) for i in (0, 1, 2) for u in (0, 1)]


def test_a_project_has_its_investment_in_a_column_of_its_own(page, folder, qtbot):
    view, target = view_of(page), folder.target(1, 0)
    column = view.panel.model.column_of("investment")
    assert view.panel.view.isColumnHidden(column)
    view.panel.view.show_column(column, True)
    go(view, target, "investment")
    type_text(qtbot, "1200")
    assert cell(view, target, "investment").text == "1,200"
    assert cell(view, target, "own").text == ""


def test_numbers_sort_as_numbers(page, folder, qtbot):
    view = view_of(page)
    view.panel.view.ask(GridQuery(sort="target"))
    texts = [view.panel.model.cell_at(n, view.panel.model.column_of("target")).text for n in range(6)]
    assert texts[0] == "40" and texts[-2:] == ["1,200", "2,400"]


def test_a_node_is_ticked_with_its_day_and_the_focus_stays(page, folder, qtbot):
    target = folder.target(0, 1)
    planning_edits.set_cell(
        folder.store, folder.indicators[0], folder.units[1], TargetField.VALUE, "3月底前开工,9月底前竣工")
    view = view_of(page)
    go(view, target, "own")
    view.side.read()
    listed = view.side.findChildren(NodeList)
    node, tick, day = listed[0].lines[0]
    tick.setFocus()
    tick.click()

    def newest():
        lists = view.side.findChildren(NodeList)
        return lists[-1].lines[0] if lists and lists[-1].lines else (node, tick, day)

    qtbot.waitUntil(lambda: newest()[0].done)
    node, tick, day = newest()
    assert node.done and tick.isChecked()
    assert folder.store.undo_label.startswith("填报节点")
    day.setText("3.28")
    day.commit()
    qtbot.waitUntil(lambda: newest()[0].done_on is not None and newest()[0].done_on.isoformat() == "2020-03-28")
    node, tick, day = newest()
    tick.click()
    qtbot.waitUntil(lambda: not newest()[0].done)
