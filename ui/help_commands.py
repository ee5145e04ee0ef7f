"""Manual, diagnostics, about, and the question before a running job is stopped."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from mbo_desktop import PRODUCT_NAME, __version__
from ui import folder_commands, places
from ui.dialogs.manual import ManualWindow


def show_manual(parent: QWidget, page: str) -> ManualWindow:
    """Open the offline manual at a page."""
    window = ManualWindow(page, parent)
    window.show()
    return window


def versions() -> str:
    """What runs here, for a report; no names, no data."""
    return "\n".join((
        f"{PRODUCT_NAME} {__version__}",
        f"Python {platform.python_version()} · Qt {PySide6.__version__}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ))


def show_diagnostics(parent: QWidget) -> None:
    """Versions and where the log is."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setWindowTitle(translate("help", "诊断信息"))
    box.setText(versions())
    box.setInformativeText(translate("help", "日志中没有业务数据,可以交给维护人员。"))
    show = box.addButton(translate("help", "打开日志文件夹"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(translate("help", "关闭"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    if box.clickedButton() is show:
        folder_commands.show_folder(places.state_folder())


def show_about(parent: QWidget, notice: str) -> None:
    """Name, version, notice."""
    box = QMessageBox(parent)
    box.setWindowTitle(QCoreApplication.translate("help", "关于"))
    box.setText(versions())
    box.setInformativeText(notice)
    box.addButton(QCoreApplication.translate("help", "关闭"), QMessageBox.ButtonRole.RejectRole)
    box.exec()


def ask_to_stop_job(parent: QWidget) -> bool:
    """Whether to leave although a job runs."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setWindowTitle(PRODUCT_NAME)
    box.setText(translate("help", "后台任务还没有完成。退出将取消任务,数据保持任务开始前的样子。"))
    leave = box.addButton(translate("help", "取消任务并退出"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(translate("help", "继续等待"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.exec()
    return box.clickedButton() is leave
