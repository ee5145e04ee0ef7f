"""A row of widgets that goes on in a second line where the window is too narrow for one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowRow(QLayout):
    """From left to right; widgets with a stretch share what is left over in their line."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._stretches: list[int] = []

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget behind the others."""
        self.addWidget(widget)
        self._stretches[-1] = stretch

    # What Qt asks -------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:
        """Called by addWidget."""
        self._items.append(item)
        self._stretches.append(0)

    def count(self) -> int:
        """So many items."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # type: ignore[override]
        """The item in a place."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # type: ignore[override]
        """Give an item away."""
        if not 0 <= place < len(self._items):
            return None
        self._stretches.pop(place)
        return self._items.pop(place)

    def expandingDirections(self) -> Qt.Orientation:
        """As wide as there is room."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Narrow means high."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item, _stretch in self._shown()]
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest of them alone in its line."""
        shown = [item.minimumSize() for item, _stretch in self._shown()]
        return QSize(
            max((size.width() for size in shown), default=0),
            max((size.height() for size in shown), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    # Lines --------------------------------------------------------------------

    def _shown(self) -> list[tuple[QLayoutItem, int]]:
        pairs = zip(self._items, self._stretches, strict=True)
        return [(item, stretch) for item, stretch in pairs if not item.isEmpty()]

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int, int]]]:
        """Items with stretch and width, line by line."""
        lines: list[list[tuple[QLayoutItem, int, int]]] = []
        used = 0
        for item, stretch in self._shown():
            width = item.minimumSize().width() if stretch else item.sizeHint().width()
            if not lines or used + self.spacing() + width > room:
                lines.append([])
                used = width
            else:
                used += self.spacing() + width
            lines[-1].append((item, stretch, width))
        return lines

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Lay out in a rectangle of that width, moving nothing when only asked; the height used."""
        top = rect.top()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item, _stretch, _width in line)
            used = sum(width for _item, _stretch, width in line) + self.spacing() * (len(line) - 1)
            left_over, shares = max(rect.width() - used, 0), sum(s for _item, s, _width in line)
            x = rect.left()
            for item, stretch, width in line:
                if shares and stretch:
                    width += left_over * stretch // shares
                if move:
                    own = min(item.sizeHint().height(), height)
                    item.setGeometry(QRect(x, top + (height - own) // 2, min(width, rect.width()), own))
                x += width + self.spacing()
            top += height + self.spacing()
        return max(top - self.spacing() - rect.top(), 0)
