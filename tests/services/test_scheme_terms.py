"""Terms of a scheme beside its rules: periods, ties, award levels, last days, units that take no part."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    Component,
    GradeLine,
    Period,
    StepDone,
    StepDue,
    TieBreak,
)
from mbo_desktop.domain.grading import GradeRule, VetoEffect, grades
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.domain.scoring.relative import Rank
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    bonuses,
    objections,
    procedure,
    scheme_items,
    scheme_versions,
    schemes,
    scores,
    sealing_scores,
    session,
    successions,
    vetoes,
)
from mbo_desktop.services.score_board import WhatIf
from mbo_desktop.services.score_periods import read_periods, show_periods
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")
QUARTERS = (Period(3, D(15)), Period(6, D(25)), Period(9, D(25)), Period(12, D(35)))


def by_quarter(made: Contest, indicator: str, unit: str, *figures: str | None) -> None:
    """Cumulative figures of 3, 6, 9 and 12 months."""
    with made.store.change("进度") as change:
        target = change.named(Target, made.indicators[indicator], made.units[unit])
        for month, figure in zip((3, 6, 9, 12), figures, strict=True):
            if figure is not None:
                change.put(ProgressReport(
                    id=change.named(ProgressReport, target, month, FigureKind.OWN), subject=target, month=month,
                    amount=D(figure), kind=FigureKind.OWN))


@pytest.fixture
def made(store: Store) -> Contest:
    made = Contest(store, "县区", NAMES)
    # A rate is held against the whole target at any time of the year: 80, 90, 75, 95 % of 4 points.
    made.add("合格率", "4", Ratio(), dict.fromkeys(NAMES, ("100", None)), unit="%", by_period=True)
    made.add("投资", "6", Ratio(), dict.fromkeys(NAMES, ("100", None)))
    by_quarter(made, "合格率", "甲县", "80", "90", "75", "95")
    by_quarter(made, "合格率", "乙县", "100", "100", None, "100")
    by_quarter(made, "合格率", "丙县", "100", "100", "100", "100")
    for unit in NAMES:
        by_quarter(made, "投资", unit, "20", "50", "70", "100")
    made.ready(periods=QUARTERS, scale=None)
    return made


def test_items_scored_at_four_times_of_the_year(made: Contest) -> None:
    """[S6] 15/25/25/35 %: 3.2, 3.6, 3.0, 3.8 of 4 points are 3.46; other items count by the year alone."""
    assert made.points() == {"甲县": ["3.46", "6.00"], "乙县": [None, "6.00"], "丙县": ["4.00", "6.00"]}
    lines = scores.working(made.store, made.scheme, made.units["甲县"], made.indicators["合格率"]).lines
    assert "分期得分:一季度3.2×15%+上半年3.6×25%+前三季度3×25%+全年3.8×35%=3.46分" in lines
    assert lines[-1] == "得分:3.46分"
    missing = made.board().unit(made.units["乙县"]).items[made.indicators["合格率"]]
    assert (missing.missing, missing.problem) == (True, "前三季度得分缺数据(没有实绩)")
    assert made.points(made.board(month=6))["甲县"][0] == "3.60", "at the half-year its own score is looked at"


def test_a_what_if_changes_the_years_part_only(made: Contest) -> None:
    changes = made.what_if({("合格率", "甲县"): "100"})
    for board in (made.board(what_if=changes), scores.rescored(made.board(), changes)):
        assert made.points(board)["甲县"][0] == "3.53", "4.00 instead of 3.80 for 35 %"
    assert made.board(what_if=WhatIf()).unit(made.units["甲县"]).total == D("9.46")


def test_periods_that_cannot_be(made: Contest) -> None:
    for periods, said in (
        ((Period(6, D(40)), Period(12, D(50))), "合计90%"), ((Period(6, D(50)), Period(9, D(50))), "最后一个是全年"),
        ((Period(6, D(50)), Period(6, D(20)), Period(12, D(30))), "不重复"),
    ):
        with pytest.raises(InputError, match=said):
            schemes.set_facts(made.store, made.scheme, periods=periods)
    schemes.set_facts(made.store, made.scheme, periods=())
    assert made.points()["甲县"][0] == "3.80", "without periods the year alone"
    schemes.set_facts(made.store, made.scheme, periods=(Period(6, D(30)), Period(12, D(70))))
    scheme_items.set_item(made.store, made.scheme, made.indicators["投资"], by_period=True)
    assert made.points()["甲县"] == ["3.74", "6.00"], "投资 is held against 6/12 of its target at the half-year: 50 of 50"


def test_ranks_are_scored_within_each_period(store: Store) -> None:
    made = Contest(store, "县区", NAMES)
    rule = Rank(less=D(20))
    made.add("合格率", "10", rule, dict.fromkeys(NAMES, ("90", None)), unit="%", by_period=True)
    for unit, figures in zip(NAMES, (("95", "90", "90", "99"), ("90", "95", "95", "98"), ("80", "80", "80", "80")), strict=True):
        by_quarter(made, "合格率", unit, *figures)
    made.ready(periods=QUARTERS)
    lines = scores.working(store, made.scheme, made.units["甲县"], made.indicators["合格率"]).text
    assert "分期得分:一季度10×15%+上半年8×25%+前三季度8×25%+全年10×35%=9.00分" in lines
    assert made.points() == {"甲县": ["9.00"], "乙县": ["9.00"], "丙县": ["6.00"]}


# Ties ----------------------------------------------------------------------------------


@pytest.fixture
def tied(store: Store) -> Contest:
    """甲 and 乙 at 90.00, 乙 with the heavier task; 丙 at 80."""
    made = Contest(store, "县区", NAMES)
    made.add("投资", "60", Ratio(), {"甲县": ("100", "90"), "乙县": ("100", "100"), "丙县": ("100", "80")})
    made.add("就业", "40", Ratio(), {"甲县": ("/", None), "乙县": ("100", "75"), "丙县": ("100", "80")})
    made.ready()
    return made


def rank(made: Contest) -> dict[str, int | None]:
    return {line.label: line.rank for line in made.board().units}


def test_equal_totals_share_a_rank_unless_the_scheme_says_otherwise(tied: Contest) -> None:
    assert rank(tied) == {"甲县": 1, "乙县": 1, "丙县": 3}
    unit = tied.units["甲县"]
    assert "同分:同分单位2个,名次并列" in scores.working_total(tied.store, tied.scheme, unit).lines
    schemes.set_facts(tied.store, tied.scheme, ties=(TieBreak.HEAVIER,))
    assert rank(tied) == {"甲县": 2, "乙县": 1, "丙县": 3}, "[S44]: 优先考虑任务较重的"
    assert "同分:同分单位2个,按承担目标分值多的在前排列" in scores.working_total(tied.store, tied.scheme, unit).lines


def test_one_tie_break_after_the_other(tied: Contest) -> None:
    schemes.set_facts(tied.store, tied.scheme, ties=(TieBreak.BONUS, TieBreak.HEAVIER), bonus_breaks_ties_only=True)
    assert rank(tied) == {"甲县": 2, "乙县": 1, "丙县": 3}, "no bonus at all: the next one decides"
    bonuses.add_bonus(tied.store, YEAR, tied.units["甲县"], "省级先进", D(1), basis="文件")
    assert rank(tied) == {"甲县": 1, "乙县": 2, "丙县": 3}
    assert tied.totals()["甲县"][0] == "90.00"
    schemes.set_facts(tied.store, tied.scheme, bonus_breaks_ties_only=False, ties=(TieBreak.EXCEEDED,))
    assert rank(tied)["甲县"] == 1, "91.00: no tie"


# Award levels --------------------------------------------------------------------------

PRIZES = (GradeRule("一等奖", D(90)), GradeRule("二等奖", D(80)), GradeRule("三等奖", D(70)), GradeRule("无"))


def test_a_failed_item_drops_one_award_level_two_give_no_award() -> None:
    """广西 [S68a]: one failed item: award level −1; two failed: no award."""
    totals = {1: D(95), 2: D(85), 3: D(75), 4: D(92)}
    drop = VetoEffect.DROP_LEVEL
    found = grades(totals, PRIZES, {2: [drop], 3: [drop, drop], 4: [drop]})
    assert {unit: one.grade for unit, one in found.items()} == {1: "一等奖", 2: "三等奖", 3: "无", 4: "二等奖"}
    assert found[2].reason == "一票否决,降1级" and found[3].reason == "一票否决2项,定为最低等次"


def test_a_drop_counts_from_the_level_that_the_quota_left() -> None:
    rules = (GradeRule("一等奖", D(90), quota=1), *PRIZES[1:])
    found = grades({1: D(95), 2: D(94), 3: D(93)}, rules, {2: [VetoEffect.DROP_LEVEL]})
    assert {unit: one.grade for unit, one in found.items()} == {1: "一等奖", 2: "三等奖", 3: "二等奖"}
    freed = grades({1: D(95), 2: D(94), 3: D(93)}, rules, {1: [VetoEffect.DROP_LEVEL]})
    assert freed[1].grade == "二等奖" and freed[2].grade == "一等奖", "a vetoed unit takes no place"


# Last days -----------------------------------------------------------------------------


def test_steps_with_their_last_days(made: Contest) -> None:
    store, scheme, today = made.store, made.scheme, clock.today()
    schemes.set_facts(store, scheme, steps=tuple(AssessmentStep)[:-1])
    procedure.set_due(store, scheme, AssessmentStep.SELF, today - timedelta(days=3))
    procedure.set_due(store, scheme, AssessmentStep.CERTIFY, today + timedelta(days=9))
    procedure.set_due(store, scheme, AssessmentStep.VETO, today + timedelta(days=30))
    schemes.set_step(store, scheme, StepDone(AssessmentStep.DRAFT, today), AssessmentStep.DRAFT)
    rows = {row.step: row for row in procedure.procedure(store, scheme)}
    assert (rows[AssessmentStep.SELF].state, rows[AssessmentStep.SELF].is_overdue) == ("已逾期3天", True)
    assert rows[AssessmentStep.CERTIFY].state.endswith("日前") and not rows[AssessmentStep.CERTIFY].is_overdue
    assert (rows[AssessmentStep.DRAFT].state, rows[AssessmentStep.REVIEW].state) == ("已完成", "未开始")
    schemes.set_step(store, scheme, StepDone(AssessmentStep.SELF, today), AssessmentStep.SELF)
    assert procedure.procedure(store, scheme)[0].state == "已完成,晚3天"
    with pytest.raises(InputError, match="早于"):
        procedure.set_due(store, scheme, AssessmentStep.APPROVE, today)
    procedure.set_due(store, scheme, AssessmentStep.VETO, today), "vetoes have a day of their own"
    procedure.set_due(store, scheme, AssessmentStep.SELF, None)
    assert procedure.due_of(store.get(type(made.board().scheme), scheme), AssessmentStep.SELF) is None


def test_vetoes_and_objections_are_held_against_their_day(made: Contest) -> None:
    store, scheme, today = made.store, made.scheme, clock.today()
    procedure.set_due(store, scheme, AssessmentStep.VETO, today)
    vetoes.declare(store, YEAR, made.units["甲县"], "环境保护", organ="生态环境局", on=today)
    vetoes.declare(store, YEAR, made.units["乙县"], "安全生产", organ="应急局", on=today + timedelta(days=1))
    assert [(row.unit_label, row.is_late) for row in vetoes.vetoes(store, YEAR)] == [("甲县", False), ("乙县", True)]
    schemes.set_step(store, scheme, StepDone(AssessmentStep.FEEDBACK, today), AssessmentStep.FEEDBACK)
    assert objections.deadline(store, scheme) == today + timedelta(days=objections.DAYS)
    procedure.set_due(store, scheme, AssessmentStep.OBJECTION, today + timedelta(days=2))
    assert objections.deadline(store, scheme) == today + timedelta(days=2)
    assert any("申诉期到" in one for one in sealing_scores.open_points(store, scheme)), "sealing waits for it"
    objections.raise_objection(store, YEAR, made.units["乙县"], "少计", on=today + timedelta(days=3))
    (row,) = objections.objections(store, YEAR, until=objections.deadline(store, scheme))
    assert row.is_late


def test_a_veto_of_last_year_can_be_revoked_for_this_one(made: Contest) -> None:
    """浙江 [S59a]: this year and next; the picture of the sealed year stays as it was approved."""
    store, unit = made.store, made.units["甲县"]
    record = vetoes.declare(store, YEAR, unit, "党风廉政", organ="纪委", years=2)
    once = vetoes.declare(store, YEAR, unit, "信访", organ="信访局")
    sealing_scores.seal(store, YEAR, made.scheme, "常务会议", although=True)
    with pytest.raises(NotAllowedError):
        vetoes.revoke(store, record, "查无实据")
    with store.change("年度") as change:
        session.put_year(change, YEAR + 1)
    assert [row.until for row in vetoes.vetoes(store, YEAR + 1)] == [YEAR + 1]
    vetoes.revoke(store, record, "查无实据")
    assert [row.in_force for row in vetoes.vetoes(store, YEAR + 1)] == [False]
    assert [mark.subject for mark in made.board().unit(unit).vetoes] == ["党风廉政", "信访"], "as sealed"
    with pytest.raises(NotAllowedError):
        vetoes.revoke(store, once, "更正")


# Units that take no part ------------------------------------------------------------------


def test_a_unit_merged_in_mid_year_is_told_and_left_out(made: Contest) -> None:
    store, scheme = made.store, made.scheme
    schemes.set_facts(store, scheme, grades=(GradeLine("优秀", quota_share=D(34)), GradeLine("良好")))
    successions.merge_units(store, [made.units["乙县"]], into=made.units["甲县"], effective_on=date(YEAR, 7, 1), basis="示编〔2020〕3号")
    assert any(one.startswith("乙县仍在考核名单中:2020-07-01 合并") for one in schemes.problems(store, scheme))
    hints = {one.label: one.hint for one in procedure.group_members(store, scheme)}
    assert hints["乙县"].startswith("2020-07-01 合并:") and not hints["甲县"]
    procedure.leave_out(store, scheme, made.units["乙县"], "7月并入甲县")
    assert [line.label for line in made.board().units] == ["甲县", "丙县"]
    assert [(row.peer_group, row.units) for row in schemes.schemes(store, YEAR)] == [("县区", 2)]
    assert not any("仍在考核名单中" in one for one in schemes.problems(store, scheme))
    assert [one.left_out for one in procedure.group_members(store, scheme)] == ["", "7月并入甲县", ""]
    assert made.totals()["丙县"][1] == 1 and made.totals()["丙县"][2] == "良好", "34 % of two is none"
    procedure.leave_out(store, scheme, made.units["乙县"], "")
    assert len(made.board().units) == 3
    with pytest.raises(InputError):
        procedure.leave_out(store, scheme, made.units["甲县"] * 0, "x")


def test_somebody_has_to_be_assessed(store: Store) -> None:
    made = Contest(store, "开发区", ("高新园",))
    made.add("投资", "10", Ratio(), {"高新园": ("10", "9")})
    made.ready(components=(Component("领导评价", D(20)),), target_weight=D(80))
    with pytest.raises(NotAllowedError):
        procedure.leave_out(store, made.scheme, made.units["高新园"], "x")


def test_periods_as_they_are_typed() -> None:
    assert read_periods("3月15、6月25%，9月底25 12月35") == QUARTERS
    assert read_periods("一季度15%、上半年25%、前三季度25%、全年35%") == QUARTERS
    assert read_periods(show_periods(QUARTERS)) == QUARTERS and read_periods(" ") == ()
    assert read_periods("上半年30%、全年70%") == (Period(6, D(30)), Period(12, D(70)))
    for text in ("平时三成", "6月30%、年末七成", "35%"):
        with pytest.raises(InputError, match="读不出来"):
            read_periods(text)


def test_what_belongs_to_last_year_is_not_copied(made: Contest) -> None:
    store, unit = made.store, made.units["丙县"]
    schemes.set_facts(store, made.scheme, basis="示政办〔2020〕8号", note="2021-03-03解封", ties=(TieBreak.BONUS,),
                      due=(StepDue(AssessmentStep.SELF, date(2021, 1, 10)),))
    procedure.leave_out(store, made.scheme, unit, "新设")
    with store.change("新年度") as change:
        session.put_year(change, YEAR + 1)
        record = change.new(Indicator)
        change.put(Indicator(id=record, year=YEAR + 1, name="合格率", unit_of_measure="%", points=D(5)))
        change.put(Target(id=change.named(Target, record, unit), indicator=record, unit=unit))
    schemes.copy_from_last_year(store, YEAR + 1)
    (new,) = schemes.versions(store, YEAR + 1)
    assert (new.due, new.left_out, new.basis, new.note, new.done) == ((), (), "", "", ())
    assert (new.periods, new.ties, new.items[0].by_period) == (QUARTERS, (TieBreak.BONUS,), True)


def test_what_is_different_from_last_year(made: Contest) -> None:
    store, unit = made.store, made.units["丙县"]
    assert scheme_versions.against_last_year(store, made.scheme) is None
    with store.change("新年度") as change:
        session.put_year(change, YEAR + 1)
        for name, points in (("合格率", "5"), ("绿化面积", "3")):
            record = change.new(Indicator)
            change.put(Indicator(id=record, year=YEAR + 1, name=name, unit_of_measure="%", points=D(points)))
            change.put(Target(id=change.named(Target, record, unit), indicator=record, unit=unit))
    schemes.copy_from_last_year(store, YEAR + 1)
    (new,) = schemes.versions(store, YEAR + 1)
    rate = next(one.indicator for one in new.items if one.by_period)
    scheme_items.set_item(store, new.id, rate, rule=preset("R03").rule, by_period=False)
    schemes.set_facts(store, new.id, components=(Component("领导评价", D(20)),), target_weight=D(80), bonus_cap=D(5), periods=())
    said = [one.words for one in scheme_versions.against_last_year(store, new.id) or ()]
    assert said[:4] == [
        "目标得分权重%:100 → 80", "其他部分:无 → 领导评价20%", "考核时段:一季度15%、上半年25%、前三季度25%、全年35% → 无", "加分封顶:无 → 5",
    ]
    assert "合格率 分值:4 → 5" in said and "合格率 分期:是 → 否" in said
    assert any(one.startswith("合格率 规则:按实绩占目标的比例得分") for one in said)
    assert said[-2:] == ["新增指标:绿化面积", "取消指标:投资"]
