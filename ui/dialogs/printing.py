"""Printing the pages of a PDF: printer, range, copies from the system's dialog."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from mbo_desktop.documents.pages import Pages
from mbo_desktop.errors import FileWriteError

DPI = 300
LARGE_DPI = 150
"""For sheets beyond A3: a wall chart is read from a step away, and 300 dpi would take a gigabyte."""
POINTS_PER_MM = 72 / 25.4
_SHEETS = (
    QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A3, QPageSize.PageSizeId.A2,
    QPageSize.PageSizeId.A1, QPageSize.PageSizeId.A0,
)
_TOLERANCE = 6.0
"""Points by which a page may differ from a sheet's size."""
_SHRUNK = 0.97
"""Paper smaller than this part of the page: the page is made smaller instead of being cut off."""


def print_pages(parent: QWidget, pages: Pages, name: str) -> tuple[int, int] | None:
    """Ask and print; (pages, copies) sent to the printer, None when given up.

    Raises FileWriteError when the printer refuses.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    prepare(printer, pages.size(0))
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintCollateCopies, True)
    dialog.setMinMax(1, len(pages))
    dialog.setFromTo(1, len(pages))
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return None
    return send(printer, pages), printer.copyCount()


def prepare(printer: QPrinter, size: tuple[float, float]) -> None:
    """Paper without margins of the printer's own: the PDF has its margins."""
    width, height = size
    printer.setPageSize(sheet_for(size))
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
    )
    printer.setFullPage(True)


def sheet_for(size: tuple[float, float]) -> QPageSize:
    """The sheet, upright, on which a page (points) is printed at its true size."""
    short, long = sorted(size)
    for known in _SHEETS:
        sheet = QPageSize.size(known, QPageSize.Unit.Point)
        if abs(sheet.width() - short) < _TOLERANCE and abs(sheet.height() - long) < _TOLERANCE:
            return QPageSize(known)
    return QPageSize(QSizeF(short, long), QPageSize.Unit.Point)


def chosen_range(printer: QPrinter, count: int) -> range:
    """Pages (from 0) that were asked for."""
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage():
        return range(printer.fromPage() - 1, min(printer.toPage() or count, count))
    return range(count)


def send(printer: QPrinter, pages: Pages) -> int:
    """Paint the chosen pages at 300 dpi; how many. Copies are made by the driver where it can."""
    numbers = chosen_range(printer, len(pages))
    rounds = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    painter = QPainter()
    if not painter.begin(printer):
        raise FileWriteError("打印机没有接受打印任务。", "请检查打印机是否开机、联机后再试。", "数据未受影响。")
    try:
        first = True
        for _copy in range(rounds):
            for number in numbers:
                size = pages.size(number)
                if not first:
                    landscape = size[0] > size[1]
                    printer.setPageOrientation(
                        QPageLayout.Orientation.Landscape if landscape
                        else QPageLayout.Orientation.Portrait
                    )
                    printer.newPage()
                first = False
                _paint(painter, printer, pages, number, size)
    finally:
        painter.end()
    return len(numbers)


def _paint(
    painter: QPainter, printer: QPrinter, pages: Pages, number: int, size: tuple[float, float]
) -> None:
    dpi = DPI if max(size) < 430 * POINTS_PER_MM else LARGE_DPI
    picture = pages.image(number, dpi / 72)
    image = QImage(
        picture.rgba, picture.width, picture.height, picture.stride, QImage.Format.Format_RGBA8888
    )
    # At its true size from the paper's corner, so that 22 lines stay 22 lines of 29 pt.
    factor = printer.resolution() / 72
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    room = min(paper.width() / (size[0] * factor), paper.height() / (size[1] * factor))
    if room < _SHRUNK:
        factor *= room
    painter.drawImage(QRectF(0, 0, size[0] * factor, size[1] * factor), image)
