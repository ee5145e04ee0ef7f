"""Room 工作台: where the year stands, what to do next, what happened, and the last backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.services import overview, people
from mbo_desktop.services.overview import NextStep, RecentChange, Urgency, YearFigures
from mbo_desktop.store.database import Store
from ui.data_commands import back_up_now, when
from ui.grids.columns import Light
from ui.import_commands import open_wizard
from ui.pages.base import Page
from ui.pages.overview_parts import Card, FigureButton, StateBar
from ui.theme import icon, scaled
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace
from ui.year_commands import open_year_turn

_LIGHTS = {Urgency.TROUBLE: Light.RED, Urgency.TODO: Light.AMBER, Urgency.DONE: Light.GREEN}
_STATES = (None, *AgreementState)
RECENT = 12


@dataclass(frozen=True, slots=True)
class _Read:
    """All that the page shows, as read beside the window."""

    year: int
    figures: YearFigures
    people: int
    sentence: str
    opening: tuple[str, ...]
    """How the speech of the year begins: last year's account, the superior's assessment."""
    steps: tuple[NextStep, ...]
    changes: tuple[RecentChange, ...]
    backup: datetime | None


def _read(store: Store, year: int) -> _Read:
    found = overview.figures(store, year)
    return _Read(
        year, found, people.count_people(store), overview.account_sentence(store, year),
        overview.opening_sentences(store, year), overview.next_steps(store, year, found),
        overview.recent_changes(store, limit=RECENT), overview.last_backup(store),
    )


class OverviewPage(Page):
    """Figures above, next steps and states at the left, changes and backup at the right."""

    key = "overview"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "工作台")
        self.units = FigureButton(self.tr("单位"), "offices")
        self.people = FigureButton(self.tr("人员"), "offices")
        self.indicators = FigureButton(self.tr("指标"), "planning")
        self.targets = FigureButton(self.tr("目标"), "planning")
        self.signed = FigureButton(self.tr("责任书"), "agreements")
        self.steps = Card(self.tr("下一步"))
        self.states = Card(self.tr("责任书进展"))
        self.opening = Card(self.tr("上年情况"))
        self.changes = Card(self.tr("最近修改"))
        self.safety = Card(self.tr("数据备份"))
        self.step_buttons: list[QPushButton] = []
        self._found_steps: tuple[NextStep, ...] = ()
        self._filled = False
        self._build()

    def _build(self) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(scaled(10))
        for button in (self.units, self.people, self.indicators, self.targets, self.signed):
            button.clicked.connect(self._on_figure)
            figures.addWidget(button, 1)
        left = QVBoxLayout()
        left.setSpacing(scaled(10))
        left.addWidget(self.steps)
        left.addWidget(self.states)
        left.addWidget(self.opening)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(scaled(10))
        right.addWidget(self.safety)
        right.addWidget(self.changes)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(10))
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, scaled(4), 0)
        whole.setSpacing(scaled(10))
        whole.addLayout(figures)
        whole.addLayout(columns, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        self.empty = EmptyPage(
            "layout-dashboard", self.tr("从这里开始"),
            self.tr(
                "先登记要下达目标的单位,再把目标台账导入或录入,然后生成责任书。"
                "手头有 Excel 或 Word 台账的,可以直接导入,单位会一并登记。"
            ),
            (
                (self.tr("从 Excel 或 Word 导入"), self._on_import),
                (self.tr("登记单位"), self._on_units),
                (self.tr("逐项录入目标"), self._on_planning),
            ),
        )
        self.main = QStackedWidget()
        self.main.addWidget(area)
        self.main.addWidget(self.empty)
        self.set_body(self.main)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Count beside the window and show."""
        store, year = self.store, self.workspace.year
        self.setFocusProxy(self.units)
        self.workspace.jobs.read(lambda: _read(store, year), self._show, self)

    def _show(self, read: _Read) -> None:
        year, found = read.year, read.figures
        if year != self.workspace.year:
            return
        nothing = not (found.units or found.indicators)
        self.main.setCurrentIndex(1 if nothing else 0)
        self.set_figures(read.sentence or self.tr("{} 年度").format(year))
        self._show_figures(found, read.people)
        self._show_steps(read.steps)
        self._show_states(found)
        self.opening.clear()
        for sentence in read.opening:
            line = self.opening.say(sentence)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.opening.setVisible(bool(read.opening))
        self._show_changes(read.changes)
        self._show_safety(read.backup)
        self.setFocusProxy(self.empty.buttons[0] if nothing else
                           self.step_buttons[0] if self.step_buttons else self.units)
        if not self._filled and self.units.hasFocus():
            self.setFocus()
        self._filled = True

    def _show_figures(self, found: YearFigures, people_in_all: int) -> None:
        made = {state: count for state, count in found.agreements.items() if state is not None}
        signed = sum(made.get(s, 0) for s in (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED))
        self.units.show_figure(f"{found.units:,}", self.tr("有目标 {}").format(found.units_with_targets))
        self.people.show_figure(
            f"{people_in_all:,}",
            self.tr("缺第一责任人 {}").format(found.without_principal) if found.without_principal else "",
        )
        points = found.declared_points
        self.indicators.show_figure(
            f"{found.indicators:,}", self.tr("规定分值 {}").format(points) if points is not None else ""
        )
        received = self.tr("上级下达 {}").format(found.received) if found.received else ""
        self.targets.show_figure(
            f"{found.targets:,}", self.tr("未设定 {}").format(found.targets - found.targets_set)
            if found.targets > found.targets_set
            else received or (self.tr("已全部设定") if found.targets else ""),
        )
        below = self.tr("已签 {}").format(signed)
        above = self.tr("与上级签订 {}").format(found.received_agreements)
        self.signed.show_figure(
            f"{sum(made.values()):,}", f"{below},{above}" if found.received_agreements else below)

    def _show_steps(self, found: tuple[NextStep, ...]) -> None:
        self.steps.clear()
        self.step_buttons = []
        self._found_steps = found
        for place, step in enumerate(self._found_steps):
            line = QHBoxLayout()
            line.setSpacing(scaled(8))
            button = QPushButton(step.text)
            button.setProperty("role", "link")
            button.setProperty("place", place)
            button.setIcon(icon("chevron-right", "accent"))
            button.setIconSize(QSize(scaled(14), scaled(14)))
            button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            button.clicked.connect(self._on_step)
            chip = Chip(step.urgency.label, _LIGHTS[step.urgency])
            chip.setFixedWidth(self._chip_width())
            line.addWidget(chip)
            line.addWidget(button)
            line.addStretch(1)
            room = QLabel(step.room.label)
            room.setProperty("role", "muted")
            line.addWidget(room)
            self.steps.rows.addLayout(line)
            self.step_buttons.append(button)
        if not self._found_steps:
            self.steps.say(self.tr("没有待办事项。"), muted=True)

    @staticmethod
    def _chip_width() -> int:
        """As wide as the longest word, so that the texts stand below each other."""
        return max(Chip(urgency.label, Light.RED).sizeHint().width() for urgency in Urgency)

    def _show_states(self, found: YearFigures) -> None:
        self.states.clear()
        counts = [(s.label if s else self.tr("未生成"), found.agreements.get(s, 0)) for s in _STATES]
        if not any(count for _word, count in counts):
            self.states.say(self.tr("单位有了目标以后,在“责任书”中一次生成全部责任书。"), muted=True)
            return
        bar = StateBar()
        bar.show_parts(counts)
        self.states.rows.addWidget(bar)
        grid = QGridLayout()
        grid.setHorizontalSpacing(scaled(12))
        for place, (word, count) in enumerate(counts):
            name = QLabel(word)
            name.setProperty("role", "muted")
            number = QLabel(f"{count:,}")
            grid.addWidget(name, 0, place, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(number, 1, place, Qt.AlignmentFlag.AlignHCenter)
            grid.setColumnStretch(place, 1)
        self.states.rows.addLayout(grid)

    def _show_changes(self, found: tuple[RecentChange, ...]) -> None:
        self.changes.clear()
        grid = QGridLayout()
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(4))
        grid.setColumnStretch(2, 1)
        for row, one in enumerate(found):
            many = self.tr("({} 条)").format(one.records) if one.records > 1 else ""
            words = QLabel(f"{one.label}{many}")
            words.setWordWrap(True)
            for column, label in enumerate((QLabel(when(one.at)), QLabel(one.who), words)):
                if column < 2:
                    label.setProperty("role", "muted")
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self.changes.rows.addLayout(grid)
        if not found:
            self.changes.say(self.tr("还没有修改。"), muted=True)

    def _show_safety(self, moment: datetime | None) -> None:
        self.safety.clear()
        text = self.tr("上次备份:{}").format(when(moment)) if moment else self.tr("还没有备份")
        line = QHBoxLayout()
        words = QLabel(text)
        line.addWidget(words, 1)
        self.backup_button = QPushButton(self.tr("立即备份"))
        self.backup_button.clicked.connect(self._on_backup)
        line.addWidget(self.backup_button)
        self.safety.rows.addLayout(line)
        self.safety.say(self.tr("每天首次打开时自动备份一次,存放在数据文件夹的 backups 中。"), muted=True)

    # Deeds --------------------------------------------------------------------

    def _on_figure(self) -> None:
        self.workspace.go(self.sender().room)  # type: ignore[attr-defined]

    def _on_step(self) -> None:
        step = self._found_steps[int(self.sender().property("place"))]
        if step.filter_hint == "backup":
            self._on_backup()
            return
        if step.filter_hint == "year_turn":
            open_year_turn(self.workspace, self.window())
            return
        self.workspace.go(step.room.value, 0, step.filter_hint)

    def _on_import(self) -> None:
        self.workspace.go("planning")
        open_wizard(self.workspace, self.window())

    def _on_units(self) -> None:
        self.workspace.go("offices")

    def _on_planning(self) -> None:
        self.workspace.go("planning")

    def _on_backup(self) -> None:
        back_up_now(self.workspace, self, self._on_backed_up)

    def _on_backed_up(self, _path: Any) -> None:
        moment = overview.last_backup(self.store)
        self._show_safety(moment)
        self.activate()
        self.workspace.status("backup", self.tr("上次备份 {}").format(when(moment)))
