"""What the rooms read and write: times are reported, only their growth with the data is asserted."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

from mbo_desktop.sample import build_sample
from mbo_desktop.services import (
    agreements,
    offices,
    overview,
    planning_edits,
    planning_framework,
    planning_matrix,
    search,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEAR = 2026
SMALL, LARGE = 2_000, 200_000 if os.environ.get("MBO_FULL") else 20_000


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder: Path = tmp_path_factory.mktemp("cities")
    small = build_sample(folder / "small", units=213, targets=SMALL, year=YEAR)
    started = perf_counter()
    large = build_sample(folder / "large", units=213, targets=LARGE, year=YEAR)
    sys.stdout.write(f"\nsample city with {LARGE} targets built in {perf_counter() - started:.1f} s\n")
    yield small, large
    small.close()
    large.close()


def best(action: Callable[[], object], rounds: int = 7) -> float:
    """Milliseconds of the quickest of some rounds."""
    times = []
    for _ in range(rounds):
        started = perf_counter()
        action()
        times.append(perf_counter() - started)
    return min(times) * 1000


def compared(label: str, cities: tuple[Store, Store], action: Callable[[Store], object]) -> float:
    """How many times longer it takes with the large city; both times are printed."""
    small, large = (best(lambda store=store: action(store)) for store in cities)  # type: ignore[misc]
    sys.stdout.write(f"{label:24s} {SMALL}: {small:7.2f} ms   {LARGE}: {large:7.2f} ms\n")
    return large / small


def block(store: Store) -> object:
    units = [column.unit for column in planning_matrix.columns(store, YEAR)][:12]
    ids = planning_framework.indicator_ids(store, YEAR)
    middle = len(ids) // 2
    return lambda: planning_matrix.cells(store, ids[middle : middle + 40], units)


def test_one_edit_does_not_grow_with_the_data(cities: tuple[Store, Store]) -> None:
    numbers = itertools.count(1000)
    cell = {}
    for store in cities:
        row = planning_framework.indicator_ids(store, YEAR)[0]
        cell[store] = (row, planning_matrix.columns(store, YEAR)[0].unit)

    def edit(store: Store) -> None:
        planning_edits.set_cell(store, *cell[store], TargetField.VALUE, str(next(numbers)))

    assert compared("one edit", cities, edit) < 3


def test_a_jump_in_the_matrix_does_not_grow_with_the_data(cities: tuple[Store, Store]) -> None:
    jumps = {store: block(store) for store in cities}
    assert compared("40 × 12 cells anywhere", cities, lambda s: jumps[s]()) < 6  # type: ignore[operator]


def test_units_and_search(cities: tuple[Store, Store]) -> None:
    root = offices.root_unit(cities[0])
    assert compared("units of one level", cities, lambda s: offices.children_of(s, root)) < 3
    assert compared("global search", cities, lambda s: search.search(s, "gy", year=YEAR)) < 12


def test_pages_that_count_everything_grow_no_faster_than_the_data(
    cities: tuple[Store, Store],
) -> None:
    times = LARGE / SMALL
    assert compared("figures of the year", cities, lambda s: overview.figures(s, YEAR)) < 2 * times
    assert compared("agreement board", cities, lambda s: agreements.board(s, YEAR)) < 2 * times
    assert compared("what to do next", cities, lambda s: overview.next_steps(s, YEAR)) < 2 * times
