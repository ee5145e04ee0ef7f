"""What is reported month by month on a target: figures, evidence, problems, filings (domain notes §5.5, §5.7, §8).

Nothing reported is ever overwritten by another's figure: what the unit says, what was typed in
for it, what the certifying office says and what was verified on the spot are records of their
own, side by side. No record = not reported; started False = not started; 0 is a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.dockets import SourceLimit
from mbo_desktop.domain.identity import Choice, Entity, RecordId


class FigureKind(Choice):
    """Whose figure it is."""

    OWN = "own", "自报"
    PROXY = "proxy", "代录"
    CERTIFIED = "certified", "来源部门"
    VERIFIED = "verified", "核实"


class CauseKind(Choice):
    """What kept a target back: circumstances, or one's own doing."""

    OBJECTIVE = "objective", "客观"
    SUBJECTIVE = "subjective", "主观"


class Verdict(Choice):
    """What became of a piece of evidence when it was looked at."""

    OPEN = "open", "未核验"
    ACCEPTED = "accepted", "认可"
    REFUSED = "refused", "不认可"


@dataclass(frozen=True, slots=True)
class NodeDone:
    """That a milestone was reached: its title, and the day."""

    title: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport(Entity):
    """One figure of one target or decomposition node by the end of a month (natural key: subject, month, kind).

    amount is cumulative from 1 January in the subject's own unit of measure (for rates: the
    rate shown); in_period is what was typed for the month alone, kept beside it.
    """

    type_name: ClassVar[str] = "progress_report"

    subject: RecordId
    """A Target or an Allocation."""
    month: int
    kind: FigureKind = FigureKind.OWN
    amount: Decimal | None = None
    in_period: Decimal | None = None
    typed: str = ""
    """As typed where it is no number (kept, marked)."""
    started: bool | None = None
    """False: 未启动; None: nothing said."""
    physical: str = ""
    """形象进度."""
    text: str = ""
    """进展情况."""
    nodes_done: tuple[NodeDone, ...] = ()
    investment: Decimal | None = None
    """Investment completed since 1 January, for projects, in the project's unit of money."""
    cause: CauseKind | None = None
    cause_text: str = ""
    own_effort: str = ""
    """What the unit did itself; wanted beside an objective cause."""
    measure: str = ""
    """What it will do, and by when."""
    on_behalf_of: RecordId | None = None
    """The unit for which a 代录 was made."""
    reported_by: str = ""
    reported_on: date | None = None
    source_file: str = ""
    """Name of the workbook it came from."""
    note: str = ""
    """Why a figure is unlike the ones before (突变说明) and other remarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entity):
    """A paper, photo or scan that proves a figure; the file lies in the attachments by its hash."""

    type_name: ClassVar[str] = "evidence"

    subject: RecordId
    month: int
    title: str
    file_hash: str = ""
    file_name: str = ""
    size: int = 0
    """Bytes."""
    dated: date | None = None
    provider: str = ""
    verdict: Verdict = Verdict.OPEN
    verified_by: str = ""
    verified_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressProblem(Entity):
    """A difficulty met with a target, as reported; a docket may be made from it."""

    type_name: ClassVar[str] = "progress_problem"

    subject: RecordId
    month: int
    text: str
    cause: CauseKind | None = None
    own_effort: str = ""
    wanted: str = ""
    """What is asked of whom (需协调事项)."""
    wanted_from: RecordId | None = None
    settled_on: date | None = None
    settled_how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Entity):
    """That a unit handed in for a month (natural key: year, month, unit).

    What a unit gives of others' targets as 来源部门 stands beside its own report, in source_….
    """

    type_name: ClassVar[str] = "filing"

    year: int
    month: int
    unit: RecordId
    received_on: date | None = None
    """The day it was received, confirmed by a clerk; decides lateness."""
    confirmed: bool = False
    file_name: str = ""
    file_hash: str = ""
    template_version: str = ""
    handed_in_by: str = ""
    excused: str = ""
    """Why a late filing does not count as late; empty: it counts."""
    note: str = ""
    source_received_on: date | None = None
    """The day its figures as 来源部门 were received."""
    source_file_name: str = ""
    source_file_hash: str = ""
    source_template_version: str = ""
    source_handed_in_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingRules(Entity):
    """How a year's reporting is judged and followed up (natural key: year); what is not stated is the usual way."""

    type_name: ClassVar[str] = "reporting_rules"

    year: int
    deadline_day: int = 28
    """Day of the month (of the next month when `next_month`) by which a month is reported."""
    next_month: bool = False
    first_month: int = 1
    """The first month that is reported on (agreements are signed in spring)."""
    unproven_is_unmet: bool = False
    """无证明的按未完成."""
    preset: str = "yinchuan"
    """Code of the light preset (`domain.light_presets`)."""
    rules: str = ""
    """The office's own light rules as canonical JSON; empty: the preset's."""
    year_end_only: tuple[RecordId, ...] = ()
    """Indicators that can be told only at the year's end (年底才能认定)."""
    stale_months: int = 3
    """Months without change after which a target goes to the 棚架 list."""
    docket_colours: tuple[str, ...] = ()
    """Names of the ladder of 三色督办 from mild to sharp; empty: 蓝, 橙, 红."""
    docket_limits: tuple[SourceLimit, ...] = ()
    """Usual limits of dockets by source that differ from `services.docket_rules`."""


class SnapshotKind(Choice):
    """For which paper a picture of the progress was taken."""

    MONTH = "month", "月报"
    QUARTER = "quarter", "季分析"
    HALF_YEAR = "half_year", "半年初评"


@dataclass(frozen=True, slots=True)
class SnapshotItem:
    """One target as it stood: texts as printed, so that old papers never change."""

    subject: RecordId
    category: str
    title: str
    unit_of_measure: str
    target: str
    actual: str
    share: Decimal | None
    """完成比例 in %."""
    planned: Decimal | None
    """应完成 in %."""
    light: str
    reason: str
    cause: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressSnapshot(Entity):
    """A unit's progress as it stood when a paper was made (natural key: year, month, kind, unit)."""

    type_name: ClassVar[str] = "progress_snapshot"

    year: int
    month: int
    kind: SnapshotKind
    unit: RecordId
    taken_on: date
    items: tuple[SnapshotItem, ...] = ()
    text: str = ""
