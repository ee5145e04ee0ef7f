"""A file of last year's results taken apart: ledgers of targets, and tables of units' results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.spreadsheets.source import Source
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable, read_unit_results


def read_results(
    source: Source, year: int, known: Sequence[KnownUnit],
    mappings: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[list[Proposal], tuple[UnitResultsTable, ...]]:
    """Proposals with actuals and completion, and the tables of ranks and honours among them."""
    unit_tables, rest = [], []
    for table in source.tables:
        found = read_unit_results(table, known)
        if found is None:
            rest.append(table)
        else:
            unit_tables.append(found)
    left = replace(source, tables=tuple(rest))
    if not rest and not source.text.strip():
        return [], tuple(unit_tables)
    return propose_all(left, year, known, mappings, results=True), tuple(unit_tables)
