"""A docket as it is registered: what it is about, where it comes from, who leads, until when."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.docket_flow import standing
from mbo_desktop.domain.dockets import Docket, DocketAct, Urgency
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.domain.registers import SourceItem
from mbo_desktop.errors import InputError
from mbo_desktop.services import docket_rules, dockets, offices
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_limit import LimitEdit
from ui.grids.columns import Option
from ui.pages.season_origins import item_lookup, unit_lookup
from ui.widgets.fields import LongField, TextField
from ui.widgets.many_picker import ManyPicker
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


def unit_option(store: Store, unit: RecordId) -> Option:
    """A unit as the pickers show it."""
    row = offices.unit_row(store, unit)
    return Option(row.id, row.short_name, row.name)


class DocketDialog(AskDialog):
    """New (`old` None) or change; the limit follows the source until it was typed."""

    def __init__(
        self, workspace: Workspace, old: Docket | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "修改督查事项" if old else "登记督查事项", "保存" if old else "登记", width=560)
        self._store, self._old = workspace.store, old
        self._year = old.year if old else workspace.year
        self.made: RecordId | None = old.id if old else None
        self.title = LongField(old.title if old else "", lines=2, hint=self.tr("一件事登记一项"))
        self.source, self.urgency = QComboBox(), QComboBox()
        for source in MatterSource:
            self.source.addItem(source.label, source.value)
        for one in Urgency:
            self.urgency.addItem(one.label, one.value)
        self.source_text = TextField(old.source_text if old else "", hint=self.tr("文号、会议名称或批示"))
        self.instruction = LongField(old.instruction if old else "", lines=2, hint=self.tr("领导批示原文"))
        self.lead = PickerEdit(unit_lookup(self._store))
        self.lead.setPlaceholderText(self.tr("名称或拼音首字母"))
        self.supporting = ManyPicker(unit_lookup(self._store))
        ordered_on = standing(old).assigned_on if old else None
        self.limit = LimitEdit(self._store, self._year, lambda: ordered_on or clock.today())
        self.task = LongField(old.task if old else "", lines=2, hint=self.tr("要求做什么、怎样反馈"))
        self.decider = TextField(old.decider if old else "", hint=self.tr("须由谁拍板"))
        self.delayer = TextField(old.delayer if old else "", hint=self.tr("卡在谁那里"))
        self.responsible = TextField(old.responsible if old else "")
        self.leader = TextField(old.leader if old else "", hint=self.tr("审签反馈的领导"))
        self.supervisor = TextField(old.supervisor if old else self._store.operator, hint=self.tr("姓名和电话"))
        for label, field in (
            (self.tr("督查事项"), self.title), (self.tr("来源"), self.source),
            (self.tr("任务来源"), self.source_text), (self.tr("批示内容"), self.instruction),
            (self.tr("缓急"), self.urgency), (self.tr("主办单位"), self.lead),
            (self.tr("协办单位"), self.supporting), (self.tr("办理时限"), self.limit),
            (self.tr("承办任务"), self.task), (self.tr("谁来决定"), self.decider),
            (self.tr("谁在拖延"), self.delayer), (self.tr("责任人"), self.responsible),
            (self.tr("责任领导"), self.leader), (self.tr("督办人"), self.supervisor),
        ):
            self.form.add(label, field)
        if old is None:
            self._begin()
        else:
            self._take(old)
        self._on_source()
        self.source.currentIndexChanged.connect(self._on_source)
        self.urgency.currentIndexChanged.connect(self._on_source)

    def _begin(self) -> None:
        self.source.setCurrentIndex(self.source.findData(MatterSource.MEETING.value))

    def _take(self, old: Docket) -> None:
        self.source.setCurrentIndex(self.source.findData(old.source.value))
        self.urgency.setCurrentIndex(self.urgency.findData(old.urgency.value))
        if old.lead is not None:
            self.lead.set_option(unit_option(self._store, old.lead))
        self.supporting.set_options([unit_option(self._store, one) for one in old.supporting])
        self.limit.set_limit(old.days, old.day_kind, old.due)
        ordered = standing(old).assigned_on is not None
        for widget in (self.lead, self.limit):
            widget.setEnabled(not ordered)
        if ordered:
            self.note(self.tr("已交办:主办单位和时限不再直接改,改时限用“申请延期”。"))

    def _on_source(self) -> None:
        source = MatterSource(self.source.currentData())
        for field in (self.decider, self.delayer):
            self.form.show_field(field, source is MatterSource.COORDINATION)
        self.form.show_field(self.instruction, source in (MatterSource.INSTRUCTION, MatterSource.SUPERIOR)
                             or bool(self.instruction.value()))
        if self._old is not None:
            return
        usual = docket_rules.limit_for(
            self._store, self._year, source, Urgency(self.urgency.currentData())
        )
        self.limit.set_limit(usual.days, usual.kind, None)

    def act(self) -> None:
        """Save."""
        if self._old is None:
            self.made = dockets.add(self._store, self._year, self.title.value(), **self._facts())
        else:
            dockets.change_facts(self._store, self._old.id, title=self.title.value(), **self._facts())

    def _facts(self) -> dict[str, Any]:
        lead = self.lead.value()
        if self.lead.text().strip() and not isinstance(lead, int):
            raise InputError(f"没有找到主办单位“{self.lead.text().strip()}”。", "请输入名称或拼音首字母后选择。")
        facts: dict[str, Any] = {
            "source": MatterSource(self.source.currentData()), "source_text": str(self.source_text.value()),
            "instruction": self.instruction.value(), "urgency": Urgency(self.urgency.currentData()),
            "supporting": tuple(one for one in self.supporting.values() if one != lead),
            "task": self.task.value(), "decider": str(self.decider.value()),
            "delayer": str(self.delayer.value()), "responsible": str(self.responsible.value()),
            "leader": str(self.leader.value()), "supervisor": str(self.supervisor.value()),
        }
        if self._old is None or standing(self._old).assigned_on is None:
            days, kind, due = self.limit.limit()
            facts |= {"lead": lead, "days": days, "day_kind": kind, "due": due}
        return facts


class ItemDialog(AskDialog):
    """A docket from an item of a meeting, a document or a list of instructions in the register."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent, "从会议、文件条目登记", "登记", width=560)
        self._store = workspace.store
        self.made: RecordId | None = None
        self.note(self.tr("“目标体系→来源”中登记的会议、文件条目,一条登记一项;已登记过的直接打开。"))
        self.item = PickerEdit(item_lookup(self._store, workspace.year))
        self.item.setPlaceholderText(self.tr("条目文字或拼音首字母"))
        self.form.add(self.tr("条目"), self.item)

    def act(self) -> None:
        """Make it, or take the one that is there; a whole meeting or document is no matter."""
        value = self.item.value()
        if not isinstance(value, int) or self._store.find(SourceItem, RecordId(value)) is None:
            raise InputError("没有选定条目。", "请输入文字后从列表中选择一条,不选整个会议或文件。")
        there = dockets.made_from(self._store, RecordId(value))
        self.made = there or dockets.from_item(self._store, RecordId(value))


def first_forward(acts: tuple[DocketAct, ...]) -> DocketAct | None:
    """The act that leads on along the way; None when none does."""
    along = (
        DocketAct.FILE, DocketAct.ASSIGN, DocketAct.ACCEPT, DocketAct.HANDLE, DocketAct.FEED_BACK,
        DocketAct.REVIEW, DocketAct.VERIFY, DocketAct.CLOSE,
        DocketAct.STRIKE_OFF, DocketAct.ARCHIVE, DocketAct.RESUME,
    )
    return next((one for one in along if one in acts), None)
