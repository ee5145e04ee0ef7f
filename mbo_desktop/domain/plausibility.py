"""Warnings that never block: jumps, growth that does not fit, falling targets (domain notes §4, 9)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TypeVar

from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue

RATES = frozenset({"%", "‰", "％", "百分点", "个百分点"})
COMPARABLE = frozenset({TargetForm.LEVEL, TargetForm.AT_LEAST, TargetForm.AT_MOST})
"""Forms whose amount is a level and can be set against last year's level."""
GROWTHS = frozenset({TargetForm.GROWTH, TargetForm.DECREASE_RATE})
_HALF_A_TENTH = Decimal("0.05")
_MANY_TIMES = 1000
"""Units differ in size, but not so much: 亿元 and 万元 are ten thousand times apart."""
Unit = TypeVar("Unit", bound=Hashable)


def main_part(value: TargetValue | None) -> TargetPart | None:
    """The first part that is no growth rate; None when there is none."""
    if value is None:
        return None
    return next((part for part in value.parts if part.form not in GROWTHS), None)


def growth_part(value: TargetValue | None) -> TargetPart | None:
    """The first growth or decrease rate of a target; None when there is none."""
    if value is None:
        return None
    return next((part for part in value.parts if part.form in GROWTHS), None)


def derived_growth(value: TargetValue | None, last_year: Decimal | None, unit: str) -> Decimal | None:
    """Growth in % that level and last year's actual give, one digit, half-up.

    None when either is missing, last year is not above zero, or the indicator is a rate.
    """
    part = main_part(value)
    if part is None or part.amount is None or part.form not in COMPARABLE:
        return None
    if last_year is None or last_year <= 0 or unit in RATES or part.unit in RATES:
        return None
    growth = (part.amount / last_year - 1) * 100
    return growth.quantize(Decimal("0.1"), ROUND_HALF_UP)


def warnings_for(
    value: TargetValue | None, last_year: Decimal | None, unit: str, direction: Direction
) -> tuple[str, ...]:
    """What a careful colleague would ask about a target, in Chinese; empty when nothing."""
    part = main_part(value)
    if part is None or part.amount is None or last_year is None or part.form not in COMPARABLE:
        return ()
    found = []
    amount = part.amount
    if amount > 0 and last_year > 0 and not Decimal("0.1") < amount / last_year < 10:
        found.append("与上年实绩相差十倍以上,请核对数字和计量单位")
    elif direction is Direction.HIGHER and amount < last_year:
        found.append("低于上年实绩")
    elif direction is Direction.LOWER and amount > last_year:
        found.append("高于上年实绩(反向指标)")
    stated = growth_part(value)
    if stated is not None and stated.amount is not None and last_year > 0 and unit not in RATES:
        exact = (amount / last_year - 1) * 100
        signed = -stated.amount if stated.form is TargetForm.DECREASE_RATE else stated.amount
        fitting = (last_year * (1 + signed / 100)).quantize(amount, ROUND_HALF_UP)
        if abs(exact - signed) > _HALF_A_TENTH and fitting != amount:
            shown = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
            found.append(f"增长率与上年实绩、目标值不符,按数值计算为 {shown}%")
    return tuple(found)


def level_of(value: TargetValue | None) -> Decimal | None:
    """The amount of a target above zero that is a level; None for texts and growth rates."""
    part = main_part(value)
    if part is None or part.form not in COMPARABLE or part.amount is None or part.amount <= 0:
        return None
    return part.amount


def standing_apart(
    amounts: Mapping[Unit, Decimal], whole: Decimal | None = None, shown: str = ""
) -> dict[Unit, str]:
    """What to ask about units whose amount of one indicator does not go with the others', in Chinese.

    amounts: above zero, in the indicator's unit of measure; whole: the own government's target where
    the units' amounts add up to it, `shown` as it is written there.
    """
    found: dict[Unit, str] = {}
    for unit, amount in amounts.items():
        others = [other for key, other in amounts.items() if key != unit]
        usual = median(others) if len(others) >= 2 else None
        if usual is not None and not usual / _MANY_TIMES < amount < usual * _MANY_TIMES:
            found[unit] = "与其他单位相差一千倍以上,请核对计量单位"
        elif whole is not None and amount > whole:
            found[unit] = f"大于本级政府的目标{shown},请核对数字和计量单位"
    return found
