"""Where the head of a ledger stands, what is written above it, and the head texts of each column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mbo_desktop.domain import units
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import PLAIN_VALUE, WHOLE, is_heading, role_of, tidy
from mbo_desktop.spreadsheets.joined_heads import joined
from mbo_desktop.spreadsheets.proposal import ColumnRole
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

SEARCHED_ROWS = 60
HEAD_DEPTH = 4
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?")
_ATTACHMENT = re.compile(r"附\s*[件表]\s*[0-9一二三四五六七八九十]*[:：]?")
_MEASURE_LINE = re.compile(r"(?:计量|数量|金额)?单位[:：]\s*(\S+?)[)）]?$")
_PARTY_LINE = re.compile(
    r"(?:被考核单位|责任单位|考核对象|单位名称|填报单位|单位|乡镇|部门)(?:\((?:盖章|公章)\))?[:：]\s*(\S+?)(?:\((?:盖章|公章)\))?$"
)
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_AIMED = re.compile(r"((?:19|20)\d\d)年?度?(?:预期|工作|考核)?(?:目标|任务|计划)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head rows (counted from 0, both included) and what stands above them."""

    first: int
    last: int
    title: str = ""
    measure: str = ""
    """The unit of measure of the whole table (单位:万元)."""
    party: str = ""
    """The unit the whole table is about (责任单位:柯城区)."""
    above: tuple[str, ...] = ()
    """Other lines above the head, kept as notes."""
    aimed: int | None = None
    """The one year whose targets the columns name (2022年任务); None for none or several."""

    @property
    def year(self) -> int | None:
        """The year the title names, else the columns."""
        match = _YEAR.search(flat(self.title))
        return int(match[1]) if match else self.aimed


class HeadFinder:
    """Finds the head of one table."""

    def __init__(self, grid: Grid, year: int, matcher: UnitMatcher) -> None:
        self.grid, self.year, self.matcher = grid, year, matcher

    def find(self) -> Head | None:
        """The head; None for a table without one."""
        for row in range(min(self.grid.height, SEARCHED_ROWS)):
            if self._is_head(row):
                first = self._upward(row)
                return self._with_lines(first, self._downward(row))
        return None

    def _is_head(self, row: int) -> bool:
        words = names = numbers = others = 0
        has_unit_word = has_name = False
        for column in self.grid.filled(row):
            text = self.grid.text(row, column)
            if ":" in tidy(text) and len(text) > 4:
                continue
            role = role_of(text, self.year) if len(text) <= 30 else None
            if role is not None:
                words += 1
                has_unit_word = has_unit_word or role is ColumnRole.UNIT
                has_name = has_name or role is ColumnRole.NAME
            elif _NUMBER.fullmatch(tidy(text)):
                numbers += 1
            elif self.matcher.names_unit(text) or joined(text, self.matcher) is not None:
                names += 1
            elif len(text) <= 30:
                others += 1
        if numbers > max(1, words):
            return False
        turned = has_unit_word and words >= 1 and others >= 1 and numbers == 0
        # 指标 | 柯城区 and nothing else: the smallest table that can be pasted.
        smallest = has_name and names == words == 1 and not numbers and not others
        worded = words >= 2 and words >= numbers * 2
        return worded or (words >= 1 and names >= 2) or turned or smallest

    def _upward(self, row: int) -> int:
        """Include a row above that spans parts of the head (考核目标 over the counties)."""
        while row > 0 and self._spans_part(row - 1):
            row -= 1
        return row

    def _spans_part(self, row: int) -> bool:
        filled = self.grid.filled(row)
        if not filled:
            return False
        merges = [self.grid.merge_at(row, column) for column in filled]
        if len(filled) == 1:
            merge = merges[0]
            wide = merge is not None and merge.right - merge.left + 1 >= self.grid.width - 1
            text = self.grid.text(row, filled[0])
            return not wide and filled[0] > 0 and self._heads(text)
        return all(self._heads(self.grid.text(row, column)) for column in filled)

    def _heads(self, text: str) -> bool:
        plain = tidy(text)
        return (
            is_heading(text, self.year)
            or plain in PLAIN_VALUE
            or plain in WHOLE
            or self.matcher.names_unit(text)
            or bool(re.fullmatch(r"(?:19|20)\d\d年?", plain))
        )

    def _downward(self, row: int) -> int:
        """Include rows that belong to the head by merges, or by being headings themselves."""
        last = first = row
        while last + 1 < self.grid.height and last - first < HEAD_DEPTH:
            if not (self._merged_into(first, last) or self._continues(last + 1)):
                break
            last += 1
        return last

    def _merged_into(self, first: int, last: int) -> bool:
        for column in range(self.grid.width):
            merge = self.grid.merge_at(last, column)
            if merge is not None and merge.bottom > last and merge.top >= first:
                return merge.bottom - first <= HEAD_DEPTH
        return False

    def _continues(self, row: int) -> bool:
        """A second head row that nobody merged: headings under blanks and spans only."""
        filled = self.grid.filled(row)
        if not filled:
            return False
        texts = [self.grid.text(row, column) for column in filled]
        if all(units.is_unit(tidy(text).strip("()")) for text in texts):
            return True
        if self._names_below_target(row, filled, texts):
            return True
        if not all(len(text) <= 20 and self._heads(text) for text in texts):
            return False
        for column in filled:
            above = self.grid.own(row - 1, column).text.strip()
            merge = self.grid.merge_at(row - 1, column)
            spans = merge is not None and merge.right > merge.left
            following = self.grid.own(row - 1, column + 1).text.strip()
            if above and not spans and (following or column + 1 >= self.grid.width):
                return False
        return True

    def _names_below_target(self, row: int, filled: list[int], texts: list[str]) -> bool:
        """Short words side by side, the first below 考核目标, the others below blanks: units."""
        first, last = filled[0], filled[-1]
        if len(filled) < 2 or last - first + 1 != len(filled) or first == 0:
            return False
        above = self.grid.own(row - 1, first).text.strip()
        blank = all(not self.grid.own(row - 1, c).text.strip() for c in filled[1:])
        words = all(len(text) <= 12 and not _NUMBER.fullmatch(tidy(text)) for text in texts)
        return blank and words and role_of(above, self.year) is ColumnRole.TARGET

    def _with_lines(self, first: int, last: int) -> Head:
        """Tell title, 附件 line, unit lines and the rest above the head apart."""
        title = measure = party = ""
        others: list[str] = []
        for row in range(first):
            for column in self.grid.filled(row):
                text = self.grid.text(row, column)
                plain = tidy(text).strip("()")
                match = _MEASURE_LINE.fullmatch(plain)
                if match and all(units.is_unit(part) for part in match[1].split("、")):
                    # 单位:万元、% means 万元 for all that is no rate.
                    amounts = [part for part in match[1].split("、") if not units.is_ratio(part)]
                    measure = amounts[0] if len(amounts) == 1 else ""
                    others += [text] if len(amounts) > 1 else []
                elif match := _PARTY_LINE.fullmatch(plain):
                    party = match[1]
                elif _ATTACHMENT.fullmatch(flat(text)):
                    others.append(text)
                elif not title or (_YEAR.search(flat(text)) and not _YEAR.search(flat(title))):
                    if title:
                        others.append(title)
                    title = " ".join(text.split("\n"))
                else:
                    others.append(text)
        title = title or self.grid.table.title_hint
        return Head(first, last, title, measure, party, tuple(others), self._aimed(first, last))

    def _aimed(self, first: int, last: int) -> int | None:
        texts = (
            flat(cell.text) for row in range(first, last + 1) for cell in self.grid.rows[row]
        )
        years = {int(match[1]) for text in texts if (match := _AIMED.match(text))}
        return years.pop() if len(years) == 1 else None


def head_texts(grid: Grid, head: Head) -> list[list[str]]:
    """The head texts of each column from top to bottom, each once; unmerged spans filled right."""
    columns: list[list[str]] = [[] for _ in range(grid.width)]
    for row in range(head.first, head.last + 1):
        left = ""
        for column in range(grid.width):
            text = " ".join(grid.text(row, column).split("\n"))
            if not text and row < head.last and left and _is_under(grid, row, column, head.last):
                text = left
            left = text
            flat_text = flat(text)
            if flat_text and (not columns[column] or flat(columns[column][-1]) != flat_text):
                columns[column].append(text)
    return columns


def _is_under(grid: Grid, row: int, column: int, last: int) -> bool:
    """Whether an empty head cell and its left neighbour both have headings below them."""
    here = any(grid.own(below, column).text.strip() for below in range(row + 1, last + 1))
    before = any(grid.own(below, column - 1).text.strip() for below in range(row + 1, last + 1))
    return here and before
