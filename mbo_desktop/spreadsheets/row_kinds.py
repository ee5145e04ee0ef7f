"""Which rows of a ledger are indicators, and which are bands, totals, notes and repeated heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import tidy
from mbo_desktop.spreadsheets.heads import Head
from mbo_desktop.spreadsheets.proposal import ColumnGuess
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role

_NOTE = re.compile(r"[(\[【]?(?:备\s*注|注|说\s*明|附注|填表说明|几点说明|注释)\s*[0-9]*\s*[:.、)\]】]|※|\*\s*\S|注[0-9]")
_SIGN_OFF = re.compile(r"(?:填报人|审核人|单位负责人|负责人|制表人?|填表人|制表单位|填报日期|联系人|联系电话|分管领导签字|签字|盖章)[:(]")
_TOTAL = re.compile(r"(?:合计|总计|总分|共计|累计|分值合计|总分值|满分)(?:分值?)?(?:[:(].*)?$")
_SUBTOTAL = re.compile(r"小计")
_CHINESE = "一二三四五六七八九十"
_CHAPTER = re.compile(rf"(?:第?[{_CHINESE}]{{1,3}}(?:[、.．,:章节部]|部分|\s)+|([(（][{_CHINESE}]{{1,3}}[)）])[、.]?)\s*(?=\S)")
_CHAPTER_NUMBER = re.compile(rf"[{_CHINESE}]{{1,3}}[、.]?|[(（]([{_CHINESE}]{{1,3}})[)）]")
_POINTS_BEHIND = re.compile(r"[(（\[【]\s*(?:共|计|分值|权重|合计|总分|满分)?[:：]?\s*([0-9]+(?:\.[0-9]+)?)\s*(?:分|%)[^()（）]*[)）\]】]\s*$")
_COUNTED = re.compile(r"[(（]\s*共?计?\s*[0-9]{1,4}\s*[个项件家处]\s*[)）]$")
_OTHERWISE = re.compile(r"备|注|说\s*明|计|分$|满分|[*※]|填|审|制表|负责|联系|签字|[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_ORDINAL = re.compile(r"[0-9]{1,3}|[甲乙丙丁戊己庚辛壬癸]|[A-Z]|[(（][0-9]{1,2}[)）]|[①-⑳]|栏次|栏号")


class RowKind(Enum):
    """What one row is."""

    DATA = auto()
    BLANK = auto()
    BAND = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    NOTE = auto()
    REPEATED = auto()
    """A head, title or numbering of columns that a page repeats."""


@dataclass(frozen=True, slots=True)
class Band:
    """A row that only names a category: 一、工业经济(30分)."""

    name: str
    level: int
    """1 for 一、, 2 for (一) below it."""
    points: Decimal | None = None


class RowSorter:
    """Tells the kinds of rows apart for one table."""

    def __init__(self, grid: Grid, head: Head, columns: list[ColumnGuess]) -> None:
        self.grid, self.head, self.columns = grid, head, columns
        self.roles = {guess.index: guess.role for guess in columns}
        self.name = next((guess.index for guess in columns if guess.role is Role.NAME), 0)
        self._heads = {
            self._signature(row) for row in range(head.first, head.last + 1) if head.last >= 0
        }
        self._values = frozenset(
            guess.index for guess in columns
            if guess.role
            in (Role.TARGET, Role.GROWTH, Role.LAST_YEAR, Role.STRETCH, Role.ACTUAL, Role.SCORE)
        )
        self._value_order = sorted(self._values)
        self._head_names = {
            grid.text(row, self.name) for row in range(head.first, head.last + 1) if head.last >= 0
        }
        self._first_numbers = self.roles.get(0) is Role.NUMBER
        self._title = flat(head.title)
        self._noted = False

    def _signature(self, row: int) -> tuple[str, ...]:
        return tuple(flat(cell.text) for cell in self.grid.rows[row] if cell.text.strip())

    def kind(self, row: int) -> RowKind:
        """The kind of a row; rows are asked in order."""
        if self._is_plain(row):
            self._noted = False
            return RowKind.DATA
        filled = self.grid.filled(row)
        if not filled:
            return RowKind.BLANK
        first = tidy(self.grid.own(row, filled[0]).text)
        single = len(filled) == 1
        if _NOTE.match(first) and (single or filled[0] < self.name or self._is_wide(row, filled[0])):
            self._noted = True
            return RowKind.NOTE
        if _SIGN_OFF.match(first) or (single and _SIGN_OFF.search(first)):
            self._noted = True
            return RowKind.NOTE
        if self._is_repeated(row, filled, first):
            return RowKind.REPEATED
        total = self._total(row, filled)
        if total is not None:
            return total
        if single and self._noted:
            return RowKind.NOTE
        if self.band(row) is not None:
            return RowKind.BAND
        if not single:
            self._noted = False
        return RowKind.DATA

    def _is_plain(self, row: int) -> bool:
        """The usual row, told at a glance: a name, a figure, and no word that means otherwise."""
        line = self.grid.rows[row]
        if len(line) <= self.name:
            return False
        first, name = line[0].text, line[self.name].text
        if not name or (self._first_numbers and not first[:1].isdigit()):
            return False
        if _OTHERWISE.match(first) or _OTHERWISE.search(name) or name.strip() in self._head_names:
            return False
        return any(
            isinstance(line[column].value, Decimal) for column in self._value_order if column < len(line)
        )

    def _is_repeated(self, row: int, filled: list[int], first: str) -> bool:
        if self._signature(row) in self._heads:
            return True
        if len(filled) == 1:
            again = self._title and flat(self.grid.own(row, filled[0]).text).removesuffix("(续)").removesuffix("（续）") == self._title
            return bool(again) or bool(re.fullmatch(r"[(]?续表[)]?[0-9]*|第[0-9]+页.*", first))
        if row == self.head.last + 1 and len(filled) >= 3:
            texts = [tidy(self.grid.own(row, column).text) for column in filled]
            if all(_ORDINAL.fullmatch(text) for text in texts) and len(set(texts)) == len(texts):
                numbers = [int(text) for text in texts if text.isdigit()]
                return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
        return False

    def _total(self, row: int, filled: list[int]) -> RowKind | None:
        for column in filled:
            if column > max(self.name, filled[0]):
                break
            plain = tidy(self.grid.own(row, column).text)
            if _TOTAL.fullmatch(plain):
                return RowKind.TOTAL
            if _SUBTOTAL.search(plain) and len(plain) <= 12:
                return RowKind.SUBTOTAL
        return None

    def _is_wide(self, row: int, column: int) -> bool:
        """Merged over at least half of the table."""
        merge = self.grid.merge_at(row, column)
        return merge is not None and (merge.right - merge.left + 1) * 2 >= self.grid.width

    def band(self, row: int) -> Band | None:
        """The category that a row names when it is nothing but that."""
        filled = self.grid.filled(row)
        if not filled or filled[0] > self.name:
            return None
        if self.sums(row) and not self._is_counted(row, filled):
            return None
        texts = [column for column in filled if self.roles.get(column) is not Role.POINTS]
        if len(filled) == 1:
            return self._single_band(row, filled[0])
        if len(texts) == 1 and filled[0] == texts[0]:
            label = _CHAPTER.match(self.grid.text(row, texts[0]))
            return self._named(row, texts[0], label) if label else None
        if self._is_counted(row, filled):
            number = _CHAPTER_NUMBER.fullmatch(self.grid.text(row, filled[0]))
            return self._named(row, self.name, number)
        if len(texts) == 2 and texts[1] == self.name:
            number = _CHAPTER_NUMBER.fullmatch(self.grid.text(row, texts[0]))
            if number:
                return self._named(row, texts[1], number)
        return None

    def sums(self, row: int) -> list[int]:
        """The columns of figures that a row fills; in a band they are sums of what stands below."""
        return [c for c in self.grid.filled(row) if c in self._values and not self._is_wide(row, c)]

    def _is_counted(self, row: int, filled: list[int]) -> bool:
        """（一）| 续建项目（3个）: a heading that says how many stand below it."""
        number = self.grid.text(row, filled[0])
        name = self.grid.text(row, self.name)
        return bool(
            filled[0] < self.name and _CHAPTER_NUMBER.fullmatch(number) and _COUNTED.search(name)
        )

    def _single_band(self, row: int, column: int) -> Band | None:
        text = self.grid.text(row, column)
        label = _CHAPTER.match(text)
        merge = self.grid.merge_at(row, column)
        tall = merge is not None and merge.bottom > merge.top
        if tall or len(text) > 60:
            return None
        if label or self._is_wide(row, column):
            return self._named(row, column, label)
        if column < self.name and self.roles.get(column) is not Role.CATEGORY:
            return self._named(row, column, None)
        if column == self.name and _POINTS_BEHIND.search(text):
            return self._named(row, column, None)
        if self.roles.get(column) is Role.CATEGORY and not self.grid.text(row, self.name):
            return self._named(row, column, None)
        return None

    def _named(self, row: int, column: int, label: re.Match[str] | None) -> Band:
        text = self.grid.text(row, column)
        level = 2 if label is not None and label.group(1) else 1
        own = _CHAPTER.match(text)
        if own:
            text = text[own.end() :]
        points = None
        behind = _POINTS_BEHIND.search(text)
        if behind:
            points, text = Decimal(behind[1]), text[: behind.start()]
        return Band(" ".join(text.split("\n")).strip().strip(":"), level, points or self._points_of(row))

    def _points_of(self, row: int) -> Decimal | None:
        for column, role in self.roles.items():
            plain = tidy(self.grid.own(row, column).text).removesuffix("分") if role is Role.POINTS else ""
            if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", plain):
                return Decimal(plain)
        return None
