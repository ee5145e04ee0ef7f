"""Numbers as people type them and ledgers hold them: exact decimals, never guessed.

A number that can be read in two ways is refused with the reason and the remedy.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from mbo_desktop.domain import chinese_numerals, units
from mbo_desktop.errors import InputError

LONGEST = 60
"""Characters a number with its unit may have; longer text is prose."""

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME = str.maketrans(
    {
        "−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-", "﹪": "%", "￥": "¥", "〜": "~", "∼": "~",
        "﹤": "<", "﹥": ">", "≦": "≤", "≧": "≥", "⩽": "≤", "⩾": "≥",
        "‒": "-", "³": "³", "㎞": "km", "㎏": "kg", "㎡": "㎡", "＋": "+",
    }
)  # fmt: skip
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"[\s\u3000\xa0]+")
_LOOSE_SPACE = re.compile(r"(?<![0-9A-Za-z.,]) | (?![0-9A-Za-z.,])|(?<=[0-9]) (?=[A-Za-z])")
# No leading zeros: 0012 is a code, and a code must not turn into a number.
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"([0-9](?:\.[0-9]+)?)[Ee]([+-][0-9]{1,2})|([0-9]\.[0-9]+)[Ee]([0-9]{1,2})")
_HEAD = re.compile(rf"(¥?)([+-]?)([0-9][0-9,.]*(?:[Ee][+-]?[0-9]+)?|\.[0-9]+|[{chinese_numerals.CHARACTERS}]+)(.*)")
_PARTS_OF = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
_DATE = re.compile(
    r"(?:19|20)\d\d([./-])\d{1,2}\1\d{1,2}|(?:19|20)\d\d[./年-]\d{1,2}月.*|\d{1,2}月(?:份|底|\d{1,2}日?)?.*|(?:19|20)\d\d年.*"
    r"|[一二][〇零○九][〇零○一二三四五六七八九]{2}年.*|十?[一二三四五六七八九十]月[^\d]*"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit as written: 2.3 亿元, 58.3 %, 7 ‰; "" when none was written."""

    value: Decimal
    unit: str = ""


def normalise(text: str) -> str:
    """The text in half-width signs, minus and tilde unified, invisible signs and loose spaces gone.

    A space between two digits stays: 1 234 must not become 1234.
    """
    plain = _INVISIBLE.sub("", text).translate(_FULL_WIDTH).translate(_SAME)
    return _LOOSE_SPACE.sub("", _SPACE.sub(" ", plain).strip())


def read_number(text: str) -> Decimal:
    """A bare number; scaling words count (1.2万 → 12000), units of measure are refused.

    Raises InputError naming what is wrong and what to write instead.
    """
    quantity = read_quantity(text)
    if quantity.unit:
        shown = canonical(quantity.value)
        raise InputError(f"“{_short(text)}”带有单位“{quantity.unit}”,此处只填数字。", f"请改为 {shown}。")
    return quantity.value


def read_quantity(text: str) -> Quantity:
    """A number with its unit as written: 1.2万 → 12000, 2.3亿元 → 2.3 亿元, 58.3% → 58.3 %.

    Raises InputError naming what is wrong and what to write instead.
    """
    plain = normalise(text)
    if not plain:
        raise InputError("没有填写数字。", "请填写数字。")
    if len(plain) > LONGEST:
        raise InputError(f"“{_short(text)}”不是数字。", "请只填写一个数字。")
    if _DATE.fullmatch(plain):
        raise InputError(f"“{_short(text)}”像日期,不是数字。", "请改为数字,日期请填入完成时限。")
    for words, unit in _PARTS_OF.items():
        if plain.startswith(words):
            inner = _read_plain(plain.removeprefix(words), text)
            if inner.unit:
                raise _refusal(text, plain)
            return Quantity(inner.value, unit)
    return _read_plain(plain, text)


def _read_plain(plain: str, text: str) -> Quantity:
    match = _HEAD.fullmatch(plain)
    if match is None:
        raise _refusal(text, plain)
    currency, sign, digits, tail = match.groups()
    if digits[0] in chinese_numerals.CHARACTERS:
        value, tail = _read_chinese(digits, tail, text, plain)
    else:
        value = _read_digits(digits, text, plain)
    if sign == "-":
        value = -value if value else value
    if currency:
        tail = _with_currency(tail, text, plain)
    if not tail or units.is_unit(tail):
        return Quantity(value, tail)
    if tail in units.SCALES:
        return Quantity(Decimal(canonical(_EXACT.multiply(value, Decimal(units.SCALES[tail])))))
    raise _refusal(text, plain)


def _with_currency(tail: str, text: str, plain: str) -> str:
    if tail in units.SCALES or not tail:
        return f"{tail}元"
    if tail.endswith("元") and units.is_unit(tail):
        return tail
    raise _refusal(text, plain)


def _read_digits(digits: str, text: str, plain: str) -> Decimal:
    scientific = _SCIENTIFIC.fullmatch(digits)
    if scientific:
        mantissa = scientific[1] or scientific[3]
        exponent = int(scientific[2] or scientific[4])
        if abs(exponent) > 30:
            raise _refusal(text, plain)
        return _tidy(Decimal(f"{mantissa}E{exponent}"))
    if _PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits):
        return _tidy(Decimal(digits.replace(",", "")))
    raise _refusal(text, plain)


def _read_chinese(digits: str, tail: str, text: str, plain: str) -> tuple[Decimal, str]:
    """The numeral and its unit: 一百二十万元 is 120 万元, 一亿二千万元 is 120000000 元."""
    if tail and digits[-1] in "万亿萬億" and not any(ch in "万亿萬億" for ch in digits[:-1]):
        head, scale = digits[:-1], digits[-1].translate(chinese_numerals.FORMAL)
        if head and units.is_unit(scale + tail):
            digits, tail = head, scale + tail
    value = chinese_numerals.read_numeral(digits)
    if value is None:
        raise _refusal(text, plain)
    return value, tail


def _short(text: str) -> str:
    shown = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    return shown if len(shown) <= 24 else shown[:24] + "…"


def _refusal(text: str, plain: str) -> InputError:
    """The error for text that is no number, with the remedy that fits what was probably meant."""
    return InputError(f"“{_short(text)}”不是数字。", _remedy(plain))


def _remedy(plain: str) -> str:
    simple: tuple[tuple[str, str], ...] = (
        (r"[约近]?(\d)成左?右?", "请改为 {0}0 或 {0}0%。"),
        (r"[(](.+)[)]", "负数请改为 -{0},否则请改为 {0}。"),
        (r"[约近](\d[\d,.]*)(.*)", "约数不能当作数字,请改为 {0}{1}。"),
        (r"(\d[\d,.]*)(.*?)(?:左右|上下)", "约数不能当作数字,请改为 {0}{1}。"),
        (r"(?:[≥≤<>]=?|不低于|不高于|不超过|低于|高于|超过|大于|小于)(\d[\d,.]*)(.*)", "此处只填数字,请改为 {0}{1}。"),
        (r"(\d[\d,.]*)(.*?)(?:以上|以下|以内)", "此处只填数字,请改为 {0}{1}。"),
        (r"(\d[\d.]*)(?:[-~]|至|到|—+)(\d.*)", "此处只填一个数字,请改为 {0} 或 {1}。"),
        (r"(\d[\d.]*)个([万亿].*)", "请改为 {0}{1}。"),
        (r"—+(\d.*)", "负数请改为 -{0}。"),
        (r"(\d+)。(\d+)", "小数点请改为 {0}.{1}。"),
        (r"\d+亿\d+万.*", "请合为一个单位,如 1.2亿元。"),
    )
    for pattern, advice in simple:
        match = re.fullmatch(pattern, plain)
        if match:
            return advice.format(*match.groups())
    if re.search(r"\d", plain) and re.search(r"[OoIl]", plain):
        return "字母 O、l 请改为数字 0、1。"
    if re.match(r"[+-]?0\d", plain):
        return "开头的 0 请去掉;编号请填入编号栏。"
    if plain.count(".") > 1:
        return "小数点只能有一个,请改为如 3.52。"
    if "," in plain:
        return "千分位逗号应每三位一个,请改为如 1,234 或 1234。"
    if re.search(r"\d \d", plain):
        return "数字中间不能有空格,请去掉空格。"
    return "请改为数字,如 30 或 30%。"


def _tidy(value: Decimal) -> Decimal:
    """The same number without exponent; trailing zeros after the point stay as typed."""
    if value == 0:
        return Decimal(0)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return value.quantize(Decimal(1), context=_EXACT)
    return value


def from_float(x: float) -> Decimal:
    """The decimal a spreadsheet shows for a binary float: 15 significant digits.

    Raises InputError for infinities and not-a-number.
    """
    if not math.isfinite(x):
        raise InputError("单元格中的结果不是数字。", "请检查公式后重新填写。")
    return Decimal(canonical(Decimal(format(x, ".15g"))))


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """The value at `digits` places after the point, 5 away from zero: 2.345 → 2.35, -2.5 → -3."""
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)
    return rounded if rounded else abs(rounded)


def canonical(value: Decimal) -> str:
    """The one way a number is stored: no exponent, no trailing zeros, no -0."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def show(value: Decimal, decimals: int | None = None, grouping: bool = True) -> str:
    """The number for a table: 1,234.50; decimals None shows the digits it has."""
    text = canonical(value) if decimals is None else format(round_half_up(value, decimals), "f")
    if not grouping:
        return text
    sign = "-" if text.startswith("-") else ""
    whole, point, fraction = text.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def convert(quantity: Quantity, unit: str) -> Decimal:
    """The value in another unit of the same dimension, exactly (75000万元 in 亿元 → 7.5).

    Raises InputError when the dimensions differ or the result does not end.
    """
    if quantity.unit == unit:
        return quantity.value
    shown = f"{canonical(quantity.value)}{quantity.unit}"
    factor = units.conversion(quantity.unit, unit)
    if factor is None:
        or_growth = f",或写明 增长{shown}" if quantity.unit == "%" else ""
        raise InputError(f"“{shown}”的单位与计量单位“{unit}”不同类。", f"请改为以{unit}计的数字{or_growth}。")
    result = units.exact_decimal(Fraction(quantity.value) * factor)
    if result is None:
        raise InputError(f"“{shown}”换算成{unit}除不尽。", f"请改为以{unit}计的数字。")
    return Decimal(canonical(result))


def read_in_unit(text: str, unit: str) -> Quantity:
    """A typed number in an indicator's unit: bare numbers are in it, others converted exactly.

    A scaling word without unit counts the unit's base: 2.3亿 in 万元 is 23000 万元, because
    nobody who writes 2.3亿 for 亿元 means 2.3 亿亿元. Raises InputError when it does not fit.
    """
    found = read_quantity(text)
    if not unit:
        return found
    if found.unit:
        return Quantity(convert(found, unit), unit)
    known = units.parse_unit(unit)
    if known is None or "/" in unit or not ends_in_scale(text):
        return Quantity(found.value, unit)
    if units.is_ratio(unit):
        raise InputError(f"“{_short(text)}”不能以{unit}计。", f"请改为以{unit}计的数字。")
    return Quantity(convert(Quantity(found.value, known.base), unit), unit)


def ends_in_scale(text: str) -> bool:
    """Whether digits are followed by a bare scaling word: 2.3亿, 3千."""
    return normalise(text).lstrip("+-¥0123456789.,") in units.SCALES


_BRACKETED = re.compile(r"(.*?)\s*[(\[【〔（［](?:计量)?(?:单位[:：])?\s*([^()\[\]【】〔〕（）［］]+?)\s*[)\]】〕）］]\s*")


def split_unit(name: str) -> tuple[str, str]:
    """A ledger's heading as (name, unit): 工业投资(亿元) → 工业投资, 亿元.

    Brackets that hold no unit stay in the name: 固定资产投资(县属), 编制率(98%).
    """
    match = _BRACKETED.fullmatch(name.strip())
    if match is None or not match[1]:
        return name.strip(), ""
    unit = normalise(match[2])
    return (match[1].strip(), unit) if units.is_unit(unit) else (name.strip(), "")
