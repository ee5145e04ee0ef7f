"""程序: the steps with who, when and basis; the four scores side by side; objections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from mbo_desktop.domain.assessment import AssessmentStep, ScoreKind
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import given_scores, objections, office_words, procedure, schemes, scores
from mbo_desktop.services.given_scores import GivenEdit
from mbo_desktop.services.objections import ObjectionRow
from mbo_desktop.services.procedure import StepRow
from mbo_desktop.services.score_board import ScoreBoard
from ui.dialogs.assessment_steps import (
    DecisionDialog,
    ObjectionDialog,
    ProcedureDialog,
    StepDialog,
)
from ui.dialogs.assessment_votes import VotesDialog
from ui.grids.columns import Cell, Column, Edit, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.pages.assessment_four import FOUR_COLUMNS, KINDS, FourRows, four_rows
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

FOUR, OBJECTED = "four", "objected"
OBJECTION_COLUMNS = (
    Column("unit", "单位", width=130, frozen=True), Column("subject", "对象", width=170), Column("state", "状态", width=90),
    Column("text", "理由", width=220), Column("on", "提出日期", width=180), Column("decision", "复核结论", width=240),
    Column("decided", "复核日期", width=110),
)
_FOLLOWED = frozenset({"scheme", "given_score", "objection", "progress_report", "target_result", "target", "unit",
                       "adjustment", "indicator", "sealed_score"})


class StepsView(RoomView):
    """Two lists, one at a time; the steps stand in the panel all the while."""

    key = "steps"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.board: ScoreBoard | None = None
        self._four = FourRows([], [])
        self._asked = 0
        self._objections: dict[int, ObjectionRow] = {}
        self._stands: dict[AssessmentStep, StepRow] = {}
        self._read_only = False
        self.four = GridPanel(self.workspace, ListSource(FOUR_COLUMNS, self._load_four, self._write))
        self.objected = GridPanel(self.workspace, ListSource(OBJECTION_COLUMNS, self._load_objections))
        self.objected.set_empty(EmptyPage(
            "inbox", self.tr("没有申诉"), self.tr("得分反馈后,单位有异议的在这里登记;复核采纳的,同时记复核分。"),
            ((self.tr("登记申诉…"), self._on_objection),),
        ))
        self.stack = QStackedWidget()
        for panel in (self.four, self.objected):
            self.stack.addWidget(panel)
            panel.view.current_row_changed.connect(self._show_side)
        self.objected.view.opened.connect(self._on_decide)
        open_by_enter(self.objected.view, self._on_decide)
        self.four.view.opened.connect(self._on_working)
        for keys, act in (("Ctrl+N", self._on_objection), ("Ctrl+Return", self._on_working), ("Ctrl+Enter", self._on_working)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._new_objection = 0
        self.side = SidePanel()
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(260))
        self.body.setSizes([scaled(10_000), scaled(330)])
        self.setFocusProxy(self.stack)
        self._build_tools()

    def _build_tools(self) -> None:
        self.shown_list = QComboBox()
        self.shown_list.setAccessibleName(self.tr("清单"))
        self.shown_list.addItem(self.tr("四栏对照"), FOUR)
        self.shown_list.addItem(self.tr("申诉复核"), OBJECTED)
        self.shown_list.activated.connect(self._on_list)
        self.add_tool(self.shown_list)
        self.only_gaps = QCheckBox(self.tr("只看与自评不同的"))
        self.only_gaps.toggled.connect(self._reload_four)
        self.add_tool(self.only_gaps)
        self.add_tool(self.four.filter_field, 1)
        self.votes = self.add_tool_button(self.tr("录入票数…"), self._on_votes, hint=self.tr("领导评价、民主测评等部分的计票"))
        self.decide = self.add_tool_button(self.tr("复核结论…"), self._on_decide, needs=Act.SCORE)
        self.object = self.add_tool_button(self.tr("登记申诉…"), self._on_objection, hint=self.tr("Ctrl+N"), needs=Act.ENTER)
        self.procedure = self.add_tool_button(self.tr("程序设置…"), self._on_procedure)

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Score the group beside the window and read the lists."""
        scheme, month, store, only = self.state.scheme, self.state.month, self.store, self.only_gaps.isChecked()
        if scheme is None:
            return
        self._asked += 1
        asked = self._asked

        def read() -> tuple[ScoreBoard, FourRows]:
            board = scores.board(store, scheme, month=month)
            return board, four_rows(board, only_gaps=only)

        def arrived(found: tuple[ScoreBoard, FourRows]) -> None:
            if asked == self._asked:
                self.board, self._four = found
                self._reload()

        self.workspace.jobs.read(read, arrived, self)

    def _reload(self) -> None:
        for panel in (self.four, self.objected):
            panel.model.source.reload()  # type: ignore[attr-defined]
            panel.model.refresh()
        self._on_list()
        self._go_to_new()

    def _go_to_new(self) -> None:
        """The objection just registered is the current row, so that a decision is entered on it and no other."""
        place = self.objected.model.row_of(self._new_objection)
        if place >= 0:
            self._new_objection = 0
            self.objected.view.select_cell(self.objected.model.index(place, 0))

    def _reload_four(self) -> None:
        if self.board is not None:
            self._four = four_rows(self.board, only_gaps=self.only_gaps.isChecked())
            self.four.model.source.reload()  # type: ignore[attr-defined]
            self.four.model.refresh()

    @property
    def _places(self) -> list[tuple[RecordId, RecordId]]:
        """Unit and indicator of each row, which count from 1."""
        return self._four.places

    def place_at(self, row: int) -> tuple[RecordId, RecordId] | None:
        """Unit and indicator of a row of the four scores."""
        places = self._four.places
        return places[row - 1] if 0 < row <= len(places) else None

    def _load_four(self) -> Sequence[Row]:
        return self._four.rows

    def _load_objections(self) -> Sequence[Row]:
        board = self.board
        if board is None:
            return []
        known = {line.unit for line in board.units}
        until = objections.deadline(self.store, board.scheme.id)
        found = [row for row in objections.objections(self.store, self.year, until=until) if row.objection.unit in known]
        self._objections = {int(row.objection.id): row for row in found}
        return [Row(int(row.objection.id), {
            "unit": row.unit_label, "subject": row.subject,
            "state": Cell(row.state, tone=Tone.AMBER if row.state == "待复核" else Tone.PLAIN),
            "text": row.objection.text,
            "on": Cell("" if row.objection.raised_on is None else show_date(row.objection.raised_on) + ("(逾期)" if row.is_late else ""),
                       tone=Tone.RED if row.is_late else Tone.PLAIN),
            "decision": row.objection.decision,
            "decided": "" if row.objection.decided_on is None else show_date(row.objection.decided_on),
        }) for row in found]

    def _on_list(self) -> None:
        four = self.shown_list.currentData() == FOUR
        panel = self.four if four else self.objected
        self.stack.setCurrentWidget(panel)
        self.setFocusProxy(panel)
        shown = self.isVisible()
        self.only_gaps.setVisible(four and shown)
        self.four.filter_field.setVisible(four and shown)
        self.decide.setVisible(not four and shown)
        if not panel.view.currentIndex().isValid() and panel.model.rowCount():
            panel.view.select_cell(panel.model.index(0, 0))
        panel.tell_status()
        done = [] if self.board is None else [one.step.label for one in self.board.scheme.done]
        waiting = sum(row.state == "待复核" for row in self._objections.values())
        words = [self.tr("已完成:{}").format("、".join(done)) if done else self.tr("程序还没有开始")]
        if self._objections:
            words.append(self.tr("申诉 {} 件,待复核 {}").format(len(self._objections), waiting))
        self.figures_changed.emit(" · ".join(words))
        self._enable()
        self._show_side()

    def _enable(self) -> None:
        parts = [] if self.board is None else self.board.scheme.components
        self.votes.setEnabled(bool(parts) and not self._read_only)
        for button in (self.decide, self.object, self.procedure):
            button.setEnabled(not self._read_only)

    # The panel ------------------------------------------------------------------

    def _show_side(self) -> None:
        self.side.clear()
        if self.board is None:
            return
        scheme = self.board.scheme
        self.side.set_title(self.tr("考核程序"), scheme.name or office_words.group(self.store, scheme.peer_group))
        done = {one.step: one for one in scheme.done}
        self._stands = {row.step: row for row in procedure.procedure(self.store, scheme.id)}
        listed = [*scheme.steps, *(step for step in done if step not in scheme.steps)]
        for step in AssessmentStep:
            if step in listed and step is not AssessmentStep.SEAL:
                self._add_step(step, done)
        sealed = done.get(AssessmentStep.SEAL)
        self.side.add_heading(self.tr("■ 已封存") if sealed else self.tr("○ 未封存"))
        if sealed is not None:
            self.side.add_text(" · ".join(part for part in (show_date(sealed.on), sealed.by, sealed.basis) if part), muted=True)
        self._show_line()

    def _add_step(self, step: AssessmentStep, done: Mapping[AssessmentStep, Any]) -> None:
        one = done.get(step)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(f"{'●' if one else '○'} {step.label}")
        row.addWidget(label, 1)
        act: Callable[[], object] = (lambda: self._undo_step(step)) if one else (lambda: self._do_step(step))
        button = QPushButton(self.tr("撤回") if one else self.tr("登记…"))
        button.setEnabled(not self._read_only)
        button.clicked.connect(lambda: act())
        row.addWidget(button)
        self.side.add(holder)
        stands = self._stands.get(step)
        if stands is not None and stands.due is not None:
            self.side.add_text(("▲ " if stands.is_overdue else "") + stands.state, muted=not stands.is_overdue)
        if one is not None:
            self.side.add_text(" · ".join(part for part in (show_date(one.on), one.by, one.basis) if part), muted=True)

    def _show_line(self) -> None:
        """Of the current line: who gave which score, or the whole objection."""
        if self.shown_list.currentData() == OBJECTED:
            row = self._objections.get(int(self.objected.view.current_id() or 0))
            if row is not None:
                self.side.add_heading(f"{row.unit_label} · {row.subject}")
                self.side.add_text(row.objection.text)
                if row.objection.decision:
                    self.side.add_text(self.tr("结论({}):{}").format(row.state, row.objection.decision))
            return
        place = int(self.four.view.current_id() or 0)
        if not 0 < place <= len(self._places) or self.board is None:
            return
        unit, indicator = self._places[place - 1]
        given = self.board.book.given.get((indicator, unit), {})
        self.side.add_heading(self.tr("{} · {}").format(self.board.unit(unit).label, self.board.book.heads[indicator].name))
        if not given:
            self.side.add_text(self.tr("还没有评分,采用按规则计算的分。"), muted=True)
        for kind in ScoreKind:
            one = given.get(kind)
            if one is not None and one.points is not None:
                who = " · ".join(part for part in (one.by, show_date(one.on) if one.on else "", one.basis) if part)
                self.side.add_facts([(kind.label, canonical(one.points))])
                if who:
                    self.side.add_text(who, muted=True)
        (button,) = self.side.add_buttons(((self.tr("这个分怎么来的"), self._on_working),))
        button.setToolTip(self.tr("到评分表看计算过程  Ctrl+Enter"))

    def _on_working(self, *_row: object) -> None:
        """The score of the current line on the board, with its working."""
        place = int(self.four.view.current_id() or 0)
        if self.shown_list.currentData() == FOUR and 0 < place <= len(self._places):
            unit, indicator = self._places[place - 1]
            self.cell_asked.emit(indicator, unit)

    def _do_step(self, step: AssessmentStep) -> None:
        if self.state.scheme is not None:
            StepDialog(self.workspace, self.state.scheme, step, self.window()).exec()

    def _undo_step(self, step: AssessmentStep) -> None:
        scheme = self.state.scheme
        if scheme is not None:
            self.workspace.perform(lambda: schemes.set_step(self.store, scheme, None, step))

    # Answering ------------------------------------------------------------------

    def shown(self) -> None:
        """Rows into the status bar; only the shown list's tools."""
        self._on_list()

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self._read_only = read_only
        self.four.set_read_only(read_only)
        self._enable()

    def find(self) -> None:
        """The table's find bar."""
        (self.four if self.shown_list.currentData() == FOUR else self.objected).find()

    def copy(self) -> None:
        """The selected block."""
        (self.four if self.shown_list.currentData() == FOUR else self.objected).view.copy()

    # Writing --------------------------------------------------------------------

    def _write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        scheme = self.state.scheme
        assert scheme is not None
        made = []
        for edit in edits:
            unit, indicator = self._places[edit.row - 1]
            made.append(GivenEdit(unit, indicator, KINDS[edit.key], edit.text))
        refused = given_scores.set_block(self.store, scheme, made)
        return {(edits[place].row, edits[place].key): reason for place, reason in refused.items()}

    def _units(self) -> list[tuple[RecordId, str]]:
        return [] if self.board is None else [(one.unit, one.label) for one in self.board.units]

    def _heads(self) -> list[tuple[RecordId, str]]:
        return [] if self.board is None else [(head.id, head.name) for head in self.board.indicators]

    def _on_objection(self) -> None:
        unit = indicator = None
        place = int(self.four.view.current_id() or 0)
        if self.shown_list.currentData() == FOUR and 0 < place <= len(self._places):
            unit, indicator = self._places[place - 1]
        if self._read_only:
            return
        dialog = ObjectionDialog(self.workspace, self._units(), self._heads(), unit, indicator, self.window())
        if dialog.exec():
            self._new_objection = int(dialog.record)
            self.shown_list.setCurrentIndex(self.shown_list.findData(OBJECTED))
            self._on_list()
            self._go_to_new()

    def _on_decide(self, *_row: object) -> None:
        row = self._objections.get(int(self.objected.view.current_id() or 0))
        if row is None or self.state.scheme is None or self._read_only:
            return
        subject = f"{row.unit_label} · {row.subject}"
        DecisionDialog(self.workspace, self.state.scheme, row.objection, subject, self.window()).exec()

    def _on_procedure(self) -> None:
        if self.state.scheme is not None:
            ProcedureDialog(self.workspace, self.state.scheme, self.window()).exec()

    def _on_votes(self) -> None:
        if self.state.scheme is not None and self.board is not None:
            parts = [one.name for one in self.board.scheme.components]
            VotesDialog(self.workspace, self.state.scheme, parts, month=self.state.month, parent=self.window()).exec()

    def save_state(self) -> Mapping[str, Any]:
        """Which list."""
        return {"list": self.shown_list.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.shown_list.setCurrentIndex(max(self.shown_list.findData(state.get("list", FOUR)), 0))
