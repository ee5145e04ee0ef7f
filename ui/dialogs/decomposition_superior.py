"""A target received from the superior office, typed in by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop.domain import calendar
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.errors import InputError
from mbo_desktop.services import decomposition_structure, planning_framework
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import LongField, NumberField, TextField
from ui.workspace import Workspace


class SuperiorTargetDialog(AskDialog):
    """Name, value, unit of measure, category, deadline, points; `made` is the node in the tree."""

    def __init__(
        self, workspace: Workspace, parent: QWidget | None = None, *, category: int = 0
    ) -> None:
        """category: chosen at first."""
        super().__init__(parent, "新建上级下达目标", "新建", width=480)
        self._workspace = workspace
        self.made = 0
        self.note(self.tr("上级下达给本机关的目标,录入后即可在这里分解;它同时列入目标体系,归本机关承担。"))
        self.name = TextField(required=self.tr("请填写目标名称。"), hint=self.tr("如 规模以上工业增加值"))
        self.value = TextField(hint=self.tr("如 150、增长10%、不高于4.2、9月底前完工"))
        self.measure = TextField(hint=self.tr("如 亿元、%、户"))
        self.category = QComboBox()
        self.category.addItem(self.tr("未分类"), 0)
        for row in planning_framework.categories(workspace.store, workspace.year, CategoryAxis.CATEGORY):
            self.category.addItem(row.name, int(row.id))
        self.category.setCurrentIndex(max(self.category.findData(category), 0))
        self.due = TextField(
            hint=self.tr("如 12月底前、{}-09-30").format(workspace.year), read=self._read_due)
        self.points = NumberField()
        self.remark = LongField(lines=2, hint=self.tr("下达文件、要求"))
        for label, field in (
            (self.tr("目标名称"), self.name), (self.tr("目标值"), self.value),
            (self.tr("计量单位"), self.measure), (self.tr("类别"), self.category),
            (self.tr("完成时限"), self.due), (self.tr("分值"), self.points),
            (self.tr("备注"), self.remark),
        ):
            self.form.add(label, field)
        self.first_focus = self.name

    def _read_due(self, text: str) -> date:
        return calendar.read_deadline(text, self._workspace.year)

    def act(self) -> None:
        """Make indicator and target as one step."""
        name = str(self.name.value()).strip()
        if not name:
            raise InputError("目标名称没有填写。", "请填写目标名称。")
        due, points = self.due.value(), self.points.value()
        chosen = self.category.currentData()
        self.made = decomposition_structure.add_superior_target(
            self._workspace.store, self._workspace.year, name=name,
            value_text=str(self.value.value()), unit_of_measure=str(self.measure.value()),
            category=RecordId(chosen) if chosen else None,
            due=due if isinstance(due, date) else None,
            points=points if isinstance(points, Decimal) else None, note=self.remark.value(),
        )
