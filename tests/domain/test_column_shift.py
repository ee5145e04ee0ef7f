"""Columns that slipped by a row are told from columns that merely changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.column_shift import slipped

BEFORE = [Decimal(one) for one in (253, 14, 37874, 15825, 92, 480, 6, 1200)]
NOW = [one * Decimal("1.09") for one in BEFORE]


def test_a_column_in_its_place_is_left_alone() -> None:
    assert slipped(NOW, BEFORE) == (0, frozenset())
    assert slipped(NOW, [None] * len(NOW)) == (0, frozenset()), "nothing is known in January"


def test_a_column_moved_down_or_up_is_found() -> None:
    step, places = slipped([NOW[0], *NOW[:-1]], BEFORE)
    assert (step, places) == (-1, frozenset(range(1, 8)))
    step, places = slipped([*NOW[1:], NOW[-1]], BEFORE)
    assert step == 1
    assert places >= frozenset(range(1, 7))


def test_the_part_that_moved_is_found() -> None:
    step, places = slipped([*NOW[:3], NOW[2], *NOW[3:-1]], BEFORE)
    assert (step, places) == (-1, frozenset(range(4, 8))), "the fourth fits either month"


@pytest.mark.parametrize("factor", ["10", "0.1", "10000"])
def test_another_unit_of_measure_is_no_slip(factor: str) -> None:
    assert slipped([one * Decimal(factor) for one in BEFORE], BEFORE)[0] == 0


@given(st.lists(st.decimals("1", "100000", places=2), min_size=1, max_size=40))
def test_figures_that_grow_are_never_taken_for_slipped(before: list[Decimal]) -> None:
    assert slipped([one * 2 for one in before], list(before))[0] == 0
