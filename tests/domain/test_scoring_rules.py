"""Every rule family against the worked examples of published regulations (domain notes §3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.scoring.attainment import Bands, Control, Met, Range, Ratio, Steps
from mbo_desktop.domain.scoring.combining import (
    Either,
    Fixed,
    Limits,
    NotWorse,
    Proven,
    Sum,
    When,
)
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.formula import Formula, check
from mbo_desktop.domain.scoring.item import Item, MissingPolicy, explain, kinds_of, score_item
from mbo_desktop.domain.scoring.presets import PRESETS, preset
from mbo_desktop.domain.scoring.relative import Advance, Efficacy, Rank
from mbo_desktop.domain.scoring.rule import from_data, to_data
from mbo_desktop.domain.scoring.tallies import (
    Events,
    Grade,
    Milestones,
    Raters,
    Vote,
)
from mbo_desktop.errors import InputError

D = Decimal


def facts(full: str = "10", **more: Any) -> Facts:
    """Facts with decimals given as texts."""
    numbers = {"target", "actual", "base", "upper", "given"}
    read = {name: D(value) if name in numbers and value is not None else value for name, value in more.items()}
    return Facts(D(full), **read)


def score(rule: Any, one: Facts, *others: Facts, digits: int = 2) -> Decimal | None:
    """The printed points of one unit in its group."""
    one.unit = one.unit or 1
    for place, other in enumerate(others, 2):
        other.unit = other.unit or place
    return score_item(Item(rule, digits), [one, *others])[one.unit].points


@pytest.mark.parametrize(("rule", "full", "target", "actual", "points"), [
    # Pro rata, from 贵阳, source S2:
    (Ratio(), "12", "150", "135", "10.80"), (Ratio(), "12", "150", "200", "12.00"),
    (Ratio(), "12", "8", "-1", "0.00"), (Ratio(), "12", "0", "3", "12.00"), (Ratio(), "12", "0", "-3", "0.00"),
    # With a cap of 120 %, source S39:
    (Ratio(cap=D("1.2")), "10", "10", "13", "12.00"), (Ratio(cap=D("1.2")), "10", "100", "75", "7.50"),
    (Ratio(cap=D("1.2")), "0.5", "25", "24", "0.48"), (Ratio(cap=D("1.2")), "0.5", "25", "40", "0.60"),
    # Steps over, pro rata under, from 金华, source S15a:
    (preset("R03").rule, "15", "500", "530", "18.00"), (preset("R03").rule, "15", "500", "450", "13.50"),
    (preset("R03").rule, "15", "500", "600", "18.00"), (preset("R03").rule, "15", "500", "500", "15.00"),
    # From 湘西, source S35; over by 25 % gives 100.4 in whole steps:
    (preset("R05").rule, "100", "100", "125", "100.40"), (preset("R05").rule, "100", "100", "75", "99.60"),
    # Reached or nothing, with steps, source S36:
    (preset("R06").rule, "60", "100", "100", "60.00"), (preset("R06").rule, "60", "100", "99", "0.00"),
    (preset("R06").rule, "60", "100", "135", "61.50"), (preset("R06").rule, "60", "100", "900", "70.00"),
    # All or nothing:
    (Met(), "5", "90", "90", "5.00"), (Met(), "5", "90", "89.9", "0.00"),
    # A table in steps of ten, source S16:
    (preset("R08").rule, "40", "100", "86", "32.00"), (preset("R08").rule, "40", "100", "112", "43.00"),
    (preset("R08").rule, "40", "100", "100", "40.00"), (preset("R08").rule, "40", "100", "49.9", "0.00"),
    (preset("R08").rule, "40", "100", "190", "49.00"), (preset("R08").rule, "40", "100", "50", "20.00"),
])
def test_attainment(rule: Any, full: str, target: str, actual: str, points: str) -> None:
    assert score(rule, facts(full, target=target, actual=actual)) == D(points)


@pytest.mark.parametrize(("actual", "points"), [("92", "6.00"), ("87", "2.00"), ("80", "0.00"), ("105", "10.00")])
def test_r04_steps_on_a_rate_are_percentage_points(actual: str, points: str) -> None:
    """衢州 [S14]: W5, T90 %, +0.5 per pp up to W, −1 per pp down to 0."""
    assert score(preset("R04").rule, facts("5", target="90", actual=actual, is_rate=True)) == D(points)


def test_no_step_is_lost_to_binary_floats() -> None:
    """(12/10−1)×10 is two steps (domain notes §9.2)."""
    rule = Steps(over_step=D(10), gain=D(1))
    assert score(rule, facts("10", target="10", actual="12")) == D("12.00")
    assert score(rule, facts("10", target="0.3", actual="0.36")) == D("12.00")


@pytest.mark.parametrize(("whole", "points"), [(True, "12.00"), (False, "12.50")])
def test_steps_are_whole_or_pro_rata_as_said(whole: bool, points: str) -> None:
    rule = Steps(over_step=D(10), gain=D(1), whole=whole)
    assert score(rule, facts("10", target="100", actual="125")) == D(points)


@pytest.mark.parametrize(("base", "actual", "points"), [
    ("100", "112", "10.00"), ("100", "140", "13.00"), ("100", "99", "0.00"), ("100", "100", "8.00"),
])
def test_r10_holding_last_years_level(base: str, actual: str, points: str) -> None:
    """开发区考核 [S47]: 0.8 W + 1 per 5 %, at most half of W."""
    assert score(preset("R10").rule, facts("10", base=base, actual=actual)) == D(points)


def test_r11_growth_against_the_expected() -> None:
    """供销 [S73]: 0.8 W + 0.5 (g − g₀), cap a fifth of W."""
    rule = preset("R11").rule
    assert score(rule, facts("10", target="8", base="100", actual="110")) == D("9.00")
    assert score(rule, facts("10", target="8", base="100", actual="120")) == D("10.00")
    assert score(rule, facts("10", target="8", base="100", actual="104")) == D("6.00")


def test_r12_and_r09_choose_by_condition() -> None:
    fallback = {"保底目标": D(80)}
    for actual, points in (("100", "50"), ("85", "40"), ("79", "0")):
        assert score(preset("R12").rule, facts("50", target="100", actual=actual, named=fallback)) == D(points)
    for paid, points in (("20", "75"), ("19", "0")):
        named = {"到位率": D(paid)}
        assert score(preset("R09").rule, facts("100", target="100", actual="85", named=named)) == D(points)


def test_r17_compound_ratio() -> None:
    """[S39]: [(n₁/N₁)·50 % + (a₁/A₁)·50 %]·W, each capped at 1."""
    rule = Sum(((D("0.5"), Ratio()), (D("0.5"), Ratio(actual="签约数", reference="签约目标"))))
    one = facts("0.5", target="25", actual="24", named={"签约数": D(12), "签约目标": D(10)})
    assert score(rule, one) == D("0.49")
    assert score(rule, facts("6", target="25", actual="24", named={"签约数": D(5), "签约目标": D(10)}), digits=4) == D("4.3800")


@pytest.mark.parametrize(("actual", "points"), [("20", "6.00"), ("23", "5.10"), ("40", "0.00"), ("50", "0.00"), ("15", "6.00")])
def test_r20_control(actual: str, points: str) -> None:
    assert score(Control(), facts("6", target="20", actual=actual, lower_is_better=True)) == D(points)


def test_r21_r22_r24_r26() -> None:
    assert score(Met(), facts("5", target="20", actual="21", lower_is_better=True)) == 0
    gap = preset("R22").rule
    assert score(gap, facts("3", target="70", actual="72", lower_is_better=True)) == D("2.00")
    assert score(gap, facts("3", target="70", actual="90", lower_is_better=True)) == 0
    guard = preset("R24").rule
    assert score(guard, facts("10", target="80", base="90", actual="85")) == 0
    assert score(guard, facts("10", target="80", base="70", actual="85")) == D("10.00")
    assert score(Range(D(1), D("0.5")), facts("5", target="4", upper="6", actual="7")) == D("3.00")
    assert score(Range(D(1), D("0.5")), facts("5", target="4", upper="6", actual="5")) == D("5.00")


def test_r25_r30_efficacy() -> None:
    """龙泉 2023 [S20]: values 10, 7, 4, W8: the middle one 6.40."""
    group = [facts("8", actual=value) for value in ("7", "10", "4")]
    assert score(Efficacy(), *group) == D("6.40")
    assert score(Efficacy(), *[facts("8", actual=value, lower_is_better=True) for value in ("4", "10", "7")]) == D("8.00")
    assert score(Efficacy(), facts("8", actual="5"), facts("8", actual="5")) == D("8.00")
    assert score(Efficacy(), facts("8", actual="5")) == D("8.00")
    assert score(Efficacy(all_equal=D(60)), facts("8", actual="5")) == D("4.80")


def test_n_a_units_are_no_members_of_the_group() -> None:
    """Relative rules leave out who does not carry the indicator (domain notes §9.3)."""
    carried = [facts("8", actual=value, unit=place) for place, value in enumerate(("7", "10", "4"), 1)]
    absent = [facts("8", unit=9)]
    found = score_item(Item(Efficacy()), carried, absent)
    assert found[1].points == D("6.40")
    assert (found[9].points, found[9].counts) == (None, False)


def test_r31_growth_and_stock() -> None:
    """龙泉 [S20]: d 90 and 70, W6 → 5.04."""
    rule = Sum(((D("0.7"), Efficacy(of="甲", bottom=D(90), spread=D(0))), (D("0.3"), Efficacy(of="乙", bottom=D(70), spread=D(0)))))
    rows = [facts("6", named={"甲": D(1), "乙": D(1)}), facts("6", named={"甲": D(2), "乙": D(2)})]
    assert score(rule, *rows) == D("5.04")


def test_r32_r33_r34_r35() -> None:
    assert score(preset("R32").rule, facts("10", actual="21")) == D("8.40")
    four = [facts("8", actual=value) for value in ("6", "9", "8", "7")]
    assert score(Rank(), *four) == D("6.80")
    place = {"省内位次": D(3), "参评数": D(14)}
    assert score(preset("R34").rule, facts("10", named=place)) == D("3.00")
    assert score(preset("R34").rule, facts("10", named={**place, "省内位次": D(14)})) == D("-5.00")
    assert score(preset("R34").rule, facts("10", named={**place, "省内位次": D(7)})) == 0
    rows = [facts("10", target="100", actual=value) for value in ("90", "120", "80")]
    assert score(preset("R35").rule, *rows) == D("9.50")


def test_r36_progressive() -> None:
    """[S22]: W8, 12 pp above the mean → 8 + 4 + 0.4 = 12.40."""
    one = facts("8", base="100", actual="122", named={"省平均": D(10)})
    assert score(preset("R36").rule, one) == D("12.40")
    below = facts("8", base="100", actual="98", named={"省平均": D(10)})
    assert score(preset("R36").rule, below) == D("3.60")


def test_r37_r38_r39() -> None:
    rows = [facts("10", target="100", actual="100", base=base) for base in ("80", "100")]
    assert score(preset("R37").rule, *rows) == D("11.00")
    contribution = Sum(((D("0.8"), Ratio()), (D("0.2"), Ratio(actual="贡献系数", reference="满值"))))
    one = facts("10", target="1", actual="1", named={"贡献系数": D("0.9"), "满值": D(1)})
    assert score(contribution, one) == D("9.80")
    moved = facts("10", named={"本年位次": D(3), "上年位次": D(5)})
    assert score(preset("R39").rule, moved) == D("1.00")
    assert score(Advance(D("0.5"), D("0.5"), cap=D("0.6")), facts(named={"本年位次": D(9), "上年位次": D(5)})) == D("-0.60")


def test_r50_to_r57() -> None:
    nodes = {"完成": D(6), "基本完成": D(3), "未完成": D(1)}
    assert score(Milestones(), facts("10", counts=nodes)) == D("8.40")
    assert score(preset("R52").rule, facts("10", word="C")) == D("6.00")
    assert score(preset("R53").rule, facts("10", counts={"发生": D(3)})) == D("4.00")
    assert score(preset("R53").rule, facts("10", counts={"发生": D(9)})) == 0
    doubled = Events((("发生", D(-2)),), doubled="只有列督事项")
    assert score(doubled, facts("10", counts={"发生": D(2)}, named={"只有列督事项": D(1)})) == D("2.00")
    assert score(preset("R55").rule, facts("5", counts={"省级": D(1), "国家级": D(1)})) == D("5.00")
    assert score(preset("R56").rule, facts("10", counts={"按时": D(3), "退办": D(1)})) == D("11.00")
    assert score(preset("R57").rule, facts("15", word="未报")) == D("-10.00")
    assert score(Grade((("超额", D("1.1")), ("完成", D(1)))), facts("10", word="超额")) == D("11.00")


def test_r58_to_r63() -> None:
    ballots = {"满意": D(80), "基本满意": D(15), "不满意": D(5), "不了解": D(10)}
    assert score(Vote(), facts("100", votes=ballots)) == D("92.00")
    marks = {"5": D(20), "4": D(15), "3": D(4), "1": D(1), "不了解": D(7)}
    assert score(preset("R59").rule, facts("100", votes=marks)) == D("86.50")
    raters = [D(one) for one in ("95", "90", "88", "92", "60", "91")]
    assert score(Raters(), facts("100", scores=raters)) == D("90.25")
    assert score(Raters(), facts("100", scores=raters[:5])) == D("85.00")
    assert score(preset("R62").rule, facts("5", given="7")) == D("5.00")
    assert score(preset("R63").rule, facts("5", target="10", actual="10", proven=False)) == 0
    assert score(Proven(Ratio()), facts("5", target="10", actual="10", proven=None)) == D("5.00")


def test_either_and_limits() -> None:
    rows = [facts("10", target="100", actual="90"), facts("10", target="100", actual="120")]
    assert score(Either((Ratio(), Efficacy()), lowest=True), *rows) == D("6.00")
    assert score(Limits(Fixed(D(20)), cap_share=D("1.5")), facts("10")) == D("15.00")
    assert score(Limits(Fixed(D(-3)), floor=D(-1)), facts("10")) == D("-1.00")


# Formula ----------------------------------------------------------------------


@pytest.mark.parametrize(("text", "points"), [
    ("分值×实绩÷目标", "9.00"), ("取小（分值*实绩/目标，分值*0.8）", "8.00"),
    ("如果(实绩>=目标, 分值, 分值*60%)", "6.00"), ("如果(目标=0, 0, 分值*实绩/目标)", "9.00"),
    ("分值*0.1+取整(实绩/40)", "3.00"), ("四舍五入(实绩/7, 1)", "12.90"), ("如果(实绩>80且目标>80, 1, 2)", "1.00"),
    ("绝对值(实绩-目标)", "10.00"), ("分值+组平均_实绩", "100.00"),
])
def test_formulas_as_people_write_them(text: str, points: str) -> None:
    assert score(Formula(text), facts("10", target="100", actual="90")) == D(points)


@pytest.mark.parametrize("text", [
    "分值*", "__import__('os')", "().__class__", "分值**99999999", "open('x')", "[1]*9", "分值 if 1 else 2 for",
    "'a'*99", "分值.real", "lambda: 1", "取整()", "分值>目标", "x" * 600, "1/0", "如果(1,2)", "实绩%目标",
    "取大()", "-" * 480 + "1",
])
def test_what_a_formula_may_not_do(text: str) -> None:
    try:
        found = score(Formula(text), facts("10", target="0", actual="90"))
    except InputError:
        return
    assert text.startswith("-")
    assert found is not None


def test_a_formula_names_what_is_missing() -> None:
    assert check("分值*实绩/目标") == ("分值", "实绩", "目标")
    with pytest.raises(InputError, match="到位率"):
        check("分值*到位率")
    assert check("分值*到位率", frozenset({"到位率"})) == ("分值", "到位率")
    assert score(Formula("分值*到位率"), facts("10")) is None


# Rules as data ----------------------------------------------------------------


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.code)
def test_presets_travel_as_data_and_have_a_sentence(one: Any) -> None:
    assert from_data(to_data(one.rule)) == one.rule
    assert one.rule.sentence()


@pytest.mark.parametrize("data", [
    None, {}, {"is": "nothing"}, {"is": "ratio", "cap": "abc"}, {"is": "ratio", "cap": "NaN"},
    {"is": "ratio", "more": 1}, {"is": "not_worse"}, {"is": "bands", "rows": [["1"]]},
    {"is": "bands", "rows": "1"}, {"is": "steps", "whole": "ja"},
])
def test_broken_data_is_refused_with_a_sentence(data: Any) -> None:
    with pytest.raises(InputError):
        from_data(data)


def test_rules_within_rules_end_somewhere() -> None:
    data: dict[str, Any] = {"is": "ratio"}
    for _ in range(40):
        data = {"is": "not_worse", "part": data}
    with pytest.raises(InputError, match="层"):
        from_data(data)


# Missing items, workings, laws ------------------------------------------------


@pytest.mark.parametrize(("policy", "points", "counts"), [
    (MissingPolicy.CONVERT, None, False), (MissingPolicy.FULL, "10", True),
    (MissingPolicy.ZERO, "0", True), (MissingPolicy.MEAN, "7.50", True),
])
def test_four_policies_for_what_a_unit_does_not_carry(policy: MissingPolicy, points: str | None, counts: bool) -> None:
    carried = [facts("10", target="100", actual=value, unit=place) for place, value in enumerate(("90", "60"), 1)]
    found = score_item(Item(Ratio(), missing=policy), carried, [facts("10", unit=3)])[3]
    assert (found.points, found.counts) == (None if points is None else D(points), counts)


def test_a_missing_figure_is_not_nought() -> None:
    found = score_item(Item(Ratio()), [facts("10", target="100", unit=1)])[1]
    assert (found.points, found.missing, found.counts) == (None, True, True)
    assert explain(Item(Ratio()), facts("10", target="100"), []) == "缺少计分所需的数据,未计分。"


def test_the_working_is_written_as_a_clerk_writes_it() -> None:
    rule = Steps(gain=D("0.5"), gain_cap=D(10), loss=D(1))
    one = facts("20", target="100", actual="130")
    assert explain(Item(rule), one, [one]) == (
        "(130−100)÷100×100=30%,每超1%加0.5分共15分,封顶10分,基本分20+10=30;得30.00分。"
    )
    ratio = facts("0.5", target="25", actual="24")
    assert explain(Item(Ratio()), ratio, [ratio]) == "24÷25=96%,0.5×96%=0.48;得0.48分。"


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.code)
def test_the_working_ends_with_the_figure_that_is_printed(one: Any) -> None:
    named = {
        "第二项实绩": D(5), "第二项目标": D(6), "累计实绩": D(5), "累计目标": D(6), "贡献系数": D("0.9"), "下级平均分": D(90),
        **{name: D(80) for name in ("分管领导", "职工", "考核组", "工作", "领导", "社会", "各年平均", "末年")},
        **{name: D(3) for name in ("一季度", "上半年", "前三季度", "全年")},
        "到位率": D(30), "保底目标": D(80), "省内位次": D(2), "参评数": D(14), "省平均": D(5), "本年位次": D(2), "上年位次": D(4)}
    counts = {"完成": D(2), "发生": D(1), "省级": D(1), "按时": D(1)}
    kinds = kinds_of(one.rule)
    rows = [
        Facts(
            D(10), D(100), D(actual), D(90), upper=D(130), unit=place, named=named,
            counts={name: number for name, number in counts.items() if kinds is None or name in kinds}, word="A" if one.code == "R52" else "按时",
            votes={"满意": D(3), "5": D(2)}, scores=(D(80), D(90)), given=D(6), proven=True,
        )
        for place, actual in enumerate(("95", "105", "120"), 1)
    ]
    item = Item(one.rule)
    found = score_item(item, rows)
    for row in rows:
        points = found[row.unit].points
        assert points is not None, one.code
        assert explain(item, row, rows).endswith(f"得{points:f}分。")


AMOUNTS = st.decimals("0", "1000", places=2)


@given(st.decimals("0.01", "100", places=2), st.decimals("0.01", "1000", places=2), AMOUNTS, AMOUNTS)
def test_more_is_never_worth_less(full: D, target: D, one: D, other: D) -> None:
    low, high = sorted((one, other))
    for rule in (Ratio(), preset("R03").rule, preset("R04").rule, Met(), preset("R08").rule):
        less = score(rule, Facts(full, target, low, unit=1))
        more = score(rule, Facts(full, target, high, unit=1))
        assert less is not None
        assert more is not None
        assert less <= more


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.randoms())
def test_the_order_of_units_changes_nothing(values: list[D], random: Any) -> None:
    rows = [Facts(D(8), actual=value, unit=place) for place, value in enumerate(values, 1)]
    mixed = rows[:]
    random.shuffle(mixed)
    for rule in (Efficacy(), Rank(), preset("R36").rule, preset("R35").rule):
        assert score_item(Item(rule), rows) == score_item(Item(rule), mixed)


@given(st.decimals("-1000000", "1000000", places=3), st.decimals("-1000", "1000000", places=3))
def test_ratio_stays_between_nought_and_its_cap(target: D, actual: D) -> None:
    found = score(Ratio(cap=D("1.2")), Facts(D(10), target, actual, unit=1))
    assert found is not None
    assert 0 <= found <= 12


def test_huge_numbers_are_refused_with_a_sentence() -> None:
    rule = Steps(gain=D(10) ** 30)
    with pytest.raises(InputError):
        score(rule, facts("10", target="1", actual="1" + "0" * 40))


def test_conditions_and_guards_miss_nothing() -> None:
    assert score(When("到位率", ">=", "20", Ratio()), facts("10", target="1", actual="1")) is None
    assert score(NotWorse(Ratio()), facts("10", target="10", actual="5")) == D("5.00")
    assert score(Bands(((D(60), D(5)),), of="实测值"), facts("10")) is None
