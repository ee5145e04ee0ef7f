"""Drawing a laid-out document into a PDF file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.documents.model import Document, RenderResult

if TYPE_CHECKING:
    from mbo_desktop.documents.fonts import FontSet


def render_pdf(
    document: Document, target: Path | BytesIO, fonts: FontSet | None = None
) -> RenderResult:
    """Write the document as PDF; None takes the system's fonts where they exist.

    Raises FileWriteError when the file cannot be written; nothing is left half done.
    """
    raise NotImplementedError
