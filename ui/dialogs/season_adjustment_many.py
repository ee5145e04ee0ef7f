"""上级加压: one indicator raised for many units by one decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mbo_desktop.domain.adjustments import AdjustmentCause
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError
from mbo_desktop.services import adjustments, target_setting
from mbo_desktop.services.adjustments import Approved
from ui.dialogs.ask import AskDialog
from ui.dialogs.season_adjustments import ApprovalFields, refuse_nothing_done
from ui.grids.columns import Cell, Column, Edit, Kind, Option, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.pages.planning_sources import as_typed
from ui.pages.season_desk_book import DeskBook
from ui.pages.season_origins import indicator_lookup
from ui.theme import scaled
from ui.widgets.fields import LongField, NumberField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

_COLUMNS = (
    Column("unit", "责任单位", width=150, frozen=True),
    Column("last", "上年实绩", Kind.NUMBER, width=90),
    Column("old", "现目标", Kind.NUMBER, width=90),
    Column("new", "调整后", Kind.NUMBER, width=96, editable=True, read=as_typed),
    Column("step", "变化", Kind.NUMBER, width=80),
    Column("growth", "较上年%", Kind.NUMBER, width=80),
)


class ManyDialog(AskDialog):
    """New values of all units of an indicator, typed or by percent, and the deciding paper."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent, "", "", width=700)
        self.setWindowTitle(self.tr("上级加压:多个单位一次调整"))
        self.accept_button.setText(self.tr("批准并调整"))
        self._workspace = workspace
        self.book = DeskBook()
        self.outcome: Approved | None = None
        self.indicator = PickerEdit(indicator_lookup(workspace.store, workspace.year))
        self.indicator.setPlaceholderText(self.tr("名称或拼音首字母"))
        self.indicator.picked.connect(self._on_indicator)
        self.form.add(self.tr("指标"), self.indicator)
        self.percent = NumberField()
        raising = QWidget()
        raising.setFocusProxy(self.percent)
        self.percent.returnPressed.connect(self._on_raise)
        row = QHBoxLayout(raising)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.percent, 1)
        button = QPushButton(self.tr("按比例算出"))
        button.setAutoDefault(False)
        button.clicked.connect(self._on_raise)
        row.addWidget(button)
        self.form.add(self.tr("提高 %"), raising)
        self.source = ListSource(_COLUMNS, self._rows, self._take)
        self.grid = GridPanel(workspace, self.source)
        self.grid.setMinimumHeight(scaled(210))
        self.form.add_wide(self.grid)
        self.reason = LongField(lines=2)
        self.form.add(self.tr("理由"), self.reason)
        self.approval = ApprovalFields(self.form, workspace.store, workspace.year)

    def _on_indicator(self, option: Option) -> None:
        self.open_indicator(RecordId(int(str(option.value))))

    def open_indicator(self, indicator: RecordId) -> None:
        """Show the units that have this target."""
        store, year = self._workspace.store, self._workspace.year
        self.book.drop()
        self.book.open(target_setting.desk(store, year, indicators=[indicator], lock_signed=False))
        self.source.reload()
        self.grid.reload()

    def _on_raise(self) -> None:
        percent = self.percent.value()
        if isinstance(percent, Decimal) and self.book.desk.rows:
            self.book.clear()
            self.book.raise_by(self.book.desk.rows, percent)
            self.source.reload()
            self.grid.model.refresh()

    def _rows(self) -> list[Row]:
        if not self.book.desk.rows:
            return []
        row = self.book.desk.rows[0]
        names = {one.unit: one.heading for one in self.book.desk.units}
        return [self._row(int(row.indicator), int(one.unit), names[one.unit])
                for one in row.cells if one.allotted]

    def _row(self, indicator: int, unit: int, name: str) -> Row:
        cell, amount = self.book.cell(indicator, unit), self.book.amount(indicator, unit)
        drafted = self.book.is_drafted((RecordId(indicator), RecordId(unit)))
        growth = self.book.growth(indicator, unit)
        step = amount - cell.amount if drafted and amount is not None and cell.amount is not None else None
        return Row(unit, {
            "unit": name,
            "last": "" if cell.last_year is None else Cell(show(cell.last_year), cell.last_year),
            "old": Cell(cell.why, tone=Tone.MUTED) if cell.amount is None else Cell(show(cell.amount), cell.amount),
            "new": Cell(show(amount), amount, bold=True, tone=Tone.ACCENT) if drafted and amount is not None
            else Cell(editable=self.book.is_free(indicator, unit), note=cell.why),
            "step": "" if step is None else Cell(f"{'+' if step > 0 else ''}{show(step)}", step),
            "growth": "" if growth is None or not drafted else show(growth, 1),
        })

    def _take(self, edits: Sequence[Edit], label: str) -> Refused | None:
        row = self.book.desk.rows[0]
        refused: dict[tuple[int, str], str] = {}
        amounts = {}
        for edit in edits:
            try:
                amounts[row.indicator, RecordId(edit.row)] = target_setting.read_amount(row, edit.text)
            except InputError as error:
                refused[edit.row, edit.key] = f"{error.what}{error.todo}"
        self.book.set_amounts(amounts)
        return refused

    def act(self) -> None:
        """Decide for all changed units at once."""
        changed = self.book.changed()
        if not changed:
            raise InputError("没有填写任何单位调整后的目标。", "请填写“调整后”一列,或按比例算出。")
        store = self._workspace.store
        found = adjustments.inputs_from_desk(
            store, self.book.desk, changed, reason=self.reason.value()
        )
        inputs = [replace(one, cause=AdjustmentCause.PRESSURE) for one in found]
        self.outcome = adjustments.decide_by_issuer(store, inputs, self.approval.value())
        refuse_nothing_done(self.outcome)
