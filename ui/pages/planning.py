"""The room 目标体系: the year's indicators, and what each unit is allotted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import planning_checks, planning_grid
from mbo_desktop.services.planning_checks import PlanningFinding
from mbo_desktop.services.planning_framework import FrameworkFilter
from ui import import_commands
from ui.pages import planning_figures, planning_rows
from ui.pages.base import Page
from ui.pages.planning_choices import MatrixChoices
from ui.pages.planning_figures import Figures
from ui.pages.planning_filters import FrameworkFilters
from ui.pages.planning_side import PlanningSide
from ui.pages.planning_tables import FrameworkTables, UnitChoice
from ui.pages.planning_views import VIEWS
from ui.pages.view_host import ViewHost
from ui.widgets.empty_page import EmptyPage
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace
from ui.year_commands import open_year_turn

FIGURES_REST_MS = 250


class PlanningPage(Page):
    """Header with figures, filters, the two tables, the side panel."""

    key = "planning"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "目标体系")
        self.tables = FrameworkTables(workspace)
        self.side = PlanningSide(workspace)
        self.filters = FrameworkFilters()
        self.switch = ViewSwitch([
            ("matrix", self.tr("下达矩阵")), ("indicators", self.tr("指标表")),
            *((view.key, view.title) for view in VIEWS),
        ])
        self.switch.take_keys(self)
        self.views = ViewHost(self, VIEWS)
        self._state: Mapping[str, Any] = {}
        self._findings: Sequence[PlanningFinding] | None = None
        self._behind: set[str] = set()
        """Types of records that changed while the tables were not shown."""
        self._year = -1
        self._figures_timer = QTimer(self, singleShot=True, interval=FIGURES_REST_MS)
        self._figures_timer.timeout.connect(self._read_figures)
        self._build_header()
        self._row_actions = planning_rows.row_actions(self)
        self.tables.set_row_actions(self._row_actions)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tables)
        self.empty = EmptyPage(
            "target", self.tr("本年度还没有指标"),
            self.tr("这里放考核指标和下达给各单位的目标。已有台账的,从 Excel、Word 或文本导入(也可把文件拖进窗口,或复制表格后按 Ctrl+V);没有的,从上年结转,或逐项新建。"),
            (
                (self.tr("从Excel导入…"), self._on_import),
                (self.tr("从剪贴板导入"), self.import_clipboard),
                (self.tr("从上年结转…"), lambda: open_year_turn(workspace, self.window())),
                (self.tr("新建指标"), self.on_add),
            ),
        )
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.views)
        self.set_body(self.stack, self.side)
        self.views.figures_changed.connect(self.set_figures)
        self.views.cell_asked.connect(self._on_cell_asked)
        self.tables.place_changed.connect(self._on_place)
        self.tables.columns_changed.connect(self._figures_timer.start)
        self.side.cell_asked.connect(self._on_cell_asked)

    # Building -----------------------------------------------------------------

    def _build_header(self) -> None:
        self.check_button = self.add_button(
            self.tr("检查"), self._on_checks, hint=self.tr("分值、未设定、读不出的目标,与上年不符的增长率")
        )
        self.print_button = self.add_button(self.tr("打印下达表…"), self._on_print)
        self.import_button = self.add_button(
            self.tr("导入…"), self._on_import, hint=self.tr("Excel、Word、文本台账"), needs=Act.ENTER
        )
        self.add_button_ = self.add_button(
            self.tr("新建指标"), self.on_add, primary=True, hint=self.tr("Insert"), needs=Act.ENTER
        )
        self.choices = MatrixChoices(self.workspace, self.tables)
        self.choices.chosen.connect(self.tables.setFocus)
        self.categories_button = categories = QPushButton(self.tr("类别…"))
        categories.setToolTip(self.tr("添加、改名、排序类别与战略"))
        categories.clicked.connect(self._on_categories)
        self.add_filter(self.switch)
        self.add_filter(self.choices)
        self.add_filter(self.filters, 1)
        self.add_filter(categories)
        self.switch.switched.connect(self._on_view)
        self.filters.changed.connect(self._on_filter)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year and show the table of last time."""
        self._findings = None
        self.filters.reload(self.store, self.workspace.year)
        if self._year != self.workspace.year:
            if self._year < 0 and self._state:
                self.filters.restore_state(self._state.get("filters", {}))
            self._year = self.workspace.year
            self.tables.drop()
        self.tables.set_filter(self.filters.chosen(), self.filters.typed)
        self._show_tables()

    def _show_tables(self) -> None:
        if self.views.key:
            self._show_further(self.views.key)
            return
        if self._show_whether_empty():
            return
        self.switch.set_view(self.tables.view)
        self.tables.show_view(self.tables.view)
        self._show_choices()
        self._figures_timer.start()

    def _show_whether_empty(self) -> bool:
        """Whether the year has no indicator; the page then teaches how to begin."""
        empty = not planning_grid.count(self.store, self.workspace.year)
        self.stack.setCurrentWidget(self.empty if empty else self.tables)
        self._show_own(not empty)
        # 来源 and 上年 are begun before there is any indicator.
        self.switch.setVisible(True)
        if empty:
            self.switch.set_view(self.tables.view)
            self.set_figures(self.tr("{} 年度 · 0 项指标").format(self.workspace.year))
            self.workspace.status("rows", "")
            self.setFocusProxy(self.empty.buttons[0])
        else:
            self.setFocusProxy(self.tables)
        return empty

    def _show_own(self, shown: bool) -> None:
        """The parts that belong to the two tables."""
        self.side.setVisible(shown)
        for widget in (
            self.filters, self.choices, self.categories_button,
            self.check_button, self.print_button, self.import_button, self.add_button_,
        ):
            widget.setVisible(shown)

    def _show_further(self, key: str) -> None:
        self._show_own(False)
        self.stack.setCurrentWidget(self.views)
        self.switch.setVisible(True)
        self.switch.set_view(key)
        self.set_figures("")
        self.views.show_view(key)
        self.setFocusProxy(self.views)

    def _show_choices(self) -> None:
        self.choices.show_choice()
        self.choices.setVisible(self.tables.view == "matrix")

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.views.view is not None:
            self.views.view.shown()
        elif self.tables.panel is not None and self.stack.currentWidget() is self.tables:
            self.tables.panel.tell_status()

    def refresh(self, changes: Any) -> None:
        """Records changed; only what they touch is read again."""
        if changes is None:
            self.tables.drop()
            self.activate()
            return
        touched = dict(changes.ids_by_type)
        if self.views.key:
            self.views.refresh(changes)
            self._findings = None
            self._behind.update(touched)
            return
        if {"source", "source_item", "source_link", "joint_duty"} & set(touched):
            self.side.refresh()
        if not {"indicator", "target", "unit", "category", "year"} & set(touched):
            return
        if "category" in touched:
            self.filters.reload(self.store, self.workspace.year)
        was_empty = self.stack.currentWidget() is self.empty
        if {"indicator", "year"} & set(touched) and self._show_whether_empty():
            return
        if was_empty:
            self.tables.drop()
            self._show_tables()
        else:
            self.tables.refresh(touched)
        self._findings = None
        self._figures_timer.start()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is typed, added or imported while another writes."""
        self.views.set_read_only(read_only)
        for widget in (self.add_button_, self.import_button, *self.empty.buttons):
            widget.setEnabled(not read_only)

    def show_record(self, record: int, kind: str) -> None:
        """Show an indicator, a unit's column or a target, whatever the filter hid; an item of a meeting or document."""
        if kind == "source_item":
            self._on_view("sources")
            if self.views.view is not None:
                self.views.view.show_record(record)
            return
        if kind == "source":
            self._on_view("sources")
            show_source = getattr(self.views.view, "show_source", None)
            if show_source is not None:
                show_source(record)
            return
        indicator = RecordId(record) if kind == "indicator" else None
        unit = RecordId(record) if kind == "unit" else None
        if kind == "target":
            target = self.store.find(Target, RecordId(record))
            if target is None:
                return
            indicator, unit = target.indicator, target.unit
        self._on_cell_asked(indicator, unit)

    def show_hint(self, hint: str) -> None:
        """来源 for items without a target; a hint that names a view opens it."""
        if self.views.knows(hint):
            self._on_view(hint)
            self.views.show_hint()

    def side_widget(self) -> QWidget | None:
        """The panel of the view that is shown."""
        return self.views.side() if self.views.key else self.side

    def manual_page(self) -> str:
        """The chapter of the view that is shown."""
        return self.views.view.manual if self.views.view is not None else ""

    def find(self) -> None:
        """The find bar of the table."""
        if self.views.view is not None:
            self.views.view.find()
        elif self.tables.panel is not None:
            self.tables.panel.find()

    def copy(self) -> None:
        """The selected block."""
        if self.views.view is not None:
            self.views.view.copy()
        elif self.tables.panel is not None:
            self.tables.panel.view.copy()

    # Figures ------------------------------------------------------------------

    def _read_figures(self) -> None:
        year, store = self.workspace.year, self.store
        self.workspace.jobs.read(lambda: planning_figures.read(store, year), self._on_figures, self)

    def _on_figures(self, figures: Figures) -> None:
        self._findings = figures.findings
        if self.views.key:
            return
        declared = self.tables.declared_points()
        self.set_figures(figures.line(declared))
        self.explain_figures(figures.explained)
        if self.tables.strip is not None:
            self.tables.strip.show_totals(figures.totals, declared)

    # Choices ------------------------------------------------------------------

    def _on_view(self, view: str) -> None:
        if self.views.knows(view):
            self._show_further(view)
            self.setFocus()
            return
        if self.views.key:
            self._leave_further(view)
            return
        row = self.tables.current_place()[0]
        self.tables.show_view(view)
        if row is not None:
            self.tables.show_place(row, None)
        self._show_choices()
        self._figures_timer.start()
        self.setFocus()

    def _leave_further(self, view: str) -> None:
        """Back to the tables, which read again what changed meanwhile."""
        self.views.leave()
        if self._behind:
            self.tables.drop()
            self._behind.clear()
        if view:
            self.tables.view = view
        self.activate()
        self.setFocus()

    def _on_filter(self) -> None:
        self.tables.set_filter(self.filters.chosen(), self.filters.typed)

    def _on_categories(self) -> None:
        from ui.dialogs.categories import CategoriesDialog

        CategoriesDialog(self.workspace, self).open()

    # Places -------------------------------------------------------------------

    def _on_place(self, indicator: RecordId | None, unit: RecordId | None) -> None:
        if self.side.shows_checks and not self.tables.hasFocus() and indicator is None:
            return
        if indicator is None:
            self.side.show_nothing()
        elif unit is None:
            self.side.show_indicator(indicator)
        else:
            self.side.show_cell(indicator, unit)

    def _on_cell_asked(self, indicator: RecordId | None, unit: RecordId | None) -> None:
        if self.views.key:
            self._leave_further("")
        if unit is not None and self.tables.view != "matrix":
            self._on_view("matrix")
            self.switch.set_view("matrix")
        if unit is not None and unit not in {column.unit for column in self.tables.units}:
            self.tables.choice = UnitChoice("all")
            self.tables.rebuild()
            self._show_choices()
        if self.tables.show_place(indicator, unit):
            return
        if self.filters.typed or self.filters.chosen() != FrameworkFilter():
            self.filters.clear()
            self.tables.show_place(indicator, unit)

    # Doing --------------------------------------------------------------------

    def _on_checks(self) -> None:
        if self._findings is not None:
            self._show_findings(self._findings)
            return
        store, year = self.store, self.workspace.year
        self.workspace.jobs.run(
            self.tr("检查目标体系"), lambda _control: planning_checks.findings(store, year),
            done=self._show_findings, owner=self,
        )

    def _show_findings(self, findings: Sequence[PlanningFinding]) -> None:
        self._findings = findings
        self.side.show_checks(findings)

    def _on_import(self) -> None:
        import_commands.open_wizard(self.workspace, self.window())

    def import_clipboard(self) -> None:
        """Take in what was copied in Excel, WPS or Word."""
        import_commands.open_pasted(self.workspace, self.window())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V in the empty room takes in what was copied."""
        empty = self.stack.currentWidget() is self.empty
        if empty and event.matches(QKeySequence.StandardKey.Paste):
            self.import_clipboard()
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_print(self) -> None:
        units = [column.unit for column in self.tables.units] if self.tables.view == "matrix" else None
        planning_rows.print_allotment(self, self.workspace, units or None)

    def on_add(self) -> None:
        """Insert: a new indicator."""
        planning_rows.add_indicator(self)

    def on_up(self) -> None:
        """Alt+Up."""
        planning_rows.shift(self, -1)

    def on_down(self) -> None:
        """Alt+Down."""
        planning_rows.shift(self, 1)

    def on_delete(self) -> None:
        """Ctrl+Delete: the indicator goes, after a question."""
        planning_rows.delete(self)

    def on_level_counts(self) -> None:
        """The level counts."""
        planning_rows.count_by(self, growth=False)

    def on_growth_counts(self) -> None:
        """The growth counts."""
        planning_rows.count_by(self, growth=True)

    def on_not_applicable(self) -> None:
        """The unit does not bear it."""
        planning_rows.set_not_applicable(self)

    def on_withdraw(self) -> None:
        """The target is no longer allotted."""
        planning_rows.withdraw(self)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """View, units, columns, widths, filters."""
        if self._year < 0:
            return self._state
        return {
            **self.tables.save_state(), "filters": self.filters.save_state(),
            "further": self.views.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        self.tables.restore_state(dict(state))
        self.views.key = self.views.restore_state(state.get("further", {}))
