"""Papers of adjustments from the view: notice, application form, pages added to agreements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from mbo_desktop.services import adjustment_papers, correction_papers
from mbo_desktop.services.papers import PrintedFiles
from ui import folder_commands
from ui.jobs import JobControl
from ui.pages.season_print import print_document
from ui.saving import save_folder

if TYPE_CHECKING:
    from ui.pages.season_adjustments import AdjustmentsView


class AdjustmentPapers:
    """What the menu 更多 of the adjustments prints; held by the view."""

    def __init__(self, view: AdjustmentsView) -> None:
        self._view = view

    def acts(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Menu lines in order."""
        tr = self._view.tr
        return (
            (tr("打印调整通知(所选一项的文号)…"), self.print_notice),
            (tr("打印调整通知(全年)…"), self.print_all),
            (tr("打印申请审批表…"), self.print_form),
            (tr("打印更正说明…"), self.print_correction),
            (tr("导出责任书补充页…"), self.export_supplements),
        )

    def print_notice(self) -> None:
        """The notice of what was approved by the same document as the current adjustment."""
        row = self._view.current()
        if row is None or not row.number:
            self._view.workspace.say(self._view.tr("请先选中一项已批准、有文号的调整;没有文号的用“全年”。"))
            return
        self._notice(row.number)

    def print_all(self) -> None:
        """The notice of all approved adjustments of the year."""
        self._notice("")

    def _notice(self, number: str) -> None:
        store, year = self._view.store, self._view.year
        name = self._view.tr("{}年度目标调整通知").format(year)
        print_document(
            self._view, self._view.workspace, f"{name} {number}".strip(),
            lambda: adjustment_papers.notice_document(store, year, number=number),
        )

    def print_form(self) -> None:
        """The application form of the current adjustment."""
        row = self._view.current()
        if row is None:
            self._view.workspace.say(self._view.tr("请先选中一项调整。"))
            return
        store, record = self._view.store, row.id
        print_document(
            self._view, self._view.workspace,
            self._view.tr("目标调整申请审批表 {}").format(row.short_name),
            lambda: adjustment_papers.form_document(store, record), sheets=False,
        )

    def print_correction(self) -> None:
        """The note of the current correction and those made with it."""
        view = self._view
        row = view.current_correction() if view.shows_corrections else None
        if row is None:
            view.workspace.say(view.tr("请先在左上选“更正”,再选中一处更正。"))
            return
        store, year, record = view.store, view.year, row.id
        print_document(
            view, view.workspace, view.tr("更正说明 {}").format(row.place),
            lambda: correction_papers.correction_document(store, year, record), sheets=False,
        )

    def export_supplements(self) -> None:
        """The pages that go with the changed agreements, PDF and Word."""
        view = self._view
        chosen = QFileDialog.getExistingDirectory(view, view.tr("补充页导出到哪个文件夹"), save_folder(view.workspace))
        if chosen:
            self.write_supplements(Path(chosen))

    def write_supplements(self, folder: Path) -> None:
        """Write them there; the window shows progress."""
        view, store, year = self._view, self._view.store, self._view.year

        def work(control: JobControl) -> PrintedFiles:
            return adjustment_papers.write_supplements(
                store, year, folder, word=True, progress=control.progress,
                cancelled=control.cancelled,
            )

        def done(printed: PrintedFiles) -> None:
            view.workspace.say(
                view.tr("已导出 {} 个文件。").format(len(printed.files)) + ";".join(printed.warnings),
                tone="amber" if printed.warnings else "green",
                actions=[(view.tr("打开所在文件夹"), lambda: folder_commands.show_folder(folder))],
            )

        view.workspace.jobs.run(view.tr("导出责任书补充页"), work, done=done, owner=view)
