"""A table of units with score, rank, grade, honours and veto: last year's result as it was announced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.quantity import read_number
from mbo_desktop.errors import InputError
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import role_of, tidy
from mbo_desktop.spreadsheets.proposal import ColumnRole, KnownUnit, UnitGuess
from mbo_desktop.spreadsheets.table import Problem, Table
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

_SEARCHED_ROWS = 20
_TITLE_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_SUMS = re.compile(r"(?:合计|总计|平均|平均分|小计|说明|备注|注)(?:[:：].*)?")


class UnitResultField(Choice):
    """What a column of such a table says of a unit."""

    UNIT = "unit", "单位"
    SCORE = "score", "得分"
    RANK = "rank", "名次"
    GRADE = "grade", "等次"
    HONOURS = "honours", "荣誉"
    VETO = "veto", "一票否决"
    NOTE = "note", "备注"


_WORDS = (
    (UnitResultField.UNIT, re.compile(r"(?:被考核|责任|考核)?单位(?:名称)?|县\(?市?、?区\)?|县市区|县区|部门|名称|乡镇(?:街道)?")),
    (UnitResultField.VETO, re.compile(r"一票否决(?:事项|情况)?|否决(?:事项|情况)")),
    (UnitResultField.GRADE, re.compile(r"(?:考核)?(?:等次|等级|档次)")),
    (UnitResultField.HONOURS, re.compile(r"(?:所获|获得)?(?:荣誉|奖项|表彰|获奖)(?:称号|情况)?")),
    (UnitResultField.RANK, re.compile(r"(?:考核|综合|全市)?(?:名次|位次|排名|排位)")),
    (UnitResultField.SCORE, re.compile(r"(?:考核|综合|最终|年终|考评)?(?:总?得分|总分|成绩)")),
    (UnitResultField.NOTE, re.compile(r"备注")),
)


@dataclass(frozen=True, slots=True)
class UnitResultLine:
    """One unit of the table; None and "" where nothing stands."""

    unit: UnitGuess
    place: str
    score: Decimal | None = None
    rank: int | None = None
    grade: str = ""
    honours: tuple[str, ...] = ()
    veto: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitResultsTable:
    """The table as read."""

    source: str
    sheet: str
    title: str
    year_named: int | None
    lines: tuple[UnitResultLine, ...]
    problems: tuple[Problem, ...] = ()


def read_unit_results(table: Table, known: Sequence[KnownUnit] = ()) -> UnitResultsTable | None:
    """The results of units a table states; None when it is no such table."""
    grid = Grid(table)
    for row in range(min(grid.height, _SEARCHED_ROWS)):
        columns = _columns(grid, row)
        if columns is not None:
            return _Reader(grid, row, columns, UnitMatcher(known)).read()
    return None


def _columns(grid: Grid, row: int) -> dict[UnitResultField, int] | None:
    """The columns when the row is the head of such a table: a unit, a result, and no indicator."""
    found: dict[UnitResultField, int] = {}
    for column in grid.filled(row):
        word = re.sub(r"\([^()]*分\)", "", tidy(grid.text(row, column)))
        kind = next((kind for kind, pattern in _WORDS if pattern.fullmatch(word)), None)
        if kind is not None:
            found.setdefault(kind, column)
        elif role_of(word, 0) in (ColumnRole.NAME, ColumnRole.TARGET):
            return None
    results = set(found) - {UnitResultField.UNIT, UnitResultField.NOTE}
    return found if UnitResultField.UNIT in found and results else None


class _Reader:
    def __init__(
        self, grid: Grid, head: int, columns: dict[UnitResultField, int], matcher: UnitMatcher
    ) -> None:
        self.grid, self.head, self.columns, self.matcher = grid, head, columns, matcher
        self.problems: list[Problem] = list(grid.table.problems)

    def read(self) -> UnitResultsTable:
        table = self.grid.table
        texts = [
            self.grid.text(row, column)
            for row in range(self.head) for column in self.grid.filled(row)
        ]
        title = max(texts, key=len, default=table.title_hint or table.sheet)
        years = [int(m[1]) for text in (title, table.sheet) if (m := _TITLE_YEAR.search(flat(text)))]
        lines = []
        for row in range(self.head + 1, self.grid.height):
            name = flat(self._text(row, UnitResultField.UNIT))
            if name and not _SUMS.fullmatch(name) and self.grid.filled(row):
                lines.append(self._line(row, name))
        return UnitResultsTable(
            table.source, table.sheet, title, years[0] if years else None, tuple(lines),
            tuple(self.problems),
        )

    def _line(self, row: int, name: str) -> UnitResultLine:
        honours = re.split(r"[、;；\n]", self._text(row, UnitResultField.HONOURS))
        veto = self._text(row, UnitResultField.VETO)
        notes = [self._text(row, UnitResultField.NOTE)]
        return UnitResultLine(
            self.matcher.match(name),
            self.grid.place(row, self.columns[UnitResultField.UNIT]),
            score=self._number(row, UnitResultField.SCORE, "分", notes),
            rank=self._rank(row, notes),
            grade=_said(self._text(row, UnitResultField.GRADE)),
            honours=tuple(text for one in honours if (text := _said(one.strip()))),
            veto="是" if veto in ("是", "√") else _said(veto),
            note=";".join(note for note in notes if note),
        )

    def _text(self, row: int, kind: UnitResultField) -> str:
        column = self.columns.get(kind)
        return "" if column is None else self.grid.text(row, column)

    def _number(
        self, row: int, kind: UnitResultField, ending: str, notes: list[str]
    ) -> Decimal | None:
        text = _said(self._text(row, kind))
        if not text:
            return None
        try:
            return read_number(text.removesuffix(ending))
        except InputError as error:
            place = self.grid.place(row, self.columns[kind])
            self.problems.append(Problem(place, text, error.what.rstrip("。"), "已写入备注"))
            notes.append(f"{kind.label}:{text}")
            return None

    def _rank(self, row: int, notes: list[str]) -> int | None:
        text = _said(self._text(row, UnitResultField.RANK))
        if not text:
            return None
        match = re.fullmatch(r"(?:并列)?第?\s*(\d{1,3})\s*[名位]?(?:\(并列\)|并列)?", tidy(text))
        if match is None:
            place = self.grid.place(row, self.columns[UnitResultField.RANK])
            self.problems.append(Problem(place, text, "不是名次", "已写入备注"))
            notes.append(f"名次:{text}")
            return None
        return int(match[1])


def _said(text: str) -> str:
    """The text, "" for a dash or 无."""
    return "" if text in ("/", "-", "—", "无", "否", "——", "×") else text
