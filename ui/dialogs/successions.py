"""Mergers and splits of units: what becomes what, from which day, by which document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import office_words, offices, successions
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.theme import scaled
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.picker import PickerEdit


class _SuccessionDialog(AskDialog):
    """Day, document and note of a merger or split."""

    def __init__(self, parent: QWidget | None, title: str, button: str, store: Store) -> None:
        super().__init__(parent, title, button, width=560)
        self._store = store
        self.day = DateField(clock.today(), required=self.tr("请填写生效日期。"))
        self.basis = TextField(hint=self.tr("批准文件的文号,可不填"))
        self.remark = TextField()

    def _look_up(self, typed: str) -> Sequence[Option]:
        return [
            Option(r.id, r.name, office_words.kind(self._store, r.kind))
            for r in offices.search_units(self._store, typed, limit=200)
        ]

    def add_facts(self) -> None:
        """The fields that both dialogs end with."""
        self.form.add(self.tr("生效日期"), self.day)
        self.form.add(self.tr("依据"), self.basis)
        self.form.add(self.tr("备注"), self.remark)

    def effective_on(self) -> date:
        """The day it counts from; raises InputError."""
        value = self.day.value()
        if not isinstance(value, date):
            raise InputError("生效日期没有填写。", "请填写生效日期。")
        return value


class MergeDialog(_SuccessionDialog):
    """Several units become one of them, or a new one."""

    def __init__(self, parent: QWidget | None, store: Store, units: Sequence[int]) -> None:
        super().__init__(parent, "合并单位", "合并", store)
        self.result_unit: RecordId | None = None
        self.units = QListWidget()
        self.units.setFixedHeight(scaled(120))
        self.units.currentRowChanged.connect(self._on_row)
        self.more = PickerEdit(self._look_up)
        self.more.setPlaceholderText(self.tr("再加一个单位:名称或拼音首字母"))
        self.more.picked.connect(self._on_picked)
        self.keep = QRadioButton(self.tr("并入上面选中的单位"))
        self.fresh = QRadioButton(self.tr("组建新单位"))
        self.keep.setChecked(True)
        group = QButtonGroup(self)
        for button in (self.keep, self.fresh):
            group.addButton(button)
            button.toggled.connect(self._on_toggled)
        self.name = TextField(hint=self.tr("新单位名称"))
        self.form.add(self.tr("参与合并"), self.units)
        self.form.add(self.tr("添加"), self.more)
        self.form.add_wide(self.keep)
        self.form.add_wide(self.fresh)
        self.form.add(self.tr("新单位"), self.name)
        self.add_facts()
        self.note(self.tr(
            "被合并的单位自生效日起撤并,下级单位转到合并后的单位;以往的目标、责任书仍在原单位名下。"
        ))
        for row in offices.unit_rows(store, [RecordId(unit) for unit in units]):
            self._add(row)
        self.units.setCurrentRow(0)
        self._on_toggled()
        self.more.setFocus()

    def _add(self, row: offices.UnitRow) -> None:
        item = QListWidgetItem(row.name)
        item.setData(Qt.ItemDataRole.UserRole, row.id)
        self.units.addItem(item)

    def _on_picked(self, option: Option) -> None:
        listed = [self.units.item(n).data(Qt.ItemDataRole.UserRole) for n in range(self.units.count())]
        if option.value not in listed:
            self._add(offices.unit_row(self._store, RecordId(int(str(option.value)))))
        self.more.set_option(None)

    def _on_toggled(self) -> None:
        self.name.setEnabled(self.fresh.isChecked())
        if self.fresh.isChecked():
            self.name.setFocus()

    def _on_row(self) -> None:
        item = self.units.currentItem()
        if item is not None:
            self.keep.setText(self.tr("并入“{}”(在上面选择)").format(item.text()))

    def act(self) -> None:
        """Record the merger."""
        listed = [
            RecordId(int(self.units.item(n).data(Qt.ItemDataRole.UserRole)))
            for n in range(self.units.count())
        ]
        into = None
        if self.keep.isChecked():
            item = self.units.currentItem()
            into = RecordId(int(item.data(Qt.ItemDataRole.UserRole))) if item else None
            if into is None:
                raise InputError("没有选定并入哪个单位。", "请在列表中选择。")
        self.result_unit = successions.merge_units(
            self._store, listed, into=into, new_name=self.name.text(),
            effective_on=self.effective_on(), basis=self.basis.text(), note=self.remark.text(),
        )


class SplitDialog(_SuccessionDialog):
    """A unit becomes several."""

    def __init__(self, parent: QWidget | None, store: Store, unit: int) -> None:
        self._unit = offices.unit_row(store, RecordId(unit))
        super().__init__(parent, f"拆分:{self._unit.name}", "拆分", store)
        self.made: tuple[RecordId, ...] = ()
        self.names = LongField(lines=4, hint=self.tr("拆分后新设的单位,每行一个"))
        self.keep = QCheckBox(self.tr("“{}”保留,只分出一部分").format(self._unit.name))
        self.form.add(self.tr("新设单位"), self.names)
        self.form.add_wide(self.keep)
        self.add_facts()
        self.note(self.tr("不保留的,原单位自生效日起撤并;以往的目标、责任书仍在原单位名下。"))

    def act(self) -> None:
        """Record the split."""
        names = [line for line in self.names.value().splitlines() if line.strip()]
        self.made = successions.split_unit(
            self._store, self._unit.id, new_names=names, effective_on=self.effective_on(),
            dissolve=not self.keep.isChecked(), basis=self.basis.text(), note=self.remark.text(),
        )
