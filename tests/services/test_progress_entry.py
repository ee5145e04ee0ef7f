"""Monthly figures: sides beside each other, what counts, what is doubtful, lights of the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.allocations import Allocation, Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    adjustments,
    agreements,
    planning_edits,
    progress,
    progress_entry,
    progress_lights,
    progress_sides,
    reporting_rules,
    sealing,
    signing,
)
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.services.progress import ProgressRow, Sought
from mbo_desktop.services.progress_entry import EntryOutcome, ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office

D = Decimal
AMOUNT = ReportField.AMOUNT


class Reported:
    """One target of 柯城区 that is reported on."""

    def __init__(self, office: Office, name: str = "工业投资(亿元)", value: str = "120") -> None:
        self.store = office.store
        self.unit = office.units["柯城区"]
        self.row = framework.add_indicator(self.store, YEAR, name)
        planning_edits.set_cell(self.store, self.row, self.unit, TargetField.VALUE, value)
        (target,) = self.store.all(Target, indicator=self.row)
        self.subject: RecordId = target.id

    def type(
        self, month: int, text: str, field: ReportField = AMOUNT,
        kind: FigureKind = FigureKind.PROXY,
    ) -> EntryOutcome:
        return progress_entry.write_cells(
            self.store, YEAR, month, [ReportEdit(self.subject, field, text)], kind=kind
        )

    def at(self, month: int) -> ProgressRow:
        return progress.month_rows(self.store, YEAR, month, (self.subject,))[self.subject]

    def light(self, month: int) -> Light:
        return self.at(month).judged.light


@pytest.fixture
def target(office: Office) -> Reported:
    return Reported(office)


def test_not_reported_not_started_and_nought_are_three_things(target: Reported) -> None:
    assert (target.at(3).counted, target.light(3)) == ("", Light.RED)
    target.type(3, "0")
    assert (target.at(3).counted, target.at(3).share) == ("0", D("0.0"))
    target.type(3, "未启动")
    assert (target.at(3).counted, target.at(3).started) == ("未启动", "未启动")
    target.type(3, "")
    target.type(3, "", ReportField.STARTED)
    assert target.store.all(ProgressReport, subject=target.subject) == []


def test_the_months_own_figure_adds_to_the_one_before(target: Reported) -> None:
    target.type(1, "8")
    target.type(2, "1.05亿元", ReportField.IN_PERIOD)
    row = target.at(2)
    assert (row.counted, row.sides[FigureKind.PROXY].in_period) == ("9.05", "1.05")
    target.type(2, "100000万元", AMOUNT)
    assert (target.at(2).counted, target.at(2).sides[FigureKind.PROXY].in_period) == ("10", "")


def test_nobodys_figure_is_overwritten(target: Reported) -> None:
    target.type(6, "60")
    target.type(6, "56.8", kind=FigureKind.CERTIFIED)
    row = target.at(6)
    assert (row.counted, row.counted_kind) == ("56.8", FigureKind.CERTIFIED)
    assert row.sides[FigureKind.PROXY].shown == "60"
    assert row.difference == "来源部门少3.2"
    target.type(6, "61", kind=FigureKind.OWN)
    target.type(6, "55", kind=FigureKind.VERIFIED)
    row = target.at(6)
    assert row.counted == "55"
    assert row.difference == "来源部门少4.2;核实少6"
    assert len(row.sides) == 4


def test_what_is_no_number_is_kept_and_marked(target: Reported) -> None:
    outcome = target.type(4, "约三成")
    assert "约三成" in outcome.doubts[target.subject]
    side = target.at(4).sides[FigureKind.PROXY]
    assert (side.shown, side.is_text) == ("约三成", True)
    assert "不是数字" in target.at(4).doubt


@pytest.mark.parametrize(("first", "then", "said"), [
    ("30", "29", "小于上次的30亿元"), ("3", "30", "10倍"), ("3", "29", ""),
])
def test_falls_and_jumps_are_asked_about_and_never_blocked(
    target: Reported, first: str, then: str, said: str
) -> None:
    target.type(3, first)
    outcome = target.type(4, then)
    assert target.at(4).counted == then
    if not said:
        assert outcome.doubts == {}
        return
    assert said in outcome.doubts[target.subject]
    target.type(4, "统计口径调整", ReportField.NOTE)
    assert target.at(4).doubt == ""


def test_a_block_is_one_step_and_says_what_it_left_out(office: Office) -> None:
    one, two = Reported(office), Reported(office, "招商引资(亿元)", "40")
    outcome = progress_entry.write_cells(office.store, YEAR, 5, [
        ReportEdit(one.subject, AMOUNT, "50"), ReportEdit(two.subject, AMOUNT, "16"),
        ReportEdit(two.subject, ReportField.CAUSE, "天气"),
        ReportEdit(RecordId(999_999), AMOUNT, "1"),
    ])
    assert outcome.changed == 2
    assert set(outcome.refused) == {(two.subject, ReportField.CAUSE), (RecordId(999_999), AMOUNT)}
    office.store.undo()
    assert one.at(5).counted == two.at(5).counted == ""


def test_a_sealed_year_and_a_month_that_is_none(target: Reported) -> None:
    with pytest.raises(InputError):
        target.type(13, "1")
    sealing.seal_year(target.store, YEAR, "已考核")
    with pytest.raises(NotAllowedError, match="封存"):
        target.type(3, "1")


def test_lights_follow_the_plan_of_the_carrier(target: Reported) -> None:
    target.type(3, "12")
    assert target.at(3).judged.reason == "应完成25.0%,实际10.0%,差15.0个百分点,按现速度12月底约40%。"
    assert target.at(3).outlook == "按现速度12月底约完成40%;今后9个月平均每月需完成12亿元"
    plan = Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (D(10), D(40), D(80), D(120)))
    with target.store.change("计划") as change:
        root = change.named(Allocation, target.subject)
        change.put(Allocation(id=root, target=target.subject, plan=plan))
    assert target.light(3) is Light.GREEN
    assert target.at(3).planned == "10"


def test_what_lags_wants_cause_effort_and_measure(target: Reported) -> None:
    target.type(6, "30")
    assert target.at(6).lacking == ("原因类别(客观/主观)",)
    target.type(6, "客观原因", ReportField.CAUSE)
    assert target.at(6).lacking == ("滞后原因", "已做工作", "下步措施")
    for field in (ReportField.CAUSE_TEXT, ReportField.OWN_EFFORT, ReportField.MEASURE):
        target.type(6, "已说明", field)
    assert target.at(6).lacking == ()


def test_told_at_the_years_end_is_never_red_before(target: Reported) -> None:
    rules = reporting_rules.rules_of(target.store, YEAR)
    reporting_rules.set_rules(target.store, replace(rules, year_end_only=(target.row,)))
    assert target.light(6) is Light.YEAR_END
    assert target.light(12) is Light.RED


def test_a_month_made_up_turns_yellow_only_where_the_rule_says_so(target: Reported) -> None:
    target.type(1, "9")
    target.type(2, "22")
    reporting_rules.set_light_rule(target.store, YEAR, "ouhai")
    january, february = progress_lights.history(target.store, YEAR, target.subject, 2)
    assert (january.light, january.made_up, february.light) == (Light.YELLOW, True, Light.GREEN)
    reporting_rules.set_light_rule(target.store, YEAR, "xuancheng")
    january, _ = progress_lights.history(target.store, YEAR, target.subject, 2)
    assert (january.light, january.made_up) == (Light.RED, False)


def test_nodes_of_the_carrier_are_told_off(office: Office) -> None:
    project = Reported(office, "市民中心建设", "年底前竣工")
    stages = (Milestone("开工", date(2020, 3, 31)), Milestone("主体完工", date(2020, 8, 31)))
    with office.store.change("节点") as change:
        root = change.named(Allocation, project.subject)
        change.put(Allocation(id=root, target=project.subject, milestones=stages))
    project.type(4, "正在备料", ReportField.PHYSICAL)
    assert project.light(4) is Light.YELLOW
    assert project.at(4).nodes == "0/2;逾期:开工(3月31日)"
    progress_sides.set_node(
        office.store, YEAR, 4, project.subject, "开工", done=True, on=date(2020, 4, 20)
    )
    assert project.light(4) is Light.GREEN
    assert project.at(4).nodes == "1/2;下一个:主体完工(8月31日)"
    project.type(5, "基础完成", ReportField.PHYSICAL)
    assert project.at(5).judged.reason == "共2个节点,已完成1个,没有逾期节点。"


def test_only_the_certifying_office_gives_the_source_figure(office: Office) -> None:
    target = Reported(office)
    bureau, other = office.units["市交委"], office.units["高新区"]
    with office.store.change("监考单位") as change:
        change.put(replace(change.get(Indicator, target.row), certifying_units=(bureau,)))
    with pytest.raises(NotAllowedError, match="没有委托"):
        progress_entry.certify(office.store, YEAR, 6, target.row, other, {target.subject: "58"})
    progress_entry.certify(office.store, YEAR, 6, target.row, bureau, {target.subject: "58"})
    assert target.at(6).counted_kind is FigureKind.CERTIFIED
    found = progress.month_ids(office.store, YEAR, Sought(certifying_unit=bureau))
    assert found == (target.subject,)
    assert progress.month_ids(office.store, YEAR, Sought(certifying_unit=other)) == ()


def test_the_matrix_counts_every_target_once(office: Office) -> None:
    one, two = Reported(office), Reported(office, "招商引资(亿元)", "40")
    one.type(6, "60")
    judged = progress_lights.lights(office.store, YEAR, 6)
    matrix = progress_lights.matrix(office.store, YEAR, 6, judged)
    assert judged[one.subject].light is Light.GREEN
    assert judged[two.subject].light is Light.RED
    assert matrix.totals == {Light.GREEN: 1, Light.RED: 1}
    assert [name for _, name in matrix.units] == ["柯城区"]
    (cell,) = matrix.cells.values()
    assert cell.light is Light.RED
    shares = progress_lights.classes(list(judged.values()))
    assert sum(one.share for one in shares) == 100


def test_an_adjustment_counts_from_its_month_on(target: Reported) -> None:
    """The value in effect at the month's end decides, not today's."""
    made = agreements.make_agreements(target.store, YEAR).made
    signing.sign_at_meeting(target.store, YEAR, on=date(YEAR, 3, 1), agreements=made)
    target.type(4, "40")
    target.type(6, "60")
    raised = AdjustmentInput(target.row, target.unit, AdjustmentKind.RAISE, "160", reason="加压")
    paper = Approval(date(YEAR, 5, 20), meeting="市政府第3次常务会议", number="示政〔2020〕12号")
    assert adjustments.decide_by_issuer(target.store, [raised], paper).refused == ()
    assert (target.at(4).target, target.at(4).share) == ("120", D("33.3"))
    assert (target.at(6).target, target.at(6).share) == ("160", D("37.5"))
    gone = AdjustmentInput(target.row, target.unit, AdjustmentKind.WITHDRAW, reason="政策变化")
    later = Approval(date(YEAR, 7, 20), number="示政〔2020〕30号")
    assert adjustments.decide_by_issuer(target.store, [gone], later).refused == ()
    assert target.light(6) is Light.YELLOW
    assert target.at(7).judged.light is Light.NOT_APPLICABLE
    assert target.at(7).judged.reason == "此项目标已撤销。"


def test_what_a_unit_does_not_carry_has_no_light(office: Office) -> None:
    target = Reported(office, value="/")
    assert target.at(6).judged.reason == "本单位不承担此项。"
    assert target.light(6) is Light.NOT_APPLICABLE
    shares = progress_lights.classes([target.at(6).judged])
    assert sum(one.count for one in shares) == 0, "nor is it counted among those that others carry"


def test_a_target_that_something_rests_on_is_not_cleared_away(target: Reported) -> None:
    target.type(3, "12")
    for deed in (
        lambda: planning_edits.set_cell(
            target.store, target.row, target.unit, TargetField.VALUE, ""
        ),
        lambda: planning_edits.remove_targets(target.store, [target.row], [target.unit]),
        lambda: framework.delete_indicators(target.store, [target.row], with_targets=True),
    ):
        with pytest.raises(NotAllowedError, match="已有1条进度"):
            deed()
    assert target.at(3).counted == "12"
    target.type(3, "")
    framework.delete_indicators(target.store, [target.row], with_targets=True)


@pytest.mark.parametrize(("name", "value", "text", "amount"), [
    ("单位GDP能耗下降率(%)", "下降3%", "下降2.9%", "2.9"),
    ("单位GDP能耗下降率(%)", "3", "同比下降3.1%", "3.1"),
    ("单位GDP能耗下降率(%)", "3", "上升0.4%", "-0.4"),
    ("规模以上工业增加值增速(%)", "增长8%", "增长8.6%", "8.6"),
    ("规模以上工业增加值增速(%)", "8", "下降1.2%", "-1.2"),
])
def test_growth_and_decrease_are_read_as_they_are_written(
    office: Office, name: str, value: str, text: str, amount: str
) -> None:
    target = Reported(office, name, value)
    target.type(6, text)
    assert target.at(6).sides[FigureKind.PROXY].amount == D(amount)


def test_growth_of_an_amount_is_not_the_amount(target: Reported) -> None:
    target.type(6, "增长5%")
    side = target.at(6).sides[FigureKind.PROXY]
    assert side.amount is None
    assert (side.is_text, side.shown) == (True, "增长5%")


def test_a_target_in_words_is_shown_in_words(office: Office) -> None:
    dated = Reported(office, "防汛责任落实", "6月底前")
    dated.type(6, "已完成")
    assert (dated.at(6).target, dated.at(6).sides[FigureKind.PROXY].is_text) == ("6月底前", False)
    assert Reported(office, "森林防火", "不发生重大火灾").at(6).target == "不发生重大火灾"


def test_income_per_head_grows_over_the_year(office: Office) -> None:
    assert Reported(office, "农村居民人均可支配收入(元)", "20000").at(6).planned == "10,000"
    assert Reported(office, "人均公园绿地面积(平方米)", "14").at(6).planned == "14"


def test_words_answer_a_target_in_words_and_are_not_marked(office: Office) -> None:
    target = Reported(office, "森林防火", "不发生重大火灾")
    assert target.type(6, "未发生").doubts == {}
    side = target.at(6).sides[FigureKind.PROXY]
    assert (side.is_text, side.shown) == (False, "未发生")


def test_a_first_figure_far_below_the_target_is_asked_about(office: Office) -> None:
    target = Reported(office, "一般公共预算收入(万元)", "21300")
    assert "千分之一" in target.type(1, "1.08万").doubts[target.subject]
    assert target.type(1, "108").doubts == {}
