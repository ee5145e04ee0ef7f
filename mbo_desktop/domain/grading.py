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
    raw, full, every, missing = ZERO, ZERO, ZERO, 0
    for _unit, points, worth, counts, lacking in scores:
        every += worth
        if counts:
            full += worth
            if points is not None:
                raw += points
        missing += lacking
    return Sums(raw, full, every, missing)


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


@dataclass(frozen=True, slots=True)
class Conversion:
    """How points became others by the group's best: own × full ÷ best."""

    own: Decimal
    best: Decimal
    full: Decimal
    points: Decimal


def by_best(values: Mapping[U, Decimal], full: Decimal, digits: int) -> dict[U, Conversion]:
    """以得分最高的单位为满分折算 (§3.5): 86 of a best of 95 is 90.53; nothing while nobody has more than 0.

    values: as printed, so that anybody can work it out again.
    """
    best = max(values.values(), default=ZERO)
    if best <= 0:
        return {}
    with exactly():
        return {
            unit: Conversion(own, best, full, rounded(own * full / best, digits)) for unit, own in values.items()
        }


Ties = Mapping[U, Decimal] | Mapping[U, tuple[Decimal, ...]]
"""Further figures by unit that decide between equal totals, the first first, more is better."""


def ranks(totals: Mapping[U, Decimal], tie_break: Ties[U] | None = None) -> dict[U, int]:
    """Standard competition ranking (1, 2, 2, 4) on printed figures; ties by further figures."""
    further = dict(tie_break.items()) if tie_break else {}
    keys: dict[U, tuple[Decimal, ...]] = {}
    for unit, value in totals.items():
        more = further.get(unit, ZERO)
        keys[unit] = (value, *(more if isinstance(more, tuple) else (more,)))
    ordered = sorted(keys.values(), reverse=True)
    first: dict[tuple[Decimal, ...], int] = {}
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

    def places(self, members: int) -> int | None:
        """How many of so many may have it; None: any number."""
        return _quota(self, members)


@dataclass(frozen=True, slots=True)
class Graded:
    """A unit's grade, and why it is not the one its points would give."""

    grade: str
    reason: str = ""


def grades(
    totals: Mapping[U, Decimal], rules: Sequence[GradeRule],
    vetoes: Mapping[U, Sequence[VetoEffect]] | None = None,
    tie_break: Ties[U] | None = None,
) -> dict[U, Graded]:
    """Grades best first; a vetoed unit takes no place of a quota.

    Units of equal rank at the edge of a quota all stay out of it: nobody is preferred silently.
    奖次降一级 [S68a]: one such veto bars the grade that would be reached, two give the last grade.
    InputError without rules.
    """
    if not rules:
        raise InputError("没有设置等次。", "请先设置等次和分数线。")
    found: dict[U, Graded] = {}
    marks = vetoes or {}
    why: dict[U, str] = {}
    place = ranks(totals, tie_break)
    for unit in totals:
        said = _lowest_for(marks.get(unit, ()))
        if said:
            found[unit] = Graded(rules[-1].name, said)
    waiting = sorted(totals.keys() - found.keys(), key=lambda one: place[one])
    falling = {unit for unit in waiting if VetoEffect.DROP_LEVEL in marks.get(unit, ())}
    for number, rule in enumerate(rules):
        last = number == len(rules) - 1
        candidates = [
            unit for unit in waiting
            if unit not in found and (last or rule.least is None or totals[unit] >= rule.least)
        ]
        if not last:
            barred = {one for one in candidates if number == 0 and _barred(marks.get(one, ()))}
            why |= dict.fromkeys(barred, "一票否决,不得评最高等次")
            within = _within([one for one in candidates if one not in barred], place, _quota(rule, len(totals)))
            dropped = falling.intersection(within) - barred
            falling -= dropped
            why |= dict.fromkeys(dropped, "一票否决,降1级")
            candidates = [one for one in candidates if one not in barred and one not in dropped]
        for unit in _within(candidates, place, _quota(rule, len(totals))):
            found[unit] = Graded(rule.name, why.get(unit, ""))
        for unit in candidates:
            if unit not in found and rule.least is not None:
                full = "名额已满" if _quota(rule, len(totals)) else f"{len(totals)}个单位按比例不足1个名额"
                why.setdefault(unit, f"达到{rule.name}分数线,{full}")
    return found


def _lowest_for(effects: Sequence[VetoEffect]) -> str:
    """Why a unit gets the last grade whatever its points; "" when it does not."""
    if VetoEffect.FORCE_GRADE in effects:
        return "一票否决,定为最低等次"
    times = effects.count(VetoEffect.DROP_LEVEL)
    return f"一票否决{times}项,定为最低等次" if times > 1 else ""


def _barred(effects: Sequence[VetoEffect]) -> bool:
    return any(one in (VetoEffect.DISQUALIFY, VetoEffect.GATE) for one in effects)


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
