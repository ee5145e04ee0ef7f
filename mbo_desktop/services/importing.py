"""Taking a ledger in: what a proposal will do is planned first, and exactly that is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Category, CategoryAxis, ImportMapping, Indicator, Target
from mbo_desktop.domain.targets import Direction
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import level_words, offices, sealing, session
from mbo_desktop.services.import_matching import (
    Draft,
    NewUnit,
    PlannedCell,
    PlannedRow,
    RowAction,
    UnitChoice,
    draft_of,
)
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.spreadsheets.proposal import WHICH_UNIT, KnownUnit, Proposal
from mbo_desktop.spreadsheets.table import Problem
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import units as unit_reads

__all__ = ["NewUnit", "PlannedCell", "PlannedRow", "RowAction", "UnitChoice"]


@dataclass(frozen=True, slots=True)
class KeptText:
    """A cell kept as text (or not readable): place, text, why."""

    place: str
    text: str
    reason: str
    kept: str

    @property
    def is_text(self) -> bool:
        """Whether a cell was kept as text; else it is something to be checked."""
        return "文字" in self.kept

    @property
    def sentence(self) -> str:
        """「C17 “约3成”:不是数字,已保留为文字。」."""
        return Problem(self.place, self.text, self.reason, self.kept).sentence()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Exactly what `apply_import` will write."""

    title: str
    year: int
    rows: tuple[PlannedRow, ...]
    new_units: tuple[NewUnit, ...]
    new_categories: tuple[str, ...]
    opens_year: bool
    """The year is not there yet and will be opened."""
    undecided: tuple[str, ...]
    """Names in the ledger that fit several units; the import waits for a choice."""
    kept: tuple[KeptText, ...]
    declared_points: Decimal | None
    points: Decimal
    """Sum of the ledger's points."""
    notes: tuple[str, ...]
    """Remarks below the table."""
    warnings: tuple[str, ...]
    draft: Draft
    """The records themselves."""
    change_count: int
    """State of the data the plan was made against."""

    def count(self, action: RowAction) -> int:
        """How many rows have this action."""
        return sum(row.action is action for row in self.rows)

    def count_cells(self, action: RowAction) -> int:
        """How many cells have this action."""
        return sum(cell.action is action for row in self.rows for cell in row.cells)

    def count_targets(self, action: RowAction) -> int:
        """How many unit-targets have this action in one of their fields."""
        return len({
            (row.number, cell.unit_key)
            for row in self.rows for cell in row.cells if cell.action is action
        })


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written."""

    new_indicators: int
    changed_indicators: int
    targets: int
    """Targets written or changed."""
    new_units: tuple[RecordId, ...]
    new_categories: int
    kept: tuple[KeptText, ...]
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「已导入:新增指标25项,更新0项,写入目标25项;2格保留为文字。」."""
        text = (
            f"已导入:新增指标{self.new_indicators}项,更新{self.changed_indicators}项,"
            f"写入目标{self.targets}项"
        )
        if self.new_units:
            text += f",新建单位{len(self.new_units)}个"
        return f"{text}{counted(self.kept)}。"


def counted(kept: Sequence[KeptText]) -> str:
    """「;2格保留为文字;1处须核对」, "" for none."""
    texts = sum(one.is_text for one in kept)
    others = len(kept) - texts
    said = f";{texts}格保留为文字" if texts else ""
    return f"{said};{others}处须核对" if others else said


def known_units(store: Store) -> tuple[KnownUnit, ...]:
    """The register as the reading of ledgers needs it."""
    return tuple(
        KnownUnit(int(record), name, short, kind)
        for record, name, short, kind in unit_reads.known_units(store)
    )


def remembered_mappings(store: Store, sender: str = "") -> dict[str, tuple[str, ...]]:
    """Column roles by layout as they were confirmed last: the sender's own win over others'."""
    found = store.all(ImportMapping)
    found.sort(key=lambda mapping: mapping.sender == sender)
    return {mapping.layout: mapping.columns for mapping in found}


def read_file(store: Store, path: Path, year: int, *, sender: str = "") -> list[Proposal]:
    """What the tables or the list of a file are taken to mean; raises FileReadError."""
    from mbo_desktop.spreadsheets.ledger import propose_all
    from mbo_desktop.spreadsheets.source import read_source

    return propose_all(
        read_source(path), year, known_units(store), remembered_mappings(store, sender)
    )


def read_pasted(
    store: Store, markup: str, text: str, year: int, *, sender: str = ""
) -> list[Proposal]:
    """The same for the clipboard's HTML and text flavours."""
    from mbo_desktop.spreadsheets.clipboard import read_clipboard
    from mbo_desktop.spreadsheets.ledger import propose_all

    return propose_all(
        read_clipboard(markup, text), year, known_units(store), remembered_mappings(store, sender)
    )


def plan_import(
    store: Store,
    proposal: Proposal,
    year: int,
    *,
    units: Mapping[str, UnitChoice] | None = None,
    directions: Mapping[int, Direction] | None = None,
) -> ImportPlan:
    """What taking the proposal in would do; nothing is written.

    units: what a name in the ledger stands for, where it is not the guess: a record, a NewUnit
    to be made, or None to leave its column out. Names that fit nothing become new units.
    directions: which way is better, by number of the row, where it is not the guess.
    Raises InputError when the ledger names no unit for its targets or holds no row.
    """
    if not proposal.rows:
        raise InputError("没有读到任何指标。", "请检查列的对应关系,至少要有一列是“指标名称”。")
    if proposal.has_open_target:
        raise InputError("台账没有写明目标是哪个单位的。", "请选择被考核单位。")
    known_year = any(row.number == year for row in session.years(store))
    draft = draft_of(store, proposal, year, units or {}, directions or {}, opens_year=not known_year)
    return ImportPlan(
        title=proposal.title or proposal.source,
        year=year,
        rows=draft.rows,
        new_units=tuple(new for _key, new in draft.new_units),
        new_categories=draft.new_categories,
        opens_year=not known_year,
        undecided=draft.undecided,
        kept=_kept(proposal, draft.undecided),
        declared_points=proposal.declared_total,
        points=proposal.points_total,
        notes=proposal.notes,
        warnings=(*_warnings(proposal, year), *draft.warnings),
        draft=draft,
        change_count=store.change_count,
    )


def apply_import(
    store: Store, proposal: Proposal, plan: ImportPlan, *, sender: str = ""
) -> ImportResult:
    """Write the plan as one undo step and remember the columns for the sender.

    Raises NotAllowedError while names are undecided, or when the data changed since the plan.
    """
    if plan.undecided:
        raise NotAllowedError(
            f"“{'、'.join(plan.undecided)}”在单位登记中对应多个单位。", "请逐个选定后再导入。"
        )
    label = f"导入台账 {plan.title}"[:60]
    with store.change(label) as change:
        if plan.change_count != store.change_count:
            raise NotAllowedError("预览之后数据又有修改。", "请重新预览后再导入。")
        sealing.refuse_sealed(store, plan.year)
        numbers, targets = write_plan(store, change, plan)
        remember_columns(change, proposal, sender)
    return ImportResult(
        new_indicators=plan.count(RowAction.NEW),
        changed_indicators=plan.count(RowAction.CHANGED),
        targets=targets,
        new_units=tuple(numbers[key] for key, _new in plan.draft.new_units),
        new_categories=len(plan.new_categories),
        kept=plan.kept,
        warnings=plan.warnings,
    )


def remember_columns(change: Change, proposal: Proposal, sender: str) -> None:
    """Keep what the columns of this layout were, for the sender's next ledger."""
    if proposal.layout and proposal.columns:
        mapping = change.named(ImportMapping, sender, proposal.layout)
        change.put(
            ImportMapping(
                id=mapping, sender=sender, layout=proposal.layout, columns=proposal.mapping
            )
        )


def write_plan(
    store: Store, change: Change, plan: ImportPlan
) -> tuple[dict[RecordId, RecordId], int]:
    """Write what was planned into an open change: the numbers of what is new, and how many targets."""
    refuse_sealed_unit(store, plan.year, *(target.unit for target in plan.draft.targets))
    if plan.opens_year:
        session.put_year(change, plan.year)
    numbers = _put_units(store, change, plan.draft)
    _put_categories(store, change, plan)
    numbers |= _put_indicators(store, change, plan)
    return numbers, _put_targets(change, plan.draft, numbers)


def _put_units(store: Store, change: Change, draft: Draft) -> dict[RecordId, RecordId]:
    root = offices.root_unit(store)
    keys = offices.keys_at_end(store, root, len(draft.new_units))
    numbers: dict[RecordId, RecordId] = {}
    for (placeholder, new), key in zip(draft.new_units, keys, strict=True):
        record = change.new(Unit)
        short = "" if new.short_name == new.name else new.short_name
        change.put(
            Unit(
                id=record, name=new.name, short_name=short, kind=new.kind, superior=root, ord=key,
                peer_group=level_words.usual_group(store, new.kind),
            )
        )
        numbers[placeholder] = record
    return numbers


def _put_categories(store: Store, change: Change, plan: ImportPlan) -> None:
    siblings = store.all(Category, year=plan.year, axis=CategoryAxis.CATEGORY)
    keys = ordering.spread(len(plan.new_categories), siblings[-1].ord if siblings else "")
    for name, key in zip(plan.new_categories, keys, strict=True):
        change.put(
            Category(
                id=change.new(Category),
                year=plan.year,
                axis=CategoryAxis.CATEGORY,
                name=name,
                ord=key,
            )
        )


def _put_indicators(store: Store, change: Change, plan: ImportPlan) -> dict[RecordId, RecordId]:
    by_name = {
        category.name: category.id
        for category in store.all(Category, year=plan.year, axis=CategoryAxis.CATEGORY)
    }
    last: dict[RecordId | None, str] = {}
    numbers: dict[RecordId, RecordId] = {}
    written: list[Indicator] = []
    for indicator, category_name in plan.draft.indicators:
        category = by_name[category_name] if category_name else indicator.category
        record, key = indicator.id, indicator.ord
        if record < 0 or category != indicator.category:
            if category not in last:
                pairs = framework_reads.indicator_ords(store, plan.year, category)
                last[category] = pairs[-1][1] if pairs else ""
            key = last[category] = ordering.between(last[category], "")
        if record < 0:
            record = numbers[indicator.id] = change.new(Indicator)
        written.append(replace(indicator, id=record, category=category, ord=key))
    change.put_all(written)
    return numbers


def _put_targets(
    change: Change, draft: Draft, numbers: dict[RecordId, RecordId]
) -> int:
    for target in draft.targets:
        indicator = numbers.get(target.indicator, target.indicator)
        unit = numbers.get(target.unit, target.unit)
        record = change.named(Target, indicator, unit)
        change.put(replace(target, id=record, indicator=indicator, unit=unit))
    return len(draft.targets)


def _kept(proposal: Proposal, undecided: Sequence[str]) -> tuple[KeptText, ...]:
    found = [
        KeptText(problem.place, problem.text, problem.reason, problem.kept)
        for problem in proposal.findings
        if problem.kept != WHICH_UNIT or problem.text in undecided
    ]
    told = {kept.place for kept in found}
    found += [
        KeptText(cell.place, cell.text, cell.problem, "已保留为文字")
        for row in proposal.rows
        for cell in row.cells.values()
        if cell.problem and cell.place not in told
    ]
    return tuple(found)


def _warnings(proposal: Proposal, year: int) -> list[str]:
    found = []
    if proposal.year_named is not None and proposal.year_named != year:
        found.append(f"台账标题写的是 {proposal.year_named} 年,将导入 {year} 年度")
    declared, total = proposal.declared_total, proposal.points_total
    if declared is not None and total and declared != total:
        found.append(f"台账写明合计 {declared} 分,各项相加为 {total} 分")
    return found
