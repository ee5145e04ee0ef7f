"""Cells of the tables of results typed or pasted as a block: each block is one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.outside import read_rank
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.quantity import read_number
from mbo_desktop.domain.results import SuperiorResult, TargetResult, UnitResult
from mbo_desktop.errors import InputError
from mbo_desktop.services import results, sealing
from mbo_desktop.services.results import ResultField
from mbo_desktop.services.scheme_state import refuse_sealed_unit, sealed_units
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class ResultEdit:
    """One cell of a unit-target's result and the text that is to stand in it."""

    indicator: RecordId
    unit: RecordId
    field: ResultField
    text: str


class UnitField(Choice):
    """A field of a unit's result of a year that a cell edits as text."""

    SCORE = "score", "得分"
    RANK = "rank", "位次"
    GRADE = "grade", "等次"
    HONOURS = "honours", "荣誉"
    VETO = "veto", "一票否决"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class UnitEdit:
    """One cell of a unit's result."""

    unit: RecordId
    field: UnitField
    text: str


class SuperiorField(Choice):
    """A field of the own result at the superior that a cell edits as text."""

    POINTS = "points", "得分"
    FULL_POINTS = "full_points", "满分"
    RANK = "rank", "位次"
    TITLE = "title", "等次称号"
    DOCUMENT = "document", "通报文件"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class SuperiorEdit:
    """One cell of the results at the superior."""

    year: int
    field: SuperiorField
    text: str


_BESIDE = frozenset({UnitField.HONOURS, UnitField.NOTE})
"""What is told of a unit after its result was sealed: honours come with the 表彰决定."""
Refusals = dict[int, str]
"""Reasons by the position of the edit in its block; those edits were not written."""


def apply_result_edits(store: Store, edits: Sequence[ResultEdit]) -> Refusals:
    """Results of unit-targets as one step; NotAllowedError in a sealed year."""
    refused: Refusals = {}
    with store.change(_label([edit.field.label for edit in edits])) as change:
        indicators = {edit.indicator: change.get(Indicator, edit.indicator) for edit in edits}
        sealing.refuse_sealed_indicators(store, list(indicators))
        units: dict[int, set[RecordId]] = {}
        for edit in edits:
            units.setdefault(indicators[edit.indicator].year, set()).add(edit.unit)
        for year, touched in units.items():
            refuse_sealed_unit(store, year, *touched)
        after: dict[RecordId, TargetResult] = {}
        for place, edit in enumerate(edits):
            record = change.named(TargetResult, edit.indicator, edit.unit)
            old = after.get(record) or change.find(TargetResult, record) or TargetResult(
                id=record, indicator=edit.indicator, unit=edit.unit)
            try:
                after[record] = results.with_field(
                    indicators[edit.indicator], old, edit.field, edit.text)
            except InputError as error:
                refused[place] = f"{error.what}{error.todo}"
        for record, new in after.items():
            if new != TargetResult(id=record, indicator=new.indicator, unit=new.unit):
                change.put(new)
            elif change.find(TargetResult, record) is not None:
                change.delete(record)
    return refused


def apply_unit_edits(store: Store, year: int, edits: Sequence[UnitEdit]) -> Refusals:
    """Results of units as one step; NotAllowedError in a sealed year."""
    refused: Refusals = {}
    with store.change(_label([edit.field.label for edit in edits])) as change:
        sealing.refuse_sealed(store, year)
        sealed = sealed_units(store, year)
        after: dict[RecordId, UnitResult] = {}
        for place, edit in enumerate(edits):
            if edit.unit in sealed and edit.field not in _BESIDE:
                refused[place] = "考核结果已封存,不能修改。确需修改的,请先在“考核”中解封。"
                continue
            record = change.named(UnitResult, year, edit.unit)
            old = after.get(record) or change.find(UnitResult, record) or UnitResult(
                id=record, year=year, unit=edit.unit)
            try:
                after[record] = _unit_with(old, edit.field, edit.text.strip())
            except InputError as error:
                refused[place] = f"{error.what}{error.todo}"
        change.put_all(list(after.values()))
    return refused


def apply_superior_edits(store: Store, edits: Sequence[SuperiorEdit]) -> Refusals:
    """Results at the superior as one step; a year in which nothing is left goes."""
    refused: Refusals = {}
    with store.change(_label([edit.field.label for edit in edits])) as change:
        after: dict[RecordId, SuperiorResult] = {}
        for place, edit in enumerate(edits):
            record = change.named(SuperiorResult, edit.year)
            old = after.get(record) or change.find(SuperiorResult, record) or SuperiorResult(
                id=record, year=edit.year)
            try:
                after[record] = _superior_with(old, edit.field, edit.text.strip())
            except InputError as error:
                refused[place] = f"{error.what}{error.todo}"
        for record, new in after.items():
            if new != SuperiorResult(id=record, year=new.year):
                change.put(new)
            elif change.find(SuperiorResult, record) is not None:
                change.delete(record)
    return refused


def _unit_with(old: UnitResult, field: UnitField, text: str) -> UnitResult:
    match field:
        case UnitField.SCORE:
            return replace(old, score=read_number(text.removesuffix("分")) if text else None)
        case UnitField.RANK:
            return replace(old, rank=read_rank(text)[0] if text else None)
        case UnitField.HONOURS:
            parts = text.replace("\n", "、").replace(";", "、").replace("；", "、").split("、")
            return replace(old, honours=tuple(part.strip() for part in parts if part.strip()))
        case _:
            plain: dict[str, Any] = {field.value: text}
            return replace(old, **plain)


def _superior_with(old: SuperiorResult, field: SuperiorField, text: str) -> SuperiorResult:
    match field:
        case SuperiorField.POINTS | SuperiorField.FULL_POINTS:
            points: dict[str, Any] = {
                field.value: read_number(text.removesuffix("分")) if text else None
            }
            return replace(old, **points)
        case SuperiorField.RANK:
            rank, ranked = read_rank(text) if text else (None, None)
            return replace(old, rank=rank, ranked=ranked or (old.ranked if rank else None))
        case _:
            plain: dict[str, Any] = {field.value: text}
            return replace(old, **plain)


def _label(fields: Sequence[str]) -> str:
    return f"录入{fields[0]}" if len(fields) == 1 else f"录入结果 {len(fields)} 格"
