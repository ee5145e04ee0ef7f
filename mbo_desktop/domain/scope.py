"""Who may write what in a package: the types and field values that go down and up (一级抓一级).

A record has one writer, the office that owns it. What an office may say about others' records it
says in records of its own: an allocation or a figure on a target, a reply, never the target.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.exchange import BindingRole, EditionLine, PackageKind, ReplyKind
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.rounds import RoundSide

Body = Mapping[str, Any]

REGISTER = frozenset({"unit", "post", "person", "tenure"})
FRAMEWORK = frozenset({"category", "indicator", "target"})

DOWN = REGISTER | FRAMEWORK | frozenset({
    "agreement", "agreement_template", "adjustment", "correction", "joint_duty", "succession",
    "outside_figure", "scheme", "given_score", "bonus_item", "veto", "objection", "sealed_score",
    "target_result", "unit_result", "inspection", "finding", "docket", "progress_report",
    "progress_snapshot", "proposal_round", "target_proposal", "allocation", "reply",
    "reporting_rules", "work_calendar",
})
"""What a superior issues: its own records, as far as they concern the recipient."""
UP = REGISTER | frozenset({
    "allocation", "progress_report", "evidence", "progress_problem", "given_score",
    "proposal_round", "target_proposal", "reply", "binding",
})
"""What a unit's office or a certifying office reports."""
RELAYED_DOWN = REGISTER | FRAMEWORK | frozenset({"allocation", "reporting_rules", "work_calendar"})
"""Records of the superior's superior that what is issued hangs on, or that hold where the superior set none."""
RELAYED_UP = UP
"""Records of offices that are registered under the sender."""

_FIGURES_DOWN = frozenset({FigureKind.CERTIFIED, FigureKind.VERIFIED, FigureKind.PROXY})
_REPLIES_DOWN = frozenset({ReplyKind.RETURN, ReplyKind.RECEIPT})
_REPLIES_UP = frozenset({
    ReplyKind.OBJECTION, ReplyKind.FEEDBACK, ReplyKind.REQUEST, ReplyKind.RECEIPT,
})


@dataclass(frozen=True, slots=True)
class Subject:
    """A target or allocation that a line speaks of, as it is known here.

    units: names of the units that carry it; certifiers: names of the units that its indicator
    names as certifying.
    """

    units: frozenset[str]
    certifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who sends to whom.

    offices are 32 hexadecimal digits, units names ("owner/uuid").
    """

    sender: str
    role: BindingRole
    own: str
    """The receiving office."""
    units: frozenset[str] = frozenset()
    """Unit records that stand for the sender or for what is below it, here and in its own register."""
    registered: frozenset[str] = frozenset()
    """Offices that the sender said are registered under it."""
    subordinates: frozenset[str] = frozenset()
    """Offices that are registered under the receiving one."""
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    """What is known of the targets and allocations that lines speak of, by name."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that its sender may not write, and why, in words."""

    name: str
    type_name: str
    why: str


def references(value: Any) -> Iterable[str]:
    """All "owner/uuid" names in a body, those in nested objects and lists too."""
    if isinstance(value, str):
        if is_name(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from references(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from references(one)


def is_name(text: str) -> bool:
    """Whether a text is a record's name: 32 hexadecimal digits, a slash, 32 more."""
    return len(text) == 65 and _NAME(text) is not None


_NAME = re.compile("[0-9a-f]{32}/[0-9a-f]{32}").fullmatch


def wrong_direction(kind: PackageKind, role: BindingRole) -> str:
    """Why an office of this role sends no such package, in words; "" when it may."""
    if kind is PackageKind.ISSUE and role is not BindingRole.SUPERIOR:
        return "下发包只能由上级机关制出,对方在本机关登记为" + role.label + "。"
    if kind is PackageKind.REPORT and role is BindingRole.SUPERIOR:
        return "上报包只能由下级机关或来源部门制出,对方在本机关登记为上级。"
    return ""


def breaches(
    kind: PackageKind, standing: Standing, lines: Iterable[tuple[EditionLine, Body | None]]
) -> tuple[Breach, ...]:
    """The lines that overstep what the sender may write; bodies None for withheld ones."""
    found = []
    for line, body in lines:
        why = _why(kind, standing, line, body)
        if why:
            found.append(Breach(line.name, line.type, why))
    return tuple(found)


def _why(kind: PackageKind, standing: Standing, line: EditionLine, body: Body | None) -> str:
    if kind is PackageKind.RECEIPT:
        return "回执包中不应有数据。"
    if kind is PackageKind.ISSUE:
        return _owner_down(standing, line) or (_down(line.type, body) if body is not None else "")
    if kind is PackageKind.REPORT:
        return _owner_up(standing, line) or (_up(standing, line, body) if body is not None else "")
    return "这种包不经机关之间交换。"


def _owner_down(standing: Standing, line: EditionLine) -> str:
    if line.owner == standing.sender:
        return "" if line.type in DOWN else "上级不下发这类内容。"
    if line.owner == standing.own:
        return "是本机关的内容,上级不能改。"
    if line.owner in standing.subordinates:
        return "是本机关下级的内容,上级不能改。"
    return "" if line.type in RELAYED_DOWN else "不是对方的内容,也不能由对方转发。"


def _owner_up(standing: Standing, line: EditionLine) -> str:
    if line.owner == standing.own:
        return "是本机关的内容,只有本机关能改。"
    if line.type not in UP:
        return "下级不上报这类内容。"
    if line.owner == standing.sender:
        return ""
    # Who is registered here directly speaks for itself, whatever another office claims.
    if line.owner in standing.subordinates or line.owner not in standing.registered:
        return "不是对方及其下级的内容。"
    return ""


def _down(type_name: str, body: Body) -> str:
    """Field values that a superior does not issue."""
    kind = body.get("kind")
    if type_name == "given_score" and kind == ScoreKind.SELF:
        return "自评分只能由单位自己填。"
    if type_name == "progress_report" and kind not in _FIGURES_DOWN:
        return "自报数只能由单位自己报。"
    if type_name == "reply" and kind not in _REPLIES_DOWN:
        return "上级只下发退回意见和签收。"
    if type_name == "proposal_round" and body.get("side") == RoundSide.UNIT:
        return "单位自报只能由单位自己报。"
    return ""


def _up(standing: Standing, line: EditionLine, body: Body) -> str:
    """Field values that an office does not report."""
    check = _UPWARD.get(line.type)
    return check(standing, body) if check is not None else ""


def _allocation(standing: Standing, body: Body) -> str:
    target = body.get("target")
    if target is not None and not _carries(standing, target):
        return "分解的不是对方承担的目标。"
    return ""


def _figure(standing: Standing, body: Body) -> str:
    kind, subject = body.get("kind"), str(body.get("subject"))
    if kind == FigureKind.CERTIFIED:
        return "" if certifies(standing, subject) else "这项指标没有委托对方提供数据。"
    if kind == FigureKind.VERIFIED:
        return "核实数只能由督查的机关录入。"
    if kind == FigureKind.PROXY:
        return "" if _is_theirs(standing, subject) else "代录数只能用于对方自己的分解项。"
    return "" if _carries(standing, subject) else "报的不是对方承担的目标。"


def _on_subject(standing: Standing, body: Body) -> str:
    subject = str(body.get("subject"))
    carried = _carries(standing, subject) or certifies(standing, subject)
    return "" if carried else "涉及的不是对方承担的目标。"


def _score(standing: Standing, body: Body) -> str:
    if body.get("kind") == ScoreKind.SELF:
        return "" if _carries(standing, str(body.get("subject"))) else "自评的不是对方承担的目标。"
    if body.get("kind") == ScoreKind.CERTIFIED:
        known = certifies(standing, str(body.get("subject")))
        return "" if known else "这项指标没有委托对方核定。"
    return "复核分、审定分只能由上级录入。"


def _round(_: Standing, body: Body) -> str:
    return "" if body.get("side") == RoundSide.UNIT else "对方只能上报单位自报的一轮。"


def _proposal(standing: Standing, body: Body) -> str:
    unit = str(body.get("unit"))
    return "" if unit in standing.units or _is_theirs(standing, unit) else "建议的不是对方的目标值。"


def _reply(_: Standing, body: Body) -> str:
    return "" if body.get("kind") in _REPLIES_UP else "退回意见只能由上级下发。"


def _binding(standing: Standing, body: Body) -> str:
    if body.get("office") in (standing.own, standing.sender):
        return "对方不能登记本机关。"
    return "" if body.get("role") != BindingRole.SUPERIOR else "上级机关的登记不上报。"


_UPWARD = {
    "allocation": _allocation, "progress_report": _figure, "evidence": _on_subject,
    "progress_problem": _on_subject, "given_score": _score, "proposal_round": _round,
    "target_proposal": _proposal, "reply": _reply, "binding": _binding,
}


def certifies(standing: Standing, subject: str) -> bool:
    """Whether the subject's indicator names the sender as certifying.

    A subject or delegation that has not been received yet does not stand in the way: the
    figure is kept and does not count until it has.
    """
    known = standing.subjects.get(subject)
    return known is None or bool(known.certifiers & standing.units)


def _carries(standing: Standing, subject: str) -> bool:
    """Whether the sender carries the subject; one not yet known here is given the benefit."""
    if _is_theirs(standing, subject):
        return True
    known = standing.subjects.get(subject)
    return known is None or bool(known.units & standing.units)


def _is_theirs(standing: Standing, name: str) -> bool:
    owner = name.partition("/")[0]
    return owner == standing.sender or owner in standing.registered
