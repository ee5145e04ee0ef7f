"""Where the tables of 目标体系 get their rows; the table of indicators typed in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.services import planning_edits, planning_framework, planning_grid
from mbo_desktop.services.origins import origins
from mbo_desktop.services.planning_edits import CellEdit, GridColumn, KeptCell
from mbo_desktop.services.planning_framework import FrameworkFilter, IndicatorField
from mbo_desktop.services.planning_grid import ColumnRule, GridOrder, IndicatorTexts
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Option, Row
from ui.grids.source import Refused, matches
from ui.pages.exchange_block import marked

_MARKS = frozenset(field.value for field in IndicatorField.marks())


def grid_column(key: str) -> GridColumn:
    """What a column key stands for."""
    code, _, unit = key.partition("@")
    if unit:
        return GridColumn(TargetField.of(code), RecordId(int(unit)))
    return GridColumn(IndicatorField.of(code))


class FrameworkSource:
    """The part both tables share: ids by filter and order, edits as one step, what was kept as text."""

    unfilterable: ClassVar[frozenset[str]] = frozenset({"sum"})

    def __init__(self, store: Store, year: int, columns: Sequence[Column]) -> None:
        self.store = store
        self.year = year
        self.columns = tuple(columns)
        self.chosen = FrameworkFilter()
        self.category: RecordId | None = None
        """Where rows pasted below the last one go."""
        self.named: tuple[int, ...] = ()
        """Indicators that the last write gave a name."""
        self._texts: dict[int, IndicatorTexts] = {}

    # Reading ------------------------------------------------------------------

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Indicators in display order."""
        return planning_grid.ids(
            self.store, self.year, self._filter(query), rules=_rules(query), order=_order(query),
            limit=limit,
        )

    def total(self) -> int:
        """Indicators of the year."""
        return planning_grid.count(self.store, self.year)

    def distinct(self, key: str, query: GridQuery) -> Sequence[tuple[str, int]]:
        """What a column of the indicators shows."""
        if "@" in key or key in self.unfilterable:
            return ()
        others = {name: rule for name, rule in query.filters.items() if name != key}
        narrowed = GridQuery(query.text, others)
        return planning_grid.distinct(
            self.store, self.year, self._filter(query), _rules(narrowed), key
        )

    def texts(self, ids: Sequence[int]) -> dict[int, IndicatorTexts]:
        """Fields of these indicators; read once, until they are forgotten."""
        missing = [RecordId(i) for i in ids if i not in self._texts]
        if len(self._texts) > 30_000:
            self._texts.clear()
            missing = [RecordId(i) for i in ids]
        if missing:
            self._texts.update((row.id, row) for row in planning_grid.rows(self.store, missing))
        return {i: self._texts[i] for i in ids if i in self._texts}

    def forget(self, ids: Sequence[int] | None = None) -> None:
        """Read these indicators (None: all) again when they are asked for."""
        if ids is None:
            self._texts.clear()
        else:
            for row in ids:
                self._texts.pop(row, None)

    def moved(self, ids: Sequence[int]) -> bool:
        """Whether any of these changed its place, came or went since it was read; reads them anew."""
        before = {i: self._texts.get(i) for i in ids}
        self.forget(ids)
        after = self.texts(ids)
        return any(
            (old := before[i]) is None or (new := after.get(i)) is None
            or (old.category, old.ord) != (new.category, new.ord)
            for i in ids
        )

    def _filter(self, query: GridQuery) -> FrameworkFilter:
        chosen = self.chosen
        return FrameworkFilter(
            query.text, chosen.categories, chosen.without_category, chosen.strategy,
            chosen.only_key, chosen.only_binding, chosen.only_livelihood,
        )

    # Writing ------------------------------------------------------------------

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """All edits as one step; what could not be read is told cell by cell."""
        cells = [CellEdit(RecordId(e.row), grid_column(e.key), e.text) for e in edits]
        if len(cells) == 1:
            label = f"修改{cells[0].column.field.label}"
        self.named = _named(edits)
        outcome = planning_edits.apply_edits(self.store, cells, label=label)
        return refused(edits, outcome.kept)

    def write_and_append(
        self, edits: Sequence[Edit], keys: Sequence[str], texts: Sequence[Sequence[str]], label: str
    ) -> tuple[Refused | None, int]:
        """Edits and rows below the last one (texts by column key) as one step.

        Gives the refused cells and how many rows were added; only rows with a name can be.
        """
        places = [n for n, key in enumerate(keys) if key not in self.unfilterable]
        width = max((len(line) for line in texts), default=0)
        places = [n for n in places if n < width]
        rows = list(dict.fromkeys(edit.row for edit in edits))
        typed = {(edit.row, edit.key): edit.text for edit in edits}
        block = [[typed.get((row, keys[n]), self.text_now(row, keys[n])) for n in places] for row in rows]
        block += [[line[n] if n < len(line) else "" for n in places] for line in texts]
        outcome = planning_edits.paste_block(
            self.store, self.year, [RecordId(row) for row in rows],
            [grid_column(keys[n]) for n in places], block, category=self.category,
        )
        self.named = (*_named(edits), *outcome.added)
        return refused(edits, outcome.kept), len(outcome.added)

    def text_now(self, row: int, key: str) -> str:
        """What the editor of a cell would start with, so that writing it back changes nothing."""
        found = self.texts((row,)).get(row)
        return "" if found is None else found.texts.get(key, "")


def refused(edits: Sequence[Edit], kept: Sequence[KeptCell]) -> Refused | None:
    """The cells whose text went to the note instead, with the reason.

    A target value kept as text is no refusal: it stands in the record and is marked from there.
    """
    found: dict[tuple[int, str], str] = {}
    for one in kept:
        if one.kept == "保留为文字":
            continue
        label = one.place.rsplit(" · ", 1)[-1]
        for edit in edits:
            column = grid_column(edit.key)
            if (edit.row, column.unit, column.field.label) == (one.indicator, one.unit, label):
                found[edit.row, edit.key] = (
                    f"{one.reason}。未写入。" if one.kept == "未写入"
                    else f"{one.reason},原文已{one.kept}。请改正。"
                )
    return found or None


def _named(edits: Sequence[Edit]) -> tuple[int, ...]:
    """Indicators whose name is edited and whose direction is not."""
    rows: dict[int, set[object]] = {}
    for edit in edits:
        rows.setdefault(edit.row, set()).add(grid_column(edit.key).field)
    return tuple(
        row for row, fields in rows.items()
        if IndicatorField.NAME in fields and IndicatorField.DIRECTION not in fields
    )


def _rules(query: GridQuery) -> tuple[ColumnRule, ...]:
    return tuple(
        ColumnRule(key, rule.values, rule.contains)
        for key, rule in query.filters.items() if "@" not in key and key != "sum"
    )


def _order(query: GridQuery) -> GridOrder | None:
    if not query.sort or query.sort == "sum":
        return None
    column = grid_column(query.sort)
    return GridOrder(column.field.value, column.unit, query.descending)


class IndicatorSource(FrameworkSource):
    """Every field of every indicator, typed in place."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__(store, year, indicator_columns(store, year))

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The indicators' fields."""
        made = {i: Row(i, _field_cells(texts)) for i, texts in self.texts(ids).items()}
        return marked(made, origins(self.store, [RecordId(i) for i in made]), IndicatorField.NAME.value)


def _field_cells(row: IndicatorTexts) -> dict[str, Cell | str]:
    cells: dict[str, Cell | str] = dict(row.texts)
    for key in _MARKS:
        cells[key] = Cell(row.texts[key], bool(row.texts[key]))
    cells["points"] = Cell(row.texts["points"], row.points)
    return cells


def indicator_columns(store: Store, year: int) -> tuple[Column, ...]:
    """The columns of the indicator table."""
    field = IndicatorField

    def made(which: IndicatorField, width: int, kind: Kind = Kind.TEXT, **more: Any) -> Column:
        # The service reads what was typed: it knows the year's categories and words.
        return Column(
            which.value, which.label, kind, width=width, editable=True,
            read=None if kind is Kind.CHECK else as_typed, **more,
        )

    return (
        made(field.CODE, 64, frozen=True),
        made(field.NAME, 230, frozen=True),
        made(field.CATEGORY, 116, Kind.CHOICE, lookup=_categories(store, year)),
        made(field.UNIT_OF_MEASURE, 76),
        made(field.FORM, 76, Kind.CHOICE, lookup=_choices(field.FORM)),
        made(field.DIRECTION, 60, Kind.CHOICE, lookup=_choices(field.DIRECTION)),
        made(field.POINTS, 60, Kind.NUMBER),
        made(field.DECIMALS, 76, Kind.NUMBER, hidden=True),
        made(field.SCORING, 240, multiline=True),
        made(field.DEFINITION, 160, multiline=True),
        made(field.DATA_SOURCE, 110),
        made(field.CERTIFYING, 150),
        made(field.STRATEGIES, 120, hint="可填多个,用、分隔"),
        made(field.KEY, 50, Kind.CHECK),
        made(field.BINDING, 62, Kind.CHECK),
        made(field.LIVELIHOOD, 50, Kind.CHECK),
        made(field.NOTE, 160, multiline=True),
    )


def as_typed(text: str) -> str:
    """A column's reader that leaves the reading to the service."""
    return text


def _categories(store: Store, year: int) -> Callable[[str], Sequence[Option]]:
    def look_up(typed: str) -> Sequence[Option]:
        listed = planning_framework.categories(store, year, CategoryAxis.CATEGORY)
        return [Option(row.name, row.name) for row in listed if matches(typed, row.name)]

    return look_up


def _choices(field: IndicatorField) -> Callable[[str], Sequence[Option]]:
    def look_up(typed: str) -> Sequence[Option]:
        words = planning_framework.choices(field)
        return [Option(word, word) for word in words if matches(typed, word)]

    return look_up
