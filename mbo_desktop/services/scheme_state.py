"""Whether a scheme may still be changed."""

from __future__ import annotations

from mbo_desktop.domain.assessment import AssessmentStep, Scheme, SealedScore
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store


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


def refuse_sealed_unit(store: Store, year: int, unit: RecordId) -> None:
    """Raises NotAllowedError when the unit's result of the year is sealed."""
    sealed = next((one for one in store.all(SealedScore, year=year) if one.unit == unit), None)
    if sealed is not None:
        raise NotAllowedError(
            f"“{sealed.peer_group}”{year}年度的考核结果已封存,不能修改。", "确需修改的,请先解封并写明理由。"
        )
