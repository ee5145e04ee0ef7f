"""The papers of 进度 from a menu: tables, lists, reports with figures filled in, sheets for each unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import SnapshotKind
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import filings, progress_papers, progress_snapshots, settled_papers
from mbo_desktop.services.progress import Sought
from ui.dialogs.progress_words import WordsDialog
from ui.pages.progress_state import MonthState
from ui.pages.season_print import print_document
from ui.rights import guard_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbo_desktop.documents.model import Document

HALF_YEAR = 6


class ProgressPapers(QObject):
    """Fills the menu for the month and the unit in sight; each paper is laid out beside the window."""

    def __init__(
        self, state: MonthState, page: QWidget,
        unit: Callable[[], tuple[RecordId, str] | None], sought: Callable[[], Sought],
    ) -> None:
        """unit: the unit the cursor is at with its name; sought: the filter of the list."""
        super().__init__(page)
        self._state, self._page, self._unit, self._sought = state, page, unit, sought
        self._deeds: list[Callable[[], None]] = []

    def button(self, label: str) -> QPushButton:
        """The button that opens the menu."""
        made = QPushButton(label)
        menu = QMenu(made)
        menu.aboutToShow.connect(self._fill)
        menu.triggered.connect(self._on_chosen)
        made.setMenu(menu)
        self.menu = menu
        return made

    def _fill(self) -> None:
        self.menu.clear()
        self._deeds = []
        year, month = self._state.year, self._state.month
        store, sought = self._state.store, self._sought()
        narrowed = self.tr("(按当前筛选)") if sought != Sought(by_indicator=sought.by_indicator) else ""
        self._add(self.tr("亮灯情况表{}").format(narrowed), self.tr("{}月亮灯情况表").format(month),
                  lambda: progress_papers.lights_document(store, year, month, sought=sought))
        self._add(self.tr("滞后目标清单{}").format(narrowed), self.tr("{}月滞后目标清单").format(month),
                  lambda: progress_papers.lagging_document(store, year, month, sought=sought))
        self._add(self.tr("棚架清单"), self.tr("{}月棚架清单").format(month),
                  lambda: progress_papers.stale_document(store, year, month))
        self._add(self.tr("重点目标进度表"), self.tr("{}月重点目标进度表").format(month),
                  lambda: progress_papers.key_projects_document(store, year, month))
        self._add(self.tr("为民办实事进度表"), self.tr("{}月为民办实事进度表").format(month),
                  lambda: progress_papers.key_projects_document(store, year, month, livelihood=True))
        self.menu.addSeparator()
        for kind in self._kinds(month):
            self._add_analysis(kind)
        self._add_settling()
        self.menu.addSeparator()
        self._add_of_unit()

    def _add_settling(self) -> None:
        """定稿 keeps every unit's figures as the paper has them; it is taken back with a reason only."""
        self.settling = part = QMenu(self.tr("定稿"), self.menu)
        self.menu.addMenu(part)
        for kind in self._kinds(self._state.month):
            settled = progress_snapshots.snapshots(
                self._state.store, self._state.year, self._state.month, kind)
            if settled:
                word = self.tr("撤回{}定稿({} 个单位)…").format(kind.label, len(settled))
            else:
                word = self.tr("{}定稿").format(kind.label)
            action = part.addAction(word)
            action.setEnabled(not self._state.workspace.read_only)
            guard_entry(part, action, self._state.workspace, Act.SEAL)
            self._put(action, self._settling(kind, back=bool(settled)))
            if settled:
                self._add_kept(part, kind)

    def _add_kept(self, part: QMenu, kind: SnapshotKind) -> None:
        """The figures as they were settled."""
        store, year, month = self._state.store, self._state.year, self._state.month
        name = self.tr("{}月{}定稿数据").format(month, kind.label)
        self._put(part.addAction(name), lambda: print_document(
            self._page, self._state.workspace, name,
            lambda: settled_papers.figures_document(store, year, month, kind),
        ))

    def _settling(self, kind: SnapshotKind, *, back: bool) -> Callable[[], None]:
        store, year, month = self._state.store, self._state.year, self._state.month
        workspace = self._state.workspace

        def take_back() -> None:
            WordsDialog(
                self.tr("撤回{}定稿").format(kind.label), self.tr("原因"), self.tr("撤回"),
                lambda words: progress_snapshots.take_back(store, year, month, kind, words),
                self._page.window(), note=self.tr("撤回后可重新定稿;撤回及原因留在记录中。"),
            ).open()

        def done(count: int) -> None:
            workspace.say(
                self.tr("{}月{}已定稿,{} 个单位的数据按现状留存,此后改数不影响已定稿的内容。").format(
                    month, kind.label, count), tone="green")

        def take() -> None:
            workspace.jobs.run(
                self.tr("{}定稿").format(kind.label),
                lambda _control: settled_papers.settle(store, year, month, kind),
                done=done, owner=self, writes=True,
            )

        return take_back if back else take

    @staticmethod
    def _kinds(month: int) -> list[SnapshotKind]:
        kinds = [SnapshotKind.MONTH]
        if month % 3 == 0:
            kinds.append(SnapshotKind.QUARTER)
        if month == HALF_YEAR:
            kinds.append(SnapshotKind.HALF_YEAR)
        return kinds

    def _add_analysis(self, kind: SnapshotKind) -> None:
        store, year, month = self._state.store, self._state.year, self._state.month
        judged = dict(self._state.judged) if self._state.known else None
        settled = progress_snapshots.snapshots(store, year, month, kind)
        label = self.tr("{}(定稿)").format(kind.label) if settled else kind.label
        self._add(label, self.tr("{}年{}月{}").format(year, month, kind.label),
                  lambda: settled_papers.analysis_document(store, year, month, kind, judged=judged))

    def _add_of_unit(self) -> None:
        found = self._unit()
        store, year, month = self._state.store, self._state.year, self._state.month

        def feedback() -> Document:
            units = [one.unit for one in filings.board(store, year, month)]
            return progress_papers.feedback_document(store, year, month, units)

        self._add(self.tr("反馈单:全部单位"), self.tr("{}月反馈单").format(month), feedback)
        if found is None:
            return
        unit, name = found
        self._add(self.tr("反馈单:{}").format(name), self.tr("{}反馈单").format(name),
                  lambda: progress_papers.feedback_document(store, year, month, (unit,)))
        self._add(self.tr("自查表:{}").format(name), self.tr("{}自查表").format(name),
                  lambda: progress_papers.self_check_document(store, year, month, unit))
        self._add(self.tr("对照先进找差距:{}").format(name), self.tr("{}对照先进找差距").format(name),
                  lambda: progress_papers.gaps_document(store, year, month, unit))

    def _add(self, label: str, name: str, make: Callable[[], Document]) -> None:
        def deed() -> None:
            print_document(self._page, self._state.workspace, name, make)

        self._put(self.menu.addAction(label), deed)

    def _put(self, action: QAction, deed: Callable[[], None]) -> None:
        action.setData(len(self._deeds))
        self._deeds.append(deed)

    def _on_chosen(self, action: QAction) -> None:
        self._deeds[action.data()]()
