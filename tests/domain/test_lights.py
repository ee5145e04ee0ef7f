"""Lights by the rules of real cities (domain notes §5.5), each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.calendar import month_end
from mbo_desktop.domain.light_presets import PRESETS, from_text, rule_of, to_text, uncovered
from mbo_desktop.domain.lights import Light, Situation, Stage, after_made_up, judge
from mbo_desktop.domain.progress import Comparison, Standing
from mbo_desktop.errors import InputError

D = Decimal
YINCHUAN = PRESETS["yinchuan"]


def situation(month: int, actual: str | None, target: str = "100", **more: object) -> Situation:
    """A cumulative target with this actual."""
    standing = Standing(
        Comparison.CUMULATIVE, month, D(target), actual=None if actual is None else D(actual)
    )
    return Situation(standing, month_end(2020, month), **more)  # type: ignore[arg-type]


def test_the_reason_is_written_as_a_clerk_writes_it() -> None:
    judged = judge(situation(7, "82", "200"), YINCHUAN)
    assert judged.light is Light.YELLOW
    assert judged.reason == "应完成58.3%,实际41.0%,差17.3个百分点,按现速度12月底约70%。"


@pytest.mark.parametrize(("actual", "light", "undefined"), [
    ("50", Light.GREEN, False), ("49.9", Light.YELLOW, True), ("40.1", Light.YELLOW, True),
    ("40", Light.YELLOW, False), ("20", Light.YELLOW, False), ("19.9", Light.RED, False),
])
def test_yinchuan_counts_both_bounds_and_leaves_a_zone_undefined(
    actual: str, light: Light, undefined: bool
) -> None:
    judged = judge(situation(6, actual), YINCHUAN)
    assert (judged.light, judged.in_undefined_zone) == (light, undefined)
    assert ("未写明" in judged.reason) is undefined


def test_the_light_of_the_undefined_zone_is_the_offices_own() -> None:
    assert judge(situation(6, "45"), replace(YINCHUAN, undefined=Light.GREEN)).light is Light.GREEN
    assert uncovered(YINCHUAN) == ["0—10"]
    assert uncovered(PRESETS["xinhuang"]) == []


def test_a_target_known_only_at_the_years_end_is_never_red_in_june() -> None:
    assert judge(situation(6, "0", year_end_only=True), YINCHUAN).light is Light.YEAR_END
    assert judge(situation(6, None, reported=False, year_end_only=True), YINCHUAN).light is Light.YEAR_END
    assert judge(situation(12, "0", year_end_only=True), YINCHUAN).light is Light.RED


@pytest.mark.parametrize(("months", "light"), [(1, Light.YELLOW), (2, Light.RED)])
def test_silence_has_its_own_bounds(months: int, light: Light) -> None:
    judged = judge(situation(6, None, reported=False, months_unreported=months), YINCHUAN)
    assert judged.light is light
    assert "未报" in judged.reason
    silent = judge(situation(6, None, reported=False, months_unreported=months), PRESETS["ouhai"])
    assert silent.light is Light.UNREPORTED


@pytest.mark.parametrize(("months", "light"), [(0, Light.GREEN), (1, Light.YELLOW), (3, Light.RED)])
def test_what_should_have_begun_and_has_not(months: int, light: Light) -> None:
    assert judge(situation(4, None, started=False, months_unstarted=months), YINCHUAN).light is light


@pytest.mark.parametrize(("actual", "light"), [("40", Light.GREEN), ("39", Light.YELLOW), ("30", Light.YELLOW), ("29", Light.RED)])
def test_xinhuang_looks_at_the_part_of_the_plan(actual: str, light: Light) -> None:
    assert judge(situation(6, actual), PRESETS["xinhuang"]).light is light


@pytest.mark.parametrize(("actual", "before", "wanted", "light"), [
    ("52", "50", "3", Light.GREEN), ("52", "50", "5", Light.YELLOW), ("49", "50", "3", Light.RED),
    ("52", None, "3", Light.YELLOW),
])
def test_tianjin_looks_at_growth(actual: str, before: str | None, wanted: str, light: Light) -> None:
    found = situation(6, actual, growth_wanted=D(wanted))
    found = replace(found, standing=replace(found.standing, last_year=D(before) if before else None))
    assert judge(found, PRESETS["tianjin"]).light is light


def test_a_month_made_up_turns_yellow_in_the_history() -> None:
    rule = PRESETS["ouhai"]
    assert judge(situation(3, "24.9"), rule).light is Light.RED
    assert after_made_up(Light.RED, [Light.RED, Light.GREEN], rule) is Light.YELLOW
    assert after_made_up(Light.RED, [Light.RED], rule) is Light.RED
    assert after_made_up(Light.RED, [Light.GREEN], YINCHUAN) is Light.RED


def test_caps_rates_and_ranks() -> None:
    day = date(2020, 6, 30)
    cap = Situation(Standing(Comparison.CAP, 6, D(20), actual=D(16)), day)
    judged = judge(cap, YINCHUAN)
    assert judged.light is Light.YELLOW
    assert judged.reason == "控制在50.0%,实际80.0%,超过控制进度30.0个百分点,按现速度12月底约160%。"
    nought = judge(Situation(Standing(Comparison.CAP, 6, D(0), actual=D(1)), day), YINCHUAN)
    assert (nought.light, nought.reason) == (Light.RED, "目标为0,实际1。")
    rate = Situation(Standing(Comparison.RATE, 6, D("9.5"), actual=D("8.2")), day)
    assert judge(rate, YINCHUAN).reason == "目标9.5,实际8.2,差1.3。"
    assert judge(rate, YINCHUAN).light is Light.YELLOW
    shrinking = Situation(Standing(Comparison.RATE, 6, D("9.5"), actual=D("-1")), day)
    assert judge(shrinking, YINCHUAN).light is Light.RED
    rank = Situation(Standing(Comparison.RANK, 6, D(3), actual=D(5)), day)
    assert judge(rank, YINCHUAN).reason == "目标前3名,实际第5名,差2位。"


def test_nodes_of_a_project() -> None:
    standing = Standing(Comparison.STAGES, 6, None)
    stages = (
        Stage("开工", date(2020, 3, 31), True), Stage("主体完工", date(2020, 6, 10), False),
        Stage("竣工", date(2020, 12, 20), False),
    )
    judged = judge(Situation(standing, date(2020, 6, 30), stages=stages), YINCHUAN)
    assert judged.light is Light.YELLOW
    assert judged.reason == "共3个节点,已完成1个;“主体完工”应于6月10日完成,已逾期20天。"
    later = judge(Situation(standing, date(2020, 8, 31), stages=stages), YINCHUAN)
    assert later.light is Light.RED


def test_without_evidence_counts_as_unmet_where_the_office_says_so() -> None:
    assert judge(situation(6, "80", unproven=True), YINCHUAN).light is Light.RED


@pytest.mark.parametrize("code", list(PRESETS))
def test_rules_are_data_and_travel_as_text(code: str) -> None:
    rule = PRESETS[code]
    assert from_text(to_text(rule)) == rule
    assert rule_of("", to_text(rule)) == rule
    assert rule_of(code, "") == rule


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"name": 1}', "不是规则"])
def test_a_broken_rule_is_said(text: str) -> None:
    with pytest.raises(InputError):
        from_text(text)


@given(st.integers(1, 12), st.decimals("0", "300", places=2), st.decimals("0.01", "50", places=2))
def test_more_done_is_never_a_worse_light(month: int, actual: D, more: D) -> None:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    for code in ("yinchuan", "xuancheng", "xinhuang", "ouhai"):
        low = judge(situation(month, str(actual)), PRESETS[code]).light
        high = judge(situation(month, str(actual + more)), PRESETS[code]).light
        assert order.index(high) <= order.index(low)


@pytest.mark.parametrize(("actual", "light"), [
    ("0", Light.GREEN), ("8", Light.GREEN), ("10", Light.GREEN), ("13", Light.YELLOW), ("20", Light.RED),
])
def test_the_part_of_the_plan_is_turned_round_for_caps(actual: str, light: Light) -> None:
    """20 deaths allowed, June: 10 are in time; fewer are better, not 欠进度."""
    cap = Situation(Standing(Comparison.CAP, 6, D(20), actual=D(actual)), date(2020, 6, 30))
    assert judge(cap, PRESETS["xinhuang"]).light is light


@pytest.mark.parametrize(("actual", "light"), [("8", Light.GREEN), ("12", Light.RED)])
def test_growth_is_turned_round_for_caps(actual: str, light: Light) -> None:
    standing = Standing(Comparison.CAP, 6, D(20), actual=D(actual), last_year=D(10))
    assert judge(Situation(standing, date(2020, 6, 30)), PRESETS["tianjin"]).light is light


def test_nothing_planned_yet_is_nothing_behind() -> None:
    found = situation(2, "0")
    found = replace(found, standing=replace(found.standing, planned=D(0)))
    for code in ("yinchuan", "xinhuang"):
        judged = judge(found, PRESETS[code])
        assert (judged.light, judged.in_undefined_zone) == (Light.GREEN, False)


def test_a_small_excess_is_told_exactly() -> None:
    rate = Situation(Standing(Comparison.RATE_CAP, 6, D("0.04"), actual=D("0.042")), date(2020, 6, 30))
    assert judge(rate, YINCHUAN).reason == "目标0.04,实际0.042,超出0.002。"
