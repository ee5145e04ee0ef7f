"""Whether a scheme may still be changed."""

from __future__ import annotations

from collections.abc import Iterable

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BonusItem,
    GivenScore,
    Objection,
    Scheme,
    SealedScore,
    Veto,
)
from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.results import TargetResult, UnitResult
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads


def sealing_done(scheme: Scheme) -> bool:
    """Whether the results of a scheme are sealed."""
    return any(one.step is AssessmentStep.SEAL for one in scheme.done)


def changeable(store: Store, scheme: Scheme) -> Scheme:
    """The scheme itself; NotAllowedError when its year or its results are sealed."""
    sealing.refuse_sealed(store, scheme.year)
    if sealing_done(scheme):
        raise NotAllowedError(
            f"“{scheme.name or scheme.peer_group}”的考核结果已封存,不能修改。",
            "确需修改的,请先解封并写明理由。",
        )
    return scheme


def sealed_units(store: Store, year: int) -> frozenset[RecordId]:
    """Units whose result of the year is sealed."""
    return frozenset(reads.sealed_groups(store, year))


def refuse_sealed_unit(store: Store, year: int, *units: RecordId) -> None:
    """Raises NotAllowedError when the result of the year of one of these units is sealed."""
    sealed = reads.sealed_groups(store, year)
    group = next((sealed[one] for one in units if one in sealed), None)
    if group is not None:
        raise NotAllowedError(
            f"“{group}”{year}年度的考核结果已封存,不能修改。", "确需修改的,请先解封并写明理由。"
        )


def refuse_sealed_targets(store: Store, targets: Iterable[Target]) -> None:
    """Raises NotAllowedError when one of these targets belongs to a sealed result."""
    units: dict[RecordId, set[RecordId]] = {}
    for one in targets:
        units.setdefault(one.indicator, set()).add(one.unit)
    for record, found in store.get_many(Indicator, list(units)).items() if units else ():
        refuse_sealed_unit(store, found.year, *units[record])


def refuse_sealed_record(store: Store, state: Entity | None) -> None:
    """Raises NotAllowedError for a record that belongs to a sealed result (restoring an old state of it)."""
    if isinstance(state, SealedScore):
        raise NotAllowedError("封存的考核结果不能由历史还原。", "确需修改的,请先解封并写明理由。")
    if isinstance(state, Scheme):
        changeable(store, state)
    elif isinstance(state, BonusItem | Objection | UnitResult | Veto):
        refuse_sealed_unit(store, state.year, state.unit)
    elif isinstance(state, TargetResult):
        refuse_sealed_unit(store, store.get(Indicator, state.indicator).year, state.unit)
    elif isinstance(state, GivenScore):
        if state.name:
            changeable(store, store.get(Scheme, state.subject))
        else:
            target = store.get(Target, state.subject)
            refuse_sealed_unit(store, store.get(Indicator, target.indicator).year, state.unit)
