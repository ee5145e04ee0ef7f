"""What keys and the mouse do to a tree's nodes: new, rename, move, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMessageBox

from mbo_desktop.errors import ProgramError

if TYPE_CHECKING:
    from ui.grids.tree_view import TreeView


class TreeStructure:
    """The structure half of `TreeView`; every deed is one call of the source, one undo step."""

    def add_sibling(self: TreeView) -> None:
        """A new node behind the current one, its name being typed."""
        key = self.current_id()
        path = self.tree.path(key)
        self._add(path[-2] if len(path) > 1 else 0, key or None)

    def add_child(self: TreeView) -> None:
        """A new node as the last child of the current one."""
        self._add(self.current_id(), None)

    def _add(self: TreeView, parent: int, after: int | None) -> None:
        made = self._do(lambda: self.tree.source.add(parent, after))  # type: ignore[attr-defined]
        if made is None:
            return
        self.tree.refresh([parent] if parent else [])
        if parent:
            self.expand(self.tree.index_of(parent))
        self.tree.sync_parents([parent])
        index = self.tree.load_to([*self.tree.path(parent), made])
        if self.tree.key(index) == made:
            self.select_cell(index)
            self.start_editing()

    def rename(self: TreeView) -> None:
        """Edit the current node's title."""
        index = self.currentIndex().siblingAtColumn(0)
        if index.isValid():
            self.select_cell(index)
            self.start_editing()

    def promote(self: TreeView) -> None:
        """Put the selected nodes behind their parent."""
        keys = self.selected_ids()
        path = self.tree.path(keys[0]) if keys else []
        if len(path) < 2:
            return
        grand = path[-3] if len(path) > 2 else 0
        self.move_nodes(keys, grand, _following(self.tree.children(grand), path[-2]))

    def demote(self: TreeView) -> None:
        """Put the selected nodes under the node above them."""
        keys = self.selected_ids()
        path = self.tree.path(keys[0]) if keys else []
        if not path:
            return
        siblings = self.tree.children(path[-2] if len(path) > 1 else 0)
        place = siblings.index(keys[0])
        if place > 0:
            self.open_keys.add(siblings[place - 1])
            self.move_nodes(keys, siblings[place - 1], None)

    def move_up(self: TreeView) -> None:
        """Swap places with the sibling above."""
        self._shift(-1)

    def move_down(self: TreeView) -> None:
        """Swap places with the sibling below."""
        self._shift(1)

    def _shift(self: TreeView, step: int) -> None:
        keys = self.selected_ids()
        path = self.tree.path(keys[0]) if keys else []
        if not path:
            return
        parent = path[-2] if len(path) > 1 else 0
        siblings = self.tree.children(parent)
        keys = [k for k in siblings if k in set(keys)]
        edge = siblings.index(keys[0] if step < 0 else keys[-1]) + step
        if not 0 <= edge < len(siblings):
            return
        before = siblings[edge] if step < 0 else _following(siblings, siblings[edge])
        self.move_nodes(keys, parent, before)

    def move_nodes(self: TreeView, keys: Sequence[int], parent: int, before: int | None) -> None:
        """Move nodes as one step and keep the first of them current."""
        section = max(self.currentIndex().column(), 0)
        parents = {self.tree.parent_of(key) or 0 for key in keys}

        def act() -> bool:
            self.tree.source.move(keys, parent, before)  # type: ignore[attr-defined]
            return True

        if self._do(act) is None:
            return
        chain = self.tree.path(parent)
        self.tree.refresh([parent] if parent else [])
        self.tree.sync_parents({parent, *parents})
        if parent:
            self.expand(self.tree.load_to(chain))
        self.show_record([*chain, keys[0]], section)

    def remove_selected(self: TreeView) -> None:
        """Remove the selected nodes after saying how many stand below."""
        keys = self.selected_ids()
        if not keys:
            return
        question = self._do(lambda: self.tree.source.describe_removal(keys))  # type: ignore[attr-defined]
        if question is None or not self.ask(question):
            return
        near = self.vertical(self.currentIndex(), -1)
        near_chain = self.tree.path(self.tree.key(near))
        parents = {self.tree.parent_of(key) or 0 for key in keys}

        def act() -> bool:
            self.tree.source.remove(keys)  # type: ignore[attr-defined]
            return True

        if self._do(act):
            self.tree.sync_parents(parents)
            self.show_record(near_chain)

    def _do(self: TreeView, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ProgramError as error:
            self.complained.emit(error)
            return None

    def _ask_in_dialog(self: TreeView, question: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("删除"), question, parent=self)
        yes = box.addButton(self.tr("删除"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("取消"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.exec()
        return box.clickedButton() is yes



def _following(keys: Sequence[int], key: int) -> int | None:
    """The key behind another one; None for the last."""
    place = list(keys).index(key) + 1
    return keys[place] if place < len(keys) else None
