"""What a target is broken down into: the tree from the responsible unit to the handler (domain notes §4).

A target belongs to the office that issued it, its decomposition to the unit that carries it.
So the tree hangs under the target as records of its own: one root per target (natural key)
that says how the unit takes it on, and allocations below it, each a part of its parent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.targets import TargetValue


class PlanPeriod(Choice):
    """The step in which a plan goes."""

    MONTH = "month", "按月"
    QUARTER = "quarter", "按季"

    @property
    def periods(self) -> int:
        """Periods of a year."""
        return 12 if self is PlanPeriod.MONTH else 4


class PlanBasis(Choice):
    """Where the amounts of a plan come from."""

    PRO_RATA = "pro_rata", "序时"
    TYPED = "typed", "填报"
    LAST_YEAR = "last_year", "上年节奏"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be reached by the end of each month or quarter, in the node's unit of measure.

    amounts are cumulative from the beginning of the year (for rates: the rate to be shown),
    12 or 4 of them; None = not planned for that period.
    """

    period: PlanPeriod
    basis: PlanBasis
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A node of a project: what stands by when (时间节点、形象进度)."""

    title: str
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Entity):
    """A node of the decomposition tree; exactly one of `target` and `parent` is set.

    With `target` it is the root: the responsible unit's own side of that target (natural key);
    unit, title and value are then the target's. What is empty here comes from above: title,
    unit of measure, unit, leader and due date from the parent, responsible person and handler
    from the parent while the unit is the same. value None = not set yet; N/A is a value.
    """

    type_name: ClassVar[str] = "allocation"

    target: RecordId | None = None
    parent: RecordId | None = None
    ord: str = ""
    """Fractional order key among the children of the parent."""
    title: str = ""
    unit: RecordId | None = None
    value: TargetValue | None = None
    unit_of_measure: str = ""
    last_year: Decimal | None = None
    """上年实绩 in the node's unit of measure."""
    share: Decimal | None = None
    """份额 in % of the parent."""
    weight: Decimal | None = None
    """Weight among its siblings when the parent is split by weight."""
    locked: bool = False
    """Whether a new split leaves its value alone."""
    supporting: tuple[RecordId, ...] = ()
    """配合单位 in order."""
    leader: RecordId | None = None
    """Post of the accountable leader (责任领导/分管领导)."""
    responsible: RecordId | None = None
    """Post of the responsible person (责任人)."""
    handler: RecordId | None = None
    """Post of the handling officer (经办人)."""
    due: date | None = None
    plan: Plan | None = None
    milestones: tuple[Milestone, ...] = ()
    difficulties: str = ""
    """攻坚难点."""
    measures: str = ""
    """措施办法."""
    undivided: str = ""
    """Why it is knowingly not decomposed further (不作具体分解); empty: no such statement."""
    divided_at: Decimal | None = None
    """Its amount when it was last split over its children; another amount now: 需重新分解."""
    note: str = ""
