"""Target lists kept as numbered text → entries with level, name, value, points and offices.

The levels follow the order in which kinds of labels first appear (一、 then (一) then 1.), a
line without a label goes on with the entry before it, and lines of offices, deadlines, notes,
totals and signatures are told from entries by their opening words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain import quantity
from mbo_desktop.domain.outline_item import ItemContent, read_item, without_value
from mbo_desktop.domain.outline_lines import Entry, gather
from mbo_desktop.domain.targets import TargetValue


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the list; a heading has value None and stands above deeper entries."""

    level: int
    label: str
    text: str
    name: str
    value: TargetValue | None
    points: Decimal | None = None
    covers: tuple[str, ...] = ()
    lead: str = ""
    supporting: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_heading: bool = False
    leader: str = ""
    due: str = ""
    certifying: tuple[str, ...] = ()
    scoring: str = ""
    line: int = 0
    """Number of the line it begins on, from 1."""
    person: str = ""
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A list as read: nothing of the text is missing from title, items and notes."""

    title: str
    items: tuple[OutlineItem, ...]
    notes: tuple[str, ...] = ()
    declared_total: Decimal | None = None
    warnings: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[OutlineItem, ...]:
        """The entries that are targets, headings left out."""
        return tuple(item for item in self.items if not item.is_heading)

    @property
    def points(self) -> Decimal:
        """The points of all targets together."""
        return sum((item.points for item in self.targets if item.points is not None), Decimal(0))


def read_outline(text: str) -> Outline:
    """A numbered list as people keep it in text; see `Outline`. Never raises.

    Points, offices and deadlines are taken out of the entries; gaps in the numbering, sums
    that differ and entries with two values for points come back as warnings.
    """
    gathered = gather(text)
    items = _items(_fold(gathered.entries))
    return Outline(
        gathered.title, items, tuple(gathered.notes), gathered.total, _sum_warnings(items, gathered.total)
    )


def _fold(entries: list[Entry]) -> list[Entry]:
    """Entries whose points stand above their parts, taken as one target with its parts in its text.

    1.抓好重点工程(10分) with (1)…, (2)… below and scored single entries beside it: what is
    scored is the target.
    """
    points = [read_item(entry.text).points for entry in entries]
    folded: list[Entry] = []
    position = 0
    while position < len(entries):
        end = _end_below(entries, position)
        is_scored_whole = (
            end > position + 1
            and points[position] is not None
            and not any(value is not None for value in points[position + 1 : end])
            and _has_scored_leaf_beside(entries, points, position)
        )
        entry = entries[position]
        if is_scored_whole:
            parts = [f"\n{part.label.written}{part.text}" for part in entries[position + 1 : end]]
            warning = f"其下 {len(parts)} 个分项没有分值,已并入本条。"
            entry = Entry(entry.label, entry.level, entry.line, entry.lines + parts, [*entry.warnings, warning])
            position = end - 1
        folded.append(entry)
        position += 1
    return folded


def _end_below(entries: list[Entry], position: int) -> int:
    """Where the entries below this one end."""
    end = position + 1
    while end < len(entries) and entries[end].level > entries[position].level:
        end += 1
    return end


def _has_scored_leaf_beside(entries: list[Entry], points: list[Decimal | None], position: int) -> bool:
    level = entries[position].level
    return any(
        entry.level == level and points[i] is not None and _end_below(entries, i) == i + 1
        for i, entry in enumerate(entries)
    )


def _items(entries: list[Entry]) -> tuple[OutlineItem, ...]:
    found = []
    deepest = max((entry.level for entry in entries), default=0)
    for position, entry in enumerate(entries):
        content = read_item(entry.text)
        # A title with its paragraph beside numbered parts (三、奖惩办法) is a clause, no target.
        is_clause = entry.has_titled_body and entry.level < deepest and content.points is None
        is_heading = _end_below(entries, position) > position + 1 or is_clause or entry.label.kind == "plain"
        found.append(_item(entry, without_value(content) if is_heading else content, is_heading))
    return tuple(found)


def _item(entry: Entry, content: ItemContent, is_heading: bool) -> OutlineItem:
    return OutlineItem(
        level=entry.level, label=entry.label.written, text=content.text, name=content.name,
        value=content.value, points=content.points, covers=content.covers, lead=content.lead,
        supporting=content.supporting, warnings=(*entry.warnings, *content.warnings),
        is_heading=is_heading, leader=content.leader, due=content.due,
        certifying=content.certifying, scoring=content.scoring, line=entry.line,
        person=content.person, handler=content.handler,
    )  # fmt: skip


def _sum_warnings(items: tuple[OutlineItem, ...], total: Decimal | None) -> tuple[str, ...]:
    warnings = []
    for position, item in enumerate(items):
        if not item.is_heading or item.points is None:
            continue
        below = []
        for other in items[position + 1 :]:
            if other.level <= item.level:
                break
            if not other.is_heading and other.points is not None:
                below.append(other.points)
        if below and sum(below) != item.points:
            stated, summed = quantity.canonical(item.points), quantity.canonical(sum(below, Decimal(0)))
            warnings.append(f"“{item.label}{item.name}”标明 {stated} 分,其下各项合计 {summed} 分。")
    points = [item.points for item in items if not item.is_heading and item.points is not None]
    if total is not None and points and sum(points) != total:
        summed = quantity.canonical(sum(points, Decimal(0)))
        warnings.append(f"原文合计 {quantity.canonical(total)} 分,各项相加 {summed} 分。")
    return tuple(warnings)
