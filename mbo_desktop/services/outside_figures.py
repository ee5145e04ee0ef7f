"""Outside figures typed and pasted in one place: province, rank, neighbours, five-year plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.outside import (
    Amount,
    NeighbourFigure,
    OutsideFigure,
    bound_amount,
    bound_note,
    bound_of,
    read_amount,
    read_neighbours,
    read_period,
    read_rank,
    show_amount,
    show_neighbours,
    show_period,
    show_rank,
)
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import OutsideBound, TargetForm, TargetValue
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.block_paste import tiled
from mbo_desktop.services.planning_edits import BlockOutcome, KeptCell
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import outside as reads

__all__ = ["BlockOutcome", "KeptCell", "OutsideBound"]


class OutsideField(Choice):
    """A field of an outside figure that a cell edits as text."""

    OWN = "own", "本市实绩"
    PROVINCE_TARGET = "province_target", "省定目标"
    PROVINCE_AVERAGE = "province_average", "全省平均"
    RANK = "rank", "本市位次"
    NEIGHBOURS = "neighbours", "周边市"
    PLAN_TARGET = "plan_target", "规划目标"
    BASIS = "basis", "数据来源"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class OutsideColumn:
    """A column: a field in a period; for one neighbouring city its name."""

    field: OutsideField
    period: str
    """As `read_period` gives it: 2020, 2020H1 …"""
    city: str = ""

    @property
    def heading(self) -> str:
        """「2019年 全省平均」, 「2019年 衢州」."""
        return f"{show_period(self.period)} {self.city or self.field.label}"


@dataclass(frozen=True, slots=True)
class OutsideEdit:
    """One cell and the text that is to stand in it."""

    indicator: RecordId
    column: OutsideColumn
    text: str


@dataclass(frozen=True, slots=True)
class BoundTarget:
    """A target whose bound comes from outside, with what it comes to now."""

    target: RecordId
    indicator: RecordId
    unit: RecordId
    indicator_name: str
    unit_name: str
    text: str
    """The target as it stands: 年终根据全省平均水平综合考核."""
    bound: OutsideBound
    amount: Amount | None
    """None while the figure is not known."""
    note: str
    """「全省平均:58.3%」, 「全省平均:尚未录入」."""


def figure(store: Store, indicator: RecordId, period: str) -> OutsideFigure | None:
    """The whole record of an indicator and period; None when nothing was entered."""
    found = reads.records_of(store, (indicator,), (period,))
    return store.find(OutsideFigure, found[0]) if found else None


def texts(
    store: Store, indicators: Sequence[RecordId], columns: Sequence[OutsideColumn]
) -> dict[tuple[RecordId, OutsideColumn], str]:
    """What the cells show; empty ones are left out."""
    periods = list({column.period for column in columns})
    found = store.get_many(OutsideFigure, reads.records_of(store, indicators, periods))
    by_place = {(one.indicator, one.period): one for one in found.values()}
    measures = {i.id: i.unit_of_measure for i in store.get_many(Indicator, indicators).values()}
    shown = {}
    for indicator in indicators:
        for column in columns:
            one = by_place.get((indicator, column.period))
            text = _text(one, column, measures.get(indicator, "")) if one is not None else ""
            if text:
                shown[indicator, column] = text
    return shown


def periods(store: Store, indicators: Sequence[RecordId]) -> tuple[str, ...]:
    """The periods with figures, the newest first."""
    return reads.periods(store, indicators)


def set_figure(store: Store, indicator: RecordId, column: OutsideColumn, text: str) -> None:
    """One typed cell; raises InputError where a number or rank cannot be read."""
    with store.change(f"录入{column.city or column.field.label}") as change:
        work = _Work(store, change, [OutsideEdit(indicator, column, text)], strict=True)
        work.run()


def apply_edits(
    store: Store, edits: Sequence[OutsideEdit], *, label: str = "录入外部数据"
) -> BlockOutcome:
    """Many cells as one undo step; what cannot be read goes into the note and is told."""
    with store.change(label) as change:
        return _Work(store, change, edits, strict=False).run()


def paste_block(
    store: Store, rows: Sequence[RecordId], columns: Sequence[OutsideColumn],
    block: Sequence[Sequence[str]], *, selection: tuple[int, int] = (1, 1),
) -> BlockOutcome:
    """A block of texts onto indicators × columns from the anchor on, one undo step.

    rows and columns reach from the anchor cell to the grid's end; what does not fit is told.
    """
    filled = tiled(block, selection)
    width = max((len(row) for row in filled), default=0)
    left_out = []
    if width > len(columns):
        left_out.append(f"右侧{width - len(columns)}列超出表格")
    if len(filled) > len(rows):
        left_out.append(f"下方{len(filled) - len(rows)}行超出表格")
    edits = [
        OutsideEdit(record, column, text)
        for record, line in zip(rows, filled, strict=False)
        for column, text in zip(columns, line, strict=False)
    ]
    outcome = apply_edits(store, edits, label="粘贴外部数据")
    return replace(outcome, left_out=f"{'、'.join(left_out)},未粘贴" if left_out else "")


def clear(
    store: Store, rows: Sequence[RecordId], columns: Sequence[OutsideColumn]
) -> BlockOutcome:
    """Empty the cells (Delete)."""
    edits = [OutsideEdit(record, column, "") for record in rows for column in columns]
    return apply_edits(store, edits, label="清空外部数据")


def bound_targets(store: Store, year: int) -> tuple[BoundTarget, ...]:
    """Targets of the year whose bound comes from outside (年终根据全省平均水平综合考核)."""
    found = store.get_many(Target, reads.maybe_bound(store, year))
    indicators = store.get_many(Indicator, {one.indicator for one in found.values()})
    units = store.get_many(Unit, {one.unit for one in found.values()})
    records = reads.records_of(store, list(indicators), (str(year),))
    figures = {one.indicator: one for one in store.get_many(OutsideFigure, records).values()}
    rows = []
    for one in found.values():
        bound = bound_in(one.value)
        if bound is None:
            continue
        own = indicators[one.indicator]
        amount = bound_amount(
            bound, figures.get(one.indicator), own.unit_of_measure,
            "" if one.value is None else one.value.text,
        )
        unit = units.get(one.unit)
        rows.append(
            BoundTarget(
                one.id, one.indicator, one.unit, own.name,
                "" if unit is None else unit.short_name or unit.name,
                show_target(one.value, unit_shown_in_header=own.unit_of_measure), bound,
                amount, bound_note(bound, amount),
            )
        )
    return tuple(rows)


def bound_in(value: TargetValue | None) -> OutsideBound | None:
    """The outside bound of the part that counts; None for a stated target."""
    return None if value is None else bound_of(value.counted, value.text)


def set_bound(store: Store, targets: Sequence[RecordId], bound: OutsideBound) -> int:
    """Say what outside figure these targets rest on (STATED: none); returns how many changed."""
    changed = 0
    with store.change("设置外部依据") as change:
        for record in targets:
            old = change.get(Target, record)
            sealing.refuse_sealed_indicators(store, (old.indicator,))
            if old.value is None or old.value.counted.bound is bound:
                continue
            parts = list(old.value.parts)
            parts[old.value.counting] = replace(old.value.counted, bound=bound)
            change.put(replace(old, value=replace(old.value, parts=tuple(parts))))
            changed += 1
    return changed


@dataclass(slots=True)
class _Work:
    """Edits of one change."""

    store: Store
    change: Change
    edits: Sequence[OutsideEdit]
    strict: bool
    kept: list[KeptCell] = field(default_factory=list)

    def run(self) -> BlockOutcome:
        """Read, apply, write; figures in which nothing is left go."""
        indicators = self.store.get_many(Indicator, {edit.indicator for edit in self.edits})
        self._refuse_sealed(indicators)
        before = self._before(list(indicators))
        after: dict[RecordId, OutsideFigure] = {}
        for edit in self.edits:
            own = indicators.get(edit.indicator)
            if own is None:
                continue
            period = read_period(edit.column.period)
            record = self.change.named(OutsideFigure, own.id, period)
            old = after.get(record) or before.get(record)
            if old is None:
                old = OutsideFigure(id=record, indicator=own.id, period=period)
            after[record] = self._edited(own, old, edit)
        changed = 0
        for record, new in after.items():
            old = before.get(record)
            if new == replace(_EMPTY, id=record, indicator=new.indicator, period=new.period):
                if old is not None:
                    self.change.delete(record)
                    changed += 1
            elif new != old:
                self.change.put(new)
                changed += 1
        lost = sum(edit.indicator not in indicators for edit in self.edits)
        warnings = (f"有{lost}格所在的指标已被删除,未写入",) if lost else ()
        return BlockOutcome(changed, tuple(self.kept), warnings)

    def _refuse_sealed(self, indicators: dict[RecordId, Indicator]) -> None:
        for year in {one.year for one in indicators.values()}:
            sealing.refuse_sealed(self.store, year)

    def _before(self, indicators: list[RecordId]) -> dict[RecordId, OutsideFigure]:
        periods = {read_period(edit.column.period) for edit in self.edits}
        records = reads.records_of(self.store, indicators, list(periods))
        return self.store.get_many(OutsideFigure, records)

    def _edited(self, own: Indicator, old: OutsideFigure, edit: OutsideEdit) -> OutsideFigure:
        place = f"{own.name} · {edit.column.heading}"
        try:
            new = with_field(own, old, edit.column, edit.text)
        except InputError as error:
            if self.strict:
                raise
            reason = error.what.rstrip("。")
            self.kept.append(KeptCell(own.id, None, place, edit.text, reason, "写入备注"))
            said = f"{edit.column.city or edit.column.field.label}原文:{edit.text.strip()}"
            note = old.note if said in old.note else ";".join(p for p in (old.note, said) if p)
            return replace(old, note=note)
        value = new.province_target if edit.column.field is OutsideField.PROVINCE_TARGET else None
        if edit.column.field is OutsideField.PLAN_TARGET:
            value = new.plan_target
        if value is not None and value.counted.form is TargetForm.TEXT:
            self.kept.append(KeptCell(own.id, None, place, edit.text, "不是数字", "保留为文字"))
        return new


_EMPTY = OutsideFigure(id=RecordId(0), indicator=RecordId(0), period="")


def with_field(
    own: Indicator, old: OutsideFigure, column: OutsideColumn, text: str
) -> OutsideFigure:
    """The figure with one field as typed; raises InputError for what is no number or rank."""
    text, unit = text.strip(), own.unit_of_measure
    match column.field:
        case OutsideField.OWN:
            return replace(old, own=read_amount(text, unit) if text else None)
        case OutsideField.PROVINCE_AVERAGE:
            return replace(old, province_average=read_amount(text, unit) if text else None)
        case OutsideField.RANK:
            rank, ranked = read_rank(text) if text else (None, None)
            return replace(old, rank=rank, ranked=ranked or (old.ranked if rank else None))
        case OutsideField.NEIGHBOURS if column.city:
            others = [one for one in old.neighbours if one.name != column.city]
            if text:
                others.append(NeighbourFigure(column.city, read_amount(text, unit)))
            return replace(old, neighbours=tuple(others))
        case OutsideField.NEIGHBOURS:
            return replace(old, neighbours=read_neighbours(text, unit))
        case OutsideField.PROVINCE_TARGET:
            return replace(old, province_target=_target(own, text))
        case OutsideField.PLAN_TARGET:
            return replace(old, plan_target=_target(own, text))
        case OutsideField.BASIS:
            return replace(old, basis=text)
        case _:
            return replace(old, note=text)


def _target(own: Indicator, text: str) -> TargetValue | None:
    return read_target(
        text, unit=own.unit_of_measure, default_form=own.form, indicator_name=own.name
    )


def _text(one: OutsideFigure, column: OutsideColumn, unit: str) -> str:
    match column.field:
        case OutsideField.OWN:
            return show_amount(one.own)
        case OutsideField.PROVINCE_AVERAGE:
            return show_amount(one.province_average)
        case OutsideField.RANK:
            return show_rank(one.rank, one.ranked)
        case OutsideField.NEIGHBOURS if column.city:
            found = (n.amount for n in one.neighbours if n.name == column.city)
            return show_amount(next(found, None))
        case OutsideField.NEIGHBOURS:
            return show_neighbours(one.neighbours)
        case OutsideField.PROVINCE_TARGET:
            return show_target(one.province_target, unit_shown_in_header=unit)
        case OutsideField.PLAN_TARGET:
            return show_target(one.plan_target, unit_shown_in_header=unit)
        case OutsideField.BASIS:
            return one.basis
        case _:
            return one.note
