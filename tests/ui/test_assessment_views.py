"""考核办法, 程序, 加减分与否决, 审定封存: what is typed and asked there reaches the records and the board."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BonusItem,
    Component,
    Objection,
    Scheme,
    ScoreKind,
    SealedScore,
    Veto,
)
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.scoring.presets import PRESETS, preset
from mbo_desktop.services import (
    given_scores,
    objections,
    scheme_items,
    schemes,
    scores,
    sealing_scores,
)
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR
from ui.dialogs.assessment_facts import FactsDialog
from ui.dialogs.assessment_marks import BonusDialog, VetoDialog
from ui.dialogs.assessment_rule import RuleDialog, RuleSubject
from ui.dialogs.assessment_rule_form import RulePart
from ui.dialogs.assessment_steps import (
    DecisionDialog,
    ObjectionDialog,
    ProcedureDialog,
    StepDialog,
)
from ui.dialogs.assessment_votes import VotesDialog
from ui.grids.columns import Edit, Option
from ui.pages.assessment_sealing import SealDialog


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def texts(panel) -> str:
    return "\n".join(one.text() for one in panel.findChildren(QLabel))


def total(group, place):
    return scores.board(group.store, group.scheme).unit(group.units[place]).total


def pick(field, record, label):
    field.set_option(Option(record, label))


# The room without a scheme ---------------------------------------------------------------


def test_a_group_without_scheme_is_taught_and_gets_one(tmp_path, qtbot):
    group = Group(tmp_path / "data", with_scheme=False)
    page = shown(group, tmp_path, qtbot)
    assert page.stack.currentWidget() is page.no_scheme
    qtbot.mouseClick(page.no_scheme.buttons[0], Qt.MouseButton.LeftButton)
    assert page.views.key == "scheme" and "2 项规则待确认" in page._figures.text()
    page._workspace.undo()
    assert page.stack.currentWidget() is page.no_scheme and page.state.scheme is None
    group.store.close()


# 考核办法 ----------------------------------------------------------------------------------


def test_points_and_cap_are_typed_into_the_scheme(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    grid = page.views.view.grid
    model = grid.model
    row = model.row_of(group.indicators[0])
    assert model.setData(model.index(row, model.column_of("points")), "60")
    assert model.setData(model.index(row, model.column_of("cap")), "40")
    item = next(one for one in group.store.get(Scheme, group.scheme).items if one.indicator == group.indicators[0])
    assert item.points == 60 and item.cap == 40
    assert not model.setData(model.index(row, model.column_of("digits")), "9")
    assert model.cell_at(row, model.column_of("digits")).problem


def test_rules_wait_until_they_are_confirmed(group, tmp_path, qtbot):
    scheme_items.set_item(group.store, group.scheme, group.indicators[0], confirmed=False)
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    view.grid.view.select_cell(view.grid.model.index(view.grid.model.row_of(group.indicators[0]), 0))
    assert "请与文件核对后确认" in texts(view.side) and any("待确认" in one for one in view.problems)
    view.confirm()
    assert view.items[int(group.indicators[0])].confirmed and not view.confirm_all.isEnabled()


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.code)
def test_every_preset_goes_through_the_form_unchanged(one, qtbot):
    part = RulePart(one.rule)
    qtbot.addWidget(part)
    assert part.rule() == one.rule


def subject(**facts):
    return RuleSubject("工业投资", Decimal(10), "亿元", facts.pop("text", ""), facts.pop("rule", preset("R01").rule), (), **facts)


def test_the_rule_dialog_follows_each_change(qtbot):
    saved = []
    dialog = RuleDialog(subject(), saved.append)
    qtbot.addWidget(dialog)
    dialog.presets.setCurrentIndex(dialog.presets.findData("R04"))
    dialog._on_preset()
    assert "每超满1%加0.5分" in dialog.sentence.text()
    dialog.figures["actual"].setText("104")
    dialog.follow()
    assert "12.00分" in dialog.working.text(), "base 10, four steps of half a point"
    dialog.try_to_accept()
    assert saved == [preset("R04").rule]


def test_the_offices_words_propose_a_rule_that_is_taken_only_on_demand(qtbot):
    dialog = RuleDialog(subject(text="完成得基本分;每增加1%加0.5分,加至基本分为止;每少1%扣1分,扣完为止"), print)
    qtbot.addWidget(dialog)
    dialog.propose()
    assert dialog.part.rule() == preset("R01").rule, "nothing is taken silently"
    assert "每超满1%加0.5分" in dialog.proposal.text()
    dialog._on_adopt()
    assert dialog.part.rule().gain == Decimal("0.5")


def test_a_broken_formula_is_said_and_not_saved(qtbot):
    saved = []
    dialog = RuleDialog(subject(), saved.append)
    qtbot.addWidget(dialog)
    dialog.part.kinds.setCurrentIndex(dialog.part.kinds.findData("formula"))
    dialog.part._on_kind()
    dialog.part._body.findChildren(object)
    field = dialog.part._readers["text"].__self__
    field.setPlainText("分值*(实绩/目标")
    dialog.try_to_accept()
    assert not saved and "读不出来" in dialog.problem.text()
    field.setPlainText("分值*实绩/目标")
    dialog.try_to_accept()
    assert saved and saved[0].text == "分值*实绩/目标"


def test_rules_are_wrapped_and_unwrapped(qtbot):
    part = RulePart(preset("R01").rule)
    qtbot.addWidget(part)
    part._wrap("proven")
    part._wrap("limits")
    assert [part.rule().code, part.rule().part.code, part.rule().part.part.code] == ["limits", "proven", "ratio"]
    part._on_unwrap()
    part._on_unwrap()
    assert part.rule() == preset("R01").rule


def test_weights_that_do_not_add_up_are_refused_in_words(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    dialog = FactsDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.parts[0][0].setText("领导评价")
    dialog.parts[0][1].setText("20")
    dialog.try_to_accept()
    assert "120" in dialog.problem.text() and not group.store.get(Scheme, group.scheme).components
    dialog.weight.setText("80")
    dialog.grades[0][2].setText("2")
    dialog.try_to_accept()
    found = group.store.get(Scheme, group.scheme)
    assert found.components == (Component("领导评价", Decimal(20)),) and found.grades[0].quota == 2


# 程序 --------------------------------------------------------------------------------------


def test_steps_are_entered_and_taken_back_in_the_panel(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "steps")
    view = page.views.view
    dialog = StepDialog(page._workspace, group.scheme, AssessmentStep.CERTIFY)
    qtbot.addWidget(dialog)
    dialog.basis.setText("考核办通知")
    dialog.try_to_accept()
    assert "● 核定" in texts(view.side) and "考核办通知" in texts(view.side)
    back = next(one for one in view.side.findChildren(QPushButton) if one.text() == "撤回")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert not group.store.get(Scheme, group.scheme).done


def test_the_long_procedure_is_at_hand(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "steps")
    dialog = ProcedureDialog(page._workspace, group.scheme)
    qtbot.addWidget(dialog)
    assert dialog.forms.currentText().startswith("简化程序"), "the form in force, not 自选"
    dialog.boxes[AssessmentStep.VOTE].setChecked(True)
    assert dialog.forms.currentText() == "自选"
    dialog.forms.setCurrentIndex(2)
    dialog._on_form()
    assert dialog.forms.currentText() == "完整程序"
    dialog.try_to_accept()
    assert AssessmentStep.VOTE in group.store.get(Scheme, group.scheme).steps
    assert "○ 领导评价和民主测评" in texts(page.views.view.side)


def test_four_columns_stand_side_by_side(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "steps")
    model = page.views.view.four.model
    for key, value in (("self", "50"), ("certified", "48"), ("reviewed", "49"), ("final", "47")):
        assert model.setData(model.index(0, model.column_of(key)), value)
    assert model.cell_at(0, model.column_of("used")).text == "47.00"
    assert model.cell_at(0, model.column_of("gap")).text == "-3.00"
    assert group.store.operator in model.cell_at(0, model.column_of("self")).note


def test_an_objection_that_is_upheld_gives_a_reviewed_score(group, tmp_path, qtbot):
    before = total(group, 2)
    page = shown(group, tmp_path, qtbot, "steps")
    units = page.views.view._units()
    dialog = ObjectionDialog(page._workspace, units, page.views.view._heads(), group.units[2], group.indicators[0])
    qtbot.addWidget(dialog)
    dialog.try_to_accept()
    assert "理由" in dialog.problem.text() and not group.store.all(Objection)
    dialog.text.setPlainText("统计口径有误")
    dialog.try_to_accept()
    (row,) = objections.objections(group.store, YEAR)
    page.views.view.shown_list.setCurrentIndex(1)
    page.views.view._on_list()
    assert "待复核 1" in page._figures.text()
    decision = DecisionDialog(page._workspace, group.scheme, row.objection, "丙县")
    qtbot.addWidget(decision)
    decision.upheld.setCurrentIndex(1)
    decision._on_upheld()
    decision.points.setText("48")
    decision.text.setPlainText("经核实采纳")
    decision.try_to_accept()
    assert total(group, 2) == Decimal("98.00")
    again = DecisionDialog(page._workspace, group.scheme, objections.objections(group.store, YEAR)[0].objection, "丙县")
    qtbot.addWidget(again)
    assert again.upheld.currentData() and again.points.text() == "48" and again.text.toPlainText() == "经核实采纳"
    again.points.setText("-1")
    again.try_to_accept()
    assert again.problem.text() and objections.objections(group.store, YEAR)[0].state == "采纳", "all or nothing"
    again.upheld.setCurrentIndex(0)
    again._on_upheld()
    again.points.setText("")
    again.try_to_accept()
    assert total(group, 2) == before, "what the former decision gave is taken back"


def test_a_new_objection_is_the_one_that_is_decided(group, tmp_path, qtbot, monkeypatch):
    page = shown(group, tmp_path, qtbot, "steps")
    view = page.views.view
    for place in (0, 1):
        monkeypatch.setattr(ObjectionDialog, "exec", lambda dialog, place=place: (
            setattr(dialog, "record", objections.raise_objection(group.store, YEAR, group.units[place], "口径")), 1)[1])
        view._on_objection()
        qtbot.waitUntil(lambda place=place: (
            row := view._objections.get(int(view.objected.view.current_id() or 0))) is not None
            and row.objection.unit == group.units[place])


def test_ballots_of_all_units_are_typed_into_one_table(group, tmp_path, qtbot):
    schemes.set_facts(group.store, group.scheme, target_weight=Decimal(80), components=(Component("领导评价", Decimal(20)),))
    page = shown(group, tmp_path, qtbot, "steps")
    dialog = VotesDialog(page._workspace, group.scheme, ("领导评价",))
    qtbot.addWidget(dialog)
    dialog.show()
    model, steps = dialog.grid.model, group.store.undo_label
    block = [["8", "2", "0", "3"], ["5票", "5", "", ""], ["半", "1", "", ""]]
    refused = model.write_block(0, 1, block) if hasattr(model, "write_block") else dialog._write(
        [Edit(model.id_at(row), model.columns[1 + column].key, text, text)
         for row, texts in enumerate(block) for column, text in enumerate(texts)], "粘贴")
    assert refused and len(refused) == 1
    assert total(group, 0) == Decimal("98.80"), "0.8 × 100 + 0.2 × 94"
    assert total(group, 1) == Decimal("89.00"), "0.8 × 90 + 0.2 × 85"
    assert model.cell_at(0, 5).text == "94.00" and model.cell_at(0, 4).text == "3" and model.cell_at(3, 5).text == "缺"
    page._workspace.undo()
    assert group.store.undo_label == steps and model.cell_at(0, 1).text == "", "one step"


def test_ballots_take_the_place_of_points_and_can_be_taken_back(group, tmp_path, qtbot):
    schemes.set_facts(group.store, group.scheme, target_weight=Decimal(80), components=(Component("领导评价", Decimal(20)),))
    given_scores.set_points(group.store, group.scheme, group.units[0], "领导评价", ScoreKind.CERTIFIED, "60", "汇总")
    dialog = VotesDialog(shown(group, tmp_path, qtbot, "steps")._workspace, group.scheme, ("领导评价",))
    qtbot.addWidget(dialog)
    unit = int(group.units[0])
    assert dialog.grid.model.cell_at(0, 5).text == "60" or dialog.grid.model.cell_at(0, 5).text == "60.00"
    dialog._write([Edit(unit, "满意", "10", "10")], "")
    assert total(group, 0) == Decimal("100.00")
    assert dialog._write([Edit(unit, "满意", "-1", "-1")], "") and total(group, 0) == Decimal("100.00")
    dialog._write([Edit(unit, "满意", "", "")], "")
    assert dialog.grid.model.cell_at(0, 5).text == "缺"


# 加减分与否决 -------------------------------------------------------------------------------


def test_bonuses_and_vetoes_reach_the_board(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "marks")
    view = page.views.view
    bonus = BonusDialog(page._workspace, view._units(), unit=group.units[1])
    qtbot.addWidget(bonus)
    bonus.matter.setText("全省先进")
    bonus.points.setText("2")
    bonus.try_to_accept()
    assert "依据" in bonus.problem.text() and not group.store.all(BonusItem)
    bonus.basis.setText("浙政发〔2020〕1号")
    bonus.try_to_accept()
    assert total(group, 1) == Decimal("92.00") and view.grid.model.rowCount() == 1
    veto = VetoDialog(page._workspace, view._units(), view._heads(), unit=group.units[0])
    qtbot.addWidget(veto)
    veto.subject.setCurrentText("安全生产")
    veto.organ.setText("市应急管理局")
    veto.try_to_accept()
    (found,) = group.store.all(Veto)
    assert found.effect is VetoEffect.DISQUALIFY
    board = scores.board(group.store, group.scheme)
    assert board.unit(group.units[0]).grade == "良好", "never the best grade"
    assert "一票否决 1 个" in page._figures.text()


# 审定封存 -----------------------------------------------------------------------------------


def test_sealing_asks_about_what_is_open_and_comes_back_only_with_a_reason(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "sealing")
    view = page.views.view
    assert any("缺数据" in one for one in view.against)
    dialog = SealDialog(page.state, view.against)
    qtbot.addWidget(dialog)
    dialog.basis.setText("第12次常务会议")
    dialog.try_to_accept()
    assert "没有处理" in dialog.problem.text() and not group.store.all(SealedScore)
    dialog.although.setChecked(True)
    dialog.try_to_accept()
    assert dialog.result() and not group.store.all(SealedScore), "the work is done beside the window"
    view.seal(dialog.approved_by, although=True)
    assert len(group.store.all(SealedScore)) == 4 and view.grid.model.rowCount() == 4
    assert not view.seal_button.isEnabled() and view.unseal_button.isEnabled()
    group.report(group.indicators[0], group.units[3], "100")
    assert view.grid.model.rowCount() == 4
    sealing_scores.unseal(group.store, group.scheme, "数据有误")
    assert view.grid.model.rowCount() == 0 and view.seal_button.isEnabled()


def test_another_year_and_back_keeps_the_room_sound(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot)
    for key in ("scheme", "steps", "marks", "sealing", "board"):
        page.choose(key)
    page._workspace.set_year(YEAR - 1)
    page.activate()
    assert page.stack.currentWidget() is page.no_units
    page._workspace.set_year(YEAR)
    page.activate()
    assert page.stack.currentWidget() is page.views and page.state.scheme == group.scheme


def test_the_board_says_on_which_scale_a_part_is_given(group, tmp_path, qtbot):
    schemes.set_facts(group.store, group.scheme, target_weight=Decimal(80), components=(Component("定性工作", Decimal(20)),))
    model = shown(group, tmp_path, qtbot).views.view.grid.model
    rows = {model.cell_at(row, 0).text: model.cell_at(row, model.column_of("full")) for row in range(model.rowCount())}
    assert rows["综合得分"].text == "100" and rows["指标得分"].text == "80%"
    assert rows["定性工作"].text == "20%" and "按满分100打分" in rows["定性工作"].note


def test_a_parts_own_ballot_is_offered_alone(group, tmp_path, qtbot):
    from mbo_desktop.services.score_components import read_answers

    schemes.set_facts(group.store, group.scheme, target_weight=Decimal(80), components=(
        Component("民主测评", Decimal(20), read_answers("很满意100、满意80、不满意30")),))
    dialog = VotesDialog(shown(group, tmp_path, qtbot, "steps")._workspace, group.scheme, ("民主测评",))
    qtbot.addWidget(dialog)
    assert [column.key for column in dialog.grid.model.columns][1:5] == ["很满意", "满意", "不满意", "不了解"]
    assert not dialog.forms.isEnabled()
    dialog._write([Edit(int(group.units[0]), "很满意", "1", "1"), Edit(int(group.units[0]), "满意", "1", "1")], "")
    assert total(group, 0) == Decimal("98.00")
