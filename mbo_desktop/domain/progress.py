"""How far a target has come by the end of a month: shares, gap, forecast, needed pace (domain notes §5.5).

Three ways to compare, by form and unit: amounts that grow through the year are measured as a
share of the year's target against the planned share; rates, ranks and ranges are held against
the target itself in every month; caps are kept as long as the amount stays below the part of the
cap that the months gone by allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.pace import is_cumulative
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart

_GROWING = (TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_LEAST)
_RATES = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
_SHARE_OF_MONTHS = tuple(Fraction(month * 100, 12) for month in range(13))
_WORDS = (TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.TEXT, TargetForm.CONDITION)


class Comparison(Choice):
    """How an actual is held against a target."""

    CUMULATIVE = "cumulative", "累计"
    CAP = "cap", "累计控制"
    RATE = "rate", "比率"
    RATE_CAP = "rate_cap", "比率控制"
    RANK = "rank", "位次"
    RANGE = "range", "区间"
    STAGES = "stages", "节点"
    NONE = "none", "不比较"


def comparison_of(part: TargetPart, direction: Direction, name: str, unit_of_measure: str) -> Comparison:
    """How months of this target are compared; unit_of_measure counts where the part has no unit."""
    form, unit = part.form, part.unit or unit_of_measure
    if form in _WORDS:
        return Comparison.STAGES
    if form is TargetForm.RANK:
        return Comparison.RANK
    if part.amount is None or form is TargetForm.NOT_APPLICABLE:
        return Comparison.NONE
    if form is TargetForm.RANGE:
        return Comparison.RANGE
    if form in _RATES:
        return Comparison.RATE
    grows = is_cumulative(form, name, unit)
    if form is TargetForm.AT_MOST or (direction is Direction.LOWER and form in _GROWING):
        return Comparison.CAP if grows else Comparison.RATE_CAP
    return Comparison.CUMULATIVE if grows else Comparison.RATE


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a target at the end of a month, all amounts in the target's own unit.

    planned: the typed plan's cumulative amount for the month; None: time-proportional.
    actual None = not reported, 0 is a figure.
    """

    comparison: Comparison
    month: int
    target: Decimal | None
    upper: Decimal | None = None
    actual: Decimal | None = None
    planned: Decimal | None = None
    last_year: Decimal | None = None
    """The same months of last year, cumulative."""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A standing in figures; shares are percent of the year's target, exact.

    gap: percentage points behind plan (negative: ahead); for rates the points short of the target.
    """

    planned_share: Fraction | None = None
    actual_share: Fraction | None = None
    gap: Fraction | None = None
    growth: Fraction | None = None
    """Percent against the same months of last year."""
    reached: bool = False
    """The year's target stands already (never for caps before December)."""
    of_target: Fraction | None = None
    """For rates: the actual as percent of the target."""

    @property
    def ratio(self) -> Fraction | None:
        """Actual as percent of what was planned for the month; of the target for rates."""
        if self.planned_share and self.actual_share is not None:
            return self.actual_share / self.planned_share * 100
        return self.of_target


NO_FIGURES = Measured()


def measure(standing: Standing) -> Measured:
    """The figures of a standing; empty where target or actual is missing."""
    target, actual = standing.target, standing.actual
    growth = _growth(standing)
    if target is None:
        return Measured(growth=growth)
    if standing.comparison in (Comparison.CUMULATIVE, Comparison.CAP):
        return _against_plan(standing, target, growth)
    if actual is None:
        return Measured(growth=growth)
    if standing.comparison is Comparison.RATE:
        return _reached_or_short(Fraction(target) - Fraction(actual), target, actual, standing.strict, growth)
    if standing.comparison in (Comparison.RATE_CAP, Comparison.RANK):
        return _reached_or_short(Fraction(actual) - Fraction(target), target, actual, standing.strict, growth)
    if standing.comparison is Comparison.RANGE and standing.upper is not None:
        short = max(Fraction(target) - Fraction(actual), Fraction(actual) - Fraction(standing.upper))
        return _reached_or_short(short, target, actual, standing.strict, growth)
    return Measured(growth=growth)


def _against_plan(standing: Standing, target: Decimal, growth: Fraction | None) -> Measured:
    actual = standing.actual
    if target == 0:
        # 零事故: nothing may happen, so there is no share to speak of.
        return Measured(gap=None if actual is None else Fraction(actual), growth=growth)
    planned = (
        _SHARE_OF_MONTHS[standing.month] if standing.planned is None
        else _percent_of(standing.planned, target)
    )
    if actual is None:
        return Measured(planned_share=planned, growth=growth)
    share = _percent_of(actual, target)
    if standing.comparison is Comparison.CAP:
        reached = standing.month == 12 and share <= 100
        return Measured(planned, share, share - planned, growth, reached)
    return Measured(planned, share, planned - share, growth, share >= 100)


def _percent_of(part: Decimal, whole: Decimal) -> Fraction:
    # One fraction instead of three: twenty thousand lights are made at once.
    over, under = part.as_integer_ratio()
    by, of = whole.as_integer_ratio()
    return Fraction(over * of * 100, under * by)


def _reached_or_short(
    short: Fraction, target: Decimal, actual: Decimal, strict: bool, growth: Fraction | None
) -> Measured:
    reached = short < 0 if strict else short <= 0
    ratio = _percent_of(actual, target) if target else None
    return Measured(gap=short, growth=growth, reached=reached, of_target=ratio)


def _growth(standing: Standing) -> Fraction | None:
    if standing.actual is None or not standing.last_year:
        return None
    return _percent_of(standing.actual, standing.last_year) - 100


def forecast_share(measured: Measured, month: int) -> Fraction | None:
    """Percent of the year's target by December if the months go on as they went; None when unknown."""
    if measured.actual_share is None or not 1 <= month <= 12:
        return None
    return measured.actual_share * 12 / month


def needed_pace(standing: Standing) -> Decimal | None:
    """What each remaining month must bring so that the year's target is reached; 0 when it is.

    None where it cannot be said: no figure, no months left, or nothing that adds up.
    """
    left = 12 - standing.month
    if standing.comparison is not Comparison.CUMULATIVE or standing.target is None:
        return None
    if standing.actual is None or left <= 0:
        return None
    rest = max(standing.target - standing.actual, Decimal(0))
    exact = Fraction(rest) / left
    return round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator), 4)


def percent(share: Fraction | None, digits: int = 1) -> Decimal | None:
    """An exact share as it is printed, half-up."""
    if share is None:
        return None
    over, under = share.numerator * 10**digits, share.denominator
    whole = (2 * abs(over) + under) // (2 * under)
    return Decimal(whole if over >= 0 else -whole).scaleb(-digits)


def shares_adding_up(counts: list[int], digits: int = 1) -> list[Decimal]:
    """Percent shares in which the largest class takes what rounding leaves, so that they add to 100.

    As in a printed report of 金寨: 17, 10, 24, 9, 162 of 222 → 7.7, 4.5, 10.8, 4.1, 72.9
    (domain notes §5.5). All 0 when there is nothing to share.
    """
    total = sum(counts)
    if not total:
        return [Decimal(0) for _ in counts]
    shares = [percent(Fraction(one * 100, total), digits) or Decimal(0) for one in counts]
    largest = max(range(len(counts)), key=lambda place: (counts[place], place))
    shares[largest] = Decimal(100) - sum(
        (one for place, one in enumerate(shares) if place != largest), Decimal(0)
    )
    return shares
