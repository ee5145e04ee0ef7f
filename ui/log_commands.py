"""工具→日志 and 编辑→这一格的历史 (Ctrl+H): one place for all rooms, tables, trees, panels and forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from mbo_desktop.domain.identity import RecordId
from ui.grids.cell_records import CellRecord, is_unwritten, place_name, record_of
from ui.grids.sheet import SheetView

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class LogCommands(QObject):
    """Opens the log, and the history of what the cursor is at."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._log: QDialog | None = None

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {"log": self.show_log, "history": self.show_history}

    def show_log(self) -> None:
        """The log, once; the same key brings it to the front."""
        from ui.dialogs.log import LogDialog

        workspace = self._window.workspace
        if workspace is None:
            return
        if self._log is not None:
            self._log.raise_()
            self._log.activateWindow()
            return
        self._log = LogDialog(workspace, self._window)
        self._log.destroyed.connect(self._on_gone)
        self._log.show()

    def detach(self) -> None:
        """The data folder is closed: its log is too."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def _on_gone(self, _log: object) -> None:
        self._log = None

    def show_history(self) -> QDialog | None:
        """The history of the cell, or of the record that the panel or form shows."""
        from ui.dialogs.record_history import RecordHistory

        workspace = self._window.workspace
        if workspace is None:
            return None
        found = self.asked()
        if found is None:
            workspace.say(self._why_none())
            return None
        dialog = RecordHistory(
            workspace, RecordId(found.record), QApplication.activeWindow() or self._window, found.fields)
        dialog.open()
        return dialog

    def _why_none(self) -> str:
        view = _sheet_of(QApplication.focusWidget())
        if view is not None and is_unwritten(view, self._window.workspace.store):  # type: ignore[union-attr]
            return self.tr("“{}”还没有填写过,没有历史。填写以后,每次修改都记在这里。").format(place_name(view))
        return self.tr("这里没有单条记录的历史:请选中一行,或在“工具→日志”中查找。")

    def asked(self) -> CellRecord | None:
        """What the focus is at: a cell of a table or tree, else the record the page shows beside it."""
        workspace = self._window.workspace
        if workspace is None:
            return None
        focused = QApplication.focusWidget()
        view = _sheet_of(focused)
        if view is not None:
            return record_of(view, workspace.store)
        for host in _hosts(focused):
            found = getattr(host, "history_record", None)
            if callable(found):
                return _as_record(found())
        page = self._window.page
        views = [] if page is None else [one for one in page.findChildren(QWidget) if isinstance(one, SheetView)]
        shown: list[Any] = [one for one in views if one.isVisible()]
        return record_of(shown[0], workspace.store, whole=True) if shown else None


def _as_record(found: object) -> CellRecord | None:
    return CellRecord(int(str(found)), ()) if found else None


def _hosts(widget: QWidget | None) -> list[QWidget]:
    hosts = []
    while widget is not None:
        hosts.append(widget)
        widget = widget.parentWidget()
    return hosts


def _sheet_of(widget: QWidget | None) -> Any:
    return next((one for one in _hosts(widget) if isinstance(one, SheetView)), None)
