"""Plans within the year and milestones of decomposition nodes (time-proportional, typed, last year's rhythm)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain import pace, units
from mbo_desktop.domain.allocations import Allocation, Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.targets import Direction
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError, RecordMissingError
from mbo_desktop.services import decomposition, sealing
from mbo_desktop.services.decomposition_cells import day_of, in_measure
from mbo_desktop.services.decomposition_rows import BranchRow
from mbo_desktop.services.decomposition_values import plan_of, rule_of
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_rows as reads

_HEAD = re.compile(r"(?:填报|序时|上年节奏)?(?:按月|按季度?)?(?:\(季末\))?[::]")
_BETWEEN = re.compile("[、;\uff1b\uff0c\\s|]+|,(?!\\d{3}(?!\\d))")
_NOT_PLANNED = frozenset({"—", "-", "/", "空"})


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A node's plan with what the dialog shows around it."""

    node: int
    title: str
    unit_of_measure: str
    amount: Decimal | None
    due: date | None
    cumulative: bool
    """Whether amounts grow through the year; a rate is to stand at its level in every period."""
    decimals: int
    plan: Plan | None
    milestones: tuple[Milestone, ...]
    problems: tuple[str, ...]


def plan_sheet(store: Store, year: int, node: int) -> PlanSheet:
    """A node's plan and milestones as they stand; raises RecordMissingError, NotAllowedError."""
    row = _row(store, year, node)
    record = None if row.allocation is None else store.find(Allocation, row.allocation)
    sheet = _sheet(store, row)
    if record is None:
        return sheet
    sheet = replace(sheet, plan=record.plan, milestones=record.milestones)
    return replace(sheet, problems=tuple(problems(store, year, node, record.plan, sheet=sheet)))


def plan_preview(
    store: Store, year: int, node: int, basis: PlanBasis, period: PlanPeriod, *,
    typed: Sequence[str] = (), last_year: Sequence[Decimal | None] = (),
) -> PlanSheet:
    """The plan that `apply_plan` would write, with what is wrong with it; writes nothing.

    typed: one text per period for PlanBasis.TYPED; last_year: cumulative actuals of last year
    (12 months or 4 quarters) for its rhythm. Raises InputError with the remedy.
    """
    row = _row(store, year, node)
    sheet = _sheet(store, row)
    if basis is PlanBasis.TYPED:
        made: Plan | None = typed_plan(period, typed, row.unit_of_measure)
    elif sheet.amount is None:
        raise InputError(f"“{row.title}”没有目标数,不能排计划。", "请先填写目标值,或逐期填报。")
    elif basis is PlanBasis.LAST_YEAR:
        made = pace.from_last_year(sheet.amount, last_year, period, sheet.decimals)
    else:
        made = pace.pro_rata(
            sheet.amount, period, sheet.decimals, until=row.due, year=year,
            cumulative=sheet.cumulative,
        )
    sheet = replace(sheet, plan=made)
    return replace(sheet, problems=tuple(problems(store, year, node, made, sheet=sheet)))


def apply_plan(store: Store, year: int, node: int, plan: Plan | None) -> None:
    """Write a node's plan; None takes it away."""
    with store.change("设定计划" if plan else "清除计划") as change:
        sealing.refuse_sealed(store, year)
        old = own_record(change, _row(store, year, node))
        change.put(replace(old, plan=plan))


def plan_many(
    store: Store, year: int, nodes: Sequence[int], period: PlanPeriod
) -> dict[int, str]:
    """序时 plans for many nodes in one step; by node why one could not be made."""
    refused: dict[int, str] = {}
    with store.change("按序时设定计划") as change:
        sealing.refuse_sealed(store, year)
        for node in nodes:
            try:
                sheet = plan_preview(store, year, node, PlanBasis.PRO_RATA, period)
                old = own_record(change, _row(store, year, node))
                change.put(replace(old, plan=sheet.plan))
            except ProgramError as error:
                refused[node] = f"{error.what}{error.todo}"
    return refused


def set_milestones(
    store: Store, year: int, node: int, milestones: Sequence[tuple[str, object, str]]
) -> None:
    """Write the milestones as (title, day or text, note), in the order given; InputError for a day alone."""
    listed = []
    for title, due, note in milestones:
        if not title.strip():
            if due or note.strip():
                raise InputError("有一个节点没有名称。", "请填写节点名称,或删除这一行。")
            continue
        listed.append(Milestone(" ".join(title.split()), day_of(due, year), note.strip()))
    with store.change("设定节点") as change:
        sealing.refuse_sealed(store, year)
        old = own_record(change, _row(store, year, node))
        change.put(replace(old, milestones=tuple(listed)))


def problems(
    store: Store, year: int, node: int, plan: Plan | None, *, sheet: PlanSheet | None = None
) -> list[str]:
    """What does not fit in a plan by itself and against the plans of the nodes below, in words."""
    row = _row(store, year, node)
    shown = sheet or _sheet(store, row)
    if plan is None:
        return []
    said = pace.plan_problems(
        plan, shown.amount, cumulative=shown.cumulative, unit=shown.unit_of_measure, until=row.due
    )
    below = decomposition.rows(store, year, decomposition.child_ids(store, year, node)).values()
    facts = reads.target_facts(store, [row.target or 0]).get(row.target or 0)
    if not below or facts is None:
        return said
    bodies = reads.plans(store, [one.allocation for one in below if one.allocation is not None])
    kept = [
        (plan_of(bodies.get(one.allocation or 0)), one.amount_unit or one.unit_of_measure)
        for one in below if not one.not_applicable
    ]
    rule = rule_of(facts, row.form, row.title, shown.unit_of_measure)
    against = pace.against_children(plan, shown.unit_of_measure, kept, rule)
    return [*said, against] if against else said


def typed_plan(period: PlanPeriod, texts: Sequence[str], measure: str) -> Plan | None:
    """A plan of amounts as typed; None when all are empty. Raises InputError naming the period."""
    if len(texts) != period.periods:
        raise InputError(
            f"{period.label}计划要{period.periods}个数,现有{len(texts)}个。", "请补全,没有计划的填“—”。"
        )
    amounts: list[Decimal | None] = []
    for place, text in enumerate(texts):
        plain = text.strip()
        if not plain or plain in _NOT_PLANNED:
            amounts.append(None)
            continue
        try:
            amounts.append(in_measure(plain, measure))
        except InputError as error:
            name = pace.period_name(period, place)
            raise InputError(f"{name}:{error.what}", error.todo) from error
    if all(one is None for one in amounts):
        return None
    return Plan(period, PlanBasis.TYPED, tuple(amounts))


def read_plan(text: str, row: BranchRow, year: int, old: Plan | None) -> Plan | None:
    """A plan typed into one cell: 4 or 12 amounts (「25、50、75、100」), 「序时」, or "" for none."""
    if text == row.plan_text:
        return old
    if text in ("序时", "序时按季", "序时按月", "按季", "按月"):
        if row.amount is None:
            raise InputError("没有目标数,不能排序时计划。", "请先填写目标值。")
        period = PlanPeriod.MONTH if text.endswith("按月") else PlanPeriod.QUARTER
        cumulative = pace.is_cumulative(row.form, row.indicator_name, row.unit_of_measure)
        return pace.pro_rata(
            row.amount, period, usual_decimals(row.unit_of_measure), until=row.due, year=year,
            cumulative=cumulative,
        )
    head = _HEAD.match(text)
    texts = [one for one in _BETWEEN.split(text[head.end():] if head else text) if one]
    if not texts:
        return None
    if len(texts) not in (4, 12):
        raise InputError(f"计划里有{len(texts)}个数。", "请填4个(各季累计)或12个(各月累计)数,例如“25、50、75、100”。")
    period = PlanPeriod.QUARTER if len(texts) == 4 else PlanPeriod.MONTH
    return typed_plan(period, texts, row.unit_of_measure)


def usual_decimals(measure: str) -> int:
    """Digits of a planned amount where the indicator states none: things are counted whole."""
    unit = units.parse_unit(measure)
    whole = unit is not None and (unit.dimension.startswith("count:") or unit.dimension == "person")
    return 0 if whole else 2


def own_record(change: Change, row: BranchRow) -> Allocation:
    """The allocation of a row, for a target its root, new when it was not made yet."""
    if row.target is None:
        raise NotAllowedError(f"“{row.title}”没有自己的目标。", "请在下面各单位的行中填写。")
    record = row.allocation or change.named(Allocation, row.target)
    found = change.find(Allocation, record)
    return found or Allocation(id=record, target=row.target)


def _row(store: Store, year: int, node: int) -> BranchRow:
    row = decomposition.row(store, year, node)
    if row is None:
        raise RecordMissingError
    return row


def _sheet(store: Store, row: BranchRow) -> PlanSheet:
    indicator = store.find(Indicator, row.indicator or RecordId(0))
    measure = row.amount_unit or row.unit_of_measure
    decimals = None if indicator is None else indicator.decimals
    between = indicator is not None and indicator.direction is Direction.RANGE
    return PlanSheet(
        row.id, row.title, measure, row.amount, row.due,
        not between and pace.is_cumulative(row.form, row.indicator_name, measure),
        usual_decimals(measure) if decimals is None else decimals, None, (), (),
    )
