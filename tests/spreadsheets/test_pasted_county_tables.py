"""Tables of counties and townships as they are pasted from Word: bare text, blanks for merged heads."""

from __future__ import annotations

from decimal import Decimal

from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.spreadsheets.clipboard import read_clipboard
from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.proposal import Proposal, ProposedCell, ProposedIndicator


def pasted(*lines: str, year: int = 2021) -> Proposal:
    text = "\n".join("\t".join(line.split("|")) for line in lines)
    (found,) = propose_all(read_clipboard("", text), year)
    return found


def row(found: Proposal, name: str) -> ProposedIndicator:
    return next(one for one in found.rows if one.name == name)


def parts(cell: ProposedCell) -> list[tuple[TargetForm, Decimal | None, str]]:
    assert cell.value is not None
    return [(part.form, part.amount, part.unit) for part in cell.value.parts]


def test_townships_down_with_target_and_growth_across_keep_both() -> None:
    found = pasted(
        "2021年各乡镇经济指标任务分解表",
        "单位：万元、%",
        "乡镇|固定资产投资||招商引资到位资金||农民收入增速",
        "|目标|增速|目标|增速|",
        "楚米镇|86000|13|56000|15|10.3",
        "花秋镇|48000|12%|/|—|10.5",
        "合计|134000||56000||",
    )
    assert found.is_turned
    invested = row(found, "固定资产投资").cells["楚米镇"]
    assert parts(invested) == [
        (TargetForm.LEVEL, Decimal(86000), "万元"), (TargetForm.GROWTH, Decimal(13), "%"),
    ]
    assert invested.value is not None
    assert invested.value.text == "86000,增长13%"
    attracted = row(found, "招商引资到位资金").cells["花秋镇"].value
    assert attracted is not None
    assert attracted.is_not_applicable
    assert parts(row(found, "农民收入增速").cells["花秋镇"]) == [
        (TargetForm.GROWTH, Decimal("10.5"), "%")
    ]
    assert "合计 134000 56000" in found.notes


def test_the_year_of_the_target_columns_stands_where_no_title_names_one() -> None:
    found = pasted(
        "单位名称|招商引资（亿元）||税收（万元）|",
        "|2021年完成|2022年任务|2021年完成|2022年任务",
        "县发改局|1.2|1.5||",
        "县住建局|0.8|1|120|1.3亿元",
    )
    assert found.year_named == 2022
    cell = row(found, "税收").cells["县住建局"]
    assert (cell.last_year, parts(cell)) == (Decimal(120), [(TargetForm.LEVEL, Decimal(13000), "万元")])
    assert row(found, "招商引资").cells["县发改局"].last_year == Decimal("1.2")


def test_growth_beside_a_level_is_worded_as_it_will_be_printed() -> None:
    found = pasted(
        "指标名称|计量单位|2021年目标|增长%",
        "固定资产投资|亿元|97.8|13",
        "万元GDP能耗|吨标煤/万元|0.50|-3.5",
        "生产安全事故死亡人数|人|≤5|下降16.7%",
        "进出口总额|亿美元|2.4|8%以上",
    )
    texts = [cell.value.text for one in found.rows for cell in one.cells.values() if cell.value]
    assert texts == ["97.8,增长13%", "0.50,下降3.5%", "≤5,下降16.7%", "2.4,增长8%以上"]


def test_two_columns_for_one_cell_are_told_and_the_first_stands() -> None:
    found = pasted("指标名称|计量单位|2021年目标|调整数", "固定资产投资|亿元|97.8|90")
    again = found.with_column(3, "target")
    assert parts(again.rows[0].cells[""]) == [(TargetForm.LEVEL, Decimal("97.8"), "亿元")]
    assert [p.place for p in again.findings if "同为目标值" in p.reason] == ["D1"]


def test_a_measure_over_the_table_counts_for_figures_that_are_text() -> None:
    found = pasted(
        "2021年重点项目建设任务表", "单位：万元", "项目名称|2021年计划投资|责任单位",
        "县医院迁建|10000|县卫健局", "城北水厂|3000|县水务局",
    )
    assert {one.unit_of_measure for one in found.rows} == {"万元"}


def test_change_in_the_name_and_percent_as_measure_is_a_rate() -> None:
    found = pasted(
        "指标|单位|目标值", "单位GDP二氧化碳排放降低|%|4.2", "地区生产总值增长|%|8",
        "事故起数下降|起|3", "耕地保有量|万亩|不少于86.2",
    )
    forms = [(one.form, one.direction) for one in found.rows]
    assert forms == [
        (TargetForm.DECREASE_RATE, Direction.HIGHER), (TargetForm.GROWTH, Direction.HIGHER),
        (TargetForm.LEVEL, Direction.HIGHER), (TargetForm.AT_LEAST, Direction.HIGHER),
    ]


def test_a_sentence_with_two_measures_states_no_single_figure() -> None:
    found = pasted(
        "编号|目标内容|责任科室", "01|创建省级龙头企业2家、市级龙头企业5家|产业科",
        "02|新建高标准农田3.2万亩|农田科", "03|规上工业增加值增速高于全市平均水平1个百分点|工业科",
    )
    amounts = [parts(one.cells[""])[0][1] for one in found.rows]
    assert amounts == [None, Decimal("3.2"), None]


def test_a_counted_heading_with_sums_is_a_category_and_its_sums_are_told() -> None:
    found = pasted(
        "序号|项目名称|建设性质|2021年计划投资(万元)|责任单位",
        "（一）|续建项目（2个）||25000|", "1|县医院迁建|续建|10000|县卫健局",
        "2|S231改建工程|续建|15000|县交通局", "（二）|新建项目（1个）||8000|",
        "3|冷链物流园|新建|8000|县商务局",
    )
    assert [(one.category, one.name) for one in found.rows] == [
        ("续建项目", "县医院迁建"), ("续建项目", "S231改建工程"), ("新建项目", "冷链物流园"),
    ]
    assert [(p.place, p.text) for p in found.notices if "合计数" in p.reason] == [
        ("D2", "25000"), ("D5", "8000"),
    ]


def test_a_row_of_the_whole_city_is_no_unit() -> None:
    found = pasted(
        "区县|GDP增速|税收占比", "江北区|7.5%|≥75%", "开发区|9%|——", "全市|7.8%|≥73%",
    )
    assert [unit.key for unit in found.units] == ["江北区", "开发区"]
    assert found.has_open_target
    assert parts(row(found, "GDP增速").cells[""]) == [(TargetForm.GROWTH, Decimal("7.8"), "%")]
