"""挂账 and 销号 in the register of dockets: lists of their own, told in the list and in the panel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.domain.dockets import DocketAct
from tests.ui.inspection_folder import new_docket, shown, words_of
from tests.ui.progress_folder import Folder
from ui.pages.inspection_dockets import DocketsView
from ui.pages.inspections import InspectionsPage

A = DocketAct


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(folder: Folder, tmp_path: Path, qtbot: Any) -> Any:
    return shown(InspectionsPage, folder, tmp_path, qtbot)


def texts(view: DocketsView, key: str) -> list[str]:
    model = view.panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def test_what_is_kept_on_the_books_and_what_is_struck_off_have_their_lists(page: Any, folder: Folder) -> None:
    held = new_docket(folder, "等待用地批复", A.FILE, A.ASSIGN, A.HOLD)
    struck = new_docket(
        folder, "垃圾清运", A.FILE, A.ASSIGN, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE, A.STRIKE_OFF)
    new_docket(folder, "污水管网改造", A.FILE)
    page.activate()
    view = page.views.view
    assert isinstance(view, DocketsView)
    for scope, titles in (
        ("held", ["等待用地批复"]), ("struck", ["垃圾清运"]), ("listed", ["等待用地批复", "污水管网改造"]),
        ("open", ["等待用地批复", "污水管网改造"]),
    ):
        view.show_scope(scope)
        assert sorted(texts(view, "title")) == sorted(titles), scope
    view.show_scope("all")
    assert sorted(texts(view, "state")) == ["已立项", "已销号", "挂账"]
    view.show_docket(held)
    assert "挂账:" in words_of(view.side)
    view.show_docket(struck)
    assert set(view.side.buttons) == {A.ARCHIVE, A.REOPEN, A.LOOK_BACK, A.NOTE}
