"""Setting lines: which glyph of which font stands where, justified on the character grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from mbo_desktop.documents.fonts import MISSING, PLACEHOLDER, Typefaces
from mbo_desktop.documents.linebreak import OPENERS, Line, break_lines, squeezable
from mbo_desktop.documents.model import Align, Face

_LOOSEST = 0.7
"""A line that would need more than this part of an em per gap is left unjustified."""
_WIDTHS_KEPT = 8
"""For so many widths a text remembers where its lines break."""


class Piece(NamedTuple):
    """Characters of one font set from (x, y): y is the baseline, downwards from the origin."""

    text: str
    font: str
    size: float
    x: float
    y: float
    spacing: float = 0.0
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A measured text: for each character its font and its advance in points."""

    text: str
    size: float
    cell: float
    fonts: Sequence[str]
    advances: Sequence[float]
    missing: tuple[str, ...] = ()
    """Its characters no font has; a placeholder stands for them in `text`."""
    broken: dict[tuple[float, float | None, bool], list[Line]] = field(default_factory=dict)

    def lines(
        self, limit: float, first_limit: float | None = None, *, hang: bool = True
    ) -> list[Line]:
        """The text broken to `limit` points, the first line to its own; not to be changed."""
        key = (limit, first_limit, hang)
        known = self.broken.get(key)
        if known is None:
            known = break_lines(self.text, self.advances, limit, first_limit, hang=hang)
            if len(self.broken) >= _WIDTHS_KEPT:
                self.broken.clear()
            self.broken[key] = known
        return known


class MeasuredTexts(dict[object, Text]):
    """Texts by what was asked for; the clauses of a hundred agreements are measured once."""

    _MOST, _LONGEST = 4000, 2000

    def keep(self, key: object, text: Text) -> None:
        """Remember the text, forgetting the others when there are too many."""
        if len(text.text) <= self._LONGEST:
            if len(self) >= self._MOST:
                self.clear()
            self[key] = text


@lru_cache(maxsize=4)
def measured_with(faces: Typefaces) -> MeasuredTexts:
    """What was measured with these fonts in this process."""
    return MeasuredTexts()


class TypeSetter:
    """Measures and sets texts with a set of fonts; collects what no font could print."""

    def __init__(self, faces: Typefaces) -> None:
        self._faces = faces
        self._measured = measured_with(faces)
        self.missing: dict[str, None] = {}

    def measure(
        self, runs: Sequence[tuple[str, Face]], size: float, cell: float | None = None
    ) -> Text:
        """Fonts and advances of a text of several faces; full-width characters take a `cell`."""
        key = (tuple(runs), size, cell)
        known = self._measured.get(key)
        if known is None:
            known = self._measure(runs, size, cell)
            self._measured.keep(key, known)
        if known.missing:
            self.missing.update(dict.fromkeys(known.missing))
        return known

    def _measure(
        self, runs: Sequence[tuple[str, Face]], size: float, cell: float | None
    ) -> Text:
        fonts: list[str] = []
        advances: list[float] = []
        cell = size if cell is None else cell
        chars: list[str] = []
        missing: dict[str, None] = {}
        for text, face in runs:
            glyphs = self._faces.glyphs[face]
            for char in text:
                if char == "\n":
                    font, width = "", 0.0
                else:
                    font, width = glyphs[char]
                    if font == MISSING:
                        missing[char] = None
                        font, char = glyphs[PLACEHOLDER][0], PLACEHOLDER
                fonts.append(font)
                advances.append(cell if width == 1.0 else width * size)
                chars.append(char)
        return Text("".join(chars), size, cell, fonts, advances, tuple(missing))

    def width(self, text: str, face: Face, size: float) -> float:
        """Width in points of a text on one line."""
        glyphs = self._faces.glyphs[face]
        return sum(glyphs[char][1] for char in text) * size

    def pieces(self, text: str, face: Face, size: float, x: float, y: float) -> list[Piece]:
        """A short text on one line at its natural width."""
        measured = self.measure([(text, face)], size)
        line = Line(0, len(text), sum(measured.advances), last=True)
        return set_line(measured, line, x, y, line.width, Align.LEFT)


def set_line(
    text: Text, line: Line, x: float, y: float, limit: float, align: Align
) -> list[Piece]:
    """The pieces of one line in a width of `limit` points from x, its baseline at y."""
    start, end = line.start, line.end
    chars = text.text
    while end > start and chars[end - 1] == " ":
        end -= 1
    if start == end:
        return []
    extra = 0.0
    if align is Align.JUSTIFY and not line.last and not line.squeeze:
        extra = _stretch(text, line, end, limit)
    elif align is Align.RIGHT:
        x += limit - (line.width - line.squeeze)
    elif align is Align.CENTER:
        x += (limit - (line.width - line.squeeze)) / 2
    if line.squeeze:
        return _squeezed(text, line, end, x, y)
    pieces: list[Piece] = []
    fonts, advances, size = text.fonts, text.advances, text.size
    gap = text.cell - size
    at = start
    while at < end:
        font = fonts[at]
        wide = advances[at] == text.cell
        stop = at + 1
        while stop < end and fonts[stop] == font and (advances[stop] == text.cell) == wide:
            stop += 1
        spacing = gap + extra if wide else 0.0
        pieces.append(Piece(chars[at:stop], font, size, x, y, spacing))
        x += sum(advances[at:stop])
        if wide:
            x += extra * (stop - at)
        elif stop < end and advances[stop] == text.cell:
            x += extra
        at = stop
    return pieces


def _stretch(text: Text, line: Line, end: int, limit: float) -> float:
    """What to add at each gap so that the line ends at the right edge."""
    last = end - 1 - (1 if line.hanging else 0)
    slack = limit - line.width
    if slack <= 0 or last <= line.start:
        return 0.0
    advances, cell = text.advances, text.cell
    # Inside Latin words and numbers nothing is added; after each such run once.
    gaps = sum(
        1 for i in range(line.start, last) if advances[i] == cell or advances[i + 1] == cell
    )
    if not gaps:
        return 0.0
    extra = slack / gaps
    return extra if extra <= _LOOSEST * text.size else 0.0


def _squeezed(text: Text, line: Line, end: int, x: float, y: float) -> list[Piece]:
    """A line whose marks give up some of their empty half, each by the same part."""
    chars, advances = text.text, text.advances
    last = end - 1 if line.hanging else end
    slack = sum(squeezable(chars[i], advances[i]) for i in range(line.start, last))
    part = line.squeeze / slack if slack else 0.0
    pieces: list[Piece] = []
    for i in range(line.start, end):
        less = squeezable(chars[i], advances[i]) * part if i < last else 0.0
        shift = less if chars[i] in OPENERS else 0.0
        pieces.append(Piece(chars[i], text.fonts[i], text.size, x - shift, y))
        x += advances[i] - less
    return pieces
