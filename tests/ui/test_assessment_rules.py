"""考核办法: one rule for several items, several confirmed at once, an example before the year's figures are in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.services import scheme_items, schemes
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR
from ui.dialogs.assessment_rule import RuleDialog, RuleSubject
from ui.pages import assessment_scheme


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def select_all(view):
    grid = view.grid.view
    grid.select_cell(view.grid.model.index(0, 0))
    grid.selectionModel().select(view.grid.model.index(1, 0), QItemSelectionModel.SelectionFlag.Select)


def rules(group):
    return {one.indicator: one.rule for one in group.store.get(Scheme, group.scheme).items}


def test_one_rule_for_all_selected_items_is_one_step(group, tmp_path, qtbot, monkeypatch):
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    select_all(view)
    before = rules(group)

    def answered(dialog):
        assert not dialog.to_others.isHidden() and "另外 1 项" in dialog.to_others.text()
        dialog.part.set_rule(preset("R07").rule)
        dialog.to_others.setChecked(True)
        dialog.act()
        return 1

    monkeypatch.setattr(assessment_scheme.RuleDialog, "exec", answered)
    view.edit_rule()
    assert len(set(rules(group).values())) == 1 and rules(group) != before
    page._workspace.undo()
    assert rules(group) == before


def test_a_rule_alone_touches_no_other_item(group, tmp_path, qtbot, monkeypatch):
    view = shown(group, tmp_path, qtbot, "scheme").views.view
    view.grid.view.select_cell(view.grid.model.index(0, 0))
    before = rules(group)

    def answered(dialog):
        assert dialog.to_others.isHidden()
        dialog.part.set_rule(preset("R07").rule)
        dialog.act()
        return 1

    monkeypatch.setattr(assessment_scheme.RuleDialog, "exec", answered)
    view.edit_rule()
    assert rules(group)[group.indicators[0]] != before[group.indicators[0]]
    assert rules(group)[group.indicators[1]] == before[group.indicators[1]]


def test_words_typed_with_a_rule_and_in_the_table_are_kept(group, tmp_path, qtbot, monkeypatch):
    from mbo_desktop.domain.planning import Indicator
    from ui.grids.columns import Edit

    view = shown(group, tmp_path, qtbot, "scheme").views.view
    view.grid.view.select_cell(view.grid.model.index(0, 0))

    def answered(dialog):
        dialog.text.setPlainText("完成得满分，未完成不得分")
        dialog.propose()
        dialog._on_adopt()
        dialog.act()
        return 1

    monkeypatch.setattr(assessment_scheme.RuleDialog, "exec", answered)
    view.edit_rule()
    one, other = group.indicators[:2]
    assert group.store.get(Indicator, one).scoring_text == "完成得满分，未完成不得分"
    assert '"met"' in rules(group)[one]
    view._write([Edit(int(other), "text", "按完成率计分", "按完成率计分")], "修改评分标准")
    assert group.store.get(Indicator, other).scoring_text == "按完成率计分"


def test_several_rules_are_confirmed_together(tmp_path, qtbot):
    group = Group(tmp_path / "data", with_scheme=False)
    group.scheme = schemes.make_scheme(group.store, YEAR, "县区组")
    page = shown(group, tmp_path, qtbot, "scheme")
    view = page.views.view
    select_all(view)
    view.confirm()
    assert all(one.confirmed for one in scheme_items.item_rows(group.store, group.scheme))
    page._workspace.undo()
    assert not any(one.confirmed for one in scheme_items.item_rows(group.store, group.scheme))
    group.store.close()


def test_the_undo_of_a_message_takes_back_its_own_step_or_nothing(group, tmp_path, qtbot):
    """「已确认 2 条计分规则 · 撤销」 stood while the meeting's approval was registered, and took that back."""
    from PySide6.QtWidgets import QPushButton, QWidget

    from ui.widgets.message_bar import MessageBar

    scheme_items.set_item(group.store, group.scheme, group.indicators[0], confirmed=False)
    page = shown(group, tmp_path, qtbot, "scheme")
    holder = QWidget()
    qtbot.addWidget(holder)
    bar = MessageBar(holder)
    holder.show()
    page._workspace.said.connect(bar.say)
    page.views.view._on_confirm_all()
    (button,) = [one for one in bar.findChildren(QPushButton) if one.text() == "撤销"]
    scheme_items.set_item(group.store, group.scheme, group.indicators[1], digits=3)
    button.click()
    row = {one.indicator: one for one in scheme_items.item_rows(group.store, group.scheme)}
    assert row[group.indicators[1]].digits == 3
    assert row[group.indicators[0]].confirmed
    assert "不能从这里撤销" in bar.label.text() and bar.isVisible()


def test_the_example_is_worked_before_figures_are_in(qtbot):
    facts = Facts(Decimal(10), Decimal(100), None, Decimal(90))
    facts.label = "甲县"
    subject = RuleSubject("工业投资", Decimal(10), "亿元", "", preset("R01").rule, [facts])
    dialog = RuleDialog(subject, lambda rule: None)
    qtbot.addWidget(dialog)
    assert "甲县(假设的实绩)" in dialog.working.text() and "10" in dialog.working.text()


def test_what_a_proposal_assumes_and_a_wrong_direction_stand_beside_it(qtbot):
    facts = Facts(Decimal(10), Decimal(90), Decimal(95), Decimal(90), is_rate=True)
    subject = RuleSubject("办结率", Decimal(10), "%", "信访办结率达到98%以上得满分，每低1个百分点扣0.5分", preset("R01").rule, [facts])
    dialog = RuleDialog(subject, lambda rule: None)
    qtbot.addWidget(dialog)
    dialog.propose()
    said = dialog.proposal.text()
    assert "注意:从98%起计算加减分,不是从目标值" in said and "方向不符" not in said
    dialog.text.setPlainText("控制在目标以内得满分，每超1个百分点扣1分")
    dialog.propose()
    assert "注意:文字是越低越好的说法,与指标的方向不符,请先核对指标的方向" in dialog.proposal.text()


def test_points_are_summed_by_unit_not_over_all_indicators(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot, "scheme")
    assert "2 项指标 · 各单位分值合计100" in page._figures.text()
    from mbo_desktop.services import planning_edits
    from mbo_desktop.services.planning_matrix import TargetField

    planning_edits.set_cell(group.store, group.indicators[0], group.units[0], TargetField.POINTS, "40")
    assert "各单位分值合计90—100" in page._figures.text()


def test_deleting_a_scheme_keeps_the_focus_in_the_room(group, tmp_path, qtbot):
    from PySide6.QtWidgets import QApplication

    page = shown(group, tmp_path, qtbot, "scheme")
    page.views.view._on_delete()
    assert page.state.scheme is None and page.isAncestorOf(QApplication.focusWidget())
