"""The allotment matrix indicators × units (room 目标体系): pages, edits, blocks, sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.services.adjustment_lists import adjusted_note, approved_by_cell
from mbo_desktop.services.planning_framework import FrameworkFilter, IndicatorRow
from mbo_desktop.services.target_cells import (
    CellState,
    MatrixCell,
    TargetField,
    cell_of,
    empty_cell,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as reads
from mbo_desktop.store.queries.matrix import MatrixColumn, RowSum, UnitTotal

__all__ = ["CellState", "MatrixCell", "MatrixColumn", "RowSum", "TargetField", "UnitTotal"]

CellKey = tuple[RecordId, RecordId]
"""Indicator and unit."""


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """Some rows of the matrix with the cells of the columns asked for."""

    total: int
    """Rows in all under the filter."""
    offset: int
    rows: tuple[IndicatorRow, ...]
    cells: Mapping[CellKey, MatrixCell]
    """Only cells that have a record; the others are `empty_cell`."""

    def cell(self, indicator: RecordId, unit: RecordId) -> MatrixCell:
        """The cell of an indicator and a unit."""
        return self.cells.get((indicator, unit)) or empty_cell(indicator, unit)


def columns(
    store: Store,
    year: int,
    *,
    kinds: Sequence[UnitKind] = (),
    peer_group: str = "",
    with_empty: bool = False,
    own: bool = True,
) -> tuple[MatrixColumn, ...]:
    """The units over the matrix in official order: those with any target in the year.

    with_empty adds the units of the kinds or group that have none yet (dissolved ones and the
    own government left out). own False: without the own government even where it has targets.
    """
    return reads.columns(
        store, year, kinds=kinds, peer_group=peer_group, with_empty=with_empty, own=own
    )


def matrix_page(
    store: Store,
    year: int,
    units: Sequence[RecordId],
    *,
    chosen: FrameworkFilter | None = None,
    offset: int = 0,
    limit: int = 60,
) -> MatrixPage:
    """Rows offset … offset+limit in printed order with the cells of these units."""
    ids = framework_reads.indicator_ids(store, year, chosen or FrameworkFilter())
    wanted = ids[offset : offset + limit]
    rows = framework_reads.indicator_rows(store, wanted)
    return MatrixPage(len(ids), offset, rows, cells(store, wanted, units))


def cells(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> dict[CellKey, MatrixCell]:
    """The cells that have a record, for any block of the matrix."""
    records = store.get_many(Indicator, tuple(indicators))
    whole, partly = reads.block(store, indicators, units)
    targets = [*whole, *store.get_many(Target, partly).values()]
    found = {
        (target.indicator, target.unit): cell_of(records[target.indicator], target)
        for target in targets
        if target.indicator in records
    }
    for key, lying in approved_by_cell(store, indicators, units).items():
        if key in found:
            note = adjusted_note(lying, records[key[0]].unit_of_measure)
            found[key] = replace(found[key], adjusted=note)
    return found


def cell(store: Store, indicator: RecordId, unit: RecordId) -> MatrixCell:
    """One cell."""
    found = cells(store, (indicator,), (unit,))
    return found.get((indicator, unit)) or empty_cell(indicator, unit)


def unit_totals(
    store: Store, year: int, units: Sequence[RecordId]
) -> dict[RecordId, UnitTotal]:
    """Counts and points under each unit's column, over the whole year."""
    return {total.unit: total for total in reads.unit_totals(store, year, units)}


def row_totals(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> dict[RecordId, RowSum]:
    """Sum and counts of each row over these units, exact decimals."""
    return {row.indicator: row for row in reads.row_sums(store, indicators, units)}
