"""Outside figures: hand-typed periods, ranks and neighbours, gaps, bounds from outside."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outside import (
    Amount,
    OutsideFigure,
    Standing,
    bound_amount,
    bound_note,
    bound_of,
    gap,
    read_neighbours,
    read_period,
    read_rank,
    shift_of,
    show_neighbours,
    show_period,
    show_rank,
)
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import Direction, OutsideBound, TargetForm, TargetPart
from mbo_desktop.errors import InputError

numbers = st.decimals(min_value=-10**6, max_value=10**6, places=2)


@pytest.mark.parametrize(("text", "period"), [
    ("2020", "2020"), ("2020年", "2020"), (" 2020年度 ", "2020"), ("2020年上半年", "2020H1"),
    ("2020下半年", "2020H2"), ("2020年三季度", "2020Q3"), ("2020年第2季度", "2020Q2"),
    ("2020Q4", "2020Q4"), ("2020年6月", "2020-06"), ("2020-11", "2020-11"), ("2020.3", "2020-03"),
])
def test_periods(text: str, period: str) -> None:
    assert read_period(text) == period
    assert read_period(show_period(period)) == period


@pytest.mark.parametrize("text", ["", "20", "2020年13月", "2020Q5", "去年", "二〇二〇"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InputError):
        read_period(text)


@given(st.integers(1, 99), st.none() | st.integers(0, 99))
def test_ranks_come_back(rank: int, more: int | None) -> None:
    ranked = None if more is None else rank + more
    assert read_rank(show_rank(rank, ranked)) == (rank, ranked)


@pytest.mark.parametrize("text", ["0", "12/11", "前三", "3.5", ""])
def test_what_is_no_rank(text: str) -> None:
    with pytest.raises(InputError):
        read_rank(text)


def test_neighbours_in_one_cell() -> None:
    found = read_neighbours("衢州 8.2%、丽水:7.9% ;金华=1,234.5", "亿元")
    assert [(one.name, one.amount.value, one.amount.unit) for one in found] == [
        ("衢州", Decimal("8.2"), "%"), ("丽水", Decimal("7.9"), "%"), ("金华", Decimal("1234.5"), ""),
    ]
    assert read_neighbours(show_neighbours(found), "亿元") is not None
    with pytest.raises(InputError):
        read_neighbours("衢州、丽水7.9%", "%")


@given(numbers, numbers, st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_gap_is_opposite_from_the_other_side(
    own: Decimal, other: Decimal, direction: Direction
) -> None:
    here = gap(Amount(own), Amount(other), direction)
    there = gap(Amount(other), Amount(own), direction)
    assert here is not None
    assert there is not None
    assert here.difference == -there.difference
    standings = {here.standing, there.standing}
    assert standings in ({Standing.LEVEL}, {Standing.AHEAD, Standing.BEHIND})
    flipped = gap(Amount(own), Amount(other), Direction.LOWER if direction is Direction.HIGHER else Direction.HIGHER)
    assert flipped is not None
    assert (flipped.standing is here.standing) == (own == other)


def test_no_gap_between_a_level_and_a_growth() -> None:
    assert gap(Amount(Decimal(100)), Amount(Decimal(8), "%"), Direction.HIGHER) is None
    assert gap(None, Amount(Decimal(8)), Direction.HIGHER) is None


@pytest.mark.parametrize(("text", "bound"), [
    ("年终根据全省平均水平综合考核", OutsideBound.PROVINCE_AVERAGE),
    ("不低于全省平均水平", OutsideBound.PROVINCE_AVERAGE),
    ("按照省定目标考核", OutsideBound.PROVINCE_TARGET),
    ("达到十三五规划目标", OutsideBound.PLAN),
    ("完成市政府下达的任务", None),
    ("编制完成总体规划", None),
    ("8.5", None),
])
def test_words_that_bind_a_target_to_outside(text: str, bound: OutsideBound | None) -> None:
    value = read_target(text, unit="%")
    assert value is not None
    assert bound_of(value.counted, value.text) is bound


def test_what_was_said_outright_wins_over_the_words() -> None:
    part = TargetPart(TargetForm.TEXT, text="不低于全省平均水平", bound=OutsideBound.STATED)
    assert bound_of(part) is None
    part = TargetPart(TargetForm.TEXT, text="完成任务", bound=OutsideBound.PLAN)
    assert bound_of(part) is OutsideBound.PLAN


def test_the_bound_comes_to_a_number_when_the_figure_is_known() -> None:
    figure = OutsideFigure(
        id=RecordId(1), indicator=RecordId(2), period="2016",
        province_average=Amount(Decimal("7.7"), "%"), province_target=read_target("8%", unit="%"),
    )
    average = OutsideBound.PROVINCE_AVERAGE
    assert bound_amount(average, None) is None
    assert bound_note(average, None) == "全省平均:尚未录入"
    assert bound_note(average, bound_amount(average, figure)) == "全省平均:7.7%"
    words = "高于全省平均水平1个百分点"
    assert bound_note(average, bound_amount(average, figure, "%", words)) == "全省平均:8.7%"
    assert shift_of("低于全省平均0.5个百分点") == Decimal("-0.5")
    target = bound_amount(OutsideBound.PROVINCE_TARGET, figure, "%")
    assert target is not None
    assert target.value == 8
