"""A cumulative plan for a node: by what, in which steps; shown with its picture before it is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from mbo_desktop.domain.allocations import Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.quantity import read_number, show
from mbo_desktop.errors import InputError
from mbo_desktop.services import decomposition, decomposition_plans
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.decomposition_plans import PlanSheet
from ui.dialogs.ask import AskDialog
from ui.pages.decomposition_plan_fields import PlanFields
from ui.widgets.fields import TextField
from ui.widgets.tinted import set_tone
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

_BETWEEN = re.compile("[、;\uff1b\t\n ]+")


class PlanDialog(AskDialog):
    """Basis and step; the amounts may be typed over, what is wrong is said and does not block."""

    def __init__(self, workspace: Workspace, row: BranchRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "编排进度计划", "采用这个计划", width=540)
        self._workspace, self._row = workspace, row
        self._store, self._year = workspace.store, workspace.year
        self._sheet: PlanSheet | None = decomposition_plans.plan_sheet(self._store, self._year, row.id)
        self._plan = self._sheet.plan
        self._fields: PlanFields | None = None
        self.note(self.tr("“{}”{}。各期填到期末为止的累计数,改动的数按填报保存。").format(
            row.name, f" {row.value}{row.unit_of_measure}" if row.value else ""))
        self.basis = ViewSwitch(tuple((one.value, one.label) for one in PlanBasis))
        self.period = ViewSwitch(tuple((one.value, one.label) for one in PlanPeriod))
        self.last_year = TextField(
            hint=self.tr("上年各期累计,用顿号或空格隔开,可从 Excel 粘贴"), read=self._read_figures)
        self.form.add(self.tr("办法"), self.basis)
        self.form.add(self.tr("步长"), self.period)
        self.form.add(self.tr("上年实绩"), self.last_year)
        self._holder = QWidget()
        self._holding = QVBoxLayout(self._holder)
        self._holding.setContentsMargins(0, 0, 0, 0)
        self.form.add_wide(self._holder)
        self.problems = QLabel()
        self.problems.setWordWrap(True)
        set_tone(self.problems, "amber")
        self.form.add_wide(self.problems)
        self.below = QCheckBox(self.tr("有目标数的下级也按序时编排"))
        self.below.setVisible(bool(row.child_count))
        self.form.add_wide(self.below)
        if self._plan is not None:
            self.basis.set_view(self._plan.basis.value)
            self.period.set_view(self._plan.period.value)
        self.basis.switched.connect(self._reckon)
        self.period.switched.connect(self._reckon)
        self.last_year.committed.connect(self._reckon)
        if self._plan is None:
            self._reckon()
        else:
            self._show()

    def _read_figures(self, text: str) -> tuple[Decimal, ...]:
        found = tuple(read_number(one) for one in _BETWEEN.split(text.strip()) if one)
        if len(found) not in (4, 12):
            raise InputError(f"上年实绩有 {len(found)} 个数。", "请填 4 个(各季累计)或 12 个(各月累计)数。")
        return found

    @property
    def _by_last_year(self) -> bool:
        return self.basis.view == PlanBasis.LAST_YEAR.value

    def _reckon(self, _value: object = None) -> None:
        """The plan by the chosen basis; typed figures start from what stands there."""
        self.form.show_field(self.last_year, self._by_last_year)
        basis, period = PlanBasis(self.basis.view), PlanPeriod(self.period.view)
        if basis is PlanBasis.TYPED:
            self._take_typed(period)
        elif self._by_last_year and not self.last_year.text().strip():
            self._plan = None
            self.problem.hide()
        else:
            self._plan = None
            self.attempt(lambda: self._take_preview(basis, period))
        self._show()

    def _take_preview(self, basis: PlanBasis, period: PlanPeriod) -> None:
        figures = self.last_year.value() if self._by_last_year else ()
        last_year: Sequence[Decimal] = figures if isinstance(figures, tuple) else ()
        self._sheet = decomposition_plans.plan_preview(
            self._store, self._year, self._row.id, basis, period, last_year=last_year)
        self._plan = self._sheet.plan

    def _take_typed(self, period: PlanPeriod) -> None:
        self.problem.hide()
        present = self._plan.amounts if self._plan is not None else ()
        if len(present) == 12 and period is PlanPeriod.QUARTER:
            present = present[2::3]
        amounts = present if len(present) == period.periods else (None,) * period.periods
        self._plan = Plan(period, PlanBasis.TYPED, tuple(amounts))

    def _show(self) -> None:
        self.form.show_field(self.last_year, self._by_last_year)
        if self._fields is not None:
            self._holding.removeWidget(self._fields)
            self._fields.deleteLater()
            self._fields = None
        self.accept_button.setEnabled(self._plan is not None)
        if self._plan is not None:
            self._fields = PlanFields(self._plan, self._row.amount)
            self._fields.planned.connect(self._on_planned)
            self._holding.addWidget(self._fields)
        self._show_problems()

    def _on_planned(self, plan: object) -> None:
        assert isinstance(plan, Plan)
        self._plan = plan
        self.basis.set_view(PlanBasis.TYPED.value)
        if self._fields is not None:
            self._fields.bars.show_plan(plan.amounts, self._row.amount)
        self._show_problems()

    def _show_problems(self) -> None:
        found: Sequence[str] = ()
        if self._plan is not None and any(one is not None for one in self._plan.amounts):
            found = decomposition_plans.problems(self._store, self._year, self._row.id, self._plan)
        self.problems.setText(";".join(found))
        self.problems.setVisible(bool(found))

    def act(self) -> None:
        """Write the plan."""
        plan = self._plan
        if plan is None:
            raise InputError("还没有可以采用的计划。", "请选一种办法,或逐期填报。")
        if all(one is None for one in plan.amounts):
            plan = None
        decomposition_plans.apply_plan(self._store, self._year, self._row.id, plan)
        if plan is None:
            self._workspace.say(self.tr("已清除计划,可以撤销。"))
            return
        last = plan.amounts[-1]
        said = self.tr("已编排计划,期末 {}。").format(show(last) if last is not None else "—")
        if self.below.isChecked():
            said += self._plan_below(plan.period)
        self._workspace.say(said, tone="green")

    def _plan_below(self, period: PlanPeriod) -> str:
        ids = decomposition.child_ids(self._store, self._year, self._row.id)
        rows = decomposition.rows(self._store, self._year, ids)
        chosen = [one for one in ids if one in rows and rows[one].amount is not None]
        refused = decomposition_plans.plan_many(self._store, self._year, chosen, period)
        return self.tr("另编排下级 {} 项。").format(len(chosen) - len(refused))
