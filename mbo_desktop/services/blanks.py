"""空白清单: all checks over the decomposition of a year, anew or only around an edit.

The whole list is made beside the window, page by page; after an edit `blanks_near` looks at
the nodes that were written, those above and those below, and `BlankList.after` puts the
answer in the place of what was known. What lies beside the tree (units, people, agreements,
points, sources) is only looked at for the whole list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from weakref import WeakKeyDictionary

from mbo_desktop import clock
from mbo_desktop.domain.blank_nodes import five_clears as clears_of
from mbo_desktop.domain.blanks import Blank, BlankKind, Room, Severity
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import Cancelled
from mbo_desktop.services.blank_registers import Carried, register_blanks
from mbo_desktop.services.blank_states import Surroundings
from mbo_desktop.services.blank_trees import Spot, trees_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import blanks as reads

__all__ = [
    "Blank", "BlankKind", "BlankList", "Near", "Room", "Severity", "UnitCount", "all_blanks",
    "blanks_near", "current_list", "five_clears", "last_list",
]

Progress = Callable[[int, int, str], None]
_last: WeakKeyDictionary[Store, tuple[int, int, date, BlankList]] = WeakKeyDictionary()
"""Per open folder: year, how many changes were saved, day, and the list of the last whole run."""
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many rows a unit has, by severity; None: the office's, where no unit stands for it."""

    unit: RecordId | None
    label: str
    blanks: int
    wrong: int
    notes: int

    @property
    def total(self) -> int:
        """All rows."""
        return self.blanks + self.wrong + self.notes


@dataclass(frozen=True)
class BlankList:
    """The list of a year: rows by unit in official order, the severe ones first."""

    year: int
    blanks: tuple[Blank, ...]
    units: tuple[tuple[RecordId, str], ...]
    """All units with their labels in official order."""
    checked: int
    """How many targets and allocations were looked at."""

    @cached_property
    def by_unit(self) -> tuple[UnitCount, ...]:
        """Counts of the units that have rows, in official order, the office's own first."""
        counts: dict[RecordId | None, Counter[Severity]] = {}
        for one in self.blanks:
            counts.setdefault(one.unit, Counter())[one.severity] += 1
        named: list[tuple[RecordId | None, str]] = [(None, "本级"), *self.units]
        return tuple(
            UnitCount(unit, label, *(counts[unit][severity] for severity in Severity))
            for unit, label in named if unit in counts
        )

    @cached_property
    def by_kind(self) -> dict[BlankKind, int]:
        """Rows per kind, in the order of the kinds, those without any left out."""
        counts = Counter(one.kind for one in self.blanks)
        return {kind: counts[kind] for kind in BlankKind if kind in counts}

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """Rows per severity."""
        counts = Counter(one.severity for one in self.blanks)
        return {severity: counts[severity] for severity in Severity}

    @cached_property
    def by_node(self) -> dict[int, tuple[Blank, ...]]:
        """Rows by the node of the tree they are about."""
        found: dict[int, list[Blank]] = {}
        for one in self.blanks:
            if one.node:
                found.setdefault(one.node, []).append(one)
        return {node: tuple(rows) for node, rows in found.items()}

    @property
    def in_decomposition(self) -> int:
        """Blank or contradictory rows that are mended in the tree; hints left out."""
        return sum(
            one.room is Room.DECOMPOSITION and one.severity is not Severity.NOTE
            for one in self.blanks
        )

    @property
    def sentence(self) -> str:
        """「检查了3,214项:空白12处,不一致3处,提示40处」."""
        counted = ",".join(f"{one.label}{count:,}处" for one, count in self.by_severity.items() if count)
        return f"检查了{self.checked:,}项:{counted or '没有发现空白'}"

    def of_units(self, units: Iterable[RecordId]) -> BlankList:
        """Only the rows of these units."""
        chosen = frozenset(units)
        return replace(self, blanks=tuple(one for one in self.blanks if one.unit in chosen))

    def after(self, near: Near) -> BlankList:
        """The list with what was found anew around an edit."""
        kept = [
            one for one in self.blanks
            if one.room is not Room.DECOMPOSITION or not one.node or one.node not in near.nodes
        ]
        return replace(self, blanks=_in_order([*kept, *near.blanks], self.units))


@dataclass(frozen=True, slots=True)
class Near:
    """What an edit left blank around it."""

    blanks: tuple[Blank, ...]
    nodes: frozenset[int]
    """Tree ids that were looked at, gone ones too; earlier rows of theirs no longer hold."""
    is_complete: bool
    """False when the branch is so large that only a part was looked at: run the whole list."""


def all_blanks(
    store: Store, year: int, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BlankList:
    """Everything blank or contradictory in a year; raises Cancelled when `cancelled` says so."""
    report = progress or (lambda _done, _total, _text: None)
    before, today = store.change_count, clock.today()
    around = Surroundings(store, year, today)
    rows = reads.indicators(store, year)
    sizes = reads.target_sizes(store, (row.id for row in rows))
    total = sum(size for _, size in sizes)
    carried, found, done = Carried(), list[Blank](), 0
    by_id = {row.id: row for row in rows}
    for group in reads.in_groups(sizes):
        targets = reads.targets_of(store, group)
        for tree in trees_of(store, around, [by_id[one] for one in group], targets):
            if cancelled is not None and cancelled():
                raise Cancelled
            found += tree.everything()
            carried.learn(tree.row, tree.states.targets, tree.nodes())
            done += len(tree.states.targets)
            report(done, total, tree.row.name)
    if cancelled is not None and cancelled():
        raise Cancelled
    report(total, total, "单位、人员和责任书")
    found += register_blanks(store, year, around, rows, carried)
    if around.own is not None:
        # What nobody else is to mend is the office's own.
        mine = RecordId(around.own)
        found = [one if one.unit is not None else replace(one, unit=mine) for one in found]
    units = tuple((RecordId(row[0]), row[1]) for row in around.unit_rows)
    made = BlankList(year, _in_order(found, units), units, carried.checked)
    _last[store] = (year, before, today, made)
    return made


def current_list(
    store: Store, year: int, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BlankList:
    """The last list where nothing was changed since it was made, else a new one; see `all_blanks`."""
    known = None if store.read_only else _last.get(store)
    # Another window may write what this one only reads, and a day later more is overdue.
    if known is not None and known[:3] == (year, store.change_count, clock.today()):
        return known[3]
    return all_blanks(store, year, progress=progress, cancelled=cancelled)


def last_list(store: Store, year: int) -> BlankList | None:
    """The list of the last complete run over this year, however old; None before the first."""
    known = _last.get(store)
    return known[3] if known is not None and known[0] == year else None


def blanks_near(store: Store, year: int, ids: Iterable[int]) -> Near:
    """Check again the nodes of these records (targets, indicators, allocations) and those around.

    Records of other types and of other years are passed over.
    """
    spot = Spot(store, ids)
    around = Surroundings(store, year, clock.today())
    found: list[Blank] = []
    looked: set[int] = set()
    for tree in spot.trees(around, year):
        for target in tree.states.targets:
            if target.id in spot.targets:
                looked.add(tree.states.node_of(target))
                found += tree.target_blanks(target)
        for node in tree.rows.values():
            if node.id in spot.nodes:
                looked.add(node.id)
                found += tree.node_blanks(node)
    # What was deleted is looked at too: its rows go.
    return Near(tuple(found), frozenset(looked | spot.gone), spot.is_complete)


def five_clears(store: Store, year: int, node: int) -> tuple[tuple[str, bool, str], ...]:
    """(name, whether it is clear, what is stated or missing) of a node's five clears; () for none."""
    spot = Spot(store, [node], alone=True)
    around = Surroundings(store, year, clock.today())
    for tree in spot.trees(around, year):
        found = tree.find(node)
        if found is not None:
            state, children = found
            return clears_of(state, children, around.context(tree.row))
    return ()


def _in_order(
    found: Sequence[Blank], units: Sequence[tuple[RecordId, str]]
) -> tuple[Blank, ...]:
    order = {unit: place for place, (unit, _label) in enumerate(units)}
    return tuple(sorted(found, key=lambda one: (
        -1 if one.unit is None else order.get(one.unit, len(order)), _ORDER[one.severity],
    )))
