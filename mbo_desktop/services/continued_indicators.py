"""Which indicator of an earlier year an indicator goes on with: by its name, or as a clerk said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.year_links import predecessors
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as reads


@dataclass(frozen=True, slots=True)
class EarlierIndicator:
    """An indicator of an earlier year."""

    id: RecordId
    year: int
    name: str


@dataclass(frozen=True, slots=True)
class Continued:
    """What an indicator goes on with."""

    earlier: tuple[EarlierIndicator, ...]
    is_stated: bool
    """As a clerk said; else by the same name."""


def continued(store: Store, indicator: RecordId) -> Continued:
    """The earlier indicators that bases, 较上年 and rows of the year before are taken from."""
    own = store.get(Indicator, indicator)
    known = {one.id: one for one in reads.year_indicators(store, _years(own))}
    found = predecessors(known.values()).get(indicator, ())
    return Continued(
        tuple(EarlierIndicator(known[one].id, known[one].year, known[one].name) for one in found),
        any(one in known for one in own.continues),
    )


def choices(store: Store, indicator: RecordId) -> tuple[EarlierIndicator, ...]:
    """The year before's indicators, and those it goes on with already."""
    own = store.get(Indicator, indicator)
    return tuple(
        EarlierIndicator(one.id, one.year, one.name)
        for one in reads.year_indicators(store, _years(own))
        if one.year == own.year - 1 or one.id in own.continues
    )


def _years(own: Indicator) -> tuple[int, ...]:
    return tuple(range(own.year - 5, own.year + 1))


def set_continues(store: Store, indicator: RecordId, earlier: Sequence[RecordId]) -> None:
    """Say which indicators of earlier years this one goes on with; none: by the name again.

    InputError for one that is not of an earlier year, NotAllowedError in a sealed year.
    """
    with store.change("设置沿用的上年指标") as change:
        sealing.refuse_sealed_indicators(store, (indicator,))
        own = change.get(Indicator, indicator)
        for one in (change.get(Indicator, record) for record in earlier):
            if one.year >= own.year:
                raise InputError(
                    f"“{one.name}”是{one.year}年度的指标,不早于{own.year}年度。", "请选择上年度的指标。"
                )
        change.put(replace(own, continues=tuple(dict.fromkeys(earlier))))
