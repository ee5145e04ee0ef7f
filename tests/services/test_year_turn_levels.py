"""年度结转 over two levels: what a superior gave comes with its package, the own decomposition goes on below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from offices_exchanging import (
    begin_below,
    level,
    make_city,
    received_targets,
    send_down,
    sign,
    take_in,
    unit_named,
)

from mbo_desktop import clock
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.services import issuing, year_turn
from mbo_desktop.services.year_turn import Going
from mbo_desktop.store.database import Store

LAST, NEXT = 2020, 2021


@pytest.fixture(autouse=True)
def _january(_morning: None) -> Iterator[None]:
    clock.set_source(lambda: datetime(NEXT, 1, 20, 9, 0, tzinfo=UTC))
    yield
    clock.set_source(None)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as store:
        yield store


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Iterator[Store]:
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        first = received_targets(store)[0].id
        with store.change("分解") as change:
            root = change.named(Allocation, first)
            change.put(Allocation(id=root, target=first))
            for title in ("园区", "项目"):
                change.put(Allocation(id=change.new(Allocation), parent=root, ord=title[0], title=title, value=level(5)))
        yield store


def next_package(city: Store, stick: Path) -> Path:
    """The city turns its year, sets and signs the new targets, and issues them."""
    year_turn.apply_turn(city, year_turn.plan_turn(city, LAST, NEXT))
    unit = unit_named(city, "甲县")
    with city.change("下达") as change:
        for head in city.all(Indicator, year=NEXT):
            (target,) = [one for one in city.all(Target, indicator=head.id) if one.unit == unit]
            change.put(replace(target, value=level(12)))
        sign(change, unit)
        old = change.get(Agreement, change.named(Agreement, LAST, unit))
        change.put(replace(old, id=change.named(Agreement, NEXT, unit), year=NEXT))
    stick.mkdir()
    (file,) = issuing.issue(city, [unit], PackageKind.ISSUE, NEXT, stick, cleared=True)
    return file.path


def test_a_county_waits_for_its_superior_and_then_goes_on_below_it(city: Store, county: Store, tmp_path: Path) -> None:
    before = year_turn.plan_turn(county, LAST, NEXT)
    assert {line.going for line in before.indicators} == {Going.FOREIGN}
    assert not before.targets and not before.nodes and not before.new_indicators
    take_in(county, next_package(city, tmp_path / "u2"))
    plan = year_turn.plan_turn(county, LAST, NEXT)
    assert {line.going for line in plan.indicators} == {Going.THERE}
    assert not plan.targets and not plan.filled, "the superior's targets are its own"
    assert len(plan.nodes) == 3
    year_turn.apply_turn(county, plan)
    heads = {one.id for one in county.all(Indicator, year=NEXT)}
    roots = [
        root for head in heads for target in county.all(Target, indicator=head)
        for root in county.all(Allocation, target=target.id)
    ]
    (root,) = roots
    assert [(one.title, one.value) for one in county.all(Allocation, parent=root.id)] == [("园区", None), ("项目", None)]
    assert not year_turn.plan_turn(county, LAST, NEXT).entities


def test_what_a_county_decomposed_is_not_copied_by_its_city(city: Store, county: Store, tmp_path: Path) -> None:
    from offices_exchanging import send_up

    take_in(city, send_up(county, tmp_path / "up"))
    assert city.all(Allocation, title="园区"), "it is shown in the city"
    plan = year_turn.plan_turn(city, LAST, NEXT)
    assert not plan.nodes, "it is the county's to carry on"
