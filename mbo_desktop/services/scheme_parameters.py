"""参数: figures an office gives a name of its own (难度系数=1.2), to be used in the formulas of a scheme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import Parameter, Scheme
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.domain.scoring.formula import FUNCTIONS, Formula, names_of
from mbo_desktop.domain.scoring.rule import parts_of
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import BELOW

KNOWN_NAMES = frozenset({
    "增幅", "完成率", "省平均", "全市平均", "全市实绩", "省定目标", "规划目标", "省内位次", "参评数", "上年位次", "实绩数", "上年数", BELOW,
})
"""Names a formula may use beside its own figures; counts that are given add to them at scoring."""
_PAIR = re.compile(r"\s*([^=＝:：]+?)\s*[=＝:：]\s*(.+?)\s*")
_LONGEST_NAME = 20


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """「难度系数=1.2、基数=300」; empty text: none. InputError for what cannot be read, and for names that cannot be."""
    found = []
    for part in filter(str.strip, re.split(r"[、,，;；\n]", text)):
        match = _PAIR.fullmatch(part)
        if match is None:
            raise InputError(f"参数“{part.strip()[:30]}”读不出来。", "请写成 名称=数,几个之间用顿号隔开,如 难度系数=1.2、基数=300。")
        found.append(Parameter(match.group(1), read_number(match.group(2))))
    check_names([one.name for one in found])
    return tuple(found)


def show_parameters(parameters: Iterable[Parameter]) -> str:
    """「难度系数=1.2、基数=300」."""
    return "、".join(f"{one.name}={canonical(one.value)}" for one in parameters)


def check_names(names: Collection[str]) -> None:
    """Raises InputError for a name that a formula would read otherwise, that says something else already, or twice."""
    if len(set(names)) < len(names):
        raise InputError("参数的名称重复。", "请给每个参数一个不同的名称。")
    for name in names:
        try:
            is_name = len(name) <= _LONGEST_NAME and names_of(name) == (name,)
        except InputError:
            is_name = False
        if not is_name or name.startswith("组"):
            raise InputError(f"“{name[:_LONGEST_NAME]}”不能作参数的名称。", "名称用汉字、字母和数字,不以数字或“组”开头,不含运算符和“且”“或”。")
        if name in own_names() or name in KNOWN_NAMES or name in FUNCTIONS or name == "如果":
            raise InputError(f"“{name}”在公式里另有所指。", "请换一个名称。")


def own_names() -> frozenset[str]:
    """What a formula calls a unit's own figures."""
    from mbo_desktop.domain.scoring.facts import NAMES

    return frozenset(NAMES.values())


def parameters_of(scheme: Scheme) -> dict[str, Decimal]:
    """Values by name."""
    return {one.name: one.value for one in scheme.parameters}


def used_in(rule: Any, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Those of the parameters that the formulas of a rule use."""
    names = {name for one in formulas(rule) for name in names_of(one.text)} if values else set()
    return {name: value for name, value in values.items() if name in names}


def formulas(rule: Any) -> list[Formula]:
    """All formulas in a rule."""
    own = [rule] if isinstance(rule, Formula) else []
    return own + [one for part in parts_of(rule) for one in formulas(part)]


def refuse_gone(old: Scheme, new: Scheme, rules: Iterable[Any]) -> None:
    """Raises InputError where a parameter that was taken away still stands in a formula."""
    gone = {one.name: one.value for one in old.parameters if one.name not in parameters_of(new)}
    used = {name for rule in rules for name in used_in(rule, gone)} if gone else set()
    if used:
        raise InputError(f"参数“{min(used)}”还在指标的公式里用着。", "请先改公式,再去掉参数。")
