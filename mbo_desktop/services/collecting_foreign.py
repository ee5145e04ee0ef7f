"""A table that is no form of ours, read by the names of the indicators (room 进度, 收表)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import canonical, read_in_unit, split_unit
from mbo_desktop.domain.reports import CauseKind, FigureKind
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.services import filings
from mbo_desktop.services.collected import (
    Collection,
    FieldChange,
    ReturnedFile,
    ReturnState,
)
from mbo_desktop.services.form_sheets import measure_of, report_cells
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.form_kinds import NOT_STARTED, FormPurpose
from mbo_desktop.spreadsheets.form_layout import plain_value
from mbo_desktop.spreadsheets.form_return import same
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.table import Cell, Problem, Table
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Sought, Subject

_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("title", re.compile(r"^(?:考核|目标|主要|工作)?(?:指标|项目|任务|内容)(?:名称|内容|项目)?$|^目标名称$")),
    ("amount", re.compile(r"本月累计|累计(?:完成|实绩|数|值)|1[-—~至]\d{1,2}月|^完成(?:数|值|情况|实绩)?$|^实际完成|^实绩$")),
    ("physical", re.compile(r"形象进度")),
    ("text", re.compile(r"进展|推进情况|工作情况")),
    ("problem", re.compile(r"存在.*问题|困难")),
    ("cause_text", re.compile(r"原因$")),
    ("cause", re.compile(r"原因类别")),
    ("measure", re.compile(r"下步|下一步|措施|打算")),
)
_LABELS = {
    "amount": "本月累计", "physical": "形象进度", "text": "进展情况", "problem": "存在问题",
    "cause": "原因类别", "cause_text": "原因", "measure": "下步措施",
}
_HEAD_ROWS = 12
_NOTE = "按指标名称对上,请核对"


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    columns: dict[str, int]


def read_by_names(store: Store, found: Collection, place: int) -> Collection:
    """The collection with one more file read: its rows fitted to a unit's targets by name.

    The unit is the one named in the file's name or above its table. Raises FileReadError
    when no unit, no head or no indicator is recognised.
    """
    one = found.files[place]
    tables = read_tables(one.path)
    unit, label = _unit_of(store, found, one, tables)
    ids = reads.subject_ids(store, found.year, Sought(unit=unit))
    subjects = {
        flat(subject.title): subject for subject in reads.subjects(store, list(ids)).values()
        if subject.unit == unit and not subject.is_not_applicable
    }
    for table in tables:
        head = _head(table)
        if head is None:
            continue
        reader = _Reader(store, found, place, table, head, subjects)
        reader.read()
        if reader.matched:
            return _with(found, place, one, unit, label, reader)
    raise FileReadError(
        f"“{one.name}”中没有找到“指标”和“累计完成”两列,或没有一个指标与{label}的目标同名。",
        "请用“发放模板”生成的表填写,或在“月度填报”中粘贴。",
    )


def _with(
    found: Collection, place: int, one: ReturnedFile, unit: RecordId, label: str, reader: _Reader
) -> Collection:
    """The file takes its place among those that can be taken in."""
    words = f"按指标名称对上{reader.matched}项,{len(reader.changes)}格待核对。"
    if reader.unknown:
        words += f"{len(reader.unknown)}行没有对上。"
    read = replace(
        one, state=ReturnState.PROBLEMS, words=words, purpose=FormPurpose.PROGRESS, unit=unit,
        unit_label=label, month=found.month, filled=len(reader.changes),
        problems=tuple(reader.problems),
    )
    twins = [
        at for at, other in enumerate(found.files)
        if at != place and other.can_be_taken
        and (other.unit, other.purpose) == (unit, FormPurpose.PROGRESS)
    ]
    if twins:
        other = found.files[twins[0]]
        read = replace(
            read, state=ReturnState.RIVAL, words=f"{words}与“{other.name}”是同一单位的表,请选定收哪一个。"
        )
    files = tuple(
        read if at == place else replace(
            other, state=ReturnState.RIVAL, words=f"与“{one.name}”是同一单位的表,请选定收哪一个。"
        ) if at in twins else other
        for at, other in enumerate(found.files)
    )
    kept = tuple(change for change in found.changes if change.file != place)
    return replace(
        found, files=files, changes=(*kept, *reader.changes),
        missing=tuple(other for other in found.missing if other != label),
        foreign_read=found.foreign_read | {place},
    )


def _unit_of(
    store: Store, found: Collection, one: ReturnedFile, tables: list[Table]
) -> tuple[RecordId, str]:
    """The unit that the file's name or the lines above its table name; the longest name wins."""
    rows = filings.board(store, found.year, found.month)
    units = store.get_many(Unit, [row.unit for row in rows])
    top = " ".join(
        cell.text for table in tables[:1] for line in table.rows[:4] for cell in line if cell.text
    )
    for where in (one.path.stem, top):
        fitting = [
            (len(name), row.unit, row.label) for row in rows
            for name in (row.label, units[row.unit].name) if len(name) > 1 and name in where
        ]
        if fitting:
            _length, unit, label = max(fitting)
            return unit, label
    raise FileReadError(
        f"“{one.name}”的文件名和表头都没有写明是哪个单位。", "请在文件名中写上单位名称后再收。"
    )


def _head(table: Table) -> _Head | None:
    """The row with a column of indicators and one of figures or words about them."""
    for row in range(min(_HEAD_ROWS, len(table.rows))):
        columns: dict[str, int] = {}
        for place, cell in enumerate(table.rows[row]):
            text = flat(cell.text)
            key = next((key for key, pattern in _HEADS if pattern.search(text)), None) if text else None
            if key is not None and key not in columns:
                columns[key] = place
        if "title" in columns and len(columns) > 1:
            return _Head(row, columns)
    return None


class _Reader:
    """The rows of one table, fitted by name."""

    def __init__(
        self, store: Store, found: Collection, place: int, table: Table, head: _Head,
        subjects: dict[str, Subject],
    ) -> None:
        self.place, self.table, self.head, self.subjects = place, table, head, subjects
        self.changes: list[FieldChange] = []
        self.problems: list[Problem] = []
        self.unknown: list[str] = []
        self.matched = 0
        ids = [one.id for one in subjects.values()]
        self.month = found.month
        self._said = reads.figures(store, ids, (found.month,))

    def read(self) -> None:
        """All rows below the head."""
        for row in range(self.head.row + 1, len(self.table.rows)):
            title = self.table.cell(row, self.head.columns["title"]).text.strip()
            if not title:
                continue
            subject = self.subjects.get(flat(title)) or self.subjects.get(flat(split_unit(title)[0]))
            if subject is None:
                self.unknown.append(title)
                where = self.table.place(row, self.head.columns["title"])
                self.problems.append(Problem(where, title, "没有同名的目标", "整行没有读入"))
                continue
            self.matched += 1
            self._row(row, subject)

    def _row(self, row: int, subject: Subject) -> None:
        said = {one.kind: one for one in self._said.get((subject.id, self.month), [])}
        now = report_cells(said.get(FigureKind.PROXY))
        for key, column in self.head.columns.items():
            cell = self.table.cell(row, column)
            if key == "title" or not cell.text.strip():
                continue
            where = self.table.place(row, column)
            new = self._text(key, cell, subject, where)
            old = plain_value(now.get(key))
            if new and not same(new, old):
                self.changes.append(FieldChange(
                    self.place, subject.id, key, where, subject.unit_label, subject.title,
                    _LABELS[key], old, new, note=_NOTE,
                ))

    def _text(self, key: str, cell: Cell, subject: Subject, where: str) -> str:
        text = cell.text.strip()
        if key == "cause" and CauseKind.from_label(text.removesuffix("原因")) is None:
            self.problems.append(Problem(where, text, "原因类别只能填“客观”或“主观”", "没有读入"))
            return ""
        if key != "amount" or text in NOT_STARTED:
            return text
        measure = measure_of(subject)
        try:
            if isinstance(cell.value, Decimal) and text[-1] not in "%‰":
                return canonical(cell.value)
            return canonical(read_in_unit(text, measure).value)
        except InputError as error:
            self.problems.append(Problem(where, text, error.what.rstrip("。"), "没有读入"))
            return ""
