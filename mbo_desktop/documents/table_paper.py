"""What the papers of the season share: a titled table on a sheet, groups in one cell, small print."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.documents.model import (
    LANDSCAPE,
    SIZE_5,
    Align,
    BlankLines,
    Block,
    Cell,
    Document,
    Numbering,
    PageSetup,
    Paragraph,
    Table,
    Title,
)


def small_print(text: str, align: Align = Align.LEFT) -> Paragraph:
    """A note in the type of tables."""
    return Paragraph.of(text, size=SIZE_5, lines=0.0, align=align, first_indent=0)


def table_document(
    title: str,
    table: Table,
    *,
    office: str = "",
    date: str = "",
    notes: Sequence[str] = (),
    page: PageSetup = LANDSCAPE,
) -> Document:
    """A title, who made it when, the table, notes: pages numbered 第 X 页 共 Y 页."""
    blocks: list[Block] = [Title(title, size=20.0 if not page.landscape else 18.0, blank_after=0)]
    line = "　　".join(text for text in (office, date) if text)
    if line:
        blocks.append(
            Paragraph.of(line, size=SIZE_5, lines=0.0, align=Align.RIGHT, first_indent=0, keep_with_next=True)
        )
    blocks.append(table)
    if notes:
        blocks.append(BlankLines(0.3))
    blocks += [small_print(note) for note in notes]
    return Document(
        title.replace("\n", ""), tuple(blocks), page, Numbering.PAGE_OF, author=office
    )


def grouped(texts: Sequence[str]) -> list[Cell | None]:
    """Equal neighbours in one cell: the cell for the first, None for those it covers; "" stands alone."""
    cells: list[Cell | None] = []
    for index, text in enumerate(texts):
        if text and index and texts[index - 1] == text:
            cells.append(None)
            continue
        run = 1
        while text and index + run < len(texts) and texts[index + run] == text:
            run += 1
        cells.append(Cell(text, rows=run))
    return cells


def present(cells: Sequence[Cell | None]) -> tuple[Cell, ...]:
    """The cells of a row without places covered from above."""
    return tuple(cell for cell in cells if cell is not None)
