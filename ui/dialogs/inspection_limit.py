"""A limit as people say it: so many working or calendar days, or a date; the other one is shown at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.dockets import DayKind
from mbo_desktop.domain.quantity import read_number
from mbo_desktop.errors import InputError
from mbo_desktop.services.work_calendars import workdays
from mbo_desktop.store.database import Store
from ui.theme import scaled
from ui.widgets.fields import DateField, TextField

_WEEKDAYS = "一二三四五六日"


def read_day_count(text: str) -> int:
    """Typed days; InputError for what is no whole number from 1 to 365."""
    number = read_number(text.strip().removesuffix("天").removesuffix("日"))
    if number != number.to_integral_value() or not Decimal(1) <= number <= Decimal(365):
        raise InputError(f"“{text}”不是1到365的整数。", "请填天数,或在后面填截止日期。")
    return int(number)


def spoken_day(day: date) -> str:
    """「2020年3月27日(星期五)」."""
    return f"{show_date(day)}(星期{_WEEKDAYS[day.weekday()]})"


class LimitEdit(QWidget):
    """Days with their kind, or a date. What was typed last counts, the other follows."""

    complained = Signal(str)
    left = Signal()

    def __init__(
        self, store: Store, year: int, start: Callable[[], date], parent: QWidget | None = None,
    ) -> None:
        """start: the day from which days are counted."""
        super().__init__(parent)
        self._store, self._start = store, start
        self.days = TextField(hint=self.tr("天数"), read=read_day_count)
        self.days.setFixedWidth(scaled(64))
        self.kind = QComboBox()
        for one in DayKind:
            self.kind.addItem(one.label, one.value)
        self.due = DateField(year=year, hint=self.tr("或截止日期"))
        self.said = QLabel()
        self.said.setProperty("role", "muted")
        self.said.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.days)
        row.addWidget(self.kind)
        row.addWidget(self.due, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(2))
        layout.addLayout(row)
        layout.addWidget(self.said)
        self.setFocusProxy(self.days)
        self.days.textEdited.connect(self._on_days)
        self.kind.activated.connect(self.tell)
        self.due.textEdited.connect(self._on_due)
        for field in (self.days, self.due):
            field.complained.connect(self.complained)
        self.days.returnPressed.connect(self._on_enter)
        self.due.returnPressed.connect(self._on_enter)

    def set_limit(self, days: int | None, kind: DayKind, due: date | None) -> None:
        """Show a limit; a date where there is one, else days."""
        self.kind.setCurrentIndex(self.kind.findData(kind.value))
        self.due.set_value(due)
        self.days.set_text("" if due is not None or days is None else str(days))
        self.tell()

    def limit(self) -> tuple[int | None, DayKind, date | None]:
        """Days with their kind and no date, or a date and no days; InputError for what is neither."""
        kind = DayKind(self.kind.currentData())
        days = self.days.value()
        if isinstance(days, int):
            return days, kind, None
        due = self.due.value()
        return None, kind, due if isinstance(due, date) else None

    def tell(self) -> None:
        """Say on which day the limit ends, or how many working days are left until then."""
        try:
            days, kind, due = self.limit()
            start = self._start()
            calendar = workdays(self._store, start)
            if days is not None:
                end = calendar.after(start, days, kind)
                self.said.setText(self.tr("自{}起算,截止 {}").format(show_date(start), spoken_day(end)))
            elif due is not None:
                left = calendar.between(start, due)
                self.said.setText(
                    self.tr("{},距{}有 {} 个工作日").format(spoken_day(due), show_date(start), left)
                    if left >= 0 else self.tr("▲ {} 早于 {}").format(spoken_day(due), show_date(start))
                )
            else:
                self.said.setText("")
        except InputError as error:
            self.said.setText(f"▲ {error.what}{error.todo}")

    def commit(self) -> bool:
        """Whether both can be read."""
        return self.days.commit() and self.due.commit()

    def _on_days(self) -> None:
        if self.days.text().strip():
            self.due.set_value(None)
        self.tell()

    def _on_due(self) -> None:
        if self.due.text().strip():
            self.days.set_text("")
        self.tell()

    def _on_enter(self) -> None:
        if self.commit():
            self.left.emit()
