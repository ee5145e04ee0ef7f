"""Rankings over several groups, conversion by the best, equal given scores: set in the window and seen there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from mbo_desktop.domain.assessment import (
    EqualScores,
    GradeLine,
    OverallRanking,
    Scheme,
    ScoreKind,
    TieBreak,
)
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.services import given_scores, offices, overall_rankings, scheme_items, schemes
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR
from ui.dialogs.assessment_facts import FactsDialog
from ui.dialogs.assessment_overall import OverallDialog
from ui.grids.columns import Edit


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def two_groups(group: Group) -> None:
    offices.change_unit(group.store, group.units[2], peer_group="山区组")
    group.report(group.indicators[0], group.units[3], "95")
    offices.change_unit(group.store, group.units[3], peer_group="山区组")
    other = schemes.make_scheme(group.store, YEAR, "山区组")
    schemes.set_facts(group.store, other, name="山区组考核方案")


def texts(widget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel)]


def test_an_overall_ranking_is_set_up_and_stands_beside_the_groups(group, tmp_path, qtbot):
    two_groups(group)
    page = shown(group, tmp_path, qtbot, "groups")
    view = page.views.view
    dialog = OverallDialog(page._workspace, YEAR, ("县区组", "山区组"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.try_to_accept()
    assert dialog.isVisible(), "no name"
    dialog.name.setText("全部县区")
    dialog.groups.item(1).setCheckState(Qt.CheckState.Unchecked)
    dialog.try_to_accept()
    assert "不足两个" in dialog.problem.text()
    dialog.groups.item(1).setCheckState(Qt.CheckState.Checked)
    dialog.ties.setCurrentIndex(dialog.ties.findData(TieBreak.HEAVIER.value))
    for row, (name, quota) in enumerate((("先进", "1"), ("其他", ""))):
        dialog.grades[row][0].setText(name)
        dialog.grades[row][2].setText(quota)
    dialog.try_to_accept()
    wanted = OverallRanking(
        "全部县区", ("县区组", "山区组"), (GradeLine("先进", quota=1), GradeLine("其他")), (TieBreak.HEAVIER,))
    assert overall_rankings.rankings(group.store, YEAR) == (wanted,)
    view.activate()
    column = next(i for i, one in enumerate(view.grid.model.columns) if one.title == "全部县区(总排名)")
    said = [view.grid.model.cell_at(row, column).text for row in range(view.grid.model.rowCount())]
    assert said[5] == "先进 1、其他 3" and len([one for one in said if one]) == 6
    view.grid.view.select_cell(view.grid.model.index(0, column))
    assert "总排名" in texts(view.side)
    again = OverallDialog(page._workspace, YEAR, ("县区组", "山区组"))
    qtbot.addWidget(again)
    assert again.ranking() == wanted, "it is shown as it was saved"
    again._on_remove()
    assert overall_rankings.rankings(group.store, YEAR) == ()


def test_one_group_alone_has_no_overall_ranking(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "groups")
    page.views.view.set_overall()
    assert "两个以上" in page.said[-1]


def test_conversion_by_the_best_is_set_and_seen(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    dialog = FactsDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.targets_best.setChecked(True)
    name, weight, full, best, _answers = dialog.parts[0]
    name.setText("领导评价")
    weight.setText("20")
    full.setText("150")
    best.setChecked(True)
    dialog.weight.setText("80")
    dialog.try_to_accept()
    found = group.store.get(Scheme, group.scheme)
    assert found.targets_by_best and not found.total_by_best
    assert (found.components[0].full, found.components[0].by_best) == (Decimal(150), True)
    for unit, text in zip(group.units, ("150", "120", "75", "30"), strict=True):
        given_scores.set_points(group.store, group.scheme, unit, "领导评价", ScoreKind.CERTIFIED, text)
    page.choose("board")
    board = page.views.view
    board.side.show_place(board.source, None, group.units[1], "total")
    said = " ".join(texts(board.side))
    assert "本组最高,甲县" in said and "120×100÷150=80.00分" in said


def test_equal_scores_are_refused_where_they_are_typed(group, tmp_path, qtbot):
    scheme_items.set_item(group.store, group.scheme, group.indicators[1], rule=Given())
    page = shown(group, tmp_path, qtbot, "scheme")
    dialog = FactsDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.equal.setCurrentIndex(dialog.equal.findData(EqualScores.REFUSE.value))
    dialog.try_to_accept()
    given_scores.set_points(group.store, group.scheme, group.units[0], group.indicators[1], ScoreKind.CERTIFIED, "45")
    page.choose("steps")
    view = page.views.view
    rows = {place: row for row, place in enumerate(view._places, 1)}
    refused = view._write([Edit(rows[group.units[1], group.indicators[1]], "certified", "45", Decimal(45))], "录入")
    assert "甲县已是45分" in next(iter(refused.values()))
    page.choose("scheme")
    view = page.views.view
    assert view._write([Edit(int(group.indicators[1]), "equal", "提醒", EqualScores.REMIND)], "改") == {}
    given_scores.set_points(group.store, group.scheme, group.units[1], group.indicators[1], ScoreKind.CERTIFIED, "45")
    page.choose("board")
    board = page.views.view
    assert board.side.problems == ("税收:甲县、乙县同为45分,办法规定不得并列",)
    board.side.show_place(board.source, group.indicators[1], group.units[1], "")
    assert any("不得并列" in one for one in texts(board.side))
