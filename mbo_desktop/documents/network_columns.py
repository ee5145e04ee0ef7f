"""A large network as a wall chart: its branches below each other in columns as high as the sheet.

One tidy tree of hundreds of boxes would be metres high and mostly empty. Here branches
stand in columns like text, under headings instead of beside boxes that only group; one
that is higher than a column goes on in the next with its upper boxes repeated, marked 续.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mbo_desktop.documents.network import (
    BOX_WIDTH,
    BRANCH_GAP,
    Box,
    Mark,
    NetworkNode,
    Picture,
    Segment,
    Style,
    box_height,
    children_of,
    lay_out,
    text_lines,
)

PIECE_GAP = 5.0
"""Between branches below each other."""
HEADING_GAP = 2.5
COLUMN_SPACE = 14.0
"""Between columns."""


@dataclass(slots=True)
class _Piece:
    """A node with the parts of its branch that stand together."""

    place: int
    parts: list[_Piece]
    height: float
    continued: bool = False


def lay_out_columns(nodes: Sequence[NetworkNode], height: float) -> Picture:
    """The network in columns of at most `height` mm; a heading over all of it is left out."""
    if not nodes:
        return lay_out(nodes)
    children = children_of(nodes)
    tops = [place for place, node in enumerate(nodes) if node.parent < 0]
    if len(tops) == 1 and nodes[tops[0]].is_heading and children[tops[0]]:
        # The title above the picture says the same.
        tops = children[tops[0]]
    single = [lay_out([replace(node, parent=-1)]).height for node in nodes]
    room = height - _HEADING_ROOM
    column = _Columns(height)
    for top in tops:
        for heading, place in _headed(top, nodes, children):
            for piece in _pieces(place, children, single, room):
                column.add(heading, _picture(piece, nodes))
    return column.picture()


_HEADING_ROOM = 16.0
"""Height kept for a heading of up to two lines."""


def _headed(
    place: int, nodes: Sequence[NetworkNode], children: Sequence[Sequence[int]]
) -> Iterator[tuple[tuple[int, str], int]]:
    """The branches with the (id, words) of what only groups them."""
    waiting = [(place, (0, ""))]
    while waiting:
        at, heading = waiting.pop()
        node = nodes[at]
        if children[at] and not (node.lines or node.warning or node.undivided):
            words = f"{heading[1]} · {node.title}" if heading[1] else node.title
            waiting += [(child, (node.id, words)) for child in reversed(children[at])]
        else:
            yield heading, at


def _pieces(
    place: int, children: Sequence[Sequence[int]], single: Sequence[float], height: float
) -> list[_Piece]:
    """A branch in one piece when it is low enough, else in several, each under its own node."""
    below = [piece for child in children[place] for piece in _pieces(child, children, single, height)]
    made: list[_Piece] = []
    parts: list[_Piece] = []
    used = 0.0
    for part in below:
        more = part.height + (BRANCH_GAP if parts else 0.0)
        if parts and used + more > height:
            made.append(_Piece(place, parts, max(used, single[place]), bool(made)))
            parts, used, more = [], 0.0, part.height
        parts.append(part)
        used += more
    made.append(_Piece(place, parts, max(used, single[place]), bool(made)))
    return made


def _picture(piece: _Piece, nodes: Sequence[NetworkNode]) -> Picture:
    """One piece laid out as a tree of its own."""
    chosen: list[NetworkNode] = []
    waiting = [(piece, -1)]
    while waiting:
        now, parent = waiting.pop()
        node = replace(nodes[now.place], parent=parent)
        if now.continued:
            node = replace(node, title=f"{node.title}（续）")
        chosen.append(node)
        waiting += [(part, len(chosen) - 1) for part in reversed(now.parts)]
    return lay_out(chosen)


class _Columns:
    """Puts pictures below each other, in a new column where the height is used up."""

    def __init__(self, height: float) -> None:
        self._height = height
        self._boxes: list[Box] = []
        self._segments: list[Segment] = []
        self._x = self._y = self._wide = self._tall = 0.0
        self._heading = 0

    def add(self, heading: tuple[int, str], picture: Picture) -> None:
        """A branch under its heading, which is repeated at the top of a column."""
        head = self._head(heading, picture) if heading[0] != self._heading else None
        needed = picture.height + (head.height + HEADING_GAP if head is not None else 0.0)
        if self._y and self._y + needed > self._height:
            self._x += self._wide + COLUMN_SPACE
            self._y = self._wide = 0.0
            if heading[1] and heading[0] == self._heading:
                heading = (heading[0], f"{heading[1]}（续）")
            head = self._head(heading, picture)
        self._heading = heading[0]
        if head is not None and heading[1]:
            self._boxes.append(replace(head, x=self._x, y=self._y))
            self._y += head.height + HEADING_GAP
        self._put(picture)

    def _put(self, picture: Picture) -> None:
        x, y, first = self._x, self._y, len(self._boxes)
        self._boxes += [
            replace(
                box, x=box.x + x, y=box.y + y, parent=box.parent + first if box.parent >= 0 else -1
            )
            for box in picture.boxes
        ]
        self._segments += [
            Segment(line.x1 + x, line.y1 + y, line.x2 + x, line.y2 + y) for line in picture.segments
        ]
        self._tall = max(self._tall, y + picture.height)
        self._y = y + picture.height + PIECE_GAP
        self._wide = max(self._wide, picture.width)

    @staticmethod
    def _head(heading: tuple[int, str], picture: Picture) -> Box:
        """The heading as a flat box as wide as the branch below it."""
        width = max(picture.width, BOX_WIDTH)
        lines = text_lines([(heading[1], Style.TITLE)], width)
        return Box(
            heading[0], -1, 0.0, 0.0, width, box_height(lines), lines, Mark.HEADING, 0
        )

    def picture(self) -> Picture:
        """All of it."""
        width = self._x + max(self._wide, BOX_WIDTH)
        return Picture(tuple(self._boxes), tuple(self._segments), width, self._tall)
