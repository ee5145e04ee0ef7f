"""Lights of a month: of single targets, as a matrix of units and categories, as history (room 进度)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.lights import Judged, Light, after_made_up, judge
from mbo_desktop.domain.pace import digits_of
from mbo_desktop.domain.progress import (
    Comparison,
    forecast_share,
    needed_pace,
    percent,
    shares_adding_up,
)
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.services.progress_standing import Known, known
from mbo_desktop.services.reporting_rules import light_rule, rules_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries import progress_side as side
from mbo_desktop.store.queries.progress import Sought

_PAGE = 2_000


class ProgressClass(Choice):
    """The classes in which reports count tasks (金寨, 安泽; domain notes §5.5)."""

    BEHIND = "behind", "欠进度"
    ON_TIME = "on_time", "达进度"
    AHEAD = "ahead", "超进度"
    DONE = "done", "已完成和提前完成"
    OTHER = "other", "其它"


@dataclass(frozen=True, slots=True)
class MatrixCellLights:
    """The lights of one unit in one category: how many of each."""

    unit: RecordId
    category: RecordId | None
    counts: dict[Light, int]

    @property
    def light(self) -> Light:
        """The worst of them."""
        for one in (Light.RED, Light.YELLOW, Light.UNREPORTED, Light.GREEN, Light.YEAR_END):
            if self.counts.get(one):
                return one
        return Light.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class LightMatrix:
    """Units × categories of a month, both in official order."""

    units: tuple[tuple[RecordId, str], ...]
    categories: tuple[tuple[RecordId | None, str], ...]
    cells: dict[tuple[RecordId, RecordId | None], MatrixCellLights]
    totals: dict[Light, int]


@dataclass(frozen=True, slots=True)
class MonthLight:
    """One month in the history of a target."""

    month: int
    light: Light
    reason: str
    amount: Decimal | None
    in_period: Decimal | None
    planned: Decimal | None
    """What the plan asked for, in the target's unit."""
    made_up: bool = False
    """Was red and was made up later."""


@dataclass(frozen=True, slots=True)
class ClassShare:
    """How many targets are in a class, and their share in %."""

    kind: ProgressClass
    count: int
    share: Decimal


def lights(
    store: Store, year: int, month: int, ids: Sequence[RecordId] | None = None, *,
    progress: Callable[[int, int], None] | None = None,
) -> dict[RecordId, Judged]:
    """The lights of these targets (None: of all of the year) at the end of a month.

    progress(done, total) may raise to stop.
    """
    rules = rules_of(store, year)
    rule = light_rule(rules)
    chosen = reads.subject_ids(store, year, Sought()) if ids is None else ids
    found: dict[RecordId, Judged] = {}
    for start in range(0, len(chosen), _PAGE):
        page = known(store, rules, month, chosen[start : start + _PAGE])
        found.update({record: judge(one.situation, rule) for record, one in page.items()})
        if progress is not None:
            progress(min(start + _PAGE, len(chosen)), len(chosen))
    return found


def reached(store: Store, year: int, month: int, ids: Sequence[RecordId]) -> frozenset[RecordId]:
    """Those of the targets that their last report up to the end of a month reaches."""
    by_month: dict[int, list[RecordId]] = {}
    for record, last in reads.last_reported(store, ids, month).items():
        by_month.setdefault(last, []).append(record)
    return frozenset(
        record for last, reported in by_month.items()
        for record, one in lights(store, year, last, reported).items() if one.measured.reached
    )


def matrix(store: Store, year: int, month: int, judged: dict[RecordId, Judged]) -> LightMatrix:
    """Lights counted by unit and category; `judged` as `lights` gives it."""
    subjects = reads.subjects(store, list(judged))
    in_order = [one for one in reads.subject_ids(store, year, Sought()) if one in judged]
    units: dict[RecordId, str] = {}
    categories: dict[RecordId | None, str] = {}
    counts: dict[tuple[RecordId, RecordId | None], Counter[Light]] = {}
    totals: Counter[Light] = Counter()
    for record in in_order:
        one = subjects[record]
        units[one.unit] = one.unit_label
        categories.setdefault(one.category, one.category_name or "未分类")
        counts.setdefault((one.unit, one.category), Counter())[judged[record].light] += 1
        totals[judged[record].light] += 1
    listed: list[RecordId | None] = [
        one for one in side.category_order(store, year) if one in categories
    ]
    listed += [None] if None in categories else []
    return LightMatrix(
        tuple(units.items()), tuple((one, categories[one]) for one in listed),
        {key: MatrixCellLights(*key, dict(found)) for key, found in counts.items()}, dict(totals),
    )


def history(store: Store, year: int, subject: RecordId, until: int) -> tuple[MonthLight, ...]:
    """The months of one target from the first reported on, up to and with `until`."""
    rules = rules_of(store, year)
    rule = light_rule(rules)
    months = [
        (month, one) for month in range(rules.first_month, until + 1)
        if (one := known(store, rules, month, (subject,)).get(subject)) is not None
    ]
    judged = [judge(one.situation, rule) for _, one in months]
    found = []
    for place, (month, one) in enumerate(months):
        later = [other.light for other in judged[place + 1 :]]
        light = after_made_up(judged[place].light, later, rule)
        made_up = light is not judged[place].light
        reason = judged[place].reason + ("此后已补上,转黄。" if made_up else "")
        found.append(MonthLight(
            month, light, reason, None if one.counted is None else one.counted.amount,
            None if one.counted is None else one.counted.in_period, planned_amount(one), made_up,
        ))
    return tuple(found)


def planned_amount(one: Known) -> Decimal | None:
    """What should stand by the month's end, in the target's unit; the target itself for rates."""
    standing = one.situation.standing
    if standing.target is None:
        return None
    if standing.comparison not in (Comparison.CUMULATIVE, Comparison.CAP):
        return standing.target
    if standing.planned is not None:
        return standing.planned
    exact = Fraction(standing.target) * standing.month / 12
    share = Decimal(exact.numerator) / Decimal(exact.denominator)
    # As fine as the target is stated, a tenth at least: 16.7 of 20.
    return round_half_up(share, max(digits_of(standing.target), 1))


def outlook(one: Known, judged: Judged) -> str:
    """Forecast and needed pace in words; "" where neither can be said."""
    standing = one.situation.standing
    unit = (one.value.unit if one.value else "") or one.subject.unit_of_measure
    parts = []
    ahead = percent(forecast_share(judged.measured, standing.month), 0)
    if standing.month < 12 and ahead is not None:
        parts.append(f"按现速度12月底约完成{ahead}%")
    pace = needed_pace(standing)
    if pace is not None and pace > 0:
        parts.append(f"今后{12 - standing.month}个月平均每月需完成{_short(pace)}{unit}")
    return ";".join(parts)


def _short(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01')).normalize():f}"


def class_of(judged: Judged) -> ProgressClass:
    """Behind, on time, ahead, done, or none of these (not reported, told at the year's end)."""
    if judged.measured.reached:
        return ProgressClass.DONE
    if judged.light in (Light.UNREPORTED, Light.YEAR_END, Light.NOT_APPLICABLE):
        return ProgressClass.OTHER
    gap = judged.measured.gap
    if gap is None:
        return ProgressClass.ON_TIME if judged.light is Light.GREEN else ProgressClass.BEHIND
    if gap < 0:
        return ProgressClass.AHEAD
    return ProgressClass.ON_TIME if judged.light is Light.GREEN else ProgressClass.BEHIND


def classes(judged: Sequence[Judged]) -> tuple[ClassShare, ...]:
    """How many targets in each class; the shares add up to 100.0 (largest class takes the rest).

    What a unit does not carry is in none of them.
    """
    counts = Counter(class_of(one) for one in judged if one.light is not Light.NOT_APPLICABLE)
    shares = shares_adding_up([counts[kind] for kind in ProgressClass])
    return tuple(
        ClassShare(kind, counts[kind], share)
        for kind, share in zip(ProgressClass, shares, strict=True)
    )
