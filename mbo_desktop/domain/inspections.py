"""Inspections (督查): what was planned, who went, what was drawn, what was found (domain notes §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId


class InspectionTime(Choice):
    """When in the year an inspection belongs."""

    MONTHLY = "monthly", "月检查"
    QUARTERLY = "quarterly", "季分析"
    HALF_YEAR = "half_year", "半年初评"
    YEAR_END = "year_end", "年终检查"
    REGULAR = "regular", "定期"
    IRREGULAR = "irregular", "不定期"


class InspectionWay(Choice):
    """How it is done."""

    ANNOUNCED = "announced", "明查"
    UNANNOUNCED = "unannounced", "暗访"
    SAMPLING = "sampling", "抽样检查"
    ON_SITE = "on_site", "现场查验"
    HEARING = "hearing", "听取汇报"
    PAPERS = "papers", "查阅资料"
    TALK = "talk", "座谈"
    PHONE = "phone", "电话督办"
    SPECIAL = "special", "专项督查"


class MatterSource(Choice):
    """What gave rise to an inspection or a docket."""

    MEETING = "meeting", "会议议定"
    INSTRUCTION = "instruction", "领导批示"
    REPORT = "report", "政府工作报告"
    SUPERIOR = "superior", "上级交办"
    PROPOSAL = "proposal", "建议提案"
    PUBLIC = "public", "群众反映、热线、媒体"
    PROGRESS = "progress", "进度问题"
    COORDINATION = "coordination", "协调事项"
    INSPECTION = "inspection", "督查发现"
    PLAN = "plan", "年度计划"
    OTHER = "other", "其他"


class InspectionState(Choice):
    """Where an inspection stands."""

    PLANNED = "planned", "已计划"
    UNDER_WAY = "under_way", "进行中"
    DONE = "done", "已结束"
    CANCELLED = "cancelled", "已取消"


class FindingKind(Choice):
    """What a finding is."""

    PROBLEM = "problem", "问题"
    DEVIATION = "deviation", "数据不实"
    STAGNATION = "stagnation", "工作棚架"
    GOOD = "good", "好的做法"
    NOTE = "note", "情况"


@dataclass(frozen=True, slots=True)
class SampleDraw:
    """How a sample was drawn, so that anybody can draw it again (seeded, stratified).

    population: hash of the sorted list that was drawn from; drawn and avoided are records.
    """

    seed: int
    size: int
    stratified_by: str
    """"category", "unit" or "" for none."""
    population: str
    population_size: int
    drawn: tuple[RecordId, ...]
    avoided: tuple[RecordId, ...] = ()
    """Left out because they were drawn the last time."""
    drawn_on: date | None = None
    drawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo or scan: SHA-256 of the file in the attachments, its name, bytes."""

    file_hash: str
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection(Entity):
    """One inspection, from the plan to its conclusion."""

    type_name: ClassVar[str] = "inspection"

    year: int
    title: str
    number: str = ""
    time: InspectionTime = InspectionTime.IRREGULAR
    way: InspectionWay = InspectionWay.ANNOUNCED
    source: MatterSource = MatterSource.PLAN
    source_text: str = ""
    planned_from: date | None = None
    planned_until: date | None = None
    done_on: date | None = None
    team_leader: str = ""
    inspectors: tuple[str, ...] = ()
    units: tuple[RecordId, ...] = ()
    subjects: tuple[RecordId, ...] = ()
    """Targets that are looked at."""
    content: str = ""
    """What is to be looked at, and by which standard."""
    month: int | None = None
    """The month whose figures are verified."""
    sample: SampleDraw | None = None
    conclusion: str = ""
    state: InspectionState = InspectionState.PLANNED
    state_reason: str = ""
    note: str = ""

    @property
    def is_confidential(self) -> bool:
        """Unannounced visits and their material never leave for the inspected unit before they are done."""
        return self.way is InspectionWay.UNANNOUNCED

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of it may be in a paper for the inspected unit yet."""
        return self.is_confidential and self.state is not InspectionState.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Entity):
    """What was found at one unit; reported and verified are cumulative amounts in the target's unit."""

    type_name: ClassVar[str] = "finding"

    inspection: RecordId
    unit: RecordId
    subject: RecordId | None = None
    month: int | None = None
    kind: FindingKind = FindingKind.PROBLEM
    text: str = ""
    place: str = ""
    found_on: date | None = None
    reported: Decimal | None = None
    """What stood reported when it was verified, kept as it was then."""
    verified: Decimal | None = None
    deduction: Decimal | None = None
    """Points proposed for the assessment."""
    deduction_reason: str = ""
    rectify_until: date | None = None
    rectified_on: date | None = None
    rectified_how: str = ""
    photos: tuple[Photo, ...] = ()
    met_with: str = ""
    """Whom the inspectors spoke to."""
    note: str = ""
