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
    rounded,
    settled,
    shown,
)
from mbo_desktop.domain.scoring.rule import insist, primitive
from mbo_desktop.errors import InputError


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


def _agrees(facts: Facts, *, rises: bool) -> None:
    """InputError when the ends say that more is better and the indicator says less is, or the other way round."""
    if rises is facts.lower_is_better:
        way = "反向" if facts.lower_is_better else "正向"
        raise InputError(f"{way}指标的满意值和不允许值填反了。", "反向指标的满意值应小于不允许值,正向的应大于。")


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

    def __post_init__(self) -> None:
        insist(self.best != self.lowest, "满意值和不允许值相同,不能计分。", "请填两个不同的数。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        if value is None:
            return None
        _agrees(facts, rises=self.best > self.lowest)
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
    return _ranked({
        one.unit: settled(value) for one in group.members if (value := one.value(of)) is not None
    }, lower_first=lower_first)


def _ranked(found: dict[int, Decimal], *, lower_first: bool) -> dict[int, int]:
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(found.values(), reverse=not lower_first), 1):
        first.setdefault(value, place)
    return {unit: first[value] for unit, value in found.items()}


@primitive("rank", "按位次计分")
@dataclass(frozen=True, slots=True)
class Rank:
    """First 100 % of W, each further place less (R33); or a table place → points (R34, R35).

    of: the figure the group is ranked by, or a rank that is given ("省内位次"): given True, then
    参评数 is needed where the table counts from the end. rows: place, points; negative places count
    from the end (−1 = the last), other places get `rest`. part: ranked by the points of another
    rule as they are printed, with `digits` (按排名赋分).
    """

    of: str = "actual"
    given: bool = False
    less: Decimal = Decimal(5)
    """% of W less per place; used without rows."""
    rows: tuple[tuple[int, Decimal], ...] = ()
    part: Any = None
    least: Decimal = ZERO
    rest: Decimal = ZERO
    digits: int = 2

    def __post_init__(self) -> None:
        listed = [place for place, _ in self.rows]
        insist(0 not in listed and len(set(listed)) == len(listed), "位次表有重复的位次,或写了第0位。")
        insist(self.less >= 0, "每低一位少的百分数不能是负数。")
        insist(0 <= self.digits <= 6, "排名所按的小数位数应在0到6之间。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        found = self._place(facts, group)
        if found is None:
            return None
        place, count = found
        if self.rows:
            points = self._of_table(place, count)
        else:
            share = HUNDRED - self.less * (place - 1)
            points = max(facts.full * share / HUNDRED, self.least)
        if say is not None:
            among = f"{count}个单位中" if count else ""
            say.append(f"{'' if self.part else name_of(self.of)}{among}列第{place}位,得{shown(points)}分")
        return points

    def _of_table(self, place: int, count: int) -> Decimal:
        table = dict(self.rows)
        from_end = place - count - 1
        if place in table and from_end in table and table[place] != table[from_end]:
            raise InputError(
                f"{count}个单位中的第{place}位同时是倒数第{-from_end}位,位次表两端重叠。", "单位太少,请改用别的计分办法。"
            )
        return table.get(place, table.get(from_end, self.rest))

    def _place(self, facts: Facts, group: Group) -> tuple[int, int] | None:
        if self.given:
            return self._given_place(facts)
        if self.part is not None:
            listed = group.keep(("part", id(self.part), self.digits), lambda: self._by_part(group))
        else:
            lower = facts.lower_is_better
            listed = group.keep(("places", self.of, lower), lambda: places(group, self.of, lower_first=lower))
        return None if facts.unit not in listed else (listed[facts.unit], len(listed))

    def _given_place(self, facts: Facts) -> tuple[int, int] | None:
        place, count = facts.value(self.of), facts.named.get("参评数")
        from_end = any(one < 0 for one, _ in self.rows)
        if place is None or (count is None and from_end):
            return None
        if place != int(place) or place < 1 or (count is not None and (count != int(count) or place > count)):
            among = "" if count is None else f"(参评{shown(count)}个)"
            raise InputError(f"{name_of(self.of)}“{shown(place)}”{among}不是位次。", "请核对位次和参评数。")
        return int(place), int(count or 0)

    def _by_part(self, group: Group) -> dict[int, int]:
        points = {one.unit: self.part.score(one, group, None) for one in group.members}
        return _ranked(
            {unit: rounded(value, self.digits) for unit, value in points.items() if value is not None},
            lower_first=False,
        )

    def sentence(self) -> str:
        """In words."""
        by = f"按“{self.part.sentence()}”的得分" if self.part is not None else f"按{name_of(self.of)}"
        if self.rows:
            rows = "、".join(_run_words(*run) for run in _runs(self.rows))
            return f"{by}排名计分:{rows},其余{shown(self.rest)}分"
        return f"{by}排名,第1位得满分,每低1位少得{shown(self.less)}%"


def _runs(rows: tuple[tuple[int, Decimal], ...]) -> list[tuple[int, int, Decimal]]:
    """Places next to each other with the same points, as first, last, points."""
    found: list[tuple[int, int, Decimal]] = []
    for place, points in rows:
        if found and found[-1][1] + 1 == place and found[-1][2] == points and place != 0:
            found[-1] = (found[-1][0], place, points)
        else:
            found.append((place, place, points))
    return found


def _run_words(first: int, last: int, points: Decimal) -> str:
    if first < 0:
        first, last = -last, -first
        return f"倒数第{first}{'' if first == last else f'—{last}'}位得{shown(points)}分"
    return f"第{first}{'' if first == last else f'—{last}'}位得{shown(points)}分"


@primitive("progressive", "与平均水平比较累进计分")
@dataclass(frozen=True, slots=True)
class Progressive:
    """W plus the distance to a mean, band by band, × W ÷ 20, 40, 60 … (R36); the same downward.

    mean: a named figure (省平均), or "group" for the group's own mean of `of`. first: what the
    first band is divided by; wider: how much more each further band is (increments: 60, 80, 100 …).
    """

    of: str = "growth"
    mean: str = "group"
    band: Decimal = Decimal(10)
    first: Decimal = Decimal(20)
    wider: Decimal = Decimal(20)
    floor: Decimal | None = ZERO

    def __post_init__(self) -> None:
        insist(self.band > 0 and self.first > 0 and self.wider >= 0, "每档宽、首档除数应大于0,逐档增加数不能是负数。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        mean = group.mean(self.of) if self.mean == "group" else facts.value(self.mean)
        if value is None or mean is None:
            return None
        above = value <= mean if facts.lower_is_better else value >= mean
        away = abs(value - mean)
        words: Say | None = None if say is None else []
        extra = self._extra(away, facts.full, words)
        points = facts.full + extra if above else facts.full - extra
        points = points if self.floor is None else max(points, self.floor)
        if say is not None and words is not None:
            side = "高于" if value > mean else "低于" if value < mean else "等于"
            say.append(f"{name_of(self.of)}{shown(value)},{side}平均{shown(mean)},差{shown(away)}")
            say += words
            say.append(f"{shown(facts.full)}{'+' if above else '−'}{shown(extra)}={shown(points)}")
        return points

    def _extra(self, away: Decimal, full: Decimal, words: Say | None) -> Decimal:
        if away > self.band * _MOST_BANDS:
            raise InputError(f"与平均相差{shown(away)},超过{_MOST_BANDS}档。", "请核对实绩、上年数和平均数。")
        left, divisor, extra = away, self.first, ZERO
        while left > 0:
            width = min(left, self.band)
            part = width * full / divisor
            extra += part
            if words is not None:
                words.append(f"{shown(width)}×{shown(full)}÷{shown(divisor)}={shown(part)}")
            left -= width
            divisor += self.wider
        return extra

    def sentence(self) -> str:
        """In words."""
        return (
            f"{name_of(self.of)}达到平均水平得基本分,每高(低)1个单位按基本分的1/{shown(self.first)}加(减),"
            f"每{shown(self.band)}为一档,除数逐档加{shown(self.wider)}"
        )


_MOST_BANDS = 1000
"""A distance of more bands is a slip of the pen; without an end one figure could keep the program busy."""


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

    def __post_init__(self) -> None:
        insist(self.gain >= 0 and self.loss >= 0 and (self.cap is None or self.cap >= 0), "加分、减分和上限不能是负数。", "减分请填正数。")

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
        cap = "" if self.cap is None else f",加减不超过{shown(self.cap)}分"
        return f"位次每上升1位加{shown(self.gain)}分{lost}{cap}"
