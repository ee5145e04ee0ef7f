"""Calling something a turn of the event loop later, so that its faults still surface."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(owner: QObject, call: Callable[[], object], milliseconds: int = 0) -> None:
    """Call once, later, while the owner lives.

    Not QTimer.singleShot with a context: in PySide6 6.7.3 an exception in its callable
    reaches no hook and hangs or ends the process.
    """
    timer = QTimer(owner, singleShot=True, interval=milliseconds)
    timer.timeout.connect(call)
    timer.timeout.connect(timer.deleteLater)
    timer.start()
