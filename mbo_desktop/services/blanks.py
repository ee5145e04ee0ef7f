"""空白清单: all checks over the decomposition of a year, anew or only around an edit.

The whole list is made beside the window, page by page; after an edit `blanks_near` looks at
the nodes that were written, those above and those below, and `BlankList.after` puts the
answer in the place of what was known. What lies beside the tree (units, people, agreements,
points, sources) is only looked at for the whole list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mbo_desktop import clock
from mbo_desktop.domain.blank_nodes import check_node
from mbo_desktop.domain.blank_nodes import five_clears as clears_of
from mbo_desktop.domain.blanks import Blank, BlankKind, NodeState, Room, Severity
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import Cancelled
from mbo_desktop.services.blank_registers import Carried, register_blanks
from mbo_desktop.services.blank_states import (
    Extras,
    States,
    Surroundings,
    carrier_of,
    named_posts,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import blanks as reads
from mbo_desktop.store.queries import decomposition as places
from mbo_desktop.store.queries.blanks import IndicatorFacts, NodeFacts, TargetFacts

__all__ = [
    "Blank", "BlankKind", "BlankList", "Near", "Room", "Severity", "UnitCount", "all_blanks",
    "blanks_near", "five_clears",
]

Progress = Callable[[int, int, str], None]
BRANCH = 300
"""Nodes below an edited one that are looked at at once."""
SIBLINGS = 1500
"""Children of a node whose sum is looked at at once."""
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many rows a unit has, by severity; unit None: the office's own."""

    unit: RecordId | None
    label: str
    blanks: int
    wrong: int
    notes: int

    @property
    def total(self) -> int:
        """All rows."""
        return self.blanks + self.wrong + self.notes


@dataclass(frozen=True)
class BlankList:
    """The list of a year: rows by unit in official order, the severe ones first."""

    year: int
    blanks: tuple[Blank, ...]
    units: tuple[tuple[RecordId, str], ...]
    """All units with their labels in official order."""
    checked: int
    """How many targets and allocations were looked at."""

    @cached_property
    def by_unit(self) -> tuple[UnitCount, ...]:
        """Counts of the units that have rows, in official order, the office's own first."""
        counts: dict[RecordId | None, Counter[Severity]] = {}
        for one in self.blanks:
            counts.setdefault(one.unit, Counter())[one.severity] += 1
        named: list[tuple[RecordId | None, str]] = [(None, "本级"), *self.units]
        return tuple(
            UnitCount(unit, label, *(counts[unit][severity] for severity in Severity))
            for unit, label in named if unit in counts
        )

    @cached_property
    def by_kind(self) -> dict[BlankKind, int]:
        """Rows per kind, in the order of the kinds, those without any left out."""
        counts = Counter(one.kind for one in self.blanks)
        return {kind: counts[kind] for kind in BlankKind if kind in counts}

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """Rows per severity."""
        counts = Counter(one.severity for one in self.blanks)
        return {severity: counts[severity] for severity in Severity}

    @cached_property
    def by_node(self) -> dict[int, tuple[Blank, ...]]:
        """Rows by the node of the tree they are about."""
        found: dict[int, list[Blank]] = {}
        for one in self.blanks:
            if one.node:
                found.setdefault(one.node, []).append(one)
        return {node: tuple(rows) for node, rows in found.items()}

    @property
    def sentence(self) -> str:
        """「检查了3,214项:空白12处,不一致3处,提示40处」."""
        counted = ",".join(f"{one.label}{count}处" for one, count in self.by_severity.items() if count)
        return f"检查了{self.checked:,}项:{counted or '没有发现空白'}"

    def after(self, near: Near) -> BlankList:
        """The list with what was found anew around an edit."""
        kept = [
            one for one in self.blanks
            if one.room is not Room.DECOMPOSITION or not one.node or one.node not in near.nodes
        ]
        return replace(self, blanks=_in_order([*kept, *near.blanks], self.units))


@dataclass(frozen=True, slots=True)
class Near:
    """What an edit left blank around it."""

    blanks: tuple[Blank, ...]
    nodes: frozenset[int]
    """Tree ids that were looked at, gone ones too; earlier rows of theirs no longer hold."""
    is_complete: bool
    """False when the branch is so large that only a part was looked at: run the whole list."""


def all_blanks(
    store: Store, year: int, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BlankList:
    """Everything blank or contradictory in a year; raises Cancelled when `cancelled` says so."""
    report = progress or (lambda _done, _total, _text: None)
    around = Surroundings(store, year, clock.today())
    rows = reads.indicators(store, year)
    sizes = reads.target_sizes(store, (row.id for row in rows))
    total = sum(size for _, size in sizes)
    carried, found, done = Carried(), list[Blank](), 0
    by_id = {row.id: row for row in rows}
    for group in reads.in_groups(sizes):
        targets = reads.targets_of(store, group)
        for tree in _trees(store, around, [by_id[one] for one in group], targets):
            if cancelled is not None and cancelled():
                raise Cancelled
            found += tree.everything()
            carried.learn(tree.row, tree.states.targets, tree.nodes())
            done += len(tree.states.targets)
            report(done, total, tree.row.name)
    if cancelled is not None and cancelled():
        raise Cancelled
    report(total, total, "单位、人员和责任书")
    found += register_blanks(store, year, around, rows, carried)
    units = tuple((RecordId(row[0]), row[1]) for row in around.unit_rows)
    return BlankList(year, _in_order(found, units), units, carried.checked)


def blanks_near(store: Store, year: int, ids: Iterable[int]) -> Near:
    """Check again the nodes of these records (targets, indicators, allocations) and those around.

    Records of other types and of other years are passed over.
    """
    spot = _Spot(store, ids)
    around = Surroundings(store, year, clock.today())
    found: list[Blank] = []
    looked: set[int] = set()
    for tree in spot.trees(around, year):
        for target in tree.states.targets:
            if target.id in spot.targets:
                looked.add(tree.states.node_of(target))
                found += tree.target_blanks(target)
        for node in tree.rows.values():
            if node.id in spot.nodes:
                looked.add(node.id)
                found += tree.node_blanks(node)
    # What was deleted is looked at too: its rows go.
    return Near(tuple(found), frozenset(looked | spot.gone), spot.is_complete)


def five_clears(store: Store, year: int, node: int) -> tuple[tuple[str, bool, str], ...]:
    """(name, whether it is clear, what is stated or missing) of a node's five clears; () for none."""
    spot = _Spot(store, [node], branch=1)
    around = Surroundings(store, year, clock.today())
    for tree in spot.trees(around, year):
        found = tree.find(node)
        if found is not None:
            state, children = found
            return clears_of(state, children, around.context(tree.row))
    return ()


def _in_order(
    found: Sequence[Blank], units: Sequence[tuple[RecordId, str]]
) -> tuple[Blank, ...]:
    order = {unit: place for place, (unit, _label) in enumerate(units)}
    return tuple(sorted(found, key=lambda one: (
        -1 if one.unit is None else order.get(one.unit, len(order)), _ORDER[one.severity],
    )))


# One indicator with what hangs under it ---------------------------------------


class _Tree:
    """The targets of an indicator and the allocations that were read, checked node by node."""

    def __init__(
        self, around: Surroundings, row: IndicatorFacts, targets: Sequence[TargetFacts],
        nodes: Iterable[NodeFacts], extras: Extras,
    ) -> None:
        self.row = row
        self.rows: dict[int, NodeFacts] = {}
        self._roots: dict[int, NodeFacts] = {}
        self._children: dict[int, list[NodeFacts]] = {}
        for node in nodes:
            if node.target is not None:
                self._roots[node.target] = node
                continue
            self.rows[node.id] = node
            if node.parent is not None:
                self._children.setdefault(node.parent, []).append(node)
        for listed in self._children.values():
            listed.sort(key=lambda one: (one.ord, one.id))
        order = {unit: place for place, unit in enumerate(around.units)}
        ordered = sorted(targets, key=lambda one: (order.get(one.unit, len(order)), one.id))
        self.states = States(around, row, ordered, self._roots, extras)
        self._context = around.context(row)
        self._by_id = {one.id: one for one in ordered}
        self._made: dict[int, NodeState] = {}
        self._parts: dict[int, tuple[list[NodeState], bool]] = {}

    def nodes(self) -> Iterator[NodeFacts]:
        """All allocations, the roots too."""
        yield from self._roots.values()
        yield from self.rows.values()

    def everything(self) -> Iterator[Blank]:
        """All blanks of the tree in its order."""
        carrier = self.states.carrier
        first = [] if carrier is None else [carrier]
        for target in [*first, *(one for one in self.states.targets if one is not carrier)]:
            yield from self.target_blanks(target)
            root = self._roots.get(target.id)
            waiting = [] if root is None else [*reversed(self._children.get(root.id, ()))]
            while waiting:
                node = waiting.pop()
                yield from self.node_blanks(node)
                waiting += reversed(self._children.get(node.id, ()))

    def target_blanks(self, target: TargetFacts) -> list[Blank]:
        """The blanks of a target; the carrier's parts are the other targets and its allocations."""
        carrier = self.states.carrier
        above = None if carrier is None or carrier is target else self._target(carrier)
        measured = above is not None and self._of_target(carrier)[1] if carrier else False
        return check_node(
            self._target(target), above, self._of_target(target)[0], self._context,
            siblings_measured=measured,
        )

    def node_blanks(self, node: NodeFacts) -> list[Blank]:
        """The blanks of an allocation; none where what stands above was not read."""
        state = self._node(node)
        if state is None or node.parent is None or node.in_target is None:
            return []
        parent = self.rows.get(node.parent)
        if parent is None:
            target = self._by_id[node.in_target]
            above, (_, measured) = self._target(target), self._of_target(target)
        else:
            found = self._node(parent)
            assert found is not None
            above, (_, measured) = found, self._of_node(parent.id)
        return check_node(
            state, above, self._of_node(node.id)[0], self._context, siblings_measured=measured
        )

    def find(self, node: int) -> tuple[NodeState, list[NodeState]] | None:
        """A node by its tree id with the nodes directly below it."""
        for target in self.states.targets:
            if self.states.node_of(target) == node:
                return self._target(target), self._of_target(target)[0]
        row = self.rows.get(node)
        state = None if row is None else self._node(row)
        return None if state is None else (state, self._of_node(node)[0])

    def _target(self, target: TargetFacts) -> NodeState:
        made = self._made.get(-target.id)
        if made is None:
            made = self._made[-target.id] = self.states.target(target)
        return made

    def _node(self, node: NodeFacts) -> NodeState | None:
        made = self._made.get(node.id)
        if made is not None:
            return made
        target = self._by_id.get(node.in_target or 0)
        if target is None:
            return None
        way = [node]
        while (parent := self.rows.get(way[-1].parent or 0)) is not None:
            way.append(parent)
        if self._roots.get(target.id) is None or way[-1].parent != self._roots[target.id].id:
            return None
        above = self._target(target)
        for one in reversed(way):
            above = self._made.get(one.id) or self.states.allocation(one, above, target.unit)
            self._made[one.id] = above
        return above

    def _of_target(self, target: TargetFacts) -> tuple[list[NodeState], bool]:
        """The states below a target, and whether any of them has an amount."""
        found = self._parts.get(-target.id)
        if found is None:
            root = self._roots.get(target.id)
            under = [] if root is None else [*self._of_node(root.id)[0]]
            if target is self.states.carrier:
                under = [
                    *(self._target(one) for one in self.states.targets if one is not target), *under
                ]
            found = self._parts[-target.id] = (under, _any_amount(under))
        return found

    def _of_node(self, node: int) -> tuple[list[NodeState], bool]:
        found = self._parts.get(node)
        if found is None:
            states = (self._node(one) for one in self._children.get(node, ()))
            under = [one for one in states if one is not None]
            found = self._parts[node] = (under, _any_amount(under))
        return found


def _any_amount(states: Iterable[NodeState]) -> bool:
    return any(one.amount is not None for one in states)


def _trees(
    store: Store, around: Surroundings, rows: Sequence[IndicatorFacts],
    targets: Sequence[TargetFacts],
) -> Iterator[_Tree]:
    """The trees of these indicators with all their allocations."""
    nodes: list[NodeFacts] = []
    for group in reads.in_groups(reads.node_sizes(store, (one.id for one in targets))):
        nodes += reads.nodes_of(store, group)
    yield from _grown(store, around, rows, targets, nodes)


def _grown(
    store: Store, around: Surroundings, rows: Sequence[IndicatorFacts],
    targets: Sequence[TargetFacts], nodes: Sequence[NodeFacts],
) -> Iterator[_Tree]:
    around.learn_posts(named_posts(nodes))
    extras = Extras(store, targets, nodes)
    of_indicator: dict[int, list[TargetFacts]] = {row.id: [] for row in rows}
    indicator_of: dict[int, int] = {}
    for one in targets:
        of_indicator[one.indicator].append(one)
        indicator_of[one.id] = one.indicator
    of_tree: dict[int, list[NodeFacts]] = {row.id: [] for row in rows}
    for node in nodes:
        of_tree[indicator_of[node.in_target or 0]].append(node)
    for row in rows:
        yield _Tree(around, row, of_indicator[row.id], of_tree[row.id], extras)


# Around an edit ---------------------------------------------------------------


class _Spot:
    """Which nodes an edit may have changed, and what has to be read to check them."""

    def __init__(self, store: Store, ids: Iterable[int], *, branch: int = BRANCH) -> None:
        self._store = store
        found = places.places(store, ids)
        self._indicators = set(found.indicators)
        self.targets = set(found.targets)
        self.nodes: set[int] = set()
        self.is_complete = True
        tops: set[int] = set()
        for node, parent, target in reads.parents_of(store, found.allocations):
            tops.add(node)
            if target is not None:
                self.targets.add(target)
            elif parent is not None:
                self.nodes |= {node, parent}
        roots = reads.roots_of(store, found.targets) if found.targets else []
        below = reads.below(store, tops | {root.id for root in roots}, branch)
        self.is_complete = len(below) < branch
        self.nodes.update(below)
        self.gone: set[int] = {*found.allocations, *found.targets}

    def trees(self, around: Surroundings, year: int) -> Iterator[_Tree]:
        """The trees of the indicators concerned, with what the checks look at."""
        store = self._store
        nodes = {one.id: one for one in reads.above(store, self.nodes)}
        for one in nodes.values():
            if one.id in self.nodes and one.target is not None:
                self.nodes.discard(one.id)
                self.targets.add(one.target)
        carried = {one.in_target for one in nodes.values() if one.in_target is not None}
        known = reads.targets(store, carried | self.targets)
        rows = reads.indicators(store, year, {one.indicator for one in known} | self._indicators)
        targets = reads.targets_of(store, [row.id for row in rows])
        self._add_carriers(targets, around.own, {one.id: one.indicator for one in known})
        nodes |= {one.id: one for one in reads.roots_of(store, self.targets | carried)}
        wanted = self.nodes | {one.id for one in nodes.values() if one.target in self.targets}
        counts = reads.child_counts(store, wanted)
        crowded = {one for one, count in counts.items() if count > SIBLINGS}
        if crowded:
            self.is_complete = False
            roots = {nodes[one].target for one in crowded if one in nodes} - {None}
            self.nodes -= crowded
            self.targets -= roots
            self.gone -= crowded | roots
        nodes |= {one.id: one for one in reads.children_of(store, wanted - crowded)}
        inside = {one.id for one in targets}
        yield from _grown(
            store, around, rows, targets, [one for one in nodes.values() if one.in_target in inside]
        )

    def _add_carriers(
        self, targets: Sequence[TargetFacts], own: int | None, touched: dict[int, int]
    ) -> None:
        """The sum over the targets of an indicator stands at its carrier."""
        listed: dict[int, list[TargetFacts]] = {}
        for one in targets:
            listed.setdefault(one.indicator, []).append(one)
        edited = {touched[one] for one in self.targets if one in touched} | self._indicators
        for row, under in listed.items():
            carrier = carrier_of(under, own)
            if carrier is not None and row in edited:
                self.targets.add(carrier.id)
