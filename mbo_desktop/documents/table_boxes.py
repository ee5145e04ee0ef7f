"""Cells in their places: spans over rows and pages, and the lines between cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from mbo_desktop.documents.linebreak import Line
from mbo_desktop.documents.model import Align, RowKind
from mbo_desktop.documents.page import Rule
from mbo_desktop.documents.typeset import Text

PAD_Y = 3.0
"""Free height above and under the text of a cell, in points."""
OUTER, INNER = 0.9, 0.5
"""Thickness of the frame and of the lines inside, in points."""


@dataclass(slots=True)
class Box:
    """A cell in its place: column, spans, measured text and its lines."""

    column: int
    columns: int
    rows: int
    text: Text
    align: Align | None
    lines: list[Line] = field(default_factory=list)

    def height(self, leading: float) -> float:
        """Height the text needs, with its free space."""
        return len(self.lines) * leading + 2 * PAD_Y


@dataclass(slots=True)
class RowBox:
    """A row of boxes that start in it."""

    boxes: list[Box]
    kind: RowKind
    height: float = 0.0


@dataclass(slots=True)
class Span:
    """A box over several rows, from row `first`, or the part of one that stands on a page.

    A text its part has room for stands in every part; a longer one runs on from part to
    part, `done` lines of it being printed. `ends`: no part follows; `whole`: the span itself.
    """

    first: int
    rows: int
    box: Box
    done: int = 0
    ends: bool = True
    whole: Span | None = None


def cut_spans(spans: list[Span], first: int, stop: int) -> list[Span]:
    """The parts of the spans that lie in rows first…stop, counted from `first`."""
    parts = []
    for span in spans:
        last = span.first + span.rows
        begin, end = max(span.first, first), min(last, stop)
        if begin < end:
            parts.append(
                Span(begin - first, end - begin, span.box, span.done, end == last, span)
            )
    return parts


_SHORT = 3
"""A text of so many lines stands whole in every part of its span."""


def with_spans(heights: list[float], spans: list[Span], leading: float) -> list[float]:
    """Heights enlarged where the text of a span needs more than its rows give."""
    result = list(heights)
    for span in spans:
        left = len(span.box.lines) - span.done
        if not span.ends and (span.done or left > _SHORT):
            continue
        end = span.first + span.rows
        lacking = left * leading + 2 * PAD_Y - sum(result[span.first : end])
        if lacking > 0:
            result[end - 1] += lacking
    return result


def owners(rows: list[RowBox], spans: list[Span], columns: int) -> list[list[int]]:
    """For each place of the grid a number that is the same where one cell covers it."""
    owner = [[-1 - row * columns - column for column in range(columns)] for row in range(len(rows))]
    mark = 0
    for index, row in enumerate(rows):
        for box in row.boxes:
            if box.columns > 1 and box.rows == 1:
                mark += 1
                owner[index][box.column : box.column + box.columns] = [mark] * box.columns
    for span in spans:
        mark += 1
        for index in range(span.first, span.first + span.rows):
            box = span.box
            owner[index][box.column : box.column + box.columns] = [mark] * box.columns
    return owner


def inner_rules(owner: list[list[int]], tops: list[float], edges: list[float]) -> list[Rule]:
    """Lines between places of different cells, joined as far as they run straight."""
    rules: list[Rule] = []
    count = len(edges) - 1
    for row in range(len(owner)):
        begin = 0
        for column in range(count + 1):
            drawn = column < count and (row == 0 or owner[row - 1][column] != owner[row][column])
            if not drawn:
                if column > begin:
                    rules.append(Rule(edges[begin], tops[row], edges[column], tops[row], INNER))
                begin = column + 1
    for column in range(1, count):
        begin = 0
        for row in range(len(owner) + 1):
            drawn = row < len(owner) and owner[row][column - 1] != owner[row][column]
            if not drawn:
                if row > begin:
                    rules.append(Rule(edges[column], tops[begin], edges[column], tops[row], INNER))
                begin = row + 1
    return rules

