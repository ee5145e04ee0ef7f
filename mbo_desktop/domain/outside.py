"""Figures from outside (province, neighbours, the five-year plan) and targets bound to them.

Domain notes: the founding speech measures the city by the province's target and 全省平均; a
ledger may leave a target to 「年终根据全省平均水平综合考核」: its bound is known when that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.quantity import read_quantity, show
from mbo_desktop.domain.targets import Direction, OutsideBound, TargetPart, TargetValue
from mbo_desktop.errors import InputError


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit it was typed in ("" = the indicator's own), and the text as typed."""

    value: Decimal
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class NeighbourFigure:
    """What a neighbouring city reached."""

    name: str
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideFigure(Entity):
    """The outside figures of an indicator for a period (natural key: both)."""

    type_name: ClassVar[str] = "outside_figure"

    indicator: RecordId
    period: str
    """2020, 2020H1, 2020Q3 or 2020-06; `read_period` makes it."""
    own: Amount | None = None
    """本市实绩 of the period."""
    province_target: TargetValue | None = None
    province_average: Amount | None = None
    rank: int | None = None
    """本市位次 in the province."""
    ranked: int | None = None
    """Of how many."""
    neighbours: tuple[NeighbourFigure, ...] = ()
    plan_target: TargetValue | None = None
    """五年规划 target."""
    basis: str = ""
    """Where the figures were found."""
    note: str = ""


class Standing(Choice):
    """How the own figure stands against an outside one."""

    AHEAD = "ahead", "高于"
    LEVEL = "level", "持平"
    BEHIND = "behind", "低于"


@dataclass(frozen=True, slots=True)
class Gap:
    """Own minus outside in `unit`; standing says whether that is good, by the indicator's direction."""

    difference: Decimal
    unit: str
    standing: Standing


_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*(?:年度|年)?\s*(?:"
    r"[-./年]?\s*(?P<month>0?[1-9]|1[0-2])月?份?|[Qq第]?(?P<quarter>[1-4一二三四])季度?|"
    r"[Qq](?P<q>[1-4])|(?P<half>上半年|[Hh]1)|(?P<second>下半年|[Hh]2))?"
)
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def read_period(text: str) -> str:
    """2020年 → 2020, 2020年上半年 → 2020H1, 2020年三季度 → 2020Q3, 2020年6月 → 2020-06; InputError else."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise InputError(f"“{text}”不是可用的时期。", "请填 2019、2019年上半年、2019年三季度 或 2019-06。")
    year = match["year"]
    if match["month"]:
        return f"{year}-{int(match['month']):02d}"
    quarter = match["quarter"] or match["q"]
    if quarter:
        return f"{year}Q{_QUARTERS.get(quarter, quarter)}"
    if match["half"] or match["second"]:
        return f"{year}H{1 if match['half'] else 2}"
    return year


def show_period(period: str) -> str:
    """2020H1 → 2020年上半年; what `read_period` made, in words."""
    year, rest = period[:4], period[4:]
    if not rest:
        return f"{year}年"
    if rest[0] == "H":
        return f"{year}年{'上' if rest[1] == '1' else '下'}半年"
    if rest[0] == "Q":
        return f"{year}年{'一二三四'[int(rest[1]) - 1]}季度"
    return f"{year}年{int(rest[1:])}月"


def read_amount(text: str, unit: str) -> Amount:
    """A typed figure: 「8.5%」 keeps its unit, 「120」 takes the indicator's; InputError else."""
    quantity = read_quantity(text)
    return Amount(quantity.value, "" if quantity.unit == unit else quantity.unit, text.strip())


def show_amount(amount: Amount | None) -> str:
    """「58.3%」, 「3,081.6」; the indicator's own unit is left out, "" for none."""
    return "" if amount is None else f"{show(amount.value)}{amount.unit}"


_NEIGHBOUR = re.compile(r"\s*(?P<name>[^\d\s:：=+\-]+?)\s*[:：=]?\s*(?P<amount>[-+]?[\d.].*?)\s*")


def read_neighbours(text: str, unit: str) -> tuple[NeighbourFigure, ...]:
    """「衢州 8.2%、丽水 7.9%」 → two figures in that order; InputError for a piece without name or number."""
    found = []
    for piece in re.split(r"[、;；\n]|[,，](?!\d{3}\b)", text):
        if not piece.strip():
            continue
        match = _NEIGHBOUR.fullmatch(piece)
        if match is None:
            raise InputError(f"“{piece.strip()}”不是周边市的数字。", "请写成 衢州 8.2%、丽水 7.9%。")
        found.append(NeighbourFigure(match["name"], read_amount(match["amount"], unit)))
    return tuple(found)


def show_neighbours(neighbours: tuple[NeighbourFigure, ...]) -> str:
    """「衢州8.2%、丽水7.9%」."""
    return "、".join(f"{one.name}{show_amount(one.amount)}" for one in neighbours)


def read_rank(text: str) -> tuple[int, int | None]:
    """「第3位」, 「3/11」, 「3」 → (3, 11 or None); InputError else."""
    match = re.fullmatch(r"\s*第?\s*(\d{1,3})\s*[位名]?\s*(?:[/／]\s*(\d{1,3}))?\s*", text)
    if match is None or int(match[1]) < 1 or (match[2] and int(match[2]) < int(match[1])):
        raise InputError(f"“{text}”不是位次。", "请填 3、第3位 或 3/11。")
    return int(match[1]), int(match[2]) if match[2] else None


def show_rank(rank: int | None, ranked: int | None) -> str:
    """「3/11」 or 「3」, "" for none."""
    if rank is None:
        return ""
    return f"{rank}/{ranked}" if ranked else str(rank)


def gap(
    own: Amount | None, other: Amount | None, direction: Direction, unit: str = ""
) -> Gap | None:
    """Own minus other; None when one is missing or their units differ.

    unit: the indicator's unit of measure, which amounts without one are in.
    """
    if own is None or other is None or own.unit != other.unit:
        return None
    difference = own.value - other.value
    better = -difference if direction is Direction.LOWER else difference
    if better == 0 or direction is Direction.RANGE:
        standing = Standing.LEVEL
    else:
        standing = Standing.AHEAD if better > 0 else Standing.BEHIND
    measure = own.unit or unit
    return Gap(difference, "个百分点" if measure in ("%", "％") else measure, standing)


_RECOGNISED = (
    (OutsideBound.PROVINCE_AVERAGE, re.compile("全省平均|省平均|全省的平均")),
    (OutsideBound.PROVINCE_TARGET, re.compile("省定目标|省下达目标|省政府下达的目标|省目标任务")),
    (OutsideBound.PLAN, re.compile("规划目标|五年规划")),
)
_LEFT_OPEN = re.compile("综合考核|根据|按照|以.{0,12}为准|不低于|高于|达到|不高于|低于|超过")


def bound_of(part: TargetPart, text: str = "") -> OutsideBound | None:
    """What outside figure a part rests on: as recorded, else as its words say; None for a stated one.

    text: the text of the whole value, for parts that have none of their own.
    """
    if part.bound is not None:
        return None if part.bound is OutsideBound.STATED else part.bound
    words = part.text or text
    if part.amount is not None or not _LEFT_OPEN.search(words):
        return None
    return next((bound for bound, pattern in _RECOGNISED if pattern.search(words)), None)


_SHIFT = re.compile(r"(高于|高出|超过|低于).{0,12}?([0-9]+(?:\.[0-9]+)?)\s*个?百分点")


def shift_of(words: str) -> Decimal:
    """What is to be added to the outside figure: 高于全省平均水平1个百分点 → 1, 低于… → minus; 0 without."""
    match = _SHIFT.search(words)
    if match is None:
        return Decimal(0)
    return -Decimal(match[2]) if match[1] == "低于" else Decimal(match[2])


def bound_amount(
    bound: OutsideBound, figure: OutsideFigure | None, unit: str = "", words: str = ""
) -> Amount | None:
    """The number that a bound comes to; None while the outside figure is not known or is no number.

    unit: the indicator's unit of measure; words: the target's, which may add percentage points.
    """
    if figure is None:
        return None
    if bound is OutsideBound.PROVINCE_AVERAGE:
        found = figure.province_average
    elif bound is OutsideBound.PROVINCE_TARGET:
        found = amount_of(figure.province_target, unit)
    else:
        found = amount_of(figure.plan_target, unit)
    shift = shift_of(words)
    if found is None or not shift:
        return found
    return Amount(found.value + shift, found.unit)


def amount_of(value: TargetValue | None, unit: str = "") -> Amount | None:
    """The counted number of a target value; None for texts."""
    if value is None or value.counted.amount is None:
        return None
    part = value.counted
    return Amount(value.counted.amount, "" if part.unit == unit else part.unit, value.text)


def bound_note(bound: OutsideBound, amount: Amount | None) -> str:
    """What is shown beside such a target: 「全省平均:58.3%」, 「全省平均:尚未录入」."""
    return f"{bound.label}:{show_amount(amount) or '尚未录入'}"
