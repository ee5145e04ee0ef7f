"""The side panel of 进度: why the light is as it is, the months, nodes, papers, problems, who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from mbo_desktop.domain.calendar import month_end
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Stage
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import Evidence, FigureKind, ProgressProblem
from mbo_desktop.services import (
    evidence,
    progress,
    progress_lights,
    progress_problems,
    progress_sides,
)
from mbo_desktop.services.progress import ProgressRow
from mbo_desktop.services.progress_lights import MonthLight
from mbo_desktop.services.progress_sides import Background, ReportChange
from ui.later import later
from ui.pages.exchange_block import add_foreign_block
from ui.pages.progress_parts import DropPlace, MonthTable, NodeList, PaperLine, ProblemLine
from ui.pages.progress_state import SHAPES, MonthState
from ui.pages.progress_trend import TrendChart
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel
from ui.widgets.tinted import set_tone

if TYPE_CHECKING:
    from ui.pages.progress_deeds import ProgressDeeds

REST_MS = 90
"""The panel follows once the cursor rests, so that typing down a column is never held up."""
CHANGES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the panel shows of one target in a month."""

    row: ProgressRow
    months: tuple[MonthLight, ...]
    background: Background
    papers: tuple[Evidence, ...]
    problems: tuple[ProgressProblem, ...]
    changes: tuple[ReportChange, ...]


class ProgressSide(SidePanel):
    """Answers for the target the cursor is in."""

    def __init__(self, state: MonthState, deeds: ProgressDeeds) -> None:
        super().__init__()
        self._state = state
        self._deeds = deeds
        self._subject = 0
        self._asked = 0
        self._all_changes = False
        self.facts: Facts | None = None
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.read)
        self.show_subject(0)

    def show_subject(self, subject: int) -> None:
        """Follow to another target, once the cursor rests there; 0: none."""
        if subject != self._subject:
            self._all_changes = False
        self._subject = subject
        self._timer.start()

    def again(self) -> None:
        """The target shown changed."""
        self._timer.start()

    def read(self) -> None:
        """Read the target's facts beside the window and show them."""
        self._timer.stop()
        self._asked += 1
        asked, subject, state = self._asked, RecordId(self._subject), self._state
        if not subject:
            self._show(None)
            return
        year, month, store = state.year, state.month, state.store

        def work() -> Facts | None:
            row = progress.month_rows(store, year, month, (subject,)).get(subject)
            if row is None:
                return None
            return Facts(
                row, progress_lights.history(store, year, subject, month),
                progress_sides.background_of(store, year, month, subject),
                evidence.evidence_of(store, subject), progress_problems.problems_of(store, subject),
                progress_sides.changes_of(store, subject),
            )

        def done(found: Facts | None) -> None:
            # A read that arrives while the page is being taken down finds no layout any more.
            if asked == self._asked and isValid(self._area.widget()):
                self._show(found)

        state.workspace.jobs.read(work, done, self)

    # Showing ------------------------------------------------------------------

    def _show(self, facts: Facts | None) -> None:
        same = facts is not None and self.facts is not None \
            and facts.row.subject == self.facts.row.subject
        focused = self.window().focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        scroll = self._area.verticalScrollBar().value()
        self._fill(facts)
        if same:
            # A tick or a file must not throw the reader back to the top, nor out of the field.
            later(self, lambda: self._return_to(scroll, name))

    def _return_to(self, scroll: int, name: str) -> None:
        self._area.verticalScrollBar().setValue(scroll)
        for widget in self.findChildren(QWidget) if name else ():
            if widget.accessibleName() == name and widget.isVisible():
                widget.setFocus()
                return

    def _fill(self, facts: Facts | None) -> None:
        self.clear()
        self.facts = facts
        if facts is None:
            self.add_text(self.tr("选中一项,查看亮灯理由、走势、节点、佐证、问题和修改记录。"), muted=True)
            return
        row = facts.row
        words = (row.unit_label, row.category, row.unit_of_measure)
        self.set_title(row.title, " · ".join(word for word in words if word))
        self._add_light(row)
        self._add_figures(row)
        self._add_trend(facts)
        self._add_nodes(facts.background.nodes)
        self._add_papers(facts.papers)
        self._add_problems(facts.problems)
        add_foreign_block(
            self, self._state.workspace, row.subject, year=self._state.year, month=self._state.month,
            then=self.again, heading=self.tr("上级的目标"))
        self._add_months(facts.months)
        self._add_changes(facts.changes)

    def _add_light(self, row: ProgressRow) -> None:
        judged = row.judged
        self.add(Chip(
            self.tr("{}月 {}").format(self._state.month, judged.light.label), SHAPES[judged.light]
        ))
        self.add_text(judged.reason)
        # The forecast stands in the reason already where there is one.
        ahead = [word for word in row.outlook.split(";") if word and word[:4] not in judged.reason]
        if ahead:
            self.add_text(";".join(ahead) + "。", muted=True)
        if row.doubt:
            self._warn(row.doubt)
        if row.lacking:
            self._warn(self.tr("{}的目标还缺:{}。").format(judged.light.label, "、".join(row.lacking)))

    def _warn(self, text: str) -> None:
        set_tone(self.add_text(f"▲ {text}"), "amber")

    def _add_figures(self, row: ProgressRow) -> None:
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("全年目标"), row.target or self.tr("未设定")),
        ]
        if row.planned:
            facts.append((self.tr("应完成"), row.planned))
        for kind, side in row.sides.items():
            counts = kind is row.counted_kind and len(row.sides) > 1
            name = self.tr("{}(以此为准)").format(kind.label) if counts else kind.label
            facts.append((name, side.shown or self.tr("只有文字")))
        if row.share is not None:
            facts.append((self.tr("完成比例"), f"{show(row.share)}%"))
        if row.difference:
            facts.append((self.tr("差异"), row.difference, "amber"))
        self.add_facts(facts)
        for kind in (FigureKind.CERTIFIED, FigureKind.VERIFIED):
            found = row.sides.get(kind)
            if found is not None and found.note:
                self.add_text(f"{kind.label}:{found.note}", muted=True)

    def _add_trend(self, facts: Facts) -> None:
        if not any(one.amount is not None for one in facts.months):
            return
        self.add_heading(self.tr("走势"))
        chart = TrendChart()
        chart.show_months(facts.months, facts.background.target, facts.row.unit_of_measure)
        self.add(chart)

    def _add_nodes(self, nodes: Sequence[Stage]) -> None:
        if not nodes:
            return
        done = sum(one.done for one in nodes)
        self.add_heading(self.tr("节点({}/{})").format(done, len(nodes)))
        year, month = self._state.year, self._state.month
        listed = NodeList(nodes, year, month_end(year, month), locked=self._locked)
        listed.changed.connect(self._on_node)
        self.add(listed)

    @property
    def _locked(self) -> bool:
        return self._state.workspace.read_only

    def _add_papers(self, papers: Sequence[Evidence]) -> None:
        self.add_heading(self.tr("佐证材料({})").format(len(papers)) if papers else self.tr("佐证材料"))
        for one in papers:
            line = PaperLine(one, self._state.workspace, locked=self._locked)
            line.asked.connect(self._deeds.on_paper)
            self.add(line)
        if self._locked:
            return
        place = DropPlace(self.tr("把文件、照片、扫描件拖到这里"))
        place.dropped.connect(self._on_dropped)
        self.add(place)
        self.add_buttons([(self.tr("添加文件…"), self._on_files), (self.tr("仅登记名称…"), self._on_paper)])

    def _add_problems(self, problems: Sequence[ProgressProblem]) -> None:
        open_ones = sum(one.settled_on is None for one in problems)
        self.add_heading(self.tr("存在问题({} 未解决)").format(open_ones) if problems else self.tr("存在问题"))
        for one in problems:
            line = ProblemLine(one, locked=self._locked, dockets=self._deeds.makes_dockets)
            line.asked.connect(self._deeds.on_problem)
            self.add(line)
        if not self._locked:
            self.add_buttons([(self.tr("登记问题…"), self._on_add_problem)])

    def _add_months(self, months: Sequence[MonthLight]) -> None:
        if months:
            self.add_heading(self.tr("各月"))
            self.add(MonthTable(months))

    def _add_changes(self, changes: Sequence[ReportChange]) -> None:
        if not changes:
            return
        self.add_heading(self.tr("修改记录"))
        shown = changes if self._all_changes else changes[:CHANGES_SHOWN]
        for one in shown:
            when = one.at.strftime("%m-%d %H:%M")
            head = " · ".join(word for word in (when, one.who, f"{one.month}月{one.kind.label}") if word)
            self.add_text(head, muted=True)
            self.add_text(one.words)
        if len(shown) < len(changes):
            more = QPushButton(self.tr("另有 {} 条…").format(len(changes) - len(shown)))
            more.setProperty("role", "link")
            more.clicked.connect(self._on_all_changes)
            self.add(more)

    # Doing --------------------------------------------------------------------

    def _on_all_changes(self) -> None:
        self._all_changes = True
        self._show(self.facts)

    def _on_node(self, title: str, done: bool, on: object) -> None:
        if self.facts is not None:
            self._deeds.set_node(
                self.facts.row.subject, title, done=done, on=on if isinstance(on, date) else None
            )

    def _on_dropped(self, paths: object) -> None:
        if self.facts is not None and isinstance(paths, list):
            self._deeds.add_files(self.facts.row, [path for path in paths if isinstance(path, Path)])

    def _on_files(self) -> None:
        if self.facts is not None:
            self._deeds.choose_files(self.facts.row)

    def _on_paper(self) -> None:
        if self.facts is not None:
            self._deeds.note_paper(self.facts.row)

    def _on_add_problem(self) -> None:
        if self.facts is not None:
            self._deeds.add_problem(self.facts.row)
