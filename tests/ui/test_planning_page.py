"""The room 目标体系: typed and pasted like Excel, one step each, nothing dropped silently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services import (
    offices,
    planning_framework,
    planning_grid,
    planning_matrix,
    session,
)
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.grids.columns import ColumnFilter, GridQuery
from ui.pages.planning import PlanningPage
from ui.pages.planning_matrix import column_key
from ui.pages.planning_tables import UnitChoice, units_of

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def indicators(store) -> list:
    return add_indicators(store)


@pytest.fixture
def page(store, indicators, tmp_path, qtbot) -> PlanningPage:
    return shown(store, tmp_path, qtbot)


def shown(store, tmp_path, qtbot) -> PlanningPage:
    workspace = make_workspace(store, tmp_path)
    page = PlanningPage(workspace)
    qtbot.addWidget(page)
    workspace.changed.connect(page.refresh)
    page.said = []
    workspace.said.connect(lambda text, tone, actions: page.said.append(text))
    page.resize(1180, 640)
    page.show()
    page.activate()
    page.activateWindow()
    page.setFocus()
    page._workspace = workspace
    return page


def go(page, indicator, unit=None, key="value"):
    view = page.tables.panel.view
    assert view.show_record(indicator, f"{key}@{unit}" if unit else key)
    view.setFocus()


def type_text(qtbot, text):
    for letter in text:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def put(text):
    # Not a QMimeData made in Python: the clipboard would outlive it at the end of the run.
    QGuiApplication.clipboard().setText(text)


def cell(store, indicator, unit):
    return planning_matrix.cell(store, indicator, unit)


def shown_texts(page, key):
    model = page.tables.panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def side_text(page) -> str:
    return "\n".join(label.text() for label in page.side.findChildren(QLabel) if label.text())


def test_a_typed_target_is_saved_read_and_undone(page, store, indicators, qtbot):
    unit = unit_ids(store)[1]
    go(page, indicators[1], unit)
    type_text(qtbot, "12.5")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert cell(store, indicators[1], unit).value == "12.5"
    assert store.undo_label == "修改目标值"
    assert page.tables.current_place()[0] == indicators[2], "Enter goes down"
    page._workspace.undo()
    assert cell(store, indicators[1], unit).target is None
    assert shown_texts(page, column_key(TargetField.VALUE, unit))[1] == ""


def test_a_block_is_pasted_as_one_step_and_unread_cells_stay_marked(page, store, indicators, qtbot):
    first, second = unit_ids(store)
    before = store.undo_label
    put("80\t约3成\n20\t21\n")
    go(page, indicators[0], first)
    qtbot.keyClick(page.tables.panel.view, Qt.Key.Key_V, CTRL)
    assert cell(store, indicators[1], second).value == "21"
    kept = cell(store, indicators[0], second)
    assert kept.value == "约3成"
    model = page.tables.panel.model
    shown_cell = model.cell_at(0, model.column_of(column_key(TargetField.VALUE, second)))
    assert "已保留为文字" in shown_cell.problem
    page._workspace.undo()
    assert store.undo_label == before, "the whole block was one step"
    assert cell(store, indicators[0], second).value == "40"
    assert cell(store, indicators[1], first).target is None


def test_an_unread_last_year_goes_to_the_note_and_is_marked(page, store, indicators, qtbot):
    unit = unit_ids(store)[0]
    page.tables.fields = (TargetField.LAST_YEAR, TargetField.VALUE)
    page.tables.rebuild()
    go(page, indicators[0], unit, "last_year")
    type_text(qtbot, "abc")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    model = page.tables.panel.model
    shown_cell = model.cell_at(0, model.column_of(column_key(TargetField.LAST_YEAR, unit)))
    assert shown_cell.text == "abc"
    assert "备注" in shown_cell.problem
    assert "abc" in cell(store, indicators[0], unit).note


def test_rows_pasted_below_the_last_become_indicators_in_the_same_step(page, store, indicators, qtbot):
    page.switch.set_view("indicators")
    page._on_view("indicators")
    before = store.undo_label
    put("城镇新增就业\n森林覆盖率\n粮食总产量\n")
    go(page, indicators[2], key="name")
    qtbot.keyClick(page.tables.panel.view, Qt.Key.Key_V, CTRL)
    assert shown_texts(page, "name") == ["地区生产总值", "工业投资", "城镇新增就业", "森林覆盖率", "粮食总产量"]
    page._workspace.undo()
    assert store.undo_label == before
    assert shown_texts(page, "name") == ["地区生产总值", "工业投资", "新增就业"]


def test_fields_of_an_indicator_are_typed_in_place(page, store, indicators, qtbot):
    page._on_view("indicators")
    for key, typed in (("unit_of_measure", "%"), ("points", "7.5"), ("code", "A01")):
        go(page, indicators[1], key=key)
        type_text(qtbot, typed)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    put("以工兴市、人才强市")
    go(page, indicators[1], key="strategies")
    qtbot.keyClick(page.tables.panel.view, Qt.Key.Key_V, CTRL)
    go(page, indicators[1], key="is_key")
    qtbot.keyClick(page.tables.panel.view, Qt.Key.Key_Space)
    found = store.get(Indicator, indicators[1])
    assert (found.unit_of_measure, str(found.points), found.code, found.is_key) == ("%", "7.5", "A01", True)
    assert len(found.strategies) == 2
    assert shown_texts(page, "strategies")[1] == "以工兴市、人才强市"


def test_an_unknown_category_is_marked_with_its_remedy(page, store, indicators, qtbot):
    page._on_view("indicators")
    put("没有这一类")
    go(page, indicators[0], key="category")
    qtbot.keyClick(page.tables.panel.view, Qt.Key.Key_V, CTRL)
    problems = page.tables.panel.model.problems()
    assert problems[indicators[0], "category"][0] == "没有这一类"
    assert "没有这一类" in store.get(Indicator, indicators[0]).note, "nothing typed is lost"


def test_insert_adds_below_and_alt_arrows_move(page, store, indicators, qtbot):
    go(page, indicators[0], unit_ids(store)[0])
    page.on_add()
    qtbot.waitUntil(lambda: page.tables.panel.model.rowCount() == 4)
    assert shown_texts(page, "name")[1] == "新指标"
    new = planning_grid.ids(store, YEAR, FrameworkFilter())[1]
    qtbot.waitUntil(lambda: page.tables.current_place()[0] == new)
    page.tables.panel.view.setFocus()
    page.on_down()
    assert shown_texts(page, "name")[2] == "新指标"
    page.on_up()
    page.on_up()
    assert shown_texts(page, "name")[0] == "新指标"
    page.on_up()
    assert "最前" in page.said[-1]


def test_deleting_says_what_goes_and_can_be_undone(page, store, indicators, monkeypatch):
    from ui.pages import planning_rows

    asked = []
    monkeypatch.setattr(planning_rows, "ask", lambda parent, text, yes: asked.append(text) or True)
    go(page, indicators[0], unit_ids(store)[0])
    page.on_delete()
    assert "2个单位的目标" in asked[0]
    assert shown_texts(page, "name") == ["工业投资", "新增就业"]
    page._workspace.undo()
    assert cell(store, indicators[0], unit_ids(store)[0]).value


def test_filters_narrow_and_the_header_sorts_in_the_store(page, store, indicators):
    page.filters.text.setText("gytz")
    page._on_filter()
    assert shown_texts(page, "name") == ["工业投资"]
    page.filters.clear()
    assert len(shown_texts(page, "name")) == 3
    unit = unit_ids(store)[0]
    panel = page.tables.panel
    panel.view.ask(GridQuery(sort="points", descending=True))
    assert shown_texts(page, "name") == ["工业投资", "地区生产总值", "新增就业"]
    panel.view.ask(GridQuery(sort=column_key(TargetField.VALUE, unit)))
    assert shown_texts(page, "name")[0] == "地区生产总值", "empty cells stay at the end"
    panel.view.ask(GridQuery(filters={"unit_of_measure": ColumnFilter(frozenset({"人"}))}))
    assert shown_texts(page, "name") == ["新增就业"]
    assert dict(panel.model.source.distinct("unit_of_measure", panel.model.query)) == {"亿元": 2, "人": 1}


def test_the_side_panel_reads_the_target_and_switches_what_counts(page, store, indicators):
    unit = unit_ids(store)[0]
    go(page, indicators[0], unit)
    page._on_place(indicators[0], unit)
    text = side_text(page)
    assert "75亿元 ✓ 考核口径" in text
    assert "增长25%" in text
    buttons = {b.text(): b for b in page.side.findChildren(QPushButton)}
    buttons["按增长率考核"].click()
    assert cell(store, indicators[0], unit).growth_counts
    assert store.undo_label == "修改考核口径"


def test_the_side_panel_warns_of_ten_times_and_restores_an_older_state(page, store, indicators):
    from mbo_desktop.services import planning_edits

    unit = unit_ids(store)[1]
    planning_edits.set_cell(store, indicators[0], unit, TargetField.LAST_YEAR, "4")
    page._on_place(indicators[0], unit)
    assert "十倍" in side_text(page)
    assert "备注" in side_text(page)
    planning_edits.set_cell(store, indicators[0], unit, TargetField.VALUE, "50")
    page._on_place(indicators[0], unit)
    restore = [b for b in page.side.findChildren(QPushButton) if b.text() == "恢复到这一次"]
    restore[-1].click()
    assert cell(store, indicators[0], unit).value == "40"


def test_checks_are_counted_and_open_their_cell(page, store, indicators):
    from mbo_desktop.services import planning_edits

    unit = unit_ids(store)[1]
    planning_edits.set_cell(store, indicators[1], unit, TargetField.VALUE, "约3成")
    page._read_figures()
    assert "检查 1 条" in page._figures.text()
    page._on_checks()
    listing = page.side.findChild(QListWidget)
    assert listing.count() == 1
    page.side._on_finding(listing.item(0))
    assert page.tables.current_place() == (indicators[1], unit)


def test_figures_and_totals(page, store, indicators):
    session.set_declared_points(store, YEAR, planning_grid.rows(store, indicators)[0].points)
    page._read_figures()
    assert page._figures.text() == "3 项指标 · 2 个单位 · 目标 2 项 · 分值合计 5(应为 5) · 检查 0 条"
    assert page.tables.strip._totals[unit_ids(store)[0]].points == 5


def test_which_units_stand_over_the_matrix(page, store, indicators):
    from mbo_desktop.services import planning_edits

    bureau = offices.add_unit(store, "市财政局", kind=UnitKind.DEPARTMENT, superior=offices.root_unit(store))
    assert [u.heading for u in page.tables.units] == ["柯城区", "龙游县"]
    page.tables.choice = UnitChoice("departments")
    page.tables.rebuild()
    assert [u.heading for u in page.tables.units] == ["市财政局"]
    page.tables.choice = UnitChoice("targets")
    page.tables.rebuild()
    planning_edits.set_cell(store, indicators[1], bureau, TargetField.VALUE, "3")
    QApplication.processEvents()
    assert [u.heading for u in page.tables.units][-1] == "市财政局", "a unit with a new target gets its column"


def test_without_targets_a_countys_office_sees_its_townships(tmp_path):
    made = session.create_folder(
        tmp_path / "county", office_name="柯城区人民政府目标管理办公室", operators=("王敏",), year=YEAR
    )
    with made:
        for name, kind in (("教育局", UnitKind.DEPARTMENT), ("城关镇", UnitKind.TOWNSHIP)):
            offices.add_unit(made, name, kind=kind, superior=offices.root_unit(made))
        workspace = make_workspace(made, tmp_path)
        assert [u.heading for u in units_of(workspace, UnitChoice())] == ["教育局", "城关镇"]
        offices.add_unit(made, "龙游县人民政府", kind=UnitKind.COUNTY, superior=offices.root_unit(made))
        assert "城关镇" not in [u.heading for u in units_of(workspace, UnitChoice())]


def test_growth_without_a_column_of_its_own_is_not_hidden(page, store, indicators):
    unit = unit_ids(store)[0]
    assert shown_texts(page, column_key(TargetField.VALUE, unit))[0] == "75\uff0c增长25%"
    page.tables.fields = (TargetField.GROWTH, TargetField.VALUE)
    page.tables.rebuild()
    assert shown_texts(page, column_key(TargetField.VALUE, unit))[0] == "75"
    assert shown_texts(page, column_key(TargetField.GROWTH, unit))[0] == "25%"


def test_an_empty_year_teaches_and_ctrl_v_imports(store, tmp_path, qtbot, monkeypatch):
    page = shown(store, tmp_path, qtbot)
    assert page.stack.currentWidget() is page.empty
    called = []
    monkeypatch.setattr("ui.import_commands.open_pasted", lambda workspace, parent: called.append(parent))
    qtbot.keyClick(page.empty.buttons[0], Qt.Key.Key_V, CTRL)
    assert len(called) == 1
    planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    assert page.stack.currentWidget() is page.tables
    page._workspace.undo()
    assert page.stack.currentWidget() is page.empty


def test_state_is_found_again(page, store, indicators, tmp_path, qtbot):
    page.tables.fields = (TargetField.LAST_YEAR, TargetField.VALUE)
    page.tables.rebuild()
    page.filters.text.setText("工业")
    page._on_filter()
    state = dict(page.save_state())
    import json

    again = PlanningPage(page._workspace)
    qtbot.addWidget(again)
    again.restore_state(json.loads(json.dumps(state)))
    again.activate()
    assert again.tables.fields == page.tables.fields
    assert shown_texts(again, "name") == ["工业投资"]


def test_read_only_stops_typing(page, store, indicators, qtbot):
    page.tables.panel.set_read_only(True)
    go(page, indicators[1], unit_ids(store)[1])
    type_text(qtbot, "5")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert cell(store, indicators[1], unit_ids(store)[1]).target is None


def test_print_shows_the_pdf(page, monkeypatch):
    opened = []

    class Preview:
        def __init__(self, pdf, name, parent, word=None, excel=None):
            assert word()[:2] == excel()[:2] == b"PK"
            opened.append((pdf[:5], name))

        def show(self):
            opened.append("shown")

    monkeypatch.setattr("ui.dialogs.print_preview.PrintPreview", Preview)
    page._on_print()
    assert opened == [(b"%PDF-", "2020年目标下达表"), "shown"]
