"""年度结转: the new year begins from last year's certified account; planned first, then written as planned.

The plan is made without writing anything, is what the preview shows, and is written in one
change: one undo. What stands in the new year already is recognised by `continues`, by natural
keys and by what dockets were made from: running it twice makes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.joint import JointDuty
from mbo_desktop.domain.planning import Category, Indicator, Target, Year
from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import Cancelled, NotAllowedError
from mbo_desktop.services import sealing, year_turn_rules
from mbo_desktop.services.year_turn_cells import Cells, unit_lines
from mbo_desktop.services.year_turn_frame import frame, new_year
from mbo_desktop.services.year_turn_plan import (
    EVERY_PART,
    BaseLine,
    BaseSource,
    BaseState,
    Going,
    IndicatorLine,
    Part,
    TurnChoices,
    TurnPlan,
    UnitLine,
    turn_label,
)
from mbo_desktop.services.year_turn_reading import Progress, TurnReading, read_turn
from mbo_desktop.services.year_turn_trees import Trees
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

__all__ = [
    "EVERY_PART", "BaseLine", "BaseSource", "BaseState", "Going", "IndicatorLine", "Part", "TurnChoices",
    "TurnPlan", "TurnReading", "UnitLine", "read_turn", "turn_label",
]
_STEP = 200
"""Records between two looks at the cancel flag."""


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What a roll-over wrote."""

    plan: TurnPlan
    records: int

    @property
    def sentence(self) -> str:
        """「已完成2020年度结转到2021年度:……。」."""
        if not self.records:
            return f"{self.plan.year}年度已经结转过,没有需要新增的内容。"
        return f"已完成{self.plan.sentence}。"


def make_plan(reading: TurnReading, choices: TurnChoices | None = None) -> TurnPlan:
    """What will be made from what was read and decided; pure, nothing is read or written."""
    chosen = choices or TurnChoices()
    built = frame(reading, chosen)
    cells = Cells(built)
    parts = chosen.parts
    trees = Trees(built, cells.target_of) if Part.TREES in parts else None
    units = unit_lines(built)
    built.notes += [f"单位变动:{one.sentence}" for one in units if not one.heirs]
    if not reading.has_calendar:
        built.notes.append(f"{reading.year}年的节假日还没有录入,督查时限暂按周末计算")
    if reading.undecided:
        built.notes.append(f"{reading.last}年度有{reading.undecided}项目标尚未认定,不在未完成目标之内")
    return TurnPlan(
        last=reading.last, year=reading.year, choices=chosen, change_count=reading.change_count,
        new_year=new_year(reading), categories=tuple(built.categories), indicators=tuple(built.lines),
        new_indicators=tuple(built.made), targets=tuple(cells.made), filled=tuple(cells.filled),
        bases=tuple(cells.bases), units=tuple(units),
        duties=tuple(year_turn_rules.duties(built, cells.made)) if Part.DUTIES in parts else (),
        nodes=tuple(trees.made) if trees is not None else (),
        roots_there={} if trees is None else trees.under,
        schemes=tuple(year_turn_rules.schemes(built, cells.made)) if Part.SCHEMES in parts else (),
        rules=year_turn_rules.rules(built) if Part.RULES in parts else None,
        templates=tuple(year_turn_rules.templates(built)) if Part.TEMPLATES in parts else (),
        series=tuple(year_turn_rules.series(built)) if Part.NUMBERS in parts else (),
        dockets=tuple(year_turn_rules.dockets(built, cells.target_of)) if Part.UNMET in parts else (),
        notes=tuple(dict.fromkeys(built.notes)), vacant=tuple(trees.vacant()) if trees is not None else (),
    )


def plan_turn(
    store: Store, last: int, year: int, choices: TurnChoices | None = None,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> TurnPlan:
    """Read both years and plan in one go; raises as `read_turn`."""
    return make_plan(read_turn(store, last, year, progress, cancelled), choices)


def apply_turn(
    store: Store, plan: TurnPlan, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TurnOutcome:
    """Write exactly what was planned, as one step that can be undone.

    NotAllowedError when something was changed since it was planned, the new year is sealed, or
    accounts are on and the role to begin a year is missing;
    Cancelled leaves everything as it was.
    """
    if store.change_count != plan.change_count:
        raise NotAllowedError("预览之后数据又有变化。", "请重新核对后再结转。", "未写入任何内容。")
    with store.change(plan.label, act=Act.YEAR) as change:
        sealing.refuse_sealed(store, plan.year)
        writer = _Writer(change, len(plan.entities), progress, cancelled)
        if plan.new_year is not None:
            writer.put(replace(plan.new_year, id=change.named(Year, plan.year)))
        for category in plan.categories:
            writer.put(replace(category, id=writer.fresh(Category, category.id)))
        for indicator in plan.new_indicators:
            writer.put(_indicator(writer, indicator))
        _put_targets(writer, plan)
        _put_trees(writer, plan)
        _put_rules(writer, plan)
    return TurnOutcome(plan, writer.done)


class _Writer:
    """Puts records, gives planned ones their numbers, tells how far it is."""

    def __init__(
        self, change: Change, total: int, progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.change, self.done = change, 0
        self._total, self._progress, self._cancelled = total, progress, cancelled
        self._ids: dict[RecordId, RecordId] = {}

    def fresh(self, kind: type[Entity], planned: RecordId) -> RecordId:
        """A new record's number for a planned one."""
        return self.is_now(planned, self.change.new(kind))

    def is_now(self, planned: RecordId, record: RecordId) -> RecordId:
        """Remember which record a planned number stands for."""
        self._ids[planned] = record
        return record

    def ref(self, record: RecordId) -> RecordId:
        """The record that a reference means."""
        return record if record > 0 else self._ids[record]

    def maybe(self, record: RecordId | None) -> RecordId | None:
        """The same of an optional reference."""
        return None if record is None else self.ref(record)

    def put(self, entity: Entity) -> None:
        """Write one; Cancelled when asked to stop."""
        if not self.done % _STEP:
            if self._cancelled is not None and self._cancelled():
                raise Cancelled
            if self._progress is not None:
                self._progress(self.done, self._total, "写入新年度")
        self.change.put(entity)
        self.done += 1


def _indicator(writer: _Writer, planned: Indicator) -> Indicator:
    return replace(
        planned, id=writer.fresh(Indicator, planned.id), category=writer.maybe(planned.category),
        strategies=tuple(writer.ref(one) for one in planned.strategies),
    )


def _put_targets(writer: _Writer, plan: TurnPlan) -> None:
    named = writer.change.named
    for target in plan.targets:
        indicator = writer.ref(target.indicator)
        record = writer.is_now(target.id, named(Target, indicator, target.unit))
        writer.put(replace(target, id=record, indicator=indicator))
    for target in plan.filled:
        writer.put(target)
    for duty in plan.duties:
        indicator = writer.ref(duty.indicator)
        record = named(JointDuty, indicator, duty.lead, duty.unit)
        writer.put(replace(duty, id=record, indicator=indicator))


def _put_trees(writer: _Writer, plan: TurnPlan) -> None:
    named = writer.change.named
    for planned, target in plan.roots_there.items():
        writer.is_now(planned, named(Allocation, target))
    for node in plan.nodes:
        if node.target is not None:
            target = writer.ref(node.target)
            writer.put(replace(node, id=writer.is_now(node.id, named(Allocation, target)), target=target))
        else:
            record = writer.fresh(Allocation, node.id)
            writer.put(replace(node, id=record, parent=writer.maybe(node.parent)))


def _put_rules(writer: _Writer, plan: TurnPlan) -> None:
    named, year = writer.change.named, plan.year
    for scheme in plan.schemes:
        items = tuple(replace(item, indicator=writer.ref(item.indicator)) for item in scheme.items)
        writer.put(replace(scheme, id=named(Scheme, year, scheme.peer_group), items=items))
    if plan.rules is not None:
        late = tuple(writer.ref(one) for one in plan.rules.year_end_only)
        writer.put(replace(plan.rules, id=named(ReportingRules, year), year_end_only=late))
    for template in plan.templates:
        writer.put(replace(template, id=named(AgreementTemplate, year, template.name)))
    for register in plan.series:
        writer.put(replace(register, id=named(NumberSeries, register.kind, year)))
    for docket in plan.dockets:
        record = writer.fresh(Docket, docket.id)
        writer.put(replace(docket, id=record, subject=writer.maybe(docket.subject)))
