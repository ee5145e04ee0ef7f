"""The import wizard: files or clipboard → what the columns mean → what will be written → report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from mbo_desktop.domain.targets import Direction
from mbo_desktop.errors import Cancelled, FileReadError, NotAllowedError, ProgramError
from mbo_desktop.services import importing, target_owners
from mbo_desktop.services.importing import ImportResult, UnitChoice
from mbo_desktop.services.target_owners import BY_ROWS
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from ui.dialogs.import_jobs import JobLine
from ui.dialogs.import_mapping import MappingStep
from ui.dialogs.import_preview import PlanSource, PreviewStep
from ui.dialogs.import_report import ReportStep
from ui.grids.columns import Option
from ui.jobs import JobControl
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.message_bar import MessageBar
from ui.widgets.steps import lay_out_wizard, step_button, steps_line
from ui.widgets.tinted import RichLabel
from ui.workspace import Workspace

KINDS = "台账 (*.xlsx *.xls *.xlsm *.xlsb *.ods *.docx *.txt *.csv *.htm *.html);;所有文件 (*)"
SOURCE, MAPPING, PREVIEW, REPORT = range(4)


@dataclass(slots=True)
class _Sheet:
    """One table of the files: as read, with the user's corrections."""

    proposal: Proposal
    choices: dict[str, UnitChoice] = field(default_factory=dict)
    directions: dict[int, Direction] = field(default_factory=dict)
    """Which way is better, by row, where it was chosen in the preview."""
    owner: Option | None = None
    """Whose its open targets are, as chosen before another table was looked at."""
    is_new: bool = True
    is_done: bool = False


def _nothing_in(name: str) -> ProgramError:
    return FileReadError(f"“{name}”里没有读到表格或编号的条目。", "请确认它是台账。")


class ImportWizard(QDialog):
    """One dialog, four steps; nothing is written before 应用, which is one undo step.

    paths: files to read at once; pasted: HTML and text flavour of the clipboard.
    """

    def __init__(
        self, workspace: Workspace, parent: QWidget | None = None, *,
        paths: Sequence[Path] = (), pasted: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("导入台账"))
        self.setAcceptDrops(True)
        self._workspace = workspace
        self._sheets: list[_Sheet] = []
        self._current = 0
        self._known: tuple[KnownUnit, ...] = ()
        self._planned: Proposal | None = None
        self._complained = False
        self._build()
        self._show_step(SOURCE)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1180), screen.width() - 40), min(scaled(720), screen.height() - 60))
        if paths:
            self.read_files(paths)
        elif pasted is not None:
            self.read_pasted(*pasted)

    # Building -----------------------------------------------------------------

    def _build(self) -> None:
        self.steps = RichLabel()
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.messages = MessageBar()
        self.source = EmptyPage(
            "file-spreadsheet", self.tr("选择台账文件"),
            self.tr("可导入 Excel(.xlsx、.xls、.ods)、Word(.docx)里的表格,以及逐条编号的文本。文件只在本机读取;也可把文件拖到这里,或导入已复制的表格。"),
            ((self.tr("选择文件…"), self._on_choose), (self.tr("从剪贴板导入"), self._on_paste)),
        )
        self.mapping = MappingStep(self._workspace.store)
        self.mapping.year.setValue(self._workspace.year)
        self.mapping.sheet_chosen.connect(self._on_sheet)
        self.mapping.role_chosen.connect(self._on_role)
        self.mapping.sender_changed.connect(self._on_sender)
        self.mapping.owner_chosen.connect(self._on_owner)
        self.mapping.changed.connect(self._on_mended)
        self.preview = PreviewStep()
        self.preview.redirected.connect(self._on_directions)
        self.report = ReportStep()
        self.report.undo_asked.connect(self._on_undo)
        self.stack = QStackedWidget()
        for page in (self.source, self.mapping, self.preview, self.report):
            self.stack.addWidget(page)
        for button in self.source.buttons:
            button.setAutoDefault(False)
        self.line = JobLine(self._workspace)
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.back_button = step_button(self.tr("上一步"), self._on_back)
        self.next_button = step_button(self.tr("下一步"), self._on_next)
        self.next_button.setProperty("role", "primary")
        self.close_button = step_button(self.tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addStretch()
        for button in (self.close_button, self.back_button, self.next_button):
            foot.addWidget(button)
        lay_out_wizard(self, (self.steps, self.messages, self.stack), foot)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        names = (self.tr("1 选文件"), self.tr("2 核对各列"), self.tr("3 预览"), self.tr("4 完成"))
        self.steps.show_rich(lambda: steps_line(names, step))
        self.back_button.setVisible(step in (MAPPING, PREVIEW))
        left = sum(not sheet.is_done for sheet in self._sheets)
        self.next_button.setVisible(step in (MAPPING, PREVIEW) or (step == REPORT and left > 0))
        words = {MAPPING: self.tr("下一步:预览"), PREVIEW: self.tr("应用"),
                 REPORT: self.tr("继续导入下一张表")}
        self.next_button.setText(words.get(step, ""))
        self.close_button.setText(self.tr("关闭") if step == REPORT else self.tr("取消"))
        focus = {SOURCE: self.source.buttons[0], MAPPING: self.mapping.roles, PREVIEW: self.next_button}
        focus.get(step, self.close_button).setFocus()

    # Reading ------------------------------------------------------------------

    def read_files(self, paths: Sequence[Path]) -> None:
        """Read files in a process of their own; what cannot be read is said, the rest goes on."""
        from mbo_desktop.spreadsheets.child import read_in_child

        store, year = self._workspace.store, self._workspace.year
        known = importing.known_units(store)
        mappings = importing.remembered_mappings(store, self.mapping.sender_name)

        def work(control: JobControl) -> tuple[list[Proposal], list[ProgramError]]:
            found: list[Proposal] = []
            faults: list[ProgramError] = []
            for number, path in enumerate(paths, 1):
                control.progress(number - 1, len(paths) if len(paths) > 1 else 0, path.name)
                try:
                    more = read_in_child(path, year, known, mappings, control.progress, control.cancelled)
                    found += [target_owners.settled(store, one) for one in more]
                    if len(paths) > 1 and not any(one.rows for one in more):
                        faults.append(_nothing_in(path.name))
                except ProgramError as error:
                    faults.append(error)
            return found, faults

        title = self.tr("读取“{}”").format(paths[0].name) if len(paths) == 1 else self.tr("读取 {} 个文件").format(len(paths))
        self.line.run(title, work, self._on_read)

    def read_pasted(self, markup: str, text: str) -> None:
        """Read what was copied."""
        store, year = self._workspace.store, self._workspace.year
        sender = self.mapping.sender_name

        def work(_control: JobControl) -> tuple[list[Proposal], list[ProgramError]]:
            read = importing.read_pasted(store, markup, text, year, sender=sender)
            return [target_owners.settled(store, one) for one in read], []

        self.line.run(self.tr("读取剪贴板"), work, self._on_read)

    def _on_read(self, read: tuple[list[Proposal], list[ProgramError]]) -> None:
        proposals, faults = read
        if faults:
            self.messages.say("\n".join(error.sentences() for error in faults), "red")
        self._complained = False
        if not proposals:
            if not faults:
                self.messages.say(self.tr("没有读到表格或编号的条目。未导入任何内容。请确认内容是台账,再重新选择。"), "amber")
            return
        if not faults:
            self.messages.hide()
        self._known = importing.known_units(self._workspace.store)
        self._sheets = [_Sheet(proposal) for proposal in proposals]
        fullest = max(range(len(proposals)), key=lambda n: len(proposals[n].rows))
        self._open_sheet(fullest)

    def _open_sheet(self, number: int) -> None:
        self._current = number
        sheet = self._sheets[number]
        self.mapping.show_sheets([one.proposal for one in self._sheets], number)
        if not sheet.is_new:
            self.mapping.owner.set_option(sheet.owner)
        self.mapping.show_proposal(sheet.proposal, self._known, sheet.choices, fresh=sheet.is_new)
        sheet.is_new = False
        self._show_step(MAPPING)

    # Second step --------------------------------------------------------------

    def _on_sheet(self, number: int) -> None:
        left = self._sheets[self._current]
        left.choices, left.owner = self.mapping.units.choices(), self.mapping.owner.option()
        self._open_sheet(number)

    def _on_role(self, place: int, code: str) -> None:
        codes = list(self._sheets[self._current].proposal.mapping)
        codes[place] = code
        self._reread(tuple(codes))

    def _on_sender(self, sender: str) -> None:
        """What this sender's ledgers of the same layout were last time."""
        if not self._sheets:
            return
        proposal = self._sheets[self._current].proposal
        known = importing.remembered_mappings(self._workspace.store, sender)
        codes = known.get(proposal.layout)
        if codes is not None and codes != proposal.mapping and len(codes) == len(proposal.columns):
            self._reread(codes)

    def _on_owner(self, owner: object) -> None:
        """Each row its own unit, or all to one: the ledger is read again, its units are listed."""
        proposal = self._sheets[self._current].proposal
        if owner is BY_ROWS and not proposal.is_by_row:
            self._read_again(proposal.by_rows)
        elif owner is not BY_ROWS and proposal.is_by_row and not proposal.has_open_target:
            self._read_again(proposal.of_one_unit)

    def _reread(self, codes: tuple[str, ...]) -> None:
        proposal = self._sheets[self._current].proposal
        self._read_again(lambda: proposal.with_mapping(codes))

    def _read_again(self, read: Callable[[], Proposal]) -> None:
        self.line.run(self.tr("重新读取"), lambda _control: read(), self._on_reread)

    def _on_reread(self, proposal: Proposal) -> None:
        sheet = self._sheets[self._current]
        sheet.choices = self.mapping.units.choices()
        sheet.proposal = proposal
        sheet.directions.clear()
        self.mapping.show_proposal(proposal, self._known, sheet.choices, fresh=False)

    def _make_plan(self) -> None:
        sheet = self._sheets[self._current]
        proposal, choices = self.mapping.owned(sheet.proposal)
        sheet.choices = self.mapping.units.choices()
        if proposal.has_open_target:
            self._complain(self.tr("台账没有写明目标是哪个单位的。尚未写入。请在“{}”中选择或输入单位名称。").format(
                self.mapping.owner_label.text()), "amber")
            self.mapping.owner.setFocus()
            return
        store, year = self._workspace.store, self.mapping.year.value()
        directions = dict(sheet.directions)

        def work(_control: JobControl) -> tuple[Proposal, PlanSource]:
            plan = importing.plan_import(store, proposal, year, units=choices, directions=directions)
            return proposal, PlanSource(plan)

        self.line.run(self.tr("核对台账"), work, self._on_plan)

    def _on_plan(self, made: tuple[Proposal, PlanSource]) -> None:
        self._planned, source = made
        plan = source.plan
        if plan.undecided:
            self._complain(
                self.tr("“{}”在单位登记中对应多个单位。尚未写入。请在下方逐个选定。").format("、".join(plan.undecided)), "amber")
            return
        self.messages.hide()
        self.preview.show_plan(source, self._planned.notices)
        self._show_step(PREVIEW)

    def _complain(self, text: str, tone: str) -> None:
        """Say what hinders the next step; the sentence goes when the step is changed."""
        self.messages.say(text, tone)
        self._complained = True

    def _on_mended(self) -> None:
        if self._complained:
            self._complained = False
            self.messages.hide()

    # Third step ---------------------------------------------------------------

    def _on_directions(self, chosen: dict[int, Direction]) -> None:
        """Another direction: what it means for the remarks is worked out again."""
        self._sheets[self._current].directions |= chosen
        self._make_plan()

    def _apply(self) -> None:
        plan, proposal = self.preview.plan, self._planned
        if plan is None or proposal is None:
            return
        store, sender = self._workspace.store, self.mapping.sender_name

        def work(_control: JobControl) -> ImportResult:
            return importing.apply_import(store, proposal, plan, sender=sender)

        self.line.run(self.tr("导入"), work, self._on_applied, writes=True)

    def _on_applied(self, result: ImportResult) -> None:
        self._sheets[self._current].is_done = True
        plan = self.preview.plan
        assert plan is not None
        self.messages.hide()
        notices = self._planned.notices if self._planned is not None else ()
        self.report.show_result(result, plan, notices)
        self._show_step(REPORT)
        if self._workspace.year != plan.year:
            self._workspace.set_year(plan.year)
        self._workspace.say(result.sentence, tone="green")

    def _on_undo(self) -> None:
        self._workspace.undo()
        self._sheets[self._current].is_done = False
        self.report.show_undone()
        self._show_step(REPORT)

    # Moving -------------------------------------------------------------------

    def _on_next(self) -> None:
        step = self.stack.currentIndex()
        if self.line.busy:
            return
        if step == MAPPING:
            self._make_plan()
        elif step == PREVIEW:
            self._apply()
        elif step == REPORT:
            self._known = importing.known_units(self._workspace.store)
            following = [n for n, sheet in enumerate(self._sheets) if not sheet.is_done]
            later = [n for n in following if n > self._current]
            self._open_sheet((later or following)[0])

    def _on_back(self) -> None:
        self.messages.hide()
        self._show_step(max(self.stack.currentIndex() - 1, SOURCE))

    def _on_choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("选择台账"), "", KINDS)
        if names:
            self.read_files([Path(name) for name in names])

    def _on_paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        text = mime.text() if mime.hasText() else ""
        markup = mime.html() if mime.hasHtml() else ""
        if text.strip() or markup.strip():
            self.read_pasted(markup, text)
        else:
            self.messages.say(self.tr("剪贴板里没有表格或文字。先在 Excel、WPS 或 Word 中选中并复制。"), "amber")

    # Jobs ---------------------------------------------------------------------

    def _on_busy(self, busy: bool) -> None:
        for button in (self.next_button, self.back_button, *self.source.buttons):
            button.setEnabled(not busy)
        self.preview.hold(busy)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止。未导入任何内容。"))
        elif isinstance(error, ProgramError):
            self._complain(error.sentences(), "red")
            if isinstance(error, NotAllowedError) and self.stack.currentIndex() == PREVIEW:
                self._show_step(MAPPING)
        else:
            raise error

    # Events -------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on; Enter alone belongs to the field."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.next_button.isVisible():
                self._on_next()
            return
        if not enter:
            super().keyPressEvent(event)
        elif not self.line.busy and isinstance(pressed := self.focusWidget(), QPushButton):
            pressed.click()

    def reject(self) -> None:
        """Esc first stops what is being read; what is being written is waited for."""
        if self.line.busy:
            self.line.stop()
            return
        super().reject()

    def dragEnterEvent(self, event: Any) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Read the files dropped here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.read_files([path for path in paths if path.is_file()])
