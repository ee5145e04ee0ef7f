"""Drawing a laid-out document into a PDF file."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mbo_desktop.documents import reportlab_rules  # noqa: F401 applied by being imported
from mbo_desktop.documents.fonts import FontSet, Typefaces, office_fonts, printable, typefaces
from mbo_desktop.documents.layout import lay_out
from mbo_desktop.documents.model import Bundle, Document, RenderResult
from mbo_desktop.documents.output import put_file
from mbo_desktop.documents.page import MM, RED, Ink, Placed, Rule, Sheet
from mbo_desktop.documents.png import PngPicture
from mbo_desktop.documents.typeset import TypeSetter

_one_at_a_time = threading.Lock()
"""The opened fonts serve one document at a time."""


def render_pdf(
    document: Document, target: Path | BytesIO, fonts: FontSet | None = None
) -> RenderResult:
    """Write the document as PDF; None takes the system's fonts where they exist.

    Raises FileWriteError when the file cannot be written; nothing is left half done.
    """
    faces = typefaces(fonts or office_fonts())
    buffer = target if isinstance(target, BytesIO) else BytesIO()
    with _one_at_a_time:
        setter = TypeSetter(faces)
        sheets = lay_out(document, setter)
        used = _draw(document.name, document.author, sheets, faces, buffer)
    if isinstance(target, Path):
        put_file(target, buffer.getvalue())
    return RenderResult(len(sheets), tuple(map(describe, setter.missing)), used)


def render_bundle(
    bundle: Bundle, target: BytesIO, fonts: FontSet | None = None
) -> RenderResult:
    """Write several documents into one PDF; a hundred sheets take little more room than one."""

    def draw(setter: TypeSetter) -> list[Sheet]:
        sheets: list[Sheet] = []
        for document in bundle.documents:
            sheets += lay_out(document, setter)
            if bundle.double_sided and len(sheets) % 2:
                sheets.append(Sheet(sheets[-1].setup))
        return sheets

    author = bundle.documents[0].author if bundle.documents else ""
    data, result = draw_pdf(bundle.name, author, draw, fonts)
    target.write(data)
    return result


def draw_pdf(
    name: str, author: str, draw: Callable[[TypeSetter], list[Sheet]], fonts: FontSet | None = None
) -> tuple[bytes, RenderResult]:
    """A PDF of sheets that `draw` sets itself (a picture, say): its bytes and what it holds."""
    faces = typefaces(fonts or office_fonts())
    buffer = BytesIO()
    with _one_at_a_time:
        setter = TypeSetter(faces)
        sheets = draw(setter)
        used = _draw(name, author, sheets, faces, buffer)
    return buffer.getvalue(), RenderResult(len(sheets), tuple(map(describe, setter.missing)), used)


def describe(char: str) -> str:
    """A character and its code, for example 𠮷(U+20BB7)."""
    return f"{char}(U+{ord(char):04X})"


def _draw(
    name: str, author: str, sheets: list[Sheet], faces: Typefaces, buffer: BytesIO
) -> tuple[str, ...]:
    canvas = Canvas(buffer, pageCompression=1, invariant=1)
    canvas.setTitle(printable(name))
    canvas.setAuthor(printable(author))
    drawn: dict[str, None] = {}
    for sheet in sheets:
        drawn.update((piece.font, None) for piece in sheet.pieces)
    used = tuple(Path(faces.paths[name]).name for name in drawn)
    canvas.setSubject(f"字体: {'、'.join(used)}")
    encoded = _Encoder(canvas)
    for sheet in sheets:
        setup = sheet.setup
        height = setup.height * MM
        canvas.setPageSize((setup.width * MM, height))
        if sheet.areas:
            canvas.addLiteral(_areas(sheet, height))
        canvas.addLiteral(_rules([rule for rule in sheet.rules if rule.ink is None], height))
        for ink in sorted({rule.ink for rule in sheet.rules if rule.ink is not None}):
            drawn_in = [rule for rule in sheet.rules if rule.ink == ink]
            canvas.addLiteral(f"q {_color(ink)} RG\n{_rules(drawn_in, height)}\nQ")
        canvas.addLiteral(_texts(sheet, height, faces.by_name, encoded))
        for placed in sheet.pictures:
            _picture(canvas, placed, height)
        if sheet.bookmark:
            canvas.bookmarkPage(sheet.bookmark)
            canvas.addOutlineEntry(printable(sheet.bookmark), sheet.bookmark)
        canvas.showPage()
    canvas.save()
    return used


def _picture(canvas: Any, placed: Placed, height: float) -> None:
    """Draw a picture; one that stands in the file already is not stored again."""
    name = f"png-{hashlib.sha256(placed.png).hexdigest()}"
    pdf = canvas._doc  # noqa: SLF001 as in `_Encoder`
    registered = pdf.getXObjectName(name)
    if registered not in pdf.idToObject:
        pdf.Reference(PngPicture(name, placed.png), registered)
        pdf.addForm(name, pdf.idToObject[registered])
    bottom = height - placed.y - placed.height
    canvas.addLiteral(
        f"q {placed.width:.2f} 0 0 {placed.height:.2f} {placed.x:.2f} {bottom:.2f} cm /{registered} Do Q"
    )
    canvas._formsinuse.append(name)  # noqa: SLF001 the page's list of what it draws
    canvas._currentPageHasImages = 1  # noqa: SLF001


def _color(ink: Ink) -> str:
    return " ".join(f"{part:g}" for part in ink)


def _areas(sheet: Sheet, height: float) -> str:
    """The filled rectangles, one path for each colour."""
    code = ["q"]
    for ink in sorted({area.ink for area in sheet.areas}):
        code.append(f"{_color(ink)} rg")
        code.extend(
            f"{area.x:.2f} {height - area.y - area.height:.2f} {area.width:.2f} {area.height:.2f} re"
            for area in sheet.areas
            if area.ink == ink
        )
        code.append("f")
    return "\n".join([*code, "Q"])


def _rules(rules: list[Rule], height: float) -> str:
    """These lines as one path for each thickness."""
    code: list[str] = []
    for width in sorted({rule.width for rule in rules}):
        code.append(f"{width} w")
        code.extend(
            f"{rule.x1:.2f} {height - rule.y1:.2f} m {rule.x2:.2f} {height - rule.y2:.2f} l"
            for rule in rules
            if rule.width == width
        )
        code.append("S")
    return "\n".join(["2 J", *code]) if code else ""


_ESCAPED = {
    byte: chr(byte) if 32 <= byte < 127 and byte not in b"()\\" else f"\\{byte:03o}"
    for byte in range(256)
}


class _Encoder(dict[tuple[TTFont, str], list[tuple[str, str]]]):
    """(font, text) → the PDF's own fonts and strings; the same cell text is encoded once."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        # reportlab's fonts are asked per PDF document, which the canvas does not hand out.
        self._pdf: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001

    def __missing__(self, key: tuple[TTFont, str]) -> list[tuple[str, str]]:
        font, text = key
        parts = [
            (font.getSubsetInternalName(subset, self._pdf), "".join([_ESCAPED[b] for b in data]))
            for subset, data in font.splitString(text, self._pdf)
        ]
        self[key] = parts
        return parts


def _texts(sheet: Sheet, height: float, fonts: dict[str, TTFont], encoded: _Encoder) -> str:
    """All texts of the sheet as one text object."""
    code = ["BT"]
    state: tuple[str, float] | None = None
    spacing = 0.0
    is_red = False
    for piece in sheet.pieces:
        if piece.is_red != is_red:
            is_red = piece.is_red
            code.append(f"{_color(RED) if is_red else '0 0 0'} rg")
        code.append(f"1 0 0 1 {piece.x:.2f} {height - piece.y:.2f} Tm")
        if piece.spacing != spacing:
            spacing = piece.spacing
            code.append(f"{spacing:.3f} Tc")
        for name, data in encoded[fonts[piece.font], piece.text]:
            if state != (name, piece.size):
                state = (name, piece.size)
                code.append(f"{name} {piece.size:g} Tf")
            code.append(f"({data}) Tj")
    code.append("ET")
    return "\n".join(code)
