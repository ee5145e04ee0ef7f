"""A returned workbook as a round of proposals: planned first, and exactly that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator
from mbo_desktop.domain.rounds import ProposalRound, ProposalState, RoundSide, TargetProposal
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.importing import KeptText
from mbo_desktop.services.known_indicators import KnownIndicators
from mbo_desktop.services.rounds import put_round
from mbo_desktop.services.signed_cells import fixed_units
from mbo_desktop.services.target_cells import kept_reason
from mbo_desktop.spreadsheets.proposal import OPEN_UNIT, Proposal, ProposedCell, ProposedIndicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import units as unit_reads


@dataclass(frozen=True, slots=True)
class PlannedProposal:
    """A value that will be written into the round."""

    indicator: RecordId
    unit: RecordId
    name: str
    heading: str
    value: TargetValue
    new: str
    """As shown."""
    old: str
    """What the round it was to go into says already; empty when nothing."""
    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Exactly what `apply_round` will write."""

    title: str
    year: int
    side: RoundSide
    name: str
    on: date
    by: str
    source: str
    into: RecordId | None
    """The round it goes into; None: one of its own."""
    splits: bool
    """The chosen round says otherwise in some cells: the paste is kept as a round of its own."""
    cells: tuple[PlannedProposal, ...]
    refused: tuple[KeptText, ...]
    """Values that cannot go in: signed cells, indicators or units that are not there."""
    undecided: tuple[str, ...]
    """Names that fit several units; nothing is written until they are chosen."""
    warnings: tuple[str, ...]
    change_count: int


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What was written, and into which round."""

    round: RecordId
    written: int
    refused: tuple[KeptText, ...]

    @property
    def sentence(self) -> str:
        """「已录入48个建议值;2个未录入。」."""
        left = f";{len(self.refused)}个未录入" if self.refused else ""
        return f"已录入{self.written}个建议值{left}。"


def plan_round(
    store: Store, proposal: Proposal, year: int, *, side: RoundSide, on: date | None = None,
    by: str = "", name: str = "", into: RecordId | None = None,
    units: Mapping[str, RecordId | None] | None = None,
) -> RoundPlan:
    """What taking a returned workbook in as a round would do; nothing is written.

    into: add to this round; where it says otherwise already, the workbook becomes a round of
    its own, so that two rounds pasted over each other stay apart. units: which unit a name in
    the workbook is, None to leave it out. Raises InputError when no row was read or the
    workbook names no unit.
    """
    sealing.refuse_sealed(store, year)
    if not proposal.rows:
        raise InputError("没有读到任何指标。", "请检查列的对应关系,至少要有一列是“指标名称”。")
    if any(OPEN_UNIT in row.cells for row in proposal.rows):
        raise InputError("工作簿没有写明是哪个单位的建议值。", "请选择单位。")
    work = _Plan(store, proposal, year, units or {})
    work.read()
    before = _standing(store, into)
    cells = tuple(
        PlannedProposal(
            one.indicator, one.unit, one.name, one.heading, one.value, one.new,
            show_target(
                before.get((one.indicator, one.unit)),
                unit_shown_in_header=work.measures[one.indicator],
            ),
            one.place, one.problem,
        )
        for one in work.cells
    )
    splits = any(
        before.get((one.indicator, one.unit), one.value) != one.value for one in cells
    )
    return RoundPlan(
        proposal.title or proposal.source, year, side, name.strip(), on or clock.today(),
        by.strip(), proposal.source, None if splits else into, splits, cells,
        tuple(work.refused), tuple(work.undecided),
        tuple(_warnings(store, proposal, year, cells, before if splits else {}, into)), store.change_count,
    )


def apply_round(store: Store, plan: RoundPlan) -> RoundResult:
    """Write the plan as one undo step.

    Raises NotAllowedError while names are undecided, when the data changed since, or when
    nothing could go in.
    """
    if plan.undecided:
        raise NotAllowedError(
            f"“{'、'.join(plan.undecided)}”在单位登记中对应多个单位。", "请逐个选定后再录入。"
        )
    if not plan.cells:
        raise NotAllowedError("没有可以录入的建议值。", "请查看未录入的原因。")
    with store.change(f"录入建议值 {plan.title}"[:60]) as change:
        if plan.change_count != store.change_count:
            raise NotAllowedError("预览之后数据又有修改。", "请重新预览后再录入。")
        record = plan.into
        if record is None:
            record = put_round(
                store, change, plan.year, plan.side, name=plan.name, on=plan.on,
                source=plan.source,
            )
        for one in plan.cells:
            made = change.named(TargetProposal, record, one.indicator, one.unit)
            old = change.find(TargetProposal, made)
            if old is not None and old.value == one.value:
                continue
            change.put(TargetProposal(
                id=made, round=record, indicator=one.indicator, unit=one.unit, value=one.value,
                by=plan.by or one.heading, on=plan.on, place=one.place,
                state=ProposalState.OPEN,
            ))
    return RoundResult(record, len(plan.cells), plan.refused)


class _Plan:
    """A workbook's cells fitted to the indicators and units as they stand."""

    def __init__(
        self, store: Store, proposal: Proposal, year: int,
        choices: Mapping[str, RecordId | None],
    ) -> None:
        self.store, self.proposal, self.year = store, proposal, year
        self.cells: list[PlannedProposal] = []
        self.refused: list[KeptText] = []
        self.undecided: list[str] = []
        self.measures: dict[RecordId, str] = {}
        self._known = KnownIndicators(store, year)
        self._categories = {
            one.name: one.id for one in store.all(Category, year=year, axis=CategoryAxis.CATEGORY)
        }
        self._fixed = fixed_units(store, year)
        self._units = self._settled(choices)
        self._parties = store.get_many(Unit, [u for u in self._units.values() if u is not None])

    def read(self) -> None:
        """Fill `cells` and `refused`."""
        fits = [
            self._known.take(row, self._categories.get(row.category)) for row in self.proposal.rows
        ]
        indicators = self.store.get_many(Indicator, [one for one in fits if one is not None])
        for row, fit in zip(self.proposal.rows, fits, strict=True):
            for key, cell in row.cells.items():
                if cell.value is None or self._units.get(key, RecordId(0)) is None:
                    continue
                indicator = indicators.get(fit) if fit is not None else None
                self._cell(row, key, cell, indicator)

    def _cell(
        self, row: ProposedIndicator, key: str, cell: ProposedCell, indicator: Indicator | None
    ) -> None:
        unit = self._units.get(key)
        if unit is None or unit not in self._parties:
            if key not in self.undecided:
                self._refuse(cell, f"单位登记中没有“{key}”")
            return
        if indicator is None:
            self._refuse(cell, f"{self.year}年度没有指标“{row.name}”")
            return
        party = self._parties[unit]
        heading = party.short_name or party.name
        if unit in self._fixed:
            self._refuse(cell, f"{heading}的{self._fixed[unit].reason},请用“目标调整”")
            return
        value = cell.value
        if row.unit_of_measure != indicator.unit_of_measure and cell.text:
            value = read_target(
                cell.text, unit=row.unit_of_measure or indicator.unit_of_measure,
                default_form=indicator.form, indicator_name=indicator.name,
            )
        if value is None:
            return
        self.measures[indicator.id] = indicator.unit_of_measure
        shown = show_target(value, unit_shown_in_header=indicator.unit_of_measure)
        self.cells.append(PlannedProposal(
            indicator.id, unit, indicator.name, heading, value, shown, "", cell.place,
            cell.problem or kept_reason(indicator, value),
        ))

    def _refuse(self, cell: ProposedCell, reason: str) -> None:
        self.refused.append(KeptText(cell.place, cell.text, reason, "未录入"))

    def _settled(
        self, choices: Mapping[str, RecordId | None]
    ) -> dict[str, RecordId | None]:
        by_name = {
            written: record
            for record, name, short, _kind in unit_reads.known_units(self.store)
            for written in (name, short) if written
        }
        found: dict[str, RecordId | None] = {}
        for guess in self.proposal.units:
            if guess.key in choices:
                found[guess.key] = choices[guess.key]
            elif guess.id is not None:
                found[guess.key] = RecordId(guess.id)
            elif guess.candidates:
                self.undecided.append(guess.key)
            elif guess.key in by_name:
                found[guess.key] = by_name[guess.key]
        return found


def _standing(
    store: Store, record: RecordId | None
) -> dict[tuple[RecordId, RecordId], TargetValue]:
    if record is None:
        return {}
    store.get(ProposalRound, record)
    found = store.get_many(TargetProposal, reads.proposal_ids(store, [record]))
    return {
        (one.indicator, one.unit): one.value
        for one in found.values() if one.value is not None
    }


def _warnings(
    store: Store, proposal: Proposal, year: int, cells: Sequence[PlannedProposal],
    split_from: Mapping[tuple[RecordId, RecordId], TargetValue], into: RecordId | None,
) -> list[str]:
    found = []
    if proposal.year_named is not None and proposal.year_named != year:
        found.append(f"工作簿标题写的是 {proposal.year_named} 年,将录入 {year} 年度")
    if split_from and into is not None:
        differing = sum(
            split_from.get((one.indicator, one.unit), one.value) != one.value for one in cells
        )
        title = store.get(ProposalRound, into).title
        found.append(f"“{title}”中已有{differing}格与本表不同,本表将另存为新的一轮,原有各格不变")
    twice = len(cells) - len({(one.indicator, one.unit) for one in cells})
    if twice:
        found.append(f"有{twice}格在表中出现两次,以后一个为准")
    for one in store.all(ProposalRound, year=year):
        same = _standing(store, one.id)
        if one.id != into and cells and len(same) == len(cells) and all(
            same.get((cell.indicator, cell.unit)) == cell.value for cell in cells
        ):
            found.append(f"与“{one.title}”完全相同,可能是同一份表")
    return found
