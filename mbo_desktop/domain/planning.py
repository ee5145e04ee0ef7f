"""The target framework of a year: categories, indicators, and what each unit is allotted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.assessment import OverallRanking
from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue

STARTING_CATEGORIES = (
    "主要综合目标", "工业经济", "新农村建设", "重点项目", "县域经济", "现代服务业",
    "民营经济", "招商引资", "环境保护", "安全生产", "实事办理",
)
STARTING_STRATEGIES = ("以工兴市", "科教兴市", "人才强市", "开放带动", "可持续发展", "品牌城市")


class CategoryAxis(Choice):
    """The two axes by which targets are classed; one category, any number of strategies."""

    CATEGORY = "category", "类别"
    STRATEGY = "strategy", "战略"


class YearState(Choice):
    """Whether a year is worked in, or sealed."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已封存"


@dataclass(frozen=True, slots=True)
class SealStep:
    """That a year was sealed or unsealed: the day, who, why."""

    state: YearState
    on: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentWindow:
    """Days between which units may ask for adjustments (半年, 十月)."""

    name: str
    opens: date
    closes: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Year(Entity):
    """An assessment year; its record has a natural key (the number)."""

    type_name: ClassVar[str] = "year"

    number: int
    state: YearState = YearState.OPEN
    declared_points: Decimal | None = None
    """分值合计 that every unit's targets are to add up to (80, 100, 150 …); None: not declared."""
    seals: tuple[SealStep, ...] = ()
    substantial_counts_as_met: bool = False
    """Whether 基本完成 counts with 完成 in the sentence of account."""
    adjustment_windows: tuple[AdjustmentWindow, ...] = ()
    """Empty: the usual ones, July and October."""
    overall: tuple[OverallRanking, ...] = ()
    """Rankings over several groups of the year's assessment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Entity):
    """A supervision category or a strategy of a year."""

    type_name: ClassVar[str] = "category"

    year: int
    axis: CategoryAxis
    name: str
    ord: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Entity):
    """An indicator of a year's framework: one row of the allotment matrix."""

    type_name: ClassVar[str] = "indicator"

    year: int
    name: str
    category: RecordId | None = None
    strategies: tuple[RecordId, ...] = ()
    ord: str = ""
    code: str = ""
    unit_of_measure: str = ""
    decimals: int | None = None
    """Digits after the point in tables; None: as typed."""
    direction: Direction = Direction.HIGHER
    form: TargetForm = TargetForm.LEVEL
    """The form a bare number in this row takes."""
    points: Decimal | None = None
    """分值; a unit's own points in `Target.points` win."""
    definition: str = ""
    """指标口径说明."""
    scoring_text: str = ""
    """评分标准 in the office's own words, kept to the letter."""
    data_source: str = ""
    certifying_units: tuple[RecordId, ...] = ()
    certifying_text: str = ""
    """监考单位 as the ledger names them, kept even where no unit of the register fits."""
    covers: tuple[str, ...] = ()
    """Special assessments an umbrella indicator stands for (招商引资, 食品安全, …)."""
    is_key: bool = False
    is_binding: bool = False
    is_livelihood: bool = False
    note: str = ""
    continues: tuple[RecordId, ...] = ()
    """Indicators of earlier years that it goes on with under another name; the same name needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Entity):
    """What one unit is allotted of one indicator: a cell of the matrix (natural key: both).

    value None = not set yet; N/A is a value of its own; 0 is a number.
    """

    type_name: ClassVar[str] = "target"

    indicator: RecordId
    unit: RecordId
    last_year: Decimal | None = None
    """上年实绩 in the indicator's unit of measure."""
    value: TargetValue | None = None
    stretch: TargetValue | None = None
    points: Decimal | None = None
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping(Entity):
    """A column mapping remembered for ledgers of one layout and sender."""

    type_name: ClassVar[str] = "import_mapping"

    sender: str
    layout: str
    """Fingerprint of the head rows."""
    columns: tuple[str, ...]
    """Role code per column, "" for one that is left out."""
