"""导入单位考核结果: which unit each name of the table is, and exactly what will be written."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import office_words, offices, unit_results_import
from mbo_desktop.services.unit_results_import import PlannedUnitResult, UnitResultsPlan
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.grids.delegate import row_height
from ui.theme import color, scaled
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

LEAVE_OUT = "leave_out"
_NAME, _UNIT, _CHANGE = range(3)


class UnitResultsDialog(AskDialog):
    """A line per unit of the table; names the register does not have are matched or left out by hand."""

    def __init__(
        self, workspace: Workspace, parent: QWidget | None, table: UnitResultsTable, year: int,
        *, seals: bool = True,
    ) -> None:
        """seals: whether closing the year is ticked at first; not where a ledger is still to come."""
        super().__init__(parent, f"导入 {year} 年单位考核结果", "写入", width=820)
        self._workspace, self._table, self._year = workspace, table, year
        self._lines: dict[int, RecordId | None] = {}
        self.plan = self._planned()
        self.pickers: list[PickerEdit] = []
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.count.setProperty("role", "subheading")
        self.lines = QTableWidget(len(self.plan.rows), 3)
        self.remarks = QListWidget()
        self.remarks.setWordWrap(True)
        self.remarks.setMaximumHeight(scaled(90))
        self.remarks.setAccessibleName(self.tr("提醒"))
        self.seal = QCheckBox(self.tr("写入后封存该年度(以后修改须先解封)"))
        self.seal.setChecked(seals)
        self._fill()
        for place, widget in enumerate((self.count, self.lines, self.remarks, self.seal), 1):
            self.body.insertWidget(place, widget, 1 if widget is self.lines else 0)
        open_rows = [row.number for row in self.plan.rows if row.is_open]
        self.first_focus = self.pickers[open_rows[0]] if open_rows else self.accept_button
        self._show_plan()
        if open_rows:
            self.lines.scrollTo(self.lines.model().index(open_rows[0], _NAME))

    def _planned(self) -> UnitResultsPlan:
        return unit_results_import.plan_unit_results(
            self._workspace.store, self._table, self._year, lines=self._lines)

    def _fill(self) -> None:
        lines = self.lines
        lines.setHorizontalHeaderLabels([self.tr("表中名称"), self.tr("对应单位"), self.tr("将写入")])
        lines.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        lines.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        lines.setTabKeyNavigation(False)
        lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        lines.verticalHeader().hide()
        lines.verticalHeader().setDefaultSectionSize(row_height(lines) + scaled(6))
        lines.horizontalHeader().setSectionResizeMode(_CHANGE, QHeaderView.ResizeMode.Stretch)
        lines.setColumnWidth(_NAME, scaled(150))
        lines.setColumnWidth(_UNIT, scaled(210))
        lines.setMinimumHeight(scaled(300))
        lines.setAccessibleName(self.tr("各单位的考核结果"))
        for row in self.plan.rows:
            name = QTableWidgetItem(row.unit_key)
            name.setToolTip(f"{row.place} {row.unit_key}")
            lines.setItem(row.number, _NAME, name)
            lines.setItem(row.number, _CHANGE, QTableWidgetItem())
            picker = self._picker(row)
            lines.setCellWidget(row.number, _UNIT, picker)
            self.pickers.append(picker)

    def _picker(self, row: PlannedUnitResult) -> PickerEdit:
        picker = PickerEdit(lambda typed: self._look_up(typed, row.candidates))
        picker.setObjectName("cellField")
        picker.setAccessibleName(self.tr("“{}”对应的单位").format(row.unit_key))
        picker.setPlaceholderText(self.tr("输入名称或拼音首字母"))
        if row.unit is not None:
            picker.set_option(Option(row.unit, row.unit_name))
        picker.picked.connect(lambda _option: self._on_chosen(row.number, moves_on=True))
        picker.editingFinished.connect(lambda: self._on_chosen(row.number))
        return picker

    def _look_up(self, typed: str, candidates: tuple[RecordId, ...]) -> list[Option]:
        """Units of the register that fit, those the name fits first, and leaving the line out."""
        wanted = typed.strip()
        leave_out = Option(LEAVE_OUT, self.tr("不导入这个单位"))
        store = self._workspace.store
        if wanted and leave_out.label.startswith(wanted):
            return [leave_out]
        if wanted:
            rows = offices.search_units(store, wanted)
        elif candidates:
            rows = offices.unit_rows(store, candidates)
        else:
            rows = offices.units_in_order(store, limit=200)
        found = [Option(row.id, row.short_name, office_words.group(store, row.peer_group)) for row in rows]
        return found if wanted else [leave_out, *found]

    def _on_chosen(self, number: int, *, moves_on: bool = False) -> None:
        option = self.pickers[number].option()
        before = dict(self._lines)
        guessed = self._table.lines[number].unit.id
        if option is None:
            self._lines.pop(number, None)
            if guessed is not None:
                name = self._planned().rows[number].unit_name
                self.pickers[number].set_option(Option(RecordId(guessed), name))
        else:
            self._lines[number] = None if option.value == LEAVE_OUT else RecordId(int(str(option.value)))
        if self._lines != before:
            self.problem.hide()
            self.plan = self._planned()
            self._show_plan()
        if moves_on and self.pickers[number].hasFocus():
            following = [row.number for row in self.plan.rows if row.is_open]
            later = [n for n in following if n > number]
            (self.pickers[(later or following)[0]] if following else self.accept_button).setFocus()

    def _show_plan(self) -> None:
        for row in self.plan.rows:
            item = self.lines.item(row.number, _CHANGE)
            item.setText(self._change_text(row))
            item.setToolTip(item.text())
            tint = "red" if row.is_open else "secondary" if row.unit is None else "ink"
            item.setForeground(color(tint))
        left = sum(row.is_open for row in self.plan.rows)
        out = sum(row.unit is None and not row.is_open for row in self.plan.rows)
        words = self.tr("将写入 {} 个单位的结果").format(len(self.plan.records))
        words += self.tr(",不导入 {} 个").format(out) if out else ""
        words += self.tr(",还有 {} 个名称没有选定单位").format(left) if left else ""
        self.count.setText(words)
        said = [text for text in self.plan.warnings if "不在单位登记中" not in text]
        self.remarks.clear()
        self.remarks.addItems([f"■ {text}。" for text in self.plan.twice])
        self.remarks.addItems([f"▲ {text}" for text in said])
        self.remarks.addItems([f"■ {kept.sentence}" for kept in self.plan.kept])
        self.remarks.setVisible(self.remarks.count() > 0)

    def _change_text(self, row: PlannedUnitResult) -> str:
        if row.is_open:
            why = self.tr("对应多个单位") if row.candidates else self.tr("单位登记中没有")
            return self.tr("{},请选定单位或选“不导入” · {}").format(why, row.new)
        change = f"{row.old} → {row.new}" if row.old and row.old != row.new else row.new
        return f"{row.action.label}  {change}"

    def act(self) -> None:
        """Write as one step; every name must stand for a unit, or be left out knowingly."""
        for number in range(len(self.pickers)):
            self._on_chosen(number)
        left = [row for row in self.plan.rows if row.is_open]
        if left:
            self.pickers[left[0].number].setFocus()
            names = "、".join(row.unit_key for row in left[:5]) + ("等" if len(left) > 5 else "")
            raise InputError(
                f"“{names}”还没有选定单位。", "请在“对应单位”中选定,或选“不导入这个单位”。")
        count = unit_results_import.apply_unit_results(
            self._workspace.store, self.plan, seal=self.seal.isChecked())
        self._workspace.say(
            self.tr("已写入 {} 年 {} 个单位的考核结果。").format(self._year, count), tone="green")
