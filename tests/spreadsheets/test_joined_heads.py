"""Heads of one line that name unit and role at once."""

from __future__ import annotations

import pytest

from mbo_desktop.spreadsheets.clipboard import read_clipboard
from mbo_desktop.spreadsheets.joined_heads import joined, split_heads
from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

KNOWN = (KnownUnit(1, "柯城区人民政府", "柯城区", "county"), KnownUnit(2, "衢江区人民政府", "衢江区", "county"))
COUNTIES = ("柯城区", "衢江区", "龙游县", "江山市", "常山县", "开化县")


def read(text: str, known: tuple[KnownUnit, ...] = (), *, results: bool = True) -> Proposal:
    (proposal,) = propose_all(read_clipboard("", text), 2019, known, results=results)
    return proposal


@pytest.mark.parametrize("known", [(), KNOWN])
def test_six_counties_with_target_actual_and_score_in_one_line(known: tuple[KnownUnit, ...]) -> None:
    head = "序号\t指标\t" + "\t".join(f"{c}目标\t{c}完成\t{c}得分" for c in COUNTIES)
    row = "1\t地区生产总值(亿元)\t" + "\t".join("61\t60\t4.8" for _ in COUNTIES)
    proposal = read(f"{head}\n{row}\n{row.replace('地区生产总值', '粮食产值')}", known)
    assert [unit.key for unit in proposal.units] == list(COUNTIES)
    assert [column.code for column in proposal.columns[2:5]] == ["target:柯城区", "actual:柯城区", "score:柯城区"]
    assert not any(column.asks for column in proposal.columns)
    assert proposal.findings == ()
    cell = proposal.rows[0].cells["开化县"]
    assert (str(cell.actual), str(cell.score)) == ("60", "4.8")
    assert (proposal.units[0].id == 1) is bool(known)


def test_in_an_ordinary_ledger_the_results_are_left_out_and_said() -> None:
    proposal = read("指标\t柯城区2019年目标\t柯城区完成\n粮食产值(亿元)\t61\t60", KNOWN, results=False)
    assert [column.code for column in proposal.columns] == ["name", "target:柯城区", ""]
    assert [unit.id for unit in proposal.units] == [1]


def test_short_names_of_the_register_and_brackets() -> None:
    matcher = UnitMatcher(KNOWN)
    assert joined("柯城目标", matcher) == ("柯城", "目标")
    assert joined("目标值(柯城区)", matcher) == ("柯城区", "目标值")
    assert joined("柯城区-实际完成", matcher) == ("柯城区", "实际完成")


@pytest.mark.parametrize(
    "heading",
    ["年度目标", "全市目标", "县区目标", "各县区完成情况", "市级责任单位", "目标值(万元)", "全社会目标", "上年完成", "一季度完成",
     "部门得分", "税收目标", "指标名称", "单位得分", "2019年目标", "乡镇街道"],
)
def test_headings_that_name_no_unit_stay_whole(heading: str) -> None:
    assert joined(heading, UnitMatcher(KNOWN)) is None


def test_one_unknown_name_with_one_word_is_not_enough() -> None:
    matcher = UnitMatcher(())
    assert split_heads([["指标"], ["工业园目标区目标"], ["备注"]], matcher)[1] == ["工业园目标区目标"]
    assert split_heads([["指标"], ["安溪县目标"]], matcher)[1] == ["安溪县目标"]
    assert split_heads([["安溪县目标"], ["安溪县完成"]], matcher) == [["安溪县", "目标"], ["安溪县", "完成"]]


def test_a_column_taken_by_its_figures_is_marked_and_listed() -> None:
    proposal = read("序号\t指标\t柯城\t衢江\n1\t粮食产值(亿元)\t61\t60\n2\t工业产值(亿元)\t6\t7", results=False)
    asking = [column.heading for column in proposal.columns if column.asks]
    told = " ".join(problem.sentence() for problem in proposal.findings)
    assert asking and all(heading in told or "等" in told for heading in asking)


def test_the_smallest_table() -> None:
    proposal = read("指标\t柯城区\n粮食产值(亿元)\t61", KNOWN, results=False)
    assert [row.name for row in proposal.rows] == ["粮食产值"]
    assert [unit.id for unit in proposal.units] == [1]
