"""The allotment matrix of 目标体系: indicators down, units across, each unit's fields side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import show
from mbo_desktop.services import planning_matrix
from mbo_desktop.services.origins import Origin, origins
from mbo_desktop.services.planning_edits import ADJUSTABLE
from mbo_desktop.services.planning_framework import IndicatorField
from mbo_desktop.services.planning_grid import IndicatorTexts
from mbo_desktop.services.planning_matrix import CellState, MatrixCell, MatrixColumn, TargetField
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, Kind, Row, Tone
from ui.grids.source import Refused
from ui.pages.exchange_block import locked, mark_text
from ui.pages.planning_sources import FrameworkSource, as_typed, grid_column

PORTION = 25
"""Rows whose cells are read together when one of them is looked at."""
UNITS_TOGETHER = 25
"""Units whose cells are read together; about as many columns as a wide window shows."""


def column_key(field: TargetField, unit: RecordId) -> str:
    """The key of a unit's column: value@17."""
    return f"{field.value}@{unit}"


class MatrixSource(FrameworkSource):
    """Indicators × units; the cells of a row are read when one of them is looked at."""

    def __init__(
        self, store: Store, year: int, units: Sequence[MatrixColumn],
        fields: Sequence[TargetField], *, with_sum: bool = True,
    ) -> None:
        self.units = tuple(units)
        self.fields = tuple(fields)
        self._unit_ids = tuple(column.unit for column in units)
        self._strips = tuple(
            self._unit_ids[n : n + UNITS_TOGETHER]
            for n in range(0, len(self._unit_ids), UNITS_TOGETHER)
        )
        self._strip_of = {unit: n for n, strip in enumerate(self._strips) for unit in strip}
        self._cells: dict[int, dict[int, dict[RecordId, MatrixCell]]] = {}
        """By row, then by the number of the strip of units, as far as they were looked at."""
        self._sums: dict[int, str] = {}
        self._neighbours: dict[int, tuple[int, ...]] = {}
        self._origins: dict[int, Origin | None] = {}
        """Indicators and targets that were looked at: where they come from, None for own ones."""
        self.touched: frozenset[RecordId] = frozenset()
        """Units in whose targets the last write changed what agreements fix."""
        super().__init__(store, year, matrix_columns(units, fields, with_sum=with_sum))

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows; what stands in them is read with the first look, some neighbours at once."""
        for start in range(0, len(ids), PORTION):
            portion = tuple(ids[start : start + PORTION])
            for row in portion:
                self._neighbours[row] = portion
        return {i: Row(i, _MatrixRow(self, i)) for i in ids}

    def texts_of(self, indicator: int) -> IndicatorTexts | None:
        """The fields of an indicator; None when it vanished meanwhile."""
        return self.texts(self._neighbours.get(indicator, (indicator,))).get(indicator)

    def cell_of(self, indicator: int, unit: RecordId) -> MatrixCell | None:
        """The cell of an indicator and a unit; None for one that is not allotted."""
        number = self._strip_of.get(unit)
        if number is None:
            return None
        strips = self._cells.get(indicator)
        if strips is None or number not in strips:
            self._read(indicator, number)
            strips = self._cells[indicator]
        return strips[number].get(unit)

    def sum_of(self, indicator: int) -> str:
        """The sum of a row over the units shown; "" where amounts cannot be added."""
        if indicator not in self._sums:
            self._read_sums(indicator)
        return self._sums.get(indicator, "")

    def _read(self, indicator: int, number: int) -> None:
        portion = self._neighbours.get(indicator, (indicator,))
        wanted = [RecordId(row) for row in portion if number not in self._cells.get(row, ())]
        found: dict[int, dict[RecordId, MatrixCell]] = {row: {} for row in wanted}
        cells = planning_matrix.cells(self.store, wanted, self._strips[number])
        for (row, unit), cell in cells.items():
            found[row][unit] = cell
        for row, strip in found.items():
            self._cells.setdefault(row, {})[number] = strip
        targets = [cell.target for cell in cells.values() if cell.target is not None]
        self._look_up_origins(targets)

    def _look_up_origins(self, records: Sequence[int]) -> None:
        self._origins.update(dict.fromkeys(records))
        self._origins.update(origins(self.store, [RecordId(one) for one in records]))

    def origin_of(self, record: RecordId | int | None) -> Origin | None:
        """Where an indicator or a target comes from; None for an own one."""
        if record is None:
            return None
        if record not in self._origins:
            self._look_up_origins(self._neighbours.get(record, (record,)))
        return self._origins[record]

    def _read_sums(self, indicator: int) -> None:
        portion = self._neighbours.get(indicator, (indicator,))
        wanted = [RecordId(row) for row in portion if row not in self._sums]
        for row in wanted:
            self._sums[row] = ""
        for row, total in planning_matrix.row_totals(self.store, wanted, self._unit_ids).items():
            self._sums[row] = "" if total.amount is None else show(total.amount)

    def forget(self, ids: Sequence[int] | None = None) -> None:
        """Read these rows (None: all) again when they are looked at."""
        super().forget(ids)
        if ids is None:
            self._cells.clear()
            self._sums.clear()
        else:
            for row in ids:
                self._cells.pop(row, None)
                self._sums.pop(row, None)

    def text_now(self, row: int, key: str) -> str:
        """As for indicators; of a target the text its editor starts with."""
        code, _, unit = key.partition("@")
        if not unit:
            return super().text_now(row, key)
        found = self.cell_of(row, RecordId(int(unit)))
        return "" if found is None else found.editing_text(TargetField.of(code))

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """As every framework table; keeps which units were touched."""
        told = super().write(edits, label)
        columns = {e.key: grid_column(e.key) for e in edits if (e.row, e.key) not in (told or {})}
        self.touched = frozenset(
            one.unit for one in columns.values()
            if one.unit is not None and one.field in ADJUSTABLE
        )
        return told

    def rows_of_targets(self, targets: Sequence[RecordId]) -> set[int] | None:
        """The rows that these changed targets stand in; None when that cannot be told."""
        left = set(targets)
        rows: set[int] = set()
        for record, target in self.store.get_many(Target, tuple(targets)).items():
            rows.add(target.indicator)
            left.discard(record)
        if left:
            for row, strips in self._cells.items():
                for cell in (cell for strip in strips.values() for cell in strip.values()):
                    if cell.target in left:
                        rows.add(row)
                        left.discard(cell.target)
        return None if left else rows


class _MatrixRow(Mapping[str, Cell | str]):
    """The cells of one row by column key, made when they are asked for."""

    __slots__ = ("_indicator", "_made", "_source")

    def __init__(self, source: MatrixSource, indicator: int) -> None:
        self._source = source
        self._indicator = indicator
        # A paint asks for each cell twice; the table drops the row when it changed.
        self._made: dict[str, Cell | str] = {}

    def __getitem__(self, key: str) -> Cell | str:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def get(self, key: str, default: object = None) -> Cell | str:  # type: ignore[override]
        """Every column has a cell."""
        return self[key]

    def _make(self, key: str) -> Cell | str:
        code, _, unit = key.partition("@")
        if not unit:
            if key == "sum":
                return self._source.sum_of(self._indicator)
            texts = self._source.texts_of(self._indicator)
            if texts is None:
                return ""
            origin = self._source.origin_of(self._indicator)
            if key == IndicatorField.NAME.value and origin is not None:
                return locked(Cell(mark_text(texts.texts[key], origin), note=origin.sentence), origin)
            return Cell(texts.texts[key], texts.points) if key == "points" else texts.texts[key]
        found = self._source.cell_of(self._indicator, RecordId(int(unit)))
        if found is None:
            return ""
        alone = TargetField.GROWTH not in self._source.fields
        made = target_cell(found, TargetField.of(code), with_growth=alone)
        return locked(made, self._source.origin_of(found.target))

    def __iter__(self) -> Iterator[str]:
        return (column.key for column in self._source.columns)

    def __len__(self) -> int:
        return len(self._source.columns)


def target_cell(cell: MatrixCell, field: TargetField, *, with_growth: bool = False) -> Cell:
    """One field of a target as the grid paints it.

    with_growth: a growth rate that is stated stands beside the level, as there is no column for it.
    """
    text = cell.text(field)
    if field is TargetField.VALUE:
        if with_growth and cell.growth and not cell.growth_derived:
            text = "\uff0c".join(part for part in (text, _growth_words(cell.growth)) if part)
        tone, note = Tone.PLAIN, ""
        if cell.state is CellState.NOT_APPLICABLE:
            tone, note = Tone.MUTED, "不适用:该单位不承担这项指标"
        elif cell.state is CellState.NOT_SET:
            note = "已下达,目标值未设定"
        elif cell.warnings:
            tone, note = Tone.AMBER, ";".join(cell.warnings)
        return Cell(
            text, number=cell.amount, tone=tone, problem=cell.kept_as_text, note=note or cell.note,
            edit_text=cell.editing_text(field),
        )
    derived = (field is TargetField.GROWTH and cell.growth_derived) or (
        field is TargetField.POINTS and not cell.points_own
    )
    note = ""
    if derived:
        note = "按上年实绩推算,不是下达的目标" if field is TargetField.GROWTH else "指标的分值"
    return Cell(
        text, tone=Tone.MUTED if derived else Tone.PLAIN, note=note,
        edit_text=cell.editing_text(field),
    )


def _growth_words(growth: str) -> str:
    return f"下降{growth[1:]}" if growth.startswith("-") else f"增长{growth}"


_SHORT = {TargetField.VALUE: "目标", TargetField.LAST_YEAR: "上年", TargetField.GROWTH: "增长",
          TargetField.STRETCH: "力争", TargetField.POINTS: "分值"}


def matrix_columns(
    units: Sequence[MatrixColumn], fields: Sequence[TargetField], *, with_sum: bool
) -> tuple[Column, ...]:
    """Frozen columns of the indicator, the row's sum, then each unit's fields."""
    indicator = IndicatorField
    columns = [
        Column("category", indicator.CATEGORY.label, width=100, frozen=True),
        Column("name", "指标", width=190, frozen=True, editable=True, read=as_typed),
        Column("unit_of_measure", "单位", width=60, frozen=True, editable=True, read=as_typed),
        Column("points", "分值", Kind.NUMBER, width=52, frozen=True, editable=True, read=as_typed),
    ]
    if with_sum:
        columns.append(
            Column("sum", "合计", Kind.NUMBER, width=84, sortable=False, filterable=False,
                   hint="所示单位之和;比率、位次和文字不相加")
        )
    single = len(fields) == 1
    wide = 210 if len(units) <= 2 else 130 if len(units) <= 5 else 112
    columns += [_target_column(unit, field, single, wide) for unit in units for field in fields]
    return tuple(columns)


def _target_column(unit: MatrixColumn, field: TargetField, single: bool, wide: int) -> Column:
    is_value = field is TargetField.VALUE
    return Column(
        column_key(field, unit.unit),
        unit.heading if single else _SHORT.get(field, field.label),
        Kind.TARGET if is_value else Kind.NUMBER,
        width=wide if is_value else 96 if single else 76,
        editable=True, filterable=False, group="" if single else unit.heading, read=as_typed,
    )
