"""Fitting a ledger to the records: which indicator each row is, which unit each column, old → new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.adjustments import Adjustment, paper_of
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.directions import DirectionGuess
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import (
    STARTING_CATEGORIES,
    Category,
    CategoryAxis,
    Indicator,
    Target,
)
from mbo_desktop.domain.plausibility import level_of, standing_apart, warnings_for
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import Direction
from mbo_desktop.domain.unit_names import guess_kind, usual_full_name, usual_short_name
from mbo_desktop.services import offices
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.indicator_directions import DirectionBook
from mbo_desktop.services.known_indicators import KnownIndicators
from mbo_desktop.spreadsheets.proposal import Proposal, ProposedCell, ProposedIndicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import matrix as matrix_reads
from mbo_desktop.store.queries import units as unit_reads


class RowAction(Choice):
    """What becomes of a row or cell of the ledger."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    SAME = "same", "相同"
    LEFT_OUT = "left_out", "不导入"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the ledger names and the register does not have."""

    heading: str
    """As the ledger has it; key of the choice."""
    name: str
    short_name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A target's value: what it is now and what it will be."""

    unit_key: str
    unit_name: str
    field: str
    """Chinese label: 目标值, 上年实绩 …"""
    old: str
    new: str
    action: RowAction
    place: str
    """「C17」 or 「第 17 行」."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An indicator of the ledger: new, or the existing one it fits."""

    number: int
    name: str
    category: str
    unit_of_measure: str
    points: Decimal | None
    indicator: RecordId | None
    action: RowAction
    cells: tuple[PlannedCell, ...]
    direction: DirectionGuess
    """Which way is better, and what says so."""


UnitChoice = RecordId | NewUnit | None
"""What a name in a ledger stands for; None leaves its column out."""


@dataclass(slots=True)
class Draft:
    """The records an import will write; numbers below zero stand for records still to be made."""

    new_units: list[tuple[RecordId, NewUnit]] = field(default_factory=list)
    new_categories: tuple[str, ...] = ()
    indicators: list[tuple[Indicator, str]] = field(default_factory=list)
    """With the name of the category; "" keeps the one it has."""
    targets: list[Target] = field(default_factory=list)
    row_indicators: list[RecordId] = field(default_factory=list)
    """The indicator of each row of the proposal."""
    units: dict[str, RecordId] = field(default_factory=dict)
    """The unit of each key of the proposal, those left out not in it."""
    rows: tuple[PlannedRow, ...] = ()
    undecided: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def draft_of(
    store: Store,
    proposal: Proposal,
    year: int,
    choices: Mapping[str, UnitChoice],
    directions: Mapping[int, Direction],
    *,
    opens_year: bool,
) -> Draft:
    """Fit every row and cell of the proposal to the records as they stand now.

    directions: those chosen by hand, by number of the row.
    """
    book = DirectionBook(store, year, directions)
    return _Drafting(store, proposal, year, book, opens_year=opens_year).run(choices)


def suggested_unit(heading: str) -> NewUnit:
    """The unit that would be made for a name in a ledger: 柯城区 → 柯城区人民政府, a county."""
    kind = guess_kind(heading)
    name = usual_full_name(heading, kind)
    return NewUnit(heading, name, usual_short_name(name), kind)


class _Drafting:
    def __init__(
        self, store: Store, proposal: Proposal, year: int, directions: DirectionBook, *,
        opens_year: bool,
    ) -> None:
        self.store = store
        self.proposal = proposal
        self.year = year
        self.directions = directions
        self.draft = Draft()
        self.warnings: list[str] = []
        self.known = KnownIndicators(store, year)
        listed = store.all(Category, year=year, axis=CategoryAxis.CATEGORY)
        self.categories = {category.name: category.id for category in listed}
        self.category_names = set(STARTING_CATEGORIES if opens_year else self.categories)
        self.organs = {
            guess.key: RecordId(guess.id) for guess in proposal.organs if guess.id is not None
        }
        self.own = offices.root_unit(store)
        self._placeholders = count(-1, -1)
        self.units: dict[str, RecordId] = {}
        self.unit_names: dict[str, str] = {}
        self.made: dict[tuple[RecordId, RecordId], Target] = {}
        self.adjusted: dict[tuple[RecordId, RecordId], list[Adjustment]] = {}

    def run(self, choices: Mapping[str, UnitChoice]) -> Draft:
        self._settle_units(choices)
        self._settle_categories()
        fits = [self.known.take(row, self._category_id(row)) for row in self.proposal.rows]
        old_indicators = self.store.get_many(Indicator, [fit for fit in fits if fit is not None])
        found = matrix_reads.target_ids(
            self.store, list(old_indicators), [unit for unit in self.units.values() if unit > 0]
        )
        old_targets = {
            (target.indicator, target.unit): target
            for target in self.store.get_many(Target, found).values()
        }
        self.adjusted = approved_by_cell(
            self.store, list(old_indicators), [unit for unit in self.units.values() if unit > 0]
        )
        rows = []
        for number, (row, fit) in enumerate(zip(self.proposal.rows, fits, strict=True), start=1):
            old = old_indicators.get(fit) if fit is not None else None
            rows.append(self._row(number, row, old, old_targets))
        self.draft.rows = tuple(rows)
        self.draft.targets = list(self.made.values())
        self.draft.units = self.units
        self.draft.warnings = tuple(self.warnings)
        return self.draft

    def _settle_units(self, choices: Mapping[str, UnitChoice]) -> None:
        undecided = []
        # The ledger may have been read before its units came into the register.
        by_name = {
            written: record
            for record, name, short, _kind in unit_reads.known_units(self.store)
            for written in (name, short)
        }
        for guess in self.proposal.units:
            choice: UnitChoice
            if guess.key in choices:
                choice = choices[guess.key]
            elif guess.id is not None:
                choice = RecordId(guess.id)
            elif guess.key in by_name and not guess.candidates:
                choice = by_name[guess.key]
            elif guess.candidates:
                undecided.append(guess.key)
                continue
            else:
                choice = suggested_unit(guess.key)
            if choice is None:
                continue
            if isinstance(choice, NewUnit):
                # 柯城区 and 柯城区人民政府 are one unit, and an earlier sheet may have made it.
                choice = by_name.get(choice.name, choice)
            if isinstance(choice, NewUnit):
                placeholder = RecordId(next(self._placeholders))
                by_name[choice.name] = placeholder
                self.draft.new_units.append((placeholder, choice))
                self.units[guess.key] = placeholder
                self.unit_names[guess.key] = choice.short_name
            else:
                self.units[guess.key] = choice
        known = self.store.get_many(Unit, [unit for unit in self.units.values() if unit > 0])
        for key, unit in self.units.items():
            if unit in known:
                self.unit_names[key] = known[unit].short_name or known[unit].name
        self.draft.undecided = tuple(undecided)

    def _settle_categories(self) -> None:
        named = dict.fromkeys(row.category for row in self.proposal.rows if row.category)
        self.draft.new_categories = tuple(
            name for name in named if name not in self.category_names
        )

    def _category_id(self, row: ProposedIndicator) -> RecordId | None:
        return self.categories.get(row.category)

    def _row(
        self,
        number: int,
        row: ProposedIndicator,
        old: Indicator | None,
        old_targets: Mapping[tuple[RecordId, RecordId], Target],
    ) -> PlannedRow:
        placeholder = RecordId(next(self._placeholders))
        told = self.directions.of_row(number, row, old)
        new = replace(self._indicator(row, old, placeholder), direction=told.direction)
        self.draft.row_indicators.append(new.id)
        action = RowAction.NEW if old is None else RowAction.SAME
        if old is not None and (new != old or self._moves(row, old)):
            action = RowAction.CHANGED
        if action is not RowAction.SAME:
            self.draft.indicators.append((new, row.category))
        own_points = self._own_points(row, new)
        cells: list[PlannedCell] = []
        for key, proposed in self._cells(row).items():
            if key not in self.units:
                cells.append(_left_out(key, proposed))
                continue
            before = old_targets.get((new.id, self.units[key]))
            cells += self._cell(key, row, proposed, new, before, own_points)
        self._compare_units(row, new)
        return PlannedRow(
            number, new.name, row.category, new.unit_of_measure, row.points,
            None if old is None else old.id, action, tuple(cells), told,
        )

    def _compare_units(self, row: ProposedIndicator, indicator: Indicator) -> None:
        """Warn of a value in another unit of measure than its neighbours': 76000 among 15.3, 9.8."""
        levels: dict[str, Decimal] = {}
        whole = ""
        limit = None
        for key, cell in row.cells.items():
            level = level_of(cell.value)
            if level is None or key not in self.units:
                continue
            if self.units[key] != self.own:
                levels[key] = level
            elif is_additive(indicator.name, indicator.unit_of_measure):
                limit, whole = level, show(level)
        self.warnings += [
            f"{row.cells[key].place} {indicator.name} · {self.unit_names[key]}:{said}"
            for key, said in standing_apart(levels, limit, whole).items()
        ]

    def _moves(self, row: ProposedIndicator, old: Indicator) -> bool:
        return bool(row.category) and self._category_id(row) != old.category

    def _cells(self, row: ProposedIndicator) -> dict[str, ProposedCell]:
        """A ledger of one unit allots every row to it, also those whose target stands blank."""
        if len(self.proposal.units) == 1 and not row.cells:
            return {self.proposal.units[0].key: ProposedCell(place=row.place)}
        return row.cells

    def _kept_adjusted(
        self, target: Target, before: Target | None, proposed: ProposedCell, indicator: Indicator
    ) -> Target:
        """What an approved adjustment gave stays; that the ledger says otherwise is told."""
        lying = self.adjusted.get((target.indicator, target.unit))
        if lying is None or before is None:
            return target
        kept = replace(target, value=before.value, points=before.points, due=before.due)
        if kept != target:
            self.warnings.append(
                f"{proposed.place} {indicator.name}:已按{paper_of(lying[-1])}执行,台账中的值未写入"
            )
        return kept

    def _own_points(self, row: ProposedIndicator, new: Indicator) -> Decimal | None:
        """A second unit's ledger with other points for the same indicator: that unit's own points."""
        return row.points if row.points is not None and row.points != new.points else None

    def _indicator(
        self, row: ProposedIndicator, old: Indicator | None, placeholder: RecordId
    ) -> Indicator:
        certifying = tuple(self.organs[name] for name in row.certifying if name in self.organs)
        note = _with_organs(row)
        if old is None:
            return Indicator(
                id=placeholder,
                year=self.year,
                name=row.name,
                code=row.code,
                unit_of_measure=row.unit_of_measure,
                form=row.form,
                points=row.points,
                definition=row.definition,
                scoring_text=row.scoring_text,
                data_source=row.data_source,
                certifying_units=certifying,
                certifying_text=row.certifying_text,
                covers=row.covers,
                note=note,
            )
        one_unit = len(self.proposal.units) == 1
        keep_points = one_unit and old.points is not None
        return replace(
            old,
            code=row.code or old.code,
            unit_of_measure=row.unit_of_measure or old.unit_of_measure,
            points=old.points if keep_points or row.points is None else row.points,
            definition=row.definition or old.definition,
            scoring_text=row.scoring_text or old.scoring_text,
            data_source=row.data_source or old.data_source,
            certifying_units=certifying or old.certifying_units,
            certifying_text=row.certifying_text or old.certifying_text,
            covers=row.covers or old.covers,
            note=old.note if note in old.note else ";".join(p for p in (old.note, note) if p),
        )

    def _cell(
        self,
        key: str,
        row: ProposedIndicator,
        proposed: ProposedCell,
        indicator: Indicator,
        before: Target | None,
        own_points: Decimal | None,
    ) -> list[PlannedCell]:
        unit = self.units[key]
        # Two columns may name one unit (柯城区, 柯城区人民政府): the second adds to the first.
        earlier = self.made.get((indicator.id, unit))
        base = earlier or before or Target(id=RecordId(0), indicator=indicator.id, unit=unit)
        late = row.due_text if row.due is None and row.due_text else ""
        note = ";".join(part for part in (proposed.note, late and f"完成时限:{late}") if part)
        target = replace(
            base,
            value=proposed.value if proposed.value is not None else base.value,
            last_year=base.last_year if proposed.last_year is None else proposed.last_year,
            stretch=proposed.stretch or base.stretch,
            points=next(
                (p for p in (proposed.points, own_points) if p is not None), base.points
            ),
            due=proposed.due or row.due or base.due,
            note=note or base.note,
        )
        if target.points == indicator.points:
            target = replace(target, points=None)
        target = self._kept_adjusted(target, before, proposed, indicator)
        if earlier is not None or target != before:
            self.made[indicator.id, unit] = target
        name = self.unit_names[key]
        self.warnings += [
            f"{proposed.place} {indicator.name} · {name}:{text}"
            for text in warnings_for(
                target.value, target.last_year, indicator.unit_of_measure, indicator.direction
            )
        ]
        return [
            PlannedCell(key, name, label, old, new, _action(before, old, new), proposed.place)
            for label, old, new in _field_texts(before, target, indicator.unit_of_measure)
        ]


def _with_organs(row: ProposedIndicator) -> str:
    """Lead, supporting unit and person as the ledger names them; decomposition takes them from here."""
    parts = [row.note] if row.note else []
    if row.lead:
        parts.append(f"牵头单位:{row.lead}")
    if row.supporting:
        parts.append(f"配合单位:{'、'.join(row.supporting)}")
    if row.person:
        parts.append(f"责任人:{row.person}")
    return ";".join(parts)


def _field_texts(
    before: Target | None, after: Target, unit: str
) -> list[tuple[str, str, str]]:
    """(label, old, new) of the target value and of every other field that is stated."""

    def texts(target: Target | None) -> dict[str, str]:
        if target is None:
            return {}
        return {
            "目标值": show_target(target.value, unit_shown_in_header=unit),
            "上年实绩": "" if target.last_year is None else show(target.last_year),
            "力争目标": show_target(target.stretch, unit_shown_in_header=unit),
            "分值": "" if target.points is None else canonical(target.points),
            "完成时限": "" if target.due is None else show_date(target.due, "iso"),
            "备注": target.note,
        }

    old, new = texts(before), texts(after)
    return [
        (label, old.get(label, ""), text)
        for label, text in new.items()
        if label == "目标值" or text or old.get(label)
    ]


def _action(before: Target | None, old: str, new: str) -> RowAction:
    if before is None:
        return RowAction.NEW
    return RowAction.SAME if old == new else RowAction.CHANGED


def _left_out(key: str, proposed: ProposedCell) -> PlannedCell:
    return PlannedCell(key, key, "目标值", "", proposed.text, RowAction.LEFT_OUT, proposed.place)
