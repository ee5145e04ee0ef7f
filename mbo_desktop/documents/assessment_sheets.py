"""Sheets that are filled in by hand, and lists beside the scores: self-assessment, review on site, objections, bonuses, vetoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    PLAIN,
    SIZE_S4,
    SIZE_S5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Title,
)
from mbo_desktop.documents.punctuation import printed
from mbo_desktop.documents.table_paper import small_print, table_document

_ROW = 10.0
"""Least height in mm of a row that is written in."""
_ROOM, _IN_A_LINE = 6, 30


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A unit's sheet: rows of the columns' texts, empty cells to be filled in; signers below."""

    unit: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """自查自评表, 考核组复核工作底稿: the same columns for each unit; wide: columns that are written in."""

    title: str
    heads: tuple[str, ...]
    wide: frozenset[int]
    units: tuple[UnitSheet, ...]
    signers: tuple[str, ...]
    office: str
    notes: tuple[str, ...] = ()


def sheets_document(paper: SheetPaper) -> Document:
    """One unit after the other, each beginning a sheet, signatures at the end of each."""
    blocks: list[Block] = []
    for number, one in enumerate(paper.units):
        if number:
            blocks.append(PageBreak())
        blocks += _sheet(paper, one)
    return Document(paper.title.replace("\n", ""), tuple(blocks), LANDSCAPE, Numbering.PAGE_OF, author=paper.office)


def _sheet(paper: SheetPaper, one: UnitSheet) -> list[Block]:
    columns = tuple(
        Column(align=Align.LEFT, least=100 / len(paper.wide)) if place in paper.wide
        else Column(align=Align.CENTER, least=9, most=12) if not place
        else Column(align=Align.LEFT if place == 1 else Align.RIGHT, least=36 if place == 1 else 14)
        for place in range(len(paper.heads))
    )
    rows = tuple(Row(tuple(Cell(printed(text)) for text in row)) for row in one.rows)
    head = Row(tuple(Cell(text) for text in paper.heads))
    signed = "　　　　".join(f"{name}（签字）：　　　　" for name in paper.signers)
    return [
        Title(paper.title, size=18.0, blank_after=0),
        Paragraph.of(f"单位：{one.unit}", size=SIZE_S4, lines=0.0, first_indent=0, align=Align.LEFT, keep_with_next=True),
        Table(columns, (head,), rows, size=SIZE_S5, least_height=_ROW),
        *(small_print(printed(note)) for note in paper.notes), BlankLines(0.5),
        Paragraph.of(signed, size=SIZE_S4, lines=0.0, first_indent=0, align=Align.LEFT, keep_with_next=True),
        Paragraph.of("年　　月　　日", size=SIZE_S4, lines=0.0, first_indent=0, align=Align.RIGHT, right_indent=2),
    ]


@dataclass(frozen=True, slots=True)
class ListPaper:
    """A list: heads and rows of texts; left: columns of words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int]
    office: str
    date: str
    notes: tuple[str, ...] = ()


def list_document(paper: ListPaper) -> Document:
    """A titled table across."""
    columns = tuple(
        Column(align=Align.LEFT, least=30) if place in paper.left else Column(align=Align.CENTER, least=11)
        for place in range(len(paper.heads))
    )
    table = Table(
        columns, (Row(tuple(Cell(text) for text in paper.heads)),),
        tuple(Row(tuple(Cell(printed(text)) for text in row)) for row in paper.rows),
    )
    return table_document(paper.title, table, office=paper.office, date=paper.date, notes=[printed(one) for one in paper.notes])


@dataclass(frozen=True, slots=True)
class ObjectionPaper:
    """申诉复核表; empty texts leave room to write."""

    title: str
    unit: str
    subject: str
    raised_on: str
    until: str
    before: str
    text: str
    decision: str
    after: str
    decided_on: str
    office: str


def objections_document(papers: Sequence[ObjectionPaper]) -> Document:
    """A form an objection, each on its sheet."""
    documents = [_objection(one) for one in papers]
    blocks: list[Block] = []
    for number, one in enumerate(documents):
        blocks += [*([PageBreak()] if number else []), *one.blocks]
    first = documents[0]
    return Document(first.name, tuple(blocks), first.page, first.numbering, first.author)


def _objection(paper: ObjectionPaper) -> Document:
    sign = "签字：　　　　　　　　　　年　　月　　日"
    rows = (
        _row(("申诉单位", paper.unit), ("提出日期", paper.raised_on)), _row(("申诉对象", paper.subject), ("申诉期限", paper.until)),
        _row(("原得分", paper.before), ("复核后得分", paper.after)),
        _row(("申诉理由", f"{_room(paper.text)}\n单位负责人{sign}")),
        _row(("核定部门\n意见", f"{_room('')}\n{sign}")),
        _row(("复核结论", f"{_room(paper.decision)}\n{paper.decided_on or sign}")),
        _row(("领导小组\n意见", f"{_room('')}\n{sign}")),
    )
    columns = (
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=52),
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=52),
    )
    table = Table(columns, (), rows, size=SIZE_S4, least_height=11.0)
    return table_document(paper.title, table, office=paper.office, page=PLAIN)


def _row(*pairs: tuple[str, str]) -> Row:
    cells: list[Cell] = []
    for label, text in pairs:
        cells += [Cell(label, face=Face.HEI), Cell(printed(text), Align.LEFT, columns=3 if len(pairs) == 1 else 1)]
    return Row(tuple(cells))


def _room(text: str) -> str:
    """The text with empty lines after it, to be written in by hand."""
    return text + "\n　" * max(0, _ROOM - 1 - len(text) // _IN_A_LINE)
