"""A branch of the decomposition once more for other units, chosen from a list with filter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import decomposition, decomposition_structure, office_words, offices
from mbo_desktop.services.decomposition import BranchKind, BranchRow
from ui.dialogs.ask import AskDialog
from ui.grids.source import matches
from ui.theme import scaled
from ui.workspace import Workspace

LISTED = 5_000
AT_ONCE = 150
"""So many nodes are copied at once; more are long work with a bar."""


class CopyDialog(AskDialog):
    """Ticks units with the space bar; what is already there under the same parent is said."""

    def __init__(self, workspace: Workspace, row: BranchRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "复制到其他单位", "复制", width=520)
        self._workspace, self._row = workspace, row
        self.made = 0
        below = self.tr("及其下级") if row.child_count else ""
        named = row.name
        if row.kind is BranchKind.ALLOCATION:
            words = self.tr("把“{}”{}给下列各单位各复制一份,放在它的后面。责任人、经办人不复制。").format(named, below)
        else:
            words = self.tr("把“{}”下面的分解复制到其他单位的“{}”目标下面。责任人、经办人不复制。").format(
                named, row.indicator_name)
        self.note(words)
        self._taken = self._units_beside()
        self._allowed = self._units_with_target()
        self.kinds = QComboBox()
        self.kinds.addItem(self.tr("全部类别"), "")
        for kind in UnitKind:
            self.kinds.addItem(office_words.kind(workspace.store, kind), kind.value)
        self.find = QLineEdit()
        self.find.setPlaceholderText(self.tr("筛选名称、拼音首字母…"))
        self.find.setClearButtonEnabled(True)
        self.units = QListWidget()
        self.units.setMinimumHeight(scaled(260))
        self.units.setAccessibleName(self.tr("单位"))
        self.every = QCheckBox(self.tr("全选列出的单位"))
        self.with_values = QCheckBox(self.tr("目标值一并复制"))
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.form.add(self.tr("类别"), self.kinds)
        self.form.add(self.tr("查找"), self.find)
        self.form.add(self.tr("单位"), self.units)
        self.form.add_wide(self.every)
        self.form.add_wide(self.with_values)
        self.form.add_wide(self.count)
        self._fill()
        self.kinds.activated.connect(self._show_fitting)
        self.find.textChanged.connect(self._show_fitting)
        self.every.clicked.connect(self._on_every)
        self.units.itemChanged.connect(self._count)
        self.units.itemActivated.connect(self._on_activated)
        self.first_focus = self.find
        self._count()

    def _units_beside(self) -> set[RecordId]:
        store, year = self._workspace.store, self._workspace.year
        path = decomposition.path_to(store, year, self._row.id)
        if len(path) < 2:
            return set()
        beside = decomposition.rows(store, year, decomposition.child_ids(store, year, path[-2]))
        return {one.unit for one in beside.values() if one.unit is not None and not one.unit_inherited}

    def _units_with_target(self) -> set[RecordId] | None:
        """Below a target only what hangs under it is copied, to units that carry the same target."""
        if self._row.kind is BranchKind.ALLOCATION or self._row.indicator is None:
            return None
        store, year = self._workspace.store, self._workspace.year
        ids = [int(self._row.indicator), *decomposition.child_ids(store, year, self._row.indicator)]
        found = decomposition.rows(store, year, ids).values()
        return {
            one.unit for one in found
            if one.unit is not None and one.kind is not BranchKind.ALLOCATION and one.unit != self._row.unit
        }

    def _fill(self) -> None:
        """Units beside the node's own come first, as they are the likely ones."""
        store = self._workspace.store
        rows = offices.units_in_order(store, limit=LISTED)
        above = offices.unit_row(store, self._row.unit).superior if self._row.unit is not None else None
        for row in sorted(rows, key=lambda one: one.superior != above):
            own = row.id == self._row.unit and not self._row.unit_inherited
            if own or (self._allowed is not None and row.id not in self._allowed):
                continue
            there = self.tr("(已有)") if row.id in self._taken else ""
            item = QListWidgetItem(f"{row.short_name}  {office_words.kind(store, row.kind)}{there}")
            item.setData(Qt.ItemDataRole.UserRole, int(row.id))
            item.setData(Qt.ItemDataRole.UserRole + 1, row.kind.value)
            item.setData(Qt.ItemDataRole.UserRole + 2, f"{row.short_name} {row.name}")
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.units.addItem(item)

    def _items(self, *, shown: bool = False) -> list[QListWidgetItem]:
        found = [self.units.item(n) for n in range(self.units.count())]
        return [item for item in found if not (shown and item.isHidden())]

    def _show_fitting(self) -> None:
        kind, text = self.kinds.currentData(), self.find.text().strip()
        for item in self._items():
            fits = not kind or item.data(Qt.ItemDataRole.UserRole + 1) == kind
            fits = fits and (not text or matches(text, item.data(Qt.ItemDataRole.UserRole + 2)))
            item.setHidden(not fits)
        first = next(iter(self._items(shown=True)), None)
        if first is not None:
            self.units.setCurrentItem(first)
        self.every.setChecked(False)

    def _on_every(self, checked: bool) -> None:
        state = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        for item in self._items(shown=True):
            item.setCheckState(state)

    def _on_activated(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def chosen(self) -> list[RecordId]:
        """The ticked units in official order, hidden ones too."""
        return [
            RecordId(item.data(Qt.ItemDataRole.UserRole)) for item in self._items()
            if item.checkState() == Qt.CheckState.Checked
        ]

    def _count(self) -> None:
        count = len(self.chosen())
        self.accept_button.setText(self.tr("复制给 {} 个单位").format(count) if count else self.tr("复制"))
        double = len(set(self.chosen()) & self._taken)
        self.count.setText(self.tr("其中 {} 个单位在同一上级下已有分解项,仍会再复制一份。").format(double) if double else "")

    def act(self) -> None:
        """Copy in one step."""
        units = self.chosen()
        if not units:
            raise InputError("没有选定单位。", "请在列表中用空格键勾选单位。")
        store, year, node = self._workspace.store, self._workspace.year, self._row.id
        workspace, values = self._workspace, self.with_values.isChecked()

        def copy() -> int:
            return decomposition_structure.copy_branch(store, year, node, units, with_values=values)

        def tell(made: int) -> None:
            workspace.say(workspace.tr("已复制给 {} 个单位,共 {} 项,可以撤销。").format(len(units), made), tone="green")

        if len(units) * (1 + self._row.child_count) > AT_ONCE:
            workspace.jobs.run(
                self.tr("复制给 {} 个单位").format(len(units)), lambda _control: copy(),
                done=tell, owner=workspace, writes=True,
            )
            return
        self.made = copy()
        tell(self.made)
