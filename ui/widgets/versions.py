"""Versions of one record beside each other: a line for each field, what differs stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ui.theme import color, scaled


class VersionsTable(QTableWidget):
    """heads: the field's column and one for each version; rows: (field, texts of the versions)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setMinimumHeight(scaled(140))

    def show_versions(self, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Fill; fields whose versions differ are bold and stand first."""
        self.clear()
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(list(heads))
        ordered = sorted(rows, key=lambda row: len(set(row[1])) < 2)
        self.setRowCount(len(ordered))
        for place, (name, texts) in enumerate(ordered):
            differs = len(set(texts)) > 1
            for column, text in enumerate((name, *texts)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                if differs and column:
                    bold = QFont(self.font())
                    bold.setBold(True)
                    item.setFont(bold)
                if not column or not differs:
                    item.setForeground(color("secondary"))
                self.setItem(place, column, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.resizeRowsToContents()
        # Room at the left of the names, which the columns' own margins do not give.
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(0, self.sizeHintForColumn(0) + scaled(16))
