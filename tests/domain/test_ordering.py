"""Order keys: always room between two, never a long key without need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.ordering import DIGITS, between, gap, spread

keys = st.text(DIGITS, min_size=1, max_size=8).filter(lambda key: not key.endswith("0"))


@given(keys, keys)
def test_a_key_lies_between(one: str, other: str) -> None:
    if one == other:
        return
    low, high = sorted((one, other))
    middle = between(low, high)
    assert low < middle < high
    assert not middle.endswith("0")


@given(keys)
def test_the_ends_are_open(key: str) -> None:
    assert "" < between("", key) < key < between(key, "")


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_any_moves_keep_the_order(places: list[int]) -> None:
    row: list[str] = []
    for place in places:
        at = place % (len(row) + 1)
        row.insert(at, between(row[at - 1] if at else "", row[at] if at < len(row) else ""))
    assert row == sorted(set(row))


@given(st.integers(0, 300), st.none() | keys, st.none() | keys)
def test_spread_gives_ascending_keys_within_the_bounds(n: int, one: str, other: str) -> None:
    low, high = one or "", other or ""
    if low and high:
        if low == high:
            return
        low, high = sorted((low, high))
    row = spread(n, low, high)
    assert len(row) == n
    assert row == sorted(set(row))
    assert all(low < key for key in row)
    assert all(key < high for key in row if high)


def test_appending_ten_thousand_rows_keeps_keys_short() -> None:
    row = spread(10_000)
    assert row == sorted(set(row))
    assert max(map(len, row)) <= 4
    last = row[-1]
    for _ in range(5000):
        last = between(last, "")
    assert len(last) <= 4


def test_always_inserting_at_the_same_place_grows_slowly() -> None:
    low, high = "V", "W"
    for _ in range(600):
        high = between(low, high)
    assert len(high) <= 125, "a digit holds five halvings"


@pytest.mark.parametrize(("before", "after"), [("b", "a"), ("a", "a"), ("a0", ""), ("", "中")])
def test_what_is_no_order_is_refused(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="order key"):
        between(before, after)


def test_among_rows_that_share_a_key_there_is_room_behind_them() -> None:
    keys = ["A", "V", "V", "W"]
    for place in range(len(keys) + 1):
        lower, upper = gap(keys, place)
        new = between(lower, upper)
        assert lower < new
        assert not upper or new < upper
    assert gap(keys, 2) == ("V", "W")
    assert gap([], 0) == ("", "")
