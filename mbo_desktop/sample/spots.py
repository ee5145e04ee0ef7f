"""The deliberate blank spots of the sample city, so that what finds them can be measured."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.identity import Choice, RecordId


class SpotKind(Choice):
    """What is missing or wrong on purpose (domain notes §4)."""

    NOBODY = "nobody", "乡镇分解项没有责任人和经办人"
    NO_HANDLER = "no_handler", "没有经办人"
    VACANT_POST = "vacant_post", "承担任务的岗位空缺"
    IDLE_PERSON = "idle_person", "人员没有承担目标"
    LATE_DUE = "late_due", "时限晚于上级"
    SHORT = "short", "分解之和不足"
    OVER = "over", "控制目标分解之和突破上级"
    REDIVIDE = "redivide", "目标调整后需重新分解"
    FALLING_PLAN = "falling_plan", "累计计划前高后低"
    PLAN_END = "plan_end", "年末计划与目标不等"
    OTHER_MEASURE = "other_measure", "计量单位与上级不同"
    FEW_CLEARS = "few_clears", "没有攻坚难点和措施办法"
    NO_RULE = "no_rule", "没有评分标准"
    NO_CERTIFIER = "no_certifier", "没有考核部门"
    UNDIVIDED = "undivided", "注明不作具体分解(不算空白)"
    POINTS = "points", "单位分值合计与规定不符"
    NOT_ALLOTTED = "not_allotted", "指标没有下达到任何单位"
    NO_AGREEMENT = "no_agreement", "乡镇没有责任书"
    UNCOVERED_ITEM = "uncovered_item", "来源条目没有落实到目标"


WANTED: dict[SpotKind, int] = {
    SpotKind.NOBODY: 5, SpotKind.NO_HANDLER: 4, SpotKind.VACANT_POST: 2, SpotKind.IDLE_PERSON: 3,
    SpotKind.LATE_DUE: 3, SpotKind.SHORT: 3, SpotKind.OVER: 2, SpotKind.REDIVIDE: 1,
    SpotKind.FALLING_PLAN: 2, SpotKind.PLAN_END: 2, SpotKind.OTHER_MEASURE: 1,
    SpotKind.FEW_CLEARS: 4, SpotKind.NO_RULE: 1, SpotKind.NO_CERTIFIER: 1, SpotKind.UNDIVIDED: 3,
}
"""How many of each a city of usual size gets; a small one may not have the place for all."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One deliberate blank spot.

    record: the allocation, for NO_RULE, NO_CERTIFIER and NOT_ALLOTTED the indicator, for VACANT_POST the
    post, for IDLE_PERSON the person, for NO_AGREEMENT and POINTS the unit, for UNCOVERED_ITEM the item.
    """

    kind: SpotKind
    record: RecordId
    unit: RecordId | None = None
