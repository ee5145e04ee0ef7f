"""Several indicators chosen from the year's list, with a filter by pinyin."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from ui.grids.source import matches

ID_ROLE = Qt.ItemDataRole.UserRole


class TickedList(QWidget):
    """Tick what counts; the ticked ones stay ticked while the filter hides them."""

    def __init__(
        self, lines: Sequence[tuple[RecordId, str]], ticked: Collection[RecordId],
        hint: str, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(hint)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._on_filter)
        self.list = QListWidget()
        for record, words in lines:
            item = QListWidgetItem(words)
            item.setData(ID_ROLE, int(record))
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if record in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemChanged.connect(self._count)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.count)
        self._count()

    def chosen(self) -> tuple[RecordId, ...]:
        """The ticked ones in the order of the list."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(
            RecordId(int(item.data(ID_ROLE))) for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def _count(self) -> None:
        self.count.setText(self.tr("已选 {} 项").format(len(self.chosen())))

    def _on_filter(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(bool(text.strip()) and not matches(text, item.text()))
