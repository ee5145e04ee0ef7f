"""年度结转: one dialog, page by page; nothing is written before 结转, which is one undo step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTreeWidgetItem,
    QWidget,
)

from mbo_desktop.errors import Cancelled, NotAllowedError, ProgramError
from mbo_desktop.services import sealing, session, year_turn, year_turn_checks, year_turn_papers
from mbo_desktop.services.year_turn import TurnChoices, TurnOutcome, TurnPlan, TurnReading
from mbo_desktop.services.year_turn_checks import OpenEnd
from ui.dialogs.import_jobs import JobLine
from ui.dialogs.year_turn_pages import (
    BasesPage,
    IndicatorsPage,
    PartsPage,
    StartPage,
    TurnPage,
    UnitsPage,
    tree,
)
from ui.help_commands import show_manual
from ui.jobs import JobControl
from ui.navigation import ROOMS
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.widgets.outcome import OutcomePage
from ui.widgets.steps import lay_out_wizard, step_button, steps_line
from ui.widgets.tinted import RichLabel
from ui.workspace import Workspace

START, INDICATORS, BASES, UNITS, PARTS, PREVIEW, DONE = range(7)


class PreviewPage(TurnPage):
    """Everything with its count, and what is to be looked at by hand."""

    def __init__(self) -> None:
        super().__init__("")
        self.counts = tree((self.tr("内容"), self.tr("数量"), self.tr("说明")), self.tr("将结转的内容"), stretch=2)
        self.notes = tree((self.tr("需要核对的事项"),), self.tr("需要核对的事项"))
        self.seal = QCheckBox()
        self.rows.addWidget(self.counts, 3)
        self.rows.addWidget(self.notes, 2)
        self.rows.addWidget(self.seal)
        self.first = self.counts

    def show_plan(self, plan: TurnPlan, *, is_sealed: bool, is_settled: bool) -> None:
        """The plan in figures; sealing last year too is offered, and proposed when nothing is open."""
        self.sentence.setText(self.tr("以下内容一步写入,可整步撤销;开始使用以后,用“工具→撤回年度结转”。"))
        self.counts.clear()
        for name, many, remark in plan.counts:
            item = QTreeWidgetItem(self.counts, [name, f"{many:,}", remark])
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.counts.setCurrentItem(self.counts.topLevelItem(0))
        self.notes.clear()
        for text in (*plan.notes, *(self.tr("{}暂缺").format(post) for post in plan.vacant)):
            QTreeWidgetItem(self.notes, [text])
        if not self.notes.topLevelItemCount():
            QTreeWidgetItem(self.notes, [self.tr("没有。")])
        self.seal.setText(self.tr("结转后封存 {} 年度(以后修改须先写明理由解封)").format(plan.last))
        self.seal.setVisible(not is_sealed)
        self.seal.setChecked(not is_sealed and is_settled)


class DonePage(OutcomePage):
    """What was made, and the way back."""

    undo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.listing.setAccessibleName(self.tr("需要核对的事项"))
        self.undo_button = QPushButton(self.tr("撤销本次结转"))
        self.undo_button.clicked.connect(self.undo_asked)
        self.lay_out((self.undo_button,))

    def show_outcome(self, outcome: TurnOutcome) -> None:
        """The sentence and the remarks."""
        self.picture.show_icon("circle-check", 32, "green_shape")
        self.sentence.setText(outcome.sentence)
        self.detail.setText(self.tr("新年度的目标值、时限、计划由各室接着填;上年随时可在左上角“考核年度”里查看。"))
        self.listing.clear()
        self.listing.addItems([f"▲ {text}" for text in outcome.plan.notes])
        self.listing.addItems([self.tr("▲ {}暂缺").format(post) for post in outcome.plan.vacant])
        self.undo_button.setEnabled(bool(outcome.records))

    def show_undone(self) -> None:
        """The roll-over was taken back."""
        self.picture.show_icon("undo-2", 32, "secondary")
        self.sentence.setText(self.tr("已撤销本次结转,数据恢复到结转之前。"))
        self.detail.setText("")
        self.listing.clear()
        self.undo_button.setEnabled(False)


class YearTurnWizard(QDialog):
    """Seven pages; Ctrl+Enter goes on, Esc stops what runs, then closes."""

    def __init__(self, workspace: Workspace, parent: QWidget | None, last: int, year: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workspace = workspace
        self._reading: TurnReading | None = None
        self._ends: tuple[OpenEnd, ...] = ()
        self._plan: TurnPlan | None = None
        self._focused: QWidget | None = None
        self._build([row.number for row in session.years(workspace.store)], last, year)
        self._name(last, year)
        self._show_step(START)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1080), screen.width() - 40), min(scaled(700), screen.height() - 60))
        self._read()

    # Building -----------------------------------------------------------------

    def _build(self, years: list[int], last: int, year: int) -> None:
        self.steps = RichLabel()
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.messages = MessageBar()
        self.start = StartPage(years, last, year)
        self.start.years_changed.connect(self._on_years)
        self.indicators = IndicatorsPage()
        self.bases = BasesPage()
        self.bases.changed.connect(self._on_own)
        self.units = UnitsPage()
        self.parts = PartsPage()
        self.preview = PreviewPage()
        self.done_page = DonePage()
        self.done_page.undo_asked.connect(self._on_undo)
        self.stack = QStackedWidget()
        for page in (self.start, self.indicators, self.bases, self.units, self.parts, self.preview, self.done_page):
            self.stack.addWidget(page)
        self.line = JobLine(self._workspace)
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.print_button = step_button(self.tr("打印清单(PDF、Word、Excel)…"), self._on_print)
        self.close_button = step_button(self.tr("取消"), self.reject)
        self.back_button = step_button(self.tr("上一步"), self._on_back)
        self.next_button = step_button(self.tr("下一步"), self.go_on)
        self.next_button.setProperty("role", "primary")
        self.next_button.setToolTip("Ctrl+Enter")
        foot = QHBoxLayout()
        foot.addWidget(self.print_button)
        foot.addWidget(self.line, 1)
        foot.addStretch()
        for button in (self.close_button, self.back_button, self.next_button):
            foot.addWidget(button)
        lay_out_wizard(self, (self.steps, self.messages, self.stack), foot)

    def _name(self, last: int, year: int) -> None:
        self.setWindowTitle(self.tr("年度结转:{} → {}").format(last, year))

    @property
    def step(self) -> int:
        """The page that is shown."""
        return self.stack.currentIndex()

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        names = (
            self.tr("1 上年情况"), self.tr("2 指标"), self.tr("3 基数"), self.tr("4 单位"),
            self.tr("5 办法和分解"), self.tr("6 预览"), self.tr("7 完成"),
        )
        self.steps.show_rich(lambda: steps_line(names, step))
        self.back_button.setVisible(START < step < DONE)
        self.next_button.setVisible(step < DONE)
        self.next_button.setText(self.tr("结转") if step == PREVIEW else self.tr("下一步"))
        self.print_button.setVisible(step == PREVIEW)
        self.close_button.setText(self.tr("关闭") if step == DONE else self.tr("取消"))
        page = self.stack.currentWidget()
        (page.first if isinstance(page, TurnPage) else self.close_button).setFocus()

    # Reading and planning -------------------------------------------------------

    def _on_years(self) -> None:
        if self._reading is None or (self._reading.last, self._reading.year) != self.start.chosen():
            self._read()

    def _read(self) -> None:
        store, (last, year) = self._workspace.store, self.start.chosen()
        self._reading = self._plan = None
        self.start.ends.clear()
        self.messages.hide()
        self._name(last, year)
        self.next_button.setEnabled(False)

        def work(control: JobControl) -> tuple[TurnReading, tuple[OpenEnd, ...], TurnPlan]:
            reading = year_turn.read_turn(store, last, year, control.progress, control.cancelled)
            return reading, year_turn_checks.open_ends(store, reading), year_turn.make_plan(reading)

        self.line.run(self.tr("读取 {} 年度").format(last), work, self._on_read)

    def _on_read(self, read: tuple[TurnReading, tuple[OpenEnd, ...], TurnPlan]) -> None:
        self._reading, self._ends, self._plan = read
        self.start.show_ends(self._reading.last, self._ends, {room.key: room.title for room in ROOMS})
        self.indicators.show_plan(self._plan)
        self.next_button.setEnabled(True)
        if not self._plan.entities:
            self.messages.say(self.tr("{} 年度已经结转过,没有需要新增的内容。").format(self._plan.year))

    def _choices(self) -> TurnChoices:
        return TurnChoices(
            self.indicators.left(), self.bases.own.isChecked(), self.units.heirs(), self.parts.parts()
        )

    def _replan(self, step: int) -> None:
        """Plan anew for what was decided, then show a page of it."""
        reading, choices = self._reading, self._choices()
        if reading is None:
            return
        if self._plan is not None and self._plan.choices == choices:
            self._show_plan(step, self._plan)
            return
        self.line.run(
            self.tr("核对"), lambda _control: year_turn.make_plan(reading, choices),
            lambda plan: self._show_plan(step, plan),
        )

    def _show_plan(self, step: int, plan: TurnPlan) -> None:
        self._plan = plan
        if step == BASES:
            self.bases.show_plan(plan)
        elif step == UNITS:
            self.units.show_plan(plan)
        elif step == PARTS:
            self.parts.show_plan(plan)
        elif step == PREVIEW:
            closed = sealing.is_sealed(self._workspace.store, plan.last)
            open_ends = len(self._ends) - (not closed)
            self.preview.show_plan(plan, is_sealed=closed, is_settled=not open_ends)
        if step != self.step:
            self._show_step(step)

    def _on_own(self) -> None:
        self._replan(BASES)

    # Moving -------------------------------------------------------------------

    def go_on(self) -> None:
        """To the next page; on the preview: do it."""
        if self.line.busy or self._reading is None:
            return
        self.messages.hide()
        if self.step == START:
            if self.start.chosen() != (self._reading.last, self._reading.year):
                self._read()
                return
            self._show_step(INDICATORS)
        elif self.step == PREVIEW:
            self._apply()
        elif self.step < PREVIEW:
            self._replan(self.step + 1)

    def _on_back(self) -> None:
        self.messages.hide()
        self._show_step(max(self.step - 1, START))

    def _on_print(self) -> None:
        store, plan = self._workspace.store, self._plan
        if plan is not None:
            print_document(
                self, self._workspace, self.tr("年度结转清单"), lambda: year_turn_papers.turn_paper(store, plan)
            )

    # Writing ------------------------------------------------------------------

    def _apply(self) -> None:
        store, plan, seals = self._workspace.store, self._plan, self.preview.seal.isChecked()
        if plan is None:
            return

        def work(control: JobControl) -> TurnOutcome:
            outcome = year_turn.apply_turn(store, plan, control.progress, control.cancelled)
            if seals and not sealing.is_sealed(store, plan.last):
                sealing.seal_year(store, plan.last, self.tr("已结转到{}年度").format(plan.year))
            return outcome

        self.line.run(self.tr("结转"), work, self._on_applied, writes=True, stop=self.tr("取消结转"))

    def _on_applied(self, outcome: TurnOutcome) -> None:
        self.done_page.show_outcome(outcome)
        self._show_step(DONE)
        if self._workspace.year != outcome.plan.year:
            self._workspace.set_year(outcome.plan.year)
        self._workspace.say(outcome.sentence, tone="green")

    def _on_undo(self) -> None:
        plan = self._plan
        if plan is None or self._workspace.store.undo_label != plan.label:
            self.messages.say(self.tr("此后已有别的修改,请用“工具→撤回年度结转”。"), "amber")
            return
        self._workspace.undo()
        self.done_page.show_undone()
        self._workspace.set_year(plan.last)

    # Jobs and keys --------------------------------------------------------------

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._focused = self.focusWidget()
        for part in (self.next_button, self.back_button, self.print_button, self.stack):
            part.setEnabled(not busy)
        if not busy:
            self.next_button.setEnabled(self._reading is not None or self.step != START)
            # What was disabled lost the keys to a button.
            if self._focused is not None and self._focused.isVisible():
                self._focused.setFocus()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止。未写入任何内容。"))
        elif isinstance(error, ProgramError):
            self.messages.say(error.sentences(), "red")
            if isinstance(error, NotAllowedError) and self.step == PREVIEW:
                self._show_step(START)
                self._reading = None
        else:
            raise error

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on; Enter presses the button that has the focus."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.next_button.isVisible() and self.next_button.isEnabled():
                self.go_on()
            return
        if event.key() == Qt.Key.Key_F1:
            show_manual(self, "year_turn")
        elif not enter:
            super().keyPressEvent(event)
        elif not self.line.busy and isinstance(pressed := self.focusWidget(), QPushButton):
            pressed.click()

    def reject(self) -> None:
        """Esc first stops what runs; then it closes."""
        if self.line.busy:
            self.line.stop()
            return
        super().reject()
