"""States and allowed steps of an agreement's copies (domain notes §2.1, the signing logistics).

A copy only goes forward along 草拟→印发→已领取→乙方已签→已收回→甲方已签章→已归档. Steps
that were not recorded one by one are filled in on the same day, so that the chain of a
copy has no holes. Going back is a step of its own with a reason; nothing is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mbo_desktop.domain.agreements import Agreement, AgreementCopy, AgreementState, StateStep
from mbo_desktop.errors import InputError, NotAllowedError

STATES = tuple(AgreementState)


def rank(state: AgreementState) -> int:
    """Place of the state on the way; 0 is a draft."""
    return STATES.index(state)


def states_ahead(state: AgreementState) -> tuple[AgreementState, ...]:
    """The states a copy can still come to, nearest first."""
    return STATES[rank(state) + 1 :]


def is_fixed(agreement: Agreement) -> bool:
    """Whether title, clauses, posts and copies may no longer be changed: from 印发 on."""
    return agreement.snapshot is not None


def is_signed(agreement: Agreement) -> bool:
    """Whether party B has signed at least one copy."""
    return any(rank(c.state) >= rank(AgreementState.PARTY_SIGNED) for c in agreement.copies)


def advanced(copy: AgreementCopy, to: AgreementState, on: date, by: str) -> AgreementCopy:
    """The copy after it came to `to`, steps in between recorded on the same day.

    Raises NotAllowedError for a state that is not ahead, InputError for a day before the last step
    that stands: a step that was taken back because its day was wrong binds nothing any more.
    """
    if to not in states_ahead(copy.state):
        raise NotAllowedError(
            f"{copy.holder}份现为“{copy.state.label}”,不能改为“{to.label}”。",
            "状态登记错了可用“退回状态”并写明原因。",
        )
    _check_day(_standing(copy.steps), on)
    between = STATES[rank(copy.state) + 1 : rank(to) + 1]
    steps = tuple(StateStep(state, on, by) for state in between)
    return replace(copy, steps=copy.steps + steps)


def taken_back(copy: AgreementCopy, on: date, by: str, reason: str) -> AgreementCopy:
    """The copy one state back, with the reason; an issued copy cannot go back this way.

    Raises InputError without a reason, NotAllowedError when only 撤回 leads further back.
    """
    require_reason(reason)
    if rank(copy.state) <= rank(AgreementState.ISSUED):
        raise NotAllowedError(
            f"{copy.holder}份现为“{copy.state.label}”,没有可退回的上一状态。",
            "已印发的责任书要改内容,用“撤回责任书”并写明原因。",
        )
    _check_day(copy.steps, on)
    before = STATES[rank(copy.state) - 1]
    return replace(copy, steps=(*copy.steps, StateStep(before, on, by, reason.strip())))


def withdrawn(agreement: Agreement, on: date, by: str, reason: str) -> Agreement:
    """The agreement as a draft again: snapshot off, every issued copy back to 草拟 with the reason.

    What was signed stays in the record's history. Raises InputError without a reason,
    NotAllowedError when it was never issued.
    """
    require_reason(reason)
    if agreement.snapshot is None:
        raise NotAllowedError("这份责任书尚未印发,不需要撤回。", "可直接修改。")
    step = StateStep(AgreementState.DRAFT, on, by, reason.strip())
    copies = tuple(
        replace(copy, steps=(*copy.steps, step)) if copy.steps else copy
        for copy in agreement.copies
    )
    return replace(agreement, copies=copies, snapshot=None, signed_on=None)


def require_reason(reason: str) -> None:
    """Raise InputError when no reason is given for an act that needs one."""
    if not reason.strip():
        raise InputError("没有写明原因。", "请写明原因后再办理。", safe="状态未改动。")


def _standing(steps: Sequence[StateStep]) -> list[StateStep]:
    """The steps forward that no step back has undone."""
    stood: list[StateStep] = []
    for step in steps:
        while stood and rank(stood[-1].state) > rank(step.state):
            stood.pop()
        if rank(step.state) > (rank(stood[-1].state) if stood else 0):
            stood.append(step)
    return stood


def _check_day(steps: Sequence[StateStep], on: date) -> None:
    if steps and on < steps[-1].on:
        last = steps[-1]
        raise InputError(
            f"日期 {on.isoformat()} 早于“{last.state.label}”的登记日期 {last.on.isoformat()}。",
            "请改为不早于该日的日期。",
            safe="状态未改动。",
        )
