"""The note that puts misprints in an issued agreement right (更正说明): both texts, reason, approver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.adjustment_notice import issuer_and_date
from mbo_desktop.documents.model import (
    SIZE_S4,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Paragraph,
    Row,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A text that was wrong and the one that stands now."""

    indicator: str
    field: str
    """目标值, 分值, 完成时限."""
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionPaper:
    """All texts of a note for one unit."""

    title: str
    recipient: str
    paragraphs: tuple[str, ...]
    """Before the table."""
    rows: tuple[CorrectionLine, ...]
    closing: str
    issuer: str
    date: str
    number: str = ""


def correction_note(paper: CorrectionPaper) -> Document:
    """The note on the official page, as a rule one sheet."""
    blocks: list[Block] = [Title(paper.title, blank_after=0 if paper.number else 1)]
    if paper.number:
        blocks += [Paragraph.of(paper.number, align=Align.CENTER, first_indent=0), BlankLines()]
    blocks.append(Paragraph.of(f"{paper.recipient}：", align=Align.LEFT, first_indent=0))
    blocks += [Paragraph.of(text) for text in paper.paragraphs if text.strip()]
    blocks += [
        BlankLines(0.3), _table(paper.rows), BlankLines(0.3),
        Paragraph.of(paper.closing, keep_with_next=True), BlankLines(2),
        *issuer_and_date(paper.issuer, paper.date),
    ]
    return Document(paper.title.replace("\n", ""), tuple(blocks), author=paper.issuer)


def _table(rows: Sequence[CorrectionLine]) -> Table:
    heads = ("序号", "指标", "更正内容", "更正前", "更正后", "更正理由")
    columns = (
        Column(align=Align.CENTER, least=12, most=14), Column(align=Align.LEFT, least=32),
        Column(align=Align.CENTER, least=20, most=24), Column(align=Align.CENTER, least=22),
        Column(align=Align.CENTER, least=22), Column(align=Align.LEFT, least=34),
    )
    body = [
        Row(tuple(map(Cell, (
            str(number), row.indicator, row.field, row.before or "（空）", row.after or "（空）", row.reason,
        ))))
        for number, row in enumerate(rows, start=1)
    ]
    return Table(columns, (Row(tuple(map(Cell, heads))),), tuple(body), size=SIZE_S4)
