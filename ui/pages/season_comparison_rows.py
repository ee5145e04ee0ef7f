"""Rows of the view 对比: the own figure against province, neighbours and plan, typed in place."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outside import Standing, read_neighbours, show_period
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import comparison, outside_figures
from mbo_desktop.services.comparison import ComparisonRow, OwnKind
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideEdit, OutsideField
from mbo_desktop.store.database import Store
from ui.grids.columns import EMPTY, Cell, Column, Edit, Kind, Row, Tone
from ui.grids.source import ListSource, Refused

_FIELDS = (
    (OutsideField.OWN, "本市", 72), (OutsideField.PROVINCE_TARGET, "省定目标", 72),
    (OutsideField.PROVINCE_AVERAGE, "全省平均", 70), (OutsideField.RANK, "位次", 52),
    (OutsideField.NEIGHBOURS, "周边市", 130), (OutsideField.PLAN_TARGET, "规划目标", 72),
)
_HISTORY = (
    (OutsideField.OWN, "本市", 74), (OutsideField.PROVINCE_AVERAGE, "全省平均", 74),
    (OutsideField.RANK, "位次", 54),
)


NAMED = 3
"""Cells told by name in one sentence."""


def column_key(column: OutsideColumn) -> str:
    """own@2020, neighbours@2020@衢州."""
    return "@".join(part for part in (column.field.value, column.period, column.city) if part)


def outside_column(key: str) -> OutsideColumn:
    """What a column key stands for."""
    field, period, city = (*key.split("@"), "")[:3]
    return OutsideColumn(OutsideField(field), period, city)


class ComparisonSource(ListSource):
    """All indicators of a year for a period; earlier years beside them.

    period: the year as text, or a half-year or quarter of it, which has no gap and no history.
    cities: neighbours with a column of their own; without any they share one column.
    """

    def __init__(
        self, store: Store, year: int, period: str, years: int, cities: Sequence[str]
    ) -> None:
        self.store, self.year, self.period = store, year, period
        self.years = years if self.whole_year else 0
        self.cities = tuple(cities)
        self.only_behind = False
        self.not_cleared: tuple[str, ...] = ()
        """Why cells of the last write still show a figure after they were emptied."""
        self._read_at = -1
        self.found: dict[int, ComparisonRow] = {}
        super().__init__(self._columns(), self._read, self._save)

    @property
    def whole_year(self) -> bool:
        """Whether the year itself is shown, not a part of it."""
        return self.period == str(self.year)

    # Columns ------------------------------------------------------------------

    def _columns(self) -> tuple[Column, ...]:
        group = show_period(self.period)
        made = [
            Column("name", "指标", width=160, frozen=True),
            Column("measure", "单位", width=50),
        ]
        for field, title, width in _FIELDS:
            if field is OutsideField.NEIGHBOURS and self.cities:
                made += [self._figure(field, city, 60, group, self.period, city) for city in self.cities]
            else:
                made.append(self._figure(field, title, width, group, self.period))
        if self.whole_year:
            made.append(Column("gap", "差距", width=190, group=group))
        for year in range(self.year - 1, self.year - 1 - self.years, -1):
            made += [
                self._figure(field, title, width, f"{year}年", str(year))
                for field, title, width in _HISTORY
            ]
        return tuple(made)

    @staticmethod
    def _figure(
        field: OutsideField, title: str, width: int, group: str, period: str, city: str = ""
    ) -> Column:
        wide = field is OutsideField.NEIGHBOURS and not city
        return Column(
            column_key(OutsideColumn(field, period, city)), title, Kind.TEXT if wide else Kind.NUMBER,
            width=width, editable=True, group=group, read=_as_typed,
        )

    # Reading ------------------------------------------------------------------

    def _read(self) -> Sequence[Row]:
        self._read_at = self.store.change_count
        rows = comparison.rows(self.store, self.year, years=self.years)
        self.found = {row.indicator: row for row in rows}
        keys = [c.key for c in self.columns if "@" in c.key]
        wanted = [outside_column(key) for key in keys]
        texts = outside_figures.texts(self.store, list(self.found), wanted)
        typed = {(i, column_key(column)): text for (i, column), text in texts.items()}
        return [
            self._row(row, {key: typed.get((row.indicator, key), "") for key in keys})
            for row in rows if row.is_behind or not self.only_behind
        ]

    def _row(self, row: ComparisonRow, typed: dict[str, str]) -> Row:
        cells: dict[str, Cell | str] = {
            key: Cell(text) for key, text in typed.items()
        }
        cells["name"] = Cell(row.name, note=row.category)
        cells["measure"] = row.unit_of_measure
        if self.whole_year:
            own = f"{OutsideField.OWN.value}@{self.period}"
            cells[own] = _own_cell(row, typed[own])
            tone = Tone.RED if row.is_behind else Tone.PLAIN
            mark = "▼ " if row.is_behind else ""
            cells["gap"] = Cell(mark + row.gap_text, tone=tone, note=row.gap_text)
            self._add_history(row, cells)
        return Row(row.indicator, cells)

    def _add_history(self, row: ComparisonRow, cells: dict[str, Cell | str]) -> None:
        """Earlier years may stand under the indicator's predecessor: shown, and typed over here."""
        for point in row.history:
            shown = {OutsideField.OWN: point.own, OutsideField.PROVINCE_AVERAGE: point.average,
                     OutsideField.RANK: point.rank}
            for field, text in shown.items():
                key = f"{field.value}@{point.year}"
                present = cells.get(key)
                if text and isinstance(present, Cell) and not present.text:
                    cells[key] = Cell(text, tone=Tone.MUTED, edit_text="",
                                      note="由上年同名指标或年度结果带出")

    def neighbours_named(self) -> tuple[str, ...]:
        """Cities for which any indicator of the year has a figure."""
        names: dict[str, None] = {}
        for row in self.found.values() or comparison.rows(self.store, self.year, years=0):
            try:
                found = read_neighbours(row.neighbours, row.unit_of_measure)
            except InputError:
                continue
            names.update(dict.fromkeys(one.name for one in found))
        return tuple(names)

    # Writing ------------------------------------------------------------------

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Hand the edits on; the room has mostly read again by then, told by the store."""
        refused = self._save(edits, label)
        if self._read_at != self.store.change_count:
            self.reload()
        return refused

    def _save(self, edits: Sequence[Edit], label: str) -> Refused | None:
        carried = [edit for edit in edits if not edit.text.strip() and self._is_carried(edit)]
        self.not_cleared = tuple(self._why_carried(edit) for edit in carried[:NAMED])
        if edits and len(carried) == len(edits):
            what = ";".join(self.not_cleared)
            self.not_cleared = ()
            more = f";另有{len(carried) - NAMED}格同样是带出的" if len(carried) > NAMED else ""
            raise NotAllowedError(f"{what}{more}。", "要改用别的数字,在格中直接键入即可。")
        left = {(edit.row, edit.key) for edit in carried}
        edits = [edit for edit in edits if (edit.row, edit.key) not in left]
        cells = [OutsideEdit(RecordId(e.row), outside_column(e.key), e.text) for e in edits]
        if len(cells) == 1:
            column = cells[0].column
            label = f"录入{column.city or column.field.label}"
        outcome = outside_figures.apply_edits(self.store, cells, label=label)
        refused: dict[tuple[int, str], str] = {}
        for kept in outcome.kept:
            for cell, edit in zip(cells, edits, strict=True):
                same = kept.indicator == cell.indicator and kept.place.endswith(cell.column.heading)
                if same and kept.kept != "保留为文字":
                    refused[edit.row, edit.key] = f"{kept.reason},原文已{kept.kept}。请改正。"
        return refused or None


    def _is_carried(self, edit: Edit) -> bool:
        """Whether a cell shows a figure that is held elsewhere."""
        row = self._all().get(edit.row)
        cell = EMPTY if row is None else row.cell(edit.key)
        return bool(cell.text) and cell.edit_text == ""

    def _why_carried(self, edit: Edit) -> str:
        """「工业投资 2019年本市60由…带出,请到…修改」."""
        row, column = self.found[edit.row], outside_column(edit.key)
        shown = self._all()[edit.row].cell(edit.key).text
        if column.period == self.period:
            place = "下达矩阵" if row.own_kind is not OwnKind.ACTUAL else f"{self.year + 1}年度的“上年”"
            why = f"是{row.own_kind.label},不是在这里录入的,请到{place}修改"
        else:
            label = next(title for field, title, _width in _HISTORY if field is column.field)
            why = comparison.carried_from(
                self.store, self.year, row.indicator, int(column.period), label
            )
        return f"{row.name} {show_period(column.period)}的{shown}{why}"


def _own_cell(row: ComparisonRow, typed: str) -> Cell:
    """The own figure: as typed, or muted what the year's targets come to."""
    if typed:
        return Cell(typed, note=OwnKind.ACTUAL.label)
    note = row.own_kind.label
    if row.own_growth and row.own_growth != row.own:
        note = f"{note},增长{row.own_growth}"
    return Cell(row.own, tone=Tone.MUTED, note=note, edit_text="")


def _as_typed(text: str) -> str:
    return text


def gap_facts(row: ComparisonRow) -> list[tuple[str, str, str]]:
    """(against what, 高 … or 低 …, tone) of every gap that is known."""
    found = (
        ("省定目标", row.target_gap), ("全省平均", row.average_gap),
        ("规划目标", row.plan_gap), (row.best_neighbour, row.neighbour_gap),
    )
    tones = {Standing.BEHIND: "red", Standing.AHEAD: "green", Standing.LEVEL: ""}
    return [
        (against, _beside(comparison.gap_words(one, against), against), tones[one.standing])
        for against, one in found if one is not None
    ]



def _beside(words: str, against: str) -> str:
    """「低于全省平均0.5个百分点」 beside the word 全省平均: 「低 0.5个百分点」."""
    if words.startswith("与"):
        return "持平"
    return words.replace(f"高于{against}", "高 ").replace(f"低于{against}", "低 ")
