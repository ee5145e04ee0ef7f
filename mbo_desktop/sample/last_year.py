"""The sample city's last year, closed: targets, what became of them, ranks, one veto, outside figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.outside import Amount, NeighbourFigure, OutsideFigure
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.results import (
    Completion,
    SuperiorResult,
    TargetResult,
    UnitResult,
    completion_by_rule,
)
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue
from mbo_desktop.sample import names
from mbo_desktop.sample.shared import SharedRow, amount_of
from mbo_desktop.services import sealing, session
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

LISTED = 30
"""Indicators that last year has; its size does not grow with the targets of the present year."""
COMPARED = 12
"""Indicators with outside figures."""
_PERIODS = 3
_LEVELS = (TargetForm.LEVEL, TargetForm.AT_LEAST, TargetForm.AT_MOST)
_WORDS = {TargetForm.AT_MOST: "不高于", TargetForm.AT_LEAST: "不低于"}
_VETO = "发生一起较大生产安全事故"
_REASONS = ("受市场价格下行影响", "项目用地手续办理滞后", "资金到位较晚", "汛期影响施工进度")
_SUPERIOR = (("93.60", 7, ""), ("95.25", 5, "目标管理优秀单位"), ("96.48", 3, "目标管理优秀单位"))


def put_last_year(
    store: Store, year: int, shared: Sequence[SharedRow], random: Random
) -> None:
    """The year before with results for counties and zones, sealed."""
    last = year - 1
    with store.change("建立样例上年结果", barrier=True) as change:
        session.put_year(change, last)
    with store.change("录入样例上年结果", barrier=True) as change:
        categories = {
            row.name: row.id for row in store.all(Category, year=last, axis=CategoryAxis.CATEGORY)
        }
        now = {row.id: row.name for row in store.all(Category, year=year)}
        unmet: dict[RecordId, int] = {}
        for row in shared[:LISTED]:
            own = row.indicator
            named = "" if own.category is None else now[own.category]
            before = replace(
                own, id=change.new(Indicator), year=last, strategies=(),
                category=categories.get(named),
            )
            change.put(before)
            for target in row.targets:
                unmet.setdefault(target.unit, 0)
                unmet[target.unit] += _put_result(change, before, target, random)
        _put_units(change, last, unmet)
        _put_superior(change, last)
    sealing.seal_year(store, last, "年度考核结果已通报")


def _put_result(change: Change, before: Indicator, target: Target, random: Random) -> bool:
    """Last year's target and result of one unit; whether it was not met."""
    if target.value is None or target.value.is_not_applicable:
        return False
    record = change.named(Target, before.id, target.unit)
    result = TargetResult(
        id=change.named(TargetResult, before.id, target.unit), indicator=before.id,
        unit=target.unit, actual=target.last_year,
    )
    missed = random.random() < 0.09
    if target.last_year is None or before.form not in _LEVELS:
        change.put(Target(id=record, indicator=before.id, unit=target.unit, value=target.value))
        status = Completion.SUBSTANTIALLY_MET if missed else Completion.MET
        change.put(replace(
            result, completion=status, actual_text="" if result.actual is not None else status.label
        ))
        return False
    value = _value(before, target.last_year, random, missed=missed)
    change.put(Target(id=record, indicator=before.id, unit=target.unit, value=value))
    status_ = completion_by_rule(
        value, target.last_year, unit=before.unit_of_measure, direction=before.direction
    )
    is_missed = status_ is Completion.NOT_MET
    change.put(replace(result, reason=random.choice(_REASONS) if is_missed else ""))
    return is_missed


def _value(before: Indicator, actual: Decimal, random: Random, *, missed: bool) -> TargetValue:
    """A target that the actual reached, or fell short of by some per cent."""
    below = Decimal(random.randint(5, 40)) / 10
    lower = before.form is TargetForm.AT_MOST or before.direction is Direction.LOWER
    factor = 1 + below / 100 if missed != lower else 1 - below / 100
    step = Decimal(1).scaleb(-(before.decimals or 0))
    aimed = max((actual * factor).quantize(step, ROUND_HALF_UP), step)
    if before.unit_of_measure == "%":
        aimed = min(aimed, Decimal(100))
    text = f"{_WORDS.get(before.form, '')}{canonical(aimed)}"
    if before.form in _WORDS:
        text += before.unit_of_measure
    return TargetValue((TargetPart(before.form, aimed, before.unit_of_measure),), text=text)


def _put_units(change: Change, last: int, unmet: dict[RecordId, int]) -> None:
    """Scores by what was not met, ranked within their group as this year's are.

    The last one of the largest group has a veto and no grade to speak of.
    """
    groups: dict[str, list[RecordId]] = {}
    for unit in sorted(unmet, key=lambda unit: (unmet[unit], unit)):
        found = change.get(Unit, unit)
        groups.setdefault(found.peer_group or found.kind.label, []).append(unit)
    largest = max(groups.values(), key=len, default=[])
    for ranked in groups.values():
        _put_group(change, last, ranked, unmet, with_veto=ranked is largest and len(ranked) > 1)


def _put_group(
    change: Change, last: int, ranked: Sequence[RecordId], unmet: dict[RecordId, int], *, with_veto: bool
) -> None:
    for place, unit in enumerate(ranked):
        vetoed = with_veto and place == len(ranked) - 1
        score = Decimal("98.6") - Decimal("0.37") * place - Decimal("0.8") * unmet[unit]
        best = place < max(1, len(ranked) // 3)
        grade = "一般" if vetoed else "优秀" if best else "良好"
        change.put(UnitResult(
            id=change.named(UnitResult, last, unit), year=last, unit=unit, score=score,
            rank=place + 1, grade=grade, honours=("目标管理优秀单位",) if best and not vetoed else (),
            veto=_VETO if vetoed else "", note="取消评优资格" if vetoed else "",
        ))


def _put_superior(change: Change, last: int) -> None:
    for place, (points, rank, title) in enumerate(_SUPERIOR):
        number = last - len(_SUPERIOR) + 1 + place
        change.put(SuperiorResult(
            id=change.named(SuperiorResult, number), year=number, points=Decimal(points),
            full_points=Decimal(100), rank=rank, ranked=11, title=title,
            document=f"省政办〔{number + 1}〕{8 + place}号",
        ))


def put_outside(store: Store, year: int, shared: Sequence[SharedRow], random: Random) -> None:
    """Province, rank and two neighbours for the well-known indicators, three years and the present."""
    chosen = [row for row in shared if amount_of(row) is not None][:COMPARED]
    with store.change("录入样例外部数据", barrier=True) as change:
        for row in chosen:
            own = amount_of(row)
            assert own is not None
            growth = Decimal(random.randint(*row.growth)) / 100
            for back in range(_PERIODS, 0, -1):
                reached = own / (1 + growth) ** (back - 1)
                change.put(_figure(change, row, year - back, reached, random))
            aimed = asked(row)
            part = TargetPart(row.indicator.form, aimed, row.indicator.unit_of_measure)
            change.put(OutsideFigure(
                id=change.named(OutsideFigure, row.indicator.id, str(year)),
                indicator=row.indicator.id, period=str(year), basis=f"{year}年省政府目标责任书",
                province_target=TargetValue((part,), text=canonical(aimed)),
            ))


def asked(row: SharedRow) -> Decimal:
    """What the province asks of the city: a little less than what the units are to bring together."""
    own = row.indicator
    stated = [
        part.amount for target in row.targets if target.value is not None
        for part in target.value.parts[:1] if part.amount is not None
    ]
    lower = own.form is TargetForm.AT_MOST or own.direction is Direction.LOWER
    if is_additive(own.name, own.unit_of_measure):
        factor = Decimal("1.02") if lower else Decimal("0.985")
        return _rounded(row, sum(stated, Decimal(0)) * factor)
    return max(stated) if lower else min(stated)


def _figure(
    change: Change, row: SharedRow, number: int, reached: Decimal, random: Random
) -> OutsideFigure:
    def near(low: int, high: int) -> Amount:
        return Amount(_rounded(row, reached * Decimal(random.randint(low, high)) / 100))

    period = str(number)
    return OutsideFigure(
        id=change.named(OutsideFigure, row.indicator.id, period), indicator=row.indicator.id,
        period=period, own=Amount(_rounded(row, reached)), province_average=near(92, 108),
        rank=random.randint(2, 8), ranked=11,
        neighbours=tuple(NeighbourFigure(city, near(90, 110)) for city in names.NEIGHBOURS),
        basis=f"{number}年省统计公报",
    )


def _rounded(row: SharedRow, amount: Decimal) -> Decimal:
    step = Decimal(1).scaleb(-(row.indicator.decimals or 0))
    rounded = max(amount.quantize(step, ROUND_HALF_UP), step)
    return min(rounded, Decimal(100)) if row.indicator.unit_of_measure == "%" else rounded
