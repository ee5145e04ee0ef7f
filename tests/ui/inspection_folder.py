"""督查 over the small folder of `progress_folder`, with what a room says gathered beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import dockets
from mbo_desktop.services.dockets import step_of
from tests.ui.planning_folder import YEAR, make_workspace
from tests.ui.progress_folder import Folder
from ui.pages.base import Page
from ui.widgets.chips import Chip


def shown(page_type: type[Page], folder: Folder, place: Path, qtbot: QtBot) -> Any:
    """The room, shown; what it says is in `said`, where it leads in `gone`."""
    workspace = make_workspace(folder.store, place)
    page: Any = page_type(workspace)
    qtbot.addWidget(page)
    page.kept = workspace
    workspace.changed.connect(page.refresh)
    page.said, page.gone = [], []
    workspace.said.connect(lambda text, tone, actions: page.said.append(text))
    workspace.page_asked.connect(lambda *where: page.gone.append(where))
    page.resize(1184, 640)
    page.show()
    page.activate()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page


def words_of(widget: QWidget) -> str:
    """All that stands in a panel."""
    found = [one.text for one in widget.findChildren(Chip)]
    found += [one.text() for one in widget.findChildren(QLabel)]
    return "\n".join([*found, *(one.text() for one in widget.findChildren(QPushButton))])


def new_docket(folder: Folder, title: str, *acts: DocketAct, **facts: Any) -> RecordId:
    """A docket that went through these acts today."""
    facts.setdefault("lead", folder.units[0])
    facts.setdefault("days", 10)
    made = dockets.add(folder.store, YEAR, title, **facts)
    for act in acts:
        dockets.act(folder.store, [made], step_of(act, by="刘敏", text="已办"))
    return made
