"""The view 亮灯总览: unit × category with the worst light and the counts; a click lists the targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.services import progress_lights
from mbo_desktop.services.progress import Sought
from mbo_desktop.services.progress_lights import ClassShare, LightMatrix, MatrixCellLights
from ui.grids.columns import EMPTY, Cell, Column, GridQuery, Kind, Row
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.progress_month import lights_line
from ui.pages.progress_shares import ShareBar, share_facts
from ui.pages.progress_source import Wanted
from ui.pages.progress_state import SHAPES, MonthState
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.side_panel import SidePanel

REST_MS = 250
ALL = 1 << 40
"""Row of the totals over all units."""
COUNTED = (Light.RED, Light.YELLOW, Light.GREEN, Light.UNREPORTED, Light.YEAR_END)
Place = tuple[RecordId | None, RecordId | None, Light | None]
"""Unit, category, light that a cell stands for."""


def counts_words(counts: Mapping[Light, int]) -> str:
    """「滞后2 预警1 正常5」."""
    return " ".join(f"{one.label}{counts[one]}" for one in COUNTED if counts.get(one))


def _worst(counts: Mapping[Light, int]) -> Light:
    return MatrixCellLights(RecordId(0), None, dict(counts)).light


class LightsSource(ListSource):
    """Rows of units with the totals on top."""

    def __init__(self) -> None:
        super().__init__(_columns(()), self._make)
        self.matrix: LightMatrix | None = None

    def take(self, matrix: LightMatrix) -> None:
        """Show another matrix."""
        self.matrix = matrix
        self.columns = _columns(matrix.categories)
        self.reload()

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """The totals stay on top whatever the order."""
        found = [one for one in super().ids(query) if one != ALL]
        return ([ALL, *found] if self.matrix and self.matrix.units else found)[:limit]

    def total(self) -> int:
        """Units, the line of totals left out."""
        return len(self.matrix.units) if self.matrix else 0

    def _make(self) -> Sequence[Row]:
        matrix = self.matrix
        if matrix is None:
            return ()
        by_category: dict[RecordId | None, Counter[Light]] = {}
        for (_unit, category), cell in matrix.cells.items():
            by_category.setdefault(category, Counter()).update(cell.counts)
        made = [_row(ALL, "全部单位", by_category, matrix, band=True)]
        for unit, label in matrix.units:
            own = {
                category: matrix.cells[unit, category].counts
                for category, _name in matrix.categories if (unit, category) in matrix.cells
            }
            made.append(_row(int(unit), label, own, matrix))
        return made


def _columns(categories: Sequence[tuple[RecordId | None, str]]) -> tuple[Column, ...]:
    made = [Column("unit", "单位", width=104, frozen=True)]
    made += [Column(f"light@{one.value}", one.label, Kind.NUMBER, width=78 if one is Light.YEAR_END else 62, group="合计") for one in COUNTED]
    made += [
        Column(f"category@{int(category or 0)}", name, width=172, group="类别")
        for category, name in categories
    ]
    return tuple(made)


def _row(
    record: int, label: str, by_category: Mapping[RecordId | None, Mapping[Light, int]],
    matrix: LightMatrix, *, band: bool = False,
) -> Row:
    totals: Counter[Light] = Counter()
    cells: dict[str, Cell | str] = {}
    for category, _name in matrix.categories:
        counts = by_category.get(category, {})
        totals.update(counts)
        key = f"category@{int(category or 0)}"
        shown = {one: count for one, count in counts.items() if count and one is not Light.NOT_APPLICABLE}
        if shown:
            words = counts_words(shown)
            cells[key] = Cell(words, light=SHAPES[_worst(shown)], note=words + "。单击或按 Enter 查看清单")
        elif counts:
            cells[key] = Cell("/", note="不承担")
    worst = _worst({one: count for one, count in totals.items() if count})
    cells["unit"] = Cell(label, light=SHAPES[worst], note=counts_words(totals))
    for light in COUNTED:
        count = totals[light]
        cells[f"light@{light.value}"] = Cell(f"{count:,}" if count else "", number=None)
    return Row(record, cells, band=band)


class LightsView(RoomView):
    """The matrix, and beside it what the selected cell and the whole month come to."""

    key = "lights"
    manual = "progress"

    def __init__(self, state: MonthState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self._state: Mapping[str, Any] = {}
        self._asked = 0
        self.shares: Sequence[ClassShare] = ()
        self.source = LightsSource()
        self.panel: GridPanel | None = None
        self.waiting = QLabel(self.tr("正在计算亮灯…"), alignment=Qt.AlignmentFlag.AlignCenter)
        self.waiting.setProperty("role", "muted")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.waiting)
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(240))
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(280)])
        self.setFocusProxy(self.stack)
        self._filter_place = QWidget()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._read)
        state.month_changed.connect(self._on_month)
        state.lights_known.connect(self._on_lights)

    # Reading ------------------------------------------------------------------

    def activate(self) -> None:
        """Ask for the lights; the matrix follows when they are known."""
        self._tell_figures()
        if self.state.known:
            self._read()
        else:
            self.state.ask()

    def refresh(self, changes: Any) -> None:
        """Edits come with the lights they change; other changes ask for all again."""
        if not self.state.known:
            self.state.ask()

    def _on_month(self) -> None:
        if self.isVisible():
            self.activate()

    def _on_lights(self) -> None:
        if self.isVisible():
            self._tell_figures()
            if self.source.matrix is None:
                self._read()
            else:
                self._timer.start()

    def _read(self) -> None:
        """Units and categories of so many targets are read beside the window."""
        self._timer.stop()
        self._asked += 1
        asked, state = self._asked, self.state
        store, year, month, judged = state.store, state.year, state.month, dict(state.judged)

        def done(matrix: LightMatrix) -> None:
            if asked == self._asked:
                counted = [one for one in judged.values() if one.light is not Light.NOT_APPLICABLE]
                self.shares = progress_lights.classes(counted)
                self._take(matrix)

        self.workspace.jobs.read(lambda: progress_lights.matrix(store, year, month, judged), done, self)

    def _take(self, matrix: LightMatrix) -> None:
        before = self.source.matrix
        same = before is not None and before.categories == matrix.categories
        self.source.take(matrix)
        if self.panel is None or not same:
            self._build()
        else:
            self.panel.model.refresh()
        self._show_side()

    def _build(self) -> None:
        """Other categories are other columns: the table is made anew."""
        state = self._state.get("table", {})
        had_focus = False
        if self.panel is not None:
            state, had_focus = self.panel.save_state(), self.panel.view.hasFocus()
            self.stack.removeWidget(self.panel)
            self.panel.deleteLater()
        self.panel = GridPanel(self.workspace, self.source, filter_hint=self.tr("筛选单位…"))
        self.panel.restore_state(state)
        self.stack.addWidget(self.panel)
        self.stack.setCurrentWidget(self.panel)
        self.setFocusProxy(self.panel)
        self.panel.view.clicked.connect(self._on_clicked)
        self.panel.view.find_asked.connect(self.panel.find)
        for key in ("Return", "Enter"):
            shortcut = QShortcut(QKeySequence(key), self.panel.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._on_enter)
        self.panel.reload()
        if self.panel.model.rowCount():
            self.panel.view.select_cell(self.panel.model.index(0, 0))
        self.panel.view.selectionModel().currentChanged.connect(self._show_side)
        waited = self.waiting.hasFocus() or self.stack.hasFocus() or self.focusWidget() is None
        if self.isVisible() and (had_focus or waited):
            self.setFocus()

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.panel is not None:
            self.panel.tell_status()

    def _tell_figures(self) -> None:
        self.figures_changed.emit(lights_line(self.state))

    # Panel --------------------------------------------------------------------

    def _show_side(self) -> None:
        self.side.clear()
        totals = self.state.totals()
        self.side.set_title(self.tr("{}年{}月").format(self.state.year, self.state.month))
        self.side.add_heading(self.tr("进度分类(合计 100%)"))
        if any(one.count for one in self.shares):
            self.side.add(ShareBar(self.shares))
        self.side.add_facts(share_facts(self.shares))
        self.side.add_text(self.tr("各类占比合计为 100%,尾差由数量最多的一类承担;不承担的不计入。"), muted=True)
        self.side.add_heading(self.tr("亮灯"))
        self.side.add_facts([(one.label, f"{totals[one]:,} 项") for one in COUNTED])
        place = self.place()
        if place is None or self.panel is None:
            return
        label, counts = self._counts_at(place)
        self.side.add_heading(label)
        self.side.add_text(counts_words(counts) or self.tr("没有目标"))
        if counts:
            self.side.add_buttons([(self.tr("查看清单  Enter"), self._on_enter)])

    def _counts_at(self, place: Place) -> tuple[str, Mapping[Light, int]]:
        matrix = self.source.matrix
        assert matrix is not None
        unit, category, light = place
        counts: Counter[Light] = Counter()
        for (at, kind), cell in matrix.cells.items():
            fits_category = self._of_all_categories() or kind == category
            if fits_category and (unit is None or at == unit):
                counts.update(cell.counts)
        names = dict(matrix.units)
        kinds = dict(matrix.categories)
        words = [names.get(unit, "全部单位") if unit is not None else "全部单位"]
        if not self._of_all_categories():
            words.append(kinds.get(category, ""))
        if light is not None:
            words.append(light.label)
            counts = Counter({light: counts[light]} if counts[light] else {})
        return " · ".join(words), counts

    def _of_all_categories(self) -> bool:
        return not self._key().startswith("category@")

    def _key(self) -> str:
        if self.panel is None or not self.panel.view.currentIndex().isValid():
            return ""
        return self.source.columns[self.panel.view.currentIndex().column()].key

    # Opening ------------------------------------------------------------------

    def place(self) -> Place | None:
        """What the current cell stands for; None without one."""
        if self.panel is None or not self.panel.view.currentIndex().isValid():
            return None
        record = self.panel.view.current_id()
        unit = None if record in (0, ALL) else RecordId(record)
        code, _, value = self._key().partition("@")
        category = RecordId(int(value)) if code == "category" and value != "0" else None
        return unit, category, Light.of(value) if code == "light" else None

    def _on_clicked(self, index: QModelIndex) -> None:
        if self.panel is not None and self.panel.model.cell(index) != EMPTY \
                and self.source.columns[index.column()].key != "unit":
            self._on_enter()

    def _on_enter(self) -> None:
        """The list of what the cell counts."""
        place = self.place()
        if place is None or not self._counts_at(place)[1]:
            return
        unit, category, light = place
        self.cell_asked.emit(Wanted(Sought(unit=unit, category=category), light), None)

    def find(self) -> None:
        """The find bar of the table."""
        if self.panel is not None:
            self.panel.find()

    def copy(self) -> None:
        """The selected block."""
        if self.panel is not None:
            self.panel.view.copy()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Widths and order."""
        return {"table": self.panel.save_state()} if self.panel is not None else self._state

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
