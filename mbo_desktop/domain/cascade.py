"""Quantities of a branch: which sums must hold, splitting a total over children, what is left.

Domain notes §4, check 2: amounts of an additive target add up to no less than what was
allotted, those of a control target to no more; rates and averages are compared one by one
and only as a hint, ranks and texts not at all. Everything is exact, in whatever units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import lcm

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.spreading import ceiling, floor, spread
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.domain.units import conversion, exact_decimal
from mbo_desktop.errors import InputError

_EXACT = Context(prec=200)
_DIGITS = 6
"""Digits shown of a figure that does not end (亩 in 公顷)."""
_RATE_FORMS = frozenset({TargetForm.GROWTH, TargetForm.DECREASE_RATE})
_SUMMED_FORMS = frozenset({
    TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST,
    TargetForm.AT_LEAST,
})


class SumRule(Choice):
    """How the amounts of children answer for their parent's."""

    SUM = "sum", "合计不低于"
    CAP = "cap", "合计不超过"
    FLOOR_EACH = "floor_each", "各项不低于"
    CEILING_EACH = "ceiling_each", "各项不高于"
    NONE = "none", "不比较"

    @property
    def adds(self) -> bool:
        """Whether children are added up and a total can be split over them."""
        return self in (SumRule.SUM, SumRule.CAP)


class SplitRule(Choice):
    """What the parts of a total are measured by."""

    EVEN = "even", "平均"
    LAST_YEAR = "last_year", "按上年"
    WEIGHT = "weight", "按权重"
    SHARE = "share", "按份额"


def sum_rule(
    form: TargetForm | None, direction: Direction, name: str, unit_of_measure: str
) -> SumRule:
    """The rule between a target and its parts; form None (nothing set yet): as for a level."""
    form = form or TargetForm.LEVEL
    control = form is TargetForm.AT_MOST or (
        direction is Direction.LOWER
        and form not in (TargetForm.AT_LEAST, TargetForm.DECREASE_RATE)
    )
    if direction is Direction.RANGE and form not in (TargetForm.AT_MOST, TargetForm.AT_LEAST):
        return SumRule.NONE
    if form in _SUMMED_FORMS and is_additive(name, unit_of_measure):
        return SumRule.CAP if control else SumRule.SUM
    if form in _SUMMED_FORMS or form in _RATE_FORMS:
        return SumRule.CEILING_EACH if control else SumRule.FLOOR_EACH
    return SumRule.NONE


def converted(amount: Decimal, unit_from: str, unit_to: str) -> Decimal | None:
    """The amount in another unit, exactly; None when dimensions differ or the result does not end."""
    if unit_from == unit_to:
        return amount
    exact = exactly(amount, unit_from, unit_to)
    return None if exact is None else exact_decimal(exact)


def exactly(amount: Decimal, unit_from: str, unit_to: str) -> Fraction | None:
    """The amount in another unit as a fraction (10亩 is 2/3公顷); None when dimensions differ."""
    factor = conversion(unit_from, unit_to)
    return None if factor is None else Fraction(amount) * factor


# Splitting --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A child that a total is split over; amounts are in its own unit ("": the parent's)."""

    key: int
    label: str = ""
    unit_of_measure: str = ""
    value: Decimal | None = None
    """What it has now; a locked one keeps it."""
    last_year: Decimal | None = None
    weight: Decimal | None = None
    share: Decimal | None = None
    """In % of the parent."""
    locked: bool = False


def pressed(total: Decimal, pressure: Decimal, decimals: int) -> Decimal:
    """The total with 加压 of so many %; what rounding leaves goes in the direction of the pressure."""
    if not pressure:
        return total
    raised = total * (1 + pressure / 100)
    return ceiling(raised, decimals) if raised > total else floor(raised, decimals)


def split(
    total: Decimal, parts: Sequence[Part], rule: SplitRule, decimals: int, *,
    unit_of_measure: str = "", pressure: Decimal = Decimal(0),
) -> dict[int, Decimal]:
    """Amounts by key, each in its part's own unit, that add up to the total exactly.

    decimals counts in the parent's unit. With pressure they add up to `pressed`; shares of
    less than 100 % leave the rest open. Locked parts keep what they have and count; one that
    is locked empty is left out. The order of the parts changes nothing. Raises InputError where something
    to measure by is missing, units do not fit, shares exceed 100 %, or nothing is left to split.
    """
    parts = [part for part in parts if not part.locked or part.value is not None]
    if not parts:
        raise InputError("没有可以拆分到的下级。", "请先添加下级。")
    _refuse_strange_units(parts, unit_of_measure)
    goal = pressed(total, pressure, decimals)
    weights = _weights(goal, parts, rule, unit_of_measure)
    if rule is SplitRule.SHARE:
        goal = round_half_up(goal * sum(weights.values(), Decimal(0)) / 100, decimals)
    held = {part.key: _held(part, unit_of_measure) for part in parts if part.locked}
    found = spread(goal, weights, decimals, held)
    return {part.key: _back(found[part.key], part, unit_of_measure) for part in parts}


def _refuse_strange_units(parts: Sequence[Part], unit: str) -> None:
    for part in parts:
        own = part.unit_of_measure or unit
        if conversion(unit, own) is None:
            raise InputError(
                f"{_named(part)}的计量单位“{own}”与上级的“{unit}”不能换算。", "请改正计量单位后再拆分。"
            )


def _weights(
    goal: Decimal, parts: Sequence[Part], rule: SplitRule, unit: str
) -> dict[int, Decimal]:
    if rule is SplitRule.EVEN:
        return {part.key: Decimal(1) for part in parts}
    if rule is SplitRule.WEIGHT:
        _refuse_missing(parts, [p for p in parts if p.weight is None], "权重")
        return {part.key: part.weight or Decimal(0) for part in parts}
    if rule is SplitRule.SHARE:
        return _shares(goal, parts, unit)
    _refuse_missing(parts, [p for p in parts if p.last_year is None], "上年实绩")
    before = {
        part.key: exactly(part.last_year or Decimal(0), part.unit_of_measure or unit, unit)
        or Fraction(0)
        for part in parts
    }
    whole = lcm(*(one.denominator for one in before.values()))
    return {key: Decimal((one * whole).numerator) for key, one in before.items()}


def _shares(goal: Decimal, parts: Sequence[Part], unit: str) -> dict[int, Decimal]:
    """Shares in %; that of a locked part without one follows from its amount."""
    _refuse_missing(parts, [p for p in parts if p.share is None], "份额")
    found = {part.key: part.share or Decimal(0) for part in parts}
    for part in parts:
        if part.share is None and goal:
            found[part.key] = _held(part, unit) / goal * 100
    whole = sum(found.values(), Decimal(0))
    if round_half_up(whole, _DIGITS) > 100:
        raise InputError(f"份额合计{show(round_half_up(whole, 2))}%,超过100%。", "请改小份额;要加压的请填加压比例。")
    return found


def _refuse_missing(parts: Sequence[Part], missing: Sequence[Part], what: str) -> None:
    lacking = [part for part in missing if not part.locked]
    if lacking:
        more = f"等{len(lacking)}项" if len(lacking) > 1 else ""
        raise InputError(f"{_named(lacking[0])}{more}没有{what}。", f"请先填写{what},或改用平均拆分。")


def _held(part: Part, unit: str) -> Decimal:
    if part.value is None:
        return Decimal(0)
    own = part.unit_of_measure or unit
    amount = converted(part.value, own, unit)
    if amount is None:  # dimensions were looked at before
        raise InputError(
            f"{_named(part)}的{show(part.value)}{own}换算成{unit}除不尽。", "请统一计量单位,或先放开这一项。"
        )
    return amount


def _back(amount: Decimal, part: Part, unit: str) -> Decimal:
    if part.locked and part.value is not None:
        return part.value
    own = part.unit_of_measure or unit
    found = converted(amount, unit, own)
    if found is None:
        raise InputError(
            f"{show(amount)}{unit}换算成{own}除不尽,不能拆分到{_named(part)}。", "请统一上下级的计量单位。"
        )
    return found


def _named(part: Part) -> str:
    return f"“{part.label}”" if part.label else "下级"


# What is covered --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the children of a node answer for its amount, in the node's own unit."""

    rule: SumRule
    parent: Decimal
    given: Decimal | None
    """The children's sum; None where they are not added up, or none has an amount."""
    rest: Decimal | None
    """Parent less given: below zero is 加压 (SUM) or too much (CAP)."""
    surplus_percent: Decimal | None
    """Given over parent in %, two digits; None without a sum or for a parent of 0."""
    holds: bool
    """False only where the set amounts break the rule."""
    not_set: int
    strange: int
    """Children whose unit cannot be converted; they are not counted in."""
    breaking: tuple[int, ...]
    """Places of the children that break a rule for each."""
    words: str
    """「还差10亿元」, 「加压3%」, 「超出控制数5吨」; "" when there is nothing to say."""


def coverage(
    parent: Decimal, unit: str, children: Iterable[tuple[Decimal | None, str]], rule: SumRule
) -> Coverage:
    """What the children's amounts (None: not set; unit "": the parent's) come to."""
    amounts: list[tuple[int, Decimal | Fraction]] = []
    plain, scaled = Decimal(0), Fraction(0)
    not_set = strange = 0
    for place, (amount, own) in enumerate(children):
        if amount is None:
            not_set += 1
        elif not own or own == unit:
            # Fractions cost ten times as much, and most children are measured like their parent.
            plain = _EXACT.add(plain, amount)
            amounts.append((place, amount))
        elif (exact := exactly(amount, own, unit)) is None:
            strange += 1
        else:
            scaled += exact
            amounts.append((place, exact))
    if rule.adds:
        total = Fraction(plain) + scaled if amounts else None
        return _added(parent, unit, total, rule, not_set, strange)
    breaking = tuple(place for place, one in amounts if _breaks(one, parent, rule))
    words = ""
    if breaking:
        side = "低于" if rule is SumRule.FLOOR_EACH else "高于"
        words = f"{len(breaking)}项{side}{show(parent)}{unit}"
    return Coverage(
        rule, parent, None, None, None, not breaking, not_set, strange, breaking, words
    )


def _breaks(one: Decimal | Fraction, parent: Decimal, rule: SumRule) -> bool:
    limit = parent if isinstance(one, Decimal) else Fraction(parent)
    if rule is SumRule.FLOOR_EACH:
        return bool(one < limit)
    return rule is SumRule.CEILING_EACH and bool(one > limit)


def _added(
    parent: Decimal, unit: str, total: Fraction | None, rule: SumRule, not_set: int, strange: int
) -> Coverage:
    if total is None:
        return Coverage(rule, parent, None, None, None, True, not_set, strange, (), "")
    over = total - Fraction(parent)
    percent = None
    if parent:
        percent = round_half_up(ended(over / abs(Fraction(parent)) * 100), 2)
    # A control figure is broken as soon as the set ones exceed it; a sum may still be filled up.
    holds = over <= 0 if rule is SumRule.CAP else over >= 0 or bool(not_set or strange)
    amount = f"{show(abs(ended(over)))}{unit}"
    rate = "" if percent is None else show(abs(percent))
    if not over:
        words = ""
    elif rule is SumRule.CAP:
        words = f"超出控制数{amount}" if over > 0 else f"余{amount}"
    else:
        words = f"还差{amount}" if over < 0 else f"加压{rate}%" if rate else f"超过{amount}"
    return Coverage(
        rule, parent, ended(total), -ended(over), percent, holds, not_set, strange, (), words
    )


def ended(exact: Fraction) -> Decimal:
    """The fraction as a decimal; one that does not end to six digits, half-up."""
    ended = exact_decimal(exact)
    if ended is not None:
        return ended
    scaled = abs(exact) * 10**_DIGITS
    steps = int(scaled + Fraction(1, 2))
    return Decimal(-steps if exact < 0 else steps).scaleb(-_DIGITS)
