"""What was copied in Word, Excel or WPS, as the same source a file gives."""

from __future__ import annotations

from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.html import tables_of_html, text_of_html
from mbo_desktop.spreadsheets.source import Source
from mbo_desktop.spreadsheets.table import Problem
from mbo_desktop.spreadsheets.text import table_of_text

CLIPBOARD = "剪贴板"


def read_html(markup: str) -> Source:
    """Tables and text of the HTML flavour: spans are merges, list numbers are kept."""
    return Source(CLIPBOARD, tuple(tables_of_html(markup, CLIPBOARD)), text_of_html(markup, CLIPBOARD))


def read_text(text: str) -> Source:
    """Tab-separated cells (quoted ones may hold line breaks) as a table, anything else as text."""
    if "\t" in text:
        table = table_of_text(text, CLIPBOARD, delimiter="\t")
        if table is not None and table.width > 1:
            return Source(CLIPBOARD, (table,), "")
    lines, said = clean(text.replace("\0", "\ufeff"), is_cell=False)
    problems = (Problem("", "", said, is_notice=True),) if said else ()
    return Source(CLIPBOARD, (), lines, problems)


def read_clipboard(markup: str, text: str) -> Source:
    """The better of the two flavours: HTML when it holds a table or list numbers, else the text."""
    if markup:
        source = read_html(markup)
        if source.tables or (source.text and "mso-list" in markup):
            return source
    return read_text(text)
