"""Circulars on results: 通报, 表彰决定, 通报批评, 一票否决告知单, with their lists as 附件."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mbo_desktop.documents.model import (
    OFFICIAL,
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
from mbo_desktop.documents.punctuation import printed

_SHORT = 200
"""Characters of a last paragraph that goes to the next page together with the signature."""
_EMPTY = Paragraph.of(" ", keep_with_next=True)


@dataclass(frozen=True, slots=True)
class ResultCircular:
    """A circular as printed; paragraphs that begin with 一、 or (一) become headings."""

    masthead: str
    """「示例市人民政府文件」; empty leaves the head to the office's own printed paper."""
    number: str
    title: str
    recipient: str
    paragraphs: tuple[str, ...]
    issuer: str
    date: str
    annexes: tuple[FigureTable, ...] = ()
    is_final: bool = False
    """Marked 定稿; else 送审稿 stands at the head."""


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """一票否决告知单: what was declared, its effect, how to object."""

    title: str
    number: str
    recipient: str
    fields: tuple[tuple[str, str], ...]
    closing: str
    office: str
    date: str


def circular_document(paper: ResultCircular) -> Document:
    """On official paper: red head, number, title, text, signature, the lists as 附件."""
    blocks: list[Block] = _head(paper)
    blocks.append(Title(paper.title))
    if paper.recipient:
        blocks.append(Paragraph.of(f"{paper.recipient}：", align=Align.LEFT, first_indent=0))
    texts = [_paragraph(text) for text in paper.paragraphs]
    if texts and not paper.annexes and isinstance(texts[-1], Paragraph) and len(texts[-1].text) < _SHORT:
        # A page with nothing but the signature is not allowed.
        texts[-1] = replace(texts[-1], keep_with_next=True)
    blocks += texts
    if paper.annexes:
        blocks.append(BlankLines(1))
        single = len(paper.annexes) == 1
        for place, table in enumerate(paper.annexes, 1):
            mark = "附件：" if place == 1 else "　　　"
            name = table.title if single else f"{place}.{table.title}"
            blocks.append(Paragraph.of(
                f"{mark}{name}", align=Align.LEFT, left_indent=5, first_indent=-3, keep_with_next=True
            ))
    blocks += [
        _EMPTY,
        Paragraph.of(paper.issuer, align=Align.RIGHT, first_indent=0, right_indent=4, keep_with_next=True),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=4),
    ]
    for place, table in enumerate(paper.annexes, 1):
        label = "附件" if len(paper.annexes) == 1 else f"附件{place}"
        blocks += [
            PageBreak(), Paragraph.of(label, face=Face.HEI, align=Align.LEFT, first_indent=0, keep_with_next=True),
            Title(table.title, size=18.0, blank_after=0), _table(table),
        ]
    name = paper.title.replace("\n", "") + ("(定稿)" if paper.is_final else "")
    return Document(name, tuple(blocks), OFFICIAL, Numbering.OFFICIAL, author=paper.issuer)


def _head(paper: ResultCircular) -> list[Block]:
    blocks: list[Block] = []
    if not paper.is_final:
        blocks.append(Paragraph.of("（送审稿）", align=Align.LEFT, first_indent=0, face=Face.HEI))
    if paper.masthead:
        blocks += [Title(paper.masthead, size=_head_size(paper.masthead), blank_after=1, is_red=True)]
    if paper.number or paper.masthead:
        blocks.append(Paragraph.of(
            paper.number, align=Align.CENTER, first_indent=0, red_line=bool(paper.masthead)
        ))
    if paper.masthead:
        blocks.append(BlankLines(1))
    return blocks


def _head_size(text: str) -> float:
    """As large as one line of the block (442 pt) takes, at most 42 pt."""
    return min(42.0, 440.0 / max(len(text), 1))


def _paragraph(text: str) -> Block:
    plain = printed(text.strip())
    short = len(plain) <= 30 and not plain.endswith(("。", "；", "："))
    if short and plain[:1] in "一二三四五六七八九十" and "、" in plain[:4]:
        return Heading(1, plain)
    if short and plain[:1] in "（(" and plain[1:2] in "一二三四五六七八九十":
        return Heading(2, plain)
    return Paragraph.of(plain)


def notice_document(paper: NoticePaper) -> Document:
    """A notice to one unit with its facts in a form."""
    rows = tuple(Row((Cell(name, face=Face.HEI), Cell(printed(text), Align.LEFT))) for name, text in paper.fields)
    table = Table(
        (Column(width=36, align=Align.CENTER), Column(align=Align.LEFT)), (), rows, size=SIZE_S4, least_height=11.0
    )
    blocks: list[Block] = [Title(paper.title, blank_after=0)]
    if paper.number:
        blocks.append(Paragraph.of(paper.number, align=Align.CENTER, first_indent=0))
    blocks += [
        Paragraph.of(f"{paper.recipient}：", align=Align.LEFT, first_indent=0), BlankLines(0.3), table, BlankLines(0.5),
        Paragraph.of(printed(paper.closing)), BlankLines(1),
        Paragraph.of(paper.office, align=Align.RIGHT, first_indent=0, right_indent=4, keep_with_next=True),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=4), BlankLines(1), _receipt(),
    ]
    return Document(paper.title, tuple(blocks), OFFICIAL, Numbering.NONE, author=paper.office)


def _receipt() -> Table:
    """送达签收, filled by hand: the day of receipt begins the time for objections."""
    names = ("送达人", "签收人", "签收日期")
    cells = [cell for name in names for cell in (Cell(name, face=Face.HEI), Cell(""))]
    columns = tuple(Column(width=width, align=Align.CENTER) for _ in names for width in (22, 30))
    return Table(columns, (), (Row(tuple(cells)),), size=SIZE_S4, least_height=11.0)


def notices_document(papers: tuple[NoticePaper, ...]) -> Document:
    """Several notices, a sheet each."""
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += notice_document(paper).blocks
    return Document(papers[0].title, tuple(blocks), OFFICIAL, Numbering.NONE, author=papers[0].office)


_WIDTHS = {
    "序号": (11, 14), "名次": (12, 16), "考核分组": (26, 34), "等次": (18, 24), "综合得分": (22, 26), "单位": (24, 40),
    "目标": (34, 46), "目标值": (26, 32), "完成值": (22, 28), "原因": (36, 400),
}
"""Least and most mm of the columns of lists."""
_LEFT, _MIDDLE = ("目标", "原因"), ("目标值", "完成值")


def _table(table: FigureTable) -> Table:
    columns = []
    for head in table.heads:
        least, most = _WIDTHS.get(head, (12, 400))
        align = Align.LEFT if head in _LEFT else Align.CENTER if head in _MIDDLE else None
        columns.append(Column(align=align, least=least, most=most))
    rows = tuple(Row(tuple(Cell(printed(text)) for text in row)) for row in table.rows)
    return Table(tuple(columns), (Row(tuple(Cell(head) for head in table.heads)),), rows, size=SIZE_S4)
