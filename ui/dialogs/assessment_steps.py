"""Steps of the procedure: that one was done, which there are; objections and their decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.assessment import (
    SHORT_PROCEDURE,
    AssessmentStep,
    Objection,
    Scheme,
    StepDone,
    StepDue,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import objections, schemes
from ui.dialogs.ask import AskDialog
from ui.dialogs.assessment_marks import Units, unit_lookup
from ui.grids.columns import Option
from ui.widgets.fields import DateField, LongField, NumberField, TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

_OTHERS = tuple(one for one in AssessmentStep if one is not AssessmentStep.SEAL)


class StepDialog(AskDialog):
    """When, by whom, on which basis a step was done."""

    def __init__(self, workspace: Workspace, scheme: RecordId, step: AssessmentStep, parent: QWidget | None = None) -> None:
        super().__init__(parent, step.label, self.tr("登记"))
        self._store, self._scheme, self._step = workspace.store, scheme, step
        self.on = DateField(clock.today(), year=workspace.year, or_next=True, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.on)
        self.by = TextField(self._store.operator)
        self.form.add(self.tr("经办"), self.by)
        self.basis = TextField(hint=self.tr("会议、文件或通知"))
        self.form.add(self.tr("依据"), self.basis)

    def act(self) -> None:
        """Save as one step."""
        on = self.on.value()
        assert isinstance(on, date)
        done = StepDone(self._step, on, self.by.text().strip(), self.basis.text().strip())
        schemes.set_step(self._store, self._scheme, done, self._step)


class ProcedureDialog(AskDialog):
    """Which steps the procedure has; short and long form at hand."""

    def __init__(self, workspace: Workspace, scheme: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("考核程序"), self.tr("保存"))
        self._store, self._scheme = workspace.store, scheme
        self.forms = QComboBox()
        self.forms.addItem(self.tr("自选"), None)
        self.forms.addItem(self.tr("简化程序:自评→核定→审定"), SHORT_PROCEDURE)
        self.forms.addItem(self.tr("完整程序"), _OTHERS)
        self.forms.activated.connect(self._on_form)
        self.form.add(self.tr("程序"), self.forms)
        found = self._store.get(Scheme, scheme)
        days = {one.step: one.on for one in found.due}
        self.boxes: dict[AssessmentStep, QCheckBox] = {}
        self.days: dict[AssessmentStep, DateField] = {}
        for step in _OTHERS:
            box = QCheckBox(step.label)
            box.setChecked(step in found.steps)
            day = DateField(days.get(step), year=workspace.year, or_next=True)
            day.setPlaceholderText(self.tr("期限"))
            day.setAccessibleName(self.tr("{}的期限").format(step.label))
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(box, 1)
            line.addWidget(day)
            self.form.add("", holder)
            box.toggled.connect(self._name_form)
            self.boxes[step], self.days[step] = box, day
        self._name_form()
        self.note(self.tr("期限可不填;一票否决核报可以晚于其他步骤。封存总在最后,不用勾选。程序只登记进度,不锁定录入。"))

    def _name_form(self) -> None:
        """The form that the ticked steps make."""
        ticked = {step for step, box in self.boxes.items() if box.isChecked()}
        forms = [self.forms.itemData(place) for place in range(self.forms.count())]
        self.forms.setCurrentIndex(next((place for place, one in enumerate(forms) if one and set(one) == ticked), 0))

    def _on_form(self) -> None:
        chosen = self.forms.currentData()
        if chosen is not None:
            for step, box in self.boxes.items():
                box.setChecked(step in chosen)

    def act(self) -> None:
        """Save as one step."""
        steps = tuple(step for step, box in self.boxes.items() if box.isChecked())
        if not steps:
            raise InputError("没有选任何步骤。", "至少选一步。")
        due = tuple(
            StepDue(step, day) for step, field in self.days.items() if isinstance(day := field.value(), date)
        )
        schemes.set_facts(self._store, self._scheme, steps=steps, due=due)


class ObjectionDialog(AskDialog):
    """A unit objects to a score or its total."""

    def __init__(
        self, workspace: Workspace, units: Units, indicators: Units, unit: RecordId | None = None,
        indicator: RecordId | None = None, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, self.tr("登记申诉"), self.tr("登记"))
        self._store, self._year = workspace.store, workspace.year
        self.unit = PickerEdit(unit_lookup(units))
        self.unit.set_option(next((Option(key, label) for key, label in units if key == unit), None))
        self.form.add(self.tr("单位"), self.unit)
        self.indicator = PickerEdit(unit_lookup(indicators))
        self.indicator.setPlaceholderText(self.tr("留空为总分"))
        self.indicator.set_option(next((Option(key, label) for key, label in indicators if key == indicator), None))
        self.form.add(self.tr("指标"), self.indicator)
        self.text = LongField(lines=4)
        self.form.add(self.tr("理由"), self.text)
        self.on = DateField(clock.today(), year=workspace.year, or_next=True, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.on)

    def act(self) -> None:
        """Save as one step."""
        unit, on, item = self.unit.value(), self.on.value(), self.indicator.value()
        if unit is None:
            raise InputError("没有选定单位。", "请从列表中选择单位。")
        if self.indicator.text().strip() and item is None:
            raise InputError("没有这个指标。", "请从列表中选择,或留空表示总分。")
        self.record = objections.raise_objection(
            self._store, self._year, unit, self.text.value(), indicator=item,  # type: ignore[arg-type]
            on=on if isinstance(on, date) else None,
        )


class DecisionDialog(AskDialog):
    """What was decided; a score that changes is entered as 复核分 in the same step of work."""

    def __init__(
        self, workspace: Workspace, scheme: RecordId, old: Objection, subject: str, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, self.tr("申诉复核"), self.tr("登记"), width=500)
        self._store, self._scheme, self._old = workspace.store, scheme, old
        self.note(self.tr("{}:{}").format(subject, old.text))
        self.upheld = QComboBox()
        self.upheld.addItem(self.tr("维持原得分"), False)
        self.upheld.addItem(self.tr("采纳申诉"), True)
        self.upheld.activated.connect(self._on_upheld)
        self.form.add(self.tr("结论"), self.upheld)
        self.points = NumberField(hint=self.tr("复核后的得分,记为复核分"))
        self.form.add(self.tr("复核分"), self.points)
        self.text = LongField(lines=3)
        self.form.add(self.tr("理由"), self.text)
        self.on = DateField(clock.today(), year=workspace.year, or_next=True, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.on)
        if old.decided_on is not None:
            self._show_decided(old)
        self._on_upheld()

    def _show_decided(self, old: Objection) -> None:
        """Decided before: the decision as it stands, so that changing it is meant."""
        self.setWindowTitle(self.tr("修改复核结论"))
        self.accept_button.setText(self.tr("修改"))
        self.upheld.setCurrentIndex(int(old.is_upheld))
        self.text.set_text(old.decision)
        self.on.set_value(old.decided_on)
        reviewed = objections.reviewed_by(self._store, old)
        if reviewed is not None:
            self.points.set_value(reviewed.points)
            self.note(self.tr("改为维持原得分的,按原结论记的复核分一并收回。"))

    def _on_upheld(self) -> None:
        self.form.show_field(self.points, bool(self.upheld.currentData()) and self._old.indicator is not None)

    def act(self) -> None:
        """The decision, and with it the reviewed points."""
        on, points = self.on.value(), self.points.value()
        upheld = bool(self.upheld.currentData())
        objections.decide(
            self._store, self._old.id, self.text.value(), upheld=upheld, on=on if isinstance(on, date) else None,
            scheme=self._scheme, points=points if isinstance(points, Decimal) else None,
        )
