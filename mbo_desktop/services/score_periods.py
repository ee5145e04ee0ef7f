"""Items that are scored at several times of the year: each period's points, and their weighted sum (domain notes §3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.assessment import Period, Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import ZERO, exactly, rounded, shown
from mbo_desktop.domain.scoring.item import ItemScore
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import Cell, FactBook, PeriodPart
from mbo_desktop.services.score_board import ScoreBoard

YEAR_END = 12


@dataclass(frozen=True, slots=True)
class PeriodSum:
    """The sum of an item's periods; points None: one of them lacks its figures."""

    points: Decimal | None
    words: str
    problem: str = ""


def read_parts(scheme: Scheme, month: int, board_of: Callable[[int], ScoreBoard]) -> dict[Cell, tuple[PeriodPart, ...]]:
    """Points of the periods before the year's end, of the items that have them; empty at any other month.

    board_of: the scheme scored at a month's end, without periods.
    """
    wanted = [one.indicator for one in scheme.items if one.by_period]
    if month != YEAR_END or not scheme.periods or not wanted:
        return {}
    found: dict[Cell, list[PeriodPart]] = {}
    for period in scheme.periods:
        if period.month == YEAR_END:
            continue
        for line in board_of(period.month).units:
            for indicator in wanted:
                cell = line.items.get(indicator)
                if cell is not None:
                    found.setdefault((indicator, line.unit), []).append(
                        PeriodPart(period.month, period.weight, cell.points, cell.counts, cell.problem)
                    )
    return {cell: tuple(parts) for cell, parts in found.items()}


def parts_of_cell(book: FactBook, cell: Cell, year: ItemScore) -> Sequence[PeriodPart]:
    """All periods of a cell, the year's own last; empty for an item of the year alone."""
    before = book.periods.get(cell)
    if not before:
        return ()
    weight = next((one.weight for one in book.scheme.periods if one.month == YEAR_END), ZERO)
    return (*before, PeriodPart(YEAR_END, weight, year.points, year.counts, "" if not year.missing else "全年缺数据"))


def summed(parts: Sequence[PeriodPart], digits: int) -> PeriodSum:
    """Weighted sum; a period in which the item did not count is left out and the rest share its weight."""
    counting = [one for one in parts if one.counts]
    weights = sum((one.weight for one in counting), ZERO)
    lacking = [one for one in counting if one.points is None]
    said = "+".join(
        f"{period_label(one.month)}{'缺' if one.points is None else shown(one.points)}×{shown(one.weight)}%"
        for one in counting
    )
    if lacking or not weights:
        return PeriodSum(None, said, f"{period_label(lacking[0].month)}缺数据" if lacking else "")
    with exactly():
        value = rounded(sum((one.weight * (one.points or ZERO) for one in counting), ZERO) / weights, digits)
    shared = "" if weights == sum((one.weight for one in parts), ZERO) else f",按计入的{shown(weights)}%折算"
    return PeriodSum(value, f"{said}={value:f}分{shared}")


def with_periods(book: FactBook, indicator: RecordId, found: Mapping[RecordId, ItemScore]) -> dict[RecordId, ItemScore]:
    """The year's scores with their periods in."""
    digits = book.items[indicator].digits
    made = {}
    for unit, one in found.items():
        parts = parts_of_cell(book, (indicator, unit), one)
        if not parts or not one.counts:
            made[unit] = one
            continue
        points = summed(parts, digits).points
        made[unit] = ItemScore(one.unit, points, one.full, one.counts, points is None)
    return made


_NAMES = {"一季度": 3, "上半年": 6, "半年": 6, "前三季度": 9, "三季度": 9, "全年": YEAR_END, "年终": YEAR_END}
_PERIOD = re.compile(rf"(?:(?:1[-—~至])?(\d{{1,2}})月(?:底|末)?|({'|'.join(_NAMES)}))\D*?(\d+(?:\.\d+)?)[%％]?")


def read_periods(text: str) -> tuple[Period, ...]:
    """「一季度15%、上半年25%、前三季度25%、全年35%」 or 「3月15,6月25,12月60」; empty text: the year alone.

    InputError for what cannot be read.
    """
    if not text.strip():
        return ()
    found = []
    rest = _PERIOD.sub(" ", text)
    for month, name, weight in _PERIOD.findall(text):
        found.append(Period(int(month) if month else _NAMES[name], Decimal(weight)))
    if not found or rest.strip(" 、,，;；。"):
        raise InputError(f"考核时段“{text.strip()[:40]}”读不出来。", "请写成“一季度15%、上半年25%、前三季度25%、全年35%”。")
    return tuple(found)


def show_periods(periods: Sequence[Period]) -> str:
    """「一季度15%、全年85%」; "" for the year alone."""
    return "、".join(f"{period_label(one.month)}{shown(one.weight)}%" for one in periods)


def period_label(month: int) -> str:
    """一季度, 上半年, 前三季度, 全年; 「1—4月」 for others."""
    return {3: "一季度", 6: "上半年", 9: "前三季度", YEAR_END: "全年"}.get(month, f"1—{month}月")
