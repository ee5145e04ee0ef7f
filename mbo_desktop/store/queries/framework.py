"""Reads of categories and indicators in the order the framework is printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.domain.targets import Direction, TargetForm


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category or strategy with the number of indicators in it."""

    id: RecordId
    axis: CategoryAxis
    name: str
    indicators: int


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as the frozen first columns of the matrix show it."""

    id: RecordId
    name: str
    code: str
    category: RecordId | None
    category_name: str
    unit_of_measure: str
    decimals: int | None
    direction: Direction
    form: TargetForm
    points: Decimal | None
    certifying_text: str
    scoring_text: str
    is_key: bool
    is_binding: bool
    is_livelihood: bool


@dataclass(frozen=True, slots=True)
class FrameworkFilter:
    """Which indicators to show; empty parts mean all."""

    text: str = ""
    """Fits name, code, full pinyin or initials."""
    categories: tuple[RecordId, ...] = ()
    without_category: bool = False
    strategy: RecordId | None = None
    only_key: bool = False
    only_binding: bool = False
    only_livelihood: bool = False
