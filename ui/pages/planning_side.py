"""The panel beside the tables of 目标体系: what a target means, its doubts, its history; the checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.plausibility import growth_part, main_part
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.target_text import show_part
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.services import (
    history,
    offices,
    planning_edits,
    planning_framework,
    planning_matrix,
    registers,
)
from mbo_desktop.services.history import HistoryRow
from mbo_desktop.services.planning_checks import PlanningFinding
from mbo_desktop.services.planning_matrix import CellState, MatrixCell, TargetField
from ui.pages.exchange_block import add_foreign_block, add_replies_received
from ui.pages.planning_joint import joint_boxes
from ui.pages.planning_links import add_continued, add_direction_change, direction_doubt
from ui.pages.planning_signed import differences_of
from ui.pages.season_origins import OriginsBox
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

HISTORY_SHOWN = 12


class PlanningSide(SidePanel):
    """Shows one target, one indicator, or the list of checks."""

    cell_asked = Signal(object, object)
    """Indicator and unit (None each where the finding names none) of a finding that was chosen."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._store = workspace.store
        self._place: tuple[RecordId, RecordId | None] | None = None
        self._findings: Sequence[PlanningFinding] = ()

    @property
    def shows_checks(self) -> bool:
        """Whether the list of checks stands here."""
        return bool(self._findings)

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._begin(None)
        self.add_text(self.tr("在左侧选中一格,这里显示读法、上年、增长、提醒和修改历史。"), muted=True)

    def refresh(self) -> None:
        """Show the same place anew."""
        if self._place is None:
            return
        indicator, unit = self._place
        if self._store.find(Indicator, indicator) is None:
            self.show_nothing()
        elif unit is None:
            self.show_indicator(indicator)
        else:
            self.show_cell(indicator, unit)

    def _begin(self, place: tuple[RecordId, RecordId | None] | None) -> None:
        self.clear()
        self._place = place
        self._findings = ()

    # One target ---------------------------------------------------------------

    def show_cell(self, indicator: RecordId, unit: RecordId) -> None:
        """The target of a unit: how it was read, what it is measured by, what to ask about it."""
        self._begin((indicator, unit))
        found = self._store.find(Indicator, indicator)
        if found is None:
            self.show_nothing()
            return
        cell = planning_matrix.cell(self._store, indicator, unit)
        target = self._store.find(Target, cell.target) if cell.target is not None else None
        holder = offices.unit_row(self._store, unit)
        measure = self.tr("计量单位 {}").format(found.unit_of_measure) if found.unit_of_measure else ""
        self.set_title(found.name, " · ".join(w for w in (holder.short_name, measure) if w))
        foreign = add_foreign_block(self, self._workspace, cell.target, year=found.year, then=self.refresh)
        if target is None:
            self.add_text(self.tr("还没有下达。直接在格中键入目标,不适用的填 /。"), muted=True)
        else:
            self._add_reading(cell, target.value)
            self._add_signed(found, unit)
            self._add_figures(cell)
            self._add_notes(target)
        boxes = list(joint_boxes(self._workspace, indicator, unit, target))
        if boxes:
            self.add_heading(self.tr("牵头与配合"))
        for box in boxes:
            self.add(box)
        self._add_indicator_texts(found)
        self._add_origins(indicator, cell.target)
        if not foreign:
            add_replies_received(self, self._store, cell.target)
        if cell.target is not None:
            self._add_history(cell.target)

    def _add_reading(self, cell: MatrixCell, value: TargetValue | None) -> None:
        self.add_heading(self.tr("目标值"))
        if value is None:
            self.add_facts([(self.tr("状态"), CellState.NOT_SET.label, "amber")])
            return
        if value.is_not_applicable:
            self.add_facts([(self.tr("状态"), self.tr("不适用,该单位不承担"), "secondary")])
            return
        facts: list[tuple[str, str] | tuple[str, str, str]] = []
        for part in value.parts:
            counts = part is value.counted
            words = show_part(part)
            if counts and len(value.parts) > 1:
                facts.append((part.form.label, self.tr("{} ✓ 考核口径").format(words), "accent"))
            else:
                facts.append((part.form.label, words))
            facts += [(self.tr("节点"), f"{node.due} {node.title}".strip()) for node in part.nodes]
        if value.text and len(value.parts) > 1:
            facts.append((self.tr("原文"), value.text))
        self.add_facts(facts)
        if cell.kept_as_text:
            self._add_doubt(self.tr("{}。请改为数字,如 30 或 30%;确为定性目标的,把指标的目标形式改为“定性”。").format(cell.kept_as_text), "red")
        if main_part(value) is not None and growth_part(value) is not None:
            self._add_counting(growth_counts=cell.growth_counts)

    def _add_signed(self, indicator: Indicator, unit: RecordId) -> None:
        """What stood in the signed agreement, and by which paper it stands otherwise now."""
        for one in differences_of(self._store, indicator.year, unit, indicator.name):
            if one.basis:
                self.add_facts([
                    (self.tr("签订时"), one.issued or self.tr("(空)")), (self.tr("依据"), one.basis),
                ])
            else:
                self._add_doubt(
                    self.tr("与已印发的责任书不一致:{}。没有依据的,请改回,或到“责任书→调整”办理。").format(one.sentence), "red"
                )

    def _add_counting(self, *, growth_counts: bool) -> None:
        buttons = self.add_buttons([
            (self.tr("按总量考核"), self._on_level_counts), (self.tr("按增长率考核"), self._on_growth_counts),
        ])
        for button, chosen in zip(buttons, (not growth_counts, growth_counts), strict=True):
            button.setCheckable(True)
            button.setChecked(chosen)
            button.setEnabled(not self._workspace.read_only)
            button.setProperty("role", "primary" if chosen else "")

    def _add_figures(self, cell: MatrixCell) -> None:
        facts: list[tuple[str, str] | tuple[str, str, str]] = []
        if cell.last_year:
            facts.append((self.tr("上年实绩"), cell.last_year))
        if cell.growth:
            name = self.tr("增长(推算)") if cell.growth_derived else self.tr("增长率")
            facts.append((name, cell.growth))
        if cell.stretch:
            facts.append((self.tr("力争目标"), cell.stretch))
        if cell.points:
            points = cell.points if cell.points_own else self.tr("{}(同指标)").format(cell.points)
            facts.append((self.tr("分值"), points))
        if facts:
            self.add_heading(self.tr("对照"))
            self.add_facts(facts)
        for warning in cell.warnings:
            rest = "" if cell.note else self.tr("。确认无误的,请在备注中说明原因")
            self._add_doubt(f"{warning}{rest}。", "amber")

    def _add_doubt(self, text: str, tone: str) -> None:
        frame = QFrame()
        frame.setObjectName("messageBar")
        frame.setProperty("tone", tone)
        label = QLabel(("▲ " if tone == "amber" else "■ ") + text)
        label.setWordWrap(True)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(scaled(10), scaled(6), scaled(10), scaled(6))
        layout.addWidget(label)
        self.add(frame)

    def _add_notes(self, target: Target) -> None:
        form = Form()
        due = "" if target.due is None else target.due.isoformat()
        self._due = TextField(due, hint=self.tr("如 6月底前、2020-06-30"))
        self._note = LongField(target.note, lines=2, hint=self.tr("备注"))
        for field in (self._due, self._note):
            field.setReadOnly(self._workspace.read_only)
        form.add(self.tr("完成时限"), self._due)
        form.add(self.tr("备注"), self._note)
        self._due.committed.connect(self._on_due)
        self._note.committed.connect(self._on_note)
        self.add(form)

    def _add_indicator_texts(self, found: Indicator) -> None:
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (name, text) for name, text in (
                (self.tr("评分标准"), found.scoring_text), (self.tr("指标口径"), found.definition),
                (self.tr("考核部门"), found.certifying_text), (self.tr("数据来源"), found.data_source),
                (self.tr("涵盖专项"), "、".join(found.covers)), (self.tr("指标备注"), found.note),
            ) if text
        ]
        if facts:
            self.add_heading(self.tr("指标"))
            self.add_facts(facts)

    # One indicator ------------------------------------------------------------

    def show_indicator(self, indicator: RecordId) -> None:
        """An indicator: its long texts, what rests on it, its history."""
        self._begin((indicator, None))
        found = self._store.find(Indicator, indicator)
        if found is None:
            self.show_nothing()
            return
        points = "" if found.points is None else self.tr("{} 分").format(canonical(found.points))
        self.set_title(found.name, " · ".join(
            w for w in (found.unit_of_measure, found.form.label, found.direction.label, points) if w
        ))
        add_foreign_block(self, self._workspace, indicator, year=found.year, then=self.refresh)
        doubt = direction_doubt(self._workspace, indicator)
        if doubt:
            self._add_doubt(doubt, "amber")
            add_direction_change(self, self._workspace, indicator)
        rests = planning_framework.what_rests_on(self._store, (indicator,))
        self.add_facts([(self.tr("已下达"), rests or self.tr("还没有单位"))])
        self._add_indicator_texts(found)
        add_continued(self, self._workspace, indicator)
        self._add_origins(indicator, None)
        self._add_history(indicator)

    def _add_origins(self, indicator: RecordId, target: RecordId | None) -> None:
        """Where the indicator comes from, and the target itself where it has a source of its own."""
        self.add_heading(self.tr("来源"))
        self.add(OriginsBox(self._workspace, indicator))
        if target is not None and registers.origin_records(self._store, target):
            self.add_text(self.tr("本单位目标另有来源:"), muted=True)
            self.add(OriginsBox(self._workspace, target))

    # History ------------------------------------------------------------------

    def _add_history(self, record: RecordId) -> None:
        rows = history.history(self._store, record)
        self.add_heading(self.tr("修改历史"))
        for place, row in enumerate(rows[:HISTORY_SHOWN]):
            self._add_state(record, row, present=place == 0)
        if len(rows) > HISTORY_SHOWN:
            self.add_text(self.tr("更早的还有 {} 次").format(len(rows) - HISTORY_SHOWN), muted=True)

    def _add_state(self, record: RecordId, row: HistoryRow, *, present: bool) -> None:
        when = row.at.astimezone().strftime("%m-%d %H:%M")
        self.add_text(f"{when}  {row.who}  {row.label}", muted=True)
        lines = [
            f"{change.label}:{change.old or self.tr('空')} → {change.new or self.tr('空')}"
            if change.old else f"{change.label}:{change.new}"
            for change in row.changes[:6]
        ]
        if row.deleted:
            lines = [self.tr("已删除")]
        if lines:
            self.add_text("\n".join(lines))
        if not present and not row.deleted and not self._workspace.read_only:
            button = _RestoreButton(record, row.n, self.tr("恢复到这一次"))
            button.asked.connect(self._on_restore)
            self.add(button)

    def _on_restore(self, record: RecordId, n: int) -> None:
        self._workspace.perform(
            lambda: history.restore(self._store, record, n), saying=self.tr("已恢复,可撤销。")
        )

    # Checks -------------------------------------------------------------------

    def show_checks(self, findings: Sequence[PlanningFinding]) -> None:
        """What should be looked at; a click opens the cell."""
        self._begin(None)
        self._findings = findings
        self.set_title(self.tr("检查"), self.tr("{} 条,单击打开所在格").format(len(findings)))
        if not findings:
            self.add_text(self.tr("没有发现问题:分值相符,没有未设定和读不出的目标。"))
            return
        listing = QListWidget()
        listing.setSpacing(scaled(2))
        listing.setWordWrap(True)
        listing.setAccessibleName(self.tr("检查结果"))
        listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for number, finding in enumerate(findings):
            item = QListWidgetItem(finding.what)
            item.setToolTip(finding.what)
            item.setData(Qt.ItemDataRole.UserRole, number)
            listing.addItem(item)
        listing.setMinimumHeight(scaled(420))
        listing.itemClicked.connect(self._on_finding)
        listing.itemActivated.connect(self._on_finding)
        self.add(listing)

    def _on_finding(self, item: QListWidgetItem) -> None:
        number = item.data(Qt.ItemDataRole.UserRole)
        if 0 <= number < len(self._findings):
            finding = self._findings[number]
            self.cell_asked.emit(finding.indicator, finding.unit)

    # Changing -----------------------------------------------------------------

    def _on_level_counts(self) -> None:
        self._count_by(growth=False)

    def _on_growth_counts(self) -> None:
        self._count_by(growth=True)

    def _count_by(self, *, growth: bool) -> None:
        if self._place is None or self._place[1] is None:
            return
        indicator, unit = self._place
        changed = self._workspace.perform(
            lambda: planning_edits.set_counting(self._store, indicator, (unit,), growth=growth)
        )
        if not changed:
            self.refresh()

    def _on_due(self, value: object) -> None:
        self._set(TargetField.DUE, str(value or ""))

    def _on_note(self, value: object) -> None:
        self._set(TargetField.NOTE, str(value or ""))

    def _set(self, field: TargetField, text: str) -> None:
        if self._place is None or self._place[1] is None:
            return
        indicator, unit = self._place
        self._workspace.perform(
            lambda: planning_edits.set_cell(self._store, indicator, unit, field, text)
        )


class _RestoreButton(QPushButton):
    """Knows which state of which record it stands for."""

    asked = Signal(object, int)

    def __init__(self, record: RecordId, n: int, text: str) -> None:
        super().__init__(text)
        self._record, self._n = record, n
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.asked.emit(self._record, self._n)
