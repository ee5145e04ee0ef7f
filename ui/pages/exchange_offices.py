"""The view 往来机关: the own card with its fingerprint, the offices known, another PC of this office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QMenu, QPushButton

from mbo_desktop.domain.exchange import Binding, OfficeCard
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import bound_offices, exchange_papers, trust
from mbo_desktop.services.trust import BindingRow
from ui.dialogs.exchange_accept import RebindDialog
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.rights import guard_entry
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import TextField
from ui.widgets.fingerprint import FingerprintView
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

COLUMNS = (
    Column("role", "关系", width=76), Column("name", "机关", width=230),
    Column("unit", "本机关名册中的单位", width=150), Column("accepted", "接收日期", Kind.DATE, width=96),
    Column("by", "经手", width=80), Column("received", "最近收到", Kind.DATE, width=96),
    Column("issued", "最近发出", Kind.DATE, width=96), Column("contact", "联系人", width=150),
    Column("keys", "密钥", width=110),
)
OWN = 1_000_000_000
"""Number of the own office's row, larger than any record."""


class OfficesView(RoomView):
    """The own office first, then the superior, then those below in official order."""

    key = "offices"
    manual = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: dict[int, BindingRow] = {}
        self.undecided: dict[RecordId, tuple[Binding, ...]] = {}
        self.card: OfficeCard | None = None
        self._read_only = False
        self.source = ListSource(COLUMNS, self._rows)
        self.panel = GridPanel(workspace, self.source)
        self.add_tool(self.panel.filter_field, 1)
        self.replica_button = QPushButton(self.tr("本机关另一台电脑"))
        menu = QMenu(self.replica_button)
        for label, act in (
            (self.tr("制作本机关数据包…"), self.make_replica), (self.tr("合并另一台电脑的数据包…"), self.merge_replica),
        ):
            guard_entry(menu, menu.addAction(label, act), workspace, Act.MERGE)
        self.replica_button.setMenu(menu)
        self.add_tool(self.replica_button)
        self.print_button = self.add_tool_button(self.tr("打印本机关指纹卡…"), self.print_card, primary=True)
        self.panel.set_empty(EmptyPage("users", self.tr("还没有往来的机关"), self.tr("收到第一个数据包时当面接收,机关就登记在这里。")))
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(290))
        self.body.addWidget(self.panel)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(330)])
        self.setFocusProxy(self.panel)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.find_asked.connect(self.panel.find)
        self.panel.view.opened.connect(self.rebind)
        open_by_enter(self.panel.view, self.rebind)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the bindings and the own card."""
        try:
            self.card = trust.own_card(self.store)
        except ProgramError:
            # A read-only folder that has no key yet.
            self.card = None
        self.found = {int(one.id): one for one in trust.bindings(self.store)}
        self.undecided = bound_offices.undecided_mergers(self.store)
        self.source.reload()
        self.panel.model.refresh()
        view = self.panel.view
        if not view.current_id() and self.panel.model.rowCount():
            view.select_cell(self.panel.model.index(0, 0))
        self._on_row()
        self.figures_changed.emit(self.tr("往来机关 {} 个").format(len(self.found)))

    def _rows(self) -> list[Row]:
        rows = []
        if self.card is not None:
            rows.append(Row(OWN, {
                "role": self.tr("本机关"), "name": self.card.name, "unit": self.card.unit_name,
            }, bold=True))
        for number, one in self.found.items():
            keys = Cell(self.tr("▲ 换过 {} 次").format(one.earlier_keys), tone=Tone.AMBER) if one.earlier_keys else ""
            rows.append(Row(number, {
                "role": one.role.label, "name": Cell(one.name, note=one.name),
                "unit": one.unit_label, "by": one.accepted_by, "contact": one.contact, "keys": keys,
                "accepted": f"{one.accepted_on:%Y-%m-%d}" if one.accepted_on else "",
                "received": f"{one.last_received:%Y-%m-%d}" if one.last_received else "",
                "issued": f"{one.last_issued:%Y-%m-%d}" if one.last_issued else "",
            }))
        return rows

    @property
    def selected(self) -> BindingRow | None:
        """The office that is selected; None for the own one."""
        return self.found.get(self.panel.view.current_id())

    def _on_row(self, _number: object = None) -> None:
        side, one = self.side, self.selected
        side.clear()
        if one is not None:
            self._show_office(one)
        elif self.card is not None:
            side.set_title(self.card.name, self.tr("本机关"))
            side.add_heading(self.tr("本机关的数据指纹"))
            side.add(FingerprintView(trust.fingerprint(self.card.key), points=12.5))
            side.add_text(self.tr("第一次与别的机关交换时,把指纹卡打印出来随U盘带去,对方逐组核对后接收。指纹属于机关,换电脑、恢复备份后不变。"), muted=True)
            side.add_buttons([(self.tr("打印指纹卡…"), self.print_card), (self.tr("复制指纹"), self.copy_fingerprint)])
        else:
            side.add_text(self.tr("本机关还没有指纹。能修改数据时第一次打开这里,就会生成。"), muted=True)

    def _show_office(self, one: BindingRow) -> None:
        side = self.side
        side.set_title(one.name, one.role.label)
        side.add_facts([(name, text) for name, text in (
            (self.tr("对应的单位"), one.unit_label), (self.tr("代码"), one.code),
            (self.tr("接收日期"), f"{one.accepted_on:%Y-%m-%d}" if one.accepted_on else ""),
            (self.tr("经手"), one.accepted_by), (self.tr("依据"), one.basis),
        ) if text])
        self._offer_to_carry_on(one)
        side.add_heading(self.tr("指纹"))
        side.add(FingerprintView(one.fingerprint, points=12.5))
        if one.earlier_keys:
            side.add_text(self.tr("▲ 换过 {} 次密钥,依据见上。").format(one.earlier_keys))
        side.add_heading(self.tr("联系人"))
        self.contact = TextField(one.contact, hint=self.tr("姓名、电话"))
        self.contact.setReadOnly(self._read_only)
        self.contact.committed.connect(self._on_contact)
        side.add(self.contact)
        buttons = side.add_buttons([(self.tr("改绑单位…"), self.rebind), (self.tr("取消接收"), self.forget)])
        for button in buttons:
            button.setEnabled(not self._read_only)

    def _offer_to_carry_on(self, one: BindingRow) -> None:
        """Where units of several offices were merged: who goes on is decided with one button."""
        for unit, waiting in self.undecided.items():
            if one.id not in {each.id for each in waiting}:
                continue
            into, others = self.store.get(Unit, unit), [each.name for each in waiting if each.id != one.id]
            name = into.short_name or into.name
            self.side.add_heading(self.tr("单位合并"))
            said = self.tr("“{}”已并入“{}”,还没有定由哪个机关接续数据交换。").format(one.unit_label, name)
            if others:
                said += self.tr("定下以后,{}仍对应原来的单位,只报原来签的目标。").format("、".join(others))
            self.side.add_text(said)
            (button,) = self.side.add_buttons([(self.tr("由它接续“{}”").format(name), self._carrier_on(one, unit, name))])
            button.setEnabled(not self._read_only)

    def _carrier_on(self, one: BindingRow, unit: RecordId, name: str) -> Callable[[], None]:
        def carry_on() -> None:
            def do() -> bool:
                trust.carry_on(self.store, one.id, unit)
                return True

            if self.workspace.perform(do, saying=self.tr("已定由“{}”接续“{}”。").format(one.name, name)):
                self.activate()

        return carry_on

    # Doing --------------------------------------------------------------------

    def _on_contact(self, text: object) -> None:
        one = self.selected
        if one is not None:
            self.workspace.perform(lambda: trust.set_contact(self.store, one.id, str(text)))

    def rebind(self) -> None:
        """The office is another unit."""
        one = self.selected
        if one is not None and not self._read_only and RebindDialog(self.workspace, one, self.window()).exec():
            self.activate()
            self.workspace.say(self.tr("已改绑。"), tone="green")

    def forget(self) -> None:
        """Take the acceptance back; refused once packages of it are in."""
        one = self.selected
        if one is None or self._read_only:
            return

        def take() -> bool:
            trust.forget(self.store, one.id)
            return True

        if self.workspace.perform(take, saying=self.tr("已取消接收“{}”。").format(one.name)):
            self.activate()

    def copy_fingerprint(self) -> None:
        """The own fingerprint onto the clipboard."""
        if self.card is not None:
            FingerprintView(trust.fingerprint(self.card.key)).copy()
            self.workspace.say(self.tr("已复制。"))

    def print_card(self) -> None:
        """本机关数据指纹卡."""
        store = self.store
        print_document(self, self.workspace, self.tr("机关数据指纹卡"),
                       lambda: exchange_papers.own_card(store), sheets=False)

    def make_replica(self) -> None:
        """Everything of this copy for another PC of the office."""
        from ui.dialogs.exchange_replica import make_replica

        make_replica(self.workspace, self)

    def merge_replica(self) -> None:
        """The other PC's package goes the way of all files that come in."""
        self.workspace.go("exchange", 0, "files")

    # What the window asks -------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is bound while another writes."""
        if read_only != self._read_only:
            self._read_only = read_only
            self.replica_button.setEnabled(not read_only)
            self._on_row()

    def save_state(self) -> Mapping[str, Any]:
        """Columns."""
        return {"table": self.panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("table", {}))
