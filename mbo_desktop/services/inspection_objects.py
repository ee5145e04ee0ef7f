"""What an inspection can look at: targets to pick from, and how much each unit was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.services import inspections, offices
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import attention as attention_reads
from mbo_desktop.store.queries import inspections as reads
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries.progress import Sought

TOO_OFTEN = 4
"""Inspections in a year above which a unit is inspected too often (统筹规范督查检查, about one a quarter)."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A target as a picker shows it."""

    id: RecordId
    unit: RecordId
    unit_label: str
    title: str
    unit_of_measure: str
    shown: str
    """The target as printed."""


@dataclass(frozen=True, slots=True)
class UnitLookedAt:
    """How often a unit with targets was inspected and taken up by leaders in the year."""

    unit: RecordId
    label: str
    targets: int
    visits: int
    attentions: int
    findings: int
    last_on: date | None
    """The day of the last finding there."""

    @property
    def word(self) -> str:
        """「无人过问」, 「受查偏多」 or ""."""
        if not self.visits and not self.attentions:
            return "无人过问"
        return "受查偏多" if self.visits > TOO_OFTEN else ""


def find_targets(
    store: Store, year: int, text: str = "", *, unit: RecordId | None = None, limit: int = 40
) -> tuple[TargetChoice, ...]:
    """Targets of the year by indicator and unit, pinyin and initials too."""
    ids = progress_reads.subject_ids(store, year, Sought(unit=unit, text=text.strip()))[:limit]
    return targets(store, ids)


def targets(store: Store, wanted: Sequence[RecordId]) -> tuple[TargetChoice, ...]:
    """These targets in the order asked for; deleted ones left out."""
    found = progress_reads.subjects(store, wanted)
    return tuple(
        TargetChoice(one, at.unit, at.unit_label, at.title, at.unit_of_measure, at.shown)
        for one in wanted if (at := found.get(one)) is not None
    )


def looked_at(store: Store, year: int) -> tuple[UnitLookedAt, ...]:
    """Every unit with targets in official order, with how often it was looked at."""
    visits = inspections.visits(store, year)
    found = reads.findings(store, year)
    findings = Counter(line.unit for line in found)
    last: dict[RecordId, date] = {}
    for line in found:
        if line.found_on is not None:
            last[line.unit] = max(line.found_on, last.get(line.unit, line.found_on))
    taken = store.all(LeaderAttention, year=year)
    owners = store.get_many(Target, [one.subject for one in taken if one.subject is not None])
    attentions: Counter[RecordId] = Counter()
    for one in taken:
        owner = owners.get(one.subject) if one.subject is not None else None
        unit = one.unit or (owner.unit if owner is not None else None)
        if unit is not None:
            attentions[unit] += 1
    carried = attention_reads.carrying(store, year)
    order = {row.id: row.short_name for row in offices.units_in_order(store, with_dissolved=True, limit=-1)}
    return tuple(
        UnitLookedAt(
            unit, label, carried[unit], visits.get(unit, 0), attentions[unit], findings[unit],
            last.get(unit),
        )
        for unit, label in order.items() if unit in carried
    )
