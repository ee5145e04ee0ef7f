"""Rules made of rules: sums, choices, guards, caps (domain notes §3.1, §3.3, §3.5)."""

from __future__ import annotations

import operator
from collections.abc import Callable
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
    number_in,
    shown,
)
from mbo_desktop.domain.scoring.rule import insist, primitive

_COMPARES: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq,
}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}


def holds(facts: Facts, left: str, sign: str, right: str) -> bool | None:
    """Whether a comparison of two figures (or a figure and a number) holds; None when one is missing."""
    one, other = _figure(facts, left), _figure(facts, right)
    if one is None or other is None:
        return None
    return _COMPARES[sign](one, other)


def _figure(facts: Facts, text: str) -> Decimal | None:
    found = number_in(text)
    return facts.value(text) if found is None else found


@primitive("fixed", "固定分")
@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same: points, or a share of W."""

    points: Decimal | None = None
    share: Decimal = ZERO

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        points = facts.full * self.share if self.points is None else self.points
        if say is not None:
            say.append(f"{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        return f"{shown(self.points)}分" if self.points is not None else f"基本分的{shown(self.share * HUNDRED)}%"


@primitive("sum", "几部分相加")
@dataclass(frozen=True, slots=True)
class Sum:
    """Parts added up; each gets its share of W as full points (R14, R17, R31, R38, R60).

    parts: share of W (1 = the whole W), rule. A part without its figures leaves the sum empty,
    unless `skip_missing`.
    """

    parts: tuple[tuple[Decimal, Any], ...]
    cap_share: Decimal | None = None
    skip_missing: bool = False

    def __post_init__(self) -> None:
        insist(bool(self.parts), "相加的规则没有任何一部分。", "请至少加一部分。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        total, any_scored = ZERO, False
        for share, rule in self.parts:
            lines: Say | None = None if say is None else []
            own = facts if share == 1 else facts.with_full(facts.full * share)
            points: Decimal | None = rule.score(own, group, lines)
            if points is None:
                if self.skip_missing:
                    continue
                return None
            any_scored = True
            total += points
            if say is not None and lines is not None:
                say.append(f"【{rule.label}】" + ",".join(lines))
        if not any_scored:
            return None
        cut = total if self.cap_share is None else min(total, facts.full * self.cap_share)
        if say is not None:
            capped = f",封顶{shown(cut)}" if cut < total else ""
            say.append(f"合计{shown(total)}分{capped}")
        return cut

    def sentence(self) -> str:
        """In words."""
        return ";另加 ".join(
            rule.sentence() if share == 1 else f"({shown(share * HUNDRED)}%){rule.sentence()}"
            for share, rule in self.parts
        )


@primitive("either", "取高或取低")
@dataclass(frozen=True, slots=True)
class Either:
    """The best or worst of several rules (两者取低, §3.5); nothing while one of them lacks its figures.

    skip_missing: those without figures are left out instead.
    """

    parts: tuple[Any, ...]
    lowest: bool = False
    skip_missing: bool = False

    def __post_init__(self) -> None:
        insist(bool(self.parts), "取高取低的规则没有任何一部分。", "请至少加一部分。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        scored = [rule.score(facts, group, None) for rule in self.parts]
        found: list[Decimal] = [one for one in scored if one is not None]
        if not found or (len(found) < len(scored) and not self.skip_missing):
            return None
        points = min(found) if self.lowest else max(found)
        if say is not None:
            listed = "、".join(shown(one) for one in found)
            say.append(f"各算得{listed},取{'低' if self.lowest else '高'}{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        return f"以下取{'低' if self.lowest else '高'}:" + ";".join(rule.sentence() for rule in self.parts)


@primitive("when", "按条件选用")
@dataclass(frozen=True, slots=True)
class When:
    """One rule if a comparison holds, another if not (R06, R12, R13, R24).

    left, right: figures by code or name, or numbers; sign: >=, >, <=, <, =. no None: 0 points.
    """

    left: str
    sign: str
    right: str
    yes: Any
    no: Any = None

    def __post_init__(self) -> None:
        insist(self.sign in _SIGNS, f"比较符号“{self.sign[:20]}”不可用。", "可用:>=、>、<=、<、=。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        true = holds(facts, self.left, self.sign, self.right)
        if true is None:
            return None
        if say is not None:
            say.append(f"{self._condition(facts)}{'成立' if true else '不成立'}")
        rule = self.yes if true else self.no
        if rule is None:
            if say is not None:
                say.append("得0分")
            return ZERO
        points: Decimal | None = rule.score(facts, group, say)
        return points

    def _condition(self, facts: Facts) -> str:
        left, right = _figure(facts, self.left), _figure(facts, self.right)
        return f"{name_of(self.left)}{shown(left or ZERO)}{_SIGNS[self.sign]}{name_of(self.right) if self.right != shown(right or ZERO) else ''}{shown(right or ZERO)}"

    def sentence(self) -> str:
        """In words."""
        other = "不得分" if self.no is None else self.no.sentence()
        sign = _SIGNS.get(self.sign, self.sign)
        return f"{name_of(self.left)}{sign}{name_of(self.right)}的,{self.yes.sentence()};否则{other}"


@primitive("not_worse", "不得比上年退步")
@dataclass(frozen=True, slots=True)
class NotWorse:
    """0 when the actual is worse than last year's, whatever else the rule would give (R24)."""

    part: Any

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        if facts.actual is not None and facts.base is not None:
            worse = facts.actual > facts.base if facts.lower_is_better else facts.actual < facts.base
            if worse:
                if say is not None:
                    say.append(f"实绩{shown(facts.actual)}比上年{shown(facts.base)}退步,得0分")
                return ZERO
        points: Decimal | None = self.part.score(facts, group, say)
        return points

    def sentence(self) -> str:
        """In words."""
        return f"{self.part.sentence()};比上年退步的不得分"


@primitive("limits", "封顶和保底")
@dataclass(frozen=True, slots=True)
class Limits:
    """A rule kept between a floor and a cap, as points or shares of W."""

    part: Any
    cap: Decimal | None = None
    cap_share: Decimal | None = None
    floor: Decimal | None = None

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        points: Decimal | None = self.part.score(facts, group, say)
        if points is None:
            return None
        cap = facts.full * self.cap_share if self.cap_share is not None else self.cap
        cut = points if cap is None else min(points, cap)
        cut = cut if self.floor is None else max(cut, self.floor)
        if say is not None and cut != points:
            say.append(f"{'封顶' if cut < points else '保底'}{shown(cut)}分")
        return cut

    def sentence(self) -> str:
        """In words."""
        said = [self.part.sentence()]
        if self.cap_share is not None:
            said.append(f"最高为基本分的{shown(self.cap_share * HUNDRED)}%")
        elif self.cap is not None:
            said.append(f"最高{shown(self.cap)}分")
        if self.floor is not None:
            said.append(f"最低{shown(self.floor)}分")
        return ",".join(said)


@primitive("proven", "无佐证不得分")
@dataclass(frozen=True, slots=True)
class Proven:
    """0 without accepted evidence (R63)."""

    part: Any

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        if facts.proven is False:
            if say is not None:
                say.append("没有佐证材料,按未完成计0分")
            return ZERO
        points: Decimal | None = self.part.score(facts, group, say)
        return points

    def sentence(self) -> str:
        """In words."""
        return f"{self.part.sentence()};不能提供佐证的视为未完成"
