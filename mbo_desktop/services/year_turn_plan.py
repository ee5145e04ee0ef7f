"""What a year roll-over will make: lists that the preview shows and that are written as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.joint import JointDuty
from mbo_desktop.domain.planning import Category, Indicator, Target, Year
from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.domain.unit_heirs import Passing


class Part(Choice):
    """What may go over beside indicators, targets and bases."""

    DUTIES = "duties", "配合单位"
    TREES = "trees", "目标分解"
    SCHEMES = "schemes", "考核办法"
    RULES = "rules", "报送和亮灯规则"
    TEMPLATES = "templates", "责任书文本"
    NUMBERS = "numbers", "文号期号"
    UNMET = "unmet", "未完成目标跟踪"


EVERY_PART = frozenset(Part)


@dataclass(frozen=True, slots=True)
class TurnChoices:
    """What the office decided; everything else follows from last year's records."""

    left: frozenset[RecordId] = frozenset()
    """Last year's indicators that do not go on."""
    own_figures: bool = False
    """Figures that only the units themselves reported become bases too."""
    heirs: Mapping[RecordId, tuple[RecordId, ...]] = field(default_factory=dict)
    """By split unit: the parts that carry its targets on, their bases left open."""
    parts: frozenset[Part] = EVERY_PART


class Going(Choice):
    """What becomes of an indicator of last year."""

    NEW = "new", "结转"
    THERE = "there", "新年度已有"
    LEFT = "left", "不再设"
    FOREIGN = "foreign", "由上级下达"


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator of last year and the one that goes on with it."""

    old: Indicator
    category: str
    going: Going
    new: RecordId | None
    """The new year's indicator; below 0: made by the roll-over."""
    targets: int
    """Units that carried it."""
    note: str = ""


class BaseSource(Choice):
    """Whose figure of last year it is."""

    RESULT = "result", "年终结果"
    VERIFIED = "verified", "现场核实"
    CERTIFIED = "certified", "来源部门"
    OWN = "own", "单位自报"


class BaseState(Choice):
    """What becomes of a figure."""

    TAKEN = "taken", "转为基数"
    THERE = "there", "已有基数"
    OWN_ONLY = "own_only", "只有自报"
    MISSING = "missing", "没有核定数"
    OPEN = "open", "另行核定"


@dataclass(frozen=True, slots=True)
class BaseLine:
    """Last year's figure of one unit-target of the new year."""

    indicator: str
    unit: str
    unit_of_measure: str
    amount: Decimal | None
    state: BaseState
    source: BaseSource | None
    said: str = ""
    """Of which units it is the sum, or why there is none."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit that was merged, split or dissolved, with its targets of last year."""

    unit: RecordId
    label: str
    what: Passing
    heirs: tuple[str, ...]
    targets: int
    choices: tuple[tuple[RecordId, str], ...] = ()
    is_decided: bool = True

    @property
    def sentence(self) -> str:
        """「市商务局 合并 → 市商贸局(12项)」."""
        if self.heirs:
            return f"{self.label}{self.what.label} → {'、'.join(self.heirs)}({self.targets}项)"
        said = "待选定由谁承担" if self.choices else "没有后继单位,目标不结转"
        return f"{self.label}{self.what.label}({self.targets}项):{said}"


@dataclass(frozen=True, slots=True)
class TurnPlan:
    """Everything that will be made; numbers below 0 stand for records that do not exist yet."""

    last: int
    year: int
    choices: TurnChoices
    change_count: int
    """Of the data folder when it was read; another one means that the plan is out of date."""
    new_year: Year | None
    categories: tuple[Category, ...]
    indicators: tuple[IndicatorLine, ...]
    new_indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    filled: tuple[Target, ...]
    """Targets that stand in the new year already and get their base."""
    bases: tuple[BaseLine, ...]
    units: tuple[UnitLine, ...]
    duties: tuple[JointDuty, ...]
    nodes: tuple[Allocation, ...]
    """Parents before their children."""
    roots_there: Mapping[RecordId, RecordId]
    """Planned number of a node's parent → the target whose root stands already."""
    schemes: tuple[Scheme, ...]
    rules: ReportingRules | None
    templates: tuple[AgreementTemplate, ...]
    series: tuple[NumberSeries, ...]
    dockets: tuple[Docket, ...]
    notes: tuple[str, ...]
    """What is to be looked at by hand."""
    vacant: tuple[str, ...]
    """Posts of the decomposition that nobody holds in the new year."""

    @property
    def label(self) -> str:
        """The step in the log and in 撤销."""
        return turn_label(self.last, self.year)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All records in the order in which they are written."""
        beside = tuple(one for one in (self.new_year, self.rules) if one is not None)
        return (
            *beside, *self.categories, *self.new_indicators, *self.targets, *self.filled, *self.duties,
            *self.nodes, *self.schemes, *self.templates, *self.series, *self.dockets,
        )

    def bases_of(self, *states: BaseState) -> tuple[BaseLine, ...]:
        """The lines of bases with one of these states."""
        return tuple(one for one in self.bases if one.state in states)

    @property
    def counts(self) -> tuple[tuple[str, int, str], ...]:
        """What is made, how many, and a remark; as the preview and the report say it."""
        left = sum(one.going is Going.LEFT for one in self.indicators)
        there = sum(one.going is Going.THERE for one in self.indicators)
        remark = ";".join(
            text for text in (f"不再设{left}项" if left else "", f"已有{there}项" if there else "") if text
        )
        return (
            ("类别和战略", len(self.categories), ""),
            ("指标", len(self.new_indicators), remark),
            ("目标(目标值留空)", len(self.targets), ""),
            ("上年实绩(基数)", len(self.bases_of(BaseState.TAKEN)), _bases_remark(self)),
            ("配合单位", len(self.duties), ""),
            ("分解项", len(self.nodes), f"{len(self.vacant)}个岗位暂缺" if self.vacant else ""),
            ("考核方案", len(self.schemes), ""),
            ("报送和亮灯规则", int(self.rules is not None), ""),
            ("责任书文本", len(self.templates), ""),
            ("文号期号登记", len(self.series), "从1号编起" if self.series else ""),
            ("未完成目标跟踪", len(self.dockets), "拟办的督查事项" if self.dockets else ""),
        )

    @property
    def sentence(self) -> str:
        """「2020年度结转到2021年度:指标20项、目标120项、基数96项……」."""
        said = [f"{name.partition('(')[0]}{many}项" for name, many, _remark in self.counts if many]
        return f"{self.last}年度结转到{self.year}年度:{'、'.join(said) or '没有需要新增的内容'}"


def _bases_remark(plan: TurnPlan) -> str:
    said = []
    for state in (BaseState.OWN_ONLY, BaseState.MISSING, BaseState.OPEN, BaseState.THERE):
        many = len(plan.bases_of(state))
        if many:
            said.append(f"{state.label}{many}项")
    return ";".join(said)


def turn_label(last: int, year: int) -> str:
    """The label of the change that a roll-over writes: by it the counter-act finds what was made."""
    return f"年度结转 {last}→{year}"
