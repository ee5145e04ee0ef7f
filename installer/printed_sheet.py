"""The administrator's sheet on paper: the few forms of Markdown that it uses, as a document for the program's own PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_5,
    SIZE_S4,
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
from mbo_desktop.documents.pdf import render_pdf

_WIDTHS = {2: (58.0, None), 3: (None, None, None)}


def write(text: str, path: Path) -> None:
    """Write the sheet as a PDF; AssertionError names characters that no font has."""
    result = render_pdf(document(text), path, bundled_fonts())
    assert not result.missing, result.missing


def document(text: str) -> Document:
    """Headings, paragraphs, lists, tables and indented commands of a Markdown text."""
    return Document("系统管理员说明", tuple(_blocks(text)), page=PLAIN, numbering=Numbering.PAGE_OF)


def _blocks(text: str) -> Iterator[Block]:
    for part in re.split(r"\n{2,}", text.strip()):
        lines = part.splitlines()
        if part.startswith("# "):
            yield Title(_plain(part[2:]), size=SIZE_S4 + 6)
        elif part.startswith("## "):
            yield Heading(1, _plain(part[3:]))
        elif part.startswith("|"):
            yield _table(lines)
        elif part.startswith("- "):
            yield from (_line(f"· {_plain(line[2:])}") for line in lines)
        elif part.startswith("    "):
            yield from (_line(line.strip(), first_indent=2) for line in lines)
        else:
            yield _line(_plain(" ".join(lines)), first_indent=2)


def _line(text: str, first_indent: int = 0) -> Paragraph:
    return Paragraph.of(text, size=SIZE_S4, first_indent=first_indent, lines=0.0, align=Align.LEFT)


def _table(lines: list[str]) -> Table:
    rows = [[_plain(cell) for cell in line.strip("|").split("|")] for line in lines]
    head, body = rows[0], [row for row in rows[1:] if set("".join(row)) - set("- ")]
    columns = tuple(Column(width, Align.LEFT) for width in _WIDTHS[len(head)])
    return Table(columns, (_row(head),), tuple(_row(row) for row in body), size=SIZE_5)


def _row(cells: list[str]) -> Row:
    return Row(tuple(Cell(cell) for cell in cells))


def _plain(text: str) -> str:
    """Without emphasis, code marks and link addresses."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return text.replace("**", "").replace("`", "").strip()
