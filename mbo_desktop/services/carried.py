"""The decomposition by unit and person (人人肩上有指标): units, their people, what each carries.

One reading of the year gives the whole picture with its counts; the texts of the nodes are
read when they come into view. Units and people with nothing are told in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.services import decomposition
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.handover import CarriedRole, carried_roles, tree_id
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import carried as reads
from mbo_desktop.store.queries import decomposition as tree_reads
from mbo_desktop.store.queries.carried import NodeLine, PostLine, UnitLine

NOBODY_AT = 1 << 41
"""Added to a unit's number: its row 没有落实到人."""
NODES_AT = 1 << 42
"""Numbers of node rows begin behind this; one node may stand below several people."""


class CarrierKind(Choice):
    """What a row of the view is."""

    UNIT = "unit", "单位"
    POST = "post", "人员"
    NOBODY = "nobody", "没有落实到人"
    NODE = "node", "任务"


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A row: a unit, somebody in a post, or what they carry."""

    id: int
    kind: CarrierKind
    name: str
    """Unit, person (「(空缺)」), or the node's title."""
    title: str = ""
    """Post of a person; roles of a node."""
    child_count: int = 0
    responsible: int = 0
    handler: int = 0
    leader: int = 0
    total: int = 0
    """Branches carried in any role; of a unit its targets and tasks."""
    note: str = ""
    """What is to be said: 没有承担目标, 空缺, 兼任 …"""
    is_idle: bool = False
    """A person or unit that ought to carry something and does not."""
    is_open: bool = False
    """Something lies with nobody."""
    unit: RecordId | None = None
    post: RecordId | None = None
    person: RecordId | None = None
    node: int = 0
    """The node's id in the decomposition tree."""
    branch: BranchRow | None = None


@dataclass(frozen=True, slots=True)
class CarrierFigures:
    """The line of figures over the view."""

    units: int
    idle_units: int
    people: int
    idle_people: int
    vacant: int
    """Vacant posts that carry something."""
    unassigned: int
    """Branches that lie with nobody."""

    @property
    def sentence(self) -> str:
        """「人员 2,500 人,没有承担目标 3 人;单位 214 个 …」."""
        parts = [f"人员 {self.people:,} 人,没有承担目标 {self.idle_people:,} 人"]
        units = f"单位 {self.units:,} 个"
        parts.append(f"{units},没有目标 {self.idle_units:,} 个" if self.idle_units else units)
        if self.vacant:
            parts.append(f"承担任务的空缺岗位 {self.vacant:,} 个")
        if self.unassigned:
            parts.append(f"没有落实到人 {self.unassigned:,} 项")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a filter, with all that stands above and, of units and people, below."""

    visible: frozenset[int]
    hits: int


@dataclass(slots=True)
class NodeNumbers:
    """Numbers of (post or unit, node) that stay the same over readings, so that a view keeps its place."""

    by_place: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, carrier: int, record: int) -> int:
        """The number of a node below a carrier."""
        return self.by_place.setdefault((carrier, record), NODES_AT + len(self.by_place))


@dataclass(frozen=True, slots=True)
class _Load:
    line: NodeLine
    roles: tuple[CarriedRole, ...]


class Carriers:
    """One reading of a year; see `read_carriers`."""

    def __init__(
        self, units: Sequence[UnitLine], posts: Sequence[PostLine], nodes: Sequence[NodeLine],
        bare: Sequence[tuple[RecordId, RecordId, RecordId, str]], carriers: dict[int, int],
        numbers: NodeNumbers,
    ) -> None:
        self._numbers = numbers
        self._units = {one.record: one for one in units}
        self._posts: dict[int, list[PostLine]] = {}
        for post in posts:
            self._posts.setdefault(post.unit, []).append(post)
        self._tree = carriers
        self._below: dict[int, list[int]] = {}
        for unit in units:
            above = unit.superior if unit.superior in self._units else 0
            self._below.setdefault(above or 0, []).append(unit.record)
        self._loads: dict[int, list[_Load]] = {}
        self._open: dict[int, list[int]] = {}
        self._totals: dict[int, int] = {}
        self._nodes: dict[int, tuple[int, _Load]] = {}
        """Number of a node row → its carrier and the load."""
        self._gather(nodes)
        for target, indicator, owner, name in bare:
            self._totals[owner] = self._totals.get(owner, 0) + 1
            self._add_open(owner, _bare_line(target, indicator, owner, name))
        self.rows: dict[int, CarrierRow] = {}
        self._make_rows(posts)
        self.figures = self._figures()

    def _gather(self, nodes: Sequence[NodeLine]) -> None:
        for line in nodes:
            seen: set[int] = set()
            for post in (line.leader, line.responsible, line.handler):
                if post is None or post in seen:
                    continue
                seen.add(post)
                roles = carried_roles(line, post)
                if roles:
                    self._loads.setdefault(post, []).append(_Load(line, roles))
            enters = line.parent is None or (line.own_unit is not None and line.own_unit != line.over_unit)
            if enters:
                self._totals[line.unit] = self._totals.get(line.unit, 0) + 1
            lies = line.responsible is None and line.handler is None
            over = line.over_responsible is None and line.over_handler is None
            if lies and (enters or not over):
                self._add_open(line.unit, line)

    def _add_open(self, unit: int, line: NodeLine) -> None:
        number = self._numbers.of(NOBODY_AT + unit, line.record)
        self._nodes[number] = (NOBODY_AT + unit, _Load(line, ()))
        self._open.setdefault(unit, []).append(number)

    # Rows ---------------------------------------------------------------------

    def _make_rows(self, posts: Sequence[PostLine]) -> None:
        held: dict[int, list[PostLine]] = {}
        for post in posts:
            if post.person is not None:
                held.setdefault(post.person, []).append(post)
        self._held = held
        for unit, line in self._units.items():
            for post in self._posts.get(unit, ()):
                self.rows[post.record] = self._post_row(post, held)
            open_count = len(self._open.get(unit, ()))
            if open_count:
                self.rows[NOBODY_AT + unit] = CarrierRow(
                    NOBODY_AT + unit, CarrierKind.NOBODY, "没有落实到人", child_count=open_count,
                    total=open_count, note=f"{open_count}项没有责任人和经办人", is_open=True,
                    unit=line.record,
                )
            self.rows[unit] = self._unit_row(line)

    def _unit_row(self, line: UnitLine) -> CarrierRow:
        unit = line.record
        own = self._posts.get(unit, [])
        idle = sum(self.rows[post.record].is_idle for post in own)
        total = self._totals.get(unit, 0)
        carries = total or any(self._loads.get(post.record) for post in own)
        notes = []
        if not carries:
            notes.append("没有目标")
        if idle:
            notes.append(f"{idle}人没有承担目标")
        if self._open.get(unit):
            notes.append(f"{len(self._open[unit])}项没有落实到人")
        return CarrierRow(
            unit, CarrierKind.UNIT, line.label, f"{len(own)}个岗位" if own else "没有登记岗位",
            child_count=len(self.child_ids(unit)), total=total, note=",".join(notes),
            # The own government answers through its units.
            is_idle=not carries and line.superior is not None, is_open=bool(self._open.get(unit)),
            unit=unit,
        )

    def _post_row(self, post: PostLine, held: dict[int, list[PostLine]]) -> CarrierRow:
        loads = self._loads.get(post.record, [])
        counts = {role: sum(role in one.roles for one in loads) for role in CarriedRole}
        is_principal = post.role == PostRole.PRINCIPAL.value
        note, idle = "", False
        if post.person is None:
            note = f"岗位空缺,{len(loads)}项无人负责" if loads else "岗位空缺"
        elif is_principal:
            note = f"第一责任人,本单位{self._totals.get(post.unit, 0)}项"
        others = [one for one in held.get(post.person or 0, ()) if one.record != post.record]
        if others:
            also = "、".join(f"{self._units[one.unit].label}{one.title}" for one in others)
            note = "；".join(part for part in (note, f"兼任{also}") if part)
        # A liaison's work is to report, not to carry.
        spared = is_principal or post.role == PostRole.LIAISON.value
        if post.person is not None and not loads and not spared:
            elsewhere = any(
                self._loads.get(one.record) or one.role == PostRole.PRINCIPAL.value for one in others
            )
            idle = not elsewhere
            note = "；".join(part for part in ("没有承担目标" if idle else "", note) if part)
        return CarrierRow(
            post.record, CarrierKind.POST, post.name or "(空缺)", post.title,
            child_count=len(loads), responsible=counts[CarriedRole.RESPONSIBLE],
            handler=counts[CarriedRole.HANDLER], leader=counts[CarriedRole.LEADER],
            total=len(loads), note=note, is_idle=idle,
            is_open=post.person is None and bool(loads), unit=post.unit, post=post.record,
            person=post.person,
        )

    def _figures(self) -> CarrierFigures:
        rows = self.rows.values()
        people = {row.person for row in rows if row.person is not None}
        idle = {row.person for row in rows if row.person is not None and row.is_idle}
        return CarrierFigures(
            len(self._units), sum(r.kind is CarrierKind.UNIT and r.is_idle for r in rows),
            len(people), len(idle),
            sum(r.kind is CarrierKind.POST and r.is_open for r in rows),
            sum(r.total for r in rows if r.kind is CarrierKind.NOBODY),
        )

    # The tree -----------------------------------------------------------------

    def child_ids(self, parent: int) -> list[int]:
        """Of a unit its people, what lies with nobody, the units below; of a person the nodes."""
        if parent == 0:
            return list(self._below.get(0, ()))
        if parent in self._units:
            people = [post.record for post in self._posts.get(parent, ())]
            nobody = [NOBODY_AT + parent] if self._open.get(parent) else []
            return [*people, *nobody, *self._below.get(parent, ())]
        if parent in self.rows and self.rows[parent].kind is CarrierKind.NOBODY:
            return self._open[parent - NOBODY_AT]
        return [self._number(parent, load) for load in self._loads.get(parent, ())]

    def _number(self, carrier: int, load: _Load) -> int:
        number = self._numbers.of(carrier, load.line.record)
        self._nodes[number] = (carrier, load)
        return number

    def read_rows(self, store: Store, year: int, ids: Iterable[int]) -> dict[int, CarrierRow]:
        """The rows with these numbers; texts of nodes are read from the tree."""
        wanted = list(ids)
        found = {one: self.rows[one] for one in wanted if one in self.rows}
        loads = {one: self._nodes[one][1] for one in wanted if one in self._nodes}
        trees = {one: self._tree_of(load.line) for one, load in loads.items()}
        branches = decomposition.rows(store, year, trees.values()) if trees else {}
        for one, load in loads.items():
            branch = branches.get(trees[one])
            found[one] = CarrierRow(
                one, CarrierKind.NODE, load.line.name,
                "、".join(role.label for role in load.roles), node=trees[one],
                unit=load.line.unit, branch=branch,
                note="" if branch is None or branch.unit is None else branch.unit_label,
            )
        return found

    def _tree_of(self, line: NodeLine) -> int:
        return tree_id(line, self._tree)

    def path_to(self, record: int) -> list[int]:
        """Numbers from the top to a unit or a post; empty when it is not there."""
        row = self.rows.get(record)
        if row is None or row.unit is None:
            return []
        chain: list[int] = [] if row.kind is CarrierKind.UNIT else [record]
        at: RecordId | None = row.unit
        while at is not None and at in self._units:
            chain.insert(0, at)
            at = self._units[at].superior
        return chain

    def path_to_person(self, person: int) -> list[int]:
        """Numbers down to a person's first post."""
        held = self._held.get(person, [])
        return self.path_to(held[0].record) if held else []

    # Filters ------------------------------------------------------------------

    def matching(self, text: str = "", *, only_idle: bool = False) -> Found:
        """Units, people and nodes whose name, pinyin or initials fit; only_idle: who carries nothing."""
        plain, low = text.strip(), text.strip().lower().replace(" ", "")
        visible: set[int] = set()
        hits = 0
        for number, row in self.rows.items():
            if only_idle and not (row.is_idle or row.is_open):
                continue
            if plain and not self._fits(row, plain, low):
                continue
            hits += row.kind is not CarrierKind.NOBODY or not plain
            visible.update(self._way(row))
            if row.kind is not CarrierKind.UNIT or plain:
                visible.update(self._inside(number))
        if plain and not only_idle:
            hits += self._fit_nodes(plain, low, visible)
        return Found(frozenset(visible), hits)

    def _fits(self, row: CarrierRow, plain: str, low: str) -> bool:
        if row.kind is CarrierKind.UNIT and row.unit is not None:
            unit = self._units[row.unit]
            return _names(plain, low, unit.label, unit.name_pinyin, unit.name_initials)
        if row.kind is not CarrierKind.POST:
            return False
        post = next(one for one in self._posts[row.unit or 0] if one.record == row.id)
        return plain in post.title or _names(
            plain, low, post.name, post.name_pinyin, post.name_initials
        )

    def _fit_nodes(self, plain: str, low: str, visible: set[int]) -> int:
        hits = 0
        for carrier, loads in self._loads.items():
            fitting = [
                load for load in loads
                if _names(plain, low, load.line.name, load.line.name_pinyin, load.line.name_initials)
            ]
            row = self.rows.get(carrier)
            if fitting and row is not None:
                hits += len(fitting)
                visible.update(self._way(row))
                visible.update(self._number(carrier, load) for load in fitting)
        return hits

    def _way(self, row: CarrierRow) -> list[int]:
        above = self.path_to(row.unit or 0)
        return [*above, row.id]

    def _inside(self, number: int) -> set[int]:
        """A person's nodes; a unit's people with theirs, not the units below."""
        found = set()
        for child in self.child_ids(number):
            if child in self._units:
                continue
            found.add(child)
            if child in self.rows:
                found |= self._inside(child)
        return found


def read_carriers(
    store: Store, year: int, *, on: date | None = None, numbers: NodeNumbers | None = None
) -> Carriers:
    """Who carries what in the year, with who holds the posts on a day (today)."""
    nodes = reads.nodes(store, year)
    bare = reads.bare_targets(store, year)
    indicators = {line.indicator for line in nodes if line.parent is None}
    return Carriers(
        reads.units(store), reads.posts(store, on or clock.today()), nodes, bare,
        tree_reads.carriers(store, indicators | {one[1] for one in bare}),
        numbers or NodeNumbers(),
    )


def _bare_line(
    target: RecordId, indicator: RecordId, unit: RecordId, name: str
) -> NodeLine:
    """A target without a root as a node that lies with nobody."""
    return NodeLine(
        target, None, target, indicator, unit, name, None, None, None, None, None, None, None,
        None, "", "",
    )


def _names(plain: str, low: str, name: str, pinyin: str, initials: str) -> bool:
    return bool(
        plain in name or (low and low in initials) or pinyin.replace(" ", "").startswith(low)
    )

