"""Rounds of proposals and counter-proposals (自下而上、上下结合): entered, compared, agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.rounds import ProposalRound, ProposalState, RoundSide, TargetProposal
from mbo_desktop.domain.target_moves import with_growth_kept
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.signed_cells import Fixed, fixed_units, place_of
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import matrix as matrix_reads
from mbo_desktop.store.queries.argued import CellKey


class TalkState(Choice):
    """How far the talk about a cell has come."""

    NONE = "none", "未提出"
    OPEN = "open", "待商定"
    AGREED = "agreed", "已商定"
    SIGNED = "signed", "已签订"


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in the list, with the counts of its values."""

    id: RecordId
    number: int
    title: str
    side: RoundSide
    on: date | None
    source: str
    note: str
    proposals: int
    open: int
    agreed: int
    declined: int


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
    locked: str
    """Why nothing can be agreed any more (责任书已签订); empty when it can."""
    values: tuple[ProposedValue | None, ...]
    """One per round of the year, in their order."""
    state: TalkState
    gap: str
    """Last value less the one before it, in words: 「+3」; empty when they are no numbers."""


@dataclass(frozen=True, slots=True)
class RefusedProposal:
    """A proposal that could not be agreed, and why."""

    proposal: RecordId
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """What agreeing wrote into the targets."""

    written: int
    refused: tuple[RefusedProposal, ...] = ()

    @property
    def sentence(self) -> str:
        """「已商定并写入5个目标;1个未写入。」."""
        left = f";{len(self.refused)}个未写入" if self.refused else ""
        return f"已商定并写入{self.written}个目标{left}。"


def rounds(store: Store, year: int) -> tuple[RoundRow, ...]:
    """The rounds of a year in the order they were opened."""
    counts = reads.round_counts(store, year)
    rows = []
    for one in store.all(ProposalRound, year=year):
        by_state = counts.get(one.id, {})
        rows.append(RoundRow(
            one.id, one.number, one.title, one.side, one.on, one.source, one.note,
            sum(by_state.values()), *(by_state.get(state, 0) for state in ProposalState),
        ))
    return tuple(rows)


def add_round(
    store: Store, year: int, side: RoundSide, *, name: str = "", on: date | None = None,
    source: str = "", note: str = "",
) -> RecordId:
    """Open the next round of the year."""
    sealing.refuse_sealed(store, year)
    with store.change("新建轮次") as change:
        return put_round(store, change, year, side, name=name, on=on, source=source, note=note)


def put_round(
    store: Store, change: Change, year: int, side: RoundSide, *, name: str = "",
    on: date | None = None, source: str = "", note: str = "",
) -> RecordId:
    """The same as a part of a change that is already open."""
    number = max((one.number for one in store.all(ProposalRound, year=year)), default=0) + 1
    record = change.new(ProposalRound)
    change.put(ProposalRound(
        id=record, year=year, number=number, side=side, name=name.strip(),
        on=on or clock.today(), source=source, note=note.strip(),
    ))
    return record


def change_round(
    store: Store, record: RecordId, *, name: str | None = None, on: date | None = None,
    note: str | None = None,
) -> None:
    """Change what a round is called, its day or its note; None leaves a fact."""
    with store.change("修改轮次") as change:
        old = change.get(ProposalRound, record)
        sealing.refuse_sealed(store, old.year)
        change.put(replace(
            old, name=old.name if name is None else name.strip(), on=on or old.on,
            note=old.note if note is None else note.strip(),
        ))


def delete_round(store: Store, record: RecordId) -> int:
    """Delete a round with its values; NotAllowedError while one of them is agreed. Returns how many went."""
    with store.change("删除轮次") as change:
        old = change.get(ProposalRound, record)
        sealing.refuse_sealed(store, old.year)
        found = store.get_many(TargetProposal, reads.proposal_ids(store, [record]))
        agreed = sum(one.state is ProposalState.AGREED for one in found.values())
        if agreed:
            raise NotAllowedError(
                f"不能删除“{old.title}”:其中{agreed}个值已商定并写入目标。", "保留这一轮作为依据即可。"
            )
        for one in found:
            change.delete(one)
        change.delete(record)
    return len(found)


def propose(
    store: Store, record: RecordId, indicator: RecordId, unit: RecordId, text: str, *,
    by: str = "", on: date | None = None, reason: str = "",
) -> RecordId:
    """Enter a value of a round by hand; "" leaves the cell open, "/" says it does not apply.

    Raises NotAllowedError for a cell whose agreement was issued, and for an agreed value.
    """
    with store.change("填写建议值") as change:
        return put_value(store, change, record, indicator, unit, text, by, on, reason)


def settle(
    store: Store, record: RecordId, indicator: RecordId, unit: RecordId, text: str, *,
    by: str = "", on: date | None = None, reason: str = "",
) -> Agreed:
    """Enter a value in a round and agree on it at once: one undo step."""
    with store.change("商定目标值") as change:
        made = put_value(store, change, record, indicator, unit, text, by, on, reason)
        return _agree(store, change, (made,), reason)


def put_value(
    store: Store, change: Change, record: RecordId, indicator: RecordId, unit: RecordId,
    text: str, by: str, on: date | None, reason: str,
) -> RecordId:
    """`propose` as a part of a change that is already open."""
    of_round = change.get(ProposalRound, record)
    sealing.refuse_sealed(store, of_round.year)
    row, party = change.get(Indicator, indicator), change.get(Unit, unit)
    if row.year != of_round.year:
        raise InputError(f"“{row.name}”不是{of_round.year}年度的指标。", "请选择该年度的指标。")
    _refuse_fixed(fixed_units(store, of_round.year, (unit,)).get(unit), row, party)
    made = change.named(TargetProposal, record, indicator, unit)
    old = change.find(TargetProposal, made)
    value = read_target(
        text.strip(), unit=row.unit_of_measure, default_form=row.form, indicator_name=row.name
    )
    if old is not None and old.state is ProposalState.AGREED and old.value != value:
        raise NotAllowedError(
            f"{place_of(row, party)}在“{of_round.title}”中的值已商定,不能改写。",
            "请在新的一轮中提出。",
        )
    change.put(TargetProposal(
        id=made, round=record, indicator=indicator, unit=unit, value=value,
        by=by.strip() or store.operator, on=on or clock.today(), reason=reason.strip(),
        place=old.place if old is not None else "",
    ) if old is None or old.value != value else replace(
        old, by=by.strip() or old.by, on=on or old.on, reason=reason.strip() or old.reason
    ))
    return made


def _refuse_fixed(fixed: Fixed | None, row: Indicator, party: Unit) -> None:
    if fixed is not None:
        raise NotAllowedError(
            f"{party.short_name or party.name}的{fixed.reason},“{row.name}”不能再提建议值。",
            "签订后的改动请用“目标调整”。",
        )


def agree(store: Store, proposals: Sequence[RecordId], *, reason: str = "") -> Agreed:
    """Take these values over into the targets as one undo step; the others of a cell stay as history.

    Values of cells that were issued meanwhile, left open, or whose cell is named twice are
    refused by name, the others go.
    """
    with store.change("商定目标值") as change:
        return _agree(store, change, proposals, reason)


def decline(store: Store, proposals: Sequence[RecordId], *, reason: str) -> int:
    """Mark values as not taken over; reason obligatory. Agreed ones are left; returns how many."""
    if not reason.strip():
        raise InputError("没有写明不采纳的理由。", "请写明理由。")
    declined = 0
    with store.change("不采纳建议值") as change:
        for record in dict.fromkeys(proposals):
            old = change.get(TargetProposal, record)
            if old.state is not ProposalState.OPEN:
                continue
            change.put(_stated(store, old, ProposalState.DECLINED, reason))
            declined += 1
    return declined


def _agree(store: Store, change: Change, proposals: Sequence[RecordId], reason: str) -> Agreed:
    chosen = [change.get(TargetProposal, record) for record in dict.fromkeys(proposals)]
    of_rounds = {one.round: change.get(ProposalRound, one.round) for one in chosen}
    fixed = {}
    for year in {one.year for one in of_rounds.values()}:
        sealing.refuse_sealed(store, year)
        fixed[year] = fixed_units(store, year, list({one.unit for one in chosen}))
    cells: dict[CellKey, int] = {}
    for one in chosen:
        cells[one.indicator, one.unit] = cells.get((one.indicator, one.unit), 0) + 1
    refused, written = [], 0
    for one in chosen:
        year = of_rounds[one.round].year
        why = ""
        if one.unit in fixed[year]:
            why = f"{fixed[year][one.unit].reason},请用“目标调整”"
        elif one.value is None:
            why = "没有填写数值"
        elif cells[one.indicator, one.unit] > 1:
            why = "同一格选了两个值"
        if why:
            row, party = change.find(Indicator, one.indicator), change.find(Unit, one.unit)
            refused.append(RefusedProposal(one.id, place_of(row, party), why))
            continue
        _write(store, change, one, reason)
        written += 1
    return Agreed(written, tuple(refused))


def _write(store: Store, change: Change, one: TargetProposal, reason: str) -> None:
    record = change.named(Target, one.indicator, one.unit)
    old = change.find(Target, record) or Target(id=record, indicator=one.indicator, unit=one.unit)
    value = one.value
    if value is not None:
        unit = change.get(Indicator, one.indicator).unit_of_measure
        value = with_growth_kept(old.value, value, old.last_year, unit)
    change.put(replace(old, value=value))
    year = change.get(ProposalRound, one.round).year
    others = [row.id for row in store.all(ProposalRound, year=year)]
    block = ((one.indicator,), (one.unit,))
    for other in reads.proposal_ids(store, others, cells=block):
        before = change.get(TargetProposal, other)
        if other != one.id and before.state is ProposalState.AGREED:
            change.put(_stated(store, before, ProposalState.DECLINED, "后来另行商定"))
    change.put(_stated(store, one, ProposalState.AGREED, reason))


def _stated(
    store: Store, one: TargetProposal, state: ProposalState, reason: str
) -> TargetProposal:
    return replace(
        one, state=state, state_by=store.operator, state_on=clock.today(),
        state_reason=reason.strip(),
    )


def count_comparison(store: Store, year: int, *, only_open: bool = False) -> int:
    """How many cells `comparison` gives in all, without other filters."""
    return len(reads.talked_cells(store, year, only_open=only_open))


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


def talks(store: Store, year: int, keys: Sequence[CellKey]) -> tuple[CellTalk, ...]:
    """These cells with what each round says of them, in the order given."""
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
        for key in keys
    )


def _talk(
    row: Indicator, party: Unit, target: Target | None,
    said: Sequence[TargetProposal | None], fixed: Mapping[RecordId, Fixed],
) -> CellTalk:
    unit = row.unit_of_measure
    values = tuple(None if one is None else _value(one, unit) for one in said)
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
        fixed[party.id].reason if party.id in fixed else "", values, state, _gap(values),
    )


def _value(one: TargetProposal, unit: str) -> ProposedValue:
    return ProposedValue(
        one.id, one.round, show_target(one.value, unit_shown_in_header=unit),
        None if one.value is None else one.value.counted.amount, one.by, one.on, one.reason,
        one.place, one.state, one.state_reason,
    )


def _gap(values: Sequence[ProposedValue | None]) -> str:
    amounts = [one.amount for one in values if one is not None and one.amount is not None]
    if len(amounts) < 2:
        return ""
    step = amounts[-1] - amounts[-2]
    return f"+{show(step)}" if step > 0 else show(step) if step else "0"
