"""The ways into 数据交换: menu, drops, a package given at the start, the first start from one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mbo_desktop.errors import PackagePasswordError
from mbo_desktop.services import first_run_package, session
from mbo_desktop.services.first_run_package import FirstPackage
from mbo_desktop.store.database import Store
from tests.ui.exchange_fakes import PRINT, FakeServices
from tests.ui.test_file_drop import drop
from ui.application import Starter
from ui.crash import CrashHook
from ui.dialogs.first_run import Beginning, FirstRunDialog
from ui.jobs import DirectRunner, JobRunner
from ui.main_window import MainWindow
from ui.navigation import ROOMS, room_key
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    return FakeServices(monkeypatch)


@pytest.fixture
def window(qtbot: QtBot, theme: Any, tmp_path: Path, fakes: FakeServices) -> Any:
    made = MainWindow(theme, Settings())
    qtbot.addWidget(made)
    jobs = JobRunner()
    store = session.create_folder(tmp_path / "数据", office_name="市目标办", operators=["刘敏"], year=2020)
    made.attach(Workspace(store, jobs, made.settings))
    made.workspace.set_year(2020)
    made.show()
    yield made
    jobs.stop()
    made.detach()
    store.close()


def test_the_room_has_its_key_and_its_menu(window: MainWindow) -> None:
    keys = [room.key for room in ROOMS]
    assert room_key(keys.index("exchange") + 1) == "Alt+0"
    assert room_key(keys.index("offices") + 1) == "Alt+-"
    words = [action.text() for action in window.menus["exchange"].actions() if action.text()]
    assert words[0] == "读取U盘…"
    assert len(words) == 8


def test_menu_commands_lead_to_their_places(window: MainWindow) -> None:
    window.actions_by_name["exchange_report"].trigger()
    assert window.page.views.key == "sending"
    assert window.page.sending.chosen_kind.value == "report"
    window.actions_by_name["exchange_pending"].trigger()
    assert window.page.views.key == "pending"
    window.actions_by_name["exchange_register"].trigger()
    assert window.page.views.key == "register"


def test_a_package_dropped_anywhere_is_looked_at(
    window: MainWindow, fakes: FakeServices, tmp_path: Path, qtbot: QtBot
) -> None:
    window.show_room("planning")
    file = tmp_path / "下发.zrb"
    file.write_bytes(b"PK")
    assert drop(window, file)
    qtbot.waitUntil(lambda: any(one[0] == "take" for one in fakes.asked))
    assert fakes.asked[-1][1] == (file,)
    assert window.page.key == "exchange"


def test_a_folder_with_packages_goes_there_and_another_one_does_not(
    window: MainWindow, fakes: FakeServices, tmp_path: Path, qtbot: QtBot
) -> None:
    window.show_room("planning")
    folder = tmp_path / "U盘" / "上报"
    folder.mkdir(parents=True)
    assert drop(window, folder)
    qtbot.waitUntil(lambda: not window.messages.isHidden())
    assert not fakes.asked
    (folder / "甲县.zrb").write_bytes(b"PK")
    assert drop(window, folder.parent)
    qtbot.waitUntil(lambda: any(one[0] == "take" for one in fakes.asked))


def test_workbooks_dropped_on_the_room_are_looked_at_too(
    window: MainWindow, fakes: FakeServices, tmp_path: Path, qtbot: QtBot
) -> None:
    window.show_room("exchange")
    book = tmp_path / "2020年6月进度-柯城区.xlsx"
    book.write_bytes(b"PK")
    assert drop(window, book)
    qtbot.waitUntil(lambda: any(one[0] == "take" for one in fakes.asked))


def test_the_program_opened_with_a_package_shows_it(
    qtbot: QtBot, theme: Any, tmp_path: Path, fakes: FakeServices
) -> None:
    session.create_folder(tmp_path / "数据", office_name="市目标办", operators=["刘敏"], year=2020).close()
    settings = Settings()
    settings.set("last_folder", str(tmp_path / "数据"))
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    file = tmp_path / "上报.zrb"
    starter = Starter(window, settings, CrashHook(), [file])
    window.show()
    qtbot.waitUntil(lambda: any(one[0] == "take" for one in fakes.asked), timeout=10_000)
    assert fakes.asked[0][1] == (file,)
    qtbot.waitUntil(lambda: not window.workspace.jobs.busy)
    starter.close()


# First start -------------------------------------------------------------------------


class FakeFirst:
    """A superior's package, with or without a password."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, password: str = "") -> None:
        self.password = password
        self.made: list[tuple[Any, ...]] = []
        monkeypatch.setattr(first_run_package, "look", self.look)
        monkeypatch.setattr(first_run_package, "create", self.create)

    def look(self, path: Path, *, password: str = "") -> FirstPackage:
        if password != self.password:
            raise PackagePasswordError("这个数据包有口令。", "请告知口令。", wrong=bool(password))
        return FirstPackage(path, "示例市目标办", PRINT, "柯城区目标办", "柯城区", 2020, 24, "示例市目标办下发给柯城区,24项目标。")

    def create(self, folder: Path, first: FirstPackage, *, office_name: str, operators: Any = (), password: str = "") -> Store:
        self.made.append((folder, office_name, tuple(operators), password))
        return session.create_folder(folder, office_name=office_name, operators=operators, year=first.year)


def first_dialog(qtbot: QtBot, folder: Path) -> FirstRunDialog:
    dialog = FirstRunDialog(Settings(), runner=DirectRunner())
    qtbot.addWidget(dialog)
    dialog.ways[Beginning.PACKAGE].setChecked(True)
    dialog.folder.setText(str(folder))
    dialog.show()
    return dialog


def test_a_county_begins_from_its_superiors_package(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeFirst(monkeypatch)
    dialog = first_dialog(qtbot, tmp_path / "data")
    file = tmp_path / "下发.zrb"
    file.write_bytes(b"PK")
    dialog.package.take(file)
    assert dialog.package.office.text() == "柯城区目标办"
    dialog.people.setPlainText("周宁")
    dialog.begin()
    assert dialog.begun is None, "the fingerprint was not compared"
    assert not fake.made
    assert not dialog.package.problem.isHidden()
    dialog.package.compared.setChecked(True)
    dialog.begin()
    assert dialog.begun is not None
    assert fake.made == [(tmp_path / "data", "柯城区目标办", ("周宁",), "")]
    assert dialog._settings.get("last_year") == 2020


def test_a_package_with_a_password_asks_for_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FakeFirst(monkeypatch, "12345678")
    dialog = first_dialog(qtbot, tmp_path / "data")
    file = tmp_path / "下发.zrb"
    file.write_bytes(b"PK")
    assert dialog.package.password.isHidden()
    dialog.package.take(file)
    assert not dialog.package.password.isHidden()
    dialog.package.password.setText("wrong")
    dialog.package.password.commit()
    assert dialog.package.first is None
    dialog.package.password.setText("12345678")
    qtbot.keyClick(dialog.package.password, Qt.Key.Key_Return)
    assert dialog.package.first is not None


def test_a_file_that_is_not_there_is_said_beside_the_field(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FakeFirst(monkeypatch)
    dialog = first_dialog(qtbot, tmp_path / "data")
    said: list[str] = []
    dialog.package.file.complained.connect(said.append)
    dialog.package.take(tmp_path / "nothing.zrb")
    assert any("找不到" in text for text in said)
    dialog.begin()
    assert dialog.begun is None
