"""Collects garbage in the GUI thread only: what widgets leave behind must not be taken apart elsewhere.

Python runs its collector in whatever thread happens to allocate. Wrappers and signal
connections of closed dialogs that are collected while a job reads in its lane end the
program in QWidget's destructor.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000
THRESHOLDS = (2_000, 10, 10)
"""New objects, and younger collections, after which a generation is looked at."""


class GuiCollector(QObject):
    """Python's own collector rests while this one lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > THRESHOLDS[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
