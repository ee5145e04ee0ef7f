"""The year's board over the whole screen for a meeting: one thing a page, turned by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.services.year_board import Headline, Tone, YearBoard
from ui.grids.columns import Light
from ui.pages.overview_board import ranking_title
from ui.theme import scaled
from ui.widgets.light_label import LightLabel
from ui.widgets.light_picture import LightPicture
from ui.widgets.ranking_picture import RankingPicture

_TONES = {Tone.GOOD: Light.GREEN, Tone.WARN: Light.AMBER, Tone.BAD: Light.RED, Tone.UNKNOWN: Light.GREY}
NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
BEFORE = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Backspace)
RANKED = 14
"""Units of a group on one page."""
BLANK_UNITS = 18
SIZES = (1.7, 1.5, 1.3, 1.1, 0.95, 0.85)
"""Of the matrix against the text of the screen."""


class MeetingScreen(QWidget):
    """Figures, lights of each group, places of each group, blank spots; Esc or F11 ends it."""

    def __init__(self, board: YearBoard, counts: str, sentence: str, parent: QWidget | None = None) -> None:
        """counts: the size of the year in one line; sentence: how its account begins."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle(self.tr("{}年目标管理情况").format(board.year))
        self._board, self._counts, self._sentence = board, counts, sentence
        self._title = QLabel()
        # A long sentence in large type must not make the page wider than the screen.
        self._title.setWordWrap(True)
        self._where = QLabel()
        self._where.setProperty("role", "muted")
        self.pages = QStackedWidget()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._where)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(48), scaled(32), scaled(48), scaled(24))
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        self._titles: list[str] = []
        self._factor = 1.0

    def start(self) -> None:
        """Fill for the screen it stands on, and show."""
        parent = self.parentWidget()
        screen = self.screen() if parent is None else parent.screen()
        # 1080 lines at 100 % read well from the back of a room at twice the size of the text.
        self._factor = max(screen.availableGeometry().height() / 540, 1.0)
        self._enlarge(self._title, 1.7, bold=True)
        self._enlarge(self._where, 0.8)
        self._fill()
        self.turn(0)
        self.showFullScreen()
        self.setFocus()

    def _fill(self) -> None:
        board = self._board
        self._add(self._sentence or self.tr("{}年责任目标管理情况").format(board.year), self._figures_page)
        if board.lights is not None:
            for group in board.group_names:
                units = board.units_of(group)
                if units:
                    self._add(
                        self.tr("{} · 截至{}月底亮灯").format(group or self.tr("未分组"), board.month),
                        lambda units=units: self._lights_page(units),
                    )
        for one in board.rankings:
            if one.lines:
                self._add(ranking_title(one), lambda one=one: self._ranking_page(one.lines))
        if board.blanks:
            self._add(self.tr("责任空白点"), self._blanks_page)

    def _add(self, title: str, make: Callable[[], QWidget]) -> None:
        self._titles.append(title)
        self.pages.addWidget(make())

    # Pages ----------------------------------------------------------------------

    def _figures_page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setSpacing(scaled(20))
        for place, one in enumerate(self._board.headlines):
            grid.addWidget(self._tile(one), *divmod(place, 4))
            grid.setColumnStretch(place % 4, 1)
        last = QLabel(self._counts + " · " + self.tr("截至{}").format(show_date(self._board.day)))
        last.setProperty("role", "muted")
        last.setWordWrap(True)
        self._enlarge(last, 0.9)
        grid.addWidget(last, 2, 0, 1, 4)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(1, 1)
        return page

    def _tile(self, one: Headline) -> QWidget:
        tile = QWidget()
        tile.setObjectName("card")
        tile.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(tile)
        layout.setContentsMargins(scaled(24), scaled(16), scaled(24), scaled(16))
        number, words, detail = QLabel(one.number), QLabel(one.words), QLabel(one.detail)
        detail.setProperty("role", "muted")
        detail.setWordWrap(True)
        self._enlarge(number, 3.4, bold=True)
        self._enlarge(words, 1.35)
        self._enlarge(detail, 1.0)
        top = QHBoxLayout()
        top.addWidget(number)
        top.addStretch(1)
        light = _TONES.get(one.tone)
        if light is not None:
            mark, word = LightLabel(), QLabel(one.tone.label)
            mark.show_light(light, scaled(14 * self._factor / 1.4))
            self._enlarge(word, 0.8)
            top.addWidget(mark)
            top.addWidget(word)
        layout.addStretch(1)
        layout.addLayout(top)
        layout.addWidget(words)
        layout.addWidget(detail)
        layout.addStretch(1)
        return tile

    def _lights_page(self, units: tuple[tuple[int, str], ...]) -> QWidget:
        assert self._board.lights is not None
        room = self._screen_size()
        for size in SIZES:
            # As large as the screen takes it; of many units the smallest is rolled.
            picture = LightPicture(self._factor * size)
            picture.take(self._board.lights, units)  # type: ignore[arg-type]
            if picture.heightForWidth(room.width()) <= room.height():
                break
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        legend = QLabel(self.tr("■ 滞后   ▲ 预警   ● 正常   ○ 未报或年底认定   空格不承担"))
        legend.setProperty("role", "muted")
        self._enlarge(legend, 0.8)
        return self._rolling(picture, legend)

    def _ranking_page(self, lines: tuple) -> QWidget:  # type: ignore[type-arg]
        picture = RankingPicture(RANKED, self._factor)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        picture.take(lines)
        return self._rolling(picture)

    def _blanks_page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setHorizontalSpacing(scaled(24))
        for place, one in enumerate(self._board.blanks[:BLANK_UNITS]):
            row, column = divmod(place, 3)
            name, number = QLabel(one.label), QLabel(self.tr("{} 处").format(one.blanks))
            self._enlarge(name, 1.1)
            self._enlarge(number, 1.1, bold=True)
            grid.addWidget(name, row, 2 * column)
            grid.addWidget(number, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        rest = len(self._board.blanks) - BLANK_UNITS
        if rest > 0:
            more = QLabel(self.tr("另有 {} 个单位").format(rest))
            more.setProperty("role", "muted")
            self._enlarge(more, 0.9)
            grid.addWidget(more, grid.rowCount(), 0, 1, 6)
        grid.setRowStretch(grid.rowCount(), 1)
        return page

    def _screen_size(self) -> QSize:
        """The room below the head."""
        parent = self.parentWidget()
        whole = (self.screen() if parent is None else parent.screen()).availableGeometry().size()
        return QSize(whole.width() - scaled(130), whole.height() - round(scaled(150) * self._factor / 1.4))

    def _rolling(self, content: QWidget, below: QWidget | None = None) -> QWidget:
        """What is larger than the screen can be rolled with the wheel."""
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.addWidget(content)
        if below is not None:
            layout.addWidget(below)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        return area

    def _enlarge(self, label: QLabel, times: float, *, bold: bool = False) -> None:
        """A size of text for the room; style sheets of the program would win over a font."""
        points = label.font().pointSizeF() * times * self._factor / 1.4
        label.setStyleSheet(f"font-size: {points:.1f}pt;" + (" font-weight: bold;" if bold else ""))

    # Turning --------------------------------------------------------------------

    def turn(self, pages: int) -> None:
        """So many pages on (negative: back), within the first and the last."""
        place = min(max(self.pages.currentIndex() + pages, 0), self.pages.count() - 1)
        self.pages.setCurrentIndex(place)
        self._title.setText(self._titles[place])
        self._where.setText(self.tr("{} / {}   方向键翻页 Esc 退出").format(place + 1, self.pages.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, space and page keys turn; Esc and F11 end."""
        key = Qt.Key(event.key())
        if key in NEXT:
            self.turn(1)
        elif key in BEFORE:
            self.turn(-1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.turn(-self.pages.count() if key == Qt.Key.Key_Home else self.pages.count())
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click turns on, the right button back, as pointers do."""
        self.turn(-1 if event.button() is Qt.MouseButton.RightButton else 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel rolls a long page; it never turns."""
        event.accept()
