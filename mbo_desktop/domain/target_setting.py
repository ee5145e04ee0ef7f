"""The target-setting desk (测算): what the city reaches when each unit meets its value.

A row is an indicator, a cell a unit's value in it. What may be added is added (总量, 新增),
rates and ranks never are: a city's growth is weighed by last year's level, other rates are
only set side by side. Nothing here writes; the moves are in `target_moves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.plausibility import GROWTHS, RATES, growth_part, main_part
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue

CellKey = tuple[RecordId, RecordId]
"""Indicator and unit."""
_TENTH = Decimal("0.1")
_LEVELS = frozenset({TargetForm.LEVEL, TargetForm.AT_LEAST, TargetForm.AT_MOST})
_INCREMENTS = frozenset({TargetForm.INCREMENT, TargetForm.NET_INCREASE})


class RowNature(Choice):
    """How the values of a row go together."""

    ADDITIVE = "additive", "可相加"
    CONTROL = "control", "控制数"
    """Added too; the sum is not to exceed what the city was given."""
    RATE = "rate", "比率"
    RANK = "rank", "位次"
    WORDS = "words", "不测算"


@dataclass(frozen=True, slots=True)
class OutsideMarks:
    """What stands outside for an indicator, as far as the desk compares with it."""

    growth: Decimal | None = None
    """Province's growth in %."""
    amount: Decimal | None = None
    """What the province set for the city, in the indicator's unit: a total, or a rate."""
    basis: str = ""
    """Where it is from, for example 2019年全省增长."""


@dataclass(frozen=True, slots=True)
class DeskCell:
    """A unit's value in a row; amount None: not set, N/A or not to be reckoned with (see `why`)."""

    unit: RecordId
    last_year: Decimal | None = None
    value: TargetValue | None = None
    amount: Decimal | None = None
    allotted: bool = True
    """Whether the unit has this target at all; others are shown but never filled."""
    lock: str = ""
    """Why the cell cannot be moved (a signed agreement); empty when it can."""
    why: str = ""
    """Why it stays out of the reckoning: 不适用, 未设定, 定性, 计量单位不同."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An indicator on the desk with its cells in the order of the units."""

    indicator: RecordId
    name: str
    category: RecordId | None
    category_name: str
    unit_of_measure: str
    decimals: int
    direction: Direction
    form: TargetForm
    nature: RowNature
    cells: tuple[DeskCell, ...]
    outside: OutsideMarks = OutsideMarks()

    @property
    def is_growth(self) -> bool:
        """Whether the row's values are growth rates over last year's level."""
        return self.nature is RowNature.RATE and self.form in GROWTHS

    @property
    def in_points(self) -> bool:
        """Whether values move by percentage points; averages (元 per head, 工作日) move by percent."""
        return self.nature is RowNature.RATE and (
            self.form in GROWTHS or self.unit_of_measure in ("", *RATES)
        )


class CheckKind(Choice):
    """先进合理: what a careful colleague asks about a value."""

    BELOW_LAST_YEAR = "below_last_year", "低于上年"
    BELOW_PROVINCE = "below_province", "低于全省"
    JUMP = "jump", "增幅过大"
    NEGATIVE = "negative", "负数"


@dataclass(frozen=True, slots=True)
class CellCheck:
    """A doubt about one cell, or about the city when unit is None; never blocks."""

    unit: RecordId | None
    kind: CheckKind
    text: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a row comes to with the drafts."""

    indicator: RecordId
    total: Decimal | None
    """Sum; None for rates, ranks and words, which are never added."""
    last_total: Decimal | None
    """Last year's sum over the units that count for the growth."""
    growth: Decimal | None
    """The city's growth in %, one digit half-up; weighed by last year for growth rates."""
    lowest: Decimal | None
    highest: Decimal | None
    counted: int
    """Cells with an amount."""
    without_last: tuple[RecordId, ...]
    """Units with a value but no last year: in the total, not in the growth."""
    left_out: tuple[RecordId, ...]
    """Units whose value is not reckoned with (words, another unit of measure, not set)."""
    checks: tuple[CellCheck, ...]


DEFAULT_JUMP = Decimal(30)
"""Growth in % above which a value is asked about."""


def nature_of(
    form: TargetForm, direction: Direction, unit_of_measure: str, name: str = ""
) -> RowNature:
    """How the values of an indicator of this form, unit and name (人均…, …率) go together."""
    if form is TargetForm.RANK:
        return RowNature.RANK
    if form in GROWTHS:
        return RowNature.RATE
    if form not in _LEVELS and form not in _INCREMENTS:
        return RowNature.WORDS
    if unit_of_measure in RATES or not is_additive(name, unit_of_measure):
        return RowNature.RATE
    lower = form is TargetForm.AT_MOST or direction is Direction.LOWER
    return RowNature.CONTROL if lower else RowNature.ADDITIVE


def reckoned(
    value: TargetValue | None, nature: RowNature, form: TargetForm, unit_of_measure: str
) -> tuple[Decimal | None, str]:
    """The amount of a value in a row of this nature, or None and why it stays out."""
    if value is None:
        return None, "未设定"
    if value.is_not_applicable:
        return None, "不适用"
    part = _part_for(value, form)
    if part is None or part.amount is None:
        return None, "只定了增长率" if growth_part(value) is not None else "定性"
    if nature is RowNature.RATE and form in GROWTHS:
        sign = -1 if part.form is not form else 1
        return sign * part.amount, ""
    if part.unit != unit_of_measure:
        return None, "计量单位不同"
    if part.form is TargetForm.RANGE or (part.form in _INCREMENTS) != (form in _INCREMENTS):
        return None, "目标形式不同"
    return part.amount, ""


def _part_for(value: TargetValue, form: TargetForm) -> TargetPart | None:
    return growth_part(value) if form in GROWTHS else main_part(value)


def amount_in(cell: DeskCell, drafts: Mapping[RecordId, Decimal]) -> Decimal | None:
    """The drafted amount of a cell, else its own."""
    return drafts.get(cell.unit, cell.amount)


def growth_of(amount: Decimal, last_year: Decimal | None) -> Decimal | None:
    """Growth over last year in %, exact to the context; None without a positive last year."""
    if last_year is None or last_year <= 0:
        return None
    return (amount / last_year - 1) * 100


def row_result(
    row: DeskRow, drafts: Mapping[RecordId, Decimal], *, jump: Decimal = DEFAULT_JUMP
) -> RowResult:
    """What the row comes to when each unit meets its drafted, else its present value.

    drafts: amounts by unit. jump: growth in % above which a value is asked about.
    """
    if row.nature is RowNature.WORDS:
        return RowResult(row.indicator, None, None, None, None, None, 0, (), (), ())
    total, base, reached = Decimal(0), Decimal(0), Decimal(0)
    without: list[RecordId] = []
    left: list[RecordId] = []
    checks: list[CellCheck] = []
    amounts: list[Decimal] = []
    growth_row = row.is_growth
    levels = growth_row and row.unit_of_measure not in RATES
    for cell in row.cells:
        amount = drafts.get(cell.unit, cell.amount)
        if amount is None:
            if cell.allotted and cell.why != "不适用":
                left.append(cell.unit)
            continue
        amounts.append(amount)
        total += amount
        last = cell.last_year
        if last is None:
            without.append(cell.unit)
        elif levels:
            signed = -amount if row.form is TargetForm.DECREASE_RATE else amount
            base += last
            reached += last * (100 + signed) / 100
        else:
            base += last
            reached += amount
        checks += _doubts(row, cell, amount, jump)
    adds = row.nature in (RowNature.ADDITIVE, RowNature.CONTROL)
    growth = growth_of(reached, base) if adds or levels else None
    result = RowResult(
        row.indicator,
        total if adds and amounts else None,
        base if (adds or levels) and base else None,
        None if growth is None else growth.quantize(_TENTH, ROUND_HALF_UP),
        min(amounts, default=None), max(amounts, default=None), len(amounts),
        tuple(without), tuple(left), (),
    )
    checks += _city_doubts(row, result, growth)
    return RowResult(
        result.indicator, result.total, result.last_total, result.growth, result.lowest,
        result.highest, result.counted, result.without_last, result.left_out, tuple(checks),
    )


def results(
    rows: Iterable[DeskRow], drafts: Mapping[CellKey, Decimal], *, jump: Decimal = DEFAULT_JUMP
) -> dict[RecordId, RowResult]:
    """`row_result` of many rows."""
    by_row: dict[RecordId, dict[RecordId, Decimal]] = {}
    for (indicator, unit), amount in drafts.items():
        by_row.setdefault(indicator, {})[unit] = amount
    return {
        row.indicator: row_result(row, by_row.get(row.indicator, {}), jump=jump) for row in rows
    }


def _doubts(row: DeskRow, cell: DeskCell, amount: Decimal, jump: Decimal) -> list[CellCheck]:
    if row.nature is RowNature.RANK:
        return []
    if row.is_growth:
        return _growth_doubts(row, cell.unit, amount, jump)
    found: list[CellCheck] = []
    unit, last = cell.unit, cell.last_year
    if amount < 0:
        found.append(CellCheck(unit, CheckKind.NEGATIVE, "目标值是负数"))
    lower = row.direction is Direction.LOWER or row.nature is RowNature.CONTROL
    if last is not None and ((amount > last) if lower else (amount < last)):
        word = "高于" if lower else "低于"
        found.append(CellCheck(unit, CheckKind.BELOW_LAST_YEAR, f"{word}上年实绩{show(last)}"))
    if row.nature is RowNature.RATE:
        mark = row.outside.amount
        if mark is not None and ((amount > mark) if lower else (amount < mark)):
            word = "高于" if lower else "低于"
            text = f"{word}全省{show(mark)}{row.unit_of_measure}"
            found.append(CellCheck(unit, CheckKind.BELOW_PROVINCE, text))
    if not row.in_points and last is not None and last > 0:
        found += _pace_doubts(row, unit, (amount / last - 1) * 100, jump, lower=lower)
    return found


def _growth_doubts(
    row: DeskRow, unit: RecordId, amount: Decimal, jump: Decimal
) -> list[CellCheck]:
    """For rows whose own numbers are growth rates: last year's column holds a level."""
    found = []
    wanted = row.outside.growth
    if wanted is not None and row.form is TargetForm.GROWTH and amount < wanted:
        found.append(_below_province(unit, amount, wanted))
    if amount > jump:
        word = row.form.label.removesuffix("率")
        text = f"{word}{show(amount)}%,超过{show(jump)}%"
        found.append(CellCheck(unit, CheckKind.JUMP, text))
    return found


def _pace_doubts(
    row: DeskRow, unit: RecordId, growth: Decimal, jump: Decimal, *, lower: bool
) -> list[CellCheck]:
    found = []
    wanted = row.outside.growth
    if wanted is not None and not lower and growth < wanted:
        found.append(_below_province(unit, growth, wanted))
    if growth > jump or (lower and growth < -jump):
        shown = show(round_half_up(abs(growth), 1))
        word = "增长" if growth > 0 else "下降"
        text = f"较上年{word}{shown}%,超过{show(jump)}%"
        found.append(CellCheck(unit, CheckKind.JUMP, text))
    return found


def _below_province(unit: RecordId | None, growth: Decimal, wanted: Decimal) -> CellCheck:
    shown = show(round_half_up(growth, 1))
    return CellCheck(
        unit, CheckKind.BELOW_PROVINCE, f"增长{shown}%,低于全省{show(wanted)}%"
    )


def _city_doubts(row: DeskRow, result: RowResult, growth: Decimal | None) -> list[CellCheck]:
    found = []
    marks = row.outside
    rising = row.nature is not RowNature.CONTROL and row.form is not TargetForm.DECREASE_RATE
    if growth is not None and marks.growth is not None and rising and growth < marks.growth:
        check = _below_province(None, growth, marks.growth)
        found.append(CellCheck(None, check.kind, f"全市{check.text}"))
    total, given = result.total, marks.amount
    if total is not None and given is not None:
        if row.nature is RowNature.CONTROL and total > given:
            found.append(CellCheck(
                None, CheckKind.BELOW_PROVINCE, f"全市合计{show(total)},突破省下达的{show(given)}"
            ))
        elif row.nature is RowNature.ADDITIVE and total < given:
            found.append(CellCheck(
                None, CheckKind.BELOW_PROVINCE, f"全市合计{show(total)},低于省下达的{show(given)}"
            ))
    return found
