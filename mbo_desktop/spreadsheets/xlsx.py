"""Excel workbooks, small and very large: one streaming pass over the sheet's own XML.

Values, number formats, formulas and merges are read together, so the same file means the
same at 20 rows and at 200,000; the declared size of the sheet (wrong in many WPS files) is
not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.archive import Archive, damaged
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.collector import resting
from mbo_desktop.spreadsheets.number_format import BUILT_IN, NumberFormat
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Problem, Table, column_letters

Progress = Callable[[int, int, str], None]
"""(done, total, text); total 0 where it is not known."""

CELLS_LIMIT = 6_000_000
ROWS_LIMIT = 1_048_576
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str


def read_xlsx(path: Path, progress: Progress | None = None) -> list[Table]:
    """The visible sheets that hold anything; raises FileReadError."""
    with resting(), Archive(path) as archive:
        book = _Book(archive)
        tables = []
        for number, sheet in enumerate(book.sheets):
            if progress:
                progress(number, len(book.sheets), f"读取工作表“{sheet.name}”")
            table = _SheetReader(book, sheet, path.name, progress).read()
            if table.rows or table.problems:
                tables.append(table)
    if book.problems:
        first = tables[0] if tables else Table(path.name, "", ())
        told = Table(
            first.source, first.sheet, first.rows, first.merges,
            problems=(*book.problems, *first.problems),
        )
        tables[:1] = [told]
    return tables


class _Book:
    """What the sheets of a workbook share: texts, number formats, the date system."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.problems: list[Problem] = []
        part = next(
            (to for kind, to in archive.relations("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        root = archive.tree(part)
        if root is None:
            raise damaged(archive.name)
        relations = archive.relations(part)
        properties = root.find("{*}workbookPr")
        flag = properties.get("date1904") if properties is not None else None
        self.date_1904 = flag in ("1", "true", "on")
        self.sheets = self._visible_sheets(root, relations)
        kinds = dict(relations.values())
        self.texts = self._shared_texts(kinds.get("sharedStrings", "xl/sharedStrings.xml"))
        self.formats = self._number_formats(kinds.get("styles", "xl/styles.xml"))

    def _visible_sheets(self, root: Any, relations: dict[str, tuple[str, str]]) -> list[_Sheet]:
        sheets = []
        for element in root.iterfind("{*}sheets/{*}sheet"):
            name = element.get("name") or ""
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            kind, part = relations.get(link, ("", ""))
            if kind != "worksheet" or part not in self.archive.names:
                if kind not in ("chartsheet", "dialogsheet"):
                    raise damaged(self.archive.name)
                self._say(name, "是图表页,没有表格", "未导入")
            elif element.get("state") in ("hidden", "veryHidden"):
                if not name.startswith("WpsReserved"):
                    self._say(name, "是隐藏的工作表", "未导入;需要的请取消隐藏后再导入")
            else:
                sheets.append(_Sheet(name, part))
        return sheets

    def _say(self, sheet: str, reason: str, kept: str) -> None:
        self.problems.append(Problem(f"工作表“{sheet}”", "", reason, kept, is_notice=True))

    def _shared_texts(self, part: str) -> list[Cell]:
        """Each shared text as the cell it makes, cleaned, with what was said about it."""
        if part not in self.archive.names:
            return []
        items = self.archive.elements(part, "si")
        return [_text_cell(*clean(_text_of(item), escapes=True)) for item in items]

    def _number_formats(self, part: str) -> list[NumberFormat]:
        """The number format of every cell style, by style number."""
        root = self.archive.tree(part)
        if root is None:
            return [NumberFormat("General")]
        codes = dict(BUILT_IN)
        for element in root.iterfind("{*}numFmts/{*}numFmt"):
            codes[int(element.get("numFmtId") or 0)] = element.get("formatCode") or "General"
        made: dict[str, NumberFormat] = {}
        formats = []
        for element in root.iterfind("{*}cellXfs/{*}xf"):
            code = codes.get(int(element.get("numFmtId") or 0), "General")
            if code not in made:
                made[code] = NumberFormat(code)
            formats.append(made[code])
        return formats or [NumberFormat("General")]


class _SheetReader:
    """One pass over one sheet."""

    def __init__(
        self, book: _Book, sheet: _Sheet, source: str, progress: Progress | None
    ) -> None:
        self.book, self.sheet, self.source, self.progress = book, sheet, source, progress
        self.rows: list[tuple[Cell, ...]] = []
        self.merges: list[Merge] = []
        self.problems: list[Problem] = []
        self.cells = 0
        self.rounded: list[str] = []
        self.rounded_count = 0
        self.hidden_rows = 0
        self.columns: dict[str, int] = {}
        self.letters = [column_letters(column) for column in range(256)]
        self.numbers: dict[tuple[str, str], Cell] = {}
        self.cleaned: dict[str, tuple[str, str]] = {}

    def read(self) -> Table:
        """The sheet as a table, trailing empty rows and cells left off."""
        tags = ("row", "mergeCell", "drawing", "legacyDrawing", "col")
        for element in self.book.archive.elements(self.sheet.part, *tags):
            kind = element.tag.rpartition("}")[2]
            if kind == "row":
                self._take_row(element)
            elif kind == "mergeCell":
                self._take_merge(element.get("ref") or "")
            elif kind == "drawing":
                self._say("", "表上有浮动的图片、图形或文本框", "未导入其中内容")
            elif kind == "col" and element.get("hidden") in ("1", "true"):
                first = column_letters(int(element.get("min") or 1) - 1)
                self._say(f"{first}列", "是隐藏的列", "已照常读取")
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        if self.hidden_rows:
            self._say("", f"有 {self.hidden_rows} 个隐藏行", "已照常读取")
        if self.rounded_count:
            places = "、".join(self.rounded) + ("等" if self.rounded_count > 3 else "")
            self._say(
                places, f"{self.rounded_count} 个单元格保存的小数位多于显示的", "按显示的数读取"
            )
        return Table(
            self.source, self.sheet.name, tuple(self.rows), tuple(self.merges),
            problems=tuple(self.problems),
        )

    def _say(self, place: str, reason: str, kept: str) -> None:
        self.problems.append(Problem(place, "", reason, kept, is_notice=True))

    def _take_row(self, element: Any) -> None:
        number = element.get("r")
        index = int(number) - 1 if number else len(self.rows)
        if len(element) == 0:
            return
        if index < len(self.rows) or index >= ROWS_LIMIT:
            raise damaged(self.source)
        cells: list[Cell] = []
        letters, line = self.letters, str(index + 1)
        column = -1
        for child in element:
            column += 1
            # Mostly the cells follow one another; then their references need no reading.
            if column >= 256 or child.get("r") != letters[column] + line:
                column = self._column(child, column)
            cell = self._cell(child, index, column)
            if cell is not EMPTY:
                while len(cells) < column:
                    cells.append(EMPTY)
                cells.append(cell)
        if not cells:
            return
        if element.get("hidden") in ("1", "true"):
            self.hidden_rows += 1
        while len(self.rows) < index:
            self.rows.append(())
        self.rows.append(tuple(cells))
        self.cells += len(cells)
        if self.cells > CELLS_LIMIT:
            raise FileReadError(
                f"“{self.source}”的工作表“{self.sheet.name}”超过 {CELLS_LIMIT // 10_000} 万个单元格。",
                "请删去无关的行列,或拆成几个文件后再导入。",
            )
        if self.progress and len(self.rows) % 2000 == 0:
            self.progress(len(self.rows), 0, f"读取“{self.sheet.name}”第 {len(self.rows)} 行")

    def _column(self, element: Any, following: int) -> int:
        reference = element.get("r")
        if not reference:
            return following
        letters = reference.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
            if not 0 <= column < 16384:
                raise damaged(self.source)
        if column < following:
            raise damaged(self.source)
        return column

    def _cell(self, element: Any, row: int, column: int) -> Cell:
        kind = element.get("t")
        formula = value = None
        for child in element:
            tag = child.tag[-2:]
            if tag == "}v":
                value = child.text
            elif tag == "}f":
                formula = child.text or ""
            elif tag == "is":
                text, said = self._clean(_text_of(child))
                return _text_cell(text, said)
        if formula is not None:
            said = _formula_problem(formula, value)
            if said:
                text = value if value and "DISPIMG" in value else f"={formula}"
                return Cell(text, text, "General", said)
        if not value:
            return EMPTY
        if kind == "s":
            return self._shared(value)
        if kind is None or kind == "n":
            return self._number(value, element.get("s") or "0", row, column)
        return self._other(kind, value)

    def _shared(self, value: str) -> Cell:
        try:
            return self.book.texts[int(value)]
        except (ValueError, IndexError) as error:
            raise damaged(self.source) from error

    def _number(self, raw: str, style: str, row: int, column: int) -> Cell:
        known = self.numbers.get((raw, style))
        if known is not None:
            return known
        formats = self.book.formats
        number = int(style)
        form = formats[number] if number < len(formats) else formats[0]
        shown = form.show(raw, date_1904=self.book.date_1904)
        cell = Cell(shown.value, shown.text, form.code)
        if shown.is_rounded:
            self.rounded_count += 1
            if len(self.rounded) < 3:
                self.rounded.append(f"{column_letters(column)}{row + 1}")
        elif len(self.numbers) < 100_000:
            self.numbers[raw, style] = cell
        return cell

    def _other(self, kind: str, value: str) -> Cell:
        if kind == "e":
            return Cell(value, value, "General", f"单元格是错误值{value},请在原表中改正")
        if kind == "b":
            text = "是" if value in ("1", "true") else "否"
            return Cell(text, text)
        if kind == "d":
            return Cell(value[:10], value[:10])
        text, said = self._clean(value)
        return Cell(text, text, "@", said) if text or said else EMPTY

    def _clean(self, text: str) -> tuple[str, str]:
        """`clean`, remembered: ledgers repeat their texts."""
        known = self.cleaned.get(text)
        if known is None:
            known = clean(text, escapes=True)
            if len(text) < 200 and len(self.cleaned) < 100_000:
                self.cleaned[text] = known
        return known

    def _take_merge(self, reference: str) -> None:
        match = _RANGE.fullmatch(reference)
        if match:
            left, right = column_number(match[1]), column_number(match[3])
            self.merges.append(Merge(int(match[2]) - 1, left, int(match[4]) - 1, right))


def column_number(letters: str) -> int:
    """The column counted from 0: A → 0, AA → 26; -1 for what is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            return -1
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text_cell(text: str, said: str) -> Cell:
    return Cell(text, text, "@", said) if text or said else EMPTY


def _formula_problem(formula: str, value: str | None) -> str:
    """Why a formula cell cannot be taken at its value; "" when it can."""
    if "DISPIMG" in formula:
        return "单元格内是WPS图片,图片未导入"
    if value is None:
        return "公式没有保存计算结果,请在Excel或WPS中打开并保存一次后再导入"
    return ""


def _text_of(element: Any) -> str:
    """The text of a string item: its runs joined, phonetic hints left out."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return element[0].text or ""
    pieces = []
    for node in element.iter("{*}t"):
        parent = node.getparent()
        if parent is None or not parent.tag.endswith("}rPh"):
            pieces.append(node.text or "")
    return "".join(pieces)
