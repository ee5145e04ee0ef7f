"""The view 问题原因: problems to settle, causes of the year, shares of 客观 causes, the 棚架 list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.progress import Sought
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.progress_cause_rows import LISTS, CauseList, Listed
from ui.pages.progress_deeds import ProgressDeeds
from ui.pages.progress_source import Wanted
from ui.pages.progress_state import MonthState
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.view_switch import ViewSwitch

TOUCHING = {"progress_problem", "progress_report", "evidence", "target", "indicator", "unit",
            "reporting_rules", "year", "allocation"}


class _List(QWidget):
    """One of the lists: its table, what was read for it, what an empty one teaches."""

    def __init__(self, wanted: CauseList, state: MonthState) -> None:
        super().__init__()
        self.wanted = wanted
        self.rows: dict[int, Listed] = {}
        self.stale = True
        """Whether it must be read before it is shown."""
        self.source = ListSource(wanted.columns, self._load)
        self.panel = GridPanel(state.workspace, self.source)
        self.panel.set_empty(EmptyPage("clipboard-check", wanted.empty_title, wanted.empty_text))

    def _load(self) -> Sequence[Any]:
        return [one.row for one in self.rows.values()]

    def take(self, found: Sequence[Listed]) -> None:
        """Show what was read."""
        self.rows = {one.row.id: one for one in found}
        self.stale = False
        self.source.reload()
        self.panel.model.refresh()
        if not self.panel.view.current_id() and self.panel.model.rowCount():
            self.panel.view.select_cell(self.panel.model.index(0, 0))


class CausesView(RoomView):
    """A second switch chooses the list; double click or Enter shows the target in 月度填报."""

    key = "causes"
    manual = "progress"

    def __init__(self, state: MonthState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self._asked = 0
        self._remembered: Mapping[str, Any] = {}
        self.lists = {one.key: _List(one, state) for one in LISTS}
        self.switch = ViewSwitch([(one.key, one.title) for one in LISTS])
        self.switch.switched.connect(self.choose)
        self.stack = QStackedWidget()
        for one in self.lists.values():
            self.stack.addWidget(one.panel)
            one.panel.view.opened.connect(self._on_opened)
            one.panel.view.find_asked.connect(one.panel.find)
            one.panel.filter_field.setMinimumWidth(scaled(150))
        self.deeds = ProgressDeeds(state, self)
        self.body.addWidget(self.stack)
        self.add_tool(self.switch)
        self._fields = QStackedWidget()
        self._fields.setMaximumHeight(self.lists["problems"].panel.filter_field.sizeHint().height() + scaled(4))
        for one in self.lists.values():
            self._fields.addWidget(one.panel.filter_field)
        self.add_tool(self._fields, 1)
        self.settle_button = self.add_tool_button(
            self.tr("已解决…"), self.settle, hint=self.tr("写明怎样解决,问题销号"))
        self.change_button = self.add_tool_button(self.tr("修改…"), self.change)
        self.docket_button = self.add_tool_button(
            self.tr("转督查事项"), self.make_docket, hint=self.tr("Ctrl+D:选中的问题交“督查”限期办理"))
        shortcut = QShortcut(QKeySequence("Ctrl+D"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.make_docket)
        self.show_button = self.add_tool_button(
            self.tr("查看目标"), self.open_current, hint=self.tr("在“月度填报”中打开选中的一项"))
        state.month_changed.connect(self._on_month)
        state.lights_known.connect(self._on_lights)

    @property
    def shown_list(self) -> _List:
        """The list that is shown."""
        return self.lists[self.switch.view]

    # Reading ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the list that is shown; the others when they are shown."""
        for one in self.lists.values():
            one.stale = True
        self.choose(self.switch.view)

    def choose(self, key: str) -> None:
        """Show one of the lists."""
        self.switch.set_view(key)
        one = self.lists[key]
        self.stack.setCurrentWidget(one.panel)
        self._fields.setCurrentWidget(one.panel.filter_field)
        self.setFocusProxy(one.panel)
        for button in (self.settle_button, self.change_button):
            button.setVisible(key == "problems")
        self.docket_button.setVisible(key == "problems" and self.deeds.makes_dockets)
        if one.stale:
            self._read(one)
        else:
            self._tell()

    def _read(self, one: _List) -> None:
        self._asked += 1
        asked, state = self._asked, self.state

        def done(found: Sequence[Listed]) -> None:
            if asked == self._asked:
                one.take(found)
                self._tell()

        self.workspace.jobs.read(lambda: one.wanted.read(state), done, self)

    def _tell(self) -> None:
        one = self.shown_list
        count = f"{len(one.rows):,}"
        words = {
            "problems": self.tr("{} 年度 · {} 个问题 · 未解决 {}").format(
                self.state.year, count, sum("未解决" in row.row.cell("state").text for row in one.rows.values())),
            "causes": self.tr("{} 年度 · {} 条滞后原因").format(self.state.year, count),
            "shares": self.tr("{}月 · {} 个单位有滞后、预警的目标").format(self.state.month, count),
            "stale": self.tr("{}月 · 棚架 {} 项").format(self.state.month, count),
        }
        self.figures_changed.emit(words[one.wanted.key])
        if self.isVisible():
            one.panel.tell_status()

    def refresh(self, changes: Any) -> None:
        """Problems, reports or targets changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _on_month(self) -> None:
        if self.isVisible():
            self.activate()

    def _on_lights(self) -> None:
        if self.isVisible() and self.switch.view == "shares":
            self._read(self.shown_list)

    def shown(self) -> None:
        """Rows into the status bar."""
        self.shown_list.panel.tell_status()

    # Doing --------------------------------------------------------------------

    def current(self) -> Listed | None:
        """The row the cursor is in."""
        return self.shown_list.rows.get(self.shown_list.panel.view.current_id())

    def _on_opened(self, _record: object) -> None:
        self.open_current()

    def open_current(self) -> None:
        """The target of the row in 月度填报; of a unit its lagging ones."""
        one = self.current()
        if one is None:
            return
        if one.subject is not None:
            self.cell_asked.emit(Wanted(), int(one.subject))
        elif one.unit is not None:
            self.cell_asked.emit(Wanted(Sought(unit=one.unit), only_lagging=True), None)

    def _problem(self) -> RecordId | None:
        one = self.current()
        if one is None or one.problem is None:
            self.workspace.say(self.tr("请先选中一个问题。"))
            return None
        return one.problem

    def settle(self) -> None:
        """Say how the selected problem was settled."""
        problem = self._problem()
        if problem is not None:
            self.deeds.on_problem("settle", problem)

    def make_docket(self) -> None:
        """Hand the selected problem to the room 督查."""
        if self.switch.view != "problems" or not self.deeds.makes_dockets:
            return
        problem = self._problem()
        if problem is not None and not self.workspace.read_only:
            self.deeds.on_problem("docket", problem)

    def change(self) -> None:
        """Change the selected problem."""
        problem = self._problem()
        if problem is not None:
            self.deeds.on_problem("change", problem)

    # What the room asks ---------------------------------------------------------

    def find(self) -> None:
        """The find bar of the list."""
        self.shown_list.panel.find()

    def copy(self) -> None:
        """The selected block."""
        self.shown_list.panel.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in (self.settle_button, self.change_button, self.docket_button):
            button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """The list that was shown, widths."""
        return {
            "list": self.switch.view,
            "tables": {key: one.panel.save_state() for key, one in self.lists.items()},
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        shown = str(state.get("list", ""))
        if shown in self.lists:
            self.switch.set_view(shown)
        for key, table in state.get("tables", {}).items():
            if key in self.lists:
                self.lists[key].panel.restore_state(table)
