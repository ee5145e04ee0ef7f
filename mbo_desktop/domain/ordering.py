"""Fractional order keys: a row moves between two others without touching them.

A key is a fraction in base 62, written without its leading point and without
trailing zeros, so that comparing the strings compares the fractions; there is
always room between two keys.
"""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(DIGITS)
_VALUE = {digit: number for number, digit in enumerate(DIGITS)}
_STEP_DEPTH = 4
"""Rows added at an end go in steps of 62^-4: 14 million rows before keys get longer."""


def between(before: str, after: str) -> str:
    """A key after `before` and before `after`; "" stands for the open end on either side.

    Raises ValueError when the two are not in order or hold other characters than keys do.
    """
    _check(before, after)
    if before and after:
        return _middle(before, after)
    if before:
        return _step_up(before)
    if after:
        return _step_down(after)
    return DIGITS[_BASE // 2]


def spread(n: int, before: str = "", after: str = "") -> list[str]:
    """n keys in ascending order between `before` and `after`, short ones."""
    if n <= 0:
        return []
    _check(before, after)
    if before and after:
        return _even(n, before, after)
    keys = []
    for _ in range(n):
        if before or not after:
            before = between(before, "")
            keys.append(before)
        else:
            after = between("", after)
            keys.append(after)
    return sorted(keys)


def gap(keys: Sequence[str], place: int) -> tuple[str, str]:
    """The keys around a place among sorted ones, for `between` and `spread`.

    Rows that came from elsewhere may share a key: the new one then stands behind all of them.
    """
    lower = keys[place - 1] if place else ""
    return lower, next((key for key in keys[place:] if key > lower), "")


def _check(before: str, after: str) -> None:
    for key in (before, after):
        if not all(digit in _VALUE for digit in key) or key.endswith(DIGITS[0]):
            raise ValueError(f"not an order key: {key!r}")
    if before and after and before >= after:
        raise ValueError(f"order keys out of order: {before!r}, {after!r}")


def _floor(key: str, depth: int) -> int:
    """The fraction in units of 62^-depth, rounded down."""
    number = 0
    for digit in key[:depth].ljust(depth, DIGITS[0]):
        number = number * _BASE + _VALUE[digit]
    return number


def _ceiling(key: str, depth: int) -> int:
    return _floor(key, depth) + (len(key) > depth)


def _key(number: int, depth: int) -> str:
    digits = []
    for _ in range(depth):
        number, digit = divmod(number, _BASE)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits)).rstrip(DIGITS[0])


def _step_up(before: str) -> str:
    depth = _STEP_DEPTH
    while (number := _floor(before, depth) + 1) >= _BASE**depth:
        depth += _STEP_DEPTH
    return _key(number, depth)


def _step_down(after: str) -> str:
    depth = _STEP_DEPTH
    while (number := _ceiling(after, depth) - 1) <= 0:
        depth += _STEP_DEPTH
    return _key(number, depth)


def _middle(before: str, after: str) -> str:
    depth = 1
    while (high := _ceiling(after, depth)) - (low := _floor(before, depth)) < 2:
        depth += 1
    return _key((low + high) // 2, depth)


def _even(n: int, before: str, after: str) -> list[str]:
    depth = 1
    while (high := _ceiling(after, depth)) - (low := _floor(before, depth)) <= n:
        depth += 1
    return [_key(low + (place + 1) * (high - low) // (n + 1), depth) for place in range(n)]
