"""Plans within the year: never falling, ending at the target; what is wrong with one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.allocations import Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.cascade import SumRule
from mbo_desktop.domain.pace import (
    against_children,
    due_in_month,
    from_last_year,
    is_cumulative,
    plan_problems,
    plan_text,
    planned_at,
    pro_rata,
)
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError

D = Decimal
MONTH, QUARTER = PlanPeriod.MONTH, PlanPeriod.QUARTER
amounts = st.decimals(0, 10**7, places=3)


def typed(*texts: str | None, period: PlanPeriod = QUARTER) -> Plan:
    return Plan(period, PlanBasis.TYPED, tuple(None if t is None else D(t) for t in texts))


@given(amounts, st.sampled_from(PlanPeriod), st.integers(0, 3), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_time_proportional_plans_never_fall_and_end_at_the_target(
    total: Decimal, period: PlanPeriod, decimals: int, until: date
) -> None:
    plan = pro_rata(total, period, decimals, until=until, year=2026)
    assert len(plan.amounts) == period.periods
    assert plan.amounts[-1] == total
    assert list(plan.amounts) == sorted(plan.amounts)  # type: ignore[type-var]
    assert plan_problems(plan, total, cumulative=True, until=until if until.year == 2026 else None) == []
    reduction = pro_rata(-total, period, decimals, until=until, year=2026)
    assert [-one for one in reduction.amounts if one is not None] == list(plan.amounts)


@given(
    amounts, st.lists(st.decimals(0, 1000, places=2), min_size=12, max_size=12), st.integers(0, 3),
    st.sampled_from(PlanPeriod), st.sets(st.integers(0, 10)),
)
def test_last_years_rhythm_never_falls_and_ends_at_the_target(
    total: Decimal, steps: list[Decimal], decimals: int, period: PlanPeriod, gaps: set[int]
) -> None:
    gone = [sum(steps[: place + 1], D(0)) for place in range(12)]
    if not gone[-1]:
        return
    year = [None if place in gaps else one for place, one in enumerate(gone)]
    plan = from_last_year(total, year, period, decimals)
    known = [one for one in plan.amounts if one is not None]
    assert known == sorted(known) and plan.amounts[-1] == total


def test_by_hand() -> None:
    assert pro_rata(D(100), QUARTER, 0).amounts == (25, 50, 75, 100)
    assert pro_rata(D(100), QUARTER, 0, until=date(2026, 6, 30)).amounts == (50, 100, 100, 100)
    assert pro_rata(D(10), MONTH, 1).amounts[:3] == (D("0.8"), D("1.7"), D("2.5"))
    assert pro_rata(D("8.5"), QUARTER, 0, cumulative=False).amounts == (D("8.5"),) * 4
    assert pro_rata(D(9), QUARTER, 0, until=date(2027, 6, 30), year=2026).amounts[0] == 2
    rhythm = from_last_year(D(200), [D(10), D(30), D(60), D(100)], QUARTER, 0)
    assert rhythm.amounts == (20, 60, 120, 200)
    assert plan_text(rhythm) == "上年节奏按季:20、60、120、200"
    assert plan_text(pro_rata(D(12), MONTH, 0)) == "序时按月(季末):3、6、9、12"
    assert plan_text(typed("5", None, "7", "9")) == "按季:5、—、7、9"
    assert plan_text(None) == plan_text(typed(None, None, None, None)) == ""


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ([D(1), D(2), D(3), None], "没有填写"),
        ([D(0), D(0), D(0), D(0)], "不大于0"),
        ([D(5), D(4), D(6), D(7)], "不递增"),
        ([D(5)] * 3, "有3期"),
    ],
)
def test_a_rhythm_that_is_none_is_refused(year: list[Decimal | None], said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_last_year(D(10), year, QUARTER, 0)


def test_what_is_planned_at_a_day() -> None:
    plan = typed("25", None, "75", "100")
    assert planned_at(plan, date(2026, 3, 30)) is None
    assert planned_at(plan, date(2026, 3, 31)) == 25
    assert planned_at(plan, date(2026, 7, 15)) == 25, "the second quarter is not planned"
    assert planned_at(plan, date(2026, 12, 31)) == 100
    assert planned_at(pro_rata(D(12), MONTH, 0), date(2024, 2, 29)) == 2


@pytest.mark.parametrize(
    ("plan", "amount", "until", "said"),
    [
        (typed("25", "50", "75", "100"), "100", None, []),
        (typed("25", "20", "75", "100"), "100", None, ["累计计划第2季度20万元,少于第1季度的25万元"]),
        (typed("25", "20", "75", "70"), "70", None,
         ["累计计划第2季度20万元,少于第1季度的25万元", "另有1处计划数下降"]),
        (typed("25", "50", "75", "95"), "100", None, ["年底计划95万元,目标为100万元"]),
        (typed("25", "50", "75", None), "100", None, ["年底没有计划数"]),
        (typed("25", None, "20", "100"), "100", None, ["累计计划第3季度20万元,少于第1季度的25万元"]),
        (typed("25", "80", "90", "100"), "100", date(2026, 6, 30),
         ["时限为2026年6月30日,第2季度计划只有80万元"]),
        (typed("25", "100", "100", "100"), "100", date(2026, 6, 30), []),
        (typed(None, None, None, None), "100", None, []),
        (typed("25", "50", "75", "95"), None, None, []),
    ],
)
def test_what_does_not_fit_in_a_plan(
    plan: Plan, amount: str | None, until: date | None, said: list[str]
) -> None:
    goal = None if amount is None else D(amount)
    assert plan_problems(plan, goal, cumulative=True, unit="万元", until=until) == said


def test_a_rate_may_fall_and_need_not_end_at_anything() -> None:
    assert plan_problems(typed("9", "8", "8", "8.5"), D("8.5"), cumulative=False) == []


def test_children_keep_up_with_the_plan_above() -> None:
    above = pro_rata(D(100), QUARTER, 0)
    fitting = [(pro_rata(D(60), MONTH, 0), "亿元"), (typed("100000", "200000", "300000", "400000"), "万元")]
    assert against_children(above, "亿元", fitting, SumRule.SUM) == ""
    late = [(pro_rata(D(60), MONTH, 0), "亿元"), (typed("100000", "150000", "300000", "400000"), "万元")]
    assert against_children(above, "亿元", late, SumRule.SUM) == "第2季度计划50亿元,下级合计只有45亿元"
    assert against_children(above, "亿元", [*late, (None, "")], SumRule.SUM) == "", "one has no plan yet"
    assert against_children(above, "亿元", [(typed("30", "50", "75", "100"), "")], SumRule.CAP) == (
        "第1季度计划25亿元,下级合计为30亿元")
    assert against_children(typed("8", "8", "8", "8"), "%", [(typed("8", "7", "8", "8"), "")],
                            SumRule.FLOOR_EACH) == "第2季度计划8%,1个下级低于它"
    assert against_children(above, "亿元", late, SumRule.NONE) == ""
    assert against_children(above, "亿元", [(typed("1", "1", "1", "1"), "项")], SumRule.SUM) == ""


def test_what_grows_over_the_year() -> None:
    assert is_cumulative(TargetForm.LEVEL, "工业投资", "亿元")
    assert is_cumulative(TargetForm.NET_INCREASE, "存款余额", "亿元")
    assert not is_cumulative(TargetForm.LEVEL, "存款余额", "亿元")
    assert not is_cumulative(TargetForm.GROWTH, "工业投资", "亿元")
    assert not is_cumulative(TargetForm.LEVEL, "城镇化率", "%")
    assert not is_cumulative(TargetForm.RANK, "招商引资", "名")


def test_what_is_due_in_a_month_of_a_quarterly_plan() -> None:
    plan = Plan(QUARTER, PlanBasis.TYPED, (D(30), D(60), None, D(120)))
    due = [due_in_month(plan, month, is_cap=False) for month in range(1, 13)]
    assert due == [0, 0, 30, 30, 30, 60, 60, 60, 60, 60, 60, 120]
    allowed = [due_in_month(plan, month, is_cap=True) for month in range(1, 13)]
    assert allowed == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
    assert due_in_month(Plan(QUARTER, PlanBasis.TYPED, (None,) * 4), 6, is_cap=False) is None
