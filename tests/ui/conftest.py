"""A window system with the program's own look, and a table to type into."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mbo_desktop.errors import InputError
from ui.grids.columns import Cell, Column, Edit, Kind, Row
from ui.grids.model import GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView
from ui.theme import Theme

OF_OFFSCREEN = tuple(f"This plugin does not support {what}" for what in (
    "propagateSizeHints", "raise", "lower", "grabbing", "setParent", "setting window", "QCursor::setPos",
    "QPlatformServices",
))
"""What the window system without a screen says of itself; on a real one none of it is said."""
OF_MACHINE = (
    "QStandardPaths", "XDG_RUNTIME_DIR", "Detected locale", "QFontDatabase", "[Ff]ontconfig", "xkbcommon", "D-Bus",
)
"""What Qt says of the machine it runs on, not of the program."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails the test, but for what is said of window system and machine."""
    for item in items:
        if "/ui/" in item.path.as_posix() and item.get_closest_marker("expects_warnings") is None:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*OF_OFFSCREEN, *OF_MACHINE, extend=True))


@pytest.fixture(autouse=True, scope="session")
def theme(qapp: QApplication) -> Theme:
    made = Theme(qapp)
    made.apply(100)
    return made


@pytest.fixture(autouse=True, scope="session")
def _clipboard_emptied(qapp: QApplication) -> Iterator[None]:
    """The offscreen clipboard outlives Python: what is left in it would be torn down by a dead interpreter."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True, scope="session")
def _own_collector() -> Iterator[None]:
    """Widgets are collected in the GUI thread, as in the program: never in a lane."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_between(qapp: QApplication) -> Iterator[None]:
    yield
    if gc.get_count()[0] > 30_000:
        gc.collect()


def read_number(text: str) -> Decimal:
    """A reader of the tests' own, so that they fail for the grid's faults only."""
    try:
        return Decimal(text.replace(",", ""))
    except ArithmeticError:
        raise InputError(f"“{text}”不是数字。", "请改为 30。") from None


COLUMNS = (
    Column("name", "指标", editable=True, frozen=True),
    Column("place", "序号", Kind.NUMBER),
    Column("target", "目标", Kind.NUMBER, unit="亿元", editable=True, group="甲县", read=read_number),
    Column("last", "上年", Kind.NUMBER, group="甲县"),
    Column("stretch", "力争", Kind.NUMBER, editable=True, group="甲县", read=read_number),
    Column("key", "重点", Kind.CHECK, editable=True),
)


@dataclass
class Book:
    """What a table shows and every write that reached it."""

    records: dict[int, dict[str, Any]]
    steps: list[tuple[str, list[Edit]]] = field(default_factory=list)
    refuse: dict[tuple[int, str], str] = field(default_factory=dict)
    fault: Exception | None = None

    def rows(self) -> list[Row]:
        return [Row(key, {n: _cell(v) for n, v in r.items()}) for key, r in self.records.items()]

    def write(self, edits: Sequence[Edit], label: str) -> dict[tuple[int, str], str]:
        if self.fault:
            raise self.fault
        self.steps.append((label, list(edits)))
        for edit in edits:
            if (edit.row, edit.key) not in self.refuse:
                self.records[edit.row][edit.key] = edit.value
        return self.refuse


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell("是" if value else "", value)
    if isinstance(value, Decimal):
        return Cell(f"{value:,}", value)
    return Cell(str(value or ""))


def make_book(count: int) -> Book:
    return Book({
        n: {"name": f"指标{n}", "place": Decimal(n), "target": Decimal(n * 10), "last": Decimal(n),
            "stretch": None, "key": False}
        for n in range(1, count + 1)
    })


@dataclass
class Table:
    """A shown table with its model and book, and the ways a person works it."""

    qtbot: QtBot
    book: Book
    model: GridModel
    view: GridView

    def go(self, row: int, key: str) -> None:
        self.view.setCurrentIndex(self.model.index(row, self.model.column_of(key)))

    def at(self) -> tuple[int, str]:
        index = self.view.currentIndex()
        return index.row(), self.model.columns[index.column()].key

    def text(self, row: int, key: str) -> str:
        return self.model.cell_at(row, self.model.column_of(key)).text

    def press(self, key: Any, modifier: Any = None) -> None:
        target = self.focus()
        if modifier is None:
            self.qtbot.keyClick(target, key)
        else:
            self.qtbot.keyClick(target, key, modifier)

    def type(self, text: str) -> None:
        for letter in text:
            self.qtbot.keyClick(self.focus(), letter)

    def focus(self) -> QWidget:
        return QApplication.focusWidget() or self.view


@pytest.fixture
def make_table(qtbot: QtBot) -> Callable[..., Table]:
    def make(count: int = 20, columns: Sequence[Column] = COLUMNS) -> Table:
        book = make_book(count)
        model = GridModel(ListSource(columns, book.rows, book.write))
        view = GridView(model)
        qtbot.addWidget(view)
        model.reload()
        view.resize(700, 420)
        view.show()
        view.activateWindow()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        return Table(qtbot, book, model, view)

    return make


@pytest.fixture
def table(make_table: Callable[..., Table]) -> Table:
    return make_table()
