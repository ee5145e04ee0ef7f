"""The list of 收件 with its ticks, and the fields that the ticked files would change."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.errors import ProgramError
from mbo_desktop.services import receiving
from mbo_desktop.services.received import FieldChange, Inbox, InboxRow, RowState
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, Kind, Light, Row, Tone
from ui.grids.source import Refused
from ui.grids.ticks import NumberedSource

BY_ITSELF = frozenset({RowState.NEW, RowState.GAP})
"""Packages that are ticked unless somebody says no."""
MERGED = frozenset({RowState.REPLICA})
"""What goes in through a dialog of its own."""
_QUIET = frozenset({RowState.REPEATED, RowState.OLDER, RowState.NOT_FOR_US})
_LIGHTS = {
    RowState.NEW: Light.GREEN, RowState.GAP: Light.AMBER, RowState.FORK: Light.AMBER,
    RowState.STRANGER: Light.AMBER, RowState.PASSWORD: Light.AMBER, RowState.REPLICA: Light.AMBER,
    RowState.WORKBOOK: Light.GREEN, RowState.NOT_FOR_US: Light.GREY, RowState.REPEATED: Light.GREY, RowState.OLDER: Light.GREY,
}
_WORDS = {
    RowState.NEW: "已报", RowState.GAP: "有缺号", RowState.OLDER: "过期", RowState.STRANGER: "陌生机关",
    RowState.OTHER_KEY: "另一把密钥", RowState.PASSWORD: "需口令", RowState.NOT_FOR_US: "不是发给我们",
    RowState.REPLICA: "另一台电脑",
}


def state_word(row: InboxRow) -> str:
    """The state as the list shows it; what came down from above is 已收 rather than 已报."""
    if row.state is RowState.NEW and row.kind is not None and row.kind.value != "report":
        return "可导入"
    return _WORDS.get(row.state, row.state.label)


def light_of(row: InboxRow) -> Light:
    """Green, amber, red or grey; everything not listed is refused."""
    return _LIGHTS.get(row.state, Light.RED)


def may_be_ticked(row: InboxRow) -> bool:
    """Whether it goes in with the others."""
    return row.can_be_taken and row.state not in MERGED


def first_ticks(found: Inbox) -> frozenset[int]:
    """What is ticked at first: what asks nothing of anybody."""
    ticked = {place for place, row in enumerate(found.rows) if row.state in BY_ITSELF and not row.was_withdrawn}
    if found.workbooks is not None:
        quiet = found.workbooks.chosen
        ticked |= {place for place, file in found.workbook_rows.items() if file in quiet}
    return frozenset(place for place in ticked if may_be_ticked(found.rows[place]))


def ticks_again(found: Inbox, before: Inbox, chosen: frozenset[int]) -> frozenset[int]:
    """The ticks of a list that was read or judged anew: as they were, and as at first what could not be ticked.

    Files are known again by their content and name, so that others may have come between.
    """
    known: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(before.rows):
        known.setdefault((row.path.name, row.name), []).append(place)
    first = first_ticks(found)
    ticked = set()
    for place, row in enumerate(found.rows):
        places = known.get((row.path.name, row.name))
        old = places.pop(0) if places else None
        if old is not None and may_be_ticked(before.rows[old]):
            if old in chosen and may_be_ticked(row):
                ticked.add(place)
        elif place in first:
            ticked.add(place)
    return frozenset(ticked)


def period(row: InboxRow) -> str:
    """「2026年6月」."""
    if not row.year:
        return ""
    return f"{row.year}年{row.month}月" if row.month else f"{row.year}年"


def missing_units(store: Store, found: Inbox) -> tuple[str, ...]:
    """Units of which the month has nothing yet, once reports of a month are among the files."""
    months = [(row.year, row.month) for row in found.rows
              if row.month and row.kind is not None and row.kind.value == "report"]
    if not months:
        return ()
    year, month = max(set(months), key=lambda one: (months.count(one), one))
    here = {row.unit for row in found.rows if row.unit is not None and (row.year, row.month) == (year, month)}
    try:
        return tuple(label for unit, label in receiving.missing(store, year, month) if unit not in here)
    except ProgramError:
        return ()


class InboxSource(NumberedSource):
    """Files that came in, what needs somebody first, then the units of which nothing came."""

    columns = (
        Column("take", "收", Kind.CHECK, width=38, editable=True, sortable=False, filterable=False),
        Column("state", "状态", width=112, sortable=False, filterable=False),
        Column("unit", "单位", width=128, sortable=False, filterable=False),
        Column("kind", "种类", width=66, sortable=False, filterable=False),
        Column("period", "年月", width=98, sortable=False, filterable=False),
        Column("seq", "包号", width=64, sortable=False, filterable=False),
        Column("changes", "变化", Kind.NUMBER, unit="条", width=68, sortable=False, filterable=False),
        Column("words", "说明", width=320, sortable=False, filterable=False),
        Column("name", "文件", width=210, sortable=False, filterable=False),
    )

    def __init__(self, found: Inbox, missing: Sequence[str], ticked: frozenset[int]) -> None:
        super().__init__()
        self.found = found
        self.missing = tuple(missing)
        self.ticked = set(ticked)
        rows = found.rows
        files = sorted(
            range(1, len(rows) + 1),
            key=lambda n: 2 if rows[n - 1].state in _QUIET else int(may_be_ticked(rows[n - 1])
                                                                    and rows[n - 1].state in BY_ITSELF),
        )
        self.numbers = [*files, *range(len(rows) + 1, len(rows) + 1 + len(self.missing))]

    def row_at(self, number: int) -> InboxRow | None:
        """The file in a row; None for a unit of which nothing came."""
        return self.found.rows[number - 1] if 0 < number <= len(self.found.rows) else None

    def words(self, number: int) -> str:
        """By unit, office and file."""
        one = self.row_at(number)
        if one is None:
            return self.missing[number - len(self.found.rows) - 1]
        return f"{one.unit_label} {one.office_name} {one.name}"

    def row(self, number: int) -> Row:
        """One file, or a unit that has not reported."""
        one = self.row_at(number)
        if one is None:
            return Row(number, {
                "take": Cell(editable=False), "state": Cell("未报", light=Light.GREY), "unit": self.words(number),
                "words": Cell("还没有收到这个单位的数据包。", tone=Tone.MUTED),
            })
        kind = one.kind.label if one.kind is not None else ""
        kind = {RowState.WORKBOOK: "工作簿", RowState.UNFIT_WORKBOOK: "工作簿", RowState.REPLICA: "合并"}.get(one.state, kind)
        return Row(number, {
            "take": Cell(value=number - 1 in self.ticked, editable=may_be_ticked(one)),
            "state": Cell(state_word(one), light=light_of(one)),
            "unit": Cell(one.unit_label or one.office_name, note=one.office_name),
            "kind": kind,
            "period": period(one), "seq": f"第{one.seq}包" if one.seq else "",
            "changes": f"{one.changes:,}" if one.changes else "",
            "words": Cell(one.sentence, note=f"{one.sentence}{one.advice}"), "name": Cell(one.name, note=one.name),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Tick files; what cannot be taken in says why."""
        refused: dict[tuple[int, str], str] = {}
        for edit in edits:
            one = self.row_at(edit.row)
            if one is None or not may_be_ticked(one):
                refused[edit.row, edit.key] = one.sentence if one is not None else "还没有收到。"
            elif edit.value:
                self.ticked.add(edit.row - 1)
            else:
                self.ticked.discard(edit.row - 1)
        return refused or None


class FieldSource(NumberedSource):
    """Fields with their old and new texts."""

    columns = (
        Column("kind", "变化", width=80, sortable=False, filterable=False),
        Column("unit", "单位", width=104, sortable=False, filterable=False),
        Column("type", "内容", width=84, sortable=False, filterable=False),
        Column("title", "名称", width=230, sortable=False, filterable=False),
        Column("field", "栏目", width=96, sortable=False, filterable=False),
        Column("old", "原值", width=170, sortable=False, filterable=False),
        Column("new", "新值", width=200, sortable=False, filterable=False),
    )

    def __init__(self, changes: Sequence[FieldChange] = ()) -> None:
        super().__init__()
        self.changes = changes
        self.numbers = range(1, len(self.changes) + 1)

    def words(self, number: int) -> str:
        """By unit, name and field."""
        one = self.changes[number - 1]
        return f"{one.unit_label} {one.title} {one.field_label} {one.new}"

    def row(self, number: int) -> Row:
        """One field."""
        one = self.changes[number - 1]
        gone = one.kind not in ("新增", "修改")
        return Row(number, {
            "kind": Cell(one.kind, tone=Tone.AMBER if gone else Tone.PLAIN), "unit": one.unit_label,
            "type": one.type_label, "title": Cell(one.title, note=one.title),
            "field": one.field_label,
            "old": Cell(one.old or "(空)", tone=Tone.MUTED, note=one.old),
            "new": Cell(one.new or "(空)", bold=True, note=one.new),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Nothing is typed here."""
        return None
