"""The rooms of a county's and a township's office call the departments below it by their own level's word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.services import offices, planning_edits, planning_framework, session
from mbo_desktop.services.target_cells import TargetField
from ui.grids.reading import read_cell
from ui.jobs import DirectRunner
from ui.pages.agreements import AgreementsPage
from ui.pages.offices import OfficesPage
from ui.pages.offices_tree import unit_columns
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


@pytest.mark.parametrize(("office", "word"), [
    ("示例县人民政府目标管理办公室", "县直部门"), ("石桥镇人民政府督查办", "乡镇站所"),
])
def test_tables_and_filters_say_it_so(tmp_path: Path, set_clock: None, qtbot: Any, office: str, word: str) -> None:
    store = session.create_folder(tmp_path / "data", office_name=office, year=YEAR)
    unit = offices.add_unit(store, "农业服务中心", superior=offices.root_unit(store))
    assert store.get(Unit, unit).kind is UnitKind.DEPARTMENT
    indicator = planning_framework.add_indicator(store, YEAR, "粮食产量(万吨)")
    planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, "3")
    workspace = Workspace(store, DirectRunner(), Settings(tmp_path / "settings.json"))
    workspace.set_year(YEAR)
    try:
        page = OfficesPage(workspace)
        qtbot.addWidget(page)
        page.activate()
        cells = page.source.rows([int(unit)])[int(unit)].cells
        assert cells["kind"].text == cells["peer_group"].text == word  # type: ignore[union-attr]
        assert word in texts(page.kinds) and "市直部门" not in texts(page.kinds)
        kind = next(one for one in unit_columns(store) if one.key == "kind")
        for typed in (word, "市直部门", "县直部门"):
            assert read_cell(kind, typed) is UnitKind.DEPARTMENT
        assert read_cell(kind, "乡镇街道") is UnitKind.TOWNSHIP
        board = AgreementsPage(workspace)
        qtbot.addWidget(board)
        board.activate()
        row = board.source.rows([int(unit)])[int(unit)].cells
        assert row["kind"] == row["group"] == word
        assert word in texts(board._kinds)
    finally:
        store.close()
