"""Menu commands around the turn of the year: roll-over, its counter-act, the clerk's hand-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.workspace import Workspace


class YearCommands(QObject):
    """Opens the dialogs over the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "year_turn": self.turn, "year_turn_back": self.turn_back, "clerk_handover": self.hand_over,
        }

    @property
    def _workspace(self) -> Workspace | None:
        return self._window.workspace

    def turn(self) -> None:
        """The wizard."""
        if self._workspace is not None:
            open_year_turn(self._workspace, self._window)

    def turn_back(self) -> None:
        """Take back the roll-over into the year that is looked at."""
        from ui.dialogs.year_turn_back import TakeBackDialog

        workspace = self._workspace
        if workspace is None or not _may_write(workspace):
            return
        dialog = TakeBackDialog(self._window, workspace.store, workspace.year)
        if dialog.exec() and dialog.done_with is not None:
            left = dialog.done_with
            workspace.set_year(left.last)
            workspace.say(
                self.tr("已撤回年度结转 {} 条,可以撤销。").format(len(left.removable)),
                tone="amber" if left.in_use else "green",
            )

    def hand_over(self) -> None:
        """What is open passes to another clerk; where nobody signs in, the other is at work from now on."""
        from mbo_desktop.services import accounts
        from ui.dialogs.clerk_handover import ClerkHandOverDialog

        workspace = self._workspace
        if workspace is None:
            return
        dialog = ClerkHandOverDialog(self._window, workspace)
        if not dialog.exec():
            return
        giver, taker = dialog.names()
        if not accounts.mode(workspace.store).is_on:
            workspace.store.operator = taker
            self._window.settings.set("last_operator", taker)
            self._window.top_bar.reload()
        workspace.say(self.tr("已登记办理人员交接:{} → {}。").format(giver, taker), tone="green")


def open_year_turn(workspace: Workspace, parent: QWidget) -> None:
    """The wizard, for the turn that the time of year or the year that is looked at suggests."""
    from mbo_desktop.services import year_turn_checks
    from ui.dialogs.year_turn import YearTurnWizard

    if _may_write(workspace):
        last, year = year_turn_checks.suggested(workspace.store, workspace.year)
        YearTurnWizard(workspace, parent, last, year).open()


def _may_write(workspace: Workspace) -> bool:
    return workspace.may_write(workspace.tr("修改"))
