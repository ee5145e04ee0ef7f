"""年度结转清单: what goes over into the new year, part by part, as the preview shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_5,
    Align,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Numbering,
    Paragraph,
    Row,
    Table,
    Title,
)
from mbo_desktop.documents.table_paper import small_print


@dataclass(frozen=True, slots=True)
class TurnSection:
    """A table of the list under its heading; widths in mm, 0: shares what is left."""

    heading: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that stand to the right."""


@dataclass(frozen=True, slots=True)
class TurnPaper:
    """The list with its head, sections and remarks."""

    title: str
    office: str
    date: str
    sections: tuple[TurnSection, ...]
    notes: tuple[str, ...] = ()


def turn_document(paper: TurnPaper) -> Document:
    """The list laid out; each section a table with its own heading, remarks behind the first."""
    blocks: list[Block] = [Title(paper.title, size=18.0, blank_after=0)]
    head = "　　".join(text for text in (paper.office, paper.date) if text)
    if head:
        blocks.append(Paragraph.of(head, size=SIZE_5, lines=0.0, align=Align.RIGHT, first_indent=0))
    for place, section in enumerate(paper.sections):
        blocks += [Heading(1, section.heading), _table(section)]
        if not place and paper.notes:
            # Before the long lists, where they are read.
            blocks.append(Heading(1, "需要核对的事项"))
            blocks += [small_print(f"{number}.{text}") for number, text in enumerate(paper.notes, 1)]
    return Document(paper.title, tuple(blocks), PLAIN, Numbering.PAGE_OF, author=paper.office)


def _table(section: TurnSection) -> Table:
    columns = tuple(
        Column(width=width or None, align=Align.RIGHT if place in section.numbers else Align.LEFT)
        for place, width in enumerate(section.widths)
    )
    return Table(columns, (_row(section.heads),), tuple(_row(texts) for texts in section.rows), size=SIZE_5)


def _row(texts: Sequence[str]) -> Row:
    return Row(tuple(Cell(text) for text in texts))
