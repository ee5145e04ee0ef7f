"""Choosing a data folder and showing folders in the system's file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_folder(parent: QWidget) -> Path | None:
    """Ask for a data folder by its 打开.zrd; None when given up."""
    title = QCoreApplication.translate("folder", "打开数据文件夹")
    kinds = QCoreApplication.translate("folder", "数据文件夹 (*.zrd)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(chosen) if chosen else None


def show_folder(folder: Path) -> bool:
    """Open a folder in the file manager; False when the desktop has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_file(path: Path) -> bool:
    """Open a file with the program the desktop has for it; False when there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
