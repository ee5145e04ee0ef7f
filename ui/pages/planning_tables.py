"""The two tables of 目标体系 in one place: built when first shown, rebuilt when their columns change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.services import planning_framework, planning_matrix, session
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.services.planning_matrix import MatrixColumn, TargetField
from ui.grids.columns import GridQuery
from ui.grids.panel import GridPanel
from ui.later import later
from ui.pages.planning_links import say_directions
from ui.pages.planning_matrix import MatrixSource, column_key
from ui.pages.planning_signed import say_signed
from ui.pages.planning_sources import FrameworkSource, IndicatorSource, grid_column
from ui.pages.planning_totals import TotalsStrip
from ui.workspace import Workspace

COUNTIES = (UnitKind.COUNTY, UnitKind.ZONE)
DEPARTMENTS = (UnitKind.DEPARTMENT, UnitKind.VERTICAL, UnitKind.TASK_FORCE)
TOWNSHIPS = (UnitKind.TOWNSHIP,)
REST_MS = 60


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """Which units stand over the matrix: those with targets, of kinds, of a group, or listed ones."""

    mode: str = "targets"
    """"targets", "counties", "departments", "townships", "all", "group" or "listed"."""
    group: str = ""
    listed: tuple[RecordId, ...] = field(default=())


def units_of(workspace: Workspace, choice: UnitChoice) -> tuple[MatrixColumn, ...]:
    """The columns of a choice; where no unit has a target yet, counties and departments.

    A county's own office has no county below it: there the townships stand beside the departments.
    """
    store, year = workspace.store, workspace.year
    kinds = {"counties": COUNTIES, "departments": DEPARTMENTS, "townships": TOWNSHIPS}
    if choice.mode in kinds:
        return planning_matrix.columns(store, year, kinds=kinds[choice.mode], with_empty=True)
    if choice.mode == "group":
        every = planning_matrix.columns(store, year, with_empty=True)
        return tuple(unit for unit in every if unit.peer_group == choice.group)
    if choice.mode in ("all", "listed"):
        every = planning_matrix.columns(store, year, with_empty=True)
        wanted = set(choice.listed)
        return every if choice.mode == "all" else tuple(u for u in every if u.unit in wanted)
    found = planning_matrix.columns(store, year)
    if found:
        return found
    counties = planning_matrix.columns(store, year, kinds=COUNTIES, with_empty=True)
    kinds_below = (*COUNTIES, *DEPARTMENTS) if counties else (*DEPARTMENTS, *TOWNSHIPS)
    return planning_matrix.columns(store, year, kinds=kinds_below, with_empty=True)


class FrameworkTables(QStackedWidget):
    """下达矩阵 with its sums, 指标表; which one is shown, which cell is current."""

    place_changed = Signal(object, object)
    """Indicator and unit (None: no unit's column) of the current cell, once it rests; (None, None)."""
    columns_changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._chosen = FrameworkFilter()
        self._typed = ""
        self.choice = UnitChoice()
        self.fields: tuple[TargetField, ...] = (TargetField.VALUE,)
        self.view = "matrix"
        self.matrix: GridPanel | None = None
        self.indicators: GridPanel | None = None
        self.strip: TotalsStrip | None = None
        self._states: dict[str, Any] = {}
        self._row_actions: Sequence[QAction] = ()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        workspace.read_only_changed.connect(self._set_read_only)

    # Building -----------------------------------------------------------------

    @property
    def panel(self) -> GridPanel | None:
        """The table that is shown."""
        return self.matrix if self.view == "matrix" else self.indicators

    @property
    def source(self) -> FrameworkSource | None:
        """Where the rows of the table that is shown come from."""
        return None if self.panel is None else self.panel.model.source  # type: ignore[return-value]

    @property
    def units(self) -> tuple[MatrixColumn, ...]:
        """The units over the matrix."""
        return () if self.matrix is None else self.matrix.model.source.units  # type: ignore[attr-defined]

    def set_row_actions(self, actions: Sequence[QAction]) -> None:
        """What the context menu of a row offers."""
        self._row_actions = actions

    def show_view(self, view: str) -> None:
        """下达矩阵 or 指标表; built when it is first shown."""
        self.view = view
        if self.panel is None:
            self._build(view)
        assert self.panel is not None
        self.setCurrentWidget(self.panel if view == "indicators" else self.panel.parentWidget())
        self.setFocusProxy(self.panel)
        self._ask(self.panel)
        self._rest.start()

    def drop(self) -> None:
        """Forget both tables (another year, other columns); the next look builds them anew."""
        self._keep_states()
        for panel in (self.matrix, self.indicators):
            if panel is not None:
                holder = panel.parentWidget() if panel is self.matrix else panel
                self.removeWidget(holder)
                holder.deleteLater()
        self.matrix = self.indicators = self.strip = None

    def rebuild(self) -> None:
        """Build the table that is shown with today's columns; the current cell stays current."""
        place = self.current_place()
        self.drop()
        self.show_view(self.view)
        if place[0] is not None:
            self.show_place(*place)
        self.columns_changed.emit()

    def _build(self, view: str) -> None:
        workspace = self._workspace
        store, year = workspace.store, workspace.year
        source: FrameworkSource
        if view == "indicators":
            source = IndicatorSource(store, year)
            panel = self.indicators = GridPanel(workspace, source)
            self.addWidget(panel)
            panel.model.wrote.connect(lambda _outcome: say_directions(workspace, source.named))
        else:
            units = units_of(workspace, self.choice)
            source = cells = MatrixSource(store, year, units, self.fields, with_sum=len(units) > 1)
            panel = self.matrix = GridPanel(workspace, source)
            panel.model.wrote.connect(lambda _outcome: say_signed(workspace, cells.touched))
            panel.model.wrote.connect(lambda _outcome: say_directions(workspace, source.named))
            self.strip = TotalsStrip(panel.view)
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(panel, 1)
            column.addWidget(self.strip)
            self.addWidget(holder)
        panel.view.selectionModel().currentChanged.connect(self._rest.start)
        panel.model.modelReset.connect(self._rest.start)
        for part in (panel.view, panel.view.frozen):
            part.addActions(list(self._row_actions))
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._restore(view, panel)
        if view == "matrix":
            classed = any(row.indicators for row in planning_framework.categories(store, year))
            panel.view.show_column(panel.model.column_of("category"), classed)
        self._ask(panel, force=True)

    # Asking -------------------------------------------------------------------

    def set_filter(self, chosen: FrameworkFilter, typed: str) -> None:
        """Show the indicators that fit."""
        self._chosen, self._typed = chosen, typed
        if self.panel is not None:
            self._ask(self.panel)

    def _ask(self, panel: GridPanel, *, force: bool = False) -> None:
        """Ask again when filter or text differ from what the table shows."""
        source: FrameworkSource = panel.model.source  # type: ignore[assignment]
        query = panel.model.query
        source.category = self._chosen.categories[0] if self._chosen.categories else None
        if force or source.chosen != self._chosen or query.text != self._typed:
            source.chosen = self._chosen
            panel.view.ask(GridQuery(self._typed, query.filters, query.sort, query.descending))

    # Current cell -------------------------------------------------------------

    def current_place(self) -> tuple[RecordId | None, RecordId | None]:
        """Indicator and unit of the current cell."""
        panel = self.panel
        if panel is None or not panel.view.currentIndex().isValid():
            return None, None
        row = panel.view.current_id()
        key = panel.model.columns[panel.view.currentIndex().column()].key
        unit = grid_column(key).unit if "@" in key else None
        return (RecordId(row) if row else None), unit

    def selected_places(self) -> tuple[list[RecordId], list[RecordId]]:
        """Indicators and units that the selection touches."""
        panel = self.panel
        if panel is None:
            return [], []
        sections = {index.column() for index in panel.view.selected_cells()}
        keys = [panel.model.columns[section].key for section in sorted(sections)]
        units = dict.fromkeys(grid_column(key).unit for key in keys if "@" in key)
        rows = [RecordId(row) for row in panel.view.selected_ids() if row]
        return rows, [unit for unit in units if unit is not None]

    def show_place(self, indicator: RecordId | None, unit: RecordId | None) -> bool:
        """Make a cell current; False when the filter hides it."""
        panel = self.panel
        if panel is None:
            return False
        key = column_key(self.fields[-1], unit) if unit is not None and self.view == "matrix" else ""
        if unit is not None and TargetField.VALUE in self.fields:
            key = column_key(TargetField.VALUE, unit)
        if indicator is None:
            section = panel.model.column_of(key)
            if section >= 0 and panel.model.rowCount():
                panel.view.select_cell(panel.model.index(0, section))
                return True
            return False
        return panel.view.show_record(indicator, key)

    def _on_rest(self) -> None:
        self.place_changed.emit(*self.current_place())

    # Changes ------------------------------------------------------------------

    def refresh(self, touched: dict[str, frozenset[RecordId]]) -> None:
        """Show what changed; columns follow when units or categories did."""
        if self.panel is None:
            return
        if {"unit", "year"} & set(touched):
            self.rebuild()
            return
        for panel in (self.matrix, self.indicators):
            if panel is not None and isValid(panel):
                self._refresh_panel(panel, touched)
        self._rest.start()

    def _refresh_panel(self, panel: GridPanel, touched: dict[str, frozenset[RecordId]]) -> None:
        source: FrameworkSource = panel.model.source  # type: ignore[assignment]
        indicators = tuple(touched.get("indicator", ()))
        targets = tuple(touched.get("target", ()))
        if len(indicators) + len(targets) > 2_000 or "category" in touched:
            source.forget()
            panel.model.refresh()
            if targets and panel is self.matrix:
                self._follow_units(targets[:1] if len(targets) < 2_000 else targets)
            return
        if indicators:
            moved = source.moved(indicators)
            if isinstance(source, MatrixSource):
                source.forget(indicators)
            narrowed = panel.model.query.narrows or panel.model.query.sort
            panel.model.refresh(None if moved or narrowed else indicators)
        if targets and isinstance(source, MatrixSource):
            rows = source.rows_of_targets(targets)
            source.forget(None if rows is None else list(rows))
            panel.model.refresh(None if rows is None else rows)
            self._follow_units(targets)

    def _follow_units(self, targets: Sequence[RecordId]) -> None:
        """A unit that has a target now but no column gets one."""
        if self.choice.mode != "targets" or self.view != "matrix":
            return
        shown = {column.unit for column in self.units}
        found = self._workspace.store.get_many(Target, tuple(targets)).values()
        year = self._workspace.year
        strangers = {t.indicator for t in found if t.unit not in shown}
        kept = self._workspace.store.get_many(Indicator, tuple(strangers)).values()
        if any(indicator.year == year for indicator in kept):
            later(self, self.rebuild)

    def declared_points(self) -> Any:
        """What every unit's points are to add up to; None when the year does not say."""
        year = self._workspace.year
        rows = session.years(self._workspace.store)
        return next((row.declared_points for row in rows if row.number == year), None)

    def _set_read_only(self, read_only: bool) -> None:
        for panel in (self.matrix, self.indicators):
            if panel is not None and isValid(panel):
                panel.set_read_only(read_only)

    # Memory -------------------------------------------------------------------

    def _keep_states(self) -> None:
        for name, panel in (("matrix", self.matrix), ("indicators", self.indicators)):
            if panel is not None:
                self._states[name] = panel.save_state()

    def _restore(self, view: str, panel: GridPanel) -> None:
        state = dict(self._states.get(view, {}))
        if state:
            state.pop("text", None)
            panel.restore_state(state)

    def save_state(self) -> dict[str, Any]:
        """What to find again: view, units, columns, widths."""
        self._keep_states()
        return {
            "view": self.view, "units": self.choice.mode, "group": self.choice.group,
            "listed": [int(unit) for unit in self.choice.listed],
            "fields": [one.value for one in self.fields], "tables": self._states,
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it up, before the first table is built."""
        self.view = "indicators" if state.get("view") == "indicators" else "matrix"
        listed = tuple(RecordId(int(unit)) for unit in state.get("listed", ()))
        self.choice = UnitChoice(str(state.get("units", "targets")), str(state.get("group", "")), listed)
        known = {one.value: one for one in TargetField}
        fields = tuple(known[code] for code in state.get("fields", ()) if code in known)
        self.fields = fields or self.fields
        self._states = dict(state.get("tables", {}))
