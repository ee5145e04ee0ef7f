"""录入票数: the ballots of all units of a group in one table, typed or pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import given_scores, scores
from mbo_desktop.services.fact_book import COUNTING, read_counts
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.score_components import ballot_of, forms_of
from ui.grids.columns import Cell, Column, Edit, Kind, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.pages.planning_sources import as_typed
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.workspace import Workspace

UNKNOWN = "不了解"
"""Counted and kept, but no valid ballot."""


class VotesDialog(QDialog):
    """Units down, answers across, the points they give beside them; every entry is saved at once."""

    def __init__(
        self, workspace: Workspace, scheme: RecordId, parts: Sequence[str], *, month: int | None = 12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("录入票数"))
        self.finished.connect(self.deleteLater)
        self._workspace, self._store, self._scheme, self._month = workspace, workspace.store, scheme, month
        size_within_screen(self, 820, 560)
        self.parts = QComboBox()
        self.parts.setAccessibleName(self.tr("组成部分"))
        self.parts.addItems(list(parts))
        self.forms = QComboBox()
        self.forms.setAccessibleName(self.tr("选项"))
        self.basis = TextField(hint=self.tr("依据:测评会议、计票人"))
        top = QHBoxLayout()
        for widget in (QLabel(self.tr("组成部分")), self.parts, QLabel(self.tr("选项")), self.forms):
            top.addWidget(widget)
        top.addWidget(self.basis, 1)
        note = QLabel(self.tr("逐格键入,或从 Excel、WPS 整块粘贴;录入即保存。“不了解”的票不计入有效票。有了票数,原来直接填的分不再采用。"))
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        close = QPushButton(self.tr("关闭"))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(close)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        self._layout.addLayout(top)
        self._layout.addLayout(foot)
        self.grid: GridPanel | None = None
        self.board: ScoreBoard = self._read()
        self.parts.activated.connect(self._on_part)
        self.forms.activated.connect(self._build)
        workspace.changed.connect(self._on_changed)
        self._on_part()

    # Showing --------------------------------------------------------------------

    def _read(self) -> ScoreBoard:
        return scores.board(self._store, self._scheme, month=self._month)

    def _counts(self, unit: RecordId) -> dict[str, Decimal]:
        given = self.board.book.components.get((unit, self.parts.currentText()), {})
        return next((read_counts(given[kind].counts) for kind in COUNTING if kind in given and given[kind].counts), {})

    def _on_part(self) -> None:
        """The ballots the part may be counted by; the one that was used before is chosen."""
        part = self.parts.currentText()
        component = next((one for one in self.board.scheme.components if one.name == part), None)
        listed = forms_of(component)
        self.forms.clear()
        for one in listed:
            self.forms.addItem("、".join(word for word, _points in one.rows), one)
        self.forms.setEnabled(len(listed) > 1)
        for line in self.board.units:
            counts = self._counts(line.unit)
            form = ballot_of(counts, component) if counts else None
            if form in listed:
                self.forms.setCurrentIndex(listed.index(form))
                break
        self._build()

    def _build(self) -> None:
        answers = [word for word, _points in self.forms.currentData().rows]
        columns = [
            Column("unit", "单位", width=160, frozen=True),
            *(Column(answer, answer, Kind.NUMBER, width=84, editable=True, read=as_typed) for answer in (*answers, UNKNOWN)),
            Column("points", "得分", Kind.NUMBER, width=84), Column("basis", "依据", width=160),
        ]
        if self.grid is not None:
            self.grid.deleteLater()
        self.grid = GridPanel(self._workspace, ListSource(columns, self._load, self._write))
        self._layout.insertWidget(1, self.grid, 1)
        self.grid.model.source.reload()  # type: ignore[attr-defined]
        self.grid.model.refresh()
        if self.grid.model.rowCount():
            self.grid.view.select_cell(self.grid.model.index(0, 1))
        self.grid.view.setFocus()

    def _load(self) -> Sequence[Row]:
        part, rows = self.parts.currentText(), []
        for line in self.board.units:
            counts = self._counts(line.unit)
            given = self.board.book.components.get((line.unit, part), {})
            one = next((given[kind] for kind in COUNTING if kind in given), None)
            points = line.components.get(part)
            cells: dict[str, Cell | str] = {
                answer: Cell(canonical(number), number) for answer, number in counts.items()
            }
            cells |= {
                "unit": line.label, "basis": "" if one is None else one.basis,
                "points": Cell("缺", tone=Tone.AMBER) if points is None else Cell(
                    f"{points:f}", points, bold=True, note="" if counts or one is None else "直接填的分"),
            }
            rows.append(Row(int(line.unit), cells))
        return rows

    def _on_changed(self, _changes: Any) -> None:
        if self.grid is not None:
            self.board = self._read()
            self.grid.model.source.reload()  # type: ignore[attr-defined]
            self.grid.model.refresh()

    # Writing --------------------------------------------------------------------

    def _write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """All cells of a block as one step; what is no number of ballots is refused in its cell."""
        refused: dict[tuple[int, str], str] = {}
        ballots: dict[RecordId, dict[str, Decimal]] = {}
        answers = {word for word, _points in self.forms.currentData().rows} | {UNKNOWN}
        for edit in edits:
            unit = RecordId(edit.row)
            counts = ballots.setdefault(unit, {
                answer: number for answer, number in self._counts(unit).items() if answer in answers
            })
            try:
                number = read_number(edit.text.strip().removesuffix("票")) if edit.text.strip() else None
            except InputError as error:
                refused[edit.row, edit.key] = f"{error.what}{error.todo}"
                continue
            if number is None:
                counts.pop(edit.key, None)
            elif number < 0 or number != int(number):
                refused[edit.row, edit.key] = self.tr("票数应是0或大于0的整数。")
            else:
                counts[edit.key] = number
        try:
            given_scores.set_ballots(self._store, self._scheme, self.parts.currentText(), ballots, basis=self.basis.text())
        except ProgramError as error:
            return {(edit.row, edit.key): f"{error.what}{error.todo}" for edit in edits}
        return refused
