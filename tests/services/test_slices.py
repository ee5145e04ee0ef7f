"""What goes down and up: never a draft, never an unfinished visit, only what concerns the recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    level,
    make_city,
    send_down,
    take_in,
    unit_named,
)

from mbo_desktop.domain.accountability import AccountabilityCase, CaseState
from mbo_desktop.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState, TargetTerms
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BonusItem,
    GivenScore,
    Scheme,
    ScoreKind,
    StepDone,
)
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.inspections import (
    Finding,
    Inspection,
    InspectionState,
    InspectionWay,
    SampleDraw,
)
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport, ReportingRules
from mbo_desktop.services import exchange_state, offices, reporting_rules, work_calendars
from mbo_desktop.services.slices import Slice, Slicer
from mbo_desktop.store.database import Store

E = TypeVar("E", bound=Entity)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store


def down(store: Store, short: str = "甲县") -> Slice:
    return Slicer.of(store, YEAR).issue(unit_named(store, short))


def kinds(store: Store, found: Slice) -> Counter[str]:
    facts = Slicer.of(store, YEAR).facts
    return Counter(facts.kinds[one] for one in found.members)


def put(store: Store, *entities: Entity) -> None:
    with store.change("测试") as change:
        change.put_all(entities)


def made(store: Store, of: type[E], **facts: Any) -> E:
    with store.change("测试") as change:
        entity = of(id=change.new(of), **facts)
        change.put(entity)
    return entity


def test_a_unit_gets_its_own_targets_with_what_they_hang_on(city: Store) -> None:
    found = down(city)
    assert kinds(city, found) == {"target": 3, "indicator": 3, "unit": 2, "agreement": 1}
    assert found.left_out == ()
    assert found.members.isdisjoint({unit_named(city, "乙县")})


def test_a_draft_never_leaves(city: Store) -> None:
    unit = unit_named(city, "甲县")
    with city.change("退回草拟") as change:
        old = change.get(Agreement, change.named(Agreement, YEAR, unit))
        change.put(replace(old, snapshot=None, copies=()))
    found = down(city)
    assert kinds(city, found)["target"] == 0
    assert "3项目标的责任书尚未印发" in found.left_out[0]


def test_a_certifying_unit_gets_the_targets_of_all_for_its_indicators(city: Store) -> None:
    head = city.all(Indicator, year=YEAR)[0]
    put(city, replace(head, certifying_units=(unit_named(city, "乙县"),)))
    found = down(city, "乙县")
    cells = city.get_many(Target, found.members)
    assert Counter(one.unit for one in cells.values()) == {
        unit_named(city, "乙县"): 3, unit_named(city, "甲县"): 1,
    }


def test_an_unannounced_visit_is_held_until_it_is_done(city: Store) -> None:
    unit = unit_named(city, "甲县")
    visit = made(city, Inspection, year=YEAR, title="暗访", way=InspectionWay.UNANNOUNCED, units=(unit,),
        state=InspectionState.UNDER_WAY,
    )
    finding = made(city, Finding, inspection=visit.id, unit=unit, text="问题")
    found = down(city)
    assert found.members.isdisjoint({visit.id, finding.id})
    assert any("暗访" in one for one in found.left_out)
    put(city, replace(visit, state=InspectionState.DONE))
    assert {visit.id, finding.id} <= down(city).members


def test_dockets_go_once_they_are_assigned(city: Store) -> None:
    unit = unit_named(city, "甲县")
    filed = DocketStep(DocketAct.FILE, date(2020, 3, 2))
    docket = made(city, Docket, year=YEAR, title="事项", lead=unit, steps=(filed,))
    assert docket.id not in down(city).members
    assert any("没有交办" in one for one in down(city).left_out)
    put(city, replace(docket, steps=(filed, DocketStep(DocketAct.ASSIGN, date(2020, 3, 3)))))
    assert docket.id in down(city).members
    assert docket.id not in down(city, "乙县").members


def test_scores_go_only_after_they_were_fed_back(city: Store) -> None:
    unit = unit_named(city, "甲县")
    target = city.all(Target, unit=unit)[0]
    score = made(city, GivenScore, subject=target.id, unit=unit, kind=ScoreKind.CERTIFIED, points=Decimal(5)
    )
    bonus = made(city, BonusItem, year=YEAR, unit=unit, matter="表彰", points=Decimal(1))
    scheme = made(city, Scheme, year=YEAR, peer_group="县区")
    found = down(city)
    assert scheme.id in found.members
    assert found.members.isdisjoint({score.id, bonus.id})
    assert any("没有反馈" in one for one in found.left_out)
    put(city, replace(scheme, done=(StepDone(AssessmentStep.FEEDBACK, date(2021, 1, 20)),)))
    assert {score.id, bonus.id} <= down(city).members
    assert down(city, "乙县").members.isdisjoint({score.id, bonus.id})


def test_adjustments_go_once_they_are_decided(city: Store) -> None:
    unit = unit_named(city, "甲县")
    target = city.all(Target, unit=unit)[0]
    asked = made(city, Adjustment, year=YEAR, indicator=target.indicator, unit=unit,
        kind=AdjustmentKind.RAISE, after=TargetTerms(level(20)),
    )
    assert asked.id not in down(city).members
    put(city, replace(asked, state=AdjustmentState.APPROVED))
    assert asked.id in down(city).members


def test_figures_typed_for_a_unit_stay_and_what_decides_its_light_goes(city: Store) -> None:
    target = city.all(Target, unit=unit_named(city, "甲县"))[0]
    said = {
        kind: made(city, ProgressReport, subject=target.id, month=3, kind=kind, amount=Decimal(1))
        for kind in FigureKind
    }
    found = down(city).members
    assert [kind for kind, one in said.items() if one.id in found] == [
        FigureKind.CERTIFIED, FigureKind.VERIFIED,
    ]


def test_a_sample_drawn_from_all_units_leaves_nothing_to_wait_for(city: Store, tmp_path: Path) -> None:
    """The unit gets the visit with what was found at it; what was drawn at others is not named and not waited for."""
    units = (unit_named(city, "甲县"), unit_named(city, "乙县"))
    drawn = tuple(one.id for unit in units for one in city.all(Target, unit=unit)[:2])
    made(city, Inspection, year=YEAR, title="抽查", units=units, subjects=drawn, sample=SampleDraw(
        seed=1, size=4, stratified_by="unit", population="", population_size=6, drawn=drawn,
    ))
    made(city, Docket, year=YEAR, title="协办事项", lead=units[1], supporting=(units[0],), subject=drawn[2],
         steps=(DocketStep(DocketAct.FILE, date(2020, 3, 2)), DocketStep(DocketAct.ASSIGN, date(2020, 3, 3))))
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as county:
        (visit,) = county.all(Inspection)
        carried = county.all(Target, unit=offices.root_unit(county))
        assert {one.id for one in carried} & set(visit.subjects) == {*visit.subjects[:2]}
        assert len(county.all(Docket)) == 1
        assert exchange_state.pending(county).stubs == ()


def test_the_lower_office_gets_what_it_is_asked_by(city: Store, tmp_path: Path) -> None:
    """Deadline, lights, work calendar; its own rules, once it has some, go before."""
    reporting_rules.set_rules(city, ReportingRules(id=RecordId(0), year=YEAR, deadline_day=25, next_month=True))
    work_calendars.set_calendar(city, YEAR, [date(YEAR, 10, 1)], [], "国办通知")
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as county:
        assert reporting_rules.deadline(reporting_rules.rules_of(county, YEAR), 3) == date(YEAR, 4, 25)
        assert work_calendars.calendar_of(county, YEAR).holidays == (date(YEAR, 10, 1),)
        now = reporting_rules.rules_of(county, YEAR)
        reporting_rules.set_rules(county, replace(now, deadline_day=20))
        assert reporting_rules.rules_of(county, YEAR).deadline_day == 20
        asked = reporting_rules.superiors_rules(county, YEAR)
        assert asked is not None
        assert asked.deadline_day == 25
        work_calendars.set_calendar(county, YEAR, [date(YEAR, 10, 2)], [])
        assert work_calendars.calendar_of(county, YEAR).holidays == (date(YEAR, 10, 2),)
        take_in(county, send_down(city, "甲县", tmp_path / "u2"))
        assert reporting_rules.rules_of(county, YEAR).deadline_day == 20
        assert exchange_state.pending(county).stubs == ()
    assert reporting_rules.superiors_rules(city, YEAR) is None


def test_a_case_stays_with_the_office_that_holds_it(city: Store) -> None:
    """Its steps and its source may name who complained; what was decided goes as deduction, veto or docket."""
    case = made(city, AccountabilityCase, year=YEAR, title="拖延审批", unit=unit_named(city, "甲县"),
                state=CaseState.CLOSED)
    assert case.id not in down(city).members


def test_a_slice_is_the_same_each_time(city: Store) -> None:
    assert down(city).members == down(city).members


def test_nobody_gets_what_does_not_concern_it(city: Store) -> None:
    assert down(city, "甲县").members != down(city, "乙县").members
    assert Slicer.of(city, YEAR + 1).issue(unit_named(city, "甲县")).members == frozenset()
