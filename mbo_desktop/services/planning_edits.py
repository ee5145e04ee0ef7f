"""Edits of the matrix as in Excel: one cell, a pasted block, fill down, clear — one undo step each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mbo_desktop.domain import ordering
from mbo_desktop.domain.adjustments import Adjustment, paper_of
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Category, Indicator, Target
from mbo_desktop.domain.plausibility import warnings_for
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.block_paste import tiled
from mbo_desktop.services.indicator_fields import IndicatorField, field_text, with_field
from mbo_desktop.services.scheme_state import refuse_sealed_targets
from mbo_desktop.services.signed_cells import place_of
from mbo_desktop.services.target_cells import (
    TargetField,
    cell_of,
    is_blank,
    kept_reason,
    with_counting,
    with_target_field,
)
from mbo_desktop.services.target_resting import refuse_rested
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as reads

GridField = TargetField | IndicatorField


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the grid: an indicator's field (unit None) or a field of a unit's targets."""

    field: GridField
    unit: RecordId | None = None


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell of the grid and the text that is to stand in it."""

    indicator: RecordId
    column: GridColumn
    text: str


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A text that could not be read: where it stands, the text, why, and what became of it."""

    indicator: RecordId
    unit: RecordId | None
    place: str
    """「工业投资 · 柯城区 · 上年实绩」."""
    text: str
    reason: str
    kept: str
    """「保留为文字」, 「写入备注」 or 「未写入」."""


@dataclass(frozen=True, slots=True)
class BlockOutcome:
    """What an edit of one or many cells did."""

    changed: int
    kept: tuple[KeptCell, ...] = ()
    warnings: tuple[str, ...] = ()
    added: tuple[RecordId, ...] = ()
    """Indicators that were added by pasting below the last row."""
    left_out: str = ""
    """What did not fit the grid, in words; empty when everything did."""


def set_cell(
    store: Store, indicator: RecordId, unit: RecordId, field: TargetField, text: str
) -> BlockOutcome:
    """One typed cell; raises InputError where a number or date is needed and cannot be read."""
    edit = CellEdit(indicator, GridColumn(field, unit), text)
    with store.change(f"修改{field.label}") as change:
        work = _Work(store, change, (edit,), strict=True)
        work.apply((edit,))
        return work.finish()


def set_counting(
    store: Store, indicator: RecordId, units: Sequence[RecordId], *, growth: bool
) -> int:
    """Mark growth rate or level as the part that counts (考核口径) for these units; returns how many."""
    return set_counting_of(store, (indicator,), units, growth=growth)


def set_counting_of(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId], *, growth: bool
) -> int:
    """The same for a block of the matrix, as one undo step.

    NotAllowedError, and nothing is written, where an approved adjustment gave the value.
    """
    changed = 0
    with store.change("修改考核口径") as change:
        sealing.refuse_sealed_indicators(store, indicators)
        adjusted = approved_by_cell(store, indicators, units)
        for record in reads.target_ids(store, indicators, units):
            old = change.get(Target, record)
            new = with_counting(old, growth=growth)
            if new != old:
                approved = adjusted.get((old.indicator, old.unit))
                if approved:
                    place = place_of(
                        change.get(Indicator, old.indicator), change.get(Unit, old.unit)
                    )
                    raise NotAllowedError(
                        f"{place}已按{paper_of(approved[-1])}执行,不能改考核口径。",
                        "请用“目标调整”,或先撤回该次调整的批准。",
                    )
                refuse_sealed_targets(store, (old,))
                change.put(new)
                changed += 1
    return changed


def apply_edits(
    store: Store, edits: Sequence[CellEdit], *, label: str = "修改目标"
) -> BlockOutcome:
    """Many cells as one undo step; unreadable numbers are kept (note) or told, never dropped silently."""
    with store.change(label) as change:
        work = _Work(store, change, edits, strict=False)
        work.apply(edits)
        return work.finish()


def paste_block(
    store: Store,
    year: int,
    rows: Sequence[RecordId],
    columns: Sequence[GridColumn],
    texts: Sequence[Sequence[str]],
    *,
    selection: tuple[int, int] = (1, 1),
    category: RecordId | None = None,
) -> BlockOutcome:
    """A block of texts onto rows × columns (both from the anchor cell to the grid's end), one undo step.

    A selection (height, width) that is a multiple of the block is filled with it. Rows beyond
    the last one add indicators (in `category`) when the block has the name column; else they
    are told in `left_out`, as are columns beyond the last.
    """
    block = tiled(texts, selection)
    width = max((len(row) for row in block), default=0)
    used = columns[:width]
    name_place = next(
        (i for i, column in enumerate(used) if column.field is IndicatorField.NAME), None
    )
    left_out = []
    if width > len(columns):
        left_out.append(f"右侧{width - len(columns)}列超出表格")
    extra = block[len(rows) :]
    named = [r for r in extra if name_place is not None and len(r) > name_place and r[name_place].strip()]
    if len(named) < len(extra):
        left_out.append(f"下方{len(extra) - len(named)}行超出表格")
    with store.change("粘贴") as change:
        sealing.refuse_sealed(store, year)
        added = _add_rows(store, change, year, category, len(named))
        targets = [*rows[: len(block)], *(indicator.id for indicator in added)]
        edits = [
            CellEdit(record, column, text)
            for record, line in zip(targets, [*block[: len(rows)], *named], strict=False)
            for column, text in zip(used, line, strict=False)
        ]
        work = _Work(store, change, edits, strict=False, added=added)
        work.apply(edits)
        outcome = work.finish()
    said = f"{'、'.join(left_out)},未粘贴" if left_out else ""
    return replace(outcome, added=tuple(one.id for one in added), left_out=said)


def fill_down(
    store: Store, rows: Sequence[RecordId], columns: Sequence[GridColumn]
) -> BlockOutcome:
    """Repeat the first row's texts in the rows below it (Ctrl+D)."""
    if len(rows) < 2:
        return BlockOutcome(0)
    units = [column.unit for column in columns if column.unit is not None]
    first = _texts_of(store, rows[0], units)
    edits = [
        CellEdit(record, column, first(column)) for record in rows[1:] for column in columns
    ]
    return apply_edits(store, edits, label="向下填充")


def clear(
    store: Store, rows: Sequence[RecordId], columns: Sequence[GridColumn]
) -> BlockOutcome:
    """Empty the cells (Delete); a target in which nothing is left is no longer allotted.

    Names of indicators are never emptied this way.
    """
    edits = [
        CellEdit(record, column, "")
        for record in rows
        for column in columns
        if column.field is not IndicatorField.NAME
    ]
    return apply_edits(store, edits, label="清空")


def remove_targets(
    store: Store, rows: Sequence[RecordId], units: Sequence[RecordId]
) -> int:
    """Take the indicators off these units altogether (取消下达); returns how many targets went."""
    with store.change("取消下达") as change:
        sealing.refuse_sealed_indicators(store, rows)
        records = reads.target_ids(store, rows, units)
        if approved_by_cell(store, rows, units):
            raise NotAllowedError(
                "其中有目标已按批准的调整执行,不能取消下达。", "请用“目标调整”中的撤销。"
            )
        refuse_rested(store, records, "取消下达")
        refuse_sealed_targets(store, store.get_many(Target, records).values())
        for record in records:
            change.delete(record)
    return len(records)


_MOST_WARNINGS = 100
ADJUSTABLE = frozenset(
    {TargetField.VALUE, TargetField.GROWTH, TargetField.POINTS, TargetField.DUE}
)
"""What an agreement fixes: after signing it changes by adjustments."""


@dataclass(slots=True)
class _Work:
    """Edits of one change: what was read, what it became, what to tell."""

    store: Store
    change: Change
    edits: Sequence[CellEdit]
    strict: bool
    added: Sequence[Indicator] = ()
    indicators: dict[RecordId, Indicator] = field(init=False)
    before: dict[RecordId, Target] = field(init=False)
    after: dict[RecordId, Target] = field(init=False, default_factory=dict)
    touched: set[RecordId] = field(init=False, default_factory=set)
    names: dict[RecordId, str] = field(init=False)
    adjusted: Mapping[tuple[RecordId, RecordId], Sequence[Adjustment]] = field(init=False)
    kept: list[KeptCell] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        rows = tuple(dict.fromkeys(edit.indicator for edit in self.edits))
        units = tuple(dict.fromkeys(e.column.unit for e in self.edits if e.column.unit is not None))
        self.indicators = self.store.get_many(Indicator, rows)
        for year in {one.year for one in self.indicators.values()}:
            sealing.refuse_sealed(self.store, year)
        self.indicators.update({indicator.id: indicator for indicator in self.added})
        self.before = self.store.get_many(Target, reads.target_ids(self.store, rows, units))
        self.adjusted = approved_by_cell(self.store, rows, units)
        found = self.store.get_many(Unit, units)
        self.names = {key: unit.short_name or unit.name for key, unit in found.items()}

    def apply(self, edits: Sequence[CellEdit]) -> None:
        """Indicator fields first: a new unit of measure decides how the numbers are read."""
        for edit in edits:
            if edit.column.unit is None and edit.indicator in self.indicators:
                self._edit_indicator(edit)
        for edit in edits:
            if edit.column.unit is not None and edit.indicator in self.indicators:
                self._edit_target(edit, edit.column.unit)

    def finish(self) -> BlockOutcome:
        """Write what changed."""
        changed = 0
        self.change.put_all([self.indicators[record] for record in sorted(self.touched)])
        warnings = self._gone()
        refuse_rested(self.store, [
            record for record, target in self.after.items()
            if is_blank(target) and record in self.before
        ], "清空")
        refuse_sealed_targets(self.store, [
            target for record, target in self.after.items() if target != self.before.get(record)
        ])
        for record, target in self.after.items():
            old = self.before.get(record)
            if is_blank(target):
                if old is not None:
                    self.change.delete(record)
                    changed += 1
                continue
            if target == old:
                continue
            self.change.put(target)
            changed += 1
            warnings += self._doubts(target)
        if len(warnings) > _MOST_WARNINGS:
            more = len(warnings) - _MOST_WARNINGS
            warnings = [*warnings[:_MOST_WARNINGS], f"另有{more}处提醒,可在表中查看"]
        return BlockOutcome(changed + len(self.touched), tuple(self.kept), tuple(warnings))

    def _gone(self) -> list[str]:
        lost = sum(edit.indicator not in self.indicators for edit in self.edits)
        return [f"有{lost}格所在的指标已被删除,未写入"] if lost else []

    def _edit_indicator(self, edit: CellEdit) -> None:
        old = self.indicators[edit.indicator]
        column = edit.column.field
        assert isinstance(column, IndicatorField)
        try:
            new = with_field(self.store, old, column, edit.text)
        except InputError as error:
            if self.strict:
                raise
            into_note = column is not IndicatorField.NAME
            if into_note:
                new = replace(old, note=_noted(old.note, column.label, edit.text))
                self.indicators[old.id] = new
                self.touched.add(old.id)
            self._keep(edit, None, error.what, into_note=into_note)
            return
        if new != old:
            self.indicators[old.id] = new
            self.touched.add(old.id)
        if new.category != old.category:
            # Written at once: the next one of the block goes behind it.
            self.change.put(new)

    def _edit_target(self, edit: CellEdit, unit: RecordId) -> None:
        column = edit.column.field
        assert isinstance(column, TargetField)
        indicator = self.indicators[edit.indicator]
        record = self.change.named(Target, indicator.id, unit)
        old = self.after.get(record) or self.before.get(record)
        if old is None:
            old = Target(id=record, indicator=indicator.id, unit=unit)
        if column in ADJUSTABLE and (indicator.id, unit) in self.adjusted:
            self._refuse_adjusted(edit, unit)
            return
        try:
            new = with_target_field(indicator, old, column, edit.text)
        except InputError as error:
            if self.strict:
                raise
            self._keep(edit, unit, error.what, into_note=True)
            self.after[record] = replace(old, note=_noted(old.note, column.label, edit.text))
            return
        self.after[record] = new
        reason = kept_reason(indicator, new.value) if column is TargetField.VALUE else ""
        if reason:
            place = self._place(indicator, unit, column.label)
            self.kept.append(
                KeptCell(indicator.id, unit, place, edit.text, "不是数字", "保留为文字")
            )

    def _refuse_adjusted(self, edit: CellEdit, unit: RecordId) -> None:
        """What an approved adjustment gave is changed by another one only."""
        paper = paper_of(self.adjusted[edit.indicator, unit][-1])
        if self.strict:
            place = self._place(self.indicators[edit.indicator], unit, edit.column.field.label)
            raise NotAllowedError(
                f"{place}已按{paper}执行,不能直接修改。", "请用“目标调整”,或先撤回该次调整的批准。"
            )
        self._keep(edit, unit, f"{paper}已批准,要改请用“调整”", into_note=False)

    def _keep(
        self, edit: CellEdit, unit: RecordId | None, why: str, *, into_note: bool
    ) -> None:
        indicator = self.indicators[edit.indicator]
        place = self._place(indicator, unit, edit.column.field.label)
        self.kept.append(
            KeptCell(
                indicator.id, unit, place, edit.text, why.rstrip("。"),
                "写入备注" if into_note else "未写入",
            )
        )

    def _place(self, indicator: Indicator, unit: RecordId | None, label: str) -> str:
        parts = [indicator.name, self.names.get(unit, "") if unit is not None else "", label]
        return " · ".join(part for part in parts if part)

    def _doubts(self, target: Target) -> list[str]:
        indicator = self.indicators[target.indicator]
        place = self._place(indicator, target.unit, "")
        found = warnings_for(
            target.value, target.last_year, indicator.unit_of_measure, indicator.direction
        )
        return [f"{place}:{text}" for text in found]


def _noted(note: str, label: str, text: str) -> str:
    said = f"{label}原文:{text.strip()}"
    return note if said in note else ";".join(part for part in (note, said) if part)


def _add_rows(
    store: Store, change: Change, year: int, category: RecordId | None, count: int
) -> list[Indicator]:
    pairs = framework_reads.indicator_ords(store, year, category)
    keys = ordering.spread(count, pairs[-1][1] if pairs else "")
    return [
        Indicator(id=change.new(Indicator), year=year, name="", category=category, ord=key)
        for key in keys
    ]


def _texts_of(
    store: Store, record: RecordId, units: Sequence[RecordId]
) -> Callable[[GridColumn], str]:
    """The editing text of every column of one row."""
    indicator = store.get(Indicator, record)
    found = store.get_many(Target, reads.target_ids(store, (record,), units))
    cells = {target.unit: cell_of(indicator, target) for target in found.values()}
    category = (
        store.find(Category, indicator.category) if indicator.category is not None else None
    )

    def text(column: GridColumn) -> str:
        if column.unit is None:
            assert isinstance(column.field, IndicatorField)
            return field_text(indicator, column.field, category.name if category else "")
        assert isinstance(column.field, TargetField)
        cell = cells.get(column.unit)
        return cell.editing_text(column.field) if cell is not None else ""

    return text
