"""What counties and zones of the sample city share: the rows that the season is told by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.planning import Indicator, Target


@dataclass(frozen=True, slots=True)
class SharedRow:
    """An indicator with the targets of the units that carry it, and its usual growth in %."""

    indicator: Indicator
    growth: tuple[int, int]
    targets: tuple[Target, ...]


def amount_of(row: SharedRow) -> Decimal | None:
    """The city's figure of last year: the sum, of rates the average; None for texts."""
    bases = [one.last_year for one in row.targets if one.last_year is not None]
    if not bases:
        return None
    total = sum(bases, Decimal(0))
    if is_additive(row.indicator.name, row.indicator.unit_of_measure):
        return total
    step = Decimal(1).scaleb(-(row.indicator.decimals or 0))
    return (total / len(bases)).quantize(step, ROUND_HALF_UP)
