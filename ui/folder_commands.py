"""Choosing a data folder and showing folders in the system's file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from ui.bundle import outside_environment


def choose_folder(parent: QWidget) -> Path | None:
    """Ask for a data folder by its 打开.zrd; None when given up."""
    title = QCoreApplication.translate("folder", "打开数据文件夹")
    kinds = QCoreApplication.translate("folder", "数据文件夹 (*.zrd)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(chosen) if chosen else None


def ask_after_failure(parent: QWidget, path: Path, sentences: str) -> str:
    """The folder could not be opened at the start: "retry", "look", "restore", "other" or "quit"."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(translate("folder", "数据文件夹没有打开"))
    box.setText(str(path))
    box.setInformativeText(sentences)
    retry = box.addButton(translate("folder", "重试"), QMessageBox.ButtonRole.AcceptRole)
    look = None
    if path.exists():
        # On a full disk or a write-protected stick one can at least look.
        look = box.addButton(translate("folder", "只读打开"), QMessageBox.ButtonRole.ActionRole)
    back = None
    if path.is_dir() and any((path / "backups").glob("*.db")):
        back = box.addButton(translate("folder", "恢复到备份…"), QMessageBox.ButtonRole.ActionRole)
    other = box.addButton(translate("folder", "打开其他或新建"), QMessageBox.ButtonRole.ActionRole)
    leave = box.addButton(translate("folder", "退出"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(retry)
    box.setEscapeButton(leave)
    box.exec()
    clicked = box.clickedButton()
    if look is not None and clicked is look:
        return "look"
    if back is not None and clicked is back:
        return "restore"
    return {retry: "retry", other: "other"}.get(clicked, "quit")


def choose_backup(parent: QWidget, folder: Path) -> Path | None:
    """Ask for one of the backups of a folder that cannot be opened; None when given up."""
    title = QCoreApplication.translate("folder", "选择备份(文件名是备份的日期和时间)")
    kinds = QCoreApplication.translate("folder", "备份 (*.db *.zrk)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(folder / "backups"), kinds)
    return Path(chosen) if chosen else None


def show_folder(folder: Path) -> bool:
    """Open a folder in the file manager; False when the desktop has none."""
    with outside_environment():
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_file(path: Path) -> bool:
    """Open a file with the program the desktop has for it; False when there is none."""
    with outside_environment():
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
