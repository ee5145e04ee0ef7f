"""The view 对比 of 目标体系: the city against the province, its neighbours, the plan, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QStackedWidget, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outside import show_period
from ui.dialogs.ask import AskDialog
from ui.grids.model import Outcome
from ui.grids.panel import GridPanel
from ui.pages.room_view import RoomView
from ui.pages.season_comparison_rows import ComparisonSource
from ui.pages.season_comparison_side import ComparisonPanel
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import TextField
from ui.workspace import Workspace

_PARTS = ("", "H1", "Q1", "Q2", "Q3", "Q4")
_SPANS = (("近 3 年", 3), ("近 5 年", 5), ("不看历年", 0))
TOUCHING = {"outside_figure", "indicator", "target", "target_result", "category", "unit", "year"}


class CitiesDialog(AskDialog):
    """Which neighbouring cities have a column of their own."""

    def __init__(self, parent: QWidget | None, cities: tuple[str, ...]) -> None:
        super().__init__(parent, "周边市", "确定", width=480)
        self.cities = cities
        self.names = TextField("、".join(cities), hint=self.tr("如 金华、丽水、上饶"))
        self.form.add(self.tr("周边市"), self.names)
        self.note(self.tr("每个市单独一列,便于从 Excel 整块粘贴;留空则合在“周边市”一列,写成 金华8.2%、丽水7.9%。已录入的数字不受影响。"))

    def act(self) -> None:
        """Read the names."""
        words = self.names.text()
        for mark in ",，;； \n":
            words = words.replace(mark, "、")
        self.cities = tuple(dict.fromkeys(word for word in words.split("、") if word))


class ComparisonView(RoomView):
    """One table of all indicators, and the selected one explained beside it."""

    key = "comparison"
    manual = "comparison"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._year = -1
        self._cities: tuple[str, ...] = ()
        self._state: Mapping[str, Any] = {}
        self.panel: GridPanel | None = None
        self._build_tools()
        self.tables = QStackedWidget()
        self.side = ComparisonPanel(workspace)
        self.side.cell_asked.connect(self.cell_asked)
        self.side.setMinimumWidth(scaled(240))
        self.empty = EmptyPage(
            "scale", self.tr("本年度还没有指标"),
            self.tr("有了指标,就可以在这里录入省定目标、全省平均、位次、周边市和五年规划目标,与本市逐项对比。"),
            ((self.tr("到下达矩阵"), self._on_tables),),
        )
        self.tables.addWidget(self.empty)
        self.body.addWidget(self.tables)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(290)])

    def _build_tools(self) -> None:
        self.period = QComboBox()
        self.period.setAccessibleName(self.tr("时期"))
        self.period.activated.connect(self._rebuild)
        self.span = QComboBox()
        self.span.setAccessibleName(self.tr("历年"))
        for word, years in _SPANS:
            self.span.addItem(word, years)
        self.span.activated.connect(self._rebuild)
        self.behind = QCheckBox(self.tr("只看低于省定"))
        self.behind.toggled.connect(self._on_behind)
        self._filter_place = QWidget()
        self._filter_place.setMinimumWidth(scaled(150))
        holder = QVBoxLayout(self._filter_place)
        holder.setContentsMargins(0, 0, 0, 0)
        for widget in (self.period, self.span, self.behind):
            self.add_tool(widget)
        self.add_tool(self._filter_place, 1)
        self.cities_button = self.add_tool_button(
            self.tr("周边市…"), self._on_cities, hint=self.tr("哪些周边市单独成列")
        )
        self.print_button = self.add_tool_button(
            self.tr("打印…"), self.print_table, hint=self.tr("对比表:预览、打印、另存 PDF 或 Word")
        )

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year."""
        if self._year != self.year:
            self._year = self.year
            self.period.clear()
            for part in _PARTS:
                period = f"{self.year}{part}"
                self.period.addItem(show_period(period), period)
            self._rebuild()
            return
        self._reload()

    def refresh(self, changes: Any) -> None:
        """Read again what changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _rebuild(self) -> None:
        """Other columns: the table is made anew."""
        state = self.panel.save_state() if self.panel is not None else self._state.get("table", {})
        if self.panel is not None:
            self.tables.removeWidget(self.panel)
            self.panel.filter_field.hide()
            self.panel.filter_field.deleteLater()
            self.panel.deleteLater()
        period = str(self.period.currentData() or self.year)
        span = int(self.span.currentData() or 0)
        self.source = ComparisonSource(self.store, self.year, period, span, self._cities)
        if not self._cities and self.source.neighbours_named():
            self._cities = self.source.neighbours_named()
            self.source = ComparisonSource(self.store, self.year, period, span, self._cities)
        self.source.only_behind = self.behind.isChecked()
        self.panel = GridPanel(
            self.workspace, self.source, filter_hint=self.tr("筛选指标… 拼音首字母也可")
        )
        self.panel.restore_state(state)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.model.wrote.connect(self._on_wrote)
        self.tables.addWidget(self.panel)
        self._filter_place.layout().addWidget(self.panel.filter_field)
        self.behind.setEnabled(self.source.whole_year)
        self.span.setEnabled(self.source.whole_year)
        self._reload()

    def _reload(self) -> None:
        assert self.panel is not None
        self.source.reload()
        self.panel.model.refresh()
        total = len(self.source.found)
        self.tables.setCurrentWidget(self.panel if total else self.empty)
        self.side.setVisible(bool(total))
        for widget, _stretch in self.tools:
            widget.setVisible(bool(total))
        self.setFocusProxy(self.panel if total else self.empty.buttons[0])
        self._tell_figures()
        if not self.panel.view.current_id() and total:
            self.panel.view.select_cell(self.panel.model.index(0, 2))
        self._on_row(self.panel.view.current_id())

    def _tell_figures(self) -> None:
        rows = self.source.found.values()
        if not rows:
            self.figures_changed.emit(self.tr("{} 年度 · 0 项指标").format(self.year))
            return
        behind = sum(row.is_behind for row in rows)
        with_target = sum(bool(row.province_target) for row in rows)
        with_average = sum(bool(row.province_average) for row in rows)
        ranked = sum(bool(row.rank) for row in rows)
        self.figures_changed.emit(
            self.tr("{} 项指标 · 已录省定目标 {}、全省平均 {}、位次 {} · 低于省定 {} 项").format(
                len(rows), with_target, with_average, ranked, behind
            )
        )

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.panel is None:
            super().shown()
        else:
            self.panel.tell_status()

    # Doing --------------------------------------------------------------------

    def _on_row(self, record: object) -> None:
        indicator = RecordId(int(record))  # type: ignore[call-overload]
        self.side.show_row(self.source.found.get(indicator), self.source.period)

    def _on_wrote(self, outcome: Outcome) -> None:
        """A figure that is held elsewhere still stands after Delete: say where it is changed."""
        told, self.source.not_cleared = self.source.not_cleared, ()
        if told:
            self.workspace.say(outcome.sentence() + self.tr("未能清除:{}。").format(";".join(told)), tone="amber")

    def _on_behind(self) -> None:
        if self.panel is not None:
            self.source.only_behind = self.behind.isChecked()
            self._reload()

    def _on_cities(self) -> None:
        dialog = CitiesDialog(self.window(), self._cities)
        dialog.accepted.connect(self._on_cities_chosen)
        self._asked = dialog
        dialog.open()

    def _on_cities_chosen(self) -> None:
        self.set_cities(self._asked.cities)

    def set_cities(self, cities: tuple[str, ...]) -> None:
        """Give these cities columns of their own; none: one column for all."""
        self._cities = cities
        if not cities and self.source.neighbours_named():
            self.workspace.say(self.tr("已录入数字的周边市仍各占一列:{}。").format(
                "、".join(self.source.neighbours_named())))
        self._rebuild()

    def print_table(self) -> None:
        """The comparison table of the year in the preview."""
        from mbo_desktop.services import season_papers

        store, year, span = self.store, self.year, int(self.span.currentData() or 0)
        print_document(
            self, self.workspace, self.tr("{}年指标对比表").format(year),
            lambda: season_papers.comparison_document(store, year, years=span),
        )

    def _on_tables(self) -> None:
        self.cell_asked.emit(None, None)

    def find(self) -> None:
        """The find bar of the table."""
        if self.panel is not None:
            self.panel.find()

    def copy(self) -> None:
        """The selected block."""
        if self.panel is not None:
            self.panel.view.copy()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Years, cities, widths."""
        table = self.panel.save_state() if self.panel is not None else self._state.get("table", {})
        return {"span": self.span.currentData(), "cities": list(self._cities), "table": table}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        self.span.setCurrentIndex(max(self.span.findData(state.get("span", 3)), 0))
        self._cities = tuple(str(name) for name in state.get("cities", ()))
