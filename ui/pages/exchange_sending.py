"""The view 发件: who gets what, what is in it and what stays here, written to a stick and read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QSplitter, QStackedWidget

from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import Cancelled, FileWriteError
from mbo_desktop.services import exchange_papers, issuing, office_words
from mbo_desktop.services.issued import Contents, IssuedFile, Recipient
from ui import folder_commands
from ui.dialogs.exchange_send import SendDialog, SendFacts
from ui.grids.model import GridModel
from ui.grids.ticks import TickView
from ui.jobs import JobControl
from ui.pages.exchange_sending_rows import SendingSource
from ui.pages.exchange_sending_side import ContentsPanel
from ui.pages.exchange_sent import SentPane
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

KINDS = (PackageKind.ISSUE, PackageKind.REPORT, PackageKind.RECEIPT)


class SendingView(RoomView):
    """Recipients with ticks at the left, contents of the selected one in the panel."""

    key = "sending"
    manual = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.source = SendingSource((), frozenset())
        self.sent: tuple[IssuedFile, ...] = ()
        self._contents: dict[RecordId, Contents] = {}
        self._asked: set[RecordId] = set()
        """Recipients whose contents are being counted."""
        self._ticks: dict[PackageKind, frozenset[RecordId]] = {}
        self._last: dict[str, Any] = {}
        self._number = 0
        self._shown: tuple[int, PackageKind] | None = None
        self._first = True
        self._read_only = False
        self._build_tools()
        self.model = GridModel(self.source)
        self.model.wrote.connect(self._on_ticked)
        self.view = TickView(self.model)
        self.view.current_row_changed.connect(self._on_row)
        self.side = ContentsPanel()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(scaled(10))
        self.split.addWidget(self.view)
        self.split.addWidget(self.side)
        self.side.setMinimumWidth(scaled(260))
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([scaled(10_000), scaled(320)])
        self.empty = self._empty_page()
        self.sent_pane = SentPane()
        self.sent_pane.wanted.connect(self._on_wanted)
        self.stack = QStackedWidget()
        for part in (self.split, self.sent_pane):
            self.stack.addWidget(part)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack)
        self.setFocusProxy(self.view)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.write)

    def _build_tools(self) -> None:
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("发什么"))
        for one, word in zip(KINDS, (
            self.tr("下发给下级"), self.tr("上报给上级"), self.tr("只发回执"),
        ), strict=True):
            self.kind.addItem(word, one.value)
        self.kind.activated.connect(self._on_kind)
        self.add_tool(self.kind)
        self.tick_button = QPushButton(self.tr("勾选"))
        self.tick_menu = QMenu(self.tick_button)
        self.tick_menu.aboutToShow.connect(self._fill_ticks)
        self.tick_button.setMenu(self.tick_menu)
        self.add_tool(self.tick_button)
        self.repeat_button = self.add_tool_button(
            self.tr("照上次再发…"), self.repeat, hint=self.tr("同样的单位、同样的U盘和携带人,只需再确认一次"), needs=Act.ISSUE)
        self.write_button = self.add_tool_button(
            self.tr("写入U盘…"), self.write, primary=True, hint=self.tr("Ctrl+Enter"), needs=Act.ISSUE)

    @property
    def chosen_kind(self) -> PackageKind:
        """下发, 上报 or 回执."""
        return PackageKind.of(str(self.kind.currentData()))

    def choose_kind(self, kind: str) -> None:
        """Show the recipients of a kind of package."""
        self.kind.setCurrentIndex(max(self.kind.findData(kind), 0))
        self._on_kind()

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the recipients; the first time the kind that has any is chosen."""
        self.stack.setCurrentWidget(self.split)
        self._read()

    def refresh(self, changes: Any) -> None:
        """What would be sent changed."""
        if self.stack.currentWidget() is not self.sent_pane:
            self._read()

    def _read(self) -> None:
        store, year, kind = self.store, self.year, self.chosen_kind
        self._contents = {}
        self._asked = set()

        def done(found: tuple[Recipient, ...]) -> None:
            if (year, kind) == (self.year, self.chosen_kind):
                self._show(found)

        self.workspace.jobs.read(lambda: issuing.recipients(store, year, kind), done, self)

    def _show(self, found: tuple[Recipient, ...]) -> None:
        place, focused = self.view.current_id(), self._has_focus()
        another = self._shown != (self.year, self.chosen_kind)
        self._shown = (self.year, self.chosen_kind)
        self.source = SendingSource(found, self._ticks.get(self.chosen_kind, frozenset()))
        if self.chosen_kind is not PackageKind.ISSUE and len(found) == 1:
            # There is only one superior.
            self.source.tick_all(True)
        self.model.source = self.source
        self.model.reload()
        self._tell()
        if self.stack.currentWidget() is self.sent_pane:
            return
        if not found:
            self._show_empty()
            if self._first:
                self._try_report()
            return
        self._first = False
        self.stack.setCurrentWidget(self.split)
        self.setFocusProxy(self.view)
        row = 0 if another else max(self.model.row_of(place), 0)
        self.view.select_cell(self.model.index(row, 0))
        self._on_row(self.model.id_at(row))
        if focused:
            self.view.setFocus()

    def _has_focus(self) -> bool:
        """Whether the keys belong to this view: a part that is put away must not hand them elsewhere."""
        focused = self.window().focusWidget()
        return self.isVisible() and (focused is None or self.isAncestorOf(focused))

    def _empty_page(self) -> EmptyPage:
        words = {
            PackageKind.ISSUE: (self.tr("还没有可以下发的单位"), self.tr("先在“单位人员”登记下级单位,在“目标体系”给它们下达目标。")),
            PackageKind.REPORT: (self.tr("还没有可以上报的上级"), self.tr("先在“收件”中导入上级下发的数据包。导入以后就知道向谁上报。")),
            PackageKind.RECEIPT: (self.tr("还没有需要回执的机关"), self.tr("收到过谁的数据包,就可以给谁发回执。平时的上报、下发已自动带回回执。")),
        }[self.chosen_kind]
        go = (self.tr("打开收件"), self._on_inbox) if self.chosen_kind is not PackageKind.ISSUE else (
            self.tr("打开单位人员"), self._on_offices)
        return EmptyPage("upload", *words, (go,))

    def _show_empty(self) -> None:
        focused = self._has_focus()
        old, self.empty = self.empty, self._empty_page()
        self.stack.addWidget(self.empty)
        self.stack.setCurrentWidget(self.empty)
        self.stack.removeWidget(old)
        old.deleteLater()
        self.setFocusProxy(self.empty.buttons[0])
        if focused:
            self.empty.buttons[0].setFocus()

    def _try_report(self) -> None:
        """An office without anybody below it begins with what goes up."""
        self._first = False
        store, year = self.store, self.year
        if self.chosen_kind is PackageKind.ISSUE and issuing.recipients(store, year, PackageKind.REPORT):
            self.choose_kind(PackageKind.REPORT.value)

    def _on_register(self) -> None:
        self.workspace.go("exchange", 0, "register")

    def _on_inbox(self) -> None:
        self.workspace.go("exchange", 0, "inbox")

    def _on_offices(self) -> None:
        self.workspace.go("offices")

    def _tell(self) -> None:
        written = self.stack.currentWidget() is self.sent_pane
        for widget in (self.kind, self.tick_button, self.repeat_button, self.write_button):
            widget.setEnabled(not written)
        if written:
            self.figures_changed.emit(self.tr("已写入 {} 个数据包").format(len(self.sent)))
            return
        count = len(self.source.ticked)
        self.write_button.setText(self.tr("写入U盘({} 个)…").format(count) if count else self.tr("写入U盘…"))
        self.write_button.setEnabled(bool(count) and not self._read_only)
        self.repeat_button.setEnabled(bool(self._known_last()) and not self._read_only)
        ready = sum(bool(one.members) for one in self.source.found)
        self.figures_changed.emit(self.tr("{} 年度{} · {} 个单位有内容可发 · 选定 {} 个").format(
            self.year, self.chosen_kind.label, ready, count))

    def _on_kind(self) -> None:
        self.stack.setCurrentWidget(self.split)
        self._read()
        self.setFocus()

    def _on_ticked(self, _outcome: object) -> None:
        self._ticks[self.chosen_kind] = frozenset(self.source.ticked)
        self.model.refresh()
        self._tell()

    def _fill_ticks(self) -> None:
        self.tick_menu.clear()
        self.tick_menu.addAction(self.tr("全部"), self._ticker(None, True))
        self.tick_menu.addAction(self.tr("都不选"), self._ticker(None, False))
        kinds = self._kinds()
        if len(kinds) > 1:
            self.tick_menu.addSeparator()
            for kind in kinds:
                self.tick_menu.addAction(self.tr("只选{}").format(office_words.kind(self.store, kind)), self._ticker(kind, True))

    def _units(self) -> dict[RecordId, Unit]:
        return self.store.get_many(Unit, [one.unit for one in self.source.found if one.unit is not None])

    def _kinds(self) -> list[UnitKind]:
        present = {unit.kind for unit in self._units().values()}
        return [kind for kind in UnitKind if kind in present]

    def _ticker(self, kind: UnitKind | None, ticked: bool) -> Any:
        def tick() -> None:
            self.tick(kind, ticked=ticked)

        return tick

    def tick(self, kind: UnitKind | None = None, *, ticked: bool = True) -> None:
        """Tick all, none, or only the units of a kind."""
        self.source.tick_all(kind is None and ticked)
        if kind is not None:
            self.source.tick_all(False)
            units = self._units()
            self.source.ticked = {one.key for one in self.source.found
                                  if one.members and one.unit is not None and units[one.unit].kind is kind}
        self._on_ticked(None)
        self.view.setFocus()

    # Contents -------------------------------------------------------------------

    def _on_row(self, number: object) -> None:
        self._number = number if isinstance(number, int) else 0
        one = self.source.recipient(self._number)
        if one is None:
            self.side.show_nothing()
            return
        known = self._contents.get(one.key)
        if known is not None:
            self.side.show_contents(known)
            return
        self.side.show_waiting(one)
        store, year, kind = self.store, self.year, self.chosen_kind

        def done(contents: Contents) -> None:
            if (year, kind) != (self.year, self.chosen_kind):
                return
            self._contents[one.key] = contents
            self._asked.discard(one.key)
            now = self.source.recipient(self._number)
            if now is not None and now.key == one.key:
                self.side.show_contents(contents)

        if one.members and one.key not in self._asked:
            self._asked.add(one.key)
            self.workspace.jobs.read(lambda: issuing.preview(store, one.key, kind, year), done, self)

    # Writing ------------------------------------------------------------------

    def _known_last(self) -> dict[str, Any]:
        last = self._last if self._last.get("store") == str(self.store.folder) else {}
        return last if last.get("kind") in {kind.value for kind in KINDS} else {}

    def repeat(self) -> None:
        """The same recipients as last time: kind, ticks and stick as they were."""
        last = self._known_last()
        if not last:
            return
        kind = PackageKind.of(str(last["kind"]))
        self.kind.setCurrentIndex(self.kind.findData(kind.value))
        found = issuing.recipients(self.store, self.year, kind)
        self._ticks[kind] = frozenset(RecordId(key) for key in last.get("keys", ()))
        self.stack.setCurrentWidget(self.split)
        self._show(found)
        self.write()

    def write(self) -> None:
        """Ask where to and write a package for each ticked recipient."""
        if self.stack.currentWidget() is not self.split or self._read_only:
            return
        ticked = [one for one in self.source.found if one.key in self.source.ticked]
        if not ticked:
            self.workspace.say(self.tr("没有勾选接收单位。"), tone="amber")
            return
        last, kind = self._known_last(), self.chosen_kind
        names = "、".join(one.name for one in ticked[:6])
        many = self.tr("{} 等 {} 个单位").format(names, len(ticked)) if len(ticked) > 6 else names
        sentences = [self.tr("{} {} 年度:{}。").format(kind.label, self.year, many)]
        if any(one.left_out for one in ticked):
            sentences.append(self.tr("草稿等不发的内容已留在本机,见右侧“不发的内容”。"))
        dialog = SendDialog(
            self.tr("{}:写入U盘").format(kind.label), tuple(sentences), _facts(last), self.window())
        if dialog.exec():
            self._write(ticked, kind, dialog.facts)

    def _write(self, ticked: list[Recipient], kind: PackageKind, facts: SendFacts) -> None:
        store, year, keys = self.store, self.year, [one.key for one in ticked]
        self._last = {
            "store": str(store.folder), "kind": kind.value, "keys": [int(key) for key in keys],
            "folder": facts.folder, "carrier": facts.carrier, "medium": facts.medium,
        }

        def work(control: JobControl) -> tuple[IssuedFile, ...]:
            return issuing.issue(
                store, keys, kind, year, Path(facts.folder), password=facts.password, cleared=True,
                carrier=facts.carrier, medium=facts.medium, note=facts.note,
                progress=control.progress, cancelled=control.cancelled,
            )

        self.workspace.jobs.run(
            self.tr("写入 {} 个数据包").format(len(keys)), work, done=self._on_written,
            failed=self._on_failed, owner=self, writes=True,
        )

    def _on_written(self, files: tuple[IssuedFile, ...]) -> None:
        self.sent = files
        self.sent_pane.show_files(files)
        self.stack.setCurrentWidget(self.sent_pane)
        self.setFocusProxy(self.sent_pane.close_button)
        self.sent_pane.close_button.setFocus()
        self._tell()

    def _on_failed(self, error: BaseException) -> None:
        self._read()
        if isinstance(error, Cancelled):
            self.workspace.say(self.tr("已停止。已写完的数据包有效,在“登记”中查看。"))
        elif isinstance(error, FileWriteError):
            # The package is made; a full or protected stick only lacks the file.
            self.workspace.say(
                error.sentences(), tone="red", actions=[(self.tr("到“登记”中重写"), self._on_register)])
        else:
            self.workspace.report(error)

    def _on_wanted(self, what: str) -> None:
        if what == "folder" and self.sent:
            folder_commands.show_folder(self.sent[0].path.parent)
        elif what == "slips":
            store, packages = self.store, {one.package for one in self.sent}
            print_document(self, self.workspace, self.tr("数据包交接单"), lambda: exchange_papers.slips(
                store, [one for one in issuing.register(store) if one.package in packages]), sheets=False)
        elif what == "close":
            self.stack.setCurrentWidget(self.split)
            self._read()
            self.setFocusProxy(self.view)
            self.setFocus()

    # What the window asks -------------------------------------------------------

    def copy(self) -> None:
        """The selected block."""
        self.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is written while another writes."""
        self._read_only = read_only
        self._tell()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """What was sent last, for next month."""
        return {"kind": self.chosen_kind.value, "last": dict(self._last)}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.kind.setCurrentIndex(max(self.kind.findData(state.get("kind")), 0))
        last = state.get("last")
        self._last = dict(last) if isinstance(last, Mapping) else {}


def _facts(last: Mapping[str, Any]) -> SendFacts:
    return SendFacts(*(str(last.get(key, "")) for key in ("folder", "carrier", "medium")))
