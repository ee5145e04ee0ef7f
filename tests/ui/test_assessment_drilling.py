"""From every figure of 考核 and 通报统计 the way leads to where it comes from, by mouse and by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.planning import Target
from mbo_desktop.services import offices, people, schemes, sealing_scores
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR, make_workspace
from ui.pages.circulars import CircularsPage

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def circulars(group, tmp_path, qtbot):
    workspace = make_workspace(group.store, tmp_path)
    made = CircularsPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.went = []
    workspace.page_asked.connect(lambda *where: made.went.append(where))
    made.resize(1184, 620)
    made.show()
    made.activate()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def key(qtbot, *pressed):
    qtbot.keyClick(QApplication.focusWidget(), *pressed)


def at(view):
    """(row id, column key) of the current cell."""
    index = view.grid.view.currentIndex()
    return view.grid.model.id_at(index.row()), view.grid.model.columns[index.column()].key


def test_the_views_change_by_their_numbers(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot)
    key(qtbot, "3", CTRL)
    assert page.views.key == "steps"
    key(qtbot, "5", CTRL)
    assert page.views.key == "groups"


def test_the_four_scores_lead_to_the_working(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "steps")
    view = page.views.view
    view.four.view.select_cell(view.four.model.index(3, 0))
    key(qtbot, Qt.Key.Key_Return, CTRL)
    assert page.views.key == "board" and at(page.views.view) == (group.indicators[1], f"u@{group.units[1]}")
    page.choose("steps")
    link = next(one for one in page.views.view.side.findChildren(QPushButton) if one.text() == "这个分怎么来的")
    link.click()
    assert page.views.key == "board"


def test_a_target_is_found_on_the_board_of_another_group(group, tmp_path, qtbot):
    offices.change_unit(group.store, group.units[3], peer_group="山区组")
    schemes.make_scheme(group.store, YEAR, "山区组")
    page = shown(group, tmp_path, qtbot, "marks")
    (target,) = group.store.all(Target, indicator=group.indicators[1], unit=group.units[3])
    page.show_record(int(target.id), "target")
    assert page.state.group == "山区组" and at(page.views.view) == (group.indicators[1], f"u@{group.units[3]}")


def test_a_unit_is_found_before_its_board_was_ever_shown(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    page.show_record(int(group.units[2]), "unit")
    assert at(page.views.view)[1] == f"u@{group.units[2]}"


def test_groups_side_by_side_open_a_unit(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "groups")
    went = []
    page._workspace.page_asked.connect(lambda *where: went.append(where))
    view = page.views.view
    model = view.grid.model
    said = [model.cell_at(row, 1).text for row in range(model.rowCount())]
    assert [one.partition(" ")[2] for one in said[-4:]] == ["甲县", "丙县", "乙县", "丁县"]
    view.grid.view.select_cell(model.index(model.rowCount() - 2, 1))
    view.grid.view.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    assert went == [("assessment", int(group.units[1]), "unit")]
    assert any(one.text() == "县区组" for one in view.side.findChildren(QLabel))


def test_sealed_results_lead_to_the_unit(group, tmp_path, qtbot):
    sealing_scores.seal(group.store, YEAR, group.scheme, "常务会议", although=True)
    page = shown(group, tmp_path, qtbot, "sealing")
    went = []
    page._workspace.page_asked.connect(lambda *where: went.append(where))
    page.views.view.grid.view.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    assert went == [("assessment", int(group.units[0]), "unit")]


def test_marks_are_entered_and_changed_by_key(group, tmp_path, qtbot, monkeypatch):
    from decimal import Decimal

    from mbo_desktop.services import bonuses
    from ui.pages import assessment_marks

    bonuses.add_bonus(group.store, YEAR, group.units[0], "表彰", Decimal(1), basis="文件")
    page = shown(group, tmp_path, qtbot, "marks")
    asked = []
    monkeypatch.setattr(assessment_marks.BonusDialog, "exec", lambda self: asked.append(self.windowTitle()) or 0)
    page.views.view.grid.view.setFocus()
    key(qtbot, "n", CTRL)
    key(qtbot, Qt.Key.Key_Return)
    assert len(asked) == 2
    page.set_read_only(True)
    key(qtbot, "n", CTRL)
    assert len(asked) == 2


def test_a_line_of_the_account_shows_what_was_not_met(circulars, group, qtbot):
    view = circulars.views.view
    view.axes.setCurrentIndex(view.axes.findData("unit"))
    view.activate()
    view.grid.view.select_cell(view.grid.model.index(3, 0))
    view.grid.view.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    unmet = circulars.views.view
    assert circulars.views.key == "unmet" and [one.unit for one in unmet.found] == [group.units[2]]
    assert unmet.whole.isVisible() and "丙县" in unmet.whole.text()
    unmet.grid.view.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    (target,) = group.store.all(Target, indicator=unmet.found[0].indicator, unit=group.units[2])
    assert circulars.went == [("assessment", int(target.id), "target")]
    unmet.whole.click()
    assert len(unmet.found) == 2 and not unmet.whole.isVisible()
    key(qtbot, "1", CTRL)
    view.grid.view.select_cell(view.grid.model.index(0, 0))
    view._on_open()
    assert len(circulars.views.view.found) == 2


def test_leaders_stand_with_results_and_print(circulars, group, qtbot):
    people.add_post(group.store, group.units[0], role=PostRole.PRINCIPAL, title="县长", holder="张三")
    people.add_post(group.store, group.units[0], role=PostRole.LEADER_IN_CHARGE, title="副县长", holder="李四")
    circulars.choose("leaders")
    view = circulars.views.view
    model = view.grid.model
    assert [model.cell_at(0, place).text for place in range(8)] == ["张三", "甲县", "县长", "全年", "县区组", "100.00", "1/4", "优秀"]
    view.roles.setCurrentIndex(view.roles.findData(""))
    view.roles.activated.emit(2)
    assert model.rowCount() == 2
    view._on_print()
    from ui.dialogs.print_preview import PrintPreview

    (preview,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview) and one.isVisible()]
    preview.close()
    view.grid.view.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    assert circulars.went == [("assessment", int(group.units[0]), "unit")]


def test_with_units_down_the_panel_lists_every_score_and_leads_there(group, tmp_path, qtbot):
    view = shown(group, tmp_path, qtbot).views.view
    view.turn.click()
    model = view.grid.model
    view.grid.view.select_cell(model.index(model.row_of(group.units[2]), model.column_of("total")))
    view._side_timer.stop()
    view._show_side()
    link = next(one for one in view.side.findChildren(QPushButton) if one.text() == "税收  50.00(50)")
    link.click()
    assert at(view) == (group.units[2], f"i@{group.indicators[1]}")


def test_a_figure_corrected_at_the_last_minute_is_followed_everywhere(group, tmp_path, qtbot, circulars):
    page = shown(group, tmp_path, qtbot)
    view = page.views.view
    model = view.grid.model

    def row(number):
        from ui.pages.assessment_board_source import SUMS

        return [model.cell(model.index(model.row_of(SUMS + number), model.column_of(f"u@{unit}"))).text for unit in group.units]

    assert row(0)[:3] == ["100.00", "90.00", "95.00"] and row(1)[:3] == ["1", "3", "2"]
    page._workspace.changed.connect(circulars.refresh)
    group.report(group.indicators[1], group.units[1], "50")
    assert row(0)[1] == "100.00" and row(1)[:3] == ["1", "1", "3"]
    assert "未完成的1项" in circulars._figures.text()
