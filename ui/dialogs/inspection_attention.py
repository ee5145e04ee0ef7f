"""A leader took a matter up in person; and what came of the decision."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import inspection_objects, leader_attention
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_docket import unit_option
from ui.dialogs.inspection_visit import target_lookup, target_option
from ui.pages.season_origins import unit_lookup
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class AttentionDialog(AskDialog):
    """A new entry, or the change of one."""

    def __init__(
        self, workspace: Workspace, old: LeaderAttention | None = None, parent: QWidget | None = None,
        *, unit: RecordId | None = None,
    ) -> None:
        super().__init__(parent, "修改领导过问" if old else "登记领导过问", "保存" if old else "登记", width=520)
        store = self._store = workspace.store
        self._old, self._year = old, old.year if old else workspace.year
        self.made: RecordId | None = old.id if old else None
        self.leader = TextField(old.leader if old else "", hint=self.tr("姓名或职务"))
        self.day = DateField(old.day if old else clock.today(), year=self._year, required=self.tr("请填写日期。"))
        self.way = QComboBox()
        self.way.setEditable(True)
        self.way.addItems(leader_attention.WAYS)
        self.way.setCurrentText(old.way if old else leader_attention.WAYS[0])
        self.unit = PickerEdit(unit_lookup(store))
        self.subject = PickerEdit(target_lookup(store, self._year))
        for field in (self.unit, self.subject):
            field.setPlaceholderText(self.tr("名称或拼音首字母"))
        wanted = old.unit if old else unit
        if wanted is not None:
            self.unit.set_option(unit_option(store, wanted))
        if old is not None and old.subject is not None:
            for one in inspection_objects.targets(store, [old.subject]):
                self.subject.set_option(target_option(one))
        self.matter = LongField(old.matter if old else "", lines=2, hint=self.tr("过问了什么事"))
        self.decision = LongField(old.decision if old else "", lines=2, hint=self.tr("定了什么、由谁办"))
        for label, widget in (
            (self.tr("领导"), self.leader), (self.tr("日期"), self.day), (self.tr("方式"), self.way),
            (self.tr("单位"), self.unit), (self.tr("目标"), self.subject), (self.tr("事项"), self.matter),
            (self.tr("决定"), self.decision),
        ):
            self.form.add(label, widget)

    def act(self) -> None:
        """Save."""
        unit, subject, day = self.unit.value(), self.subject.value(), self.day.value()
        for field, value, what in ((self.unit, unit, "单位"), (self.subject, subject, "目标")):
            if field.text().strip() and not isinstance(value, int):
                raise InputError(f"没有找到{what}“{field.text().strip()}”。", "请输入后从列表中选择。")
        facts = {
            "way": self.way.currentText().strip(), "unit": unit, "subject": subject,
            "decision": self.decision.value(), "day": day if isinstance(day, date) else None,
        }
        leader, matter = str(self.leader.value()), self.matter.value()
        if self._old is None:
            self.made = leader_attention.add(self._store, self._year, leader, matter, **facts)
            return
        if not leader or not matter:
            raise InputError("领导或事项没有填写。", "请写明哪位领导、过问了什么事。")
        leader_attention.change_facts(self._store, self._old.id, leader=leader, matter=matter, **facts)


class FollowedDialog(AskDialog):
    """What was decided was done."""

    def __init__(self, store: Store, record: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, "登记落实情况", "登记")
        self._store, self._record = store, record
        found = store.get(LeaderAttention, record)
        self.note(found.decision or found.matter)
        self.day = DateField(clock.today(), year=found.year, required=self.tr("请填写日期。"))
        self.how = LongField(found.follow_up, lines=3)
        self.form.add(self.tr("落实日期"), self.day)
        self.form.add(self.tr("落实情况"), self.how)

    def act(self) -> None:
        """Note it."""
        day = self.day.value()
        leader_attention.followed(
            self._store, self._record, self.how.value(), on=day if isinstance(day, date) else None
        )
