"""Count, sum and average of what is selected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.quantity import round_half_up, show
from ui.grids.columns import Cell

SUMMED_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of a selection; `complete` is False when it was too large to add up."""

    cells: int = 0
    numbers: int = 0
    total: Decimal = Decimal(0)
    complete: bool = True

    @property
    def average(self) -> Decimal | None:
        """Mean of the numbers, None without any."""
        return self.total / self.numbers if self.numbers else None

    def sentence(self) -> str:
        """As the status bar shows it; "" for a single cell."""
        if self.cells < 2:
            return ""
        if not self.complete:
            return f"已选 {self.cells:,} 格(过多,未求和)"
        if not self.numbers or self.average is None:
            return f"计数 {self.cells:,}"
        average = show(round_half_up(self.average, 2))
        return f"求和 {show(self.total)} · 平均 {average} · 计数 {self.cells:,}"


def summarise(cells: Iterable[Cell], count: int) -> Summary:
    """Add up the numbers among so many cells."""
    if count > SUMMED_AT_MOST:
        return Summary(cells=count, complete=False)
    amounts = [amount for cell in cells if (amount := cell.amount) is not None]
    return Summary(cells=count, numbers=len(amounts), total=sum(amounts, Decimal(0)))
