"""What leaves the log: the verification's result, a workbook, a printed list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mbo_desktop import clock
from mbo_desktop.services import log_check, log_papers
from mbo_desktop.services.log_check import ChainReport
from ui import folder_commands
from ui.jobs import JobControl
from ui.pages.season_print import print_document
from ui.saving import ask_where

if TYPE_CHECKING:
    from ui.dialogs.log import LogDialog


class LogPapers(QObject):
    """The buttons at the foot of the log; each does its work beside the window."""

    def __init__(self, host: LogDialog) -> None:
        super().__init__(host)
        self._host = host

    def verify(self) -> None:
        """Verify the whole chain, whatever is filtered."""
        host = self._host
        store = host.workspace.store
        host.messages.say(self.tr("正在逐条校验,可继续工作;进度在窗口底部。"))

        def work(control: JobControl) -> ChainReport:
            return log_check.verify(store, control.progress, control.cancelled)

        host.workspace.jobs.run(self.tr("校验日志"), work, done=self._on_verified, owner=self)

    def _on_verified(self, report: ChainReport) -> None:
        host = self._host
        host.messages.say(
            report.sentence(), "green" if report.is_unbroken else "red",
            [(self.tr("查看"), lambda: self._show(report))],
        )

    def _show(self, report: ChainReport) -> None:
        from ui.dialogs.log_verified import VerifiedDialog

        VerifiedDialog(report, self._host).open()

    def export(self) -> None:
        """The entries that fit, as a workbook."""
        host = self._host
        path = ask_where(
            host.workspace, host, self.tr("导出日志"), f"日志-{clock.today():%Y%m%d}.xlsx",
            self.tr("Excel 工作簿 (*.xlsx)"),
        )
        if path is None:
            return
        store, wanted, words = host.workspace.store, host.wanted, host.filters.sentence()

        def work(control: JobControl) -> tuple[Path, int]:
            return path, log_papers.write_workbook(
                store, path, wanted, words, control.progress, control.cancelled)

        host.workspace.jobs.run(self.tr("导出日志"), work, done=self._on_exported, owner=self)

    def _on_exported(self, done: tuple[Path, int]) -> None:
        path, count = done
        self._host.messages.say(
            self.tr("已导出 {} 条:{}").format(f"{count:,}", path.name), "green",
            [(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(path.parent))],
        )

    def print(self) -> None:
        """The entries that fit, as a list on sheets across."""
        host = self._host
        store, wanted, words = host.workspace.store, host.wanted, host.filters.sentence()
        print_document(
            host, host.workspace, self.tr("日志"), lambda: log_papers.log_document(store, wanted, words))
