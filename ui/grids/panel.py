"""A table as a page uses it: with find bar, filter field, messages, status figures and memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from ui.grids.columns import ColumnFilter, GridQuery
from ui.grids.find_bar import FindBar
from ui.grids.model import GridModel, Outcome
from ui.grids.source import GridSource
from ui.grids.summary import Summary
from ui.grids.view import GridView
from ui.theme import scaled, unscaled
from ui.workspace import Workspace

FILTER_DELAY_MS = 200


class GridPanel(QWidget):
    """A `GridView` over a source, wired to the window.

    `filter_field` is to be put into the page's filter row; `set_empty()` gives what is shown
    instead of a table without any row. `view` and `model` are the parts.
    """

    def __init__(
        self, workspace: Workspace, source: GridSource, parent: QWidget | None = None,
        *, filter_hint: str = "",
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.model = GridModel(source, lambda read, done: workspace.jobs.read(read, done, self))
        self.view = GridView(self.model)
        self.find_bar = FindBar(self.view)
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(filter_hint or self.tr("筛选… 拼音首字母也可"))
        self.filter_field.setClearButtonEnabled(True)
        self._filter_timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._filter_timer.timeout.connect(self._on_filter_rests)
        self.filter_field.textChanged.connect(self._filter_timer.start)
        self.filter_field.returnPressed.connect(self._on_filter_entered)
        table = QWidget()
        inner = QVBoxLayout(table)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.find_bar)
        inner.addWidget(self.view, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(table)
        self.setFocusProxy(self.view)
        self._empty: QWidget | None = None
        self._counts = (0, 0)
        self._summary = Summary()
        self._read_only = False
        self.model.counted.connect(self._on_counted)
        self.model.wrote.connect(self._on_wrote)
        self.view.summary_changed.connect(self._on_summary)
        self.view.complained.connect(workspace.report)
        workspace.read_only_changed.connect(self.set_read_only)
        self.set_read_only(workspace.read_only)

    def set_empty(self, page: QWidget) -> None:
        """What teaches when there is no row at all (an `EmptyPage`)."""
        self._empty = page
        self._stack.addWidget(page)

    def reload(self) -> None:
        """Ask the source again."""
        self.model.reload()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow typing."""
        self._read_only = read_only
        self.model.read_only = read_only

    def tell_status(self) -> None:
        """Put rows and sum into the status bar (a page calls it when it is shown)."""
        shown, total = self._counts
        text = self.tr("{} 行").format(f"{total:,}")
        if self.model.query.narrows:
            text = self.tr("{} 行(筛选后 {})").format(f"{total:,}", f"{shown:,}")
        self._workspace.status("rows", text)
        self._workspace.status("summary", self._summary.sentence())

    def find(self) -> None:
        """Open the find bar."""
        self.find_bar.open()

    def _on_counted(self, shown: int, total: int) -> None:
        self._counts = (shown, total)
        if self._empty is not None:
            self._stack.setCurrentWidget(
                self._empty if not total and not self.model.query.narrows else self._stack.widget(0)
            )
        if self.isVisible():
            self.tell_status()

    def _on_summary(self, summary: Summary) -> None:
        self._summary = summary
        if self.isVisible():
            self.tell_status()

    def _on_wrote(self, outcome: Outcome) -> None:
        sentence = outcome.sentence()
        # One unreadable cell has its reason beside it; more need a sentence.
        if sentence and (outcome.unreadable > 1 or outcome.read_only or outcome.beyond):
            self._workspace.say(sentence, tone="amber")

    def _on_filter_rests(self) -> None:
        self.view.set_filter_text(self.filter_field.text())

    def _on_filter_entered(self) -> None:
        self._filter_timer.stop()
        self._on_filter_rests()
        self.view.setFocus()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> dict[str, Any]:
        """Widths, hidden columns, sort, filters, current record, as JSON values."""
        query = self.model.query
        view = self.view
        return {
            "widths": {c.key: unscaled(view.columnWidth(n)) for n, c in enumerate(self.model.columns)
                       if not view.isColumnHidden(n)},
            "hidden": [c.key for n, c in enumerate(self.model.columns) if view.isColumnHidden(n)],
            "sort": query.sort,
            "descending": query.descending,
            "text": query.text,
            "filters": {
                key: {"values": None if rule.values is None else sorted(rule.values),
                      "contains": rule.contains}
                for key, rule in query.filters.items()
            },
            "current": view.current_id(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what `save_state` gave; columns that are gone are left out. Does not read."""
        keys = {column.key: n for n, column in enumerate(self.model.columns)}
        for key, width in state.get("widths", {}).items():
            if key in keys and isinstance(width, int) and width > 0:
                self.view.setColumnWidth(keys[key], scaled(width))
        for key in state.get("hidden", ()):
            if key in keys:
                self.view.show_column(keys[key], False)
        filters = {
            key: ColumnFilter(
                None if rule.get("values") is None else frozenset(rule["values"]),
                rule.get("contains", ""),
            )
            for key, rule in state.get("filters", {}).items() if key in keys
        }
        sort = state.get("sort", "")
        self.model.query = GridQuery(
            state.get("text", ""), filters, sort if sort in keys else "",
            bool(state.get("descending")),
        )
        self.filter_field.setText(self.model.query.text)
        self._filter_timer.stop()
        self.view.frozen.arrange()
        self.view.mark_header()
