"""The room 目标分解: from the office's targets down to the person who handles each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import decomposition, planning_grid
from mbo_desktop.services.decomposition import BranchFilter, Matching
from ui.grids.summary import summarise
from ui.grids.writing import Outcome
from ui.later import later
from ui.pages.base import Page
from ui.pages.decomposition_deeds import BranchDeeds
from ui.pages.decomposition_filters import BranchFilters
from ui.pages.decomposition_follow import follow, tell
from ui.pages.decomposition_marks import BlankMarks
from ui.pages.decomposition_side import BranchSide
from ui.pages.decomposition_tree import BranchSource, BranchTree
from ui.pages.decomposition_views import TREE, VIEWS
from ui.pages.view_host import ViewHost
from ui.theme import icon
from ui.widgets.empty_page import EmptyPage
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

OPENED_AT_MOST = 300
"""Rows a filter opens by itself; the rest is opened by hand."""


class DecompositionPage(Page):
    """Header with figures, filters, the tree or another view, the side panel."""

    key = "decomposition"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "目标分解")
        self.source = BranchSource(workspace)
        self.tree = BranchTree(self.source)
        self.side = BranchSide(workspace)
        self.filters = BranchFilters(workspace)
        self.switch = ViewSwitch([(TREE, self.tr("按目标")), *((view.key, view.title) for view in VIEWS)])
        self.switch.take_keys(self)
        self.views = ViewHost(self, VIEWS)
        self.deeds = BranchDeeds(self)
        self.marks = BlankMarks(workspace, self)
        self.source.marks = self.marks.of
        self.side.blanks_of = self.marks.texts
        self._state: Mapping[str, Any] = {}
        self._year = -1
        self._asked = 0
        self._matched: Matching | None = None
        self._behind = False
        """Whether something changed while the tree was not shown."""
        self._build_head()
        self._build_body()
        self._connect()

    # Building -----------------------------------------------------------------

    def _build_head(self) -> None:
        self.more_button = QPushButton(self.tr("操作"))
        self.more_button.setIcon(icon("ellipsis"))
        self.more_button.setMenu(self.deeds.menu(self.more_button))
        self._buttons.addWidget(self.more_button)
        self.print_button = self.add_button(
            self.tr("打印…"), self.deeds.print, hint=self.tr("分解表、单位和个人任务单、网络图、空白清单  Ctrl+P"))
        self.split_button = self.add_button(
            self.tr("拆分…  F7"), self.deeds.split, hint=self.tr("把选中项的目标值拆给下级"))
        self.add_button_ = self.add_button(
            self.tr("新增下级  Ctrl+Enter"), self._on_add_child, primary=True,
            hint=self.tr("在选中项下面新增一项;同级按 Insert"),
        )
        self.columns_button = QPushButton(self.tr("列"))
        self.columns_button.setIcon(icon("columns-3"))
        menu = QMenu(self.columns_button)
        menu.aboutToShow.connect(self._fill_columns)
        self.columns_button.setMenu(menu)
        self.add_filter(self.switch)
        self.add_filter(self.filters, 1)
        self.add_filter(self.columns_button)

    def _build_body(self) -> None:
        self.empty = EmptyPage(
            "list-tree", self.tr("还没有可以分解的目标"),
            self.tr(
                "这里把每项目标逐级拆到责任单位、科室和乡镇,直到责任人和经办人。"
                "目标来自“目标体系”;上级下达的目标也可在这里直接录入,再拆分、定人、排计划。"
            ),
            (
                (self.tr("新建上级下达目标…"), self.deeds.add_superior),
                (self.tr("去目标体系录入或导入"), self._go_planning),
            ),
        )
        self.stack = QStackedWidget()
        for widget in (self.tree, self.empty, self.views):
            self.stack.addWidget(widget)
        self.set_body(self.stack, self.side, side_width=330)

    def _connect(self) -> None:
        self.switch.switched.connect(self._on_view)
        self.filters.changed.connect(self._on_filter)
        self.filters.entered.connect(self.tree.setFocus)
        self.tree.current_row_changed.connect(self.side.show_node)
        self.tree.complained.connect(self.workspace.report)
        self.tree.find_asked.connect(self.find)
        self.tree.outline_pasted.connect(self.deeds.paste_outline)
        self.tree.deeds = self.deeds.actions
        self.tree.tree.wrote.connect(self._on_wrote)
        self.tree.selectionModel().selectionChanged.connect(self._on_selection)
        self.side.deed_asked.connect(self.deeds.do)
        self.side.node_asked.connect(self.open_node)
        self.marks.changed.connect(self._on_marks)
        self.marks.counted.connect(self._show_figures)
        self.views.figures_changed.connect(self.set_figures)
        self.views.cell_asked.connect(self._on_place_asked)

    def _fill_columns(self) -> None:
        menu = self.columns_button.menu()
        menu.clear()
        self.tree.column_actions(menu)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year and show the view of last time."""
        first = self._year < 0
        another = self._year != self.workspace.year
        self._year = self.workspace.year
        self.filters.reload(self._year)
        if first and self._state:
            self.filters.restore_state(self._state.get("filters", {}))
        if self.views.key:
            self._show_further(self.views.key)
            self._behind = True
            return
        self._show_tree(anew=another or first)

    def _show_tree(self, *, anew: bool) -> None:
        self._show_own(True)
        self.switch.set_view(TREE)
        if self._show_whether_empty():
            return
        if anew:
            self._behind = False
            self._apply_filter(keep_place=True)
            self.marks.read()
        elif self._behind:
            self._behind = False
            self.tree.tree.sync_shown()
            self.marks.read()
            self.side.show_node(self.tree.current_id())
        self._show_figures()
        self.shown()

    def _show_whether_empty(self) -> bool:
        """Whether the year has nothing to break down; the page then teaches how to begin."""
        empty = not planning_grid.count(self.store, self.workspace.year)
        shown = self.empty if empty else self.tree
        if self.stack.currentWidget() is not shown:
            self.stack.setCurrentWidget(shown)
        self.setFocusProxy(self.empty.buttons[0] if empty else self.tree)
        for widget in (self.side, self.filters, self.columns_button, self.split_button,
                       self.add_button_, self.more_button, self.print_button):
            widget.setVisible(not empty)
        if empty:
            self.set_figures(self.tr("{} 年度 · 0 项目标").format(self.workspace.year))
            self.workspace.status("rows", "")
        return empty

    def _show_own(self, shown: bool) -> None:
        for widget in (self.side, self.filters, self.columns_button, self.split_button,
                       self.add_button_, self.more_button, self.print_button):
            widget.setVisible(shown)

    def _show_further(self, key: str) -> None:
        self._show_own(False)
        self.stack.setCurrentWidget(self.views)
        self.switch.set_view(key)
        self.set_figures("")
        self.views.show_view(key)
        self.setFocusProxy(self.views)

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.views.view is not None:
            self.views.view.shown()
            return
        if self.stack.currentWidget() is self.empty:
            self.workspace.status("rows", "")
            return
        count = f"{self.marks.checked:,}" if self.marks.checked else "…"
        text = self.tr("{} 项").format(count)
        if self._matched is not None:
            text = self.tr("{} 项(筛选后 {})").format(count, f"{len(self._matched.hits):,}")
        self.workspace.status("rows", text)

    def refresh(self, changes: Any) -> None:
        """Records changed; only what they touch is read again."""
        if changes is None:
            self._year = -1 if self._year < 0 else 0
            self.activate()
            return
        if self.views.key:
            self._behind = True
            self.views.refresh(changes)
            return
        if self.stack.currentWidget() is self.empty:
            self._show_tree(anew=True)
            return
        tell(self.workspace, changes, self)
        chain, section = self.tree.tree.path(self.tree.current_id()), self.tree.currentIndex().column()
        if follow(self.tree.tree, self.store, self.workspace.year, changes.ids_by_type):
            if chain and not self.tree.currentIndex().isValid():
                # The current row went with its branch: stay near, the keys must have a place.
                self.tree.return_to(chain, max(section, 0))
            if {"category", "year"} & set(changes.ids_by_type):
                self.filters.reload(self.workspace.year)
            if {"indicator", "year"} & set(changes.ids_by_type) and self._show_whether_empty():
                return
            self.side.show_node(self.tree.current_id())
            self.marks.follow(changes.ids_by_type)

    # Figures ------------------------------------------------------------------

    def _on_marks(self, nodes: frozenset[int] | None) -> None:
        self.side.show_blanks()
        self.tree.tree.age(nodes)
        self._show_figures()

    def _show_figures(self) -> None:
        if not self.views.key and self.stack.currentWidget() is self.tree:
            self.set_figures(self.tr("{} 年度 · {}").format(self.workspace.year, self.marks.line()))
            self.shown()

    def _on_selection(self) -> None:
        cells = self.tree.selected_cells()
        found = summarise((self.tree.tree.cell(index) for index in cells), len(cells))
        self.workspace.status("summary", found.sentence())

    def _on_wrote(self, outcome: Outcome) -> None:
        sentence = outcome.sentence()
        if sentence and (outcome.unreadable > 1 or outcome.read_only or outcome.beyond):
            self.workspace.say(sentence, tone="amber")

    # Filters ------------------------------------------------------------------

    def _on_filter(self) -> None:
        self._apply_filter(keep_place=False)

    def _apply_filter(self, *, keep_place: bool) -> None:
        chosen = self.filters.chosen()
        self._asked += 1
        asked, store, year = self._asked, self.store, self.workspace.year
        if chosen.is_empty:
            self._take_matching(None, keep_place=keep_place)
            return
        if self.filters.lacks_operator:
            self.workspace.say(
                self.tr("经办人“{}”没有登记岗位。请先在“单位人员”中登记任职,再用“我的”筛选。").format(store.operator),
                tone="amber",
            )

        def done(found: Matching) -> None:
            if asked == self._asked:
                self._take_matching(found, keep_place=keep_place)

        self.workspace.jobs.read(lambda: decomposition.matching(store, year, chosen), done, self)

    def _take_matching(self, found: Matching | None, *, keep_place: bool) -> None:
        was_narrow, self._matched = self._matched is not None, found
        chain = self.tree.tree.path(self.tree.current_id())
        section = max(self.tree.currentIndex().column(), 0)
        if found is not None and not keep_place and self.tree.current_id() not in found.hits:
            chain = []
        if keep_place and not chain:
            place = self._state.get("tree", {})
            chain = [one for one in place.get("current", ()) if isinstance(one, int)]
            section = place.get("section", 0) if isinstance(place.get("section"), int) else 0
        self.source.hits = None if found is None else found.hits
        if found is not None or was_narrow or keep_place or self.tree.tree.rowCount() == 0:
            self.tree.open_found(OPENED_AT_MOST if found is not None else 0)
            if found is None:
                self.tree.tree.set_visible(None)
            else:
                self.tree.tree.set_visible(found.visible, found.ways)
            later(self, lambda: self._open_found(chain, section))
        self.shown()

    def _open_found(self, chain: Sequence[int], section: int) -> None:
        """Open the way to what was found, else the branch that was current before."""
        if self._matched is None and not chain:
            # The first category only: opening all of them reads hundreds of rows at once.
            self.tree.expand(self.tree.tree.index(0, 0))
        if chain:
            self.tree.return_to(chain, section)
        if not self.tree.currentIndex().isValid():
            self.tree.select_first(self.source.hits)
        state = self._state.get("tree", {})
        if self._matched is None and chain:
            self.tree.scroll_back(state.get("scroll"))
        self._state = {}
        if not self.tree.currentIndex().isValid():
            self.side.show_node(0)

    # Places -------------------------------------------------------------------

    def open_node(self, node: int, field: str = "") -> bool:
        """Show a node whatever the filter hides, and of it a cell or a field of the side panel."""
        if self.views.key:
            self.views.leave()
            self._show_tree(anew=False)
        path = decomposition.path_to(self.store, self.workspace.year, node)
        if not path:
            self.workspace.say(self.tr("这一项已不在本年度的分解树中。"), tone="amber")
            return False
        if self._matched is not None and not set(path) <= self._matched.visible:
            self.filters.clear()
        section = self.tree.section_of(field)
        self._state = {}
        if self.tree.tree.rowCount() == 0:
            self.tree.tree.fetchMore(self.tree.tree.index_of(0))
        found = self.tree.show_record(path, section)
        # A reset of the tree opens its branches a turn later, which scrolls.
        later(self, lambda: self.tree.return_to(path, section))
        self.tree.setFocus()
        if field and not self.tree.has_column(field):
            self.side.ask_for(field)
            self.side.show_node(self.tree.current_id())
        return found

    def show_record(self, record: int, kind: str) -> None:
        """A node of the tree; of a unit all that it carries."""
        if kind == "unit":
            self._leave_view()
            self.filters.show_unit(RecordId(record))
        else:
            self.open_node(record)

    def show_hint(self, hint: str) -> None:
        """A view by its key; what lacks people, what is late."""
        if self.views.knows(hint):
            self._on_view(hint)
            self.views.show_hint()
        elif hint in ("unassigned", "late"):
            self._leave_view()
            self.filters.clear()
            getattr(self.filters, hint).setChecked(True)

    def _on_place_asked(self, node: object, field: object) -> None:
        if isinstance(node, int) and node:
            self.open_node(node, str(field or ""))

    def _on_view(self, key: str) -> None:
        if self.views.knows(key):
            self._show_further(key)
        else:
            self._leave_view()
        self.setFocus()

    def _leave_view(self) -> None:
        if self.views.key:
            self.views.leave()
            self._show_tree(anew=False)

    def _go_planning(self) -> None:
        self.workspace.go("planning")

    def _on_add_child(self) -> None:
        self.tree.setFocus()
        if not self.workspace.read_only:
            self.tree.add_child()

    # The page as the window sees it ---------------------------------------------

    def find(self) -> None:
        """Ctrl+F: into the filter."""
        if self.views.view is not None:
            self.views.view.find()
        else:
            self.filters.text.setFocus()
            self.filters.text.selectAll()

    def copy(self) -> None:
        """The selected block."""
        if self.views.view is not None:
            self.views.view.copy()
        else:
            self.tree.copy()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V in the empty room begins with a target."""
        if self.stack.currentWidget() is self.empty and event.matches(QKeySequence.StandardKey.Paste):
            self.deeds.add_superior()
            event.accept()
            return
        super().keyPressEvent(event)

    def side_widget(self) -> QWidget | None:
        """The panel of what is shown."""
        return self.views.side() if self.views.key else self.side

    def manual_page(self) -> str:
        """The chapter of the view that is shown."""
        return self.views.view.manual if self.views.view is not None else ""

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is typed while another writes."""
        self.tree.tree.read_only = read_only
        self.views.set_read_only(read_only)
        self.deeds.set_read_only(read_only)
        for button in (self.add_button_, self.split_button, *self.empty.buttons[:1]):
            button.setEnabled(not read_only)
        self.side.show_node(self.tree.current_id())

    def save_state(self) -> Mapping[str, Any]:
        """View, filters, columns, open branches, place."""
        if self._year < 0:
            return self._state
        return {
            "filters": self.filters.save_state(), "tree": dict(self.tree.save_state()),
            "further": self.views.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        self.tree.restore_state(state.get("tree", {}))
        self.views.key = self.views.restore_state(state.get("further", {}))

    def chosen_filter(self) -> BranchFilter:
        """What is shown, for papers of the same."""
        return self.filters.chosen()
