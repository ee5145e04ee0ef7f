"""Completion by form, actual and target; the words that say it; counts and the sentence of account."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import account
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.results import (
    Completion,
    SuperiorResult,
    completion_by_rule,
    read_completion,
)
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import Direction

MET, OVER, NOT = Completion.MET, Completion.EXCEEDED, Completion.NOT_MET


@pytest.mark.parametrize(("target", "unit", "actual", "last", "status"), [
    ("75", "亿元", "75", None, MET), ("75", "亿元", "75.1", None, OVER), ("75", "亿元", "74.9", None, NOT),
    ("控制在5以内", "起", "5", None, MET), ("控制在5以内", "起", "6", None, NOT),
    ("低于5", "起", "5", None, NOT), ("增长25%", "亿元", "75", "60", MET),
    ("增长25%", "亿元", "74.97", "60", MET), ("增长25%", "亿元", "74.9", "60", NOT),
    ("增长25%", "亿元", "75", None, None), ("下降5%", "吨", "94", "100", OVER),
    ("3-5", "%", "4", None, MET), ("3-5", "%", "6", None, NOT),
    ("前5名", "", "5", None, MET), ("前5名", "", "2", None, OVER),
    ("编制完成总体规划", "", "1", None, None), ("/", "亿元", "1", None, Completion.NOT_APPLICABLE),
])
def test_the_rule_by_form(
    target: str, unit: str, actual: str, last: str | None, status: Completion | None
) -> None:
    value = read_target(target, unit=unit)
    base = None if last is None else Decimal(last)
    assert completion_by_rule(value, Decimal(actual), unit=unit, last_year=base) is status


def test_missing_is_not_zero() -> None:
    value = read_target("75", unit="亿元")
    assert completion_by_rule(value, None, unit="亿元") is None
    assert completion_by_rule(value, Decimal(0), unit="亿元") is NOT
    assert completion_by_rule(None, Decimal(1)) is None


def test_a_lower_indicator_turns_the_rule_round() -> None:
    value = read_target("3.5", unit="%")
    lower = Direction.LOWER
    assert completion_by_rule(value, Decimal("3.4"), unit="%", direction=lower) is OVER
    assert completion_by_rule(value, Decimal("3.6"), unit="%", direction=lower) is NOT


@pytest.mark.parametrize(("text", "status"), [
    ("完成", MET), ("已完成", MET), ("√", MET), ("超额完成", OVER), ("基本完成", Completion.SUBSTANTIALLY_MET),
    ("未完成", NOT), ("未能完成", NOT), ("没有完成目标", NOT), ("×", NOT), ("撤销", Completion.WITHDRAWN),
    ("/", Completion.NOT_APPLICABLE), ("完成投资2.3亿元", None), ("正在施工", None),
    ("全年新建学校12所,其中小学8所,已全部完成并投入使用", None),
])
def test_words_of_completion(text: str, status: Completion | None) -> None:
    assert read_completion(text) is status


def test_the_figures_of_the_notes() -> None:
    counts = account.count([MET] * 400 + [OVER] * 86 + [NOT] * 34)
    assert account.account_sentence(2019, "市政府", "县（区）、市直部门", counts) == (
        "2019年，市政府与县（区）、市直部门共签订责任目标520项，完成和超额完成486项，"
        "占签订目标总项数的93.5%；未完成的34项，占总数的6.5%。"
    )


def test_without_decimals_the_shares_still_make_a_hundred() -> None:
    counts = account.count([MET] * 7 + [NOT])
    assert counts.shares(0) == (Decimal(88), Decimal(12))
    assert "占总数的12%。" in account.account_sentence(2019, "市政府", "县（区）", counts, 0)


def test_withdrawn_and_not_applicable_count_nowhere() -> None:
    counts = account.count([MET, Completion.WITHDRAWN, Completion.NOT_APPLICABLE, None])
    assert (counts.total, counts.undecided) == (1, 1)
    assert "占签订目标总项数的100%；未完成的0项，占总数的0%" in account.account_sentence(
        2019, "市政府", "县（区）", counts
    )
    assert account.account_sentence(2019, "市政府", "县（区）", account.count([None])) == ""


@given(
    st.lists(st.sampled_from([None, *Completion]), min_size=1, max_size=60), st.booleans(),
    st.integers(0, 3),
)
def test_shares_add_up_whatever_is_counted(
    statuses: list[Completion | None], as_met: bool, digits: int
) -> None:
    counts = account.count(statuses, substantial_counts_as_met=as_met)
    assert counts.done + counts.undone == counts.total
    assert counts.total + counts.undecided + counts.withdrawn <= len(statuses)
    if counts.total:
        done, undone = counts.shares(digits)
        assert done + undone == 100
        assert 0 <= done <= 100


def year(number: int, title: str, rank: int | None = None) -> SuperiorResult:
    return SuperiorResult(id=RecordId(number), year=number, title=title, rank=rank, points=Decimal("96.50"))


def test_three_years_in_a_row() -> None:
    found = {n: year(n, "目标管理优秀单位", 10 - (n - 2015)) for n in (2017, 2018, 2019)}
    found[2016] = year(2016, "目标管理先进单位", 9)
    assert account.superior_sentence(found, 2019, "省政府") == (
        "2019年，在省政府目标考核中得分96.5分，列第6位（比上年上升1位），连续三年被评为目标管理优秀单位。"
    )
    assert account.streak(found, 2016) == 1
    assert account.superior_sentence(found, 2015, "省政府") == ""


@given(st.lists(st.sampled_from(["优秀单位", "先进单位", ""]), min_size=1, max_size=8))
def test_a_streak_ends_at_another_title_or_a_gap(titles: list[str]) -> None:
    found = {2010 + i: year(2010 + i, title) for i, title in enumerate(titles)}
    last = 2010 + len(titles) - 1
    length = account.streak(found, last)
    if not titles[-1]:
        assert length == 0
    else:
        assert set(titles[-length:]) == {titles[-1]}
        assert length == len(titles) or titles[-length - 1] != titles[-1]
