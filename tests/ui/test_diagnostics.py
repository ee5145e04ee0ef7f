"""What is handed to the maintainers after trouble, and that a hard crash is told of once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton

from ui import diagnostics
from ui.crash import CrashDialog, describe
from ui.dialogs.diagnostics import DiagnosticsDialog


def names_in(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return set(archive.namelist())


def test_the_package_holds_logs_and_versions_and_nothing_else(tmp_path: Path) -> None:
    for name in ("program.log", "program.log.1", "fault-last.txt", "mbo.db", "目标.xlsx"):
        (tmp_path / name).write_text(name, "utf-8")
    data = diagnostics.package(tmp_path, "版本 1")
    assert names_in(data) == {"program.log", "program.log.1", "fault-last.txt", "versions.txt"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("versions.txt").decode() == "版本 1\n"


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "program.log").mkdir()
    data = diagnostics.package(tmp_path, "x")
    assert names_in(data) == {"versions.txt"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "program.log" in archive.read("versions.txt").decode()


def test_a_hard_crash_is_told_once(tmp_path: Path) -> None:
    assert not diagnostics.put_last_fault_aside(tmp_path)
    (tmp_path / diagnostics.FAULT_NOTE).write_text("", "utf-8")
    assert not diagnostics.put_last_fault_aside(tmp_path)
    (tmp_path / diagnostics.FAULT_NOTE).write_text("Fatal Python error", "utf-8")
    assert diagnostics.put_last_fault_aside(tmp_path)
    assert not diagnostics.put_last_fault_aside(tmp_path)
    assert "fault-last.txt" in names_in(diagnostics.package(tmp_path, ""))


def test_the_dialog_saves_and_says_why_it_could_not(qtbot, tmp_path: Path) -> None:
    (tmp_path / "program.log").write_text("x", "utf-8")
    dialog = DiagnosticsDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Qt" in dialog.about
    assert "数据文件:未打开" in dialog.about
    assert dialog.save_to(tmp_path / "诊断包")
    assert names_in((tmp_path / "诊断包.zip").read_bytes()) == {"program.log", "versions.txt"}
    assert "诊断包.zip" in dialog.messages.label.text()
    assert not dialog.save_to(tmp_path / "missing" / "a.zip")
    assert not (tmp_path / "missing").exists()
    assert dialog.messages.label.text()
    assert {b.text() for b in dialog.findChildren(QPushButton)} >= {"保存诊断包…", "打开日志文件夹", "关闭"}


CANARIES = ("澄岸区", "张三丰", "35678", "1,234.5", "责任书-澄岸区.docx", "/home/zhangsan/督查", "D:\\目标\\mbo.db", "秘密口令")
LOG = """\
2026-11-23 14:08:19,120 INFO mbo.ui: start, version 0.1.0
2026-11-23 14:08:19,121 ERROR mbo.storage: cannot write '/home/zhangsan/督查/责任书-澄岸区.docx' for 张三丰
Traceback (most recent call last):
  File "/home/zhangsan/督查/ui/pages/planning.py", line 17, in write
    raise ValueError("澄岸区 35678 秘密口令")
ValueError: 澄岸区 is 1,234.5 in D:\\目标\\mbo.db, value 35678
2026-11-23 14:08:20,000 WARNING mbo.slow: window held for 420 ms in planning.py:write
"""


def test_no_canary_gets_through(qtbot, tmp_path: Path) -> None:
    (tmp_path / "program.log").write_text(LOG, "utf-8")
    (tmp_path / "fault.txt").write_text('  File "/home/zhangsan/督查/main.py", line 3 in 张三丰\n', "utf-8")
    with zipfile.ZipFile(io.BytesIO(diagnostics.package(tmp_path, "版本 1"))) as archive:
        told = "\n".join(archive.read(name).decode() for name in archive.namelist())
    dialog = DiagnosticsDialog(tmp_path)
    qtbot.addWidget(dialog)
    for canary in CANARIES:
        assert canary not in told
        assert canary not in dialog.preview.toPlainText()
    assert "zhangsan" not in told
    assert 'File "planning.py", line 17, in write' in told
    assert "held for 420 ms in planning.py:write" in told
    assert "ValueError" in told


def test_the_preview_is_what_is_saved(qtbot, tmp_path: Path) -> None:
    (tmp_path / "program.log").write_text(LOG, "utf-8")
    dialog = DiagnosticsDialog(tmp_path)
    qtbot.addWidget(dialog)
    with zipfile.ZipFile(io.BytesIO(diagnostics.package(tmp_path, dialog.about))) as archive:
        for name in archive.namelist():
            assert archive.read(name).decode().strip() in dialog.preview.toPlainText()


def crashed(depth: int) -> str:
    def fall(left: int) -> None:
        if left:
            fall(left - 1)
        raise TypeError("'澄岸区' is 35678, not a Unit of '/home/zhangsan/督查'")

    try:
        fall(depth)
    except TypeError as error:
        return describe(type(error), error, error.__traceback__)
    return ""


def test_a_crash_is_told_without_data_and_repetitions_once() -> None:
    told = crashed(400)
    assert len(told.splitlines()) < 12
    assert "times" in told
    assert not any(canary in told for canary in (*CANARIES, "zhangsan"))
    assert "TypeError" in told


def test_the_words_of_a_crash_are_not_cut(qtbot) -> None:
    dialog = CrashDialog(crashed(2))
    qtbot.addWidget(dialog)
    dialog.show()
    for label in dialog.findChildren(QLabel):
        if label.text() and label.isVisible():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert dialog.details.toPlainText() == crashed(2)
