"""Assessment schemes and results as records: rules per indicator, given figures, vetoes, results (domain notes §3, §6).

A scheme is data of a year and a group of units; scores are computed, never records: their sealed
pictures are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.scoring.item import MissingPolicy


class ScoreKind(Choice):
    """Whose score it is; the four stand side by side and are never overwritten (§6.2)."""

    SELF = "self", "自评分"
    CERTIFIED = "certified", "核定分"
    REVIEWED = "reviewed", "复核分"
    FINAL = "final", "审定分"


class AssessmentStep(Choice):
    """The steps of the procedure; the short form is self → certified → approved."""

    SELF = "self", "自查自评"
    CERTIFY = "certify", "核定"
    REVIEW = "review", "考核组复核"
    VOTE = "vote", "领导评价和民主测评"
    VETO = "veto", "一票否决核报"
    DRAFT = "draft", "形成初步结果"
    FEEDBACK = "feedback", "反馈"
    OBJECTION = "objection", "申诉复核"
    APPROVE = "approve", "会议审定"
    SEAL = "seal", "封存"


class EqualScores(Choice):
    """Whether two units of a group may be given the same score (§3.5 [S46]: raters must not produce tied scores)."""

    ALLOWED = "allowed", "不查"
    REMIND = "remind", "提醒"
    REFUSE = "refuse", "不准"


SHORT_PROCEDURE = (AssessmentStep.SELF, AssessmentStep.CERTIFY, AssessmentStep.APPROVE)


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One indicator in a scheme: its points, its rule (JSON of `domain.scoring.rule`), how it counts.

    points None: the indicator's own. digits: after the point of the item's score.
    """

    indicator: RecordId
    rule: str
    points: Decimal | None = None
    digits: int = 2
    missing: MissingPolicy = MissingPolicy.CONVERT
    cap: Decimal | None = None
    note: str = ""
    by_period: bool = False
    """Scored at each of the scheme's periods; the year's score is their weighted sum (§3.5)."""
    equal: EqualScores | None = None
    """None: as the scheme says for points that are given."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the year that is scored on its own: up to which month, its weight in %."""

    month: int
    weight: Decimal


class TieBreak(Choice):
    """What puts one unit before another of the same total (§3.7); those left equal share a rank."""

    HEAVIER = "heavier", "承担目标分值多的在前"
    BONUS = "bonus", "加分多的在前"
    TARGETS = "targets", "指标得分高的在前"
    DEDUCTION = "deduction", "扣分少的在前"
    EXCEEDED = "exceeded", "超过基本分的目标多的在前"


@dataclass(frozen=True, slots=True)
class BonusCategory:
    """A kind of bonuses or deductions with a cap of its own (§3.5: 3/2/2/4 points by category)."""

    name: str
    cap: Decimal


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the scheme with a name of the office's own, for its formulas."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class StepDue:
    """Until when a step is to be done: scores by the end of January, vetoes by the end of February."""

    step: AssessmentStep
    on: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit of the group that is not assessed this year, and why: merged in mid-year, newly set up."""

    unit: RecordId
    reason: str


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A grade with its threshold and quota, best first."""

    name: str
    least: Decimal | None = None
    quota_share: Decimal | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class OverallRanking:
    """A ranking over several groups beside their own (全部县区 beside 一类县, 二类县), with grades of its own.

    Units keep the totals of their group's scheme; groups: 考核分组 that take part.
    """

    name: str
    groups: tuple[str, ...]
    grades: tuple[GradeLine, ...] = ()
    ties: tuple[TieBreak, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotAnswer:
    """An answer on a ballot and what it is worth, of 100."""

    word: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the total beside the targets (领导评价, 社会评价): its weight in %; scores are given.

    answers: of its ballots where they are other than the usual ones. full: what points are given
    out of, converted to the scheme's scale (each part first scored on 150 [S4]); None: the scale.
    """

    name: str
    weight: Decimal
    answers: tuple[BallotAnswer, ...] = ()
    full: Decimal | None = None
    by_best: bool = False
    """The best unit of the group has full marks, the others in proportion (§3.5)."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """That a step of the procedure was done: by whom, when, on which basis."""

    step: AssessmentStep
    on: date
    by: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Entity):
    """How a group of units is assessed in a year (natural key: year and peer group).

    peer_group: 考核分组 as in the register. scale: what full marks are converted to; None: as they add
    up. target_weight: weight in % of the targets beside the components.
    """

    type_name: ClassVar[str] = "scheme"

    year: int
    peer_group: str
    name: str = ""
    items: tuple[SchemeItem, ...] = ()
    scale: Decimal | None = Decimal(100)
    digits: int = 2
    components: tuple[Component, ...] = ()
    target_weight: Decimal = Decimal(100)
    grades: tuple[GradeLine, ...] = ()
    bonus_cap: Decimal | None = None
    deduction_cap: Decimal | None = None
    bonus_breaks_ties_only: bool = False
    """贵阳: bonus is not added, it only breaks ties."""
    inspections_count: bool = True
    """Deductions proposed by inspections and cases are taken off."""
    late_filing_points: Decimal | None = None
    """Points off per late month; None: none."""
    missed_filing_points: Decimal | None = None
    """Points off per month that was collected and not reported at all; None: none."""
    steps: tuple[AssessmentStep, ...] = SHORT_PROCEDURE
    done: tuple[StepDone, ...] = ()
    basis: str = ""
    note: str = ""
    periods: tuple[Period, ...] = ()
    """Empty: the year alone. Else by month, the last one 12, weights adding to 100."""
    ties: tuple[TieBreak, ...] = ()
    """In this order; empty: equal totals share a rank."""
    due: tuple[StepDue, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    bonus_categories: tuple[BonusCategory, ...] = ()
    lowered_without_bonus: bool = False
    """A target that was adjusted down earns its full points at most (§2.5)."""
    equal_given: EqualScores = EqualScores.ALLOWED
    """Of points that are given: indicators scored by them, and parts of the total."""
    targets_by_best: bool = False
    """The targets' part: the best unit of the group has full marks, the others in proportion (§3.5)."""
    parameters: tuple[Parameter, ...] = ()
    total_by_best: bool = False
    """The total, bonus and deduction in it, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenScore(Entity):
    """A score or figure that was given for one target or component (natural key: subject, unit, name, kind).

    subject: a Target, or the Scheme for a component (then `unit` and `name` say whose and which).
    """

    type_name: ClassVar[str] = "given_score"

    subject: RecordId
    unit: RecordId
    name: str = ""
    kind: ScoreKind = ScoreKind.CERTIFIED
    points: Decimal | None = None
    counts: tuple[str, ...] = ()
    """「省级=2」: events, node states or ballots that the rule needs."""
    word: str = ""
    by: str = ""
    on: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusItem(Entity):
    """Points added or taken off beside the targets, with their matter and paper (加减分项)."""

    type_name: ClassVar[str] = "bonus_item"

    year: int
    unit: RecordId
    matter: str
    """The same matter counts once, at its highest level."""
    level: str = ""
    points: Decimal = Decimal(0)
    basis: str = ""
    on: date | None = None
    category: str = ""
    """Of those for which the scheme states a cap of their own; "" for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(Entity):
    """一票否决: subject, declaring organ, effect, for how many years; revoked with a reason."""

    type_name: ClassVar[str] = "veto"

    year: int
    unit: RecordId
    subject: str
    """党风廉政, 综治, 环保, 安全生产, 统计造假 …"""
    organ: str = ""
    document: str = ""
    effect: VetoEffect = VetoEffect.DISQUALIFY
    years: int = 1
    indicator: RecordId | None = None
    """For 该项得0分: which."""
    declared_on: date | None = None
    revoked_on: date | None = None
    revoked_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(Entity):
    """A unit's objection to a score, its deadline and the decision."""

    type_name: ClassVar[str] = "objection"

    year: int
    unit: RecordId
    indicator: RecordId | None = None
    text: str = ""
    raised_on: date | None = None
    decision: str = ""
    decided_on: date | None = None
    is_upheld: bool = False


class CircularKind(Choice):
    """The circulars on a year's results (§6.3)."""

    REPORT = "report", "通报"
    COMMENDATION = "commendation", "表彰决定"
    CRITICISM = "criticism", "通报批评"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular(Entity):
    """A circular's text as the office edits it (natural key: year, kind); figures stand as {{fields}}.

    The fields are read anew each time it is printed.
    """

    type_name: ClassVar[str] = "circular"

    year: int
    kind: CircularKind
    title: str = ""
    masthead: str = ""
    number: str = ""
    recipient: str = ""
    text: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ResultItem:
    """One item of a sealed result: texts as printed, with the working."""

    indicator: RecordId
    title: str
    points: Decimal | None
    full: Decimal
    target: str
    actual: str
    working: str
    missing: bool = False
    """Sealed although its figures were missing."""
    status: str = ""
    """完成, 超额完成 … beside the score, by its own rule."""
    self_points: Decimal | None = None
    certified: Decimal | None = None
    reviewed: Decimal | None = None
    final: Decimal | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A component of a sealed total; points None: none were given."""

    name: str
    points: Decimal | None = None
    digits: int = 0
    """After the point, as printed: amounts are stored without closing zeros."""


@dataclass(frozen=True, slots=True)
class SealedVeto:
    """A veto that was in force when the result was sealed."""

    subject: str
    effect: VetoEffect
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedScore(Entity):
    """A unit's result as it was approved (natural key: year, unit); the picture never changes."""

    type_name: ClassVar[str] = "sealed_score"

    year: int
    unit: RecordId
    peer_group: str
    total: Decimal
    rank: int
    ranked: int
    grade: str
    grade_reason: str = ""
    sealed_on: date
    items: tuple[ResultItem, ...] = ()
    basis: str = ""
    targets: Decimal | None = None
    components: tuple[SealedPart, ...] = ()
    bonus: Decimal = Decimal(0)
    deduction: Decimal = Decimal(0)
    vetoes: tuple[SealedVeto, ...] = ()
    lines: tuple[str, ...] = ()
    """How the total came about, line by line."""
    rank_before: int | None = None
