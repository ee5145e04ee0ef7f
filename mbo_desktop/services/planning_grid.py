"""The indicators of a year as a table to sort, filter and page (room 目标体系)."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework_grid as reads
from mbo_desktop.store.queries.framework_grid import ColumnRule, GridOrder, IndicatorTexts

__all__ = ["ColumnRule", "GridOrder", "IndicatorTexts"]


def ids(
    store: Store, year: int, chosen: FrameworkFilter, *, rules: Sequence[ColumnRule] = (),
    order: GridOrder | None = None, limit: int | None = None,
) -> tuple[RecordId, ...]:
    """Indicators that fit the filter and what columns must show, in printed order or sorted."""
    return reads.ids(store, year, chosen, rules, order, limit)


def count(store: Store, year: int) -> int:
    """How many indicators the year has without any filter."""
    return reads.count(store, year)


def rows(store: Store, wanted: Sequence[RecordId]) -> tuple[IndicatorTexts, ...]:
    """These indicators with all their fields as texts."""
    return reads.rows(store, wanted)


def distinct(
    store: Store, year: int, chosen: FrameworkFilter, rules: Sequence[ColumnRule], field: str
) -> list[tuple[str, int]]:
    """What a column shows and how often (at most 500 texts)."""
    return reads.distinct(store, year, chosen, rules, field)
