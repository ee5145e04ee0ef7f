"""Checks of one node of the decomposition: who answers for it, by when, by what plan.

The people are asked for where the work ends: a node without parts needs a responsible person
and a handler, one with parts somebody who leads. What comes from above counts, and what is
missing is told once, at the topmost node where it can be mended for all below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from mbo_desktop.domain.blank_quantities import quantities, rule_of
from mbo_desktop.domain.blanks import Blank, BlankKind, Context, NodeState, PostState, Severity
from mbo_desktop.domain.calendar import find_deadline, show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.pace import against_children, is_cumulative, plan_problems
from mbo_desktop.domain.targets import TargetForm

_STAGED = frozenset({TargetForm.MILESTONE, TargetForm.PROJECT})
"""Forms that stand by a certain day or not at all: they need one of their own."""
_WORDED = _STAGED | {TargetForm.TEXT, TargetForm.CONDITION}
"""Forms without an amount for the year; words may bind all year round (按时足额发放)."""
_POST_FIELDS = ("leader", "responsible", "handler")
_POST_LABELS = ("责任领导", "责任人", "经办人")


def check_node(
    node: NodeState, parent: NodeState | None, children: Sequence[NodeState], context: Context, *,
    siblings_measured: bool = False,
) -> list[Blank]:
    """Everything blank or contradictory about a node, its children's sums and plans included.

    parent: the node above in the tree that states a target, None at the top; children: all
    directly below, N/A ones too; siblings_measured: whether any child of the parent has an
    amount. A node that is N/A has no blanks.
    """
    if node.is_na:
        return []
    parts = [child for child in children if not child.is_na]
    return [
        *_people(node, parent, parts),
        *_changed(node, context),
        *_clears_row(node, parts, context),
        *quantities(node, parent, parts, context, siblings_measured=siblings_measured),
        *_days(node, parent, context),
        *_plan(node, parts, context),
    ]


def _row(
    kind: BlankKind, node: NodeState, text: str, field: str, severity: Severity = Severity.BLANK
) -> Blank:
    unit = None if node.unit is None else RecordId(node.unit)
    return Blank(kind, severity, node.node, unit, text, field, node.place)


# People -----------------------------------------------------------------------


def _people(
    node: NodeState, parent: NodeState | None, parts: Sequence[NodeState]
) -> Iterator[Blank]:
    no_handler = _lacks_handler(node, parts)
    if node.is_target and not parts and node.responsible is None and no_handler:
        yield _row(
            BlankKind.NOT_DIVIDED, node, "尚未分解:没有下级,也没有责任人和经办人", "responsible"
        )
        return
    if _lacks_responsible(node, parts):
        above = parent is not None and parent.unit == node.unit and parent.responsible is None
        if not above or parent is None or parent.is_na:
            text = "没有责任人和经办人" if no_handler else "没有责任人"
            if node.undivided:
                text += f"(已写明不分解:{node.undivided})"
            yield _row(BlankKind.NO_RESPONSIBLE, node, text, "responsible")
            return
    if no_handler:
        yield _row(BlankKind.NO_HANDLER, node, "没有经办人", "handler")


def _lacks_responsible(node: NodeState, parts: Sequence[NodeState]) -> bool:
    """A node with parts may be led by the accountable leader alone."""
    return node.responsible is None and not (parts and node.leader is not None)


def _lacks_handler(node: NodeState, parts: Sequence[NodeState]) -> bool:
    """Somebody does the work where it ends: at a node without parts.

    A city's target that units carry on ends there too once a responsible person is named for it.
    """
    if node.handler is not None or node.undivided or any(not one.is_target for one in parts):
        return False
    return not parts or node.responsible is not None


def _changed(node: NodeState, context: Context) -> Iterator[Blank]:
    """Posts without holder, units that are no more (domain notes §4, 13)."""
    for field, label, post in zip(_POST_FIELDS, _POST_LABELS, node.own_posts, strict=True):
        if post is None:
            continue
        text = _vacancy(context.posts.get(post), label)
        if text:
            yield _row(BlankKind.LEFT, node, text, field, Severity.WRONG)
    unit = None if node.unit is None else context.units.get(node.unit)
    if unit is None or not (node.has_own_unit or node.is_target):
        return
    if unit.is_gone:
        text = f"责任单位“{unit.label}”已从单位登记中删除"
    elif unit.dissolved_on is not None and unit.dissolved_on <= context.today:
        heirs = f",由{unit.heirs}承接" if unit.heirs else ""
        text = f"责任单位“{unit.label}”已于{show_date(unit.dissolved_on)}撤销{heirs}"
    else:
        return
    yield _row(BlankKind.UNIT_GONE, node, text, "unit", Severity.WRONG)


def _vacancy(post: PostState | None, label: str) -> str:
    if post is None or post.is_gone:
        title = f"“{post.title}”" if post is not None and post.title else ""
        return f"{label}的岗位{title}已删除"
    if post.holder:
        return ""
    left = ""
    if post.left:
        on = f"已于{show_date(post.left_on)}" if post.left_on is not None else "已"
        left = f",{post.left}{on}离任"
    return f"{label}岗位“{post.title}”空缺{left}"


# The five clears --------------------------------------------------------------


def five_clears(
    node: NodeState, children: Sequence[NodeState], context: Context
) -> tuple[tuple[str, bool, str], ...]:
    """(name, whether it is clear, what is stated or missing) of the speech's five clears."""
    parts = [child for child in children if not child.is_na]
    when, scheduled = _schedule(node, context)
    lacking = []
    if _lacks_responsible(node, parts):
        lacking.append("责任人")
    if _lacks_handler(node, parts):
        lacking.append("经办人")
    return (
        ("目标任务", node.form is not None, node.text or "目标值未设定"),
        ("攻坚难点", node.difficulties, "已写明" if node.difficulties else "没有写"),
        ("措施办法", node.measures, "已写明" if node.measures else "没有写"),
        ("时间进度", scheduled, when),
        ("责任人员", not lacking, f"没有{'和'.join(lacking)}" if lacking else "已落实"),
    )


def _schedule(node: NodeState, context: Context) -> tuple[str, bool]:
    found = []
    if node.due is not None:
        found.append(f"{show_date(node.due)}前完成")
    if node.plan is not None:
        found.append(f"{node.plan.period.label}计划")
    if node.milestones:
        found.append(f"{len(node.milestones)}个节点")
    if not found and _is_worded(node, context):
        if _names_a_day(node):
            return "目标中已写明时限", True
        return "没有完成时限、计划和节点", False
    # A year's amount without a date is due at the year's end, in equal steps.
    return "、".join(found) or "年底完成,序时推进", True


def _clears_row(node: NodeState, parts: Sequence[NodeState], context: Context) -> Iterator[Blank]:
    """Only of targets that somebody has begun to work on; untouched ones are told as not divided."""
    begun = bool(
        parts or node.difficulties or node.measures or node.plan or node.milestones
        or any(post is not None for post in node.own_posts)
    )
    if not node.is_target or not begun:
        return
    told = {"攻坚难点", "措施办法"}  # the others have rows of their own
    missing = [name for name, clear, _ in five_clears(node, parts, context) if not clear and name in told]
    if missing:
        field = "difficulties" if "攻坚难点" in missing else "measures"
        yield _row(BlankKind.CLEARS, node, f"没有写{'、'.join(missing)}", field)


# Days and plans ---------------------------------------------------------------


def _is_worded(node: NodeState, context: Context) -> bool:
    """Words about something that is measured (高于全省平均) are judged by the year's figure."""
    form = node.form or (context.default_form if node.is_target else None)
    return form in _STAGED or (form in _WORDED and not node.base_measure)


def _names_a_day(node: NodeState) -> bool:
    if find_deadline(node.text) is not None:
        return True
    parts = () if node.value is None else node.value.parts
    return any(one.due for part in parts for one in part.nodes)


def _days(node: NodeState, parent: NodeState | None, context: Context) -> Iterator[Blank]:
    if node.is_target and node.form in _WORDED and not _schedule(node, context)[1]:
        severity = Severity.BLANK if node.form in _STAGED else Severity.NOTE
        yield _row(BlankKind.NO_DUE, node, "没有完成时限,也没有计划和时间节点", "due", severity)
    limit = None if parent is None or parent.is_na else _limit(parent, context)
    if node.own_due is not None and limit is not None and node.own_due > limit:
        text = f"完成时限{show_date(node.own_due)},晚于上级的{show_date(limit)}"
        yield _row(BlankKind.DUE_LATER, node, text, "due", Severity.WRONG)
    late = [] if node.due is None else [
        one for one in node.milestones if one.due is not None and one.due > node.due
    ]
    if late and node.due is not None and late[0].due is not None:
        more = f"等{len(late)}个节点" if len(late) > 1 else ""
        text = f"节点“{late[0].title}”{show_date(late[0].due)}{more},晚于完成时限{show_date(node.due)}"
        yield _row(BlankKind.DUE_LATER, node, text, "due", Severity.WRONG)


def _limit(parent: NodeState, context: Context) -> date | None:
    """An amount of the year without a date is due by its end; words without a date have none."""
    if parent.due is not None:
        return parent.due
    return date(context.year, 12, 31) if parent.amount is not None else None


def _plan(node: NodeState, parts: Sequence[NodeState], context: Context) -> Iterator[Blank]:
    if node.plan is None:
        return
    cumulative = is_cumulative(node.form, node.title, node.measure)
    until = node.due if node.due is not None and node.due.year == context.year else None
    said = plan_problems(
        node.plan, node.amount, cumulative=cumulative, unit=node.measure, until=until
    )
    rule = rule_of(node, context)
    under = [child for child in parts if not (child.is_target and node.is_target)]
    behind = against_children(
        node.plan, node.measure, [(child.plan, child.measure) for child in under], rule
    )
    said += [behind] if behind else []
    if said:
        yield _row(BlankKind.PLAN, node, ";".join(said), "plan", Severity.WRONG)

