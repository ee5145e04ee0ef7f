"""Pages of a finished PDF as pictures, for the preview and for the printer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pypdfium2

from mbo_desktop.errors import FileReadError


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture: width and height in pixels, rows of red-green-blue-alpha bytes, top first."""

    width: int
    height: int
    rgba: bytes

    @property
    def stride(self) -> int:
        """Bytes of a row."""
        return 4 * self.width


class Pages:
    """An opened PDF; close it, or use it in a `with`. Not for two threads at once."""

    def __init__(self, source: Path | bytes) -> None:
        """Open a file or its bytes; raises FileReadError when it is no PDF."""
        try:
            self._pdf = pypdfium2.PdfDocument(source)
        except (pypdfium2.PdfiumError, OSError) as fault:
            name = f"“{source.name}”" if isinstance(source, Path) else "PDF"
            raise FileReadError(f"{name}无法打开预览。", "请重新生成后再试。", "数据未受影响。") from fault

    def __len__(self) -> int:
        return len(self._pdf)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the file."""
        self._pdf.close()

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of page `number` (from 0) in points."""
        width, height = self._pdf.get_page_size(number)
        return float(width), float(height)

    def image(self, number: int, scale: float = 1.0) -> PageImage:
        """Page `number` (from 0) on white; scale 1 is 72 pixels per inch, 300/72 for a printer."""
        page = self._pdf[number]
        try:
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            try:
                rgba = _with_alpha(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
                return PageImage(bitmap.width, bitmap.height, rgba)
            finally:
                bitmap.close()
        finally:
            page.close()

    def text(self, number: int) -> str:
        """The text of page `number` (from 0) in the order it was drawn."""
        page = self._pdf[number]
        try:
            content = page.get_textpage()
            try:
                return str(content.get_text_bounded())
            finally:
                content.close()
        finally:
            page.close()


def _with_alpha(data: bytes, width: int, height: int, stride: int) -> bytes:
    """Rows without padding, every pixel opaque."""
    rows = bytearray(
        data if stride == 4 * width
        else b"".join(data[row * stride : row * stride + 4 * width] for row in range(height))
    )  # fmt: skip
    rows[3::4] = b"\xff" * (width * height)
    return bytes(rows)
