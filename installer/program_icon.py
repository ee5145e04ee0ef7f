"""The program's icon as the systems want it: PNGs for Linux menus, one .ico for Windows."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from installer.names import ROOT

SVG = ROOT / "resources" / "program" / "mbo-desktop.svg"
PNG_SIZES = (16, 24, 32, 48, 64, 128, 256)


def png(size: int) -> bytes:
    """The icon painted at a size in pixels."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    # No application object: none is needed for paths, and it would stand in the way of another's.
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return bytes(written.data())


def ico(images: dict[int, bytes]) -> bytes:
    """PNGs by size packed as a Windows icon (header, one 16-byte entry each, then the images)."""
    offset = 6 + 16 * len(images)
    entries, bodies = b"", b""
    for size, data in sorted(images.items()):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(bodies))
        bodies += data
    return struct.pack("<HHH", 0, 1, len(images)) + entries + bodies


def write_ico(path: Path) -> None:
    """Write the Windows icon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ico({size: png(size) for size in PNG_SIZES}))


if __name__ == "__main__":
    write_ico(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "mbo-desktop.ico"))
