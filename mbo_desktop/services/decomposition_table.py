"""A block of cells as lines of an outline: which column is what, and how deep each row stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.domain.outline_labels import read_label
from mbo_desktop.domain.quantity import split_unit
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.spreadsheets.heading_words import role_of, tidy
from mbo_desktop.spreadsheets.proposal import ColumnRole
from mbo_desktop.spreadsheets.table import Cell, Table

_HEAD_ROWS = 6
_LEVEL = re.compile(r"(?:层级|级次|级别|层次|层)$")
_SHARE = re.compile(r"(?:份额|占比|比例)[%(%)]*$")
_REMARK = re.compile("(?:备注|注|说明)\\s*\\d*\\s*[::\uff1a]")
_DOTTED = re.compile(r"\d{1,3}(?:[.\uff0e]\d{1,3})*[.\uff0e、]?")
_NUMBER = re.compile(r"[-+]?[\d,.]+\s*\S{0,5}")
_TOTALS = frozenset({"合计", "小计", "总计", "总合计"})
_ROLES = {
    ColumnRole.NAME: "title", ColumnRole.CATEGORY: "category", ColumnRole.NUMBER: "number",
    ColumnRole.CODE: "number", ColumnRole.UNIT_OF_MEASURE: "unit_of_measure",
    ColumnRole.TARGET: "value", ColumnRole.LAST_YEAR: "last_year", ColumnRole.LEAD: "unit",
    ColumnRole.UNIT: "unit", ColumnRole.SUPPORTING: "supporting", ColumnRole.DUE: "due",
    ColumnRole.NOTE: "note",
}


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One node to be: its level from 1, and its cells as texts."""

    level: int
    title: str
    value: TargetValue | None = None
    """As read where it stood; `read` reads it in a unit of measure."""
    unit_of_measure: str = ""
    unit: str = ""
    supporting: str = ""
    leader: str = ""
    responsible: str = ""
    handler: str = ""
    due: str = ""
    last_year: str = ""
    share: str = ""
    note: str = ""

    def read(self, measure: str) -> TargetValue | None:
        """The value in this unit of measure; words stay as they are."""
        if self.value is None or self.value.counted.amount is None:
            return self.value
        text = self.value.text or show_target(self.value)
        return read_target(text, unit=measure, indicator_name=self.title)


def lines_of_table(table: Table, year: int) -> tuple[list[PastedLine], list[str]]:
    """The rows of a pasted block as lines, and what is to be told."""
    rows = [[cell.text for cell in row] for row in _filled(table) if any(c.text.strip() for c in row)]
    if not rows:
        return [], []
    head, roles = _head(rows, year)
    if not roles:
        roles = _guessed(rows)
    said = []
    lines: list[PastedLine] = []
    levels = _Levels()
    for row in rows[head:]:
        fields: dict[str, str] = {}
        notes = []
        for column, text in enumerate(row):
            words = text.strip()
            if not words:
                continue
            role = roles.get(column, "note")
            if role in ("title", "category"):
                fields[role] = text.rstrip()
            elif role == "note" or role in fields:
                name = tidy(rows[head - 1][column]) if head and column < len(rows[head - 1]) else ""
                notes.append(words if role == "note" and name in ("", "备注") else f"{name}:{words}")
            else:
                fields[role] = words
        if not fields.get("title", "").strip() and not fields.get("category", "").strip():
            if notes or fields:
                said.append(f"“{'、'.join([*fields.values(), *notes])[:40]}”没有名称,没有粘贴")
            continue
        alone = len(fields) == 1 and not notes
        if alone and _REMARK.match("".join(fields.values()).strip()):
            said.append(f"“{''.join(fields.values()).strip()[:40]}”是附注,没有粘贴")
            continue
        if fields.get("title", "").replace(" ", "").replace("\u3000", "") in _TOTALS:
            said.append("合计行没有粘贴")
            continue
        lines += levels.lines(fields, ";".join(notes))
    return lines, said


class _Levels:
    """How deep each row stands: by a level or number column, a category, or the indent of the name."""

    def __init__(self) -> None:
        self._kinds: list[str] = []
        self._category = ""
        self._indents: list[int] = []

    def lines(self, fields: dict[str, str], note: str) -> list[PastedLine]:
        """A row as a line, before it one for a category that begins with it."""
        made = []
        category = fields.get("category", "").strip()
        title = fields.get("title", "")
        if category and category != self._category:
            self._category = category
            if title.strip():
                made.append(PastedLine(1, category))
        if not title.strip():
            title = category
        level, name = self._level(fields, title)
        bare, measure = split_unit(name)
        if measure and "unit_of_measure" not in fields:
            name, fields = bare, {**fields, "unit_of_measure": measure}
        if self._category and title.strip() != category:
            level += 1
        value = fields.get("value", "")
        made.append(PastedLine(
            level, name, read_target(value) if value else None,
            **{key: fields[key] for key in _TEXTS if key in fields}, note=note,
        ))
        return made

    def _level(self, fields: dict[str, str], title: str) -> tuple[int, str]:
        stated = fields.get("level", "")
        if stated.strip("级层第 ").isdigit():
            return max(1, int(stated.strip("级层第 "))), title.strip()
        number = fields.get("number", "")
        if number:
            return self._of_number(number), title.strip()
        label = read_label(title.strip(), {})
        if label is not None and label.kind != "bullet":
            return self._of_kind(label.kind), title.strip()[label.end :].strip()
        return self._of_indent(title), title.strip()

    def _of_number(self, number: str) -> int:
        """1.2.3 is on level 3; otherwise kinds of labels go down in the order they first appear."""
        if _DOTTED.fullmatch(number):
            depth = len([part for part in re.split("[.\uff0e、]", number) if part])
            # 1 below 一、 is a level of its own.
            return self._of_kind("arabic") + depth - 1 if self._kinds else depth
        label = read_label(f"{number} 甲", {}) or read_label(f"{number}、甲", {})
        return 1 if label is None else self._of_kind(label.kind)

    def _of_kind(self, kind: str) -> int:
        if kind not in self._kinds:
            self._kinds.append(kind)
        return self._kinds.index(kind) + 1

    def _of_indent(self, title: str) -> int:
        indent = len(title.replace("\u3000", "  ")) - len(title.strip().replace("\u3000", "  "))
        while self._indents and self._indents[-1] > indent:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent:
            self._indents.append(indent)
        return len(self._indents)


_TEXTS = (
    "unit_of_measure", "unit", "supporting", "leader", "responsible", "handler", "due", "last_year",
    "share",
)


def _filled(table: Table) -> list[list[Cell]]:
    """The rows with what was merged downwards repeated in every row."""
    width = table.width
    rows = [list(row) + [Cell(None, "")] * (width - len(row)) for row in table.rows]
    for merge in table.merges:
        for row in range(merge.top + 1, min(merge.bottom, len(rows) - 1) + 1):
            rows[row][merge.left] = rows[merge.top][merge.left]
    return rows


def _head(rows: Sequence[Sequence[str]], year: int) -> tuple[int, dict[int, str]]:
    """How many rows the head takes and what its columns are; no columns where there is none."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        roles = {column: role for column, text in enumerate(row) if (role := _role(text, year))}
        if len(roles) >= 2 and ("title" in roles.values() or "category" in roles.values()):
            return number + 1, _with_groups(rows[number + 1 :], row, roles)
    return 0, {}


def _with_groups(
    rows: Sequence[Sequence[str]], head: Sequence[str], roles: dict[int, str]
) -> dict[int, str]:
    """A heading over two columns of texts (项目): the first holds the groups, the second the names."""
    for column, role in list(roles.items()):
        after = column + 1
        if role != "title" or after in roles or (after < len(head) and head[after].strip()):
            continue
        texts = [row[after].strip() for row in rows if after < len(row) and row[after].strip()]
        worded = [one for one in texts if not _NUMBER.fullmatch(one)]
        if len(worded) * 2 > len(rows):
            return {**roles, column: "category", after: "title"}
    return roles


def _role(text: str, year: int) -> str:
    word = tidy(text)
    if not word:
        return ""
    if _LEVEL.search(word):
        return "level"
    if _SHARE.search(word):
        return "share"
    role = role_of(word, year)
    if role is ColumnRole.PERSON:
        if "经办" in word or "承办人" in word:
            return "handler"
        return "leader" if "领导" in word else "responsible"
    return _ROLES.get(role, "note") if role is not None else ""


def _guessed(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Columns without a head: labels, then names, then figures; the rest goes to the notes."""
    width = max(len(row) for row in rows)
    texts = [[row[c].strip() for row in rows if c < len(row) and row[c].strip()] for c in range(width)]
    roles: dict[int, str] = {}
    first = next((c for c in range(width) if texts[c]), 0)
    if len(texts) > first + 1 and texts[first + 1] and all(
        len(one) <= 8 and (_DOTTED.fullmatch(one) or read_label(f"{one}、甲", {}) or read_label(f"{one} 甲", {}))
        for one in texts[first]
    ):
        roles[first] = "number"
        first += 1
    roles[first] = "title"
    for column in range(first + 1, width):
        figures = sum(bool(_NUMBER.fullmatch(one)) for one in texts[column])
        if texts[column] and figures * 2 >= len(texts[column]):
            roles[column] = "value"
            break
    return roles
