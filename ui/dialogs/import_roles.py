"""The ledger as it stands, with a choice over each column of what the column holds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mbo_desktop.domain.target_text import show_target
from mbo_desktop.spreadsheets.proposal import ColumnGuess, ColumnRole, Proposal
from ui.grids.delegate import row_height
from ui.theme import color, scaled

_ORDER = (
    ColumnRole.NAME, ColumnRole.CATEGORY, ColumnRole.NUMBER, ColumnRole.CODE,
    ColumnRole.UNIT_OF_MEASURE, ColumnRole.POINTS, ColumnRole.TARGET, ColumnRole.LAST_YEAR,
    ColumnRole.GROWTH, ColumnRole.STRETCH, ColumnRole.SCORING, ColumnRole.DEFINITION,
    ColumnRole.DATA_SOURCE, ColumnRole.CERTIFYING, ColumnRole.UNIT, ColumnRole.LEAD, ColumnRole.SUPPORTING,
    ColumnRole.PERSON, ColumnRole.DUE, ColumnRole.NOTE,
)
_RESULTS = (ColumnRole.ACTUAL, ColumnRole.COMPLETION, ColumnRole.SCORE, ColumnRole.REASON)
"""Offered where the ledger was read with what became of the targets."""
_WIDE = frozenset({ColumnRole.NAME, ColumnRole.SCORING, ColumnRole.DEFINITION})
LIST_ROWS = 40


class RolesTable(QTableWidget):
    """First row: the role of each column; below it the ledger's first rows as they stand there."""

    role_chosen = Signal(int, str)
    """Column and role code ("points", "target:柯城区", "" to leave out)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        # 各乡镇(街道)2026年目标 城关镇: both ends of a heading of two lines tell something.
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("各列的含义"))

    def show_proposal(self, proposal: Proposal) -> None:
        """Head, roles and first rows of a ledger; of a text list the rows as read."""
        bar = self.horizontalScrollBar().value()
        self.clear()
        if proposal.columns:
            self._show_columns(proposal)
        else:
            self._show_list(proposal)
        self.horizontalScrollBar().setValue(bar)

    def _show_columns(self, proposal: Proposal) -> None:
        height = row_height(self)
        self.setRowCount(1 + len(proposal.preview))
        self.setColumnCount(len(proposal.columns))
        self.setHorizontalHeaderLabels([guess.heading or self.tr("(无表头)") for guess in proposal.columns])
        self._with_results = any(guess.role in _RESULTS for guess in proposal.columns)
        for place, guess in enumerate(proposal.columns):
            header = self.horizontalHeaderItem(place)
            header.setToolTip(guess.heading)
            self.setCellWidget(0, place, self._combo(place, guess))
            self.setColumnWidth(place, scaled(_width(guess)))
            muted = guess.role is ColumnRole.IGNORE
            for row, texts in enumerate(proposal.preview, 1):
                self.setItem(row, place, _item(texts[place], muted=muted))
        self.verticalHeader().setDefaultSectionSize(height)
        self.setRowHeight(0, height + scaled(8))

    def _combo(self, place: int, guess: ColumnGuess) -> QComboBox:
        combo = _RoleCombo(place)
        order = (*_ORDER, *_RESULTS) if self._with_results else _ORDER
        combo.addItem(ColumnRole.IGNORE.label, "")
        if guess.unit_key or (guess.role is ColumnRole.IGNORE and guess.heading):
            key = guess.unit_key or guess.heading
            for role in order:
                if role.is_per_unit:
                    combo.addItem(f"{role.label} · {key}", f"{role.value}:{key}")
            combo.insertSeparator(combo.count())
        for role in order:
            combo.addItem(role.label, role.value)
        found = combo.findData(guess.code)
        if found < 0:
            combo.addItem(guess.role.label, guess.code)
            found = combo.count() - 1
        combo.setCurrentIndex(found)
        headless = not guess.heading and not guess.is_sure and guess.role is not ColumnRole.IGNORE
        asks = guess.asks or headless
        combo.setProperty("wrong", asks)
        combo.setToolTip(self.tr("按内容推测,请核对") if asks else "")
        combo.chosen.connect(self.role_chosen)
        return combo

    def _show_list(self, proposal: Proposal) -> None:
        heads = [self.tr("指标名称"), self.tr("计量单位"), self.tr("分值"), self.tr("目标")]
        rows = proposal.rows[:LIST_ROWS]
        self.setRowCount(len(rows))
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(heads)
        for number, row in enumerate(rows):
            cell = next(iter(row.cells.values()), None)
            target = "" if cell is None else cell.text or show_target(cell.value)
            points = "" if row.points is None else str(row.points)
            for place, text in enumerate((row.name, row.unit_of_measure, points, target)):
                self.setItem(number, place, _item(text, muted=False))
        self.verticalHeader().setDefaultSectionSize(row_height(self))
        for place, width in enumerate((300, 84, 60, 420)):
            self.setColumnWidth(place, scaled(width))


class _RoleCombo(QComboBox):
    """Knows its column; the wheel does not change it by accident."""

    chosen = Signal(int, str)

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(self._on_activated)

    def _on_activated(self, _index: int) -> None:
        self.chosen.emit(self._place, str(self.currentData() or ""))

    def wheelEvent(self, event: object) -> None:
        """Scroll the table, not the choice."""
        event.ignore()  # type: ignore[attr-defined]


def _width(guess: ColumnGuess) -> int:
    """Room for the content, and for 目标值 · 柯城区 in the choice above it."""
    if guess.role in _WIDE:
        return 220
    return 156 if guess.unit_key else 132 if guess.role is ColumnRole.UNIT else 120


def _item(text: str, *, muted: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text.replace("\n", " "))
    item.setToolTip(text)
    if muted:
        item.setForeground(color("secondary"))
    return item
