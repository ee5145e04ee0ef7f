"""Terms of a scheme in the window: periods, ties, last days, units that take no part, the scheme as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel

from mbo_desktop import clock
from mbo_desktop.domain.assessment import AssessmentStep, Period, Scheme, StepDue, TieBreak
from mbo_desktop.services import (
    bonuses,
    objections,
    procedure,
    scheme_files,
    scheme_items,
    scores,
    vetoes,
)
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR
from ui.dialogs.assessment_facts import FactsDialog
from ui.dialogs.assessment_members import MembersDialog
from ui.dialogs.assessment_steps import ProcedureDialog
from ui.grids.columns import Edit


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def scheme_of(group: Group) -> Scheme:
    return group.store.get(Scheme, group.scheme)


def test_periods_and_ties_are_set_and_shown_again(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    dialog = FactsDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.periods.setText("上半年三成")
    dialog.try_to_accept()
    assert "读不出来" in dialog.problem.text() and not scheme_of(group).periods
    dialog.periods.setText("6月30%、12月70%")
    dialog.tied[0].setCurrentIndex(dialog.tied[0].findData(TieBreak.HEAVIER.value))
    dialog.tied[1].setCurrentIndex(dialog.tied[1].findData(TieBreak.BONUS.value))
    dialog.try_to_accept()
    found = scheme_of(group)
    assert found.periods == (Period(6, Decimal(30)), Period(12, Decimal(70)))
    assert found.ties == (TieBreak.HEAVIER, TieBreak.BONUS)
    again = FactsDialog(page._workspace, group.scheme)
    qtbot.addWidget(again)
    assert again.periods.text() == "上半年30%、全年70%"
    assert [box.currentData() for box in again.tied] == [TieBreak.HEAVIER.value, TieBreak.BONUS.value, None]


def test_an_item_is_scored_by_periods_from_the_table(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    first = group.indicators[0]
    assert not view._write([Edit(int(first), "by_period", "是", True)], "分期")
    assert next(row for row in scheme_items.item_rows(group.store, group.scheme) if row.indicator == first).by_period
    view.activate()
    assert view.items[int(first)].by_period


def test_steps_have_their_last_days(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "steps")
    dialog = ProcedureDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.days[AssessmentStep.SELF].setText(f"{YEAR + 1}-01-20")
    dialog.days[AssessmentStep.CERTIFY].setText(f"{YEAR + 1}-01-10")
    dialog.try_to_accept()
    assert "早于" in dialog.problem.text()
    dialog.days[AssessmentStep.CERTIFY].setText("1月31日")
    dialog.try_to_accept()
    assert scheme_of(group).due == (
        StepDue(AssessmentStep.SELF, date(YEAR + 1, 1, 20)), StepDue(AssessmentStep.CERTIFY, date(YEAR + 1, 1, 31)))


def test_the_panel_says_what_is_overdue_and_the_list_what_came_late(group, tmp_path, qtbot):
    today = clock.today()
    procedure.set_due(group.store, group.scheme, AssessmentStep.SELF, today - timedelta(days=2))
    procedure.set_due(group.store, group.scheme, AssessmentStep.VETO, today - timedelta(days=1))
    vetoes.declare(group.store, YEAR, group.units[0], "信访", organ="信访局", on=today)
    page = shown(group, tmp_path, qtbot, "steps")
    assert "▲ 已逾期2天" in "\n".join(one.text() for one in page.views.view.side.findChildren(QLabel))
    assert vetoes.vetoes(group.store, YEAR)[0].is_late


def test_a_unit_is_left_out_with_its_reason(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    dialog = MembersDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    for field in dialog.reasons:
        field.setText("x")
    dialog.try_to_accept()
    assert "至少要有一个" in dialog.problem.text() and not scheme_of(group).left_out
    for place, field in enumerate(dialog.reasons):
        field.setText("7月并入甲县" if place == 1 else "")
    dialog.try_to_accept()
    assert [(one.unit, one.reason) for one in scheme_of(group).left_out] == [(group.units[1], "7月并入甲县")]
    assert len(scores.board(group.store, group.scheme).units) == 3
    page._workspace.undo()
    assert not scheme_of(group).left_out, "one step back"


def test_the_scheme_goes_to_a_workbook_and_back(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    path = tmp_path / "办法.xlsx"
    scheme_files.export_scheme(group.store, group.scheme, path)
    book = openpyxl.load_workbook(path)
    book["方案"]["C2"] = 60
    book.save(path)
    view.sheets.take_in(group.scheme, path)
    assert view.items[int(group.indicators[0])].points == 60
    assert [action.text() for action in view.more.menu().actions() if "办法(Excel)" in action.text()] == [
        "导出办法(Excel)…", "导入办法(Excel)…"]


def test_sheets_and_lists_are_printed_from_the_menu(group, tmp_path, qtbot, monkeypatch):
    from ui.pages import assessment_print

    made = []
    monkeypatch.setattr(assessment_print, "print_document", lambda _page, _workspace, name, make, **_how: made.append((name, make().blocks)))
    page = shown(group, tmp_path, qtbot, "board")
    objections.raise_objection(group.store, YEAR, group.units[0], "少计")
    vetoes.declare(group.store, YEAR, group.units[1], "信访", organ="信访局")
    bonuses.add_bonus(group.store, YEAR, group.units[1], "先进", Decimal(1), basis="文件")
    papers = assessment_print.ScorePapers(page.state, page)
    button = papers.button("打印")
    qtbot.addWidget(button)
    wanted = ("自查自评表(全组)", "现场复核工作底稿(全组)", "加减分明细表(各组)", "一票否决情况表", "申诉复核表")
    for action in button.menu().actions():
        if action.text() in wanted:
            action.trigger()
    assert len(made) == len(wanted) and all(blocks for _name, blocks in made)


def test_a_scheme_is_compared_with_last_years(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    assert view.compare() is None and "上年没有" in page.said[-1]
    old = scheme_of(group)
    with group.store.change("上年办法") as change:
        record = change.named(Scheme, YEAR - 1, old.peer_group)
        change.put(Scheme(id=record, year=YEAR - 1, peer_group=old.peer_group, digits=4))
    dialog = view.compare()
    lines = [dialog.listing.item(row).text() for row in range(dialog.listing.count())]
    assert "总分小数位:4 → 2" in lines and "新增指标:工业投资" in lines
    dialog.accept()
