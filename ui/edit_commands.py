"""Menu commands of 编辑: undo and redo by name, find, search; and what Ctrl+S answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class EditCommands(QObject):
    """Does them on the open data folder and the page that is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "undo": self.undo, "redo": self.redo, "save": self.save, "find": self.find,
            "search": self.search,
        }

    def undo(self) -> None:
        """Take the last step back."""
        if self._window.workspace is not None:
            self._window.workspace.undo()

    def redo(self) -> None:
        """Do it once more."""
        if self._window.workspace is not None:
            self._window.workspace.redo()

    def save(self) -> None:
        """There is nothing to save; say so."""
        self._window.messages.say(self.tr("已自动保存:每次修改确认后即写入,无需手动保存。"))

    def find(self) -> None:
        """The find bar of the page."""
        if self._window.page is not None:
            self._window.page.find()

    def search(self) -> None:
        """Into the field that finds everything."""
        self._window.top_bar.search.setFocus()
        self._window.top_bar.search.selectAll()

    def show_steps(self) -> None:
        """Name the steps that can be undone and redone."""
        workspace = self._window.workspace
        store = workspace.store if workspace else None
        for name, word in (("undo", self.tr("撤销")), ("redo", self.tr("重做"))):
            label = getattr(store, f"{name}_label", None) if store else None
            action = self._window.actions_by_name[name]
            action.setText(f"{word} {label}" if label else word)
            action.setEnabled(bool(label) and not (workspace and workspace.read_only))
