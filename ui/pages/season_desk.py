"""测算: what the city reaches if each unit meets its value, and what each must do to reach it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton, QStackedWidget, QWidget

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.target_moves import SpreadBy
from mbo_desktop.services import desk_papers, office_words, planning_matrix, target_setting
from mbo_desktop.services.target_setting import Desk
from ui.dialogs.season_desk_moves import AcceptDialog
from ui.grids.panel import GridPanel
from ui.pages.room_view import RoomView
from ui.pages.season_desk_book import DeskBook
from ui.pages.season_desk_moving import DeskMoves
from ui.pages.season_desk_side import DeskPanel
from ui.pages.season_desk_source import DeskSource
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.documents.flat_table import FlatTable
    from mbo_desktop.documents.model import Document


class DeskView(DeskMoves, RoomView):
    """Drafts of all targets side by side; written only by 采纳."""

    key = "desk"
    manual = "desk"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.book = DeskBook()
        self.source = DeskSource(self.book)
        self.grid: GridPanel | None = None
        self._typed_row = 0
        self._state: dict[str, Any] = {}
        self._year = -1
        self.stack = QStackedWidget()
        self.empty = EmptyPage(
            "scale", self.tr("还没有可以测算的目标"),
            self.tr("测算以下达矩阵里的指标和单位为底:先在“下达矩阵”录入或导入目标和上年实绩,再回到这里看全市能到多少、要加多少。"),
            ((self.tr("到下达矩阵"), self._on_tables),),
        )
        self.stack.addWidget(self.empty)
        self.side = DeskPanel()
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(220))
        self.body.setSizes([scaled(10_000), scaled(250)])
        self.setFocusProxy(self.stack)
        self._build_tools()
        self._side_timer = QTimer(self, singleShot=True, interval=30)
        self._side_timer.timeout.connect(self._show_side)
        lock = QShortcut(QKeySequence("Ctrl+L"), self)
        lock.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        lock.activated.connect(self._on_lock)

    def _build_tools(self) -> None:
        self.units = QComboBox()
        self.units.setAccessibleName(self.tr("单位"))
        self.units.activated.connect(self._on_units)
        self.add_tool(self.units)
        self.categories = QComboBox()
        self.categories.setAccessibleName(self.tr("类别"))
        self.categories.activated.connect(self._on_category)
        for combo in (self.units, self.categories):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(7)
            combo.view().setMinimumWidth(scaled(200))
        self.add_tool(self.categories)
        self.fields = QPushButton(self.tr("上年和增长"))
        self.fields.setCheckable(True)
        self.fields.setChecked(True)
        self.fields.setProperty("role", "chip")
        self.fields.setToolTip(self.tr("每个单位是否列出上年实绩和增长率"))
        self.fields.toggled.connect(self._show_fields)
        self.add_tool(self.fields)
        self.moves = [
            self.add_tool_button(self.tr("提高…"), self._on_raise, hint=self.tr("选中的格或指标按百分比提高")),
            self.add_tool_button(self.tr("按类别…"), self._on_categories),
            self.add_tool_button(self.tr("到总量…"), self._on_total, hint=self.tr("也可直接填“合计”")),
            self.add_tool_button(self.tr("反推…"), self._on_growth, hint=self.tr("全市要增长多少,各单位要到多少;也可直接填“增长%”")),
        ]
        spread = QPushButton(self.tr("拆分"))
        menu = QMenu(spread)
        for one in (SpreadBy.LAST_YEAR, SpreadBy.EVEN, SpreadBy.CURRENT):
            menu.addAction(one.label).setData(one.value)
        menu.triggered.connect(self._on_spread)
        spread.setMenu(menu)
        spread.setToolTip(self.tr("合计不变,按上年、平均或现有目标重新拆到各单位"))
        self.add_tool(spread)
        self.moves.append(spread)
        self.moves.append(self.add_tool_button(
            self.tr("锁定"), self._on_lock, hint=self.tr("选中的格不再变动,再按一次解锁  Ctrl+L")
        ))
        self.back = self.add_tool_button(self.tr("退一步"), self._on_back, hint=self.tr("撤回上一次测算,不影响已下达的目标"))
        self.wipe = self.add_tool_button(self.tr("清空"), self._on_clear, hint=self.tr("去掉全部测算值"))
        self.paper = self.add_tool_button(self.tr("打印…"), self._on_print, hint=self.tr("打印测算表,有改动的指标列出各单位明细"))
        self.accept = self.add_tool_button(self.tr("采纳…"), self._on_accept, primary=True)

    # Reading --------------------------------------------------------------------

    def _on_tables(self) -> None:
        self.cell_asked.emit(None, None)

    def activate(self) -> None:
        """Read the year's matrix."""
        if self._year != self.year:
            if self._year >= 0:
                self.book.drop()
            self._year = self.year
            self._fill_units()
        chosen, store, year = self.units.currentData(), self.store, self.year

        def read() -> Desk:
            units = None
            if chosen:
                units = [one.unit for one in planning_matrix.columns(store, year, own=False)
                         if chosen in (f"kind:{one.kind.value}", f"group:{one.peer_group}")]
            return target_setting.desk(
                store, year, units=units, outside=target_setting.marks(store, year)
            )

        self.workspace.jobs.read(read, self._on_desk, self)

    def _fill_units(self) -> None:
        present = self.units.currentData() or self._state.get("units", "")
        self.units.clear()
        self.units.addItem(self.tr("全部单位"), "")
        columns = planning_matrix.columns(self.store, self.year, own=False)
        kinds = {one.kind for one in columns}
        for kind in UnitKind:
            if kind in kinds and len(kinds) > 1:
                self.units.addItem(office_words.kind(self.store, kind), f"kind:{kind.value}")
        for group in dict.fromkeys(one.peer_group for one in columns if one.peer_group):
            self.units.addItem(office_words.group(self.store, group), f"group:{group}")
        self.units.setCurrentIndex(max(self.units.findData(present), 0))

    def _on_desk(self, desk: Desk) -> None:
        rows = tuple(row for row in desk.rows if any(cell.allotted for cell in row.cells))
        desk = Desk(desk.year, desk.units, rows, desk.change_count, {r.indicator: r for r in rows})
        same = self.grid is not None and desk.units == self.book.desk.units
        self.book.open(desk)
        self._fill_categories()
        self._show_empty(not rows)
        if not rows:
            return
        if same and self.grid is not None:
            self.source.live.clear()
            self.grid.model.refresh()
            self._show_all()
        else:
            self._build_grid()

    def _show_empty(self, empty: bool) -> None:
        self.side.setVisible(not empty)
        if self.isVisible():
            # The room shows another view's tools by now, if not.
            for widget, _stretch in self.tools:
                widget.setVisible(not empty)
        if empty:
            self.stack.setCurrentWidget(self.empty)
            self.figures_changed.emit(self.tr("{} 年度 · 没有可以测算的目标").format(self.year))

    def _fill_categories(self) -> None:
        present = self.categories.currentData()
        self.categories.clear()
        self.categories.addItem(self.tr("类别:全部"), 0)
        for row in self.book.desk.rows:
            if row.category is not None and self.categories.findData(int(row.category)) < 0:
                self.categories.addItem(row.category_name, int(row.category))
        self.categories.setCurrentIndex(max(self.categories.findData(present), 0))

    def _build_grid(self) -> None:
        self.source = DeskSource(self.book)
        self.source.category = self.categories.currentData() or 0
        if self.grid is not None:
            self.stack.removeWidget(self.grid)
            self.grid.deleteLater()
        self.grid = GridPanel(self.workspace, self.source)
        self.stack.addWidget(self.grid)
        self.stack.setCurrentWidget(self.grid)
        self.setFocusProxy(self.grid)
        view = self.grid.view
        view.selectionModel().currentChanged.connect(self._side_timer.start)
        view.itemDelegate().opened.connect(self._on_editor)
        view.itemDelegate().closeEditor.connect(self._on_editor_closed)
        self.grid.model.wrote.connect(self._on_wrote)
        self.grid.reload()
        self._show_fields(self.fields.isChecked())
        if self.grid.model.rowCount():
            first = next((n for n, c in enumerate(self.source.columns) if c.key.startswith("draft@")), 0)
            view.select_cell(self.grid.model.index(0, first))
        if self.isVisible():
            view.setFocus()
        self._show_all()

    # Showing --------------------------------------------------------------------

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.grid is not None and self.stack.currentWidget() is self.grid:
            self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Targets, indicators, units or outside figures changed; drafts stay."""
        kinds = {"indicator", "target", "unit", "category", "year", "agreement", "outside_figure",
                 "adjustment", "correction"}
        if changes is None or kinds & set(changes.ids_by_type):
            self.activate()

    def _show_all(self) -> None:
        """Buttons, figures and panel after a move."""
        desk = self.book.desk
        changed = self.book.changed()
        checks = sum(len(self.book.result(row.indicator).checks) for row in desk.rows)
        words = [
            self.tr("测算 {} 项指标 × {} 个单位").format(len(desk.rows), len(desk.units)),
            self.tr("已改 {} 格,尚未写入").format(len(changed)) if changed else self.tr("未改动"),
        ]
        if checks:
            words.append(self.tr("提示 {} 条").format(checks))
        if not any(cell.last_year is not None for row in desk.rows for cell in row.cells):
            words.append(self.tr("没有上年基数,增长无从算起;可到“上年”取上年实绩为基数"))
        self.figures_changed.emit(" · ".join(words))
        writable = not self.workspace.read_only
        self.back.setEnabled(self.book.can_step_back)
        self.wipe.setEnabled(bool(changed))
        self.accept.setEnabled(bool(changed) and writable)
        self.accept.setText(self.tr("采纳 {} 格…").format(len(changed)) if changed else self.tr("采纳…"))
        self._show_side()

    def set_read_only(self, read_only: bool) -> None:
        """Drafting is free, writing is not."""
        self.accept.setEnabled(bool(self.book.changed()) and not read_only)

    def _show_side(self) -> None:
        indicator, unit = self._place()
        if indicator:
            self.side.show_place(self.book, self.source, indicator, unit)

    def _show_fields(self, shown: bool) -> None:
        if self.grid is None:
            return
        for section, column in enumerate(self.source.columns):
            if column.key.startswith(("last@", "growth@")):
                self.grid.view.setColumnHidden(section, not shown)

    def _place(self) -> tuple[int, int]:
        """Indicator and unit of the current cell; 0 for none."""
        if self.grid is None:
            return 0, 0
        index = self.grid.view.currentIndex()
        if not index.isValid():
            return 0, 0
        _, _, unit = self.source.columns[index.column()].key.partition("@")
        return self.grid.model.id_at(index.row()), int(unit or 0)

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
        """The row's figures follow each key."""
        if self.grid is None:
            return
        index = self.grid.view.currentIndex()
        key = self.source.columns[index.column()].key
        indicator = self.grid.model.id_at(index.row())
        if "@" in key and self.source.type_live(indicator, key, text):
            self._typed_row = indicator
            self.grid.model.refresh([indicator])
            self._side_timer.start()

    def _on_editor_closed(self) -> None:
        """Esc: what was being typed counts no longer."""
        if self.source.live and self.grid is not None:
            self.source.live.clear()
            self.grid.model.refresh()
            self._side_timer.start()

    def _on_wrote(self) -> None:
        self.source.live.clear()
        self.grid.model.refresh()  # type: ignore[union-attr]
        self._show_all()

    # Writing --------------------------------------------------------------------

    def _on_accept(self) -> None:
        lines = self.book.lines()
        if lines and AcceptDialog(self.workspace, lines, self._write, self).exec():
            self.setFocus()

    def _write(self) -> None:
        done = target_setting.accept(self.store, self.book.desk, self.book.changed())
        self.book.settle([one.key for one in done.refused if "又被改过" in one.reason])
        undo = [(self.tr("撤销"), self.workspace.undo)] if done.written else []
        self.workspace.say(done.sentence, tone="amber" if done.refused else "green", actions=undo)
        self.activate()

    def _on_print(self) -> None:
        store, desk, drafts = self.store, self.book.desk, self.book.changed()

        def make() -> Document:
            from mbo_desktop.documents.desk_result import desk_document

            return desk_document(desk_papers.desk_paper(store, desk, drafts))

        def flat() -> FlatTable:
            from mbo_desktop.documents.desk_result import desk_flat

            return desk_flat(desk_papers.desk_paper(store, desk, drafts))

        print_document(
            self, self.workspace, self.tr("{}年度目标测算表").format(desk.year), make, flat=flat
        )

    # Choosing -------------------------------------------------------------------

    def _on_units(self) -> None:
        self.activate()

    def _on_category(self) -> None:
        self.source.category = self.categories.currentData() or 0
        if self.grid is not None:
            self.grid.reload()

    def save_state(self) -> Mapping[str, Any]:
        """Which units and whether their last year is listed."""
        return {"units": self.units.currentData() or "", "fields": self.fields.isChecked()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = dict(state)
        self.fields.setChecked(bool(state.get("fields", True)))
