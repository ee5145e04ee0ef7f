"""Sealing a year (封存): what was settled is no longer changed, unless it is unsealed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import SealStep, Year, YearState
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as reads


def is_sealed(store: Store, year: int) -> bool:
    """Whether the year is sealed; a year that is not there is not."""
    return any(row.state is YearState.CLOSED for row in store.all(Year, number=year))


def refuse_sealed(store: Store, year: int) -> None:
    """Raises NotAllowedError when the year is sealed; every service that writes into a year asks."""
    if is_sealed(store, year):
        raise NotAllowedError(
            f"{year} 年度已封存,不能修改。", "确需修改的,请先解封该年度并写明理由。"
        )


def refuse_sealed_indicators(store: Store, indicators: Sequence[RecordId]) -> None:
    """The same for the years that these indicators belong to."""
    for year in reads.years_of(store, indicators):
        refuse_sealed(store, year)


def seal_year(store: Store, year: int, reason: str = "") -> None:
    """封存: a barrier; undo of earlier steps no longer reaches into the year.

    Raises NotAllowedError when it is sealed already or not there.
    """
    with store.change(f"封存 {year} 年度", barrier=True) as change:
        put_seal(store, change, year, YearState.CLOSED, reason)
        change.take_up(reads.records_of_year(store, year))


def unseal_year(store: Store, year: int, reason: str) -> None:
    """解封: a barrier; InputError without a reason, NotAllowedError when the year is not sealed."""
    with store.change(f"解封 {year} 年度", barrier=True) as change:
        if not reason.strip():
            raise InputError("没有写明解封的理由。", "请写明理由后再解封。")
        put_seal(store, change, year, YearState.OPEN, reason)


def seal_history(store: Store, year: int) -> tuple[SealStep, ...]:
    """When the year was sealed and unsealed, by whom and why, oldest first."""
    return next((row.seals for row in store.all(Year, number=year)), ())


def put_seal(store: Store, change: Change, year: int, state: YearState, reason: str) -> None:
    """Write the step as a part of a change that is already open."""
    record = change.named(Year, year)
    old = change.find(Year, record)
    if old is None:
        raise NotAllowedError(f"没有 {year} 年度。", "请先建立该年度。")
    if old.state is state:
        said = "已经封存" if state is YearState.CLOSED else "没有封存"
        raise NotAllowedError(f"{year} 年度{said}。", "不需要再操作。")
    step = SealStep(state, clock.today(), store.operator, reason.strip())
    change.put(replace(old, state=state, seals=(*old.seals, step)))
