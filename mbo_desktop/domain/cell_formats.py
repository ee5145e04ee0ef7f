"""What a spreadsheet's number format does to a number: percent, units in quotes, codes, dates."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from mbo_desktop.domain import calendar, quantity
from mbo_desktop.errors import InputError

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|!(.)|_(?:.)|\*(?:.)')
_BRACKET = re.compile(r"\[[^\]]*\]")


@lru_cache(maxsize=1024)
def is_date_format(number_format: str) -> bool:
    """Whether numbers under this format are shown as dates."""
    bare = _LITERAL.sub("", _BRACKET.sub("", number_format.split(";")[0]))
    if bare.lower() in ("general", "g/通用格式", "@", ""):
        return False
    return bool(re.search(r"[ymdYMD]", bare)) and not re.search(r"[0#?]", bare)


def show_number(number: Decimal, number_format: str = "General", date_1904: bool = False) -> str:
    """The number as the cell shows it but with every digit it has: 0.583 under 0% → 58.3%."""
    if number_format == "General":
        return quantity.canonical(number)
    if is_date_format(number_format):
        try:
            return calendar.show_date(calendar.from_serial(number, date_1904))
        except InputError:
            return quantity.canonical(number)
    section = _section(number, number_format)
    bare = _LITERAL.sub("", _BRACKET.sub("", section)).strip()
    if re.fullmatch(r"0{2,}", bare) and number == int(number) and number >= 0:
        return _before_and_after(section, quantity.canonical(number).zfill(len(bare)))
    return _before_and_after(section, quantity.canonical(number.scaleb(_shift(section, bare))))


def _shift(section: str, bare: str) -> int:
    """By how many places the format moves the point: % by two, a comma at the end by minus three.

    A point painted in (0!.0, shows 12345 as 1.2, that is in 万) moves it by the digits after it.
    """
    shift = 2 if "%" in bare else 0
    thousands = re.search(r"[0#?](,+)(?![0#?,.])", bare)
    if thousands:
        shift -= 3 * len(thousands[1])
    painted = re.search(r'(?:[\\!]\.|"\.")([0#?]+)', section)
    return shift - len(painted[1]) if painted else shift


def _section(number: Decimal, number_format: str) -> str:
    """The part of the format for this sign; without digits in it (a dash for 0) the first one."""
    sections = number_format.split(";")
    index = 0 if number > 0 else 1 if number < 0 else 2
    chosen = sections[index] if index < len(sections) else sections[0]
    return chosen if re.search(r"[0#?]", _LITERAL.sub("", chosen)) else sections[0]


def _before_and_after(section: str, digits: str) -> str:
    """The digits between the words the format puts around them; signs and brackets are the number's own."""
    plain = _BRACKET.sub("", section)
    words = _LITERAL.sub(lambda m: m[1] or m[2] or m[3] or "", plain)
    if re.fullmatch(r"(?i)general|g/通用格式|@|", words.strip()):
        return digits
    match = re.match(r"(?P<before>[^0#?]*)[0#?][0#?,.]*(?:[eE][+-]0+)?(?P<after>.*)", words)
    if match is None:
        return digits
    before = re.sub(r"[\s()\-+*]", "", match["before"])
    after = re.sub(r"[\s()\-+?/#*]", "", match["after"])
    return f"{before}{digits}{after}"
