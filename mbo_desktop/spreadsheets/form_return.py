"""Reading back workbooks that were filled in: what was changed, cell by cell, and what was damaged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.spreadsheets.form_layout import (
    FACTS_ROW,
    FORMAT,
    VERSION,
    FormColumn,
    Value,
    plain_value,
)
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.table import Problem, Table

SAFE = "未写入任何内容,原有数据未改动。"
_DIGIT = re.compile(r"\d")
Facts = Mapping[str, str | int]
ColumnsOf = Callable[[Facts], Sequence[FormColumn]]
"""The columns that this program writes for a sheet with such facts."""


class ChangedCell(NamedTuple):
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
class ReturnedSheet:
    """What came back on one sheet: what it is about, the records it lists, changes and problems."""

    source: str
    sheet: str
    facts: Facts
    records: tuple[str, ...]
    """Of the rows that could be read, in order."""
    changes: tuple[ChangedCell, ...]
    problems: tuple[Problem, ...]
    bases: Mapping[str, Mapping[str, str]]
    """What stood in each record's row when the file was made."""
    signed: Mapping[str, str]
    """What was filled in beside the labels in the line of facts."""


class FormTable(NamedTuple):
    """A sheet that is a form, found by its hidden facts."""

    table: Table
    facts_text: str
    facts: Facts


def read_form(path: Path, purpose: str, columns_of: ColumnsOf, called: str) -> ReturnedSheet:
    """The first sheet of a form of one purpose; called: what a user knows the form as.

    Raises FileReadError for a file that is no such form, or one that a newer program wrote.
    """
    for found in form_tables(read_tables(path)):
        if found.facts.get("purpose") == purpose:
            return read_sheet(path.name, found, columns_of(found.facts))
    raise FileReadError(
        f"“{path.name}”不是本程序导出的{called},或隐藏的识别信息已被删除。",
        f"请用“导出{called}”得到的文件填写;别的表格请用“粘贴”或“导入”。", SAFE,
    )


def form_tables(tables: Sequence[Table]) -> list[FormTable]:
    """The sheets that are forms."""
    found = []
    for table in tables:
        facts = _facts(table)
        if facts is not None:
            found.append(FormTable(table, *facts))
    return found


def read_sheet(source: str, found: FormTable, columns: Sequence[FormColumn]) -> ReturnedSheet:
    """One sheet read; raises FileReadError when a newer program wrote it or its ids are gone."""
    from mbo_desktop.spreadsheets.form_rows import FormReader

    version = found.facts.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise FileReadError(
            f"“{source}”由更新版本的程序导出,本程序读不了。", "请升级程序后再读回。", SAFE
        )
    return FormReader(source, found, columns).read()


def _facts(table: Table) -> tuple[str, dict[str, str | int]] | None:
    """The hidden cell that says what the sheet is about."""
    row = table.rows[FACTS_ROW - 1] if len(table.rows) >= FACTS_ROW else ()
    for cell in reversed(row):
        if FORMAT in cell.text and cell.text.startswith("{"):
            try:
                read = json.loads(cell.text)
            except ValueError:
                return None
            is_form = isinstance(read, dict) and read.get("format") == FORMAT
            return (cell.text, read) if is_form else None
    return None


def same(new: str, base: str) -> bool:
    """Whether two contents mean the same: 12.50 is 12.5, 1,234 is 1234."""
    if new == base:
        return True
    # Words are different when they differ; reading them as numbers would take most of the time.
    if not (_DIGIT.search(new) and _DIGIT.search(base)):
        return False
    try:
        return canonical(read_number(new)) == canonical(read_number(base))
    except InputError:
        return False
