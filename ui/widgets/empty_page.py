"""What stands where nothing is yet: what belongs here and how to start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.theme import scaled
from ui.widgets.tinted import IconLabel


class EmptyPage(QFrame):
    """Icon, a sentence or two, and the ways to start (label, what it does); the first is primary."""

    def __init__(
        self, icon_name: str, title: str, text: str,
        ways: Sequence[tuple[str, Callable[[], object]]] = (), parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        picture = IconLabel(icon_name, 48, "grey")
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        heading.setWordWrap(True)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        sentence = QLabel(text)
        sentence.setProperty("role", "muted")
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        sentence.setMaximumWidth(scaled(460))
        lines = QHBoxLayout()
        lines.addStretch(1)
        lines.addWidget(sentence, 100)
        lines.addStretch(1)
        self.buttons: list[QPushButton] = []
        row = QHBoxLayout()
        row.addStretch(1)
        for number, (label, act) in enumerate(ways):
            button = QPushButton(label)
            if number == 0:
                button.setProperty("role", "primary")
            button.clicked.connect(act)
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setSpacing(scaled(10))
        layout.addStretch(2)
        layout.addWidget(picture)
        layout.addWidget(heading)
        layout.addLayout(lines)
        layout.addSpacing(scaled(6))
        layout.addLayout(row)
        layout.addStretch(3)
        # Where large letters meet a small screen it scrolls; the window keeps its size.
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(area)
