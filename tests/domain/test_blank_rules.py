"""Checks of a node by worked examples: what is told, in which words, and what is passed over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.allocations import Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.blank_nodes import check_node, five_clears
from mbo_desktop.domain.blanks import BlankKind, Severity
from mbo_desktop.domain.pace import pro_rata
from mbo_desktop.domain.targets import Direction, Node, TargetForm, TargetPart, TargetValue
from tests.domain.blank_states import (
    BUREAU,
    CLERK,
    COUNTY,
    DISSOLVED,
    GONE,
    HEAD,
    OTHER_TOWN,
    TOWN,
    VACANT,
    context,
    node,
    target,
    words,
)

D = Decimal
NOBODY = {"responsible": None, "handler": None, "own_posts": (None, None, None)}
BLANK, WRONG, NOTE = Severity.BLANK, Severity.WRONG, Severity.NOTE


def told(one, parent=None, children=(), **facts):
    measured = facts.pop("measured", False)
    found = check_node(one, parent, list(children), context(**facts), siblings_measured=measured)
    return [(row.severity, row.kind, row.text) for row in found]


def parts(*amounts, **facts):
    return [
        node(node=place, unit=500 + place, has_own_unit=True, amount=amount, **facts)
        for place, amount in enumerate(amounts, 2)
    ]


def test_a_sound_node_has_no_rows() -> None:
    assert told(target()) == []
    assert told(node(), target()) == []
    assert told(target(), None, parts("60", "40")) == []


# People -----------------------------------------------------------------------


def test_an_untouched_target_is_one_row() -> None:
    (row,) = check_node(target(**NOBODY, difficulties=False, measures=False), None, [], context())
    assert (row.kind, row.severity, row.field) == (BlankKind.NOT_DIVIDED, BLANK, "responsible")
    assert row.text == "尚未分解:没有下级,也没有责任人和经办人"
    assert row.unit == COUNTY and row.node == 1 and row.advice.startswith("向下分解")


def test_an_explicit_statement_silences_not_divided_but_somebody_answers() -> None:
    said = told(target(**NOBODY, undivided="由监管单位负责"))
    assert said == [(BLANK, BlankKind.NO_RESPONSIBLE, "没有责任人(已写明不分解:由监管单位负责)")]
    led = {"responsible": HEAD, "handler": None, "own_posts": (None, HEAD, None)}
    assert told(target(**led, undivided="由监管单位负责")) == []
    assert told(target(**led)) == [(BLANK, BlankKind.NO_HANDLER, "没有经办人")]


def test_missing_people_are_told_once_at_the_top_of_a_units_branch() -> None:
    above = node(**NOBODY)
    child = node(node=2, **NOBODY)
    assert told(above, target(responsible=HEAD, unit=TOWN), [child]) == [
        (BLANK, BlankKind.NO_RESPONSIBLE, "没有责任人")]
    assert told(child, above) == [(BLANK, BlankKind.NO_HANDLER, "没有经办人")]
    other = node(node=3, **NOBODY, unit=TOWN, has_own_unit=True)
    assert told(other, above) == [(BLANK, BlankKind.NO_RESPONSIBLE, "没有责任人和经办人")]


def test_a_node_with_parts_may_be_led_by_the_accountable_leader_and_needs_no_handler() -> None:
    led = node(leader=HEAD, responsible=None, handler=None, own_posts=(HEAD, None, None))
    assert told(led, target(), parts("60", "40")) == []
    assert told(led, target()) == [(BLANK, BlankKind.NO_RESPONSIBLE, "没有责任人和经办人")]


def test_a_citys_target_carried_on_by_units_needs_a_handler_once_it_has_a_responsible_person() -> None:
    counties = [target(node=2, amount="60"), target(node=3, amount="40", unit=900)]
    head = {"responsible": HEAD, "handler": None, "own_posts": (None, HEAD, None)}
    assert told(target(**head), None, counties) == [(BLANK, BlankKind.NO_HANDLER, "没有经办人")]
    leader = {"leader": HEAD, "responsible": None, "handler": None, "own_posts": (HEAD, None, None)}
    assert told(target(**leader), None, counties) == []


def test_people_from_above_count_only_where_they_are_named() -> None:
    held = node(responsible=VACANT, own_posts=(None, VACANT, CLERK))
    assert told(held, target()) == [
        (WRONG, BlankKind.LEFT, "责任人岗位“综合科科长”空缺,赵六已于2026年3月1日离任")]
    inherited = node(node=2, responsible=VACANT, own_posts=(None, None, CLERK))
    assert told(inherited, held) == []
    assert told(node(leader=GONE, own_posts=(GONE, HEAD, CLERK)), target()) == [
        (WRONG, BlankKind.LEFT, "责任领导的岗位“秘书”已删除")]


def test_a_unit_that_is_no_more_is_told_where_it_is_named() -> None:
    gone = node(unit=DISSOLVED, has_own_unit=True)
    assert told(gone, target()) == [
        (WRONG, BlankKind.UNIT_GONE, "责任单位“市招商局”已于2026年3月1日撤销,由市商务局承接")]
    assert told(node(unit=DISSOLVED), gone) == []
    assert told(gone, target(), today=date(2026, 2, 1)) == [], "not yet"


def test_na_targets_are_passed_over_whatever_they_lack() -> None:
    assert told(target(form=TargetForm.NOT_APPLICABLE, amount=None, **NOBODY)) == []
    na = node(node=4, form=TargetForm.NOT_APPLICABLE, amount=None, **NOBODY)
    assert told(target(), None, [*parts("60", "40"), na]) == []
    assert told(target(**NOBODY), None, [na])[0][1] is BlankKind.NOT_DIVIDED, "its only part is N/A"


def test_the_five_clears() -> None:
    begun = target(difficulties=False, measures=True)
    assert told(begun) == [(BLANK, BlankKind.CLEARS, "没有写攻坚难点")]
    (row,) = check_node(target(difficulties=False, measures=False), None, [], context())
    assert row.text == "没有写攻坚难点、措施办法" and row.field == "difficulties"
    assert told(node(difficulties=False, measures=False), target()) == [], "only asked of targets"
    listed = five_clears(target(**NOBODY, measures=False), [], context())
    assert listed == (
        ("目标任务", True, "100"), ("攻坚难点", True, "已写明"), ("措施办法", False, "没有写"),
        ("时间进度", True, "年底完成,序时推进"), ("责任人员", False, "没有责任人和经办人"),
    )
    dated = target(own_due=date(2026, 6, 30), milestones=(Milestone("开工"),))
    assert five_clears(dated, [], context())[3] == ("时间进度", True, "2026年6月30日前完成、1个节点")


# Days -------------------------------------------------------------------------


def test_only_targets_in_words_need_a_day_of_their_own() -> None:
    assert told(target(due=None)) == []
    missing = "没有完成时限,也没有计划和时间节点"
    assert told(words()) == [(NOTE, BlankKind.NO_DUE, missing)]
    assert told(words("开工建设", form=TargetForm.PROJECT)) == [(BLANK, BlankKind.NO_DUE, missing)]
    assert told(words("高于全省平均", base_measure="%")) == [], "judged by the year's figure"
    assert told(words("6月底前完成机构改革")) == []
    assert told(words(own_due=date(2026, 6, 30))) == []
    assert told(words(milestones=(Milestone("挂牌", date(2026, 4, 1)),))) == []
    staged = TargetValue((TargetPart(TargetForm.PROJECT, nodes=(Node("开工", "3月"),)),))
    assert told(words("开工", form=TargetForm.PROJECT, value=staged)) == []


@pytest.mark.parametrize(
    ("own", "above", "said"),
    [
        (date(2026, 10, 31), date(2026, 6, 30), "完成时限2026年10月31日,晚于上级的2026年6月30日"),
        (date(2026, 6, 30), date(2026, 6, 30), ""),
        (date(2027, 1, 31), None, "完成时限2027年1月31日,晚于上级的2026年12月31日"),
        (date(2026, 12, 31), None, ""),
    ],
)
def test_a_child_is_not_due_later_than_its_parent(own: date, above: date | None, said: str) -> None:
    expected = [(WRONG, BlankKind.DUE_LATER, said)] if said else []
    assert told(node(own_due=own), target(own_due=above)) == expected


def test_words_without_a_day_bind_no_child_and_inherited_days_are_no_statement() -> None:
    assert told(node(own_due=date(2027, 1, 31)), words()) == []
    assert told(node(due=date(2026, 10, 31)), target(own_due=date(2026, 6, 30))) == []


def test_milestones_stand_before_the_due_date() -> None:
    stages = (Milestone("开工", date(2026, 3, 1)), Milestone("竣工", date(2026, 12, 1)))
    assert told(node(own_due=date(2026, 10, 31), milestones=stages), target()) == [
        (WRONG, BlankKind.DUE_LATER, "节点“竣工”2026年12月1日,晚于完成时限2026年10月31日")]
    assert told(node(milestones=stages), target()) == []


def test_plans() -> None:
    quarters = Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (D(30), D(20), D(80), D(95)))
    ((severity, kind, text),) = told(node(plan=quarters), target())
    assert (severity, kind) == (WRONG, BlankKind.PLAN)
    assert text == "累计计划第2季度20亿元,少于第1季度的30亿元;年底计划95亿元,目标为100亿元"
    flat = pro_rata(D(100), PlanPeriod.MONTH, 1)
    assert told(node(plan=flat), target()) == []
    late = Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (D(10), D(20), D(30), D(100)))
    assert told(target(plan=flat), None, parts("100", plan=late)) == [
        (WRONG, BlankKind.PLAN, "3月计划25亿元,下级合计只有10亿元")]
    rate = {"title": "城镇化率", "measure": "%", "base_measure": "%", "amount": "60"}
    falling = Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (D(62), D(61), D(60), D(60)))
    assert told(node(plan=falling, **rate), target(**rate)) == []


# Quantities -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "severity", "kind", "text"),
    [
        (("60", "30"), WRONG, BlankKind.SUM, "分解合计90亿元,低于100亿元,还差10亿元"),
        (("60", "43"), NOTE, BlankKind.PRESSED, "分解合计103亿元,比100亿元多3亿元,加压3%"),
        (("60", "0"), WRONG, BlankKind.SUM, "分解合计60亿元,低于100亿元,还差40亿元"),
        (("60", "40"), None, None, ""),
        (("60", None), None, None, ""),
        ((None, None), None, None, ""),
    ],
)
def test_sums(amounts, severity, kind, text) -> None:
    expected = [(severity, kind, text)] if kind else []
    assert told(target(), None, parts(*amounts)) == expected


def test_control_targets_go_the_other_way() -> None:
    deaths = {"title": "事故死亡人数", "measure": "人", "base_measure": "人", "amount": "10"}
    above = target(**deaths)
    both = parts("6", "6", **{k: v for k, v in deaths.items() if k != "amount"})
    down = {"direction": Direction.LOWER, "indicator": "事故死亡人数"}
    assert told(above, None, both, **down) == [
        (WRONG, BlankKind.SUM, "分解合计12人,超过控制数10人,多2人")]
    assert told(above, None, both[:1], **down) == []


def test_rates_are_never_added_and_only_hinted_at() -> None:
    rate = {"title": "城镇化率", "measure": "%", "base_measure": "%"}
    above = target(**rate, amount="60")
    under = [node(node=2, unit=TOWN, has_own_unit=True, amount="55", **rate),
             node(node=3, unit=OTHER_TOWN, has_own_unit=True, amount="62", **rate)]
    assert told(above, None, under, indicator="城镇化率") == [
        (NOTE, BlankKind.EACH, "城关镇55%低于60%")]
    growth = {"form": TargetForm.GROWTH, "measure": "%", "amount": "10"}
    level = node(node=3, amount="70")
    assert told(target(**growth), None, [level]) == [], "a level is no answer to a growth rate"
    rank = target(form=TargetForm.RANK, amount="3", measure="名", base_measure="名", title="招商位次")
    assert told(rank, None, parts("5", "7", form=TargetForm.RANK, measure="名")) == []


def test_units_and_own_divisions_may_each_carry_the_whole() -> None:
    counties = [target(node=2, amount="60"), target(node=3, amount="40", unit=DISSOLVED)]
    under = [one for one in counties if one.unit != DISSOLVED]
    other = target(node=4, amount="40", unit=900)
    divisions = parts("100")
    assert told(target(), None, [*under, other, *divisions]) == []
    assert told(target(), None, [under[0], *parts("30")]) == [
        (WRONG, BlankKind.SUM, "分解合计90亿元,低于100亿元,还差10亿元")]


def test_a_department_may_carry_the_whole_beside_the_areas() -> None:
    deaths = {"title": "事故死亡人数", "measure": "人", "base_measure": "人"}
    above = target(amount="10", unit=1, **deaths)
    both = [target(node=2, amount="10", **deaths), target(node=3, amount="10", unit=BUREAU, **deaths)]
    down = {"direction": Direction.LOWER, "indicator": "事故死亡人数"}
    assert told(above, None, both, **down) == [], "not twice the control figure"
    assert told(above, None, [both[0]._replace(amount=D(11)), both[1]], **down) == [
        (WRONG, BlankKind.SUM, "分解合计11人,超过控制数10人,多1人")]
    sums = [target(node=2, amount="90"), target(node=3, amount="100", unit=BUREAU)]
    assert told(target(unit=1), None, sums) == []


def test_targets_of_units_below_another_are_not_added_twice() -> None:
    county = target(node=2, amount="100")
    town = target(node=3, amount="30", unit=TOWN)
    assert told(target(unit=1), None, [county, town]) == []


def test_units_of_measure() -> None:
    acres = {"title": "造林", "measure": "亩", "base_measure": "亩"}
    above = target(title="造林", measure="公顷", base_measure="公顷", amount="100")
    one = node(amount="750", unit=TOWN, has_own_unit=True, **acres)
    assert told(one, above, indicator="造林") == [
        (NOTE, BlankKind.MEASURE, "计量单位为“亩”,上级为“公顷”,750亩按50公顷计入")]
    assert told(above, None, [one, one._replace(node=3, unit=OTHER_TOWN)], indicator="造林") == []
    wrong = node(amount="5", measure="万元", base_measure="万元", title="造林")
    assert told(wrong, above) == [
        (WRONG, BlankKind.MEASURE, "计量单位为“万元”,上级为“公顷”,不能换算")]
    own = wrong._replace(has_own_title=True)
    assert told(own, above) == [], "a task of its own is measured as it likes"
    counted = node(amount="5", measure="家", base_measure="家")
    assert told(counted, target(measure="个", base_measure="个"))[0][0] is NOTE


def test_what_is_not_set() -> None:
    assert told(target(amount=None)) == [(BLANK, BlankKind.NOT_SET, "目标值未设定")]
    assert told(target(amount="0")) == [], "0 is a number"
    part = node(amount=None)
    assert told(part, target()) == [(BLANK, BlankKind.NOT_SET, "没有分到数量,上级为100亿元")]
    task = node(amount=None, title="新建3个园区", has_own_title=True)
    assert told(task, target()) == []
    assert told(task, target(), measured=True)[0][1] is BlankKind.NOT_SET
    rate = target(form=TargetForm.GROWTH, amount="8", measure="%")
    assert told(part, rate) == [], "rates are not split"


def test_a_parent_that_changed_since_it_was_split() -> None:
    assert told(target(divided_at="90"), None, parts("60", "40")) == [
        (WRONG, BlankKind.REDIVIDE, "目标已由90亿元改为100亿元,下级仍按原数分解")]
    assert told(target(divided_at="100.0"), None, parts("60", "40")) == []
    assert told(target(divided_at="90")) == [], "nothing below"


def test_shares_and_weights() -> None:
    def shared(*shares: str | None):
        return [node(node=place, unit=TOWN + place % 2, has_own_unit=True, amount="60", share=one)
                for place, one in enumerate(shares, 2)]

    assert (WRONG, BlankKind.SHARES, "下级份额合计105%,超过100%") in told(target(), None, shared("60", "45"))
    assert (NOTE, BlankKind.SHARES, "下级份额合计95%,余5%") in told(target(), None, shared("60", "35"))
    kinds = [row[1] for row in told(target(), None, shared("60", None))]
    assert BlankKind.SHARES not in kinds
    weighed = [one._replace(weight=D(weight), share=None)
               for one, weight in zip(shared("1", "1"), (60, 38), strict=True)]
    assert (NOTE, BlankKind.SHARES, "下级权重合计98,不是100") in told(target(), None, weighed)
    ratio = [one._replace(weight=D(weight), share=None)
             for one, weight in zip(shared("1", "1"), (2, 3), strict=True)]
    assert BlankKind.SHARES not in [row[1] for row in told(target(), None, ratio)]


def test_the_same_unit_twice_without_a_title_between() -> None:
    twice = [one._replace(unit=TOWN) for one in parts("60", "40")]
    assert told(target(), None, twice) == [(NOTE, BlankKind.DOUBLE, "下级“工业投资”同一单位有2项")]
    people = [one._replace(handler=clerk) for one, clerk in zip(twice, (CLERK, HEAD), strict=True)]
    assert told(target(), None, people) == []
    projects = [one._replace(title=name, has_own_title=True)
                for one, name in zip(twice, ("甲项目", "乙项目"), strict=True)]
    assert told(target(), None, projects) == []


@pytest.mark.parametrize(
    ("facts", "severity", "text"),
    [
        ({"last_year": "110"}, NOTE, "目标100亿元低于上年实绩110亿元"),
        ({"last_year": "90"}, None, ""),
        ({"last_year": None}, None, ""),
        ({"last_year": "5"}, NOTE, "目标100亿元与上年实绩5亿元相差十倍以上"),
        ({"last_year": "0"}, None, ""),
        ({"last_year": "110", "form": TargetForm.INCREMENT}, None, ""),
        ({"last_year": "900000", "measure": "万元", "amount": "1000000"}, NOTE,
         "目标100亿元与上年实绩900,000亿元相差十倍以上"),
    ],
)
def test_last_year(facts, severity, text) -> None:
    expected = [(severity, BlankKind.LAST_YEAR, text)] if text else []
    assert told(target(**facts)) == expected


def test_a_control_target_above_last_year() -> None:
    deaths = {"title": "事故死亡人数", "measure": "人", "base_measure": "人"}
    said = told(target(amount="12", last_year="10", **deaths), direction=Direction.LOWER)
    assert said == [(NOTE, BlankKind.LAST_YEAR, "目标12人高于上年实绩10人")]


def test_a_stated_growth_that_does_not_fit() -> None:
    def both(growth: str) -> TargetValue:
        return TargetValue((
            TargetPart(TargetForm.LEVEL, D("75"), "亿元"), TargetPart(TargetForm.GROWTH, D(growth), "%"),
        ))

    fitting = target(amount="75", last_year="60", value=both("25"))
    assert told(fitting) == []
    assert told(fitting._replace(value=both("20"))) == [
        (WRONG, BlankKind.LAST_YEAR, "写明增长20%,按目标75亿元和上年实绩60亿元计算为25%")]
    assert told(fitting._replace(last_year=None, value=both("20"))) == []


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=1, max_size=8),
    st.integers(1, 400), st.booleans(),
)
def test_a_wrong_sum_is_told_exactly_when_it_is_one(
    amounts: list[int | None], total: int, control: bool
) -> None:
    direction = Direction.LOWER if control else Direction.HIGHER
    under = [
        node(node=place, unit=500 + place, has_own_unit=True,
             amount=None if one is None else D(one))
        for place, one in enumerate(amounts, 2)
    ]
    kinds = [row[1] for row in told(target(amount=D(total)), None, under, direction=direction)]
    known = [one for one in amounts if one is not None]
    if control:
        assert (BlankKind.SUM in kinds) == (bool(known) and sum(known) > total)
    else:
        short = len(known) == len(amounts) and sum(known) < total
        assert (BlankKind.SUM in kinds) == short
        assert (BlankKind.PRESSED in kinds) == (sum(known) > total)
