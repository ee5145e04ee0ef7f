"""What is fixed by an issued or signed agreement, told in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain import workflow
from mbo_desktop.domain.agreements import Agreement, AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads


@dataclass(frozen=True, slots=True)
class Fixed:
    """An issued agreement: since when it stands, signed or only issued."""

    agreement: RecordId
    signed_on: date | None
    """The day party B's first copy was signed; None while it was only issued."""

    @property
    def reason(self) -> str:
        """Why a target of the unit cannot be set any more."""
        return "责任书已签订" if self.signed_on is not None else "责任书已印发"


def fixed_units(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> dict[RecordId, Fixed]:
    """Units of the year (None: all) whose agreement was issued."""
    found = reads.fixed_units(store, year, units)
    # Bodies are large: only those are read that are on the way to being signed.
    doubtful = store.get_many(Agreement, [one for one, day in found.values() if day is None])
    return {
        unit: Fixed(record, day or signed_day(doubtful[record]))
        for unit, (record, day) in found.items() if day is not None or record in doubtful
    }


def fixed_names(store: Store, year: int, units: Sequence[RecordId]) -> tuple[str, ...]:
    """Short names of those among these units whose agreement was issued."""
    fixed = fixed_units(store, year, units) if units else {}
    found = store.get_many(Unit, tuple(fixed))
    return tuple(found[one].short_name or found[one].name for one in units if one in found)


def signed_day(agreement: Agreement) -> date | None:
    """The day of signing: as recorded, else when the first copy was signed by party B; None before."""
    if agreement.snapshot is None or not workflow.is_signed(agreement):
        return None
    days = [
        step.on for copy in agreement.copies for step in copy.steps
        if step.state is AgreementState.PARTY_SIGNED
    ]
    return agreement.signed_on or (max(days) if days else None)


def place_of(indicator: Indicator | None, unit: Unit | None) -> str:
    """「工业投资 · 柯城区」, for lists of what was refused."""
    named = "" if unit is None else unit.short_name or unit.name
    return " · ".join(part for part in ("" if indicator is None else indicator.name, named) if part)


def party_note(unit: Unit, successions: Sequence[Succession], units: dict[RecordId, Unit]) -> str:
    """That a party is gone and who answers for it now; empty for a unit that stands."""
    if unit.dissolved_on is None:
        return ""
    names = [
        units[one].name for one in successors_of(unit.id, successions) if one in units
    ]
    day = unit.dissolved_on.isoformat()
    if not names:
        return f"{unit.name}已于{day}撤销,没有登记承接单位"
    return f"{unit.name}已于{day}撤并,由{'、'.join(names)}承接"


def successors_of(
    unit: RecordId, successions: Sequence[Succession]
) -> tuple[RecordId, ...]:
    """The units that answer for a dissolved one in the end, through several mergers and splits."""
    found: list[RecordId] = []
    seen = {unit}
    waiting = [unit]
    while waiting:
        now = waiting.pop(0)
        following = [
            heir for one in successions if now in one.predecessors for heir in one.successors
            if heir not in seen
        ]
        if not following and now != unit:
            found.append(now)
        seen.update(following)
        waiting += following
    return tuple(found)
