"""Papers of the months: lights table, lagging list, analysis report, feedback and self-check sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    OFFICIAL,
    PLAIN,
    SIZE_5,
    SIZE_S5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Numbering,
    PageBreak,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)
from mbo_desktop.documents.table_paper import grouped, present, small_print, table_document

MARKS = {"正常": "● 正常", "预警": "▲ 预警", "滞后": "■ 滞后", "未报": "○ 未报"}
"""A light as shape and word, readable without colour."""


def mark(light: str) -> str:
    """The light as it is printed."""
    return MARKS.get(light, light)


@dataclass(frozen=True, slots=True)
class LightLine:
    """A target in the table of lights, texts as printed."""

    unit: str
    category: str
    indicator: str
    unit_of_measure: str
    target: str
    planned: str
    actual: str
    share: str
    light: str
    reason: str
    cause: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ProgressPaper:
    """A titled list of targets of one month."""

    title: str
    lines: tuple[LightLine, ...]
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A small table inside a report: heads, rows of texts, the first column a name."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: a heading, its paragraphs, its tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[FigureTable, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysisPaper:
    """月报, 季分析, 半年初评 as a text with figures filled in."""

    title: str
    sections: tuple[Section, ...]
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class FeedbackPaper:
    """What a unit gets back for a month: its place, its lights, its gaps to the best."""

    title: str
    unit: str
    summary: str
    lines: tuple[LightLine, ...]
    gaps: FigureTable | None
    closing: str
    office: str
    date: str


_CENTRED = Align.CENTER


def lights_document(paper: ProgressPaper) -> Document:
    """亮灯情况表: every target with plan, actual, share, light and reason, grouped by unit."""
    heads = ("序号", "单位", "类别", "指标", "计量单位", "年度目标", "应完成", "累计完成", "完成比例(%)", "灯", "说明")
    units = grouped([one.unit for one in paper.lines])
    rows = [
        Row(present([
            Cell(str(place)), units[place - 1], Cell(one.category), Cell(one.indicator),
            Cell(one.unit_of_measure), Cell(one.target), Cell(one.planned), Cell(one.actual),
            Cell(one.share), Cell(mark(one.light)), Cell(one.reason),
        ]))
        for place, one in enumerate(paper.lines, 1)
    ]
    columns = (
        Column(align=_CENTRED, least=10, most=13), Column(align=_CENTRED, least=18, most=26),
        Column(align=_CENTRED, least=18, most=26), Column(align=Align.LEFT, least=34, most=60),
        Column(align=_CENTRED, least=12, most=16), Column(least=18, most=34), Column(least=16, most=22),
        Column(least=16, most=26), Column(least=15, most=18), Column(align=_CENTRED, least=16, most=18),
        Column(align=Align.LEFT, least=48),
    )
    table = Table(columns, (_head(heads),), tuple(rows), size=SIZE_S5)
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes,
        page=LANDSCAPE_A3 if len(paper.lines) > 400 else LANDSCAPE,
    )


def lagging_document(paper: ProgressPaper) -> Document:
    """滞后目标清单: with cause, and what will be done about it."""
    heads = ("序号", "单位", "指标", "年度目标", "累计完成", "灯", "差距", "原因", "下步措施")
    units = grouped([one.unit for one in paper.lines])
    rows = [
        Row(present([
            Cell(str(place)), units[place - 1], Cell(one.indicator),
            Cell(f"{one.target}{one.unit_of_measure if one.target[-1:].isdigit() else ''}"),
            Cell(one.actual), Cell(mark(one.light)), Cell(one.reason), Cell(one.cause),
            Cell(one.measure),
        ]))
        for place, one in enumerate(paper.lines, 1)
    ]
    columns = (
        Column(align=_CENTRED, least=10, most=13), Column(align=_CENTRED, least=18, most=26),
        Column(align=Align.LEFT, least=34, most=56), Column(least=20, most=30),
        Column(least=16, most=24), Column(align=_CENTRED, least=16, most=18),
        Column(align=Align.LEFT, least=44), Column(align=Align.LEFT, least=34),
        Column(align=Align.LEFT, least=34),
    )
    table = Table(columns, (_head(heads),), tuple(rows), size=SIZE_S5)
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=LANDSCAPE
    )


def analysis_document(paper: AnalysisPaper) -> Document:
    """A report on official paper: headings, paragraphs, small tables, office and date at the end."""
    blocks: list[Block] = [Title(paper.title)]
    for number, section in enumerate(paper.sections):
        blocks.append(Heading(1, f"{'一二三四五六七八九'[number]}、{section.heading}"))
        blocks += [Paragraph.of(text) for text in section.paragraphs]
        for table in section.tables:
            blocks += _figures(table)
    blocks += [
        BlankLines(1), Paragraph.of(paper.office, align=Align.RIGHT, first_indent=0, right_indent=2, keep_with_next=True),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=4),
    ]
    return Document(
        paper.title.replace("\n", ""), tuple(blocks), OFFICIAL, Numbering.OFFICIAL, author=paper.office
    )


def feedback_document(papers: Sequence[FeedbackPaper]) -> Document:
    """反馈单, one unit after the other, each on a page of its own."""
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += _feedback(paper)
    first = papers[0]
    name = first.title.replace("\n", "") + (f"({first.unit})" if len(papers) == 1 else "")
    return Document(name, tuple(blocks), PLAIN, Numbering.PAGE_OF, author=first.office)


def _feedback(paper: FeedbackPaper) -> list[Block]:
    heads = ("序号", "指标", "年度目标", "累计完成", "完成比例(%)", "灯", "说明")
    rows = tuple(
        Row((
            Cell(str(place)), Cell(one.indicator), Cell(one.target), Cell(one.actual),
            Cell(one.share), Cell(mark(one.light)), Cell(one.reason),
        ))
        for place, one in enumerate(paper.lines, 1)
    )
    columns = (
        Column(align=_CENTRED, least=10, most=12), Column(align=Align.LEFT, least=36, most=52),
        Column(least=18, most=30), Column(least=16, most=24), Column(least=15, most=18),
        Column(align=_CENTRED, least=16, most=18), Column(align=Align.LEFT, least=40),
    )
    blocks: list[Block] = [
        Title(paper.title, size=20.0, blank_after=0),
        Paragraph.of(f"{paper.unit}：", first_indent=0, lines=0.0, size=14.0),
        Paragraph.of(paper.summary, lines=0.0, size=14.0),
        BlankLines(0.3), Table(columns, (_head(heads),), rows, size=SIZE_S5),
    ]
    if paper.gaps is not None:
        blocks += [BlankLines(0.5), *_figures(paper.gaps)]
    blocks += [
        BlankLines(0.3), Paragraph.of(paper.closing, lines=0.0, size=12.0),
        Paragraph.of(f"{paper.office}　　{paper.date}", align=Align.RIGHT, first_indent=0, lines=0.0, size=12.0),
    ]
    return blocks


def self_check_document(title: str, unit: str, lines: Sequence[LightLine], date: str) -> Document:
    """季度自查表: what is known filled in, the rest to be written by hand and signed."""
    heads = ("序号", "指标", "年度目标", "应完成", "累计完成(自查)", "形象进度", "存在问题和原因", "下步措施及时限")
    rows = tuple(
        Row((
            Cell(str(place)), Cell(one.indicator), Cell(one.target), Cell(one.planned),
            Cell(""), Cell(""), Cell(""), Cell(""),
        ))
        for place, one in enumerate(lines, 1)
    )
    columns = (
        Column(align=_CENTRED, least=10, most=12), Column(align=Align.LEFT, least=40, most=62),
        Column(least=20, most=32), Column(least=16, most=22), Column(least=26, most=30),
        Column(least=34, most=40), Column(least=44), Column(least=40),
    )
    table = Table(columns, (_head(heads),), rows, size=SIZE_5, least_height=11.0)
    made = table_document(title, table, office=f"单位：{unit}", date=date, page=LANDSCAPE)
    signed = small_print("单位主要负责人（签字）：　　　　　　　　填报人：　　　　　　　　联系电话：　　　　　　　　年　　月　　日（公章）")
    return Document(made.name, (*made.blocks, BlankLines(0.5), signed), made.page, made.numbering)


def listed_document(
    title: str, table: FigureTable, *, office: str, date: str, notes: Sequence[str] = (),
    widths: Sequence[tuple[float, Align | None]] = (),
) -> Document:
    """A plain list across A4; widths: least millimetres and alignment by column."""
    return table_document(
        title, _table(table, SIZE_5, widths), office=office, date=date, notes=notes, page=LANDSCAPE
    )


def _figures(table: FigureTable) -> list[Block]:
    return [
        Paragraph.of(
            table.title, size=SIZE_5 + 1.5, lines=0.0, align=Align.CENTER, first_indent=0,
            keep_with_next=True,
        ),
        _table(table, SIZE_5), BlankLines(0.3),
    ]


def _table(
    table: FigureTable, size: float, widths: Sequence[tuple[float, Align | None]] = ()
) -> Table:
    columns = tuple(
        Column(least=widths[place][0], align=widths[place][1]) if place < len(widths)
        else Column(least=22 if place == 0 else 14, align=_CENTRED if place == 0 else None)
        for place in range(len(table.heads))
    )
    rows = tuple(
        Row(
            tuple(Cell(text) for text in row),
            RowKind.TOTAL if row and row[0] == "合计" else RowKind.BODY,
        )
        for row in table.rows
    )
    return Table(columns, (_head(table.heads),), rows, size=size)


def _head(heads: Sequence[str]) -> Row:
    return Row(tuple(Cell(one) for one in heads))
