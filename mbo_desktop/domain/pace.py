"""Plans within the year: time-proportional, in last year's rhythm, and what is wrong with one.

Domain notes §4, checks 3 and 10: a cumulative plan never falls and ends at the target, the
plans of the children keep up with their parent's. §5.5: 序时进度 is n/12 unless planned otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.allocations import Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.calendar import month_end, show_date
from mbo_desktop.domain.cascade import SumRule, ended, exactly
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError

_EXACT = Context(prec=200)
_STOCKS = re.compile(r"保有量|存量|余额|人口|总户数|在册|在校")
"""Stocks: a figure that stands at any time and does not grow from 0 over the year."""
_FLOW_AVERAGES = re.compile(r"(?:人均|户均|职工平均|平均)[^率比]{0,8}(?:收入|支出|工资|生产总值|GDP|增加值)$")
"""Averages of what flows: income per head is not added over units, but grows over the year."""
_FLOW_FORMS = frozenset({
    TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST,
    TargetForm.AT_LEAST,
})


def is_cumulative(form: TargetForm | None, name: str, unit_of_measure: str) -> bool:
    """Whether the figure grows from month to month (investment), not a rate, rank or stock."""
    if form is not None and form not in _FLOW_FORMS:
        return False
    if _FLOW_AVERAGES.search(name) and "/" not in unit_of_measure and unit_of_measure not in RATES:
        return True
    if form in (TargetForm.INCREMENT, TargetForm.NET_INCREASE):
        return is_additive(name, unit_of_measure)
    return is_additive(name, unit_of_measure) and not _STOCKS.search(name)


# Making a plan ----------------------------------------------------------------


def pro_rata(
    total: Decimal, period: PlanPeriod, decimals: int, *, until: date | None = None,
    year: int | None = None, cumulative: bool = True,
) -> Plan:
    """Equal steps from the beginning of the year to the total in the period of `until`.

    until None, or in a later year than `year`: the end of the year. A rate or stock
    (cumulative False) is to stand at its full amount in every period. Never falls for a
    total above 0, and the last amount is the total; rounded half-up to `decimals`, or to as
    many digits as the total has.
    """
    steps = _periods_until(period, until, year) if cumulative else 1
    digits = max(decimals, digits_of(total))
    shares = [Fraction(min(number, steps), steps) for number in range(1, period.periods + 1)]
    return Plan(period, PlanBasis.PRO_RATA, tuple(_part(total, one, digits) for one in shares))


def from_last_year(
    total: Decimal, last_year: Sequence[Decimal | None], period: PlanPeriod, decimals: int
) -> Plan:
    """The total in the rhythm of last year's cumulative actuals (12 months, or 4 quarters).

    A period without a figure stays unplanned. Raises InputError when the year's end is
    missing or not above 0, when the figures fall or are negative, or when there are fewer
    of them than the plan needs.
    """
    if len(last_year) == 12 and period is PlanPeriod.QUARTER:
        last_year = last_year[2::3]
    if len(last_year) != period.periods:
        raise InputError(
            f"上年实绩有{len(last_year)}期,{period.label}计划需要{period.periods}期。", "请改为按季,或补全各月实绩。"
        )
    end = last_year[-1]
    if end is None or end <= 0:
        raise InputError("上年全年实绩没有填写或不大于0,不能按上年节奏安排。", "请改用序时或逐期填报。")
    known = [one for one in last_year if one is not None]
    if known[0] < 0 or any(b < a for a, b in pairwise(known)):
        raise InputError("上年累计实绩前后不递增,不能按上年节奏安排。", "请核对上年各期累计数。")
    digits = max(decimals, digits_of(total))
    return Plan(period, PlanBasis.LAST_YEAR, tuple(
        None if one is None else _part(total, Fraction(one) / Fraction(end), digits)
        for one in last_year
    ))


def digits_of(amount: Decimal) -> int:
    """Digits after the point: 12.50 has one."""
    exponent = amount.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _part(total: Decimal, share: Fraction, digits: int) -> Decimal:
    exact = Fraction(total) * share * 10**digits
    # Half-up, away from zero, without passing through a decimal that does not end.
    steps = int(abs(exact) + Fraction(1, 2))
    return Decimal(-steps if exact < 0 else steps).scaleb(-digits)


def _periods_until(period: PlanPeriod, until: date | None, year: int | None) -> int:
    if until is None or (year is not None and until.year > year):
        return period.periods
    if year is not None and until.year < year:
        return 1
    return _number_of(period, until.month)


def _number_of(period: PlanPeriod, month: int) -> int:
    """The period in which a month ends: 1 to 12 or 1 to 4."""
    return month if period is PlanPeriod.MONTH else (month + 2) // 3


# Reading a plan ---------------------------------------------------------------


def planned_at(plan: Plan, day: date) -> Decimal | None:
    """What the plan asks for at the close of a day of its year: the last period that ended by then.

    A period that is not planned leaves the one before standing; None before the first.
    """
    step = 12 // plan.period.periods
    found = None
    for place, amount in enumerate(plan.amounts):
        if amount is not None and month_end(day.year, (place + 1) * step) <= day:
            found = amount
    return found


def due_in_month(plan: Plan, month: int, *, is_cap: bool) -> Decimal | None:
    """What the plan asks for by the end of a month, 1 to 12; None: nothing is planned at all.

    Between two planned periods the one that ended stands, before the first nothing is due. A
    cap (what may have happened by then) grows evenly between them: with 10 by the end of
    March, 4 by the end of January are too many.
    """
    step = 12 // plan.period.periods
    known = [((place + 1) * step, one) for place, one in enumerate(plan.amounts) if one is not None]
    if not known:
        return None
    begun, before = max((one for one in known if one[0] <= month), default=(0, Decimal(0)))
    later = next((one for one in known if one[0] > month), None)
    if not is_cap or begun == month or later is None:
        return before
    end, after = later
    share = Fraction(after - before) * (month - begun) / (end - begun)
    return before + Decimal(share.numerator) / Decimal(share.denominator)


def plan_text(plan: Plan | None) -> str:
    """A short text for a column: 「按季:25、50、75、100」, for months the ends of the quarters."""
    if plan is None or all(one is None for one in plan.amounts):
        return ""
    step = 12 // plan.period.periods
    shown = plan.amounts if step == 3 else plan.amounts[2::3]
    months = "" if step == 3 else "(季末)"
    texts = "、".join("—" if one is None else show(one) for one in shown)
    how = "" if plan.basis is PlanBasis.TYPED else plan.basis.label
    return f"{how}{plan.period.label}{months}:{texts}"


def period_name(period: PlanPeriod, place: int) -> str:
    """「3月」, 「第1季度」 for the place-th amount, from 0."""
    return f"{place + 1}月" if period is PlanPeriod.MONTH else f"第{place + 1}季度"


# What is wrong with a plan ----------------------------------------------------


def plan_problems(
    plan: Plan, amount: Decimal | None, *, cumulative: bool, unit: str = "",
    until: date | None = None,
) -> list[str]:
    """What does not fit in a plan by itself: it falls, or does not end at the target.

    amount None or a rate (cumulative False): only what can be said without it.
    """
    said = []
    known = [(place, one) for place, one in enumerate(plan.amounts) if one is not None]
    if not known:
        return []
    falls = _falls(plan, known, unit) if cumulative else []
    said += falls[:1] + ([f"另有{len(falls) - 1}处计划数下降"] if len(falls) > 1 else [])
    if not cumulative or amount is None:
        return said
    last = plan.amounts[-1]
    if last is None:
        said.append("年底没有计划数")
    elif last != amount:
        said.append(f"年底计划{show(last)}{unit},目标为{show(amount)}{unit}")
    elif until is not None:
        place = _number_of(plan.period, until.month) - 1
        at_due = plan.amounts[place]
        if at_due is not None and abs(at_due) < abs(amount) and until.month < 12:
            name = period_name(plan.period, place)
            said.append(f"时限为{show_date(until)},{name}计划只有{show(at_due)}{unit}")
    return said


def _falls(plan: Plan, known: Sequence[tuple[int, Decimal]], unit: str) -> list[str]:
    found = []
    for (before, high), (place, low) in pairwise(known):
        # A reduction is planned downwards all the way; only a change of direction is wrong.
        if abs(low) < abs(high):
            first, then = period_name(plan.period, before), period_name(plan.period, place)
            found.append(f"累计计划{then}{show(low)}{unit},少于{first}的{show(high)}{unit}")
    return found


def against_children(
    plan: Plan, unit: str, children: Sequence[tuple[Plan | None, str]], rule: SumRule
) -> str:
    """Where the children's plans first fall behind (control targets: exceed) their parent's; "".

    Compared only when all children have a plan, at periods planned by everybody, and in
    units that can be converted. The year's end is left out: there the amounts themselves
    are compared (`cascade.coverage`).
    """
    if rule is SumRule.NONE or not children:
        return ""
    plans = [(one, own or unit) for one, own in children if one is not None]
    if len(plans) < len(children):
        return ""
    step = 12 // plan.period.periods
    with localcontext(_EXACT):
        for month in range(step, 12, step):
            goal = plan.amounts[month // step - 1]
            known = None if goal is None else _amounts_at(plans, month, unit)
            found = "" if goal is None or known is None else _behind(goal, known, rule, unit)
            if found:
                name = period_name(plan.period, month // step - 1)
                return f"{name}计划{show(goal or Decimal(0))}{unit},{found}"
    return ""


def _amounts_at(
    plans: Sequence[tuple[Plan, str]], month: int, unit: str
) -> list[Decimal] | list[Fraction] | None:
    """What all plans ask for at the end of a month, None where one has nothing for it."""
    found: list[Decimal] = []
    strange = False
    for plan, own in plans:
        step = 12 // plan.period.periods
        amount = plan.amounts[month // step - 1] if month % step == 0 else None
        if amount is None:
            return None
        found.append(amount)
        strange = strange or own != unit
    if not strange:
        return found
    scaled = [exactly(one, own, unit) for one, (_plan, own) in zip(found, plans, strict=True)]
    known = [one for one in scaled if one is not None]
    return known if len(known) == len(scaled) else None


def _behind(
    goal: Decimal, amounts: list[Decimal] | list[Fraction], rule: SumRule, unit: str
) -> str:
    scaled = isinstance(amounts[0], Fraction)
    limit = Fraction(goal) if scaled else goal
    total = sum(amounts, Fraction(0) if scaled else Decimal(0))
    if rule is SumRule.SUM and total < limit:
        return f"下级合计只有{_shown(total)}{unit}"
    if rule is SumRule.CAP and total > limit:
        return f"下级合计为{_shown(total)}{unit}"
    low = sum(one < limit for one in amounts)
    high = sum(one > limit for one in amounts)
    if rule is SumRule.FLOOR_EACH and low:
        return f"{low}个下级低于它"
    if rule is SumRule.CEILING_EACH and high:
        return f"{high}个下级高于它"
    return ""


def _shown(exact: Decimal | Fraction) -> str:
    return show(exact if isinstance(exact, Decimal) else ended(exact))
