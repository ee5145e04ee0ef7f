"""Starting the program on right and wrong things: a sentence each time, never a fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mbo_desktop.services import session
from ui import folder_commands
from ui.application import Starter
from ui.crash import CrashHook
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import Theme

Start = Callable[..., Starter]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "数据"
    session.create_folder(folder, office_name="市目标办", operators=["刘敏"], year=2020).close()
    return folder


@pytest.fixture
def asked(monkeypatch) -> list[tuple[Path, str]]:
    """The questions after a failure; each is answered with 打开其他或新建."""
    questions: list[tuple[Path, str]] = []

    def answer(_parent, path, sentences):
        questions.append((path, sentences))
        return "other"

    monkeypatch.setattr(folder_commands, "ask_after_failure", answer)
    return questions


@pytest.fixture
def start(qtbot, theme, monkeypatch) -> Iterator[Start]:
    """A window and its starter, begun with arguments as from the command line."""
    starters: list[Starter] = []
    monkeypatch.setattr(Starter, "_first_run", lambda self: None)

    def begin(*paths: Path, last: str = "", crashed: bool = False) -> Starter:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        settings = Settings()
        settings.set("last_folder", last)
        window = MainWindow(Theme(application), settings)
        qtbot.addWidget(window)
        starter = Starter(window, settings, CrashHook(), list(paths))
        starter.crashed = crashed
        starter.window = window
        window.painted.disconnect()
        starters.append(starter)
        window.show()
        starter._begin()
        return starter

    yield begin
    for starter in starters:
        starter.close()
    theme.apply(100)


def test_the_folder_its_door_file_or_the_last_one(start: Start, data: Path) -> None:
    for arguments, last in (((data,), ""), ((data / "打开.zrd",), ""), ((), str(data))):
        starter = start(*arguments, last=last)
        assert starter.window.workspace.store.folder == data
        assert starter.window.workspace.year == 2020
        starter.close()


def test_a_second_start_looks_only(start: Start, data: Path) -> None:
    first = start(data).window
    second = start(data).window
    assert not first.workspace.read_only
    assert second.workspace.read_only
    assert second.read_only_bar.isVisible()
    assert "只能查看" in second.read_only_bar.text()
    assert not second.actions_by_name["undo"].isEnabled()


@pytest.mark.parametrize("wrong", [
    "missing", "random file", "door elsewhere", "newer", "no database", "damaged",
])
def test_wrong_things_are_told_in_a_sentence(
    start: Start, data: Path, tmp_path: Path, asked: list[tuple[Path, str]], wrong: str
) -> None:
    database = data / "mbo.db"
    path = data
    if wrong == "missing":
        path = tmp_path / "没有"
    elif wrong == "random file":
        path = tmp_path / "other" / "台账.xlsx"
        path.parent.mkdir()
        path.write_bytes(b"PK\x03\x04")
    elif wrong == "door elsewhere":
        path = tmp_path / "桌面" / "打开.zrd"
        path.parent.mkdir()
        (data / "打开.zrd").rename(path)
    elif wrong == "newer":
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA user_version = 9999")
        connection.close()
    elif wrong == "no database":
        database.unlink()
    else:
        database.write_bytes(b"\0" * 4096)
    before = database.read_bytes() if database.exists() else None
    window = start(path).window
    assert window.workspace is None
    assert [where for where, _ in asked] == [path]
    assert asked[0][1].count("。") >= 2
    assert (database.read_bytes() if database.exists() else None) == before


def test_a_folder_that_fails_leaves_the_open_one_open(start: Start, data: Path, tmp_path: Path) -> None:
    starter = start(data)
    assert not starter.open(tmp_path / "没有")
    assert starter.window.workspace.store.folder == data
    assert starter.window.messages.label.text()


def test_trying_again_after_the_stick_is_plugged_in(
    start: Start, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = data.with_name("U盘")
    data.rename(away)

    def plug_in(_parent, _path, _sentences):
        away.rename(data)
        return "retry"

    monkeypatch.setattr(folder_commands, "ask_after_failure", plug_in)
    assert start(data).window.workspace.store.folder == data


def test_a_folder_that_cannot_be_written_can_be_looked_at(
    start: Start, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mbo_desktop.errors import StorageError
    from mbo_desktop.store import folder

    def refuse(_path):
        raise StorageError("没有写入权限。", "数据文件未被改动。", "请检查写保护。")

    monkeypatch.setattr(folder, "require_writable", refuse)
    monkeypatch.setattr(folder_commands, "ask_after_failure", lambda *_: "look")
    window = start(data).window
    assert window.workspace.read_only
    assert window.read_only_bar.isVisible()


def test_leaving_after_a_failure_closes_the_window(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_commands, "ask_after_failure", lambda *_: "quit")
    assert not start(tmp_path / "没有").window.isVisible()


def test_a_crash_of_last_time_is_offered_for_the_maintainers(start: Start, data: Path) -> None:
    window = start(data, crashed=True).window
    assert "上次运行时程序意外中断" in window.messages.label.text()
    assert "意外中断" not in start(data).window.messages.label.text()
