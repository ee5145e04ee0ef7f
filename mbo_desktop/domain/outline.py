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
from mbo_desktop.domain.outline_fields import FIELD_WORDS
from mbo_desktop.domain.outline_item import ItemContent, read_item, without_value
from mbo_desktop.domain.outline_labels import Label, depth_of, read_label
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.errors import InputError

_NOTE = re.compile(r"[(（\[【]?(?:备\s*注|注|说\s*明|附注|附则|附件|附)\s*\d*[:：.、]|[(（]注[)）]|※|\*\s")
_TOTAL = re.compile(
    r"[(（]?(?:合\s*计|总\s*计|总\s*分|分值合计|分值总计|以上(?:各项)?(?:共|合计|总分))(?:分值)?[:：]?(?:为|共)?\s*([0-9０-９.]+)\s*分?[)）]?[。.]?"
)
_TITLE_TOTAL = re.compile(r"[(（](?:总分|满分|共|合计|总分值)[:：]?\s*([0-9０-９.]+)\s*分[)）]")
_FIELD_LINE = re.compile(rf"[(（\[【]?\s*(?:{FIELD_WORDS}|分值)\s*[:：]")
_INLINE = re.compile(r"(?:(?<=[。;；:：.!)）])|(?<=\s))\s*(?=\d{1,2}(?:[.．](?!\d)|、)|[(（]\d{1,2}[)）])|(?<=.)(?=[①②③④⑤⑥⑦⑧⑨⑩])")
_BARE_TITLE = re.compile(r"[一-鿿、（）()]{2,12}[:：]?")
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

    def take_unlabelled(self, number: int, line: str) -> None:
        """Sort in a line of a list that carries no numbers at all."""
        if self._take_total(line):
            return
        if _NOTE.match(line) or self._in_note:
            self._in_note = True
            self.notes.append(line)
        elif self.entries and _FIELD_LINE.match(line):
            self._continue(line)
        else:
            self.entries.append(_Entry(Label("line", 0, "", 0), 1, number, [line], []))

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
        self.set_total(match[1])
        self.notes.append(line)
        return True

    def set_total(self, digits: str) -> None:
        """Keep the total the list itself declares."""
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
        self._expected[label.kind] = label.ordinal + 1
        self.entries.append(_Entry(label, level, number, [line[label.end :].strip()], warnings))

    def _continue(self, line: str) -> None:
        entry = self.entries[-1]
        before = entry.lines[-1]
        is_field = bool(_FIELD_LINE.match(line))
        after_field = bool(_FIELD_LINE.match(before.strip())) and not before.endswith(("、", "，", ","))
        is_body = len(entry.lines) == 1 and bool(_BARE_TITLE.fullmatch(before))
        entry.lines.append("\n" + line if is_field or after_field or is_body else line)


def read_outline(text: str) -> Outline:
    """A numbered list as people keep it in text; see `Outline`. Never raises.

    Points, offices and deadlines are taken out of the entries; gaps in the numbering, sums
    that differ and entries with two values for points come back as warnings.
    """
    lines = [
        (number, part)
        for number, raw in enumerate(re.split(r"\r\n|\r|\n|\x0b|\u2028", text), start=1)
        for part in _inline_entries(raw.strip("\ufeff\u3000\xa0 \t"))
    ]
    gatherer = _Gatherer()
    for number, line in lines:
        gatherer.take(number, line)
    if not gatherer.entries and len(lines) > 1:
        gatherer = _without_labels(lines)
    title = "".join(gatherer.title)
    match = _TITLE_TOTAL.search(title)
    if match and gatherer.total is None:
        gatherer.set_total(match[1])
    items = _items(gatherer.entries)
    return Outline(title, items, tuple(gatherer.notes), gatherer.total, _sum_warnings(items, gatherer.total))


def _inline_entries(line: str) -> list[str]:
    """A line holding several numbered entries (…：1.…；2.…；3.…) as one piece per entry."""
    pieces = [piece.strip() for piece in _INLINE.split(line) if piece.strip()]
    labels = [read_label(piece, {}) for piece in pieces]
    joined: list[str] = []
    due: dict[str, int] = {}
    for piece, label in zip(pieces, labels, strict=True):
        is_next = label is not None and label.ordinal == due.get(label.kind, 1)
        if label is not None and (is_next or not joined):
            due[label.kind] = label.ordinal + 1
        if joined and not is_next:
            joined[-1] += piece
        else:
            joined.append(piece)
    # One lone "1." inside a sentence is no list.
    has_list = any(ordinal > 2 for ordinal in due.values()) or len(joined) <= 1
    return joined if has_list else [line]


def _without_labels(lines: list[tuple[int, str]]) -> _Gatherer:
    """A list without numbers: after the title each line is an entry."""
    gatherer = _Gatherer()
    for number, line in lines:
        if number == lines[0][0]:
            gatherer.take(number, line)
        else:
            gatherer.take_unlabelled(number, line)
    return gatherer


def _items(entries: list[_Entry]) -> tuple[OutlineItem, ...]:
    found = []
    for position, entry in enumerate(entries):
        following = entries[position + 1].level if position + 1 < len(entries) else 0
        content = read_item(_joined(entry.lines))
        is_heading = following > entry.level or _is_clause(entry, content, entries)
        found.append(_item(entry, without_value(content) if is_heading else content, is_heading))
    return tuple(found)


def _is_clause(entry: _Entry, content: ItemContent, entries: list[_Entry]) -> bool:
    """A title with its paragraph beside numbered parts (三、奖惩办法): a clause, no target."""
    has_body = len(entry.lines) > 1 and bool(_BARE_TITLE.fullmatch(entry.lines[0]))
    stands_beside_parts = entry.level < max(other.level for other in entries)
    return has_body and stands_beside_parts and content.points is None


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
