"""收表: files or a folder → the board of what each is → old beside new → written as one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError, ProgramError
from mbo_desktop.services import collecting, filings
from mbo_desktop.services.collecting import Collection, CollectResult, ReturnState
from ui import folder_commands
from ui.dialogs import decomposition_ledger
from ui.dialogs.import_jobs import JobLine
from ui.dialogs.progress_collect_done import DoneStep
from ui.dialogs.progress_collect_steps import BoardStep, ChangesStep
from ui.jobs import JobControl
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import DateField
from ui.widgets.message_bar import MessageBar
from ui.widgets.steps import lay_out_wizard, step_button, steps_line
from ui.widgets.tinted import RichLabel
from ui.workspace import Workspace

KINDS = "工作簿 (*.xlsx *.xlsm *.xls *.et *.ods);;所有文件 (*)"
SOURCE, BOARD, CHANGES, DONE = range(4)


class CollectWizard(QDialog):
    """One dialog, four steps; nothing is written before 写入, which is one undo step.

    paths: files or folders that are read at once (dropped on the room).
    """

    def __init__(
        self, workspace: Workspace, year: int, month: int, parent: QWidget | None = None, *,
        paths: Sequence[Path] = (),
    ) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("收表:{}年{}月").format(year, month))
        self.setAcceptDrops(True)
        self._workspace, self._year, self._month = workspace, year, month
        self._paths: tuple[Path, ...] = ()
        self._found: Collection | None = None
        self._control: JobControl | None = None
        self._build()
        self._show_step(SOURCE)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1200), screen.width() - 40), min(scaled(680), screen.height() - 60))
        if paths:
            self.read_files(paths)

    @property
    def collection(self) -> Collection | None:
        """What was read last."""
        return self._found

    # Building -----------------------------------------------------------------

    def _build(self) -> None:
        self.steps = RichLabel()
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.messages = MessageBar()
        self.source = EmptyPage(
            "folder-open", self.tr("选择收到的工作簿"),
            self.tr("选择各单位交回的文件,或存放它们的文件夹;也可以直接拖到这里。文件只在本机读取,写入之前先逐格核对。"),
            ((self.tr("选择文件夹…"), self._on_folder), (self.tr("选择文件…"), self._on_files)),
        )
        for button in self.source.buttons:
            button.setAutoDefault(False)
        self.board = BoardStep()
        self.board.changed.connect(self._on_chosen)
        self.board.missing_asked.connect(self.copy_missing)
        self.board.open_asked.connect(self._on_open)
        self.board.read_asked.connect(self._on_read_foreign)
        self.changes = ChangesStep()
        self.report = DoneStep()
        self.report.undo_asked.connect(self._on_undo)
        self.report.missing_asked.connect(self.copy_missing)
        self.report.folder_asked.connect(self._on_show_folder)
        self.stack = QStackedWidget()
        for page in (self.source, self.board, self.changes, self.report):
            self.stack.addWidget(page)
        self.line = JobLine(self._workspace)
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.line.stop_button.setText(self.tr("停止"))
        self.line.stop_button.clicked.connect(self._on_stop)
        self.day_label = QLabel(self.tr("收到日期"))
        self.day = DateField(clock.today(), year=self._year)
        self.day.setFixedWidth(scaled(110))
        self.day_label.setBuddy(self.day)
        self.back_button = step_button(self.tr("上一步"), self._on_back)
        self.next_button = step_button(self.tr("下一步"), self._on_next)
        self.next_button.setProperty("role", "primary")
        self.close_button = step_button(self.tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addStretch()
        for widget in (self.day_label, self.day, self.close_button, self.back_button, self.next_button):
            foot.addWidget(widget)
        lay_out_wizard(self, (self.steps, self.messages, self.stack), foot)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        names = (self.tr("1 选文件"), self.tr("2 核对文件"), self.tr("3 新旧对照"), self.tr("4 完成"))
        self.steps.show_rich(lambda: steps_line(names, step))
        self.back_button.setVisible(step in (BOARD, CHANGES))
        self.next_button.setVisible(step in (BOARD, CHANGES))
        self.next_button.setText(self.tr("写入") if step == CHANGES else self.tr("下一步:新旧对照"))
        for widget in (self.day_label, self.day):
            widget.setVisible(step == CHANGES)
        self.close_button.setText(self.tr("关闭") if step == DONE else self.tr("取消"))
        self._on_chosen()
        focus: dict[int, QWidget] = {
            SOURCE: self.source.buttons[0], BOARD: self.board.view or self.next_button,
            CHANGES: self.changes.view or self.next_button,
        }
        focus.get(step, self.close_button).setFocus()

    # Reading ------------------------------------------------------------------

    def read_files(self, chosen: Sequence[Path]) -> None:
        """Read files and folders in a process of their own."""
        store, year, month = self._workspace.store, self._year, self._month
        try:
            self._paths = collecting.files_in(chosen)
        except InputError as error:
            self.messages.say(error.sentences(), "amber")
            return
        paths = self._paths

        def work(control: JobControl) -> Collection:
            return collecting.read_returned(
                store, year, month, paths, control.progress, control.cancelled
            )

        self.line.run(self.tr("读取 {} 个文件").format(len(paths)), work, self._on_read)

    def _on_read(self, found: Collection, chosen: frozenset[int] | None = None) -> None:
        self._found = found
        self.messages.hide()
        self.board.show_collection(found, chosen)
        self._show_step(BOARD)

    def _on_read_foreign(self, place: int) -> None:
        store, found = self._workspace.store, self._found
        if found is None:
            return
        if found.files[place].state is not ReturnState.FOREIGN:
            decomposition_ledger.read_from(self._workspace, self, found.files[place].path)
            return

        def work(_control: JobControl) -> Collection:
            from mbo_desktop.services.collecting_foreign import read_by_names

            return read_by_names(store, found, place)

        def done(read: Collection) -> None:
            # Of two tables of one unit somebody has to choose.
            rivals = {at for at, one in enumerate(read.files) if one.state is ReturnState.RIVAL}
            before = {at for at in self.board.chosen if found.files[at].state is ReturnState.RIVAL}
            self._on_read(read, (self.board.chosen | {place}) - (rivals - before))

        self.line.run(self.tr("按指标名称读取"), work, done)

    # Writing ------------------------------------------------------------------

    def _apply(self) -> None:
        found, store = self._found, self._workspace.store
        if found is None or not self.day.commit():
            return
        files, take, day = self.board.chosen, self.changes.take, self.day.value()
        if day is not None and day > clock.today():  # type: ignore[operator]
            self.messages.say(self.tr("收到日期还没有到。尚未写入。请填实际收到的日期。"), "amber")
            self.day.setFocus()
            return

        def work(control: JobControl) -> CollectResult:
            self._control = control
            return collecting.apply_collection(
                store, found, files=files, take=take, received_on=day,  # type: ignore[arg-type]
                progress=control.progress, cancelled=control.cancelled,
            )

        self.line.run(self.tr("写入"), work, self._on_applied, writes=True)
        # Nothing is half written: stopping takes the whole step back.
        self.line.stop_button.setVisible(self.line.busy)

    def _on_stop(self) -> None:
        if self._control is not None:
            self._control.cancel()

    def _on_applied(self, result: CollectResult) -> None:
        self._control = None
        found = self._found
        assert found is not None
        self.messages.hide()
        self.report.show_result(result, found, self.board.chosen, self.changes.take)
        self._show_step(DONE)
        self._workspace.say(result.sentence, tone="amber" if result.refused else "green")

    def _on_undo(self) -> None:
        self._workspace.undo()
        self.report.show_undone()

    # Moving -------------------------------------------------------------------

    def _on_chosen(self) -> None:
        step = self.stack.currentIndex()
        if step in (BOARD, CHANGES):
            self.next_button.setEnabled(bool(self.board.chosen) and not self.line.busy)

    def _on_next(self) -> None:
        if self.line.busy or self._found is None:
            return
        if self.stack.currentIndex() == BOARD:
            self.changes.show_changes(self._found, self.board.chosen)
            self._show_step(CHANGES)
        elif self.stack.currentIndex() == CHANGES:
            self._apply()

    def _on_back(self) -> None:
        self.messages.hide()
        self._show_step(max(self.stack.currentIndex() - 1, SOURCE))

    def _on_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("选择收表文件夹"))
        if name:
            self.read_files([Path(name)])

    def _on_files(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("选择收到的工作簿"), "", KINDS)
        if names:
            self.read_files([Path(name) for name in names])

    def _on_open(self, path: Path) -> None:
        folder_commands.open_file(path)

    def _on_show_folder(self) -> None:
        if self._paths:
            folder_commands.show_folder(self._paths[0].parent)

    def copy_missing(self) -> None:
        """The list of who has not reported, to be pasted into a message."""
        try:
            text = filings.missing_text(self._workspace.store, self._year, self._month)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        QGuiApplication.clipboard().setText(text)
        self.messages.say(self.tr("未报名单已复制:{}").format(text.partition("\n")[0]))

    # Jobs ---------------------------------------------------------------------

    def _on_busy(self, busy: bool) -> None:
        for button in (self.next_button, self.back_button, *self.source.buttons):
            button.setEnabled(not busy)
        if not busy:
            self._on_chosen()

    def _on_failed(self, error: BaseException) -> None:
        self._control = None
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止。未写入任何内容,数据和原来一样。"))
        elif isinstance(error, ProgramError):
            self.messages.say(error.sentences(), "red")
            if isinstance(error, NotAllowedError) and self.stack.currentIndex() == CHANGES and self._paths:
                self.read_files(self._paths)
        else:
            raise error

    # Events -------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on; Enter alone belongs to the table."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.next_button.isVisible() and self.next_button.isEnabled():
                self._on_next()
        elif not enter:
            super().keyPressEvent(event)
        elif not self.line.busy and isinstance(pressed := self.focusWidget(), QPushButton):
            pressed.click()

    def reject(self) -> None:
        """Esc first stops what runs: reading, or writing, which then leaves the data as it was."""
        if not self.line.busy:
            super().reject()
        elif self._control is not None:
            self._control.cancel()
        else:
            self.line.stop()

    def dragEnterEvent(self, event: Any) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls() and not self.line.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Read what is dropped here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.read_files(paths)
