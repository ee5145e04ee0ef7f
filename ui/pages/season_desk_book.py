"""The drafts of the target-setting desk: held by the page, moved, stepped back; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain import target_moves
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.target_moves import LeftOut, Moved, SpreadBy
from mbo_desktop.domain.target_setting import (
    CellKey,
    DeskCell,
    DeskRow,
    RowNature,
    RowResult,
    growth_of,
    row_result,
)
from mbo_desktop.errors import InputError
from mbo_desktop.services.target_setting import Desk, read_amount

STEPS_KEPT = 50
_ADDED = (RowNature.ADDITIVE, RowNature.CONTROL)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft beside what stands: for the preview before it is written."""

    key: CellKey
    indicator: str
    unit: str
    unit_of_measure: str
    old: Decimal | None
    new: Decimal
    notes: tuple[str, ...]


class DeskBook:
    """A desk with the drafts and locks of the page; every move is one step that can be taken back."""

    def __init__(self) -> None:
        self.desk = Desk(0, (), (), 0)
        self.drafts: dict[CellKey, Decimal] = {}
        self.locks: set[CellKey] = set()
        self._results: dict[RecordId, RowResult] = {}
        self._steps: list[dict[CellKey, Decimal]] = []
        self._cells: dict[CellKey, DeskCell] = {}

    def open(self, desk: Desk) -> None:
        """Take a desk that was read anew; drafts and locks of cells that are still there stay."""
        self.desk = desk
        self._cells = {(row.indicator, cell.unit): cell for row in desk.rows for cell in row.cells}
        self._results.clear()

    def drop(self) -> None:
        """Forget drafts, locks and steps (another year)."""
        self.drafts, self.locks = {}, set()
        self._steps.clear()
        self._results.clear()

    def row(self, indicator: int) -> DeskRow:
        """A row; KeyError when it is not on the desk."""
        return self.desk.row(RecordId(indicator))

    def cell(self, indicator: int, unit: int) -> DeskCell:
        """A cell; KeyError when it is not on the desk."""
        return self._cells[RecordId(indicator), RecordId(unit)]

    def amount(self, indicator: int, unit: int) -> Decimal | None:
        """The draft, else what stands."""
        key = (RecordId(indicator), RecordId(unit))
        return self.drafts.get(key, self._cells[key].amount)

    def is_drafted(self, key: CellKey) -> bool:
        """Whether a draft differs from what stands."""
        return key in self.drafts and key in self._cells and self.drafts[key] != self._cells[key].amount

    def is_free(self, indicator: int, unit: int) -> bool:
        """Whether the cell can be drafted: allotted, reckoned with, neither signed nor locked."""
        key = (RecordId(indicator), RecordId(unit))
        cell = self._cells[key]
        return (
            cell.allotted and not cell.lock and key not in self.locks
            and cell.why in ("", "未设定") and self.row(indicator).nature is not RowNature.WORDS
        )

    def result(self, indicator: int) -> RowResult:
        """What the row comes to now."""
        found = self._results.get(RecordId(indicator))
        if found is None:
            found = self._results[RecordId(indicator)] = self.with_typed(indicator, {})
        return found

    def with_typed(self, indicator: int, typed: Mapping[RecordId, Decimal | None]) -> RowResult:
        """What the row would come to with amounts that are being typed (None: without a draft)."""
        by_unit = {unit: amount for (row, unit), amount in self.drafts.items() if row == indicator}
        for unit, amount in typed.items():
            by_unit.pop(unit, None)
            if amount is not None:
                by_unit[unit] = amount
        return row_result(self.row(indicator), by_unit)

    # Changing -----------------------------------------------------------------

    def read(self, key: str, indicator: int, text: str) -> Decimal | None:
        """A typed amount of a column (draft@7, growth@7) as a draft; raises InputError."""
        code, _, unit = key.partition("@")
        row = self.row(indicator)
        if code == "draft":
            return read_amount(row, text)
        percent = read_percent(text)
        last = self.cell(indicator, int(unit)).last_year
        if percent is None or last is None:
            return None
        return round_half_up(last * (100 + percent) / 100, row.decimals)

    def set_amounts(self, amounts: Mapping[CellKey, Decimal | None]) -> None:
        """Typed or pasted drafts as one step; None takes a draft away."""
        now = dict(self.drafts)
        for key, amount in amounts.items():
            now.pop(key, None)
            if amount is not None:
                now[key] = amount
        self._take(now)

    def raise_by(
        self, rows: Sequence[DeskRow], percent: Decimal, only: Collection[CellKey] | None = None
    ) -> Moved:
        """加压 by x %; only: just these cells."""
        locks = self.locks
        if only is not None:
            every = {(row.indicator, cell.unit) for row in rows for cell in row.cells}
            locks = locks | (every - set(only))
        moved = target_moves.raise_by(rows, percent, drafts=self.drafts, locks=locks)
        left = tuple(one for one in moved.left_out if only is None or one.key in only)
        return self._moved(Moved(moved.drafts, left))

    def raise_categories(self, percents: Mapping[RecordId | None, Decimal]) -> Moved:
        """Each category by its own percent."""
        return self._moved(target_moves.raise_categories(
            self.desk.rows, percents, drafts=self.drafts, locks=self.locks
        ))

    def reach_total(
        self, row: DeskRow, total: Decimal, by: SpreadBy, only: Collection[RecordId] | None = None
    ) -> Moved:
        """Spread a total over the row's free units."""
        return self._moved(target_moves.reach_total(
            row, total, by=by, drafts=self.drafts, locks=self.locks, only=only
        ))

    def reach_growth(self, row: DeskRow, growth: Decimal, by: SpreadBy) -> Moved:
        """反推: what each must do so that the city grows by so many percent."""
        return self._moved(target_moves.reach_growth(
            row, growth, by=by, drafts=self.drafts, locks=self.locks
        ))

    def spread_again(self, rows: Sequence[DeskRow], by: SpreadBy) -> Moved:
        """The present totals of the rows spread anew by another measure, as one step."""
        now, left = dict(self.drafts), list[LeftOut]()
        for row in rows:
            total = self.result(row.indicator).total
            if row.nature not in _ADDED or total is None:
                raise InputError(f"“{row.name}”没有可以拆分的合计。", "请选择可相加的指标,或用“到总量”。")
            moved = target_moves.reach_total(row, total, by=by, drafts=now, locks=self.locks)
            now, left = moved.drafts, left + list(moved.left_out)
        return self._moved(Moved(now, tuple(left)))

    def toggle_locks(self, keys: Collection[CellKey]) -> bool:
        """Lock these cells, or free them when all are locked; True when they are locked now."""
        lock = not set(keys) <= self.locks
        self.locks = self.locks | set(keys) if lock else self.locks - set(keys)
        return lock

    def step_back(self) -> bool:
        """Take the last move back; False when there is none."""
        if not self._steps:
            return False
        self.drafts = self._steps.pop()
        self._results.clear()
        return True

    def clear(self) -> None:
        """No drafts any more, as one step."""
        self._take({})

    def settle(self, refused: Collection[CellKey]) -> None:
        """The drafts were written; those refused stay on the desk."""
        self.drafts = {key: amount for key, amount in self.drafts.items() if key in refused}
        self._steps.clear()
        self._results.clear()

    @property
    def can_step_back(self) -> bool:
        """Whether a move can be taken back."""
        return bool(self._steps)

    # What it comes to ---------------------------------------------------------

    def changed(self) -> dict[CellKey, Decimal]:
        """The drafts that differ from what stands, on the desk as it is shown."""
        return {key: amount for key, amount in self.drafts.items() if self.is_drafted(key)}

    def lines(self) -> tuple[DraftLine, ...]:
        """The changed drafts in the order of the desk."""
        names = {unit.unit: unit.heading for unit in self.desk.units}
        lines = []
        for row in self.desk.rows:
            checks = self.result(row.indicator).checks
            for cell in row.cells:
                key = (row.indicator, cell.unit)
                if self.is_drafted(key):
                    notes = tuple(one.text for one in checks if one.unit == cell.unit)
                    lines.append(DraftLine(
                        key, row.name, names[cell.unit], "%" if row.is_growth else row.unit_of_measure,
                        cell.amount, self.drafts[key], notes,
                    ))
        return tuple(lines)

    def growth(self, indicator: int, unit: int) -> Decimal | None:
        """A unit's growth over last year in %, one digit; None for rows of growth rates."""
        row, amount = self.row(indicator), self.amount(indicator, unit)
        averages = row.nature is RowNature.RATE and not row.in_points
        if amount is None or not (averages or row.nature in _ADDED):
            return None
        exact = growth_of(amount, self.cell(indicator, unit).last_year)
        return None if exact is None else round_half_up(exact, 1)

    def _moved(self, moved: Moved) -> Moved:
        self._take(moved.drafts)
        return moved

    def _take(self, drafts: dict[CellKey, Decimal]) -> None:
        if drafts == self.drafts:
            return
        self._steps = [*self._steps[-STEPS_KEPT + 1 :], self.drafts]
        self.drafts = drafts
        self._results.clear()


def read_percent(text: str) -> Decimal | None:
    """「12」, 「12%」, 「-3%」 as 12, 12, -3; None for nothing; InputError for what is no number."""
    from mbo_desktop.domain.quantity import read_in_unit

    plain = text.strip()
    if not plain:
        return None
    quantity = read_in_unit(plain, "%")
    if quantity.unit not in ("", "%"):
        raise InputError(f"“{plain}”不是百分数。", "请填写数字,例如 12 或 12%。")
    return quantity.value
