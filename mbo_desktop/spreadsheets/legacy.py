"""Old and foreign workbooks (.xls, .xlsb, .ods) through calamine, formats of .xls beside it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.archive import damaged, encrypted
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.detect import FileKind
from mbo_desktop.spreadsheets.number_format import NumberFormat, plain
from mbo_desktop.spreadsheets.ods_size import cells_unfolded
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Problem, Table

MOST_UNFOLDED = 3_000_000
"""Cells of an .ods with its repeats written out; the largest ledgers have a tenth of that."""
if TYPE_CHECKING:
    from mbo_desktop.spreadsheets.xls_formats import XlsFormats

_NO_FORMATS = Problem(
    "", "", "这种格式读不出数字的显示格式,百分数可能显示为小数(58.3%读作0.583)",
    "请在预览中核对,或在WPS中另存为.xlsx后再导入", is_notice=True,
)


def read_legacy(path: Path, kind: FileKind) -> list[Table]:
    """The visible sheets that hold anything; raises FileReadError."""
    import python_calamine as calamine

    formats = None
    if kind is FileKind.XLS:
        from mbo_desktop.spreadsheets.xls_formats import XlsFormats

        formats = XlsFormats(path)
        if formats.is_encrypted:
            raise encrypted(path.name)
    else:
        from mbo_desktop.spreadsheets.archive import Archive

        # Opened once for its limits on inflated size.
        with Archive(path) as archive:
            if kind is FileKind.ODS and "content.xml" in archive.names:
                with archive.open("content.xml") as content:
                    unfolded = cells_unfolded(content.read(), MOST_UNFOLDED)
                if unfolded > MOST_UNFOLDED:
                    raise FileReadError(
                        f"“{path.name}”中有内容重复填充到了表的末尾,展开后超过{MOST_UNFOLDED // 10_000}万格。",
                        "请删去多余的行列(如整列填充的0)后另存为新文件再导入。",
                    )
    try:
        # By content: from_path would go by the name's ending.
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            return [
                table
                for number, data in enumerate(book.sheets_metadata)
                if data.typ == calamine.SheetTypeEnum.WorkSheet
                and (table := _sheet(book, data, path.name, formats, number)) is not None
            ]
    except calamine.PasswordError as error:
        raise encrypted(path.name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        if "assword" in str(error) or "ncrypted" in str(error):
            raise encrypted(path.name) from error
        raise damaged(path.name) from error
    except BaseException as error:
        # The Rust side panics on some damaged files; a panic is no Exception.
        if type(error).__name__ == "PanicException":
            raise damaged(path.name) from error
        raise


def _sheet(
    book: Any, data: Any, source: str, formats: XlsFormats | None, number: int
) -> Table | None:
    """One sheet as a table; None for an empty one."""
    import python_calamine as calamine

    sheet = book.get_sheet_by_name(data.name)
    if data.visible != calamine.SheetVisibleEnum.Visible:
        if sheet.height == 0:
            return None
        told = Problem(f"工作表“{data.name}”", "", "是隐藏的工作表", "未导入", is_notice=True)
        return Table(source, data.name, (), problems=(told,))
    if sheet.total_height > 1_048_576 or sheet.total_height * sheet.total_width > 20_000_000:
        raise FileReadError(
            f"“{source}”的工作表“{data.name}”过大。", "请删去无关的行列后另存为新文件再导入。"
        )
    rows = []
    has_fraction = False
    known = formats.of_sheet(number) if formats is not None else {}
    for index, line in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = [_cell(value, known.get((index, column))) for column, value in enumerate(line)]
        has_fraction = has_fraction or any(
            isinstance(value, float) and 0 < abs(value) < 1 for value in line
        )
        while cells and cells[-1] is EMPTY:
            cells.pop()
        rows.append(tuple(cells))
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        return None
    merges = tuple(
        Merge(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    problems = (_NO_FORMATS,) if has_fraction and formats is None else ()
    return Table(source, data.name, tuple(rows), merges, problems=problems)


def _cell(value: object, form: NumberFormat | None) -> Cell:
    if isinstance(value, str):
        text, said = clean(value)
        return Cell(text, text, "@", said) if text or said else EMPTY
    if isinstance(value, bool):
        return Cell("是" if value else "否", "是" if value else "否")
    if isinstance(value, int | float):
        number = Decimal(f"{value:.15g}")
        if form is not None and number.is_finite():
            shown = form.show(f"{number:f}")
            return Cell(shown.value, shown.text, form.code)
        return Cell(number, plain(number)) if number.is_finite() else EMPTY
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Cell(value, f"{value.year}年{value.month}月{value.day}日")
    if isinstance(value, time | timedelta):
        return Cell(str(value), str(value))
    return EMPTY
