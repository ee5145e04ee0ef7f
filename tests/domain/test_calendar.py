"""Laws of dates: every way of writing a day reads back; periods and shares are exact."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import calendar
from mbo_desktop.domain.calendar import Period, PeriodKind
from mbo_desktop.errors import InputError

days = st.dates(date(1955, 1, 1), date(2099, 12, 31))
DIGITS = "〇一二三四五六七八九"


def in_chinese(day: date) -> str:
    def small(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + ("" if ones == 0 else DIGITS[ones])

    year = "".join(DIGITS[int(ch)] for ch in str(day.year))
    return f"{year}年{small(day.month)}月{small(day.day)}日"


@given(days, st.sampled_from(["chinese", "dots", "iso"]))
def test_a_shown_date_reads_back(day: date, style: str) -> None:
    assert calendar.read_date(calendar.show_date(day, style)) == day


@given(days)
def test_every_other_way_of_writing_a_date(day: date) -> None:
    assert calendar.read_date(day.strftime("%Y%m%d")) == day
    assert calendar.read_date(f"{day.year}/{day.month}/{day.day}") == day
    assert calendar.read_date(in_chinese(day)) == day
    assert calendar.read_date(f"{day.month}月{day.day}日", year=day.year) == day
    assert calendar.read_date(f"{day.month}.{day.day}", today=day) == day
    assert calendar.read_deadline(f"{day.month}月{day.day}日前", day.year) == day


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_serials_of_both_systems_read_back(day: date) -> None:
    assert calendar.from_serial((day - date(1899, 12, 30)).days) == day
    if day >= date(1904, 1, 1):
        assert calendar.from_serial((day - date(1904, 1, 1)).days, date_1904=True) == day


def test_the_systems_are_1462_days_apart() -> None:
    assert calendar.from_serial(43957) - calendar.from_serial(43957, date_1904=True) == timedelta(days=-1462)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused_in_words(text: str) -> None:
    for read in (lambda: calendar.read_date(text, year=2020, today=date(2020, 1, 1)), lambda: calendar.read_deadline(text, 2020)):
        try:
            is_told = read().year >= calendar.EARLIEST
        except InputError as error:
            is_told = bool(error.what and error.todo)
        assert is_told


def test_a_day_without_a_year_needs_one() -> None:
    with pytest.raises(InputError, match="没有写年份"):
        calendar.read_date("5.6")
    with pytest.raises(InputError, match="缺少当天日期"):
        calendar.read_date("今天")


@pytest.mark.parametrize(
    ("period", "start", "end", "title", "share"),
    [
        (Period(2020, PeriodKind.MONTH, 2), date(2020, 2, 1), date(2020, 2, 29), "2020年2月", Fraction(1, 6)),
        (Period(2020, PeriodKind.QUARTER, 3), date(2020, 7, 1), date(2020, 9, 30), "2020年第三季度", Fraction(3, 4)),
        (Period(2020, PeriodKind.HALF_YEAR, 1), date(2020, 1, 1), date(2020, 6, 30), "2020年上半年", Fraction(1, 2)),
        (Period(2020, PeriodKind.YEAR), date(2020, 1, 1), date(2020, 12, 31), "2020年度", Fraction(1)),
    ],
)
def test_periods(period: Period, start: date, end: date, title: str, share: Fraction) -> None:
    assert (period.start, period.end, period.title, period.planned_share) == (start, end, title, share)


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(InputError):
        Period(2020, PeriodKind.QUARTER, 5)


@given(days, st.sampled_from(list(PeriodKind)))
def test_a_day_lies_in_its_period(day: date, kind: PeriodKind) -> None:
    period = calendar.period_of(day, kind)
    assert period.start <= day <= period.end
    assert 0 < calendar.elapsed_share(day, period.start, period.end) <= 1


def test_november_is_eleven_twelfths() -> None:
    share = Period(2020, PeriodKind.MONTH, 11).planned_share
    assert share == Fraction(11, 12)
    assert round(float(share) * 100, 1) == 91.7


def test_elapsed_share_is_exact_and_bounded() -> None:
    start, end = date(2021, 1, 1), date(2021, 12, 31)
    assert calendar.elapsed_share(date(2020, 5, 1), start, end) == 0
    assert calendar.elapsed_share(date(2021, 3, 14), start, end) == Fraction(73, 365)
    assert calendar.elapsed_share(date(2022, 5, 1), start, end) == 1
    with pytest.raises(InputError):
        calendar.elapsed_share(start, end, start)


def test_serial_numbers_keep_no_time_of_day() -> None:
    assert calendar.from_serial(Decimal("43957.999")) == date(2020, 5, 6)
    assert calendar.from_serial(43957.5) == date(2020, 5, 6)
