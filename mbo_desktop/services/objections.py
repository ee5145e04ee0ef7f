"""Objections of units to their scores: raised by a deadline, decided with reasons (申诉复核)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.assessment import AssessmentStep, GivenScore, Objection, Scheme, ScoreKind
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.given_scores import GivenEdit, put_within
from mbo_desktop.services.procedure import due_of
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.store.database import Store

DAYS = 7
"""Days after the feedback by which objections are raised; each notice states its own day."""


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection of the list."""

    objection: Objection
    unit_label: str
    subject: str
    """The indicator's name; 总分 without one."""
    state: str
    """「待复核」, 「维持」, 「采纳」."""
    is_late: bool
    """Raised after the deadline."""


def deadline(store: Store, scheme: RecordId, days: int = DAYS) -> date | None:
    """The day by which objections are raised: as the procedure says, else some days after the feedback; None before it."""
    found = store.get(Scheme, scheme)
    stated = due_of(found, AssessmentStep.OBJECTION)
    if stated is not None:
        return stated
    done = {one.step: one for one in found.done}
    given = done.get(AssessmentStep.FEEDBACK)
    return None if given is None else given.on + timedelta(days=days)


def objections(
    store: Store, year: int, *, until: date | None = None
) -> tuple[ObjectionRow, ...]:
    """The year's objections, open ones first, oldest first; until: the deadline they are held against."""
    found = store.all(Objection, year=year)
    units = store.get_many(Unit, list({one.unit for one in found}))
    heads = store.get_many(Indicator, [one.indicator for one in found if one.indicator is not None])
    rows = [
        ObjectionRow(
            one, units[one.unit].short_name or units[one.unit].name if one.unit in units else "",
            heads[one.indicator].name if one.indicator in heads else "总分",
            "待复核" if one.decided_on is None else "采纳" if one.is_upheld else "维持",
            until is not None and one.raised_on is not None and one.raised_on > until,
        )
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: (
        row.objection.decided_on is not None, row.objection.raised_on or date.min, row.objection.id,
    )))


def raise_objection(
    store: Store, year: int, unit: RecordId, text: str, *, indicator: RecordId | None = None,
    on: date | None = None,
) -> RecordId:
    """Enter an objection; InputError without its reasons. Late ones are taken and marked."""
    if not text.strip():
        raise InputError("没有写明申诉的理由。", "请填写申诉内容。")
    sealing.refuse_sealed(store, year)
    refuse_sealed_unit(store, year, unit)
    with store.change("登记申诉") as change:
        record = change.new(Objection)
        change.put(Objection(
            id=record, year=year, unit=unit, indicator=indicator, text=text.strip(),
            raised_on=on or clock.today(),
        ))
    return record


def _basis(one: Objection) -> str:
    return f"申诉复核:{one.decision}"


def reviewed_by(store: Store, one: Objection) -> GivenScore | None:
    """The 复核分 that the decision on an objection gave; None when there is none, or it was changed since."""
    if one.indicator is None or one.decided_on is None or not one.is_upheld:
        return None
    carried = {target.id for target in store.all(Target, indicator=one.indicator, unit=one.unit)}
    return next((
        each for each in store.all(GivenScore, unit=one.unit)
        if each.kind is ScoreKind.REVIEWED and each.subject in carried and each.basis == _basis(one)
    ), None)


def decide(
    store: Store, record: RecordId, decision: str, *, upheld: bool, on: date | None = None,
    scheme: RecordId | None = None, points: Decimal | None = None,
) -> None:
    """Decide an objection, with the reviewed points of an upheld one, as one step.

    Deciding anew: a 复核分 that the former decision gave goes with it. InputError without reasons,
    for a day before it was raised, for points that cannot be.
    """
    if not decision.strip():
        raise InputError("没有写明复核结论。", "请填写复核结论和理由。")
    before = reviewed_by(store, store.get(Objection, record))
    with store.change("登记申诉复核") as change:
        old = change.get(Objection, record)
        sealing.refuse_sealed(store, old.year)
        refuse_sealed_unit(store, old.year, old.unit)
        day = on or clock.today()
        if old.raised_on is not None and day < old.raised_on:
            raise InputError(f"复核日期{show_date(day)}早于申诉日期{show_date(old.raised_on)}。", "请核对日期。")
        new = replace(old, decision=decision.strip(), is_upheld=upheld, decided_on=day)
        change.put(new)
        if scheme is None or old.indicator is None:
            return
        edit = GivenEdit(old.unit, old.indicator, ScoreKind.REVIEWED, "", _basis(new))
        if upheld and points is not None:
            put_within(store, change, scheme, replace(edit, text=canonical(points)))
        elif before is not None:
            put_within(store, change, scheme, edit)


def delete_objection(store: Store, record: RecordId) -> None:
    """Take an objection away that was entered by mistake."""
    with store.change("删除申诉") as change:
        old = change.get(Objection, record)
        sealing.refuse_sealed(store, old.year)
        refuse_sealed_unit(store, old.year, old.unit)
        change.delete(record)
