"""What is due today: dockets at their limit, checks of the week, units that have not reported, an old backup."""

from __future__ import annotations

from datetime import UTC, date, datetime

from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.services import dockets, duties, inspections, overview
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.overview import Room, Urgency
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

TODAY = date(2020, 3, 12)
A = DocketAct


def docket(office: Office, title: str, due: date) -> None:
    made = dockets.add(office.store, YEAR, title, lead=office.units["柯城区"], due=due)
    for act in (A.FILE, A.ASSIGN):
        dockets.act(office.store, [made], step_of(act, on=date(2020, 3, 2)))


def texts(office: Office) -> dict[str, duties.Duty]:
    return {one.hint: one for one in duties.duties(office.store, YEAR)}


def test_nothing_is_due_in_a_fresh_year(office: Office) -> None:
    assert duties.duties(office.store, YEAR) == ()


def test_dockets_over_and_near_their_limit(office: Office) -> None:
    docket(office, "超期", date(2020, 3, 11))
    docket(office, "今天", TODAY)
    docket(office, "三日内", date(2020, 3, 15))
    docket(office, "还早", date(2020, 3, 16))
    found = texts(office)
    assert (found["overdue"].count, found["overdue"].is_late) == (1, True)
    assert (found["near"].text, found["near"].is_late) == ("2项督查事项三日内到期", False)
    assert duties.duties(office.store, YEAR)[0].hint == "overdue"


def test_checks_of_this_week_and_those_that_were_not_held(office: Office) -> None:
    for title, day in (("过期", 9), ("本周日", 15), ("下周一", 16)):
        inspections.plan(office.store, YEAR, title, planned_from=date(2020, 3, day))
    done = inspections.plan(office.store, YEAR, "已查", planned_from=date(2020, 3, 10))
    inspections.set_state(office.store, done, InspectionState.DONE)
    found = [one.text for one in duties.duties(office.store, YEAR) if one.hint == "checks"]
    assert found == ["1次督查过了计划日期还没有结束", "本周有1次督查"]


def test_units_that_have_not_reported(office: Office) -> None:
    target = Reported(office)
    assert "board" not in texts(office), "nobody reports yet"
    target.type(1, "5")
    found = texts(office)["board"]
    assert (found.text, found.is_late) == ("1个单位2月进度未报齐", True)
    target.type(2, "10")
    assert "board" not in texts(office)


def test_an_old_backup_is_told_and_steps_lead_to_their_room(office: Office) -> None:
    old = duties.backup_duty(datetime(2020, 3, 8, 9, tzinfo=UTC), TODAY)
    assert old is not None
    assert (old.text, old.is_late) == ("上次备份是4天前", False)
    assert duties.backup_duty(datetime(2020, 3, 10, 9, tzinfo=UTC), TODAY) is None
    assert duties.backup_duty(None, TODAY) is None
    Reported(office)
    docket(office, "超期", date(2020, 3, 11))
    (step,) = [one for one in overview.next_steps(office.store, YEAR) if one.filter_hint == "overdue"]
    assert (step.room, step.urgency, step.text) == (Room.INSPECTIONS, Urgency.TROUBLE, "1项督查事项已超期")
