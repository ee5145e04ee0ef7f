"""效能问责: cases with their investigation, conclusion, measures and effect on the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId


class CaseState(Choice):
    """Where a case stands."""

    OPEN = "open", "受理"
    INVESTIGATING = "investigating", "调查中"
    CONCLUDED = "concluded", "已认定"
    CLOSED = "closed", "已结案"
    DROPPED = "dropped", "不予追究"


STARTING_KINDS = (
    "审批改革中继续审批或变通审批已取消事项", "不按规定范围、程序、标准审批", "擅自设立审批事项",
    "危害企业环境的“四乱”", "企业周边环境案件", "有令不行、有禁不止", "弄虚作假",
)
"""The speech's kinds (domain notes, first part); offices add their own."""
MEASURES = ("责令限期整改", "通报批评", "效能告诫", "约谈", "诫勉谈话", "调离岗位", "停职检查", "移送纪检监察机关")


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step of the investigation."""

    on: date
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class CaseEffect:
    """What a decision makes of a case in the assessment."""

    deduction: Decimal | None = None
    is_veto: bool = False
    decided_on: date | None = None
    decided_by: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A 作风 problem with its rectification."""

    text: str
    measure: str = ""
    due: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountabilityCase(Entity):
    """One case; readers: operators who may see it, empty for everybody."""

    type_name: ClassVar[str] = "accountability_case"

    year: int
    title: str
    number: str = ""
    kind: str = ""
    unit: RecordId | None = None
    people: str = ""
    source: str = ""
    facts: str = ""
    opened_on: date | None = None
    steps: tuple[CaseStep, ...] = ()
    state: CaseState = CaseState.OPEN
    conclusion: str = ""
    concluded_on: date | None = None
    closed_on: date | None = None
    measures: tuple[str, ...] = ()
    published_on: date | None = None
    publication: str = ""
    """公开曝光: where and how."""
    shortcomings: tuple[Shortcoming, ...] = ()
    effect: CaseEffect | None = None
    readers: tuple[str, ...] = ()
    origin: RecordId | None = None
    """The finding or docket it was made from."""
    note: str = ""
