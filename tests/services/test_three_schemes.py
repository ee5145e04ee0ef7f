"""Three whole schemes worked by hand: a contest of counties, departments, townships."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    TargetTerms,
)
from mbo_desktop.domain.assessment import Component, GradeLine, ScoreKind
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.inspections import Finding, Inspection
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.domain.scoring.relative import Rank
from mbo_desktop.domain.scoring.tallies import Events, Given, Grade, Milestones
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.services import bonuses, given_scores, results, scores, vetoes
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
GRADES = (
    GradeLine("优秀", D(90), D(50)), GradeLine("良好", D(80)), GradeLine("合格", D(60)), GradeLine("不合格"),
)


@pytest.fixture
def counties(store: Store) -> Contest:
    """Five indicators of 51 points, converted to 100."""
    made = Contest(store, "甲组", ("甲县", "乙县", "丙县"))
    made.add("生产总值", "12", preset("R01").rule, {
        "甲县": ("150", "135"), "乙县": ("100", "120"), "丙县": ("200", "100")})
    made.add("财政收入", "15", preset("R03").rule, {
        "甲县": ("500", "530"), "乙县": ("500", "450"), "丙县": ("500", "500")}, reported=True)
    made.add("工业投资", "8", preset("R30").rule, {
        "甲县": ("9", "10"), "乙县": ("9", "7"), "丙县": ("9", "4")})
    made.add("能耗", "6", preset("R20").rule, {
        "甲县": ("不高于20", "23"), "乙县": ("不高于20", "20"), "丙县": ("不高于20", "41")},
        unit="万吨", form=TargetForm.AT_MOST, direction=Direction.LOWER)
    made.add("事故", "10", Events((("发生", D(-2)),)), {
        "甲县": ("0", "3"), "乙县": ("0", "0"), "丙县": ("/", None)}, unit="起", form=TargetForm.AT_MOST)
    made.ready(grades=GRADES, bonus_cap=D(2))
    return made


def test_contest_of_counties(counties: Contest) -> None:
    store, units = counties.store, counties.units
    assert counties.points() == {
        "甲县": ["10.80", "18.00", "8.00", "5.10", "4.00"],
        "乙县": ["12.00", "13.50", "6.40", "6.00", "10.00"],
        "丙县": ["6.00", "15.00", "4.80", "0.00", None],
    }
    # 45.90÷51×100 = 90; 47.90÷51×100 = 93.92; 丙县 has no 事故: 25.80÷41×100 = 62.93.
    assert counties.totals() == {
        "甲县": ("90.00", 2, "良好"), "乙县": ("93.92", 1, "优秀"), "丙县": ("62.93", 3, "合格"),
    }
    for matter, level, points in (("园区", "省级", "1"), ("园区", "国家级", "2"), ("改革", "省级", "0.5")):
        bonuses.add_bonus(store, YEAR, units["甲县"], matter, D(points), level=level, basis="表彰决定")
    with store.change("督查") as change:
        visit = Inspection(id=change.new(Inspection), year=YEAR, title="秋季督查")
        change.put(visit)
        change.put(Finding(id=change.new(Finding), inspection=visit.id, unit=units["乙县"], text="报表不实",
                           deduction=D("1.5"), found_on=date(2020, 9, 1)))
    found = counties.board()
    # 园区 counts once (2), with 改革 2.5, capped at 2: 92.00; 乙县 93.92 − 1.5 = 92.42.
    assert found.unit(units["甲县"]).bonus == 2
    assert counties.totals(found) == {
        "甲县": ("92.00", 2, "良好"), "乙县": ("92.42", 1, "优秀"), "丙县": ("62.93", 3, "合格"),
    }
    rows = {row.item.level: (row.counted, row.why_less) for row in bonuses.bonuses(store, YEAR) if row.item.matter == "园区"}
    assert rows == {"国家级": (2, ""), "省级": (0, "同一事项已按国家级计2分")}
    said = scores.working_total(store, counties.scheme, units["甲县"]).text
    assert "指标得分合计:45.9分,计入分值51分" in said
    assert "折算:45.9×100÷51=90.00分" in said
    assert "加分合计2.5分,按上限计2分" in said
    assert "总分:92.00分(90.00+2)" in said
    assert "位次:甲组3个单位中第2位" in said
    assert "督查扣分:报表不实 1.5分" in scores.working_total(store, counties.scheme, units["乙县"]).text


def test_vetoes_of_the_contest(counties: Contest) -> None:
    store, units = counties.store, counties.units
    record = vetoes.declare(store, YEAR - 1, units["乙县"], "安全生产", organ="市应急局", years=2)
    assert counties.totals()["乙县"] == ("93.92", 1, "良好")
    assert counties.totals()["甲县"][2] == "优秀", "the place of a vetoed unit goes on"
    vetoes.revoke(store, record, "复查后撤销")
    assert counties.totals()["乙县"][2] == "优秀"
    item = counties.indicators["财政收入"]
    vetoes.declare(store, YEAR, units["甲县"], "统计造假", organ="市统计局", effect=VetoEffect.ITEM_ZERO, indicator=item)
    # 27.90÷51×100
    assert counties.totals()["甲县"][0] == "54.71"
    said = scores.working(store, counties.scheme, units["甲县"], item).text
    assert said.endswith("得分:0.00分(一票否决(统计造假),该项得0分)")
    vetoes.declare(store, YEAR, units["乙县"], "党风廉政", organ="市纪委", effect=VetoEffect.TOTAL_ZERO)
    assert counties.totals()["乙县"][:2] == ("0.00", 3)


def test_workings_name_value_source_and_rule(counties: Contest) -> None:
    unit = counties.units["甲县"]
    said = scores.working(counties.store, counties.scheme, unit, counties.indicators["财政收入"])
    assert said.lines == (
        "分值:15分", "目标:500亿元(按责任书)", "实绩:530亿元(单位自报,周敏)", "完成情况:超额完成",
        "计分规则:达到目标得基本分;每超满1%加0.5分,最多加3分;未达到按比例得分",
        "计算:(530−500)÷500×100=6%,每超1%加0.5分共3分,基本分15+3=18;得18.00分。",
        "得分:18.00分",
    )
    with counties.store.change("核定") as change:
        target = change.named(Target, counties.indicators["财政收入"], unit)
        change.put(ProgressReport(
            id=change.named(ProgressReport, target, 12, FigureKind.CERTIFIED), subject=target, month=12,
            kind=FigureKind.CERTIFIED, amount=D(510), reported_by="市财政局", reported_on=date(2020, 12, 28)))
    said = scores.working(counties.store, counties.scheme, unit, counties.indicators["财政收入"])
    assert "实绩:510亿元(来源部门核定,市财政局,2020-12-28)" in said.lines
    assert "其他口径:自报530" in said.lines
    assert said.points == D("16.00")


@pytest.fixture
def departments(store: Store) -> Contest:
    made = Contest(store, "综合部门", ("市发改委", "市财政局"), UnitKind.DEPARTMENT)
    made.add("办结率", "20", preset("R04").rule, {"市发改委": ("98", "97")}, unit="%")
    made.add("服务基层", "30", Given(), {"市发改委": ("开展服务", None)}, unit="", form=TargetForm.TEXT)
    worded = Grade((("完成", D(1)), ("基本完成", D("0.8")), ("未完成", D(0))))
    made.add("改革方案", "50", worded, {"市发改委": ("年底前出台", None)}, unit="", form=TargetForm.TEXT)
    made.add("预算执行率", "80", Ratio(), {"市财政局": ("98", "98")}, unit="%")
    made.add("资产盘点", "20", Ratio(), {"市财政局": ("50", None)}, unit="家")
    made.ready(
        target_weight=D(70), components=(Component("领导评价", D(15)), Component("社会评价", D(15))),
    )
    return made


def test_departments(departments: Contest) -> None:
    store, units, scheme = departments.store, departments.units, departments.scheme
    of = departments.indicators
    given_scores.set_points(store, scheme, units["市发改委"], of["服务基层"], ScoreKind.CERTIFIED, "28", "考核组纪要")
    results.set_result(store, of["改革方案"], units["市发改委"], results.ResultField.COMPLETION, "基本完成")
    for unit, points in (("市发改委", "85"), ("市财政局", "90")):
        given_scores.set_points(store, scheme, units[unit], "领导评价", ScoreKind.CERTIFIED, points)
    given_scores.set_counts(store, scheme, units["市发改委"], "社会评价",
                            {"满意": 80, "基本满意": 15, "不满意": 5, "不了解": 10})
    with store.change("撤销") as change:
        target = change.get(Target, change.named(Target, of["资产盘点"], units["市财政局"]))
        change.put(replace(target, value=WITHDRAWN))
        change.put(Adjustment(
            id=change.new(Adjustment), year=YEAR, indicator=of["资产盘点"], unit=units["市财政局"],
            kind=AdjustmentKind.WITHDRAW, before=TargetTerms(target.value), after=TargetTerms(WITHDRAWN),
            number="示政〔2020〕9号", approved_on=date(2020, 7, 1), effective_on=date(2020, 7, 1),
            state=AdjustmentState.APPROVED))
    found = departments.board()
    assert departments.points(found) == {
        "市发改委": ["19.00", "28.00", "40.00", None, None],
        "市财政局": [None, None, None, "80.00", None],
    }
    # 87×70% + 85×15% + 92×15%: (80×100+15×70+5×30)÷100 = 92, 不了解 is no valid ballot.
    first = found.unit(units["市发改委"])
    assert first.components == {"领导评价": D(85), "社会评价": D("92.00")}
    assert (first.targets, first.total, first.missing) == (D("87.00"), D("87.45"), 0)
    # The withdrawn 20 points are converted: 80÷80×100; 社会评价 is missing: provisional.
    second = found.unit(units["市财政局"])
    assert (second.targets, second.total, second.provisional) == (D("100.00"), D("83.50"), True)
    said = scores.working(store, scheme, units["市财政局"], of["资产盘点"]).text
    assert "目标已撤销(按2020-07-01撤销(示政〔2020〕9号)),不计入,总分按比例折算" in said
    said = scores.working_total(store, scheme, units["市发改委"]).text
    assert "社会评价:92分×15%((80×100+15×70+5×30)÷100张有效票=92(另有10票不计),92%×100=92)" in said


def test_four_columns_stand_side_by_side(departments: Contest) -> None:
    store, scheme = departments.store, departments.scheme
    unit, item = departments.units["市发改委"], departments.indicators["办结率"]
    seen = []
    for kind, points in ((ScoreKind.SELF, "20"), (ScoreKind.CERTIFIED, "19.5"), (ScoreKind.REVIEWED, "18"), (ScoreKind.FINAL, "18.5")):
        given_scores.set_points(store, scheme, unit, item, kind, points, "依据")
        cell = departments.board().unit(unit).items[item]
        seen.append(str(cell.used))
    assert seen == ["19.00", "19.50", "18.00", "18.50"], "a self-score never counts; final before reviewed before certified"
    assert (cell.points, cell.self_points, cell.certified, cell.reviewed, cell.final) == (
        D("19.00"), D(20), D("19.5"), D(18), D("18.5"))
    assert cell.from_self == D("-1.50")
    said = scores.working(store, scheme, unit, item).text
    assert "自评分:20分(刘敏,2020-03-12,依据:依据)" in said
    assert said.endswith("得分:18.50分(采用审定分)")


@pytest.fixture
def townships(store: Store) -> Contest:
    made = Contest(store, "乡镇", ("东镇", "西镇", "南乡"), UnitKind.TOWNSHIP)
    made.add("农民收入增速", "100", Rank(less=D(5)), {
        "东镇": ("增长8%", "1120"), "西镇": ("增长8%", "1100"), "南乡": ("增长8%", "2200")},
        unit="元", form=TargetForm.GROWTH, bases={"东镇": "1000", "西镇": "1000", "南乡": "2000"})
    made.add("公路", "60", Ratio(), {
        "东镇": ("10", "9"), "西镇": ("10", "10"), "南乡": ("/", None)}, unit="公里", missing=MissingPolicy.MEAN)
    made.add("新村建设", "40", Milestones(), {
        "东镇": ("按节点推进", None), "西镇": ("按节点推进", None), "南乡": ("按节点推进", None)},
        unit="", form=TargetForm.MILESTONE)
    made.add("招商", "20", Ratio(), {
        "东镇": ("5", "3"), "西镇": ("/", None), "南乡": ("1", "1")}, unit="个", missing=MissingPolicy.ZERO)
    made.ready(scale=None)
    return made


def test_townships(townships: Contest) -> None:
    store, units, of = townships.store, townships.units, townships.indicators["新村建设"]
    for unit, counts in (("东镇", {"完成": 6, "基本完成": 3, "未完成": 1}), ("西镇", {"完成": 4}), ("南乡", {"完成": 1, "未完成": 1})):
        given_scores.set_counts(store, townships.scheme, units[unit], of, counts)
    # 12 %, 10 %, 10 %: ranks 1, 2, 2. 南乡 gets the mean rate (0.9+1)÷2 of 60. 西镇 has no 招商: 0.
    assert townships.points() == {
        "东镇": ["100.00", "54.00", "33.60", "12.00"],
        "西镇": ["95.00", "60.00", "40.00", "0.00"],
        "南乡": ["95.00", "57.00", "20.00", "20.00"],
    }
    assert townships.totals() == {
        "东镇": ("199.60", 1, ""), "西镇": ("195.00", 2, ""), "南乡": ("192.00", 3, ""),
    }
    said = scores.working(store, townships.scheme, units["东镇"], townships.indicators["农民收入增速"]).text
    assert "实绩:1120,增幅12%(上年1000)(年终结果)" in said
    assert "3个单位中列第1位" in said
