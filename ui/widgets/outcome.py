"""The last page of a wizard: a sentence with its picture, buttons at the right, and what is to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.tinted import IconLabel


class OutcomePage(QWidget):
    """Subclasses give the buttons and fill `picture`, `sentence`, `detail` and `listing`."""

    wanted = Signal(str)
    """Of the buttons made by `asking`, which was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = IconLabel()
        self.sentence = QLabel()
        self.sentence.setProperty("role", "heading")
        self.sentence.setWordWrap(True)
        self.detail = QLabel()
        self.detail.setProperty("role", "muted")
        self.detail.setWordWrap(True)
        self.listing = QListWidget()
        self.listing.setWordWrap(True)
        self.listing.setSpacing(scaled(2))
        self.listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def asking(self, text: str, what: str) -> QPushButton:
        """A button that emits `wanted` with this word."""
        button = QPushButton(text)
        button.setProperty("what", what)
        button.clicked.connect(self._on_button)
        return button

    def _on_button(self) -> None:
        self.wanted.emit(str(self.sender().property("what")))

    def lay_out(self, buttons: Sequence[QPushButton]) -> None:
        """Put the parts in their places, the buttons beside the sentence."""
        words = QVBoxLayout()
        words.addWidget(self.sentence)
        words.addWidget(self.detail)
        head = QHBoxLayout()
        head.setSpacing(scaled(12))
        head.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        for button in buttons:
            button.setAutoDefault(False)
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, scaled(8), 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.listing, 1)
