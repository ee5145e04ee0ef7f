"""The room 效能问责: the register of cases, 作风 problems to be put right, statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QSplitter, QStackedWidget, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.accountability import AccountabilityCase, CaseState
from mbo_desktop.domain.inspections import Finding
from mbo_desktop.services import accountability, inspection_registers
from mbo_desktop.services.accountability import CaseRow
from ui.dialogs.accountability_cases import (
    CaseDialog,
    ConcludeDialog,
    EffectDialog,
    PublishDialog,
    ShortcomingDialog,
    StepDialog,
)
from ui.dialogs.season_rounds import ReasonDialog
from ui.grids.columns import Row
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.accountability_rows import CASES, SHORTCOMINGS, case_row, shortcoming_row
from ui.pages.accountability_side import CasePanel
from ui.pages.accountability_statistics import StatisticsPane
from ui.pages.base import Page
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

LIST, WAYS, STATISTICS = "cases", "shortcomings", "statistics"
TOUCHING = {"accountability_case", "unit", "year"}


class AccountabilityPage(Page):
    """Three lists behind a switch; a case that may not be read is counted and nothing more."""

    key = "accountability"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "效能问责")
        self.found: dict[int, CaseRow] = {}
        self.rows: dict[int, tuple[CaseRow, int]] = {}
        """Lines of 作风 problems: the case and the place in it."""
        self.print_button = self.add_button(self.tr("打印登记表…"), self.print_register)
        self.new_button = self.add_button(
            self.tr("登记案件…"), self.new, primary=True, hint=self.tr("Ctrl+N"))
        self.switch = ViewSwitch([
            (LIST, self.tr("案件")), (WAYS, self.tr("作风问题")), (STATISTICS, self.tr("统计"))])
        self.switch.take_keys(self)
        self.switch.switched.connect(self.choose)
        self.add_filter(self.switch)
        self.source = ListSource(CASES, self._case_rows)
        self.panel = GridPanel(workspace, self.source, filter_hint=self.tr("筛选案件… 拼音首字母也可"))
        self.panel.set_empty(EmptyPage(
            "flag", self.tr("本年度没有可以查看的问责案件"),
            self.tr("有令不行、有禁不止、弄虚作假、危害企业环境的“四乱”等,登记来源和情况,逐步记下调查经过、认定结论、问责措施和整改。可以限定知情人。"),
            ((self.tr("登记案件…"), self.new),),
        ))
        self.way_source = ListSource(SHORTCOMINGS, self._way_rows)
        self.way_panel = GridPanel(workspace, self.way_source)
        self.way_panel.set_empty(EmptyPage(
            "flag", self.tr("还没有作风问题"),
            self.tr("案件中查出的作风问题逐条列在这里,各有整改措施和时限,超期未改的标 ■。先在“案件”中登记案件,再添加作风问题。"),
            ((self.tr("登记案件…"), self.new),),
        ))
        self.statistics = StatisticsPane()
        self._build_tools()
        self.side = CasePanel(self.workspace)
        self.side.wanted.connect(self._on_wanted)
        self.side.shortcoming_wanted.connect(self._on_shortcoming)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(scaled(10))
        self.tables = QStackedWidget()
        for one in (self.panel, self.way_panel):
            self.tables.addWidget(one)
            one.view.current_row_changed.connect(self._show_side)
            one.view.find_asked.connect(one.find)
        self.split.addWidget(self.tables)
        self.split.addWidget(self.side)
        self.side.setMinimumWidth(scaled(250))
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([scaled(10_000), scaled(310)])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.statistics)
        self.set_body(self.stack)
        self.panel.view.opened.connect(self.change)
        self.way_panel.view.opened.connect(self._on_way_opened)
        open_by_enter(self.panel.view, self.change)
        open_by_enter(self.way_panel.view, self._on_way_opened)
        self._build_keys()

    def _build_tools(self) -> None:
        self.state = QComboBox()
        self.state.setAccessibleName(self.tr("状态"))
        self.state.addItem(self.tr("状态:全部"), "")
        for one in CaseState:
            self.state.addItem(one.label, one.value)
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("种类"))
        self.kind.setMaximumWidth(scaled(240))
        for box in (self.state, self.kind):
            box.activated.connect(self._on_filter)
            self.add_filter(box)
        self._fields = QStackedWidget()
        self._fields.setMaximumHeight(self.panel.filter_field.sizeHint().height() + scaled(4))
        for panel in (self.panel, self.way_panel):
            self._fields.addWidget(panel.filter_field)
        self.add_filter(self._fields, 1)

    def _build_keys(self) -> None:
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.new)

    # Showing --------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Show one of the three."""
        self.switch.set_view(key)
        self.stack.setCurrentWidget(self.statistics if key == STATISTICS else self.split)
        shown = self.way_panel if key == WAYS else self.panel
        self.tables.setCurrentWidget(shown)
        self._fields.setCurrentWidget(shown.filter_field)
        for widget in (self.state, self.kind):
            widget.setVisible(key == LIST)
        self._fields.setVisible(key != STATISTICS)
        self.setFocusProxy(self.statistics if key == STATISTICS else shown)
        self.shown()
        self._show_side()

    def activate(self) -> None:
        """Read what this operator may see, and count all."""
        store, year = self.store, self.workspace.year
        self.found = {int(row.case.id): row for row in accountability.cases(store, year)}
        numbers = accountability.statistics(store, year)
        self._fill_kinds()
        self.rows = {}
        for row in self.found.values():
            for place in range(len(row.case.shortcomings)):
                self.rows[len(self.rows) + 1] = (row, place)
        for source, panel in ((self.source, self.panel), (self.way_source, self.way_panel)):
            source.reload()
            panel.model.refresh()
            if not panel.view.current_id() and panel.model.rowCount():
                panel.view.select_cell(panel.model.index(0, 0))
        self.statistics.show_statistics(numbers)
        waiting = sum(
            one.done_on is None for row in self.found.values() for one in row.case.shortcomings)
        words = [self.tr("{} 年度").format(year), self.tr("案件 {} 件").format(numbers.total)]
        open_ones = sum(row.case.closed_on is None for row in self.found.values())
        words += [self.tr("未结 {}").format(open_ones), self.tr("作风问题未整改 {}").format(waiting)]
        if numbers.hidden:
            words.append(self.tr("另有 {} 件限知情人查看").format(numbers.hidden))
        self.set_figures(" · ".join(words))
        self.choose(self.switch.view)

    def _fill_kinds(self) -> None:
        now = self.kind.currentData()
        self.kind.clear()
        self.kind.addItem(self.tr("种类:全部"), "")
        for one in dict.fromkeys(row.case.kind for row in self.found.values() if row.case.kind):
            self.kind.addItem(one, one)
        self.kind.setCurrentIndex(max(self.kind.findData(now or ""), 0))

    def _case_rows(self) -> Sequence[Row]:
        state, kind = self.state.currentData(), self.kind.currentData()
        return [
            case_row(row) for row in self.found.values()
            if (not state or row.case.state.value == state) and (not kind or row.case.kind == kind)
        ]

    def _way_rows(self) -> Sequence[Row]:
        today = clock.today()
        return [
            shortcoming_row(number, row, row.case.shortcomings[place], today)
            for number, (row, place) in self.rows.items()
        ]

    def _on_filter(self) -> None:
        self.source.reload()
        self.panel.reload()
        self.panel.view.setFocus()

    def refresh(self, changes: Any) -> None:
        """Cases or units changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.switch.view == STATISTICS:
            self.workspace.status("rows", "")
        else:
            (self.way_panel if self.switch.view == WAYS else self.panel).tell_status()

    def show_record(self, record: int, kind: str) -> None:
        """A case; of a unit all its cases."""
        self.choose(LIST)
        self.state.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self._on_filter()
        self.panel.view.show_record(record)
        self._show_side()

    def show_hint(self, hint: str) -> None:
        """One of the three lists."""
        if hint in (LIST, WAYS, STATISTICS):
            self.choose(hint)

    # Panel ----------------------------------------------------------------------

    def row(self) -> CaseRow | None:
        """The case the cursor is at, in either list."""
        if self.switch.view == WAYS:
            found = self.rows.get(self.way_panel.view.current_id())
            return None if found is None else found[0]
        return self.found.get(self.panel.view.current_id())

    def current(self) -> AccountabilityCase | None:
        """The same as it is stored now."""
        row = self.row()
        return None if row is None else self.store.find(AccountabilityCase, row.case.id)

    def _show_side(self) -> None:
        self.side.show_case(self.row(), writable=not self.workspace.read_only)

    # Doing ----------------------------------------------------------------------

    def new(self) -> None:
        """Take a case up."""
        if self.workspace.read_only:
            return
        dialog = CaseDialog(self.workspace, None, self.window())
        if dialog.exec() and dialog.made is not None:
            self.show_record(int(dialog.made), "accountability_case")
            self.workspace.say(self.tr("已登记案件。"), tone="green")

    def change(self) -> None:
        """Change the facts of the current case."""
        case = self.current()
        if case is None or self.workspace.read_only:
            return
        if case.state in (CaseState.CLOSED, CaseState.DROPPED):
            self.workspace.say(self.tr("“{}”{},需要改的请先恢复调查。").format(case.title, case.state.label))
            return
        CaseDialog(self.workspace, case, self.window()).exec()

    def _on_wanted(self, what: str) -> None:
        case = self.current()
        if case is None:
            return
        store, window = self.store, self.window()
        if what == "close":
            self._close(case)
        elif what == "effect_back":
            self.workspace.perform(
                lambda: accountability.decide_effect(store, case.id, None),
                saying=self.tr("已撤回对考核的影响。"),
            )
        elif what == "reopen":
            ReasonDialog(
                self.tr("恢复调查"), case.title, self.tr("恢复调查"),
                lambda reason: accountability.reopen(store, case.id, reason), window,
            ).exec()
        elif what == "change":
            self.change()
        elif what == "origin" and case.origin is not None:
            kind = "finding" if store.find(Finding, case.origin) else "docket"
            self.workspace.go("inspections", int(case.origin), kind)
        else:
            dialogs = {
                "step": StepDialog, "conclude": ConcludeDialog, "effect": EffectDialog,
                "publish": PublishDialog,
            }
            if what == "shortcoming":
                ShortcomingDialog(store, case, None, window).exec()
            elif what in dialogs:
                dialogs[what](store, case, window).exec()

    def _close(self, case: AccountabilityCase) -> None:
        self.workspace.perform(
            lambda: accountability.close(self.store, case.id),
            saying="",
        )
        if self.store.get(AccountabilityCase, case.id).state is CaseState.CLOSED:
            self.workspace.say(self.tr("“{}”已结案。").format(case.title), tone="green")

    def _on_shortcoming(self, place: int) -> None:
        case = self.current()
        if case is not None:
            ShortcomingDialog(self.store, case, place, self.window()).exec()

    def _on_way_opened(self) -> None:
        found = self.rows.get(self.way_panel.view.current_id())
        if found is not None and not self.workspace.read_only:
            self._on_shortcoming(found[1])

    def print_register(self) -> None:
        """问责登记表 of the cases this operator may see."""
        store, year = self.store, self.workspace.year
        print_document(
            self, self.workspace, self.tr("{} 年问责登记表").format(year),
            lambda: inspection_registers.case_register(store, year),
        )

    # What the window asks -------------------------------------------------------

    def side_widget(self) -> QWidget | None:
        """The panel of the case."""
        return None if self.switch.view == STATISTICS else self.side

    def find(self) -> None:
        """The find bar of the table."""
        (self.way_panel if self.switch.view == WAYS else self.panel).find()

    def copy(self) -> None:
        """The selected block."""
        (self.way_panel if self.switch.view == WAYS else self.panel).view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self.new_button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Widths and the list that was shown."""
        return {"list": self.switch.view, "cases": self.panel.save_state(),
                "shortcomings": self.way_panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("cases", {}))
        self.way_panel.restore_state(state.get("shortcomings", {}))
        if state.get("list") in (LIST, WAYS, STATISTICS):
            self.switch.set_view(str(state["list"]))
