"""The target framework of a year (room 目标体系): categories, strategies, indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.quantity import split_unit
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.indicator_fields import IndicatorField, with_field
from mbo_desktop.services.scheme_state import refuse_sealed_targets
from mbo_desktop.services.target_resting import refuse_rested
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as argued_reads
from mbo_desktop.store.queries import framework as reads
from mbo_desktop.store.queries.framework import CategoryRow, FrameworkFilter, IndicatorRow

__all__ = ["CategoryRow", "FrameworkFilter", "IndicatorField", "IndicatorRow"]


def categories(
    store: Store, year: int, axis: CategoryAxis = CategoryAxis.CATEGORY
) -> tuple[CategoryRow, ...]:
    """The categories (or strategies) of a year in their order."""
    return reads.categories(store, year, axis)


def add_category(
    store: Store,
    year: int,
    name: str,
    axis: CategoryAxis = CategoryAxis.CATEGORY,
    *,
    before: RecordId | None = None,
) -> RecordId:
    """Add a category, last or before another; raises InputError for an empty or taken name."""
    text = _clean(name, f"{axis.label}名称")
    with store.change(f"添加{axis.label} {text}") as change:
        sealing.refuse_sealed(store, year)
        siblings = store.all(Category, year=year, axis=axis)
        _refuse_taken(text, siblings, None)
        record = change.new(Category)
        key = _key_before(siblings, before)
        change.put(Category(id=record, year=year, axis=axis, name=text, ord=key))
    return record


def rename_category(store: Store, category: RecordId, name: str) -> None:
    """Give a category or strategy another name."""
    with store.change("修改类别名称") as change:
        old = change.get(Category, category)
        sealing.refuse_sealed(store, old.year)
        text = _clean(name, f"{old.axis.label}名称")
        _refuse_taken(text, store.all(Category, year=old.year, axis=old.axis), category)
        change.put(replace(old, name=text))


def move_category(store: Store, category: RecordId, *, before: RecordId | None = None) -> None:
    """Put a category before another one, or last."""
    with store.change("调整类别顺序") as change:
        old = change.get(Category, category)
        sealing.refuse_sealed(store, old.year)
        siblings = [
            c for c in store.all(Category, year=old.year, axis=old.axis) if c.id != category
        ]
        change.put(replace(old, ord=_key_before(siblings, before)))


def delete_category(store: Store, category: RecordId) -> None:
    """Delete a category; raises NotAllowedError while indicators stand in it."""
    with store.change("删除类别") as change:
        old = change.get(Category, category)
        sealing.refuse_sealed(store, old.year)
        count = reads.indicators_in(store, old.id, old.axis)
        if count:
            raise NotAllowedError(
                f"不能删除“{old.name}”:已有{count}项指标。", "先把这些指标移到其他类别。"
            )
        change.delete(category)


def indicator_ids(
    store: Store, year: int, chosen: FrameworkFilter | None = None
) -> tuple[RecordId, ...]:
    """All indicators of a year in printed order (category, then order within it), filtered."""
    return reads.indicator_ids(store, year, chosen or FrameworkFilter())


def indicator_rows(store: Store, ids: Sequence[RecordId]) -> tuple[IndicatorRow, ...]:
    """These indicators in the order given."""
    return reads.indicator_rows(store, ids)


def indicator(store: Store, record: RecordId) -> Indicator:
    """The whole indicator record, for the side panel."""
    return store.get(Indicator, record)


def add_indicator(
    store: Store,
    year: int,
    name: str,
    *,
    category: RecordId | None = None,
    unit_of_measure: str = "",
    points: Decimal | None = None,
    form: TargetForm = TargetForm.LEVEL,
    direction: Direction = Direction.HIGHER,
    before: RecordId | None = None,
    after: RecordId | None = None,
) -> RecordId:
    """Add an indicator, last in its category or beside another one.

    A unit of measure in brackets behind the name moves to its own field: 「工业投资(亿元)」.
    """
    text = _clean(name, "指标名称")
    bare, found = split_unit(text)
    with store.change(f"添加指标 {bare}") as change:
        sealing.refuse_sealed(store, year)
        record = change.new(Indicator)
        change.put(
            Indicator(
                id=record,
                year=year,
                name=bare,
                category=category,
                ord=_indicator_key(store, year, category, before, after, moving=()),
                unit_of_measure=unit_of_measure or found,
                points=points,
                form=form,
                direction=direction,
            )
        )
    return record


def set_indicator_field(
    store: Store, record: RecordId, field: IndicatorField, text: str
) -> None:
    """Change one field as typed; raises InputError with the remedy when it cannot be read."""
    with store.change(f"修改{field.label}") as change:
        sealing.refuse_sealed_indicators(store, (record,))
        change.put(with_field(store, change.get(Indicator, record), field, text))


def change_indicator(
    store: Store,
    record: RecordId,
    *,
    strategies: Sequence[RecordId] | None = None,
    certifying_units: Sequence[RecordId] | None = None,
    covers: Sequence[str] | None = None,
) -> None:
    """Change the lists of an indicator; None leaves a list as it is."""
    with store.change("修改指标") as change:
        sealing.refuse_sealed_indicators(store, (record,))
        old = change.get(Indicator, record)
        change.put(
            replace(
                old,
                strategies=old.strategies if strategies is None else tuple(strategies),
                certifying_units=(
                    old.certifying_units if certifying_units is None else tuple(certifying_units)
                ),
                covers=old.covers if covers is None else tuple(covers),
            )
        )


def move_indicators(
    store: Store,
    records: Sequence[RecordId],
    *,
    category: RecordId | None,
    before: RecordId | None = None,
) -> None:
    """Put indicators, in the order given, into a category: before another one, or last."""
    with store.change("移动指标") as change:
        sealing.refuse_sealed_indicators(store, records)
        moved = [change.get(Indicator, record) for record in records]
        if not moved:
            return
        siblings = [
            pair for pair in reads.indicator_ords(store, moved[0].year, category)
            if pair[0] not in records
        ]
        index = next((i for i, pair in enumerate(siblings) if pair[0] == before), len(siblings))
        keys = ordering.spread(len(moved), *ordering.gap([key for _id, key in siblings], index))
        change.put_all(
            [replace(i, category=category, ord=k) for i, k in zip(moved, keys, strict=True)]
        )


def shift_indicator(store: Store, record: RecordId, step: int) -> bool:
    """Move an indicator one place up (-1) or down (1) within its category; False at the end."""
    own = store.get(Indicator, record)
    order = [row for row, _key in reads.indicator_ords(store, own.year, own.category)]
    place = order.index(record) + step
    if not 0 <= place < len(order):
        return False
    after = place + 1 if step > 0 else place
    before = order[after] if after < len(order) else None
    move_indicators(store, (record,), category=own.category, before=before)
    return True


def what_rests_on(store: Store, records: Sequence[RecordId]) -> str:
    """What would go with these indicators: 「6个单位的目标」; empty when nothing."""
    count = reads.targets_of(store, records)
    return f"{count}个单位的目标" if count else ""


def delete_indicators(
    store: Store, records: Sequence[RecordId], *, with_targets: bool = False
) -> int:
    """Delete indicators, with their targets when told to; returns how many targets went.

    Raises NotAllowedError while targets rest on them and with_targets is False. What was
    signed stays in the agreements' snapshots.
    """
    with store.change("删除指标") as change:
        sealing.refuse_sealed_indicators(store, records)
        targets = reads.target_ids_of(store, records)
        if targets and not with_targets:
            raise NotAllowedError(
                f"不能删除:已有{len(targets)}个单位的目标。", "先清空这些目标,或选择连同目标一并删除。"
            )
        if argued_reads.adjusted_targets(store, records):
            raise NotAllowedError(
                "不能删除:其中有目标已按批准的调整执行。", "不再要求完成的,请用“目标调整”中的撤销。"
            )
        refuse_rested(store, targets, "删除")
        refuse_sealed_targets(store, store.get_many(Target, targets).values())
        for target in targets:
            change.delete(target)
        for record in records:
            change.delete(record)
    return len(targets)


def choices(field: IndicatorField) -> tuple[str, ...]:
    """The texts a choice field offers (形式, 方向, marks); empty for free fields."""
    kinds: dict[IndicatorField, type[Choice]] = {
        IndicatorField.FORM: TargetForm,
        IndicatorField.DIRECTION: Direction,
    }
    if field in kinds:
        return tuple(member.label for member in kinds[field])
    return ("是", "") if field in IndicatorField.marks() else ()


def _indicator_key(
    store: Store, year: int, category: RecordId | None, before: RecordId | None,
    after: RecordId | None, *, moving: Sequence[RecordId],
) -> str:
    siblings = [p for p in reads.indicator_ords(store, year, category) if p[0] not in moving]
    ids = [pair[0] for pair in siblings]
    index = len(siblings)
    if before in ids:
        index = ids.index(before)
    elif after in ids:
        index = ids.index(after) + 1
    return ordering.between(*ordering.gap([key for _id, key in siblings], index))


def _key_before(siblings: Sequence[Category], before: RecordId | None) -> str:
    index = next((i for i, c in enumerate(siblings) if c.id == before), len(siblings))
    return ordering.between(*ordering.gap([c.ord for c in siblings], index))


def _refuse_taken(name: str, siblings: Sequence[Category], own: RecordId | None) -> None:
    if any(c.name == name and c.id != own for c in siblings):
        raise InputError(f"已有名为“{name}”的一项。", "请改用其他名称。")


def _clean(text: str, what: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InputError(f"{what}没有填写。", f"请填写{what}。")
    return cleaned


def targets_on(store: Store, record: RecordId) -> tuple[Target, ...]:
    """All targets of one indicator, for the side panel."""
    return tuple(store.all(Target, indicator=record))
