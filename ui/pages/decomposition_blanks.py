"""The view 空白清单 of 目标分解: everything blank or contradictory, each row leading to its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from mbo_desktop.errors import Cancelled
from mbo_desktop.services import blanks
from mbo_desktop.services.blanks import Blank, BlankKind, BlankList, Near, Room, Severity
from ui.grids.panel import GridPanel
from ui.jobs import JobControl
from ui.pages.decomposition_blanks_rows import ALL, SERIOUS, BlankSource, UnitList
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

REST_MS = 1_500
"""After changes beside the tree, or large ones, everything is checked anew once it rests."""
NEAR_AT_MOST = 60
TREE = ("allocation", "target", "indicator")
BESIDE = frozenset({
    "unit", "post", "person", "tenure", "succession", "office", "year", "category", "agreement",
    "adjustment", "correction", "joint_duty", "source", "source_item", "source_link",
    "outside_figure",
})
"""Types that only the whole list looks at."""


class BlanksView(RoomView):
    """Filters, the table, and beside it how many rows each unit has."""

    key = "blanks"
    manual = "blanks"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: BlankList | None = None
        self._asked = 0
        self._seen_changes = -1
        self._state: Mapping[str, Any] = {}
        self.source = BlankSource()
        self.panel = GridPanel(
            workspace, self.source, filter_hint=self.tr("筛选位置、内容… 拼音首字母也可")
        )
        self.panel.view.opened.connect(self._open_row)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Nothing is typed here: Enter opens instead of going down.
            enter = QShortcut(QKeySequence(key), self.panel.view)
            enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            enter.activated.connect(self.open_current)
        self.units = UnitList()
        self.units.unit_chosen.connect(self._on_unit)
        self.units.setMinimumWidth(scaled(150))
        self._build_tools()
        self._build_pages()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._check_quietly)

    # Building -----------------------------------------------------------------

    def _build_tools(self) -> None:
        self.severity = QComboBox()
        self.severity.setAccessibleName(self.tr("程度"))
        for label, chosen in (
            (self.tr("空白和不一致"), SERIOUS),
            *((one.label, frozenset({one})) for one in Severity),
            (self.tr("全部,含提示"), frozenset(Severity)),
        ):
            self.severity.addItem(label, chosen)
        self.severity.activated.connect(self._on_filter)
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("类别"))
        self.kind.setMinimumWidth(scaled(150))
        self.kind.activated.connect(self._on_filter)
        place = QWidget()
        place.setMinimumWidth(scaled(190))
        holder = QHBoxLayout(place)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(self.panel.filter_field)
        self.add_tool(self.severity)
        self.add_tool(self.kind)
        self.add_tool(place, 1)
        self.check_button = self.add_tool_button(
            self.tr("重新检查"), self.check, hint=self.tr("检查本年度全部目标和分解项"))
        self.print_button = self.add_tool_button(
            self.tr("打印…"), self.print_list, hint=self.tr("空白清单:预览、打印、另存 PDF 或 Word"))
        self.open_button = self.add_tool_button(
            self.tr("打开所在处  Enter"), self.open_current, primary=True,
            hint=self.tr("到补写、改正的地方"))

    def _build_pages(self) -> None:
        self.clean = EmptyPage(
            "circle-check", self.tr("没有空白"), self.tr("所选范围内没有要补写、改正的地方。"),
            ((self.tr("显示全部"), self.show_all),),
        )
        self.waiting = EmptyPage(
            "search", self.tr("还没有检查"),
            self.tr("检查本年度全部目标和分解项:缺责任人、经办人和时限,合计、计划和时限不符,单位和人员没有目标。"),
            ((self.tr("开始检查"), self.check),),
        )
        self.nothing = EmptyPage(
            "list-tree", self.tr("本年度还没有可以检查的目标"),
            self.tr("有了目标和分解项,这里逐项列出空白:缺责任人、经办人、时限,合计不符,单位和人员没有目标。"),
            ((self.tr("去目标体系导入或录入"), self._on_planning),),
        )
        self.stack = QStackedWidget()
        for page in (self.waiting, self.panel, self.clean, self.nothing):
            self.stack.addWidget(page)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.units)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(190)])
        self.setFocusProxy(self.stack)
        self.stack.setFocusProxy(self.panel)

    # Checking -----------------------------------------------------------------

    def activate(self) -> None:
        """Show the list at hand where it still holds, else check with the bar."""
        known = blanks.last_list(self.store, self.year)
        if self.found is not None and self.found.year != self.year:
            self.found = None
        if known is not None:
            self._show(known)
            self._check_quietly()
        else:
            self._show(None)
            # The tree's marks may be checking the same already: theirs is taken where it holds.
            self._check_with(blanks.current_list)

    def check(self) -> None:
        """Check the whole year beside the window, with progress and 取消."""
        self._check_with(blanks.all_blanks)

    def _check_with(self, make: Callable[..., BlankList]) -> None:
        self._asked += 1
        asked, store, year = self._asked, self.store, self.year
        at = store.change_count

        def work(control: JobControl) -> BlankList:
            return make(store, year, progress=control.progress, cancelled=control.cancelled)

        self.check_button.setEnabled(False)
        self.workspace.jobs.run(
            self.tr("检查目标分解"), work, done=lambda found: self._on_found(asked, at, found),
            failed=self._on_failed, owner=self,
        )

    def _check_quietly(self) -> None:
        self._timer.stop()
        self._asked += 1
        asked, store, year = self._asked, self.store, self.year
        at = store.change_count
        self.workspace.jobs.quietly(
            lambda: blanks.current_list(store, year),
            lambda found: self._on_found(asked, at, found), self,
        )

    def _on_found(self, asked: int, at: int, found: BlankList) -> None:
        self.check_button.setEnabled(True)
        if asked != self._asked or found.year != self.year:
            return
        self._seen_changes = at
        self._show(found)

    def _on_failed(self, error: BaseException) -> None:
        self.check_button.setEnabled(True)
        if not isinstance(error, Cancelled):
            self.workspace.report(error)
        if self.found is None:
            self.stack.setCurrentWidget(self.waiting)
            self.figures_changed.emit(self.tr("{} 年度 · 尚未检查").format(self.year))

    def refresh(self, changes: Any) -> None:
        """Check around what was changed; shown again: everything that changed meanwhile."""
        if changes is None:
            if self.found is None or self.found.year != self.year:
                self.activate()
            elif self.store.change_count != self._seen_changes:
                self._check_quietly()
            return
        touched = changes.ids_by_type
        ids = {record for kind in TREE for record in touched.get(kind, ())}
        if BESIDE & set(touched) or self.found is None or len(ids) > NEAR_AT_MOST:
            self._timer.start()
        if ids and self.found is not None and len(ids) <= NEAR_AT_MOST:
            self._check_near(ids)

    def _check_near(self, ids: set[int]) -> None:
        store, year, at = self.store, self.year, self.store.change_count

        def done(near: Near) -> None:
            if self.found is None or year != self.year:
                return
            self._seen_changes = at
            self._show(self.found.after(near))
            # Points, people without a task and the like follow once it rests.
            self._timer.start()

        self.workspace.jobs.read(lambda: blanks.blanks_near(store, year, ids), done, self)

    # Showing ------------------------------------------------------------------

    def _show(self, found: BlankList | None) -> None:
        if found is not None and found is self.found:
            return
        self.found = self.source.found = found
        if found is None:
            self.stack.setCurrentWidget(self.waiting)
            self.figures_changed.emit(self.tr("{} 年度 · 正在检查…").format(self.year))
            return
        self.figures_changed.emit(self.tr("{} 年度 · {}").format(self.year, found.sentence))
        self._fill_kinds()
        self._list()

    def _fill_kinds(self) -> None:
        assert self.found is not None
        chosen = self.kind.currentData() if self.kind.count() else self._state.get("kind")
        self.kind.clear()
        self.kind.addItem(self.tr("全部类别"), "")
        severities = self.severity.currentData()
        counts: dict[BlankKind, int] = {}
        for one in self.found.blanks:
            if one.severity in severities:
                counts[one.kind] = counts.get(one.kind, 0) + 1
        for kind in BlankKind:
            if kind in counts:
                self.kind.addItem(f"{kind.label} {counts[kind]:,}", kind.value)
        self.kind.setCurrentIndex(max(self.kind.findData(chosen), 0))
        self.source.severities = severities
        self.source.kind = BlankKind.of(self.kind.currentData()) if self.kind.currentData() else None

    def _list(self) -> None:
        assert self.found is not None
        if not self.units.show_counts(
            self.source.chosen(of_unit=False), self.found, self.source.unit
        ):
            self.source.unit = ALL
        self.source.reload()
        self.panel.reload()
        rows = bool(self.source.chosen())
        self.stack.setCurrentWidget(self._page_for(rows=rows))
        for button in (self.open_button, self.print_button):
            button.setEnabled(rows)
        self.panel.tell_status()

    def _page_for(self, *, rows: bool) -> QWidget:
        """The table; without rows all is well, or nothing was there to be looked at."""
        if rows:
            return self.panel
        return self.clean if self.found is not None and self.found.checked else self.nothing

    def _on_planning(self) -> None:
        self.workspace.go("planning")

    def _on_filter(self) -> None:
        if self.found is not None:
            self._fill_kinds()
            self._list()

    def _on_unit(self, unit: object) -> None:
        self.source.unit = unit
        if self.found is not None:
            self.source.reload()
            self.panel.reload()
            self.stack.setCurrentWidget(self._page_for(rows=bool(self.source.chosen())))

    def show_all(self) -> None:
        """All rows of all units, hints too."""
        self.severity.setCurrentIndex(self.severity.count() - 1)
        self.kind.setCurrentIndex(0)
        self.source.unit = ALL
        self.panel.filter_field.clear()
        self._on_filter()

    def show_hint(self) -> None:
        """Opened from the 工作台: what it counts, of all units."""
        self.severity.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self.source.unit = ALL
        self._on_filter()

    def shown(self) -> None:
        """Counts into the status bar."""
        if self.found is not None:
            self.figures_changed.emit(self.tr("{} 年度 · {}").format(self.year, self.found.sentence))
        self.panel.tell_status()

    # Opening ------------------------------------------------------------------

    def open_current(self) -> None:
        """Go where the current row is mended."""
        self._open_row(self.panel.view.current_id())

    def _open_row(self, row: object) -> None:
        one = self.source.blanks.get(row) if isinstance(row, int) else None
        if one is not None:
            self.open_blank(one)

    def open_blank(self, one: Blank) -> None:
        """The node with the column, the unit, the indicator or the list that a row is about."""
        if one.room is Room.DECOMPOSITION and one.node:
            self.cell_asked.emit(one.node, one.field)
        else:
            self.workspace.go(one.room.value, one.record, one.record_type)

    def print_list(self) -> None:
        """The rows shown, in the preview."""
        from ui.dialogs.decomposition_paper import preview_blanks

        if self.found is not None:
            listed = self.source.ids(self.panel.model.query)
            shown = tuple(self.source.blanks[one] for one in listed)
            preview_blanks(self.workspace, self, replace(self.found, blanks=shown))

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Filters and widths."""
        return {
            "severity": self.severity.currentIndex(), "kind": self.kind.currentData() or "",
            "table": self.panel.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        place = state.get("severity", 0)
        if isinstance(place, int) and 0 <= place < self.severity.count():
            self.severity.setCurrentIndex(place)
        self.panel.restore_state(state.get("table", {}))
