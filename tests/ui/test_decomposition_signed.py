"""An edit in the tree that leaves an issued agreement with a lower unit or a person behind is told, with a way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.agreements import AgreementLevel
from mbo_desktop.services import agreement_levels, decomposition_structure, signing
from mbo_desktop.services.decomposition_edits import FieldEdit, write_field, write_fields
from tests.ui.decomposition_folder import YEAR, Folder, make_folder
from ui.jobs import DirectRunner
from ui.pages.decomposition import DecompositionPage
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = make_folder(tmp_path / "data")
    yield made
    made.store.close()


def words(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


def test_a_task_of_a_signed_person(folder: Folder, tmp_path: Path, qtbot: QtBot) -> None:
    store = folder.store
    task = decomposition_structure.add_child(store, YEAR, folder.second)
    assert not write_fields(store, YEAR, [
        FieldEdit(task, "title", "就业培训"), FieldEdit(task, "value", "200"),
        FieldEdit(task, "responsible", "张三"), FieldEdit(task, "handler", "刘敏"),
    ], "落实")
    made = agreement_levels.make_agreements(store, YEAR, AgreementLevel.PERSON).made
    workspace = Workspace(store, DirectRunner(), Settings(tmp_path / "settings.json"))
    workspace.set_year(YEAR)
    page = DecompositionPage(workspace)
    qtbot.addWidget(page)
    workspace.changed.connect(page.refresh)
    said: list[tuple[str, object]] = []
    workspace.said.connect(lambda text, tone, actions: said.append((text, actions)))
    page.resize(1180, 640)
    page.show()
    page.activate()
    assert page.open_node(task, "value")
    assert not write_field(store, YEAR, task, "value", "210")
    QApplication.processEvents()
    assert said == [], "nothing was issued yet"
    signing.issue(store, list(made), on=date(2020, 3, 10))
    said.clear()
    assert not write_field(store, YEAR, task, "value", "220")
    QApplication.processEvents()
    (text, actions), = said
    assert "综合科科长" in text and "综合科科员" in text and "没有依据" in text
    assert "与已印发的责任书不同" in words(page.side)
    ((label, undo),) = actions
    assert label == "撤销"
    undo()
    QApplication.processEvents()
    assert len([one for one in said if "没有依据" in one[0]]) == 1, "taking it back is no edit"
    assert "与已印发的责任书不同" not in words(page.side)
