"""The target-setting desk as a table: the city's line of each indicator, then each unit's fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.target_moves import SpreadBy
from mbo_desktop.domain.target_setting import DeskRow, RowNature, RowResult
from mbo_desktop.errors import InputError
from mbo_desktop.services.target_setting import DeskUnit, draft_text, read_amount
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Row, Tone
from ui.grids.source import Refused, matches
from ui.pages.planning_sources import as_typed
from ui.pages.season_desk_book import DeskBook, read_percent

CITY = "全市"
_ADDED = (RowNature.ADDITIVE, RowNature.CONTROL)


class DeskSource:
    """Rows are indicators; nothing typed here is written before 采纳.

    by: how a typed city total or growth is spread. live: what is being typed at this moment.
    """

    def __init__(self, book: DeskBook) -> None:
        self.book = book
        self.columns = desk_columns(book.desk.units)
        self.category = 0
        self.by = SpreadBy.LAST_YEAR
        self.live: dict[int, RowResult] = {}

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Indicators of the category in which the text stands, in their order."""
        found = [
            int(row.indicator) for row in self.book.desk.rows
            if (not self.category or row.category == self.category)
            and (not query.text or matches(query.text, f"{row.name} {row.category_name}"))
        ]
        return found[:limit]

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """Cells are made when they are looked at."""
        return {one: Row(one, _DeskRow(self, one)) for one in ids}

    def total(self) -> int:
        """All indicators on the desk."""
        return len(self.book.desk.rows)

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Take typed drafts as one step; a typed city figure is spread over the free units."""
        refused: dict[tuple[int, str], str] = {}
        amounts: dict[tuple[RecordId, RecordId], Decimal | None] = {}
        for edit in edits:
            try:
                if edit.key in ("total", "city_growth"):
                    self._reach(edit)
                    continue
                amount = self.book.read(edit.key, edit.row, edit.text)
            except InputError as error:
                refused[edit.row, edit.key] = f"{error.what}{error.todo}"
                continue
            unit = int(edit.key.partition("@")[2])
            amounts[RecordId(edit.row), RecordId(unit)] = amount
        if amounts:
            self.book.set_amounts(amounts)
        self.live.clear()
        return refused

    def _reach(self, edit: Edit) -> None:
        row = self.book.row(edit.row)
        if not edit.text.strip():
            return
        if edit.key == "total":
            total = read_amount(row, edit.text)
            assert total is not None
            self.book.reach_total(row, total, self.by)
            return
        growth = read_percent(edit.text)
        assert growth is not None
        self.book.reach_growth(row, growth, self.by)

    def type_live(self, indicator: int, key: str, text: str) -> bool:
        """What the row comes to while a draft is typed; False for what is no number yet."""
        try:
            amount = self.book.read(key, indicator, text)
        except InputError:
            return False
        unit = RecordId(int(key.partition("@")[2]))
        self.live[indicator] = self.book.with_typed(indicator, {unit: amount})
        return True

    def result(self, indicator: int) -> RowResult:
        """With what is being typed."""
        return self.live.get(indicator) or self.book.result(indicator)


def desk_columns(units: Sequence[DeskUnit]) -> tuple[Column, ...]:
    """The indicator, the city's line, then last year, draft and growth of each unit."""
    fixed: dict[str, bool] = {"sortable": False, "filterable": False}
    columns = [
        Column("name", "指标", width=168, frozen=True, **fixed),
        Column("measure", "单位", width=64, frozen=True, **fixed),
        Column("last_total", "上年", Kind.NUMBER, width=72, group=CITY, **fixed),
        Column("total", "合计", Kind.NUMBER, width=108, group=CITY, editable=True, read=as_typed,
               hint="各单位之和;填入总量即按所选方式拆分到未锁定的单位", **fixed),
        Column("city_growth", "增长%", Kind.NUMBER, width=62, group=CITY, editable=True, read=as_typed,
               hint="各单位完成后全市的增长;填入增长率即反推各单位", **fixed),
        Column("province", "省定", Kind.NUMBER, width=72, group=CITY, **fixed),
        Column("checks", "提示", width=60, group=CITY, **fixed),
    ]
    for unit in units:
        columns += [
            Column(f"last@{unit.unit}", "上年", Kind.NUMBER, width=72, group=unit.heading, **fixed),
            Column(f"draft@{unit.unit}", "测算", Kind.NUMBER, width=84, group=unit.heading,
                   editable=True, read=as_typed, **fixed),
            Column(f"growth@{unit.unit}", "增长%", Kind.NUMBER, width=62, group=unit.heading,
                   editable=True, read=as_typed, hint="填入增长率,按上年实绩算出测算值", **fixed),
        ]
    return tuple(columns)


class _DeskRow(Mapping[str, Cell | str]):
    """The cells of one row, made when they are asked for."""

    __slots__ = ("_indicator", "_made", "_source")

    def __init__(self, source: DeskSource, indicator: int) -> None:
        self._source, self._indicator = source, indicator
        self._made: dict[str, Cell | str] = {}

    def __getitem__(self, key: str) -> Cell | str:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def get(self, key: str, default: object = None) -> Cell | str:  # type: ignore[override]
        """Every column has a cell."""
        return self[key]

    def __iter__(self) -> Iterator[str]:
        return (column.key for column in self._source.columns)

    def __len__(self) -> int:
        return len(self._source.columns)

    def _make(self, key: str) -> Cell | str:
        book, indicator = self._source.book, self._indicator
        row = book.row(indicator)
        code, _, unit = key.partition("@")
        if unit:
            return _unit_cell(self._source, row, code, int(unit))
        if key == "name":
            return Cell(row.name, note=row.category_name)
        if key == "measure":
            return "%" if row.is_growth else row.unit_of_measure
        return _city_cell(row, self._source.result(indicator), key)


def _city_cell(row: DeskRow, result: RowResult, key: str) -> Cell | str:
    added = row.nature in _ADDED
    if key == "last_total":
        return "" if result.last_total is None else show(result.last_total)
    if key == "total":
        if result.total is not None:
            return Cell(show(result.total, row.decimals), result.total, bold=True, editable=added)
        low, high = result.lowest, result.highest
        if low is None or high is None:
            return Cell("" if row.nature is not RowNature.WORDS else "不测算", tone=Tone.MUTED, editable=added)
        text = show(low) if low == high else f"{show(low)}~{show(high)}"
        return Cell(text, tone=Tone.MUTED, editable=False, note="比率、位次不相加,这里是最低和最高",
                    locked="比率、位次不相加,请在各单位的列中改。")
    if key == "city_growth":
        free = row.nature in (*_ADDED, RowNature.RATE)
        if result.growth is None:
            return Cell(editable=free)
        mark = row.outside.growth
        behind = mark is not None and result.growth < mark and row.nature is not RowNature.CONTROL
        note = f"低于省定 {show(mark)}%" if behind and mark is not None else ""
        return Cell(show(result.growth, 1), result.growth, tone=Tone.RED if behind else Tone.PLAIN,
                    bold=True, editable=free, note=note)
    if key == "province":
        marks = row.outside
        if marks.growth is not None:
            return Cell(f"{show(marks.growth)}%", note=marks.basis)
        return "" if marks.amount is None else Cell(show(marks.amount), note=marks.basis)
    count = len(result.checks)
    return Cell(
        f"▲ {count} 条" if count else "", tone=Tone.AMBER,
        note="\n".join(one.text for one in result.checks[:12]),
    )


def _unit_cell(source: DeskSource, row: DeskRow, code: str, unit: int) -> Cell | str:
    book, indicator = source.book, int(row.indicator)
    cell = book.cell(indicator, unit)
    free = book.is_free(indicator, unit)
    if code == "last":
        return "" if cell.last_year is None else Cell(show(cell.last_year), tone=Tone.MUTED)
    if code == "growth":
        growth = book.growth(indicator, unit)
        last = cell.last_year
        typed = free and row.nature in _ADDED and last is not None and last > 0
        text = "" if growth is None else show(growth, 1)
        falls = growth is not None and growth < 0 and row.nature is RowNature.ADDITIVE
        return Cell(text, growth, tone=Tone.AMBER if falls else Tone.MUTED, editable=typed)
    key = (row.indicator, RecordId(unit))
    text = draft_text(row, cell, book.drafts)
    amount = book.amount(indicator, unit)
    if not cell.allotted:
        return Cell(text, tone=Tone.MUTED, editable=False, note="没有下达给该单位",
                        locked="没有下达给该单位,不能测算。先在“矩阵”中下达。")
    if not free:
        why = cell.lock or ("已锁定,按 Ctrl+L 解锁" if key in book.locks else cell.why)
        mark = "lock" if cell.lock or key in book.locks else ""
        return Cell(text, number=amount, tone=Tone.MUTED, icon=mark, editable=False, note=why,
                    locked=f"{why},这里不能改;签订后的改动请到“责任书→调整”登记。" if cell.lock
                    else why if key in book.locks else f"{why},不参与测算。")
    notes = [one.text for one in source.result(indicator).checks if one.unit == unit]
    drafted = book.is_drafted(key)
    tone = Tone.AMBER if notes else Tone.ACCENT if drafted else Tone.PLAIN
    if drafted:
        before = "未设定" if cell.amount is None else show(cell.amount)
        notes.insert(0, f"现目标 {before}")
    return Cell(text, number=amount, tone=tone, bold=drafted, editable=True, note=";".join(notes))
