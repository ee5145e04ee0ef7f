"""分解台账: out as a workbook for units without the program, and back with a preview of every cell."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import decomposition_ledger, papers
from mbo_desktop.services.decomposition_ledger import LedgerPreview, LedgerResult, LedgerScope
from mbo_desktop.services.papers import PrintedFiles
from ui import folder_commands
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.jobs import JobControl
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

SHOWN = 8
"""Refused cells that the message names one by one."""


def export_ledger(
    workspace: Workspace, page: QWidget, *, node: int = 0, unit: RecordId | None = None,
    name: str = "",
) -> None:
    """Ask where to, and write the ledger of a branch or unit; name: proposed file name's beginning."""
    title = QCoreApplication.translate("Ledger", "导出分解台账")
    proposal = papers.safe_file_name(
        QCoreApplication.translate("Ledger", "{}{}年度目标分解台账").format(name, workspace.year)
    )
    kinds = QCoreApplication.translate("Ledger", "Excel 文件 (*.xlsx)")
    chosen, _kind = QFileDialog.getSaveFileName(page, title, f"{proposal}.xlsx", kinds)
    if not chosen:
        return
    path = Path(chosen)
    if path.suffix.lower() != ".xlsx":
        path = path.with_name(f"{path.name}.xlsx")
    write_to(workspace, page, path, LedgerScope(node, unit))


def write_to(workspace: Workspace, page: QWidget, path: Path, scope: LedgerScope) -> None:
    """Write the ledger beside the window and say where it is."""
    store, year = workspace.store, workspace.year

    def work(control: JobControl) -> PrintedFiles:
        return decomposition_ledger.write_ledger(store, year, scope, path, control.progress)

    def done(_printed: PrintedFiles) -> None:
        workspace.say(
            QCoreApplication.translate("Ledger", "已导出“{}”。填好后用“读回分解台账”读入。").format(path.name),
            tone="green",
            actions=[(
                QCoreApplication.translate("Ledger", "打开所在文件夹"),
                lambda: folder_commands.show_folder(path.parent),
            )],
        )

    workspace.jobs.run(
        QCoreApplication.translate("Ledger", "导出分解台账"), work, done=done, owner=page
    )


def read_back(workspace: Workspace, page: QWidget, *, unit: RecordId | None = None) -> None:
    """Ask for a filled-in ledger and show what it changes; unit: whose it is expected to be."""
    title = QCoreApplication.translate("Ledger", "读回分解台账")
    kinds = QCoreApplication.translate("Ledger", "表格文件 (*.xlsx *.xls *.et *.ods)")
    chosen, _kind = QFileDialog.getOpenFileName(page, title, "", kinds)
    if chosen:
        read_from(workspace, page, Path(chosen), unit=unit)


def read_from(
    workspace: Workspace, page: QWidget, path: Path, *, unit: RecordId | None = None
) -> None:
    """Read a filled-in ledger beside the window and show its preview."""
    store, year = workspace.store, workspace.year

    def show(preview: LedgerPreview) -> None:
        LedgerDialog(workspace, preview, page.window()).show()

    workspace.jobs.run(
        QCoreApplication.translate("Ledger", "读取分解台账"),
        lambda _control: decomposition_ledger.read_ledger(store, year, path, unit=unit),
        done=show, owner=page,
    )


class LedgerDialog(QDialog):
    """Every changed cell old → new and every problem by its address; nothing is written before 写入."""

    def __init__(
        self, workspace: Workspace, preview: LedgerPreview, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("读回分解台账 — {}").format(preview.source))
        self._workspace, self.preview = workspace, preview
        self.messages = MessageBar()
        self.facts = QLabel(self._facts())
        self.facts.setWordWrap(True)
        self.source = ListSource(_COLUMNS, self._rows)
        self.grid = GridPanel(workspace, self.source)
        self.doubtful = QCheckBox(self.tr("有疑问的 {} 处也写入").format(preview.doubtful))
        self.doubtful.setVisible(bool(preview.doubtful))
        self.doubtful.toggled.connect(self._count)
        self.write_button = QPushButton()
        self.write_button.setProperty("role", "primary")
        self.write_button.setAutoDefault(False)
        self.write_button.clicked.connect(self.write)
        self.close_button = QPushButton(self.tr("不写入"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.doubtful)
        foot.addStretch(1)
        foot.addWidget(self.write_button)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        layout.setSpacing(scaled(8))
        layout.addWidget(self.facts)
        layout.addWidget(self.messages)
        layout.addWidget(self.grid, 1)
        layout.addLayout(foot)
        size_within_screen(self, 1220, 640)
        self._count()
        self.grid.reload()

    @property
    def count(self) -> int:
        """How many cells would be written as things stand."""
        doubtful = 0 if self.doubtful.isChecked() else self.preview.doubtful
        return len(self.preview.changes) - doubtful

    def write(self) -> None:
        """Write as one undo step; cells that were refused are named, the rest stands."""
        preview, store, with_doubtful = self.preview, self._workspace.store, self.doubtful.isChecked()
        self.write_button.setEnabled(False)
        self._workspace.jobs.run(
            self.tr("写入分解台账"),
            lambda _control: decomposition_ledger.apply_ledger(store, preview, with_doubtful=with_doubtful),
            done=self._on_written, failed=self._on_failed, owner=self, writes=True,
        )

    def _on_failed(self, error: BaseException) -> None:
        self._count()
        self._workspace.report(error)

    def _on_written(self, result: LedgerResult) -> None:
        said = self.tr("已从“{}”写入 {} 处。").format(self.preview.source, result.written)
        if result.added:
            said += self.tr("新增分解项 {} 项。").format(result.added)
        if result.refused:
            told = ";".join(f"{place} {reason}" for place, reason in result.refused[:SHOWN])
            more = self.tr("等") if len(result.refused) > SHOWN else ""
            said += self.tr("未写入 {} 处:{}{}").format(len(result.refused), told, more)
        self._workspace.say(
            said, tone="amber" if result.refused else "green",
            actions=[(self.tr("撤销"), self._workspace.undo)] if result.written else [],
        )
        self.accept()

    def _facts(self) -> str:
        preview = self.preview
        words = [
            self.tr("{} {}年度台账").format(preview.unit, preview.year),
            self.tr("{} 导出").format(preview.made), self.tr("读到 {} 行").format(preview.rows),
            self.tr("改动 {} 处").format(len(preview.changes)),
        ]
        if preview.additions:
            words.append(self.tr("新增 {} 项").format(len(preview.additions)))
        if preview.problems:
            words.append(self.tr("没有读入 {} 处,原因见表中红字").format(len(preview.problems)))
        if not preview.changes:
            words.append(self.tr("没有可写入的改动"))
        return " · ".join(words)

    def _count(self) -> None:
        self.write_button.setText(self.tr("写入 {} 处").format(self.count))
        self.write_button.setEnabled(bool(self.count) and not self._workspace.read_only)

    def _rows(self) -> list[Row]:
        left = [
            {"place": Cell(one.place, tone=Tone.RED), "head": Cell(self.tr("不读入"), tone=Tone.RED),
             "new": Cell(one.text, tone=Tone.RED),
             "note": Cell(f"{one.reason};{one.kept}" if one.kept else one.reason, tone=Tone.RED)}
            for one in self.preview.problems
        ]
        changed = [
            {"place": one.place, "task": one.task, "unit": one.unit, "head": one.head,
             "old": Cell(one.old or self.tr("(空)"), tone=Tone.MUTED),
             "new": Cell(one.new or self.tr("(清空)"), bold=True),
             "note": Cell(one.doubt, tone=Tone.AMBER)}
            for one in self.preview.changes
        ]
        return [Row(number, cells) for number, cells in enumerate([*left, *changed], start=1)]


_COLUMNS = (
    Column("place", "位置", width=76, frozen=True),
    Column("task", "工作任务", width=240),
    Column("unit", "责任单位", width=110),
    Column("head", "列", width=90),
    Column("old", "原值", Kind.TEXT, width=140),
    Column("new", "新值", Kind.TEXT, width=140),
    Column("note", "说明", width=420),
)
