"""A workbook that others fill in and hand back, written: what may be filled in is white and unlocked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from io import BytesIO
from typing import Any

from mbo_desktop.errors import FileWriteError
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.form_layout import (
    BASE,
    CHECK,
    FACTS_ROW,
    FIRST_ROW,
    GUIDE_ROW,
    HEAD_ROW,
    LISTS,
    NUMBER,
    RECORD,
    ROWS_LIMIT,
    TITLE_ROW,
    FormBook,
    FormColumn,
    FormRow,
    FormSheet,
    Kind,
    Value,
    base_of,
    check_code,
    facts_text,
    plain_value,
)

Progress = Callable[[int, int, str], None]
_PAPERS = {"A3": 8, "A4": 9}
_TEXT_FORMAT_LIMIT = 255
"""Longer texts in a cell of the format 文本 are shown as ##### by Excel."""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def book_bytes(book: FormBook, progress: Progress | None = None) -> bytes:
    """The workbook as the bytes of an .xlsx file; raises FileWriteError for what no sheet holds."""
    from lxml.etree import LxmlError
    from openpyxl import Workbook

    if any(len(sheet.rows) > ROWS_LIMIT for sheet in book.sheets):
        raise FileWriteError(f"表格超过 {ROWS_LIMIT:,} 行。", "请按单位分别导出。")
    made = Workbook()
    made.remove(made.worksheets[0])
    looks = _Looks(made)
    pages = [made.create_sheet(sheet.name) for sheet in book.sheets]
    lists = _put_lists(made, book)
    for page, sheet in zip(pages, book.sheets, strict=True):
        _put_top(page, book.purpose, sheet, looks)
        _put_rows(page, book.purpose, sheet, looks, progress)
        _validate(page, sheet, lists)
        _protect(page, sheet)
        _set_page(page, sheet, book.paper)
    stream = BytesIO()
    try:
        # The sheets pass through the system's folder for temporary files.
        made.save(stream)
    except (OSError, LxmlError) as error:
        raise FileWriteError(
            f"制作表格时写临时文件出错({getattr(error, 'strerror', None) or error})。",
            "请检查系统盘的剩余空间后再试。",
        ) from error
    return stream.getvalue()


class _Looks:
    """The styles of a form, each put together once and then copied: that is most of the time."""

    def __init__(self, book: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        line = Side(style="thin", color="A6ABB3")
        self.border = Border(left=line, right=line, top=line, bottom=line)
        self.fills = {
            "grey": PatternFill("solid", fgColor="EEF0F3"),
            "head": PatternFill("solid", fgColor="DCE3EC"),
        }
        self.fonts = {
            "plain": Font(name="宋体", size=10.5), "bold": Font(name="宋体", size=10.5, bold=True),
            "muted": Font(name="宋体", size=10.5, color="7A808A"),
            "small": Font(name="宋体", size=9, color="5A616B"),
            "title": Font(name="黑体", size=16, bold=True),
        }
        self.alignments = {
            "centre": Alignment(horizontal="center", vertical="center", wrap_text=True),
            "left": Alignment(horizontal="left", vertical="center", wrap_text=True),
            "right": Alignment(horizontal="right", vertical="center"),
            "line": Alignment(horizontal="left", vertical="center"),
            # Centred over the columns without merging: merged cells are what breaks such files.
            "across": Alignment(horizontal="centerContinuous", vertical="center"),
        }
        for depth in range(9):
            self.alignments[f"indent{depth}"] = Alignment(
                horizontal="left", vertical="center", wrap_text=True, indent=depth
            )
        self.open = Protection(locked=False)
        self._scratch = book.create_sheet("scratch").cell(1, 1)
        book.remove(self._scratch.parent)
        self._made: dict[tuple[str, str, str, str, bool, bool], Any] = {}

    def style(
        self, cell: Any, font: str, alignment: str, *, fill: str = "", is_open: bool = False,
        is_framed: bool = True,
    ) -> None:
        """Give a cell its look; its number format and quote sign stay."""
        key = (font, alignment, fill, cell.number_format, is_open, is_framed)
        quoted = cell.quotePrefix
        if key not in self._made:
            model = copy(self._scratch)
            model.font, model.alignment = self.fonts[font], self.alignments[alignment]
            model.number_format = cell.number_format
            if fill:
                model.fill = self.fills[fill]
            if is_framed:
                model.border = self.border
            if is_open:
                model.protection = self.open
            self._made[key] = model._style  # noqa: SLF001 - setting the parts one by one is most of the time
        cell._style = copy(self._made[key])  # noqa: SLF001
        if quoted:
            cell.quotePrefix = True


def _put_lists(made: Any, book: FormBook) -> dict[str, str]:
    """The hidden sheet of names to pick from; by list the range it stands in."""
    from openpyxl.utils import get_column_letter

    used = {name: texts for name, texts in book.lists.items() if texts}
    if not used:
        return {}
    sheet = made.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    ranges = {}
    for number, (name, texts) in enumerate(used.items(), start=1):
        letter = get_column_letter(number)
        put_value(sheet.cell(1, number), name)
        for row, text in enumerate(texts, start=2):
            put_value(sheet.cell(row, number), text)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(texts) + 1}"
    sheet.protection.sheet = True
    return ranges


def _put_top(page: Any, purpose: str, sheet: FormSheet, looks: _Looks) -> None:
    count = len(sheet.columns) + 1
    for row, text, font, alignment in (
        (TITLE_ROW, sheet.title, "title", "across"), (GUIDE_ROW, sheet.guide, "small", "line"),
        (FACTS_ROW, sheet.facts_line, "plain", "line"),
    ):
        cell = page.cell(row, 1)
        put_value(cell, text)
        looks.style(cell, font, alignment, is_framed=False)
    for number in range(2, count + 1):
        looks.style(page.cell(TITLE_ROW, number), "title", "across", is_framed=False)
    at = count - 2 * len(sheet.signers) + 1
    for place, label in enumerate(sheet.signers):
        cell = page.cell(FACTS_ROW, at + 2 * place)
        put_value(cell, label)
        looks.style(cell, "plain", "right", is_framed=False)
        looks.style(page.cell(FACTS_ROW, at + 2 * place + 1), "plain", "left", is_open=True)
    # Beside the facts that are shown, in the first of the hidden columns.
    put_value(page.cell(FACTS_ROW, count + 1), facts_text(purpose, sheet))
    heads = (NUMBER, *(column.head for column in sheet.columns), RECORD, BASE, CHECK)
    for number, head in enumerate(heads, start=1):
        cell = page.cell(HEAD_ROW, number)
        put_value(cell, head)
        looks.style(cell, "bold", "centre", fill="head")
    for row, height in ((TITLE_ROW, 30), (GUIDE_ROW, 18), (FACTS_ROW, 22), (HEAD_ROW, 32)):
        page.row_dimensions[row].height = height


def _put_rows(
    page: Any, purpose: str, sheet: FormSheet, looks: _Looks, progress: Progress | None
) -> None:
    facts = facts_text(purpose, sheet)
    hidden = len(sheet.columns) + 2
    for place, row in enumerate(sheet.rows):
        if progress is not None and place % 200 == 0:
            progress(place, len(sheet.rows), "写出表格")
        line = FIRST_ROW + place
        cell = page.cell(line, 1)
        put_value(cell, row.number)
        looks.style(cell, "plain", "centre", fill="grey")
        for number, column in enumerate(sheet.columns, start=2):
            _put_cell(page.cell(line, number), row, column, looks)
        base = base_of(row)
        check = check_code(facts, row.record, row.number, base)
        for number, text in enumerate((row.record, base, check), start=hidden):
            put_value(page.cell(line, number), text)
        page.row_dimensions[line].height = _height(row, sheet.columns)


def _height(row: FormRow, columns: Sequence[FormColumn]) -> float:
    """Points for the tallest cell: not every program grows a row to its wrapped text."""
    most = 1
    for column in columns:
        value = row.cells.get(column.key)
        if isinstance(value, Decimal):
            # Numbers are not wrapped.
            continue
        text = plain_value(value)
        room = column.width - 1.5 - (2.2 * min(row.depth, 8) if column.key == "title" else 0)
        wide = sum(2.0 if ord(letter) > 0x2E80 else 1.1 for letter in text)
        most = max(most, -int(-wide // max(room, 4)))
    return 8 + 14.0 * min(most, 25)


def _put_cell(cell: Any, row: FormRow, column: FormColumn, looks: _Looks) -> None:
    value = row.cells.get(column.key)
    put_value(cell, value)
    if column.kind is Kind.DATE:
        cell.number_format = "yyyy-mm-dd"
    elif column.as_text:
        cell.number_format = "@"
    is_locked = column.locked or column.key in row.locked
    font = "muted" if column.key in row.inherited else "plain"
    if row.depth == 0 and column.key == "title":
        font = "bold"
    if column.key == "title":
        alignment = f"indent{min(row.depth, 8)}"
    elif column.kind in (Kind.NUMBER, Kind.AMOUNT) or isinstance(value, Decimal):
        alignment = "right"
    elif column.kind is Kind.DATE or column.width <= 10:
        alignment = "centre"
    else:
        alignment = "left"
    looks.style(cell, font, alignment, fill="grey" if is_locked else "", is_open=not is_locked)


def put_value(cell: Any, value: Value) -> None:
    """A value that says what it is: text stays text, numbers keep all their digits."""
    if isinstance(value, Decimal):
        as_float = float(value)
        if Decimal(f"{as_float:.15g}") == value:
            cell.value = as_float if value % 1 else int(value)
            digits = len(plain_value(value).lstrip("-").replace(".", ""))
            if digits > 10:
                # General would show, and a reader take, fewer digits.
                exponent = value.normalize().as_tuple().exponent
                places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
                cell.number_format = "0." + "0" * places if places else "0"
            return
        value = plain_value(value)
    if isinstance(value, str):
        text = clean(value)[0]
        if not text:
            return
        cell.value = text
        # openpyxl takes a leading = for a formula unless the type is set after the value.
        cell.data_type = "s"
        if len(text) <= _TEXT_FORMAT_LIMIT:
            cell.number_format = "@"
        if text.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value


def _validate(page: Any, sheet: FormSheet, lists: Mapping[str, str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not sheet.rows:
        return
    last = FIRST_ROW + len(sheet.rows) - 1
    for number, column in enumerate(sheet.columns, start=2):
        if column.locked:
            continue
        letter = get_column_letter(number)
        rule: Any = None
        if column.choices in lists:
            rule = DataValidation(type="list", formula1=lists[column.choices], allow_blank=True)
            rule.errorStyle = "stop" if column.strict else "warning"
            rule.error = (
                "请从列表中选取。" if column.strict else "列表中没有这一项；确认无误可以保留。"
            )
        elif column.kind in (Kind.NUMBER, Kind.AMOUNT):
            rule = DataValidation(
                type="decimal", operator="between", formula1="-1E+14", formula2="1E+14",
                allow_blank=True,
            )
            rule.errorStyle = "warning" if column.words else "stop"
            rule.error = (
                f"这一格填数字，或“{'”“'.join(column.words)}”。" if column.words
                else "这一格只填数字。"
            )
        if rule is None:
            continue
        rule.errorTitle, rule.showErrorMessage = column.head, True
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        page.add_data_validation(rule)


def _protect(page: Any, sheet: FormSheet) -> None:
    """No password: whoever must repair the file can; the check codes tell what was done."""
    from openpyxl.utils import get_column_letter

    page.column_dimensions["A"].width = 6
    for number, column in enumerate(sheet.columns, start=2):
        page.column_dimensions[get_column_letter(number)].width = column.width
    for number in range(len(sheet.columns) + 2, len(sheet.columns) + 5):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 9
        page.column_dimensions[letter].hidden = True
    page.protection.sheet = True
    page.protection.formatColumns = False
    page.protection.formatRows = False
    page.freeze_panes = f"C{FIRST_ROW}"


def _set_page(page: Any, sheet: FormSheet, paper: str) -> None:
    from openpyxl.utils import get_column_letter

    setup = page.page_setup
    setup.orientation, setup.paperSize = "landscape", _PAPERS[paper]
    setup.fitToWidth, setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    last = FIRST_ROW + max(len(sheet.rows), 1) - 1
    page.print_area = f"A1:{get_column_letter(len(sheet.columns) + 1)}{last}"
    page.oddFooter.center.text = "第 &P 页 共 &N 页"
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.75
    page.page_margins.footer = 0.35
    page.print_options.horizontalCentered = True
