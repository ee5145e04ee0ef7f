"""考核办法的总则: full marks, components and weights, grades with quotas, bonuses, deductions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.assessment import (
    BonusCategory,
    Component,
    EqualScores,
    GradeLine,
    Scheme,
    TieBreak,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError
from mbo_desktop.services import schemes
from mbo_desktop.services.scheme_parameters import read_parameters, show_parameters
from mbo_desktop.services.score_components import read_answers, show_answers
from mbo_desktop.services.score_periods import read_periods, show_periods
from ui.dialogs.ask import AskDialog
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import NumberField, TextField
from ui.workspace import Workspace

TIES, CATEGORIES = 3, 6
EQUAL_WORDS = {
    EqualScores.ALLOWED: "允许", EqualScores.REMIND: "不得并列,有并列的提醒", EqualScores.REFUSE: "不得并列,不准录入相同的分",
}
GRADES, COMPONENTS = 6, 5
"""Lines offered; more grades or parts are in no published scheme."""


class Lines(QWidget):
    """A few lines of fields under their headings."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[QWidget]], stretches: Sequence[int] = ()) -> None:
        super().__init__()
        self.rows = rows
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(8))
        grid.setVerticalSpacing(scaled(4))
        for column, head in enumerate(heads):
            label = QLabel(head)
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column)
        for row, fields in enumerate(rows, 1):
            for column, field in enumerate(fields):
                grid.addWidget(field, row, column)
        for column, stretch in enumerate(stretches or (2, *(1 for _ in heads[1:]))):
            grid.setColumnStretch(column, stretch)


class FactsDialog(AskDialog):
    """Changes the scheme as one step; what cannot be is said above the buttons."""

    def __init__(self, workspace: Workspace, scheme: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("总则、权重和等次"), self.tr("保存"), width=660)
        self._store, self._scheme = workspace.store, scheme
        found = self._store.get(Scheme, scheme)
        # The form scrolls: on a small screen it is longer than the window.
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, scaled(8), 0)
        self.body.removeWidget(self.form)
        inside.addWidget(self.form)
        inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(holder)
        self.body.insertWidget(0, area, 100)
        size_within_screen(self, 680, 600)
        self._add_whole(found)
        self._add_parts(found)
        self._add_grades(found)
        self._add_extras(found)

    def _head(self, text: str) -> None:
        label = QLabel(text)
        label.setProperty("role", "subheading")
        self.form.add_wide(label)

    def _add_whole(self, found: Scheme) -> None:
        self.name = TextField(found.name, required=self.tr("请填写名称。"))
        self.form.add(self.tr("名称"), self.name)
        self.basis = TextField(found.basis, hint=self.tr("印发考核办法的文号"))
        self.form.add(self.tr("依据"), self.basis)
        self.scale = NumberField(found.scale)
        self.form.add(self.tr("满分折算为"), self.scale, hint=self.tr("合理缺项时按比例折算到此分值;留空不折算"))
        self.digits = NumberField(Decimal(found.digits), required=self.tr("请填小数位数。"))
        self.form.add(self.tr("总分小数位"), self.digits)
        self.periods = TextField(show_periods(found.periods), hint=self.tr("如 一季度15%、上半年25%、前三季度25%、全年35%"))
        self.form.add(self.tr("考核时段"), self.periods, hint=self.tr("留空只按全年;分期的指标在表里把“分期”填“是”"))

        self.parameters = TextField(show_parameters(found.parameters), hint=self.tr("如 难度系数=1.2、基数=300"))
        self.form.add(self.tr("公式的参数"), self.parameters, hint=self.tr("自己起名的数,各指标的公式里都可以用"))

    def _add_parts(self, found: Scheme) -> None:
        self._head(self.tr("组成和权重(合计 100%)"))
        self.weight = NumberField(found.target_weight, required=self.tr("请填权重。"))
        self.form.add(self.tr("目标得分占(%)"), self.weight)
        listed = [*found.components, *(None for _ in range(COMPONENTS - len(found.components)))]
        self.parts = [
            (TextField("" if one is None else one.name), NumberField(None if one is None else one.weight),
             NumberField(None if one is None else one.full), self._best_box(one is not None and one.by_best),
             TextField("" if one is None else show_answers(one.answers), hint=self.tr("留空用常用票")))
            for one in listed
        ]
        self.form.add_wide(Lines(
            (self.tr("其他部分,如 领导评价"), self.tr("权重(%)"), self.tr("打分满分"), self.tr("按最高分"), self.tr("测评选项和分值,如 满意100、不满意30")),
            self.parts, (3, 1, 1, 1, 5)))
        self.targets_best = self._best_box(found.targets_by_best, self.tr("目标得分按最高分折算"))
        self.form.add("", self.targets_best)
        self.total_best = self._best_box(found.total_by_best, self.tr("总分(含加分、扣分)按最高分折算"))
        self.form.add("", self.total_best)

    def _best_box(self, on: bool, words: str = "") -> QCheckBox:
        """Whether the best unit of the group has full marks and the others in proportion."""
        box = QCheckBox(words)
        box.setChecked(on)
        box.setToolTip(self.tr("本组得分最高的单位为满分,其他单位按比例折算"))
        box.setAccessibleName(words or self.tr("按最高分折算"))
        return box

    def _add_grades(self, found: Scheme) -> None:
        self._head(self.tr("等次(从好到差)"))
        listed = [*found.grades, *(None for _ in range(GRADES - len(found.grades)))]
        self.grades = [
            (TextField("" if one is None else one.name), NumberField(None if one is None else one.least),
             TextField("" if one is None else quota_text(one), hint=self.tr("如 30% 或 2")))
            for one in listed
        ]
        self.form.add_wide(Lines((self.tr("等次"), self.tr("分数线(含)"), self.tr("名额")), self.grades))
        self.note(self.tr("最后一个等次不填分数线。名额填“30%”按本组单位数向下取整,填“2”为个数;并列跨过名额线的都不评。"))

    def _add_extras(self, found: Scheme) -> None:
        self._head(self.tr("加分和扣分"))
        self.bonus_cap = NumberField(found.bonus_cap)
        self.form.add(self.tr("加分封顶"), self.bonus_cap, hint=self.tr("留空不封顶"))
        self.deduction_cap = NumberField(found.deduction_cap)
        self.form.add(self.tr("扣分封顶"), self.deduction_cap, hint=self.tr("留空不封顶"))
        kinds = [*found.bonus_categories, *(None for _ in range(CATEGORIES - len(found.bonus_categories)))]
        self.categories = [
            (TextField("" if one is None else one.name, hint=self.tr("如 荣誉表彰")), NumberField(None if one is None else one.cap))
            for one in kinds
        ]
        self.form.add_wide(Lines((self.tr("各类加减分的上限(可不填)"), self.tr("上限")), self.categories))
        self.tied = [self._tie_box(found, place) for place in range(TIES)]
        self.ties = QCheckBox(self.tr("加分不计入总分,只在总分相同时比较"))
        self.ties.setChecked(found.bonus_breaks_ties_only)
        self.form.add("", self.ties)
        self.equal = QComboBox()
        for one in EqualScores:
            self.equal.addItem(EQUAL_WORDS[one], one.value)
        self.equal.setCurrentIndex(self.equal.findData(found.equal_given.value))
        self.form.add(self.tr("直接打的分相同"), self.equal, hint=self.tr("打分指标和领导评价等部分;个别指标在表里另定"))
        self.lowered = QCheckBox(self.tr("经批准调低的目标,超额完成不加分"))
        self.lowered.setChecked(found.lowered_without_bonus)
        self.form.add("", self.lowered)
        self.inspections = QCheckBox(self.tr("督查和效能问责中提出的扣分计入"))
        self.inspections.setChecked(found.inspections_count)
        self.form.add("", self.inspections)
        for place, box in enumerate(self.tied):
            self.form.add(self.tr("同分时先比") if not place else self.tr("再比"), box)
        self.late = NumberField(found.late_filing_points)
        self.form.add(self.tr("迟报每月扣"), self.late, hint=self.tr("留空不扣;按“进度”收表登记的日期"))
        self.missed = NumberField(found.missed_filing_points)
        self.form.add(self.tr("未报每月扣"), self.missed, hint=self.tr("留空不扣;别的单位报过、过了截止日仍没有报的月份"))

    def _tie_box(self, found: Scheme, place: int) -> QComboBox:
        box = QComboBox()
        box.addItem(self.tr("不比,名次并列") if not place else self.tr("不再比较"), None)
        for one in TieBreak:
            box.addItem(one.label, one.value)
        if place < len(found.ties):
            box.setCurrentIndex(box.findData(found.ties[place].value))
        return box

    def _ties(self) -> tuple[TieBreak, ...]:
        chosen = [TieBreak.of(box.currentData()) for box in self.tied if box.currentData()]
        return tuple(dict.fromkeys(chosen))

    def facts(self) -> dict[str, Any]:
        """What is typed, as the scheme's fields; InputError for what cannot be read."""
        return {
            "name": self.name.value(), "basis": self.basis.value(), "scale": self.scale.value(),
            "digits": _whole(self.digits.value(), self.tr("总分小数位")),
            "target_weight": self.weight.value(),
            "components": tuple(
                Component(
                    str(name.value()), _needed(weight.value(), str(name.value())), read_answers(answers.text()),
                    _optional(full.value()), best.isChecked(),
                )
                for name, weight, full, best, answers in self.parts if name.text().strip() or weight.text().strip()
            ),
            "targets_by_best": self.targets_best.isChecked(), "total_by_best": self.total_best.isChecked(),
            "grades": tuple(
                grade_line(str(name.value()), least.value(), quota.text())
                for name, least, quota in self.grades if name.text().strip()
            ),
            "bonus_categories": tuple(
                BonusCategory(str(name.value()), _cap(cap.value(), str(name.value())))
                for name, cap in self.categories if name.text().strip() or cap.text().strip()
            ),
            "bonus_cap": self.bonus_cap.value(), "deduction_cap": self.deduction_cap.value(),
            "bonus_breaks_ties_only": self.ties.isChecked(),
            "equal_given": EqualScores.of(self.equal.currentData()),
            "lowered_without_bonus": self.lowered.isChecked(),
            "parameters": read_parameters(self.parameters.text()),
            "ties": self._ties(), "periods": read_periods(self.periods.text()),
            "inspections_count": self.inspections.isChecked(), "late_filing_points": self.late.value(),
            "missed_filing_points": self.missed.value(),
        }

    def act(self) -> None:
        """Save as one step."""
        schemes.set_facts(self._store, self._scheme, **self.facts())


def quota_text(line: GradeLine) -> str:
    """「30%」, 「2」, or nothing."""
    if line.quota is not None:
        return str(line.quota)
    return "" if line.quota_share is None else f"{canonical(line.quota_share)}%"


def grade_line(name: str, least: object, quota: str) -> GradeLine:
    """A grade as it is typed; InputError for a quota that cannot be read."""
    from mbo_desktop.domain.quantity import read_number

    typed = quota.strip().replace("％", "%").removesuffix("个")
    share = count = None
    if typed.endswith("%"):
        share = read_number(typed[:-1])
    elif typed:
        count = _whole(read_number(typed), f"{name}的名额")
    return GradeLine(name, least if isinstance(least, Decimal) else None, share, count)


def _whole(value: object, what: str) -> int:
    if not isinstance(value, Decimal) or value != int(value):
        raise InputError(f"{what}“{value}”不是整数。", "请填整数。")
    return int(value)


def _optional(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _cap(value: object, name: str) -> Decimal:
    if not name or not isinstance(value, Decimal):
        said = f"加减分类别“{name}”没有填上限。" if name else f"上限{value}没有写明是哪一类加减分。"
        raise InputError(said, "请填写类别和上限,不设上限的不用填。")
    return value


def _needed(value: object, name: str) -> Decimal:
    if not isinstance(value, Decimal):
        raise InputError(f"“{name}”没有填权重。", "请填百分数,各部分合计100。")
    if not name:
        raise InputError(f"权重{value}没有写明是哪一部分。", "请填写名称,如 领导评价。")
    return value
