"""Tells when nobody has touched keys or mouse for some minutes."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_TOUCHES = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.InputMethod,
})
_LOOK_MS = 2000


class IdleWatch(QObject):
    """Watches the windows, not every widget, so that typing costs nothing more.

    `idle` after so many minutes without a touch, once; 0 minutes: never.
    """

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seconds = 0.0
        self._touched = monotonic()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._on_window)

    def set_minutes(self, minutes: float) -> None:
        """Begin to watch anew; 0 stops."""
        self._seconds = minutes * 60
        self.touch()
        for window in QGuiApplication.topLevelWindows():
            self._watch(window)
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = monotonic()

    def _on_window(self, window: QWindow | None) -> None:
        if window is not None and self._seconds:
            self._watch(window)

    def _watch(self, window: QWindow) -> None:
        # Installed again it only moves to the front.
        window.installEventFilter(self)

    def _on_look(self) -> None:
        if self._seconds and monotonic() - self._touched >= self._seconds:
            self._timer.stop()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch in any window."""
        if event.type() in _TOUCHES:
            self._touched = monotonic()
        return False
