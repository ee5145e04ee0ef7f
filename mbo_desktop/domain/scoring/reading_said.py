"""What the clauses of a scoring text say, and how one clause is put into it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.scoring.facts import HUNDRED

_OWN_WORDS = frozenset({"增速", "增幅", "增长率", "完成率", "年度", "全年", "实际", "指标"})
"""Words for an indicator's own figure: they name no other."""
Step = tuple[Decimal, str, Decimal]
"""Size, unit (「pp」, 「%」, 「目标%」, a unit of measure, 「」), points."""


@dataclass(slots=True)
class Said:
    """What the clauses of one text say. facts: by name, taken out one by one when the rule is made."""

    full: Decimal
    unit: str
    name: str = ""
    """The indicator's name; "" where it is not known."""
    facts: dict[str, Any] = field(default_factory=dict)
    bands: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    """Lower end in %, points."""
    tops: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    """Lower and upper end of the bands that name both."""
    events: list[tuple[str, Decimal]] = field(default_factory=list)
    turns: dict[int, Decimal] = field(default_factory=dict)
    """Points for being above (1), at (0) or below (-1) last year's figure."""
    grades: list[tuple[str, Decimal]] = field(default_factory=list)
    """A state or grade, points."""
    places: dict[int, Decimal] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    vetoes: list[str] = field(default_factory=list)
    clashes: bool = False
    base_in_points: bool = False
    """The base was written as points, not as a share of W."""

    @property
    def is_rate(self) -> bool:
        """Whether the indicator is a rate: 1 % is then a percentage point."""
        return self.unit in RATES

    @property
    def is_completion(self) -> bool:
        """Whether the indicator itself is a completion rate: 「完成率」 is then its own figure."""
        return self.is_rate and bool(re.search(r"完成率|完成比例", self.name))

    def speaks_of(self, subject: str | None) -> None:
        """A clause speaks of this by name: it must be the indicator, a second name clashes."""
        if subject is None:
            return
        plain = subject.strip("的")
        if plain in _OWN_WORDS:
            return
        if self.name and (plain in self.name or self.name in plain):
            return
        self.put("subject", plain)

    def put(self, name: str, value: Any = True) -> None:
        """Set a fact; a second, different one makes the text not understood."""
        if self.facts.setdefault(name, value) != value:
            self.clashes = True

    def take(self, name: str, usual: Any = None) -> Any:
        """A fact, out of what is still to be used."""
        return self.facts.pop(name, usual)

    def doubt(self, text: str) -> None:
        """Say how something open was taken, once."""
        if text not in self.doubts:
            self.doubts.append(text)


Act = Callable[[Said, "re.Match[str]"], None]


def put(name: str, value: Any = True) -> Act:
    """A clause that sets one fact."""
    return lambda said, _match: said.put(name, value)


def number(name: str, scale: Decimal = Decimal(1)) -> Act:
    """A clause that sets one fact to the number in it."""
    def act(said: Said, match: re.Match[str]) -> None:
        said.put(name, Decimal(next(one for one in match.groups() if one)) / scale)

    return act


def worth(said: Said, groups: tuple[str | None, ...]) -> tuple[Decimal, bool]:
    """Points of a `WORTH`, and whether they are all of W."""
    points, full, share, stated, part = groups
    if points is not None:
        return Decimal(points), Decimal(points) == said.full
    if full is None or share is not None:
        return said.full * Decimal(part or share or 0) / HUNDRED, False
    if stated is not None and Decimal(stated) != said.full:
        said.doubt(f"文字写的基本分是{stated}分,分值是{said.full:f}分")
        return Decimal(stated), False
    return said.full, True


def compiled(rows: tuple[tuple[str, Act], ...]) -> tuple[tuple[re.Pattern[str], Act], ...]:
    """Patterns with what they do, ready for matching."""
    return tuple((re.compile(pattern), act) for pattern, act in rows)
