"""Tables, signature blocks and page-number fields of a Word file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from mbo_desktop.documents.fonts import bundled_fonts, printable, typefaces
from mbo_desktop.documents.model import SIZE_3, Align, Cell, Face, RowKind, SignatureBlock, Table
from mbo_desktop.documents.table_boxes import Box
from mbo_desktop.documents.tables import Grid, measure
from mbo_desktop.documents.typeset import TypeSetter
from mbo_desktop.documents.word_text import add_run, run_code, set_pitch

_MARGIN = 3.4
_LEADING = 1.3


def add_table(word: WordFile, block: Table, width: float) -> None:
    """A bordered table: head rows repeat, rows are not cut, columns as wide as in the PDF.

    The rows are written as XML in one go: python-docx needs a third of a second for 40 rows.
    """
    grid = _measured(block, width)
    table = _empty_table(word, 0, grid.widths)
    table.style = "Table Grid"
    rows = parse_xml(f"<w:rows {nsdecls('w')}>{_rows_code(block, grid, '')}</w:rows>")
    table._tbl.extend(list(rows))  # noqa: SLF001


def table_code(block: Table, width: float, run_rules: str) -> str:
    """The whole table as XML for another document, its text in that document's own type.

    run_rules: the w:rPr of every run but the size, which is the table's.
    """
    grid = _measured(block, width)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{round(_MARGIN * 20)}" w:type="dxa"/>' for side in ("left", "right")
    )
    columns = "".join(f'<w:gridCol w:w="{round(one * 20)}"/>' for one in grid.widths)
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w=\"{round(sum(grid.widths) * 20)}\" w:type=\"dxa\"/>"
        f'<w:jc w:val="center"/><w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{_rows_code(block, grid, run_rules)}</w:tbl>"
    )


def _measured(block: Table, width: float) -> Grid:
    return measure(block, width, TypeSetter(typefaces(bundled_fonts())))


def _rows_code(block: Table, grid: Grid, run_rules: str) -> str:
    """All rows as XML; run_rules replace the faces of the table where they are given."""
    widths = [round(one * 20) for one in grid.widths]
    merged: dict[int, tuple[int, int]] = {}
    code = []
    for index, (row, boxes) in enumerate(
        zip((*block.head, *block.rows), (*grid.head, *grid.rows), strict=True)
    ):
        head = index < len(block.head)
        if index == len(block.head):
            merged = {}
        following = block.rows[index + 1 - len(block.head) :][:1]
        last = any(one.kind is RowKind.TOTAL for one in following)
        style = _Style(block, run_rules, head, kept=not head and (last or row.kind is RowKind.BAND))
        cells = {box.column: _cell(cell, box, grid, style, widths)
                 for cell, box in zip(row.cells, boxes.boxes, strict=True)}  # fmt: skip
        for column, (_, columns) in merged.items():
            cells[column] = _covered(columns, sum(widths[column : column + columns]))
        merged = {c: (left - 1, n) for c, (left, n) in merged.items() if left > 1}
        merged |= {box.column: (box.rows - 1, box.columns) for box in boxes.boxes if box.rows > 1}
        repeat = "<w:tblHeader/>" if head and block.repeat_head else ""
        least = max(block.size * 42, 0 if head else block.least_height * 72 / 25.4 * 20)
        height = f'<w:trHeight w:val="{round(least)}" w:hRule="atLeast"/>'
        content = "".join(cells[column] for column in sorted(cells))
        code.append(f"<w:tr><w:trPr><w:cantSplit/>{height}{repeat}</w:trPr>{content}</w:tr>")
    return "".join(code)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the cells of a row share; kept: the row stays on the page of the next one."""

    block: Table
    run_rules: str
    head: bool
    kept: bool


def _cell(cell: Cell, box: Box, grid: Grid, style: _Style, widths: list[int]) -> str:
    """A cell with its spans, alignment and text."""
    block, head, run_rules = style.block, style.head, style.run_rules
    width = sum(widths[box.column : box.column + box.columns])
    merge = '<w:vMerge w:val="restart"/>' if box.rows > 1 else ""
    face = cell.face or (block.head_face if head else block.face)
    text = run_code(printable(cell.text), face, block.size, run_rules, bold=head)
    pitch = math.floor(block.size * _LEADING * 20)
    layout = (
        f'{"<w:keepNext/>" if style.kept else ""}<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
        f'<w:ind w:left="0" w:right="0" w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="{_SIDES[grid.alignment(box)]}"/>'
    )
    return (
        f'<w:tc>{_cell_rules(width, box.columns, merge)}<w:p><w:pPr>{layout}</w:pPr>{text}</w:p></w:tc>'
    )


def _covered(columns: int, width: int) -> str:
    """The part of a cell over several rows that lies in a later row."""
    return f"<w:tc>{_cell_rules(width, columns, '<w:vMerge/>')}<w:p/></w:tc>"


def _cell_rules(width: int, columns: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    size = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    return f'<w:tcPr>{size}{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'


_SIDES = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "both"}


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
