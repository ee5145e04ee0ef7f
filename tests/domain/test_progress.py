"""Shares, gaps and paces of a target by month, against worked examples and laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.progress import (
    Comparison,
    Standing,
    comparison_of,
    forecast_share,
    measure,
    needed_pace,
    percent,
    shares_adding_up,
)
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart

D = Decimal


@pytest.mark.parametrize(("form", "direction", "name", "unit", "expected"), [
    (TargetForm.LEVEL, Direction.HIGHER, "工业投资", "亿元", Comparison.CUMULATIVE),
    (TargetForm.INCREMENT, Direction.HIGHER, "城镇新增就业", "人", Comparison.CUMULATIVE),
    (TargetForm.LEVEL, Direction.HIGHER, "森林覆盖率", "%", Comparison.RATE),
    (TargetForm.GROWTH, Direction.HIGHER, "地区生产总值", "%", Comparison.RATE),
    (TargetForm.AT_MOST, Direction.LOWER, "登记失业率", "%", Comparison.RATE_CAP),
    (TargetForm.AT_MOST, Direction.LOWER, "亿元生产总值事故死亡人数", "人", Comparison.CAP),
    (TargetForm.LEVEL, Direction.LOWER, "死亡人数", "人", Comparison.CAP),
    (TargetForm.RANK, Direction.HIGHER, "空气质量", "", Comparison.RANK),
    (TargetForm.TEXT, Direction.HIGHER, "平安建设", "", Comparison.STAGES),
    (TargetForm.NOT_APPLICABLE, Direction.HIGHER, "港口吞吐量", "万吨", Comparison.NONE),
])
def test_form_and_unit_decide_how_months_are_compared(
    form: TargetForm, direction: Direction, name: str, unit: str, expected: Comparison
) -> None:
    part = TargetPart(form, D(4) if form is not TargetForm.TEXT else None)
    assert comparison_of(part, direction, name, unit) is expected


def test_seven_months_of_time_proportional_progress() -> None:
    """The issue's example: 应完成58.3%,实际41.0%,差17.3个百分点,按现速度12月底约70%."""
    measured = measure(Standing(Comparison.CUMULATIVE, 7, D(200), actual=D(82)))
    assert percent(measured.planned_share) == D("58.3")
    assert percent(measured.actual_share) == D("41.0")
    assert percent(forecast_share(measured, 7), 0) == D(70)
    assert measured.gap == Fraction(7, 12) * 100 - 41
    assert not measured.reached


def test_a_typed_plan_goes_before_the_months() -> None:
    measured = measure(Standing(Comparison.CUMULATIVE, 3, D(100), actual=D(12), planned=D(10)))
    assert (measured.planned_share, measured.gap, measured.ratio) == (10, -2, 120)


def test_not_reported_and_nought_are_two_things() -> None:
    standing = Standing(Comparison.CUMULATIVE, 6, D(100))
    assert measure(standing).actual_share is None
    nought = measure(Standing(Comparison.CUMULATIVE, 6, D(100), actual=D(0)))
    assert (nought.actual_share, nought.gap) == (0, 50)


def test_a_cap_is_kept_below_the_part_of_the_months() -> None:
    good = measure(Standing(Comparison.CAP, 6, D(20), actual=D(8)))
    assert (good.gap, good.reached) == (-10, False)
    assert measure(Standing(Comparison.CAP, 12, D(20), actual=D(20))).reached
    assert not measure(Standing(Comparison.CAP, 12, D(20), actual=D(21))).reached
    assert measure(Standing(Comparison.CAP, 6, D(0), actual=D(1))).gap == 1


@pytest.mark.parametrize(("comparison", "target", "upper", "actual", "strict", "reached"), [
    (Comparison.RATE, "9.5", None, "9.5", False, True),
    (Comparison.RATE, "9.5", None, "9.5", True, False),
    (Comparison.RATE, "9.5", None, "9.4", False, False),
    (Comparison.RATE_CAP, "4.1", None, "4.1", False, True),
    (Comparison.RATE_CAP, "4.1", None, "4.11", False, False),
    (Comparison.RANK, "3", None, "2", False, True),
    (Comparison.RANK, "3", None, "4", False, False),
    (Comparison.RANGE, "4", "6", "5", False, True),
    (Comparison.RANGE, "4", "6", "6.1", False, False),
])
def test_rates_ranks_and_ranges_are_held_against_the_target(
    comparison: Comparison, target: str, upper: str | None, actual: str, strict: bool, reached: bool
) -> None:
    standing = Standing(
        comparison, 6, D(target), upper=D(upper) if upper else None, actual=D(actual), strict=strict
    )
    assert measure(standing).reached is reached


def test_the_needed_pace_of_the_months_left() -> None:
    standing = Standing(Comparison.CUMULATIVE, 7, D(200), actual=D(82))
    assert needed_pace(standing) == D("23.6")
    assert needed_pace(Standing(Comparison.CUMULATIVE, 7, D(200), actual=D(210))) == 0
    assert needed_pace(Standing(Comparison.CUMULATIVE, 12, D(200), actual=D(82))) is None
    assert needed_pace(Standing(Comparison.CUMULATIVE, 7, D(200))) is None


def test_growth_against_the_same_months_of_last_year() -> None:
    measured = measure(Standing(Comparison.CUMULATIVE, 6, D(100), actual=D(52), last_year=D(50)))
    assert measured.growth == 4
    assert measure(Standing(Comparison.CUMULATIVE, 6, D(100), actual=D(52))).growth is None


def test_the_table_of_a_real_report_adds_up() -> None:
    """金寨 (domain notes §5.5): printed 7.7/4.5/10.8/4.1/72.9, though the last share is 72.97."""
    assert shares_adding_up([17, 10, 24, 9, 162]) == [D("7.7"), D("4.5"), D("10.8"), D("4.1"), D("72.9")]
    assert percent(Fraction(16200, 222)) == D("73.0")
    assert shares_adding_up([0, 0]) == [0, 0]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=8).filter(any))
def test_shares_always_add_up_to_a_hundred(counts: list[int]) -> None:
    shares = shares_adding_up(counts)
    assert sum(shares) == 100
    for count, share in zip(counts, shares, strict=True):
        assert abs(share - D(count * 100) / sum(counts)) < D("0.5")


@given(
    st.integers(1, 12), st.decimals("0.01", "100000", places=2),
    st.decimals("0", "200000", places=2), st.decimals("0.1", "9", places=1),
)
def test_the_unit_of_measure_changes_no_share(month: int, target: D, actual: D, factor: D) -> None:
    one = measure(Standing(Comparison.CUMULATIVE, month, target, actual=actual))
    other = measure(Standing(Comparison.CUMULATIVE, month, target * factor, actual=actual * factor))
    assert (one.actual_share, one.gap, one.reached) == (other.actual_share, other.gap, other.reached)
