"""The words by which parameters of scoring rules are asked for, and what may be chosen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.facts import NAMES
from mbo_desktop.domain.scoring.rule import REGISTRY

_COMMON = {
    "cap": "封顶(分)", "cap_share": "封顶(占基本分的倍数)", "reference": "对照", "actual": "考核的数",
    "share": "占基本分的比例", "over_step": "每超", "gain": "加分", "gain_cap": "加分最多(分)",
    "gain_cap_share": "加分最多(占基本分的倍数)", "under_step": "每少", "loss": "扣分",
    "loss_cap": "扣分最多(分)", "under": "未达到时", "base_points": "达到得(分)",
    "base_share": "达到得(占基本分的比例)", "measure": "超欠怎样量", "whole": "满一步才计",
    "floor": "最低(分)", "rows": "分档", "of": "按什么数", "as_share": "表内是占基本分的%",
    "step_down": "先按此整档取整", "step": "每出界", "spread": "浮动部分", "bottom": "保底部分",
    "all_equal": "全组相等时的系数", "lowest": "不允许值", "best": "满意值", "clamp": "超出两端不再加减",
    "given": "位次是填报的", "less": "每低一位少(%)", "part": "内层规则", "least": "最低(分)",
    "mean": "平均取", "band": "每档宽", "first": "首档除以", "points": "分", "now": "本年位次", "before": "上年位次",
    "start": "起算分", "cap_is_full": "不超过基本分", "doubled": "出现时加倍扣分", "trim": "去掉最高最低",
    "whole_up_to": "不超过此人数不去", "scale": "评委满分", "parts": "各部分", "skip_missing": "缺数的部分跳过",
    "left": "条件", "sign": "比较", "right": "与", "yes": "成立时", "no": "不成立时", "text": "公式",
    "lowest_either": "取低(否则取高)", "rest": "其余位次得(分)", "digits": "排名按几位小数", "wider": "除数逐档加",
    "out_of": "各部分的满分",
}
_OWN = {
    ("ratio", "cap"): "最高(占基本分的倍数)", ("ratio", "least"): "完成率低于(%)不得分", ("weighted", "rows"): "名称 权重%", ("either", "lowest"): "取低(不勾为取高)", ("bands", "rows"): "分档(下限 分)",
    ("rank", "rows"): "位次 分(倒数写负)", ("rank", "part"): "先按此规则计分再排名", ("events", "rows"): "事项 每次分",
    ("milestones", "rows"): "状态 系数", ("grade", "rows"): "等次 系数或分", ("vote", "rows"): "选项 分",
    ("grade", "as_points"): "表内是分数(不勾为系数)", ("events", "cap"): "最高(分)",
}
HINTS = {
    "over_step": "百分比指标按百分点,总量指标按目标的百分之几", "whole": "不勾则按比例加减,不足一步也计",
    "gain_cap_share": "1 表示加分最多等于基本分", "floor": "留空可扣成负分", "base_points": "留空按占基本分的比例",
    "start": "留空从基本分起", "out_of": "留空按所填的分数直接加权", "rows": "每行一档,中间空一格", "text": "可用:分值、目标、实绩、上年、完成率、增幅、组平均_实绩、如果(条件,分数,分数)、取整(…)",
    "mean": "“本组平均”或外部数据名(如 省平均)",
}
FIGURES = ("actual", "target", "base", "growth", "ratio", "upper", "full")
"""Figures that every unit may have, as they are offered; others are typed by name."""
CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "measure": (("auto", "率按百分点,总量按百分比"), ("percent", "按对照数的百分比"), ("amount", "按实绩的计量单位")),
    "under": (("steps", "逐步扣分"), ("ratio", "按完成比例得分"), ("zero", "不得分")),
    "sign": ((">=", "≥"), (">", "＞"), ("<=", "≤"), ("<", "＜"), ("=", "＝")),
}
"""Parameters with a closed list: value, word."""
FIGURE_FIELDS = frozenset({"reference", "actual", "of", "mean", "left", "right", "now", "before"})
MEAN_WORD = "本组平均"
_STARTING: dict[tuple[str, str], Any] = {
    ("bands", "rows"): ((Decimal(100), Decimal(10)), (Decimal(90), Decimal(8)), (Decimal(80), Decimal(6))),
    ("grade", "rows"): (("A", Decimal(1)), ("B", Decimal("0.8")), ("C", Decimal("0.6")), ("D", Decimal(0))),
    ("events", "rows"): (("发生", Decimal(-1)),), ("range", "loss"): Decimal(1),
    ("anchored", "lowest"): Decimal(60), ("anchored", "best"): Decimal(100), ("advance", "gain"): Decimal("0.5"),
    ("when", "left"): "actual", ("when", "sign"): ">=", ("when", "right"): "target",
    ("formula", "text"): "分值*实绩/目标",
}


def label_of(code: str, name: str) -> str:
    """What a parameter is called."""
    return _OWN.get((code, name)) or _COMMON.get(name, name)


def figure_word(code: str) -> str:
    """A figure's word; names typed by the office stay as they are."""
    return MEAN_WORD if code == "group" else NAMES.get(code, code)


def figure_code(word: str) -> str:
    """The code of a figure's word."""
    plain = word.strip()
    if plain == MEAN_WORD:
        return "group"
    return next((code for code, name in NAMES.items() if name == plain), plain)


def fresh(code: str, inner: Any) -> Any:
    """A rule of a kind with usual parameters; kinds made of rules take the present one inside."""
    import dataclasses

    kind = REGISTRY[code]
    within = inner if inner is not None else Ratio()
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if field.name in ("part", "yes") and field.default is dataclasses.MISSING:
            values[field.name] = within
        elif field.name == "parts":
            values["parts"] = ((Decimal(1), within),) if code == "sum" else (within, Ratio())
        elif field.default is dataclasses.MISSING:
            values[field.name] = _STARTING[code, field.name]
    return kind(**values)
