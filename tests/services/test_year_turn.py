"""年度结转: what goes on, whose figures become bases, mergers and splits, trees, one step, twice as once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop import clock
from mbo_desktop.domain.agreements import AgreementTemplate, Clause
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import AssessmentStep as Step
from mbo_desktop.domain.assessment import Scheme, SchemeItem, StepDue
from mbo_desktop.domain.dockets import Docket, DocketState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent, JointDuty
from mbo_desktop.domain.offices import Succession, SuccessionKind, Unit
from mbo_desktop.domain.planning import AdjustmentWindow, Indicator, Target, Year
from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.domain.reports import FigureKind, ReportingRules
from mbo_desktop.domain.results import Completion, TargetResult
from mbo_desktop.domain.targets import NOT_APPLICABLE
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError
from mbo_desktop.services import (
    dockets,
    planning_framework,
    results,
    sealing,
    session,
    successions,
    year_turn,
)
from mbo_desktop.services.year_turn import BaseSource, BaseState, Going, Part, TurnChoices
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import year_turn as reads
from tests.services.conftest import Office
from tests.services.turning_year import LAST, NEXT, Turning

D = Decimal


@pytest.fixture(autouse=True)
def _january(_morning: None) -> Iterator[None]:
    """It is 20 January of the new year."""
    clock.set_source(lambda: datetime(NEXT, 1, 20, 9, 0, tzinfo=UTC))
    yield
    clock.set_source(None)


@pytest.fixture
def turning(office: Office) -> Turning:
    """Four counties; 工业投资 adds up, 就业率 does not, 绿化 is in words."""
    made = Turning(office.store, office.root)
    made.add_units(["甲县", "乙县", "丙县", "丁县"])
    made.add_indicators({"工业投资": "亿元", "城镇就业率": "%", "绿化工作": ""})
    made.set_targets("工业投资", {"甲县": "40亿元", "乙县": "30亿元", "丙县": "20亿元", "丁县": "10亿元"})
    made.set_targets("城镇就业率", {"甲县": "95%", "乙县": "95%", "丙县": "95%", "丁县": "/"})
    made.set_targets("绿化工作", {"甲县": "完成绿化规划"})
    made.set_results("工业投资", {"甲县": "42.5", "乙县": "31.25", "丙县": "18.05"})
    return made


def bases(turning: Turning, name: str) -> dict[str, Decimal | None]:
    return {unit: one.last_year for unit, one in turning.new_targets(name).items()}


def turn(turning: Turning, choices: TurnChoices | None = None) -> year_turn.TurnOutcome:
    return year_turn.apply_turn(turning.store, turning.plan(choices))


def test_indicators_go_on_with_their_words_and_name_last_years(turning: Turning) -> None:
    plan = turning.plan(TurnChoices(left=frozenset({turning.heads["绿化工作"]})))
    assert [(line.old.name, line.going) for line in plan.indicators] == [
        ("工业投资", Going.NEW), ("城镇就业率", Going.NEW), ("绿化工作", Going.LEFT),
    ]
    year_turn.apply_turn(turning.store, plan)
    made = turning.store.all(Indicator, year=NEXT)
    assert [(one.name, one.unit_of_measure, one.points, one.definition, one.note) for one in made] == [
        ("工业投资", "亿元", D(10), "工业投资口径", ""), ("城镇就业率", "%", D(10), "城镇就业率口径", ""),
    ]
    assert [one.continues for one in made] == [(turning.heads["工业投资"],), (turning.heads["城镇就业率"],)]
    categories = {one.id: one.name for one in planning_framework.categories(turning.store, NEXT)}
    assert {categories[one.category] for one in made if one.category} == {"考核类"}


def test_certified_actuals_become_bases_exactly_and_own_figures_do_not_silently(turning: Turning) -> None:
    turning.report(turning.targets["工业投资", "丁县"], "9.9", FigureKind.OWN)
    turning.report(turning.targets["城镇就业率", "甲县"], "95.3", FigureKind.CERTIFIED)
    turning.report(turning.targets["城镇就业率", "甲县"], "97", FigureKind.OWN)
    turning.report(turning.targets["城镇就业率", "乙县"], "94.1", FigureKind.CERTIFIED)
    turning.report(turning.targets["城镇就业率", "乙县"], "93.8", FigureKind.VERIFIED)
    plan = turning.plan()
    said = {(one.indicator, one.unit): (one.amount, one.state, one.source) for one in plan.bases}
    assert said == {
        ("工业投资", "甲县"): (D("42.5"), BaseState.TAKEN, BaseSource.RESULT),
        ("工业投资", "乙县"): (D("31.25"), BaseState.TAKEN, BaseSource.RESULT),
        ("工业投资", "丙县"): (D("18.05"), BaseState.TAKEN, BaseSource.RESULT),
        ("工业投资", "丁县"): (D("9.9"), BaseState.OWN_ONLY, BaseSource.OWN),
        ("城镇就业率", "甲县"): (D("95.3"), BaseState.TAKEN, BaseSource.CERTIFIED),
        ("城镇就业率", "乙县"): (D("93.8"), BaseState.TAKEN, BaseSource.VERIFIED),
        ("城镇就业率", "丙县"): (None, BaseState.MISSING, None),
    }, "words need no base, N/A has none"
    year_turn.apply_turn(turning.store, plan)
    assert bases(turning, "工业投资") == {"甲县": D("42.5"), "乙县": D("31.25"), "丙县": D("18.05"), "丁县": None}
    made = turning.new_targets("城镇就业率")
    assert made["丁县"].value == NOT_APPLICABLE and made["甲县"].value is None
    assert all(one.due is None and one.note == "" for one in made.values())


def test_own_figures_become_bases_when_the_office_says_so(turning: Turning) -> None:
    turning.report(turning.targets["工业投资", "丁县"], "9.9", FigureKind.OWN)
    plan = turning.plan(TurnChoices(own_figures=True))
    (line,) = [one for one in plan.bases if one.unit == "丁县"]
    assert (line.amount, line.state, line.source, line.said) == (
        D("9.9"), BaseState.TAKEN, BaseSource.OWN, "12月自报数")


def test_a_sealed_result_counts_as_whose_figure_it_was(turning: Turning) -> None:
    from mbo_desktop.services.sealing_scores import MARK

    with turning.store.change("审定") as change:
        change.put(TargetResult(
            id=change.named(TargetResult, turning.heads["工业投资"], turning.units["丁县"]),
            indicator=turning.heads["工业投资"], unit=turning.units["丁县"], actual=D("9.9"), note=MARK,
        ))
    turning.report(turning.targets["工业投资", "丁县"], "9.9", FigureKind.OWN)
    assert [one.state for one in turning.plan().bases if one.unit == "丁县"] == [BaseState.OWN_ONLY]
    turning.report(turning.targets["工业投资", "丁县"], "9.9", FigureKind.CERTIFIED)
    assert [(one.state, one.source) for one in turning.plan().bases if one.unit == "丁县"] == [
        (BaseState.TAKEN, BaseSource.CERTIFIED)]


def test_merged_units_take_the_sum_and_rates_are_not_added(turning: Turning) -> None:
    turning.set_results("城镇就业率", {"甲县": "95", "乙县": "96", "丙县": "94"})
    successions.merge_units(
        turning.store, [turning.units["乙县"], turning.units["丙县"]], into=turning.units["乙县"],
        effective_on=date(NEXT, 1, 1))
    plan = turning.plan()
    assert [one.sentence for one in plan.units] == ["丙县合并 → 乙县(2项)"]
    said = {(one.indicator, one.unit): (one.amount, one.state, one.said) for one in plan.bases}
    assert said["工业投资", "乙县"] == (D("49.30"), BaseState.TAKEN, "乙县、丙县之和")
    assert said["城镇就业率", "乙县"] == (None, BaseState.OPEN, "由多个单位合并,上年实绩不能相加")
    year_turn.apply_turn(turning.store, plan)
    assert bases(turning, "工业投资") == {"甲县": D("42.5"), "乙县": D("49.30"), "丁县": None}
    again = results.take_over_bases(turning.store, NEXT)
    assert (again.taken, again.kept) == (0, 0), "taking bases over again finds nothing else"


def test_a_merger_with_one_figure_missing_has_no_base(turning: Turning) -> None:
    successions.merge_units(
        turning.store, [turning.units["乙县"], turning.units["丁县"]], into=turning.units["乙县"],
        effective_on=date(NEXT, 1, 1))
    (line,) = [one for one in turning.plan().bases if (one.indicator, one.unit) == ("工业投资", "乙县")]
    assert (line.amount, line.state) == (None, BaseState.OPEN)


def test_a_unit_that_did_not_carry_it_is_no_part_of_the_sum(turning: Turning) -> None:
    turning.set_results("城镇就业率", {"丙县": "94"})
    successions.merge_units(
        turning.store, [turning.units["丙县"], turning.units["丁县"]], into=turning.units["丁县"],
        effective_on=date(NEXT, 1, 1))
    (line,) = [one for one in turning.plan().bases if (one.indicator, one.unit) == ("城镇就业率", "丁县")]
    assert (line.amount, line.state, line.said) == (D(94), BaseState.TAKEN, "丙县的实绩"), "丁县 had /"
    turn(turning)
    assert turning.new_targets("城镇就业率")["丁县"].value is None, "it carries the target now"


def test_a_split_unit_waits_for_a_decision(turning: Turning) -> None:
    first, second = successions.split_unit(
        turning.store, turning.units["甲县"], new_names=["东县", "西县"], effective_on=date(NEXT, 1, 1))
    turning.units |= {"东县": first, "西县": second}
    plan = turning.plan()
    (line,) = plan.units
    assert not line.is_decided and [name for _unit, name in line.choices] == ["东县", "西县"]
    assert line.sentence == "甲县拆分(3项):待选定由谁承担"
    assert f"单位变动:{line.sentence}" in plan.notes
    assert not any(one.unit in (first, second, turning.units["甲县"]) for one in plan.targets)
    turn(turning, TurnChoices(heirs={turning.units["甲县"]: (first, second)}))
    assert bases(turning, "工业投资") == {
        "乙县": D("31.25"), "丙县": D("18.05"), "丁县": None, "东县": None, "西县": None}


def test_a_dissolved_unit_without_successor_carries_nothing_on(turning: Turning) -> None:
    with turning.store.change("撤销") as change:
        change.put(replace(change.get(Unit, turning.units["丁县"]), dissolved_on=date(NEXT, 1, 1)))
    assert [one.sentence for one in turning.plan().units] == ["丁县撤销(2项):没有后继单位,目标不结转"]
    turn(turning)
    assert "丁县" not in turning.new_targets("工业投资")


def test_trees_keep_structure_and_posts_but_no_amounts_or_days(turning: Turning) -> None:
    held = turning.post("甲县", "办公室主任", "王建国")
    empty = turning.post("甲县", "统计科科员", "李卫东", until=date(LAST, 11, 30))
    gone = turning.post("丁县", "发改局长", "赵强")
    with turning.store.change("撤销") as change:
        change.put(replace(change.get(Unit, turning.units["丁县"]), dissolved_on=date(NEXT, 1, 1)))
    nodes = turning.tree(
        "工业投资", "甲县", ["园区基础设施", "招商项目"], unit=turning.units["丁县"], responsible=held, handler=empty,
        leader=gone, weight=D(3), supporting=(turning.units["乙县"], turning.units["丁县"]),
    )
    turning.report(nodes[1], "4.2", FigureKind.CERTIFIED)
    plan = turning.plan()
    assert plan.vacant == ("甲县 统计科科员",)
    assert "丁县发改局长随单位撤并,其承担的分解项请另定责任人" in plan.notes
    assert "分解项“园区基础设施”的责任单位丁县已撤并,请另定" in plan.notes
    year_turn.apply_turn(turning.store, plan)
    target = turning.new_targets("工业投资")["甲县"]
    (root,) = turning.store.all(Allocation, target=target.id)
    first, second = turning.store.all(Allocation, parent=root.id)
    assert (first.title, second.title) == ("园区基础设施", "招商项目")
    assert (first.value, first.due, first.note, first.unit, first.leader) == (None, None, "", None, None)
    assert (first.responsible, first.handler, first.weight) == (held, empty, D(3))
    assert first.supporting == (turning.units["乙县"],)
    assert (first.last_year, second.last_year) == (D("4.2"), None)


def test_rules_of_the_year_go_over_without_their_days(turning: Turning) -> None:
    store, head = turning.store, turning.heads["工业投资"]
    with store.change("全年") as change:
        year = change.get(Year, change.named(Year, LAST))
        change.put(replace(year, declared_points=D(100), adjustment_windows=(
            AdjustmentWindow("年中", date(LAST, 2, 29), date(LAST, 7, 31)),)))
        items = tuple(SchemeItem(one, "{}", points=D(5)) for one in turning.heads.values())
        change.put(Scheme(
            id=change.named(Scheme, LAST, "县区"), year=LAST, peer_group="县区", name="2020年度县区考核方案",
            items=items, due=(StepDue(Step.SELF, date(NEXT, 1, 10)),), basis="示政办〔2020〕88号",
        ))
        change.put(ReportingRules(
            id=change.named(ReportingRules, LAST), year=LAST, deadline_day=25, year_end_only=(head,)))
        change.put(AgreementTemplate(
            id=change.named(AgreementTemplate, LAST, "通用"), year=LAST, name="通用", title="{年度}年度目标责任书",
            clauses=(Clause("一、依据", ("根据2020年政府工作报告。",)),)))
        change.put(NumberSeries(
            id=change.named(NumberSeries, "督查通报", LAST), kind="督查通报", year=LAST, pattern="第{号}期", last=17))
        change.put(JointDuty(
            id=change.named(JointDuty, head, turning.units["甲县"], turning.units["乙县"]), indicator=head,
            lead=turning.units["甲县"], unit=turning.units["乙县"], duty="资金保障", share=D(30),
            consent=Consent.GIVEN, consent_on=date(LAST, 3, 1)))
    plan = turning.plan(TurnChoices(left=frozenset({turning.heads["绿化工作"]})))
    assert "考核方案“县区”有1项指标新年度没有,已略去,请核对分值合计" in plan.notes
    assert "责任书文本“通用”中写有“2020”,请核对" in plan.notes
    year_turn.apply_turn(store, plan)
    (year,) = store.all(Year, number=NEXT)
    assert year.declared_points == D(100) and year.seals == ()
    assert year.adjustment_windows == (AdjustmentWindow("年中", date(NEXT, 2, 28), date(NEXT, 7, 31)),)
    made = {one.name: one.id for one in store.all(Indicator, year=NEXT)}
    (scheme,) = store.all(Scheme, year=NEXT)
    assert (scheme.name, scheme.due, scheme.basis) == ("2021年度县区考核方案", (), "")
    assert [(item.indicator, item.points) for item in scheme.items] == [
        (made["工业投资"], None), (made["城镇就业率"], None)]
    (rules,) = store.all(ReportingRules, year=NEXT)
    assert (rules.deadline_day, rules.year_end_only) == (25, (made["工业投资"],))
    (series,) = store.all(NumberSeries, year=NEXT)
    assert (series.pattern, series.last) == ("第{号}期", 0)
    assert [one.name for one in store.all(AgreementTemplate, year=NEXT)] == ["通用"]
    (duty,) = store.all(JointDuty, indicator=made["工业投资"])
    assert (duty.duty, duty.share, duty.consent) == ("资金保障", D(30), Consent.OPEN)


def test_unmet_targets_are_watched_on_as_drafts_linked_to_both_years(turning: Turning) -> None:
    turn(turning)
    (made,) = turning.store.all(Docket, year=NEXT)
    assert made.title == "2020年未完成目标:丙县 工业投资"
    assert made.origin == turning.targets["工业投资", "丙县"]
    assert made.subject == turning.new_targets("工业投资")["丙县"].id
    assert made.lead == turning.units["丙县"] and "目标20、实绩18.05(亿元)" in made.task
    assert dockets.rows(turning.store, [made.id])[made.id].line.state is DocketState.DRAFT


def test_parts_may_be_left_out(turning: Turning) -> None:
    turning.tree("工业投资", "甲县", ["园区"])
    plan = turning.plan(TurnChoices(parts=frozenset({Part.NUMBERS})))
    assert plan.nodes == () and plan.dockets == () and plan.schemes == ()


def test_what_is_planned_is_what_is_written(turning: Turning) -> None:
    turning.tree("工业投资", "甲县", ["园区", "项目"])
    plan = turning.plan()
    done = year_turn.apply_turn(turning.store, plan)
    made = reads.made_by(turning.store, plan.label)
    assert done.records == len(plan.entities) == len(made)
    assert all(one.is_new and one.is_as_made for one in made)
    counted = {kind: sum(one.type_name == kind for one in made) for kind in ("target", "allocation", "indicator")}
    assert counted == {
        "target": len(plan.targets), "allocation": len(plan.nodes), "indicator": len(plan.new_indicators)}
    assert done.sentence.startswith("已完成2020年度结转到2021年度:类别和战略1项、指标3项、目标9项")
    assert checkup.run(turning.store).findings == ()


def test_twice_makes_nothing_twice(turning: Turning) -> None:
    turning.tree("工业投资", "甲县", ["园区", "项目"])
    turn(turning)
    again = turning.plan()
    assert again.entities == ()
    assert {line.going for line in again.indicators} == {Going.THERE}
    assert turn(turning).sentence == "2021年度已经结转过,没有需要新增的内容。"


def test_what_was_deleted_after_the_turn_does_not_come_back(turning: Turning) -> None:
    turning.tree("工业投资", "甲县", ["园区"])
    turn(turning)
    target = turning.new_targets("工业投资")["丁县"]
    (docket,) = turning.store.all(Docket, year=NEXT)
    with turning.store.change("不再承担") as change:
        change.delete(target.id)
        change.delete(docket.id)
    plan = turning.plan()
    assert plan.entities == () and "1项目标结转后已删除,没有再结转" in plan.notes


def test_a_second_turn_fills_what_became_known(turning: Turning) -> None:
    turn(turning)
    turning.set_results("工业投资", {"丁县": "9.7"})
    plan = turning.plan()
    assert [one.last_year for one in plan.filled] == [D("9.7")] and len(plan.entities) == 2
    year_turn.apply_turn(turning.store, plan)
    assert bases(turning, "工业投资")["丁县"] == D("9.7")
    assert len(turning.store.all(Docket, year=NEXT)) == 2, "丁县 fell short too, as is known now"


def test_a_year_that_was_begun_by_hand_is_recognised(turning: Turning) -> None:
    store = turning.store
    session.open_year(store, NEXT)
    category = planning_framework.categories(store, NEXT)[0].id
    made = planning_framework.add_indicator(store, NEXT, "工业投资(亿元)", category=category)
    with store.change("目标") as change:
        change.put(Target(
            id=change.named(Target, made, turning.units["甲县"]), indicator=made, unit=turning.units["甲县"],
            last_year=D(41)))
    plan = turning.plan()
    assert plan.new_year is None
    assert next((one.old.name, one.going) for one in plan.indicators) == ("工业投资", Going.THERE)
    (line,) = [one for one in plan.bases if (one.indicator, one.unit) == ("工业投资", "甲县")]
    assert (line.state, line.said) == (BaseState.THERE, "原有基数不同,未改动")
    year_turn.apply_turn(store, plan)
    (target,) = [one for one in store.all(Target, indicator=made) if one.unit == turning.units["甲县"]]
    assert target.last_year == D(41)
    assert len(store.all(Target, indicator=made)) == 4


def test_undo_brings_the_state_before(turning: Turning) -> None:
    turning.tree("工业投资", "甲县", ["园区"])
    turn(turning)
    assert turning.store.undo_label == "年度结转 2020→2021"
    outcome = turning.store.undo()
    assert outcome.skipped == ()
    kinds = (Year, Indicator, Docket, NumberSeries, Scheme)
    assert all(not turning.store.all(kind, **{"number" if kind is Year else "year": NEXT}) for kind in kinds)
    assert turning.plan().entities, "it can be done anew"
    turn(turning)
    assert len(turning.store.all(Docket, year=NEXT)) == 1


def test_last_year_may_be_sealed_and_the_new_one_may_not(turning: Turning) -> None:
    sealing.seal_year(turning.store, LAST)
    turn(turning)
    sealing.seal_year(turning.store, NEXT)
    with pytest.raises(NotAllowedError, match="2021 年度已封存"):
        turning.plan()


def test_a_stale_plan_is_refused_and_years_in_the_wrong_order(turning: Turning) -> None:
    plan = turning.plan()
    turning.set_results("工业投资", {"丁县": "9.7"})
    with pytest.raises(NotAllowedError, match="预览之后数据又有变化"):
        year_turn.apply_turn(turning.store, plan)
    with pytest.raises(InputError, match="不在2020年度之后"):
        year_turn.read_turn(turning.store, LAST, LAST)
    with pytest.raises(InputError, match="没有2015年度"):
        year_turn.read_turn(turning.store, 2015, NEXT)


def test_cancelling_leaves_everything_as_it_was(turning: Turning) -> None:
    plan, before = turning.plan(), turning.store.change_count
    with pytest.raises(Cancelled):
        year_turn.apply_turn(turning.store, plan, cancelled=lambda: True)
    assert turning.store.change_count == before and not turning.store.all(Indicator, year=NEXT)
    with pytest.raises(Cancelled):
        year_turn.read_turn(turning.store, LAST, NEXT, cancelled=lambda: True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(
        st.one_of(st.none(), st.decimals(min_value=0, max_value=10**6, places=3)), min_size=4, max_size=4),
    into=st.lists(st.integers(min_value=0, max_value=3), min_size=4, max_size=4),
)
def test_the_bases_of_merged_units_add_up_to_the_certified_actuals(
    turning: Turning, amounts: list[Decimal | None], into: list[int]
) -> None:
    """Whatever is merged into what, once or over several steps: nothing is lost, nothing invented."""
    reading = year_turn.read_turn(turning.store, LAST, NEXT)
    units = [turning.units[name] for name in ("甲县", "乙县", "丙县", "丁县")]
    head = turning.heads["工业投资"]
    reading.actuals = {
        (head, unit): replace(reading.actuals[head, turning.units["甲县"]], amount=amount)
        for unit, amount in zip(units, amounts, strict=True)
    }
    alive = {unit: unit for unit in units}
    for step, (unit, place) in enumerate(zip(units, into, strict=True)):
        heir = units[place]
        if heir == unit or reading.units[unit].dissolved_on or reading.units[heir].dissolved_on:
            continue
        on = date(LAST, 12, 1 + step)
        reading.units[unit] = replace(reading.units[unit], dissolved_on=on)
        reading.successions.append(Succession(
            id=RecordId(10**6 + step), kind=SuccessionKind.MERGE, predecessors=(unit, heir),
            successors=(heir,), effective_on=on))
        alive = {one: heir if end == unit else end for one, end in alive.items()}
    plan = year_turn.make_plan(reading)
    (new,) = [one.id for one in plan.new_indicators if one.continues == (head,)]
    made = {one.unit: one.last_year for one in plan.targets if one.indicator == new}
    assert set(made) == set(alive.values())
    for heir, base in made.items():
        merged = [amount for unit, amount in zip(units, amounts, strict=True) if alive[unit] == heir]
        if all(one is not None for one in merged):
            assert base == sum((one for one in merged if one is not None), D(0))
        else:
            assert base is None, "a missing figure is not taken as nothing"


def test_a_store_without_anything_of_last_year_makes_only_the_year(store: Store) -> None:
    plan = year_turn.plan_turn(store, LAST, NEXT)
    assert plan.new_year is not None and plan.entities == (plan.new_year,)


def test_withdrawn_targets_and_completed_ones_are_not_watched(turning: Turning) -> None:
    from mbo_desktop.domain.adjustments import WITHDRAWN

    with turning.store.change("撤销目标") as change:
        old = change.get(Target, turning.targets["工业投资", "丙县"])
        change.put(replace(old, value=WITHDRAWN))
    turning.set_results("城镇就业率", {"甲县": "96"}, Completion.EXCEEDED)
    plan = turning.plan()
    assert plan.dockets == () and "丙县“工业投资”上年已撤销,没有结转" in plan.notes
    year_turn.apply_turn(turning.store, plan)
    assert "丙县" not in turning.new_targets("工业投资")
