"""Whether a node has been divided over its children, and whether that still fits its amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.cascade import Coverage, SumRule
from mbo_desktop.services.decomposition_rows import BranchRow, branch_coverages
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as reads


def mark_divided(store: Store, change: Change, year: int, nodes: Iterable[int]) -> None:
    """Note on the parents of these nodes the amount that their children now answer for in full.

    Where the children do not suffice yet, the note stays as it was, and with it 需重新分解.
    """
    parents = parents_of(store, nodes)
    if not parents:
        return
    for row, covered in branch_coverages(store, year, parents, clock.today()).values():
        if covered is not None and suffices(covered):
            put_divided(change, row, row.amount)


def put_divided(change: Change, row: BranchRow, amount: Decimal | None) -> None:
    """Note the amount a row was divided at, on its allocation or its root, made if need be."""
    if row.target is None:
        return
    record = row.allocation or change.named(Allocation, row.target)
    node = change.find(Allocation, record) or Allocation(id=record, target=row.target)
    change.put(replace(node, divided_at=amount))


def suffices(covered: Coverage) -> bool:
    """Whether the children answer for the whole amount."""
    if covered.rule is SumRule.NONE or covered.strange:
        return False
    if covered.rule is SumRule.SUM:
        return covered.rest is not None and covered.rest <= 0
    return covered.holds and not covered.not_set


def parents_of(store: Store, nodes: Iterable[int]) -> list[int]:
    """The tree ids directly above these nodes, each once; tops of the tree have none."""
    places = reads.places(store, list(nodes))
    way = reads.way_up(store, places.allocations)
    above = dict.fromkeys(way.parents[one] for one in places.allocations if one in way.parents)
    rooted = [way.targets[one] for one in above if one in way.targets]
    owners = reads.indicators_of(store, {*rooted, *places.targets})
    carriers = reads.carriers(store, {one[0] for one in owners.values()})
    carried = {target: indicator for indicator, target in carriers.items()}
    found = [
        carried.get(way.targets[one], way.targets[one]) if one in way.targets else one
        for one in above
    ]
    found += [owners[one][0] for one in places.targets if one in owners]
    return list(dict.fromkeys(found))
