"""Scans of a signed agreement: added, opened, taken away; and a folder of them at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import scans
from ui import folder_commands
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

NAMES_SHOWN = 5


def kinds() -> str:
    """The file dialog's filter."""
    return f"扫描件 ({' '.join(f'*{one}' for one in scans.SUFFIXES)})"


class ScansDialog(QDialog):
    """The scans of one agreement."""

    def __init__(
        self, workspace: Workspace, agreement: RecordId, unit_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._agreement = workspace, agreement
        self.setWindowTitle(self.tr("签字扫描件:{}").format(unit_name))
        self.finished.connect(self.deleteLater)
        self.setMinimumWidth(scaled(520))
        self.messages = MessageBar()
        self.empty = QLabel(self.tr("还没有扫描件。把双方签字盖章后的责任书扫描成 PDF 或图片,在这里添加,原文件随数据一起保存和备份。"))
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        self.list = QListWidget()
        self.list.itemActivated.connect(self._on_open)
        row = QHBoxLayout()
        self.buttons: list[QPushButton] = []
        for label, act in (
            (self.tr("添加…"), self._on_add), (self.tr("打开"), self._on_open),
            (self.tr("移除"), self._on_remove), (self.tr("关闭"), self.accept),
        ):
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            row.addWidget(button)
            self.buttons.append(button)
        row.insertStretch(3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        for widget in (self.messages, self.empty, self.list):
            layout.addWidget(widget)
        layout.addLayout(row)
        self._show()

    def _show(self) -> None:
        found = scans.scans_of(self._workspace.store, self._agreement)
        self.list.clear()
        for one in found:
            words = " · ".join(part for part in (one.name, one.holder, one.added_on.isoformat()) if part)
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, one.file_hash)
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.empty.setVisible(not found)
        if found:
            self.list.setCurrentRow(0)
        writable = not self._workspace.read_only
        for button, on in zip(self.buttons[:3], (writable, bool(found), bool(found) and writable), strict=True):
            button.setEnabled(on)

    def _on_add(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("选择扫描件"), "", kinds())
        if names:
            self.add([Path(name) for name in names])

    def add(self, paths: list[Path]) -> None:
        """Keep files with the agreement; what cannot be one is said."""
        try:
            count = scans.add_scans(self._workspace.store, self._agreement, paths)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        self._show()
        same = len(paths) - count
        text = self.tr("已添加 {} 个扫描件。").format(count)
        self.messages.say(text + (self.tr("{} 个早已添加过。").format(same) if same else ""), "green")

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _on_open(self) -> None:
        if not (chosen := self._chosen()):
            return
        try:
            path = scans.open_scan(self._workspace.store, self._agreement, chosen)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        if not folder_commands.open_file(path):
            self.messages.say(self.tr("这台电脑没有可打开“{}”的程序。").format(path.name), "amber")

    def _on_remove(self) -> None:
        if chosen := self._chosen():
            scans.remove_scan(self._workspace.store, self._agreement, chosen)
            self._show()
            self.messages.say(self.tr("已移除,可用 Ctrl+Z 撤销。"), "green")


def add_many(workspace: Workspace, paths: list[Path]) -> str:
    """Put each file to the agreement its name tells, one undo step; the sentence about what was left."""
    matches = scans.match_files(workspace.store, workspace.year, paths)
    added = scans.add_matched(workspace.store, matches)
    left = [match.path.name for match in matches if match.agreement is None]
    text = f"已按文件名中的单位名称添加 {added} 个扫描件。"
    if left:
        more = f"等 {len(left)} 个" if len(left) > NAMES_SHOWN else ""
        shown = "、".join(left[:NAMES_SHOWN])
        text += f"看不出是哪个单位的:{shown}{more},未添加;请改文件名,或逐个单位添加。"
    return text
