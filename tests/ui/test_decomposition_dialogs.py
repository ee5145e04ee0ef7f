"""Dialogs and side panel of 目标分解: split, plan, copy, outline, superior target, undivided, texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.services import decomposition_edits, planning_edits
from mbo_desktop.services.decomposition_edits import FieldEdit
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.decomposition_folder import YEAR, Folder, make_folder
from tests.ui.test_decomposition_page import Room, add_parts, county, make_room
from ui.dialogs.decomposition_copy import CopyDialog
from ui.dialogs.decomposition_notes import UndividedDialog
from ui.dialogs.decomposition_outline import OutlineDialog
from ui.dialogs.decomposition_plan import PlanDialog
from ui.dialogs.decomposition_split import SplitDialog
from ui.dialogs.decomposition_superior import SuperiorTargetDialog
from ui.pages.decomposition_pictures import SplitBar

Key = Qt.Key


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = make_folder(tmp_path / "数据")
    yield made
    made.store.close()


@pytest.fixture
def room(qtbot: QtBot, folder: Folder) -> Room:
    return make_room(qtbot, folder)


def values(folder: Folder, nodes: list[int]) -> list[str]:
    return [folder.row(node).value for node in nodes]


def split_dialog(room: Room, folder: Folder) -> SplitDialog:
    dialog = SplitDialog(room.page.workspace, folder.row(county(folder)), room.page)
    room.qtbot.addWidget(dialog)
    dialog.show()
    room.rest()
    return dialog


def type_in(dialog: SplitDialog, row: int, key: str, text: str) -> None:
    model = dialog.model
    assert model.setData(model.index(row, model.column_of(key)), text)


# Splitting --------------------------------------------------------------------


def test_a_split_is_written_only_when_it_is_taken(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    dialog = split_dialog(room, folder)
    assert [part.new for part in dialog.preview.parts] == [Decimal(30), Decimal(30)]
    assert "相符" in dialog.sums.text()
    assert values(folder, nodes) == ["", ""]
    dialog.try_to_accept()
    assert values(folder, nodes) == ["30", "30"]
    folder.store.undo()
    assert values(folder, nodes) == ["", ""]


def test_typed_amounts_show_what_is_left_and_stay_when_the_rest_is_reckoned(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    dialog = split_dialog(room, folder)
    type_in(dialog, 0, "new", "40")
    assert "超出总数 10亿元" in dialog.sums.text()
    dialog.again.click()
    assert [part.new for part in dialog.preview.parts] == [Decimal(40), Decimal(20)]
    dialog.try_to_accept()
    assert values(folder, nodes) == ["40", "20"]


def test_pressure_is_shown_and_not_forbidden(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    dialog = split_dialog(room, folder)
    dialog.pressure.setText("5")
    room.qtbot.waitUntil(lambda: dialog.preview.given == Decimal(63))
    assert "加压5%" in dialog.sums.text()
    dialog.try_to_accept()
    assert values(folder, nodes) == ["31.5", "31.5"]


def test_weights_can_be_typed_in_the_dialog(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    decomposition_edits.write_fields(folder.store, YEAR, [
        FieldEdit(nodes[0], "weight", Decimal(1)), FieldEdit(nodes[1], "weight", Decimal(1))])
    dialog = split_dialog(room, folder)
    assert dialog.rules.view == "weight"
    type_in(dialog, 1, "measure", "2")
    assert [part.new for part in dialog.preview.parts] == [Decimal(20), Decimal(40)]


def test_a_rule_without_figures_says_so_and_cannot_be_taken(room: Room, folder: Folder) -> None:
    add_parts(folder, county(folder), "航埠镇", "石梁镇")
    dialog = split_dialog(room, folder)
    dialog.rules.set_view("last_year")
    dialog.rules.switched.emit("last_year")
    assert "上年" in dialog.problem.text()
    assert not dialog.accept_button.isEnabled()


def test_a_locked_part_keeps_its_value(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    decomposition_edits.write_fields(folder.store, YEAR, [
        FieldEdit(nodes[0], "value", "50"), FieldEdit(nodes[0], "locked", True)])
    dialog = split_dialog(room, folder)
    assert [part.new for part in dialog.preview.parts] == [Decimal(50), Decimal(10)]
    type_in(dialog, 0, "locked", "否")
    assert [part.new for part in dialog.preview.parts] == [Decimal(30), Decimal(30)]
    type_in(dialog, 1, "locked", "是")
    dialog.try_to_accept()
    assert [folder.row(one).locked for one in nodes] == [False, True]


def test_without_parts_the_way_is_told(room: Room, folder: Folder) -> None:
    room.go(county(folder))
    room.press(Key.Key_F7)
    assert any("还没有下级" in text for text in room.said)


# Plans --------------------------------------------------------------------------


def test_a_time_proportional_plan_by_quarter(room: Room, folder: Folder) -> None:
    dialog = PlanDialog(room.page.workspace, folder.row(folder.second), room.page)
    room.qtbot.addWidget(dialog)
    dialog.period.set_view("quarter")
    dialog.period.switched.emit("quarter")
    dialog.try_to_accept()
    record = folder.store.get(Allocation, folder.row(folder.second).allocation)
    assert [str(one) for one in record.plan.amounts] == ["750", "1500", "2250", "3000"]
    assert "1,500" in folder.row(folder.second).plan_text


def test_last_years_rhythm_is_typed_or_pasted(room: Room, folder: Folder) -> None:
    dialog = PlanDialog(room.page.workspace, folder.row(folder.second), room.page)
    room.qtbot.addWidget(dialog)
    for switch, key in ((dialog.period, "quarter"), (dialog.basis, "last_year")):
        switch.set_view(key)
        switch.switched.emit(key)
    assert not dialog.accept_button.isEnabled()
    dialog.last_year.setText("100 300\t600、1000")
    dialog.last_year.commit()
    assert [str(one) for one in dialog._plan.amounts] == ["300", "900", "1800", "3000"]


def test_amounts_in_the_side_panel_are_saved_one_by_one(room: Room, folder: Folder) -> None:
    room.go(folder.second)
    room.page.side._on_by_quarter()
    room.rest()
    for place, text in enumerate(("500", "1000")):
        field = room.page.side.fields[f"plan{place}"]
        field.setFocus()
        room.type(text)
        room.press(Key.Key_Return)
    record = folder.store.get(Allocation, folder.row(folder.second).allocation)
    assert record.plan.amounts[:2] == (Decimal(500), Decimal(1000))
    assert room.page.side.fields["plan2"].hasFocus()


def test_milestones_are_added_dated_and_removed(room: Room, folder: Folder) -> None:
    room.go(folder.second, "milestones")
    room.page.side.fields["milestones"].click()
    room.rest()
    focus = QApplication.focusWidget()
    focus.setText("方案出台")
    focus.setModified(True)
    room.press(Key.Key_Return)
    day = room.page.side.fields["milestone_day0"]
    day.setFocus()
    room.type("6.30")
    room.press(Key.Key_Return)
    record = folder.store.get(Allocation, folder.row(folder.second).allocation)
    assert [(one.title, one.due) for one in record.milestones] == [("方案出台", date(2020, 6, 30))]


# Side panel -----------------------------------------------------------------------


def test_texts_are_written_on_leaving(room: Room, folder: Folder) -> None:
    room.go(folder.second, "difficulties")
    field = room.page.side.fields["difficulties"]
    field.setPlainText("企业停产检修")
    room.page.tree.setFocus()
    room.rest()
    record = folder.store.get(Allocation, folder.row(folder.second).allocation)
    assert record.difficulties == "企业停产检修"


def test_the_panel_names_what_is_missing(room: Room, folder: Folder) -> None:
    room.go(folder.second)
    texts = [label.text() for label in room.page.side.findChildren(type(room.page._title))]
    assert any("经办人" in text for text in texts)
    assert "五个明确" in texts
    assert any("王建国" in text for text in texts)


def test_only_what_adds_up_is_drawn_as_parts_of_a_whole(room: Room, folder: Folder) -> None:
    nodes = add_parts(folder, county(folder), "航埠镇", "石梁镇")
    edits = [FieldEdit(node, "value", "30") for node in nodes]
    assert not decomposition_edits.write_fields(folder.store, YEAR, edits)
    room.go(county(folder))
    assert room.page.side.findChildren(SplitBar)
    planning_edits.set_cell(
        folder.store, folder.indicator, folder.units["柯城区"], TargetField.VALUE, "增长8%")
    room.rest()
    assert not room.page.side.findChildren(SplitBar)


# Copy, outline, superior, undivided ---------------------------------------------------


def test_a_part_is_copied_to_other_units(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    dialog = CopyDialog(room.page.workspace, folder.row(node), room.page)
    room.qtbot.addWidget(dialog)
    dialog.find.setText("slz")
    dialog.every.click()
    assert dialog.accept_button.text() == "复制给 1 个单位"
    dialog.try_to_accept()
    assert [folder.row(one).unit_label for one in folder.below(county(folder))] == ["航埠镇", "石梁镇"]


def test_no_unit_chosen_keeps_the_dialog(room: Room, folder: Folder) -> None:
    (node,) = add_parts(folder, county(folder), "航埠镇")
    dialog = CopyDialog(room.page.workspace, folder.row(node), room.page)
    room.qtbot.addWidget(dialog)
    dialog.show()
    dialog.try_to_accept()
    assert "没有选定单位" in dialog.problem.text()


OUTLINE = "一、抓好重点项目\n(一)技改投资20亿元\n(二)新建厂房3处\n二、优化服务\n1.每月调度一次\n"


def test_an_outline_is_shown_and_then_written_with_its_levels(room: Room, folder: Folder) -> None:
    dialog = OutlineDialog(room.page.workspace, folder.row(county(folder)), room.page, text=OUTLINE)
    room.qtbot.addWidget(dialog)
    top = dialog.tree.topLevelItem(0)
    assert top.text(0) == "抓好重点项目"
    assert [top.child(n).text(0) for n in range(top.childCount())] == ["技改投资", "新建厂房"]
    assert folder.below(county(folder)) == []
    dialog.try_to_accept()
    assert folder.titles(county(folder)) == ["抓好重点项目", "优化服务"]
    assert folder.titles(folder.below(county(folder))[0]) == ["技改投资", "新建厂房"]
    folder.store.undo()
    assert folder.below(county(folder)) == []


def test_an_empty_outline_cannot_be_written(room: Room, folder: Folder) -> None:
    dialog = OutlineDialog(room.page.workspace, folder.row(county(folder)), room.page, text=" ")
    room.qtbot.addWidget(dialog)
    assert not dialog.accept_button.isEnabled()


def test_a_superior_target_stands_in_the_tree_at_once(room: Room, folder: Folder) -> None:
    dialog = SuperiorTargetDialog(room.page.workspace, room.page)
    room.qtbot.addWidget(dialog)
    dialog.name.setText("技术改造投资")
    dialog.value.setText("12.5")
    dialog.measure.setText("亿元")
    dialog.due.setText("9月底前")
    dialog.try_to_accept()
    row = folder.row(dialog.made)
    assert (row.title, row.value, row.unit_of_measure, row.due) == (
        "技术改造投资", "12.5", "亿元", date(2020, 9, 30))
    assert row.unit == folder.units["示例市"]


def test_a_superior_target_needs_a_name(room: Room, folder: Folder) -> None:
    dialog = SuperiorTargetDialog(room.page.workspace, room.page)
    room.qtbot.addWidget(dialog)
    dialog.show()
    dialog.try_to_accept()
    assert not dialog.made
    assert dialog.isVisible()


def test_why_it_is_not_broken_down_is_stated_and_taken_back(room: Room, folder: Folder) -> None:
    dialog = UndividedDialog(room.page.workspace, folder.row(county(folder)), room.page)
    room.qtbot.addWidget(dialog)
    dialog.reason.setPlainText("由监管单位直接负责")
    dialog.try_to_accept()
    assert folder.row(county(folder)).undivided == "由监管单位直接负责"
    dialog = UndividedDialog(room.page.workspace, folder.row(county(folder)), room.page)
    room.qtbot.addWidget(dialog)
    dialog.reason.setPlainText("")
    dialog.try_to_accept()
    assert folder.row(county(folder)).undivided == ""


def test_a_long_outline_is_written_beside_the_window(room: Room, folder: Folder) -> None:
    text = "\n".join(f"{n}.企业{n}技改" for n in range(1, 401))
    dialog = OutlineDialog(room.page.workspace, folder.row(county(folder)), room.page, text=text)
    room.qtbot.addWidget(dialog)
    jobs: list[str] = []
    run = room.page.workspace.jobs.run
    room.page.workspace.jobs.run = lambda title, *a, **k: jobs.append(title) or run(title, *a, **k)
    dialog.try_to_accept()
    assert jobs == ["粘贴大纲 400 项"]
    assert len(folder.below(county(folder))) == 400
    assert any("已写入 400 项" in text for text in room.said)
