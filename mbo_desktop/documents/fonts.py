"""Opened fonts, and which of them has a glyph for a character.

A character the face lacks is looked up in the rare-character font and then in the other
bundled faces; what no font has is named as missing and drawn as 〓, never left blank.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFace

from mbo_desktop.documents.font_files import FontSet, bundled_fonts, office_fonts

__all__ = ["FontSet", "Typefaces", "bundled_fonts", "office_fonts", "printable", "typefaces"]

MISSING = ""
"""Font name given to a character no font has; 〓 is drawn for it."""
PLACEHOLDER = "〓"
"""What Chinese typesetters put where a sort is lacking."""

_LATIN_FROM_RARE = ("FandolFang.ttf", "FandolKai.ttf")
"""Bundled faces whose Latin letters and figures are too heavy beside their hanzi."""
_UNREADABLE = (TTFError, OSError, struct.error, ValueError, LookupError, AssertionError)


class _Window:
    """A table of a font file that is sliced in place: a copy of `glyf` would be megabytes."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._start = start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class _Face(TTFontFace):
    """reportlab's face, which would copy the whole outline table for every 256 characters."""

    def get_table(self, tag: str) -> bytes | _Window:
        """The table's bytes; the outlines as a window."""
        if tag == "glyf":
            start, _ = self.get_table_pos(tag)
            return _Window(self._ttf_data, start)  # type: ignore[attr-defined]
        table: bytes = super().get_table(tag)  # type: ignore[no-untyped-call]
        return table

    def getCharWidth(self, code: int) -> bytes:  # noqa: N802 reportlab's name
        """The width as it stands in the PDF: reportlab writes a number at a fifth of the speed."""
        return b"%d" % round(self.charWidths.get(code, self.defaultWidth))


def _open_font(name: str, path: str) -> TTFont:
    font = TTFont(name, path, subfontIndex=0)
    font.face.__class__ = _Face
    return font


class Glyphs(dict[str, tuple[str, float]]):
    """Character → (font name, width in em) for one face; `MISSING` as name when no font has it."""

    def __init__(self, typefaces: Typefaces, files: tuple[str, ...]) -> None:
        super().__init__()
        self._typefaces = typefaces
        self._files = files

    def __missing__(self, char: str) -> tuple[str, float]:
        code = ord(char)
        files = self._files
        if "!" < char < "\x7f":
            files = tuple(path for path in files if not path.endswith(_LATIN_FROM_RARE)) or files
        for path in files:
            font = self._typefaces.open(path)
            # A font may map a character to its empty box; glyph 0 is no glyph.
            if font is not None and font.face.charToGlyph.get(code, 0):
                answer = (font.fontName, font.face.charWidths[code] / 1000)
                break
        else:
            answer = (MISSING, self[PLACEHOLDER][1] if char != PLACEHOLDER else 1.0)
        self[char] = answer
        return answer


class Typefaces:
    """The opened fonts of a set; a file is parsed when the first character asks for it."""

    def __init__(self, fonts: FontSet) -> None:
        self._opened: dict[str, TTFont | None] = {}
        self.by_name: dict[str, TTFont] = {}
        self.paths: dict[str, str] = {}
        self.glyphs = {face: Glyphs(self, files + fonts.rare) for face, files in fonts.faces}

    def open(self, path: str) -> TTFont | None:
        """The font of this file, None when it cannot be used (no TrueType outlines, say)."""
        if path not in self._opened:
            name = f"M{len(self._opened)}"
            try:
                font = _open_font(name, path)
            except _UNREADABLE:
                # A damaged or protected system font must not stop a print: the next one serves.
                font = None
            self._opened[path] = font
            if font is not None:
                self.by_name[name] = font
                self.paths[name] = path
        return self._opened[path]


@lru_cache(maxsize=4)
def typefaces(fonts: FontSet) -> Typefaces:
    """The opened fonts of this set, kept for the life of the process."""
    return Typefaces(fonts)


_DROPPED = {
    code: None
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        0xFEFF,
        *range(0xD800, 0xE000),
        *range(0xE0000, 0xE01F0),
    )
    if code != 0x0A
} | {0x09: " ", 0xA0: " ", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n"}


def printable(text: str) -> str:
    """The text without what has no shape on paper: controls, bidi marks, lone surrogates."""
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
