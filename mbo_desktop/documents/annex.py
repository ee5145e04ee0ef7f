"""The annex of an agreement: the list of targets as a table on pages of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbo_desktop.documents.model import (
    LANDSCAPE,
    OFFICIAL,
    SIZE_5,
    SIZE_S4,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Face,
    PageBreak,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the annex, every value as it is to be printed ("/" for N/A, "" for not set)."""

    number: str
    category: str
    indicator: str
    unit_of_measure: str = ""
    last_year: str = ""
    target: str = ""
    stretch: str = ""
    points: str = ""
    scoring: str = ""
    certifying: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    head: str
    column: Column
    always: bool = False


_FIELDS = (
    _Field("number", "序号", Column(align=Align.CENTER, least=11, most=12), always=True),
    _Field("category", "类别", Column(align=Align.CENTER, least=12, most=27)),
    _Field("indicator", "指标", Column(align=Align.LEFT, least=26), always=True),
    _Field("unit_of_measure", "计量单位", Column(align=Align.CENTER, least=12, most=20)),
    _Field("last_year", "上年实绩", Column(least=15)),
    _Field("target", "目标值", Column(least=16), always=True),
    _Field("stretch", "力争", Column(least=14)),
    _Field("points", "分值", Column(align=Align.CENTER, least=10, most=14)),
    _Field("scoring", "评分标准", Column(align=Align.LEFT, least=26)),
    _Field("certifying", "考核部门", Column(least=16)),
    _Field("note", "备注", Column(align=Align.LEFT, least=12)),
)
_EM = SIZE_5 * 25.4 / 72
_PORTRAIT_EMS = OFFICIAL.block_width / _EM
_CROWDED = 1.7
"""Upright as long as the rows stay, on the average, below this many lines."""


def annex_blocks(
    title: str, rows: Sequence[PaperRow], total_points: str, notes: Sequence[str]
) -> list[Block]:
    """附件, its title, the table and the notes under it, upright or across by content."""
    table, landscape = annex_table(rows, total_points)
    mark = Paragraph.of(
        "附件", face=Face.HEI, align=Align.LEFT, first_indent=0, keep_with_next=True
    )
    small = {"size": SIZE_5, "lines": 0.0, "align": Align.LEFT}
    blocks: list[Block] = [PageBreak(LANDSCAPE if landscape else OFFICIAL), mark]
    blocks += [Title(title, size=18.0 if landscape else 22.0, blank_after=0), table]
    if notes:
        blocks.append(BlankLines(0.3))
    blocks += [Paragraph.of(note, **small) for note in notes]
    return blocks


def annex_table(rows: Sequence[PaperRow], total_points: str) -> tuple[Table, bool]:
    """The table itself, of the columns that hold anything, and whether it wants a sheet across."""
    fields = [
        field
        for field in _FIELDS
        if field.always or any(getattr(row, field.name).strip() for row in rows)
    ]
    wanted = sum(_typical(field, rows) for field in fields)
    landscape = wanted > _CROWDED * _PORTRAIT_EMS
    roomy = not landscape and wanted <= _PORTRAIT_EMS * SIZE_5 / SIZE_S4
    table = Table(
        columns=tuple(_column(field, rows) for field in fields),
        head=(Row(tuple(Cell(field.head) for field in fields)),),
        rows=(*_body(fields, rows), *_total(fields, total_points)),
        size=SIZE_S4 if roomy else SIZE_5,
    )
    return table, landscape


def _column(field: _Field, rows: Sequence[PaperRow]) -> Column:
    """The column; a category of up to six characters stands on one line."""
    if field.name != "category":
        return field.column
    longest = max(_ems(row.category) for row in rows)
    return replace(field.column, least=max(12.0, min(longest, 6) * _EM + 2.6))


def _typical(field: _Field, rows: Sequence[PaperRow]) -> float:
    """Ems a column would like: root mean square of its texts, digits counted half."""
    squares = sum(_ems(getattr(row, field.name)) ** 2 for row in rows) / max(len(rows), 1)
    return max(math.sqrt(squares), 2.0) + 0.7


def _ems(text: str) -> float:
    return sum(0.5 if ord(char) < 0x250 else 1.0 for char in text)


def _body(fields: Sequence[_Field], rows: Sequence[PaperRow]) -> list[Row]:
    """The rows, equal neighbouring categories in one cell."""
    result = []
    for index, row in enumerate(rows):
        cells = []
        for field in fields:
            text = getattr(row, field.name)
            if field.name == "category" and row.category:
                if index and rows[index - 1].category == row.category:
                    continue
                run = 1
                while index + run < len(rows) and rows[index + run].category == row.category:
                    run += 1
                cells.append(Cell(text, rows=run))
            else:
                cells.append(Cell(text))
        result.append(Row(tuple(cells)))
    return result


def _total(fields: Sequence[_Field], total: str) -> list[Row]:
    names = [field.name for field in fields]
    if not total or "points" not in names:
        return []
    before = names.index("points")
    cells = [Cell("合计", Align.CENTER, Face.HEI, columns=before), Cell(total)]
    cells += [Cell("") for _ in names[before + 1 :]]
    return [Row(tuple(cells), RowKind.TOTAL)]
