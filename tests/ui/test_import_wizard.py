"""The import wizard: the three published ledgers, corrections, errors, one step of undo."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import (
    importing,
    offices,
    planning_framework,
    planning_grid,
    planning_matrix,
    session,
)
from mbo_desktop.services.import_matching import RowAction
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.spreadsheets import child
from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.source import read_source
from tests.ui.planning_folder import YEAR, make_store, make_workspace
from ui.dialogs.import_wizard import MAPPING, PREVIEW, REPORT, SOURCE, ImportWizard
from ui.grids.columns import Tone
from ui.grids.editors import ChoiceEditor

SIX = "考核目标-六县市区-建设工作.xlsx"
TOWN = "责任目标-凤台县-2006.txt"
DISTRICT = "任务分解台账-旌阳区-2016.xlsx"


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def workspace(store, tmp_path):
    return make_workspace(store, tmp_path)


@pytest.fixture
def in_process(monkeypatch):
    """Files are read in this process, so that each test does not start another interpreter."""

    def read(path, year, known_units=(), mappings=None, progress=None, is_cancelled=None):
        return propose_all(read_source(path), year, known_units, mappings)

    monkeypatch.setattr(child, "read_in_child", read)


def opened(workspace, qtbot, *paths, pasted=None) -> ImportWizard:
    wizard = ImportWizard(workspace, None, paths=paths, pasted=pasted)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(wizard)
    # Shown without a parent: were nothing to hold it at the end of the test, it could be collected while painted.
    qtbot.held = [*getattr(qtbot, "held", []), wizard]
    wizard.show()
    return wizard


def step(wizard) -> int:
    return wizard.stack.currentIndex()


def indicators(store, year) -> list[Indicator]:
    ids = planning_grid.ids(store, year, FrameworkFilter())
    found = store.get_many(Indicator, ids)
    return [found[i] for i in ids]


def unit_named(store, name):
    return offices.search_units(store, name)[0].id


def test_six_counties(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX)
    assert step(wizard) == MAPPING
    assert wizard.mapping.units.rowCount() == 6
    assert wizard.mapping.units.new_count == 4, "two of the six are in the register already"
    wizard._on_next()
    assert step(wizard) == PREVIEW
    plan = wizard.preview.plan
    assert plan.count(RowAction.NEW) == 8
    assert plan.count_cells(RowAction.NEW) == 48
    assert not indicators(store, YEAR), "nothing is written before it is applied"
    wizard._on_next()
    assert step(wizard) == REPORT
    found = indicators(store, YEAR)
    assert [i.points for i in found] == [5, 5, 5, 5, 10, 10, 5, 5]
    assert all(i.scoring_text for i in found)
    units = [c.unit for c in planning_matrix.columns(store, YEAR)]
    cells = planning_matrix.cells(store, [i.id for i in found], units)
    assert len(cells) == 48
    assert sum(c.form is TargetForm.NOT_APPLICABLE for c in cells.values()) == 2
    assert sum(c.form is TargetForm.CONDITION for c in cells.values()) == 1
    assert any("另定条件" in wizard.report.listing.item(n).text() for n in range(wizard.report.listing.count()))


def test_the_town_list_goes_to_the_year_and_unit_its_title_names(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / TOWN)
    assert wizard.mapping.year.value() == 2006
    assert "凤台县" in wizard.mapping.owner.text()
    wizard._on_next()
    plan = wizard.preview.plan
    assert (len(plan.rows), plan.points, plan.opens_year) == (11, 80, True)
    wizard._on_next()
    found = indicators(store, 2006)
    assert sum(i.points for i in found) == 80
    unit = unit_named(store, "凤台")
    cells = {i.name: planning_matrix.cell(store, i.id, unit) for i in found}
    assert (cells["地区生产总值"].value, cells["地区生产总值"].growth) == ("75", "25%")
    assert cells["人口自然增长率"].form is TargetForm.AT_MOST
    assert cells["科技三项费用占年度本级财政预算支出"].form is TargetForm.AT_LEAST
    assert len(found[-1].covers) == 9
    assert workspace.year == 2006, "the window follows to the year of the ledger"


def test_the_district_ledger(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / DISTRICT)
    assert "旌阳区" in wizard.mapping.owner.text(), "taken from the file's name"
    wizard._on_next()
    wizard._on_next()
    found = indicators(store, 2016)
    assert len(found) == 25
    assert len({i.category for i in found}) == 2
    by_name = {i.name: i for i in found}
    assert by_name["工业投资"].unit_of_measure == "亿元"
    assert Decimal("0.5") in {i.points for i in found}
    assert by_name["地区生产总值增长率"].certifying_text == "区发改局、区统计局"


def test_the_whole_import_is_one_step(workspace, store, data_files, qtbot, in_process):
    before = store.undo_label
    wizard = opened(workspace, qtbot, data_files / SIX)
    wizard._on_next()
    wizard._on_next()
    wizard.report.undo_button.click()
    assert store.undo_label == before
    assert not indicators(store, YEAR)
    assert "已撤销" in wizard.report.sentence.text()


def test_the_same_ledger_again_shows_old_and_new(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX)
    wizard._on_next()
    wizard._on_next()
    from mbo_desktop.services import planning_edits
    from mbo_desktop.services.planning_matrix import TargetField

    first = indicators(store, YEAR)[1]
    unit = unit_named(store, "柯城")
    planning_edits.set_cell(store, first.id, unit, TargetField.VALUE, "70%")
    again = opened(workspace, qtbot, data_files / SIX)
    assert again.mapping.units.new_count == 0
    assert again._sheets[0].proposal.is_remembered
    again._on_next()
    plan = again.preview.plan
    assert plan.count(RowAction.NEW) == 0
    assert plan.count_cells(RowAction.CHANGED) == 1
    source = again.preview._source
    changed = [c for c in source.rows([2])[2].cells.values() if getattr(c, "tone", "") == Tone.AMBER]
    assert "→" in changed[0].text
    again.preview.only.setCurrentIndex(1)
    again.preview._on_only()
    assert again.preview.view.grid.rowCount() == 1
    again._on_next()
    assert planning_matrix.cell(store, first.id, unit).value == "90"


def test_a_role_chosen_over_a_column_is_read_anew(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / DISTRICT)
    place = next(c.index for c in wizard._sheets[0].proposal.columns if c.role.value == "certifying")
    combo = wizard.mapping.roles.cellWidget(0, place)
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData("lead"))
    combo.activated.emit(combo.currentIndex())
    row = wizard._sheets[0].proposal.rows[0]
    assert row.lead
    assert not row.certifying_text
    assert wizard.mapping.roles.cellWidget(0, place).currentData() == "lead"


def test_units_can_be_left_out_or_given_to_another(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX)
    table = wizard.mapping.units
    last, _kind = table._combos(5)
    last.setCurrentIndex(last.findData("leave_out"))
    table._on_activated()
    wizard._on_next()
    assert wizard.preview.plan.count_cells(RowAction.LEFT_OUT) == 8
    assert len(wizard.preview.plan.new_units) == 3


def test_a_list_of_no_named_unit_asks_whose_it_is(workspace, store, qtbot, in_process):
    text = "指标\t单位\t目标值\n工业投资\t亿元\t约3成\n新增就业\t人\t1200\n"
    wizard = opened(workspace, qtbot, pasted=("", text))
    assert step(wizard) == MAPPING
    assert wizard.mapping.owner.isVisible()
    wizard._on_next()
    assert step(wizard) == MAPPING
    assert "被考核单位" in wizard.messages.label.text()
    wizard.mapping.owner.setText("柯城区")
    wizard._on_next()
    plan = wizard.preview.plan
    assert [k.text for k in plan.kept] == ["约3成"]
    key = wizard.preview._source.columns[-1].key
    assert "保留为文字" in wizard.preview._source.rows([1])[1].cell(key).problem
    wizard._on_next()
    assert "1格保留为文字" in wizard.report.sentence.text()
    name = unit_named(store, "柯城")
    assert planning_matrix.cell(store, indicators(store, YEAR)[0].id, name).value == "约3成"


def test_a_declared_total_that_is_off_is_said(workspace, store, qtbot, in_process):
    text = "指标\t分值\t目标值\n工业投资(亿元)\t5\t10\n新增就业(人)\t6\t20\n合计\t12\t\n"
    wizard = opened(workspace, qtbot, pasted=("", text))
    wizard.mapping.owner.setText("柯城区")
    wizard._on_next()
    assert (wizard.preview.plan.declared_points, wizard.preview.plan.points) == (12, 11)
    from PySide6.QtWidgets import QLabel

    texts = [label.text() for label in wizard.preview.side.findChildren(QLabel)]
    assert "各项相加 11,台账写明 12" in texts


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(workspace, data_files, tmp_path, qtbot, in_process):
    locked = tmp_path / "台账.wps"
    locked.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096)
    wizard = opened(workspace, qtbot, locked)
    assert step(wizard) == SOURCE
    said = wizard.messages.label.text()
    assert "台账.wps" in said
    assert "未导入" in said
    both = opened(workspace, qtbot, locked, data_files / SIX)
    assert step(both) == MAPPING
    assert "台账.wps" in both.messages.label.text()


def test_several_tables_are_imported_one_after_the_other(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX, data_files / DISTRICT)
    assert wizard.mapping.sheet.count() == 2
    wizard._on_sheet(0)
    wizard._on_next()
    wizard._on_next()
    assert wizard.next_button.text() == "继续导入下一张表"
    wizard._on_next()
    assert step(wizard) == MAPPING
    assert wizard._current == 1


def test_data_changed_since_the_preview_is_not_overwritten(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX)
    wizard._on_next()
    planning_framework.add_indicator(store, YEAR, "工业投资")
    wizard._on_next()
    assert step(wizard) == MAPPING
    assert "重新预览" in wizard.messages.label.text()
    assert len(indicators(store, YEAR)) == 1


def test_the_sender_s_own_mapping_is_remembered(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / SIX)
    wizard.mapping.sender_field.setText("市住建局")
    wizard._on_next()
    wizard._on_next()
    assert importing.remembered_mappings(store, "市住建局")


def test_a_file_is_really_read_in_another_process(workspace, data_files, qtbot):
    wizard = opened(workspace, qtbot, data_files / SIX)
    assert step(wizard) == MAPPING
    assert wizard.mapping.roles.rowCount() > 8, "the first rows came along for the preview"


def test_the_years_of_a_folder_gain_the_imported_one(workspace, store, data_files, qtbot, in_process):
    wizard = opened(workspace, qtbot, data_files / TOWN)
    wizard.mapping.year.setValue(YEAR)
    wizard._on_next()
    assert any("2006" in w for w in wizard.preview.plan.warnings)
    wizard._on_next()
    assert {row.number for row in session.years(store)} == {YEAR}


def test_of_several_files_the_one_without_a_ledger_is_named(workspace, data_files, tmp_path, qtbot, in_process):
    letter = tmp_path / "便函.txt"
    letter.write_text("请各单位按时报送。", encoding="utf-8")
    wizard = opened(workspace, qtbot, data_files / TOWN, letter)
    assert step(wizard) == MAPPING
    assert "便函.txt" in wizard.messages.label.text()


def test_the_direction_is_guessed_shown_and_changed_before_anything_is_written(workspace, store, qtbot):
    text = "指标\t柯城区\n化学需氧量排放量(吨)\t2989\n信访案件(件)\t12\n粮食总产量(万吨)\t5"
    wizard = opened(workspace, qtbot, pasted=("", text))
    wizard.next_button.click()
    view = wizard.preview.view
    place = view.grid.column_of("direction")
    shown = [view.grid.cell_at(row, place) for row in range(3)]
    assert [cell.text for cell in shown] == ["反向", "正向", "正向"]
    assert "按指标名称" in shown[0].note
    view.grid.write_texts([(1, place, "反向")], "x")
    assert wizard.preview.view is view, "the table stays where it is"
    assert view.grid.cell_at(1, place).text == "反向" and "选定" in view.grid.cell_at(1, place).note
    view.grid.write_texts([(2, place, "横向")], "x")
    assert view.grid.cell_at(2, place).problem
    view.select_cell(view.grid.index(0, place))
    view.edit(view.grid.index(0, place), view.EditTrigger.DoubleClicked)
    editor = view.findChild(ChoiceEditor)
    qtbot.waitUntil(lambda: len(editor.options) == 3)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    wizard.next_button.click()
    found = {one.name: one.direction.label for one in store.all(Indicator, year=YEAR)}
    assert found == {"化学需氧量排放量": "反向", "信访案件": "反向", "粮食总产量": "正向"}
