"""A sample anybody can draw again."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.sampling import Member, digest, draw, population_hash, shares
from mbo_desktop.errors import InputError

CITY = [
    Member(place, f"目标{place:03d}", ("工业经济", "环境保护", "实事办理")[place % 3]) for place in range(60)
]


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    mixed = CITY[:]
    random.Random(3).shuffle(mixed)
    first, again = draw(CITY, 12, 2020), draw(mixed, 12, 2020)
    assert first.drawn == again.drawn
    assert first.population == again.population
    assert draw(CITY, 12, 2021).drawn != first.drawn


def test_anybody_can_repeat_it_with_a_hash_tool() -> None:
    """The rule of the protocol: the smallest SHA-256 of 「seed:name」 of each stratum."""
    found = draw(CITY, 12, 7)
    by_hand = sorted(
        (sha256(f"7:{one.name}".encode()).hexdigest(), one.name) for one in CITY
        if one.stratum == "工业经济"
    )[:4]
    drawn = [(one.digest, one.member.name) for one in found.drawn if one.member.stratum == "工业经济"]
    assert drawn == by_hand
    assert digest(7, "目标000") == sha256("7:目标000".encode()).hexdigest()


def test_each_stratum_gives_its_part() -> None:
    assert [count for _, _, count in draw(CITY, 12, 1).shares] == [4, 4, 4]
    assert shares({"甲": 90, "乙": 8, "丙": 2}, 10) == {"甲": 8, "乙": 1, "丙": 1}
    assert shares({"甲": 5, "乙": 5}, 1) == {"乙": 0, "甲": 1} or shares({"甲": 5, "乙": 5}, 1)["乙"] == 1


def test_what_was_drawn_last_is_left_out_while_enough_are_there() -> None:
    first = draw(CITY, 30, 5)
    last = {one.member.key for one in first.drawn}
    second = draw(CITY, 30, 5, avoid=last)
    assert not last & {one.member.key for one in second.drawn}
    assert len(second.avoided) == 30
    third = draw(CITY, 31, 5, avoid=last)
    assert len(third.drawn) == 31
    assert third.avoided == ()


@pytest.mark.parametrize("size", [0, -1, 61])
def test_more_than_there_are(size: int) -> None:
    with pytest.raises(InputError):
        draw(CITY, size, 1)


def test_two_of_one_name_are_told_apart_first() -> None:
    with pytest.raises(InputError, match="出现两次"):
        draw([Member(1, "甲"), Member(2, "甲")], 1, 1)
    assert population_hash([Member(1, "甲"), Member(2, "乙")]) == population_hash([Member(5, "乙"), Member(9, "甲")])


@given(
    st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.integers(1, 40), min_size=1), st.data()
)
def test_shares_add_up_and_fit(sizes: dict[str, int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, sum(sizes.values())))
    given_out = shares(sizes, size)
    assert sum(given_out.values()) == size
    assert all(0 <= given_out[name] <= sizes[name] for name in sizes)
    if size >= len(sizes):
        assert all(given_out.values())
