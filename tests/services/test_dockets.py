"""Dockets from problem to closing: one matter one docket, numbers, limits in working days, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.docket_flow import standing
from mbo_desktop.domain.dockets import DayKind, Docket, DocketAct, DocketState, ReminderWay
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import dockets, progress_problems, sealing, search, work_calendars
from mbo_desktop.services.dockets import DocketFilter, step_of
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

A, S = DocketAct, DocketState
DAY = date(2020, 3, 12)


class Desk:
    """Dockets of an office, acted on with short words."""

    def __init__(self, office: Office) -> None:
        self.office, self.store = office, office.store

    def new(self, title: str = "污水管网改造", **facts: object) -> RecordId:
        facts.setdefault("lead", self.office.units["柯城区"])
        facts.setdefault("days", 10)
        return dockets.add(self.store, YEAR, title, **facts)

    def act(self, record: RecordId, *acts: DocketAct, on: date = DAY, **more: object) -> None:
        for act in acts:
            dockets.act(self.store, [record], step_of(act, on=on, text="情况属实", **more))  # type: ignore[arg-type]

    def state(self, record: RecordId) -> DocketState:
        return standing(self.store.get(Docket, record)).state

    def due(self, record: RecordId) -> date | None:
        return standing(self.store.get(Docket, record)).due


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_the_number_comes_with_the_filing_and_the_limit_with_the_order(desk: Desk) -> None:
    work_calendars.set_calendar(desk.store, YEAR, [date(2020, 3, 16)], [], "测试")
    one = desk.new()
    desk.act(one, A.FILE)
    assert desk.store.get(Docket, one).number.endswith("1号")
    desk.act(one, A.ASSIGN)
    assert desk.due(one) == date(2020, 3, 27), "ten working days, one of them a holiday"
    with pytest.raises(NotAllowedError, match="已交办"):
        dockets.change_facts(desk.store, one, due=date(2020, 4, 1))
    with pytest.raises(NotAllowedError, match="已立项"):
        dockets.delete(desk.store, [one])


def test_calendar_days_and_a_limit_of_the_act_itself(desk: Desk) -> None:
    one = desk.new(days=3, day_kind=DayKind.CALENDAR)
    desk.act(one, A.FILE, A.ASSIGN)
    assert desk.due(one) == date(2020, 3, 16), "the third day is a Sunday"
    two = desk.new("第二件")
    desk.act(two, A.FILE)
    dockets.act(desk.store, [two], step_of(A.ASSIGN, on=DAY), days=5)
    assert desk.due(two) == date(2020, 3, 19)


def test_a_problem_becomes_a_docket_once(desk: Desk) -> None:
    target = Reported(desk.office)
    bureau = desk.office.units["市交委"]
    problem = progress_problems.add_problem(
        desk.store, YEAR, target.subject, 3, "用地未批", wanted="请市交委会商", wanted_from=bureau
    )
    made = dockets.from_problem(desk.store, problem)
    found = desk.store.get(Docket, made)
    assert (found.lead, found.supporting, found.source) == (
        bureau, (target.unit,), MatterSource.COORDINATION,
    )
    assert found.title == "工业投资:用地未批"
    with pytest.raises(NotAllowedError, match="已登记为督查事项"):
        dockets.from_problem(desk.store, problem)


def test_many_at_once_go_as_far_as_they_may(desk: Desk) -> None:
    three = [desk.new(f"事项{place}") for place in range(3)]
    done = dockets.act(desk.store, three, step_of(A.FILE, on=DAY))
    assert len(done.done) == 3
    assert len({desk.store.get(Docket, one).number for one in three}) == 3
    desk.act(three[0], A.ASSIGN)
    outcome = dockets.act(desk.store, three, step_of(A.REMIND, on=DAY, way=ReminderWay.PHONE))
    assert outcome.done == (three[0],)
    assert ["不能催办" in one.reason for one in outcome.refused] == [True, True]


def test_what_is_over_its_limit_at_a_day(desk: Desk) -> None:
    one, two, held = desk.new("甲"), desk.new("乙"), desk.new("丙")
    for record in (one, two, held):
        desk.act(record, A.FILE, A.ASSIGN)
    dockets.act(desk.store, [held], step_of(A.HOLD, on=DAY, text="等待上级批复"))
    desk.act(two, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE)
    assert dockets.overdue(desk.store, date(2020, 3, 26)) == ()
    (row,) = dockets.overdue(desk.store, date(2020, 3, 29))
    assert (row.line.title, row.days_over) == ("甲", 3)
    assert dockets.count(desk.store, YEAR, DocketFilter(only_open=True)) == 2
    found = dockets.ids(desk.store, YEAR, DocketFilter(text="kcq"))
    assert set(found) == {one, two, held}


def test_a_past_day_is_read_by_the_steps_up_to_it(desk: Desk) -> None:
    """Limits of 26 March: one closed on 6 April, one extended, one held, one closed in time."""
    closed, extended, held, in_time = (desk.new(name) for name in ("甲", "乙", "丙", "丁"))
    for record in (closed, extended, held, in_time):
        desk.act(record, A.FILE, A.ASSIGN)
    desk.act(in_time, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE, on=date(2020, 3, 25))
    dockets.act(desk.store, [extended], step_of(
        A.ASK_EXTENSION, on=date(2020, 3, 25), text="汛期", until=date(2020, 6, 1)))
    desk.act(extended, A.EXTEND, on=date(2020, 4, 2), until=date(2020, 6, 1))
    desk.act(closed, A.REMIND, on=date(2020, 4, 1), way=ReminderWay.PHONE)
    desk.act(held, A.HOLD, on=date(2020, 4, 3))
    desk.act(closed, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE, on=date(2020, 4, 6))
    clock.set_source(lambda: datetime(2020, 5, 8, 9, 0, tzinfo=UTC))
    try:
        assert dockets.overdue(desk.store, date(2020, 5, 8)) == (), "today nothing is late"
        then = {row.line.title: row for row in dockets.overdue(desk.store, date(2020, 3, 31))}
        assert {title: row.days_over for title, row in then.items()} == {"甲": 5, "乙": 5, "丙": 5}
        assert (then["甲"].line.state, then["甲"].line.reminders) == (S.ASSIGNED, 0)
        assert then["乙"].line.due == date(2020, 3, 26)
        later = dockets.overdue(desk.store, date(2020, 4, 4))
        assert [(row.line.title, row.line.reminders) for row in later] == [("甲", 1)]
    finally:
        clock.set_source(lambda: datetime(2020, 3, 12, 9, 0, tzinfo=UTC))


def test_an_extension_is_not_offered_after_the_due_date(desk: Desk) -> None:
    clock.set_source(lambda: datetime(2020, 3, 26, 9, 0, tzinfo=UTC))
    try:
        one = desk.new()
        desk.act(one, A.FILE, A.ASSIGN)
        assert A.ASK_EXTENSION in dockets.next_acts(desk.store, one), "on the last day it may be asked for"
        clock.set_source(lambda: datetime(2020, 3, 27, 9, 0, tzinfo=UTC))
        offered = dockets.next_acts(desk.store, one)
        assert A.ASK_EXTENSION not in offered
        assert {A.REMIND, A.ESCALATE} <= set(offered)
    finally:
        clock.set_source(lambda: datetime(2020, 3, 12, 9, 0, tzinfo=UTC))


def test_the_whole_way_keeps_the_result(desk: Desk) -> None:
    one = desk.new()
    desk.act(one, A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE)
    dockets.act(desk.store, [one], step_of(A.FEED_BACK, on=DAY, text="管网已改造12公里"))
    desk.act(one, A.REVIEW)
    with pytest.raises(NotAllowedError, match="没有核查不能办结"):
        desk.act(one, A.CLOSE)
    desk.act(one, A.VERIFY, A.CLOSE, A.ARCHIVE)
    assert desk.state(one) is S.ARCHIVED
    assert desk.store.get(Docket, one).result == "管网已改造12公里"
    with pytest.raises(NotAllowedError, match="已办结"):
        dockets.change_facts(desk.store, one, task="再查")


def test_formal_acts_are_not_undone_by_the_way(desk: Desk) -> None:
    one = desk.new()
    desk.act(one, A.FILE)
    desk.store.undo()
    assert desk.state(one) is S.FILED


def test_empty_titles_and_sealed_years(desk: Desk) -> None:
    with pytest.raises(InputError):
        desk.new("  ")
    sealing.seal_year(desk.store, YEAR, "结束")
    with pytest.raises(NotAllowedError):
        desk.new()


@pytest.mark.parametrize(("text", "days"), [
    ("1.1、2.1-2.3", ["2020-01-01", "2020-02-01", "2020-02-02", "2020-02-03"]),
    ("5月1日至5月2日", ["2020-05-01", "2020-05-02"]), ("", []),
])
def test_free_days_as_people_type_them(text: str, days: list[str]) -> None:
    assert [day.isoformat() for day in work_calendars.read_days(text, YEAR)] == days


def test_calendars_that_contradict(office: Office) -> None:
    day = date(2020, 5, 1)
    with pytest.raises(InputError, match="又是"):
        work_calendars.set_calendar(office.store, YEAR, [day], [day])
    with pytest.raises(InputError, match="不在"):
        work_calendars.set_calendar(office.store, YEAR, [date(2021, 5, 1)], [])
    assert work_calendars.calendar_of(office.store, 2026).holidays
    assert work_calendars.calendar_of(office.store, 2019).basis == "未录入,只按周末计算"


def test_the_global_search_finds_dockets_by_number_and_initials(desk: Desk) -> None:
    one = desk.new("整治河道采砂")
    desk.act(one, A.FILE)
    number = desk.store.get(Docket, one).number
    for typed in ("zzhd", "河道采砂", number):
        (hit,) = search.search(desk.store, typed, year=YEAR)
        assert (hit.kind, hit.id) == (search.HitKind.DOCKET, one)
        assert hit.context == f"{number} · 已立项"
