"""Chinese as an input method hands it over; Qt's own key clicks know only ASCII."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget


def commit_text(widget: QWidget, text: str) -> None:
    """Compose and commit a text in a field."""
    QApplication.sendEvent(widget, QInputMethodEvent("pinyin", []))
    done = QInputMethodEvent("", [])
    done.setCommitString(text)
    QApplication.sendEvent(widget, done)
