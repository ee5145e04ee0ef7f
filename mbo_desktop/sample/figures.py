"""The sample city's targets: last year's figures and this year's targets that fit them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import NOT_APPLICABLE, TargetForm, TargetPart, TargetValue
from mbo_desktop.sample.indicators import Recipe

_WORDS = {TargetForm.AT_MOST: "不高于", TargetForm.AT_LEAST: "不低于"}
_HUNDRED = Decimal(100)


def target(
    record: RecordId,
    indicator: RecordId,
    unit: RecordId,
    recipe: Recipe,
    weight: Decimal,
    random: Random,
    points: Decimal | None = None,
) -> Target:
    """A unit's target of an indicator; weight is the unit's size against a usual county."""
    if recipe.form is TargetForm.TEXT:
        value = TargetValue((TargetPart(TargetForm.TEXT, text=recipe.text),), text=recipe.text)
        return Target(id=record, indicator=indicator, unit=unit, value=value, points=points)
    if random.random() < 0.001:
        return Target(id=record, indicator=indicator, unit=unit, value=NOT_APPLICABLE)
    step = Decimal(1).scaleb(-recipe.decimals)
    last = _last_year(recipe, weight, random, step)
    growth = Decimal(random.randint(recipe.growth[0] * 2, recipe.growth[1] * 2)) / 2
    value, stretch = _stated(recipe, last, growth, step, random)
    return Target(
        id=record, indicator=indicator, unit=unit, last_year=last, value=value, stretch=stretch,
        points=points,
    )


def _last_year(recipe: Recipe, weight: Decimal, random: Random, step: Decimal) -> Decimal:
    noise = Decimal(random.randint(88, 112)) / _HUNDRED
    # Rates, incomes per head and concentrations do not grow with the size of a unit.
    sized = recipe.unit not in ("%", "‰", "元", "微克/立方米", "人/亿元", "工作日")
    level = recipe.level * noise * (weight if sized else Decimal(1))
    last = max(level.quantize(step, ROUND_HALF_UP), step)
    if recipe.unit == "%":
        last = min(last, Decimal("98.5").quantize(step, ROUND_HALF_UP))
    return last


def _stated(
    recipe: Recipe, last: Decimal, growth: Decimal, step: Decimal, random: Random
) -> tuple[TargetValue, TargetValue | None]:
    if recipe.form is TargetForm.DECREASE_RATE:
        part = TargetPart(TargetForm.DECREASE_RATE, last, "%")
        return TargetValue((part,), text=f"下降{canonical(last)}%"), None
    aimed = (last * (1 + growth / _HUNDRED)).quantize(step, ROUND_HALF_UP)
    if growth > 0 and aimed <= last and recipe.unit != "%":
        aimed = last + step
    if recipe.unit == "%":
        aimed = min(aimed, _HUNDRED)
    part = TargetPart(recipe.form, aimed, recipe.unit)
    text = f"{_WORDS.get(recipe.form, '')}{canonical(aimed)}"
    if recipe.form in _WORDS:
        return TargetValue((part,), text=f"{text}{recipe.unit}"), None
    stretch = None
    if random.random() < 0.2:
        high = (aimed * Decimal("1.03")).quantize(step, ROUND_HALF_UP)
        stretch = TargetValue((TargetPart(recipe.form, high, recipe.unit),), text=canonical(high))
    if random.random() < 0.25:
        exact = ((aimed / last - 1) * _HUNDRED).quantize(Decimal("0.1"), ROUND_HALF_UP)
        rate = TargetPart(TargetForm.GROWTH, exact, "%")
        return TargetValue((part, rate), text=f"{text}{recipe.unit},增长{canonical(exact)}%"), stretch
    return TargetValue((part,), text=text), stretch
