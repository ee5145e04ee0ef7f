"""The score board of a scheme: units × indicators with totals, ranks and grades, worked out anew from records.

Nothing here writes. A missing figure stays missing and makes the total provisional; what-if
figures change a board, never a record.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import ZERO, exactly, rounded
from mbo_desktop.errors import InputError
from mbo_desktop.services import scoring_additions
from mbo_desktop.services.equal_scores import equals_of
from mbo_desktop.services.fact_book import BELOW
from mbo_desktop.services.scheme_state import sealing_done
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
from mbo_desktop.services.score_periods import read_parts
from mbo_desktop.services.score_workings import (
    Working,
    total_of_board,
    working_of,
)
from mbo_desktop.services.scoring_facts import latest_month, read_facts
from mbo_desktop.services.sealed_boards import SealedDifference, as_sealed, compared, pictures_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads

__all__ = [
    "ItemCell", "ScoreBoard", "SealedDifference", "UnitScore", "WhatIf", "Working", "average", "board",
    "changed_since_sealing", "given_of",
    "latest_month", "missing_cells", "rate", "rescored", "rules_of_scheme", "total_of_board",
    "working", "working_of", "working_total",
]

_YEAR_END = 12


def board(
    store: Store, scheme: RecordId, *, month: int | None = 12, what_if: WhatIf | None = None
) -> ScoreBoard:
    """Score a scheme at a month's end (12: the year; None: the last month reported), from records alone.

    A sealed year's board holds the sealed figures; a what-if starts from today's records.
    """
    return _board(store, scheme, month, what_if, frozenset())


def _board(
    store: Store, scheme: RecordId, month: int | None, what_if: WhatIf | None,
    above: frozenset[RecordId], *, live: bool = False,
) -> ScoreBoard:
    found = store.get(Scheme, scheme)
    at = latest_month(store, found.year) if month is None else month
    rules, broken = rules_of_scheme(found)
    below = _below(store, found, at, above | {scheme}) if any(BELOW in repr(one) for one in rules.values()) else {}
    book = read_facts(store, found, at, rules, broken, below)
    book.periods = read_parts(
        found, at, lambda earlier: _board(store, scheme, earlier, None, above, live=True)
    )
    additions = scoring_additions.read_additions(store, found, [one.id for one in book.members])
    before = reads.unit_ranks(store, found.year - 1)
    made = score(book, additions, before, what_if)
    equal = equals_of(made)
    if equal:
        made = replace(made, problems=(*made.problems, *(one.words for one in equal)))
    stands = at == _YEAR_END and what_if is None and not live and sealing_done(found)
    return as_sealed(store, made, pictures_of(store, found)) if stands else made


def changed_since_sealing(store: Store, scheme: RecordId) -> tuple[SealedDifference, ...]:
    """What today's records would give otherwise than it was sealed: sealed figures stand, but it is said; () before sealing."""
    sealed = board(store, scheme)
    if not sealed.sealed:
        return ()
    return compared(sealed, _board(store, scheme, _YEAR_END, None, frozenset(), live=True))


def _below(
    store: Store, scheme: Scheme, month: int, above: frozenset[RecordId]
) -> dict[RecordId, Decimal]:
    """Mean total of each unit's subordinates in their own schemes (R40); InputError where schemes roll up in a circle."""
    superiors = reads.superiors(store, [one.id for one in reads.members(store, scheme.year, scheme.peer_group)])
    groups = {one.group for one in reads.members(store, scheme.year) if one.id in superiors}
    totals: dict[RecordId, list[Decimal]] = {}
    for one in store.all(Scheme, year=scheme.year):
        if one.peer_group not in groups:
            continue
        if one.id in above:
            raise InputError(
                f"“{scheme.peer_group}”与“{one.peer_group}”的得分互相引用,算不出来。", "请去掉其中一处“下级平均分”。"
            )
        for line in _board(store, one.id, month, None, above).units:
            if line.unit in superiors and line.total is not None:
                totals.setdefault(superiors[line.unit], []).append(line.total)
    with exactly():
        return {
            unit: rounded(sum(found, ZERO) / len(found), scheme.digits) for unit, found in totals.items()
        }


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
