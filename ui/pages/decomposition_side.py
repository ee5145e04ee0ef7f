"""The panel beside the decomposition tree: what the selected node is to reach, by whom, by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from mbo_desktop.domain.allocations import Allocation, Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.cascade import sum_rule
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.targets import Direction
from mbo_desktop.services import (
    blanks,
    decomposition,
    decomposition_edits,
    decomposition_plans,
    history,
)
from mbo_desktop.services.blanks import Blank, Severity
from mbo_desktop.services.decomposition import BranchKind, BranchRow, PersonOnNode
from mbo_desktop.services.decomposition_edits import BranchField, FieldEdit
from mbo_desktop.services.signed_nodes import unfounded_parties
from ui.later import later
from ui.pages.decomposition_pictures import SplitBar
from ui.pages.decomposition_plan_fields import MilestoneFields, PlanFields
from ui.pages.exchange_block import add_foreign_block
from ui.widgets.fields import LongField
from ui.widgets.form import Form
from ui.widgets.side_panel import SidePanel
from ui.widgets.tinted import set_tone
from ui.workspace import Workspace

HISTORY_SHOWN = 8
LAID_OUT_MS = 30
"""After which a panel built anew may have its height."""
PICTURED = 60
"""Children whose amounts are drawn; more would be lines too thin to see."""


class BranchSide(SidePanel):
    """Shows one node; every edit is saved when it is committed."""

    deed_asked = Signal(str)
    """"split", "plan", …: as in `BranchDeeds.do`."""
    node_asked = Signal(int, str)
    """Another node to be shown, and its field."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._store = workspace.store
        self.node = 0
        self._built = 0
        self._wanted = ""
        self._shown_blanks: tuple[Blank, ...] = ()
        self.fields: dict[str, QWidget] = {}
        self.blanks_of: Callable[[int], Sequence[Blank]] = lambda _node: ()
        """What is known to be missing or wrong at a node."""
        # A change announced while a field loses the focus: show it when Qt is done with that.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._rebuild)

    def show_node(self, node: object) -> None:
        """Show another node (0: none) or the same one anew."""
        self.node = int(str(node or 0))
        self._timer.start()

    def ask_for(self, field: str) -> None:
        """Put the focus into a field (plan, milestones, difficulties, measures) once it is there."""
        self._wanted = field
        self._timer.start()

    def show_blanks(self) -> None:
        """Other blanks may be known now; built anew only where they are others."""
        if self.node and tuple(self.blanks_of(self.node)) != self._shown_blanks:
            self._timer.start()

    @property
    def _year(self) -> int:
        return self._workspace.year

    def _rebuild(self) -> None:
        kept = self._wanted or self._focused_name()
        area = self.findChild(QScrollArea)
        assert area is not None
        scroll = area.verticalScrollBar().value() if self._built == self.node else 0
        self.clear()
        self.fields = {}
        self._built = self.node
        self._shown_blanks = tuple(self.blanks_of(self.node))
        row = decomposition.row(self._store, self._year, self.node) if self.node else None
        if row is None:
            self.add_text(self.tr(
                "在左边选中一项,这里显示它的目标值、余量、责任人、计划、五个明确和修改记录。"), muted=True)
            return
        self._add_head(row)
        if row.target is not None:
            self._add_node(row)
        if scroll:
            self._when_laid_out(area.widget(), lambda: area.verticalScrollBar().setValue(scroll))
        self._focus(kept)

    def _focused_name(self) -> str:
        return next((name for name, field in self.fields.items() if field.hasFocus()), "")

    def _focus(self, name: str) -> None:
        self._wanted = ""
        field = self.fields.get(name) or self.fields.get(f"{name}0")
        if field is None:
            return
        area = self.findChild(QScrollArea)
        assert area is not None
        # Qt shows what was just put into a layout a turn later, and only what is shown takes the focus.
        chain: list[QWidget] = [field]
        while chain[-1].parentWidget() not in (None, area.widget()):
            chain.append(chain[-1].parentWidget())
        for widget in reversed(chain):
            widget.show()
        field.setFocus()
        self._when_laid_out(field, lambda: area.ensureWidgetVisible(field))

    def _when_laid_out(self, owner: QWidget, act: Callable[[], object], tries: int = 6) -> None:
        """Scroll once the panel built anew has its height; the owner goes with the next building."""
        area = self.findChild(QScrollArea)
        assert area is not None
        if area.verticalScrollBar().maximum() or not tries:
            act()
        else:
            later(owner, lambda: self._when_laid_out(owner, act, tries - 1), LAID_OUT_MS)

    # Value ----------------------------------------------------------------------

    def _add_head(self, row: BranchRow) -> None:
        line = [row.kind.label if row.kind is BranchKind.CATEGORY else row.indicator_name, row.title,
                row.unit_label]
        if row.form is not None:
            line.append(row.form.label)
        title = row.name
        self.set_title(title, " · ".join(dict.fromkeys(w for w in line if w and w != title)))
        add_foreign_block(
            self, self._workspace, row.allocation or row.target, year=self._year, then=self._rebuild)
        if row.kind is BranchKind.CATEGORY:
            self.add_facts([(self.tr("指标"), self.tr("{} 项").format(row.child_count))])
        elif row.target is None:
            self.add_text(self.tr(
                "这项指标分别下达到各单位,本机关没有总目标。要分解哪个单位的目标,请展开后选中那个单位。"), muted=True)

    def _add_node(self, row: BranchRow) -> None:
        record = self._store.find(Allocation, row.allocation) if row.allocation is not None else None
        self._add_values(row)
        self._add_blanks(row)
        self._add_split(row)
        self._add_people(row)
        self._add_plan(row, record)
        self._add_milestones(row, record)
        self._add_clears(row)
        self._add_texts(row, record)
        self._add_history(row)

    def _parent(self, row: BranchRow) -> BranchRow | None:
        path = decomposition.path_to(self._store, self._year, row.id)
        above = decomposition.row(self._store, self._year, path[-2]) if len(path) > 1 else None
        return above if above is not None and above.target is not None else None

    def _add_values(self, row: BranchRow) -> None:
        facts: list[tuple[str, str] | tuple[str, str, str]] = []
        measure = row.unit_of_measure
        facts.append(
            (self.tr("目标值"), _stated(row)) if row.value
            else (self.tr("目标值"), self.tr("未设定"), "red")
        )
        above = self._parent(row)
        if above is not None:
            facts.append((self.tr("上级目标"), _stated(above) or "—"))
            if above.rest:
                facts.append((self.tr("上级分解"), above.rest, "secondary"))
        if row.last_year is not None:
            facts.append((self.tr("上年实绩"), _with_measure(show(row.last_year), measure) + _growth(row)))
        if row.points is not None:
            facts.append((self.tr("分值"), show(row.points)))
        if row.share is not None:
            facts.append((self.tr("份额"), f"{show(row.share)}%"))
        if row.due is not None:
            facts.append((self.tr("完成时限"), row.due.isoformat()))
        if row.rest:
            facts.append((self.tr("本级分解"), row.rest, "accent" if "加压" in row.rest else "amber"))
        self.add_facts(facts)
        if row.adjusted:
            self.add_text(row.adjusted, muted=True)

    def _add_blanks(self, row: BranchRow) -> None:
        """What the check says of this node, with what to do about it."""
        for one in self._shown_blanks:
            mark = {Severity.BLANK: "■", Severity.WRONG: "▲"}.get(one.severity, "○")
            label = self.add_text(f"{mark} {one.text}", muted=one.severity is Severity.NOTE)
            label.setToolTip(one.kind.advice)
            if one.severity is not Severity.NOTE:
                tone = "red" if one.severity is Severity.BLANK else "amber"
                set_tone(label, tone)
        parties = unfounded_parties(self._store, self._year, {self.node}) if row.kind is BranchKind.ALLOCATION else ()
        if parties:
            label = self.add_text(self.tr("▲ 与已印发的责任书不同:{}").format("、".join(parties)))
            set_tone(label, "amber")
            label.setToolTip(self.tr("责任书原文不变。在“责任书”中可看新旧对照,撤回后重新印发"))

    def _add_split(self, row: BranchRow) -> None:
        if row.child_count:
            self._add_bar(row)
        if self._workspace.read_only:
            return
        buttons: list[tuple[str, Any]] = []
        if row.child_count:
            buttons.append((self.tr("拆分… F7"), self._on_split))
        buttons.append((self.tr("计划… F8"), self._on_plan))
        if row.redivide:
            buttons.append((self.tr("确认分解"), self._on_confirm))
        self.add_buttons(buttons)

    def _add_bar(self, row: BranchRow) -> None:
        added = sum_rule(row.form, Direction.HIGHER, row.indicator_name, row.unit_of_measure).adds
        if row.amount is None or row.child_count > PICTURED or not added:
            # Rates and ranks are no parts of a whole.
            return
        ids = decomposition.child_ids(self._store, self._year, row.id)
        below = decomposition.rows(self._store, self._year, ids)
        parts = [
            (child.unit_label or child.title, child.amount) for one in ids
            if (child := below.get(one)) is not None and child.amount is not None
            and child.amount_unit == row.amount_unit
        ]
        if parts:
            self.add(SplitBar(row.amount, parts))

    def _on_split(self) -> None:
        self.deed_asked.emit("split")

    def _on_plan(self) -> None:
        self.deed_asked.emit("plan")

    def _on_confirm(self) -> None:
        self.deed_asked.emit("confirm")

    # People ---------------------------------------------------------------------

    def _add_people(self, row: BranchRow) -> None:
        self.add_heading(self.tr("责任"))
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("责任单位"), row.unit_label or "—"),
            (self.tr("第一责任人"), row.principal or self.tr("空白"), "" if row.principal else "red"),
            (self.tr("责任领导"), *_person_words(row.leader, self.tr("—"), needed=False)),
            (self.tr("责任人"), *_person_words(row.responsible, self.tr("空白"), needed=not row.child_count)),
            (self.tr("经办人"), *_person_words(row.handler, self.tr("空白"), needed=not row.child_count)),
        ]
        if row.supporting:
            facts.append((self.tr("配合单位"), "、".join(name for _unit, name in row.supporting)))
        self.add_facts(facts)

    # Plan -----------------------------------------------------------------------

    def _add_plan(self, row: BranchRow, record: Allocation | None) -> None:
        plan = record.plan if record is not None else None
        how = f"({plan.period.label}·{plan.basis.label})" if plan is not None else ""
        self.add_heading(self.tr("进度计划(累计)") + how)
        if plan is None:
            self.add_text(self.tr("还没有计划。按 F8 按序时或上年节奏编排,再逐期修改。"), muted=True)
            if not self._workspace.read_only and row.amount is not None:
                self.add_buttons([
                    (self.tr("按月填报"), self._on_by_month), (self.tr("按季填报"), self._on_by_quarter)])
            return
        fields = PlanFields(plan, row.amount, locked=self._workspace.read_only)
        fields.planned.connect(self._on_planned)
        for place, field in enumerate(fields.fields):
            self.fields[f"plan{place}"] = field
        self.add(fields)

    def _on_by_month(self) -> None:
        self._start_plan(PlanPeriod.MONTH)

    def _on_by_quarter(self) -> None:
        self._start_plan(PlanPeriod.QUARTER)

    def _start_plan(self, period: PlanPeriod) -> None:
        self._wanted = "plan"
        self._on_planned(Plan(period, PlanBasis.TYPED, (None,) * period.periods))

    def _on_planned(self, plan: object) -> None:
        assert isinstance(plan, Plan)
        self._workspace.perform(
            lambda: decomposition_plans.apply_plan(self._store, self._year, self.node, plan)
        )

    def _add_milestones(self, row: BranchRow, record: Allocation | None) -> None:
        self.add_heading(self.tr("节点"))
        milestones = record.milestones if record is not None else ()
        fields = MilestoneFields(milestones, self._year, locked=self._workspace.read_only)
        fields.changed.connect(self._on_milestones)
        for place, (title, day) in enumerate(zip(fields.titles, fields.days, strict=True)):
            self.fields[f"milestones{place}"] = title
            self.fields[f"milestone_day{place}"] = day
        if not self._workspace.read_only:
            self.fields.setdefault("milestones", fields.add_button)
        self.add(fields)

    def _on_milestones(self, milestones: Sequence[Milestone]) -> None:
        lines = [(one.title, one.due, one.note) for one in milestones]
        self._workspace.perform(
            lambda: decomposition_plans.set_milestones(self._store, self._year, self.node, lines)
        )

    # Five clears ------------------------------------------------------------------

    def _add_clears(self, row: BranchRow) -> None:
        self.add_heading(self.tr("五个明确"))
        self.add_facts([
            (name, "✓" if ok else f"○ {why}", "green" if ok else "amber")
            for name, ok, why in blanks.five_clears(self._store, self._year, row.id)
        ])

    def _add_texts(self, row: BranchRow, record: Allocation | None) -> None:
        form = Form(label_width=56)
        for name, label in (
            ("difficulties", self.tr("攻坚难点")), ("measures", self.tr("措施办法")),
        ):
            field = LongField(getattr(record, name) if record is not None else "", lines=2)
            field.setEnabled(not self._workspace.read_only)
            field.committed.connect(
                self._on_difficulties if name == "difficulties" else self._on_measures)
            form.add(label, field)
            self.fields[name] = field
        self.add(form)
        if row.undivided:
            self.add_facts([(self.tr("不再分解"), row.undivided)])
        if not self._workspace.read_only and (row.undivided or not row.child_count):
            button = QPushButton(self.tr("不再分解的说明… Ctrl+B"))
            button.setProperty("role", "link")
            button.clicked.connect(self._on_undivided)
            self.fields["undivided"] = button
            self.add(button)

    def _on_undivided(self) -> None:
        self.deed_asked.emit("undivided")

    def _on_difficulties(self, text: object) -> None:
        self._write(BranchField.DIFFICULTIES, str(text), self.tr("填写攻坚难点"))

    def _on_measures(self, text: object) -> None:
        self._write(BranchField.MEASURES, str(text), self.tr("填写措施办法"))

    def _write(self, field: BranchField, text: str, label: str) -> None:
        node = self.node
        refused = self._workspace.perform(lambda: decomposition_edits.write_fields(
            self._store, self._year, [FieldEdit(node, field, text)], label))
        for why in (refused or {}).values():
            self._workspace.say(why, tone="red")

    # History ----------------------------------------------------------------------

    def _add_history(self, row: BranchRow) -> None:
        record = row.allocation if row.kind is BranchKind.ALLOCATION else row.target
        if record is None:
            return
        self.add_heading(self.tr("修改记录"))
        rows = history.history(self._store, record)
        for one in rows[:HISTORY_SHOWN]:
            self.add_text(f"{one.at.astimezone():%m-%d %H:%M}  {one.who}  {one.label}", muted=True)
            for change in () if one.created else one.changes[:5]:
                self.add_text(f"　{change.label}:{change.old or '空'} → {change.new or '空'}")
        if len(rows) > HISTORY_SHOWN:
            self.add_text(self.tr("更早的还有 {} 次").format(len(rows) - HISTORY_SHOWN), muted=True)


def _with_measure(value: str, measure: str) -> str:
    return value if not measure or not value or value.endswith(measure) else f"{value} {measure}"


def _stated(row: BranchRow) -> str:
    """The value in words; a measure only behind a number."""
    return _with_measure(row.value, row.unit_of_measure) if row.amount is not None else row.value


def _growth(row: BranchRow) -> str:
    """How much more than last year, in words; "" where that says nothing."""
    if row.amount is None or not row.last_year or row.amount_unit not in ("", row.unit_of_measure):
        return ""
    percent = round_half_up((row.amount - row.last_year) / abs(row.last_year) * Decimal(100), 1)
    return f"({'+' if percent >= 0 else ''}{show(percent)}%)"


def _person_words(person: PersonOnNode, empty: str, *, needed: bool) -> tuple[str, str]:
    if not person.label:
        return empty, "red" if needed else "secondary"
    if person.vacant:
        return person.label, "amber"
    return person.label + ("(随上级)" if person.inherited else ""), ""
