"""The one document model that both the PDF and the Word file are made from.

Texts are plain: no mark-up is read, so a name holding `<b>` or `=1+1` prints as it stands.
Lengths are millimetres, sizes points, indents whole characters of the paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self


class Face(Enum):
    """A kind of type an official document uses."""

    FANG = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    TITLE = "小标宋"
    SONG = "宋体"


class Align(Enum):
    """How a line stands in its width; JUSTIFY fills all lines but the last."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Numbering(Enum):
    """Page numbers: `— 1 —` outside, `第 1 页 共 9 页` centred, or none."""

    OFFICIAL = "official"
    PAGE_OF = "page_of"
    NONE = "none"


SIZE_2 = 22.0
"""2号, titles."""
SIZE_3 = 16.0
"""3号, body."""
SIZE_4 = 14.0
"""4号, page numbers."""
SIZE_S4 = 12.0
"""小四."""
SIZE_5 = 10.5
"""五号, tables."""
SIZE_S5 = 9.0
"""小五, crowded tables."""


@dataclass(frozen=True, slots=True)
class PageSetup:
    """A sheet: width and height, margins (mm), and the grid of lines × characters in the block."""

    width: float = 210.0
    height: float = 297.0
    top: float = 37.0
    bottom: float = 35.0
    left: float = 28.0
    right: float = 26.0
    lines: int = 22
    characters: int = 28

    @property
    def block_width(self) -> float:
        """Width of the text block in mm."""
        return self.width - self.left - self.right

    @property
    def block_height(self) -> float:
        """Height of the text block in mm."""
        return self.height - self.top - self.bottom

    @property
    def landscape(self) -> bool:
        """Whether the sheet lies on its long side."""
        return self.width > self.height


OFFICIAL = PageSetup()
"""A4 of GB/T 9704-2012: block 156 × 225 mm, 22 lines of 28 characters."""
PLAIN = PageSetup(top=25.0, bottom=22.0, left=22.0, right=22.0, lines=25, characters=29)
"""A4 upright for tables and reports that are no official document."""
LANDSCAPE = PageSetup(297.0, 210.0, 22.0, 21.0, 22.0, 22.0, 17, 45)
"""A4 across for wide tables."""
LANDSCAPE_A3 = PageSetup(420.0, 297.0, 28.0, 26.0, 26.0, 26.0, 24, 66)
"""A3 across for very wide tables."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph in one face; None: the paragraph's own."""

    text: str
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body: by default 3号仿宋, justified, first line two characters in.

    The first line's indent counts from the left one and may be negative. `lines` is the line pitch in grid lines; 0 takes 1.5 × size.
    """

    runs: tuple[Run, ...]
    face: Face = Face.FANG
    size: float = SIZE_3
    align: Align = Align.JUSTIFY
    first_indent: int = 2
    left_indent: int = 0
    right_indent: int = 0
    lines: float = 1.0
    keep_with_next: bool = False
    red_line: bool = False
    """The red line of an official head stands under it (GB/T 9704-2012)."""

    @classmethod
    def of(cls, text: str, **options: object) -> Self:
        """A paragraph of one run."""
        return replace(cls((Run(text),)), **options)  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Title:
    """The document's title, centred, broken into balanced lines; a newline forces a break."""

    text: str
    size: float = SIZE_2
    blank_after: int = 1
    is_red: bool = False
    """The name of the issuing organ at an official head (发文机关标志)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、 黑体), 2 ((一) 楷体) or 3 (1. 仿宋), kept with what follows."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class BlankLines:
    """Empty grid lines; at the top of a page they are kept."""

    count: float = 1.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, from here on with another sheet when one is given."""

    page: PageSetup | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; None as alignment takes the column's. A newline starts a new line."""

    text: str
    align: Align | None = None
    face: Face | None = None
    columns: int = 1
    rows: int = 1


class RowKind(Enum):
    """Body rows, a band that names a group across the table, and the row of totals."""

    BODY = "body"
    BAND = "band"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: cells from left to right; places covered by an earlier cell's span are left out."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY


@dataclass(frozen=True, slots=True)
class Column:
    """A column: None as width shares what is left by content; least and most are mm.

    Alignment None: numbers right, short texts centred, long ones left.
    """

    width: float | None = None
    align: Align | None = None
    least: float = 9.0
    most: float = 400.0


@dataclass(frozen=True, slots=True)
class Table:
    """A bordered table whose head rows stand again on every page."""

    columns: tuple[Column, ...]
    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    size: float = SIZE_5
    repeat_head: bool = True
    face: Face = Face.FANG
    head_face: Face = Face.HEI
    least_height: float = 0.0
    """Least height of a body row in mm, where something is to be written by hand."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """One side of a signature block: the lines below each other, as printed."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Two sides beside each other, never cut and never alone on a page."""

    left: Signatory
    right: Signatory


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a line of its own, centred: the bytes of a PNG without alpha, as wide as `width` mm.

    Lower than the page, or made smaller until it is.
    """

    png: bytes
    width: float


Block = Title | Heading | Paragraph | BlankLines | PageBreak | Table | SignatureBlock | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `unnumbered` leading pages (a cover) carry no page number."""

    name: str
    blocks: tuple[Block, ...]
    page: PageSetup = OFFICIAL
    numbering: Numbering = Numbering.OFFICIAL
    author: str = ""
    unnumbered: int = 0
    notes: tuple[str, ...] = field(default=())
    """What the maker wants said to the user beside the paper (something left out, say)."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Documents that become one PDF and share its fonts, each with page numbers of its own.

    double_sided: a blank page follows a document of an odd number of pages.
    """

    name: str
    documents: tuple[Document, ...]
    double_sided: bool = False


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What came out: pages, characters no font has (with code), and the font files used."""

    pages: int
    missing: tuple[str, ...]
    fonts_used: tuple[str, ...]
