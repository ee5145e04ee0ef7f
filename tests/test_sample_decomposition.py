"""The sample city's decomposition: as many nodes as asked, sound but for the deliberate blank spots."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.__main__ import main
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.blanks import BlankKind
from mbo_desktop.domain.cascade import SumRule, coverage, sum_rule
from mbo_desktop.domain.offices import Person, Tenure
from mbo_desktop.domain.pace import plan_problems
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError
from mbo_desktop.sample import build_sample
from mbo_desktop.sample.spots import WANTED, Spot, SpotKind
from mbo_desktop.services import blanks, comparison, overview
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store

NODES = 2600


@dataclass
class City:
    """The open sample with everything of its decomposition in memory."""

    store: Store
    spots: list[Spot]
    nodes: dict[int, Allocation]
    children: dict[int, list[Allocation]]
    targets: dict[int, Target]
    indicators: dict[int, Indicator]

    def planted(self, kind: SpotKind) -> set[int]:
        """Records of the deliberate spots of a kind."""
        return {spot.record for spot in self.spots if spot.kind is kind}

    def target_of(self, node: Allocation) -> Target:
        """The target a node hangs under."""
        while node.parent is not None:
            node = self.nodes[node.parent]
        assert node.target is not None
        return self.targets[node.target]

    def measure(self, node: Allocation) -> str:
        """The unit of measure in effect."""
        return node.unit_of_measure or self.indicators[self.target_of(node).indicator].unit_of_measure

    def stated(self, node: Allocation) -> tuple[Decimal | None, SumRule]:
        """Amount and rule of a node."""
        value = node.value if node.target is None else self.targets[node.target].value
        own = self.indicators[self.target_of(node).indicator]
        part = None if value is None else value.counted
        form = None if part is None else part.form
        return None if part is None else part.amount, sum_rule(
            form, own.direction, own.name, own.unit_of_measure
        )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    spots: list[Spot] = []
    folder = tmp_path_factory.mktemp("sample") / "d"
    with build_sample(
        folder, units=90, targets=1000, nodes=NODES, year=2020, spots=spots
    ) as store:
        nodes = {one.id: one for one in store.all(Allocation)}
        children: dict[int, list[Allocation]] = defaultdict(list)
        for one in nodes.values():
            if one.parent is not None:
                children[one.parent].append(one)
        indicators = {one.id: one for one in store.all(Indicator, year=2020)}
        targets = {one.id: one for one in store.all(Target) if one.indicator in indicators}
        yield City(store, spots, nodes, children, targets, indicators)


def test_the_nodes_come_out_exactly_and_every_kind_of_spot_is_there(city: City) -> None:
    assert len(city.nodes) == NODES
    assert len(city.store.all(Person)) >= NODES / 8
    counts = Counter(spot.kind for spot in city.spots)
    # What follows from targets that do not apply need not be there.
    assert set(counts) >= set(SpotKind) - {SpotKind.POINTS, SpotKind.NOT_ALLOTTED}
    assert {kind: counts[kind] for kind in WANTED if kind is not SpotKind.IDLE_PERSON} == {
        kind: wanted for kind, wanted in WANTED.items() if kind is not SpotKind.IDLE_PERSON
    }
    assert counts[SpotKind.IDLE_PERSON] >= WANTED[SpotKind.IDLE_PERSON]
    assert checkup.run(city.store).findings == ()


def test_only_the_planted_branches_do_not_add_up(city: City) -> None:
    short, over, raised = set(), set(), set()
    surpluses = []
    for node in city.nodes.values():
        listed = city.children.get(node.id, [])
        amount, rule = city.stated(node)
        if not listed or amount is None:
            continue
        found = coverage(
            amount, city.measure(node),
            [(city.stated(child)[0], city.measure(child)) for child in listed], rule,
        )
        if rule is SumRule.SUM and found.rest is not None and found.rest > 0:
            short.add(node.id)
        elif rule is SumRule.CAP and found.rest is not None and found.rest < 0:
            over.add(node.id)
        elif rule is SumRule.SUM and amount > 100 and found.surplus_percent is not None:
            surpluses.append(found.surplus_percent)
        if node.divided_at is not None and node.divided_at != amount:
            raised.add(node.id)
    assert short == city.planted(SpotKind.SHORT)
    assert over == city.planted(SpotKind.OVER)
    assert raised == city.planted(SpotKind.REDIVIDE)
    assert len(surpluses) > 20
    assert all(2 <= one <= 12 for one in surpluses)


def test_only_the_planted_plans_and_dates_are_wrong(city: City) -> None:
    falling, beside, late = set(), set(), set()
    for node in city.nodes.values():
        amount, rule = city.stated(node)
        if node.plan is not None:
            assert amount is not None
            amounts = [one for one in node.plan.amounts if one is not None]
            if amounts != sorted(amounts):
                falling.add(node.id)
            if amounts[-1] != amount:
                beside.add(node.id)
            problems = plan_problems(node.plan, amount, cumulative=rule.adds)
            expected = node.id in (
                city.planted(SpotKind.FALLING_PLAN) | city.planted(SpotKind.PLAN_END)
            )
            assert bool(problems) == (expected and rule.adds), problems
        above = city.nodes.get(node.parent or 0)
        if above is not None and node.due is not None and above.due is not None:
            late |= {node.id} if node.due > above.due else set()
    assert falling == city.planted(SpotKind.FALLING_PLAN)
    assert beside == city.planted(SpotKind.PLAN_END)
    assert late == city.planted(SpotKind.LATE_DUE)


def test_everybody_has_a_node_but_the_planted_ones(city: City) -> None:
    def above(node: Allocation, field: str) -> object:
        """The person in effect; another unit's people do not count."""
        unit = node.unit
        while True:
            if getattr(node, field) is not None:
                return getattr(node, field)
            if node.parent is None or (unit is not None and node.unit == unit):
                return None
            node = city.nodes[node.parent]

    nobody = {one.id for one in city.nodes.values() if above(one, "responsible") is None}
    unhandled = {one.id for one in city.nodes.values() if above(one, "handler") is None}
    assert nobody == city.planted(SpotKind.NOBODY)
    assert unhandled == city.planted(SpotKind.NOBODY) | city.planted(SpotKind.NO_HANDLER)
    held = {one.post for one in city.store.all(Tenure, until=None)}
    empty = {
        post for one in city.nodes.values()
        for post in (one.leader, one.responsible, one.handler) if post is not None
    } - held
    assert empty == city.planted(SpotKind.VACANT_POST)
    posts = Counter(one.person for one in city.store.all(Tenure, until=None))
    assert sum(count > 1 for count in posts.values()) == 3, "three people stand in two units"


def test_what_the_province_asked_is_the_citys_own_target(city: City) -> None:
    rows = comparison.rows(city.store, 2020, years=1)
    assert not [row.name for row in rows if row.is_behind]
    now = overview.figures(city.store, 2020)
    assert now.targets >= 1000
    assert now.points_off == len(city.planted(SpotKind.POINTS)), "the city's own are no list"
    assert not [one for one in overview.next_steps(city.store, 2020) if "不一致" in one.text]
    agreed = {one.unit for one in city.store.all(Agreement, year=2020)}
    assert not agreed & city.planted(SpotKind.NO_AGREEMENT)
    assert city.planted(SpotKind.NO_AGREEMENT)


FOUND_AS = {
    BlankKind.NO_RESPONSIBLE: (SpotKind.NOBODY,), BlankKind.NO_HANDLER: (SpotKind.NO_HANDLER,),
    BlankKind.PERSON_FREE: (SpotKind.IDLE_PERSON,), BlankKind.DUE_LATER: (SpotKind.LATE_DUE,),
    BlankKind.SUM: (SpotKind.SHORT, SpotKind.OVER), BlankKind.REDIVIDE: (SpotKind.REDIVIDE,),
    BlankKind.PLAN: (SpotKind.FALLING_PLAN, SpotKind.PLAN_END),
    BlankKind.MEASURE: (SpotKind.OTHER_MEASURE,), BlankKind.CLEARS: (SpotKind.FEW_CLEARS,),
    BlankKind.NO_SCORING: (SpotKind.NO_RULE,), BlankKind.NO_CERTIFIER: (SpotKind.NO_CERTIFIER,),
    BlankKind.NO_AGREEMENT: (SpotKind.NO_AGREEMENT,), BlankKind.ITEM_OPEN: (SpotKind.UNCOVERED_ITEM,),
    BlankKind.POINTS: (SpotKind.POINTS,), BlankKind.NOT_ALLOTTED: (SpotKind.NOT_ALLOTTED,),
}


def test_the_checks_find_the_planted_spots_and_nothing_else(city: City) -> None:
    found = blanks.all_blanks(city.store, 2020).blanks
    by_kind = Counter(one.kind for one in found)
    told = dict(by_kind)
    assert told.pop(BlankKind.PRESSED) > 50, "加压 is a note, no fault"
    vacant = told.pop(BlankKind.LEFT)
    assert vacant >= len(city.planted(SpotKind.VACANT_POST))
    units = {spot.unit for spot in city.spots if spot.kind is SpotKind.VACANT_POST}
    assert {one.unit for one in found if one.kind is BlankKind.LEFT} == units
    expected = {
        kind: sum(len(city.planted(one)) for one in spots) for kind, spots in FOUND_AS.items()
    }
    assert told == {kind: count for kind, count in expected.items() if count}


def test_the_same_seed_gives_the_same_trees(tmp_path: Path) -> None:
    def facts(name: str, seed: int) -> list[tuple[object, ...]]:
        with build_sample(
            tmp_path / name, units=9, targets=70, nodes=200, seed=seed, year=2020
        ) as store:
            return [
                (one.title, one.value, one.plan, one.due, one.measures)
                for one in sorted(store.all(Allocation), key=lambda one: one.id)
            ]

    assert facts("a", 3) == facts("b", 3)
    assert facts("c", 4) != facts("a2", 3)


def test_too_few_nodes_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="分解节点"):
        build_sample(tmp_path / "d", units=9, targets=70, nodes=50)
    assert not (tmp_path / "d").exists()


def test_the_command_says_how_many_nodes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["sample", str(tmp_path / "d"), "--units", "9", "--targets", "70", "--nodes", "150"]
    assert main(arguments) == 0
    assert "150 个分解节点" in capsys.readouterr().out


@pytest.mark.full
def test_the_large_city(tmp_path: Path) -> None:
    with build_sample(tmp_path / "d", units=213, targets=3000, nodes=20000) as store:
        assert len(store.all(Allocation)) == 20000
        assert len(store.all(Person)) == 2500
