"""Numbers written in Chinese characters (一百二十, 三点五, 壹万贰仟, 一〇五).

Only forms with one meaning are read: 一百二 (120 or 102) and 三五 (35, or three to five)
are left to the caller as unreadable.
"""

from __future__ import annotations

from decimal import Decimal

DIGITS = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億", "一二三四五六七八九十百千二三六万亿")
TENS = {"十": 10, "百": 100, "千": 1000}
SECTIONS = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join(DIGITS) + "十百千万亿点" + "壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億"
_ZEROS = frozenset("〇零○")


def read_digits(text: str) -> int | None:
    """A row of digits read one by one, as years are written (二〇二〇 → 2020); None when it is no such row."""
    if not text or any(ch not in DIGITS or ch == "两" for ch in text):
        return None
    return int("".join(str(DIGITS[ch]) for ch in text))


def show_numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 101 → 一百零一; numbers outside 1 … 999 stay in digits."""
    if not 0 < number < 1000:
        return str(number)
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def read_numeral(text: str) -> Decimal | None:
    """The value of a number in Chinese characters; None when it is none or has two meanings."""
    whole, point, fraction = text.translate(FORMAL).partition("点")
    number = _read_whole(whole)
    if number is None or not point:
        return None if number is None else Decimal(number)
    if not fraction or any(ch not in DIGITS or ch == "两" for ch in fraction):
        return None
    return Decimal(f"{number}." + "".join(str(DIGITS[ch]) for ch in fraction))


def _read_whole(text: str) -> int | None:
    if not text:
        return None
    if all(ch in DIGITS for ch in text):
        return _read_row(text)
    # 十亿 with a section word inside (一亿二千万): the largest section word splits first.
    for word in ("亿", "万"):
        if word in text:
            return _read_sections(text, word)
    return _read_below_ten_thousand(text)


def _read_row(text: str) -> int | None:
    """A row without 十百千: one digit, or one that shows by its 〇 that places are meant (一〇五)."""
    if len(text) == 1:
        return DIGITS[text]
    if text[0] in _ZEROS or not any(ch in _ZEROS for ch in text):
        return None
    return read_digits(text)


def _read_sections(text: str, word: str) -> int | None:
    head, _, tail = text.rpartition(word)
    high = _read_whole(head) if head else None
    if high is None:
        return None
    if not tail:
        return high * SECTIONS[word]
    has_zero = tail[0] in _ZEROS
    # 三万五 may be 35 000 or 30 005: without 零 the tail must name its own thousands.
    low = _read_whole(tail[1:] if has_zero else tail)
    if low is None or low >= SECTIONS[word]:
        return None
    if not has_zero and low * 10 < SECTIONS[word]:
        return None
    return high * SECTIONS[word] + low


def _read_below_ten_thousand(text: str) -> int | None:
    total, last_unit, digit, has_zero = 0, 10**4, -1, False
    for ch in text:
        if ch in _ZEROS:
            if digit >= 0 or has_zero or last_unit == 10**4:
                return None
            has_zero = True
        elif ch in DIGITS:
            if digit >= 0:
                return None
            digit = DIGITS[ch]
        else:
            unit = TENS.get(ch, 0)
            if digit < 0 and ch == "十" and (last_unit == 10**4 or has_zero):
                digit = 1
            if unit == 0 or unit >= last_unit or digit < 0:
                return None
            if not has_zero and last_unit < 10**4 and unit * 10 != last_unit:
                return None
            total, last_unit, digit, has_zero = total + digit * unit, unit, -1, False
    if digit >= 0:
        # 一百二 without 零 is 120 in speech; only after 十 is a last digit certain.
        if last_unit > 10 and not has_zero:
            return None
        return total + digit
    return None if has_zero else total
