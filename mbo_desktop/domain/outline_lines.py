"""Walking the lines of a target list: title, preamble, entries, notes, totals, signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from mbo_desktop.domain import quantity
from mbo_desktop.domain.outline_fields import FIELD_WORDS
from mbo_desktop.domain.outline_item import is_scoring
from mbo_desktop.domain.outline_labels import Label, depth_of, read_label
from mbo_desktop.domain.target_reading import split_clauses, split_name
from mbo_desktop.errors import InputError

_NOTE = re.compile(
    r"[(（\[【]?(?:备\s*注|注|说\s*明|附注|附则|附件|附)\s*\d*[:：.、]|[(（]注[)）]|(?:备\s*注|注|说\s*明|附注)$|※|\*\s|附件\s*\d*$|抄\s*送"
)
_SIGNATURE = re.compile(
    r"(?:甲\s*方|乙\s*方|发包方|承包方|签\s*订|签\s*字|签\s*名|盖\s*章|签发人|[市县区镇乡局]\s*长|书\s*记|主\s*任|责任人签字|年\s*度责任人)[^,，。]{0,12}[:：]"
    r"|[(（]?(?:盖章|签字|公章)[)）]?$|(?:\d{4}|[二〇○零一三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{0,3}\s*月\s*[\d一二三四五六七八九十]{0,3}\s*日$"
)
_TOTAL = re.compile(
    r"[(（]?(?:合\s*计|总\s*计|总\s*分|分值合计|分值总计|以上(?:各项)?(?:共|合计|总分))(?:分值)?[:：]?(?:为|共)?\s*([0-9０-９.]+)\s*分?[)）]?[。.]?"
)
_TITLE_TOTAL = re.compile(r"[(（](?:总分|满分|共|合计|总分值)[:：]?\s*([0-9０-９.]+)\s*分[)）]")
_FIELD_LINE = re.compile(rf"[(（\[【]?\s*(?:{FIELD_WORDS}|分值|权重)\s*[:：]")
_CLOSED = re.compile(r"[0-9０-９一二三四五六七八九十]\s*分\s*[)）】\]〕]\s*[。.;；]?$")
_SENTENCE_END = re.compile(r"[。;；!?：:]$")
_TITLE_COLON = re.compile(r"[^,，。;；:：]{4,40}[:：]")
_BARE_TITLE = re.compile(r"[一-鿿、（）()]{2,12}[:：]?")
_PLAIN_HEADING = re.compile(r"[一-鿿、]{2,15}(?:[(（](?:共)?[0-9０-９.]+\s*分[)）])?")
_NUMBERED = re.compile(r"(?:(?<=[。;；:：.!)）])|(?<=\s))\s*(?=\d{1,2}(?:[.．](?!\d)|、))")
_MARKED = re.compile(r"(?<=[。;；:：.!)）])\s*(?=[①②③④⑤⑥⑦⑧⑨⑩]|[(（]\d{1,2}[)）])")
_ABOUT_THE_PAPER = re.compile(r"(?:本|此)[^,，。;；\d]{0,12}(?:责任[书状]|协议书?|目标书)(?!制)")
"""A clause about the paper itself: 四、本责任书一式三份."""
_POINTS_IN_BRACKETS = re.compile(r"[(（【]\D{0,4}[0-9０-９.]+\s*分[)）】]")


@dataclass(slots=True)
class Entry:
    """An entry while its lines are gathered."""

    label: Label
    level: int
    line: int
    lines: list[str]
    warnings: list[str]
    numbers: list[int] = field(default_factory=list)
    """Of the lines after the first."""

    @property
    def has_titled_body(self) -> bool:
        """Whether a bare title stands on the first line and a paragraph below."""
        return len(self.lines) > 1 and bool(_BARE_TITLE.fullmatch(self.lines[0]))

    @property
    def text(self) -> str:
        """Its lines as one: Chinese runs on, Latin words and figures keep a space between."""
        joined = self.lines[0]
        for line in self.lines[1:]:
            gap = " " if re.search(r"[0-9A-Za-z]$", joined) and re.match(r"[0-9A-Za-z]", line) else ""
            joined += gap + line
        return joined


class Gatherer:
    """Walks the lines once and sorts them into title, notes and entries; drops none."""

    def __init__(self) -> None:
        self.title_lines: list[str] = []
        self.notes: list[str] = []
        self.entries: list[Entry] = []
        self.total: Decimal | None = None
        self._stack: list[str] = []
        self._expected: dict[str, int] = {}
        self._in_note = False

    @property
    def title(self) -> str:
        """The lines before the first entry that are no preamble."""
        return "".join(self.title_lines)

    def take(self, number: int, line: str) -> None:
        """Sort one line in; `number` counts from 1."""
        if self._take_aside(line):
            return
        label = read_label(line, self._expected)
        if label is not None and _ABOUT_THE_PAPER.match(line, label.end):
            self._in_note = True
            self._expected[label.kind] = label.ordinal + 1
            self.notes.append(line)
        elif label is not None and not (self._in_note and self._is_note_label(label)):
            self._in_note = False
            self._begin(number, line, label)
        elif self._in_note:
            self.notes.append(line)
        elif self.entries:
            self._continue(number, line)
        elif self._is_title(line):
            self.title_lines.append(line.rstrip(":：") if not self.title_lines else line)
        else:
            self.notes.append(line)

    def take_unlabelled(self, number: int, line: str) -> None:
        """Sort in a line of a list that carries no numbers at all."""
        if self._take_aside(line):
            return
        if self._in_note:
            self.notes.append(line)
        elif self.entries and (_FIELD_LINE.match(line) or is_scoring(line)):
            self.entries[-1].lines.append("\n" + line)
        else:
            self.entries.append(Entry(Label("line", 0, "", 0), 1, number, [line], []))

    def _take_aside(self, line: str) -> bool:
        """Totals, notes and signature lines, none of which is an entry."""
        match = _TOTAL.fullmatch(line)
        if match:
            self._set_total(match[1])
            self.notes.append(line)
            return True
        if _NOTE.match(line) or (_SIGNATURE.match(line) and (self.entries or self.title_lines)):
            # Above the list a note is one line: the title may follow it.
            self._in_note = bool(self.entries)
            self.notes.append(line)
            return True
        return False

    def _set_total(self, digits: str) -> None:
        try:
            self.total = quantity.read_number(digits)
        except InputError:
            return

    def finish(self) -> None:
        """Take the total a title declares, and a last title line that heads the first entries."""
        self.entries = [part for entry in self.entries for part in _parted(entry)]
        match = _TITLE_TOTAL.search(self.title)
        if match and self.total is None:
            self._set_total(match[1])
        has_headings = any(entry.label.kind == "plain" for entry in self.entries)
        if has_headings and len(self.title_lines) > 1 and _PLAIN_HEADING.fullmatch(self.title_lines[-1]):
            first = next(i for i, entry in enumerate(self.entries) if entry.label.kind == "plain")
            for entry in self.entries[:first]:
                entry.level += 1
            heading = self.title_lines.pop()
            self.entries.insert(0, Entry(Label("plain", 0, "", 0), 1, self.entries[0].line - 1, [heading], []))

    def _is_note_label(self, label: Label) -> bool:
        """Numbers under 备注 begin again at 1; the list itself goes on counting."""
        due = self._expected.get(label.kind)
        return due is None or label.ordinal != due or label.ordinal == 1

    def _is_title(self, line: str) -> bool:
        is_short = len(line) <= 60 and len(self.title_lines) < 3
        is_heading = not _SENTENCE_END.search(line) or (not self.title_lines and bool(_TITLE_COLON.fullmatch(line)))
        return is_short and not self.notes_of_preamble and is_heading

    @property
    def notes_of_preamble(self) -> bool:
        """Whether a preamble has begun: sentences after the title."""
        return any(_SENTENCE_END.search(note) for note in self.notes)

    def _begin(self, number: int, line: str, label: Label) -> None:
        level = depth_of(label, self._stack)
        warnings = []
        due = self._expected.get(label.kind, 1)
        if label.kind != "bullet" and label.ordinal not in (due, 1):
            warnings.append(f"编号“{label.written}”与前面不连续。")
        self._expected[label.kind] = label.ordinal + 1
        self.entries.append(Entry(label, level, number, [line[label.end :].strip()], warnings))

    def _continue(self, number: int, line: str) -> None:
        entry = self.entries[-1]
        before = entry.lines[-1]
        is_field = bool(_FIELD_LINE.match(line))
        is_aside = is_field or is_scoring(line)
        ends = bool(_CLOSED.search(before[-30:])) or before.endswith(("。", "；", ";", "."))
        if ends and not is_aside and _PLAIN_HEADING.fullmatch(line):
            self._stack[:] = ["plain"]
            self.entries.append(Entry(Label("plain", 0, "", 0), 1, number, [line], []))
        elif _CLOSED.search(before[-30:]) and not is_aside:
            # The points close an entry; a paragraph after them speaks of the whole list.
            self.notes.append(line)
        else:
            after_field = bool(_FIELD_LINE.match(before.strip())) and not before.endswith(("、", "，", ","))
            is_body = len(entry.lines) == 1 and bool(_BARE_TITLE.fullmatch(before))
            entry.lines.append("\n" + line if is_field or after_field or is_body else line)
            entry.numbers.append(number)


def _parted(entry: Entry) -> list[Entry]:
    """一、主要预期目标 above lines that each state a target of their own: a heading and its entries."""
    title, *below = entry.lines
    if len(below) < 2 or len(entry.numbers) != len(below) or not _BARE_TITLE.fullmatch(title):
        return [entry]
    lines = [line.strip() for line in below]
    if not all(_states_own_target(line) for line in lines):
        return [entry]
    parts = [
        Entry(Label("line", 0, "", 0), entry.level + 1, number, [line], [])
        for number, line in zip(entry.numbers, lines, strict=True)
    ]
    return [Entry(entry.label, entry.level, entry.line, [title], entry.warnings), *parts]


def _states_own_target(line: str) -> bool:
    clauses = split_clauses(quantity.normalise(line))
    return bool(clauses) and split_name(clauses[0]) is not None


def gather(text: str) -> Gatherer:
    """All lines of a text sorted; several entries on one line are parted first."""
    lines = [
        (number, part)
        for number, raw in enumerate(re.split(r"\r\n|\r|\n|\x0b|\u2028", text), start=1)
        for part in _inline_entries(raw.strip("\ufeff\u3000\xa0 \t\x0c"))
    ]
    gatherer = Gatherer()
    for number, line in lines:
        gatherer.take(number, line)
    if not gatherer.entries and len(lines) > 1:
        gatherer = Gatherer()
        gatherer.take(*lines[0])
        for number, line in lines[1:]:
            gatherer.take_unlabelled(number, line)
    gatherer.finish()
    return gatherer


def _inline_entries(line: str) -> list[str]:
    """A line holding several numbered entries (…：1.…；2.…；3.…) as one piece per entry.

    Marks below the first level (①, (1)) part a line only where each piece has its own points.
    """
    if not line:
        return []
    if len(line) > 5000:
        return [line]
    pieces = _in_turn(_NUMBERED.split(line))
    parted: list[str] = []
    for piece in pieces:
        marked = _in_turn(_MARKED.split(piece))
        has_points = len(marked) > 1 and all(_POINTS_IN_BRACKETS.search(one) for one in marked[1:])
        parted += marked if has_points else [piece]
    return parted


def _in_turn(raw: list[str]) -> list[str]:
    """Pieces whose labels count on from 1, others joined to the one before; a lone 1. is no list."""
    joined: list[str] = []
    due: dict[str, int] = {}
    if len(raw) > 200:
        return ["".join(raw).strip()]
    for piece in (one for one in raw if one.strip()):
        label = read_label(piece.strip(), {})
        is_next = label is not None and label.ordinal == due.get(label.kind, 1)
        if label is not None and (is_next or not joined):
            due[label.kind] = label.ordinal + 1
        if joined and not is_next:
            joined[-1] += piece
        else:
            joined.append(piece)
    has_list = any(ordinal > 2 for ordinal in due.values())
    return [piece.strip() for piece in joined] if has_list else ["".join(raw).strip()]
