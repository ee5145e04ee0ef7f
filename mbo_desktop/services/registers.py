"""Meetings and documents with their items, and what rests on them (room 目标体系, 来源)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outline import OutlineItem, read_outline
from mbo_desktop.domain.registers import (
    STARTING_GENRES,
    Source,
    SourceItem,
    SourceKind,
    SourceLink,
)
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import registers as reads
from mbo_desktop.store.queries.registers import ItemRow, SourceRow, SubjectRow

__all__ = ["ItemRow", "SourceKind", "SourceRow", "SubjectRow"]


@dataclass(frozen=True, slots=True)
class ItemsOutcome:
    """What taking a list of items in did."""

    added: tuple[RecordId, ...]
    headings: int
    notes: tuple[str, ...]
    """Lines of the text that are no items; not taken in."""
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「已录入145条(另有12个标题);3行说明文字未录入。」."""
        text = f"已录入{len(self.added) - self.headings}条"
        if self.headings:
            text += f"(另有{self.headings}个标题)"
        return f"{text};{len(self.notes)}行说明文字未录入。" if self.notes else f"{text}。"


@dataclass(frozen=True, slots=True)
class CoverageSummary:
    """Coverage both ways of a year."""

    items: int
    uncovered_items: int
    indicators: int
    indicators_without_source: int

    @property
    def sentence(self) -> str:
        """「共145条,尚未落实到目标23条;60项指标中8项没有来源。」."""
        return (
            f"共{self.items}条,尚未落实到目标{self.uncovered_items}条;"
            f"{self.indicators}项指标中{self.indicators_without_source}项没有来源。"
        )


def genres(kind: SourceKind) -> tuple[str, ...]:
    """Kinds of meetings or documents offered; any other text may be typed."""
    return STARTING_GENRES[kind]


def sources(store: Store, year: int) -> tuple[SourceRow, ...]:
    """Meetings and documents of a year in their order, with coverage."""
    return reads.sources(store, year)


def source(store: Store, record: RecordId) -> Source:
    """The whole record, for the side panel."""
    return store.get(Source, record)


def add_source(
    store: Store, year: int, name: str, *, kind: SourceKind = SourceKind.DOCUMENT, genre: str = "",
    number: str = "", issued_by: str = "", dated: date | None = None, note: str = "",
) -> RecordId:
    """Add a meeting or document, last; InputError without a name, NotAllowedError in a sealed year."""
    text = _clean(name, "会议或文件名称")
    with store.change(f"登记{kind.label} {text}"[:60]) as change:
        sealing.refuse_sealed(store, year)
        rows = store.all(Source, year=year)
        record = change.new(Source)
        change.put(
            Source(
                id=record, year=year, kind=kind, name=text, genre=genre.strip(),
                number=number.strip(), issued_by=issued_by.strip(), dated=dated, note=note.strip(),
                ord=ordering.between(rows[-1].ord if rows else "", ""),
            )
        )
    return record


def change_source(
    store: Store, record: RecordId, *, name: str | None = None, kind: SourceKind | None = None,
    genre: str | None = None, number: str | None = None, issued_by: str | None = None,
    dated: date | None = None, note: str | None = None, clear_date: bool = False,
) -> None:
    """Change facts of a meeting or document; None leaves a fact as it is."""
    with store.change("修改会议文件") as change:
        old = change.get(Source, record)
        sealing.refuse_sealed(store, old.year)
        change.put(
            replace(
                old,
                name=old.name if name is None else _clean(name, "会议或文件名称"),
                kind=kind or old.kind,
                genre=old.genre if genre is None else genre.strip(),
                number=old.number if number is None else number.strip(),
                issued_by=old.issued_by if issued_by is None else issued_by.strip(),
                dated=None if clear_date else dated or old.dated,
                note=old.note if note is None else note.strip(),
            )
        )


def delete_source(store: Store, record: RecordId) -> None:
    """Delete a meeting or document with its items; NotAllowedError while targets rest on it."""
    with store.change("删除会议文件") as change:
        old = change.get(Source, record)
        sealing.refuse_sealed(store, old.year)
        items = [item for item, _key in reads.item_ords(store, record)]
        _delete(store, change, old.name, [*items, record])


def delete_items(store: Store, records: Sequence[RecordId]) -> None:
    """Delete items; NotAllowedError while targets rest on any of them."""
    with store.change("删除条目") as change:
        found = store.get_many(SourceItem, records)
        _refuse_year_of(store, found.values())
        name = next((item.text[:20] for item in found.values()), "")
        _delete(store, change, name, list(found))


def items(
    store: Store, year: int, of: RecordId | None = None, *, only_uncovered: bool = False,
    text: str = "",
) -> tuple[ItemRow, ...]:
    """Items in order (of one source, or of all of the year) with how much rests on each."""
    return reads.items(store, year, of, only_uncovered=only_uncovered, text=text)


def add_item(
    store: Store, of: RecordId, text: str, *, label: str = "", level: int = 1,
    is_heading: bool = False, lead: str = "", due: str = "",
) -> RecordId:
    """Add one item, last."""
    body = text.strip()
    if not body:
        raise InputError("条目内容没有填写。", "请填写条目内容。")
    with store.change("添加条目") as change:
        sealing.refuse_sealed(store, change.get(Source, of).year)
        pairs = reads.item_ords(store, of)
        record = change.new(SourceItem)
        change.put(
            SourceItem(
                id=record, source=of, text=body, label=label.strip(), level=level,
                is_heading=is_heading, lead=lead.strip(), due=due.strip(),
                ord=ordering.between(pairs[-1][1] if pairs else "", ""),
            )
        )
    return record


def add_items_from_text(store: Store, of: RecordId, text: str) -> ItemsOutcome:
    """Take a numbered list (政府工作报告 as text) in as items, in one step; InputError when it has none."""
    outline = read_outline(text)
    if not outline.items:
        raise InputError("没有读到任何条目。", "请粘贴带序号的条目,每条一行,例如 1.……。")
    with store.change("录入条目") as change:
        sealing.refuse_sealed(store, change.get(Source, of).year)
        pairs = reads.item_ords(store, of)
        keys = ordering.spread(len(outline.items), pairs[-1][1] if pairs else "")
        made = [
            _item_of(change.new(SourceItem), of, item, key)
            for item, key in zip(outline.items, keys, strict=True)
        ]
        change.put_all(made)
    warnings = [f"{item.label}{item.name[:20]}:{said}" for item in outline.items for said in item.warnings]
    return ItemsOutcome(
        tuple(one.id for one in made), sum(one.is_heading for one in made),
        outline.notes, (*outline.warnings, *warnings),
    )


def change_item(
    store: Store, record: RecordId, *, text: str | None = None, label: str | None = None,
    is_heading: bool | None = None, lead: str | None = None, due: str | None = None,
    note: str | None = None,
) -> None:
    """Change an item; None leaves a field as it is."""
    with store.change("修改条目") as change:
        old = change.get(SourceItem, record)
        sealing.refuse_sealed(store, change.get(Source, old.source).year)
        if text is not None and not text.strip():
            raise InputError("条目内容没有填写。", "请填写条目内容;不需要的条目可以删除。")
        change.put(
            replace(
                old,
                text=old.text if text is None else text.strip(),
                label=old.label if label is None else label.strip(),
                is_heading=old.is_heading if is_heading is None else is_heading,
                lead=old.lead if lead is None else lead.strip(),
                due=old.due if due is None else due.strip(),
                note=old.note if note is None else note.strip(),
            )
        )


def link(store: Store, origins: Sequence[RecordId], subjects: Sequence[RecordId]) -> int:
    """Let every subject (indicator or target) rest on every origin (item or source); how many are new."""
    made = 0
    with store.change("登记目标来源") as change:
        _refuse_origins(store, origins)
        for origin in origins:
            for subject in subjects:
                record = change.named(SourceLink, origin, subject)
                if change.find(SourceLink, record) is None:
                    change.put(SourceLink(id=record, origin=origin, subject=subject))
                    made += 1
    return made


def unlink(store: Store, origins: Sequence[RecordId], subjects: Sequence[RecordId]) -> int:
    """Take the links between them away; returns how many went."""
    gone = 0
    with store.change("取消目标来源") as change:
        _refuse_origins(store, origins)
        for origin in origins:
            for subject in subjects:
                record = change.named(SourceLink, origin, subject)
                if change.find(SourceLink, record) is not None:
                    change.delete(record)
                    gone += 1
    return gone


def resting_on(store: Store, origins: Sequence[RecordId]) -> tuple[SubjectRow, ...]:
    """The indicators and targets that rest on these items or sources."""
    return reads.subjects_of(store, origins)


def origins_of(store: Store, subject: RecordId) -> tuple[str, ...]:
    """What a target or indicator rests on, in words: 「政府工作报告 3.新建学校12所」."""
    found = reads.origins_of(store, subject)
    named = store.get_many(SourceItem, found)
    whole = store.get_many(Source, [*found, *(item.source for item in named.values())])
    return tuple(
        f"{whole[named[o].source].name} {named[o].label}{named[o].text}" if o in named
        else whole[o].name
        for o in found if o in whole or (o in named and named[o].source in whole)
    )


def origin_records(store: Store, subject: RecordId) -> tuple[RecordId, ...]:
    """The items and sources that a target or indicator rests on."""
    return reads.origins_of(store, subject)


def indicators_without_source(store: Store, year: int) -> tuple[SubjectRow, ...]:
    """Indicators that neither themselves nor through a target rest on any item, in printed order."""
    return reads.without_source(store, year)


def targets_without_source(
    store: Store, year: int, indicators: Sequence[RecordId]
) -> tuple[SubjectRow, ...]:
    """Targets of these indicators that rest on no item, neither themselves nor by their indicator."""
    return reads.targets_without_source(store, year, indicators)


def coverage(store: Store, year: int) -> CoverageSummary:
    """How far items are covered by targets, and indicators by items."""
    from mbo_desktop.store.queries import framework_grid

    rows = reads.sources(store, year)
    return CoverageSummary(
        items=sum(row.items for row in rows),
        uncovered_items=sum(row.items - row.covered for row in rows),
        indicators=framework_grid.count(store, year),
        indicators_without_source=len(reads.without_source(store, year)),
    )


def _delete(store: Store, change: Change, name: str, records: Sequence[RecordId]) -> None:
    resting = reads.subjects_of(store, records)
    if resting:
        said = "、".join(row.text for row in resting[:3]) + ("等" if len(resting) > 3 else "")
        raise NotAllowedError(
            f"不能删除“{name}”:已有{len(resting)}项指标或目标以它为来源({said})。",
            "请先取消这些目标的来源,或改登记到其他会议、文件。",
        )
    for record in (*reads.links(store, records), *records):
        change.delete(record)


def _refuse_year_of(store: Store, found: Iterable[SourceItem]) -> None:
    owners = store.get_many(Source, {item.source for item in found})
    for year in {owner.year for owner in owners.values()}:
        sealing.refuse_sealed(store, year)


def _refuse_origins(store: Store, origins: Sequence[RecordId]) -> None:
    """NotAllowedError when any of these items or sources belongs to a sealed year."""
    _refuse_year_of(store, store.get_many(SourceItem, origins).values())
    for one in store.get_many(Source, origins).values():
        sealing.refuse_sealed(store, one.year)


def _item_of(record: RecordId, of: RecordId, item: OutlineItem, key: str) -> SourceItem:
    return SourceItem(
        id=record, source=of, text=item.text, label=item.label, level=item.level,
        is_heading=item.is_heading, lead=item.lead, supporting=item.supporting, due=item.due,
        ord=key,
    )


def _clean(text: str, what: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InputError(f"{what}没有填写。", f"请填写{what}。")
    return cleaned
