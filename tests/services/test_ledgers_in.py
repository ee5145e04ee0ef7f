"""The three published ledgers come through the import whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    importing,
    offices,
    planning_edits,
    planning_framework,
    planning_matrix,
)
from mbo_desktop.services.importing import NewUnit, RowAction
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.store.database import Store
from tests.services.conftest import Office

SIX, FENGTAI, JINGYANG = (
    "考核目标-六县市区-建设工作.xlsx", "责任目标-凤台县-2006.txt", "任务分解台账-旌阳区-2016.xlsx",
)


def read(store: Store, path: Path, year: int) -> Proposal:
    (proposal,) = importing.read_file(store, path, year)
    return proposal


def given_to(store: Store, proposal: Proposal, name: str) -> Proposal:
    unit = offices.add_unit(store, name, superior=offices.root_unit(store))
    known = next(one for one in importing.known_units(store) if one.id == unit)
    return proposal.for_unit(known)


def indicators(store: Store, year: int) -> dict[str, Indicator]:
    return {one.name: one for one in store.all(Indicator, year=year)}


def test_six_counties(six_counties: Store) -> None:
    store = six_counties
    columns = planning_matrix.columns(store, 2006)
    # Official order: 柯城区 and 江山市 were in the register, the new ones follow.
    assert [column.heading for column in columns] == [
        "柯城区", "江山市", "衢江区", "龙游县", "常山县", "开化县",
    ]
    ids = planning_framework.indicator_ids(store, 2006)
    cells = planning_matrix.cells(store, ids, [column.unit for column in columns])
    assert (len(ids), len(cells)) == (8, 48)
    forms = [cell.form for cell in cells.values()]
    assert forms.count(TargetForm.NOT_APPLICABLE) == 2
    assert forms.count(TargetForm.CONDITION) == 1
    rows = planning_framework.indicator_rows(store, ids)
    assert [row.points for row in rows] == [Decimal(n) for n in (5, 5, 5, 5, 10, 10, 5, 5)]
    assert rows[5].scoring_text.startswith("完成得基本分;每增加1公顷加2分")
    assert (rows[5].name, rows[5].unit_of_measure) == ("新增公共绿化面积", "公顷")
    green = planning_matrix.row_totals(store, [ids[5]], [column.unit for column in columns])
    assert green[ids[5]].amount == Decimal(33)
    assert offices.count_units(store) == 5 + 4


def test_fengtai(store: Store, data_files: Path) -> None:
    proposal = read(store, data_files / FENGTAI, 2006)
    with pytest.raises(InputError, match="哪个单位"):
        importing.plan_import(store, proposal, 2006)
    proposal = given_to(store, proposal, "凤台县人民政府")
    plan = importing.plan_import(store, proposal, 2006)
    assert (plan.count(RowAction.NEW), plan.points) == (11, Decimal(80))
    importing.apply_import(store, proposal, plan)
    (column,) = planning_matrix.columns(store, 2006)
    total = planning_matrix.unit_totals(store, 2006, [column.unit])[column.unit]
    assert (total.allotted, total.points) == (11, Decimal(80))
    found = indicators(store, 2006)
    gdp = planning_matrix.cell(store, found["地区生产总值"].id, column.unit)
    assert (gdp.value, gdp.growth) == ("75", "25%")
    births = planning_matrix.cell(store, found["人口自然增长率"].id, column.unit)
    assert (births.form, births.amount) == (TargetForm.AT_MOST, Decimal(7))
    umbrella = next(one for one in found.values() if one.covers)
    assert len(umbrella.covers) == 9


def test_jingyang(store: Store, data_files: Path) -> None:
    proposal = given_to(store, read(store, data_files / JINGYANG, 2016), "旌阳区人民政府")
    plan = importing.plan_import(store, proposal, 2016)
    assert plan.opens_year
    assert plan.new_categories == ("宏观调控", "公共服务")
    assert "分值合计以区目标办解释为准" in "".join(plan.notes)
    importing.apply_import(store, proposal, plan)
    found = indicators(store, 2016)
    assert len(found) == 25
    assert found["地方政府债务率"].points == Decimal("0.5")
    assert found["全社会固定资产投资额"].unit_of_measure == "亿元"
    assert found["全社会固定资产投资额"].certifying_text == "区发改局、区统计局"
    (column,) = planning_matrix.columns(store, 2016)
    jobless = planning_matrix.cell(store, found["城镇登记失业率"].id, column.unit)
    assert (jobless.form, jobless.amount, jobless.value) == (
        TargetForm.AT_MOST, Decimal("4.1"), "低于 4.1",
    )
    # A row whose target stands blank is allotted all the same, not set.
    blank = planning_matrix.cell(store, found["税收占地方公共财政收入的比重及变化率"].id, column.unit)
    assert (blank.state.value, blank.points) == ("not_set", "2")
    assert column.targets == 25


def test_an_import_is_one_step_back(store: Store, data_files: Path) -> None:
    proposal = read(store, data_files / SIX, 2006)
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, 2006))
    assert store.undo_label == "导入台账 县(市、区)建设工作考核表"
    store.undo()
    assert store.all(Indicator) == []
    assert store.all(Target) == []
    assert offices.count_units(store) == 5


def test_planning_changes_nothing(store: Store, data_files: Path) -> None:
    before = store.change_count
    importing.plan_import(store, read(store, data_files / SIX, 2006), 2006)
    assert store.change_count == before


def test_the_same_ledger_again_changes_nothing(six_counties: Store, data_files: Path) -> None:
    store = six_counties
    proposal = read(store, data_files / SIX, 2006)
    plan = importing.plan_import(store, proposal, 2006)
    assert (plan.count(RowAction.SAME), plan.count_cells(RowAction.SAME)) == (8, 48)
    assert (plan.new_units, plan.draft.targets, plan.draft.indicators) == ((), [], [])
    before = store.change_count
    importing.apply_import(store, proposal, plan)
    assert store.change_count == before


def test_a_corrected_ledger_shows_old_and_new(six_counties: Store, data_files: Path) -> None:
    store = six_counties
    row = indicators(store, 2006)["新增公共绿化面积"]
    unit = planning_matrix.columns(store, 2006)[0].unit
    planning_edits.set_cell(store, row.id, unit, TargetField.VALUE, "7")
    planning_edits.set_cell(store, row.id, unit, TargetField.NOTE, "会上议定")
    proposal = read(store, data_files / SIX, 2006)
    plan = importing.plan_import(store, proposal, 2006)
    changed = [c for r in plan.rows for c in r.cells if c.action is RowAction.CHANGED]
    assert [(c.unit_name, c.field, c.old, c.new, c.place) for c in changed] == [
        ("柯城区", "目标值", "7", "1", "C9")
    ]
    result = importing.apply_import(store, proposal, plan)
    assert result.targets == 1
    cell = planning_matrix.cell(store, row.id, unit)
    assert (cell.value, cell.note) == ("1", "会上议定"), "what the ledger does not state stays"


def test_a_plan_does_not_outlive_other_changes(store: Store, data_files: Path) -> None:
    proposal = read(store, data_files / SIX, 2006)
    plan = importing.plan_import(store, proposal, 2006)
    offices.add_unit(store, "市财政局", superior=offices.root_unit(store))
    with pytest.raises(NotAllowedError, match="预览"):
        importing.apply_import(store, proposal, plan)
    assert store.all(Indicator) == []


def test_columns_can_be_left_out_or_given_to_another_unit(office: Office, data_files: Path) -> None:
    store = office.store
    proposal = read(store, data_files / SIX, 2006)
    fresh = NewUnit("开化县", "开化县政府", "开化", UnitKind.COUNTY)
    plan = importing.plan_import(
        store, proposal, 2006,
        units={"常山县": None, "龙游县": office.units["高新区"], "开化县": fresh},
    )
    assert plan.count_cells(RowAction.LEFT_OUT) == 8
    importing.apply_import(store, proposal, plan)
    headings = [column.heading for column in planning_matrix.columns(store, 2006)]
    assert headings == ["柯城区", "江山市", "高新区", "衢江区", "开化"]




def test_a_name_that_fits_two_units_waits_for_a_choice(store: Store, data_files: Path) -> None:
    proposal = read(store, data_files / SIX, 2006)
    first = replace(proposal.units[0], id=None, candidates=(1, 2))
    doubtful = replace(proposal, units=(first, *proposal.units[1:]))
    plan = importing.plan_import(store, doubtful, 2006)
    assert plan.undecided == (first.key,)
    with pytest.raises(NotAllowedError, match=first.key):
        importing.apply_import(store, doubtful, plan)


def test_a_second_unit_with_other_points_keeps_its_own(store: Store, data_files: Path) -> None:
    proposal = given_to(store, read(store, data_files / JINGYANG, 2016), "旌阳区人民政府")
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, 2016))
    again = read(store, data_files / JINGYANG, 2016)
    rows = tuple(replace(row, points=Decimal(4)) if row.points == 3 else row for row in again.rows)
    other = given_to(store, replace(again, rows=rows), "罗江区人民政府")
    plan = importing.plan_import(store, other, 2016)
    assert plan.count(RowAction.NEW) == 0
    importing.apply_import(store, other, plan)
    gdp = indicators(store, 2016)["地区生产总值增长率"]
    assert gdp.points == Decimal(3)
    points = {t.unit: t.points for t in store.all(Target, indicator=gdp.id)}
    assert sorted(points.values(), key=str) == [Decimal(4), None]


def test_the_mapping_is_remembered_for_the_next_ledger(six_counties: Store, data_files: Path) -> None:
    assert importing.remembered_mappings(six_counties)
    again = read(six_counties, data_files / SIX, 2006)
    assert again.is_remembered


def test_an_unknown_unit_is_suggested_in_full(store: Store, data_files: Path) -> None:
    plan = importing.plan_import(store, read(store, data_files / SIX, 2006), 2006)
    assert [(new.heading, new.name) for new in plan.new_units][:2] == [
        ("衢江区", "衢江区人民政府"), ("龙游县", "龙游县人民政府"),
    ]


def test_two_columns_of_one_unit_make_one_target(office: Office, data_files: Path) -> None:
    store = office.store
    proposal = read(store, data_files / SIX, 2006)
    row = proposal.rows[5]
    figures = replace(row.cells["龙游县"], value=None, last_year=Decimal(9))
    doubled = replace(proposal, rows=(replace(row, cells={**row.cells, "龙游县": figures}),))
    choices = {"龙游县": office.units["柯城区"]}
    plan = importing.plan_import(store, doubled, 2006, units=choices)
    importing.apply_import(store, doubled, plan)
    (indicator,) = store.all(Indicator, year=2006)
    cell = planning_matrix.cell(store, indicator.id, office.units["柯城区"])
    assert (cell.value, cell.last_year) == ("1", "9")
    assert len(store.all(Target)) == 5


def test_known_units_carry_what_matching_needs(store: Store) -> None:
    assert KnownUnit(1, "示例市人民政府", "示例市", "government") in importing.known_units(store)


def test_no_points_for_one_unit_are_not_the_points_of_the_row(store: Store) -> None:
    """0 分 stands in the unit's own column; nothing there would mean the row's points."""
    from mbo_desktop.spreadsheets.clipboard import read_clipboard
    from mbo_desktop.spreadsheets.ledger import propose_all

    lines = ["指标名称\t分值\t柯城区\t\t江山市\t", "\t\t目标\t分值\t目标\t分值", "工业投资(亿元)\t10\t5\t0\t6\t"]
    (proposal,) = propose_all(
        read_clipboard("", "\n".join(lines)), 2020, importing.known_units(store)
    )
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, 2020))
    points = {store.get(Unit, one.unit).short_name: one.points for one in store.all(Target)}
    assert points == {"柯城区": Decimal(0), "江山市": None}
