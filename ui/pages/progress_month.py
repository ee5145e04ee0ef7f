"""The view 月度填报: the targets of the month as a table, each side in its own column, explained beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.services.own_figures import reports_only_itself
from ui.grids.model import Outcome
from ui.grids.panel import GridPanel
from ui.later import later
from ui.pages.progress_deeds import ProgressDeeds
from ui.pages.progress_filters import MonthFilters
from ui.pages.progress_rows import FIELDS, month_columns, month_row
from ui.pages.progress_side import ProgressSide
from ui.pages.progress_source import MonthSource, Wanted
from ui.pages.progress_state import MonthState
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

_TOLD = (Light.RED, Light.YELLOW, Light.GREEN, Light.UNREPORTED, Light.YEAR_END)
_MARKS = {
    Light.RED: "■", Light.YELLOW: "▲", Light.GREEN: "●", Light.UNREPORTED: "○", Light.YEAR_END: "○",
}


def lights_line(state: MonthState) -> str:
    """「6月 · 已报 312 / 1,800 项 · ■滞后 12 · …」 for the room's head."""
    words = [f"{state.month}月", f"已报 {state.reported.get(state.month, 0):,} / {state.due:,} 项"]
    if state.known:
        totals = state.totals()
        words += [f"{_MARKS[one]}{one.label} {totals[one]:,}" for one in _TOLD if totals[one]]
    return " · ".join(words)


class MonthPanel(GridPanel):
    """The table of the month; the status bar counts what the room's filters leave."""

    def __init__(self, workspace: Workspace, source: MonthSource) -> None:
        super().__init__(workspace, source)
        self.filter_field.setPlaceholderText(self.tr("筛选… 拼音首字母"))
        self._source = source

    def tell_status(self) -> None:
        """Rows and sum."""
        super().tell_status()
        if self._source.wanted.narrows:
            shown, total = self._counts
            self._workspace.status(
                "rows", self.tr("{} 行(筛选后 {})").format(f"{total:,}", f"{shown:,}"))


class MonthView(RoomView):
    """Typing and pasting into the month; the side panel answers for the row the cursor is in."""

    key = "month"
    manual = "progress"

    def __init__(self, state: MonthState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self._place = (0, 0)
        self._opened = False
        self._remembered: Mapping[str, Any] = {}
        self.source = MonthSource(
            state, month_columns(own_only=reports_only_itself(state.store)), month_row)
        self.panel = MonthPanel(state.workspace, self.source)
        self.deeds = ProgressDeeds(state, self)
        self.side = ProgressSide(state, self.deeds)
        self.filters = MonthFilters(state.workspace)
        self.panel.filter_field.setMinimumWidth(scaled(104))
        self.add_tool(self.filters)
        self.add_tool(self.panel.filter_field, 1)
        self.none = EmptyPage(
            "list-filter", self.tr("没有符合筛选条件的目标"),
            self.tr("换一个单位、类别或灯,或清除筛选,查看本月的全部目标。"),
            ((self.tr("清除筛选"), self.clear_filters),),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.panel)
        self.stack.addWidget(self.none)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(240))
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.panel)
        self.setAcceptDrops(True)
        self._connect()

    def _connect(self) -> None:
        self.filters.changed.connect(self._on_filter)
        self.filters.entered.connect(self.panel.setFocus)
        self.panel.view.find_asked.connect(self.panel.find)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.opened.connect(self._on_opened)
        self.panel.model.wrote.connect(self._on_wrote)
        self.panel.model.counted.connect(self._on_counted)
        self.state.month_changed.connect(self._on_month)
        self.state.lights_known.connect(self._on_lights)
        self.state.counted.connect(self._tell_figures)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year."""
        self.filters.reload(self.state.year, self.state.month)
        if not self._opened:
            self._opened = True
            self.filters.restore_state(self._remembered.get("filters", {}))
            self.panel.restore_state(self._remembered.get("table", {}))
        self._place = (self.state.year, self.state.month)
        self.source.forget()
        self.source.wanted = self.filters.wanted()
        self._need_lights()
        self.panel.reload()
        self._select_first()
        self._tell_figures()
        self.state.ask()
        self.side.again()

    def _select_first(self) -> None:
        current = self._remembered.get("table", {}).get("current")
        self._remembered = {}
        if self.panel.view.current_id() or not self.panel.model.rowCount():
            return
        if isinstance(current, int) and self.panel.view.show_record(current, "own"):
            return
        self.panel.view.select_cell(self.panel.model.index(0, self.panel.model.column_of("own")))

    def _need_lights(self) -> None:
        # Few lights are found where they are needed; many are awaited beside the window.
        if self.source.wanted.by_light:
            self.state.ask()

    def refresh(self, changes: Any) -> None:
        """Only the rows that changed are read again."""
        if changes is None or self._place != (self.state.year, self.state.month):
            self.activate()
            return
        touched = set(changes.ids_by_type)
        if touched & {"target", "indicator", "unit", "category", "year", "adjustment", "allocation",
                      "reporting_rules"}:
            self.source.forget()
            self._read_again()
            self._tell_figures()
            self.state.ask()
            self.side.again()

    def follow(self, subjects: frozenset[RecordId]) -> None:
        """Targets whose reports, papers or problems changed."""
        self.source.drop(subjects)
        self.panel.model.refresh(int(one) for one in subjects)
        if self.side.facts is None or self.side.facts.row.subject in subjects:
            self.side.again()

    def _on_month(self) -> None:
        if self.isVisible():
            self._place = (self.state.year, self.state.month)
            self.source.forget()
            self._need_lights()
            self._read_again()
            self.state.ask()
            self.side.again()
            self._tell_figures()

    def _read_again(self) -> None:
        """Other rows may fit; without filters only the cells are read, and the place stays."""
        query = self.panel.model.query
        if self.source.wanted.narrows or query.filters or query.sort:
            self.panel.reload()
        else:
            self.panel.model.refresh()

    def _on_lights(self) -> None:
        self._tell_figures()

    def _tell_figures(self) -> None:
        self.figures_changed.emit(lights_line(self.state))

    def _on_counted(self, shown: int, total: int) -> None:
        empty = not shown and total > 0 and (
            self.source.wanted.narrows or self.panel.model.query.narrows
        )
        self.stack.setCurrentWidget(self.none if empty else self.panel)
        if shown and self.isVisible():
            # Rows that were filtered beside the window arrive without a current one.
            self._select_first()

    # Doing --------------------------------------------------------------------

    def _on_row(self, record: object) -> None:
        self.side.show_subject(int(record))  # type: ignore[call-overload]

    def _on_opened(self, _record: object) -> None:
        """A double click where nothing is typed: on 佐证 add a file, on 问题 note one, else into the panel."""
        index = self.panel.view.currentIndex()
        key = self.panel.model.columns[index.column()].key
        row = self.source.row(self.panel.view.current_id())
        if row is None or self.workspace.read_only:
            return
        if key == "evidence":
            self.deeds.choose_files(row)
        elif key == "problems":
            self.deeds.add_problem(row)

    def _on_filter(self) -> None:
        self.source.wanted = self.filters.wanted()
        self._need_lights()
        self.panel.reload()
        self._select_first()
        self.shown()

    def clear_filters(self) -> None:
        """Show all targets of the month."""
        self.panel.filter_field.clear()
        query = self.panel.model.query
        self.panel.view.ask(type(query)(sort=query.sort, descending=query.descending))
        self.filters.show_wanted(Wanted())
        self.panel.setFocus()

    def show_wanted(self, wanted: Wanted, subject: int = 0) -> None:
        """Show what another view counted, and of it one target."""
        self.panel.filter_field.clear()
        query = self.panel.model.query
        if query.filters or query.text:
            self.panel.view.ask(type(query)())
        self.filters.show_wanted(wanted)
        if subject:
            self.panel.view.show_record(subject, "own")
        self.panel.setFocus()

    def _on_wrote(self, outcome: Outcome) -> None:
        """A doubt has its reason beside the cell; several need a sentence."""
        doubts, self.source.doubts = dict(self.source.doubts), {}
        if not doubts or not outcome.written:
            return
        if len(doubts) > 1 or outcome.written > 1:
            self.workspace.say(
                self.tr("已写入 {} 格;其中 {} 项数据存疑,已标▲,未拦截。属实的请在“说明”中写明原因。").format(
                    outcome.written, len(doubts)), tone="amber",
            )
            return
        (subject, kind), why = next(iter(doubts.items()))
        key = next(key for key, place in FIELDS.items() if place[0] is kind)
        later(self, lambda: self._tell_doubt(int(subject), key, why), 20)

    def _tell_doubt(self, subject: int, key: str, why: str) -> None:
        model = self.panel.model
        row = model.row_of(subject)
        if row >= 0:
            self.panel.view.tell(model.index(row, model.column_of(key)), why)

    # Files dropped on the table -------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Papers for the target the cursor is in; workbooks belong to the wizard."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        over_side = self.side.geometry().contains(event.position().toPoint())
        if paths and over_side and self.side.facts is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Keep them as evidence."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if self.side.facts is not None and not self.workspace.read_only:
            event.acceptProposedAction()
            self.deeds.add_files(self.side.facts.row, paths)

    # What the room asks ---------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """The panel's buttons follow; the table does so by itself."""
        self.side.again()

    def show_subject(self, subject: int) -> bool:
        """Show a target whatever the filter hides."""
        if not self.panel.view.show_record(subject, "own"):
            self.clear_filters()
            return self.panel.view.show_record(subject, "own")
        return True

    @property
    def current(self) -> RecordId | None:
        """The target the cursor is in."""
        found = self.panel.view.current_id()
        return RecordId(found) if found else None

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Filters, widths, the row."""
        if not self._opened:
            return self._remembered
        return {"filters": self.filters.save_state(), "table": self.panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._remembered = state

