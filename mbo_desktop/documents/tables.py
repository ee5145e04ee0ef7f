"""Bordered tables: cells wrapped and placed, rows kept whole, spans cut at page ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from mbo_desktop.documents.fonts import printable
from mbo_desktop.documents.linebreak import Line, balanced
from mbo_desktop.documents.model import Align, Cell, Face, Row, RowKind, Table
from mbo_desktop.documents.page import MM, Rule
from mbo_desktop.documents.table_boxes import (
    OUTER,
    PAD_Y,
    Box,
    RowBox,
    Span,
    cut_spans,
    inner_rules,
    owners,
    with_spans,
)
from mbo_desktop.documents.table_columns import PAD_X, fit
from mbo_desktop.documents.typeset import Piece, Text, TypeSetter, set_line

_LEADING = 1.3
_LEAST_HEIGHT = 2.1
"""Least height of a row, in ems."""
_NUMBER = re.compile(r"[-−+]?[\d,，]*\d(\.\d+)?[%‰]?")
_EPSILON = 0.01


def is_number(text: str) -> bool:
    """Whether a cell holds one number, to be aligned right."""
    return bool(_NUMBER.fullmatch(text))


@dataclass(slots=True)
class Segment:
    """The part of a table that stands on one page."""

    height: float
    pieces: list[Piece]
    rules: list[Rule]


class Grid:
    """A measured table, handed out page by page."""

    def __init__(
        self, table: Table, edges: list[float], head: list[RowBox], rows: list[RowBox]
    ) -> None:
        self.head = head
        self.rows = rows
        self._edges = edges
        self._size = table.size
        self._leading = table.size * _LEADING
        self._columns = table.columns
        self._repeat = table.repeat_head
        least = table.size * _LEAST_HEIGHT
        self._wrap(head, least, even=True)
        self._wrap(rows, max(least, table.least_height * MM), even=False)
        self._spans = _spans(rows)
        head_spans = _spans(head)
        heights = with_spans([row.height for row in head], head_spans, self._leading)
        self._head_height = sum(heights)
        self._head = self._draw(head, head_spans, heights, 0.0)
        self._has_head = bool(head)

    def _wrap(self, rows: list[RowBox], least: float, *, even: bool) -> None:
        """Break the texts to their columns and give the rows their heights, at least `least` points."""
        for row in rows:
            row.height = least
            for box in row.boxes:
                width = self._edges[box.column + box.columns] - self._edges[box.column]
                box.lines = _cell_lines(box.text, width - 2 * PAD_X, even)
                if box.rows == 1:
                    row.height = max(row.height, box.height(self._leading))

    @property
    def widths(self) -> list[float]:
        """Widths of the columns in points."""
        return [right - left for left, right in pairwise(self._edges)]

    def alignment(self, box: Box) -> Align:
        """The cell's own alignment, its column's, or what suits its text."""
        return box.align or self._columns[box.column].align or _natural_align(box)

    def segment(
        self, first: int, available: float, full: float, *, force: bool
    ) -> tuple[Segment | None, int]:
        """The rows from `first` that fit, and the next row; None asks for a new page.

        force: the page is fresh, so a row that does not fit is cut in two.
        """
        with_head = self._has_head and (first == 0 or self._repeat)
        head = self._head_height if with_head else 0.0
        stop, heights = self._fitting(first, available - head)
        if stop == first and first < len(self.rows):
            too_tall = self._needed(first) > full - head + _EPSILON
            if not force and not too_tall:
                return None, first
            if not self._cut(first, available - head):
                if not force:
                    return None, first
                self.rows[first].height = max(available - head, self._leading)
            stop, heights = first + 1, [self.rows[first].height]
        elif not force and first == 0 and head > available:
            return None, first
        pieces, rules = self._draw(
            self.rows[first:stop], cut_spans(self._spans, first, stop), heights, head
        )
        if with_head:
            pieces, rules = self._head[0] + pieces, self._head[1] + rules
        height = head + sum(heights)
        rules.extend(self._frame(height))
        return Segment(height, pieces, rules), stop

    def _needed(self, row: int) -> float:
        return with_spans(
            [self.rows[row].height], cut_spans(self._spans, row, row + 1), self._leading
        )[0]

    def _fitting(self, first: int, available: float) -> tuple[int, list[float]]:
        """How far the rows fit, with their heights on this page."""
        stop, used = first, 0.0
        while stop < len(self.rows) and used + self.rows[stop].height <= available + _EPSILON:
            used += self.rows[stop].height
            stop += 1
        while stop > first:
            heights = with_spans(
                [row.height for row in self.rows[first:stop]],
                cut_spans(self._spans, first, stop),
                self._leading,
            )
            if sum(heights) <= available + _EPSILON and not self._bad_end(first, stop):
                return stop, heights
            stop -= 1
        return first, []

    def _bad_end(self, first: int, stop: int) -> bool:
        """A band would stand last on the page, or the totals alone on the next one."""
        if stop == len(self.rows) or stop - first < 2:
            return False
        if self.rows[stop - 1].kind is RowKind.BAND:
            return True
        return all(row.kind is RowKind.TOTAL for row in self.rows[stop:])

    def _cut(self, row: int, available: float) -> bool:
        """Cut a row that no page holds into what fits here and the rest; False: nothing fits."""
        count = int((available - 2 * PAD_Y) / self._leading)
        if count < 1:
            return False
        whole = self.rows[row]
        upper = [replace(b, lines=b.lines[:count]) if b.rows == 1 else b for b in whole.boxes]
        lower = [replace(b, lines=b.lines[count:]) for b in whole.boxes if b.rows == 1]
        tallest = max((box.height(self._leading) for box in lower), default=0.0)
        rest = max(self._size * _LEAST_HEIGHT, tallest)
        self.rows[row : row + 1] = [
            RowBox(upper, whole.kind, available),
            RowBox(lower, whole.kind, rest),
        ]
        for span in self._spans:
            if span.first > row:
                span.first += 1
            elif span.first + span.rows > row:
                span.rows += 1
        return True

    def _draw(
        self,
        rows: list[RowBox],
        spans: list[Span],
        heights: list[float],
        top: float,
    ) -> tuple[list[Piece], list[Rule]]:
        """Texts and inner lines of rows with these heights, the first at `top`."""
        tops = [top]
        for height in heights:
            tops.append(tops[-1] + height)
        pieces: list[Piece] = []
        for index, row in enumerate(rows):
            for box in row.boxes:
                if box.rows == 1:
                    self._text(box, tops[index], heights[index], pieces)
        owner = owners(rows, spans, len(self._columns))
        for span in spans:
            begin, end = tops[span.first], tops[span.first + span.rows]
            self._span_text(span, begin, end - begin, pieces)
        return pieces, inner_rules(owner, tops, self._edges)

    def _span_text(self, span: Span, top: float, height: float, pieces: list[Piece]) -> None:
        """What of a span's text stands in this part of it."""
        lines = span.box.lines[span.done :]
        room = max(0, int((height - 2 * PAD_Y + _EPSILON) / self._leading))
        runs_on = len(lines) > room and not span.ends
        if span.whole is not None and (runs_on or span.done):
            span.whole.done += min(room, len(lines))
        if runs_on:
            lines = lines[:room]
        if lines:
            self._text(replace(span.box, lines=lines), top, height, pieces)

    def _text(self, box: Box, top: float, height: float, pieces: list[Piece]) -> None:
        left = self._edges[box.column] + PAD_X
        width = self._edges[box.column + box.columns] - self._edges[box.column] - 2 * PAD_X
        align = self.alignment(box)
        y = top + (height - len(box.lines) * self._leading) / 2
        y += (self._leading - box.text.size) / 2 + box.text.size * 0.88
        for line in box.lines:
            pieces.extend(set_line(box.text, line, left, y, width, align))
            y += self._leading

    def _frame(self, height: float) -> list[Rule]:
        left, right = self._edges[0], self._edges[-1]
        return [
            Rule(left, 0, right, 0, OUTER),
            Rule(left, height, right, height, OUTER),
            Rule(left, 0, left, height, OUTER),
            Rule(right, 0, right, height, OUTER),
        ]


def measure(table: Table, width: float, setter: TypeSetter) -> Grid:
    """Measure all cells, share the width among the columns, break the texts."""
    head = _boxes(table.head, table, setter, table.head_face)
    rows = _boxes(table.rows, table, setter, table.face)
    columns = range(len(table.columns))
    heads = [_single(head, i) for i in columns]
    bodies = [_single(rows, i) for i in columns]
    widths = fit(table.columns, heads, bodies, width, table.size)
    shift = (width - sum(widths)) / 2
    return Grid(table, [shift, *accumulate(widths, initial=shift)][1:], head, rows)


def _single(rows: list[RowBox], column: int) -> list[Text]:
    """The texts of the cells that take just this column."""
    return [
        box.text for row in rows for box in row.boxes if box.column == column and box.columns == 1
    ]


def _boxes(
    rows: tuple[Row, ...], table: Table, setter: TypeSetter, face: Face
) -> list[RowBox]:
    """Put the cells into their columns, stepping over places spans from above cover."""
    count = len(table.columns)
    covered = [0] * count
    boxes: list[RowBox] = []
    for index, row in enumerate(rows):
        placed: list[Box] = []
        column = 0
        for cell in row.cells:
            while column < count and covered[column]:
                column += 1
            if column >= count:
                raise ValueError(f"row {index} has more cells than columns")
            box = _box(cell, column, min(cell.rows, len(rows) - index), table, setter, face)
            for covering in range(column, column + box.columns):
                covered[covering] = box.rows
            placed.append(box)
            column += box.columns
        covered = [max(0, left - 1) for left in covered]
        boxes.append(RowBox(placed, row.kind))
    return boxes


def _box(
    cell: Cell, column: int, rows: int, table: Table, setter: TypeSetter, face: Face
) -> Box:
    head = face is table.head_face and face is not table.face
    text = setter.measure([(printable(cell.text), cell.face or face)], table.size)
    align = cell.align or (Align.CENTER if head else None)
    return Box(column, min(cell.columns, len(table.columns) - column), rows, text, align)


def _cell_lines(text: Text, width: float, even: bool) -> list[Line]:
    """The lines of a cell; a head's are made alike in length (上年 / 实绩)."""
    if not text.text:
        return []
    if sum(text.advances) <= width and "\n" not in text.text:
        return [Line(0, len(text.text), sum(text.advances), last=True)]
    if even:
        parts = balanced(text.text, max(1, int(width / text.size + _EPSILON)))
        if "".join(parts) == text.text:
            edges = [0, *accumulate(map(len, parts))]
            lines = [
                Line(a, b, sum(text.advances[a:b]), last=True)
                for a, b in pairwise(edges)
            ]
            if all(line.width <= width + _EPSILON for line in lines):
                return lines
    return text.lines(width, hang=False)


def _natural_align(box: Box) -> Align:
    """Numbers right, short texts centred, what needs several lines left."""
    if len(box.lines) > 1:
        return Align.LEFT
    return Align.RIGHT if is_number(box.text.text) else Align.CENTER


def _spans(rows: list[RowBox]) -> list[Span]:
    return [
        Span(index, box.rows, box)
        for index, row in enumerate(rows)
        for box in row.boxes
        if box.rows > 1
    ]
