"""Edits of the decomposition tree in place: many cells as one undo step, each refused one with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mbo_desktop.domain.adjustments import Adjustment, paper_of
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Post, PostRole, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError
from mbo_desktop.services import decomposition, sealing
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.decomposition_cells import (
    day_of,
    in_measure,
    names_in,
    not_negative,
    share_of,
    text_of,
    unit_named,
    value_of,
    with_form,
    with_measure,
)
from mbo_desktop.services.decomposition_division import mark_divided
from mbo_desktop.services.decomposition_people import post_of
from mbo_desktop.services.decomposition_plans import read_plan
from mbo_desktop.services.decomposition_roster import Roster
from mbo_desktop.services.decomposition_rows import BranchKind, BranchRow
from mbo_desktop.services.indicator_fields import IndicatorField, with_field
from mbo_desktop.services.signed_cells import Fixed, fixed_units
from mbo_desktop.services.target_cells import TargetField, with_target_field
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

Refusals = dict[tuple[int, str], str]
"""Cells that could not be taken, by (tree id, field), with reason and remedy."""


class BranchField(Choice):
    """An editable column of the tree or field of its side panel."""

    TITLE = "title", "名称"
    FORM = "form", "形式"
    VALUE = "value", "目标值"
    UNIT_OF_MEASURE = "unit_of_measure", "计量单位"
    UNIT = "unit", "责任单位"
    SHARE = "share", "份额"
    WEIGHT = "weight", "权重"
    LAST_YEAR = "last_year", "上年"
    LOCKED = "locked", "锁定"
    SUPPORTING = "supporting", "配合单位"
    LEADER = "leader", "责任领导"
    RESPONSIBLE = "responsible", "责任人"
    HANDLER = "handler", "经办人"
    DUE = "due", "时限"
    PLAN = "plan", "计划"
    POINTS = "points", "分值"
    UNDIVIDED = "undivided", "不分解的理由"
    DIFFICULTIES = "difficulties", "攻坚难点"
    MEASURES = "measures", "措施办法"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One cell: tree id, code of a `BranchField`, and what is to stand there.

    value: text as typed; numbers, days, post and unit numbers, tuples of unit numbers and
    booleans are taken as they are; None and "" empty the cell, so that it inherits.
    """

    row: int
    key: str
    value: object


_ROLES = {
    BranchField.LEADER: PostRole.LEADER_IN_CHARGE,
    BranchField.RESPONSIBLE: PostRole.RESPONSIBLE_PERSON,
    BranchField.HANDLER: PostRole.HANDLER,
}
_FIRST = (BranchField.UNIT, BranchField.TITLE, BranchField.UNIT_OF_MEASURE)
"""What decides how the rest of a row is read."""
_OF_TARGET = {
    BranchField.VALUE: TargetField.VALUE, BranchField.LAST_YEAR: TargetField.LAST_YEAR,
    BranchField.DUE: TargetField.DUE, BranchField.POINTS: TargetField.POINTS,
}
_OF_INDICATOR = {
    BranchField.TITLE: IndicatorField.NAME, BranchField.UNIT_OF_MEASURE: IndicatorField.UNIT_OF_MEASURE,
}


def write_fields(
    store: Store, year: int, edits: Sequence[FieldEdit], label: str = "修改分解"
) -> Refusals:
    """Save cells of the tree in one step; what cannot be taken is returned with its reason.

    Raises NotAllowedError when the year is sealed.
    """
    with store.change(label) as change:
        return fields_in(store, change, year, edits)


def fields_in(
    store: Store, change: Change, year: int, edits: Sequence[FieldEdit]
) -> Refusals:
    """The same within a change that does more."""
    sealing.refuse_sealed(store, year)
    work = _Work(store, change, year)
    first = [edit for edit in edits if edit.key in _FIRST]
    work.apply(first)
    work.apply([edit for edit in edits if edit.key not in _FIRST])
    mark_divided(store, change, year, work.valued)
    return work.refused


def write_field(store: Store, year: int, row: int, key: str, value: object) -> str:
    """One cell; "" when it was taken, else the reason with the remedy."""
    label = f"修改{BranchField.of(key).label}"
    return write_fields(store, year, [FieldEdit(row, key, value)], label).get((row, key), "")


@dataclass(slots=True)
class _Work:
    """Edits of one change: the rows they fall on, and what the records become."""

    store: Store
    change: Change
    year: int
    refused: Refusals = field(default_factory=dict)
    valued: set[int] = field(default_factory=set)
    """Tree ids whose value changed."""
    roster: Roster = field(init=False)
    rows: Mapping[int, BranchRow] = field(default_factory=dict)
    nodes: dict[RecordId, Allocation] = field(default_factory=dict)
    targets: dict[RecordId, Target] = field(default_factory=dict)
    indicators: dict[RecordId, Indicator] = field(default_factory=dict)
    fixed: dict[RecordId, Fixed] = field(default_factory=dict)
    adjusted: Mapping[tuple[RecordId, RecordId], Sequence[Adjustment]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roster = Roster(self.store, self.change)

    def apply(self, edits: Sequence[FieldEdit]) -> None:
        """Read what the edits fall on, change it, and write what changed."""
        if not edits:
            return
        self._load(edits)
        before = dict(self.nodes), dict(self.targets), dict(self.indicators)
        for edit in edits:
            try:
                self._edit(edit)
            except ProgramError as error:
                self.refused[edit.row, edit.key] = f"{error.what}{error.todo}"
        for held, old in zip((self.nodes, self.targets, self.indicators), before, strict=True):
            entities: dict[RecordId, Any] = held  # type: ignore[assignment]
            was: dict[RecordId, Any] = old  # type: ignore[assignment]
            self.change.put_all([one for key, one in entities.items() if was.get(key) != one])
        self.nodes, self.targets, self.indicators = {}, {}, {}

    def _load(self, edits: Sequence[FieldEdit]) -> None:
        self.rows = decomposition.rows(self.store, self.year, {edit.row for edit in edits})
        rows = list(self.rows.values())
        made = [row.allocation for row in rows if row.allocation is not None]
        self.nodes = self.store.get_many(Allocation, made)
        above = [r for r in rows if r.kind in (BranchKind.TARGET, BranchKind.INDICATOR)]
        self.targets = self.store.get_many(Target, [r.target for r in above if r.target is not None])
        listed = dict.fromkeys(row.indicator for row in rows if row.indicator is not None)
        self.indicators = self.store.get_many(Indicator, list(listed))
        stating = {edit.row for edit in edits if edit.key in _OF_TARGET or edit.key == BranchField.FORM}
        touched = [r for r in above if r.id in stating and r.unit is not None]
        units = list(dict.fromkeys(row.unit for row in touched if row.unit is not None))
        self.fixed = fixed_units(self.store, self.year, units) if units else {}
        owners = [row.indicator for row in touched if row.indicator is not None]
        self.adjusted = approved_by_cell(self.store, owners, units) if units else {}

    def _edit(self, edit: FieldEdit) -> None:
        row, key = self.rows.get(edit.row), BranchField.of(edit.key)
        if row is None:
            raise InputError("这一行已被删除。", "请刷新后再试。")
        if row.kind is BranchKind.CATEGORY:
            raise NotAllowedError("类别不在这里修改。", "请在“目标体系”中修改类别。")
        if row.kind is BranchKind.ALLOCATION:
            self._edit_node(row, key, edit.value)
            return
        if row.kind is BranchKind.INDICATOR and key in _OF_INDICATOR:
            self._edit_indicator(row, _OF_INDICATOR[key], text_of(edit.value))
        elif row.target is None:
            raise NotAllowedError(
                f"“{row.title}”下达给了几个单位,这一行没有自己的目标。", "请在下面各单位的行中填写。"
            )
        elif key in _OF_TARGET or key is BranchField.FORM:
            self._edit_target(row, key, edit.value)
        elif key in (BranchField.TITLE, BranchField.UNIT, BranchField.UNIT_OF_MEASURE):
            raise NotAllowedError(
                f"目标的{key.label}由下达决定,不在这里修改。", "请在“目标体系”中修改。"
            )
        else:
            self._edit_node(row, key, edit.value)

    def _edit_indicator(self, row: BranchRow, key: IndicatorField, text: str) -> None:
        assert row.indicator is not None
        old = self.indicators[row.indicator]
        self.indicators[old.id] = with_field(self.store, old, key, text)

    def _edit_target(self, row: BranchRow, key: BranchField, value: object) -> None:
        assert row.target is not None
        assert row.indicator is not None
        old = self.targets[row.target]
        self._refuse_settled(row, old, key)
        indicator = self.indicators[row.indicator]
        if key is BranchField.FORM:
            new = replace(old, value=with_form(old.value, value))
        else:
            new = with_target_field(indicator, old, _OF_TARGET[key], text_of(value))
        self.targets[old.id] = new
        if new.value != old.value:
            self.valued.add(row.id)

    def _refuse_settled(self, row: BranchRow, target: Target, key: BranchField) -> None:
        """What was issued, or given by an approved adjustment, is changed by an adjustment only."""
        place = f"{row.indicator_name} · {row.unit_label}"
        lying = self.adjusted.get((target.indicator, target.unit))
        if lying:
            raise NotAllowedError(
                f"{place}已按{paper_of(lying[-1])}执行,不能直接修改{key.label}。",
                "请用“目标调整”,或先撤回该次调整的批准。",
            )
        if target.unit in self.fixed:
            raise NotAllowedError(
                f"{row.unit_label}的{self.fixed[target.unit].reason},{key.label}不能直接修改。",
                "请用“目标调整”;写错的请用“更正”。",
            )

    def _edit_node(self, row: BranchRow, key: BranchField, value: object) -> None:
        record = row.allocation
        if record is None:
            record = self.change.named(Allocation, row.target)
        old = self.nodes.get(record) or Allocation(id=record, target=row.target)
        if key in _ROLES:
            new = self._with_person(row, old, key, value)
        elif key is BranchField.UNIT:
            new = replace(old, unit=self._unit(value))
        elif key is BranchField.SUPPORTING:
            new = replace(old, supporting=self._supporting(row, value))
        elif key is BranchField.PLAN:
            new = replace(old, plan=read_plan(text_of(value), row, self.year, old.plan))
        else:
            new = self._with_plain(row, old, key, value)
        self.nodes[record] = new
        if new.value != old.value:
            self.valued.add(row.id)

    def _with_plain(
        self, row: BranchRow, old: Allocation, key: BranchField, value: object
    ) -> Allocation:
        """Fields that need nothing but the row."""
        if key is BranchField.VALUE:
            indicator = self.indicators.get(row.indicator or RecordId(0))
            return replace(old, value=value_of(row, indicator, text_of(value)))
        if key is BranchField.FORM:
            return replace(old, value=with_form(old.value, value))
        if key is BranchField.UNIT_OF_MEASURE:
            return with_measure(old, row.unit_of_measure, text_of(value))
        if key is BranchField.SHARE:
            return replace(old, share=share_of(value))
        if key is BranchField.WEIGHT:
            return replace(old, weight=not_negative(value, "权重"))
        if key is BranchField.LAST_YEAR:
            return replace(old, last_year=in_measure(value, row.unit_of_measure))
        if key is BranchField.LOCKED:
            return replace(old, locked=bool(value))
        if key is BranchField.DUE:
            return replace(old, due=day_of(value, self.year))
        if key is BranchField.POINTS:
            raise NotAllowedError("分解项没有分值,分值属于目标。", "请在目标行中填写。")
        text = text_of(value)
        if key is BranchField.TITLE:
            text = " ".join(text.split())
        if key is BranchField.UNDIVIDED and text and row.child_count:
            raise NotAllowedError(
                f"“{row.title}”已有{row.child_count}个下级,不能标为不分解。", "请先删除或移走下级。"
            )
        return _with(old, key, text)

    def _with_person(
        self, row: BranchRow, old: Allocation, key: BranchField, value: object
    ) -> Allocation:
        if isinstance(value, int) and not isinstance(value, bool):
            self.change.get(Post, RecordId(value))
            return _with(old, key, RecordId(value))
        if row.unit is None:
            raise NotAllowedError("这一行没有责任单位。", "请先填写责任单位。")
        text = text_of(value)
        post = post_of(self.roster, row.unit, _ROLES[key], text)
        return _with(old, key, post)

    def _unit(self, value: object) -> RecordId | None:
        if isinstance(value, int) and not isinstance(value, bool):
            self.change.get(Unit, RecordId(value))
            return RecordId(value)
        text = text_of(value)
        return unit_named(self.store, text) if text else None

    def _supporting(self, row: BranchRow, value: object) -> tuple[RecordId, ...]:
        if isinstance(value, (tuple, list)):
            units = [RecordId(one) for one in value]
        else:
            units = [unit_named(self.store, one) for one in names_in(text_of(value))]
        if row.unit in units:
            raise InputError(f"{row.unit_label}是责任单位,不能同时配合自己。", "请去掉责任单位。")
        joint: set[RecordId] = set()
        if row.kind is not BranchKind.ALLOCATION:
            # What the issuer named stays the issuer's.
            node = self.nodes.get(row.allocation or RecordId(0))
            own = set() if node is None else set(node.supporting)
            joint = {unit for unit, _name in row.supporting} - own
        return tuple(one for one in dict.fromkeys(units) if one not in joint)


def _with(old: Allocation, key: BranchField, value: Any) -> Allocation:
    """The node with one field, which is named as the cell is."""
    return replace(old, **{key.value: value})
