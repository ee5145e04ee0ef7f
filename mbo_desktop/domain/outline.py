"""Target lists kept as numbered text → entries with level, name, value, points and offices.

The levels follow the order in which kinds of labels first appear (一、 then (一) then 1.), a
line without a label goes on with the entry before it, and lines of offices, deadlines, notes
and totals are told from entries by their opening words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain import quantity
from mbo_desktop.domain.outline_item import ItemContent, read_item, without_value
from mbo_desktop.domain.outline_labels import Label, depth_of, read_label
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.errors import InputError

_NOTE = re.compile(r"[(（\[【]?(?:备\s*注|注|说\s*明|附注|附件|附)\s*\d*[:：.、]|[(（]注[)）]|※|\*\s")
_TOTAL = re.compile(
    r"[(（]?(?:合\s*计|总\s*计|总\s*分|分值合计|分值总计|以上(?:各项)?(?:共|合计|总分))(?:分值)?[:：]?(?:为|共)?\s*([0-9０-９.]+)\s*分?[)）]?[。.]?"
)
_TITLE_TOTAL = re.compile(r"[(（](?:总分|满分|共|合计|总分值)[:：]?\s*([0-9０-９.]+)\s*分[)）]")
_FIELD_LINE = re.compile(
    r"[(（\[【]?\s*(?:牵头单位|牵头部门|主办单位|配合单位|协办单位|配合部门|责任单位|责任部门|承办单位|落实单位|责任领导|分管领导|牵头领导|责任人|完成时限|完成时间|时限要求|时限|分值|牵头|配合|考核部门|考核单位|参与单位|责任市领导)\s*[:：]"
)
_SENTENCE_END = re.compile(r"[。;；!?]$")


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


@dataclass(frozen=True, slots=True)
class Outline:
    """A list as read: nothing of the text is missing from title, preamble, items and notes."""

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


@dataclass(slots=True)
class _Entry:
    """An entry while its lines are gathered."""

    label: Label
    level: int
    line: int
    lines: list[str]
    warnings: list[str]


class _Gatherer:
    """Walks the lines once and sorts them into title, notes and entries."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.notes: list[str] = []
        self.entries: list[_Entry] = []
        self.total: Decimal | None = None
        self._stack: list[str] = []
        self._expected: dict[str, int] = {}
        self._in_note = False

    def take(self, number: int, line: str) -> None:
        """Sort one line in; `number` counts from 1."""
        if self._take_total(line):
            return
        if _NOTE.match(line):
            self._in_note = True
            self.notes.append(line)
            return
        label = read_label(line, self._expected)
        if label is not None and not (self._in_note and self._is_note_label(label)):
            self._in_note = False
            self._begin(number, line, label)
        elif self._in_note:
            self.notes.append(line)
        elif self.entries:
            self._continue(line)
        elif self._is_title(line):
            self.title.append(line)
        else:
            self.notes.append(line)

    def _is_note_label(self, label: Label) -> bool:
        """Numbers under 备注 begin again at 1; the list itself goes on counting."""
        due = self._expected.get(label.kind)
        return due is None or label.ordinal != due or label.ordinal == 1

    def _is_title(self, line: str) -> bool:
        return not self.notes and not _SENTENCE_END.search(line) and len(line) <= 60 and len(self.title) < 3

    def _take_total(self, line: str) -> bool:
        match = _TOTAL.fullmatch(line)
        if match is None:
            return False
        self._set_total(match[1])
        self.notes.append(line)
        return True

    def _set_total(self, digits: str) -> None:
        try:
            self.total = quantity.read_number(digits)
        except InputError:
            return

    def _begin(self, number: int, line: str, label: Label) -> None:
        level = depth_of(label, self._stack)
        warnings = []
        due = self._expected.get(label.kind, 1)
        if label.kind != "bullet" and label.ordinal not in (due, 1):
            warnings.append(f"编号“{label.written}”与前面不连续。")
        self._expected = {k: v for k, v in self._expected.items() if k in self._stack}
        self._expected[label.kind] = label.ordinal + 1
        self.entries.append(_Entry(label, level, number, [line[label.end :].strip()], warnings))

    def _continue(self, line: str) -> None:
        entry = self.entries[-1]
        if _FIELD_LINE.match(line):
            entry.lines.append("\n" + line)
            return
        entry.lines.append(line)


def read_outline(text: str) -> Outline:
    """A numbered list as people keep it in text; see `Outline`. Never raises.

    Points, offices and deadlines are taken out of the entries; gaps in the numbering, sums
    that differ and entries with two values for points come back as warnings.
    """
    gatherer = _Gatherer()
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip().strip("\u3000\ufeff\xa0").strip()
        if line:
            gatherer.take(number, line)
    title = "".join(gatherer.title)
    match = _TITLE_TOTAL.search(title)
    if match and gatherer.total is None:
        gatherer._set_total(match[1])  # noqa: SLF001
    items = _items(gatherer.entries)
    return Outline(title, items, tuple(gatherer.notes), gatherer.total, _sum_warnings(items, gatherer.total))


def _items(entries: list[_Entry]) -> tuple[OutlineItem, ...]:
    found = []
    for position, entry in enumerate(entries):
        following = entries[position + 1].level if position + 1 < len(entries) else 0
        content = read_item(_joined(entry.lines))
        is_heading = following > entry.level
        found.append(_item(entry, without_value(content) if is_heading else content, is_heading))
    return tuple(found)


def _joined(lines: list[str]) -> str:
    """Wrapped lines as one: Chinese runs on, Latin words and figures keep a space between."""
    joined = lines[0]
    for line in lines[1:]:
        gap = " " if re.search(r"[0-9A-Za-z]$", joined) and re.match(r"[0-9A-Za-z]", line) else ""
        joined += gap + line
    return joined


def _item(entry: _Entry, content: ItemContent, is_heading: bool) -> OutlineItem:
    return OutlineItem(
        level=entry.level, label=entry.label.written, text=content.text, name=content.name,
        value=content.value, points=content.points, covers=content.covers, lead=content.lead,
        supporting=content.supporting, warnings=(*entry.warnings, *content.warnings),
        is_heading=is_heading, leader=content.leader, due=content.due,
        certifying=content.certifying, scoring=content.scoring, line=entry.line,
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
