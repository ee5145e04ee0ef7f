"""更正 of a typo after issuing: reason, approver and both texts are kept; it is no adjustment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import (
    AdjustmentKind,
    CorrectedField,
    Correction,
    last_of,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import numbering, sealing
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.signed_cells import fixed_units, place_of
from mbo_desktop.services.target_cells import TargetField, cell_of, with_target_field
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads

_ADJUSTED = {
    CorrectedField.VALUE: (
        AdjustmentKind.RAISE, AdjustmentKind.LOWER, AdjustmentKind.ADD, AdjustmentKind.WITHDRAW,
    ),
    CorrectedField.POINTS: (AdjustmentKind.POINTS, AdjustmentKind.ADD),
    CorrectedField.DUE: (AdjustmentKind.DEADLINE, AdjustmentKind.ADD),
}


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction in words."""

    id: RecordId
    indicator: RecordId
    unit: RecordId
    place: str
    """「工业投资 · 柯城区」."""
    field: CorrectedField
    before: str
    after: str
    reason: str
    approved_by: str
    on: date
    number: str
    revoked_reason: str
    """Why it was taken back; empty while it stands."""

    @property
    def sentence(self) -> str:
        """「2006-04-02更正(王建国批准):目标值 25 → 52」."""
        return (
            f"{self.on.isoformat()}更正({self.approved_by}批准):"
            f"{self.field.label} {self.before or '(空)'} → {self.after or '(空)'}"
        )


def correct(
    store: Store, indicator: RecordId, unit: RecordId, field: CorrectedField, text: str, *,
    reason: str, approved_by: str, on: date | None = None, number: str = "",
) -> RecordId:
    """Put a typo in an issued target right: a barrier; `revoke` is its counter-act.

    Raises InputError without reason or approver or for a text that changes nothing,
    NotAllowedError when nothing was issued (the cell can simply be edited) or an adjustment lies
    over the field.
    """
    for said, what in ((reason, "更正的理由"), (approved_by, "批准人")):
        if not said.strip():
            raise InputError(f"没有写明{what}。", f"请写明{what}。")
    row, party = store.get(Indicator, indicator), store.get(Unit, unit)
    place = place_of(row, party)
    with store.change(f"更正{field.label}", barrier=True) as change:
        sealing.refuse_sealed(store, row.year)
        if unit not in fixed_units(store, row.year, (unit,)):
            raise NotAllowedError(f"{place}的责任书还没有印发,不需要更正。", "请直接修改。")
        record = change.named(Target, indicator, unit)
        old = change.get(Target, record)
        lying = approved_by_cell(store, (indicator,), (unit,)).get((indicator, unit), [])
        touching = [one for one in lying if one.kind in _ADJUSTED.get(field, ())]
        if last_of(touching) is not None:
            raise NotAllowedError(
                f"{place}的{field.label}已经调整过,不能更正。", "请先撤回该次调整的批准。"
            )
        target_field = TargetField.of(field.value)
        new = with_target_field(row, old, target_field, text)
        before = cell_of(row, old).editing_text(target_field)
        after = cell_of(row, new).editing_text(target_field)
        if new == old:
            raise InputError(f"{place}的{field.label}已经是“{text.strip()}”。", "请填写更正后的内容。")
        made = change.new(Correction)
        change.put(new)
        change.put(Correction(
            id=made, year=row.year, indicator=indicator, unit=unit, field=field, before=before,
            after=after, reason=reason.strip(), approved_by=approved_by.strip(),
            on=on or clock.today(), number=number.strip(),
        ))
        numbering.keep_number(
            store, change, number, title=f"更正{place}{field.label}", on=on or clock.today(),
            year=row.year,
        )
    return made


def revoke(store: Store, correction: RecordId, *, reason: str, on: date | None = None) -> None:
    """撤回更正: the text before stands again, the correction stays in the list. A barrier.

    Raises InputError without a reason, NotAllowedError when it was taken back already or the
    field was changed since.
    """
    if not reason.strip():
        raise InputError("没有写明撤回更正的原因。", "请写明原因后再办理。")
    with store.change("撤回更正", barrier=True) as change:
        one = change.get(Correction, correction)
        row, party = change.get(Indicator, one.indicator), change.get(Unit, one.unit)
        sealing.refuse_sealed(store, one.year)
        place = place_of(row, party)
        if one.revoked_on is not None:
            raise NotAllowedError(f"{place}的这项更正已撤回。", "不需要再操作。")
        target = change.get(Target, change.named(Target, one.indicator, one.unit))
        field = TargetField.of(one.field.value)
        if cell_of(row, target).editing_text(field) != one.after:
            raise NotAllowedError(f"{place}的{one.field.label}更正之后又改过。", "请先核对现在的内容。")
        change.put(with_target_field(row, target, field, one.before))
        change.put(replace(
            one, revoked_on=on or clock.today(), revoked_reason=reason.strip()
        ))


def corrections_of(
    store: Store, indicator: RecordId, unit: RecordId
) -> tuple[CorrectionRow, ...]:
    """The corrections of one cell, oldest first, those taken back included."""
    return _rows(store, reads.correction_ids(store, owner=unit, row=indicator))


def corrections_of_year(
    store: Store, year: int, *, unit: RecordId | None = None
) -> tuple[CorrectionRow, ...]:
    """The corrections of a year, oldest first."""
    return _rows(store, reads.correction_ids(store, year=year, owner=unit))


def _rows(store: Store, ids: tuple[RecordId, ...]) -> tuple[CorrectionRow, ...]:
    records = store.get_many(Correction, ids)
    rows = store.get_many(Indicator, {one.indicator for one in records.values()})
    units = store.get_many(Unit, {one.unit for one in records.values()})
    return tuple(
        CorrectionRow(
            one.id, one.indicator, one.unit,
            place_of(rows.get(one.indicator), units.get(one.unit)), one.field, one.before,
            one.after, one.reason, one.approved_by, one.on, one.number, one.revoked_reason,
        )
        for one in records.values()
    )


__all__ = [
    "CorrectedField", "CorrectionRow", "correct", "corrections_of", "corrections_of_year", "revoke",
]
