"""Buttons that a role may not use: grey, with the reason in their tip, instead of a refusal after the press."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.rights import Act
from ui.account_commands import has_accounts
from ui.workspace import Workspace


class Guard(QObject):
    """Keeps one button disabled while who is signed in may not do its act; pages go on enabling it as they see fit."""

    def __init__(self, button: QWidget, workspace: Workspace, act: Act) -> None:
        super().__init__(button)
        self._button, self._workspace, self._act = button, workspace, act
        self._tip = button.toolTip()
        self._told = self._lowered = False
        button.installEventFilter(self)
        workspace.read_only_changed.connect(self._follow)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever enables the button is overruled at once."""
        if event.type() == QEvent.Type.EnabledChange and self._button.isEnabled():
            self._follow()
        return bool(super().eventFilter(watched, event))

    def _follow(self, _read_only: bool = False) -> None:
        """Signing in, changing and losing roles are told by the same signal as read-only work."""
        from mbo_desktop.services import accounts

        store = self._workspace.store
        reason = accounts.refusal(store, self._act) if has_accounts(store) else ""
        if reason:
            if not self._told:
                self._tip, self._told = self._button.toolTip(), True
            self._button.setToolTip(reason)
            if self._button.isEnabled():
                self._lowered = True
                self._button.setEnabled(False)
        elif self._told:
            self._button.setToolTip(self._tip)
            self._told, lowered = False, self._lowered
            self._lowered = False
            if lowered:
                self._button.setEnabled(not self._workspace.read_only)


def guard(button: QWidget, workspace: Workspace, act: Act) -> None:
    """Disable a button for roles that may not do the act, as long as it lives."""
    Guard(button, workspace, act)
