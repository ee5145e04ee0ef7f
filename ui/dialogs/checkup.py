"""数据体检: what was found, the worst first, what can be done about it, and doing it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import InputError
from mbo_desktop.services.repairs import RepairStep
from mbo_desktop.store.checkup import Repair, Report, Severity
from ui.dialogs.ask import AskDialog
from ui.dialogs.backups import add_row, table
from ui.screens import size_within_screen
from ui.theme import color, scaled

_TONES = {Severity.DAMAGE: "red", Severity.WARNING: "amber", Severity.NOTE: "secondary"}


class CheckupDialog(QDialog):
    """What 数据体检 found, the worst first, each with what to do."""

    repair_asked = Signal(object)
    """The report whose findings are to be dealt with."""
    restore_asked = Signal()
    """The list of backups was asked for."""

    def __init__(self, parent: QWidget | None, report: Report) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("数据体检"))
        self.report = report
        if report.findings:
            size_within_screen(self, 900, 480)
        else:
            size_within_screen(self, 460, 150)
        counts = "、".join(f"{name} {count:,}" for name, count in report.counts.items())
        self.summary = QLabel(self._sentence(report))
        self.summary.setProperty("role", "heading")
        looked = QLabel(self.tr("检查了:{}。").format(counts))
        looked.setProperty("role", "muted")
        looked.setWordWrap(True)
        self.table = table((self.tr("程度"), self.tr("问题"), self.tr("位置"), self.tr("怎么办"), self.tr("可以自动处理")))
        for one in report.findings:
            row = add_row(self.table, (
                one.severity.label, one.what, one.where, one.todo,
                one.repair.label if one.repair is not Repair.NONE else "",
            ))
            self.table.item(row, 0).setForeground(color(_TONES[one.severity]))
        self.table.setVisible(bool(report.findings))
        self.table.setWordWrap(True)
        header = self.table.horizontalHeader()
        for column, width in ((1, 190), (2, 190)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, scaled(width))
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._fit_rows)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        self.repair_button = QPushButton(self.tr("处理…"))
        self.repair_button.clicked.connect(self._on_repair)
        self.repair_button.setVisible(any(one.repair is not Repair.NONE for one in report.findings))
        self.restore_button = QPushButton(self.tr("备份与恢复…"))
        self.restore_button.clicked.connect(self._on_restore)
        self.restore_button.setVisible(bool(report.damage))
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.repair_button, self.restore_button, close):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.addWidget(self.summary)
        layout.addWidget(looked)
        layout.addWidget(self.table, 1)
        if not report.findings:
            layout.addStretch(1)
        layout.addLayout(foot)

    def _fit_rows(self) -> None:
        self.table.resizeRowsToContents()

    def showEvent(self, event: QShowEvent) -> None:
        """Rows as high as their words need, once the columns have their widths."""
        super().showEvent(event)
        self._fit_rows()

    def _sentence(self, report: Report) -> str:
        if report.damage:
            return self.tr("发现损坏 {} 处。数据仍可查看,请先处理再继续修改。").format(len(report.damage))
        if report.findings:
            return self.tr("数据完好,另有 {} 条提示。").format(len(report.findings))
        return self.tr("数据完好,没有发现问题。")

    def _on_repair(self) -> None:
        self.repair_asked.emit(self.report)
        self.accept()

    def _on_restore(self) -> None:
        self.restore_asked.emit()
        self.accept()


class RepairDialog(AskDialog):
    """What each repair would do; `chosen` are those that were ticked."""

    def __init__(self, parent: QWidget | None, steps: tuple[RepairStep, ...]) -> None:
        super().__init__(parent, "处理体检发现的问题", "处理", width=620)
        self.chosen: tuple[RepairStep, ...] = ()
        self.ticks: list[tuple[QCheckBox, RepairStep]] = []
        for step in steps:
            tick = QCheckBox(self.tr("{}({} 处)").format(step.title, len(step.findings)))
            tick.setEnabled(step.can > 0)
            tick.setChecked(step.can > 0 and step.repair is not Repair.ASIDE)
            self.form.add_wide(tick)
            self.note(step.detail)
            self.ticks.append((tick, step))
        self.note(self.tr("处理前先做一份备份,处理后再体检一次;每项处理都记入日志和备份登记,不会丢失数据。"))

    def act(self) -> None:
        """Read the ticks."""
        self.chosen = tuple(step for tick, step in self.ticks if tick.isChecked())
        if not self.chosen:
            raise InputError("没有勾选要处理的项目。", "请勾选,或按“取消”。")
