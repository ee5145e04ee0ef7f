"""Questions about a case: what it is, what was looked into, what was found, what it does to the assessment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.accountability import (
    MEASURES,
    AccountabilityCase,
    CaseEffect,
    Shortcoming,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import accountability, session
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_docket import unit_option
from ui.pages.season_origins import unit_lookup
from ui.widgets.fields import DateField, LongField, NumberField, TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class TickedWords(QWidget):
    """Words to tick, and a line for further ones."""

    def __init__(self, words: tuple[str, ...], ticked: tuple[str, ...], hint: str) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for word in dict.fromkeys((*words, *ticked)):
            box = QCheckBox(word)
            box.setChecked(word in ticked)
            layout.addWidget(box)
            self.boxes[word] = box
        self.more = TextField(hint=hint)
        layout.addWidget(self.more)

    def chosen(self) -> tuple[str, ...]:
        """Ticked words and typed ones."""
        typed = [word.strip() for word in str(self.more.value()).split("、") if word.strip()]
        return tuple(dict.fromkeys([*(w for w, box in self.boxes.items() if box.isChecked()), *typed]))


class CaseDialog(AskDialog):
    """Take a case up (`old` None) or change its facts; kinds of one's own are typed in."""

    def __init__(
        self, workspace: Workspace, old: AccountabilityCase | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "修改案件" if old else "登记问责案件", "保存" if old else "登记", width=560)
        store = self._store = workspace.store
        self._old, self._year = old, old.year if old else workspace.year
        self.made: RecordId | None = old.id if old else None
        self.title = LongField(old.title if old else "", lines=2, hint=self.tr("反映什么问题"))
        self.number = TextField(old.number if old else "")
        self.kind = QComboBox()
        self.kind.setEditable(True)
        self.kind.addItems(accountability.kinds(store))
        self.kind.setCurrentText(old.kind if old else "")
        line = self.kind.lineEdit()
        line.setPlaceholderText(self.tr("选择,或键入本机关自定的种类"))
        self.unit = PickerEdit(unit_lookup(store))
        self.unit.setPlaceholderText(self.tr("名称或拼音首字母"))
        if old is not None and old.unit is not None:
            self.unit.set_option(unit_option(store, old.unit))
        self.people = TextField(old.people if old else "", hint=self.tr("责任人姓名、职务"))
        self.source = TextField(old.source if old else "", hint=self.tr("来信、暗访、督查发现、上级转办…"))
        self.facts = LongField(old.facts if old else "", lines=3)
        self.opened = DateField(old.opened_on if old else clock.today(), year=self._year,
                                required=self.tr("请填写受理日期。"))
        names = tuple(row.name for row in session.operators(store))
        self.readers = TickedWords(names, old.readers if old else (), self.tr("其他经办人,用顿号隔开"))
        for label, field in (
            (self.tr("案件"), self.title), (self.tr("编号"), self.number), (self.tr("种类"), self.kind),
            (self.tr("涉及单位"), self.unit), (self.tr("涉及人员"), self.people), (self.tr("来源"), self.source),
            (self.tr("主要情况"), self.facts), (self.tr("受理日期"), self.opened), (self.tr("知情人"), self.readers),
        ):
            self.form.add(label, field)
        self.note(self.tr("知情人都不勾,所有经办人可看;勾选后只有这些经办人看得到,其他人只见件数。"))

    def act(self) -> None:
        """Save; whoever would shut himself out is told before."""
        readers = self.readers.chosen()
        if readers and self._store.operator not in readers:
            raise InputError(
                f"知情人中没有当前经办人“{self._store.operator}”,保存后自己也看不到。",
                "请勾选自己,或由知情人登记。",
            )
        title = self.title.value()
        if self._old is None:
            self.made = accountability.open_case(self._store, self._year, title, **self._facts(readers))
            return
        if not title:
            raise InputError("案件名称没有填写。", "请写明反映什么问题。")
        accountability.change_facts(self._store, self._old.id, title=title, **self._facts(readers))

    def _facts(self, readers: tuple[str, ...]) -> dict[str, Any]:
        unit, opened = self.unit.value(), self.opened.value()
        if self.unit.text().strip() and not isinstance(unit, int):
            raise InputError(f"没有找到单位“{self.unit.text().strip()}”。", "请输入后从列表中选择。")
        return {
            "number": str(self.number.value()), "kind": self.kind.currentText().strip(), "unit": unit,
            "people": str(self.people.value()), "source": str(self.source.value()),
            "facts": self.facts.value(), "readers": readers,
            "opened_on": opened if isinstance(opened, date) else None,
        }


class StepDialog(AskDialog):
    """A step of the investigation."""

    def __init__(self, store: Store, case: AccountabilityCase, parent: QWidget | None = None) -> None:
        super().__init__(parent, "登记调查情况", "登记")
        self._store, self._case = store, case
        self.note(case.title)
        self.day = DateField(clock.today(), year=case.year, required=self.tr("请填写日期。"))
        self.by = TextField(store.operator)
        self.text = LongField(lines=3, hint=self.tr("调阅了什么、找谁谈话、查明什么"))
        for label, field in ((self.tr("日期"), self.day), (self.tr("调查人"), self.by), (self.tr("情况"), self.text)):
            self.form.add(label, field)

    def act(self) -> None:
        """Note it; not before the case was taken up."""
        day = self.day.value()
        assert isinstance(day, date)
        if self._case.opened_on is not None and day < self._case.opened_on:
            raise InputError("日期早于受理日期。", "请改正日期。")
        accountability.add_step(
            self._store, self._case.id, self.text.value(), on=day, by=str(self.by.value())
        )


class ConcludeDialog(AskDialog):
    """What was found, which measures follow; or that nothing is to be pursued."""

    def __init__(self, store: Store, case: AccountabilityCase, parent: QWidget | None = None) -> None:
        super().__init__(parent, "认定结论", "认定", width=520)
        self._store, self._case = store, case
        self.note(case.title)
        self.day = DateField(case.concluded_on or clock.today(), year=case.year, required=self.tr("请填写日期。"))
        self.conclusion = LongField(case.conclusion, lines=4, hint=self.tr("查实了什么、责任在谁"))
        self.drop = QCheckBox(self.tr("不予追究,就此结案"))
        self.measures = TickedWords(MEASURES, case.measures, self.tr("其他措施,用顿号隔开"))
        for label, field in (
            (self.tr("认定日期"), self.day), (self.tr("认定结论"), self.conclusion), ("", self.drop),
            (self.tr("问责措施"), self.measures),
        ):
            self.form.add(label, field)
        self.drop.toggled.connect(self.measures.setDisabled)
        self.note(self.tr("不能用 Ctrl+Z 撤销,可“恢复调查”并写明原因。"))

    def act(self) -> None:
        """Conclude."""
        day, drop = self.day.value(), self.drop.isChecked()
        accountability.conclude(
            self._store, self._case.id, self.conclusion.value(),
            () if drop else self.measures.chosen(), on=day if isinstance(day, date) else None, drop=drop,
        )


class EffectDialog(AskDialog):
    """What the case does to the assessment, by whose decision and paper."""

    def __init__(self, store: Store, case: AccountabilityCase, parent: QWidget | None = None) -> None:
        super().__init__(parent, "影响考核", "决定")
        self._store, self._case = store, case
        now = case.effect or CaseEffect()
        self.note(case.title)
        self.points = NumberField(now.deduction, hint=self.tr("扣几分"))
        self.veto = QCheckBox(self.tr("一票否决"))
        self.veto.setChecked(now.is_veto)
        self.day = DateField(now.decided_on or clock.today(), year=case.year, required=self.tr("请填写日期。"))
        self.by = TextField(now.decided_by, hint=self.tr("作出决定的会议或领导"))
        self.paper = TextField(now.paper, hint=self.tr("文号"))
        for label, field in (
            (self.tr("扣分"), self.points), ("", self.veto), (self.tr("决定日期"), self.day),
            (self.tr("谁决定"), self.by), (self.tr("文号"), self.paper),
        ):
            self.form.add(label, field)
        self.note(self.tr("决定后计入涉及单位的年度考核;不能用 Ctrl+Z 撤销,可“撤回影响”。"))

    def act(self) -> None:
        """Decide."""
        if self._case.unit is None:
            raise InputError("案件没有写明涉及单位,不知道影响谁的考核。", "请先“修改”补填涉及单位。")
        points, day = self.points.value(), self.day.value()
        if isinstance(points, Decimal) and points <= 0:
            raise InputError("扣分应大于 0。", "请改正扣分。")
        accountability.decide_effect(self._store, self._case.id, CaseEffect(
            points if isinstance(points, Decimal) else None, self.veto.isChecked(),
            day if isinstance(day, date) else None, str(self.by.value()), str(self.paper.value()),
        ))


class PublishDialog(AskDialog):
    """公开曝光: when, where and how."""

    def __init__(self, store: Store, case: AccountabilityCase, parent: QWidget | None = None) -> None:
        super().__init__(parent, "公开曝光", "登记")
        self._store, self._case = store, case
        self.note(case.title)
        self.day = DateField(case.published_on or clock.today(), year=case.year, required=self.tr("请填写日期。"))
        self.words = LongField(case.publication, lines=2, hint=self.tr("在哪里、以什么方式"))
        self.form.add(self.tr("日期"), self.day)
        self.form.add(self.tr("曝光"), self.words)

    def act(self) -> None:
        """Note it; only what was concluded may be published."""
        if not self._case.conclusion:
            raise InputError("还没有认定结论,不能公开曝光。", "请先登记认定结论。")
        if not self.words.value():
            raise InputError("曝光的方式没有填写。", "请写明在哪里、以什么方式。")
        day = self.day.value()
        accountability.change_facts(
            self._store, self._case.id, publication=self.words.value(),
            published_on=day if isinstance(day, date) else None,
        )


class ShortcomingDialog(AskDialog):
    """A 作风 problem of a case with its rectification; `place` None adds one."""

    def __init__(
        self, store: Store, case: AccountabilityCase, place: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "作风问题整改", "保存")
        self._store, self._case, self._place = store, case, place
        now = case.shortcomings[place] if place is not None else Shortcoming("")
        self.text = LongField(now.text, lines=2, hint=self.tr("什么问题"))
        self.measure = LongField(now.measure, lines=2, hint=self.tr("怎样整改"))
        self.due = DateField(now.due, year=case.year)
        self.mended_on = DateField(now.done_on, year=case.year, hint=self.tr("整改完成后填写"))
        for label, field in (
            (self.tr("作风问题"), self.text), (self.tr("整改措施"), self.measure),
            (self.tr("整改时限"), self.due), (self.tr("完成日期"), self.mended_on),
        ):
            self.form.add(label, field)

    def act(self) -> None:
        """Save."""
        if not self.text.value():
            raise InputError("作风问题没有填写。", "请写明什么问题。")
        due, done = self.due.value(), self.mended_on.value()
        if isinstance(done, date) and done > clock.today():
            raise InputError("完成日期还没有到。", "请填实际完成的日期,未完成的不填。")
        new = Shortcoming(
            self.text.value(), self.measure.value(), due if isinstance(due, date) else None,
            done if isinstance(done, date) else None,
        )
        rows = list(self._case.shortcomings)
        if self._place is None:
            rows.append(new)
        else:
            rows[self._place] = new
        accountability.change_facts(self._store, self._case.id, shortcomings=tuple(rows))
