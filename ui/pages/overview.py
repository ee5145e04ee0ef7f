"""Room 工作台: the year in eight figures, what to do next, lights, places, what happened, the last backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
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
from mbo_desktop.services import overview, people, target_counts, year_board, year_board_paper
from mbo_desktop.services.duties import outside_sentences
from mbo_desktop.services.overview import NextStep, RecentChange, Urgency, YearFigures
from mbo_desktop.services.year_board import Headline, Tone, YearBoard
from mbo_desktop.store.database import Store
from ui.data_commands import back_up_now, when
from ui.grids.columns import Light
from ui.import_commands import open_wizard
from ui.pages.base import Page
from ui.pages.overview_board import BoardCards, BoardMaker
from ui.pages.overview_parts import Card, FigureButton, StateBar
from ui.pages.season_print import print_document
from ui.safety_commands import back_up_to_stick
from ui.theme import icon, scaled
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace
from ui.year_commands import open_year_turn

_LIGHTS = {Urgency.TROUBLE: Light.RED, Urgency.TODO: Light.AMBER, Urgency.DONE: Light.GREEN}
_TONES = {Tone.GOOD: Light.GREEN, Tone.WARN: Light.AMBER, Tone.BAD: Light.RED, Tone.UNKNOWN: Light.GREY}
_STATES = (None, *AgreementState)
RECENT = 12


@dataclass(frozen=True, slots=True)
class _Read:
    """All that the page shows, as read beside the window."""

    year: int
    figures: YearFigures
    headlines: tuple[Headline, ...]
    """Those that are counted at once."""
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
        year, found, year_board.quick_headlines(store, year), people.count_people(store),
        overview.account_sentence(store, year),
        overview.opening_sentences(store, year), overview.next_steps(store, year, found),
        overview.recent_changes(store, limit=RECENT), overview.last_backup(store),
    )


class OverviewPage(Page):
    """Eight figures above; steps, lights and states at the left, places, changes and backup at the right."""

    key = "overview"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "工作台")
        self.tiles = {key: FigureButton(" ", "overview") for key in year_board.ORDER}
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.counts.setWordWrap(True)
        self.maker = BoardMaker(workspace)
        self.maker.made.connect(self._on_made)
        self.board = BoardCards(workspace)
        self.print_button = self.add_button(self.tr("打印一览表"), self._on_print, hint=self.tr("一张 A4 纸:八项数字、亮灯、位次、待办"))
        self.show_button = self.add_button(self.tr("全屏展示 F11"), self._on_meeting, hint=self.tr("会议上用:方向键翻页,Esc 退出"))
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
        figures = QGridLayout()
        figures.setSpacing(scaled(10))
        for place, button in enumerate(self.tiles.values()):
            button.clicked.connect(self._on_figure)
            figures.addWidget(button, *divmod(place, 4))
            figures.setColumnStretch(place % 4, 1)
        left = QVBoxLayout()
        left.setSpacing(scaled(10))
        for card in (self.steps, self.board.lights, self.states, self.opening):
            left.addWidget(card)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(scaled(10))
        for card in (self.board.ranks, self.board.blanks, self.safety, self.changes):
            right.addWidget(card)
        right.addStretch(1)
        self.columns = columns = QHBoxLayout()
        columns.setSpacing(scaled(10))
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        self._sides = (left, right)
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, scaled(4), 0)
        whole.setSpacing(scaled(10))
        whole.addLayout(figures)
        whole.addWidget(self.counts)
        whole.addLayout(columns, 1)
        self.area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        content.installEventFilter(self)
        area.viewport().installEventFilter(self)
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
        full = QShortcut(QKeySequence("F11"), self)
        full.setContext(Qt.ShortcutContext.WindowShortcut)
        full.activated.connect(self._on_meeting)
        self.main = QStackedWidget()
        self.main.addWidget(area)
        self.main.addWidget(self.empty)
        self.set_body(self.main)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The two columns stand below each other where they have no room side by side."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            beside = sum(side.minimumSize().width() for side in self._sides) + self.columns.spacing() + scaled(4)
            narrow = beside > self.area.viewport().width()
            way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
            if self.columns.direction() is not way:
                self.columns.setDirection(way)
        return bool(super().eventFilter(watched, event))

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Count beside the window and show."""
        store, year = self.store, self.workspace.year
        self.setFocusProxy(self.tiles["signed"])
        self.workspace.jobs.read(lambda: _read(store, year), self._show, self)

    def _show(self, read: _Read) -> None:
        year, found = read.year, read.figures
        if year != self.workspace.year:
            return
        nothing = not (found.units or found.indicators)
        self.main.setCurrentIndex(1 if nothing else 0)
        for button in (self.print_button, self.show_button):
            button.setVisible(not nothing)
        self.set_figures(read.sentence or self.tr("{} 年度").format(year))
        self._show_counts(found, read.people)
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
                           self.step_buttons[0] if self.step_buttons else self.tiles["signed"])
        if not self._filled and self.tiles["signed"].hasFocus():
            self.setFocus()
        self._filled = True
        # Last: the board may be there at once, and what follows from it is newer than this reading.
        self._show_headlines(read)

    def _show_counts(self, found: YearFigures, people_in_all: int) -> None:
        """The size of the year in one line."""
        sizes = target_counts.of_figures(found)
        parts = [
            self.tr("单位 {:,} 个(有目标 {:,} 个)").format(found.units, found.units_with_targets),
            self.tr("人员 {:,} 人").format(people_in_all), self.tr("指标 {:,} 项").format(found.indicators),
            self.tr("目标 {:,} 项").format(sizes.below)
            + (self.tr("(未设定 {:,} 项)").format(found.targets - found.targets_set)
               if found.targets > found.targets_set else ""),
        ]
        if sizes.own:
            parts.append(self.tr("本级目标 {:,} 项").format(sizes.own))
        if found.received:
            parts.append(self.tr("上级下达 {:,} 项").format(found.received))
        self.counts.setText(" · ".join(parts))
        self.counts.setToolTip(sizes.explained())
        self.counts.setAccessibleDescription(sizes.explained())

    def _show_headlines(self, read: _Read) -> None:
        """What is counted at once; the rest when the board is made, which begins here."""
        board = self.maker.board
        if board is not None and board.year == read.year:
            self._show_board(board)
        else:
            self.board.waiting()
            nothing = not (read.figures.indicators or read.figures.received)
            for key, tile in self.tiles.items():
                # Without indicators no board is made: what it would show is not on its way.
                tile.show_figure("—" if nothing else "…", self.tr("还没有指标") if nothing else "", words=year_board.WORDS[key])
        for one in read.headlines:
            self._show_headline(one)
        if read.figures.indicators or read.figures.received:
            self.maker.ask(read.figures.targets + read.figures.received)

    def _on_made(self, board: YearBoard) -> None:
        """What is blank in the decomposition is known now: it is among the next steps."""
        self._show_board(board)
        store, year = self.store, self.workspace.year
        self.workspace.jobs.read(lambda: overview.next_steps(store, year), self._show_steps, self)

    def _show_board(self, board: YearBoard) -> None:
        if board.year == self.workspace.year:
            for one in board.headlines:
                self._show_headline(one)
            self.board.take(board)

    def _show_headline(self, one: Headline) -> None:
        tile = self.tiles[one.key]
        tile.room, tile.hint = one.room, one.hint
        tile.show_figure(one.number, one.detail, words=one.words, light=_TONES.get(one.tone), state=one.tone.label)

    def _show_steps(self, found: tuple[NextStep, ...]) -> None:
        if self._filled and found == self._found_steps:
            return
        focused = next((place for place, one in enumerate(self.step_buttons) if one.hasFocus()), -1)
        bar = self.area.verticalScrollBar()
        above = bar.value()
        # The focus leaves what goes, and the page would run after it, away from the figures.
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
        elif focused >= 0:
            self.step_buttons[min(focused, len(found) - 1)].setFocus()
        bar.setValue(above)

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
        for sentence in outside_sentences(self.store):
            self.safety.say(sentence, muted=True)

    # Deeds --------------------------------------------------------------------

    def _on_figure(self) -> None:
        tile: FigureButton = self.sender()  # type: ignore[assignment]
        self.workspace.go(tile.room, 0, tile.hint)

    def _on_print(self) -> None:
        """The board on one sheet, made anew so that it says what is so now."""
        store, year = self.store, self.workspace.year
        print_document(
            self, self.workspace, self.tr("{}年目标管理情况一览").format(year),
            lambda: year_board_paper.year_board_document(store, year_board.year_board(store, year)), sheets=False,
        )

    def _on_meeting(self) -> None:
        """Full screen, once the board is made."""
        board = self.maker.board
        if board is None or board.year != self.workspace.year:
            self.workspace.say(self.tr("正在汇总,稍候再按一次。"))
            return
        from ui.dialogs.meeting_screen import MeetingScreen

        self.screen_shown = MeetingScreen(board, self.counts.text(), self._figures.text(), self.window())
        self.screen_shown.start()

    def _on_step(self) -> None:
        step = self._found_steps[int(self.sender().property("place"))]
        if step.filter_hint == "backup":
            self._on_backup()
            return
        if step.filter_hint == "outside_backup":
            back_up_to_stick(self.workspace, self.window(), self.activate)
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
