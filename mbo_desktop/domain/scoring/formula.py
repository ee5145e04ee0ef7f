"""The free formula with Chinese names: 分值×实绩÷目标, 最小(…), 如果(…) (domain notes §3.8).

Evaluated by simpleeval, which reaches nothing but the names and functions given to it; numbers
are decimals, full-width signs are read as people type them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any

import simpleeval  # type: ignore[import-untyped]

from mbo_desktop.domain.scoring.facts import NAMES, ZERO, Facts, Group, Say, rounded, shown
from mbo_desktop.domain.scoring.rule import primitive
from mbo_desktop.errors import InputError

LONGEST = 500
_SIGNS = str.maketrans({
    "×": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "＋": "+", "－": "-", "−": "-", "＞": ">",
    "＜": "<", "＝": "=", "％": "%", "。": ".", "：": ":",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})
_WORDS = ((re.compile(r"≥"), ">="), (re.compile(r"≤"), "<="), (re.compile(r"≠"), "!="),
          (re.compile(r"(?<![<>=!])=(?!=)"), "=="), (re.compile(r"(\d+(?:\.\d+)?)%"), r"(\1/100)"),
          (re.compile(r"且"), " and "), (re.compile(r"或"), " or "))
_CODES = {word: code for code, word in NAMES.items()}
_GROUP = {"平均": "mean", "最大": "max", "最小": "min"}


def _plain(text: str) -> str:
    plain = text.strip().translate(_SIGNS)
    for pattern, sign in _WORDS:
        plain = pattern.sub(sign, plain)
    return plain


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]
    """Numbers become decimals; a power or a text is refused."""

    def __init__(self) -> None:
        super().__init__(functions={}, names={})
        operators = {
            ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
            ast.Div: lambda a, b: a / b, ast.USub: lambda a: -a, ast.UAdd: lambda a: a,
            ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b, ast.Lt: lambda a, b: a < b,
            ast.LtE: lambda a, b: a <= b, ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b,
        }
        self.operators = operators

    def _eval_constant(self, node: ast.Constant) -> Any:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise simpleeval.FeatureNotAvailable("only numbers")
        return Decimal(repr(node.value))


class _Choices(ast.NodeTransformer):
    """如果(…) becomes a choice that looks at one branch only: the other may divide by zero."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call of 如果 as a choice."""
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "如果"):
            return node
        if len(node.args) != 3 or node.keywords:
            raise InputError("“如果”要写三部分。", "请写成 如果(条件,成立时,不成立时)。")
        return ast.IfExp(*node.args)


def _whole(value: Any) -> Decimal:
    return Decimal(int(value))


def _round(value: Any, digits: Any = ZERO) -> Decimal:
    return rounded(value, int(digits))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "取整": _whole, "四舍五入": _round, "绝对值": abs,
    "取大": lambda *values: max(values), "取小": lambda *values: min(values),
}
"""Functions of the formula by name, 如果(…) beside them; 组平均, 组最大, 组最小 take a figure's name."""


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[ast.AST, tuple[str, ...]]:
    """The tree of a formula and the names it uses; InputError for what is none."""
    if len(text) > LONGEST:
        raise InputError(f"公式超过{LONGEST}字。", "请拆成几个指标,或改用组合规则。")
    try:
        tree = _Choices().visit(ast.parse(_plain(text), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InputError(f"公式“{text[:30]}”读不出来。", "请检查括号和运算符,例如 分值*实绩/目标。") from error
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    names = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - called)
    allowed = (ast.IfExp, ast.Call, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp,
               ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context)
    for node in ast.walk(tree):
        if not isinstance(node, allowed) or isinstance(node, ast.Pow | ast.Mod | ast.FloorDiv):
            raise InputError(f"公式“{text[:30]}”用了不允许的写法。", "只能用四则运算、比较和列出的函数。")
    unknown = called - FUNCTIONS.keys()
    if unknown:
        raise InputError(f"公式里没有“{min(unknown)}”这个函数。", f"可用:如果、{'、'.join(FUNCTIONS)}。")
    return tree, tuple(names)


@primitive("formula", "自编公式")
@dataclass(frozen=True, slots=True)
class Formula:
    """A formula over 分值, 实绩, 目标, 上年, 完成率, 增幅, named figures, and 组平均_实绩 and the like."""

    text: str

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        tree, names = _parsed(self.text)
        values: dict[str, Decimal] = {}
        for name in names:
            value = _value(facts, group, name)
            if value is None:
                return None
            values[name] = value
        points = _evaluated(self.text, tree, values)
        if say is not None:
            filled = "、".join(f"{name}={shown(value)}" for name, value in values.items())
            say.append(f"{self.text}({filled})={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        return f"按公式:{self.text}"


def _evaluated(text: str, tree: ast.AST, values: dict[str, Decimal]) -> Decimal:
    evaluator = _Evaluator()
    evaluator.names = values
    evaluator.functions = FUNCTIONS
    try:
        found = evaluator.eval(text, previously_parsed=tree)
    except (ZeroDivisionError, DecimalException) as error:
        raise InputError(f"公式“{text[:30]}”除以了0,或数太大。", "请用 如果(目标=0,…) 写明这种情况怎样计分。") from error
    except (simpleeval.InvalidExpression, TypeError, ValueError, KeyError, RecursionError) as error:
        raise InputError(f"公式“{text[:30]}”算不出来。", "请检查函数的参数个数和写法。") from error
    if isinstance(found, bool) or not isinstance(found, Decimal) or not found.is_finite():
        raise InputError(f"公式“{text[:30]}”的结果不是分数。", "结果应是一个数,判断请用 如果(条件,分数,分数)。")
    return found


def _value(facts: Facts, group: Group, name: str) -> Decimal | None:
    if name.startswith("组") and "_" in name:
        kind, _, of = name[1:].partition("_")
        code = _CODES.get(of, of)
        found = group.values(code)
        if kind not in _GROUP or not found:
            return None
        return {"mean": group.mean(code), "max": max(found), "min": min(found)}[_GROUP[kind]]
    return facts.value(_CODES.get(name, name))


def names_of(text: str) -> tuple[str, ...]:
    """The names a formula uses; InputError for a broken one."""
    return _parsed(text)[1]


def check(text: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The names a formula uses; InputError for a broken one or a name that nobody can fill."""
    _, names = _parsed(text)
    for name in names:
        plain = name.partition("_")[2] if name.startswith("组") else name
        if plain not in _CODES and plain not in known:
            raise InputError(f"公式里的“{name}”没有数据。", f"可用:{'、'.join(_CODES)}。")
    return names
