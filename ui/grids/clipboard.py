"""Blocks of cells to and from Excel and WPS: tab-separated text with quoting, or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from PySide6.QtCore import QMimeData

Block = list[list[str]]
"""Texts by row and column; rows may differ in length."""


def to_text(block: Sequence[Sequence[str]]) -> str:
    """A block as spreadsheets put it on the clipboard."""
    return "\r\n".join("\t".join(_quoted(text) for text in row) for row in block) + "\r\n"


def from_mime(mime: QMimeData) -> Block:
    """The block on the clipboard; [] for nothing.

    Text first, since it holds what the cells show; but Word does not quote line breaks in
    cells, so its HTML is read, as is any HTML whose text has lost the cells.
    """
    text = mime.text() if mime.hasText() else ""
    if mime.hasHtml() and ("\t" not in text or "office:word" in mime.html()):
        block = from_html(mime.html())
        if block:
            return block
    return from_text(text)


def from_text(text: str) -> Block:
    """Split tab-separated text; a quoted cell may hold tabs, line breaks and doubled quotes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text:
        return []
    rows: Block = []
    row: list[str] = []
    at, size = 0, len(text)
    while True:
        cell, at = _take_cell(text, at)
        row.append(cell)
        if at >= size:
            break
        if text[at] == "\n":
            rows.append(row)
            row = []
            if at + 1 == size:
                return rows
        at += 1
    rows.append(row)
    return rows


def _take_cell(text: str, start: int) -> tuple[str, int]:
    """One cell from a position and where its separator stands."""
    if text.startswith('"', start):
        quoted = _take_quoted(text, start)
        if quoted is not None:
            return quoted
    ends = [place for place in (text.find("\t", start), text.find("\n", start)) if place >= 0]
    end = min(ends, default=len(text))
    return text[start:end], end


def _take_quoted(text: str, start: int) -> tuple[str, int] | None:
    """A quoted cell, or None when the quote is only a character of the text."""
    pieces: list[str] = []
    at = start + 1
    while True:
        quote = text.find('"', at)
        if quote < 0:
            return None
        pieces.append(text[at:quote])
        if text.startswith('""', quote):
            pieces.append('"')
            at = quote + 2
            continue
        after = quote + 1
        return ("".join(pieces), after) if after == len(text) or text[after] in "\t\n" else None


def _quoted(text: str) -> str:
    if any(mark in text for mark in "\t\n\r") or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def from_html(html: str) -> Block:
    """Cells of the first table in a piece of HTML; [] when there is none."""
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    return reader.block


class _TableReader(HTMLParser):
    """Collects the cells of the outermost first table; spans are filled with empty cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.block: Block = []
        self._depth = 0
        self._done = False
        self._cell: list[str] | None = None
        self._span = 1
        self._below: dict[int, tuple[int, int]] = {}
        self._rowspan = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        if self._depth != 1 or self._done:
            return
        if tag == "tr":
            self.block.append([])
        elif tag in ("td", "th") and self.block:
            self._fill_from_above()
            named = dict(attrs)
            self._span = _span(named.get("colspan"))
            self._rowspan = _span(named.get("rowspan"))
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
            self._done = self._done or self._depth == 0
        if self._depth != 1 or self._done:
            return
        if tag in ("td", "th") and self._cell is not None:
            lines = "".join(self._cell).split("\n")
            text = "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
            row = self.block[-1]
            if self._rowspan > 1:
                self._below[len(row)] = (self._rowspan - 1, self._span)
            row.extend([text] + [""] * (self._span - 1))
            self._cell = None
        elif tag == "tr":
            self._fill_from_above()

    def _fill_from_above(self) -> None:
        row = self.block[-1]
        while len(row) in self._below:
            place = len(row)
            left, span = self._below.pop(place)
            row.extend([""] * span)
            if left > 1:
                self._below[place] = (left - 1, span)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and self._depth == 1:
            self._cell.append(data.replace("\n", " ").replace("\xa0", " "))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 500) if text and text.isdigit() else 1
