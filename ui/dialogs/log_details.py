"""Beside the log: one entry, the records it wrote, each field from what to what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QPushButton

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import log, log_places
from mbo_desktop.services.log import LogLine, RecordChange
from ui.theme import scaled
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.dialogs.log import LogDialog

PORTION = 12
"""Records told at a time."""


class LogDetails(SidePanel):
    """Built anew for each entry; further records of a large one come by a button."""

    def __init__(self, workspace: Workspace, host: LogDialog) -> None:
        super().__init__()
        self.setMinimumWidth(scaled(290))
        self._workspace = workspace
        self._host = host
        self._line: LogLine | None = None
        self._told = 0
        self._last = 0
        self._more: QPushButton | None = None

    def show_line(self, line: LogLine | None) -> None:
        """One entry; None: nothing is selected."""
        self.clear()
        self._line, self._told, self._last, self._more = line, 0, 0, None
        if line is None:
            self.add_text(self.tr("选中一条,查看改了哪些记录、从什么改成什么。"), muted=True)
            return
        row = line.row
        self.set_title(row.label, f"{row.at.astimezone():%Y-%m-%d %H:%M:%S}")
        facts = [
            (self.tr("经办人"), row.who or self.tr("未登记")), (self.tr("电脑"), row.machine),
            (self.tr("性质"), self.tr("正式步骤,不能撤销,只能用对应的反向步骤") if row.is_formal else ""),
            (self.tr("数据包"), row.package), (self.tr("记录"), f"{line.records:,}"),
            (self.tr("编号"), f"{row.id} · {row.hash[:8]}"),
        ]
        self.add_facts([(name, text) for name, text in facts if text])
        self.tell_more()

    def tell_more(self) -> None:
        """The next records of the entry."""
        if self._line is None:
            return
        if self._more is not None:
            self._more.hide()
        for one in log.entries(self._workspace.store, self._line.row.id, after=self._last, limit=PORTION):
            self._tell(one)
            self._told += 1
            self._last = one.revision
        left = self._line.records - self._told
        self._more = None
        if left > 0:
            self._more = self.add_buttons([(self.tr("再看 {} 条(余 {} 条)").format(
                min(left, PORTION), f"{left:,}"), self.tell_more)])[0]

    def _tell(self, one: RecordChange) -> None:
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setProperty("role", "line")
        self.add(line)
        self.add_heading(f"{one.type_label} {one.title}".strip())
        if one.act != "修改":
            self.add_text(one.act, muted=True)
        self.add_facts([
            (change.label, f"{change.old or self.tr('(空)')} → {change.new or self.tr('(空)')}"
             if one.act == "修改" else change.new)
            for change in one.fields
        ])
        buttons = [(self.tr("历史"), partial(self._host.show_history, one.record))]
        if log_places.place_of(self._workspace.store, one.record) is not None:
            buttons.insert(0, (self.tr("转到"), partial(self._go, one.record)))
        for button in self.add_buttons(buttons):
            button.setAutoDefault(False)

    def _go(self, record: RecordId) -> None:
        place = log_places.place_of(self._workspace.store, record)
        if place is None:
            self._host.messages.say(self.tr("这条记录已经删除。"), "amber")
            return
        self._host.showNormal()
        self._workspace.go(place.room, place.record, place.kind)
        window = self._host.parentWidget()
        if window is not None:
            window.activateWindow()
            window.raise_()
