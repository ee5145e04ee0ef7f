"""The view 来源 of 目标体系: meetings and documents, their items, and coverage both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import register_edits, registers
from mbo_desktop.services.registers import SourceRow
from ui.dialogs.source_facts import ItemDialog, PasteItemsDialog, SourceDialog
from ui.grids.columns import GridQuery
from ui.grids.panel import GridPanel
from ui.pages.room_view import RoomView
from ui.pages.season_items import ItemSource, UnsourcedSource
from ui.pages.season_origins import IndicatorPanel, ItemPanel
from ui.pages.season_source_list import ALL, UNSOURCED, SourceList
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace


class SourcesView(RoomView):
    """Meetings and documents at the left, their items in the middle, what rests on them at the right."""

    key = "sources"
    manual = "sources"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._year = -1
        self._sources: dict[int, SourceRow] = {}
        self._build_tools()
        self.listing = SourceList()
        self.listing.source_chosen.connect(self._show_items)
        self.listing.itemDoubleClicked.connect(self.edit_source)
        self.tables = QStackedWidget()
        self.panel: GridPanel | None = None
        self.unsourced: GridPanel | None = None
        self.side = QStackedWidget()
        self.item_panel = ItemPanel(workspace)
        self.indicator_panel = IndicatorPanel(workspace)
        for panel in (self.item_panel, self.indicator_panel):
            panel.cell_asked.connect(self.cell_asked)
            self.side.addWidget(panel)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.listing)
        for widget in (left, self.tables, self.side):
            self.body.addWidget(widget)
        self.body.setStretchFactor(1, 1)
        self.body.setSizes([scaled(216), scaled(10_000), scaled(290)])
        left.setMinimumWidth(scaled(170))
        self.side.setMinimumWidth(scaled(240))
        self.empty = EmptyPage(
            "megaphone", self.tr("还没有登记会议和文件"),
            self.tr("目标从哪里来,在这里登记:省责任书、政府工作报告、市委经济工作会议、常务会议……条目可整篇粘贴,再把目标挂上去,哪条没有落实一看便知。"),
            ((self.tr("登记会议或文件"), self.add_source),),
        )
        self.tables.addWidget(self.empty)
        self._build_actions()

    # Building -----------------------------------------------------------------

    def _build_tools(self) -> None:
        self.uncovered = QCheckBox(self.tr("只看未落实"))
        self.uncovered.toggled.connect(self._show_items)
        self.add_tool(self.uncovered)
        self._filter_place = QWidget()
        holder = QVBoxLayout(self._filter_place)
        holder.setContentsMargins(0, 0, 0, 0)
        self._filter_place.setMinimumWidth(scaled(150))
        self.add_tool(self._filter_place, 1)
        self.paste_button = self.add_tool_button(
            self.tr("录入条目…"), self.paste_items, hint=self.tr("整篇粘贴或从文件读入,Ctrl+Shift+V")
        )
        self.item_button = self.add_tool_button(
            self.tr("新建条目"), self.add_item, hint=self.tr("Insert")
        )
        self.source_button = self.add_tool_button(
            self.tr("登记会议或文件"), self.add_source, primary=True
        )

    def _build_actions(self) -> None:
        for text, keys, act in (
            (self.tr("新建条目"), "Ins", self.add_item),
            (self.tr("录入条目…"), "Ctrl+Shift+V", self.paste_items),
            (self.tr("删除…"), "Ctrl+Del", self.delete),
            (self.tr("标为标题/条目"), "", self.toggle_heading),
            (self.tr("修改会议或文件…"), "", self.edit_source),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(act)
            self.addAction(action)
        for widget in (self.listing, self.tables):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            widget.addActions(self.actions())

    def _make_tables(self) -> None:
        for old in (self.panel, self.unsourced):
            if old is not None:
                self.tables.removeWidget(old)
                old.filter_field.hide()
                old.filter_field.deleteLater()
                old.deleteLater()
        self.source = ItemSource(self.store, self.year)
        self.panel = GridPanel(
            self.workspace, self.source, filter_hint=self.tr("筛选条目… 拼音首字母也可")
        )
        self.panel.set_empty(EmptyPage(
            "list-tree", self.tr("没有条目"),
            self.tr("复制政府工作报告、会议纪要的条目,在这里按 Ctrl+V;也可从文本、Word 文件读入,或逐条新建。"),
            ((self.tr("录入条目…"), self.paste_items), (self.tr("新建条目"), self.add_item)),
        ))
        self.unsourced = GridPanel(self.workspace, UnsourcedSource(self.store, self.year))
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.summary_changed.connect(self._on_selection)
        self.unsourced.view.current_row_changed.connect(self._on_indicator)
        self.unsourced.view.opened.connect(self._on_indicator_opened)
        for table in (self.panel, self.unsourced):
            self.tables.addWidget(table)
        layout = self._filter_place.layout()
        for one in (self.panel.filter_field, self.unsourced.filter_field):
            layout.addWidget(one)
        self.panel.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.panel.view.addActions(self.actions())
        self.panel.view.viewport().installEventFilter(self)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year's register."""
        if self._year != self.year:
            self._year = self.year
            self._make_tables()
        self._read_list()
        self._show_items()

    def refresh(self, changes: Any) -> None:
        """Read again what changed."""
        touched = set() if changes is None else set(changes.ids_by_type)
        if changes is None or touched & {
            "source", "source_item", "source_link", "indicator", "target", "category", "unit"
        }:
            self.activate()

    def _read_list(self) -> None:
        rows = registers.sources(self.store, self.year)
        self._sources = {row.id: row for row in rows}
        summary = registers.coverage(self.store, self.year)
        self.listing.show_sources(rows, summary)
        self.figures_changed.emit(summary.sentence if rows or summary.indicators else "")

    def _show_items(self) -> None:
        if self.panel is None or self.unsourced is None:
            return
        unsourced = self.listing.chosen == UNSOURCED
        nothing = not self._sources
        self.panel.filter_field.setVisible(not unsourced and not nothing)
        self.unsourced.filter_field.setVisible(unsourced and not nothing)
        for widget in (self.uncovered, self.paste_button, self.item_button):
            widget.setVisible(not unsourced and not nothing)
        self.side.setVisible(not nothing)
        if nothing:
            self.tables.setCurrentWidget(self.empty)
            self.setFocusProxy(self.empty.buttons[0])
            return
        table = self.unsourced if unsourced else self.panel
        if unsourced:
            self.unsourced.model.source.reload()  # type: ignore[attr-defined]
        else:
            of = RecordId(self.listing.chosen) if self.listing.chosen > 0 else None
            self.source.show(of, only_uncovered=self.uncovered.isChecked())
            several = of is None and len(self._sources) > 1
            self.panel.view.show_column(self.panel.model.column_of("source"), several)
        table.model.refresh()
        self.tables.setCurrentWidget(table)
        self.side.setCurrentWidget(self.indicator_panel if unsourced else self.item_panel)
        self.setFocusProxy(table)
        self._fit_text()
        self._show_side()

    def shown(self) -> None:
        """Rows into the status bar."""
        table = self.tables.currentWidget()
        if isinstance(table, GridPanel):
            table.tell_status()
        else:
            super().shown()

    def show_hint(self) -> None:
        """All items without a target: the tick set, no other filter."""
        if self.panel is not None:
            self.panel.filter_field.clear()
            self.panel.view.ask(GridQuery())
        self.listing.choose(ALL)
        self.uncovered.setChecked(True)

    def show_record(self, record: int) -> None:
        """Make an item current among all items, whatever a filter hid."""
        if self.panel is None:
            return
        self.panel.filter_field.clear()
        self.panel.view.ask(GridQuery())
        self.uncovered.setChecked(False)
        self.listing.choose(ALL)
        self.panel.view.show_record(record)

    def show_source(self, record: int) -> None:
        """All items of a meeting or document."""
        self.uncovered.setChecked(False)
        self.listing.choose(record)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The content column takes the room that is there."""
        if event.type() == QEvent.Type.Resize:
            self._fit_text()
        return bool(super().eventFilter(watched, event))

    def _fit_text(self) -> None:
        if self.panel is None:
            return
        view = self.panel.view
        text = self.panel.model.column_of("text")
        others = sum(view.columnWidth(n) for n in view.sections() if n != text)
        room = view.viewport().width() - others
        view.setColumnWidth(text, max(room, scaled(180)))

    # Selection ----------------------------------------------------------------

    def _on_row(self, _row: object) -> None:
        self._show_side()

    def _on_selection(self, _summary: object) -> None:
        if self.panel is not None and len(set(self.panel.view.selected_ids())) > 1:
            self._show_side()

    def _show_side(self) -> None:
        if self.panel is None:
            return
        if self.listing.chosen == UNSOURCED:
            self._on_indicator(self.unsourced.view.current_id() if self.unsourced else 0)
            return
        ids = [row for row in self.panel.view.selected_ids() if row]
        found = [self.source.items[row] for row in ids if row in self.source.items]
        if not found and self.listing.chosen > 0:
            self.item_panel.show_source(RecordId(self.listing.chosen))
        else:
            self.item_panel.show_items(found)

    def _on_indicator(self, record: object) -> None:
        indicator = RecordId(int(record))  # type: ignore[call-overload]
        if self.unsourced is None or not indicator:
            self.indicator_panel.show_indicator(None)
            return
        row = self.unsourced.model.source.rows([indicator]).get(indicator)
        self.indicator_panel.show_indicator(indicator, row.cell("name").text if row else "")

    def _on_indicator_opened(self, record: object) -> None:
        self.cell_asked.emit(record, None)

    # Doing --------------------------------------------------------------------

    def add_source(self) -> None:
        """Register a meeting or document."""
        dialog = SourceDialog(self.window(), self.store, self.year)
        dialog.accepted.connect(self._on_source_made)
        self._asked = dialog
        dialog.open()

    def _on_source_made(self) -> None:
        self.listing.chosen = int(self._asked.record or ALL)
        self.activate()

    def edit_source(self) -> None:
        """Change the facts of the chosen meeting or document."""
        if self.listing.chosen > 0 and not self.workspace.read_only:
            SourceDialog(self.window(), self.store, self.year, RecordId(self.listing.chosen)).open()

    def _target_source(self) -> RecordId | None:
        """Where new items go: the chosen source, else that of the current item, else the only one."""
        if self.listing.chosen > 0:
            return RecordId(self.listing.chosen)
        current = self.source.items.get(self.panel.view.current_id()) if self.panel else None
        if current is not None:
            return current.source
        if len(self._sources) == 1:
            return RecordId(next(iter(self._sources)))
        self.workspace.say(self.tr("没有选定会议或文件。请先在左侧选一个,条目将录入到它下面。"), tone="amber")
        return None

    def add_item(self) -> None:
        """One more item."""
        of = self._target_source() if self._may_write() else None
        if of is not None:
            ItemDialog(self.window(), self.store, of).open()

    def paste_items(self) -> None:
        """A list of items as text."""
        of = self._target_source() if self._may_write() else None
        if of is None:
            return
        dialog = PasteItemsDialog(self.window(), self.store, of)
        dialog.accepted.connect(self._on_pasted)
        self._asked_items = dialog
        dialog.open()

    def _on_pasted(self) -> None:
        outcome = self._asked_items.outcome
        if outcome is not None:
            text = outcome.sentence
            if outcome.warnings:
                text += self.tr("提醒:{}").format(";".join(outcome.warnings[:3]))
            self.workspace.say(text, tone="amber" if outcome.warnings else "green")

    def delete(self) -> None:
        """The selected items, or from the list the meeting or document, after a question."""
        if not self._may_write() or self.panel is None or self.listing.chosen == UNSOURCED:
            return
        if self.listing.hasFocus():
            if self.listing.chosen > 0 and self._sure(self.tr("删除“{}”和它的 {} 条条目?").format(
                    self._sources[self.listing.chosen].name, self._sources[self.listing.chosen].items)):
                record = RecordId(self.listing.chosen)
                self.workspace.perform(lambda: registers.delete_source(self.store, record))
            return
        ids = [RecordId(row) for row in self.panel.view.selected_ids() if row]
        if ids and self._sure(self.tr("删除所选 {} 条条目?可撤销。").format(len(ids))):
            self.workspace.perform(lambda: registers.delete_items(self.store, ids))

    def _sure(self, question: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("删除"), question, parent=self.window())
        yes: QPushButton = box.addButton(self.tr("删除"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("取消"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is yes

    def toggle_heading(self) -> None:
        """Headings become items and items headings."""
        if self.panel is None or not self._may_write() or self.listing.chosen == UNSOURCED:
            return
        found = [self.source.items[row] for row in self.panel.view.selected_ids() if row in self.source.items]
        if found:
            heading = not found[0].is_heading
            self.workspace.perform(lambda: register_edits.set_headings(
                self.store, [item.id for item in found], is_heading=heading))

    def _may_write(self) -> bool:
        return self.workspace.may_write(self.tr("修改"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V where no item is yet takes the copied list in; Delete in the list deletes."""
        no_rows = self.panel is not None and not self.panel.model.rowCount()
        if event.matches(QKeySequence.StandardKey.Paste) and self._sources and no_rows:
            self.paste_items()
        elif event.key() == Qt.Key.Key_Delete and self.listing.hasFocus():
            self.delete()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def find(self) -> None:
        """The find bar of the table."""
        table = self.tables.currentWidget()
        if isinstance(table, GridPanel):
            table.find()

    def copy(self) -> None:
        """The selected block."""
        table = self.tables.currentWidget()
        if isinstance(table, GridPanel):
            table.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is registered while another writes."""
        for button in (self.source_button, self.item_button, self.paste_button, *self.empty.buttons):
            button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Only what is not there again by itself: the tick."""
        return {"uncovered": self.uncovered.isChecked()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.uncovered.setChecked(bool(state.get("uncovered")))
