"""The panel beside a table that answers questions about the selected row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.theme import scaled
from ui.widgets.still_wheel import StillWheel
from ui.widgets.tinted import set_tone

_TONE_COLORS = {"red", "amber", "green", "secondary", "accent"}


class SidePanel(QFrame):
    """Title, a line below it, then sections of facts, widgets and notes; scrolls by itself.

    Built anew for each record: `clear()`, then `set_title`, `add_heading`, `add_facts`, …
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._area, 1)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(scaled(14), scaled(4), scaled(14), scaled(12))
        layout.addLayout(self.foot)
        self.clear()

    def clear(self) -> None:
        """Take everything out (but the foot's buttons); a focus in here goes to the page's table.

        Else it would jump to the first field of the window, the year, where the next key changes it.
        """
        focused = self.window().focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        content = QWidget()
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(scaled(15), scaled(14), scaled(15), scaled(10))
        self._rows.setSpacing(scaled(6))
        self._rows.addStretch(1)
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self._area.setWidget(content)
        content.installEventFilter(self)
        if held:
            self._hand_focus_back()

    def _hand_focus_back(self) -> None:
        host = self.parentWidget()
        while host is not None and host.focusProxy() is None:
            host = host.parentWidget()
        if host is not None:
            host.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The panel is never narrower than what it holds: nothing could scroll there sideways."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._area.widget():
            bar = self._area.verticalScrollBar().sizeHint().width()
            self._area.setMinimumWidth(self._area.widget().minimumSizeHint().width() + bar)
        return bool(super().eventFilter(watched, event))

    def add(self, widget: QWidget) -> QWidget:
        """Any widget over the whole width."""
        self._rows.insertWidget(self._rows.count() - 1, widget)
        if isinstance(widget, QComboBox):
            # Scrolling the panel must not choose something on the way.
            widget.installEventFilter(StillWheel(widget))
        return widget

    def set_title(self, title: str, line: str = "") -> None:
        """The record's name and a line about it."""
        self._label(title, "heading")
        if line:
            self._label(line, "muted")

    def add_heading(self, text: str) -> None:
        """Begin a section."""
        self._rows.insertSpacing(self._rows.count() - 1, scaled(6))
        self._label(text, "subheading")

    def add_text(self, text: str, *, muted: bool = False) -> QLabel:
        """A paragraph."""
        return self._label(text, "muted" if muted else "")

    def add_facts(self, facts: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
        """Lines of (name, value[, tone]); short values stand at the right edge, long ones below.

        tone: red, amber, green, accent or secondary.
        """
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(5))
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(facts):
            name = QLabel(fact[0])
            name.setProperty("role", "muted")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            value = QLabel(fact[1])
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            short = len(fact[1]) <= 18 and "\n" not in fact[1]
            value.setAlignment(
                (Qt.AlignmentFlag.AlignRight if short else Qt.AlignmentFlag.AlignLeft)
                | Qt.AlignmentFlag.AlignTop
            )
            tone = fact[2] if len(fact) > 2 else ""
            if tone in _TONE_COLORS:
                set_tone(value, tone, strong=True)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        self.add(holder)

    def add_buttons(self, buttons: Sequence[tuple[str, Callable[[], object]]]) -> list[QPushButton]:
        """A row of buttons within the panel."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, scaled(2), 0, scaled(2))
        made = []
        for label, act in buttons:
            button = QPushButton(label)
            button.clicked.connect(act)
            row.addWidget(button, 1)
            made.append(button)
        self.add(holder)
        return made

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if role:
            label.setProperty("role", role)
        self.add(label)
        return label
