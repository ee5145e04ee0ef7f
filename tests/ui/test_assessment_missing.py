"""评分表: what is missing is found, never counted as a result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.assessment_folder import Group, shown
from ui.pages.assessment_board_cells import Shown
from ui.pages.assessment_board_source import SUMS


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(group, tmp_path, qtbot):
    return shown(group, tmp_path, qtbot)


def text(view, row_id, unit):
    model = view.grid.model
    return model.cell(model.index(model.row_of(row_id), model.column_of(f"u@{unit}"))).text


def go(view, row_id, unit):
    model = view.grid.model
    view.grid.view.select_cell(model.index(model.row_of(row_id), model.column_of(f"u@{unit}")))
    view._side_timer.stop()
    view._show_side()


def test_a_unit_with_figures_missing_has_no_grade_and_a_rank_for_now(page, group):
    view, last = page.views.view, group.units[3]
    assert text(view, SUMS + 2, last) == "未定" and text(view, SUMS, last) == "50.00*"
    go(view, SUMS, last)
    assert any("暂列第 4 位" in one.text() for one in view.side.findChildren(QLabel))


def test_the_panel_leads_to_each_missing_figure(page, group):
    view, last = page.views.view, group.units[3]
    go(view, SUMS, last)
    link = next(one for one in view.side.findChildren(QPushButton) if one.text() == "工业投资")
    link.click()
    index = view.grid.view.currentIndex()
    assert view.grid.model.id_at(index.row()) == group.indicators[0]
    assert view.grid.model.columns[index.column()].key == f"u@{last}"


def test_only_what_is_missing_stays_while_it_is_typed(page, group, qtbot):
    view, last = page.views.view, group.units[3]
    view.only_missing.click()
    rows = [view.grid.model.id_at(row) for row in range(view.grid.model.rowCount())]
    assert [row for row in rows if row < SUMS] == [group.indicators[0]]
    view.shows.setCurrentIndex(view.shows.findData(Shown.ACTUAL.value))
    view._on_shows()
    go(view, group.indicators[0], last)
    view.grid.view.setFocus()
    for letter in "100":
        qtbot.keyClick(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), "\r")
    assert view.grid.model.row_of(group.indicators[0]) >= 0, "it does not run away from under the cursor"
    assert text(view, SUMS + 2, last) in ("优秀", "良好")
    view.only_missing.click()
    assert view.grid.model.row_of(group.indicators[1]) >= 0


def test_without_any_figure_there_is_no_total(tmp_path, qtbot):
    group = Group(tmp_path / "empty")
    for indicator in group.indicators:
        for unit in group.units:
            group.report(indicator, unit, "")
    view = shown(group, tmp_path, qtbot).views.view
    first = group.units[0]
    assert text(view, SUMS, first) == "缺" and text(view, SUMS + 1, first) == "—"
    assert text(view, SUMS + 2, first) == "未定" and text(view, SUMS + 3, first) == "缺"
    group.store.close()


def test_a_result_in_words_stands_in_its_cell_and_what_cannot_be_read_is_marked(page, group, qtbot):
    from mbo_desktop.services import scores
    from ui.grids.columns import Tone

    view, last = page.views.view, group.units[3]
    view.shows.setCurrentIndex(view.shows.findData(Shown.ACTUAL.value))
    view._on_shows()
    go(view, group.indicators[0], last)
    view.source.write([_edit(group.indicators[0], last, "不知道")], "")
    view.activate()
    model = view.grid.model
    cell = model.cell(model.index(model.row_of(group.indicators[0]), model.column_of(f"u@{last}")))
    assert cell.text == "不知道" and cell.tone is Tone.AMBER and "不是数字" in cell.note
    assert "不知道" in scores.board(group.store, group.scheme).unit(last).items[group.indicators[0]].problem


def _edit(indicator, unit, typed):
    from ui.grids.columns import Edit

    return Edit(indicator, f"u@{unit}", typed, typed)


def test_the_panel_follows_each_key_where_the_totals_are_out_of_sight(page, group, qtbot):
    view, unit = page.views.view, group.units[1]
    view.shows.setCurrentIndex(view.shows.findData(Shown.CERTIFIED.value))
    view._on_shows()
    go(view, group.indicators[1], unit)
    view.grid.view.setFocus()
    assert "综合得分 90.00 · 名次 3" in view.side._standing.text()
    for letter in "50":
        qtbot.keyClick(QApplication.focusWidget(), letter)
    assert "综合得分 100.00 · 名次 1" in view.side._standing.text()
    qtbot.keyClick(QApplication.focusWidget(), "\x1b")
    assert "综合得分 90.00 · 名次 3" in view.side._standing.text()
