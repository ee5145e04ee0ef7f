"""The decomposition ledger as a workbook that a unit without the program fills in and hands back.

What may be filled in is white and unlocked, everything else grey and locked. Hidden columns
carry each row's record, what stood in it when the file was made, and a check code over both,
so that `decomposition_return` can tell what was changed and whether rows were shifted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any

from mbo_desktop.errors import FileWriteError
from mbo_desktop.spreadsheets.cell_text import clean

Value = str | Decimal | date | None
Progress = Callable[[int, int, str], None]

FORMAT = "mbo-decomposition-ledger"
VERSION = 1
TITLE_ROW, GUIDE_ROW, FACTS_ROW, HEAD_ROW = 1, 2, 3, 4
FIRST_ROW = 5
NUMBER, RECORD, BASE, CHECK = "序号", "记录号", "原值", "校验码"
"""Heads of the locked columns: the first one shown, the others hidden at the far right."""
SHEET, LISTS = "分解台账", "清单"
GUIDE = (
    "填写说明：白色的格可以填写，灰色的格不要改；灰色的字沿用上级，需要另定时直接改写。"
    "不要增加、删除、移动行列，不要合并单元格；计划填自年初起的累计数；填好后按原格式保存交回。"
)


class Kind(Enum):
    """How a column's cells are written and read."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column of the ledger; choices names a list that its cells are picked from."""

    key: str
    head: str
    kind: Kind = Kind.TEXT
    width: float = 12.0
    choices: str = ""
    strict: bool = False
    """Whether only what the list holds is accepted by the spreadsheet."""
    sign: str = ""
    """A sign that may stand behind its numbers (%)."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row: its record's name, its place, its cells; `locked` and `inherited` name columns."""

    record: str
    number: str
    depth: int
    cells: Mapping[str, Value]
    locked: frozenset[str] = frozenset()
    inherited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LedgerBook:
    """All a ledger file holds; facts are what the file is about, told again when it comes back."""

    title: str
    facts_line: str
    facts: Mapping[str, str | int]
    columns: tuple[LedgerColumn, ...]
    rows: tuple[LedgerRow, ...]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def plain_value(value: Value) -> str:
    """A cell's value as it is compared and kept: numbers without exponent, days as ISO dates."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return clean(value)[0].strip()


def base_of(row: LedgerRow) -> str:
    """What stood in a row when the file was made, as kept in its hidden cell."""
    kept = {key: text for key, value in row.cells.items() if (text := plain_value(value))}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_code(facts: str, record: str, number: str, base: str) -> str:
    """Eight signs that no longer fit when record, number or base of a row were changed or mixed up."""
    text = "\x1f".join((facts, record, number, base))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def facts_text(book: LedgerBook) -> str:
    """What the file is about, as kept in its hidden cell."""
    facts = {"format": FORMAT, "version": VERSION, **book.facts, "rows": len(book.rows)}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def book_bytes(book: LedgerBook, progress: Progress | None = None) -> bytes:
    """The workbook as the bytes of an .xlsx file; raises FileWriteError for what no sheet holds."""
    from openpyxl import Workbook

    if len(book.rows) > 100_000:
        raise FileWriteError("台账超过 100,000 行。", "请按单位分别导出。")
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = SHEET
    lists = _put_lists(made, book)
    _put_top(sheet, book)
    _put_rows(sheet, book, progress)
    _validate(sheet, book, lists)
    _protect(sheet, book)
    _page(sheet, book)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


class _Looks:
    """The styles of the ledger, each made once."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        line = Side(style="thin", color="A6ABB3")
        self.border = Border(left=line, right=line, top=line, bottom=line)
        self.grey = PatternFill("solid", fgColor="EEF0F3")
        self.head = PatternFill("solid", fgColor="DCE3EC")
        self.font = Font(name="宋体", size=10.5)
        self.bold = Font(name="宋体", size=10.5, bold=True)
        self.muted = Font(name="宋体", size=10.5, color="7A808A")
        self.title = Font(name="黑体", size=16, bold=True)
        self.centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.left = Alignment(horizontal="left", vertical="center", wrap_text=True)
        self.right = Alignment(horizontal="right", vertical="center")
        self.line = Alignment(horizontal="left", vertical="center")
        self.indents = [
            Alignment(horizontal="left", vertical="center", wrap_text=True, indent=depth)
            for depth in range(9)
        ]
        self.open = Protection(locked=False)


def _put_lists(made: Any, book: LedgerBook) -> dict[str, str]:
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
        _put(sheet.cell(1, number), name)
        for row, text in enumerate(texts, start=2):
            _put(sheet.cell(row, number), text)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(texts) + 1}"
    sheet.protection.sheet = True
    return ranges


def _put_top(sheet: Any, book: LedgerBook) -> None:
    looks = _Looks()
    count = len(book.columns) + 1
    for row, text in ((TITLE_ROW, book.title), (GUIDE_ROW, GUIDE), (FACTS_ROW, book.facts_line)):
        cell = sheet.cell(row, 1)
        _put(cell, text)
        cell.font = looks.title if row == TITLE_ROW else looks.font
        cell.alignment = looks.line
    # Beside the facts that are shown, in the first of the hidden columns.
    _put(sheet.cell(FACTS_ROW, count + 1), facts_text(book))
    heads = (NUMBER, *(column.head for column in book.columns), RECORD, BASE, CHECK)
    for number, head in enumerate(heads, start=1):
        cell = sheet.cell(HEAD_ROW, number)
        _put(cell, head)
        cell.font, cell.fill = looks.bold, looks.head
        cell.border, cell.alignment = looks.border, looks.centre
    sheet.row_dimensions[TITLE_ROW].height = 30
    sheet.row_dimensions[GUIDE_ROW].height = 20
    sheet.row_dimensions[FACTS_ROW].height = 20
    sheet.row_dimensions[HEAD_ROW].height = 32


def _put_rows(sheet: Any, book: LedgerBook, progress: Progress | None) -> None:
    looks = _Looks()
    facts = facts_text(book)
    hidden = len(book.columns) + 2
    for place, row in enumerate(book.rows):
        if progress is not None and place % 200 == 0:
            progress(place, len(book.rows), "写出台账")
        line = FIRST_ROW + place
        cell = sheet.cell(line, 1)
        _put(cell, row.number)
        cell.font, cell.fill, cell.border, cell.alignment = (
            looks.font, looks.grey, looks.border, looks.centre
        )
        for number, column in enumerate(book.columns, start=2):
            _put_cell(sheet.cell(line, number), row, column, looks)
        sheet.row_dimensions[line].height = _height(row, book.columns)
        base = base_of(row)
        check = check_code(facts, row.record, row.number, base)
        for number, text in enumerate((row.record, base, check), start=hidden):
            _put(sheet.cell(line, number), text)


def _height(row: LedgerRow, columns: Sequence[LedgerColumn]) -> float:
    """Points for the tallest cell: not every program grows a row to its wrapped text."""
    most = 1
    for column in columns:
        text = plain_value(row.cells.get(column.key))
        room = column.width - 1.5 - (2.2 * min(row.depth, 8) if column.key == "title" else 0)
        wide = sum(2.1 if ord(letter) > 0x2E80 else 1.1 for letter in text)
        most = max(most, -int(-wide // max(room, 4)))
    return 8 + 14.0 * min(most, 25)


def _put_cell(cell: Any, row: LedgerRow, column: LedgerColumn, looks: _Looks) -> None:
    value = row.cells.get(column.key)
    _put(cell, value)
    if column.kind is Kind.DATE:
        cell.number_format = "yyyy-mm-dd"
    is_locked = column.key in row.locked
    cell.font = looks.muted if column.key in row.inherited else looks.font
    if row.depth == 0 and column.key == "title":
        cell.font = looks.bold
    cell.border = looks.border
    if is_locked:
        cell.fill = looks.grey
    else:
        cell.protection = looks.open
    if column.key == "title":
        cell.alignment = looks.indents[min(row.depth, 8)]
    elif column.kind is Kind.NUMBER or isinstance(value, Decimal):
        cell.alignment = looks.right
    elif column.kind is Kind.DATE:
        cell.alignment = looks.centre
    else:
        cell.alignment = looks.left


def _put(cell: Any, value: Value) -> None:
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
        cell.number_format = "@"
        if text.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value


def _validate(sheet: Any, book: LedgerBook, lists: Mapping[str, str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not book.rows:
        return
    last = FIRST_ROW + len(book.rows) - 1
    for number, column in enumerate(book.columns, start=2):
        letter = get_column_letter(number)
        rule: Any = None
        if column.choices in lists:
            rule = DataValidation(type="list", formula1=lists[column.choices], allow_blank=True)
            rule.errorStyle = "stop" if column.strict else "warning"
            rule.error = (
                "请从列表中选取。" if column.strict else "列表中没有这一项；确认无误可以保留。"
            )
        elif column.kind is Kind.NUMBER:
            rule = DataValidation(
                type="decimal", operator="between", formula1="-1E+14", formula2="1E+14",
                allow_blank=True,
            )
            rule.error = "这一格只填数字。"
        if rule is None:
            continue
        rule.errorTitle, rule.showErrorMessage = column.head, True
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        sheet.add_data_validation(rule)


def _protect(sheet: Any, book: LedgerBook) -> None:
    """No password: whoever must repair the file can; the check codes tell what was done."""
    from openpyxl.utils import get_column_letter

    sheet.column_dimensions["A"].width = 8
    for number, column in enumerate(book.columns, start=2):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for number in range(len(book.columns) + 2, len(book.columns) + 5):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 9
        sheet.column_dimensions[letter].hidden = True
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = False
    protection.formatRows = False
    sheet.freeze_panes = f"C{FIRST_ROW}"


def _page(sheet: Any, book: LedgerBook) -> None:
    from openpyxl.utils import get_column_letter

    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", 8
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    last = FIRST_ROW + max(len(book.rows), 1) - 1
    sheet.print_area = f"A1:{get_column_letter(len(book.columns) + 1)}{last}"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
