"""The last page of 发件: what was written, and to pull the stick out safely."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.services.issued import IssuedFile
from ui.theme import pixmap, scaled


class SentPane(QWidget):
    """Sentence, files, and the ways on."""

    wanted = Signal(str)
    """folder, slips, close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel()
        self.sentence = QLabel()
        self.sentence.setProperty("role", "heading")
        self.sentence.setWordWrap(True)
        self.detail = QLabel(self.tr(
            "每个文件都写完后重新读出、核对一致。请安全弹出U盘后再拔。文件丢了、拔早了,都可以在“登记”中原样重写一份。"))
        self.detail.setProperty("role", "muted")
        self.detail.setWordWrap(True)
        self.listing = QListWidget()
        self.listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.listing.setWordWrap(True)
        words = QVBoxLayout()
        words.addWidget(self.sentence)
        words.addWidget(self.detail)
        head = QHBoxLayout()
        head.setSpacing(scaled(12))
        head.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.slips_button = self._button(self.tr("打印交接单…"), "slips")
        self.folder_button = self._button(self.tr("打开所在文件夹"), "folder")
        self.close_button = self._button(self.tr("完成"), "close")
        self.close_button.setProperty("role", "primary")
        for button in (self.slips_button, self.folder_button, self.close_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, scaled(8), 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.listing, 1)

    def _button(self, text: str, what: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("what", what)
        button.clicked.connect(self._on_button)
        return button

    def _on_button(self) -> None:
        self.wanted.emit(str(self.sender().property("what")))

    def show_files(self, files: Sequence[IssuedFile]) -> None:
        """What was written."""
        self.picture.setPixmap(pixmap("circle-check", scaled(32), "green_shape"))
        self.sentence.setText(self.tr("已写入 {} 个数据包,请安全弹出U盘。").format(len(files)))
        self.listing.clear()
        self.listing.addItems([self.tr("{}　第{}包　{}").format(one.name, one.seq, one.path.name) for one in files])
