"""Ledgers turned round (units down, indicators across) laid the usual way."""

from __future__ import annotations

from mbo_desktop.spreadsheets.grid import Grid
from mbo_desktop.spreadsheets.heading_words import PLAIN_VALUE, role_of, tidy
from mbo_desktop.spreadsheets.heads import Head, head_texts
from mbo_desktop.spreadsheets.proposal import ColumnGuess
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.row_kinds import RowKind, RowSorter
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Problem, Table
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

_ATTRIBUTES = {
    Role.POINTS: "分值", Role.UNIT_OF_MEASURE: "计量单位", Role.SCORING: "评分标准",
    Role.CERTIFYING: "考核部门", Role.DEFINITION: "指标说明", Role.CATEGORY: "类别",
    Role.LEAD: "牵头单位", Role.DUE: "完成时限",
}
_TABLE_WIDE = frozenset({Role.NUMBER, Role.CODE, Role.NOTE, Role.PERSON, Role.IGNORE})


def is_turned(columns: list[ColumnGuess]) -> bool:
    """Whether the names of the columns are indicators: a unit column and no name column."""
    roles = {guess.role for guess in columns}
    return Role.UNIT in roles and Role.NAME not in roles


class Turner:
    """Lays one such table the usual way; every cell remembers where it stands in the file."""

    def __init__(
        self, grid: Grid, head: Head, columns: list[ColumnGuess], year: int, matcher: UnitMatcher
    ) -> None:
        self.grid, self.head, self.year, self.matcher = grid, head, year, matcher
        self.unit_column = next(guess.index for guess in columns if guess.role is Role.UNIT)
        self.levels = head_texts(grid, head)
        self.sorter = RowSorter(grid, head, columns)
        self.sorter.name = self.unit_column
        self.placed: dict[tuple[int, int], tuple[int, int]] = {}
        self.labels: dict[Role, str] = {}

    def turned(self) -> Table:
        """The table with 指标名称 down and the units across, its head in two rows."""
        rows = self._rows()
        groups = self._groups()
        heads: list[tuple[str, str, int, Role]] = [("指标名称", "", -1, Role.NAME)]
        for row, text in rows:
            role = role_of(text, self.year)
            if role in _ATTRIBUTES:
                heads.append((_ATTRIBUTES[role], "", row, role))
        leaves = self._leaves(groups)
        for row, text in rows:
            if role_of(text, self.year) not in _ATTRIBUTES:
                heads.extend((text, leaf, row, Role.TARGET) for leaf in leaves)
        table = [self._head_row(heads, 0), self._head_row(heads, 1)]
        for name, members in groups.items():
            table.append(self._indicator(name, members, heads, len(table)))
        kept = self.grid.table
        # The title stands above again, so that the year in it is found.
        return Table(
            kept.source, kept.sheet, tuple(table), (), self.head.title, kept.problems,
            kept.lettered, self.placed,
        )

    def notes(self) -> tuple[str, ...]:
        """The note rows below the table, and the rows of totals, which are no unit's targets."""
        kinds = ((row, self.sorter.kind(row)) for row in range(self.head.last + 1, self.grid.height))
        return tuple(
            " ".join(self.grid.own(row, column).text.strip() for column in self.grid.filled(row))
            for row, kind in kinds
            if kind in (RowKind.NOTE, RowKind.TOTAL, RowKind.SUBTOTAL)
        )

    def left_out(self) -> tuple[Problem, ...]:
        """Columns with content that are neither units nor indicators (备注, 责任人, 得分): said, not lost."""
        found = []
        for column, levels in enumerate(self.levels):
            role = role_of(levels[0], self.year) if len(levels) == 1 else None
            if column == self.unit_column or role not in _TABLE_WIDE or role is Role.NUMBER:
                continue
            if any(self.grid.text(row, column) for row, _text in self._rows()):
                place = self.grid.table.place(max(self.head.last, 0), column)
                found.append(Problem(place, "", f"“{levels[0]}”列", "未导入", is_notice=True))
        return tuple(found)

    def _rows(self) -> list[tuple[int, str]]:
        """The rows of units and of attributes, with what stands in the unit column."""
        found = []
        for row in range(self.head.last + 1, self.grid.height):
            text = " ".join(self.grid.text(row, self.unit_column).split("\n"))
            kind = self.sorter.kind(row)
            if text and kind not in (RowKind.NOTE, RowKind.REPEATED, RowKind.TOTAL, RowKind.SUBTOTAL):
                found.append((row, text))
        return found

    def _groups(self) -> dict[str, dict[str, int]]:
        """Indicator name → leaf heading → column."""
        groups: dict[str, dict[str, int]] = {}
        for column, levels in enumerate(self.levels):
            if column == self.unit_column or not levels:
                continue
            role = role_of(levels[0], self.year)
            if len(levels) == 1 and role in _TABLE_WIDE:
                continue
            words = levels[1:] if role is Role.TARGET and len(levels) > 1 else levels
            leaf = words[-1] if len(words) > 1 and role_of(words[-1], self.year) else ""
            name = "".join(words[:-1] if leaf else words)
            if leaf == "" and len(words) > 1 and tidy(words[-1]).startswith("("):
                name = "".join(words)
            members = groups.setdefault(name, {})
            label = self._label(leaf)
            members[leaf if label in members else label] = column
        return groups

    def _label(self, leaf: str) -> str:
        """One word for the leaves of one role (目标, 任务数, none at all): one column for each unit."""
        role = role_of(leaf, self.year) if leaf else Role.TARGET
        if role is Role.TARGET or tidy(leaf) in PLAIN_VALUE:
            return "目标值"
        return self.labels.setdefault(role, leaf) if role is not None and role.is_per_unit else leaf

    def _leaves(self, groups: dict[str, dict[str, int]]) -> list[str]:
        return list(dict.fromkeys(leaf for members in groups.values() for leaf in members))

    def _head_row(self, heads: list[tuple[str, str, int, Role]], level: int) -> tuple[Cell, ...]:
        cells = []
        for column, (top, leaf, row, _) in enumerate(heads):
            text = leaf if level else top
            if row >= 0:
                self.placed[level, column] = (row, self.unit_column)
            cells.append(Cell(text, text) if text else EMPTY)
        return tuple(cells)

    def _indicator(
        self, name: str, members: dict[str, int], heads: list[tuple[str, str, int, Role]], line: int
    ) -> tuple[Cell, ...]:
        first = next(iter(members.values()))
        cells = [Cell(name, name)]
        self.placed[line, 0] = (self.head.last, first)
        for column, (_, leaf, row, _role) in enumerate(heads[1:], start=1):
            source = members.get(leaf) if leaf else first
            cells.append(self.grid.shown(row, source) if source is not None else EMPTY)
            if source is not None:
                self.placed[line, column] = (row, source)
        return tuple(cells)
