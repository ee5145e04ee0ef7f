"""The allotment table (目标分解下达表): indicators down, units across."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import Document


@dataclass(frozen=True, slots=True)
class AllotmentRow:
    """An indicator with its value for each unit, as printed, in the order of the units."""

    number: str
    category: str
    indicator: str
    unit_of_measure: str
    points: str
    values: tuple[str, ...]
    scoring: str = ""


@dataclass(frozen=True, slots=True)
class AllotmentPaper:
    """All texts of an allotment table; more units than a sheet holds go on to further sheets."""

    title: str
    units: tuple[str, ...]
    rows: tuple[AllotmentRow, ...]
    office: str = ""
    date: str = ""
    total_points: str = ""
    notes: tuple[str, ...] = ()
    paper: str = ""
    """"A4", "A3", or empty: A3 when that keeps all units on one sheet, else A4."""


def allotment_document(paper: AllotmentPaper) -> Document:
    """Lay the table out across A4 or A3."""
    raise NotImplementedError
