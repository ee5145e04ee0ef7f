"""Records behind the cells of tables, for the rooms: their history is asked with one key."""

from __future__ import annotations

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import log as log_reads
from mbo_desktop.store.queries.cell_records import (
    by_pair,
    fields,
    given_score,
    of_unit,
    outside_figure,
    report_of,
)

__all__ = ["by_pair", "fields", "given_score", "of_unit", "outside_figure", "report_of", "type_of"]


def type_of(store: Store, record: int) -> str:
    """The type of a record; "" for a number that is none."""
    return log_reads.type_of(store, RecordId(record)) if 0 < record < 1 << 62 else ""
