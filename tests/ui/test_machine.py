"""What the program keeps on the machine and meets there: settings, logs, input method, faults."""

from __future__ import annotations

import json
import logging
import sys
import threading

import pytest
from PySide6.QtCore import QtMsgType

from mbo_desktop.errors import InputError
from ui import crash, logs
from ui.input_method import prepare_environment, running_programs
from ui.settings import SETTINGS, Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a" / "settings.json"


def test_settings_come_back_with_their_types(path):
    settings = Settings(path)
    settings.set("zoom", 125)
    settings.set("window_maximized", False)
    settings.set_page_state("planning", {"widths": {"名称": 120}, "sort": "", "values": [1, 2]})
    assert settings.save()
    again = Settings(path)
    assert again.get("zoom") == 125
    assert again.get("window_maximized") is False
    assert again.page_state("planning")["widths"] == {"名称": 120}
    assert again.page_state("offices") == {}


def test_a_damaged_settings_file_falls_back_to_the_last_good_one(path):
    settings = Settings(path)
    settings.set("zoom", 110)
    settings.save()
    settings.set("zoom", 150)
    settings.save()
    path.write_text('{"zoom": 1')
    assert Settings(path).get("zoom") == 110
    path.with_suffix(".last").write_bytes(b"\xff\xfe")
    assert Settings(path).get("zoom") == 100


def test_values_of_a_wrong_type_are_not_taken(path):
    path.parent.mkdir()
    path.write_text(json.dumps({"zoom": "125", "window_maximized": 1, "pages": []}))
    settings = Settings(path)
    assert settings.get("zoom") == 100
    assert settings.get("window_maximized") is True
    assert settings.page_state("x") == {}
    with pytest.raises(ValueError, match="zoom"):
        settings.set("zoom", "125")
    with pytest.raises(KeyError):
        settings.get("colour")


def test_settings_that_cannot_be_written_do_no_harm(tmp_path):
    (tmp_path / "file").write_text("x")
    assert not Settings(tmp_path / "file" / "settings.json").save()


def test_every_setting_accepts_its_own_default_and_has_one_name():
    assert all(setting.accepts(setting.default) for setting in SETTINGS)
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize(("asked", "running", "module"), [
    ({}, {"fcitx5"}, "ibus"),
    ({"QT_IM_MODULE": "fcitx"}, {"fcitx5"}, "ibus"),
    ({"QT_IM_MODULES": "fcitx"}, {"fcitx5"}, "ibus"),
    ({"QT_IM_MODULE": "ibus"}, {"fcitx5"}, "ibus"),
    ({"QT_IM_MODULE": "compose"}, {"fcitx5"}, "compose"),
    ({"QT_IM_MODULE": "fcitx"}, {"ibus-daemon"}, "fcitx"),
    ({}, {"fcitx"}, None),
])
def test_fcitx5_is_reached_through_ibus(asked, running, module):
    environment = dict(asked)
    changed = prepare_environment(environment, running)
    assert environment.get("QT_IM_MODULE") == module
    assert changed == (environment.get("IBUS_USE_PORTAL") == "1")
    assert not changed or "QT_IM_MODULES" not in environment


def test_running_programs_are_named(tmp_path):
    (tmp_path / "12").mkdir()
    (tmp_path / "12" / "comm").write_text("fcitx5\n")
    (tmp_path / "13").mkdir()
    (tmp_path / "self").mkdir()
    assert running_programs(tmp_path) == {"fcitx5"}
    assert running_programs(tmp_path / "none") == set()


def test_the_log_rotates_in_the_state_folder(tmp_path):
    handler = logs.start(tmp_path / "state")
    try:
        assert (handler.maxBytes, handler.backupCount) == (2_000_000, 4)
        logging.getLogger("mbo.test").info("hello")
        assert "hello" in (tmp_path / "state" / "program.log").read_text()
    finally:
        logging.getLogger("mbo").removeHandler(handler)
        handler.close()


def test_a_machine_without_a_writable_place_has_no_log(tmp_path):
    (tmp_path / "file").write_text("x")
    assert logs.start(tmp_path / "file" / "state") is None


@pytest.mark.expects_warnings
def test_what_qt_says_is_logged(caplog):
    logs._on_qt_message(QtMsgType.QtWarningMsg, None, "QPainter::begin")
    assert caplog.records[-1].levelno == logging.WARNING
    assert caplog.records[-1].name == "mbo.qt"


@pytest.fixture
def hook(qtbot):
    presented = []
    made = crash.CrashHook(presented.append)
    made.presented = presented
    made.install()
    yield made
    made.remove()
    if made.dialog is not None:
        made.dialog.close()


def fail(text: str = "目标 150 亿元"):
    raise ValueError(text)


def raise_into(excepthook) -> None:
    try:
        fail()
    except ValueError:
        excepthook(*sys.exc_info())


@pytest.mark.expects_warnings
def test_a_fault_is_told_once_without_business_data(hook, qtbot, caplog):
    for _ in range(3):
        raise_into(sys.excepthook)
    assert hook.dialog is not None
    assert hook.dialog.isVisible()
    text = hook.dialog.findChildren(type(hook.dialog.fold).__mro__[1])
    assert text is not None
    assert "fail" in hook.dialog.details.toPlainText()
    assert "150" not in hook.dialog.details.toPlainText()
    assert hook.dialog.details.isHidden()
    assert list(hook.seen.values()) == [3]
    assert len([r for r in caplog.records if r.name == "mbo.crash"]) == 1
    assert "150" not in caplog.text
    hook.dialog.fold.click()
    assert not hook.dialog.details.isHidden()


@pytest.mark.expects_warnings
def test_identical_faults_are_counted_and_not_shown_again(hook, qtbot):
    for _ in range(4):
        raise_into(sys.excepthook)
    assert hook.dialog.times.isVisible()
    assert "4 次" in hook.dialog.times.text()
    hook.dialog.accept()
    assert hook.dialog is None
    raise_into(sys.excepthook)
    assert hook.dialog is None
    assert list(hook.seen.values()) == [5]


def test_hard_crashes_without_a_place_are_not_noted(tmp_path):
    (tmp_path / "state").write_text("a file where the folder should be", "utf-8")
    assert crash.open_fault_file(tmp_path / "state") is None


@pytest.mark.expects_warnings
def test_one_dialog_at_a_time(hook, qtbot):
    raise_into(sys.excepthook)
    first = hook.dialog
    try:
        {}["x"]
    except KeyError:
        sys.excepthook(*sys.exc_info())
    assert hook.dialog is first
    first.accept()
    assert hook.dialog is None


@pytest.mark.expects_warnings
def test_a_fault_in_a_thread_is_shown_in_the_gui_thread(hook, qtbot):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: hook.dialog is not None)


def test_an_expected_error_that_surfaced_is_presented(hook, qtbot):
    error = InputError("a", "b")
    sys.excepthook(InputError, error, None)
    assert hook.presented == [error]
    assert hook.dialog is None


def test_the_dialog_says_that_saved_work_is_safe(qtbot):
    from PySide6.QtWidgets import QLabel, QPushButton

    dialog = crash.CrashDialog("model.py:1 row")
    qtbot.addWidget(dialog)
    words = "".join(label.text() for label in dialog.findChildren(QLabel))
    assert "最近一次保存的内容是安全的" in words
    assert {b.text() for b in dialog.findChildren(QPushButton)} == {"显示详情", "复制详情", "继续"}


def test_hard_crashes_have_a_file(tmp_path):
    import faulthandler

    was_on = faulthandler.is_enabled()
    file = crash.open_fault_file(tmp_path / "state")
    assert faulthandler.is_enabled()
    faulthandler.disable()
    file.close()
    if was_on:
        faulthandler.enable(sys.__stderr__)


@pytest.mark.expects_warnings
def test_a_fault_in_a_delayed_call_surfaces(hook, qtbot):
    from PySide6.QtCore import QObject

    from ui.later import later

    owner, done = QObject(), []
    later(owner, fail)
    later(owner, lambda: done.append(1), 5)
    qtbot.waitUntil(lambda: hook.dialog is not None and done == [1])
