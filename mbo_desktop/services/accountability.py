"""效能问责: cases from the source to the conclusion, who may read them, what they do to the assessment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.accountability import (
    STARTING_KINDS,
    AccountabilityCase,
    CaseEffect,
    CaseState,
    CaseStep,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, Inspection
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store

CLOSED = frozenset({CaseState.CLOSED, CaseState.DROPPED})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list shows it to somebody who may read it."""

    case: AccountabilityCase
    unit_label: str
    days_open: int


@dataclass(frozen=True, slots=True)
class CaseStatistics:
    """How many cases by kind, unit and month of opening, readable or not."""

    by_kind: tuple[tuple[str, int], ...]
    by_unit: tuple[tuple[str, int], ...]
    by_month: tuple[int, ...]
    """Twelve months."""
    total: int
    hidden: int
    """Cases this reader may not see; they count, but are not listed."""


def may_read(case: AccountabilityCase, reader: str) -> bool:
    """Whether an operator may see a case: all may when it names no readers."""
    return not case.readers or reader in case.readers


def cases(
    store: Store, year: int, *, reader: str | None = None, at: date | None = None
) -> tuple[CaseRow, ...]:
    """The year's cases this reader (the operator) may see, newest first."""
    who = store.operator if reader is None else reader
    day = at or clock.today()
    found = [one for one in store.all(AccountabilityCase, year=year) if may_read(one, who)]
    units = store.get_many(Unit, [one.unit for one in found if one.unit is not None])
    listed = sorted(found, key=lambda one: (one.opened_on or date.min, one.id), reverse=True)
    return tuple(
        CaseRow(one, _label(units.get(one.unit) if one.unit else None), days_open(one, day))
        for one in listed
    )


def _label(unit: Unit | None) -> str:
    return "" if unit is None else unit.short_name or unit.name


def days_open(case: AccountabilityCase, at: date) -> int:
    """Days from the opening to the closing, or to this day."""
    if case.opened_on is None:
        return 0
    return max(((case.closed_on or at) - case.opened_on).days, 0)


def kinds(store: Store) -> tuple[str, ...]:
    """The speech's kinds and those the office used."""
    used = [one.kind for one in store.all(AccountabilityCase) if one.kind]
    return tuple(dict.fromkeys((*STARTING_KINDS, *used)))


def open_case(store: Store, year: int, title: str, **facts: Any) -> RecordId:
    """Take a case up; facts: fields of `AccountabilityCase`. InputError without a title."""
    if not title.strip():
        raise InputError("案件名称没有填写。", "请写明反映什么问题。")
    sealing.refuse_sealed(store, year)
    facts.setdefault("opened_on", clock.today())
    with store.change("登记问责案件") as change:
        record = change.new(AccountabilityCase)
        change.put(AccountabilityCase(id=record, year=year, title=title.strip(), **facts))
    return record


def from_finding(store: Store, finding: RecordId) -> RecordId:
    """A case of 弄虚作假 from a deviation, in one step; NotAllowedError when there is one already."""
    found = store.get(Finding, finding)
    there = [one for one in store.all(AccountabilityCase) if one.origin == finding]
    if there:
        title = there[0].title if may_read(there[0], store.operator) else ""
        raise NotAllowedError(f"这条发现已立案{f'“{title}”' if title else ''}。", "请打开已有的案件。")
    visit = store.get(Inspection, found.inspection)
    said = found.text or "上报数与核实数不一致"
    if found.reported is not None and found.verified is not None:
        said += f"(上报{found.reported},核实{found.verified})"
    return open_case(
        store, visit.year, f"{visit.title}发现{said}", kind="弄虚作假", unit=found.unit,
        source=visit.title, facts=said, origin=finding,
    )


def change_facts(store: Store, record: RecordId, **facts: Any) -> None:
    """Change fields of a case that is not closed and that the operator may read."""
    with store.change("修改问责案件") as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        if old.state in CLOSED and facts.keys() - {"note", "published_on", "publication", "shortcomings"}:
            raise NotAllowedError(f"“{old.title}”{old.state.label},不能修改。", "需要改的,请先恢复调查。")
        change.put(replace(old, **facts))


def add_step(store: Store, record: RecordId, text: str, *, on: date | None = None, by: str = "") -> None:
    """A step of the investigation; the case is being investigated from then on."""
    if not text.strip():
        raise InputError("调查情况没有填写。", "请写明做了什么。")
    with store.change("登记调查情况") as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        if old.state in CLOSED:
            raise NotAllowedError(f"“{old.title}”{old.state.label}。", "需要继续调查的,请先恢复调查。")
        step = CaseStep(on or clock.today(), text.strip(), by or store.operator)
        state = CaseState.INVESTIGATING if old.state is CaseState.OPEN else old.state
        change.put(replace(old, steps=(*old.steps, step), state=state))


def conclude(
    store: Store, record: RecordId, conclusion: str, measures: tuple[str, ...] = (), *,
    on: date | None = None, drop: bool = False,
) -> None:
    """Say what was found, and which measures follow; a barrier. InputError without words."""
    if not conclusion.strip():
        raise InputError("认定结论没有填写。", "请写明查实了什么、责任在谁。")
    with store.change("问责认定", barrier=True) as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        day = on or clock.today()
        if old.opened_on is not None and day < old.opened_on:
            raise InputError("认定日期早于受理日期。", "请改正日期。")
        change.put(replace(
            old, conclusion=conclusion.strip(), measures=measures, concluded_on=day,
            state=CaseState.DROPPED if drop else CaseState.CONCLUDED,
            closed_on=day if drop else None,
        ))
        change.take_up((record,))


def close(store: Store, record: RecordId, *, on: date | None = None) -> None:
    """Close a case; NotAllowedError before its conclusion or while shortcomings are open. A barrier."""
    with store.change("问责结案", barrier=True) as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        if old.state is not CaseState.CONCLUDED:
            raise NotAllowedError(f"“{old.title}”现为“{old.state.label}”,不能结案。", "请先登记认定结论。")
        waiting = [one for one in old.shortcomings if one.done_on is None]
        if waiting:
            raise NotAllowedError(
                f"“{old.title}”还有{len(waiting)}项作风问题没有整改。", "请先登记整改完成。"
            )
        change.put(replace(old, state=CaseState.CLOSED, closed_on=on or clock.today()))
        change.take_up((record,))


def reopen(store: Store, record: RecordId, reason: str) -> None:
    """Take a closed case up again with a reason; a barrier."""
    if not reason.strip():
        raise InputError("恢复调查的原因没有填写。", "请写明原因。")
    with store.change("恢复调查", barrier=True) as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        step = CaseStep(clock.today(), f"恢复调查:{reason.strip()}", store.operator)
        change.put(replace(
            old, state=CaseState.INVESTIGATING, closed_on=None, steps=(*old.steps, step)
        ))
        change.take_up((record,))


def decide_effect(store: Store, record: RecordId, effect: CaseEffect | None) -> None:
    """What the case does to the assessment, by a decision; None takes it back. A barrier.

    NotAllowedError before the conclusion; InputError without who decided, or with no effect at all.
    """
    with store.change("问责影响考核", barrier=True) as change:
        old = _readable(store, change.get(AccountabilityCase, record))
        if effect is not None:
            if not old.conclusion:
                raise NotAllowedError(f"“{old.title}”还没有认定结论,不能影响考核。", "请先登记认定结论。")
            if not effect.decided_by.strip():
                raise InputError("没有写明谁决定的。", "请填写作出决定的会议或领导。")
            if effect.deduction is None and not effect.is_veto:
                raise InputError("没有写明怎样影响考核。", "请填写扣分,或选择一票否决。")
        change.put(replace(old, effect=effect))
        change.take_up((record,))


def statistics(store: Store, year: int, *, reader: str | None = None) -> CaseStatistics:
    """Counts over all cases of the year; those the reader may not see are counted without names."""
    who = store.operator if reader is None else reader
    every = store.all(AccountabilityCase, year=year)
    seen = [one for one in every if may_read(one, who)]
    units = store.get_many(Unit, [one.unit for one in seen if one.unit is not None])
    months = Counter(one.opened_on.month for one in every if one.opened_on is not None)
    named = Counter(_label(units.get(one.unit)) for one in seen if one.unit is not None)
    return CaseStatistics(
        tuple(Counter(one.kind or "其他" for one in every).most_common()),
        tuple(named.most_common()), tuple(months[month] for month in range(1, 13)),
        len(every), len(every) - len(seen),
    )


def _readable(store: Store, case: AccountabilityCase) -> AccountabilityCase:
    if not may_read(case, store.operator):
        raise NotAllowedError("这件案件指定了知情范围,当前操作员不在其中。", "请由指定的操作员办理。")
    return case
