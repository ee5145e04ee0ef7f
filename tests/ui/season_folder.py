"""目标体系 on one of its further views, over the small folder of `planning_folder`, with last year's results."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from mbo_desktop.services import planning_edits, planning_framework, result_edits, session
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.result_edits import ResultEdit
from mbo_desktop.services.results import ResultField
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, make_workspace, unit_ids
from ui.pages.planning import PlanningPage


def shown(store: Store, folder: Path, qtbot: QtBot, view: str) -> PlanningPage:
    """The room with the view; what it says is gathered in `said`, its workspace is `_workspace`."""
    workspace = make_workspace(store, folder)
    page = PlanningPage(workspace)
    qtbot.addWidget(page)
    page._workspace = workspace
    workspace.changed.connect(page.refresh)
    page.said = []
    workspace.said.connect(lambda text, tone, actions: page.said.append(text))
    page.resize(1184, 620)
    page.show()
    page.activate()
    page._on_view(view)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page


def add_last_year(store: Store) -> None:
    """Two targets of the year before: the first met, the second not."""
    session.open_year(store, YEAR - 1)
    indicator = planning_framework.add_indicator(store, YEAR - 1, "地区生产总值(亿元)")
    for unit, target, actual in zip(unit_ids(store), ("60", "38"), ("61", "36"), strict=True):
        planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, target)
        result_edits.apply_result_edits(
            store, [ResultEdit(indicator, unit, ResultField.ACTUAL, actual)])
