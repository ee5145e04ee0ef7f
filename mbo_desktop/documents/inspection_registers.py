"""督查事项台账 and 问责登记表: registers as tables on sheets across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    SIZE_S5,
    Align,
    Cell,
    Column,
    Document,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import table_document


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """A column of a register: its head, the room it takes in mm, whether it holds longer words."""

    head: str
    least: float
    most: float
    wordy: bool = False


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """A register as printed: rows of texts, one for each column."""

    title: str
    columns: tuple[RegisterColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    office: str
    date: str
    notes: tuple[str, ...] = ()


def register_document(paper: RegisterPaper) -> Document:
    """The register with its rows numbered and its heads on every page."""
    columns = (Column(align=Align.CENTER, least=9, most=12), *(
        Column(align=Align.LEFT if one.wordy else Align.CENTER, least=one.least, most=one.most)
        for one in paper.columns
    ))
    heads = _row(("序号", *(one.head for one in paper.columns)))
    rows = tuple(_row((str(place), *texts)) for place, texts in enumerate(paper.rows, 1))
    table = Table(columns, (heads,), rows, size=SIZE_S5)
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=LANDSCAPE,
    )


def _row(texts: Sequence[str]) -> Row:
    return Row(tuple(Cell(text) for text in texts))
