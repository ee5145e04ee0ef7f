"""历史: the states of a record, or of one field of it: who, when, old → new, from which file; 还原."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import field_labels, history, log
from mbo_desktop.services.change_words import type_label
from mbo_desktop.services.log import StateRow
from ui.grids.columns import Cell, Column, Row
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

COLUMNS = (
    Column("at", "时间", width=124, sortable=False, filterable=False),
    Column("who", "经办人", width=76, sortable=False, filterable=False),
    Column("label", "动作", width=150, sortable=False, filterable=False),
    Column("field", "字段", width=110, sortable=False, filterable=False),
    Column("old", "原", width=150, sortable=False, filterable=False),
    Column("new", "新", width=150, sortable=False, filterable=False),
    Column("source", "来自", width=150, sortable=False, filterable=False),
)
_STEP = 1_000
"""Row ids: state × 1,000 + field."""


class RecordHistory(QDialog):
    """Newest first; at first only the asked field, all fields by a tick."""

    def __init__(
        self, workspace: Workspace, record: RecordId, parent: QWidget | None, fields: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workspace, self.record, self.fields = workspace, record, tuple(fields)
        self.states: tuple[StateRow, ...] = ()
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.messages = MessageBar()
        self.every = QCheckBox(self.tr("所有字段"))
        self.every.setChecked(not self.fields)
        self.every.setVisible(bool(self.fields))
        self.every.toggled.connect(self.reload)
        self.source = ListSource(COLUMNS, self._rows)
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "history", self.tr("没有修改记录"), self.tr("这一项从录入起没有改过,或者还没有填写。勾选“所有字段”查看整条记录。"),
        ))
        self.panel.view.current_row_changed.connect(self._on_row)
        self.restore_button = QPushButton(self.tr("还原到这一版"))
        self.restore_button.clicked.connect(self.restore)
        self.purge_button = QPushButton(self.tr("清除误录内容…"))
        self.purge_button.setToolTip(self.tr("误录了涉密内容、身份证号等,从所有版本中清除"))
        self.purge_button.setEnabled(not workspace.read_only)
        self.purge_button.clicked.connect(self._on_purge)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        for button in (self.restore_button, self.purge_button, close):
            button.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.every)
        foot = QHBoxLayout()
        foot.addWidget(self.restore_button)
        foot.addWidget(self.purge_button)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(12))
        layout.setSpacing(scaled(8))
        layout.addLayout(top)
        layout.addWidget(self.messages)
        layout.addWidget(self.panel, 1)
        layout.addLayout(foot)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(960), screen.width() - 40), min(scaled(460), screen.height() - 80))
        self.reload()
        self.panel.setFocus()

    def reload(self, _on: object = None) -> None:
        """Read the states again."""
        asked = () if self.every.isChecked() else self.fields
        type_name, title, self.states = log.history_of(self._workspace.store, self.record, asked)
        name = field_labels.label(type_name, asked[0]) if len(asked) == 1 else ""
        self.setWindowTitle(self.tr("历史:{}").format(name or type_label(type_name)))
        self.heading.setText(" · ".join(part for part in (type_label(type_name), title, name) if part))
        self.source.reload()
        self.panel.model.reload()
        if self.panel.model.rowCount():
            self.panel.view.select_cell(self.panel.model.index(0, 0))
        self._on_row()

    def _rows(self) -> list[Row]:
        made = []
        for place, one in enumerate(self.states, 1):
            changes = one.fields or (None,)
            for number, change in enumerate(changes):
                when = f"{one.at.astimezone():%Y-%m-%d %H:%M}" if one.at else ""
                first = number == 0
                label = one.label if one.act == "修改" else f"{one.label}({one.act})"
                made.append(Row(place * _STEP + number + 1, {
                    "at": when if first else "", "who": one.who if first else "",
                    "label": Cell(label, note=label) if first else "",
                    "field": change.label if change else "",
                    "old": Cell(change.old, note=change.old) if change else "",
                    "new": Cell(change.new, note=change.new) if change else "",
                    "source": Cell(one.source, note=one.source) if first else "",
                }))
        return made

    def selected(self) -> StateRow | None:
        """The state the cursor is at."""
        place = self.panel.view.current_id() // _STEP
        return self.states[place - 1] if 0 < place <= len(self.states) else None

    def _on_row(self, _row: object = None) -> None:
        one = self.selected()
        allowed = one is not None and one.n > 0 and not one.is_newest and one.act != "删除"
        self.restore_button.setEnabled(allowed and not self._workspace.read_only)
        self.restore_button.setToolTip(
            self.tr("整条记录回到这一版,作为新的一步,可撤销。") if allowed
            else self.tr("现在的一版、删除的一版和其他机关给的内容不能还原。"))

    def _on_purge(self) -> None:
        from ui.safety_commands import open_purge

        open_purge(self._workspace, self, self.record)

    def restore(self) -> None:
        """Bring the whole record back to the selected state, as a step that can be undone."""
        one = self.selected()
        if one is None:
            return
        try:
            history.restore(self._workspace.store, self.record, one.n)
        except ProgramError as error:
            self.messages.say(f"{error.what}{error.todo}", "red")
            return
        self.reload()
        self.messages.say(self.tr("已还原,可撤销。"), "green")
