"""An inspection as it is planned: when, how, who goes, which units and targets, which month is verified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.inspections import (
    Inspection,
    InspectionState,
    InspectionTime,
    InspectionWay,
    MatterSource,
)
from mbo_desktop.services import inspection_objects, inspections
from mbo_desktop.services.inspection_objects import TargetChoice
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_docket import unit_option
from ui.grids.columns import Lookup, Option
from ui.pages.season_origins import unit_lookup
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.many_picker import ManyPicker
from ui.workspace import Workspace


def choices(kind: type[Choice], chosen: Choice) -> QComboBox:
    """A box of all choices of a kind with one chosen."""
    box = QComboBox()
    for one in kind:
        box.addItem(one.label, one.value)
    box.setCurrentIndex(box.findData(chosen.value))
    return box


def target_option(one: TargetChoice) -> Option:
    """「柯城区·工业投资」 with the target behind it."""
    return Option(one.id, f"{one.unit_label}·{one.title}", f"{one.shown}{one.unit_of_measure}")


def target_lookup(store: Store, year: int) -> Lookup:
    """Targets of the year by indicator, unit and pinyin initials."""

    def look_up(typed: str) -> Sequence[Option]:
        return [target_option(one) for one in inspection_objects.find_targets(store, year, typed)]

    return look_up


class VisitDialog(AskDialog):
    """Plan an inspection (`old` None) or change one that is not over."""

    def __init__(
        self, workspace: Workspace, old: Inspection | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "修改督查" if old else "计划督查", "保存" if old else "登记", width=560)
        store = self._store = workspace.store
        self._old, self._year = old, old.year if old else workspace.year
        now = old or Inspection(id=RecordId(0), year=self._year, title="")
        self.made: RecordId | None = old.id if old else None
        self.title = TextField(now.title, hint=self.tr("如 6月重点目标抽样检查"))
        self.time = choices(InspectionTime, now.time)
        self.way = choices(InspectionWay, now.way)
        self.source = choices(MatterSource, now.source)
        self.source_text = TextField(now.source_text)
        self.begins = DateField(now.planned_from, year=self._year)
        self.ends = DateField(now.planned_until, year=self._year)
        self.team_leader = TextField(now.team_leader)
        self.inspectors = TextField("、".join(now.inspectors), hint=self.tr("用顿号隔开"))
        self.units = ManyPicker(unit_lookup(store), [unit_option(store, one) for one in now.units])
        self.subjects = ManyPicker(
            target_lookup(store, self._year),
            [target_option(one) for one in inspection_objects.targets(store, now.subjects)],
            hint=self.tr("指标、单位或拼音首字母;也可登记后“抽样”"),
        )
        self.month = QComboBox()
        self.month.addItem(self.tr("不核实数据"), 0)
        for month in range(1, 13):
            self.month.addItem(self.tr("{}月底累计数").format(month), month)
        self.month.setCurrentIndex(now.month or 0)
        if old is None:
            self.month.setCurrentIndex(max(clock.today().month - 1, 1))
        self.content = LongField(now.content, lines=2, hint=self.tr("看什么、按什么标准"))
        for label, field in (
            (self.tr("督查名称"), self.title), (self.tr("时间类别"), self.time),
            (self.tr("方式"), self.way), (self.tr("来源"), self.source),
            (self.tr("依据"), self.source_text), (self.tr("开始日期"), self.begins),
            (self.tr("结束日期"), self.ends), (self.tr("组长"), self.team_leader),
            (self.tr("督查人员"), self.inspectors), (self.tr("受查单位"), self.units),
            (self.tr("受查目标"), self.subjects), (self.tr("核实月份"), self.month),
            (self.tr("督查内容"), self.content),
        ):
            self.form.add(label, field)
        self.secret = self.note(self.tr("暗访:结束之前,核实数不进入进度,也不出现在给受查单位的任何材料中。"))
        self.way.currentIndexChanged.connect(self._on_way)
        self._on_way()

    def _on_way(self) -> None:
        self.secret.setVisible(self.way.currentData() == InspectionWay.UNANNOUNCED.value)

    def act(self) -> None:
        """Save."""
        title = str(self.title.value())
        if self._old is None:
            self.made = inspections.plan(self._store, self._year, title, **self._facts())
        else:
            inspections.change_facts(self._store, self._old.id, title=title, **self._facts())

    def _facts(self) -> dict[str, Any]:
        subjects = tuple(self.subjects.values())
        units = list(self.units.values())
        # Whoever is looked at through a target is a unit that was inspected.
        for one in inspection_objects.targets(self._store, [RecordId(int(s)) for s in subjects]):  # type: ignore[call-overload]
            if one.unit not in units:
                units.append(one.unit)
        begins, ends = self.begins.value(), self.ends.value()
        names = re.split(r"[、,,;;\s]+", str(self.inspectors.value()))
        return {
            "time": InspectionTime(self.time.currentData()), "way": InspectionWay(self.way.currentData()),
            "source": MatterSource(self.source.currentData()), "source_text": str(self.source_text.value()),
            "planned_from": begins if isinstance(begins, date) else None,
            "planned_until": ends if isinstance(ends, date) else None,
            "team_leader": str(self.team_leader.value()),
            "inspectors": tuple(name for name in names if name), "units": tuple(units),
            "subjects": subjects, "month": self.month.currentData() or None,
            "content": self.content.value(),
        }


class DoneDialog(AskDialog):
    """The inspection is over: on which day, and what it came to."""

    def __init__(self, store: Store, visit: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent, "结束督查", "结束")
        self._store, self._visit = store, visit
        self.note(visit.title)
        if visit.is_confidential:
            self.note(self.tr("暗访结束后,核实数进入进度,可以给受查单位发文。"))
        self.day = DateField(clock.today(), year=visit.year, required=self.tr("请填写日期。"))
        self.conclusion = LongField(visit.conclusion, lines=4, hint=self.tr("以事实为据,写入通报"))
        self.form.add(self.tr("结束日期"), self.day)
        self.form.add(self.tr("督查结论"), self.conclusion)

    def act(self) -> None:
        """Finish."""
        day = self.day.value()
        if self.conclusion.value() != self._visit.conclusion:
            inspections.change_facts(self._store, self._visit.id, conclusion=self.conclusion.value())
        inspections.set_state(
            self._store, self._visit.id, InspectionState.DONE, on=day if isinstance(day, date) else None
        )
