"""Splitting a total: exact, locks untouched, whatever the order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.spreading import ceiling, floor, spread
from mbo_desktop.errors import InputError

D = Decimal
weights = st.dictionaries(
    st.integers(1, 200), st.decimals(0, 10_000, places=2), min_size=1, max_size=30
).filter(lambda one: any(one.values()))


@given(weights, st.integers(-10**7, 10**7), st.integers(0, 3))
def test_the_parts_add_up_exactly_and_none_is_a_step_away_from_its_share(
    by: dict[int, Decimal], steps: int, decimals: int
) -> None:
    total = D(steps).scaleb(-decimals)
    parts = spread(total, by, decimals)
    assert sum(parts.values()) == total
    assert parts.keys() == by.keys()
    whole = sum(by.values())
    for key, part in parts.items():
        assert -part.as_tuple().exponent <= decimals  # type: ignore[operator]
        assert abs(part - total * by[key] / whole) < D(1).scaleb(-decimals) + D("1e-9")


@given(weights, st.integers(0, 10**6), st.randoms())
def test_the_order_of_the_units_changes_nothing(
    by: dict[int, Decimal], steps: int, random: object
) -> None:
    keys = list(by)
    random.shuffle(keys)  # type: ignore[attr-defined]
    total = D(steps).scaleb(-1)
    assert spread(total, {key: by[key] for key in keys}, 1) == spread(total, by, 1)


@given(weights, st.data(), st.integers(0, 10**5))
def test_locked_ones_are_not_touched(
    by: dict[int, Decimal], data: st.DataObject, more: int
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(by))))
    free = {key: one for key, one in by.items() if key not in chosen}
    if not any(free.values()):
        return
    held = {key: data.draw(st.decimals(0, 1000, places=1)) for key in chosen}
    total = sum(held.values(), D(0)) + D(more).scaleb(-1)
    parts = spread(total, by, 1, held)
    assert {key: parts[key] for key in held} == held
    assert sum(parts.values()) == total


def test_what_rounding_leaves_goes_to_the_largest_remainders() -> None:
    assert spread(D(100), {1: D(1), 2: D(1), 3: D(1)}, 0) == {1: D(34), 2: D(33), 3: D(33)}
    assert spread(D(10), {1: D(1), 2: D(2), 3: D(4)}, 0) == {1: D(1), 2: D(3), 3: D(6)}
    assert spread(D("0.1"), {1: D(5), 2: D(5)}, 1) == {1: D("0.1"), 2: D(0)}
    assert spread(D(7), {1: D(0), 2: D(3)}, 0) == {1: D(0), 2: D(7)}, "a base of 0 gets 0"


@pytest.mark.parametrize(("total", "by", "locked", "said"), [
    ("10.5", {1: "1", 2: "1"}, {}, "不是整数"),
    ("10", {1: "0", 2: "0"}, {}, "基数都是0"),
    ("10", {1: "-1", 2: "2"}, {}, "负数"),
    ("10", {1: "1", 2: "1"}, {1: "12"}, "超过总数"),
    ("10", {1: "1"}, {1: "9"}, "都已锁定"),
])
def test_a_total_that_cannot_be_split_is_refused_with_a_sentence(
    total: str, by: dict[int, str], locked: dict[int, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        spread(
            D(total), {k: D(v) for k, v in by.items()}, 0, {k: D(v) for k, v in locked.items()}
        )


def test_needed_amounts_are_never_rounded_the_wrong_way() -> None:
    assert ceiling(D("3.3"), 0) == D(4)
    assert floor(D("3.7"), 0) == D(3)
    assert ceiling(D("3.30"), 1) == D("3.3")
