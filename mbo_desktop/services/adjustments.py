"""Adjustments of signed targets (room 责任书): asked, commented, approved, taken back.

An approval is a barrier: undo does not reach it, 撤回批准 is its counter-act. The signed
agreement is never touched; the target carries the terms that were approved last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentOrigin,
    AdjustmentState,
    Opinion,
    TargetTerms,
    in_order,
    last_of,
    merged_terms,
    show_terms,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import AdjustmentWindow, Indicator, Target, Year
from mbo_desktop.domain.target_moves import raise_by, with_amount
from mbo_desktop.domain.target_setting import CellKey
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import adjustment_terms as terms
from mbo_desktop.services import numbering, sealing
from mbo_desktop.services.adjustment_terms import AdjustmentInput, CellFacts, CellReader
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.services.target_setting import Desk
from mbo_desktop.services.target_setting import desk as open_desk
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

__all__ = ["AdjustmentInput", "AdjustmentWindow"]


@dataclass(frozen=True, slots=True)
class Approval:
    """The paper or meeting that approves; effective_on None: the day of approval."""

    approved_on: date
    meeting: str = ""
    number: str = ""
    approved_by: str = ""
    effective_on: date | None = None
    meeting_item: RecordId | None = None


@dataclass(frozen=True, slots=True)
class RefusedAdjustment:
    """One that could not be approved: where, and why."""

    adjustment: RecordId | None
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval did."""

    done: tuple[RecordId, ...]
    refused: tuple[RefusedAdjustment, ...] = ()

    @property
    def sentence(self) -> str:
        """「已批准12项调整;1项未批准。」."""
        left = f";{len(self.refused)}项未能批准" if self.refused else ""
        return f"已批准{len(self.done)}项调整{left}。"


def windows(store: Store, year: int) -> tuple[AdjustmentWindow, ...]:
    """The days between which units may ask for adjustments; July and October unless set."""
    return terms.windows_of(store, year)


def set_windows(store: Store, year: int, chosen: Sequence[AdjustmentWindow]) -> None:
    """Set them; none: the usual ones. Raises InputError for a window that ends before it opens."""
    for one in chosen:
        if one.closes < one.opens:
            raise InputError(f"“{one.name}”的止日早于起日。", "请改正起止日期。")
    sealing.refuse_sealed(store, year)
    with store.change("设置调整受理期") as change:
        old = change.get(Year, change.named(Year, year))
        change.put(replace(old, adjustment_windows=tuple(chosen)))


def request(
    store: Store, inputs: Sequence[AdjustmentInput], *, requested_on: date,
    requested_by: RecordId | None = None, outside_window: str = "",
    evidence: Sequence[str] = (),
) -> tuple[RecordId, ...]:
    """Record what a unit asks for: all or none, one undo step.

    requested_by None: the unit itself, after a merger its successor. Raises InputError or
    NotAllowedError: not signed, dated before signing, outside the windows without a reason,
    no reason, a value that is not what the kind says.
    """
    made = []
    with store.change("申请目标调整") as change:
        desk = CellReader(store, [(one.indicator, one.unit) for one in inputs])
        for asked in inputs:
            facts = desk.facts(change, asked.indicator, asked.unit)
            sealing.refuse_sealed(store, facts.indicator.year)
            terms.check_day(requested_on, "申请日期", facts)
            terms.check_window(
                terms.windows_of(store, facts.indicator.year), requested_on, outside_window
            )
            made.append(_put_request(change, facts, asked, requested_on, replace_with={
                "origin": AdjustmentOrigin.UNIT,
                "requested_by": terms.asking_unit(
                    facts, requested_by, desk.successions, desk.units
                ),
                "outside_window": outside_window.strip(),
                "evidence": tuple(evidence),
            }))
    return tuple(made)


def add_opinion(
    store: Store, adjustments: Sequence[RecordId], level: str, text: str, *, on: date,
    by: str = "", agrees: bool = True,
) -> None:
    """Add what a level said (目标办初审, 分管领导 …) to open requests."""
    if not level.strip():
        raise InputError("没有写明是哪一级的意见。", "请填写,例如 目标办初审。")
    with store.change("登记调整意见") as change:
        for record in adjustments:
            old = _open(change, store, record)
            said = Opinion(level.strip(), text.strip(), on, by.strip(), agrees)
            change.put(replace(old, opinions=(*old.opinions, said)))


def approve(store: Store, adjustments: Sequence[RecordId], approval: Approval) -> Approved:
    """Approve requests by one paper: a barrier. What cannot be approved is told, the others go.

    The paper's number is entered in its register. Raises InputError when neither meeting nor
    number is named, NotAllowedError as `numbering.keep_number`.
    """
    with store.change("批准目标调整", barrier=True) as change:
        found = store.get_many(Adjustment, tuple(adjustments))
        desk = CellReader(store, [(one.indicator, one.unit) for one in found.values()])
        done = _approve_all(store, change, desk, list(dict.fromkeys(adjustments)), approval)
        _keep_number(store, change, done, approval)
        return done


def decide_by_issuer(
    store: Store, inputs: Sequence[AdjustmentInput], approval: Approval, *, reason: str = ""
) -> Approved:
    """The issuer's own decision (加压) for many units as one action: a barrier.

    It is bound to no window. reason stands for inputs without one of their own; cells that
    cannot be adjusted are refused by name, the others go.
    """
    made: list[RecordId] = []
    refused: list[RefusedAdjustment] = []
    with store.change("上级决定调整目标", barrier=True) as change:
        desk = CellReader(store, [(one.indicator, one.unit) for one in inputs])
        for one in inputs:
            asked = replace(one, reason=one.reason or reason)
            facts = desk.facts(change, asked.indicator, asked.unit)
            try:
                terms.check_day(approval.approved_on, "批准日期", facts)
                made.append(_put_request(change, facts, asked, approval.approved_on, replace_with={
                    "origin": AdjustmentOrigin.ISSUER,
                }))
                desk.added(made[-1], asked)
            except (InputError, NotAllowedError) as error:
                refused.append(RefusedAdjustment(None, facts.place, f"{error.what}{error.todo}"))
        done = _approve_all(store, change, desk, made, approval)
        # What was decided only to be refused leaves no request behind.
        for gone in done.refused:
            if gone.adjustment is not None:
                change.delete(gone.adjustment)
        _keep_number(store, change, done, approval)
    return Approved(done.done, (*refused, *done.refused))


def raise_units(
    store: Store, indicator: RecordId, percent: Decimal, units: Sequence[RecordId],
    approval: Approval, *, reason: str,
) -> Approved:
    """Raise one indicator by x % for many units as one action; rates move by percentage points."""
    year = store.get(Indicator, indicator).year
    desk = open_desk(store, year, indicators=[indicator], units=units, lock_signed=False)
    moved = raise_by(desk.rows, percent, drafts={})
    outcome = decide_by_issuer(
        store, inputs_from_desk(store, desk, moved.drafts, reason=reason), approval
    )
    names = {one.unit: one.heading for one in desk.units}
    left = tuple(
        RefusedAdjustment(None, f"{desk.row(one.key[0]).name} · {names[one.key[1]]}", one.reason)
        for one in moved.left_out
    )
    return Approved(outcome.done, (*outcome.refused, *left))


def inputs_from_desk(
    store: Store, desk: Desk, drafts: Mapping[CellKey, Decimal], *, reason: str
) -> tuple[AdjustmentInput, ...]:
    """What the drafts of a desk (opened with lock_signed=False) mean as adjustments."""
    rows = store.get_many(Indicator, {key[0] for key in drafts})
    asked = []
    for row in desk.rows:
        for cell in row.cells:
            amount = drafts.get((row.indicator, cell.unit))
            if amount is None or amount == cell.amount:
                continue
            value = with_amount(row, cell, amount)
            kind = AdjustmentKind.ADD if cell.value is None else (
                terms.kind_of(rows[row.indicator], cell.value, value)
            )
            asked.append(AdjustmentInput(
                row.indicator, cell.unit, kind, reason=reason, value=value
            ))
    return tuple(asked)


def reject(
    store: Store, adjustments: Sequence[RecordId], *, reason: str, on: date | None = None
) -> None:
    """Say no to requests, reason obligatory; one undo step."""
    _require(reason, "不批准")
    with store.change("不批准目标调整") as change:
        for record in adjustments:
            old = _open(change, store, record)
            change.put(replace(
                old, state=AdjustmentState.REJECTED, state_reason=reason.strip(),
                state_on=on or clock.today(),
            ))


def delete_request(store: Store, adjustment: RecordId) -> None:
    """Delete a request that was entered by mistake; NotAllowedError once it was decided."""
    with store.change("删除调整申请") as change:
        _open(change, store, adjustment)
        change.delete(adjustment)


def revoke_approval(
    store: Store, adjustments: Sequence[RecordId], *, reason: str, on: date | None = None
) -> None:
    """撤回批准: the counter-act of an approval; the target goes back to what stood before. A barrier.

    Raises InputError without a reason, NotAllowedError for one that a later adjustment lies
    over, or whose target was changed by hand since. All or none.
    """
    _require(reason, "撤回批准")
    with store.change("撤回调整批准", barrier=True) as change:
        found = store.get_many(Adjustment, tuple(adjustments))
        desk = CellReader(store, [(one.indicator, one.unit) for one in found.values()])
        for one in found.values():
            if one.state is not AdjustmentState.APPROVED:
                raise NotAllowedError(f"这项调整{one.state.label},没有可撤回的批准。", "请重新选择。")
        for old in reversed(in_order(found.values())):
            record = old.id
            facts = desk.facts(change, old.indicator, old.unit)
            sealing.refuse_sealed(store, old.year)
            refuse_sealed_unit(store, old.year, old.unit)
            top = last_of(facts.earlier)
            if top is None or top.id != record:
                raise NotAllowedError(
                    f"{facts.place}此后又有调整,不能撤回较早的一次。", "请先撤回最后一次调整的批准。"
                )
            _restore(change, facts, old)
            change.put(replace(
                old, state=AdjustmentState.REVOKED, state_reason=reason.strip(),
                state_on=on or clock.today(),
            ))


def _restore(change: Change, facts: CellFacts, old: Adjustment) -> None:
    now = facts.current
    if (now.value, now.points, now.due) != (old.after.value, old.after.points, old.after.due):
        raise NotAllowedError(
            f"{facts.place}调整之后又被直接修改过,不能撤回。", "请先把目标改回调整后的内容。"
        )
    target = facts.target
    assert target is not None
    before = old.before or TargetTerms()
    new = replace(target, value=before.value, points=before.points, due=before.due)
    blank = new.value is None and new.last_year is None and new.stretch is None and not new.note
    if blank and old.before is None:
        change.delete(target.id)
    else:
        change.put(new)


def _keep_number(store: Store, change: Change, done: Approved, approval: Approval) -> None:
    if done.done:
        numbering.keep_number(
            store, change, approval.number, title=f"目标调整({len(done.done)}项)",
            on=approval.approved_on, year=change.get(Adjustment, done.done[0]).year,
        )


def _approve_all(
    store: Store, change: Change, desk: CellReader, records: Sequence[RecordId], approval: Approval
) -> Approved:
    if not approval.meeting.strip() and not approval.number.strip():
        raise InputError("没有写明批准的会议或文号。", "请至少填写一项。")
    done: list[RecordId] = []
    refused: list[RefusedAdjustment] = []
    for record in records:
        old = change.get(Adjustment, record)
        facts = desk.facts(change, old.indicator, old.unit)
        try:
            _approve(store, change, desk, facts, old, approval)
        except (InputError, NotAllowedError) as error:
            refused.append(RefusedAdjustment(record, facts.place, f"{error.what}{error.todo}"))
            continue
        done.append(record)
    return Approved(tuple(done), tuple(refused))


def _approve(
    store: Store, change: Change, desk: CellReader, facts: CellFacts, old: Adjustment,
    approval: Approval,
) -> None:
    sealing.refuse_sealed(store, old.year)
    refuse_sealed_unit(store, old.year, old.unit)
    if old.state is not AdjustmentState.REQUESTED:
        raise NotAllowedError(f"{facts.place}的这项调整{old.state.label}。", "不能重复批准。")
    effective = approval.effective_on or approval.approved_on
    terms.check_day(approval.approved_on, "批准日期", facts)
    terms.check_day(effective, "生效日期", facts)
    if old.requested_on is not None and approval.approved_on < old.requested_on:
        raise InputError(f"{facts.place}:批准日期早于申请日期。", "请核对日期。")
    top = last_of(facts.earlier)
    if top is not None and top.effective_on is not None and effective < top.effective_on:
        raise InputError(
            f"{facts.place}:生效日期早于上一次调整的生效日期{top.effective_on.isoformat()}。",
            "请改为不早于该日的日期。",
        )
    terms.check_party(facts, old.kind, effective, desk.successions, desk.units)
    current = facts.current
    # What was asked may have been overtaken by another approval meanwhile.
    asked = AdjustmentInput(
        old.indicator, old.unit, old.kind, show_terms(old.after, old.kind), old.reason,
        value=old.after.value,
    )
    if old.kind in (AdjustmentKind.RAISE, AdjustmentKind.LOWER, AdjustmentKind.ADD,
                    AdjustmentKind.WITHDRAW):
        terms.terms_asked(facts, asked)
    after = merged_terms(current, old.after, old.kind)
    target = facts.target or Target(
        id=change.named(Target, old.indicator, old.unit), indicator=old.indicator, unit=old.unit
    )
    change.put(replace(target, value=after.value, points=after.points, due=after.due))
    change.put(replace(
        old, before=current if current.value is not None else None, after=after,
        state=AdjustmentState.APPROVED, approved_on=approval.approved_on,
        effective_on=effective, meeting=approval.meeting.strip(),
        meeting_item=approval.meeting_item, number=approval.number.strip(),
        approved_by=approval.approved_by.strip(), state_on=clock.today(),
    ))


def _put_request(
    change: Change, facts: CellFacts, asked: AdjustmentInput, on: date,
    replace_with: Mapping[str, object],
) -> RecordId:
    after = terms.terms_asked(facts, asked)
    record = change.new(Adjustment)
    made = Adjustment(
        id=record, year=facts.indicator.year, indicator=asked.indicator, unit=asked.unit,
        kind=asked.kind, after=after, requested_on=on, cause=asked.cause,
        reason=asked.reason.strip(),
    )
    change.put(replace(made, **replace_with))  # type: ignore[arg-type]
    return record


def _open(change: Change, store: Store, record: RecordId) -> Adjustment:
    old = change.get(Adjustment, record)
    sealing.refuse_sealed(store, old.year)
    if old.state is not AdjustmentState.REQUESTED:
        raise NotAllowedError(
            f"这项调整{old.state.label},不能再改。", "已批准的可“撤回批准”并写明原因。"
        )
    return old


def _require(reason: str, what: str) -> None:
    if not reason.strip():
        raise InputError(f"没有写明{what}的原因。", "请写明原因后再办理。")
