"""What a workbook that leaves and comes back consists of, and the codes that tell what was done to it.

Hidden cells at the right carry what the sheet is about, each row's record, what stood in the
row when the file was made, and a check code over all three. `form_book` writes such files,
`form_return` reads them back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from mbo_desktop.spreadsheets.cell_text import clean

Value = str | Decimal | date | None

FORMAT = "mbo-form"
VERSION = 1
"""Of the way the hidden cells are written; a file of a newer one is not read."""
TITLE_ROW, GUIDE_ROW, FACTS_ROW, HEAD_ROW = 1, 2, 3, 4
FIRST_ROW = 5
NUMBER, RECORD, BASE, CHECK = "序号", "记录号", "原值", "校验码"
"""Heads of the locked columns: the first one shown, the others hidden at the far right."""
LISTS = "清单"
"""The hidden sheet with the names to pick from."""
GUIDE = (
    "填写说明：白色的格可以填写，灰色的格不要改；灰色的字沿用上级，需要另定时直接改写。"
    "不要增加、删除、移动行列，不要合并单元格；填好后按原格式保存交回。"
)
ROWS_LIMIT = 100_000


class Kind(Enum):
    """How a column's cells are written and read."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    """A number in the unit of measure that stands in the row's column `unit_of_measure`."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column; choices names a list that its cells are picked from."""

    key: str
    head: str
    kind: Kind = Kind.TEXT
    width: float = 12.0
    choices: str = ""
    strict: bool = False
    """Whether only what the list holds is accepted by the spreadsheet."""
    locked: bool = False
    """Printed by the program in every row: a change there is told and not read."""
    is_anchor: bool = False
    """Names the row: other words than those written mean that the row was mixed up."""
    words: tuple[str, ...] = ()
    """What may stand in a number's place, for example 未启动."""
    sign: str = ""
    """A sign that may stand behind its numbers (%)."""
    as_text: bool = False
    """Its cells keep what is typed: 1.10 does not become 1.1."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its record's portable name, its place, its cells; the sets name columns."""

    record: str
    number: str
    depth: int
    cells: Mapping[str, Value]
    locked: frozenset[str] = frozenset()
    inherited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet; facts are what it is about, told again when it comes back."""

    name: str
    title: str
    facts_line: str
    facts: Mapping[str, str | int]
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    signers: tuple[str, ...] = ()
    """Labels in the line of facts with a cell to fill in beside each, for example 填报人."""
    guide: str = GUIDE


@dataclass(frozen=True, slots=True)
class FormBook:
    """A whole workbook; paper is A4 or A3, always landscape."""

    purpose: str
    sheets: tuple[FormSheet, ...]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    paper: str = "A4"


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


def base_of(row: FormRow) -> str:
    """What stood in a row when the file was made, as kept in its hidden cell."""
    kept = {key: text for key, value in row.cells.items() if (text := plain_value(value))}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_code(facts: str, record: str, number: str, base: str) -> str:
    """Eight signs that no longer fit when record, number or base of a row were changed or mixed up."""
    text = "\x1f".join((facts, record, number, base))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def facts_text(purpose: str, sheet: FormSheet) -> str:
    """What the sheet is about, as kept in its hidden cell."""
    facts = {
        "format": FORMAT, "version": VERSION, "purpose": purpose, **sheet.facts,
        "rows": len(sheet.rows), "columns": " ".join(column.key for column in sheet.columns),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
