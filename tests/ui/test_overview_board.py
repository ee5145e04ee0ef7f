"""工作台 as the board of the year: tiles, lights, places, the sheet, and the screen of a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.sample import build_sample
from mbo_desktop.services import offices, session, year_board
from mbo_desktop.services.year_board import RankLine
from mbo_desktop.store.database import Store
from ui.dialogs.meeting_screen import MeetingScreen
from ui.jobs import DirectRunner
from ui.pages.overview import OverviewPage
from ui.settings import Settings
from ui.widgets.light_picture import LightPicture
from ui.widgets.ranking_picture import RankingPicture
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    made = build_sample(
        tmp_path_factory.mktemp("board") / "示例", units=40, targets=260, year=YEAR, nodes=400, with_months=True)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, city: Store) -> OverviewPage:
    workspace = Workspace(city, DirectRunner(), Settings())
    workspace.set_year(YEAR)
    page = OverviewPage(workspace)
    qtbot.addWidget(page)
    page.resize(1180, 640)
    page.show()
    page.activate()
    return page


def test_every_tile_says_what_the_board_says_and_opens_its_room(page: OverviewPage) -> None:
    board = page.maker.board
    assert board is not None
    asked: list[tuple[str, object, str]] = []
    page.workspace.page_asked.connect(lambda *where: asked.append(where))
    for one in board.headlines:
        tile = page.tiles[one.key]
        assert tile.figure() == one.number
        assert one.words in tile.accessibleName()
        assert one.tone.label in tile.accessibleName(), "not by colour alone"
        tile.click()
    assert asked == [(one.room, 0, one.hint) for one in board.headlines]


def test_the_board_is_made_once_for_the_same_data(page: OverviewPage, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = year_board.year_board
    monkeypatch.setattr(year_board, "year_board", lambda *given, **named: made.append(1) or real(*given, **named))
    page.activate()
    page.activate()
    assert made == []
    offices.add_unit(page.store, "市文旅局", superior=offices.root_unit(page.store))
    page.refresh(None)
    assert made == [1]
    page.store.undo()


def test_a_read_only_folder_is_not_summed_up_without_end(
    page: OverviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another window may write there: the board is made anew when the page is shown, and only then."""
    made: list[int] = []
    real = year_board.year_board
    monkeypatch.setattr(year_board, "year_board", lambda *given, **named: made.append(1) or real(*given, **named))
    monkeypatch.setattr(type(page.store), "read_only", property(lambda _store: True))
    page.activate()
    assert made == [1]
    page.activate()
    assert made == [1, 1]


def test_a_group_is_chosen_for_lights_and_places_together(page: OverviewPage) -> None:
    cards, board = page.board, page.maker.board
    assert board is not None
    for place in range(cards.groups.count()):
        cards.groups.setCurrentIndex(place)
        group = cards.groups.currentData()
        assert cards.picture._units == board.units_of(group)
        titles = [label.text() for label in cards.ranks._holder.findChildren(QLabel)]
        for one in board.rankings:
            told = any(text.startswith(f"{one.group} · ") for text in titles)
            assert told is (group in (one.group, None))


def test_arrows_move_over_the_lights_and_enter_opens_the_unit(qtbot: QtBot, page: OverviewPage) -> None:
    board, picture = page.maker.board, page.board.picture
    assert board is not None
    assert board.lights is not None
    asked: list[tuple[str, object, str]] = []
    page.workspace.page_asked.connect(lambda *where: asked.append(where))
    units = board.units_of(page.board.groups.currentData())
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    qtbot.keyClick(picture, Qt.Key.Key_Down)
    name = board.lights.categories[1][1]
    assert picture.accessibleName().startswith(f"{units[1][1]} {name}:")
    qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert asked == [("progress", units[1][0], "unit")]


def test_a_click_finds_the_cell_that_is_drawn_there(qtbot: QtBot, page: OverviewPage) -> None:
    board = page.maker.board
    assert board is not None
    assert board.lights is not None
    picture = LightPicture()
    qtbot.addWidget(picture)
    picture.take(board.lights, board.units_of(None))
    picture.resize(420, picture.heightForWidth(420))
    picture.show()
    many = picture._in_a_row(picture.width())
    assert many < len(board.units_of(None)), "several blocks below each other"
    for place in (0, many - 1, many, len(board.units_of(None)) - 1):
        for row in (0, len(board.lights.categories) - 1):
            rect = picture._rect(place, row)
            assert picture.rect().contains(rect)
            assert picture.place_at(rect.center()) == (place, row)
    assert not picture.grab().isNull()


def lines(count: int) -> list[RankLine]:
    return [RankLine(RecordId(n), f"单位{n}", n, f"{100 - n}.0", None) for n in range(1, count + 1)]


@pytest.mark.parametrize(("count", "shown", "left_out"), [(3, 3, 0), (16, 16, 0), (17, 17, 0), (40, 17, 24)])
def test_of_a_long_group_the_first_and_the_last_are_shown(
    qtbot: QtBot, count: int, shown: int, left_out: int
) -> None:
    picture = RankingPicture(most=16)
    qtbot.addWidget(picture)
    picture.take(lines(count))
    told = [one.rank for one in picture.shown() if one is not None]
    assert len(picture.shown()) == shown
    assert count - len(told) == left_out
    assert told[0] == 1
    assert told[-1] == count
    picture.resize(400, picture.sizeHint().height())
    assert not picture.grab().isNull()


def test_the_screen_of_a_meeting_is_turned_by_keys(qtbot: QtBot, page: OverviewPage) -> None:
    board = page.maker.board
    assert board is not None
    screen = MeetingScreen(board, page.counts.text(), "2020年，共签订责任目标100项。")
    qtbot.addWidget(screen)
    screen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    screen.start()
    lit = sum(bool(board.units_of(one)) for one in board.group_names)
    assert screen.pages.count() == 1 + lit + len(board.rankings) + bool(board.blanks)
    texts = {label.text() for label in screen.pages.widget(0).findChildren(QLabel)}
    for one in board.headlines:
        assert {one.number, one.words, one.detail} <= texts
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_PageDown):
        before = screen.pages.currentIndex()
        qtbot.keyClick(screen, key)
        assert screen.pages.currentIndex() == before + 1
    qtbot.keyClick(screen, Qt.Key.Key_Left)
    assert screen.pages.currentIndex() == 2
    qtbot.keyClick(screen, Qt.Key.Key_End)
    qtbot.keyClick(screen, Qt.Key.Key_Right)
    assert screen.pages.currentIndex() == screen.pages.count() - 1
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()


def test_a_long_title_does_not_widen_the_screen_of_a_meeting(qtbot: QtBot, page: OverviewPage) -> None:
    board = page.maker.board
    assert board is not None
    short, long = (MeetingScreen(board, "", words) for words in ("目标", "共签订责任目标" * 40))
    for screen in (short, long):
        qtbot.addWidget(screen)
        screen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        screen.start()
        screen.close()
    assert long.minimumSizeHint().width() == short.minimumSizeHint().width()


def test_the_sheet_opens_as_a_preview(page: OverviewPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("ui.pages.overview.print_document", lambda *given, **_named: shown.append(given[3]()))
    page.print_button.click()
    assert shown[0].name.startswith("澄川市人民政府2020年")  # type: ignore[attr-defined]


def test_an_empty_folder_has_neither_sheet_nor_show(qtbot: QtBot, tmp_path: Path) -> None:
    with session.create_folder(tmp_path / "空", office_name="某市目标办", operators=("刘敏",)) as store:
        workspace = Workspace(store, DirectRunner(), Settings())
        workspace.set_year(YEAR)
        page = OverviewPage(workspace)
        qtbot.addWidget(page)
        page.show()
        page.activate()
        assert page.print_button.isHidden()
        assert page.show_button.isHidden()


def test_the_page_stays_at_its_figures_when_the_next_steps_are_made_anew(
    qtbot: QtBot, page: OverviewPage
) -> None:
    """The first step has the focus; the focus that flees from it must not take the page along."""
    page.resize(900, 500)
    page.show()
    page.activateWindow()
    page.setFocus()
    qtbot.waitUntil(page.step_buttons[0].hasFocus)
    assert page.area.verticalScrollBar().maximum() > 0
    steps = page._found_steps
    page._show_steps(steps[:-1])
    assert page.step_buttons[0].hasFocus()
    assert page.area.verticalScrollBar().value() == 0
    page._show_steps(steps)
