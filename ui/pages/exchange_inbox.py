"""The view 收件: packages and workbooks of a stick in one list, old beside new, taken in as one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
)

from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import Cancelled
from mbo_desktop.services import exchange_papers, inbox, package_register, receiving
from mbo_desktop.services.received import FieldChange, Inbox, InboxRow, Received, RowState
from ui.data_commands import backup_words
from ui.dialogs.exchange_accept import AcceptDialog
from ui.dialogs.exchange_asks import MassDialog, PasswordDialog, WithdrawDialog
from ui.jobs import JobControl
from ui.pages.exchange_inbox_board import InboxBoard
from ui.pages.exchange_inbox_done import ReceivedPane
from ui.pages.exchange_inbox_kept import KeptInbox, keep, kept_of
from ui.pages.exchange_inbox_rows import may_be_ticked, missing_units, ticks_again
from ui.pages.exchange_inbox_side import InboxPanel
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.sticks import stick_label, sticks
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

KINDS = "数据包和工作簿 (*.zrb *.zip *.xlsx *.xlsm *.xls *.et *.ods);;所有文件 (*)"


class InboxView(RoomView):
    """Empty page, board or done page; what was read stays until something else is read."""

    key = "inbox"
    manual = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: Inbox | None = None
        self.result: Received | None = None
        self.passwords: dict[str, str] = {}
        self._paths: tuple[Path, ...] = ()
        self._packages: tuple[str, ...] = ()
        self._read_only = False
        self._build_tools()
        self.empty = EmptyPage(
            "inbox", self.tr("插上U盘,读取收到的数据包"),
            self.tr("下级上报的、上级下发的数据包(.zrb)和各单位交回的工作簿,都在这里收。把文件或文件夹拖进来也可以。先核对、后导入:读取不改动任何数据。"),
            ((self.tr("读取U盘…"), self.read_stick), (self.tr("选择文件…"), self.choose_files),
             (self.tr("选择文件夹…"), self.choose_folder)),
        )
        self.board = InboxBoard(workspace)
        self.board.ticked.connect(self._tell)
        self.board.row_changed.connect(self._show_side)
        self.board.opened.connect(self._on_opened)
        self.side = InboxPanel()
        self.side.wanted.connect(self._on_wanted)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(scaled(10))
        self.split.addWidget(self.board)
        self.split.addWidget(self.side)
        self.side.setMinimumWidth(scaled(250))
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([scaled(10_000), scaled(290)])
        self.done_pane = ReceivedPane()
        self.done_pane.wanted.connect(self._on_wanted)
        self.stack = QStackedWidget()
        for part in (self.empty, self.split, self.done_pane):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.take_in)
        self._show(self.empty)

    def _build_tools(self) -> None:
        self.stick_button = self.add_tool_button(self.tr("读取U盘…"), self.read_stick)
        self.files_button = QPushButton(self.tr("选择文件…"))
        menu = QMenu(self.files_button)
        menu.addAction(self.tr("选择文件…"), self.choose_files)
        menu.addAction(self.tr("选择文件夹…"), self.choose_folder)
        self.files_button.setMenu(menu)
        self.add_tool(self.files_button)
        self.print_button = self.add_tool_button(self.tr("打印新旧对照…"), self.print_changes)
        self.missing_button = self.add_tool_button(self.tr("复制未报名单"), self.copy_missing)
        self.take_button = self.add_tool_button(
            self.tr("导入"), self.take_in, primary=True, hint=self.tr("Ctrl+Enter"), needs=Act.RECEIVE)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Tell the figures; nothing is read by itself, what was read before another zoom is shown again."""
        kept = kept_of(self.workspace)
        if self.found is None and kept is not None:
            self._paths, self.passwords = kept.paths, kept.passwords
            self._show_board(kept.found, kept.missing, kept.ticks)
            if kept.result is not None:
                self._show_taken(kept.found, sorted(kept.ticks), kept.result)
            self.refresh(kept)
        self._tell()

    def save_state(self) -> Mapping[str, Any]:
        """Nothing for next time; the list itself is kept as long as the folder is open."""
        board, on_list = self.board, self.stack.currentWidget() is self.split
        keep(self.workspace, None if self.found is None else KeptInbox(
            self.found, board.missing, board.chosen, self._paths, self.passwords, None if on_list else self.result))
        return {}

    def shown(self) -> None:
        """Tools that have nothing to do are put away."""
        super().shown()
        self._tell()

    def refresh(self, changes: Any) -> None:
        """What was judged against older data is judged anew."""
        found = self.found
        if changes is None or found is None or self.stack.currentWidget() is not self.split:
            return
        if found.change_count != self.store.change_count and not self.workspace.jobs.writing:
            self._judge_again()

    def _show(self, part: object) -> None:
        self.stack.setCurrentWidget(part)  # type: ignore[arg-type]
        board = part is self.split
        for button in (self.print_button, self.missing_button, self.take_button):
            button.setEnabled(board)
        if board:
            self.setFocusProxy(self.board)
        else:
            self.setFocusProxy(self.empty.buttons[0] if part is self.empty else self.done_pane.close_button)
        self._tell()

    def _tell(self) -> None:
        # The room shows all tools of a view that comes up.
        self.missing_button.setVisible(self.stack.currentWidget() is self.split and bool(self.board.missing))
        if self.stack.currentWidget() is self.split:
            self.figures_changed.emit(self.board.sentence())
            count = len(self.board.chosen)
            self.take_button.setText(self.tr("导入选定的 {} 个").format(count) if count else self.tr("导入"))
            self.take_button.setEnabled(bool(count) and not self._read_only)
            return
        self.take_button.setText(self.tr("导入"))
        done = self.stack.currentWidget() is self.done_pane
        self.figures_changed.emit(self.tr("导入完成") if done else self.tr("收到的数据包先核对,再导入"))

    def _show_side(self, number: int) -> None:
        source = self.board.source
        if source is None:
            return
        self.side.show_row(source.row_at(number), source.words(number) if number else "", read_only=self._read_only)

    # Reading ------------------------------------------------------------------

    def read_stick(self) -> None:
        """Read the stick; of several ask which, without one let choose a folder."""
        found = sticks()
        if not found:
            self.workspace.say(
                self.tr("没有找到U盘。请插好后再试;数据包在别处的,请选择文件或文件夹。"), tone="amber",
                actions=[(self.tr("选择文件…"), self.choose_files), (self.tr("选择文件夹…"), self.choose_folder)],
            )
        elif len(found) == 1:
            self.read(found)
        else:
            menu = QMenu(self)
            for root in found:
                menu.addAction(stick_label(root), self._reader(root))
            menu.popup(self.stick_button.mapToGlobal(self.stick_button.rect().bottomLeft()))

    def _reader(self, root: Path) -> Any:
        def read() -> None:
            self.read([root])

        return read

    def choose_files(self) -> None:
        """Files by the system's dialog."""
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("选择收到的文件"), "", KINDS)
        if names:
            self.read([Path(name) for name in names])

    def choose_folder(self) -> None:
        """A folder with all below it."""
        name = QFileDialog.getExistingDirectory(self, self.tr("选择收到的文件夹"))
        if name:
            self.read([Path(name)])

    def read_too(self, paths: Sequence[Path]) -> None:
        """Files besides those of the list; it is read anew, what was ticked by hand stays."""
        on_list = self.stack.currentWidget() is self.split and self.found is not None
        known = self._paths if on_list else ()
        self.read([*known, *(one for one in paths if one not in known)], keeping=True)

    def read(self, paths: Sequence[Path], *, keeping: bool = False) -> None:
        """Copy in, verify and judge beside the window; then the board. keeping: what was ticked by hand."""
        if self._read_only:
            self.workspace.say(self.tr("现在是只读状态,不能收件。"), tone="amber")
            return
        if self.workspace.jobs.busy:
            self.workspace.say(self.tr("后台任务还没有完成,请稍后再收。"), tone="amber")
            return
        store, passwords = self.store, dict(self.passwords)
        self._paths = tuple(paths)
        chosen = self._paths
        before = self.found if keeping and self.stack.currentWidget() is self.split else None
        ticked = self.board.chosen

        def work(control: JobControl) -> tuple[Inbox, tuple[str, ...]]:
            found = inbox.take(
                store, chosen, passwords=passwords, progress=control.progress, cancelled=control.cancelled
            )
            return found, missing_units(self.store, found)

        self.workspace.jobs.run(
            self.tr("读取收到的文件"), work, failed=self._on_failed, owner=self, done=lambda read: self._show_board(
                *read, None if before is None else ticks_again(read[0], before, ticked)))

    def _show_board(self, found: Inbox, missing: Sequence[str], ticks: frozenset[int] | None = None) -> None:
        self.found = found
        self.board.show_inbox(found, missing, ticks)
        self._show(self.split)
        self.board.setFocus()

    def _judge_again(self) -> None:
        found, store = self.found, self.store
        if found is None:
            return
        kept, tried = self.board.chosen, found

        def judge() -> tuple[Inbox, tuple[str, ...]]:
            judged = inbox.judge_again(store, tried)
            return judged, missing_units(store, judged)

        def done(read: tuple[Inbox, tuple[str, ...]]) -> None:
            judged, missing = read
            if self.found is not tried:
                return
            self._show_board(judged, missing, ticks_again(judged, tried, kept))

        self.workspace.jobs.read(judge, done, self)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.workspace.say(self.tr("已停止,数据和原来一样。"))
        else:
            self.workspace.report(error)

    # Taking in ----------------------------------------------------------------

    def take_in(self) -> None:
        """Import what is ticked; mass changes are asked about once more."""
        found = self.found
        if found is None or self.stack.currentWidget() is not self.split or self._read_only:
            return
        chosen = sorted(self.board.chosen)
        if not chosen:
            self.workspace.say(self.tr("没有勾选要导入的文件。"), tone="amber")
            return
        massive = [found.rows[place] for place in chosen if found.rows[place].is_mass]
        if massive and not MassDialog(massive, self.window()).exec():
            return
        store = self.store

        def work(control: JobControl) -> Received:
            return receiving.apply(
                store, found, chosen, mass_confirmed=bool(massive),
                progress=control.progress, cancelled=control.cancelled,
            )

        def done(result: Received) -> None:
            self._on_taken(found, chosen, result)

        self.workspace.jobs.run(
            self.tr("导入 {} 个文件").format(len(chosen)), work, done=done, failed=self._on_failed,
            owner=self, writes=True,
        )

    def _on_taken(self, found: Inbox, chosen: Sequence[int], result: Received) -> None:
        self._show_taken(found, chosen, result)
        if result.backup is not None:
            self.workspace.status("backup", backup_words(self.store))

    def _show_taken(self, found: Inbox, chosen: Sequence[int], result: Received) -> None:
        self.result = result
        self._packages = tuple(found.rows[place].package for place in chosen if found.rows[place].package)
        left = [row for place, row in enumerate(found.rows) if place not in chosen]
        self.done_pane.show_result(result, [found.rows[place] for place in chosen], left)
        self._show(self.done_pane)
        self.done_pane.close_button.setFocus()

    def withdraw(self) -> None:
        """撤回 of all packages of this import, with a reason."""
        if not self._packages or self._read_only:
            return
        dialog = WithdrawDialog(self.tr("撤回本次导入的 {} 个数据包").format(len(self._packages)), self.window())
        if not dialog.exec():
            return
        store, packages, reason = self.store, self._packages, dialog.reason

        def work(control: JobControl) -> int:
            changed = 0
            for place, package in enumerate(packages):
                control.progress(place, len(packages))
                if not package_register.is_withdrawn(store, package):  # in 登记 meanwhile
                    changed += receiving.withdraw(store, package, reason)
            return changed

        self.workspace.jobs.run(
            self.tr("撤回导入"), work, done=self._on_withdrawn, failed=self._on_failed, owner=self, writes=True)

    def _on_withdrawn(self, records: int) -> None:
        self._packages, self.result = (), None
        self.done_pane.show_withdrawn(records)

    # What the panel and the done page ask --------------------------------------

    def _on_wanted(self, what: str) -> None:
        row = self.side.row
        deeds: dict[str, Any] = {
            "accept": self.accept_office, "password": self.ask_password, "merge": self.merge,
            "check": self.check_workbook, "missing": self.copy_missing, "withdraw": self.withdraw,
            "again": self.close_done, "receipts": self.print_receipts,
        }
        if what == "copy" and row is not None:
            QGuiApplication.clipboard().setText(row.advice or row.sentence)
            self.workspace.say(self.tr("已复制,可以发给或念给对方。"))
        elif what in deeds:
            deeds[what]()

    def _on_opened(self) -> None:
        """Enter does what the panel's button offers."""
        if self.side.deed.isVisibleTo(self.side) and self.side.deed.isEnabled():
            self.side.deed.click()

    def accept_office(self) -> None:
        """当面接收 of the selected file's office."""
        row = self.side.row
        if row is None or self._read_only or row.state not in (RowState.STRANGER, RowState.OTHER_KEY):
            return
        if AcceptDialog(self.workspace, row, self.window()).exec():
            self.workspace.say(self.tr("已接收“{}”,以后收件不再询问。").format(row.office_name), tone="green")
            self._judge_again()

    def ask_password(self) -> None:
        """The password of the selected file; the files are read again with it."""
        row = self.side.row
        if row is None or row.state is not RowState.PASSWORD:
            return
        dialog = PasswordDialog(row.name, self.window())
        if dialog.exec():
            self.passwords[row.name] = dialog.password
            self.read(self._paths, keeping=True)

    def merge(self) -> None:
        """Another PC of the own office."""
        from ui.dialogs.exchange_replica import MergeDialog

        row, found = self.side.row, self.found
        if row is None or found is None or row.state is not RowState.REPLICA or self._read_only:
            return
        place = found.rows.index(row)
        dialog = MergeDialog(self.workspace, found, place, self.window())
        dialog.merged.connect(self._on_merged)
        dialog.open()

    def _on_merged(self, sentence: str) -> None:
        self._packages, self.result = (), None
        self.workspace.status("backup", backup_words(self.store))
        self.done_pane.show_merged(sentence)
        self._show(self.done_pane)
        self.done_pane.close_button.setFocus()

    def check_workbook(self) -> None:
        """A returned workbook cell by cell, in the wizard of 收表."""
        from ui.dialogs.progress_collect import CollectWizard

        row, found = self.side.row, self.found
        if row is None or found is None or found.workbooks is None:
            return
        books = found.workbooks
        CollectWizard(self.workspace, books.year, books.month, self.window(), paths=[row.path]).open()

    def copy_missing(self) -> None:
        """The units of which nothing came, one a line."""
        if self.board.missing:
            QGuiApplication.clipboard().setText("\n".join(self.board.missing))
            self.workspace.say(self.tr("未报名单已复制,共 {} 个单位。").format(len(self.board.missing)))

    def print_changes(self) -> None:
        """Old beside new of what the table shows."""
        changes: Sequence[FieldChange] = self.board.changes
        scope, store = self.board.scope_words(), self.store
        print_document(self, self.workspace, self.tr("新旧对照"),
                       lambda: exchange_papers.comparison(store, changes, scope=scope))

    def print_receipts(self) -> None:
        """接收回执 of the packages just taken in."""
        from mbo_desktop.services import issuing

        store, packages = self.store, set(self._packages)
        if packages:
            print_document(self, self.workspace, self.tr("接收回执"), lambda: exchange_papers.slips(
                store, [one for one in issuing.register(store) if one.package in packages]), sheets=False)

    def close_done(self) -> None:
        """Back to what is left of the list, or to the empty page."""
        found = self.found
        if found is not None and any(may_be_ticked(row) and place not in self.board.chosen
                                     for place, row in enumerate(found.rows)):
            self._show(self.split)
            self._judge_again()
            return
        self.found = None
        self._show(self.empty)
        self.setFocus()

    # What the window asks -------------------------------------------------------

    @property
    def selected(self) -> InboxRow | None:
        """The file that is selected."""
        return self.side.row

    def find(self) -> None:
        """The find bar of the list."""
        self.board.find()

    def copy(self) -> None:
        """The selected block."""
        self.board.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is read or taken in while another writes."""
        self._read_only = read_only
        for button in (self.stick_button, self.files_button, *self.empty.buttons):
            button.setEnabled(not read_only)
        self._tell()
