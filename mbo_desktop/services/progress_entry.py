"""Monthly figures typed, pasted or read from workbooks: each block is one undo step (room 进度)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.actual_reading import read_amount
from mbo_desktop.domain.calendar import read_date
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.quantity import canonical, read_in_unit, show
from mbo_desktop.domain.reports import CauseKind, FigureKind, ProgressReport
from mbo_desktop.domain.targets import IN_WORDS, Direction
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.own_figures import closed_sides, kind_of, self_reported
from mbo_desktop.services.scheme_state import sealed_units
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Subject

JUMP = 10
"""A figure so many times the one before asks for a note (domain notes §8)."""
TINY = 1000
"""A first figure so many times below the target is likely in another unit: 1.08 (万) of 21300万元."""


class ReportField(Choice):
    """A field of a month's report that a cell edits as text."""

    AMOUNT = "amount", "累计完成"
    IN_PERIOD = "in_period", "当月完成"
    STARTED = "started", "启动情况"
    PHYSICAL = "physical", "形象进度"
    TEXT = "text", "进展情况"
    INVESTMENT = "investment", "累计完成投资"
    CAUSE = "cause", "滞后原因类别"
    CAUSE_TEXT = "cause_text", "滞后原因"
    OWN_EFFORT = "own_effort", "已做工作"
    MEASURE = "measure", "下步措施"
    REPORTED_ON = "reported_on", "报送日期"
    NOTE = "note", "说明"


STARTED_WORDS = {"未启动": False, "已启动": True, "未开工": False, "已开工": True}


@dataclass(frozen=True, slots=True)
class ReportEdit:
    """One cell: a target or node, the field, and the text that is to stand in it."""

    subject: RecordId
    field: ReportField
    text: str


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What a block of edits did: refused cells with reasons, and doubts that never block."""

    changed: int
    refused: Mapping[tuple[RecordId, ReportField], str]
    doubts: Mapping[RecordId, str]


def write_cells(
    store: Store, year: int, month: int, edits: Sequence[ReportEdit], *,
    kind: FigureKind = FigureKind.PROXY, label: str = "", source_file: str = "",
) -> EntryOutcome:
    """Save cells of a month's reports as one undo step.

    kind: whose figures they are. A number that cannot be read is kept as text and marked; a
    falling cumulative figure and a tenfold jump are told, never blocked. NotAllowedError in a
    sealed year; InputError for a month that is none.
    """
    _check_month(month)
    sealing.refuse_sealed(store, year)
    with store.change(label or _label(edits, month)) as change:
        return write_in(store, change, year, month, edits, kind=kind, source_file=source_file)


def write_in(
    store: Store, change: Change, year: int, month: int, edits: Sequence[ReportEdit], *,
    kind: FigureKind, source_file: str = "",
) -> EntryOutcome:
    """The same inside a change that does more.

    What is typed as 代录 of a target that a superior gave to the own government is its 自报; sides that
    are another office's to say are refused.
    """
    subjects = reads.subjects(store, list(dict.fromkeys(one.subject for one in edits)))
    carried = {one.id: one.unit for one in subjects.values()}
    own, closed = self_reported(store, carried), closed_sides(store, carried)
    before = _amounts_before(store, list(subjects), month, kind)
    sealed = sealed_units(store, year)
    refused: dict[tuple[RecordId, ReportField], str] = {}
    reports: dict[RecordId, ProgressReport] = {}
    for edit in edits:
        subject = subjects.get(edit.subject)
        if subject is None:
            refused[edit.subject, edit.field] = "这项目标已不在,未写入。"
            continue
        if subject.unit in sealed:
            refused[edit.subject, edit.field] = f"该单位{year}年度的考核结果已封存,未写入。"
            continue
        side = kind_of(kind, subject.id, own)
        shut = closed.get(subject.id, {}).get(side)
        if shut:
            refused[edit.subject, edit.field] = shut
            continue
        old = reports.get(edit.subject) or _report(change, subject, month, side, source_file)
        try:
            reports[edit.subject] = with_field(
                old, subject, edit.field, edit.text, before.get(edit.subject), year
            )
        except InputError as error:
            refused[edit.subject, edit.field] = f"{error.what}{error.todo}"
    changed = sum(put_report(change, one) for one in reports.values())
    doubts = {
        record: doubt for record, one in reports.items()
        if (doubt := doubt_of(one, subjects[record], before.get(record)))
    }
    return EntryOutcome(changed, refused, doubts)


def _report(
    change: Change, subject: Subject, month: int, kind: FigureKind, source_file: str
) -> ProgressReport:
    record = change.named(ProgressReport, subject.id, month, kind)
    found = change.find(ProgressReport, record)
    if found is None:
        return ProgressReport(
            id=record, subject=subject.id, month=month, kind=kind, reported_on=clock.today(),
            on_behalf_of=subject.unit if kind is FigureKind.PROXY else None,
            source_file=source_file,
        )
    return replace(found, source_file=source_file) if source_file else found


def is_unread(typed: str, subject: Subject) -> bool:
    """Whether what was typed should have been a number: 已完成 is an answer to a target in words."""
    return bool(typed) and (subject.form not in IN_WORDS or subject.amount is not None)


def put_report(change: Change, report: ProgressReport) -> bool:
    """Write a report; one with nothing in it goes, so that 未报 is told from 0."""
    empty = ProgressReport(
        id=report.id, subject=report.subject, month=report.month, kind=report.kind,
        on_behalf_of=report.on_behalf_of, reported_on=report.reported_on,
        source_file=report.source_file,
    )
    there = change.find(ProgressReport, report.id)
    if report == empty:
        if there is None:
            return False
        change.delete(report.id)
        return True
    if there == report:
        return False
    change.put(report)
    return True


def with_field(
    old: ProgressReport, subject: Subject, field: ReportField, text: str,
    before: Decimal | None, year: int,
) -> ProgressReport:
    """A report with one field as typed; InputError where a choice or date cannot be read."""
    plain = text.strip()
    if field in (ReportField.AMOUNT, ReportField.IN_PERIOD):
        return _with_amount(old, subject, field, plain, before)
    if field is ReportField.INVESTMENT:
        return replace(old, investment=read_in_unit(plain, "万元").value if plain else None)
    if field is ReportField.STARTED:
        if plain and plain not in STARTED_WORDS:
            raise InputError(f"启动情况“{plain[:20]}”读不出来。", "请填“已启动”或“未启动”。")
        return replace(old, started=STARTED_WORDS.get(plain))
    if field is ReportField.CAUSE:
        cause = CauseKind.from_label(plain.removesuffix("原因"))
        if plain and cause is None:
            raise InputError(f"原因类别“{plain[:20]}”读不出来。", "请填“客观”或“主观”。")
        return replace(old, cause=cause)
    if field is ReportField.REPORTED_ON:
        day: date | None = read_date(plain, year, clock.today()) if plain else None
        return replace(old, reported_on=day)
    worded: dict[str, Any] = {field.value: plain}
    return replace(old, **worded)


def _with_amount(
    old: ProgressReport, subject: Subject, field: ReportField, plain: str, before: Decimal | None
) -> ProgressReport:
    if not plain:
        return replace(old, amount=None, in_period=None, typed="")
    if plain in STARTED_WORDS and not STARTED_WORDS[plain]:
        return replace(old, started=False, amount=None, in_period=None, typed="")
    unit = subject.amount_unit or subject.unit_of_measure
    try:
        amount = read_amount(plain, unit, subject.form, subject.title)
    except InputError:
        # Kept beside the cell and marked: nobody loses what was typed.
        return replace(old, amount=None, in_period=None, typed=plain)
    if field is ReportField.AMOUNT:
        return replace(old, amount=amount, in_period=None, typed="")
    return replace(old, amount=(before or Decimal(0)) + amount, in_period=amount, typed="")


def _amounts_before(
    store: Store, ids: Sequence[RecordId], month: int, kind: FigureKind
) -> dict[RecordId, Decimal]:
    """The last cumulative figure of this side before the month."""
    if month == 1:
        return {}
    found: dict[RecordId, Decimal] = {}
    said = reads.figures(store, ids, tuple(range(1, month)))
    for (subject, _month), figures in sorted(said.items(), key=lambda pair: pair[0][1]):
        for one in figures:
            own = {FigureKind.OWN, FigureKind.PROXY}
            same = one.kind is kind or {one.kind, kind} <= own
            if same and one.amount is not None:
                found[subject] = one.amount
    return found


def doubt_of(report: ProgressReport, subject: Subject, before: Decimal | None) -> str:
    """What is unlikely about a figure, in words; "" when nothing is, or when it was explained."""
    amount = report.amount
    if is_unread(report.typed, subject):
        return f"“{report.typed[:20]}”不是数字,已按原文保留并标红。"
    if amount is None or report.note:
        return ""
    unit = subject.amount_unit or subject.unit_of_measure
    if before is not None and amount < before and subject.direction is Direction.HIGHER and unit != "%":
        return f"累计数{show(amount)}{unit}小于上次的{show(before)}{unit},请核对;属实的请在说明中写明原因。"
    if before and abs(amount) >= abs(before) * JUMP:
        return f"比上次的{show(before)}{unit}增加到{_times(amount, before)}倍,请核对;属实的请在说明中写明原因。"
    if not before and subject.amount and abs(amount) >= abs(subject.amount) * JUMP:
        return f"是年度目标{show(subject.amount)}{unit}的{_times(amount, subject.amount)}倍,请核对;属实的请在说明中写明原因。"
    if not before and subject.amount and 0 < abs(amount) * TINY <= abs(subject.amount):
        return f"不到年度目标{show(subject.amount)}{unit}的千分之一,请核对计量单位;属实的请在说明中写明原因。"
    return ""


def _times(amount: Decimal, other: Decimal) -> str:
    return canonical((amount / other).quantize(Decimal("0.1")))


def certify(
    store: Store, year: int, month: int, indicator: RecordId, by: RecordId,
    texts: Mapping[RecordId, str],
) -> EntryOutcome:
    """A certifying office's column: one indicator for all units, by target; one undo step.

    NotAllowedError when the indicator does not name the office as its certifying unit.
    """
    row = store.get(Indicator, indicator)
    if by not in row.certifying_units:
        raise NotAllowedError(
            f"“{row.name}”没有委托这个单位提供数据。", "请先在指标的“监考单位”中登记,再录入来源部门数据。"
        )
    edits = [ReportEdit(one, ReportField.AMOUNT, text) for one, text in texts.items()]
    return write_cells(
        store, year, month, edits, kind=FigureKind.CERTIFIED, label=f"录入来源部门数据 {row.name}"
    )


def wants_explanation(report: ProgressReport) -> tuple[str, ...]:
    """What a lagging target's report still lacks: cause, and beside an objective one effort and measure."""
    if report.cause is None:
        return ("原因类别(客观/主观)",)
    lacking = [] if report.cause_text else ["滞后原因"]
    if report.cause is CauseKind.OBJECTIVE and not report.own_effort:
        lacking.append("已做工作")
    if not report.measure:
        lacking.append("下步措施")
    return tuple(lacking)


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise InputError(f"没有{month}月。", "月份请填1到12。")


def _label(edits: Sequence[ReportEdit], month: int) -> str:
    fields = {one.field for one in edits}
    what = next(iter(fields)).label if len(fields) == 1 else "月报"
    return f"填报{month}月{what}"
