"""评分表: the scores of a group, typed where points or figures are given, tried without saving in 试算."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import office_words, scores
from mbo_desktop.services.scores import ScoreBoard, UnitScore
from ui.grids.panel import GridPanel
from ui.grids.source import Refused
from ui.pages.assessment_board_cells import Shown
from ui.pages.assessment_board_side import BoardPanel
from ui.pages.assessment_board_source import SUMS, UNITS_ACROSS, BoardSource
from ui.pages.assessment_board_writing import write_board
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

SIDE_REST_MS = 60
MOST_SUMS = 20
"""Rows of totals that may stand above the indicators; rows that are painted one by one."""
_FOLLOWED = frozenset({
    "scheme", "given_score", "bonus_item", "veto", "target", "indicator", "unit", "progress_report",
    "target_result", "unit_result", "adjustment", "outside_figure", "finding", "inspection", "filing",
    "accountability_case", "evidence", "year", "reporting_rules", "category", "sealed_score",
})


class BoardView(RoomView):
    """Units × indicators with totals, ranks and grades that follow each key."""

    key = "board"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.source: BoardSource | None = None
        self.grid: GridPanel | None = None
        self._by_unit: bool | None = None
        self._wanted: Callable[[], None] | None = None
        """Where to go once the board is there."""
        self._state: dict[str, Any] = {}
        self._read_only = False
        self._asked = 0
        self._shown_scheme: RecordId | None = None
        self.stack = QStackedWidget()
        self.waiting = QLabel(self.tr("正在计分…"), alignment=Qt.AlignmentFlag.AlignCenter)
        self.waiting.setProperty("role", "muted")
        self.empty = EmptyPage(
            "award", self.tr("考核办法里还没有指标"), self.tr("在“考核办法”中加入指标和计分规则,这里自动计分、排名。"),
        )
        self.stack.addWidget(self.waiting)
        self.stack.addWidget(self.empty)
        self.side = BoardPanel(self)
        self.banner = QLabel(self.tr("试算:这里的改动只用来看结果,不写入任何记录。再按“试算”或 Ctrl+T 退出。"))
        self.banner.setObjectName("trialBanner")
        self.banner.setWordWrap(True)
        self.banner.hide()
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(6))
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        self.body.addWidget(main)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(250))
        self.body.setSizes([scaled(10_000), scaled(320)])
        self.setFocusProxy(self.stack)
        self._build_tools()
        self._side_timer = QTimer(self, singleShot=True, interval=SIDE_REST_MS)
        self._side_timer.timeout.connect(self._show_side)
        state.tried.connect(self._on_tried)
        shortcut = QShortcut(QKeySequence("Ctrl+T"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.trial.toggle)

    def _build_tools(self) -> None:
        self.shows = QComboBox()
        self.shows.setAccessibleName(self.tr("显示"))
        for word, value in (
            (self.tr("显示:计分结果"), Shown.USED), (self.tr("显示:实绩"), Shown.ACTUAL),
            (self.tr("显示:自评分"), Shown.SELF), (self.tr("显示:核定分"), Shown.CERTIFIED),
            (self.tr("显示:复核分"), Shown.REVIEWED), (self.tr("显示:审定分"), Shown.FINAL),
            (self.tr("显示:按规则计算分"), Shown.COMPUTED), (self.tr("显示:得分率"), Shown.RATE),
            (self.tr("显示:与自评分之差"), Shown.FROM_SELF),
        ):
            self.shows.addItem(word, value.value)
        self.shows.activated.connect(self._on_shows)
        self.add_tool(self.shows)
        self.turn = QPushButton(self.tr("单位为行"))
        self.turn.setCheckable(True)
        self.turn.setProperty("role", "chip")
        self.turn.toggled.connect(self._on_turn)
        self.add_tool(self.turn)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选… 拼音首字母也可"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._on_filter)
        self.add_tool(self.filter, 1)
        self.only_missing = QPushButton(self.tr("只看缺的"))
        self.only_missing.setCheckable(True)
        self.only_missing.setProperty("role", "chip")
        self.only_missing.setToolTip(self.tr("只列还缺数据的指标(单位为行时是单位)"))
        self.only_missing.toggled.connect(self._on_only_missing)
        self.add_tool(self.only_missing)
        self.trial = QPushButton(self.tr("试算"))
        self.trial.setCheckable(True)
        self.trial.setProperty("role", "chip")
        self.trial.setToolTip(self.tr("改分数、改实绩、加减否决看结果,不写入任何记录  Ctrl+T"))
        self.trial.toggled.connect(self._on_trial)
        self.add_tool(self.trial)
        self.reset = self.add_tool_button(self.tr("还原"), self.state.reset_trial, hint=self.tr("去掉全部试算的数,回到记录"))

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Score the group beside the window."""
        scheme, month = self.state.scheme, self.state.month
        if scheme is None:
            return
        if scheme != self._shown_scheme:
            # Another group: another shape, and nothing of the old one may stand there meanwhile.
            self._shown_scheme, self._by_unit = scheme, None
            self.stack.setCurrentWidget(self.waiting)
        self._asked += 1
        asked, store = self._asked, self.store

        def arrived(board: ScoreBoard) -> None:
            if asked == self._asked:
                self._take(board)

        self.workspace.jobs.read(lambda: scores.board(store, scheme, month=month), arrived, self)

    def _take(self, board: ScoreBoard) -> None:
        if not board.indicators or not board.units:
            self.stack.setCurrentWidget(self.empty)
            self.side.clear()
            self.figures_changed.emit(self.tr("没有可以计分的指标"))
            return
        if self._by_unit is None:
            self._by_unit = len(board.units) > UNITS_ACROSS
            self.turn.blockSignals(True)
            self.turn.setChecked(self._by_unit)
            self.turn.blockSignals(False)
        if self.source is not None and self.source.same_shape(board) and self.source.by_unit == self._by_unit:
            self.source.take(board)
            self._refresh_cells()
            self.stack.setCurrentWidget(self.grid or self.waiting)
        else:
            self._build_grid(board)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            wanted()
        self._show_all()

    def _build_grid(self, board: ScoreBoard) -> None:
        source = BoardSource(self.state, board, by_unit=bool(self._by_unit), shows=Shown(self.shows.currentData()))
        source.writer = self._write
        source.keep_missing(self.only_missing.isChecked())
        self.source = source
        if self.grid is not None:
            self.stack.removeWidget(self.grid)
            self.grid.deleteLater()
        self.grid = GridPanel(self.workspace, source)
        self.grid.set_read_only(self._read_only and not self.state.trying)
        self.stack.addWidget(self.grid)
        self.stack.setCurrentWidget(self.grid)
        self.setFocusProxy(self.grid)
        view = self.grid.view
        view.selectionModel().currentChanged.connect(self._side_timer.start)
        view.itemDelegate().opened.connect(self._on_editor)
        view.itemDelegate().closeEditor.connect(self._on_editor_closed)
        self.grid.model.wrote.connect(self._on_wrote)
        self.grid.view.set_filter_text(self.filter.text())
        self.grid.reload()
        self._select_first()
        if self.isVisible():
            view.setFocus()

    def _select_first(self) -> None:
        """The first score, not the totals above it."""
        if self.grid is None or self.source is None or not self.grid.model.rowCount():
            return
        row = next((n for n in range(self.grid.model.rowCount()) if self.grid.model.id_at(n) < SUMS), 0)
        first = next((n for n, column in enumerate(self.source.columns) if "@" in column.key), 0)
        self.grid.view.select_cell(self.grid.model.index(row, first))

    # Showing --------------------------------------------------------------------

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        self.shown_tools()
        if self.grid is not None and self.stack.currentWidget() is self.grid:
            self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Records changed; what is tried stays."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    def _refresh_cells(self) -> None:
        if self.grid is not None:
            self.grid.model.refresh()

    def _show_all(self) -> None:
        if self.source is None:
            return
        board = self.source.board
        missing = sum(one.missing for one in board.units)
        vetoed = sum(bool(one.vetoes) for one in board.units)
        words = [board.scheme.name or office_words.group(self.store, board.scheme.peer_group)]
        if board.sealed:
            words.insert(0, self.tr("已封存"))
        self.trial.setEnabled(not self.source.base.sealed)
        if self.state.month != 12:
            words.append(self.tr("截至 {} 月").format(board.month))
        average = scores.average(board)
        if average is not None:
            words.append(self.tr("平均 {:f}").format(average))
        if missing:
            words.append(self.tr("缺 {} 项数据").format(missing))
        if board.problems:
            words.append(self.tr("需要核对 {} 条").format(len(board.problems)))
        if vetoed:
            words.append(self.tr("一票否决 {} 个").format(vetoed))
        if self.state.trying:
            words.insert(0, self.tr("【试算,不保存】改动 {} 处").format(self.state.tried_count))
        self.figures_changed.emit(" · ".join(words))
        self.banner.setVisible(self.state.trying)
        self.reset.setVisible(self.state.trying and self.isVisible())
        self.reset.setEnabled(self.state.tried_count > 0)
        self.side.problems = board.problems
        self._show_side()

    def _show_side(self) -> None:
        if self.source is None or self.grid is None:
            return
        index = self.grid.view.currentIndex()
        row = self.grid.model.id_at(index.row()) if index.isValid() else 0
        if not row:
            return
        indicator, unit, of = self.source.place(row, self.source.columns[index.column()].key)
        self.side.show_place(self.source, indicator, unit, of)

    def unit_in_sight(self) -> RecordId | None:
        """The unit the cursor is at."""
        if self.source is None or self.grid is None:
            return None
        index = self.grid.view.currentIndex()
        row = self.grid.model.id_at(index.row()) if index.isValid() else 0
        return self.source.place(row, self.source.columns[index.column()].key)[1] if row else None

    def show_record(self, record: int, kind: str) -> None:
        """Go to a unit's or an indicator's scores, when the board has been read."""
        if self._must_wait(lambda: self.show_record(record, kind)):
            return
        assert self.grid is not None
        assert self.source is not None
        key, down = ("u@", kind != "unit") if not self.source.by_unit else ("i@", kind == "unit")
        view, model = self.grid.view, self.grid.model
        if down:
            place = model.row_of(record)
            if place >= 0:
                view.select_cell(model.index(place, max(view.currentIndex().column(), 0)))
        else:
            section = model.column_of(f"{key}{record}")
            if section >= 0:
                view.select_cell(model.index(max(view.currentIndex().row(), 0), section))

    def _must_wait(self, act: Callable[[], None]) -> bool:
        """Keep an act until the board of the shown group has arrived."""
        if self.grid is not None and self.source is not None and self.stack.currentWidget() is self.grid:
            return False
        self._wanted = act
        return True

    def shown_tools(self) -> None:
        """The button 还原 only while something is tried."""
        self.reset.setVisible(self.state.trying)

    def set_read_only(self, read_only: bool) -> None:
        """Trying is free, writing is not."""
        self._read_only = read_only
        if self.grid is not None:
            self.grid.set_read_only(read_only and not self.state.trying)

    def find(self) -> None:
        """The table's find bar."""
        if self.grid is not None:
            self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        if self.grid is not None:
            self.grid.view.copy()

    # Typing ---------------------------------------------------------------------

    def _on_editor(self, editor: QWidget) -> None:
        if isinstance(editor, QLineEdit):
            editor.textEdited.connect(self._on_typing)

    def _on_typing(self, text: str) -> None:
        """Totals and ranks follow each key."""
        if self.grid is None or self.source is None:
            return
        index = self.grid.view.currentIndex()
        key = self.source.columns[index.column()].key
        row = self.grid.model.id_at(index.row())
        before = self.source.lines
        if self.source.type_live(row, key, text):
            self._show_typed(row, index.column(), before)
            unit = self.source.place(row, key)[1]
            if unit is not None:
                self.side.follow(self.source, unit)

    def _show_typed(self, row: int, section: int, before: Mapping[RecordId, UnitScore]) -> None:
        """Paint what a key changed: the totals, and the row or column of the indicator."""
        assert self.grid is not None
        assert self.source is not None
        model = self.grid.model
        last, right = model.rowCount() - 1, len(model.columns) - 1
        if self.source.by_unit:
            sums = [n for n, column in enumerate(model.columns) if n and not column.key.startswith("i@")]
            moved = [model.row_of(unit) for unit, line in self.source.lines.items() if not line.shows_as(before.get(unit))]
            areas = [(place, sums[0], place, sums[-1]) for place in moved if place >= 0]
            if len(areas) > MOST_SUMS:
                areas = [(0, sums[0], last, sums[-1])]
            areas.append((0, section, last, section))
        else:
            above = sum(model.id_at(place) >= SUMS for place in range(min(last + 1, MOST_SUMS)))
            place = model.row_of(row)
            areas = [(0, 0, above - 1, right)] if above else []
            areas.append((place, 0, place, right))
        for top, left, bottom, end in areas:
            model.dataChanged.emit(model.index(top, left), model.index(bottom, end))

    def _on_editor_closed(self) -> None:
        """Esc: what was being typed counts no longer."""
        if self.source is not None and self.source.live is not None:
            self.source.stop_typing()
            self._refresh_cells()
            self._show_side()

    def _on_wrote(self) -> None:
        if self.source is not None:
            self.source.stop_typing()
            self._refresh_cells()
            self._side_timer.start()

    def _write(
        self, cells: Mapping[tuple[RecordId, RecordId], str], parts: Mapping[tuple[str, RecordId], str],
        shows: Shown,
    ) -> Refused:
        scheme = self.state.scheme
        assert scheme is not None
        return write_board(self.store, scheme, cells, parts, shows)

    # Choosing -------------------------------------------------------------------

    def _on_tried(self) -> None:
        self.trial.blockSignals(True)
        self.trial.setChecked(self.state.trying)
        self.trial.blockSignals(False)
        if self.source is not None:
            self.source.live = None
            self.source.follow()
            self.set_read_only(self._read_only)
            self._refresh_cells()
            self._show_all()

    def _on_trial(self, on: bool) -> None:
        if on:
            if self.shows.currentData() not in (Shown.USED.value, Shown.ACTUAL.value):
                self.shows.setCurrentIndex(0)
                self._on_shows()
            self.state.start_trial()
        else:
            self.state.leave_trial()

    def _on_shows(self) -> None:
        if self.source is not None:
            self.source.shows = Shown(self.shows.currentData())
            self._refresh_cells()
            self._show_side()

    def _on_turn(self, by_unit: bool) -> None:
        self._by_unit = by_unit
        if self.source is not None:
            self._build_grid(self.source.base)
            self._show_all()

    def _on_only_missing(self, on: bool) -> None:
        if self.source is not None and self.grid is not None:
            self.source.keep_missing(on)
            self.grid.model.refresh()
            if not self.grid.view.currentIndex().isValid():
                self._select_first()
            self.grid.tell_status()

    def go_to(self, unit: RecordId, indicator: RecordId | None, part: str = "") -> None:
        """The cell of a unit's indicator, or of a part of its total, when the board has been read."""
        if self._must_wait(lambda: self.go_to(unit, indicator, part)):
            return
        assert self.grid is not None
        assert self.source is not None
        if self.only_missing.isChecked() and self.grid.model.row_of(self.source.cell_of(unit, indicator, part)[0]) < 0:
            self.only_missing.setChecked(False)
        row, key = self.source.cell_of(unit, indicator, part)
        model = self.grid.model
        place, section = model.row_of(row), model.column_of(key)
        if place >= 0 and section >= 0:
            self.grid.view.select_cell(model.index(place, section))
            self.grid.view.setFocus()

    def _on_filter(self, text: str) -> None:
        if self.grid is not None:
            self.grid.view.set_filter_text(text)

    def save_state(self) -> Mapping[str, Any]:
        """What is shown."""
        return {"shows": self.shows.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.shows.setCurrentIndex(max(self.shows.findData(state.get("shows", "used")), 0))
