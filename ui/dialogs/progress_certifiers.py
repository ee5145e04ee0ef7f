"""登记来源部门: a unit, and the indicators whose figures it gives for all units."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import certifiers, office_words, offices, planning_framework
from ui.dialogs.ask import AskDialog
from ui.dialogs.progress_picks import TickedList
from ui.grids.columns import Option
from ui.screens import size_within_screen
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

NAMES_SHOWN = 4
FILLING = 100
"""Stretch of what takes all the room above the buttons."""


class CertifiersDialog(AskDialog):
    """Choose the unit, tick its indicators; or take over what the ledger names under 考核部门."""

    def __init__(
        self, workspace: Workspace, year: int, parent: QWidget | None = None, *,
        unit: RecordId | None = None,
    ) -> None:
        super().__init__(parent, "登记来源部门", "保存", width=560)
        self._workspace, self._year = workspace, year
        self._list: TickedList | None = None
        self.unit = PickerEdit(self._find_units)
        self.unit.setPlaceholderText(self.tr("单位名称或拼音首字母,如 tjj"))
        self.form.add(self.tr("来源部门"), self.unit)
        count = certifiers.unregistered(workspace.store, year)
        self.take_button = QPushButton(self.tr("按指标的“考核部门”自动登记({} 项)").format(count))
        self.take_button.setAutoDefault(False)
        self.take_button.setVisible(count > 0)
        self.take_button.clicked.connect(self.take_named)
        self.body.addWidget(self.take_button)
        self.unit.picked.connect(self._on_unit)
        size_within_screen(self, 580, 560)
        if unit is not None:
            (row,) = offices.unit_rows(workspace.store, [unit])
            self.unit.set_option(Option(row.id, row.short_name))
        self._on_unit()

    def _find_units(self, typed: str) -> Sequence[Option]:
        store = self._workspace.store
        rows = offices.search_units(store, typed, limit=60) if typed.strip() else offices.units_in_order(
            store, limit=200)
        return [Option(row.id, row.short_name, office_words.kind(store, row.kind)) for row in rows]

    def _unit(self) -> RecordId | None:
        value = self.unit.value()
        return None if value is None else RecordId(int(str(value)))

    def _on_unit(self) -> None:
        store, unit = self._workspace.store, self._unit()
        rows = planning_framework.indicator_rows(
            store, planning_framework.indicator_ids(store, self._year)
        )
        lines = [
            (row.id, f"{row.name}({row.unit_of_measure})" if row.unit_of_measure else row.name)
            for row in rows
        ]
        ticked = certifiers.indicators_of(store, self._year, unit) if unit is not None else ()
        fresh = TickedList(lines, ticked, self.tr("筛选指标… 拼音首字母也可"))
        fresh.setEnabled(unit is not None)
        if self._list is not None:
            self.body.replaceWidget(self._list, fresh)
            self._list.deleteLater()
        else:
            self.body.insertWidget(1, fresh, FILLING)
        self._list = fresh

    def take_named(self) -> None:
        """Register what the ledger names; what the register does not know is said."""
        store, year = self._workspace.store, self._year
        done = self._workspace.perform(lambda: certifiers.register_named(store, year))
        if done is None:
            return
        words = self.tr("已按“考核部门”登记 {} 项指标。").format(done.indicators)
        if done.unknown:
            names = "、".join(done.unknown[:NAMES_SHOWN])
            more = self.tr("等 {} 个").format(len(done.unknown)) if len(done.unknown) > NAMES_SHOWN else ""
            words += self.tr("单位名册中找不到:{}{},请在这里逐个登记。").format(names, more)
        self._workspace.say(words, tone="amber" if done.unknown else "green")
        self.reject() if done.indicators else self._on_unit()

    def act(self) -> None:
        """Save the unit's indicators as one step."""
        unit = self._unit()
        if unit is None or self._list is None:
            raise InputError("没有选定来源部门。", "请从列表中选取单位。")
        certifiers.set_indicators_of(self._workspace.store, self._year, unit, self._list.chosen())
