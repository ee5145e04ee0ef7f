"""The view 按单位人员 of 目标分解: units, their people, and what each of them carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QStackedWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import carried, handover
from mbo_desktop.services.carried import CarrierKind, CarrierRow, Carriers, NodeNumbers
from mbo_desktop.services.handover import shown_amount
from mbo_desktop.store.database import Store
from ui.dialogs.handover import MoveTasksDialog, ask_hand_over
from ui.grids.columns import Cell, Column, Edit, Kind, Tone
from ui.grids.source import Refused
from ui.grids.tree_model import TreeModel, TreeRow
from ui.grids.tree_view import TreeView
from ui.later import later
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

FILTER_DELAY_MS = 200
_TOUCHING = frozenset({
    "allocation", "target", "indicator", "unit", "post", "person", "tenure", "year", "adjustment",
})
_OPENED = 400
"""Rows that a filter opens by itself."""

CARRIER_COLUMNS = (
    Column("name", "单位、人员、任务", width=300, frozen=True),
    Column("title", "岗位/身份", width=130),
    Column("total", "承担", Kind.NUMBER, width=52, hint="承担的任务项数;单位为目标和分到的任务"),
    Column("responsible", "责任人", Kind.NUMBER, width=58, hint="作为责任人的项数"),
    Column("handler", "经办人", Kind.NUMBER, width=58, hint="作为经办人的项数"),
    Column("leader", "责任领导", Kind.NUMBER, width=78, hint="作为责任领导的项数"),
    Column("value", "目标值", width=110),
    Column("due", "时限", width=92),
    Column("note", "说明", width=250),
)


class CarrierSource:
    """The rows of one reading; nothing is written here."""

    columns = CARRIER_COLUMNS

    def __init__(self, store: Store) -> None:
        self.store = store
        self.year = 0
        self.carriers: Carriers | None = None

    def child_ids(self, parent: int) -> Sequence[int]:
        """Below a unit, a person."""
        return [] if self.carriers is None else self.carriers.child_ids(parent)

    def rows(self, ids: Sequence[int]) -> Mapping[int, TreeRow]:
        """Rows as cells."""
        if self.carriers is None:
            return {}
        found = self.carriers.read_rows(self.store, self.year, ids)
        return {one: _tree_row(row) for one, row in found.items()}

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Nothing is typed here."""
        return None


def _tree_row(row: CarrierRow) -> TreeRow:
    warned = Tone.AMBER if row.is_idle or row.is_open else Tone.PLAIN
    if row.kind is CarrierKind.NODE:
        branch = row.branch
        return TreeRow(row.id, {
            "name": Cell(row.name, note=row.name), "title": Cell(row.title, tone=Tone.MUTED),
            "value": "" if branch is None else shown_amount(branch),
            "due": "" if branch is None or branch.due is None else branch.due.isoformat(),
            "note": row.note,
        })
    vacant = row.kind is CarrierKind.POST and row.person is None
    cells: dict[str, Cell | str] = {
        "name": Cell(row.name, tone=Tone.RED if vacant and row.is_open else warned),
        "title": Cell(row.title, tone=Tone.MUTED),
        "total": str(row.total) if row.total or row.is_idle else "",
        "note": Cell(row.note, tone=Tone.RED if vacant and row.is_open else warned, note=row.note),
    }
    for key in ("responsible", "handler", "leader"):
        count = getattr(row, key)
        cells[key] = str(count) if count else ""
    return TreeRow(row.id, cells, child_count=row.child_count, bold=row.kind is CarrierKind.UNIT)


class CarrierTree(TreeView):
    """Enter on a task goes to its place in the tree; on a unit or person it opens and closes."""

    def __init__(self, view: CarriersView, source: CarrierSource) -> None:
        super().__init__(TreeModel(source))
        self._view = view
        self.header_row.setStretchLastSection(True)
        self.tree.read_only = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier:
            self._view.open_current()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """As Enter."""
        if self.indexAt(event.position().toPoint()).isValid():
            self._view.open_current()
            event.accept()

    def _on_menu(self, place: Any) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._view.deeds():
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("复制")).triggered.connect(self.copy)
        menu.exec(self.viewport().mapToGlobal(place))


class CarriersView(RoomView):
    """Filter, tree, and the deeds on a person: hand over, move the tasks."""

    key = "carriers"
    manual = "decomposition"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.source = CarrierSource(self.store)
        self.tree = CarrierTree(self, self.source)
        self._numbers = NodeNumbers()
        self._asked = 0
        self._read_year = -1
        self._state: Mapping[str, Any] = {}
        self._narrow = False
        self._read_only = False
        self._build_tools()
        self.empty = EmptyPage(
            "users", self.tr("还没有单位和人员"),
            self.tr("单位、岗位和任职人员在“单位人员”中登记;在“按目标”中写上责任人、经办人,人员也会自动登记。"),
            ((self.tr("去单位人员"), self._go_offices),),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tree)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack)
        self.setFocusProxy(self.stack)
        self.stack.setFocusProxy(self.tree)
        self.tree.find_asked.connect(self.find)
        self.tree.current_row_changed.connect(self._on_current)

    # Building -----------------------------------------------------------------

    def _build_tools(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选单位、人员、岗位、任务… 拼音首字母也可"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(scaled(230))
        self._timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._timer.timeout.connect(self._apply_filter)
        self.filter.textChanged.connect(self._timer.start)
        self.filter.returnPressed.connect(self._on_entered)
        self.idle = QCheckBox(self.tr("只看没有承担、没有落实的"))
        self.idle.toggled.connect(self._apply_filter)
        self.add_tool(self.filter, 1)
        self.add_tool(self.idle)
        self.move_button = self.add_tool_button(
            self.tr("任务转岗…"), self.move_tasks, hint=self.tr("把选中岗位的任务转给另一岗位"))
        self.leave_button = self.add_tool_button(
            self.tr("离岗交接…"), self.hand_over, hint=self.tr("选中人员离岗,岗位和任务一次移交"))
        self.open_button = self.add_tool_button(
            self.tr("打开所在项  Enter"), self.open_current, primary=True,
            hint=self.tr("到“按目标”的树中打开这项任务"))

    def deeds(self) -> list[QAction]:
        """What can be done with the current row, for the context menu."""
        made = []
        for text, act, button in (
            (self.tr("打开\tEnter"), self.open_current, self.open_button),
            (self.tr("离岗交接…"), self.hand_over, self.leave_button),
            (self.tr("任务转给另一岗位…"), self.move_tasks, self.move_button),
        ):
            action = QAction(text, self.tree)
            action.setEnabled(button.isEnabled())
            action.triggered.connect(act)
            made.append(action)
        return made

    # Reading ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year off the window's thread, then show."""
        self._asked += 1
        asked, store, year, numbers = self._asked, self.store, self.year, self._numbers

        def done(found: Carriers) -> None:
            if asked == self._asked:
                self._take(found, year)

        self.workspace.jobs.read(
            lambda: carried.read_carriers(store, year, numbers=numbers), done, self
        )

    def refresh(self, changes: Any) -> None:
        """Read again when something changed that is shown."""
        touched = getattr(changes, "ids_by_type", None)
        if touched is None or _TOUCHING & set(touched):
            self.activate()

    def _take(self, found: Carriers, year: int) -> None:
        first = self._read_year != year
        self._read_year, self.source.year = year, year
        self.source.carriers = found
        empty = not found.child_ids(0)
        self.stack.setCurrentWidget(self.empty if empty else self.tree)
        self.figures_changed.emit(found.figures.sentence)
        if first or self._narrow:
            self._apply_filter()
        else:
            self.tree.tree.sync_shown()
        if first:
            later(self, self._open_first)
        self._on_current()
        self.shown()

    def _open_first(self) -> None:
        """The places of last time, else the units one by one."""
        carriers = self.source.carriers
        if carriers is None or self._narrow:
            return
        self.tree.expand_levels(1)
        chain = [one for one in self._state.get("current", ()) if one in carriers.rows]
        if not (chain and self.tree.show_record(chain)):
            top = carriers.child_ids(0)
            if top:
                self.tree.show_record(top[:1])
        self._state = {}

    def shown(self) -> None:
        """Counts into the status bar."""
        carriers = self.source.carriers
        if carriers is not None:
            figures = carriers.figures
            self.workspace.status(
                "rows", self.tr("{} 个单位,{} 人").format(f"{figures.units:,}", f"{figures.people:,}")
            )

    # Filter -------------------------------------------------------------------

    def _apply_filter(self) -> None:
        carriers = self.source.carriers
        if carriers is None:
            return
        text, only_idle = self.filter.text(), self.idle.isChecked()
        if not text.strip() and not only_idle:
            was_narrow, self._narrow = self._narrow, False
            chain = self.tree.tree.path(self.tree.current_id())
            self.tree.tree.set_visible(None)
            if was_narrow and chain:
                later(self, lambda: self.tree.show_record(chain))
            self.shown()
            return
        self._narrow = True
        found = carriers.matching(text, only_idle=only_idle)
        self.tree.tree.set_visible(found.visible)
        later(self, lambda: self._open_found(found.visible))
        self.workspace.status("rows", self.tr("找到 {} 处").format(f"{found.hits:,}"))

    def _open_found(self, visible: frozenset[int]) -> None:
        """Open the way to what fits, as far as that is not too much at once."""
        carriers = self.source.carriers
        if carriers is None:
            return
        opened, waiting = 0, list(carriers.child_ids(0))
        while waiting and opened < _OPENED:
            number = waiting.pop(0)
            row = carriers.rows.get(number)
            if number not in visible or row is None:
                continue
            if row.kind is CarrierKind.UNIT or self.filter.text().strip() or row.is_open:
                self.tree.expand(self.tree.tree.index_of(number))
                opened += 1
                waiting += [one for one in carriers.child_ids(number) if one in carriers.rows]
        if not self.tree.currentIndex().isValid():
            top = [one for one in carriers.child_ids(0) if one in visible]
            if top:
                self.tree.show_record(top[:1])

    def _on_entered(self) -> None:
        self._timer.stop()
        self._apply_filter()
        self.tree.setFocus()

    def find(self) -> None:
        """Ctrl+F: into the filter."""
        self.filter.setFocus()
        self.filter.selectAll()

    def show_hint(self) -> None:
        """Opened to see who carries nothing."""
        self.idle.setChecked(True)

    # Deeds --------------------------------------------------------------------

    def current_row(self) -> CarrierRow | None:
        """The row the deeds are about."""
        carriers, number = self.source.carriers, self.tree.current_id()
        if carriers is None or not number:
            return None
        return carriers.read_rows(self.store, self.year, [number]).get(number)

    def _person_row(self) -> CarrierRow | None:
        """The post that is current, or whose task is current."""
        row = self.current_row()
        path = self.tree.tree.path(self.tree.current_id())
        if row is not None and row.kind is CarrierKind.NODE and len(path) > 1:
            carriers = self.source.carriers
            row = None if carriers is None else carriers.rows.get(path[-2])
        return row if row is not None and row.kind is CarrierKind.POST else None

    def _on_current(self, _key: object = None) -> None:
        row = self._person_row()
        self.leave_button.setEnabled(
            row is not None and row.person is not None and not self._read_only
        )
        self.move_button.setEnabled(row is not None and row.total > 0 and not self._read_only)

    def open_current(self) -> None:
        """A task in the tree; a unit or person opened or closed."""
        row = self.current_row()
        index = self.tree.currentIndex().siblingAtColumn(0)
        if row is None:
            return
        if row.kind is CarrierKind.NODE and row.node:
            self.cell_asked.emit(row.node, "")
        elif row.child_count:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def hand_over(self) -> None:
        """The person of the current row leaves."""
        row = self._person_row()
        if row is None or row.person is None:
            self.workspace.say(self.tr("请先在表中选择离岗的人员。"), tone="amber")
            return
        ask_hand_over(self, self.workspace, row.person)

    def move_tasks(self) -> None:
        """The tasks of the current post go to another."""
        row = self._person_row()
        if row is None or row.post is None or not row.total:
            self.workspace.say(self.tr("请先在表中选择承担任务的岗位。"), tone="amber")
            return
        load = handover.load_of_post(self.store, row.post, year=self.year)
        dialog = MoveTasksDialog(self.window(), self.workspace, load)
        if dialog.exec() and dialog.moved:
            self.workspace.say(self.tr("已转交 {} 项任务,可以撤销。").format(dialog.moved), tone="green")

    def _go_offices(self) -> None:
        self.workspace.go("offices")

    def show_person(self, person: int) -> None:
        """Make somebody's first post current."""
        carriers = self.source.carriers
        chain = [] if carriers is None else carriers.path_to_person(RecordId(person))
        if chain:
            self.tree.show_record(chain)

    def copy(self) -> None:
        """The selected cells."""
        self.tree.copy()

    def set_read_only(self, read_only: bool) -> None:
        """No hand-over while another writes."""
        self._read_only = read_only
        self._on_current()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Widths and the unit or person that was current."""
        if self.source.carriers is None:
            return self._state
        path = self.tree.tree.path(self.tree.current_id())
        known = [one for one in path if one in self.source.carriers.rows]
        return {"widths": self.tree.save_state()["widths"], "current": known}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take them up."""
        self._state = state
        self.tree.restore_state({"widths": state.get("widths", {})})

