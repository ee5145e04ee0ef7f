"""The picture of a responsibility network: boxes from left to right, packed close, nothing overlapping.

The same boxes, lines and broken texts are drawn on the screen and in the PDF; all lengths
are millimetres. A node's children stand in the column right of it, centred on it; branches
move together until their outlines touch, so that a bushy branch does not push its thin
neighbour away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from mbo_desktop.documents.linebreak import break_lines


class Mark(Enum):
    """What a box shows beside its words, each told by shape and word as well as by colour."""

    NONE = ""
    BLANK = "■"
    """Something that nobody answers for yet."""
    UNDIVIDED = "◇"
    """Knowingly not decomposed further."""
    HEADING = "heading"
    """Only groups what stands right of it."""


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """A node to be drawn; parents stand before their children."""

    id: int
    parent: int
    """Place of the parent in the list; -1: none."""
    title: str
    lines: tuple[str, ...] = ()
    """Under the title: value, unit, people."""
    warning: str = ""
    """「缺责任人、经办人」; makes the box a blank spot."""
    folded: str = ""
    """「下级12项,空白3」 where the branch ends although there is more."""
    undivided: str = ""
    is_heading: bool = False

    @property
    def mark(self) -> Mark:
        """The shape that stands with the node."""
        if self.is_heading:
            return Mark.HEADING
        if self.warning:
            return Mark.BLANK
        return Mark.UNDIVIDED if self.undivided else Mark.NONE


class Style(Enum):
    """How a line of a box is set."""

    TITLE = "title"
    PLAIN = "plain"
    WARNING = "warning"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class BoxLine:
    """One line of text: its baseline's distance from the top of the box."""

    text: str
    style: Style
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place; (x, y) is the top left corner."""

    id: int
    parent: int
    """Place of the parent's box; -1: none."""
    x: float
    y: float
    width: float
    height: float
    lines: tuple[BoxLine, ...]
    mark: Mark
    depth: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of a connecting line, level or upright."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All boxes in the order of the nodes, the lines between them, and the size of the whole."""

    boxes: tuple[Box, ...]
    segments: tuple[Segment, ...]
    width: float
    height: float


BOX_WIDTH = 58.0
TEXT = 3.175
"""小五 in mm."""
PITCH = 4.4
PAD = 2.0
BAR = 1.4
"""Width of the bar at the left edge of a marked box."""
APART = "\u3000"
"""Between facts of one line: it may be broken there rather than within a fact."""
COLUMN_GAP = 12.0
ROW_GAP = 2.6
BRANCH_GAP = 5.0
"""Between boxes of different parents."""


def lay_out(nodes: Sequence[NetworkNode]) -> Picture:
    """Place all nodes; an empty list gives an empty picture."""
    if not nodes:
        return Picture((), (), 0.0, 0.0)
    texts = [_lines(node) for node in nodes]
    heights = [box_height(lines) for lines in texts]
    children = children_of(nodes)
    offsets, outline = _offsets(nodes, heights, children)
    centres, depths = [0.0] * len(nodes), [0] * len(nodes)
    for place, node in enumerate(nodes):
        above = node.parent
        centres[place] = offsets[place] + (centres[above] if above >= 0 else 0.0)
        depths[place] = 0 if above < 0 else depths[above] + 1
    top = min(outline.tops)
    boxes = tuple(
        Box(
            node.id, node.parent, depths[place] * (BOX_WIDTH + COLUMN_GAP),
            centres[place] - heights[place] / 2 - top, BOX_WIDTH, heights[place], texts[place],
            node.mark, depths[place],
        )
        for place, node in enumerate(nodes)
    )
    return Picture(
        boxes, tuple(_segments(boxes, children)),
        max(box.x for box in boxes) + BOX_WIDTH, max(outline.bottoms) - top,
    )


@dataclass(slots=True)
class _Outline:
    """How far a branch reaches up and down in each column, from its own centre."""

    tops: list[float]
    bottoms: list[float]


def children_of(nodes: Sequence[NetworkNode]) -> list[list[int]]:
    """Places of the children of each node; ValueError when a node stands before its parent."""
    children: list[list[int]] = [[] for _ in nodes]
    for place, node in enumerate(nodes):
        if node.parent >= place:
            raise ValueError(f"node {place} stands before its parent {node.parent}")
        if node.parent >= 0:
            children[node.parent].append(place)
    return children


def _offsets(
    nodes: Sequence[NetworkNode], heights: Sequence[float], children: Sequence[Sequence[int]]
) -> tuple[list[float], _Outline]:
    """Each node's centre against its parent's, and the outline of the whole."""
    offsets = [0.0] * len(nodes)
    outlines: dict[int, _Outline] = {}
    for place in range(len(nodes) - 1, -1, -1):
        half = heights[place] / 2
        below = _pack(children[place], outlines, offsets)
        outlines[place] = _Outline([-half, *below.tops], [half, *below.bottoms])
    roots = [place for place, node in enumerate(nodes) if node.parent < 0]
    return offsets, _pack(roots, outlines, offsets)


def _pack(
    places: Sequence[int], outlines: dict[int, _Outline], offsets: list[float]
) -> _Outline:
    """Put branches under each other as close as their outlines allow, centred on the middle."""
    if not places:
        return _Outline([], [])
    merged = outlines.pop(places[0])
    positions = [0.0]
    for place in places[1:]:
        other = outlines.pop(place)
        at = max(
            bottom + (ROW_GAP if column == 0 else BRANCH_GAP) - top
            for column, (bottom, top) in enumerate(zip(merged.bottoms, other.tops, strict=False))
        )
        positions.append(at)
        for column, (top, bottom) in enumerate(zip(other.tops, other.bottoms, strict=True)):
            if column < len(merged.tops):
                merged.bottoms[column] = bottom + at
            else:
                merged.tops.append(top + at)
                merged.bottoms.append(bottom + at)
    middle = (positions[0] + positions[-1]) / 2
    for place, at in zip(places, positions, strict=True):
        offsets[place] = at - middle
    return _Outline([t - middle for t in merged.tops], [b - middle for b in merged.bottoms])


def _segments(boxes: Sequence[Box], children: Sequence[Sequence[int]]) -> list[Segment]:
    """From a box to the middle of the gap, along it, and to each child."""
    found = []
    for place, below in enumerate(children):
        if not below:
            continue
        box = boxes[place]
        y, x = box.y + box.height / 2, box.x + box.width
        middle = x + COLUMN_GAP / 2
        ends = [boxes[child].y + boxes[child].height / 2 for child in below]
        found.append(Segment(x, y, middle, y))
        low, high = min(y, *ends), max(y, *ends)
        if high > low:
            found.append(Segment(middle, low, middle, high))
        found += [
            Segment(middle, end, boxes[child].x, end) for child, end in zip(below, ends, strict=True)
        ]
    return found


def _lines(node: NetworkNode) -> tuple[BoxLine, ...]:
    """The box's texts broken to its width."""
    wanted = [(node.title, Style.TITLE), *((text, Style.PLAIN) for text in node.lines)]
    if node.warning:
        wanted.append((f"{Mark.BLANK.value} {node.warning}", Style.WARNING))
    if node.undivided:
        wanted.append((f"{Mark.UNDIVIDED.value} 不分解：{node.undivided}", Style.MUTED))
    if node.folded:
        wanted.append((f"＋ {node.folded}", Style.MUTED))
    return text_lines(wanted, BOX_WIDTH)


def text_lines(wanted: Sequence[tuple[str, Style]], width: float) -> tuple[BoxLine, ...]:
    """Texts broken to a box of this width, each beginning on a line of its own."""
    room = width - 2 * PAD - BAR
    lines: list[BoxLine] = []
    for text, style in wanted:
        for part in _broken(text, room) if text else ():
            y = PAD + PITCH * len(lines) + (PITCH + TEXT * 0.76) / 2
            lines.append(BoxLine(part, style, y))
    return tuple(lines)


def box_height(lines: Sequence[BoxLine]) -> float:
    """Height of a box with these lines."""
    return PAD * 2 + PITCH * len(lines)


def _broken(text: str, room: float) -> list[str]:
    """Lines of a text; what stands between full-width spaces is kept together where it fits."""
    lines: list[str] = []
    for part in text.split(APART):
        joined = f"{lines[-1]}{APART}{part}" if lines else part
        if lines and _width(joined) <= room:
            lines[-1] = joined
            continue
        advances = [TEXT * width_of(char) for char in part]
        lines += [
            part[line.start : line.end].strip(" \n")
            for line in break_lines(part, advances, room, hang=False)
        ]
    return lines


def _width(text: str) -> float:
    return TEXT * sum(map(width_of, text))


def width_of(char: str) -> float:
    """Width in ems that a character is given whatever the font: figures and letters 0.56, hanzi 1."""
    return 0.56 if "\x20" <= char < "\x7f" else 1.0
