"""Checks of the quantities of a node: set, added up, measured alike, and fitting last year's.

Rates, averages and ranks are never added up; 加压 is told and not wrong; a part without an
amount leaves the sum open instead of making it wrong (domain notes §4, checks 2, 5, 7–9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mbo_desktop.domain.blanks import Blank, BlankKind, Context, NodeState, Severity
from mbo_desktop.domain.cascade import (
    Coverage,
    SumRule,
    converted,
    coverage,
    ended,
    exactly,
    sum_rule,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.plausibility import COMPARABLE, RATES, growth_part, main_part
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.targets import Direction, TargetForm, TargetPart, TargetValue
from mbo_desktop.domain.units import parse_unit

_AMOUNTS = frozenset({
    TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST,
    TargetForm.AT_LEAST,
})
_NAMED = 3
"""Children named in one sentence."""
_NEARLY_A_HUNDRED = (Decimal(90), Decimal(110))
"""Weights that add up to about so much were meant as %."""


def rule_of(node: NodeState, context: Context) -> SumRule:
    """How the parts of a node answer for its amount."""
    form = node.form or context.default_form
    return sum_rule(form, context.direction, node.title, node.measure)


def quantities(
    node: NodeState, parent: NodeState | None, parts: Sequence[NodeState], context: Context, *,
    siblings_measured: bool,
) -> Iterator[Blank]:
    """Everything about the amounts of a node that is not N/A; parts: its children without N/A ones."""
    yield from _not_set(node, parent, context, siblings_measured)
    yield from _against_last_year(node, context)
    if parent is not None and not parent.is_na:
        yield from _measure(node, parent)
    if not parts:
        return
    if node.divided_at is not None and node.amount is not None and node.divided_at != node.amount:
        text = f"目标已由{_amount(node.divided_at, node)}改为{_amount(node.amount, node)},下级仍按原数分解"
        yield _row(BlankKind.REDIVIDE, node, text, "value", Severity.WRONG)
    yield from _sums(node, parts, context)
    yield from _shares(node, parts)
    yield from _doubles(node, parts)


def _row(
    kind: BlankKind, node: NodeState, text: str, field: str, severity: Severity
) -> Blank:
    unit = None if node.unit is None else RecordId(node.unit)
    return Blank(kind, severity, node.node, unit, text, field, node.place)


def _amount(amount: Decimal, node: NodeState) -> str:
    return f"{show(amount)}{node.measure}"


def _not_set(
    node: NodeState, parent: NodeState | None, context: Context, siblings_measured: bool
) -> Iterator[Blank]:
    if node.form is not None:
        return
    if node.is_target:
        yield _row(BlankKind.NOT_SET, node, "目标值未设定", "value", Severity.BLANK)
        return
    if parent is None or parent.amount is None or not rule_of(parent, context).adds:
        return
    # A task of its own (新建3个园区) needs no amount as long as none beside it has one.
    if siblings_measured or not node.has_own_title:
        text = f"没有分到数量,上级为{_amount(parent.amount, parent)}"
        yield _row(BlankKind.NOT_SET, node, text, "value", Severity.BLANK)


# Sums -------------------------------------------------------------------------


def _sums(node: NodeState, parts: Sequence[NodeState], context: Context) -> Iterator[Blank]:
    rule = rule_of(node, context)
    if node.amount is None or rule is SumRule.NONE:
        return
    under = [child for child in parts if _comparable(node, child, rule)]
    if not rule.adds:
        yield from _each(node, under, rule, context)
        return
    targets = _top_units([one for one in under if one.is_target], context)
    lines = [one for one in targets if _is_line(one, context)]
    areas = [one for one in targets if not _is_line(one, context)]
    own = [one for one in under if not one.is_target]
    # 条块: areas, departments and own divisions may each carry the whole of it.
    groups = [_covered(node, group, rule) for group in (areas, lines, own) if group]
    groups = [group for group in groups if group.given is not None]
    if not groups:
        return
    if rule is SumRule.CAP:
        broken = next((group for group in groups if not group.holds), None)
        if broken is not None and broken.given is not None and broken.rest is not None:
            text = (f"分解合计{_amount(broken.given, node)},超过控制数{_amount(node.amount, node)},"
                    f"多{_amount(-broken.rest, node)}")
            yield _row(BlankKind.SUM, node, text, "value", Severity.WRONG)
        return
    whole = groups[0] if len(groups) == 1 else _covered(node, [*targets, *own], rule)
    yield from _sum_row(node, groups, whole)


def _sum_row(node: NodeState, groups: Sequence[Coverage], whole: Coverage) -> Iterator[Blank]:
    assert node.amount is not None
    if not whole.holds and whole.given is not None and whole.rest is not None:
        text = (f"分解合计{_amount(whole.given, node)},低于{_amount(node.amount, node)},"
                f"还差{_amount(whole.rest, node)}")
        yield _row(BlankKind.SUM, node, text, "value", Severity.WRONG)
    elif len(groups) == 1 and whole.rest is not None and whole.rest < 0:
        assert whole.given is not None
        rate = "" if whole.surplus_percent is None else f",加压{show(abs(whole.surplus_percent))}%"
        text = (f"分解合计{_amount(whole.given, node)},比{_amount(node.amount, node)}"
                f"多{_amount(-whole.rest, node)}{rate}")
        yield _row(BlankKind.PRESSED, node, text, "value", Severity.NOTE)


def _covered(node: NodeState, under: Sequence[NodeState], rule: SumRule) -> Coverage:
    assert node.amount is not None
    return coverage(node.amount, node.measure, [(c.amount, c.measure) for c in under], rule)


def _comparable(node: NodeState, child: NodeState, rule: SumRule) -> bool:
    """Of the same kind of statement; a task in words beside amounts is none of the sum."""
    if child.form is None:
        return True
    if child.amount is None:
        return False
    if rule.adds or node.form in _AMOUNTS or node.form is None:
        return child.form in _AMOUNTS
    return child.form is node.form


def _top_units(targets: Sequence[NodeState], context: Context) -> list[NodeState]:
    """Targets of units that do not stand below another of them (a county's townships are its own)."""
    paths = {}
    for one in targets:
        unit = None if one.unit is None else context.units.get(one.unit)
        if unit is not None:
            paths[one.node] = unit.path
    held = set(paths.values())
    return [one for one in targets if not _below_any(paths.get(one.node, ""), held)]


def _is_line(node: NodeState, context: Context) -> bool:
    unit = None if node.unit is None else context.units.get(node.unit)
    return unit is not None and unit.is_line


def _below_any(path: str, held: set[str]) -> bool:
    steps = path.strip("/").split("/")
    return any(f"/{'/'.join(steps[:count])}/" in held for count in range(1, len(steps)))


def _each(
    node: NodeState, under: Sequence[NodeState], rule: SumRule, context: Context
) -> Iterator[Blank]:
    assert node.amount is not None
    found = coverage(node.amount, node.measure, [(c.amount, c.measure) for c in under], rule)
    if not found.breaking:
        return
    side = "低于" if rule is SumRule.FLOOR_EACH else "高于"
    named = "、".join(
        f"{_called(under[place], context)}{_amount(under[place].amount or Decimal(0), under[place])}"
        for place in found.breaking[:_NAMED]
    )
    more = f"等{len(found.breaking)}项" if len(found.breaking) > _NAMED else ""
    text = f"{named}{more}{side}{_amount(node.amount, node)}"
    yield _row(BlankKind.EACH, node, text, "value", Severity.NOTE)


def _called(node: NodeState, context: Context) -> str:
    """What tells a part apart from those beside it: its own title, else its unit."""
    unit = None if node.unit is None else context.units.get(node.unit)
    own = node.title if node.has_own_title and not node.is_target else ""
    return own or ("" if unit is None else unit.label)


def _shares(node: NodeState, parts: Sequence[NodeState]) -> Iterator[Blank]:
    under = [child for child in parts if not child.is_target]
    shares = [child.share for child in under if child.share is not None]
    total = sum(shares, Decimal(0))
    if total > 100:
        text = f"下级份额合计{show(total)}%,超过100%"
        yield _row(BlankKind.SHARES, node, text, "share", Severity.WRONG)
    elif shares and len(shares) == len(under) and total < 100:
        text = f"下级份额合计{show(total)}%,余{show(100 - total)}%"
        yield _row(BlankKind.SHARES, node, text, "share", Severity.NOTE)
    weights = [child.weight for child in under if child.weight is not None]
    whole = sum(weights, Decimal(0))
    low, high = _NEARLY_A_HUNDRED
    if len(weights) == len(under) > 1 and whole != 100 and low <= whole <= high:
        text = f"下级权重合计{show(whole)},不是100"
        yield _row(BlankKind.SHARES, node, text, "weight", Severity.NOTE)


def _doubles(node: NodeState, parts: Sequence[NodeState]) -> Iterator[Blank]:
    """The same unit twice below one parent, with neither title nor people to tell them apart."""
    same = Counter(
        (child.title, child.unit, child.responsible, child.handler) for child in parts
        if not child.is_target and (child.has_own_title or child.has_own_unit)
    )
    for (title, *_rest), count in same.items():
        if count > 1:
            text = f"下级“{title}”同一单位有{count}项"
            yield _row(BlankKind.DOUBLE, node, text, "title", Severity.NOTE)


# Measures and last year -------------------------------------------------------


def _measure(node: NodeState, parent: NodeState) -> Iterator[Blank]:
    """Another unit of measure: converted into the sum, or a contradiction.

    A task of its own (开工项目5个 below 投资100亿元) may be measured as it likes.
    """
    both = node.form in _AMOUNTS and parent.form in _AMOUNTS
    if not both or node.amount is None or parent.amount is None or node.measure == parent.measure:
        return
    same = exactly(node.amount, node.measure, parent.measure)
    if same is not None:
        text = (f"计量单位为“{node.measure}”,上级为“{parent.measure}”,"
                f"{_amount(node.amount, node)}按{show(ended(same))}{parent.measure}计入")
        yield _row(BlankKind.MEASURE, node, text, "unit_of_measure", Severity.NOTE)
        return
    if node.has_own_title and not node.is_target:
        return
    counted = [parse_unit(one) for one in (node.measure, parent.measure)]
    vague = any(one is None or one.dimension.startswith("count:") for one in counted)
    text = f"计量单位为“{node.measure or '无'}”,上级为“{parent.measure or '无'}”,不能换算"
    severity = Severity.NOTE if vague else Severity.WRONG
    yield _row(BlankKind.MEASURE, node, text, "unit_of_measure", severity)


def _against_last_year(node: NodeState, context: Context) -> Iterator[Blank]:
    before = node.last_year
    if before is None or node.form is None:
        return
    value = node.value or TargetValue((TargetPart(node.form, node.amount, node.measure),))
    main = main_part(value)
    if main is None or main.amount is None or main.form not in COMPARABLE:
        return
    amount = converted(main.amount, main.unit or node.measure, node.base_measure)
    if amount is None:
        return
    if amount > 0 and before > 0 and not Decimal("0.1") < amount / before < 10:
        text = f"目标{_based(amount, node)}与上年实绩{_based(before, node)}相差十倍以上"
        yield _row(BlankKind.LAST_YEAR, node, text, "last_year", Severity.NOTE)
    elif _falls(main.form, amount, before, context.direction):
        side = "高于" if context.direction is Direction.LOWER else "低于"
        text = f"目标{_based(amount, node)}{side}上年实绩{_based(before, node)}"
        yield _row(BlankKind.LAST_YEAR, node, text, "value", Severity.NOTE)
    stated = growth_part(value)
    if stated is not None and stated.amount is not None and before > 0 and node.base_measure not in RATES:
        signed = -stated.amount if stated.form is TargetForm.DECREASE_RATE else stated.amount
        exact = (amount / before - 1) * 100
        fitting = round_half_up(before * (1 + signed / 100), _digits(amount))
        if abs(exact - signed) > Decimal("0.05") and fitting != amount:
            text = (f"写明增长{show(signed)}%,按目标{_based(amount, node)}和上年实绩"
                    f"{_based(before, node)}计算为{show(round_half_up(exact, 1))}%")
            yield _row(BlankKind.LAST_YEAR, node, text, "value", Severity.WRONG)


def _based(amount: Decimal, node: NodeState) -> str:
    return f"{show(amount)}{node.base_measure}"


def _falls(form: TargetForm, amount: Decimal, before: Decimal, direction: Direction) -> bool:
    if direction is Direction.LOWER:
        return form is not TargetForm.AT_LEAST and amount > before
    return direction is Direction.HIGHER and form is not TargetForm.AT_MOST and amount < before


def _digits(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
