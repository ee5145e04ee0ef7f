"""The list at the left of the view 来源: all items, each meeting or document, indicators without source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from mbo_desktop.services.registers import CoverageSummary, SourceRow
from ui.theme import scaled

ID_ROLE = Qt.ItemDataRole.UserRole
ALL, UNSOURCED = 0, -1
"""What the first and the last line stand for; the others are sources."""


class SourceList(QListWidget):
    """Name and coverage of each; `chosen` is the one that is selected."""

    source_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("会议和文件"))
        self.setWordWrap(True)
        self.setStyleSheet(f"QListWidget::item {{ padding: {scaled(5)}px {scaled(8)}px; }}")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.chosen = ALL
        self.currentItemChanged.connect(self._on_current)

    def show_sources(self, rows: Sequence[SourceRow], summary: CoverageSummary) -> None:
        """Fill the list; the choice stays while its source is there."""
        if self.chosen > 0 and self.chosen not in {row.id for row in rows}:
            self.chosen = ALL
        self.blockSignals(True)
        self.clear()
        self._add(ALL, self.tr("全部条目"), self.tr("{} 条 · 未落实 {}").format(
            summary.items, summary.uncovered_items))
        for row in rows:
            self._add(row.id, row.name, _about(row))
        self._add(UNSOURCED, self.tr("没有来源的指标"), self.tr("{} 项 · 共 {} 项指标").format(
            summary.indicators_without_source, summary.indicators))
        self.blockSignals(False)
        self.setVisible(bool(rows))

    def _add(self, record: int, name: str, about: str) -> None:
        item = QListWidgetItem(f"{name}\n{about}")
        item.setData(ID_ROLE, int(record))
        item.setToolTip(f"{name}\n{about}")
        self.addItem(item)
        if record == self.chosen:
            self.setCurrentItem(item)

    def choose(self, record: int) -> None:
        """Select a line as a click does."""
        for row in range(self.count()):
            if self.item(row).data(ID_ROLE) == record:
                self.setCurrentRow(row)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen = int(item.data(ID_ROLE))
            self.source_chosen.emit()


def _about(row: SourceRow) -> str:
    """政府工作报告 · 1.15 · 落实 120/145."""
    words = [row.genre or row.kind.label]
    if row.dated is not None:
        words.append(f"{row.dated.month}.{row.dated.day}")
    words.append(f"落实 {row.covered}/{row.items}" if row.items else "没有条目")
    return " · ".join(words)
