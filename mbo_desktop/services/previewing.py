"""收件: what chosen files would change, field by field, old beside new; nothing is written.

Package by package: of sixty, few lie open in memory at a time. What a package brings that was
never here before needs no comparing, so it is put into words when somebody looks at it.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar, overload

from mbo_desktop.domain.exchange import EditionLine
from mbo_desktop.errors import Cancelled
from mbo_desktop.exchange.records import unpack
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.services.received import FieldChange, Inbox, InboxRow, mark
from mbo_desktop.services.without_collector import resting_collector
from mbo_desktop.store import receiving as store_receiving
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.receiving import Difference, DifferenceState

K = TypeVar("K")
V = TypeVar("V")
UNCHANGED = frozenset({DifferenceState.KNOWN, DifferenceState.OLDER})
_WORDS = {
    DifferenceState.NEW: "新增", DifferenceState.CHANGED: "修改", DifferenceState.DELETED: "删除",
    DifferenceState.WITHHELD: "不再归本单位", DifferenceState.BACK: "恢复", DifferenceState.FORK: "冲突",
}
_OPEN = 4
"""Packages whose bodies are at hand for what others of the list refer to."""
_TOGETHER = 100
"""Records put into words in one go; two screens."""
_TOLD = 30
"""Lots of so many that are kept."""


def preview(
    store: Store, inbox: Inbox, chosen: Sequence[int], cancelled: Callable[[], bool] | None = None
) -> Sequence[FieldChange]:
    """What taking these rows in would change together, field by field. Raises Cancelled."""
    parts: list[Sequence[FieldChange]] = []
    with resting_collector():
        brought = _Brought(store, inbox, chosen)
        for place in chosen:
            if cancelled is not None and cancelled():
                raise Cancelled
            if inbox.workbooks is not None and place in inbox.workbook_rows:
                parts.append(_of_workbook(inbox, place))
            if brought.is_fresh(place):
                parts.append(_Fresh(brought, place))
            else:
                changing = brought.changing(place)
                parts.append([
                    one for start in range(0, len(changing), _TOGETHER)
                    for one in brought.told(place, changing[start : start + _TOGETHER])
                ])
    return _Joined(parts)


class _Joined(Sequence[FieldChange]):
    """Several sequences one after the other."""

    def __init__(self, parts: Sequence[Sequence[FieldChange]]) -> None:
        self._parts = [part for part in parts if part]
        self._ends = list(accumulate(map(len, self._parts)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[FieldChange]:
        for part in self._parts:
            yield from part

    @overload
    def __getitem__(self, place: int) -> FieldChange: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FieldChange]: ...
    def __getitem__(self, place: int | slice) -> FieldChange | Sequence[FieldChange]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        number = bisect_right(self._ends, at)
        return self._parts[number][at - self._ends[number]]


class _Fresh(Sequence[FieldChange]):
    """The lines of a package that were never here before, put into words when they are asked for.

    What they say follows from the package alone, so it holds while the data change.
    """

    def __init__(self, brought: _Brought, place: int) -> None:
        self._brought, self._place = brought, place
        self._count = brought.count(place)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[FieldChange]:
        for start in range(0, self._count, _TOGETHER):
            yield from self._brought.lot(self._place, start)

    @overload
    def __getitem__(self, place: int) -> FieldChange: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FieldChange]: ...
    def __getitem__(self, place: int | slice) -> FieldChange | Sequence[FieldChange]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        at = place + self._count if place < 0 else place
        if not 0 <= at < self._count:
            raise IndexError(place)
        return self._brought.lot(self._place, at // _TOGETHER * _TOGETHER)[at % _TOGETHER]


class _Brought:
    """By chosen row what it changes; a record that several rows change stands once, as it will be.

    It stands at the row that brings what will be shown (a later report holds an earlier one's
    records too).
    """

    def __init__(self, store: Store, inbox: Inbox, chosen: Sequence[int]) -> None:
        self._store, self._inbox = store, inbox
        self._lock = threading.RLock()
        """The window looks at the list while a paper is made of it."""
        self._words = BodyWords(store, {}, self.find)
        self._lots: OrderedDict[tuple[int, int], list[FieldChange]] = OrderedDict()
        self._texts: OrderedDict[int, dict[str, tuple[str, str]]] = OrderedDict()
        self._opened: OrderedDict[int, list[str]] = OrderedDict()
        self._places: dict[int, int] = {}
        shared = set()
        for place in chosen:
            for one in inbox.briefs[place].changed:
                if self._places.setdefault(one, place) != place:
                    shared.add(one)
        self._together: dict[str, Difference] = {}
        self._shown: dict[str, int] = {}
        self._shared = shared
        if shared:
            self._compare_together(shared, chosen)

    def is_fresh(self, place: int) -> bool:
        """Whether all its lines are new and no other row brings any of them."""
        brief = self._inbox.briefs[place]
        return brief.fresh and self._shared.isdisjoint(brief.changed)

    def count(self, place: int) -> int:
        """How many records a row changes."""
        return len(self._inbox.briefs[place].changed)

    def lot(self, place: int, start: int) -> list[FieldChange]:
        """The lines from here on of a row that is fresh, in words."""
        with self._lock:
            if (place, start) not in self._lots:
                opened = self._inbox.opened[place]
                if place not in self._opened and opened is not None:
                    _keep(self._opened, place, opened.read.texts(), _OPEN)
                lines = unpack(self._opened[place][start : start + _TOGETHER])
                _keep(self._lots, (place, start), self.told(place, _as_new(lines)), _TOLD)
            return self._lots[place, start]

    def told(self, place: int, some: Sequence[Difference]) -> list[FieldChange]:
        """Some of what a row changes, in words."""
        before = _bodies([(one.type, one.before_text, one.before_schema) for one in some])
        after = _bodies([(one.type, one.after_text, one.after_schema) for one in some])
        self._words.prepare(new or old or {} for old, new in zip(before, after, strict=True))
        row = self._inbox.rows[place]
        return [
            field for one, old, new in zip(some, before, after, strict=True)
            for field in _words_of(self._words, place, row, one, old, new)
        ]

    def changing(self, place: int) -> list[Difference]:
        """What a row changes."""
        found = self._compared(self._lines(place))
        if not self._together:
            return found
        return [
            self._together.get(one.name, one) for one in found
            if self._shown.get(one.name, place) == place
        ]

    def find(self, name: str) -> tuple[str, str] | None:
        """Type and body text of a record that one of the rows brings, None for any other."""
        place = self._places.get(mark(name))
        if place is None:
            return None
        if place not in self._texts:
            fresh = self.is_fresh(place)
            found = _as_new(self._lines(place)) if fresh else self.changing(place)
            _keep(self._texts, place, {
                one.name: (one.type, one.after_text) for one in found if one.after_text is not None
            }, _OPEN)
        return self._texts[place].get(name)

    def _lines(self, place: int) -> Sequence[EditionLine]:
        opened = self._inbox.opened[place]
        return () if opened is None else opened.lines

    def _compared(self, lines: Sequence[EditionLine]) -> list[Difference]:
        with self._store.read() as connection:
            found = store_receiving.compare(connection, lines)
        return [one for one in found if one.state not in UNCHANGED]

    def _compare_together(self, shared: set[int], chosen: Sequence[int]) -> None:
        """Compare what several rows change once more, all their lines in one set."""
        lines = []
        places: dict[str, list[int]] = {}
        brings: dict[tuple[int, str], str | None] = {}
        for place in chosen:
            if shared.isdisjoint(self._inbox.briefs[place].changed):
                continue
            some = [line for line in self._lines(place) if mark(line.name) in shared]
            for one in self._compared(some):
                places.setdefault(one.name, []).append(place)
                brings[place, one.name] = one.after_text
            lines += some
        several = {name for name, at in places.items() if len(at) > 1}
        for one in self._compared([line for line in lines if line.name in several]):
            self._together[one.name] = one
            at = places[one.name]
            self._shown[one.name] = next(
                (place for place in at if brings[place, one.name] == one.after_text), at[-1]
            )


def _as_new(lines: Sequence[EditionLine]) -> list[Difference]:
    return [
        Difference(line.name, line.type, None, DifferenceState.NEW, None, line.body, 0, line.schema)
        for line in lines
    ]


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)


def _bodies(texts: Sequence[tuple[str, str | None, int]]) -> list[Body | None]:
    """Bodies in today's schema, their canonical texts read in one go."""
    read = iter(json.loads(f"[{','.join(text for _, text, _ in texts if text is not None)}]"))
    return [
        None if text is None else CODECS[type_name].upgraded(next(read), schema)
        for type_name, text, schema in texts
    ]


def _words_of(
    words: BodyWords, place: int, row: InboxRow, one: Difference, before: Body | None,
    after: Body | None,
) -> list[FieldChange]:
    body = after if after is not None else before or {}
    unit, title = words.heading(body)
    unit, month = unit or row.unit_label, int(body.get("month") or 0)
    kind = _WORDS[one.state]

    def told(field: str, old: str, new: str) -> FieldChange:
        return FieldChange(
            place, one.name, unit, type_label(one.type), title, field, old, new, kind, month
        )

    if before is not None and after is not None:
        listed = words.changes(one.type, before, after)
        if listed:
            return [told(*each) for each in listed]
        if one.state is DifferenceState.FORK:
            return [told("", words.said(one.type, before), "暂仍按原值;另一版导入后在“待处理”对照")]
        return [told("", words.said(one.type, before), "内容不变")]
    if one.state in (DifferenceState.DELETED, DifferenceState.WITHHELD):
        return [told("", words.said(one.type, body), "")]
    return [told("", "", words.said(one.type, body))]


def _of_workbook(inbox: Inbox, place: int) -> list[FieldChange]:
    assert inbox.workbooks is not None
    file = inbox.workbook_rows[place]
    return [
        FieldChange(
            place, "", one.unit_label, "工作簿", one.title, one.head, one.old, one.new, "修改",
            inbox.workbooks.month,
        )
        for one in inbox.workbooks.changes if one.file == file and not one.doubt
    ]
