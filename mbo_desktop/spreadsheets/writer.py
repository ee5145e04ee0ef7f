"""Plain tables out: an .xlsx in which text stays text, whatever it begins with."""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mbo_desktop.errors import FileWriteError, InputError
from mbo_desktop.spreadsheets.cell_text import clean

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | Decimal | date | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
ROWS_LIMIT = 1_048_576
_WIDEST = 60
_BREAKS = 36


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table on a sheet of its own."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    title: str = ""
    sheet: str = "Sheet1"
    is_paper: bool = False
    """Meant to be printed too: lines, widths after the texts, across the page. `rows` is a sequence."""


def write_table(
    path: Path,
    heads: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    title: str = "",
    sheet: str = "Sheet1",
) -> int:
    """Write one table to an .xlsx file and return the number of rows written below the head.

    The file appears whole or not at all. Raises FileWriteError; InputError for more rows than
    a sheet holds.
    """
    return write_tables(path, [SheetTable(heads, rows, title, sheet)])


def write_tables(path: Path, tables: Sequence[SheetTable]) -> int:
    """Write each table to a sheet of its own; returns and raises as `write_table`."""
    import openpyxl
    from lxml.etree import LxmlError
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook(write_only=True)
    written = 0
    is_saving = False
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        for table in tables:
            written += _put_table(book.create_sheet(_sheet_name(table.sheet)), table)
        with beside.open("wb") as file:
            is_saving = True
            book.save(file)
        beside.replace(path)
    except PermissionError as error:
        raise FileWriteError(
            f"不能写入“{path.name}”,文件可能正在Excel或WPS中打开,或文件夹是只读的。",
            "请关闭该文件,或换一个文件夹后再导出。",
        ) from error
    except (OSError, IllegalCharacterError, LxmlError) as error:
        raise FileWriteError(
            f"写入“{path.name}”时出错({getattr(error, 'strerror', None) or error})。",
            "请检查磁盘剩余空间,或换一个文件夹后再导出。",
        ) from error
    finally:
        if not is_saving:
            # openpyxl keeps a half-written sheet open until the book is is_saving somewhere.
            with contextlib.suppress(OSError, LxmlError):
                book.save(io.BytesIO())
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return written


def _put_table(page: Any, table: SheetTable) -> int:
    page.freeze_panes = f"A{3 if table.title else 2}"
    rows: Iterable[Sequence[Value]] = table.rows
    ruled: Callable[[Any], Any] = _unruled
    if table.is_paper:
        rows = list(rows)
        ruled = _ruler()
        _set_page(page, 2 if table.title else 1)
    _set_widths(page, table.heads, rows if isinstance(rows, list) else ())
    if table.title:
        page.append([_cell(page, table.title, bold=True)])
    page.append([ruled(_cell(page, head, bold=True)) for head in table.heads])
    written = 0
    for row in rows:
        written += 1
        if written + 2 > ROWS_LIMIT:
            raise InputError(
                f"表格超过 {ROWS_LIMIT:,} 行,一个工作表放不下。", "请先筛选后再导出。"
            )
        page.append([ruled(_cell(page, value)) for value in row])
    return written


def _unruled(made: Any) -> Any:
    return made


def _ruler() -> Callable[[Any], Any]:
    """Puts thin lines around a cell and breaks its text within its width."""
    from openpyxl.styles import Alignment, Border, Side

    side = Side(style="thin")
    border = Border(left=side, right=side, top=side, bottom=side)
    alignment = Alignment(vertical="center", wrap_text=True)

    def rule(made: Any) -> Any:
        made.border = border
        made.alignment = alignment
        return made

    return rule


def _set_page(page: Any, heads: int) -> None:
    """Across the sheet, as wide as one page, the heads on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_title_rows = f"1:{heads}"


def _cell(page: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Any:
    """A cell that says what it holds: text is marked as text, so that no program computes it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = WriteOnlyCell(page)
    if isinstance(value, str):
        text = clean(value)[0]
        made.value = text
        # openpyxl takes a leading = for a formula unless the type is set after the value.
        made.data_type = "s"
        made.number_format = "@"
        if text.startswith(_DANGEROUS):
            made.style = made.style
            made.quotePrefix = True
    elif isinstance(value, Decimal):
        _put_number(made, value)
    elif isinstance(value, date):
        made.value = value
        made.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    elif value is not None:
        made.value = value
    if bold:
        made.font = Font(bold=True)
    return made


def _put_number(made: Any, value: Decimal) -> None:
    """A decimal as a number where Excel keeps all its digits, else as text."""
    as_float = float(value)
    if not math.isfinite(as_float) or Decimal(f"{as_float:.15g}") != value:
        made.value = f"{value:f}"
        made.data_type = "s"
        made.number_format = "@"
        return
    made.value = value
    exponent = value.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    made.number_format = "0." + "0" * digits if digits else "0"


def _set_widths(page: Any, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """As wide as the head, or, of a paper, as the widest text up to a point where it breaks."""
    from openpyxl.utils import get_column_letter

    for number, head in enumerate(heads, start=1):
        least = _width(head) + 4
        texts = max((_width(str(row[number - 1] or "")) + 2 for row in rows), default=0)
        width = max(least if not rows else least - 2, min(texts, _BREAKS), 10 if not rows else 6)
        page.column_dimensions[get_column_letter(number)].width = min(width, _WIDEST)


def _width(text: str) -> int:
    """In letters of Latin width."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _sheet_name(name: str) -> str:
    """A name Excel accepts: 31 characters, none of \\ / ? * : [ ]."""
    kept = "".join("_" if letter in "\\/?*:[]" else letter for letter in name).strip("'")
    return kept[:31] or "Sheet1"
