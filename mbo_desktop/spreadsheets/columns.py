"""What each column of a ledger holds: by the words over it, then by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from mbo_desktop.domain import units
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import PLAIN_VALUE, WHOLE, role_of, tidy
from mbo_desktop.spreadsheets.heads import Head, head_texts
from mbo_desktop.spreadsheets.joined_heads import split_heads
from mbo_desktop.spreadsheets.proposal import OPEN_UNIT, ColumnGuess
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

SAMPLED_ROWS = 200
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?|/|—|-")
_INTEGER = re.compile(r"[0-9]{1,4}\.?")
_YEAR_ONLY = re.compile(r"(?:19|20)\d\d年?度?")
_PERIOD = re.compile(r"季度|半年|月|^全年$|^年度$")


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in a column, from a sample of its rows."""

    texts: tuple[str, ...]

    @property
    def filled(self) -> int:
        return len(self.texts)

    @property
    def distinct(self) -> int:
        return len(set(self.texts))

    def share(self, test: re.Pattern[str]) -> float:
        return sum(bool(test.fullmatch(tidy(t))) for t in self.texts) / max(self.filled, 1)

    @property
    def is_numeric(self) -> bool:
        return self.filled > 0 and self.share(_NUMBER) >= 0.6

    @property
    def is_numbering(self) -> bool:
        return self.filled > 0 and self.share(_INTEGER) >= 0.8 and self.distinct >= self.filled * 0.5


class ColumnGuesser:
    """Guesses the roles of all columns of one table."""

    def __init__(self, grid: Grid, head: Head, year: int, matcher: UnitMatcher) -> None:
        self.grid, self.head, self.year, self.matcher = grid, head, year, matcher
        self.levels: list[list[str]] = [[] for _ in range(grid.width)]
        if head.last >= head.first:
            self.levels = split_heads(head_texts(grid, head), matcher)
        self.contents = [self._content(column) for column in range(grid.width)]

    def _content(self, column: int) -> _Content:
        rows = range(self.head.last + 1, min(self.grid.height, self.head.last + 1 + SAMPLED_ROWS))
        texts = (self.grid.own(row, column).text.strip() for row in rows)
        return _Content(tuple(text for text in texts if text))

    def guess(self) -> list[ColumnGuess]:
        """A guess for every column, in order."""
        columns = [self._by_heading(column) for column in range(self.grid.width)]
        self._siblings_as_units(columns)
        self._numbers_as_units(columns)
        self._settle_unit_word(columns)
        self._settle_name(columns)
        self._settle_responsible(columns)
        self._settle_targets(columns)
        return columns

    def _by_heading(self, column: int) -> ColumnGuess:
        levels = self.levels[column]
        samples = self.contents[column].texts[:3]
        role, unit = self._role_of_levels(levels)
        if unit and (role is None or not role.is_per_unit):
            role, unit = (Role.TARGET, unit) if role in (None, Role.NAME) else (role, OPEN_UNIT)
        sure = role is not None
        if role is None:
            role = self._by_content(column)
        return ColumnGuess(column, " ".join(levels), role, unit, sure, samples)

    def _role_of_levels(self, levels: list[str]) -> tuple[Role | None, str]:
        """The deepest level that says anything decides; a unit may stand on any level."""
        role: Role | None = None
        unit = OPEN_UNIT
        year_text = next((tidy(text) for text in levels if _YEAR_ONLY.fullmatch(tidy(text))), "")
        for text in levels:
            plain = tidy(text)
            if plain == year_text and len(levels) > 1:
                continue
            if plain in WHOLE:
                role = role or Role.TARGET
            elif plain in PLAIN_VALUE and role is not None:
                continue
            elif (found := role_of(year_text.rstrip("年度") + "年" + plain if year_text else text, self.year) or role_of(text, self.year)) is not None and not self._is_known_unit(plain):
                role = found
            elif self.matcher.names_unit(text):
                unit = flat(text)
            elif len(levels) == 1 and year_text:
                role = role_of(text, self.year)
        return role, unit

    def _is_known_unit(self, plain: str) -> bool:
        return self.matcher.match(plain).id is not None

    def _by_content(self, column: int) -> Role:
        content = self.contents[column]
        if not self.levels[column] and column == 0 and content.is_numbering:
            return Role.NUMBER
        return Role.IGNORE

    def _siblings_as_units(self, columns: list[ColumnGuess]) -> None:
        """Names under one 考核目标 are units even where they do not end like one (柯城, 衢江)."""
        groups: dict[str, list[int]] = {}
        for column, levels in enumerate(self.levels):
            if len(levels) == 2 and role_of(levels[0], self.year) is Role.TARGET:
                groups.setdefault(levels[0], []).append(column)
        for members in groups.values():
            if len(members) < 2:
                continue
            for column in members:
                leaf = self.levels[column][-1]
                plain = tidy(leaf)
                guess = columns[column]
                free = role_of(leaf, self.year) is None and plain not in PLAIN_VALUE | WHOLE
                if free and not guess.unit_key and not _PERIOD.search(plain) and len(plain) <= 20:
                    columns[column] = replace(guess, role=Role.TARGET, unit_key=flat(leaf))

    def _numbers_as_units(self, columns: list[ColumnGuess]) -> None:
        """No target column at all, but columns of figures under unknown names: perhaps units."""
        if any(guess.role in (Role.TARGET, Role.GROWTH) for guess in columns):
            return
        unknown = [
            guess for guess in columns
            if guess.role is Role.IGNORE and not guess.is_sure and guess.heading
            and self.contents[guess.index].is_numeric
        ]
        if len(unknown) >= 2:
            for guess in unknown:
                columns[guess.index] = replace(
                    guess, role=Role.TARGET, unit_key=flat(self.levels[guess.index][-1])
                )

    def _settle_unit_word(self, columns: list[ColumnGuess]) -> None:
        """单位 over a column is a unit of measure, a responsible unit, or the assessed unit."""
        for column, guess in enumerate(columns):
            if guess.role is not Role.UNIT:
                continue
            texts = self.contents[column].texts
            measures = sum(units.is_unit(tidy(text).strip("()")) for text in texts)
            if texts and measures * 2 >= len(texts):
                columns[column] = replace(guess, role=Role.UNIT_OF_MEASURE)

    def _settle_name(self, columns: list[ColumnGuess]) -> None:
        names = [guess.index for guess in columns if guess.role is Role.NAME]
        if not names:
            found = self._name_from_others(columns)
            if found is not None:
                columns[found] = replace(columns[found], role=Role.NAME, unit_key=OPEN_UNIT)
            return
        if len(names) == 1:
            return
        main = self._main_name(names)
        for column in names:
            if column == main:
                continue
            content = self.contents[column]
            role = Role.CATEGORY if column < main else Role.DEFINITION
            if column < main and content.is_numbering:
                role = Role.NUMBER
            columns[column] = replace(columns[column], role=role)

    def _main_name(self, names: list[int]) -> int:
        """The column that tells the rows apart: fullest and most various; the left one of equals."""

        def weight(column: int) -> tuple[float, int]:
            content = self.contents[column]
            if content.is_numbering:
                return (0, -column)
            return (content.distinct, -column)

        levelled = [column for column in names if "级指标" in "".join(self.levels[column])]
        full = [c for c in levelled if self.contents[c].filled * 10 >= max(self.contents[n].filled for n in names) * 8]
        return full[-1] if full else max(names, key=weight)

    def _name_from_others(self, columns: list[ColumnGuess]) -> int | None:
        """A ledger without the word 指标: the wordy one of its target columns, or of the unnamed."""
        has_units = any(guess.role is Role.UNIT for guess in columns)

        def wordy(column: int) -> bool:
            content = self.contents[column]
            return content.filled > 0 and not content.is_numeric

        for role in (Role.TARGET, Role.CATEGORY, Role.DEFINITION, Role.IGNORE):
            fitting = [
                guess.index for guess in columns
                if guess.role is role and not guess.unit_key and wordy(guess.index)
                and (role is not Role.IGNORE or not guess.is_sure)
                # Under 单位 | 地区生产总值 | … the heads are the names; under 单位 | 目标任务 they are not.
                and not (has_units and (role is not Role.TARGET or len(self.levels[guess.index]) > 1))
            ]
            if fitting:
                return max(fitting, key=lambda column: (self.contents[column].distinct, -column))
        return None

    def _settle_responsible(self, columns: list[ColumnGuess]) -> None:
        """Where a lead unit has its own column, 责任单位 beside it are the supporting ones."""
        leads = [guess for guess in columns if guess.role is Role.LEAD]
        first = [guess for guess in leads if re.search("牵头|主办|主责|第一", guess.heading)]
        if len(leads) > 1:
            kept = (first or leads)[0].index
            for guess in leads:
                if guess.index != kept:
                    columns[guess.index] = replace(guess, role=Role.SUPPORTING)

    def _settle_targets(self, columns: list[ColumnGuess]) -> None:
        """One column per role and unit: the later of two equal ones is left out and said."""
        once = frozenset({
            Role.TARGET, Role.LAST_YEAR, Role.GROWTH, Role.STRETCH, Role.POINTS, Role.UNIT_OF_MEASURE,
            Role.NUMBER, Role.DUE, Role.UNIT,
        })
        seen: Counter[tuple[Role, str]] = Counter()
        for column, guess in enumerate(columns):
            if guess.role not in once:
                continue
            seen[guess.role, guess.unit_key] += 1
            if seen[guess.role, guess.unit_key] > 1:
                role = Role.DEFINITION if guess.role is Role.TARGET and not self.contents[column].is_numeric else Role.IGNORE
                columns[column] = replace(guess, role=role, unit_key=OPEN_UNIT, is_sure=False)


def without_head(grid: Grid) -> list[ColumnGuess]:
    """Roles by content alone, for pasted rows without any head; none of them is sure."""
    guesser = ColumnGuesser(grid, Head(0, -1), 0, UnitMatcher(()))
    contents = guesser.contents
    roles = [Role.IGNORE] * grid.width
    texts = [c for c, content in enumerate(contents) if content.filled and not content.is_numeric]
    if not texts:
        return [ColumnGuess(c, "", role, OPEN_UNIT, False) for c, role in enumerate(roles)]
    name = max(texts, key=lambda column: (contents[column].distinct, -column))
    roles[name] = Role.NAME
    if contents[0].is_numbering and name > 0:
        roles[0] = Role.NUMBER
    numeric = [c for c, content in enumerate(contents) if content.is_numeric and c > name]
    rest = numeric or [c for c in texts if c > name]
    if rest:
        roles[rest[0]] = Role.TARGET
    return [
        ColumnGuess(column, "", role, OPEN_UNIT, False, contents[column].texts[:3])
        for column, role in enumerate(roles)
    ]
