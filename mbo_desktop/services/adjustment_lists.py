"""What was adjusted: lists with old and new, the value in effect on a day, who changed by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.adjustments import (
    Adjustment,
    AdjustmentCause,
    AdjustmentKind,
    AdjustmentOrigin,
    AdjustmentState,
    Effective,
    Opinion,
    TargetTerms,
    effective_value,
    in_order,
    show_terms,
    terms_of,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.target_setting import CellKey
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.services.signed_cells import party_note
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import matrix as matrix_reads


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment in words, for lists, notices and the list old → new."""

    id: RecordId
    year: int
    indicator: RecordId
    indicator_name: str
    unit_of_measure: str
    unit: RecordId
    unit_name: str
    """Full name."""
    short_name: str
    kind: AdjustmentKind
    state: AdjustmentState
    old: str
    """What stood before; for an open request what stands now."""
    new: str
    origin: AdjustmentOrigin
    requested_on: date | None
    requested_by_name: str
    cause: AdjustmentCause
    reason: str
    opinions: tuple[Opinion, ...]
    meeting: str
    meeting_item: RecordId | None
    number: str
    approved_on: date | None
    approved_by: str
    effective_on: date | None
    outside_window: str
    state_reason: str
    party_note: str
    """That the unit is gone and who answers for it; empty for one that stands."""

    @property
    def sentence(self) -> str:
        """「工业投资 调高:52 → 60」."""
        return f"{self.indicator_name} {self.kind.label}:{self.old or '(空)'} → {self.new or '(空)'}"


@dataclass(frozen=True, slots=True)
class EffectiveRow:
    """The terms of a target in effect on a day, and by which paper."""

    text: str
    points: Decimal | None
    due: date | None
    person: str
    basis: str
    """「按责任书」 or 「按2006-05-20调高(示政〔2006〕12号)」: which value was used."""
    signed_text: str
    adjustment: RecordId | None
    is_withdrawn: bool
    is_lowered: bool


@dataclass(frozen=True, slots=True)
class ChangedUnit:
    """A unit with what was changed for it; units without changes are not listed."""

    unit: RecordId
    unit_name: str
    rows: tuple[AdjustmentRow, ...]


def adjustments(
    store: Store, year: int, *, states: Sequence[AdjustmentState] = (),
    kinds: Sequence[AdjustmentKind] = (), unit: RecordId | None = None,
    indicator: RecordId | None = None, number: str = "", offset: int = 0, limit: int = 500,
) -> tuple[AdjustmentRow, ...]:
    """Adjustments of a year in the official order of units, then of indicators."""
    ids = reads.adjustment_ids(
        store, year, states=states, kinds=kinds, owner=unit, row=indicator, number=number,
        offset=offset, limit=limit,
    )
    return _rows(store, ids)


def count_adjustments(
    store: Store, year: int, *, states: Sequence[AdjustmentState] = (),
    kinds: Sequence[AdjustmentKind] = (), unit: RecordId | None = None,
    indicator: RecordId | None = None, number: str = "",
) -> int:
    """How many `adjustments` gives in all."""
    return reads.count_adjustments(
        store, year, states=states, kinds=kinds, owner=unit, row=indicator, number=number
    )


def adjustment_row(store: Store, adjustment: RecordId) -> AdjustmentRow:
    """One adjustment; RecordMissingError when it was deleted."""
    store.get(Adjustment, adjustment)
    return _rows(store, (adjustment,))[0]


def adjustments_of(store: Store, indicator: RecordId, unit: RecordId) -> tuple[AdjustmentRow, ...]:
    """All adjustments of one cell in any state, in the order they were entered."""
    return _rows(store, reads.adjustment_ids(store, owner=unit, row=indicator))


def effective(store: Store, indicator: RecordId, unit: RecordId, at: date) -> EffectiveRow:
    """The terms of one target in effect on a day, with the paper they rest on."""
    row = store.get(Indicator, indicator)
    found = store.get_many(Adjustment, reads.adjustment_ids(store, owner=unit, row=indicator))
    ids = matrix_reads.target_ids(store, (indicator,), (unit,))
    target = next(iter(store.get_many(Target, ids).values()), None)
    used = effective_value(target, found.values(), at)
    signed = _signed(target, list(found.values()))
    measure = row.unit_of_measure
    points = row.points if used.terms.points is None else used.terms.points
    return EffectiveRow(
        show_terms(used.terms, AdjustmentKind.RAISE, measure), points, used.terms.due,
        used.terms.person, used.basis, show_target(signed.value, unit_shown_in_header=measure),
        None if used.adjustment is None else used.adjustment.id, used.is_withdrawn,
        used.is_lowered,
    )


def effective_of_year(
    store: Store, year: int, at: date, units: Sequence[RecordId] | None = None
) -> dict[CellKey, Effective]:
    """The terms in effect on a day for every target of the year (None: of all units), by cell."""
    owners = units
    if owners is None:
        columns = matrix_reads.columns(store, year, kinds=(), peer_group="", with_empty=False)
        owners = [column.unit for column in columns]
    targets = store.get_many(Target, matrix_reads.target_ids_of_year(store, year, owners))
    by_cell = _by_cell(store, reads.adjustment_ids(
        store, year, states=(AdjustmentState.APPROVED,)
    ))
    return {
        (one.indicator, one.unit): effective_value(
            one, by_cell.get((one.indicator, one.unit), ()), at
        )
        for one in targets.values()
    }


def changed_list(
    store: Store, year: int, *, units: Sequence[RecordId] | None = None,
    since: date | None = None, number: str = "",
) -> tuple[ChangedUnit, ...]:
    """变动一览: approved adjustments old → new by unit, changed units only.

    since: only those approved on this day or later; number: only those of one document.
    """
    rows = adjustments(
        store, year, states=(AdjustmentState.APPROVED,), number=number, limit=-1
    )
    grouped: dict[RecordId, list[AdjustmentRow]] = {}
    for row in rows:
        if units is not None and row.unit not in units:
            continue
        if since is not None and (row.approved_on is None or row.approved_on < since):
            continue
        grouped.setdefault(row.unit, []).append(row)
    return tuple(
        ChangedUnit(unit, listed[0].unit_name, tuple(listed)) for unit, listed in grouped.items()
    )


def approved_by_cell(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> dict[CellKey, list[Adjustment]]:
    """The approved adjustments of a block of the matrix, in the order they lie over each other."""
    return _by_cell(store, reads.approved_in(store, indicators, units))


def adjusted_note(adjustments_: Sequence[Adjustment], unit_of_measure: str = "") -> str:
    """「2006-05-20调高(示政〔2006〕12号),原52」 of the last one, for the cell's mark; "" for none."""
    approved = in_order(adjustments_)
    if not approved:
        return ""
    last = approved[-1]
    old = show_terms(last.before, last.kind, unit_of_measure)
    basis = Effective(last.after, last).basis.removeprefix("按")
    return f"{basis},原{old}" if old else basis


def _by_cell(store: Store, ids: Sequence[RecordId]) -> dict[CellKey, list[Adjustment]]:
    found: dict[CellKey, list[Adjustment]] = {}
    if ids:
        for one in in_order(store.get_many(Adjustment, ids).values()):
            found.setdefault((one.indicator, one.unit), []).append(one)
    return found


def _signed(target: Target | None, adjustments_: Sequence[Adjustment]) -> TargetTerms:
    approved = in_order(adjustments_)
    if approved:
        return approved[0].before or TargetTerms()
    return TargetTerms() if target is None else terms_of(target)


def _rows(store: Store, ids: Sequence[RecordId]) -> tuple[AdjustmentRow, ...]:
    records = store.get_many(Adjustment, ids)
    if not records:
        return ()
    indicators = store.get_many(Indicator, {one.indicator for one in records.values()})
    owners = {one.unit for one in records.values()}
    successions = store.all(Succession)
    heirs = {unit for one in successions for unit in one.successors}
    asking = {one.requested_by for one in records.values() if one.requested_by is not None}
    units = store.get_many(Unit, owners | heirs | asking)
    waiting = [one for one in records.values() if one.state is AdjustmentState.REQUESTED]
    targets = {
        (t.indicator, t.unit): t for t in store.get_many(Target, matrix_reads.target_ids(
            store, list({one.indicator for one in waiting}), list({one.unit for one in waiting})
        )).values()
    } if waiting else {}
    return tuple(
        _row(one, indicators.get(one.indicator), units,
             targets.get((one.indicator, one.unit)), successions)
        for one in (records[record] for record in ids if record in records)
    )


def _row(
    one: Adjustment, row: Indicator | None, units: Mapping[RecordId, Unit],
    target: Target | None, successions: Sequence[Succession],
) -> AdjustmentRow:
    unit = units.get(one.unit)
    measure = "" if row is None else row.unit_of_measure
    before = one.before
    if one.state is AdjustmentState.REQUESTED and target is not None:
        before = terms_of(target)
    old = show_terms(before, one.kind, measure)
    if one.kind is AdjustmentKind.POINTS and not old and row is not None and row.points is not None:
        old = format(row.points, "f")
    asking = None if one.requested_by is None else units.get(one.requested_by)
    return AdjustmentRow(
        one.id, one.year, one.indicator, "(指标已删除)" if row is None else row.name, measure,
        one.unit, "" if unit is None else unit.name,
        "" if unit is None else unit.short_name or unit.name, one.kind, one.state, old,
        show_terms(one.after, one.kind, measure), one.origin, one.requested_on,
        "" if asking is None else asking.name, one.cause, one.reason, one.opinions, one.meeting,
        one.meeting_item, one.number, one.approved_on, one.approved_by, one.effective_on,
        one.outside_window, one.state_reason,
        "" if unit is None else party_note(unit, successions, dict(units)),
    )
