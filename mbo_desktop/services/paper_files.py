"""Writing a laid-out paper as PDF, Word or Excel: the file's ending decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.errors import InputError
from mbo_desktop.services.papers import PrintedFiles, make_folder

if TYPE_CHECKING:
    from mbo_desktop.documents.flat_table import FlatTable
    from mbo_desktop.documents.model import Document

# The document modules load reportlab and python-docx; they are imported where paper is made.

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,13}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?")
_TEXT_HEADS = ("文号", "电话", "编号")


_LARGE = 1500
"""Rows from which a paper is laid out in a process of its own: the window would stutter meanwhile."""


def pdf_of(document: Document) -> bytes:
    """The document as PDF, made in this process unless it is very long."""
    if _rows_of(document) > _LARGE:
        from mbo_desktop.documents.child import PaperProcess

        with PaperProcess() as process:
            return process.render(document)[0]
    from mbo_desktop.documents.pdf import render_pdf

    stream = BytesIO()
    render_pdf(document, stream)
    return stream.getvalue()


def _rows_of(document: Document) -> int:
    from mbo_desktop.documents.model import Table

    return sum(len(block.rows) for block in document.blocks if isinstance(block, Table))


def word_of(document: Document) -> bytes:
    """The document as a Word file."""
    from mbo_desktop.documents.word import render_docx

    stream = BytesIO()
    render_docx(document, stream)
    return stream.getvalue()


def write_paper(document: Document, path: Path, flat: FlatTable | None = None) -> PrintedFiles:
    """Write .pdf, .docx or .xlsx, whole or not at all.

    Excel takes the document's tables, a sheet for each, or `flat` in their place. Raises
    FileWriteError; InputError for another ending or a document without a table.
    """
    make_folder(path.parent)
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _write_sheet(document, path, flat)
    if kind == ".docx":
        from mbo_desktop.documents.word import render_docx

        render_docx(document, path)
        return PrintedFiles((path,), document.notes)
    if kind != ".pdf":
        raise InputError(f"不能写成“{path.suffix}”格式。", "请选择PDF、Word(.docx)或Excel(.xlsx)。", "未写出任何文件。")
    from mbo_desktop.documents.pdf import render_pdf

    result = render_pdf(document, path)
    missing = [f"所有字体中都没有这些字:{'、'.join(result.missing)}"] if result.missing else []
    return PrintedFiles((path,), (*document.notes, *missing))


def _write_sheet(document: Document, path: Path, flat: FlatTable | None) -> PrintedFiles:
    from mbo_desktop.documents.flat_table import flat_tables
    from mbo_desktop.spreadsheets.writer import SheetTable, write_tables

    found = (flat,) if flat is not None else flat_tables(document)
    if not found:
        raise InputError("这份材料中没有表格,不能写成Excel。", "请写成PDF或Word。", "未写出任何文件。")
    write_tables(path, [
        SheetTable(
            table.heads, [_values(table.heads, row) for row in table.rows], table.title,
            f"表{number}", is_paper=True,
        )
        for number, table in enumerate(found, start=1)
    ])
    return PrintedFiles((path,), document.notes)


def sheet_of(document: Document, flat: FlatTable | None = None) -> bytes:
    """The document's tables as an Excel file; raises as `write_paper`."""
    from mbo_desktop.documents.output import scratch_folder

    with scratch_folder() as folder:
        path = folder / "table.xlsx"
        _write_sheet(document, path, flat)
        return path.read_bytes()


def has_table(document: Document) -> bool:
    """Whether the document can be written as a spreadsheet."""
    from mbo_desktop.documents.model import Table

    return any(isinstance(block, Table) for block in document.blocks)


def _values(heads: Sequence[str], row: Sequence[str]) -> list[str | Decimal]:
    """Figures as numbers, so that a spreadsheet can add them; numbers of documents stay text."""
    return [
        Decimal(text.replace(",", ""))
        if _NUMBER.fullmatch(text) and not any(word in head for word in _TEXT_HEADS)
        else text
        for head, text in zip(heads, row, strict=True)
    ]
