"""A small decomposed folder: an own target of 100 亿元 with two counties, a department with three posts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.services import (
    decomposition,
    offices,
    people,
    planning_edits,
    planning_framework,
    session,
)
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.store.database import Store

YEAR = 2020


@dataclass
class Folder:
    """The store and the numbers of what is in it."""

    store: Store
    units: dict[str, RecordId]
    category: RecordId
    indicator: RecordId
    """工业投资(亿元): 100 for the own unit, 60 and 40 for the counties."""
    second: RecordId
    """新增就业(人), allotted to 市工信局 only."""

    def below(self, node: int) -> list[int]:
        """The tree ids directly below one."""
        return decomposition.child_ids(self.store, YEAR, node)

    def row(self, node: int) -> decomposition.BranchRow:
        """A row of the tree."""
        found = decomposition.row(self.store, YEAR, node)
        assert found is not None
        return found

    def titles(self, node: int) -> list[str]:
        """Titles of the children as the row has them."""
        return [self.row(one).title for one in self.below(node)]


def make_folder(path: Path) -> Folder:
    """Make it new."""
    store = session.create_folder(path, office_name="示例市人民政府目标管理办公室", operators=("刘敏",), year=YEAR)
    root = offices.root_unit(store)
    assert root is not None
    units = {"示例市": root}
    for name, kind in (("柯城区", UnitKind.COUNTY), ("龙游县", UnitKind.COUNTY), ("市工信局", UnitKind.DEPARTMENT)):
        units[name] = offices.add_unit(store, name, kind=kind, superior=root)
    for name in ("航埠镇", "石梁镇"):
        units[name] = offices.add_unit(store, name, kind=UnitKind.TOWNSHIP, superior=units["柯城区"])
    for unit, role, title, person in (
        ("市工信局", PostRole.PRINCIPAL, "局长", "王建国"),
        ("市工信局", PostRole.RESPONSIBLE_PERSON, "综合科科长", "张三"),
        ("市工信局", PostRole.HANDLER, "综合科科员", "刘敏"),
        ("柯城区", PostRole.PRINCIPAL, "区长", "李喆"),
    ):
        people.add_post(store, units[unit], role=role, title=title, holder=person)
    category = planning_framework.categories(store, YEAR)[0].id
    indicator = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)", category=category, points=Decimal(10))
    second = planning_framework.add_indicator(store, YEAR, "新增就业(人)", category=category)
    for unit, text in (("示例市", "100"), ("柯城区", "60"), ("龙游县", "40")):
        planning_edits.set_cell(store, indicator, units[unit], TargetField.VALUE, text)
    planning_edits.set_cell(store, second, units["市工信局"], TargetField.VALUE, "3000")
    return Folder(store, units, category, indicator, second)
