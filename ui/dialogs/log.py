"""工具→日志: every step newest first; who, when, what; its details beside it; verified, exported, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import log
from mbo_desktop.services.log import LogFilter, LogLine
from ui import help_commands
from ui.dialogs.log_details import LogDetails
from ui.dialogs.log_filters import LogFilters
from ui.dialogs.log_papers import LogPapers
from ui.grids.columns import Cell, Column, GridQuery, Kind, Light, Row
from ui.grids.panel import GridPanel
from ui.grids.ticks import NumberedSource
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

FIRST = 200
"""Entries shown before all that fit are known."""


class LogSource(NumberedSource):
    """The entries found, newest first; their words are read by the page."""

    columns = (
        Column("at", "时间", width=124, sortable=False, filterable=False),
        Column("who", "经办人", width=76, sortable=False, filterable=False),
        Column("label", "动作", width=168, sortable=False, filterable=False),
        Column("about", "对象", width=200, sortable=False, filterable=False),
        Column("what", "内容(原 → 新)", width=330, sortable=False, filterable=False),
        Column("count", "记录", Kind.NUMBER, width=58, sortable=False, filterable=False),
        Column("package", "数据包", width=130, sortable=False, filterable=False),
    )

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._store = workspace.store

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """The numbers of the entries; the filters stand above the table."""
        return self.numbers[:limit]

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The words of these entries."""
        return {number: _row(line) for number, line in log.lines(self._store, ids).items()}

    def write(self, edits: Sequence[object], label: str) -> None:
        """Nothing is written here."""


def _row(line: LogLine) -> Row:
    row = line.row
    return Row(row.id, {
        "at": f"{row.at.astimezone():%Y-%m-%d %H:%M}", "who": row.who,
        "label": Cell(row.label, light=Light.AMBER if row.is_formal else None,
                      note=f"正式步骤:{row.label}" if row.is_formal else row.label),
        "about": Cell(line.about, note=line.about), "what": Cell(line.what, note=line.what),
        "count": f"{line.records:,}", "package": Cell(row.package, note=row.package),
    })


class LogDialog(QDialog):
    """Filters above, entries at the left, the chosen entry's records at the right."""

    def __init__(
        self, workspace: Workspace, parent: QWidget | None, *, wanted: LogFilter | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("日志"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.workspace = workspace
        self._number = 0
        self.messages = MessageBar()
        self.filters = LogFilters(workspace)
        self.filters.changed.connect(self.reload)
        self.source = LogSource(workspace)
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "history", self.tr("没有符合的条目"),
            self.tr("每次修改、导入、签发都在这里留下一条,不能删除。放宽上面的条件再看。"),
        ))
        self.details = LogDetails(workspace, self)
        self.figures = QLabel()
        self.figures.setProperty("role", "muted")
        self.papers = LogPapers(self)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.panel)
        split.addWidget(self.details)
        split.setStretchFactor(0, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.figures, 1)
        for text, act in (
            (self.tr("校验日志"), self.papers.verify), (self.tr("导出Excel…"), self.papers.export),
            (self.tr("打印…"), self.papers.print), (self.tr("关闭"), self.accept),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(12))
        layout.setSpacing(scaled(8))
        layout.addWidget(self.filters)
        layout.addWidget(self.messages)
        layout.addWidget(split, 1)
        layout.addLayout(foot)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.find_asked.connect(self.filters.start)
        for key, act in (
            ("F5", self.reload), ("Ctrl+P", self.papers.print), ("Ctrl+F", self.filters.start), ("F1", self._on_manual),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        workspace.changed.connect(self._on_changed)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1240), screen.width() - 30), min(scaled(680), screen.height() - 50))
        split.setSizes([scaled(860), scaled(340)])
        if wanted is not None:
            self.filters.show_filter(wanted)
        self.reload()
        self.filters.start()

    @property
    def wanted(self) -> LogFilter:
        """What the filters ask for."""
        return self.filters.wanted

    def reload(self) -> None:
        """Show the first entries at once where that is quick, all that fit once they are found."""
        wanted = self.wanted
        self._number += 1
        number, store = self._number, self.workspace.store
        if not wanted.narrows and not self.source.numbers:
            self._show(log.find(store, wanted, limit=FIRST), complete=False)
        self.figures.setText(self.tr("正在查找…"))

        def found(numbers: object) -> None:
            if number == self._number:
                self._show(list(numbers), complete=True)  # type: ignore[call-overload]

        self.workspace.jobs.read(lambda: log.find(store, wanted), found, self)

    def _show(self, numbers: list[int], *, complete: bool) -> None:
        current = self.panel.view.current_id()
        self.source.numbers = numbers
        self.panel.model.reload()
        if numbers:
            self.panel.view.show_record(current if current in numbers[:FIRST] else numbers[0])
        else:
            self._on_row(0)
        if complete:
            said = self.tr("符合条件 {} 条,共 {} 条") if self.wanted.narrows else self.tr("共 {1} 条")
            self.figures.setText(said.format(f"{len(numbers):,}", f"{self.workspace.store.change_count:,}"))

    def _on_changed(self, _changes: object) -> None:
        self.reload()

    def _on_row(self, number: object) -> None:
        line = log.lines(self.workspace.store, [int(str(number))]).get(int(str(number))) if number else None
        self.details.show_line(line)

    def _on_manual(self) -> None:
        help_commands.show_manual(self, "log")

    def show_history(self, record: RecordId) -> None:
        """The states of one record."""
        from ui.dialogs.record_history import RecordHistory

        RecordHistory(self.workspace, record, self).open()
