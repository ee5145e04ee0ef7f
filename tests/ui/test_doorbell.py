"""A package opened while the program runs comes up in the window that already works with the data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from mbo_desktop.services import session
from mbo_desktop.store import lock
from ui import application, doorbell
from ui.application import Starter
from ui.crash import CrashHook
from ui.main_window import MainWindow
from ui.pages.exchange_inbox import InboxView
from ui.settings import Settings
from ui.theme import Theme

ROOT = Path(__file__).parents[2]
LONG = 60_000


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(doorbell.places, "state_folder", lambda: tmp_path / "state" / "mbo-desktop")
    return tmp_path / "state" / "mbo-desktop"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "数据"
    session.create_folder(folder, office_name="市目标办", operators=["刘敏"], year=2020).close()
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "柯城区目标办-第1包.zrb"
    path.write_bytes(b"no package at all")
    return path


@pytest.fixture
def running(qtbot, theme, data: Path) -> Iterator[Starter]:
    """A window that works with the data folder, as after a start."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = MainWindow(Theme(app), Settings())
    qtbot.addWidget(window)
    starter = Starter(window, window.settings, CrashHook(), [data])
    starter.window = window
    window.painted.disconnect()
    window.show()
    starter._begin()
    yield starter
    starter.close()
    theme.apply(100)


def listed(starter: Starter) -> list[str]:
    page = starter.window.page
    view = page.views.view if page is not None and page.key == "exchange" else None
    return [one.name for one in view.found.rows] if isinstance(view, InboxView) and view.found else []


def second_start(place: Path, data: Path, package: Path) -> subprocess.Popen[bytes]:
    settings = place / "config" / "mbo-desktop" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"last_folder": str(data)}), encoding="utf-8")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(place / "config"), "QT_QPA_PLATFORM": "offscreen",
    }
    return subprocess.Popen([sys.executable, str(ROOT / "main.py"), str(package)], env=environment, cwd=place)


def test_a_second_start_hands_its_package_to_the_running_window(
    running: Starter, data: Path, package: Path, tmp_path: Path, qtbot
) -> None:
    second = second_start(tmp_path, data, package)
    try:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=LONG)
        assert second.returncode == 0
        qtbot.waitUntil(lambda: listed(running) == [package.name], timeout=LONG)
    finally:
        second.kill()
        second.wait()
    assert not running.window.workspace.read_only


def test_what_is_opened_during_a_dialog_waits_for_its_end(
    running: Starter, data: Path, package: Path, qtbot
) -> None:
    dialog = QDialog(running.window)
    dialog.open()
    answers: list[bool] = []
    ringing = threading.Thread(target=lambda: answers.append(doorbell.ring(data, [package])))
    ringing.start()
    qtbot.waitUntil(lambda: answers == [True], timeout=LONG)
    ringing.join()
    assert "收件" in running.window.messages.label.text()
    assert listed(running) == []
    dialog.reject()
    qtbot.waitUntil(lambda: listed(running) == [package.name], timeout=LONG)


def test_a_window_that_may_only_look_says_where_to_read_the_package(
    running: Starter, data: Path, package: Path, qtbot
) -> None:
    """As when the running window did not answer in time."""
    window = MainWindow(running.window.theme, Settings())
    qtbot.addWidget(window)
    late = Starter(window, window.settings, CrashHook(), [data, package])
    window.painted.disconnect()
    window.show()
    late._begin()
    assert window.workspace.read_only
    assert f"“{package.name}”没有读入" in window.messages.label.text()
    late.close()


def test_nothing_is_handed_over_where_nobody_has_the_folder(data: Path, package: Path, state: Path) -> None:
    assert not doorbell.ring(data, [package])
    assert not doorbell.ring(data / "没有", [package])
    assert not (state / "handed").exists()


def test_without_an_answer_the_note_is_taken_back(data: Path, package: Path, state: Path) -> None:
    held = lock.FolderLock(data)
    assert held.acquire()
    try:
        assert lock.is_held(data)
        assert not doorbell.ring(data, [package], wait=0.1)
    finally:
        held.release()
    assert not lock.is_held(data)
    assert not list((state / "handed").rglob("*.json"))


def test_asking_does_not_take_the_lock_of_a_start_that_died(data: Path) -> None:
    (data / "mbo.lock").write_text('{"host": "甲", "pid": 1}', encoding="utf-8")
    assert not lock.is_held(data)
    mine = lock.FolderLock(data)
    assert mine.acquire()
    mine.release()


@pytest.mark.parametrize("text", [b"", b"[", b"{}", b'["relative.zrb"]', b"[1, null]", b'["/nowhere/at/all.zrb"]', b"[" * 99_000])
def test_other_files_in_that_place_do_no_harm(qtbot, data: Path, state: Path, text: bytes) -> None:
    bell = doorbell.Doorbell(data, lambda: True)
    handed: list[object] = []
    bell.handed.connect(handed.append)
    note = doorbell._place(data) / "x.json"
    note.parent.mkdir(parents=True)
    note.write_bytes(text)
    bell.look()
    bell.stop()
    assert handed == []
    assert not note.exists()


def test_a_folder_named_at_the_start_is_the_one_asked(
    monkeypatch: pytest.MonkeyPatch, data: Path, package: Path, tmp_path: Path
) -> None:
    asked: list[tuple[Path, list[Path]]] = []
    ring: Callable[..., bool] = lambda place, paths: asked.append((place, paths)) or True  # noqa: E731
    monkeypatch.setattr(doorbell, "ring", ring)
    assert application._handed_over([package, data], str(tmp_path))
    assert application._handed_over([package], str(data))
    assert not application._handed_over([data], str(data)), "without a package the second window looks only"
    assert not application._handed_over([package], "")
    assert asked == [(data, [package])] * 2
