"""The ladder of colours and the usual limits of dockets, and what is kept back of unannounced visits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.dockets import DayKind, DocketAct, SourceLimit, Urgency
from mbo_desktop.domain.inspections import InspectionState, InspectionWay, MatterSource
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    docket_rules,
    dockets,
    inspection_papers,
    inspections,
    reporting_rules,
)
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.inspection_papers import SlipKind
from mbo_desktop.store.queries import inspections as inspection_reads
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

D = Decimal


def test_the_usual_ladder_and_limits(office: Office) -> None:
    store = office.store
    assert docket_rules.colours(store, YEAR) == ("蓝", "橙", "红")
    usual = docket_rules.limit_for(store, YEAR, MatterSource.MEETING)
    assert (usual.days, usual.kind) == (20, DayKind.CALENDAR)
    urgent = docket_rules.limit_for(store, YEAR, MatterSource.MEETING, Urgency.URGENT)
    assert (urgent.days, urgent.kind) == (3, DayKind.CALENDAR)


def test_own_ladder_and_limits_leave_the_reporting_rules_alone(office: Office) -> None:
    store = office.store
    rules = reporting_rules.rules_of(store, YEAR)
    own = SourceLimit(MatterSource.MEETING, 5, DayKind.WORKING)
    docket_rules.set_rules(store, YEAR, ("蓝", "黄", "红"), [own, *docket_rules.USUAL_LIMITS[1:]])
    assert docket_rules.colours(store, YEAR) == ("蓝", "黄", "红")
    assert docket_rules.limits(store, YEAR)[MatterSource.MEETING] == own
    assert docket_rules.limits(store, YEAR)[MatterSource.PUBLIC].kind is DayKind.WORKING
    assert reporting_rules.rules_of(store, YEAR).deadline_day == rules.deadline_day
    assert reporting_rules.rules_of(store, YEAR).docket_limits == (own,)


@pytest.mark.parametrize("text", ["", "红", "蓝、蓝、红", "一、二、三、四、五、六"])
def test_ladders_that_are_none(text: str) -> None:
    with pytest.raises(InputError):
        docket_rules.read_colours(text)
    assert docket_rules.read_colours("蓝色,黄;红") == ("蓝", "黄", "红")


def test_a_limit_of_no_day_is_refused(office: Office) -> None:
    with pytest.raises(InputError, match="1到365"):
        docket_rules.set_rules(office.store, YEAR, ("蓝", "红"), [SourceLimit(MatterSource.PLAN, 0)])


def test_values_of_an_unannounced_visit_flow_on_when_it_is_done(office: Office) -> None:
    target = Reported(office)
    target.type(6, "60")
    store = office.store
    visit = inspections.plan(store, YEAR, "暗访", way=InspectionWay.UNANNOUNCED, month=6)
    made = inspections.add_finding(
        store, visit, target.unit, subject=target.subject, verified=D(54), text="现场停工",
        rectify_until=date(2020, 4, 1), deduction=D(1), deduction_reason="现场停工",
    )
    assert inspection_reads.deductions(store, YEAR) == {}, "score papers go to the unit"
    assert made.difference == "比上报数少6"
    assert target.at(6).counted_kind is not FigureKind.VERIFIED
    docket = dockets.from_finding(store, made.finding)
    dockets.act(store, [docket], step_of(DocketAct.FILE))
    with pytest.raises(NotAllowedError, match="暗访"):
        inspection_papers.slips(store, SlipKind.RECTIFY, [docket], numbered=False)
    with pytest.raises(NotAllowedError, match="暗访"):
        inspection_papers.circular_document(store, visit)
    inspection_papers.circular_document(store, visit, kind="督查专报")
    inspections.set_state(store, visit, InspectionState.DONE)
    assert (target.at(6).counted, target.at(6).counted_kind) == ("54", FigureKind.VERIFIED)
    assert inspection_reads.deductions(store, YEAR) == {target.unit: [(made.finding, D(1))]}
    assert inspection_papers.slips(store, SlipKind.RECTIFY, [docket], numbered=False).numbers == {}
    inspection_papers.circular_document(store, visit)


def test_a_later_verification_outlives_the_release(office: Office) -> None:
    target, store = Reported(office), office.store
    hidden = inspections.plan(store, YEAR, "暗访", way=InspectionWay.UNANNOUNCED, month=6)
    inspections.add_finding(
        store, hidden, target.unit, subject=target.subject, verified=D(54), found_on=date(2020, 3, 1)
    )
    open_one = inspections.plan(store, YEAR, "复核", month=6)
    inspections.add_finding(
        store, open_one, target.unit, subject=target.subject, verified=D(50), found_on=date(2020, 3, 10)
    )
    inspections.set_state(store, hidden, InspectionState.DONE)
    assert target.at(6).counted == "50"


def test_removing_a_withheld_finding_leaves_another_value(office: Office) -> None:
    target, store = Reported(office), office.store
    open_one = inspections.plan(store, YEAR, "检查", month=6)
    first = inspections.add_finding(store, open_one, target.unit, subject=target.subject, verified=D(54))
    hidden = inspections.plan(store, YEAR, "暗访", way=InspectionWay.UNANNOUNCED, month=6)
    second = inspections.add_finding(store, hidden, target.unit, subject=target.subject, verified=D(54))
    inspections.remove_finding(store, second.finding)
    assert target.at(6).counted == "54"
    inspections.remove_finding(store, first.finding)
    assert target.at(6).counted_kind is not FigureKind.VERIFIED


def test_a_released_value_goes_with_its_finding_although_the_visit_was_taken_up_again(office: Office) -> None:
    target, store = Reported(office), office.store
    hidden = inspections.plan(store, YEAR, "暗访", way=InspectionWay.UNANNOUNCED, month=6)
    made = inspections.add_finding(store, hidden, target.unit, subject=target.subject, verified=D(54))
    inspections.set_state(store, hidden, InspectionState.DONE)
    inspections.set_state(store, hidden, InspectionState.UNDER_WAY)
    inspections.remove_finding(store, made.finding)
    assert target.at(6).counted_kind is not FigureKind.VERIFIED
