"""Papers of the room 考核: score cards, tables, rankings, grades, answers, ballots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.services import assessment_lists, assessment_papers, objections, office_words
from ui.dialogs.assessment_ballots import BallotsDialog
from ui.pages.season_print import print_document
from ui.theme import icon

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from ui.pages.assessment_state import AssessmentState


class ScorePapers(QObject):
    """Makes papers of the group and period that are looked at; trials are never printed."""

    def __init__(self, state: AssessmentState, page: QWidget) -> None:
        super().__init__(page)
        self._state, self._page = state, page
        self.unit_in_sight: Callable[[], RecordId | None] = lambda: None

    def button(self, label: str) -> QPushButton:
        """A button with all papers in its menu."""
        button = QPushButton(label)
        button.setIcon(icon("printer"))
        menu = QMenu(button)
        for words, act in (
            (self.tr("单位得分表(当前单位)"), self._on_card), (self.tr("单位得分表(全组)"), self._on_cards),
            (self.tr("得分汇总表"), self._on_table), (self.tr("分组排名表(各组)"), self._on_ranking),
            (self.tr("等次名单(各组)"), self._on_grades),
        ):
            menu.addAction(words, act)
        menu.addSeparator()
        menu.addAction(self.tr("自查自评表(全组)"), self._on_self_sheets)
        menu.addAction(self.tr("现场复核工作底稿(全组)"), self._on_review_sheets)
        menu.addAction(self.tr("测评票…"), self._on_ballots)
        menu.addSeparator()
        menu.addAction(self.tr("加减分明细表(各组)"), self._on_bonuses)
        menu.addAction(self.tr("一票否决情况表"), self._on_vetoes)
        menu.addAction(self.tr("申诉复核表"), self._on_objections)
        button.setMenu(menu)
        return button

    def _print(self, name: str, make: Callable[[], Document], *, sheets: bool = True) -> None:
        print_document(self._page, self._state.workspace, name, make, sheets=sheets)

    def _on_card(self) -> None:
        unit, scheme = self.unit_in_sight(), self._state.scheme
        if unit is None or scheme is None:
            self._state.workspace.say(self.tr("请先在评分表里点到一个单位。"))
            return
        store, month = self._state.store, self._state.month
        name = self.tr("{}得分表").format(store.get(Unit, unit).name)
        self._print(name, lambda: assessment_papers.score_cards(store, scheme, [unit], month=month))

    def _on_cards(self) -> None:
        store, scheme, month = self._state.store, self._state.scheme, self._state.month
        if scheme is not None:
            name = self.tr("{}{}单位得分表").format(self._state.year, office_words.group(self._state.store, self._state.group))
            self._print(name, lambda: assessment_papers.score_cards(store, scheme, month=month))

    def _on_table(self) -> None:
        store, scheme, month = self._state.store, self._state.scheme, self._state.month
        if scheme is not None:
            name = self.tr("{}{}得分汇总表").format(self._state.year, office_words.group(self._state.store, self._state.group))
            self._print(name, lambda: assessment_papers.score_table(store, scheme, month=month))

    def _on_ranking(self) -> None:
        store, year, month = self._state.store, self._state.year, self._state.month
        self._print(self.tr("{}年度分组排名表").format(year), lambda: assessment_papers.ranking(store, year, month=month))

    def _on_grades(self) -> None:
        store, year = self._state.store, self._state.year
        self._print(self.tr("{}年度等次名单").format(year), lambda: assessment_papers.grade_list(store, year))

    def _on_self_sheets(self) -> None:
        store, scheme = self._state.store, self._state.scheme
        if scheme is not None:
            name = self.tr("{}{}自查自评表").format(self._state.year, office_words.group(self._state.store, self._state.group))
            self._print(name, lambda: assessment_lists.self_sheets(store, scheme))

    def _on_review_sheets(self) -> None:
        store, scheme = self._state.store, self._state.scheme
        if scheme is not None:
            name = self.tr("{}{}现场复核工作底稿").format(self._state.year, office_words.group(self._state.store, self._state.group))
            self._print(name, lambda: assessment_lists.review_sheets(store, scheme))

    def _on_bonuses(self) -> None:
        store, year = self._state.store, self._state.year
        self._print(self.tr("{}年度加减分明细表").format(year), lambda: assessment_lists.bonus_list(store, year))

    def _on_vetoes(self) -> None:
        store, year = self._state.store, self._state.year
        self._print(self.tr("{}年度一票否决情况表").format(year), lambda: assessment_lists.veto_list(store, year))

    def _on_objections(self) -> None:
        store, year = self._state.store, self._state.year
        records = [row.objection.id for row in objections.objections(store, year)]
        self._print(self.tr("{}年度申诉复核表").format(year), lambda: assessment_lists.objection_forms(store, year, records), sheets=False)

    def _on_ballots(self) -> None:
        scheme, store = self._state.scheme, self._state.store
        if scheme is None:
            return
        dialog = BallotsDialog(store, scheme, self._page.window())
        if dialog.exec():
            name, form, copies = dialog.chosen
            self._print(
                self.tr("{}票").format(name),
                lambda: assessment_papers.ballots(store, scheme, name, form, copies), sheets=False,
            )

    def answer(self, unit: RecordId, indicator: RecordId | None) -> None:
        """The working of a score or total as an answer to the unit."""
        store, scheme, month = self._state.store, self._state.scheme, self._state.month
        if scheme is not None:
            name = self.tr("{}得分情况的答复").format(store.get(Unit, unit).name)
            self._print(name, lambda: assessment_papers.answer(store, scheme, unit, indicator, month=month), sheets=False)
