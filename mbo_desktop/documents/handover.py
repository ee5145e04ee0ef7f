"""离岗交接清单: what passes from one person to another, with room for three signatures."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    SIZE_5,
    Align,
    Cell,
    Column,
    Document,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import grouped, present, table_document


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A task that passes on."""

    post: str
    """「市水利局 综合科科长」."""
    title: str
    unit: str
    role: str
    value: str
    due: str
    successor: str = ""


@dataclass(frozen=True, slots=True)
class HandOverPaper:
    """The list with its head and notes."""

    title: str
    lines: tuple[HandOverLine, ...]
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()


_HEADS = ("序号", "岗位", "任务", "责任单位", "身份", "目标值", "完成时限", "接交人", "备注")
_SIGNED = "移交人：　　　　　　　　　　接交人：　　　　　　　　　　监交人：　　　　　　　　　　　　　年　　月　　日"


def hand_over_list(paper: HandOverPaper) -> Document:
    """The list laid out; posts in one cell over their tasks."""
    posts = grouped([line.post for line in paper.lines])
    rows = tuple(
        Row(present([
            Cell(str(number + 1)), posts[number], Cell(line.title), Cell(line.unit),
            Cell(line.role), Cell(line.value), Cell(line.due), Cell(line.successor), Cell(""),
        ]))
        for number, line in enumerate(paper.lines)
    )
    table = Table(
        columns=(
            Column(align=Align.CENTER, least=11, most=13), Column(align=Align.CENTER, least=22, most=34),
            Column(align=Align.LEFT, least=48), Column(align=Align.LEFT, least=22),
            Column(align=Align.CENTER, least=16, most=22), Column(align=Align.LEFT, least=22),
            Column(align=Align.CENTER, least=22, most=28), Column(align=Align.CENTER, least=16, most=24),
            Column(align=Align.LEFT, least=14),
        ),
        head=(Row(tuple(Cell(text) for text in _HEADS)),), rows=rows,
        size=SIZE_5,
    )
    notes = [*paper.notes, f"共{len(paper.lines)}项任务。", "", _SIGNED]
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=notes, page=LANDSCAPE
    )
