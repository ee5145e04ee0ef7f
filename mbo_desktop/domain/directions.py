"""Which way is better for an indicator, as its wording and its name show (化学需氧量排放量: 反向)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.outside import bound_of
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue
from mbo_desktop.domain.units import is_ratio


class DirectionBasis(Choice):
    """What a direction rests on; shown beside it."""

    RECORD = "record", "本年度指标原有的方向"
    CHOSEN = "chosen", "选定"
    OTHER_YEAR = "other_year", "按其他年度的同名指标"
    FORM = "form", "按目标的写法"
    NAME = "name", "按指标名称"
    USUAL = "usual", "没有反向的迹象,按正向"


@dataclass(frozen=True, slots=True)
class DirectionGuess:
    """A direction and what it rests on."""

    direction: Direction
    basis: DirectionBasis


_LESS_IS_BETTER = re.compile(
    r"(?:排放(?:量|总量|强度|浓度)?|(?:年?均)?浓度|重污染天数"
    r"|死亡(?:人数|率)|死亡数|伤亡人数|受伤人数|经济损失"
    r"|事故(?:起数|次数|发生率|发生数|总数|总量|数)?|火灾起数|发案(?:数|率|起数)"
    r"|(?:失业|辍学|不良贷款|贷款不良|负债|债务|贫困发生|案件发生|投诉|信访|上访|空置|返贫|差错|误诊)率"
    r"|(?:上访|信访)(?:量|总量|批次|人次|件次)|违[法规纪](?:案件|用地|占地|建设|建筑|行为|问题)?(?:数|数量|面积|比例|起数|宗数|件数)?"
    r"|(?:能源|煤炭|用水)消[费耗](?:总量|量|强度)|(?:能|电|水|煤|物)耗(?:强度|总量|水平)?)$"
)
"""Anchored at the end: what is counted stands there, so 排放量削减率 and 能耗降低率 don't match."""
_DEALT_WITH = re.compile(
    "降低|下降|减少|削减|减排|压减|查处|查办|处置|处理|整治|整改|治理|拆除|化解|消除|预防|防范|防治|防控|打击"
    "|排查|核查|达标|超低|回收|利用|替代|交易|氧离子|溶解氧|零(?!售)|无(?!害)|未发生"
)
"""Words that make a good deed of the bad thing (查处违法案件数), or something else again (达标排放)."""
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)\]）】]")
_TAIL = re.compile(r"(?:控制)?(?:指标|目标|情况)$")


def direction_of_name(name: str) -> Direction | None:
    """反向 where a name counts what there should be little of; None when it does not say."""
    plain = _TAIL.sub("", _BRACKETS.sub("", "".join(name.split())))
    if not _LESS_IS_BETTER.search(plain) or _DEALT_WITH.search(plain):
        return None
    return Direction.LOWER


def direction_of_form(values: Iterable[TargetValue], measure: str) -> Direction | None:
    """What the wording of an indicator's targets says; None for bare amounts.

    不高于 → 反向, 不低于 → 正向, a rate of decrease counted in % → 正向, two bounds → 区间.
    """
    parts = [(value.counted, value.text) for value in values]
    forms = {part.form for part, _text in parts}
    if TargetForm.AT_MOST in forms:
        return Direction.LOWER
    if TargetForm.RANGE in forms:
        return Direction.RANGE
    if TargetForm.AT_LEAST in forms:
        return Direction.HIGHER
    if TargetForm.DECREASE_RATE in forms and (not measure or is_ratio(measure)):
        return Direction.HIGHER
    # 不高于全省平均水平 has no amount of its own; what it rests on makes it a bound all the same.
    words = [part.text or text for part, text in parts if bound_of(part, text) is not None]
    if any(re.search("不高于|不超过|(?<!不)低于", text) for text in words):
        return Direction.LOWER
    return Direction.HIGHER if any(re.search("不低于|不少于|高于", text) for text in words) else None


def guess_direction(
    name: str, values: Iterable[TargetValue], measure: str, other_year: Direction | None = None
) -> DirectionGuess:
    """Which way is better for a new indicator: as in another year, else by wording, else by name."""
    if other_year is not None:
        return DirectionGuess(other_year, DirectionBasis.OTHER_YEAR)
    by_form = direction_of_form(values, measure)
    if by_form is not None:
        return DirectionGuess(by_form, DirectionBasis.FORM)
    by_name = direction_of_name(name)
    if by_name is not None:
        return DirectionGuess(by_name, DirectionBasis.NAME)
    return DirectionGuess(Direction.HIGHER, DirectionBasis.USUAL)
