"""Small workbooks for the tests, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal, ProposedIndicator
from mbo_desktop.spreadsheets.source import read_source

DATA = Path(__file__).parent.parent / "data"


def book(
    path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]], merges: Sequence[str] = ()
) -> Path:
    """A workbook with these sheets; merges apply to the first."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in merges:
        workbook.worksheets[0].merge_cells(area)
    workbook.save(path)
    return path


def proposals(path: Path, year: int = 2020, known: Sequence[KnownUnit] = ()) -> list[Proposal]:
    return propose_all(read_source(path), year, known)


def proposal(path: Path, year: int = 2020, known: Sequence[KnownUnit] = ()) -> Proposal:
    found = proposals(path, year, known)
    assert len(found) == 1
    return found[0]


def row_named(found: Proposal, name: str) -> ProposedIndicator:
    rows = [row for row in found.rows if row.name == name]
    assert len(rows) == 1, [row.name for row in found.rows]
    return rows[0]


def amount(row: ProposedIndicator, key: str = "") -> Decimal | None:
    value = row.cells[key].value
    assert value is not None
    return value.counted.amount


def reasons(found: Proposal) -> str:
    return "\n".join(problem.sentence() for problem in found.problems)
