"""The view 督查台账: inspections of the year by month, above what was found or is still to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, Inspection, InspectionState
from mbo_desktop.services import inspection_objects, inspections
from mbo_desktop.services.inspections import FindingLine, InspectionLine
from ui.dialogs.inspection_finding import FindingDialog
from ui.dialogs.inspection_sample import SampleDialog
from ui.dialogs.inspection_visit import VisitDialog
from ui.grids.columns import Row
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.inspection_deeds import FindingDeeds, VisitDeeds
from ui.pages.inspection_log_rows import (
    FINDINGS,
    VISITS,
    finding_row,
    sorted_findings,
    visit_row,
    waiting_row,
)
from ui.pages.inspection_log_side import LogPanel
from ui.pages.inspection_months import InspectionMonths, month_of
from ui.pages.inspection_print import InspectionPapers
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

TOUCHING = {"inspection", "finding", "unit", "target", "indicator", "year"}


class LogView(RoomView):
    """Above the log, below the findings of its current line; the panel follows the table in use."""

    key = "log"
    manual = "inspections"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.lines: dict[RecordId, InspectionLine] = {}
        self.found: dict[RecordId, FindingLine] = {}
        self.waiting: tuple[RecordId, ...] = ()
        self._shown = RecordId(0)
        self.months = InspectionMonths()
        self.months.chosen.connect(self._on_month)
        self.source = ListSource(VISITS, self._visit_rows)
        self.panel = GridPanel(workspace, self.source, filter_hint=self.tr("筛选督查… 拼音首字母也可"))
        self.panel.set_empty(EmptyPage(
            "eye", self.tr("本年度还没有督查"),
            self.tr("月检查、季分析、半年初评、抽样检查和暗访,先在这里列计划,再抽样、打印记录表、登记发现。核实数自动进入进度。"),
            ((self.tr("计划督查…"), self.new),),
        ))
        self.finding_source = ListSource(FINDINGS, self._finding_rows)
        self.findings = GridPanel(workspace, self.finding_source)
        self.findings.set_empty(EmptyPage(
            "clipboard-check", self.tr("还没有受查目标和发现"),
            self.tr("“抽样”抽取受查目标,或在“修改”中逐个选定;到现场后按 Ctrl+Enter 逐项登记发现。"),
        ))
        top = QWidget()
        layout = QVBoxLayout(top)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        layout.addWidget(self.months)
        layout.addWidget(self.panel, 1)
        self.tables = QSplitter(Qt.Orientation.Vertical)
        self.tables.setChildrenCollapsible(False)
        self.tables.addWidget(top)
        self.tables.addWidget(self.findings)
        self.tables.setSizes([scaled(280), scaled(260)])
        self.side = LogPanel(workspace)
        self.side.setMinimumWidth(scaled(250))
        self.body.addWidget(self.tables)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.panel)
        self.papers = InspectionPapers(workspace, self)
        self.deeds = VisitDeeds(workspace, self)
        self.finding_deeds = FindingDeeds(workspace, self)
        self._writing: list[QPushButton] = []
        self._build_tools()
        self._connect()

    def _build_tools(self) -> None:
        self.panel.filter_field.setMinimumWidth(scaled(150))
        self.add_tool(self.panel.filter_field, 1)
        self._writing.append(self.add_tool_button(
            self.tr("抽样…"), self.sample, hint=self.tr("按种子抽取受查目标,任何人可重复")))
        self._writing.append(self.add_tool_button(
            self.tr("登记发现…"), self.add_finding, hint=self.tr("Ctrl+Enter")))
        self.printing = QPushButton(self.tr("打印"))
        menu = QMenu(self.printing)
        for label, act in (
            (self.tr("现场查验记录表(空白)…"), self.print_blank),
            (self.tr("现场查验记录表(已填)…"), self.print_filled),
            (self.tr("抽样记录…"), self.print_protocol),
            (self.tr("督查通报、专报、报告…"), self.print_circular),
        ):
            menu.addAction(label, act)
        self.printing.setMenu(menu)
        self.add_tool(self.printing)
        self._writing.append(self.add_tool_button(
            self.tr("计划督查…"), self.new, primary=True, hint=self.tr("Ctrl+N")))

    def _connect(self) -> None:
        self.panel.view.current_row_changed.connect(self._on_visit)
        self.panel.view.opened.connect(self._on_open_visit)
        open_by_enter(self.panel.view, self._on_open_visit)
        self.panel.view.find_asked.connect(self.panel.find)
        self.findings.view.current_row_changed.connect(self._on_finding)
        self.findings.view.opened.connect(self._on_open_finding)
        open_by_enter(self.findings.view, self._on_open_finding)
        self.findings.view.find_asked.connect(self.findings.find)
        self.side.wanted.connect(self._on_wanted)
        self.side.photo_opened.connect(self.finding_deeds.open_photo)
        self.side.photos_dropped.connect(self._on_photos)
        for keys, act in (
            ("Ctrl+N", self.new), ("Ctrl+Return", self.add_finding), ("Ctrl+Enter", self.add_finding),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the log and the findings of its current line."""
        self.lines = {line.id: line for line in inspections.log(self.store, self.year)}
        self.months.show_lines(list(self.lines.values()), clock.today())
        self._show_log()
        self._tell_figures()

    def _show_log(self) -> None:
        self.source.reload()
        self.panel.model.refresh()
        view = self.panel.view
        if not view.current_id() and self.panel.model.rowCount():
            view.select_cell(self.panel.model.index(0, 0))
        self._read_findings()

    def _visit_rows(self) -> Sequence[Row]:
        month = self.months.month
        return [visit_row(one, self.year) for one in self.lines.values() if month in (0, month_of(one))]

    def _read_findings(self) -> None:
        visit = self.visit()
        self.found, self.waiting = {}, ()
        if visit is not None:
            rows = inspections.findings(self.store, self.year, inspection=visit.id)
            self.found = {one.id: one for one in sorted_findings(rows, clock.today())}
            seen = {one.subject for one in rows}
            self.waiting = tuple(one for one in visit.subjects if one not in seen)
        another = self._shown != (visit.id if visit else 0)
        self._shown = visit.id if visit else RecordId(0)
        self.finding_source.reload()
        if another:
            self.findings.reload()
        else:
            self.findings.model.refresh()
        self.findings.setVisible(bool(self.lines))
        self._show_side()

    def _finding_rows(self) -> Sequence[Row]:
        rows = [finding_row(one, clock.today()) for one in self.found.values()]
        return [*rows, *(waiting_row(one) for one in inspection_objects.targets(self.store, self.waiting))]

    def _tell_figures(self) -> None:
        lines = [one for one in self.lines.values() if one.state is not InspectionState.CANCELLED]
        done = sum(one.state is InspectionState.DONE for one in lines)
        words = [
            self.tr("{} 年度").format(self.year), self.tr("督查 {} 次").format(len(lines)),
            self.tr("已结束 {}").format(done), self.tr("发现 {} 条").format(sum(one.findings for one in lines)),
            self.tr("未整改 {}").format(sum(one.unsettled for one in lines)),
        ]
        self.figures_changed.emit(" · ".join(words))

    def refresh(self, changes: Any) -> None:
        """Inspections, findings or what they name changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _on_month(self, _month: int) -> None:
        self._show_log()

    def show_visit(self, record: RecordId) -> None:
        """Make an inspection current, whatever month was chosen."""
        self.months.choose(0)
        self.panel.filter_field.clear()
        self.panel.view.set_filter_text("")
        self.panel.view.show_record(int(record))
        self._read_findings()

    def show_finding(self, record: RecordId) -> None:
        """Make a finding current, with its inspection."""
        found = self.store.find(Finding, record)
        if found is not None:
            self.show_visit(found.inspection)
            self.findings.view.show_record(int(record))
            self.findings.view.setFocus()
            self._show_side(of_findings=True)

    # Panel ----------------------------------------------------------------------

    def visit(self) -> Inspection | None:
        """The current line of the log."""
        record = self.panel.view.current_id()
        return self.store.find(Inspection, RecordId(record)) if record else None

    def _on_visit(self) -> None:
        self._read_findings()

    def _on_finding(self) -> None:
        self._show_side(of_findings=self.findings.view.hasFocus())

    def _show_side(self, *, of_findings: bool | None = None) -> None:
        below = self.findings.view.hasFocus() if of_findings is None else of_findings
        writable = not self.workspace.read_only
        record = RecordId(self.findings.view.current_id())
        if below and record in self.found:
            line = self.found[record]
            self.side.show_finding(record, line.unit_label, line.title, writable=writable)
        elif below and record in self.waiting:
            self.side.show_waiting(record, writable=writable)
        elif self.panel.view.current_id():
            self.side.show_visit(RecordId(self.panel.view.current_id()), writable=writable)
        else:
            self.side.show_nothing()

    # Doing ----------------------------------------------------------------------

    def _ready(self) -> Inspection | None:
        if self.workspace.read_only:
            return None
        visit = self.visit()
        if visit is None:
            self.workspace.say(self.tr("请先选中一次督查。"))
        return visit

    def new(self) -> None:
        """Plan an inspection."""
        if self.workspace.read_only:
            return
        dialog = VisitDialog(self.workspace, None, self.window())
        if dialog.exec() and dialog.made is not None:
            self.show_visit(dialog.made)
            self.workspace.say(self.tr("已登记督查计划。"), tone="green", actions=[
                (self.tr("抽样…"), self.sample), (self.tr("打印空白记录表"), self.print_blank)])

    def sample(self) -> None:
        """Draw the targets of the current inspection."""
        visit = self._ready()
        if visit is None:
            return
        if visit.state in (InspectionState.DONE, InspectionState.CANCELLED):
            self.workspace.say(self.tr("“{}”{},不能再抽样。").format(visit.title, visit.state.label), tone="amber")
            return
        if SampleDialog(self.workspace, visit.id, self.window()).exec():
            self.workspace.say(self.tr("已保存抽样结果。"), tone="green", actions=[
                (self.tr("打印抽样记录"), self.print_protocol), (self.tr("打印空白记录表"), self.print_blank)])

    def add_finding(self) -> None:
        """Record what was found at the current target; the next one when that is wanted."""
        visit = self._ready()
        if visit is None:
            return
        current = RecordId(self.findings.view.current_id())
        subject: RecordId | None = current if current in self.waiting else None
        if subject is None and self.waiting:
            subject = self.waiting[0]
        while True:
            dialog = FindingDialog(
                self.workspace, visit, self.window(), subject=subject, more=len(self.waiting) > 1
            )
            if not dialog.exec() or dialog.outcome is None:
                return
            if dialog.photos.paths:
                self.finding_deeds.add_photos(dialog.outcome.finding, dialog.photos.paths)
            if not dialog.again:
                self.show_finding(dialog.outcome.finding)
                words = f"({dialog.outcome.difference})" if dialog.outcome.difference else ""
                self.workspace.say(self.tr("已登记督查发现{}。").format(words), tone="green")
                return
            subject = next((one for one in self.waiting if one != subject), None)

    def _on_open_visit(self) -> None:
        visit = self._ready()
        if visit is not None:
            self.deeds.change(visit)

    def _on_open_finding(self) -> None:
        record = RecordId(self.findings.view.current_id())
        if record in self.waiting:
            self.add_finding()
        elif record in self.found and not self.workspace.read_only:
            self.finding_deeds.words(record)

    def _on_wanted(self, what: str) -> None:
        visit, finding = self.visit(), RecordId(self.findings.view.current_id())
        if what == "add":
            self.add_finding()
        elif what == "sample":
            self.sample()
        elif visit is not None and what in self.deeds.acts:
            self.deeds.acts[what](visit)
        elif finding in self.found:
            self.finding_deeds.acts[what](finding)

    def _on_photos(self, paths: object) -> None:
        record = RecordId(self.findings.view.current_id())
        if record in self.found and isinstance(paths, list):
            self.finding_deeds.add_photos(record, [one for one in paths if isinstance(one, Path)])

    # Printing -------------------------------------------------------------------

    def _chosen(self) -> RecordId | None:
        visit = self.visit()
        if visit is None:
            self.workspace.say(self.tr("请先选中一次督查。"))
        return None if visit is None else visit.id

    def print_blank(self) -> None:
        """The sheet to take along."""
        if (record := self._chosen()) is not None:
            self.papers.record_sheet(record, filled=False)

    def print_filled(self) -> None:
        """The sheet with what was found."""
        if (record := self._chosen()) is not None:
            self.papers.record_sheet(record, filled=True)

    def print_protocol(self) -> None:
        """How the sample was drawn."""
        if (record := self._chosen()) is not None:
            self.papers.protocol(record)

    def print_circular(self) -> None:
        """督查通报, 专报 or 报告."""
        if (record := self._chosen()) is not None:
            self.papers.circular(record)

    # What the room asks ---------------------------------------------------------

    def find(self) -> None:
        """The find bar of the table in use."""
        (self.findings if self.findings.view.hasFocus() else self.panel).find()

    def copy(self) -> None:
        """The selected block."""
        (self.findings if self.findings.view.hasFocus() else self.panel).view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in self._writing:
            button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Widths of both tables."""
        return {"log": self.panel.save_state(), "findings": self.findings.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("log", {}))
        self.findings.restore_state(state.get("findings", {}))
