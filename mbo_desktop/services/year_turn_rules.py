"""What a year works by, taken over from last year: schemes, rules, texts, registers, supporting units, follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.domain.assessment import Scheme, SchemeItem
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.domain.joint import Consent, JointDuty
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.services.results import ResultRow
from mbo_desktop.services.year_turn_frame import Frame


def schemes(frame: Frame, targets: Iterable[Target]) -> list[Scheme]:
    """Schemes of groups that have none: the items whose indicator goes on and is carried in the group."""
    reading = frame.reading
    there = {one.peer_group for one in reading.now.schemes}
    carried: dict[str, set[RecordId]] = {}
    for target in (*reading.now.targets.values(), *targets):
        unit = reading.units.get(target.unit)
        if unit is not None and (target.value is None or not target.value.is_not_applicable):
            group = unit.peer_group or UnitKind.of(unit.kind).label
            carried.setdefault(group, set()).add(target.indicator)
    made = []
    for old in reading.then.schemes:
        if old.id in reading.foreign or old.peer_group in there:
            continue
        wanted = carried.get(old.peer_group)
        if not wanted:
            frame.notes.append(f"考核分组“{old.peer_group}”新年度没有承担目标的单位,考核方案没有结转")
            continue
        items = _items(frame, old, wanted)
        left = len(old.items) - len(items)
        if left:
            frame.notes.append(f"考核方案“{old.peer_group}”有{left}项指标新年度没有,已略去,请核对分值合计")
        made.append(replace(
            old, id=frame.numbers.next(), year=reading.year, items=tuple(items), done=(),
            name=old.name.replace(str(reading.last), str(reading.year)),
            # Days, papers, remarks and units left out are last year's own.
            due=(), left_out=(), basis="", note="",
        ))
    return made


def _items(frame: Frame, old: Scheme, wanted: set[RecordId]) -> list[SchemeItem]:
    found, seen = [], set[RecordId]()
    for item in old.items:
        new = frame.follower.get(item.indicator)
        if new is not None and new in wanted and new not in seen:
            seen.add(new)
            # This year's points are the indicator's own.
            found.append(replace(item, indicator=new, points=None))
    return found


def rules(frame: Frame) -> ReportingRules | None:
    """The reporting and light rules, while nobody set the new year's."""
    reading = frame.reading
    old = reading.then.rules
    if old is None or reading.now.rules is not None:
        return None
    late = (frame.follower.get(one) for one in old.year_end_only)
    return replace(
        old, id=frame.numbers.next(), year=reading.year,
        year_end_only=tuple(one for one in late if one is not None),
    )


def templates(frame: Frame) -> list[AgreementTemplate]:
    """Texts of agreements that the new year has none of that name of."""
    reading = frame.reading
    there = {one.name for one in reading.now.templates}
    made = []
    for old in reading.then.templates:
        if old.name in there:
            continue
        made.append(replace(old, id=frame.numbers.next(), year=reading.year))
        texts = (old.title, *(text for clause in old.clauses for text in (clause.heading, *clause.paragraphs)))
        if any(str(reading.last) in text for text in texts):
            frame.notes.append(f"责任书文本“{old.name}”中写有“{reading.last}”,请核对")
        if old.file_hash:
            frame.notes.append(f"责任书文本“{old.name}”沿用Word范本“{old.file_name}”,请核对其中的年份")
    return made


def series(frame: Frame) -> list[NumberSeries]:
    """The registers of numbers with their patterns, beginning with 1."""
    reading = frame.reading
    there = {one.kind for one in reading.now.series}
    return [
        replace(old, id=frame.numbers.next(), year=reading.year, last=0)
        for old in reading.then.series if old.kind not in there
    ]


def duties(frame: Frame, targets: Iterable[Target]) -> list[JointDuty]:
    """Supporting units of targets that go on; each is to agree anew."""
    reading = frame.reading
    held = {(one.indicator, one.unit) for one in (*targets, *reading.now.targets.values())}
    there = {(one.indicator, one.lead, one.unit) for one in reading.now.duties}
    made = []
    for old in reading.then.duties:
        new, lead, unit = frame.follower.get(old.indicator), frame.heir(old.lead), frame.heir(old.unit)
        if new is None or lead is None or unit is None or lead == unit or (new, lead) not in held:
            continue
        if (new, lead, unit) in there:
            continue
        there.add((new, lead, unit))
        made.append(replace(
            old, id=frame.numbers.next(), indicator=new, lead=lead, unit=unit, consent=Consent.OPEN,
            consent_on=None, consent_reason="",
        ))
    return made


def dockets(frame: Frame, target_of: Mapping[RecordId, RecordId]) -> list[Docket]:
    """A draft docket in the new year for every target that was not met, made once."""
    reading = frame.reading
    made = []
    for row in reading.unmet:
        target = reading.then.targets.get((row.indicator, row.unit))
        if target is None or target.id in reading.tracked or target.id in reading.dropped.origins:
            continue
        lead = frame.heir(row.unit)
        made.append(Docket(
            id=frame.numbers.next(), year=reading.year,
            title=f"{reading.last}年未完成目标:{row.unit_name} {row.indicator_name}",
            source=MatterSource.PROGRESS, source_text=f"{reading.last}年度目标完成情况", origin=target.id,
            subject=target_of.get(target.id, target.id), task=_task(row, reading.last), lead=lead,
            cause=row.reason,
            note="" if lead is not None else f"原责任单位{row.unit_name}已撤并,请另定主办单位",
        ))
    return made


def _task(row: ResultRow, last: int) -> str:
    said = [f"目标{row.target or '未写明'}", f"实绩{row.actual or '未报'}"]
    measure = f"({row.unit_of_measure})" if row.unit_of_measure else ""
    return f"{last}年{'、'.join(said)}{measure},未完成。查明原因,提出补救措施,继续跟踪到完成。"
