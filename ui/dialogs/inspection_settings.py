"""Settings of 督查: the ladder of colours, usual limits by source, holidays and make-up days of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.dockets import DayKind, SourceLimit
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.services import docket_rules, work_calendars
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_limit import read_day_count
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.workspace import Workspace


def days_as_text(days: Sequence[date]) -> str:
    """「1.1-1.3、2.15-2.23」: spans of days that follow each other."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return "、".join(
        f"{one[0].month}.{one[0].day}" + (f"-{one[-1].month}.{one[-1].day}" if len(one) > 1 else "")
        for one in spans
    )


class InspectionSettings(AskDialog):
    """Three leaves: 督办颜色, 办理时限, 工作日历."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        year = workspace.year
        super().__init__(parent, f"{year}年度督查设置", "保存", width=540)
        self._store, self._year = workspace.store, year
        self.form.hide()
        self.tabs = QTabWidget()
        self.body.insertWidget(0, self.tabs, 100)
        self.tabs.addTab(self._limits_leaf(), self.tr("办理时限"))
        self.tabs.addTab(self._colours_leaf(), self.tr("督办颜色"))
        self.tabs.addTab(self._calendar_leaf(), self.tr("工作日历"))
        size_within_screen(self, 560, 520)

    def _limits_leaf(self) -> QWidget:
        content = QWidget()
        grid = QGridLayout(content)
        grid.setColumnStretch(2, 1)
        self.limits: dict[MatterSource, tuple[TextField, QComboBox]] = {}
        for row, (source, limit) in enumerate(docket_rules.limits(self._store, self._year).items()):
            days = TextField(str(limit.days), read=read_day_count, required=self.tr("请填天数。"))
            days.setFixedWidth(scaled(64))
            days.setAccessibleName(source.label)
            kind = QComboBox()
            for one in DayKind:
                kind.addItem(one.label, one.value)
            kind.setCurrentIndex(kind.findData(limit.kind.value))
            grid.addWidget(QLabel(source.label), row, 0)
            grid.addWidget(days, row, 1)
            grid.addWidget(kind, row, 2)
            self.limits[source] = (days, kind)
        note = QLabel(self.tr("登记督查事项时按来源带出,可逐项改。急件 3 个自然日,特急件 1 个自然日。"))
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        grid.addWidget(note, len(self.limits), 0, 1, 3)
        grid.setRowStretch(len(self.limits) + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(content)
        return area

    def _colours_leaf(self) -> QWidget:
        form = Form(label_width=90)
        self.colours = TextField("、".join(docket_rules.colours(self._store, self._year)))
        form.add(self.tr("由轻到重"), self.colours, hint=self.tr("如 蓝、橙、红 或 蓝、黄、红"))
        note = QLabel(self.tr("三色督办逐级升级:催办仍不办的升为下一种颜色。改名后,以前升过的仍显示当时的颜色。"))
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        form.add_wide(note)
        return _at_top(form)

    def _calendar_leaf(self) -> QWidget:
        found = work_calendars.calendar_of(self._store, self._year)
        form = Form(label_width=90)
        self.holidays = LongField(days_as_text(found.holidays), lines=4, hint=self.tr("如 1.1-1.3、2.15-2.23"))
        self.made_up = LongField(days_as_text(found.working_days), lines=3, hint=self.tr("如 1.4、2.14"))
        self.basis = TextField(found.basis, hint=self.tr("放假通知的文号"))
        for label, field in (
            (self.tr("放假"), self.holidays), (self.tr("调休上班"), self.made_up), (self.tr("依据"), self.basis),
        ):
            form.add(label, field)
        note = QLabel(self.tr("时限按工作日计算时,跳过周末和放假的日子,调休上班的周末算工作日。请按当年国务院办公厅的放假通知核对。"))
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        form.add_wide(note)
        return _at_top(form)

    def act(self) -> None:
        """Save what was changed."""
        wanted = []
        for source, (field, kind) in self.limits.items():
            days = field.value()
            assert isinstance(days, int)
            wanted.append(SourceLimit(source, days, DayKind(kind.currentData())))
        ladder = docket_rules.read_colours(self.colours.text())
        holidays = work_calendars.read_days(self.holidays.value(), self._year)
        made_up = work_calendars.read_days(self.made_up.value(), self._year)
        now = work_calendars.calendar_of(self._store, self._year)
        if (set(holidays), set(made_up), str(self.basis.value())) != (
            set(now.holidays), set(now.working_days), now.basis
        ):
            work_calendars.set_calendar(
                self._store, self._year, holidays, made_up, str(self.basis.value())
            )
        before = (docket_rules.colours(self._store, self._year), set(docket_rules.limits(self._store, self._year).values()))
        if before != (ladder, set(wanted)):
            docket_rules.set_rules(self._store, self._year, ladder, wanted)


def _at_top(form: Form) -> QWidget:
    leaf = QWidget()
    layout = QVBoxLayout(leaf)
    layout.addWidget(form)
    layout.addStretch(1)
    return leaf
