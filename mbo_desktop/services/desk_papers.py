"""The desk's result on paper (目标测算表): what the drafts come to, before or after they are accepted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.target_setting import (
    CellKey,
    DeskCell,
    DeskRow,
    RowNature,
    RowResult,
    amount_in,
    growth_of,
    row_result,
)
from mbo_desktop.errors import InputError
from mbo_desktop.services import session, target_setting
from mbo_desktop.services.target_setting import Desk
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.desk_result import DeskLine, DeskPaper, DeskUnitLine


def desk_paper(
    store: Store, desk: Desk, drafts: Mapping[CellKey, Decimal], *, all_details: bool = False
) -> DeskPaper:
    """The texts of a desk: all its indicators, units in detail where a draft changes something.

    all_details: units of every indicator. Raises InputError for a desk without indicators.
    """
    from mbo_desktop.documents.desk_result import DeskPaper

    if not desk.rows:
        raise InputError("测算表中没有指标。", "请先选择要测算的指标。", "未写出任何文件。")
    own = session.office(store)
    lines = tuple(_line(desk, row, drafts, all_details) for row in desk.rows)
    return DeskPaper(
        f"{own.government_name or own.name}{desk.year}年度目标测算表", lines, own.name,
        show_date(clock.today()),
    )


def _line(
    desk: Desk, row: DeskRow, drafts: Mapping[CellKey, Decimal], all_details: bool
) -> DeskLine:
    from mbo_desktop.documents.desk_result import DeskLine

    own = {unit: value for (indicator, unit), value in drafts.items() if indicator == row.indicator}
    now, then = row_result(row, {}), row_result(row, own)
    units: tuple[DeskUnitLine, ...] = ()
    if own or all_details:
        headings = {one.unit: one.heading for one in desk.units}
        notes: dict[object, list[str]] = {}
        for check in then.checks:
            notes.setdefault(check.unit, []).append(check.text)
        units = tuple(
            _unit_line(row, cell, drafts, headings[cell.unit], notes.get(cell.unit, []))
            for cell in row.cells if cell.allotted or cell.unit in own
        )
    city = [check.text for check in then.checks if check.unit is None]
    doubted = len({check.unit for check in then.checks if check.unit is not None})
    remarks = [*city, *([f"{doubted}个单位有提示"] if doubted else [])]
    return DeskLine(
        row.category_name, row.name, row.unit_of_measure, _shown(then.last_total),
        _city(now, row), _city(then, row), _growth(then.growth), _province(row),
        "；".join(remarks), units,
    )


def _unit_line(
    row: DeskRow, cell: DeskCell, drafts: Mapping[CellKey, Decimal], heading: str, notes: list[str]
) -> DeskUnitLine:
    from mbo_desktop.documents.desk_result import DeskUnitLine

    own = {cell.unit: drafts[row.indicator, cell.unit]} if (row.indicator, cell.unit) in drafts else {}
    amount = amount_in(cell, own)
    growth = None
    averages = row.nature is RowNature.RATE and not row.in_points
    if (averages or row.nature in (RowNature.ADDITIVE, RowNature.CONTROL)) and amount is not None:
        growth = growth_of(amount, cell.last_year)
    change = "" if amount is None or cell.amount is None else _signed(amount - cell.amount)
    return DeskUnitLine(
        heading, _shown(cell.last_year), target_setting.draft_text(row, cell, {}),
        target_setting.draft_text(row, cell, drafts), _growth(growth), change,
        "；".join([*([cell.lock] if cell.lock else []), *notes]),
    )


def _city(result: RowResult, row: DeskRow) -> str:
    """The sum; for rates and ranks, which are never added, from the lowest to the highest."""
    if result.total is not None:
        return _shown(result.total)
    if result.lowest is None or result.highest is None:
        return ""
    if result.lowest == result.highest:
        return _shown(result.lowest)
    return f"{_shown(result.lowest)}～{_shown(result.highest)}"


def _province(row: DeskRow) -> str:
    marks = row.outside
    parts = [] if marks.amount is None else [_shown(marks.amount)]
    if marks.growth is not None:
        parts.append(f"增长{show(marks.growth)}%")
    return "，".join(parts)


def _shown(amount: Decimal | None) -> str:
    return "" if amount is None else show(amount)


def _growth(percent: Decimal | None) -> str:
    """One digit, as the desk shows it: an exact quotient has no end."""
    return "" if percent is None else f"{show(percent, 1)}%"


def _signed(difference: Decimal) -> str:
    if not difference:
        return ""
    return f"+{show(difference)}" if difference > 0 else show(difference)
