"""What one row of a ledger says for each unit: target, last year, growth, stretch, points, deadline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain import units
from mbo_desktop.domain.quantity import normalise
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue
from mbo_desktop.spreadsheets.cell_reading import CellReader
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.proposal import ProposedCell
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Problem

WORDED_LISTED = 500
"""Cells kept as text that are listed one by one; the others are counted."""
_RATE = re.compile(r"率|比重|占比|增长|增速|增幅|比例|位次|排名|指数")
_BARE = re.compile(r"[≥≤<>约]?[-+]?[0-9][0-9,.]*(?:左右|以上|以下|以内)?")
_CHANGE = re.compile(r"[增降减升提速幅]")
_WORDED = frozenset({TargetForm.TEXT, TargetForm.CONDITION})
_NO_ACTUAL = frozenset({"/", "-", "—", "－", "——", "无", "\\", "--"})
_PLAIN_FORMS = _WORDED | {TargetForm.NOT_APPLICABLE}


class RowCells:
    """Reads the cells of all units of a row."""

    def __init__(
        self, grid: Grid, by_unit: dict[str, dict[Role, int]], measures: dict[int, str],
        table_measure: str, reader: CellReader,
    ) -> None:
        self.grid, self.by_unit, self.reader = grid, by_unit, reader
        self.measures, self.table_measure = measures, table_measure
        self.worded = 0
        only_targets = all(set(roles) == {Role.TARGET} for roles in by_unit.values())
        self._simple: list[tuple[str, int]] | None = None
        if only_targets and not measures and not table_measure:
            self._simple = [(key, roles[Role.TARGET]) for key, roles in by_unit.items()]

    def _say(self, place: str, reason: str, kept: str, text: str = "", *, asks: bool = False) -> None:
        self.reader.problems.append(Problem(place, text, reason, kept, is_notice=not asks))

    def finish(self) -> None:
        """Say how many more cells were kept as text than were listed."""
        if self.worded > WORDED_LISTED:
            more = self.worded - WORDED_LISTED
            self._say("", f"另有 {more:,} 个单元格不是数字,作为文字目标", "已保留为文字")

    def read(self, row: int, name: str, measure: str, open_key: str) -> dict[str, ProposedCell]:
        """The cells by unit key, empty ones left out; open_key: whose the columns without unit are."""
        if self._simple is not None and not self.grid.has_merges(row):
            return self._read_simple(row, name, measure, self._simple, open_key)
        cells: dict[str, ProposedCell] = {}
        for key, roles in self.by_unit.items():
            cell = self._cell(row, name, measure, roles)
            if cell is not None:
                cells[key or open_key] = cell
        return cells

    def _read_simple(
        self, row: int, name: str, measure: str, columns: list[tuple[str, int]], open_key: str
    ) -> dict[str, ProposedCell]:
        """Rows of bare figures, which large ledgers are made of."""
        line = self.grid.rows[row]
        width = len(line)
        part = self.reader.bare_part(measure, name)
        cells: dict[str, ProposedCell] = {}
        for key, column in columns:
            cell = line[column] if column < width else EMPTY
            text = cell.text
            if not text:
                continue
            if part is not None and type(cell.value) is Decimal and text.replace(".", "", 1).isdigit():
                value = TargetValue((TargetPart(part.form, cell.value, part.unit),), 0, text)
                cells[key or open_key] = ProposedCell(value, text=text, place=self.grid.place(row, column))
            else:
                read = self._target_only(cell, row, column, name, measure)
                if read is not None:
                    cells[key or open_key] = read
        return cells

    def _target_only(
        self, target: Cell, row: int, column: int, name: str, measure: str
    ) -> ProposedCell | None:
        text = target.text.strip()
        if not text:
            return None
        place = self.grid.place(row, column)
        value = self.reader.target(target, unit=measure, name=name)
        problem = self._judged(target, value, place, measure, name)
        return ProposedCell(value, text=text, place=place, problem=problem)

    def _cell(self, row: int, name: str, measure: str, roles: dict[Role, int]) -> ProposedCell | None:
        """What stands in the columns of one unit; None when all are empty."""
        grid = self.grid
        column = roles.get(Role.TARGET, -1)
        target = grid.shown(row, column) if column >= 0 else EMPTY
        unit = measure or self._other_measure(name, target, column)
        if len(roles) == 1 and column >= 0:
            return self._target_only(target, row, column, name, unit)
        shown = {role: grid.shown(row, column) for role, column in roles.items()}
        if not any(cell.text.strip() for cell in shown.values()):
            return None
        main = next(role for role in (Role.TARGET, Role.GROWTH, *roles) if role in roles)
        place = grid.place(row, roles[main])
        value = self.reader.target(target, unit=unit, name=name)
        problem = self._judged(target, value, place, unit, name)
        return self._full_cell(row, roles, shown, value, unit, name, place, problem)

    def _full_cell(
        self, row: int, roles: dict[Role, int], shown: dict[Role, Cell], value: TargetValue | None,
        unit: str, name: str, place: str, problem: str,
    ) -> ProposedCell:
        """A cell with last year, growth, stretch, points and deadline beside the target."""
        value = self._with_growth(value, shown.get(Role.GROWTH, EMPTY))
        notes: list[str] = []

        def where(role: Role) -> str:
            return self.grid.place(row, roles[role])

        last_year = points = due = None
        if Role.LAST_YEAR in roles:
            last_year, note = self.reader.number(
                shown[Role.LAST_YEAR], unit, where(Role.LAST_YEAR), "上年实绩"
            )
            notes.append(note)
        if Role.POINTS in roles:
            points, note = self.reader.points(shown[Role.POINTS], where(Role.POINTS))
            notes.append(note)
        if Role.DUE in roles:
            due = self.reader.deadline(shown[Role.DUE], where(Role.DUE))
            if due is None and shown[Role.DUE].text.strip():
                notes.append(f"完成时限:{shown[Role.DUE].text.strip()}")
        stretch = self.reader.target(shown.get(Role.STRETCH, EMPTY), unit=unit, name=name)
        text = (shown.get(Role.TARGET) or shown.get(Role.GROWTH) or EMPTY).text.strip()
        actual, completion, score = self._result(roles, shown, unit, where, notes)
        return ProposedCell(
            value, last_year, stretch, points, due, "\n".join(filter(None, notes)), text, place, problem,
            actual, completion, score, shown.get(Role.REASON, EMPTY).text.strip(),
        )

    def _result(
        self, roles: dict[Role, int], shown: dict[Role, Cell], unit: str,
        where: Callable[[Role], str], notes: list[str],
    ) -> tuple[Decimal | None, str, Decimal | None]:
        """Actual, 完成情况 in words, and score; a figure under 完成情况 is an actual."""
        actual = score = None
        words = shown.get(Role.COMPLETION, EMPTY).text.strip()
        if Role.ACTUAL in roles:
            text = shown[Role.ACTUAL].text.strip()
            if text and re.search(r"[0-9零一二三四五六七八九十]", text) is None:
                words = words or ("" if text in _NO_ACTUAL else text)
            else:
                actual, note = self.reader.number(
                    shown[Role.ACTUAL], unit, where(Role.ACTUAL), "实绩"
                )
                words = words or (text if note else "")
        elif isinstance(shown.get(Role.COMPLETION, EMPTY).value, Decimal):
            actual, _note = self.reader.number(
                shown[Role.COMPLETION], unit, where(Role.COMPLETION), "实绩"
            )
            words = ""
        if Role.SCORE in roles:
            score, note = self.reader.points(shown[Role.SCORE], where(Role.SCORE))
            notes.append(note.replace("分值:", "得分:", 1))
        return actual, words, score

    def _other_measure(self, name: str, target: Cell, column: int) -> str:
        """The unit of measure over the column, or over the whole table for figures that are no rate."""
        measure = self.measures.get(column, "")
        if measure or not self.table_measure:
            return measure
        is_bare = _BARE.fullmatch(normalise(target.text)) is not None
        return self.table_measure if is_bare and not _RATE.search(name) else ""

    def _judged(self, cell: Cell, value: TargetValue | None, place: str, unit: str, name: str) -> str:
        """Say what is wrong with a target cell; the Chinese reason, "" when all is well."""
        if cell.problem:
            self._say(place, cell.problem, "已保留为文字", cell.text.strip(), asks=True)
            return cell.problem
        if value is None or value.parts[value.counting].form not in _WORDED:
            return ""
        text = cell.text.strip()
        doubt = self.reader.doubt(value, text, unit=unit, name=name)
        if doubt:
            self._say(place, doubt, "已保留为文字", text, asks=True)
        elif unit:
            self.worded += 1
            if self.worded <= WORDED_LISTED:
                word = "另定条件" if value.counted.form is TargetForm.CONDITION else "文字目标"
                self._say(place, f"不是数字,作为{word}", "已保留为文字", text)
        return doubt

    def _with_growth(self, value: TargetValue | None, cell: Cell) -> TargetValue | None:
        """Level and growth in one value; the level counts where there is one."""
        growth = self.reader.target(cell, unit="%", name="", form=TargetForm.GROWTH)
        if growth is None or growth.is_not_applicable:
            return value or growth
        if value is None or value.is_not_applicable:
            return growth
        if any(part.form is TargetForm.GROWTH for part in value.parts):
            return value
        return TargetValue((*value.parts, *growth.parts), value.counting, f"{value.text},{_worded(growth)}")


def _worded(growth: TargetValue) -> str:
    """What a growth column says, so that it can stand behind a level: 13 → 增长13%, -3.5 → 下降3.5%."""
    if growth.counted.amount is None or _CHANGE.search(growth.text):
        return growth.text
    has_bound = re.search(r"[上内下于过≥≤<>]", growth.text) is not None
    return f"增长{growth.text}" if has_bound else show_target(replace(growth, text=""))


def settled(
    cells: Iterable[ProposedCell], measure: str
) -> tuple[TargetForm, Direction, str]:
    """Form, direction and unit of measure of a row, as its cells show them."""
    parts = [cell.value.parts[cell.value.counting] for cell in cells if cell.value is not None]
    telling = [part for part in parts if part.form not in _PLAIN_FORMS]
    if not telling:
        worded = any(part.form is TargetForm.TEXT for part in parts)
        return TargetForm.TEXT if worded else TargetForm.LEVEL, Direction.HIGHER, measure
    forms = {part.form for part in telling}
    if len(forms) == 1:
        form = telling[0].form
    else:
        form = Counter(part.form for part in telling).most_common(1)[0][0]
    if not measure:
        stated = {part.unit for part in telling if part.unit}
        if len(stated) == 1 and units.is_unit(next(iter(stated))):
            measure = next(iter(stated))
    if form is TargetForm.RANGE:
        return form, Direction.RANGE, measure
    return form, Direction.LOWER if TargetForm.AT_MOST in forms else Direction.HIGHER, measure
