"""How issued agreements differ from the live targets, with the papers that explain it.

Laying out a unit's live annex takes tens of milliseconds, and panels ask at every selection: only
agreements whose targets were written since issuing are compared, and what was found is kept until
the next change of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.annex import Difference, differences, live_rows, with_bases
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import agreements as reads

_Found = dict[RecordId, tuple[Difference, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was compared in one state of the data; those without differences too."""

    change_count: int
    found: _Found = field(default_factory=dict)


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Deviation:
    """How an issued agreement differs from the live targets: in all, and without a paper for it."""

    count: int
    unexplained: int
    """Differences that come from no approved adjustment and no correction."""
    corrected: int
    """Differences that come from a correction (更正)."""


def explained(store: Store, agreements: Sequence[RecordId]) -> _Found:
    """The differences of each of these that has any, each with the paper it rests on."""
    count = store.change_count
    kept = _kept.get(store)
    if kept is None or kept.change_count != count:
        kept = _Kept(count)
    missing = [record for record in agreements if record not in kept.found]
    if missing:
        fresh = _compared(store, missing)
        kept.found.update({record: fresh.get(record, ()) for record in missing})
        # What another program writes is not counted here, and what was written meanwhile is newer.
        if not store.read_only and store.change_count == count:
            _kept[store] = kept
    return {record: kept.found[record] for record in agreements if kept.found[record]}


def differing(store: Store, agreements: Sequence[RecordId]) -> dict[RecordId, int]:
    """Of these, the issued agreements that no longer agree with the live targets: how many differences."""
    return {record: len(found) for record, found in explained(store, agreements).items()}


def deviations(store: Store, agreements: Sequence[RecordId]) -> dict[RecordId, Deviation]:
    """`differing`, told apart by whether a paper explains the difference."""
    return {
        record: Deviation(
            len(found), sum(not one.basis for one in found), sum(one.is_correction for one in found)
        )
        for record, found in explained(store, agreements).items()
    }


def _compared(store: Store, agreements: Sequence[RecordId]) -> _Found:
    result: _Found = {}
    for year, units in reads.issued_units(store, agreements).items():
        doubtful = reads.touched_since_issued(store, year, units)
        records = store.get_many(Agreement, tuple(doubtful)).values()
        live = live_rows(store, records) if records else {}
        for record in records:
            assert record.snapshot is not None
            found = differences(record.snapshot, live.get(record.id, ()))
            if found:
                result[record.id] = with_bases(store, year, record.unit, found)
    return result
