"""The papers of the room 责任书: one agreement in the preview, all of them as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from mbo_desktop.services import agreements, papers
from mbo_desktop.services.papers import PrintedFiles
from ui import folder_commands
from ui.dialogs.print_preview import PrintPreview
from ui.jobs import JobControl
from ui.saving import save_folder

if TYPE_CHECKING:
    from ui.pages.agreements import AgreementsPage


class AgreementPapers:
    """The printing half of `AgreementsPage`."""

    def _preview(self: AgreementsPage, _row: object = None) -> None:
        row = self._current()
        if row is None or row.agreement is None:
            return
        record, store = row.agreement, self.store
        name = self.tr("{} {}年度责任书").format(row.short_name or row.unit_name, self.workspace.year)

        def show(pdf: bytes) -> None:
            PrintPreview(
                pdf, name, self, word=lambda: papers.agreement_word(store, record)
            ).show()

        self.workspace.jobs.run(
            self.tr("排版责任书"), lambda _control: papers.agreement_pdf(store, record),
            done=show, owner=self,
        )

    def _export(self: AgreementsPage) -> None:
        year, store = self.workspace.year, self.store
        chosen = (
            self._selected() if len(self.grid.view.selected_ids()) > 1
            else list(agreements.agreement_ids(store, year, self.level))
        )
        folder = QFileDialog.getExistingDirectory(self, self.tr("责任书导出到哪个文件夹"), save_folder(self.workspace))
        if not folder:
            return
        target = Path(folder)

        def work(control: JobControl) -> PrintedFiles:
            return papers.write_agreements(
                store, year, target, agreements=chosen, word=True,
                progress=control.progress, cancelled=control.cancelled,
            )

        def done(printed: PrintedFiles) -> None:
            text = self.tr("已导出 {} 个文件(PDF 和 Word)。").format(len(printed.files))
            if printed.warnings:
                text += ";".join(printed.warnings)
            self.workspace.say(
                text, tone="amber" if printed.warnings else "green",
                actions=[(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(target))],
            )

        self.workspace.jobs.run(self.tr("导出责任书"), work, done=done, owner=self, writes=True)
