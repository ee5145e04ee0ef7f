"""From a table to a proposal: head, columns, rows, units; read again when the user corrects it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.collector import resting
from mbo_desktop.spreadsheets.columns import ColumnGuesser, without_head
from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import WHOLE, role_of, tidy
from mbo_desktop.spreadsheets.heads import Head, HeadFinder
from mbo_desktop.spreadsheets.outlines import proposal_from_outline, proposal_from_text
from mbo_desktop.spreadsheets.proposal import (
    OPEN_UNIT,
    WHICH_UNIT,
    ColumnGuess,
    ColumnRole,
    KnownUnit,
    Proposal,
    ProposedIndicator,
    UnitGuess,
)
from mbo_desktop.spreadsheets.result_columns import RESULT_ROLES, with_results
from mbo_desktop.spreadsheets.row_units import with_row_units
from mbo_desktop.spreadsheets.rows import LedgerRows, RowReader
from mbo_desktop.spreadsheets.source import Source
from mbo_desktop.spreadsheets.table import Problem, Table
from mbo_desktop.spreadsheets.turned import Turner, is_turned
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, looks_like_unit

__all__ = ["proposal_from_outline", "proposal_from_text", "propose", "propose_all"]

_PLAIN_SHEET = re.compile(r"(?:Sheet|工作表|表)?\s*\d*|考核表|目标表|台账|汇总表?|附[表件]\d*", re.IGNORECASE)
_PREVIEWED = 40
_ROLES = {role.value: role for role in ColumnRole}
_YEARS = re.compile(r"(?:19|20)\d\d")


def propose_all(
    source: Source,
    year: int,
    known_units: Sequence[KnownUnit] = (),
    mappings: Mapping[str, tuple[str, ...]] | None = None,
    *,
    results: bool = False,
) -> list[Proposal]:
    """A proposal for every table of a source, and one for its text where that is a list.

    mappings: remembered role codes by layout fingerprint; results: read 实绩, 完成情况 and 得分
    too, for ledgers of a closed year.
    """
    proposals = [
        propose(table, year, known_units, mappings, results=results) for table in source.tables
    ]
    proposals = [p for p in proposals if p.rows or p.problems or p.columns]
    if source.text.strip():
        proposals = _with_text(proposals, source, year)
    if proposals and source.problems:
        first = proposals[0]
        proposals[0] = replace(first, problems=(*source.problems, *first.problems))
    return proposals


def _with_text(proposals: list[Proposal], source: Source, year: int) -> list[Proposal]:
    """Running text beside tables is a list of its own when it states targets; else it is said."""
    listed = proposal_from_text(source.text, source.name, year=year)
    stating = sum(row.points is not None or row.form is not TargetForm.TEXT for row in listed.rows)
    if not any(proposal.rows for proposal in proposals):
        return [*proposals, listed] if listed.rows or not proposals else proposals
    if stating >= 2:
        return [*proposals, listed]
    titles = {flat(proposal.title) for proposal in proposals}
    lines = [line for line in source.text.splitlines() if line.strip() and flat(line) not in titles]
    if not lines:
        return proposals
    said = Problem("", lines[0], f"表格以外还有 {len(lines)} 行文字", "未导入", is_notice=True)
    first = proposals[0]
    return [replace(first, problems=(*first.problems, said)), *proposals[1:]]


def propose(
    table: Table,
    year: int,
    known_units: Sequence[KnownUnit] = (),
    mapping: Mapping[str, tuple[str, ...]] | tuple[str, ...] | None = None,
    *,
    results: bool = False,
) -> Proposal:
    """What a table is taken to mean.

    mapping: role codes per column to be used, or remembered ones by layout fingerprint;
    results: see `propose_all`.
    """
    return _Proposer(table, year, tuple(known_units), results).proposal(mapping)


def _reread(
    table: Table, year: int, known_units: tuple[KnownUnit, ...], results: bool,
    codes: tuple[str, ...],
) -> Proposal:
    return _Proposer(table, year, known_units, results).proposal(codes)


@dataclass(slots=True)
class _Laid:
    """A table laid the usual way, with its head and the guessed columns."""

    grid: Grid
    head: Head
    columns: list[ColumnGuess]
    turned: bool = False
    notes: tuple[str, ...] = ()
    headless: bool = False
    left_out: tuple[Problem, ...] = ()
    """Columns that a table turned round has no place for."""


class _Proposer:
    """Makes the proposal for one table."""

    def __init__(
        self, table: Table, year: int, known_units: tuple[KnownUnit, ...], results: bool = False
    ) -> None:
        self.table, self.year, self.known, self.results = table, year, known_units, results
        self.matcher = UnitMatcher(known_units)

    def proposal(self, mapping: Mapping[str, tuple[str, ...]] | tuple[str, ...] | None) -> Proposal:
        """The table with guessed, remembered or chosen roles."""
        with resting():
            return self._proposal(mapping)

    def _proposal(
        self, mapping: Mapping[str, tuple[str, ...]] | tuple[str, ...] | None
    ) -> Proposal:
        laid = self._laid()
        columns = laid.columns
        layout = fingerprint(columns, results=self.results)
        remembered = False
        codes = mapping.get(layout) if isinstance(mapping, Mapping) else mapping
        if codes is not None and len(codes) == len(columns):
            columns = [self._with_code(c, code) for c, code in zip(columns, codes, strict=True)]
            remembered = isinstance(mapping, Mapping)
        read = self._read(laid, columns)
        units = self._units(columns, read)
        rows, units = self._owned(laid.head, columns, read, units)
        problems = (*self.table.problems, *laid.left_out, *self._column_problems(laid, columns), *read.problems,
                    *self._unit_problems(units))
        head = laid.head
        return Proposal(
            source=self.table.source,
            title=head.title,
            rows=tuple(rows),
            sheet=self.table.sheet,
            layout=layout,
            columns=tuple(columns),
            units=tuple(units),
            organs=tuple(self.matcher.match(name) for name in read.organs),
            problems=problems,
            notes=(*head.above, *laid.notes, *read.notes),
            declared_total=read.declared_total,
            head_rows=(head.first + 1, head.last + 1) if not laid.headless else (0, 0),
            is_turned=laid.turned,
            year_named=head.year,
            is_remembered=remembered,
            is_by_row=any(guess.role is ColumnRole.UNIT for guess in columns),
            preview=_preview(laid),
            reread=partial(_reread, self.table, self.year, self.known, self.results),
        )

    def _laid(self) -> _Laid:
        grid = Grid(self.table)
        head = HeadFinder(grid, self.year, self.matcher).find()
        if head is None:
            return _Laid(grid, Head(0, -1, self.table.title_hint), without_head(grid), headless=True)
        year = head.year or self.year
        guesser = ColumnGuesser(grid, head, year, self.matcher)
        columns = guesser.guess()
        if not is_turned(columns):
            columns = self._with_results(columns, guesser, year)
            named = self._party(head) is not None
            return _Laid(
                grid, head, with_row_units(columns, grid, head, self.matcher, names_party=named)
            )
        turner = Turner(grid, head, columns, year, self.matcher)
        turned = Grid(turner.turned())
        inner = replace(head, first=0, last=1)
        guesser = ColumnGuesser(turned, inner, year, self.matcher)
        notes = turner.notes()
        columns = _units_for_sure(guesser.guess(), turned, year)
        return _Laid(
            turned, inner, self._with_results(columns, guesser, year), True, notes,
            left_out=turner.left_out(),
        )

    def _with_results(
        self, columns: list[ColumnGuess], guesser: ColumnGuesser, year: int
    ) -> list[ColumnGuess]:
        if not self.results:
            return columns
        return with_results(columns, guesser.levels, year, self.matcher)

    def _with_code(self, guess: ColumnGuess, code: str) -> ColumnGuess:
        """A column in a role that was remembered or chosen; results only where they are read."""
        role, _, key = code.partition(":")
        chosen = _ROLES.get(role, ColumnRole.IGNORE)
        if chosen in RESULT_ROLES and not self.results:
            chosen, key = ColumnRole.IGNORE, ""
        return replace(guess, role=chosen, unit_key=key, is_sure=True)

    def _read(self, laid: _Laid, columns: list[ColumnGuess]) -> LedgerRows:
        if not any(guess.role is ColumnRole.NAME for guess in columns):
            return LedgerRows()
        return RowReader(
            laid.grid, laid.head, columns, laid.head.year or self.year, self.matcher
        ).read()

    def _units(self, columns: list[ColumnGuess], read: LedgerRows) -> list[UnitGuess]:
        keys = dict.fromkeys(guess.unit_key for guess in columns if guess.unit_key)
        keys.update(read.unit_keys)
        return [self.matcher.match(key) for key in keys]

    def _owned(
        self, head: Head, columns: list[ColumnGuess], read: LedgerRows, units: list[UnitGuess]
    ) -> tuple[list[ProposedIndicator], list[UnitGuess]]:
        """Give open targets to the one unit that sheet, title or a line above names."""
        if units or any(guess.unit_key for guess in columns):
            return read.rows, units
        party = self._party(head)
        if party is None or not any(OPEN_UNIT in row.cells for row in read.rows):
            return read.rows, units
        rows = [
            replace(row, cells={party.key if k == OPEN_UNIT else k: v for k, v in row.cells.items()})
            for row in read.rows
        ]
        return rows, [party]

    def _party(self, head: Head) -> UnitGuess | None:
        if head.party:
            return self.matcher.match(head.party)
        sheet = self.table.sheet.strip()
        if sheet and not _PLAIN_SHEET.fullmatch(sheet):
            guess = self.matcher.match(sheet)
            if guess.id is not None or guess.candidates or looks_like_unit(sheet):
                return guess
        return self.matcher.named_in(head.title) if head.title else None

    def _column_problems(self, laid: _Laid, columns: list[ColumnGuess]) -> list[Problem]:
        """Say which columns with content are left out, and when there is no head at all."""
        problems = []
        if laid.headless and self.table.rows:
            problems.append(Problem("", "", "没有找到表头,各列的含义按内容推测", "请逐列核对"))
        if not any(guess.role is ColumnRole.NAME for guess in columns):
            problems.append(Problem("", "", "没有找到指标名称列", "请在预览中指定"))
        guessed = [g for g in columns if g.asks and g.role is not ColumnRole.IGNORE]
        if guessed:
            place = laid.grid.table.place(max(laid.head.last, 0), guessed[0].index)
            named = f"“{guessed[0].heading}”" + (f"等 {len(guessed)} 列" if len(guessed) > 1 else "列")
            taken = guessed[0].role.label
            problems.append(Problem(place, "", f"{named}的表头没有写明含义,按内容推测为“{taken}”", "请核对"))
        for guess in columns:
            if guess.role is not ColumnRole.IGNORE or not guess.samples:
                continue
            place = laid.grid.table.place(max(laid.head.last, 0), guess.index)
            named = f"“{guess.heading}”列" if guess.heading else "没有表头的一列"
            kept = "未导入;需要的请在预览中指定" if guess.asks else "未导入"
            problems.append(Problem(place, "", named, kept, is_notice=not guess.asks))
        return problems

    def _unit_problems(self, units: list[UnitGuess]) -> list[Problem]:
        """Say which units are not clear; the register's names of those that fit."""
        names = {unit.id: unit.name for unit in self.known}
        problems = []
        for guess in units:
            if guess.candidates:
                fitting = "、".join(names[number] for number in guess.candidates)
                problems.append(
                    Problem("", guess.key, f"单位名册中有 {len(guess.candidates)} 个单位相符({fitting})", WHICH_UNIT)
                )
        return problems


def _preview(laid: _Laid) -> tuple[tuple[str, ...], ...]:
    """The first rows below the head as they are shown, for whoever checks the columns."""
    grid = laid.grid
    first = laid.head.last + 1
    rows = range(first, min(first + _PREVIEWED, grid.height))
    return tuple(
        tuple(grid.text(row, guess.index)[:200] for guess in laid.columns) for row in rows
    )


def _units_for_sure(columns: list[ColumnGuess], grid: Grid, year: int) -> list[ColumnGuess]:
    """In a turned table every head that is no attribute is a unit, however it is written."""
    settled = []
    for guess in columns:
        top = grid.own(0, guess.index).text
        leaf = grid.own(1, guess.index).text
        is_left_out = guess.role is ColumnRole.IGNORE and role_of(leaf, year) is not None
        is_whole = tidy(top) in WHOLE
        if leaf and not guess.unit_key and not is_left_out and not is_whole:
            role = guess.role if guess.role.is_per_unit else ColumnRole.TARGET
            guess = replace(guess, role=role, unit_key=flat(top), is_sure=True)
        settled.append(guess)
    return settled


def fingerprint(columns: Sequence[ColumnGuess], *, results: bool = False) -> str:
    """The same for head rows that differ only in years and blanks.

    results: another one where results are read too; the columns left out differ.
    """
    texts = [_YEARS.sub("", tidy(guess.heading)) for guess in columns]
    marked = ["results", *texts] if results else texts
    return hashlib.sha256("\x1f".join(marked).encode()).hexdigest()[:24]
