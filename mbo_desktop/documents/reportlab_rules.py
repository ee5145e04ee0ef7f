"""What reportlab is told to do differently, once for the process; nothing else here uses it.

Importing this module applies it: no base 85 around the streams, quick compression, and
code tables that name characters beyond the Basic Plane (𬭸), so that names can be
searched for and copied from the PDF.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, ttfonts


class QuickCompress:
    """The Flate filter at level 1: a tenth more bytes for a third of the time."""

    pdfname = "FlateDecode"

    def encode(self, text: str | bytes) -> bytes:
        """Compress a stream."""
        return zlib.compress(text if isinstance(text, bytes) else text.encode("utf-8"), 1)

    def decode(self, data: bytes) -> bytes:
        """Expand a stream."""
        return zlib.decompress(data)


def to_unicode(fontname: str, subset: Sequence[int]) -> str:
    """The code table of a font's part: its byte codes → UTF-16, as PDF 32000-1 §9.10.3 asks."""
    entries = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, point in enumerate(subset)
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
        f"/CMapName /{fontname} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def checksum(data: bytes) -> int:
    """The checksum of a TrueType table: its 32-bit words, first byte highest, added up."""
    words = array("I", data + bytes(-len(data) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF


_BLOCK = 100
"""A block of a code table holds at most 100 entries."""

_settings: Any = rl_config
_settings.useA85 = 0
_streams: Any = pdfdoc
_streams.PDFZCompress = QuickCompress()
_fonts: Any = ttfonts
_fonts.makeToUnicodeCMap = to_unicode
_fonts.calcChecksum = checksum
