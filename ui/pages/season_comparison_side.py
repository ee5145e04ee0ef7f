"""The side panel of the view 对比: gaps in words, where the figures come from, targets bound to them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import outside_figures, planning_matrix
from mbo_desktop.services.comparison import ComparisonRow, OwnKind
from mbo_desktop.services.outside_figures import OutsideBound, OutsideColumn, OutsideField
from mbo_desktop.services.planning_matrix import MatrixCell
from ui.pages.season_comparison_rows import gap_facts
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

LISTED = 30


class ComparisonPanel(SidePanel):
    """Answers for one indicator: how it stands, by which figures, which targets follow them."""

    cell_asked = Signal(object, object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._row: ComparisonRow | None = None
        self._period = ""
        self.unit: QComboBox | None = None
        self.bound: QComboBox | None = None

    def show_row(self, row: ComparisonRow | None, period: str) -> None:
        """None: nothing is selected."""
        self.clear()
        self._row, self._period = row, period
        self.unit = self.bound = None
        if row is None:
            self.add_text(self.tr("选中一项指标,查看差距、数据来源和挂钩的目标。"), muted=True)
            return
        words = [row.category]
        if row.unit_of_measure:
            words.append(self.tr("计量单位 {}").format(row.unit_of_measure))
        self.set_title(row.name, " · ".join(word for word in words if word))
        self._add_standing(row)
        self._add_basis(row)
        self._add_bounds(row)
        self.add_buttons([(self.tr("到下达矩阵"), self._on_open)])

    def _add_standing(self, row: ComparisonRow) -> None:
        own = [(self.tr("本市({})").format(row.own_kind.label), row.own)] if row.own_kind is not OwnKind.NONE else []
        if row.own_growth and row.own_growth != row.own:
            own.append((self.tr("增长"), row.own_growth))
        if row.rank:
            own.append((self.tr("位次"), row.rank))
        if own:
            self.add_facts(own)
        facts = gap_facts(row)
        self.add_heading(self.tr("差距"))
        if facts:
            self.add_facts(facts)
        else:
            self.add_text(self.tr("录入本市和省里的数字后,这里算出差距。口径不同的(总量与增长率)不相比。"), muted=True)

    def _add_basis(self, row: ComparisonRow) -> None:
        found = outside_figures.figure(self._workspace.store, row.indicator, self._period)
        form = Form()
        self._basis = TextField(found.basis if found else "", hint=self.tr("如 省统计局月报"))
        self._note = LongField(found.note if found else "", lines=2)
        for field in (self._basis, self._note):
            field.setReadOnly(self._workspace.read_only)
        self._basis.committed.connect(self._on_basis)
        self._note.committed.connect(self._on_note)
        form.add(self.tr("数据来源"), self._basis)
        form.add(self.tr("备注"), self._note)
        self.add(form)

    def _add_bounds(self, row: ComparisonRow) -> None:
        store, year = self._workspace.store, self._workspace.year
        units = {column.unit: column.heading for column in planning_matrix.columns(store, year)}
        cells = planning_matrix.cells(store, [row.indicator], list(units))
        held = {unit: cell for (_indicator, unit), cell in cells.items()
                if cell.target is not None and cell.value and cell.value != "/"}
        self.add_heading(self.tr("与外部数据挂钩的目标"))
        if held and not self._workspace.read_only:
            self._add_choice(units, held)
        self._add_bound_list(row.indicator)

    def _add_choice(self, units: Mapping[RecordId, str], held: Mapping[RecordId, MatrixCell]) -> None:
        self.unit = QComboBox()
        self.unit.setAccessibleName(self.tr("单位"))
        self.unit.addItem(self.tr("全部 {} 个单位").format(len(held)), 0)
        for unit in units:
            if unit in held:
                self.unit.addItem(self.tr("{}:{}").format(units[unit], held[unit].value[:16]), int(unit))
        self.bound = QComboBox()
        self.bound.setAccessibleName(self.tr("考核办法"))
        for kind, word in (
            (OutsideBound.PROVINCE_AVERAGE, self.tr("年终根据全省平均水平综合考核")),
            (OutsideBound.PROVINCE_TARGET, self.tr("按省定目标考核")),
            (OutsideBound.PLAN, self.tr("按规划目标考核")),
            (OutsideBound.STATED, self.tr("不挂钩,按写明的目标考核")),
        ):
            self.bound.addItem(word, kind.value)
        for combo in (self.unit, self.bound):
            combo.setMinimumContentsLength(8)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setToolTip(combo.currentText())
            combo.currentTextChanged.connect(combo.setToolTip)
            self.add(combo)
        self._held = {unit: cell.target for unit, cell in held.items()}
        self.add_buttons([(self.tr("设为所选考核办法"), self.set_bound)])

    def _add_bound_list(self, indicator: RecordId) -> None:
        store, year = self._workspace.store, self._workspace.year
        bound = [one for one in outside_figures.bound_targets(store, year)
                 if one.indicator == indicator]
        facts = [(one.unit_name, one.note if one.amount else self.tr("▲ {}").format(one.note),
                  "" if one.amount else "amber") for one in bound[:LISTED]]
        if facts:
            self.add_facts(facts)
            self.add_text(self.tr("年终按外部数据的实际数考核;在表中录入即生效。"), muted=True)
        else:
            self.add_text(self.tr("没有。目标写成“年终根据全省平均水平综合考核”的会自动挂钩,也可在上面设置。"), muted=True)
        if len(bound) > LISTED:
            self.add_text(self.tr("另有 {} 个单位未列出。").format(len(bound) - LISTED), muted=True)

    def set_bound(self) -> None:
        """Let the chosen targets rest on the chosen outside figure."""
        if self.unit is None or self.bound is None:
            return
        chosen = int(self.unit.currentData())
        targets = [target for unit, target in self._held.items()
                   if target is not None and chosen in (0, int(unit))]
        bound = OutsideBound(self.bound.currentData())
        store = self._workspace.store
        changed = self._workspace.perform(lambda: outside_figures.set_bound(store, targets, bound))
        if changed is not None:
            self._workspace.say(
                self.tr("已设置 {} 个单位的目标。").format(changed) if changed
                else self.tr("这些目标已经是这样,没有改动。"), tone="green" if changed else "",
            )

    def _write(self, field: OutsideField, text: object) -> None:
        row, period, store = self._row, self._period, self._workspace.store
        if row is not None:
            record: RecordId = row.indicator
            self._workspace.perform(lambda: outside_figures.set_figure(
                store, record, OutsideColumn(field, period), str(text or "")))

    def _on_basis(self, text: object) -> None:
        self._write(OutsideField.BASIS, text)

    def _on_note(self, text: object) -> None:
        self._write(OutsideField.NOTE, text)

    def _on_open(self) -> None:
        if self._row is not None:
            self.cell_asked.emit(self._row.indicator, None)
