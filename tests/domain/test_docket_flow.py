"""The way of a docket: forward, back, aside; what is refused and with which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.docket_flow import (
    DEFAULT_COLOURS,
    acted,
    allowed,
    days_over,
    is_open,
    next_colour,
    standing,
)
from mbo_desktop.domain.dockets import (
    DayKind,
    Docket,
    DocketAct,
    DocketState,
    DocketStep,
    WorkCalendar,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.workdays import Workdays
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError

A, S = DocketAct, DocketState
START = date(2020, 5, 6)


def docket(**more: object) -> Docket:
    return Docket(
        id=RecordId(1), year=2020, title="污水管网", lead=RecordId(7), due=date(2020, 5, 20), **more  # type: ignore[arg-type]
    )


def go(one: Docket, *acts: DocketAct, on: date = START, **more: object) -> Docket:
    for act in acts:
        one = acted(one, DocketStep(act, on, "刘敏", "情况属实", **more))  # type: ignore[arg-type]
    return one


WAY = (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE, A.STRIKE_OFF, A.ARCHIVE)


def test_the_whole_way() -> None:
    one = docket()
    states = [standing(one).state]
    for act in WAY:
        one = go(one, act)
        states.append(standing(one).state)
    assert states == list(DocketState)
    assert standing(one).closed_on == standing(one).struck_on == START
    assert not is_open(standing(one))


@pytest.mark.parametrize("done", range(7))
def test_nothing_closes_without_verification(done: int) -> None:
    one = go(docket(), *WAY[:done])
    with pytest.raises(NotAllowedError, match="没有核查不能办结"):
        go(one, A.CLOSE)


@pytest.mark.parametrize("done", range(8))
def test_nothing_is_struck_off_that_was_not_verified_and_closed(done: int) -> None:
    one = go(docket(), *WAY[:done])
    with pytest.raises(NotAllowedError, match="没有核查办结不能销号"):
        go(one, A.STRIKE_OFF)


def test_striking_off_is_approved_by_somebody_and_undone_by_reopening() -> None:
    closed = go(docket(), *WAY[:8])
    assert A.STRIKE_OFF in allowed(closed) and A.ARCHIVE in allowed(closed)
    with pytest.raises(InputError, match="由谁批准"):
        acted(closed, DocketStep(A.STRIKE_OFF, START))
    struck = go(closed, A.STRIKE_OFF)
    assert A.STRIKE_OFF not in allowed(struck) and A.LOOK_BACK in allowed(struck)
    assert not is_open(standing(struck)) and days_over(standing(struck), date(2020, 12, 1)) == 0
    again = go(struck, A.REOPEN)
    assert (standing(again).state, standing(again).struck_on) == (S.HANDLING, None)
    archived = go(closed, A.ARCHIVE)
    assert standing(archived).struck_on is None
    with pytest.raises(NotAllowedError, match="现为“已归档”"):
        go(archived, A.STRIKE_OFF)


def test_what_is_kept_on_the_books_is_not_struck_off() -> None:
    one = acted(go(docket(), *WAY[:4]), DocketStep(A.HOLD, START, text="等待用地批复"))
    assert standing(one).held_for == "等待用地批复"
    with pytest.raises(NotAllowedError, match="正在挂账,没有核查办结不能销号"):
        go(one, A.STRIKE_OFF)
    one = go(one, A.RESUME)
    assert standing(one).held_for == ""
    assert standing(go(one, *WAY[4:9])).state is S.STRUCK


def test_what_is_returned_goes_the_way_again() -> None:
    one = go(docket(), *WAY[:5])
    with pytest.raises(InputError, match="理由"):
        acted(one, DocketStep(A.RETURN, START))
    one = go(one, A.RETURN)
    assert (standing(one).state, standing(one).returns) == (S.HANDLING, 1)
    assert standing(go(one, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE)).state is S.CLOSED


def test_a_closed_matter_can_be_looked_at_again_and_reopened() -> None:
    one = go(docket(), *WAY[:8])
    assert A.LOOK_BACK in allowed(one)
    one = go(one, A.LOOK_BACK)
    assert standing(one).state is S.CLOSED
    one = acted(one, DocketStep(A.REOPEN, START, text="问题反弹", until=date(2020, 7, 1)))
    now = standing(one)
    assert (now.state, now.due, now.closed_on) == (S.HANDLING, date(2020, 7, 1), None)


def test_an_extension_is_asked_for_before_the_due_date() -> None:
    one = go(docket(), A.FILE, A.ASSIGN, A.ACCEPT)
    late = DocketStep(A.ASK_EXTENSION, date(2020, 5, 21), text="雨季", until=date(2020, 6, 10))
    with pytest.raises(NotAllowedError, match="已过"):
        acted(one, late)
    with pytest.raises(InputError, match="没有晚于"):
        acted(one, DocketStep(A.ASK_EXTENSION, START, text="雨季", until=date(2020, 5, 20)))
    one = acted(one, replace(late, on=date(2020, 5, 20)))
    assert standing(one).asked_until == date(2020, 6, 10)
    assert A.ASK_EXTENSION not in allowed(one)
    one = acted(one, DocketStep(A.EXTEND, date(2020, 5, 21), until=date(2020, 6, 5)))
    assert (standing(one).due, standing(one).extensions) == (date(2020, 6, 5), 1)
    assert days_over(standing(one), date(2020, 6, 6)) == 1


def test_the_deadline_lies_behind_the_order() -> None:
    one = go(docket(), A.FILE)
    with pytest.raises(InputError, match="早于交办日期"):
        acted(one, DocketStep(A.ASSIGN, date(2020, 5, 21)))
    with pytest.raises(InputError, match="没有主办单位"):
        acted(go(replace(docket(), lead=None), A.FILE), DocketStep(A.ASSIGN, START))
    with pytest.raises(InputError, match="没有办理时限"):
        acted(go(replace(docket(), due=None), A.FILE), DocketStep(A.ASSIGN, START))
    with pytest.raises(InputError, match="早于上一步"):
        acted(one, DocketStep(A.ASSIGN, date(2020, 5, 5)))


def test_colours_only_climb() -> None:
    one = go(docket(), A.FILE, A.ASSIGN)
    colours = []
    for _ in range(2):
        one = go(one, A.ESCALATE)
        colours.append(standing(one).colour)
    assert colours == ["蓝", "橙"]
    with pytest.raises(InputError, match="只能升级"):
        acted(one, DocketStep(A.ESCALATE, START, text="逾期", colour="蓝"))
    started_high = acted(
        go(docket(), A.FILE, A.ASSIGN), DocketStep(A.ESCALATE, START, text="特急", colour="黄"),
        colours=("蓝", "黄", "红"),
    )
    assert standing(started_high).colour == "黄"
    assert next_colour("红") == "红"
    assert next_colour("", DEFAULT_COLOURS) == "蓝"


def test_what_is_held_waits() -> None:
    one = go(docket(), A.FILE, A.ASSIGN, A.HOLD)
    assert days_over(standing(one), date(2020, 9, 1)) == 0
    assert allowed(one) == (A.RESUME, A.NOTE)
    with pytest.raises(NotAllowedError, match="挂账"):
        go(one, A.FEED_BACK)
    one = acted(one, DocketStep(A.RESUME, date(2020, 8, 1), until=date(2020, 8, 31)))
    assert days_over(standing(one), date(2020, 9, 1)) == 1


def test_days_over_stop_at_the_closing() -> None:
    one = go(docket(), *WAY[:7])
    one = acted(one, DocketStep(A.CLOSE, date(2020, 5, 25)))
    assert days_over(standing(one), date(2020, 12, 1)) == 5
    assert days_over(standing(docket()), date(2020, 12, 1)) == 0


@given(st.lists(st.sampled_from(DocketAct), max_size=30))
def test_whatever_is_tried_a_closed_docket_was_verified(acts: list[DocketAct]) -> None:
    one, day = docket(), START
    for act in acts:
        day += timedelta(days=1)
        try:
            one = acted(one, DocketStep(act, day, text="x", until=day + timedelta(days=30)))
        except ProgramError:
            continue
        assert one.steps[-1].act is act
    done = [step.act for step in one.steps]
    if standing(one).state in (S.CLOSED, S.ARCHIVED):
        last_close = len(done) - 1 - done[::-1].index(A.CLOSE)
        assert A.VERIFY in done[:last_close]
    assert set(allowed(one)) <= set(DocketAct)


GOLDEN_WEEK = WorkCalendar(
    id=RecordId(9), year=2020,
    holidays=tuple(date(2020, 10, day) for day in (1, 2, 5, 6, 7, 8)),
    working_days=(date(2020, 9, 27), date(2020, 10, 10)),
)


@pytest.mark.parametrize(("start", "days", "kind", "due"), [
    (date(2020, 9, 25), 3, DayKind.WORKING, date(2020, 9, 29)),
    (date(2020, 9, 30), 2, DayKind.WORKING, date(2020, 10, 10)),
    (date(2020, 9, 30), 3, DayKind.CALENDAR, date(2020, 10, 9)),
    (date(2020, 6, 1), 5, DayKind.WORKING, date(2020, 6, 8)),
])
def test_working_days_know_the_golden_week(
    start: date, days: int, kind: DayKind, due: date
) -> None:
    """2020-09-27 and 10-10 were worked, 10-01 to 10-08 free."""
    assert Workdays.of([GOLDEN_WEEK]).after(start, days, kind) == due


@given(st.dates(date(2020, 1, 1), date(2021, 12, 31)), st.integers(1, 60))
def test_counting_there_and_back(start: date, days: int) -> None:
    week = Workdays.of([GOLDEN_WEEK])
    assert week.between(start, week.after(start, days, DayKind.WORKING)) == days


def test_a_deadline_of_no_days() -> None:
    with pytest.raises(InputError):
        Workdays().after(START, 0, DayKind.WORKING)
