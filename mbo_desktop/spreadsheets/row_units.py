"""Ledgers with one row per indicator and unit: which column names the unit, and whose each row is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import WHOLE, role_of, tidy
from mbo_desktop.spreadsheets.heads import Head
from mbo_desktop.spreadsheets.proposal import OPEN_UNIT, ColumnGuess
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, split_units

SAMPLED_ROWS = 500
WAITS_FOR_UNIT = "已保留,请指定单位"
"""What became of a row that names no unit: it waits until the user says whose it is."""
_SUM = re.compile(r"(?:全[市县区州镇乡]|各单位|本项)?(?:合计|总计|小计|共计|平均(?:值|数)?)")
_LISTED = re.compile(r"[、,，;；\n/]")

Say = Callable[[str, str, str, str], None]
"""Tells a problem to the user: place, reason, what became of it, the text that stands there."""


def is_responsible(heading: str) -> bool:
    """Whether a heading names who answers for the row (责任单位, 承担单位), not who is assessed."""
    return role_of(heading.split(" ")[-1], 0) is Role.LEAD or role_of(heading, 0) is Role.LEAD


def with_row_units(
    columns: Sequence[ColumnGuess], grid: Grid, head: Head, matcher: UnitMatcher,
    *, names_party: bool,
) -> list[ColumnGuess]:
    """The columns with 责任单位 taken as the unit of each row, where the rows say so.

    They do where the same indicator stands there for several units, and where most rows name a
    unit of the register; a list that names its own unit (names_party) keeps it in the latter case.
    """
    found = list(columns)
    if any(guess.unit_key or guess.role is Role.UNIT for guess in found):
        return found
    name = next((guess.index for guess in found if guess.role is Role.NAME), None)
    for guess in found:
        # 考核单位 is who assesses or who is assessed: nobody assesses the same indicator by turns.
        is_either = guess.role is Role.CERTIFYING and flat(guess.heading) == "考核单位"
        if name is not None and is_either and _Rows.of(grid, head, name, guess.index, matcher).are_repeated:
            found[guess.index] = replace(guess, role=Role.UNIT)
            return found
    answering = [
        guess for guess in found
        if guess.role in (Role.LEAD, Role.SUPPORTING) and is_responsible(guess.heading)
    ]
    if name is None or not answering:
        return found
    seen = [(guess, _Rows.of(grid, head, name, guess.index, matcher)) for guess in answering]
    chosen = next((guess for guess, rows in seen if rows.are_repeated), None)
    if chosen is None and not names_party:
        chosen = next(
            (guess for guess, rows in seen if guess.role is Role.LEAD and rows.are_known), None
        )
    if chosen is not None:
        found[chosen.index] = replace(chosen, role=Role.UNIT)
        leads = [guess for guess in answering if guess.role is Role.LEAD and guess is not chosen]
        supporting = [g for g in answering if g.role is Role.SUPPORTING and g is not chosen]
        if not leads and supporting and re.search("牵头|主办", supporting[0].heading):
            found[supporting[0].index] = replace(supporting[0], role=Role.LEAD)
    return found


@dataclass(slots=True)
class _Rows:
    """What the rows of a table say in one column of units."""

    total: int = 0
    known: int = 0
    alike: int = 0
    """Rows whose text is the name of a unit, of the register or not."""
    units: dict[str, set[str]] = field(default_factory=dict)
    """Units by name of the indicator."""
    named: list[str] = field(default_factory=list)
    """The indicator of each row that names a unit."""

    @classmethod
    def of(cls, grid: Grid, head: Head, name: int, column: int, matcher: UnitMatcher) -> _Rows:
        rows = cls()
        indicator = unit = ""
        for row in range(head.last + 1, min(grid.height, head.last + 1 + SAMPLED_ROWS)):
            text = grid.text(row, column)
            if len(grid.filled(row)) < 2 or _SUM.fullmatch(tidy(text)):
                continue
            indicator = flat(grid.text(row, name)) or (indicator if text else "")
            if not indicator or _SUM.fullmatch(tidy(indicator)):
                continue
            unit = text or unit
            rows._take(indicator, unit, matcher)
        return rows

    def _take(self, indicator: str, text: str, matcher: UnitMatcher) -> None:
        self.total += 1
        units, _others = taken_apart(text, matcher, answering=True)
        if not units:
            return
        self.known += matcher.is_known(units[0])
        if not matcher.names_unit(units[0]):
            return
        self.alike += 1
        self.named.append(indicator)
        self.units.setdefault(indicator, set()).add(units[0])

    @property
    def are_known(self) -> bool:
        """Whether most rows name a unit of the register."""
        return self.known * 2 > self.total

    @property
    def are_repeated(self) -> bool:
        """Whether at least half of the rows are the same indicator for another unit."""
        several = sum(len(self.units[indicator]) > 1 for indicator in self.named)
        return self.alike * 2 > self.total and several * 2 >= self.total > 1


def taken_apart(
    text: str, matcher: UnitMatcher, *, answering: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units a cell names as assessed ones and as supporting ones.

    Of several that answer for a row (市发改局、市统计局) the first is the one; where they are
    assessed, all are. What is not all names of units stays one name.
    """
    key = flat(text)
    pieces = tuple(flat(piece) for piece in split_units(text))
    if not key:
        return (), ()
    # 江山市 人民政府 is one name with a blank; of a real list the register may know only the end.
    is_one = not _LISTED.search(text) and matcher.is_known(key)
    if len(pieces) < 2 or is_one or not all(map(matcher.names_unit, pieces)):
        return (key,), ()
    return (pieces[:1], pieces[1:]) if answering else (pieces, ())


def _are_blocks(units: Sequence[str], blocks: Sequence[Sequence[str]]) -> bool:
    """Whether each unit is written once and rows below it are others' indicators again.

    A row without a unit then belongs to the one above: 县发改局 学习, (blank) 党员, 县工信局 学习.
    """
    if len(set(units)) < len(units):
        return False
    below = [set(block[1:]) for block in blocks]
    names = [set(block) for block in blocks]
    return any(
        below[n] & names[m] for n in range(len(blocks)) for m in range(len(blocks)) if m != n
    )


class RowUnits:
    """Reads the column of units of one ledger, row after row."""

    def __init__(
        self, grid: Grid, head: Head, guess: ColumnGuess, name: int, matcher: UnitMatcher, say: Say
    ) -> None:
        self.grid, self.column, self.name, self.matcher = grid, guess.index, name, matcher
        self.answering = is_responsible(guess.heading)
        self._say = say
        self._last: tuple[str, ...] = ()
        self._seen: set[tuple[str, str]] = set()
        self._by_id: dict[int, str] = {}
        self._carried: list[str] = []
        self._is_blocked = self._written_once(head)

    def _written_once(self, head: Head) -> bool:
        """Whether a unit stands over several rows: merged, or written in the first of them only."""
        blocks: list[list[str]] = []
        units: list[str] = []
        blank = 0
        for row in range(head.last + 1, self.grid.height):
            merge = self.grid.merge_at(row, self.column)
            if merge is not None and merge.bottom > merge.top and merge.left == merge.right:
                return True
            text = tidy(self.grid.text(row, self.column))
            name = flat(self.grid.text(row, self.name))
            if _SUM.fullmatch(text) or not (text or name):
                continue
            if text:
                units.append(text)
                blocks.append([])
            elif name:
                blank += 1
            if blocks:
                blocks[-1].append(name)
        return 0 < len(units) <= blank or (blank > 0 and _are_blocks(units, blocks))

    def is_sum(self, row: int) -> bool:
        """Whether the row adds up an indicator over its units: 合计 stands in place of a unit."""
        text = tidy(self.grid.text(row, self.column))
        return bool(_SUM.fullmatch(text)) and bool(self.grid.text(row, self.name))

    def names_one(self, row: int) -> bool:
        """Whether the row names a unit of its own."""
        return bool(self.grid.own(row, self.column).text.strip())

    def of(self, row: int, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys of the units a row is for (OPEN_UNIT for none), and the supporting ones."""
        text = self.grid.text(row, self.column)
        place = self.grid.place(row, self.column)
        if tidy(text) in WHOLE:
            self._say(place, "不是一个单位", WAITS_FOR_UNIT, text)
            return (OPEN_UNIT,), ()
        units, others = taken_apart(text, self.matcher, answering=self.answering)
        keys = tuple(dict.fromkeys(self._key(unit) for unit in units))
        if not keys and self._is_blocked and not any((name, key) in self._seen for key in self._last):
            keys = self._last
            if keys:
                self._carried.append(place)
        if not keys:
            self._say(self.grid.place(row, self.name), "该行没有写明单位", WAITS_FOR_UNIT, name)
            return (OPEN_UNIT,), ()
        self._last = keys
        self._seen.update((name, key) for key in keys)
        return keys, others

    def _key(self, unit: str) -> str:
        """One key for all names of a unit of the register: 柯城 and 柯城区 are one."""
        number = self.matcher.match(unit).id
        return unit if number is None else self._by_id.setdefault(number, unit)

    def finish(self) -> None:
        """Say which rows took the unit of the row above."""
        if self._carried:
            listed = "、".join(self._carried[:5]) + ("等" if len(self._carried) > 5 else "")
            self._say(
                "", f"{listed} 共 {len(self._carried)} 格没有写单位", "按上面一行的单位读取", ""
            )
