"""核对Word稿: what a circular edited in Word says otherwise than the records."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.services.circular_reading import WordCheck
from ui.theme import scaled


class WordCheckDialog(QDialog):
    """The sentence, and every difference with the line it stands in."""

    def __init__(self, check: WordCheck, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("核对Word稿"))
        self.finished.connect(self.deleteLater)
        self.resize(scaled(640), scaled(420))
        head = QLabel(self.tr("“{}”:{}").format(name, check.sentence))
        head.setProperty("role", "heading")
        head.setWordWrap(True)
        self.listing = QListWidget()
        self.listing.setWordWrap(True)
        self.listing.addItems([one.words for one in check.differences])
        note = QLabel(self.tr("文字可以改,数字应与记录一致。确需改数的,请先改记录,再导出定稿。"))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        for widget in (head, self.listing, note, close):
            layout.addWidget(widget)
