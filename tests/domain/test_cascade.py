"""Quantities of a branch: the rule between target and parts, exact splits, what is left."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.cascade import (
    Part,
    SplitRule,
    SumRule,
    converted,
    coverage,
    pressed,
    split,
    sum_rule,
)
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError

D = Decimal
UP, DOWN = Direction.HIGHER, Direction.LOWER


@pytest.mark.parametrize(
    ("form", "direction", "name", "unit", "rule"),
    [
        (TargetForm.LEVEL, UP, "工业投资", "亿元", SumRule.SUM),
        (None, UP, "工业投资", "亿元", SumRule.SUM),
        (TargetForm.INCREMENT, UP, "新增城镇就业", "人", SumRule.SUM),
        (TargetForm.AT_LEAST, UP, "造林", "亩", SumRule.SUM),
        (TargetForm.LEVEL, DOWN, "各类事故死亡人数", "人", SumRule.CAP),
        (TargetForm.AT_MOST, DOWN, "化学需氧量排放量", "吨", SumRule.CAP),
        (TargetForm.AT_MOST, UP, "新增建设用地", "亩", SumRule.CAP),
        (TargetForm.GROWTH, UP, "地区生产总值", "亿元", SumRule.FLOOR_EACH),
        (TargetForm.GROWTH, DOWN, "财政支出增幅", "%", SumRule.CEILING_EACH),
        (TargetForm.DECREASE_RATE, DOWN, "单位GDP能耗", "吨标煤/万元", SumRule.FLOOR_EACH),
        (TargetForm.LEVEL, UP, "城镇化率", "%", SumRule.FLOOR_EACH),
        (TargetForm.AT_MOST, DOWN, "人口自然增长率", "‰", SumRule.CEILING_EACH),
        (TargetForm.RANK, UP, "招商引资", "", SumRule.NONE),
        (TargetForm.TEXT, UP, "完成机构改革", "", SumRule.NONE),
        (TargetForm.LEVEL, Direction.RANGE, "居民消费价格", "亿元", SumRule.NONE),
        (TargetForm.NOT_APPLICABLE, UP, "工业投资", "亿元", SumRule.NONE),
    ],
)
def test_the_rule_follows_form_direction_and_measure(
    form: TargetForm, direction: Direction, name: str, unit: str, rule: SumRule
) -> None:
    assert sum_rule(form, direction, name, unit) is rule


def test_units_are_converted_exactly_or_not_at_all() -> None:
    assert converted(D("1.25"), "亿元", "万元") == D(12500)
    assert converted(D(2), "公顷", "亩") == D(30)
    assert converted(D(10), "亩", "公顷") is None, "two thirds do not end"
    assert converted(D(3), "亿元", "人") is None
    assert converted(D(3), "项任务", "项任务") == 3, "a unit nobody knows is itself"


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**4), st.booleans(), st.integers(0, 500), st.sampled_from(["", "万元"])
        ),
        min_size=1, max_size=25,
    ),
    st.integers(0, 10**6), st.sampled_from([SplitRule.EVEN, SplitRule.LAST_YEAR, SplitRule.WEIGHT]),
    st.integers(0, 20), st.randoms(use_true_random=False),
)
def test_parts_add_up_exactly_in_any_order_and_locked_ones_stay(
    rows: list[tuple[int, bool, int, str]], more: int, rule: SplitRule, percent: int, random: Random
) -> None:
    parts = [
        Part(place, f"第{place}镇", unit, value=D(value), last_year=D(base), weight=D(base), locked=lock)
        for place, (base, lock, value, unit) in enumerate(rows)
    ]
    if all(part.locked for part in parts):
        return

    def in_yi(amount: Decimal, part: Part) -> Fraction:
        return Fraction(amount) / (10_000 if part.unit_of_measure else 1)

    locked = sum((in_yi(part.value, part) for part in parts if part.locked), Fraction(0))
    total = D(int(locked * 10_000) + more).scaleb(-4)
    found = split(total, parts, rule, 4, unit_of_measure="亿元", pressure=D(percent))
    assert sum(in_yi(found[part.key], part) for part in parts) == Fraction(pressed(total, D(percent), 4))
    assert all(found[part.key] == part.value for part in parts if part.locked)
    random.shuffle(parts)
    assert split(total, parts, rule, 4, unit_of_measure="亿元", pressure=D(percent)) == found


def test_a_split_by_hand() -> None:
    towns = [Part(1, "城关镇", last_year=D(30)), Part(2, "王庄镇", last_year=D(20)),
             Part(3, "李集乡", value=D(5), locked=True)]
    assert split(D(100), towns, SplitRule.LAST_YEAR, 0) == {1: 57, 2: 38, 3: 5}
    assert split(D(100), towns, SplitRule.EVEN, 1) == {1: D("47.5"), 2: D("47.5"), 3: 5}
    # 10 亿元 to be carried in 万元
    assert split(D(10), [Part(1, "甲", "万元"), Part(2, "乙")], SplitRule.EVEN, 1,
                 unit_of_measure="亿元") == {1: 50_000, 2: 5}


def test_pressure_is_rounded_in_its_own_direction() -> None:
    assert pressed(D(101), D(3), 0) == 105
    assert pressed(D(101), D(-3), 0) == 97
    assert pressed(D("33.3"), D(0), 0) == D("33.3")


def test_shares_below_a_hundred_leave_a_rest_and_above_are_refused() -> None:
    parts = [Part(1, "甲", share=D(40)), Part(2, "乙", share=D(30))]
    assert split(D(200), parts, SplitRule.SHARE, 0) == {1: 80, 2: 60}
    over = [*parts, Part(3, "丙", share=D("30.01"))]
    with pytest.raises(InputError, match=r"份额合计100\.01%"):
        split(D(200), over, SplitRule.SHARE, 0)
    locked = [Part(1, "甲", share=D(50)), Part(2, "乙", value=D(100), locked=True)]
    assert split(D(200), locked, SplitRule.SHARE, 0) == {1: 100, 2: 100}


@pytest.mark.parametrize(
    ("parts", "rule", "said"),
    [
        ([], SplitRule.EVEN, "没有可以拆分到的下级"),
        ([Part(1, "甲"), Part(2, "乙")], SplitRule.LAST_YEAR, "“甲”等2项没有上年实绩"),
        ([Part(1, "甲", weight=D(1)), Part(2, "乙")], SplitRule.WEIGHT, "“乙”没有权重"),
        ([Part(1, "甲")], SplitRule.SHARE, "“甲”没有份额"),
        ([Part(1, "甲", "人")], SplitRule.EVEN, "“甲”的计量单位“人”与上级的“亩”不能换算"),
        ([Part(1, "甲", "公顷"), Part(2, "乙")], SplitRule.EVEN, "除不尽"),
        ([Part(1, "甲", value=D(9), locked=True)], SplitRule.EVEN, "各单位都已锁定"),
        ([Part(1, "甲", weight=D(0)), Part(2, "乙", weight=D(0))], SplitRule.WEIGHT, "都是0"),
    ],
)
def test_what_cannot_be_split_is_told(parts: list[Part], rule: SplitRule, said: str) -> None:
    with pytest.raises(InputError, match=said):
        split(D(100), parts, rule, 0, unit_of_measure="亩")


def test_a_locked_empty_part_is_left_alone() -> None:
    assert split(D(10), [Part(1, locked=True), Part(2)], SplitRule.EVEN, 0) == {2: 10}


@pytest.mark.parametrize(
    ("parent", "children", "rule", "holds", "words"),
    [
        ("100", ["60", "30"], SumRule.SUM, False, "还差10亿元"),
        ("100", ["60", "40"], SumRule.SUM, True, ""),
        ("100", ["63", "40"], SumRule.SUM, True, "加压3%"),
        ("100", ["60", None], SumRule.SUM, True, "还差40亿元"),
        ("100", ["60", "0"], SumRule.SUM, False, "还差40亿元"),
        ("0", ["0", "5"], SumRule.SUM, True, "超过5亿元"),
        ("100", ["60", "43"], SumRule.CAP, False, "超出控制数3亿元"),
        ("100", ["60", "30"], SumRule.CAP, True, "余10亿元"),
        ("100", ["160", None], SumRule.CAP, False, "超出控制数60亿元"),
        ("8", ["9", "7", "8"], SumRule.FLOOR_EACH, False, "1项低于8亿元"),
        ("8", ["9", "7", "8"], SumRule.CEILING_EACH, False, "1项高于8亿元"),
        ("8", ["9", "7", "8"], SumRule.NONE, True, ""),
        ("100", [None, None], SumRule.SUM, True, ""),
        ("100", [], SumRule.SUM, True, ""),
    ],
)
def test_coverage_by_hand(
    parent: str, children: list[str | None], rule: SumRule, holds: bool, words: str
) -> None:
    amounts = [(None if one is None else D(one), "") for one in children]
    found = coverage(D(parent), "亿元", amounts, rule)
    assert (found.holds, found.words) == (holds, words)
    assert found.not_set == children.count(None)


def test_coverage_converts_units_and_counts_what_it_cannot() -> None:
    found = coverage(D(100), "公顷", [(D(750), "亩"), (D(50), "公顷")], SumRule.SUM)
    assert found.holds and found.rest == 0 and found.words == ""
    found = coverage(D(100), "公顷", [(D(740), "亩"), (D(50), "")], SumRule.SUM)
    assert not found.holds and found.words == "还差0.666667公顷"
    found = coverage(D(100), "公顷", [(D(60), ""), (D(7), "项")], SumRule.SUM)
    assert found.strange == 1 and found.given == 60 and found.holds


@given(
    st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=20),
    st.decimals(1, 10**6, places=2), st.randoms(use_true_random=False),
)
def test_coverage_is_exact_whatever_the_order(
    amounts: list[Decimal], parent: Decimal, random: Random
) -> None:
    children = [(one, "") for one in amounts]
    found = coverage(parent, "吨", children, SumRule.SUM)
    assert found.given is not None and found.rest is not None
    assert found.given + found.rest == parent
    assert found.holds == (sum(amounts) >= parent)
    assert coverage(parent, "吨", children, SumRule.CAP).holds == (sum(amounts) <= parent)
    random.shuffle(children)
    assert coverage(parent, "吨", children, SumRule.SUM) == found
