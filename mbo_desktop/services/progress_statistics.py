"""Counts of a month's lights: by unit with its place in the group, by category, in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged, Light
from mbo_desktop.domain.progress import percent, shares_adding_up
from mbo_desktop.services import offices
from mbo_desktop.services.progress_lights import ClassShare, classes
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Sought

JUDGED = (Light.GREEN, Light.YELLOW, Light.RED, Light.UNREPORTED)
"""Lights that count; 年底认定 and 不适用 do not."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Lights of some targets."""

    counts: Mapping[Light, int]

    @property
    def total(self) -> int:
        """Targets that a light was given to."""
        return sum(self.counts.get(one, 0) for one in JUDGED)

    @property
    def green_share(self) -> Decimal | None:
        """进度正常率 in %, one digit; None when no target has a light."""
        return percent(self.exact) if self.exact is not None else None

    @property
    def exact(self) -> Fraction | None:
        """The same, exact."""
        green = self.counts.get(Light.GREEN, 0)
        return Fraction(green * 100, self.total) if self.total else None

    def of(self, light: Light) -> int:
        """How many have this light."""
        return self.counts.get(light, 0)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit's lights and its place by 进度正常率 as printed, within its 考核分组."""

    unit: RecordId
    label: str
    group: str
    tally: Tally
    rank: int | None
    ranked: int


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """What a month's report says in figures."""

    tally: Tally
    year_end: int
    classes: tuple[ClassShare, ...]
    units: tuple[UnitStanding, ...]
    """In official order."""
    categories: tuple[tuple[str, Tally], ...]


def summary(store: Store, year: int, judged: Mapping[RecordId, Judged]) -> MonthSummary:
    """The counts of these lights, as `progress_lights.lights` gives them."""
    ids = [one for one in reads.subject_ids(store, year, Sought()) if one in judged]
    subjects = reads.subjects(store, ids)
    units: dict[RecordId, Counter[Light]] = {}
    categories: dict[str, Counter[Light]] = {}
    for record in reads.subject_ids(store, year, Sought(by_indicator=True)):
        if record in judged:
            name = subjects[record].category_name or "未分类"
            categories.setdefault(name, Counter())[judged[record].light] += 1
    for record in ids:
        units.setdefault(subjects[record].unit, Counter())[judged[record].light] += 1
    whole = Counter(one.light for one in judged.values())
    return MonthSummary(
        Tally(dict(whole)), whole[Light.YEAR_END], classes(list(judged.values())),
        _standings(store, units), tuple((name, Tally(dict(found))) for name, found in categories.items()),
    )


def _standings(
    store: Store, units: Mapping[RecordId, Counter[Light]]
) -> tuple[UnitStanding, ...]:
    rows = offices.unit_rows(store, list(units))
    tallies = {row.id: Tally(dict(units[row.id])) for row in rows}
    shares: dict[str, list[Decimal]] = {}
    for row in rows:
        share = tallies[row.id].green_share
        if share is not None:
            shares.setdefault(row.peer_group, []).append(share)
    found = []
    for row in rows:
        share = tallies[row.id].green_share
        group = shares.get(row.peer_group, [])
        rank = None if share is None else 1 + sum(other > share for other in group)
        found.append(UnitStanding(
            row.id, row.short_name, row.peer_group, tallies[row.id], rank, len(group)
        ))
    return tuple(found)


def summary_sentence(year: int, month: int, found: MonthSummary, units: int) -> str:
    """「截至6月底，63个单位承担的责任目标共1396项，进度正常1089项，占78.0%；…」; shares add to 100.0."""
    tally = found.tally
    if not tally.total:
        return f"截至{year}年{month}月底，没有需要亮灯的责任目标。"
    shares = shares_adding_up([tally.of(one) for one in JUDGED])
    words = {
        Light.GREEN: "进度正常", Light.YELLOW: "预警", Light.RED: "滞后", Light.UNREPORTED: "未报",
    }
    parts = [
        f"{words[light]}{tally.of(light)}项，占{_plain(share)}%"
        for light, share in zip(JUDGED, shares, strict=True) if tally.of(light)
    ]
    said = "；".join(parts)
    later = f"另有{found.year_end}项年底才能认定，不亮灯。" if found.year_end else ""
    return f"截至{year}年{month}月底，{units}个单位承担的责任目标参加亮灯的共{tally.total}项，{said}。{later}"


def _plain(share: Decimal) -> str:
    return f"{share:.0f}" if share in (0, 100) else f"{share:.1f}"


def ranked(units: Sequence[UnitStanding]) -> dict[str, list[UnitStanding]]:
    """Units by group in the order of their places, equal ones in official order."""
    groups: dict[str, list[UnitStanding]] = {}
    for one in units:
        groups.setdefault(one.group, []).append(one)
    return {
        name: sorted(found, key=lambda one: one.rank or len(found) + 1)
        for name, found in groups.items()
    }
