"""Moves on the target-setting desk: raise, reach a total or a growth, spread. Pure; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.plausibility import GROWTHS, growth_part, main_part
from mbo_desktop.domain.quantity import canonical, round_half_up, show
from mbo_desktop.domain.spreading import ceiling, floor, spread
from mbo_desktop.domain.target_setting import CellKey, DeskCell, DeskRow, RowNature
from mbo_desktop.domain.target_text import show_part
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError


class SpreadBy(Choice):
    """What a total is spread by."""

    CURRENT = "current", "按现有目标"
    LAST_YEAR = "last_year", "按上年实绩"
    EVEN = "even", "平均"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell that a move could not move, and why."""

    key: CellKey
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move gives: the drafts after it (old ones included), and what it left out."""

    drafts: dict[CellKey, Decimal]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)
class _Move:
    drafts: Mapping[CellKey, Decimal]
    locks: Collection[CellKey]
    new: dict[CellKey, Decimal] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)

    def amount(self, row: DeskRow, cell: DeskCell) -> Decimal | None:
        return self.drafts.get((row.indicator, cell.unit), cell.amount)

    def locked(self, row: DeskRow, cell: DeskCell) -> str:
        if cell.lock:
            return cell.lock
        return "已锁定" if (row.indicator, cell.unit) in self.locks else ""

    def leave(self, row: DeskRow, cell: DeskCell, reason: str) -> None:
        self.left.append(LeftOut((row.indicator, cell.unit), reason))

    def done(self) -> Moved:
        return Moved({**self.drafts, **self.new}, tuple(self.left))


def raise_by(
    rows: Iterable[DeskRow], percent: Decimal, *,
    drafts: Mapping[CellKey, Decimal], locks: Collection[CellKey] = (),
) -> Moved:
    """加压: every free value of the rows by x %, half-up at the row's digits.

    Rates move by x percentage points, averages by x %; control figures and lower-is-better values
    go down; ranks, words and what would fall below zero are left and told. A negative percent eases.
    """
    move = _Move(drafts, locks)
    for row in rows:
        for cell in row.cells:
            if not cell.allotted:
                continue
            amount, locked = move.amount(row, cell), move.locked(row, cell)
            if locked:
                move.leave(row, cell, locked)
            elif row.nature in (RowNature.RANK, RowNature.WORDS):
                move.leave(row, cell, f"{row.nature.label},不按比例调整")
            elif amount is None:
                move.leave(row, cell, cell.why or "未设定")
            else:
                raised = _raised(row, amount, percent)
                if raised < 0 <= amount and not row.is_growth:
                    move.leave(row, cell, "会成为负数")
                else:
                    move.new[row.indicator, cell.unit] = raised
    return move.done()


def raise_categories(
    rows: Iterable[DeskRow], percents: Mapping[RecordId | None, Decimal], *,
    drafts: Mapping[CellKey, Decimal], locks: Collection[CellKey] = (),
) -> Moved:
    """工业、重点项目、环保再调高: each category by its own percent, the others untouched."""
    now, left = dict(drafts), list[LeftOut]()
    listed = list(rows)
    for category, percent in percents.items():
        chosen = [row for row in listed if row.category == category]
        moved = raise_by(chosen, percent, drafts=now, locks=locks)
        now, left = moved.drafts, left + list(moved.left_out)
    return Moved(now, tuple(left))


def _raised(row: DeskRow, amount: Decimal, percent: Decimal) -> Decimal:
    lower = row.nature is RowNature.CONTROL or (
        row.direction is Direction.LOWER and row.form is not TargetForm.DECREASE_RATE
    )
    step = -percent if lower else percent
    if row.in_points:
        return round_half_up(amount + step, _digits(row, amount))
    return round_half_up(amount * (100 + step) / 100, row.decimals)


def _digits(row: DeskRow, amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(row.decimals, -exponent if isinstance(exponent, int) else 0)


def reach_total(
    row: DeskRow, total: Decimal, *, by: SpreadBy,
    drafts: Mapping[CellKey, Decimal], locks: Collection[CellKey] = (),
    only: Collection[RecordId] | None = None,
) -> Moved:
    """Spread a total over the row's free units so that all add up to it exactly; locked ones count in it.

    only: spread over these units, the others stand as locked. Units that are not allotted or N/A
    stay out. Raises InputError for rows whose values are never added, and as `spreading.spread`.
    """
    if row.nature not in (RowNature.ADDITIVE, RowNature.CONTROL):
        raise InputError(
            f"“{row.name}”是{row.nature.label}指标,各单位的数不能相加。", "请改用“全市达到”或逐个填写。"
        )
    move = _Move(drafts, locks)
    weights: dict[RecordId, Decimal] = {}
    held: dict[RecordId, Decimal] = {}
    for cell in row.cells:
        amount, locked = move.amount(row, cell), move.locked(row, cell)
        if not cell.allotted or cell.why not in ("", "未设定"):
            continue
        if not locked and only is not None and cell.unit not in only:
            locked = "不在所选单位内"
        if locked:
            if amount is not None:
                held[cell.unit] = amount
            move.leave(row, cell, locked)
            continue
        weight = {
            SpreadBy.CURRENT: amount, SpreadBy.LAST_YEAR: cell.last_year, SpreadBy.EVEN: Decimal(1),
        }[by]
        if weight is None:
            if amount is not None:
                held[cell.unit] = amount
            missing = "没有上年实绩" if by is SpreadBy.LAST_YEAR else "没有现有目标"
            move.leave(row, cell, f"{missing},未参与拆分")
            continue
        weights[cell.unit] = weight
    if not weights:
        _check_held(row, held, total)
    for unit, part in spread(total, weights, row.decimals, held).items():
        if unit in weights:
            move.new[row.indicator, unit] = part
    return move.done()


def _check_held(row: DeskRow, held: Mapping[RecordId, Decimal], total: Decimal) -> None:
    """Where nothing on the desk can be unlocked, the way to another total is another one."""
    if not held:
        raise InputError(f"“{row.name}”没有可以拆分的单位。", "请改用其他拆分依据,或先下达到单位。")
    reasons = {cell.lock for cell in row.cells if cell.unit in held}
    fixed = sum(held.values(), Decimal(0))
    if "" not in reasons and fixed != total:
        raise InputError(
            f"“{row.name}”各单位都不能改动({'、'.join(sorted(reasons))}),"
            f"合计{show(fixed)},不能凑成总数{show(total)}。",
            "签订以后的调高、调低,请在“责任书”的“调整”里办理。",
        )


def reach_growth(
    row: DeskRow, growth: Decimal, *, by: SpreadBy = SpreadBy.LAST_YEAR,
    drafts: Mapping[CellKey, Decimal], locks: Collection[CellKey] = (),
) -> Moved:
    """What each must do so that the city grows by `growth` %: the needed total is never rounded below.

    Units without last year are not in the growth and keep their values. For rates, each free
    unit that stands behind is set to the rate; for averages, to its own last year and `growth` %.
    InputError as `reach_total`.
    """
    if row.nature is RowNature.RATE:
        return _reach_rate(row, growth, drafts, locks)
    measured = [cell for cell in row.cells if cell.last_year is not None and cell.allotted
                and cell.why in ("", "未设定")]
    base = sum((cell.last_year or Decimal(0) for cell in measured), Decimal(0))
    if base <= 0:
        raise InputError(f"“{row.name}”没有上年实绩,不能按增长率测算。", "请先录入上年实绩,或按总数拆分。")
    exact = base * (100 + growth) / 100
    rounded = floor if row.nature is RowNature.CONTROL else ceiling
    narrowed = replace(row, cells=tuple(measured))
    others = [cell for cell in row.cells if cell not in measured and cell.allotted]
    moved = reach_total(
        narrowed, rounded(exact, row.decimals), by=by, drafts=drafts, locks=locks
    )
    told = [LeftOut((row.indicator, c.unit), c.why or "没有上年实绩,不计入增长") for c in others]
    return Moved(moved.drafts, (*moved.left_out, *told))


def _reach_rate(
    row: DeskRow, rate: Decimal, drafts: Mapping[CellKey, Decimal], locks: Collection[CellKey]
) -> Moved:
    move = _Move(drafts, locks)
    lower = row.direction is Direction.LOWER and row.form is not TargetForm.DECREASE_RATE
    for cell in row.cells:
        if not cell.allotted or cell.why not in ("", "未设定"):
            continue
        amount, locked = move.amount(row, cell), move.locked(row, cell)
        wanted = _wanted(row, cell, rate, lower=lower)
        if wanted is None:
            move.leave(row, cell, "没有上年实绩")
            continue
        behind = amount is None or ((amount > wanted) if lower else (amount < wanted))
        if behind and locked:
            move.leave(row, cell, f"{locked},仍为{show(amount) if amount is not None else '未设定'}")
        elif behind:
            move.new[row.indicator, cell.unit] = wanted
    return move.done()


def _wanted(row: DeskRow, cell: DeskCell, rate: Decimal, *, lower: bool) -> Decimal | None:
    """What a unit must reach: the rate itself, or for an average its last year grown by it."""
    if row.in_points:
        return rate
    if cell.last_year is None:
        return None
    return (floor if lower else ceiling)(cell.last_year * (100 + rate) / 100, row.decimals)


def set_amount(
    row: DeskRow, unit: RecordId, amount: Decimal | None, *, drafts: Mapping[CellKey, Decimal]
) -> dict[CellKey, Decimal]:
    """The drafts with one typed amount; None takes the cell's draft away."""
    now = dict(drafts)
    now.pop((row.indicator, unit), None)
    if amount is not None:
        now[row.indicator, unit] = amount
    return now


def with_amount(row: DeskRow, cell: DeskCell, amount: Decimal) -> TargetValue:
    """The cell's value with another amount: its form stays, a growth rate beside a level follows it."""
    old = cell.value
    if row.form in GROWTHS:
        part = growth_part(old) if old is not None else None
        new = replace(part, amount=amount, form=row.form, text="") if part is not None else (
            TargetPart(row.form, amount, "%")
        )
    else:
        part = main_part(old) if old is not None else None
        new = replace(part, amount=amount, text="") if part is not None else (
            TargetPart(row.form, amount, row.unit_of_measure)
        )
    if old is None or part is None:
        return TargetValue((new,), text=_words((new,), row.unit_of_measure))
    parts = tuple(new if one is part else one for one in old.parts)
    if row.form not in GROWTHS:
        parts = tuple(
            _following(one, amount, cell.last_year) if one.form in GROWTHS else one for one in parts
        )
    return TargetValue(parts, old.counting, _words(parts, row.unit_of_measure))


def with_growth_kept(
    old: TargetValue | None, new: TargetValue, last_year: Decimal | None, unit_of_measure: str
) -> TargetValue:
    """A bare new level beside which the old value's growth rate stays and follows it."""
    amount = new.counted.amount
    if old is None or len(new.parts) > 1 or amount is None or new.counted.form in GROWTHS:
        return new
    growths = tuple(
        _following(part, amount, last_year) for part in old.parts if part.form in GROWTHS
    )
    if not growths or len(growths) == len(old.parts):
        return new
    parts = (new.counted, *growths)
    counting = 1 if old.counted.form in GROWTHS else 0
    return TargetValue(parts, counting, _words(parts, unit_of_measure))


def _following(part: TargetPart, amount: Decimal, last_year: Decimal | None) -> TargetPart:
    """The growth rate that goes with a new level, one digit; unchanged without a last year."""
    if last_year is None or last_year <= 0:
        return part
    growth = round_half_up((amount / last_year - 1) * 100, 1)
    falls = growth < 0
    form = TargetForm.DECREASE_RATE if falls else TargetForm.GROWTH
    return replace(part, form=form, amount=abs(growth), unit="%", text="")


def _words(parts: tuple[TargetPart, ...], unit: str) -> str:
    if len(parts) == 1 and parts[0].amount is not None and parts[0].form in (
        TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.GROWTH,
    ) and parts[0].unit == unit and not parts[0].approximate and not parts[0].strict:
        return canonical(parts[0].amount)
    return ",".join(show_part(part, unit) for part in parts)
