"""Holidays and make-up days of the years, from which deadlines in working days are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from mbo_desktop.domain.calendar import read_date
from mbo_desktop.domain.dockets import WorkCalendar
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.workdays import Workdays
from mbo_desktop.errors import InputError
from mbo_desktop.services.own_figures import own_first
from mbo_desktop.store.database import Store

_UNSAVED = RecordId(0)


def _days(*spans: tuple[str, int]) -> tuple[date, ...]:
    """Days from a first one on, free weekends among them left in."""
    found = []
    for first, many in spans:
        start = date.fromisoformat(first)
        found += [start + timedelta(days=one) for one in range(many)]
    return tuple(found)


KNOWN = {
    2025: (
        _days(("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5),
              ("2025-05-31", 3), ("2025-10-01", 8)),
        _days(("2025-01-26", 1), ("2025-02-08", 1), ("2025-04-27", 1), ("2025-09-28", 1),
              ("2025-10-11", 1)),
    ),
    2026: (
        _days(("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5),
              ("2026-06-19", 3), ("2026-09-25", 3), ("2026-10-01", 7)),
        _days(("2026-01-04", 1), ("2026-02-14", 1), ("2026-02-28", 1), ("2026-05-09", 1),
              ("2026-09-20", 1), ("2026-10-10", 1)),
    ),
}
"""Free days and make-up days that the State Council announced; a start, to be checked by the office."""


def calendar_of(store: Store, year: int) -> WorkCalendar:
    """The year's calendar as entered here, else as the superior's says; else what is known of the year, else plain weeks."""
    found = own_first(store, store.all(WorkCalendar, year=year))
    if found:
        return found[0]
    if year in KNOWN:
        free, made_up = KNOWN[year]
        return WorkCalendar(
            id=_UNSAVED, year=year, holidays=free, working_days=made_up, basis="国务院办公厅放假通知",
        )
    return WorkCalendar(id=_UNSAVED, year=year, basis="未录入,只按周末计算")


def workdays(store: Store, around: date) -> Workdays:
    """The worked days of a day's year, the one before and the one after."""
    return Workdays.of(calendar_of(store, around.year + step) for step in (-1, 0, 1))


def set_calendar(
    store: Store, year: int, holidays: Sequence[date], working_days: Sequence[date], basis: str = ""
) -> None:
    """Enter a year's days; InputError for days of other years or days that are both."""
    strange = [day for day in (*holidays, *working_days) if day.year != year]
    if strange:
        raise InputError(f"{strange[0].isoformat()}不在{year}年。", "请改正日期。")
    both = set(holidays) & set(working_days)
    if both:
        raise InputError(f"{min(both).isoformat()}既是假日又是上班日。", "请只保留一处。")
    with store.change(f"设置{year}年工作日历") as change:
        change.put(WorkCalendar(
            id=change.named(WorkCalendar, year), year=year, holidays=tuple(sorted(set(holidays))),
            working_days=tuple(sorted(set(working_days))), basis=basis.strip(),
        ))


def read_days(text: str, year: int) -> tuple[date, ...]:
    """「1.1、2.15-2.23」 → the days; InputError for what is no day."""
    found: list[date] = []
    for piece in re.split(r"[、,,;;\s]+", text.strip()):
        if not piece:
            continue
        ends = re.split(r"[-—~至到]", piece)
        if len(ends) == 2 and all(ends):
            first, last = read_date(ends[0], year), read_date(ends[1], year)
            if last < first or (last - first).days > 60:
                raise InputError(f"“{piece}”不是一段日期。", "请写成 2.15-2.23。")
            found += [first + timedelta(days=one) for one in range((last - first).days + 1)]
        else:
            found.append(read_date(piece, year))
    return tuple(found)
