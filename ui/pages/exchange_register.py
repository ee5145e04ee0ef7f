"""The view 登记: who carried which package when, receipts, withdrawing and writing again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFileDialog

from mbo_desktop.domain.exchange import HandOverWay, PackageKind
from mbo_desktop.services import exchange_papers, issuing, receiving
from mbo_desktop.services.issued import RegisterRow
from ui import folder_commands
from ui.dialogs.exchange_asks import HandOverFacts, WithdrawDialog
from ui.grids.columns import Cell, Column, Kind, Light, Row
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.jobs import JobControl
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.sticks import sticks
from ui.theme import scaled
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

COLUMNS = (
    Column("on", "日期", Kind.DATE, width=94), Column("way", "收发", width=52),
    Column("office", "机关", width=164), Column("kind", "种类", width=56),
    Column("seq", "包号", width=96), Column("state", "状态", width=90),
    Column("receipt", "对方收到", width=94), Column("carrier", "携带人", width=74),
    Column("medium", "介质", width=104), Column("by", "经办", width=80), Column("file", "文件", width=220),
)
_LIGHTS = {"对方已收": Light.GREEN, "已导入": Light.GREEN, "已制出": Light.GREY, "已撤回": Light.RED}


class RegisterView(RoomView):
    """All packages of the year, or of all years."""

    key = "register"
    manual = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: dict[int, RegisterRow] = {}
        self._read_only = False
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("收发"))
        for word, value in ((self.tr("收发:全部"), ""), (self.tr("送出"), HandOverWay.OUT.value),
                            (self.tr("收到"), HandOverWay.IN.value)):
            self.way.addItem(word, value)
        self.years = QComboBox()
        self.years.setAccessibleName(self.tr("年度"))
        self.years.addItem(self.tr("本年度"), "year")
        self.years.addItem(self.tr("所有年度"), "all")
        for box in (self.way, self.years):
            box.activated.connect(self._on_filter)
            self.add_tool(box)
        self.source = ListSource(COLUMNS, self._rows)
        self.panel = GridPanel(workspace, self.source, filter_hint=self.tr("筛选机关、携带人、文件… 拼音首字母也可"))
        self.panel.set_empty(EmptyPage(
            "package", self.tr("还没有送出或收到的数据包"),
            self.tr("发件和收件以后,谁在哪天把第几包交给了谁、对方收到没有,都登记在这里;可以打印登记簿、补登携带人、撤回导入、原样重写文件。"),
            ((self.tr("打开发件"), lambda: workspace.go("exchange", 0, "sending")),
             (self.tr("打开收件"), lambda: workspace.go("exchange", 0, "inbox"))),
        ))
        self.add_tool(self.panel.filter_field, 1)
        self.print_button = self.add_tool_button(self.tr("打印登记簿…"), self.print_register)
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(250))
        self.body.addWidget(self.panel)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.panel)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.find_asked.connect(self.panel.find)
        self.panel.view.opened.connect(self.enter_hand_over)
        open_by_enter(self.panel.view, self.enter_hand_over)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the register."""
        year = self.year if self.years.currentData() == "year" else None
        found = issuing.register(self.store, year)
        way = self.way.currentData()
        self.found = {n: one for n, one in enumerate(found, 1) if not way or one.way.value == way}
        self.source.reload()
        self.panel.model.refresh()
        view = self.panel.view
        if not view.current_id() and self.panel.model.rowCount():
            view.select_cell(self.panel.model.index(0, 0))
        self._on_row()
        out = [one for one in self.found.values() if one.way is HandOverWay.OUT]
        waiting = sum(
            one.receipt_on is None and one.kind is not PackageKind.RECEIPT and not one.covered_by for one in out)
        self.figures_changed.emit(self.tr("送出 {} 包 · 收到 {} 包 · 还没有回执 {} 包").format(
            len(out), len(self.found) - len(out), waiting))

    def _rows(self) -> list[Row]:
        return [
            Row(number, {
                "on": f"{one.on:%Y-%m-%d}" if one.on else "", "way": one.way.label,
                "office": Cell(one.office, note=one.office),
                "kind": "合并" if one.kind is PackageKind.REPLICA else one.kind.label,
                "seq": Cell(one.number, note=one.number_sentence or one.number), "state": Cell(one.state, light=_LIGHTS.get(one.state, Light.GREY)),
                "receipt": f"{one.receipt_on:%Y-%m-%d}" if one.receipt_on else "",
                "carrier": one.carrier, "medium": one.medium, "by": one.by,
                "file": Cell(one.file, note=one.file),
            }) for number, one in self.found.items()
        ]

    def _on_filter(self) -> None:
        self.activate()
        self.setFocus()

    @property
    def selected(self) -> RegisterRow | None:
        """The package that is selected."""
        return self.found.get(self.panel.view.current_id())

    def _on_row(self, _number: object = None) -> None:
        one, side = self.selected, self.side
        side.clear()
        if one is None:
            side.add_text(self.tr("选中一包,查看交接和回执。"), muted=True)
            return
        side.set_title(f"{one.kind.label} {one.number}", one.office)
        side.add(Chip(one.state, _LIGHTS.get(one.state, Light.GREY)))
        side.add_facts([(name, text) for name, text in (
            (self.tr("收发"), one.way.label), (self.tr("年度"), str(one.year)),
            (self.tr("日期"), f"{one.on:%Y-%m-%d}" if one.on else ""), (self.tr("经办"), one.by),
            (self.tr("携带人"), one.carrier or self.tr("没有登记")), (self.tr("介质"), one.medium),
            (self.tr("非涉密"), self.tr("已确认") if one.cleared else ""),
            (self.tr("对方收到"), f"{one.receipt_on:%Y-%m-%d}" if one.receipt_on else ""),
            (self.tr("文件"), one.file), (self.tr("备注"), one.note),
            (self.tr("校验码"), f"{one.package[:8]} {one.package[8:16]}"),
        ) if text])
        if one.number_sentence:
            side.add_text(one.number_sentence, muted=True)
        if one.way is HandOverWay.OUT and one.receipt_on is None and one.kind is not PackageKind.RECEIPT:
            said = self.tr("没有回执。对方已收到后来的第{}包,内容已齐,不用补送。").format(one.covered_by)
            later = self.tr("还没有回执。对方收到后,回执随它下一次的数据包自动带回。")
            side.add_text(said if one.covered_by else later, muted=True)
        side.add_heading(self.tr("办理"))
        deeds: list[tuple[str, Callable[[], object]]] = [(self.tr("交接登记…"), self.enter_hand_over)]
        if one.way is HandOverWay.OUT:
            deeds.append((self.tr("原样重写文件…"), self.write_again))
            deeds.append((self.tr("打印交接单…"), self.print_slip))
        else:
            deeds.append((self.tr("打印接收回执…"), self.print_slip))
        if one.can_withdraw:
            deeds.append((self.tr("撤回导入…"), self.withdraw))
        if one.can_take_back:
            deeds.append((self.tr("取消撤回"), self.take_back))
        for start in range(0, len(deeds), 2):
            for button in side.add_buttons(deeds[start : start + 2]):
                button.setEnabled(not self._read_only or "打印" in button.text())

    # Doing --------------------------------------------------------------------

    def enter_hand_over(self) -> None:
        """Who carried it."""
        one = self.selected
        if one is not None and not self._read_only and HandOverFacts(self.store, one, self.window()).exec():
            self.activate()

    def write_again(self) -> None:
        """The same file once more, to a stick."""
        one = self.selected
        if one is None:
            return
        found = sticks()
        start = str(found[0]) if found else ""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("原样重写到哪里"), start)
        if chosen:
            self.write_to(one, Path(chosen))

    def write_to(self, one: RegisterRow, folder: Path) -> None:
        """Write a package to a folder."""
        store = self.store

        def work(_control: JobControl) -> Path:
            return issuing.write_again(store, one.package, folder)

        def done(path: Path) -> None:
            self.workspace.say(
                self.tr("已原样重写“{}”,并读回核对。请安全弹出U盘。").format(path.name), tone="green",
                actions=[(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(path.parent))],
            )

        self.workspace.jobs.run(self.tr("重写数据包"), work, done=done, owner=self)

    def withdraw(self) -> None:
        """撤回导入 with a reason."""
        one = self.selected
        if one is None or not one.can_withdraw or self._read_only:
            return
        dialog = WithdrawDialog(
            self.tr("{} {}年度{} 第{}包").format(one.office, one.year, one.kind.label, one.seq), self.window())
        if dialog.exec():
            reason = dialog.reason
            self._change(self.tr("撤回导入"), lambda: receiving.withdraw(self.store, one.package, reason),
                         self.tr("已撤回,{} 条内容恢复到导入以前。"))

    def take_back(self) -> None:
        """The package counts again."""
        one = self.selected
        if one is not None and one.can_take_back and not self._read_only:
            self._change(self.tr("取消撤回"), lambda: receiving.take_back(self.store, one.package),
                         self.tr("已取消撤回,{} 条内容按数据包恢复。"))

    def _change(self, title: str, deed: Callable[[], int], said: str) -> None:
        def done(records: int) -> None:
            self.activate()
            self.workspace.say(said.format(records), tone="green")

        self.workspace.jobs.run(title, lambda _control: deed(), done=done, owner=self, writes=True)

    # Paper --------------------------------------------------------------------

    def print_register(self) -> None:
        """登记簿 of what is listed."""
        store, year = self.store, self.year
        rows = [self.found[number] for number in self.source.ids(self.panel.model.query) if number in self.found]
        print_document(self, self.workspace, self.tr("数据交换登记簿"),
                       lambda: exchange_papers.register(store, rows, year=year))

    def print_slip(self) -> None:
        """交接单 or 接收回执 of the selected packages."""
        chosen = [self.found[n] for n in self.panel.view.selected_ids() if n in self.found]
        rows, store = chosen or ([self.selected] if self.selected else []), self.store
        if rows:
            name = self.tr("数据包交接单") if rows[0].way is HandOverWay.OUT else self.tr("数据包接收回执")
            print_document(self, self.workspace, name, lambda: exchange_papers.slips(store, rows), sheets=False)

    # What the window asks -------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is withdrawn or entered while another writes."""
        if read_only != self._read_only:
            self._read_only = read_only
            self._on_row()

    def save_state(self) -> Mapping[str, Any]:
        """Columns and filters."""
        return {"table": self.panel.save_state(), "way": self.way.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.way.setCurrentIndex(max(self.way.findData(state.get("way", "")), 0))
        self.panel.restore_state(state.get("table", {}))
