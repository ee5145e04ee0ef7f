"""The rows of a ledger as proposed indicators, with everything that was not plain said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from mbo_desktop.domain import quantity
from mbo_desktop.domain.outline_item import find_covers, read_item
from mbo_desktop.spreadsheets.cell_reading import CellReader
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import tidy
from mbo_desktop.spreadsheets.heads import Head
from mbo_desktop.spreadsheets.proposal import (
    OPEN_UNIT,
    ColumnGuess,
    ProposedCell,
    ProposedIndicator,
)
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.row_cells import RowCells, settled
from mbo_desktop.spreadsheets.row_joining import joined_by_indicator
from mbo_desktop.spreadsheets.row_kinds import Band, RowKind, RowSorter
from mbo_desktop.spreadsheets.row_units import RowUnits
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Problem
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, split_units

_LABEL = re.compile(
    r"(?P<label>[0-9]{1,3}[、.．](?![0-9])|[(（](?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[)）][、.]?|[①-⑳])\s*(?=\S)"
)
_POINTS_BEHIND = re.compile(r"[(（]\s*(?:分值|权重|基本分)?[:：]?\s*([0-9]+(?:\.[0-9]+)?)\s*分\s*[)）]\s*$")
_SENTENCES = re.compile("任务|目标|工作|事项|内容|^$")
_TEXT_FIELDS = {
    Role.CODE: "code", Role.DEFINITION: "definition", Role.SCORING: "scoring_text",
    Role.DATA_SOURCE: "data_source", Role.CERTIFYING: "certifying_text", Role.PERSON: "person",
    Role.NOTE: "note",
}
_NOTED = frozenset({Role.SCORING, Role.DEFINITION, Role.NOTE, Role.DATA_SOURCE})


@dataclass(slots=True)
class LedgerRows:
    """What the body of a ledger gave."""

    rows: list[ProposedIndicator] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    declared_total: Decimal | None = None
    unit_keys: dict[str, None] = field(default_factory=dict)
    """Units met in the rows, in order."""
    organs: dict[str, None] = field(default_factory=dict)


class RowReader:
    """Reads the body of one table with the roles of its columns."""

    def __init__(
        self, grid: Grid, head: Head, columns: list[ColumnGuess], year: int,
        matcher: UnitMatcher | None = None,
    ) -> None:
        self.grid, self.head, self.columns = grid, head, columns
        self.cells = CellReader(year)
        self.sorter = RowSorter(grid, head, columns)
        self.found = LedgerRows(problems=self.cells.problems)
        self.by_role: dict[Role, list[int]] = {}
        self.by_unit: dict[str, dict[Role, int]] = {}
        self.measures: dict[int, str] = {}
        self._group_columns()
        self.bands: list[Band] = []
        self.carried: dict[int, str] = {}
        self.since_subtotal = Decimal(0)
        self.band_sums: list[tuple[Band, str, list[Decimal]]] = []
        self.repeated = 0
        self.listed: dict[str, tuple[str, ...]] = {}
        self.last_named = ("", "")
        self.unnamed: list[str] = []
        unit = next((guess for guess in columns if guess.role is Role.UNIT), None)
        self.units = None if unit is None else RowUnits(
            grid, head, unit, self.sorter.name, matcher or UnitMatcher(()), self._ask
        )

    def _group_columns(self) -> None:
        for guess in self.columns:
            if guess.role.is_per_unit and (guess.unit_key or guess.role not in (Role.POINTS, Role.DUE)):
                roles = self.by_unit.setdefault(guess.unit_key, {})
                if guess.role in roles:
                    # One cell holds one target: the first column stands, the other is told.
                    place = self.grid.place(max(self.head.last, 0), guess.index)
                    said = f"“{guess.heading}”列与前面一列同为{guess.role.label}"
                    self._say(place, said, "未导入;请在预览中改正", asks=True)
                    continue
                roles[guess.role] = guess.index
                measure = quantity.split_unit(guess.heading)[1]
                if measure:
                    self.measures[guess.index] = measure
            else:
                self.by_role.setdefault(guess.role, []).append(guess.index)
        self.has_values = any(
            role in roles for roles in self.by_unit.values() for role in (Role.TARGET, Role.GROWTH)
        ) or any(key and Role.ACTUAL in roles for key, roles in self.by_unit.items())

        heading = "".join(guess.heading for guess in self.columns if guess.role is Role.NAME)
        self.has_sentences = (
            bool(_SENTENCES.search(heading)) and Role.UNIT_OF_MEASURE not in self.by_role
        )
        self.row_cells = RowCells(
            self.grid, self.by_unit, self.measures, self.head.measure, self.cells
        )
        self.text_fields = [
            (role, name) for role, name in _TEXT_FIELDS.items() if role in self.by_role
        ]

    def read(self) -> LedgerRows:
        """All rows below the head."""
        for row in range(self.head.last + 1, self.grid.height):
            self._take(row)
        if self.units is None:
            self._check_names()
        else:
            self._join()
        self._check_sums()
        if self.repeated:
            self._say("", f"{self.repeated} 行重复的表头或标题", "已略过")
        self.row_cells.finish()
        return self.found

    def _join(self) -> None:
        """The rows of one indicator become one; a total of the points may count them either way."""
        assert self.units is not None
        total = _points_of(self.found.rows)
        self.found.rows = joined_by_indicator(self.found.rows, self._ask)
        if self.found.declared_total == total:
            self.found.declared_total = None
        self.units.finish()
        if self.unnamed:
            listed = "、".join(self.unnamed[:5]) + ("等" if len(self.unnamed) > 5 else "")
            said = f"{listed} 共 {len(self.unnamed)} 格没有写指标名称"
            self._ask("", said, "按上面一行的指标读取", "")

    def _ask(self, place: str, reason: str, kept: str, text: str) -> None:
        self._say(place, reason, kept, text, asks=True)

    def _say(self, place: str, reason: str, kept: str, text: str = "", *, asks: bool = False) -> None:
        self.found.problems.append(Problem(place, text, reason, kept, is_notice=not asks))

    def _take(self, row: int) -> None:
        kind = self.sorter.kind(row)
        if self.units is not None and kind is not RowKind.BLANK and self.units.is_sum(row):
            said = " ".join(self.grid.text(row, column) for column in self.grid.filled(row))
            self._say(self.grid.place(row, self.units.column), "合计行", "未作为单位导入", said)
        elif kind is RowKind.DATA:
            self._take_data(row)
        elif kind is RowKind.BAND:
            self._take_band(row)
        elif kind is RowKind.NOTE:
            texts = (self.grid.own(row, column).text.strip() for column in self.grid.filled(row))
            self.found.notes.append(" ".join(texts))
        elif kind is RowKind.REPEATED:
            self.repeated += 1
        elif kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
            self._take_total(row, kind)

    def _take_band(self, row: int) -> None:
        band = self.sorter.band(row)
        if band is None:
            return
        self.bands = [*(b for b in self.bands if b.level < band.level), band]
        self.carried.clear()
        sums = self.sorter.sums(row)
        if sums:
            said = " ".join(self.grid.text(row, column) for column in sums)
            self._say(self.grid.place(row, sums[0]), f"“{band.name}”行的合计数", "未作为指标导入", said)
        if band.points is not None:
            self.band_sums.append((band, self.grid.place(row, self.grid.filled(row)[0]), []))
        elif self.band_sums and band.level <= self.band_sums[-1][0].level:
            self.band_sums.append((band, "", []))

    def _take_total(self, row: int, kind: RowKind) -> None:
        column = next(iter(self.by_role.get(Role.POINTS, ())), None)
        place = self.grid.place(row, self.grid.filled(row)[0])
        total = None
        if column is not None:
            total, _ = self.cells.points(self.grid.own(row, column), self.grid.place(row, column))
        if kind is RowKind.SUBTOTAL:
            if total is not None and total != self.since_subtotal:
                said = f"小计写明 {quantity.show(total)} 分,以上各行之和是 {quantity.show(self.since_subtotal)} 分"
                self._say(place, said, "按各行分值导入", asks=True)
            self.since_subtotal = Decimal(0)
            return
        if total is None:
            self._say(place, "合计行", "未作为指标导入")
        else:
            self.found.declared_total = total

    def _check_sums(self) -> None:
        total = _points_of(self.found.rows)
        declared = self.found.declared_total
        if declared is not None and declared != total:
            said = f"合计写明 {quantity.show(declared)} 分,各行分值之和是 {quantity.show(total)} 分"
            self._say("", said, "按各行分值导入", asks=True)
        for band, place, points in self.band_sums:
            if place and points and sum(points) != band.points and band.points is not None:
                said = f"“{band.name}”写明 {quantity.show(band.points)} 分,所属各行之和是 {quantity.show(sum(points, Decimal(0)))} 分"
                self._say(place, said, "按各行分值导入", asks=True)

    def _check_names(self) -> None:
        """The same indicator or code twice is said, never merged."""
        seen: dict[tuple[str, str], str] = {}
        codes: dict[str, str] = {}
        for row in self.found.rows:
            key = (row.category, row.name)
            if key in seen:
                self._say(row.place, f"指标与 {seen[key]} 同名", "两行都已保留", row.name, asks=True)
            seen.setdefault(key, row.place)
            if row.code and row.code in codes:
                self._say(row.place, f"编号与 {codes[row.code]} 重复", "两行都已保留", row.code, asks=True)
            codes.setdefault(row.code, row.place)

    def _shown(self, row: int, role: Role) -> str:
        """The text of the columns with a role, merged cells filled down; several joined by lines."""
        columns = self.by_role.get(role)
        if not columns:
            return ""
        if len(columns) == 1:
            return self.grid.shown(row, columns[0]).text.strip()
        texts = [self.grid.text(row, column) for column in columns]
        return "\n".join(text for text in texts if text)

    def _own_cell(self, row: int, role: Role) -> tuple[Cell, str]:
        for column in self.by_role.get(role, ()):
            return self.grid.own(row, column), self.grid.place(row, column)
        return EMPTY, ""

    def _take_data(self, row: int) -> None:
        name_column = self.sorter.name
        written = self.grid.text(row, name_column)
        place = self.grid.table.place(row, name_column)
        if not written and self.units is not None and self.units.names_one(row):
            # The indicator stands in the first of its rows only, a unit in each.
            written = self.last_named[0]
            self.unnamed += [place] if written else []
        if not written:
            self._take_nameless(row)
            return
        number = self._shown(row, Role.NUMBER)
        text = _one_line(written)
        points_cell, points_place = self._own_cell(row, Role.POINTS)
        points, note = self.cells.points(points_cell, points_place)
        if points is None and not self.by_role.get(Role.POINTS) and (behind := _POINTS_BEHIND.search(text)):
            points, text = Decimal(behind[1]), text[: behind.start()].strip()
        label = _LABEL.match(text)
        if label and len(text) > label.end():
            number, text = number or label["label"].rstrip("、.．"), text[label.end() :]
        name, measure = self._measured(row, text, place)
        keys, others = ((OPEN_UNIT,), ()) if self.units is None else self.units.of(row, name)
        cells = self.row_cells.read(row, name, measure, keys[0]) if self.by_unit else {}
        form, direction, measure = settled(cells.values(), measure)
        texts = {
            field_name: self._shown(row, role) for role, field_name in self.text_fields
        }
        due_cell, due_place = self._shown_cell(row, Role.DUE)
        lead, supporting = self._offices(row)
        supporting = tuple(dict.fromkeys((*others, *supporting)))
        if note:
            texts["note"] = _and(texts.get("note", ""), note)
        item = ProposedIndicator(
            name, written, place, number, unit_of_measure=measure, category=self._category(row),
            points=points, form=form, direction=direction, lead=lead, supporting=supporting,
            certifying=self._units_in(texts.get("certifying_text", "")),
            due=self.cells.deadline(due_cell, due_place), due_text=due_cell.text.strip(),
            covers=find_covers(text) if "、" in text else (), cells=cells, **texts,
        )
        if not self.has_values and self.has_sentences:
            item = self._with_sentence(item, keys[0])
        if self.units is not None:
            item = self._shared(item, keys)
        self.last_named = (written, measure)
        self._note_merged_points(row)
        self._count(item.points)
        self.found.rows.append(item)

    def _offices(self, row: int) -> tuple[str, tuple[str, ...]]:
        """Lead unit and supporting units; the first of several responsible units leads."""
        leads = self._units_in(self._shown(row, Role.LEAD))
        others = self._units_in(self._shown(row, Role.SUPPORTING))
        if not leads:
            return "", others
        return leads[0], tuple(dict.fromkeys(name for name in (*leads[1:], *others) if name != leads[0]))

    def _units_in(self, text: str) -> tuple[str, ...]:
        """The units a cell names; cells repeat, so each text is taken apart once."""
        if not text:
            return ()
        names = self.listed.get(text)
        if names is None:
            names = self.listed[text] = split_units(text)
            for name in names:
                self.found.organs.setdefault(name)
        return names

    def _shown_cell(self, row: int, role: Role) -> tuple[Cell, str]:
        for column in self.by_role.get(role, ()):
            return self.grid.shown(row, column), self.grid.place(row, column)
        return EMPTY, ""

    def _count(self, points: Decimal | None) -> None:
        if points is None:
            return
        self.since_subtotal += points
        levels: set[int] = set()
        for band, _, collected in reversed(self.band_sums):
            if band in self.bands and band.level not in levels:
                collected.append(points)
                levels.add(band.level)

    def _note_merged_points(self, row: int) -> None:
        for column in self.by_role.get(Role.POINTS, ()):
            merge = self.grid.merge_at(row, column)
            if merge is not None and merge.top == row and merge.bottom > row:
                if self.units is not None and self._is_one_indicator(row, merge.bottom):
                    continue
                rows = merge.bottom - merge.top + 1
                self._say(
                    self.grid.place(row, column), f"分值由 {rows} 行合用", "记在第一行,其余各行留空", asks=True
                )

    def _is_one_indicator(self, first: int, last: int) -> bool:
        """Whether rows are the same indicator for several units, so that they share its points."""
        names = {self.grid.text(row, self.sorter.name) for row in range(first, last + 1)}
        return len(names - {""}) == 1

    def _measured(self, row: int, text: str, place: str) -> tuple[str, str]:
        """Name and unit of measure: from its own column, or from brackets behind the name."""
        bracketed = ""
        name = text
        if text.endswith((")", "）", "]", "】", "〕")):
            name, bracketed = quantity.split_unit(text)
        own = _one_line(self._shown(row, Role.UNIT_OF_MEASURE)).strip("()（） ")
        if not own or own in ("/", "-", "—", "无"):
            # Where the row takes its name from above, it takes the unit of measure too.
            is_below = self.unnamed[-1:] == [place] or (not own and self.grid.text(row, self.sorter.name) == self.last_named[0])
            return name, bracketed or (self.last_named[1] if is_below and self.units else "")
        own = tidy(own)
        if bracketed and own != tidy(bracketed):
            said = f"指标名称中的单位“{bracketed}”与计量单位“{own}”不同"
            self._say(place, said, f"按“{own}”导入", text, asks=True)
            return text, own
        return name, own

    def _category(self, row: int) -> str:
        """The category columns, blanks carried down, below the bands above them."""
        names = [band.name for band in self.bands]
        for column in self.by_role.get(Role.CATEGORY, ()):
            text = _one_line(self.grid.text(row, column))
            if text:
                if self.carried.get(column) != text:
                    later = [c for c in self.by_role[Role.CATEGORY] if c > column]
                    for other in later:
                        self.carried.pop(other, None)
                self.carried[column] = text
            names.append(self.carried.get(column, ""))
        return "/".join(dict.fromkeys(_bare_category(name) for name in names if name))

    def _take_nameless(self, row: int) -> None:
        """Text going on below its row is joined to it; anything else is shown to the user."""
        filled = self.grid.filled(row)
        roles = {self.sorter.roles.get(column, Role.IGNORE) for column in filled}
        if self.found.rows and roles and roles <= _NOTED:
            last = self.found.rows[-1]
            self.found.rows[-1] = replace(
                last,
                scoring_text=_and(last.scoring_text, self._shown(row, Role.SCORING)),
                definition=_and(last.definition, self._shown(row, Role.DEFINITION)),
                note=_and(last.note, self._shown(row, Role.NOTE)),
                data_source=_and(last.data_source, self._shown(row, Role.DATA_SOURCE)),
            )
            return
        texts = " ".join(self.grid.own(row, column).text.strip() for column in filled)
        if not texts.strip() or roles <= {Role.NUMBER}:
            return
        place = self.grid.place(row, filled[0])
        self._say(place, "该行没有指标名称", "未导入;请在原表中补上后重新导入", texts, asks=True)

    def _shared(self, item: ProposedIndicator, keys: tuple[str, ...]) -> ProposedIndicator:
        """The row for every unit it names; one whose target stands blank is allotted all the same."""
        self.found.unit_keys.update(dict.fromkeys(key for key in keys if key))
        cell = item.cells.get(keys[0], ProposedCell(place=item.place))
        return replace(item, cells={**item.cells, **dict.fromkeys(keys, cell)})

    def _with_sentence(self, item: ProposedIndicator, key: str) -> ProposedIndicator:
        """A ledger of sentences without a target column: the sentence states the target itself."""
        content = read_item(item.name)
        if content.value is None:
            return item
        beside = item.cells.get(key, ProposedCell())
        cell = replace(beside, value=content.value, text=content.text, place=item.place)
        form, direction, measure = settled((cell,), item.unit_of_measure)
        return replace(
            item, name=content.name or item.name, points=item.points or content.points,
            covers=content.covers or item.covers, lead=item.lead or content.lead,
            supporting=item.supporting or content.supporting, cells={key: cell},
            definition=item.definition or (item.written if content.name != item.written else ""),
            form=form, direction=direction, unit_of_measure=measure,
        )


def _points_of(rows: list[ProposedIndicator]) -> Decimal:
    return sum((row.points for row in rows if row.points is not None), Decimal(0))


def _one_line(text: str) -> str:
    """A text whose line breaks are only the width of its column."""
    if "\n" not in text:
        return text.strip()
    return re.sub(r"\s*\n\s*", "", text).strip()


def _and(text: str, more: str) -> str:
    return f"{text}\n{more}" if text and more else text or more


@lru_cache(maxsize=4096)
def _bare_category(name: str) -> str:
    """The name of a category without its number, points and count (续建项目（3个）)."""
    name = re.sub(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）])\s*", "", name)
    return re.sub(r"\s*[(（]\s*共?[0-9.]+\s*[分%个项件家处]\s*[)）]$", "", name) or name
