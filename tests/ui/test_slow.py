"""Slow reads and a held window are told in the log: where, how long, nothing of the data."""

from __future__ import annotations

import logging
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from mbo_desktop.store import slow
from mbo_desktop.store.database import Store
from ui import slow as window_slow
from ui.slow import WindowWatch, where


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "_told", {})


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "mbo.slow"]


def test_a_long_read_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.create(tmp_path / "澄岸区", operator="张三丰") as store, caplog.at_level(logging.WARNING):
        for _time in range(3):
            with store.read():
                sleep(0.08)
    mine = [one for one in told(caplog) if "test_slow.py:test_a_long_read_is_told_once" in one]
    assert len(mine) == 1
    assert "read of" in mine[0]
    assert not any(word in "".join(told(caplog)) for word in ("澄岸区", "张三丰"))


def test_a_quick_read_is_not_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "READ_SECONDS", 60)
    with Store.create(tmp_path / "数据", operator="") as store, store.read():
        pass
    assert told(caplog) == []


def test_a_held_window_is_told_with_the_function(
    qtbot: Any, qapp: QApplication, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_slow, "_OWN", ("/tests/ui/test_slow",))

    def hold_the_window() -> None:
        sleep(0.9)

    watch = WindowWatch(qapp)
    try:
        timer = QTimer(qapp, singleShot=True)
        timer.timeout.connect(hold_the_window)
        timer.start(0)
        qtbot.waitUntil(lambda: any("hold_the_window" in one for one in told(caplog)), timeout=8000)
    finally:
        watch.stop()
        watch.deleteLater()
        timer.deleteLater()
    assert "window held for" in told(caplog)[0]


def test_waiting_in_the_loop_is_no_fault() -> None:
    assert where(0) == ""
