"""Laws of numbers: what is shown reads back exactly, rounding is half-up, floats keep 15 digits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import chinese_numerals, quantity, units
from mbo_desktop.errors import InputError

decimals = st.decimals(min_value=-(10**15), max_value=10**15, places=6, allow_nan=False, allow_infinity=False)
KNOWN_UNITS = ("", "元", "万元", "亿元", "%", "‰", "户", "万人", "公顷", "亩", "吨", "个百分点", "吨标准煤/万元")


@given(decimals, st.sampled_from(KNOWN_UNITS), st.booleans())
def test_a_shown_quantity_reads_back(value: Decimal, unit: str, grouping: bool) -> None:
    text = quantity.show(value, grouping=grouping) + unit
    assert quantity.read_quantity(text) == quantity.Quantity(value, unit)


@given(decimals)
def test_canonical_text_is_one_for_one(value: Decimal) -> None:
    text = quantity.canonical(value)
    assert Decimal(text) == value
    assert quantity.canonical(Decimal(text)) == text
    assert quantity.canonical(value.normalize()) == text
    assert "E" not in text
    assert text != "-0"


@given(decimals)
def test_full_width_reads_the_same(value: Decimal) -> None:
    text = quantity.show(value)
    wide = "".join(chr(ord(ch) + 0xFEE0) for ch in text)
    assert quantity.read_number(wide) == value


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_read_back(number: int) -> None:
    assert chinese_numerals.read_numeral(in_chinese(number)) == number


def in_chinese(number: int) -> str:
    """The formal way of writing a number, every 零 in its place."""
    if number == 0:
        return "零"
    text = ""
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section, number = divmod(number, scale)
        if section == 0:
            continue
        if (text and section < 1000) or (text and not text.endswith(("亿", "万"))) or (text.endswith("亿") and scale == 1):
            text += "零"
        text += below_ten_thousand(section) + word
    return text


def below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + word
            gap = False
        else:
            gap = True
    return text


@given(decimals, st.integers(0, 4))
def test_rounding_is_half_up_away_from_zero(value: Decimal, digits: int) -> None:
    rounded = quantity.round_half_up(value, digits)
    step = Fraction(1, 10**digits)
    exact = abs(Fraction(value)) / step
    expected = (exact + Fraction(1, 2)).__floor__() * step
    assert abs(Fraction(rounded)) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [("2.345", 2, "2.35"), ("2.344999", 2, "2.34"), ("-2.5", 0, "-3"), ("0.5", 0, "1"), ("1.005", 2, "1.01"), ("-0.004", 2, "0.00"), ("12.5", 0, "13"), ("1250", -2, "1.3E+3")],
)
def test_rounding_examples(value: str, digits: int, expected: str) -> None:
    assert str(quantity.round_half_up(Decimal(value), digits)) == expected


def test_floats_are_taken_at_fifteen_digits() -> None:
    assert quantity.from_float(0.1 + 0.2) == Decimal("0.3")
    assert quantity.from_float(1.1 * 3) == Decimal("3.3")
    assert quantity.from_float(4.35 * 100) == Decimal("435")
    assert quantity.from_float(1e-7) == Decimal("0.0000001")
    assert quantity.from_float(-0.0).is_signed() is False
    # Two steps of ten per cent, not one: the trap of binary floats.
    assert (Decimal(12) / Decimal(10) - 1) * 10 == 2


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_keeps_what_a_spreadsheet_shows(x: float) -> None:
    assert quantity.from_float(x) == Decimal(f"{x:.15g}")


@pytest.mark.parametrize("x", [float("nan"), float("inf"), float("-inf")])
def test_no_number_from_a_failed_formula(x: float) -> None:
    with pytest.raises(InputError):
        quantity.from_float(x)


@pytest.mark.parametrize(
    ("value", "decimals_shown", "expected"),
    [("1234.5", 2, "1,234.50"), ("1234567", None, "1,234,567"), ("-1234.565", 2, "-1,234.57"), ("0", None, "0"), ("0.10", None, "0.1"), ("-0.001", 2, "0.00"), ("999.995", 2, "1,000.00")],
)
def test_numbers_in_tables(value: str, decimals_shown: int | None, expected: str) -> None:
    assert quantity.show(Decimal(value), decimals_shown) == expected


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from([("万元", "亿元"), ("人", "万人"), ("亩", "万亩"), ("吨", "万吨"), ("%", "‰"), ("平方公里", "公顷")]))
def test_conversion_there_and_back_is_exact(value: Decimal, pair: tuple[str, str]) -> None:
    there = quantity.convert(quantity.Quantity(value, pair[0]), pair[1])
    assert quantity.convert(quantity.Quantity(there, pair[1]), pair[0]) == value


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = quantity.read_quantity(text)
    except InputError as error:
        says = bool(error.what and error.todo)
    else:
        says = True
        assert found.value.is_finite()
        assert found.unit == "" or units.is_unit(found.unit)
    assert says


def test_a_very_long_cell_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="不是数字"):
        quantity.read_number("9" * 1_000_000)
