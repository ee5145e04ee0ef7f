"""The engine: 100 units × 60 mixed rules, one changed value, 1,000 × 100, growth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

import pytest

from mbo_desktop.domain.grading import ranks, total
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, ItemScore, score_item
from mbo_desktop.domain.scoring.presets import preset

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

CODES = ("R01", "R03", "R04", "R08", "R10", "R20", "R24", "R30", "R31", "R33", "R37", "R36")


def scheme(units: int, items: int) -> list[tuple[Item, list[Facts]]]:
    """Items of mixed rules with figures for all units."""
    named = {"省平均": Decimal(6)}
    return [
        (Item(preset(CODES[place % len(CODES)]).rule), [
            Facts(
                Decimal(2), Decimal(100 + place), Decimal(80 + (unit * 7 + place * 3) % 50) + Decimal(unit % 10) / 10,
                Decimal(85 + place % 9), unit=unit, named=named,
            )
            for unit in range(units)
        ])
        for place in range(items)
    ]


def whole(found: list[tuple[Item, list[Facts]]]) -> dict[int, int]:
    """Score everything, add up, rank."""
    by_unit: dict[int, list[ItemScore]] = {}
    for item, rows in found:
        for unit, score in score_item(item, rows).items():
            by_unit.setdefault(unit, []).append(score)
    return ranks({unit: total(scores, None).printed for unit, scores in by_unit.items()})


def timed(work: Callable[[], object], times: int = 5) -> float:
    """The best of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append((perf_counter() - start) * 1000)
    return min(found)


def test_a_city_and_a_province(record_property: Callable[[str, object], None]) -> None:
    """Goals: 100 × 60 in 25 ms, one changed value with its group 3 ms, 1,000 × 100 in 0.5 s."""
    city, half, province = scheme(100, 60), scheme(50, 60), scheme(1000, 100)
    figures = {
        "city_ms": timed(lambda: whole(city)), "item_ms": timed(lambda: score_item(*city[7])),
        "province_ms": timed(lambda: whole(province), 2),
    }
    print(figures)
    for name, value in figures.items():
        record_property(name, round(value, 2))
    assert figures["city_ms"] < timed(lambda: whole(half)) * 4, "linear in the number of units"
