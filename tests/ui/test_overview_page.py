"""Room 工作台 and the menu commands of the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.sample import build_sample
from mbo_desktop.services import offices, overview, session
from mbo_desktop.store import backup
from mbo_desktop.store.database import Store
from ui.data_commands import when
from ui.dialogs.office_settings import OfficeDialog, OperatorDialog, YearDialog
from ui.jobs import DirectRunner
from ui.pages.overview import OverviewPage
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture
def empty(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = session.create_folder(tmp_path / "空", office_name="某市目标办", operators=("刘敏",))
    yield made
    made.close()


@pytest.fixture
def city(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = build_sample(tmp_path / "示例", units=9, targets=70, year=YEAR)
    yield made
    made.close()


def make_page(qtbot: QtBot, store: Store) -> OverviewPage:
    workspace = Workspace(store, DirectRunner(), Settings())
    workspace.set_year(YEAR)
    page = OverviewPage(workspace)
    qtbot.addWidget(page)
    page.resize(1100, 620)
    page.show()
    page.activate()
    page.test_workspace = workspace  # type: ignore[attr-defined]
    return page


def test_an_empty_folder_teaches_where_to_begin(
    qtbot: QtBot, empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr("ui.pages.overview.open_wizard", lambda *given: opened.append(given))
    page = make_page(qtbot, empty)
    assert page.main.currentWidget() is page.empty
    asked: list[tuple[str, object, str]] = []
    page.workspace.page_asked.connect(lambda *where: asked.append(where))
    for button in page.empty.buttons:
        button.click()
    assert asked == [("planning", 0, ""), ("offices", 0, ""), ("planning", 0, "")]
    assert opened == [(page.workspace, page.window())]


def test_figures_are_those_of_the_records(qtbot: QtBot, city: Store) -> None:
    page = make_page(qtbot, city)
    found = overview.figures(city, YEAR)
    assert page.main.currentWidget() is not page.empty
    assert f"单位 {found.units} 个" in page.counts.text()
    below = found.targets - found.own_targets - found.received_targets
    assert f"目标 {below:,} 项" in page.counts.text()
    assert f"{below:,} 项" in page.counts.toolTip()
    signed = overview.signed_targets(city, YEAR)
    assert signed.targets > 0
    assert page.tiles["signed"].figure() == f"{signed.targets:,}"


def test_each_step_opens_its_room_with_its_hint(qtbot: QtBot, city: Store) -> None:
    page = make_page(qtbot, city)
    steps = overview.next_steps(city, YEAR)
    assert steps
    asked: list[tuple[str, object, str]] = []
    page.workspace.page_asked.connect(lambda *where: asked.append(where))
    for button in page.step_buttons:
        button.click()
    assert asked == [(step.room.value, 0, step.filter_hint) for step in steps]


def test_a_step_shows_what_it_is_about(qtbot: QtBot, city: Store) -> None:
    from ui.pages.agreements import AgreementsPage
    from ui.pages.planning import PlanningPage

    workspace = Workspace(city, DirectRunner(), Settings())
    workspace.set_year(YEAR)
    board, planning = AgreementsPage(workspace), PlanningPage(workspace)
    for page in (board, planning):
        qtbot.addWidget(page)
        page.show()
        page.activate()
    board.show_hint("adjustments")
    assert board.views.is_adjusting
    board.show_hint(AgreementState.DRAFT.value)
    assert not board.views.is_adjusting
    assert board.source.chosen.states == (AgreementState.DRAFT,)
    board.show_hint("differing")
    assert board.source.chosen.states == ()
    planning.show_hint("sources")
    assert planning.views.key == "sources"


def test_last_year_s_account_stands_ready_for_the_speech(
    qtbot: QtBot, city: Store, empty: Store
) -> None:
    page = make_page(qtbot, city)
    texts = [label.text() for label in page.opening.findChildren(QLabel)]
    account, superior = overview.opening_sentences(city, YEAR)
    assert {account, superior} <= set(texts)
    assert f"{YEAR - 1}年" in account
    assert "占" in account
    assert not page.opening.isHidden()
    assert make_page(qtbot, empty).opening.isHidden()


def test_changes_are_told_with_who_and_when(qtbot: QtBot, city: Store) -> None:
    offices.add_unit(city, "市文旅局", superior=offices.root_unit(city))
    page = make_page(qtbot, city)
    texts = [label.text() for label in page.changes.findChildren(QLabel)]
    assert "添加单位 市文旅局" in texts
    # The sample's operator and the set clock's day.
    assert "刘敏" in texts
    assert any(text.startswith("今天 ") for text in texts)


def test_a_backup_is_made_at_once_and_told(qtbot: QtBot, city: Store) -> None:
    page = make_page(qtbot, city)
    assert any("还没有备份" in label.text() for label in page.safety.findChildren(QLabel))
    said: list[str] = []
    page.workspace.said.connect(lambda text, *_: said.append(text))
    page.backup_button.click()
    assert len(backup.list_backups(city.folder)) == 1
    assert said
    assert said[0].startswith("已备份")
    assert any("今天" in label.text() for label in page.safety.findChildren(QLabel))


def test_the_page_follows_a_change(qtbot: QtBot, empty: Store) -> None:
    page = make_page(qtbot, empty)
    offices.add_unit(empty, "市教育局", superior=offices.root_unit(empty))
    page.refresh(None)
    assert page.main.currentWidget() is not page.empty
    assert "单位 1 个" in page.counts.text()


def test_another_operator_is_chosen_added_and_retired(empty: Store) -> None:
    dialog = OperatorDialog(None, empty)
    dialog.fresh.setText("陈志远")
    dialog.fresh.commit()
    assert dialog.names.currentItem().text() == "陈志远"
    dialog.try_to_accept()
    assert empty.operator == "陈志远"
    again = OperatorDialog(None, empty)
    again.names.setCurrentRow(next(
        n for n in range(again.names.count()) if again.names.item(n).text() == "刘敏"
    ))
    again.retire.click()
    assert [row.name for row in session.operators(empty)] == ["陈志远"]
    again.retire.click()
    assert "至少要留一位" in again.problem.text()
    assert [row.name for row in session.operators(empty)] == ["陈志远"]


def test_a_year_is_opened_once(empty: Store) -> None:
    dialog = YearDialog(None, empty)
    assert dialog.year.text() == str(YEAR + 1)
    dialog.try_to_accept()
    assert dialog.number == YEAR + 1
    again = YearDialog(None, empty)
    again.year.setText(str(YEAR))
    again.try_to_accept()
    assert "已经建立" in again.problem.text()
    again.year.setText("今年")
    again.try_to_accept()
    assert "不是年度" in again.problem.text()


def test_facts_of_the_office_are_one_step(empty: Store) -> None:
    dialog = OfficeDialog(None, empty)
    dialog.government.setText("某市人民政府")
    dialog.superior.setText("省考核办")
    dialog.try_to_accept()
    assert session.office(empty).superior_name == "省考核办"
    empty.undo()
    assert session.office(empty).superior_name == ""


def test_times_are_told_as_people_do(set_clock: None) -> None:
    from datetime import datetime

    assert when(datetime(2020, 3, 12, 8, 5)) == "今天 08:05"  # noqa: DTZ001
    assert when(datetime(2020, 3, 11, 8, 5)) == "昨天 08:05"  # noqa: DTZ001
    assert when(datetime(2020, 3, 2, 8, 5)) == "2020-03-02 08:05"  # noqa: DTZ001
    assert when(None) == ""


def test_the_window_goes_back_to_a_backup(qtbot: QtBot, empty: Store, tmp_path: Path) -> None:
    from ui.application import Starter
    from ui.crash import CrashHook
    from ui.main_window import MainWindow
    from ui.theme import Theme

    folder = empty.folder
    path = backup.make_backup(empty)
    offices.add_unit(empty, "市教育局", superior=offices.root_unit(empty))
    empty.close()
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = MainWindow(Theme(application), Settings())
    starter = Starter(window, window.settings, CrashHook(), [])
    try:
        assert starter.open(folder)
        assert window.workspace is not None
        assert offices.count_units(window.workspace.store) == 2
        starter.restore(path)
        qtbot.waitUntil(lambda: window.workspace is not None and not window.workspace.jobs.busy)
        assert offices.count_units(window.workspace.store) == 1
        assert "已恢复" in window.messages.label.text()
        assert len(backup.list_backups(folder)) >= 2
        bad = tmp_path / "坏.db"
        bad.write_bytes(b"nothing")
        starter.restore(bad)
        qtbot.waitUntil(lambda: window.workspace is not None and not window.workspace.jobs.busy)
        assert offices.count_units(window.workspace.store) == 1
        assert "已恢复" not in window.messages.label.text()
        starter.restore(path)
        for job in starter._jobs.current:
            job.control.cancel()
        qtbot.waitUntil(lambda: window.workspace is not None and not starter._jobs.busy)
        assert window.workspace is not None
        assert offices.count_units(window.workspace.store) == 1
    finally:
        starter.close()
        window.deleteLater()


def test_without_indicators_no_figure_is_said_to_be_on_its_way(qtbot: QtBot, empty: Store) -> None:
    offices.add_unit(empty, "甲县", superior=offices.root_unit(empty))
    page = make_page(qtbot, empty)
    assert page.main.currentWidget() is not page.empty
    shown = {key: [one.text() for one in tile.findChildren(QLabel)] for key, tile in page.tiles.items()}
    assert not any("…" in texts for texts in shown.values()), shown
    assert "还没有指标" in shown["met"]
