"""The task breakdown sheet (任务分解表): who answers for what by when, with the plan by quarter or month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from mbo_desktop.documents.flat_table import FlatTable
from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    SIZE_5,
    SIZE_S5,
    Align,
    Cell,
    Column,
    Document,
    Face,
    PageSetup,
    Row,
    RowKind,
    Table,
)
from mbo_desktop.documents.table_paper import grouped, present, table_document


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as printed; `depth` 0 stands at the top of its group."""

    number: str
    """「2.1.3」, within its group."""
    title: str
    value: str = ""
    lead: str = ""
    unit: str = ""
    supporting: str = ""
    leader: str = ""
    responsible: str = ""
    handler: str = ""
    due: str = ""
    plan: tuple[str, ...] = ()
    """One text per period; empty where nothing is planned."""
    milestones: str = ""
    """What is to stand by when; takes the plan's place where there is none."""
    depth: int = 0
    group: str = ""
    """The band the line stands under; "" for none."""
    is_heading: bool = False
    """It only names what the following lines divide."""


@dataclass(frozen=True, slots=True)
class TaskPaper:
    """All texts of a task breakdown sheet."""

    title: str
    lines: tuple[TaskLine, ...]
    office: str = ""
    date: str = ""
    periods: int = 4
    """4 quarters or 12 months."""
    notes: tuple[str, ...] = ()
    paper: str = ""
    """"A4", "A3", or empty: A3 for months and for long texts."""
    cumulative: bool = True


_INDENT = "\u3000"
_DEEPEST = 5
"""Levels that are set in; deeper ones would leave no room for the words."""
_LONG_TITLE, _LONG_SHARE = 48, 0.3
"""A4 is left when more than this share of the tasks is longer than so many characters."""
PERIOD_HEADS = {
    4: ("一季度", "二季度", "三季度", "四季度"),
    12: tuple(f"{month}月" for month in range(1, 13)),
}
_TEXT_HEADS = ("牵头单位", "责任单位（配合单位）", "责任领导", "责任人", "经办人", "完成时限")


def task_document(paper: TaskPaper) -> Document:
    """The sheet across A4 or A3 with its groups as bands; heads stand again on every page."""
    page = paper_size(paper)
    table = Table(
        columns=_columns(paper, page),
        head=_head(paper),
        rows=tuple(_rows(paper)),
        size=SIZE_5 if page is LANDSCAPE_A3 and paper.periods == 4 else SIZE_S5,
    )
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=page
    )


def task_flat(paper: TaskPaper) -> FlatTable:
    """One row per task for a spreadsheet: the group in a column, supporting units in their own."""
    heads = (
        "分组", "序号", "层级", "工作任务", "目标值", "牵头单位", "责任单位", "配合单位",
        "责任领导", "责任人", "经办人", "完成时限", *PERIOD_HEADS[paper.periods], "节点",
    )
    rows = tuple(
        (
            line.group, line.number, str(line.depth + 1), line.title, line.value, line.lead,
            line.unit, line.supporting, line.leader, line.responsible, line.handler, line.due,
            *_plan_texts(line, paper.periods), line.milestones.replace("\n", "；"),
        )
        for line in paper.lines
    )
    return FlatTable(paper.title.replace("\n", ""), heads, rows)


def paper_size(paper: TaskPaper) -> PageSetup:
    """A4 across, or A3 when asked for, when there are twelve months, or when the tasks are long."""
    if paper.paper == "A3" or (paper.paper != "A4" and paper.periods == 12):
        return LANDSCAPE_A3
    long = sum(len(line.title) > _LONG_TITLE for line in paper.lines)
    if paper.paper != "A4" and paper.lines and long > _LONG_SHARE * len(paper.lines):
        return LANDSCAPE_A3
    return LANDSCAPE


def _columns(paper: TaskPaper, page: PageSetup) -> tuple[Column, ...]:
    large = page is LANDSCAPE_A3
    narrow = 11.0 if paper.periods == 12 else 13.0
    return (
        Column(align=Align.CENTER, least=9, most=20),
        Column(align=Align.LEFT, least=90 if large else 46),
        Column(least=20, most=46 if large else 32),
        Column(align=Align.CENTER, least=18, most=34 if large else 24),
        Column(align=Align.LEFT, least=26, most=60 if large else 34),
        *(Column(align=Align.CENTER, least=14, most=26 if large else 19) for _ in range(3)),
        Column(align=Align.CENTER, least=15, most=26 if large else 19),
        *(Column(least=narrow, most=22 if large else 17) for _ in range(paper.periods)),
    )


def _head(paper: TaskPaper) -> tuple[Row, ...]:
    name = "月度计划进度" if paper.periods == 12 else "季度计划进度"
    if paper.cumulative:
        name += "（累计）"
    top = [Cell("序号", rows=2), Cell("工作任务", rows=2), Cell("目标值", rows=2)]
    top += [Cell(head, rows=2) for head in _TEXT_HEADS]
    top.append(Cell(name, columns=paper.periods))
    return Row(tuple(top)), Row(tuple(Cell(head) for head in PERIOD_HEADS[paper.periods]))


def _rows(paper: TaskPaper) -> list[Row]:
    width = 9 + paper.periods
    if not paper.lines:
        return [Row((Cell("没有工作任务", Align.CENTER, columns=width),))]
    rows: list[Row] = []
    for group, found in groupby(paper.lines, key=lambda line: line.group):
        lines = list(found)
        if group:
            count = sum(not line.is_heading for line in lines)
            band = Cell(f"{group}（{count}项）", Align.LEFT, Face.HEI, columns=width)
            rows.append(Row((band,), RowKind.BAND))
        leads = _leads(lines)
        rows += [_row(line, lead, paper.periods) for line, lead in zip(lines, leads, strict=True)]
    return rows


_TALLEST = 12
"""Rows after which a unit's name stands again: on a long run nobody finds it."""


def _leads(lines: Sequence[TaskLine]) -> list[Cell | None]:
    """The lead units, equal neighbours in one cell."""
    cells: list[Cell | None] = []
    for _, run in groupby(lines, key=lambda line: (line.is_heading, line.lead)):
        found = [line.lead for line in run]
        for start in range(0, len(found), _TALLEST):
            cells += grouped(found[start : start + _TALLEST])
    return cells


def _row(line: TaskLine, lead: Cell | None, periods: int) -> Row:
    title = _INDENT * min(line.depth, _DEEPEST) + line.title
    if line.is_heading:
        # Kept with the next row like a band, so that no page ends in it.
        return Row((Cell(line.number), Cell(title, columns=8 + periods)), RowKind.BAND)
    unit = line.unit
    if line.supporting:
        unit = f"{unit}\n（配合：{line.supporting}）".lstrip("\n")
    cells: list[Cell | None] = [
        Cell(line.number), Cell(title), Cell(line.value), lead, Cell(unit), Cell(line.leader), Cell(line.responsible),
        Cell(line.handler), Cell(line.due),
    ]
    if line.milestones and not any(line.plan):
        cells.append(Cell(line.milestones, Align.LEFT, columns=periods))
    else:
        cells += [Cell(text) for text in _plan_texts(line, periods)]
    return Row(present(cells))


def _plan_texts(line: TaskLine, periods: int) -> Sequence[str]:
    return (*line.plan, *[""] * periods)[:periods]
