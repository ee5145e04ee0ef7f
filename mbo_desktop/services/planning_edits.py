"""Edits of the matrix as in Excel: one cell, a pasted block, fill down, clear — one undo step each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError
from mbo_desktop.services.indicator_fields import IndicatorField, field_text, with_field
from mbo_desktop.services.target_cells import (
    TargetField,
    cell_of,
    is_blank,
    kept_reason,
    with_counting,
    with_target_field,
)
from mbo_desktop.store.database import Store

GridField = TargetField | IndicatorField


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the grid: an indicator's field (unit None) or a field of a unit's targets."""

    field: GridField
    unit: RecordId | None = None


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell of the grid and the text that is to stand in it."""

    indicator: RecordId
    column: GridColumn
    text: str


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A text that could not be read: where it stands, the text, why, and what became of it."""

    indicator: RecordId
    unit: RecordId | None
    place: str
    """「工业投资 · 柯城区 · 上年实绩」."""
    text: str
    reason: str
    kept: str
    """「保留为文字」, 「写入备注」 or 「未写入」."""


@dataclass(frozen=True, slots=True)
class BlockOutcome:
    """What an edit of one or many cells did."""

    changed: int
    kept: tuple[KeptCell, ...] = ()
    warnings: tuple[str, ...] = ()
    added: tuple[RecordId, ...] = ()
    """Indicators that were added by pasting below the last row."""
    left_out: str = ""
    """What did not fit the grid, in words; empty when everything did."""


def set_cell(
    store: Store, indicator: RecordId, unit: RecordId, field: TargetField, text: str
) -> BlockOutcome:
    """One typed cell; raises InputError where a number or date is needed and cannot be read."""


def set_counting(
    store: Store, indicator: RecordId, units: Sequence[RecordId], *, growth: bool
) -> int:
    """Mark growth rate or level as the part that counts (考核口径) for these units; returns how many."""


def apply_edits(
    store: Store, edits: Sequence[CellEdit], *, label: str = "修改目标"
) -> BlockOutcome:
    """Many cells as one undo step; unreadable numbers are kept (note) or told, never dropped silently."""


def paste_block(
    store: Store,
    year: int,
    rows: Sequence[RecordId],
    columns: Sequence[GridColumn],
    texts: Sequence[Sequence[str]],
    *,
    category: RecordId | None = None,
) -> BlockOutcome:
    """A block of texts onto rows × columns (both from the anchor cell on) as one undo step.

    A single text fills the whole selection when rows and columns are the selection. Rows beyond
    the last one add indicators (in `category`) when the block has the name column; else they
    are told in `left_out`, as are columns beyond the last.
    """


def fill_down(
    store: Store, rows: Sequence[RecordId], columns: Sequence[GridColumn]
) -> BlockOutcome:
    """Repeat the first row's texts in the rows below it (Ctrl+D)."""


def clear(
    store: Store, rows: Sequence[RecordId], columns: Sequence[GridColumn]
) -> BlockOutcome:
    """Empty the cells (Delete); a target in which nothing is left is no longer allotted."""


def remove_targets(
    store: Store, rows: Sequence[RecordId], units: Sequence[RecordId]
) -> int:
    """Take the indicators off these units altogether (取消下达); returns how many targets went."""
