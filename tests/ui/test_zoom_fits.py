"""Every room and view at every zoom on a screen of 1366×768: nothing is cut, nothing runs out of the window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import monotonic

import pytest
from PySide6.QtWidgets import QDialog

from mbo_desktop import clock
from mbo_desktop.store.database import Store
from tests.ui import fitting, walked_window
from ui.main_window import MainWindow
from ui.navigation import ROOMS
from ui.theme import Theme

pytestmark = pytest.mark.timeout(900)
"""A zoom is applied to every window that the tests before left."""
ZOOMS = (85, 100, 125, 150) if os.environ.get("MBO_FULL") else (100, 150)


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    walked_window.the_day()
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    walked_window.the_day()
    made = walked_window.sample_city(tmp_path_factory.mktemp("zoom") / "示例")
    yield made
    made.close()


@pytest.fixture(scope="module", params=ZOOMS)
def window(request: pytest.FixtureRequest, theme: Theme, city: Store) -> Iterator[MainWindow]:
    with walked_window.walked(theme, city, request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_dialog_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: 0)


def misfits_at_rest(window: MainWindow) -> list[str]:
    """What is cut once the layouts have settled, however slow the machine is."""
    until = monotonic() + 20
    while (found := list(fitting.misfits(window))) and monotonic() < until:
        walked_window.settle()
    return found


@pytest.mark.parametrize("room", [room.key for room in ROOMS])
def test_nothing_is_cut_at_any_zoom(window: MainWindow, room: str) -> None:
    """Texts, buttons and places of every view; the window keeps the screen's size."""
    found: list[str] = []
    for way in walked_window.views(window, room):
        found += [f"{way}: {one}" for one in dict.fromkeys(misfits_at_rest(window))]
        size = window.size()
        if size != walked_window.SCREEN:
            found.append(f"{way}: the window has to be {size.width()}×{size.height()}")
            window.resize(walked_window.SCREEN)
    assert not found, chr(10).join(dict.fromkeys(found))
