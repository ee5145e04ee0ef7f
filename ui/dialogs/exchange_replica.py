"""本机关另一台电脑: its package made here, or merged here with both versions of what both changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.errors import Cancelled, ProgramError
from mbo_desktop.services import replica_packages
from mbo_desktop.services.issued import IssuedFile
from mbo_desktop.services.received import Inbox
from mbo_desktop.services.replica_packages import Merged, ReplicaConflict
from ui import folder_commands
from ui.dialogs.exchange_send import SendDialog, SendFacts
from ui.dialogs.import_jobs import JobLine
from ui.grids.columns import Cell, Column, Edit, Kind, Row
from ui.grids.model import GridModel
from ui.grids.source import Refused
from ui.grids.ticks import NumberedSource, TickView
from ui.jobs import JobControl
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.widgets.versions import VersionsTable
from ui.workspace import Workspace


def make_replica(workspace: Workspace, owner: QWidget) -> None:
    """Ask for folder and password, and write everything of this copy."""
    if not workspace.may_write(workspace.tr("制作数据包")):
        return
    dialog = SendDialog(
        owner.tr("制作本机关数据包"),
        (owner.tr("供本机关另一台电脑合并用(如一人录农业、一人录工业)。包含全部数据和未定稿的内容,必须设口令,只在本机关内使用。"),
         owner.tr("在另一台电脑上:数据交换→收件→读取U盘→合并。两边都改过的同一条,合并时逐条选定。")),
        SendFacts(), owner.window(), needs_password=True,
    )
    if not dialog.exec():
        return
    store, facts = workspace.store, dialog.facts

    def work(_control: JobControl) -> IssuedFile:
        return replica_packages.make(
            store, Path(facts.folder), password=facts.password, carrier=facts.carrier, medium=facts.medium)

    def done(made: IssuedFile) -> None:
        workspace.say(
            owner.tr("已制作“{}”,并读回核对。请安全弹出U盘。").format(made.path.name), tone="green",
            actions=[(owner.tr("打开所在文件夹"), lambda: folder_commands.show_folder(made.path.parent))],
        )

    workspace.jobs.run(owner.tr("制作本机关数据包"), work, done=done, owner=owner, writes=True)


class _ConflictSource(NumberedSource):
    """Records changed on both PCs; the tick takes the other PC's version."""

    columns = (
        Column("theirs", "采用另一台的", Kind.CHECK, width=100, editable=True, sortable=False, filterable=False),
        Column("type", "内容", width=110, sortable=False, filterable=False),
        Column("title", "名称", width=420, sortable=False, filterable=False),
    )

    def __init__(self, found: Sequence[ReplicaConflict]) -> None:
        super().__init__()
        self.found = tuple(found)
        self.theirs: set[str] = set()
        self.numbers = range(1, len(self.found) + 1)

    def words(self, number: int) -> str:
        """By name."""
        return self.found[number - 1].title

    def row(self, number: int) -> Row:
        """One record."""
        one = self.found[number - 1]
        return Row(number, {
            "theirs": Cell(value=one.name in self.theirs, editable=True), "type": one.type_label,
            "title": Cell(one.title, note=one.title),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Choose a side."""
        for edit in edits:
            name = self.found[edit.row - 1].name
            if edit.value:
                self.theirs.add(name)
            else:
                self.theirs.discard(name)
        return None


class MergeDialog(QDialog):
    """What both PCs changed is asked once; everything else merges without a question."""

    merged = Signal(str)

    def __init__(
        self, workspace: Workspace, found: Inbox, place: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("合并本机关另一台电脑的数据"))
        self._workspace, self._inbox, self._place = workspace, found, place
        self.source: _ConflictSource | None = None
        self.headline = QLabel(self.tr("正在比较两台电脑的数据…"))
        self.headline.setWordWrap(True)
        self.messages = MessageBar()
        self.model = GridModel(_ConflictSource(()))
        self.view = TickView(self.model)
        self.view.current_row_changed.connect(self._on_row)
        self.versions = VersionsTable()
        self.line = JobLine(workspace)
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.here_button = self._button(self.tr("全用本机的"), self._on_here)
        self.there_button = self._button(self.tr("全用另一台的"), self._on_there)
        self.merge_button = self._button(self.tr("合并"), self.merge)
        self.merge_button.setProperty("role", "primary")
        self.close_button = self._button(self.tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addWidget(self.here_button)
        foot.addWidget(self.there_button)
        foot.addStretch()
        foot.addWidget(self.close_button)
        foot.addWidget(self.merge_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.headline)
        layout.addWidget(self.messages)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.versions, 1)
        layout.addLayout(foot)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(860), screen.width() - 40), min(scaled(600), screen.height() - 60))
        self._compare()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _compare(self) -> None:
        store, found, place = self._workspace.store, self._inbox, self._place
        self.line.run(
            self.tr("比较两台电脑的数据"),
            lambda _control: replica_packages.conflicts(store, found, place), self._show,
        )

    def _show(self, found: tuple[ReplicaConflict, ...]) -> None:
        self.source = _ConflictSource(found)
        self.model.source = self.source
        self.model.reload()
        many = bool(found)
        for part in (self.view, self.versions, self.here_button, self.there_button):
            part.setVisible(many)
        if many:
            self.headline.setText(self.tr(
                "有 {} 条两台电脑都改过,请逐条看下面并列的两个版本,要用另一台的打勾;不打勾的用本机的。其余自动合并。").format(len(found)))
            self.view.select_cell(self.model.index(0, 0))
            self._on_row(1)
            self.view.setFocus()
        else:
            self.headline.setText(self.tr("两台电脑没有改过同一条,可以直接合并。合并前自动备份。"))
            self.merge_button.setFocus()

    def _on_row(self, number: object) -> None:
        if self.source is None or not isinstance(number, int) or not 0 < number <= len(self.source.found):
            return
        one = self.source.found[number - 1]
        here, there = dict(one.here.fields), dict(one.there.fields)
        names = list(dict.fromkeys([*here, *there]))
        gone = self.tr("(已删除)")
        self.versions.show_versions((self.tr("栏目"), self.tr("本机"), self.tr("另一台电脑")), [
            (name, (gone if one.here.is_deleted else here.get(name, ""), gone if one.there.is_deleted else there.get(name, "")))
            for name in names
        ])

    def _on_here(self) -> None:
        self._choose(theirs=False)

    def _on_there(self) -> None:
        self._choose(theirs=True)

    def _choose(self, *, theirs: bool) -> None:
        if self.source is not None:
            self.source.theirs = {one.name for one in self.source.found} if theirs else set()
            self.model.refresh()

    def merge(self) -> None:
        """Merge in one step, a backup before."""
        if self.source is None or self.line.busy:
            return
        store, found, place = self._workspace.store, self._inbox, self._place
        theirs = frozenset(self.source.theirs)
        self.line.run(
            self.tr("合并"), lambda _control: replica_packages.merge(store, found, place, theirs=theirs),
            self._on_merged, writes=True,
        )

    def _on_merged(self, result: Merged) -> None:
        sentence = result.sentence
        if result.doubled_numbers:
            listed = "、".join(result.doubled_numbers[:5])
            sentence += self.tr("两台电脑重号的文号:{},请改正其中一个。").format(listed)
        self.merged.emit(sentence)
        self.accept()

    def _on_busy(self, busy: bool) -> None:
        for button in (self.here_button, self.there_button, self.merge_button):
            button.setEnabled(not busy)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止,数据和原来一样。"))
        elif isinstance(error, ProgramError):
            self.messages.say(error.sentences(), "red")
            if self.source is None:
                self.merge_button.setEnabled(False)
        else:
            raise error

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter merges; Enter presses only the button that has the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pressed = self.focusWidget()
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.merge()
            elif isinstance(pressed, QPushButton):
                pressed.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Esc stops comparing first; merging goes to its end."""
        if not self.line.busy:
            super().reject()
        else:
            self.line.stop()
