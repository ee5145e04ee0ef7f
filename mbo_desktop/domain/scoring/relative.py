"""Rules that need the whole group: efficacy coefficients, ranks, means (domain notes §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.facts import (
    HUNDRED,
    ZERO,
    Facts,
    Group,
    Say,
    name_of,
    shown,
)
from mbo_desktop.domain.scoring.rule import primitive


@primitive("efficacy", "功效系数法")
@dataclass(frozen=True, slots=True)
class Efficacy:
    """(x − min) ÷ (max − min) × 40 + 60, as % of W; mirrored where lower is better (R25, R30).

    spread and bottom are the 40 and the 60; all_equal: the coefficient when max = min.
    """

    of: str = "actual"
    spread: Decimal = Decimal(40)
    bottom: Decimal = Decimal(60)
    all_equal: Decimal = Decimal(100)

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        if value is None:
            return None
        low, high = group.keep(("ends", self.of), lambda: _ends(group, self.of))
        if high == low:
            coefficient = self.all_equal
        else:
            over = high - value if facts.lower_is_better else value - low
            coefficient = over * self.spread / (high - low) + self.bottom
        points = facts.full * coefficient / HUNDRED
        if say is not None:
            say.append(self._words(facts, value, low, high, coefficient))
            say.append(f"{shown(coefficient)}%×{shown(facts.full)}={shown(points)}")
        return points

    def _words(self, facts: Facts, value: Decimal, low: Decimal, high: Decimal, found: Decimal) -> str:
        if high == low:
            return f"本组{name_of(self.of)}都是{shown(low)},功效系数按{shown(found)}计"
        over = f"{shown(high)}−{shown(value)}" if facts.lower_is_better else f"{shown(value)}−{shown(low)}"
        return (
            f"({over})÷({shown(high)}−{shown(low)})×{shown(self.spread)}+{shown(self.bottom)}={shown(found)}"
        )

    def sentence(self) -> str:
        """In words."""
        return f"{name_of(self.of)}按功效系数法计分,最好的得100%,最差的得{shown(self.bottom)}%"


def _ends(group: Group, of: str) -> tuple[Decimal, Decimal]:
    found = group.values(of)
    return min(found), max(found)


@primitive("anchored", "按满意值和不允许值计分")
@dataclass(frozen=True, slots=True)
class Anchored:
    """60 + 40 × (x − lowest) ÷ (best − lowest), as % of W; the ends are figures or fixed (R32)."""

    lowest: Decimal
    best: Decimal
    of: str = "actual"
    spread: Decimal = Decimal(40)
    bottom: Decimal = Decimal(60)
    clamp: bool = True

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        if value is None or self.best == self.lowest:
            return None
        coefficient = self.bottom + self.spread * (value - self.lowest) / (self.best - self.lowest)
        if self.clamp:
            coefficient = min(max(coefficient, self.bottom), self.bottom + self.spread)
        points = facts.full * coefficient / HUNDRED
        if say is not None:
            say.append(
                f"{shown(self.bottom)}+{shown(self.spread)}×({shown(value)}−{shown(self.lowest)})÷"
                f"({shown(self.best)}−{shown(self.lowest)})={shown(coefficient)},{shown(coefficient)}%×{shown(facts.full)}={shown(points)}"
            )
        return points

    def sentence(self) -> str:
        """In words."""
        return f"{name_of(self.of)}达到{shown(self.best)}得满分,{shown(self.lowest)}得{shown(self.bottom)}%,其间按比例"


def places(group: Group, of: str, *, lower_first: bool) -> dict[int, int]:
    """Standard competition ranking (1, 2, 2, 4) of the members by a figure, by unit."""
    found = [(one.unit, value) for one in group.members if (value := one.value(of)) is not None]
    ordered = sorted((value for _, value in found), reverse=not lower_first)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return {unit: first[value] for unit, value in found}


@primitive("rank", "按位次计分")
@dataclass(frozen=True, slots=True)
class Rank:
    """First 100 % of W, each further place less (R33); or a table place → points (R34, R35).

    of: the figure the group is ranked by, or a rank that is given ("省内位次"): given True.
    rows: place, points; negative places count from the end (−1 = the last). part: ranked by
    the points of another rule (按排名赋分).
    """

    of: str = "actual"
    given: bool = False
    less: Decimal = Decimal(5)
    """% of W less per place; used without rows."""
    rows: tuple[tuple[int, Decimal], ...] = ()
    part: Any = None
    least: Decimal = ZERO

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        found = self._place(facts, group)
        if found is None:
            return None
        place, count = found
        if self.rows:
            table = dict(self.rows)
            points = table.get(place, table.get(place - count - 1, ZERO))
        else:
            share = HUNDRED - self.less * (place - 1)
            points = max(facts.full * share / HUNDRED, self.least)
        if say is not None:
            among = f"{count}个单位中" if count else ""
            say.append(f"{'' if self.part else name_of(self.of)}{among}列第{place}位,得{shown(points)}分")
        return points

    def _place(self, facts: Facts, group: Group) -> tuple[int, int] | None:
        if self.given:
            value = facts.value(self.of)
            count = facts.named.get("参评数")
            return None if value is None else (int(value), int(count or 0))
        if self.part is not None:
            listed = group.keep(("part", id(self.part)), lambda: _by_part(group, self.part))
        else:
            lower = facts.lower_is_better
            listed = group.keep(("places", self.of, lower), lambda: places(group, self.of, lower_first=lower))
        return None if facts.unit not in listed else (listed[facts.unit], len(listed))

    def sentence(self) -> str:
        """In words."""
        if self.rows:
            rows = "、".join(
                f"{'第' + str(place) if place > 0 else '倒数第' + str(-place)}位得{shown(points)}分"
                for place, points in self.rows
            )
            return f"按{name_of(self.of)}排名计分:{rows}"
        return f"按{name_of(self.of)}排名,第1位得满分,每低1位少得{shown(self.less)}%"


def _by_part(group: Group, part: Any) -> dict[int, int]:
    points = {one.unit: part.score(one, group, None) for one in group.members}
    found = {unit: value for unit, value in points.items() if value is not None}
    ordered = sorted(found.values(), reverse=True)
    return {unit: ordered.index(value) + 1 for unit, value in found.items()}


@primitive("progressive", "与平均水平比较累进计分")
@dataclass(frozen=True, slots=True)
class Progressive:
    """W plus the distance to a mean, in bands of `band`, divided by 20, 40, 60 … (R36); the same downward.

    mean: a named figure (省平均), or "group" for the group's own mean of `of`.
    """

    of: str = "growth"
    mean: str = "group"
    band: Decimal = Decimal(10)
    first: Decimal = Decimal(20)
    floor: Decimal | None = ZERO

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        mean = group.mean(self.of) if self.mean == "group" else facts.value(self.mean)
        if value is None or mean is None or self.band <= 0 or self.first <= 0:
            return None
        away = mean - value if facts.lower_is_better else value - mean
        left, number, extra = abs(away), 1, ZERO
        words = []
        while left > 0:
            width = min(left, self.band) if number < 3 else left
            part = width * facts.full / (self.first * number)
            extra += part
            words.append(f"{shown(width)}×{shown(facts.full)}÷{shown(self.first * number)}={shown(part)}")
            left -= width
            number += 1
        points = facts.full + extra if away >= 0 else facts.full - extra
        points = points if self.floor is None else max(points, self.floor)
        if say is not None:
            side = "高于" if value >= mean else "低于"
            say.append(f"{name_of(self.of)}{shown(value)},{side}平均{shown(mean)},差{shown(abs(away))}")
            say += words
            say.append(f"{shown(facts.full)}{'+' if away >= 0 else '−'}{shown(extra)}={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        return (
            f"达到平均水平得基本分,每高(低)1个单位按基本分的1/{shown(self.first)}加(减),"
            f"每{shown(self.band)}为一档,逐档递减"
        )


@primitive("beats_mean", "高于平均加分")
@dataclass(frozen=True, slots=True)
class BeatsMean:
    """Extra points for being better than a mean (R37)."""

    points: Decimal = Decimal(1)
    of: str = "growth"
    mean: str = "group"

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        mean = group.mean(self.of) if self.mean == "group" else facts.value(self.mean)
        if value is None or mean is None:
            return None
        better = value < mean if facts.lower_is_better else value > mean
        if say is not None:
            sign = ">" if value > mean else "<" if value < mean else "="
            say.append(f"{name_of(self.of)}{shown(value)}{sign}平均{shown(mean)},{'加' + shown(self.points) if better else '不加'}分")
        return self.points if better else ZERO

    def sentence(self) -> str:
        """In words."""
        return f"{name_of(self.of)}高于平均的加{shown(self.points)}分"


@primitive("advance", "晋位加分、退位减分")
@dataclass(frozen=True, slots=True)
class Advance:
    """So much per place gained against last year's rank, so much off per place lost (R39)."""

    gain: Decimal
    loss: Decimal = ZERO
    now: str = "本年位次"
    before: str = "上年位次"
    cap: Decimal | None = None

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        now, before = facts.value(self.now), facts.value(self.before)
        if now is None or before is None:
            return None
        moved = before - now
        points = moved * (self.gain if moved > 0 else self.loss)
        if self.cap is not None:
            points = max(min(points, self.cap), -self.cap)
        if say is not None:
            how = f"上升{shown(moved)}位" if moved > 0 else f"下降{shown(-moved)}位" if moved < 0 else "持平"
            say.append(f"第{shown(before)}位→第{shown(now)}位,{how},{'加' if points >= 0 else '减'}{shown(abs(points))}分")
        return points

    def sentence(self) -> str:
        """In words."""
        lost = f",每退1位减{shown(self.loss)}分" if self.loss else ""
        return f"位次每上升1位加{shown(self.gain)}分{lost}"
