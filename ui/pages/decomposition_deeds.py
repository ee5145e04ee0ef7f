"""What can be done to the selected nodes of 目标分解: split, plan, copy, leave undivided, new targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mbo_desktop.services import decomposition, decomposition_edits
from mbo_desktop.services.decomposition import BranchKind, BranchRow
from mbo_desktop.services.decomposition_edits import BranchField, FieldEdit

if TYPE_CHECKING:
    from ui.pages.decomposition import DecompositionPage


READING = frozenset({"print", "network", "export", "show_in_planning"})
"""Deeds that write nothing."""


class BranchDeeds(QObject):
    """The actions with their keys; each is one step that can be taken back."""

    def __init__(self, page: DecompositionPage) -> None:
        super().__init__(page)
        self._page = page
        self._deeds: dict[str, Callable[[], None]] = {
            "split": self.split, "plan": self.plan, "lock": self.lock, "confirm": self.confirm,
            "copy": self.copy_branch, "undivided": self.undivided, "outline": self.paste_outline,
            "superior": self.add_superior, "print": self.print, "network": self.show_network,
            "export": self.export_ledger, "read_back": self.read_back,
            "show_in_planning": self.show_in_planning,
        }
        words = (
            ("split", self.tr("拆分到下级…"), "F7"), ("plan", self.tr("编排进度计划…"), "F8"),
            ("lock", self.tr("锁定或解除锁定数值"), "Ctrl+L"),
            ("confirm", self.tr("按新目标确认分解"), ""),
            ("copy", self.tr("复制到其他单位…"), "F9"), ("undivided", self.tr("不再分解的说明…"), "Ctrl+B"),
            ("outline", self.tr("粘贴大纲…"), "Ctrl+Shift+V"),
            ("superior", self.tr("新建上级下达目标…"), "Ctrl+N"),
            ("print", self.tr("打印…"), "Ctrl+P"), ("network", self.tr("责任网络图…"), "F4"),
            ("export", self.tr("导出分解台账…"), ""), ("read_back", self.tr("读回分解台账…"), ""),
            ("show_in_planning", self.tr("在目标体系中查看"), ""),
        )
        self.by_name: dict[str, QAction] = {}
        for name, text, key in words:
            action = QAction(text, page)
            if key:
                action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(self._deeds[name])
            page.addAction(action)
            self.by_name[name] = action

    def actions(self) -> Sequence[QAction]:
        """What fits the current row, for the context menu."""
        row = self._row()
        fitting = {"superior", "outline", "print", "network", "export", "read_back"}
        if row is not None and row.target is not None:
            fitting |= {"plan", "undivided", "show_in_planning"}
            if row.child_count:
                fitting |= {"split"}
            if row.redivide:
                fitting |= {"confirm"}
        if row is not None and row.kind is BranchKind.ALLOCATION:
            fitting |= {"lock"}
        if row is not None and (row.kind is BranchKind.ALLOCATION or (row.target and row.child_count)):
            fitting |= {"copy"}
        return [action for name, action in self.by_name.items() if name in fitting]

    def menu(self, parent: QWidget) -> QMenu:
        """The menu of the button 操作: structure and deeds that fit the current row, with keys."""
        menu = QMenu(parent)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for label, key, deed in self._page.tree.structure_actions():
            menu.addAction(f"{label}\t{key}").triggered.connect(deed)
        menu.addSeparator()
        for action in self.actions():
            if action is self.by_name["print"]:
                menu.addSeparator()
            menu.addAction(action)

    def do(self, name: str) -> None:
        """A deed by its name, asked for from the side panel."""
        self._deeds[name]()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is done while another writes."""
        for name, action in self.by_name.items():
            action.setEnabled(not read_only or name in READING)

    # The current row ------------------------------------------------------------

    def _row(self) -> BranchRow | None:
        node = self._page.tree.current_id()
        return decomposition.row(self._page.store, self._page.workspace.year, node) if node else None

    def _row_with_target(self, what: str) -> BranchRow | None:
        """The current row if it carries a target; else the reason is said."""
        row = self._row()
        if row is None or row.target is None:
            self._page.workspace.say(
                self.tr("请先选中一项目标或分解项,再{}。").format(what), tone="amber")
            return None
        return row

    # Deeds ------------------------------------------------------------------------

    def split(self) -> None:
        """Give the value of the current node to its children."""
        row = self._row_with_target(self.tr("拆分"))
        if row is None or self._page.workspace.read_only:
            return
        if not row.child_count:
            self._page.workspace.say(
                self.tr("“{}”还没有下级。先按 Ctrl+Enter 新增下级,或粘贴单位名单,再拆分。").format(row.name),
                tone="amber",
            )
            return
        from ui.dialogs.decomposition_split import SplitDialog

        SplitDialog(self._page.workspace, row, self._page).exec()
        self._page.tree.setFocus()

    def plan(self) -> None:
        """The cumulative plan of the current node."""
        row = self._row_with_target(self.tr("编排计划"))
        if row is None or self._page.workspace.read_only:
            return
        from ui.dialogs.decomposition_plan import PlanDialog

        PlanDialog(self._page.workspace, row, self._page).exec()
        self._page.tree.setFocus()

    def lock(self) -> None:
        """Values that a new split leaves alone."""
        page = self._page
        year = page.workspace.year
        found = decomposition.rows(page.store, year, page.tree.selected_ids())
        parts = [row for row in found.values() if row.kind is BranchKind.ALLOCATION]
        if not parts or page.workspace.read_only:
            return
        locked = not all(row.locked for row in parts)
        edits = [FieldEdit(row.id, BranchField.LOCKED, locked) for row in parts]
        label = self.tr("锁定数值") if locked else self.tr("解除锁定")
        page.workspace.perform(
            lambda: decomposition_edits.write_fields(page.store, year, edits, label),
            saying=self.tr("已锁定 {} 项,再拆分时保持不变。").format(len(parts)) if locked
            else self.tr("已解除锁定 {} 项。").format(len(parts)),
        )

    def confirm(self) -> None:
        """The parts hold for the changed value too."""
        row = self._row_with_target(self.tr("确认"))
        if row is not None:
            from mbo_desktop.services import splitting

            page = self._page
            page.workspace.perform(
                lambda: splitting.confirm_division(page.store, page.workspace.year, row.id),
                saying=self.tr("已按新目标确认分解。"),
            )

    def copy_branch(self) -> None:
        """The branch once more for other units."""
        row = self._row_with_target(self.tr("复制"))
        if row is None or self._page.workspace.read_only:
            return
        if row.kind is not BranchKind.ALLOCATION and not row.child_count:
            self._page.workspace.say(
                self.tr("“{}”还没有分解,没有可以复制的内容。").format(row.name), tone="amber")
            return
        from ui.dialogs.decomposition_copy import CopyDialog

        CopyDialog(self._page.workspace, row, self._page).exec()
        self._page.tree.setFocus()

    def undivided(self) -> None:
        """Say why a node is knowingly not broken down."""
        row = self._row_with_target(self.tr("说明"))
        if row is None or self._page.workspace.read_only:
            return
        from ui.dialogs.decomposition_notes import UndividedDialog

        UndividedDialog(self._page.workspace, row, self._page).exec()
        self._page.tree.setFocus()

    def paste_outline(self, text: object = "", html: str = "") -> None:
        """Take an outline in below the current node, after a preview."""
        row = self._row()
        if row is None or row.kind is BranchKind.CATEGORY:
            self._page.workspace.say(
                self.tr("请先选中要接收大纲的目标或分解项。"), tone="amber")
            return
        if self._page.workspace.read_only:
            return
        from ui.dialogs.decomposition_outline import OutlineDialog

        dialog = OutlineDialog(
            self._page.workspace, row, self._page, text=text if isinstance(text, str) else "", html=html
        )
        if dialog.exec() and dialog.made:
            self._page.open_node(dialog.made)
        self._page.tree.setFocus()

    def add_superior(self) -> None:
        """A target received from above, typed in by hand."""
        if self._page.workspace.read_only:
            return
        from ui.dialogs.decomposition_superior import SuperiorTargetDialog

        path = self._page.tree.tree.path(self._page.tree.current_id())
        dialog = SuperiorTargetDialog(
            self._page.workspace, self._page, category=path[0] if path else 0)
        if dialog.exec() and dialog.made:
            self._page.open_node(dialog.made)

    def show_in_planning(self) -> None:
        """The indicator in the room where it is laid down."""
        row = self._row()
        if row is not None and row.indicator is not None:
            self._page.workspace.go("planning", int(row.indicator), "indicator")

    # Papers -----------------------------------------------------------------------

    def _branch(self) -> tuple[int, str]:
        """The current node and its name; (0, "") for none."""
        row = self._row()
        return (0, "") if row is None else (row.id, row.name)

    def print(self) -> None:
        """Which paper of which branch or unit."""
        from ui.dialogs.decomposition_paper import PaperDialog

        node, title = self._branch()
        PaperDialog(
            self._page.workspace, self._page, node=node, title=title, unit=self._page.chosen_filter().unit
        ).show()

    def show_network(self) -> None:
        """The picture of who answers for what."""
        from mbo_desktop.services.decomposition_network import NetworkScope
        from ui.dialogs.decomposition_network import show_network

        node, _title = self._branch()
        unit = self._page.chosen_filter().unit
        scope = NetworkScope(node=node) if node or unit is None else NetworkScope(unit=unit)
        show_network(self._page.workspace, self._page, scope, open_node=self._page.open_node)

    def export_ledger(self) -> None:
        """A workbook to be filled in and read back: of the unit filtered for, else of the branch."""
        from ui.dialogs.decomposition_ledger import export_ledger

        node, title = self._branch()
        unit = self._page.chosen_filter().unit
        if unit is not None:
            name = self._page.filters.unit.text().strip()
            export_ledger(self._page.workspace, self._page, unit=unit, name=name)
        else:
            export_ledger(self._page.workspace, self._page, node=node, name=title)

    def read_back(self) -> None:
        """A workbook that was filled in."""
        from ui.dialogs.decomposition_ledger import read_back

        read_back(self._page.workspace, self._page, unit=self._page.chosen_filter().unit)
