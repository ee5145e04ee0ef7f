"""How Excel shows a number: the format code decides, because that is what the office printed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import NamedTuple

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0",
    43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "0.0E+0",
    49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Format codes by number as a Chinese Excel or WPS shows them; 27–36 and 50–58 are never written out."""

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]'
    r"|(?P<general>General)|(?P<digits>[0#?][0#?,.]*|\.[0#?]+)|(?P<percent>%)|(?P<permille>‰)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_DATE_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[[hms]+\]|\[[^\]]*\]'
    r"|(?P<token>y+|m+|d+|a{3,4}|h+|s+(?:\.0+)?|AM/PM|上午/下午)|(?P<other>.)",
    re.IGNORECASE,
)
_POINT_BETWEEN = re.compile(r'0(?:[!\\]\.|"\.")(0+)')
"""The office trick 0!.0,"万": a point written between digits, which shows 12345 as 1.2万."""
_BARE = re.compile(r'"[^"]*"|[\\!].|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)


class Shown(NamedTuple):
    """A number as it is displayed; is_rounded when the file holds more digits than that."""

    value: Decimal | date | str
    text: str
    is_rounded: bool = False


class NumberFormat:
    """One format code, taken apart once and applied to many cells."""

    def __init__(self, code: str) -> None:
        self.code = code
        sections = _split_sections(code)
        bare = _BARE.sub("", sections[0])
        self.is_date = bool(re.search(r"[ymdhsYMDHS]", bare)) and not re.search(r"[0#?]", bare[:1])
        if "General" in bare or "E+" in bare or "E-" in bare or bare.strip() == "@":
            self.is_date = False
        self._sections = [] if self.is_date else [_Section(part) for part in sections[:2]]
        self.is_plain = not self.is_date and self._sections[0].is_general
        self.is_code = code.isdigit() and len(code) > 1 and set(code) == {"0"}

    def show(self, raw: str, *, date_1904: bool = False) -> Shown:
        """What stands in the cell for the number `raw` of the file."""
        value = exact(raw)
        if value is None:
            return Shown(raw, raw)
        if self.is_date:
            return _show_date(self.code, value, date_1904)
        if self.is_code and value >= 0 and value == value.to_integral_value():
            text = f"{value:f}".zfill(len(self.code))
            return Shown(text, text)
        return self._section(value).show(value)

    def _section(self, value: Decimal) -> _Section:
        sections = self._sections
        if value < 0 and len(sections) > 1:
            return sections[1]
        # The section for zero is left alone: its usual "-" would turn 0 into 不适用.
        return sections[0]


class _Section:
    """The part of a format code for one sign."""

    def __init__(self, code: str) -> None:
        self.prefix = self.suffix = ""
        self.decimals = self.percent = self.thousands = 0
        self.grouping = self.has_digits = False
        self.is_general = False
        self.moved = 0
        if between := _POINT_BETWEEN.search(code):
            self.moved = len(between[1])
            code = _POINT_BETWEEN.sub(r"0.\1", code)
        for match in _PIECE.finditer(code):
            self._take(match)
        if not self.has_digits or "/" in self.suffix or "E+" in code or "E-" in code:
            self.is_general, self.prefix, self.suffix = True, "", ""
        self.signs = "-" in self.prefix or "(" in self.prefix

    def _take(self, match: re.Match[str]) -> None:
        literal = match["quoted"] or match["escaped"] or match["currency"] or match["other"] or ""
        if match["general"]:
            self.has_digits = self.is_general = True
        elif digits := match["digits"]:
            self._take_digits(digits)
        elif match["percent"]:
            self.percent += 1
            literal = "%"
        elif match["permille"]:
            literal = "‰"
        if literal == "@":
            self.is_general = True
        elif self.has_digits:
            self.suffix += literal
        else:
            self.prefix += literal

    def _take_digits(self, digits: str) -> None:
        self.has_digits = True
        whole, _, fraction = digits.partition(".")
        stripped = digits.rstrip(",")
        self.thousands += len(digits) - len(stripped)
        self.grouping = self.grouping or "," in whole.rstrip(",")
        self.decimals += len(fraction.rstrip(",")) if fraction else 0

    def show(self, value: Decimal) -> Shown:
        if self.is_general:
            text = plain(value)
            if self.has_digits and (self.prefix.strip() or self.suffix.strip()):
                text = f"{self.prefix.strip()}{text}{self.suffix.strip()}"
                return Shown(text, text)
            return Shown(value, text)
        scaled = value.scaleb(2 * self.percent - 3 * self.thousands - self.moved)
        rounded = scaled.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        body = f"{abs(rounded):,f}" if self.grouping else f"{abs(rounded):f}"
        sign = "-" if rounded < 0 and not self.signs else ""
        prefix, suffix = self.prefix.strip(), self.suffix.strip()
        text = f"{sign}{prefix}{body}{suffix}"
        if self.signs and rounded < 0 and "(" in prefix:
            text = f"-{prefix.replace('(', '')}{body}{suffix.replace(')', '')}"
        kept: Decimal | str = rounded
        if suffix.strip(") ") not in ("", "%", "‰") or prefix.strip("-( +¥$￥"):
            kept = text
        return Shown(kept, text, rounded != scaled)


def exact(raw: str) -> Decimal | None:
    """The number as Excel means it: 15 significant digits, so 0.30000000000000004 is 0.3."""
    try:
        value = Decimal(raw if len(raw) <= 15 else f"{float(raw):.15g}")
    except (InvalidOperation, ValueError):
        return None
    if not value.is_finite():
        return None
    if abs(value.adjusted()) > 300:
        return None
    return value


def plain(value: Decimal) -> str:
    """Digits without exponent and without idle zeros."""
    if value == 0:
        return "0"
    with localcontext() as context:
        context.prec = 400
        text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _split_sections(code: str) -> list[str]:
    """Cut at the semicolons outside quotes and brackets."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code) if ";" in code else [code]


def _show_date(code: str, serial: Decimal, date_1904: bool) -> Shown:
    """A serial number as the date or time it stands for; out of range it stays a number."""
    moment = moment_of(serial, date_1904=date_1904)
    if moment is None:
        return Shown(serial, plain(serial))
    text = _date_text(_split_sections(code)[0], moment)
    bare = _BARE.sub("", code).lower()
    if "d" in bare or "y" in bare:
        return Shown(moment.date(), text)
    return Shown(text, text)


def moment_of(serial: Decimal, *, date_1904: bool = False) -> datetime | None:
    """The moment of an Excel serial number; None outside 1900–9999."""
    if not 0 <= serial < 2_958_466:
        return None
    days = int(serial)
    seconds = int(((serial - days) * 86400).to_integral_value(ROUND_HALF_UP))
    # Lotus counted a 29 February 1900 that never was.
    first = date(1904, 1, 1) if date_1904 else date(1899, 12, 31 if days < 60 else 30)
    start = datetime.combine(first, datetime.min.time())
    try:
        return start + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None


def _date_text(code: str, moment: datetime) -> str:
    pieces: list[str] = []
    after_hour = False
    half_day = bool(re.search("AM/PM|上午/下午", code, re.IGNORECASE))
    for match in _DATE_TOKEN.finditer(code):
        token = (match["token"] or "").lower()
        if not token:
            pieces.append(match["quoted"] or match["escaped"] or match["other"] or "")
            continue
        pieces.append(_date_piece(token, moment, after_hour, half_day))
        after_hour = token[0] == "h" or (after_hour and token[0] != "d")
    return "".join(pieces).strip().removesuffix(";@")


def _date_piece(token: str, moment: datetime, after_hour: bool, half_day: bool) -> str:
    letter, size = token[0], len(token)
    if token in ("am/pm", "上午/下午"):
        return "上午" if moment.hour < 12 else "下午"
    if letter == "y":
        return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"
    if letter == "a" or (letter == "d" and size > 2):
        return "星期" + "一二三四五六日"[moment.weekday()]
    if letter == "h":
        number = (moment.hour + 11) % 12 + 1 if half_day else moment.hour
    elif letter == "m":
        number = moment.minute if after_hour else moment.month
    else:
        number = moment.day if letter == "d" else moment.second
    return f"{number:02d}" if size == 2 else str(number)
