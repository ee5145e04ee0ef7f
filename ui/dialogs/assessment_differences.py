"""Differences line by line: a Word circular against the records, a scheme against last year's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.screens import size_within_screen


class DifferencesDialog(QDialog):
    """A sentence, the differences, and what to do about them."""

    def __init__(self, title: str, sentence: str, lines: Sequence[str], note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.finished.connect(self.deleteLater)
        size_within_screen(self, 640, 420)
        head = QLabel(sentence)
        head.setProperty("role", "heading")
        head.setWordWrap(True)
        self.listing = QListWidget()
        self.listing.setWordWrap(True)
        self.listing.addItems(list(lines))
        below = QLabel(note)
        below.setProperty("role", "muted")
        below.setWordWrap(True)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        for widget in (head, self.listing, below, close):
            layout.addWidget(widget)
