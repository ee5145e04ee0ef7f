"""Tables, signature blocks and page-number fields of a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordFile
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from mbo_desktop.documents.fonts import bundled_fonts, printable, typefaces
from mbo_desktop.documents.model import SIZE_3, Align, Cell, Face, Row, SignatureBlock, Table
from mbo_desktop.documents.tables import is_number, measured_widths
from mbo_desktop.documents.typeset import TypeSetter
from mbo_desktop.documents.word_text import ALIGNMENTS, add_run, put_in_order, set_pitch

_MARGIN = 3.4
_LEADING = 1.3


def add_table(word: WordFile, block: Table, width: float) -> None:
    """A bordered table: head rows repeat, rows are not cut, columns as wide as in the PDF."""
    rows = (*block.head, *block.rows)
    widths = measured_widths(block, width, TypeSetter(typefaces(bundled_fonts())))
    table = _empty_table(word, len(rows), widths)
    table.style = "Table Grid"
    covered = [0] * len(widths)
    for index, row in enumerate(rows):
        head = index < len(block.head)
        line = table.rows[index]
        _row_rules(line, block.size, repeat=head and block.repeat_head)
        covered = _fill(table, row, (index, len(rows)), covered, block, head=head)


def _empty_table(word: WordFile, rows: int, widths: Sequence[float]) -> WordTable:
    table: WordTable = word.add_table(rows, len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, one in zip(table.columns, widths, strict=True):
        column.width = Pt(one)
    properties = table._tbl.tblPr  # noqa: SLF001
    margins: Any = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(_MARGIN * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption")
    return table


def _row_rules(row: _Row, size: float, *, repeat: bool) -> None:
    row.height = Pt(size * 2.1)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if repeat:
        properties.append(OxmlElement("w:tblHeader"))


def _fill(
    table: WordTable,
    row: Row,
    place: tuple[int, int],
    covered: list[int],
    block: Table,
    *,
    head: bool,
) -> list[int]:
    """Put the cells of a row; returns how many rows each column stays covered."""
    index, count = place
    cells = list(table.rows[index].cells)
    column = 0
    for cell in row.cells:
        while column < len(covered) and covered[column]:
            column += 1
        last_column = min(column + cell.columns, len(covered)) - 1
        rows = min(cell.rows, (len(block.head) if head else count) - index)
        place_cell = cells[column]
        if rows > 1 or last_column > column:
            place_cell = place_cell.merge(table.cell(index + rows - 1, last_column))
        align = cell.align or (Align.CENTER if head else None) or block.columns[column].align
        _write(place_cell, cell, align, block, head=head)
        for covering in range(column, last_column + 1):
            covered[covering] = rows
        column = last_column + 1
    return [max(0, left - 1) for left in covered]


def _write(place: _Cell, cell: Cell, align: Align | None, block: Table, *, head: bool) -> None:
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    text = printable(cell.text)
    if align is None:
        align = Align.RIGHT if is_number(text) else Align.CENTER if len(text) <= 8 else Align.LEFT
    paragraph = place.paragraphs[0]
    paragraph.alignment = ALIGNMENTS[align]
    set_pitch(paragraph, block.size * _LEADING)
    _off_grid(paragraph)
    add_run(paragraph, text, cell.face or (block.head_face if head else block.face), block.size)


def _off_grid(paragraph: WordParagraph) -> None:
    """Keep table text off the page's character grid."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    put_in_order(paragraph._p.get_or_add_pPr(), snap)  # noqa: SLF001


def add_signatures(word: WordFile, block: SignatureBlock, width: float, pitch: float) -> None:
    """The two sides as a borderless table whose rows stay together."""
    lines = max(len(block.left.lines), len(block.right.lines))
    table = _empty_table(word, lines, [width / 2, width / 2])
    for index in range(lines):
        row = table.rows[index]
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        for cell, side in zip(row.cells, (block.left, block.right), strict=True):
            paragraph = cell.paragraphs[0]
            set_pitch(paragraph, pitch)
            paragraph.paragraph_format.keep_with_next = index < lines - 1
            text = side.lines[index] if index < len(side.lines) else ""
            add_run(paragraph, printable(text), Face.FANG, SIZE_3)


def add_fields(paragraph: WordParagraph, parts: Sequence[str], size: float) -> None:
    """Text with the fields PAGE and NUMPAGES in it."""
    for part in parts:
        if part not in ("PAGE", "NUMPAGES"):
            add_run(paragraph, part, Face.SONG, size)
            continue
        for kind in ("begin", "", "end"):
            run = add_run(paragraph, "", Face.SONG, size)
            if kind:
                element = OxmlElement("w:fldChar")
                element.set(qn("w:fldCharType"), kind)
            else:
                element = OxmlElement("w:instrText")
                element.set(qn("xml:space"), "preserve")
                element.text = f" {part} "
            run._r.append(element)  # noqa: SLF001
