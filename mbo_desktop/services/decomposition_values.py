"""Values, sums and plans of decomposition nodes, from the columns they are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mbo_desktop.domain import quantity
from mbo_desktop.domain.allocations import Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.cascade import Coverage, SumRule, coverage, sum_rule
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.store.queries.decomposition_rows import ChildAmount, TargetFacts

COUNTED_FORMS = frozenset({
    TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST,
    TargetForm.AT_LEAST, TargetForm.GROWTH, TargetForm.DECREASE_RATE,
})
"""Forms whose amount can be held against another one."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value ready to show; form None while nothing is set."""

    form: TargetForm | None = None
    text: str = ""
    typed: str = ""
    amount: Decimal | None = None
    unit: str = ""


NOTHING = ShownValue()


@lru_cache(maxsize=20_000)
def shown_value(
    form: str | None, amount: str | None, amount_unit: str, text: str, measure: str
) -> ShownValue:
    """A value from its columns as `show_target` words it; measure: what the column beside shows."""
    if form is None:
        return NOTHING
    kind = TargetForm.of(form)
    number = decimal_of(amount)
    words = text
    if kind is TargetForm.NOT_APPLICABLE:
        words = "/"
    elif number is not None and _is_plain(text):
        words = quantity.show(number) + ("" if amount_unit == measure else amount_unit)
    return ShownValue(kind, words, text, number, amount_unit)


def _is_plain(text: str) -> bool:
    """Whether the text is nothing but a number and its unit."""
    try:
        quantity.read_quantity(text)
    except InputError:
        return False
    return True


def rule_of(target: TargetFacts, form: TargetForm | None, title: str, measure: str) -> SumRule:
    """How the children of a node answer for it; both its own and the indicator's name must allow a sum."""
    direction = Direction.of(target.direction)
    rule = sum_rule(form, direction, target.name, measure)
    if rule.adds and title and title != target.name:
        return sum_rule(form, direction, title, measure)
    return rule


def coverage_of(
    amount: Decimal, unit: str, children: Iterable[ChildAmount], rule: SumRule
) -> Coverage:
    """What the children come to; those that are 不适用 are left out.

    Added up by unit of measure first: exact fractions cost much more than decimals.
    """
    stated: list[tuple[Decimal | None, str]] = []
    sums: dict[str, Decimal] = {}
    for child in children:
        if child.is_na:
            continue
        counted = child.amount is not None and child.form in COUNTED_FORMS
        if counted and rule.adds:
            sums[child.amount_unit] = sums.get(child.amount_unit, _ZERO) + Decimal(child.amount or 0)
        else:
            stated.append((Decimal(child.amount or 0) if counted else None, child.amount_unit))
    return coverage(amount, unit, [*stated, *((total, own) for own, total in sums.items())], rule)


_ZERO = Decimal(0)


def plan_of(body: str | None) -> Plan | None:
    """A plan as the projection keeps it."""
    if body is None:
        return None
    read = json.loads(body)
    return Plan(
        PlanPeriod.of(read["period"]), PlanBasis.of(read["basis"]),
        tuple(decimal_of(one) for one in read["amounts"]),
    )


def decimal_of(text: str | None) -> Decimal | None:
    """A decimal as the projection keeps it."""
    return None if text is None else Decimal(text)
