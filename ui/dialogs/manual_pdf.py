"""The manual on paper: the whole as one PDF, and the keys on one A4."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from mbo_desktop import PRODUCT_NAME, __version__, clock
from mbo_desktop.documents.manual_book import ManualBook, ManualChapter, card_pdf, manual_pdf
from mbo_desktop.documents.manual_text import pictures_in
from ui import manual_text
from ui.dialogs.print_preview import PrintPreview
from ui.manual_text import FOLDER

CARD = "keys"
"""The page that is printed on one A4."""


def whole_book(day: date) -> ManualBook:
    """All chapters with their pictures, in the order of the contents."""
    made = []
    for chapter in manual_text.chapters():
        text = manual_text.path_of(chapter.name).read_text("utf-8")
        pictures = {path: (FOLDER / path).read_bytes() for path in pictures_in(text)}
        made.append(ManualChapter(chapter.title, text, pictures, chapter.part))
    lines = ("使用说明", f"版本 {__version__}", f"{day.year}年{day.month}月{day.day}日")
    return ManualBook(PRODUCT_NAME, lines, tuple(made))


def book_bytes() -> bytes:
    """The whole manual as a PDF; takes some seconds."""
    return manual_pdf(whole_book(clock.today()))[0]


def card_bytes() -> bytes:
    """The keys on one A4."""
    return card_pdf("按键一览", manual_text.path_of(CARD).read_text("utf-8"))[0]


def show_book(data: bytes, parent: QWidget) -> PrintPreview:
    """The manual to look at, save and print."""
    preview = PrintPreview(
        data, QCoreApplication.translate("manual", "{}使用说明").format(PRODUCT_NAME), parent)
    preview.show()
    return preview


def show_card(parent: QWidget) -> PrintPreview:
    """The key card to look at, save and print."""
    preview = PrintPreview(card_bytes(), QCoreApplication.translate("manual", "按键一览"), parent)
    preview.show()
    return preview
