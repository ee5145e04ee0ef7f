"""Scoring one indicator for a group: missing figures by the office's policy, rounding, the working."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.scoring.facts import ZERO, Facts, Group, exactly, rounded, shown
from mbo_desktop.domain.scoring.rule import parts_of, words_in
from mbo_desktop.errors import InputError


class MissingPolicy(Choice):
    """What a unit gets that does not carry an indicator (合理缺项); four are in use (§3.5)."""

    CONVERT = "convert", "不计入,总分按比例折算"
    FULL = "full", "给满分"
    ZERO = "zero", "不得分"
    MEAN = "mean", "给同组平均得分率"


class ItemScore(NamedTuple):
    """A unit's score of an indicator; points None: it does not count (折算), or a figure is missing.

    counts: whether full points of this item are in the unit's total; missing: what is lacking.
    """

    unit: int
    points: Decimal | None
    full: Decimal
    counts: bool = True
    missing: bool = False
    """Carried, but without the figures the rule needs: to be filled, never silently 0."""


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator's rule with what belongs to the item."""

    rule: Any
    digits: int = 2
    missing: MissingPolicy = MissingPolicy.CONVERT
    cap: Decimal | None = None


def score_item(
    item: Item, carried: Sequence[Facts], absent: Sequence[Facts] = (),
    refusals: dict[int, str] | None = None,
) -> dict[int, ItemScore]:
    """Scores by unit. absent: units of the group that do not carry the indicator (N/A).

    refusals: collects by unit why a rule refused its figures (a formula that divides by zero);
    such a score is missing. Without it the InputError is raised.
    """
    with exactly():
        group = Group(carried)
        kinds = kinds_of(item.rule)
        if refusals is None:
            found = {one.unit: _scored(item, one, group, kinds) for one in carried}
        else:
            found = {one.unit: _scored_or_refused(item, one, group, kinds, refusals) for one in carried}
        for one in absent:
            found[one.unit] = _absent(item, one, found)
    return found


_COUNTING, _OPEN = frozenset({"events", "milestones"}), frozenset({"vote", "raters", "formula", "weighted"})


def kinds_of(rule: Any) -> frozenset[str] | None:
    """Names under which a rule looks for counts; None: others may be there too.

    A count under another name (a slip of the pen) would be left out unseen: it is refused.
    """
    codes, words = set(), set()
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        codes.add(one.code)
        words |= words_in(one)
        waiting += parts_of(one)
    return frozenset(words) if codes & _COUNTING and not codes & _OPEN else None


def _checked(facts: Facts, kinds: frozenset[str] | None) -> None:
    """InputError for counts below 0, or under names that the rule does not know."""
    for name, number in facts.counts.items():
        if number < 0:
            raise InputError(f"“{name}”的次数{shown(number)}是负数。", "请核对次数。")
        if kinds is not None and name not in kinds:
            known = "、".join(sorted(kinds))
            raise InputError(f"计分规则中没有“{name[:20]}”。", f"规则中有:{known[:100]}。")


def _scored_or_refused(
    item: Item, facts: Facts, group: Group, kinds: frozenset[str] | None, refusals: dict[int, str]
) -> ItemScore:
    try:
        return _scored(item, facts, group, kinds)
    except InputError as error:
        refusals[facts.unit] = error.what
        return ItemScore(facts.unit, None, facts.full, missing=True)


def _scored(item: Item, facts: Facts, group: Group, kinds: frozenset[str] | None) -> ItemScore:
    if facts.counts:
        _checked(facts, kinds)
    try:
        points = item.rule.score(facts, group, None)
        if points is None:
            return ItemScore(facts.unit, None, facts.full, missing=True)
        if item.cap is not None and points > item.cap:
            points = item.cap
        return ItemScore(facts.unit, rounded(points, item.digits), facts.full)
    except ArithmeticError as error:
        raise InputError("数太大,算不出得分。", "请核对目标值、实绩和上年数。") from error


def _absent(item: Item, facts: Facts, found: dict[int, ItemScore]) -> ItemScore:
    if item.missing is MissingPolicy.CONVERT:
        return ItemScore(facts.unit, None, facts.full, counts=False)
    if item.missing is MissingPolicy.FULL:
        return ItemScore(facts.unit, rounded(facts.full, item.digits), facts.full)
    if item.missing is MissingPolicy.ZERO:
        return ItemScore(facts.unit, rounded(ZERO, item.digits), facts.full)
    rates = [one.points / one.full for one in found.values() if one.points is not None and one.full and one.counts]
    if not rates:
        return ItemScore(facts.unit, None, facts.full, counts=False)
    mean = sum(rates, ZERO) / len(rates)
    return ItemScore(facts.unit, rounded(facts.full * mean, item.digits), facts.full)


def explain(item: Item, facts: Facts, carried: Sequence[Facts]) -> str:
    """The working of one score as a clerk writes it, ending with the figure that is printed."""
    say: list[str] = []
    with exactly():
        _checked(facts, kinds_of(item.rule))
        points = item.rule.score(facts, Group(carried), say)
        if points is None:
            return "缺少计分所需的数据,未计分。"
        if item.cap is not None and points > item.cap:
            say.append(f"本项封顶{shown(item.cap)}分")
            points = item.cap
        final = rounded(points, item.digits)
    return f"{','.join(say)};得{final:f}分。"
