"""Which units stand over the matrix: the choice by list."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.planning_matrix import MatrixColumn
from ui.grids.source import matches
from ui.screens import size_within_screen
from ui.theme import scaled

ID_ROLE = Qt.ItemDataRole.UserRole


class UnitsDialog(QDialog):
    """Tick the units to be shown, in official order; `chosen()` gives them."""

    def __init__(
        self, units: Sequence[MatrixColumn], ticked: Collection[RecordId],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("选定矩阵中的单位"))
        size_within_screen(self, 440, 560)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选单位… 拼音首字母也可"))
        self.filter.textChanged.connect(self._on_filter)
        self.listing = QListWidget()
        self.listing.setSpacing(scaled(2))
        for unit in units:
            shown = self.tr("{}  ({} · {} 项)").format(unit.heading, unit.peer_group, unit.targets)
            item = QListWidgetItem(shown)
            item.setData(ID_ROLE, int(unit.unit))
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            state = Qt.CheckState.Checked if unit.unit in ticked else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.listing.addItem(item)
        self.listing.itemChanged.connect(self._count)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        tools = QHBoxLayout()
        for word, act in ((self.tr("全选"), self._on_all), (self.tr("全不选"), self._on_none)):
            button = QPushButton(word)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.count)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        box.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("确定"))
        box.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("取消"))
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.filter)
        layout.addWidget(self.listing, 1)
        layout.addLayout(tools)
        layout.addWidget(box)
        self._count()

    def chosen(self) -> tuple[RecordId, ...]:
        """The ticked units in official order."""
        items = (self.listing.item(row) for row in range(self.listing.count()))
        return tuple(
            RecordId(item.data(ID_ROLE)) for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def _on_filter(self, text: str) -> None:
        for row in range(self.listing.count()):
            item = self.listing.item(row)
            item.setHidden(bool(text.strip()) and not matches(text, item.text()))

    def _on_all(self) -> None:
        self._tick(Qt.CheckState.Checked)

    def _on_none(self) -> None:
        self._tick(Qt.CheckState.Unchecked)

    def _tick(self, state: Qt.CheckState) -> None:
        """All that the filter leaves."""
        for row in range(self.listing.count()):
            item = self.listing.item(row)
            if not item.isHidden():
                item.setCheckState(state)

    def _count(self) -> None:
        self.count.setText(self.tr("已选 {} 个").format(len(self.chosen())))
