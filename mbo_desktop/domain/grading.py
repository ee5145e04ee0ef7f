"""Totals, ranks, ties, grades with quotas, vetoes (domain notes §3.5–3.7).

Ranks and grades are taken on the printed figure. A veto is a record with a kind of effect; it
seldom changes a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO, exactly, rounded
from mbo_desktop.domain.scoring.item import ItemScore
from mbo_desktop.errors import InputError

U = TypeVar("U", bound=int)
"""A unit's number."""


class VetoEffect(Choice):
    """What a veto does (§3.6)."""

    DISQUALIFY = "disqualify", "取消评先资格"
    FORCE_GRADE = "force_grade", "定为最低等次"
    DROP_LEVEL = "drop_level", "奖次降一级"
    GATE = "gate", "不得评最高等次"
    ITEM_ZERO = "item_zero", "该项得0分"
    TOTAL_ZERO = "total_zero", "总分为0"


@dataclass(frozen=True, slots=True)
class Total:
    """A unit's total: raw points, full points that count, and the figure that is printed."""

    raw: Decimal
    full: Decimal
    printed: Decimal
    missing: int
    """Items that are carried but lack figures: the total is provisional while there are any."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a unit's items add up to, before conversion."""

    raw: Decimal = ZERO
    full: Decimal = ZERO
    """Of the items that count."""
    every: Decimal = ZERO
    """Of all items, those that do not count too."""
    missing: int = 0

    def swapped(self, old: ItemScore, new: ItemScore) -> Sums:
        """The sums with one item's score in the place of another."""
        return Sums(
            self.raw - _counted(old) + _counted(new),
            self.full - (old.full if old.counts else ZERO) + (new.full if new.counts else ZERO),
            self.every - old.full + new.full, self.missing - old.missing + new.missing,
        )


def _counted(one: ItemScore) -> Decimal:
    return one.points if one.counts and one.points is not None else ZERO


def sums_of(scores: Sequence[ItemScore]) -> Sums:
    """Add a unit's items up."""
    counting = [one for one in scores if one.counts]
    return Sums(
        sum((one.points or ZERO for one in counting), ZERO),
        sum((one.full for one in counting), ZERO), sum((one.full for one in scores), ZERO),
        sum(one.missing for one in scores),
    )


def total(
    scores: Sequence[ItemScore], scale: Decimal | None, digits: int = 2, *,
    bonus: Decimal = ZERO, deduction: Decimal = ZERO,
) -> Total:
    """Add a unit's items up; items that do not count convert the rest to the scale.

    scale None: full points as they are (no conversion). Bonus and deduction are added after
    conversion.
    """
    with exactly():
        return total_of(sums_of(scores), scale, digits, bonus=bonus, deduction=deduction)


def total_of(
    sums: Sums, scale: Decimal | None, digits: int = 2, *,
    bonus: Decimal = ZERO, deduction: Decimal = ZERO,
) -> Total:
    """The same from sums; to be called inside `exactly()`."""
    wanted = sums.every if scale is None else scale
    converted = sums.raw * wanted / sums.full if sums.full and wanted != sums.full else sums.raw
    return Total(sums.raw, sums.full, rounded(converted + bonus - deduction, digits), sums.missing)


def weighted(parts: Sequence[tuple[Decimal, Decimal | None]], digits: int = 2) -> Decimal | None:
    """Weighted sum of components, weights in % that add to 100; None while one is missing.

    InputError when the weights do not add up.
    """
    weights = sum((weight for weight, _ in parts), ZERO)
    if weights != HUNDRED:
        raise InputError(f"各部分权重合计{weights:f}%,不是100%。", "请调整权重。")
    if any(points is None for _, points in parts):
        return None
    with exactly():
        value = sum((weight * (points or ZERO) for weight, points in parts), ZERO) / HUNDRED
        return rounded(value, digits)


def ranks(totals: Mapping[U, Decimal], tie_break: Mapping[U, Decimal] | None = None) -> dict[U, int]:
    """Standard competition ranking (1, 2, 2, 4) on printed figures; ties by a further figure."""
    extra = tie_break or {}
    keys = {unit: (value, extra.get(unit, ZERO)) for unit, value in totals.items()}
    ordered = sorted(keys.values(), reverse=True)
    first: dict[tuple[Decimal, Decimal], int] = {}
    for place, key in enumerate(ordered, 1):
        first.setdefault(key, place)
    return {unit: first[key] for unit, key in keys.items()}


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A grade: from which total (counts in), and how many may have it.

    quota_share in % of the group (rounded down), quota a number; None: any number.
    """

    name: str
    least: Decimal | None = None
    quota_share: Decimal | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A unit's grade, and why it is not the one its points would give."""

    grade: str
    reason: str = ""


def grades(
    totals: Mapping[U, Decimal], rules: Sequence[GradeRule],
    vetoes: Mapping[U, Sequence[VetoEffect]] | None = None,
    tie_break: Mapping[U, Decimal] | None = None,
) -> dict[U, Graded]:
    """Grades best first; a vetoed unit takes no place of a quota.

    Units of equal rank at the edge of a quota all stay out of it: nobody is preferred silently.
    InputError without rules.
    """
    if not rules:
        raise InputError("没有设置等次。", "请先设置等次和分数线。")
    found: dict[U, Graded] = {}
    marks = vetoes or {}
    crowded: dict[U, str] = {}
    place = ranks(totals, tie_break)
    free = {unit for unit in totals if VetoEffect.FORCE_GRADE not in marks.get(unit, ())}
    for unit in totals:
        if unit not in free:
            found[unit] = Graded(rules[-1].name, "一票否决,定为最低等次")
    for number, rule in enumerate(rules):
        last = number == len(rules) - 1
        candidates = [
            unit for unit in sorted(free - found.keys(), key=lambda one: place[one])
            if last or rule.least is None or totals[unit] >= rule.least
        ]
        barred = [unit for unit in candidates if number == 0 and _barred(marks.get(unit, ()))]
        candidates = [unit for unit in candidates if unit not in barred]
        for unit in _within(candidates, place, _quota(rule, len(totals))):
            barred_words = "一票否决,不得评最高等次" if _barred(marks.get(unit, ())) else ""
            found[unit] = Graded(rule.name, barred_words or crowded.get(unit, ""))
        for unit in candidates:
            if unit not in found and rule.least is not None:
                crowded.setdefault(unit, f"达到{rule.name}分数线,名额已满")
    return found


def _barred(effects: Sequence[VetoEffect]) -> bool:
    return any(one in (VetoEffect.DISQUALIFY, VetoEffect.GATE, VetoEffect.DROP_LEVEL) for one in effects)


def _quota(rule: GradeRule, members: int) -> int | None:
    if rule.quota is not None:
        return rule.quota
    if rule.quota_share is None:
        return None
    return int((rule.quota_share * members / HUNDRED).to_integral_value(ROUND_FLOOR))


def _within(candidates: Sequence[U], place: Mapping[U, int], quota: int | None) -> list[U]:
    if quota is None or len(candidates) <= quota:
        return list(candidates)
    edge = place[candidates[quota]]
    # Equal places across the edge: none of them is in, so that no tie is broken unseen.
    return [unit for unit in candidates[:quota] if place[unit] < edge]


def roll_up(parts: Sequence[tuple[Decimal, Decimal]], digits: int = 2) -> Decimal | None:
    """Task-weighted mean of subordinates' scores (R40): task, score; None without any task."""
    with exactly():
        tasks = sum((task for task, _ in parts), ZERO)
        if not tasks:
            return None
        return rounded(sum((task * score for task, score in parts), ZERO) / tasks, digits)
