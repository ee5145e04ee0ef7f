"""The view 空白清单: filters, counts per unit, opening the place, following edits, printing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.errors import Cancelled
from mbo_desktop.services import blanks, decomposition_edits, people
from mbo_desktop.services.blanks import BlankKind, Severity
from mbo_desktop.services.decomposition_edits import FieldEdit
from tests.ui.decomposition_folder import YEAR, Folder, make_folder
from ui.dialogs.print_preview import PrintPreview
from ui.jobs import DirectRunner
from ui.pages.decomposition import DecompositionPage
from ui.pages.decomposition_blanks import BlanksView
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = make_folder(tmp_path / "数据")
    yield made
    made.store.close()


@pytest.fixture
def page(folder: Folder, tmp_path: Path, qtbot: QtBot) -> DecompositionPage:
    workspace = Workspace(folder.store, DirectRunner(), Settings(tmp_path / "settings.json"))
    workspace.set_year(YEAR)
    shown = DecompositionPage(workspace)
    qtbot.addWidget(shown)
    workspace.changed.connect(shown.refresh)
    shown.asked = []
    workspace.page_asked.connect(lambda *asked: shown.asked.append(asked))
    shown.resize(1180, 620)
    shown.show()
    shown.activate()
    shown.show_hint("blanks")
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.setFocus()
    QApplication.processEvents()
    return shown


@pytest.fixture
def view(page: DecompositionPage) -> BlanksView:
    assert isinstance(page.views.view, BlanksView)
    return page.views.view


def texts(view: BlanksView) -> list[str]:
    return [f"{one.kind.label} {one.place}" for one in view.source.blanks.values()]


def select(view: BlanksView, kind: BlankKind, place: str = "") -> int:
    """Make the first row of a kind current."""
    number = next(number for number, one in view.source.blanks.items()
                  if one.kind is kind and place in one.place)
    assert view.panel.view.show_record(number)
    return number


def unit_lines(view: BlanksView) -> list[str]:
    return [view.units.item(row).text() for row in range(view.units.count())]


def test_the_list_with_counts(view: BlanksView, page: DecompositionPage) -> None:
    assert view.stack.currentWidget() is view.panel
    assert "未分解 新增就业 · 市工信局" in texts(view)
    assert view.found is not None
    serious = view.found.by_severity[Severity.BLANK] + view.found.by_severity[Severity.WRONG]
    assert view.panel.model.rowCount() == len(view.source.blanks) == serious
    assert unit_lines(view)[0] == f"全部单位 {serious}"
    assert any(line.startswith("市工信局  ") for line in unit_lines(view))
    assert f"空白{view.found.by_severity[Severity.BLANK]}处" in page._figures.text()


def test_filters(view: BlanksView) -> None:
    view.units.setCurrentRow(next(
        row for row, line in enumerate(unit_lines(view)) if line.startswith("市工信局")))
    assert {one.unit for one in view.source.blanks.values()} == {view.source.unit}
    view.kind.setCurrentIndex(view.kind.findData(BlankKind.NOT_DIVIDED.value))
    view._on_filter()
    assert texts(view) == ["未分解 新增就业 · 市工信局"]
    assert "市工信局  1" in unit_lines(view)
    view.severity.setCurrentIndex(3)
    view._on_filter()
    assert all(one.severity is Severity.NOTE for one in view.source.blanks.values())
    view.show_all()
    assert len(view.source.blanks) == len(view.found.blanks)  # type: ignore[union-attr]


def test_enter_opens_the_place_in_the_tree(
    view: BlanksView, page: DecompositionPage, folder: Folder, qtbot: QtBot
) -> None:
    select(view, BlankKind.NOT_DIVIDED, "新增就业")
    view.panel.view.setFocus()
    qtbot.keyClick(view.panel.view, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.views.key == "" and page.tree.current_id() == folder.second
    column = page.tree.tree.columns[page.tree.currentIndex().column()]
    assert column.key == "responsible"


def test_rows_beside_the_tree_open_their_rooms(
    view: BlanksView, page: DecompositionPage, folder: Folder
) -> None:
    for kind, asked in (
        (BlankKind.NO_AGREEMENT, ("agreements", folder.units["市工信局"], "unit")),
        (BlankKind.NO_PRINCIPAL, ("offices", folder.units["龙游县"], "unit")),
        (BlankKind.NO_SCORING, ("planning", folder.indicator, "indicator")),
        (BlankKind.PERSON_FREE, ("decomposition", folder.units["市工信局"], "unit")),
    ):
        place = {"decomposition": "市工信局", "agreements": "市工信局", "offices": "龙游县"}
        select(view, kind, place.get(asked[0], ""))
        page.asked.clear()
        view.open_current()
        assert page.asked == [asked]


def test_the_list_follows_an_edit_and_undo(
    view: BlanksView, folder: Folder, qtbot: QtBot
) -> None:
    before = texts(view)
    assert "未分解 新增就业 · 市工信局" in before
    store = folder.store
    refused = decomposition_edits.write_fields(
        store, YEAR, [FieldEdit(folder.second, "responsible", "张三"),
                      FieldEdit(folder.second, "handler", "刘敏")], "落实")
    assert not refused
    QApplication.processEvents()
    assert "未分解 新增就业 · 市工信局" not in texts(view)
    assert "五个明确不全 新增就业 · 市工信局" in texts(view)
    store.undo()
    QApplication.processEvents()
    assert "未分解 新增就业 · 市工信局" in texts(view)


def test_what_lies_beside_the_tree_follows_once_it_rests(
    view: BlanksView, folder: Folder, qtbot: QtBot
) -> None:
    from mbo_desktop.domain.offices import PostRole

    assert any(one.startswith("缺第一责任人 龙游县") for one in texts(view))
    people.add_post(folder.store, folder.units["龙游县"], role=PostRole.PRINCIPAL, title="县长", holder="周明")
    qtbot.waitUntil(lambda: not any(one.startswith("缺第一责任人 龙游县") for one in texts(view)), timeout=5000)


def test_a_selected_row_stays_current_over_a_new_run(view: BlanksView) -> None:
    number = select(view, BlankKind.NO_SCORING)
    view.check()
    assert view.panel.view.current_id() == number


def test_a_cancelled_check_keeps_the_list_or_asks_to_start(
    folder: Folder, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_args: object, **_named: object) -> None:
        raise Cancelled

    workspace = Workspace(folder.store, DirectRunner(), Settings(tmp_path / "other.json"))
    workspace.set_year(YEAR)
    shown = BlanksView(workspace)
    qtbot.addWidget(shown)
    with monkeypatch.context() as patch:
        patch.setattr(blanks, "current_list", stopped)
        shown.activate()
        assert shown.stack.currentWidget() is shown.waiting and shown.check_button.isEnabled()
    shown.waiting.buttons[0].click()
    assert shown.stack.currentWidget() is shown.panel
    rows = shown.panel.model.rowCount()
    monkeypatch.setattr(blanks, "all_blanks", stopped)
    shown.check()
    assert shown.panel.model.rowCount() == rows > 0


def test_the_rows_shown_are_printed(view: BlanksView, qtbot: QtBot) -> None:
    view.print_list()
    preview = next(one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview))
    preview.close()


def test_what_is_remembered(view: BlanksView, folder: Folder, tmp_path: Path, qtbot: QtBot) -> None:
    view.severity.setCurrentIndex(1)
    view.kind.setCurrentIndex(view.kind.findData(BlankKind.NOT_DIVIDED.value))
    state = view.save_state()
    workspace = Workspace(folder.store, DirectRunner(), Settings(tmp_path / "other.json"))
    workspace.set_year(YEAR)
    again = BlanksView(workspace)
    qtbot.addWidget(again)
    again.restore_state(state)
    again.activate()
    assert again.severity.currentIndex() == 1
    assert {one.kind for one in again.source.blanks.values()} == {BlankKind.NOT_DIVIDED}


def test_two_rows_of_one_kind_about_one_place_are_both_listed(view: BlanksView) -> None:
    from dataclasses import replace

    assert view.found is not None
    first = view.found.blanks[0]
    twice = replace(view.found, blanks=(first, replace(first, text="另一处"), replace(first, text="又一处")))
    view._show(twice)
    assert view.panel.model.rowCount() == 3
    numbers = list(view.source.blanks)
    view.source.reload()
    view.source.rows(numbers)
    assert list(view.source.blanks) == numbers
