"""Whether a node has been divided over its children, and whether that still fits its amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.cascade import Coverage, SumRule
from mbo_desktop.services.decomposition import path_to
from mbo_desktop.services.decomposition_rows import BranchRow, branch_coverages
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as reads


def mark_divided(store: Store, change: Change, year: int, nodes: Iterable[int]) -> None:
    """Note on the parents of these nodes the amount that their children now answer for in full.

    Where the children do not suffice yet, the note stays as it was, and with it 需重新分解.
    """
    parents = parents_of(store, year, nodes)
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


def parents_of(store: Store, year: int, nodes: Iterable[int]) -> list[int]:
    """The tree ids directly above these nodes, each once."""
    wanted = list(nodes)
    places = reads.places(store, wanted)
    way = reads.way_up(store, places.allocations)
    # Siblings share the way up: one of each is asked.
    ones = {way.parents[one]: one for one in places.allocations if one in way.parents}
    above = [path_to(store, year, one)[-2:-1] for one in (*ones.values(), *places.targets)]
    return list(dict.fromkeys(one for pair in above for one in pair))
