"""The view 收表: which unit handed in the month's report, when, who is late and whom to phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton

from mbo_desktop import clock
from mbo_desktop.domain.calendar import read_date, show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import filing_block, filings
from mbo_desktop.services.filings import FilingRow, FilingState
from mbo_desktop.services.progress import Sought
from mbo_desktop.services.reporting_rules import deadline, rules_of
from ui import folder_commands
from ui.grids.columns import Cell, Column, Edit, Kind, Light, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.later import later
from ui.pages.progress_source import Wanted
from ui.pages.progress_state import MonthState
from ui.pages.room_view import RoomView
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel

TOUCHING = {"filing", "progress_report", "target", "indicator", "unit", "person", "post", "tenure",
            "reporting_rules", "year"}
_SHAPES = {
    FilingState.RECEIVED: Light.GREEN, FilingState.LATE: Light.AMBER,
    FilingState.PARTLY: Light.AMBER, FilingState.MISSING: Light.GREY,
}


def _columns(state: MonthState) -> tuple[Column, ...]:
    def day(text: str) -> date:
        return read_date(text, state.year, clock.today())

    return (
        Column("unit", "单位", width=130, frozen=True),
        Column("state", "状态", width=96),
        Column("targets", "应报", Kind.NUMBER, unit="项", width=70),
        Column("reported", "已报", Kind.NUMBER, unit="项", width=70),
        Column("received", "收到日期", Kind.DATE, width=104, editable=True, read=day,
               hint="填实际收到的日期,按截止日判定是否迟报"),
        Column("late", "迟报", Kind.NUMBER, unit="天", width=72),
        Column("excused", "迟报原因(不计迟报)", width=150, editable=True),
        Column("liaison", "联络员", width=80),
        Column("phone", "电话", width=110),
        Column("file", "原表", width=160),
    )


def _row(one: FilingRow) -> Row:
    return Row(int(one.unit), {
        "unit": one.label,
        "state": Cell(one.state.label, light=_SHAPES[one.state]),
        "targets": str(one.targets),
        "reported": Cell(
            str(one.reported), tone=Tone.AMBER if one.reported < one.targets else Tone.PLAIN
        ),
        "received": Cell(
            show_date(one.received_on, "iso") if one.received_on else "",
            tone=Tone.PLAIN if one.confirmed else Tone.MUTED,
            note="" if one.confirmed or one.received_on is None else "由收表自动记下,可改正",
        ),
        "late": str(one.days_late) if one.days_late else "",
        "excused": one.excused, "liaison": one.liaison, "phone": one.phone, "file": one.file_name,
    })


class BoardView(RoomView):
    """One line per unit; the day received is typed, the list of who is missing goes to the phone."""

    key = "board"
    manual = "progress"

    def __init__(self, state: MonthState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self._state: Mapping[str, Any] = {}
        self._opened = False
        self._read_only = False
        self.found: dict[RecordId, FilingRow] = {}
        self.source = ListSource(_columns(state), self._read, self._write)
        self.panel = GridPanel(state.workspace, self.source, filter_hint=self.tr("筛选单位… 拼音首字母也可"))
        self.panel.set_empty(EmptyPage(
            "inbox", self.tr("还没有承担目标的单位"),
            self.tr("目标下达到单位后,这里每月逐个单位登记是否报来、何时报来。"),
        ))
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(240))
        self.body.addWidget(self.panel)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(270)])
        self.setFocusProxy(self.panel)
        self.setAcceptDrops(True)
        self._build_tools()
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.opened.connect(self._on_opened)
        self.panel.view.find_asked.connect(self.panel.find)
        state.month_changed.connect(self._on_month)

    def _build_tools(self) -> None:
        self.missing_chip = QPushButton(self.tr("只看未报齐"))
        self.missing_chip.setCheckable(True)
        self.missing_chip.setProperty("role", "chip")
        self.missing_chip.toggled.connect(self._on_missing)
        self.add_tool(self.missing_chip)
        self.add_tool(self.panel.filter_field, 1)
        templates_button = self.add_tool_button(
            self.tr("发放模板…"), self._on_templates, hint=self.tr("给选中(或全部)单位生成填报表"), needs=Act.ENTER)
        self.copy_button = self.add_tool_button(
            self.tr("复制未报名单"), self.copy_missing, hint=self.tr("单位、联络员、电话,可粘贴到短信或群里"))
        self.receive_button = self.add_tool_button(
            self.tr("今天收到"), self.receive_today, hint=self.tr("把选中的单位登记为今天收到;其他日期在“收到日期”中键入"), needs=Act.ENTER)
        self.more = QPushButton(self.tr("操作"))
        self.more.setIcon(icon("ellipsis"))
        menu = QMenu(self.more)
        self.take_back_action = menu.addAction(self.tr("撤回收到登记"))
        self.take_back_action.triggered.connect(self.take_back)
        guard_entry(menu, self.take_back_action, self.workspace, Act.ENTER)
        self.original_action = menu.addAction(self.tr("打开原表"))
        self.original_action.triggered.connect(self._on_original)
        self.more.setMenu(menu)
        self.add_tool(self.more)
        collect_button = self.add_tool_button(
            self.tr("收表…"), self.collect, primary=True, hint=self.tr("导入各单位交回的填报表"), needs=Act.ENTER)
        self.writing_buttons = (templates_button, self.receive_button, collect_button)

    # Reading ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the month's board."""
        if not self._opened:
            self._opened = True
            self.panel.restore_state(self._state.get("table", {}))
        self.source.reload()
        self.panel.model.refresh()
        self.panel.tell_status()
        if not self.panel.view.current_id() and self.panel.model.rowCount():
            self.panel.view.select_cell(self.panel.model.index(0, self.panel.model.column_of("received")))
        self._tell_figures()
        self._on_row(self.panel.view.current_id())

    def _read(self) -> Sequence[Row]:
        rows = filings.board(self.store, self.state.year, self.state.month)
        self.found = {one.unit: one for one in rows}
        only = self.missing_chip.isChecked()
        return [
            _row(one) for one in rows
            if not only or one.state in (FilingState.MISSING, FilingState.PARTLY)
        ]

    def _tell_figures(self) -> None:
        counts = Counter(one.state for one in self.found.values())
        until = deadline(rules_of(self.store, self.state.year), self.state.month)
        words = [
            self.tr("{}月 · 截止{}").format(self.state.month, show_date(until)),
            self.tr("应报 {} 个单位").format(len(self.found)),
            *(f"{state.label} {counts[state]}" for state in FilingState if counts[state]),
        ]
        self.figures_changed.emit(" · ".join(words))

    def refresh(self, changes: Any) -> None:
        """Filings, reports or units changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _on_month(self) -> None:
        if self.isVisible():
            self.activate()

    def _on_missing(self) -> None:
        self.source.reload()
        self.panel.reload()

    # Panel --------------------------------------------------------------------

    def _on_row(self, record: object) -> None:
        self.side.clear()
        one = self.found.get(RecordId(int(record)))  # type: ignore[call-overload]
        self.original_action.setEnabled(one is not None and bool(one.file_name))
        if one is None:
            self.side.add_text(self.tr("选中一个单位,查看报送情况和联系人。"), muted=True)
            return
        self.side.set_title(one.label, one.state.label)
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("应报"), self.tr("{} 项").format(one.targets)),
            (self.tr("已报"), self.tr("{} 项").format(one.reported),
             "amber" if one.reported < one.targets else ""),
            (self.tr("收到日期"), show_date(one.received_on) if one.received_on else self.tr("未登记")),
        ]
        if one.days_late:
            facts.append((self.tr("迟报"), self.tr("{} 天").format(one.days_late), "amber"))
        if one.excused:
            facts.append((self.tr("迟报原因"), one.excused))
        facts += [
            (self.tr("联络员"), one.liaison or self.tr("未登记")),
            (self.tr("电话"), one.phone or self.tr("未登记")),
        ]
        if one.file_name:
            facts.append((self.tr("原表"), one.file_name))
        self.side.add_facts(facts)
        if one.received_on is None and one.reported >= one.targets:
            self.side.add_text(self.tr("数据已填齐,收到日期还没有登记;迟报按收到日期判定。"), muted=True)
        self.side.add_buttons([(self.tr("查看本单位进度"), self._on_open_unit)])

    def _on_open_unit(self) -> None:
        self._on_opened(self.panel.view.current_id())

    def _on_opened(self, record: object) -> None:
        unit = int(record)  # type: ignore[call-overload]
        if unit:
            self.cell_asked.emit(Wanted(Sought(unit=RecordId(unit))), None)

    def unit_in_sight(self) -> tuple[RecordId, str] | None:
        """The unit the cursor is at, with its name."""
        one = self.found.get(RecordId(self.panel.view.current_id()))
        return None if one is None else (one.unit, one.label)

    # Doing --------------------------------------------------------------------

    def _write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        days: dict[RecordId, date | None] = {}
        excuses: dict[RecordId, str] = {}
        for one in edits:
            if one.key == "received":
                days[RecordId(one.row)] = one.value if isinstance(one.value, date) else None
            elif one.key == "excused":
                excuses[RecordId(one.row)] = one.text
        refused = filing_block.write_filings(
            self.store, self.state.year, self.state.month, days, excuses
        )
        return {(int(unit), "received"): why for unit, why in refused.items()} or None

    def chosen(self) -> list[RecordId]:
        """Units with a selected cell."""
        return [RecordId(one) for one in self.panel.view.selected_ids() if one]

    def receive_today(self) -> None:
        """The selected units' reports came today; those registered before keep their day."""
        units = [one for one in self.chosen() if self.found[one].received_on is None]
        known = len(self.chosen()) - len(units)
        if not units:
            self.workspace.say(
                self.tr("选中的单位已登记收到日期,未改动。要改日期,请在“收到日期”中键入。") if known
                else self.tr("请先选中单位。"), tone="amber",
            )
            return
        state = self.state
        self.workspace.perform(
            lambda: filings.receive(self.store, state.year, state.month, units, on=clock.today()),
            saying=self.tr("已登记 {} 个单位今天收到。").format(len(units))
            + (self.tr("{} 个单位原已登记,未改动。").format(known) if known else ""),
        )

    def take_back(self) -> None:
        """The day received of the selected units was entered by mistake."""
        units = [one for one in self.chosen() if self.found[one].received_on is not None]
        if not units:
            self.workspace.say(self.tr("选中的单位没有登记收到日期。"))
            return
        state = self.state
        self.workspace.perform(
            lambda: filing_block.write_filings(
                self.store, state.year, state.month, dict.fromkeys(units), {}),
            saying=self.tr("已撤回 {} 个单位的收到登记,已填的数据不变。").format(len(units)),
        )

    def copy_missing(self) -> None:
        """The list of who has not reported, for the phone."""
        text = filings.missing_text(self.store, self.state.year, self.state.month)
        QGuiApplication.clipboard().setText(text)
        first = text.partition("\n")[0]
        self.workspace.say(self.tr("未报名单已复制:{}").format(first), tone="green")

    def collect(self, paths: Sequence[Path] = ()) -> None:
        """Take in the workbooks that came back."""
        from ui.dialogs.progress_collect import CollectWizard

        listed = [one for one in paths if isinstance(one, Path)] if isinstance(paths, list | tuple) else []
        CollectWizard(
            self.workspace, self.state.year, self.state.month, self.window(), paths=listed
        ).exec()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Workbooks and folders that came back are welcome."""
        local = any(url.isLocalFile() for url in event.mimeData().urls())
        if local and not self.workspace.read_only:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin with what was dropped, a turn later: the file manager waits for the drop to end."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            later(self, lambda: self.collect(paths))

    def _on_templates(self) -> None:
        from ui.dialogs.progress_templates import TemplatesDialog

        chosen = self.chosen()
        TemplatesDialog(
            self.workspace, self.state.year, self.state.month, self.window(),
            units=chosen if len(chosen) > 1 else (),
        ).exec()

    def _on_original(self) -> None:
        unit = RecordId(self.panel.view.current_id())

        def opened() -> Path:
            from mbo_desktop.services import collecting

            return collecting.open_original(self.store, self.state.year, self.state.month, unit)

        path = self.workspace.perform(opened)
        if path is not None and not folder_commands.open_file(path):
            self.workspace.say(self.tr("这台电脑没有可打开“{}”的程序。").format(path.name), tone="amber")

    # What the room asks ---------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in self.writing_buttons:
            button.setEnabled(not read_only)
        self.take_back_action.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Widths and order."""
        return {"table": self.panel.save_state()} if self._opened else self._state

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
