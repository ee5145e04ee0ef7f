"""进度 over the small folder of `planning_folder`: two counties, targets to report on, a statistics bureau."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import offices, planning_edits, planning_framework, progress_entry
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.pages.progress import ProgressPage


class Folder:
    """A store with six targets: three indicators for two counties, the second certified."""

    def __init__(self, place: Path) -> None:
        self.store: Store = make_store(place)
        self.indicators = add_indicators(self.store)
        self.units = unit_ids(self.store)
        for indicator, texts in ((self.indicators[1], ("120", "60")), (self.indicators[2], ("2400", "1200"))):
            for unit, text in zip(self.units, texts, strict=True):
                planning_edits.set_cell(self.store, indicator, unit, TargetField.VALUE, text)
        self.bureau = offices.add_unit(
            self.store, "示例市统计局", kind=UnitKind.DEPARTMENT, superior=offices.root_unit(self.store)
        )

    def certify_second(self) -> None:
        """工业投资 is certified by the statistics bureau."""
        planning_framework.change_indicator(
            self.store, self.indicators[1], certifying_units=(self.bureau,)
        )

    def target(self, indicator: int, unit: int) -> RecordId:
        """The record of a target by places in the lists."""
        (found,) = self.store.all(
            Target, indicator=self.indicators[indicator], unit=self.units[unit]
        )
        return found.id

    def type(
        self, month: int, target: RecordId, text: str, field: ReportField = ReportField.AMOUNT,
        kind: FigureKind = FigureKind.PROXY,
    ) -> None:
        """One cell as the service writes it."""
        progress_entry.write_cells(
            self.store, YEAR, month, [ReportEdit(target, field, text)], kind=kind
        )


def shown(folder: Folder, place: Path, qtbot: QtBot, view: str = "month", month: int = 6) -> ProgressPage:
    """The room with a view and month; what it says is gathered in `said`, its workspace is `_workspace`."""
    workspace = make_workspace(folder.store, place)
    page = ProgressPage(workspace)
    qtbot.addWidget(page)
    page._workspace = workspace
    workspace.changed.connect(page.refresh)
    page.said = []
    workspace.said.connect(lambda text, tone, actions: page.said.append(text))
    page.restore_state({"months": {str(YEAR): month}})
    page.resize(1184, 620)
    page.show()
    page.activate()
    if view != "month":
        page.choose(view)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page
