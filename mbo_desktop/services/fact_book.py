"""What scores rest on, as it was read: entries of units by indicator, given scores, components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import GivenScore, Scheme, SchemeItem, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.rule import parts_of
from mbo_desktop.errors import InputError
from mbo_desktop.store.queries.scores import CellRow, FigureRow, Head, Member

NOT_CARRIED, NOT_APPLICABLE, WITHDRAWN_WORD = "没有承担", "不适用", "已撤销"
BELOW = "下级平均分"
"""Name of the figure that rolls up: the mean of the subordinate units' totals (R40)."""
COUNTING = (ScoreKind.FINAL, ScoreKind.REVIEWED, ScoreKind.CERTIFIED)
"""Whose given points and figures count before whose; the unit's own never count."""
Cell = tuple[RecordId, RecordId]
"""Indicator and unit."""


@dataclass(slots=True)
class Entry:
    """What one unit's score of one indicator rests on."""

    facts: Facts
    row: CellRow | None = None
    figure: FigureRow | None = None
    """The reported figure that counts; None with `from_result`: typed as the year's result."""
    from_result: bool = False
    absent: str = ""
    """Why the unit does not carry the indicator; "" when it does."""
    unknown: str = ""
    """What keeps the rule from being used although it would give points."""
    adjustment: str = ""
    """The paper of the adjustment in effect."""
    lowered: bool = False
    """The value in effect was adjusted down."""
    prorated: str = ""
    """How the target of the year became that of the month."""


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """What an item got in one period of the year."""

    month: int
    weight: Decimal
    points: Decimal | None
    counts: bool = True
    problem: str = ""


@dataclass(slots=True)
class FactBook:
    """All that a scheme's scores rest on, read once."""

    scheme: Scheme
    month: int
    members: tuple[Member, ...]
    heads: dict[RecordId, Head]
    items: dict[RecordId, SchemeItem]
    rules: dict[RecordId, Any]
    """The rules that can be read."""
    broken: dict[RecordId, str]
    """Why a rule cannot be read."""
    entries: dict[RecordId, dict[RecordId, Entry]]
    given: dict[Cell, dict[ScoreKind, GivenScore]] = field(default_factory=dict)
    components: dict[tuple[RecordId, str], dict[ScoreKind, GivenScore]] = field(default_factory=dict)
    periods: Mapping[Cell, tuple[PeriodPart, ...]] = field(default_factory=dict)
    """Points of earlier periods of items that are scored by periods."""


def codes_of(rule: Any) -> set[str]:
    """Codes of all primitives in a rule."""
    return {rule.code}.union(*(codes_of(part) for part in parts_of(rule)))


def read_counts(said: Iterable[str]) -> dict[str, Decimal]:
    """「省级=2」, 「满意=80」 → numbers by name; InputError for what is none."""
    found: dict[str, Decimal] = {}
    for one in said:
        name, _, number = one.partition("=")
        try:
            found[name.strip()] = Decimal(number.strip())
        except ArithmeticError as error:
            raise InputError(f"“{one}”不是次数。", "请写成 名称=数。") from error
    return found


def source_words(entry: Entry) -> str:
    """Whose figure the actual is: 「核实」, 「来源部门」, 「自报」, 「代录」, 「年终结果」."""
    if entry.from_result:
        return "年终结果"
    return "" if entry.figure is None else {
        FigureKind.VERIFIED: "现场核实", FigureKind.CERTIFIED: "来源部门核定", FigureKind.OWN: "单位自报",
        FigureKind.PROXY: "代录",
    }[entry.figure.kind]
