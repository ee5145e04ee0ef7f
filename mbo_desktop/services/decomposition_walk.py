"""A branch of the decomposition as a flat list in the order it is shown, everything in effect.

Papers, the ledger and the picture of the network all start from this walk, so that they
number, name and inherit alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.domain.target_text import show_part
from mbo_desktop.domain.targets import TargetForm, TargetPart
from mbo_desktop.errors import InputError
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_flat as reads
from mbo_desktop.store.queries.decomposition_flat import (
    AllocationLine,
    FlatTree,
    IndicatorLine,
    TargetLine,
)

NO_CATEGORY = 1 << 40
"""Tree id of the row 未分类."""
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class WalkKind(Choice):
    """What a row of the walk stands for."""

    CATEGORY = "category", "类别"
    INDICATOR = "indicator", "指标"
    TARGET = "target", "目标"
    ALLOCATION = "allocation", "分解项"


@dataclass(frozen=True, slots=True)
class WalkPerson:
    """A post on a node with who holds it today."""

    post: RecordId
    name: str
    """Empty while nobody holds the post."""
    title: str
    unit: RecordId
    person: RecordId | None
    inherited: bool = False

    @property
    def label(self) -> str:
        """「王五(综合科科长)」; the post alone, marked 空缺, where nobody holds it."""
        if not self.name:
            return f"{self.title}(空缺)"
        return f"{self.name}({self.title})" if self.title else self.name


@dataclass(frozen=True, slots=True)
class WalkNode:
    """A row of the tree with everything in effect; level 0 are the categories."""

    id: int
    """Id in the tree of the window."""
    kind: WalkKind
    level: int
    parent: int
    """Place of the node above in the walk; -1 at the top."""
    title: str
    target: RecordId | None = None
    indicator: RecordId | None = None
    allocation: RecordId | None = None
    """Its own allocation record, for targets their root; None while not made."""
    unit: RecordId | None = None
    unit_label: str = ""
    target_unit: RecordId | None = None
    """Who carries the target the node hangs under."""
    form: TargetForm | None = None
    amount: Decimal | None = None
    typed: str = ""
    """The value as typed."""
    value: str = ""
    """The value as printed, with its unit of measure."""
    unit_of_measure: str = ""
    share: Decimal | None = None
    weight: Decimal | None = None
    last_year: Decimal | None = None
    points: Decimal | None = None
    supporting: tuple[RecordId, ...] = ()
    supporting_labels: tuple[str, ...] = ()
    leader: WalkPerson | None = None
    responsible: WalkPerson | None = None
    handler: WalkPerson | None = None
    due: date | None = None
    plan: Plan | None = None
    milestones: int = 0
    undivided: str = ""
    note: str = ""
    child_count: int = 0
    title_own: str = ""
    """What the node itself states; empty where the title comes from above."""
    unit_own: bool = False
    due_own: bool = False

    @property
    def is_row(self) -> bool:
        """Whether it carries a target or a part of one (categories only group)."""
        return self.kind is not WalkKind.CATEGORY and self.target is not None


@dataclass(frozen=True, slots=True)
class Walk:
    """All rows in display order and what they are read from."""

    year: int
    nodes: tuple[WalkNode, ...]
    tree: FlatTree
    lines: dict[RecordId, AllocationLine]
    """The allocations below the roots as they are stored."""

    def branch(self, node: int) -> tuple[WalkNode, ...]:
        """A row of the tree (0: all) with everything below it, its level counted as 0.

        Raises InputError when the tree has no such row.
        """
        if not node:
            return self.nodes
        start = next((i for i, one in enumerate(self.nodes) if one.id == node), None)
        if start is None:
            raise InputError("所选的分解项已不存在。", "请刷新后另选。", "未写出任何文件。")
        level = self.nodes[start].level
        stop = start + 1
        while stop < len(self.nodes) and self.nodes[stop].level > level:
            stop += 1
        return self.nodes[start:stop]

    def above(self, node: WalkNode) -> Iterator[WalkNode]:
        """The nodes over one, the nearest first."""
        at = node.parent
        while at >= 0:
            yield self.nodes[at]
            at = self.nodes[at].parent

    def unit_label(self, unit: RecordId | None) -> str:
        """A unit's name in tables."""
        line = None if unit is None else self.tree.units.get(unit)
        return "" if line is None else line.label


def walk(
    store: Store, year: int, *, on: date | None = None, indicators: Sequence[RecordId] | None = None
) -> Walk:
    """The decomposition of a year (or of these indicators); holders of posts on a day (today)."""
    tree = reads.read_tree(store, year, on or clock.today(), indicators)
    nodes = tuple(_Walker(tree).nodes())
    lines = {line.id: line for rows in tree.children.values() for line in rows}
    return Walk(year, nodes, tree, lines)


class _Walker:
    """Goes down the tree and hands on what the nodes below inherit."""

    def __init__(self, tree: FlatTree) -> None:
        self.tree = tree
        self.out: list[WalkNode] = []

    def nodes(self) -> list[WalkNode]:
        """Category by category."""
        place, present = -1, object()
        for line in self.tree.indicators:
            if line.category != present:
                present = line.category
                place = len(self.out)
                self.out.append(WalkNode(
                    line.category or NO_CATEGORY, WalkKind.CATEGORY, 0, -1,
                    line.category_name or "未分类",
                ))
            self._indicator(line, place)
        counts = [0] * len(self.out)
        for node in self.out:
            if node.parent >= 0:
                counts[node.parent] += 1
        for place, count in enumerate(counts):
            if count:
                # Only set here, before anybody sees the node: replacing 20,000 costs 0.1 s.
                object.__setattr__(self.out[place], "child_count", count)
        return self.out

    def _indicator(self, line: IndicatorLine, parent: int) -> None:
        targets = self.tree.targets.get(line.id, ())
        carrier = next((t for t in targets if t.unit == self.tree.own_unit), None)
        if carrier is None and len(targets) == 1:
            carrier = targets[0]
        place = len(self.out)
        if carrier is None:
            self.out.append(WalkNode(
                line.id, WalkKind.INDICATOR, 1, parent, line.name, indicator=line.id,
                unit_of_measure=line.unit_of_measure, title_own=line.name,
            ))
        else:
            self._target(line, carrier, WalkKind.INDICATOR, parent)
        for one in targets:
            if one is not carrier:
                self._target(line, one, WalkKind.TARGET, place)
                self._below(self.tree.roots.get(one.id), len(self.out) - 1)
        if carrier is not None:
            self._below(self.tree.roots.get(carrier.id), place)

    def _target(
        self, line: IndicatorLine, target: TargetLine, kind: WalkKind, parent: int
    ) -> None:
        root = self.tree.roots.get(target.id)
        measure = target.amount_unit or line.unit_of_measure
        supporting = self.tree.joint.get((line.id, target.unit), ())
        if root is not None:
            supporting = tuple(dict.fromkeys((*supporting, *self.tree.supporting.get(root.id, ()))))
        unit = self.tree.units.get(target.unit)
        due = target.due or (root.due if root is not None else None)
        self.out.append(WalkNode(
            line.id if kind is WalkKind.INDICATOR else target.id, kind,
            1 if kind is WalkKind.INDICATOR else 2, parent, line.name, target.id, line.id,
            None if root is None else root.id, target.unit,
            "" if unit is None else unit.label, target.unit,
            form=None if target.form is None else TargetForm.of(target.form),
            amount=_decimal(target.amount), typed=target.text,
            value=value_text(target, line.unit_of_measure, line.decimals),
            unit_of_measure=line.unit_of_measure or measure,
            share=None if root is None else _decimal(root.share),
            weight=None if root is None else _decimal(root.weight),
            last_year=_decimal(target.last_year), points=_decimal(target.points),
            supporting=supporting, supporting_labels=self._labels(supporting),
            leader=None if root is None else self._person(root.leader, inherited=False),
            responsible=None if root is None else self._person(root.responsible, inherited=False),
            handler=None if root is None else self._person(root.handler, inherited=False),
            due=None if due is None else date.fromisoformat(due),
            plan=None if root is None else read_plan(root.plan),
            milestones=0 if root is None else root.milestones,
            undivided="" if root is None else root.undivided, note=target.note,
            title_own=line.name, unit_own=True, due_own=due is not None,
        ))

    def _below(self, root: AllocationLine | None, parent: int) -> None:
        """The nodes under a target's root, depth first."""
        if root is None:
            return
        waiting = [(line, parent) for line in reversed(self.tree.children.get(root.id, ()))]
        while waiting:
            line, above = waiting.pop()
            place = len(self.out)
            self.out.append(self._allocation(line, above))
            waiting += [(one, place) for one in reversed(self.tree.children.get(line.id, ()))]

    def _allocation(self, line: AllocationLine, parent: int) -> WalkNode:
        above = self.out[parent]
        measure = line.unit_of_measure or above.unit_of_measure
        unit = None if line.in_unit is None else self.tree.units.get(line.in_unit)
        due = line.in_due or (None if above.due is None else above.due.isoformat())
        supporting = self.tree.supporting.get(line.id, ())
        return WalkNode(
            line.id, WalkKind.ALLOCATION, above.level + 1, parent, line.title or above.title,
            above.target, above.indicator, line.id, line.in_unit,
            "" if unit is None else unit.label, above.target_unit,
            None if line.form is None else TargetForm.of(line.form), _decimal(line.amount),
            line.text, value_text(line, measure, None), measure, _decimal(line.share),
            _decimal(line.weight), _decimal(line.last_year), None, supporting,
            self._labels(supporting),
            self._person(line.in_leader, inherited=line.leader is None),
            self._person(line.in_responsible, inherited=line.responsible is None),
            self._person(line.in_handler, inherited=line.handler is None),
            None if due is None else date.fromisoformat(due), read_plan(line.plan),
            line.milestones, line.undivided, line.note, 0, line.title, line.unit is not None,
            line.due is not None,
        )

    def _labels(self, units: Sequence[RecordId]) -> tuple[str, ...]:
        known = self.tree.units
        return tuple(known[one].label for one in units if one in known)

    def _person(self, post: RecordId | None, *, inherited: bool) -> WalkPerson | None:
        line = None if post is None else self.tree.posts.get(post)
        if line is None:
            return None
        return WalkPerson(line.id, line.name, line.title, line.unit, line.person, inherited)


def value_text(line: TargetLine | AllocationLine, measure: str, decimals: int | None) -> str:
    """The value as a paper prints it: 「12.5亿元」, 「增长8%」, 「≥95」, "/" for N/A, "" for not set."""
    if line.form is None:
        return ""
    if line.is_na:
        return "/"
    if line.amount is None or not _PLAIN.fullmatch(line.text.strip()):
        return line.text
    amount, unit = Decimal(line.amount), line.amount_unit or measure
    form = TargetForm.of(line.form)
    if form is TargetForm.LEVEL:
        return f"{show(amount, decimals)}{unit}"
    return show_part(TargetPart(form, amount, unit))


def read_plan(body: str | None) -> Plan | None:
    """A plan from its stored body."""
    if body is None:
        return None
    read = json.loads(body)
    return Plan(
        PlanPeriod.of(read["period"]), PlanBasis.of(read["basis"]),
        tuple(None if one is None else Decimal(one) for one in read["amounts"]),
    )


def plan_amounts(plan: Plan | None, periods: int) -> tuple[Decimal | None, ...]:
    """The cumulative amounts at the ends of 4 quarters or 12 months, None where nothing is planned.

    A monthly plan gives quarters by its months 3, 6, 9, 12; a quarterly one only those months.
    """
    if plan is None:
        return (None,) * periods
    amounts = plan.amounts
    if len(amounts) == periods:
        return amounts
    if periods == 4:
        return tuple(amounts[month] if month < len(amounts) else None for month in (2, 5, 8, 11))
    spread: list[Decimal | None] = [None] * periods
    for quarter, amount in enumerate(amounts[:4]):
        spread[quarter * 3 + 2] = amount
    return tuple(spread)


def plain(amount: Decimal | None) -> str:
    """A number as typed into a cell; "" for none."""
    return "" if amount is None else canonical(amount)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
