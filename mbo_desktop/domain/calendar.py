"""Dates and deadlines as offices write them, assessment periods and 序时进度.

A date that can be read in two ways is refused with its remedy; the present day and the
year are arguments, the rules know no clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain import chinese_numerals
from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.quantity import normalise
from mbo_desktop.errors import InputError

EARLIEST, LATEST = 1900, 2199
_SERIALS = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_CHINESE_ROW = re.compile(r"([〇零○一二三四五六七八九]{4})(?=年)")
_CHINESE_SMALL = re.compile(r"([一二两三四五六七八九十]{1,3})(?=[月日号])")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAYS = {"今天": 0, "今日": 0, "明天": 1, "后天": 2, "昨天": -1, "前天": -2}
_FULL = (
    re.compile(r"(\d{4})[.](\d{1,2})[.](\d{1,2})"),
    re.compile(r"(\d{4})[-](\d{1,2})[-](\d{1,2})(?: 00:00(?::00)?)?"),
    re.compile(r"(\d{4})[/](\d{1,2})[/](\d{1,2})(?: 0?0:00(?::00)?)?"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_SHORT = re.compile(r"(\d{1,2})([./-])(\d{1,2})|(\d{1,2})月(\d{1,2})[日号]?")
_TIMES = {"上旬": 10, "中旬": 20}


class PeriodKind(Choice):
    """How long an assessment period is."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年度"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """An assessment period: the number-th month, quarter or half of a year (the year itself: 1)."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 // _MONTHS[self.kind]:
            raise InputError(f"{self.year}年没有第 {self.number} 个{self.kind.label}。", "请改正期次。")

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return month_end(self.year, self.number * _MONTHS[self.kind])

    @property
    def planned_share(self) -> Fraction:
        """序时进度 at its end: months gone by over twelve (domain notes §5.5)."""
        return Fraction(self.end.month, 12)

    @property
    def title(self) -> str:
        """For example 2020年第二季度, 2020年上半年, 2020年6月."""
        if self.kind is PeriodKind.YEAR:
            return f"{self.year}年度"
        if self.kind is PeriodKind.HALF_YEAR:
            return f"{self.year}年{'上下'[self.number - 1]}半年"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year}年第{'一二三四'[self.number - 1]}季度"
        return f"{self.year}年{self.number}月"


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of this kind a day falls into."""
    return Period(day.year, kind, (day.month - 1) // _MONTHS[kind] + 1)


def elapsed_share(day: date, start: date, end: date) -> Fraction:
    """Share of the days from start to end gone by at the close of a day, 0 to 1."""
    if end < start:
        raise InputError("结束日期早于开始日期。", "请改正起止日期。")
    gone = (min(day, end) - start).days + 1
    return Fraction(max(gone, 0), (end - start).days + 1)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def from_serial(serial: Decimal | float | int, date_1904: bool = False) -> date:
    """The day a spreadsheet's serial number means; the time of day is dropped.

    The 1900 system counts a 1900-02-29 that never was: serial 60 is refused, later ones are
    one day on. Raises InputError outside 1900–9999.
    """
    day = int(serial // 1)
    if date_1904:
        origin, lowest = date(1904, 1, 1), 0
    else:
        origin, lowest = (date(1899, 12, 31) if day < 60 else date(1899, 12, 30)), 1
    if day == 60 and not date_1904:
        raise InputError("序列号 60 是表格软件中不存在的 1900年2月29日。", "请改为实际日期。")
    if day < lowest or day > (2957003 if date_1904 else 2958465):
        raise InputError(f"序列号 {day} 不对应任何日期。", "请改为如 2020年5月6日。")
    return origin + timedelta(days=day)


def read_date(
    text: str, year: int | None = None, today: date | None = None, date_1904: bool = False
) -> date:
    """A typed date: 2020.5.6, 20200506, 5月6日, 今天, 二〇二〇年五月六日, a five-digit Excel serial.

    Without a year in the text `year` is used, else the year of `today`. Raises InputError for
    impossible, incomplete and ambiguous dates.
    """
    plain = _in_digits(normalise(text))
    if not plain:
        raise InputError("没有填写日期。", "请填写日期,如 2020年5月6日。")
    if plain in _DAYS:
        if today is None:
            raise InputError(f"“{text.strip()}”缺少当天日期。", "请改为如 2020年5月6日。")
        return today + timedelta(days=_DAYS[plain])
    for pattern in _FULL:
        match = pattern.fullmatch(plain)
        if match:
            return _day(int(match[1]), int(match[2]), int(match[3]), text)
    match = _SHORT.fullmatch(plain)
    if match:
        own_year = year if year is not None else today.year if today else None
        if own_year is None:
            raise InputError(f"“{text.strip()}”没有写年份。", "请写全,如 2020年5月6日。")
        return _day(own_year, int(match[1] or match[4]), int(match[3] or match[5]), text)
    if _SERIALS.fullmatch(plain):
        return from_serial(Decimal(plain), date_1904)
    raise InputError(f"“{_brief(text)}”不是明确的日期。", _date_remedy(plain))


def _date_remedy(plain: str) -> str:
    if re.fullmatch(r"\d{1,2}([./-])\d{1,2}\1\d{1,4}", plain):
        return "年、月、日的先后不明,请改为如 2020年5月6日。"
    if re.fullmatch(r"\d{4}(?:[-./年]\d{1,2}月?|年)?", plain) or re.fullmatch(r"\d{1,2}月(?:份|底|底前|末)?", plain):
        return "请写到日,如 2020年5月6日。"
    return "请改为如 2020年5月6日。"


def _in_digits(plain: str) -> str:
    """Chinese years, months and days in digits: 二〇二〇年五月六日 → 2020年5月6日."""

    def row(match: re.Match[str]) -> str:
        return str(chinese_numerals.read_digits(match[1]))

    def small(match: re.Match[str]) -> str:
        value = chinese_numerals.read_numeral(match[1])
        return match[1] if value is None else str(value)

    return _CHINESE_SMALL.sub(small, _CHINESE_ROW.sub(row, plain))


def _day(year: int, month: int, day: int, text: str) -> date:
    if not EARLIEST <= year <= LATEST:
        raise InputError(f"“{text.strip()}”的年份 {year} 不对。", "请改正年份。")
    if not 1 <= month <= 12:
        raise InputError(f"“{text.strip()}”没有 {month} 月。", "请改正月份。")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InputError(f"{year}年{month}月没有 {day} 日。", f"请改为 1 至 {last} 日。")
    return date(year, month, day)


def read_deadline(text: str, year: int, date_1904: bool = False) -> date:
    """The last day of a deadline: 6月底前, 年底, 上半年, 一季度末, 11月中旬, 2020年, 3—6月, a date.

    `year` is the assessment year for deadlines that name none. Raises InputError for
    deadlines that name no day (春节前, 6月前, 月底, 每月5日前, 长期).
    """
    plain = _in_digits(normalise(text))
    if not plain:
        raise InputError("没有填写完成时限。", "请填写完成时限,如 6月底前。")
    own_year, rest = _take_year(plain, year)
    found = _end_of(rest, own_year, text)
    if found is not None:
        return found
    try:
        return read_date(_without_before(plain), year=year, date_1904=date_1904)
    except InputError as error:
        if _SHORT.fullmatch(_without_before(plain)) or any(p.fullmatch(_without_before(plain)) for p in _FULL):
            raise
        raise InputError(f"“{_brief(text)}”不是明确的时限。", _deadline_remedy(rest)) from error


def _without_before(plain: str) -> str:
    return re.sub(r"(?:之前|以前|前)$", "", plain)


def _deadline_remedy(rest: str) -> str:
    match = re.fullmatch(r"(\d{1,2})月份?(?:之?前|以前)", rest)
    if match and int(match[1]) <= 12:
        return f"不含或含{match[1]}月不明,请改为 {match[1]}月底前 或写到日。"
    return "请改为如 6月底前 或 6月30日。"


def _take_year(plain: str, year: int) -> tuple[int, str]:
    match = re.match(r"((?:19|20|21)\d\d)年度?", plain)
    if match:
        return int(match[1]), plain[match.end() :] or "年底"
    for word, step in (("明年", 1), ("次年", 1), ("下年", 1), ("今年", 0), ("当年", 0), ("本年", 0)):
        if plain.startswith(word):
            rest = plain[2:].removeprefix("度")
            return year + step, rest or "年底"
    return year, plain


_YEAR_END_WORDS = "年底 年底前 底 底前 末 末前 年末 年末前 年内 内 全年 年终 年终前 终 年度内 年底之前 底之前"
_YEAR_ENDS = frozenset(_YEAR_END_WORDS.split())


def _end_of(rest: str, year: int, text: str) -> date | None:
    """The last day of a period in words; None when the words name none."""
    if rest in _YEAR_ENDS:
        return date(year, 12, 31)
    match = re.fullmatch(r"(上|下)半年(?:末|底|底前|末前|内|结束前)?", rest)
    if match:
        return date(year, 6, 30) if match[1] == "上" else date(year, 12, 31)
    match = re.fullmatch(r"(?:第|前)?([一二三四1-4])个?季度(?:末|底|末前|底前|内)?", rest)
    if match:
        return month_end(year, _QUARTERS[match[1]] * 3)
    match = re.fullmatch(r"(?:(?:\d{1,2})月?(?:-|~|至|到|—+))?(\d{1,2})月(份?)(底|末|底前|末前|底之前|份|内|上旬|中旬|下旬|)(?:前)?", rest)
    if match and not (rest.endswith("月前") or rest.endswith("月份前")):
        month = int(match[1])
        if not 1 <= month <= 12:
            raise InputError(f"“{_brief(text)}”没有 {month} 月。", "请改正月份。")
        if match[3] in _TIMES:
            return date(year, month, _TIMES[match[3]])
        return month_end(year, month)
    match = re.fullmatch(r"\d{1,2}月\d{1,2}日?(?:-|~|至|到|—+)(\d{1,2})月(\d{1,2})日(?:之?前)?", rest)
    if match:
        return _day(year, int(match[1]), int(match[2]), text)
    match = re.fullmatch(r"(\d{1,2})月(\d{1,2})[日号]?(?:之前|以前|前|止)?", rest)
    if match:
        return _day(year, int(match[1]), int(match[2]), text)
    return None


def _brief(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 24 else plain[:24] + "…"


_YEAR_WORD = r"(?:(?:(?:19|20)\d\d|[一二][〇零○九]{1}[〇零○一二三四五六七八九]{2})年|今年|明年|当年)"
_MONTH_WORD = r"(?:\d{1,2}|十?[一二三四五六七八九十])月"
_DEADLINE_WORDS = re.compile(
    rf"{_YEAR_WORD}?(?:{_MONTH_WORD}(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号](?:之?前|以前)?|份?(?:底前|底|末前|末|上旬前?|中旬前?|下旬前?))"
    r"|(?:第|前)?[一二三四]季度(?:末前|末|底前|底|内)?(?!前)|[上下]半年(?:底前|末前|内)?(?!前)|年底前|年底|年末前|年末|年内|(?<=年)(?:底前|底))"
)


def find_deadline(text: str) -> tuple[int, int] | None:
    """Where the first deadline stands in a text (start, end); None when none is named."""
    match = _DEADLINE_WORDS.search(text)
    return match.span() if match else None


def show_date(day: date, style: str = "chinese") -> str:
    """The day as 2020年5月6日 (chinese), 2020.5.6 (dots) or 2020-05-06 (iso)."""
    if style == "iso":
        return day.isoformat()
    if style == "dots":
        return f"{day.year}.{day.month}.{day.day}"
    return f"{day.year}年{day.month}月{day.day}日"
