"""A paper of the signing season from the page to its preview: laid out beside the window, kept as shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from mbo_desktop.services import paper_files
from ui.dialogs.print_preview import PrintPreview
from ui.jobs import JobControl
from ui.saving import remember, save_folder
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.documents.flat_table import FlatTable
    from mbo_desktop.documents.model import Document


def print_document(
    page: QWidget, workspace: Workspace, name: str, make: Callable[[], Document], *,
    flat: Callable[[], FlatTable] | None = None, sheets: bool = True,
) -> None:
    """Preview a document with PDF, Word and Excel; make reads the records and is called off the window.

    flat: what Excel holds instead of the printed tables; sheets False: a form, no Excel.
    """

    def work(control: JobControl) -> tuple[Document, bytes]:
        control.progress(0, 0, QCoreApplication.translate("SeasonPrint", "排版"))
        document = make()
        return document, paper_files.pdf_of(document)

    def show(made: tuple[Document, bytes]) -> None:
        document, pdf = made
        excel = None
        if sheets and paper_files.has_table(document):
            def excel() -> bytes:
                return paper_files.sheet_of(document, flat() if flat is not None else None)
        preview = PrintPreview(
            pdf, name, page.window(), word=lambda: paper_files.word_of(document), excel=excel,
            save_folder=save_folder(workspace),
        )
        preview.saved_in = lambda folder: remember(workspace, folder)
        preview.show()

    title = QCoreApplication.translate("SeasonPrint", "排版“{}”").format(name)
    workspace.jobs.run(title, work, done=show, owner=page)
