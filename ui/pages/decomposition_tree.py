"""The decomposition tree: what its cells write, its structure, and what pasting on a title means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from mbo_desktop.services import (
    decomposition,
    decomposition_edits,
    decomposition_people,
    decomposition_structure,
    office_words,
    offices,
)
from mbo_desktop.services.decomposition import BranchKind
from mbo_desktop.services.decomposition_edits import BranchField, FieldEdit
from mbo_desktop.services.origins import origins
from ui.grids.clipboard import from_mime, to_text
from ui.grids.columns import Edit, Option
from ui.grids.source import Refused
from ui.grids.tree_model import TreeModel, TreeRow
from ui.grids.tree_view import TreeView
from ui.pages.decomposition_columns import branch_columns, tree_row
from ui.theme import scaled
from ui.workspace import Workspace

INDENT = "　"
"""Before the titles of a copied outline, once for each level."""

SPARE = {"title": 10, "value": 4, "unit": 4, "supporting": 3, "responsible": 2, "handler": 2,
         "leader": 2, "plan": 4, "blanks": 3}
"""How the columns share room that is left over."""


class BranchSource:
    """The nodes of the tree of one year; `hits` are the rows a filter found (None: no filter)."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = workspace.store
        self.hits: frozenset[int] | None = None
        self.editing = 0
        """The row that is typed into, for the choice of people."""
        self.marks: Callable[[int], tuple[Sequence[str], frozenset[str]]] = lambda _node: ((), frozenset())
        self.columns = branch_columns(self.find_units, self.find_posts, lambda: self.year)

    @property
    def year(self) -> int:
        """The year that is looked at."""
        return self.workspace.year

    def child_ids(self, parent: int) -> Sequence[int]:
        """Nodes below one in their order."""
        return decomposition.child_ids(self.store, self.year, parent)

    def rows(self, ids: Sequence[int]) -> Mapping[int, TreeRow]:
        """Rows with what is in effect."""
        found = decomposition.rows(self.store, self.year, ids)
        records = {node: row.allocation if row.kind is BranchKind.ALLOCATION else row.target or row.indicator
                   for node, row in found.items()}
        known = origins(self.store, [one for one in records.values() if one is not None])
        made = {}
        for node, row in found.items():
            marks, fields = self.marks(node)
            record = records[node]
            made[node] = tree_row(
                row, year=self.year, hit=self.hits is None or node in self.hits, marks=marks, fields=fields,
                origin=None if record is None else known.get(record),
            )
        return made

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Save cells as one step; what cannot be taken comes back with its reason."""
        fields = [FieldEdit(edit.row, BranchField.of(edit.key), edit.value) for edit in edits]
        refused = decomposition_edits.write_fields(self.store, self.year, fields, label)
        return {(row, str(key)): why for (row, key), why in refused.items()}

    # Pickers ------------------------------------------------------------------

    def find_units(self, typed: str) -> Sequence[Option]:
        """Units by name, code, pinyin initials, in official order."""
        if not typed.strip():
            rows = offices.units_in_order(self.store, limit=200)
        else:
            rows = offices.search_units(self.store, typed, limit=60)
        return [Option(row.id, row.short_name, row.name if row.name != row.short_name
                       else office_words.kind(self.store, row.kind))
                for row in rows]

    def find_posts(self, typed: str) -> Sequence[Option]:
        """People of the row's unit and those below it, by name, post, pinyin initials."""
        row = decomposition.rows(self.store, self.year, [self.editing]).get(self.editing)
        if row is None or row.unit is None:
            return []
        return [
            Option(choice.post, choice.label, "" if choice.is_own else choice.unit_label)
            for choice in decomposition_people.post_choices(self.store, row.unit, typed)
        ]

    # Structure ----------------------------------------------------------------

    def add(self, parent: int, after: int | None) -> int:
        """A node behind a sibling, or as the last one below."""
        if after:
            return decomposition_structure.add_sibling(self.store, self.year, after)
        return decomposition_structure.add_child(self.store, self.year, parent)

    def move(self, ids: Sequence[int], parent: int, before: int | None) -> None:
        """Put nodes elsewhere."""
        decomposition_structure.move(self.store, self.year, ids, parent, before)

    def remove(self, ids: Sequence[int]) -> None:
        """Remove nodes with all that stand below."""
        decomposition_structure.remove(self.store, self.year, ids)

    def describe_removal(self, ids: Sequence[int]) -> str:
        """The question before."""
        return decomposition_structure.removal_question(self.store, self.year, ids)


class BranchTree(TreeView):
    """The tree with its menu of deeds; an outline pasted on a title is shown before it is taken."""

    outline_pasted = Signal(str, str)
    """Text and HTML of several lines pasted on a title."""

    def __init__(self, source: BranchSource, parent: QWidget | None = None) -> None:
        self._chosen_widths = False
        super().__init__(TreeModel(source), parent)
        self.source = source
        self.deeds: Callable[[], Sequence[QAction]] = tuple
        """What else can be done to the current row, with its keys."""
        self._delegate.opened.connect(self._on_editor_opened)
        self.header_row.sectionResized.connect(self._on_section_resized)
        self.setAccessibleName(self.tr("目标分解树"))

    def _on_editor_opened(self, _editor: object) -> None:
        self.source.editing = self.current_id()

    # Columns ------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spare room is shared out, until widths were chosen by hand."""
        super().resizeEvent(event)
        if not self._chosen_widths:
            self.fit_widths()

    def fit_widths(self) -> None:
        """Share spare room out to the columns with long texts, most of it to the titles."""
        shown = [(section, self.tree.columns[section]) for section in self.sections()]
        spare = self.viewport().width() - sum(scaled(column.width) for _section, column in shown)
        growing = sum(SPARE.get(column.key, 0) for _section, column in shown)
        for section, column in shown:
            share = SPARE.get(column.key, 0) / growing if spare > 0 else 0
            self.setColumnWidth(section, int(scaled(column.width) + spare * share))

    def column_actions(self, menu: QMenu) -> None:
        """A tick for each column that may be hidden."""
        for section, column in enumerate(self.tree.columns):
            if section == 0:
                continue
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(section))
            action.setData(section)
            action.toggled.connect(self._on_column)

    def _on_column(self, shown: bool) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.setColumnHidden(int(action.data()), not shown)
        if not self._chosen_widths:
            self.fit_widths()

    def save_state(self) -> Mapping[str, Any]:
        """Widths, hidden columns, open branches, scroll, current cell."""
        hidden = [c.key for n, c in enumerate(self.tree.columns) if self.isColumnHidden(n)]
        return {
            **super().save_state(), "hidden": hidden, "by_hand": self._chosen_widths,
            "scroll": self.verticalScrollBar().value(),
            "current": self.tree.path(self.current_id()), "section": max(self.currentIndex().column(), 0),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up widths, columns and open branches; the place is taken up by `return_to`."""
        if state.get("by_hand"):
            self._chosen_widths = True
            super().restore_state(state)
        else:
            self.open_keys.update(k for k in state.get("open", ()) if isinstance(k, int))
        if isinstance(state.get("hidden"), list):
            for section, column in enumerate(self.tree.columns):
                self.setColumnHidden(section, section > 0 and column.key in state["hidden"])

    def _on_section_resized(self, *_sizes: int) -> None:
        """A border dragged with the mouse: from now on the widths are those chosen by hand."""
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._chosen_widths = True

    # Clipboard ----------------------------------------------------------------

    def copy(self) -> None:
        """Titles alone are copied as an outline with what stands open below, else the block."""
        cells = self.selected_cells()
        if cells and all(index.column() == 0 for index in cells):
            QGuiApplication.clipboard().setText(to_text(self._outline()))
        else:
            super().copy()

    def _outline(self) -> list[list[str]]:
        rows = self._rows_selected()
        least = min(len(self.tree.path(self.tree.key(row))) for row in rows)
        return [
            [INDENT * (len(self.tree.path(self.tree.key(row))) - least) + self.tree.cell(row).text]
            for row in rows
        ]

    def paste(self) -> None:
        """Several lines on a title are an outline, a block elsewhere fills cells."""
        mime = QGuiApplication.clipboard().mimeData()
        on_title = self.currentIndex().column() <= 0
        if on_title and len(from_mime(mime)) > 1:
            if not self.tree.read_only:
                self.outline_pasted.emit(mime.text(), mime.html() if mime.hasHtml() else "")
            return
        super().paste()

    # Keys and menu ------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with the space bar selects the row, as in a spreadsheet."""
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Space and shift:
            self._select_rows()
            event.accept()
            return
        super().keyPressEvent(event)

    def _select_rows(self) -> None:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for index in self._rows_selected():
            self.selectionModel().select(index, flags)

    def _on_menu(self, place: QPoint) -> None:
        menu = self.make_menu()
        menu.exec(self.viewport().mapToGlobal(place))

    def structure_actions(self) -> list[tuple[str, str, Callable[[], None]]]:
        """Of targets only parts are made here; moved, renamed and deleted are the parts themselves."""
        listed = super().structure_actions()
        row = decomposition.row(self.source.store, self.source.year, self.current_id())
        if row is None or row.kind is BranchKind.ALLOCATION:
            return listed
        return [one for one in listed if one[2] == self.add_child and row.target is not None]

    def make_menu(self) -> QMenu:
        """Structure, deeds and clipboard with their keys."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for label, key, deed in self.structure_actions():
            menu.addAction(f"{label}\t{key}").triggered.connect(deed)
        menu.addSeparator()
        menu.addActions(list(self.deeds()))
        menu.addSeparator()
        for label, key, deed in (
            (self.tr("复制"), "Ctrl+C", self.copy), (self.tr("粘贴"), "Ctrl+V", self.paste),
            (self.tr("向下填充"), "Ctrl+D", self.fill_down),
            (self.tr("选中整行"), "Shift+空格", self._select_rows),
        ):
            menu.addAction(f"{label}\t{key}").triggered.connect(deed)
        return menu

    def return_to(self, chain: Sequence[int], section: int = 0) -> None:
        """Make a record current again, or the nearest one above it that is still there."""
        while chain and not self.show_record(list(chain), min(section, len(self.tree.columns) - 1)):
            chain = chain[:-1]

    def scroll_back(self, place: object) -> None:
        """Where the tree stood, as far as the current row is seen there: another zoom has other places."""
        if isinstance(place, int):
            self.verticalScrollBar().setValue(place)
            self.scrollTo(self.currentIndex())

    def section_of(self, field: str) -> int:
        """The column of a field, shown if it was hidden; 0 for what is no column."""
        for section, column in enumerate(self.tree.columns):
            if column.key == field:
                if self.isColumnHidden(section):
                    self.setColumnHidden(section, False)
                return section
        return 0

    def has_column(self, field: str) -> bool:
        """Whether a field is typed in the tree; the others are in the side panel."""
        return any(column.key == field and column.editable for column in self.tree.columns)

    def select_first(self, hits: frozenset[int] | None) -> None:
        """Make the first row found current, on the way down from the first top; else the first row."""
        chain: list[int] = []
        children = self.tree.children(0)
        while children:
            chain.append(children[0])
            if hits is None or chain[-1] in hits:
                break
            children = self.tree.children(chain[-1])
        if chain:
            self.show_record(chain)
