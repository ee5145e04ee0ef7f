"""Any order of adding, moving, deleting, copying and undoing leaves the tree as a plain model has it."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import decomposition, decomposition_structure
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, children, shown

Shape = dict[int, list[int]]
"""Row → rows below it in order."""


def seen(store: Store, top: int) -> Shape:
    """The tree as it is read, from one row down."""
    shape: Shape = {}
    waiting = [top]
    while waiting:
        node = waiting.pop()
        shape[node] = children(store, node)
        waiting += shape[node]
    return shape


class Machine:
    """Deeds done in the program and on plain lists."""

    def __init__(self, tree: Tree, random: Random) -> None:
        self.tree, self.store, self.random = tree, tree.store, random
        self.shape = seen(tree.store, tree.indicator)
        self.fixed = set(self.shape)

    def parent(self, node: int) -> int:
        return next(key for key, listed in self.shape.items() if node in listed)

    def free(self) -> int | None:
        nodes = sorted(set(self.shape) - self.fixed)
        return self.random.choice(nodes) if nodes else None

    def below(self, node: int) -> set[int]:
        found, waiting = {node}, [node]
        while waiting:
            inner = self.shape[waiting.pop()]
            found.update(inner)
            waiting += inner
        return found

    def add(self) -> None:
        parent = self.random.choice(sorted(self.shape))
        node = decomposition_structure.add_child(self.store, YEAR, parent)
        self.shape[parent].append(node)
        self.shape[node] = []

    def sibling(self) -> None:
        beside = self.free()
        if beside is not None:
            node = decomposition_structure.add_sibling(self.store, YEAR, beside)
            listed = self.shape[self.parent(beside)]
            listed.insert(listed.index(beside) + 1, node)
            self.shape[node] = []

    def move(self) -> None:
        node, goal = self.free(), self.random.choice(sorted(self.shape))
        if node is None:
            return
        rest = [one for one in self.shape[goal] if one not in self.fixed and one != node]
        before = self.random.choice([*rest, None])
        if goal in self.below(node):
            with pytest.raises(NotAllowedError):
                decomposition_structure.move(self.store, YEAR, [node], goal, before)
            return
        decomposition_structure.move(self.store, YEAR, [node], goal, before)
        self.shape[self.parent(node)].remove(node)
        listed = self.shape[goal]
        listed.insert(len(listed) if before is None else listed.index(before), node)

    def remove(self) -> None:
        node = self.free()
        if node is None:
            return
        gone = self.below(node)
        assert decomposition_structure.remove(self.store, YEAR, [node]) == len(gone)
        self.shape[self.parent(node)].remove(node)
        for one in gone:
            del self.shape[one]

    def copy(self) -> None:
        node = self.free()
        if node is not None:
            unit = self.tree.units["高新区"]
            made = decomposition_structure.copy_branch(self.store, YEAR, node, [unit])
            assert made == len(self.below(node))
            self.shape = seen(self.store, self.tree.indicator)


@pytest.mark.parametrize("seed", range(6))
def test_deeds_in_any_order(office: Office, seed: int) -> None:
    random = Random(seed)
    machine = Machine(Tree(office), random)
    store = machine.store
    deeds = [
        machine.add, machine.add, machine.add, machine.sibling, machine.move, machine.move,
        machine.remove, machine.copy,
    ]
    past: list[Shape] = []
    for _ in range(40):
        if past and random.random() < 0.2:
            store.undo()
            machine.shape = past.pop()
        else:
            before, changes = {key: list(one) for key, one in machine.shape.items()}, store.change_count
            random.choice(deeds)()
            if store.change_count != changes:
                past.append(before)
        assert seen(store, machine.tree.indicator) == machine.shape
    check_reads(machine)


def check_reads(machine: Machine) -> None:
    """Rows, ways and the empty filter agree with the shape."""
    store, tree = machine.store, machine.tree
    rows = decomposition.rows(store, YEAR, machine.shape)
    assert {key: row.child_count for key, row in rows.items()} == {
        key: len(listed) for key, listed in machine.shape.items()
    }
    for node in machine.shape:
        way = decomposition.path_to(store, YEAR, node)
        assert (way[0], way[-1]) == (tree.category, node)
        assert all(child in children(store, above) for above, child in pairwise(way))
    every = decomposition.matching(store, YEAR, decomposition.BranchFilter())
    assert every.visible == {tree.category, *machine.shape}
    assert shown(store, tree.indicator).unit == tree.own
