"""The view 对比: figures typed and pasted like Excel, gaps, targets bound to the province's average."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.services import comparison, outside_figures, planning_framework, sealing
from mbo_desktop.services.outside_figures import OutsideBound, OutsideColumn, OutsideField
from tests.ui.planning_folder import YEAR, add_indicators, make_store
from tests.ui.season_folder import add_last_year, shown
from ui.dialogs.print_preview import PrintPreview
from ui.pages.season_comparison import ComparisonView
from ui.pages.season_comparison_rows import column_key

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def page(store, tmp_path, qtbot):
    add_indicators(store)
    return shown(store, tmp_path, qtbot, "comparison")


def view_of(page) -> ComparisonView:
    assert isinstance(page.views.view, ComparisonView)
    return page.views.view


def key(field, period=str(YEAR), city=""):
    return column_key(OutsideColumn(field, period, city))


def go(view, row, wanted):
    model = view.panel.model
    view.panel.view.select_cell(model.index(row, model.column_of(wanted)))
    view.panel.view.setFocus()


def text(view, row, wanted):
    model = view.panel.model
    return model.cell_at(row, model.column_of(wanted)).text


def type_text(qtbot, typed):
    for letter in typed:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def side_text(view) -> str:
    return "\n".join(one.text() for one in view.side.findChildren(QLabel))


def test_typed_figures_give_the_gap_and_are_undone(page, store, qtbot):
    view = view_of(page)
    assert text(view, 0, key(OutsideField.OWN)) == "115", "what the counties' targets add up to"
    go(view, 0, key(OutsideField.PROVINCE_TARGET))
    type_text(qtbot, "120")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert store.undo_label == "录入省定目标"
    assert "低于省定目标5" in text(view, 0, "gap")
    view.panel.view.select_cell(view.panel.model.index(0, 2))
    assert "低 5亿元" in side_text(view)
    view.behind.setChecked(True)
    assert view.panel.model.rowCount() == 1
    view.behind.setChecked(False)
    page._workspace.undo()
    assert text(view, 0, key(OutsideField.PROVINCE_TARGET)) == ""


def test_a_block_from_excel_is_one_step_and_the_unread_stays_marked(page, store, qtbot):
    view = view_of(page)
    go(view, 0, key(OutsideField.PROVINCE_TARGET))
    QGuiApplication.clipboard().setText("120\t118\t3/11\n50\t约四成\t第5位\n")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    assert [text(view, 0, key(f)) for f in (
        OutsideField.PROVINCE_TARGET, OutsideField.PROVINCE_AVERAGE, OutsideField.RANK)] == ["120", "118", "3/11"]
    model = view.panel.model
    cell = model.cell_at(1, model.column_of(key(OutsideField.PROVINCE_AVERAGE)))
    assert cell.text == "约四成" and "写入备注" in cell.problem
    assert text(view, 1, key(OutsideField.RANK)) == "5"
    page._workspace.undo()
    assert comparison.rows(store, YEAR)[0].province_target == ""


def test_cities_have_their_own_columns(page, store, qtbot):
    view = view_of(page)
    view.set_cities(("金华", "丽水"))
    go(view, 0, key(OutsideField.NEIGHBOURS, city="金华"))
    QGuiApplication.clipboard().setText("130\t99\n")
    qtbot.keyClick(view.panel.view, Qt.Key.Key_V, CTRL)
    row = comparison.rows(store, YEAR)[0]
    assert row.neighbours == "金华130、丽水99" and row.best_neighbour == "金华"
    view.set_cities(())
    assert view.panel.model.column_of(key(OutsideField.NEIGHBOURS, city="金华")) >= 0
    assert "仍各占一列" in page.said[-1]


def test_half_a_year_has_its_own_figures(page, store, qtbot):
    view = view_of(page)
    view.period.setCurrentIndex(1)
    view._rebuild()
    wanted = key(OutsideField.PROVINCE_AVERAGE, f"{YEAR}H1")
    go(view, 0, wanted)
    type_text(qtbot, "55")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    indicator = view.panel.model.id_at(0)
    found = outside_figures.figure(store, indicator, f"{YEAR}H1")
    assert str(found.province_average.value) == "55"
    assert outside_figures.figure(store, indicator, str(YEAR)) is None
    assert view.panel.model.column_of("gap") < 0


def test_targets_are_bound_to_the_provinces_average_and_follow_it(page, store, qtbot):
    view = view_of(page)
    go(view, 0, "name")
    assert view.side.unit.count() == 3
    view.side.set_bound()
    bound = outside_figures.bound_targets(store, YEAR)
    assert {one.bound for one in bound} == {OutsideBound.PROVINCE_AVERAGE} and len(bound) == 2
    assert "尚未录入" in side_text(view)
    go(view, 0, key(OutsideField.PROVINCE_AVERAGE))
    type_text(qtbot, "58.3")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    go(view, 0, "name")
    assert "全省平均:58.3" in side_text(view)
    assert {one.note for one in outside_figures.bound_targets(store, YEAR)} == {"全省平均:58.3"}


def test_earlier_years_stand_beside_and_are_typed_over(store, tmp_path, qtbot):
    add_indicators(store)
    add_last_year(store)
    page = shown(store, tmp_path, qtbot, "comparison")
    view = view_of(page)
    wanted = key(OutsideField.RANK, str(YEAR - 1))
    go(view, 0, wanted)
    type_text(qtbot, "4/11")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, 0, wanted) == "4/11"
    assert [point.rank for point in comparison.rows(store, YEAR, years=3)[0].history] == ["", "", "4/11"]


def test_a_figure_held_elsewhere_is_not_cleared_in_silence(store, tmp_path, qtbot):
    add_indicators(store)
    add_last_year(store)
    (before,) = planning_framework.indicator_ids(store, YEAR - 1)
    outside_figures.set_figure(store, before, OutsideColumn(OutsideField.OWN, str(YEAR - 1)), "97")
    page = shown(store, tmp_path, qtbot, "comparison")
    view = view_of(page)
    model, carried = view.panel.model, key(OutsideField.OWN, str(YEAR - 1))
    line = next(n for n in range(model.rowCount()) if text(view, n, "name") == "地区生产总值")
    assert text(view, line, carried) == "97"
    go(view, line, carried)
    steps = store.change_count
    qtbot.keyClick(view.panel.view, Qt.Key.Key_Delete)
    assert page.said[-1] == (
        "地区生产总值 2019年的97由2019年度指标“地区生产总值”带出,请到2019年度的“对比”中修改。"
        "数据未改动。要改用别的数字,在格中直接键入即可。"
    )
    assert (text(view, line, carried), store.change_count) == ("97", steps)
    rank = key(OutsideField.RANK, str(YEAR - 1))
    go(view, line, rank)
    type_text(qtbot, "4/11")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    model.write_texts([(line, model.column_of(k), "") for k in (carried, rank)], "清除 2 格")
    assert text(view, line, rank) == "", "its own figure goes"
    assert "未能清除:地区生产总值 2019年的97由" in page.said[-1]
    go(view, line, key(OutsideField.OWN))
    qtbot.keyClick(view.panel.view, Qt.Key.Key_Delete)
    assert "各单位合计" in page.said[-1] and "下达矩阵" in page.said[-1]


def test_a_sealed_year_refuses(page, store, qtbot):
    view = view_of(page)
    sealing.seal_year(store, YEAR)
    go(view, 0, key(OutsideField.RANK))
    type_text(qtbot, "3")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert "已封存" in page.said[-1]
    assert outside_figures.figure(store, view.panel.model.id_at(0), str(YEAR)) is None


def test_without_indicators_the_view_teaches(store, tmp_path, qtbot):
    page = shown(store, tmp_path, qtbot, "comparison")
    view = view_of(page)
    assert view.tables.currentWidget() is view.empty
    view._on_tables()
    assert page.views.key == "" and page.stack.currentWidget() is page.empty


def test_the_table_is_printed_as_it_stands(page, store, qtbot):
    view = view_of(page)
    go(view, 0, key(OutsideField.PROVINCE_TARGET))
    type_text(qtbot, "120")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    view.span.setCurrentIndex(2)
    view.print_table()
    previews = [one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview)]
    assert len(previews) == 1
    assert previews[0].windowTitle() == "打印预览 — 2020年指标对比表"
    assert previews[0]._pdf.startswith(b"%PDF")
    previews[0].close()
