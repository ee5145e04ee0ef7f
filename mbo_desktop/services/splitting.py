"""Splitting an amount over the nodes below: evenly, by last year, weight or share; what is locked stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain import pace
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.cascade import (
    Coverage,
    Part,
    SplitRule,
    SumRule,
    converted,
    coverage,
    pressed,
    split,
)
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.domain.units import conversion, is_ratio
from mbo_desktop.errors import InputError, NotAllowedError, RecordMissingError
from mbo_desktop.services import decomposition, sealing
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.decomposition_cells import number_value
from mbo_desktop.services.decomposition_division import put_divided
from mbo_desktop.services.decomposition_plans import usual_decimals
from mbo_desktop.services.decomposition_rows import BranchKind, BranchRow
from mbo_desktop.services.decomposition_values import rule_of
from mbo_desktop.services.signed_cells import fixed_units
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_rows as reads

__all__ = ["SplitRule"]

_WORDS = "文字目标"
"""Why a part is left alone that states no number."""


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A node that takes a part; amounts are in its own unit of measure."""

    id: int
    label: str
    locked: bool
    last_year: Decimal | None
    weight: Decimal | None
    share: Decimal | None
    old: Decimal | None
    new: Decimal | None
    """None where nothing is to be written."""
    unit_of_measure: str
    why_locked: str = ""
    """「已锁定」, 「责任书已签订」, 「文字目标」 …; empty for one that is free."""


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """What `apply_split` will write, and how it adds up in the unit of measure above."""

    node: int
    title: str
    rule: SplitRule
    total: Decimal | None
    """Without 加压."""
    amount: Decimal | None
    """The node's own amount when the preview was made."""
    unit_of_measure: str
    decimals: int
    pressure: Decimal
    additive: bool
    """Whether parts are added up; a rate is passed on to every part as it is."""
    reason_not: str
    """Why the amount is not added up, or cannot be split at all; "" where it can."""
    parts: tuple[SplitPart, ...]
    given: Decimal | None
    rest: Decimal | None
    surplus_percent: Decimal | None
    words: str = ""
    """「还差10亿元」, 「加压3%」; "" when the sum is exact."""

    @property
    def can_apply(self) -> bool:
        """Whether there is anything to write."""
        return any(part.new is not None and part.new != part.old for part in self.parts)


def split_preview(
    store: Store, year: int, node: int, rule: SplitRule = SplitRule.EVEN, *,
    total: Decimal | None = None, decimals: int | None = None, pressure: Decimal = Decimal(0),
    weights: Mapping[int, Decimal] | None = None, shares: Mapping[int, Decimal] | None = None,
    typed: Mapping[int, Decimal] | None = None, locked: Mapping[int, bool] | None = None,
) -> SplitPreview:
    """How an amount (total, else the node's own) goes over the rows below; writes nothing.

    weights, shares, locked stand for the rows' own by tree id; typed amounts are kept like
    locked ones and the rest is split. decimals counts in the unit above (None: as the
    indicator and the amount have). Raises InputError with the remedy where it cannot be split.
    """
    row = _row(store, year, node)
    below = list(decomposition.rows(store, year, decomposition.child_ids(store, year, node)).values())
    if not below:
        raise InputError(f"“{row.title}”没有下级,不能拆分。", "请先添加下级。")
    whole = row.amount if total is None else total
    measure = (row.amount_unit if total is None else "") or row.unit_of_measure
    if whole is None:
        raise InputError(f"“{row.title}”没有目标数,不能拆分。", "请先填写目标值,或在拆分时填写总数。")
    facts = reads.target_facts(store, [row.target or 0]).get(row.target or 0)
    if facts is None:
        raise RecordMissingError
    settled = _settled(store, year, below)
    parts = [
        _part(one, measure, settled.get(one.id, ""), weights or {}, shares or {}, typed or {}, locked or {})
        for one in below if not one.not_applicable
    ]
    digits = _decimals(whole, measure, facts.decimals) if decimals is None else decimals
    title = row.title if row.kind is BranchKind.ALLOCATION else ""
    sums = rule_of(facts, row.form, title, measure)
    preview = SplitPreview(
        row.id, row.title, rule, whole, row.amount, measure, digits, pressure, sums.adds, "",
        tuple(parts), None, None, None,
    )
    if all(part.id in settled for part in parts):
        # Nothing here can be set free: the table is shown as it stands.
        return replace(
            preview, additive=False, parts=tuple(replace(part, new=part.old) for part in parts),
            reason_not="下级的目标都已签订、印发或按批准的调整执行,不能在这里改动;请用“目标调整”。",
            words=_covered(preview, tuple(parts), sums).words,
        )
    if sums.adds:
        return _added(preview, sums)
    return _passed_on(preview, sums)


def apply_split(
    store: Store, year: int, preview: SplitPreview, *, locks: Mapping[int, bool] | None = None
) -> int:
    """Write a preview as one step and note the division; how many values changed.

    locks: locks set or taken off by tree id, written along. NotAllowedError when the amount or
    a part was changed since, or nothing can be split.
    """
    if not preview.additive and not preview.can_apply:
        raise NotAllowedError(preview.reason_not, "请逐项填写,或不作拆分。")
    with store.change("拆分目标") as change:
        sealing.refuse_sealed(store, year)
        row = _row(store, year, preview.node)
        rows = decomposition.rows(store, year, [part.id for part in preview.parts])
        settled = _settled(store, year, list(rows.values()))
        _refuse_stale(preview, row, rows, settled)
        changed = 0
        for part in preview.parts:
            changed += _write(change, part, rows[part.id], row, (locks or {}).get(part.id))
        put_divided(change, row, None if row.amount is None else preview.total)
    return changed


def confirm_division(store: Store, year: int, node: int) -> None:
    """按新目标确认: the division stands although the amount is another; clears 需重新分解."""
    with store.change("按新目标确认分解") as change:
        sealing.refuse_sealed(store, year)
        row = _row(store, year, node)
        if row.target is None or not row.child_count:
            raise NotAllowedError(f"“{row.title}”还没有分解。", "请先添加下级。")
        put_divided(change, row, row.amount)


def _part(
    row: BranchRow, measure: str, settled: str, weights: Mapping[int, Decimal],
    shares: Mapping[int, Decimal], typed: Mapping[int, Decimal], locked: Mapping[int, bool],
) -> SplitPart:
    old, own = row.amount, row.unit_of_measure
    if row.amount_unit in ("", measure) and conversion(own, measure) is None and is_ratio(measure):
        # A growth rate of an amount: the row is measured in 亿元, its target in %.
        own = measure
    if old is not None and row.amount_unit and row.amount_unit != own:
        old = converted(old, row.amount_unit, own)
    new, why = old, settled
    if not why and row.id in typed:
        new, why = typed[row.id], "已填写"
    if not why and row.form is not None and old is None:
        why = _WORDS if row.amount is None else f"目标值“{row.value}”不是{own or '数'}"
    if not why and locked.get(row.id, row.locked):
        why = "已锁定"
    label = row.title if row.kind is not BranchKind.ALLOCATION or row.unit_inherited else (
        f"{row.unit_label} {row.title}" if not row.title_inherited else row.unit_label
    )
    return SplitPart(
        row.id, label, bool(why), row.last_year, weights.get(row.id, row.weight),
        shares.get(row.id, row.share), old, new, own, why,
    )


def _added(preview: SplitPreview, sums: SumRule) -> SplitPreview:
    """A total over parts that add up to it exactly."""
    assert preview.total is not None
    found = split(
        preview.total,
        [
            Part(
                part.id, part.label, part.unit_of_measure, part.new if part.locked else None,
                part.last_year, part.weight, part.share, locked=part.locked,
            )
            for part in preview.parts
        ],
        preview.rule, preview.decimals, unit_of_measure=preview.unit_of_measure,
        pressure=preview.pressure,
    )
    parts = tuple(replace(part, new=found.get(part.id)) for part in preview.parts)
    goal = pressed(preview.total, preview.pressure, preview.decimals)
    covered = _covered(preview, parts, sums)
    if preview.rule is not SplitRule.SHARE and covered.given is not None and covered.given != goal:
        raise InputError(
            f"各项合计{canonical(covered.given)}{preview.unit_of_measure},不等于{canonical(goal)}。",
            "请统一上下级的计量单位后再拆分。",
        )
    return replace(
        preview, parts=parts, given=covered.given, rest=covered.rest,
        surplus_percent=covered.surplus_percent, words=covered.words,
    )


def _covered(preview: SplitPreview, parts: tuple[SplitPart, ...], sums: SumRule) -> Coverage:
    assert preview.total is not None
    return coverage(
        preview.total, preview.unit_of_measure,
        [(part.new, part.unit_of_measure) for part in parts if part.why_locked != _WORDS], sums,
    )


def _passed_on(preview: SplitPreview, sums: SumRule) -> SplitPreview:
    """Rates and averages go to every part as they are; ranks and texts not at all."""
    if sums is SumRule.NONE:
        parts = tuple(replace(part, new=None) for part in preview.parts)
        return replace(preview, parts=parts, reason_not="位次、区间和文字目标不能拆分。")
    assert preview.total is not None
    new = []
    for part in preview.parts:
        if part.locked:
            new.append(part)
            continue
        amount = converted(preview.total, preview.unit_of_measure, part.unit_of_measure)
        new.append(replace(part, new=amount))
    covered = _covered(preview, tuple(new), sums)
    return replace(
        preview, parts=tuple(new), words=covered.words,
        reason_not="比率、均值不能相加,各下级按同一水平下达。",
    )


def _settled(store: Store, year: int, below: list[BranchRow]) -> dict[int, str]:
    """Targets among the rows that are issued or adjusted, with the reason; they keep what they have."""
    targets = [one for one in below if one.kind is BranchKind.TARGET]
    units = [one.unit for one in targets if one.unit is not None]
    if not units:
        return {}
    fixed = fixed_units(store, year, units)
    rows = [one.indicator for one in targets if one.indicator is not None]
    adjusted = approved_by_cell(store, rows[:1], units)
    found = {}
    for one in targets:
        if one.unit in fixed:
            found[one.id] = fixed[one.unit].reason
        elif (one.indicator, one.unit) in adjusted:
            found[one.id] = "已按批准的调整执行"
    return found


def _decimals(total: Decimal, measure: str, stated: int | None) -> int:
    return max(pace.digits_of(total), usual_decimals(measure) if stated is None else stated)


def _refuse_stale(
    preview: SplitPreview, row: BranchRow, rows: Mapping[int, BranchRow],
    settled: Mapping[int, str],
) -> None:
    for part in preview.parts:
        now = rows.get(part.id)
        same = now is not None and _part(
            now, preview.unit_of_measure, settled.get(part.id, ""), {}, {}, {}, {}
        ).old == part.old
        written = part.new is not None and part.new != part.old
        if not same or (written and part.id in settled):
            raise NotAllowedError(f"“{part.label}”在预览之后又有改动。", "请重新预览后再应用。")
    if row.amount != preview.amount:
        raise NotAllowedError(f"“{row.title}”的目标在预览之后又有改动。", "请重新预览后再应用。")


def _write(
    change: Change, part: SplitPart, row: BranchRow, above: BranchRow, lock: bool | None
) -> int:
    """One part's new amount, with lock, weight and share it was measured by; 1 when the value changed."""
    form = above.form if above.form is not None and row.form is None else TargetForm.LEVEL
    if row.kind is BranchKind.TARGET:
        if part.new is None or part.new == part.old or row.target is None:
            return 0
        old = change.get(Target, row.target)
        value = number_value(part.new, part.unit_of_measure, old.value, form)
        change.put(replace(old, value=value))
        return 1
    assert row.allocation is not None
    node = change.get(Allocation, row.allocation)
    locked = node.locked if lock is None else lock
    new = replace(node, weight=part.weight, share=part.share, locked=locked)
    changed = part.new is not None and part.new != part.old
    if changed and part.new is not None:
        value = number_value(part.new, part.unit_of_measure, node.value, form)
        new = replace(new, value=value)
    if new != node:
        change.put(new)
    return int(changed)


def _row(store: Store, year: int, node: int) -> BranchRow:
    row = decomposition.row(store, year, node)
    if row is None:
        raise RecordMissingError
    if row.target is None:
        raise NotAllowedError(f"“{row.title}”没有自己的目标值。", "请先填写全市目标,或在某个单位的行中拆分。")
    return row
