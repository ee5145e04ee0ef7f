"""The year's board on the 工作台: lights, places and blank spots, made beside the window and kept."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import year_board
from mbo_desktop.services.year_board import Ranking, YearBoard
from ui.jobs import JobControl
from ui.pages.overview_parts import Card
from ui.theme import scaled
from ui.widgets.light_picture import LightPicture
from ui.widgets.ranking_picture import RankingPicture
from ui.workspace import Workspace

WITH_A_BAR = 6_000
"""So many targets take longer than 0.3 s and some: the work is shown with a bar."""
BLANK_UNITS = 8


class BoardMaker(QObject):
    """Makes the board when something changed since the last one, one at a time."""

    made = Signal(object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._known: tuple[int, int, date] | None = None
        self._asked: tuple[int, int, date] | None = None
        self.board: YearBoard | None = None

    def ask(self, targets: int) -> None:
        """The board of the year that is open; `made` tells when it is another one."""
        workspace = self._workspace
        store, year = workspace.store, workspace.year
        key = (year, store.change_count, clock.today())
        if key in (self._known, self._asked) and not store.read_only:
            return
        self._asked = key
        if self.board is not None and self.board.year != year:
            self.board = None

        def work(control: JobControl | None = None) -> YearBoard:
            def tell(done: int, total: int) -> None:
                if control is not None:
                    control.check()
                    control.progress(done, total)

            return year_board.year_board(store, year, step=tell)

        def done(board: YearBoard) -> None:
            if self._asked == key:
                self._known, self._asked = key, None
                self.board = board
                self.made.emit(board)

        def failed(error: BaseException) -> None:
            if self._asked == key:
                self._asked = None
            workspace.report(error)

        if targets > WITH_A_BAR:
            workspace.jobs.run(self.tr("汇总{}年情况").format(year), work, done=done, failed=failed, owner=self)
        else:
            workspace.jobs.quietly(work, done, self)


class BoardCards(QObject):
    """Three cards and the choice of group that the first two follow."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._board: YearBoard | None = None
        self.groups = QComboBox()
        self.groups.setAccessibleName(self.tr("分组"))
        self.groups.currentIndexChanged.connect(self._show_group)
        self.lights = Card(self.tr("亮灯"), self.groups)
        self.ranks = Card(self.tr("位次"))
        self.blanks = Card(self.tr("责任空白"))
        self.picture = LightPicture()
        self.ranking = RankingPicture()
        self.picture.chosen.connect(self._on_unit)
        self.ranking.chosen.connect(self._on_ranked)
        self.waiting()

    def waiting(self) -> None:
        """Nothing is known yet."""
        for card in (self.lights, self.ranks, self.blanks):
            card.hide()

    def take(self, board: YearBoard) -> None:
        """Show a board; cards without anything to show are left out."""
        self._board = board
        before = self.groups.currentText()
        with QSignalBlocker(self.groups):
            self.groups.clear()
            for name in board.group_names:
                self.groups.addItem(name or self.tr("未分组"), name)
            if len(board.group_names) > 1:
                self.groups.addItem(self.tr("全部分组"), None)
            self.groups.setCurrentIndex(max(self.groups.findText(before), 0))
        self._show_group()
        self._show_blanks(board)

    def _show_group(self) -> None:
        board, group = self._board, self.groups.currentData()
        if board is None:
            return
        self.lights.clear()
        units = board.units_of(group)
        self.lights.setVisible(bool(units))
        if board.lights is not None and units:
            self.lights.set_title(self.tr("截至{}月底亮灯").format(board.month))
            self.picture = LightPicture()
            self.picture.chosen.connect(self._on_unit)
            self.picture.take(board.lights, units)
            self.lights.rows.addWidget(self.picture)
            self.lights.say(self.tr("■ 滞后 ▲ 预警 ● 正常 ○ 未报或年底认定,空格不承担;取该类中最差的一项。单击或按 Enter 看该单位的目标。"),
                            muted=True)
        self._show_ranks(board, group)

    def _show_ranks(self, board: YearBoard, group: str | None) -> None:
        self.ranks.clear()
        shown = [one for one in board.rankings if group in (one.group, None) and one.lines]
        self.ranks.setVisible(bool(shown))
        for one in shown:
            self.ranks.say(ranking_title(one), muted=True)
            self.ranking = RankingPicture()
            self.ranking.chosen.connect(self._on_ranked)
            self.ranking.take(one.lines)
            self.ranks.rows.addWidget(self.ranking)

    def _show_blanks(self, board: YearBoard) -> None:
        self.blanks.clear()
        self.blanks.setVisible(bool(board.blanks))
        grid = QGridLayout()
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(4))
        for place, one in enumerate(board.blanks[:BLANK_UNITS]):
            row, column = divmod(place, 2)
            grid.addWidget(QLabel(one.label), row, 2 * column)
            grid.addWidget(QLabel(self.tr("{} 处").format(one.blanks)), row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        self.blanks.rows.addLayout(grid)
        line = QHBoxLayout()
        rest = len(board.blanks) - BLANK_UNITS
        if rest > 0:
            words = QLabel(self.tr("另有 {} 个单位").format(rest))
            words.setProperty("role", "muted")
            line.addWidget(words)
        self.all_blanks = QPushButton(self.tr("打开空白清单"))
        self.all_blanks.setProperty("role", "link")
        self.all_blanks.clicked.connect(self._on_blanks)
        line.addWidget(self.all_blanks)
        line.addStretch(1)
        self.blanks.rows.addLayout(line)

    def _on_unit(self, unit: int) -> None:
        self._workspace.go("progress", RecordId(unit), "unit")

    def _on_ranked(self, unit: int) -> None:
        """To the room where the figure comes from."""
        board = self._board
        by_score = board is not None and any(
            one.figure == "得分" and any(line.unit == unit for line in one.lines) for one in board.rankings
        )
        if by_score:
            self._workspace.go("assessment")
        else:
            self._workspace.go("progress", RecordId(unit), "unit")

    def _on_blanks(self) -> None:
        self._workspace.go("decomposition", 0, "blanks")


def ranking_title(one: Ranking) -> str:
    """「县区 · 10月正常率(%) · 箭头为比上月升降」."""
    parts = [one.group or "未分组", one.figure + ("(已审定)" if one.is_final else "")]
    if one.against:
        parts.append(f"箭头为比{one.against}升降")
    return " · ".join(parts)
