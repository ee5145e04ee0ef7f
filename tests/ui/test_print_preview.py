"""The preview shows, prints and saves one and the same PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from mbo_desktop.documents.pages import Pages
from ui.dialogs import print_preview, printing
from ui.dialogs.print_preview import PrintPreview


@pytest.fixture(scope="module")
def pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for number in (1, 2, 3):
        canvas.setPageSize(landscape(A4) if number == 3 else A4)
        canvas.setFillGray(0)
        canvas.rect(72, 700 if number < 3 else 300, 100 * number, 50, fill=1)
        canvas.rect(72, 100, 40 + number, 20, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def preview(qtbot, pdf) -> PrintPreview:
    made = PrintPreview(pdf, "甲县责任书", word=lambda: b"word", excel=lambda: b"excel")
    qtbot.addWidget(made)
    made.show()
    return made


def test_paper_is_light_in_dark_colours_too(preview, theme):
    light = preview.picture.pixmap().toImage()
    try:
        theme.take_colors("dark")
        preview.show_page()
        assert preview.picture.pixmap().toImage() == light
        corner = light.pixelColor(2, 2)
        assert corner.lightness() == 255
        frame = preview.grab().toImage()
        assert frame.pixelColor(2, frame.height() - 3).lightness() < 60
    finally:
        theme.take_colors("light")


def test_pages_are_turned(preview):
    assert preview.number.maximum() == 3
    first = preview.picture.pixmap().toImage()
    preview.next()
    assert preview.picture.pixmap().toImage() != first
    preview.next()
    preview.next()
    assert preview.number.value() == 3
    wide = preview.picture.pixmap()
    assert wide.width() > wide.height()
    preview.previous()
    preview.previous()
    assert preview.picture.pixmap().toImage() == first


def test_zoom_steps_and_fit(preview):
    fit = preview.picture.pixmap().width()
    preview.zoom_in()
    assert preview.zoom_label.text() == "125%"
    assert preview.picture.pixmap().width() != fit
    for _ in range(5):
        preview.zoom_out()
    assert preview.zoom_label.text() == "50%"
    preview.fit_width()
    assert preview.zoom_label.text() == "适合宽度"
    assert preview.picture.pixmap().width() == fit


def test_the_saved_pdf_is_the_shown_one(preview, pdf, tmp_path, monkeypatch):
    monkeypatch.setattr(
        print_preview.QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "书.v2"), "")
    )
    preview.save_pdf()
    assert (tmp_path / "书.v2.pdf").read_bytes() == pdf
    preview.save_word()
    assert (tmp_path / "书.v2.docx").read_bytes() == b"word"
    preview.save_excel()
    assert (tmp_path / "书.v2.xlsx").read_bytes() == b"excel"
    assert "已保存" in preview.messages.label.text()


def test_a_place_that_cannot_be_written_is_said(preview, tmp_path):
    assert not preview.save_to(tmp_path / "none" / "a.pdf", lambda: b"x")
    assert "不存在" in preview.messages.label.text()


def test_opening_hands_over_a_copy(preview, pdf, monkeypatch):
    opened: list[Path] = []
    monkeypatch.setattr(print_preview.folder_commands, "open_file", lambda p: opened.append(p) or True)
    preview.open_pdf()
    assert opened[0].read_bytes() == pdf
    assert opened[0].name == "甲县责任书.pdf"


def printed(tmp_path: Path, pdf: bytes, first: int = 0, last: int = 0) -> Pages:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    if first:
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(first, last)
    with Pages(pdf) as pages:
        printing.prepare(printer, pages.size(0))
        printing.send(printer, pages)
    return Pages(tmp_path / "out.pdf")


def test_what_is_printed_is_what_the_pdf_shows(tmp_path, pdf):
    """Same size, ink in the same place, to a pixel at 72 dpi; orientation by page."""
    with printed(tmp_path, pdf) as out, Pages(pdf) as pages:
        assert len(out) == 3
        for number in range(3):
            assert out.size(number) == pytest.approx(pages.size(number), abs=1)
            one, other = ink_box(out, number), ink_box(pages, number)
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 1


def test_a_range_of_pages(tmp_path, pdf):
    with printed(tmp_path, pdf, 2, 3) as out:
        assert len(out) == 2
        assert out.size(1)[0] > out.size(1)[1]


def ink_box(pages: Pages, number: int) -> tuple[int, int, int, int]:
    image = print_preview.to_image(pages.image(number))
    dark = [
        (x, y) for y in range(image.height()) for x in range(image.width())
        if image.pixelColor(x, y).lightness() < 60
    ]
    across, down = [x for x, _ in dark], [y for _, y in dark]
    return min(across), min(down), max(across), max(down)


@pytest.mark.parametrize(("size", "name"), [
    ((595.3, 841.9), "A4"), ((1190.6, 841.9), "A3"), ((1683.8, 2383.9), "A1"),
])
def test_a_page_is_printed_on_a_sheet_of_its_size(size, name):
    assert printing.sheet_for(size).name().startswith(name)


def test_smaller_paper_shrinks_the_page_instead_of_cutting_it(tmp_path, pdf):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "small.pdf"))
    with Pages(pdf) as pages:
        printing.prepare(printer, pages.size(0))
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
        printing.send(printer, pages)
        whole = ink_box(pages, 0)
    with Pages(tmp_path / "small.pdf") as out:
        width, height = out.size(0)
        left, _top, right, bottom = ink_box(out, 0)
    assert right < width
    assert bottom < height
    assert (right - left) / (whole[2] - whole[0]) == pytest.approx(0.705, abs=0.02)
