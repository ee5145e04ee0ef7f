"""Papers of the exchange: an office's card with its fingerprint, the slip that goes with a package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_2,
    SIZE_4,
    SIZE_S4,
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
    Signatory,
    SignatureBlock,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class CardPaper:
    """An office's card as it is handed over: its names, the fingerprint line by line, how it is used."""

    title: str
    facts: tuple[tuple[str, str], ...]
    fingerprint: tuple[str, ...]
    """Lines of groups, as they are read out."""
    steps: tuple[str, ...]
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """交接单 or 接收回执 of one package: facts in a table, fingerprint, two sides to sign."""

    title: str
    facts: tuple[tuple[str, str], ...]
    fingerprint: tuple[str, ...]
    notes: tuple[str, ...]
    left: str
    """Who signs at the left."""
    right: str
    office: str


def card_document(paper: CardPaper) -> Document:
    """One upright sheet; the fingerprint in large type, since it is compared by eye."""
    blocks: list[Block] = [
        Title(paper.title), _facts(paper.facts), BlankLines(),
        Paragraph.of("数据指纹", face=Face.HEI, size=SIZE_4, align=Align.CENTER, first_indent=0, keep_with_next=True),
        *_large(paper.fingerprint), BlankLines(),
        *(Paragraph.of(text, size=SIZE_S4, lines=0.0) for text in paper.steps), BlankLines(2),
        Paragraph.of(f"{paper.office}(盖章)", align=Align.RIGHT, first_indent=0, right_indent=2, keep_with_next=True),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=2),
    ]
    return Document(paper.title, tuple(blocks), PLAIN, Numbering.NONE, author=paper.office)


def slip_document(slips: Sequence[SlipPaper]) -> Document:
    """One sheet for each package."""
    blocks: list[Block] = []
    for slip in slips:
        if blocks:
            blocks.append(PageBreak())
        blocks += [Title(slip.title), _facts(slip.facts), BlankLines()]
        if slip.fingerprint:
            blocks += [
                Paragraph.of("发出机关的数据指纹", face=Face.HEI, size=SIZE_S4, first_indent=0, keep_with_next=True),
                *(Paragraph.of(line, size=SIZE_S4, align=Align.CENTER, first_indent=0) for line in slip.fingerprint),
                BlankLines(),
            ]
        blocks += [Paragraph.of(text, size=SIZE_S4, lines=0.0) for text in slip.notes]
        blocks += [BlankLines(2), SignatureBlock(
            Signatory((slip.left, "日期：　　　　年　　月　　日")),
            Signatory((slip.right, "日期：　　　　年　　月　　日")),
        )]
    first = slips[0]
    return Document(first.title, tuple(blocks), PLAIN, Numbering.NONE, author=first.office)


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    columns = (Column(align=Align.CENTER, least=34, most=40), Column(align=Align.LEFT, least=80))
    rows = tuple(Row((Cell(name, face=Face.HEI), Cell(text))) for name, text in facts)
    return Table(columns, (), rows, size=SIZE_S4, least_height=9.0)


def _large(lines: Sequence[str]) -> list[Block]:
    return [
        Paragraph.of(line, size=SIZE_2, align=Align.CENTER, first_indent=0, keep_with_next=place < len(lines) - 1)
        for place, line in enumerate(lines)
    ]
