"""The steps of an assessment with their last days, and which units of the group take no part in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from mbo_desktop import clock
from mbo_desktop.domain.assessment import AssessmentStep, LeftOut, Scheme, StepDone, StepDue
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services.scheme_state import changeable
from mbo_desktop.services.successions import successions_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the procedure: until when, done when, by whom, and how it stands today."""

    step: AssessmentStep
    due: date | None
    done: StepDone | None
    state: str
    """「已完成」, 「已完成,晚3天」, 「12月31日前」, 「已逾期5天」, 「未开始」."""
    is_overdue: bool


def procedure(store: Store, scheme: RecordId) -> tuple[StepRow, ...]:
    """The scheme's steps in order, as they stand today."""
    found = store.get(Scheme, scheme)
    due = {one.step: one.on for one in found.due}
    done = {one.step: one for one in found.done}
    today = clock.today()
    return tuple(_row(step, due.get(step), done.get(step), today) for step in found.steps)


def _row(step: AssessmentStep, due: date | None, done: StepDone | None, today: date) -> StepRow:
    if done is not None:
        late = (done.on - due).days if due is not None else 0
        return StepRow(step, due, done, f"已完成,晚{late}天" if late > 0 else "已完成", False)
    if due is None:
        return StepRow(step, None, None, "未开始", False)
    over = (today - due).days
    return StepRow(step, due, None, f"已逾期{over}天" if over > 0 else f"{show_date(due)}前", over > 0)


def set_due(store: Store, scheme: RecordId, step: AssessmentStep, on: date | None) -> None:
    """Until when a step is to be done; None: no day. InputError for a day before an earlier step's."""
    with store.change(f"设置“{step.label}”期限") as change:
        old = changeable(store, change.get(Scheme, scheme))
        days = {one.step: one.on for one in old.due} | ({} if on is None else {step: on})
        if on is None:
            days.pop(step, None)
        due = tuple(StepDue(one, days[one]) for one in AssessmentStep if one in days)
        check_due(due)
        change.put(replace(old, due=due))


def check_due(due: Sequence[StepDue]) -> None:
    """Raises InputError when a step's last day lies before an earlier step's."""
    days = {one.step: one.on for one in due}
    # Vetoes are reported later than scores, and beside them: their day stands on its own.
    listed = [(one, days[one]) for one in AssessmentStep if one in days and one is not AssessmentStep.VETO]
    for (before, first), (after, second) in pairwise(listed):
        if second < first:
            raise InputError(
                f"“{after.label}”的期限{show_date(second)}早于“{before.label}”的期限{show_date(first)}。", "请核对日期。"
            )


def due_of(scheme: Scheme, step: AssessmentStep) -> date | None:
    """The last day of a step; None where none was set."""
    return next((one.on for one in scheme.due if one.step is step), None)


# Units that take no part --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A unit of the group: whether it is assessed, and what speaks against it."""

    unit: RecordId
    label: str
    left_out: str
    """Why it is not assessed; "" when it is."""
    hint: str
    """「2020-07-01合并:市商务局、市招商局 → 市商务局」 of a unit that was dissolved; "" for others."""


def group_members(store: Store, scheme: RecordId) -> tuple[GroupMember, ...]:
    """All units of the group with targets, those left out too, in official order."""
    found = store.get(Scheme, scheme)
    left = {one.unit: one.reason for one in found.left_out}
    members = reads.members(store, found.year, found.peer_group)
    units = store.get_many(Unit, [one.id for one in members])
    return tuple(
        GroupMember(one.id, one.label, left.get(one.id, ""), dissolved_words(store, units[one.id]))
        for one in members
    )


def dissolved_words(store: Store, unit: Unit) -> str:
    """When and how a unit came to its end; "" while it is there."""
    if unit.dissolved_on is None:
        return ""
    steps = [row.sentence for row in successions_of(store, unit.id) if row.effective_on == unit.dissolved_on]
    return steps[-1] if steps else f"{unit.dissolved_on.isoformat()} 撤销"


def leave_out(store: Store, scheme: RecordId, unit: RecordId, reason: str) -> None:
    """Take a unit out of this year's assessment; "" takes it in again. InputError for one that is not of the group."""
    set_left_out(store, scheme, {unit: reason})


def set_left_out(store: Store, scheme: RecordId, reasons: Mapping[RecordId, str]) -> None:
    """The same for several units as one step; units not named stay as they are."""
    with store.change("设置不参加考核的单位") as change:
        old = changeable(store, change.get(Scheme, scheme))
        members = {one.id for one in reads.members(store, old.year, old.peer_group)}
        left = {one.unit: one.reason for one in old.left_out}
        left |= {unit: reason.strip() for unit, reason in reasons.items()}
        left = {unit: reason for unit, reason in left.items() if reason}
        if any(reasons[unit].strip() and unit not in members for unit in reasons):
            raise InputError("该单位不在本考核分组。", "请核对单位。")
        if members and not members - left.keys():
            raise NotAllowedError("本组至少要有一个参加考核的单位。", "不考核本组的,请删除方案。")
        change.put(replace(old, left_out=tuple(LeftOut(unit, reason) for unit, reason in left.items())))
