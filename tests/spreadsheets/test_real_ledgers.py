"""The three published documents come through exactly."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from ledger_books import DATA, amount, proposal, row_named
from openpyxl import load_workbook

from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal

COUNTIES = ("柯城区", "衢江区", "龙游县", "江山市", "常山县", "开化县")


@pytest.fixture(scope="module")
def counties() -> Proposal:
    known = [KnownUnit(n, f"{name}人民政府", name, "county") for n, name in enumerate(COUNTIES, 1)]
    return proposal(DATA / "考核目标-六县市区-建设工作.xlsx", 2006, known)


@pytest.fixture(scope="module")
def district() -> Proposal:
    return proposal(DATA / "任务分解台账-旌阳区-2016.xlsx", 2016)


@pytest.fixture(scope="module")
def fengtai() -> Proposal:
    return proposal(DATA / "责任目标-凤台县-2006.txt", 2006)


def test_counties_are_48_cells_of_known_units(counties: Proposal) -> None:
    assert counties.title == "县(市、区)建设工作考核表"
    assert [unit.key for unit in counties.units] == list(COUNTIES)
    assert [unit.id for unit in counties.units] == [1, 2, 3, 4, 5, 6]
    cells = [cell for row in counties.rows for cell in row.cells.values()]
    assert len(counties.rows) == 8
    assert len(cells) == 48
    assert all(cell.value is not None for cell in cells)
    forms = Counter(cell.value.counted.form for cell in cells if cell.value)
    assert forms[TargetForm.NOT_APPLICABLE] == 2
    assert forms[TargetForm.CONDITION] == 1
    assert forms[TargetForm.TEXT] == 6
    assert forms[TargetForm.LEVEL] == 35
    assert forms[TargetForm.INCREMENT] == 4


def test_counties_points_and_measures(counties: Proposal) -> None:
    assert [str(row.points) for row in counties.rows] == ["5", "5", "5", "5", "10", "10", "5", "5"]
    assert counties.points_total == 50
    measures = [row.unit_of_measure for row in counties.rows]
    assert measures == ["", "%", "%", "万元", "座", "公顷", "万人", "户"]
    assert counties.rows[0].name == "近期建设用地范围内控规编制率(98%)"
    assert counties.rows[4].name == "建设镇级污水处理设施"


def test_counties_scoring_text_is_kept_to_the_letter(counties: Proposal) -> None:
    sheet = load_workbook(DATA / "考核目标-六县市区-建设工作.xlsx").active
    assert [row.scoring_text for row in counties.rows] == [
        sheet.cell(row, 10).value for row in range(4, 12)
    ]


def test_counties_single_cells(counties: Proposal) -> None:
    works = row_named(counties, "建设镇级污水处理设施")
    condition = works.cells["开化县"]
    assert condition.value is not None
    assert condition.value.counted.text == "已建设施运行负荷率达60以上"
    assert condition.value.counted.amount is None
    assert condition.place == "H8"
    water = row_named(counties, "新增供水覆盖农村受益人口")
    assert [amount(water, name) for name in COUNTIES] == [
        Decimal(text) for text in ("0.5", "1.2", "1.2", "2", "1.2", "0.5")
    ]
    assert not counties.findings


def test_district_rows_categories_and_points(district: Proposal) -> None:
    assert district.title == "2016年度经济社会发展目标任务分解表"
    assert district.year_named == 2016
    assert len(district.rows) == 25
    assert Counter(row.category for row in district.rows) == {"宏观调控": 22, "公共服务": 3}
    assert [row.points for row in district.rows].count(Decimal("0.5")) == 2
    assert district.points_total == 41
    assert "备注:分值合计以区目标办解释为准" in district.notes
    assert district.declared_total is None
    assert district.mapping == ("category", "name", "points", "target", "certifying")


def test_district_measures_leave_the_names(district: Proposal) -> None:
    row = row_named(district, "工业投资")
    assert (row.unit_of_measure, row.written) == ("亿元", "工业投资(亿元)")
    assert amount(row) == 52
    assert row_named(district, "外贸进出口额").unit_of_measure == "万美元"
    assert row_named(district, "新引进5亿元以上重大项目").unit_of_measure == "个"
    assert not any("(" in row.name for row in district.rows)


def test_district_at_most_texts_and_certifiers(district: Proposal) -> None:
    row = row_named(district, "城镇登记失业率")
    value = row.cells[""].value
    assert value is not None
    assert value.counted.form is TargetForm.AT_MOST
    assert value.counted.strict
    assert value.counted.amount == Decimal("4.1")
    assert value.text == "低于 4.1"
    assert row.direction is Direction.LOWER
    first = row_named(district, "地区生产总值增长率")
    assert first.certifying == ("区发改局", "区统计局")
    assert first.certifying_text == "区发改局、区统计局"
    text = first.cells[""].value
    assert text is not None
    assert text.counted.form is TargetForm.TEXT
    assert text.counted.text == "年终根据全省平均水平综合考核"
    assert row_named(district, "税收占地方公共财政收入的比重及变化率").cells == {}


def test_district_goes_to_the_unit_that_is_chosen(district: Proposal) -> None:
    assert district.has_open_target
    chosen = district.for_unit(KnownUnit(7, "旌阳区人民政府", "旌阳区"))
    assert not chosen.has_open_target
    assert amount(row_named(chosen, "工业投资"), "旌阳区") == 52
    assert [unit.id for unit in chosen.units] == [7]


def test_fengtai_list(fengtai: Proposal) -> None:
    assert fengtai.title == "凤台县政府2006年主要工作考核目标"
    assert len(fengtai.rows) == 11
    assert fengtai.points_total == 80
    product = row_named(fengtai, "地区生产总值")
    value = product.cells[""].value
    assert value is not None
    assert [(part.form, part.amount, part.unit) for part in value.parts] == [
        (TargetForm.LEVEL, Decimal(75), "亿元"),
        (TargetForm.GROWTH, Decimal(25), "%"),
    ]
    assert len(fengtai.rows[10].covers) == 9
    births = row_named(fengtai, "人口自然增长率").cells[""].value
    assert births is not None
    assert (births.counted.form, births.counted.amount) == (TargetForm.AT_MOST, Decimal(7))
    assert fengtai.rows[0].place == "第3行"
