"""What a rule is given: the figures of one unit, and those of its whole group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import TypeVar

from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError

HUNDRED = Decimal(100)
ZERO = Decimal(0)
_GUARD = Decimal(1).scaleb(-30)
"""Quotients that do not end are taken to 60 digits; rounding them first here undoes their last digit."""
_EXACT = Context(prec=60)
_STEPS = tuple(Decimal(1).scaleb(-digits) for digits in range(7))

T = TypeVar("T")
Say = list[str]
"""Collects the working, line by line; None where nobody asks."""


@dataclass(slots=True)
class Facts:
    """The figures of one unit for one indicator; None = not there, 0 is a figure.

    full: 分值; upper: the end of a range; named: further figures by name (上年累计, 省定目标 …);
    counts: events by kind; votes: ballots by answer; scores: what raters gave; word: a state or
    grade; given: points that were given, not computed; proven: whether evidence was accepted.
    """

    full: Decimal
    target: Decimal | None = None
    actual: Decimal | None = None
    base: Decimal | None = None
    upper: Decimal | None = None
    unit: int = 0
    label: str = ""
    unit_of_measure: str = ""
    is_rate: bool = False
    """A rate: steps of 1 % are percentage points."""
    lower_is_better: bool = False
    named: Mapping[str, Decimal] = field(default_factory=dict)
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    votes: Mapping[str, Decimal] = field(default_factory=dict)
    scores: Sequence[Decimal] = ()
    word: str = ""
    given: Decimal | None = None
    proven: bool | None = None

    def value(self, name: str) -> Decimal | None:
        """A figure by its code or name (actual, target, base, full, growth, ratio, upper, or a named one), or a number as it is written."""
        if name in _OWN:
            found: Decimal | None = getattr(self, name)
            return found
        if name == "growth":
            return growth(self)
        if name == "ratio":
            return None if self.actual is None or not self.target else self.actual * HUNDRED / self.target
        found = self.named.get(name)
        return number_in(name) if found is None else found

    def with_full(self, full: Decimal) -> Facts:
        """The same figures for other full points; written out, as `replace` takes ten times as long."""
        return Facts(
            full, self.target, self.actual, self.base, self.upper, self.unit, self.label,
            self.unit_of_measure, self.is_rate, self.lower_is_better, self.named, self.counts,
            self.votes, self.scores, self.word, self.given, self.proven,
        )


@lru_cache(maxsize=256)
def number_in(text: str) -> Decimal | None:
    """The number that is written in the place of a figure; None for a figure's name."""
    plain = text.strip()
    return Decimal(plain) if plain.replace(".", "", 1).removeprefix("-").isdecimal() else None


_OWN = frozenset({"actual", "target", "base", "full", "upper", "given"})
NAMES = {
    "actual": "实绩", "target": "目标", "base": "上年", "full": "分值", "upper": "上限",
    "growth": "增幅", "ratio": "完成率", "given": "给定分",
}
"""Figures every unit may have, with the words they are called by in workings and formulas."""


def name_of(value: str) -> str:
    """The word for a figure."""
    return NAMES.get(value, value)


def growth(facts: Facts) -> Decimal | None:
    """Percent against last year, as stated or worked out; None without both figures or with a base of 0."""
    stated = facts.named.get("增幅")
    if stated is not None:
        return stated
    if facts.actual is None or not facts.base:
        return None
    return (facts.actual - facts.base) * HUNDRED / abs(facts.base)


class Group:
    """All units that are ranked against each other; what a rule works out of them is kept."""

    def __init__(self, members: Sequence[Facts]) -> None:
        self.members = members
        self._kept: dict[object, object] = {}

    def values(self, name: str) -> list[Decimal]:
        """The figure of all members that have it."""
        return self.keep(("values", name), lambda: [
            value for one in self.members if (value := one.value(name)) is not None
        ])

    def mean(self, name: str) -> Decimal | None:
        """The arithmetic mean of a figure; None when nobody has it."""
        def work() -> Decimal | None:
            found = self.values(name)
            return sum(found, ZERO) / len(found) if found else None

        return self.keep(("mean", name), work)

    def keep(self, key: object, work: Callable[[], T]) -> T:
        """What `work` gives, worked out once for the group."""
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]  # type: ignore[return-value]


def rounded(value: Decimal, digits: int) -> Decimal:
    """Half-up at the item, without the last digit of a quotient that does not end."""
    step = _STEPS[digits] if 0 <= digits < len(_STEPS) else Decimal(1).scaleb(-digits)
    try:
        return value.quantize(_GUARD, ROUND_HALF_UP, _EXACT).quantize(step, ROUND_HALF_UP, _EXACT)
    except InvalidOperation:
        return _rounded_huge(value, step)


def _rounded_huge(value: Decimal, step: Decimal) -> Decimal:
    """A number with too many digits before the point for the guard: rounded straight, or refused."""
    try:
        return value.quantize(step, ROUND_HALF_UP, _EXACT)
    except InvalidOperation as error:
        raise InputError(f"得分{str(value)[:20]}超出可计算的范围。", "请核对目标值和实绩。") from error


def settled(value: Decimal) -> Decimal:
    """A figure for comparing: quotients that are equal by hand are equal here too."""
    try:
        return value.quantize(_GUARD, ROUND_HALF_UP, _EXACT)
    except InvalidOperation:
        return value


def exactly() -> AbstractContextManager[Context]:
    """The context all scoring runs in: 60 digits."""
    return localcontext(_EXACT)


def shown(value: Decimal, digits: int = 4) -> str:
    """A figure in a working: no more digits than it needs, at most `digits`."""
    step = Decimal(1).scaleb(-digits)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -digits:
        value = value.quantize(step, ROUND_HALF_UP, _EXACT)
    return canonical(value)


def steps_in(amount: Decimal, size: Decimal, *, whole: bool) -> Decimal:
    """How many steps of a size an amount makes: whole ones, or pro rata."""
    if size <= 0:
        raise InputError(f"步长{canonical(size)}不能用来计分。", "步长请填大于0的数。")
    return Decimal(int(amount / size)) if whole else amount / size
