"""Inspections: planned, drawn, visited, found, rectified (room 督查)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import (
    Finding,
    FindingKind,
    Inspection,
    InspectionState,
    Photo,
    SampleDraw,
)
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.sampling import Draw, Member, draw
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.store import attachments
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import inspections as reads
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries.inspections import FindingLine, InspectionLine
from mbo_desktop.store.queries.progress import Sought

__all__ = ["FindingLine", "InspectionLine", "Sought"]

PHOTO_LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What entering a verified value did: the value reported before, and where they differ."""

    finding: RecordId
    reported: Decimal | None
    difference: str


@dataclass(frozen=True, slots=True)
class Offender:
    """A unit whose reported values did not stand up to verification, and how often."""

    unit: RecordId
    label: str
    deviations: tuple[FindingLine, ...]

    @property
    def is_repeated(self) -> bool:
        """More than once."""
        return len(self.deviations) > 1


def log(store: Store, year: int) -> tuple[InspectionLine, ...]:
    """The year's inspections by day."""
    return reads.inspections(store, year)


def findings(
    store: Store, year: int, *, inspection: RecordId | None = None,
    unit: RecordId | None = None, subject: RecordId | None = None, only_open: bool = False,
) -> tuple[FindingLine, ...]:
    """Findings of the year under a filter."""
    return reads.findings(
        store, year, inspection=inspection, unit=unit, subject=subject, only_open=only_open
    )


def visits(store: Store, year: int) -> dict[RecordId, int]:
    """How often each unit was inspected in the year (over-inspection is a problem too)."""
    return reads.visits(store, year)


def plan(store: Store, year: int, title: str, **facts: Any) -> RecordId:
    """A planned inspection; InputError without a title or with days the wrong way round.

    facts: fields of `Inspection`. Units that were merged or dissolved are refused by name.
    """
    sealing.refuse_sealed(store, year)
    made = Inspection(id=RecordId(0), year=year, title=title.strip(), **facts)
    _check(store, made)
    with store.change("登记督查") as change:
        record = change.new(Inspection)
        change.put(replace(made, id=record))
    return record


def change_facts(store: Store, record: RecordId, **facts: Any) -> None:
    """Change fields of an inspection that is not over; a conclusion may be added later too."""
    with store.change("修改督查") as change:
        old = change.get(Inspection, record)
        sealing.refuse_sealed(store, old.year)
        over = old.state in (InspectionState.DONE, InspectionState.CANCELLED)
        if over and facts.keys() - {"conclusion", "note", "state_reason"}:
            raise NotAllowedError(
                f"“{old.title}”{old.state.label},只能补充结论。", "需要改其他内容的,请先恢复为进行中。"
            )
        new = replace(old, **facts)
        _check(store, new)
        change.put(new)


def _check(store: Store, made: Inspection) -> None:
    if not made.title:
        raise InputError("督查名称没有填写。", "请写明督查什么。")
    if made.planned_from and made.planned_until and made.planned_until < made.planned_from:
        raise InputError("结束日期早于开始日期。", "请改正日期。")
    day = made.planned_from or made.done_on or clock.today()
    for unit in store.get_many(Unit, made.units).values():
        if unit.dissolved_on is not None and unit.dissolved_on <= day:
            raise InputError(
                f"“{unit.name}”已于{show_date(unit.dissolved_on)}撤并。", "请改选承继它的单位。"
            )


def set_state(
    store: Store, record: RecordId, state: InspectionState, *, on: date | None = None, reason: str = ""
) -> None:
    """Begin, finish, cancel (with its reason) or take up again an inspection."""
    if state is InspectionState.CANCELLED and not reason.strip():
        raise InputError("取消的原因没有填写。", "请写明为什么取消。")
    with store.change(f"督查{state.label}") as change:
        old = change.get(Inspection, record)
        sealing.refuse_sealed(store, old.year)
        day = on or clock.today()
        done = (old.done_on or day) if state is InspectionState.DONE else None
        new = replace(old, state=state, state_reason=reason.strip(), done_on=done)
        change.put(new)
        if old.is_withheld and not new.is_withheld:
            _release_verified(store, change, new)


def delete(store: Store, record: RecordId) -> None:
    """Delete an inspection; NotAllowedError while findings rest on it."""
    with store.change("删除督查") as change:
        old = change.get(Inspection, record)
        found = reads.findings(store, old.year, inspection=record)
        if found:
            raise NotAllowedError(
                f"不能删除“{old.title}”:已有{len(found)}条发现。", "请先删除这些发现,或改为“已取消”。"
            )
        change.delete(record)


# Sampling ---------------------------------------------------------------------


def draw_sample(
    store: Store, year: int, size: int, seed: int, *, sought: Sought | None = None,
    by: str = "category", avoid_last: bool = True, besides: RecordId | None = None,
) -> Draw:
    """Draw targets of the year under a filter, stratified by "category", "unit" or "" (not at all).

    besides: the inspection that is drawn for; what it drew before is not "last time". Nothing is
    written; the same list and seed give the same sample. N/A targets are left out.
    """
    ids = progress_reads.subject_ids(store, year, sought or Sought())
    subjects = progress_reads.subjects(store, ids)
    members = []
    for record in ids:
        one = subjects[record]
        if one.is_not_applicable:
            continue
        stratum = {"category": one.category_name, "unit": one.unit_label}.get(by, "")
        members.append(Member(record, f"{one.unit_label}·{one.title}", stratum))
    avoid = _drawn_last(store, year, besides) if avoid_last else ()
    return draw(members, size, seed, avoid=frozenset(avoid))


def _drawn_last(store: Store, year: int, besides: RecordId | None) -> tuple[RecordId, ...]:
    """What the year's last inspection that drew a sample drew, however it was carried out."""
    visits = store.get_many(Inspection, [
        line.id for line in reads.inspections(store, year)
        if line.state is not InspectionState.CANCELLED and line.id != besides
    ])
    drew = [one for one in visits.values() if one.sample is not None]
    if not drew:
        return ()
    last = max(drew, key=lambda one: (one.done_on or one.planned_from or date.min, one.id))
    return last.subjects


def keep_sample(store: Store, record: RecordId, found: Draw, *, by: str = "category") -> None:
    """Keep a drawn sample with an inspection: its targets, their units, and how it was drawn."""
    subjects = tuple(RecordId(one.member.key) for one in found.drawn)
    known = progress_reads.subjects(store, subjects)
    units = tuple(dict.fromkeys(known[one].unit for one in subjects if one in known))
    with store.change("保存抽样结果") as change:
        old = change.get(Inspection, record)
        sealing.refuse_sealed(store, old.year)
        change.put(replace(
            old, subjects=subjects, units=units, sample=SampleDraw(
                found.seed, len(found.drawn), by, found.population,
                sum(count for _, count, _ in found.shares) + len(found.avoided), subjects,
                tuple(RecordId(one.key) for one in found.avoided), clock.today(), store.operator,
            ),
        ))


# Findings ---------------------------------------------------------------------


def add_finding(
    store: Store, inspection: RecordId, unit: RecordId, *, verified: Decimal | None = None,
    replace_verified: bool = False, **facts: Any,
) -> Verified:
    """Record what was found; a verified value goes to the month's progress in the same step.

    Of an unannounced visit it goes there once the visit is done: progress is printed for units.

    facts: fields of `Finding`. InputError when there is neither text nor value, or a value
    without a target or month; NotAllowedError when another value was verified for that month.
    """
    with store.change("登记督查发现") as change:
        visit = change.get(Inspection, inspection)
        sealing.refuse_sealed(store, visit.year)
        facts.setdefault("found_on", clock.today())
        facts.setdefault("month", visit.month)
        made = Finding(
            id=change.new(Finding), inspection=inspection, unit=unit, verified=verified, **facts
        )
        _check_finding(made)
        reported = None
        if verified is not None and made.subject is not None and made.month is not None:
            reported = reported_value(store, made.subject, made.month)
            _refuse_second_value(change, made, replace_verified)
            if not visit.is_withheld:
                _put_verified(change, visit, made)
        made = replace(made, reported=reported)
        if reported is not None and reported != verified and made.kind is FindingKind.PROBLEM:
            made = replace(made, kind=FindingKind.DEVIATION)
        change.put(made)
    return Verified(made.id, reported, _difference(reported, verified))


def _check_finding(made: Finding) -> None:
    if not made.text.strip() and made.verified is None:
        raise InputError("发现的情况没有填写。", "请写明情况,或填写核实数。")
    if made.verified is not None and made.subject is None:
        raise InputError("核实数没有对应的目标。", "请选择核实的是哪一项目标。")
    if made.verified is not None and made.month is None:
        raise InputError("核实数没有对应的月份。", "请填写核实的是几月底的累计数。")
    if made.deduction is not None and not made.deduction_reason.strip():
        raise InputError("扣分的理由没有填写。", "请写明扣分依据。")


def reported_value(store: Store, subject: RecordId, month: int) -> Decimal | None:
    """What stands reported for a month: the unit's own figure, else the one typed in for it."""
    figures = progress_reads.figures(store, (subject,), (month,)).get((subject, month), [])
    sides = {one.kind: one.amount for one in figures}
    own = sides.get(FigureKind.OWN)
    return sides.get(FigureKind.PROXY) if own is None else own


def _refuse_second_value(change: Change, made: Finding, replace_it: bool) -> None:
    old = change.find(ProgressReport, _verified_record(change, made))
    if old is not None and old.amount is not None and old.amount != made.verified and not replace_it:
        raise NotAllowedError(
            f"{made.month}月已有核实数{show(old.amount)},与这次的{show(made.verified or Decimal(0))}不一致。",
            "确认以这次为准的,请选择“替换原核实数”;原来的发现仍保留。",
        )


def _verified_record(change: Change, made: Finding) -> RecordId:
    assert made.subject is not None
    assert made.month is not None
    return change.named(ProgressReport, made.subject, made.month, FigureKind.VERIFIED)


def _put_verified(change: Change, visit: Inspection, made: Finding) -> None:
    assert made.subject is not None
    assert made.month is not None
    record = _verified_record(change, made)
    new = change.find(ProgressReport, record) or ProgressReport(
        id=record, subject=made.subject, month=made.month, kind=FigureKind.VERIFIED
    )
    change.put(replace(
        new, amount=made.verified, reported_on=made.found_on, reported_by=visit.title,
    ))


def _release_verified(store: Store, change: Change, visit: Inspection) -> None:
    """An unannounced visit is over: its values go to progress, where none was verified later."""
    lines = reads.findings(store, visit.year, inspection=visit.id)
    for line in lines:
        if line.verified is None or line.subject is None or line.month is None:
            continue
        made = change.get(Finding, line.id)
        there = change.find(ProgressReport, _verified_record(change, made))
        if (
            there is not None and there.amount is not None and there.reported_on is not None
            and made.found_on is not None and there.reported_on > made.found_on
        ):
            continue
        _put_verified(change, visit, made)


def _difference(reported: Decimal | None, verified: Decimal | None) -> str:
    if verified is None:
        return ""
    if reported is None:
        return "没有上报数"
    if reported == verified:
        return "与上报数一致"
    gap = verified - reported
    return f"比上报数{'多' if gap > 0 else '少'}{show(abs(gap))}"


def change_finding(store: Store, record: RecordId, **facts: Any) -> None:
    """Change words, deduction, dates of a finding; values are changed by a new finding."""
    if {"verified", "reported", "subject", "month"} & facts.keys():
        raise NotAllowedError("核实数不能直接改。", "请另登一条发现,并选择“替换原核实数”。")
    with store.change("修改督查发现") as change:
        new = replace(change.get(Finding, record), **facts)
        _check_finding(new)
        change.put(new)


def rectified(store: Store, record: RecordId, how: str, *, on: date | None = None) -> None:
    """Note that a finding was put right; InputError without words."""
    if not how.strip():
        raise InputError("整改情况没有填写。", "请写明怎样整改的、是否核实。")
    with store.change("登记整改完成") as change:
        old = change.get(Finding, record)
        change.put(replace(old, rectified_on=on or clock.today(), rectified_how=how.strip()))


def remove_finding(store: Store, record: RecordId) -> None:
    """Delete a finding; the verified value that came with it goes too when no other finding holds it."""
    with store.change("删除督查发现") as change:
        old = change.get(Finding, record)
        visit = change.get(Inspection, old.inspection)
        if old.verified is not None and old.subject is not None and old.month is not None:
            year = visit.year
            others = [
                one for one in reads.findings(store, year, subject=old.subject)
                if one.id != record and one.month == old.month and one.verified == old.verified
            ]
            value = change.named(ProgressReport, old.subject, old.month, FigureKind.VERIFIED)
            report = change.find(ProgressReport, value)
            # What a withheld visit has not released yet is another's value.
            own = report is not None and (not visit.is_withheld or report.reported_by == visit.title)
            if not others and own and report is not None and report.amount == old.verified:
                change.delete(value)
        change.delete(record)


def add_photos(store: Store, record: RecordId, paths: Sequence[Path]) -> int:
    """Keep photos with a finding; FileReadError for one above 50 MB or empty: then none is added."""
    kept = keep_photos(store, paths)
    with store.change("添加现场照片") as change:
        old = change.get(Finding, record)
        there = {one.file_hash for one in old.photos}
        new = [one for one in kept if one.file_hash not in there]
        change.put(replace(old, photos=(*old.photos, *new)))
    return len(new)


def keep_photos(store: Store, paths: Sequence[Path]) -> tuple[Photo, ...]:
    """Copy photos and scans into the folder; FileReadError before the first when one cannot be kept."""
    for path in paths:
        check_photo(path)
    return tuple(
        Photo(attachments.add(store, path, path.name), path.name, path.stat().st_size) for path in paths
    )


def open_photo(store: Store, file_hash: str, name: str) -> Path:
    """A read-only copy under the photo's own name; StorageError when it is missing or damaged."""
    return attachments.open_path(store, file_hash, name)


def check_photo(path: Path) -> None:
    """FileReadError for a photo that is empty, not there or above 50 MB."""
    safe = "没有添加任何照片,原有数据未改动。"
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileReadError(f"“{path.name}”打不开({error.strerror or error})。", "请检查文件是否还在。", safe) from error
    if size == 0:
        raise FileReadError(f"“{path.name}”是空文件。", "请重新复制后再添加。", safe)
    if size > PHOTO_LIMIT:
        raise FileReadError(
            f"“{path.name}”有{size // 1024 // 1024} MB,超过50 MB。", "请压缩后再添加。", safe
        )


# Honesty ----------------------------------------------------------------------


def offenders(store: Store, year: int) -> tuple[Offender, ...]:
    """Units whose reported values differed from the verified ones, most deviations first."""
    by_unit: dict[RecordId, list[FindingLine]] = {}
    for line in reads.findings(store, year, only_deviations=True):
        by_unit.setdefault(line.unit, []).append(line)
    found = [Offender(unit, lines[0].unit_label, tuple(lines)) for unit, lines in by_unit.items()]
    return tuple(sorted(found, key=lambda one: -len(one.deviations)))
