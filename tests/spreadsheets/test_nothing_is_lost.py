"""Laws over random ledgers: reading never breaks down, and what stood there stands in the proposal."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.spreadsheets.ledger import propose
from mbo_desktop.spreadsheets.proposal import Proposal
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Table

HEADS = [
    "序号", "类别", "计量单位", "分值", "目标值", "上年实绩", "增长率", "力争目标", "指标说明", "评分标准", "考核部门",
    "牵头单位", "配合单位", "完成时限", "备注", "责任人", "编号",
]
SCRAPS = st.sampled_from([
    "", "合计", "小计", "备注:x", "一、工业", "(一)财政", "1", "0.5", "58.3%", "/", "—", "约3成", "≥90", "6月底前", "亿元",
    "财政局、统计局", "指标名称", "目标值", "2020年", "东山县", "单位:万元", "工业投资(亿元)", "a\nb", "１２３４．５", "附件1",
    "2020年目标任务分解表", "考核目标", "低于4.1", "不适用", "=1+1", "  ", "序号", "分值",
])


def cell(text: str) -> Cell:
    if not text:
        return EMPTY
    plain = text.replace(".", "", 1)
    if plain.isascii() and plain.isdigit():
        return Cell(Decimal(text), text)
    return Cell(text, text)


def table(rows: list[list[str]], merges: tuple[Merge, ...] = ()) -> Table:
    return Table("x.xlsx", "Sheet1", tuple(tuple(cell(t) for t in row) for row in rows), merges)


def everything(found: Proposal) -> str:
    problems = " ".join(problem.text for problem in found.problems)
    return f"{found.rows!r}{found.notes!r}{found.title}{problems}{found.columns!r}".replace("\\n", "\n")


merge = st.builds(
    lambda t, le, h, w: Merge(t, le, t + h, le + w),
    st.integers(0, 8), st.integers(0, 6), st.integers(0, 3), st.integers(0, 7),
)


@given(st.lists(st.lists(SCRAPS, max_size=8), max_size=12), st.lists(merge, max_size=4))
def test_any_table_is_read_without_breaking_down(rows: list[list[str]], merges: list[Merge]) -> None:
    found = propose(table(rows, tuple(merges)), 2020)
    again = found.with_mapping(found.mapping)
    assert [row.name for row in again.rows] == [row.name for row in found.rows]


@given(st.data())
def test_every_text_of_a_ledger_stands_somewhere(data: st.DataObject) -> None:
    heads = data.draw(st.lists(st.sampled_from(HEADS), min_size=2, max_size=7, unique=True))
    heads.insert(data.draw(st.integers(0, len(heads))), "指标名称")
    rows = [heads]
    unique: list[str] = []
    for line in range(data.draw(st.integers(1, 6))):
        row = []
        for column, head in enumerate(heads):
            kind = data.draw(st.integers(0, 3))
            word = f"词{line}之{column}尾"
            text = "" if kind == 0 and head != "指标名称" else word
            row.append(text)
            unique.extend([text] if text else [])
        rows.append(row)
    found = propose(table(rows), 2020)
    shown = everything(found)
    assert [word for word in unique if word not in shown] == []
