"""评分表: parts of the total (领导评价 …) are typed with totals that follow, and tried without saving."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.assessment import Component, GivenScore, ScoreKind
from mbo_desktop.services import given_scores, schemes
from tests.ui.assessment_folder import Group, shown
from ui.pages.assessment_board_cells import Shown
from ui.pages.assessment_board_source import PARTS, SUMS


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    schemes.set_facts(made.store, made.scheme, target_weight=Decimal(80), components=(Component("领导评价", Decimal(20)),))
    for unit in made.units[1:]:
        given_scores.set_points(made.store, made.scheme, unit, "领导评价", ScoreKind.CERTIFIED, "90", "汇总")
    yield made
    made.store.close()


def text(view, row_id, unit):
    model = view.grid.model
    return model.cell(model.index(model.row_of(row_id), model.column_of(f"u@{unit}"))).text


def go(view, row_id, unit):
    model = view.grid.model
    view.grid.view.select_cell(model.index(model.row_of(row_id), model.column_of(f"u@{unit}")))
    view.grid.view.setFocus()


def typed(qtbot, letters):
    for letter in letters:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def test_totals_follow_each_key_in_a_part(group, tmp_path, qtbot):
    view, first = shown(group, tmp_path, qtbot).views.view, group.units[0]
    view.shows.setCurrentIndex(view.shows.findData(Shown.CERTIFIED.value))
    view._on_shows()
    go(view, PARTS, first)
    assert text(view, SUMS, first) == "80.00*"
    typed(qtbot, "95")
    assert text(view, SUMS, first) == "99.00" and len(group.store.all(GivenScore)) == 3
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert text(view, SUMS, first) == "80.00*"


def test_a_part_is_tried_and_never_saved(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot)
    view, last = page.views.view, group.units[2]
    view.trial.click()
    go(view, PARTS, last)
    typed(qtbot, "100")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, SUMS, last) == "96.00" and page.state.tried_count == 1
    assert all(one.points == 90 for one in group.store.all(GivenScore))
    go(view, SUMS, last)
    view._side_timer.stop()
    view._show_side()
    assert any("试算" in one.text() and "100分×20%" in one.text() for one in view.side.findChildren(QLabel))
    view.reset.click()
    assert text(view, SUMS, last) == "94.00"


def test_a_figure_typed_just_as_it_shows_is_taken(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot)
    view, last = page.views.view, group.units[2]
    view.trial.click()
    go(view, group.indicators[0], last)
    typed(qtbot, "48.00")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.state.tried_count == 1 and text(view, group.indicators[0], last) == "48.00"
