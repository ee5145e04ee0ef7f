"""What was found at one unit: the verified value beside the reported one, photos, deduction, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, FindingKind, Inspection
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import inspection_objects, inspections
from mbo_desktop.services.inspections import Verified
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_docket import unit_option
from ui.dialogs.inspection_photos import PhotoField
from ui.dialogs.inspection_visit import choices, target_option
from ui.grids.columns import Option
from ui.grids.source import matches
from ui.pages.season_origins import unit_lookup
from ui.widgets.fields import DateField, LongField, NumberField, TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class FindingDialog(AskDialog):
    """A new finding; `again` tells that the next one is wanted."""

    def __init__(
        self, workspace: Workspace, visit: Inspection, parent: QWidget | None = None, *,
        subject: RecordId | None = None, unit: RecordId | None = None, more: bool = False,
    ) -> None:
        """subject, unit: what it is about; more: another one can follow at once."""
        super().__init__(parent, "登记督查发现", "登记", width=560)
        self._store, self._visit = workspace.store, visit
        self.outcome: Verified | None = None
        self.again = False
        self.note(visit.title)
        self._drawn = [target_option(one) for one in inspection_objects.targets(self._store, visit.subjects)]
        self.subject = PickerEdit(self._look_up)
        self.subject.setPlaceholderText(self.tr("受查目标;不针对某项目标的不填"))
        self.unit = PickerEdit(unit_lookup(self._store))
        self.month = QComboBox()
        for month in range(1, 13):
            self.month.addItem(self.tr("{}月底累计").format(month), month)
        self.month.setCurrentIndex((visit.month or max(clock.today().month - 1, 1)) - 1)
        self.reported = QLabel()
        self.verified = NumberField(hint=self.tr("现场核实的累计数"))
        self.replace_it = QCheckBox(self.tr("替换原核实数"))
        self.kind = choices(FindingKind, FindingKind.PROBLEM)
        self.text = LongField(lines=3)
        self.place = TextField()
        self.met_with = TextField()
        self.until = DateField(year=visit.year, hint=self.tr("需要整改的填写"))
        self.points = NumberField(hint=self.tr("建议扣分"))
        self.reason = TextField(hint=self.tr("扣分的依据"))
        self.day = DateField(visit.done_on or clock.today(), year=visit.year, required=self.tr("请填写日期。"))
        self.photos = PhotoField()
        for label, field in (
            (self.tr("受查目标"), self.subject), (self.tr("单位"), self.unit), (self.tr("核实月份"), self.month),
            (self.tr("上报数"), self.reported), (self.tr("核实数"), self.verified), ("", self.replace_it),
            (self.tr("性质"), self.kind), (self.tr("情况"), self.text), (self.tr("地点"), self.place),
            (self.tr("谈话对象"), self.met_with), (self.tr("整改期限"), self.until),
            (self.tr("扣分"), self.points), (self.tr("扣分理由"), self.reason),
            (self.tr("日期"), self.day), (self.tr("照片"), self.photos),
        ):
            self.form.add(label, field)
        self.form.show_field(self.replace_it, False)
        if more:
            self.next_button = QPushButton(self.tr("登记,查下一项"))
            self.next_button.setAutoDefault(False)
            self.next_button.clicked.connect(self._on_next)
            self.foot.insertWidget(1, self.next_button)
        self._begin(subject, unit)
        self.subject.picked.connect(self._on_subject)
        self.month.currentIndexChanged.connect(self.tell)
        self.verified.textEdited.connect(self.tell)

    def _begin(self, subject: RecordId | None, unit: RecordId | None) -> None:
        if subject is not None:
            for one in inspection_objects.targets(self._store, [subject]):
                self.subject.set_option(target_option(one))
                unit = one.unit
            self.first_focus = self.verified
        if unit is None and len(self._visit.units) == 1:
            unit = self._visit.units[0]
        if unit is not None:
            self.unit.set_option(unit_option(self._store, unit))
        self.tell()

    def _look_up(self, typed: str) -> Sequence[Option]:
        """The inspection's own targets first, then all others that fit."""
        own = [one for one in self._drawn if matches(typed, one.label)]
        if own and not typed.strip():
            return own
        known = {one.value for one in own}
        found = inspection_objects.find_targets(self._store, self._visit.year, typed)
        return [*own, *(target_option(one) for one in found if one.id not in known)]

    def _on_subject(self, option: object) -> None:
        if isinstance(option, Option) and isinstance(option.value, int):
            for one in inspection_objects.targets(self._store, [RecordId(option.value)]):
                self.unit.set_option(unit_option(self._store, one.unit))
        self.tell()

    def tell(self) -> None:
        """The reported value of the month, and the difference to what is typed."""
        subject = self.subject.value()
        if not isinstance(subject, int):
            self.reported.setText(self.tr("未选目标"))
            return
        (one,) = inspection_objects.targets(self._store, [RecordId(subject)])
        value = inspections.reported_value(self._store, RecordId(subject), int(self.month.currentData()))
        words = f"{show(value)}{one.unit_of_measure}" if value is not None else self.tr("未报")
        if value is None and one.unit_of_measure:
            words += self.tr("(单位:{})").format(one.unit_of_measure)
        try:
            verified = self.verified.value()
        except InputError:
            verified = None
        if isinstance(verified, Decimal) and value is not None:
            gap = verified - value
            self._follow_kind(differs=bool(gap))
            words += self.tr(";核实与上报一致") if not gap else self.tr(";▲ {}报 {}{}").format(
                self.tr("多") if gap < 0 else self.tr("少"), show(abs(gap)), one.unit_of_measure)
        self.reported.setText(words)

    def _follow_kind(self, *, differs: bool) -> None:
        """A value that stands is no problem, one that differs is a deviation; other choices are left."""
        now = self.kind.currentData()
        if now in (FindingKind.PROBLEM.value, FindingKind.NOTE.value, FindingKind.DEVIATION.value):
            wanted = FindingKind.DEVIATION if differs else FindingKind.NOTE
            self.kind.setCurrentIndex(self.kind.findData(wanted.value))

    def _on_next(self) -> None:
        self.again = True
        self.try_to_accept()
        if self.outcome is None:
            self.again = False

    def act(self) -> None:
        """Record it; another verified value of the month is asked about."""
        unit, subject = self.unit.value(), self.subject.value()
        if self.subject.text().strip() and not isinstance(subject, int):
            raise InputError(f"没有找到目标“{self.subject.text().strip()}”。", "请输入后从列表中选择。")
        if not isinstance(unit, int):
            raise InputError("没有选定单位。", "请输入名称或拼音首字母后选择。")
        verified = self.verified.value()
        try:
            self.outcome = inspections.add_finding(
                self._store, self._visit.id, RecordId(unit),
                verified=verified if isinstance(verified, Decimal) else None,
                replace_verified=self.replace_it.isChecked(),
                subject=RecordId(subject) if isinstance(subject, int) else None, **self._facts(),
            )
        except ProgramError as error:
            if "替换原核实数" in error.todo:
                self.form.show_field(self.replace_it, True)
            raise

    def _facts(self) -> dict[str, Any]:
        points, until, day = self.points.value(), self.until.value(), self.day.value()
        found_on = day if isinstance(day, date) else clock.today()
        if isinstance(until, date) and until < found_on:
            raise InputError("整改期限早于发现日期。", "请改正日期。")
        return {
            "kind": FindingKind(self.kind.currentData()), "text": self.text.value(),
            "place": str(self.place.value()), "met_with": str(self.met_with.value()),
            "month": int(self.month.currentData()), "found_on": found_on,
            "rectify_until": until if isinstance(until, date) else None,
            "deduction": points if isinstance(points, Decimal) else None,
            "deduction_reason": str(self.reason.value()),
        }


class FindingWordsDialog(AskDialog):
    """Words, deduction and rectification date of a finding; its values stay."""

    def __init__(self, store: Store, record: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, "修改督查发现", "保存", width=520)
        self._store, self._record = store, record
        found = store.get(Finding, record)
        self.kind = choices(FindingKind, found.kind)
        self.text = LongField(found.text, lines=3)
        self.place, self.met_with = TextField(found.place), TextField(found.met_with)
        self.until = DateField(found.rectify_until)
        self.points, self.reason = NumberField(found.deduction), TextField(found.deduction_reason)
        for label, field in (
            (self.tr("性质"), self.kind), (self.tr("情况"), self.text), (self.tr("地点"), self.place),
            (self.tr("谈话对象"), self.met_with), (self.tr("整改期限"), self.until),
            (self.tr("扣分"), self.points), (self.tr("扣分理由"), self.reason),
        ):
            self.form.add(label, field)

    def act(self) -> None:
        """Save."""
        until, points = self.until.value(), self.points.value()
        inspections.change_finding(
            self._store, self._record, kind=FindingKind(self.kind.currentData()), text=self.text.value(),
            place=str(self.place.value()), met_with=str(self.met_with.value()),
            rectify_until=until if isinstance(until, date) else None,
            deduction=points if isinstance(points, Decimal) else None,
            deduction_reason=str(self.reason.value()),
        )


class RectifiedDialog(AskDialog):
    """A finding was put right: how, and on which day it was seen."""

    def __init__(self, store: Store, records: Sequence[RecordId], parent: QWidget | None = None) -> None:
        super().__init__(parent, "登记整改完成", "登记")
        self._store, self._records = store, tuple(records)
        self.day = DateField(clock.today(), required=self.tr("请填写日期。"))
        self.how = LongField(lines=3, hint=self.tr("怎样整改的,是否核实"))
        self.form.add(self.tr("完成日期"), self.day)
        self.form.add(self.tr("整改情况"), self.how)

    def act(self) -> None:
        """Note it."""
        day = self.day.value()
        for record in self._records:
            inspections.rectified(
                self._store, record, self.how.value(), on=day if isinstance(day, date) else None
            )
