"""Which page of the manual a window asks for with F1."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QWidget

DIALOGS = {
    "accountability": "accountability", "accounts": "accounts", "agreement": "agreements",
    "assessment": "assessment", "backup": "backup", "categories": "planning", "checkup": "backup",
    "clerk_handover": "year_turn", "continued_indicator": "last_year",
    "decomposition": "decomposition", "decomposition_ledger": "decomposition_papers",
    "decomposition_network": "decomposition_papers", "decomposition_paper": "decomposition_papers",
    "diagnostics": "questions", "drafts": "log", "exchange": "exchange", "first_run": "first_day",
    "handover": "offices", "import": "import", "inspection": "inspections", "joint": "planning",
    "log": "log", "manual": "index", "matrix_units": "planning", "meeting_screen": "overview",
    "numbering": "circulars", "office_settings": "first_day", "posts": "offices",
    "progress": "progress", "progress_collect": "collecting", "progress_templates": "collecting",
    "purge": "purge", "record_history": "log", "results_wizard": "last_year",
    "season_adjustment": "adjustments", "season_desk": "desk", "season_round": "rounds",
    "season_scans": "adjustments", "season_template": "agreements", "source_facts": "sources",
    "successions": "offices", "unit_names": "offices", "unit_results": "last_year",
    "year_seal": "year_turn", "year_turn": "year_turn",
}
"""Beginning of a module's name in ui.dialogs → page; the longest that fits counts."""
OTHERS = {"ui.crash": "questions", "ui.covering": "accounts", "ui.sign_in": "accounts",
          "ui.pages.offices_people": "offices", "ui.pages.assessment_sealing": "assessment",
          "ui.pages.season_comparison": "comparison"}
"""Dialogs that stand elsewhere."""


def page_of_module(module: str) -> str:
    """The page for the dialogs of a module; "" where a window in front of them knows better."""
    if module in OTHERS:
        return OTHERS[module]
    package, _, name = module.rpartition(".")
    if package != "ui.dialogs":
        return ""
    fitting = [begin for begin in DIALOGS if name == begin or name.startswith((f"{begin}_", f"{begin}s"))]
    return DIALOGS[max(fitting, key=len)] if fitting else ""


def page_of(window: QWidget | None) -> str:
    """The page of a dialog, or of the one it stands in front of; "" for none."""
    while window is not None:
        page = next((page for one in type(window).__mro__ if (page := page_of_module(one.__module__))), "")
        if page:
            return page
        parent = window.parentWidget()
        window = parent.window() if parent is not None else None
    return ""


class DialogHelp(QObject):
    """Gives every dialog that comes up the key F1; the menu's own does not reach past a modal one.

    show(dialog, page) opens the manual; page is "" when the room in the main window is meant.
    """

    def __init__(self, show: Callable[[QWidget, str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._on_window)

    def _on_window(self, _window: QWindow | None) -> None:
        dialog = QApplication.activeWindow()
        if isinstance(dialog, QDialog):
            self.equip(dialog)

    def equip(self, dialog: QDialog) -> None:
        """F1 in this dialog, unless it has the key already."""
        key = QKeySequence(Qt.Key.Key_F1)
        if page_of_module(type(dialog).__module__) == "index" or any(
            one.key() == key for one in dialog.findChildren(QShortcut)
        ):
            return
        # No closure over the dialog: the connection would keep one without a parent for ever.
        QShortcut(key, dialog).activated.connect(self._on_key)

    def _on_key(self) -> None:
        dialog = self.sender().parent()
        if isinstance(dialog, QDialog):
            self._show(dialog, page_of(dialog))
