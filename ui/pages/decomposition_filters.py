"""The filter row of 目标分解: category, unit, mine, unassigned, late, text with pinyin initials."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.services import offices, people, planning_framework
from mbo_desktop.services.decomposition import NO_CATEGORY, BranchFilter
from mbo_desktop.store.database import Store
from ui.grids.columns import Option
from ui.pages.unit_choice import filter_chip, unit_choice
from ui.theme import scaled
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

FILTER_DELAY_MS = 200


class BranchFilters(QWidget):
    """`changed` after each choice, for the text once it rests; `entered` when Enter leads on."""

    changed = Signal()
    entered = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store: Store = workspace.store
        self.category = QComboBox()
        self.category.setAccessibleName(self.tr("类别"))
        self.category.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.category.setMinimumContentsLength(7)
        self.unit = PickerEdit(unit_choice(workspace.store))
        self.unit.setPlaceholderText(self.tr("全部单位"))
        self.unit.setAccessibleName(self.tr("责任单位"))
        self.unit.setClearButtonEnabled(True)
        self.unit.setFixedWidth(scaled(120))
        self.mine = filter_chip(self.tr("我的"), self.tr("由经办人本人负责、承办或分管的"), self._on_chosen)
        self.unassigned = filter_chip(self.tr("缺人"), self.tr("没有责任人或经办人的"), self._on_chosen)
        self.late = filter_chip(self.tr("已到期"), self.tr("完成时限已过的"), self._on_chosen)
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("筛选目标、单位、人员… 拼音首字母也可"))
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(scaled(150))
        self._timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._timer.timeout.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        for widget in (self.category, self.unit, self.mine, self.unassigned, self.late):
            row.addWidget(widget)
        row.addWidget(self.text, 1)
        self.category.activated.connect(self._on_chosen)
        self.unit.picked.connect(self._on_chosen)
        self.unit.textChanged.connect(self._on_unit_text)
        self.text.textChanged.connect(self._timer.start)
        self.text.returnPressed.connect(self._on_entered)
        self.unit.returnPressed.connect(self._on_entered)

    def reload(self, year: int) -> None:
        """Offer the year's categories; a choice that is still there stays."""
        present = self.category.currentData()
        self.category.clear()
        self.category.addItem(self.tr("全部类别"), 0)
        for row in planning_framework.categories(self._store, year, CategoryAxis.CATEGORY):
            self.category.addItem(row.name, int(row.id))
        self.category.addItem(self.tr("未分类"), NO_CATEGORY)
        self.category.setCurrentIndex(max(self.category.findData(present), 0))
        self.category.view().setMinimumWidth(scaled(200))

    def chosen(self) -> BranchFilter:
        """What is to be shown."""
        unit = self.unit.value()
        category = self.category.currentData() or 0
        return BranchFilter(
            text=self.text.text().strip(),
            unit=RecordId(int(str(unit))) if unit is not None else None,
            category=category or None,
            only_unassigned=self.unassigned.isChecked(), only_late=self.late.isChecked(),
            today=clock.today(), post_ids=self._own_posts() if self.mine.isChecked() else (),
        )

    def _own_posts(self) -> tuple[RecordId, ...]:
        """Posts held by people of the operator's name; a post that is nobody's when there is none."""
        name = self._store.operator.strip()
        held = [
            tenure.post for person in people.people(self._store, text=name, limit=50)
            if name and person.name == name
            for tenure in people.posts_held_by(self._store, person.id) if tenure.until is None
        ]
        return tuple(held) or (RecordId(-1),)

    @property
    def lacks_operator(self) -> bool:
        """Whether 我的 is chosen and the operator holds no post."""
        return self.mine.isChecked() and self._own_posts() == (RecordId(-1),)

    def clear(self) -> None:
        """Show everything again."""
        self._quietly(True)
        self.category.setCurrentIndex(0)
        self.unit.set_option(None)
        self.text.clear()
        for chip in (self.mine, self.unassigned, self.late):
            chip.setChecked(False)
        self._quietly(False)
        self._on_chosen()

    def show_unit(self, unit: RecordId) -> None:
        """Only what a unit and those below it carry."""
        self._quietly(True)
        row = offices.unit_row(self._store, unit)
        self.unit.set_option(Option(row.id, row.short_name))
        self._quietly(False)
        self._on_chosen()

    def _quietly(self, quiet: bool) -> None:
        for widget in (self.category, self.unit, self.text, self.mine, self.unassigned, self.late):
            widget.blockSignals(quiet)

    def save_state(self) -> dict[str, Any]:
        """What to remember."""
        unit = self.unit.value()
        return {
            "category": self.category.currentData() or 0, "unit": int(str(unit)) if unit else 0,
            "mine": self.mine.isChecked(), "unassigned": self.unassigned.isChecked(),
            "late": self.late.isChecked(), "text": self.text.text(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take up what was remembered, after `reload()`."""
        self._quietly(True)
        self.category.setCurrentIndex(max(self.category.findData(state.get("category")), 0))
        unit = state.get("unit")
        found = offices.unit_rows(self._store, [RecordId(unit)]) if isinstance(unit, int) and unit else ()
        if found:
            self.unit.set_option(Option(found[0].id, found[0].short_name))
        for chip, key in ((self.mine, "mine"), (self.unassigned, "unassigned"), (self.late, "late")):
            chip.setChecked(bool(state.get(key)))
        self.text.setText(str(state.get("text", "")))
        self._quietly(False)
        self._timer.stop()

    def _on_unit_text(self, text: str) -> None:
        # Cleared, or completed when the field was left.
        if not text:
            self._on_chosen()

    def _on_chosen(self) -> None:
        self._timer.stop()
        self.changed.emit()

    def _on_entered(self) -> None:
        self._on_chosen()
        self.entered.emit()
