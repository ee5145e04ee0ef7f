"""The filter row of 月度填报: unit, category, light, certifying unit, order, what is unreported or key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.services import offices, planning_framework, progress_sides
from mbo_desktop.services.progress import Sought
from ui.grids.columns import Option
from ui.pages.progress_source import Wanted
from ui.pages.unit_choice import filter_chip, unit_choice
from ui.theme import scaled
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

LAGGING, UNEXPLAINED = "lagging", "unexplained"
_LIGHTS = frozenset(one.value for one in Light)


def _light_code(wanted: Wanted) -> str:
    """What the choice of lights holds for a filter."""
    if wanted.light is not None:
        return str(wanted.light.value)
    return LAGGING if wanted.only_lagging else UNEXPLAINED if wanted.only_unexplained else ""


class MonthFilters(QWidget):
    """`changed` after each choice; `entered` when Enter leads back to the table."""

    changed = Signal()
    entered = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = workspace.store
        self.unit = PickerEdit(unit_choice(workspace.store))
        self.unit.setPlaceholderText(self.tr("全部单位"))
        self.unit.setAccessibleName(self.tr("单位"))
        self.unit.setClearButtonEnabled(True)
        self.unit.setFixedWidth(scaled(84))
        self.category = self._combo(self.tr("类别"), 6)
        self.light = self._combo(self.tr("灯"), 3)
        self.light.addItem(self.tr("全部灯"), "")
        for light in Light:
            self.light.addItem(light.label, light.value)
        self.light.insertSeparator(self.light.count())
        self.light.addItem(self.tr("黄红灯"), LAGGING)
        self.light.addItem(self.tr("未说明"), UNEXPLAINED)
        self.light.setToolTip(self.tr("黄红灯:预警和滞后;未说明:其中原因、措施还没有填全的"))
        self.certifying = self._combo(self.tr("来源部门"), 6)
        self.order = filter_chip(self.tr("按指标"), self.tr("同一指标的各单位排在一起;不选则按单位"), self._on_chosen)
        self.unreported = filter_chip(self.tr("未报"), self.tr("本月什么都没有报的"), self._on_chosen)
        self.key = filter_chip(self.tr("重点"), self.tr("标记为重点的指标"), self._on_chosen)
        self.livelihood = filter_chip(self.tr("实事"), self.tr("为民办实事的指标"), self._on_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(6))
        for widget in (self.unit, self.category, self.light, self.certifying, self.order,
                       self.unreported, self.key, self.livelihood):
            row.addWidget(widget)
        for combo in (self.category, self.light, self.certifying):
            combo.activated.connect(self._on_chosen)
        self.unit.picked.connect(self._on_chosen)
        self.unit.textChanged.connect(self._on_unit_text)
        self.unit.returnPressed.connect(self.entered)

    def _combo(self, name: str, letters: int) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(letters)
        combo.view().setMinimumWidth(scaled(160))
        return combo

    def reload(self, year: int, month: int) -> None:
        """Offer the year's categories and certifying units; a choice that is still there stays."""
        chosen = self.category.currentData(), self.certifying.currentData()
        self.category.clear()
        self.category.addItem(self.tr("全部类别"), 0)
        for row in planning_framework.categories(self._store, year, CategoryAxis.CATEGORY):
            self.category.addItem(row.name, int(row.id))
        self.certifying.clear()
        self.certifying.addItem(self.tr("来源部门"), 0)
        found = progress_sides.certified_indicators(self._store, year, month)
        for unit, label in dict.fromkeys((one.unit, one.unit_label) for one in found):
            self.certifying.addItem(label, int(unit))
        for combo, data in zip((self.category, self.certifying), chosen, strict=True):
            combo.setCurrentIndex(max(combo.findData(data), 0))

    def wanted(self) -> Wanted:
        """What is to be shown; the text belongs to the table's query."""
        unit = self.unit.value()
        category, certifying = self.category.currentData(), self.certifying.currentData()
        light = self.light.currentData()
        return Wanted(
            Sought(
                unit=RecordId(int(str(unit))) if unit is not None else None,
                category=RecordId(category) if category else None,
                certifying_unit=RecordId(certifying) if certifying else None,
                only_key=self.key.isChecked(), only_livelihood=self.livelihood.isChecked(),
                by_indicator=self.order.isChecked(),
            ),
            Light.of(light) if light in _LIGHTS else None, self.unreported.isChecked(),
            light == LAGGING, light == UNEXPLAINED,
        )

    def show_wanted(self, wanted: Wanted) -> None:
        """Set the filters (the order stays) and tell it once."""
        self._quietly(True)
        sought = wanted.sought
        rows = offices.unit_rows(self._store, [sought.unit]) if sought.unit is not None else ()
        self.unit.set_option(Option(rows[0].id, rows[0].short_name) if rows else None)
        for combo, data in (
            (self.category, int(sought.category or 0)),
            (self.certifying, int(sought.certifying_unit or 0)),
            (self.light, _light_code(wanted)),
        ):
            combo.setCurrentIndex(max(combo.findData(data), 0))
        self.unreported.setChecked(wanted.only_unreported)
        self.key.setChecked(sought.only_key)
        self.livelihood.setChecked(sought.only_livelihood)
        self._quietly(False)
        self.changed.emit()

    def save_state(self) -> dict[str, Any]:
        """What to remember."""
        wanted = self.wanted()
        return {
            "unit": int(wanted.sought.unit or 0), "category": int(wanted.sought.category or 0),
            "certifying": int(wanted.sought.certifying_unit or 0),
            "light": _light_code(wanted),
            "by_indicator": wanted.sought.by_indicator, "unreported": wanted.only_unreported,
            "key": wanted.sought.only_key, "livelihood": wanted.sought.only_livelihood,
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered, after `reload()`; tells nothing."""
        def record(key: str) -> RecordId | None:
            found = state.get(key)
            return RecordId(found) if isinstance(found, int) and found else None

        self.blockSignals(True)
        light = str(state.get("light", ""))
        self.order.setChecked(bool(state.get("by_indicator")))
        self.show_wanted(Wanted(
            Sought(unit=record("unit"), category=record("category"),
                   certifying_unit=record("certifying"), only_key=bool(state.get("key")),
                   only_livelihood=bool(state.get("livelihood"))),
            Light.of(light) if light in _LIGHTS else None, bool(state.get("unreported")),
            light == LAGGING, light == UNEXPLAINED,
        ))
        self.blockSignals(False)

    def _quietly(self, quiet: bool) -> None:
        for widget in (self.unit, self.unreported, self.key, self.livelihood):
            widget.blockSignals(quiet)

    def _on_unit_text(self, text: str) -> None:
        if not text:
            self._on_chosen()

    def _on_chosen(self) -> None:
        self.changed.emit()
