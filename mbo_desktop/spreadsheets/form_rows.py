"""The rows of a returned form: kept where record, number and check code fit, told where not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from mbo_desktop.domain.actual_reading import read_amount
from mbo_desktop.domain.quantity import canonical, read_in_unit, read_number
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.form_layout import (
    BASE,
    CHECK,
    FACTS_ROW,
    FIRST_ROW,
    HEAD_ROW,
    NUMBER,
    RECORD,
    FormColumn,
    Kind,
    Value,
    check_code,
    plain_value,
)
from mbo_desktop.spreadsheets.form_return import (
    SAFE,
    ChangedCell,
    FormTable,
    ReturnedSheet,
    same,
)
from mbo_desktop.spreadsheets.table import Cell, Problem

_SHIFT = 3
"""So many cells in a row that hold their neighbour's former value are taken for shifted."""
_FORMS = {"下降": TargetForm.DECREASE_RATE, "降低": TargetForm.DECREASE_RATE, "增长": TargetForm.GROWTH}
_NUMBERED = re.compile(r"[^0-9]{0,4}[-0-9,]+(?:\.[0-9]+)?(?:[%名~].*)?")
"""A target that a number answers: 120, 前3名, 不高于4.2; not 6月底前, 不发生重大火灾."""
_LEFT_OUT = "整行没有读入"
_KEPT = "保持原值"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that could be matched with its record."""

    line: int
    record: str
    base: Mapping[str, str]
    values: Mapping[str, Value]
    doubt: str
    """Why its figures may belong to another row."""


class FormReader:
    """Goes through the rows once, keeps what is sound, and says what is not."""

    def __init__(self, source: str, found: FormTable, columns: Sequence[FormColumn]) -> None:
        self.source, self.table = source, found.table
        self.facts_text, self.facts = found.facts_text, found.facts
        self.columns = columns
        # Pictures, rounded figures and other formulas are told; what is hidden we hid ourselves.
        self.problems = [one for one in self.table.problems if "隐藏的" not in one.reason]
        self.at = self._find_columns()
        self.covered = self._find_merges()
        self.seen: dict[str, int] = {}
        self.added: list[int] = []

    def read(self) -> ReturnedSheet:
        """All of it."""
        rows = list(self._rows())
        self._say_counts()
        shifted = self._shifted(rows)
        changes = tuple(
            ChangedCell(
                row.record, column.key, column.head, self._place(row.line, column.key),
                row.base.get(column.key, ""), row.values[column.key],
                shifted.get((row.line, column.key), row.doubt),
            )
            for row in rows for column in self.columns
            if column.key in row.values
            and not same(plain_value(row.values[column.key]), row.base.get(column.key, ""))
        )
        return ReturnedSheet(
            self.source, self.table.sheet, self.facts, tuple(row.record for row in rows), changes,
            tuple(self.problems), {row.record: row.base for row in rows}, self._signed(),
        )

    def _signed(self) -> dict[str, str]:
        """What stands beside each label in the line of facts."""
        shown = self.table.rows[FACTS_ROW - 1][1 : self.at[RECORD]]
        return {
            label.text.strip(): beside.text.strip()
            for label, beside in pairwise(shown)
            if label.text.strip() and beside.text.strip()
        }

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
                "请重新导出一份,把填好的内容复制过去再读回。", SAFE,
            )
        written = self._written()
        for column in self.columns:
            if column.key not in found and column.key in written:
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
            if any(cell.text for cell in self.table.rows[line]):
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
        if check != check_code(self.facts_text, record, number, base_text):
            self._problem(
                where, number, f"第{line + 1}行的序号与隐藏的记录对不上,可能整行错位或识别信息被改动",
                _LEFT_OUT,
            )
            return None
        if record in self.seen:
            self._problem(
                where, number, f"与第{self.seen[record] + 1}行是同一项,像是复制出来的行", _LEFT_OUT
            )
            return None
        base = {str(key): str(value) for key, value in json.loads(base_text or "{}").items()}
        if not self._is_in_place(line, base):
            return None
        self.seen[record] = line
        values: dict[str, Value] = {}
        told = len(self.problems)
        for column in self.columns:
            place = self.at.get(column.key)
            if place is None or (line, place) in self.covered:
                continue
            taken = self._value(line, place, column, base)
            if taken is not None:
                values[column.key] = taken[0]
        altered = any("锁定" in one.reason for one in self.problems[told:])
        return _Row(line, record, base, values, "同一行中锁定的内容被改过,可能错行" if altered else "")

    def _is_in_place(self, line: int, base: Mapping[str, str]) -> bool:
        """Whether the words that name the row are those its hidden record was written with."""
        for column in self.columns:
            place = self.at.get(column.key)
            if not column.is_anchor or place is None or (line, place) in self.covered:
                continue
            now, then = self.table.cell(line, place).text.strip(), base.get(column.key, "")
            if flat(now) != flat(then):
                self._problem(
                    self.table.place(line, place), now,
                    f"这一行下发时是“{then}”,像是行被移动或错位" if now else f"“{then}”的名称被清空",
                    _LEFT_OUT,
                )
                return False
        return True

    def _value(
        self, line: int, place: int, column: FormColumn, row: Mapping[str, str]
    ) -> tuple[Value] | None:
        """The cell's content; None when it cannot be taken, which is said."""
        cell = self.table.cell(line, place)
        base = row.get(column.key, "")
        text = cell.text.strip()
        if not text or same(text, base):
            if column.locked or (not text and not cell.problem and not base):
                return None
            return (base if text else None,)
        if column.locked:
            if not isinstance(cell.value, Decimal) or not same(canonical(cell.value), base):
                self._problem(
                    self.table.place(line, place), text, f"“{column.head}”是锁定的内容,下发时是“{base}”",
                    _KEPT,
                )
            return None
        if cell.problem:
            self._problem(self.table.place(line, place), cell.text, cell.problem, _KEPT)
            return None
        if column.kind is Kind.NUMBER:
            return self._number(line, place, cell, column, None)
        if column.kind is Kind.AMOUNT:
            return self._amount(line, place, cell, column, row)
        if column.kind is Kind.DATE and cell.value is not None and not isinstance(cell.value, str | Decimal):
            return (cell.value,)
        if isinstance(cell.value, Decimal) and "%" not in text and "‰" not in text:
            return (canonical(cell.value),)
        return (text,)

    def _amount(
        self, line: int, place: int, cell: Cell, column: FormColumn, row: Mapping[str, str]
    ) -> tuple[Value] | None:
        """What was done: a number, 下降3.1% of a rate of decrease, or words where nothing is measured."""
        text = cell.text.strip()
        measure, target = row.get("unit_of_measure", ""), row.get("target", "")
        if isinstance(cell.value, str) and text not in column.words:
            form = next((form for word, form in _FORMS.items() if target.startswith(word)), None)
            with suppress(InputError):
                return (read_amount(text, measure, form, row.get("title", "")),)
            if target and not measure and not _NUMBERED.fullmatch(target):
                return (text,)
        return self._number(line, place, cell, column, measure)

    def _number(
        self, line: int, place: int, cell: Cell, column: FormColumn, measure: str | None
    ) -> tuple[Value] | None:
        """A number, in `measure` when there is one: 3520万元 in 亿元 is 0.352."""
        text = cell.text.strip().replace("％", "%")
        is_ratio = text[-1:] in "%‰"
        if isinstance(cell.value, Decimal) and (measure is None or not is_ratio):
            return (cell.value,)
        if text in column.words:
            return (text,)
        try:
            if measure is not None:
                return (read_in_unit(text, measure).value,)
            return (read_number(text.removesuffix(column.sign) if column.sign else text),)
        except InputError as error:
            self._problem(
                self.table.place(line, place), cell.text, f"{error.what}{error.todo}".rstrip("。"),
                _KEPT,
            )
            return None

    def _say_counts(self) -> None:
        if self.added:
            lines = "、".join(map(str, self.added[:5])) + ("等" if len(self.added) > 5 else "")
            self._problem(
                f"第{lines}行", "", f"有{len(self.added)}行是新增的",
                "没有读入;新增的内容请在程序中添加或粘贴",
            )
        told = self.facts.get("rows")
        missing = told - len(self.seen) if isinstance(told, int) else 0
        damaged = sum(said.kept == _LEFT_OUT for said in self.problems)
        if missing - damaged > 0:
            self._problem(
                "", "", f"导出时有{told}行,现在少了{missing - damaged}行", "缺少的行保持原值"
            )

    def _shifted(self, rows: Sequence[_Row]) -> dict[tuple[int, str], str]:
        """Runs of cells that hold the former value of the row above or below them."""
        doubts: dict[tuple[int, str], str] = {}
        for column in self.columns:
            if column.locked:
                continue
            for step, words in ((-1, "上一行"), (1, "下一行")):
                run: list[int] = []
                for place in range(len(rows) + 1):
                    if place < len(rows) and _took_neighbour(rows, place, step, column.key):
                        run.append(rows[place].line)
                        continue
                    if len(run) >= _SHIFT:
                        first = self._place(run[0], column.key)
                        last = self._place(run[-1], column.key)
                        said = f"{first}:{last}与{words}的原值相同,像是整列错了一行"
                        doubts.update({(line, column.key): said for line in run})
                    run = []
        return doubts

    def _text(self, line: int, key: str) -> str:
        return self.table.cell(line, self.at[key]).text.strip()

    def _place(self, line: int, key: str) -> str:
        return self.table.place(line, self.at[key])

    def _problem(self, place: str, text: str, reason: str, kept: str) -> None:
        self.problems.append(Problem(place, text, reason, kept))


def _took_neighbour(rows: Sequence[_Row], place: int, step: int, key: str) -> bool:
    near = place + step
    if not 0 <= near < len(rows) or key not in rows[place].values:
        return False
    now = plain_value(rows[place].values[key])
    own, other = rows[place].base.get(key, ""), rows[near].base.get(key, "")
    return bool(now) and own != other and same(now, other)
