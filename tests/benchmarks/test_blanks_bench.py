"""空白清单 over 20,000 nodes: the whole in the background, the answer to an edit at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from sqlalchemy import Connection

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.sample import build_sample
from mbo_desktop.services import blanks
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEAR, NODES = 2026, 20_000


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample city with 211 units, 3,000 targets and 20,000 nodes."""
    folder: Path = tmp_path_factory.mktemp("blanks") / "数据"
    store = build_sample(folder, units=211, targets=3000, nodes=NODES, year=YEAR)
    yield store
    store.close()


def best(action: Callable[[], object], times: int) -> float:
    """Milliseconds of the quickest of some rounds."""
    found = []
    for _ in range(times):
        started = perf_counter()
        action()
        found.append(perf_counter() - started)
    return min(found) * 1000


def say(label: str, milliseconds: float) -> None:
    sys.stdout.write(f"{label:48s} {milliseconds:8.1f} ms\n")


def test_the_whole_list(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []
    plain = Store.read

    @contextmanager
    def timed(store: Store) -> Iterator[Connection]:
        started = perf_counter()
        with plain(store) as connection:
            yield connection
        held.append((perf_counter() - started) * 1000)

    say("\nall checks over 20,000 nodes", whole := best(lambda: blanks.all_blanks(city, YEAR), 3))
    monkeypatch.setattr(Store, "read", timed)
    blanks.all_blanks(city, YEAR)
    # A read lasts as long as its connection is held; one hiccup of the machine is passed over.
    longest = sorted(held)[-2]
    say(f"the longest of {len(held)} reads but one", longest)
    found = blanks.all_blanks(city, YEAR)
    say("the list after an edit", best(lambda: found.after(
        blanks.blanks_near(city, YEAR, [next(iter(found.by_node))])), 10))
    assert found.checked >= NODES
    assert whole < 3000
    assert longest < 50


def test_around_an_edit(city: Store) -> None:
    random = Random(3)
    nodes = city.all(Allocation)
    leaves = random.sample([one for one in nodes if one.parent is not None], 20)
    roots = random.sample([one for one in nodes if one.target is not None], 20)
    times = sorted(
        best(lambda node=one: blanks.blanks_near(city, YEAR, [node.id]), 3)
        for one in (*leaves, *roots)
    )
    say("\naround a node or a target, the middle one", middle := times[len(times) // 2])
    say("the slowest of 20 nodes and 20 targets", times[-1])
    with city.change("造大分支") as change:
        parent = leaves[0]
        change.put_all([
            replace(leaves[1], id=change.new(Allocation), parent=parent.id, ord=f"{place:05d}")
            for place in range(1000)
        ])
    say("around a node with 1,000 children", crowded := best(
        lambda: blanks.blanks_near(city, YEAR, [parent.id]), 3))
    assert middle < 30
    assert times[-1] < 100
    assert crowded < 200
