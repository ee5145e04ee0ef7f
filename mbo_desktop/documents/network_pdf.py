"""The network's picture as vector PDF: on one sheet when it fits, else in tiles to be put together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mbo_desktop.documents.font_files import FontSet
from mbo_desktop.documents.linebreak import balanced
from mbo_desktop.documents.model import SIZE_S5, Face, PageSetup, RenderResult
from mbo_desktop.documents.network import (
    BAR,
    PAD,
    TEXT,
    Box,
    Mark,
    NetworkNode,
    Picture,
    Segment,
    Style,
)
from mbo_desktop.documents.network_columns import COLUMN_SPACE, lay_out_columns
from mbo_desktop.documents.page import MM, Area, Ink, Rule, Sheet
from mbo_desktop.documents.pdf import draw_pdf
from mbo_desktop.documents.typeset import TypeSetter

RED: Ink = (0.78, 0.21, 0.17)
GREY: Ink = (0.39, 0.42, 0.45)
PALE: Ink = (0.93, 0.94, 0.95)
MARGIN = 12.0
"""Free edge of every sheet in mm; a box that reaches over the cut runs into it."""
HEAD, FOOT = 12.0, 8.0
"""Height in mm of the title line and of the key below."""
SMALLEST = 0.62
"""A picture is made smaller to fit one sheet down to this; 小五 is then 5.6 pt."""
_COLUMN_SCALES = (1.0, 0.94, 0.88, 0.82)
"""A little smaller, one more column may stand on the sheet."""
SHEETS = {
    "A4": (297.0, 210.0), "A3": (420.0, 297.0), "A1": (841.0, 594.0), "A0": (1189.0, 841.0),
}


@dataclass(frozen=True, slots=True)
class NetworkPaper:
    """What is drawn: the picture with its title and who made it when."""

    title: str
    picture: Picture
    office: str = ""
    date: str = ""
    paper: str = ""
    """A key of `SHEETS`, "whole" for one sheet of the picture's own size, or "": A4, else A3, else several A3."""
    nodes: tuple[NetworkNode, ...] = ()
    """When given, a picture that needs several sheets is set in columns instead of cut up."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of the picture on a sheet of its own: from (left, top) to (right, bottom) in mm."""

    left: float
    top: float
    right: float
    bottom: float
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The sheet's size, the scale, and the tiles that go on sheets."""

    width: float
    height: float
    scale: float
    tiles: tuple[Tile, ...]


@dataclass(slots=True)
class _Content:
    """What stands on one tile."""

    boxes: list[Box]
    segments: list[Segment]


def network_pdf(paper: NetworkPaper, fonts: FontSet | None = None) -> tuple[bytes, RenderResult]:
    """The picture as a PDF; several sheets are numbered by row and column."""
    plan = plan_sheets(paper.picture, paper.paper)
    if len(plan.tiles) > 1 and paper.nodes:
        across = SHEETS[paper.paper or "A3"]
        paper, plan = min(
            (
                _in_columns(paper, *size, scale)
                for size in (across, across[::-1]) for scale in _COLUMN_SCALES
            ),
            key=lambda made: (len(made[1].tiles), -made[1].scale),
        )

    def draw(setter: TypeSetter) -> list[Sheet]:
        contents = _dealt_out(paper.picture, plan.tiles)
        return [
            _sheet(paper, plan, tile, contents[tile.row, tile.column], setter)
            for tile in plan.tiles
        ]

    return draw_pdf(paper.title, paper.office, draw, fonts)


def _in_columns(
    paper: NetworkPaper, width: float, height: float, scale: float
) -> tuple[NetworkPaper, Plan]:
    """The network set in columns for sheets of this size."""
    across, down = (length / scale for length in _room(width, height))
    picture = lay_out_columns(paper.nodes, down)
    columns = _column_cuts(picture, across) or _x_cuts(picture, across)
    return replace(paper, picture=picture), Plan(
        width, height, scale, tuple(_tiles(picture, columns, down))
    )


def _column_cuts(picture: Picture, room: float) -> list[float]:
    """Cuts between columns only; none where a single column is wider than the sheet."""
    starts = sorted({box.x for box in picture.boxes if box.parent < 0})
    ends = [*(start - COLUMN_SPACE for start in starts[1:]), picture.width]
    cuts = [0.0]
    for start, end in zip(starts, ends, strict=True):
        if end - start > room:
            return []
        if end - cuts[-1] > room:
            cuts.append(start)
    return [*cuts, picture.width]


def plan_sheets(picture: Picture, paper: str = "") -> Plan:
    """Which sheets the picture takes."""
    if paper == "whole":
        width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN + HEAD + FOOT
        whole = Tile(0, 0, picture.width, picture.height, 1, 1)
        return Plan(max(width, 150.0), height, 1.0, (whole,))
    for name in (paper,) if paper else ("A4", "A3"):
        for width, height in (SHEETS[name], SHEETS[name][::-1]):
            scale = _fit(picture, width, height)
            if scale >= SMALLEST:
                whole = Tile(0, 0, picture.width, picture.height, 1, 1)
                return Plan(width, height, min(scale, 1.0), (whole,))
    width, height = SHEETS[paper or "A3"]
    if picture.height > picture.width:
        width, height = height, width
    across, down = _room(width, height)
    return Plan(width, height, 1.0, tuple(_tiles(picture, _x_cuts(picture, across), down)))


def _room(width: float, height: float) -> tuple[float, float]:
    return width - 2 * MARGIN, height - 2 * MARGIN - HEAD - FOOT


def _fit(picture: Picture, width: float, height: float) -> float:
    room = _room(width, height)
    return min(room[0] / max(picture.width, 1.0), room[1] / max(picture.height, 1.0))


def _x_cuts(picture: Picture, room: float) -> list[float]:
    return _cuts([(box.x, box.x + box.width) for box in picture.boxes], picture.width, room)


def _tiles(picture: Picture, columns: Sequence[float], height: float) -> list[Tile]:
    rows = _cuts([(box.y, box.y + box.height) for box in picture.boxes], picture.height, height)
    tiles = [
        Tile(left, top, right, bottom, row, column)
        for row, (top, bottom) in enumerate(pairwise(rows), start=1)
        for column, (left, right) in enumerate(pairwise(columns), start=1)
    ]
    # A corner without any box would be an empty sheet.
    contents = _dealt_out(picture, tiles)
    return [tile for tile in tiles if contents[tile.row, tile.column].boxes]


def _cuts(spans: Sequence[tuple[float, float]], length: float, room: float) -> list[float]:
    """Where to cut a length into sheets: late on the sheet, and through as few boxes as can be."""
    begins = sorted(begin for begin, _ in spans)
    ends = sorted(end for _, end in spans)
    # Only just behind a box can a cut go through fewer boxes than a little before.
    places = sorted(set(ends))
    cuts = [0.0]
    while length - cuts[-1] > room:
        first, last = cuts[-1] + 0.7 * room, cuts[-1] + room
        open_there = [
            place + 0.5 for place in places[bisect_left(places, first) : bisect_left(places, last)]
            if place + 0.5 <= last
        ]
        best = min(
            open_there,
            key=lambda at: (bisect_left(begins, at) - bisect_left(ends, at), -at),
            default=last,
        )
        cuts.append(best)
    return [*cuts, length]


def _dealt_out(picture: Picture, tiles: Sequence[Tile]) -> dict[tuple[int, int], _Content]:
    """By (row, column) the boxes whose middle stands on the tile, and the lines that cross it."""
    contents = {(tile.row, tile.column): _Content([], []) for tile in tiles}
    rows = sorted({(tile.bottom, tile.row) for tile in tiles})
    columns = sorted({(tile.right, tile.column) for tile in tiles})
    for box in picture.boxes:
        row = _at(rows, box.y + box.height / 2)
        column = _at(columns, box.x + box.width / 2)
        if (row, column) in contents:
            contents[row, column].boxes.append(box)
    for line in picture.segments:
        for row in range(_at(rows, line.y1), _at(rows, line.y2) + 1):
            for column in range(_at(columns, line.x1), _at(columns, line.x2) + 1):
                if (row, column) in contents:
                    contents[row, column].segments.append(line)
    return contents


def _at(ends: Sequence[tuple[float, int]], place: float) -> int:
    """The number of the row or column that holds a place."""
    return ends[min(bisect_left(ends, (place, 0)), len(ends) - 1)][1]


def _sheet(
    paper: NetworkPaper, plan: Plan, tile: Tile, content: _Content, setter: TypeSetter
) -> Sheet:
    setup = PageSetup(plan.width, plan.height, MARGIN, MARGIN, MARGIN, MARGIN)
    sheet = Sheet(setup)
    scale = plan.scale * MM
    x = MARGIN * MM - tile.left * scale
    y = (MARGIN + HEAD) * MM - tile.top * scale
    _lines_between(sheet, content.segments, tile, (x, y, scale))
    for box in content.boxes:
        _box(sheet, box, (x + box.x * scale, y + box.y * scale, scale), setter)
    _frame(sheet, paper, plan, tile, setter)
    return sheet


def _lines_between(
    sheet: Sheet, segments: Sequence[Segment], tile: Tile, place: tuple[float, float, float]
) -> None:
    x, y, scale = place
    for line in segments:
        x1, x2 = max(line.x1, tile.left), min(line.x2, tile.right)
        y1, y2 = max(line.y1, tile.top), min(line.y2, tile.bottom)
        if x1 <= x2 and y1 <= y2:
            sheet.rules.append(
                Rule(x + x1 * scale, y + y1 * scale, x + x2 * scale, y + y2 * scale, 0.5, GREY)
            )


_TITLE_LINES = 2
_FACES = {
    Style.TITLE: Face.HEI, Style.PLAIN: Face.FANG, Style.WARNING: Face.HEI, Style.MUTED: Face.KAI,
}


def _box(
    sheet: Sheet, box: Box, place: tuple[float, float, float], setter: TypeSetter
) -> None:
    x, y, scale = place
    width, height = box.width * scale, box.height * scale
    blank = box.mark is Mark.BLANK
    if box.mark is Mark.HEADING:
        sheet.areas.append(Area(x, y, width, height, PALE))
    if blank:
        sheet.areas.append(Area(x, y, BAR * scale, height, RED))
    # In black and white the blank spot is told by its thick frame and the square.
    ink, thick = (RED, 1.4) if blank else (None, 0.6)
    for x1, y1, x2, y2 in (
        (x, y, x + width, y), (x, y + height, x + width, y + height),
        (x, y, x, y + height), (x + width, y, x + width, y + height),
    ):
        sheet.rules.append(Rule(x1, y1, x2, y2, thick, ink))
    left = x + (PAD + BAR) * scale
    room = (box.width - 2 * PAD - BAR) * scale
    for line in box.lines:
        face, size = _FACES[line.style], TEXT * scale
        wide = setter.width(line.text, face, size)
        if wide > room:
            # Another font's letters may be wider than was reckoned with.
            size *= room / wide
        sheet.pieces += setter.pieces(line.text, face, size, left, y + line.y * scale)


def _frame(
    sheet: Sheet, paper: NetworkPaper, plan: Plan, tile: Tile, setter: TypeSetter
) -> None:
    """Title and maker above, the key and the sheet's place below."""
    left, right = MARGIN * MM, (plan.width - MARGIN) * MM
    made = "　".join(text for text in (paper.office, paper.date) if text)
    made_width = setter.width(made, Face.FANG, SIZE_S5)
    room = right - left - made_width - 12
    size, lines = 15.0, [paper.title]
    if setter.width(paper.title, Face.TITLE, size) > room:
        size, lines = 10.5, balanced(paper.title, max(int(room / 10.5), 1))
    if len(lines) > _TITLE_LINES:
        lines = balanced(paper.title, -(-len(paper.title) // _TITLE_LINES))
        size = min(size, *(size * room / setter.width(one, Face.TITLE, size) for one in lines))
    for number, line in enumerate(lines):
        y = (MARGIN + 6.0) * MM + (number - (len(lines) - 1) / 2) * size * 1.25
        sheet.pieces += setter.pieces(line, Face.TITLE, size, left, y)
    sheet.pieces += setter.pieces(made, Face.FANG, SIZE_S5, right - made_width, (MARGIN + 6.0) * MM)
    foot = (plan.height - MARGIN) * MM
    key = "■ 粗框：有空白　◇ 不再分解　＋ 下级未画出"
    sheet.pieces += setter.pieces(key, Face.FANG, SIZE_S5, left, foot)
    if len(plan.tiles) > 1:
        place = f"第{tile.row}行第{tile.column}列，共{len(plan.tiles)}张"
        width = setter.width(place, Face.SONG, SIZE_S5)
        sheet.pieces += setter.pieces(place, Face.SONG, SIZE_S5, right - width, foot)
