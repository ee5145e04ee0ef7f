"""Rounds of proposals and counter-proposals (自下而上、上下结合): entered, compared, agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.rounds import ProposalRound, ProposalState, RoundSide, TargetProposal
from mbo_desktop.domain.target_moves import with_growth_kept
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.signed_cells import Fixed, fixed_units, place_of
from mbo_desktop.services.target_cells import kept_reason
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries.argued import CellKey


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
    as_words: int = 0
    """How many of the written are words where the indicator asks for a number."""

    @property
    def sentence(self) -> str:
        """「已商定并写入5个目标,其中1个不是数字,已按文字写入并标红;1个未写入。」."""
        words = f",其中{self.as_words}个不是数字,已按文字写入并标红" if self.as_words else ""
        left = f";{len(self.refused)}个未写入" if self.refused else ""
        return f"已商定并写入{self.written}个目标{words}{left}。"


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


def take_back_value(
    store: Store, change: Change, record: RecordId, indicator: RecordId, unit: RecordId
) -> None:
    """Empty a cell of a round: the open value goes, a cell without one stays as it was.

    Raises NotAllowedError for a value that was decided upon, and for a unit whose agreement was issued.
    """
    of_round = change.get(ProposalRound, record)
    sealing.refuse_sealed(store, of_round.year)
    old = change.find(TargetProposal, change.named(TargetProposal, record, indicator, unit))
    if old is None:
        return
    row, party = change.get(Indicator, indicator), change.get(Unit, unit)
    _refuse_fixed(fixed_units(store, of_round.year, (unit,)).get(unit), row, party)
    if old.state is not ProposalState.OPEN:
        raise NotAllowedError(
            f"{place_of(row, party)}在“{of_round.title}”中的值{old.state.label},不能清除。",
            "请在新的一轮中提出。",
        )
    change.delete(old.id)


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
    refused, written, as_words = [], 0, 0
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
        as_words += bool(kept_reason(change.get(Indicator, one.indicator), one.value))
    return Agreed(written, tuple(refused), as_words)


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
