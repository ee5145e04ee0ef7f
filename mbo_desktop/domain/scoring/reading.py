"""An office's scoring text as a proposed rule: 「完成得基本分;每增加1%加0.5分,加至基本分为止;每少1%扣1分,扣完为止」.

Clause by clause; a rule is proposed only when every clause that speaks of points was understood.
What was assumed is said, nothing is taken as read: somebody confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.chinese_numerals import read_numeral
from mbo_desktop.domain.scoring.attainment import Bands, Met, Ratio, Steps
from mbo_desktop.domain.scoring.combining import When
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.relative import Efficacy, Rank
from mbo_desktop.domain.scoring.tallies import Events, Given
from mbo_desktop.domain.units import conversion, exact_decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule proposed from words. rule None: not understood; unread: what was left over."""

    rule: Any
    sentence: str
    unread: str
    doubts: tuple[str, ...] = ()
    """What the words leave open, and how it was taken."""
    below_is_better: bool | None = None
    """Whether the words reward staying below the target; None: they do not say."""


@dataclass(slots=True)
class _Found:
    """What the clauses said so far."""

    full: Decimal
    unit: str
    base_share: Decimal | None = None
    base_points: Decimal | None = None
    over: tuple[Decimal, str, Decimal] | None = None
    """Step, unit, points."""
    under: tuple[Decimal, str, Decimal] | None = None
    over_falls: bool | None = None
    """Whether the better side is below the target."""
    under_rises: bool | None = None
    shortfall: str = ""
    """"zero" or "ratio"."""
    gain_cap: Decimal | None = None
    gain_cap_share: Decimal | None = None
    total_cap: Decimal | None = None
    loss_cap: Decimal | None = None
    floor: bool = False
    ratio: bool = False
    ratio_cap: Decimal | None = None
    bands: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    bands_end: bool = False
    events: list[tuple[str, Decimal]] = field(default_factory=list)
    whole: Any = None
    """A rule of one clause (功效系数法)."""
    first_full: bool = False
    ranked_by: str | None = None
    per_place: tuple[Decimal, str] | None = None
    doubts: list[str] = field(default_factory=list)
    clashes: bool = False

    def put(self, name: str, value: Any) -> None:
        """Set a fact; a second, different one makes the text not understood."""
        if getattr(self, name) not in (None, "", False, value):
            self.clashes = True
        setattr(self, name, value)


_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"([^\d,;加扣减奖得的(]{0,6})"
_OF_TARGET = r"(目标值|目标任务|目标|任务数|任务|计划数|计划)?的?"
_UP = r"(?:增加|增长|增|超出|超过|超额完成|超额|超完成|超|高出|高于|高|提高|提升|上升|升高|多完成|多)"
_DOWN = r"(?:减少|减|少完成|少于|少|降低|下降|低于|低|短缺|短|欠|差|未完成)"
_DONE = r"(?:按期|按时|如期|全面|全部|足额)?(?:完成|达到|实现|达标|完成或超额完成)(?:年度|全年)?(?:目标任务|目标值|目标数|目标|任务数|任务|计划|指标|要求)?的?"
_NOT_DONE = r"(?:未|没有|没|不)(?:能)?(?:按期|按时|如期|全部)?(?:完成|达到|实现|达标)(?:年度|全年)?(?:目标任务|目标值|目标数|目标|任务数|任务|计划|指标|要求)?的?"
_FULL = r"(?:本项|该项)?(?:基本分|满分|基础分|标准分|全分|满分值)"

Act = Callable[[_Found, "re.Match[str]"], None]


def _base(found: _Found, match: re.Match[str]) -> None:
    share, points = match.group(1), match.group(2)
    if points is not None:
        found.put("base_points", Decimal(points))
    else:
        found.put("base_share", Decimal(1) if share is None else Decimal(share) / HUNDRED)


def _over(found: _Found, match: re.Match[str], *, falls: bool = False) -> None:
    _step(found, "over", match)
    found.put("over_falls", falls)


def _under(found: _Found, match: re.Match[str], *, rises: bool = False) -> None:
    _step(found, "under", match)
    found.put("under_rises", rises)


def _step(found: _Found, side: str, match: re.Match[str]) -> None:
    of_target, size, unit, points = match.groups()
    step = (Decimal(size), f"目标{unit}" if of_target and unit == "%" else unit, Decimal(points))
    if getattr(found, side) is not None or not step[0] or not step[2]:
        found.clashes = True
    setattr(found, side, step)


def _put(name: str, value: Any = True) -> Act:
    return lambda found, _match: found.put(name, value)


def _number(name: str, scale: Decimal = Decimal(1)) -> Act:
    return lambda found, match: found.put(name, Decimal(match.group(1)) / scale)


def _share_total(found: _Found, match: re.Match[str]) -> None:
    found.put("ratio_cap" if found.ratio else "total_cap", found.full * Decimal(match.group(1)) / HUNDRED)


def _band(found: _Found, match: re.Match[str]) -> None:
    found.bands.append((Decimal(match.group(1)), Decimal(match.group(2))))


def _band_full(found: _Found, match: re.Match[str]) -> None:
    found.bands.append((Decimal(match.group(1)), found.full))


def _event(found: _Found, match: re.Match[str]) -> None:
    found.events.append((match.group(1).strip() or "发生", -Decimal(match.group(2))))


def _ranked_by(found: _Found, match: re.Match[str]) -> None:
    words = {"增": "growth", "完成率": "ratio"}
    found.put("ranked_by", next((code for word, code in words.items() if word in match.group(1)), "actual"))


def _per_place(found: _Found, match: re.Match[str]) -> None:
    found.put("per_place", (Decimal(match.group(1)), match.group(2)))


_CLAUSES: tuple[tuple[re.Pattern[str], Act], ...] = tuple((re.compile(pattern), act) for pattern, act in (
    (rf"{_DONE}(?:得|计|记){_FULL}(?:的{_NUMBER}%)?(?:{_NUMBER}分)?", _base),
    (rf"{_DONE}(?:得|计|记)()?{_NUMBER}分", lambda found, m: found.put("base_points", Decimal(m.group(2)))),
    (rf"{_NOT_DONE}(?:一律)?(?:本项|该项)?(?:不得分|不计分|得0分|计0分|记0分|0分)", _put("shortfall", "zero")),
    (rf"{_NOT_DONE}(?:任务)?(?:的)?按(?:实际)?(?:完成)?(?:比例|完成率|完成比例)(?:扣分|得分|计分|扣减|计算得分|折算得分|折算)", _put("shortfall", "ratio")),
    (rf"(?:在此基础上|完成后|超额部分)?每{_UP}{_OF_TARGET}{_NUMBER}{_UNIT}的?(?:加记|加计|加|奖励|奖){_NUMBER}分", _over),
    (rf"每{_DOWN}(?:完成)?{_OF_TARGET}{_NUMBER}{_UNIT}的?(?:加记|加计|加|奖励|奖){_NUMBER}分",
     lambda found, m: _over(found, m, falls=True)),
    (rf"每{_DOWN}(?:完成)?{_OF_TARGET}{_NUMBER}{_UNIT}的?(?:扣减|扣除|扣|减){_NUMBER}分", _under),
    (rf"每{_UP}{_OF_TARGET}{_NUMBER}{_UNIT}的?(?:扣减|扣除|扣|减){_NUMBER}分",
     lambda found, m: _under(found, m, rises=True)),
    (rf"(?:加分)?(?:最高|最多|累计|合计)*(?:加分?|奖励)?(?:不超过|最高|最多)?(?:加|奖励){_NUMBER}分(?:为止|封顶)?", _number("gain_cap")),
    (rf"(?:加分|加分最高|累计加分|最高加分|最多加分)(?:最高|最多)?(?:不超过)?{_NUMBER}分(?:为止|封顶)?", _number("gain_cap")),
    (rf"(?:加至|加到){_FULL}(?:为止|封顶)", _put("gain_cap_share", Decimal(1))),
    (rf"{_FULL}封顶", _put("gain_cap_share", Decimal(1))),
    (rf"(?:最高|最多|累计)?加分(?:最高|最多)?不超过{_FULL}", _put("gain_cap_share", Decimal(1))),
    (rf"(?:最高|最多|累计)?加分(?:最高|最多)?(?:不超过|为){_FULL}的?{_NUMBER}%", _number("gain_cap_share", HUNDRED)),
    (rf"最(?:高|多)加(?:至)?{_FULL}的{_NUMBER}%", _number("gain_cap_share", HUNDRED)),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分)?(?:不超过|得|计|为){_NUMBER}分", _number("total_cap")),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分)?(?:不超过|得|计|为){_FULL}的?{_NUMBER}%", _share_total),
    (rf"(?:最多|最高|累计)扣(?:分)?(?:不超过)?{_NUMBER}分", _number("loss_cap")),
    (r"(?:直至)?扣完(?:本项|该项)?(?:基本分|分值|分数|得分)?为止|不(?:计|得)负分|不倒扣分?|最低(?:得|计|为)?0分|直至扣完", _put("floor")),
    (rf"(?:得分)?按(?:照)?(?:实际|目标)?(?:任务)?(?:完成率|完成比例|完成目标比例|完成进度比例)(?:计分|得分|计算得分|计算|折算得分|折算|乘以{_FULL})", _put("ratio")),
    (rf"得分=(?:{_FULL}|分值)[×*]?(?:完成率|实绩[÷/]目标)|得分=(?:完成率|实绩[÷/]目标)[×*](?:{_FULL}|分值)", _put("ratio")),
    (rf"(?:完成率)?(?:最高|超过)?(?:按|不超过){_NUMBER}%(?:计算|计|封顶)?|{_NUMBER}%封顶",
     lambda found, m: found.put("ratio_cap", found.full * Decimal(m.group(1) or m.group(2)) / HUNDRED)),
    (rf"(?:完成率|完成)?(?:达到?|在)?{_NUMBER}%(?:\(含\))?(?:及|或)?以上(?:\(含\))?的?(?:得|计|记){_NUMBER}分", _band),
    (rf"(?:完成率|完成)?(?:达到?|在)?{_NUMBER}%(?:\(含\))?(?:及|或)?以上(?:\(含\))?的?(?:得|计|记){_FULL}", _band_full),
    (rf"(?:完成率|完成)?达到?{_NUMBER}%的?(?:得|计|记){_NUMBER}分", _band),
    (rf"(?:完成率|完成)?(?:达到?|在)?{_NUMBER}%?(?:\(含\))?(?:-|—|~|至|到)\d+(?:\.\d+)?%(?:之间)?(?:\(不含\))?的?(?:得|计|记){_NUMBER}分", _band),
    (rf"(?:完成率)?(?:低于|不足|不到|未达到|未达){_NUMBER}%的?(?:不得分|得0分|计0分|不计分)",
     lambda found, m: found.bands.append((Decimal(-1), Decimal(m.group(1))))),
    (rf"(?:完成率)?{_NUMBER}%以下的?(?:不得分|得0分|计0分|不计分)",
     lambda found, m: found.bands.append((Decimal(-1), Decimal(m.group(1))))),
    (rf"每?(?:发生|出现|查实|发现)1(?:起|次|例|件|人)([^\d,;扣]{{0,14}}?)的?扣(?:减)?{_NUMBER}分", _event),
    (r"(?:按|采用|实行)?功效系数法(?:计分|计算得分|计算|得分)?", _put("whole", Efficacy())),
    (r"由[^,;]{2,16}(?:直接)?(?:打分|评分|赋分|给分)", _put("whole", Given())),
    (r"按([^,;\d]{0,10})(?:排名|位次|名次)(?:计分|排序)?", _ranked_by),
    (rf"(?:排名|位次)?第1(?:名|位)的?(?:得|计){_FULL}", _put("first_full")),
    (rf"(?:以后|其后|之后|以下)?每(?:低|降|降低|下降|后移|退后|靠后|递减)1(?:名|位|个位次|个名次)的?(?:减|扣|少得|递减|减少|扣减){_NUMBER}(分|%)", _per_place),
))
_LEADS = re.compile(r"^(?:评分标准|计分办法|计分方法|考核办法)[::]|^(?:其中|另外|同时|并且|即)[::,]?")
_SPEAKS_OF_POINTS = re.compile(r"分|扣|加|奖|减|倍|否决|\d|%|得")
_HARMLESS = re.compile(
    r"^(?:以|由|按)[^,;]{2,30}(?:为准|提供(?:数据)?|认定|核定|考核认定|考核结果为准)$|^年终(?:一次)?考核$|^按年度考核$"
)


def propose(text: str, full: Decimal, unit: str = "") -> Proposal:
    """The rule that a scoring text states. full: 分值 of the item; unit: the indicator's unit of measure.

    rule None when any clause about points was not understood, or clauses contradict each other.
    """
    plain = _plain(text)
    if not plain:
        return Proposal(None, "", "")
    found = _Found(full, unit)
    unread = [one for one in _clauses(plain) if not _read(one, found)]
    left = "；".join(unread)
    if any(_SPEAKS_OF_POINTS.search(one) and not _HARMLESS.match(one) for one in unread):
        return Proposal(None, "", left)
    if found.clashes or (found.base_share is not None and found.base_points is not None):
        return Proposal(None, "", left or text.strip(), ("几处说法互相矛盾",))
    rule = _rule(found)
    if rule is None:
        return Proposal(None, "", left or text.strip(), tuple(found.doubts))
    side = found.over_falls if found.over_falls is not None else found.under_rises
    return Proposal(rule, rule.sentence(), left, tuple(found.doubts), side)


_SIGNS = str.maketrans({
    "（": "(", "）": ")", "，": ",", "；": ";", "％": "%", "。": ";", "：": ":", "＝": "=", "－": "-",
    "–": "-", "～": "~", "、": "、", "＋": "+", "\n": ";", "\r": ";", "!": ";", "．": ".", "﹪": "%",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})
_COUNTED = re.compile(r"([一二两三四五六七八九十百]+)(?=个?百分点|个百分|分|名|位|起|次|例|件|人|个|%|公顷|万|亿|家|户|项)")


def _plain(text: str) -> str:
    plain = re.sub(r"[ \t　]+", "", text.translate(_SIGNS))
    plain = re.sub(r"(?<=[加扣减少低超高差降增升每第])百分之(\d+)", r"\1%", plain)
    plain = re.sub(r"个?百分点", "pp", _COUNTED.sub(_digits, plain))
    return re.sub(r"(\d)个(?=pp|百分点|%)", r"\1", plain)


def _digits(match: re.Match[str]) -> str:
    value = 2 if match.group(1) == "两" else read_numeral(match.group(1))
    return match.group(0) if value is None else str(value)


def _clauses(plain: str) -> list[str]:
    found = []
    for part in re.split(r"[;,]", plain):
        one = _LEADS.sub("", part.strip())
        if one:
            found.append(one)
    return found


def _read(clause: str, found: _Found) -> bool:
    """Whether one clause was understood; what it says is put into `found`."""
    for text in (clause, re.sub(r"^\d+[.)、]|^[①-⑩]", "", clause)):
        for pattern, act in _CLAUSES:
            match = pattern.fullmatch(text)
            if match is not None:
                act(found, match)
                return True
    return False


# From what was said to a rule -----------------------------------------------------


def _rule(found: _Found) -> Any:
    kinds = [bool(found.whole), bool(found.bands), bool(found.events), found.first_full or bool(found.per_place or found.ranked_by)]
    steps = found.over is not None or found.under is not None
    if sum(kinds) + steps + found.ratio > 1:
        return None
    if found.whole is not None:
        return None if _says_base(found) else found.whole
    if found.bands:
        return _bands(found)
    if found.events:
        return None if found.shortfall else Events(tuple(found.events))
    if any(kinds):
        return _rank(found)
    if found.ratio:
        return _ratio(found)
    return _steps(found) if steps else _plain_rule(found)


def _says_base(found: _Found) -> bool:
    return bool(found.base_share is not None or found.base_points is not None or found.shortfall)


def _bands(found: _Found) -> Any:
    rows = [row for row in found.bands if row[0] >= 0]
    lowest = [row[1] for row in found.bands if row[0] < 0]
    lows = [low for low, _ in rows]
    ends_fit = not lowest or (len(lowest) == 1 and lows and lowest[0] == min(lows))
    if not rows or len(set(lows)) != len(lows) or not ends_fit or found.over or found.shortfall == "ratio":
        return None
    if found.base_share is not None or found.base_points is not None:
        rows.append((HUNDRED, found.full if found.base_points is None else found.base_points))
    return Bands(tuple(sorted(set(rows), reverse=True)))


def _rank(found: _Found) -> Any:
    if not found.first_full or found.per_place is None or _says_base(found):
        return None
    less, unit = found.per_place
    of = found.ranked_by or "actual"
    if unit == "%":
        return Rank(of=of, less=less)
    if not found.full:
        return None
    share = less * HUNDRED / found.full
    if share != share.quantize(Decimal("0.000001")):
        return None
    found.doubts.append(f"每低1位少{less}分,折合分值的{share.normalize():f}%")
    return Rank(of=of, less=share.normalize() if share % 1 else Decimal(int(share)))


def _ratio(found: _Found) -> Any:
    if found.shortfall == "zero" or found.gain_cap is not None or (found.base_share or 1) != 1:
        return None
    cap = found.ratio_cap if found.ratio_cap is not None else found.total_cap
    return Ratio() if cap is None or not found.full else Ratio(cap=cap / found.full)


def _plain_rule(found: _Found) -> Any:
    if found.gain_cap is not None or found.gain_cap_share is not None or found.total_cap is not None:
        return None
    full = found.base_points is None or found.base_points == found.full
    if not _says_base(found) or (found.base_share or 1) != 1 or not full:
        return None
    if found.shortfall == "ratio":
        return Ratio()
    if found.shortfall != "zero":
        found.doubts.append("没有写未完成怎样计分,按不得分")
    return Met()


def _steps(found: _Found) -> Any:
    falls = {one for one in (found.over_falls, found.under_rises) if one is not None}
    if len(falls) != 1 or (found.shortfall and found.under is not None):
        return None
    if (found.gain_cap is not None or found.gain_cap_share is not None) and found.over is None:
        return None
    if found.ratio_cap is not None or (found.loss_cap is not None and found.under is None):
        return None
    over, under = _measured(found, found.over), _measured(found, found.under)
    if (found.over and over is None) or (found.under and under is None):
        return None
    common = _common(found)
    if common is None:
        return None
    if over is not None and under is not None and over[1] != under[1]:
        sign = "<=" if falls == {True} else ">="
        return When("actual", sign, "target", _made(found, common, over, None), _made(found, common, None, under))
    return _made(found, common, over, under)


def _measured(
    found: _Found, step: tuple[Decimal, str, Decimal] | None
) -> tuple[Decimal, str, Decimal] | None:
    """The step with the code of its measure, in the indicator's unit."""
    if step is None:
        return None
    size, unit, points = step
    if unit in ("%", "pp", ""):
        # A bare number is a step in the indicator's own unit.
        return (size, "auto" if unit else "amount", points)
    if unit == "目标%":
        return (size, "percent", points)
    if not found.unit or unit == found.unit:
        if not found.unit:
            found.doubts.append(f"步长的单位“{unit}”应与指标的计量单位一致")
        return (size, "amount", points)
    factor = conversion(unit, found.unit)
    exact = None if factor is None else exact_decimal(factor)
    return None if exact is None else (size * exact, "amount", points)


def _common(found: _Found) -> dict[str, Any] | None:
    """Parameters that both sides share; None when the base contradicts itself."""
    common: dict[str, Any] = {}
    if found.base_points is not None and found.base_points != found.full:
        common["base_points"] = found.base_points
    elif found.base_share is not None and found.base_share != 1:
        common["base_share"] = found.base_share
    elif found.base_share is None and found.base_points is None:
        found.doubts.append("没有写完成得多少分,按完成得基本分")
    base = common.get("base_points", found.full * common.get("base_share", Decimal(1)))
    if found.total_cap is not None:
        if found.gain_cap is not None or found.gain_cap_share is not None or found.total_cap <= base:
            return None
        common["gain_cap"] = found.total_cap - base
    return common


def _made(
    found: _Found, common: dict[str, Any], over: tuple[Decimal, str, Decimal] | None,
    under: tuple[Decimal, str, Decimal] | None,
) -> Steps:
    facts = {name: value for name, value in common.items() if over is not None or name != "gain_cap"}
    if over is not None:
        facts |= {"over_step": over[0], "gain": over[2], "measure": over[1]}
        if found.gain_cap is not None:
            facts["gain_cap"] = found.gain_cap
        if found.gain_cap_share is not None:
            facts["gain_cap_share"] = found.gain_cap_share
        if not facts.keys() & {"gain_cap", "gain_cap_share"}:
            found.doubts.append("加分没有写上限,按不封顶")
    if under is not None:
        facts |= {"under_step": under[0], "loss": under[2], "measure": under[1], "loss_cap": found.loss_cap}
        if not found.floor and found.loss_cap is None:
            found.doubts.append("没有写扣完为止,按最低0分")
    elif found.shortfall:
        facts["under"] = found.shortfall
    elif over is not None and found.under is None:
        facts["under"] = "zero"
        found.doubts.append("没有写未完成怎样计分,按不得分")
    found.doubts.append("“每”按整步计算,不足一步不计")
    found.doubts[:] = list(dict.fromkeys(found.doubts))
    return Steps(floor=ZERO, **facts)
