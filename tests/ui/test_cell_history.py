"""Ctrl+H in every table and tree of every room: the history of the cell, or a sentence why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import Adjustment
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.sample import build_sample
from mbo_desktop.services import log, planning_edits
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from ui.dialogs.record_history import RecordHistory
from ui.grids.cell_records import RULES, known_names, record_of
from ui.grids.sheet import SheetView
from ui.jobs import DirectRunner
from ui.main_window import MainWindow
from ui.navigation import ROOMS
from ui.settings import Settings
from ui.theme import Theme
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

YEAR = 2020
NO_SINGLE_RECORD = frozenset({
    "assessment_groups.GroupsView", "circulars_lists.AccountView", "circulars_lists.AwardsView",
    "circulars_lists.UnmetView", "circulars_lists.ListView", "circulars_leaders.LeadersView",
    "exchange_sending_rows.SendingSource", "exchange_inbox_rows.InboxSource",
    "exchange_inbox_rows.FieldSource", "exchange_register.RegisterView", "exchange_pending.PendingView",
    "exchange_offices.OfficesView",
})
"""Sums, rankings, lists of files; of an office that has no partners yet there is only its own line."""
SEEN_AT_LEAST = 24


def _the_day() -> datetime:
    return datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    clock.set_source(_the_day)
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock.set_source(_the_day)
    store = build_sample(
        tmp_path_factory.mktemp("city") / "示例", units=12, targets=150, nodes=200, year=YEAR, with_months=True)
    yield store
    store.close()


@pytest.fixture
def window(city: Store, tmp_path: Path, qtbot: Any, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(theme, Settings(tmp_path / "s.json"))
    qtbot.addWidget(made)
    workspace = Workspace(city, DirectRunner(), made.settings)
    workspace.set_year(YEAR)
    made.resize(1366, 768)
    made.attach(workspace)
    made.show()
    made.activateWindow()
    yield made
    made.detach()
    workspace.deleteLater()


def turns() -> None:
    for _turn in range(8):
        QApplication.processEvents()


def tables(window: MainWindow) -> list[Any]:
    """The tables and trees of the room, visible and with rows."""
    page = window.page
    found = [] if page is None else [one for one in page.findChildren(QWidget) if isinstance(one, SheetView)]
    return [one for one in found if one.isVisible() and one.model().rowCount()]


def views_of(window: MainWindow) -> Iterator[str]:
    """Every view of every room, shown one after the other."""
    for room in ROOMS:
        window.show_room(room.key)
        turns()
        yield room.key
        switches = window.page.findChildren(ViewSwitch) if window.page is not None else []
        for switch in switches:
            for key, button in list(switch._buttons.items()):
                if not button.isVisible():
                    continue
                button.click()
                turns()
                yield f"{room.key}/{key}"


def cells(view: Any) -> Iterator[tuple[int, int]]:
    model = view.model()
    for row in {0, 1, 2, model.rowCount() - 1} & set(range(model.rowCount())):
        for section in range(min(len(model.columns), 14)):
            yield row, section


def test_every_table_of_every_room_answers(window: MainWindow, city: Store) -> None:
    answered: set[str] = set()
    silent: set[str] = set()
    for _place in views_of(window):
        for view in tables(window):
            names = [name for name in known_names(view) if name in RULES]
            assert names, f"no rule for {list(known_names(view))[:3]}"
            for row, section in cells(view):
                view.setCurrentIndex(view.model().index(row, section))
                found = record_of(view, city)
                if found is None:
                    continue
                type_name, title, states = log.history_of(city, found.record, found.fields)
                assert type_name
                assert states or found.fields
                assert title or type_name in ("category", "reporting_rules")
                answered.add(names[0])
            if names[0] not in answered:
                silent.add(names[0])
    assert silent - answered <= NO_SINGLE_RECORD
    assert len(answered) >= SEEN_AT_LEAST, sorted(answered)


def press(window: MainWindow, qtbot: Any) -> None:
    """The shortcut as the window system hands it on."""
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    turns()


def dialogs(window: MainWindow) -> list[RecordHistory]:
    return [one for one in window.findChildren(RecordHistory) if one.isVisible()]


def test_the_key_opens_the_history_of_the_number(window: MainWindow, city: Store, qtbot: Any) -> None:
    adjusted = {(one.indicator, one.unit) for one in city.all(Adjustment)}
    target = next(
        one for one in city.all(Target)
        if one.last_year is not None and (one.indicator, one.unit) not in adjusted
        and city.get(Indicator, one.indicator).year == YEAR
    )
    with city.change("修改目标值") as change:
        change.put(replace(target, last_year=Decimal("4321.5")))
    window.show_record("planning", target.id, "target")
    turns()
    view = tables(window)[0]
    section = view.model().column_of(f"value@{target.unit}")
    assert section >= 0
    view.setFocus()
    view.show_record(target.indicator, f"value@{target.unit}")
    press(window, qtbot)
    (dialog,) = dialogs(window)
    assert dialog.record == target.id
    assert dialog.fields == ("value",)
    dialog.every.setChecked(True)
    assert any(
        change.new == "4,321.5" for state in dialog.states for change in state.fields)
    dialog.panel.view.select_cell(dialog.panel.model.index(dialog.panel.model.rowCount() - 1, 0))
    assert dialog.restore_button.isEnabled()
    dialog.restore()
    assert "可撤销" in dialog.messages.label.text(), dialog.messages.label.text()
    assert city.get(Target, target.id).last_year != Decimal("4321.5")
    assert dialog.states[0].label.startswith("还原")
    dialog.accept()


def test_a_field_of_the_panel_asks_for_its_record(window: MainWindow, qtbot: Any) -> None:
    window.show_room("offices")
    turns()
    (view,) = tables(window)
    view.setCurrentIndex(view.model().index(0, 0))
    turns()
    window.page.switch_side()  # type: ignore[union-attr]
    assert not isinstance(QApplication.focusWidget(), SheetView)
    found = window.log_commands.asked()
    assert found is not None
    assert found.record == view.current_id()


def test_where_there_is_no_record_it_is_said(window: MainWindow, qtbot: Any) -> None:
    window.show_room("overview")
    turns()
    assert window.log_commands.show_history() is None
    assert "没有单条记录的历史" in window.messages.label.text()


def test_keys_are_free() -> None:
    from ui.actions import COMMANDS

    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+H", "Ctrl+Shift+H"} <= set(keys)


def test_an_empty_cell_has_no_history_yet_and_one_that_was_cleared_has(
    window: MainWindow, city: Store, qtbot: Any
) -> None:
    pairs = {(one.indicator, one.unit) for one in city.all(Target)}
    window.show_room("planning")
    turns()
    view = tables(window)[0]
    model = view.model()
    row, column = next(
        (row, column) for row in range(model.rowCount()) for column in model.columns
        if column.key.startswith("value@") and log.reads.type_of(city, model.id_at(row)) == "indicator"
        and (model.id_at(row), int(column.key.partition("@")[2])) not in pairs
    )
    indicator, unit = model.id_at(row), int(column.key.partition("@")[2])
    view.setFocus()
    view.show_record(indicator, column.key)
    press(window, qtbot)
    assert not dialogs(window)
    said = window.messages.label.text()
    assert "还没有填写过" in said and "请选中一行" not in said
    assert city.get(Indicator, indicator).name in said and column.group in said
    planning_edits.set_cell(city, indicator, unit, TargetField.VALUE, "7")
    city.undo()
    window.page.activate()  # type: ignore[union-attr]
    turns()
    view.show_record(indicator, column.key)
    press(window, qtbot)
    (dialog,) = dialogs(window)
    assert dialog.states, "what was taken back is history too"
    dialog.accept()
