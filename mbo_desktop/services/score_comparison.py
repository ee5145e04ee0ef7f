"""Results beside each other: the groups side by side, and every leader with the results of the unit led."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.results import Completion
from mbo_desktop.services import overall_rankings, schemes, scores, statistics
from mbo_desktop.services.people import ROLE_TITLES
from mbo_desktop.services.score_board import ScoreBoard, UnitScore, average
from mbo_desktop.services.statistics import Award
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import account as reads

_ROLES = {one.value: one for one in PostRole}


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group as one column: its units by rank, and what sums it up."""

    peer_group: str
    lines: tuple[UnitScore, ...]
    """By rank; units without any figure stand last."""
    average: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None
    grades: Mapping[str, int]
    """Units by grade, best grade first; 未定 last."""
    vetoed: int
    missing: int
    """Figures that are still lacking."""
    is_final: bool
    board: ScoreBoard
    is_overall: bool = False
    """A ranking over several groups."""

    @property
    def spread(self) -> Decimal | None:
        """Points between the first and the last."""
        return None if self.highest is None or self.lowest is None else self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class LeaderResult:
    """A leader who served in the year, with the results of the unit led."""

    unit: RecordId
    unit_label: str
    peer_group: str
    person: RecordId
    role: PostRole
    title: str
    """正职 as the office calls it; the role's usual name without one."""
    name: str
    served: str
    """「至2026年3月」, 「2026年4月起」; "" for the whole year."""
    result: Award
    of: int
    """Ranked units of the group."""
    done: int
    undone: int


def side_by_side(store: Store, year: int, *, month: int | None = 12) -> tuple[GroupResult, ...]:
    """Every group that has a scheme, in official order; rankings over several groups behind them."""
    boards = [
        scores.board(store, row.id, month=month) for row in schemes.schemes(store, year) if row.id is not None
    ]
    overall = overall_rankings.boards_of(store, year, boards)
    return (*(_group(one) for one in boards), *(replace(_group(one), is_overall=True) for one in overall))


def _group(board: ScoreBoard) -> GroupResult:
    lines = tuple(sorted(board.ranked(), key=lambda one: one.unscored))
    totals = [one.total for one in lines if one.total is not None and not one.unscored]
    names = [one.name for one in board.scheme.grades]
    told = [one.grade_now for one in lines if one.grade_now]
    listed = [*names, *dict.fromkeys(one for one in told if one not in names)]
    return GroupResult(
        board.scheme.peer_group, lines, average(board), max(totals, default=None), min(totals, default=None),
        {name: told.count(name) for name in listed}, sum(bool(one.vetoes) for one in lines),
        sum(one.missing for one in lines), bool(board.sealed), board,
    )


def by_leader(
    store: Store, year: int, *, listed: Sequence[Award] | None = None
) -> tuple[LeaderResult, ...]:
    """Principals and leaders in charge of the ranked units, unit by unit in the order of groups and ranks."""
    results = statistics.awards(store, year) if listed is None else listed
    units = {one.unit: one for one in results}
    sizes: dict[str, int] = {}
    for one in results:
        sizes[one.peer_group] = sizes.get(one.peer_group, 0) + 1
    counts: dict[RecordId, list[Completion | None]] = {}
    for settled in statistics.settled_rows(store, year):
        counts.setdefault(settled.unit, []).append(settled.completion)
    served: dict[RecordId, list[reads.ServedRow]] = {}
    for row in reads.leaders_of_units(store, year):
        served.setdefault(row[0], []).append(row)
    found = []
    for unit, result in units.items():
        done, undone = statistics.done_and_undone(store, year, counts.get(unit, ()))
        for _unit, person, role, title, name, since, until in served.get(unit, ()):
            kind = _ROLES[role]
            found.append(LeaderResult(
                unit, result.label, result.peer_group, person, kind, title or ROLE_TITLES[kind], name,
                _served(year, since, until), result, sizes[result.peer_group], done, undone,
            ))
    return tuple(found)


def _served(year: int, since: str | None, until: str | None) -> str:
    first = date.fromisoformat(since) if since else None
    last = date.fromisoformat(until) if until else None
    began = f"{first.year}年{first.month}月起" if first is not None and first > date(year, 1, 1) else ""
    ended = f"至{last.year}年{last.month}月" if last is not None and last < date(year, 12, 31) else ""
    return "".join((began.removesuffix("起") if ended else began, ended))
