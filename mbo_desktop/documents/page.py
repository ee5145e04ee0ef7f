"""What stands on a sheet after layout: pieces of text and rules, measured from its top left."""

from __future__ import annotations

from dataclasses import dataclass, field

from mbo_desktop.documents.model import SIZE_4, SIZE_5, Face, Numbering, PageSetup
from mbo_desktop.documents.typeset import Piece, TypeSetter

MM = 72 / 25.4
"""Points in a millimetre."""
Ink = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""
RED: Ink = (0.8, 0.0, 0.0)
"""Of the head of an official document."""
NUMBER_GAP = 7.0
"""GB/T 9704-2012 §7.5: the page number's line stands 7 mm under the block."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line in points, `width` thick."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.5
    ink: Ink | None = None
    """None: black."""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle in points from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Placed:
    """A PNG in a rectangle in points from its top left corner."""

    png: bytes
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Sheet:
    """One laid-out page: the sheet and everything on it, in points from the top left corner."""

    setup: PageSetup
    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    """Drawn first, under lines and texts."""
    pictures: list[Placed] = field(default_factory=list)
    bookmark: str = ""
    """Name under which the reader's list of chapters leads to this page."""


def number_sheets(
    sheets: list[Sheet], numbering: Numbering, unnumbered: int, setter: TypeSetter
) -> None:
    """Write the page numbers under the blocks; leading `unnumbered` sheets count not at all."""
    if numbering is Numbering.NONE:
        return
    total = len(sheets) - unnumbered
    for index, sheet in enumerate(sheets[unnumbered:], start=1):
        setup = sheet.setup
        official = numbering is Numbering.OFFICIAL
        text = f"— {index} —" if official else f"第 {index} 页 共 {total} 页"
        size = SIZE_4 if official else SIZE_5
        width = setter.width(text, Face.SONG, size)
        left, right = setup.left * MM, (setup.width - setup.right) * MM
        if not official:
            x = (left + right - width) / 2
        elif index % 2:
            x = right - size - width
        else:
            x = left + size
        gap = min(NUMBER_GAP, setup.bottom / 3)
        y = (setup.height - setup.bottom + gap) * MM + size * 0.8
        sheet.pieces.extend(setter.pieces(text, Face.SONG, size, x, y))
