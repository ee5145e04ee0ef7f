"""评分表: totals follow each key, trials write nothing, the panel says how a score came about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.assessment import GivenScore, ScoreKind
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.results import TargetResult
from mbo_desktop.services import given_scores
from tests.ui.assessment_folder import Group, shown
from ui.dialogs.print_preview import PrintPreview
from ui.pages.assessment_board_cells import Shown
from ui.pages.assessment_board_source import SUMS

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(group, tmp_path, qtbot):
    return shown(group, tmp_path, qtbot)


def place(view, row_id, unit):
    model = view.grid.model
    return model.index(model.row_of(row_id), model.column_of(f"u@{unit}"))


def text(view, row_id, unit):
    index = place(view, row_id, unit)
    return view.grid.model.cell(index).text


def go(view, row_id, unit):
    view.grid.view.select_cell(place(view, row_id, unit))
    view.grid.view.setFocus()
    view._side_timer.stop()
    view._show_side()


def show(view, what):
    view.shows.setCurrentIndex(view.shows.findData(what.value))
    view._on_shows()


def type_text(qtbot, typed):
    for letter in typed:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def side_text(view) -> str:
    return "\n".join(one.text() for one in view.side.findChildren(QLabel))


def test_scores_totals_ranks_and_what_is_missing(page, group):
    view = page.views.view
    first, last = group.units[0], group.units[3]
    assert [text(view, group.indicators[0], unit) for unit in group.units] == ["50.00", "50.00", "45.00", "缺"]
    assert [text(view, SUMS, unit) for unit in group.units] == ["100.00", "90.00", "95.00", "50.00*"]
    assert [text(view, SUMS + 1, unit) for unit in group.units] == ["1", "3", "2", "4"]
    assert text(view, SUMS + 2, first) == "优秀*", "a unit without figures may yet take the place"
    assert text(view, SUMS + 6, last) == "1"
    assert "缺 1 项数据" in page._figures.text()


def test_the_panel_says_where_the_score_comes_from(page, group):
    view = page.views.view
    go(view, group.indicators[0], group.units[2])
    said = side_text(view)
    assert "这个分怎么来的" in said and "丙县" in said and "45.00" in said
    assert "按实绩占目标的比例得分" in said and "代录" in said
    go(view, SUMS, group.units[0])
    assert "总分怎么来的" in side_text(view) and "第 1 位,共 4 个" in side_text(view)


def test_totals_follow_each_key_and_come_back_with_escape(page, group, qtbot):
    view = page.views.view
    show(view, Shown.CERTIFIED)
    go(view, group.indicators[1], group.units[1])
    type_text(qtbot, "50")
    assert text(view, SUMS, group.units[1]) == "100.00", "before Enter"
    assert not group.store.all(GivenScore)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert text(view, SUMS, group.units[1]) == "90.00"
    type_text(qtbot, "48")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    (given,) = group.store.all(GivenScore)
    assert given.kind is ScoreKind.CERTIFIED and given.points == 48 and given.by == group.store.operator
    assert text(view, SUMS, group.units[1]) == "98.00"
    page._workspace.undo()
    assert text(view, SUMS, group.units[1]) == "90.00"


def test_a_self_score_changes_no_total_and_shows_the_difference(page, group, qtbot):
    view = page.views.view
    show(view, Shown.SELF)
    go(view, group.indicators[1], group.units[1])
    type_text(qtbot, "50")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, SUMS, group.units[1]) == "90.00"
    show(view, Shown.FROM_SELF)
    assert text(view, group.indicators[1], group.units[1]) == "-10.00"


def test_an_actual_typed_is_the_result_of_the_year(page, group, qtbot):
    view = page.views.view
    show(view, Shown.ACTUAL)
    go(view, group.indicators[0], group.units[3])
    type_text(qtbot, "80")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    (result,) = group.store.all(TargetResult)
    assert result.actual == 80
    assert text(view, SUMS, group.units[3]) == "90.00"


def test_an_unreadable_score_stays_with_its_reason(page, group, qtbot):
    view = page.views.view
    show(view, Shown.CERTIFIED)
    go(view, group.indicators[0], group.units[0])
    QGuiApplication.clipboard().setText("约四成多\t40\n")
    qtbot.keyClick(view.grid.view, Qt.Key.Key_V, CTRL)
    cell = view.grid.model.cell(place(view, group.indicators[0], group.units[0]))
    assert cell.text == "约四成多" and cell.problem
    assert text(view, group.indicators[0], group.units[1]) == "40"


def test_a_computed_score_takes_nothing_and_says_what_to_do(page, group, qtbot):
    view = page.views.view
    cell = view.grid.model.cell(place(view, group.indicators[0], group.units[0]))
    assert cell.editable is False and "核定分" in cell.locked


def test_a_trial_writes_nothing_and_is_marked(page, group, qtbot):
    view = page.views.view
    before = group.store.change_count
    view.trial.click()
    assert view.banner.isVisible() and "试算" in page._figures.text()
    go(view, group.indicators[0], group.units[2])
    type_text(qtbot, "50")
    assert text(view, SUMS + 1, group.units[2]) == "1", "while typing"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, SUMS, group.units[2]) == "100.00" and "改动 1 处" in page._figures.text()
    view.state.try_veto(group.units[0], VetoEffect.DISQUALIFY)
    assert "否决" in text(view, SUMS + 2, group.units[0])
    view.reset.click()
    assert text(view, SUMS, group.units[2]) == "95.00" and text(view, SUMS + 2, group.units[0]) == "优秀*"
    view.trial.click()
    assert not view.banner.isVisible() and group.store.change_count == before


def test_what_if_a_unit_had_reached_its_target(page, group, qtbot):
    view = page.views.view
    view.trial.click()
    show(view, Shown.ACTUAL)
    go(view, group.indicators[0], group.units[3])
    type_text(qtbot, "100")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert text(view, SUMS, group.units[3]) == "100.00"
    go(view, group.indicators[0], group.units[3])
    assert "试算的计算" in side_text(view) and "100÷100" in side_text(view).replace(" ", "")
    assert not group.store.all(TargetResult)


def test_a_figure_that_arrives_later_is_followed(page, group):
    view = page.views.view
    group.report(group.indicators[0], group.units[3], "100")
    assert text(view, SUMS, group.units[3]) == "100.00"


def test_units_stand_as_rows_too_and_sort_by_total(page, group):
    view = page.views.view
    view.turn.click()
    model = view.grid.model
    assert model.id_at(0) == group.units[0] and model.cell_at(0, model.column_of("total")).text == "100.00"
    page.show_record(int(group.units[2]), "unit")
    assert view.unit_in_sight() == group.units[2]


def test_the_answer_to_a_unit_is_printed(page, group, qtbot):
    view = page.views.view
    go(view, group.indicators[0], group.units[2])
    view.side.answer(group.units[2], group.indicators[0])
    previews = [one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview)]
    assert previews
    for one in previews:
        one.close()


def test_sealed_points_are_refused_in_the_cell(page, group, qtbot):
    from mbo_desktop.services import sealing_scores
    from tests.ui.planning_folder import YEAR

    sealing_scores.seal(group.store, YEAR, group.scheme, "第12次常务会议", although=True)
    with pytest.raises(Exception, match="封存"):
        given_scores.set_points(group.store, group.scheme, group.units[0], group.indicators[0], ScoreKind.FINAL, "40")
    view = page.views.view
    show(view, Shown.FINAL)
    go(view, group.indicators[0], group.units[0])
    type_text(qtbot, "1")
    index = view.grid.view.currentIndex()
    assert not view.grid.model.is_editable(index) and "封存" in view.grid.model.cell(index).locked


def test_counts_that_a_rule_needs_are_asked_for_and_score(page, group, qtbot):
    from mbo_desktop.domain.scoring.presets import preset
    from mbo_desktop.services import scheme_items
    from ui.dialogs.assessment_counts import CountsDialog, needs_of

    scheme_items.set_item(group.store, group.scheme, group.indicators[1], rule=preset("R56").rule)
    view = page.views.view
    assert text(view, group.indicators[1], group.units[0]) == "缺"
    assert needs_of(preset("R56").rule)[0] == ("按时", "表扬", "迟报", "退办")
    dialog = CountsDialog(group.store, view.source.base, group.units[0], group.indicators[1])
    qtbot.addWidget(dialog)
    dialog.try_to_accept()
    assert "没有填" in dialog.problem.text()
    dialog.numbers["迟报"].setText("3")
    dialog.numbers["按时"].setText("1")
    dialog.try_to_accept()
    assert text(view, group.indicators[1], group.units[0]) == "48.00", "50 + 1 − 3"
