"""Entities for tests, plain ones and any ones (built from the type hints)."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs.codec import stored_fields, without_none
from mbo_desktop.store.database import Store

clean_text = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12
)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)


def any_value(hint: Any, references: list[RecordId]) -> st.SearchStrategy[Any]:
    """Any value of a stored field's type; references among the given records."""
    inner, optional = without_none(hint)
    if optional:
        return st.none() | any_value(inner, references)
    if inner is RecordId:
        return st.sampled_from(references)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: clean_text, bool: st.booleans(), int: st.integers(-(2**40), 2**40),
        Decimal: decimals, date: st.dates(),
    }
    if inner in plain:
        return plain[inner]
    if get_origin(inner) is tuple:
        return st.lists(any_value(get_args(inner)[0], references), max_size=3).map(tuple)
    if isinstance(inner, type) and issubclass(inner, Choice):
        return st.sampled_from(list(inner))
    if inner is TargetValue:
        return _any_target_value(references)
    return st.builds(inner, **_fields(inner, references))


def any_entity(kind: Any, record: RecordId, references: list[RecordId]) -> st.SearchStrategy[Any]:
    """Any entity of a type under the given number."""
    return st.builds(kind, id=st.just(record), **_fields(kind, references))


def _fields(kind: Any, references: list[RecordId]) -> dict[str, st.SearchStrategy[Any]]:
    assert dataclasses.is_dataclass(kind)
    return {name: any_value(hint, references) for name, hint in stored_fields(kind).items()}


def _any_target_value(references: list[RecordId]) -> st.SearchStrategy[TargetValue]:
    parts = st.lists(any_value(TargetPart, references), min_size=1, max_size=3).map(tuple)
    return parts.flatmap(lambda some: st.builds(
        TargetValue, parts=st.just(some), counting=st.integers(0, len(some) - 1), text=clean_text
    ))


def level(amount: str, unit: str = "亿元") -> TargetValue:
    """A plain amount."""
    return TargetValue(
        (TargetPart(TargetForm.LEVEL, Decimal(amount), unit),), text=f"{amount}{unit}"
    )


def add_unit(change: Change, name: str, **more: Any) -> RecordId:
    """A new unit in a change."""
    record = change.new(Unit)
    change.put(Unit(id=record, name=name, **more))
    return record


def new_unit(store: Store, name: str = "柯城区", **more: Any) -> RecordId:
    """A new unit in a change of its own."""
    with store.change(f"新增{name}") as change:
        return add_unit(change, name, **more)


def rename(store: Store, record: RecordId, name: str, label: str = "") -> None:
    """Give a unit another name."""
    with store.change(label or f"改名{name}") as change:
        change.put(dataclasses.replace(change.get(Unit, record), name=name))


def small_framework(store: Store) -> tuple[RecordId, RecordId, RecordId]:
    """A unit, an indicator and the target of both."""
    with store.change("建立指标") as change:
        unit = add_unit(change, "柯城区")
        indicator = change.new(Indicator)
        change.put(Indicator(id=indicator, year=2020, name="固定资产投资"))
        target = change.named(Target, indicator, unit)
        change.put(Target(id=target, indicator=indicator, unit=unit, value=level("75")))
    return unit, indicator, target
