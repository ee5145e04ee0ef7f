"""上年结转 in the register of dockets: listed in the new year, told in the panel, gone on with by one button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from mbo_desktop.domain.dockets import Docket, DocketAct
from mbo_desktop.services import sealing, session
from tests.ui.inspection_folder import new_docket, shown, words_of
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder
from ui.pages.inspection_dockets import DocketsView
from ui.pages.inspections import InspectionsPage

A = DocketAct


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


def test_a_docket_of_a_sealed_year_is_shown_and_goes_on(folder: Folder, tmp_path: Path, qtbot: Any) -> None:
    left = new_docket(folder, "污水管网改造", A.FILE, A.ASSIGN)
    page = shown(InspectionsPage, folder, tmp_path, qtbot)
    view = page.views.view
    assert isinstance(view, DocketsView)
    session.open_year(folder.store, YEAR + 1)
    sealing.seal_year(folder.store, YEAR, "年度结束")
    heads: list[str] = []
    view.figures_changed.connect(heads.append)
    page.workspace.set_year(YEAR + 1)
    view.activate()
    assert "上年结转 1" in heads[-1]
    assert view.panel.model.rowCount() == 0, "it is no docket of the new year"
    page.show_hint("carried")
    assert view.panel.view.current_id() == left
    said = words_of(view.side)
    assert "已封存" in said and str(YEAR) in said
    assert not view.side.buttons, "nothing is done to it any more"
    button = next(one for one in view.side.findChildren(QPushButton) if one.text() == "转为本年度督查事项")
    before = folder.store.get(Docket, left)
    button.click()
    made = view.panel.view.current_id()
    assert made != left
    assert folder.store.get(Docket, made).year == YEAR + 1  # type: ignore[arg-type]
    assert folder.store.get(Docket, left) == before
    view._on_wanted("origin")
    assert view.panel.view.current_id() == left, "the way back to the old one"
    assert "在那里办理" in words_of(view.side)
