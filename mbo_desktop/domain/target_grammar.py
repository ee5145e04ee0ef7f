"""The grammar of one statement of a target: 增长25%, 控制在7‰以内, 全省前五, 4%-6%, 净增50亿元.

Works on text as `quantity.normalise` leaves it. A statement that is not wholly understood
gives None: its caller keeps it as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from mbo_desktop.domain import chinese_numerals, quantity, units
from mbo_desktop.domain.targets import TargetForm, TargetPart
from mbo_desktop.errors import InputError


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the cell a statement stands in: the indicator's unit, form and name."""

    unit: str = ""
    form: TargetForm = TargetForm.LEVEL
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number with what is said around it; bound is AT_LEAST, AT_MOST, RANGE or None."""

    value: Decimal
    unit: str
    bound: TargetForm | None = None
    upper: Decimal | None = None
    strict: bool = False
    approximate: bool = False


_LEAST = "大于等于|大于或等于|不低于|不少于|不小于|不短于|不得低于|不得少于|至少|≥|>=|保底"
_LEAST_STRICT = "高于|超过|大于|多于|突破|>|超"
_MOST = "小于等于|小于或等于|不高于|不超过|不大于|不多于|不突破|不得超过|不得高于|至多|≤|<=|控制在|限于"
_MOST_STRICT = "低于|小于|少于|不足|不满|<"
_BOUND = re.compile(
    rf"(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<over>{_LEAST_STRICT})|(?P<under>{_MOST_STRICT})"
)
_UP = re.compile(r"(?:\(?含\)?|及其?)?(?:以上|之上)")
_DOWN = re.compile(r"(?:\(?含\)?|及其?)?(?:以内|以下|之内|之下)|内|范围内")
_ABOUT = re.compile(r"(?:大约|大概|约|近)")
_ABOUT_AFTER = re.compile(r"(?:左右|上下)$")
_NUMBER = rf"[+-]?(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+|[{chinese_numerals.CHARACTERS}]+|[百千万]分之[0-9.{chinese_numerals.CHARACTERS}]+)"
_RANGE = re.compile(rf"(?:在)?({_NUMBER})([^0-9~\-—至到]*)(?:-|~|至|到|—{{1,2}})({_NUMBER})(.*?)(?:之间|范围内|以内|区间)?")
_SINCE = r"(?:(?:同比|环比|比上年度?|较上年度?|比去年|较去年|比上年同期|较上年同期|比去年同期|同口径|年均|平均|比(?:19|20)\d\d年|较(?:19|20)\d\d年|可比口径|按可比价格?)[,]?)*"
_TO = r"(?:为|达到|达|保持在|保持|稳定在|在|是|:)?"
# 增速为8% states the change; 提高为90% states where it ends, so verbs take no 为.
_NOUN_OR_VERB = rf"(?:(?:率|幅度){_TO}|(?<=[速幅]){_TO}|(?:达到|达)?)"
_GROWTH = re.compile(rf"{_SINCE}(增长|递增|增速|增幅|增加|提高|上升|提升){_NOUN_OR_VERB}(.+)")
_DECREASE = re.compile(rf"{_SINCE}(下降|降低|减少|压减|削减|缩减|降幅|压降|递减){_NOUN_OR_VERB}(.+)")
_MOVED_UP = re.compile(rf"{_SINCE}(?:增长|提高|提升|增加|上升|扩大|恢复)(?:到|至)(.+)")
_MOVED_DOWN = re.compile(rf"{_SINCE}(?:下降|降低|减少|压减|降|压降|削减)(?:到|至)(.+)")
_NEW = re.compile(rf"{_SINCE}(?:新增加?|增量){_TO}(.+)")
_NET = re.compile(rf"{_SINCE}净增加?{_TO}(.+)")
_FILLER = re.compile(
    r"(?:完成|实现|达到|达|为|是|确保|力争|争取|保持在|保持|稳定在|总量|总额|任务数|目标值?|计划|全年|年内|当年|本年度?|年度|到年底|年底前?|至年末|不变价|:|建成|新建|改造|引进|落实|筹集|培育|共)"
)
_CN_INT = r"[0-9]{1,3}|[一二三四五六七八九十]{1,3}"
_RANK = re.compile(
    r"(?P<words>(?:考核|综合|总量|增幅|增速|排名|排位|位次|名次|位居|位列|居于?|列|排|进入|进|保持在?|力争|确保|争取|在|全国|全省|全市|全县|全区|省内|市内|省|市|县|区|同类|同组|分组|组内|为|的|达到|处于)*)"
    rf"(?P<mark>前|第)(?P<rank>{_CN_INT})(?P<place>名|位|个名次)?(?:以内|之内|以前|及以上|以上|之前)?"
)
_HOLD = re.compile(rf"保(?:持|住)?(?P<hold>{_CN_INT})争(?:创)?(?P<aim>{_CN_INT})")
_RANK_WORDS = re.compile(r"排|位|居|列|名|全国|全省|全市|全县|全区|省|市|同类|同组|组")


@lru_cache(maxsize=4096)
def form_of_name(name: str, unit: str = "") -> TargetForm | None:
    """The form an indicator's name settles: …增长率 growth, …降低率 decrease rate, …位次 rank.

    人口自然增长率 is a level: it is the rate itself, not a change against last year. A bare
    …增长 or …下降 is a rate where the unit of measure is one.
    """
    plain, behind = quantity.split_unit(quantity.normalise(name))
    if units.is_ratio(unit or behind):
        if re.search(r"(?<!自然)增长$", plain):
            return TargetForm.GROWTH
        if re.search(r"(?:降低|下降|减少|压减|削减)$", plain):
            return TargetForm.DECREASE_RATE
    if re.search(r"(?<!自然)(?:增长率|增速|增幅|增长幅度|递增率|同比增长)$", plain):
        return TargetForm.GROWTH
    if re.search(r"(?:降低率|下降率|降幅|下降幅度|降低幅度|减少率|压减率|削减率)$", plain):
        return TargetForm.DECREASE_RATE
    if re.search(r"(?:位次|排名|名次)$", plain):
        return TargetForm.RANK
    return None


def read_statement(plain: str, setting: Setting) -> TargetPart | None:
    """The statement as one part with an amount, None when it is not wholly understood."""
    if not plain or len(plain) > 60:
        return None
    bare = strip_filler(plain)
    for reader in (_read_rank, _read_change, _read_increment):
        part = reader(plain, setting) or (reader(bare, setting) if bare != plain else None)
        if part is not None:
            return part
    return _read_plain(bare, setting)


def strip_filler(plain: str) -> str:
    """The statement without verbs that only introduce it: 完成, 力争, 达到, 全年."""
    rest, before = plain, ""
    while rest != before:
        before = rest
        match = _FILLER.match(rest)
        rest = rest[match.end() :] if match else rest
    return rest


def read_bounded(text: str, unit: str) -> Bounded | None:
    """A number with bounds around it, in `unit` when one is given and the dimension fits."""
    rest, bound, strict = text, None, False
    match = _BOUND.match(rest)
    if match:
        rest = rest[match.end() :]
        bound = TargetForm.AT_LEAST if match["least"] or match["over"] else TargetForm.AT_MOST
        strict = bool(match["over"] or match["under"])
    ranged = _read_range(rest, unit)
    if ranged is not None:
        return ranged if match is None or match[0] == "控制在" else None
    rest, after = _strip_bound_after(rest)
    if after is not None:
        if bound is not None and (after is not bound or strict):
            return None
        bound = after
    plain = _ABOUT_AFTER.sub("", _ABOUT.sub("", rest, count=1) if _ABOUT.match(rest) else rest)
    try:
        found = quantity.read_in_unit(plain, unit)
    except InputError:
        return None
    return Bounded(found.value, found.unit, bound, None, strict, plain != rest)


def _strip_bound_after(rest: str) -> tuple[str, TargetForm | None]:
    for pattern, form in ((_UP, TargetForm.AT_LEAST), (_DOWN, TargetForm.AT_MOST)):
        for match in pattern.finditer(rest):
            # 5万元以上 and 以上 before the unit (60以上个) alike; only one at the end is read.
            if match.end() == len(rest) and match.start() > 0:
                return rest[: match.start()], form
    return rest, None


def _read_range(text: str, unit: str) -> Bounded | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    low_text, low_unit, high_text, high_unit = match.groups()
    about = bool(_ABOUT_AFTER.search(high_unit))
    high_unit = _ABOUT_AFTER.sub("", high_unit)
    try:
        high = quantity.read_in_unit(high_text + high_unit, unit)
        low = quantity.read_in_unit(low_text + (low_unit or high_unit), unit)
    except InputError:
        return None
    if low.unit != high.unit or low.value >= high.value or _are_years(low.value, high.value, high_unit):
        return None
    return Bounded(low.value, high.unit, TargetForm.RANGE, high.value, False, about)


def _are_years(low: Decimal, high: Decimal, unit: str) -> bool:
    """2019-2020 without a unit may be years as well as numbers."""
    return not unit and 1990 <= low <= 2100 and 1990 <= high <= 2100


def _read_plain(plain: str, setting: Setting) -> TargetPart | None:
    named = form_of_name(setting.name, setting.unit)
    form = named if named is not None and setting.form is TargetForm.LEVEL else setting.form
    is_rate = form in (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
    unit = setting.unit
    if is_rate and not units.is_ratio(unit):
        unit = ""
    found = read_bounded(plain, unit)
    if found is None:
        return None
    if is_rate:
        rate = _rate(found, form, plain)
        if rate is not None:
            return rate
        found = read_bounded(plain, setting.unit)
        if found is None:
            return None
        form = TargetForm.LEVEL
    if found.bound is not None:
        return _part(found, found.bound)
    if form is TargetForm.RANK:
        is_place = found.value == int(found.value) and found.value > 0 and found.unit in ("", "位", "名", "名次")
        return TargetPart(form, found.value) if is_place else None
    return _part(found, form if form in _BARE_FORMS else TargetForm.LEVEL)


_BARE_FORMS = frozenset(
    {TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST, TargetForm.AT_LEAST, TargetForm.PROJECT}
)  # fmt: skip


def _part(found: Bounded, form: TargetForm, text: str = "") -> TargetPart:
    return TargetPart(form, found.value, found.unit, found.upper, text, found.strict, found.approximate)


def _rate(found: Bounded, form: TargetForm, text: str) -> TargetPart | None:
    """A rate of change from a number in %, ‰ or bare; None when it is in another unit."""
    if found.unit and not units.is_ratio(found.unit):
        return None
    in_percent = replace(found, unit=found.unit or "%")
    if found.bound is TargetForm.AT_MOST:
        # 增幅控制在5%以内 caps the change itself: the words must be printed with it.
        return _part(in_percent, TargetForm.AT_MOST, text)
    return _part(in_percent, form)


def _read_change(plain: str, setting: Setting) -> TargetPart | None:
    match = _MOVED_DOWN.fullmatch(plain)
    if match:
        found = read_bounded(match[1], setting.unit)
        is_upward = found is not None and found.bound in (TargetForm.AT_LEAST, TargetForm.RANGE)
        return None if found is None or is_upward else _part(found, TargetForm.AT_MOST)
    match = _MOVED_UP.fullmatch(plain)
    if match:
        return _read_plain(match[1], replace(setting, form=TargetForm.LEVEL, name=""))
    match = _DECREASE.fullmatch(plain)
    if match:
        return _read_rate(match[2], plain, setting, TargetForm.DECREASE_RATE, is_loose=False)
    match = _GROWTH.fullmatch(plain)
    if match:
        is_loose = match[1] in ("增加", "提高", "上升", "提升")
        return _read_rate(match[2], plain, setting, TargetForm.GROWTH, is_loose)
    return None


def _read_rate(
    rest: str, plain: str, setting: Setting, form: TargetForm, is_loose: bool
) -> TargetPart | None:
    found = read_bounded(rest, "")
    if found is None:
        return None
    if found.unit in units.PERCENT_POINTS:
        kind = form if form is TargetForm.DECREASE_RATE else TargetForm.INCREMENT
        return None if found.bound is TargetForm.AT_MOST else _part(found, kind)
    if units.is_ratio(found.unit):
        # 提高2% of a rate: 2 % of it or 2 points, nobody can tell.
        if is_loose and units.is_ratio(setting.unit):
            return None
        return _rate(found, form, plain)
    if form is TargetForm.DECREASE_RATE:
        return _rate(found, form, plain) if not found.unit and setting.unit == "%" else None
    if not found.unit and units.is_ratio(setting.unit):
        return _rate(found, form, plain)
    if not found.unit and not is_loose:
        return None
    return _increment(rest, plain, setting, TargetForm.INCREMENT)


def _read_increment(plain: str, setting: Setting) -> TargetPart | None:
    for pattern, form in ((_NET, TargetForm.NET_INCREASE), (_NEW, TargetForm.INCREMENT)):
        match = pattern.fullmatch(plain)
        if match:
            return _increment(match[1], plain, setting, form)
    return None


def _increment(rest: str, plain: str, setting: Setting, form: TargetForm) -> TargetPart | None:
    found = read_bounded(rest, setting.unit)
    # 增长1.5倍 is a rate, 提升2位 a move in rank: neither adds an amount.
    if found is None or units.is_ratio(found.unit) or found.unit in ("倍", "位", "名"):
        return None
    if found.bound is TargetForm.AT_MOST:
        return _part(found, TargetForm.AT_MOST, plain)
    return _part(found, form)


def _read_rank(plain: str, setting: Setting) -> TargetPart | None:
    match = _HOLD.fullmatch(plain)
    if match:
        hold, aim = _small(match["hold"]), _small(match["aim"])
        return TargetPart(TargetForm.RANK, hold, text=plain) if hold and aim and aim < hold else None
    match = _RANK.fullmatch(plain)
    if match is None:
        return None
    is_rank_row = setting.form is TargetForm.RANK or form_of_name(setting.name, setting.unit) is TargetForm.RANK
    is_said = bool(match["place"]) or bool(_RANK_WORDS.search(match["words"])) or match["mark"] == "前"
    rank = _small(match["rank"])
    return TargetPart(TargetForm.RANK, rank) if rank and (is_said or is_rank_row) else None


def _small(text: str) -> Decimal | None:
    value = Decimal(text) if text.isdigit() else chinese_numerals.read_numeral(text)
    return value if value else None
