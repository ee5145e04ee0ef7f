"""From blocks to sheets: paragraphs on the grid, tables, signatures, page breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from mbo_desktop.documents import tables
from mbo_desktop.documents.fonts import printable
from mbo_desktop.documents.linebreak import balanced
from mbo_desktop.documents.model import (
    SIZE_3,
    Align,
    BlankLines,
    Block,
    Document,
    Face,
    Heading,
    PageBreak,
    PageSetup,
    Paragraph,
    Picture,
    SignatureBlock,
    Table,
    Title,
)
from mbo_desktop.documents.page import MM, RED, Placed, Rule, Sheet, number_sheets
from mbo_desktop.documents.png import read_png
from mbo_desktop.documents.typeset import Piece, TypeSetter, set_line

_EPSILON = 0.01
_ASCENT = 0.88
"""Where the baseline stands in the em box of a Chinese font, from its top."""
_HEADING_FACES = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG}


@dataclass(slots=True)
class Strip:
    """What stands side by side in one height: never cut; `keep` holds it to the next strip."""

    height: float
    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    keep: bool = False
    pictures: list[Placed] = field(default_factory=list)


class Flow:
    """Fills sheets with strips from top to bottom."""

    def __init__(self, setup: PageSetup) -> None:
        self.setup = setup
        self.sheets: list[Sheet] = []
        self._strips: list[Strip] = []
        self._used = 0.0

    @property
    def width(self) -> float:
        """Width of the block in points."""
        return self.setup.block_width * MM

    @property
    def height(self) -> float:
        """Height of the block in points."""
        return self.setup.block_height * MM

    @property
    def pitch(self) -> float:
        """Height of a grid line in points."""
        return self.height / self.setup.lines

    @property
    def cell(self) -> float:
        """Width of a grid character in points."""
        return self.width / self.setup.characters

    @property
    def remaining(self) -> float:
        """Free height of the page in points."""
        return self.height - self._used

    @property
    def empty(self) -> bool:
        """Whether nothing stands on the page yet."""
        return not self._strips

    def add(self, strip: Strip) -> None:
        """Put the strip under the others, on a new page when it does not fit."""
        if self._strips and strip.height > self.remaining + _EPSILON:
            self.turn()
        self._strips.append(strip)
        self._used += strip.height

    def turn(self) -> None:
        """Go on to the next page, taking along the strips that belong to what follows."""
        cut = len(self._strips)
        while cut and self._strips[cut - 1].keep:
            cut -= 1
        moved = self._strips[cut:] if cut else []
        if cut:
            self._strips = self._strips[:cut]
        self._finish()
        self._strips = moved
        self._used = sum(strip.height for strip in moved)

    def start_page(self, setup: PageSetup | None) -> None:
        """Begin a fresh page, with another sheet when one is given."""
        if self._strips:
            self._finish()
        self.setup = setup or self.setup
        self._strips, self._used = [], 0.0

    def close(self) -> list[Sheet]:
        """All sheets; a document of nothing has one empty page."""
        if self._strips or not self.sheets:
            self._finish()
        return self.sheets

    def _finish(self) -> None:
        sheet = Sheet(self.setup)
        left, y = self.setup.left * MM, self.setup.top * MM
        for strip in self._strips:
            sheet.pieces += [
                Piece(text, font, size, left + x, y + down, spacing, is_red)
                for text, font, size, x, down, spacing, is_red in strip.pieces
            ]
            for rule in strip.rules:
                sheet.rules.append(
                    Rule(left + rule.x1, y + rule.y1, left + rule.x2, y + rule.y2, rule.width, rule.ink)
                )
            for one in strip.pictures:
                sheet.pictures.append(replace(one, x=left + one.x, y=y + one.y))
            y += strip.height
        self.sheets.append(sheet)


def lay_out(document: Document, setter: TypeSetter) -> list[Sheet]:
    """The document's sheets with their page numbers."""
    flow = Flow(document.page)
    kept = _with_signatures(document.blocks)
    for index, block in enumerate(document.blocks):
        _place(block, index in kept, flow, setter)
    sheets = flow.close()
    number_sheets(sheets, document.numbering, document.unnumbered, setter)
    return sheets


def _with_signatures(blocks: Sequence[Block]) -> set[int]:
    """The blocks whose end stays with signatures: back to the last justified text."""
    kept: set[int] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, SignatureBlock):
            continue
        for before in range(index - 1, -1, -1):
            earlier = blocks[before]
            if not isinstance(earlier, Paragraph | BlankLines):
                break
            kept.add(before)
            if isinstance(earlier, Paragraph) and earlier.align is Align.JUSTIFY:
                break
    return kept


def _place(block: Block, before_signatures: bool, flow: Flow, setter: TypeSetter) -> None:
    """Lay one block out; the last lines before signatures stay with them."""
    if isinstance(block, PageBreak):
        flow.start_page(block.page)
    elif isinstance(block, BlankLines):
        flow.add(Strip(flow.pitch * block.count, keep=before_signatures))
    elif isinstance(block, Title):
        for strip in _title(block, flow, setter):
            flow.add(strip)
    elif isinstance(block, Heading):
        face = _HEADING_FACES.get(block.level, Face.FANG)
        text = Paragraph.of(block.text, face=face, keep_with_next=True, align=Align.LEFT)
        for strip in _paragraph(text, flow, setter):
            flow.add(strip)
    elif isinstance(block, Paragraph):
        strips = _paragraph(block, flow, setter)
        if before_signatures:
            for strip in strips[-2:] if block.align is Align.JUSTIFY else strips:
                strip.keep = True
        for strip in strips:
            flow.add(strip)
    elif isinstance(block, Table):
        _table(block, flow, setter)
    else:
        flow.add(_picture(block, flow) if isinstance(block, Picture) else _signatures(block, flow, setter))


def _baseline(size: float, pitch: float) -> float:
    """Where the baseline stands in a line of this height: the em box is centred in it."""
    return (pitch - size) / 2 + size * _ASCENT


def _paragraph(block: Paragraph, flow: Flow, setter: TypeSetter) -> list[Strip]:
    size = block.size
    # On the grid a full-width character of the body takes a cell, whatever the indents.
    cell = flow.cell if size == SIZE_3 else size
    pitch = flow.pitch * block.lines if block.lines else size * 1.5
    runs = [(printable(run.text), run.face or block.face) for run in block.runs]
    text = setter.measure(runs, size, cell)
    left = block.left_indent * cell
    limit = max(flow.width - left - block.right_indent * cell, size)
    first = block.first_indent * cell
    hang = block.align is Align.JUSTIFY or block.align is Align.LEFT
    lines = text.lines(limit, limit - first, hang=hang)
    y = _baseline(size, pitch)
    strips = []
    for number, line in enumerate(lines):
        inset = 0.0 if number else first
        pieces = set_line(text, line, left + inset, y, limit - inset, block.align)
        strips.append(Strip(pitch, pieces, keep=block.keep_with_next))
    if block.red_line:
        # 4 mm under the line, in half a line of its own.
        rule = Rule(0.0, 4 * MM, flow.width, 4 * MM, 1.5, RED)
        strips.append(Strip(max(pitch / 2, 5 * MM), rules=[rule], keep=True))
    return strips


def _title(block: Title, flow: Flow, setter: TypeSetter) -> list[Strip]:
    """Title lines share whole grid lines, one more than there are lines of title."""
    most = max(1, int(flow.width / block.size + _EPSILON))
    lines = balanced(printable(block.text), most)
    height = flow.pitch * (len(lines) + 1)
    pitch = min(height / len(lines), block.size * 1.65)
    top = (height - pitch * len(lines)) / 2
    strip = Strip(height, keep=True)
    for number, line in enumerate(lines):
        text = setter.measure([(line, Face.TITLE)], block.size)
        y = top + number * pitch + _baseline(block.size, pitch)
        for part in text.lines(flow.width, hang=False):
            pieces = set_line(text, part, 0.0, y, flow.width, Align.CENTER)
            strip.pieces.extend(one._replace(is_red=block.is_red) for one in pieces)
    blank = [Strip(flow.pitch * block.blank_after, keep=True)] if block.blank_after else []
    return [strip, *blank]


_PICTURE_GAP = 6.0
"""Points above and below a picture."""


def _picture(block: Picture, flow: Flow) -> Strip:
    """The picture in the middle of the line, never larger than the block."""
    size = read_png(block.png)
    width = min(block.width * MM, flow.width)
    height = width * size.height / size.width
    most = flow.height - 2 * _PICTURE_GAP
    if height > most:
        width, height = width * most / height, most
    x = (flow.width - width) / 2
    return Strip(height + 2 * _PICTURE_GAP, pictures=[Placed(block.png, x, _PICTURE_GAP, width, height)])


def _signatures(block: SignatureBlock, flow: Flow, setter: TypeSetter) -> Strip:
    """Two columns as one strip; lines of the same number stand at the same height."""
    gutter = flow.cell
    width = (flow.width - gutter) / 2
    strip = Strip(0.0)
    for left, right in zip_longest(block.left.lines, block.right.lines, fillvalue=""):
        tallest = 1
        for x, line in ((0.0, left), (width + gutter, right)):
            text = setter.measure([(printable(line), Face.FANG)], SIZE_3)
            parts = text.lines(width, hang=False)
            y = strip.height + _baseline(SIZE_3, flow.pitch)
            for part in parts:
                strip.pieces.extend(set_line(text, part, x, y, width, Align.LEFT))
                y += flow.pitch
            tallest = max(tallest, len(parts))
        strip.height += tallest * flow.pitch
    return strip


def _table(block: Table, flow: Flow, setter: TypeSetter) -> None:
    """Place the table piece by piece, its head rows on every page."""
    grid = tables.measure(block, flow.width, setter)
    first, fresh = 0, flow.empty
    while True:
        segment, following = grid.segment(first, flow.remaining, flow.height, force=fresh)
        if segment is None:
            flow.turn()
            fresh = True
            continue
        flow.add(Strip(segment.height, segment.pieces, segment.rules))
        first, fresh = following, True
        if first >= len(grid.rows):
            return
        flow.turn()
