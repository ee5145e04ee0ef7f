"""A span of days as people type it: 5月, 5.6-5.20, 今天, 本周, 2026年."""

from __future__ import annotations

import calendar as days_of
import re
from datetime import date, timedelta

from mbo_desktop.domain.calendar import read_date
from mbo_desktop.errors import InputError

_MONTH = re.compile(r"(?:(?:(\d{4})年?[-./]?)?(\d{1,2})月份?|(\d{4})[-./](\d{1,2}))")
_YEAR = re.compile(r"(\d{4})年?")
_BETWEEN = re.compile(r"\s*(?:至|到|—+|–|~|~)\s*")
_FULL_WIDTH = str.maketrans("0123456789.-/", "0123456789.-/")


def read_period(text: str, *, today: date) -> tuple[date | None, date | None]:
    """First and last day of a typed span, None where it is open; a month or day without a year lies not ahead.

    Raises InputError for what is no span.
    """
    plain = "".join(text.translate(_FULL_WIDTH).split())
    if not plain:
        return None, None
    parts = _BETWEEN.split(plain)
    if len(parts) == 1 and plain.count("-") == 1 and not _MONTH.fullmatch(plain):
        parts = plain.split("-")
    if len(parts) > 2:
        raise InputError(f"“{text.strip()}”不是时间段。", "请写如 5月、5.6-5.20、今天。")
    first, last = _span(parts[0], today), _span(parts[-1], today)
    since, until = (first or (None, None))[0], (last or (None, None))[1]
    if since and until and since > until:
        raise InputError(f"“{text.strip()}”的起点在终点之后。", "请把较早的日期写在前面。")
    return since, until


def _span(text: str, today: date) -> tuple[date, date] | None:
    """The days of one side; None for an open one."""
    if not text:
        return None
    known = _named(text, today)
    if known is not None:
        return known
    match = _MONTH.fullmatch(text)
    if match:
        year, month = int(match[1] or match[3] or 0), int(match[2] or match[4])
        if not 1 <= month <= 12:
            raise InputError(f"没有{month}月。", "请写 1 至 12 月。")
        return _month(year or today.year - (month > today.month), month)
    match = _YEAR.fullmatch(text)
    if match:
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    day = read_date(text, today=today)
    if day > today and str(day.year) not in text:
        day = read_date(text, year=today.year - 1, today=today)
    return day, day


def _named(text: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    before = today.replace(day=1) - timedelta(days=1)
    return {
        "今天": (today, today), "昨天": (today - timedelta(days=1),) * 2,
        "本周": (monday, today), "上周": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "本月": (today.replace(day=1), today), "上月": (before.replace(day=1), before),
        "今年": (date(today.year, 1, 1), today), "本年": (date(today.year, 1, 1), today),
        "去年": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }.get(text)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, days_of.monthrange(year, month)[1])
