"""Rows of the view 上年: unit-targets with what became of them, units' results, results at the superior."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import office_words, result_edits, results, superior_results
from mbo_desktop.services.result_edits import (
    ResultEdit,
    SuperiorEdit,
    SuperiorField,
    UnitEdit,
    UnitField,
)
from mbo_desktop.services.results import Completion, ResultField, ResultRow
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, Kind, Option, Row, Tone
from ui.grids.source import ListSource, Refused, matches

UNMET, UNDECIDED, MET = "unmet", "undecided", "met"
_BAD = {Completion.NOT_MET}
_GOOD = {Completion.MET, Completion.EXCEEDED}
SUPERIOR_YEARS = 5


def _as_typed(text: str) -> str:
    return text


def _refused(edits: Sequence[Edit], refusals: dict[int, str]) -> Refused | None:
    return {(edits[n].row, edits[n].key): reason for n, reason in refusals.items()} or None


def _statuses(typed: str) -> Sequence[Option]:
    return [Option(one.label, one.label) for one in Completion if matches(typed, one.label)]


class ResultSource(ListSource):
    """Every unit-target of a year with its result."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__(_result_columns(), self._read, self._save)
        self.store, self.year = store, year
        self.only = ""
        self._read_at = -1
        self.found: dict[int, ResultRow] = {}
        self._numbers: dict[tuple[RecordId, RecordId], int] = {}

    def _read(self) -> Sequence[Row]:
        self._read_at = self.store.change_count
        kept = {(r.indicator, r.unit) for r in results.unmet(self.store, self.year)} if self.only == UNMET else set()
        self.found = {}
        for row in results.rows(self.store, self.year):
            if self._fits(row, kept):
                number = self._numbers.setdefault((row.indicator, row.unit), len(self._numbers) + 1)
                self.found[number] = row
        return [_result_row(self.store, number, row) for number, row in self.found.items()]

    def _fits(self, row: ResultRow, unmet: set[tuple[RecordId, RecordId]]) -> bool:
        if self.only == UNMET:
            return (row.indicator, row.unit) in unmet
        if self.only == UNDECIDED:
            return row.completion is None
        return self.only != MET or row.completion in _GOOD

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Hand the edits on; the room has mostly read again by then, told by the store."""
        refused = self._save(edits, label)
        if self._read_at != self.store.change_count:
            self.reload()
        return refused

    def _save(self, edits: Sequence[Edit], _label: str) -> Refused | None:
        made = [
            ResultEdit(self.found[e.row].indicator, self.found[e.row].unit, ResultField(e.key), e.text)
            for e in edits
        ]
        return _refused(edits, result_edits.apply_result_edits(self.store, made))


def _result_row(store: Store, number: int, row: ResultRow) -> Row:
    status = row.completion
    if status is None:
        shown = Cell("未认定", tone=Tone.AMBER, edit_text="")
    else:
        tone = Tone.RED if status in _BAD else Tone.GREEN if status in _GOOD else Tone.PLAIN
        note = "已认定" if row.is_recorded else "按实绩与目标判定;可直接改填"
        shown = Cell(status.label, tone=tone, note=note, bold=row.is_recorded,
                     edit_text=status.label if row.is_recorded else "")
    return Row(number, {
        "indicator": Cell(row.indicator_name, note=row.category), "unit": row.unit_name,
        "measure": row.unit_of_measure, "target": _figure(row.target), "before": _figure(row.last_year),
        "actual": _figure(row.actual), "completion": shown, "reason": row.reason,
        "score": _figure(row.score), "note": row.note, "category": row.category, "group": office_words.group(store, row.peer_group),
    })


def _figure(text: str) -> Cell:
    """A text that is sorted and summed by the number it shows."""
    plain = text.replace(",", "")
    return Cell(text, number=Decimal(plain) if re.fullmatch(r"-?\d+(?:\.\d+)?", plain) else None)


def _result_columns() -> tuple[Column, ...]:
    return (
        Column("indicator", "指标", width=170, frozen=True),
        Column("unit", "单位", width=84, frozen=True),
        Column("category", "类别", width=100, hidden=True),
        Column("group", "分组", width=70, hidden=True),
        Column("measure", "计量单位", width=76),
        Column("before", "基数", Kind.NUMBER, width=72, hidden=True),
        Column("target", "目标", Kind.TARGET, width=104),
        Column("actual", "实绩", Kind.TARGET, width=90, editable=True, read=_as_typed),
        Column("completion", "完成情况", Kind.CHOICE, width=78, editable=True, lookup=_statuses, read=_as_typed),
        Column("reason", "认定说明", width=170, editable=True, multiline=True, read=_as_typed),
        Column("score", "得分", Kind.NUMBER, width=56, editable=True, read=_as_typed),
        Column("note", "备注", width=110, editable=True, hidden=True, multiline=True, read=_as_typed),
    )


class UnitSource(ListSource):
    """Every unit's result of a year."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__(_unit_columns(), self._read, self._save)
        self.store, self.year = store, year

    def _read(self) -> Sequence[Row]:
        return [
            Row(row.unit, {
                "name": row.name,
                "score": Cell("" if row.score is None else canonical(row.score), row.score),
                "rank": "" if row.rank is None else str(row.rank),
                "grade": row.grade, "honours": "、".join(row.honours),
                "veto": Cell(row.veto, tone=Tone.RED if row.veto else Tone.PLAIN), "note": row.note,
                "met": str(row.met) if row.met else "",
                "not_met": Cell(str(row.not_met) if row.not_met else "", tone=Tone.RED),
                "undecided": Cell(str(row.undecided) if row.undecided else "", tone=Tone.AMBER),
            })
            for row in results.unit_results(self.store, self.year)
        ]

    def _save(self, edits: Sequence[Edit], _label: str) -> Refused | None:
        made = [UnitEdit(RecordId(e.row), UnitField(e.key), e.text) for e in edits]
        return _refused(edits, result_edits.apply_unit_edits(self.store, self.year, made))


def _unit_columns() -> tuple[Column, ...]:
    def made(field: UnitField, width: int, kind: Kind = Kind.TEXT) -> Column:
        return Column(field.value, field.label, kind, width=width, editable=True, read=_as_typed)

    return (
        Column("name", "单位", width=130, frozen=True),
        made(UnitField.SCORE, 66, Kind.NUMBER), made(UnitField.RANK, 54, Kind.NUMBER),
        made(UnitField.GRADE, 70), made(UnitField.HONOURS, 160), made(UnitField.VETO, 96),
        Column("met", "完成", Kind.NUMBER, width=50, group="目标项数"),
        Column("not_met", "未完成", Kind.NUMBER, width=56, group="目标项数"),
        Column("undecided", "未认定", Kind.NUMBER, width=56, group="目标项数"),
        made(UnitField.NOTE, 90),
    )


class SuperiorSource(ListSource):
    """The own result at the superior, the last years and all that were entered."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__(_superior_columns(), self._read, self._save)
        self.store, self.year = store, year

    def _read(self) -> Sequence[Row]:
        known = {row.year: row for row in superior_results.results(self.store)}
        years = sorted({*known, *range(self.year - SUPERIOR_YEARS + 1, self.year + 1)}, reverse=True)
        made = []
        for year in years:
            row = known.get(year)
            cells: dict[str, Cell | str] = {"year": f"{year} 年"}
            if row is not None:
                rank = "" if row.rank is None else f"{row.rank}/{row.ranked}" if row.ranked else str(row.rank)
                cells |= {
                    "points": "" if row.points is None else canonical(row.points),
                    "full_points": "" if row.full_points is None else canonical(row.full_points),
                    "rank": rank, "title": row.title, "document": row.document, "note": row.note,
                }
            made.append(Row(year, cells))
        return made

    def _save(self, edits: Sequence[Edit], _label: str) -> Refused | None:
        made = [SuperiorEdit(e.row, SuperiorField(e.key), e.text) for e in edits]
        return _refused(edits, result_edits.apply_superior_edits(self.store, made))


def _superior_columns() -> tuple[Column, ...]:
    field = SuperiorField
    widths = ((field.POINTS, 70, Kind.NUMBER), (field.FULL_POINTS, 70, Kind.NUMBER),
              (field.RANK, 70, Kind.NUMBER), (field.TITLE, 150, Kind.TEXT),
              (field.DOCUMENT, 190, Kind.TEXT), (field.NOTE, 160, Kind.TEXT))
    hints = {field.RANK: "如 3/11:11 个参评单位中第 3 位"}
    return (
        Column("year", "年度", width=76, frozen=True),
        *(Column(one.value, one.label, kind, width=width, editable=True, read=_as_typed,
                 hint=hints.get(one, "")) for one, width, kind in widths),
    )
