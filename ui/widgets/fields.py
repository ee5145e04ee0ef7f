"""Fields of forms: text, number, date, long text; each reads itself and shows its error in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from mbo_desktop.errors import InputError
from ui.theme import scaled


class TextField(QLineEdit):
    """A line of text. `committed(value)` after Enter or leaving, when it was changed and reads well.

    read: text → value, raises InputError; the default takes the text as it is. Reading
    is never done while the input method composes.
    """

    committed = Signal(object)
    complained = Signal(str)
    """Why the text cannot be read; "" when all is well again."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, hint: str = "",
        read: Callable[[str], object] | None = None, required: str = "",
    ) -> None:
        """required: what to say when the field is left empty ("" allows it)."""
        super().__init__(text, parent)
        self.setPlaceholderText(hint)
        self.composing = False
        self._read = read
        self._required = required
        self._kept = text
        self.editingFinished.connect(self.commit)
        self.textEdited.connect(self._on_text_edited)

    def set_text(self, text: str) -> None:
        """Show a value that is saved."""
        self._kept = text
        self.setText(text)
        self.set_problem("")

    def value(self) -> object:
        """What was typed, read; raises InputError. Empty text is None for read fields."""
        text = self.text().strip()
        if not text and self._required:
            raise InputError(self._required, "")
        if self._read is None:
            return text
        return self._read(text) if text else None

    def commit(self) -> bool:
        """Read and announce; False when it cannot be read (the reason is shown)."""
        if self.composing:
            return False
        try:
            value = self.value()
        except InputError as error:
            self.set_problem(f"{error.what}{error.todo}")
            return False
        self.set_problem("")
        if self.text() != self._kept:
            self._kept = self.text()
            self.committed.emit(value)
        return True

    def set_problem(self, text: str) -> None:
        """Mark the field with a reason; "" takes the mark away."""
        _mark(self, bool(text))
        self.setToolTip(text)
        self.complained.emit(text)

    def _on_text_edited(self) -> None:
        if self.property("wrong"):
            self.set_problem("")

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether the input method still composes."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc restores what was saved."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.set_text(self._kept)
            event.accept()
            return
        super().keyPressEvent(event)


class NumberField(TextField):
    """A number as people type it (1,234.5, １２, 1.2万, 58.3%); value() is a Decimal or None."""

    def __init__(
        self, value: Decimal | None = None, parent: QWidget | None = None, *,
        hint: str = "", required: str = "", decimals: int | None = None,
    ) -> None:
        super().__init__(_number_text(value, decimals), parent, hint=hint, read=_number, required=required)
        self._decimals = decimals
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_value(self, value: Decimal | None) -> None:
        """Show a saved number."""
        self.set_text(_number_text(value, self._decimals))

    def commit(self) -> bool:
        """Read, announce, and show the number as it was read."""
        good = super().commit()
        if good and self.text().strip():
            shown = _number_text(_number(self.text()), self._decimals)
            if shown != self.text():
                self.set_text(shown)
        return good


class DateField(TextField):
    """A date as people type it (2020.5.6, 20200506, 5.6, 今天); value() is a date or None."""

    def __init__(
        self, value: date | None = None, parent: QWidget | None = None, *,
        year: int | None = None, or_next: bool = False, hint: str = "", required: str = "",
    ) -> None:
        """year: completes a date typed without one; or_next: by it or the year after, what is nearer to today."""
        super().__init__("", parent, hint=hint or "如 2020-05-06、5.6、今天", read=self._date, required=required)
        self.year, self._or_next = year, or_next
        self.set_value(value)

    def set_value(self, value: date | None) -> None:
        """Show a saved date."""
        self.set_text(value.isoformat() if value else "")

    def _date(self, text: str) -> date:
        from mbo_desktop import clock
        from mbo_desktop.domain import calendar

        today = clock.today()
        if self.year is None or not self._or_next:
            return calendar.read_date(text, year=self.year, today=today)
        found: list[date] = []
        for year in (self.year, self.year + 1):
            try:
                found.append(calendar.read_date(text, year=year, today=today))
            except InputError:
                # 2月29日 may be in the other one.
                if not found and year > self.year:
                    raise
        return min(found, key=lambda day: abs(day - today))

    def commit(self) -> bool:
        """Read, announce, and show the date in full."""
        good = super().commit()
        if good and self.text().strip():
            self.set_text(self._date(self.text()).isoformat())
        return good


class LongField(QPlainTextEdit):
    """Several lines of text; `committed(text)` on leaving. Ctrl+Enter goes on, Enter breaks the line."""

    committed = Signal(object)
    complained = Signal(str)

    def __init__(self, text: str = "", parent: QWidget | None = None, *, hint: str = "", lines: int = 3) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self._kept = text
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """So many lines of the present font."""
        return QSize(scaled(200), self.fontMetrics().lineSpacing() * self._lines + scaled(16))

    def minimumSizeHint(self) -> QSize:
        """As high as asked for, as narrow as needed."""
        return QSize(scaled(60), self.sizeHint().height())

    def set_text(self, text: str) -> None:
        """Show a saved text."""
        self._kept = text
        self.setPlainText(text)

    def value(self) -> str:
        """What was typed."""
        return self.toPlainText().strip()

    def commit(self) -> bool:
        """Announce a changed text."""
        if self.toPlainText() != self._kept:
            self._kept = self.toPlainText()
            self.committed.emit(self.value())
        return True

    def set_problem(self, text: str) -> None:
        """Mark the field with a reason; "" takes the mark away."""
        _mark(self, bool(text))
        self.complained.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the field commits."""
        if event.type() == QEvent.Type.FocusOut:
            self.commit()
        return bool(super().eventFilter(watched, event))


def _mark(widget: QWidget, wrong: bool) -> None:
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _number(text: str) -> Decimal:
    from mbo_desktop.domain import quantity

    return quantity.read_number(text)


def _number_text(value: Decimal | None, decimals: int | None) -> str:
    if value is None:
        return ""
    from mbo_desktop.domain import quantity

    return quantity.show(value, decimals)
