"""Global search (Ctrl+K): units, people, posts, indicators, agreements, nodes of the tree, what is followed up, papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mbo_desktop import clock
from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import office_words
from mbo_desktop.services.accountability import may_read
from mbo_desktop.services.search_papers import PaperKind, papers
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import dockets as docket_reads
from mbo_desktop.store.queries import search as reads
from mbo_desktop.store.queries import search_work as work
from mbo_desktop.store.queries.dockets import DocketFilter

_FEW = 6
_LONGEST = 40
"""Characters of an item of a report that are shown."""


class HitKind(Choice):
    """What was found."""

    UNIT = "unit", "单位"
    PERSON = "person", "人员"
    INDICATOR = "indicator", "指标"
    AGREEMENT = "agreement", "责任书"
    DOCKET = "docket", "督查事项"
    POST = "post", "岗位"
    NODE = "allocation", "分解项"
    ITEM = "source_item", "来源条目"
    INSPECTION = "inspection", "督查"
    CASE = "accountability_case", "问责案件"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name and where it belongs."""

    kind: HitKind | PaperKind
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
        context = office_words.kind(store, UnitKind.of(kind))
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
    found += _under_way(store, plain, year)
    known = {hit.id for _closeness, _place, hit in found}
    for paper, (record, name, context, unit, closeness) in papers(store, plain, year):
        # A number stands for what it was given to, which may have been found by it already.
        if record not in known or paper is PaperKind.PACKAGE:
            found.append((closeness, 10, Hit(paper, RecordId(record), _shown(name), context, _id(unit))))
    found.sort(key=lambda entry: entry[:2])
    return tuple(hit for _closeness, _kind, hit in found[:limit])


def _under_way(store: Store, text: str, year: int) -> Iterator[tuple[int, int, Hit]]:
    """What the tables of work hold, few of each: they would crowd out the rest."""
    def readable(ids: list[int]) -> set[int]:
        known = store.get_many(AccountabilityCase, [RecordId(one) for one in ids])
        return {record for record, case in known.items() if may_read(case, store.operator)}

    reads_by_kind = (
        (HitKind.POST, work.posts(store, text, clock.today().isoformat(), _FEW)),
        (HitKind.NODE, work.nodes(store, text, year, _FEW)),
        (HitKind.ITEM, work.items(store, text, year, _FEW)),
        (HitKind.INSPECTION, work.inspections(store, text, year, _FEW)),
        (HitKind.CASE, work.cases(store, text, year, _FEW, readable)),
    )
    for place, (kind, rows) in enumerate(reads_by_kind, 5):
        for record, name, context, unit, closeness in rows:
            yield closeness, place, Hit(kind, RecordId(record), _shown(name), context, _id(unit))


def _shown(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _id(record: int | None) -> RecordId | None:
    return None if record is None else RecordId(record)
