"""Clauses about the target of an indicator: reaching it, steps, bands, caps.

A clause is matched whole or not at all; nothing is taken out of its middle.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.reading_said import Act, Said, compiled, number, put, worth
from mbo_desktop.domain.scoring.reading_words import (
    ADDS,
    AGAINST,
    AIM,
    AT_MOST,
    CAP,
    COUNTED_IN,
    DONE,
    FAILED,
    FORM,
    FULL,
    GETS,
    GOAL,
    KEPT,
    LEAD,
    LESS,
    MORE,
    NOTHING,
    OF,
    OF_RATIO,
    POINTS,
    RATIO,
    SUBJECT,
    TAKES,
    THING,
    UNIT,
    WHAT,
    WORTH,
    N,
)


def _base(said: Said, match: re.Match[str]) -> None:
    groups = match.groups()[-5:]
    points, whole = worth(said, groups)
    said.base_in_points = said.base_in_points or groups[0] is not None or groups[3] is not None
    said.put("base", said.full if whole else points)


def _base_of(said: Said, match: re.Match[str]) -> None:
    said.speaks_of(match.group(1))
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
        thing, *groups = match.groups()
        _named(said, thing)
        _take_step(said, side, groups, match.group(0), falls=falls)

    return act


def _named(said: Said, thing: str | None) -> None:
    """A step that names what it counts: a rate or a growth that this indicator is not tells of another figure."""
    if thing is None:
        return
    if re.search(r"率|比例|比重|满意度|增速|增幅|进度|名次|位次|排名", thing) and not said.is_rate:
        said.clashes = True
    said.speaks_of(thing)


def _take_step(said: Said, side: str, groups: list[str | None], clause: str, *, falls: bool) -> None:
    what, of, size, unit, stated, *shares = groups
    assert size is not None
    assert unit is not None
    share = Decimal(shares[0] or shares[1] or 0)
    points = Decimal(stated) if stated else said.full * share / HUNDRED
    if what and "增" in what and not said.is_rate:
        said.clashes = True
    plain = unit.removeprefix("个")
    if re.search(r"名|位|档|级|季|月", plain):
        said.clashes = True
    ratio = bool(what and "完成" in what and not said.is_completion) or bool(of and (of.endswith("的") or not said.is_rate))
    if of and plain == "%" and not of.endswith("的") and said.is_rate:
        said.doubt(f"“{of}{size}%”按{size}个百分点计")
    if plain in ("%", "pp") and ratio and not (of and plain == "pp" and not what):
        plain = "目标%"
    if not Decimal(size) or not points or side in said.facts:
        said.clashes = True
    turn = re.search(r"每(增长|上升|提高|提升|升高|下降|降低|减少)", clause)
    if turn and not of and not (what and "完成" in what):
        said.facts.setdefault("turned", turn.group(1))
    said.put(side, (Decimal(size), plain, points))
    said.put("falls", falls)


def _step_from(side: str, *, falls: bool) -> Act:
    """「低于95%的,每低1个百分点扣0.2分」: steps counted from a level of their own."""
    def act(said: Said, match: re.Match[str]) -> None:
        spoken, low, *groups = match.groups()
        assert low is not None
        said.put("level", (_is_ratio(said, spoken, low), Decimal(low)))
        _take_step(said, side, groups, match.group(0), falls=falls)

    return act


def _is_ratio(said: Said, spoken: str | None, figure: str) -> str:
    """What a percentage is of: 完成率, or for rates the figure itself unless 完成 is said."""
    plain = (spoken or "").removesuffix("的")
    if plain and not _COMPLETION.fullmatch(plain):
        said.speaks_of(plain)
        if re.search(r"(?:增速|增幅|增长率)$", plain) and not said.is_rate:
            return "growth"
        is_completion = bool(re.search(r"完成率|完成比例", plain))
        if is_completion and not said.is_rate:
            return "ratio"
        # A rate that an amount is not; a completion rate that a rate may be or not.
        said.clashes = said.clashes or not said.is_rate or (is_completion and not said.is_completion)
        return "actual"
    if not plain and said.is_rate:
        said.doubt(f"“{figure}%”按实绩本身计,不是完成率")
        return "actual"
    if said.is_completion:
        said.doubt(f"指标本身是完成率,“{figure}%”按实绩计")
        return "actual"
    if said.is_rate and "率" not in plain and "比例" not in plain:
        said.doubt(f"“完成{figure}%”按完成率计")
    return "ratio"


_COMPLETION = re.compile(rf"{RATIO}|(?:任务|目标)?完成{GOAL}")


def _band(said: Said, match: re.Match[str]) -> None:
    spoken, low, *rest = match.groups()
    points, _whole = worth(said, tuple(rest[-5:]))
    said.put("of", _is_ratio(said, spoken, low))
    said.bands.append((Decimal(low), points))
    if len(rest) > 5 and rest[0] is not None:
        said.tops.append((Decimal(low), Decimal(rest[0])))


def _band_over(said: Said, match: re.Match[str]) -> None:
    points, _whole = worth(said, match.groups()[-5:])
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


def _stated_full(said: Said, match: re.Match[str]) -> None:
    if Decimal(match.group(1)) != said.full:
        said.clashes = True


def _exceeded(said: Said, _match: re.Match[str]) -> None:
    said.put("shortfall", "zero")
    said.put("falls", True)


def _form(fact: str, value: Any = True) -> Act:
    """「(完成数÷目标数)×分值」; a quotient of growths or rates tells of another figure than an amount."""
    def act(said: Said, match: re.Match[str]) -> None:
        spoken = re.sub(r"完成率|完成比例|比例", "", match.group(0))
        if not said.is_rate and re.search(r"增速|增幅|率", spoken):
            said.clashes = True
        said.put(fact, value)

    return act


def _form_of(said: Said, match: re.Match[str]) -> None:
    """「完成数÷目标数×50」: the number is W, or the formula says something else."""
    if Decimal(match.group(1)) != said.full:
        said.clashes = True
    _form("ratio")(said, match)


def _each(said: Said, match: re.Match[str]) -> None:
    """「每完成1亿元得1分」: in the indicator's own unit."""
    thing, size, unit, points = match.groups()
    said.speaks_of(thing)
    if unit.removeprefix("个") != said.unit.removeprefix("个") or not Decimal(size):
        said.clashes = True
    said.put("each", (Decimal(size), Decimal(points)))


def _both_caps(said: Said, match: re.Match[str]) -> None:
    said.put("gain_cap", Decimal(match.group(1)))
    said.put("loss_cap", Decimal(match.group(1)))


def _nothing_else(said: Said, match: re.Match[str]) -> None:
    said.put("rest", worth(said, match.groups()[-5:])[0])


_SCORE = r"(?:按|按照)?(?:[^,;:=\d]{0,20}?(?:得分|分值)=)?"

CLAUSES = compiled((
    (rf"{SUBJECT}{DONE}{GETS}{WORTH}", _base_of),
    (rf"(增速|增幅|增长率|[^,;\d%]{{0,20}}率)达到{AIM}(?:值)?(?:的)?{GETS}{WORTH}", _rate_base),
    (rf"{DONE}(?:得分|计分)", lambda said, _match: said.put("base", said.full)),
    (rf"{SUBJECT}{KEPT}{GETS}{WORTH}", _kept),
    (rf"{FAILED}{NOTHING}", put("shortfall", "zero")),
    (r"(?:否则|反之|其他|其余|其他情况|其余情况|其余名次|其余单位|其他名次)(?:的)?(?:均)?(?:一律)?(?:不得分|得0分|计0分)", put("rest", ZERO)),
    (rf"(?:其他|其余|其余名次|其余单位|其他名次)(?:的)?(?:均)?{GETS}{WORTH}", _nothing_else),
    (rf"{FAILED}(?:按|按照)(?:实际)?(?:完成)?(?:的)?(?:比例|完成率|完成比例)(?:扣分|{GETS}分|计算得分|折算得分|折算|扣减)", put("shortfall", "ratio")),
    (rf"{THING}{LEAD}{WHAT}每{MORE}{OF}{N}{UNIT}的?{ADDS}{POINTS}", _step("over", falls=False)),
    (rf"{THING}{LEAD}{WHAT}每{LESS}(?:完成)?{OF}{N}{UNIT}的?{ADDS}{POINTS}", _step("over", falls=True)),
    (rf"{THING}{LEAD}{WHAT}每{LESS}(?:完成)?{OF}{N}{UNIT}的?{TAKES}{POINTS}", _step("under", falls=False)),
    (rf"{THING}{LEAD}{WHAT}每{MORE}{OF}{N}{UNIT}的?{TAKES}{POINTS}", _step("under", falls=True)),
    (rf"{OF_RATIO}(?:低于|不足|不到|未达到?|达不到){N}%的?(?:部分)?{WHAT}每{LESS}{OF}{N}{UNIT}的?{TAKES}{POINTS}", _step_from("under", falls=False)),
    (rf"{OF_RATIO}(?:高于|超过|超出){N}%的?(?:部分)?{WHAT}每{MORE}{OF}{N}{UNIT}的?{ADDS}{POINTS}", _step_from("over", falls=False)),
    (rf"{THING}每完成{N}{UNIT}(?:得|计){N}分", _each),
    (rf"(?:超过|超出|突破|高于)(?:年度)?(?:控制指标|{AIM})的?{NOTHING}", _exceeded),
    (r"(?:超额|超过|超出)(?:完成)?(?:任务|目标)?(?:部分)?的?(?:按|按照)(?:超额|超出|相应|同)?(?:完成)?的?比例(?:计算)?(?:相应)?(?:加分|加计分)", put("over_ratio")),
    (r"(?:实行|采取|采用)?倒扣分?(?:制|法|办法)?", put("backwards")),
    (r"扣分不(?:保底|封底)|不(?:保底|封底)|可(?:以)?(?:倒扣|扣(?:至|成|为)负分|计负分)|扣至负分", put("no_floor")),
    (rf"{AT_MOST}(?:加减|加扣|增减)分?{AT_MOST}{CAP}{N}分(?:为限)?", _both_caps),
    (rf"(?:最高|最多|累计|合计)+可?(?:加分?|奖励){CAP}{N}分(?:为止|封顶)?", number("gain_cap")),
    (rf"(?=.*(?:最|累计|合计|总计|限|不超过|为止|封顶)){AT_MOST}(?:加分|奖励分|奖励){AT_MOST}{CAP}{N}分(?:为止|封顶|为限)?", number("gain_cap")),
    (rf"(?:加至|加到|加满){N}分(?:为止|封顶)?|{N}分(?:为止|封顶|为限)|(?:封顶|最高|最多|上限)(?:不超过|为|是)?{N}分", number("bare_cap")),
    (r"(?:加至|加到)(?:本项|该项)?(?:基本分|基础分|标准分|分值)(?:为止|封顶)|(?:本项|该项)?(?:基本分|基础分|标准分)封顶", put("gain_cap_share", Decimal(1))),
    (r"(?:加至|加到|加满)(?:本项|该项)?(?:满分|全分)?(?:为止|封顶)|(?:本项|该项)?(?:满分|全分)(?:为止|封顶)", put("total_full")),
    (rf"{AT_MOST}加分{AT_MOST}{CAP}{FULL}", put("gain_cap_share", Decimal(1))),
    (rf"{AT_MOST}加分{AT_MOST}{CAP}{FULL}的?{N}%", number("gain_cap_share", HUNDRED)),
    (rf"最(?:高|多)加(?:至)?{FULL}的{N}%", number("gain_cap_share", HUNDRED)),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分|得|计){CAP}{N}分", number("total_cap")),
    (rf"(?:本项|该项)?(?:得分)?最高(?:得分|得|计)?{CAP}{FULL}的?{N}%", number("total_share", HUNDRED)),
    (rf"(?:本项|该项)?(?:得分)?(?:最高(?:得分|得|计)?{CAP}|不超过|以){FULL}(?:为限)?", put("no_bonus")),
    (r"(?:超额|超额完成|超过|超出|超|超目标)(?:部分|任务|目标)?的?(?:部分)?(?:均)?不(?:再|予|另)?加分|不加分", put("no_bonus")),
    (rf"(?:最多|最高|累计)+扣(?:减)?(?:分)?{CAP}{N}分(?:为止)?|扣分{AT_MOST}{CAP}{N}分(?:为止)?|扣完{N}分(?:为止)?", number("loss_cap")),
    (r"(?:直至|直到)?[扣减](?:完|至0分?)(?:本项|该项)?(?:基本分|分值|分数|得分)?(?:为止|止)?|不(?:计|得|倒扣)负分|不倒扣分?|最低(?:得|计|为)?0分", put("floor")),
    (rf"(?:得分)?(?:按|按照)(?:实际|目标)?(?:任务)?{RATIO}(?:计分|得分|计算得分|计算|折算得分|折算|赋分|乘以{FULL})", put("ratio")),
    (rf"{_SCORE}(?:{FULL}[×*x](?:{RATIO}|{FORM})|(?:{RATIO}|{FORM})(?:[×*x]100)?[×*x]{FULL})(?:计算得分|计算|计分|得分|=(?:实际|本项)?得分)?", _form("ratio")),
    (rf"{_SCORE}(?:{RATIO}|{FORM})[×*x]{N}分?(?:计算得分|计算|计分|得分|=(?:实际|本项)?得分)?", _form_of),
    (rf"{_SCORE}{RATIO}乘以?{FULL}(?:计算得分|计算|计分|得分)?", put("ratio")),
    (rf"(?:{FAILED}|低于{AGAINST}的?)(?:按|按照)?(?:得分=)?(?:{FULL}[×*x](?:{RATIO}|{FORM})|(?:{RATIO}|{FORM})[×*x]{FULL})(?:计算得分|计算|计分|得分)?", _form("shortfall", "ratio")),
    (rf"(?:完成率)?(?:超过|高于|大于){N}%的?(?:均)?按\1%(?:计算|计)", number("ratio_cap", HUNDRED)),
    (r"(?:加分)?上?不封顶", put("no_cap")),
    (rf"最(?:高|多)加{N}%(?:的分(?:值|数)?)?", number("gain_cap_share", HUNDRED)),
    (rf"超额?(?:完成)?{AGAINST}的?{N}%{COUNTED_IN}(?:及|或)?以上{COUNTED_IN}的?{GETS}{WORTH}", _band_over),
    (rf"(?:完成率)?(?:最高|超过)?(?:按|不超过){N}%(?:计算|计|封顶)?|最高(?:得|为)?{N}%|(?:完成率)?(?:超过)?{N}%封顶", number("ratio_cap", HUNDRED)),
    (rf"{OF_RATIO}{N}%{COUNTED_IN}(?:及|或)?以上{COUNTED_IN}(?:的|者)?{GETS}{WORTH}", _band),
    (rf"{OF_RATIO}{N}%(?:的|者)?{GETS}{WORTH}", _band),
    (rf"{OF_RATIO}{N}%?{COUNTED_IN}(?:以上)?{COUNTED_IN}(?:-|—|~|至|到|不足|不到|未达到?|低于){N}%(?:之间|以下)?(?:\(不含(?:\d+%)?\))?(?:的|者)?{GETS}{WORTH}", _band),
    (rf"{OF_RATIO}{N}%{COUNTED_IN}(?:及|或)?以上{COUNTED_IN}(?:不足100%|未达到?100%|-100%)?(?:的|者)?(?:按|按照)(?:实际)?(?:完成)?(?:比例|完成率|完成比例)(?:计分|得分|折算得分|计算得分)", _band_ratio),
    (rf"{OF_RATIO}(?:低于|不足|不到|未达到|未达|达不到|小于|未完成(?:目标|任务)?的?){N}%(?:以上)?(?:的|者)?{NOTHING}", _below),
    (rf"{OF_RATIO}{N}%以下(?:\(不含(?:\d+%)?\))?(?:的|者)?{NOTHING}", _below),
    (rf"未{OF_RATIO}{N}%(?:以上)?(?:的|者)?{NOTHING}", _below),
    (r"(?:得分)?(?:按|采用|实行|运用)?功效系数法(?:计分|计算得分|计算|得分)?", put("whole", "efficacy")),
    (r"由(?!.*(?:比例|完成率|系数|排名|名次))[^,;\d]{2,16}(?:直接|统一)?(?:打分|评分|赋分|给分)", put("whole", "given")),
    (rf"(?:本项|该项|总|共)?(?:基本分|满分|分值|基础分|标准分|计)?(?:为|共)?{N}分", _stated_full),
    (r"(?:不能|未|无法|没有)提供[^,;\d]{0,12}(?:材料|佐证|证明|依据|资料)的?(?:(?:一律)?视为未完成|(?:一律)?按未完成计|(?:一律)?不得分|不予(?:计|认)分)", put("proven")),
))
