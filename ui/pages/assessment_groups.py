"""各组对比: the groups side by side, each by rank, with averages, grades and what is missing above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mbo_desktop.domain.rights import Act
from mbo_desktop.services import score_comparison
from mbo_desktop.services.score_board import UnitScore
from mbo_desktop.services.score_comparison import GroupResult
from ui.dialogs.assessment_overall import OverallDialog
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.assessment_bars import RankBars
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

_SUMS = ("单位数", "平均分", "最高分", "最低分", "相差", "等次", "一票否决", "缺数据(项)", "状态")
_FEWEST = 2
"""Groups of a ranking over several."""
_FOLLOWED = frozenset({
    "scheme", "given_score", "bonus_item", "veto", "target", "indicator", "unit", "progress_report", "target_result",
    "unit_result", "adjustment", "outside_figure", "finding", "filing", "accountability_case", "year", "sealed_score",
})


class GroupsView(RoomView):
    """Two columns for each group; Enter or a double click opens the unit's scores."""

    key = "groups"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.groups: tuple[GroupResult, ...] = ()
        self.grid: GridPanel | None = None
        self._names: list[tuple[str, bool]] = []
        self.side = SidePanel()
        self.body.addWidget(self.side)
        self.side.setMinimumWidth(scaled(250))
        self.overall = self.add_tool_button(
            self.tr("总排名…"), self.set_overall, hint=self.tr("几个组的单位一起排的名次,如 全部县区,可另定等次和名额"), needs=Act.SCORE)

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Score every group beside the window."""
        store, year, month = self.store, self.year, self.state.month
        self.workspace.jobs.read(
            lambda: score_comparison.side_by_side(store, year, month=month), self._take, self
        )

    def _take(self, found: tuple[GroupResult, ...]) -> None:
        self.groups = found
        names = [(one.peer_group, one.is_overall) for one in found]
        if self.grid is None or names != self._names:
            self._names = names
            self._build()
        assert self.grid is not None
        self.grid.model.source.reload()  # type: ignore[attr-defined]
        self.grid.model.refresh()
        if not self.grid.view.currentIndex().isValid() and self.grid.model.rowCount():
            self.grid.view.select_cell(self.grid.model.index(min(len(_SUMS), self.grid.model.rowCount() - 1), 1))
        missing = sum(one.missing for one in found if not one.is_overall)
        overall = sum(one.is_overall for one in found)
        words = [self.tr("{} 个组").format(len(found) - overall)]
        if overall:
            words.append(self.tr("总排名 {} 个").format(overall))
        if missing:
            words.append(self.tr("缺 {} 项数据").format(missing))
        self.figures_changed.emit(" · ".join(words))
        self._show_side()

    def _build(self) -> None:
        fixed: dict[str, Any] = {"sortable": False, "filterable": False}
        columns = [Column("place", "名次", width=90, frozen=True, **fixed)]
        for place, one in enumerate(self.groups):
            heading = self.tr("{}(总排名)").format(one.peer_group) if one.is_overall else one.peer_group
            columns.append(Column(f"u@{place}", heading, width=150, **fixed))
            columns.append(Column(f"t@{place}", "得分", Kind.NUMBER, width=80, **fixed))
        if self.grid is not None:
            self.grid.deleteLater()
        self.grid = GridPanel(self.workspace, ListSource(columns, self._load))
        self.grid.set_empty(EmptyPage("award", self.tr("还没有考核办法"), self.tr("各组建立考核办法后,在这里并排比较。")))
        self.body.insertWidget(0, self.grid)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(320)])
        self.setFocusProxy(self.grid)
        self.grid.view.opened.connect(self._on_open)
        open_by_enter(self.grid.view, self._on_open)
        self.grid.view.selectionModel().currentChanged.connect(self._show_side)

    def _load(self) -> Sequence[Row]:
        rows = [
            Row(number, self._sums(word), bold=number == 2, band=True) for number, word in enumerate(_SUMS, 1)
        ] if self.groups else []
        for place in range(max((len(one.lines) for one in self.groups), default=0)):
            cells: dict[str, Cell | str] = {"place": ""}
            for column, one in enumerate(self.groups):
                if place < len(one.lines):
                    cells[f"u@{column}"], cells[f"t@{column}"] = _unit_cells(one.lines[place])
            rows.append(Row(len(_SUMS) + 1 + place, cells))
        return rows

    def _sums(self, word: str) -> Mapping[str, Cell | str]:
        cells: dict[str, Cell | str] = {"place": word}
        for column, one in enumerate(self.groups):
            figure: Decimal | None = {
                "单位数": Decimal(len(one.lines)), "平均分": one.average, "最高分": one.highest, "最低分": one.lowest,
                "相差": one.spread, "一票否决": Decimal(one.vetoed), "缺数据(项)": Decimal(one.missing),
            }.get(word)
            if word == "等次":
                cells[f"u@{column}"] = "、".join(f"{grade} {count}" for grade, count in one.grades.items() if count)
            elif word == "状态":
                cells[f"u@{column}"] = Cell("已封存") if one.is_final else Cell("未封存", tone=Tone.AMBER)
            else:
                tone = Tone.AMBER if word == "缺数据(项)" and figure else Tone.PLAIN
                cells[f"t@{column}"] = Cell("—" if figure is None else f"{figure:f}", figure, tone=tone)
        return cells

    # The panel ------------------------------------------------------------------

    @property
    def _current(self) -> GroupResult | None:
        if self.grid is None:
            return None
        index = self.grid.view.currentIndex()
        _code, _mark, number = self.grid.model.columns[index.column()].key.partition("@") if index.isValid() else ("", "", "")
        return self.groups[int(number)] if number and int(number) < len(self.groups) else None

    def _show_side(self, *_index: object) -> None:
        self.side.clear()
        one = self._current
        if one is None:
            self.side.set_title(self.tr("各组对比"), self.tr("{} 年度").format(self.year))
            self.side.add_text(self.tr("点到一个组,这里是它的排名。按 Enter 或双击单位看得分。"), muted=True)
            return
        self.side.set_title(one.peer_group, self.tr("{} 个单位").format(len(one.lines)))
        self.side.add_facts([
            (self.tr("平均分"), "—" if one.average is None else f"{one.average:f}"),
            (self.tr("首尾相差"), "—" if one.spread is None else f"{one.spread:f}"),
        ])
        if one.is_overall:
            self.side.add_buttons(((self.tr("总排名…"), self.set_overall),) if self.overall.isEnabled() else ())
            for text in one.board.problems:
                self.side.add_text(f"▲ {text}")
            self.side.add_heading(self.tr("总排名"))
        else:
            self.side.add_buttons(((self.tr("看本组评分表"), lambda: self._go(one.lines[0] if one.lines else None)),))
            self.side.add_heading(self.tr("组内排名(较上年)"))
        line = self._line()
        bars = RankBars(one.board, int(line.unit) if line is not None else 0)
        bars.unit_asked.connect(lambda unit: self.workspace.go("assessment", int(unit), "unit"))
        self.side.add(bars)

    def _line(self) -> UnitScore | None:
        """The unit the cursor is at."""
        one = self._current
        if one is None or self.grid is None:
            return None
        place = int(self.grid.view.current_id() or 0) - len(_SUMS) - 1
        return one.lines[place] if 0 <= place < len(one.lines) else None

    def _go(self, line: UnitScore | None) -> None:
        if line is not None:
            self.workspace.go("assessment", int(line.unit), "unit")

    def _on_open(self, *_row: object) -> None:
        self._go(self._line())

    def set_overall(self) -> None:
        """Which groups are ranked together too, with which grades."""
        groups = [one.peer_group for one in self.groups if not one.is_overall]
        if len(groups) < _FEWEST:
            self.workspace.say(self.tr("总排名要有两个以上建了考核办法的组。"))
            return
        dialog = OverallDialog(self.workspace, self.year, groups, self.window())
        dialog.exec()
        self.setFocus()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self.overall.setEnabled(not read_only)

    # Answering ------------------------------------------------------------------

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.grid is not None:
            self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    def find(self) -> None:
        """The table's find bar."""
        if self.grid is not None:
            self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        if self.grid is not None:
            self.grid.view.copy()


def _unit_cells(line: UnitScore) -> tuple[Cell, Cell]:
    """Unit with its move against last year, total with * while figures are missing."""
    if line.total is None or line.unscored:
        return Cell(line.label, tone=Tone.MUTED, note="还没有得分"), Cell("—", tone=Tone.MUTED)
    move = line.rank_move
    arrow = "" if move is None else f" ↑{move}" if move > 0 else f" ↓{-move}" if move < 0 else " —"
    marks = "、".join(mark.subject for mark in line.vetoes)
    note = "；".join(part for part in (
        line.grade_now, f"一票否决:{marks}" if marks else "", f"缺 {line.missing} 项数据" if line.missing else "") if part)
    name = f"{line.rank} {line.label}{arrow}" + (" ■" if marks else "")
    return (
        Cell(name, note=note, tone=Tone.RED if marks else Tone.PLAIN),
        Cell(f"{line.total:f}" + ("*" if line.provisional else ""), line.total,
             tone=Tone.AMBER if line.provisional else Tone.PLAIN, note=note),
    )
