"""Drafts with the window: watched while a folder is open, offered after a start, finished before the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from ui.drafts import DraftWatch, finish_typing
from ui.later import later

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.workspace import Workspace

_OFFER_MS = 600
"""After the first room is shown."""


class DraftCommands(QObject):
    """Holds the watch of the open data folder."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.watch: DraftWatch | None = None

    def attach(self, workspace: Workspace) -> None:
        """Watch what is typed; what was left unfinished is told once somebody is at work."""
        if workspace.store.read_only:
            return
        store = workspace.store
        self.watch = DraftWatch(store.folder, lambda: store.operator, self)
        later(self.watch, self._wait, _OFFER_MS)

    def detach(self) -> None:
        """Write what is still open, and watch no more."""
        if self.watch is not None:
            self.watch.stop()
            self.watch.deleteLater()
            self.watch = None

    def finish(self) -> None:
        """Before the window closes: nobody is asked whether to save."""
        workspace = self._window.workspace
        if workspace is not None and not workspace.read_only:
            finish_typing()
        if self.watch is not None:
            self.watch.write()

    def _wait(self) -> None:
        self._window.account_commands.when_signed_in(self.offer)

    def offer(self) -> None:
        """Say what was left unfinished, with a way to it."""
        found = self.watch.left_over() if self.watch is not None else ()
        if self.watch is not None and found and self._window.messages.tells_success:
            # That a backup was restored is read first.
            later(self.watch, self.offer, _OFFER_MS)
        elif found:
            self._window.messages.say(
                self.tr("上次未完成的录入已保留:{} 处。").format(len(found)), "amber",
                [(self.tr("查看"), self.show)],
            )

    def show(self) -> QDialog | None:
        """The list of what was left unfinished."""
        from ui.dialogs.drafts import DraftsDialog

        if self.watch is None:
            return None
        dialog = DraftsDialog(self.watch, self._window)
        dialog.open()
        return dialog
