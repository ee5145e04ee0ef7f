"""The trees that the checks of the decomposition go through: whole, or around an edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mbo_desktop.domain.blank_nodes import check_node
from mbo_desktop.domain.blanks import Blank, NodeState
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

BRANCH = 300
"""Nodes below an edited one that are looked at at once."""
SIBLINGS = 1500
"""Children of a node whose sum is looked at at once."""


class Tree:
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
        self._beyond = around.named
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
        """The blanks of a target; the carrier's parts are the other targets and its allocations.

        None of what a unit beyond the own register carries: it is known for a part of it, or for its figures.
        """
        if target.unit in self._beyond:
            return []
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
        if node.in_unit in self._beyond and self._by_id[node.in_target].unit in self._beyond:
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


def trees_of(
    store: Store, around: Surroundings, rows: Sequence[IndicatorFacts],
    targets: Sequence[TargetFacts],
) -> Iterator[Tree]:
    """The trees of these indicators with all their allocations."""
    nodes: list[NodeFacts] = []
    for group in reads.in_groups(reads.node_sizes(store, (one.id for one in targets))):
        nodes += reads.nodes_of(store, group)
    yield from _grown(store, around, rows, targets, nodes)


def _grown(
    store: Store, around: Surroundings, rows: Sequence[IndicatorFacts],
    targets: Sequence[TargetFacts], nodes: Sequence[NodeFacts],
) -> Iterator[Tree]:
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
        yield Tree(around, row, of_indicator[row.id], of_tree[row.id], extras)


class Spot:
    """Which nodes an edit may have changed, and what has to be read to check them."""

    def __init__(self, store: Store, ids: Iterable[int], *, alone: bool = False) -> None:
        """alone: only these nodes themselves, however many children they have."""
        self._store, self._alone = store, alone
        branch = 1 if alone else BRANCH
        found = places.places(store, ids)
        self._indicators = set(found.indicators)
        self.targets = set(found.targets)
        self.nodes: set[int] = set()
        self.is_complete = True
        tops: set[int] = set()
        moved = reads.earlier_parents(store, found.allocations)
        for node, parent, target in reads.parents_of(store, {*found.allocations, *moved}):
            if node not in found.allocations:
                # It lost a child; those below it are not touched.
                if target is not None:
                    self.targets.add(target)
                else:
                    self.nodes.add(node)
                continue
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

    def trees(self, around: Surroundings, year: int) -> Iterator[Tree]:
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
        crowded = {
            one for one, count in counts.items() if count > SIBLINGS and not self._alone
        }
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
