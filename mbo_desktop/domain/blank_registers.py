"""Checks beside the tree: indicators of the framework, units of the register, their people.

Domain notes §4, checks 1, 5, 6, 7, 11, 12 and 13: what nobody scores, who carries nothing, who has
no agreement, whose points do not add up, what changed since it was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mbo_desktop.domain.blanks import Blank, BlankKind, Room, Severity
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.scoring.group_sense import GroupDoubt

CARRYING = frozenset(UnitKind) - {UnitKind.GOVERNMENT, UnitKind.DIVISION}
"""Kinds of units that are to carry something of their own."""
_BUSY_BY_ROLE = frozenset({PostRole.PRINCIPAL, PostRole.LIAISON})
"""The first post answers for all of its unit, the liaison for none of it."""
_NAMED = 5
_SEVERAL = 5
_OF_ALL = {
    BlankKind.NO_SCORING: "没有评分标准", BlankKind.NO_CERTIFIER: "没有考核部门",
    BlankKind.NO_DATA_SOURCE: "没有数据来源",
}
"""What is said when no indicator of the year has it."""


class IndicatorState(NamedTuple):
    """An indicator of the year with who carries it; N/A targets left out."""

    id: int
    name: str
    has_points: bool
    has_scoring: bool
    certifying_text: str
    certifying_units: tuple[int, ...]
    has_data_source: bool
    carriers: tuple[tuple[int, str, tuple[str, ...]], ...]
    """(unit, its label, all its names)."""


class UnitLoad(NamedTuple):
    """What a unit carries in the year, and what stands for it."""

    id: int
    label: str
    kind: UnitKind
    is_standing: bool
    is_own: bool
    """The office's own government."""
    targets: int
    """Not N/A."""
    nodes: int
    """Allocations in effect."""
    supports: bool
    principal: str
    """Holder of the first post, empty: none."""
    has_agreement: bool
    points: Decimal
    declared: Decimal | None


class PersonLoad(NamedTuple):
    """Somebody who holds a post of a unit today."""

    id: int
    name: str
    title: str
    role: PostRole
    carries: bool


class SignedState(NamedTuple):
    """An agreement both sides signed: who signed for the unit, who holds that post today."""

    agreement: int
    unit: int
    label: str
    signed_on: date
    signed_by: str
    title: str
    holder: str
    renamed_from: str
    """The name it had when it was signed, when it has another since."""


class SameName(NamedTuple):
    """Two indicators of one name that a unit carries both."""

    indicator: int
    unit: int
    label: str
    name: str
    categories: tuple[str, ...]
    texts: tuple[str, ...]
    node: int


def check_indicator(one: IndicatorState) -> Iterator[Blank]:
    """What the framework leaves open about an indicator."""
    def row(
        kind: BlankKind, text: str, severity: Severity, unit: int | None = None, label: str = ""
    ) -> Blank:
        place = f"{one.name} · {label}" if label else one.name
        return Blank(
            kind, severity, one.id, None if unit is None else RecordId(unit), text, "", place,
            None, Room.PLANNING, one.id, "indicator",
        )

    if not one.carriers:
        yield row(BlankKind.NOT_ALLOTTED, "没有下达到任何单位", Severity.BLANK)
        return
    if one.has_points and not one.has_scoring:
        yield row(BlankKind.NO_SCORING, "有分值,没有评分标准", Severity.BLANK)
    certified = bool(one.certifying_units or one.certifying_text.strip())
    if one.has_points and not certified:
        yield row(BlankKind.NO_CERTIFIER, "有分值,没有考核部门", Severity.BLANK)
    if one.has_points and not one.has_data_source and not certified:
        yield row(BlankKind.NO_DATA_SOURCE, "没有数据来源", Severity.NOTE)
    for unit, label, names in one.carriers:
        alone = one.certifying_units == (unit,) or (
            not one.certifying_units and one.certifying_text.strip() in names
        )
        if alone:
            text = f"责任单位和考核部门都是“{label}”"
            yield row(BlankKind.SELF_CERTIFIED, text, Severity.WRONG, unit, label)


def gathered(rows: Sequence[Blank], asked: int) -> list[Blank]:
    """Rows of indicators; what none of the `asked` ones with points has is one row instead of many.

    An office that never writes scoring rules down is told so once.
    """
    by_kind: dict[BlankKind, list[Blank]] = {}
    for one in rows:
        by_kind.setdefault(one.kind, []).append(one)
    whole = {
        kind for kind in _OF_ALL if asked >= _SEVERAL and len(by_kind.get(kind, ())) == asked
    }
    return [
        *(one for one in rows if one.kind not in whole),
        *(Blank(kind, by_kind[kind][0].severity, 0, None, f"{asked}项有分值的指标都{_OF_ALL[kind]}",
                "", "指标体系", None, Room.PLANNING) for kind in _OF_ALL if kind in whole),
    ]


def check_unit(one: UnitLoad) -> Iterator[Blank]:
    """What a unit lacks: something to carry, a first person, an agreement, points that add up."""
    def row(
        kind: BlankKind, text: str, room: Room, severity: Severity = Severity.BLANK,
    ) -> Blank:
        return Blank(
            kind, severity, 0, RecordId(one.id), text, "", one.label, None, room, one.id, "unit",
        )

    carries = one.targets + one.nodes
    if one.is_standing and one.kind in CARRYING and not carries and not one.supports:
        yield row(BlankKind.UNIT_FREE, "登记在册,本年度没有承担任何目标", Room.PLANNING)
    if carries and one.kind is not UnitKind.DIVISION and not one.principal:
        yield row(BlankKind.NO_PRINCIPAL, "没有在任的第一责任人", Room.OFFICES)
    if one.targets and not one.is_own and not one.has_agreement:
        yield row(BlankKind.NO_AGREEMENT, f"有{one.targets}项目标,没有责任书", Room.AGREEMENTS)
    # The own government's targets come from above, with the superior's points.
    if one.declared is not None and one.targets and not one.is_own and one.points != one.declared:
        text = f"分值合计{show(one.points)}分,规定为{show(one.declared)}分"
        yield row(BlankKind.POINTS, text, Room.PLANNING, Severity.WRONG)


def check_people(
    unit: int, label: str, people: Sequence[PersonLoad], *, unit_carries: bool
) -> Iterator[Blank]:
    """People of a unit that carry nothing, where the unit itself carries something."""
    asked = [one for one in people if one.role not in _BUSY_BY_ROLE]
    free = [one for one in asked if not one.carries]
    if not unit_carries or not free:
        return
    if len(free) == len(asked) > 1:
        names = "、".join(one.name for one in free[:_NAMED])
        more = "等" if len(free) > _NAMED else ""
        text = f"{len(free)}人都没有承担任务:{names}{more}"
        yield Blank(BlankKind.PERSON_FREE, Severity.BLANK, 0, RecordId(unit), text, "", label,
                    None, Room.DECOMPOSITION, unit, "unit")
        return
    for one in free:
        who = f"{one.name}({one.title})" if one.title else one.name
        yield Blank(BlankKind.PERSON_FREE, Severity.BLANK, 0, RecordId(unit), f"{who}没有承担任务",
                    "", label, RecordId(one.id), Room.DECOMPOSITION, unit, "unit")


def check_signed(one: SignedState) -> Iterator[Blank]:
    """What changed since an agreement was signed; the duties go on with the post and the unit."""
    said = []
    if one.renamed_from:
        said.append(f"签订时名称为“{one.renamed_from}”")
    if one.signed_by and one.signed_by != one.holder:
        now = f"由{one.holder}接任" if one.holder else "岗位空缺"
        said.append(f"签字人{one.signed_by}({one.title})已离任,{now}")
    if said:
        severity = Severity.NOTE if one.holder or not one.signed_by else Severity.WRONG
        text = f"{show_date(one.signed_on)}签订;{';'.join(said)}"
        yield Blank(BlankKind.SIGNED_CHANGED, severity, 0, RecordId(one.unit), text, "", one.label,
                    None, Room.AGREEMENTS, one.agreement, "agreement")


def double_row(one: SameName) -> Blank:
    """The row of an indicator that a unit was allotted twice."""
    listed = "、".join(
        f"“{name}”{text}" for name, text in zip(one.categories, one.texts, strict=True)
    )
    text = f"同名指标下达了{len(one.texts)}次:{listed}"
    return Blank(BlankKind.DOUBLE, Severity.WRONG, one.node, RecordId(one.unit), text, "title",
                 f"{one.name} · {one.label}", None, Room.PLANNING, one.indicator, "indicator")


def item_row(item: int, source: str, label: str, text: str) -> Blank:
    """The row of an item of a meeting or document that no target rests on."""
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return Blank(BlankKind.ITEM_OPEN, Severity.BLANK, 0, None, f"尚未落实到目标:{label}{shown}", "",
                 source, None, Room.PLANNING, item, "source_item")


def province_row(indicator: int, name: str, said: str, *, is_missing: bool) -> Blank:
    """The row of an indicator whose city value falls short of the province's, or that has none."""
    severity = Severity.BLANK if is_missing else Severity.WRONG
    return Blank(BlankKind.PROVINCE, severity, indicator, None, said, "value", name, None,
                 Room.PLANNING, indicator, "indicator")


def relative_row(indicator: int, name: str, group: str, doubt: GroupDoubt) -> Blank:
    """The row of an indicator scored by comparison in a group where there is nothing to compare."""
    severity = Severity.WRONG if doubt.is_too_few else Severity.NOTE
    return Blank(BlankKind.RELATIVE, severity, indicator, None, doubt.text, "", f"{name} · {group}", None,
                 Room.ASSESSMENT, 0, "scheme")


def undated_certifiers(
    certifying: Mapping[int, int], labels: Mapping[int, str], year: int
) -> Iterator[Blank]:
    """Departments that certify indicators of a year for which no day was set: unit → how many indicators.

    The day is one for all, so many departments are told in one row.
    """
    def row(text: str, unit: int | None, place: str) -> Blank:
        return Blank(BlankKind.NO_DEADLINE, Severity.BLANK, 0, None if unit is None else RecordId(unit),
                     text, "", place, None, Room.PROGRESS, 0, "settings")

    if len(certifying) >= _SEVERAL:
        names = "、".join(labels[unit] for unit in [*certifying][:_NAMED])
        more = "等" if len(certifying) > _NAMED else ""
        text = f"{len(certifying)}个考核部门要核定指标,没有规定{year}年度的报送截止日:{names}{more}"
        yield row(text, None, "指标体系")
        return
    for unit, count in certifying.items():
        yield row(f"要核定{count}项指标,没有规定{year}年度的报送截止日", unit, labels[unit])
