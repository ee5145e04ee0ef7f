"""Writing a document as Word: the same text as the PDF, with official styles to edit further."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from mbo_desktop.documents import word_tables
from mbo_desktop.documents.fonts import printable
from mbo_desktop.documents.linebreak import balanced
from mbo_desktop.documents.model import (
    SIZE_3,
    SIZE_4,
    SIZE_5,
    Align,
    BlankLines,
    Block,
    Document,
    Face,
    Heading,
    Numbering,
    PageBreak,
    PageSetup,
    Paragraph,
    Picture,
    RenderResult,
    SignatureBlock,
    Table,
    Title,
)
from mbo_desktop.documents.output import put_file
from mbo_desktop.documents.word_text import (
    ALIGNMENTS,
    RED,
    add_run,
    draw_red_line,
    leave_grid,
    prepare_styles,
    set_pitch,
    set_spacing,
)

_MM = 72 / 25.4
_HEADING_FACES = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG}


def render_docx(document: Document, target: Path | BytesIO) -> RenderResult:
    """Write the document as .docx; raises FileWriteError when the file cannot be written.

    Word breaks the pages itself and takes its own fonts: the result counts none.
    """
    writer = _Writer(document)
    buffer = target if isinstance(target, BytesIO) else BytesIO()
    writer.word.save(buffer)
    if isinstance(target, Path):
        put_file(target, buffer.getvalue())
    return RenderResult(0, (), ())


@dataclass(slots=True)
class _Page:
    """The sheet in force: grid pitch and cell in points."""

    setup: PageSetup

    @property
    def pitch(self) -> float:
        """Height of a grid line."""
        return self.setup.block_height * _MM / self.setup.lines

    @property
    def cell(self) -> float:
        """Width of a grid character."""
        return self.width / self.setup.characters

    @property
    def width(self) -> float:
        """Width of the block."""
        return self.setup.block_width * _MM


class _Writer:
    """Puts block after block into a Word file."""

    def __init__(self, document: Document) -> None:
        self.word: WordFile = docx.Document()
        self._document = document
        self._page = _Page(document.page)
        self._fresh = True
        prepare_styles(self.word)
        properties = self.word.core_properties
        # Word's properties hold 255 characters.
        properties.title = printable(document.name)[:255]
        properties.author = printable(document.author)[:255]
        properties.comments = ""
        self._set_up(self.word.sections[0], document.page, number_from=self._first_number())
        breaks = 0
        for index, block in enumerate(document.blocks):
            following = document.blocks[index + 1 : index + 2]
            if isinstance(block, PageBreak):
                breaks += 1
                self._break(block, restart=breaks == document.unnumbered)
            else:
                self._put(block, next(iter(following), None))

    def _first_number(self) -> bool:
        return self._document.unnumbered == 0

    def _put(self, block: Block, following: Block | None) -> None:
        if isinstance(block, BlankLines):
            self._blank(block.count, keep=isinstance(following, SignatureBlock))
        elif isinstance(block, Title):
            self._title(block)
        elif isinstance(block, Heading):
            face = _HEADING_FACES.get(block.level, Face.FANG)
            style = f"Heading {block.level}" if block.level in _HEADING_FACES else None
            text = Paragraph.of(block.text, face=face, align=Align.LEFT, keep_with_next=True)
            self._paragraph(text, style=style)
        elif isinstance(block, Paragraph):
            keep = isinstance(following, SignatureBlock | BlankLines) and block.align is Align.LEFT
            self._paragraph(block, keep=keep)
        elif isinstance(block, Table):
            word_tables.add_table(self.word, block, self._page.width)
        elif isinstance(block, Picture):
            self._picture(block)
        elif isinstance(block, SignatureBlock):
            word_tables.add_signatures(self.word, block, self._page.width, self._page.pitch)

    def _new(self, style: str | None = None) -> WordParagraph:
        paragraph = self.word.add_paragraph(style=style)
        self._fresh = False
        return paragraph

    def _blank(self, count: float, *, keep: bool) -> None:
        whole = int(count)
        for height in [1.0] * whole + ([count - whole] if count > whole else []):
            paragraph = self._new()
            set_pitch(paragraph, self._page.pitch * height)
            if height != 1.0:
                leave_grid(paragraph)
            paragraph.paragraph_format.keep_with_next = keep

    def _paragraph(self, block: Paragraph, *, style: str | None = None, keep: bool = False) -> None:
        paragraph = self._new(style)
        layout = paragraph.paragraph_format
        layout.alignment = ALIGNMENTS[block.align]
        layout.keep_with_next = block.keep_with_next or keep
        set_pitch(paragraph, self._page.pitch * block.lines if block.lines else block.size * 1.5)
        if not block.lines:
            leave_grid(paragraph)
        cell = self._page.cell if block.size == SIZE_3 else block.size
        layout.first_line_indent = Pt(block.first_indent * cell)
        layout.left_indent = Pt(block.left_indent * cell)
        layout.right_indent = Pt(block.right_indent * cell)
        for run in block.runs:
            piece = add_run(paragraph, printable(run.text), run.face or block.face, block.size)
            if block.size == SIZE_3:
                set_spacing(piece, self._page.cell - SIZE_3)
        if block.red_line:
            draw_red_line(paragraph)

    def _picture(self, block: Picture) -> None:
        paragraph = self._new()
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        leave_grid(paragraph)
        width = min(block.width, self._page.width / _MM)
        paragraph.add_run().add_picture(BytesIO(block.png), width=Mm(width))

    def _title(self, block: Title) -> None:
        lines = balanced(printable(block.text), max(1, int(self._page.width / block.size + 0.01)))
        height = self._page.pitch * (len(lines) + 1)
        pitch = min(height / len(lines), block.size * 1.65)
        paragraph = self._new("Title")
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        set_pitch(paragraph, pitch)
        free = Pt(round((height - pitch * len(lines)) / 2, 1))
        paragraph.paragraph_format.space_before = free
        paragraph.paragraph_format.space_after = free
        for index, line in enumerate(lines):
            run = add_run(paragraph, line, Face.TITLE, block.size)
            if block.is_red:
                run.font.color.rgb = RED
            if index < len(lines) - 1:
                run.add_break(WD_BREAK.LINE)
        if block.blank_after:
            self._blank(block.blank_after, keep=True)

    def _break(self, block: PageBreak, *, restart: bool) -> None:
        """A new page; a section of its own when the sheet or the numbering changes."""
        changed = block.page is not None and block.page != self._page.setup
        if not changed and not restart:
            self._new().add_run().add_break(WD_BREAK.PAGE)
            return
        self._page = _Page(block.page or self._page.setup)
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        self._fold_section_mark()
        self._set_up(section, self._page.setup, number_from=restart)

    def _fold_section_mark(self) -> None:
        """Put the end of the section into the last paragraph, which else would be an empty one."""
        mark = self.word.paragraphs[-1]
        element: Any = mark._p  # noqa: SLF001
        before = element.getprevious()
        if before is not None and before.tag == qn("w:p"):
            before.get_or_add_pPr().append(element.pPr.sectPr)
            element.getparent().remove(element)
        else:
            set_pitch(mark, 1.0)

    def _set_up(self, section: Section, setup: PageSetup, *, number_from: bool) -> None:
        """Sheet, margins, character grid and page number of a section."""
        section.page_width, section.page_height = Mm(setup.width), Mm(setup.height)
        orientation = WD_ORIENT.LANDSCAPE if setup.landscape else WD_ORIENT.PORTRAIT
        section.orientation = orientation
        section.top_margin, section.bottom_margin = Mm(setup.top), Mm(setup.bottom)
        section.left_margin, section.right_margin = Mm(setup.left), Mm(setup.right)
        section.footer_distance = Mm(max(setup.bottom - 12, 8))
        properties: Any = section._sectPr  # noqa: SLF001
        for tag in ("w:docGrid", "w:pgNumType"):
            # A new section begins as a copy of the one before it.
            for old in properties.findall(qn(tag)):
                properties.remove(old)
        grid = OxmlElement("w:docGrid")
        # Lines only: a character grid narrower than 3号 type gives each hanzi two cells in
        # some programs; the pitch of 28 in a line comes from the runs' own spacing.
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(round(setup.block_height * _MM / setup.lines * 20)))
        properties.append(grid)
        if number_from:
            start = OxmlElement("w:pgNumType")
            start.set(qn("w:start"), "1")
            properties.find(qn("w:cols")).addprevious(start)
        self._number(section, shown=number_from or self._document.unnumbered == 0 or not self._first())

    def _first(self) -> bool:
        return len(self.word.sections) == 1

    def _number(self, section: Section, *, shown: bool) -> None:
        """The page number in the footer; the official one stands outside."""
        numbering = self._document.numbering
        self.word.settings.odd_and_even_pages_header_footer = numbering is Numbering.OFFICIAL
        footers = [(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)]
        if numbering is Numbering.OFFICIAL:
            footers.append((section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
        for footer, side in footers:
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            if numbering is Numbering.NONE or not shown:
                continue
            if numbering is Numbering.OFFICIAL:
                paragraph.alignment = side
                indent = Pt(SIZE_4)
                paragraph.paragraph_format.left_indent = indent
                paragraph.paragraph_format.right_indent = indent
                word_tables.add_fields(paragraph, ("— ", "PAGE", " —"), SIZE_4)
            else:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                parts = ("第 ", "PAGE", " 页 共 ", "NUMPAGES", " 页")
                word_tables.add_fields(paragraph, parts, SIZE_5)
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
