"""The month's board: who handed in, when it was received, who is late, whom to phone (room 进度)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.reports import Filing
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.reporting_rules import deadline, rules_of
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import filings as reads
from mbo_desktop.store.queries.progress_sides import CertifiedIndicator, certified_indicators


class FilingState(Choice):
    """Where a unit's report of a month stands."""

    RECEIVED = "received", "已报"
    LATE = "late", "迟报"
    PARTLY = "partly", "部分填报"
    MISSING = "missing", "未报"


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A unit on the board."""

    unit: RecordId
    label: str
    state: FilingState
    targets: int
    """Targets it carries, N/A ones left out."""
    reported: int
    received_on: date | None
    confirmed: bool
    excused: str
    days_late: int
    """After the deadline, by the day received; 0 when in time or excused."""
    liaison: str
    phone: str
    file_name: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A 来源部门 of the month: what it gives figures for, how many it gave, when they were received."""

    unit: RecordId
    label: str
    indicators: int
    targets: int
    certified: int
    received_on: date | None
    days_late: int
    file_name: str

    @property
    def state(self) -> FilingState:
        """Received late counts as late; without a day what was typed in counts."""
        if self.days_late:
            return FilingState.LATE
        if self.received_on is not None or self.certified >= self.targets:
            return FilingState.RECEIVED
        return FilingState.PARTLY if self.certified else FilingState.MISSING


def sources(store: Store, year: int, month: int) -> tuple[SourceRow, ...]:
    """All units that give figures of others' targets, in official order, with the state of the month."""
    until = deadline(rules_of(store, year), month)
    filed = {one.unit: one for one in store.all(Filing, year=year) if one.month == month}
    listed: dict[RecordId, list[CertifiedIndicator]] = {}
    for one in certified_indicators(store, year, month):
        listed.setdefault(one.unit, []).append(one)
    found = []
    for unit, given in listed.items():
        filing = filed.get(unit)
        on = None if filing is None else filing.source_received_on
        found.append(SourceRow(
            unit, given[0].unit_label, len(given), sum(one.targets for one in given),
            sum(one.certified for one in given), on, 0 if on is None else max((on - until).days, 0),
            "" if filing is None else filing.source_file_name,
        ))
    return tuple(found)


def board(store: Store, year: int, month: int) -> tuple[FilingRow, ...]:
    """All units with targets of the year in official order, with the state of their report."""
    until = deadline(rules_of(store, year), month)
    found = reads.facts(store, year, month)
    filings = store.get_many(Filing, [one.filing for one in found if one.filing is not None])
    return tuple(
        _row(one, filings.get(one.filing) if one.filing else None, until) for one in found
    )


def _row(facts: reads.FilingFacts, filing: Filing | None, until: date) -> FilingRow:
    received = None if filing is None else filing.received_on
    excused = "" if filing is None else filing.excused
    days = max((received - until).days, 0) if received is not None and not excused else 0
    if days:
        state = FilingState.LATE
    elif received is not None or (facts.reported and facts.reported >= facts.targets):
        state = FilingState.RECEIVED
    else:
        state = FilingState.PARTLY if facts.reported else FilingState.MISSING
    return FilingRow(
        facts.unit, facts.label, state, facts.targets, facts.reported, received,
        filing is not None and filing.confirmed, excused, days, facts.liaison, facts.phone,
        "" if filing is None else filing.file_name,
    )


def receive(
    store: Store, year: int, month: int, units: Sequence[RecordId], *, on: date | None = None
) -> None:
    """A clerk confirms the day on which these units' reports were received; one undo step.

    InputError for a day that is still to come.
    """
    day = on or clock.today()
    if day > clock.today():
        raise InputError(f"收到日期{show_date(day)}还没有到。", "请填实际收到的日期。")
    sealing.refuse_sealed(store, year)
    with store.change(f"登记{month}月收报日期") as change:
        for unit in units:
            put_filing(change, year, month, unit, received_on=day, confirmed=True)


def put_filing(change: Change, year: int, month: int, unit: RecordId, **facts: object) -> None:
    """Write what is known of a filing, keeping the rest."""
    record = change.named(Filing, year, month, unit)
    old = change.find(Filing, record) or Filing(id=record, year=year, month=month, unit=unit)
    change.put(replace(old, **facts))  # type: ignore[arg-type]


_OWN = (
    "received_on", "confirmed", "file_name", "file_hash", "template_version", "handed_in_by", "excused", "note",
)
"""Fields of a unit's own report."""


def take_back(store: Store, year: int, month: int, units: Sequence[RecordId]) -> None:
    """The day received was entered by mistake; the figures stay."""
    sealing.refuse_sealed(store, year)
    with store.change(f"撤回{month}月收报登记") as change:
        for unit in units:
            record = change.named(Filing, year, month, unit)
            old = change.find(Filing, record)
            if old is None:
                continue
            if old.source_received_on is None:
                change.delete(record)
            else:
                # What the same unit gave of others' targets was received all the same.
                own = Filing(id=record, year=year, month=month, unit=unit)
                change.put(replace(old, **{name: getattr(own, name) for name in _OWN}))


def excuse(store: Store, year: int, month: int, unit: RecordId, reason: str) -> None:
    """Say why a late report does not count as late; "" takes the excuse back."""
    sealing.refuse_sealed(store, year)
    with store.change("登记迟报原因") as change:
        put_filing(change, year, month, unit, excused=reason.strip())


def missing_text(store: Store, year: int, month: int) -> str:
    """The list of who has not reported, as a text for the phone or a message."""
    rows = board(store, year, month)
    missing = [one for one in rows if one.state is FilingState.MISSING]
    partly = [one for one in rows if one.state is FilingState.PARTLY]
    until = show_date(deadline(rules_of(store, year), month))
    waiting = [one.label for one in sources(store, year, month) if one.state is FilingState.MISSING]
    awaited = f"没有提供数据的来源部门{len(waiting)}个:{'、'.join(waiting)}" if waiting else ""
    if not missing and not partly:
        said = f"{year}年{month}月进度,{len(rows)}个单位已全部报齐。"
        return f"{said}\n{awaited}" if awaited else said
    lines = [f"{year}年{month}月进度(截止{until}):应报{len(rows)}个单位,未报{len(missing)}个。"]
    lines += [_contact(place, one) for place, one in enumerate(missing, 1)]
    if partly:
        lines.append(f"未报齐{len(partly)}个:")
        lines += [
            f"{_contact(place, one)},已报{one.reported}项,缺{one.targets - one.reported}项"
            for place, one in enumerate(partly, 1)
        ]
    return "\n".join([*lines, awaited] if awaited else lines)


def _contact(place: int, row: FilingRow) -> str:
    who = " ".join(one for one in (row.liaison, row.phone) if one)
    return f"{place}.{row.label}{f'({who})' if who else ''}"
