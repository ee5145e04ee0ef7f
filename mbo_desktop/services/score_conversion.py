"""以得分最高的单位为满分折算: parts and totals held against the best of the group (domain notes §3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.grading import Conversion, by_best
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import HUNDRED, shown
from mbo_desktop.services.score_board import UnitScore


@dataclass(frozen=True, slots=True)
class Parts:
    """What a unit's total is made of: the targets' part and the components, on the scheme's scale."""

    targets: Decimal | None
    components: Mapping[str, Decimal | None]
    targets_from: Conversion | None = None
    components_from: Mapping[str, Conversion] = field(default_factory=dict)


def looks_at_best(scheme: Scheme) -> bool:
    """Whether one unit's points change those of the others."""
    return scheme.targets_by_best or scheme.total_by_best or any(one.by_best for one in scheme.components)


def converted_parts(scheme: Scheme, parts: Mapping[RecordId, Parts]) -> Mapping[RecordId, Parts]:
    """The parts of all units, those converted that the scheme holds against the best."""
    full = scheme.scale or HUNDRED
    if scheme.targets_by_best:
        found = by_best({unit: one.targets for unit, one in parts.items() if one.targets is not None}, full, scheme.digits)
        parts = {
            unit: replace(one, targets=found[unit].points, targets_from=found[unit]) if unit in found else one
            for unit, one in parts.items()
        }
    for part in scheme.components:
        if part.by_best:
            given = {unit: points for unit, one in parts.items() if (points := one.components[part.name]) is not None}
            made = by_best(given, full, scheme.digits)
            parts = {
                unit: replace(
                    one, components={**one.components, part.name: made[unit].points},
                    components_from={**one.components_from, part.name: made[unit]},
                ) if unit in made else one
                for unit, one in parts.items()
            }
    return parts


def converted_totals(scheme: Scheme, lines: Mapping[RecordId, UnitScore]) -> dict[RecordId, UnitScore]:
    """Totals held against the best of them."""
    totals = {unit: line.total for unit, line in lines.items() if line.total is not None}
    found = by_best(totals, scheme.scale or HUNDRED, scheme.digits)
    return {
        unit: replace(line, total=found[unit].points, total_from=found[unit]) if unit in found else line
        for unit, line in lines.items()
    }


def words(one: Conversion, best_units: str, digits: int) -> str:
    """「86.00×100÷95.00(本组最高,丙县)=90.53分」."""
    return f"{one.own:.{digits}f}×{shown(one.full)}÷{one.best:.{digits}f}(本组最高,{best_units})={one.points:.{digits}f}分"
