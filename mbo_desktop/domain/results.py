"""Results of a year: of each unit-target, of each unit, and the own office's at its superior.

Completion status is separate from the score (domain notes, first part): a rule by target form
on the actual; texts and milestones need a recorded 认定.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue


class Completion(Choice):
    """Whether a target was reached."""

    MET = "met", "完成"
    EXCEEDED = "exceeded", "超额完成"
    SUBSTANTIALLY_MET = "substantially_met", "基本完成"
    NOT_MET = "not_met", "未完成"
    WITHDRAWN = "withdrawn", "已撤销"
    NOT_APPLICABLE = "not_applicable", "不适用"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResult(Entity):
    """What became of one unit-target (natural key as the target's)."""

    type_name: ClassVar[str] = "target_result"

    indicator: RecordId
    unit: RecordId
    actual: Decimal | None = None
    """实绩 in the indicator's unit of measure."""
    actual_text: str = ""
    """完成情况 in words, or the actual as it was typed where it is no number."""
    completion: Completion | None = None
    """As stated or 认定; None: by the rule."""
    reason: str = ""
    """Who recognised it and why; why it was not met."""
    score: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult(Entity):
    """What became of a unit in a year (natural key: both)."""

    type_name: ClassVar[str] = "unit_result"

    year: int
    unit: RecordId
    score: Decimal | None = None
    rank: int | None = None
    grade: str = ""
    """优秀, 良好 …"""
    honours: tuple[str, ...] = ()
    veto: str = ""
    """一票否决: the matter; empty for none."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorResult(Entity):
    """How the superior assessed the own government in a year (natural key: the year)."""

    type_name: ClassVar[str] = "superior_result"

    year: int
    points: Decimal | None = None
    full_points: Decimal | None = None
    rank: int | None = None
    ranked: int | None = None
    title: str = ""
    """目标管理优秀单位, 先进单位 …"""
    document: str = ""
    note: str = ""


_READ = (
    (Completion.WITHDRAWN, re.compile("撤销|取消")),
    (Completion.NOT_APPLICABLE, re.compile("不适用|不考核|^[/／—-]$")),
    (Completion.SUBSTANTIALLY_MET, re.compile("基本完成|基本达到|基本达标")),
    (Completion.NOT_MET, re.compile("未.{0,3}完成|没有完成|未达|不达标|欠账|^(?:否|×|✗|未|N)$")),
    (Completion.EXCEEDED, re.compile("超额|超目标|超过目标")),
    (Completion.MET, re.compile("^(?:已|全面|全部|按时|如期)?完成(?:目标|任务)?$|^(?:是|√|✓|Y)$|^达标$|^已?达到目标$")),
)


def read_completion(text: str) -> Completion | None:
    """「超额完成」, 「√」, 「未达标」 → the status; None when the words do not say."""
    plain = "".join(text.split()).rstrip("。.;；")
    if len(plain) > 12:
        return None
    return next((status for status, pattern in _READ if pattern.search(plain)), None)


def completion_by_rule(
    value: TargetValue | None, actual: Decimal | None, *, unit: str = "",
    direction: Direction = Direction.HIGHER, last_year: Decimal | None = None,
    bound: Decimal | None = None,
) -> Completion | None:
    """The status that form, amount and actual give; None where a 认定 is needed.

    unit: the indicator's unit of measure, in which `actual`, `last_year` and `bound` are;
    bound: what a target without a number comes to by the outside figure it rests on.
    """
    if value is None:
        return None
    if value.is_not_applicable:
        return Completion.NOT_APPLICABLE
    part = value.counted
    if actual is not None and part.amount is None and bound is not None:
        short = actual > bound if direction is Direction.LOWER else actual < bound
        return Completion.NOT_MET if short else Completion.MET
    if actual is None or part.amount is None:
        return None
    reached = _comparable(part, actual, unit, last_year)
    if reached is None:
        return None
    if part.form is TargetForm.RANGE:
        upper = part.upper
        if upper is None:
            return None
        low, high = sorted((part.amount, upper))
        return Completion.MET if low <= reached <= high else Completion.NOT_MET
    lower_is_better = part.form in (TargetForm.AT_MOST, TargetForm.RANK) or (
        part.form is TargetForm.LEVEL and direction is Direction.LOWER
    )
    difference = part.amount - reached if lower_is_better else reached - part.amount
    if difference > 0:
        return Completion.EXCEEDED
    return Completion.MET if difference == 0 and not part.strict else Completion.NOT_MET


def _comparable(
    part: TargetPart, actual: Decimal, unit: str, last_year: Decimal | None
) -> Decimal | None:
    """The actual in the terms of the part; None when it cannot be told."""
    if part.form in (TargetForm.GROWTH, TargetForm.DECREASE_RATE) and unit not in RATES:
        if last_year is None or last_year <= 0:
            return None
        # As statistics print it: one digit, or as many as the target has.
        digits = max(1, -int(part.amount.as_tuple().exponent)) if part.amount is not None else 1
        growth = round_half_up((actual / last_year - 1) * 100, digits)
        return -growth if part.form is TargetForm.DECREASE_RATE else growth
    if part.unit not in ("", unit) and part.form is not TargetForm.RANK:
        return None
    return actual
