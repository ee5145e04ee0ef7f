"""The allotment table (目标分解下达表): indicators down, units across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.flat_table import FlatTable
from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    SIZE_5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageBreak,
    PageSetup,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class AllotmentRow:
    """An indicator with its value for each unit, as printed, in the order of the units."""

    number: str
    category: str
    indicator: str
    unit_of_measure: str
    points: str
    values: tuple[str, ...]
    scoring: str = ""


@dataclass(frozen=True, slots=True)
class AllotmentPaper:
    """All texts of an allotment table; more units than a sheet holds go on to further sheets."""

    title: str
    units: tuple[str, ...]
    rows: tuple[AllotmentRow, ...]
    office: str = ""
    date: str = ""
    total_points: str = ""
    notes: tuple[str, ...] = ()
    paper: str = ""
    """"A4", "A3", or empty: A3 when that keeps all units on one sheet, else A4."""


def allotment_flat(paper: AllotmentPaper) -> FlatTable:
    """The whole table for a spreadsheet: all units beside each other, however many sheets they print on."""
    heads = ("序号", "类别", "指标", "计量单位", *paper.units, "分值", "评分标准")
    rows = tuple(
        (row.number, row.category, row.indicator, row.unit_of_measure,
         *(row.values[i] if i < len(row.values) else "" for i in range(len(paper.units))),
         row.points, row.scoring)
        for row in paper.rows
    )
    return FlatTable(paper.title.replace("\n", ""), heads, rows)


_UNIT_WIDTH = 17.0
"""Least width in mm of a unit's column: four characters of 五号."""
_INDICATOR_WIDTH, _SCORING_WIDTH = 44.0, 44.0


def allotment_document(paper: AllotmentPaper) -> Document:
    """Lay the table out across A4 or A3; indicators stand again where units go on."""
    setup = _setup(paper)
    most = max(1, _capacity(setup, paper, scoring=True))
    if len(paper.units) > most:
        # The scoring text stands on the last sheet only, so the others hold more units.
        most = max(1, _capacity(setup, paper, scoring=False))
    groups = _groups(len(paper.units), most)
    blocks: list[Block] = []
    for index, group in enumerate(groups):
        blocks += _sheet(paper, group, index, len(groups))
    small = {"size": SIZE_5, "lines": 0.0, "align": Align.LEFT}
    if paper.notes:
        blocks.append(BlankLines(0.3))
    blocks += [Paragraph.of(note, **small) for note in paper.notes]
    return Document(
        name=paper.title.replace("\n", ""),
        blocks=tuple(blocks),
        page=setup,
        numbering=Numbering.PAGE_OF,
        author=paper.office,
    )


def _setup(paper: AllotmentPaper) -> PageSetup:
    if paper.paper == "A3":
        return LANDSCAPE_A3
    small = len(paper.units) <= _capacity(LANDSCAPE, paper, scoring=True)
    large = len(paper.units) <= _capacity(LANDSCAPE_A3, paper, scoring=True)
    if paper.paper != "A4" and large and not small:
        return LANDSCAPE_A3
    return LANDSCAPE


def _capacity(setup: PageSetup, paper: AllotmentPaper, *, scoring: bool) -> int:
    """How many units' columns stand beside the indicator's."""
    taken = 11.0 + _INDICATOR_WIDTH + 12.0
    if any(row.category for row in paper.rows):
        taken += 16.0
    if any(row.unit_of_measure for row in paper.rows):
        taken += 14.0
    if scoring and any(row.scoring for row in paper.rows):
        taken += _SCORING_WIDTH
    return int((setup.block_width - taken) / _UNIT_WIDTH)


def _groups(count: int, most: int) -> list[range]:
    """The units in as few groups as needed, of like size."""
    number = max(1, -(-count // most))
    size, more = divmod(count, number)
    groups, begin = [], 0
    for index in range(number):
        end = begin + size + (1 if index < more else 0)
        groups.append(range(begin, end))
        begin = end
    return groups


def _sheet(paper: AllotmentPaper, group: range, index: int, count: int) -> list[Block]:
    title = paper.title if index == 0 else f"{paper.title}（续表）"
    blocks: list[Block] = [PageBreak()] if index else []
    blocks.append(Title(title, size=18.0, blank_after=0))
    line = "　　".join(text for text in (paper.office, paper.date) if text)
    if line:
        blocks.append(
            Paragraph.of(
                line, size=SIZE_5, lines=0.0, align=Align.RIGHT, first_indent=0,
                keep_with_next=True,
            )
        )  # fmt: skip
    blocks.append(_table(paper, group, scoring=index == count - 1))
    return blocks


def _table(paper: AllotmentPaper, group: range, *, scoring: bool) -> Table:
    rows = paper.rows
    category = any(row.category for row in rows)
    measure = any(row.unit_of_measure for row in rows)
    scoring = scoring and any(row.scoring for row in rows)
    columns = [Column(align=Align.CENTER, least=11, most=12)]
    columns += [Column(align=Align.CENTER, least=12, most=22)] if category else []
    columns += [Column(align=Align.LEFT, least=34, most=90)]
    columns += [Column(align=Align.CENTER, least=12, most=18)] if measure else []
    columns += [Column(least=15) for _ in group]
    columns += [Column(align=Align.CENTER, least=11, most=14)]
    columns += [Column(align=Align.LEFT, least=34)] if scoring else []
    return Table(
        columns=tuple(columns),
        head=_head(paper, group, category, measure, scoring),
        rows=(*_body(rows, group, category, measure, scoring), *_total(paper, columns, scoring)),
        size=SIZE_5,
    )


def _head(
    paper: AllotmentPaper, group: range, category: bool, measure: bool, scoring: bool
) -> tuple[Row, ...]:
    tall = [Cell("序号", rows=2)]
    tall += [Cell("类别", rows=2)] if category else []
    tall += [Cell("指标", rows=2)]
    tall += [Cell("计量单位", rows=2)] if measure else []
    last = [Cell("分值", rows=2)] + ([Cell("评分标准", rows=2)] if scoring else [])
    if not group:
        return (Row((*tall, *last)), Row(()))
    units = tuple(Cell(paper.units[i]) for i in group)
    return (Row((*tall, Cell("目标值", columns=len(group)), *last)), Row(units))


def _body(
    rows: Sequence[AllotmentRow], group: range, category: bool, measure: bool, scoring: bool
) -> list[Row]:
    result = []
    for index, row in enumerate(rows):
        cells = [Cell(row.number)]
        if category and not (row.category and index and rows[index - 1].category == row.category):
            run = 1
            while (
                row.category
                and index + run < len(rows)
                and rows[index + run].category == row.category
            ):
                run += 1
            cells.append(Cell(row.category, rows=run))
        cells.append(Cell(row.indicator))
        cells += [Cell(row.unit_of_measure)] if measure else []
        cells += [Cell(row.values[i] if i < len(row.values) else "") for i in group]
        cells.append(Cell(row.points))
        cells += [Cell(row.scoring)] if scoring else []
        result.append(Row(tuple(cells)))
    return result


def _total(paper: AllotmentPaper, columns: Sequence[Column], scoring: bool) -> list[Row]:
    if not paper.total_points:
        return []
    before = len(columns) - (2 if scoring else 1)
    cells = [Cell("合计", Align.CENTER, Face.HEI, columns=before), Cell(paper.total_points)]
    return [Row((*cells, Cell("")) if scoring else tuple(cells), RowKind.TOTAL)]
