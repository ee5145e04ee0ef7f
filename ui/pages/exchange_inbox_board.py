"""The list of 收件 above, the fields that would change below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.services import receiving
from mbo_desktop.services.received import FieldChange, Inbox
from ui.grids.entering import open_by_enter
from ui.grids.find_bar import FindBar
from ui.grids.model import GridModel
from ui.grids.ticks import TickView
from ui.grids.view import GridView
from ui.pages.exchange_inbox_rows import (
    FieldSource,
    InboxSource,
    first_ticks,
    may_be_ticked,
    state_word,
)
from ui.theme import scaled
from ui.workspace import Workspace

ONE, ALL = "one", "all"


class InboxBoard(QWidget):
    """Ticks above; below, old beside new of the selected file or of all ticked ones."""

    ticked = Signal()
    row_changed = Signal(int)
    """Number of the selected row, 0 for none."""
    opened = Signal()
    """Enter on a row."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._store = workspace, workspace.store
        self.source: InboxSource | None = None
        self.model = GridModel(InboxSource(Inbox((), ()), (), frozenset()))
        self.model.wrote.connect(self._on_ticked)
        self.view = TickView(self.model)
        self.find_bar = FindBar(self.view)
        self.view.find_asked.connect(self.find_bar.open)
        self.view.current_row_changed.connect(self._on_row)
        open_by_enter(self.view, self.opened.emit)
        self.setFocusProxy(self.view)
        self.missing: tuple[str, ...] = ()
        self.changes: Sequence[FieldChange] = ()
        self._previews: dict[frozenset[int], Sequence[FieldChange]] = {}
        self._wanted: frozenset[int] = frozenset()
        self._number = 0
        self.headline = QLabel(self.tr("新旧对照"))
        self.headline.setProperty("role", "subheading")
        self.scope = QComboBox()
        self.scope.setAccessibleName(self.tr("对照范围"))
        self.scope.addItem(self.tr("勾选的全部文件"), ALL)
        self.scope.addItem(self.tr("选中的一个文件"), ONE)
        self.scope.activated.connect(self._read_changes)
        self.field_model = GridModel(FieldSource())
        self.fields = GridView(self.field_model)
        top = QHBoxLayout()
        top.addWidget(self.headline, 1)
        top.addWidget(self.scope)
        below = QWidget()
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, scaled(4), 0, 0)
        lower.setSpacing(scaled(6))
        lower.addLayout(top)
        lower.addWidget(self.fields, 1)
        above = QWidget()
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addWidget(self.find_bar)
        upper.addWidget(self.view, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(scaled(8))
        split.addWidget(above)
        split.addWidget(below)
        split.setSizes([scaled(300), scaled(260)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)

    @property
    def chosen(self) -> frozenset[int]:
        """Places of the files that are ticked."""
        return frozenset(self.source.ticked) if self.source is not None else frozenset()

    def show_inbox(
        self, found: Inbox, missing: Sequence[str], ticks: frozenset[int] | None = None
    ) -> None:
        """The files as they were judged; ticked are these, else those that ask nothing.

        ticks: of a list that is judged anew, whose selected file stays so.
        """
        kept = self._number if ticks is not None else 0
        self.missing = tuple(missing)
        self._previews = {}
        self.source = InboxSource(found, missing, first_ticks(found) if ticks is None else ticks)
        self.model.source = self.source
        self.model.reload()
        if self.source.numbers:
            row = max(self.model.row_of(kept), 0)
            self.view.select_cell(self.model.index(row, 0))
            self._on_row(self.model.id_at(row))
            self._read_changes()

    def sentence(self) -> str:
        """「12个文件 · 已报8 · 重复1 · 未报3 · 选定导入8个」."""
        if self.source is None:
            return ""
        rows = self.source.found.rows
        counts: dict[str, int] = {}
        for row in rows:
            counts[state_word(row)] = counts.get(state_word(row), 0) + 1
        words = [self.tr("{}个文件").format(len(rows)), *(f"{word}{count}" for word, count in counts.items())]
        if self.missing:
            words.append(self.tr("未报{}").format(len(self.missing)))
        return " · ".join([*words, self.tr("选定导入{}个").format(len(self.chosen))])

    def _on_ticked(self, _outcome: object) -> None:
        self.model.refresh()
        self._read_changes()
        self.ticked.emit()

    def _on_row(self, number: object) -> None:
        self._number = number if isinstance(number, int) else 0
        self.row_changed.emit(self._number)
        if self.scope.currentData() == ONE:
            self._read_changes()

    # Old beside new -------------------------------------------------------------

    def _read_changes(self) -> None:
        source = self.source
        if source is None:
            return
        if self.scope.currentData() == ALL:
            wanted = self.chosen
        else:
            row = source.row_at(self._number)
            wanted = frozenset({self._number - 1} if row is not None and may_be_ticked(row) else ())
        self._wanted = wanted
        known = self._previews.get(wanted)
        if known is not None or not wanted:
            self._show_changes(known or ())
            return
        self.headline.setText(self.tr("正在对照…"))
        store, found = self._store, source.found

        def done(changes: Sequence[FieldChange]) -> None:
            if self.source is source:
                self._previews[wanted] = changes
                if self._wanted == wanted:
                    self._show_changes(changes)

        self._workspace.jobs.read(lambda: receiving.preview(store, found, sorted(wanted)), done, self)

    def _show_changes(self, changes: Sequence[FieldChange]) -> None:
        self.changes = changes
        self.field_model.source = FieldSource(changes)
        self.field_model.reload()
        none = self.tr("新旧对照:没有变化") if self._wanted else (
            self.tr("新旧对照:没有勾选文件") if self.scope.currentData() == ALL else self.tr("新旧对照:选中的文件不能导入"))
        words = self.tr("新旧对照:{} 处变化").format(f"{len(changes):,}") if changes else none
        self.headline.setText(words)

    def scope_words(self) -> str:
        """What the lower table shows, for the printed paper."""
        source = self.source
        if source is None:
            return ""
        names = [source.found.rows[place].name for place in sorted(self._wanted)]
        listed = "、".join(names[:5])
        return self.tr("文件:{}。").format(listed if len(names) <= 5 else self.tr("{}等{}个").format(listed, len(names)))

    # What the window asks -------------------------------------------------------

    def find(self) -> None:
        """The find bar of the list."""
        self.find_bar.open()

    def copy(self) -> None:
        """The selected block of the table that has the focus."""
        (self.fields if self.fields.hasFocus() else self.view).copy()
