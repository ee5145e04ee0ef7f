"""The whole manual as one PDF: title page, contents with page numbers, a chapter after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from mbo_desktop.documents.fonts import FontSet
from mbo_desktop.documents.layout import lay_out
from mbo_desktop.documents.manual_text import blocks
from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_5,
    SIZE_S5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageSetup,
    Paragraph,
    RenderResult,
    Row,
    RowKind,
    Table,
    Title,
)
from mbo_desktop.documents.page import Sheet, number_sheets
from mbo_desktop.documents.pdf import draw_pdf, render_pdf
from mbo_desktop.documents.typeset import TypeSetter

CARD_SIZES = (SIZE_5, 10.0, 9.5, SIZE_S5, 8.5, 8.0, 7.5)
"""Tried one after the other until the key card fits on its one page."""
CARD_PAGE = PageSetup(top=11.0, bottom=9.0, left=15.0, right=15.0, lines=32, characters=34)

_CONTENTS_SIZE = 8.2
_CONTENTS_PAGE = PageSetup(top=10.0, bottom=16.0, left=28.0, right=28.0, lines=32, characters=27)
"""The contents stand on one page."""


@dataclass(frozen=True, slots=True)
class ManualChapter:
    """A page of the manual: title, Markdown, the pictures it names by path, and its part of the book."""

    title: str
    text: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True, slots=True)
class ManualBook:
    """What is printed: the product's name, what stands below it on the title page, the chapters."""

    title: str
    lines: tuple[str, ...]
    chapters: tuple[ManualChapter, ...]


def manual_pdf(book: ManualBook, fonts: FontSet | None = None) -> tuple[bytes, RenderResult]:
    """The PDF; a reader's list of chapters leads to each."""

    def draw(setter: TypeSetter) -> list[Sheet]:
        chapters = [
            lay_out(_document(chapter.title, blocks(chapter.text, chapter.pictures)), setter)
            for chapter in book.chapters
        ]
        front = lay_out(_document(book.title, _front(book)), setter)
        # The contents count as pages; they are as long with the numbers as without.
        count = len(_lay_contents(book, [0] * len(chapters), setter))
        at, starts = 1 + count, []
        for sheets in chapters:
            starts.append(at)
            at += len(sheets)
        contents = _lay_contents(book, starts, setter)
        contents[0].bookmark = "目录"
        for chapter, sheets in zip(book.chapters, chapters, strict=True):
            sheets[0].bookmark = chapter.title
        body = [*contents, *(sheet for sheets in chapters for sheet in sheets)]
        number_sheets(body, Numbering.PAGE_OF, 0, setter)
        return [*front, *body]

    return draw_pdf(book.title, "", draw, fonts)


def card_pdf(title: str, text: str, fonts: FontSet | None = None) -> tuple[bytes, RenderResult]:
    """A page of the manual on one A4, in the largest type that fits; ValueError when none does."""
    for size in CARD_SIZES:
        document = Document(title, blocks(text, {}, size=size), CARD_PAGE, Numbering.NONE)
        buffer = BytesIO()
        result = render_pdf(document, buffer, fonts)
        if result.pages == 1:
            return buffer.getvalue(), result
    raise ValueError("the key card does not fit on one page")


def _document(name: str, content: tuple[Block, ...]) -> Document:
    return Document(name, content, PLAIN, Numbering.NONE)


def _lay_contents(book: ManualBook, pages: Sequence[int], setter: TypeSetter) -> list[Sheet]:
    content = _contents(book.chapters, pages)
    return lay_out(Document("", content, _CONTENTS_PAGE, Numbering.NONE), setter)


def _front(book: ManualBook) -> tuple[Block, ...]:
    below = (
        Paragraph.of(line, face=Face.KAI, align=Align.CENTER, first_indent=0) for line in book.lines
    )
    return (BlankLines(7), Title(book.title), *below)


def _contents(chapters: Sequence[ManualChapter], pages: Sequence[int]) -> tuple[Block, ...]:
    rows: list[Row] = []
    part = ""
    for chapter, page in zip(chapters, pages, strict=True):
        if chapter.part != part:
            part = chapter.part
            rows.append(Row((Cell(part, Align.LEFT, Face.HEI, columns=2),), RowKind.BAND))
        rows.append(Row((Cell(chapter.title, Align.LEFT), Cell(str(page), Align.RIGHT))))
    head = Row((Cell("章节"), Cell("页码")))
    return (
        Title("目录", size=18.0, blank_after=0),
        Table((Column(), Column(width=20.0)), (head,), tuple(rows), size=_CONTENTS_SIZE),
    )
