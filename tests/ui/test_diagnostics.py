"""What is handed to the maintainers after trouble, and that a hard crash is told of once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from ui import diagnostics
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
