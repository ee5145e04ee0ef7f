"""Global search (Ctrl+K) over units, people, indicators, agreements and dockets."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import dockets as docket_reads
from mbo_desktop.store.queries import search as reads
from mbo_desktop.store.queries.dockets import DocketFilter


class HitKind(Choice):
    """What was found."""

    UNIT = "unit", "单位"
    PERSON = "person", "人员"
    INDICATOR = "indicator", "指标"
    AGREEMENT = "agreement", "责任书"
    DOCKET = "docket", "督查事项"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name and where it belongs."""

    kind: HitKind
    id: RecordId
    text: str
    context: str
    """「市直部门」, 「柯城区 县长」, 「工业经济 · 2020年度」."""
    unit: RecordId | None = None


def search(store: Store, text: str, *, year: int, limit: int = 30) -> tuple[Hit, ...]:
    """Hits by name, code, full pinyin and initials; exact and beginning hits first, units before others."""
    plain = " ".join(text.split())
    if not plain:
        return ()
    found: list[tuple[int, int, Hit]] = []
    for record, name, kind, unit, closeness in reads.units(store, plain, limit):
        context = UnitKind.of(kind).label
        found.append((closeness, 0, Hit(HitKind.UNIT, RecordId(record), name, context, _id(unit))))
    for record, name, post, unit, closeness in reads.people(store, plain, limit):
        found.append((closeness, 1, Hit(HitKind.PERSON, RecordId(record), name, post, _id(unit))))
    for record, name, category, _none, closeness in reads.indicators(store, plain, year, limit):
        context = " · ".join(part for part in (category, f"{year}年度") if part)
        found.append((closeness, 2, Hit(HitKind.INDICATOR, RecordId(record), name, context)))
    for record, name, state, unit, closeness in reads.agreements(store, plain, year, limit):
        title, context = f"{name}责任书", f"{year}年度 · {AgreementState.of(state).label}"
        hit = Hit(HitKind.AGREEMENT, RecordId(record), title, context, _id(unit))
        found.append((closeness, 3, hit))
    listed = docket_reads.ids(store, year, DocketFilter(text=plain), limit=limit)
    lines = docket_reads.lines(store, listed)
    for docket in (lines[record] for record in listed if record in lines):
        closeness = 0 if docket.title == plain else 1 if docket.title.startswith(plain) else 2
        context = " · ".join(part for part in (docket.number, docket.state.label) if part)
        hit = Hit(HitKind.DOCKET, docket.id, docket.title, context, docket.lead)
        found.append((closeness, 4, hit))
    found.sort(key=lambda entry: entry[:2])
    return tuple(hit for _closeness, _kind, hit in found[:limit])


def _id(record: int | None) -> RecordId | None:
    return None if record is None else RecordId(record)
