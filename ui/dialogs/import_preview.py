"""Third step of the import: exactly what will be written, old → new, and what is kept as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import Direction
from mbo_desktop.services.import_matching import PlannedCell, PlannedRow, RowAction
from mbo_desktop.services.importing import ImportPlan
from mbo_desktop.spreadsheets.table import Problem
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Option, Row, Tone
from ui.grids.model import GridModel
from ui.grids.source import Refused, matches
from ui.grids.view import GridView
from ui.theme import scaled
from ui.widgets.side_panel import SidePanel

_TONES = {
    RowAction.NEW: Tone.GREEN, RowAction.CHANGED: Tone.AMBER, RowAction.SAME: Tone.MUTED,
    RowAction.LEFT_OUT: Tone.MUTED,
}
ALL, TOUCHED, DOUBTFUL = "all", "touched", "doubtful"
_MAIN_FIELD = "目标值"
_FIGURES = frozenset({"上年实绩", "力争目标", "分值", "实绩", "得分"})
LISTED = 500


class PlanSource:
    """The rows of an import plan; cells are made when they are looked at."""

    def __init__(self, plan: ImportPlan) -> None:
        self.plan = plan
        self.only = ALL
        self.problems = {
            kept.place: kept.reason for kept in plan.kept if kept.place and kept.is_text
        }
        self.columns = _columns(plan)
        self.redirect: Callable[[dict[int, Direction]], None] | None = None

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Row numbers that the choice leaves."""
        numbers = [
            row.number for row in self.plan.rows if self._fits(row)
            and (not query.text or matches(query.text, row.name))
        ]
        return numbers[:limit]

    def _fits(self, row: PlannedRow) -> bool:
        if self.only == TOUCHED:
            return row.action in (RowAction.NEW, RowAction.CHANGED) or any(
                cell.action in (RowAction.NEW, RowAction.CHANGED) for cell in row.cells
            )
        if self.only == DOUBTFUL:
            return any(cell.place in self.problems for cell in row.cells)
        return True

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """Lazy rows."""
        return {n: Row(n, _PlanRow(self, self.plan.rows[n - 1])) for n in ids}

    def total(self) -> int:
        """Rows of the ledger."""
        return len(self.plan.rows)

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Directions are chosen here; whoever made the plan makes it again with them."""
        chosen = {e.row: e.value for e in edits if isinstance(e.value, Direction)}
        if chosen and self.redirect is not None:
            self.redirect(chosen)
        return None


def _columns(plan: ImportPlan) -> tuple[Column, ...]:
    found: dict[str, tuple[str, str]] = {}
    for row in plan.rows:
        for cell in row.cells:
            found.setdefault(_key(cell), (cell.field, cell.unit_name))
    several = len({field for field, _unit in found.values()}) > 1
    units = list(dict.fromkeys(unit for _field, unit in found.values()))
    ordered = sorted(found.items(), key=lambda entry: units.index(entry[1][1]))
    fixed: tuple[Column, ...] = (
        Column("action", "指标", width=58, frozen=True, sortable=False, filterable=False),
        Column("name", "指标名称", width=210, frozen=True, sortable=False, filterable=False),
        Column("unit", "单位", width=64, sortable=False, filterable=False),
        Column("direction", "方向", Kind.CHOICE, width=56, editable=True, lookup=_directions,
               sortable=False, filterable=False),
        Column("points", "分值", Kind.NUMBER, width=52, sortable=False, filterable=False),
    )
    if any(row.category for row in plan.rows):
        fixed += (Column("category", "类别", width=96, sortable=False, filterable=False),)
    return fixed + tuple(
        Column(
            key, field if several else unit, Kind.TARGET if field == _MAIN_FIELD else Kind.TEXT,
            width=150 if len(units) == 1 else 116, group=unit if several else "",
            align=Qt.AlignmentFlag.AlignRight if field in _FIGURES else None,
            sortable=False, filterable=False,
        )
        for key, (field, unit) in ordered
    )


def _directions(typed: str) -> list[Option]:
    found = [Option(one, one.label) for one in Direction]
    return [option for option in found if matches(typed, option.label)] if typed.strip() else found


def _direction_cell(row: PlannedRow) -> Cell:
    """反向 stands out: it turns round what 完成 means."""
    told = row.direction
    tone = Tone.PLAIN if told.direction is Direction.HIGHER else Tone.ACCENT
    return Cell(told.direction.label, told.direction, tone=tone, note=f"{told.basis.label};双击可改")


def _key(cell: PlannedCell) -> str:
    return f"{cell.field}@{cell.unit_key}"


class _PlanRow(Mapping[str, Cell | str]):
    __slots__ = ("_row", "_source")

    def __init__(self, source: PlanSource, row: PlannedRow) -> None:
        self._source, self._row = source, row

    def __getitem__(self, key: str) -> Cell | str:
        row = self._row
        if key == "action":
            return Cell(row.action.label, tone=_TONES[row.action])
        if key == "direction":
            return _direction_cell(row)
        if key == "points":
            return "" if row.points is None else canonical(row.points)
        plain = {"name": row.name, "unit": row.unit_of_measure, "category": row.category}
        if key in plain:
            return plain[key]
        for cell in row.cells:
            if _key(cell) == key:
                return self._shown(cell)
        return ""

    def _shown(self, cell: PlannedCell) -> Cell:
        text, note = cell.new, cell.place
        if cell.action is RowAction.CHANGED:
            text = f"{cell.old or '空'} → {cell.new or '空'}"
        elif cell.action is RowAction.LEFT_OUT:
            text = f"{cell.new}(不导入)"
        problem = self._source.problems.get(cell.place, "") if cell.field == _MAIN_FIELD else ""
        tone = Tone.PLAIN if cell.action is RowAction.NEW else _TONES[cell.action]
        return Cell(text, tone=tone, problem=f"{cell.place} {problem},已保留为文字" if problem else "", note=note)

    def __iter__(self) -> Iterator[str]:
        return (column.key for column in self._source.columns)

    def __len__(self) -> int:
        return len(self._source.columns)


class PreviewStep(QWidget):
    """The plan as a table; beside it the counts, and every cell kept as text with place and reason."""

    redirected = Signal(object)
    """Directions chosen by hand, by number of the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: ImportPlan | None = None
        self.only = QComboBox()
        for key, word in (
            (ALL, self.tr("全部行")), (TOUCHED, self.tr("只看新增和修改")), (DOUBTFUL, self.tr("只看保留为文字的")),
        ):
            self.only.addItem(word, key)
        self.only.activated.connect(self._on_only)
        self.headline = QLabel()
        self.headline.setProperty("role", "subheading")
        top = QHBoxLayout()
        top.addWidget(self.headline, 1)
        top.addWidget(self.only)
        self._holder = QVBoxLayout()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addLayout(self._holder, 1)
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(260))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([scaled(800), scaled(310)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.view: GridView | None = None
        self._source: PlanSource | None = None

    def show_plan(self, source: PlanSource, notices: Sequence[Problem] = ()) -> None:
        """What will be written, and what the reading remarked that asks nothing."""
        plan = self.plan = source.plan
        source.redirect = self.redirected.emit
        if self.view is not None and self._source is not None and self._source.columns == source.columns:
            # The same ledger again, after another direction: whoever looks at it stays where they are.
            source.only = self._source.only
            self._source = self._model.source = source
        else:
            self._show_table(source)
        self._model.reload()
        new, changed = plan.count(RowAction.NEW), plan.count(RowAction.CHANGED)
        same = plan.count(RowAction.SAME)
        self.headline.setText(
            self.tr("指标:新增 {} 项,修改 {} 项,不变 {} 项").format(new, changed, same)
        )
        self._fill_side(plan, notices)

    def hold(self, waiting: bool) -> None:
        """Nothing is chosen while the plan is made again or written."""
        if self.view is not None:
            self._model.read_only = waiting

    def _show_table(self, source: PlanSource) -> None:
        self.only.setCurrentIndex(0)
        if self.view is not None:
            self._holder.removeWidget(self.view)
            self.view.deleteLater()
        self._source = source
        self._model = GridModel(source)
        self.view = GridView(self._model)
        self._holder.addWidget(self.view, 1)

    def _fill_side(self, plan: ImportPlan, notices: Sequence[Problem]) -> None:
        side = self.side
        side.clear()
        side.set_title(self.tr("将要写入"), plan.title)
        year = self.tr("{}(新建这个年度)") if plan.opens_year else "{}"
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("年度"), year.format(plan.year)),
            (self.tr("指标"), self.tr("新增 {} · 修改 {}").format(plan.count(RowAction.NEW), plan.count(RowAction.CHANGED))),
            (self.tr("目标"), self.tr("新增 {} · 修改 {}").format(plan.count_targets(RowAction.NEW), plan.count_targets(RowAction.CHANGED))),
        ]
        left_out = plan.count_cells(RowAction.LEFT_OUT)
        if left_out:
            facts.append((self.tr("不导入"), self.tr("{} 格").format(left_out), "amber"))
        facts.append(self._points(plan))
        if plan.new_units:
            facts.append((self.tr("新建单位"), "、".join(u.short_name or u.name for u in plan.new_units)))
        if plan.new_categories:
            facts.append((self.tr("新类别"), "、".join(plan.new_categories)))
        side.add_facts(facts)
        self._add_list(self.tr("需要核对 {} 处").format(len(plan.kept)), [k.sentence for k in plan.kept],
                       [k.place for k in plan.kept])
        if plan.warnings:
            self._add_list(self.tr("提醒 {} 条").format(len(plan.warnings)), list(plan.warnings), [])
        if notices:
            self._add_list(self.tr("说明 {} 条").format(len(notices)), [n.sentence() for n in notices],
                           [n.place for n in notices])
        if plan.notes:
            side.add_heading(self.tr("表外说明"))
            for note in plan.notes:
                side.add_text(note, muted=True)

    def _points(self, plan: ImportPlan) -> tuple[str, str, str]:
        total = canonical(plan.points)
        if plan.declared_points is None:
            return (self.tr("分值合计"), total, "")
        if plan.declared_points == plan.points:
            return (self.tr("分值合计"), self.tr("{},与台账写明的一致").format(total), "green")
        stated = canonical(plan.declared_points)
        return (self.tr("分值合计"), self.tr("各项相加 {},台账写明 {}").format(total, stated), "red")

    def _add_list(self, title: str, lines: Sequence[str], places: Sequence[str]) -> None:
        self.side.add_heading(title)
        if not lines:
            self.side.add_text(self.tr("没有。"), muted=True)
            return
        listing = QListWidget()
        listing.setWordWrap(True)
        listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listing.setSpacing(scaled(2))
        for number, line in enumerate(lines[:LISTED]):
            item = QListWidgetItem(line)
            item.setToolTip(line)
            item.setData(Qt.ItemDataRole.UserRole, places[number] if number < len(places) else "")
            listing.addItem(item)
        if len(lines) > LISTED:
            listing.addItem(self.tr("另有 {} 处,未在此列出").format(len(lines) - LISTED))
        listing.setMinimumHeight(scaled(44 * min(max(len(lines), 2), 5)))
        listing.itemClicked.connect(self._on_kept)
        self.side.add(listing)

    def _on_kept(self, item: QListWidgetItem) -> None:
        place = item.data(Qt.ItemDataRole.UserRole)
        if not place or self.plan is None or self.view is None:
            return
        for row in self.plan.rows:
            for cell in row.cells:
                if cell.place == place:
                    self.view.show_record(row.number, _key(cell))
                    return

    def _on_only(self) -> None:
        if self._source is not None:
            self._source.only = self.only.currentData()
            self._model.reload()
