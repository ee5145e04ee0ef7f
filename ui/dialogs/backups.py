"""备份与恢复: what there is to go back to, on this machine and on the stick, tried out and looked into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.services import drills, stick_backups
from mbo_desktop.store import backup_register
from mbo_desktop.store.backup import list_backups
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.database import Store
from ui.screens import size_within_screen
from ui.theme import scaled


@dataclass(frozen=True, slots=True)
class _Listed:
    path: Path
    made_at: datetime
    label: str
    place: str
    size: int


class BackupsDialog(QDialog):
    """The list of backups; what is to be done with one is asked of whoever opened it."""

    made = Signal()
    """A backup on this machine was asked for."""
    stick_asked = Signal()
    """A backup on a stick was asked for."""
    drill_asked = Signal(object, str)
    """Path and password of a backup to be tried out."""
    look_asked = Signal(object, str)
    """Path and password of a backup to be compared with the present."""

    def __init__(self, parent: QWidget | None, store: Store) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("备份与恢复"))
        self._store = store
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.drilled = QLabel()
        self.drilled.setWordWrap(True)
        self.table = table((self.tr("时间"), self.tr("说明"), self.tr("在哪里"), self.tr("大小")))
        self.table.doubleClicked.connect(self._on_look)
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.make_button = self._button(self.tr("立即备份"), self.made)
        self.stick_button = self._button(self.tr("备份到U盘…"), self.stick_asked)
        self.other_button = self._button(self.tr("其他位置的备份…"), self._on_other)
        self.drill_button = self._button(self.tr("演练"), self._on_drill)
        self.drill_button.setToolTip(self.tr("在临时文件夹里打开所选备份,全面检查后删除;不影响现在的数据"))
        self.look_button = self._button(self.tr("查看差异并恢复…"), self._on_look)
        self.look_button.setProperty("role", "primary")
        self.close_button = self._button(self.tr("关闭"), self.accept)
        self._lay_out()
        if store.read_only:
            for button in (self.make_button, self.stick_button, self.drill_button):
                button.setEnabled(False)
        self.reload()
        self.table.setFocus()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        note = QLabel(self.tr("选一份备份:“演练”试它能不能恢复,“查看差异”先看恢复后哪些修改会不在,再决定整份恢复或只找回几条。"))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        foot = QHBoxLayout()
        for button in (self.make_button, self.stick_button, self.other_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.drill_button, self.look_button, self.close_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.state)
        layout.addWidget(self.drilled)
        layout.addWidget(self.table, 1)
        layout.addWidget(note)
        layout.addLayout(foot)
        size_within_screen(self, 860, 480)

    def reload(self) -> None:
        """Read the lists anew; the same row stays chosen."""
        chosen = self.chosen()
        register = backup_register.read(self._store.folder)
        self.state.setText(self._state(register))
        last = drills.last(self._store)
        self.drilled.setText(
            self.tr("还没有演练过。备份要试过才算数:选一份,按“演练”。") if last is None
            else self.tr("上次演练({:%Y-%m-%d}):{}").format(last.at, last.text)
        )
        self.drilled.setProperty("role", "" if last is None or last.ok else "error")
        self.drilled.style().polish(self.drilled)
        listed = self._listed(register.target)
        self.table.setRowCount(0)
        for one in listed:
            row = add_row(self.table, (
                f"{one.made_at:%Y-%m-%d %H:%M}", one.label, one.place, f"{one.size / 1_048_576:.1f} MB",
            ))
            self.table.item(row, 0).setData(Qt.ItemDataRole.UserRole, str(one.path))
        self.table.selectRow(next((row for row, one in enumerate(listed) if one.path == chosen), 0))
        self._on_selected()

    def _state(self, register: backup_register.Register) -> str:
        outside = register.last(Deed.OUTSIDE)
        if outside is None:
            return self.tr("还没有备份到U盘或另一块硬盘。这台电脑的硬盘坏了,本机的备份也会一起丢失。")
        said = self.tr("上次备份到U盘:{:%Y-%m-%d %H:%M},{}。").format(outside.at, outside.place)
        if not Path(register.target).is_dir():
            said += self.tr("现在没有插上,下面只列本机的备份。")
        return said

    def _listed(self, target: str) -> Sequence[_Listed]:
        here = [
            _Listed(one.path, one.made_at, one.label, self.tr("本机"), one.size)
            for one in list_backups(self._store.folder)
        ]
        there = [
            _Listed(one.path, one.made_at, self.tr("U盘备份(有口令)") if one.is_sealed else self.tr("U盘备份"), target, one.size)
            for one in (stick_backups.list_on(self._store, Path(target)) if target else ()) if one.is_own
        ]
        return sorted([*here, *there], key=lambda one: one.made_at, reverse=True)

    def chosen(self) -> Path | None:
        """The chosen backup."""
        item = self.table.item(self.table.currentRow(), 0)
        return None if item is None else Path(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_selected(self) -> None:
        some = self.chosen() is not None
        self.look_button.setEnabled(some)
        self.drill_button.setEnabled(some and not self._store.read_only)

    def _on_drill(self) -> None:
        self._ask(self.chosen(), self.drill_asked)

    def _on_look(self) -> None:
        self._ask(self.chosen(), self.look_asked)

    def _on_other(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self.tr("选择备份"), "", self.tr("备份 (*.zrk *.db)")
        )
        if chosen:
            self._ask(Path(chosen), self.look_asked)

    def _ask(self, path: Path | None, signal: object) -> None:
        """Hand a backup on, with its password when it has one."""
        if path is None:
            return
        password = ""
        if stick_backups.is_sealed(path):
            password, given = QInputDialog.getText(
                self, self.tr("备份设有口令"), self.tr("做这份备份时设的口令:"), QLineEdit.EchoMode.Password
            )
            if not given:
                return
        signal.emit(path, password)  # type: ignore[attr-defined]


def table(headings: tuple[str, ...]) -> QTableWidget:
    """A short list that is only read; the second column takes the room."""
    made = QTableWidget(0, len(headings))
    made.setHorizontalHeaderLabels(list(headings))
    made.verticalHeader().hide()
    made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    made.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.setTabKeyNavigation(False)
    made.setMinimumHeight(scaled(160))
    header = made.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


def add_row(made: QTableWidget, texts: Sequence[str]) -> int:
    """One row at the end; its number."""
    row = made.rowCount()
    made.insertRow(row)
    for column, text in enumerate(texts):
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        made.setItem(row, column, item)
    return row
