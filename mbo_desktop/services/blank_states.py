"""Rows of the decomposition as the checks see them: everything in effect, amounts in their unit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.allocations import Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.blanks import Context, NodeState, PostState, UnitState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED, NAMED
from mbo_desktop.store.queries import blank_registers
from mbo_desktop.store.queries import blanks as reads
from mbo_desktop.store.queries.blanks import IndicatorFacts, NodeFacts, TargetFacts

_AREAS = frozenset({UnitKind.COUNTY, UnitKind.ZONE, UnitKind.TOWNSHIP})
_FORMS = {form.value: form for form in TargetForm}


class Surroundings:
    """What all checks of a year look up: units, and the posts that nodes name."""

    def __init__(self, store: Store, year: int, today: date) -> None:
        self.store, self.year, self.today = store, year, today
        self.own = reads.own_unit(store)
        self.unit_rows = reads.unit_facts(store)
        heirs = blank_registers.successions(store, today)
        labels = {row[0]: row[1] for row in self.unit_rows}
        self.units: dict[int, UnitState] = {
            row[0]: UnitState(
                row[0], row[1], row[2], _day(row[4]),
                "、".join(labels.get(one, "") for one in heirs.get(row[0], ())), row[5] == DELETED,
                row[3] not in _AREAS,
            )
            for row in self.unit_rows
        }
        self.kinds = {row[0]: UnitKind.of(row[3]) for row in self.unit_rows}
        self.named = frozenset(row[0] for row in self.unit_rows if row[5] == NAMED)
        """Units that other offices registered: nodes name them, the register does not hold them."""
        self.posts: dict[int, PostState] = {}

    def learn_posts(self, ids: Iterable[int]) -> None:
        """Read these posts with their holders, those known already left out."""
        wanted = {one for one in ids if one not in self.posts}
        if not wanted:
            return
        found = blank_registers.posts(self.store, wanted)
        held: dict[int, list[blank_registers.TenureFacts]] = {}
        for one in blank_registers.tenures(self.store, wanted):
            held.setdefault(one.post, []).append(one)
        for row in found:
            self.posts[row.id] = post_state(row, held.get(row.id, ()), self.today)

    def context(self, row: IndicatorFacts) -> Context:
        """What a check of this indicator's nodes may know."""
        return Context(
            self.year, self.today, row.name, Direction.of(row.direction),
            _FORMS[row.form], self.posts, self.units,
        )

    def label(self, unit: int | None) -> str:
        """A unit's name in tables."""
        found = None if unit is None else self.units.get(unit)
        return "" if found is None else found.label


def post_state(
    row: blank_registers.PostFacts, held: Sequence[blank_registers.TenureFacts], today: date
) -> PostState:
    """A post with its holder of the day, or who left it last."""
    holder, left, left_on = "", "", None
    for one in held:
        since, until = _day(one.since), _day(one.until)
        if (since is None or since <= today) and (until is None or until >= today):
            holder = one.name
        elif until is not None and until < today and (left_on is None or until >= left_on):
            left, left_on = one.name, until
    return PostState(row.id, row.unit, row.title, holder, left, left_on, bool(row.deleted))


class States:
    """Makes the states of one indicator's targets and allocations; each is made once."""

    def __init__(
        self, around: Surroundings, row: IndicatorFacts, targets: Sequence[TargetFacts],
        roots: Mapping[int, NodeFacts], extras: Extras,
    ) -> None:
        self._around, self._row, self._extras = around, row, extras
        self.targets = targets
        self._roots = roots
        self.carrier = carrier_of(targets, around.own)

    def node_of(self, target: TargetFacts) -> int:
        """Its id in the tree: the carrier target stands in its indicator's row."""
        return self._row.id if target is self.carrier else target.id

    def target(self, one: TargetFacts) -> NodeState:
        """A target with its root."""
        root = self._roots.get(one.id)
        base = self._row.unit_of_measure
        own_due = _day(one.due or (None if root is None else root.due))
        posts = (None, None, None) if root is None else (root.leader, root.responsible, root.handler)
        return NodeState(
            node=self.node_of(one), record=one.id, is_target=True, unit=one.unit,
            has_own_unit=True, title=self._row.name, has_own_title=True,
            form=None if one.form is None else _FORMS[one.form], amount=_decimal(one.amount),
            measure=(one.amount_unit if one.form is not None else "") or base, base_measure=base,
            text=one.text, last_year=_decimal(one.last_year),
            share=None if root is None else _decimal(root.share),
            weight=None if root is None else _decimal(root.weight),
            own_due=own_due, due=own_due, leader=posts[0], responsible=posts[1], handler=posts[2],
            own_posts=posts,
            undivided="" if root is None else root.undivided,
            divided_at=None if root is None else _decimal(root.divided_at),
            difficulties=root is not None and bool(root.has_difficulties),
            measures=root is not None and bool(root.has_measures),
            plan=None if root is None else _plan(root.plan),
            milestones=() if root is None else self._extras.milestones.get(root.id, ()),
            value=self._extras.values.get(one.id),
            place=f"{self._row.name} · {self._around.label(one.unit)}",
        )

    def allocation(self, one: NodeFacts, above: NodeState, carrier_unit: int | None) -> NodeState:
        """An allocation below the node above; carrier_unit: whose target it is a part of."""
        base = one.unit_of_measure or above.base_measure
        own_due = _day(one.due)
        unit = one.in_unit
        title = one.title or above.title
        shown = one.title or (self._around.label(unit) if unit != carrier_unit else "")
        whose = self._around.label(carrier_unit)
        return NodeState(
            one.id, one.id, False, unit, one.unit is not None, title, bool(one.title),
            None if one.form is None else _FORMS[one.form], _decimal(one.amount),
            (one.amount_unit if one.form is not None else "") or base, base, one.text,
            _decimal(one.last_year), _decimal(one.share), _decimal(one.weight), own_due,
            _day(one.in_due) or above.due, one.in_leader, one.in_responsible, one.in_handler,
            (one.leader, one.responsible, one.handler), one.undivided, _decimal(one.divided_at),
            bool(one.has_difficulties), bool(one.has_measures), _plan(one.plan),
            self._extras.milestones.get(one.id, ()) if one.milestones else (), None,
            " · ".join(part for part in (self._row.name, whose, shown) if part),
        )


class Extras:
    """What stands in the bodies of records only: values with several parts, milestones."""

    def __init__(
        self, store: Store, targets: Iterable[TargetFacts], nodes: Iterable[NodeFacts]
    ) -> None:
        several = reads.several_parts(store, (one.id for one in targets))
        self.values: dict[int, TargetValue] = {
            record: one.value
            for record, one in store.get_many(Target, [RecordId(i) for i in several]).items()
            if one.value is not None
        }
        found = reads.milestones(store, (one.id for one in nodes if one.milestones))
        self.milestones = {record: _milestones(body) for record, body in found.items()}


def carrier_of(targets: Sequence[TargetFacts], own: int | None) -> TargetFacts | None:
    """The target that stands in the indicator's row: the own unit's, else the only one."""
    mine = next((one for one in targets if one.unit == own), None)
    return mine or (targets[0] if len(targets) == 1 else None)


def named_posts(nodes: Iterable[NodeFacts]) -> set[int]:
    """The posts that nodes themselves name."""
    found: set[int | None] = set()
    for one in nodes:
        found.update((one.leader, one.responsible, one.handler))
    return {one for one in found if one is not None}


def _milestones(body: Sequence[Mapping[str, Any]]) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(str(one.get("title", "")), _day(one.get("due")), str(one.get("note", "")))
        for one in body
    )


def _plan(body: str | None) -> Plan | None:
    if body is None:
        return None
    read = json.loads(body)
    return Plan(
        PlanPeriod.of(read["period"]), PlanBasis.of(read["basis"]),
        tuple(_decimal(one) for one in read["amounts"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
