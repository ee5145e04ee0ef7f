"""完成, 超额完成, 基本完成, 未完成 beside the score: the recorded 认定, else the rule of the target's form (domain notes §1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.results import Completion, completion_by_rule
from mbo_desktop.domain.targets import TargetForm, TargetValue
from mbo_desktop.domain.units import conversion, exact_decimal
from mbo_desktop.services.fact_book import WITHDRAWN_WORD, Cell, Entry
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.scores import Head

_GROWTHS = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)


def statuses(
    store: Store, board: ScoreBoard, known: Mapping[RecordId, Target] | None = None
) -> dict[Cell, Completion | None]:
    """Status by (indicator, unit) of all carried targets; None: not known (未认定). Sealed ones as sealed.

    known: the target records where they were read already.
    """
    if board.sealed:
        return {
            (item.indicator, unit): Completion.from_label(item.status) if item.status else None
            for unit, picture in board.sealed.items() for item in picture.items
        }
    targets = targets_of(store, board) if known is None else known
    return {
        (indicator, unit): status_of_entry(entry, head, _value_of(entry, targets))
        for indicator, head in board.book.heads.items()
        for unit, entry in board.book.entries[indicator].items() if entry.row is not None
    }


def targets_of(store: Store, board: ScoreBoard) -> Mapping[RecordId, Target]:
    """The target records that a board's scores rest on."""
    return store.get_many(Target, [
        entry.row.target for entries in board.book.entries.values() for entry in entries.values()
        if entry.row is not None
    ])


def _value_of(entry: Entry, targets: Mapping[RecordId, Target]) -> TargetValue | None:
    target = None if entry.row is None else targets.get(entry.row.target)
    return None if target is None else target.value


def status_of_entry(entry: Entry, head: Head, value: TargetValue | None) -> Completion | None:
    """The status of one unit-target; a recorded one goes before any rule."""
    facts, row = entry.facts, entry.row
    assert row is not None
    if entry.absent == WITHDRAWN_WORD:
        return Completion.WITHDRAWN
    if entry.absent:
        return Completion.NOT_APPLICABLE
    if row.completion is not None and entry.from_result:
        return row.completion
    status = Completion.from_label(facts.word) if facts.word else None
    if status is None and row.form in (TargetForm.MILESTONE, TargetForm.PROJECT) and facts.counts:
        status = Completion.NOT_MET if facts.counts.get("未完成") else Completion.MET
    if status is not None:
        return status
    by_rule = completion_by_rule(
        value, year_amount(entry, head), unit=head.unit_of_measure, direction=head.direction,
        last_year=row.last_year,
    )
    if by_rule is None and facts.actual is not None and facts.target is not None:
        better = facts.target - facts.actual if facts.lower_is_better else facts.actual - facts.target
        return Completion.EXCEEDED if better > 0 else Completion.MET if better == 0 else Completion.NOT_MET
    return by_rule


def year_amount(entry: Entry, head: Head) -> Decimal | None:
    """What was reached, in the indicator's unit; None where it is a growth of a level, or is not known."""
    facts, row, unit = entry.facts, entry.row, head.unit_of_measure
    if facts.actual is None or row is None or (row.form in _GROWTHS and unit not in RATES):
        return None
    factor = conversion(row.amount_unit or unit, unit)
    exact = None if factor is None else exact_decimal(factor)
    return facts.actual * exact if exact is not None else None


def year_words(entry: Entry) -> str:
    """What was reached where it is no amount in the indicator's unit: 「增长9%」, the words reported."""
    facts, row = entry.facts, entry.row
    if facts.actual is None or row is None:
        return "" if entry.figure is None else entry.figure.typed
    if row.form in _GROWTHS:
        return f"{'降低' if row.form is TargetForm.DECREASE_RATE else '增长'}{canonical(facts.actual)}%"
    return canonical(facts.actual)
