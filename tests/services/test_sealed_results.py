"""Sealed results stand: no service changes them, what became of the records since is said, only unsealing opens them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BonusItem,
    Component,
    GradeLine,
    ScoreKind,
    StepDone,
)
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.inspections import Finding
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.results import Completion, TargetResult, UnitResult
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    adjustments,
    assessment_circulars,
    assessment_papers,
    bonuses,
    given_scores,
    history,
    objections,
    planning_edits,
    planning_framework,
    progress_entry,
    result_edits,
    results,
    schemes,
    score_status,
    scores,
    sealing_scores,
    statistics,
    vetoes,
)
from mbo_desktop.services.adjustment_terms import AdjustmentInput
from mbo_desktop.services.adjustments import Approval
from mbo_desktop.services.planning_edits import GridColumn
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.result_edits import ResultEdit, UnitEdit, UnitField
from mbo_desktop.services.results import ResultField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")


@pytest.fixture
def made(store: Store) -> Contest:
    """Three counties, sealed: 甲县 above its target, 乙县 vetoed, 丙县 behind; a part of the total given."""
    made = Contest(store, "县区", NAMES)
    made.add("工业投资", "60", Ratio(), {"甲县": ("100", "110"), "乙县": ("100", "90"), "丙县": ("100", "50")}, reported=True)
    made.add("党的建设", "40", Given(), dict.fromkeys(NAMES, ("完成", None)), unit="")
    made.ready(
        grades=(GradeLine("优秀", D(90)), GradeLine("良好", D(70)), GradeLine("较差")),
        components=(Component("领导评价", D(20)),), target_weight=D(80), steps=(AssessmentStep.APPROVE,),
    )
    for name, points in zip(NAMES, ("40", "38", "30"), strict=True):
        given_scores.set_points(store, made.scheme, made.units[name], made.indicators["党的建设"], ScoreKind.CERTIFIED, points, "党建办")
        given_scores.set_points(store, made.scheme, made.units[name], "领导评价", ScoreKind.FINAL, "90")
        made.store.operator = "刘敏"
    given_scores.set_points(store, made.scheme, made.units["丙县"], made.indicators["工业投资"], ScoreKind.SELF, "55")
    bonuses.add_bonus(store, YEAR, made.units["甲县"], "国家卫生县城", D("1.5"), basis="国卫发〔2020〕1号")
    vetoes.declare(store, YEAR, made.units["乙县"], "安全生产", organ="市应急局")
    return made


def seal(made: Contest) -> None:
    schemes.set_step(made.store, made.scheme, StepDone(AssessmentStep.APPROVE, sealing_scores.clock.today()), AssessmentStep.APPROVE)
    sealing_scores.seal(made.store, YEAR, made.scheme, "市政府第1次常务会议")


def pictures(made: Contest) -> object:
    """All that is shown and printed of the group."""
    board = made.board()
    return (
        board.units, [scores.working_total(made.store, made.scheme, one).lines for one in made.units.values()],
        [assessment_papers.score_cards(made.store, made.scheme), assessment_papers.score_table(made.store, made.scheme),
         assessment_papers.ranking(made.store, YEAR)],
        statistics.awards(made.store, YEAR),
    )


def test_the_sealed_board_says_what_the_board_said(made: Contest) -> None:
    before, lines = made.board(), scores.working_total(made.store, made.scheme, made.units["甲县"]).lines
    told = score_status.statuses(made.store, before)
    seal(made)
    after = made.board()
    assert after.sealed and not before.sealed
    for old, new in zip(before.units, after.units, strict=True):
        assert (new.total, new.rank, new.grade, new.grade_reason, new.targets, new.bonus, new.components) == (
            old.total, old.rank, old.grade, old.grade_reason, old.targets, old.bonus, old.components)
        assert [mark.words for mark in new.vetoes] == [mark.words for mark in old.vetoes]
        assert {i: cell.used for i, cell in new.items.items()} == {i: cell.used for i, cell in old.items.items()}
    assert after.unit(made.units["丙县"]).items[made.indicators["工业投资"]].self_points == 55
    assert scores.working_total(made.store, made.scheme, made.units["甲县"]).lines == lines
    assert score_status.statuses(made.store, after) == told
    assert told[made.indicators["工业投资"], made.units["甲县"]] is Completion.EXCEEDED
    assert scores.changed_since_sealing(made.store, made.scheme) == ()


def test_a_sealed_veto_is_still_told_in_the_circular(made: Contest) -> None:
    known = {one.name: one.value for one in assessment_circulars.fields(made.store, YEAR)}
    seal(made)
    sealed = {one.name: one.value for one in assessment_circulars.fields(made.store, YEAR)}
    assert sealed["一票否决"] == "被一票否决的单位1个：乙县（安全生产）。" == known["一票否决"]
    assert sealed["各组等次"] == known["各组等次"]


def test_records_that_change_below_do_not_move_it(made: Contest) -> None:
    store, unit, indicator = made.store, made.units["甲县"], made.indicators["工业投资"]
    seal(made)
    stood = pictures(made)
    with store.change("别处来的修改") as change:
        target = change.named(Target, indicator, unit)
        change.put(Target(id=target, indicator=indicator, unit=unit, value=read_target("200", unit="亿元")))
        change.put(ProgressReport(id=change.named(ProgressReport, target, 12, FigureKind.VERIFIED), subject=target,
                                  month=12, kind=FigureKind.VERIFIED, amount=D(60)))
        change.put(BonusItem(id=change.new(BonusItem), year=YEAR, unit=unit, matter="新荣誉", points=D(5), basis="x"))
        change.delete(change.named(Target, made.indicators["党的建设"], made.units["丙县"]))
    assert pictures(made) == stood
    said = [one.words for one in scores.changed_since_sealing(store, made.scheme)]
    assert "甲县“工业投资”:封存60.00,按现有记录33.00" in said
    assert any(text.startswith("丙县“党的建设”:封存30.00,按现有记录不计入") for text in said)
    assert any(text.startswith("甲县“总分”") for text in said)


def test_no_service_changes_what_is_sealed(made: Contest) -> None:
    store, scheme, unit, indicator = made.store, made.scheme, made.units["甲县"], made.indicators["工业投资"]
    objection = objections.raise_objection(store, YEAR, unit, "少计项目")
    objections.decide(store, objection, "不成立", upheld=False)
    seal(made)
    result = next(one.id for one in store.all(TargetResult, indicator=indicator) if one.unit == unit)
    own = next(one.id for one in store.all(UnitResult, year=YEAR) if one.unit == unit)
    bonus, veto = store.all(BonusItem, year=YEAR)[0].id, vetoes.vetoes(store, YEAR)[0].veto.id
    target = next(one.id for one in store.all(Target, indicator=indicator) if one.unit == unit)
    acts: tuple[Callable[[], object], ...] = (
        lambda: given_scores.set_points(store, scheme, unit, indicator, ScoreKind.SELF, "1"),
        lambda: given_scores.set_points(store, scheme, unit, "领导评价", ScoreKind.FINAL, "1"),
        lambda: given_scores.set_counts(store, scheme, unit, indicator, {"省级": 1}),
        lambda: given_scores.set_word(store, scheme, unit, indicator, "完成"),
        lambda: given_scores.take_back(store, scheme, unit, indicator, ScoreKind.CERTIFIED),
        lambda: schemes.set_facts(store, scheme, digits=1),
        lambda: schemes.delete_scheme(store, scheme),
        lambda: schemes.set_step(store, scheme, None, AssessmentStep.APPROVE),
        lambda: schemes.add_new_indicators(store, scheme),
        lambda: bonuses.add_bonus(store, YEAR, unit, "荣誉", D(1), basis="x"),
        lambda: bonuses.set_bonus(store, bonus, points=D(2)),
        lambda: bonuses.delete_bonus(store, bonus),
        lambda: vetoes.declare(store, YEAR, unit, "信访", organ="信访局"),
        lambda: vetoes.set_veto(store, veto, years=2),
        lambda: vetoes.revoke(store, veto, "更正"),
        lambda: vetoes.delete_veto(store, veto),
        lambda: objections.raise_objection(store, YEAR, unit, "再申诉"),
        lambda: objections.decide(store, objection, "成立", upheld=True),
        lambda: objections.delete_objection(store, objection),
        lambda: results.set_result(store, indicator, unit, ResultField.SCORE, "1"),
        lambda: results.set_unit_result(store, YEAR, unit, score=D(1)),
        lambda: result_edits.apply_result_edits(store, [ResultEdit(indicator, unit, ResultField.ACTUAL, "1")]),
        lambda: sealing_scores.seal(store, YEAR, scheme, "再封"),
        lambda: planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, "120"),
        lambda: planning_edits.clear(store, [indicator], [GridColumn(TargetField.VALUE, unit)]),
        lambda: planning_edits.remove_targets(store, [indicator], [unit]),
        lambda: planning_framework.delete_indicators(store, [indicator], with_targets=True),
        *(lambda record=record: history.restore(store, record, 1) for record in (
            result, own, bonus, veto, scheme, objection, sealing_scores.sealed(store, YEAR)[0].id)),
    )
    stood, count = pictures(made), store.change_count
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()
    decided = adjustments.decide_by_issuer(
        store, [AdjustmentInput(indicator, unit, AdjustmentKind.RAISE, "130", "加压")], Approval(date(YEAR, 3, 1), "常务会议"))
    assert decided.refused and not decided.done
    refused = result_edits.apply_unit_edits(store, YEAR, [
        UnitEdit(unit, UnitField.SCORE, "1"), UnitEdit(unit, UnitField.RANK, "3"), UnitEdit(unit, UnitField.HONOURS, "先进单位"),
    ])
    assert sorted(refused) == [0, 1], "honours are told after the sealing"
    outcome = progress_entry.write_cells(store, YEAR, 12, [ReportEdit(target, ReportField.AMOUNT, "1")])
    assert "已封存" in next(iter(outcome.refused.values())) and not outcome.changed
    assert pictures(made) == stood and store.change_count >= count


def test_other_groups_go_on(made: Contest) -> None:
    other = Contest(made.store, "部门", ("市教育局", "市公安局"))
    other.add("职能", "100", Ratio(), dict.fromkeys(("市教育局", "市公安局"), ("10", "5")))
    other.ready()
    seal(made)
    results.set_result(made.store, other.indicators["职能"], other.units["市教育局"], ResultField.ACTUAL, "10")
    assert other.totals()["市教育局"][0] == "100.00"


def test_unsealing_works_it_out_anew(made: Contest) -> None:
    seal(made)
    sealing_scores.unseal(made.store, made.scheme, "统计局更正")
    results.set_result(made.store, made.indicators["工业投资"], made.units["丙县"], ResultField.ACTUAL, "100")
    assert made.board().unit(made.units["丙县"]).items[made.indicators["工业投资"]].used == 60
    assert VetoEffect.DISQUALIFY in [mark.effect for mark in made.board().unit(made.units["乙县"]).vetoes]
    assert not made.store.all(Finding)


def test_a_result_typed_by_hand_stays_its_sealed_score_goes(made: Contest) -> None:
    store, unit, indicator = made.store, made.units["甲县"], made.indicators["工业投资"]
    results.set_result(store, indicator, unit, ResultField.ACTUAL, "104")
    seal(made)
    row = next(row for row in results.rows(store, YEAR) if (row.unit, row.indicator) == (unit, indicator))
    assert (row.actual, row.score) == ("104", "60")
    sealing_scores.unseal(store, made.scheme, "更正")
    row = next(row for row in results.rows(store, YEAR) if (row.unit, row.indicator) == (unit, indicator))
    assert (row.actual, row.score) == ("104", "")


def test_the_sentence_of_a_group_names_it_once(made: Contest) -> None:
    (line,) = statistics.account(made.store, YEAR, statistics.Axis.GROUP)
    assert line.sentence.startswith("2020年，市政府与县（区）共签订")
