"""测算: drafts follow each key, moves say what they left, nothing is written before 采纳."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.target_moves import SpreadBy
from mbo_desktop.services import (
    agreements,
    offices,
    planning_edits,
    planning_framework,
    planning_matrix,
    signing,
)
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, make_store, make_workspace, unit_ids
from ui.dialogs.season_desk_moves import (
    AcceptDialog,
    CategoriesRaiseDialog,
    RaiseDialog,
    ReachDialog,
)
from ui.pages.season_desk import DeskView


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def indicators(store: Store) -> list[RecordId]:
    category = planning_framework.categories(store, YEAR)[0].id
    made = [
        planning_framework.add_indicator(store, YEAR, name, category=category, points=Decimal(5))
        for name in ("工业投资(亿元)", "招商引资(亿元)")
    ]
    first, second = unit_ids(store)
    for indicator, unit, last, value in (
        (made[0], first, "100", "110"), (made[0], second, "50", "52"), (made[1], first, "20", "18"),
    ):
        planning_edits.set_cell(store, indicator, unit, TargetField.LAST_YEAR, last)
        planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, value)
    return made


@pytest.fixture
def view(store: Store, indicators: list[RecordId], tmp_path: Path, qtbot: QtBot) -> DeskView:
    return shown(store, tmp_path, qtbot)


def shown(store: Store, tmp_path: Path, qtbot: QtBot) -> Any:
    workspace = make_workspace(store, tmp_path)
    made: Any = DeskView(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.said, made.figures = [], []
    workspace.said.connect(lambda text, tone, actions: made.said.append(text))
    made.figures_changed.connect(made.figures.append)
    made.resize(1180, 560)
    made.show()
    made.activate()
    made.activateWindow()
    made.setFocus()
    made.kept = workspace
    return made


def text(view: Any, indicator: int, key: str) -> str:
    model = view.grid.model
    return str(model.cell_at(model.row_of(indicator), model.column_of(key)).text)


def go(view: Any, indicator: int, key: str) -> None:
    assert view.grid.view.show_record(indicator, key)
    view.grid.view.setFocus()


def type_text(qtbot: QtBot, typed: str) -> None:
    for letter in typed:
        qtbot.keyClick(QApplication.focusWidget(), letter)


def enter(qtbot: QtBot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def written(store: Store, indicator: RecordId, unit: RecordId) -> str:
    return planning_matrix.cell(store, indicator, unit).value


def test_the_city_follows_each_key_before_enter(view, store, indicators, qtbot):
    first = unit_ids(store)[0]
    assert text(view, indicators[0], "total") == "162"
    assert text(view, indicators[0], "city_growth") == "8.0"
    go(view, indicators[0], f"draft@{first}")
    type_text(qtbot, "12")
    assert text(view, indicators[0], "total") == "64", "12 + 52 while still typing"
    type_text(qtbot, "8")
    assert text(view, indicators[0], "total") == "180"
    assert text(view, indicators[0], "city_growth") == "20.0"
    assert not view.book.drafts, "nothing is a draft before Enter"
    enter(qtbot)
    assert view.book.changed() == {(indicators[0], first): Decimal(128)}
    assert "已改 1 格,尚未写入" in view.figures[-1]
    assert written(store, indicators[0], first) == "110"


def test_escape_leaves_the_city_as_it_was(view, store, indicators, qtbot):
    go(view, indicators[0], f"draft@{unit_ids(store)[0]}")
    type_text(qtbot, "999")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: text(view, indicators[0], "total") == "162")


def test_accepting_shows_old_and_new_and_is_one_undo_step(view, store, indicators, monkeypatch):
    first, second = unit_ids(store)
    seen = []

    def accept(dialog: AcceptDialog) -> int:
        seen.extend([r.cell(k).text for k in ("name", "unit", "old", "new", "step")]
                    for r in dialog.grid.model.source.rows([1, 2]).values())
        dialog.try_to_accept()
        return 1

    monkeypatch.setattr(AcceptDialog, "exec", accept)
    row = view.book.row(indicators[0])
    view.book.raise_by([row], Decimal(10))
    view._on_accept()
    assert [line[2:] for line in seen] == [["110", "121", "+11"], ["52", "57", "+5"]]
    assert (written(store, indicators[0], first), written(store, indicators[0], second)) == ("121", "57")
    assert not view.book.drafts
    view.kept.undo()
    assert (written(store, indicators[0], first), written(store, indicators[0], second)) == ("110", "52")


def test_a_typed_total_is_spread_exactly_and_locks_hold(view, store, indicators, qtbot):
    first, second = unit_ids(store)
    go(view, indicators[0], f"draft@{first}")
    qtbot.keyClick(view.grid.view, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    go(view, indicators[0], "total")
    type_text(qtbot, "200")
    enter(qtbot)
    assert text(view, indicators[0], f"draft@{first}") == "110"
    assert text(view, indicators[0], f"draft@{second}") == "90"
    go(view, indicators[0], f"draft@{first}")
    type_text(qtbot, "5")
    assert text(view, indicators[0], f"draft@{first}") == "110", "a locked cell takes no typing"
    message = view.grid.view._message
    assert message.isVisible() and "Ctrl+L" in message.text()


def test_a_typed_growth_says_what_each_must_reach(view, store, indicators, qtbot):
    go(view, indicators[0], "city_growth")
    type_text(qtbot, "20")
    enter(qtbot)
    first, second = unit_ids(store)
    assert text(view, indicators[0], f"draft@{first}") == "120"
    assert text(view, indicators[0], f"draft@{second}") == "60"
    view._on_back()
    assert not view.book.changed()


def test_what_is_no_number_stays_in_the_cell_with_its_reason(view, store, indicators, qtbot):
    first = unit_ids(store)[0]
    go(view, indicators[0], f"draft@{first}")
    type_text(qtbot, "abc")
    enter(qtbot)
    model = view.grid.model
    cell = model.cell_at(0, model.column_of(f"draft@{first}"))
    assert cell.text == "abc"
    assert cell.problem
    assert not view.book.drafts


def test_checks_say_why_in_the_panel(view, store, indicators, qtbot):
    go(view, indicators[1], f"draft@{unit_ids(store)[0]}")
    view._show_side()
    words = [label.text() for label in view.side.findChildren(QLabel)]
    assert any("低于上年实绩20" in word for word in words)
    assert text(view, indicators[1], "checks") == "▲ 1 条"


def test_signed_units_are_locked_and_told(view, store, indicators, qtbot):
    first = unit_ids(store)[0]
    agreements.make_agreements(store, YEAR, [first])
    signing.sign_at_meeting(store, YEAR, on=date(2020, 3, 10))
    view.activate()
    moved = view.book.raise_by([view.book.row(indicators[0])], Decimal(10))
    view._after(moved)
    assert "责任书已签订" in view.said[-1]
    assert text(view, indicators[0], f"draft@{first}") == "110"
    go(view, indicators[0], f"draft@{first}")
    type_text(qtbot, "5")
    message = view.grid.view._message
    assert message.isVisible() and "责任书→调整" in message.text()


def test_dialogs_move_the_drafts(view, store, indicators, qtbot):
    first, second = unit_ids(store)
    row = view.book.row(indicators[0])
    ask = ReachDialog(view.book, row, growth=False, by=SpreadBy.EVEN, only=(second,))
    qtbot.addWidget(ask)
    ask.try_to_accept()
    assert ask.moved is None, "an empty field moves nothing"
    ask.amount.setText("170")
    ask.only.setChecked(True)
    ask.by.setCurrentIndex(ask.by.findData("even"))
    ask.try_to_accept()
    assert view.book.changed() == {(indicators[0], second): Decimal(60)}
    by_category = CategoriesRaiseDialog(view.book)
    qtbot.addWidget(by_category)
    by_category.setVisible(True)
    assert by_category.focusWidget() is next(iter(by_category.fields.values())), "typing starts at once"
    next(iter(by_category.fields.values())).setText("10")
    by_category.try_to_accept()
    assert view.book.amount(indicators[0], first) == 121
    just_cells = RaiseDialog(view.book, [row], [(indicators[0], first), (indicators[0], second)])
    qtbot.addWidget(just_cells)
    just_cells.scope.setCurrentIndex(0)
    just_cells.percent.setText("-10")
    just_cells.try_to_accept()
    assert view.book.amount(indicators[0], first) == 109
    assert view.book.amount(indicators[1], first) == 20


def test_changes_elsewhere_keep_the_drafts(view, store, indicators):
    first, second = unit_ids(store)
    view.book.set_amounts({(indicators[0], first): Decimal(130)})
    planning_edits.set_cell(store, indicators[0], second, TargetField.VALUE, "60")
    assert text(view, indicators[0], "total") == "190"


def test_an_empty_year_teaches(store, tmp_path, qtbot):
    view = shown(store, tmp_path, qtbot)
    assert view.stack.currentWidget() is view.empty
    assert view.accept.isHidden()


def test_a_key_is_followed_at_once_on_60_by_100(store, tmp_path, qtbot):
    """The goal of 50 ms is the benchmarks' affair; here only a desk that stalls fails."""
    root = offices.root_unit(store)
    units = [offices.add_unit(store, f"测试单位{n}", superior=root) for n in range(100)]
    category = planning_framework.categories(store, YEAR)[0].id
    rows = [
        planning_framework.add_indicator(store, YEAR, f"指标{n}(亿元)", category=category) for n in range(60)
    ]
    _fill(store, rows, units)
    view = shown(store, tmp_path, qtbot)
    key = f"draft@{units[5]}"
    go(view, rows[3], key)
    best = 1.0
    for number in range(8):
        begun = perf_counter()
        view.source.type_live(rows[3], key, f"1{number}")
        view._on_typing(f"1{number}")
        view._show_side()
        QApplication.processEvents()
        best = min(best, perf_counter() - begun)
    assert best < 0.5, f"{best * 1000:.0f} ms"


def _fill(store: Store, rows: list[RecordId], units: list[RecordId]) -> None:
    from mbo_desktop.domain.planning import Target
    from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue

    with store.change("填充") as change:
        change.put_all([
            Target(id=change.named(Target, row, unit), indicator=row, unit=unit,
                   value=TargetValue((TargetPart(TargetForm.LEVEL, Decimal(110 + n), "亿元"),)),
                   last_year=Decimal(100))
            for row in rows for n, unit in enumerate(units)
        ])


def test_the_result_is_printed_as_it_stands(view, store, indicators, monkeypatch):
    shown_pdf: list[bytes] = []
    sheets: list[Any] = []

    class Preview:
        def __init__(self, pdf: bytes, *_: Any, **others: Any) -> None:
            shown_pdf.append(pdf)
            sheets.append(others["excel"])

        def show(self) -> None:
            pass

    monkeypatch.setattr("ui.pages.season_print.PrintPreview", Preview)
    view.book.raise_by([view.book.row(indicators[0])], Decimal(10))
    view._on_print()
    assert shown_pdf and shown_pdf[0].startswith(b"%PDF"), view.said
    book = openpyxl.load_workbook(BytesIO(sheets[0]()))
    assert [cell.value for cell in book.active[2]][3:7] == ["单位", "上年实绩", "现目标", "测算值"]
