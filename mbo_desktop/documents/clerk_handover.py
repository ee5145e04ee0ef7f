"""办理人员交接单: what the clerk leaves open, with room for three signatures, on one page where it fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_S5,
    Align,
    Cell,
    Column,
    Document,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import grouped, present, small_print, table_document


@dataclass(frozen=True, slots=True)
class ClerkLine:
    """A matter that passes on."""

    area: str
    text: str
    day: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClerkPaper:
    """The page with its head."""

    title: str
    office: str
    year: str
    giver: str
    taker: str
    date: str
    lines: tuple[ClerkLine, ...]


_PAGE = replace(PLAIN, top=16.0, bottom=16.0)
"""Narrow above and below: it is to be one page."""
_HEADS = ("类别", "事项", "时间", "备注")
_SIGNED = "移交人：　　　　　　　　接交人：　　　　　　　　监交人：　　　　　　　　　年　　月　　日"


def clerk_document(paper: ClerkPaper) -> Document:
    """The page laid out; areas in one cell over their matters."""
    areas = grouped([line.area for line in paper.lines])
    rows = tuple(
        Row(present([areas[place], Cell(line.text), Cell(line.day), Cell(line.note)]))
        for place, line in enumerate(paper.lines)
    )
    table = Table(
        columns=(
            Column(width=20.0, align=Align.CENTER), Column(align=Align.LEFT),
            Column(width=22.0, align=Align.CENTER), Column(width=14.0, align=Align.CENTER),
        ),
        head=(Row(tuple(Cell(text) for text in _HEADS)),), rows=rows, size=SIZE_S5,
    )
    people = f"移交人：{paper.giver or '　　　　'}　　接交人：{paper.taker or '　　　　'}　　交接日期：{paper.date}"
    made = table_document(
        paper.title, table, office=paper.office, date=paper.year,
        notes=("以上事项和数据文件夹、备份、U盘、文书等已当面点清。", "", _SIGNED), page=_PAGE,
    )
    title, *rest = made.blocks
    return replace(made, blocks=(title, small_print(people, Align.CENTER), *rest))
