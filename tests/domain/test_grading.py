"""Totals, conversions, ranks, quotas and vetoes (domain notes §3.5–3.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.grading import (
    GradeRule,
    VetoEffect,
    grades,
    ranks,
    roll_up,
    total,
    weighted,
)
from mbo_desktop.domain.scoring.item import ItemScore
from mbo_desktop.errors import InputError

D = Decimal
GRADES = (
    GradeRule("优秀", D(90), quota_share=D(30)), GradeRule("良好", D(75)), GradeRule("一般", D(60)),
    GradeRule("较差"),
)


def test_a_unit_with_fewer_items_is_converted() -> None:
    """74 of 88 → 84.09 (§3.5, missing items by ratio)."""
    scores = [ItemScore(1, D(74), D(88)), ItemScore(1, None, D(12), counts=False)]
    found = total(scores, D(100))
    assert (found.raw, found.full, found.printed) == (D(74), D(88), D("84.09"))
    assert total(scores, None).printed == D("84.09")


def test_special_tasks_are_converted_back() -> None:
    """朔州 [S19c]: (88.2+9)/(100+10)·100 = 88.36."""
    found = total([ItemScore(1, D("88.2"), D(100)), ItemScore(1, D(9), D(10))], D(100))
    assert found.printed == D("88.36")


def test_missing_figures_make_a_total_provisional() -> None:
    found = total([ItemScore(1, D(50), D(60)), ItemScore(1, None, D(40), missing=True)], D(100))
    assert (found.printed, found.missing) == (D("50.00"), 1)
    bonus = total([ItemScore(1, D(50), D(60))], None, bonus=D("1.5"), deduction=D(2))
    assert bonus.printed == D("49.50")


def test_components_by_weight() -> None:
    """Typical 70/15/15: 90, 85, 92 → 89.55 (§3.5)."""
    assert weighted([(D(70), D(90)), (D(15), D(85)), (D(15), D(92))]) == D("89.55")
    assert weighted([(D(25), D("3.2")), (D(25), D("3.6")), (D(15), D("3.0")), (D(35), D("3.8"))]) == D("3.48")
    assert weighted([(D(70), D(90)), (D(30), None)]) is None
    with pytest.raises(InputError, match="90"):
        weighted([(D(70), D(90)), (D(20), D(85))])


def test_periods_of_a_year() -> None:
    """[S6]: 15/25/25/35 % of 3.2, 3.6, 3.0, 3.8 → 3.46."""
    parts = [(D(15), D("3.2")), (D(25), D("3.6")), (D(25), D("3.0")), (D(35), D("3.8"))]
    assert weighted(parts) == D("3.46")


def test_ranks_on_the_printed_figure() -> None:
    assert ranks({1: D("90.00"), 2: D("91.25"), 3: D("90.00"), 4: D("80")}) == {2: 1, 1: 2, 3: 2, 4: 4}
    assert ranks({1: D(90), 2: D(90)}, {1: D(1), 2: D(3)}) == {2: 1, 1: 2}


def test_quotas_and_who_takes_no_place() -> None:
    totals = {place: D(99 - place) for place in range(10)}
    found = grades(totals, GRADES)
    assert [unit for unit, one in found.items() if one.grade == "优秀"] == [0, 1, 2]
    barred = grades(totals, GRADES, {0: [VetoEffect.DISQUALIFY], 1: [VetoEffect.FORCE_GRADE]})
    assert [unit for unit in totals if barred[unit].grade == "优秀"] == [2, 3, 4]
    assert (barred[0].grade, barred[1].grade) == ("良好", "较差")
    assert "一票否决" in barred[0].reason


def test_equal_places_across_the_edge_stay_out() -> None:
    totals = {1: D(95), 2: D(94), 3: D(94), 4: D(80)}
    rules = (GradeRule("优秀", D(90), quota=2), GradeRule("良好", D(75)), GradeRule("较差"))
    found = grades(totals, rules)
    assert [found[unit].grade for unit in totals] == ["优秀", "良好", "良好", "良好"]
    broken = grades(totals, rules, tie_break={3: D(1)})
    assert [broken[unit].grade for unit in totals] == ["优秀", "良好", "优秀", "良好"]


@pytest.mark.parametrize(("points", "grade"), [("90", "优秀"), ("89.99", "良好"), ("75", "良好"), ("60", "一般"), ("59.99", "较差")])
def test_thresholds_count_in(points: str, grade: str) -> None:
    """以上含本数 [S51]."""
    rules = (GradeRule("优秀", D(90)), *GRADES[1:])
    assert grades({1: D(points)}, rules)[1].grade == grade


def test_roll_up_of_townships() -> None:
    """南昌 2009 [S43]: (300·9+200·8)/500 → 8.60."""
    assert roll_up([(D(300), D(9)), (D(200), D(8))]) == D("8.60")
    assert roll_up([]) is None


def test_without_rules_no_grades() -> None:
    with pytest.raises(InputError):
        grades({1: D(1)}, ())


@given(st.dictionaries(st.integers(1, 30), st.decimals("0", "100", places=2), min_size=1), st.integers(0, 100))
def test_everybody_gets_one_grade_and_quotas_hold(totals: dict[int, D], share: int) -> None:
    rules = (GradeRule("优秀", D(50), quota_share=D(share)), GradeRule("良好", D(30)), GradeRule("较差"))
    found = grades(totals, rules)
    assert found.keys() == totals.keys()
    assert sum(one.grade == "优秀" for one in found.values()) <= share * len(totals) // 100
    place = ranks(totals)
    worst_best = max((place[unit] for unit in totals if found[unit].grade == "优秀"), default=0)
    others = [place[unit] for unit in totals if found[unit].grade == "良好"]
    assert all(one >= worst_best for one in others)
