"""What is done from the panels of 进度: nodes ticked, papers added and judged, problems noted and settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import CauseKind, ProgressProblem, Verdict
from mbo_desktop.services import evidence, progress_problems, progress_sides
from mbo_desktop.services.evidence import Added
from mbo_desktop.services.progress import ProgressRow
from ui import folder_commands
from ui.dialogs.progress_words import ProblemDialog, WordsDialog
from ui.jobs import JobControl
from ui.pages.progress_parts import named
from ui.pages.progress_state import MonthState

INSPECTIONS = "inspections"
LARGE = 4 * 1024 * 1024
"""Files above so many bytes are copied beside the window."""


class ProgressDeeds(QObject):
    """Asks what is to be asked, calls the service, says what came of it."""

    def __init__(self, state: MonthState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self._widget = window
        self._workspace = state.workspace
        self._store = state.store

    @property
    def _window(self) -> QWidget:
        return self._widget.window()

    # Nodes --------------------------------------------------------------------

    def set_node(self, subject: RecordId, title: str, *, done: bool, on: date | None) -> None:
        """Tick or untick a node; a node taken back says so."""
        state = self._state
        self._workspace.perform(lambda: progress_sides.set_node(
            self._store, state.year, state.month, subject, title, done=done, on=on
        ))

    # Papers -------------------------------------------------------------------

    def choose_files(self, row: ProgressRow) -> None:
        """Ask for files and keep them as evidence."""
        paths, _kind = QFileDialog.getOpenFileNames(
            self._window, self.tr("添加佐证材料:{}").format(row.title)
        )
        if paths:
            self.add_files(row, [Path(one) for one in paths])

    def add_files(self, row: ProgressRow, paths: Sequence[Path]) -> None:
        """Keep files as evidence of the month; large ones beside the window."""
        state, store = self._state, self._store
        year, month, subject, provider = state.year, state.month, row.subject, row.unit_label

        def work(_control: JobControl | None = None) -> Added:
            return evidence.add_files(store, year, subject, month, paths, provider=provider)

        if sum(path.stat().st_size for path in paths if path.exists()) > LARGE:
            self._workspace.jobs.run(
                self.tr("添加佐证材料"), work, done=self._say_added, owner=self, writes=True
            )
            return
        added = self._workspace.perform(work)
        if added is not None:
            self._say_added(added)

    def _say_added(self, added: Added) -> None:
        words = self.tr("已添加 {} 份佐证材料。").format(added.added)
        if added.known:
            words += self.tr("{} 份已在,未重复添加。").format(added.known)
        self._workspace.say(words + added.warning, tone="amber" if added.warning else "green")

    def note_paper(self, row: ProgressRow) -> None:
        """A paper that lies elsewhere."""
        state, store = self._state, self._store
        WordsDialog(
            self.tr("登记佐证材料"), self.tr("名称"), self.tr("登记"),
            lambda words: evidence.note_paper(store, state.year, row.subject, state.month, words),
            self._window, note=self.tr("不存文件,只登记材料名称和存放地点。"),
        ).open()

    def on_paper(self, what: str, record: object) -> None:
        """open, accepted, refused, open_again or remove a piece of evidence."""
        store, paper = self._store, named(record)
        if what == "open":
            path = self._workspace.perform(lambda: evidence.open_evidence(store, paper))
            if path is not None and not folder_commands.open_file(path):
                self._workspace.say(
                    self.tr("这台电脑没有可打开“{}”的程序。").format(path.name), tone="amber"
                )
        elif what == "refused":
            WordsDialog(
                self.tr("不认可这份材料"), self.tr("理由"), self.tr("不认可"),
                lambda words: evidence.judge_evidence(store, paper, Verdict.REFUSED, note=words),
                self._window,
            ).open()
        elif what == "remove":
            self._workspace.perform(lambda: evidence.remove_evidence(store, paper))
            self._workspace.say(self.tr("已移除这份材料。"), actions=[(self.tr("撤销"), self._workspace.undo)])
        else:
            verdict = Verdict.ACCEPTED if what == "accepted" else Verdict.OPEN
            self._workspace.perform(lambda: evidence.judge_evidence(store, paper, verdict))

    # Problems -----------------------------------------------------------------

    def add_problem(self, row: ProgressRow) -> None:
        """Note a problem met with a target."""
        state, store = self._state, self._store

        def deed(text: str, cause: CauseKind | None, effort: str, wanted: str) -> None:
            progress_problems.add_problem(
                store, state.year, row.subject, state.month, text, cause=cause,
                own_effort=effort, wanted=wanted,
            )

        ProblemDialog(self.tr("登记问题:{}").format(row.title), deed, self._window).open()

    @property
    def makes_dockets(self) -> bool:
        """Whether there is a room 督查 that makes dockets of problems."""
        from ui.navigation import ROOMS

        return any(room.key == INSPECTIONS for room in ROOMS)

    def on_problem(self, what: str, record: object) -> None:
        """settle, reopen, change or remove a problem, or make a docket of it."""
        store, number = self._store, named(record)
        if what == "settle":
            WordsDialog(
                self.tr("问题已解决"), self.tr("怎样解决"), self.tr("已解决"),
                lambda words: progress_problems.settle_problem(store, number, words), self._window,
            ).open()
        elif what == "docket":
            self._workspace.go(INSPECTIONS, int(number), "problem")
        elif what == "change":
            self._change_problem(store.get(ProgressProblem, number))
        elif what == "reopen":
            self._workspace.perform(lambda: progress_problems.reopen_problem(store, number))
        else:
            self._workspace.perform(lambda: progress_problems.remove_problem(store, number))
            self._workspace.say(self.tr("已删除这个问题。"), actions=[(self.tr("撤销"), self._workspace.undo)])

    def _change_problem(self, old: ProgressProblem) -> None:
        store = self._store

        def deed(text: str, cause: CauseKind | None, effort: str, wanted: str) -> None:
            progress_problems.change_problem(store, replace(
                old, text=text.strip(), cause=cause, own_effort=effort, wanted=wanted
            ))

        ProblemDialog(
            self.tr("修改问题"), deed, self._window, text=old.text, cause=old.cause,
            own_effort=old.own_effort, wanted=old.wanted,
        ).open()
