"""Blocks typed into the lists of items and results: one step, refusals by place, a sealed year says no."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.results import Completion
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    planning_edits,
    planning_framework,
    register_edits,
    registers,
    result_edits,
    results,
    sealing,
    superior_results,
)
from mbo_desktop.services.register_edits import ItemEdit, ItemField
from mbo_desktop.services.result_edits import (
    ResultEdit,
    SuperiorEdit,
    SuperiorField,
    UnitEdit,
    UnitField,
)
from mbo_desktop.services.results import ResultField
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import Office

YEAR = 2020


def test_a_block_of_items_is_one_step(office: Office) -> None:
    store = office.store
    report = registers.add_source(store, YEAR, "政府工作报告")
    registers.add_items_from_text(store, report, "1. 新建学校12所\n2. 改造小区48个")
    first, second = (row.id for row in registers.items(store, YEAR))
    register_edits.apply_item_edits(store, [
        ItemEdit(first, ItemField.LEAD, "市教育局"), ItemEdit(first, ItemField.DUE, "6月底前"),
        ItemEdit(second, ItemField.LEAD, " 市住建局 "),
    ])
    assert [(row.lead, row.due) for row in registers.items(store, YEAR)] == [
        ("市教育局", "6月底前"), ("市住建局", ""),
    ]
    store.undo()
    assert [row.lead for row in registers.items(store, YEAR)] == ["", ""]


def test_an_emptied_item_refuses_the_whole_block(office: Office) -> None:
    store = office.store
    report = registers.add_source(store, YEAR, "政府工作报告")
    item = registers.add_item(store, report, "新建学校12所")
    with pytest.raises(InputError, match="没有填写"):
        register_edits.apply_item_edits(store, [
            ItemEdit(item, ItemField.LEAD, "市教育局"), ItemEdit(item, ItemField.TEXT, "　"),
        ])
    assert registers.items(store, YEAR)[0].lead == ""


def test_headings_ask_for_no_target(office: Office) -> None:
    store = office.store
    report = registers.add_source(store, YEAR, "政府工作报告")
    item = registers.add_item(store, report, "民生实事")
    register_edits.set_headings(store, [item], is_heading=True)
    assert registers.sources(store, YEAR)[0].items == 0
    sealing.seal_year(store, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        register_edits.set_headings(store, [item], is_heading=False)


def test_results_are_written_but_for_what_cannot_be_read(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    indicator = planning_framework.add_indicator(store, YEAR, "工业投资", unit_of_measure="亿元")
    planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, "40")
    refused = result_edits.apply_result_edits(store, [
        ResultEdit(indicator, unit, ResultField.ACTUAL, "42亿元"),
        ResultEdit(indicator, unit, ResultField.COMPLETION, "差不多"),
        ResultEdit(indicator, unit, ResultField.SCORE, "9.5分"),
    ])
    assert list(refused) == [1]
    assert "不是完成情况" in refused[1]
    row = results.rows(store, YEAR)[0]
    assert (row.actual, row.score, row.is_recorded) == ("42", "9.5", False)
    result_edits.apply_result_edits(store, [
        ResultEdit(indicator, unit, ResultField.COMPLETION, "未完成")])
    assert results.rows(store, YEAR)[0].completion is Completion.NOT_MET
    sealing.seal_year(store, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        result_edits.apply_result_edits(store, [ResultEdit(indicator, unit, ResultField.NOTE, "x")])


def test_units_and_superior_results_read_what_people_type(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    refused = result_edits.apply_unit_edits(store, YEAR, [
        UnitEdit(unit, UnitField.SCORE, "95.6分"), UnitEdit(unit, UnitField.RANK, "第2名"),
        UnitEdit(unit, UnitField.HONOURS, "优秀单位;创新奖"), UnitEdit(unit, UnitField.SCORE, "很高"),
    ])
    assert list(refused) == [3]
    row = results.unit_results(store, YEAR)[0]
    assert (row.score, row.rank, row.honours) == (Decimal("95.6"), 2, ("优秀单位", "创新奖"))
    result_edits.apply_superior_edits(store, [
        SuperiorEdit(YEAR, SuperiorField.RANK, "3/11"), SuperiorEdit(YEAR, SuperiorField.TITLE, "优秀单位")])
    found = superior_results.results(store)[0]
    assert (found.rank, found.ranked, found.title) == (3, 11, "优秀单位")
    result_edits.apply_superior_edits(store, [
        SuperiorEdit(YEAR, SuperiorField.RANK, ""), SuperiorEdit(YEAR, SuperiorField.TITLE, "")])
    assert superior_results.results(store) == (), "a year in which nothing is left goes"
