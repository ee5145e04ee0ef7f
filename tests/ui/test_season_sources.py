"""The view 来源: items taken in, typed, linked from both sides; coverage that opens the place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services import registers, sealing
from tests.ui.planning_folder import YEAR, add_indicators, make_store, unit_ids
from tests.ui.season_folder import shown
from ui.dialogs.source_facts import PasteItemsDialog, SourceDialog
from ui.pages.planning import PlanningPage
from ui.pages.season_origins import OriginsBox
from ui.pages.season_source_list import ALL, ID_ROLE, UNSOURCED
from ui.pages.season_sources import SourcesView

REPORT = """一、工业强市
1. 完成工业投资40亿元(牵头单位:市经信局)
2. 新增规上企业20家
二、民生实事
3. 新增城镇就业2万人
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def report(store):
    record = registers.add_source(store, YEAR, "2020年政府工作报告", genre="政府工作报告")
    registers.add_items_from_text(store, record, REPORT)
    return record


@pytest.fixture
def page(store, report, tmp_path, qtbot):
    add_indicators(store)
    return shown(store, tmp_path, qtbot, "sources")


def view_of(page) -> SourcesView:
    assert isinstance(page.views.view, SourcesView)
    return page.views.view


def choose(view, record):
    for row in range(view.listing.count()):
        if view.listing.item(row).data(ID_ROLE) == int(record):
            view.listing.setCurrentRow(row)
            return
    raise AssertionError(f"{record} is not listed")


def lines(view) -> list[str]:
    return [view.listing.item(n).text() for n in range(view.listing.count())]


def texts(view, key="text"):
    model = view.panel.model
    return [model.cell_at(n, model.column_of(key)).text.strip("　") for n in range(model.rowCount())]


def type_text(qtbot, text):
    for letter in text:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def side_text(view) -> str:
    return "\n".join(one.text() for one in view.item_panel.findChildren(QLabel))


def test_before_any_indicator_the_view_teaches_and_takes_a_report_in(store, tmp_path, qtbot):
    page = shown(store, tmp_path, qtbot, "sources")
    view = view_of(page)
    assert view.tables.currentWidget() is view.empty
    view.add_source()
    dialog = view._asked
    assert isinstance(dialog, SourceDialog)
    dialog.name.setText("2020年政府工作报告")
    dialog.genre.setEditText("政府工作报告")
    dialog.try_to_accept()
    assert [row.name for row in registers.sources(store, YEAR)] == ["2020年政府工作报告"]
    QGuiApplication.clipboard().setText(REPORT)
    view.paste_items()
    paste = view._asked_items
    assert isinstance(paste, PasteItemsDialog)
    paste._count()
    assert "3 条、2 个标题" in paste.count.text()
    paste.try_to_accept()
    assert len(texts(view)) == 5
    assert "已录入3条" in page.said[-1]
    page._workspace.undo()
    assert texts(view) == [], "the whole list was one step"


def test_the_list_tells_coverage_and_filters(page, store, report, qtbot):
    view = view_of(page)
    assert "落实 0/3" in lines(view)[1]
    assert "3 项 · 共 3 项指标" in lines(view)[-1]
    choose(view, report)
    view.panel.view.set_filter_text("gtz")  # 工业投资's initials are gytz: nothing fits
    assert texts(view) == []
    view.panel.view.set_filter_text("gytz")
    assert "工业投资" in texts(view)[0]
    view.panel.view.set_filter_text("")
    item = next(row for row in registers.items(store, YEAR) if "投资" in row.text)
    indicator = registers.indicators_without_source(store, YEAR)[1].indicator
    registers.link(store, [item.id], [indicator])
    assert "落实 1/3" in lines(view)[1]
    view.uncovered.setChecked(True)
    assert not [text for text in texts(view) if "投资" in text]


def test_an_item_is_linked_by_keyboard_and_unlinked(page, store, report, qtbot):
    view = view_of(page)
    item = next(row for row in registers.items(store, YEAR) if "投资" in row.text)
    view.panel.view.show_record(item.id, "text")
    panel = view.item_panel
    assert "尚未落实" in side_text(view)
    panel.indicator.setText("工业投资")
    panel.link()
    found = registers.resting_on(store, [item.id])
    assert [(row.text, row.unit) for row in found] == [("工业投资", None)]
    assert store.undo_label == "登记目标来源"
    assert texts(view, "covered")[texts(view).index(item.text)] == "1 项"
    panel.indicator.setText("地区生产总值")
    panel.unit.setText("柯城区")
    panel.link()
    assert {row.unit for row in registers.resting_on(store, [item.id])} == {None, unit_ids(store)[0]}
    panel.indicator.setText("没有这项")
    panel.link()
    assert "没有选定指标" in page.said[-1]
    panel._on_remove(registers.resting_on(store, [item.id])[0])
    assert len(registers.resting_on(store, [item.id])) == 1


def test_f6_and_enter_link_an_item_without_the_mouse(page, store, report, qtbot):
    view = view_of(page)
    item = next(row for row in registers.items(store, YEAR) if "投资" in row.text)
    view.panel.view.show_record(item.id, "text")
    view.panel.view.setFocus()
    qtbot.waitUntil(view.item_panel.indicator.isVisible)
    page.switch_side()
    assert QApplication.focusWidget() is view.item_panel.indicator
    view.item_panel.indicator.setText("工业投资")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert QApplication.focusWidget() is view.item_panel.unit
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [row.text for row in registers.resting_on(store, [item.id])] == ["工业投资"]
    qtbot.waitUntil(lambda: page.focusWidget() is view.item_panel.indicator)
    assert page.manual_page() == "sources"


def test_typed_fields_are_one_step_and_an_emptied_content_is_refused(page, store, report, qtbot):
    view = view_of(page)
    item = next(row for row in registers.items(store, YEAR) if "就业" in row.text)
    table = view.panel.view
    table.show_record(item.id, "lead")
    table.setFocus()
    type_text(qtbot, "rsj")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert next(row for row in registers.items(store, YEAR) if row.id == item.id).lead == "rsj"
    assert store.undo_label == "修改牵头单位"
    table.show_record(item.id, "text")
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert "条目内容没有填写" in page.said[-1]
    assert next(row for row in registers.items(store, YEAR) if row.id == item.id).text == item.text


def test_an_indicator_without_source_gets_one_and_is_opened(page, store, report, qtbot):
    view = view_of(page)
    choose(view, UNSOURCED)
    table = view.unsourced.view
    assert view.unsourced.model.rowCount() == 3
    table.select_cell(view.unsourced.model.index(1, 0))
    box = view.indicator_panel.findChild(OriginsBox)
    box.picker.setText("工业投资")
    option = box.picker._lookup("工业投资")[0]
    box.picker._choose(option)
    assert view.unsourced.model.rowCount() == 2
    table.select_cell(view.unsourced.model.index(0, 0))
    asked = table.current_id()
    view.indicator_panel._on_open()
    assert page.views.key == "" and page.tables.current_place()[0] == asked


def test_what_targets_rest_on_is_not_deleted(page, store, report, qtbot, monkeypatch):
    view = view_of(page)
    item = next(row for row in registers.items(store, YEAR) if "投资" in row.text)
    registers.link(store, [item.id], [registers.indicators_without_source(store, YEAR)[1].indicator])
    monkeypatch.setattr(view, "_sure", lambda question: True)
    choose(view, report)
    view.listing.setFocus()
    qtbot.keyClick(view.listing, Qt.Key.Key_Delete)
    assert "不能删除" in page.said[-1] and len(registers.sources(store, YEAR)) == 1
    other = next(row for row in registers.items(store, YEAR) if "就业" in row.text)
    view.panel.view.show_record(other.id, "text")
    view.panel.view.setFocus()
    view.delete()
    assert other.id not in {row.id for row in registers.items(store, YEAR)}


def test_a_sealed_year_refuses(page, store, report, qtbot):
    view = view_of(page)
    choose(view, ALL)
    sealing.seal_year(store, YEAR, "年度考核已结束")
    item = registers.items(store, YEAR)[1]
    table = view.panel.view
    table.show_record(item.id, "due")
    table.setFocus()
    type_text(qtbot, "5")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert "已封存" in page.said[-1]


def test_the_view_is_shown_again_with_the_room(page, store, tmp_path, qtbot):
    view_of(page).uncovered.setChecked(True)
    state = page.save_state()
    again = PlanningPage(page._workspace)
    qtbot.addWidget(again)
    again.restore_state(state)
    again.show()
    again.activate()
    assert view_of(again).uncovered.isChecked()
    again._on_view("matrix")
    assert again.stack.currentWidget() is again.tables and again.filters.isVisible()


def test_two_hundred_items_fit_a_narrow_window(store, tmp_path, qtbot):
    add_indicators(store)
    record = registers.add_source(store, YEAR, "2020年政府工作报告")
    text = "\n".join(f"{n}. 第{n}项重点工作,按期完成" for n in range(1, 223))
    assert len(registers.add_items_from_text(store, record, text).added) == 222
    page = shown(store, tmp_path, qtbot, "sources")
    view = view_of(page)
    assert view.panel.model.rowCount() == 222
    qtbot.waitUntil(lambda: page.width() == 1184)
    assert view.panel.view.horizontalScrollBar().maximum() == 0, "nothing is cut at 1366 pixels"


def test_the_matrix_tells_and_takes_origins_beside_an_indicator(page, store, report, qtbot):
    page._on_view("indicators")
    item = next(row for row in registers.items(store, YEAR) if "投资" in row.text)
    indicator = registers.indicators_without_source(store, YEAR)[1].indicator
    page._on_cell_asked(indicator, None)
    qtbot.waitUntil(lambda: page.side.findChild(OriginsBox) is not None)
    box = page.side.findChild(OriginsBox)
    box.picker._choose(box.picker._lookup("gytz")[0])
    assert registers.origin_records(store, indicator) == (item.id,)
    said = "\n".join(label.text() for label in page.side.findChildren(QLabel))
    assert "2020年政府工作报告 1.完成工业投资40亿元" in said


def test_the_line_of_the_overview_opens_exactly_what_it_counts(page, store):
    view = view_of(page)
    choose(view, UNSOURCED)
    page._on_view("matrix")
    page.show_hint("sources")
    assert view.listing.chosen == ALL
    assert (view.uncovered.isChecked(), view.uncovered.isVisible()) == (True, True)
    assert texts(view) == ["完成工业投资40亿元", "新增规上企业20家", "新增城镇就业2万人"]
    view.panel.view.set_filter_text("就业")
    view.panel.filter_field.setText("就业")
    page.show_hint("sources")
    assert len(texts(view)) == 3, "no older filter hides what was counted"
    assert view.panel.filter_field.text() == ""


def test_an_item_is_opened_whatever_the_filters_hide(page, store, report) -> None:
    view = view_of(page)
    wanted = next(row for row in registers.items(store, YEAR, report) if row.text.startswith("新增城镇就业"))
    registers.link(store, [wanted.id], [store.all(Indicator, year=YEAR)[0].id])
    view.uncovered.setChecked(True)
    view.panel.filter_field.setText("规上")
    page.show_record(wanted.id, "source_item")
    QApplication.processEvents()
    assert view_of(page).panel.view.current_id() == wanted.id
    assert not view.uncovered.isChecked() and view.panel.filter_field.text() == ""
