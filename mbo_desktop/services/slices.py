"""What a recipient gets: all current records that concern it, by kind and year, and what stays here and why.

A slice is a pure function of (this office, recipient, year, kind): always the whole, never what
changed lately. Absence never means deletion, so a lost or late stick does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.assessment import AssessmentStep, Scheme, ScoreKind
from mbo_desktop.domain.dockets import DocketState
from mbo_desktop.domain.exchange import Binding, BindingRole, PackageKind, ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import InspectionState, InspectionWay
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.reports import FigureKind, SnapshotKind
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.domain.scope import DOWN, RELAYED_DOWN, RELAYED_UP, UP
from mbo_desktop.services import bound_offices, offices, sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import by_names
from mbo_desktop.store.queries.slices import YearFacts, year_facts

_NOT_ASSIGNED = (DocketState.DRAFT, DocketState.FILED)
_TOLD = (AssessmentStep.FEEDBACK, AssessmentStep.APPROVE, AssessmentStep.SEAL)
"""Steps from which on scores may be seen by those who were scored."""
_NO_MEMBERS: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class Slice:
    """The records of a package, and in sentences what stays here."""

    members: frozenset[RecordId] = _NO_MEMBERS
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class Slicer:
    """Slices of one year; reads the year once for any number of recipients."""

    store: Store
    year: int
    facts: YearFacts = field(default_factory=YearFacts)
    subordinates: frozenset[bytes] = frozenset()
    root: RecordId | None = None
    told_groups: frozenset[str] = frozenset()
    sealed: bool = False
    above: tuple[Binding, ...] = ()
    """The offices above this one."""

    @classmethod
    def of(cls, store: Store, year: int) -> Slicer:
        """With everything read that slices of the year rest on."""
        above = bound_offices.superiors(store)
        facts = year_facts(store, year, relays=bool(above))
        told = set()
        for scheme in store.all(Scheme, year=year):
            facts.edges[scheme.id] += [item.indicator for item in scheme.items]
            if any(step.step in _TOLD for step in scheme.done):
                told.add(scheme.peer_group)
        own = store.owner.bytes
        under = {
            bytes.fromhex(office) for record, office, role in facts.rows["binding"]
            if facts.owned(record, own) and role != BindingRole.SUPERIOR
        }
        return cls(
            store, year, facts, frozenset(under), offices.root_unit(store), frozenset(told),
            sealing.is_sealed(store, year), above,
        )

    def issue(self, unit: RecordId, office: bytes | None = None) -> Slice:
        """What goes down to the office of a unit; office: its own identity where it is known."""
        down = _Down(self, unit, office)
        members = down.members()
        return Slice(members, tuple(down.left))

    def report(self, office: bytes) -> Slice:
        """What goes up to a superior, or to the office whose indicators this one certifies."""
        up = _Up(self, office)
        members = up.members()
        return Slice(members, tuple(up.left))

    def slice(self, kind: PackageKind, unit: RecordId | None, office: bytes | None) -> Slice:
        """The slice of a kind for a recipient; a receipt carries no records."""
        if kind is PackageKind.ISSUE and unit is not None:
            return self.issue(unit, office)
        if kind is PackageKind.REPORT and office is not None:
            return self.report(office)
        return Slice()

    def holders(self, seeds: Iterable[int], tenures: Iterable[Sequence[Any]]) -> list[int]:
        """Those of the tenures whose posts the nodes among the seeds name, so that no post reads as vacant."""
        posts = {
            one for seed in seeds if self.facts.kinds.get(seed) == "allocation"
            for one in self.facts.edges.get(seed, ()) if self.facts.kinds.get(one) == "post"
        }
        return [row[0] for row in tenures if row[1] in posts]

    def closure(self, seeds: Iterable[int], may: Callable[[int], bool]) -> frozenset[RecordId]:
        """The seeds and all they refer to, as far as it may travel."""
        found = {one for one in seeds if may(one)}
        open_ends = list(found)
        while open_ends:
            for one in self.facts.edges.get(open_ends.pop(), ()):
                if one not in found and may(one):
                    found.add(one)
                    open_ends.append(one)
        return frozenset(RecordId(one) for one in found)


class _Down:
    """One slice downwards."""

    def __init__(self, slicer: Slicer, unit: RecordId, office: bytes | None) -> None:
        self.slicer, self.facts, self.unit, self.office = slicer, slicer.facts, unit, office
        self.own = slicer.store.owner.bytes
        before = bound_offices.merged_into(slicer.store, unit)
        self.units = frozenset[int]().union(*(self.facts.subtree(one) for one in (unit, *before)))
        self.left: list[str] = []

    def members(self) -> frozenset[RecordId]:
        """The records, and `left` filled."""
        targets, parts = self._targets(), self._given_parts()
        given = [*targets, *self._papers(), *parts, *self._argued()]
        if not given and not self.office:
            # Nothing to begin with for a unit whose office is not known yet.
            return _NO_MEMBERS
        seeds: list[int] = [self.unit, *given]
        if self.slicer.root is not None:
            seeds.append(self.slicer.root)
        issued = set(targets)
        seeds += self._on_targets(issued, {*issued, *parts})
        seeds += self._follow_up()
        seeds += self._judged()
        seeds += [record for name in ("reporting_rules", "work_calendar") for record in self._in_force(name)]
        seeds += [
            row[0] for row in self._mine("succession")
            if self.units & {*self.facts.links.get((row[0], "predecessors"), ())}
            and self.unit in self.facts.links.get((row[0], "successors"), ())
        ]
        seeds += self.slicer.holders(seeds, self._mine("tenure"))
        found = self.slicer.closure(seeds, self._may)
        return found | self.slicer.closure(self._named_above(found), self._may)

    def _may(self, record: int) -> bool:
        kind, owner = self.facts.kinds.get(record, ""), self.facts.owners.get(record)
        if owner == self.own:
            return kind in DOWN
        return kind in RELAYED_DOWN and owner != self.office and owner not in self.slicer.subordinates

    def _mine(self, type_name: str) -> list[tuple[Any, ...]]:
        return [row for row in self.facts.rows[type_name] if self.facts.owned(row[0], self.own)]

    def _in_force(self, type_name: str) -> list[int]:
        """The office's own of what each has one a year of; without it those it goes by itself, its superior's first."""
        found = self._mine(type_name)
        if not found:
            above = {bytes.fromhex(one.office) for one in self.slicer.above}
            every = [row for row in self.facts.rows[type_name] if self._may(row[0])]
            found = [row for row in every if self.facts.owners[row[0]] in above] or every
        return [row[0] for row in found]

    def _targets(self) -> list[int]:
        """Targets in an issued agreement, and those of indicators that the unit certifies."""
        issued = {row[1] for row in self._mine("agreement") if row[2]}
        certified = {
            row[0] for row in self._mine("indicator")
            if set(self.facts.links.get((row[0], "certifying_units"), ())) & self.units
        }
        mine = self._mine("target")
        own = [row for row in mine if row[2] in self.units]
        waiting = sum(row[2] not in issued for row in own)
        if waiting:
            self.left.append(f"{waiting}项目标的责任书尚未印发,不下发。")
        return [
            record for record, indicator, unit in mine
            if unit in issued and (unit in self.units or indicator in certified)
        ]

    def _papers(self) -> list[int]:
        return [row[0] for row in self._mine("agreement") if row[2] and row[1] in self.units]

    def _given_parts(self) -> list[int]:
        """Nodes given to the unit below targets of the own government, or below nodes it was given itself."""
        root, rows = self.slicer.root, self.facts.rows["allocation"]
        carried = {row[0] for row in self.facts.rows["target"] if row[2] == root}
        carried |= {row[4] for row in rows if row[3] == root and not self.facts.owned(row[0], self.own)}
        return [
            row[0] for row in self._mine("allocation")
            if row[4] in carried and row[3] in self.units and row[3] != self.slicer.root
        ]

    def _named_above(self, found: frozenset[RecordId]) -> list[int]:
        """The superiors' records of the own unit, where theirs go along: they name it, here it is read as the own."""
        owners = {self.facts.owners.get(one) for one in found}
        names = [
            name for one in self.slicer.above
            if bytes.fromhex(one.office) in owners for name in one.our_unit.split()
        ]
        return list(by_names(self.slicer.store, names).values())

    def _argued(self) -> list[int]:
        """Values that this office proposed to the unit in a round."""
        rounds = {row[0] for row in self._mine("proposal_round") if row[1] != RoundSide.UNIT}
        return [
            row[0] for row in self._mine("target_proposal") if row[3] in rounds and row[1] in self.units
        ]

    def _on_targets(self, issued: set[int], reported_on: set[int]) -> list[int]:
        cells = {(row[1], row[2]) for row in self.facts.rows["target"] if row[0] in issued}
        heads = {indicator for indicator, _unit in cells}
        found = [
            row[0] for row in self._mine("correction") if row[1] in self.units and (row[2], row[1]) in cells
        ]
        waiting = 0
        for record, unit, _indicator, state in self._mine("adjustment"):
            if unit in self.units:
                if state == AdjustmentState.REQUESTED:
                    waiting += 1
                else:
                    found.append(record)
        if waiting:
            self.left.append(f"{waiting}项目标调整还没有批准,不下发。")
        found += [
            row[0] for row in self._mine("joint_duty")
            if {row[1], row[3]} & self.units and (row[2], row[3]) in cells
        ]
        found += [row[0] for row in self._mine("outside_figure") if row[1] in heads]
        found += [
            row[0] for row in self._mine("progress_report")
            if row[1] in reported_on and row[2] in (FigureKind.CERTIFIED, FigureKind.VERIFIED)
        ]
        return found

    def _follow_up(self) -> list[int]:
        """Inspections, findings, dockets and replies; nothing of a visit that is still to come."""
        held, found = set(), []
        for record, way, state in self._mine("inspection"):
            unannounced = way == InspectionWay.UNANNOUNCED and state != InspectionState.DONE
            if unannounced:
                held.add(record)
            elif set(self.facts.links.get((record, "units"), ())) & self.units:
                found.append(record)
        kept = 0
        for record, unit, inspection in self._mine("finding"):
            if unit in self.units:
                kept += inspection in held
                if inspection not in held:
                    found.append(record)
        if kept:
            self.left.append(f"{kept}条督查发现属于未结束的暗访,不下发。")
        drafts = 0
        for record, lead, state, _subject in self._mine("docket"):
            involved = {lead, *self.facts.links.get((record, "supporting"), ())} & self.units
            if involved and state in _NOT_ASSIGNED:
                drafts += 1
            elif involved:
                found.append(record)
        if drafts:
            self.left.append(f"{drafts}件督查事项还没有交办,不下发。")
        found += [
            row[0] for row in self._mine("progress_snapshot")
            if row[1] in self.units and row[2] == SnapshotKind.HALF_YEAR
        ]
        found += [
            record for record, subject, unit, kind in self._mine("reply")
            if kind in (ReplyKind.RETURN, ReplyKind.RECEIPT) and self._for_them(subject, unit)
        ]
        return found

    def _for_them(self, subject: int, unit: int | None) -> bool:
        return unit in self.units or (self.office is not None and self.facts.owned(subject, self.office))

    def _judged(self) -> list[int]:
        """The scheme; scores only after the results were fed back or approved."""
        group = self._group()
        found = [row[0] for row in self._mine("scheme") if row[1] == group and self._papers()]
        sealed = [row[0] for row in self._mine("sealed_score") if row[1] in self.units]
        told = group in self.slicer.told_groups or bool(sealed)
        names = ["bonus_item", "veto", "objection"]
        scores = [row[0] for name in names for row in self._mine(name) if row[1] in self.units]
        scores += [
            row[0] for row in self._mine("given_score")
            if row[2] in self.units and row[3] != ScoreKind.SELF
        ]
        if told:
            found += scores
        elif scores:
            self.left.append("考核结果还没有反馈,评定分、加减分、一票否决不下发。")
        if self.slicer.sealed or sealed:
            found += [
                row[0] for name in ("target_result", "unit_result") for row in self._mine(name)
                if row[1] in self.units
            ]
        return found + sealed

    def _group(self) -> str:
        unit = self.slicer.store.find(Unit, self.unit)
        return "" if unit is None else unit.peer_group or unit.kind.label


class _Up:
    """One slice upwards."""

    def __init__(self, slicer: Slicer, office: bytes) -> None:
        self.slicer, self.facts, self.office = slicer, slicer.facts, office
        self.own = slicer.store.owner.bytes
        self.left: list[str] = []

    def members(self) -> frozenset[RecordId]:
        """The records, and `left` filled."""
        facts, root = self.facts, self.slicer.root
        given = {
            row[0] for row in facts.rows["target"] if facts.owned(row[0], self.office) and row[2] == root
        }
        parts = {
            row[0] for row in facts.rows["allocation"]
            if facts.owned(row[0], self.office) and row[3] == root
        }
        nodes = self._nodes(given | parts)
        seeds: list[int] = [*nodes, *self._figures(given | parts, nodes), *self._said()]
        if root is not None:
            seeds.append(root)
        seeds += [
            row[0] for name in ("evidence", "progress_problem") for row in facts.rows[name]
            if row[1] in given or row[1] in parts or row[1] in nodes
        ]
        seeds += [
            row[0] for row in facts.rows["given_score"] if row[1] in given and row[3] == ScoreKind.SELF
        ]
        # Names come up with 责任人 and 经办人.
        seeds += self.slicer.holders(seeds, facts.rows["tenure"])
        return self.slicer.closure(seeds, self._may)

    def _may(self, record: int) -> bool:
        kind, owner = self.facts.kinds.get(record, ""), self.facts.owners.get(record)
        if owner == self.own:
            return kind in UP
        return kind in RELAYED_UP and owner in self.slicer.subordinates

    def _nodes(self, subjects: set[int]) -> set[int]:
        """The own decomposition of what was received, with what offices below hang on it."""
        children: dict[int, list[int]] = {}
        found: set[int] = set()
        for row in self.facts.rows["allocation"]:
            record, target, parent = row[0], row[1], row[2]
            above = target if target is not None else parent
            if self._may(record) and above is not None:
                children.setdefault(above, []).append(record)
        open_ends = list(subjects)
        while open_ends:
            for one in children.get(open_ends.pop(), ()):
                if one not in found:
                    found.add(one)
                    open_ends.append(one)
        return found

    def _figures(self, given: set[int], nodes: set[int]) -> list[int]:
        """Own figures on what was received, all figures on the own nodes, certified ones where delegated."""
        certified = self._certified()
        found, proxies = [], 0
        for record, subject, kind, _month in self.facts.rows["progress_report"]:
            if subject in given:
                if kind == FigureKind.OWN or (kind == FigureKind.CERTIFIED and subject in certified):
                    found.append(record)
                else:
                    proxies += kind == FigureKind.PROXY and self.facts.owned(record, self.own)
            elif (subject in nodes and kind in (FigureKind.OWN, FigureKind.PROXY)) or (
                kind == FigureKind.CERTIFIED and subject in certified
            ):
                found.append(record)
        if proxies:
            self.left.append(f"{proxies}条代录数不上报;属于本单位自报的,请重新填报。")
        return found

    def _certified(self) -> set[int]:
        """Targets of this superior whose indicator names the own unit as certifying."""
        mine = {
            row[0] for row in self.facts.rows["indicator"]
            if self.facts.owned(row[0], self.office)
            and self.slicer.root in self.facts.links.get((row[0], "certifying_units"), ())
        }
        return {row[0] for row in self.facts.rows["target"] if row[1] in mine}

    def _said(self) -> list[int]:
        """Proposals on the superior's indicators, replies to its records, offices registered here."""
        facts = self.facts
        rounds = {
            row[0] for row in facts.rows["proposal_round"]
            if facts.owned(row[0], self.own) and row[1] == RoundSide.UNIT
        }
        found = [
            row[0] for row in facts.rows["target_proposal"]
            if row[3] in rounds and facts.owned(row[2], self.office) and row[1] == self.slicer.root
        ]
        found += [
            row[0] for row in facts.rows["reply"]
            if facts.owned(row[0], self.own) and facts.owned(row[1], self.office)
            and row[3] != ReplyKind.RETURN
        ]
        found += [
            row[0] for row in facts.rows["binding"]
            if facts.owned(row[0], self.own) and row[2] != BindingRole.SUPERIOR
        ]
        return found
