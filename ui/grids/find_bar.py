"""The find bar of a table: 3/17, forwards and backwards, a slice of rows at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ui.grids.view import GridView
from ui.theme import icon

SLICE_SECONDS = 0.012
HITS_AT_MOST = 10_000


class FindBar(QFrame):
    """Looks through all rows shown by a GridView; hidden until asked for (Ctrl+F)."""

    def __init__(self, view: GridView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._view = view
        self.hits: list[tuple[int, int]] = []
        self.at = -1
        self._scan: Iterator[tuple[int, list[str]]] | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("在表中查找"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._on_text_changed)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.count)
        for name, hint, slot in (
            ("arrow-up", self.tr("上一个 Shift+Enter"), self.previous),
            ("arrow-down", self.tr("下一个 Enter"), self.next),
            ("circle-x", self.tr("关闭 Esc"), self.close_bar),
        ):
            button = QToolButton()
            button.setIcon(icon(name))
            button.setToolTip(hint)
            button.clicked.connect(slot)
            layout.addWidget(button)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_further)
        view.find_asked.connect(self.open)
        view.grid.modelReset.connect(self._restart)
        self.hide()

    def open(self) -> None:
        """Show the bar and put the cursor into it."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide the bar; the table has the focus again."""
        self._timer.stop()
        self._scan = None
        self.hide()
        self._view.setFocus()

    def next(self) -> None:
        """Go to the next hit, from the last to the first."""
        self._go(self.at + 1)

    def previous(self) -> None:
        """Go to the hit before, from the first to the last."""
        self._go(self.at - 1)

    def _go(self, number: int) -> None:
        if not self.hits:
            return
        self.at = number % len(self.hits)
        row, section = self.hits[self.at]
        self._view.select_cell(self._view.grid.index(row, section))
        self._show_count()

    def _restart(self) -> None:
        if self.isVisible():
            self._on_text_changed(self.field.text())

    def _on_text_changed(self, text: str) -> None:
        self.hits, self.at = [], -1
        self._wanted = text.strip().casefold()
        grid = self._view.grid
        self._scan = iter(grid.texts(range(grid.rowCount()))) if self._wanted else None
        self._show_count()
        if self._scan is None:
            self._timer.stop()
        else:
            self._look_further()
            self._timer.start()

    def _look_further(self) -> None:
        """Look for 12 ms, so that typing and painting go on."""
        until = time.perf_counter() + SLICE_SECONDS
        sections = self._view.sections()
        while self._scan is not None and time.perf_counter() < until:
            found = next(self._scan, None)
            if found is None or len(self.hits) >= HITS_AT_MOST:
                self._scan = None
                self._timer.stop()
                break
            row, texts = found
            self.hits += [(row, s) for s in sections if self._wanted in texts[s].casefold()]
        if self.hits and self.at < 0:
            self._go(self._first_from_current())
        self._show_count()

    def _first_from_current(self) -> int:
        row = max(self._view.currentIndex().row(), 0)
        return next((n for n, hit in enumerate(self.hits) if hit[0] >= row), 0)

    def _show_count(self) -> None:
        if not self.field.text().strip():
            self.count.setText("")
        elif self.hits:
            more = "…" if self._scan is not None else ""
            self.count.setText(f"{self.at + 1}/{len(self.hits)}{more}")
        else:
            self.count.setText(self.tr("查找中…") if self._scan is not None else self.tr("没有找到"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter next, Shift+Enter back, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.previous if back else self.next)()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)
