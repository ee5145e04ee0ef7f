"""A block pasted into the tree of units that is larger than the tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.services import offices
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import make_store, make_workspace, unit_ids
from ui.pages.offices import OfficesPage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "数据")
    yield made
    made.close()


def test_what_a_pasted_block_has_too_much_is_said(
    qtbot: QtBot, store: Store, tmp_path: Path
) -> None:
    page = OfficesPage(make_workspace(store, tmp_path))
    qtbot.addWidget(page)
    said: list[str] = []
    page.workspace.said.connect(lambda text, *_rest: said.append(text))
    page.show()
    page.activate()
    section = [column.key for column in page.tree.tree.columns].index("principal")
    first = unit_ids(store)[0]
    assert page.tree.show_record([row.id for row in offices.path_of(store, first)], section)
    QApplication.clipboard().setText("王一\t李一\n王二\t李二\n王三\t李三")
    page.tree.paste()
    assert "2 格超出表格范围" in said[-1]
    assert [offices.unit_row(store, unit).principal for unit in unit_ids(store)] == ["王一", "王二"]
