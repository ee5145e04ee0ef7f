"""PNG pictures in a PDF: their compressed rows go over as they stand, nothing is decoded.

PDF knows PNG's row filters as predictor 15 of FlateDecode (ISO 32000-1, 7.4.4.4), and its
palette as an indexed colour space (8.6.6.3).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from reportlab.pdfbase.pdfdoc import PDFObject

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: ("DeviceGray", 1), 2: ("DeviceRGB", 3), 3: ("DeviceRGB", 1)}
"""PNG's colour types without alpha: the PDF's colour space and values per dot."""
_PALETTE = 3


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG taken apart: size in dots, bits of a value, colour type, palette, compressed rows."""

    width: int
    height: int
    bits: int
    colour: int
    palette: bytes
    rows: bytes


def read_png(data: bytes) -> Png:
    """Take a PNG apart; ValueError for one that is broken, interlaced or has alpha."""
    if not data.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    at, head, palette, rows = len(_SIGNATURE), b"", b"", []
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            head = body
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            rows.append(body)
        at += 12 + length
    if len(head) != 13 or not rows:
        raise ValueError("a PNG without head or rows")
    width, height, bits, colour, _packing, _filters, interlaced = struct.unpack(">IIBBBBB", head)
    if interlaced or colour not in _CHANNELS or not width or not height:
        raise ValueError("a PNG with alpha or interlacing")
    return Png(width, height, bits, colour, palette, b"".join(rows))


class PngPicture(PDFObject):
    """The picture as an object of the PDF."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._png = read_png(data)

    def format(self, document: object) -> bytes:
        """The stream with its dictionary, as reportlab writes objects."""
        png = self._png
        space, channels = _CHANNELS[png.colour]
        if png.colour == _PALETTE:
            colours = f"[/Indexed /{space} {len(png.palette) // 3 - 1} <{png.palette.hex()}>]"
        else:
            colours = f"/{space}"
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {png.width} /Height {png.height}"
            f" /BitsPerComponent {png.bits} /ColorSpace {colours} /Filter /FlateDecode"
            f" /DecodeParms << /Predictor 15 /Colors {channels} /BitsPerComponent {png.bits}"
            f" /Columns {png.width} >> /Length {len(png.rows)} >>\nstream\n"
        )
        return head.encode("ascii") + png.rows + b"\nendstream"
