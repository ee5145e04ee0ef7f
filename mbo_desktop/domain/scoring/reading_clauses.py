"""Clauses of an office's scoring text: what each of them says, in the words regulations use.

A clause is matched whole or not at all; nothing is taken out of its middle.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.chinese_numerals import read_numeral
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO

Step = tuple[Decimal, str, Decimal]
"""Size, unit (「pp」, 「%」, 「目标%」, a unit of measure, 「」), points."""


@dataclass(slots=True)
class Said:
    """What the clauses of one text say. facts: by name, taken out one by one when the rule is made."""

    full: Decimal
    unit: str
    facts: dict[str, Any] = field(default_factory=dict)
    bands: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    """Lower end in %, points."""
    tops: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    """Lower and upper end of the bands that name both."""
    events: list[tuple[str, Decimal]] = field(default_factory=list)
    places: dict[int, Decimal] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    vetoes: list[str] = field(default_factory=list)
    clashes: bool = False
    base_in_points: bool = False
    """The base was written as points, not as a share of W."""

    @property
    def is_rate(self) -> bool:
        """Whether the indicator is a rate: 1 % is then a percentage point."""
        return self.unit in RATES

    def put(self, name: str, value: Any = True) -> None:
        """Set a fact; a second, different one makes the text not understood."""
        if self.facts.setdefault(name, value) != value:
            self.clashes = True

    def take(self, name: str, usual: Any = None) -> Any:
        """A fact, out of what is still to be used."""
        return self.facts.pop(name, usual)

    def doubt(self, text: str) -> None:
        """Say how something open was taken, once."""
        if text not in self.doubts:
            self.doubts.append(text)


N = r"(\d+(?:\.\d+)?)"
_UNIT = r"([^\d,;加扣减奖得的(]{0,6})"
_AIM = r"(?:目标值|目标任务数|目标任务|目标数|目标|任务数|任务量|任务|计划数|计划|控制目标|控制数|控制值|指标)"
_OF = rf"({_AIM}的?)?"
_MORE = r"(?:增加|增长|增|超出|超过|超额完成|超额|超完成|超|高出|高于|高|提高|提升|上升|升高|突破|多完成|多)"
_LESS = r"(?:少建|少引进|减少|减|少完成|少于|少|降低|下降|低于|低|短缺|短|欠|差|未完成)"
_GETS = r"(?:得|计|记|给|赋)"
_FULL = (
    r"(?:本项|该项|全部|全额|相应)?(?:基本分值|基本分|满分值|满分|基础分值|基础分|标准分值|标准分|权重分|全分|规定分值|分值)"
)
_WORTH = rf"(?:{N}分|({_FULL})(?:的{N}%)?(?:\(?{N}分\)?)?|(?:{_FULL}的?)?{N}%(?:的?(?:分数|分值|得分|分))?)"
"""「8分」, 「满分」, 「满分的80%」, 「80%的分值」: five groups, read by `_worth`."""
_GOAL = r"(?:年度|全年|年初|考核|既定|下达的?|规定的?)?(?:目标任务|计划任务|工作任务|目标值|目标数|目标|任务数|任务|计划|指标|要求)?(?:的|者)?"
_DONE = rf"(?:按期|按时|如期|全面|全部|足额|按要求)?(?:完成或超额完成|完成|达到|实现|达标){_GOAL}"
_KEPT = rf"(?:控制在{_AIM}(?:以内|之内|内)|(?:不|未)(?:高于|超过|突破|超){_AIM}?)的?"
_FAILED = rf"(?:未|没有|没|不)(?:能)?(?:按期|按时|如期|全部)?(?:完成|达到|实现|达标){_GOAL}"
_NOTHING = r"(?:一律)?(?:本项|该项)?(?:不得分|不计分|不予计分|得0分|计0分|记0分|为0分|0分)"
_AGAINST = r"(?:年度|考核)?(?:目标任务|目标值|目标|任务)?"
_LEAD = (
    rf"(?:在此基础上|完成后|其中|(?:超额完成|超额|超出|超过|高于|未完成|未达到|达不到|低于|不足){_AGAINST}(?:部分)?的?)?"
)
_FORM = (
    r"\(?(?:实绩|实际值|实际数|实际完成(?:数|值|量|额)?|完成(?:数|值|量|额))[÷/](?:年度)?"
    r"(?:目标值|目标任务数|目标任务|目标数|目标|任务数|计划数)\)?(?:[×*x]100%)?"
)
_SUBJECT = (
    r"([^,;\d%得分扣加未没不均比较省]{0,14}(?:值|量|率|数|额|里程|面积|收入|投资|就业|资金|人口|浓度|比例|税收|能耗|出口|消费))?"
)
"""What a clause speaks of, before 完成: it should be this indicator."""
_WHAT = r"((?:目标任务|目标|任务)?(?:完成率|完成比例)|增速|增幅|增长率)?"
_ADDS, _TAKES = r"(?:加记|加计|增加|加|奖励|奖)", r"(?:扣减|扣除|扣|减少|减)"
_RATIO = r"(?:完成率|完成比例|目标完成率|任务完成率|完成目标比例|完成进度比例|实际完成率|完成进度)"
_OF_RATIO = rf"(?:未完成(?:目标|任务|目标任务)?但)?((?:{_RATIO}|(?:任务|目标)?完成{_GOAL})的?)?(?:达到|达|在|为)?"
_COUNTED_IN = r"(?:\(含(?:\d+(?:\.\d+)?%)?\))?"
_PLACE = r"(?:名|位)"
_TIMES = r"(?:起|次|例|件|人次|人|项|处)"
_KIND = r"([^\d,;:%扣加减每]{0,16}?)"

_POINTS = rf"(?:{N}分|(?:{_FULL}的{N}%|{N}%的分(?:值|数)?))"
"""What a step adds or takes: three groups."""

Act = Callable[[Said, "re.Match[str]"], None]


def _put(name: str, value: Any = True) -> Act:
    return lambda said, _match: said.put(name, value)


def _number(name: str, scale: Decimal = Decimal(1)) -> Act:
    def act(said: Said, match: re.Match[str]) -> None:
        said.put(name, Decimal(next(one for one in match.groups() if one)) / scale)

    return act


def _worth(said: Said, groups: tuple[str | None, ...]) -> tuple[Decimal, bool]:
    """Points of a `_WORTH`, and whether they are all of W."""
    points, full, share, stated, part = groups
    if points is not None:
        return Decimal(points), Decimal(points) == said.full
    if full is None or share is not None:
        return said.full * Decimal(part or share or 0) / HUNDRED, False
    if stated is not None and Decimal(stated) != said.full:
        said.doubt(f"文字写的基本分是{stated}分,分值是{said.full:f}分")
        return Decimal(stated), False
    return said.full, True


def _base(said: Said, match: re.Match[str]) -> None:
    worth = match.groups()[-5:]
    points, whole = _worth(said, worth)
    said.base_in_points = said.base_in_points or worth[0] is not None or worth[3] is not None
    said.put("base", said.full if whole else points)


def _base_of(said: Said, match: re.Match[str]) -> None:
    subject = match.group(1)
    if subject is not None:
        said.put("subject", subject)
    _base(said, match)


def _rate_base(said: Said, match: re.Match[str]) -> None:
    # 「增速达到目标」 of an indicator that is an amount speaks of another figure.
    said.clashes = said.clashes or not said.is_rate
    _base(said, match)


def _kept(said: Said, match: re.Match[str]) -> None:
    _base_of(said, match)
    said.put("falls", True)


def _step(side: str, *, falls: bool) -> Act:
    def act(said: Said, match: re.Match[str]) -> None:
        what, of, size, unit, stated, *shares = match.groups()
        share = Decimal(shares[0] or shares[1] or 0)
        points = Decimal(stated) if stated else said.full * share / HUNDRED
        if what and "增" in what and not said.is_rate:
            said.clashes = True
        plain = unit.removeprefix("个")
        if re.search(r"名|位|档|级|季|月", plain):
            said.clashes = True
        ratio = bool(what and "完成" in what) or bool(of and (of.endswith("的") or not said.is_rate))
        if of and plain == "%" and not of.endswith("的") and said.is_rate:
            said.doubt(f"“{of}{size}%”按{size}个百分点计")
        if plain in ("%", "pp") and ratio and not (of and plain == "pp" and not what):
            plain = "目标%"
        if not Decimal(size) or not points or side in said.facts:
            said.clashes = True
        if "增长" in match.group(0) and "超" not in match.group(0):
            said.doubt("“增长”按比目标多计,不是比上年")
        said.put(side, (Decimal(size), plain, points))
        said.put("falls", falls)

    return act


def _is_ratio(said: Said, said_ratio: str | None, figure: str) -> str:
    """What a bare percentage is of: 完成率, or for rates the figure itself unless 完成 is said."""
    if said_ratio is None and said.is_rate:
        said.doubt(f"“{figure}%”按实绩本身计,不是完成率")
        return "actual"
    if said_ratio is not None and said.is_rate and "率" not in said_ratio and "比例" not in said_ratio:
        said.doubt(f"“完成{figure}%”按完成率计")
    return "ratio"


def _band(said: Said, match: re.Match[str]) -> None:
    spoken, low, *rest = match.groups()
    points, _whole = _worth(said, tuple(rest[-5:]))
    said.put("of", _is_ratio(said, spoken, low))
    said.bands.append((Decimal(low), points))
    if len(rest) > 5 and rest[0] is not None:
        said.tops.append((Decimal(low), Decimal(rest[0])))


def _band_over(said: Said, match: re.Match[str]) -> None:
    points, _whole = _worth(said, match.groups()[-5:])
    said.put("of", "ratio")
    said.bands.append((HUNDRED + Decimal(match.group(1)), points))


def _band_ratio(said: Said, match: re.Match[str]) -> None:
    low = next(one for one in match.groups()[1:] if one)
    said.put("of", _is_ratio(said, match.group(1), low))
    said.put("ratio")
    said.put("cutoff", Decimal(low))


def _below(said: Said, match: re.Match[str]) -> None:
    spoken, low = match.groups()
    said.put("of", _is_ratio(said, spoken, low))
    said.put("cutoff", Decimal(low))


def _event(said: Said, match: re.Match[str]) -> None:
    kind = "".join(one for one in match.groups()[:-1] if one).strip("的") or "发生"
    said.events.append((kind, -Decimal(match.groups()[-1])))


def _event_all(said: Said, match: re.Match[str]) -> None:
    said.events.append((match.group(1).strip("的"), -said.full))


def _place_rows(said: Said, match: re.Match[str]) -> None:
    first, last, *worth = match.groups()
    points, _whole = _worth(said, tuple(worth))
    start, end = int(first), int(last or first)
    if not 0 < start <= end <= start + 60:
        said.clashes = True
        return
    for place in range(start, end + 1):
        _place(said, place, points)


def _first_places(said: Said, match: re.Match[str]) -> None:
    number, *worth = match.groups()
    points, _whole = _worth(said, tuple(worth))
    for place in range(1, min(int(number), 60) + 1):
        _place(said, place, points)


def _places_in_turn(said: Said, match: re.Match[str]) -> None:
    listed, points = match.group(1).split("、"), match.group(2).split("、")
    if len(listed) != len(points):
        said.clashes = True
        return
    for place, value in zip(listed, points, strict=True):
        _place(said, int(place), Decimal(value.removesuffix("分")))


def _place(said: Said, place: int, points: Decimal) -> None:
    if said.places.setdefault(place, points) != points:
        said.clashes = True


def _ranked_by(said: Said, match: re.Match[str]) -> None:
    words = match.group(1)
    if re.search(r"省|国|区域|得分|综合", words):
        # A rank among others than this group, or by something else than this figure.
        said.clashes = True
    of = "growth" if "增" in words and not said.is_rate else "ratio" if "完成" in words else "actual"
    said.put("ranked_by", of)


def _per_place(said: Said, match: re.Match[str]) -> None:
    said.put("per_place", (Decimal(match.group(1)), match.group(2)))


def _stated_full(said: Said, match: re.Match[str]) -> None:
    if Decimal(match.group(1)) != said.full:
        said.clashes = True


def _both_caps(said: Said, match: re.Match[str]) -> None:
    said.put("gain_cap", Decimal(match.group(1)))
    said.put("loss_cap", Decimal(match.group(1)))


def _nothing_else(said: Said, match: re.Match[str]) -> None:
    said.put("rest", ZERO if match.group(1) is None else Decimal(match.group(1)))


_AT_MOST = r"(?:最高|最多|累计|合计|总计|上限|可|限|共)*"
_CAP = r"(?:不超过|不得超过|为|是|以)?"

CLAUSES: tuple[tuple[re.Pattern[str], Act], ...] = tuple((re.compile(pattern), act) for pattern, act in (
    (rf"{_SUBJECT}{_DONE}{_GETS}{_WORTH}", _base_of),
    (rf"(增速|增幅|增长率|[^,;\d%]{{0,8}}率)达到{_AIM}(?:值)?(?:的)?{_GETS}{_WORTH}", _rate_base),
    (rf"{_DONE}(?:得分|计分)", lambda said, _match: said.put("base", said.full)),
    (rf"{_SUBJECT}{_KEPT}{_GETS}{_WORTH}", _kept),
    (rf"{_FAILED}{_NOTHING}", _put("shortfall", "zero")),
    (r"(?:否则|反之|其他|其余|其他情况|其余情况|其余名次|其余单位|其他名次)(?:的)?(?:均)?(?:一律)?(?:不得分|得0分|计0分)", _put("rest", ZERO)),
    (rf"(?:其他|其余|其余名次|其余单位|其他名次)(?:的)?(?:均)?{_GETS}{N}分", _nothing_else),
    (rf"{_FAILED}(?:按|按照)(?:实际)?(?:完成)?(?:的)?(?:比例|完成率|完成比例)(?:扣分|{_GETS}分|计算得分|折算得分|折算|扣减)", _put("shortfall", "ratio")),
    (rf"{_LEAD}{_WHAT}每{_MORE}{_OF}{N}{_UNIT}的?{_ADDS}{_POINTS}", _step("over", falls=False)),
    (rf"{_LEAD}{_WHAT}每{_LESS}(?:完成)?{_OF}{N}{_UNIT}的?{_ADDS}{_POINTS}", _step("over", falls=True)),
    (rf"{_LEAD}{_WHAT}每{_LESS}(?:完成)?{_OF}{N}{_UNIT}的?{_TAKES}{_POINTS}", _step("under", falls=False)),
    (rf"{_LEAD}{_WHAT}每{_MORE}{_OF}{N}{_UNIT}的?{_TAKES}{_POINTS}", _step("under", falls=True)),
    (rf"{_AT_MOST}(?:加减|加扣|增减)分?{_AT_MOST}{_CAP}{N}分(?:为限)?", _both_caps),
    (rf"(?:最高|最多|累计|合计)+可?(?:加分?|奖励){_CAP}{N}分(?:为止|封顶)?", _number("gain_cap")),
    (rf"(?=.*(?:最|累计|合计|总计|限|不超过|为止|封顶)){_AT_MOST}(?:加分|奖励分|奖励){_AT_MOST}{_CAP}{N}分(?:为止|封顶|为限)?", _number("gain_cap")),
    (rf"(?:加至|加到|加满){N}分(?:为止|封顶)?|{N}分(?:为止|封顶|为限)|(?:封顶|最高|最多|上限)(?:不超过|为|是)?{N}分", _number("bare_cap")),
    (r"(?:加至|加到)(?:本项|该项)?(?:基本分|基础分|标准分|分值)(?:为止|封顶)|(?:本项|该项)?(?:基本分|基础分|标准分)封顶", _put("gain_cap_share", Decimal(1))),
    (r"(?:加至|加到|加满)(?:本项|该项)?(?:满分|全分)?(?:为止|封顶)|(?:本项|该项)?(?:满分|全分)(?:为止|封顶)", _put("total_full")),
    (rf"{_AT_MOST}加分{_AT_MOST}{_CAP}{_FULL}", _put("gain_cap_share", Decimal(1))),
    (rf"{_AT_MOST}加分{_AT_MOST}{_CAP}{_FULL}的?{N}%", _number("gain_cap_share", HUNDRED)),
    (rf"最(?:高|多)加(?:至)?{_FULL}的{N}%", _number("gain_cap_share", HUNDRED)),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分|得|计){_CAP}{N}分", _number("total_cap")),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分|得|计)?{_CAP}{_FULL}的?{N}%", _number("total_share", HUNDRED)),
    (rf"(?:本项|该项)?(?:得分)?(?:最高(?:得分|得|计)?{_CAP}|不超过|以){_FULL}(?:为限)?", _put("no_bonus")),
    (r"(?:超额|超额完成|超过|超出|超|超目标)(?:部分|任务|目标)?的?(?:部分)?(?:均)?不(?:再|予|另)?加分|不加分", _put("no_bonus")),
    (rf"(?:最多|最高|累计)+扣(?:减)?(?:分)?{_CAP}{N}分(?:为止)?|扣分{_AT_MOST}{_CAP}{N}分(?:为止)?|扣完{N}分(?:为止)?", _number("loss_cap")),
    (r"(?:直至|直到)?[扣减](?:完|至0分)(?:本项|该项)?(?:基本分|分值|分数|得分)?(?:为止)?|不(?:计|得|倒扣)负分|不倒扣分?|最低(?:得|计|为)?0分", _put("floor")),
    (rf"(?:得分)?(?:按|按照)(?:实际|目标)?(?:任务)?{_RATIO}(?:计分|得分|计算得分|计算|折算得分|折算|赋分|乘以{_FULL})", _put("ratio")),
    (rf"(?:按|按照)?(?:得分=)?(?:{_FULL}[×*x](?:{_RATIO}|{_FORM})|(?:{_RATIO}|{_FORM})[×*x]{_FULL})(?:计算得分|计算|计分|得分)?", _put("ratio")),
    (rf"(?:{_FAILED}|低于{_AGAINST}的?)(?:按|按照)?(?:得分=)?(?:{_FULL}[×*x](?:{_RATIO}|{_FORM})|(?:{_RATIO}|{_FORM})[×*x]{_FULL})(?:计算得分|计算|计分|得分)?", _put("shortfall", "ratio")),
    (rf"(?:完成率)?(?:超过|高于|大于){N}%的?(?:均)?按\1%(?:计算|计)", _number("ratio_cap", HUNDRED)),
    (r"(?:加分)?上?不封顶", _put("no_cap")),
    (rf"最(?:高|多)加{N}%(?:的分(?:值|数)?)?", _number("gain_cap_share", HUNDRED)),
    (rf"超额?(?:完成)?{_AGAINST}的?{N}%{_COUNTED_IN}(?:及|或)?以上{_COUNTED_IN}的?{_GETS}{_WORTH}", _band_over),
    (rf"(?:完成率)?(?:最高|超过)?(?:按|不超过){N}%(?:计算|计|封顶)?|最高(?:得|为)?{N}%|(?:完成率)?(?:超过)?{N}%封顶", _number("ratio_cap", HUNDRED)),
    (rf"{_OF_RATIO}{N}%{_COUNTED_IN}(?:及|或)?以上{_COUNTED_IN}(?:的|者)?{_GETS}{_WORTH}", _band),
    (rf"{_OF_RATIO}{N}%(?:的|者)?{_GETS}{_WORTH}", _band),
    (rf"{_OF_RATIO}{N}%?{_COUNTED_IN}(?:以上)?{_COUNTED_IN}(?:-|—|~|至|到|不足|不到|未达到?|低于){N}%(?:之间|以下)?(?:\(不含(?:\d+%)?\))?(?:的|者)?{_GETS}{_WORTH}", _band),
    (rf"{_OF_RATIO}{N}%{_COUNTED_IN}(?:及|或)?以上{_COUNTED_IN}(?:不足100%|未达到?100%|-100%)?(?:的|者)?(?:按|按照)(?:实际)?(?:完成)?(?:比例|完成率|完成比例)(?:计分|得分|折算得分|计算得分)", _band_ratio),
    (rf"{_OF_RATIO}(?:低于|不足|不到|未达到|未达|达不到|小于|未完成(?:目标|任务)?的?){N}%(?:以上)?(?:的|者)?{_NOTHING}", _below),
    (rf"{_OF_RATIO}{N}%以下(?:\(不含(?:\d+%)?\))?(?:的|者)?{_NOTHING}", _below),
    (rf"未{_OF_RATIO}{N}%(?:以上)?(?:的|者)?{_NOTHING}", _below),
    (rf"(?:每)?(?:发生|出现|查实|发现|造成)1{_TIMES}{_KIND}(?:的)?{_TAKES}{N}分", _event),
    (rf"每(漏|漏报|迟|迟报|误|错|退回|退办|瞒报|缺席){_KIND}1(?:个)?{_TIMES}(?:的)?{_TAKES}{N}分", _event),
    (rf"(?!未?完成|未?达|不足|少|低|缺|超|多|高)([^\d,;:%扣加减每得分]{{2,16}}?)的?每{_TIMES}{_TAKES}{N}分", _event),
    (rf"(?:凡)?发生([^\d,;:%扣加减每]{{2,16}}?)的?{_NOTHING}", _event_all),
    (rf"(?:未|没有|无)(?:发生|出现)[^\d,;:%扣加减]{{0,12}}?的?{_GETS}{_FULL}", _put("none_is_full")),
    (r"(?:得分)?(?:按|采用|实行|运用)?功效系数法(?:计分|计算得分|计算|得分)?", _put("whole", "efficacy")),
    (r"由(?!.*(?:比例|完成率|系数|排名|名次))[^,;\d]{2,16}(?:直接|统一)?(?:打分|评分|赋分|给分)", _put("whole", "given")),
    (r"(?:根据|依据|按|按照)([^,;\d]{0,12}?)(?:从高到低)?(?:排名|排序|位次|名次)(?:计分|赋分|得分|排序)?", _ranked_by),
    (rf"(?:排名|排)?第?(\d+)(?:{_PLACE}?(?:-|—|~|至|到)第?(\d+))?{_PLACE}(?:的)?{_GETS}{_WORTH}", _place_rows),
    (rf"(?:排名|排)?前(\d+){_PLACE}(?:的)?(?:均)?{_GETS}{_WORTH}", _first_places),
    (rf"第(\d+(?:、\d+)+){_PLACE}(?:的)?(?:分别|依次){_GETS}(\d+(?:\.\d+)?分?(?:、\d+(?:\.\d+)?分?)+)分?", _places_in_turn),
    (rf"(?:以后|其后|之后|以下|排名|位次|名次)?(?:每|依次每)(?:低|降|降低|下降|后移|退|靠后|递减)1(?:名|位|个位次|个名次)(?:的)?(?:依次)?(?:减|扣|少得|递减|减少|扣减|少){N}(分|%)", _per_place),
    (rf"(?:以后|其后|其余|其余名次|之后|以下)?依次(?:递减|减少|扣减|减){N}(分|%)", _per_place),
    (rf"(?:本项|该项|总|共)?(?:基本分|满分|分值|基础分|标准分|计)?(?:为|共)?{N}分", _stated_full),
    (r"(?:不能|未|无法|没有)提供[^,;\d]{0,12}(?:材料|佐证|证明|依据|资料)的?(?:(?:一律)?视为未完成|(?:一律)?按未完成计|(?:一律)?不得分|不予(?:计|认)分)", _put("proven")),
))

_HARMLESS = tuple(re.compile(pattern) for pattern in (
    r"(?:数据|实绩|结果|完成情况|完成数)?(?:以|按)[^,;\d%]{2,24}(?:为准|为依据)",
    r"(?:根据|依据|按照?)[^,;\d%]{2,24}(?:数据|统计资料|核定结果|认定结果|认定意见)", r"(?:与|同)(?:年度)?目标值?(?:任务)?相比",
    r"(?:数据|结果)?由[^,;\d%]{2,24}(?:提供(?:数据)?|负责提供|认定|核定|审核认定|负责考核|牵头考核|考核认定|考核)",
    r"数据来源(?:于|为|:)?[^,;\d%]{2,24}", r"(?:考核单位|责任单位|牵头单位|责任部门|考核部门)(?:为|:)[^,;\d%]{2,24}",
    r"年终(?:一次性?)?考核", r"(?:按)?年度考核", r"(?:主要|重点)?考核[^,;\d%扣加减得分倍]{2,30}(?:情况|工作|水平|进度|成效)",
))
_BASIS = re.compile(r"基数|上年|去年|同期|基期")
_VETO = re.compile(r"(?:(?:凡|如|因|对)?(?:发生|出现|造成|弄虚作假|违反)[^\d%]{0,40})?(?:实行|予以)?一票否决(?:的|制)?")


def read_clause(clause: str, said: Said) -> bool:
    """Whether one clause was understood; what it says is put into `said`."""
    for text in (clause, re.sub(r"^(?:\(?\d+[.)、]|[①-⑩])", "", clause)):
        for pattern, act in CLAUSES:
            match = pattern.fullmatch(text)
            if match is not None:
                act(said, match)
                return True
    if not _BASIS.search(clause) and any(one.fullmatch(clause) for one in _HARMLESS):
        return True
    if _VETO.fullmatch(clause):
        said.vetoes.append(clause)
        return True
    return False


# From text to clauses -----------------------------------------------------------------

_SIGNS = str.maketrans({
    "（": "(", "）": ")", "，": ",", "；": ";", "％": "%", "。": ";", "：": ":", "＝": "=", "－": "-",
    "–": "-", "～": "~", "＋": "+", "\n": ";", "\r": ";", "!": ";", "！": ";", "．": ".", "﹪": "%", "／": "/",
    "〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")", "﹣": "-", "−": "-",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})
_NUMERALS = "一二两三四五六七八九十百"
_COUNTED = re.compile(
    rf"([{_NUMERALS}]+)(?=个?百分点|个百分|分(?!钟)|名|位|起|次|例|件|人|个|项|处|%|公顷|亩|万|亿|家|户|微克)"
)
_LEADS = re.compile(r"^(?:评分标准|计分办法|计分方法|考核办法|评分办法)[::]|^(?:其中|另外|同时|并且|即)[::,]?")
_BOTH = (
    re.compile(
        rf"每({_MORE})(?:\(({_LESS})\)|[/或、]({_LESS}))({_AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减奖得的(]{{0,6}}),?的?"
        rf"(?:相应|分别)?(?:加|增加)分?(?:\((?:扣|减)分?\)|[/或、](?:扣|减))(\d+(?:\.\d+)?)分"
    ),
    re.compile(
        rf"每({_LESS})(?:\(({_MORE})\)|[/或、]({_MORE}))({_AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减奖得的(]{{0,6}}),?的?"
        rf"(?:相应|分别)?(?:扣|减)分?(?:\((?:加|奖)分?\)|[/或、](?:加|奖))(\d+(?:\.\d+)?)分"
    ),
)
_EITHER_WAY = re.compile(rf"每增减({_AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减增]{{0,6}}),?(?:相应)?(?:增减|加减|加扣){N}分")


def plain_text(text: str) -> str:
    """Half-width signs, figures for counted numerals, 「每超(低)1%加(扣)1分」 written out as two clauses."""
    plain = re.sub(r"[ \t　\xa0]+", "", text.translate(_SIGNS))
    plain = re.sub(rf"百分之([{_NUMERALS}]+|\d+(?:\.\d+)?)", lambda match: f"{_digits(match.group(1))}%", plain)
    plain = re.sub(
        rf"(?<=第)[{_NUMERALS}](?:、[{_NUMERALS}])+(?=名|位)",
        lambda match: "、".join(_digits(one) for one in match.group(0).split("、")), plain,
    )
    plain = re.sub(r"零点([一二三四五六七八九])分", lambda match: f"0.{_digits(match.group(1))}分", plain)
    plain = re.sub(r"(?<=[得计记])(?:(?:基本分|满分|分值)的)?一半(?:的)?(?:分值|分数|分)?", "50%的分", plain)
    plain = plain.replace("加半分", "加0.5分").replace("扣半分", "扣0.5分").replace("减半分", "减0.5分")
    plain = _COUNTED.sub(lambda match: _digits(match.group(1)), plain)
    plain = re.sub(r"(?:个)?百分点", "pp", plain)
    plain = re.sub(r"(\d)个(?=pp|%)", r"\1", plain)
    plain = re.sub(r"每(低于|高于|超过|超出|少于|超|低|高)(?:个)?(?=pp)", r"每\g<1>1", plain)
    plain = _BOTH[0].sub(lambda m: f"每{m[1]}{m[4]}加{m[5]}分;每{m[2] or m[3]}{m[4]}扣{m[5]}分", plain)
    plain = _BOTH[1].sub(lambda m: f"每{m[1]}{m[4]}扣{m[5]}分;每{m[2] or m[3]}{m[4]}加{m[5]}分", plain)
    return _EITHER_WAY.sub(lambda m: f"每增加{m[1]}加{m[2]}分;每减少{m[1]}扣{m[2]}分", plain)


def _digits(numeral: str) -> str:
    value = 2 if numeral == "两" else read_numeral(numeral)
    return numeral if value is None else str(value)


def clauses_of(plain: str) -> list[str]:
    """The clauses, split at commas and stops; a clause goes on where the next begins with what is given."""
    return [one for part in re.split(r"[;,]", plain) if (one := _LEADS.sub("", part.strip()))]
