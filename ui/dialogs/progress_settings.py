"""How the year's reporting is judged: deadline, light rule in words, what is told only at the year's end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.light_presets import PRESETS, to_text
from mbo_desktop.domain.light_words import rule_words, undefined_words
from mbo_desktop.domain.lights import Light, LightRule, Months
from mbo_desktop.errors import InputError
from mbo_desktop.services import planning_framework, reporting_rules
from ui.dialogs.ask import AskDialog
from ui.dialogs.progress_bands import BandEditor
from ui.dialogs.progress_picks import TickedList
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import NumberField
from ui.widgets.form import Form
from ui.workspace import Workspace

OWN_NAME = "本机关规则"
_CHOSEN_LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED)


class ProgressSettings(AskDialog):
    """Three leaves: 报送, 亮灯, 年底认定; saved together as one undo step."""

    def __init__(self, workspace: Workspace, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, f"{year}年度进度设置", "保存", width=600)
        self._workspace, self._year = workspace, year
        self._rules = reporting_rules.rules_of(workspace.store, year)
        self.form.hide()
        self.tabs = QTabWidget()
        # Above the stretch that keeps the buttons down.
        self.body.insertWidget(0, self.tabs, 100)
        self.tabs.addTab(self._filing_leaf(), self.tr("报送"))
        self.tabs.addTab(self._light_leaf(), self.tr("亮灯"))
        self.tabs.addTab(self._year_end_leaf(), self.tr("年底认定"))
        size_within_screen(self, 620, 600)

    # 报送 -----------------------------------------------------------------------

    def _filing_leaf(self) -> QWidget:
        leaf = QWidget()
        form = Form(label_width=110)
        rules = self._rules
        self.day = NumberField(Decimal(rules.deadline_day), required=self.tr("请填报送截止日,1到31。"))
        self.next_month = QComboBox()
        self.next_month.addItem(self.tr("当月"), False)
        self.next_month.addItem(self.tr("次月"), True)
        self.next_month.setCurrentIndex(1 if rules.next_month else 0)
        self.first = QComboBox()
        for month in range(1, 13):
            self.first.addItem(self.tr("{}月").format(month), month)
        self.first.setCurrentIndex(rules.first_month - 1)
        self.stale = NumberField(Decimal(rules.stale_months), required=self.tr("请填月数,至少为1。"))
        self.unproven = QCheckBox(self.tr("没有佐证材料的,按未完成亮灯"))
        self.unproven.setChecked(rules.unproven_is_unmet)
        form.add(self.tr("截止日在"), self.next_month)
        form.add(self.tr("截止日(几号)"), self.day, hint=self.tr("收到日期晚于截止日的记为迟报"))
        form.add(self.tr("从几月起报"), self.first, hint=self.tr("责任书春季才签订的,可从签订后的月份起报"))
        form.add(self.tr("几个月不变列入棚架"), self.stale)
        form.add(self.tr("无证明"), self.unproven)
        asked = reporting_rules.superiors_rules(self._workspace.store, self._year)
        if asked is not None:
            when = self.tr("次月") if asked.next_month else self.tr("当月")
            note = QLabel(self.tr("上级要求本机关{}{}日前上报。本机关没有另行保存的,按上级的执行。").format(
                when, asked.deadline_day))
            note.setWordWrap(True)
            form.add_wide(note)
        layout = QVBoxLayout(leaf)
        layout.addWidget(form)
        layout.addStretch(1)
        return leaf

    # 亮灯 -----------------------------------------------------------------------

    def _light_leaf(self) -> QWidget:
        leaf = QWidget()
        layout = QVBoxLayout(leaf)
        form = Form(label_width=110)
        self.preset = QComboBox()
        for code, rule in PRESETS.items():
            self.preset.addItem(rule.name, code)
        self.preset.setCurrentIndex(max(self.preset.findData(self._rules.preset), 0))
        form.add(self.tr("参照"), self.preset, hint=self.tr("各地公布的亮灯办法,选定后可逐项改"))
        layout.addWidget(form)
        self.words = QLabel()
        self.words.setWordWrap(True)
        layout.addWidget(self.words)
        self.bands = BandEditor()
        layout.addWidget(self.bands)
        self.details = Form(label_width=110)
        self.open_zone = QLabel()
        self.open_zone.setWordWrap(True)
        self.undefined = QComboBox()
        for light in _CHOSEN_LIGHTS:
            self.undefined.addItem(light.label, light.value)
        self.unstarted = MonthsField()
        self.unreported = MonthsField()
        self.made_up = QCheckBox(self.tr("某月滞后、以后补上的,该月改为预警"))
        self.growth = QCheckBox(self.tr("写明增幅的目标,增幅不达标不得为正常"))
        self.details.add_wide(self.open_zone)
        self.details.add(self.tr("未写明的区间亮"), self.undefined)
        self.details.add(self.tr("未启动"), self.unstarted)
        self.details.add(self.tr("未报"), self.unreported)
        self.details.add(self.tr("补上"), self.made_up)
        self.details.add(self.tr("增幅"), self.growth)
        layout.addWidget(self.details)
        layout.addStretch(1)
        self._take_rule(reporting_rules.light_rule(self._rules))
        self.preset.activated.connect(self._on_preset)
        self.bands.changed.connect(self._tell)
        self.undefined.activated.connect(self._tell)
        return leaf

    def _on_preset(self) -> None:
        self._take_rule(PRESETS[self.preset.currentData()])

    def _take_rule(self, rule: LightRule) -> None:
        self._rule = rule
        self.bands.show_bands(rule.bands, rule.yardstick)
        self.undefined.setCurrentIndex(max(self.undefined.findData(rule.undefined.value), 0))
        self.unstarted.show_months(rule.unstarted)
        self.unreported.show_months(rule.unreported)
        self.made_up.setChecked(rule.made_up_turns_yellow)
        self.growth.setChecked(rule.growth_must_hold)
        self._tell()

    def _tell(self) -> None:
        """The bands in words, and what they leave open."""
        try:
            rule = self.rule()
        except InputError as error:
            self.words.setText(error.what + error.todo)
            return
        lights = {one.label for one in Light}
        self.words.setText(";".join(
            f"{label}:{words}" if label in lights else words for label, words in rule_words(rule)
        ) + "。")
        gap = undefined_words(rule)
        self.open_zone.setText(
            self.tr("▲ 办法没有写明的区间:{}。由本机关在下面明确亮什么灯。").format(gap) if gap
            else self.tr("各档没有空当;没有数字只有文字的,按下面的灯。")
        )

    def rule(self) -> LightRule:
        """The rule as set; InputError where a bound cannot be read."""
        return replace(
            self._rule, bands=self.bands.bands(), undefined=Light.of(self.undefined.currentData()),
            unstarted=self.unstarted.months(), unreported=self.unreported.months(),
            made_up_turns_yellow=self.made_up.isChecked(), growth_must_hold=self.growth.isChecked(),
        )

    # 年底认定 --------------------------------------------------------------------

    def _year_end_leaf(self) -> QWidget:
        leaf = QWidget()
        store = self._workspace.store
        rows = planning_framework.indicator_rows(
            store, planning_framework.indicator_ids(store, self._year)
        )
        lines = [
            (row.id, f"{row.name}({row.unit_of_measure})" if row.unit_of_measure else row.name)
            for row in rows
        ]
        self.year_end = TickedList(
            lines, self._rules.year_end_only, self.tr("筛选指标… 拼音首字母也可")
        )
        note = QLabel(self.tr("勾选年底才能认定的指标:1—11月不亮红灯、黄灯,显示“年底认定”,12月照常亮灯。"))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        layout = QVBoxLayout(leaf)
        layout.addWidget(note)
        layout.addWidget(self.year_end, 1)
        return leaf

    # Saving ---------------------------------------------------------------------

    def act(self) -> None:
        """Save all leaves as one step."""
        rule, code = self.rule(), str(self.preset.currentData())
        preset = PRESETS[code]
        own = "" if rule == preset else to_text(replace(rule, name=f"{OWN_NAME}(参照{preset.name})"))
        reporting_rules.set_rules(self._workspace.store, replace(
            self._rules, deadline_day=_whole(self.day, self.tr("截止日")),
            next_month=bool(self.next_month.currentData()), first_month=int(self.first.currentData()),
            unproven_is_unmet=self.unproven.isChecked(), preset=code, rules=own,
            year_end_only=self.chosen_year_end(), stale_months=_whole(self.stale, self.tr("月数")),
        ))

    def chosen_year_end(self) -> tuple[RecordId, ...]:
        """Indicators that are told only at the year's end."""
        return self.year_end.chosen()


class MonthsField(QWidget):
    """「满 [1] 个月预警,满 [3] 个月滞后」; empty: never."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.yellow, self.red = NumberField(hint=self.tr("不限")), NumberField(hint=self.tr("不限"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for field, word in ((self.yellow, self.tr("个月预警")), (self.red, self.tr("个月滞后"))):
            field.setFixedWidth(scaled(56))
            row.addWidget(QLabel(self.tr("满")))
            row.addWidget(field)
            row.addWidget(QLabel(word))
        row.addStretch(1)

    def show_months(self, months: Months) -> None:
        """Other bounds."""
        for field, value in ((self.yellow, months.yellow), (self.red, months.red)):
            field.set_value(None if value is None else Decimal(value))

    def months(self) -> Months:
        """As typed; InputError for what is no whole number of months."""
        return Months(*(
            None if field.value() is None else _whole(field, "月数")
            for field in (self.yellow, self.red)
        ))


def _whole(field: NumberField, what: str) -> int:
    value = field.value()
    if not isinstance(value, Decimal) or value != value.to_integral_value() or value < 0:
        raise InputError(f"{what}“{field.text()}”不是整数。", "请填整数。")
    return int(value)
