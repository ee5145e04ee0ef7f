"""一票否决: declared by the responsible organ with a paper, for so many years, revoked only with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.assessment import AssessmentStep, Scheme, Veto
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Year
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.procedure import due_of
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads

SUBJECTS = (
    "党风廉政", "综治维稳", "信访", "环境保护", "节能减排", "安全生产", "统计造假", "耕地保护", "计划生育",
)
"""Subjects that regulations name (domain notes §3.6); offices add their own."""


@dataclass(frozen=True, slots=True)
class VetoRow:
    """A veto of the list."""

    veto: Veto
    unit_label: str
    indicator_name: str
    until: int
    """The last year it counts in."""
    in_force: bool
    is_late: bool = False
    """Declared after the day by which vetoes of the year were to be reported."""


def vetoes(store: Store, year: int) -> tuple[VetoRow, ...]:
    """Vetoes declared for the year, and earlier ones that still count in it."""
    found = [one for one in store.all(Veto) if one.year <= year < one.year + one.years]
    units = store.get_many(Unit, list({one.unit for one in found}))
    due = _due_of_units(store, year)
    heads = store.get_many(Indicator, [one.indicator for one in found if one.indicator is not None])
    return tuple(
        VetoRow(
            one, units[one.unit].short_name or units[one.unit].name if one.unit in units else "",
            heads[one.indicator].name if one.indicator in heads else "",
            one.year + one.years - 1, one.revoked_on is None,
            one.year == year and one.declared_on is not None and one.unit in due and one.declared_on > due[one.unit],
        )
        for one in sorted(found, key=lambda veto: (-veto.year, veto.id))
    )


def _due_of_units(store: Store, year: int) -> dict[RecordId, date]:
    """Until when vetoes are reported, by unit; units of schemes without such a day are not there."""
    days = {one.peer_group: due_of(one, AssessmentStep.VETO) for one in store.all(Scheme, year=year)}
    if not any(days.values()):
        return {}
    return {one.id: day for one in reads.members(store, year) if (day := days.get(one.group)) is not None}


def declare(
    store: Store, year: int, unit: RecordId, subject: str, *, organ: str, document: str = "",
    effect: VetoEffect = VetoEffect.DISQUALIFY, years: int = 1, indicator: RecordId | None = None,
    on: date | None = None, note: str = "",
) -> RecordId:
    """Declare a veto; InputError without subject or organ, for years outside 1–5, 该项得0分 without the item."""
    made = Veto(
        id=RecordId(0), year=year, unit=unit, subject=subject.strip(), organ=organ.strip(),
        document=document.strip(), effect=effect, years=years, indicator=indicator,
        declared_on=on or clock.today(), note=note.strip(),
    )
    _check(made)
    _refuse_touching(store, made)
    with store.change("登记一票否决") as change:
        record = change.new(Veto)
        change.put(replace(made, id=record))
    return record


def set_veto(store: Store, record: RecordId, **facts: Any) -> None:
    """Change a veto's facts; what it was revoked by is set by `revoke`."""
    if facts.keys() & {"revoked_on", "revoked_reason", "id", "year", "unit"}:
        raise TypeError("not a fact that can be set")
    with store.change("修改一票否决") as change:
        old = change.get(Veto, record)
        _refuse_touching(store, old)
        new = replace(old, **facts)
        _check(new)
        _refuse_touching(store, new)
        change.put(new)


def revoke(store: Store, record: RecordId, reason: str, *, on: date | None = None) -> None:
    """Revoke a veto; it stays on record. InputError without a reason."""
    if not reason.strip():
        raise InputError("没有写明撤销否决的理由。", "请写明理由和批准依据。")
    with store.change("撤销一票否决") as change:
        old = change.get(Veto, record)
        _refuse_touching(store, old, to_the_end=True)
        change.put(replace(old, revoked_on=on or clock.today(), revoked_reason=reason.strip()))


def delete_veto(store: Store, record: RecordId) -> None:
    """Take a veto away that was entered by mistake."""
    with store.change("删除一票否决") as change:
        old = change.get(Veto, record)
        _refuse_touching(store, old)
        change.delete(record)


def _refuse_touching(store: Store, veto: Veto, *, to_the_end: bool = False) -> None:
    """Raises NotAllowedError when a year it counts in is sealed for the unit.

    to_the_end: only when all of them are; a veto of last year that still counts can be revoked
    for the years to come, and the sealed picture stays.
    """
    refused: NotAllowedError | None = None
    for year in range(veto.year, veto.year + veto.years):
        try:
            sealing.refuse_sealed(store, year)
            refuse_sealed_unit(store, year, veto.unit)
        except NotAllowedError as error:
            refused = error
            if not to_the_end:
                raise
        else:
            if to_the_end and any(one.number == year for one in store.all(Year)):
                return
    if refused is not None:
        raise refused


def _check(one: Veto) -> None:
    if not one.subject.strip():
        raise InputError("没有写明否决的事项。", "请选择或填写否决事项。")
    if not one.organ.strip():
        raise InputError("没有写明认定机关。", "一票否决由责任部门认定,请填写认定机关。")
    if not 1 <= one.years <= 5:
        raise InputError(f"否决年限“{one.years}”应在1到5年之间。", "请改正。")
    if one.effect is VetoEffect.ITEM_ZERO and one.indicator is None:
        raise InputError("“该项得0分”没有写明是哪项指标。", "请选择指标。")
