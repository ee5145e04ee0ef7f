"""导入上年结果: last year's ledgers with targets and what became of them, into a year that is then sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Year, YearState
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.domain.results import TargetResult, read_completion
from mbo_desktop.domain.targets import Direction
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import importing, sealing, target_owners
from mbo_desktop.services.import_matching import NewUnit, RowAction, UnitChoice
from mbo_desktop.services.importing import ImportPlan, KeptText
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.spreadsheets.proposal import Proposal, ProposedCell
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as reads

if TYPE_CHECKING:
    from mbo_desktop.spreadsheets.source import Source

__all__ = ["NewUnit", "RowAction", "UnitChoice"]

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ResultsSource:
    """What a file or the clipboard holds: ledgers of targets, and tables of units' results."""

    proposals: tuple[Proposal, ...]
    unit_tables: tuple[UnitResultsTable, ...]


@dataclass(frozen=True, slots=True)
class PlannedResult:
    """A field of a unit-target's result: what it is now and what it will be."""

    indicator_name: str
    unit_key: str
    unit_name: str
    field: str
    """实绩, 完成情况, 得分, 认定说明."""
    old: str
    new: str
    action: RowAction
    place: str


@dataclass(frozen=True, slots=True)
class ResultsPlan:
    """Exactly what `apply_results` will write; the targets stand in `targets`."""

    targets: ImportPlan
    results: tuple[PlannedResult, ...]
    records: tuple[TargetResult, ...] = field(repr=False)
    """Numbers below zero stand for indicators and units still to be made."""
    warnings: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """The year they belong to."""
        return self.targets.year

    @property
    def undecided(self) -> tuple[str, ...]:
        """Names that fit several units; the import waits for a choice."""
        return self.targets.undecided

    @property
    def kept(self) -> tuple[KeptText, ...]:
        """Cells kept as text."""
        return self.targets.kept

    @property
    def with_actual(self) -> int:
        """How many results have a numeric actual."""
        return sum(record.actual is not None for record in self.records)


@dataclass(frozen=True, slots=True)
class ResultsOutcome:
    """What was written."""

    year: int
    indicators: int
    targets: int
    results: int
    new_units: tuple[RecordId, ...]
    sealed: bool
    kept: tuple[KeptText, ...]
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「已导入2019年度:指标8项,目标48项,结果48项;年度已封存。」."""
        text = (
            f"已导入{self.year}年度:指标{self.indicators}项,目标{self.targets}项,"
            f"结果{self.results}项"
        )
        text += importing.counted(self.kept)
        return f"{text};年度已封存。" if self.sealed else f"{text}。"


def read_file(store: Store, path: Path, year: int, *, sender: str = "") -> ResultsSource:
    """What a file says of last year's targets and results; raises FileReadError.

    sender: whose remembered columns come first.
    """
    from mbo_desktop.spreadsheets.source import read_source

    return _read(store, read_source(path), year, sender)


def read_file_in_child(
    store: Store, path: Path, year: int, progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None, *, sender: str = "",
) -> ResultsSource:
    """The same in a process of its own, from a worker thread; raises FileReadError and Cancelled."""
    from mbo_desktop.spreadsheets.child import read_results_in_child

    proposals, unit_tables = read_results_in_child(
        path, year, importing.known_units(store), importing.remembered_mappings(store, sender),
        progress, is_cancelled,
    )
    return _settled(store, proposals, unit_tables)


def read_pasted(
    store: Store, markup: str, text: str, year: int, *, sender: str = ""
) -> ResultsSource:
    """The same for the clipboard's HTML and text flavours."""
    from mbo_desktop.spreadsheets.clipboard import read_clipboard

    return _read(store, read_clipboard(markup, text), year, sender)


def _read(store: Store, source: Source, year: int, sender: str) -> ResultsSource:
    from mbo_desktop.spreadsheets.results_source import read_results

    proposals, unit_tables = read_results(
        source, year, importing.known_units(store), importing.remembered_mappings(store, sender)
    )
    return _settled(store, proposals, unit_tables)


def _settled(
    store: Store, proposals: list[Proposal], unit_tables: tuple[UnitResultsTable, ...]
) -> ResultsSource:
    return ResultsSource(
        tuple(target_owners.settled(store, proposal) for proposal in proposals), unit_tables
    )


def plan_results(
    store: Store, proposal: Proposal, year: int, *, units: Mapping[str, UnitChoice] | None = None,
    directions: Mapping[int, Direction] | None = None,
) -> ResultsPlan:
    """What taking the ledger in would do; nothing is written. Raises as `importing.plan_import`."""
    targets = importing.plan_import(store, proposal, year, units=units, directions=directions)
    return _Planning(store, proposal, targets).run()


def apply_results(
    store: Store, proposal: Proposal, plan: ResultsPlan, *, seal: bool = True, sender: str = ""
) -> ResultsOutcome:
    """Write the plan as one undo step, the one way into a sealed year; seal: close the year after.

    The columns are remembered for the sender, apart from those of ordinary ledgers.

    Raises NotAllowedError while names are undecided, or when the data changed since the plan.
    """
    targets = plan.targets
    if plan.undecided:
        raise NotAllowedError(
            f"“{'、'.join(plan.undecided)}”在单位登记中对应多个单位。", "请逐个选定后再导入。"
        )
    if targets.change_count != store.change_count:
        raise NotAllowedError("预览之后数据又有修改。", "请重新预览后再导入。")
    refuse_sealed_unit(store, plan.year, *(record.unit for record in plan.records))
    with store.change(f"导入{plan.year}年结果 {targets.title}"[:60]) as change:
        numbers, count = importing.write_plan(store, change, targets)
        for record in plan.records:
            indicator = numbers.get(record.indicator, record.indicator)
            unit = numbers.get(record.unit, record.unit)
            change.put(
                replace(
                    record, id=change.named(TargetResult, indicator, unit), indicator=indicator,
                    unit=unit,
                )
            )
        importing.remember_columns(change, proposal, sender)
        year = change.get(Year, change.named(Year, plan.year))
        sealed = seal and year.state is YearState.OPEN
        if sealed:
            sealing.put_seal(store, change, plan.year, YearState.CLOSED, "导入上年结果")
    return ResultsOutcome(
        plan.year, targets.count(RowAction.NEW) + targets.count(RowAction.CHANGED), count,
        len(plan.records),
        tuple(numbers[key] for key, _new in targets.draft.new_units), sealed, plan.kept,
        (*targets.warnings, *plan.warnings),
    )


class _Planning:
    def __init__(self, store: Store, proposal: Proposal, targets: ImportPlan) -> None:
        self.proposal, self.targets = proposal, targets
        draft = targets.draft
        known = reads.result_ids(
            store, [i for i in draft.row_indicators if i > 0],
            [u for u in draft.units.values() if u > 0],
        )
        self.before = {
            (one.indicator, one.unit): one
            for one in store.get_many(TargetResult, known).values()
        }
        self.found: dict[tuple[RecordId, RecordId], TargetResult] = {}
        self.shown: list[PlannedResult] = []
        self.warnings: list[str] = []

    def run(self) -> ResultsPlan:
        draft = self.targets.draft
        names = {
            cell.unit_key: cell.unit_name for row in self.targets.rows for cell in row.cells
        }
        for row, indicator, planned in zip(
            self.proposal.rows, draft.row_indicators, self.targets.rows, strict=True
        ):
            for key, cell in row.cells.items():
                if key in draft.units and cell.has_result:
                    self._take(planned.name, key, names.get(key, key), indicator, cell)
        if not self.shown:
            self.warnings.append("台账中没有读到实绩、完成情况或得分,只导入目标")
        return ResultsPlan(
            self.targets, tuple(self.shown), tuple(self.found.values()), tuple(self.warnings)
        )

    def _take(
        self, name: str, key: str, unit_name: str, indicator: RecordId, cell: ProposedCell
    ) -> None:
        place = (indicator, self.targets.draft.units[key])
        before = self.before.get(place)
        base = self.found.get(place) or before or TargetResult(
            id=RecordId(0), indicator=indicator, unit=place[1]
        )
        status = read_completion(cell.completion_text) if cell.completion_text else None
        words = cell.completion_text if cell.completion_text and status is None else ""
        new = replace(
            base,
            actual=base.actual if cell.actual is None else cell.actual,
            actual_text=words or ("" if cell.actual is not None else base.actual_text),
            completion=status or base.completion,
            score=base.score if cell.score is None else cell.score,
            reason=cell.reason or base.reason,
        )
        if new != before:
            self.found[place] = new
        old_texts, new_texts = _texts(before), _texts(new)
        for label, text in new_texts.items():
            old = old_texts.get(label, "")
            if text or old:
                action = RowAction.SAME if old == text else (
                    RowAction.NEW if before is None else RowAction.CHANGED
                )
                self.shown.append(
                    PlannedResult(name, key, unit_name, label, old, text, action, cell.place)
                )


def _texts(record: TargetResult | None) -> dict[str, str]:
    if record is None:
        return {}
    actual = "" if record.actual is None else show(record.actual)
    return {
        "实绩": record.actual_text or actual,
        "完成情况": "" if record.completion is None else record.completion.label,
        "得分": "" if record.score is None else canonical(record.score),
        "认定说明": record.reason,
    }
