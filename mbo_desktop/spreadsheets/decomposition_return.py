"""Reading back a filled-in decomposition ledger: what was changed, cell by cell, and what was damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.spreadsheets.decomposition_book import (
    BASE,
    CHECK,
    FACTS_ROW,
    FIRST_ROW,
    FORMAT,
    HEAD_ROW,
    NUMBER,
    RECORD,
    SHEET,
    VERSION,
    Kind,
    LedgerColumn,
    Value,
    check_code,
    plain_value,
)
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.table import Cell, Problem, Table

_SAFE = "未写入任何内容,原有数据未改动。"
_SHIFT = 3
"""So many cells in a row that hold their neighbour's former value are taken for shifted."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that no longer holds what it held when the file was made."""

    record: str
    key: str
    head: str
    place: str
    """「F12」."""
    base: str
    value: Value
    doubt: str = ""
    """Why the change may be a slip (a column moved by one row)."""

    @property
    def text(self) -> str:
        """The new content as it is compared and shown."""
        return plain_value(self.value)


@dataclass(frozen=True, slots=True)
class ReturnedLedger:
    """What came back: what the file is about, the records it lists, changes and problems."""

    source: str
    facts: Mapping[str, str | int]
    records: tuple[str, ...]
    """Of the rows that could be read, in order."""
    changes: tuple[ChangedCell, ...]
    problems: tuple[Problem, ...]
    bases: Mapping[str, Mapping[str, str]]
    """What stood in each record's row when the file was made."""


def read_returned(
    path: Path, columns: Mapping[int, Sequence[LedgerColumn]]
) -> ReturnedLedger:
    """A ledger file that came back; columns: those this program writes for 4 and 12 plan periods.

    Raises FileReadError for a file that is no such ledger, or one that a newer program wrote.
    """
    tables = read_tables(path)
    table = next((t for t in tables if t.sheet == SHEET), None)
    found = None if table is None else _facts(table)
    if table is None or found is None:
        other = next(((t, f) for t in tables if (f := _facts(t)) is not None), None)
        if other is None:
            raise FileReadError(
                f"“{path.name}”不是本程序导出的分解台账,或隐藏的识别信息已被删除。",
                "请用“导出分解台账”得到的文件填写;别的表格请用“粘贴”或“导入”。", _SAFE,
            )
        table, found = other
    text, facts = found
    version = facts.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise FileReadError(
            f"“{path.name}”由更新版本的程序导出,本程序读不了。", "请升级程序后再读回。", _SAFE
        )
    periods = 12 if facts.get("periods") == 12 else 4
    return _Reader(path.name, table, text, facts, columns[periods]).read()


def _facts(table: Table) -> tuple[str, dict[str, str | int]] | None:
    """The hidden cell that says what the file is about."""
    row = table.rows[FACTS_ROW - 1] if len(table.rows) >= FACTS_ROW else ()
    for cell in reversed(row):
        if FORMAT in cell.text:
            try:
                read = json.loads(cell.text)
            except ValueError:
                return None
            return (cell.text, read) if isinstance(read, dict) else None
    return None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that could be matched with its record."""

    line: int
    record: str
    base: Mapping[str, str]
    values: Mapping[str, Value]


class _Reader:
    """Goes through the rows once, keeps what is sound, and says what is not."""

    def __init__(
        self, source: str, table: Table, text: str, facts: dict[str, str | int],
        columns: Sequence[LedgerColumn],
    ) -> None:
        self.source, self.table, self.text, self.facts = source, table, text, facts
        self.columns = columns
        self.problems: list[Problem] = []
        self.at = self._find_columns()
        self.covered = self._find_merges()
        self.seen: dict[str, int] = {}
        self.added: list[int] = []

    def read(self) -> ReturnedLedger:
        """All of it."""
        rows = list(self._rows())
        self._say_counts(len(rows))
        shifted = self._shifted(rows)
        changes = tuple(
            ChangedCell(
                row.record, column.key, column.head, self._place(row.line, column.key),
                row.base.get(column.key, ""), row.values[column.key],
                shifted.get((row.line, column.key), ""),
            )
            for row in rows for column in self.columns
            if column.key in row.values
            and not same(plain_value(row.values[column.key]), row.base.get(column.key, ""))
        )
        return ReturnedLedger(
            self.source, self.facts, tuple(row.record for row in rows), changes,
            tuple(self.problems), {row.record: row.base for row in rows},
        )

    def _find_columns(self) -> dict[str, int]:
        """Where each column stands now: by its head, wherever it was moved to."""
        heads = self.table.rows[HEAD_ROW - 1] if len(self.table.rows) >= HEAD_ROW else ()
        found: dict[str, int] = {}
        known = {column.head: column.key for column in self.columns}
        known |= {head: head for head in (NUMBER, RECORD, BASE, CHECK)}
        for place, cell in enumerate(heads):
            head = cell.text.strip()
            key = known.get(head)
            where = self.table.place(HEAD_ROW - 1, place)
            if key is None and head:
                self._problem(where, head, "是新增的列", "没有读入;要增加内容的请写入已有各列")
            elif key is not None and key in found:
                self._problem(where, head, "这一列出现了两次", "按前一列读取")
            elif key is not None:
                found[key] = place
        missing = [head for head in (NUMBER, RECORD, BASE, CHECK) if head not in found]
        if missing:
            raise FileReadError(
                f"“{self.source}”缺少“{'”“'.join(missing)}”列,认不出各行是哪一项。",
                "请重新导出台账,把填好的内容复制过去再读回。", _SAFE,
            )
        for column in self.columns:
            if column.key not in found and column.key in self._written():
                self._problem("", column.head, "这一列不见了", "这一列没有读入")
        return found

    def _written(self) -> set[str]:
        """The columns the file had when it was made."""
        named = self.facts.get("columns")
        return set(str(named).split(" ")) if named else {column.key for column in self.columns}

    def _find_merges(self) -> set[tuple[int, int]]:
        """Cells of the body that a merged area covers; their content is lost, not cleared."""
        covered: set[tuple[int, int]] = set()
        for merge in self.table.merges:
            if merge.bottom < FIRST_ROW - 1:
                continue
            first = self.table.place(merge.top, merge.left)
            last = self.table.place(merge.bottom, merge.right)
            self._problem(
                f"{first}:{last}", "", "单元格被合并", "只读入左上角一格,其余各格保持原值"
            )
            covered |= {
                (row, column)
                for row in range(merge.top, merge.bottom + 1)
                for column in range(merge.left, merge.right + 1)
            } - {(merge.top, merge.left)}
        return covered

    def _rows(self) -> Iterator[_Row]:
        for line in range(FIRST_ROW - 1, len(self.table.rows)):
            cells = self.table.rows[line]
            if not any(cell.text for cell in cells):
                continue
            row = self._row(line)
            if row is not None:
                yield row

    def _row(self, line: int) -> _Row | None:
        """The row when record, base, number and check code fit together."""
        record, base_text = self._text(line, RECORD), self._text(line, BASE)
        number, check = self._text(line, NUMBER), self._text(line, CHECK)
        where = self.table.place(line, self.at[NUMBER])
        if not record and not base_text and not check:
            self.added.append(line + 1)
            return None
        if check != check_code(self.text, record, number, base_text):
            self._problem(
                where, number, f"第{line + 1}行的序号与隐藏的记录对不上,可能整行错位或识别信息被改动",
                "整行没有读入",
            )
            return None
        if record in self.seen:
            self._problem(
                where, number, f"与第{self.seen[record] + 1}行是同一项,像是复制出来的行", "整行没有读入"
            )
            return None
        self.seen[record] = line
        base = {str(key): str(value) for key, value in json.loads(base_text or "{}").items()}
        values: dict[str, Value] = {}
        for column in self.columns:
            place = self.at.get(column.key)
            if place is None or (line, place) in self.covered:
                continue
            taken = self._value(line, place, column, base.get(column.key, ""))
            if taken is not None:
                values[column.key] = taken[0]
        return _Row(line, record, base, values)

    def _value(
        self, line: int, place: int, column: LedgerColumn, base: str
    ) -> tuple[Value] | None:
        """The cell's content; None when it cannot be taken, which is said."""
        cell = self.table.cell(line, place)
        if cell.problem:
            self._problem(self.table.place(line, place), cell.text, cell.problem, "保持原值")
            return None
        text = cell.text.strip()
        if not text or same(text, base):
            return (base if text else None,)
        if column.kind is Kind.NUMBER:
            return self._number(line, place, cell, column.sign)
        if column.kind is Kind.DATE and cell.value is not None and not isinstance(cell.value, str | Decimal):
            return (cell.value,)
        if isinstance(cell.value, Decimal) and "%" not in text and "‰" not in text:
            return (canonical(cell.value),)
        return (text,)

    def _number(self, line: int, place: int, cell: Cell, sign: str) -> tuple[Value] | None:
        if isinstance(cell.value, Decimal):
            return (cell.value,)
        text = cell.text.strip().replace("％", "%")
        try:
            return (read_number(text.removesuffix(sign) if sign else text),)
        except InputError as error:
            self._problem(
                self.table.place(line, place), cell.text, f"{error.what}{error.todo}".rstrip("。"),
                "保持原值",
            )
            return None

    def _say_counts(self, read: int) -> None:
        if self.added:
            lines = "、".join(map(str, self.added[:5])) + ("等" if len(self.added) > 5 else "")
            self._problem(
                f"第{lines}行", "", f"有{len(self.added)}行是新增的",
                "没有读入;新增的分解项请在程序中添加或粘贴",
            )
        told = self.facts.get("rows")
        missing = told - len(self.seen) if isinstance(told, int) else 0
        damaged = sum(said.kept == "整行没有读入" for said in self.problems)
        if missing - damaged > 0:
            self._problem(
                "", "", f"导出时有{told}行,现在少了{missing - damaged}行", "缺少的行保持原值"
            )

    def _shifted(self, rows: Sequence[_Row]) -> dict[tuple[int, str], str]:
        """Runs of cells that hold the former value of the row above or below them."""
        doubts: dict[tuple[int, str], str] = {}
        for column in self.columns:
            for step, words in ((-1, "上一行"), (1, "下一行")):
                run: list[int] = []
                for place in range(len(rows) + 1):
                    if place < len(rows) and self._took_neighbour(rows, place, step, column.key):
                        run.append(rows[place].line)
                        continue
                    if len(run) >= _SHIFT:
                        first = self._place(run[0], column.key)
                        last = self._place(run[-1], column.key)
                        said = f"{first}:{last}与{words}的原值相同,像是整列错了一行"
                        doubts.update({(line, column.key): said for line in run})
                    run = []
        return doubts

    @staticmethod
    def _took_neighbour(rows: Sequence[_Row], place: int, step: int, key: str) -> bool:
        near = place + step
        if not 0 <= near < len(rows) or key not in rows[place].values:
            return False
        now = plain_value(rows[place].values[key])
        own, other = rows[place].base.get(key, ""), rows[near].base.get(key, "")
        return bool(now) and own != other and same(now, other)

    def _text(self, line: int, key: str) -> str:
        return self.table.cell(line, self.at[key]).text.strip()

    def _place(self, line: int, key: str) -> str:
        return self.table.place(line, self.at[key])

    def _problem(self, place: str, text: str, reason: str, kept: str) -> None:
        self.problems.append(Problem(place, text, reason, kept))


def same(new: str, base: str) -> bool:
    """Whether two contents mean the same: 12.50 is 12.5, 1,234 is 1234."""
    if new == base:
        return True
    try:
        return canonical(read_number(new)) == canonical(read_number(base))
    except InputError:
        return False
