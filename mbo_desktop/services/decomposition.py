"""The decomposition tree (room 目标分解): categories, indicators, targets, and what they are broken into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.decomposition_rows import (
    NOBODY,
    BranchKind,
    BranchRow,
    PersonOnNode,
    branch_rows,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as reads
from mbo_desktop.store.queries import decomposition_search as searches
from mbo_desktop.store.queries.decomposition import NO_CATEGORY

__all__ = ["NOBODY", "NO_CATEGORY", "BranchKind", "BranchRow", "PersonOnNode"]


@dataclass(frozen=True, slots=True)
class BranchFilter:
    """Which nodes to show; all parts must fit, empty ones fit everything."""

    text: str = ""
    """Fits title, unit and people, pinyin and initials too."""
    unit: RecordId | None = None
    """With the units below it."""
    category: int | None = None
    """A category or `NO_CATEGORY`."""
    only_unassigned: bool = False
    """No responsible person or no handler in effect."""
    only_late: bool = False
    """The due date in effect lies before `today`, and what was reported does not reach the target."""
    today: date | None = None
    post_ids: tuple[RecordId, ...] = ()
    """A leader, responsible person or handler in effect is one of these posts."""
    nodes: frozenset[int] | None = None
    """Only these (blanks, for example)."""

    @property
    def is_empty(self) -> bool:
        """Whether everything fits."""
        return self == BranchFilter(today=self.today)


@dataclass(frozen=True, slots=True)
class Matching:
    """The nodes that fit, and with them all that stand above."""

    visible: frozenset[int]
    hits: frozenset[int]
    ways: frozenset[int]
    """What stands above a hit; below the other nodes nothing fits."""


@dataclass(frozen=True, slots=True)
class TreeCounts:
    """How far a year's targets are broken down."""

    indicators: int
    targets: int
    """Without those that are 不适用."""
    decomposed: int
    """Targets with nodes below them."""
    allocations: int
    leaves: int
    """Ends of the tree: nodes, and targets, with nothing below."""
    to_handler: int
    """Ends with a handler in effect."""


def counts(store: Store, year: int) -> TreeCounts:
    """The figures of a year's tree."""
    return TreeCounts(*searches.counts(store, year))


def child_ids(store: Store, year: int, parent: int, *, limit: int | None = None) -> list[int]:
    """The tree ids directly below one (0: the top) in order."""
    if parent == 0:
        return reads.category_ids(store, year)[:limit]
    places = reads.places(store, [parent])
    if places.categories:
        return reads.indicator_ids(store, year, parent, limit)
    if places.indicators:
        carrier = reads.carriers(store, [parent]).get(parent)
        found = reads.target_ids(store, parent, carrier, limit)
        return found + _below_target(store, carrier, limit) if carrier else found
    if places.targets:
        return _below_target(store, parent, limit)
    if places.allocations:
        return reads.allocation_ids(store, parent, limit)
    return []


def _below_target(store: Store, target: int, limit: int | None) -> list[int]:
    root = reads.roots(store, [target]).get(target)
    return [] if root is None else reads.allocation_ids(store, root, limit)


def rows(store: Store, year: int, ids: Iterable[int]) -> dict[int, BranchRow]:
    """The rows of these tree ids, deleted ones left out; some sixty at once cost least."""
    return branch_rows(store, year, tuple(dict.fromkeys(ids)), clock.today())


def row(store: Store, year: int, node: int) -> BranchRow | None:
    """One row; None when it is gone."""
    return rows(store, year, (node,)).get(node)


def path_to(store: Store, year: int, node: int) -> list[int]:
    """The tree ids from the top down to the node, itself last; empty when it is gone.

    A root allocation counts as its target, a carrier target as its indicator.
    """
    places = reads.places(store, [node])
    if places.categories:
        return [node]
    if places.indicators:
        found = reads.category_of(store, node)
        if found is None or found[1] != year:
            return []
        return [NO_CATEGORY if found[0] is None else found[0], node]
    if places.targets:
        return _path_to_target(store, year, node)
    if not places.allocations:
        return []
    way = reads.way_up(store, [node])
    nodes: list[int] = []
    at = node
    while at in way.parents:
        nodes.append(at)
        at = way.parents[at]
    if at not in way.targets:
        return []
    above = _path_to_target(store, year, way.targets[at])
    return [*above, *reversed(nodes)] if above else []


def _path_to_target(store: Store, year: int, target: int) -> list[int]:
    found = reads.indicators_of(store, [target]).get(target)
    if found is None or found[2] != year:
        return []
    indicator, category, _year = found
    path = [NO_CATEGORY if category is None else category, indicator]
    return path if reads.carriers(store, [indicator]).get(indicator) == target else [*path, target]


def matching(store: Store, year: int, chosen: BranchFilter) -> Matching:
    """The indicators, targets and allocations that fit the filter, with all that stand above them."""
    today = chosen.today or clock.today()
    sought = searches.Sought(
        chosen.text, chosen.unit, chosen.category, chosen.only_unassigned,
        today if chosen.only_late else None, chosen.post_ids,
    )
    found = searches.fitting(store, year, sought, today)
    carriers = reads.carriers(store, found.indicators_of_year)
    carried = {target: indicator for indicator, target in carriers.items()}
    late = found.targets if not chosen.only_late else _not_reached(store, year, found.targets, today)
    targets = {carried.get(one, one) for one in late}
    hits = {*targets, *found.indicators, *found.allocations}
    if chosen.nodes is not None:
        hits &= chosen.nodes
    above = _above(store, hits, carried)
    return Matching(frozenset(hits | above), frozenset(hits), frozenset(above))


def _not_reached(store: Store, year: int, targets: list[int], on: date) -> list[int]:
    # Imported here: the tree is there before anything of the progress is needed.
    from mbo_desktop.services.progress_lights import reached

    if on.year < year:
        return targets
    done = reached(store, year, 12 if on.year > year else on.month, [RecordId(one) for one in targets])
    return [one for one in targets if one not in done]


def _above(store: Store, hits: set[int], carried: dict[int, int]) -> set[int]:
    """Everything on the way from these up to the categories; a hit only where it is above another."""
    places = reads.places(store, hits)
    way = reads.way_up(store, places.allocations)
    above = {one for one in way.parents.values() if one not in way.targets}
    above |= {carried.get(one, one) for one in way.targets.values()}
    owners = reads.indicators_of(store, {*places.targets, *way.targets.values()})
    above |= {owner[0] for one, owner in owners.items() if one not in carried}
    tops = {*places.indicators, *(one[0] for one in owners.values())}
    return above | reads.categories_of(store, tops)
