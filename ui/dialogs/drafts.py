"""上次未完成的录入: what was being typed when the program ended, to be copied, or given up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.store.drafts import Draft
from ui.screens import size_within_screen
from ui.theme import scaled

if TYPE_CHECKING:
    from ui.drafts import DraftWatch


class DraftsDialog(QDialog):
    """Each draft with its place, time and texts; opening the same editor again offers it there too."""

    def __init__(self, watch: DraftWatch, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("上次未完成的录入"))
        self._watch = watch
        words = QLabel(self.tr(
            "这些内容没有确认就中断了,没有写入数据。回到原来的格子按 F2、或再打开原来的窗口,就会提示填入;也可以在这里复制。"))
        words.setWordWrap(True)
        holder = QWidget()
        self._rows = QVBoxLayout(holder)
        for draft in watch.left_over():
            self._rows.addWidget(self._card(draft))
        self._rows.addStretch(1)
        area = QScrollArea()
        area.setWidget(holder)
        area.setWidgetResizable(True)
        every = QPushButton(self.tr("全部放弃"))
        every.clicked.connect(self._on_every)
        close = QPushButton(self.tr("留着,以后再填"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(every)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.addWidget(words)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        size_within_screen(self, 640, 420)

    def _card(self, draft: Draft) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.addWidget(QLabel(f"{draft.title} · {draft.at.astimezone():%Y-%m-%d %H:%M}"))
        text = "\n".join(f"{name}:{typed}" if name else typed for _field, name, typed in draft.texts)
        field = QPlainTextEdit(text)
        field.setReadOnly(True)
        field.setMaximumHeight(field.fontMetrics().lineSpacing() * min(text.count("\n") + 2, 6) + scaled(14))
        inner.addWidget(field)
        row = QHBoxLayout()
        row.addStretch(1)
        copy = QPushButton(self.tr("复制"))
        copy.clicked.connect(partial(QGuiApplication.clipboard().setText, draft.texts[0][2] if len(draft.texts) == 1 else text))
        drop = QPushButton(self.tr("放弃"))
        drop.clicked.connect(partial(self._drop, draft.key, card))
        for button in (copy, drop):
            button.setAutoDefault(False)
            row.addWidget(button)
        inner.addLayout(row)
        return card

    def _drop(self, key: str, card: QFrame) -> None:
        self._watch.forget(key)
        card.hide()

    def _on_every(self) -> None:
        for draft in self._watch.left_over():
            self._watch.forget(draft.key)
        self.accept()
