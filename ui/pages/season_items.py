"""The tables of the view 来源: items of meetings and documents, and indicators that rest on none."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import register_edits, registers
from mbo_desktop.services.register_edits import ItemEdit, ItemField
from mbo_desktop.services.registers import ItemRow
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, Row, Tone
from ui.grids.source import ListSource


def _as_typed(text: str) -> str:
    return text


class ItemSource(ListSource):
    """Items of one meeting or document, or of all of the year; typed in place."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__(_columns(), self._read, self._save)
        self.store, self.year = store, year
        self.of: RecordId | None = None
        self.only_uncovered = False
        self.items: dict[int, ItemRow] = {}

    def show(self, of: RecordId | None, *, only_uncovered: bool) -> None:
        """Which items are listed from now on."""
        self.of, self.only_uncovered = of, only_uncovered
        self.reload()

    def _read(self) -> Sequence[Row]:
        found = registers.items(
            self.store, self.year, self.of, only_uncovered=self.only_uncovered
        )
        self.items = {item.id: item for item in found}
        return [_row(item) for item in found]

    def _save(self, edits: Sequence[Edit], _label: str) -> None:
        register_edits.apply_item_edits(
            self.store, [ItemEdit(RecordId(e.row), ItemField(e.key), e.text) for e in edits]
        )


def _row(item: ItemRow) -> Row:
    if item.is_heading:
        covered = Cell("")
    elif item.subjects:
        covered = Cell(f"{item.subjects} 项")
    else:
        covered = Cell("未落实", tone=Tone.AMBER)
    indent = "　" * max(item.level - 1, 0)
    return Row(
        item.id,
        {
            "label": item.label, "text": Cell(indent + item.text, note=item.text, edit_text=item.text),
            "lead": item.lead, "due": item.due, "covered": covered,
            "source": Cell(item.source_name, note=item.source_name), "note": item.note,
        },
        band=item.is_heading,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("label", "序号", width=58, editable=True, frozen=True, read=_as_typed),
        Column("text", "内容", width=330, editable=True, multiline=True, read=_as_typed),
        Column("covered", "落实", width=66),
        Column("lead", "牵头单位", width=96, editable=True, read=_as_typed),
        Column("due", "时限", width=78, editable=True, read=_as_typed),
        Column("source", "来源", width=110, hidden=True),
        Column("note", "备注", width=120, editable=True, hidden=True, read=_as_typed),
    )


class UnsourcedSource(ListSource):
    """Indicators that rest on no item, neither themselves nor through a target."""

    def __init__(self, store: Store, year: int) -> None:
        super().__init__((Column("name", "没有来源的指标", width=520),), self._read)
        self.store, self.year = store, year

    def _read(self) -> Sequence[Row]:
        found = registers.indicators_without_source(self.store, self.year)
        return [Row(row.indicator, {"name": row.text}) for row in found]
