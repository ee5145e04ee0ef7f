"""A small decomposition for tests of the tree."""

from __future__ import annotations

from decimal import Decimal

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import decomposition, planning_edits, planning_framework
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office


class Tree:
    """The office with one indicator of three targets and a branch below 江山市."""

    def __init__(self, office: Office) -> None:
        self.store, self.units, self.own = office.store, office.units, office.root
        self.category = planning_framework.add_category(self.store, YEAR, "其他工作")
        self.indicator = planning_framework.add_indicator(
            self.store, YEAR, "招商引资(亿元)", category=self.category, points=Decimal(10)
        )
        for unit, text in ((office.root, "100"), (self.units["柯城区"], "60"), (self.units["江山市"], "50")):
            planning_edits.set_cell(self.store, self.indicator, unit, TargetField.VALUE, text)
        with self.store.change("读") as change:
            self.target = {
                unit: change.named(planning_edits.Target, self.indicator, unit)
                for unit in (office.root, self.units["柯城区"], self.units["江山市"])
            }

    def node(self, parent: RecordId, **fields: object) -> RecordId:
        """A node below an allocation, last."""
        with self.store.change("加") as change:
            record = change.new(Allocation)
            change.put(Allocation(id=record, parent=parent, ord=f"V{record}1", **fields))  # type: ignore[arg-type]
        return record

    def root(self, unit: RecordId, **fields: object) -> RecordId:
        with self.store.change("根") as change:
            record = change.named(Allocation, self.target[unit])
            change.put(Allocation(id=record, target=self.target[unit], **fields))  # type: ignore[arg-type]
        return record


def children(store: Store, parent: int) -> list[int]:
    return decomposition.child_ids(store, YEAR, parent)


def shown(store: Store, node: int) -> decomposition.BranchRow:
    row = decomposition.row(store, YEAR, node)
    assert row is not None
    return row
