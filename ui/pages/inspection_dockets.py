"""The view 督查事项: the register of dockets, what may be done now, many reminded or printed at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton

from mbo_desktop import clock
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, MatterSource
from mbo_desktop.domain.rights import Act, act_of_docket
from mbo_desktop.services import docket_carrying, docket_rules, dockets
from mbo_desktop.services.dockets import DocketFilter
from mbo_desktop.services.inspection_papers import SlipKind
from ui.dialogs.inspection_acts import ActDialog, outcome_words
from ui.dialogs.inspection_docket import (
    DocketDialog,
    ItemDialog,
    first_forward,
    unit_option,
)
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.pages.inspection_deeds import FindingDeeds
from ui.pages.inspection_docket_rows import DocketSource, Scope
from ui.pages.inspection_docket_side import DocketPanel
from ui.pages.inspection_print import InspectionPapers
from ui.pages.room_view import RoomView
from ui.pages.season_origins import unit_lookup
from ui.rights import guard_entry
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

TOUCHING = {"docket", "unit", "reporting_rules", "work_calendar", "year"}
_SCOPES = (
    ("open", "未办结"), ("overdue", "已超期"), ("near", "三日内到期"), ("asked", "申请延期待批"),
    ("held", "挂账"), ("listed", "未销号"), ("carried", "上年结转"), ("all", "全部"),
)


class DocketsView(RoomView):
    """The register at the left, the docket in the panel; every act asks for day and words."""

    key = "dockets"
    manual = "inspections"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.source = DocketSource(workspace)
        self.panel = GridPanel(workspace, self.source, filter_hint=self.tr("编号、事项、单位… 拼音首字母也可"))
        self.panel.set_empty(EmptyPage(
            "clipboard-check", self.tr("本年度还没有督查事项"),
            self.tr("会议议定、领导批示、上级交办、进度中的问题、督查发现,一事一项登记,从立项、交办一直跟到核查、办结。在“进度”的问题上按 Ctrl+D,可直接转来。"),
            ((self.tr("登记督查事项…"), self.new),),
        ))
        self.side = DocketPanel(workspace)
        self.side.setMinimumWidth(scaled(260))
        self.side.act_wanted.connect(self._on_act)
        self.side.wanted.connect(self._on_wanted)
        self.finding_deeds = FindingDeeds(workspace, self)
        self.side.paper_asked.connect(self.finding_deeds.open_photo)
        self.body.addWidget(self.panel)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(316)])
        self.setFocusProxy(self.panel)
        self.papers = InspectionPapers(workspace, self)
        self._writing: list[QPushButton] = []
        self._read_only = False
        self._build_tools()
        self._build_keys()
        self.panel.view.current_row_changed.connect(self._show_side)
        self.panel.view.opened.connect(self.change)
        open_by_enter(self.panel.view, self.change)
        self.panel.view.find_asked.connect(self.panel.find)

    def _build_tools(self) -> None:
        self.scope = QComboBox()
        self.scope.setAccessibleName(self.tr("范围"))
        for key, word in _SCOPES:
            self.scope.addItem(word, key)
        self.scope.insertSeparator(self.scope.count())
        for state in DocketState:
            self.scope.addItem(state.label, state.value)
        self.origin = QComboBox()
        self.origin.setAccessibleName(self.tr("来源"))
        self.origin.addItem(self.tr("来源"), "")
        for source in MatterSource:
            self.origin.addItem(source.label, source.value)
        self.colour = QComboBox()
        self.colour.setAccessibleName(self.tr("督办颜色"))
        for box, width in ((self.scope, 104), (self.origin, 104), (self.colour, 104)):
            box.setMaximumWidth(scaled(width))
            box.view().setMinimumWidth(scaled(170))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(5)
            box.activated.connect(self._on_filter)
            self.add_tool(box)
        self.lead = PickerEdit(unit_lookup(self.store))
        self.lead.setPlaceholderText(self.tr("主办单位"))
        self.lead.setClearButtonEnabled(True)
        self.lead.setMaximumWidth(scaled(104))
        self.lead.picked.connect(self._on_filter)
        self.lead.textChanged.connect(self._on_lead_text)
        self.add_tool(self.lead)
        self.panel.filter_field.setMinimumWidth(scaled(110))
        self.add_tool(self.panel.filter_field, 1)
        self._build_menus()
        self._writing.append(self.add_tool_button(
            self.tr("登记事项…"), self.new, primary=True, hint=self.tr("Ctrl+N")))

    def _build_menus(self) -> None:
        """What is done to, and printed of, several dockets at once."""
        self.more = QPushButton(self.tr("办理"))
        self.more.setToolTip(self.tr("对选中的各项一次办理"))
        menu = QMenu(self.more)
        for act, key in (
            (DocketAct.REMIND, "Ctrl+B"), (DocketAct.ESCALATE, "Ctrl+U"), (DocketAct.FILE, ""),
            (DocketAct.ASSIGN, ""), (DocketAct.ACCEPT, ""), (DocketAct.HANDLE, ""), (DocketAct.HOLD, ""),
            (DocketAct.STRIKE_OFF, ""), (DocketAct.ARCHIVE, ""),
        ):
            words = self.tr("{}(选中的各项)…").format(act.label)
            entry = menu.addAction(f"{words}\t{key}" if key else words, self._batch(act))
            guard_entry(menu, entry, self.workspace, act_of_docket(act))
        menu.addSeparator()
        entry = menu.addAction(self.tr("从会议、文件条目登记…"), self.new_from_item)
        guard_entry(menu, entry, self.workspace, Act.ENTER)
        self.more.setMenu(menu)
        self.add_tool(self.more)
        self._writing.append(self.more)
        self.printing = QPushButton(self.tr("打印"))
        papers = QMenu(self.printing)
        for kind in SlipKind:
            papers.addAction(self.tr("{}(选中的各项)…").format(kind.label), self._printer(kind))
        papers.addSeparator()
        papers.addAction(self.tr("三色督办单(全部超期并已升级的)…"), self.print_late)
        papers.addAction(self.tr("督查事项台账(当前列出的)…"), self.print_register)
        self.printing.setMenu(papers)
        self.add_tool(self.printing)

    def _build_keys(self) -> None:
        for keys, act in (
            ("Ctrl+N", self.new), ("Ctrl+Return", self.act_next), ("Ctrl+Enter", self.act_next),
            ("Ctrl+B", self._batch(DocketAct.REMIND)), ("Ctrl+U", self._batch(DocketAct.ESCALATE)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the register under the chosen filters."""
        self._fill_colours()
        kept = self.source.kept
        found = None if kept is None else self.store.find(Docket, kept)
        if found is None or found.year > self.year:
            self.source.kept = None
        self._read()
        self._tell_figures()

    def _fill_colours(self) -> None:
        now = self.colour.currentData()
        self.colour.clear()
        self.colour.addItem(self.tr("颜色"), "")
        for name in docket_rules.colours(self.store, self.year):
            self.colour.addItem(self.tr("{}色").format(name), name)
        self.colour.setCurrentIndex(max(self.colour.findData(now or ""), 0))

    def _read(self) -> None:
        source, lead = self.origin.currentData(), self.lead.value()
        self.source.scope = Scope(
            str(self.scope.currentData()), RecordId(lead) if isinstance(lead, int) else None,
            MatterSource(source) if source else None, str(self.colour.currentData() or ""),
        )
        self.source.reload()
        self.panel.model.refresh()
        view = self.panel.view
        if not view.current_id() and self.panel.model.rowCount():
            view.select_cell(self.panel.model.index(0, 0))
        self._show_side()

    def _tell_figures(self) -> None:
        today, store, year = clock.today(), self.store, self.year
        counts = [
            (self.tr("共 {} 项"), DocketFilter()), (self.tr("未办结 {}"), DocketFilter(only_open=True)),
            (self.tr("■超期 {}"), DocketFilter(overdue_at=today)),
            (self.tr("申请延期 {}"), DocketFilter(asked=True)),
        ]
        words = [text.format(dockets.count(store, year, chosen)) for text, chosen in counts]
        left = dockets.count(store, year, DocketFilter(carried=True))
        if left:
            words.append(self.tr("上年结转 {}").format(left))
        self.figures_changed.emit(" · ".join([self.tr("{} 年度").format(year), *words]))

    def _on_filter(self) -> None:
        self.source.kept = None
        self._read()
        self.panel.view.setFocus()

    def _on_lead_text(self, text: str) -> None:
        if not text and self.source.scope.lead is not None:
            self._read()

    def refresh(self, changes: Any) -> None:
        """Dockets, units or the rules changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _show_side(self) -> None:
        row = self.source.row(RecordId(self.panel.view.current_id()))
        self.side.show_docket(row, year=self.year, writable=not self.workspace.read_only)

    def show_docket(self, record: RecordId) -> None:
        """Make a docket current, whatever the filters hid."""
        self.source.kept = record
        if int(record) not in self.source.listed:
            self.panel.filter_field.clear()
            self.panel.view.set_filter_text("")
            self._read()
        self.panel.view.show_record(int(record))
        self._show_side()

    def show_scope(self, key: str, *, lead: RecordId | None = None) -> None:
        """Filter by scope only (and a lead unit)."""
        self.source.kept = None
        self.scope.setCurrentIndex(max(self.scope.findData(key), 0))
        self.origin.setCurrentIndex(0)
        self.colour.setCurrentIndex(0)
        self.lead.set_option(None if lead is None else unit_option(self.store, lead))
        self.panel.filter_field.clear()
        self.panel.view.set_filter_text("")
        self._read()

    # Acting ---------------------------------------------------------------------

    def current(self) -> Docket | None:
        """The docket in the panel."""
        record = self.panel.view.current_id()
        return self.store.find(Docket, RecordId(record)) if record else None

    def chosen(self) -> list[RecordId]:
        """The dockets with a selected cell."""
        ids = self.panel.view.selected_ids() or [self.panel.view.current_id()]
        return [RecordId(one) for one in ids if one in self.source.listed]

    def new(self) -> None:
        """Register a matter."""
        if self.workspace.read_only:
            return
        dialog = DocketDialog(self.workspace, None, self.window())
        if dialog.exec() and dialog.made is not None:
            self.show_docket(dialog.made)
            self.workspace.say(self.tr("已登记,尚未立项。"), tone="green", actions=[
                (self.tr("立项…"), self.act_next)])

    def new_from_item(self) -> None:
        """A docket of an item of the register."""
        dialog = ItemDialog(self.workspace, self.window())
        if dialog.exec() and dialog.made is not None:
            self.show_docket(dialog.made)
            self.workspace.say(self.tr("请核对主办单位和时限后立项。"), actions=[(self.tr("修改…"), self.change)])

    def change(self) -> None:
        """Change the facts of the current docket."""
        docket = self.current()
        if docket is not None and not self.workspace.read_only:
            DocketDialog(self.workspace, docket, self.window()).exec()

    def act_next(self) -> None:
        """The act that leads the current docket on."""
        docket = self.current()
        if docket is None or self.workspace.read_only:
            return
        act = first_forward(dockets.next_acts(self.store, docket.id))
        if act is None:
            self.workspace.say(self.tr("“{}”已走完全部程序。").format(docket.title))
            return
        self.do(act, [docket.id])

    def do(self, act: DocketAct, records: list[RecordId]) -> None:
        """Ask and do an act to dockets."""
        if not records:
            self.workspace.say(self.tr("请先选中督查事项。"))
            return
        self.source.kept = records[0] if len(records) == 1 else None
        dialog = ActDialog(self.workspace, records, act, self.window())
        if dialog.exec() and dialog.outcome is not None:
            tone = "amber" if dialog.outcome.refused else "green"
            self.workspace.say(outcome_words(act, dialog.outcome), tone=tone)

    def _on_act(self, act: object) -> None:
        docket = self.current()
        if docket is not None and isinstance(act, DocketAct):
            self.do(act, [docket.id])

    def _batch(self, act: DocketAct) -> Callable[[], None]:
        def deed() -> None:
            if not self.workspace.read_only:
                self.do(act, self.chosen())

        return deed

    def _on_wanted(self, what: str) -> None:
        docket = self.current()
        if docket is None:
            return
        if what == "change":
            self.change()
        elif what == "delete":
            self.workspace.perform(lambda: dockets.delete(self.store, [docket.id]))
            self.workspace.say(self.tr("已删除。"), actions=[(self.tr("撤销"), self.workspace.undo)])
        elif what == "carry":
            self.carry_on()
        elif what == "subject" and docket.subject is not None:
            self.workspace.go("progress", int(docket.subject), "target")
        elif what == "origin" and docket.origin is not None:
            if self.store.find(Docket, docket.origin) is not None:
                self.show_docket(docket.origin)
            elif self.store.find(Finding, docket.origin) is not None:
                self.workspace.go("inspections", int(docket.origin), "finding")
            elif docket.subject is not None:
                self.workspace.go("progress", int(docket.subject), "target")
            else:
                self.workspace.go("planning", 0, "sources")

    def carry_on(self) -> None:
        """The current docket of an earlier year goes on as one of this year."""
        docket = self.current()
        if docket is None or self.workspace.read_only:
            return
        made = self.workspace.perform(lambda: docket_carrying.carry_on(self.store, docket.id, self.year))
        if made is not None:
            self.show_docket(made)
            self.workspace.say(
                self.tr("已转为{}年度的督查事项,原事项不变。请核对主办单位,定下时限后立项。").format(self.year),
                tone="green", actions=[(self.tr("修改…"), self.change), (self.tr("立项…"), self.act_next)])

    # Printing -------------------------------------------------------------------

    def _printer(self, kind: SlipKind) -> Callable[[], None]:
        def deed() -> None:
            self.papers.slips(kind, self.chosen())

        return deed

    def print_late(self) -> None:
        """All open dockets past their limit that have a colour, in one run."""
        late = dockets.overdue(self.store, clock.today(), year=self.year)
        coloured = [row.line.id for row in late if row.line.colour]
        plain = len(late) - len(coloured)
        if not coloured:
            self.workspace.say(
                self.tr("超期 {} 项都还没有升级,没有督办颜色。请先选中它们“升级”。").format(plain) if plain
                else self.tr("没有超期的督查事项。"), tone="amber" if plain else "",
            )
            return
        if plain:
            self.workspace.say(self.tr("另有 {} 项超期但没有升级,不在其中。").format(plain), tone="amber")
        self.papers.slips(SlipKind.COLOURED, coloured)

    def print_register(self) -> None:
        """The listed dockets as 督查事项台账, in the order of the table."""
        model = self.panel.model
        listed = [RecordId(model.id_at(place)) for place in range(model.rowCount())]
        self.papers.docket_register(listed, self.scope.currentText())

    # What the room asks ---------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in self._writing:
            button.setEnabled(not read_only)
        if read_only != self._read_only:
            self._read_only = read_only
            self._show_side()

    def save_state(self) -> Mapping[str, Any]:
        """Widths and the scope."""
        return {"table": self.panel.save_state(), "scope": self.scope.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("table", {}))
        place = self.scope.findData(state.get("scope", "open"))
        self.scope.setCurrentIndex(max(place, 0))
        self.source.scope = replace(self.source.scope, scope=str(self.scope.currentData()))
