"""Whether a column of cumulative figures slipped by a row: each fits its neighbour's last month, not its own.

A pasted or inserted cell moves all figures below it; nothing in the file tells it when the column
was empty before. What was reported a month ago does: most figures grow little within a month.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

_LEAST = 4
"""Fewer misfits may well be corrections."""
_GROWTH = Decimal(3)
"""A month's figure above this many times the last one does not fit it."""


def slipped(
    amounts: Sequence[Decimal | None], before: Sequence[Decimal | None]
) -> tuple[int, frozenset[int]]:
    """-1: the figures are those of the row above, 1: of the row below, 0: in place; and which places.

    amounts and before row by row, None where there is no figure; in January nothing can be said.
    """
    for step in (-1, 1):
        strange = [
            place for place, amount in enumerate(amounts)
            if amount is not None and before[place] and not _fits(amount, before[place])
        ]
        moved = [
            place for place in strange
            if 0 <= place + step < len(before) and _fits(amounts[place], before[place + step])
        ]
        if len(moved) >= _LEAST and len(moved) * 3 >= len(strange) * 2 and 3 * len(moved) >= _counted(
            amounts[moved[0] : moved[-1] + 1], before[moved[0] : moved[-1] + 1]
        ):
            return step, frozenset(range(moved[0], moved[-1] + 1))
    return 0, frozenset()


def _counted(amounts: Sequence[Decimal | None], before: Sequence[Decimal | None]) -> int:
    """How many can be compared."""
    return sum(
        amount is not None and bool(earlier)
        for amount, earlier in zip(amounts, before, strict=True)
    )


def _fits(amount: Decimal | None, before: Decimal | None) -> bool:
    """Whether a figure may be the next month's of one before; not below it, and not far above."""
    if amount is None or not before:
        return False
    low, high = sorted((before, before * _GROWTH))
    return low <= amount <= high
