"""Adjustments of signed targets (domain notes §2.5), corrections of typos, and the value in effect.

The signed agreement never changes. An approved adjustment lies over it: it keeps what stood
before and what stands after. Which one counts is a question of the day (`effective_value`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue


class AdjustmentKind(Choice):
    """What an adjustment does to a target."""

    RAISE = "raise", "调高"
    LOWER = "lower", "调低"
    ADD = "add", "新增"
    WITHDRAW = "withdraw", "撤销"
    DEADLINE = "deadline", "时限"
    POINTS = "points", "分值"
    PERSON = "person", "责任人"


class AdjustmentState(Choice):
    """Where an adjustment stands."""

    REQUESTED = "requested", "已申请"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"
    REVOKED = "revoked", "批准已撤回"


class AdjustmentOrigin(Choice):
    """Who asked for it; only a unit's request is bound to the windows."""

    UNIT = "unit", "单位申请"
    ISSUER = "issuer", "上级决定"


class AdjustmentCause(Choice):
    """The kinds of reasons that regulations accept, and the issuer's own."""

    FORCE_MAJEURE = "force_majeure", "不可抗力"
    POLICY = "policy", "政策变化"
    REORGANISATION = "reorganisation", "机构职能调整"
    SUPERIOR = "superior", "上级调整"
    DATA = "data", "数据口径"
    PRESSURE = "pressure", "加压"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one level said to a request (目标办初审, 分管领导, 领导小组)."""

    level: str
    text: str
    on: date
    by: str = ""
    agrees: bool = True


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """What an adjustment can change of a target; points None = the indicator's."""

    value: TargetValue | None = None
    points: Decimal | None = None
    due: date | None = None
    person: str = ""
    """责任人 as named; kept as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment(Entity):
    """An adjustment of one unit's target; those decided together share number and day.

    before is what stood when it was approved (None: nothing, for 新增, or not yet approved).
    """

    type_name: ClassVar[str] = "adjustment"

    year: int
    indicator: RecordId
    unit: RecordId
    kind: AdjustmentKind
    after: TargetTerms
    before: TargetTerms | None = None
    origin: AdjustmentOrigin = AdjustmentOrigin.UNIT
    requested_by: RecordId | None = None
    """The asking unit: the target's own or, after a merger, its successor; None for the issuer."""
    requested_on: date | None = None
    cause: AdjustmentCause = AdjustmentCause.OTHER
    reason: str = ""
    opinions: tuple[Opinion, ...] = ()
    outside_window: str = ""
    """Why a request outside the windows was taken; empty when it was inside."""
    evidence: tuple[str, ...] = ()
    """SHA-256 of papers in the attachments."""
    meeting: str = ""
    """批准会议, for example 市政府第3次常务会议."""
    meeting_item: RecordId | None = None
    """The meeting or its item in the register."""
    number: str = ""
    """批准文号."""
    approved_on: date | None = None
    approved_by: str = ""
    effective_on: date | None = None
    state: AdjustmentState = AdjustmentState.REQUESTED
    state_reason: str = ""
    """Why it was rejected, or why its approval was revoked."""
    state_on: date | None = None


class CorrectedField(Choice):
    """A field in which a typo can be corrected after issuing."""

    VALUE = "value", "目标值"
    LAST_YEAR = "last_year", "上年实绩"
    STRETCH = "stretch", "力争目标"
    POINTS = "points", "分值"
    DUE = "due", "完成时限"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Entity):
    """更正 of a typo in a target after issuing: both texts are kept; no adjustment."""

    type_name: ClassVar[str] = "correction"

    year: int
    indicator: RecordId
    unit: RecordId
    field: CorrectedField
    before: str
    after: str
    reason: str
    approved_by: str
    on: date
    number: str = ""
    revoked_on: date | None = None
    revoked_reason: str = ""


WITHDRAWN = TargetValue((TargetPart(TargetForm.NOT_APPLICABLE),), text="已撤销")
"""What a withdrawn target holds: it counts nowhere, and is told apart from 不适用 by its adjustment."""


@dataclass(frozen=True, slots=True)
class Effective:
    """The terms in effect on a day, and by which paper."""

    terms: TargetTerms
    adjustment: Adjustment | None
    """The one that gave them; None: what was signed."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether the target was withdrawn; other than N/A, which it never was."""
        return self.adjustment is not None and self.adjustment.kind is AdjustmentKind.WITHDRAW

    @property
    def is_lowered(self) -> bool:
        """Whether the value in effect was adjusted down (usually without bonus for exceeding it)."""
        return self.adjustment is not None and self.adjustment.kind is AdjustmentKind.LOWER

    @property
    def basis(self) -> str:
        """Which value was used, in words: 「按责任书」, 「按2006-05-20调高(示政〔2006〕12号)」."""
        return "按责任书" if self.adjustment is None else f"按{paper_of(self.adjustment)}"


def paper_of(adjustment: Adjustment) -> str:
    """「2006-05-20调高(示政〔2006〕12号)」: day, kind, number or meeting."""
    day = adjustment.approved_on.isoformat() if adjustment.approved_on else ""
    named = adjustment.number or adjustment.meeting
    return f"{day}{adjustment.kind.label}{f'({named})' if named else ''}"


def terms_of(target: Target) -> TargetTerms:
    """What a target states of what an adjustment can change."""
    return TargetTerms(target.value, target.points, target.due)


def in_order(adjustments: Iterable[Adjustment]) -> list[Adjustment]:
    """The approved ones as they lie over each other: by effect, then approval, then record."""
    approved = [one for one in adjustments if one.state is AdjustmentState.APPROVED]
    return sorted(approved, key=lambda one: (
        one.effective_on or date.min, one.approved_on or date.min, one.id,
    ))


def effective_value(
    target: Target | None, adjustments: Iterable[Adjustment], at: date
) -> Effective:
    """The terms of a target in effect on a day: the last approved one at that date.

    target: the record as it stands, which carries the newest approved terms; adjustments: all
    of this cell in any order and state. Before the first one the signed terms count.
    """
    approved = in_order(adjustments)
    current = TargetTerms() if target is None else terms_of(target)
    if not approved:
        return Effective(current, None)
    last: Adjustment | None = None
    for one in approved:
        if one.effective_on is None or one.effective_on <= at:
            last = one
    if last is None:
        return Effective(approved[0].before or TargetTerms(), None)
    return Effective(last.after, last)


def show_terms(terms: TargetTerms | None, kind: AdjustmentKind, unit: str = "") -> str:
    """The part of the terms that this kind of adjustment is about; "" for nothing."""
    if terms is None:
        return ""
    if kind is AdjustmentKind.DEADLINE:
        return terms.due.isoformat() if terms.due else ""
    if kind is AdjustmentKind.POINTS:
        return "" if terms.points is None else canonical(terms.points)
    if kind is AdjustmentKind.PERSON:
        return terms.person
    if terms.value is WITHDRAWN or terms.value == WITHDRAWN:
        return "撤销"
    return show_target(terms.value, unit_shown_in_header=unit)


def merged_terms(
    current: TargetTerms, after: TargetTerms, kind: AdjustmentKind
) -> TargetTerms:
    """What stands once `after` is approved: only what the kind is about changes."""
    if kind is AdjustmentKind.DEADLINE:
        return TargetTerms(current.value, current.points, after.due, current.person)
    if kind is AdjustmentKind.POINTS:
        return TargetTerms(current.value, after.points, current.due, current.person)
    if kind is AdjustmentKind.PERSON:
        return TargetTerms(current.value, current.points, current.due, after.person)
    if kind is AdjustmentKind.WITHDRAW:
        return TargetTerms(WITHDRAWN, current.points, current.due, current.person)
    if kind is AdjustmentKind.ADD:
        return after
    return TargetTerms(after.value, current.points, current.due, current.person)


def last_of(adjustments: Sequence[Adjustment]) -> Adjustment | None:
    """The approved adjustment that lies on top, None when there is none."""
    approved = in_order(adjustments)
    return approved[-1] if approved else None
