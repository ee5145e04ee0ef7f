"""The view 待处理: forks side by side, stale bases, what has not come, 隔离区, replies to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QSplitter, QVBoxLayout, QWidget

from mbo_desktop.domain.exchange import ReplyKind
from mbo_desktop.services import exchange_state, inbox, package_gaps, replies, sealing
from mbo_desktop.services.exchange_state import (
    ForkRow,
    GapRow,
    Side,
    StaleRow,
    StubRow,
    UnplacedRow,
)
from mbo_desktop.services.inbox import HeldFile, QuarantinedFile
from mbo_desktop.services.package_gaps import Gap
from mbo_desktop.services.replies import ReplyRow
from ui import folder_commands
from ui.dialogs.exchange_asks import GiveUpDialog
from ui.dialogs.exchange_reply import ReplyDialog
from ui.dialogs.year_seal import SealDialog
from ui.grids.columns import Row
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.exchange_pending_rows import COLUMNS, KINDS, PendingLine, read_lines
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.widgets.versions import VersionsTable
from ui.workspace import Workspace

ROOMS = {
    "target": "progress", "indicator": "planning", "category": "planning", "unit": "offices",
    "person": "offices", "post": "offices", "agreement": "agreements", "allocation": "decomposition",
    "report": "progress", "docket": "inspections", "inspection": "inspections", "finding": "inspections",
}
"""The room in which a record of a type is shown."""
HELD_HINT, QUARANTINE_HINT = "held", "quarantined"
"""What the room is asked for to read all that waited for its year, or lies in 隔离区, once more."""
TYPES = {"目标值": "target", "指标": "indicator", "责任书": "agreement", "督查事项": "docket", "督查发现": "finding", "进度": "report"}
"""Types by the words of a reply's subject."""


class PendingView(RoomView):
    """One list of all that waits; versions of the selected record stand below it."""

    key = "pending"
    manual = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.lines: tuple[PendingLine, ...] = ()
        self._read_only = False
        self.only = QComboBox()
        self.only.setAccessibleName(self.tr("事项"))
        self.only.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.only.activated.connect(self._on_only)
        self.add_tool(self.only)
        self.source = ListSource(COLUMNS, self._rows)
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "circle-check", self.tr("没有待处理的事项"),
            self.tr("两个版本需要选定的、依据旧版指标上报的、提到了还没收到的、年度已封存的包、放入隔离区的文件、下级的异议和申请,都会列在这里,也计入工作台。"),
        ))
        self.add_tool(self.panel.filter_field, 1)
        self.versions_head = QLabel(self.tr("两个版本并列,粗体为不同之处"))
        self.versions_head.setProperty("role", "subheading")
        self.versions = VersionsTable()
        self.below = QWidget()
        lower = QVBoxLayout(self.below)
        lower.setContentsMargins(0, scaled(4), 0, 0)
        lower.addWidget(self.versions_head)
        lower.addWidget(self.versions, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.panel)
        split.addWidget(self.below)
        split.setSizes([scaled(330), scaled(230)])
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(250))
        self.body.addWidget(split)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.panel)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.find_asked.connect(self.panel.find)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read beside the window."""
        store = self.store
        self.workspace.jobs.read(lambda: read_lines(store), self._show, self)

    def _show(self, lines: tuple[PendingLine, ...]) -> None:
        self.lines = lines
        now = self.only.currentData()
        counts = {kind: sum(one.kind == kind for one in lines) for kind in KINDS}
        self.only.clear()
        self.only.addItem(self.tr("全部 {}").format(len(lines)), "")
        for kind, count in counts.items():
            if count:
                self.only.addItem(f"{kind} {count}", kind)
        self.only.setCurrentIndex(max(self.only.findData(now or ""), 0))
        told = [f"{kind} {count}" for kind, count in counts.items() if count]
        self.figures_changed.emit(" · ".join(told) if told else self.tr("没有待处理的事项"))
        self._fill()

    def _fill(self) -> None:
        self.source.reload()
        self.panel.model.refresh()
        view = self.panel.view
        if not view.current_id() and self.panel.model.rowCount():
            view.select_cell(self.panel.model.index(0, 0))
        self._on_row()

    def _rows(self) -> list[Row]:
        only = self.only.currentData()
        return [one.row(n) for n, one in enumerate(self.lines, 1) if not only or one.kind == only]

    def _on_only(self) -> None:
        self._fill()
        self.setFocus()

    @property
    def selected(self) -> PendingLine | None:
        """The row that is selected."""
        number = self.panel.view.current_id()
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None

    def _on_row(self, _number: object = None) -> None:
        one, side = self.selected, self.side
        side.clear()
        fork = one.payload if one is not None and isinstance(one.payload, ForkRow) else None
        self.below.setVisible(fork is not None)
        if fork is not None:
            self._show_versions(fork)
        if one is None:
            return
        named = isinstance(one.payload, QuarantinedFile) or not one.title
        side.set_title(one.who if named else one.title, one.kind)
        side.add_text(one.words)
        advice = _advice(one)
        if advice:
            side.add_heading(self.tr("怎么办"))
            side.add_text(advice)
        deeds = self._deeds(one)
        for start in range(0, len(deeds), 2):
            for button in side.add_buttons(deeds[start : start + 2]):
                reads = button.text() in (self.tr("查看"), self.tr("复制这句话"), self.tr("打开所在文件夹"))
                button.setEnabled(reads or not self._read_only)

    def _show_versions(self, fork: ForkRow) -> None:
        names = list(dict.fromkeys(name for side in fork.sides for name, _text in side.fields))
        texts = [dict(side.fields) for side in fork.sides]
        heads = [self.tr("栏目"), *(_side_head(n, side) for n, side in enumerate(fork.sides, 1))]
        self.versions.show_versions(heads, [
            (name, [_side_text(side, told.get(name, "")) for side, told in zip(fork.sides, texts, strict=True)])
            for name in names
        ])

    # Doing --------------------------------------------------------------------

    def _deeds(self, one: PendingLine) -> list[tuple[str, Callable[[], object]]]:
        load = one.payload
        deeds: list[tuple[str, Callable[[], object]]] = []
        if isinstance(load, ForkRow):
            if load.is_own:
                deeds += [(self.tr("采用第{}版").format(n), self._settler(load, side))
                          for n, side in enumerate(load.sides, 1)]
            else:
                deeds.append((self.tr("复制这句话"), self._copier(_advice(one))))
            deeds.append((self.tr("查看"), self._opener(load.type_name, load.record)))
        elif isinstance(load, StaleRow):
            deeds.append((self.tr("查看"), self._opener("target", load.subject)))
        elif isinstance(load, StubRow | UnplacedRow):
            kind = load.type_name if isinstance(load, UnplacedRow) else ""
            if kind:
                deeds.append((self.tr("查看"), self._opener(kind, load.record)))
        elif isinstance(load, QuarantinedFile):
            if not load.is_other_key:
                deeds.append((self.tr("复制这句话"), self._copier(load.sentence)))
            deeds += [
                (self.tr("再读一次"), lambda: self.workspace.go("exchange", 0, QUARANTINE_HINT)),
                (self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(load.path.parent)),
                (self.tr("从隔离区删除"), self._discarder(load)),
            ]
        elif isinstance(load, HeldFile):
            deeds += self._held_deeds(load)
        elif isinstance(load, ReplyRow):
            deeds += self._reply_deeds(load)
        elif isinstance(load, GapRow) and load.gap is not None:
            deeds.append((self.tr("不再催要…"), self._giver_up(one.who, load.gap)))
        return deeds

    def _giver_up(self, who: str, gap: Gap) -> Callable[[], None]:
        def give_up() -> None:
            dialog = GiveUpDialog(f"{who}:{gap.sentence}", self.window())
            if not dialog.exec():
                return

            def do() -> bool:
                package_gaps.give_up(self.store, gap, dialog.reason)
                return True

            if self.workspace.perform(do, saying=self.tr("已不再催要。")):
                self.activate()

        return give_up

    def _held_deeds(self, file: HeldFile) -> list[tuple[str, Callable[[], object]]]:
        """Unseal the year with a reason, then read the file as if it came from a stick."""
        def unseal() -> None:
            dialog = SealDialog(self.window(), self.store, file.year)
            if dialog.exec():
                self.workspace.say(self.tr("已{}。").format(dialog.sentence), tone="green")
                self.activate()

        def read() -> None:
            self.workspace.go("exchange", 0, HELD_HINT)

        first = (self.tr("解封…"), unseal) if sealing.is_sealed(self.store, file.year) else (self.tr("读入"), read)
        return [first, (self.tr("不再保留"), self._discarder(file))]

    def _reply_deeds(self, row: ReplyRow) -> list[tuple[str, Callable[[], object]]]:
        """What is asked for is made here, or in its room; reading it is an answer too."""
        deeds: list[tuple[str, Callable[[], object]]] = []
        if row.reply.kind in (ReplyKind.OBJECTION, ReplyKind.FEEDBACK):
            deeds.append((self.tr("登记办理"), self._taker(row)))
        elif row.reply.kind is ReplyKind.REQUEST:
            deeds.append((self.tr("到“调整”登记"), lambda: self.workspace.go("agreements", 0, "adjustments")))
        deeds.append((self.tr("阅后签收"), self._answerer(row, ReplyKind.RECEIPT)))
        if ReplyKind.RETURN in replies.kinds_for(self.store, row.reply.id):
            deeds.append((self.tr("退回…"), self._answerer(row, ReplyKind.RETURN)))
        deeds.append((self.tr("查看"), self._opener(TYPES.get(row.subject_type, ""), row.reply.subject)))
        return deeds

    def _answerer(self, row: ReplyRow, kind: ReplyKind) -> Callable[[], None]:
        def answer() -> None:
            dialog = ReplyDialog(self.workspace, row.reply.id, kind, self.window(), year=row.reply.year)
            if dialog.exec():
                self.workspace.say(self.tr("已登记{},随下一次数据包送出。").format(kind.label), tone="green")
                self.activate()

        return answer

    def _opener(self, kind: str, record: int) -> Callable[[], None]:
        def show() -> None:
            room = ROOMS.get(kind)
            if room is None:
                self.workspace.say(self.tr("这一条没有单独的页面。"))
            else:
                self.workspace.go(room, record, kind)

        return show

    def _copier(self, text: str) -> Callable[[], None]:
        def copy() -> None:
            QGuiApplication.clipboard().setText(text)
            self.workspace.say(self.tr("已复制,可以发给或念给对方。"))

        return copy

    def _settler(self, fork: ForkRow, side: Side) -> Callable[[], None]:
        def settle() -> None:
            def do() -> bool:
                exchange_state.settle_fork(self.store, fork.record, side.hash)
                return True

            if self.workspace.perform(do, saying=self.tr("已选定。下次发出的数据包带上这个结果。")):
                self.activate()

        return settle

    def _discarder(self, file: QuarantinedFile | HeldFile) -> Callable[[], None]:
        held = isinstance(file, HeldFile)
        saying = self.tr("已不再保留“{}”。") if held else self.tr("已从隔离区删除“{}”。")

        def discard() -> None:
            def do() -> bool:
                (inbox.discard_held if held else inbox.discard_quarantined)(self.store, file.path)
                return True

            if self.workspace.perform(do, saying=saying.format(file.name)):
                self.activate()

        return discard

    def _taker(self, row: ReplyRow) -> Callable[[], None]:
        def take() -> None:
            made = self.workspace.perform(
                lambda: replies.take_up(self.store, row.reply.id), saying=self.tr("已登记办理。"))
            if made is not None:
                self.activate()

        return take

    # What the window asks -------------------------------------------------------

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is settled while another writes."""
        if read_only != self._read_only:
            self._read_only = read_only
            self._on_row()

    def save_state(self) -> Mapping[str, Any]:
        """Columns."""
        return {"table": self.panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("table", {}))


def _side_head(number: int, side: Side) -> str:
    return f"第{number}版(暂按此计)" if side.counts else f"第{number}版"


def _side_text(side: Side, text: str) -> str:
    return "(已删除)" if side.is_deleted else text or "(空)"


def _advice(one: PendingLine) -> str:
    load = one.payload
    if isinstance(load, ForkRow):
        if load.is_own:
            return "本机关在两台电脑上各改了一次。比较下面的两个版本,按一个计。"
        return f"请{load.office}在它的“数据交换→待处理”中选定“{one.title}”用哪一个版本,再报一次;它那里没有两个版本的(恢复过备份),给它发一个包,它导入后再报一次。在此之前暂按其中一个计。"
    if isinstance(load, StaleRow):
        return "这份上报是按旧的指标内容填的,已收下。请单位收到新的下发包以后,核对一遍再报。"
    if isinstance(load, StubRow):
        return "等对方的下一个数据包;一直没有的,请对方重发一次。"
    if isinstance(load, HeldFile):
        return "确需导入的,由管理员写明理由解封这一年度,再按“读入”,在“收件”里核对后导入,然后重新封存。不需要的,不再保留。"
    if isinstance(load, QuarantinedFile) and load.is_other_key:
        return "先给对方打电话核实,不要按来人说的号码打。确是对方换了密钥的,按“再读一次”,在“收件”里当面接收;不是的,留着这个文件并报告。"
    if isinstance(load, QuarantinedFile):
        return "把上面的话念给发出机关,请它重新制作或重写一份。原文件留在隔离区,不影响数据。"
    if isinstance(load, GapRow):
        return "请对方就所缺的种类和年度再发一次,导入后这里自动消失。对方确认没有送出过、或不需要的,按“不再催要”写明理由。"
    if isinstance(load, ReplyRow):
        if load.reply.kind is ReplyKind.REQUEST:
            return "先到“责任书→调整”登记这项申请并办理,再按“阅后签收”;办理结果随下次下发带回。"
        if load.reply.kind in (ReplyKind.OBJECTION, ReplyKind.FEEDBACK):
            return "按“登记办理”转为本机关的一条记录,再照常办理;办理结果随下次下发带回。"
        return "看过以后按“阅后签收”;按要求改好的,随下次上报送出。"
    return ""
