"""Ledgers with 实绩, 完成情况 and 得分, and announced tables of units' results."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.spreadsheets.clipboard import read_text
from mbo_desktop.spreadsheets.ledger import propose
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.proposal import KnownUnit
from mbo_desktop.spreadsheets.result_columns import result_role
from mbo_desktop.spreadsheets.table import Table
from mbo_desktop.spreadsheets.unit_results import read_unit_results

KNOWN = (KnownUnit(1, "柯城区人民政府", "柯城区", "county"), KnownUnit(2, "江山市人民政府", "江山市", "county"))


def pasted(text: str) -> Table:
    """The one table of a pasted text."""
    (table,) = read_text(text).tables
    return table


@pytest.mark.parametrize(("heading", "role"), [
    ("实绩", Role.ACTUAL), ("完成值", Role.ACTUAL), ("全年完成数(亿元)", Role.ACTUAL),
    ("2019年实际", Role.ACTUAL), ("2019年完成数", Role.ACTUAL), ("2018年实际", None),
    ("年终完成情况", Role.COMPLETION), ("是否完成", Role.COMPLETION), ("考核得分", Role.SCORE),
    ("实得分", Role.SCORE), ("自评得分", None), ("未完成原因", Role.REASON), ("目标值", None),
    ("完成率", None), ("完成时限", None),
])
def test_headings_of_results(heading: str, role: Role | None) -> None:
    assert result_role(heading, 2019) is role


def test_one_units_ledger_with_words_and_figures() -> None:
    text = (
        "指标名称\t计量单位\t2018年实际\t目标值\t2019年实际\t完成情况\t得分\t未完成原因\n"
        "工业投资\t亿元\t50\t60\t63.5\t超额完成\t5\t\n"
        "新建学校\t所\t\t12\t十所\t未完成\t3分\t征地受阻\n"
        "城乡规划\t\t\t编制完成\t\t全面完成\t5\t\n"
        "招商引资\t亿元\t8\t10\t待核定\t\t/\t\n"
    )
    proposal = propose(pasted(text), 2019, KNOWN, results=True)
    cells = {row.name: next(iter(row.cells.values())) for row in proposal.rows}
    one = cells["工业投资"]
    assert (one.last_year, one.actual, one.completion_text, one.score) == (
        Decimal(50), Decimal("63.5"), "超额完成", Decimal(5),
    )
    assert (cells["新建学校"].actual, cells["新建学校"].score) == (Decimal(10), Decimal(3))
    assert cells["新建学校"].reason == "征地受阻"
    assert cells["城乡规划"].completion_text == "全面完成"
    assert (cells["招商引资"].actual, cells["招商引资"].completion_text) == (None, "待核定")


def test_a_column_can_be_corrected_and_taken_back() -> None:
    text = "指标名称\t目标值\t本级核定\n工业投资\t60\t63.5\n"
    proposal = propose(pasted(text), 2019, KNOWN, results=True)
    corrected = proposal.with_column(2, "actual")
    assert next(iter(corrected.rows[0].cells.values())).actual == Decimal("63.5")
    plain = propose(pasted(text), 2019, KNOWN).with_column(2, "actual")
    assert not next(iter(plain.rows[0].cells.values())).has_result


def test_the_announced_ranking() -> None:
    text = (
        "2019年度目标考核结果\n单位\t考核得分\t名次\t等次\t荣誉\t一票否决\t备注\n"
        "江山市\t96.5\t第1名\t优秀\t先进单位、创新奖\t\t\n"
        "柯城\t90.25分\t并列第2\t良好\t无\t是\t\n某某镇\t九十\t若干\t\t\t\t\n平均\t93.4\t\t\t\t\t\n"
    )
    table = read_unit_results(pasted(text), KNOWN)
    assert table is not None
    assert table.year_named == 2019
    first, second, third = table.lines
    assert (first.unit.id, first.score, first.rank) == (2, Decimal("96.5"), 1)
    assert first.honours == ("先进单位", "创新奖")
    assert (second.unit.id, second.score, second.rank, second.honours, second.veto) == (
        1, Decimal("90.25"), 2, (), "是",
    )
    assert third.unit.id is None
    assert third.rank is None
    assert "名次:若干" in third.note
    assert [problem.text for problem in table.problems] == ["若干"]


def test_a_ledger_of_targets_is_no_ranking() -> None:
    text = "指标名称\t单位\t目标值\t得分\n工业投资\t亿元\t60\t5\n"
    assert read_unit_results(pasted(text), KNOWN) is None
