"""考核 over a small folder: four counties of one group, three indicators with figures of December."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.services import (
    offices,
    planning_edits,
    planning_framework,
    progress_entry,
    scheme_items,
    schemes,
    session,
)
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, make_workspace
from ui.pages.assessment import AssessmentPage

COUNTIES = ("甲县", "乙县", "丙县", "丁县")
FIGURES = {
    # target, actual of each county; the last county lacks a figure.
    "工业投资(亿元)": (("100", "110"), ("100", "100"), ("100", "90"), ("100", None)),
    "税收(亿元)": (("50", "50"), ("50", "40"), ("50", "55"), ("50", "50")),
}
POINTS = Decimal(50)


class Group:
    """A store with a scheme: half the points each, pro rata without bonus, confirmed."""

    def __init__(self, place: Path, *, with_scheme: bool = True) -> None:
        self.store: Store = session.create_folder(
            place, office_name="示例市人民政府目标管理办公室", operators=("王敏",), year=YEAR
        )
        root = offices.root_unit(self.store)
        self.units = [
            offices.add_unit(self.store, name, kind=UnitKind.COUNTY, superior=root) for name in COUNTIES
        ]
        for unit in self.units:
            offices.change_unit(self.store, unit, peer_group="县区组")
        category = planning_framework.categories(self.store, YEAR)[0].id
        self.indicators: list[RecordId] = []
        for name, rows in FIGURES.items():
            made = planning_framework.add_indicator(self.store, YEAR, name, category=category, points=POINTS)
            self.indicators.append(made)
            for unit, (target, actual) in zip(self.units, rows, strict=True):
                planning_edits.set_cell(self.store, made, unit, TargetField.VALUE, target)
                if actual is not None:
                    self.report(made, unit, actual)
        if with_scheme:
            self.scheme = schemes.make_scheme(self.store, YEAR, "县区组")
            for indicator in self.indicators:
                scheme_items.set_item(self.store, self.scheme, indicator, rule=preset("R01").rule)

    def report(self, indicator: RecordId, unit: RecordId, text: str) -> None:
        """The figure of December."""
        from mbo_desktop.domain.planning import Target

        (target,) = self.store.all(Target, indicator=indicator, unit=unit)
        progress_entry.write_cells(
            self.store, YEAR, 12, [ReportEdit(target.id, ReportField.AMOUNT, text)], kind=FigureKind.PROXY
        )


def shown(group: Group, place: Path, qtbot: QtBot, view: str = "board") -> AssessmentPage:
    """The room with a view; what it says is gathered in `said`, its workspace is `_workspace`."""
    workspace = make_workspace(group.store, place)
    page = AssessmentPage(workspace)
    qtbot.addWidget(page)
    page._workspace = workspace
    workspace.changed.connect(page.refresh)
    page.said = []
    workspace.said.connect(lambda text, tone, actions: page.said.append(text))
    page.resize(1184, 620)
    page.show()
    page.activate()
    if view != "board":
        page.choose(view)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page
