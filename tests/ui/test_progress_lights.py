"""亮灯总览: worst light and counts by unit and category, shares that add up, the list behind a cell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from mbo_desktop.domain.lights import Light
from tests.ui.progress_folder import Folder, shown
from ui.grids.columns import Light as Shape
from ui.pages.progress_lights import ALL, LightsView
from ui.pages.progress_month import MonthView


@pytest.fixture
def folder(tmp_path: Path):
    made = Folder(tmp_path / "data")
    for indicator, unit, amount in ((0, 0, "40"), (1, 0, "5"), (2, 0, "1250"), (0, 1, "30")):
        made.type(6, made.target(indicator, unit), amount)
    yield made
    made.store.close()


@pytest.fixture
def page(folder, tmp_path, qtbot):
    return shown(folder, tmp_path, qtbot, "lights")


def view_of(page) -> LightsView:
    assert isinstance(page.views.view, LightsView)
    return page.views.view


def cell(view, record, key):
    model = view.panel.model
    return model.cell_at(model.row_of(int(record)), model.column_of(key))


def category_key(view):
    return next(one.key for one in view.source.columns if one.key.startswith("category@"))


def test_worst_light_counts_and_totals(page, folder):
    view = view_of(page)
    found = cell(view, folder.units[0], category_key(view))
    assert found.light is Shape.RED
    assert found.text == "滞后1 正常2"
    totals = [cell(view, ALL, f"light@{one}").text for one in ("red", "green")]
    shown_totals = view.state.totals()
    assert totals == [str(shown_totals[Light.RED]), str(shown_totals[Light.GREEN])]
    assert sum(shown_totals.values()) == 6
    assert sum(one.share for one in view.shares) == Decimal("100.0")
    words = "\n".join(one.text() for one in view.side.findChildren(QLabel))
    assert "欠进度" in words and "合计为 100%" in words


def test_enter_and_click_list_what_a_cell_counts(page, folder, qtbot):
    view = view_of(page)
    model = view.panel.model
    at = model.index(model.row_of(int(folder.units[0])), model.column_of("light@red"))
    view.panel.view.select_cell(at)
    view.panel.view.setFocus()
    qtbot.keyClick(view.panel.view, Qt.Key.Key_Return)
    month = page.views.view
    assert isinstance(month, MonthView)
    assert [month.panel.model.id_at(n) for n in range(month.panel.model.rowCount())] == [
        int(folder.target(1, 0))]
    assert page.switch.view == "month"
    page.choose("lights")
    view = view_of(page)
    at = model.index(model.row_of(int(folder.units[1])), model.column_of(category_key(view)))
    rect = view.panel.view.visualRect(at)
    qtbot.mouseClick(view.panel.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert page.views.view.panel.model.rowCount() == 3


def test_an_edit_is_seen_in_the_matrix(page, folder, qtbot):
    view = view_of(page)
    folder.type(6, folder.target(1, 0), "90")
    qtbot.waitUntil(lambda: cell(view, folder.units[0], category_key(view)).text == "正常3")
    folder.store.undo()
    qtbot.waitUntil(lambda: cell(view, folder.units[0], category_key(view)).text == "滞后1 正常2")


def test_another_month_has_its_own_lights(page, folder, qtbot):
    view = view_of(page)
    page.state.set_month(5)
    qtbot.waitUntil(lambda: "正常" not in cell(view, folder.units[0], category_key(view)).text)
    assert "已报 0 / 6 项" in page._figures.text()
