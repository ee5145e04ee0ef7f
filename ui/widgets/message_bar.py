"""A sentence above the work with up to three buttons; stays out of the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ui.theme import scaled
from ui.widgets.tinted import IconLabel

_ICONS = {"": ("info", "accent"), "green": ("circle-check", "green_shape"),
          "amber": ("triangle-alert", "amber_shape"), "red": ("circle-x", "red")}
SHOWN_MS = 8_000


class MessageBar(QFrame):
    """One message at a time; good news leaves by itself, trouble stays until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.picture = IconLabel()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        close = QToolButton()
        close.setText("×")
        close.setToolTip(self.tr("关闭"))
        close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(scaled(12), scaled(4), scaled(6), scaled(4))
        self._row.setSpacing(scaled(8))
        self._row.addWidget(self.picture)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self._area: QWidget | None = None
        self.hide()

    def float_over(self, area: QWidget) -> None:
        """Lie over the foot of an area instead of pushing what is below it: clicks keep their aim."""
        self.setParent(area)
        self._area = area
        area.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area's size."""
        if watched is self._area and event.type() == QEvent.Type.Resize:
            self._place()
        return bool(super().eventFilter(watched, event))

    def _place(self) -> None:
        area = self._area
        if area is None or not self.isVisibleTo(area):
            return
        width = area.width() - 2 * scaled(18)
        height = max(self._row.totalHeightForWidth(width), scaled(40))
        self.setGeometry(scaled(18), area.height() - height - scaled(14), width, height)
        self.raise_()

    @property
    def tells_success(self) -> bool:
        """Whether a sentence stands here that goes by itself once it was read."""
        return self.isVisible() and self._timer.isActive()

    def say(
        self, text: str, tone: str = "", actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Show a sentence in a tone ("", green, amber, red) with buttons (label, what it does)."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for label, act in actions:
            button = QPushButton(label)
            button.setProperty("role", "link")
            # A click leaves the focus in the work: else it would fall to the year's box as this hides.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # Hidden first: what the button does may have something to say here.
            button.clicked.connect(self.hide)
            button.clicked.connect(act)
            self._row.insertWidget(2 + len(self._buttons), button)
            self._buttons.append(button)
        name, tint = _ICONS.get(tone, _ICONS[""])
        self.picture.show_icon(name, 18, tint)
        self.label.setText(text)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        self._place()
        if tone in ("", "green") and not actions:
            self._timer.start()
        else:
            self._timer.stop()
