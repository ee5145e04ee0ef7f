"""What the rounds of a year say of each target, side by side: the table 商议 reads it from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.rounds import ProposalRound, ProposalState, TargetProposal
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.services.signed_cells import Fixed, fixed_units
from mbo_desktop.services.target_cells import kept_reason
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as matrix_reads
from mbo_desktop.store.queries.argued import CellKey


class TalkState(Choice):
    """How far the talk about a cell has come."""

    NONE = "none", "未提出"
    OPEN = "open", "待商定"
    AGREED = "agreed", "已商定"
    SIGNED = "signed", "已签订"


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A value as it stands in the comparison: what, who, when, and what became of it."""

    id: RecordId
    round: RecordId
    value: str
    amount: Decimal | None
    by: str
    on: date | None
    reason: str
    place: str
    state: ProposalState
    state_reason: str
    kept_as_text: str = ""
    """Why words stand where the indicator asks for a number; to be marked red."""


@dataclass(frozen=True, slots=True)
class CellTalk:
    """A cell with what each round says of it, side by side."""

    indicator: RecordId
    unit: RecordId
    name: str
    heading: str
    unit_of_measure: str
    last_year: str
    current: str
    """The target as it stands."""
    current_as_text: str
    """Why the target as it stands is no number; empty when it is as expected."""
    locked: str
    """Why nothing can be agreed any more (责任书已签订); empty when it can."""
    values: tuple[ProposedValue | None, ...]
    """One per round of the year, in their order."""
    state: TalkState
    gap: str
    """Last value less the one before it, in words: 「+3」; empty when they are no numbers."""


def comparison(
    store: Store, year: int, *, indicators: Sequence[RecordId] | None = None,
    units: Sequence[RecordId] | None = None, only_open: bool = False, offset: int = 0,
    limit: int = 500,
) -> tuple[CellTalk, ...]:
    """The cells that were spoken of in any round, all rounds side by side, indicator by indicator."""
    keys = reads.talked_cells(store, year, only_open=only_open)
    if indicators is not None:
        rows = set(indicators)
        keys = tuple(key for key in keys if key[0] in rows)
    if units is not None:
        owners = set(units)
        keys = tuple(key for key in keys if key[1] in owners)
    return talks(store, year, keys[offset : offset + limit])


def cell_talk(store: Store, indicator: RecordId, unit: RecordId) -> CellTalk:
    """One cell with what each round says of it, also one nobody spoke of."""
    year = store.get(Indicator, indicator).year
    return talks(store, year, ((indicator, unit),))[0]


def sheet(
    store: Store, year: int, *, unit: RecordId | None = None, only_open: bool = False
) -> tuple[CellTalk, ...]:
    """The cells of `sheet_keys` with what each round says of them."""
    return talks(store, year, sheet_keys(store, year, unit=unit, only_open=only_open))


def sheet_keys(
    store: Store, year: int, *, unit: RecordId | None = None, only_open: bool = False
) -> tuple[CellKey, ...]:
    """The cells to be talked about: of a unit all it is allotted, else all that any round speaks of.

    only_open: those nothing is agreed about. Indicators in order, units in official order.
    """
    talked = reads.talked_cells(store, year, only_open=only_open)
    if unit is None:
        return talked
    every = framework_reads.indicator_ids(store, year, framework_reads.FrameworkFilter())
    whole, partly = matrix_reads.block(store, every, (unit,))
    cells = {(one.indicator, one.unit) for one in whole}
    if partly:
        cells |= {(one.indicator, one.unit) for one in store.get_many(Target, partly).values()}
    if only_open:
        settled = set(reads.talked_cells(store, year)) - set(talked)
        cells -= settled
    cells |= {key for key in talked if key[1] == unit}
    return tuple((one, unit) for one in every if (one, unit) in cells)


def talks(store: Store, year: int, keys: Sequence[CellKey]) -> tuple[CellTalk, ...]:
    """These cells with what each round says of them, in the order given; vanished ones are left out."""
    order = [row.id for row in store.all(ProposalRound, year=year)]
    rows = list(dict.fromkeys(key[0] for key in keys))
    owners = list(dict.fromkeys(key[1] for key in keys))
    found: dict[CellKey, dict[RecordId, TargetProposal]] = {}
    ids = reads.proposal_ids(store, order, cells=(rows, owners))
    for one in store.get_many(TargetProposal, ids).values():
        found.setdefault((one.indicator, one.unit), {})[one.round] = one
    indicators, parties = store.get_many(Indicator, rows), store.get_many(Unit, owners)
    whole, partly = matrix_reads.block(store, rows, owners)
    targets = {
        (t.indicator, t.unit): t for t in (*whole, *store.get_many(Target, partly).values())
    }
    fixed = fixed_units(store, year, owners)
    return tuple(
        _talk(indicators[key[0]], parties[key[1]], targets.get(key),
              [found.get(key, {}).get(one) for one in order], fixed)
        for key in keys if key[0] in indicators and key[1] in parties
    )


def _talk(
    row: Indicator, party: Unit, target: Target | None,
    said: Sequence[TargetProposal | None], fixed: Mapping[RecordId, Fixed],
) -> CellTalk:
    unit = row.unit_of_measure
    values = tuple(None if one is None else _value(one, row) for one in said)
    state = TalkState.NONE
    if party.id in fixed:
        state = TalkState.SIGNED
    elif any(one is not None and one.state is ProposalState.AGREED for one in said):
        state = TalkState.AGREED
    elif any(said):
        state = TalkState.OPEN
    last = None if target is None else target.last_year
    return CellTalk(
        row.id, party.id, row.name, party.short_name or party.name, unit,
        "" if last is None else show(last, row.decimals),
        "" if target is None else show_target(target.value, unit_shown_in_header=unit),
        "" if target is None else kept_reason(row, target.value),
        fixed[party.id].reason if party.id in fixed else "", values, state, _gap(values),
    )


def _value(one: TargetProposal, row: Indicator) -> ProposedValue:
    return ProposedValue(
        one.id, one.round, show_target(one.value, unit_shown_in_header=row.unit_of_measure),
        None if one.value is None else one.value.counted.amount, one.by, one.on, one.reason,
        one.place, one.state, one.state_reason, kept_reason(row, one.value),
    )


def _gap(values: Sequence[ProposedValue | None]) -> str:
    amounts = [one.amount for one in values if one is not None and one.amount is not None]
    if len(amounts) < 2:
        return ""
    step = amounts[-1] - amounts[-2]
    return f"+{show(step)}" if step > 0 else show(step) if step else "0"
