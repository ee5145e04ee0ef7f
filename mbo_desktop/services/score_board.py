"""What a score board holds: a cell, a unit's line, the board, and figures that are only tried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mbo_desktop.domain.assessment import GivenScore, Scheme, ScoreKind, SealedScore
from mbo_desktop.domain.grading import Conversion, Sums, VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO, Facts, exactly, rounded
from mbo_desktop.domain.scoring.item import ItemScore
from mbo_desktop.services.fact_book import Cell, FactBook
from mbo_desktop.services.scoring_additions import Additions, VetoMark
from mbo_desktop.store.queries.scores import Head


@dataclass(frozen=True, slots=True)
class WhatIf:
    """试算: other figures, other points, vetoes declared or lifted; never saved.

    actuals: by (indicator, unit), in the target's own terms; None: not reported. points: given
    points by (indicator, unit), None: as computed.
    """

    actuals: Mapping[Cell, Decimal | None] = field(default_factory=dict)
    points: Mapping[Cell, Decimal | None] = field(default_factory=dict)
    vetoes_off: frozenset[RecordId] = frozenset()
    vetoes_on: Mapping[RecordId, VetoEffect] = field(default_factory=dict)
    """By unit."""
    components: Mapping[tuple[RecordId, str], Decimal | None] = field(default_factory=dict)
    """Points of parts of the total (领导评价 …) by (unit, name); None: none were given."""


def tried(facts: Facts, cell: Cell, changes: WhatIf) -> Facts:
    """The facts with the actual that is tried out in the place of the recorded one."""
    if cell not in changes.actuals:
        return facts
    named = dict(facts.named)
    named.pop("增幅", None)
    return replace(facts, actual=changes.actuals[cell], named=named)


@dataclass(frozen=True, slots=True)
class ItemCell:
    """One unit's score of one indicator: what the rule gives, what was given, and what counts."""

    points: Decimal | None
    """As computed; None: does not count, or a figure is missing."""
    full: Decimal
    counts: bool
    """False: N/A, the total is converted."""
    missing: bool
    self_points: Decimal | None = None
    certified: Decimal | None = None
    reviewed: Decimal | None = None
    final: Decimal | None = None
    used: Decimal | None = None
    problem: str = ""
    """Why nothing was computed, or why 0 stands."""
    is_what_if: bool = False

    @property
    def lost(self) -> Decimal | None:
        """Full points less what counts."""
        return None if self.used is None else self.full - self.used

    @property
    def from_self(self) -> Decimal | None:
        """What counts less the self-score."""
        return None if self.used is None or self.self_points is None else self.used - self.self_points


UNSETTLED = "未定"
"""Instead of a grade while figures are missing: nobody is called 较差 for want of data."""


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's line of the board. total None: nothing of it counts, it is not ranked."""

    unit: RecordId
    label: str
    items: Mapping[RecordId, ItemCell]
    raw: Decimal
    full: Decimal
    targets: Decimal | None
    """The targets' part, converted to the scale, as printed."""
    components: Mapping[str, Decimal | None]
    bonus: Decimal
    deduction: Decimal
    total: Decimal | None
    rank: int | None
    rank_before: int | None
    grade: str
    grade_reason: str
    vetoes: tuple[VetoMark, ...]
    missing: int
    """Items and components without their figures."""
    targets_from: Conversion | None = None
    """What `targets` was before it was converted by the group's best; None: it was not."""
    components_from: Mapping[str, Conversion] = field(default_factory=dict)
    total_from: Conversion | None = None

    @property
    def provisional(self) -> bool:
        """Whether the total will still change."""
        return self.missing > 0

    @property
    def unscored(self) -> bool:
        """Whether nothing of it is known yet: a total of 0 would be no result."""
        return self.provisional and not any(cell.used is not None for cell in self.items.values()) and not any(
            points is not None for points in self.components.values()
        )

    @property
    def grade_now(self) -> str:
        """The grade as it may be told: 未定 while figures are missing."""
        return UNSETTLED if self.provisional and self.grade else self.grade

    def shows_as(self, other: UnitScore | None) -> bool:
        """Whether total, rank, grade and parts read the same as in another line of the unit."""
        return other is self or (other is not None and (
            self.total, self.rank, self.grade, self.missing, self.targets, self.components
        ) == (other.total, other.rank, other.grade, other.missing, other.targets, other.components))

    @property
    def rank_move(self) -> int | None:
        """Places gained against last year; negative: lost."""
        if self.rank is None or self.rank_before is None:
            return None
        return self.rank_before - self.rank


@dataclass(frozen=True, slots=True)
class ScoreBoard:
    """A scheme scored: its indicators in printed order, its units in official order."""

    scheme: Scheme
    month: int
    indicators: tuple[Head, ...]
    units: tuple[UnitScore, ...]
    problems: tuple[str, ...]
    is_what_if: bool
    book: FactBook = field(repr=False, compare=False)
    additions: Additions = field(repr=False, compare=False)
    sums: Mapping[RecordId, Sums] = field(repr=False, compare=False)
    scored: Mapping[RecordId, Mapping[RecordId, ItemScore]] = field(repr=False, compare=False)
    """Item scores that count, by indicator and unit."""
    changes: WhatIf = field(default_factory=WhatIf, repr=False, compare=False)
    """What is only tried out."""
    sealed: Mapping[RecordId, SealedScore] = field(default_factory=dict, repr=False, compare=False)
    """By unit, what was sealed: then these figures stand, whatever became of the records."""

    def facts(self, indicator: RecordId, unit: RecordId) -> Facts:
        """What a score rests on, with what is tried out; KeyError for a unit that has no entry."""
        entry = self.book.entries[indicator][unit]
        return tried(entry.facts, (indicator, unit), self.changes)

    def unit(self, record: RecordId) -> UnitScore:
        """A unit's line; KeyError when it is not of the group."""
        for one in self.units:
            if one.unit == record:
                return one
        raise KeyError(record)

    def grade_may_move(self, line: UnitScore) -> bool:
        """Whether a complete unit's grade hangs on places that others, still without figures, may take."""
        if self.sealed or line.provisional or line.total is None or not line.grade:
            return False
        limited = any(
            one.quota is not None or one.quota_share is not None
            for one in self.scheme.grades if one.least is None or line.total >= one.least
        )
        return limited and any(one.provisional for one in self.units)

    def ranked(self) -> tuple[UnitScore, ...]:
        """Units by rank, equal ones in official order, unranked ones last."""
        return tuple(sorted(self.units, key=lambda one: (one.rank is None, one.rank or 0)))


def given_of(
    found: ScoreBoard, unit: RecordId, indicator: RecordId
) -> Mapping[ScoreKind, GivenScore]:
    """What was given for a cell, by kind, with who, when and on which basis."""
    return found.book.given.get((indicator, unit), {})


def missing_cells(found: ScoreBoard) -> Iterable[tuple[UnitScore, Head, str]]:
    """Unit, indicator and reason of every score that lacks its figures."""
    for line in found.units:
        for head in found.indicators:
            cell = line.items.get(head.id)
            if cell is not None and cell.missing:
                yield line, head, cell.problem


def average(found: ScoreBoard) -> Decimal | None:
    """The mean of the ranked totals, to the scheme's digits; None without any."""
    totals = [one.total for one in found.units if one.total is not None and not one.unscored]
    if not totals:
        return None
    with exactly():
        return rounded(sum(totals, ZERO) / len(totals), found.scheme.digits)


def rate(cell: ItemCell) -> Decimal | None:
    """得分率 in %, one digit; None without points or full points."""
    if cell.used is None or not cell.full:
        return None
    with exactly():
        return rounded(cell.used * HUNDRED / cell.full, 1)
