"""加分项和扣分项 beside the targets: matter, level, points, paper; the same matter counts once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import BonusItem, Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.services.scoring_additions import once_each
from mbo_desktop.store.database import Store

MOST_POINTS = Decimal(1000)


@dataclass(frozen=True, slots=True)
class BonusRow:
    """An item of the list."""

    item: BonusItem
    unit_label: str
    counted: Decimal
    """What of it counts, before caps; negative for deductions."""
    why_less: str


def bonuses(store: Store, year: int, unit: RecordId | None = None) -> tuple[BonusRow, ...]:
    """The year's items, of all units or one, most points of a unit first."""
    items = [one for one in store.all(BonusItem, year=year) if unit in (None, one.unit)]
    labels = {
        one.id: one.short_name or one.name
        for one in store.get_many(Unit, list({one.unit for one in items})).values()
    }
    counted: dict[RecordId | None, tuple[Decimal, str]] = {}
    for sign in (1, -1):
        side = [one for one in items if (one.points >= 0) == (sign > 0)]
        for lines in once_each(side).values():
            counted |= {line.record: (sign * line.counted, line.why_less) for line in lines}
    listed = sorted(items, key=lambda one: (labels.get(one.unit, ""), -one.points, one.id))
    return tuple(BonusRow(one, labels.get(one.unit, ""), *counted[one.id]) for one in listed)


def add_bonus(
    store: Store, year: int, unit: RecordId, matter: str, points: Decimal, *, level: str = "",
    basis: str = "", on: date | None = None, category: str = "",
) -> RecordId:
    """Points added (negative: taken off) for a matter.

    InputError without a matter or a basis, for 0 points or absurd ones: 没有表彰文件的不认定.
    """
    made = BonusItem(
        id=RecordId(0), year=year, unit=unit, matter=matter.strip(), level=level.strip(),
        points=points, basis=basis.strip(), on=on, category=category.strip(),
    )
    _check(made)
    sealing.refuse_sealed(store, year)
    refuse_sealed_unit(store, year, unit)
    with store.change("登记加减分") as change:
        record = change.new(BonusItem)
        change.put(replace(made, id=record))
    return record


def categories(store: Store, year: int) -> tuple[str, ...]:
    """Categories for which a scheme of the year states a cap."""
    return tuple(dict.fromkeys(
        one.name for scheme in store.all(Scheme, year=year) for one in scheme.bonus_categories
    ))


def set_bonus(store: Store, record: RecordId, **facts: Any) -> None:
    """Change an item's matter, level, points, basis or day."""
    with store.change("修改加减分") as change:
        old = change.get(BonusItem, record)
        sealing.refuse_sealed(store, old.year)
        refuse_sealed_unit(store, old.year, old.unit)
        new = replace(old, **facts)
        _check(new)
        change.put(new)


def delete_bonus(store: Store, record: RecordId) -> None:
    """Take an item away."""
    with store.change("删除加减分") as change:
        old = change.get(BonusItem, record)
        sealing.refuse_sealed(store, old.year)
        refuse_sealed_unit(store, old.year, old.unit)
        change.delete(record)


def _check(one: BonusItem) -> None:
    if not one.matter.strip():
        raise InputError("没有写明加减分的事项。", "请填写事项。")
    if not one.points:
        raise InputError("加减分的分数为0。", "加分填正数,扣分填负数。")
    if abs(one.points) > MOST_POINTS:
        raise InputError(f"加减分{one.points:f}过大。", "请核对是否多输了位数。")
    if not one.basis.strip():
        raise InputError(f"“{one.matter}”没有依据文件。", "请填写表彰文件或处理决定的文号。")
