"""Results of a year: each unit-target's, each unit's, what was not met, and the sentence of account."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain import account as rules
from mbo_desktop.domain.account import AccountCounts
from mbo_desktop.domain.actual_reading import read_amount
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator, Target, Year
from mbo_desktop.domain.quantity import read_number, show
from mbo_desktop.domain.results import (
    Completion,
    TargetResult,
    UnitResult,
    completion_by_rule,
    read_completion,
)
from mbo_desktop.domain.targets import TargetForm, TargetValue
from mbo_desktop.errors import InputError
from mbo_desktop.services import level_words, offices, outside_figures, sealing
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.services.year_bases import BasesOutcome, bases, take_over_bases
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import matrix as matrix_reads
from mbo_desktop.store.queries import results as reads
from mbo_desktop.store.queries.results import ResultCell, ResultIndicator

__all__ = ["AccountCounts", "BasesOutcome", "Completion", "bases", "take_over_bases"]

CellKey = tuple[RecordId, RecordId]
"""Indicator and unit."""


class ResultField(Choice):
    """A field of a unit-target's result that a cell edits as text."""

    ACTUAL = "actual", "实绩"
    COMPLETION = "completion", "完成情况"
    REASON = "reason", "认定说明"
    SCORE = "score", "得分"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A unit-target of a year and what became of it, as texts ready to show."""

    indicator: RecordId
    indicator_name: str
    category: str
    unit_of_measure: str
    unit: RecordId
    unit_name: str
    peer_group: str
    target: str
    last_year: str
    actual: str
    completion: Completion | None
    """As recorded, else by the rule; None: not known (未认定)."""
    is_recorded: bool
    """The status was recorded (认定), not worked out."""
    reason: str
    score: str
    note: str


@dataclass(frozen=True, slots=True)
class UnitResultRow:
    """What became of a unit in a year."""

    unit: RecordId
    name: str
    score: Decimal | None
    rank: int | None
    grade: str
    honours: tuple[str, ...]
    veto: str
    note: str
    met: int
    """Targets met or exceeded."""
    not_met: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Account:
    """The sentence of account with what it rests on."""

    sentence: str
    """"" while nothing is decided."""
    counts: AccountCounts
    remark: str
    """「另有3项尚未认定,未计入。」; "" when all are decided."""


def rows(
    store: Store, year: int, *, indicators: Sequence[RecordId] | None = None,
    known: Mapping[CellKey, TargetValue | None] | None = None,
) -> tuple[ResultRow, ...]:
    """Every unit-target of the year with its result, in printed order of the indicators.

    known: the target values where they were read already.
    """
    heads = {one.id: one for one in reads.result_indicators(store, year)}
    cells = reads.result_cells(store, year, indicators)
    open_cells = [cell for cell in cells if cell.completion is None]
    values = _values(store, open_cells) if known is None else known
    bounds = _bounds(store, year, open_cells, heads)
    order = {record: place for place, record in enumerate(heads)}
    found = [_row(heads[c.indicator], c, values, bounds) for c in cells if c.indicator in heads]
    return tuple(sorted(found, key=lambda row: order[row.indicator]))


def unmet(store: Store, year: int) -> tuple[ResultRow, ...]:
    """未完成 of the year, 基本完成 among them where it does not count as met: 上年未完成 for the next."""
    wanted = {Completion.NOT_MET}
    if not _substantial_counts(store, year):
        wanted.add(Completion.SUBSTANTIALLY_MET)
    return tuple(row for row in rows(store, year) if row.completion in wanted)


def undecided(store: Store, year: int) -> tuple[ResultRow, ...]:
    """Unit-targets whose status is neither recorded nor told by the rule."""
    return tuple(row for row in rows(store, year) if row.completion is None)


def unit_results(store: Store, year: int) -> tuple[UnitResultRow, ...]:
    """Every unit with targets or a result in the year: score, rank, honours, counts; official order."""
    counted: dict[RecordId, list[Completion | None]] = {}
    names: dict[RecordId, str] = {}
    for row in rows(store, year):
        counted.setdefault(row.unit, []).append(row.completion)
        names[row.unit] = row.unit_name
    cells = {cell.unit: cell for cell in reads.unit_results(store, year)}
    bodies = {one.unit: one for one in store.get_many(UnitResult, [c.record for c in cells.values()]).values()}
    columns = matrix_reads.columns(
        store, year, kinds=(), peer_group="", with_empty=False, own=False
    )
    order = dict.fromkeys([c.unit for c in columns])
    order.update(dict.fromkeys(cells))
    substantial = _substantial_counts(store, year)
    found = []
    for unit in order:
        counts = rules.count(counted.get(unit, ()), substantial_counts_as_met=substantial)
        cell, body = cells.get(unit), bodies.get(unit)
        found.append(
            UnitResultRow(
                unit, cell.name if cell else names.get(unit, ""), body.score if body else None,
                body.rank if body else None, body.grade if body else "",
                body.honours if body else (), body.veto if body else "", body.note if body else "",
                counts.done, counts.undone, counts.undecided,
            )
        )
    return tuple(found)


def of_units(store: Store, listed: Sequence[ResultRow]) -> tuple[ResultRow, ...]:
    """The rows of units: the own government's (全县目标) are the sum of theirs and were signed with none.

    Where nobody else has targets its own are all there is.
    """
    own = offices.root_unit(store)
    return tuple(row for row in listed if row.unit != own) or tuple(listed)


def account(
    store: Store, year: int, *, issuer: str = "", parties: str = "", digits: int = 1,
    units: Sequence[RecordId] | None = None, category: str | None = None,
) -> Account:
    """The speech's opening sentence for a year, or for some units or one category of it."""
    chosen = [
        row for row in of_units(store, rows(store, year))
        if (units is None or row.unit in units) and (category is None or row.category == category)
    ]
    counts = rules.count(
        [row.completion for row in chosen],
        substantial_counts_as_met=_substantial_counts(store, year),
    )
    who = parties or parties_of(store, year, {row.unit for row in chosen})
    remark = f"另有{counts.undecided}项尚未认定,未计入。" if counts.undecided else ""
    return Account(rules.account_sentence(year, issuer or level_words.government_word(store), who, counts, digits), counts, remark)


def set_substantial_counts(store: Store, year: int, *, as_met: bool) -> None:
    """Say whether 基本完成 counts with 完成 in this year's account."""
    sealing.refuse_sealed(store, year)
    with store.change("设置基本完成的统计口径") as change:
        record = change.named(Year, year)
        change.put(replace(change.get(Year, record), substantial_counts_as_met=as_met))


def set_result(
    store: Store, indicator: RecordId, unit: RecordId, field: ResultField, text: str
) -> None:
    """One typed cell of the results; InputError where it cannot be read, NotAllowedError when sealed."""
    with store.change(f"录入{field.label}") as change:
        sealing.refuse_sealed_indicators(store, (indicator,))
        own = change.get(Indicator, indicator)
        refuse_sealed_unit(store, own.year, unit)
        record = change.named(TargetResult, indicator, unit)
        old = change.find(TargetResult, record)
        new = with_field(own, old or TargetResult(id=record, indicator=indicator, unit=unit), field, text)
        if new == TargetResult(id=record, indicator=indicator, unit=unit):
            if old is not None:
                change.delete(record)
        else:
            change.put(new)


def with_field(own: Indicator, old: TargetResult, field: ResultField, text: str) -> TargetResult:
    """The result with one field as typed; an actual that is no number is kept as words."""
    text = text.strip()
    match field:
        case ResultField.ACTUAL:
            number, words = read_actual(text, own.unit_of_measure, own.form, own.name)
            return replace(old, actual=number, actual_text=words)
        case ResultField.COMPLETION:
            status = read_completion(text) if text else None
            if text and status is None:
                labels = "、".join(one.label for one in Completion)
                raise InputError(f"“{text}”不是完成情况。", f"可填:{labels}。")
            return replace(old, completion=status)
        case ResultField.SCORE:
            return replace(old, score=read_number(text.removesuffix("分")) if text else None)
        case ResultField.REASON:
            return replace(old, reason=text)
        case _:
            return replace(old, note=text)


def read_actual(
    text: str, unit: str, form: TargetForm | None = None, name: str = ""
) -> tuple[Decimal | None, str]:
    """The number in the indicator's unit, or else the words as typed."""
    if not text:
        return None, ""
    try:
        return read_amount(text, unit, form, name), ""
    except InputError:
        return None, text


def set_unit_result(
    store: Store, year: int, unit: RecordId, *, score: Decimal | None = None,
    rank: int | None = None, grade: str = "", honours: Sequence[str] = (), veto: str = "",
    note: str = "",
) -> None:
    """Write a unit's result of a year as a whole; NotAllowedError when the year is sealed."""
    with store.change("录入单位考核结果") as change:
        sealing.refuse_sealed(store, year)
        refuse_sealed_unit(store, year, unit)
        change.put(
            UnitResult(
                id=change.named(UnitResult, year, unit), year=year, unit=unit, score=score,
                rank=rank, grade=grade.strip(), honours=tuple(h.strip() for h in honours if h.strip()),
                veto=veto.strip(), note=note.strip(),
            )
        )


def _values(store: Store, cells: Sequence[ResultCell]) -> Mapping[CellKey, TargetValue | None]:
    """Target values of the cells whose status the rule has to tell."""
    indicators = list({cell.indicator for cell in cells})
    units = list({cell.unit for cell in cells})
    whole, partly = matrix_reads.block(store, indicators, units)
    return {
        (one.indicator, one.unit): one.value
        for one in (*whole, *store.get_many(Target, partly).values())
    }


def _bounds(
    store: Store, year: int, cells: Sequence[ResultCell], heads: Mapping[RecordId, ResultIndicator]
) -> dict[CellKey, Decimal]:
    """What targets bound to the province's average and the like come to, in the indicator's unit."""
    if not cells:
        return {}
    return {
        (one.indicator, one.unit): one.amount.value
        for one in outside_figures.bound_targets(store, year)
        if one.amount is not None
        and one.amount.unit in ("", heads[one.indicator].unit_of_measure)
    }


def _row(
    head: ResultIndicator, cell: ResultCell, values: Mapping[CellKey, TargetValue | None],
    bounds: Mapping[CellKey, Decimal],
) -> ResultRow:
    place = (cell.indicator, cell.unit)
    status = cell.completion or completion_by_rule(
        values.get(place), cell.actual, unit=head.unit_of_measure, direction=head.direction,
        last_year=cell.last_year, bound=bounds.get(place),
    )
    group = cell.peer_group or UnitKind.of(cell.kind).label
    return ResultRow(
        head.id, head.name, head.category, head.unit_of_measure, cell.unit, cell.unit_name, group,
        _without_measure(cell.target_text, head.unit_of_measure), _shown(cell.last_year), cell.actual_text or _shown(cell.actual), status,
        cell.completion is not None, cell.reason, _shown(cell.score), cell.note,
    )


def _shown(value: Decimal | None) -> str:
    return "" if value is None else show(value)


def _without_measure(text: str, measure: str) -> str:
    """85% beside a column that says % is 85; words keep all they say."""
    amount = text.removesuffix(measure)
    return amount if re.fullmatch(r"-?[0-9][0-9.,]*", amount) else text


def _substantial_counts(store: Store, year: int) -> bool:
    return any(row.substantial_counts_as_met for row in store.all(Year, number=year))


# 市直部门 of a city, 县直部门 of a county.
_SPOKEN = {
    UnitKind.COUNTY: "县（区）", UnitKind.ZONE: "开发区", UnitKind.DEPARTMENT: "",
    UnitKind.VERTICAL: "双管单位", UnitKind.TOWNSHIP: "乡镇（街道）",
}


def parties_of(store: Store, year: int, units: set[RecordId]) -> str:
    """县（区）、市直部门: the kinds of units that carry targets, as the speech names them."""
    columns = matrix_reads.columns(
        store, year, kinds=(), peer_group="", with_empty=False, own=False
    )
    kinds = [column.kind for column in columns if column.unit in units]
    named = [_SPOKEN[kind] or level_words.kind_word(store, kind) for kind in _SPOKEN if kind in kinds]
    return "、".join(named) or "各责任单位"
