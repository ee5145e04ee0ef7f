"""The view 领导过问: what leaders took up in person, and which units nobody looked at or all look at."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedWidget

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import inspection_objects, inspections, leader_attention
from mbo_desktop.services.inspection_objects import UnitLookedAt
from mbo_desktop.services.leader_attention import AttentionLine
from ui.dialogs.inspection_attention import AttentionDialog, FollowedDialog
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

TOUCHING = {"leader_attention", "inspection", "finding", "unit", "target", "indicator", "year"}
ENTRIES, UNITS = "entries", "units"
_ENTRY_COLUMNS = (
    Column("day", "日期", Kind.DATE, width=94, frozen=True), Column("leader", "领导", width=100, frozen=True),
    Column("way", "方式", width=104), Column("unit", "单位", width=100), Column("title", "目标", width=140),
    Column("matter", "事项", width=220), Column("state", "落实", width=120),
)
_UNIT_COLUMNS = (
    Column("unit", "单位", width=130, frozen=True), Column("word", "状态", width=104),
    Column("targets", "目标", Kind.NUMBER, unit="项", width=80),
    Column("visits", "受查", Kind.NUMBER, unit="次", width=80),
    Column("attentions", "领导过问", Kind.NUMBER, unit="次", width=104),
    Column("findings", "发现", Kind.NUMBER, unit="条", width=80),
    Column("last", "最近一次发现", Kind.DATE, width=110),
)


def _entry(one: AttentionLine) -> Row:
    done = one.followed_on is not None
    return Row(int(one.id), {
        "day": one.day.isoformat(), "leader": one.leader, "way": one.way, "unit": one.unit_label,
        "title": one.title, "matter": Cell(one.matter, note=one.matter),
        "state": Cell(f"已落实 {one.followed_on:%m-%d}" if done else "未落实",
                      light=Light.GREEN if done else Light.AMBER),
    })


def _unit(one: UnitLookedAt) -> Row:
    light = Light.GREY if not one.visits and not one.attentions else Light.AMBER if one.word else Light.GREEN

    def number(count: int) -> Cell:
        return Cell(str(count), number=Decimal(count), tone=Tone.PLAIN if count else Tone.MUTED)

    return Row(int(one.unit), {
        "unit": one.label, "word": Cell(one.word or "已看过", light=light), "targets": number(one.targets),
        "visits": number(one.visits), "attentions": number(one.attentions), "findings": number(one.findings),
        "last": one.last_on.isoformat() if one.last_on else "",
    })


class AttentionView(RoomView):
    """A second switch: the entries, or all units with how often they were looked at."""

    key = "attention"
    manual = "inspections"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: dict[int, AttentionLine] = {}
        self.units: dict[int, UnitLookedAt] = {}
        self.switch = ViewSwitch([(ENTRIES, self.tr("过问记录")), (UNITS, self.tr("各单位受查情况"))])
        self.switch.switched.connect(self.choose)
        self.source = ListSource(_ENTRY_COLUMNS, lambda: [_entry(one) for one in self.found.values()])
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "user", self.tr("本年度还没有登记领导过问"),
            self.tr("领导亲自过问、现场研究解决的事,记下哪位领导、哪一天、定了什么、落实没有。没有人看过的单位在“各单位受查情况”中。"),
            ((self.tr("登记领导过问…"), self.new),),
        ))
        self.unit_source = ListSource(_UNIT_COLUMNS, lambda: [_unit(one) for one in self.units.values()])
        self.unit_panel = GridPanel(workspace, self.unit_source)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.panel)
        self.stack.addWidget(self.unit_panel)
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(240))
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(290)])
        self.add_tool(self.switch)
        self._fields = QStackedWidget()
        self._fields.setMaximumHeight(self.panel.filter_field.sizeHint().height() + scaled(4))
        for one in (self.panel, self.unit_panel):
            self._fields.addWidget(one.filter_field)
            one.view.current_row_changed.connect(self._show_side)
            one.view.find_asked.connect(one.find)
        self.add_tool(self._fields, 1)
        self.panel.view.opened.connect(self.change)
        self.unit_panel.view.opened.connect(self._on_unit_opened)
        open_by_enter(self.panel.view, self.change)
        open_by_enter(self.unit_panel.view, self._on_unit_opened)
        self._writing: list[QPushButton] = [self.add_tool_button(
            self.tr("登记过问…"), self.new, primary=True, hint=self.tr("Ctrl+N"))]
        new = QShortcut(QKeySequence("Ctrl+N"), self)
        new.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        new.activated.connect(self.new)

    # Reading --------------------------------------------------------------------

    @property
    def shown_panel(self) -> GridPanel:
        """The table that is shown."""
        return self.unit_panel if self.switch.view == UNITS else self.panel

    def choose(self, key: str) -> None:
        """Show one of the lists."""
        self.switch.set_view(key)
        self.stack.setCurrentWidget(self.shown_panel)
        self._fields.setCurrentWidget(self.shown_panel.filter_field)
        self.setFocusProxy(self.shown_panel)
        self._show_side()
        if self.isVisible():
            self.shown()

    def activate(self) -> None:
        """Read both lists."""
        self.found = {int(one.id): one for one in leader_attention.lines(self.store, self.year)}
        self.units = {int(one.unit): one for one in inspection_objects.looked_at(self.store, self.year)}
        for source, panel in ((self.source, self.panel), (self.unit_source, self.unit_panel)):
            source.reload()
            panel.model.refresh()
            if not panel.view.current_id() and panel.model.rowCount():
                panel.view.select_cell(panel.model.index(0, 0))
        waiting = sum(one.followed_on is None for one in self.found.values())
        words = [one.word for one in self.units.values()]
        self.figures_changed.emit(self.tr(
            "{} 年度 · 过问 {} 件 · 未落实 {} · ○无人过问 {} 个单位 · ▲受查偏多 {} 个"
        ).format(self.year, len(self.found), waiting, words.count("无人过问"), words.count("受查偏多")))
        self.choose(self.switch.view)

    def refresh(self, changes: Any) -> None:
        """Entries, inspections or units changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def shown(self) -> None:
        """Rows into the status bar."""
        self.shown_panel.tell_status()

    def show_record(self, record: RecordId) -> None:
        """Make an entry current."""
        self.choose(ENTRIES)
        self.panel.view.show_record(int(record))

    # Panel ----------------------------------------------------------------------

    def _show_side(self) -> None:
        self.side.clear()
        if self.switch.view == UNITS:
            self._show_unit(self.units.get(self.unit_panel.view.current_id()))
        else:
            record = self.panel.view.current_id()
            self._show_entry(self.store.find(LeaderAttention, RecordId(record)) if record else None)

    def _show_entry(self, one: LeaderAttention | None) -> None:
        if one is None:
            self.side.add_text(self.tr("选中一条,查看决定和落实情况。"), muted=True)
            return
        line = self.found.get(int(one.id))
        self.side.set_title(one.matter, f"{one.leader} · {one.way}".strip(" ·"))
        pairs = (
            (self.tr("日期"), show_date(one.day)), (self.tr("单位"), line.unit_label if line else ""),
            (self.tr("目标"), line.title if line else ""), (self.tr("决定"), one.decision),
            (self.tr("落实情况"), one.follow_up),
            (self.tr("落实日期"), show_date(one.followed_on) if one.followed_on else ""),
        )
        self.side.add_facts([(name, value) for name, value in pairs if value])
        if one.docket is not None:
            self.side.add_buttons([(self.tr("查看督查事项"), self._on_docket)])
        if not self.workspace.read_only:
            self.side.add_buttons([(self.tr("登记落实…"), self.follow), (self.tr("修改…"), self.change)])
            self.side.add_buttons([(self.tr("删除"), self.remove)])

    def _show_unit(self, one: UnitLookedAt | None) -> None:
        if one is None:
            self.side.add_text(self.tr("选中一个单位,查看本年度受查情况。"), muted=True)
            return
        self.side.set_title(one.label, one.word)
        lines = inspections.findings(self.store, self.year, unit=one.unit)
        self.side.add_facts([
            (self.tr("受查"), self.tr("{} 次").format(one.visits)),
            (self.tr("领导过问"), self.tr("{} 次").format(one.attentions)),
            (self.tr("未整改"), self.tr("{} 条").format(
                sum(line.rectify_until is not None and line.rectified_on is None for line in lines))),
        ])
        for line in lines[-8:]:
            self.side.add_text(f"{line.inspection_title}:{line.text or line.title}", muted=True)
        if not self.workspace.read_only:
            self.side.add_buttons([(self.tr("登记领导过问…"), self.new)])

    # Doing ----------------------------------------------------------------------

    def _current(self) -> LeaderAttention | None:
        record = self.panel.view.current_id()
        return self.store.find(LeaderAttention, RecordId(record)) if record else None

    def new(self) -> None:
        """Note what a leader took up; of the unit the cursor is at in the list of units."""
        if self.workspace.read_only:
            return
        unit = self.unit_panel.view.current_id() if self.switch.view == UNITS else 0
        dialog = AttentionDialog(
            self.workspace, None, self.window(), unit=RecordId(unit) if unit else None
        )
        if dialog.exec() and dialog.made is not None:
            self.show_record(dialog.made)
            self.workspace.say(self.tr("已登记领导过问。"), tone="green")

    def change(self) -> None:
        """Change the current entry."""
        one = self._current()
        if one is not None and not self.workspace.read_only:
            AttentionDialog(self.workspace, one, self.window()).exec()

    def follow(self) -> None:
        """What was decided was done."""
        one = self._current()
        if one is not None:
            FollowedDialog(self.store, one.id, self.window()).exec()

    def remove(self) -> None:
        """Delete the current entry."""
        one = self._current()
        if one is not None:
            self.workspace.perform(lambda: leader_attention.remove(self.store, one.id))
            self.workspace.say(self.tr("已删除。"), actions=[(self.tr("撤销"), self.workspace.undo)])

    def _on_docket(self) -> None:
        one = self._current()
        if one is not None and one.docket is not None:
            self.workspace.go("inspections", int(one.docket), "docket")

    def _on_unit_opened(self) -> None:
        unit = self.unit_panel.view.current_id()
        if unit:
            self.workspace.go("inspections", unit, "unit")

    # What the room asks ---------------------------------------------------------

    def find(self) -> None:
        """The find bar of the table."""
        self.shown_panel.find()

    def copy(self) -> None:
        """The selected block."""
        self.shown_panel.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in self._writing:
            button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Widths and the list that was shown."""
        return {"list": self.switch.view, "entries": self.panel.save_state(),
                "units": self.unit_panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("entries", {}))
        self.unit_panel.restore_state(state.get("units", {}))
        if state.get("list") in (ENTRIES, UNITS):
            self.switch.set_view(str(state["list"]))

