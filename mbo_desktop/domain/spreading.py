"""Splitting a total over units so that the parts add up to it exactly.

Parts are whole steps of the last digit shown; what rounding leaves goes to the largest
remainders, then to the larger weight, then to the lower key, so that the order in which the
units are given changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Protocol, Self, TypeVar

from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.errors import InputError

_EXACT = Context(prec=200)


class Key(Hashable, Protocol):
    """What the parts are named by: something that can be sorted."""

    def __lt__(self, other: Self, /) -> bool:
        """Whether it stands before the other."""


K = TypeVar("K", bound=Key)


def steps_of(amount: Decimal, decimals: int, what: str = "总数") -> int:
    """The amount in steps of its last digit (12.5 at one decimal: 125); InputError when it has more digits."""
    scaled = amount.scaleb(decimals, context=_EXACT)
    whole = int(scaled)
    if scaled != whole:
        raise InputError(
            f"{what}{canonical(amount)}不能按{decimals}位小数拆分。" if decimals
            else f"{what}{canonical(amount)}不是整数,不能按整数拆分。",
            f"请改为不超过{decimals}位小数的数,或增加指标的小数位数。" if decimals
            else "请改为整数,或增加指标的小数位数。",
        )
    return whole


def spread(
    total: Decimal, weights: Mapping[K, Decimal], decimals: int,
    locked: Mapping[K, Decimal] | None = None,
) -> dict[K, Decimal]:
    """Split a total over the keys of `weights` by weight; locked ones keep theirs and count in the total.

    decimals: digits after the point of every part. Raises InputError for a total with more
    digits, when the locked ones already exceed it, when nothing is left to spread over, or
    when a weight is negative or all are zero.
    """
    held = dict(locked or {})
    free = {key: weight for key, weight in weights.items() if key not in held}
    fixed = sum(held.values(), Decimal(0))
    steps_of(total, decimals)
    rest = total - fixed
    if not free:
        if rest:
            raise InputError(
                f"各单位都已锁定,合计{show(fixed)},不能凑成总数{show(total)}。", "请至少放开一个单位。"
            )
        return held
    if (rest < 0) != (total < 0) and rest:
        raise InputError(
            f"已锁定的单位合计{show(fixed)},超过总数{show(total)}。", "请放开部分单位或改大总数。"
        )
    return {**held, **_shared(steps_of(rest, decimals, "除去锁定单位后的余数"), free, decimals)}


def _shared(steps: int, weights: Mapping[K, Decimal], decimals: int) -> dict[K, Decimal]:
    if any(weight < 0 for weight in weights.values()):
        raise InputError("有单位的基数是负数,不能按比例拆分。", "请改为平均拆分,或先锁定这些单位。")
    whole = sum((Fraction(weight) for weight in weights.values()), Fraction(0))
    if not whole:
        raise InputError("各单位的基数都是0,不能按比例拆分。", "请改为平均拆分。")
    sign = -1 if steps < 0 else 1
    exact = {key: abs(steps) * Fraction(weight) / whole for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    over = abs(steps) - sum(parts.values())
    first = sorted(sorted(weights), key=lambda key: (parts[key] - exact[key], -weights[key]))
    for key in first[:over]:
        parts[key] += 1
    return {key: Decimal(sign * part).scaleb(-decimals, context=_EXACT) for key, part in parts.items()}


def ceiling(amount: Decimal, decimals: int) -> Decimal:
    """The least number with so many digits that is not below the amount."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING, context=_EXACT)


def floor(amount: Decimal, decimals: int) -> Decimal:
    """The greatest number with so many digits that is not above the amount."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_FLOOR, context=_EXACT)
