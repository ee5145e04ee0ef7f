"""A small data folder for the screens of 目标体系 and the import: two counties, three indicators."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import offices, planning_edits, planning_framework, session
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.store.database import Store
from ui.jobs import DirectRunner
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


def make_store(folder: Path) -> Store:
    """An office with two counties and no indicator."""
    store = session.create_folder(
        folder, office_name="示例市人民政府目标管理办公室", operators=("王敏",), year=YEAR
    )
    for name in ("柯城区人民政府", "龙游县人民政府"):
        offices.add_unit(store, name, kind=UnitKind.COUNTY, superior=offices.root_unit(store))
    return store


def add_indicators(store: Store) -> list[RecordId]:
    """Three indicators; the first is allotted to both counties."""
    category = planning_framework.categories(store, YEAR)[0].id
    made = [
        planning_framework.add_indicator(
            store, YEAR, name, category=category, points=Decimal(points)
        )
        for name, points in (("地区生产总值(亿元)", "5"), ("工业投资(亿元)", "10"), ("新增就业(人)", "3"))
    ]
    for unit, text in zip(unit_ids(store), ("75亿元,增长25%", "40"), strict=True):
        planning_edits.set_cell(store, made[0], unit, TargetField.VALUE, text)
    return made


def unit_ids(store: Store) -> list[RecordId]:
    """The two counties in official order."""
    return [row.id for row in offices.units_in_order(store, kinds=(UnitKind.COUNTY,))]


def make_workspace(store: Store, folder: Path) -> Workspace:
    """The folder as the window's parts see it; everything happens at once."""
    workspace = Workspace(store, DirectRunner(), Settings(folder / "settings.json"))
    workspace.set_year(YEAR)
    return workspace
