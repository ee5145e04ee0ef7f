"""恢复前先看: what differs between a backup and the present, then all of it or single records come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import ProgramError
from mbo_desktop.services import restoring
from mbo_desktop.services.restoring import FieldRow, Preview
from ui.dialogs.backups import add_row, table
from ui.grids.columns import Cell, Column, Edit, Kind, Row
from ui.grids.model import GridModel
from ui.grids.source import Refused
from ui.grids.ticks import NumberedSource, TickView
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

_LOST_SHOWN = 2000


class _Differing(NumberedSource):
    """Records that differ, a row each, read as they are looked at; the tick takes one back."""

    EMPTY = "(空)"
    columns = (
        Column("back", "找回", Kind.CHECK, width=56, editable=True, sortable=False, filterable=False),
        Column("kind", "恢复后", width=90, sortable=False, filterable=False),
        Column("type", "内容", width=90, sortable=False, filterable=False),
        Column("unit", "单位", width=90, sortable=False, filterable=False),
        Column("title", "名称", width=200, sortable=False, filterable=False),
        Column("now", "现在", width=220, sortable=False, filterable=False),
        Column("then", "备份中", width=220, sortable=False, filterable=False),
    )

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview
        self.numbers = range(1, preview.records + 1)
        self.chosen: dict[str, None] = {}
        self._names: dict[int, str] = {}

    def words(self, number: int) -> str:
        """Not searched."""
        return ""

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """A block of records at once."""
        if not ids:
            return {}
        first, last = min(ids), max(ids)
        by_name: dict[str, list[FieldRow]] = {}
        for one in self._preview.fields(first - 1, last - first + 1):
            by_name.setdefault(one.name, []).append(one)
        return {
            number: self._row(number, fields)
            for number, fields in zip(range(first, last + 1), by_name.values(), strict=False) if number in set(ids)
        }

    def row(self, number: int) -> Row:
        """One record."""
        return self.rows([number])[number]

    def _row(self, number: int, fields: list[FieldRow]) -> Row:
        one = fields[0]
        self._names[number] = one.name
        now = ";".join(f"{each.field}:{each.now or self.EMPTY}" if each.field else each.now for each in fields)
        then = ";".join(f"{each.field}:{each.then or self.EMPTY}" if each.field else each.then for each in fields)
        return Row(number, {
            "back": Cell(value=one.name in self.chosen, editable=one.is_own), "kind": one.kind,
            "type": one.type_label, "unit": one.unit, "title": Cell(one.title, note=one.title),
            "now": Cell(now, note=now), "then": Cell(then, note=then),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Tick or untick."""
        for edit in edits:
            name = self._names.get(edit.row, "")
            if edit.value and name:
                self.chosen[name] = None
            else:
                self.chosen.pop(name, None)
        return None


class PreviewDialog(QDialog):
    """Nothing is done before one of its two buttons is pressed."""

    restore_asked = Signal(object, str)
    """The backup that is to take the place of the present data, and its password."""

    def __init__(
        self, workspace: Workspace, path: Path, password: str, preview: Preview, held: ExitStack,
        parent: QWidget | None = None,
    ) -> None:
        """held: closes the preview's copies when the dialog is gone."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("恢复到备份:先看差异"))
        self._workspace, self._path, self._password = workspace, path, password
        self.preview, self._held = preview, held
        self.finished.connect(self._on_finished)
        self.headline = QLabel(preview.sentence)
        self.headline.setProperty("role", "heading")
        self.headline.setWordWrap(True)
        self.messages = MessageBar()
        self.source = _Differing(preview)
        self.model = GridModel(self.source)
        self.view = TickView(self.model)
        self.types = table((self.tr("内容"), "", self.tr("现在"), self.tr("备份中"), self.tr("将消失"), self.tr("将改回"), self.tr("将重新出现")))
        self.lost = table((self.tr("时间"), self.tr("做了什么"), self.tr("经办"), self.tr("涉及")))
        self._fill()
        self.tabs = QTabWidget()
        self.tabs.addTab(self.view, self.tr("有差异的内容({:,})").format(preview.records))
        self.tabs.addTab(self.lost, self.tr("此后的修改({:,})").format(len(preview.lost)))
        self.tabs.addTab(self.types, self.tr("各类内容的数量"))
        note = QLabel(self.tr("整份恢复前,现在的数据另存为一份备份,随时可以再恢复回来。只想找回几条的,在“找回”栏打勾;找回可以撤销。"))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        self.back_button = self._button(self.tr("只找回打勾的"), self.take_back)
        self.restore_button = self._button(self.tr("整份恢复到这份备份"), self._on_restore)
        self.close_button = self._button(self.tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.back_button, self.restore_button, self.close_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        for part in (self.headline, self.messages, note):
            layout.addWidget(part)
        layout.insertWidget(2, self.tabs, 1)
        layout.addLayout(foot)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1040), screen.width() - 40), min(scaled(600), screen.height() - 60))
        if workspace.read_only:
            self.back_button.setEnabled(False)
            self.restore_button.setEnabled(False)
        self.close_button.setFocus()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _fill(self) -> None:
        self.model.reload()
        for one in self.preview.types:
            counts = (one.now, one.then, one.added, one.changed, one.removed)
            row = add_row(self.types, (one.label, "", *(f"{count:,}" if count else "" for count in counts)))
            for column in range(2, 7):
                item: QTableWidgetItem = self.types.item(row, column)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for one in self.preview.lost[:_LOST_SHOWN]:
            add_row(self.lost, (f"{one.at:%Y-%m-%d %H:%M}", one.label, one.who, self.tr("{} 条").format(one.records)))
        if len(self.preview.lost) > _LOST_SHOWN:
            add_row(self.lost, ("", self.tr("更早的 {} 步未列出").format(len(self.preview.lost) - _LOST_SHOWN), "", ""))

    def take_back(self) -> None:
        """Bring the ticked records back, as one step."""
        if not self.source.chosen:
            self.messages.say(self.tr("没有打勾。请在“有差异的内容”中勾选要找回的。"), "amber")
            return
        workspace, names = self._workspace, list(self.source.chosen)
        try:
            said = restoring.take_back(workspace.store, self.preview, names)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        workspace.say(said, tone="green")
        self.accept()

    def _on_restore(self) -> None:
        self.restore_asked.emit(self._path, self._password)
        self.accept()

    def _on_finished(self) -> None:
        self._held.close()
        self.deleteLater()
