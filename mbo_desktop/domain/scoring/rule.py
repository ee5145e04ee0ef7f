"""A rule as data: primitives register here, and travel as plain JSON.

A primitive is a frozen dataclass whose fields are its parameters; parts are primitives again.
`score` gives points or None (a figure is missing), and writes its working when asked.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from mbo_desktop.domain.scoring.facts import Facts, Group, Say
from mbo_desktop.errors import InputError

DEEPEST = 12
"""Levels of parts within parts; deeper ones are refused."""


class Scorer(Protocol):
    """A primitive with its parameters."""

    code: ClassVar[str]
    label: ClassVar[str]

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points, None when a figure is missing; the working goes to `say`."""

    def sentence(self) -> str:
        """The rule in words, as a regulation would say it."""


REGISTRY: dict[str, type[Any]] = {}
"""Primitives by code."""
S = TypeVar("S", bound=type[Any])


def primitive(code: str, label: str) -> Callable[[S], S]:
    """Make a dataclass a primitive; its fields are its parameters."""
    def register(kind: S) -> S:
        if code in REGISTRY:
            raise ValueError(f"two primitives are called {code}")
        kind.code, kind.label = code, label
        REGISTRY[code] = kind
        return kind

    return register


def to_data(rule: Any) -> dict[str, Any]:
    """The rule as plain data: code and the parameters that are not the usual ones."""
    found: dict[str, Any] = {"is": rule.code}
    for field in dataclasses.fields(rule):
        value = getattr(rule, field.name)
        if field.default is not dataclasses.MISSING and value == field.default:
            continue
        found[field.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "code") and dataclasses.is_dataclass(value):
        return to_data(value)
    return value


def from_data(data: Any, depth: int = 0) -> Any:
    """The rule of plain data; InputError naming what is unknown, missing or no number."""
    if depth > DEEPEST:
        raise InputError(f"计分规则套了{DEEPEST}层以上。", "请简化规则,或拆成几个指标。")
    if not isinstance(data, dict) or data.get("is") not in REGISTRY:
        what = data.get("is") if isinstance(data, dict) else data
        raise InputError(f"没有名为“{str(what)[:20]}”的计分方法。", "请从列表中选择计分方法。")
    kind = REGISTRY[data["is"]]
    hints = get_type_hints(kind)
    known = {field.name for field in dataclasses.fields(kind)}
    strange = set(data) - known - {"is"}
    if strange:
        raise InputError(f"“{kind.label}”没有参数{sorted(strange)[0]}。", "请删除这个参数。")
    values = {
        name: _typed(value, hints[name], kind.label, depth)
        for name, value in data.items() if name != "is"
    }
    missing = [
        field.name for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.name not in values
    ]
    if missing:
        raise InputError(f"“{kind.label}”缺少参数{missing[0]}。", "请补全参数。")
    return kind(**values)


def _typed(value: Any, hint: Any, label: str, depth: int) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        (hint,) = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if not isinstance(value, list):
            raise InputError(f"“{label}”的参数应是一张表。", "请重新填写。")
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_typed(one, inner[0], label, depth) for one in value)
        if len(inner) != len(value):
            raise InputError(f"“{label}”的表有一行缺列。", "请补全这一行。")
        return tuple(_typed(one, kind, label, depth) for one, kind in zip(value, inner, strict=True))
    if hint is Decimal:
        return _decimal(value, label)
    if hint in (str, bool, int):
        if not isinstance(value, hint):
            raise InputError(f"“{label}”的参数“{str(value)[:20]}”类型不对。", "请重新填写。")
        return value
    return from_data(value, depth + 1)


def _decimal(value: Any, label: str) -> Decimal:
    try:
        found = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise InputError(f"“{label}”的参数“{str(value)[:20]}”不是数字。", "请填数字。")
    return found


def insist(holds: bool, what: str, todo: str = "请改正参数。") -> None:
    """InputError when a parameter cannot be used: a rule that would give a wrong number is never made."""
    if not holds:
        raise InputError(what, todo)


def parts_of(rule: Any) -> list[Any]:
    """The primitives directly inside one."""
    found = []
    for field in dataclasses.fields(rule):
        found += _inside(getattr(rule, field.name))
    return found


def _inside(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [one for item in value for one in _inside(item)]
    return [value] if hasattr(value, "code") and dataclasses.is_dataclass(value) else []


def words_in(rule: Any) -> set[str]:
    """All texts among a rule's own parameters: names of figures, kinds of events, states."""
    found: set[str] = set()
    for field in dataclasses.fields(rule):
        waiting = [getattr(rule, field.name)]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                found.add(one)
            elif isinstance(one, tuple):
                waiting += one
    return found - {""}
