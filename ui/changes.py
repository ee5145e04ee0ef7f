"""The store's announcements as a Qt signal in the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store


class ChangeBus(QObject):
    """Every committed change set arrives once, in the GUI thread, whichever thread committed."""

    changed = Signal(object)
    """A `ChangeSet` (label, ids_by_type, undo, change_id)."""
    _committed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._committed.connect(self._on_committed)

    def attach(self, store: Store) -> None:
        """Listen to a store from now on."""
        store.subscribe(self.announce)

    def announce(self, changes: object) -> None:
        """Take a change set from any thread."""
        self._committed.emit(changes)

    def _on_committed(self, changes: object) -> None:
        self.changed.emit(changes)
