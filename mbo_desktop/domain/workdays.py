"""Counting deadlines in working or calendar days, with the year's holidays and make-up days as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mbo_desktop.domain.dockets import DayKind, WorkCalendar
from mbo_desktop.errors import InputError

_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked: Monday to Friday but holidays, and make-up days at weekends."""

    holidays: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()

    @classmethod
    def of(cls, calendars: Iterable[WorkCalendar]) -> Workdays:
        """From the calendars of the years, missing years being plain weeks."""
        found = list(calendars)
        return cls(
            frozenset(day for one in found for day in one.holidays),
            frozenset(day for one in found for day in one.working_days),
        )

    def is_worked(self, day: date) -> bool:
        """Whether offices are open on this day."""
        if day in self.made_up:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def after(self, start: date, days: int, kind: DayKind) -> date:
        """The last day of a deadline of `days` that begins the day after `start`.

        A deadline in calendar days that ends on a free day runs to the next worked one.
        InputError for fewer than one day.
        """
        if not 1 <= days <= _LONGEST:
            raise InputError(f"时限{days}天不能计算。", "请填1天以上的时限。")
        if kind is DayKind.CALENDAR:
            day = start + timedelta(days=days)
            while not self.is_worked(day):
                day += timedelta(days=1)
            return day
        day = start
        while days:
            day += timedelta(days=1)
            days -= self.is_worked(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Worked days after `start` up to and with `end`; negative when it lies before."""
        if end < start:
            return -self.between(end, start)
        span = (end - start).days
        return sum(self.is_worked(start + timedelta(days=one)) for one in range(1, span + 1))
