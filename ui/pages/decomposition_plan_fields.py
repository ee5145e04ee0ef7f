"""Fields of the side panel for a plan by month or quarter and for milestones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from mbo_desktop.domain.allocations import Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.pace import period_name
from ui.pages.decomposition_pictures import PlanBars
from ui.theme import scaled
from ui.widgets.fields import DateField, NumberField, TextField

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FieldGrid(QWidget):
    """Fields in rows; Enter reads one and goes to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order: list[QWidget] = []
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(scaled(4))
        self.grid.setVerticalSpacing(scaled(4))

    def take(self, field: QWidget) -> None:
        """A field that Enter leads on from."""
        field.installEventFilter(self)
        self.order.append(field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter: commit and on to the next field."""
        if event.type() != QEvent.Type.KeyPress or QKeyEvent(event).key() not in ENTER:
            return bool(super().eventFilter(watched, event))
        if getattr(watched, "composing", False):
            return True
        place = next((n for n, field in enumerate(self.order) if field is watched), -1)
        commit = getattr(watched, "commit", None)
        if place < 0 or (commit is not None and not commit()):
            return True
        if place + 1 < len(self.order):
            following = self.order[place + 1]
            following.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focusNextChild()
        return True


class PlanFields(FieldGrid):
    """The cumulative amounts of a plan with their picture; `planned(Plan)` after each change."""

    planned = Signal(object)

    def __init__(
        self, plan: Plan, total: Decimal | None, *, locked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._plan = plan
        self.fields: list[NumberField] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(6))
        self.bars = PlanBars()
        self.bars.show_plan(plan.amounts, total)
        column.addWidget(self.bars)
        column.addLayout(self.grid)
        across = 3 if plan.period is PlanPeriod.MONTH else 2
        for place, amount in enumerate(plan.amounts):
            name = QLabel(period_name(plan.period, place).replace("第", "").replace("季度", "季"))
            name.setProperty("role", "muted")
            field = NumberField(amount)
            field.setAccessibleName(period_name(plan.period, place))
            field.setEnabled(not locked)
            field.setMinimumWidth(scaled(48))
            name.setBuddy(field)
            field.committed.connect(self._on_committed)
            row, at = divmod(place, across)
            self.grid.addWidget(name, row, at * 2)
            self.grid.addWidget(field, row, at * 2 + 1)
            self.grid.setColumnStretch(at * 2 + 1, 1)
            self.fields.append(field)
            self.take(field)

    def _on_committed(self, _value: object) -> None:
        amounts = tuple(_amount(field) for field in self.fields)
        self._plan = replace(self._plan, basis=PlanBasis.TYPED, amounts=amounts)
        self.planned.emit(self._plan)


def _amount(field: NumberField) -> Decimal | None:
    value = field.value()
    return value if isinstance(value, Decimal) else None


class MilestoneFields(FieldGrid):
    """What stands by when, a line each; `changed(milestones)` after each change."""

    changed = Signal(object)

    def __init__(
        self, milestones: Sequence[Milestone], year: int, *, locked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._year, self._locked = year, locked
        self._kept = list(milestones)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(4))
        column.addLayout(self.grid)
        self.titles: list[TextField] = []
        self.days: list[DateField] = []
        self.grid.setColumnStretch(0, 1)
        for milestone in self._kept:
            self._add_line(milestone)
        if not locked:
            self.add_button = QPushButton(self.tr("新增节点"))
            self.add_button.setProperty("role", "link")
            self.add_button.clicked.connect(self.add_line)
            column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def add_line(self) -> None:
        """An empty line to type into."""
        milestone = Milestone("")
        self._kept.append(milestone)
        self._add_line(milestone)
        self.titles[-1].setFocus()

    def _add_line(self, milestone: Milestone) -> None:
        row = len(self.titles)
        title = TextField(milestone.title, hint=self.tr("节点内容"))
        title.setAccessibleName(self.tr("节点 {} 内容").format(row + 1))
        day = DateField(milestone.due, year=self._year, hint=self.tr("日期"))
        day.setAccessibleName(self.tr("节点 {} 日期").format(row + 1))
        day.setFixedWidth(scaled(92))
        for place, field in enumerate((title, day)):
            field.setEnabled(not self._locked)
            field.committed.connect(self._on_committed)
            self.grid.addWidget(field, row, place)
            self.take(field)
        self.titles.append(title)
        self.days.append(day)
        if not self._locked:
            self.grid.addWidget(_RemoveButton(row, self._on_remove), row, 2)

    def _on_remove(self, row: int) -> None:
        self.changed.emit(tuple(one for n, one in enumerate(self._read()) if n != row and one.title))

    def _on_committed(self, _value: object) -> None:
        found = self._read()
        if all(one.title for one in found):
            self.changed.emit(tuple(found))

    def _read(self) -> list[Milestone]:
        return [
            replace(kept, title=title.text().strip(), due=_day(field))
            for kept, title, field in zip(self._kept, self.titles, self.days, strict=True)
        ]


def _day(field: DateField) -> date | None:
    value = field.value()
    return value if isinstance(value, date) else None


class _RemoveButton(QToolButton):
    """Takes one line out."""

    def __init__(self, row: int, act: Callable[[int], None]) -> None:
        super().__init__()
        self._row, self._act = row, act
        self.setText("×")
        self.setToolTip(self.tr("删除这个节点"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self._act(self._row)
