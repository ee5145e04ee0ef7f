"""Joint targets (room 目标体系): a lead unit's target with supporting units, their duty, share and consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent, JointDuty, lead_share
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.signed_cells import fixed_units
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import matrix as matrix_reads


class _Keep(Enum):
    KEEP = 0


KEEP: Final = _Keep.KEEP
"""Leaves a fact as it is, where None means something."""


@dataclass(frozen=True, slots=True)
class JointPart:
    """A supporting unit's part."""

    id: RecordId
    unit: RecordId
    unit_name: str
    duty: str
    share: Decimal | None
    consent: Consent
    consent_on: date | None
    consent_reason: str


@dataclass(frozen=True, slots=True)
class JointTarget:
    """A lead unit's target with all supporting units in their order."""

    indicator: RecordId
    indicator_name: str
    lead: RecordId
    lead_name: str
    target: str
    lead_share: Decimal | None
    """What the supporting units' shares leave of 100 %; None when none is fixed."""
    parts: tuple[JointPart, ...]
    warnings: tuple[str, ...]


def joint_target(store: Store, indicator: RecordId, lead: RecordId) -> JointTarget:
    """One target with its supporting units; without any, `parts` is empty."""
    found = _joint(store, reads.joint_ids(store, row=indicator, lead=lead))
    if found:
        return found[0]
    row, unit = store.get(Indicator, indicator), store.get(Unit, lead)
    return JointTarget(
        indicator, row.name, lead, unit.short_name or unit.name, _target_text(store, row, lead),
        None, (), (),
    )


def joint_targets(
    store: Store, year: int, *, unit: RecordId | None = None
) -> tuple[JointTarget, ...]:
    """The joint targets of a year in printed order; with unit, those it leads or supports."""
    ids = reads.joint_ids(store, year=year)
    found = _joint(store, ids)
    if unit is None:
        return found
    return tuple(
        one for one in found if one.lead == unit or any(part.unit == unit for part in one.parts)
    )


def supported(store: Store, indicator: RecordId, unit: RecordId) -> tuple[JointTarget, ...]:
    """The targets of this indicator that the unit supports, with its own part only."""
    found = _joint(store, reads.joint_ids(store, row=indicator, units=(unit,)))
    own = (
        replace(one, parts=tuple(part for part in one.parts if part.unit == unit))
        for one in found if one.lead != unit
    )
    return tuple(one for one in own if one.parts)


def add_support(
    store: Store, indicator: RecordId, lead: RecordId, units: Sequence[RecordId], *,
    duty: str = "", share: Decimal | None = None,
) -> tuple[RecordId, ...]:
    """Add supporting units in this order; those that support already are left as they are.

    Raises InputError for the lead unit itself or shares above 100 %, NotAllowedError when the
    lead has no such target or one of the agreements was issued.
    """
    with store.change("添加配合单位") as change:
        row = change.get(Indicator, indicator)
        sealing.refuse_sealed(store, row.year)
        held = change.find(Target, change.named(Target, indicator, lead))
        if held is None:
            name = change.get(Unit, lead).name
            raise NotAllowedError(f"{name}没有“{row.name}”这项目标。", "请先下达给牵头单位。")
        if held.value is not None and held.value.is_not_applicable:
            name = change.get(Unit, lead).name
            raise NotAllowedError(
                f"{name}不承担“{row.name}”(不适用),不能添加配合单位。", "请先填写牵头单位的目标。"
            )
        if lead in units:
            raise InputError("牵头单位不能同时是配合单位。", "请去掉牵头单位。")
        _refuse_issued(store, change, row.year, (lead, *units))
        before = list(store.get_many(
            JointDuty, reads.joint_ids(store, row=indicator, lead=lead)
        ).values())
        keys = ordering.spread(len(units), before[-1].ord if before else "")
        made = []
        for unit, key in zip(dict.fromkeys(units), keys, strict=False):
            record = change.named(JointDuty, indicator, lead, unit)
            made.append(record)
            if change.find(JointDuty, record) is None:
                part = JointDuty(
                    id=record, indicator=indicator, lead=lead, unit=unit, ord=key,
                    duty=duty.strip(), share=share,
                )
                before.append(part)
                change.put(part)
        _check_shares(row, before)
    return tuple(made)


def set_support(
    store: Store, part: RecordId, *, duty: str | None = None,
    share: Decimal | _Keep | None = KEEP,
) -> None:
    """Change a part; a changed duty or share needs a new answer. Raises as `add_support`."""
    with store.change("修改配合职责") as change:
        old = change.get(JointDuty, part)
        row = _editable(store, change, old)
        new = replace(
            old, duty=old.duty if duty is None else duty.strip(),
            share=old.share if share is KEEP else share,
        )
        if new == old:
            return
        if (new.duty, new.share) != (old.duty, old.share):
            new = replace(new, consent=Consent.OPEN, consent_on=None, consent_reason="")
        others = store.get_many(JointDuty, reads.joint_ids(store, row=row.id, lead=old.lead))
        _check_shares(row, [*(one for one in others.values() if one.id != part), new])
        change.put(new)


def move_support(store: Store, part: RecordId, step: int) -> bool:
    """Move a supporting unit up (-1) or down (+1) in the order; False at the end."""
    with store.change("调整配合单位顺序") as change:
        old = change.get(JointDuty, part)
        row = _editable(store, change, old)
        ids = list(reads.joint_ids(store, row=row.id, lead=old.lead))
        place = ids.index(part) + step
        if not 0 <= place < len(ids):
            return False
        ids.remove(part)
        ids.insert(place, part)
        for record, key in zip(ids, ordering.spread(len(ids)), strict=True):
            change.put(replace(change.get(JointDuty, record), ord=key))
    return True


def remove_support(store: Store, part: RecordId) -> None:
    """Take a supporting unit off; NotAllowedError when one of the agreements was issued."""
    with store.change("移除配合单位") as change:
        _editable(store, change, change.get(JointDuty, part))
        change.delete(part)


def answer(
    store: Store, part: RecordId, consent: Consent, *, on: date | None = None, reason: str = ""
) -> None:
    """Record what the supporting unit said; InputError for a refusal without a reason."""
    if consent is Consent.REFUSED and not reason.strip():
        raise InputError("没有写明不同意的理由。", "请写明理由后再登记。")
    with store.change("登记配合单位答复") as change:
        old = change.get(JointDuty, part)
        row = change.get(Indicator, old.indicator)
        sealing.refuse_sealed(store, row.year)
        _refuse_issued(store, change, row.year, (old.lead, old.unit))
        open_again = consent is Consent.OPEN
        change.put(replace(
            old, consent=consent, consent_on=None if open_again else on or clock.today(),
            consent_reason=reason.strip(),
        ))


def lead_note(parts: Sequence[JointDuty], names: dict[RecordId, str]) -> str:
    """「配合单位:市财政局(资金保障,份额30%)、市交委」 for the lead unit's annex; refusals left out."""
    listed = []
    for part in parts:
        if part.consent is Consent.REFUSED:
            continue
        facts = ",".join(text for text in (part.duty, _share(part.share)) if text)
        listed.append(f"{names.get(part.unit, '(未收到)')}{f'({facts})' if facts else ''}")
    return f"配合单位:{'、'.join(listed)}" if listed else ""


def support_note(part: JointDuty, names: dict[RecordId, str]) -> str:
    """「共同目标,牵头单位:市发改委;职责:资金保障;份额30%」 for the supporting unit's annex."""
    parts = [f"共同目标,牵头单位:{names.get(part.lead, '(未收到)')}"]
    if part.duty:
        parts.append(f"职责:{part.duty}")
    if part.share is not None:
        parts.append(_share(part.share))
    return ";".join(parts)


def _share(share: Decimal | None) -> str:
    return "" if share is None else f"份额{canonical(share)}%"


def _editable(store: Store, change: Change, part: JointDuty) -> Indicator:
    row = change.get(Indicator, part.indicator)
    sealing.refuse_sealed(store, row.year)
    _refuse_issued(store, change, row.year, (part.lead, part.unit))
    return row


def _refuse_issued(
    store: Store, change: Change, year: int, units: Sequence[RecordId]
) -> None:
    fixed = fixed_units(store, year, units)
    for unit in units:
        if unit in fixed:
            raise NotAllowedError(
                f"{change.get(Unit, unit).name}的{fixed[unit].reason},共同目标不能再改。",
                "请先撤回责任书,或用“目标调整”。",
            )


def _check_shares(row: Indicator, parts: Sequence[JointDuty]) -> None:
    shares = [part.share for part in parts]
    if any(share is not None and share < 0 for share in shares):
        raise InputError("份额不能是负数。", "请填 0 到 100。")
    left = lead_share(shares)
    if left is not None and left < 0:
        raise InputError(
            f"“{row.name}”配合单位的份额合计{canonical(100 - left)}%,超过 100%。", "请减少份额。"
        )


def _target_text(store: Store, row: Indicator, lead: RecordId) -> str:
    ids = matrix_reads.target_ids(store, (row.id,), (lead,))
    target = next(iter(store.get_many(Target, ids).values()), None)
    return "" if target is None else show_target(
        target.value, unit_shown_in_header=row.unit_of_measure
    )


def _joint(store: Store, ids: Sequence[RecordId]) -> tuple[JointTarget, ...]:
    records = store.get_many(JointDuty, ids)
    grouped: dict[tuple[RecordId, RecordId], list[JointDuty]] = {}
    for record in ids:
        if record in records:
            one = records[record]
            grouped.setdefault((one.indicator, one.lead), []).append(one)
    rows = store.get_many(Indicator, {key[0] for key in grouped})
    owners = {key[1] for key in grouped} | {one.unit for one in records.values()}
    units = store.get_many(Unit, owners)
    found = matrix_reads.target_ids(
        store, [key[0] for key in grouped], [key[1] for key in grouped]
    ) if grouped else ()
    targets = {(t.indicator, t.unit): t for t in store.get_many(Target, found).values()}
    result = []
    for (indicator, lead), parts in grouped.items():
        row, target = rows[indicator], targets.get((indicator, lead))
        shown = "" if target is None else show_target(
            target.value, unit_shown_in_header=row.unit_of_measure
        )
        result.append(JointTarget(
            indicator, row.name, lead, _name(units.get(lead)), shown,
            lead_share([part.share for part in parts]),
            tuple(
                JointPart(one.id, one.unit, _name(units.get(one.unit)), one.duty, one.share,
                          one.consent, one.consent_on, one.consent_reason)
                for one in parts
            ),
            tuple(_doubts(parts, units, target)),
        ))
    return tuple(result)


def _doubts(
    parts: Sequence[JointDuty], units: dict[RecordId, Unit], target: Target | None
) -> list[str]:
    found = [] if target is not None else ["牵头单位的这项目标已取消"]
    for part in parts:
        name = _name(units.get(part.unit))
        if part.consent is Consent.OPEN:
            found.append(f"{name}尚未答复")
        elif part.consent is Consent.REFUSED:
            found.append(f"{name}不同意:{part.consent_reason}")
        if not part.duty:
            found.append(f"{name}的职责没有写明")
    return found


def _name(unit: Unit | None) -> str:
    return "(未收到)" if unit is None else unit.short_name or unit.name
