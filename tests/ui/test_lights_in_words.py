"""A light is never told by its colour alone: words or a note in its cell, a shape of its own in its picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QDialog

from mbo_desktop import clock
from tests.ui import walked_window
from ui.grids.sheet import SheetView
from ui.main_window import MainWindow
from ui.navigation import ROOMS
from ui.theme import Theme
from ui.widgets.chips import Chip

ROWS = 60


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    walked_window.the_day()
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: 0)
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def window(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    walked_window.the_day()
    with (
        walked_window.sample_city(tmp_path_factory.mktemp("lights") / "示例") as city,
        walked_window.walked(theme, city) as made,
    ):
        yield made


def lit_cells(sheet: SheetView) -> Iterator[tuple[str, str]]:
    """(column, words) of the first rows' cells with a light."""
    model = sheet.model()
    index = model.index(0, sheet.sections()[0])
    for _row in range(ROWS):
        if not index.isValid():
            return
        for section in sheet.sections():
            cell = model.cell(index.siblingAtColumn(section))
            if cell is not None and cell.light is not None:
                yield model.columns[section].title or model.columns[section].key, (cell.text or cell.note).strip()
        index = sheet.vertical(index, 1)


def test_every_light_has_words(window: MainWindow) -> None:
    """All tables and chips of all rooms; the sample city has lights in several of them."""
    silent: list[str] = []
    seen = 0
    for room in ROOMS:
        for way in walked_window.views(window, room.key):
            assert window.page is not None
            for one in walked_window.shown(window.page):
                if isinstance(one, SheetView) and one.model().rowCount():
                    for column, words in lit_cells(one):
                        seen += 1
                        if not words:
                            silent.append(f"{way}: {column}")
                elif isinstance(one, Chip) and not one.text.strip():
                    silent.append(f"{way}: a chip")
    assert not silent, chr(10).join(dict.fromkeys(silent))
    assert seen > 100, "the walk no longer finds the lights"
