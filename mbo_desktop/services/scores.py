"""The score board of a scheme: units × indicators with totals, ranks and grades, worked out anew from records.

Nothing here writes. A missing figure stays missing and makes the total provisional; what-if
figures change a board, never a record.
"""

from __future__ import annotations

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import scoring_additions
from mbo_desktop.services.score_board import (
    ItemCell,
    ScoreBoard,
    UnitScore,
    WhatIf,
    average,
    given_of,
    missing_cells,
    rate,
)
from mbo_desktop.services.score_engine import rescored, rules_of_scheme, score
from mbo_desktop.services.score_workings import (
    Working,
    total_of_board,
    working_of,
)
from mbo_desktop.services.scoring_facts import latest_month, read_facts
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads

__all__ = [
    "ItemCell", "ScoreBoard", "UnitScore", "WhatIf", "Working", "average", "board", "given_of",
    "latest_month", "missing_cells", "rate", "rescored", "rules_of_scheme", "total_of_board",
    "working", "working_of", "working_total",
]


def board(
    store: Store, scheme: RecordId, *, month: int | None = 12, what_if: WhatIf | None = None
) -> ScoreBoard:
    """Score a scheme at a month's end (12: the year; None: the last month reported), from records alone."""
    found = store.get(Scheme, scheme)
    at = latest_month(store, found.year) if month is None else month
    rules, broken = rules_of_scheme(found)
    book = read_facts(store, found, at, rules, broken)
    additions = scoring_additions.read_additions(store, found, [one.id for one in book.members])
    before = reads.unit_ranks(store, found.year - 1)
    return score(book, additions, before, what_if)


def working(
    store: Store, scheme: RecordId, unit: RecordId, indicator: RecordId, *, month: int | None = 12
) -> Working:
    """这个分怎么来的: one score down to its records. KeyError for a unit or indicator outside the scheme."""
    return working_of(store, board(store, scheme, month=month), unit, indicator)


def working_total(
    store: Store, scheme: RecordId, unit: RecordId, *, month: int | None = 12
) -> Working:
    """这个总分怎么来的: items, conversion, components, bonus, deductions, rank, grade, vetoes."""
    return total_of_board(store, board(store, scheme, month=month), unit)
