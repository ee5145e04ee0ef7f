"""A paper of the signing season from the page to its preview: laid out beside the window, kept as shown."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ui.dialogs.print_preview import PrintPreview
from ui.jobs import JobControl
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document


def print_document(
    page: QWidget, workspace: Workspace, name: str, make: Callable[[], Document]
) -> None:
    """Preview a document with PDF and Word; make reads the records and is called off the window."""

    def work(control: JobControl) -> tuple[Document, bytes]:
        from mbo_desktop.documents.pdf import render_pdf

        control.progress(0, 0, QCoreApplication.translate("SeasonPrint", "排版"))
        document = make()
        stream = BytesIO()
        render_pdf(document, stream)
        return document, stream.getvalue()

    def show(made: tuple[Document, bytes]) -> None:
        document, pdf = made
        PrintPreview(pdf, name, page.window(), word=lambda: _word(document)).show()

    title = QCoreApplication.translate("SeasonPrint", "排版“{}”").format(name)
    workspace.jobs.run(title, work, done=show, owner=page)


def _word(document: Document) -> bytes:
    from mbo_desktop.documents.word import render_docx

    stream = BytesIO()
    render_docx(document, stream)
    return stream.getvalue()
