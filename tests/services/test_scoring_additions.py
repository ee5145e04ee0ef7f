"""Late reports, cases, ties and quotas: what is added and taken off beside the targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.accountability import AccountabilityCase, CaseEffect, CaseState
from mbo_desktop.domain.assessment import BonusCategory, Component, GradeLine, ScoreKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import Filing
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    bonuses,
    given_scores,
    objections,
    progress_entry,
    reporting_rules,
    results,
    schemes,
    scores,
    sealing_scores,
    session,
    vetoes,
)
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.score_components import forms_of, read_answers, show_answers
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal


@pytest.fixture
def made(store: Store) -> Contest:
    found = Contest(store, "甲组", ("甲县", "乙县", "丙县"))
    found.add("投资", "100", Ratio(), {"甲县": ("100", "95"), "乙县": ("100", "95"), "丙县": ("100", "70")})
    found.ready(grades=(GradeLine("优秀", D(90), quota=1), GradeLine("良好", D(80)), GradeLine("较差")))
    return found


def test_late_reports_are_taken_off(made: Contest) -> None:
    with made.store.change("收报") as change:
        for month, day, excused in ((3, date(2020, 3, 30), ""), (4, date(2020, 4, 28), ""), (5, date(2020, 6, 2), "停电"), (6, date(2020, 7, 1), "")):
            change.put(Filing(id=change.named(Filing, YEAR, month, made.units["乙县"]), year=YEAR, month=month,
                              unit=made.units["乙县"], received_on=day, confirmed=True, excused=excused))
    assert made.totals()["乙县"][0] == "95.00", "the scheme does not say so"
    schemes.set_facts(made.store, made.scheme, late_filing_points=D("0.5"))
    assert made.totals()["乙县"][0] == "94.00"
    said = scores.working_total(made.store, made.scheme, made.units["乙县"]).text
    assert "扣分:3月报表迟报2天 0.5分" in said
    assert "扣分:6月报表迟报3天 0.5分" in said
    schemes.set_facts(made.store, made.scheme, deduction_cap=D("0.8"))
    assert made.totals()["乙县"][0] == "94.20"


def test_months_that_were_never_reported(made: Contest) -> None:
    store, units = made.store, made.units
    with store.change("收报") as change:
        for month, who in ((1, "甲县"), (1, "乙县"), (2, "甲县")):
            change.put(Filing(id=change.named(Filing, YEAR, month, units[who]), year=YEAR, month=month,
                              unit=units[who], received_on=date(2020, month + 1, 1), confirmed=True))
        change.put(Filing(id=change.named(Filing, YEAR, 2, units["丙县"]), year=YEAR, month=2, unit=units["丙县"], excused="新设单位"))
    assert made.totals()["丙县"][0] == "70.00", "the scheme does not say so"
    schemes.set_facts(store, made.scheme, missed_filing_points=D(1))
    rules = reporting_rules.rules_of(store, YEAR)
    told = {name: [one.text for one in made.board().additions.deductions.get(unit, ())] for name, unit in units.items()}
    first = rules.first_month
    assert told["甲县"] == []
    assert "2月报表未报" in told["乙县"] and ("1月报表未报" in told["丙县"]) == (first == 1)
    assert "2月报表未报" not in told["丙县"], "excused"
    assert not any("3月" in text for texts in told.values() for text in texts), "a month nobody handed in was not collected"
    progress = made.store.all(Target, indicator=made.indicators["投资"])
    target = next(one.id for one in progress if one.unit == units["乙县"])
    progress_entry.write_cells(store, YEAR, 2, [ReportEdit(target, ReportField.AMOUNT, "5")])
    assert not made.board().additions.deductions.get(units["乙县"]), "figures are there: it was reported"


def test_each_category_has_its_own_cap(made: Contest) -> None:
    """成都林业 [S33]: categories with caps of their own; the same matter once, then the category, then the whole."""
    store, unit = made.store, made.units["丙县"]
    for matter, points, category in (
        ("国家卫生县城", "2", "荣誉表彰"), ("全省先进", "1.5", "荣誉表彰"), ("经验交流", "1", "荣誉表彰"), ("创新项目", "3", "改革创新"),
        ("招商大项目", "1", ""),
    ):
        bonuses.add_bonus(store, YEAR, unit, matter, D(points), basis="文件", category=category)
    assert made.totals()["丙县"][0] == "78.50"
    schemes.set_facts(store, made.scheme, bonus_categories=(BonusCategory("荣誉表彰", D(3)), BonusCategory("改革创新", D(2))))
    assert bonuses.categories(store, YEAR) == ("荣誉表彰", "改革创新")
    assert made.totals()["丙县"][0] == "76.00", "3 + 2 + 1"
    said = scores.working_total(store, made.scheme, unit).text
    assert "加分:全省先进 1.5分(“荣誉表彰”以3分为限,本项计1分)" in said
    schemes.set_facts(store, made.scheme, bonus_cap=D(5))
    assert made.totals()["丙县"][0] == "75.00"
    with pytest.raises(InputError):
        schemes.set_facts(store, made.scheme, bonus_categories=(BonusCategory("荣誉", D(3)), BonusCategory("荣誉", D(2))))


def test_cases_count_but_restricted_ones_are_not_named(made: Contest) -> None:
    with made.store.change("问责") as change:
        for state, readers in ((CaseState.CONCLUDED, ("王局",)), (CaseState.DROPPED, ())):
            change.put(AccountabilityCase(
                id=change.new(AccountabilityCase), year=YEAR, title="虚报数据", unit=made.units["甲县"], state=state,
                effect=CaseEffect(D(2), is_veto=True, decided_by="市监察委"), readers=readers))
    assert made.totals()["甲县"] == ("93.00", 2, "良好")
    line = made.board().unit(made.units["甲县"])
    assert [mark.words for mark in line.vetoes] == ["效能问责:(限阅)(市监察委):取消评先资格"]
    assert line.grade_reason == "一票否决,不得评最高等次"
    assert "虚报" not in scores.working_total(made.store, made.scheme, line.unit).text


def test_bonus_that_only_breaks_ties(made: Contest) -> None:
    bonuses.add_bonus(made.store, YEAR, made.units["乙县"], "表彰", D(1), basis="决定")
    schemes.set_facts(made.store, made.scheme, bonus_breaks_ties_only=True)
    assert made.totals() == {"甲县": ("95.00", 2, "良好"), "乙县": ("95.00", 1, "优秀"), "丙县": ("70.00", 3, "较差")}
    assert made.board().unit(made.units["甲县"]).grade_reason == "达到优秀分数线,名额已满"
    schemes.set_facts(made.store, made.scheme, bonus_breaks_ties_only=False)
    assert made.totals()["乙县"] == ("96.00", 1, "优秀")


def test_equal_at_the_edge_of_a_quota_nobody_is_preferred(made: Contest) -> None:
    assert {name: one[1:] for name, one in made.totals().items()} == {
        "甲县": (1, "良好"), "乙县": (1, "良好"), "丙县": (3, "较差"),
    }


def test_what_cannot_be_entered(made: Contest) -> None:
    store, unit, item = made.store, made.units["甲县"], made.indicators["投资"]
    for act, said in (
        (lambda: bonuses.add_bonus(store, YEAR, unit, " ", D(1), basis="文"), "事项"),
        (lambda: bonuses.add_bonus(store, YEAR, unit, "表彰", D(1)), "没有依据"),
        (lambda: bonuses.add_bonus(store, YEAR, unit, "表彰", D(0), basis="文"), "为0"),
        (lambda: vetoes.declare(store, YEAR, unit, "信访", organ=""), "认定机关"),
        (lambda: vetoes.declare(store, YEAR, unit, "信访", organ="信访局", years=9), "1到5年"),
        (lambda: objections.raise_objection(store, YEAR, unit, " "), "理由"),
        (lambda: given_scores.set_points(store, made.scheme, unit, item, ScoreKind.CERTIFIED, "约9分"), "约9"),
        (lambda: given_scores.set_points(store, made.scheme, unit, item, ScoreKind.CERTIFIED, "-1"), "负数"),
        (lambda: given_scores.set_points(store, made.scheme, unit, "民意", ScoreKind.CERTIFIED, "9"), "没有“民意”"),
    ):
        with pytest.raises(InputError, match=said):
            act()


def test_a_block_of_scores_keeps_what_it_can(made: Contest) -> None:
    edits = [given_scores.GivenEdit(made.units[name], made.indicators["投资"], ScoreKind.REVIEWED, text)
             for name, text in (("甲县", "90"), ("乙县", "九十"), ("丙县", "71.5分"))]
    refused = given_scores.set_block(made.store, made.scheme, edits)
    assert list(refused) in ([], [1])
    assert made.points()["丙县"] == ["71.50"]
    made.store.undo()
    assert made.points()["丙县"] == ["70.00"], "one step"


def test_sealed_results_are_next_years_base(made: Contest) -> None:
    sealing_scores.seal(made.store, YEAR, made.scheme, "常务会议", although=True)
    session.open_year(made.store, YEAR + 1)
    from mbo_desktop.services import planning_edits
    from mbo_desktop.services import planning_framework as framework
    from mbo_desktop.services.target_cells import TargetField

    row = framework.add_indicator(made.store, YEAR + 1, "投资", unit_of_measure="亿元")
    for unit in made.units.values():
        planning_edits.set_cell(made.store, row, unit, TargetField.VALUE, "120")
    results.take_over_bases(made.store, YEAR + 1)
    cells = scores.reads.cells(made.store, [row], list(made.units.values()))
    assert sorted(str(one.last_year) for one in cells) == ["70", "95", "95"]
    with pytest.raises(NotAllowedError):
        schemes.set_facts(made.store, made.scheme, digits=1)


def test_an_offices_own_ballot_counts_as_it_is_stated(made: Contest) -> None:
    """[S52b] has 100/80/60/40, the next office 很满意…: values are the scheme's, nothing is left out silently."""
    store, unit = made.store, made.units["甲县"]
    schemes.set_facts(store, made.scheme, target_weight=D(60), components=(
        Component("民主测评", D(20), read_answers("很满意100、满意80、基本满意60、不满意30")), Component("领导评价", D(20)),
    ))
    given_scores.set_counts(store, made.scheme, unit, "民主测评", {"很满意": 50, "满意": 30, "基本满意": 10, "不满意": 10, "不了解": 7})
    given_scores.set_counts(store, made.scheme, unit, "领导评价", {"满意": 8, "基本满意": 2, "弃权": 1})
    parts = made.board().unit(unit).components
    assert (parts["民主测评"], parts["领导评价"]) == (D("83.00"), D("94.00")), "(5000+2400+600+300)÷100; (800+140)÷10"
    for name, answers in (("民主测评", {"一般": 3}), ("领导评价", {"很满意": 5, "满意": 3}), ("领导评价", {"满意": 3, "良好": 1})):
        with pytest.raises(InputError, match="测评票上的选项"):
            given_scores.set_counts(store, made.scheme, unit, name, answers)
    assert [form.rows[0][0] for form in forms_of(made.board().scheme.components[0])] == ["很满意"]
    assert len(forms_of(made.board().scheme.components[1])) == 3
    assert show_answers(read_answers("好=100,较好:80 差0分")) == "好100、较好80、差0" and read_answers(" ") == ()
    for text in ("满意", "满意100", "满意100、满意80", "满意120、不满意0"):
        with pytest.raises(InputError, match="读不出来"):
            read_answers(text)


def test_places_that_units_without_figures_may_take_are_said(made: Contest) -> None:
    assert not any(made.board().grade_may_move(one) for one in made.board().units)
    made.add("未报指标", "10", Ratio(), {"丙县": ("100", None)})
    schemes.add_new_indicators(made.store, made.scheme)
    board = made.board()
    assert board.unit(made.units["丙县"]).provisional
    assert board.grade_may_move(board.unit(made.units["甲县"])), "another unit may yet take the place"
    assert not board.grade_may_move(board.unit(made.units["丙县"])), "its own grade is not settled at all"
    schemes.set_facts(made.store, made.scheme, grades=(GradeLine("优秀", D(99), quota=1), GradeLine("良好")))
    board = made.board()
    assert not board.grade_may_move(board.unit(made.units["甲县"])), "below the line of the limited grade"


def test_a_share_that_leaves_no_place_is_said_in_the_check_and_in_the_reason(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, grades=(GradeLine("优秀", D(90), D(30)), GradeLine("良好")))
    assert "优秀名额30%,本组3个单位不足1个" in ";".join(schemes.problems(made.store, made.scheme))
    assert made.board().unit(made.units["甲县"]).grade_reason == "达到优秀分数线,3个单位按比例不足1个名额"
