"""How a branch of the sample city's decomposition is divided: amounts, plans, milestones, wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random

from mbo_desktop.domain.allocations import Allocation, Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.cascade import SumRule, sum_rule
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.pace import is_cumulative
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.spreading import spread
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue

_WORDS = {TargetForm.AT_MOST: "不高于", TargetForm.AT_LEAST: "不低于", TargetForm.DECREASE_RATE: "下降"}
_STAGES = ("制定实施方案", "分解落实到人", "组织推进", "检查验收", "总结归档")
_QUARTERS = (Decimal("0.2"), Decimal("0.45"), Decimal("0.72"), Decimal(1))
_PROJECT = ("前期手续办结", "主体工程完工", "竣工投用")
_DIFFICULTIES = (
    "要素保障偏紧,用地指标落实较慢", "企业订单不足,增长后劲不稳", "资金到位率偏低", "基层力量薄弱,统计口径不一",
    "征地拆迁难度大", "群众知晓率不高",
)
_MEASURES = (
    "建立台账,一月一调度", "实行领导包联,现场办公解决问题", "细化任务清单,逐项销号", "压实属地责任,季度通报排名",
    "强化部门联动,专班推进", "加大宣传,定期回访",
)
VILLAGES = (
    "石桥", "青河", "双岭", "王集", "赵洼", "柳湾", "新庄", "东坡", "南营", "北寨", "大冶", "清泉", "马渡", "竹沟",
)


@dataclass(slots=True)
class Item:
    """A node in the making."""

    record: RecordId
    indicator: Indicator
    target: Target | None
    """Set for a root."""
    unit: RecordId
    """The unit in effect."""
    amount: Decimal | None
    form: TargetForm
    depth: int = 0
    parent: Item | None = None
    children: list[Item] = field(default_factory=list)
    own_unit: bool = False
    title: str = ""
    ord: str = ""
    measure: str = ""
    last_year: Decimal | None = None
    weight: Decimal | None = None
    leader: RecordId | None = None
    responsible: RecordId | None = None
    handler: RecordId | None = None
    supporting: tuple[RecordId, ...] = ()
    due: date | None = None
    plan: Plan | None = None
    milestones: tuple[Milestone, ...] = ()
    difficulties: str = ""
    measures: str = ""
    undivided: str = ""
    divided_at: Decimal | None = None

    @property
    def decimals(self) -> int:
        """Digits after the point of amounts here."""
        return self.indicator.decimals or 0

    @property
    def rule(self) -> SumRule:
        """How the children's amounts answer for this one's."""
        own = self.indicator
        return sum_rule(self.form, own.direction, own.name, own.unit_of_measure)

    def allocation(self) -> Allocation:
        """The record as it is stored."""
        return Allocation(
            id=self.record, target=None if self.target is None else self.target.id,
            parent=None if self.parent is None else self.parent.record, ord=self.ord,
            title=self.title, unit=self.unit if self.own_unit else None, value=self._value(),
            unit_of_measure=self.measure, last_year=self.last_year, weight=self.weight,
            supporting=self.supporting, leader=self.leader, responsible=self.responsible,
            handler=self.handler, due=self.due, plan=self.plan, milestones=self.milestones,
            difficulties=self.difficulties, measures=self.measures, undivided=self.undivided,
            divided_at=self.divided_at,
        )

    def _value(self) -> TargetValue | None:
        if self.target is not None:
            return None
        if self.amount is None:
            return TargetValue((TargetPart(TargetForm.TEXT, text=self.title),), text=self.title)
        unit = self.measure or self.indicator.unit_of_measure
        return TargetValue(
            (TargetPart(self.form, self.amount, unit),), text=wording(self.form, self.amount, unit)
        )


def wording(form: TargetForm, amount: Decimal, unit: str) -> str:
    """The amount as it is written: 「不高于3人」, and 「52」 where the unit stands over the column."""
    word = _WORDS.get(form, "")
    return f"{word}{canonical(amount)}{unit if word else ''}"


def root_of(record: RecordId, indicator: Indicator, target: Target, year: int, random: Random) -> Item:
    """The root of a target with its plan or milestones, difficulties and measures."""
    assert target.value is not None
    part = target.value.counted
    item = Item(
        record, indicator, target, target.unit, part.amount, part.form,
        difficulties=random.choice(_DIFFICULTIES), measures=random.choice(_MEASURES),
    )
    if item.amount is None:
        days = (date(year, 3, 31), date(year, 8, 31), date(year, 11, 30))
        item.milestones = tuple(
            Milestone(title, due) for title, due in zip(_STAGES[1:4], days, strict=True)
        )
        item.due = date(year, 11, 30)
    else:
        item.plan = planned(item, item.amount, up=item.rule is SumRule.CAP)
    if item.indicator.name.startswith("重点项目"):
        item.milestones = project_nodes(year)
    return item


def project_nodes(year: int) -> tuple[Milestone, ...]:
    """Three nodes of a project."""
    days = (date(year, 4, 30), date(year, 9, 30), date(year, 12, 20))
    return tuple(Milestone(title, due) for title, due in zip(_PROJECT, days, strict=True))


def planned(item: Item, amount: Decimal, *, up: bool) -> Plan:
    """What is to stand at the end of each quarter; rounded so that children keep up with the parent."""
    if is_cumulative(item.form, item.indicator.name, item.indicator.unit_of_measure):
        step = Decimal(1).scaleb(-item.decimals)
        way = ROUND_CEILING if up else ROUND_FLOOR
        amounts = tuple((amount * part).quantize(step, way) for part in _QUARTERS[:-1])
    else:
        amounts = (amount,) * 3
    return Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (*amounts, amount))


def parts_of(item: Item, weights: Sequence[Decimal], pressure: Decimal) -> list[Decimal | None]:
    """The children's amounts: together the node's raised by `pressure` (controls: lowered), rates alike.

    Fewer than weights where the total has fewer steps.
    """
    amount = item.amount
    if amount is None:
        return [None] * len(weights)
    if not item.rule.adds:
        return [amount] * len(weights)
    step = Decimal(1).scaleb(-item.decimals)
    if item.rule is SumRule.CAP:
        total = (amount * (1 - pressure / 3)).quantize(step, ROUND_FLOOR)
        shown = weights
    else:
        total = (amount * (1 + pressure)).quantize(step, ROUND_CEILING)
        shown = weights[: max(1, min(len(weights), int(total / step)))]
    found = spread(total, dict(enumerate(shown)), item.decimals)
    if item.rule is not SumRule.CAP and min(found.values()) <= 0 < total:
        # Small counts: everybody gets one, the rest goes by weight.
        base = dict.fromkeys(found, step)
        more = spread(total - step * len(found), dict(enumerate(shown)), item.decimals)
        found = {place: base[place] + more[place] for place in found}
    return [found[place] for place in range(len(shown))]


def child_of(parent: Item, record: RecordId, amount: Decimal | None, place: int, year: int) -> Item:
    """A node below another with that amount; of a text a stage of the work."""
    child = Item(
        record, parent.indicator, None, parent.unit, amount, parent.form, parent.depth + 1, parent
    )
    if amount is None:
        latest = _due(parent) or date(year, 12, 31)
        child.form = TargetForm.TEXT
        child.title = _STAGES[place % len(_STAGES)]
        child.due = min(latest, date(year, min(3 + 2 * (place % 5), 11), 28))
    elif parent.depth == 0:
        child.plan = planned(child, amount, up=parent.rule is not SumRule.CAP)
    parent.children.append(child)
    return child


def _due(item: Item | None) -> date | None:
    """The due date in effect."""
    while item is not None:
        if item.due is not None:
            return item.due
        item = item.parent
    return None
