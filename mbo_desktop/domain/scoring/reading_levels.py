"""Clauses that measure by last year's figure, by growth, by a mean, or by a limit of their own."""

from __future__ import annotations

import re
from decimal import Decimal

from mbo_desktop.domain.scoring.facts import ZERO
from mbo_desktop.domain.scoring.reading_said import Act, Said, compiled, worth
from mbo_desktop.domain.scoring.reading_words import (
    ADDS,
    GETS,
    NOTHING,
    POINTS,
    TAKES,
    WORTH,
    N,
)

_NAMED = r"((?:PM2\.5|PM10|[年月人户]均|[^,;:\d%得分扣加减未没不均比较省每超低高同与(且]){2,16}?)?"
"""What a clause speaks of by name; it should be this indicator."""
_YEAR = r"(?:(?:比|较|与|同|和)?(?:上年度?|去年|上一年度?|上年同期|去年同期)(?:相比|比)?|同比)"
_UP, _LEVEL, _DOWN = r"(?:增长|上升|提高|增加|提升)", r"(?:持平|不变|相同)", r"(?:下降|降低|减少|退步)"
_TURNS = rf"({_UP}|{_LEVEL}|{_DOWN}|不降反升|不升反降|{_LEVEL}(?:或|及|和){_UP}|{_LEVEL}(?:或|及|和){_DOWN}|{_UP}(?:或|及|和){_LEVEL}|{_DOWN}(?:或|及|和){_LEVEL})"


def _turn(said: Said, match: re.Match[str]) -> None:
    """「比上年增长得满分」, and after it 「持平得80%」 without the year."""
    thing, year, words, *groups = match.groups()
    said.speaks_of(thing)
    if thing is not None and re.search(r"目标|计划|任务|平均|上年|去年|名次|位次|排名|较|序时", thing):
        said.clashes = True
    if year is not None:
        said.put("since_base")
    points = worth(said, tuple(groups))[0] if any(groups) else ZERO
    if words in ("不降反升", "不升反降"):
        sides = [1 if words == "不降反升" else -1]
    else:
        sides = [side for side, kind in ((1, _UP), (0, _LEVEL), (-1, _DOWN)) if re.search(kind, words)]
    _turned(said, sides, points)


def _turned(said: Said, sides: list[int], points: Decimal) -> None:
    said.put("turns")
    for side in sides:
        if said.turns.setdefault(side, points) != points:
            said.clashes = True


def _against_base(said: Said, match: re.Match[str]) -> None:
    """「不低于上年得满分」, 「低于上年不得分」."""
    thing, words, *groups = match.groups()
    said.speaks_of(thing)
    said.put("since_base")
    points = worth(said, tuple(groups))[0] if any(groups) else ZERO
    not_below, above = words in ("不低于", "不少于", "达到"), words in ("高于", "超过")
    if not_below or above:
        _turned(said, [1, 0] if not_below else [1], points)
    else:
        _turned(said, [-1, 0] if words.startswith("不") else [-1], points)


def _growth_band(said: Said, match: re.Match[str]) -> None:
    thing, year, low, *groups = match.groups()
    said.speaks_of(thing)
    if said.is_rate:
        # Growth of a rate may be meant in points or in percent.
        said.clashes = True
    if year is not None:
        said.put("since_base")
    said.put("of", "growth")
    said.bands.append((Decimal(low), worth(said, tuple(groups))[0]))


def _growth_below(said: Said, match: re.Match[str]) -> None:
    said.clashes = said.clashes or said.is_rate
    said.put("of", "growth")
    said.put("cutoff", Decimal(match.group(1)))


# Means -------------------------------------------------------------------------------

_MEAN = r"(全省|省|全市|市)的?平均(?:水平|值|数|增速|增幅|增长率|增长水平|线)?"


def _mean_of(said: Said, whose: str) -> None:
    if not said.is_rate:
        # 「增速高于全市平均」 of an amount: the growth is another figure.
        said.clashes = True
    if "省" in whose:
        said.put("against", "省平均")
        said.doubt("“全省平均”取对标数据中的省平均")
    else:
        said.put("against", "全市实绩")
        said.doubt("“全市平均”取对标数据中全市的数")


def _beats(said: Said, match: re.Match[str]) -> None:
    thing, sign, whose, *groups = match.groups()
    said.speaks_of(thing)
    _mean_of(said, whose)
    points = worth(said, tuple(groups))[0] if any(groups) else ZERO
    side = {"高于": ">", "超过": ">", "优于": ">", "不低于": ">=", "达到": ">=", "达到或超过": ">=", "达到或高于": ">="}.get(sign)
    if side is not None:
        said.put("better", (side, points))
    else:
        said.put("worse", ("<=" if "等于" in sign or "达到" in sign else "<", points))


def _below_mean_by_ratio(said: Said, match: re.Match[str]) -> None:
    said.speaks_of(match.group(1))
    _mean_of(said, match.group(2))
    said.put("worse", ("<", None))


def _mean_step(side: str) -> Act:
    def act(said: Said, match: re.Match[str]) -> None:
        thing, whose, size, unit, stated, *shares = match.groups()
        said.speaks_of(thing)
        _mean_of(said, whose)
        points = Decimal(stated) if stated else said.full * Decimal(shares[0] or shares[1] or 0) / 100
        if side in said.facts or not Decimal(size) or not points:
            said.clashes = True
        said.put(side, (Decimal(size), unit, points))
        said.put("falls", False)

    return act


# A limit of its own ------------------------------------------------------------------


def _ceiling(said: Said, match: re.Match[str]) -> None:
    thing, top, unit, *groups = match.groups()
    said.speaks_of(thing)
    if unit != said.unit:
        said.clashes = True
    said.put("level", ("actual", Decimal(top)))
    points, whole = worth(said, tuple(groups))
    said.base_in_points = said.base_in_points or not whole
    said.put("base", points)
    said.put("falls", True)


_HEAD = rf"{_NAMED}({_YEAR})?(?:有所)?"
_OTHERS = rf"(?:{NOTHING}|{GETS}{WORTH})"
LEVELS = compiled((
    (rf"{_HEAD}{_TURNS}的?{_OTHERS}", _turn),
    (rf"{_NAMED}(不低于|不少于|达到|高于|超过|不高于|不超过|低于|少于)(?:上年度?|去年|上一年度?|上年同期|去年同期)(?:水平|实绩|数)?的?{_OTHERS}", _against_base),
    (rf"{_NAMED}({_YEAR})?{_UP}(?:率|幅度)?(?:达到|达|在)?{N}%(?:\(含\))?(?:及|或)?以上(?:\(含\))?的?{GETS}{WORTH}", _growth_band),
    (rf"(?:{_YEAR})?(?:{_UP}|增速|增幅|增长率)(?:低于|不足|不到|未达到?)?{N}%(?:以下)?的?{NOTHING}", _growth_below),
    (rf"{_NAMED}(高于|超过|优于|不低于|达到或超过|达到或高于|达到|低于|等于或低于|低于或等于|未达到){_MEAN}的?{_OTHERS}", _beats),
    (rf"{_NAMED}(?:低于|未达到){_MEAN}的?(?:按|按照)(?:完成)?(?:的)?比例{GETS}分", _below_mean_by_ratio),
    (rf"{_NAMED}每(?:高于|高出|高|超过|超){_MEAN}{N}(pp|%)的?{ADDS}{POINTS}", _mean_step("over")),
    (rf"{_NAMED}每(?:低于|低){_MEAN}{N}(pp|%)的?{TAKES}{POINTS}", _mean_step("under")),
    (rf"{_NAMED}控制在{N}(%|‰)(?:以内|之内|内|以下)的?{GETS}{WORTH}", _ceiling),
))
