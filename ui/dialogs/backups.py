"""The list of backups with the way back, and what a data check found."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import InputError
from mbo_desktop.store.backup import list_backups
from mbo_desktop.store.checkup import Report, Severity
from ui.dialogs.ask import AskDialog
from ui.theme import color, scaled

_TONES = {Severity.DAMAGE: "red", Severity.WARNING: "amber", Severity.NOTE: "secondary"}


class BackupsDialog(AskDialog):
    """Choose a backup and go back to it; `chosen` is its path when that was wanted."""

    def __init__(self, parent: QWidget | None, folder: Path) -> None:
        super().__init__(parent, "恢复到备份", "恢复到所选备份", width=560)
        self.chosen: Path | None = None
        self.table = _table(("时间", "说明", "大小"))
        self.form.add_wide(self.table)
        for one in list_backups(folder):
            size = f"{one.size / 1_048_576:.1f} MB"
            row = _add_row(self.table, (f"{one.made_at:%Y-%m-%d %H:%M}", one.label, size))
            self.table.item(row, 0).setData(Qt.ItemDataRole.UserRole, str(one.path))
        other = QPushButton(self.tr("其他位置的备份…"))
        other.setAutoDefault(False)
        other.clicked.connect(self._on_other)
        self.foot.insertWidget(0, other)
        self.note(self.tr(
            "恢复前先把现在的数据另存为一份备份,随时可以再恢复回来。恢复后,备份之后的修改不在数据中。"
        ))
        if self.table.rowCount():
            self.table.selectRow(0)
        else:
            self.note(self.tr("备份文件夹里还没有备份。"))
            self.accept_button.setEnabled(False)
        self.table.setFocus()

    def _on_other(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self.tr("选择备份"), "", self.tr("备份 (*.db)")
        )
        if chosen:
            self.chosen = Path(chosen)
            self.accept()

    def act(self) -> None:
        """Remember which one."""
        item = self.table.item(self.table.currentRow(), 0)
        if item is None:
            raise InputError("没有选择备份。", "请在列表中选择一份。")
        self.chosen = Path(str(item.data(Qt.ItemDataRole.UserRole)))


class CheckupDialog(QDialog):
    """What 数据体检 found, the worst first, each with what to do."""

    def __init__(self, parent: QWidget | None, report: Report) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("数据体检"))
        if report.findings:
            self.resize(scaled(860), scaled(460))
        else:
            self.resize(scaled(460), scaled(150))
        counts = "、".join(f"{name} {count:,}" for name, count in report.counts.items())
        self.summary = QLabel(self._sentence(report))
        self.summary.setProperty("role", "heading")
        looked = QLabel(self.tr("检查了:{}。").format(counts))
        looked.setProperty("role", "muted")
        looked.setWordWrap(True)
        self.table = _table(("程度", "问题", "位置", "怎么办"))
        for one in report.findings:
            row = _add_row(self.table, (one.severity.label, one.what, one.where, one.todo))
            self.table.item(row, 0).setForeground(color(_TONES[one.severity]))
        self.table.setVisible(bool(report.findings))
        self.table.setWordWrap(True)
        self.table.resizeRowsToContents()
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.addWidget(self.summary)
        layout.addWidget(looked)
        layout.addWidget(self.table, 1)
        if not report.findings:
            layout.addStretch(1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def _sentence(self, report: Report) -> str:
        if report.damage:
            return self.tr("发现损坏 {} 处。数据仍可查看,请按“怎么办”一栏处理。").format(len(report.damage))
        if report.findings:
            return self.tr("数据完好,另有 {} 条提示。").format(len(report.findings))
        return self.tr("数据完好,没有发现问题。")


def _table(headings: tuple[str, ...]) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.verticalHeader().hide()
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setMinimumHeight(scaled(220))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def _add_row(table: QTableWidget, texts: tuple[str, ...]) -> int:
    row = table.rowCount()
    table.insertRow(row)
    for column, text in enumerate(texts):
        table.setItem(row, column, QTableWidgetItem(text))
    return row
