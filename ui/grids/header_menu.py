"""The header's filter list and the menu to sort, hide and choose columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
)

from ui.grids.columns import ColumnFilter, GridQuery
from ui.theme import scaled

if TYPE_CHECKING:
    from ui.grids.view import GridView

TEXT_ROLE = Qt.ItemDataRole.UserRole


class FilterPopup(QFrame):
    """What a column holds, to tick, and a text that must be contained."""

    def __init__(self, view: GridView, section: int) -> None:
        super().__init__(view, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view = view
        self._key = view.grid.columns[section].key
        present = view.grid.query.filters.get(self._key, ColumnFilter())
        self.contains = QLineEdit(present.contains)
        self.contains.setPlaceholderText(self.tr("包含文字…"))
        self.contains.returnPressed.connect(self.accept)
        self.values = QListWidget()
        self._fill(present)
        self.values.itemChanged.connect(self._on_item_changed)
        apply_button = QPushButton(self.tr("筛选"))
        apply_button.setProperty("role", "primary")
        apply_button.clicked.connect(self.accept)
        clear_button = QPushButton(self.tr("清除筛选"))
        clear_button.clicked.connect(self.clear)
        buttons = QHBoxLayout()
        buttons.addWidget(clear_button)
        buttons.addStretch(1)
        buttons.addWidget(apply_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.contains)
        layout.addWidget(self.values)
        layout.addLayout(buttons)
        self.setFixedWidth(scaled(260))
        self.values.setVisible(self.values.count() > 0)
        self.contains.setFocus()

    def _fill(self, present: ColumnFilter) -> None:
        distinct = getattr(self._view.grid.source, "distinct", None)
        if distinct is None:
            return
        self._add(self.tr("(全选)"), None, present.values is None)
        for text, count in distinct(self._key, self._view.grid.query):
            shown = text.replace("\n", " ")[:60] or self.tr("(空白)")
            ticked = present.values is None or text in present.values
            self._add(f"{shown}  {count}", text, ticked)

    def _add(self, label: str, text: str | None, ticked: bool) -> None:
        item = QListWidgetItem(label)
        item.setData(TEXT_ROLE, text)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.values.addItem(item)

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        if self.values.row(item) != 0:
            return
        for row in range(1, self.values.count()):
            self.values.item(row).setCheckState(item.checkState())

    def rule(self) -> ColumnFilter | None:
        """What was chosen; None when nothing is left out."""
        items = [self.values.item(row) for row in range(1, self.values.count())]
        ticked = [i for i in items if i.checkState() == Qt.CheckState.Checked]
        contains = self.contains.text().strip()
        if len(ticked) == len(items):
            return ColumnFilter(contains=contains) if contains else None
        return ColumnFilter(frozenset(i.data(TEXT_ROLE) for i in ticked), contains)

    def accept(self) -> None:
        """Filter by what was chosen."""
        self._ask(self.rule())

    def clear(self) -> None:
        """Show all again."""
        self._ask(None)

    def _ask(self, rule: ColumnFilter | None) -> None:
        query = self._view.grid.query
        filters = {key: other for key, other in query.filters.items() if key != self._key}
        if rule is not None:
            filters[self._key] = rule
        self.close()
        self._view.ask(GridQuery(query.text, filters, query.sort, query.descending))


def column_menu(view: GridView, section: int) -> QMenu:
    """Sort, filter, hide a column; choose which columns are shown."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    query = view.grid.query
    columns = view.grid.columns
    if 0 <= section < len(columns) and columns[section].sortable:
        key = columns[section].key
        for label, descending in ((view.tr("升序"), False), (view.tr("降序"), True)):
            action = menu.addAction(label)
            action.setData(("sort", key, descending))
        action = menu.addAction(view.tr("恢复规定顺序"))
        action.setData(("sort", "", False))
        action.setEnabled(bool(query.sort))
        menu.addSeparator()
    if 0 <= section < len(columns):
        menu.addAction(view.tr("隐藏“{}”").format(columns[section].title)).setData(("hide", section, 0))
    if query.filters:
        menu.addAction(view.tr("清除全部筛选")).setData(("clear", 0, 0))
    chooser = menu.addMenu(view.tr("显示的列"))
    for number, column in enumerate(columns[:80]):
        name = f"{column.group} · {column.title}" if column.group else column.title
        action = chooser.addAction(name)
        action.setCheckable(True)
        action.setChecked(not view.isColumnHidden(number))
        action.setData(("show", number, 0))

    def chosen(action: QAction) -> None:
        _carry_out(view, action)

    menu.triggered.connect(chosen)
    return menu


def _carry_out(view: GridView, action: QAction) -> None:
    what, which, more = action.data()
    query = view.grid.query
    if what == "sort":
        view.ask(GridQuery(query.text, query.filters, which, bool(more)))
    elif what == "hide":
        view.show_column(which, False)
    elif what == "show":
        view.show_column(which, action.isChecked())
    elif what == "clear":
        view.ask(GridQuery(query.text, {}, query.sort, query.descending))
