"""A county's folder speaks of 县政府 and 县直部门, and its departments are grouped so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.services import (
    importing,
    level_words,
    offices,
    results,
    results_import,
    session,
    statistics,
    unit_table,
)
from mbo_desktop.services.unit_table import FieldEdit

YEAR = 2020


@pytest.fixture
def county(tmp_path: Path):
    with session.create_folder(
        tmp_path / "数据", office_name="澜溪县人民政府目标管理办公室", operators=("王敏",), year=YEAR
    ) as store:
        yield store


def group(store, unit) -> str:
    return store.get(Unit, unit).peer_group


def test_departments_of_a_county_are_no_citys(county) -> None:
    root = offices.root_unit(county)
    bureau = offices.add_unit(county, "县教育局", superior=root)
    (listed,) = offices.add_units_from_list(county, "县水利局", superior=root).added
    town = offices.add_unit(county, "城关镇人民政府", superior=root)
    assert [group(county, unit) for unit in (bureau, listed, town)] == ["县直部门", "县直部门", ""]
    (proposal,) = importing.read_pasted(county, "", "指标\t县财政局\t青石镇\n税收收入(万元)\t9\t3", YEAR)
    importing.apply_import(county, proposal, importing.plan_import(county, proposal, YEAR))
    assert {row.name: row.peer_group for row in offices.children_of(county, root)} == {
        "县教育局": "县直部门", "县水利局": "县直部门", "城关镇人民政府": "乡镇街道",
        "县财政局": "县直部门", "青石镇人民政府": "乡镇街道",
    }


def test_the_group_follows_the_kind_until_one_is_chosen(county) -> None:
    unit = offices.add_unit(county, "云台山风景处", superior=offices.root_unit(county))
    offices.change_unit(county, unit, kind=UnitKind.ZONE)
    assert group(county, unit) == ""
    unit_table.write_units(county, [FieldEdit(unit, "kind", UnitKind.DEPARTMENT)], "x")
    assert group(county, unit) == "县直部门"
    offices.change_unit(county, unit, peer_group="经济部门")
    offices.change_unit(county, unit, kind=UnitKind.VERTICAL)
    assert group(county, unit) == "经济部门"


def test_the_account_is_the_countys(county) -> None:
    text = "指标\t县财政局目标\t县财政局完成\n税收收入(万元)\t9\t10"
    (proposal,) = results_import.read_pasted(county, "", text, YEAR).proposals
    results_import.apply_results(county, proposal, results_import.plan_results(county, proposal, YEAR))
    assert level_words.addressees(county) == "各乡镇人民政府、街道办事处，县政府各部门"
    assert results.account(county, YEAR).sentence.startswith("2020年，县政府与县直部门共签订责任目标1项")


def test_the_governments_own_whole_is_no_target_of_a_unit(county) -> None:
    text = "指标\t澜溪县目标\t澜溪县完成\t县财政局目标\t县财政局完成\n税收收入(万元)\t90\t80\t9\t10"
    (proposal,) = results_import.read_pasted(county, "", text, YEAR).proposals
    results_import.apply_results(county, proposal, results_import.plan_results(county, proposal, YEAR))
    assert len(results.rows(county, YEAR)) == 2
    assert results.account(county, YEAR).counts.total == 1
    assert [row.unit_name for row in statistics.settled_rows(county, YEAR)] == ["县财政局"]


def test_a_city_keeps_its_words(tmp_path: Path) -> None:
    with session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=("王敏",), year=YEAR
    ) as store:
        unit = offices.add_unit(store, "市教育局", superior=offices.root_unit(store))
        assert group(store, unit) == ""
        assert level_words.kind_word(store, UnitKind.DEPARTMENT) == UnitKind.DEPARTMENT.label
        assert level_words.government_word(store) == "市政府"
        assert level_words.addressees(store) == "各县（市、区）人民政府，市政府各部门"
