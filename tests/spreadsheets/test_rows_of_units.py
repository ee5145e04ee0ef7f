"""Ledgers with one row per indicator and unit, in the ways offices lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.proposal import ColumnRole, KnownUnit, Proposal
from mbo_desktop.spreadsheets.row_units import taken_apart
from mbo_desktop.spreadsheets.source import read_source
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher
from tests.spreadsheets.ledger_books import amount, book, proposal, reasons, row_named

KNOWN = (
    KnownUnit(1, "柯城区人民政府", "柯城区", "county"),
    KnownUnit(2, "江山市人民政府", "江山市", "county"),
    KnownUnit(3, "龙游县人民政府", "龙游县", "county"),
    KnownUnit(4, "衢州市发展和改革委员会", "市发改委", "department"),
    KnownUnit(5, "衢州市统计局", "市统计局", "department"),
)
HEAD = ["序号", "指标名称", "计量单位", "责任单位", "目标值", "分值"]
PAIRS = [
    ["工业投资", "亿元", "柯城区", 40], ["工业投资", "亿元", "江山市", 60], ["工业投资", "亿元", "龙游县", 20],
    ["新增就业", "人", "柯城区", 3000], ["新增就业", "人", "江山市", 2500], ["新增就业", "人", "龙游县", 2000],
]


def numbered(pairs: Sequence[Sequence[Any]], points: object = 5) -> list[list[Any]]:
    return [[n, *pair, points] for n, pair in enumerate(pairs, 1)]


def read(path: Path, rows: Sequence[Sequence[Any]], *merges: str, **options: Any) -> Proposal:
    return proposal(book(path / "清单.xlsx", ("Sheet1", rows), merges=merges), known=KNOWN, **options)


def values(found: Proposal) -> dict[str, dict[str, Decimal | None]]:
    return {row.name: {key: amount(row, key) for key in row.cells} for row in found.rows}


def ids(found: Proposal) -> list[int | None]:
    return [unit.id for unit in found.units]


WHOLE = {
    "工业投资": {"柯城区": 40, "江山市": 60, "龙游县": 20},
    "新增就业": {"柯城区": 3000, "江山市": 2500, "龙游县": 2000},
}


@pytest.mark.parametrize("heading", [
    "责任单位", "承担单位", "被考核单位", "单位", "责任单位(部门)", "牵头单位", "县(市、区)", "实施单位",
])
def test_the_column_in_the_middle_says_whose_each_row_is(tmp_path: Path, heading: str) -> None:
    head = [*HEAD[:3], heading, *HEAD[4:]]
    found = read(tmp_path, [["2020年目标任务清单"], head, *numbered(PAIRS)], "A1:F1")
    assert values(found) == WHOLE
    assert ids(found) == [1, 2, 3]
    assert found.columns[3].role is ColumnRole.UNIT
    assert not found.has_open_target
    assert not found.findings, reasons(found)
    assert [row.points for row in found.rows] == [5, 5]


def test_units_nobody_registered_are_recognised_by_the_repeated_names(tmp_path: Path) -> None:
    path = book(tmp_path / "清单.xlsx", ("Sheet1", [HEAD, *numbered(PAIRS)]))
    found = proposal(path)
    assert values(found) == WHOLE
    assert ids(found) == [None] * 3


def test_short_names_and_full_names_of_a_unit_are_one(tmp_path: Path) -> None:
    pairs = [[*pair] for pair in PAIRS]
    pairs[3][2], pairs[4][2] = "柯城", "江山市人民政府"
    assert values(read(tmp_path, [HEAD, *numbered(pairs)])) == WHOLE


def test_merged_blocks_of_units_and_of_names(tmp_path: Path) -> None:
    by_unit = [
        [1, "柯城区", "工业投资(亿元)", 40, 5], [2, None, "新增就业(人)", 3000, 5],
        [3, "江山市", "工业投资(亿元)", 60, 5], [4, None, "新增就业(人)", 2500, 5],
    ]
    head = ["序号", "责任单位", "指标名称", "目标值", "分值"]
    found = read(tmp_path, [head, *by_unit], "B2:B3", "B4:B5")
    expected = {"工业投资": {"柯城区": 40, "江山市": 60}, "新增就业": {"柯城区": 3000, "江山市": 2500}}
    assert values(found) == expected
    assert not found.findings, reasons(found)
    by_name = [
        [1, "工业投资", "亿元", "柯城区", 40, 5], [None, None, None, "江山市", 60, None],
        [2, "新增就业", "人", "柯城区", 3000, 5], [None, None, None, "江山市", 2500, None],
    ]
    merges = [f"{letter}{top}:{letter}{top + 1}" for letter in "ABCF" for top in (2, 4)]
    found = read(tmp_path, [HEAD, *by_name], *merges)
    assert values(found) == expected
    assert [row.unit_of_measure for row in found.rows] == ["亿元", "人"]
    assert [row.points for row in found.rows] == [5, 5]
    assert not found.findings, reasons(found)


def test_blanks_below_a_unit_mean_the_same_unit_and_are_said(tmp_path: Path) -> None:
    """The merge covers two of three rows, and the second block was never merged."""
    rows = [
        ["责任单位", "指标名称", "目标值"],
        ["柯城区", "工业投资(亿元)", 40], [None, "新增就业(人)", 3000], [None, "新建公路(公里)", 12],
        ["江山市", "工业投资(亿元)", 60], [None, "新增就业(人)", 2500], [None, "新建公路(公里)", 9],
    ]
    expected = {
        "工业投资": {"柯城区": 40, "江山市": 60}, "新增就业": {"柯城区": 3000, "江山市": 2500},
        "新建公路": {"柯城区": 12, "江山市": 9},
    }
    assert values(read(tmp_path, rows)) == expected, "never merged at all"
    found = read(tmp_path, rows, "A2:A3")
    assert values(found) == expected
    (said,) = found.findings
    assert said.sentence() == "A4、A6、A7 共 3 格没有写单位,按上面一行的单位读取。"


def test_names_written_once_above_their_units_are_carried_down(tmp_path: Path) -> None:
    rows = [
        HEAD, [1, "工业投资", "亿元", "柯城区", 40, 5], [None, None, None, "江山市", 60, None],
        [2, "新增就业(人)", None, "柯城区", 3000, 5], [None, None, None, "江山市", 2500, None],
    ]
    found = read(tmp_path, rows)
    assert values(found) == {
        "工业投资": {"柯城区": 40, "江山市": 60}, "新增就业": {"柯城区": 3000, "江山市": 2500},
    }
    assert [row.unit_of_measure for row in found.rows] == ["亿元", "人"]
    assert "没有写指标名称,按上面一行的指标读取" in reasons(found)


def test_one_forgotten_unit_is_asked_about_not_guessed(tmp_path: Path) -> None:
    pairs = [[*pair] for pair in PAIRS]
    pairs[1][2] = None
    found = read(tmp_path, [HEAD, *numbered(pairs)])
    assert found.has_open_target
    assert amount(row_named(found, "工业投资")) == 60
    assert "B3 “工业投资”:该行没有写明单位" in reasons(found)


def test_the_same_indicator_twice_for_a_unit_is_said_and_both_are_kept(tmp_path: Path) -> None:
    rows = numbered([*PAIRS, ["工业投资", "亿元", "柯城", 45]])
    found = read(tmp_path, [HEAD, *rows])
    assert [row.name for row in found.rows] == ["工业投资", "新增就业", "工业投资"]
    assert amount(found.rows[2], "柯城区") == 45
    (said,) = found.findings
    assert said.sentence() == "B8 “工业投资”:“柯城区”的这项指标与 E2 重复,两行都已保留,作为两项指标。"


def test_totals_are_no_units(tmp_path: Path) -> None:
    rows = [
        HEAD, *numbered(PAIRS[:3]), [None, "工业投资", "亿元", "合计", 120, None],
        *numbered(PAIRS[3:]), ["合计", None, None, None, None, 30],
    ]
    found = read(tmp_path, rows)
    assert values(found) == WHOLE
    assert ids(found) == [1, 2, 3]
    assert not found.findings, reasons(found)
    assert any("合计行" in said.reason for said in found.notices)
    assert found.declared_total is None, "30 is the sum of all rows: it adds up, and is not the sum of indicators"
    rows[-1][-1] = 31
    assert "合计写明 31 分" in reasons(read(tmp_path, rows))


def test_a_figure_of_the_whole_city_waits_for_a_choice(tmp_path: Path) -> None:
    rows = [HEAD, *numbered([["工业投资", "亿元", "全市", 120], *PAIRS[:3]])]
    found = read(tmp_path, rows)
    assert ids(found) == [1, 2, 3]
    assert amount(row_named(found, "工业投资"), "") == 120
    assert "“全市”:不是一个单位,已保留,请指定单位" in reasons(found)


def test_what_differs_from_unit_to_unit_stays_with_the_unit(tmp_path: Path) -> None:
    rows = [
        ["指标名称", "责任单位", "目标值", "分值", "完成时限", "责任人", "备注", "评分标准"],
        ["工业投资(亿元)", "柯城区", 40, 5, "6月底前", "张三", None, "按比例得分"],
        ["工业投资(亿元)", "江山市", 60, 8, "12月底前", "李四", "含技改", "完成得满分"],
        ["新增就业(人)", "柯城区", 3000, 5, "12月底前", "张三", None, None],
        ["新增就业(人)", "江山市", 2500, 5, "12月底前", "张三", None, None],
    ]
    found = read(tmp_path, rows)
    first, second = found.rows
    near, far = first.cells["柯城区"], first.cells["江山市"]
    assert (first.points, near.points, far.points) == (5, None, 8)
    assert (first.due, near.due, far.due) == (None, date(2020, 6, 30), date(2020, 12, 31))
    assert (first.person, near.note) == ("", "责任人:张三")
    assert far.note == "评分标准:完成得满分;含技改;责任人:李四"
    assert first.scoring_text == "按比例得分"
    assert (second.due, second.person) == (date(2020, 12, 31), "张三")
    assert not any(cell.note or cell.points for cell in second.cells.values())


def test_a_row_without_a_value_is_allotted_all_the_same(tmp_path: Path) -> None:
    pairs = [[*pair] for pair in PAIRS]
    pairs[2][3] = None
    found = read(tmp_path, [HEAD, *numbered(pairs)])
    assert found.rows[0].cells["龙游县"].value is None


def test_a_task_list_of_known_units_goes_row_by_row(tmp_path: Path) -> None:
    rows = [
        ["2020年衢州市重点工作分解表"], ["工作任务", "目标值", "责任单位"],
        ["新改建农村公路(公里)", 120, "市发改委、市统计局"], ["新增城镇就业(人)", 5000, "江山市"],
        ["建成污水处理厂(座)", 2, "柯城区"],
    ]
    found = read(tmp_path, rows, "A1:C1")
    assert values(found) == {
        "新改建农村公路": {"市发改委": 120}, "新增城镇就业": {"江山市": 5000}, "建成污水处理厂": {"柯城区": 2},
    }
    assert found.rows[0].supporting == ("市统计局",)
    one = found.of_one_unit()
    assert one.has_open_target
    assert one.rows[0].lead == "市发改委"
    assert values(one.by_rows()) == values(found)


def test_the_list_of_one_unit_keeps_its_offices_as_lead_units(tmp_path: Path) -> None:
    """The title names 龙游县; 责任单位 are those who work for it."""
    rows = [
        ["龙游县2020年目标任务分解表"], ["工作任务", "目标值", "责任单位"],
        ["新改建农村公路(公里)", 120, "市发改委"], ["新增城镇就业(人)", 5000, "市统计局"],
    ]
    found = read(tmp_path, rows, "A1:C1")
    assert values(found) == {"新改建农村公路": {"龙游县": 120}, "新增城镇就业": {"龙游县": 5000}}
    assert found.rows[0].lead == "市发改委"


def test_lead_units_beside_the_responsible_ones(tmp_path: Path) -> None:
    """市发改委 leads every row; the counties answer for their own figures."""
    rows = [
        ["指标名称", "牵头单位", "责任单位", "目标值"],
        *([name, "市发改委", unit, value] for name, _measure, unit, value in PAIRS),
    ]
    found = read(tmp_path, rows)
    assert values(found) == WHOLE
    assert [row.lead for row in found.rows] == ["市发改委", "市发改委"]


def test_several_assessed_units_in_a_cell_have_the_same_target(tmp_path: Path) -> None:
    rows = [["指标名称", "被考核单位", "目标值"], ["安全事故(起)", "柯城区、江山市", 0], ["工业投资(亿元)", "龙游县", 20]]
    assert values(read(tmp_path, rows))["安全事故"] == {"柯城区": 0, "江山市": 0}
    matcher = UnitMatcher(KNOWN)
    assert taken_apart("柯城区、各乡镇", matcher, answering=True) == (("柯城区",), ("各乡镇",))
    assert taken_apart("见附件、另发", matcher, answering=True) == (("见附件、另发",), ())


def test_results_are_read_for_each_unit(tmp_path: Path) -> None:
    rows = [
        ["2019年度目标完成情况"], ["指标名称", "单位", "目标值", "责任单位", "实绩", "完成情况", "得分"],
        ["工业投资", "亿元", 40, "柯城区", 42, "完成", 5], ["工业投资", "亿元", 60, "江山", 55, "未完成", 4.5],
        ["新增就业", "人", 3000, "柯城区", 3100, "完成", 5], ["新增就业", "人", 2500, "江山", 2600, "完成", 5],
        ["合计", None, None, None, None, None, 19.5],
    ]
    path = book(tmp_path / "上年.xlsx", ("Sheet1", rows), merges=["A1:G1"])
    (found,) = propose_all(read_source(path), 2019, KNOWN, results=True)
    cells = row_named(found, "工业投资").cells
    assert {key: (cell.actual, cell.completion_text, cell.score) for key, cell in cells.items()} == {
        "柯城区": (42, "完成", 5), "江山": (55, "未完成", Decimal("4.5")),
    }
    assert ids(found) == [1, 2]


def test_a_column_chosen_by_hand_joins_the_rows(tmp_path: Path) -> None:
    rows = [["指标名称", "落实到", "目标值"], *([name, unit, value] for name, _m, unit, value in PAIRS)]
    found = read(tmp_path, rows)
    assert found.has_open_target
    assert values(found.with_column(1, "unit")) == WHOLE


BLOCKS = [
    ["2026年部门党建目标"],
    ["考核单位", "指标名称", "指标值", "分值", "上年完成情况"],
    ["县发改局", "集中学习", "12次", 3, 12], ["", "发展党员", "3名", 2, 2],
    ["县工信局", "集中学习", "12次", 3, 11], ["", "发展党员", "2名", 2, 1],
    ["县财政局", "集中学习", "12次", 3, 12],
    ["小计", "", "", 13, ""],
    ["县人社局", "集中学习", "10次", 3, ""], ["", "发展党员", "1名", 2, ""],
]


def test_a_unit_written_once_has_the_rows_below_it_though_most_rows_name_one(tmp_path: Path) -> None:
    found = read(tmp_path, BLOCKS)
    assert found.columns[0].role is ColumnRole.UNIT
    assert values(found) == {
        "集中学习": {"县发改局": 12, "县工信局": 12, "县财政局": 12, "县人社局": 10},
        "发展党员": {"县发改局": 3, "县工信局": 2, "县人社局": 1},
    }
    assert not found.has_open_target


def test_last_years_state_of_completion_is_last_years_result(tmp_path: Path) -> None:
    found = read(tmp_path, BLOCKS)
    assert found.columns[4].role is ColumnRole.LAST_YEAR
    learning = row_named(found, "集中学习")
    assert learning.cells["县工信局"].last_year == 11


def test_the_state_of_completion_of_this_year_stays_out(tmp_path: Path) -> None:
    rows = [list(row) for row in BLOCKS]
    rows[1][4] = "完成情况"
    assert read(tmp_path, rows).columns[4].role is ColumnRole.IGNORE


def test_an_office_that_assesses_stays_the_assessing_one(tmp_path: Path) -> None:
    rows = [BLOCKS[0], BLOCKS[1], ["县统计局", "工业投资", 3, 2, ""], ["县财政局", "财政收入", 4, 2, ""]]
    assert read(tmp_path, rows).columns[0].role is ColumnRole.CERTIFYING


def test_a_table_turned_round_says_which_columns_it_has_no_place_for(tmp_path: Path) -> None:
    found = read(tmp_path, [
        ["2020年各县目标"], ["序号", "县区", "工业投资(亿元)", "新增就业(人)", "责任人", "备注", "签字"],
        [1, "柯城区", 40, 3000, "王建国", "含园区", ""], [2, "江山市", 60, 2500, "李喆", "", ""],
    ])
    assert found.is_turned
    assert values(found) == {
        "工业投资": {"柯城区": 40, "江山市": 60}, "新增就业": {"柯城区": 3000, "江山市": 2500},
    }
    assert [one.sentence() for one in found.notices] == ["E2:“责任人”列,未导入。", "F2:“备注”列,未导入。"]
