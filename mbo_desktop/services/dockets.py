"""Dockets (督查事项): registered, ordered, followed, verified, closed (room 督查)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.docket_flow import (
    DEFAULT_COLOURS,
    Standing,
    acted,
    days_over,
    is_open,
    offered,
    standing,
)
from mbo_desktop.domain.dockets import (
    DayKind,
    Docket,
    DocketAct,
    DocketStep,
    ReminderWay,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, Inspection, MatterSource
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.registers import Source, SourceItem, SourceKind
from mbo_desktop.domain.reports import ProgressProblem
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError
from mbo_desktop.services import numbering, sealing
from mbo_desktop.services.work_calendars import workdays
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import dockets as reads
from mbo_desktop.store.queries.dockets import DocketFilter, DocketLine

__all__ = ["DocketFilter", "DocketLine"]

NUMBERS = "督查事项"
"""Register from which a docket gets its number at 立项."""
_FORMAL = frozenset({
    DocketAct.FILE, DocketAct.ASSIGN, DocketAct.CLOSE, DocketAct.STRIKE_OFF, DocketAct.ARCHIVE,
    DocketAct.REOPEN,
})
"""Acts that are barriers: they are taken back by acts of their own, not by Ctrl+Z."""


@dataclass(frozen=True, slots=True)
class DocketRow:
    """A docket in the register on a day."""

    line: DocketLine
    days_over: int
    days_left: int | None
    """Calendar days to its limit; negative when over; None without one or when it does not run."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A docket that an act could not be done to, and why."""

    docket: RecordId
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act on several dockets did."""

    done: tuple[RecordId, ...]
    refused: tuple[Refused, ...] = ()


def ids(store: Store, year: int | None, chosen: DocketFilter) -> tuple[RecordId, ...]:
    """Dockets under a filter, nearest limit first, closed ones last."""
    return reads.ids(store, year, chosen)


def rows(
    store: Store, wanted: Sequence[RecordId], *, at: date | None = None
) -> dict[RecordId, DocketRow]:
    """These dockets as they stand on a day (today); of a past day by the acts up to then."""
    today = clock.today()
    day = at or today
    lines = reads.lines(store, wanted)
    if day < today:
        bodies = store.get_many(Docket, list(lines))
        lines = {record: _as_of(line, standing(bodies[record], day)) for record, line in lines.items()}
    return {record: _row(line, day) for record, line in lines.items()}


def _as_of(line: DocketLine, then: Standing) -> DocketLine:
    return replace(
        line, state=then.state, is_held=then.is_held, colour=then.colour, due=then.due,
        assigned_on=then.assigned_on, closed_on=then.closed_on, asked_until=then.asked_until,
        reminders=then.reminders, returns=then.returns,
    )


def _row(line: DocketLine, day: date) -> DocketRow:
    found = Standing(
        line.state, line.due, line.assigned_on, line.closed_on, line.is_held, line.colour,
        line.asked_until, line.reminders, line.returns, 0, None,
    )
    running = is_open(found) and line.due is not None and line.assigned_on and not line.is_held
    left = (line.due - day).days if running and line.due is not None else None
    return DocketRow(line, days_over(found, day), left)


def overdue(store: Store, at: date, *, year: int | None = None) -> tuple[DocketRow, ...]:
    """Open dockets past their limit at a day, as they stood on that day, longest first."""
    if at < clock.today():
        found = _late_then(store, at, year)
    else:
        wanted = reads.ids(store, year, DocketFilter(overdue_at=at))
        found = list(rows(store, wanted, at=at).values())
    return tuple(sorted(found, key=lambda row: (-row.days_over, row.line.number)))


def _late_then(store: Store, at: date, year: int | None) -> list[DocketRow]:
    """What was past its limit on a past day, whatever came after."""
    bodies = store.get_many(Docket, reads.under_way_then(store, year, at))
    then = {record: standing(docket, at) for record, docket in bodies.items()}
    late = [record for record, one in then.items() if is_open(one) and days_over(one, at)]
    lines = reads.lines(store, late)
    return [_row(_as_of(lines[record], then[record]), at) for record in late]


def count(store: Store, year: int | None, chosen: DocketFilter) -> int:
    """How many dockets fit."""
    return reads.count(store, year, chosen)


# Making -----------------------------------------------------------------------


def add(store: Store, year: int, title: str, **facts: Any) -> RecordId:
    """A docket as a draft; InputError without a title. facts: fields of `Docket`."""
    sealing.refuse_sealed(store, year)
    with store.change("登记督查事项") as change:
        return _put_new(change, year, title, facts)


def _put_new(change: Change, year: int, title: str, facts: Mapping[str, Any]) -> RecordId:
    if not title.strip():
        raise InputError("督查事项的名称没有填写。", "请写明是什么事;一件事登记一项。")
    record = change.new(Docket)
    change.put(Docket(id=record, year=year, title=title.strip(), **facts))
    return record


def change_facts(store: Store, record: RecordId, **facts: Any) -> None:
    """Change fields of a docket; NotAllowedError for a closed one, InputError for an empty title."""
    if "title" in facts and not str(facts["title"]).strip():
        raise InputError("督查事项的名称不能为空。", "请写明是什么事。")
    with store.change("修改督查事项") as change:
        old = change.get(Docket, record)
        sealing.refuse_sealed(store, old.year)
        now = standing(old)
        if not is_open(now):
            raise NotAllowedError(f"“{old.title}”已办结,不能修改。", "需要改的,请先“重新办理”并写明原因。")
        fixed = {"lead", "due", "days", "day_kind"} & facts.keys()
        if fixed and now.assigned_on is not None:
            raise NotAllowedError(
                f"“{old.title}”已交办,不能直接改主办单位和时限。", "改时限用延期;改主办单位请退办后重新登记。"
            )
        change.put(replace(old, **facts))


def delete(store: Store, records: Sequence[RecordId]) -> None:
    """Delete drafts; NotAllowedError for one that has a number."""
    with store.change("删除督查事项") as change:
        for record in records:
            old = change.get(Docket, record)
            if old.steps:
                raise NotAllowedError(
                    f"“{old.title}”已立项({old.number}),不能删除。", "不再办理的请挂账或办结归档。"
                )
            change.delete(record)


def from_problem(store: Store, problem: RecordId) -> RecordId:
    """A docket from a problem of the monthly reports; NotAllowedError when there is one already."""
    found = store.get(ProgressProblem, problem)
    _refuse_second(store, problem)
    target = store.get(Target, found.subject)
    indicator = store.get(Indicator, target.indicator)
    facts: dict[str, Any] = {
        "source": MatterSource.COORDINATION if found.wanted else MatterSource.PROGRESS,
        "source_text": f"{indicator.year}年{found.month}月进度", "origin": problem,
        "subject": found.subject, "lead": found.wanted_from or target.unit,
        "task": found.wanted, "cause": found.text,
    }
    if found.wanted_from is not None:
        facts["supporting"] = (target.unit,)
        facts["decider"] = store.get(Unit, found.wanted_from).name
    return add(store, indicator.year, f"{indicator.name}:{found.text}", **facts)


def from_finding(store: Store, finding: RecordId) -> RecordId:
    """A docket from what an inspection found, with its rectification date."""
    found = store.get(Finding, finding)
    _refuse_second(store, finding)
    visit = store.get(Inspection, found.inspection)
    return add(
        store, visit.year, _finding_title(store, found, visit),
        source=MatterSource.INSPECTION,
        source_text=visit.title, origin=finding, subject=found.subject, lead=found.unit,
        due=found.rectify_until, task="限期整改并书面反馈",
    )


def _finding_title(store: Store, found: Finding, visit: Inspection) -> str:
    """「工业投资:现场停工」; 「工业投资:上报60,核实54」 of a finding that has only a value."""
    target = None if found.subject is None else store.find(Target, found.subject)
    if target is None:
        return found.text or visit.title
    name = store.get(Indicator, target.indicator).name
    if found.text:
        return f"{name}:{found.text}"
    if found.verified is None:
        return visit.title
    said = "未报" if found.reported is None else f"上报{show(found.reported)}"
    return f"{name}:{said},核实{show(found.verified)}"


def from_item(store: Store, item: RecordId) -> RecordId:
    """A docket from an item of a meeting or document of the register."""
    found = store.get(SourceItem, item)
    _refuse_second(store, item)
    owner = store.get(Source, found.source)
    return add(
        store, owner.year, found.text, source=_source_of(owner), source_text=owner.name,
        origin=item, note="、".join(word for word in (found.lead, found.due) if word),
    )


def _source_of(owner: Source) -> MatterSource:
    if owner.kind is SourceKind.MEETING or "会议" in owner.genre:
        return MatterSource.MEETING
    if "工作报告" in owner.genre:
        return MatterSource.REPORT
    return MatterSource.SUPERIOR if owner.genre.startswith("省") else MatterSource.OTHER


def made_from(store: Store, origin: RecordId) -> RecordId | None:
    """The docket that was made from a problem, a finding or an item; None when there is none."""
    return reads.made_from(store, [origin]).get(origin)


def _refuse_second(store: Store, origin: RecordId) -> None:
    made = made_from(store, origin)
    if made is not None:
        title = store.get(Docket, made).title
        raise NotAllowedError(f"这件事已登记为督查事项“{title}”。", "一件事只登记一项,请打开已有的事项。")


# Acting -----------------------------------------------------------------------


def act(
    store: Store, records: Sequence[RecordId], step: DocketStep, *,
    days: int | None = None, day_kind: DayKind = DayKind.WORKING,
    colours: Sequence[str] = DEFAULT_COLOURS,
) -> Acted:
    """Do one act to several dockets as one step; those it may not be done to are told.

    days: for 交办, 退办, 重新办理 the limit from the day of the act. 立项 gives the number.
    Raises the refusal itself when there is only one docket.
    """
    done: list[RecordId] = []
    refused: list[Refused] = []
    label = f"{step.act.label}{len(records)}项督查事项" if len(records) > 1 else step.act.label
    with store.change(label, barrier=step.act in _FORMAL) as change:
        calendar = workdays(store, step.on)
        if days is not None:
            step = replace(step, until=calendar.after(step.on, days, day_kind))
        for record in records:
            old = change.get(Docket, record)
            try:
                sealing.refuse_sealed(store, old.year)
                new = acted(old, _own_limit(store, old, step), colours=colours)
            except ProgramError as error:
                if len(records) == 1:
                    raise
                refused.append(Refused(record, old.title, f"{error.what}{error.todo}"))
                continue
            if step.act is DocketAct.FILE and not new.number:
                issued = numbering.issue_number(
                    change, NUMBERS, old.year, title=old.title, subject=record, on=step.on
                )
                new = replace(new, number=issued.text)
            change.put(_with_result(new, step))
            done.append(record)
        if step.act in _FORMAL:
            change.take_up(done)
    return Acted(tuple(done), tuple(refused))


def _own_limit(store: Store, docket: Docket, step: DocketStep) -> DocketStep:
    """An order without a limit of its own takes the docket's: its date, or its days from the order."""
    if step.act is not DocketAct.ASSIGN or step.until is not None:
        return step
    if docket.due is None and docket.days:
        until = workdays(store, step.on).after(step.on, docket.days, docket.day_kind)
        return replace(step, until=until)
    return step


def _with_result(docket: Docket, step: DocketStep) -> Docket:
    if step.act is DocketAct.FEED_BACK:
        return replace(docket, result=step.text)
    return docket


def next_acts(store: Store, record: RecordId) -> tuple[DocketAct, ...]:
    """What may be done to a docket today."""
    return offered(store.get(Docket, record), clock.today())


def step_of(
    act: DocketAct, *, on: date | None = None, by: str = "", text: str = "",
    until: date | None = None, colour: str = "", way: ReminderWay | None = None,
) -> DocketStep:
    """An act as typed; the day is today when not stated."""
    return DocketStep(act, on or clock.today(), by.strip(), text.strip(), until, colour, way)
