"""The list of blanks (空白清单): what nobody answers for yet and what does not fit, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from mbo_desktop.documents.model import (
    LANDSCAPE,
    SIZE_5,
    Align,
    Cell,
    Column,
    Document,
    Face,
    Row,
    RowKind,
    Table,
)
from mbo_desktop.documents.table_paper import table_document


@dataclass(frozen=True, slots=True)
class BlankLine:
    """One finding as printed: 「■ 空白」 in shape and word, so that it needs no colour."""

    unit: str
    severity: str
    kind: str
    task: str
    text: str
    people: str = ""


@dataclass(frozen=True, slots=True)
class BlanksPaper:
    """All texts of the list; lines of one unit stand together."""

    title: str
    lines: tuple[BlankLine, ...]
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()


_COLUMNS = (
    Column(align=Align.CENTER, least=10, most=13),
    Column(align=Align.CENTER, least=17, most=22),
    Column(align=Align.CENTER, least=26, most=38),
    Column(align=Align.LEFT, least=44, most=80),
    Column(align=Align.LEFT, least=60),
    Column(align=Align.CENTER, least=20, most=32),
    Column(align=Align.CENTER, least=22, most=26),
)
_HEADS = ("序号", "程度", "事项", "目标任务", "问题", "责任人", "整改情况")


def blanks_document(paper: BlanksPaper) -> Document:
    """The list across A4, a band for each unit, room to write what was done."""
    rows: list[Row] = []
    for unit, found in groupby(paper.lines, key=lambda line: line.unit):
        lines = list(found)
        band = Cell(f"{unit or '未指定单位'}（{len(lines)}项）", Align.LEFT, Face.HEI, columns=len(_HEADS))
        rows.append(Row((band,), RowKind.BAND))
        rows += [
            Row((
                Cell(str(number)), Cell(line.severity), Cell(line.kind), Cell(line.task),
                Cell(line.text), Cell(line.people), Cell(""),
            ))
            for number, line in enumerate(lines, start=1)
        ]
    if not rows:
        rows.append(Row((Cell("没有空白", Align.CENTER, columns=len(_HEADS)),)))
    table = Table(_COLUMNS, (Row(tuple(map(Cell, _HEADS))),), tuple(rows), size=SIZE_5)
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=LANDSCAPE
    )
