"""Papers of the room 督查: slips of dockets in one run, record sheets, protocols, circulars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Inspection
from mbo_desktop.services import (
    inspection_papers,
    inspection_registers,
    numbering,
    paper_files,
)
from mbo_desktop.services.inspection_papers import REGISTERS, SlipKind, SlipRun
from ui.dialogs.inspection_issue import IssueDialog
from ui.dialogs.print_preview import PrintPreview
from ui.jobs import JobControl
from ui.pages.season_print import print_document
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

CIRCULARS = ("督查通报", "督查专报", "督查报告")


class InspectionPapers(QObject):
    """Asks whether the paper is issued, makes it beside the window, shows the preview."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace, self._store, self._page = workspace, workspace.store, page

    def slips(self, kind: SlipKind, records: Sequence[RecordId]) -> None:
        """Ask and make slips of one kind, one sheet for each docket."""
        dialog = IssueDialog(
            self._store, self._workspace.year, kind.label,
            self.tr("{} 项督查事项,每项一张,附签收回执。").format(len(records)),
            ((kind.label, REGISTERS[kind]),), self._page.window(),
        )
        if dialog.exec():
            self.make_slips(kind, records, numbered=dialog.numbered)

    def make_slips(self, kind: SlipKind, records: Sequence[RecordId], *, numbered: bool) -> None:
        """Make them; numbered ones leave a step on each docket."""
        store, chosen = self._store, tuple(records)

        def work(control: JobControl) -> tuple[SlipRun, bytes]:
            control.progress(0, 0, self.tr("排版 {} 张").format(len(chosen)))
            run = inspection_papers.slips(store, kind, chosen, numbered=numbered)
            return run, paper_files.pdf_of(run.document)

        def done(made: tuple[SlipRun, bytes]) -> None:
            run, pdf = made
            if run.numbers:
                first, last = next(iter(run.numbers.values())), list(run.numbers.values())[-1]
                span = first if first == last else self.tr("{} 至 {}").format(first, last)
                self._workspace.say(self.tr("已印发{} {} 份:{}。").format(
                    kind.label, len(run.numbers), span), tone="green")
            self._preview(kind.label, run.document, pdf)

        self._workspace.jobs.run(
            self.tr("排版{}").format(kind.label), work, done=done, owner=self, writes=numbered
        )

    def _preview(self, name: str, document: Document, pdf: bytes) -> None:
        PrintPreview(
            pdf, name, self._page.window(), word=lambda: paper_files.word_of(document)
        ).show()

    def docket_register(self, records: Sequence[RecordId], scope: str) -> None:
        """督查事项台账 of the listed dockets; says how many of a running 暗访 are not in it."""
        store, year, chosen = self._store, self._workspace.year, tuple(records)
        hidden = len(inspection_registers.withheld_dockets(store, chosen))
        if hidden:
            self._workspace.say(
                self.tr("{} 项来自还没有结束的暗访,没有列入台账。").format(hidden), tone="amber")
        print_document(
            self._page, self._workspace, self.tr("{} 年督查事项台账").format(year),
            lambda: inspection_registers.docket_register(store, year, chosen, scope=scope),
        )

    def record_sheet(self, record: RecordId, *, filled: bool) -> None:
        """The sheet for the visit."""
        store = self._store
        name = self.tr("{}记录表").format(store.get(Inspection, record).title)
        print_document(
            self._page, self._workspace, name,
            lambda: inspection_papers.record_document(store, record, filled=filled), sheets=False,
        )

    def protocol(self, record: RecordId) -> None:
        """How the sample was drawn."""
        store = self._store
        name = self.tr("{}抽样记录").format(store.get(Inspection, record).title)
        print_document(
            self._page, self._workspace, name,
            lambda: inspection_papers.protocol_document(store, record), sheets=False,
        )

    def circular(self, record: RecordId) -> None:
        """Ask for the kind and whether it gets its issue number."""
        visit = self._store.get(Inspection, record)
        dialog = IssueDialog(
            self._store, visit.year, self.tr("督查通报、专报、报告"), visit.title,
            tuple((kind, kind) for kind in CIRCULARS), self._page.window(),
        )
        if dialog.exec():
            self.make_circular(record, dialog.kind, numbered=dialog.numbered)

    def make_circular(self, record: RecordId, kind: str, *, numbered: bool) -> None:
        """Make it; the number is given out only when the paper can be made."""
        store = self._store
        visit = store.get(Inspection, record)
        if not numbered:
            print_document(
                self._page, self._workspace, f"{visit.title}{kind}",
                lambda: inspection_papers.circular_document(store, record, kind=kind), sheets=False,
            )
            return

        def issue() -> str:
            inspection_papers.circular_document(store, record, kind=kind)
            title = f"关于{visit.title}情况的{kind.removeprefix('督查')}"
            return numbering.issue(store, kind, visit.year, title=title).text

        number = self._workspace.perform(issue)
        if number is None:
            return
        self._workspace.say(self.tr("已编{} {}。").format(kind, number), tone="green")
        print_document(
            self._page, self._workspace, f"{visit.title}{kind}",
            lambda: inspection_papers.circular_document(store, record, issue=number, kind=kind),
            sheets=False,
        )


