"""导入上年结果: the import wizard over ledgers that say what became of the targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from mbo_desktop.errors import ProgramError
from mbo_desktop.services import results_import, sealing
from mbo_desktop.services.import_matching import PlannedCell, RowAction
from mbo_desktop.services.importing import ImportPlan, KeptText
from mbo_desktop.services.results_import import (
    PlannedResult,
    ResultsOutcome,
    ResultsPlan,
    ResultsSource,
)
from mbo_desktop.spreadsheets.proposal import Proposal
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable
from ui.dialogs.import_preview import PlanSource
from ui.dialogs.import_wizard import PREVIEW, REPORT, ImportWizard
from ui.dialogs.unit_results import UnitResultsDialog
from ui.jobs import JobControl
from ui.workspace import Workspace

Read = tuple[list[Proposal], list[ProgramError]]
_RESULT_FIELDS = frozenset({"实绩", "完成情况", "得分", "认定说明"})


@dataclass(frozen=True, slots=True)
class _Report:
    """What the last step shows of an outcome."""

    sentence: str
    kept: tuple[KeptText, ...]
    warnings: tuple[str, ...]
    new_categories: int = 0


class _ShownPlan(ImportPlan):
    """A plan whose rows also hold the results; only targets are counted as targets."""

    __slots__ = ()

    def count_cells(self, action: RowAction) -> int:
        """Target cells with this action."""
        return sum(
            cell.action is action and cell.field not in _RESULT_FIELDS
            for row in self.rows for cell in row.cells
        )

    def count_targets(self, action: RowAction) -> int:
        """Unit-targets with this action, their results left aside."""
        return len({
            (row.number, cell.unit_key)
            for row in self.rows for cell in row.cells
            if cell.action is action and cell.field not in _RESULT_FIELDS
        })


def shown_plan(plan: ResultsPlan) -> ImportPlan:
    """The plan with every result beside its target, as the preview's table shows it."""
    by_name: dict[str, list[PlannedResult]] = {}
    for one in plan.results:
        by_name.setdefault(one.indicator_name, []).append(one)
    rows = []
    for row in plan.targets.rows:
        places = {cell.place for cell in row.cells}
        fitting = [
            PlannedCell(one.unit_key, one.unit_name, one.field, one.old, one.new, one.action, one.place)
            for one in by_name.get(row.name, ())
            if not places or one.place in places or len(by_name) == len(plan.targets.rows)
        ]
        rows.append(replace(row, cells=(*row.cells, *fitting)))
    values = {one.name: getattr(plan.targets, one.name) for one in fields(ImportPlan)}
    return _ShownPlan(**{**values, "rows": tuple(rows)})


class ResultsWizard(ImportWizard):
    """Takes last year's ledger in with 实绩, 完成情况, 得分; tables of units' results are asked about."""

    def __init__(self, workspace: Workspace, parent: QWidget | None, year: int) -> None:
        """year: the past year that the results belong to."""
        self._results_year = year
        self._unit_tables: list[UnitResultsTable] = []
        self._results: ResultsPlan | None = None
        super().__init__(workspace, parent)
        self.setWindowTitle(self.tr("导入 {} 年结果").format(year))
        self.mapping.year.setValue(year)
        self.seal = QCheckBox(self.tr("导入后封存该年度(以后修改须先解封)"))
        self.seal.setChecked(True)
        self.seal.hide()
        self.layout().insertWidget(3, self.seal)
        self.stack.currentChanged.connect(self._on_step)

    def _on_step(self, step: int) -> None:
        self.seal.setVisible(step == PREVIEW)

    # Reading ------------------------------------------------------------------

    def read_files(self, paths: Sequence[Path]) -> None:
        """Read files; what cannot be read is said, the rest goes on."""
        store, year = self._workspace.store, self._results_year
        sender = self.mapping.sender_name

        def work(control: JobControl) -> Read:
            found: list[ResultsSource] = []
            faults: list[ProgramError] = []
            for number, path in enumerate(paths, 1):
                control.progress(number - 1, len(paths), path.name)
                try:
                    found.append(results_import.read_file_in_child(
                        store, path, year, control.progress, control.cancelled, sender=sender
                    ))
                except ProgramError as error:
                    faults.append(error)
            return self._gather(found), faults

        self.line.run(self.tr("读取 {} 个文件").format(len(paths)), work, self._on_read)

    def read_pasted(self, markup: str, text: str) -> None:
        """Read what was copied."""
        store, year = self._workspace.store, self._results_year
        sender = self.mapping.sender_name

        def work(_control: JobControl) -> Read:
            read = results_import.read_pasted(store, markup, text, year, sender=sender)
            return self._gather([read]), []

        self.line.run(self.tr("读取剪贴板"), work, self._on_read)

    def _gather(self, found: Sequence[ResultsSource]) -> list[Proposal]:
        self._unit_tables = [table for source in found for table in source.unit_tables]
        return [proposal for source in found for proposal in source.proposals if proposal.rows]

    def _on_read(self, read: Read) -> None:
        tables, self._unit_tables = self._unit_tables, []
        proposals, faults = read
        if proposals or faults or not tables:
            super()._on_read(read)
        for table in tables:
            self._ask_units(table, seals=not proposals)
        if tables and not proposals and not faults:
            self.accept()

    def _ask_units(self, table: UnitResultsTable, *, seals: bool) -> None:
        try:
            dialog = UnitResultsDialog(
                self._workspace, self, table, self._results_year, seals=seals)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        dialog.exec()

    # Plan and writing ---------------------------------------------------------

    def _make_plan(self) -> None:
        sheet = self._sheets[self._current]
        proposal, choices = self.mapping.owned(sheet.proposal)
        sheet.choices = self.mapping.units.choices()
        if proposal.has_open_target:
            super()._make_plan()
            return
        store, year = self._workspace.store, self.mapping.year.value()
        directions = dict(sheet.directions)

        def work(_control: JobControl) -> tuple[Proposal, PlanSource, ResultsPlan]:
            plan = results_import.plan_results(
                store, proposal, year, units=choices, directions=directions)
            return proposal, PlanSource(shown_plan(plan)), plan

        self.line.run(self.tr("核对台账"), work, self._on_results_plan)

    def _on_results_plan(self, made: tuple[Proposal, PlanSource, ResultsPlan]) -> None:
        proposal, source, self._results = made
        self._on_plan((proposal, source))
        plan = self._results
        if not plan.undecided:
            words = self.tr("同时写入 {} 年结果 {} 项,其中有数字实绩的 {} 项。").format(
                plan.year, len(plan.records), plan.with_actual)
            words += "".join(f"{warning}。" for warning in plan.warnings)
            closed = sealing.is_sealed(self._workspace.store, plan.year)
            if closed:
                words += self.tr("{} 年度已封存,应用后其中同名的指标、目标和结果会按本表改写。").format(plan.year)
            self.messages.say(words, "amber" if plan.warnings or closed else "")

    def _apply(self) -> None:
        plan, proposal, seal = self._results, self._planned, self.seal.isChecked()
        if plan is None or proposal is None:
            return
        store, sender = self._workspace.store, self.mapping.sender_name

        def work(_control: JobControl) -> ResultsOutcome:
            return results_import.apply_results(store, proposal, plan, seal=seal, sender=sender)

        self.line.run(self.tr("导入"), work, self._on_results_applied, writes=True)

    def _on_results_applied(self, outcome: ResultsOutcome) -> None:
        self._sheets[self._current].is_done = True
        assert self._results is not None
        self.messages.hide()
        notices = self._planned.notices if self._planned is not None else ()
        report = _Report(outcome.sentence, outcome.kept, outcome.warnings)
        self.report.show_result(report, self._results.targets, notices)  # type: ignore[arg-type]
        self._show_step(REPORT)
        self._workspace.say(outcome.sentence, tone="green")
