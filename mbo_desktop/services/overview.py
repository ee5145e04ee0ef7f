"""The first 工作台: where the year stands and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.store.database import Store


class Room(Choice):
    """A room of the window that a row leads to."""

    OVERVIEW = "overview", "工作台"
    PLANNING = "planning", "目标体系"
    AGREEMENTS = "agreements", "责任书"
    OFFICES = "offices", "单位人员"


class Urgency(Choice):
    """How a next step is shown."""

    TODO = "todo", "待办"
    TROUBLE = "trouble", "有问题"
    DONE = "done", "已完成"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do, with the room to open and what to show there."""

    room: Room
    text: str
    """「6个单位的责任书尚未印发」."""
    count: int
    urgency: Urgency
    filter_hint: str = ""
    """A code the room understands: not_set, points, draft, differing, no_principal, no_targets."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a year, counted from the records."""

    year: int
    units: int
    """Units of the register that can carry targets (own government and divisions left out)."""
    units_with_targets: int
    indicators: int
    targets: int
    """Unit-targets, N/A left out."""
    targets_set: int
    not_applicable: int
    points_off: int
    """Units whose points do not add up to what the year declares; 0 when nothing is declared."""
    declared_points: Decimal | None
    agreements: dict[AgreementState | None, int]
    """None: units with targets but no agreement."""


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A change of the log."""

    change: int
    label: str
    who: str
    at: datetime
    records: int


def figures(store: Store, year: int) -> YearFigures:
    """The year in figures."""


def next_steps(store: Store, year: int) -> tuple[NextStep, ...]:
    """What to do next, most pressing first; an empty year says how to start."""


def recent_changes(store: Store, *, limit: int = 20) -> tuple[RecentChange, ...]:
    """The latest changes of this data folder."""


def last_backup(store: Store) -> datetime | None:
    """When the newest backup in the folder was made, None when there is none."""


def account_sentence(store: Store, year: int) -> str:
    """「2020年,市政府与县(区)、市直部门共签订责任目标N项…」 as far as signing goes."""


@dataclass(frozen=True, slots=True)
class PlanningFinding:
    """Something in the year's framework that should be looked at."""

    what: str
    indicator: RecordId | None = None
    unit: RecordId | None = None


def findings(store: Store, year: int, *, limit: int = 500) -> tuple[PlanningFinding, ...]:
    """The planning checks: points off, doubled indicators, values not set, growth that does not fit."""
