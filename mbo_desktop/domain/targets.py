"""Target forms and what one cell of the allotment matrix holds (domain notes §2.1, §2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import Choice


class TargetForm(Choice):
    """How a target is worded and therefore what 完成 means for it."""

    LEVEL = "level", "总量"
    GROWTH = "growth", "增长率"
    INCREMENT = "increment", "新增"
    NET_INCREASE = "net_increase", "净增"
    DECREASE_RATE = "decrease_rate", "降低率"
    AT_MOST = "at_most", "不高于"
    AT_LEAST = "at_least", "不低于"
    RANGE = "range", "区间"
    RANK = "rank", "位次"
    MILESTONE = "milestone", "节点"
    PROJECT = "project", "项目"
    TEXT = "text", "定性"
    CONDITION = "condition", "另定条件"
    NOT_APPLICABLE = "not_applicable", "不适用"


IN_WORDS = frozenset({
    TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.TEXT, TargetForm.CONDITION,
})
"""Forms that words state where there is no amount: 6月底前完成, 不发生重大火灾."""


class Direction(Choice):
    """Which way is better."""

    HIGHER = "higher", "正向"
    LOWER = "lower", "反向"
    RANGE = "range", "区间"


class OutsideBound(Choice):
    """The outside figure that a target's bound comes from (年终根据全省平均水平综合考核)."""

    STATED = "stated", "已写明"
    """Not from outside, whatever the words say."""
    PROVINCE_AVERAGE = "province_average", "全省平均"
    PROVINCE_TARGET = "province_target", "省定目标"
    PLAN = "plan", "规划目标"


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone of a project or qualitative target: what is to stand by when."""

    title: str
    due: str = ""
    """As written or ISO date; `domain.calendar` reads it."""


@dataclass(frozen=True, slots=True)
class TargetPart:
    """One statement of a target: a form with its amount, or a text.

    amount is in `unit` (the ledger's own unit of measure, "%" and "‰" included, never
    converted); RANGE has amount..upper; RANK has amount = worst rank allowed.
    """

    form: TargetForm
    amount: Decimal | None = None
    unit: str = ""
    upper: Decimal | None = None
    text: str = ""
    strict: bool = False
    """低于/超过 instead of 不高于/不低于: the bound itself does not count as met."""
    approximate: bool = False
    """约, 左右: shown so, never used to shift a bound."""
    nodes: tuple[Node, ...] = ()
    bound: OutsideBound | None = None
    """None: as its words say (`domain.outside.bound_of`)."""


@dataclass(frozen=True, slots=True)
class TargetValue:
    """What a cell states: one or more parts, the one that counts marked, and the text as typed.

    One row may state level and growth (「75亿元,增长25%」); 考核口径 is parts[counting].
    """

    parts: tuple[TargetPart, ...]
    counting: int = 0
    text: str = ""

    @property
    def counted(self) -> TargetPart:
        """The part that decides about completion."""
        return self.parts[self.counting]

    @property
    def is_not_applicable(self) -> bool:
        """Whether the unit does not carry this indicator at all ("/")."""
        return self.counted.form is TargetForm.NOT_APPLICABLE


NOT_APPLICABLE = TargetValue((TargetPart(TargetForm.NOT_APPLICABLE),), text="/")
