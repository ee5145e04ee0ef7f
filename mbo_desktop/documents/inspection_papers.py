"""Papers of inspections: slips with a reply stub, record sheets, sampling protocol, circulars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    OFFICIAL,
    PLAIN,
    SIZE_5,
    SIZE_S4,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Heading,
    Numbering,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Title,
)
from mbo_desktop.documents.progress_papers import FigureTable
from mbo_desktop.documents.table_paper import small_print

_A_LINE = 30
"""Characters of 小四 in the wide cell of a form."""


@dataclass(frozen=True, slots=True)
class SlipField:
    """A row of a slip: its label, its text, and how many lines are left free for writing."""

    label: str
    text: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """A slip as printed: order, reminder, rectification notice, coloured slip.

    stub: what the unit cuts off and sends back; empty for none.
    """

    title: str
    number: str
    recipient: str
    pairs: tuple[tuple[SlipField, SlipField], ...]
    """Rows of two short fields."""
    fields: tuple[SlipField, ...]
    """Rows across the sheet."""
    office: str
    date: str
    grade: str = ""
    """「■ 红色督办」: colour as word and shape."""
    stub: tuple[SlipField, ...] = ()
    closing: str = ""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A target on the record sheet of a visit; texts to be written stay empty."""

    unit: str
    indicator: str
    target: str
    reported: str
    verified: str = ""
    found: str = ""
    met_with: str = ""


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """现场查验记录表, blank or filled in."""

    title: str
    way: str
    day: str
    inspectors: str
    content: str
    lines: tuple[RecordLine, ...]
    office: str
    spare: int = 3
    """Empty rows for what is found beside the list."""


@dataclass(frozen=True, slots=True)
class ProtocolPaper:
    """抽样记录: how the sample was drawn, so that anybody can repeat it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    shares: FigureTable
    drawn: FigureTable
    method: str
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class CircularPaper:
    """督查通报, 专报 or 报告: masthead, text in sections, annex table."""

    masthead: str
    """「示例市政务督查」; empty for a plain report."""
    issue: str
    """「第20期」."""
    title: str
    recipient: str
    opening: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    office: str
    date: str
    annex: FigureTable | None = None


def slips_document(papers: Sequence[SlipPaper], name: str = "") -> Document:
    """Slips, each on a sheet of its own with its stub below a cutting line."""
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += _slip(paper)
    first = papers[0]
    return Document(
        name or first.title, tuple(blocks), PLAIN, Numbering.NONE, author=first.office
    )


def _slip(paper: SlipPaper) -> list[Block]:
    head = "　　".join(text for text in (paper.grade, paper.number) if text)
    rows = [_row(*pair) for pair in paper.pairs] + [_row(field) for field in paper.fields]
    columns = (
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=48),
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=48),
    )
    blocks: list[Block] = [Title(paper.title, size=20.0, blank_after=0)]
    if head:
        blocks.append(small_print(head, Align.RIGHT))
    blocks.append(Paragraph.of(f"{paper.recipient}：", first_indent=0, lines=0.0, size=14.0))
    blocks.append(Table(columns, (), tuple(rows), size=SIZE_S4, least_height=10.0))
    if paper.closing:
        blocks += [BlankLines(0.3), Paragraph.of(paper.closing, lines=0.0, size=SIZE_S4)]
    blocks.append(Paragraph.of(
        f"{paper.office}（章）　　{paper.date}", align=Align.RIGHT, first_indent=0, lines=0.0, size=SIZE_S4
    ))
    if paper.stub:
        blocks += _stub(paper)
    return blocks


def _stub(paper: SlipPaper) -> list[Block]:
    columns = (Column(width=28, align=Align.CENTER), Column(align=Align.LEFT))
    rows = tuple(
        Row((Cell(field.label, face=Face.HEI), Cell(_room(field), Align.LEFT))) for field in paper.stub
    )
    return [
        BlankLines(0.5), small_print("— — — — — — — — — — 由此裁下，随办理情况一并反馈 — — — — — — — — — —", Align.CENTER),
        Paragraph.of(
            f"回　　执　　{paper.number}", align=Align.CENTER, first_indent=0, lines=0.0, size=14.0,
            face=Face.HEI, keep_with_next=True,
        ),
        Table(columns, (), rows, size=SIZE_S4, least_height=9.0),
    ]


def _row(*fields: SlipField) -> Row:
    cells = []
    for field in fields:
        wide = len(fields) == 1
        cells += [
            Cell(field.label, face=Face.HEI), Cell(_room(field), Align.LEFT, columns=3 if wide else 1)
        ]
    return Row(tuple(cells))


def _room(field: SlipField) -> str:
    """The text with empty lines after it, so that something can be written by hand."""
    used = 1 + len(field.text) // _A_LINE + field.text.count("\n")
    return field.text + "\n　" * max(0, field.lines - used)


def record_document(papers: Sequence[RecordPaper]) -> Document:
    """现场查验记录表, one sheet (or more) per visit."""
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += _record(paper)
    return Document(papers[0].title, tuple(blocks), LANDSCAPE, Numbering.PAGE_OF, author=papers[0].office)


def _record(paper: RecordPaper) -> list[Block]:
    heads = ("序号", "单位", "目标", "目标值", "上报数", "核实数", "现场情况", "现场陪同人")
    lines = [*paper.lines, *(RecordLine("", "", "", "") for _ in range(paper.spare))]
    rows = tuple(
        Row(tuple(Cell(text) for text in (
            str(place) if one.indicator or one.unit else "", one.unit, one.indicator, one.target,
            one.reported, one.verified, one.found, one.met_with,
        )))
        for place, one in enumerate(lines, 1)
    )
    columns = (
        Column(align=Align.CENTER, least=10, most=12), Column(align=Align.CENTER, least=24, most=34),
        Column(align=Align.LEFT, least=46, most=60), Column(least=22, most=32),
        Column(least=22, most=30), Column(least=26, most=30), Column(align=Align.LEFT, least=60),
        Column(align=Align.CENTER, least=26, most=30),
    )
    facts = (("督查方式", paper.way), ("日期", paper.day), ("督查人员", paper.inspectors))
    line = "　　　".join(f"{label}：{text or '　　　　　　　　'}" for label, text in facts)
    return [
        Title(paper.title, size=18.0, blank_after=0), small_print(line),
        small_print(f"内容：{paper.content}" if paper.content else "内容：　"),
        Table(columns, (Row(tuple(Cell(head) for head in heads)),), rows, size=SIZE_5, least_height=12.0),
        BlankLines(0.3),
        small_print("督查人员（签字）：　　　　　　　　　　　　被督查单位代表（签字）：　　　　　　　　　　　　　　　年　　月　　日"),
    ]


def protocol_document(paper: ProtocolPaper) -> Document:
    """抽样记录 with the rule of the draw, the strata and the drawn ones."""
    facts = Table(
        (Column(width=40, align=Align.CENTER), Column(align=Align.LEFT)), (),
        tuple(Row((Cell(label, face=Face.HEI), Cell(text, Align.LEFT))) for label, text in paper.facts),
        size=SIZE_S4,
    )
    blocks: list[Block] = [
        Title(paper.title, size=20.0), facts, BlankLines(0.5),
        Paragraph.of(paper.method, lines=0.0, size=SIZE_S4), BlankLines(0.5),
        *_titled(paper.shares), *_titled(paper.drawn),
        small_print("抽样人（签字）：　　　　　　　　　　监督人（签字）：　　　　　　　　　　"),
        Paragraph.of(f"{paper.office}　　{paper.date}", align=Align.RIGHT, first_indent=0, lines=0.0, size=SIZE_S4),
    ]
    return Document(paper.title, tuple(blocks), PLAIN, Numbering.PAGE_OF, author=paper.office)


def circular_document(paper: CircularPaper) -> Document:
    """A circular or report on official paper, its table as 附件 on a page of its own."""
    blocks: list[Block] = []
    if paper.masthead:
        blocks += [
            Title(paper.masthead, size=30.0, blank_after=0),
            Paragraph.of(paper.issue, align=Align.CENTER, first_indent=0),
            Paragraph.of(f"{paper.office}　　　　　　　　　　{paper.date}", align=Align.CENTER, first_indent=0, size=14.0),
            BlankLines(1),
        ]
    blocks.append(Title(paper.title))
    if paper.recipient:
        blocks.append(Paragraph.of(f"{paper.recipient}：", align=Align.LEFT, first_indent=0))
    blocks.append(Paragraph.of(paper.opening))
    for number, (heading, paragraphs) in enumerate(paper.sections):
        blocks.append(Heading(1, f"{'一二三四五六七八九'[number]}、{heading}"))
        blocks += [Paragraph.of(text) for text in paragraphs]
    if paper.annex is not None:
        blocks += [BlankLines(1), Paragraph.of(
            f"附件：{paper.annex.title}", align=Align.LEFT, left_indent=5, first_indent=-3
        )]
    blocks += [
        BlankLines(1),
        Paragraph.of(paper.office, align=Align.RIGHT, first_indent=0, right_indent=4, keep_with_next=True),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=4),
    ]
    if paper.annex is not None:
        mark = Paragraph.of("附件", face=Face.HEI, align=Align.LEFT, first_indent=0, keep_with_next=True)
        blocks += [PageBreak(OFFICIAL), mark, Title(paper.annex.title, size=18.0, blank_after=0), _table(paper.annex)]
    return Document(paper.title.replace("\n", ""), tuple(blocks), OFFICIAL, Numbering.OFFICIAL, author=paper.office)


def _titled(table: FigureTable) -> list[Block]:
    title = Paragraph.of(
        table.title, size=SIZE_S4, lines=0.0, align=Align.CENTER, first_indent=0, keep_with_next=True
    )
    return [title, _table(table), BlankLines(0.5)]


def _table(table: FigureTable) -> Table:
    columns = tuple(Column(least=14) for _ in table.heads)
    rows = tuple(Row(tuple(Cell(text) for text in row)) for row in table.rows)
    return Table(columns, (Row(tuple(Cell(head) for head in table.heads)),), rows, size=SIZE_5)
