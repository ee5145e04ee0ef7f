"""The year on one sheet (目标管理情况一览): eight figures, lights by category, places by group, what is open."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    SIZE_5,
    SIZE_S5,
    Align,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageSetup,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)

SHEET = PageSetup(210.0, 297.0, 16.0, 14.0, 17.0, 17.0, 30, 34)
"""A4 upright, narrow margins: all stands on one sheet."""
IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """One of the eight figures as printed."""

    words: str
    number: str
    detail: str


@dataclass(frozen=True, slots=True)
class LightsLine:
    """A category with its lights, in the order of `YearBoardPaper.lights_head`."""

    category: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankingLine:
    """A group with its first and last places in words."""

    group: str
    figure: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class YearBoardPaper:
    """All texts of the sheet; parts without rows are left out."""

    title: str
    figures: tuple[PaperFigure, ...]
    lights_title: str
    lights_head: tuple[str, ...]
    lights: tuple[LightsLine, ...]
    rankings: tuple[RankingLine, ...]
    open_points: tuple[tuple[str, str], ...]
    """(heading, text): blank spots by unit, duties."""
    office: str
    date: str
    notes: tuple[str, ...] = ()


def year_board_document(paper: YearBoardPaper) -> Document:
    """The sheet; whoever calls sees to it that it fits one page."""
    blocks: list[Block] = [Title(paper.title, size=18.0, blank_after=0), _made(paper), _figures(paper)]
    if paper.lights:
        blocks += [_heading(paper.lights_title), _lights(paper)]
    if paper.rankings:
        blocks += [_heading("各组位次"), _rankings(paper)]
    if paper.open_points:
        blocks += [_heading("待办"), _open_points(paper)]
    blocks += [
        Paragraph.of(text, size=SIZE_S5, first_indent=0, lines=0, align=Align.LEFT) for text in paper.notes
    ]
    return Document(
        paper.title.replace("\n", ""), tuple(blocks), page=SHEET, numbering=Numbering.NONE, author=paper.office
    )


def _made(paper: YearBoardPaper) -> Paragraph:
    return Paragraph.of(
        f"{paper.office}    {paper.date}", size=SIZE_5, align=Align.CENTER, first_indent=0, lines=0
    )


def _heading(text: str) -> Paragraph:
    return Paragraph.of(text, face=Face.HEI, size=SIZE_5, first_indent=0, lines=0, keep_with_next=True)


def _figures(paper: YearBoardPaper) -> Table:
    """Words, number and detail below each other, four figures in a row."""
    rows = []
    for start in range(0, len(paper.figures), IN_A_ROW):
        part = paper.figures[start : start + IN_A_ROW]
        empty = [Cell("")] * (IN_A_ROW - len(part))
        rows += [
            Row((*(Cell(one.words, face=Face.HEI) for one in part), *empty), RowKind.BAND),
            Row((*(Cell(f"{one.number}\n{one.detail}") for one in part), *empty)),
        ]
    return Table(
        tuple(Column(align=Align.CENTER) for _ in range(IN_A_ROW)), (), tuple(rows), repeat_head=False
    )


def _lights(paper: YearBoardPaper) -> Table:
    return Table(
        (Column(align=Align.LEFT, least=40), *(Column(align=Align.RIGHT, least=16) for _ in paper.lights_head)),
        (Row((Cell("类别"), *(Cell(text) for text in paper.lights_head))),),
        tuple(Row((Cell(line.category), *(Cell(text) for text in line.counts))) for line in paper.lights),
        size=SIZE_S5, repeat_head=False,
    )


def _rankings(paper: YearBoardPaper) -> Table:
    return Table(
        (Column(align=Align.CENTER, least=20, most=26), Column(align=Align.CENTER, least=18, most=24),
         Column(align=Align.LEFT), Column(align=Align.LEFT)),
        (Row((Cell("分组"), Cell("依据"), Cell("前列"), Cell("靠后"))),),
        tuple(
            Row((Cell(one.group), Cell(one.figure), Cell(one.first), Cell(one.last))) for one in paper.rankings
        ),
        size=SIZE_S5, repeat_head=False,
    )


def _open_points(paper: YearBoardPaper) -> Table:
    return Table(
        (Column(width=26.0, align=Align.CENTER), Column(align=Align.LEFT)), (),
        tuple(Row((Cell(heading, face=Face.HEI), Cell(text))) for heading, text in paper.open_points),
        size=SIZE_S5, repeat_head=False,
    )
