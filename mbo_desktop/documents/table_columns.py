"""Sharing the width of a table among its columns by what they hold."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.linebreak import NOT_HAN
from mbo_desktop.documents.model import Column
from mbo_desktop.documents.typeset import Text

PAD_X = 3.4
"""Free width beside the text of a cell, in points."""
_MM = 72 / 25.4
_UNCUT = re.compile(f"[{re.escape(''.join(sorted(NOT_HAN)))}]+")
"""A run of characters that are no hanzi."""


def fit(
    columns: Sequence[Column],
    heads: Sequence[Sequence[Text]],
    bodies: Sequence[Sequence[Text]],
    width: float,
    size: float,
) -> list[float]:
    """Widths in points: what fits stands on one line, the rest is shared so rows stay low.

    Columns with a width of their own keep it unless all together exceed the table.
    """
    asked = [
        _ask(column, head, body, size)
        for column, head, body in zip(columns, heads, bodies, strict=True)
    ]
    free = [column.width is None for column in columns]
    for unbroken in _UNBROKEN:
        least = [ask.floor(unbroken * size) for ask in asked]
        if sum(least) <= _FLOORS * width:
            break
    most = [max(low, ask.most) for low, ask in zip(least, asked, strict=True)]
    return _share(least, most, [ask.weight for ask in asked], width, free)


_UNBROKEN = (10, 8, 6, 5, 4, 3, 2)
"""Ems up to which a column's texts are kept on one line, as long as there is room for it."""
_FLOORS = 0.8
"""Part of the width that such promises may take."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """What a column asks for: the least, the widest text, the most, and its weight."""

    least: float
    longest: float
    most: float
    weight: float

    def floor(self, unbroken: float) -> float:
        """The least width when texts up to `unbroken` points stay on one line."""
        return max(self.least, min(min(self.longest, unbroken) + 2 * PAD_X, self.most))


def _ask(column: Column, head: Sequence[Text], body: Sequence[Text], size: float) -> _Ask:
    if column.width is not None:
        width = column.width * _MM
        return _Ask(width, 0.0, width, 1.0)
    longest = max((_natural(text) for text in body), default=0.0)
    title = max((_natural(text) for text in head), default=0.0)
    words = max((_longest_word(text) for text in (*head, *body)), default=0.0)
    # A head may stand on two lines, but no word or number is cut.
    low = max(words, min(title / 2 + size / 2, title))
    least = max(column.least * _MM, low + 2 * PAD_X)
    wanted = max(longest, min(title, 4 * size)) + 2 * PAD_X
    most = max(least, min(wanted, column.most * _MM))
    return _Ask(least, longest, most, _weight(body, size))


def _share(
    least: list[float], most: list[float], weight: list[float], width: float, free: list[bool]
) -> list[float]:
    lowest = sum(least)
    if lowest >= width:
        return [one * width / lowest for one in least]
    if sum(most) <= width:
        rest = width - sum(most)
        total = sum(m for m, is_free in zip(most, free, strict=True) if is_free)
        if not total:
            return most
        return [
            m + (rest * m / total if is_free else 0) for m, is_free in zip(most, free, strict=True)
        ]
    # Find the common factor at which widths, held between least and most, fill the table.
    low, high = 0.0, width / min(weight)
    for _ in range(40):
        middle = (low + high) / 2
        if sum(_held(middle, *each) for each in zip(least, most, weight, strict=True)) > width:
            high = middle
        else:
            low = middle
    return [_held(low, *each) for each in zip(least, most, weight, strict=True)]


def _held(factor: float, least: float, most: float, weight: float) -> float:
    return min(most, max(least, factor * weight))


def _natural(text: Text) -> float:
    """Width of the longest line when nothing is wrapped."""
    if "\n" not in text.text:
        return sum(text.advances)
    longest = current = 0.0
    for char, advance in zip(text.text, text.advances, strict=True):
        current = 0.0 if char == "\n" else current + advance
        longest = max(longest, current)
    return longest


def _longest_word(text: Text) -> float:
    """Width of the longest run that should not be cut (a number, a Latin word); 8 ems at most."""
    longest = max(
        (sum(text.advances[found.start() : found.end()]) for found in _UNCUT.finditer(text.text)),
        default=0.0,
    )
    return min(longest, 8 * text.size)



def _weight(texts: Sequence[Text], size: float) -> float:
    """How much room the column asks for: the root mean square of its texts' widths."""
    if not texts:
        return size
    squares = sum(_natural(text) ** 2 for text in texts) / len(texts)
    return max(size, math.sqrt(squares))
