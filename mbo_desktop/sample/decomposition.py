"""The sample city's decomposition: from its targets through townships and divisions to people.

Every target has a root with leader, responsible person, handler, plan or milestones. Counties
divide theirs over their townships, departments, zones and townships over their people, the
larger branches on to villages and work items. Additive parts come to 3–10 % above the whole
(加压), those of control targets to less, rates are handed on as they are. The city's own
targets (what the province asked) stand for a dozen indicators of the counties. On purpose
blank are the kinds of `spots.SpotKind`: townships without a name, a vacant post, people
without a target, late due dates, sums that fall short or break a control, a target raised
after it was divided, plans that fall or end beside the target, another unit of measure,
missing difficulties, rule or certifying department, points that fall short, townships without an agreement, items
of the report that no target covers; and three targets knowingly not divided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from mbo_desktop.domain import ordering
from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.adjustments import Adjustment, AdjustmentState
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post, PostRole, Tenure, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import TargetPart, TargetValue
from mbo_desktop.errors import InputError
from mbo_desktop.sample import branches, last_year, names, planting
from mbo_desktop.sample.branches import Item
from mbo_desktop.sample.crews import Crew, put_crews
from mbo_desktop.sample.register import Placed
from mbo_desktop.sample.shared import SharedRow, amount_of
from mbo_desktop.sample.spots import WANTED, Spot, SpotKind
from mbo_desktop.services import agreements, offices, registers
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import matrix as matrix_reads

_PEOPLE_PER_NODE = Decimal("0.125")
"""2,500 people for 20,000 nodes."""
_PER_TARGET = 2
_DEEPEST = 12


def usual_nodes(targets: int) -> int:
    """Nodes that a city with so many targets is offered with."""
    return max(_PER_TARGET * targets, targets + last_year.COMPARED)


def put_decomposition(
    store: Store, year: int, placed: Sequence[Placed], telling: Sequence[SharedRow],
    nodes: int, seed: int,
) -> tuple[Spot, ...]:
    """Write exactly `nodes` nodes; the deliberate blank spots. InputError for fewer nodes than targets."""
    random = Random(seed)  # noqa: S311 the same city every time, no secret
    if nodes:
        _put_city_targets(store, year, telling)
    targets = _targets(store, year)
    if nodes < len(targets):
        raise InputError(
            f"分解节点不能少于目标项数({len(targets)})。", "请改大 --nodes,或写 0 不作分解。",
            safe="未写入任何内容。",
        )
    loads: dict[RecordId, int] = {}
    for target in targets:
        loads[target.unit] = loads.get(target.unit, 0) + 1
    root = offices.root_unit(store)
    assert root is not None
    units = [Placed(root, names.CITY, names.CITY, UnitKind.GOVERNMENT, ""), *placed]
    crews = put_crews(
        store, units, loads, round(nodes * _PEOPLE_PER_NODE), year, random,
        WANTED[SpotKind.IDLE_PERSON],
    )
    with store.change("建立样例目标分解", barrier=True) as change:
        forest = _Forest(store, change, year, units, crews, random)
        forest.plant(targets)
        forest.divide(nodes - len(targets))
        _employ_everybody(forest)
        spots = planting.put_spots(store, change, forest.items, crews, year, _raised(store, year))
        change.put_all(item.allocation() for item in forest.items)
    spots += _idle(store, forest.items, crews)
    spots += _points(store, year)
    allotted = {target.indicator for target in targets}
    spots += [
        # All its units are 合理缺项.
        Spot(SpotKind.NOT_ALLOTTED, one.id)
        for one in store.all(Indicator, year=year) if one.id not in allotted
    ]
    return (*spots, *_without_agreement(store, year, placed), *_uncovered(store, year))


def _put_city_targets(store: Store, year: int, telling: Sequence[SharedRow]) -> None:
    """What the province asked of the city, as targets of the city itself."""
    root = offices.root_unit(store)
    assert root is not None
    chosen = [row for row in telling if amount_of(row) is not None][: last_year.COMPARED]
    with store.change("建立样例全市目标", barrier=True) as change:
        for row in chosen:
            own = row.indicator
            asked = last_year.asked(row)
            part = TargetPart(own.form, asked, own.unit_of_measure)
            change.put(Target(
                id=change.named(Target, own.id, root), indicator=own.id, unit=root,
                last_year=_city_base(row, asked), value=TargetValue(
                    (part,), text=branches.wording(own.form, asked, own.unit_of_measure)
                ),
            ))


def _city_base(row: SharedRow, asked: Decimal) -> Decimal | None:
    """Last year's figure of the city: the sum, of rates that of the unit which asks the least."""
    if is_additive(row.indicator.name, row.indicator.unit_of_measure):
        return amount_of(row)
    for target in row.targets:
        if target.value is not None and target.value.counted.amount == asked:
            return target.last_year
    return None


def _targets(store: Store, year: int) -> list[Target]:
    """All targets with a value that applies, in the order of units and indicators."""
    columns = matrix_reads.columns(store, year, kinds=(), peer_group="", with_empty=False)
    units = [column.unit for column in columns]
    places = {unit: place for place, unit in enumerate(units)}
    found = store.get_many(Target, matrix_reads.target_ids_of_year(store, year, units)).values()
    kept = [one for one in found if one.value is not None and not one.value.is_not_applicable]
    return sorted(kept, key=lambda one: (places[one.unit], one.id))


def _raised(store: Store, year: int) -> dict[tuple[RecordId, RecordId], Decimal]:
    """What targets with an approved adjustment stood at before, by indicator and unit."""
    found = {}
    for one in store.all(Adjustment, year=year, state=AdjustmentState.APPROVED):
        before = None if one.before is None else one.before.value
        if before is not None and before.counted.amount is not None:
            found[one.indicator, one.unit] = before.counted.amount
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Who takes a part of a node."""

    unit: RecordId
    title: str = ""
    handler: RecordId | None = None
    responsible: RecordId | None = None


class _Forest:
    """All trees of the year, divided in turn until the nodes are used up."""

    def __init__(
        self, store: Store, change: Change, year: int, units: Sequence[Placed],
        crews: dict[RecordId, Crew], random: Random,
    ) -> None:
        self.store, self.change, self.year, self.random = store, change, year, random
        self.crews = crews
        self.kinds = {unit.id: unit.kind for unit in units}
        self.towns: dict[RecordId, list[RecordId]] = {}
        self.items: list[Item] = []
        for unit in units:
            if unit.kind is UnitKind.COUNTY:
                self.towns[unit.id] = [row.id for row in offices.children_of(store, unit.id)]
        self.sizes = {unit.id: Decimal(random.randint(60, 160)) for unit in units}
        self.helpers = [u.id for u in units if u.kind is UnitKind.DEPARTMENT]

    def plant(self, targets: Sequence[Target]) -> None:
        """A root for every target, with the unit's people on it."""
        indicators = {one.id: one for one in self.store.all(Indicator, year=self.year)}
        for target in targets:
            record = self.change.named(Allocation, target.id)
            item = branches.root_of(
                record, indicators[target.indicator], target, self.year, self.random
            )
            self._staff(item)
            if self.helpers and self.random.random() < 0.3:
                item.supporting = (self.random.choice(self.helpers),)
            self.items.append(item)

    def _staff(self, item: Item) -> None:
        crew = self.crews.get(item.unit)
        if crew is not None:
            item.leader = crew.next(crew.leaders)
            item.responsible = crew.next(crew.heads)
            item.handler = crew.next(crew.clerks)

    def divide(self, budget: int) -> None:
        """Divide the counties' targets first, then the departments', the townships', then what came of them."""
        order = {UnitKind.COUNTY: 0, UnitKind.DEPARTMENT: 1, UnitKind.VERTICAL: 1, UnitKind.ZONE: 1}
        first = sorted(
            # The parts of the city's own targets are the units' targets.
            (one for one in self.items if self.kinds[one.unit] is not UnitKind.GOVERNMENT),
            key=lambda one: order.get(self.kinds[one.unit], 2),
        )
        waiting = deque(first)
        while budget and waiting:
            item = waiting.popleft()
            parts = self._parts(item)[:budget]
            made = self._put_parts(item, parts)
            budget -= len(made)
            if item.depth + 1 < _DEEPEST:
                waiting.extend(made)
        if budget:
            raise InputError(
                f"目标太少,分解不出这么多节点(还差{budget}个)。", "请改大 --targets 或改小 --nodes。",
                safe="未写入任何内容。",
            )

    def _parts(self, item: Item) -> list[_Part]:
        """Townships below a county's target, else people, villages or stages within the unit."""
        towns = self.towns.get(item.unit, []) if item.depth == 0 else []
        if towns:
            return [_Part(town) for town in towns]
        crew = self.crews[item.unit]
        count = self.random.randint(2, 4)
        start = self.random.randrange(len(branches.VILLAGES))
        parts = []
        for place in range(count):
            handler = crew.next(crew.clerks)
            if self.kinds[item.unit] is UnitKind.TOWNSHIP and item.amount is not None:
                village = branches.VILLAGES[(start + place) % len(branches.VILLAGES)]
                names = ("村", "片区", "组")
                title = f"{village}{names[min(item.depth, 2)]}"
                parts.append(_Part(item.unit, title, handler))
            else:
                parts.append(_Part(item.unit, f"第{place + 1}部分", handler, crew.next(crew.heads)))
        return parts

    def _put_parts(self, item: Item, parts: Sequence[_Part]) -> list[Item]:
        weights = [
            self.sizes[part.unit] if part.unit != item.unit else Decimal(self.random.randint(60, 140))
            for part in parts
        ]
        pressure = Decimal(self.random.randint(30, 100)) / 1000
        amounts = branches.parts_of(item, weights, pressure)
        if item.amount is not None and item.rule.adds:
            item.divided_at = item.amount
            if item.depth and len(amounts) < 2:
                return []
        made = []
        keys = ordering.spread(len(amounts))
        bases = _bases(item, amounts)
        for place, (part, amount, key) in enumerate(zip(parts, amounts, keys, strict=False)):
            child = branches.child_of(
                item, self.change.new(Allocation), amount, place, self.year
            )
            child.ord, child.last_year = key, bases[place]
            if part.unit != item.unit:
                child.unit, child.own_unit, child.weight = part.unit, True, weights[place]
                self._staff(child)
            else:
                child.title = child.title or part.title
                child.handler, child.responsible = part.handler, part.responsible
            if item.indicator.name.startswith("重点项目") and item.depth <= 1:
                child.milestones = branches.project_nodes(self.year)
            self.items.append(child)
            made.append(child)
        return made


def _bases(item: Item, amounts: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Last year's figures of the parts in proportion to what they are to reach now."""
    last = item.target.last_year if item.target is not None else item.last_year
    if last is None or item.amount is None or not item.amount:
        return [None] * len(amounts)
    if not item.rule.adds:
        return [last] * len(amounts)
    step = Decimal(1).scaleb(-item.decimals)
    ratio = last / item.amount
    lowered = [None if one is None else (one * ratio).quantize(step) for one in amounts]
    if ratio > 1:
        return list(lowered)
    return [
        None if one is None or base is None else min(base, one)
        for one, base in zip(amounts, lowered, strict=True)
    ]


def _employ_everybody(forest: _Forest) -> None:
    """Who was never reached in turn takes over a node of a colleague who has several."""
    used: dict[RecordId, list[Item]] = {}
    carried: set[RecordId] = set()
    for item in forest.items:
        carried.update(one for one in (item.leader, item.responsible, item.handler) if one)
        if item.handler is not None:
            used.setdefault(item.handler, []).append(item)
    for crew in forest.crews.values():
        for post in (*crew.leaders, *crew.heads, *crew.clerks):
            if post in carried:
                continue
            busy = max(crew.clerks, key=lambda one: len(used.get(one, ())))
            if len(used.get(busy, ())) > 1:
                item = used[busy].pop()
                item.handler = post


def _idle(store: Store, items: Sequence[Item], crews: dict[RecordId, Crew]) -> list[Spot]:
    """People without a node in any of their posts; a principal answers for all of the unit's."""
    carried = {
        post for item in items for post in (item.leader, item.responsible, item.handler)
    }
    # A liaison's work is to report, not to carry.
    spared = {post.id for post in store.all(Post, role=PostRole.LIAISON)}
    units = {
        post: unit for unit, crew in crews.items()
        for post in (*crew.leaders, *crew.heads, *crew.clerks, *(post for post, _ in crew.idle))
        if post not in spared
    }
    working, resting = set(), {}
    for tenure in store.all(Tenure, until=None):
        if tenure.post in carried or tenure.post not in units:
            working.add(tenure.person)
        else:
            resting[tenure.person] = units[tenure.post]
    return [
        Spot(SpotKind.IDLE_PERSON, person, unit)
        for person, unit in resting.items() if person not in working
    ]


def _points(store: Store, year: int) -> list[Spot]:
    """Units that need not carry an indicator with points (合理缺项) and so fall short of 100."""
    root = offices.root_unit(store)
    totals = matrix_reads.unit_totals(store, year, None)
    return [
        Spot(SpotKind.POINTS, one.unit, one.unit)
        for one in totals if one.unit != root and one.points != 100
    ]


def _without_agreement(store: Store, year: int, placed: Sequence[Placed]) -> list[Spot]:
    """Drafts between counties and their townships; the last county has not made any."""
    towns = [unit.id for unit in placed if unit.kind is UnitKind.TOWNSHIP]
    counties = [unit.id for unit in placed if unit.kind is UnitKind.COUNTY]
    last = {row.id for row in offices.children_of(store, counties[-1])} if towns else set()
    agreements.make_agreements(store, year, [town for town in towns if town not in last])
    return [Spot(SpotKind.NO_AGREEMENT, town, town) for town in towns if town in last]


def _uncovered(store: Store, year: int) -> list[Spot]:
    return [
        Spot(SpotKind.UNCOVERED_ITEM, item.id)
        for item in registers.items(store, year, only_uncovered=True)
    ]
