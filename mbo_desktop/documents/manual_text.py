"""The manual's Markdown as blocks of a document: headings, lists, tables, quotes, programs, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mbo_desktop.documents.model import (
    SIZE_5,
    SIZE_S5,
    Align,
    Block,
    Cell,
    Column,
    Face,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
)

_SIZE = SIZE_5
_INLINE = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\([^)]*\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)\s*$")
_ITEM = re.compile(r"( *)([-*]|\d+\.) +(.*)$")
_RULE = re.compile(r"\|[ :|-]+\|\s*$")
_PICTURE_WIDTH = 156.0
"""Millimetres; a picture of few dots is printed smaller, at `_DOTS` to the millimetre."""
_DOTS = 7.0


def title_of(text: str) -> str:
    """The page's first heading."""
    return next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), "")


def pictures_in(text: str) -> list[str]:
    """The paths of the pictures of a page, as they stand in it."""
    return [found[2] for line in text.splitlines() if (found := _PICTURE.match(line.strip()))]


def blocks(text: str, pictures: Mapping[str, bytes], *, size: float = _SIZE) -> tuple[Block, ...]:
    """The page's blocks; `pictures` by their path in the page. A picture that is missing raises KeyError."""
    return tuple(_Reader(text.splitlines(), pictures, size).read())


class _Reader:
    """Goes through the lines once; each method takes the lines of its block."""

    def __init__(self, lines: list[str], pictures: Mapping[str, bytes], size: float) -> None:
        self._lines = lines
        self._pictures = pictures
        self._size = size
        self._at = 0

    def read(self) -> Iterator[Block]:
        """Block after block."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                self._at += 1
            elif line.startswith("```"):
                yield from self._fenced()
            elif line.startswith("    "):
                yield from self._program()
            elif line.startswith("#"):
                self._at += 1
                yield from _heading(line, self._size)
            elif line.startswith("|"):
                yield self._table()
                yield _gap(self._size * 0.4, keep=False)
            elif found := _PICTURE.match(line.strip()):
                self._at += 1
                yield from self._picture(found)
            else:
                yield self._text()

    def _fenced(self) -> Iterator[Block]:
        self._at += 1
        while self._at < len(self._lines) and not self._lines[self._at].startswith("```"):
            yield _program_line(self._lines[self._at])
            self._at += 1
        self._at += 1

    def _program(self) -> Iterator[Block]:
        while self._at < len(self._lines) and self._lines[self._at].startswith("    "):
            yield _program_line(self._lines[self._at][4:])
            self._at += 1

    def _text(self) -> Block:
        """A paragraph, an item of a list or a quotation, with the lines that go on with it."""
        line = self._lines[self._at]
        self._at += 1
        quoted = line.startswith(">")
        item = _ITEM.match(line)
        parts = [line.lstrip("> ") if quoted else item[3] if item else line.strip()]
        while self._at < len(self._lines) and self._goes_on(self._lines[self._at], quoted=quoted):
            parts.append(self._lines[self._at].lstrip("> ").strip())
            self._at += 1
        text = "".join(parts)
        if quoted:
            return self._paragraph(text, Face.KAI, left_indent=2)
        if item is None:
            return self._paragraph(text, Face.FANG, first_indent=2)
        mark = "·" if item[2] in "-*" else item[2]
        depth = len(item[1]) // 2
        return self._paragraph(f"{mark} {text}", Face.FANG, left_indent=2 + 2 * depth, first_indent=-1)

    def _goes_on(self, line: str, *, quoted: bool) -> bool:
        if not line.strip() or _ITEM.match(line) or line.startswith(("#", "|", "```", "![")):
            return False
        return line.startswith(">") == quoted

    def _paragraph(self, text: str, face: Face, *, left_indent: int = 0, first_indent: int = 0) -> Paragraph:
        return Paragraph(
            runs(text), face=face, size=self._size, lines=0.0,
            left_indent=left_indent, first_indent=first_indent, align=Align.JUSTIFY,
        )

    def _table(self) -> Block:
        rows: list[list[str]] = []
        while self._at < len(self._lines) and self._lines[self._at].startswith("|"):
            line = self._lines[self._at]
            self._at += 1
            if not _RULE.match(line):
                rows.append([plain(cell) for cell in _cells(line)])
        made = [Row(tuple(Cell(text, Align.LEFT) for text in row)) for row in rows]
        head = Row(tuple(replace(cell, align=Align.CENTER) for cell in made[0].cells))
        size = min(self._size, SIZE_S5 + 0.5)
        return Table(tuple(Column() for _ in rows[0]), (head,), tuple(made[1:]), size=size)

    def _picture(self, found: re.Match[str]) -> Iterator[Block]:
        png = self._pictures[found[2]]
        dots = int.from_bytes(png[16:20], "big")
        yield Picture(png, min(_PICTURE_WIDTH, dots / _DOTS))
        if found[1]:
            yield Paragraph.of(
                found[1], face=Face.KAI, size=SIZE_S5, align=Align.CENTER, first_indent=0, lines=0.0)


def _heading(line: str, size: float) -> Iterator[Block]:
    level = len(line) - len(line.lstrip("#"))
    text = plain(line[level:].strip())
    larger = {1: 6.0, 2: 2.5}.get(level, 0.5)
    before = {1: 0.0, 2: 0.8}.get(level, 0.5)
    if before:
        yield _gap(size * before, keep=True)
    yield Paragraph.of(
        text, face=Face.TITLE if level == 1 else Face.HEI, size=size + larger, align=Align.LEFT,
        first_indent=0, lines=0.0, keep_with_next=True,
    )


def _gap(size: float, *, keep: bool) -> Paragraph:
    return Paragraph.of("", size=size, first_indent=0, lines=0.0, keep_with_next=keep)


def _program_line(line: str) -> Paragraph:
    return Paragraph.of(
        line or " ", face=Face.SONG, size=SIZE_S5, align=Align.LEFT, left_indent=2, first_indent=0, lines=0.0)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def runs(text: str) -> tuple[Run, ...]:
    """A line's stretches: what is bold in 黑体, links and commands as plain words."""
    found: list[Run] = []
    at = 0
    for one in _INLINE.finditer(text):
        if one.start() > at:
            found.append(Run(text[at : one.start()]))
        found.append(Run(plain(one[1]), Face.HEI) if one[1] else Run(one[2] or plain(one[3])))
        at = one.end()
    if at < len(text) or not found:
        found.append(Run(text[at:]))
    return tuple(found)


def plain(text: str) -> str:
    """A line without mark-up."""
    while True:
        bare = _INLINE.sub(lambda one: one[1] or one[2] or one[3], text)
        if bare == text:
            return bare
        text = bare
