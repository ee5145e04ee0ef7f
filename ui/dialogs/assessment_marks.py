"""加减分 and 一票否决: what is entered, with its paper; a veto is revoked with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.assessment import BonusItem, Veto
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import bonuses, vetoes
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.grids.source import matches
from ui.widgets.fields import DateField, LongField, NumberField, TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

Units = Sequence[tuple[RecordId, str]]


def unit_lookup(units: Units) -> Callable[[str], Sequence[Option]]:
    """Options of a group's units, found by name or pinyin initials."""
    return lambda typed: [Option(record, label) for record, label in units if not typed or matches(typed, label)]


class BonusDialog(AskDialog):
    """A new item, or one that is changed."""

    def __init__(
        self, workspace: Workspace, units: Units, old: BonusItem | None = None, unit: RecordId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, self.tr("加减分"), self.tr("保存") if old else self.tr("登记"))
        self._store, self._year, self._old = workspace.store, workspace.year, old
        self.unit = PickerEdit(unit_lookup(units))
        wanted = old.unit if old is not None else unit
        self.unit.set_option(next((Option(key, label) for key, label in units if key == wanted), None))
        self.unit.setEnabled(old is None)
        self.form.add(self.tr("单位"), self.unit)
        self.matter = TextField(old.matter if old else "", required=self.tr("请填写事项。"), hint=self.tr("如 全省招商引资先进单位"))
        self.form.add(self.tr("事项"), self.matter)
        self.level = QComboBox()
        self.level.setEditable(True)
        self.level.addItems(["", "国家级", "省级", "市级"])
        self.level.setCurrentText(old.level if old else "")
        self.form.add(self.tr("级别"), self.level)
        self.category = QComboBox()
        self.category.setEditable(True)
        self.category.addItems(["", *bonuses.categories(self._store, self._year)])
        self.category.setCurrentText(old.category if old else "")
        self.form.add(self.tr("类别"), self.category, hint=self.tr("考核办法总则里有上限的类别;没有的留空"))
        self.points = NumberField(old.points if old else None, required=self.tr("请填写分数。"), hint=self.tr("加分填正数,扣分填负数"))
        self.form.add(self.tr("分数"), self.points)
        self.basis = TextField(old.basis if old else "", hint=self.tr("表彰文件、处理决定的文号"))
        self.form.add(self.tr("依据"), self.basis)
        self.on = DateField(old.on if old else None, year=workspace.year)
        self.form.add(self.tr("日期"), self.on)
        self.note(self.tr("同一事项按最高级别只计一次;封顶按考核办法。"))

    def act(self) -> None:
        """Save as one step."""
        unit, points = self.unit.value(), self.points.value()
        if unit is None:
            raise InputError("没有选定单位。", "请从列表中选择单位。")
        assert isinstance(points, Decimal)
        on = self.on.value()
        facts = {"level": self.level.currentText(), "basis": self.basis.text(), "on": on,
                 "category": self.category.currentText().strip()}
        if self._old is None:
            bonuses.add_bonus(self._store, self._year, unit, self.matter.text(), points, **facts)  # type: ignore[arg-type]
        else:
            bonuses.set_bonus(self._store, self._old.id, matter=self.matter.text().strip(), points=points, **facts)


class VetoDialog(AskDialog):
    """A veto with its organ, paper, effect and years."""

    def __init__(
        self, workspace: Workspace, units: Units, indicators: Units, old: Veto | None = None,
        unit: RecordId | None = None, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, self.tr("一票否决"), self.tr("保存") if old else self.tr("登记"), width=500)
        self._store, self._year, self._old = workspace.store, workspace.year, old
        self.unit = PickerEdit(unit_lookup(units))
        wanted = old.unit if old is not None else unit
        self.unit.set_option(next((Option(key, label) for key, label in units if key == wanted), None))
        self.unit.setEnabled(old is None)
        self.form.add(self.tr("单位"), self.unit)
        self.subject = QComboBox()
        self.subject.setEditable(True)
        self.subject.addItems(["", *vetoes.SUBJECTS])
        self.subject.setCurrentText(old.subject if old else "")
        self.form.add(self.tr("否决事项"), self.subject)
        self.organ = TextField(old.organ if old else "", required=self.tr("请填写认定机关。"), hint=self.tr("一票否决由责任部门认定"))
        self.form.add(self.tr("认定机关"), self.organ)
        self.document = TextField(old.document if old else "")
        self.form.add(self.tr("认定文件"), self.document)
        self.effect = QComboBox()
        for one in VetoEffect:
            self.effect.addItem(one.label, one)
        self.effect.setCurrentIndex([*VetoEffect].index(old.effect) if old else 0)
        self.form.add(self.tr("后果"), self.effect)
        self.indicator = PickerEdit(unit_lookup(indicators))
        chosen = None if old is None else old.indicator
        self.indicator.set_option(next((Option(key, label) for key, label in indicators if key == chosen), None))
        self.form.add(self.tr("指标"), self.indicator)
        self.years = NumberField(Decimal(old.years if old else 1), required=self.tr("请填年数。"))
        self.form.add(self.tr("影响年数"), self.years)
        self.on = DateField(old.declared_on if old else clock.today(), year=workspace.year)
        self.form.add(self.tr("认定日期"), self.on)
        self.remark = LongField(old.note if old else "", lines=2)
        self.form.add(self.tr("说明"), self.remark)
        self.effect.currentIndexChanged.connect(self._on_effect)
        self._on_effect()

    def _on_effect(self) -> None:
        self.form.show_field(self.indicator, self.effect.currentData() is VetoEffect.ITEM_ZERO)

    def act(self) -> None:
        """Save as one step."""
        unit, years = self.unit.value(), self.years.value()
        if unit is None:
            raise InputError("没有选定单位。", "请从列表中选择单位。")
        if not isinstance(years, Decimal) or years != int(years):
            raise InputError("影响年数应是整数。", "请填1到5。")
        effect = self.effect.currentData()
        item = self.indicator.value() if effect is VetoEffect.ITEM_ZERO else None
        facts = {
            "organ": self.organ.text().strip(), "document": self.document.text().strip(), "effect": effect,
            "years": int(years), "indicator": item, "note": self.remark.value(),
        }
        subject, on = self.subject.currentText().strip(), self.on.value()
        if self._old is None:
            vetoes.declare(self._store, self._year, unit, subject, on=on, **facts)  # type: ignore[arg-type]
        else:
            vetoes.set_veto(self._store, self._old.id, subject=subject, declared_on=on, **facts)
