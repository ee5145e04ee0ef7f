"""Several PDFs bound into one for a single print job: copies together, each beginning on a front page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2

from mbo_desktop.documents.output import put_file
from mbo_desktop.errors import Cancelled


def bind(
    parts: Sequence[tuple[Path, int]],
    target: Path,
    *,
    double_sided: bool = True,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Bind (file, copies) in this order; returns the number of pages.

    double_sided: a blank page follows every copy of an odd number of pages. Raises Cancelled,
    or FileWriteError when the result cannot be written.
    """
    bound = pypdfium2.PdfDocument.new()
    try:
        for path, copies in parts:
            if cancelled is not None and cancelled():
                raise Cancelled
            source = pypdfium2.PdfDocument(path)
            try:
                count, before = len(source), len(bound)
                # All copies in one call share the fonts: half the size.
                bound.import_pages(source, list(range(count)) * copies)
                if double_sided and count % 2:
                    size = source.get_page_size(count - 1)
                    for copy in range(copies):
                        bound.new_page(*size, index=before + (copy + 1) * (count + 1) - 1)
            finally:
                source.close()
        buffer = BytesIO()
        bound.save(buffer)
        pages = len(bound)
    finally:
        bound.close()
    put_file(target, buffer.getvalue())
    return pages
