"""Buttons and menu entries that a role may not use: grey, with the reason in their tip, instead of a refusal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mbo_desktop.domain.rights import Act
from ui.account_commands import has_accounts
from ui.workspace import Workspace


class Guard(QObject):
    """Keeps one button or entry disabled while who is signed in may not do its act.

    Pages go on enabling it as they see fit.
    """

    def __init__(self, guarded: QWidget | QAction, workspace: Workspace, act: Act) -> None:
        super().__init__(guarded)
        self._guarded, self._workspace, self._act = guarded, workspace, act
        self._tip = self._own_tip()
        self._told = self._lowered = False
        if isinstance(guarded, QAction):
            guarded.enabledChanged.connect(self._on_enabled)
        else:
            guarded.installEventFilter(self)
        workspace.read_only_changed.connect(self._follow)
        self._follow()

    def _own_tip(self) -> str:
        tip = self._guarded.toolTip()
        # An entry without a tip gives its text for one; said in a menu it would only repeat it.
        is_text = isinstance(self._guarded, QAction) and tip == QAction(self._guarded.text()).toolTip()
        return "" if is_text else tip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever enables the button is overruled at once."""
        if event.type() == QEvent.Type.EnabledChange:
            self._on_enabled(self._guarded.isEnabled())
        return bool(super().eventFilter(watched, event))

    def _on_enabled(self, enabled: bool) -> None:
        if enabled:
            self._follow()

    def _follow(self, _read_only: bool = False) -> None:
        """Signing in, changing and losing roles are told by the same signal as read-only work."""
        from mbo_desktop.services import accounts

        store = self._workspace.store
        reason = accounts.refusal(store, self._act) if has_accounts(store) else ""
        if reason:
            if not self._told:
                self._tip, self._told = self._own_tip(), True
            self._guarded.setToolTip(reason)
            if self._guarded.isEnabled():
                self._lowered = True
                self._guarded.setEnabled(False)
        elif self._told:
            self._guarded.setToolTip(self._tip)
            self._told, lowered = False, self._lowered
            self._lowered = False
            if lowered:
                self._guarded.setEnabled(not self._workspace.read_only)


def guard(button: QWidget, workspace: Workspace, act: Act) -> None:
    """Disable a button for roles that may not do the act, as long as it lives."""
    Guard(button, workspace, act)


def guard_entry(menu: QMenu, entry: QAction, workspace: Workspace, act: Act) -> QAction:
    """Disable an entry of a menu likewise; the menu shows why. Gives the entry back."""
    menu.setToolTipsVisible(True)
    Guard(entry, workspace, act)
    return entry
