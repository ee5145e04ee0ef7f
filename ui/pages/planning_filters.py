"""The filter row of 目标体系: category, strategy, marks, text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.services import planning_framework
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.store.database import Store
from ui.theme import scaled

FILTER_DELAY_MS = 200
NO_CATEGORY = -1
_MARKS = (("is_key", "重点"), ("is_binding", "约束性"), ("is_livelihood", "实事"))


class FrameworkFilters(QWidget):
    """Category, strategy, marks and text; `changed` after each choice, the text once it rests."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.category = QComboBox()
        self.category.setAccessibleName(self.tr("类别"))
        self.strategy = QComboBox()
        self.strategy.setAccessibleName(self.tr("战略"))
        self.mark = QComboBox()
        self.mark.setAccessibleName(self.tr("标记"))
        self.mark.addItem(self.tr("标记:全部"), "")
        for key, word in _MARKS:
            self.mark.addItem(word, key)
        for combo in (self.category, self.strategy, self.mark):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(6)
        self.category.setMinimumContentsLength(8)
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("筛选指标… 拼音首字母也可"))
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(scaled(150))
        self._timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._timer.timeout.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        for widget in (self.category, self.strategy, self.mark):
            row.addWidget(widget)
            widget.activated.connect(self._on_chosen)
        row.addWidget(self.text, 1)
        self.text.textChanged.connect(self._timer.start)
        self.text.returnPressed.connect(self._on_entered)

    def reload(self, store: Store, year: int) -> None:
        """Offer the year's categories and strategies; a choice that is still there stays."""
        for combo, axis, every in (
            (self.category, CategoryAxis.CATEGORY, self.tr("类别:全部")),
            (self.strategy, CategoryAxis.STRATEGY, self.tr("战略:全部")),
        ):
            present = combo.currentData()
            combo.clear()
            combo.addItem(every, 0)
            for row in planning_framework.categories(store, year, axis):
                shown = f"{row.name}({row.indicators})" if row.indicators else row.name
                combo.addItem(shown, int(row.id))
            if axis is CategoryAxis.CATEGORY:
                combo.addItem(self.tr("未分类"), NO_CATEGORY)
            combo.setCurrentIndex(max(combo.findData(present), 0))
            combo.view().setMinimumWidth(scaled(200))

    def chosen(self) -> FrameworkFilter:
        """The filter without the text, which belongs to the table's query."""
        category = self.category.currentData() or 0
        strategy = self.strategy.currentData() or 0
        mark = self.mark.currentData()
        return FrameworkFilter(
            categories=(RecordId(category),) if category > 0 else (),
            without_category=category == NO_CATEGORY,
            strategy=RecordId(strategy) if strategy else None,
            only_key=mark == "is_key",
            only_binding=mark == "is_binding",
            only_livelihood=mark == "is_livelihood",
        )

    @property
    def typed(self) -> str:
        """The text to look for."""
        return self.text.text().strip()

    def clear(self) -> None:
        """Show all again."""
        for combo in (self.category, self.strategy, self.mark):
            combo.setCurrentIndex(0)
        self.text.clear()
        self._on_chosen()

    def save_state(self) -> dict[str, Any]:
        """What to remember."""
        return {
            "category": self.category.currentData() or 0,
            "strategy": self.strategy.currentData() or 0,
            "mark": self.mark.currentData() or "",
            "text": self.text.text(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take up what was remembered, after `reload()`."""
        for combo, key in ((self.category, "category"), (self.strategy, "strategy"), (self.mark, "mark")):
            combo.setCurrentIndex(max(combo.findData(state.get(key)), 0))
        self.text.setText(str(state.get("text", "")))
        self._timer.stop()

    def _on_chosen(self) -> None:
        self._timer.stop()
        self.changed.emit()

    def _on_entered(self) -> None:
        self._on_chosen()
