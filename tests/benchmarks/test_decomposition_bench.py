"""The decomposition tree: times are reported, only their growth with the number of nodes is asserted."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.sample import build_sample
from mbo_desktop.services import decomposition, decomposition_structure, splitting
from mbo_desktop.services.decomposition import BranchFilter
from mbo_desktop.services.decomposition_edits import write_field
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEAR = 2026
SMALL, LARGE = 2_000, 200_000 if os.environ.get("MBO_FULL") else 20_000
BRANCH = 5_000
SCREEN = 60
"""Rows a screen shows."""


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder: Path = tmp_path_factory.mktemp("decomposed")
    small = build_sample(folder / "small", units=213, targets=SMALL // 5, nodes=SMALL, year=YEAR)
    large = build_sample(folder / "large", units=213, targets=LARGE // 5, nodes=LARGE, year=YEAR)
    yield small, large
    small.close()
    large.close()


@pytest.fixture(scope="module")
def branches(cities: tuple[Store, Store]) -> dict[Store, tuple[int, int]]:
    """In each city a branch of 5,000 nodes, 50 below its top and 100 below each, and its parent."""
    return {store: put_branch(store) for store in cities}


def put_branch(store: Store) -> tuple[int, int]:
    parent = deep_node(store)
    top = decomposition_structure.add_child(store, YEAR, parent)
    with store.change("大分支") as change:
        for key in ordering.spread(50):
            middle = change.new(Allocation)
            change.put(Allocation(id=middle, parent=RecordId(top), ord=key, title="村"))
            change.put_all(
                Allocation(id=change.new(Allocation), parent=middle, ord=one, title="组")
                for one in ordering.spread(BRANCH // 50 - 1)
            )
    return parent, top


def deep_node(store: Store) -> int:
    """The last node of the way that goes down the first child each time, from the busiest indicator."""
    indicators = [
        one for top in decomposition.child_ids(store, YEAR, 0)
        for one in decomposition.child_ids(store, YEAR, top)
    ]
    node = max(indicators, key=lambda one: len(decomposition.child_ids(store, YEAR, one)))
    while below := decomposition.child_ids(store, YEAR, node):
        node = below[0]
    return node


def best(action: Callable[[], object], rounds: int = 7) -> float:
    """Milliseconds of the quickest of some rounds."""
    times = []
    for _ in range(rounds):
        started = perf_counter()
        action()
        times.append(perf_counter() - started)
    return min(times) * 1000


def compared(
    label: str, cities: tuple[Store, Store], action: Callable[[Store], object], rounds: int = 7
) -> float:
    """How many times longer it takes with the large city; both times are printed."""
    small, large = (best(lambda store=store: action(store), rounds) for store in cities)  # type: ignore[misc]
    sys.stdout.write(f"{label:36s} {SMALL}: {small:8.2f} ms   {LARGE}: {large:8.2f} ms\n")
    return large / small


def opened(store: Store) -> None:
    """The top of the tree, and the first category open down to its first indicator."""
    tops = decomposition.child_ids(store, YEAR, 0)
    decomposition.rows(store, YEAR, tops)
    listed = decomposition.child_ids(store, YEAR, tops[0])
    decomposition.rows(store, YEAR, listed[:SCREEN])


def expanded(store: Store, node: int) -> None:
    decomposition.rows(store, YEAR, decomposition.child_ids(store, YEAR, node)[:SCREEN])


def test_opening_and_expanding(
    cities: tuple[Store, Store], branches: dict[Store, tuple[int, int]]
) -> None:
    assert compared("open", cities, opened) < 12
    nodes = {store: decomposition.path_to(store, YEAR, branches[store][0]) for store in cities}
    assert compared("expand a category", cities, lambda s: expanded(s, nodes[s][0])) < 20
    assert compared("expand an indicator", cities, lambda s: expanded(s, nodes[s][1])) < 8
    assert compared("expand a node", cities, lambda s: expanded(s, branches[s][1])) < 4


def test_an_edit_is_committed_and_shown(
    cities: tuple[Store, Store], branches: dict[Store, tuple[int, int]]
) -> None:
    numbers = itertools.count(1000)

    def edit(store: Store) -> None:
        parent = branches[store][0]
        assert write_field(store, YEAR, parent, "value", str(next(numbers))) == ""
        way = decomposition.path_to(store, YEAR, parent)
        beside = decomposition.child_ids(store, YEAR, way[-2])
        decomposition.rows(store, YEAR, [*way, *beside[:SCREEN]])

    def name(store: Store) -> None:
        parent = branches[store][0]
        assert write_field(store, YEAR, parent, "handler", f"张{'甲乙丙丁'[next(numbers) % 4]}立") == ""
        decomposition.rows(store, YEAR, decomposition.path_to(store, YEAR, parent))

    assert compared("edit a value, rows fresh", cities, edit) < 4
    assert compared("type a handler, rows fresh", cities, name) < 4


def test_a_branch_of_5000_moves_goes_and_comes_back(
    cities: tuple[Store, Store], branches: dict[Store, tuple[int, int]]
) -> None:
    places: dict[Store, Iterator[int]] = {}
    for store in cities:
        parent = branches[store][0]
        side = decomposition_structure.add_child(store, YEAR, parent)
        places[store] = itertools.cycle((side, parent))

    def moved(store: Store) -> None:
        decomposition_structure.move(store, YEAR, [branches[store][1]], next(places[store]))

    times: dict[str, list[float]] = {}

    def gone(store: Store) -> None:
        started = perf_counter()
        assert decomposition_structure.remove(store, YEAR, [branches[store][1]]) == BRANCH + 1
        times.setdefault("delete", []).append(perf_counter() - started)
        started = perf_counter()
        store.undo()
        times.setdefault("undo", []).append(perf_counter() - started)

    assert compared("move a branch of 5,000", cities, moved, 4) < 4
    assert compared("delete it and undo", cities, gone, 4) < 4
    said = ", ".join(f"{what} {min(took) * 1000:.1f} ms" for what, took in times.items())
    sys.stdout.write(f"of a branch of 5,000: {said}\n")


def test_filters_grow_no_faster_than_the_nodes(cities: tuple[Store, Store]) -> None:
    times = LARGE / SMALL
    for label, chosen in (
        ("filter by text", BranchFilter(text="zt")), ("filter unassigned", BranchFilter(only_unassigned=True)),
    ):
        ratio = compared(label, cities, lambda s, c=chosen: decomposition.matching(s, YEAR, c), 3)  # type: ignore[misc]
        assert ratio < 2 * times
    assert compared("figures", cities, lambda s: decomposition.counts(s, YEAR), 3) < 2 * times


def test_five_thousand_children_are_opened_and_split(cities: tuple[Store, Store]) -> None:
    parents: dict[Store, int] = {}
    for store in cities:
        parents[store] = decomposition_structure.add_child(store, YEAR, deep_node(store))
        with store.change("五千项") as change:
            change.put_all(
                Allocation(id=change.new(Allocation), parent=RecordId(parents[store]), ord=key, title="户")
                for key in ordering.spread(BRANCH)
            )

    def opened_wide(store: Store) -> None:
        expanded(store, parents[store])

    def split(store: Store) -> None:
        splitting.split_preview(store, YEAR, parents[store], total=Decimal(100_000))

    assert compared("expand 5,000 children", cities, opened_wide) < 4
    assert compared("its own row", cities, lambda s: decomposition.row(s, YEAR, parents[s])) < 4
    assert compared("split over 5,000", cities, split, 2) < 4
