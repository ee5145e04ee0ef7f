"""Rounds of proposals for targets (自下而上、上下结合; domain notes §2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.targets import TargetValue


class RoundSide(Choice):
    """Who speaks in a round."""

    UNIT = "unit", "单位自报"
    OFFICE = "office", "目标办建议"
    DEPARTMENT = "department", "归口部门意见"


class ProposalState(Choice):
    """What became of a proposed value."""

    OPEN = "open", "待商定"
    AGREED = "agreed", "已商定"
    DECLINED = "declined", "未采纳"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRound(Entity):
    """One round of a year: a column in the comparison, kept apart from every other."""

    type_name: ClassVar[str] = "proposal_round"

    year: int
    number: int
    """1, 2, 3 … in the order they were opened."""
    side: RoundSide
    name: str = ""
    """For example 第一轮单位自报; empty means number and side."""
    on: date | None = None
    """The day it was opened or handed in."""
    source: str = ""
    """File or paper it was taken from."""
    note: str = ""

    @property
    def title(self) -> str:
        """The name, else 「第2轮 目标办建议」."""
        return self.name or f"第{self.number}轮 {self.side.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProposal(Entity):
    """A value proposed for one cell in one round (natural key: round, indicator, unit)."""

    type_name: ClassVar[str] = "target_proposal"

    round: RecordId
    indicator: RecordId
    unit: RecordId
    value: TargetValue | None = None
    """None: the side left the cell open; N/A and 0 are values."""
    by: str = ""
    """Who proposed or entered it."""
    on: date | None = None
    reason: str = ""
    place: str = ""
    """Cell of the returned workbook, for example C17."""
    state: ProposalState = ProposalState.OPEN
    state_by: str = ""
    state_on: date | None = None
    state_reason: str = ""
