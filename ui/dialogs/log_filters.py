"""The conditions of the log: when, who, what, on which record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import log
from mbo_desktop.services.change_words import type_label
from mbo_desktop.services.log import LogFilter, LogKind
from mbo_desktop.services.log_period import read_period
from mbo_desktop.store.describe import TYPE_LABELS
from ui.pages.unit_choice import unit_choice
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.widgets.flow import FlowRow
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

_DELAY_MS = 350


class LogFilters(QWidget):
    """A row of fields; `changed` once they have rested for a moment, or after Enter."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._on_rested)
        self.when = TextField(hint=self.tr("如 5月、5.6-5.20、今天"), read=self._period)
        self.when.setAccessibleName(self.tr("时间"))
        self.who = _choice(self.tr("经办人"), [(self.tr("所有经办人"), "")])
        self.kind = _choice(self.tr("动作种类"), [(one.label, one.value) for one in LogKind])
        self.type = _choice(self.tr("记录类型"), [(self.tr("所有记录"), "")])
        for name in sorted(TYPE_LABELS, key=list(TYPE_LABELS).index):
            self.type.addItem(type_label(name), name)
        self.unit = PickerEdit(unit_choice(workspace.store))
        self.unit.setPlaceholderText(self.tr("单位"))
        self.about = QLineEdit(placeholderText=self.tr("对象含 如 工业投资"))
        self.label = QLineEdit(placeholderText=self.tr("动作含 如 签发"))
        self.clear_button = QPushButton(self.tr("清除条件"))
        self.clear_button.setAutoDefault(False)
        self.clear_button.clicked.connect(self.clear)
        row = FlowRow(scaled(8))
        for field, width in (
            (self.when, 178), (self.who, 132), (self.kind, 122), (self.type, 122), (self.unit, 126),
            (self.about, 146), (self.label, 132), (self.clear_button, 0),
        ):
            if width:
                field.setFixedWidth(scaled(width))
            row.add(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        layout.addWidget(self.problem)
        self.when.complained.connect(self._on_complained)
        for box in (self.who, self.kind, self.type):
            box.activated.connect(self._on_now)
        for edit in (self.when, self.unit, self.about, self.label):
            edit.textChanged.connect(self._timer.start)
            edit.returnPressed.connect(self._on_now)
        self.unit.picked.connect(self._on_now)
        self._last = LogFilter()
        store = workspace.store
        workspace.jobs.read(lambda: log.people(store), self._take_people, self)

    def _take_people(self, names: object) -> None:
        for name in names:  # type: ignore[attr-defined]
            self.who.addItem(name, name)
        self.who.setCurrentIndex(max(self.who.findData(self._last.who), 0))

    @staticmethod
    def _period(text: str) -> tuple[date | None, date | None]:
        return read_period(text, today=clock.today())

    def start(self) -> None:
        """Begin with the time."""
        self.when.setFocus()
        self.when.selectAll()

    @property
    def wanted(self) -> LogFilter:
        """The conditions as far as they can be read; a time half typed counts as before."""
        unit = self.unit.value() if self.unit.text().strip() else None
        found = LogFilter(
            who=str(self.who.currentData()), label=self.label.text().strip(),
            type=str(self.type.currentData()), about=self.about.text().strip(),
            unit=RecordId(int(str(unit))) if unit is not None else None,
            kind=LogKind.of(str(self.kind.currentData())),
            since=self._last.since, until=self._last.until,
        )
        try:
            since, until = self._period(self.when.text())
        except InputError:
            return found
        return replace(found, since=since, until=until)

    def show_filter(self, wanted: LogFilter) -> None:
        """Put conditions into the fields."""
        for box, value in ((self.who, wanted.who), (self.kind, wanted.kind.value), (self.type, wanted.type)):
            box.setCurrentIndex(max(box.findData(value), 0))
        self.label.setText(wanted.label)
        self.about.setText(wanted.about)
        if wanted.since and wanted.until:
            self.when.set_text(f"{wanted.since.isoformat()}至{wanted.until.isoformat()}")
        self._last = wanted

    def clear(self) -> None:
        """Every entry again."""
        for box in (self.who, self.kind, self.type):
            box.setCurrentIndex(0)
        self.unit.set_option(None)
        for edit in (self.when, self.about, self.label):
            edit.clear()
        self._on_now()

    def _on_now(self, _value: object = None) -> None:
        self._timer.stop()
        self._on_rested()

    def _on_rested(self) -> None:
        if self.when.composing or self.unit.composing:
            return
        try:
            self._period(self.when.text())
        except InputError as error:
            self.when.set_problem(f"{error.what}{error.todo}")
        else:
            self.when.set_problem("")
        wanted = self.wanted
        if wanted != self._last:
            self._last = wanted
            self.changed.emit()

    def _on_complained(self, reason: str) -> None:
        """Say why a time is not followed; the entries shown are those of the time before."""
        self.problem.setText(reason and reason + self.tr("现在列出的仍按原来的时间。"))
        self.problem.setVisible(bool(reason))

    def sentence(self) -> str:
        """The conditions in words, for paper; "" without any."""
        wanted = self.wanted
        parts = []
        if wanted.since or wanted.until:
            parts.append(f"{wanted.since or ''}至{wanted.until or ''}")
        if wanted.who:
            parts.append(self.tr("经办人 {}").format(wanted.who))
        if wanted.kind is not LogKind.ALL:
            parts.append(wanted.kind.label)
        if wanted.type:
            parts.append(type_label(wanted.type))
        if wanted.unit is not None:
            parts.append(self.unit.text())
        for word, text in ((self.tr("对象含"), wanted.about), (self.tr("动作含"), wanted.label)):
            if text:
                parts.append(f"{word}“{text}”")
        return ",".join(parts)


def _choice(name: str, options: list[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for text, value in options:
        box.addItem(text, value)
    return box
