"""The moves of the target-setting desk as buttons ask for them: how much, to what, by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.target_moves import Moved, SpreadBy
from mbo_desktop.domain.target_setting import CellKey, DeskRow
from ui.dialogs.season_desk_moves import (
    CategoriesRaiseDialog,
    MoveDialog,
    RaiseDialog,
    ReachDialog,
)

if TYPE_CHECKING:
    from ui.pages.season_desk import DeskView

NAMES_SHOWN = 3


class DeskMoves:
    """The moving half of `DeskView`."""

    def _rows(self: DeskView) -> list[DeskRow]:
        ids = self.grid.view.selected_ids() if self.grid is not None else []
        return [self.book.row(one) for one in ids if one]

    def _cells(self: DeskView) -> list[CellKey]:
        """The selected cells of units that can be drafted."""
        found: dict[CellKey, None] = {}
        for index in self.grid.view.selected_cells() if self.grid is not None else ():
            code, _, unit = self.source.columns[index.column()].key.partition("@")
            row = self.grid.model.id_at(index.row())  # type: ignore[union-attr]
            if code == "draft" and row and self.book.cell(row, int(unit)).allotted:
                found[RecordId(row), RecordId(int(unit))] = None
        return list(found)

    def _ask(self: DeskView, dialog: MoveDialog) -> None:
        if dialog.exec() and dialog.moved is not None:
            self._after(dialog.moved)

    def _after(self: DeskView, moved: Moved) -> None:
        self.grid.model.refresh()  # type: ignore[union-attr]
        self._show_all()
        if moved.left_out:
            names = {unit.unit: unit.heading for unit in self.book.desk.units}
            told = ";".join(
                f"{self.book.row(one.key[0]).name} · {names.get(one.key[1], '')}({one.reason})"
                for one in moved.left_out[:NAMES_SHOWN]
            )
            rest = len(moved.left_out) - NAMES_SHOWN
            more = self.tr(";另有 {} 格").format(rest) if rest > 0 else ""
            self.workspace.say(
                self.tr("{} 格未动:{}{}。").format(len(moved.left_out), told, more), tone="amber"
            )
        self.setFocus()

    def _on_raise(self: DeskView) -> None:
        if rows := self._rows():
            self._ask(RaiseDialog(self.book, rows, self._cells(), self))

    def _on_categories(self: DeskView) -> None:
        self._ask(CategoriesRaiseDialog(self.book, self))

    def _on_total(self: DeskView) -> None:
        self._reach(growth=False)

    def _on_growth(self: DeskView) -> None:
        self._reach(growth=True)

    def _reach(self: DeskView, *, growth: bool) -> None:
        indicator, _ = self._place()
        if indicator:
            units = {key[1] for key in self._cells() if key[0] == indicator}
            self._ask(ReachDialog(
                self.book, self.book.row(indicator), growth=growth, by=self.source.by,
                only=units, parent=self,
            ))

    def _on_spread(self: DeskView, action: Any) -> None:
        by = SpreadBy(action.data())
        moved = self.workspace.perform(lambda: self.book.spread_again(self._rows(), by))
        if moved is not None:
            self.source.by = by
            self._after(moved)

    def _on_lock(self: DeskView) -> None:
        if cells := self._cells():
            self.book.toggle_locks(cells)
            self.grid.model.refresh()  # type: ignore[union-attr]
            self._show_all()
        else:
            self.workspace.say(self.tr("请先选中要锁定的“测算”格。"))

    def _on_back(self: DeskView) -> None:
        if self.book.step_back():
            self._after(Moved(self.book.drafts))

    def _on_clear(self: DeskView) -> None:
        self.book.clear()
        self._after(Moved({}))
