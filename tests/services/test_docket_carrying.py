"""上年结转: dockets left open are watched on in the new year, and go on there without touching the old year."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.domain.dockets import Docket, DocketAct
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import docket_carrying, dockets, duties, sealing, session, year_board
from mbo_desktop.services.dockets import DocketFilter, step_of
from tests.services.conftest import YEAR, Office

A = DocketAct
CARRIED = DocketFilter(carried=True)


@pytest.fixture
def left(office: Office) -> RecordId:
    """Ordered in the old year, past its limit, never closed; another one beside it was closed."""
    made = []
    for title in ("污水管网改造", "已经办完"):
        one = dockets.add(
            office.store, YEAR, title, lead=office.units["柯城区"], due=date(2020, 3, 6), task="按月报告")
        for act in (A.FILE, A.ASSIGN):
            dockets.act(office.store, [one], step_of(act, on=date(2020, 3, 2)))
        made.append(one)
    for act in (A.ACCEPT, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE):
        dockets.act(office.store, [made[1]], step_of(act, on=date(2020, 3, 5), text="情况属实"))
    session.open_year(office.store, YEAR + 1)
    return made[0]


def of(office: Office, hint: str) -> list[duties.Duty]:
    return [one for one in duties.duties(office.store, YEAR + 1) if one.hint == hint]


def test_what_was_left_open_is_watched_in_the_new_year(office: Office, left: RecordId) -> None:
    store = office.store
    sealing.seal_year(store, YEAR, "年度结束")
    assert dockets.ids(store, YEAR + 1, CARRIED) == (left,)
    assert dockets.ids(store, YEAR + 1, DocketFilter()) == (), "it is no docket of the new year"
    assert dockets.ids(store, YEAR, CARRIED) == ()
    (duty,) = of(office, "carried")
    assert (duty.text, duty.is_late) == ("上年结转1项督查事项没有办结,其中1项已超期", True)
    headline = next(one for one in year_board.quick_headlines(store, YEAR + 1) if one.key == "overdue")
    assert "上年结转 1" in headline.detail


def test_it_goes_on_in_the_new_year_and_the_sealed_one_stays(office: Office, left: RecordId) -> None:
    store = office.store
    sealing.seal_year(store, YEAR, "年度结束")
    before = store.get(Docket, left)
    made = store.get(Docket, docket_carrying.carry_on(store, left, YEAR + 1))
    assert store.get(Docket, left) == before
    assert (made.year, made.origin, made.lead, made.task) == (YEAR + 1, left, before.lead, "按月报告")
    assert made.due is None and not made.steps and not made.number
    assert before.number in made.note and "2020年3月6日" in made.note
    assert not of(office, "carried"), "it is followed as a docket of this year now"
    assert dockets.ids(store, YEAR + 1, CARRIED) == ()
    with pytest.raises(NotAllowedError, match="已转为"):
        docket_carrying.carry_on(store, left, YEAR + 1)
    dockets.delete(store, [made.id])
    assert dockets.ids(store, YEAR + 1, CARRIED) == (left,), "what is not gone on with is watched again"


def test_what_is_closed_or_of_this_year_is_not_carried(office: Office, left: RecordId) -> None:
    closed = next(one for one in dockets.ids(office.store, YEAR, DocketFilter()) if one != left)
    with pytest.raises(NotAllowedError, match="已办结"):
        docket_carrying.carry_on(office.store, closed, YEAR + 1)
    with pytest.raises(NotAllowedError, match="就是"):
        docket_carrying.carry_on(office.store, left, YEAR)
