"""Pieces of the 工作台: a figure to press, the bar of agreement states, a card with a heading."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.grids.columns import Light
from ui.theme import color, scaled
from ui.widgets.light_label import LightLabel


class FigureButton(QPushButton):
    """A figure with its words; pressing it opens the room it is about (hint: what to show there)."""

    def __init__(self, words: str, room: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.hint = ""
        self.words = words
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._number = QLabel()
        self._number.setProperty("role", "big")
        self._caption = QLabel(words)
        self._detail = QLabel()
        self._detail.setProperty("role", "muted")
        self._mark = LightLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(14), scaled(7), scaled(12), scaled(7))
        layout.setSpacing(scaled(1))
        top = QHBoxLayout()
        top.addWidget(self._number)
        top.addStretch(1)
        top.addWidget(self._mark)
        layout.addLayout(top)
        for label in (self._number, self._mark, self._caption, self._detail):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(self._caption)
        layout.addWidget(self._detail)

    def show_figure(
        self, number: str, detail: str, *, words: str = "", light: Light | None = None, state: str = ""
    ) -> None:
        """The figure and a line below it; words: another caption; light: its shape, state: its word."""
        if words:
            self.words = words
            self._caption.setText(words)
        self._number.setText(number)
        self._detail.setText(detail or " ")
        self._mark.setVisible(light is not None)
        if light is not None:
            self._mark.show_light(light, scaled(10))
        self.setToolTip(state)
        self.setAccessibleName(" ".join(one for one in (self.words, number, detail, state) if one))
        self.updateGeometry()

    def figure(self) -> str:
        """What is shown."""
        return self._number.text()

    def sizeHint(self) -> QSize:
        """As its words need."""
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.layout().minimumSize()


class StateBar(QWidget):
    """How many agreements are in which state, as one bar; the words stand below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """(word, count) from the first state to the last."""
        self._parts = list(parts)
        self.setAccessibleName("、".join(f"{word} {count}" for word, count in parts))
        self.update()

    def sizeHint(self) -> QSize:
        """A flat bar."""
        return QSize(scaled(200), scaled(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Segments, darker the further the agreement has come."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(count for _word, count in self._parts)
        left = 0.0
        for place, (_word, count) in enumerate(self._parts):
            if not count or not total:
                continue
            width = self.width() * count / total
            painter.setBrush(part_color(place, len(self._parts)))
            painter.setPen(color("surface"))
            painter.drawRect(QRectF(left, 0, width, self.height()))
            left += width


def part_color(place: int, places: int) -> QColor:
    """From grey (nothing made yet) to the accent (archived)."""
    if place == 0:
        return color("border")
    shade = color("accent")
    share = place / max(places - 1, 1)
    shade.setAlphaF(0.2 + 0.8 * share)
    return shade


class Card(QFrame):
    """A white card with a heading; `rows` takes its content and is emptied by `clear()`."""

    def __init__(
        self, title: str, beside: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """beside: stands at the right of the heading and stays when the content is emptied."""
        super().__init__(parent)
        self.setObjectName("card")
        self._heading = heading = QLabel(title)
        heading.setProperty("role", "heading")
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        if beside is not None:
            head.addWidget(beside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        outer.setSpacing(scaled(6))
        outer.addLayout(head)
        self._outer = outer
        self._holder = QWidget()
        self.clear()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self._heading.setText(title)

    def clear(self) -> None:
        """Take the content out."""
        old = self._holder
        self._outer.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._holder = QWidget()
        self.rows = QVBoxLayout(self._holder)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(scaled(5))
        self._outer.addWidget(self._holder)

    def say(self, text: str, *, muted: bool = False) -> QLabel:
        """A line of text."""
        label = QLabel(text)
        label.setWordWrap(True)
        if muted:
            label.setProperty("role", "muted")
        self.rows.addWidget(label)
        return label
