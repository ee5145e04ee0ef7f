"""One suite over every table and tree of every room: Excel's keys, sorting, finding, memory (ui.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mbo_desktop import clock
from mbo_desktop.sample import build_sample
from mbo_desktop.store.database import Store
from ui.grids.columns import Kind
from ui.grids.panel import GridPanel
from ui.grids.sheet import SheetView
from ui.grids.tree_view import TreeView
from ui.grids.view import GridView
from ui.jobs import DirectRunner
from ui.navigation import ROOMS, Room
from ui.pages.base import Page
from ui.settings import Settings
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

YEAR = 2020
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
Check = Callable[[SheetView, Store], None]


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    folder: Path = tmp_path_factory.mktemp("grids") / "示例"
    made = build_sample(folder, units=24, targets=120, year=YEAR, nodes=200, with_months=True)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_dialog_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dialog that nobody answers would wait for ever: what opens one is told instead."""

    def refuse(dialog: QDialog) -> int:
        raise AssertionError(f"{type(dialog).__name__} opened")

    monkeypatch.setattr(QDialog, "exec", refuse)


@pytest.fixture
def workspace(city: Store) -> Workspace:
    city._listeners.clear()
    made = Workspace(city, DirectRunner(), Settings())
    made.set_year(YEAR)
    return made


def shown_page(qtbot: QtBot, workspace: Workspace, room: Room) -> Page:
    page = room.make(workspace)
    qtbot.addWidget(page)
    page.resize(1200, 680)
    page.show()
    page.activate()
    QApplication.processEvents()
    return page


def sheets(page: Page) -> Iterator[tuple[str, SheetView]]:
    """Every table and tree of a room, view after view, with the way that leads to it."""
    seen: set[int] = set()

    def visible(way: str) -> Iterator[tuple[str, SheetView]]:
        page.activateWindow()
        QApplication.processEvents()
        for one in page.findChildren(QAbstractItemView):
            if isinstance(one, SheetView) and one.isVisibleTo(page) and id(one) not in seen:
                seen.add(id(one))
                yield way, one

    yield from visible(page.key)
    for button in _segments(page):
        button.click()
        way = f"{page.key} › {button.text()}"
        yield from visible(way)
        for inner in _segments(page):
            if inner.isVisibleTo(page) and inner.parent() is not button.parent():
                inner.click()
                yield from visible(f"{way} › {inner.text()}")


def _segments(page: Page) -> list[QPushButton]:
    return [
        button for switch in page.findChildren(ViewSwitch) if switch.isVisibleTo(page)
        for button in switch.findChildren(QPushButton)
    ]


def press(sheet: QWidget, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(sheet, key, modifiers)


def first(sheet: SheetView) -> QModelIndex:
    """The first cell, made current."""
    index = sheet.model().index(0, sheet.sections()[0])
    sheet.select_cell(index)
    return index


def editable(sheet: SheetView, kinds: tuple[Kind, ...] = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.TARGET)) -> QModelIndex:
    """The first cell that can be typed into, invalid when there is none in the first rows."""
    model = sheet.model()
    index = model.index(0, sheet.sections()[0])
    for _row in range(30):
        for section in sheet.sections():
            cell = index.siblingAtColumn(section)
            if model.columns[section].kind in kinds and cell.flags() & Qt.ItemFlag.ItemIsEditable:
                return cell
        index = sheet.vertical(index, 1)
        if not index.isValid():
            break
    return QModelIndex()


def editor_of(sheet: SheetView) -> QWidget | None:
    focus = QApplication.focusWidget()
    return focus if focus is not None and focus is not sheet and sheet.isAncestorOf(focus) else None


# Moving and copying ------------------------------------------------------------


def check_arrows(sheet: SheetView, _store: Store) -> None:
    start = first(sheet)
    sheet.setFocus()
    if len(sheet.sections()) > 1:
        if isinstance(sheet, TreeView):
            sheet.select_cell(start.siblingAtColumn(sheet.sections()[1]))
            start = sheet.currentIndex()
        else:
            press(sheet, Key.Key_Right)
            assert sheet.currentIndex().column() == sheet.sections()[1], "→ goes to the next column"
            press(sheet, Key.Key_Left)
            assert sheet.currentIndex().column() == start.column(), "← goes back"
    cell = editable(sheet)
    # In a list that is only read, Enter opens what the row is about.
    down, up = (Key.Key_Return, SHIFT) if cell.isValid() else (Key.Key_Down, NONE)
    start = cell if cell.isValid() else start
    sheet.select_cell(start)
    below = sheet.vertical(start, 1)
    if below.isValid():
        press(sheet, down)
        now = sheet.currentIndex()
        assert (now.row(), now.column()) == (below.row(), below.column()), f"{down.name} goes down"
        press(sheet, Key.Key_Return if up == SHIFT else Key.Key_Up, up)
        assert sheet.currentIndex().row() == start.row(), "and back up"
    press(sheet, Key.Key_Tab)
    assert sheet.currentIndex().isValid(), "Tab leaves a current cell"
    assert QApplication.focusWidget() is not None


def check_copy(sheet: SheetView, _store: Store) -> None:
    start = first(sheet)
    clipboard = QApplication.clipboard()
    clipboard.setText("vorher")
    press(sheet, Key.Key_C, CTRL)
    text = sheet.model().cell(start).text
    assert clipboard.text().strip('"\n') == text.strip('"\n') or text in clipboard.text(), f"Ctrl+C gives {clipboard.text()!r} for {text!r}"
    assert clipboard.text() != "vorher", "Ctrl+C fills the clipboard"


def check_headings(sheet: SheetView, _store: Store) -> None:
    columns = sheet.model().columns
    assert all(columns[one].title or columns[one].kind is Kind.CHECK for one in sheet.sections()), "every column has a heading"
    assert len({one.key for one in columns}) == len(columns), "keys of columns are unique"


# Editing -----------------------------------------------------------------------


def check_escape(sheet: SheetView, store: Store) -> None:
    """F2 and typing open the editor; Esc restores, nothing is written."""
    cell = editable(sheet)
    if not cell.isValid():
        return
    model, before = sheet.model(), store.change_count
    text = model.cell(cell).text
    for opened in (Key.Key_F2, Key.Key_7):
        sheet.select_cell(cell)
        sheet.setFocus()
        press(sheet, opened)
        editor = editor_of(sheet)
        assert editor is not None, f"{opened.name} opens the editor of {model.columns[cell.column()].title}"
        press(editor, Key.Key_Escape)
        assert editor_of(sheet) is None, "Esc closes the editor"
        assert model.cell(cell).text == text, "Esc restores"
    assert store.change_count == before, "nothing is written"


def check_unchanged(sheet: SheetView, store: Store) -> None:
    """F2 and Enter on an unchanged text write nothing."""
    cell = editable(sheet)
    if not cell.isValid():
        return
    before = store.change_count
    sheet.select_cell(cell)
    sheet.setFocus()
    press(sheet, Key.Key_F2)
    editor = editor_of(sheet)
    assert editor is not None
    press(editor, Key.Key_Return)
    assert store.change_count == before, f"F2 Enter wrote into {sheet.model().columns[cell.column()].title}"


def check_garbage_is_kept(sheet: SheetView, store: Store) -> None:
    """What cannot be read as the number or the day stays in the cell with its reason; nothing is written."""
    cell = editable(sheet, (Kind.NUMBER, Kind.DATE))
    if not cell.isValid():
        return
    model, before = sheet.model(), store.change_count
    place, title = (cell.row(), cell.column(), cell.parent()), model.columns[cell.column()].title
    sheet.select_cell(cell)
    sheet.setFocus()
    press(sheet, Key.Key_F2)
    editor = editor_of(sheet)
    assert editor is not None
    QTest.keyClick(editor, Key.Key_A, CTRL)
    QTest.keyClicks(editor, "qzx")
    press(editor, Key.Key_Return)
    kept = model.cell(model.index(place[0], place[1], place[2]))
    open_still = editor_of(sheet)
    if open_still is not None:
        # The scoring board keeps the editor open and says beside it what is wrong.
        press(open_still, Key.Key_Escape)
        return
    if sheet._message.isVisible() and kept.text != "qzx":
        # Forbidden here (a sealed year): the reason stands beside the cell.
        return
    assert kept.text == "qzx" or store.change_count > before, f"{title}: what was typed is gone"
    if store.change_count == before:
        assert kept.problem, f"{title}: no reason beside what could not be read"
        sheet.select_cell(model.index(place[0], place[1], place[2]))
        sheet.setFocus()
        press(sheet, Key.Key_F2)
        editor = editor_of(sheet)
        if editor is not None:
            press(editor, Key.Key_Escape)
    else:
        store.undo()


def check_delete_is_undone(sheet: SheetView, store: Store) -> None:
    """Delete clears a value cell or says why not; one undo brings the text back."""
    cell = editable(sheet)
    if not cell.isValid() or (isinstance(sheet, TreeView) and cell.column() == sheet.sections()[0]):
        return
    model, before = sheet.model(), store.change_count
    record, text = cell.row(), model.cell(cell).text
    sheet.select_cell(cell)
    sheet.setFocus()
    press(sheet, Key.Key_Delete)
    if store.change_count == before:
        return
    store.undo()
    again = model.index(record, cell.column(), cell.parent())
    QApplication.processEvents()
    if isinstance(sheet, GridView):
        sheet.grid.reload()
    assert again.isValid()
    shown = model.cell(again).text
    assert shown == text or isinstance(sheet, TreeView), f"undo brings {text!r} back, not {shown!r}"


# Sorting, finding, memory ----------------------------------------------------------


def check_sort(sheet: SheetView, _store: Store) -> None:
    """A third click on a heading brings the official order back."""
    if not isinstance(sheet, GridView):
        return
    model = sheet.grid
    sortable = [one for one in sheet.sections() if model.columns[one].sortable]
    before = [model.id_at(row) for row in range(model.rowCount())]
    for section in sortable[:3]:
        orders = []
        for _click in range(3):
            sheet.sort_by(section)
            orders.append([model.id_at(row) for row in range(model.rowCount())])
        title = model.columns[section].title
        assert orders[2] == before, f"the third click on {title} brings the official order back"
        assert sorted(orders[0]) == sorted(orders[1]) == sorted(before), f"sorting by {title} loses no row"


def check_find(sheet: SheetView, _store: Store) -> None:
    """Ctrl+F opens the find bar, which counts, and Esc closes it."""
    panel = sheet
    while panel is not None and not isinstance(panel, GridPanel):
        panel = panel.parentWidget()  # type: ignore[assignment]
    if panel is None:
        return
    start = first(sheet)
    text = sheet.model().cell(start).text
    sheet.setFocus()
    panel.find()
    bar = panel.find_bar
    assert not bar.isHidden(), "the find bar opens"
    field = bar.findChildren(QWidget)
    assert field
    bar.close_bar()
    assert bar.isHidden(), "the find bar closes"
    assert sheet.model().cell(sheet.model().index(0, start.column())).text == text


def check_memory(sheet: SheetView, _store: Store) -> None:
    """A width that was drawn and a column that was hidden are there next time."""
    panel = sheet
    while panel is not None and not isinstance(panel, GridPanel):
        panel = panel.parentWidget()  # type: ignore[assignment]
    if panel is None:
        return
    view = panel.view
    section = view.sections()[-1]
    view.setColumnWidth(section, 137)
    state = panel.save_state()
    view.setColumnWidth(section, 60)
    panel.restore_state(state)
    assert view.columnWidth(section) == 137, "the width is remembered"


CHECKS = (
    check_headings, check_arrows, check_copy, check_escape, check_unchanged, check_delete_is_undone,
    check_garbage_is_kept, check_sort, check_find, check_memory,
)


class Flashes(QObject):
    """Remembers widgets that were shown before they stood anywhere: each flashes up as a window of its own."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.seen = page, set[str]()

    def eventFilter(self, shown: QObject, event: QEvent) -> bool:
        """Only windows that nobody asked for."""
        if event.type() == QEvent.Type.Show and isinstance(shown, QWidget) and shown.isWindow():
            asked = shown is self.page or isinstance(shown, QMenu) or shown.windowType() is not Qt.WindowType.Window
            if not asked:
                self.seen.add(f"{type(shown).__name__} {shown.objectName()} {getattr(shown, 'text', str)()}")
        return False


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.key)
def test_every_table_behaves_as_a_spreadsheet(qtbot: QtBot, workspace: Workspace, room: Room) -> None:
    """Each check on each table with rows; all that fail are told at once. Nothing flashes up as a window."""
    page = shown_page(qtbot, workspace, room)
    flashes, failures, tried = Flashes(page), [], 0
    QApplication.instance().installEventFilter(flashes)
    try:
        for way, sheet in sheets(page):
            if not sheet.model().rowCount():
                continue
            tried += 1
            for check in CHECKS:
                try:
                    check(sheet, workspace.store)
                except AssertionError as error:
                    failures.append(f"{way}, {check.__name__}: {str(error).splitlines()[0]}")
    finally:
        QApplication.instance().removeEventFilter(flashes)
    assert not failures, chr(10).join(failures)
    assert not flashes.seen
    assert tried >= LEAST.get(room.key, 1), "the suite no longer finds the tables of this room"


LEAST = {"overview": 0, "exchange": 0, "planning": 6, "progress": 4, "inspections": 4, "assessment": 3, "circulars": 3}
"""Tables with rows that the sample city shows in a room."""
