"""The states of an agreement's copies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import workflow
from mbo_desktop.domain.agreements import Agreement, AgreementCopy, AgreementState, Snapshot
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError, NotAllowedError

S = AgreementState
DAY = date(2020, 3, 12)
SNAPSHOT = Snapshot(DAY, "责任书", "甲", "乙", "", "", (), (), None)


def copy_at(state: AgreementState) -> AgreementCopy:
    copy = AgreementCopy("甲方")
    return copy if state is S.DRAFT else workflow.advanced(copy, state, DAY, "刘敏")


def test_the_order_of_the_way() -> None:
    assert [state.label for state in workflow.STATES] == [
        "草拟", "印发", "已领取", "乙方已签", "已收回", "甲方已签章", "已归档",
    ]


@given(st.sampled_from(S), st.sampled_from(S))
def test_a_copy_only_goes_forward_and_leaves_no_hole(start: S, goal: S) -> None:
    copy = copy_at(start)
    if workflow.rank(goal) <= workflow.rank(start):
        with pytest.raises(NotAllowedError):
            workflow.advanced(copy, goal, DAY, "刘敏")
        return
    moved = workflow.advanced(copy, goal, DAY, "刘敏")
    assert moved.state is goal
    assert [step.state for step in moved.steps] == list(workflow.STATES[1 : workflow.rank(goal) + 1])


def test_a_step_cannot_be_dated_before_the_last() -> None:
    with pytest.raises(InputError, match="早于"):
        workflow.advanced(copy_at(S.COLLECTED), S.RETURNED, DAY - timedelta(days=1), "刘敏")


def test_a_day_that_was_wrong_can_be_put_right() -> None:
    late = DAY + timedelta(days=30)
    signed = workflow.advanced(copy_at(S.COLLECTED), S.PARTY_SIGNED, late, "刘敏")
    back = workflow.taken_back(signed, late, "刘敏", "日期填错")
    again = workflow.advanced(back, S.PARTY_SIGNED, DAY, "刘敏")
    assert (again.state, again.steps[-1].on) == (S.PARTY_SIGNED, DAY)
    with pytest.raises(InputError, match="早于“已领取”"):
        workflow.advanced(back, S.PARTY_SIGNED, DAY - timedelta(days=1), "刘敏")


@pytest.mark.parametrize("state", [S.DRAFT, S.ISSUED])
def test_what_was_only_issued_is_not_taken_back_but_withdrawn(state: S) -> None:
    with pytest.raises(NotAllowedError):
        workflow.taken_back(copy_at(state), DAY, "刘敏", "错了")


@given(st.sampled_from(workflow.STATES[2:]))
def test_taking_back_goes_one_state_and_keeps_the_mistake(state: S) -> None:
    copy = copy_at(state)
    back = workflow.taken_back(copy, DAY, "刘敏", " 登记错了 ")
    assert workflow.rank(back.state) == workflow.rank(state) - 1
    assert back.steps[:-1] == copy.steps
    assert back.steps[-1].reason == "登记错了"
    assert workflow.advanced(back, state, DAY, "刘敏").state is state
    with pytest.raises(InputError):
        workflow.taken_back(copy, DAY, "刘敏", "  ")


def test_withdrawing_drops_the_snapshot_and_tells_why() -> None:
    copies = (copy_at(S.ISSUER_SIGNED), copy_at(S.ISSUED))
    signed = Agreement(
        id=RecordId(1), year=2020, unit=RecordId(2), copies=copies, snapshot=SNAPSHOT, signed_on=DAY
    )
    assert workflow.is_fixed(signed)
    assert workflow.is_signed(signed)
    draft = workflow.withdrawn(signed, DAY, "刘敏", "加压")
    assert (draft.state, draft.snapshot, draft.signed_on) == (S.DRAFT, None, None)
    assert [copy.steps[-1].reason for copy in draft.copies] == ["加压", "加压"]
    with pytest.raises(NotAllowedError):
        workflow.withdrawn(draft, DAY, "刘敏", "再来")
    with pytest.raises(InputError):
        workflow.withdrawn(signed, DAY, "刘敏", "")
