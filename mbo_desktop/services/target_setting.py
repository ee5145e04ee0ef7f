"""The target-setting desk (room 目标体系, 测算): one read, pure moves, and one step when accepted.

The page holds the drafts (amounts by cell) and the locks; `domain.target_setting` says what
they come to and `domain.target_moves` changes them. Nothing is written before `accept`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.outside import OutsideFigure, amount_of, show_period
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.plausibility import GROWTHS, RATES, growth_part
from mbo_desktop.domain.quantity import read_in_unit, show
from mbo_desktop.domain.target_moves import LeftOut, with_amount
from mbo_desktop.domain.target_setting import (
    CellKey,
    DeskCell,
    DeskRow,
    OutsideMarks,
    nature_of,
    reckoned,
)
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.scheme_state import sealed_units
from mbo_desktop.services.signed_cells import Fixed, fixed_units, place_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as reads
from mbo_desktop.store.queries import outside as outside_reads

_NOTHING = OutsideMarks()
_ADJUST = "请用“目标调整”"


@dataclass(frozen=True, slots=True)
class DeskUnit:
    """A unit over a column of the desk, in official order."""

    unit: RecordId
    heading: str
    kind: UnitKind
    peer_group: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Indicators × units as they stood when the desk was opened."""

    year: int
    units: tuple[DeskUnit, ...]
    rows: tuple[DeskRow, ...]
    change_count: int
    index: dict[RecordId, DeskRow] = field(default_factory=dict, compare=False, repr=False)

    def row(self, indicator: RecordId) -> DeskRow:
        """The row of an indicator; KeyError when it is not on the desk."""
        return self.index[indicator]


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A draft that was not written: where, and why."""

    key: CellKey
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting the drafts wrote."""

    written: int
    refused: tuple[RefusedCell, ...]

    @property
    def sentence(self) -> str:
        """「已写入12个目标;2个未写入:工业投资 · 柯城区(责任书已签订)。」."""
        text = f"已写入{self.written}个目标"
        if not self.refused:
            return f"{text}。"
        told = "、".join(f"{one.place}({one.reason})" for one in self.refused[:3])
        more = f"等{len(self.refused)}处" if len(self.refused) > 3 else ""
        return f"{text};{len(self.refused)}个未写入:{told}{more}。"


def desk(
    store: Store,
    year: int,
    *,
    indicators: Sequence[RecordId] | None = None,
    units: Sequence[RecordId] | None = None,
    outside: Mapping[RecordId, OutsideMarks] | None = None,
    lock_signed: bool = True,
) -> Desk:
    """Indicators (None: all of the year) × units (None: those with targets) in printed and official order.

    outside: what to compare with, by indicator; `marks` reads it from the outside figures.
    lock_signed False: signed cells move too, for adjustments (`adjustments.inputs_from_desk`).
    """
    ids = framework_reads.indicator_ids(store, year, framework_reads.FrameworkFilter())
    if indicators is not None:
        wanted = set(indicators)
        ids = tuple(record for record in ids if record in wanted)
    columns = reads.columns(
        store, year, kinds=(), peer_group="", with_empty=units is not None, own=False
    )
    chosen = tuple(
        DeskUnit(one.unit, one.heading, one.kind, one.peer_group)
        for one in columns if units is None or one.unit in units
    )
    owners = [one.unit for one in chosen]
    targets = _targets(store, ids, owners)
    records = store.get_many(Indicator, ids)
    names = {one.id: one.name for one in store.all(Category, year=year, axis=CategoryAxis.CATEGORY)}
    fixed = fixed_units(store, year, owners) if lock_signed else {}
    rows = tuple(
        _row(records[record], owners, targets, fixed, names, (outside or {}).get(record, _NOTHING))
        for record in ids
    )
    return Desk(year, chosen, rows, store.change_count, {row.indicator: row for row in rows})


def marks(store: Store, year: int) -> dict[RecordId, OutsideMarks]:
    """What the outside figures say for the desk, by indicator.

    Growth and amount are the province's target of the year; where it states no growth, the
    province's average growth of the year before.
    """
    ids = framework_reads.indicator_ids(store, year, framework_reads.FrameworkFilter())
    records = store.get_many(Indicator, ids)
    periods = (str(year), str(year - 1))
    figures: dict[tuple[RecordId, str], OutsideFigure] = {}
    found = store.get_many(OutsideFigure, outside_reads.records_of(store, ids, periods))
    for figure in found.values():
        figures[figure.indicator, figure.period] = figure
    result = {}
    for record in ids:
        one = _marks(records[record], figures.get((record, periods[0])),
                     figures.get((record, periods[1])), periods[1])
        if one != _NOTHING:
            result[record] = one
    return result


def read_amount(row: DeskRow, text: str) -> Decimal | None:
    """A typed draft in the row's unit, None for nothing; InputError for what is no number."""
    plain = text.strip()
    if not plain:
        return None
    unit = "%" if row.is_growth else row.unit_of_measure
    quantity = read_in_unit(plain, unit)
    if quantity.unit and quantity.unit != unit:
        raise InputError(f"“{plain}”的单位与“{unit or '无'}”不同。", "请换算后填写。")
    return quantity.value


def draft_text(row: DeskRow, cell: DeskCell, drafts: Mapping[CellKey, Decimal]) -> str:
    """What stands in a cell of the desk: the draft, else the present value, else why it stays out."""
    amount = drafts.get((row.indicator, cell.unit), cell.amount)
    if amount is not None:
        return show(amount)
    if not cell.allotted or cell.why == "未设定":
        return ""
    return "/" if cell.why == "不适用" else cell.why


def accept(
    store: Store, desk: Desk, drafts: Mapping[CellKey, Decimal], *, label: str = "采纳测算结果"
) -> Accepted:
    """Write the drafts as one undo step; drafts equal to what stands write nothing.

    Cells that were signed or changed since the desk was opened are refused by name, the others
    go. Raises NotAllowedError for a sealed year.
    """
    sealing.refuse_sealed(store, desk.year)
    cells = {(row.indicator, cell.unit): (row, cell) for row in desk.rows for cell in row.cells}
    refused: list[RefusedCell] = []
    written = 0
    with store.change(label) as change:
        # Read once the door is held: another thread may have written until then.
        rows = store.get_many(Indicator, {key[0] for key in drafts})
        owners = store.get_many(Unit, {key[1] for key in drafts})
        now = _targets(store, list(rows), list(owners))
        fixed, sealed = fixed_units(store, desk.year), sealed_units(store, desk.year)
        for key, amount in drafts.items():
            if key not in cells:
                raise ValueError(f"cell {key} is not on the desk")
            row, cell = cells[key]
            if amount == cell.amount:
                continue
            reason = "考核结果已封存" if key[1] in sealed else _refusal(
                now.get(key), cell, fixed.get(key[1]), key[0] in rows)
            if reason:
                place = place_of(rows.get(key[0]), owners.get(key[1]))
                refused.append(RefusedCell(key, place, reason))
                continue
            record = change.named(Target, *key)
            old = change.find(Target, record)
            if old is None:
                old = Target(id=record, indicator=key[0], unit=key[1])
            value = with_amount(row, replace(cell, value=old.value), amount)
            change.put(replace(old, value=value))
            written += 1
    return Accepted(written, tuple(refused))


def _refusal(old: Target | None, cell: DeskCell, fixed: Fixed | None, there: bool) -> str:
    if not there:
        return "指标已被删除"
    if fixed is not None:
        return f"{fixed.reason},{_ADJUST}"
    if (old.value if old is not None else None) != cell.value or (old is None) == cell.allotted:
        return "打开测算表之后又被改过"
    return ""


def _targets(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> dict[CellKey, Target]:
    whole, partly = reads.block(store, indicators, units)
    found = [*whole, *store.get_many(Target, partly).values()]
    return {(one.indicator, one.unit): one for one in found}


def _row(
    indicator: Indicator, units: Sequence[RecordId], targets: Mapping[CellKey, Target],
    fixed: Mapping[RecordId, Fixed], names: Mapping[RecordId, str], outside: OutsideMarks,
) -> DeskRow:
    measure, form = indicator.unit_of_measure, indicator.form
    nature = nature_of(form, indicator.direction, measure, indicator.name)
    cells = []
    for unit in units:
        target = targets.get((indicator.id, unit))
        lock = fixed[unit].reason if unit in fixed else ""
        if target is None:
            cells.append(DeskCell(unit, allotted=False, lock=lock, why="未下达"))
            continue
        amount, why = reckoned(target.value, nature, form, measure)
        cells.append(DeskCell(unit, target.last_year, target.value, amount, True, lock, why))
    return DeskRow(
        indicator.id, indicator.name, indicator.category,
        names.get(indicator.category, "") if indicator.category is not None else "",
        measure, _decimals(indicator, cells), indicator.direction, form, nature, tuple(cells),
        outside,
    )


def _decimals(indicator: Indicator, cells: Sequence[DeskCell]) -> int:
    """The indicator's digits, else the most that its values, else that last year's have."""
    if indicator.decimals is not None:
        return indicator.decimals
    digits = [_places(cell.amount) for cell in cells if cell.amount is not None]
    if not digits and indicator.form not in GROWTHS:
        digits = [_places(cell.last_year) for cell in cells if cell.last_year is not None]
    return max(digits, default=0)


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _marks(
    indicator: Indicator, now: OutsideFigure | None, before: OutsideFigure | None, last: str
) -> OutsideMarks:
    growth = amount = None
    basis: list[str] = []
    if now is not None and now.province_target is not None:
        part = growth_part(now.province_target)
        if part is not None and part.amount is not None:
            growth = part.amount
        stated = amount_of(now.province_target, indicator.unit_of_measure)
        is_growth = now.province_target.counted.form in GROWTHS
        if stated is not None and not stated.unit and not is_growth:
            amount = stated.value
        basis.append("省定目标")
    average = None if before is None else before.province_average
    rate = indicator.unit_of_measure in RATES
    if average is not None and growth is None and average.unit in RATES and not rate:
        growth = average.value
        basis.append(f"{show_period(last)}全省平均")
    if average is not None and amount is None and rate and not average.unit:
        amount = average.value
        basis.append(f"{show_period(last)}全省平均")
    if growth is None and amount is None:
        return _NOTHING
    return OutsideMarks(growth, amount, "、".join(basis))


__all__ = [
    "Accepted", "CellKey", "Desk", "DeskUnit", "LeftOut", "RefusedCell", "accept", "desk",
    "draft_text", "marks", "read_amount",
]
