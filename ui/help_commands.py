"""Manual, diagnostics, about, and the question before a running job is stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from mbo_desktop import PRODUCT_NAME
from ui import places
from ui.diagnostics import versions
from ui.dialogs.diagnostics import DiagnosticsDialog
from ui.dialogs.manual import ManualWindow

if TYPE_CHECKING:
    from ui.dialogs.print_preview import PrintPreview


def show_manual(parent: QWidget, page: str) -> ManualWindow:
    """Open the offline manual at a page; where it stands open already it turns to the page."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for window in parent.findChildren(ManualWindow, options=direct):
        if window.isVisible():
            window.turn_to(page)
            return window
    window = ManualWindow(page, parent)
    window.show()
    return window


def show_key_card(parent: QWidget) -> PrintPreview:
    """The keys on one A4, to be printed."""
    from ui.dialogs.manual_pdf import show_card

    return show_card(parent)


def show_diagnostics(parent: QWidget, database: Path | None = None) -> DiagnosticsDialog:
    """Versions, where the log is, 诊断包; database: the open data file."""
    dialog = DiagnosticsDialog(places.state_folder(), database, parent)
    dialog.open()
    return dialog


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
