"""The real window over a sample city, walked room by room and view by view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from mbo_desktop import clock
from mbo_desktop.sample import build_sample
from mbo_desktop.store.database import Store
from ui.jobs import DirectRunner
from ui.main_window import MainWindow
from ui.pages.base import Page
from ui.settings import Settings
from ui.theme import Theme
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

YEAR = 2020
SCREEN = QSize(1366, 728)
"""1366×768 without the panel and the title bar of a desktop."""


def the_day() -> None:
    """All walks happen on 20 September of the sample's year."""
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))


def sample_city(folder: Path) -> Store:
    """A city with something in every room."""
    return build_sample(folder, units=24, targets=120, year=YEAR, nodes=200, with_months=True)


def open_window(theme: Theme, store: Store, size: QSize = SCREEN) -> MainWindow:
    """The window at work in the city, shown in a size; the caller closes it."""
    store._listeners.clear()
    settings = Settings()
    window = MainWindow(theme, settings)
    workspace = Workspace(store, DirectRunner(), settings)
    workspace.set_year(YEAR)
    window.attach(workspace)
    window.resize(size)
    window.show()
    window.activateWindow()
    settle()
    return window


@contextmanager
def walked(theme: Theme, store: Store, zoom: int = 100) -> Iterator[MainWindow]:
    """The window over a city at a zoom while the block lasts."""
    the_day()
    theme.apply(zoom)
    made = open_window(theme, store)
    try:
        yield made
    finally:
        made.close()
        made.detach()
        made.deleteLater()
        settle()
        theme.apply(100)


def settle() -> None:
    """Let what was put off to the next turns happen."""
    for _turn in range(4):
        QApplication.processEvents()


def views(window: MainWindow, room: str) -> Iterator[str]:
    """Show a room and then each of its views; the way that leads to what is shown."""
    window.show_room(room)
    page = window.page
    assert page is not None
    settle()
    yield room
    for button in segments(page):
        if not button.isVisibleTo(page) or not button.isEnabled():
            continue
        button.click()
        settle()
        yield f"{room} › {button.text()}"


def segments(page: Page) -> list[QPushButton]:
    """The buttons that switch between views."""
    return [
        button for switch in page.findChildren(ViewSwitch) if switch.isVisibleTo(page)
        for button in switch.findChildren(QPushButton)
    ]


def shown(root: QWidget) -> list[QWidget]:
    """The root and everything in it that can be seen."""
    return [root, *(one for one in root.findChildren(QWidget) if one.isVisibleTo(root))]
